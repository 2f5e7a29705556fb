#include "evidence/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/money.h"

/* ---- The head ---- */

static tz_row keep_row(tz_arena *mem, const tz_row *row)
{
    tz_row copy = *row;

    copy.cells = tz_new_array(mem, tz_cell, row->count + 1);
    for (size_t i = 0; i < row->count; i++) {
        copy.cells[i] = row->cells[i];
        copy.cells[i].text = tz_text_keep(mem, row->cells[i].text);
    }
    return copy;
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
        tz_push(mem, &head.rows, keep_row(mem, row));
    }
    TZ_TRY(tz_sheet_merges(mem, book, index, &head.merges, err));
    *ret_head = head;
done:
    tz_sheet_close(sheet);
    return rc;
}

static tz_text cell_at(const tz_row *row, int32_t column)
{
    return column >= 0 && (size_t)column < row->count ? tz_text_trim(row->cells[column].text) : (tz_text){0};
}

/* The text of a cell, or that of the merged area it belongs to (looked for in the head alone). */
static tz_text merged_cell_at(const tz_sheet_head *head, size_t index, int32_t column)
{
    const tz_row *row = &head->rows.items[index];
    tz_text       text = cell_at(row, column);

    if (text.size > 0)
        return text;
    for (size_t i = 0; i < head->merges.count; i++) {
        const tz_merge *area = &head->merges.items[i];
        if (row->row_no < area->first_row || row->row_no > area->last_row || column < area->first_column || column > area->last_column)
            continue;
        for (size_t j = 0; j <= index; j++)
            if (head->rows.items[j].row_no == area->first_row)
                return cell_at(&head->rows.items[j], area->first_column);
    }
    return text;
}

/* ---- Units ---- */

int tz_unit_in(tz_arena *mem, const char *text)
{
    static const char *const UNITS[] = {"百万元", "亿元", "万元", "千元", "百元", "元"};
    tz_text folded = tz_text_fold(mem, tz_text_of(text));

    for (size_t i = 0; i < sizeof UNITS / sizeof UNITS[0]; i++) {
        const char *forms[] = {tz_arena_printf(mem, "(%s", UNITS[i]), tz_arena_printf(mem, "单位:%s", UNITS[i])};
        for (size_t j = 0; j < 2; j++)
            if (tz_text_find(folded, tz_text_of(forms[j]), 0) != SIZE_MAX)
                return tz_money_unit(tz_text_of(UNITS[i]));
    }
    return -1;
}

/* ---- Titles of columns ---- */

/* The folded title without what stands in brackets at its end, and without * and line numbers. */
static tz_text plain_title(tz_arena *mem, tz_text title)
{
    tz_text folded = tz_text_fold(mem, title);
    size_t  open = tz_text_find(folded, TZ_TEXT("("), 0);

    if (open != SIZE_MAX && open > 0)
        folded = tz_text_cut(folded, 0, open);
    while (folded.size > 0 && (folded.data[0] == '*' || folded.data[0] == '#'))
        folded = tz_text_cut(folded, 1, folded.size);
    while (folded.size > 0 && strchr("*:", folded.data[folded.size - 1]) != NULL)
        folded.size--;
    return folded;
}

/* Every title by which a register knows its columns, folded once. */
typedef struct {
    tz_text     folded, plain;
    int         column;
    double      weight; /* of an exact match */
    const char *reason;
} known_title;

typedef struct {
    known_title *items;
    size_t       count;
    size_t       room;
} known_titles;

static void add_known(tz_arena *mem, known_titles *known, tz_text title, int column, double weight, const char *reason)
{
    known_title one = {.folded = tz_text_fold(mem, title), .plain = plain_title(mem, title), .column = column, .weight = weight, .reason = reason};
    if (one.folded.size > 0)
        tz_push(mem, known, one);
}

static known_titles titles_of(tz_arena *mem, const tz_register *reg)
{
    known_titles known = {0};

    for (size_t i = 0; i < reg->columns.count; i++) {
        const tz_column *column = &reg->columns.items[i];
        size_t           len = 0;
        for (int lang = TZ_ZH; lang <= TZ_EN; lang++) {
            const char *half = tz_half(column->title, (tz_lang)lang, &len);
            add_known(mem, &known, (tz_text){half, len}, (int)i, 1.0, "与标题相同|the same title");
        }
        add_known(mem, &known, tz_text_of(column->name), (int)i, 1.0, "与字段名相同|the same name");
        for (size_t j = 0; j < column->synonyms.count; j++)
            add_known(mem, &known, tz_text_of(column->synonyms.items[j]), (int)i, 0.98, "已知的别名|a known synonym");
    }
    return known;
}

