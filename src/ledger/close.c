/* close - what closing asks, and who may sign.
 *
 * A signature (check, close, dismiss) is a second person's: not the handler, not anybody who started,
 * submitted or, before the submission, attached; not `system`; nobody who bears the name of a person
 * on the rows that the issue rests on; nobody who declared such a person as a relative.  Users have a
 * name but no ID number, so persons are compared by name: a namesake has to let another sign, which
 * costs little, and a beneficiary never slips through.
 */
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/map.h"
#include "ledger/inside.h"
#include "packs/query.h"
#include "store/duck.h"

/* What is missing, collected: the answer names all of it. */
typedef struct {
    tz_buf zh, en;
} missing;

static void add_missing(missing *list, const char *zh, const char *en)
{
    tz_buf_puts(&list->zh, list->zh.size == 0 ? "" : ";");
    tz_buf_puts(&list->zh, zh);
    tz_buf_puts(&list->en, list->en.size == 0 ? "" : "; ");
    tz_buf_puts(&list->en, en);
}

/* TZ_REFUSED with the whole list. tz_fail gives both languages the same arguments, so each text is
 * printed by a format of its own that skips the other's. */
static tz_rc refuse_if_missing(const missing *list, const char *zh, const char *en, tz_err *err)
{
    if (list->zh.size == 0)
        return TZ_OK;
    return tz_fail(err, TZ_REFUSED, "%1$s:%2$s%3$.0s%4$.0s", "%1$.0s%2$.0s%3$s: %4$s", zh, tz_buf_str(&list->zh), en,
                   tz_buf_str(&list->en));
}

/* ---- The finding ---- */

/* The registers that a check reads, as a JSON array. */
static const char *registers_json(tz_arena *mem, const tz_check *check)
{
    json_t *list = json_array();
    tz_buf  text = tz_buf_init(mem, 0);

    for (size_t i = 0; i < check->reads.count; i++)
        (void)json_array_append_new(list, json_string(check->reads.items[i]));
    for (size_t i = 0; i < check->needs.count; i++)
        (void)json_array_append_new(list, json_string(check->needs.items[i]));
    tz_json_canonical(list, &text);
    json_decref(list);
    return tz_buf_str(&text);
}

tz_rc tz_issue_ran_since(tz_store *store, const tz_packs *packs, int64_t finding, int64_t entry, bool *ret_ran, tz_err *err)
{
    tz_rc           rc = TZ_OK;
    tz_arena        mem = {0};
    tz_sql         *sql = NULL;
    bool            has_row = false;
    json_t         *rows = NULL;
    const tz_check *check = NULL;

    TZ_TRY(tz_issue_query(store, "SELECT \"check\" FROM finding_key WHERE finding = ?1 LIMIT 1", finding, &rows, err));
    if (json_array_size(rows) == 1)
        check = tz_packs_check(packs, tz_json_str(json_array_get(rows, 0), "check"));
    *ret_ran = false;
    if (check == NULL)
        goto done;
    TZ_TRY(tz_sql_open(store,
                       "SELECT EXISTS (SELECT 1 FROM check_result c JOIN check_run r ON r.run = c.run, json_each(r.batches) j"
                       "  JOIN batch b ON b.batch = j.value"
                       " WHERE c.\"check\" = ?1 AND c.state = 'ran' AND c.entry > ?2 AND b.accepted_entry > ?2"
                       "   AND b.register IN (SELECT value FROM json_each(?3)))", &sql, err));
    tz_sql_bind_text(sql, 1, check->name);
    tz_sql_bind_int(sql, 2, entry);
    tz_sql_bind_text(sql, 3, registers_json(&mem, check));
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    *ret_ran = has_row && tz_sql_int(sql, 0) != 0;
done:
    tz_sql_close(sql);
    json_decref(rows);
    tz_arena_free(&mem);
    return rc;
}

static bool helps(const char *cleared_why)
{
    return cleared_why != NULL && (strcmp(cleared_why, "remedied") == 0 || strcmp(cleared_why, "corrected") == 0 ||
                                   strcmp(cleared_why, "supplied") == 0);
}

