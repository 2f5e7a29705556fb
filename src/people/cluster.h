/* cluster - which records are one person.
 *
 * Records are put into nodes: those of one valid number (and not wholly different names), those of
 * one damaged number and name, or a row alone.  Nodes are joined into clusters.
 */
#ifndef TZ_PEOPLE_CLUSTER_H
#define TZ_PEOPLE_CLUSTER_H

#include "base/map.h"
#include "people/record.h"

typedef struct {
    tz_text  scope;   /* what its key is made of: "id", "raw", "person-row" */
    tz_text  value;
    uint32_t first;   /* index of its first record */
    uint32_t parent;  /* union-find */
    tz_text  id;      /* of a node of a valid number */
} tz_node;

typedef struct {
    const char *verdict; /* repaired, conflict, review */
    uint32_t    a, b;    /* records */
    const char *reason;  /* comparison that speaks, "id one digit" … */
} tz_statement;

typedef struct {
    struct { tz_node *items; size_t count; size_t room; } nodes;
    struct { tz_statement *items; size_t count; size_t room; } statements;
    tz_map by_key; /* scope and value -> node + 1 */
} tz_clusters;

/* Two rows as a person judged them. */
typedef struct {
    tz_text key_a, key_b; /* "register:role:rowkey" */
    bool    is_same;
} tz_decision;

/* Puts all records into clusters. Deterministic. */
void tz_clusters_make(tz_arena *mem, tz_records *records, const tz_decision *decisions, size_t decision_count, tz_clusters *ret_clusters);

/* The cluster of a node: its lowest-numbered node. */
uint32_t tz_clusters_find(tz_clusters *clusters, uint32_t node);

/* "register:role:rowkey" */
tz_text tz_record_key(tz_arena *mem, const tz_record *record);

#endif
