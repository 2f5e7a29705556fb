#include "report/known.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "packs/mask.h"

enum { SHOWN_VALUES = 5 };

/* ---- Who is on which row ---- */

static const char *text_at(tz_arena *mem, duckdb_result *result, idx_t column, idx_t row)
{
    if (duckdb_value_is_null(result, column, row))
        return NULL;
    char       *value = duckdb_value_varchar(result, column, row);
    const char *kept = value == NULL ? NULL : tz_arena_dup(mem, value);
    duckdb_free(value);
    return kept;
}

static tz_rc read_seen(tz_known *known, tz_duck *duck, const char *select, const char *parameter, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    const char   *people = NULL;
    duckdb_result result = {0};
    tz_buf        sql = tz_buf_init(known->mem, 0);

    TZ_TRY(tz_people_file(known->mem, known->store, known->view->day, &people, err));
    if (people == NULL)
        goto done;
    tz_buf_puts(&sql, "WITH people AS (SELECT row, role, person, household FROM read_parquet(");
    tz_sql_literal(&sql, tz_text_of(people));
    tz_buf_printf(&sql, ")) %s", select);
    TZ_TRY(tz_duck_query(duck, tz_buf_str(&sql), &parameter, 1, &result, err));
    for (idx_t i = 0, count = duckdb_row_count(&result); i < count; i++)
        tz_push(known->mem, &known->seen, (tz_seen){.row = duckdb_value_int64(&result, 0, i), .role = text_at(known->mem, &result, 1, i),
                                                    .person = text_at(known->mem, &result, 2, i),
                                                    .household = text_at(known->mem, &result, 3, i)});
done:
    duckdb_destroy_result(&result);
    return rc;
}

/* ---- Their rows ---- */

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static tz_rc read_rows(tz_known *known, int64_t also, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_row_found *found = NULL;
    TZ_ARRAY(int64_t) ids = {0};
    bool has_also = also == 0;

    for (size_t i = 0; i < known->seen.count; i++)
        if (i == 0 || known->seen.items[i].row != known->seen.items[i - 1].row) {
            tz_push(known->mem, &ids, known->seen.items[i].row);
            has_also |= known->seen.items[i].row == also;
        }
    if (!has_also)
        tz_push(known->mem, &ids, also);
    if (ids.count > 0)
        qsort(ids.items, ids.count, sizeof ids.items[0], by_id);
    TZ_TRY(tz_rows_find(known->mem, known->store, known->packs, ids.items, ids.count, &found, err));
    for (size_t i = 0; i < ids.count; i++)
        tz_push(known->mem, &known->rows, (tz_known_row){.row = found[i], .reg = tz_packs_register(known->packs, found[i].register_name)});
done:
    return rc;
}

/* ---- Which of them hold on the day ---- */

static tz_text part_key(tz_arena *mem, int64_t batch, const char *slice, const char *period)
{
    return tz_text_of(tz_arena_printf(mem, "%lld\x1f%s\x1f%s", (long long)batch, slice == NULL ? "" : slice, period == NULL ? "" : period));
}

