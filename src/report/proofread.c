#include "report/proofread.h"

#include <string.h>

#include "base/assert.h"
#include "base/money.h"
#include "formats/prose.h"
#include "packs/expression.h"
#include "report/assertion.h"
#include "report/saying.h"
#include "report/slip.h"

typedef struct {
    tz_arena *mem;
    tz_text   text;
    const tz_proofreading *options;
    tz_matches matches;
    json_t    *lines; /* one a match, in order */
    json_t    *assertions;
} proofreading;

static const char *both(const proofreading *of, const char *zh, const char *en)
{
    return of->options->lang == TZ_ZH ? zh : en;
}

/* ---- One number beside its figure ---- */

/* The computed number in the unit of the text, as a decimal; false where it can't be. */
static bool in_unit(const char *computed, const char *from, const char *to, tz_decimal *ret)
{
    const char *base_from, *base_to;
    int         shift = tz_unit_power(to, &base_to) - tz_unit_power(from, &base_from);
    tz_decimal  value;

    if (!tz_decimal_parse(tz_text_of(computed), &value))
        return false;
    value.scale += shift;
    for (; value.scale < 0; value.scale++)
        if (__builtin_mul_overflow(value.digits, 10, &value.digits))
            return false;
    *ret = value;
    return value.scale <= 18;
}

typedef enum { LESS = -1, EQUAL = 0, MORE = 1, INCOMPARABLE = 2 } order;

/* What was said beside what was computed, as far as the text prints it. */
static order compare(const tz_said *said, const char *computed, const char *unit)
{
    tz_decimal text, value;
    int        places = tz_quantity_places(said->value);
    int64_t    a = 0, b = 0;

    if (!tz_decimal_parse(tz_text_of(said->value), &text) || !in_unit(computed, unit, said->unit, &value) ||
        !tz_decimal_scaled(text, places, &a, NULL) || !tz_decimal_scaled(value, places, &b, NULL))
        return INCOMPARABLE;
    return a < b ? LESS : a > b ? MORE : EQUAL;
}

static bool agrees(const tz_said *said, const tz_figure_value *value)
{
    const char *unit = value->figure->unit, *number = value->exact != NULL ? value->exact : value->value;

    if (value->figure->kind == TZ_UNIVERSAL || value->figure->kind == TZ_MOSTLY)
        return said->kind == TZ_MOSTLY ? value->is_true || strcmp(value->value, "0") == 0 : strcmp(value->value, "0") == 0;
    order is = compare(said, number, unit);
    if (said->kind == TZ_BOUND)
        return is == EQUAL || is == (said->is_at_most ? MORE : LESS);
    return is == EQUAL;
}

static void note(json_t *line, const char *text)
{
    const char *before = tz_json_str(line, "note");
    tz_arena    mem = {0};

    tz_json_set_str(line, "note", before == NULL ? text : tz_arena_printf(&mem, "%s\n%s", before, text));
    tz_arena_free(&mem);
}

static void judge(const proofreading *of, const tz_matched *match, json_t *line)
{
    const tz_figure       *figure = match->name == NULL ? NULL : tz_packs_figure(of->options->packs, match->name);
    const tz_figure_value *value = figure == NULL || of->options->values == NULL ? NULL : tz_figure_value_of(of->options->values, match->name);

    tz_json_set_str(line, "verdict", "unbacked");
    if (value != NULL)
        tz_json_set_str(line, "computed", value->printed);
    if (match->said->kind == TZ_TARGET && (figure == NULL || figure->kind != TZ_TARGET)) {
        note(line, both(of, "是目标,不是结果", "a target, no result"));
    } else if (match->name == NULL) {
        note(line, both(of, "没有规则包能算出这个数", "no pack computes this"));
    } else if (figure == NULL) {
        note(line, both(of, "本县的规则包不含这个指标", "this county's packs hold no such figure"));
    } else if (value == NULL || value->value == NULL) {
        note(line, value == NULL || value->why_not == NULL ? both(of, "没有数据", "no data") : value->why_not);
    } else {
        tz_json_set_str(line, "verdict", agrees(match->said, value) ? "agrees" : "differs");
        if (match->saying == NULL)
            note(line, both(of, "按指标名称推断", "taken by the figure's title"));
    }
}

/* ---- Lines ---- */

