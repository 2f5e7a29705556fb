#include "report/view.h"

#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "report/mustache.h"
#include "report/phrase.h"
#include "report/section.h"

/* The object at a dotted name, made on the way. */
static json_t *object_at(tz_arena *mem, json_t *root, const char *name)
{
    for (const char *at = name; *at != '\0';) {
        size_t      size = strcspn(at, ".");
        const char *part = tz_arena_copy(mem, at, size);
        json_t     *inner = json_object_get(root, part);
        if (inner == NULL) {
            inner = json_object();
            (void)json_object_set_new(root, part, inner);
        }
        root = inner;
        at += size + (at[size] == '.');
    }
    return root;
}

/* What has a figure of its own prints through it; the parts below are plain words and numbers. */
static void put_figure(tz_arena *mem, json_t *root, const tz_figure_value *value, const tz_figure_value *before, tz_lang lang)
{
    json_t         *node = object_at(mem, root, value->figure->name);
    tz_figure_kind  kind = value->figure->kind;
    bool            is_known = value->value != NULL, is_claim = kind == TZ_UNIVERSAL || kind == TZ_MOSTLY;
    size_t          len = 0;
    const char     *unit = tz_half(value->figure->unit, lang, &len);

    tz_json_set_str(node, "_text", tz_arena_printf(mem, "[%s](#figure-%s)", value->in_sentence, value->figure->name));
    (void)json_object_set_new(node, "_is", json_boolean(is_known && value->is_true));
    (void)json_object_set_new(node, "known", json_boolean(is_known));
    tz_json_set_str(node, "unit", tz_arena_copy(mem, unit, len));
    if (is_claim) {
        tz_json_set_str(node, "exceptions", value->value);
        bool is_whole = is_known && strcmp(value->value, "0") == 0;
        (void)json_object_set_new(node, "all", json_boolean(is_whole));
        (void)json_object_set_new(node, "mostly", json_boolean(kind == TZ_MOSTLY && is_known && value->is_true && !is_whole));
    }
    if (value->figure->is_fall && is_known) {
        bool is_rise = value->value[0] == '-', is_same = !value->is_true;
        const char *words = is_same ? "持平|unchanged" : is_rise ? "增长|up" : "下降|down";
        const char *word = tz_half(words, lang, &len);
        tz_json_set_str(node, "word", tz_arena_copy(mem, word, len));
        tz_json_set_str(node, "amount", tz_phrase_number(mem, value->value + is_rise));
    }
    if (!is_claim && kind != TZ_TARGET && before != NULL)
        tz_json_set_str(node, "change", tz_phrase_change(mem, value->exact != NULL ? value->exact : value->value,
                                                         before->exact != NULL ? before->exact : before->value, lang));
}

json_t *tz_view_figures(tz_arena *mem, const tz_figure_values *values, const tz_figure_values *before, tz_lang lang)
{
    tz_assert(mem != NULL && values != NULL);
    json_t *root = json_object();

    for (size_t i = 0; i < values->count; i++)
        put_figure(mem, root, &values->items[i], before == NULL ? NULL : tz_figure_value_of(before, values->items[i].figure->name), lang);
    return root;
}

/* ---- Sections ---- */

typedef struct {
    tz_arena      *mem;
    const tz_pack *pack;
} filling;

/* Names of figures and files have letters, digits, '.', '_' and '-' alone. */
static bool is_plain_name(tz_text name)
{
    for (size_t i = 0; i < name.size; i++)
        if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", name.data[i]) == NULL)
            return false;
    return name.size > 0 && name.size < 80;
}

static void put_missing(void *context, tz_buf *out, tz_text name)
{
    (void)context;
    name = is_plain_name(name) ? name : TZ_TEXT("?");
    tz_buf_printf(out, "[%.*s](#figure-%.*s)", TZ_FMT(name), TZ_FMT(name));
}

static const char *load_partial(void *context, const char *name)
{
    filling *of = context;
    tz_text  text = {0};
    tz_err   err;

    if (!is_plain_name(tz_text_of(name)) || of->pack == NULL ||
        tz_file_load(of->mem, tz_arena_printf(of->mem, "%s/templates/%s.md", of->pack->folder, name), 1 << 20, &text, &err) != TZ_OK)
        return NULL;
    return text.data;
}

