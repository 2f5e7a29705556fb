/* inside - what the files of checks share and nobody else sees. */
#ifndef TZ_CHECKS_INSIDE_H
#define TZ_CHECKS_INSIDE_H

#include "base/date.h"
#include "base/json.h"
#include "base/map.h"
#include "checks/check.h"
#include "store/duck.h"
#include "store/select.h"

/* ---- What is known of a row (rows.c) ---- */

typedef struct {
    int64_t     row;
    const char *key;     /* row key, "" if it has none */
    const char *content; /* content hash */
    const char *persons; /* entity ids, sorted, joined by ',': persons of all roles, and its household */
    const char *division; /* where it lies: its main identity's village, else its first division; "" none */
} tz_row_fact;
typedef struct { tz_row_fact *items; size_t count; size_t room; } tz_row_facts;

/* A row that is valid now, found by a row key. */
typedef struct {
    int64_t     row;
    const char *content;
    int64_t     next; /* 1-based index of the next row of the same key, 0: none */
} tz_now_row;

/* A DuckDB session over the evidence of a day. Everything it gives lives in its arena. */
typedef struct {
    tz_arena       *mem;
    tz_store       *store;
    const tz_packs *packs;
    tz_day          day;
    tz_duck         duck;
    const char     *people;   /* path of the people file, NULL: nobody was linked */
    tz_map          facts;    /* row id (8 bytes) -> index + 1 into fact */
    tz_row_facts    fact;
    tz_map          now;      /* "register\x1fkey" -> index + 1 into now_row */
    struct { tz_now_row *items; size_t count; size_t room; } now_row;
} tz_rows;

/* TZ_MISSING: rows were linked, but their file in derived/ is not there. */
TZ_MUST tz_rc tz_rows_open(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_rows *ret_rows,
                           tz_err *err);
void tz_rows_close(tz_rows *rows); /* zeroed is fine */

/* Loads the facts of rows, whatever batch they are of; known ones are not read again. */
TZ_MUST tz_rc tz_rows_load(tz_rows *rows, const int64_t *row_ids, size_t count, tz_err *err);
const tz_row_fact *tz_rows_fact(const tz_rows *rows, int64_t row_id); /* NULL: not loaded or not there */

/* Loads the rows of a register that are valid now and have one of the keys. */
TZ_MUST tz_rc tz_rows_load_now(tz_rows *rows, const tz_register *reg, const char *const *keys, size_t count, tz_err *err);
/* The first valid row of a key or NULL; follow `next` with tz_rows_next. */
const tz_now_row *tz_rows_now(const tz_rows *rows, const char *register_name, const char *key);
const tz_now_row *tz_rows_next(const tz_rows *rows, const tz_now_row *row);

/* Fills the table `wanted_text(t VARCHAR)` of the session anew. */
TZ_MUST tz_rc tz_rows_want_texts(tz_rows *rows, const char *const *texts, size_t count, tz_err *err);

/* ---- Exceptions (except.c) ---- */

/* Those that hold on the day, by check and subject; the subjects also under the entities that they were merged
 * into. */
typedef struct { const char *check, *subject; } tz_exception_now;
typedef struct {
    tz_map index; /* "check\x1fsubject" */
    struct { tz_exception_now *items; size_t count; size_t room; } list;
} tz_exceptions_now;
TZ_MUST tz_rc tz_exceptions_load(tz_arena *mem, tz_store *store, tz_day day, tz_exceptions_now *ret_exceptions, tz_err *err);
bool tz_exceptions_hold(tz_arena *mem, const tz_exceptions_now *exceptions, const char *check, const char *subject);

/* ---- What a run depends on (inputs.c) ---- */

/* The digest of all inputs, and the valid batches as a JSON array. */
TZ_MUST tz_rc tz_inputs_run(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, const tz_exceptions_now *exceptions,
                            const char **ret_digest, const char **ret_batches, tz_err *err);

/* What the digests of checks are made of, learnt once a run; lives in rows' arena. */
typedef struct {
    tz_arena   *mem;
    tz_rows    *rows;
    const char *county;    /* digest of divisions and terms */
    tz_map      by_batch;  /* batch (8 bytes) -> index + 1 into hashes: whose its rows are */
    tz_strings  hashes;
    tz_map      registers; /* name -> index + 1 into digests */
    tz_strings  digests;
} tz_inputs;
TZ_MUST tz_rc tz_inputs_open(tz_rows *rows, tz_inputs *ret_inputs, tz_err *err);
/* The digest of what a check reads; findings: that of the findings of others, or NULL. */
TZ_MUST tz_rc tz_inputs_check(tz_inputs *inputs, const tz_check *check, const tz_exceptions_now *exceptions, const char *findings,
                              const char **ret_digest, tz_err *err);

/* ---- What a check found (found.c) ---- */