/* The clause around the number, at most so many characters on each side. */
static const char *phrase_of(const proofreading *of, const tz_said *said)
{
    enum { AROUND = 60 };
    size_t from = said->clause, end = said->clause + said->clause_size;
    size_t reach = said->at + said->size > end ? said->at + said->size : end;

    if (said->size == 0)
        return both(of, "(全文列举)", "(named in the whole text)");
    if (said->at - from > AROUND)
        for (from = said->at - AROUND; from < said->at && ((unsigned char)of->text.data[from] & 0xC0) == 0x80; from++) {
        }
    end = said->at + said->size + AROUND;
    for (; end < reach && ((unsigned char)of->text.data[end] & 0xC0) == 0x80; end++) {
    }
    end = end < reach ? end : reach;
    return tz_text_dup(of->mem, tz_text_trim(tz_text_cut(of->text, from, end - from)));
}

static const char *title_of(const proofreading *of, const tz_matched *match)
{
    const tz_figure *figure = match->name == NULL ? NULL : tz_packs_figure(of->options->packs, match->name);
    const char      *title = figure != NULL ? figure->title : match->saying != NULL ? match->saying->title : NULL;
    size_t           len = 0;

    if (title == NULL)
        return NULL;
    title = tz_half(title, of->options->lang, &len);
    return tz_arena_copy(of->mem, title, len);
}

static bool is_left(const tz_said *said)
{
    return said->sort == TZ_SAID_NAME || said->sort == TZ_SAID_DATE || said->sort == TZ_SAID_CONTACT;
}

/* A list that no figure counts was not stated as a number by anybody. */
static bool is_shown(const tz_matched *match, bool is_all)
{
    return is_all || !(is_left(match->said) || (match->said->sort == TZ_SAID_LIST && match->name == NULL));
}

static json_t *line_of(const proofreading *of, const tz_matched *match)
{
    static const char *const LEFT[] = {[TZ_SAID_NAME] = "name", [TZ_SAID_DATE] = "date", [TZ_SAID_CONTACT] = "contact"};
    const tz_said *said = match->said;
    json_t        *line = json_object();

    tz_json_set_str(line, "phrase", phrase_of(of, said));
    tz_json_set_str(line, "value", said->value);
    tz_json_set_str(line, "unit", said->unit);
    tz_json_set_str(line, "kind", is_left(said) ? LEFT[said->sort] : tz_figure_kind_name(said->kind));
    tz_json_set_str(line, "figure", match->name);
    tz_json_set_str(line, "title", title_of(of, match));
    tz_json_set_str(line, "computed", NULL);
    if (is_left(said))
        tz_json_set_str(line, "verdict", "left");
    else
        judge(of, match, line);
    if (said->sort == TZ_SAID_LIST)
        note(line, both(of, "按列举清点", "counted from what is named"));
    if (tz_json_str(line, "note") == NULL)
        tz_json_set_str(line, "note", NULL);
    tz_json_set_int(line, "paragraph", said->paragraph);
    return line;
}

/* ---- The text against itself ---- */

/* What was computed stands; the other is the one that is wrong. */
static void set_contradicts(json_t *line, const char *why)
{
    if (strcmp(tz_json_str(line, "verdict"), "agrees") != 0)
        tz_json_set_str(line, "verdict", "contradicts");
    note(line, why);
}

/* What was named in the whole text, claims and bounds are no second number of the same thing: a text need not name all, and
 * 2000余 stands beside 2137. */
static bool is_repeated(const tz_matched *a, const tz_matched *b)
{
    if (a->name == NULL || b->name == NULL || strcmp(a->name, b->name) != 0 || a->saying == NULL || b->saying == NULL)
        return false;
    const tz_said *x = a->said, *y = b->said;
    return x->value != NULL && y->value != NULL && x->kind == y->kind && x->kind != TZ_BOUND && x->sort != TZ_SAID_CLAIM && x->size > 0 &&
           y->size > 0 && compare(x, y->value, y->unit) != EQUAL;
}

