/* verdict - what people who verified findings say, and what that says about the rules. */
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/money.h"
#include "checks/inside.h"
#include "store/journal.h"

/* docs/format/verdicts.md explains each; tests/unit/check.c holds the two lists together. */
const tz_reason TZ_REASONS[] = {
    {"lawful", "依据其他政策合法|lawful on another ground"},
    {"wrong-person", "不是同一人|not the same person"},
    {"data-error", "数据有误,事实无误|the data are wrong, the facts are not"},
    {"timing", "时间差(迟报、到账滞后)|a matter of time (late report, delayed payment)"},
    {"already-remedied", "此前已整改|remedied before"},
    {"duplicate", "与另一疑点重复|the same as another finding"},
    {"rule-too-wide", "规则过宽|the rule is too wide"},
    {"other", "其他(须说明)|other (with a note)"},
    {NULL, NULL},
};

/* The reason that a text names: a code, or a title in either language; what follows a colon is its
 * note. NULL: none. */
static const tz_reason *find_reason(const char *text, const char **ret_rest)
{
    for (const tz_reason *reason = TZ_REASONS; reason->code != NULL; reason++) {
        const char *names[3] = {reason->code, NULL, NULL};
        size_t      sizes[3] = {strlen(reason->code), 0, 0};
        names[1] = tz_half(reason->title, TZ_ZH, &sizes[1]);
        names[2] = tz_half(reason->title, TZ_EN, &sizes[2]);
        for (size_t i = 0; i < 3; i++) {
            if (strncmp(text, names[i], sizes[i]) != 0)
                continue;
            const char *rest = text + sizes[i];
            size_t      colon = *rest == ':' ? 1 : strncmp(rest, "：", 3) == 0 ? 3 : 0;
            if (*rest != '\0' && colon == 0)
                continue;
            *ret_rest = colon == 0 ? NULL : rest + colon;
            return reason;
        }
    }
    return NULL;
}

static tz_rc no_such_reason(tz_err *err)
{
    tz_arena mem = {0};
    tz_buf   list = tz_buf_init(&mem, 0);

    for (const tz_reason *reason = TZ_REASONS; reason->code != NULL; reason++)
        tz_buf_printf(&list, "%s%s", reason == TZ_REASONS ? "" : ", ", reason->code);
    (void)tz_fail(err, TZ_USAGE, "“不属实”的理由须出自清单", "a reason for 'not real' is to be on the list");
    (void)tz_err_advise(err, "可用:%s;other 须加说明,如 other:说明", "one of: %s; other takes a note: 'other: why'", tz_buf_str(&list));
    tz_arena_free(&mem);
    return err->code;
}

/* One verdict, inside a transaction. */
static tz_rc put_verdict(tz_store *store, int64_t finding, bool is_real, const char *reason, const char *note, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t is_there = 0;
    char    number[24];
    json_t *image = json_object();

    (void)snprintf(number, sizeof number, "%lld", (long long)finding);
    TZ_TRY(tz_sql_one(store, "SELECT count(*) FROM finding_key WHERE finding = CAST(?1 AS INTEGER)", number, NULL, &is_there, err));
    if (is_there == 0) {
        rc = tz_fail(err, TZ_MISSING, "没有疑点 %lld", "there is no finding %lld", (long long)finding);
        goto done;
    }
    tz_json_set_int(image, "finding", finding);
    tz_json_set_str(image, "verdict", is_real ? "real" : "not real");
    tz_json_set_str(image, "reason", reason);
    tz_json_set_str(image, "note", note);
    tz_json_set_str(image, "by_user", store->user);
    tz_json_set_str(image, "signed_by", NULL);
    TZ_TRY(tz_journal_put(store, "verdict", "verdict", image, NULL, NULL, err));
done:
    json_decref(image);
    return rc;
}

tz_rc tz_verdict_many(tz_store *store, const tz_packs *packs, const int64_t *findings, size_t count, bool is_real, const char *reason,
                      const char *note, tz_err *err)
{
    tz_assert(store != NULL && packs != NULL && (findings != NULL || count == 0));
    tz_rc            rc = TZ_OK;
    const char      *rest = NULL;
    const tz_reason *known = reason == NULL ? NULL : find_reason(reason, &rest);

    if (!is_real && (known == NULL || (strcmp(known->code, "other") == 0 && note == NULL && rest == NULL)))
        return no_such_reason(err);
    TZ_TRY(tz_store_begin(store, err));
    for (size_t i = 0; i < count; i++)
        TZ_TRY(put_verdict(store, findings[i], is_real, known != NULL ? known->code : reason != NULL ? reason : "verified",
                           note != NULL ? note : rest, err));
    TZ_TRY(tz_store_commit(store, err));
done:
    if (rc != TZ_OK)
        tz_store_rollback(store);
    return rc;
}

tz_rc tz_verdict(tz_store *store, const tz_packs *packs, int64_t finding, bool is_real, const char *reason, const char *note, tz_err *err)
{
    return tz_verdict_many(store, packs, &finding, 1, is_real, reason, note, err);
}

/* ---- A rule's record ---- */

static tz_rc count_reasons(tz_store *store, const char *check, json_t **ret_reasons, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    json_t *reasons = json_object();

    TZ_TRY(tz_sql_open(store, "SELECT v.reason, count(*) FROM verdict v JOIN finding f ON f.finding = v.finding"
                              " WHERE f.\"check\" = ?1 AND v.verdict = 'not real' GROUP BY v.reason ORDER BY v.reason", &sql, err));
    tz_sql_bind_text(sql, 1, check);
    TZ_EACH_ROW (store, sql, err) {
        tz_json_set_int(reasons, tz_sql_str(sql, 0), tz_sql_int(sql, 1));
    }
    *ret_reasons = json_incref(reasons);
done:
    tz_sql_close(sql);
    json_decref(reasons);
    return rc;
}

