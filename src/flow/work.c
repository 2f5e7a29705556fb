#include "flow/work.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "checks/check.h"
#include "flow/tray.h"
#include "ledger/issue.h"
#include "people/link.h"
#include "report/report.h"

static tz_rc stop_if_asked(const tz_job *job, tz_err *err)
{
    return tz_app_should_stop(&job->app) ? tz_fail(err, TZ_STOPPED, "已停止", "stopped") : TZ_OK;
}

/* ---- Files ---- */

static tz_rc look_at(tz_job *job, tz_session *session, int64_t staged, tz_err *err)
{
    json_t *found = NULL;
    tz_rc   rc = tz_tray_look(session, job->desk, job->user, staged, err);

    if (rc == TZ_MISSING || rc == TZ_REFUSED)
        return TZ_OK; /* dropped or taken meanwhile */
    if (rc == TZ_OK)
        rc = tz_desk_staged_get(job->desk, job->user, staged, &found, err);
    if (rc == TZ_OK) {
        const char *count = strcmp(tz_json_str(found, "state"), "refused") == 0 ? "refused" : "looked";
        tz_json_set_int(job->result, count, tz_json_int(job->result, count, 0) + 1);
    }
    json_decref(found);
    return rc;
}

static tz_rc run_look(tz_job *job, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_session   *session = NULL;
    const json_t *files = json_object_get(job->args, "files");

    TZ_TRY(tz_job_open(job, TZ_READ, &session, err));
    for (size_t i = 0; i < json_array_size(files); i++) {
        TZ_TRY(stop_if_asked(job, err));
        tz_app_progress(&job->app, "看文件|looking at files", (int64_t)i, (int64_t)json_array_size(files));
        TZ_TRY(look_at(job, session, json_integer_value(json_array_get(files, i)), err));
    }
    tz_app_progress(&job->app, "看文件|looking at files", (int64_t)json_array_size(files), (int64_t)json_array_size(files));
done:
    tz_session_close(session);
    return rc;
}

static bool is_of_file(tz_rc rc)
{
    return rc == TZ_INPUT || rc == TZ_LIMIT || rc == TZ_REFUSED || rc == TZ_USAGE;
}

static void add_refusal(tz_job *job, int64_t staged, const tz_err *why)
{
    json_t *line = json_object();

    tz_json_set_int(line, "staged", staged);
    tz_json_set_str(line, "name", why->where.file);
    tz_json_set_str(line, "error", tz_arena_printf(job->mem, "%s|%s", why->zh, why->en));
    tz_json_set_str(line, "advice", why->advice_zh[0] == '\0' ? NULL : tz_arena_printf(job->mem, "%s|%s", why->advice_zh, why->advice_en));
    (void)json_array_append_new(json_object_get(job->result, "refused"), line);
}

/* What stopped one file is told with the others; what stops all of them is the error. */
static tz_rc take_file(tz_job *job, tz_session *session, int64_t staged, tz_err *err)
{
    json_t *batches = NULL;
    tz_err  wrong = {0};
    tz_rc   rc = tz_tray_take(session, job->desk, job->user, staged, json_object_get(job->args, "registers"), &batches, &wrong);

    if (rc == TZ_OK) {
        (void)json_array_extend(json_object_get(job->result, "batches"), batches);
        json_decref(batches);
        return TZ_OK;
    }
    if (rc == TZ_MISSING || (rc == TZ_REFUSED && wrong.where.file[0] == '\0'))
        return TZ_OK; /* dropped, or taken before the job was interrupted */
    if (is_of_file(rc)) {
        add_refusal(job, staged, &wrong);
        return TZ_OK;
    }
    *err = wrong;
    return rc;
}

static tz_rc run_import(tz_job *job, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_session   *session = NULL;
    const json_t *files = json_object_get(job->args, "files");

    (void)json_object_set_new(job->result, "batches", json_array());
    (void)json_object_set_new(job->result, "refused", json_array());
    for (size_t i = 0; i < json_array_size(files); i++) {
        TZ_TRY(stop_if_asked(job, err));
        tz_app_progress(&job->app, "入账|importing", (int64_t)i, (int64_t)json_array_size(files));
        TZ_TRY(tz_job_hold(job, &session, err));
        TZ_TRY(take_file(job, session, json_integer_value(json_array_get(files, i)), err));
    }
    tz_app_progress(&job->app, "入账|importing", (int64_t)json_array_size(files), (int64_t)json_array_size(files));
done:
    tz_session_close(session);
    return rc;
}

/* ---- The chain behind an import ---- */

typedef tz_rc step(tz_job *job, tz_session *session, tz_err *err);

static tz_rc link_people(tz_job *job, tz_session *session, tz_err *err)
{
    json_t *link = NULL;
    tz_rc   rc = tz_link(session->store, session->packs, &link, err);

    if (rc == TZ_OK)
        (void)json_object_set_new(job->result, "link", link);
    return rc;
}