/* One thing with two numbers. */
static void find_repeats(const proofreading *of)
{
    for (size_t i = 0; i < of->matches.count; i++)
        for (size_t j = i + 1; j < of->matches.count; j++) {
            const tz_matched *a = &of->matches.items[i], *b = &of->matches.items[j];
            if (!is_repeated(a, b))
                continue;
            const char *format = both(of, "同一事项另处写作 %s%s(第 %lld 段)", "elsewhere it is %s%s (paragraph %lld)");
            set_contradicts(json_array_get(of->lines, i),
                            tz_arena_printf(of->mem, format, b->said->value, b->said->unit, (long long)b->said->paragraph));
            set_contradicts(json_array_get(of->lines, j),
                            tz_arena_printf(of->mem, format, a->said->value, a->said->unit, (long long)a->said->paragraph));
        }
}

/* What the text says of a figure first. */
static const tz_said *said_of(const proofreading *of, const char *name)
{
    for (size_t i = 0; i < of->matches.count; i++)
        if (of->matches.items[i].name != NULL && strcmp(of->matches.items[i].name, name) == 0 && of->matches.items[i].said->value != NULL)
            return of->matches.items[i].said;
    return NULL;
}

static const char *lookup(void *context, const char *name, bool is_last)
{
    const tz_said *said = is_last ? NULL : said_of(context, name);
    return said == NULL ? NULL : said->value;
}

/* What only asks for an explanation may be compared with what the county's rows give. */
static const char *lookup_known(void *context, const char *name, bool is_last)
{
    const proofreading    *of = context;
    const char            *said = lookup(context, name, is_last);
    const tz_figure_value *value = said != NULL || is_last || of->options->values == NULL ? NULL : tz_figure_value_of(of->options->values, name);

    if (said != NULL || value == NULL || value->figure->kind == TZ_UNIVERSAL || value->figure->kind == TZ_MOSTLY)
        return said;
    return value->exact != NULL ? value->exact : value->value;
}

static const char *value_or_null(const proofreading *of, const tz_assertion *assertion, size_t index)
{
    const tz_said *said = assertion->falls.count == 2 ? said_of(of, assertion->falls.items[index]) : NULL;
    return said == NULL ? NULL : said->value;
}

static const char *why_broken(proofreading *of, const tz_assertion *assertion, const char *sentence)
{
    const char *a, *b, *readings = NULL;
    size_t      len = 0;
    bool        is_zh = of->options->lang == TZ_ZH;

    if (!assertion->is_explained && tz_slip_sides(of->mem, assertion->holds, &a, &b) && lookup(of, a, false) != NULL && lookup(of, b, false) != NULL)
        readings = tz_slip_readings(of->mem, assertion, lookup(of, a, false), lookup(of, b, false), value_or_null(of, assertion, 0),
                                    value_or_null(of, assertion, 1), of->options->lang);
    const char *note_text = assertion->note == NULL ? "" : tz_half(assertion->note, of->options->lang, &len);
    return tz_arena_printf(of->mem, is_zh ? "%s%s%s%.*s%s%s" : "%s%s%s%.*s%s%s",
                           assertion->is_explained ? (is_zh ? "待说明:" : "to be explained: ") : (is_zh ? "自相矛盾:" : "contradiction: "), sentence,
                           len > 0 ? (is_zh ? ";" : "; ") : "", (int)len, note_text, readings == NULL ? "" : is_zh ? ";" : "; ",
                           readings == NULL ? "" : readings);
}

/* True where the name stands in the expression as a whole word. */
static bool speaks_of(const char *holds, const char *name)
{
    size_t size = strlen(name);

    for (const char *at = holds; (at = strstr(at, name)) != NULL; at += size) {
        char before = at == holds ? ' ' : at[-1], behind = at[size];
        if (strchr(" (+-*/<>=!~", before) != NULL && (behind == '\0' || strchr(" )+-*/<>=!~", behind) != NULL))
            return true;
    }
    return false;
}

