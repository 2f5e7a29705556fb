/* decide - what becomes of findings: raised, kept, cleared, not evaluated; and writing it.
 *
 * Everything is decided into arrays of events before the one transaction that writes them.
 */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "checks/inside.h"
#include "store/journal.h"

static const char *version_of(const tz_this_run *run, const tz_check *check)
{
    char hex[TZ_SM3_HEX];
    tz_digest_hex(&check->version, hex);
    return tz_arena_dup(run->mem, hex);
}

/* ---- Events ---- */

static void add_event(tz_this_run *run, json_t *list, int64_t finding, const char *event, tz_level level, bool is_pending,
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

static void add_stored_event(tz_this_run *run, const tz_stored *stored, const char *event, const char *cleared_why)
{
    add_event(run, run->events, stored->finding, event, stored->level, stored->is_pending, cleared_why, stored->version,
              stored->params, stored->rows, stored->empty, stored->divisions);
}

static void add_found_event(tz_this_run *run, json_t *list, const tz_fared *fared, const tz_found *found, int64_t finding,
                            const char *event, const char *cleared_why)
{
    add_event(run, list, finding, event, found->level, found->is_pending, cleared_why,
              version_of(run, fared->check), found->params, found->rows_json, fared->empty, found->divisions);
}

static void add_key(tz_this_run *run, const tz_check *check, const tz_found *found, int64_t finding)
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
static bool says_other(const tz_this_run *run, const tz_stored *stored, const tz_fared *fared, const tz_found *found)
{
    if (strcmp(stored->state, "not evaluated") == 0 || stored->is_rekeyed || stored->level != found->level ||
        stored->is_pending != found->is_pending || strcmp(stored->rows, found->rows_json) != 0 ||
        strcmp(stored->params, found->params) != 0 || strcmp(stored->empty, fared->empty) != 0 ||
        strcmp(stored->version, version_of(run, fared->check)) != 0)
        return true;
    return strcmp(stored->state, "raised") == 0 && strcmp(stored->as_of, run->as_of) != 0;
}

/* A row of the query that is to be an open finding. */
static void keep_or_raise(tz_this_run *run, tz_fared *fared, const tz_found *found, const tz_stored *stored)
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

/* An exception is a rule changed for one subject; what rested on findings of other checks goes for their reason. */
static const char *why_cleared(const tz_this_run *run, const tz_check *check, const tz_clearing *clearing, size_t index,
                               const tz_stored *stored, const tz_found *found)
{
    if (found != NULL && found->is_excepted)
        return "rule changed";
    const char *why = tz_clear_reason(clearing, index, found != NULL);
    const char *chained = strcmp(why, "time passed") == 0 ? tz_chained_reason(run, check, stored->rows) : NULL;
    return chained != NULL ? chained : why;
}

/* Clears the open findings that were not found, or were found remedied or excepted. */
static tz_rc clear_gone(tz_this_run *run, tz_fared *fared, const tz_stored_list *list, tz_err *err)
{
    tz_rc          rc = TZ_OK;
    tz_stored_list gone = {0};
    tz_clearing   *clearing = NULL;

    for (size_t i = 0; i < list->count; i++) {
        const tz_stored *stored = &list->items[i];
        bool is_found = stored->found >= 0 && tz_found_counts(&fared->found.items[stored->found]);
        if (tz_stored_is_open(stored) && !is_found)
            tz_push(run->mem, &gone, *stored);
    }
    if (gone.count == 0)
        goto done;
    TZ_TRY(tz_clear_open(run->mem, &run->rows, fared->check, version_of(run, fared->check), run->last_run, &gone,
                         &clearing, err));
    for (size_t i = 0; i < gone.count; i++) {
        const tz_stored *stored = &gone.items[i];
        const tz_found  *found = stored->found < 0 ? NULL : &fared->found.items[stored->found];
        const char      *why = why_cleared(run, fared->check, clearing, i, stored, found);
        tz_chained_note(run, fared->check->name, stored->rows, why);
        if (found != NULL)
            add_found_event(run, run->events, fared, found, stored->finding, "cleared", why);
        else
            add_stored_event(run, stored, "cleared", why);
        fared->cleared++;
    }
done:
    tz_clear_close(clearing);
    return rc;
}

/* The answer is that of the last time: what is open is found again, on this day. */
static void carry_over(tz_this_run *run, tz_fared *fared, const tz_stored_list *list)
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

static tz_rc decide(tz_this_run *run, tz_fared *fared, tz_err *err)
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
        if (tz_found_counts(found))
            keep_or_raise(run, fared, found, stored);
    }
    if (tz_run_changes_state(run)) /* nothing is cleared by a look at another day */
        TZ_TRY(clear_gone(run, fared, &list, err));
done:
    return rc;
}

const char *tz_check_state_name(tz_check_state state)
{
    return state == TZ_RAN ? "ran" : state == TZ_CHECK_FAILED ? "failed" : "not evaluated";
}

static void add_result(tz_this_run *run, const char *check, const char *version, const tz_fared *fared)
{
    json_t *line = json_object();

    tz_json_set_int(line, "run", run->run);
    tz_json_set_str(line, "check", check);
    tz_json_set_str(line, "state", tz_check_state_name(fared->state));
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
static tz_rc leave_orphans(tz_this_run *run, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    tz_sql    *sql = NULL;
    tz_strings orphans = {0};

    TZ_TRY(tz_sql_open(run->store, "SELECT DISTINCT \"check\" FROM finding WHERE state IN ('raised', 'persisting')", &sql, err));
    TZ_EACH_ROW (run->store, sql, err) {
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

tz_rc tz_decide(tz_this_run *run, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_journal_next_id(run->store, "check_run", "run", &run->run, err));
    TZ_TRY(tz_journal_next_id(run->store, "finding_key", "finding", &run->next_finding, err));
    for (size_t i = 0; i < run->checks.count; i++) {
        tz_fared *fared = &run->checks.items[run->order[i]];
        if (!fared->is_new)
            continue;
        TZ_TRY(decide(run, fared, err));
        add_result(run, fared->check->name, version_of(run, fared->check), fared);
    }
    if (run->options->names == NULL && tz_run_changes_state(run))
        TZ_TRY(leave_orphans(run, err));
done:
    return rc;
}

/* ---- Writing it ---- */

static int compare_events(const void *a, const void *b)
{
    const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    int64_t       p = tz_json_int(x, "finding", 0), q = tz_json_int(y, "finding", 0);
    const char   *c = tz_json_str(x, "check"), *d = tz_json_str(y, "check");

    return p != q ? (p > q) - (p < q) : c == NULL || d == NULL ? 0 : strcmp(c, d);
}

/* Events go in by the order of their table's key: verify digests them as it reads them. */
static tz_rc put_bulk(const tz_this_run *run, const char *table, const json_t *events, tz_err *err)
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

tz_rc tz_decide_write(tz_this_run *run, tz_err *err)
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
