#include "evidence/account.h"

#include <string.h>

#include "base/assert.h"

/* ---- A batch ---- */

static const char *title_of(const tz_packs *packs, const char *register_name)
{
    const tz_register *reg = register_name == NULL ? NULL : tz_packs_register(packs, register_name);
    return reg == NULL ? register_name : reg->title; /* a register of a pack that is in use no more */
}

/* Adds up the accounts of the sheets. */
static json_t *sum_accounts(const json_t *sheets)
{
    static const char *const LINES[] = {"rows", "titles", "header", "blank", "totals", "notes", "accepted", "quarantined", "duplicates",
                                        "wrong_totals"};
    json_t *sum = json_object(), *sheet;
    size_t  i;

    for (size_t k = 0; k < sizeof LINES / sizeof LINES[0]; k++) {
        int64_t count = 0;
        json_array_foreach((json_t *)sheets, i, sheet)
            count += tz_json_int(json_object_get(sheet, "account"), LINES[k], 0);
        tz_json_set_int(sum, LINES[k], count);
    }
    return sum;
}

tz_rc tz_batch_show(tz_store *store, const tz_packs *packs, int64_t batch, json_t **ret_batch, tz_err *err)
{
    tz_assert(store != NULL && packs != NULL && ret_batch != NULL);
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;
    json_t *image = NULL, *sheets = NULL;

    TZ_TRY(tz_sql_open(store,
        "SELECT b.batch, b.register, b.sender, b.period, b.as_of, b.as_of_from, b.file, b.original, o.size, o.received_at, b.accepted,"
        " b.quarantined, b.corrects, b.accepted_entry, b.withdrawn_entry, b.withdrawn_why,"
        " (SELECT min(c.batch) FROM batch c WHERE c.corrects = b.batch AND c.withdrawn_entry IS NULL) AS corrected_by,"
        " (SELECT p.batch FROM batch p WHERE p.register = b.register AND p.sender IS b.sender AND p.withdrawn_entry IS NULL"
        "    AND (p.as_of < b.as_of OR (p.as_of = b.as_of AND p.batch < b.batch)) ORDER BY p.as_of DESC, p.batch DESC LIMIT 1) AS before,"
        " CASE WHEN b.withdrawn_entry IS NOT NULL THEN 'withdrawn'"
        " WHEN EXISTS (SELECT 1 FROM batch c WHERE c.corrects = b.batch AND c.withdrawn_entry IS NULL) THEN 'corrected' ELSE 'counts' END AS state,"
        " b.sheets FROM batch b JOIN original o ON o.digest = b.original WHERE b.batch = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, batch);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    if (!has_row) {
        rc = tz_fail(err, TZ_MISSING, "没有批次 %lld", "there is no batch %lld", (long long)batch);
        goto done;
    }
    image = tz_sql_json(sql);
    TZ_TRY(tz_json_parse(tz_text_of(tz_json_str(image, "sheets")), &sheets, err));
    tz_json_set_str(image, "title", title_of(packs, tz_json_str(image, "register")));
    (void)json_object_set(image, "sheets", sheets);
    (void)json_object_set_new(image, "account", sum_accounts(sheets));
    *ret_batch = json_incref(image);
done:
    tz_sql_close(sql);
    json_decref(sheets);
    json_decref(image);
    return rc;
}

/* ---- Registers ---- */

static const char *period_name(tz_period_kind period)
{
    static const char *const NAMES[] = {[TZ_PERIOD_STATE] = "state", [TZ_PERIOD_MONTH] = "month", [TZ_PERIOD_TERM] = "term",
                                        [TZ_PERIOD_YEAR] = "year", [TZ_PERIOD_EVENT] = "event"};
    return NAMES[period];
}

static const char *type_name(tz_type type)
{
    static const char *const NAMES[] = {
        [TZ_TYPE_TEXT] = "文字|text",
        [TZ_TYPE_CODE] = "代码|code",
        [TZ_TYPE_ID] = "身份证号|ID number",
        [TZ_TYPE_DATE] = "日期|date",
        [TZ_TYPE_MONTH] = "月份|month",
        [TZ_TYPE_TERM] = "学期|term",
        [TZ_TYPE_INT] = "整数|whole number",
        [TZ_TYPE_DECIMAL] = "数|number",
        [TZ_TYPE_MONEY] = "金额|money",
        [TZ_TYPE_PERCENT] = "百分数|percent",
        [TZ_TYPE_DIVISION] = "行政区划|division",
        [TZ_TYPE_PHONE] = "电话|phone",
        [TZ_TYPE_BANK] = "银行账号|account",
        [TZ_TYPE_CREDIT_CODE] = "统一社会信用代码|credit code",
        [TZ_TYPE_YESNO] = "是否|yes or no",
    };
    return NAMES[type];
}

/* The newest batch that counts. */
static tz_rc add_newest(tz_store *store, const tz_register *reg, json_t *line, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *newest = NULL;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(store, "SELECT as_of, accepted, quarantined, (SELECT count(*) FROM batch WHERE register = ?1 AND withdrawn_entry IS NULL)"
                              " AS batches FROM batch WHERE register = ?1 AND withdrawn_entry IS NULL ORDER BY as_of DESC, batch DESC LIMIT 1",
                       &sql, err));
    tz_sql_bind_text(sql, 1, reg->name);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    if (has_row) {
        newest = tz_sql_json(sql);
        (void)json_object_update(line, newest);
    } else {
        tz_json_set_str(line, "as_of", NULL);
        tz_json_set_int(line, "batches", 0);
    }
done:
    json_decref(newest);
    tz_sql_close(sql);
    return rc;
}

