/* except - what a rule does not hold of: a subject on which a finding was judged not real for a reason that will
 * hold again, until a day. */
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "checks/inside.h"
#include "store/journal.h"

/* ---- For a run ---- */

static const char SELECT_NOW[] =
    "WITH RECURSIVE held (rule, subject) AS (SELECT \"check\", subject FROM check_exception"
    "    WHERE accepted_entry <= ?1 AND (withdrawn_entry IS NULL OR withdrawn_entry > ?1) AND from_day <= ?2 AND until_day >= ?2"
    "  UNION SELECT h.rule, e.entity FROM held h JOIN entity_event e ON e.event = 'alias' AND e.other = h.subject AND e.entry <= ?1)"
    " SELECT rule, subject FROM held ORDER BY rule, subject";

static tz_text exception_key(tz_arena *mem, const char *check, const char *subject)
{
    return tz_text_of(tz_arena_printf(mem, "%s\x1f%s", check, subject));
}

tz_rc tz_exceptions_load(tz_arena *mem, tz_store *store, tz_day day, tz_exceptions_now *ret_exceptions, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && ret_exceptions != NULL);
    tz_rc             rc = TZ_OK;
    tz_sql           *sql = NULL;
    char              as_of[TZ_DATE_TEXT];
    tz_exceptions_now now = {.index = tz_map_init(mem)};

    tz_date_format(day.as_of, as_of);
    TZ_TRY(tz_sql_open(store, SELECT_NOW, &sql, err));
    tz_sql_bind_int(sql, 1, day.at);
    tz_sql_bind_text(sql, 2, as_of);
    TZ_EACH_ROW (store, sql, err) {
        const char *check = tz_sql_dup(mem, sql, 0), *subject = tz_sql_dup(mem, sql, 1);
        (void)tz_map_put(&now.index, exception_key(mem, check, subject), NULL);
        tz_push(mem, &now.list, (tz_exception_now){check, subject});
    }
    *ret_exceptions = now;
done:
    tz_sql_close(sql);
    return rc;
}

bool tz_exceptions_hold(tz_arena *mem, const tz_exceptions_now *exceptions, const char *check, const char *subject)
{
    return subject != NULL && exceptions->list.count > 0 &&
           tz_map_get(&exceptions->index, exception_key(mem, check, subject)) != NULL;
}

/* ---- Making and ending them ---- */

/* The day from which a new one holds: that of the newest run. */
static tz_rc newest_day(tz_arena *mem, tz_store *store, const char **ret_day, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(store, "SELECT as_of FROM check_run ORDER BY run DESC LIMIT 1", &sql, err));
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    *ret_day = has_row ? tz_sql_dup(mem, sql, 0) : "";
done:
    tz_sql_close(sql);
    return rc;
}

static bool may_recur(const char *reason)
{
    static const char *const DATA[] = {"wrong-person", "data-error", "duplicate"};

    for (size_t i = 0; i < sizeof DATA / sizeof DATA[0]; i++)
        if (strcmp(DATA[i], reason) == 0)
            return false;
    return true;
}

