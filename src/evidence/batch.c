#include "evidence/batch.h"

#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "evidence/value.h"
#include "packs/query.h"

enum { LISTED_PROBLEMS = 1000 };

/* ---- The staging table: all text, cast when it is written ---- */

static void put_staged(void *context, const char *name, const char *type)
{
    (void)type;
    tz_buf_puts(context, ", ");
    tz_sql_name(context, name);
    tz_buf_puts(context, " VARCHAR");
}

tz_rc tz_batch_open(tz_store *store, const tz_register *reg, const char *sender, const char *period, tz_batch *ret_batch, tz_err *err)
{
    tz_assert(store != NULL && reg != NULL && ret_batch != NULL);
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    tz_buf   sql = tz_buf_init(&mem, 0);
    tz_batch batch = {.store = store, .reg = reg, .sender = sender, .period = period};

    TZ_TRY(tz_duck_open(0, 0, &batch.duck, err));
    tz_buf_puts(&sql, "CREATE TABLE b (_sheet SMALLINT, _rowno INTEGER, _key VARCHAR, _content VARCHAR, _slice VARCHAR, _period VARCHAR,"
                      " _quarantined BOOLEAN, _problems VARCHAR");
    tz_register_columns_sql(&mem, reg, put_staged, &sql);
    tz_buf_puts(&sql, ")");
    TZ_TRY(tz_duck_exec(&batch.duck, tz_buf_str(&sql), err));
    if (duckdb_appender_create(batch.duck.connection, NULL, "b", &batch.appender) != DuckDBSuccess) {
        rc = tz_fail(err, TZ_SYSTEM, "无法写暂存表", "cannot write the staging table");
        goto done;
    }
    *ret_batch = batch;
    batch = (tz_batch){0};
done:
    tz_batch_close(&batch);
    tz_arena_free(&mem);
    return rc;
}

void tz_batch_close(tz_batch *batch)
{
    if (batch->appender != NULL)
        (void)duckdb_appender_destroy(&batch->appender);
    for (size_t i = 0; i < batch->sheets.count; i++)
        json_decref(batch->sheets.items[i].quarantined);
    batch->sheets.count = 0;
    tz_duck_close(&batch->duck);
}

/* ---- Reading the rows of a sheet ---- */

typedef struct {
    tz_arena       *mem;      /* of the sheet */
    tz_arena        row_mem;  /* reset for each row */
    tz_batch       *batch;
    tz_batch_sheet *sheet;
    const tz_understanding *reading;
    tz_value_context context;
    int32_t        *sheet_column; /* by register column; -1 */
    int            *unit_power;   /* by register column */
    struct { tz_merge *items; size_t count; size_t room; } down; /* areas of several rows */
    tz_text        *down_text;    /* their text, by area */
    tz_cell        *down_cell;
    struct { tz_text text, raw; tz_value_problem problem; } *values; /* by register column */
} row_reading;

static void append_text(duckdb_appender appender, tz_text text)
{
    if (text.data == NULL)
        (void)duckdb_append_null(appender);
    else
        (void)duckdb_append_varchar_length(appender, text.data, text.size);
}

static tz_text cell_text(const tz_row *row, size_t column)
{
    return column < row->count ? tz_text_trim(row->cells[column].text) : (tz_text){0};
}

static size_t count_filled(const tz_row *row, tz_text *ret_first)
{
    size_t filled = 0;

    for (size_t i = 0; i < row->count; i++) {
        tz_text text = cell_text(row, i);
        if (text.size == 0)
            continue;
        if (filled++ == 0)
            *ret_first = text;
    }
    return filled;
}

static bool starts_with_any(tz_text folded, const char *const *words)
{
    for (; *words != NULL; words++)
        if (tz_text_starts(folded, tz_text_of(*words)))
            return true;
    return false;
}

/* 1, 2, 3 … or 甲 乙 below the header number the columns. */
static bool is_numbering(const tz_row *row)
{
    int64_t before = 0;
    size_t  filled = 0;

    for (size_t i = 0; i < row->count; i++) {
        tz_text text = cell_text(row, i);
        int64_t value = 0;
        if (text.size == 0)
            continue;
        filled++;
        if (tz_text_is(text, "甲") || tz_text_is(text, "乙") || tz_text_is(text, "丙"))
            continue;
        if (!tz_text_int(text, &value) || value != before + 1)
            return false;
        before = value;
    }
    return filled >= 3 && before >= 2;
}

