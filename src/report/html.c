#include "report/html.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "report/picture.h"
#include "report/qr.h"

typedef struct {
    tz_arena *mem;
    const tz_document *doc;
    const char *rest;
    const tz_html_links *links; /* of a part of another page; NULL: a page of its own */
    int    depth;   /* of open lists */
    bool   ordered[16];
    bool   in_section;
    tz_buf out;
} page;

void tz_html_text(tz_buf *out, tz_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        switch (text.data[i]) {
        case '&': tz_buf_puts(out, "&amp;"); break;
        case '<': tz_buf_puts(out, "&lt;"); break;
        case '>': tz_buf_puts(out, "&gt;"); break;
        case '"': tz_buf_puts(out, "&quot;"); break;
        case '\'': tz_buf_puts(out, "&#39;"); break;
        default: tz_buf_char(out, text.data[i]);
        }
    }
}

void tz_html_str(tz_buf *out, const char *text)
{
    tz_html_text(out, tz_text_of(text));
}

static void put(page *to, const char *html)
{
    tz_buf_puts(&to->out, html);
}

static void put_text(page *to, const char *text)
{
    tz_html_str(&to->out, text);
}

static void put_id(page *to, const char *id)
{
    if (id == NULL)
        return;
    put(to, " id=\"");
    put_text(to, id);
    put(to, "\"");
}

/* ---- Runs ---- */

static void put_lines(page *to, const char *text)
{
    for (const char *end = strchr(text, '\n'); end != NULL; text = end + 1, end = strchr(text, '\n')) {
        tz_html_text(&to->out, (tz_text){text, (size_t)(end - text)});
        put(to, "<br>");
    }
    put_text(to, text);
}

/* In a part of another page figures have pages of their own. */
static void put_href(page *to, const char *href, const tz_doc_figure *figure)
{
    put(to, figure != NULL ? "<a class=figure href=\"" : "<a href=\"");
    if (figure != NULL && to->links != NULL) {
        put_text(to, to->links->before);
        put_text(to, figure->name);
        put_text(to, to->links->behind);
    } else {
        put_text(to, href);
    }
    put(to, "\">");
}

static void put_run(page *to, const tz_run *run)
{
    static const struct { unsigned style; const char *open, *close; } MARKS[] = {
        {TZ_STYLE_BOLD, "<strong>", "</strong>"}, {TZ_STYLE_ITALIC, "<em>", "</em>"}, {TZ_STYLE_CODE, "<code>", "</code>"},
        {TZ_STYLE_FAINT, "<span class=faint>", "</span>"}, {TZ_STYLE_ALARM, "<strong class=red>", "</strong>"}};
    enum { COUNT = sizeof MARKS / sizeof MARKS[0] };

    if (run->href != NULL)
        put_href(to, run->href, run->figure);
    for (size_t i = 0; i < COUNT; i++)
        if (run->style & MARKS[i].style)
            put(to, MARKS[i].open);
    put_lines(to, run->text);
    for (size_t i = COUNT; i-- > 0;)
        if (run->style & MARKS[i].style)
            put(to, MARKS[i].close);
    if (run->href != NULL)
        put(to, "</a>");
}

static void put_runs(page *to, const tz_block *block)
{
    for (size_t i = 0; i < block->runs.count; i++)
        put_run(to, &block->runs.items[i]);
}

static void put_block(page *to, const tz_block *block, const char *open, const char *close)
{
    put(to, open);
    put_text(to, block->number);
    put_runs(to, block);
    put(to, close);
}

/* ---- Tables ---- */

static bool is_number(tz_column_type type)
{
    return type == TZ_COLUMN_INT || type == TZ_COLUMN_DECIMAL;
}