/* What the finding gives to the exception. */
static tz_rc read_finding(tz_store *store, int64_t finding, json_t *image, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(store, "SELECT \"check\", subject, verdict, reason FROM finding WHERE finding = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, finding);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    const char *verdict = has_row ? tz_sql_str(sql, 2) : NULL;
    if (!has_row) {
        rc = tz_fail(err, TZ_MISSING, "没有疑点 %lld", "there is no finding %lld", (long long)finding);
    } else if (tz_sql_str(sql, 1) == NULL) {
        rc = tz_fail(err, TZ_USAGE, "疑点 %lld 没有对象,不能设例外", "finding %lld has no subject that could be excepted", (long long)finding);
    } else if (verdict == NULL || strcmp(verdict, "not real") != 0) {
        rc = tz_fail(err, TZ_USAGE, "疑点 %lld 未判为不属实", "finding %lld is not judged 'not real'", (long long)finding);
        rc = tz_err_advise(err, "先运行 taizhang verdict", "run taizhang verdict first");
    } else if (!may_recur(tz_sql_str(sql, 3))) {
        rc = tz_fail(err, TZ_USAGE, "理由 “%s” 应更正数据或关联,不设例外", "the reason '%s' is mended in the data or links, not by an exception",
                     tz_sql_str(sql, 3));
    } else {
        tz_json_set_str(image, "check", tz_sql_str(sql, 0));
        tz_json_set_str(image, "subject", tz_sql_str(sql, 1));
        tz_json_set_str(image, "reason", tz_sql_str(sql, 3));
    }
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_exception_add(tz_store *store, int64_t finding, int32_t until, const char *note, int64_t *ret_exception, tz_err *err)
{
    tz_assert(store != NULL && ret_exception != NULL);
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    json_t     *image = json_object();
    const char *from = NULL;
    int64_t     number = 0;
    char        until_text[TZ_DATE_TEXT];

    tz_date_format(until, until_text);
    TZ_TRY(newest_day(&mem, store, &from, err));
    TZ_TRY(read_finding(store, finding, image, err));
    if (strcmp(until_text, from) < 0) {
        rc = tz_fail(err, TZ_USAGE, "到期日 %s 已过(最近一次运行为 %s)", "%s is past (the newest run is of %s)", until_text, from);
        goto done;
    }
    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(tz_journal_next_id(store, "check_exception", "exception", &number, err));
    tz_json_set_int(image, "exception", number);
    tz_json_set_int(image, "accepted_entry", 0);
    tz_json_set_int(image, "finding", finding);
    tz_json_set_str(image, "note", note);
    tz_json_set_str(image, "from_day", from);
    tz_json_set_str(image, "until_day", until_text);
    tz_json_set_str(image, "by_user", store->user);
    (void)json_object_set_new(image, "withdrawn_entry", json_null());
    tz_json_set_str(image, "withdrawn_why", NULL);
    TZ_TRY(tz_journal_put(store, "check.except", "check_exception", image, tz_json_str(image, "reason"), NULL, err));
    TZ_TRY(tz_store_commit(store, err));
    *ret_exception = number;
done:
    if (rc != TZ_OK)
        tz_store_rollback(store);
    json_decref(image);
    tz_arena_free(&mem);
    return rc;
}

static const char *const COLUMNS[] = {"exception", "accepted_entry", "check", "subject", "finding", "reason", "note", "from_day",
                                      "until_day", "by_user", "withdrawn_entry", "withdrawn_why", NULL};
static const char SELECT_ALL[] = "SELECT exception, accepted_entry, \"check\", subject, finding, reason, note, from_day, until_day, by_user,"
                                 " withdrawn_entry, withdrawn_why FROM check_exception";

/* The row as the image of its entry. */
static void put_image(tz_sql *sql, json_t *image)
{
    for (int i = 0; COLUMNS[i] != NULL; i++) {
        bool is_number = i == 0 || i == 1 || i == 4 || i == 10;
        if (is_number && tz_sql_str(sql, i) != NULL)
            tz_json_set_int(image, COLUMNS[i], tz_sql_int(sql, i));
        else
            tz_json_set_str(image, COLUMNS[i], tz_sql_str(sql, i));
    }
}

tz_rc tz_exception_end(tz_store *store, int64_t exception, const char *why, tz_err *err)
{
    tz_assert(store != NULL && why != NULL);
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    tz_sql  *sql = NULL;
    bool     has_row = false;
    json_t  *image = json_object();

    TZ_TRY(tz_sql_open(store, tz_arena_printf(&mem, "%s WHERE exception = ?1 AND withdrawn_entry IS NULL", SELECT_ALL), &sql, err));
    tz_sql_bind_int(sql, 1, exception);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    if (!has_row) {
        rc = tz_fail(err, TZ_MISSING, "没有生效中的例外 %lld", "no exception %lld stands", (long long)exception);
        goto done;
    }
    put_image(sql, image);
    tz_sql_close(sql);
    sql = NULL;
    tz_json_set_int(image, "withdrawn_entry", 0);
    tz_json_set_str(image, "withdrawn_why", why);
    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(tz_journal_put(store, "check.except.end", "check_exception", image, why, NULL, err));
    TZ_TRY(tz_store_commit(store, err));
done:
    tz_sql_close(sql);
    if (rc != TZ_OK)
        tz_store_rollback(store);
    json_decref(image);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_exception_list(tz_store *store, json_t **ret_rows, tz_err *err)
{
    tz_assert(store != NULL && ret_rows != NULL);
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    tz_sql     *sql = NULL;
    const char *day = NULL;
    json_t     *rows = json_array();

    TZ_TRY(newest_day(&mem, store, &day, err));
    TZ_TRY(tz_sql_open(store, tz_arena_printf(&mem, "%s ORDER BY exception DESC", SELECT_ALL), &sql, err));
    TZ_EACH_ROW (store, sql, err) {
        json_t *line = json_object();
        tz_json_set_int(line, "exception", tz_sql_int(sql, 0));
        tz_json_set_str(line, "check", tz_sql_str(sql, 2));
        tz_json_set_str(line, "subject", tz_sql_str(sql, 3));
        tz_json_set_int(line, "finding", tz_sql_int(sql, 4));
        tz_json_set_str(line, "reason", tz_sql_str(sql, 5));
        tz_json_set_str(line, "from", tz_sql_str(sql, 7));
        tz_json_set_str(line, "until", tz_sql_str(sql, 8));
        tz_json_set_str(line, "by", tz_sql_str(sql, 9));
        tz_json_set_str(line, "state", tz_sql_str(sql, 10) != NULL ? "ended" : strcmp(tz_sql_str(sql, 8), day) < 0 ? "expired" : "stands");
        (void)json_array_append_new(rows, line);
    }
    *ret_rows = json_incref(rows);
done:
    tz_sql_close(sql);
    json_decref(rows);
    tz_arena_free(&mem);
    return rc;
}