typedef struct {
    const char *key;      /* canonical JSON array of the key columns' values */
    const char *key_hash;
    const char *subject;  /* or NULL */
    tz_level    level;
    bool        is_remedied, is_pending;
    bool        is_excepted; /* an exception holds of its subject: as if it was not found */
    struct { int64_t *items; size_t count; size_t room; } rows; /* ids, ascending, each once */
    const char *params;    /* canonical JSON object: the output columns that are no rows */
    const char *rows_json; /* as finding_event.rows; NULL until facts are loaded */
    const char *divisions; /* as finding_event.divisions; likewise */
    int64_t     stored;    /* index of the finding that it is, -1: a new one */
} tz_found;

typedef enum { TZ_RAN, TZ_NOT_EVALUATED, TZ_CHECK_FAILED } tz_check_state;

/* A check in a run. */
typedef struct {
    const tz_check *check;
    tz_check_state  state;
    const char     *why;   /* "中文|English", NULL where it ran */
    const char     *empty; /* JSON array of registers it reads that were empty */
    int64_t         looked_at, units;
    const char     *linked_share; /* or NULL */
    int64_t         raised, kept, cleared;
    bool            is_new;
    bool            is_asked;   /* not run only because another needs it */
    bool            is_carried; /* its own inputs are those of its newest result: not asked again */
    const char     *inputs;     /* their digest */
    int64_t         cpu_us;     /* processor time that its SQL took */
    struct { tz_found *items; size_t count; size_t room; } found;
} tz_fared;

bool tz_found_counts(const tz_found *found); /* it is to be an open finding: neither remedied nor excepted */

/* Runs the check's SQL and reads its rows. A wrong statement or result becomes state failed with
 * its reason; other errors are passed on. */
TZ_MUST tz_rc tz_found_run(tz_arena *mem, tz_store *store, tz_query *query, const char *const *what_if,
                           tz_fared *fared, tz_err *err);

/* Fills rows_json, divisions and is_pending; the facts of its rows must be loaded. waiting: persons about
 * whom a review waits. */
void tz_found_complete(const tz_rows *rows, const tz_map *waiting, const tz_check *check, tz_found *found);

const char *tz_level_name(tz_level level); /* "red" */
bool        tz_level_parse(const char *text, tz_level *ret_level);

/* ---- What it could see (coverage.c) ---- */

/* Sets state and why where needed registers are missing, withdrawn or late: all are named. Asks no
 * worker. */
TZ_MUST tz_rc tz_coverage_missing(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_fared *fared, tz_err *err);
/* What a run has counted of registers already. */
typedef struct {
    tz_map index; /* register -> index + 1 */
    struct { tz_coverage *items; size_t count; size_t room; } counts;
} tz_counted;
/* Fills empty, looked_at, units and linked_share. */
TZ_MUST tz_rc tz_coverage_look(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_query *query,
                               tz_counted *counted, tz_fared *fared, tz_err *err);

/* ---- What stands in the ledger (stored.c) ---- */

typedef struct {
    int64_t     finding;
    const char *check, *key, *key_hash, *subject, *subject_kind;
    const char *state, *version, *params, *rows, *empty, *divisions, *as_of;
    tz_level    level;
    bool        is_pending;
    int64_t     found;     /* index of what a run found again, -1: not found */
    bool        is_rekeyed;
} tz_stored;
typedef struct { tz_stored *items; size_t count; size_t room; } tz_stored_list;

/* The findings of a check with their newest event, by number. */
TZ_MUST tz_rc tz_stored_load(tz_arena *mem, tz_store *store, const char *check, tz_stored_list *ret_list, tz_err *err);
bool tz_stored_is_open(const tz_stored *stored); /* raised, persisting or not evaluated */

/* Pairs what was found with the findings that stand: by key, then through merges and splits of
 * entities (stored[i].is_rekeyed). Sets .found and .stored. */
TZ_MUST tz_rc tz_stored_match(tz_arena *mem, tz_store *store, int64_t at, tz_fared *fared, tz_stored_list *list,
                              tz_err *err);

/* ---- Why a finding went (clear.c) ---- */

typedef struct tz_clearing tz_clearing;

/* Loads in bulk what the reasons need for the findings of a check that were not found again, or were
 * found remedied. last_run: the newest check_run before this one. */
TZ_MUST tz_rc tz_clear_open(tz_arena *mem, tz_rows *rows, const tz_check *check, const char *version, int64_t last_run,
                            const tz_stored_list *gone, tz_clearing **ret_clearing, tz_err *err);
/* The first reason of architecture.md that holds for gone->items[index]. */
const char *tz_clear_reason(const tz_clearing *clearing, size_t index, bool is_remedied);
void tz_clear_close(tz_clearing *clearing); /* NULL is fine */

/* ---- A run (check.c), its waiting reviews (waiting.c), its decisions (decide.c) ---- */

