/* row - the rows of one table, one after the other: what each is, its values, its key. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "evidence/batch.h"
#include "evidence/kind.h"
#include "evidence/total.h"

/* What is wrong with a row, before it is written down. */
typedef struct {
    const tz_column *column;
    tz_text          value;
    const char      *rule, *advice;
} row_problem;

/* A merged area that reaches below its first row, and what stands in it. */
typedef struct {
    tz_merge area;
    tz_cell  cell;
    bool     is_known; /* its first row was read */
} tall_area;

typedef struct {
    tz_arena       *mem;     /* of the sheet */
    tz_arena        row_mem; /* reset for each row */
    tz_batch       *batch;
    tz_batch_sheet *sheet;
    const tz_understanding *reading;
    tz_kinds        kinds;
    tz_value_context context;
    tz_value_column *columns; /* by register column, as are the next five */
    int32_t        *sheet_column; /* -1: not on the sheet */
    int            *unit_power;
    bool           *in_percent;
    tz_value       *values;
    bool           *is_repeated; /* the value is that of a merged area which began above */
    struct { tall_area *items; size_t count; size_t room; } tall; /* in order of their first rows */
    size_t          first_open, next_tall; /* areas [first_open, next_tall) may cover the row */
    struct { row_problem *items; size_t count; size_t room; } problems; /* of the row, in row_mem */
    tz_totals      *totals;
    const char     *key_scope; /* "row:REGISTER" */
} row_reading;

/* ---- Cells ---- */

/* The area that covers a cell of a row below the area's first, or NULL. */
static const tall_area *area_over(const row_reading *from, int64_t row_no, int32_t column)
{
    for (size_t i = from->first_open; i < from->next_tall; i++) {
        const tall_area *tall = &from->tall.items[i];
        if (tall->is_known && row_no > tall->area.first_row && row_no <= tall->area.last_row && column >= tall->area.first_column &&
            column <= tall->area.last_column)
            return tall;
    }
    return NULL;
}

/* The cell of a sheet column, or that of the merged area above it. */
static const tz_cell *cell_of(row_reading *from, const tz_row *row, int32_t column, bool *ret_is_repeated)
{
    static const tz_cell EMPTY = {.style = -1};
    const tall_area     *tall = NULL;

    *ret_is_repeated = false;
    if ((size_t)column < row->count && row->cells[column].text.size > 0)
        return &row->cells[column];
    if (from->tall.count > 0)
        tall = area_over(from, row->row_no, column);
    *ret_is_repeated = tall != NULL;
    return tall == NULL ? &EMPTY : &tall->cell;
}

/* Opens the areas that begin in this row, closes those that end above it. */
static void follow_areas(row_reading *from, const tz_row *row)
{
    while (from->next_tall < from->tall.count && from->tall.items[from->next_tall].area.first_row <= row->row_no) {
        tall_area *tall = &from->tall.items[from->next_tall++];
        if (tall->area.first_row != row->row_no || (size_t)tall->area.first_column >= row->count)
            continue;
        tall->cell = row->cells[tall->area.first_column];
        tall->cell.text = tz_text_keep(from->mem, tall->cell.text);
        tall->is_known = tall->cell.text.size > 0;
    }
    while (from->first_open < from->next_tall && from->tall.items[from->first_open].area.last_row < row->row_no)
        from->first_open++;
}

/* ---- Values of a row ---- */

static bool is_township(const tz_column *column)
{
    return column->type == TZ_TYPE_DIVISION && column->level == TZ_DIVISION_TOWNSHIP;
}

static void read_column(row_reading *from, const tz_row *row, size_t index)
{
    int32_t sheet_column = from->sheet_column[index];

    from->values[index] = (tz_value){0};
    from->is_repeated[index] = false;
    if (sheet_column < 0)
        return;
    const tz_cell *cell = cell_of(from, row, sheet_column, &from->is_repeated[index]);
    if (cell->text.size == 0)
        return;
    from->context.unit_power = from->unit_power[index];
    from->context.in_percent = from->in_percent[index];
    tz_value_read(&from->row_mem, &from->columns[index], cell, &from->context, &from->values[index]);
}