static void put_cell(page *to, const tz_table_column *column, const tz_table_cell *cell)
{
    put(to, is_number(column->type) ? "<td class=n" : "<td");
    put_id(to, cell->id);
    put(to, ">");
    if (cell->href != NULL)
        put_href(to, cell->href, cell->figure);
    if (column->type == TZ_COLUMN_LEVEL) {
        put(to, "<span class=\"level ");
        put_text(to, cell->text);
        put(to, "\">");
        put_text(to, tz_level_words(cell->text, to->doc->lang));
        put(to, "</span>");
    } else {
        put_lines(to, cell->text);
    }
    if (cell->href != NULL)
        put(to, "</a>");
    if (cell->note != NULL && cell->note[0] != '\0') {
        put(to, "<br><span class=faint>");
        put_lines(to, cell->note);
        put(to, "</span>");
    }
    put(to, "</td>");
}

/* A table may be wider than a phone: it scrolls by itself, and by the keyboard. */
static void put_table(page *to, const tz_table *table)
{
    put(to, "<div class=wide tabindex=0 role=region aria-label=\"");
    put_text(to, table->title[0] != '\0' ? table->title : tz_doc_half(to->doc, "表格|table"));
    put(to, "\"><table><thead><tr>");
    for (size_t c = 0; c < table->columns.count; c++) {
        put(to, is_number(table->columns.items[c].type) ? "<th scope=col class=n>" : "<th scope=col>");
        put_text(to, table->columns.items[c].title);
        put(to, "</th>");
    }
    put(to, "</tr></thead><tbody>");
    for (size_t r = 0; r < tz_table_shown(table); r++) {
        put(to, "<tr>");
        for (size_t c = 0; c < table->columns.count; c++)
            put_cell(to, &table->columns.items[c], tz_table_at(table, r, c));
        put(to, "</tr>");
    }
    put(to, "</tbody></table></div>");
}

/* ---- Figures, opened ---- */

static void put_cut(page *to, const tz_doc_figure *figure, size_t shown)
{
    bool is_zh = to->doc->lang == TZ_ZH;

    put(to, "<p class=faint>");
    tz_buf_printf(&to->out, is_zh ? "共 %zu 行,此处为前 %zu 行;" : "%zu rows in all, the first %zu stand here; ",
                  figure->row_count, shown);
    if (to->rest != NULL) {
        put(to, is_zh ? "全部见 <a href=\"" : "all of them: <a href=\"");
        put_text(to, to->rest);
        put(to, "\">");
        put_text(to, to->rest);
        put(to, "</a>");
    } else {
        tz_buf_printf(&to->out, is_zh ? "全部:taizhang figure %s --rows" : "all: taizhang figure %s --rows", figure->name);
    }
    put(to, "</p>");
}

static tz_rc put_figure_rows(page *to, const tz_doc_figure *figure, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_table *rows = NULL;

    if (figure->row_count == 0 || to->doc->load_rows == NULL)
        return TZ_OK;
    TZ_TRY(to->doc->load_rows(to->doc->context, to->mem, figure, 0, TZ_HTML_ROWS, &rows, err));
    rows->title = figure->title;
    put_table(to, rows);
    if (figure->row_count > tz_table_rows(rows))
        put_cut(to, figure, tz_table_rows(rows));
done:
    return rc;
}

static void put_figure_facts(page *to, const tz_doc_figure *figure)
{
    bool is_zh = to->doc->lang == TZ_ZH;

    put(to, "<p class=faint>");
    put_text(to, figure->name);
    tz_buf_printf(&to->out, is_zh ? " · 数据时点 %s · 查看 %lld 行" : " · as of %s · looked at %lld rows", to->doc->as_of,
                  (long long)figure->looked_at);
    if (figure->code[0] != '\0') {
        put(to, is_zh ? " · 编码 <code>" : " · code <code>");
        put_text(to, figure->code);
        put(to, "</code>");
    }
    put(to, "</p>");
    if (figure->why_not != NULL) {
        put(to, "<p>");
        put_text(to, figure->why_not);
        put(to, "</p>");
    }
}