/* Sets match to the best column for a title, where it beats what match has. */
static void compare_title(const known_titles *known, tz_text folded, tz_text plain, tz_column_match *match)
{
    for (size_t i = 0; folded.size > 0 && i < known->count; i++) {
        const known_title *title = &known->items[i];
        double      score = 0;
        const char *reason = title->reason;
        if (tz_text_equal(folded, title->folded)) {
            score = title->weight;
        } else if (plain.size > 0 && tz_text_equal(plain, title->plain)) {
            score = title->weight * 0.95;
            reason = "去掉括号后相同|the same without brackets";
        } else if (title->folded.size >= 6 && tz_text_ends(plain, title->folded)) {
            score = 0.7; /* 学生姓名 ends in 姓名: enough to propose, not to overrule an exact title */
            reason = "以该名称结尾|ends in this title";
        }
        if (score > match->score) {
            match->score = score;
            match->reason = reason;
            match->column = title->column;
        }
    }
}

/* ---- One reading: a register at a header ---- */

/* The title of a column by a header of `count` rows that ends at `last`: the lowest text, and with
 * its parents joined as an alternative. */
static tz_text header_text(tz_arena *mem, const tz_sheet_head *head, size_t first, size_t count, int32_t column, tz_text *ret_joined)
{
    tz_text lowest = {0};
    tz_buf  joined = tz_buf_init(mem, 0);
    tz_text before = {0};

    for (size_t i = 0; i < count; i++) {
        tz_text text = merged_cell_at(head, first + i, column);
        if (text.size == 0 || tz_text_equal(text, before))
            continue;
        tz_buf_put(&joined, text);
        lowest = before = text;
    }
    *ret_joined = tz_buf_text(&joined);
    return lowest;
}

static int32_t header_width(const tz_sheet_head *head, size_t first, size_t count)
{
    size_t width = 0;
    for (size_t i = first; i < first + count && i < head->rows.count; i++)
        width = head->rows.items[i].count > width ? head->rows.items[i].count : width;
    return (int32_t)(width > 512 ? 512 : width);
}

static tz_column_match match_column(tz_arena *mem, const known_titles *known, tz_text lowest, tz_text joined, int32_t sheet_column,
                                    const tz_map *fixed)
{
    tz_column_match match = {.sheet_column = sheet_column, .column = -1, .header = tz_text_dup(mem, joined), .unit_power = -1};
    const tz_map_entry *named = fixed == NULL ? NULL : tz_map_get(fixed, tz_text_fold(mem, joined));

    if (named != NULL) {
        match.column = (int)named->value - 1;
        match.score = 1.0;
        match.reason = "由 mapping.yaml 指定|fixed by mapping.yaml";
        return match;
    }
    compare_title(known, tz_text_fold(mem, lowest), plain_title(mem, lowest), &match);
    if (!tz_text_equal(lowest, joined))
        compare_title(known, tz_text_fold(mem, joined), plain_title(mem, joined), &match);
    return match;
}

/* Of two sheet columns that claim one field the better title keeps it; equal ones: the first. */
static void settle_claims(tz_understanding *reading)
{
    for (size_t i = 0; i < reading->columns.count; i++)
        for (size_t j = 0; j < reading->columns.count; j++) {
            tz_column_match *a = &reading->columns.items[i], *b = &reading->columns.items[j];
            if (i == j || a->column < 0 || a->column != b->column)
                continue;
            if (b->score > a->score || (b->score == a->score && j < i)) {
                a->column = -1;
                a->reason = "另一列更合适|another column fits better";
            }
        }
}

static bool has_column(const tz_understanding *reading, int column)
{
    for (size_t i = 0; i < reading->columns.count; i++)
        if (reading->columns.items[i].column == column)
            return true;
    return false;
}

/* Required columns that no sheet column was mapped to; a period column may come from the title. */
static size_t count_missing(tz_arena *mem, const tz_register *reg, const tz_understanding *reading, tz_buf *ret_names)
{
    size_t missing = 0;

    for (size_t i = 0; i < reg->columns.count; i++) {
        const tz_column *column = &reg->columns.items[i];
        if (!column->is_required || (int)i == reg->period_column || has_column(reading, (int)i))
            continue;
        size_t      len = 0;
        const char *title = tz_half(column->title, TZ_ZH, &len);
        tz_buf_printf(ret_names, "%s%.*s", missing == 0 ? "" : "、", (int)len, title);
        missing++;
    }
    (void)mem;
    return missing;
}

/* How a register reads the header at rows [first, first + count). Score 0..1: the share of the
 * header's titles that it knows, of its columns that are there, and whether the title names it. */