/* Of an event register a later batch that has a row's key stands for it. */
static tz_rc drop_repeated(tz_known *known, tz_duck *duck, const tz_register *reg, const tz_valid_parts *parts, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    duckdb_result result = {0};
    tz_buf        sql = tz_buf_init(known->mem, 0);
    tz_map        newest = tz_map_init(known->mem);
    size_t        keys = 0;
    const char   *last = NULL;

    if (parts->count < 2)
        return TZ_OK;
    tz_buf_puts(&sql, "SELECT _key, max(rank) FROM (");
    for (size_t i = 0; i < parts->count; i++) {
        const tz_valid_part *part = &parts->items[i];
        if (last != NULL && strcmp(last, part->parquet) == 0)
            continue;
        tz_buf_puts(&sql, last == NULL ? "" : " UNION ALL ");
        tz_buf_printf(&sql, "SELECT _key, %lld AS rank, _quarantined FROM read_parquet(", (long long)part->rank);
        tz_sql_literal(&sql, tz_text_of(tz_store_path(known->mem, known->store, "evidence", part->parquet)));
        tz_buf_puts(&sql, ")");
        last = part->parquet;
    }
    tz_buf_puts(&sql, ") WHERE NOT _quarantined AND _key IN (");
    for (size_t i = 0; i < known->rows.count; i++)
        if (known->rows.items[i].reg == reg && known->rows.items[i].is_valid && known->rows.items[i].row.key != NULL) {
            tz_buf_puts(&sql, keys++ == 0 ? "" : ", ");
            tz_sql_literal(&sql, tz_text_of(known->rows.items[i].row.key));
        }
    tz_buf_puts(&sql, ") GROUP BY _key");
    if (keys == 0)
        goto done;
    TZ_TRY(tz_duck_query(duck, tz_buf_str(&sql), NULL, 0, &result, err));
    for (idx_t i = 0, count = duckdb_row_count(&result); i < count; i++)
        tz_map_put(&newest, tz_text_of(text_at(known->mem, &result, 0, i)), NULL)->value = duckdb_value_int64(&result, 1, i);
    for (size_t i = 0; i < known->rows.count; i++) {
        tz_known_row *row = &known->rows.items[i];
        int64_t       rank = 0;
        if (row->reg != reg || !row->is_valid || row->row.key == NULL)
            continue;
        for (size_t j = 0; j < parts->count; j++)
            rank = parts->items[j].batch == row->row.batch ? parts->items[j].rank : rank;
        const tz_map_entry *entry = tz_map_get(&newest, tz_text_of(row->row.key));
        row->is_valid = entry == NULL || entry->value == rank;
    }
done:
    duckdb_destroy_result(&result);
    return rc;
}

static tz_rc judge_register(tz_known *known, tz_duck *duck, const tz_register *reg, tz_err *err)
{
    tz_rc          rc = TZ_OK;
    tz_valid_parts parts = {0};
    tz_map         index = tz_map_init(known->mem);

    TZ_TRY(tz_valid_find(known->mem, known->store, reg, known->view->day, &parts, err));
    for (size_t i = 0; i < parts.count; i++)
        tz_map_put(&index, part_key(known->mem, parts.items[i].batch, parts.items[i].slice, parts.items[i].period), NULL)->value = (int64_t)i;
    for (size_t i = 0; i < known->rows.count; i++) {
        tz_known_row       *row = &known->rows.items[i];
        const tz_map_entry *entry = NULL;
        if (row->reg == reg)
            entry = tz_map_get(&index, part_key(known->mem, row->row.batch, row->row.slice, row->row.period));
        if (entry == NULL || row->row.quarantined_why != NULL)
            continue;
        row->is_valid = true;
        row->as_of = parts.items[entry->value].as_of;
        row->sender = parts.items[entry->value].sender;
    }
    if (reg->period == TZ_PERIOD_EVENT)
        TZ_TRY(drop_repeated(known, duck, reg, &parts, err));
done:
    return rc;
}

static tz_rc judge_rows(tz_known *known, tz_duck *duck, tz_err *err)
{
    tz_map done_with = tz_map_init(known->mem);
    tz_rc  rc = TZ_OK;

    for (size_t i = 0; i < known->rows.count && rc == TZ_OK; i++) {
        bool               is_new = false;
        const tz_register *reg = known->rows.items[i].reg;
        if (reg == NULL)
            continue;
        (void)tz_map_put(&done_with, tz_text_of(reg->name), &is_new);
        if (is_new)
            rc = judge_register(known, duck, reg, err);
    }
    return rc;
}