/* The header once more, as on every page of a printed list. */
static bool repeats_header(const row_reading *from, const tz_row *row)
{
    size_t same = 0, filled = 0;
    tz_text first;

    filled = count_filled(row, &first);
    for (size_t i = 0; i < from->reading->columns.count; i++) {
        const tz_column_match *match = &from->reading->columns.items[i];
        tz_text text = cell_text(row, (size_t)match->sheet_column);
        same += text.size > 0 && tz_text_ends(tz_text_of(match->header), text);
    }
    return filled >= 3 && same * 10 >= filled * 8;
}

typedef enum { ROW_DATA, ROW_BLANK, ROW_TOTAL, ROW_NOTE, ROW_HEADER } row_kind;

static row_kind kind_of(row_reading *from, const tz_row *row)
{
    static const char *const TOTALS[] = {"合计", "总计", "小计", "共计", "本页合计", "本页小计", "累计", NULL};
    static const char *const NOTES[] = {"注:",  "注:",    "备注:",      "说明", "填表说明", "填报人", "制表",
                                        "审核", "填表人", "单位负责人", "*注",  "数据来源", NULL};
    tz_text first = {0};
    size_t  filled = count_filled(row, &first);

    if (filled == 0)
        return ROW_BLANK;
    tz_text folded = tz_text_fold(&from->row_mem, first);
    if (starts_with_any(folded, TOTALS))
        return ROW_TOTAL;
    /* A total may stand behind an empty or numbered first column. */
    for (size_t i = 0; i < row->count && i < 4; i++)
        if (starts_with_any(tz_text_fold(&from->row_mem, cell_text(row, i)), TOTALS) && filled < from->reading->columns.count)
            return ROW_TOTAL;
    if (starts_with_any(folded, NOTES) && filled <= 4)
        return ROW_NOTE;
    if (filled == 1 && from->reading->columns.count > 2 && tz_utf8_count(first) > 12)
        return ROW_NOTE;
    if (row->row_no <= from->reading->last_header_row + 1 && is_numbering(row))
        return ROW_HEADER;
    return repeats_header(from, row) ? ROW_HEADER : ROW_DATA;
}

/* The cell of a register column, or that of the merged area above it. */
static const tz_cell *cell_of(row_reading *from, const tz_row *row, int32_t column)
{
    static const tz_cell EMPTY = {.style = -1};

    if ((size_t)column < row->count && row->cells[column].text.size > 0)
        return &row->cells[column];
    for (size_t i = 0; i < from->down.count; i++) {
        const tz_merge *area = &from->down.items[i];
        if (row->row_no > area->first_row && row->row_no <= area->last_row && column >= area->first_column && column <= area->last_column &&
            from->down_text[i].size > 0)
            return &from->down_cell[i];
    }
    return &EMPTY;
}

/* Remembers the text at the head of areas that reach further down. */
static void remember_merges(row_reading *from, const tz_row *row)
{
    for (size_t i = 0; i < from->down.count; i++) {
        const tz_merge *area = &from->down.items[i];
        if (area->first_row != row->row_no || (size_t)area->first_column >= row->count)
            continue;
        from->down_cell[i] = row->cells[area->first_column];
        from->down_cell[i].text = tz_text_keep(from->mem, row->cells[area->first_column].text);
        from->down_text[i] = from->down_cell[i].text;
    }
}

/* ---- Values of a row ---- */

/* Townships first: they narrow the names of villages. */
static void read_column(row_reading *from, const tz_row *row, size_t index)
{
    const tz_column *column = &from->batch->reg->columns.items[index];
    int32_t          sheet_column = from->sheet_column[index];

    from->values[index].text = from->values[index].raw = (tz_text){0};
    from->values[index].problem = (tz_value_problem){0};
    if (sheet_column < 0)
        return;
    from->context.unit_power = from->unit_power[index];
    tz_value_read(&from->row_mem, column, cell_of(from, row, sheet_column), &from->context, &from->values[index].text,
                  &from->values[index].raw, &from->values[index].problem);
    if (column->type == TZ_TYPE_DIVISION && column->level == TZ_DIVISION_TOWNSHIP && from->values[index].text.size > 0)
        from->context.within = from->values[index].text;
}

