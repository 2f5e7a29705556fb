/* check - a run: which checks are new to their inputs, what each found, what becomes of it.
 *
 *   1  the inputs' digest; checks whose newest result is of the same inputs stand as they are
 *   2  each other check: could it see (coverage); are the inputs that it reads those of its newest
 *      result (inputs): then its findings are carried over; else what did its SQL give (found)
 *   3  facts of all rows that were found, in bulk; persons about whom a review waits
 *   4  paired with the findings that stand (stored); reasons for those that went (clear)
 *   5  one transaction: the run, keys of new findings, events, results
 *
 * Steps 1 to 4 read only; a run for a past date, or under other parameters, ends there.
 */
#include "checks/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "checks/inside.h"
#include "store/journal.h"

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
    tz_query *query;
    tz_rows   rows;
    tz_inputs  inputs_of; /* checks */
    tz_counted counted;
    tz_map    waiting; /* persons about whom a review waits */
    /* What is to be written. */
    int64_t run, next_finding;
    json_t *keys, *rekeyed, *events, *results; /* arrays of events */
} this_run;

static const char *hex_of(tz_arena *mem, const tz_digest *digest)
{
    char hex[TZ_SM3_HEX];
    tz_digest_hex(digest, hex);
    return tz_arena_dup(mem, hex);
}

/* ---- 1: the inputs ---- */

static bool is_named(const char *const *names, const char *name)
{
    for (const char *const *at = names; at != NULL && *at != NULL; at++)
        if (strcmp(*at, name) == 0)
            return true;
    return names == NULL || *names == NULL;
}

static tz_rc choose(this_run *run, tz_err *err)
{
    for (const char *const *at = run->options->names; at != NULL && *at != NULL; at++)
        if (tz_packs_check(run->packs, *at) == NULL)
            return tz_fail(err, TZ_MISSING, "没有规则 “%s”", "there is no check '%s'", *at);
    for (size_t i = 0; i < run->packs->packs.count; i++) {
        const tz_pack *pack = &run->packs->packs.items[i];
        for (size_t j = 0; j < pack->checks.count; j++)
            if (is_named(run->options->names, pack->checks.items[j].name))
                tz_push(run->mem, &run->checks, (tz_fared){.check = &pack->checks.items[j], .is_new = true, .empty = "[]"});
    }
    return TZ_OK;
}

static tz_check_state state_of(const char *text)
{
    return strcmp(text, "ran") == 0 ? TZ_RAN : strcmp(text, "failed") == 0 ? TZ_CHECK_FAILED : TZ_NOT_EVALUATED;
}

/* The newest result of a check, where it is of the same inputs. */
static tz_rc stands(this_run *run, tz_fared *fared, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(run->store,
                       "SELECT c.state, c.why, c.raised, c.kept, c.cleared, c.looked_at, c.units, c.linked_share"
                       "  FROM check_result c JOIN check_run r ON r.run = c.run"
                       " WHERE c.\"check\" = ?1 AND r.inputs = ?2"
                       "   AND c.run = (SELECT max(n.run) FROM check_result n WHERE n.\"check\" = ?1)", &sql, err));
    tz_sql_bind_text(sql, 1, fared->check->name);
    tz_sql_bind_text(sql, 2, run->inputs);
    TZ_TRY(tz_sql_step(run->store, sql, &has_row, err));
    if (!has_row)
        goto done;
    *fared = (tz_fared){.check = fared->check, .state = state_of(tz_sql_str(sql, 0)), .why = tz_sql_dup(run->mem, sql, 1),
                        .raised = tz_sql_int(sql, 2), .kept = tz_sql_int(sql, 3), .cleared = tz_sql_int(sql, 4),
                        .looked_at = tz_sql_int(sql, 5), .units = tz_sql_int(sql, 6),
                        .linked_share = tz_sql_dup(run->mem, sql, 7)};
done:
    tz_sql_close(sql);
    return rc;
}

static bool changes_state(const this_run *run)
{
    return !run->options->is_past && run->options->what_if == NULL;
}

static tz_rc find_standing(this_run *run, bool *ret_is_new, tz_err *err)
{
    tz_rc rc = TZ_OK;

    *ret_is_new = !changes_state(run);
    for (size_t i = 0; i < run->checks.count && changes_state(run); i++) {
        TZ_TRY(stands(run, &run->checks.items[i], err));
        *ret_is_new |= run->checks.items[i].is_new;
    }
done:
    return rc;
}

