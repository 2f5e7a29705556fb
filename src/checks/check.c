/* check - a run: which checks are new to their inputs, what each found, what becomes of it.
 *
 *   1  the inputs' digest; checks whose newest result is of the same inputs stand as they are
 *   2  each other check: could it see (coverage); are the inputs that it reads those of its newest
 *      result (inputs): then its findings are carried over; else what did its SQL give (found)
 *   3  facts of all rows that were found, in bulk (rows); persons about whom a review waits (waiting)
 *   4  paired with the findings that stand (stored); reasons for those that went (clear); what is to
 *      be written (decide)
 *   5  one transaction: the run, keys of new findings, events, results (decide)
 *
 * Steps 1 to 4 read only; a run for a past date, or under other parameters, ends there.
 */
#include "checks/check.h"

#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "checks/inside.h"

/* ---- 1: the inputs ---- */

static bool is_named(const char *const *names, const char *name)
{
    for (const char *const *at = names; at != NULL && *at != NULL; at++)
        if (strcmp(*at, name) == 0)
            return true;
    return names == NULL || *names == NULL;
}

static tz_rc choose(tz_this_run *run, tz_err *err)
{
    for (const char *const *at = run->options->names; at != NULL && *at != NULL; at++)
        if (tz_packs_check(run->packs, *at) == NULL)
            return tz_fail(err, TZ_MISSING, "没有规则 “%s”", "there is no check '%s'", *at);
    for (size_t i = 0; i < run->packs->packs.count; i++) {
        const tz_pack *pack = &run->packs->packs.items[i];
        for (size_t j = 0; j < pack->checks.count; j++)
            if (is_named(run->options->names, pack->checks.items[j].name))
                tz_push(run->mem, &run->checks, (tz_fared){.check = &pack->checks.items[j], .is_new = true, .is_asked = true, .empty = "[]"});
    }
    return tz_order_checks(run, err);
}

static tz_check_state state_of(const char *text)
{
    return strcmp(text, "ran") == 0 ? TZ_RAN : strcmp(text, "failed") == 0 ? TZ_CHECK_FAILED : TZ_NOT_EVALUATED;
}

/* The newest result of a check, where it is of the same inputs. */
static tz_rc stands(tz_this_run *run, tz_fared *fared, tz_err *err)
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
    *fared = (tz_fared){.check = fared->check, .is_asked = fared->is_asked, .state = state_of(tz_sql_str(sql, 0)),
                        .why = tz_sql_dup(run->mem, sql, 1),
                        .raised = tz_sql_int(sql, 2), .kept = tz_sql_int(sql, 3), .cleared = tz_sql_int(sql, 4),
                        .looked_at = tz_sql_int(sql, 5), .units = tz_sql_int(sql, 6),
                        .linked_share = tz_sql_dup(run->mem, sql, 7)};
done:
    tz_sql_close(sql);
    return rc;
}

bool tz_run_changes_state(const tz_this_run *run)
{
    return !run->options->is_past && run->options->what_if == NULL;
}

static tz_rc find_standing(tz_this_run *run, bool *ret_is_new, tz_err *err)
{
    tz_rc rc = TZ_OK;

    *ret_is_new = !tz_run_changes_state(run);
    for (size_t i = 0; i < run->checks.count && tz_run_changes_state(run); i++) {
        TZ_TRY(stands(run, &run->checks.items[i], err));
        *ret_is_new |= run->checks.items[i].is_new;
    }
done:
    return rc;
}

/* ---- 2 and 3: what was found ---- */

/* The newest result of a check, where it ran on the same of what it reads: its coverage is taken over. */
static tz_rc try_carry(tz_this_run *run, tz_fared *fared, tz_err *err)
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

/* What the checks that it needs found: into the digest of its inputs, and into the worker where it is asked. */
static tz_rc read_chain(tz_this_run *run, tz_fared *fared, json_t **ret_rows, const char **ret_digest, tz_err *err)
{
    tz_rc rc = TZ_OK;

    tz_chained_missing(run, fared);
    if (fared->check->after.count > 0)
        TZ_TRY(tz_chained_rows(run, fared->check, NULL, ret_rows, ret_digest, err));
done:
    return rc;
}

static void mark_excepted(tz_this_run *run, tz_fared *fared)
{
    for (size_t i = 0; i < fared->found.count; i++)
        fared->found.items[i].is_excepted =
            tz_exceptions_hold(run->mem, &run->exceptions, fared->check->name, fared->found.items[i].subject);
}