static void read_values(row_reading *from, const tz_row *row)
{
    const tz_register *reg = from->batch->reg;

    from->context.within = (tz_text){0};
    for (size_t i = 0; i < reg->columns.count; i++)
        if (reg->columns.items[i].type == TZ_TYPE_DIVISION && reg->columns.items[i].level == TZ_DIVISION_TOWNSHIP)
            read_column(from, row, i);
    for (size_t i = 0; i < reg->columns.count; i++)
        if (reg->columns.items[i].type != TZ_TYPE_DIVISION || reg->columns.items[i].level != TZ_DIVISION_TOWNSHIP)
            read_column(from, row, i);
}

/* The value as the key takes it: an invalid number counts as what was sent, tidied of spaces. */
static tz_text key_part(row_reading *from, size_t column)
{
    if (from->values[column].text.size > 0 || from->values[column].raw.size == 0)
        return from->values[column].text;
    return tz_text_fold(&from->row_mem, from->values[column].raw);
}

static bool hash_key(row_reading *from, char out[TZ_KEY_TEXT])
{
    const tz_register *reg = from->batch->reg;
    tz_buf             text = tz_buf_init(&from->row_mem, 0);
    bool               has_part = false;

    for (size_t i = 0; i < reg->key.count; i++) {
        tz_text part = key_part(from, (size_t)reg->key.items[i]);
        has_part |= part.size > 0;
        tz_buf_put(&text, part);
        tz_buf_char(&text, '\x1f');
    }
    if (has_part)
        tz_store_key(from->batch->store, tz_arena_printf(&from->row_mem, "row:%s", reg->name), tz_buf_text(&text), out);
    return has_part;
}

static void hash_content(row_reading *from, char out[TZ_KEY_TEXT])
{
    tz_buf text = tz_buf_init(&from->row_mem, 0);

    for (size_t i = 0; i < from->batch->reg->columns.count; i++) {
        tz_buf_put(&text, key_part(from, i));
        tz_buf_char(&text, '\x1f');
    }
    tz_store_key(from->batch->store, "content", tz_buf_text(&text), out);
}

static void add_problem(json_t *problems, const tz_column *column, tz_text value, const char *rule, const char *advice)
{
    json_t *line = json_object();
    tz_json_set_str(line, "column", column->name);
    (void)json_object_set_new(line, "value", tz_json_text(value));
    tz_json_set_str(line, "rule", rule);
    tz_json_set_str(line, "advice", advice);
    (void)json_array_append_new(problems, line);
}

/* A bad number alone never quarantines a row that has a name. */
static bool has_name_beside(const row_reading *from, size_t column)
{
    for (size_t i = 0; i < from->batch->reg->identities.count; i++) {
        const tz_identity *who = &from->batch->reg->identities.items[i];
        if (who->id == (int)column)
            return who->name >= 0 && from->values[who->name].text.size > 0;
    }
    return false;
}

/* Lists what is wrong with the row; true when it must be quarantined. */
static bool judge(row_reading *from, json_t *problems)
{
    const tz_register *reg = from->batch->reg;
    bool               is_bad = false;

    for (size_t i = 0; i < reg->columns.count; i++) {
        const tz_column *column = &reg->columns.items[i];
        bool is_empty = from->values[i].text.size == 0;
        if (from->values[i].problem.rule != NULL)
            add_problem(problems, column, from->values[i].raw, from->values[i].problem.rule, from->values[i].problem.advice);
        bool is_excused = (int)i == reg->period_column || (column->type == TZ_TYPE_ID && has_name_beside(from, i));
        if (!column->is_required || !is_empty || is_excused)
            continue;
        is_bad = true;
        if (from->values[i].problem.rule == NULL)
            add_problem(problems, column, (tz_text){0}, "必填项为空|a required value is missing", "补填后重新报送|fill it in and send it again");
    }
    return is_bad;
}

