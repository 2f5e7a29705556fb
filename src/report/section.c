#include "report/section.h"

#include <md4c.h>
#include <string.h>

#include "base/assert.h"

enum { MAX_LISTS = 16, MAX_SPANS = 64 };

typedef struct {
    bool     is_ordered;
    unsigned next;
} list_level;

/* Where the parser stands. md4c takes an int from its callbacks; rc and err say what stopped it. */
typedef struct {
    tz_document *doc;
    const char  *file;
    const tz_picture_maker *pictures;
    tz_rc        rc;
    tz_err      *err;
    tz_block    *block;   /* being filled; NULL between blocks */
    unsigned     style;
    const char  *href;    /* inside a link */
    list_level   lists[MAX_LISTS];
    int          depth;   /* of lists */
    int          quotes;  /* open ones */
    bool         is_picture; /* inside a ```picture fence */
    tz_buf       code;    /* text of a fence */
    tz_table    *table;
    bool         in_head;
    tz_block    *cell;    /* gathers the runs of a table's cell, outside the document */
    size_t       tables;
} parsing;

static int stop(parsing *at, tz_rc rc)
{
    at->rc = rc;
    return 1;
}

/* ---- Links ---- */

static bool is_allowed(tz_text href)
{
    static const char *const SCHEMES[] = {"#", "http://", "https://", "mailto:"};
    for (size_t i = 0; i < sizeof SCHEMES / sizeof SCHEMES[0]; i++)
        if (tz_text_starts(href, tz_text_of(SCHEMES[i])))
            return true;
    return false;
}

static int enter_link(parsing *at, const MD_SPAN_A_DETAIL *link)
{
    tz_text href = {link->href.text, link->href.size};

    /* An address is compared as typed: an entity in it never makes another scheme of it. */
    if (!is_allowed(href)) {
        (void)tz_fail(at->err, TZ_INPUT, "链接 “%.*s” 不被接受", "the link '%.*s' is not taken", TZ_FMT(tz_text_cut(href, 0, 60)));
        (void)tz_err_advise(at->err, "链接只能是 #锚点、http:、https: 或 mailto:", "a link is an #anchor, http:, https: or mailto:");
        return stop(at, tz_err_at(at->err, at->file, NULL, 0, NULL));
    }
    at->href = tz_text_dup(at->doc->mem, href);
    return 0;
}

static int refuse_image(parsing *at)
{
    (void)tz_fail(at->err, TZ_INPUT, "章节里不能放图片文件", "a section holds no image file");
    (void)tz_err_advise(at->err, "图用 ```picture 段落来要", "ask for a picture by a ```picture fence");
    return stop(at, tz_err_at(at->err, at->file, NULL, 0, NULL));
}

/* ---- Text ---- */

static tz_block *target(parsing *at)
{
    if (at->cell != NULL)
        return at->cell;
    if (at->block == NULL) /* text of a tight list's item */
        at->block = tz_doc_add(at->doc, TZ_BLOCK_PARAGRAPH);
    return at->block;
}

static void put_run(parsing *at, const char *text)
{
    tz_block *block = target(at);
    tz_run   *last = block->runs.count == 0 ? NULL : &block->runs.items[block->runs.count - 1];
    bool      is_figure = at->href != NULL && tz_text_starts(tz_text_of(at->href), TZ_TEXT("#figure-"));

    if (is_figure) {
        tz_text name = tz_text_of(at->href + strlen("#figure-"));
        const tz_doc_figure *figure = tz_doc_find_figure(at->doc, name);
        if (last != NULL && last->figure != NULL && last->href == at->href)
            return; /* the link's text came in several pieces */
        if (figure == NULL) {
            tz_doc_run(at->doc, block, tz_arena_printf(at->doc->mem, "(?%.*s)", TZ_FMT(name)))->style = TZ_STYLE_ALARM;
            return;
        }
        tz_doc_figure_run(at->doc, block, figure);
        last = &block->runs.items[block->runs.count - 1];
        last->style = at->style;
        last->href = at->href;
        return;
    }
    if (last != NULL && last->style == at->style && last->href == at->href && last->figure == NULL) {
        last->text = tz_arena_printf(at->doc->mem, "%s%s", last->text, text);
        return;
    }
    last = tz_doc_run(at->doc, block, text);
    last->style = at->style;
    last->href = at->href;
}

/* A line of the source that ends in Latin letters parts words; between Chinese characters nothing stands. */
static void put_soft_break(parsing *at)
{
    const tz_block *block = target(at);
    const char     *before = block->runs.count == 0 ? "" : block->runs.items[block->runs.count - 1].text;
    size_t          size = strlen(before);

    if (size > 0 && (unsigned char)before[size - 1] < 0x80)
        put_run(at, " ");
}