static tz_rc judge_assertion(proofreading *of, const tz_assertion *assertion, tz_err *err)
{
    static const char *const TRUTHS[] = {[TZ_HOLDS] = "holds", [TZ_BROKEN] = "broken", [TZ_UNKNOWN] = "unknown"};
    tz_truth truth = TZ_UNKNOWN;
    size_t   len = 0;

    tz_figure_lookup *known = assertion->is_explained ? lookup_known : lookup;
    tz_rc rc = tz_expression_judge(of->mem, assertion->holds, known, of, &truth, err);
    if (rc != TZ_OK)
        return tz_err_at(err, assertion->file, NULL, assertion->line, NULL);
    const char *title = tz_half(assertion->title, of->options->lang, &len);
    const char *sentence = tz_arena_printf(of->mem, both(of, "%.*s:%s", "%.*s: %s"), (int)len, title,
                                           tz_assertion_filled(of->mem, assertion->holds, known, of));
    const char *why = truth == TZ_BROKEN ? why_broken(of, assertion, sentence) : NULL;
    json_t     *line = json_object();
    tz_json_set_str(line, "assertion", assertion->name);
    tz_json_set_str(line, "title", tz_arena_copy(of->mem, title, len));
    tz_json_set_str(line, "sentence", sentence);
    tz_json_set_str(line, "truth", TRUTHS[truth]);
    tz_json_set_str(line, "otherwise", assertion->is_explained ? "explain" : "contradicts");
    tz_json_set_str(line, "note", why);
    (void)json_array_append_new(of->assertions, line);
    for (size_t i = 0; why != NULL && i < of->matches.count; i++)
        if (of->matches.items[i].name != NULL && speaks_of(assertion->holds, of->matches.items[i].name)) {
            if (assertion->is_explained)
                note(json_array_get(of->lines, i), why);
            else
                set_contradicts(json_array_get(of->lines, i), why);
        }
    return TZ_OK;
}

static tz_rc judge_assertions(proofreading *of, tz_err *err)
{
    const tz_packs *packs = of->options->packs;
    tz_rc           rc = TZ_OK;

    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; rc == TZ_OK && j < packs->packs.items[i].assertions.count; j++)
            rc = judge_assertion(of, &packs->packs.items[i].assertions.items[j], err);
    return rc;
}

/* ---- The whole ---- */

static void gather(tz_arena *mem, const tz_packs *packs, tz_strings *names, tz_strings *sounds)
{
    for (size_t i = 0; i < packs->packs.count; i++) {
        const tz_pack *pack = &packs->packs.items[i];
        for (size_t j = 0; j < pack->names.count; j++)
            tz_push(mem, names, pack->names.items[j]);
        for (size_t j = 0; j < pack->sounds.count; j++)
            tz_push(mem, sounds, pack->sounds.items[j]);
    }
}

tz_rc tz_proofread_text(tz_arena *mem, tz_text text, const tz_proofreading *options, json_t **ret_lines, json_t **ret_assertions, tz_err *err)
{
    tz_assert(mem != NULL && options != NULL && ret_lines != NULL && ret_assertions != NULL);
    tz_rc        rc = TZ_OK;
    proofreading of = {.mem = mem, .text = text, .options = options, .lines = json_array(), .assertions = json_array()};
    tz_strings   names = {0}, sounds = {0};
    tz_said_list said = {0};
    json_t      *shown = json_array(), *line;
    size_t       i;

    gather(mem, options->packs, &names, &sounds);
    tz_quantities_find(mem, text, &names, &sounds, &said);
    tz_sayings_match(mem, text, &said, options->packs, &of.matches);
    for (i = 0; i < of.matches.count; i++)
        (void)json_array_append_new(of.lines, line_of(&of, &of.matches.items[i]));
    find_repeats(&of);
    TZ_TRY(judge_assertions(&of, err));
    json_array_foreach(of.lines, i, line)
        if (is_shown(&of.matches.items[i], options->is_all))
            (void)json_array_append(shown, line);
    *ret_lines = json_incref(shown);
    *ret_assertions = json_incref(of.assertions);
done:
    json_decref(shown);
    json_decref(of.lines);
    json_decref(of.assertions);
    return rc;
}

tz_rc tz_proofread_file(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, bool is_all, const char *path,
                        json_t **ret_lines, json_t **ret_assertions, tz_err *err)
{
    tz_assert(store != NULL);
    tz_rc            rc = TZ_OK;
    tz_text          text = {0};
    tz_err           nothing;
    tz_figure_values values = {0};
    tz_proofreading  options = {.packs = packs, .lang = lang, .is_all = is_all};

    TZ_TRY(tz_prose_load(mem, path, &text, err));
    if (tz_day_resolve(store, day, &day, &nothing) == TZ_OK) {
        TZ_TRY(tz_figures_compute(mem, store, packs, day, lang, NULL, &values, err));
        options.values = &values;
    }
    TZ_TRY(tz_proofread_text(mem, text, &options, ret_lines, ret_assertions, err));
done:
    return rc;
}