/* What a number's link leads to lies open; its query and its rows unfold. */
static tz_rc put_figure(page *to, const tz_doc_figure *figure, tz_err *err)
{
    tz_rc rc = TZ_OK;

    put(to, "<article class=card id=\"figure-");
    put_text(to, figure->name);
    put(to, "\"><h3>");
    put_text(to, figure->title);
    put(to, " <span class=value>");
    put_text(to, figure->printed);
    put(to, "</span></h3><p>");
    put_text(to, figure->definition);
    put(to, "</p>");
    put_figure_facts(to, figure);
    put(to, "<details><summary>");
    tz_buf_printf(&to->out, to->doc->lang == TZ_ZH ? "算法和出处(%zu 行)" : "Query and rows (%zu)", figure->row_count);
    put(to, "</summary><pre tabindex=0><code>");
    put_text(to, figure->query);
    put(to, "</code></pre><p class=faint>");
    put_lines(to, figure->basis);
    put(to, "</p>");
    rc = put_figure_rows(to, figure, err);
    put(to, "</details></article>");
    return rc;
}

/* ---- Blocks ---- */

/* Opens and closes lists until depth are open, the innermost of its kind; an item of depth n stands in n lists. */
static void to_depth(page *to, int depth, bool is_ordered)
{
    enum { MAX = sizeof to->ordered / sizeof to->ordered[0] };

    depth = depth < MAX ? depth : MAX;
    while (to->depth > depth || (depth > 0 && to->depth == depth && to->ordered[depth - 1] != is_ordered))
        put(to, to->ordered[--to->depth] ? "</li></ol>" : "</li></ul>");
    if (to->depth == depth && depth > 0)
        put(to, "</li>");
    while (to->depth < depth) {
        to->ordered[to->depth++] = is_ordered;
        put(to, is_ordered ? "<ol>" : "<ul>");
    }
}

static void put_item(page *to, const tz_block *block)
{
    bool is_ordered = block->number[0] != '\0';

    to_depth(to, block->level, is_ordered);
    if (is_ordered)
        tz_buf_printf(&to->out, "<li value=%d>", (int)strtol(block->number, NULL, 10));
    else
        put(to, "<li>");
    put_runs(to, block);
}

static void put_heading(page *to, const tz_block *block)
{
    int level = block->level + 1;

    if (block->level == 1) {
        put(to, to->in_section ? "</section><section>" : "<section>");
        to->in_section = true;
    }
    tz_buf_printf(&to->out, "<h%d", level);
    put_id(to, block->id);
    put(to, ">");
    put_text(to, block->number);
    put_runs(to, block);
    tz_buf_printf(&to->out, "</h%d>", level);
}

static void put_annex(page *to, const tz_block *block)
{
    put(to, to->in_section ? "</section><section class=annex>" : "<section class=annex>");
    to->in_section = true;
    put(to, "<h2");
    put_id(to, block->id);
    put(to, ">");
    put_text(to, block->number);
    put(to, block->number[0] != '\0' ? " " : "");
    put_runs(to, block);
    put(to, "</h2>");
}

static tz_rc put_figures(page *to, tz_err *err)
{
    tz_rc rc = TZ_OK;
    for (size_t i = 0; rc == TZ_OK && i < to->doc->figures.count; i++)
        rc = put_figure(to, to->doc->figures.items[i], err);
    return rc;
}

static void put_picture(page *to, const tz_block *block)
{
    tz_scene scene = tz_picture_scene(to->mem, block->picture);

    put(to, "<figure><figcaption>");
    put_runs(to, block);
    put(to, "</figcaption>");
    tz_scene_svg(&scene, tz_picture_words(to->mem, block->picture), true, &to->out);
    put(to, "</figure>");
}

/* The code with its caption under it; its text stands there for who can't scan it. */
static tz_rc put_code(page *to, const tz_block *block, tz_err *err)
{
    enum { CODE_PIXELS = 96 };
    const char *text = tz_block_text(to->mem, block);
    tz_qr       qr = {0};

    tz_rc rc = tz_qr_make(to->mem, text, &qr, err);
    if (rc != TZ_OK)
        return rc;
    put(to, "<figure class=qr>");
    tz_qr_svg(&qr, CODE_PIXELS, block->number[0] != '\0' ? block->number : text, &to->out);
    put(to, "<figcaption>");
    put_text(to, block->number);
    put(to, "<br><code>");
    put_text(to, text);
    put(to, "</code></figcaption></figure>");
    return TZ_OK;
}