static tz_rc run_one(tz_this_run *run, tz_fared *fared, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    json_t     *rows = NULL;
    const char *chain = NULL;

    if (fared->state == TZ_CHECK_FAILED) /* it waits for itself */
        goto done;
    TZ_TRY(tz_coverage_missing(run->mem, run->store, run->packs, run->day, fared, err));
    TZ_TRY(read_chain(run, fared, &rows, &chain, err));
    TZ_TRY(tz_inputs_check(&run->inputs_of, fared->check, &run->exceptions, chain, &fared->inputs, err));
    if (fared->state == TZ_RAN && tz_run_changes_state(run))
        TZ_TRY(try_carry(run, fared, err));
    if (fared->is_carried)
        goto done;
    if (rows != NULL)
        tz_query_findings(run->query, rows);
    TZ_TRY(tz_coverage_look(run->mem, run->store, run->packs, run->day, run->query, &run->counted, fared, err));
    if (fared->state != TZ_NOT_EVALUATED)
        TZ_TRY(tz_found_run(run->mem, run->store, run->query, NULL, fared, err));
    mark_excepted(run, fared);
done:
    json_decref(rows);
    return rc;
}

/* Tells the worker what it will be asked, so that it loads no more than that. Whether a check that needs others
 * is asked is known only when those ran: it counts as asked. */
static tz_rc expect(tz_this_run *run, tz_err *err)
{
    tz_rc                 rc = TZ_OK;
    const tz_query_names *names = NULL;

    for (size_t i = 0; i < run->checks.count; i++) {
        const tz_check *check = run->checks.items[i].check;
        if (!run->checks.items[i].is_new)
            continue;
        TZ_TRY(tz_check_names(check, &names, err));
        tz_query_expect(run->query, names);
        tz_query_expect(run->query, &(tz_query_names){.tables = check->needs});
    }
    static const char *counted[] = {"residents", "person"}; /* what coverage counts by */
    tz_query_expect(run->query, &(tz_query_names){.tables = {.items = &counted[0], .count = 1}, .columns = {.items = &counted[1], .count = 1}});
done:
    return rc;
}

