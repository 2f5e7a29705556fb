/* chain - import, link, check, open issues, report: each step and all of them. */
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "checks/check.h"
#include "flow/flow.h"
#include "ledger/issue.h"
#include "people/link.h"
#include "report/report.h"

/* One refused file as a line of the listing. */
static void add_refusal(const tz_session *session, const char *path, const tz_err *wrong, json_t *batches)
{
    char    text[1400];
    json_t *line = json_object();

    tz_err_line(wrong, session->app->lang, text, sizeof text);
    tz_json_set_str(line, "file", tz_file_base(path));
    tz_json_set_str(line, "state", "refused");
    tz_json_set_str(line, "refused", text);
    (void)json_array_append_new(batches, line);
}

/* Files inside an archive that it refused while it took the others. */
static size_t count_refusals(const json_t *report)
{
    size_t  count = 0, i;
    json_t *line;

    json_array_foreach(report, i, line)
        count += tz_json_str(line, "refused") != NULL;
    return count;
}

/* What ends the whole import rather than one file. */
static bool is_fatal(tz_rc rc)
{
    return rc == TZ_SYSTEM || rc == TZ_BUSY || rc == TZ_TAMPER || rc == TZ_STOPPED || rc == TZ_USAGE;
}

static tz_rc import_files(tz_session *session, const tz_names *files, const tz_import_options *options,
                          json_t *batches, size_t *ret_refused, tz_err *err)
{
    size_t   refused = 0;
    tz_arena mem = {0};

    for (size_t i = 0; i < files->count; i++) {
        json_t *report = NULL;
        tz_err  wrong = {0};
        if (tz_app_should_stop(session->app)) {
            tz_arena_free(&mem);
            return tz_fail(err, TZ_STOPPED, "已停止;此前的文件已入账", "stopped; the files before are in");
        }
        tz_app_progress(session->app, "入账|importing", (int64_t)i, (int64_t)files->count);
        tz_rc rc = tz_import_file(&mem, session->store, session->packs, files->items[i], options, &report, &wrong);
        if (rc != TZ_OK && is_fatal(rc)) {
            *err = wrong;
            tz_arena_free(&mem);
            return rc;
        }
        if (rc != TZ_OK) {
            add_refusal(session, files->items[i], &wrong, batches);
            refused++;
        } else {
            refused += count_refusals(report);
            (void)json_array_extend(batches, report);
            json_decref(report);
        }
        tz_arena_reset(&mem);
    }
    tz_arena_free(&mem);
    *ret_refused = refused;
    return TZ_OK;
}

tz_rc tz_flow_import(tz_session *session, const char *const *paths, size_t count,
                     const tz_import_options *options, json_t **ret_batches, size_t *ret_refused, tz_err *err)
{
    tz_assert(session != NULL && options != NULL && ret_batches != NULL && ret_refused != NULL);
    tz_rc    rc = TZ_OK;
    tz_names files = {0};
    json_t  *batches = json_array();

    for (size_t i = 0; i < count; i++) {
        tz_names found;
        TZ_TRY(tz_import_find(&session->mem, paths[i], &found, err));
        for (size_t j = 0; j < found.count; j++)
            tz_push(&session->mem, &files, found.items[j]);
    }
    TZ_TRY(import_files(session, &files, options, batches, ret_refused, err));
    *ret_batches = json_incref(batches);
done:
    json_decref(batches);
    return rc;
}

tz_rc tz_flow_check(tz_session *session, const tz_flow_checks *what, json_t **ret_results, tz_err *err)
{
    tz_assert(session != NULL && what != NULL && ret_results != NULL);
    tz_rc            rc = TZ_OK;
    json_t          *link = NULL;
    tz_check_options options = {.names = what->names, .what_if = what->what_if};

    options.is_past = !session->store->is_writable;
    if (session->store->is_writable)
        TZ_TRY(tz_link(session->store, session->packs, &link, err));
    TZ_TRY(tz_day_resolve(session->store, what->day, &options.day, err));
    TZ_TRY(tz_checks_run(&session->mem, session->store, session->packs, &options, ret_results, err));
done:
    json_decref(link);
    return rc;
}

/* True when a line of the listing brought something new. */
static bool has_news(const json_t *lines, const char *key, const char *news)
{
    size_t  i;
    json_t *line;

    json_array_foreach((json_t *)lines, i, line) {
        const json_t *value = json_object_get(line, key);
        if (json_is_true(value) || (json_is_string(value) && strcmp(json_string_value(value), news) == 0))
            return true;
    }
    return false;
}

