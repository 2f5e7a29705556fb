#include "evidence/head.h"

#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/money.h"

enum { LONG_CHARACTERS = 40, MANY_DIGITS = 7 };

void tz_sheet_head_add(tz_arena *mem, tz_sheet_head *head, const tz_row *row)
{
    tz_row copy = *row;

    copy.cells = tz_new_array(mem, tz_cell, row->count + 1);
    for (size_t i = 0; i < row->count; i++) {
        copy.cells[i] = row->cells[i];
        copy.cells[i].text = tz_text_keep(mem, row->cells[i].text);
    }
    tz_push(mem, &head->rows, copy);
}

/* ---- Looks ---- */

static bool is_period(tz_text text)
{
    char    out[TZ_PERIOD_TEXT];
    int64_t year = 0;

    if (tz_text_int(text, &year))
        return text.size == 4 && year >= 1949 && year <= 2100;
    if (tz_year_parse(text, out) || tz_month_parse(text, out) || tz_term_parse(text, out))
        return true;
    return tz_text_ends(text, TZ_TEXT("月")) && text.size <= strlen("12月") && text.data[0] >= '1' && text.data[0] <= '9';
}

static bool is_many_digits(tz_text text)
{
    size_t digits = 0;

    for (size_t i = 0; i < text.size; i++)
        digits += text.data[i] >= '0' && text.data[i] <= '9';
    return digits >= MANY_DIGITS && digits + 3 >= text.size;
}

/* 1,234.50, 19%, 3人, —: what a person takes for a number. */
static bool is_number(tz_text text)
{
    static const char *const UNITS[] = {"%", "％", "‰", "元", "万元", "人", "户", "亩", "万", "个", "套", NULL};
    tz_decimal value;

    if (tz_text_is(text, "-") || tz_text_is(text, "—") || tz_text_is(text, "——") || tz_text_is(text, "/") || tz_text_is(text, "…"))
        return true;
    for (size_t i = 0; UNITS[i] != NULL; i++)
        if (tz_text_ends(text, tz_text_of(UNITS[i])) && text.size > strlen(UNITS[i])) {
            text.size -= strlen(UNITS[i]);
            break;
        }
    return tz_decimal_parse(text, &value);
}

static tz_look look_of(tz_arena *mem, const tz_cell *cell, tz_text text)
{
    int32_t ymd = 0;

    if (text.size == 0)
        return TZ_LOOK_EMPTY;
    tz_text half = tz_text_trim(tz_text_halfwidth(mem, text));
    if (cell->is_date && cell->kind == TZ_CELL_NUMBER)
        return TZ_LOOK_DATE;
    if (is_period(half))
        return TZ_LOOK_PERIOD;
    if (tz_date_parse(half, &ymd))
        return TZ_LOOK_DATE;
    if (is_many_digits(half))
        return TZ_LOOK_DIGITS;
    if (cell->kind == TZ_CELL_NUMBER || cell->kind == TZ_CELL_BOOL || cell->kind == TZ_CELL_ERROR || is_number(half))
        return TZ_LOOK_NUMBER;
    return tz_utf8_count(text) > LONG_CHARACTERS ? TZ_LOOK_LONG : TZ_LOOK_WORD;
}

/* ---- The grid ---- */

static int32_t width_of(const tz_sheet_head *head)
{
    int32_t width = 0;

    for (size_t i = 0; i < head->rows.count; i++)
        for (size_t j = head->rows.items[i].count; j > (size_t)width; j--)
            if (tz_text_trim(head->rows.items[i].cells[j - 1].text).size > 0) {
                width = j < TZ_HEAD_COLUMNS ? (int32_t)j : TZ_HEAD_COLUMNS;
                break;
            }
    return width;
}

/* The index of the head's row number row_no, or SIZE_MAX. */
static size_t index_of(const tz_sheet_head *head, int64_t row_no)
{
    for (size_t i = 0; i < head->rows.count; i++)
        if (head->rows.items[i].row_no == row_no)
            return i;
    return SIZE_MAX;
}

