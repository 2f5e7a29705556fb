#include "evidence/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/half.h"
#include "evidence/memory.h"
#include "evidence/when.h"

/* Below this no register is said to fit; two that lie nearer than this can't be told apart. */
#define LEAST_SCORE 0.25
#define LEAST_LEAD 0.015

/* Readings that are looked into beyond their titles: this many at most, this many of a register. */
enum { LOOKED_INTO = 12, LOOKED_INTO_EACH = 3, LIKELY_PLACES = 8 };

/* A register at a header. */
typedef struct {
    const tz_register *reg;
    const tz_titles   *titles;
    const tz_header_title *header;
    const char        *above; /* file's name and texts above the header */
    tz_match_hints     hints;
    size_t             first, count;
    double             score; /* by titles alone */
} candidate;

typedef struct {
    tz_arena             *mem;
    const tz_sheet_head  *head;
    const tz_sheet_hints *hints;
    tz_layout             layout;
    const tz_header_title *headers[TZ_HEADER_ROWS][TZ_HEADER_DEPTH]; /* by first row and count - 1; NULL: not looked at */
    const char           *above[TZ_HEADER_ROWS]; /* by header row: file's name and the texts above it */
    int                   years[TZ_HEADER_ROWS]; /* that these tell, -1: not looked for */
    struct { candidate *items; size_t count; size_t room; } candidates;
    struct { tz_understanding *items; size_t count; size_t room; } complete; /* readings that lack nothing */
    tz_understanding      best, nearest;
} understanding;

/* ---- One reading: a register at a header ---- */

static bool has_column(const tz_understanding *reading, int column)
{
    for (size_t i = 0; i < reading->columns.count; i++)
        if (reading->columns.items[i].column == column)
            return true;
    return false;
}

static bool has_part(const tz_understanding *reading)
{
    for (size_t i = 0; i < reading->columns.count; i++)
        if (reading->columns.items[i].period != NULL)
            return true;
    return false;
}

static bool is_proposed(const tz_understanding *reading, int column)
{
    for (size_t i = 0; i < reading->columns.count; i++)
        if (reading->columns.items[i].proposed == column)
            return true;
    return false;
}

/* Missing are required columns; a period may come from the title or from repeated columns. */
static bool is_missing(const tz_understanding *reading, size_t column)
{
    const tz_register *reg = reading->reg;
    bool is_period = (int)column == reg->period_column || ((int)column == reg->unpivot.by && has_part(reading));

    return reg->columns.items[column].is_required && !is_period && !has_column(reading, (int)column);
}

/* The required columns that a reading lacks, "、" between them; "" when it is complete. */
static const char *what_lacks(tz_arena *mem, const tz_understanding *reading)
{
    tz_buf names = tz_buf_init(mem, 0);

    for (size_t i = 0; i < reading->reg->columns.count; i++)
        if (is_missing(reading, i))
            tz_buf_printf(&names, "%s%s", names.size == 0 ? "" : "、", tz_half_dup(mem, reading->reg->columns.items[i].title, TZ_ZH));
    return tz_buf_str(&names);
}

/* Columns without which the row can't be taken or nobody knows whose it is. */
static bool is_vital(const tz_register *reg, int column)
{
    for (size_t i = 0; i < reg->key.count; i++)
        if (reg->key.items[i] == column)
            return true;
    for (size_t i = 0; i < reg->identities.count; i++)
        if (reg->identities.items[i].id == column || reg->identities.items[i].name == column)
            return true;
    return reg->columns.items[column].is_required;
}

/* The vital columns that only a doubtful column could be. */
static const char *question_of(tz_arena *mem, const tz_understanding *reading)
{
    tz_buf zh = tz_buf_init(mem, 0), en = tz_buf_init(mem, 0);

    for (size_t i = 0; i < reading->columns.count; i++) {
        const tz_column_match *match = &reading->columns.items[i];
        if (match->proposed < 0 || match->column >= 0 || !is_vital(reading->reg, match->proposed) || has_column(reading, match->proposed))
            continue;
        const tz_column *column = &reading->reg->columns.items[match->proposed];
        tz_buf_printf(&zh, "%s“%s”是不是“%s”", zh.size == 0 ? "" : ";", match->header, tz_half_dup(mem, column->title, TZ_ZH));
        tz_buf_printf(&en, "%swhether '%s' is %s", en.size == 0 ? "" : "; ", match->header, column->name);
    }
    return zh.size == 0 ? NULL : tz_arena_printf(mem, "%s|%s", tz_buf_str(&zh), tz_buf_str(&en));
}