/* ---- 2 and 3: what was found ---- */

/* The newest result of a check, where it ran on the same of what it reads: its coverage is taken over. */
static tz_rc try_carry(this_run *run, tz_fared *fared, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(run->store,
                       "SELECT looked_at, units, linked_share FROM check_result c WHERE \"check\" = ?1 AND state = 'ran' AND inputs = ?2"
                       "   AND run = (SELECT max(n.run) FROM check_result n WHERE n.\"check\" = ?1)", &sql, err));
    tz_sql_bind_text(sql, 1, fared->check->name);
    tz_sql_bind_text(sql, 2, fared->inputs);
    TZ_TRY(tz_sql_step(run->store, sql, &has_row, err));
    if (!has_row)
        goto done;
    fared->is_carried = true;
    fared->looked_at = tz_sql_int(sql, 0);
    fared->units = tz_sql_int(sql, 1);
    fared->linked_share = tz_sql_dup(run->mem, sql, 2);
done:
    tz_sql_close(sql);
    return rc;
}

static tz_rc run_one(this_run *run, tz_fared *fared, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_inputs_check(&run->inputs_of, fared->check, &fared->inputs, err));
    TZ_TRY(tz_coverage_missing(run->mem, run->store, run->packs, run->day, fared, err));
    if (fared->state == TZ_RAN && changes_state(run))
        TZ_TRY(try_carry(run, fared, err));
    if (fared->is_carried)
        goto done;
    TZ_TRY(tz_coverage_look(run->mem, run->store, run->packs, run->day, run->query, &run->counted, fared, err));
    if (fared->state != TZ_NOT_EVALUATED)
        TZ_TRY(tz_found_run(run->mem, run->store, run->query, NULL, fared, err));
done:
    return rc;
}

static tz_rc run_checks(this_run *run, tz_err *err)
{
    tz_rc rc = TZ_OK;

    for (size_t i = 0; i < run->checks.count; i++) {
        tz_fared *fared = &run->checks.items[i];
        tz_app_progress(run->store->app, "运行规则|Running checks", (int64_t)i, (int64_t)run->checks.count);
        if (tz_app_should_stop(run->store->app)) {
            rc = tz_fail(err, TZ_STOPPED, "已停止", "stopped");
            goto done;
        }
        if (!fared->is_new)
            continue;
        TZ_TRY(run_one(run, fared, err));
    }
    tz_app_progress(run->store->app, "运行规则|Running checks", (int64_t)run->checks.count, (int64_t)run->checks.count);
done:
    return rc;
}

