#include "report/saying.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

/* A word counts by its length and loses by its distance, both in bytes (a Chinese character has three), and
 * as much as a short clause where it stands in another one. */
enum { WORD_WEIGHT = 8, FARTHEST = 150, OTHER_CLAUSE = 40, OWN_UNIT = 40, WHOLE_TITLE = 1000, BEHIND_ALL = 100000, LEAST_TITLE_PERCENT = 75 };

typedef struct {
    size_t  item;
    size_t  saying; /* index among all sayings, or SIZE_MAX with figure */
    const tz_figure *figure;
    int64_t score;
} candidate;

typedef struct {
    const tz_figure *figure;
    size_t           size;  /* of its Chinese title as written */
    tz_text          title; /* without blanks */
} titled;

typedef struct {
    tz_arena *mem;
    tz_text   text;
    const tz_packs     *packs;
    const tz_said_list *said;
    struct { const tz_saying **items; size_t count, room; } sayings;
    struct { titled *items; size_t count, room; } titles;
    size_t    sentence, sentence_size; /* whose text without blanks `unspaced` is; SIZE_MAX: none yet */
    tz_text   unspaced;
    struct { candidate *items; size_t count, room; } candidates;
} matching;

/* ---- Units ---- */

int tz_unit_power(const char *unit, const char **ret_base)
{
    static const struct { const char *unit, *base; int power; } UNITS[] = {
        {"千元", "元", 3},  {"万元", "元", 4},     {"亿元", "元", 8}, {"万人次", "人次", 4}, {"万人", "人", 4}, {"万亩", "亩", 4},
        {"万吨", "吨", 4},  {"万千瓦", "千瓦", 4}, {"万度", "度", 4}, {"兆瓦", "千瓦", 3},   {"MW", "千瓦", 3}, {"kW", "千瓦", 0},
        {"kWh", "度", 0}, {"千瓦时", "度", 0},   {"名", "人", 0},   {"位", "人", 0},       {"千米", "公里", 0}, {"km", "公里", 0},
        {"条", "项", 0}};

    for (size_t i = 0; i < sizeof UNITS / sizeof UNITS[0]; i++)
        if (strcmp(unit, UNITS[i].unit) == 0) {
            *ret_base = UNITS[i].base;
            return UNITS[i].power;
        }
    *ret_base = unit;
    return 0;
}

/* 个 and 个乡镇 count the same things; 户 and 人 don't. */
static bool is_same_unit(const char *a, const char *b)
{
    const char *base_a, *base_b;

    (void)tz_unit_power(a, &base_a);
    (void)tz_unit_power(b, &base_b);
    size_t size_a = strlen(base_a), size_b = strlen(base_b);
    return size_a > 0 && size_b > 0 && strncmp(base_a, base_b, size_a < size_b ? size_a : size_b) == 0;
}

static bool is_claim_kind(tz_figure_kind kind)
{
    return kind == TZ_UNIVERSAL || kind == TZ_MOSTLY;
}

/* What is reported in 万元 is no sum of a few yuan: that is one row of it. */
static bool is_of_size(const tz_said *said, const char *unit)
{
    const char *base;
    int         shift = tz_unit_power(unit, &base) - tz_unit_power(said->unit, &base);
    size_t      digits = strcspn(said->value, ".");

    return shift <= 0 || digits > (size_t)shift;
}

/* A saying of a claim that has a unit is of a number that is said of all (17个…全部, 一队三人); one without is of
 * a claim, whether its number stands with it or not. */
static bool fits(const tz_said *said, tz_figure_kind kind, const char *unit)
{
    bool has_unit = unit != NULL && unit[0] != '\0';

    if (said->sort == TZ_SAID_CLAIM)
        return is_claim_kind(kind) && (!has_unit || said->value != NULL);
    if (said->sort != TZ_SAID_NUMBER && said->sort != TZ_SAID_LIST)
        return false;
    if (is_claim_kind(kind))
        return said->kind == TZ_UNIVERSAL && (has_unit ? is_same_unit(unit, said->unit) : !said->is_per);
    if (said->is_per || (kind == TZ_TARGET) != (said->kind == TZ_TARGET))
        return false;
    return !has_unit || (is_same_unit(unit, said->unit) && is_of_size(said, unit));
}

/* ---- Words ---- */

/* The nearest place of a word to the item within its sentence: the gap in bytes, -1 for none. What is counted
 * from the whole text is near to all of it. */
