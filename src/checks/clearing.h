/* clearing - what the reasons of a check's cleared findings are decided from (clear.c, supply.c). */
#ifndef TZ_CHECKS_CLEARING_H
#define TZ_CHECKS_CLEARING_H

#include "checks/inside.h"

/* A row that the finding rested on. */
typedef struct {
    int64_t     row;
    const char *register_name; /* NULL: of no batch known */
    const char *key, *content;
    const char *persons; /* joined by ',' */
    bool        is_withdrawn;
    int64_t     corrected_by; /* the batch that corrects its batch, 0: none */
} tz_rested;

typedef struct {
    tz_rested *rows;
    size_t     count;
    json_t    *key; /* the finding's key, for columns shared with the absent register */
} tz_gone;

/* A valid row of the absent register that names an entity of a finding. */
typedef struct {
    int64_t      row;
    bool         is_new;     /* its batch came since the last run */
    bool         was_linked; /* to that entity, at the last run */
    const char **values;     /* of the shared columns, as text; NULL for null */
    size_t       next;       /* index + 1 of the next for the same entity */
} tz_supply;

struct tz_clearing {
    tz_arena             *mem;
    tz_rows              *rows;
    const tz_check       *check;
    const char           *version;
    const tz_stored_list *gone;
    tz_gone              *findings;
    bool                  with_households;
    bool                  read_withdrawn; /* a batch that the check read at the last run was withdrawn */
    tz_strings            shared; /* key columns that the absent register has too */
    tz_map                supplies; /* entity -> index + 1 */
    struct { tz_supply *items; size_t count; size_t room; } supply;
    tz_map                was;    /* "batch key content" of rows of the batches rested on */
};

typedef struct {
    bool came;   /* a fitting row came since the last run */
    bool linked; /* a fitting row was there before, linked to another */
} tz_supply_answer;

/* Loads the rows of the absent register that name entities of the findings. */
TZ_MUST tz_rc tz_supply_load(tz_clearing *clearing, int64_t last_run, tz_err *err);
/* What came for the finding's subject and the persons of its rows. */
tz_supply_answer tz_supply_find(const tz_clearing *clearing, const tz_stored *stored, const tz_gone *gone);

#endif
