/* cluster - which records are one person: by rules that never guess, then by the county's model.
 *
 * Records are put into nodes: those of one valid number, those of one damaged number and name, or a
 * row alone.  Nodes are joined into clusters by repairs, by name, birth date and village, and by
 * what people decided.  README.md has the rules in order.
 *
 * The partition depends on the set of records only, not on the order in which batches came.
 */
#ifndef TZ_PEOPLE_CLUSTER_H
#define TZ_PEOPLE_CLUSTER_H

#include "base/app.h"
#include "base/map.h"
#include "people/record.h"

typedef struct tz_learnt tz_learnt; /* learnt.h */

typedef struct {
    tz_text  scope;  /* what its key is made of: "id", "id-name", "raw", "person-row" */
    tz_text  value;
    uint32_t first;  /* its oldest record (lowest row id) of a number, else its first */
    uint32_t parent; /* union-find */
} tz_node;

typedef struct {
    const char *verdict; /* repaired, linked, conflict, review */
    uint32_t    a, b;    /* records */
    const char *reason;  /* the rule that speaks, in English */
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

typedef struct {
    tz_decision *items;
    size_t       count;
    size_t       room;
} tz_decisions;

/* Puts every record into a node and nodes into clusters; fills record->node. Deterministic. */
void tz_clusters_make(tz_arena *mem, tz_records *records, const tz_decisions *decisions, tz_clusters *ret_clusters);

/* What the rules and people left open, by the county's model (likely.c): joins clusters without a valid number to persons
 * and to each other where it is certain enough, and says what waits for a review. Never joins two valid numbers, nor what
 * people called different. model->number > 0. Deterministic. TZ_LIMIT, TZ_STOPPED. */
TZ_MUST tz_rc tz_clusters_refine(tz_arena *mem, const tz_app *app, tz_records *records, const tz_decisions *decisions,
                                 const tz_learnt *model, tz_clusters *clusters, tz_err *err);

/* The cluster of a node: its lowest-numbered node. */
uint32_t tz_clusters_find(tz_clusters *clusters, uint32_t node);

/* "register:role:rowkey", by which a decision finds its row again in later batches. */
tz_text tz_record_key(tz_arena *mem, const tz_record *record);

#endif
