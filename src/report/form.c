#include "report/form.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "base/hash.h"
#include "report/form_inside.h"
#include "report/mustache.h"
#include "report/report.h"
#include "report/section.h"
#include "report/typography.h"

#define GAP "\xE2\x80\xA8" /* U+2028, a line's end within a cell */

/* ---- Reading forms ---- */

static tz_rc fail_head(const tz_form *form, int64_t line, tz_err *err, const char *zh, const char *en, tz_text what)
{
    (void)tz_fail(err, TZ_INPUT, zh, en, TZ_FMT(what));
    return tz_err_at(err, form->file, NULL, line, NULL);
}

static bool read_about(tz_form *form, const char *value)
{
    static const struct { const char *about; tz_form_about is; const char *letter; } KINDS[] = {
        {"open issues", TZ_ABOUT_OPEN, NULL},       {"submitted issues", TZ_ABOUT_SUBMITTED, NULL}, {"red issues", TZ_ABOUT_RED, NULL},
        {"registers", TZ_ABOUT_REGISTERS, NULL},    {"letters remind", TZ_ABOUT_LETTERS, "remind"},
        {"letters urge", TZ_ABOUT_LETTERS, "urge"}, {"letters warn", TZ_ABOUT_LETTERS, "warn"},
        {"letters quarter", TZ_ABOUT_LETTERS, "quarter"}};

    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++)
        if (strcmp(KINDS[i].about, value) == 0) {
            form->about = KINDS[i].is;
            form->letter = KINDS[i].letter;
            return true;
        }
    return false;
}

/* One "key: value" of the head. */
static tz_rc read_key(tz_arena *mem, tz_form *form, tz_text line, int64_t line_no, tz_err *err)
{
    size_t      colon = tz_text_find(line, TZ_TEXT(":"), 0);
    tz_text     key = tz_text_trim(tz_text_cut(line, 0, colon == SIZE_MAX ? line.size : colon));
    const char *value = colon == SIZE_MAX ? "" : tz_text_dup(mem, tz_text_trim(tz_text_cut(line, colon + 1, line.size)));

    if (tz_text_is(key, "title"))
        form->title = value;
    else if (tz_text_is(key, "number"))
        form->number = value;
    else if (tz_text_is(key, "addressee"))
        form->addressee = value;
    else if (tz_text_is(key, "signature"))
        form->signature = value;
    else if (tz_text_is(key, "by") && (strcmp(value, "unit") == 0 || strcmp(value, "issue") == 0))
        form->by_unit = strcmp(value, "unit") == 0;
    else if (!tz_text_is(key, "about") || !read_about(form, value))
        return fail_head(form, line_no, err, "表头读不懂:%.*s", "the head can't be read: %.*s", line);
    return TZ_OK;
}

static tz_rc read_form(tz_arena *mem, tz_text text, tz_lang lang, tz_form *form, tz_err *err)
{
    int64_t line_no = 1;

    for (size_t at = 0; at < text.size; line_no++) {
        size_t  end = tz_text_find(text, TZ_TEXT("\n"), at);
        tz_text line = tz_text_trim(tz_text_cut(text, at, (end == SIZE_MAX ? text.size : end) - at));
        at = end == SIZE_MAX ? text.size : end + 1;
        if (tz_text_is(line, "---")) {
            form->body = tz_text_dup(mem, tz_section_half(tz_text_cut(text, at, text.size), lang));
            break;
        }
        if (line.size == 0 || line.data[0] == '#')
            continue;
        tz_rc rc = read_key(mem, form, line, line_no, err);
        if (rc != TZ_OK)
            return rc;
    }
    if (form->title == NULL || form->body == NULL)
        return fail_head(form, 1, err, "缺少 title 或 “---” 之后的正文%.*s", "title, or the text behind '---', is missing%.*s", TZ_TEXT(""));
    if (form->about == TZ_ABOUT_REGISTERS)
        form->by_unit = true;
    return TZ_OK;
}

static bool has_form(const tz_forms *forms, const char *name)
{
    for (size_t i = 0; i < forms->count; i++)
        if (strcmp(forms->items[i].name, name) == 0)
            return true;
    return false;
}