/* Each finding: run on newer rows, and gone for a reason that helps. */
static tz_rc judge_findings(tz_store *store, const tz_packs *packs, const json_t *issue, const json_t *findings, missing *list,
                            tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    size_t   i;
    json_t  *finding;

    json_array_foreach((json_t *)findings, i, finding) {
        int64_t     number = tz_json_int(finding, "finding", 0);
        const char *state = tz_json_str(finding, "state"), *why = tz_json_str(finding, "cleared_why");
        bool        ran = false;
        TZ_TRY(tz_issue_ran_since(store, packs, number, tz_json_int(issue, "opened_entry", 0), &ran, err));
        if (!ran)
            add_missing(list, tz_arena_printf(&mem, "疑点 %lld 的规则尚未在新数据上运行", (long long)number),
                        tz_arena_printf(&mem, "the check of finding %lld has not run on newer data", (long long)number));
        if (strcmp(state, "cleared") != 0)
            add_missing(list, tz_arena_printf(&mem, "疑点 %lld 仍在(%s)", (long long)number, state),
                        tz_arena_printf(&mem, "finding %lld still stands (%s)", (long long)number, state));
        else if (!helps(why))
            add_missing(list, tz_arena_printf(&mem, "疑点 %lld 消失但未整改(%s)", (long long)number, why),
                        tz_arena_printf(&mem, "finding %lld went without a remedy (%s)", (long long)number, why));
    }
done:
    tz_arena_free(&mem);
    return rc;
}

/* ---- Who signs ---- */

static tz_rc is_rectifier(tz_store *store, const json_t *issue, bool *ret_is, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *handler = tz_json_str(issue, "handler");
    int64_t     did = 0;
    char        number[32];

    (void)snprintf(number, sizeof number, "%lld", (long long)tz_json_int(issue, "issue", 0));
    TZ_TRY(tz_sql_one(store,
                      "SELECT count(*) FROM issue_step WHERE issue = CAST(?1 AS INTEGER) AND by_user = ?2"
                      " AND (action IN ('start', 'submit') OR (action = 'attach' AND state IN ('open', 'assigned', 'rectifying')))",
                      number, store->user, &did, err));
    *ret_is = did > 0 || (handler != NULL && strcmp(handler, store->user) == 0);
done:
    return rc;
}

/* The signer's name, folded. */
static tz_rc signer_name(tz_arena *mem, tz_store *store, tz_text *ret_name, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(store, "SELECT name FROM user WHERE user = ?1", &sql, err));
    tz_sql_bind_text(sql, 1, store->user);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    *ret_name = tz_text_fold(mem, tz_text_of(has_row ? tz_sql_dup(mem, sql, 0) : store->user));
done:
    tz_sql_close(sql);
    return rc;
}

/* The names of all persons, of every role, on the rows of the issue's findings. */
static tz_rc beneficiaries(tz_arena *mem, tz_store *store, const tz_packs *packs, const json_t *findings, tz_map *names, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_row_found *rows = NULL;
    TZ_ARRAY(int64_t) ids = {0};
    size_t  i, j;
    json_t *finding, *row;

    json_array_foreach((json_t *)findings, i, finding) {
        json_t *stored = NULL;
        TZ_TRY(tz_json_parse(tz_text_of(tz_json_str(finding, "rows")), &stored, err));
        json_array_foreach(stored, j, row)
            tz_push(mem, &ids, json_integer_value(json_array_get(row, 0)));
        json_decref(stored);
    }
    TZ_TRY(tz_rows_find(mem, store, packs, ids.items, ids.count, &rows, err));
    for (i = 0; i < ids.count; i++) {
        const tz_register *reg = tz_packs_register(packs, rows[i].register_name);
        for (j = 0; reg != NULL && j < reg->identities.count; j++) {
            int         column = reg->identities.items[j].name;
            const char *name = column < 0 ? NULL : tz_json_str(rows[i].values, reg->columns.items[column].name);
            if (name != NULL)
                (void)tz_map_put(names, tz_text_fold(mem, tz_text_of(name)), NULL);
        }
        json_decref(rows[i].values);
    }
done:
    return rc;
}

static const tz_identity *role_of(const tz_register *reg, const char *role)
{
    for (size_t i = 0; i < reg->identities.count; i++)
        if (strcmp(reg->identities.items[i].role, role) == 0 && reg->identities.items[i].name >= 0)
            return &reg->identities.items[i];
    return NULL;
}