static double layout_score(const understanding *of, size_t first, size_t count)
{
    for (size_t i = 0; i < of->layout.places.count; i++)
        if (of->layout.places.items[i].first == first && of->layout.places.items[i].count == count)
            return of->layout.places.items[i].score;
    return 0;
}

/* How well the register reads the header: the share of the header's titles that it knows, of its
 * columns that are there, whether the title names it, and how much the place looks like a header. */
static double score_of(const understanding *of, const tz_understanding *reading)
{
    size_t titles = 0, known = 0, fields = 0;
    double sure = 0;
    bool   is_named = tz_text_find(tz_text_of(reading->titles), tz_text_of(tz_half_dup(of->mem, reading->reg->title, TZ_ZH)), 0) != SIZE_MAX;

    for (size_t i = 0; i < reading->columns.count; i++) {
        const tz_column_match *match = &reading->columns.items[i];
        bool is_known = match->column >= 0 || match->proposed >= 0;
        titles += match->header[0] != '(' || match->column >= 0;
        known += is_known;
        sure += match->column >= 0 ? match->score : match->proposed >= 0 ? 0.5 * match->score : 0;
    }
    for (size_t i = 0; i < reading->reg->columns.count; i++)
        fields += has_column(reading, (int)i) || is_proposed(reading, (int)i);
    if (known < 2)
        return 0;
    return 0.5 * sure / (double)titles + 0.4 * (double)fields / (double)reading->reg->columns.count + (is_named ? 0.3 : 0.0) -
           0.001 * (double)(reading->header_count - 1) + 0.10 * layout_score(of, reading->header_first, reading->header_count);
}

/* ---- Hints ---- */

/* The year that the title, else the file's name, tells. */
static int year_in(const char *titles, const char *file)
{
    const char *const texts[] = {titles, file};

    for (size_t i = 0; i < 2; i++) {
        tz_when     when = tz_when_in(texts[i]);
        const char *period = when.year[0] ? when.year : when.month[0] ? when.month : when.term;
        int64_t     year = 0;
        if (tz_text_int(tz_text_cut(tz_text_of(period), 0, 4), &year))
            return (int)year;
        if (when.date != 0)
            return when.date / 10000;
    }
    return 0;
}

static const tz_map *by_hand_of(const tz_sheet_hints *hints, const tz_register *reg)
{
    for (size_t i = 0; hints->by_hand != NULL && i < hints->by_hand->count; i++)
        if (hints->by_hand->items[i].reg == reg)
            return &hints->by_hand->items[i].columns;
    return NULL;
}

static tz_match_hints hints_for(understanding *of, const tz_register *reg, size_t first)
{
    const tz_sheet_hints *hints = of->hints;
    const char           *titles = of->above[first];
    tz_match_hints        match = {.county = hints->county, .fixed = hints->fixed, .by_hand = by_hand_of(hints, reg)};

    if (reg->unpivot.by >= 0 && of->years[first] < 0)
        of->years[first] = year_in(titles, hints->file);
    match.year = of->years[first] < 0 ? 0 : of->years[first];
    if (hints->memory == NULL || !tz_memory_has(hints->memory, reg->name))
        return match;
    const char *sender = hints->sender;
    if (sender == NULL && hints->county != NULL)
        sender = tz_sender_in(hints->county, reg, titles);
    if (sender == NULL && hints->county != NULL)
        sender = tz_sender_in(hints->county, reg, hints->file);
    if (sender == NULL && reg->owners.count > 0)
        sender = reg->owners.items[0];
    match.confirmed = tz_memory_of(hints->memory, reg->name, sender);
    return match;
}

/* ---- All readings ---- */

static void consider(understanding *of, const tz_understanding *reading)
{
    if (what_lacks(of->mem, reading)[0] == '\0')
        tz_push(of->mem, &of->complete, *reading);
    else if (reading->score > of->nearest.score)
        of->nearest = *reading; /* a doubtful column may be the missing one: a question, and better than none */
}

/* The best reading; where a good one of a table stands above it, that one: tables are read from above. */
static void choose(understanding *of)
{
    for (size_t i = 0; i < of->complete.count; i++)
        if (of->complete.items[i].score > of->best.score)
            of->best = of->complete.items[i];
    const double least = of->best.score - 0.35 > 0.5 ? of->best.score - 0.35 : 0.5;
    size_t       end = of->best.header_first;
    double       score = 0;
    for (size_t i = 0; of->best.reg != NULL && i < of->complete.count; i++) {
        const tz_understanding *above = &of->complete.items[i];
        if (above->score < least || above->header_first + above->header_count >= end || above->score <= score)
            continue;
        of->best = *above;
        score = above->score;
    }
}