/* The half of a pack's section in lang as Markdown, filled with view. A name without a figure becomes a
 * link to none, which the document shows as (?name). TZ_INPUT, TZ_LIMIT: the template's own faults. */
static tz_rc put_section(tz_arena *mem, const tz_pack *pack, const char *file, tz_text text, const json_t *view, tz_text *ret_markdown,
                         tz_err *err)
{
    tz_assert(mem != NULL && view != NULL && ret_markdown != NULL);
    filling            of = {.mem = mem, .pack = pack};
    tz_mustache_target target = {.escape = tz_escape_markdown, .partial = load_partial, .missing = put_missing, .context = &of};
    tz_buf             out = tz_buf_init(mem, 16 << 20);
    tz_rc              rc = tz_mustache(mem, file, text, view, &target, &out, err);

    if (rc == TZ_OK)
        *ret_markdown = tz_buf_text(&out);
    return rc;
}

/* ---- The whole report ---- */

typedef struct {
    tz_arena       *mem;
    const tz_packs *packs;
    tz_lang         lang;
    bool           *is_used;  /* by pack: the master names it */
    bool            is_lower; /* headings of sections go one level down */
} arranging;

/* Markdown whose headings are one level lower. */
static tz_text lowered(tz_arena *mem, tz_text text)
{
    tz_buf out = tz_buf_init(mem, 0);
    bool   is_line_start = true, in_fence = false;

    for (size_t i = 0; i < text.size; i++) {
        if (is_line_start && tz_text_starts(tz_text_cut(text, i, text.size), TZ_TEXT("```")))
            in_fence = !in_fence;
        if (is_line_start && !in_fence && text.data[i] == '#')
            tz_buf_char(&out, '#');
        tz_buf_char(&out, text.data[i]);
        is_line_start = text.data[i] == '\n';
    }
    return tz_buf_text(&out);
}

/* The section of a pack, unfilled, by the pack's name. */
static const char *load_section(void *context, const char *name)
{
    arranging *of = context;

    for (size_t i = 0; i < of->packs->packs.count; i++) {
        const tz_pack *pack = &of->packs->packs.items[i];
        if (pack->report == NULL || strcmp(pack->name, name) != 0)
            continue;
        of->is_used[i] = true;
        tz_text half = tz_section_half(tz_text_of(pack->report), of->lang);
        return tz_text_dup(of->mem, of->is_lower ? lowered(of->mem, half) : half);
    }
    filling whole = {.mem = of->mem};
    for (size_t i = 0; i < of->packs->packs.count; i++) { /* templates that sections share */
        whole.pack = &of->packs->packs.items[i];
        const char *text = load_partial(&whole, name);
        if (text != NULL)
            return text;
    }
    return NULL;
}

/* The first master.md, or "" where no pack holds one. */
static tz_rc load_master(const arranging *of, const char **ret_file, tz_text *ret_text, tz_err *err)
{
    for (size_t i = 0; i < of->packs->packs.count; i++) {
        const tz_pack *pack = &of->packs->packs.items[i];
        const char    *path = pack->folder == NULL ? "" : tz_arena_printf(of->mem, "%s/master.md", pack->folder);
        if (!tz_file_exists(path))
            continue;
        *ret_file = tz_arena_printf(of->mem, "packs/%s/master.md", pack->name);
        return tz_file_load(of->mem, path, 1 << 20, ret_text, err);
    }
    return TZ_OK;
}

/* Lines "## …" behind which the next heading is no lower, or the text ends, hold nothing. */
static tz_text without_empty_headings(tz_arena *mem, tz_text text)
{
    tz_buf out = tz_buf_init(mem, 0);

    for (size_t at = 0, end; at < text.size; at = end) {
        size_t  line_end = tz_text_find(text, TZ_TEXT("\n"), at);
        end = line_end == SIZE_MAX ? text.size : line_end + 1;
        tz_text line = tz_text_cut(text, at, end - at), rest = tz_text_trim(tz_text_cut(text, end, text.size));
        bool    is_heading = tz_text_starts(line, TZ_TEXT("## "));
        if (!is_heading || (rest.size > 0 && !tz_text_starts(rest, TZ_TEXT("## "))))
            tz_buf_put(&out, line);
    }
    return tz_buf_text(&out);
}

