/* entity - ids that are given once: which cluster is which known person or household. */
#ifndef TZ_PEOPLE_ENTITY_H
#define TZ_PEOPLE_ENTITY_H

#include "base/json.h"
#include "base/map.h"
#include "store/store.h"

/* What a cluster is found again by, in order; the first of a new entity is its anchor. */
typedef struct {
    struct { const char **items; size_t count; size_t room; } keys; /* 32 hexadecimal digits */
    int64_t entity; /* its number: 12 of P12; filled by tz_entities_assign */
} tz_entity_cluster;

/* Gives each cluster its entity: known by its keys, or new. events: what is to be journalled, as
 * rows of entity_event without entry and seq, appended; kind is "person" or "household". Order of
 * clusters decides the order of new ids. TZ_SYSTEM. */
TZ_MUST tz_rc tz_entities_assign(tz_arena *mem, tz_store *store, const char *kind, tz_entity_cluster *clusters, size_t count,
                                 json_t *events, tz_err *err);

#endif