static tz_rc run_checks(tz_this_run *run, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(expect(run, err));
    if (run->options->limit_ms > 0)
        tz_query_limit(run->query, run->options->limit_ms);
    if (run->options->memory_mb > 0)
        tz_query_memory(run->query, run->options->memory_mb);
    for (size_t i = 0; i < run->checks.count; i++) {
        tz_fared *fared = &run->checks.items[run->order[i]];
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

static bool has_absences(const tz_this_run *run)
{
    for (size_t i = 0; i < run->checks.count; i++)
        if (run->checks.items[i].check->absent != NULL && run->checks.items[i].found.count > 0)
            return true;
    return false;
}

static tz_rc complete_found(tz_this_run *run, tz_err *err)
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
        TZ_TRY(tz_waiting_find(run, err));
    for (size_t i = 0; i < run->checks.count; i++)
        for (size_t j = 0; j < run->checks.items[i].found.count; j++)
            tz_found_complete(&run->rows, &run->waiting, run->checks.items[i].check, &run->checks.items[i].found.items[j]);
done:
    return rc;
}

/* ---- What a caller gets ---- */

static json_t *result_json(const tz_this_run *run, const tz_fared *fared)
{
    json_t *line = json_object();

    tz_json_set_str(line, "check", fared->check->name);
    tz_json_set_str(line, "state", tz_check_state_name(fared->state));
    tz_json_set_half(line, "why", fared->why, run->store->app->lang);
    tz_json_set_int(line, "raised", fared->raised);
    tz_json_set_int(line, "kept", fared->kept);
    tz_json_set_int(line, "cleared", fared->cleared);
    tz_json_set_int(line, "looked_at", fared->looked_at);
    tz_json_set_int(line, "units", fared->units);
    tz_json_set_str(line, "linked_share", fared->linked_share);
    (void)json_object_set_new(line, "is_new", json_boolean(fared->is_new));
    (void)json_object_set_new(line, "asked", json_boolean(fared->is_new && !fared->is_carried && fared->state != TZ_NOT_EVALUATED));
    return line;
}

/* Each check under the other parameters, after those that it needs: what they find then is what it reads. */
static tz_rc compare_all(tz_this_run *run, const char *const *what_if, json_t *const *lines, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_fared *others = tz_new_array(run->mem, tz_fared, run->checks.count + 1);

    for (size_t i = 0; i < run->checks.count; i++)
        others[i] = (tz_fared){.check = run->checks.items[i].check, .state = run->checks.items[i].state, .empty = run->checks.items[i].empty,
                               .is_new = true};
    for (size_t i = 0; i < run->checks.count; i++) {
        size_t      at = run->order[i];
        json_t     *rows = NULL;
        const char *ignored = NULL;
        if (run->checks.items[at].check->after.count > 0) {
            TZ_TRY(tz_chained_rows(run, run->checks.items[at].check, others, &rows, &ignored, err));
            tz_query_findings(run->query, rows);
            json_decref(rows);
        }
        TZ_TRY(tz_what_if_compare(run, what_if, &run->checks.items[at], &others[at], lines[at], err));
        mark_excepted(run, &others[at]);
    }
done:
    return rc;
}

static tz_rc make_results(tz_this_run *run, json_t **ret_results, tz_err *err)
{
    tz_rc              rc = TZ_OK;
    json_t            *list = json_array();
    json_t           **lines = tz_new_array(run->mem, json_t *, run->checks.count + 1);
    const char *const *what_if = NULL;

    if (run->options->what_if != NULL)
        TZ_TRY(tz_what_if_plain(run->mem, run->packs, run->options->what_if, &what_if, err));
    for (size_t i = 0; i < run->checks.count; i++) {
        lines[i] = result_json(run, &run->checks.items[i]);
        (void)json_array_append_new(list, lines[i]);
    }
    if (what_if != NULL)
        TZ_TRY(compare_all(run, what_if, lines, err));
    *ret_results = json_incref(list);
done:
    json_decref(list);
    return rc;
}

tz_rc tz_run_evaluate(tz_this_run *run, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_query_open(run->mem, run->store, run->packs, run->day, &run->query, err));
    TZ_TRY(tz_rows_open(run->mem, run->store, run->packs, run->day, &run->rows, err));
    run->counted.index = tz_map_init(run->mem);
    TZ_TRY(tz_inputs_open(&run->rows, &run->inputs_of, err));
    TZ_TRY(tz_sql_one(run->store, "SELECT coalesce(max(run), 0) FROM check_run", NULL, NULL, &run->last_run, err));
    TZ_TRY(run_checks(run, err));
    TZ_TRY(complete_found(run, err));
    TZ_TRY(tz_decide(run, err));
done:
    return rc;
}

tz_rc tz_run_open(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_check_options *options, tz_this_run *ret_run,
                  tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_this_run run = {.mem = mem, .store = store, .packs = packs, .options = options, .keys = json_array(),
                       .cleared = tz_map_init(mem), .rekeyed = json_array(), .events = json_array(), .results = json_array()};

    TZ_TRY(tz_day_resolve(store, options->day, &run.day, err));
    tz_date_format(run.day.as_of, run.as_of);
    TZ_TRY(choose(&run, err));
    TZ_TRY(tz_exceptions_load(mem, store, run.day, &run.exceptions, err));
    TZ_TRY(tz_inputs_run(mem, store, packs, run.day, &run.exceptions, &run.inputs, &run.batches, err));
    *ret_run = run;
done:
    if (rc != TZ_OK)
        tz_run_close(&run);
    return rc;
}

void tz_run_close(tz_this_run *run)
{
    tz_query_close(run->query);
    tz_rows_close(&run->rows);
    json_decref(run->keys);
    json_decref(run->rekeyed);
    json_decref(run->events);
    json_decref(run->results);
    *run = (tz_this_run){0};
}

tz_rc tz_checks_run(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_check_options *options,
                    json_t **ret_results, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && options != NULL && ret_results != NULL);
    tz_rc       rc = TZ_OK;
    bool        is_new = false;
    tz_this_run run = {0};

    TZ_TRY(tz_run_open(mem, store, packs, options, &run, err));
    TZ_TRY(find_standing(&run, &is_new, err));
    if (is_new) {
        TZ_TRY(tz_run_evaluate(&run, err));
        if (tz_run_changes_state(&run))
            TZ_TRY(tz_decide_write(&run, err));
    }
    TZ_TRY(make_results(&run, ret_results, err));
done:
    tz_run_close(&run);
    return rc;
}
