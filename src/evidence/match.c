#include "evidence/match.h"

#include <string.h>

#include "base/assert.h"
#include "base/idcard.h"
#include "base/map.h"
#include "base/money.h"
#include "evidence/repeat.h"
#include "evidence/value.h"

/* ---- Units ---- */

int tz_unit_in(tz_arena *mem, const char *text)
{
    static const char *const UNITS[] = {"百万元", "亿元", "万元", "千元", "百元", "元"};
    tz_text folded = tz_text_fold(mem, tz_text_of(text));

    for (size_t i = 0; i < sizeof UNITS / sizeof UNITS[0]; i++) {
        const char *forms[] = {tz_arena_printf(mem, "(%s", UNITS[i]), tz_arena_printf(mem, "单位:%s", UNITS[i]),
                               tz_arena_printf(mem, "单位(%s", UNITS[i]), tz_arena_printf(mem, "/%s", UNITS[i])};
        for (size_t j = 0; j < sizeof forms / sizeof forms[0]; j++)
            if (tz_text_find(folded, tz_text_of(forms[j]), 0) != SIZE_MAX)
                return tz_money_unit(tz_text_of(UNITS[i]));
    }
    return -1;
}

/* ---- Titles ---- */

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

typedef struct {
    tz_text     folded, plain;
    int         column;
    double      weight; /* of an exact match */
    const char *reason;
} known_title;

struct tz_titles {
    struct { known_title *items; size_t count; size_t room; } known;
};

static void add_known(tz_arena *mem, tz_titles *titles, tz_text title, int column, double weight, const char *reason)
{
    known_title one = {.folded = tz_text_fold(mem, title), .plain = plain_title(mem, title), .column = column, .weight = weight, .reason = reason};
    if (one.folded.size > 0)
        tz_push(mem, &titles->known, one);
}

const tz_titles *tz_titles_of(tz_arena *mem, const tz_register *reg)
{
    tz_titles *titles = tz_new(mem, tz_titles);

    for (size_t i = 0; i < reg->columns.count; i++) {
        const tz_column *column = &reg->columns.items[i];
        size_t           len = 0;
        for (int lang = TZ_ZH; lang <= TZ_EN; lang++) {
            const char *half = tz_half(column->title, (tz_lang)lang, &len);
            add_known(mem, titles, (tz_text){half, len}, (int)i, 1.0, "与标题相同|the same title");
        }
        add_known(mem, titles, tz_text_of(column->name), (int)i, 1.0, "与字段名相同|the same name");
        for (size_t j = 0; j < column->synonyms.count; j++)
            add_known(mem, titles, tz_text_of(column->synonyms.items[j]), (int)i, 0.98, "已知的别名|a known synonym");
    }
    return titles;
}

int tz_titles_find(tz_arena *mem, const tz_titles *titles, tz_text title)
{
    tz_text folded = tz_text_fold(mem, title), plain = plain_title(mem, title);

    for (size_t i = 0; i < titles->known.count; i++)
        if (tz_text_equal(titles->known.items[i].folded, folded) || (plain.size > 0 && tz_text_equal(titles->known.items[i].plain, plain)))
            return titles->known.items[i].column;
    return -1;
}

/* As many characters, one of them another: 身分证号. */
static bool is_one_off(tz_text a, tz_text b)
{
    size_t at = 0, other_at = 0, off = 0, count = 0, same = 0;

    tz_assert(a.size == b.size);
    while (same < a.size && a.data[same] == b.data[same])
        same++;
    if (same + 4 < a.size && memcmp(a.data + same + 4, b.data + same + 4, a.size - same - 4) != 0)
        return false; /* no character has more than four bytes: more than one differs */
    for (int32_t cp; (cp = tz_utf8_next(a, &at)) >= 0; count++)
        off += cp != tz_utf8_next(b, &other_at);
    return count >= 4 && off == 1;
}

/* Whose number or name it is, where it is not the person of the row. */
static bool is_of_another(tz_text prefix)
{
    static const char *const ROLES[] = {"户主", "家属", "监护人", "家长", "父", "母", "配偶", "代理", "联系", "负责", "经办", "开户", "法人", "法定",
                                        "领取", "代领", "审核", "填表", "子女", "帮扶", "包联", "共同", "介绍", "紧急", "推荐", NULL};
    for (size_t i = 0; ROLES[i] != NULL; i++)
        if (tz_text_find(prefix, tz_text_of(ROLES[i]), 0) != SIZE_MAX)
            return true;
    return false;
}

