/* delivery - batches after they are in: withdrawn, listed, typed again; and the forms they come on. */
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

#include "base/assert.h"
#include "base/date.h"
#include "evidence/batch.h"
#include "evidence/import.h"
#include "store/journal.h"

/* Every column of a batch's row as a journal image. */
static json_t *image_of(tz_sql *sql)
{
    json_t *image = json_object();

    for (int i = 0; i < sqlite3_column_count(sql); i++) {
        const char *name = sqlite3_column_name(sql, i);
        if (sqlite3_column_type(sql, i) == SQLITE_INTEGER)
            tz_json_set_int(image, name, tz_sql_int(sql, i));
        else
            tz_json_set_str(image, name, tz_sql_str(sql, i));
    }
    return image;
}

tz_rc tz_batch_withdraw(tz_store *store, int64_t batch, const char *why, tz_err *err)
{
    tz_assert(store != NULL && why != NULL);
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;
    json_t *image = NULL;

    TZ_TRY(tz_sql_open(store, "SELECT * FROM batch WHERE batch = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, batch);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    if (!has_row) {
        rc = tz_fail(err, TZ_MISSING, "没有批次 %lld", "there is no batch %lld", (long long)batch);
        goto done;
    }
    image = image_of(sql);
    if (!json_is_null(json_object_get(image, "withdrawn_entry"))) {
        rc = tz_fail(err, TZ_REFUSED, "批次 %lld 已经撤回", "batch %lld was withdrawn already", (long long)batch);
        goto done;
    }
    tz_sql_close(sql);
    sql = NULL;
    tz_json_set_int(image, "withdrawn_entry", 0);
    tz_json_set_str(image, "withdrawn_why", why);
    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(tz_journal_put(store, "batch.withdraw", "batch", image, why, NULL, err));
    TZ_TRY(tz_store_commit(store, err));
done:
    if (rc != TZ_OK)
        tz_store_rollback(store);
    tz_sql_close(sql);
    json_decref(image);
    return rc;
}

/* ---- Deliveries ---- */

static json_t *delivery(tz_arena *mem, const tz_register *reg, const tz_valid_part *part, const char *state)
{
    json_t *line = json_object();

    (void)mem;
    tz_json_set_str(line, "register", reg->name);
    tz_json_set_str(line, "unit", part == NULL ? (reg->owners.count > 0 ? reg->owners.items[0] : NULL) : part->sender);
    tz_json_set_str(line, "period", part == NULL ? NULL : part->period);
    tz_json_set_str(line, "state", state);
    tz_json_set_str(line, "due", reg->due);
    if (part != NULL)
        tz_json_set_int(line, "batch", part->batch);
    tz_json_set_str(line, "as_of", part == NULL ? NULL : part->as_of);
    return line;
}

/* One line a batch and period; slices of one batch are one delivery. */
static void add_parts(tz_arena *mem, const tz_register *reg, const tz_valid_parts *parts, json_t *rows)
{
    tz_map seen = tz_map_init(mem);

    for (size_t i = 0; i < parts->count; i++) {
        bool        is_new = false;
        const char *key = tz_arena_printf(mem, "%lld/%s", (long long)parts->items[i].batch, parts->items[i].period);
        (void)tz_map_put(&seen, tz_text_of(key), &is_new);
        if (is_new)
            (void)json_array_append_new(rows, delivery(mem, reg, &parts->items[i], "delivered"));
    }
}

tz_rc tz_deliveries(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, json_t **ret_rows, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && ret_rows != NULL);
    json_t *rows = json_array();

    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].registers.count; j++) {
            const tz_register *reg = &packs->packs.items[i].registers.items[j];
            tz_valid_parts     parts;
            tz_rc              rc = tz_valid_find(mem, store, reg, day, &parts, err);
            if (rc != TZ_OK) {
                json_decref(rows);
                return rc;
            }
            if (parts.count == 0)
                (void)json_array_append_new(rows, delivery(mem, reg, NULL, "missing"));
            add_parts(mem, reg, &parts, rows);
        }
    *ret_rows = rows;
    return TZ_OK;
}