static tz_rc load_pack_forms(tz_arena *mem, const tz_pack *pack, tz_lang lang, tz_forms *forms, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_names    names = {0};
    const char *folder = tz_arena_printf(mem, "%s/forms", pack->folder);

    if (!tz_file_is_folder(folder))
        return TZ_OK;
    TZ_TRY(tz_file_list(mem, folder, &names, err));
    for (size_t i = 0; i < names.count; i++) {
        tz_text name = tz_text_of(names.items[i]), text = {0};
        if (!tz_text_ends(name, TZ_TEXT(".md")))
            continue;
        tz_form form = {.name = tz_text_dup(mem, tz_text_cut(name, 0, name.size - 3)), .pack = pack,
                        .file = tz_arena_printf(mem, "%s/forms/%s", pack->name, names.items[i])};
        if (has_form(forms, form.name))
            continue;
        TZ_TRY(tz_file_load(mem, tz_arena_printf(mem, "%s/%s", folder, names.items[i]), 1 << 20, &text, err));
        TZ_TRY(read_form(mem, text, lang, &form, err));
        tz_push(mem, forms, form);
    }
done:
    return rc;
}

tz_rc tz_forms_load(tz_arena *mem, const tz_packs *packs, tz_lang lang, tz_forms *ret_forms, tz_err *err)
{
    tz_assert(mem != NULL && packs != NULL && ret_forms != NULL);
    tz_forms forms = {0};
    tz_rc    rc = TZ_OK;

    for (size_t i = 0; rc == TZ_OK && i < packs->packs.count; i++)
        rc = load_pack_forms(mem, &packs->packs.items[i], lang, &forms, err);
    if (rc == TZ_OK)
        *ret_forms = forms;
    return rc;
}

/* ---- Filling ---- */

typedef struct {
    tz_arena *mem;
    tz_store *store;
    const tz_packs *packs;
    const tz_form *form;
    const tz_form_options *options;
} filling;

/* A line of the head as plain text; NULL where the form has none. */
static tz_rc fill_line(const filling *of, const char *template, const json_t *view, const char **ret_text, tz_err *err)
{
    tz_mustache_target plain = {.escape = NULL};
    tz_buf             out = tz_buf_init(of->mem, 1 << 16);

    *ret_text = NULL;
    if (template == NULL)
        return TZ_OK;
    tz_rc rc = tz_mustache(of->mem, of->form->file, tz_text_of(template), view, &plain, &out, err);
    if (rc == TZ_OK)
        *ret_text = tz_buf_str(&out);
    return rc;
}

static tz_rc say_line(const filling *of, tz_document *doc, tz_block_kind kind, const char *template, const json_t *view, tz_err *err)
{
    const char *text = NULL;
    tz_rc       rc = fill_line(of, template, view, &text, err);

    if (rc == TZ_OK && text != NULL && text[0] != '\0')
        (void)tz_doc_say(doc, kind, text);
    return rc;
}

static void add_codes(tz_document *doc, const tz_form_sheet *sheet)
{
    for (size_t i = 0; i < sheet->links.count; i++)
        tz_doc_say(doc, TZ_BLOCK_QR, sheet->links.items[i])->number = sheet->captions.items[i];
}

/* Title, number, addressee, text, codes, signature, date: the order of a letter. */
static tz_rc add_sheet(const filling *of, tz_document *doc, const tz_form_sheet *sheet, tz_err *err)
{
    tz_rc              rc = TZ_OK;
    tz_mustache_target target = {.escape = tz_escape_markdown};
    tz_buf             body = tz_buf_init(of->mem, 16 << 20);

    if (doc->blocks.count > 0)
        (void)tz_doc_add(doc, TZ_BLOCK_PAGE);
    (void)tz_doc_say(doc, TZ_BLOCK_TITLE, tz_doc_half(doc, of->form->title));
    TZ_TRY(say_line(of, doc, TZ_BLOCK_NOTE, of->form->number, sheet->view, err));
    TZ_TRY(say_line(of, doc, TZ_BLOCK_ADDRESSEE, of->form->addressee, sheet->view, err));
    TZ_TRY(tz_mustache(of->mem, of->form->file, tz_text_of(of->form->body), sheet->view, &target, &body, err));
    TZ_TRY(tz_section_add(doc, tz_buf_text(&body), of->form->file, NULL, err));
    add_codes(doc, sheet);
    TZ_TRY(say_line(of, doc, TZ_BLOCK_SIGNATURE, of->form->signature, sheet->view, err));
    if (of->form->signature != NULL)
        (void)tz_doc_say(doc, TZ_BLOCK_DATE, tz_arena_dup(of->mem, tz_json_str(sheet->view, "date")));
done:
    return rc;
}