/* The newest day that a date column of the row tells. */
static void note_latest(row_reading *from)
{
    const tz_register *reg = from->batch->reg;

    for (size_t i = 0; i < reg->columns.count; i++) {
        int32_t ymd = 0;
        tz_type type = reg->columns.items[i].type;
        if (type == TZ_TYPE_DATE && reg->period == TZ_PERIOD_EVENT)
            (void)tz_date_parse_iso(from->values[i].text, &ymd);
        else if (type == TZ_TYPE_TERM || type == TZ_TYPE_MONTH)
            ymd = tz_county_period_end(from->batch->store->county, from->values[i].text);
        if (ymd > from->batch->latest && ymd < 21000101)
            from->batch->latest = ymd;
    }
}

static tz_text period_of(row_reading *from, json_t *problems, bool *is_bad)
{
    const tz_register *reg = from->batch->reg;

    if (reg->period == TZ_PERIOD_STATE || reg->period == TZ_PERIOD_EVENT)
        return TZ_TEXT("");
    if (reg->period_column >= 0) {
        size_t  column = (size_t)reg->period_column;
        tz_text text = from->values[column].text;
        if (text.size > 0)
            return reg->period == TZ_PERIOD_YEAR ? tz_text_cut(text, 0, 4) : text;
        if (from->batch->period[0] != '\0' && from->values[column].raw.size == 0) {
            from->values[column].text = tz_text_of(from->batch->period); /* the title's period is the row's */
            return from->values[column].text;
        }
        if (from->values[column].problem.rule == NULL)
            add_problem(problems, &reg->columns.items[column], (tz_text){0}, "缺少期次|the period is missing",
                        "补填后重新报送|fill it in and send it again");
        *is_bad = true;
        return TZ_TEXT("");
    }
    return tz_text_of(from->batch->period);
}

static tz_text slice_of(const row_reading *from)
{
    const tz_register *reg = from->batch->reg;

    if (reg->slice_column >= 0)
        return from->values[reg->slice_column].text.data == NULL ? TZ_TEXT("") : from->values[reg->slice_column].text;
    return strcmp(reg->slice, "unit") == 0 && from->batch->sender != NULL ? tz_text_of(from->batch->sender) : TZ_TEXT("");
}

static void append_row(row_reading *from, int64_t row_no, const char *key, const char *content, tz_text period, bool is_bad, json_t *problems)
{
    duckdb_appender    appender = from->batch->appender;
    const tz_register *reg = from->batch->reg;
    tz_buf             text = tz_buf_init(&from->row_mem, 0);

    (void)duckdb_append_int16(appender, (int16_t)from->sheet->no);
    (void)duckdb_append_int32(appender, (int32_t)row_no);
    append_text(appender, tz_text_of(key));
    append_text(appender, tz_text_of(content));
    append_text(appender, slice_of(from));
    append_text(appender, period);
    (void)duckdb_append_bool(appender, is_bad);
    if (json_array_size(problems) > 0)
        tz_json_canonical(problems, &text);
    append_text(appender, tz_buf_text(&text));
    for (size_t i = 0; i < reg->columns.count; i++) {
        tz_text value = from->values[i].text, raw = from->values[i].raw;
        append_text(appender, value.size == 0 ? (tz_text){0} : value);
        if (reg->columns.items[i].type == TZ_TYPE_ID)
            append_text(appender, raw.size == 0 || tz_text_equal(raw, value) ? (tz_text){0} : raw);
        if (reg->columns.items[i].type == TZ_TYPE_DIVISION)
            append_text(appender, raw.size == 0 ? (tz_text){0} : raw);
    }
}

static tz_rc take_row(row_reading *from, const tz_row *row, tz_err *err)
{
    char    key[TZ_KEY_TEXT] = "", content[TZ_KEY_TEXT];
    json_t *problems = json_array();

    read_values(from, row);
    bool    is_bad = judge(from, problems);
    tz_text period = period_of(from, problems, &is_bad);
    if (!hash_key(from, key)) {
        is_bad = true;
        add_problem(problems, &from->batch->reg->columns.items[from->batch->reg->key.items[0]], (tz_text){0}, "没有主键|the row has no key",
                    "补填后重新报送|fill it in and send it again");
    }
    hash_content(from, content);
    note_latest(from);
    append_row(from, row->row_no, key[0] == '\0' ? NULL : key, content, period, is_bad, problems);
    json_decref(problems);
    if (duckdb_appender_end_row(from->batch->appender) != DuckDBSuccess)
        return tz_fail(err, TZ_SYSTEM, "无法写暂存表:%s", "cannot write the staging table: %s", duckdb_appender_error(from->batch->appender));
    return TZ_OK;
}

