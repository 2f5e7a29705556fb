#include "evidence/kind.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "evidence/total.h"

static tz_text cell_text(const tz_row *row, size_t column)
{
    return column < row->count ? tz_text_trim(row->cells[column].text) : (tz_text){0};
}

size_t tz_row_filled(const tz_row *row)
{
    size_t filled = 0;

    for (size_t i = 0; i < row->count; i++)
        filled += row->cells[i].text.size > 0 && cell_text(row, i).size > 0;
    return filled;
}

static int compare_areas(const void *a, const void *b)
{
    const tz_merge *x = a, *y = b;
    return (x->first_row > y->first_row) - (x->first_row < y->first_row);
}

tz_kinds tz_kinds_of(tz_arena *mem, const tz_understanding *reading, const tz_merges *merges)
{
    tz_assert(mem != NULL && reading != NULL && merges != NULL);
    tz_kinds kinds = {.reading = reading};

    for (size_t i = 0; i < reading->columns.count; i++)
        if ((size_t)reading->columns.items[i].sheet_column >= kinds.field_count)
            kinds.field_count = (size_t)reading->columns.items[i].sheet_column + 1;
    kinds.fields = tz_new_array(mem, int, kinds.field_count + 1);
    for (size_t i = 0; i < kinds.field_count; i++)
        kinds.fields[i] = -1;
    for (size_t i = 0; i < reading->columns.count; i++)
        kinds.fields[reading->columns.items[i].sheet_column] = reading->columns.items[i].column;
    for (size_t i = 0; i < merges->count; i++)
        if (merges->items[i].last_column - merges->items[i].first_column >= 2)
            tz_push(mem, &kinds.wide, merges->items[i]);
    if (kinds.wide.count > 1)
        qsort(kinds.wide.items, kinds.wide.count, sizeof kinds.wide.items[0], compare_areas);
    return kinds;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_number(tz_text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (!is_digit(text.data[i]))
            return false;
    return text.size > 0;
}

/* The row's first text lies in an area over several columns. */
static bool is_wide(tz_kinds *kinds, const tz_row *row)
{
    while (kinds->next_wide < kinds->wide.count && kinds->wide.items[kinds->next_wide].first_row < row->row_no)
        kinds->next_wide++;
    return kinds->next_wide < kinds->wide.count && kinds->wide.items[kinds->next_wide].first_row == row->row_no;
}

/* The header once more, as on every page of a printed list. */
static bool repeats_header(const tz_kinds *kinds, const tz_row *row, size_t filled)
{
    size_t same = 0, other = 0;

    for (size_t i = 0; i < kinds->reading->columns.count && other * 10 <= filled * 2; i++) {
        const tz_column_match *match = &kinds->reading->columns.items[i];
        tz_text text = cell_text(row, (size_t)match->sheet_column);
        bool    is_same = text.size > 0 && tz_text_find(tz_text_of(match->header), text, 0) != SIZE_MAX;
        same += is_same;
        other += text.size > 0 && !is_same;
    }
    return filled >= 2 && same * 10 >= filled * 8;
}

/* The column that the row's cell is taken into, -1: none. */
static int field_at(const tz_kinds *kinds, size_t column)
{
    return column < kinds->field_count ? kinds->fields[column] : -1;
}

/* Something long enough to be an identity number; 791人 in its column is a count. */
static bool has_number_of_person(const tz_kinds *kinds, const tz_row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        int field = cell_text(row, i).size < 15 ? -1 : field_at(kinds, i);
        if (field >= 0 && kinds->reading->reg->columns.items[field].type == TZ_TYPE_ID)
            return true;
    }
    return false;
}

/* 合计 stands among the first four cells; a row that has an identity number is no total. */
static bool is_total(const tz_kinds *kinds, tz_arena *mem, const tz_row *row, bool *ret_is_grand)
{
    for (size_t i = 0; i < row->count && i < 4; i++) {
        tz_text text = cell_text(row, i);
        if (text.size == 0 || text.size > 60 || tz_text_find(text, TZ_TEXT("计"), 0) == SIZE_MAX)
            continue;
        tz_text folded = tz_text_fold(mem, text);
        if (!tz_is_total_label(folded) || has_number_of_person(kinds, row))
            continue;
        *ret_is_grand = tz_text_starts(folded, TZ_TEXT("总计")) || tz_text_starts(folded, TZ_TEXT("累计"));
        return true;
    }
    return false;
}