/* "register\x1frow key" of a row, for comparing with decisions. */
static tz_rc decided_key(this_run *run, int64_t row_id, const char **ret_key, tz_err *err)
{
    tz_rc              rc = TZ_OK;
    tz_sql            *sql = NULL;
    bool               has_row = false;
    const tz_row_fact *fact = tz_rows_fact(&run->rows, row_id);

    TZ_TRY(tz_sql_open(run->store, "SELECT register FROM batch WHERE batch = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, tz_row_batch(row_id));
    TZ_TRY(tz_sql_step(run->store, sql, &has_row, err));
    *ret_key = tz_arena_printf(run->mem, "%s:%%:%s", has_row ? tz_sql_str(sql, 0) : "", fact == NULL ? "" : fact->key);
done:
    tz_sql_close(sql);
    return rc;
}

/* A review waits while nobody decided it and its rows still belong to different persons. */
static tz_rc add_waiting(this_run *run, int64_t row_a, int64_t row_b, tz_err *err)
{
    tz_rc              rc = TZ_OK;
    const tz_row_fact *a = tz_rows_fact(&run->rows, row_a), *b = tz_rows_fact(&run->rows, row_b);
    const char        *key_a = NULL, *key_b = NULL;
    int64_t            decided = 0;

    if (a == NULL || b == NULL || a->persons[0] == '\0' || b->persons[0] == '\0' || strcmp(a->persons, b->persons) == 0)
        goto done;
    TZ_TRY(decided_key(run, row_a, &key_a, err));
    TZ_TRY(decided_key(run, row_b, &key_b, err));
    TZ_TRY(tz_sql_one(run->store,
                      "SELECT count(*) FROM link_decision WHERE (key_a LIKE ?1 AND key_b LIKE ?2)"
                      " OR (key_a LIKE ?2 AND key_b LIKE ?1)", key_a, key_b, &decided, err));
    const char *const sides[] = {a->persons, b->persons};
    for (size_t i = 0; i < 2 && decided == 0; i++)
        for (const char *at = sides[i]; *at != '\0';) {
            size_t size = strcspn(at, ",");
            if (*at == 'P')
                (void)tz_map_put(&run->waiting, (tz_text){at, size}, NULL);
            at += size + (at[size] == ',');
        }
done:
    return rc;
}

static tz_rc find_waiting(this_run *run, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = true;
    TZ_ARRAY(int64_t) ids = {0};

    run->waiting = tz_map_init(run->mem);
    TZ_TRY(tz_sql_open(run->store, "SELECT DISTINCT row_a, row_b FROM link_event WHERE verdict = 'review' AND entry <= ?1", &sql, err));
    tz_sql_bind_int(sql, 1, run->day.at);
    for (;;) {
        TZ_TRY(tz_sql_step(run->store, sql, &has_row, err));
        if (!has_row)
            break;
        tz_push(run->mem, &ids, tz_sql_int(sql, 0));
        tz_push(run->mem, &ids, tz_sql_int(sql, 1));
    }
    TZ_TRY(tz_rows_load(&run->rows, ids.items, ids.count, err));
    for (size_t i = 0; i + 1 < ids.count; i += 2)
        TZ_TRY(add_waiting(run, ids.items[i], ids.items[i + 1], err));
done:
    tz_sql_close(sql);
    return rc;
}

static bool has_absences(const this_run *run)
{
    for (size_t i = 0; i < run->checks.count; i++)
        if (run->checks.items[i].check->absent != NULL && run->checks.items[i].found.count > 0)
            return true;
    return false;
}

static tz_rc complete_found(this_run *run, tz_err *err)
{
    tz_rc rc = TZ_OK;
    TZ_ARRAY(int64_t) ids = {0};

    for (size_t i = 0; i < run->checks.count; i++)
        for (size_t j = 0; j < run->checks.items[i].found.count; j++) {
            const tz_found *found = &run->checks.items[i].found.items[j];
            for (size_t k = 0; k < found->rows.count; k++)
                tz_push(run->mem, &ids, found->rows.items[k]);
        }
    TZ_TRY(tz_rows_load(&run->rows, ids.items, ids.count, err));
    run->waiting = tz_map_init(run->mem);
    if (has_absences(run))
        TZ_TRY(find_waiting(run, err));
    for (size_t i = 0; i < run->checks.count; i++)
        for (size_t j = 0; j < run->checks.items[i].found.count; j++)
            tz_found_complete(&run->rows, &run->waiting, run->checks.items[i].check, &run->checks.items[i].found.items[j]);
done:
    return rc;
}

/* ---- 4: what becomes of it ---- */

static void add_event(this_run *run, json_t *list, int64_t finding, const char *event, tz_level level, bool is_pending,
                      const char *cleared_why, const char *version, const char *params, const char *rows, const char *empty,
                      const char *divisions)
{
    uint8_t salt[16];
    char    hex[33];
    json_t *line = json_object();

    tz_random(salt, sizeof salt);
    tz_hex(salt, sizeof salt, hex);
    tz_json_set_int(line, "finding", finding);
    tz_json_set_int(line, "run", run->run);
    tz_json_set_str(line, "event", event);
    tz_json_set_str(line, "level", tz_level_name(level));
    tz_json_set_int(line, "pending", is_pending);
    tz_json_set_str(line, "cleared_why", cleared_why);
    tz_json_set_str(line, "version", version);
    tz_json_set_str(line, "params", params);
    tz_json_set_str(line, "rows", rows);
    tz_json_set_str(line, "empty", empty);
    tz_json_set_str(line, "divisions", divisions);
    tz_json_set_str(line, "salt", hex);
    (void)json_array_append_new(list, line);
}

static void add_stored_event(this_run *run, const tz_stored *stored, const char *event, const char *cleared_why)
{
    add_event(run, run->events, stored->finding, event, stored->level, stored->is_pending, cleared_why, stored->version,
              stored->params, stored->rows, stored->empty, stored->divisions);
}

static void add_found_event(this_run *run, json_t *list, const tz_fared *fared, const tz_found *found, int64_t finding,
                            const char *event, const char *cleared_why)
{
    add_event(run, list, finding, event, found->level, found->is_pending, cleared_why,
              hex_of(run->mem, &fared->check->version), found->params, found->rows_json, fared->empty, found->divisions);
}

static void add_key(this_run *run, const tz_check *check, const tz_found *found, int64_t finding)
{
    json_t *line = json_object();

    tz_json_set_int(line, "finding", finding);
    tz_json_set_str(line, "check", check->name);
    tz_json_set_str(line, "key", found->key);
    tz_json_set_str(line, "key_hash", found->key_hash);
    tz_json_set_str(line, "subject", found->subject);
    tz_json_set_str(line, "subject_kind", check->subject_kind);
    (void)json_array_append_new(run->keys, line);
}

/* True where the newest event no longer says how it is. */
static bool says_other(const this_run *run, const tz_stored *stored, const tz_fared *fared, const tz_found *found)
{
    if (strcmp(stored->state, "not evaluated") == 0 || stored->is_rekeyed || stored->level != found->level ||
        stored->is_pending != found->is_pending || strcmp(stored->rows, found->rows_json) != 0 ||
        strcmp(stored->params, found->params) != 0 || strcmp(stored->empty, fared->empty) != 0 ||
        strcmp(stored->version, hex_of(run->mem, &fared->check->version)) != 0)
        return true;
    return strcmp(stored->state, "raised") == 0 && strcmp(stored->as_of, run->as_of) != 0;
}

/* A row of the query that is to be an open finding. */
static void keep_or_raise(this_run *run, tz_fared *fared, const tz_found *found, const tz_stored *stored)
{
    if (stored == NULL) {
        fared->raised++;
        add_key(run, fared->check, found, run->next_finding);
        add_found_event(run, run->events, fared, found, run->next_finding++, "raised", NULL);
    } else if (!tz_stored_is_open(stored)) {
        fared->raised++;
        add_found_event(run, run->events, fared, found, stored->finding, "raised", NULL);
    } else {
        fared->kept++;
        if (says_other(run, stored, fared, found))
            add_found_event(run, run->events, fared, found, stored->finding, "persisting", NULL);
    }
}

/* Clears the open findings that were not found, or were found remedied. */
static tz_rc clear_gone(this_run *run, tz_fared *fared, const tz_stored_list *list, tz_err *err)
{
    tz_rc          rc = TZ_OK;
    tz_stored_list gone = {0};
    tz_clearing   *clearing = NULL;

    for (size_t i = 0; i < list->count; i++) {
        const tz_stored *stored = &list->items[i];
        bool is_found = stored->found >= 0 && !fared->found.items[stored->found].is_remedied;
        if (tz_stored_is_open(stored) && !is_found)
            tz_push(run->mem, &gone, *stored);
    }
    if (gone.count == 0)
        goto done;
    TZ_TRY(tz_clear_open(run->mem, &run->rows, fared->check, hex_of(run->mem, &fared->check->version), run->last_run, &gone,
                         &clearing, err));
    for (size_t i = 0; i < gone.count; i++) {
        const tz_stored *stored = &gone.items[i];
        const char      *why = tz_clear_reason(clearing, i, stored->found >= 0);
        if (stored->found >= 0)
            add_found_event(run, run->events, fared, &fared->found.items[stored->found], stored->finding, "cleared", why);
        else
            add_stored_event(run, stored, "cleared", why);
        fared->cleared++;
    }
done:
    tz_clear_close(clearing);
    return rc;
}

/* The answer is that of the last time: what is open is found again, on this day. */
static void carry_over(this_run *run, tz_fared *fared, const tz_stored_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const tz_stored *stored = &list->items[i];
        if (!tz_stored_is_open(stored))
            continue;
        fared->kept++;
        if (strcmp(stored->state, "raised") == 0 && strcmp(stored->as_of, run->as_of) != 0)
            add_stored_event(run, stored, "persisting", NULL);
    }
}

static tz_rc decide(this_run *run, tz_fared *fared, tz_err *err)
{
    tz_rc          rc = TZ_OK;
    tz_stored_list list = {0};

    TZ_TRY(tz_stored_load(run->mem, run->store, fared->check->name, &list, err));
    if (fared->is_carried) {
        carry_over(run, fared, &list);
        goto done;
    }
    if (fared->state != TZ_RAN) {
        for (size_t i = 0; i < list.count; i++)
            if (tz_stored_is_open(&list.items[i]) && strcmp(list.items[i].state, "not evaluated") != 0)
                add_stored_event(run, &list.items[i], "not evaluated", NULL);
        goto done;
    }
    TZ_TRY(tz_stored_match(run->mem, run->store, run->day.at, fared, &list, err));
    for (size_t i = 0; i < fared->found.count; i++) {
        const tz_found  *found = &fared->found.items[i];
        const tz_stored *stored = found->stored < 0 ? NULL : &list.items[found->stored];
        if (stored != NULL && stored->is_rekeyed) {
            add_key(run, fared->check, found, stored->finding);
            add_found_event(run, run->rekeyed, fared, found, stored->finding, "rekeyed", NULL);
        }
        if (!found->is_remedied)
            keep_or_raise(run, fared, found, stored);
    }
    TZ_TRY(clear_gone(run, fared, &list, err));
done:
    return rc;
}

static const char *state_name(tz_check_state state)
{
    return state == TZ_RAN ? "ran" : state == TZ_CHECK_FAILED ? "failed" : "not evaluated";
}

static void add_result(this_run *run, const char *check, const char *version, const tz_fared *fared)
{
    json_t *line = json_object();

    tz_json_set_int(line, "run", run->run);
    tz_json_set_str(line, "check", check);
    tz_json_set_str(line, "state", state_name(fared->state));
    tz_json_set_str(line, "why", fared->why);
    tz_json_set_str(line, "version", version);
    tz_json_set_int(line, "raised", fared->raised);
    tz_json_set_int(line, "kept", fared->kept);
    tz_json_set_int(line, "cleared", fared->cleared);
    tz_json_set_int(line, "looked_at", fared->looked_at);
    tz_json_set_int(line, "units", fared->units);
    tz_json_set_str(line, "linked_share", fared->linked_share);
    tz_json_set_str(line, "inputs", fared->inputs == NULL ? "" : fared->inputs);
    (void)json_array_append_new(run->results, line);
}

/* Findings of checks that no pack has any more are no longer evaluated. */
static tz_rc leave_orphans(this_run *run, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    tz_sql    *sql = NULL;
    bool       has_row = true;
    tz_strings orphans = {0};

    TZ_TRY(tz_sql_open(run->store, "SELECT DISTINCT \"check\" FROM finding WHERE state IN ('raised', 'persisting')", &sql, err));
    for (;;) {
        TZ_TRY(tz_sql_step(run->store, sql, &has_row, err));
        if (!has_row)
            break;
        if (tz_packs_check(run->packs, tz_sql_str(sql, 0)) == NULL)
            tz_push(run->mem, &orphans, tz_sql_dup(run->mem, sql, 0));
    }
    for (size_t i = 0; i < orphans.count; i++) {
        tz_stored_list list = {0};
        TZ_TRY(tz_stored_load(run->mem, run->store, orphans.items[i], &list, err));
        for (size_t j = 0; j < list.count; j++)
            if (strcmp(list.items[j].state, "raised") == 0 || strcmp(list.items[j].state, "persisting") == 0)
                add_stored_event(run, &list.items[j], "not evaluated", NULL);
        add_result(run, orphans.items[i], "", &(tz_fared){.state = TZ_NOT_EVALUATED,
                   .why = "没有规则包再声明这条规则|no pack declares this check any more"});
    }
done:
    tz_sql_close(sql);
    return rc;
}

static tz_rc decide_all(this_run *run, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_journal_next_id(run->store, "check_run", "run", &run->run, err));
    TZ_TRY(tz_journal_next_id(run->store, "finding_key", "finding", &run->next_finding, err));
    for (size_t i = 0; i < run->checks.count; i++) {
        tz_fared *fared = &run->checks.items[i];
        if (!fared->is_new)
            continue;
        TZ_TRY(decide(run, fared, err));
        add_result(run, fared->check->name, hex_of(run->mem, &fared->check->version), fared);
    }
    if (run->options->names == NULL && changes_state(run))
        TZ_TRY(leave_orphans(run, err));
done:
    return rc;
}