/* ---- A sheet ---- */

static void prepare(row_reading *from)
{
    const tz_register *reg = from->batch->reg;

    from->sheet_column = tz_new_array(from->mem, int32_t, reg->columns.count);
    from->unit_power = tz_new_array(from->mem, int, reg->columns.count);
    from->values = tz_arena_array(from->mem, reg->columns.count, sizeof from->values[0]);
    for (size_t i = 0; i < reg->columns.count; i++)
        from->sheet_column[i] = -1;
    for (size_t i = 0; i < from->reading->columns.count; i++) {
        const tz_column_match *match = &from->reading->columns.items[i];
        if (match->column < 0)
            continue;
        from->sheet_column[match->column] = match->sheet_column;
        from->unit_power[match->column] = match->unit_power >= 0 ? match->unit_power : from->reading->unit_power >= 0 ? from->reading->unit_power : 0;
    }
}

static tz_rc prepare_merges(row_reading *from, tz_book *book, size_t index, tz_err *err)
{
    tz_merges merges = {0};
    tz_rc     rc = tz_sheet_merges(from->mem, book, index, &merges, err);

    if (rc != TZ_OK)
        return rc;
    for (size_t i = 0; i < merges.count && from->down.count < 4096; i++)
        if (merges.items[i].last_row > merges.items[i].first_row && merges.items[i].last_row > from->reading->last_header_row)
            tz_push(from->mem, &from->down, merges.items[i]);
    from->down_text = tz_new_array(from->mem, tz_text, from->down.count + 1);
    from->down_cell = tz_new_array(from->mem, tz_cell, from->down.count + 1);
    return TZ_OK;
}

static void count_row(row_reading *from, row_kind kind)
{
    tz_account *account = &from->sheet->account;

    account->blank += kind == ROW_BLANK;
    account->totals += kind == ROW_TOTAL;
    account->notes += kind == ROW_NOTE;
    account->header += kind == ROW_HEADER;
}

static tz_rc read_rows(row_reading *from, tz_sheet *sheet, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    const tz_row *row = NULL;
    int64_t       first_header = from->reading->last_header_row;

    for (;;) {
        tz_text first;
        TZ_TRY(tz_sheet_next(sheet, &row, err));
        if (row == NULL)
            break;
        tz_arena_reset(&from->row_mem);
        from->sheet->account.rows++;
        if (row->row_no <= first_header) {
            bool is_header = from->sheet->account.rows > (int64_t)from->reading->header_first;
            bool is_blank = count_filled(row, &first) == 0;
            from->sheet->account.header += is_header;
            from->sheet->account.blank += !is_header && is_blank;
            from->sheet->account.titles += !is_header && !is_blank;
            continue;
        }
        row_kind kind = kind_of(from, row);
        remember_merges(from, row);
        count_row(from, kind);
        if (kind == ROW_DATA)
            TZ_TRY(take_row(from, row, err));
        if (from->sheet->account.rows % 4096 == 0 && tz_app_should_stop(from->batch->store->app)) {
            rc = tz_fail(err, TZ_STOPPED, "已停止", "stopped");
            goto done;
        }
    }
done:
    return rc;
}

tz_rc tz_batch_read(tz_arena *mem, tz_batch *batch, tz_book *book, size_t index, const tz_understanding *reading, tz_err *err)
{
    tz_assert(mem != NULL && batch != NULL && book != NULL && reading != NULL && reading->reg == batch->reg);
    tz_rc       rc = TZ_OK;
    tz_sheet   *sheet = NULL;
    row_reading from = {.mem = mem, .batch = batch, .reading = reading};

    tz_push(mem, &batch->sheets, (tz_batch_sheet){.no = (int64_t)index + 1, .name = book->sheets.items[index].name, .reading = *reading});
    from.sheet = &batch->sheets.items[batch->sheets.count - 1];
    from.context = (tz_value_context){.county = batch->store->county, .is_1904 = book->sheets.items[index].is_1904};
    prepare(&from);
    TZ_TRY(prepare_merges(&from, book, index, err));
    TZ_TRY(tz_sheet_open(mem, book, index, &sheet, err));
    TZ_TRY(read_rows(&from, sheet, err));
done:
    tz_sheet_close(sheet);
    tz_arena_free(&from.row_mem);
    return rc == TZ_OK ? rc : tz_err_at(err, book->file, book->sheets.items[index].name, 0, NULL);
}