/* ---- Templates ---- */

static void write_choices(lxw_worksheet *sheet, tz_arena *mem, const tz_column *column, lxw_col_t at)
{
    char               **list = tz_new_array(mem, char *, column->codes.count + 3);
    lxw_data_validation  rule = {.validate = LXW_VALIDATION_TYPE_LIST, .value_list = list};
    size_t               count = 0, len = 0, total = 0;

    for (size_t i = 0; i < column->codes.count; i++) {
        const char *half = tz_half(column->codes.items[i].title, TZ_ZH, &len);
        list[count++] = tz_arena_copy(mem, half, len);
        total += len + 1;
    }
    if (column->type == TZ_TYPE_YESNO) {
        list[count++] = tz_arena_dup(mem, "是");
        list[count++] = tz_arena_dup(mem, "否");
    }
    if (count > 0 && total < 250) /* Excel's limit for a list in place */
        (void)worksheet_data_validation_range(sheet, 2, at, 5000, at, &rule);
}

static const char *hint_of(tz_arena *mem, const tz_column *column)
{
    static const char *const HINTS[] = {"文本", "从列表中选", "18 位,文本格式", "如 2019-09-01", "如 2019-09", "如 2019年秋季学期", "整数", "数字",
                                        "元,两位小数", "如 19%", "区划名称或代码", "电话", "银行账号,文本格式", "18 位代码", "是 / 否"};
    return tz_arena_printf(mem, "%s%s%s", HINTS[column->type], column->is_required ? ";必填" : "", column->unit == NULL ? "" : column->unit);
}

tz_rc tz_template_write(const tz_register *reg, const char *path, tz_err *err)
{
    tz_assert(reg != NULL && path != NULL);
    tz_arena       mem = {0};
    lxw_workbook  *book = workbook_new(path);
    lxw_worksheet *sheet = book == NULL ? NULL : workbook_add_worksheet(book, NULL);
    size_t         len = 0;
    lxw_error      failed = LXW_ERROR_CREATING_XLSX_FILE;

    if (sheet != NULL) {
        lxw_format *head = workbook_add_format(book), *title = workbook_add_format(book), *text = workbook_add_format(book);
        format_set_bold(head);
        format_set_text_wrap(head);
        format_set_border(head, LXW_BORDER_THIN);
        format_set_bold(title);
        format_set_font_size(title, 16);
        format_set_num_format(text, "@");
        const char *half = tz_half(reg->title, TZ_ZH, &len);
        (void)worksheet_write_string(sheet, 0, 0, tz_arena_printf(&mem, "%.*s(截至    年  月  日)", (int)len, half), title);
        for (size_t i = 0; i < reg->columns.count; i++) {
            const tz_column *column = &reg->columns.items[i];
            bool is_text = column->type == TZ_TYPE_ID || column->type == TZ_TYPE_BANK || column->type == TZ_TYPE_PHONE;
            half = tz_half(column->title, TZ_ZH, &len);
            (void)worksheet_write_string(sheet, 1, (lxw_col_t)i, tz_arena_copy(&mem, half, len), head);
            (void)worksheet_write_comment(sheet, 1, (lxw_col_t)i, hint_of(&mem, column));
            (void)worksheet_set_column(sheet, (lxw_col_t)i, (lxw_col_t)i, is_text ? 22 : 14, is_text ? text : NULL);
            write_choices(sheet, &mem, column, (lxw_col_t)i);
        }
        worksheet_freeze_panes(sheet, 2, 0);
        failed = workbook_close(book);
    }
    tz_arena_free(&mem);
    return failed == LXW_NO_ERROR ? TZ_OK : tz_fail(err, TZ_SYSTEM, "无法写 %s:%s", "cannot write '%s': %s", path, lxw_strerror(failed));
}