/* One register of declared relatives: is one of the names declared by the signer? */
static tz_rc declared_in(tz_store *store, const tz_register *reg, tz_text signer, const tz_map *names, bool *ret_is, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_arena      mem = {0};
    tz_duck       duck = {0};
    tz_day        day = {0};
    const char   *view = NULL;
    tz_buf        sql = tz_buf_init(&mem, 0);
    int64_t       batches = 0;
    duckdb_result result = {0};

    TZ_TRY(tz_sql_one(store, "SELECT count(*) FROM batch WHERE register = ?1 AND withdrawn_entry IS NULL", reg->name, NULL, &batches, err));
    if (batches == 0)
        goto done;
    TZ_TRY(tz_day_resolve(store, day, &day, err));
    TZ_TRY(tz_view_sql(&mem, store, reg, day, &view, err));
    TZ_TRY(tz_duck_open(1, 0, &duck, err));
    tz_buf_puts(&sql, "SELECT ");
    tz_sql_name(&sql, reg->columns.items[role_of(reg, "official")->name].name);
    tz_buf_puts(&sql, ", ");
    tz_sql_name(&sql, reg->columns.items[role_of(reg, "relative")->name].name);
    tz_buf_printf(&sql, " FROM (%s)", view);
    TZ_TRY(tz_duck_query(&duck, tz_buf_str(&sql), NULL, 0, &result, err));
    for (idx_t i = 0, count = duckdb_row_count(&result); i < count && !*ret_is; i++) {
        char *official = duckdb_value_varchar(&result, 0, i), *relative = duckdb_value_varchar(&result, 1, i);
        *ret_is = tz_text_equal(tz_text_fold(&mem, tz_text_of(official)), signer) &&
                  tz_map_get(names, tz_text_fold(&mem, tz_text_of(relative))) != NULL;
        duckdb_free(official);
        duckdb_free(relative);
    }
done:
    duckdb_destroy_result(&result);
    tz_duck_close(&duck);
    tz_arena_free(&mem);
    return rc;
}

static tz_rc is_declared_relative(tz_store *store, const tz_packs *packs, tz_text signer, const tz_map *names, bool *ret_is, tz_err *err)
{
    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].registers.count; j++) {
            const tz_register *reg = &packs->packs.items[i].registers.items[j];
            if (role_of(reg, "official") == NULL || role_of(reg, "relative") == NULL)
                continue;
            tz_rc rc = declared_in(store, reg, signer, names, ret_is, err);
            if (rc != TZ_OK || *ret_is)
                return rc;
        }
    return TZ_OK;
}

static tz_rc judge_signer(tz_arena *mem, tz_store *store, const tz_packs *packs, const json_t *issue, const json_t *findings,
                          missing *list, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    bool    rectifies = false, is_relative = false;
    tz_text name = {0};
    tz_map  names = tz_map_init(mem);

    TZ_TRY(is_rectifier(store, issue, &rectifies, err));
    if (rectifies)
        add_missing(list, "签字人不能是整改人", "a second person signs, not the rectifier");
    if (strcmp(store->user, "system") == 0)
        add_missing(list, "须由人签字", "a person signs");
    TZ_TRY(signer_name(mem, store, &name, err));
    TZ_TRY(beneficiaries(mem, store, packs, findings, &names, err));
    if (tz_map_get(&names, name) != NULL)
        add_missing(list, "签字人与问题所涉人员同名", "the signer bears a beneficiary's name");
    TZ_TRY(is_declared_relative(store, packs, name, &names, &is_relative, err));
    if (is_relative)
        add_missing(list, "签字人申报的近亲属是问题所涉人员", "a beneficiary is the signer's declared relative");
done:
    return rc;
}

/* ---- The three signatures ---- */

static const char FINDINGS[] = "SELECT f.finding, f.\"check\", f.state, f.cleared_why, f.rows, f.verdict, v.by_user FROM issue_finding i"
                               " JOIN finding f ON f.finding = i.finding LEFT JOIN verdict v ON v.finding = f.finding"
                               " WHERE i.issue = ?1 ORDER BY f.finding";

static void judge_state(tz_arena *mem, const tz_packs *packs, const json_t *issue, missing *list)
{
    const tz_ledger *ledger = tz_issue_ledger(packs, tz_json_str(issue, "ledger"));
    const char      *state = tz_json_str(issue, "state"), *standing = tz_json_str(issue, "standing");
    bool             is_published = strcmp(state, "published") == 0;

    if (tz_ledger_has(ledger, "published") && !is_published)
        add_missing(list, "尚未公示", "it was not published");
    else if (!is_published && strcmp(state, "submitted") != 0 && strcmp(state, "checked") != 0)
        add_missing(list, tz_arena_printf(mem, "尚未申请销号(%s)", state), tz_arena_printf(mem, "it was not submitted (%s)", state));
    if (standing != NULL && strcmp(standing, "objected") == 0)
        add_missing(list, "异议未了结", "an objection stands");
    if (standing != NULL && strcmp(standing, "suspended") == 0)
        add_missing(list, "暂缓中", "it is suspended");
}

/* Measures under one feedback item: the item ends when they have. */
static tz_rc judge_children(tz_arena *mem, tz_store *store, const json_t *issue, missing *list, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *children = NULL, *child;
    size_t  i;
    int     open = 0;

    TZ_TRY(tz_issue_query(store, "SELECT state FROM issue WHERE parent = ?1", tz_json_int(issue, "issue", 0), &children, err));
    json_array_foreach(children, i, child)
        open += tz_state_is_open(tz_json_str(child, "state"));
    if (open > 0)
        add_missing(list, tz_arena_printf(mem, "还有 %d 个子问题未了结", open), tz_arena_printf(mem, "%d of its children are open", open));
done:
    json_decref(children);
    return rc;
}