typedef struct {
    tz_arena               *mem;
    tz_store               *store;
    const tz_packs         *packs;
    const tz_check_options *options;
    tz_day                  day;
    char                    as_of[TZ_DATE_TEXT];
    const char             *inputs;  /* digest in hexadecimal */
    const char             *batches; /* JSON array of the valid ones */
    int64_t                 last_run;
    struct { tz_fared *items; size_t count; size_t room; } checks;
    size_t    *order; /* indexes of checks: each after those that it needs */
    tz_exceptions_now exceptions;
    tz_map     cleared;      /* in this run: check and row of what went -> index + 1 into cleared_whys */
    tz_strings cleared_whys; /* in the order in which they went */
    tz_query  *query;
    tz_rows    rows;
    tz_inputs  inputs_of; /* checks */
    tz_counted counted;
    tz_map     waiting;   /* persons about whom a review waits */
    /* What is to be written. */
    int64_t run, next_finding;
    json_t *keys, *rekeyed, *events, *results; /* arrays of events */
} tz_this_run;

/* Adds the checks that the chosen ones need, orders them, and fails those that wait for each other. */
TZ_MUST tz_rc tz_order_checks(tz_this_run *run, tz_err *err);
/* The place of a check in the run; SIZE_MAX: it has none. */
size_t tz_run_index(const tz_this_run *run, const char *check);

/* ---- What other checks found (chained.c) ---- */

/* The rows of the table `findings` for a check: what the checks that it needs found in this run, under `others`
 * (NULL: in the run itself, or as it stands), without what was remedied, excepted or judged not real. The digest
 * is of those rows and of whether each check could see. */
TZ_MUST tz_rc tz_chained_rows(tz_this_run *run, const tz_check *check, const tz_fared *others, json_t **ret_rows,
                              const char **ret_digest, tz_err *err);
/* Sets state and why where a check that it needs was not evaluated. */
void tz_chained_missing(tz_this_run *run, tz_fared *fared);
/* A finding that rested on these rows (finding_event.rows) is cleared in this run. */
void tz_chained_note(tz_this_run *run, const char *check, const char *rows, const char *why);
/* The reason for which the first finding of a check that it needs, on one of these rows, was cleared in this run, or NULL. */
const char *tz_chained_reason(const tz_this_run *run, const tz_check *check, const char *rows);

/* Resolves the day, chooses the checks, digests the inputs. */
TZ_MUST tz_rc tz_run_open(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_check_options *options,
                          tz_this_run *ret_run, tz_err *err);
/* Runs what is new and decides what becomes of it; writes nothing. */
TZ_MUST tz_rc tz_run_evaluate(tz_this_run *run, tz_err *err);
void tz_run_close(tz_this_run *run); /* zeroed is fine */
/* False for a past day and for other parameters. */
bool tz_run_changes_state(const tz_this_run *run);
/* Fills run->waiting. */
TZ_MUST tz_rc tz_waiting_find(tz_this_run *run, tz_err *err);
/* Fills the arrays of events and each check's counts; writes nothing. */
TZ_MUST tz_rc tz_decide(tz_this_run *run, tz_err *err);
/* Writes them in one transaction. */
TZ_MUST tz_rc tz_decide_write(tz_this_run *run, tz_err *err);
const char *tz_check_state_name(tz_check_state state); /* "ran" */

/* ---- Other parameters (whatif.c) ---- */

/* "pack.parameter=value" or "parameter=value" without the pack; TZ_MISSING if no pack declares it. */
TZ_MUST tz_rc tz_what_if_plain(tz_arena *mem, const tz_packs *packs, const char *const *what_if, const char *const **ret_plain,
                               tz_err *err);
/* Runs a check that already ran under the present parameters under the others, into *other; adds comes_in and
 * drops_out to its result. What it needs of other checks was given to the worker before. */
TZ_MUST tz_rc tz_what_if_compare(tz_this_run *run, const char *const *what_if, const tz_fared *fared, tz_fared *other, json_t *line,
                                 tz_err *err);

/* ---- Reading findings for people (list.c, past.c) ---- */

/* {key, subject, subject_kind, level, message, rows[]} of what a run found and nobody stored. */
TZ_MUST tz_rc tz_list_found(tz_arena *mem, tz_store *store, const tz_check *check, const tz_found *found, tz_lang lang,
                            bool is_masked, json_t **ret_line, tz_err *err);

/* What a filter's texts mean. */
typedef struct {
    const char *level, *place; /* place: a prefix of division codes; each NULL: all */
    int64_t     at;
} tz_meaning;
/* The findings of another day than the newest run's: its checks run on that day's county. */
TZ_MUST tz_rc tz_findings_past(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_finding_filter *filter,
                               const tz_meaning *of, json_t **ret_findings, tz_err *err);

/* ---- Pages (page.c) ---- */

/* The numbers of the next findings of a filter as they stand now, in mem: at most `limit` (0: all), behind `after` (0: from
 * the first) in order, or before `before`, the nearest first. text is only looked for coarsely. */
TZ_MUST tz_rc tz_finding_page(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_finding_filter *filter, const tz_meaning *of,
                              int64_t after, int64_t before, int64_t limit, tz_numbers *ret_findings, tz_err *err);
TZ_MUST tz_rc tz_finding_page_count(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_finding_filter *filter,
                                    const tz_meaning *of, int64_t most, int64_t *ret_count, tz_err *err);

#endif