static void better(tz_column_match *match, int column, double score, const char *reason)
{
    if (score <= match->score)
        return;
    match->score = score;
    match->reason = reason;
    match->column = column;
}

/* Raises match to the best column for a title, at most to `most`. Every title of every register passes here for each
 * header that a sheet may have: what can't be better is not compared, and sizes are before bytes. */
static void compare_title(const tz_titles *titles, tz_text folded, tz_text plain, double most, tz_column_match *match)
{
    for (size_t i = 0; folded.size > 0 && match->score < most && i < titles->known.count; i++) {
        const known_title *known = &titles->known.items[i];
        if (folded.size == known->folded.size && tz_text_equal(folded, known->folded)) {
            better(match, known->column, most * known->weight, known->reason);
        } else if (plain.size > 0 && plain.size == known->plain.size && tz_text_equal(plain, known->plain)) {
            better(match, known->column, most * known->weight * 0.95, "去掉括号后相同|the same without brackets");
        } else if (known->folded.size >= 6 && plain.size >= known->folded.size && tz_text_ends(plain, known->folded)) {
            bool is_other = is_of_another(tz_text_cut(plain, 0, plain.size - known->folded.size));
            better(match, known->column, most * (is_other ? 0.60 : 0.70), "以该名称结尾|ends in this title");
        } else if (plain.size == known->plain.size && is_one_off(plain, known->plain)) {
            better(match, known->column, most * 0.68, "只差一个字|one character differs");
        }
    }
}

/* ---- One header ---- */

/* The title of a column: the lowest text, and with its parents joined before it. */
static tz_text join_titles(tz_arena *mem, const tz_sheet_head *head, size_t first, size_t count, int32_t column, tz_text *ret_joined)
{
    tz_text lowest = {0}, before = {0};
    tz_buf  joined = tz_buf_init(mem, 0);

    for (size_t i = 0; i < count; i++) {
        tz_text text = tz_head_at(head, first + i, column)->text;
        /* A parent whose merge was lost stands above the first of its children alone. */
        for (int32_t left = column - 1; text.size == 0 && i + 1 < count && left >= 0; left--) {
            if (tz_head_at(head, first + i + 1, left)->look == TZ_LOOK_EMPTY || tz_head_at(head, first + i + 1, column)->look == TZ_LOOK_EMPTY)
                break;
            text = tz_head_at(head, first + i, left)->text;
        }
        if (text.size == 0 || tz_text_equal(text, before))
            continue;
        tz_buf_put(&joined, text);
        lowest = before = text;
    }
    *ret_joined = tz_buf_text(&joined);
    return lowest;
}

static tz_header_title header_title(tz_arena *mem, const tz_sheet_head *head, size_t first, size_t count, int32_t column)
{
    tz_header_title title = {0};
    char            letters[8];

    title.lowest = join_titles(mem, head, first, count, column, &title.joined);
    title.joined_folded = tz_text_fold(mem, title.joined);
    title.joined_plain = plain_title(mem, title.joined);
    title.lowest_folded = tz_text_fold(mem, title.lowest);
    title.lowest_plain = plain_title(mem, title.lowest);
    title.parent_folded = tz_text_fold(mem, tz_text_cut(title.joined, 0, title.joined.size - title.lowest.size));
    title.is_under_another = is_of_another(title.parent_folded) && !is_of_another(title.lowest);
    tz_column_letters(column, letters);
    title.header = title.joined.size > 0 ? tz_text_dup(mem, title.joined) : tz_arena_printf(mem, "(%s)", letters);
    title.written = tz_text_fold(mem, tz_text_of(title.header));
    return title;
}

const tz_header_title *tz_header_titles(tz_arena *mem, const tz_sheet_head *head, size_t first, size_t count)
{
    tz_assert(mem != NULL && head != NULL);
    tz_header_title *titles = tz_new_array(mem, tz_header_title, (size_t)head->width + 1);

    for (int32_t j = 0; j < head->width; j++)
        titles[j] = header_title(mem, head, first, count, j);
    return titles;
}

/* Where the parent begins titles of other fields (监护人 over 姓名), the lowest title alone says little. */
static double weight_under(const tz_titles *titles, const tz_header_title *title)
{
    tz_text parent = title->parent_folded;

    if (title->is_under_another)
        return 0.60;
    for (size_t i = 0; i < titles->known.count; i++)
        if (parent.size > 0 && titles->known.items[i].folded.size > parent.size && tz_text_starts(titles->known.items[i].folded, parent))
            return 0.85;
    return 0.99;
}