/* The best reading of the chosen one's header by another register, or NULL. */
static const tz_understanding *rival_of(const understanding *of)
{
    const tz_understanding *rival = NULL, *best = &of->best;

    for (size_t i = 0; i < of->complete.count; i++) {
        const tz_understanding *now = &of->complete.items[i];
        bool is_apart = now->header_first >= best->header_first + best->header_count || best->header_first >= now->header_first + now->header_count;
        if (now->reg != best->reg && !is_apart && (rival == NULL || now->score > rival->score))
            rival = now;
    }
    return rival;
}

/* Whether the lowest row of a header may be one: at least two texts, few numbers. */
static bool may_be_header(const tz_sheet_head *head, size_t index)
{
    size_t texts = 0, numbers = 0;

    for (int32_t j = 0; j < head->width; j++) {
        tz_look look = tz_head_at(head, index, j)->look;
        texts += look == TZ_LOOK_WORD || look == TZ_LOOK_PERIOD;
        numbers += look == TZ_LOOK_NUMBER || look == TZ_LOOK_DIGITS || look == TZ_LOOK_DATE;
    }
    return texts >= 2 && numbers <= texts;
}

static tz_understanding read_as(understanding *of, const candidate *at, bool with_contents)
{
    tz_understanding reading = {.reg = at->reg, .header_first = at->first, .header_count = at->count, .titles = at->above, .unit_power = -1};

    tz_match_columns(of->mem, at->reg, at->titles, of->head, at->header, at->first + at->count, &at->hints, with_contents, &reading.columns);
    reading.score = score_of(of, &reading);
    return reading;
}

/* Keeps the register's best places. */
static void keep_best(candidate *best, size_t *count, const candidate *now)
{
    size_t at = *count < LOOKED_INTO_EACH ? (*count)++ : LOOKED_INTO_EACH;

    while (at > 0 && best[at - 1].score < now->score) {
        if (at < LOOKED_INTO_EACH)
            best[at] = best[at - 1];
        at--;
    }
    if (at < LOOKED_INTO_EACH)
        best[at] = *now;
}

/* The places where a header may be: the rows that look like one, and each with the rows below it. */
static void find_headers(understanding *of, bool in_all_rows)
{
    for (size_t i = 0; i < TZ_HEADER_ROWS; i++)
        of->years[i] = -1;
    for (size_t first = 0; first < of->head->rows.count && first < TZ_HEADER_ROWS; first++) {
        bool is_likely = in_all_rows;
        for (size_t i = 0; i < of->layout.places.count && i < LIKELY_PLACES; i++)
            is_likely |= of->layout.places.items[i].first == first;
        for (size_t count = 1; is_likely && count <= TZ_HEADER_DEPTH && first + count <= of->head->rows.count; count++)
            if (may_be_header(of->head, first + count - 1))
                of->headers[first][count - 1] = tz_header_titles(of->mem, of->head, first, count);
        if (is_likely)
            of->above[first] = tz_arena_printf(of->mem, "%s\n%s", of->hints->file, tz_head_texts(of->mem, of->head, first));
    }
}

/* Tries one register at every header, by titles. */
static void try_register(understanding *of, const tz_register *reg)
{
    candidate best[LOOKED_INTO_EACH];
    size_t    found = 0;
    candidate now = {.reg = reg, .titles = tz_titles_of(of->mem, reg)};

    for (now.first = 0; now.first < TZ_HEADER_ROWS; now.first++) {
        if (of->above[now.first] == NULL)
            continue;
        now.above = of->above[now.first];
        now.hints = hints_for(of, reg, now.first);
        for (now.count = 1; now.count <= TZ_HEADER_DEPTH; now.count++) {
            now.header = of->headers[now.first][now.count - 1];
            if (now.header == NULL)
                continue;
            now.score = read_as(of, &now, false).score;
            if (now.score > 0)
                keep_best(best, &found, &now);
        }
    }
    for (size_t i = 0; i < found; i++)
        tz_push(of->mem, &of->candidates, best[i]);
}

static int compare_candidates(const void *a, const void *b)
{
    const candidate *x = a, *y = b;

    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    return (x->first > y->first) - (x->first < y->first);
}