/* ---- 5: writing it ---- */

static int compare_events(const void *a, const void *b)
{
    const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    int64_t       p = tz_json_int(x, "finding", 0), q = tz_json_int(y, "finding", 0);
    const char   *c = tz_json_str(x, "check"), *d = tz_json_str(y, "check");

    return p != q ? (p > q) - (p < q) : c == NULL || d == NULL ? 0 : strcmp(c, d);
}

/* Events go in by the order of their table's key: verify digests them as it reads them. */
static tz_rc put_bulk(const this_run *run, const char *table, const json_t *events, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_bulk *bulk = NULL;
    size_t   count = json_array_size(events);
    json_t **sorted = tz_new_array(run->mem, json_t *, count + 1);

    for (size_t i = 0; i < count; i++)
        sorted[i] = json_array_get(events, i);
    qsort(sorted, count, sizeof sorted[0], compare_events);
    TZ_TRY(tz_bulk_begin(run->store, "check", table, NULL, &bulk, err));
    for (size_t i = 0; i < count; i++)
        TZ_TRY(tz_bulk_add(bulk, sorted[i], err));
    rc = tz_bulk_end(bulk, NULL, err); /* frees it, whatever it says */
    bulk = NULL;
done:
    tz_bulk_drop(bulk);
    return rc;
}