/* How many rules ran, could not, raised and cleared. */
static json_t *summary_of(const json_t *checks)
{
    json_t *sum = json_object(), *check;
    int64_t ran = 0, raised = 0, cleared = 0;
    size_t  i;

    json_array_foreach((json_t *)checks, i, check) {
        const char *state = tz_json_str(check, "state");
        ran += state != NULL && strcmp(state, "ran") == 0;
        raised += tz_json_int(check, "raised", 0);
        cleared += tz_json_int(check, "cleared", 0);
    }
    tz_json_set_int(sum, "ran", ran);
    tz_json_set_int(sum, "blind", (int64_t)json_array_size(checks) - ran);
    tz_json_set_int(sum, "raised", raised);
    tz_json_set_int(sum, "cleared", cleared);
    return sum;
}

static tz_rc run_checks(tz_job *job, tz_session *session, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    json_t          *checks = NULL;
    tz_check_options options = {0};

    TZ_TRY(tz_day_resolve(session->store, (tz_day){0}, &options.day, err));
    TZ_TRY(tz_checks_run(&session->mem, session->store, session->packs, &options, &checks, err));
    (void)json_object_set_new(job->result, "checks", summary_of(checks));
done:
    json_decref(checks);
    return rc;
}

static tz_rc open_issues(tz_job *job, tz_session *session, tz_err *err)
{
    json_t *opened = NULL;
    tz_rc   rc = tz_issue_open_found(&session->mem, session->store, session->packs, &opened, err);

    if (rc == TZ_OK)
        tz_json_set_int(job->result, "opened", (int64_t)json_array_size(opened));
    json_decref(opened);
    return rc;
}

static const char *const FORMS[] = {"html", "pdf", "docx"};

static tz_rc write_report(tz_job *job, tz_session *session, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_day      day = {0};
    const char *form = tz_json_str(job->args, "form"), *as_of = tz_json_str(job->args, "as_of"), *name = NULL;

    for (size_t i = 0; form != NULL && i < sizeof FORMS / sizeof FORMS[0]; i++)
        name = strcmp(form, FORMS[i]) == 0 ? FORMS[i] : name;
    if (form != NULL && name == NULL) {
        rc = tz_fail(err, TZ_USAGE, "不出 “%s” 形式的报告", "a report is not written as '%s'", form);
        goto done;
    }
    if (as_of != NULL && !tz_date_parse_iso(tz_text_of(as_of), &day.as_of)) {
        rc = tz_fail(err, TZ_USAGE, "“%s” 不是日期", "'%s' is no date", as_of);
        goto done;
    }
    TZ_TRY(tz_day_resolve(session->store, day, &day, err));
    const char *file = as_of == NULL ? tz_arena_printf(job->mem, "report.%s", name == NULL ? "html" : name)
                                     : tz_arena_printf(job->mem, "report-%s.%s", as_of, name == NULL ? "html" : name);
    const char *path = tz_store_path(job->mem, session->store, "derived", file);
    TZ_TRY(tz_report_make(&session->mem, session->store, session->packs,
                          &(tz_report_options){.day = day, .lang = job->app.lang, .is_alone = true}, path, err));
    tz_json_set_str(job->result, "report", file);
done:
    return rc;
}

/* Each step opens the county by itself. */
static tz_rc run_steps(tz_job *job, tz_err *err)
{
    static const struct { const char *what; step *run; tz_access access; } STEPS[] = {
        {"关联|linking", link_people, TZ_WRITE}, {"检查|checking", run_checks, TZ_WRITE}, {"立账|opening issues", open_issues, TZ_WRITE},
        {"写报告|writing the report", write_report, TZ_READ}};
    enum { STEP_COUNT = sizeof STEPS / sizeof STEPS[0] };

    for (size_t i = 0; i < STEP_COUNT; i++) {
        tz_session *session = NULL;
        tz_rc       rc = stop_if_asked(job, err);
        tz_app_progress(&job->app, STEPS[i].what, (int64_t)i, STEP_COUNT);
        if (rc == TZ_OK)
            rc = tz_job_open(job, STEPS[i].access, &session, err);
        if (rc == TZ_OK)
            rc = STEPS[i].run(job, session, err);
        tz_session_close(session);
        if (rc != TZ_OK)
            return rc;
    }
    tz_app_progress(&job->app, STEPS[STEP_COUNT - 1].what, STEP_COUNT, STEP_COUNT);
    return TZ_OK;
}

static tz_rc run_report(tz_job *job, tz_err *err)
{
    tz_session *session = NULL;
    tz_rc       rc = tz_job_open(job, TZ_READ, &session, err);

    tz_app_progress(&job->app, "写报告|writing the report", 0, 0);
    if (rc == TZ_OK)
        rc = write_report(job, session, err);
    tz_session_close(session);
    return rc;
}

const tz_job_kind TZ_WORK[] = {
    {"look", "看文件|look at files", run_look, true},
    {"import", "入账|take files in", run_import, false},
    {"run", "关联、检查、立账、出报告|link, check, open issues, report", run_steps, false},
    {"report", "出报告|write the report", run_report, true},
    {NULL, NULL, NULL, false},
};