static tz_column_match match_title(const tz_titles *titles, const tz_header_title *title, int32_t sheet_column)
{
    tz_column_match match = {.sheet_column = sheet_column, .column = -1, .proposed = -1, .header = title->header, .unit_power = -1};

    compare_title(titles, title->joined_folded, title->joined_plain, 1.0, &match);
    if (title->lowest.size < title->joined.size)
        compare_title(titles, title->lowest_folded, title->lowest_plain, weight_under(titles, title), &match);
    return match;
}

/* What somebody said of a header of one line also holds where this reading of the sheet sets other lines above it, so that
 * a correction never speaks for another reading; but not where the header stands whole beside. */
static const tz_map_entry *find_fix(const tz_map *map, const tz_header_title *header, int32_t width, int32_t at)
{
    const tz_map_entry *whole = tz_map_get(map, header[at].written);

    if (whole != NULL || header[at].lowest.size == 0)
        return whole;
    for (int32_t i = 0; i < width; i++)
        if (tz_text_equal(header[i].joined_folded, header[at].lowest_folded))
            return NULL;
    return tz_map_get(map, header[at].lowest_folded);
}

static bool is_fixed_by(const tz_map_entry *named, const char *reason, tz_column_match *match)
{
    if (named == NULL)
        return false;
    match->column = (int)named->value - 1;
    match->score = 1.0;
    match->reason = reason;
    match->is_fixed = true;
    return true;
}

/* ---- Contents ---- */

typedef struct {
    size_t filled, taken, clear; /* cells; read as the type; without any doubt and of a form that only this type has */
    size_t without_digit;
} contents;

/* Forms that no other type shares: what a column of them is can be told without its title. */
static bool is_telling(const tz_column *column, const tz_head_cell *cell, const tz_value *read)
{
    tz_text value = read->text;

    if (value.size == 0 || read->problem.rule != NULL)
        return false;
    switch (column->type) {
    case TZ_TYPE_ID: return true;
    case TZ_TYPE_PHONE: return value.size == 11 && value.data[0] == '1';
    case TZ_TYPE_BANK: return value.size >= 16 && !tz_idcard_is_valid(value);
    case TZ_TYPE_CREDIT_CODE: return value.size == 18 && value.data[0] == '9' && !tz_idcard_is_valid(value);
    case TZ_TYPE_DATE: return cell->look == TZ_LOOK_DATE;
    case TZ_TYPE_DIVISION: return cell->look == TZ_LOOK_WORD;
    default: return false;
    }
}

/* Reads the cells below the header as a register column would. */
static contents look_into(tz_arena *mem, const tz_sheet_head *head, size_t from, int32_t sheet_column, const tz_column *column,
                          const tz_match_hints *hints)
{
    contents         all = {0};
    tz_value_context context = {.county = hints->county};
    tz_value_column  reader = tz_value_column_of(mem, column);

    for (size_t i = from; i < head->rows.count; i++) {
        const tz_head_cell *cell = tz_head_at(head, i, sheet_column);
        tz_value            value;
        if (cell->look == TZ_LOOK_EMPTY || cell->cell == NULL)
            continue;
        all.filled++;
        all.without_digit += strpbrk(tz_text_dup(mem, cell->text), "0123456789") == NULL && cell->look == TZ_LOOK_WORD;
        if (column->type == TZ_TYPE_DIVISION && hints->county == NULL)
            continue;
        tz_value_read(mem, &reader, cell->cell, &context, &value);
        all.taken += value.text.size > 0;
        all.clear += is_telling(column, cell, &value);
    }
    return all;
}

/* A Chinese name: two to four characters, no digit. */
static bool are_names(const tz_sheet_head *head, size_t from, int32_t sheet_column)
{
    size_t names = 0, filled = 0;

    for (size_t i = from; i < head->rows.count; i++) {
        const tz_head_cell *cell = tz_head_at(head, i, sheet_column);
        size_t count = tz_utf8_count(cell->text);
        filled += cell->look != TZ_LOOK_EMPTY;
        names += cell->look == TZ_LOOK_WORD && count >= 2 && count <= 4 && cell->text.size == count * 3;
    }
    return filled >= 2 && names * 5 >= filled * 4;
}