static tz_rc judge_evidence(tz_store *store, const json_t *issue, bool needs_any, bool needs_document, missing *list, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    json_t  *items = NULL, *item;
    size_t   i, documents = 0;
    int64_t  number = tz_json_int(issue, "issue", 0), shared = 0;

    TZ_TRY(tz_issue_query(store, "SELECT evidence, kind FROM evidence WHERE issue = ?1", number, &items, err));
    json_array_foreach(items, i, item)
        documents += strcmp(tz_json_str(item, "kind"), "document") == 0;
    if (needs_any && json_array_size(items) == 0)
        add_missing(list, "没有佐证", "there is no evidence");
    if (needs_document && documents == 0)
        add_missing(list, "缺盖章摘录(document)", "the sealed extract (a document) is missing");
    TZ_TRY(tz_evidence_shared(store, number, &shared, err));
    if (shared != 0)
        add_missing(list, tz_arena_printf(&mem, "佐证 %lld 也用于其他问题,未各指其行", (long long)shared),
                    tz_arena_printf(&mem, "evidence %lld shows another issue too, without a line for each", (long long)shared));
done:
    json_decref(items);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_issue_may_close(tz_store *store, const tz_packs *packs, const json_t *issue, bool is_pending_data, tz_err *err)
{
    tz_assert(store != NULL && packs != NULL && json_is_object(issue));
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    missing  list = {.zh = tz_buf_init(&mem, 0), .en = tz_buf_init(&mem, 0)};
    json_t  *findings = NULL;

    TZ_TRY(tz_issue_query(store, FINDINGS, tz_json_int(issue, "issue", 0), &findings, err));
    bool has_findings = json_array_size(findings) > 0;
    judge_state(&mem, packs, issue, &list);
    TZ_TRY(judge_children(&mem, store, issue, &list, err));
    if (has_findings && !is_pending_data)
        TZ_TRY(judge_findings(store, packs, issue, findings, &list, err));
    TZ_TRY(judge_evidence(store, issue, !has_findings && !is_pending_data, is_pending_data, &list, err));
    TZ_TRY(judge_signer(&mem, store, packs, issue, findings, &list, err));
    rc = refuse_if_missing(&list, "不能销号", "it cannot be closed", err);
done:
    json_decref(findings);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_issue_may_check(tz_store *store, const tz_packs *packs, const json_t *issue, tz_err *err)
{
    tz_assert(store != NULL && packs != NULL && json_is_object(issue));
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    missing  list = {.zh = tz_buf_init(&mem, 0), .en = tz_buf_init(&mem, 0)};
    json_t  *findings = NULL;

    TZ_TRY(tz_issue_query(store, FINDINGS, tz_json_int(issue, "issue", 0), &findings, err));
    TZ_TRY(judge_signer(&mem, store, packs, issue, findings, &list, err));
    rc = refuse_if_missing(&list, "不能核查", "it cannot be checked", err);
done:
    json_decref(findings);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_issue_may_dismiss(tz_store *store, const tz_packs *packs, const json_t *issue, tz_err *err)
{
    tz_assert(store != NULL && packs != NULL && json_is_object(issue));
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    missing  list = {.zh = tz_buf_init(&mem, 0), .en = tz_buf_init(&mem, 0)};
    json_t  *findings = NULL, *finding;
    size_t   i;

    TZ_TRY(tz_issue_query(store, FINDINGS, tz_json_int(issue, "issue", 0), &findings, err));
    json_array_foreach(findings, i, finding) {
        const char *verdict = tz_json_str(finding, "verdict"), *by = tz_json_str(finding, "by_user");
        int64_t     number = tz_json_int(finding, "finding", 0);
        if (verdict == NULL || strcmp(verdict, "not real") != 0)
            add_missing(&list, tz_arena_printf(&mem, "疑点 %lld 未核实为不属实", (long long)number),
                        tz_arena_printf(&mem, "finding %lld was not verified as not real", (long long)number));
        else if (strcmp(by, store->user) == 0)
            add_missing(&list, "核实人不能自己签字", "whoever gave the verdict does not sign it");
    }
    TZ_TRY(judge_signer(&mem, store, packs, issue, findings, &list, err));
    rc = refuse_if_missing(&list, "不能作不成立处理", "it cannot be dismissed", err);
done:
    json_decref(findings);
    tz_arena_free(&mem);
    return rc;
}