static tz_rc write_run(this_run *run, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *image = json_pack("{s:I, s:i, s:s, s:s, s:s}", "run", (json_int_t)run->run, "entry", 0, "as_of", run->as_of,
                              "inputs", run->inputs, "batches", run->batches);

    TZ_TRY(tz_store_begin(run->store, err));
    TZ_TRY(tz_journal_put(run->store, "check", "check_run", image, NULL, NULL, err));
    TZ_TRY(put_bulk(run, "finding_key", run->keys, err));
    TZ_TRY(put_bulk(run, "finding_event", run->rekeyed, err));
    TZ_TRY(put_bulk(run, "finding_event", run->events, err));
    TZ_TRY(put_bulk(run, "check_result", run->results, err));
    TZ_TRY(tz_store_commit(run->store, err));
done:
    if (rc != TZ_OK)
        tz_store_rollback(run->store);
    json_decref(image);
    return rc;
}

/* ---- What a caller gets ---- */

static json_t *result_json(const this_run *run, const tz_fared *fared)
{
    size_t      len = 0;
    const char *why = fared->why == NULL ? NULL : tz_half(fared->why, run->store->app->lang, &len);
    json_t     *line = json_object();

    tz_json_set_str(line, "check", fared->check->name);
    tz_json_set_str(line, "state", state_name(fared->state));
    (void)json_object_set_new(line, "why", why == NULL ? json_null() : tz_json_text((tz_text){why, len}));
    tz_json_set_int(line, "raised", fared->raised);
    tz_json_set_int(line, "kept", fared->kept);
    tz_json_set_int(line, "cleared", fared->cleared);
    tz_json_set_int(line, "looked_at", fared->looked_at);
    tz_json_set_int(line, "units", fared->units);
    tz_json_set_str(line, "linked_share", fared->linked_share);
    (void)json_object_set_new(line, "is_new", json_boolean(fared->is_new));
    return line;
}

