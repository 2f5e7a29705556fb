#include "evidence/layout.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

enum { ROWS_BELOW = 12 };

/* ---- Rows that are no header ---- */

bool tz_starts_with_any(tz_text text, const char *const *words)
{
    for (; *words != NULL; words++)
        if (tz_text_starts(text, tz_text_of(*words)))
            return true;
    return false;
}

bool tz_row_is_numbering(const tz_row *row)
{
    static const char *const STEMS[] = {"甲", "乙", "丙", "丁"};
    int64_t before = 0;
    size_t  filled = 0, stems = 0;

    for (size_t i = 0; i < row->count; i++) {
        tz_text text = tz_text_trim(row->cells[i].text);
        int64_t value = 0;
        if (text.size == 0)
            continue;
        filled++;
        if (stems < 4 && before == 0 && tz_text_is(text, STEMS[stems])) {
            stems++;
            continue;
        }
        if (text.size > 2 && text.data[0] == '(' && text.data[text.size - 1] == ')')
            text = tz_text_cut(text, 1, text.size - 2);
        if (!tz_text_int(text, &value) || value != before + 1)
            return false;
        before = value;
    }
    return filled >= 3 && before + (int64_t)stems >= 3;
}

/* 单位:万元, 填报单位:…, 数据来源: a line that speaks of the table. */
static bool is_caption(tz_text text)
{
    static const char *const WORDS[] = {"单位:", "单位:", "填报", "制表", "填表", "审核", "数据来源", "数据库", "时间:", "时间:",
                                        "日期:", "日期:", "续表", "附件", "附表", "表号", "注:", "注:", "编制", "指标:", "指标:",
                                        "计量单位", "金额单位", "货币单位", "截至", "统计时间", "报送", NULL};
    return tz_starts_with_any(text, WORDS);
}

/* Words that head columns rather than stand in them. */
static bool is_heading(tz_text text)
{
    static const char *const WORDS[] = {"序号", "编号", "姓名", "名称", "性别", "身份证", "证号", "号码", "电话", "单位", "地址",
                                        "金额", "日期", "时间", "备注", "合计", "小计", "数量", "单价", "项目", "类别", "类型",
                                        "地区", "乡镇", "村", "人数", "户数", "面积", "年份", "年度", "指标", "比例", "比重",
                                        "账号", "开户", "学校", "年级", "班级", "期初", "期末", "本期", "上期", "余额", "说明",
                                        "内容", "情况", "标准", "增长", "总额", "排名", "等级", NULL};
    for (size_t i = 0; WORDS[i] != NULL; i++)
        if (tz_text_find(text, tz_text_of(WORDS[i]), 0) != SIZE_MAX)
            return true;
    return false;
}

/* ---- Depth ---- */

/* The last row of the head that the merged areas of row `index` reach down to. */
static size_t reach_of(const tz_sheet_head *head, size_t index)
{
    size_t reach = index;

    for (int32_t j = 0; j < head->width; j++) {
        const tz_head_cell *cell = tz_head_at(head, index, j);
        if (cell->area < 0 || cell->look != TZ_LOOK_WORD)
            continue;
        int64_t last = head->merges.items[cell->area].last_row;
        while (reach + 1 < head->rows.count && head->rows.items[reach + 1].row_no <= last)
            reach++;
    }
    return reach;
}

/* Under a parent that is merged over columns at least two of them have titles of their own. */
static bool has_titles_under(const tz_sheet_head *head, size_t index, int32_t column)
{
    const tz_merge *area = &head->merges.items[tz_head_at(head, index, column)->area];
    size_t          own = 0, other = 0;

    for (int32_t j = area->first_column; j <= area->last_column; j++) {
        const tz_head_cell *below = tz_head_at(head, index + 1, j);
        bool is_title = below->look == TZ_LOOK_WORD || below->look == TZ_LOOK_PERIOD;
        own += is_title && tz_head_is_first(head, index + 1, j);
        other += below->look != TZ_LOOK_EMPTY && !is_title;
    }
    return own >= 2 && other == 0;
}

/* A row with a figure of its own is no row of titles. */
static bool has_figure(const tz_sheet_head *head, size_t index)
{
    for (int32_t j = 0; j < head->width; j++) {
        tz_look look = tz_head_at(head, index, j)->look;
        if (look == TZ_LOOK_NUMBER || look == TZ_LOOK_DIGITS || look == TZ_LOOK_DATE)
            return true;
    }
    return false;
}

