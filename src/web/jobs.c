/* jobs - long work: what runs, how far it is, what came of it. */
#include <string.h>

#include "base/assert.h"
#include "flow/work.h"
#include "web/desk_page.h"
#include "web/pages.h"

enum { JOBS_OF_A_PAGE = 50 };

static tz_desk *desk_of(const tz_request *req)
{
    return tz_office_desk(req->office);
}

/* A clerk sees their own work; an inspector, and who leads, all of it. */
static const char *whose(const tz_request *req)
{
    return tz_may(req->actor, TZ_ROLE_INSPECTOR | TZ_ROLE_LEADER) ? NULL : req->actor->user;
}

static const char *state_word(const tz_request *req, const char *state)
{
    static const struct { const char *state, *word; } WORDS[] = {
        {"waiting", "等候|waiting"}, {"running", "进行中|running"},     {"done", "完成|done"},
        {"failed", "没有做成|failed"}, {"stopped", "已停止|stopped"}, {"interrupted", "被中断|interrupted"}};

    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (strcmp(WORDS[i].state, state) == 0)
            return tz_web_half(req, WORDS[i].word);
    return state;
}

static const char *duration(const tz_request *req, int64_t ms)
{
    if (ms < 60000)
        return tz_arena_printf(req->mem, req->lang == TZ_ZH ? "%lld.%lld 秒" : "%lld.%lld s", (long long)(ms / 1000), (long long)(ms % 1000 / 100));
    return tz_arena_printf(req->mem, req->lang == TZ_ZH ? "%lld 分 %lld 秒" : "%lld min %lld s", (long long)(ms / 60000),
                           (long long)(ms % 60000 / 1000));
}

/* A job as its page and the list show it. */
static void dress(const tz_request *req, json_t *job)
{
    static const char *const HALVES[] = {"error", "advice", "what", NULL};
    static const char *const TIMES[] = {"made", "started", "ended"};
    const char *state = tz_json_str(job, "state");
    bool        is_live = strcmp(state, "waiting") == 0 || strcmp(state, "running") == 0;
    bool        can_again = strcmp(state, "stopped") == 0 || strcmp(state, "interrupted") == 0 || strcmp(state, "failed") == 0;
    int64_t     done = tz_json_int(job, "done", 0), total = tz_json_int(job, "total", 0);

    tz_web_halve(req, job, HALVES);
    for (size_t i = 0; i < 3; i++) {
        const char *utc = tz_json_str(job, TIMES[i]);
        tz_json_set_str(job, TIMES[i], utc == NULL ? NULL : tz_web_time(req, tz_arena_dup(req->mem, utc)));
    }
    tz_json_set_str(job, "word", state_word(req, state));
    tz_json_set_str(job, "kind_title", tz_web_half(req, tz_jobs_title(tz_office_jobs(req->office), tz_json_str(job, "kind"))));
    tz_json_set_str(job, "took", strcmp(state, "waiting") == 0 ? NULL : duration(req, tz_json_int(job, "ms", 0)));
    (void)json_object_set_new(job, "is_live", json_boolean(is_live));
    (void)json_object_set_new(job, "is_running", json_boolean(strcmp(state, "running") == 0));
    (void)json_object_set_new(job, "can_again", json_boolean(can_again));
    (void)json_object_set_new(job, "has_total", json_boolean(total > 0));
    tz_json_set_int(job, "percent", total > 0 ? done * 100 / total : 0);
}

static tz_rc get_job(tz_request *req, json_t **ret_job, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t number = 0;
    json_t *job = NULL;

    TZ_TRY(tz_param_number(req, "job", &number, err));
    TZ_TRY(tz_desk_job_get(desk_of(req), number, &job, err));
    if (whose(req) != NULL && strcmp(tz_json_str(job, "user"), whose(req)) != 0) {
        rc = tz_access_missing(err);
        goto done;
    }
    *ret_job = json_incref(job);
done:
    json_decref(job);
    return rc;
}

/* ---- Looking ---- */

tz_rc tz_web_jobs(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t before = 0, limit = 0;
    json_t *rows = NULL, *row;
    size_t  i;
    bool    is_live = false;

    TZ_TRY(tz_query_number(req, "before", 0, &before, err));
    TZ_TRY(tz_web_limit(req, JOBS_OF_A_PAGE, &limit, err));
    TZ_TRY(tz_desk_job_list(desk_of(req), whose(req), before < 0 ? 0 : before, (int)limit, &rows, err));
    json_array_foreach(rows, i, row) {
        dress(req, row);
        is_live = is_live || json_is_true(json_object_get(row, "is_live"));
    }
    (void)json_object_set_new(reply->data, "is_live", json_boolean(is_live));
    (void)json_object_set_new(reply->data, "has_jobs", json_boolean(json_array_size(rows) > 0));
    (void)json_object_set_new(reply->data, "is_all", json_boolean(whose(req) == NULL));
    if ((int64_t)json_array_size(rows) == limit)
        tz_json_set_int(reply->data, "older", tz_json_int(json_array_get(rows, (size_t)limit - 1), "job", 0));
    (void)json_object_set(reply->data, "jobs", rows);
done:
    json_decref(rows);
    return rc;
}