/* Townships first: they narrow the names of villages. */
static void read_values(row_reading *from, const tz_row *row)
{
    const tz_register *reg = from->batch->reg;

    from->context.within = (tz_text){0};
    for (size_t i = 0; i < reg->columns.count; i++)
        if (is_township(&reg->columns.items[i])) {
            read_column(from, row, i);
            if (from->values[i].text.size > 0)
                from->context.within = from->values[i].text;
        }
    for (size_t i = 0; i < reg->columns.count; i++)
        if (!is_township(&reg->columns.items[i]))
            read_column(from, row, i);
    if (from->reading->period != NULL && from->values[reg->unpivot.by].raw.size == 0)
        from->values[reg->unpivot.by].text = tz_text_of(from->reading->period);
}

/* Nothing stands in the columns of the table's part, or in any of its columns. */
static bool is_empty_here(const row_reading *from)
{
    for (size_t i = 0; i < from->reading->columns.count; i++) {
        const tz_column_match *match = &from->reading->columns.items[i];
        if (match->column >= 0 && match->part == from->reading->part && from->values[match->column].raw.size > 0)
            return false;
    }
    return true;
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
        tz_store_key(from->batch->store, from->key_scope, tz_buf_text(&text), out);
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

/* ---- Problems ---- */

static void add_problem(row_reading *from, const tz_column *column, tz_text value, const char *rule, const char *advice)
{
    tz_push(&from->row_mem, &from->problems, (row_problem){column, value, rule, advice});
}

/* "C17", "" where the column is not on the sheet. */
static const char *cell_name(const row_reading *from, tz_arena *mem, size_t column, int64_t row_no)
{
    char letters[8];

    if (from->sheet_column[column] < 0)
        return "";
    tz_column_letters(from->sheet_column[column], letters);
    return tz_arena_printf(mem, "%s%lld", letters, (long long)row_no);
}

static json_t *problem_json(row_reading *from, const row_problem *problem, int64_t row_no)
{
    json_t *line = json_object();
    size_t  column = (size_t)(problem->column - from->batch->reg->columns.items);

    tz_json_set_str(line, "advice", problem->advice);
    tz_json_set_str(line, "cell", cell_name(from, &from->row_mem, column, row_no));
    tz_json_set_str(line, "column", problem->column->name);
    tz_json_set_str(line, "rule", problem->rule);
    (void)json_object_set_new(line, "value", tz_json_text(problem->value));
    return line;
}

static tz_text problems_text(row_reading *from, int64_t row_no)
{
    tz_buf text = tz_buf_init(&from->row_mem, 0);

    if (from->problems.count == 0)
        return (tz_text){0};
    json_t *list = json_array();
    for (size_t i = 0; i < from->problems.count; i++)
        (void)json_array_append_new(list, problem_json(from, &from->problems.items[i], row_no));
    tz_json_canonical(list, &text);
    json_decref(list);
    return tz_buf_text(&text);
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
static bool judge(row_reading *from)
{
    const tz_register *reg = from->batch->reg;
    bool               is_bad = false;

    for (size_t i = 0; i < reg->columns.count; i++) {
        const tz_column *column = &reg->columns.items[i];
        const tz_value  *value = &from->values[i];
        bool is_empty = value->text.size == 0;
        from->sheet->empty[i] += is_empty;
        if (value->problem.rule != NULL)
            add_problem(from, column, value->raw, value->problem.rule, value->problem.advice);
        if (!column->is_required || !is_empty || (int)i == reg->period_column || (column->type == TZ_TYPE_ID && has_name_beside(from, i)))
            continue;
        is_bad = true;
        if (value->problem.rule == NULL)
            add_problem(from, column, (tz_text){0}, "必填项为空|a required value is missing", "补填后重新报送|fill it in and send it again");
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
        if (from->values[i].text.size == 0)
            continue;
        if (type == TZ_TYPE_DATE && reg->period == TZ_PERIOD_EVENT)
            ymd = tz_date_from_days(from->values[i].number);
        else if (type == TZ_TYPE_TERM || type == TZ_TYPE_MONTH)
            ymd = tz_county_period_end(from->batch->store->county, from->values[i].text);
        if (ymd > from->batch->latest && ymd < 21000101)
            from->batch->latest = ymd;
    }
}

static tz_text period_of(row_reading *from, bool *is_bad)
{
    const tz_register *reg = from->batch->reg;

    if (reg->period == TZ_PERIOD_STATE || reg->period == TZ_PERIOD_EVENT)
        return TZ_TEXT("");
    if (reg->period_column < 0)
        return tz_text_of(from->batch->period);
    tz_value *value = &from->values[reg->period_column];
    if (value->text.size > 0)
        return reg->period == TZ_PERIOD_YEAR ? tz_text_cut(value->text, 0, 4) : value->text;
    if (from->batch->period[0] != '\0' && value->raw.size == 0) {
        value->text = tz_text_of(from->batch->period); /* the title's period is the row's */
        (void)tz_text_int(value->text, &value->number); /* of a year in an int column */
        return value->text;
    }
    if (value->problem.rule == NULL)
        add_problem(from, &reg->columns.items[reg->period_column], (tz_text){0}, "缺少期次|the period is missing",
                    "补填后重新报送|fill it in and send it again");
    *is_bad = true;
    return TZ_TEXT("");
}

static tz_text slice_of(const row_reading *from)
{
    const tz_register *reg = from->batch->reg;

    if (reg->slice_column >= 0)
        return from->values[reg->slice_column].text;
    return strcmp(reg->slice, "unit") == 0 && from->batch->sender != NULL ? tz_text_of(from->batch->sender) : TZ_TEXT("");
}

/* ---- Repeated keys ---- */

static uint64_t fingerprint_of(const char *key, tz_text period)
{
    uint64_t mixed = 1469598103934665603u;

    for (size_t i = 0; i < 24; i++)
        mixed = (mixed ^ (uint8_t)key[i]) * 1099511628211u;
    for (size_t i = 0; i < period.size; i++)
        mixed = (mixed ^ (uint8_t)period.data[i]) * 1099511628211u;
    return mixed == 0 ? 1 : mixed;
}

/* Adds a fingerprint; true if it was there. */
static bool is_seen(tz_batch *batch, uint64_t print)
{
    tz_fingerprints *seen = &batch->seen;

    if ((seen->count + 1) * 2 > seen->room) {
        tz_fingerprints wider = {.room = seen->room == 0 ? 1024 : seen->room * 2, .count = seen->count};
        wider.slots = tz_new_array(&batch->mem, uint64_t, wider.room);
        for (size_t i = 0; i < seen->room; i++) {
            size_t at = (size_t)seen->slots[i] & (wider.room - 1);
            while (seen->slots[i] != 0 && wider.slots[at] != 0)
                at = (at + 1) & (wider.room - 1);
            if (seen->slots[i] != 0)
                wider.slots[at] = seen->slots[i];
        }
        *seen = wider;
    }
    size_t at = (size_t)print & (seen->room - 1);
    for (; seen->slots[at] != 0; at = (at + 1) & (seen->room - 1))
        if (seen->slots[at] == print)
            return true;
    seen->slots[at] = print;
    seen->count++;
    return false;
}

/* The places are taken with a stride that shares no factor with their number. */
static void note_amounts(row_reading *from)
{
    for (size_t i = 0; i < from->batch->reg->columns.count; i++) {
        tz_type     type = from->batch->reg->columns.items[i].type;
        int64_t     number = from->values[i].number;
        tz_amounts *amounts = &from->batch->amounts[i];
        if ((type != TZ_TYPE_MONEY && type != TZ_TYPE_DECIMAL) || from->values[i].text.size == 0 || number <= 0)
            continue;
        amounts->sample[amounts->count++ * 197 % TZ_SAMPLED] = number;
        amounts->most = number > amounts->most ? number : amounts->most;
    }
}

/* ---- One row ---- */

static tz_rc take_row(row_reading *from, const tz_row *row, tz_err *err)
{
    char    key[TZ_KEY_TEXT] = "", content[TZ_KEY_TEXT];
    bool    is_bad = judge(from);
    tz_text period = period_of(from, &is_bad);

    if (!hash_key(from, key)) {
        is_bad = true;
        add_problem(from, &from->batch->reg->columns.items[from->batch->reg->key.items[0]], (tz_text){0}, "没有主键|the row has no key",
                    "补填后重新报送|fill it in and send it again");
    }
    hash_content(from, content);
    note_latest(from);
    note_amounts(from);
    tz_totals_add(from->totals, from->values, from->is_repeated);
    if (!is_bad && !from->batch->reg->keeps_repeats && is_seen(from->batch, fingerprint_of(key, period)))
        tz_push(&from->batch->mem, &from->batch->suspects, tz_arena_dup(&from->batch->mem, key));
    from->sheet->account.accepted += !is_bad;
    from->sheet->account.quarantined += is_bad;
    const tz_staged_row staged = {.sheet_no = from->sheet->no, .row_no = row->row_no, .key = key[0] == '\0' ? NULL : key, .content = content,
                                  .slice = slice_of(from), .period = period, .is_quarantined = is_bad,
                                  .problems = problems_text(from, row->row_no), .values = from->values};
    return tz_batch_append(from->batch, &staged, err);
}

static tz_rc read_row(row_reading *from, const tz_row *row, tz_err *err)
{
    tz_account *account = &from->sheet->account;
    bool        is_grand = false;

    follow_areas(from, row);
    tz_row_kind kind = tz_kind_of(&from->kinds, &from->row_mem, row, &is_grand);
    if (kind == TZ_ROW_DATA || kind == TZ_ROW_TOTAL)
        read_values(from, row);
    if (kind == TZ_ROW_DATA && is_empty_here(from))
        kind = TZ_ROW_BLANK;
    account->blank += kind == TZ_ROW_BLANK;
    account->totals += kind == TZ_ROW_TOTAL;
    account->notes += kind == TZ_ROW_NOTE;
    account->header += kind == TZ_ROW_HEADER;
    account->titles += kind == TZ_ROW_TITLE;
    if (kind == TZ_ROW_TOTAL)
        tz_totals_claim(from->totals, row->row_no, is_grand, from->values, from->unit_power);
    return kind == TZ_ROW_DATA ? take_row(from, row, err) : TZ_OK;
}

/* Rows up to the header: titles, blank lines, the header itself. */
static void count_head(row_reading *from, const tz_row *row)
{
    tz_account *account = &from->sheet->account;
    bool is_header = row->row_no >= from->reading->header_row;
    bool is_blank = tz_row_filled(row) == 0;

    account->header += is_header;
    account->blank += !is_header && is_blank;
    account->titles += !is_header && !is_blank;
}

static tz_rc read_rows(row_reading *from, tz_sheet *sheet, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    const tz_row *row = NULL;

    for (;;) {
        TZ_TRY(tz_sheet_next(sheet, &row, err));
        if (row == NULL || row->row_no > from->reading->until_row)
            break;
        if (row->row_no < from->reading->first_row)
            continue;
        tz_arena_reset(&from->row_mem);
        from->problems.items = NULL;
        from->problems.count = from->problems.room = 0;
        from->sheet->account.rows++;
        if (row->row_no <= from->reading->last_header_row)
            count_head(from, row);
        else
            TZ_TRY(read_row(from, row, err));
        if (from->sheet->account.rows % 4096 == 0 && tz_app_should_stop(from->batch->store->app)) {
            rc = tz_fail(err, TZ_STOPPED, "已停止", "stopped");
            goto done;
        }
    }
done:
    return rc;
}

/* ---- A table ---- */

static void prepare(row_reading *from)
{
    const tz_register *reg = from->batch->reg;
    size_t             count = reg->columns.count;

    from->columns = tz_new_array(from->mem, tz_value_column, count);
    from->sheet_column = tz_new_array(from->mem, int32_t, count);
    from->unit_power = tz_new_array(from->mem, int, count);
    from->in_percent = tz_new_array(from->mem, bool, count);
    from->values = tz_new_array(from->mem, tz_value, count);
    from->is_repeated = tz_new_array(from->mem, bool, count);
    from->totals = tz_totals_new(from->mem, reg);
    from->key_scope = tz_arena_printf(from->mem, "row:%s", reg->name);
    for (size_t i = 0; i < count; i++) {
        from->sheet_column[i] = -1;
        from->columns[i] = tz_value_column_of(from->mem, &reg->columns.items[i]);
    }
    for (size_t i = 0; i < from->reading->columns.count; i++) {
        const tz_column_match *match = &from->reading->columns.items[i];
        if (match->column < 0)
            continue;
        from->sheet_column[match->column] = match->sheet_column;
        from->unit_power[match->column] = match->unit_power >= 0 ? match->unit_power : from->reading->unit_power >= 0 ? from->reading->unit_power : 0;
        from->in_percent[match->column] = strstr(match->header, "%") != NULL || strstr(match->header, "%") != NULL;
    }
}

static int compare_areas(const void *a, const void *b)
{
    const tall_area *x = a, *y = b;
    return (x->area.first_row > y->area.first_row) - (x->area.first_row < y->area.first_row);
}

static tz_rc prepare_areas(row_reading *from, tz_book *book, size_t index, tz_err *err)
{
    tz_merges merges = {0};
    tz_rc     rc = tz_sheet_merges(from->mem, book, index, &merges, err);

    if (rc != TZ_OK)
        return rc;
    for (size_t i = 0; i < merges.count; i++)
        if (merges.items[i].last_row > merges.items[i].first_row && merges.items[i].last_row > from->reading->last_header_row)
            tz_push(from->mem, &from->tall, (tall_area){.area = merges.items[i]});
    if (from->tall.count > 1)
        qsort(from->tall.items, from->tall.count, sizeof from->tall.items[0], compare_areas);
    from->kinds = tz_kinds_of(from->mem, from->reading, &merges);
    return TZ_OK;
}

/* Totals that are not the sum of their rows: listed with both sums. */
static void list_wrong_totals(row_reading *from)
{
    tz_wrong_totals wrong = tz_totals_check(from->totals);

    for (size_t i = 0; i < wrong.count; i++) {
        const tz_wrong_total *total = &wrong.items[i];
        json_t *line = json_object();
        bool    is_same_row = i > 0 && wrong.items[i - 1].row_no == total->row_no;
        from->sheet->account.wrong_totals += !is_same_row;
        if (json_array_size(from->sheet->marked) >= from->batch->listed) {
            json_decref(line);
            continue;
        }
        tz_json_set_int(line, "row", total->row_no);
        tz_json_set_str(line, "cell", cell_name(from, from->mem, total->column, total->row_no));
        tz_json_set_str(line, "column", from->batch->reg->columns.items[total->column].name);
        tz_json_set_str(line, "value", total->stands);
        const char *rule = tz_arena_printf(from->mem, "合计与明细不符:表中 %s,明细相加 %s|the total is not the sum:"
                                           " the sheet says %s, its rows add up to %s",
                                           total->stands, total->adds_up_to, total->stands, total->adds_up_to);
        tz_json_set_str(line, "rule", rule);
        tz_json_set_str(line, "advice", "核对明细是否缺行、重行,或更正合计|look for rows that are missing or twice, or mend the total");
        (void)json_array_append_new(from->sheet->marked, line);
    }
}

tz_rc tz_batch_read(tz_arena *mem, tz_batch *batch, tz_book *book, const tz_understanding *reading, tz_err *err)
{
    tz_assert(mem != NULL && batch != NULL && book != NULL && reading != NULL && reading->reg == batch->reg);
    tz_rc       rc = TZ_OK;
    size_t      index = reading->sheet;
    tz_sheet   *sheet = NULL;
    row_reading from = {.mem = mem, .batch = batch, .reading = reading};

    tz_push(mem, &batch->sheets, (tz_batch_sheet){.no = reading->no, .index = index, .name = book->sheets.items[index].name, .reading = *reading,
                                                  .quarantined = json_array(), .marked = json_array()});
    from.sheet = &batch->sheets.items[batch->sheets.count - 1];
    from.sheet->empty = tz_new_array(mem, int64_t, batch->reg->columns.count);
    from.context = (tz_value_context){.county = batch->store->county, .is_1904 = book->sheets.items[index].is_1904};
    prepare(&from);
    TZ_TRY(prepare_areas(&from, book, index, err));
    TZ_TRY(tz_sheet_open(mem, book, index, &sheet, err));
    TZ_TRY(read_rows(&from, sheet, err));
    list_wrong_totals(&from);
done:
    tz_sheet_close(sheet);
    tz_arena_free(&from.row_mem);
    return rc == TZ_OK ? rc : tz_err_at(err, book->file, book->sheets.items[index].name, 0, NULL);
}