static tz_rc register_line(tz_store *store, const tz_register *reg, json_t **ret_line, tz_err *err)
{
    json_t *line = json_object();
    tz_rc   rc = add_newest(store, reg, line, err);

    tz_json_set_str(line, "register", reg->name);
    tz_json_set_str(line, "title", reg->title);
    tz_json_set_str(line, "pack", reg->pack->name);
    tz_json_set_str(line, "pack_title", reg->pack->title);
    tz_json_set_str(line, "owner", reg->owners.count > 0 ? reg->owners.items[0] : NULL);
    tz_json_set_str(line, "period", period_name(reg->period));
    tz_json_set_str(line, "due", reg->due);
    tz_json_set_int(line, "due_days", reg->due_days);
    tz_json_set_int(line, "columns", (int64_t)reg->columns.count);
    if (rc == TZ_OK)
        *ret_line = line;
    else
        json_decref(line);
    return rc;
}

tz_rc tz_register_list(tz_store *store, const tz_packs *packs, json_t **ret_rows, tz_err *err)
{
    tz_assert(store != NULL && packs != NULL && ret_rows != NULL);
    tz_rc   rc = TZ_OK;
    json_t *rows = json_array();

    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].registers.count; j++) {
            json_t *line = NULL;
            TZ_TRY(register_line(store, &packs->packs.items[i].registers.items[j], &line, err));
            (void)json_array_append_new(rows, line);
        }
    *ret_rows = json_incref(rows);
done:
    json_decref(rows);
    return rc;
}

static bool is_key(const tz_register *reg, size_t column)
{
    for (size_t i = 0; i < reg->key.count; i++)
        if (reg->key.items[i] == (int)column)
            return true;
    return false;
}

static json_t *column_json(const tz_register *reg, size_t index)
{
    const tz_column *column = &reg->columns.items[index];
    json_t          *line = json_object(), *codes = json_array();

    for (size_t i = 0; i < column->codes.count; i++)
        (void)json_array_append_new(codes, json_pack("{s:s, s:s}", "code", column->codes.items[i].code, "title", column->codes.items[i].title));
    tz_json_set_str(line, "name", column->name);
    tz_json_set_str(line, "title", column->title);
    tz_json_set_str(line, "type", type_name(column->type));
    tz_json_set_str(line, "unit", column->unit);
    (void)json_object_set_new(line, "is_required", json_boolean(column->is_required));
    (void)json_object_set_new(line, "is_personal", json_boolean(column->sensitivity >= TZ_PERSONAL));
    (void)json_object_set_new(line, "is_key", json_boolean(is_key(reg, index)));
    (void)json_object_set_new(line, "codes", codes);
    return line;
}

tz_rc tz_register_show(tz_store *store, const tz_packs *packs, const char *name, json_t **ret_register, tz_err *err)
{
    tz_assert(store != NULL && packs != NULL && name != NULL && ret_register != NULL);
    const tz_register *reg = tz_packs_register(packs, name);
    json_t            *line = NULL, *columns = json_array(), *owners = json_array();

    if (reg == NULL) {
        json_decref(columns);
        json_decref(owners);
        return tz_fail(err, TZ_MISSING, "没有名册 “%s”", "there is no register '%s'", name);
    }
    for (size_t i = 0; i < reg->columns.count; i++)
        (void)json_array_append_new(columns, column_json(reg, i));
    for (size_t i = 0; i < reg->owners.count; i++)
        (void)json_array_append_new(owners, json_string(reg->owners.items[i]));
    tz_rc rc = register_line(store, reg, &line, err);
    if (rc == TZ_OK) {
        (void)json_object_set(line, "columns", columns);
        (void)json_object_set(line, "owners", owners);
        tz_json_set_str(line, "slice", reg->slice);
        *ret_register = line;
    }
    json_decref(columns);
    json_decref(owners);
    return rc;
}