/* 续表, 第2页, 单位:元, or a line of the title again. */
static bool is_title_again(const tz_kinds *kinds, const tz_row *row, size_t filled)
{
    static const char *const WORDS[] = {"续表", "(续)", "(续)", "第", "共", "单位:", "单位:", "填报单位", "制表单位", NULL};
    size_t again = 0;

    if (filled > 3)
        return false;
    for (size_t i = 0; i < row->count; i++) {
        tz_text text = cell_text(row, i);
        if (text.size == 0)
            continue;
        bool is_page = (tz_text_starts(text, TZ_TEXT("第")) || tz_text_starts(text, TZ_TEXT("共"))) && !tz_text_ends(text, TZ_TEXT("页"));
        bool is_line = tz_text_find(tz_text_of(kinds->reading->titles), text, 0) != SIZE_MAX && tz_utf8_count(text) >= 4;
        again += is_line || (tz_starts_with_any(text, WORDS) && !is_page) ||
                 tz_text_ends(text, TZ_TEXT("(续)")) || tz_text_ends(text, TZ_TEXT("续表"));
    }
    return again == filled;
}

/* 一、定昌镇 or a cell merged over the table: the heading of the rows below it. */
static bool is_group_heading(tz_kinds *kinds, const tz_row *row, tz_text first, size_t column)
{
    static const char *const MARKS[] = {"一、", "二、", "三、", "四、", "五、", "六、", "七、", "八、",
                                        "九、", "十",  "(一)", "(二)", "(三)", "(一)", "(二)", NULL};

    if (kinds->reading->columns.count < 3)
        return false;
    if (is_wide(kinds, row) || tz_starts_with_any(first, MARKS))
        return true;
    return field_at(kinds, column) < 0 && tz_utf8_count(first) >= 2 && !is_digit(first.data[0]);
}

static bool is_note(tz_text first, tz_text folded, size_t filled, size_t columns)
{
    static const char *const NOTES[] = {"注:",    "注1",    "备注:",   "说明",     "填表说明", "填报人",   "制表",   "审核",
                                        "填表",   "*注",    "数据来源", "单位负责人", "负责人",   "经办人",   "联系人:", "填报日期",
                                        "报送日期", "校长",   "主管",    "分管",     "复核",     "(盖章)", "单位(盖章)", NULL};

    if (tz_text_is(folded, "示例") || tz_text_is(folded, "例")) /* the sample row of a form */
        return true;
    if (tz_starts_with_any(folded, NOTES) && filled <= 8)
        return true;
    return filled == 1 && columns > 2 && tz_utf8_count(first) > 12;
}

tz_row_kind tz_kind_of(tz_kinds *kinds, tz_arena *mem, const tz_row *row, bool *ret_is_grand)
{
    tz_assert(kinds != NULL && mem != NULL && row != NULL && ret_is_grand != NULL);
    tz_text first = {0};
    size_t  filled = 0, column = 0, fields = 0;
    bool    was_note = kinds->is_after_note;

    for (size_t i = 0; i < row->count; i++) {
        tz_text text = cell_text(row, i);
        if (text.size == 0)
            continue;
        if (filled++ == 0) {
            first = text;
            column = i;
        }
        fields += field_at(kinds, i) >= 0;
    }
    if (filled == 0)
        return TZ_ROW_BLANK;
    kinds->is_after_note = false;
    if (is_total(kinds, mem, row, ret_is_grand))
        return TZ_ROW_TOTAL;
    if (filled > 8 && fields > 2 && !tz_text_is(first, "示例"))
        return repeats_header(kinds, row, filled) ? TZ_ROW_HEADER : TZ_ROW_DATA;
    tz_text folded = tz_text_fold(mem, first);
    if (is_title_again(kinds, row, filled))
        return TZ_ROW_TITLE;
    kinds->is_after_note = is_note(first, folded, filled, kinds->reading->columns.count) || (was_note && filled == 1);
    if (kinds->is_after_note)
        return TZ_ROW_NOTE;
    if ((row->row_no <= kinds->reading->last_header_row + 1 && tz_row_is_numbering(row)) || repeats_header(kinds, row, filled))
        return TZ_ROW_HEADER;
    if (filled == 1 && fields == 0 && first.size <= 6 && is_number(first))
        return TZ_ROW_BLANK;
    return filled == 1 && is_group_heading(kinds, row, first, column) ? TZ_ROW_NOTE : TZ_ROW_DATA;
}