static int64_t distance(const matching *in, const tz_said *said, tz_text word)
{
    tz_text sentence = tz_text_cut(in->text, said->sentence, said->sentence_size);
    size_t  start = said->at - said->sentence, end = start + said->size;
    int64_t best = -1;

    for (size_t at = 0; (at = tz_text_find(sentence, word, at)) != SIZE_MAX; at += word.size) {
        size_t  place = said->sentence + at;
        bool    is_other = place < said->clause || place >= said->clause + said->clause_size;
        int64_t gap = at >= end ? (int64_t)(at - end) : at + word.size <= start ? (int64_t)(start - at - word.size) : 0;
        gap = said->size == 0 ? 0 : gap + (is_other ? OTHER_CLAUSE : 0);
        if (best < 0 || gap < best)
            best = gap;
    }
    return best;
}

/* True where the item is the n-th number of its unit behind a place of the word in the sentence. */
static bool is_nth_behind(const matching *in, size_t item, tz_text word, int n)
{
    const tz_said *said = &in->said->items[item];
    tz_text        sentence = tz_text_cut(in->text, said->sentence, said->sentence_size);

    for (size_t at = 0; (at = tz_text_find(sentence, word, at)) != SIZE_MAX; at += word.size) {
        size_t behind = said->sentence + at + word.size;
        int    count = 0;
        for (size_t i = 0; i < item; i++) {
            const tz_said *one = &in->said->items[i];
            count += one->sentence == said->sentence && one->at >= behind && one->sort == said->sort && strcmp(one->unit, said->unit) == 0;
        }
        if (said->at >= behind && count == n - 1)
            return true;
    }
    return false;
}

/* The score of one alternative: all its words must stand in the sentence. */
static bool score_words(const matching *in, size_t item, const tz_strings *words, int64_t *ret_score)
{
    const tz_said *said = &in->said->items[item];
    int64_t        score = 0, nearest = INT64_MAX;

    for (size_t i = 0; i < words->count; i++) {
        tz_text word = tz_text_of(words->items[i]);
        size_t  sign = tz_text_find(word, TZ_TEXT("@"), 0);
        if (sign != SIZE_MAX) {
            int n = atoi(word.data + sign + 1);
            word = tz_text_cut(word, 0, sign);
            if (!is_nth_behind(in, item, word, n))
                return false;
        }
        int64_t gap = distance(in, said, word);
        if (gap < 0)
            return false;
        score += WORD_WEIGHT * (int64_t)word.size - gap;
        nearest = gap < nearest ? gap : nearest;
    }
    *ret_score = score;
    return nearest <= FARTHEST;
}

/* The year that a title is about (2019 年…), 0 for none. */
static int64_t year_of(tz_text text)
{
    int64_t year = 0;

    for (size_t at = 0; at + 4 <= text.size; at++) {
        size_t behind = at + 4;
        while (behind < text.size && text.data[behind] == ' ')
            behind++;
        if ((at == 0 || !isdigit((unsigned char)text.data[at - 1])) && tz_text_int(tz_text_cut(text, at, 4), &year) && year >= 1990 && year < 2100 &&
            tz_text_starts(tz_text_cut(text, behind, text.size), TZ_TEXT("年")))
            return year;
    }
    return 0;
}

/* A figure of a year is none of another: false where the last year before the item in its sentence differs. */
static bool is_of_year(const matching *in, size_t item, const char *title)
{
    const tz_said *said = &in->said->items[item];
    int64_t        year = title == NULL ? 0 : year_of(tz_text_of(title)), last = 0;

    for (size_t i = 0; year != 0 && i < item; i++) {
        const tz_said *one = &in->said->items[i];
        if (one->sort == TZ_SAID_DATE && one->sentence == said->sentence && one->at < said->at)
            (void)tz_text_int(tz_text_cut(tz_text_of(one->value), 0, 4), &last);
    }
    return year == 0 || last == 0 || last == year;
}

static void add_sayings(matching *in, size_t item)
{
    const tz_said *said = &in->said->items[item];

    for (size_t i = 0; i < in->sayings.count; i++) {
        const tz_saying *saying = in->sayings.items[i];
        int64_t          best = INT64_MIN, score = 0;
        const tz_figure *figure = tz_packs_figure(in->packs, saying->name);
        if (!fits(said, saying->kind, saying->unit) || !is_of_year(in, item, figure == NULL ? saying->title : figure->title))
            continue;
        for (size_t j = 0; j < saying->words.count; j++)
            if (score_words(in, item, &saying->words.items[j], &score) && score > best)
                best = score;
        if (best > INT64_MIN) {
            bool is_own = saying->unit != NULL && strcmp(saying->unit, said->unit) == 0;
            tz_push(in->mem, &in->candidates, (candidate){item, i, NULL, best + (is_own ? OWN_UNIT : 0)});
        }
    }
}

/* The text without blanks: figures' titles set 2018 年, reports 2018年. */
static tz_text unspaced(tz_arena *mem, tz_text text)
{
    tz_buf out = tz_buf_init(mem, 0);

    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] != ' ')
            tz_buf_char(&out, text.data[i]);
    return tz_buf_text(&out);
}