/* Those of `a` whose key `b` does not have, as a listing. */
static tz_rc only_in(this_run *run, const tz_check *check, const tz_fared *a, const tz_fared *b, json_t **ret_list, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_map  has = tz_map_init(run->mem);
    json_t *list = json_array();

    for (size_t i = 0; i < b->found.count; i++)
        if (!b->found.items[i].is_remedied)
            (void)tz_map_put(&has, tz_text_of(b->found.items[i].key), NULL);
    for (size_t i = 0; i < a->found.count; i++) {
        json_t *line = NULL;
        if (a->found.items[i].is_remedied || tz_map_get(&has, tz_text_of(a->found.items[i].key)) != NULL)
            continue;
        TZ_TRY(tz_list_found(run->mem, run->store, check, &a->found.items[i], &line, err));
        (void)json_array_append_new(list, line);
    }
    *ret_list = json_incref(list);
done:
    json_decref(list);
    return rc;
}

/* Runs a check that already ran under the present parameters under the others, and compares. */
static tz_rc compare(this_run *run, const char *const *what_if, const tz_fared *fared, json_t *line, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_fared other = {.check = fared->check, .empty = fared->empty};
    json_t  *in = NULL, *out = NULL;

    if (fared->state != TZ_RAN)
        goto done;
    TZ_TRY(tz_found_run(run->mem, run->store, run->query, what_if, &other, err));
    if (other.state == TZ_CHECK_FAILED) {
        size_t      len = 0;
        const char *why = tz_half(other.why, run->store->app->lang, &len);
        tz_json_set_str(line, "state", "failed");
        (void)json_object_set_new(line, "why", tz_json_text((tz_text){why, len}));
        goto done;
    }
    TZ_TRY(only_in(run, fared->check, &other, fared, &in, err));
    TZ_TRY(only_in(run, fared->check, fared, &other, &out, err));
    (void)json_object_set(line, "comes_in", in);
    (void)json_object_set(line, "drops_out", out);
done:
    json_decref(in);
    json_decref(out);
    return rc;
}