/* What an import left: the batches, and the files that were refused. */
static void set_import(const tz_request *req, json_t *result)
{
    static const char *const HALVES[] = {"error", "advice", NULL};
    json_t *refused = json_object_get(result, "refused"), *line;
    size_t  i;

    if (!json_is_array(refused))
        return;
    json_array_foreach(refused, i, line)
        tz_web_halve(req, line, HALVES);
    (void)json_object_set_new(result, "has_refused", json_boolean(json_array_size(refused) > 0));
    tz_json_set_int(result, "refused_count", (int64_t)json_array_size(refused));
    tz_json_set_int(result, "batch_count", (int64_t)json_array_size(json_object_get(result, "batches")));
}

tz_rc tz_web_job(tz_request *req, tz_reply *reply, tz_err *err)
{
    json_t *job = NULL;
    tz_rc   rc = get_job(req, &job, err);

    if (rc != TZ_OK)
        return rc;
    dress(req, job);
    set_import(req, json_object_get(job, "result"));
    (void)json_object_set_new(job, "is_mine", json_boolean(strcmp(tz_json_str(job, "user"), req->actor->user) == 0));
    tz_json_set_str(reply->data, "title", tz_arena_printf(req->mem, "%s %lld · %s", tz_web_half(req, "任务|Job"),
                                                          (long long)tz_json_int(job, "job", 0), tz_json_str(job, "kind_title")));
    const char *kind = tz_json_str(job, "kind");
    (void)json_object_set_new(job, "is_import", json_boolean(strcmp(kind, "import") == 0));
    (void)json_object_set_new(job, "is_look", json_boolean(strcmp(kind, "look") == 0));
    (void)json_object_set_new(job, "is_run", json_boolean(strcmp(kind, "run") == 0));
    (void)json_object_set_new(job, "is_report", json_boolean(strcmp(kind, "report") == 0));
    (void)json_object_set_new(reply->data, "job", job);
    tz_web_crumb(reply->data, "/jobs", tz_web_half(req, "任务|Jobs"));
    return TZ_OK;
}

/* ---- Doing ---- */

tz_rc tz_web_job_add(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    int64_t     job = 0;
    const char *kind = tz_form(req, "kind");
    json_t     *args = json_object();

    reply->again = tz_web_jobs;
    if (kind == NULL || (strcmp(kind, "run") != 0 && strcmp(kind, "report") != 0)) {
        rc = tz_fail(err, TZ_USAGE, "没有这种任务", "there is no such kind of job");
        goto done;
    }
    if (strcmp(kind, "report") == 0 && !tz_may(req->actor, TZ_ROLE_INSPECTOR | TZ_ROLE_LEADER)) {
        rc = tz_access_missing(err);
        goto done;
    }
    tz_json_set_str(args, "form", tz_form(req, "form"));
    tz_json_set_str(args, "as_of", tz_form(req, "as_of"));
    TZ_TRY(tz_jobs_add(tz_office_jobs(req->office), kind, req->actor->user, req->lang, args, &job, err));
    reply->redirect = tz_arena_printf(req->mem, "/jobs/%lld", (long long)job);
    tz_json_set_int(reply->data, "job", job);
done:
    json_decref(args);
    return rc;
}

tz_rc tz_web_job_act(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    json_t     *job = NULL;
    const char *action = tz_param(req, "action");

    reply->again = tz_web_job;
    TZ_TRY(get_job(req, &job, err));
    int64_t number = tz_json_int(job, "job", 0);
    if (strcmp(action, "again") == 0 && strcmp(tz_json_str(job, "user"), req->actor->user) != 0)
        rc = tz_fail(err, TZ_REFUSED, "只有交办的人能继续", "only who asked for it can go on"); /* it acts in their name */
    else if (strcmp(action, "stop") == 0)
        rc = tz_jobs_stop(tz_office_jobs(req->office), number, err);
    else if (strcmp(action, "again") == 0)
        rc = tz_jobs_again(tz_office_jobs(req->office), number, err);
    else
        rc = tz_access_missing(err);
    reply->redirect = tz_arena_printf(req->mem, "/jobs/%lld", (long long)number);
done:
    json_decref(job);
    return rc;
}

/* The report that a job wrote. Its name is the job's own, never the asker's. */
tz_rc tz_web_job_file(tz_request *req, tz_reply *reply, tz_err *err)
{
    json_t *job = NULL;
    tz_rc   rc = get_job(req, &job, err);

    if (rc != TZ_OK)
        return rc;
    const char *file = tz_json_str(json_object_get(job, "result"), "report");
    if (file == NULL || strchr(file, '/') != NULL) {
        rc = tz_access_missing(err);
    } else {
        const char *name = tz_arena_dup(req->mem, file);
        const char *path = tz_arena_printf(req->mem, "%s/derived/%s", tz_office_options(req->office)->folder, name);
        tz_reply_file(reply, path, name, "application/octet-stream");
    }
    json_decref(job);
    return rc;
}