static tz_rc put_any(page *to, const tz_block *block, tz_err *err)
{
    if (block->kind == TZ_BLOCK_ITEM) {
        put_item(to, block);
        return TZ_OK;
    }
    to_depth(to, 0, false);
    switch (block->kind) {
    case TZ_BLOCK_TITLE: put_block(to, block, "<h1>", "</h1>"); break;
    case TZ_BLOCK_HEADING: put_heading(to, block); break;
    case TZ_BLOCK_ANNEX: put_annex(to, block); break;
    case TZ_BLOCK_PARAGRAPH:
    case TZ_BLOCK_ADDRESSEE: put_block(to, block, "<p>", "</p>"); break;
    case TZ_BLOCK_QUOTE: put_block(to, block, "<blockquote>", "</blockquote>"); break;
    case TZ_BLOCK_CODE: put_block(to, block, "<pre tabindex=0><code>", "</code></pre>"); break;
    case TZ_BLOCK_TABLE: put_table(to, block->table); break;
    case TZ_BLOCK_PICTURE: put_picture(to, block); break;
    case TZ_BLOCK_NOTE: put_block(to, block, "<p class=faint>", "</p>"); break;
    case TZ_BLOCK_ALARM: put_block(to, block, "<p class=alarm>", "</p>"); break;
    case TZ_BLOCK_RULE: put(to, "<hr>"); break;
    case TZ_BLOCK_SIGNATURE:
    case TZ_BLOCK_DATE: put_block(to, block, "<p class=signed>", "</p>"); break;
    case TZ_BLOCK_QR: return put_code(to, block, err);
    case TZ_BLOCK_PAGE: put(to, "<hr class=page>"); break;
    case TZ_BLOCK_FIGURES: return put_figures(to, err);
    case TZ_BLOCK_ITEM: tz_unreachable("an item was written above");
    }
    return TZ_OK;
}

static void put_head(page *to)
{
    put(to, to->doc->lang == TZ_ZH ? "<!doctype html><html lang=\"zh-CN\">" : "<!doctype html><html lang=\"en\">");
    put(to, "<head><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\"><title>");
    put_text(to, to->doc->title);
    put(to, "</title><style>");
    put(to, TZ_HTML_STYLE);
    put(to, "</style></head><body><main>");
}

tz_rc tz_html_document(tz_arena *mem, const tz_document *doc, const char *rest, tz_text *ret_page, tz_err *err)
{
    tz_assert(mem != NULL && doc != NULL && ret_page != NULL);
    tz_rc rc = TZ_OK;
    page  to = {.mem = mem, .doc = doc, .rest = rest, .out = tz_buf_init(mem, 0)};

    put_head(&to);
    for (size_t i = 0; i < doc->blocks.count; i++)
        TZ_TRY(put_any(&to, doc->blocks.items[i], err));
    to_depth(&to, 0, false);
    put(&to, to.in_section ? "</section></main><footer>" : "</main><footer>");
    put_text(&to, doc->provenance);
    put(&to, "</footer></body></html>\n");
    if (to.out.is_over)
        rc = tz_fail(err, TZ_LIMIT, "报告过大", "the report is too large");
    else
        *ret_page = tz_buf_text(&to.out);
done:
    return rc;
}

/* What the page around it says itself, or has a page for. */
static bool is_left_out(const tz_block *block)
{
    return block->kind == TZ_BLOCK_TITLE || block->kind == TZ_BLOCK_FIGURES ||
           (block->kind == TZ_BLOCK_ANNEX && block->id != NULL && strcmp(block->id, "figures") == 0);
}