/* Bytes of the token at `at`: a run of ASCII letters and digits, or one character. */
static size_t token_at(tz_text text, size_t at)
{
    size_t end = at;

    while (end < text.size && isalnum((unsigned char)text.data[end]))
        end++;
    if (end == at)
        (void)tz_utf8_next(text, &end);
    return end - at;
}

static void load_titles(matching *in)
{
    for (size_t i = 0; i < in->packs->packs.count; i++)
        for (size_t j = 0; j < in->packs->packs.items[i].figures.count; j++) {
            const tz_figure *figure = &in->packs->packs.items[i].figures.items[j];
            size_t           size = 0;
            const char      *title = tz_half(figure->title, TZ_ZH, &size);
            tz_push(in->mem, &in->titles, (titled){figure, size, unspaced(in->mem, (tz_text){title, size})});
        }
}

/* How many of a hundred pairs of neighbouring tokens of the title stand in the sentence. */
static int64_t title_percent(tz_text sentence, tz_text title)
{
    int64_t pairs = 0, found = 0;

    for (size_t at = 0; at < title.size;) {
        size_t first = token_at(title, at), both = first + token_at(title, at + first);
        if (both > first) {
            pairs++;
            found += tz_text_find(sentence, tz_text_cut(title, at, both), 0) != SIZE_MAX;
        }
        at += first;
    }
    return pairs < 3 ? 0 : found * 100 / pairs;
}

/* Figures by their titles: before any saying where the whole title stands there, else behind all of them. */
static void add_titles(matching *in, size_t item)
{
    const tz_said *said = &in->said->items[item];

    for (size_t i = 0; i < in->titles.count; i++) {
        const titled *one = &in->titles.items[i];
        if (!fits(said, one->figure->kind, one->figure->unit) || !is_of_year(in, item, one->figure->title))
            continue;
        if (in->sentence != said->sentence || in->sentence_size != said->sentence_size) { /* once for all its items and figures */
            in->sentence = said->sentence;
            in->sentence_size = said->sentence_size;
            in->unspaced = unspaced(in->mem, tz_text_cut(in->text, said->sentence, said->sentence_size));
        }
        int64_t percent = title_percent(in->unspaced, one->title);
        if (percent >= LEAST_TITLE_PERCENT)
            tz_push(in->mem, &in->candidates,
                    (candidate){item, SIZE_MAX, one->figure, percent == 100 ? WHOLE_TITLE + (int64_t)one->size : percent - BEHIND_ALL});
    }
}

/* ---- Choosing ---- */

static int by_score(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    if (x->item != y->item)
        return x->item < y->item ? -1 : 1;
    return (x->saying > y->saying) - (x->saying < y->saying);
}

static const char *name_of(const matching *in, const candidate *one)
{
    return one->figure != NULL ? one->figure->name : in->sayings.items[one->saying]->name;
}

/* True where the name was given to another item of the sentence. */
static bool is_taken(const matching *in, const tz_matches *matches, size_t item, const char *name)
{
    for (size_t i = 0; i < matches->count; i++)
        if (matches->items[i].name != NULL && strcmp(matches->items[i].name, name) == 0 &&
            in->said->items[i].sentence == in->said->items[item].sentence)
            return true;
    return false;
}

void tz_sayings_match(tz_arena *mem, tz_text text, const tz_said_list *said, const tz_packs *packs, tz_matches *ret_matches)
{
    tz_assert(mem != NULL && said != NULL && packs != NULL && ret_matches != NULL);
    matching   in = {.mem = mem, .text = text, .packs = packs, .said = said, .sentence = SIZE_MAX};
    tz_matches matches = {0};

    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].sayings.count; j++)
            tz_push(mem, &in.sayings, (const tz_saying *)&packs->packs.items[i].sayings.items[j]);
    load_titles(&in);
    for (size_t i = 0; i < said->count; i++) {
        tz_push(mem, &matches, (tz_matched){.said = &said->items[i]});
        add_sayings(&in, i);
        add_titles(&in, i);
    }
    if (in.candidates.count > 0)
        qsort(in.candidates.items, in.candidates.count, sizeof in.candidates.items[0], by_score);
    for (size_t i = 0; i < in.candidates.count; i++) {
        const candidate *one = &in.candidates.items[i];
        tz_matched      *match = &matches.items[one->item];
        if (match->name != NULL || is_taken(&in, &matches, one->item, name_of(&in, one)))
            continue;
        match->name = name_of(&in, one);
        match->saying = one->figure != NULL ? NULL : in.sayings.items[one->saying];
    }
    *ret_matches = matches;
}