/* The most promising readings, looked into. */
static void read_best(understanding *of)
{
    if (of->candidates.count > 1)
        qsort(of->candidates.items, of->candidates.count, sizeof of->candidates.items[0], compare_candidates);
    for (size_t i = 0; i < of->candidates.count && i < LOOKED_INTO; i++) {
        tz_understanding reading = read_as(of, &of->candidates.items[i], true);
        consider(of, &reading);
    }
}

/* ---- The outcome ---- */

/* No complete reading: one that only lacks what a doubtful column may be is asked about, any other
 * only named, unless somebody looks who may say more of it. */
static void take_nearest(understanding *of)
{
    const tz_understanding *nearest = &of->nearest;

    if (nearest->reg == NULL || (nearest->score <= 0.3 && of->hints->wanted == NULL))
        return;
    bool is_answerable = true;
    for (size_t i = 0; i < nearest->reg->columns.count; i++)
        is_answerable = is_answerable && (!is_missing(nearest, i) || is_proposed(nearest, (int)i));
    if ((is_answerable && nearest->score >= LEAST_SCORE) || of->hints->takes_nearest)
        of->best = *nearest;
    else
        of->best.nearest = tz_arena_printf(of->mem, "%s(缺:%s)", tz_half_dup(of->mem, nearest->reg->title, TZ_ZH), what_lacks(of->mem, nearest));
}

/* Of a reading that is only the nearest. */
static void ask_for_columns(understanding *of)
{
    const char *lacks = what_lacks(of->mem, &of->best);

    if (lacks[0] != '\0')
        of->best.question = tz_arena_printf(of->mem, "缺少必需的“%s”:是哪一列|required and not there: %s; which column is it", lacks, lacks);
}

static void ask_which_register(understanding *of)
{
    const tz_understanding *a = &of->best, *b = rival_of(of);

    if (b == NULL || a->score - b->score >= LEAST_LEAD || of->hints->wanted != NULL)
        return;
    of->best.question = tz_arena_printf(of->mem, "是名册“%s”还是“%s”,请指明名册|whether it is register %s or %s: name the register",
                                        tz_half_dup(of->mem, a->reg->title, TZ_ZH), tz_half_dup(of->mem, b->reg->title, TZ_ZH),
                                        a->reg->name, b->reg->name);
}

static void describe(understanding *of)
{
    tz_understanding *best = &of->best;

    best->titles = tz_head_texts(of->mem, of->head, best->header_first);
    best->header_row = of->head->rows.items[best->header_first].row_no;
    best->last_header_row = of->head->rows.items[best->header_first + best->header_count - 1].row_no;
    best->unit_power = tz_unit_in(of->mem, best->titles);
    for (size_t i = 0; i < best->columns.count; i++)
        best->columns.items[i].unit_power = tz_unit_in(of->mem, best->columns.items[i].header);
    best->first_row = 1;
    best->until_row = INT64_MAX;
    best->question = question_of(of->mem, best);
    if (best->question == NULL)
        ask_for_columns(of);
    if (best->question == NULL)
        ask_which_register(of);
}

/* Reads the headers as every register, and chooses. */
static void try_all(understanding *of, bool in_all_rows)
{
    const tz_sheet_hints *hints = of->hints;

    find_headers(of, in_all_rows);
    for (size_t i = 0; i < hints->packs->packs.count; i++)
        for (size_t j = 0; j < hints->packs->packs.items[i].registers.count; j++) {
            const tz_register *reg = &hints->packs->packs.items[i].registers.items[j];
            if (hints->wanted == NULL || hints->wanted == reg)
                try_register(of, reg);
        }
    read_best(of);
    choose(of);
}

void tz_sheet_understand(tz_arena *mem, const tz_sheet_head *head, const tz_sheet_hints *hints, tz_understanding *ret_understanding)
{
    tz_assert(mem != NULL && head != NULL && hints != NULL && hints->packs != NULL && hints->file != NULL);
    understanding *of = tz_new(mem, understanding);

    *of = (understanding){.mem = mem, .head = head, .hints = hints, .best = {.score = LEAST_SCORE}};
    tz_layout_find(mem, head, &of->layout);
    try_all(of, false);
    if (of->best.reg == NULL && of->layout.places.count > 0) {
        of->candidates.count = of->complete.count = 0;
        try_all(of, true);
    }
    of->best.nearest = "";
    if (of->best.reg == NULL)
        take_nearest(of);
    if (of->best.reg != NULL)
        describe(of);
    *ret_understanding = of->best;
}