tz_rc tz_view_report(tz_arena *mem, const tz_packs *packs, const json_t *view, tz_lang lang, tz_text *ret_markdown, tz_err *err)
{
    tz_assert(mem != NULL && packs != NULL && view != NULL && ret_markdown != NULL);
    tz_rc              rc = TZ_OK;
    arranging          of = {.mem = mem, .packs = packs, .lang = lang, .is_used = tz_new_array(mem, bool, packs->packs.count + 1)};
    tz_mustache_target target = {.escape = tz_escape_markdown, .partial = load_section, .missing = put_missing, .context = &of};
    tz_buf             out = tz_buf_init(mem, 64 << 20);
    const char        *file = NULL;
    tz_text            master = {0};

    TZ_TRY(load_master(&of, &file, &master, err));
    of.is_lower = file != NULL;
    if (file != NULL)
        TZ_TRY(tz_mustache(mem, file, tz_section_half(master, lang), view, &target, &out, err));
    of.is_lower = false;
    for (size_t i = 0; i < packs->packs.count; i++) {
        const tz_pack *pack = &packs->packs.items[i];
        if (pack->report == NULL || of.is_used[i])
            continue;
        tz_text section = {0};
        TZ_TRY(put_section(mem, pack, tz_arena_printf(mem, "packs/%s/report.md", pack->name), tz_section_half(tz_text_of(pack->report), lang),
                               view, &section, err));
        tz_buf_put(&out, section);
        tz_buf_puts(&out, "\n\n");
    }
    *ret_markdown = without_empty_headings(mem, tz_buf_text(&out));
done:
    return rc;
}

/* ---- Units ---- */

/* A unit in English, where one is wanted: what is counted is named by the sentence. */
static const char *unit_words(const tz_document *doc, const char *unit)
{
    static const struct { const char *unit, *words; } WORDS[] = {{"万元", " × 10,000 yuan"}, {"元", " yuan"}, {"公里", " km"},
                                                                  {"个月", " months"},       {"%", "%"},       {"MW", " MW"},   {"kW", " kW"}};
    if (doc->lang == TZ_ZH)
        return unit;
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (strcmp(WORDS[i].unit, unit) == 0)
            return WORDS[i].words;
    return "";
}

/* True where the text behind a figure begins with its unit. */
static bool begins_with_unit(const char *text, const char *unit)
{
    tz_text rest = tz_text_trim(tz_text_of(text));

    return unit[0] == '\0' || tz_text_starts(rest, tz_text_of(unit)) ||
           (strcmp(unit, "%") == 0 && (tz_text_starts(rest, TZ_TEXT("\uFF05")) || tz_text_starts(rest, TZ_TEXT("per cent"))));
}

/* True where the sentence says already that it is a target, before the run. */
static bool says_target(tz_arena *mem, const tz_block *block, size_t run)
{
    static const char *const WORDS[] = {"力争", "目标", "计划", "shall", "aim", "target"};
    tz_buf text = tz_buf_init(mem, 0);

    for (size_t i = 0; i < run; i++)
        tz_buf_puts(&text, block->runs.items[i].text);
    tz_text before = tz_buf_text(&text);
    for (size_t at = 0, end; (end = tz_text_find(before, TZ_TEXT("。"), at)) != SIZE_MAX;) {
        before = tz_text_cut(before, end + strlen("。"), before.size);
        at = 0;
    }
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (tz_text_find(before, tz_text_of(WORDS[i]), 0) != SIZE_MAX)
            return true;
    return false;
}

void tz_view_units(tz_document *doc)
{
    tz_assert(doc != NULL);

    for (size_t i = 0; i < doc->blocks.count; i++) {
        tz_block *block = doc->blocks.items[i];
        for (size_t j = 0; j < block->runs.count; j++) {
            tz_run              *run = &block->runs.items[j];
            const tz_doc_figure *figure = run->figure;
            const char          *behind = j + 1 < block->runs.count ? block->runs.items[j + 1].text : "";
            if (figure != NULL && figure->value != NULL && strcmp(figure->kind, "target") == 0 && says_target(doc->mem, block, j))
                run->text = tz_phrase_number(doc->mem, figure->value);
            if (figure == NULL || figure->value == NULL || strcmp(figure->kind, "universal") == 0 || strcmp(figure->kind, "mostly") == 0 ||
                begins_with_unit(behind, figure->unit))
                continue;
            run->text = tz_arena_printf(doc->mem, "%s%s", run->text, unit_words(doc, figure->unit));
        }
    }
}