/* ---- Settling ---- */

static const char CLASH[] =
    "[{\"advice\":\"只保留正确的一行|keep the one that is right\",\"column\":\"_key\","
    "\"rule\":\"同一主键有两行内容不同|two rows of one key differ\",\"value\":\"\"}]";

/* Same key and content again: dropped. Same key, other content: all quarantined. */
static tz_rc judge_repeats(tz_batch *batch, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    tz_buf   sql = tz_buf_init(&mem, 0);

    if (batch->reg->keeps_repeats)
        return TZ_OK;
    TZ_TRY(tz_duck_exec(&batch->duck,
                        "CREATE TABLE dropped AS SELECT rowid AS r, _sheet FROM (SELECT rowid, _sheet, row_number() OVER"
                        " (PARTITION BY _period, _key, _content ORDER BY _sheet, _rowno) AS n FROM b WHERE NOT _quarantined) WHERE n > 1;"
                        "CREATE TABLE dups AS SELECT _sheet, count(*) AS n FROM dropped GROUP BY _sheet;"
                        "DELETE FROM b WHERE rowid IN (SELECT r FROM dropped);", err));
    tz_buf_puts(&sql, "UPDATE b SET _quarantined = true, _problems = CASE WHEN _problems IS NULL THEN ");
    tz_sql_literal(&sql, tz_text_of(CLASH));
    tz_buf_puts(&sql, " ELSE left(_problems, len(_problems) - 1) || ',' || substr(");
    tz_sql_literal(&sql, tz_text_of(CLASH));
    tz_buf_puts(&sql, ", 2) END WHERE NOT _quarantined AND (_period, _key) IN (SELECT (_period, _key) FROM b WHERE NOT _quarantined"
                      " GROUP BY _period, _key HAVING count(*) > 1)");
    TZ_TRY(tz_duck_exec(&batch->duck, tz_buf_str(&sql), err));
done:
    tz_arena_free(&mem);
    return rc;
}

static tz_batch_sheet *sheet_of(tz_batch *batch, int64_t no)
{
    for (size_t i = 0; i < batch->sheets.count; i++)
        if (batch->sheets.items[i].no == no)
            return &batch->sheets.items[i];
    tz_unreachable("a row of a sheet that was not read");
}

static tz_rc fill_accounts(tz_batch *batch, tz_err *err)
{
    duckdb_result result;
    tz_rc rc = tz_duck_query(&batch->duck, "SELECT CAST(_sheet AS BIGINT), count(*) FILTER (WHERE NOT _quarantined),"
                                           " count(*) FILTER (WHERE _quarantined) FROM b GROUP BY _sheet", NULL, 0, &result, err);
    if (rc != TZ_OK)
        return rc;
    for (idx_t i = 0; i < duckdb_row_count(&result); i++) {
        tz_batch_sheet *sheet = sheet_of(batch, duckdb_value_int64(&result, 0, i));
        sheet->account.accepted = duckdb_value_int64(&result, 1, i);
        sheet->account.quarantined = duckdb_value_int64(&result, 2, i);
    }
    duckdb_destroy_result(&result);
    if (!batch->reg->keeps_repeats) {
        rc = tz_duck_query(&batch->duck, "SELECT CAST(_sheet AS BIGINT), n FROM dups", NULL, 0, &result, err);
        if (rc != TZ_OK)
            return rc;
        for (idx_t i = 0; i < duckdb_row_count(&result); i++)
            sheet_of(batch, duckdb_value_int64(&result, 0, i))->account.duplicates = duckdb_value_int64(&result, 1, i);
        duckdb_destroy_result(&result);
    }
    for (size_t i = 0; i < batch->sheets.count; i++) {
        const tz_account *account = &batch->sheets.items[i].account;
        tz_assert(account->rows == account->titles + account->header + account->blank + account->totals + account->notes +
                                       account->accepted + account->quarantined + account->duplicates);
    }
    return TZ_OK;
}