/* The county's day of the form, and what its bytes depend on. */
static tz_document *new_document(const filling *of)
{
    tz_document *doc = tz_document_new(of->mem, of->options->lang);
    char         date[TZ_DATE_TEXT], digest[TZ_SM3_HEX];

    tz_date_format(of->options->date, date);
    tz_digest_hex(&of->packs->digest, digest);
    doc->title = tz_doc_half(doc, of->form->title);
    doc->county = of->store->county->name;
    doc->as_of = tz_arena_dup(of->mem, date);
    doc->provenance = tz_arena_printf(of->mem, of->options->lang == TZ_ZH ? "%s · 程序 %s · 规则包 %.16s" : "%s · program %s · packs %.16s", date,
                                      TZ_VERSION, digest);
    return doc;
}

/* Room to sign in: a template writes {{{gap}}}, since a cell of Markdown can't hold lines. */
static void open_gaps(tz_arena *mem, tz_table *table)
{
    for (size_t i = 0; i < table->cells.count; i++) {
        tz_text text = tz_text_of(table->cells.items[i].text), gap = TZ_TEXT(GAP);
        tz_buf  out = tz_buf_init(mem, 0);
        if (tz_text_find(text, gap, 0) == SIZE_MAX)
            continue;
        for (size_t at = 0; at < text.size;) {
            bool is_gap = tz_text_starts(tz_text_cut(text, at, text.size), gap);
            tz_buf_char(&out, is_gap ? '\n' : text.data[at]);
            at += is_gap ? gap.size : 1;
        }
        table->cells.items[i].text = tz_buf_str(&out);
    }
}

/* Columns as wide as what stands in them asks for, within bounds: a narrow number beside a long sentence. */
static void fit_columns(tz_table *table)
{
    enum { NARROWEST = 8, WIDEST = 48, CELLS_A_WEIGHT = 4 };

    for (size_t c = 0; c < table->columns.count; c++) {
        size_t widest = tz_utf8_width(tz_text_of(table->columns.items[c].title));
        for (size_t r = 0; r < tz_table_rows(table); r++) {
            size_t width = tz_utf8_width(tz_text_of(tz_table_at(table, r, c)->text));
            widest = width > widest ? width : widest;
        }
        widest = widest < NARROWEST ? NARROWEST : widest > WIDEST ? WIDEST : widest;
        table->columns.items[c].weight = (int)((widest + CELLS_A_WEIGHT - 1) / CELLS_A_WEIGHT);
    }
}

/* The tables of a form were made for it alone, by its own Markdown. */
static void set_tables(tz_arena *mem, const tz_document *doc)
{
    for (size_t i = 0; i < doc->blocks.count; i++)
        if (doc->blocks.items[i]->kind == TZ_BLOCK_TABLE) {
            tz_table *table = (tz_table *)doc->blocks.items[i]->table;
            fit_columns(table);
            open_gaps(mem, table);
        }
}

static bool is_same_unit(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

/* One document of sheets [from, end). */
static tz_rc make_document(const filling *of, const tz_form_sheets *sheets, size_t from, size_t end, const char *unit, tz_filled_list *list,
                           tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_filled filled = {.unit = unit, .doc = new_document(of)};

    for (size_t i = from; i < end; i++) {
        TZ_TRY(add_sheet(of, filled.doc, &sheets->items[i], err));
        filled.count += sheets->items[i].count;
    }
    tz_typography(filled.doc);
    set_tables(of->mem, filled.doc);
    tz_push(of->mem, list, filled);
done:
    return rc;
}

tz_rc tz_form_fill(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_form *form, const tz_form_options *options,
                   tz_filled_list *ret_filled, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && form != NULL && options != NULL && ret_filled != NULL);
    tz_rc          rc = TZ_OK;
    filling        of = {mem, store, packs, form, options};
    tz_form_sheets sheets = {0};
    tz_filled_list list = {0};

    TZ_TRY(tz_form_gather(mem, store, packs, form, options, &sheets, err));
    for (size_t i = 0, end; i < sheets.count; i = end) {
        for (end = i + 1; end < sheets.count && is_same_unit(sheets.items[end].unit, sheets.items[i].unit);)
            end++;
        TZ_TRY(make_document(&of, &sheets, i, end, sheets.items[i].unit, &list, err));
    }
    if (list.count > 1)
        TZ_TRY(make_document(&of, &sheets, 0, sheets.count, NULL, &list, err));
    *ret_filled = list;
done:
    tz_form_sheets_free(&sheets);
    return rc;
}