static bool has_parents(const tz_sheet_head *head, size_t index)
{
    if (has_figure(head, index + 1))
        return false;
    for (int32_t j = 0; j < head->width; j++) {
        const tz_head_cell *cell = tz_head_at(head, index, j);
        if (cell->area < 0 || !tz_head_is_first(head, index, j))
            continue;
        const tz_merge *area = &head->merges.items[cell->area];
        if (area->last_column > area->first_column && area->last_row == head->rows.items[index].row_no && has_titles_under(head, index, j))
            return true;
    }
    return false;
}

/* The look of a two-row header whose merges were lost (saved as text): a gap above each title below,
 * nothing below the titles that reach down, no figure in either row. */
static bool has_gaps_for(const tz_sheet_head *head, size_t index)
{
    size_t above = 0, below = 0, gaps = 0, holes = 0;

    for (int32_t j = 0; j < head->width; j++) {
        const tz_head_cell *a = tz_head_at(head, index, j), *b = tz_head_at(head, index + 1, j);
        if (b->area >= 0 || (b->look != TZ_LOOK_EMPTY && b->look != TZ_LOOK_WORD && b->look != TZ_LOOK_PERIOD))
            return false;
        above += a->look != TZ_LOOK_EMPTY;
        below += b->look != TZ_LOOK_EMPTY;
        gaps += a->look == TZ_LOOK_EMPTY && b->look != TZ_LOOK_EMPTY;
        holes += a->look != TZ_LOOK_EMPTY && b->look == TZ_LOOK_EMPTY;
    }
    return above >= 2 && below >= 2 && gaps >= 1 && holes >= 1;
}

/* How many rows the header has that begins at row `first`: 1..TZ_HEADER_DEPTH. */
static size_t header_depth(const tz_sheet_head *head, size_t first)
{
    size_t last = first;

    for (size_t now = first; now <= last && now - first < TZ_HEADER_DEPTH; now++) {
        size_t reach = reach_of(head, now);
        last = reach > last ? reach : last;
        if (now == last && now + 1 < head->rows.count && (has_parents(head, now) || has_gaps_for(head, now)))
            last = now + 1;
    }
    return last - first + 1 > TZ_HEADER_DEPTH ? TZ_HEADER_DEPTH : last - first + 1;
}

/* ---- Scores ---- */

typedef struct {
    size_t titled, texts, distinct, headings; /* of the header's columns */
    size_t used;                              /* columns that hold anything in header or rows below */
    size_t contrast, judged;                  /* columns of rows that look unlike their title */
    size_t below;                             /* rows below */
    bool   is_numbered;
} place_facts;

/* A column's title: the lowest text of the header in it. */
static const tz_head_cell *title_of(const tz_sheet_head *head, size_t first, size_t count, int32_t column)
{
    for (size_t i = first + count; i > first; i--) {
        const tz_head_cell *cell = tz_head_at(head, i - 1, column);
        if (cell->look != TZ_LOOK_EMPTY)
            return cell;
    }
    return tz_head_at(head, first, column);
}

/* Whether a column's cells below look unlike words: -1 nothing to see, 0 words, 1 figures. */
static int look_below(const tz_sheet_head *head, size_t from, int32_t column)
{
    size_t words = 0, others = 0;

    for (size_t i = from; i < head->rows.count && i < from + ROWS_BELOW; i++) {
        tz_look look = tz_head_at(head, i, column)->look;
        words += look == TZ_LOOK_WORD;
        others += look > TZ_LOOK_WORD;
    }
    return words + others == 0 ? -1 : others > words;
}