/* The five entities of XML and the numbered ones; another stays as typed. */
static const char *entity_text(parsing *at, tz_text entity)
{
    static const struct { const char *name, *text; } NAMED[] = {
        {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&nbsp;", "\xC2\xA0"}};
    int32_t code = 0;
    char    out[5] = "";

    for (size_t i = 0; i < sizeof NAMED / sizeof NAMED[0]; i++)
        if (tz_text_is(entity, NAMED[i].name))
            return NAMED[i].text;
    bool is_hex = entity.size > 3 && (entity.data[2] == 'x' || entity.data[2] == 'X');
    for (size_t i = is_hex ? 3 : 2; entity.size > 3 && entity.data[1] == '#' && i + 1 < entity.size && code < 0x110000; i++) {
        char c = entity.data[i];
        int  digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
        code = code * (is_hex ? 16 : 10) + digit;
    }
    if (code <= 0 || code >= 0x110000 || (code >= 0xD800 && code < 0xE000))
        return tz_text_dup(at->doc->mem, entity);
    (void)tz_utf8_put(code, out);
    return tz_arena_dup(at->doc->mem, out);
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *data, MD_SIZE size, void *context)
{
    parsing *at = context;
    tz_text  text = {data, size};

    if (at->code.mem != NULL) { /* inside a fence */
        tz_buf_put(&at->code, text);
        return 0;
    }
    switch (type) {
    case MD_TEXT_NULLCHAR: put_run(at, "\xEF\xBF\xBD"); break;
    case MD_TEXT_BR: put_run(at, "\n"); break;
    case MD_TEXT_SOFTBR: put_soft_break(at); break;
    case MD_TEXT_ENTITY: put_run(at, entity_text(at, text)); break;
    default: put_run(at, tz_text_dup(at->doc->mem, text));
    }
    return 0;
}

/* ---- Spans ---- */

static unsigned span_style(MD_SPANTYPE type)
{
    return type == MD_SPAN_EM ? TZ_STYLE_ITALIC : type == MD_SPAN_STRONG ? TZ_STYLE_BOLD : type == MD_SPAN_CODE ? TZ_STYLE_CODE : 0;
}

static int on_enter_span(MD_SPANTYPE type, void *detail, void *context)
{
    parsing *at = context;
    at->style |= span_style(type);
    return type == MD_SPAN_A ? enter_link(at, detail) : type == MD_SPAN_IMG ? refuse_image(at) : 0;
}

static int on_leave_span(MD_SPANTYPE type, void *detail, void *context)
{
    parsing *at = context;
    (void)detail;
    at->style &= ~span_style(type);
    if (type == MD_SPAN_A)
        at->href = NULL;
    return 0;
}

/* ---- Blocks ---- */

static void enter_list(parsing *at, bool is_ordered, unsigned start)
{
    if (at->depth < MAX_LISTS)
        at->lists[at->depth] = (list_level){is_ordered, start};
    at->depth++;
    at->block = NULL;
}

static void enter_item(parsing *at)
{
    list_level *list = &at->lists[at->depth <= MAX_LISTS ? at->depth - 1 : MAX_LISTS - 1];
    at->block = tz_doc_add(at->doc, TZ_BLOCK_ITEM);
    at->block->level = at->depth;
    if (list->is_ordered)
        at->block->number = tz_arena_printf(at->doc->mem, "%u.", list->next++);
}

/* A paragraph of a list's item goes on in the item that was just begun. */
static void enter_paragraph(parsing *at)
{
    if (at->depth > 0 && at->block != NULL && at->block->kind == TZ_BLOCK_ITEM && at->block->runs.count == 0)
        return;
    at->block = tz_doc_add(at->doc, at->quotes > 0 ? TZ_BLOCK_QUOTE : TZ_BLOCK_PARAGRAPH);
}

static void enter_heading(parsing *at, unsigned level)
{
    at->block = tz_doc_add(at->doc, TZ_BLOCK_HEADING);
    at->block->level = level <= 2 ? 1 : level >= 5 ? 4 : (int)level - 1;
}

static void enter_table(parsing *at)
{
    at->table = tz_table_new(at->doc->mem, tz_arena_printf(at->doc->mem, "table-%zu", ++at->tables), "");
    tz_doc_put_table(at->doc, at->table);
    at->block = NULL;
}

static int on_enter_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    parsing *at = context;

    switch (type) {
    case MD_BLOCK_QUOTE: at->quotes++; break;
    case MD_BLOCK_UL: enter_list(at, false, 1); break;
    case MD_BLOCK_OL: enter_list(at, true, ((MD_BLOCK_OL_DETAIL *)detail)->start); break;
    case MD_BLOCK_LI: enter_item(at); break;
    case MD_BLOCK_HR: (void)tz_doc_add(at->doc, TZ_BLOCK_RULE); break;
    case MD_BLOCK_H: enter_heading(at, ((MD_BLOCK_H_DETAIL *)detail)->level); break;
    case MD_BLOCK_CODE: {
        const MD_ATTRIBUTE *lang = &((MD_BLOCK_CODE_DETAIL *)detail)->lang;
        at->is_picture = at->pictures != NULL && tz_text_is((tz_text){lang->text, lang->size}, "picture");
        at->code = tz_buf_init(at->doc->mem, 0);
        break;
    }
    case MD_BLOCK_P: enter_paragraph(at); break;
    case MD_BLOCK_TABLE: enter_table(at); break;
    case MD_BLOCK_THEAD: at->in_head = true; break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        at->cell = tz_new(at->doc->mem, tz_block);
        at->cell->number = "";
        break;
    default: break;
    }
    return 0;
}

static void end_cell(parsing *at, MD_ALIGN align)
{
    const tz_block *cell = at->cell;
    const char     *text = tz_block_text(at->doc->mem, cell);

    at->cell = NULL;
    if (at->in_head) {
        /* columns to the right hold numbers, with words among them where a number is not to be had */
        tz_table_column_add(at->doc->mem, at->table, text, align == MD_ALIGN_RIGHT ? TZ_COLUMN_DECIMAL : TZ_COLUMN_TEXT,
                            align == MD_ALIGN_RIGHT ? 1 : 2);
        return;
    }
    tz_table_cell *put = tz_table_put(at->doc->mem, at->table, text);
    for (size_t i = 0; i < cell->runs.count; i++)
        if (cell->runs.items[i].href != NULL && put->href == NULL) {
            put->href = cell->runs.items[i].href;
            put->figure = cell->runs.items[i].figure;
        }
}

static int end_code(parsing *at)
{
    tz_text code = tz_buf_text(&at->code);

    at->code = (tz_buf){0};
    if (at->is_picture) {
        tz_rc rc = at->pictures->make(at->pictures->context, at->doc, code, at->err);
        if (rc != TZ_OK)
            return stop(at, tz_err_at(at->err, at->file, NULL, 0, NULL));
        return 0;
    }
    (void)tz_doc_say(at->doc, TZ_BLOCK_CODE, tz_text_dup(at->doc->mem, code));
    return 0;
}

static int on_leave_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    parsing *at = context;

    switch (type) {
    case MD_BLOCK_QUOTE: at->quotes--; break;
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        at->depth--;
        at->block = NULL;
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD: end_cell(at, ((MD_BLOCK_TD_DETAIL *)detail)->align); break;
    case MD_BLOCK_THEAD: at->in_head = false; break;
    case MD_BLOCK_CODE: return end_code(at);
    case MD_BLOCK_P:
        if (at->depth == 0)
            at->block = NULL;
        break;
    case MD_BLOCK_H:
    case MD_BLOCK_LI:
    case MD_BLOCK_TABLE: at->block = NULL; break;
    default: break;
    }
    return 0;
}

tz_rc tz_section_add(tz_document *doc, tz_text markdown, const char *file, const tz_picture_maker *pictures, tz_err *err)
{
    tz_assert(doc != NULL && err != NULL);
    parsing   at = {.doc = doc, .file = file, .pictures = pictures, .rc = TZ_OK, .err = err, .tables = doc->blocks.count};
    MD_PARSER parser = {0, MD_FLAG_NOHTML | MD_FLAG_TABLES, on_enter_block, on_leave_block, on_enter_span, on_leave_span,
                        on_text, NULL, NULL};
    int       failed = md_parse(markdown.data == NULL ? "" : markdown.data, (MD_SIZE)markdown.size, &parser, &at);

    tz_assert(failed == 0 || at.rc != TZ_OK); /* md4c itself fails only without memory */
    return at.rc;
}

tz_text tz_section_half(tz_text markdown, tz_lang lang)
{
    size_t at = tz_text_find(markdown, TZ_TEXT("<!-- en -->"), 0);

    if (at == SIZE_MAX)
        return markdown;
    size_t end = at + strlen("<!-- en -->");
    return lang == TZ_ZH ? tz_text_cut(markdown, 0, at) : tz_text_cut(markdown, end, markdown.size - end);
}