static tz_rc after_import(tz_session *session, const char *out, json_t *summary, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    json_t          *link = NULL, *checks = NULL, *opened = NULL;
    tz_check_options options = {0};

    tz_app_progress(session->app, "关联|linking", 0, 0);
    TZ_TRY(tz_link(session->store, session->packs, &link, err));
    TZ_TRY(tz_day_resolve(session->store, (tz_day){0}, &options.day, err));
    tz_app_progress(session->app, "检查|checking", 0, 0);
    TZ_TRY(tz_checks_run(&session->mem, session->store, session->packs, &options, &checks, err));
    TZ_TRY(tz_issue_open_found(&session->mem, session->store, session->packs, &opened, err));
    tz_app_progress(session->app, "写报告|writing the report", 0, 0);
    /* The day again: what the steps above wrote is part of what the report knows. */
    TZ_TRY(tz_day_resolve(session->store, (tz_day){0}, &options.day, err));
    TZ_TRY(tz_report_make(&session->mem, session->store, session->packs,
                          &(tz_report_options){.day = options.day, .lang = session->app->lang, .is_alone = true}, out, err));
    bool is_changed = has_news(json_object_get(summary, "batches"), "state", "accepted") ||
                      json_is_true(json_object_get(link, "is_new")) || has_news(checks, "is_new", "") ||
                      json_array_size(opened) > 0;
    (void)json_object_set(summary, "link", link);
    (void)json_object_set(summary, "checks", checks);
    (void)json_object_set(summary, "opened", opened);
    (void)json_object_set_new(summary, "changed", json_boolean(is_changed));
    tz_json_set_str(summary, "report", out);
done:
    json_decref(link);
    json_decref(checks);
    json_decref(opened);
    return rc;
}

tz_rc tz_flow_run(tz_session *session, const char *const *paths, size_t count, const tz_import_options *options,
                  const char *out, json_t **ret_summary, tz_err *err)
{
    tz_assert(session != NULL && session->store->is_writable && ret_summary != NULL);
    tz_rc   rc = TZ_OK;
    size_t  refused = 0;
    json_t *batches = NULL, *summary = json_object();

    if (out == NULL)
        out = tz_store_path(&session->mem, session->store, "derived", "report.html");
    TZ_TRY(tz_flow_import(session, paths, count, options, &batches, &refused, err));
    (void)json_object_set(summary, "batches", batches);
    tz_json_set_int(summary, "refused", (int64_t)refused);
    if (refused < json_array_size(batches)) {
        TZ_TRY(after_import(session, out, summary, err));
    } else {
        (void)json_object_set_new(summary, "changed", json_false()); /* nothing of it was taken: the county is as it was */
        (void)json_object_set_new(summary, "report", json_null());
    }
    *ret_summary = json_incref(summary);
done:
    json_decref(batches);
    json_decref(summary);
    return rc;
}

/* All that is derived but one file. */
static tz_rc drop_derived(tz_session *session, const char *but, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_names    names = {0};
    const char *derived = tz_store_path(&session->mem, session->store, "derived", NULL);

    TZ_TRY(tz_file_make_folder(derived, err));
    TZ_TRY(tz_file_list(&session->mem, derived, &names, err));
    for (size_t i = 0; i < names.count; i++)
        if (strcmp(names.items[i], but) != 0)
            TZ_TRY(tz_file_remove_folder(tz_store_path(&session->mem, session->store, "derived", names.items[i]), err));
done:
    return rc;
}

/* The newest file of people stays: it is written over where the linkage is the same, and whoever began to read under the run
 * before finds it until the next time. It holds row ids and the numbers of persons and nothing that anybody wrote. */
tz_rc tz_flow_rebuild(tz_session *session, json_t **ret_summary, tz_err *err)
{
    tz_assert(session != NULL && session->store->is_writable && ret_summary != NULL);
    tz_rc   rc = TZ_OK;
    int64_t run = 0;

    TZ_TRY(tz_sql_one(session->store, "SELECT coalesce(max(run), 0) FROM link_run", NULL, NULL, &run, err));
    TZ_TRY(drop_derived(session, tz_arena_printf(&session->mem, "people-%lld.parquet", (long long)run), err));
    TZ_TRY(tz_batch_rebuild(&session->mem, session->store, session->packs, err));
    TZ_TRY(tz_link_again(session->store, session->packs, ret_summary, err));
done:
    return rc;
}