static place_facts look_at(const tz_sheet_head *head, size_t first, size_t count)
{
    place_facts facts = {0};
    int64_t     year_before = 0, year = 0;

    for (int32_t j = 0; j < head->width; j++) {
        const tz_head_cell *title = title_of(head, first, count, j);
        int  below = look_below(head, first + count, j);
        bool is_new = true;
        facts.used += title->look != TZ_LOOK_EMPTY || below >= 0;
        if (title->look == TZ_LOOK_EMPTY)
            continue;
        facts.titled++;
        bool is_year = title->look == TZ_LOOK_PERIOD && tz_text_int(title->text, &year);
        bool is_next_year = !is_year || year_before == 0 || llabs(year - year_before) <= 1;
        facts.texts += title->look == TZ_LOOK_WORD || (title->look == TZ_LOOK_PERIOD && is_next_year);
        year_before = is_year ? year : year_before;
        facts.headings += title->look == TZ_LOOK_WORD && is_heading(title->text);
        facts.judged += below >= 0;
        facts.contrast += below == 1 && title->look == TZ_LOOK_WORD;
        for (int32_t k = j - 1; k >= 0 && k > j - 12 && is_new; k--)
            is_new = !tz_text_equal(title_of(head, first, count, k)->text, title->text);
        facts.distinct += is_new;
    }
    for (size_t i = first + count; i < head->rows.count && i < first + count + ROWS_BELOW; i++)
        facts.below += tz_head_filled(head, i) > 0;
    facts.is_numbered = first + count < head->rows.count && tz_row_is_numbering(&head->rows.items[first + count]);
    return facts;
}

static double share(size_t part, size_t whole)
{
    return whole == 0 ? 0 : (double)part / (double)whole;
}

/* Whether the row is of the kind that stands above a table: a title, a caption, nothing. */
static bool is_above(const tz_sheet_head *head, size_t index, size_t titled)
{
    size_t filled = tz_head_filled(head, index), captions = 0, covered = 0;

    for (int32_t j = 0; j < head->width; j++) {
        captions += tz_head_is_first(head, index, j) && is_caption(tz_head_at(head, index, j)->text);
        covered += tz_head_at(head, index, j)->look != TZ_LOOK_EMPTY;
    }
    /* Three titles and more that cover the width are a header whose columns are merged. */
    bool is_sparse = filled * 3 <= titled && (filled <= 2 || covered * 2 <= (size_t)head->width);
    return filled <= 1 || is_sparse || captions > 0;
}

/* The row goes on with a header that begins above it: under a parent, or beside titles that reach down. */
static bool is_continued(const tz_sheet_head *head, size_t first)
{
    for (int32_t j = 0; first > 0 && j < head->width; j++) {
        const tz_head_cell *cell = tz_head_at(head, first, j);
        if (cell->area >= 0 && cell->look == TZ_LOOK_WORD && head->merges.items[cell->area].first_row < head->rows.items[first].row_no)
            return true;
    }
    return first > 0 && tz_head_filled(head, first - 1) >= 2 && has_parents(head, first - 1);
}

static double score_of(const tz_sheet_head *head, size_t first, size_t count)
{
    place_facts facts = look_at(head, first, count);
    size_t      dense = 0;

    if (facts.titled < 2 || facts.texts * 2 < facts.titled || is_above(head, first, facts.titled))
        return 0;
    for (size_t i = 0; i < first; i++)
        dense += !is_above(head, i, facts.titled);
    double score = 0.35 * share(facts.titled, facts.used) + 0.20 * share(facts.texts, facts.titled) + 0.10 * share(facts.distinct, facts.titled) +
                   0.15 * share(facts.contrast, facts.judged) + 0.10 * share(facts.headings, facts.titled) +
                   (facts.is_numbered ? 0.10 : 0) + (facts.below > 0 ? 0.10 : 0) - 0.15 * (double)dense - 0.002 * (double)first -
                   (is_continued(head, first) ? 0.3 : 0);
    return score < 0 ? 0 : score > 1 ? 1 : score;
}

static int compare_places(const void *a, const void *b)
{
    const tz_header_place *x = a, *y = b;

    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return (x->first > y->first) - (x->first < y->first);
}

void tz_layout_find(tz_arena *mem, const tz_sheet_head *head, tz_layout *ret_layout)
{
    tz_assert(mem != NULL && head != NULL && ret_layout != NULL);
    tz_layout layout = {0};

    for (size_t first = 0; first < head->rows.count && first < TZ_HEADER_ROWS; first++) {
        tz_header_place place = {.first = first, .count = header_depth(head, first)};
        place.score = score_of(head, place.first, place.count);
        if (place.score > 0)
            tz_push(mem, &layout.places, place);
    }
    if (layout.places.count > 0) {
        qsort(layout.places.items, layout.places.count, sizeof layout.places.items[0], compare_places);
        layout.is_sure = layout.places.items[0].score >= 0.55 &&
                         (layout.places.count == 1 || layout.places.items[0].score - layout.places.items[1].score >= 0.03);
    }
    *ret_layout = layout;
}