/* The problems of quarantined rows, a line each. */
static tz_rc list_problems(tz_batch *batch, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    duckdb_result result;
    json_t       *problems = NULL, *problem;
    size_t        index;

    TZ_TRY(tz_duck_query(&batch->duck, "SELECT CAST(_sheet AS BIGINT), CAST(_rowno AS BIGINT), _problems FROM b"
                                       " WHERE _quarantined ORDER BY _sheet, _rowno LIMIT 1000", NULL, 0, &result, err));
    for (idx_t i = 0; rc == TZ_OK && i < duckdb_row_count(&result); i++) {
        tz_batch_sheet *sheet = sheet_of(batch, duckdb_value_int64(&result, 0, i));
        char           *text = duckdb_value_varchar(&result, 2, i);
        rc = tz_json_parse(tz_text_of(text == NULL ? "[]" : text), &problems, err);
        duckdb_free(text);
        if (rc != TZ_OK)
            break;
        json_array_foreach(problems, index, problem) {
            tz_json_set_int(problem, "row", duckdb_value_int64(&result, 1, i));
            if (json_array_size(sheet->quarantined) < LISTED_PROBLEMS)
                (void)json_array_append(sheet->quarantined, problem);
        }
        json_decref(problems);
        problems = NULL;
    }
    duckdb_destroy_result(&result);
done:
    return rc;
}

tz_rc tz_batch_settle(tz_arena *mem, tz_batch *batch, tz_err *err)
{
    tz_rc rc = TZ_OK;

    (void)mem;
    if (duckdb_appender_close(batch->appender) != DuckDBSuccess) {
        rc = tz_fail(err, TZ_SYSTEM, "无法写暂存表:%s", "cannot write the staging table: %s", duckdb_appender_error(batch->appender));
        goto done;
    }
    for (size_t i = 0; i < batch->sheets.count; i++)
        batch->sheets.items[i].quarantined = json_array();
    TZ_TRY(judge_repeats(batch, err));
    TZ_TRY(fill_accounts(batch, err));
    TZ_TRY(list_problems(batch, err));
done:
    return rc;
}

/* ---- Writing ---- */

static void put_cast(void *context, const char *name, const char *type)
{
    tz_buf_puts(context, ", CAST(");
    tz_sql_name(context, name);
    tz_buf_puts(context, " AS ");
    tz_buf_puts(context, type);
    tz_buf_puts(context, ") AS ");
    tz_sql_name(context, name);
}

static tz_rc list_slices(tz_batch *batch, json_t **ret_slices, tz_err *err)
{
    duckdb_result result;
    json_t       *slices = json_array();
    tz_rc rc = tz_duck_query(&batch->duck, "SELECT _slice, _period, count(*) FROM b GROUP BY _slice, _period ORDER BY _slice, _period",
                             NULL, 0, &result, err);
    if (rc != TZ_OK) {
        json_decref(slices);
        return rc;
    }
    for (idx_t i = 0; i < duckdb_row_count(&result); i++) {
        char *slice = duckdb_value_varchar(&result, 0, i), *period = duckdb_value_varchar(&result, 1, i);
        (void)json_array_append_new(slices, json_pack("{s:s, s:s, s:I}", "slice", slice, "period", period, "rows",
                                                      (json_int_t)duckdb_value_int64(&result, 2, i)));
        duckdb_free(slice);
        duckdb_free(period);
    }
    duckdb_destroy_result(&result);
    *ret_slices = slices;
    return TZ_OK;
}

tz_rc tz_batch_write(tz_arena *mem, tz_batch *batch, const char *path, json_t **ret_slices, tz_err *err)
{
    tz_assert(mem != NULL && batch != NULL && path != NULL && ret_slices != NULL);
    tz_rc  rc = TZ_OK;
    tz_buf sql = tz_buf_init(mem, 0);

    tz_buf_puts(&sql, "COPY (SELECT _sheet, _rowno, _key, _content, _slice, _period, _quarantined, _problems");
    tz_register_columns_sql(mem, batch->reg, put_cast, &sql);
    tz_buf_puts(&sql, " FROM b ORDER BY _sheet, _rowno) TO ");
    tz_sql_literal(&sql, tz_text_of(path));
    tz_buf_puts(&sql, " (FORMAT parquet, COMPRESSION zstd)");
    TZ_TRY(tz_duck_exec(&batch->duck, tz_buf_str(&sql), err));
    TZ_TRY(list_slices(batch, ret_slices, err));
done:
    return rc;
}