static void lay_area(tz_sheet_head *head, int32_t area_index)
{
    const tz_merge *area = &head->merges.items[area_index];
    size_t          top = index_of(head, area->first_row);

    if (top == SIZE_MAX || area->first_column >= head->width)
        return;
    const tz_head_cell first = head->grid[top * (size_t)head->width + (size_t)area->first_column];
    for (size_t i = top; i < head->rows.count && head->rows.items[i].row_no <= area->last_row; i++)
        for (int32_t j = area->first_column; j <= area->last_column && j < head->width; j++) {
            tz_head_cell *cell = &head->grid[i * (size_t)head->width + (size_t)j];
            cell->text = first.text;
            cell->look = first.look;
            cell->area = area_index;
        }
}

void tz_sheet_head_ready(tz_arena *mem, tz_sheet_head *head)
{
    head->width = width_of(head);
    /* A title merged over the whole sheet may be wider than what is below it, never the other way. */
    head->grid = tz_new_array(mem, tz_head_cell, head->rows.count * (size_t)head->width + 1);
    for (size_t i = 0; i < head->rows.count; i++)
        for (int32_t j = 0; j < head->width; j++) {
            tz_head_cell *cell = &head->grid[i * (size_t)head->width + (size_t)j];
            const tz_row *row = &head->rows.items[i];
            cell->area = -1;
            if ((size_t)j >= row->count)
                continue;
            cell->cell = &row->cells[j];
            cell->text = tz_text_trim(row->cells[j].text);
            cell->look = look_of(mem, cell->cell, cell->text);
        }
    for (size_t i = 0; i < head->merges.count && i < INT32_MAX; i++)
        lay_area(head, (int32_t)i);
}

tz_rc tz_sheet_head_read(tz_arena *mem, tz_book *book, size_t index, tz_sheet_head *ret_head, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_sheet     *sheet = NULL;
    tz_sheet_head head = {0};
    const tz_row *row = NULL;

    TZ_TRY(tz_sheet_open(mem, book, index, &sheet, err));
    while (head.rows.count < TZ_HEAD_ROWS) {
        TZ_TRY(tz_sheet_next(sheet, &row, err));
        if (row == NULL)
            break;
        tz_sheet_head_add(mem, &head, row);
    }
    TZ_TRY(tz_sheet_merges(mem, book, index, &head.merges, err));
    tz_sheet_head_ready(mem, &head);
    *ret_head = head;
done:
    tz_sheet_close(sheet);
    return rc;
}

const tz_head_cell *tz_head_at(const tz_sheet_head *head, size_t index, int32_t column)
{
    static const tz_head_cell EMPTY = {.area = -1};

    if (index >= head->rows.count || column < 0 || column >= head->width)
        return &EMPTY;
    return &head->grid[index * (size_t)head->width + (size_t)column];
}

bool tz_head_is_first(const tz_sheet_head *head, size_t index, int32_t column)
{
    const tz_head_cell *cell = tz_head_at(head, index, column);

    if (cell->look == TZ_LOOK_EMPTY || cell->area < 0)
        return cell->look != TZ_LOOK_EMPTY;
    const tz_merge *area = &head->merges.items[cell->area];
    return area->first_column == column && area->first_row == head->rows.items[index].row_no;
}

size_t tz_head_filled(const tz_sheet_head *head, size_t index)
{
    size_t  filled = 0;
    int32_t area = -1;

    for (int32_t j = 0; j < head->width; j++) {
        const tz_head_cell *cell = tz_head_at(head, index, j);
        filled += cell->look != TZ_LOOK_EMPTY && (cell->area < 0 || cell->area != area);
        area = cell->area;
    }
    return filled;
}

const char *tz_head_texts(tz_arena *mem, const tz_sheet_head *head, size_t first)
{
    tz_buf out = tz_buf_init(mem, 0);

    for (size_t i = 0; i < first && i < head->rows.count; i++)
        for (int32_t j = 0; j < head->width; j++)
            if (tz_head_is_first(head, i, j)) {
                tz_buf_put(&out, tz_head_at(head, i, j)->text);
                tz_buf_char(&out, '\n');
            }
    return tz_buf_str(&out);
}