/* "pack.parameter=value" or "parameter=value" without the pack; TZ_MISSING if no pack declares it. */
static tz_rc plain_what_if(tz_arena *mem, const tz_packs *packs, const char *const *what_if, const char *const **ret_plain, tz_err *err)
{
    tz_strings plain = {0};

    for (const char *const *at = what_if; *at != NULL; at++) {
        const char *equals = strchr(*at, '=');
        size_t      size = equals == NULL ? 0 : (size_t)(equals - *at);
        bool        is_known = false;
        for (size_t i = 0; i < packs->packs.count; i++) {
            const tz_pack *pack = &packs->packs.items[i];
            for (size_t j = 0; j < pack->parameters.count; j++) {
                const char *name = pack->parameters.items[j].name;
                size_t      end = strlen(name), from = size >= end ? size - end : 0;
                bool        fits = size >= end && strncmp(*at + from, name, end) == 0 && (from == 0 || (*at)[from - 1] == '.');
                if (!fits || is_known)
                    continue;
                is_known = true;
                tz_push(mem, &plain, *at + from);
            }
        }
        if (!is_known)
            return tz_fail(err, TZ_MISSING, "没有参数 %.*s(写作 参数=值)", "no parameter '%.*s' (write parameter=value)",
                           size > 60 ? 60 : (int)size, *at);
    }
    tz_push(mem, &plain, NULL);
    *ret_plain = plain.items;
    return TZ_OK;
}

static tz_rc make_results(this_run *run, json_t **ret_results, tz_err *err)
{
    tz_rc              rc = TZ_OK;
    json_t            *list = json_array();
    const char *const *what_if = NULL;

    if (run->options->what_if != NULL)
        TZ_TRY(plain_what_if(run->mem, run->packs, run->options->what_if, &what_if, err));
    for (size_t i = 0; i < run->checks.count; i++) {
        json_t *line = result_json(run, &run->checks.items[i]);
        (void)json_array_append_new(list, line);
        if (what_if != NULL)
            TZ_TRY(compare(run, what_if, &run->checks.items[i], line, err));
    }
    *ret_results = json_incref(list);
done:
    json_decref(list);
    return rc;
}

/* Runs what is new and decides what becomes of it; writes nothing. */
static tz_rc evaluate(this_run *run, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_query_open(run->mem, run->store, run->packs, run->day, &run->query, err));
    TZ_TRY(tz_rows_open(run->mem, run->store, run->packs, run->day, &run->rows, err));
    run->counted.index = tz_map_init(run->mem);
    TZ_TRY(tz_inputs_open(&run->rows, &run->inputs_of, err));
    TZ_TRY(tz_sql_one(run->store, "SELECT coalesce(max(run), 0) FROM check_run", NULL, NULL, &run->last_run, err));
    TZ_TRY(run_checks(run, err));
    TZ_TRY(complete_found(run, err));
    TZ_TRY(decide_all(run, err));
done:
    return rc;
}

tz_rc tz_checks_run(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_check_options *options,
                    json_t **ret_results, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && options != NULL && ret_results != NULL);
    tz_rc rc = TZ_OK;
    bool  is_new = false;
    this_run run = {.mem = mem, .store = store, .packs = packs, .options = options, .keys = json_array(),
                    .rekeyed = json_array(), .events = json_array(), .results = json_array()};

    TZ_TRY(tz_day_resolve(store, options->day, &run.day, err));
    tz_date_format(run.day.as_of, run.as_of);
    TZ_TRY(choose(&run, err));
    TZ_TRY(tz_inputs_run(mem, store, packs, run.day, &run.inputs, &run.batches, err));
    TZ_TRY(find_standing(&run, &is_new, err));
    if (is_new) {
        TZ_TRY(evaluate(&run, err));
        if (changes_state(&run))
            TZ_TRY(write_run(&run, err));
    }
    TZ_TRY(make_results(&run, ret_results, err));
done:
    tz_query_close(run.query);
    tz_rows_close(&run.rows);
    json_decref(run.keys);
    json_decref(run.rekeyed);
    json_decref(run.events);
    json_decref(run.results);
    return rc;
}
