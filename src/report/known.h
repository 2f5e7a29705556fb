/* known - the rows of some persons, read together: what household.c and rowpage.c share. */
#ifndef TZ_REPORT_KNOWN_H
#define TZ_REPORT_KNOWN_H

#include "base/map.h"
#include "report/household.h"
#include "store/duck.h"

/* A line of the people file. */
typedef struct {
    int64_t     row;
    const char *role, *person, *household; /* household NULL: none */
} tz_seen;

typedef struct {
    tz_row_found       row;
    const tz_register *reg;     /* NULL: no pack declares it any more */
    const char        *as_of, *sender; /* of its batch */
    bool               is_valid; /* holds on the day */
} tz_known_row;

typedef struct {
    tz_arena                *mem;
    tz_store                *store;
    const tz_packs          *packs;
    const tz_household_view *view;
    TZ_ARRAY(tz_seen)      seen;  /* by row, then role */
    TZ_ARRAY(tz_known_row) rows;  /* by id, each once */
} tz_known;

/* Reads the lines that `select` (our own SQL over people(row, role, person, household), in order of rows and roles) chooses
 * with its one parameter, and their rows; also: a row that is read whether or not it names anybody, 0: none. Close it in any
 * case. */
TZ_MUST tz_rc tz_known_load(tz_known *known, const char *select, const char *parameter, int64_t also, tz_err *err);
void tz_known_close(tz_known *known);

const tz_known_row *tz_known_row_of(const tz_known *known, int64_t row_id);
/* The identity of a register that a role names; NULL: none. */
const tz_identity *tz_known_identity(const tz_register *reg, const char *role);
/* The value of a column (its index, -1: none) as this reader may see it, or NULL. */
const char *tz_known_value(const tz_known *known, const tz_known_row *row, int column);
/* The day, month or term that a row is about and that this reader may see, else its batch's day; order: a text that sorts. */
void tz_known_date(const tz_known *known, const tz_known_row *row, const char **ret_shown, const char **ret_order);
/* {register, title, batch, file, sheet, sheet_no, row, address, text}. */
json_t *tz_known_json(const tz_known *known, const tz_known_row *row);
const char *tz_known_half(const tz_known *known, const char *both);

/* The id under which an entity is known now: a merge keeps the older one. */
TZ_MUST tz_rc tz_known_entity(tz_arena *mem, tz_store *store, const char *entity, const char **ret_entity, tz_err *err);
tz_rc tz_household_missing(tz_err *err); /* TZ_MISSING, with what to do */

/* Why each of the rows is somebody's: {person, name, register, title, written, sentence, kind (number, repaired, decided, alike,
 * alone, apart), row{}, anchor}, in the order of the rows. anchor: the row of the same person that it is compared with. */
TZ_MUST tz_rc tz_known_links(const tz_known *known, json_t **ret_links, tz_err *err);

#endif