/* The same counts by township: a finding counts in each township that its rows lie in. */
static tz_rc count_townships(tz_store *store, const char *check, json_t **ret_townships, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    json_t *list = json_array();

    TZ_TRY(tz_sql_open(store,
                       "SELECT township || '000', count(*), count(verdict), count(*) FILTER (WHERE verdict = 'real') FROM"
                       "  (SELECT DISTINCT f.finding, f.verdict, substr(d.value, 1, 9) AS township"
                       "     FROM finding f, json_each(f.divisions) d WHERE f.\"check\" = ?1)"
                       " GROUP BY township ORDER BY township", &sql, err));
    tz_sql_bind_text(sql, 1, check);
    TZ_EACH_ROW (store, sql, err) {
        const tz_division *division = tz_county_division(store->county, tz_text_of(tz_sql_str(sql, 0)));
        json_t            *line = json_object();
        tz_json_set_str(line, "township", division == NULL ? tz_sql_str(sql, 0) : division->name);
        tz_json_set_int(line, "findings", tz_sql_int(sql, 1));
        tz_json_set_int(line, "verified", tz_sql_int(sql, 2));
        tz_json_set_int(line, "real", tz_sql_int(sql, 3));
        (void)json_array_append_new(list, line);
    }
    *ret_townships = json_incref(list);
done:
    tz_sql_close(sql);
    json_decref(list);
    return rc;
}

static tz_rc record_line(tz_store *store, const tz_check *check, json_t **ret_line, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;
    json_t *line = json_object(), *reasons = NULL, *townships = NULL;

    TZ_TRY(tz_sql_open(store,
                       "SELECT count(*), count(verdict), count(*) FILTER (WHERE verdict = 'real')"
                       "  FROM finding WHERE \"check\" = ?1", &sql, err));
    tz_sql_bind_text(sql, 1, check->name);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    tz_assert(has_row);
    int64_t found = tz_sql_int(sql, 0), verified = tz_sql_int(sql, 1), real = tz_sql_int(sql, 2);
    tz_json_set_str(line, "check", check->name);
    tz_json_set_str(line, "title", check->title);
    tz_json_set_str(line, "owner", check->owner);
    tz_json_set_int(line, "findings", found);
    tz_json_set_int(line, "verified", verified);
    tz_json_set_int(line, "real", real);
    tz_json_set_int(line, "not_real", verified - real);
    char share[TZ_DECIMAL_TEXT];
    tz_decimal_format(verified == 0 ? 0 : real * 10000 / verified, 4, share);
    tz_json_set_str(line, "share_real", verified == 0 ? NULL : share);
    TZ_TRY(count_reasons(store, check->name, &reasons, err));
    (void)json_object_set(line, "reasons", reasons);
    TZ_TRY(count_townships(store, check->name, &townships, err));
    (void)json_object_set(line, "townships", townships);
    *ret_line = json_incref(line);
done:
    tz_sql_close(sql);
    json_decref(line);
    json_decref(reasons);
    json_decref(townships);
    return rc;
}

/* One line for each check of all packs, in their order. */
typedef tz_rc check_line(tz_store *store, const tz_check *check, json_t **ret_line, tz_err *err);

static tz_rc list_checks(tz_store *store, const tz_packs *packs, check_line *make, json_t **ret_rows, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = json_array();

    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].checks.count; j++) {
            json_t *line = NULL;
            TZ_TRY(make(store, &packs->packs.items[i].checks.items[j], &line, err));
            (void)json_array_append_new(rows, line);
        }
    *ret_rows = json_incref(rows);
done:
    json_decref(rows);
    return rc;
}

tz_rc tz_check_record(tz_store *store, const tz_packs *packs, json_t **ret_rows, tz_err *err)
{
    tz_assert(store != NULL && packs != NULL && ret_rows != NULL);
    return list_checks(store, packs, record_line, ret_rows, err);
}

/* ---- What is blind ---- */

static tz_rc doctor_line(tz_store *store, const tz_check *check, json_t **ret_line, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;
    json_t *line = json_object();

    TZ_TRY(tz_sql_open(store, "SELECT c.state, c.why, r.as_of, c.linked_share FROM check_result c JOIN check_run r ON r.run = c.run"
                              " WHERE c.\"check\" = ?1 ORDER BY c.run DESC LIMIT 1", &sql, err));
    tz_sql_bind_text(sql, 1, check->name);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    tz_json_set_str(line, "check", check->name);
    tz_json_set_str(line, "state", has_row ? tz_sql_str(sql, 0) : "not evaluated");
    tz_json_set_half(line, "why", has_row ? tz_sql_str(sql, 1) : "还没有运行过|it has not run yet", store->app->lang);
    tz_json_set_str(line, "since", has_row ? tz_sql_str(sql, 2) : NULL);
    tz_json_set_str(line, "linked_share", has_row ? tz_sql_str(sql, 3) : NULL);
    *ret_line = json_incref(line);
done:
    tz_sql_close(sql);
    json_decref(line);
    return rc;
}

tz_rc tz_check_doctor(tz_store *store, const tz_packs *packs, json_t **ret_rows, tz_err *err)
{
    tz_assert(store != NULL && packs != NULL && ret_rows != NULL);
    return list_checks(store, packs, doctor_line, ret_rows, err);
}
