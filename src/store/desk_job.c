#include "store/desk_job.h"

#include <string.h>

#include "base/assert.h"
#include "store/desk_inside.h"

enum { DAY_MS = 86400000 };

#define COLUMNS                                                                                                                \
    "job, kind, user, lang, args, state, what, done, total, stop_asked, result, error, advice, made_ms, started_ms, ended_ms"

static tz_rc no_such_job(int64_t job, tz_err *err)
{
    return tz_fail(err, TZ_MISSING, "没有任务 %lld", "there is no job %lld", (long long)job);
}

/* ---- Rows as objects ---- */

static void dress(json_t *rows, int64_t now)
{
    json_t *row;
    size_t  i;

    json_array_foreach(rows, i, row) {
        int64_t started = tz_json_int(row, "started_ms", 0);
        tz_json_set_int(row, "ms", started == 0 ? 0 : tz_json_int(row, "ended_ms", now) - started);
        (void)json_object_set_new(row, "is_stop_asked", json_boolean(tz_json_int(row, "stop_asked", 0) != 0));
        (void)json_object_del(row, "stop_asked");
        tz_desk_parse(row, "args");
        tz_desk_parse(row, "result");
    }
}

/* ---- Adding and taking ---- */

tz_rc tz_desk_job_add(tz_desk *desk, const char *kind, const char *user, tz_lang lang, const json_t *args, int64_t *ret_job, tz_err *err)
{
    tz_assert(desk != NULL && kind != NULL && user != NULL && json_is_object(args) && ret_job != NULL);
    int64_t now = tz_app_now_ms(desk->app), waiting = 0, job = 0;
    tz_rc   rc = tz_desk_begin(desk, err);

    if (rc != TZ_OK)
        return rc;
    TZ_TRY(tz_desk_ask(desk, "DELETE FROM job WHERE ended_ms < ?1", json_pack("[I]", (json_int_t)(now - (int64_t)TZ_JOB_DAYS * DAY_MS)), NULL, err));
    TZ_TRY(tz_desk_ask_int(desk, "SELECT count(*) FROM job WHERE user = ?1 AND state = 'waiting'", json_pack("[s]", user), &waiting, err));
    if (waiting >= TZ_MAX_WAITING_JOBS) {
        rc = tz_fail(err, TZ_LIMIT, "已有 %d 项任务在等候", "%d jobs are waiting already", TZ_MAX_WAITING_JOBS);
        rc = tz_err_advise(err, "等它们做完,或先取消", "wait for them, or cancel some");
        goto done;
    }
    TZ_TRY(tz_desk_ask(desk, "INSERT INTO job (kind, user, lang, args, state, what, done, total, stop_asked, made_ms)"
                             " VALUES (?1, ?2, ?3, ?4, 'waiting', '', 0, 0, 0, ?5)",
                       json_pack("[s,s,s,o,I]", kind, user, lang == TZ_ZH ? "zh" : "en", tz_desk_as_text(args), (json_int_t)now), NULL, err));
    TZ_TRY(tz_desk_ask_int(desk, "SELECT max(job) FROM job", NULL, &job, err));
done:
    rc = tz_desk_end_of(desk, rc, err);
    if (rc == TZ_OK)
        *ret_job = job;
    return rc;
}

tz_rc tz_desk_job_take(tz_desk *desk, const json_t *kinds, json_t **ret_job, tz_err *err)
{
    tz_assert(desk != NULL && json_is_array(kinds) && ret_job != NULL);
    int64_t job = 0, now = tz_app_now_ms(desk->app);
    json_t *rows = NULL;
    tz_rc   rc = tz_desk_ask_int(desk, "SELECT min(job) FROM job WHERE state = 'waiting' AND kind IN (SELECT value FROM json_each(?1))",
                                 json_pack("[o]", tz_desk_as_text(kinds)), &job, err);

    if (rc == TZ_OK && job == 0)
        *ret_job = NULL;
    if (rc != TZ_OK || job == 0)
        return rc;
    rc = tz_desk_ask(desk, "UPDATE job SET state = 'running', started_ms = ?2, ended_ms = NULL, stop_asked = 0, what = '', done = 0, total = 0,"
                           " result = NULL, error = NULL, advice = NULL WHERE job = ?1 AND state = 'waiting' RETURNING " COLUMNS,
                     json_pack("[I,I]", (json_int_t)job, (json_int_t)now), &rows, err);
    if (rc == TZ_OK) {
        dress(rows, now);
        *ret_job = json_incref(json_array_get(rows, 0)); /* NULL: another process was quicker */
    }
    json_decref(rows);
    return rc;
}

/* ---- While it runs ---- */

tz_rc tz_desk_job_progress(tz_desk *desk, int64_t job, const char *what, int64_t done, int64_t total, bool *ret_is_stopped, tz_err *err)
{
    tz_assert(desk != NULL && what != NULL && ret_is_stopped != NULL);
    int64_t is_asked = 0;
    tz_rc   rc = tz_desk_ask_int(desk, "UPDATE job SET what = ?2, done = ?3, total = ?4 WHERE job = ?1 RETURNING stop_asked",
                                 json_pack("[I,s,I,I]", (json_int_t)job, what, (json_int_t)done, (json_int_t)total), &is_asked, err);
    if (rc == TZ_OK)
        *ret_is_stopped = is_asked != 0;
    return rc;
}