/* A title that is only like the register's is believed where the cells are what the column asks for;
 * one that is the register's own is doubted where they clearly are something else. */
static void weigh_contents(tz_arena *mem, const tz_register *reg, const tz_sheet_head *head, size_t from, const tz_match_hints *hints,
                           tz_column_match *match)
{
    if (match->column < 0 || match->is_fixed)
        return;
    const tz_column *column = &reg->columns.items[match->column];
    bool is_figure = column->type == TZ_TYPE_ID || column->type == TZ_TYPE_DATE || column->type == TZ_TYPE_INT || column->type == TZ_TYPE_DECIMAL ||
                     column->type == TZ_TYPE_MONEY || column->type == TZ_TYPE_PHONE || column->type == TZ_TYPE_BANK;
    contents all = look_into(mem, head, from, match->sheet_column, column, hints);

    if (is_figure && all.filled >= 3 && all.without_digit * 10 >= all.filled * 8) {
        match->score *= 0.65;
        match->reason = "标题相同,内容不像|the title fits, what stands below it does not";
    } else if (match->score >= 0.62 && match->score < TZ_MATCH_SURE && all.filled >= 2) {
        bool is_name = column->type == TZ_TYPE_TEXT && tz_text_ends(tz_text_of(column->name), TZ_TEXT("name")) &&
                       are_names(head, from, match->sheet_column);
        bool is_typed = column->type != TZ_TYPE_TEXT && column->type != TZ_TYPE_INT && all.taken * 5 >= all.filled * 4;
        if (!is_name && !is_typed)
            return;
        match->score = 0.80;
        match->reason = "标题相近,内容相符|a like title, and the cells fit";
    }
}

/* ---- Columns that only their contents tell ---- */

static bool has_column(const tz_column_matches *matches, int column)
{
    for (size_t i = 0; i < matches->count; i++)
        if (matches->items[i].column == column)
            return true;
    return false;
}

/* A register column without a sheet column, and the sheet columns without a register column that hold
 * nothing but its kind: one of each is a match, more are a question. */
static void match_contents(tz_arena *mem, const tz_register *reg, const tz_sheet_head *head, size_t from, const tz_match_hints *hints,
                           int column_index, tz_column_matches *matches)
{
    const tz_column *column = &reg->columns.items[column_index];
    size_t           fitting = 0, rivals = 0, last = 0;

    for (size_t i = 0; i < matches->count; i++) {
        if (matches->items[i].column >= 0 || matches->items[i].proposed >= 0 || matches->items[i].is_fixed)
            continue;
        contents all = look_into(mem, head, from, matches->items[i].sheet_column, column, hints);
        if (all.filled < 2 || all.clear * 5 < all.filled * 4)
            continue;
        fitting++;
        last = i;
    }
    for (size_t i = 0; i < reg->columns.count; i++)
        rivals += reg->columns.items[i].type == column->type && reg->columns.items[i].level == column->level && !has_column(matches, (int)i);
    if (fitting == 0)
        return;
    bool is_one = fitting == 1 && rivals == 1 && column->type != TZ_TYPE_DATE && column->type != TZ_TYPE_BANK;
    matches->items[last].score = is_one ? 0.78 : 0.60;
    matches->items[last].column = is_one ? column_index : -1;
    matches->items[last].proposed = column_index;
    matches->items[last].reason = is_one ? "由内容认出|told by what stands in it"
                                         : "内容相符,但不止一种可能|the cells fit, but so does something else";
}

/* ---- Numbering ---- */

/* 1, 2, 3 … down the rows. */
static bool numbers_rows(const tz_sheet_head *head, size_t from, int32_t sheet_column)
{
    int64_t before = 0, value = 0;
    size_t  steps = 0;

    for (size_t i = from; i < head->rows.count; i++) {
        const tz_head_cell *cell = tz_head_at(head, i, sheet_column);
        if (cell->look == TZ_LOOK_EMPTY || !tz_text_int(cell->text, &value))
            continue;
        if (value != before + 1 && !(steps > 0 && value == 1) && before != 0)
            return false;
        steps += value == before + 1;
        before = value;
    }
    return steps >= 2;
}

static bool is_numbering_title(const char *header)
{
    static const char *const TITLES[] = {"序号", "编号", "行号", "顺序号", "排序", "No.", "NO", "no", NULL};
    for (size_t i = 0; TITLES[i] != NULL; i++)
        if (strcmp(header, TITLES[i]) == 0)
            return true;
    return false;
}