tz_rc tz_html_part(tz_arena *mem, const tz_document *doc, const tz_html_links *links, tz_text *ret_part, tz_err *err)
{
    tz_assert(mem != NULL && doc != NULL && links != NULL && ret_part != NULL);
    tz_rc rc = TZ_OK;
    page  to = {.mem = mem, .doc = doc, .links = links, .out = tz_buf_init(mem, 0)};

    for (size_t i = 0; i < doc->blocks.count; i++)
        if (!is_left_out(doc->blocks.items[i]))
            TZ_TRY(put_any(&to, doc->blocks.items[i], err));
    to_depth(&to, 0, false);
    put(&to, to.in_section ? "</section>" : "");
    if (to.out.is_over)
        rc = tz_fail(err, TZ_LIMIT, "报告过大", "the report is too large");
    else
        *ret_part = tz_buf_text(&to.out);
done:
    return rc;
}

const char TZ_HTML_STYLE[] =
    ":root{--paper:#fcfbf8;--ink:#1d2126;--faint:#5d6670;--rule:#dcd8ce;--accent:#1f5c57;--red:#b3261e;--orange:#b25900;"
    "--yellow:#8a6d00;--tint:#f3f0e8;color-scheme:light dark}"
    "@media(prefers-color-scheme:dark){:root{--paper:#16181b;--ink:#e6e3dc;--faint:#a2a9b1;--rule:#34383d;--accent:#7fc4bc;"
    "--red:#f2877f;--orange:#eda35c;--yellow:#d8bd5a;--tint:#1e2125}}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;max-width:60rem;padding:24px 16px 64px;background:var(--paper);color:var(--ink);"
    "font:15px/1.6 'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',system-ui,sans-serif}"
    "h1{font-size:24px;line-height:1.3;margin:0 0 4px}"
    "h2{font-size:18px;margin:32px 0 8px;border-bottom:1px solid var(--rule);padding-bottom:4px}"
    "h3{font-size:15px;margin:16px 0 4px}h4,h5{font-size:15px;margin:8px 0 4px}p{margin:8px 0}.faint{color:var(--faint)}"
    "a{color:var(--accent);text-underline-offset:2px}"
    "a:focus,summary:focus,.wide:focus,pre:focus{outline:2px solid var(--accent);outline-offset:2px}"
    "a.figure{font-variant-numeric:tabular-nums;text-decoration:underline dotted}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;font-size:14px;width:100%;margin:8px 0}"
    "th,td{text-align:left;padding:4px 8px;border-bottom:1px solid var(--rule);vertical-align:top}"
    "th{font-weight:600;color:var(--faint);white-space:nowrap}"
    "td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}"
    ".level{white-space:nowrap}.red{color:var(--red)}.orange{color:var(--orange)}.yellow{color:var(--yellow)}"
    ".alarm{border-left:4px solid var(--red);padding:4px 12px;color:var(--red);font-weight:600}"
    ".qr{display:inline-block;margin:8px 16px 8px 0;font-size:12px}"
    ".signed{text-align:right}blockquote{margin:8px 0;padding-left:12px;border-left:4px solid var(--rule)}"
    "figure{margin:16px 0}figcaption{font-weight:600}figure svg{max-width:100%;height:auto;font-family:inherit}"
    ".card{border:1px solid var(--rule);border-radius:3px;margin:8px 0;padding:4px 12px;break-inside:avoid}"
    ".card:target{border-color:var(--accent);outline:1px solid var(--accent)}"
    ".card h3{margin-top:4px}.card .value{float:right;font-variant-numeric:tabular-nums}"
    "summary{cursor:pointer;padding:4px 0;color:var(--accent)}"
    "pre{background:var(--tint);padding:8px;overflow-x:auto;font-size:13px;line-height:1.45}"
    "footer{margin-top:40px;border-top:1px solid var(--rule);padding-top:8px;font-size:13px;color:var(--faint);overflow-wrap:anywhere}"
    "@page{size:A4;margin:37mm 26mm 35mm 28mm}"
    "@media print{:root{--paper:#fff;--ink:#000}body{max-width:none;padding:0}.wide{overflow:visible}.annex,.page{break-before:page}.page{border:0}"
    "details{display:none}tr{break-inside:avoid}thead{display:table-header-group}}";