tz_rc tz_desk_job_end(tz_desk *desk, int64_t job, const char *state, const json_t *result, const tz_err *why, tz_err *err)
{
    tz_assert(desk != NULL && state != NULL);
    return tz_desk_ask(desk, "UPDATE job SET state = ?2, result = ?3, error = ?4, advice = ?5, ended_ms = ?6 WHERE job = ?1",
                       json_pack("[I,s,o,o,o,I]", (json_int_t)job, state, tz_desk_as_text(result), tz_desk_error(why), tz_desk_advice(why),
                                 (json_int_t)tz_app_now_ms(desk->app)), NULL, err);
}

tz_rc tz_desk_job_interrupt(tz_desk *desk, tz_err *err)
{
    tz_assert(desk != NULL);
    return tz_desk_ask(desk, "UPDATE job SET state = 'interrupted', ended_ms = ?1 WHERE state = 'running'",
                       json_pack("[I]", (json_int_t)tz_app_now_ms(desk->app)), NULL, err);
}

/* ---- A person's say ---- */

/* The job's state, "" where there is none; under the desk's lock. */
static tz_rc state_of(tz_desk *desk, int64_t job, tz_arena *mem, const char **ret_state, tz_err *err)
{
    json_t *rows = NULL;
    tz_rc   rc = tz_desk_ask(desk, "SELECT state FROM job WHERE job = ?1", json_pack("[I]", (json_int_t)job), &rows, err);

    if (rc == TZ_OK)
        *ret_state = json_array_size(rows) == 0 ? "" : tz_arena_dup(mem, tz_json_str(json_array_get(rows, 0), "state"));
    json_decref(rows);
    return rc;
}

/* What is to become of a job that is in some state. */
typedef tz_rc say_of(tz_desk *desk, int64_t job, const char *state, tz_err *err);

/* One step of the desk. TZ_MISSING: there is no such job. */
static tz_rc say(tz_desk *desk, int64_t job, say_of *what, tz_err *err)
{
    tz_assert(desk != NULL);
    tz_arena    mem = {0};
    const char *state = "";
    tz_rc       rc = tz_desk_begin(desk, err);

    if (rc != TZ_OK)
        return rc;
    TZ_TRY(state_of(desk, job, &mem, &state, err));
    rc = state[0] == '\0' ? no_such_job(job, err) : what(desk, job, state, err);
done:
    rc = tz_desk_end_of(desk, rc, err);
    tz_arena_free(&mem);
    return rc;
}

static tz_rc stop(tz_desk *desk, int64_t job, const char *state, tz_err *err)
{
    if (strcmp(state, "waiting") == 0)
        return tz_desk_ask(desk, "UPDATE job SET state = 'stopped', ended_ms = ?2 WHERE job = ?1",
                           json_pack("[I,I]", (json_int_t)job, (json_int_t)tz_app_now_ms(desk->app)), NULL, err);
    if (strcmp(state, "running") == 0)
        return tz_desk_ask(desk, "UPDATE job SET stop_asked = 1 WHERE job = ?1", json_pack("[I]", (json_int_t)job), NULL, err);
    return tz_fail(err, TZ_REFUSED, "任务 %lld 已经结束", "job %lld has ended", (long long)job);
}

tz_rc tz_desk_job_stop(tz_desk *desk, int64_t job, tz_err *err)
{
    return say(desk, job, stop, err);
}

static tz_rc again(tz_desk *desk, int64_t job, const char *state, tz_err *err)
{
    if (strcmp(state, "stopped") != 0 && strcmp(state, "interrupted") != 0 && strcmp(state, "failed") != 0)
        return tz_fail(err, TZ_REFUSED, "任务 %lld 没有中断", "job %lld was not interrupted", (long long)job);
    return tz_desk_ask(desk, "UPDATE job SET state = 'waiting', ended_ms = NULL WHERE job = ?1", json_pack("[I]", (json_int_t)job), NULL, err);
}

tz_rc tz_desk_job_again(tz_desk *desk, int64_t job, tz_err *err)
{
    return say(desk, job, again, err);
}

/* ---- Looking ---- */

tz_rc tz_desk_job_get(tz_desk *desk, int64_t job, json_t **ret_job, tz_err *err)
{
    tz_assert(desk != NULL && ret_job != NULL);
    json_t *rows = NULL;
    tz_rc   rc = tz_desk_ask(desk, "SELECT " COLUMNS " FROM job WHERE job = ?1", json_pack("[I]", (json_int_t)job), &rows, err);

    if (rc == TZ_OK && json_array_size(rows) == 0)
        rc = no_such_job(job, err);
    if (rc == TZ_OK) {
        dress(rows, tz_app_now_ms(desk->app));
        *ret_job = json_incref(json_array_get(rows, 0));
    }
    json_decref(rows);
    return rc;
}

tz_rc tz_desk_job_list(tz_desk *desk, const char *user, int64_t before, int limit, json_t **ret_rows, tz_err *err)
{
    tz_assert(desk != NULL && ret_rows != NULL && limit > 0);
    json_t *rows = NULL;
    tz_rc   rc = tz_desk_ask(desk, "SELECT " COLUMNS " FROM job WHERE (?1 IS NULL OR user = ?1) AND (?2 = 0 OR job < ?2)"
                                   " ORDER BY job DESC LIMIT ?3", json_pack("[s?,I,i]", user, (json_int_t)before, limit), &rows, err);
    if (rc != TZ_OK)
        return rc;
    dress(rows, tz_app_now_ms(desk->app));
    *ret_rows = rows;
    return TZ_OK;
}