tz_rc tz_known_load(tz_known *known, const char *select, const char *parameter, int64_t also, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_duck duck = {0};

    TZ_TRY(tz_store_duck(known->store, &duck, err));
    TZ_TRY(read_seen(known, &duck, select, parameter, err));
    TZ_TRY(read_rows(known, also, err));
    TZ_TRY(judge_rows(known, &duck, err));
done:
    tz_duck_close(&duck);
    return rc;
}

void tz_known_close(tz_known *known)
{
    for (size_t i = 0; i < known->rows.count; i++)
        json_decref(known->rows.items[i].row.values);
    known->rows.count = 0;
}

const tz_known_row *tz_known_row_of(const tz_known *known, int64_t row_id)
{
    size_t low = 0, high = known->rows.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (known->rows.items[middle].row.row_id < row_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < known->rows.count && known->rows.items[low].row.row_id == row_id ? &known->rows.items[low] : NULL;
}

/* ---- What a row says ---- */

const char *tz_known_half(const tz_known *known, const char *both)
{
    size_t      size = 0;
    const char *half = tz_half(both, known->view->lang, &size);
    return tz_text_dup(known->mem, tz_text_trim((tz_text){half, size}));
}

const tz_identity *tz_known_identity(const tz_register *reg, const char *role)
{
    for (size_t i = 0; reg != NULL && i < reg->identities.count; i++)
        if (strcmp(reg->identities.items[i].role, role) == 0)
            return &reg->identities.items[i];
    return NULL;
}

/* 2019-1 is 2019年春季学期. */
static const char *term_words(const tz_known *known, const char *term)
{
    const char *dash = strchr(term, '-');
    bool        is_spring = dash != NULL && strcmp(dash, "-1") == 0;

    if (dash == NULL || (!is_spring && strcmp(dash, "-2") != 0))
        return term;
    if (known->view->lang == TZ_EN)
        return tz_arena_printf(known->mem, "%s of %.*s", is_spring ? "spring" : "autumn", (int)(dash - term), term);
    return tz_arena_printf(known->mem, "%.*s年%s季学期", (int)(dash - term), term, is_spring ? "春" : "秋");
}

const char *tz_known_value(const tz_known *known, const tz_known_row *row, int index)
{
    if (row->reg == NULL || index < 0)
        return NULL;
    const tz_column *column = &row->reg->columns.items[index];
    const char      *value = tz_json_str(row->row.values, column->name), *name = NULL;
    if (column->type == TZ_TYPE_DIVISION && value != NULL) {
        const tz_division *division = tz_county_division(known->store->county, tz_text_of(value));
        name = division != NULL ? division->name : tz_json_str(row->row.values, tz_arena_printf(known->mem, "%s_name", column->name));
        value = name != NULL ? name : value;
    }
    if (value != NULL && column->type == TZ_TYPE_TERM)
        value = term_words(known, value);
    if (value != NULL && column->type == TZ_TYPE_YESNO)
        value = strcmp(value, "true") == 0 ? (known->view->lang == TZ_ZH ? "是" : "yes") : (known->view->lang == TZ_ZH ? "否" : "no");
    return value == NULL || !known->view->is_masked ? value : tz_mask_column(known->mem, column, value);
}

/* Who it is about and where they live stand elsewhere on the page. */
static bool is_about_whom(const tz_register *reg, int column)
{
    for (size_t i = 0; i < reg->identities.count; i++) {
        const tz_identity *one = &reg->identities.items[i];
        if (column == one->id || column == one->name || column == one->birth || column == one->sex || column == one->phone ||
            column == one->household || column == one->village || column == one->head)
            return true;
    }
    return reg->columns.items[column].type == TZ_TYPE_DIVISION;
}

/* The first day, month or term that is nobody's birthday and that this reader may see; -1: none. */
static int date_column(const tz_known *known, const tz_known_row *row)
{
    for (int i = 0; row->reg != NULL && i < (int)row->reg->columns.count; i++) {
        const tz_column *column = &row->reg->columns.items[i];
        tz_type          type = column->type;
        if (known->view->is_masked && column->sensitivity > TZ_INTERNAL)
            continue;
        if ((type == TZ_TYPE_DATE || type == TZ_TYPE_MONTH || type == TZ_TYPE_TERM) && !is_about_whom(row->reg, i) &&
            tz_json_str(row->row.values, column->name) != NULL)
            return i;
    }
    return -1;
}

/* "金额 625.00": figures and dates with their title, words without. */
static void put_value(const tz_known *known, const tz_column *column, const char *value, tz_buf *out)
{
    bool is_word = column->type == TZ_TYPE_TEXT || column->type == TZ_TYPE_CODE || column->type == TZ_TYPE_TERM || column->type == TZ_TYPE_MONTH;

    if (out->size > 0)
        tz_buf_puts(out, " · ");
    if (!is_word)
        tz_buf_printf(out, "%s ", tz_known_half(known, column->title));
    tz_buf_puts(out, value);
    if (column->type == TZ_TYPE_MONEY)
        tz_buf_puts(out, known->view->lang == TZ_ZH ? " 元" : " yuan");
    else if (column->unit != NULL)
        tz_buf_printf(out, " %s", column->unit);
}

/* Its date stands before it; accounts and numbers of people say nothing here, stars even less. */
static bool is_told(const tz_known *known, const tz_known_row *row, int column, int date)
{
    const tz_column *one = &row->reg->columns.items[column];
    bool             is_numbers = one->type == TZ_TYPE_BANK || one->type == TZ_TYPE_PHONE || one->type == TZ_TYPE_ID;

    return column != date && !is_numbers && one->sensitivity != TZ_SECRET && !(known->view->is_masked && one->sensitivity == TZ_PERSONAL) &&
           !is_about_whom(row->reg, column);
}

/* What a row says in a line: the first values that are about the matter, not about who or where. */
static const char *text_of(const tz_known *known, const tz_known_row *row)
{
    tz_buf out = tz_buf_init(known->mem, 0);
    size_t shown = 0;
    int    date = date_column(known, row);

    for (int i = 0; row->reg != NULL && i < (int)row->reg->columns.count && shown < SHOWN_VALUES; i++) {
        const tz_column *column = &row->reg->columns.items[i];
        const char      *value = is_told(known, row, i, date) ? tz_known_value(known, row, i) : NULL;
        if (value == NULL || value[0] == '\0')
            continue;
        put_value(known, column, value, &out);
        shown++;
    }
    return tz_buf_str(&out);
}

void tz_known_date(const tz_known *known, const tz_known_row *row, const char **ret_shown, const char **ret_order)
{
    int  column = date_column(known, row);
    char order[TZ_DATE_TEXT] = "";

    *ret_shown = *ret_order = row->as_of == NULL ? "" : row->as_of;
    if (column < 0)
        return;
    const char *value = tz_json_str(row->row.values, row->reg->columns.items[column].name);
    bool        is_term = row->reg->columns.items[column].type == TZ_TYPE_TERM;
    if (is_term)
        tz_date_format(tz_county_period_end(known->store->county, tz_text_of(value)), order);
    *ret_shown = is_term ? term_words(known, value) : value;
    *ret_order = order[0] == '\0' ? value : tz_arena_dup(known->mem, order);
}

json_t *tz_known_json(const tz_known *known, const tz_known_row *row)
{
    json_t *line = tz_row_json(&row->row);

    tz_json_set_str(line, "title", row->reg == NULL ? row->row.register_name : tz_known_half(known, row->reg->title));
    tz_json_set_str(line, "address", tz_arena_printf(known->mem, "%s/%lld/%lld/%lld", row->row.register_name, (long long)row->row.batch,
                                                     (long long)tz_row_sheet(row->row.row_id), (long long)row->row.row_no));
    tz_json_set_str(line, "text", text_of(known, row));
    return line;
}