static tz_understanding read_as(tz_arena *mem, const tz_register *reg, const known_titles *known_titles_of, const tz_sheet_head *head,
                                size_t first, size_t count, const char *context, const tz_map *fixed, size_t *ret_missing)
{
    tz_understanding reading = {.reg = reg, .header_first = first, .header_count = count, .unit_power = -1};
    tz_buf           names = tz_buf_init(mem, 0);
    size_t           titles = 0, known = 0;
    int32_t          width = header_width(head, first, count);

    for (int32_t column = 0; column < width; column++) {
        tz_text joined, lowest = header_text(mem, head, first, count, column, &joined);
        if (joined.size == 0)
            continue;
        titles++;
        tz_push(mem, &reading.columns, match_column(mem, known_titles_of, lowest, joined, column, fixed));
    }
    settle_claims(&reading);
    for (size_t i = 0; i < reading.columns.count; i++)
        known += reading.columns.items[i].column >= 0;
    *ret_missing = count_missing(mem, reg, &reading, &names);
    reading.nearest = tz_buf_str(&names);
    size_t      len = 0;
    const char *title = tz_half(reg->title, TZ_ZH, &len);
    bool        is_named = tz_text_find(tz_text_of(context), (tz_text){title, len}, 0) != SIZE_MAX;
    if (titles > 0 && known > 1)
        reading.score = 0.5 * (double)known / (double)titles + 0.4 * (double)known / (double)reg->columns.count +
                        (is_named ? 0.3 : 0.0) - 0.001 * (double)(count - 1);
    return reading;
}

/* Whether a row can be the lowest of a header: at least two texts, few numbers. */
static bool may_be_header(const tz_row *row)
{
    size_t texts = 0, numbers = 0;

    for (size_t i = 0; i < row->count; i++) {
        texts += row->cells[i].kind == TZ_CELL_TEXT;
        numbers += row->cells[i].kind == TZ_CELL_NUMBER;
    }
    return texts >= 2 && numbers <= texts;
}

static const char *texts_above(tz_arena *mem, const tz_sheet_head *head, size_t first)
{
    tz_buf out = tz_buf_init(mem, 0);

    for (size_t i = 0; i < first; i++)
        for (size_t j = 0; j < head->rows.items[i].count; j++)
            if (head->rows.items[i].cells[j].text.size > 0) {
                tz_buf_put(&out, head->rows.items[i].cells[j].text);
                tz_buf_char(&out, '\n');
            }
    return tz_buf_str(&out);
}

/* Tries one register at every header; the best full reading goes to *best, the nearest to *nearest. */
static void try_register(tz_arena *mem, const tz_register *reg, const char *file, const tz_sheet_head *head, const tz_map *fixed,
                         tz_understanding *best, tz_understanding *nearest, size_t *nearest_missing)
{
    const known_titles known = titles_of(mem, reg);

    for (size_t first = 0; first < head->rows.count && first < 30; first++)
        for (size_t count = 1; count <= TZ_HEADER_DEPTH && first + count <= head->rows.count; count++) {
            size_t missing = 0;
            if (!may_be_header(&head->rows.items[first + count - 1]) && count == 1)
                continue;
            const char *context = tz_arena_printf(mem, "%s\n%s", file, texts_above(mem, head, first));
            tz_understanding now = read_as(mem, reg, &known, head, first, count, context, fixed, &missing);
            if (missing == 0 && now.score > best->score)
                *best = now;
            else if (missing > 0 && now.score > nearest->score) {
                *nearest = now;
                *nearest_missing = missing;
            }
        }
}

void tz_sheet_understand(tz_arena *mem, const tz_packs *packs, const tz_register *wanted, const char *file, const tz_sheet_head *head,
                         const tz_map *fixed, tz_understanding *ret_understanding)
{
    tz_assert(mem != NULL && packs != NULL && file != NULL && head != NULL);
    tz_understanding best = {.score = 0.25}, nearest = {0};
    size_t           missing = 0;

    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].registers.count; j++) {
            const tz_register *reg = &packs->packs.items[i].registers.items[j];
            if (wanted == NULL || wanted == reg)
                try_register(mem, reg, file, head, fixed, &best, &nearest, &missing);
        }
    if (best.reg == NULL && nearest.reg != NULL && nearest.score > 0.3) {
        size_t      len = 0;
        const char *title = tz_half(nearest.reg->title, TZ_ZH, &len);
        best.nearest = tz_arena_printf(mem, "%.*s(缺:%s)", (int)len, title, nearest.nearest);
    } else if (best.reg == NULL) {
        best.nearest = "";
    }
    if (best.reg != NULL) {
        best.titles = texts_above(mem, head, best.header_first);
        best.last_header_row = head->rows.items[best.header_first + best.header_count - 1].row_no;
        best.unit_power = tz_unit_in(mem, best.titles);
        for (size_t i = 0; i < best.columns.count; i++)
            best.columns.items[i].unit_power = tz_unit_in(mem, best.columns.items[i].header);
    }
    *ret_understanding = best;
}
