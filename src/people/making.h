/* making - what the files that make clusters share; nobody else includes it. */
#ifndef TZ_PEOPLE_MAKING_H
#define TZ_PEOPLE_MAKING_H

#include "people/cluster.h"

/* The first records of two rows that somebody called different. */
typedef struct {
    uint32_t a, b;
} tz_apart;

typedef struct {
    tz_arena           *mem;
    tz_records         *records;
    const tz_decisions *decisions;
    tz_clusters        *out;
    tz_map    by_id;     /* valid number -> first record + 1 */
    uint32_t *next_of_id; /* by record: the next of its number + 1, 0 none */
    tz_map    by_row;    /* row key -> first record + 1; empty without decisions */
    uint32_t *next_of_row;
    bool     *is_judged; /* by record: somebody called it another person than some row */
    struct { tz_apart *items; size_t count; size_t room; } apart;
    tz_map    by_traits; /* name, birth, village -> node + 1 of a valid number, -1: several */
    tz_map    by_sounds; /* the same by the sound of the name */
} tz_making;

uint32_t tz_making_node(tz_making *of, tz_text scope, tz_text value, uint32_t record);
void     tz_making_join(tz_making *of, uint32_t a, uint32_t b);
void     tz_making_state(tz_making *of, const char *verdict, uint32_t a, uint32_t b, const char *reason);
/* A row that is linked to nobody: its key with name and birth date, since rows without a number may share a key. */
uint32_t tz_making_alone(tz_making *of, uint32_t record);

/* same.c: the records of each valid number. */
void tz_making_numbers(tz_making *of);
/* loose.c: the records without one. */
void tz_making_loose(tz_making *of);
/* decide.c: what people said. */
void tz_making_index_rows(tz_making *of);
/* Somebody said that the record is not the person of a record in this node's cluster, as far as it is made. */
bool tz_making_is_barred(const tz_making *of, uint32_t record, uint32_t node);
void tz_making_decide(tz_making *of);
/* Whether joining two clusters would put a pair together that somebody called different. */
bool tz_making_is_contradicted(tz_making *of, uint32_t x, uint32_t y);

#endif