/* ---- All columns ---- */

/* Of two sheet columns that claim one field the better title keeps it; equal ones: the first. */
static void settle_claims(tz_column_matches *matches)
{
    for (size_t i = 0; i < matches->count; i++)
        for (size_t j = 0; j < matches->count; j++) {
            tz_column_match *a = &matches->items[i], *b = &matches->items[j];
            if (i == j || a->column < 0 || a->column != b->column || (a->part != b->part && a->part > 0 && b->part > 0))
                continue;
            if (b->score > a->score || (b->score == a->score && j < i)) {
                a->proposed = a->score < TZ_MATCH_SURE && a->score >= TZ_MATCH_ASKED ? a->column : -1;
                a->column = -1;
                a->reason = a->proposed < 0 ? "另一列更合适|another column fits better" : a->reason;
            }
        }
}

/* What is not sure is proposed, not taken. */
static void set_aside_doubts(tz_column_matches *matches)
{
    for (size_t i = 0; i < matches->count; i++) {
        tz_column_match *match = &matches->items[i];
        if (match->column < 0 || match->score >= TZ_MATCH_SURE)
            continue;
        match->proposed = match->score >= TZ_MATCH_ASKED ? match->column : -1;
        match->column = -1;
    }
    for (size_t i = 0; i < matches->count; i++) /* no question where the field has its column */
        if (matches->items[i].proposed >= 0 && has_column(matches, matches->items[i].proposed))
            matches->items[i].proposed = matches->items[i].column < 0 ? -1 : matches->items[i].proposed;
}

/* Registers' columns that no title told: by what stands in the others. */
static void match_untitled(tz_arena *mem, const tz_register *reg, const tz_sheet_head *head, size_t from, const tz_match_hints *hints,
                           tz_column_matches *matches)
{
    for (size_t i = 0; i < reg->columns.count; i++) {
        tz_type type = reg->columns.items[i].type;
        bool    is_telling_type = type == TZ_TYPE_ID || type == TZ_TYPE_PHONE || type == TZ_TYPE_BANK || type == TZ_TYPE_CREDIT_CODE ||
                               type == TZ_TYPE_DATE || type == TZ_TYPE_DIVISION;
        if (is_telling_type && !has_column(matches, (int)i))
            match_contents(mem, reg, head, from, hints, (int)i, matches);
    }
    for (size_t i = 0; i < matches->count; i++) {
        tz_column_match *match = &matches->items[i];
        bool is_free = match->column < 0 && match->proposed < 0;
        if (is_free && (is_numbering_title(match->header) || numbers_rows(head, from, match->sheet_column)))
            match->reason = "行的编号,不取|numbers the rows: left out";
    }
}

void tz_match_columns(tz_arena *mem, const tz_register *reg, const tz_titles *titles, const tz_sheet_head *head, const tz_header_title *header,
                      size_t from, const tz_match_hints *hints, bool with_contents, tz_column_matches *ret_matches)
{
    tz_assert(mem != NULL && reg != NULL && titles != NULL && head != NULL && header != NULL && hints != NULL);
    tz_column_matches matches = {0};

    for (int32_t j = 0; j < head->width; j++) {
        if (header[j].joined.size == 0 && tz_head_at(head, from, j)->look == TZ_LOOK_EMPTY)
            continue;
        tz_column_match match = match_title(titles, &header[j], j);
        tz_text written = header[j].written;
        bool    is_fixed =
            (hints->by_hand != NULL && is_fixed_by(find_fix(hints->by_hand, header, head->width, j), "由经办人指定|set by hand", &match)) ||
            (hints->fixed != NULL && is_fixed_by(tz_map_get(hints->fixed, written), "由 mapping.yaml 指定|fixed by mapping.yaml", &match)) ||
            (hints->confirmed != NULL &&
             is_fixed_by(tz_map_get(hints->confirmed, written), "该单位上次已确认|confirmed before for this unit", &match));
        if (with_contents && !is_fixed)
            weigh_contents(mem, reg, head, from, hints, &match);
        tz_push(mem, &matches, match);
    }
    tz_repeat_match(mem, reg, titles, hints->year, &matches);
    settle_claims(&matches);
    set_aside_doubts(&matches);
    if (with_contents)
        match_untitled(mem, reg, head, from, hints, &matches);
    *ret_matches = matches;
}
