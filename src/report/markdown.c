#include "report/markdown.h"

#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "report/picture.h"

typedef struct {
    const tz_document *doc;
    tz_buf             out;
} writing;

static void put(writing *to, const char *markdown)
{
    tz_buf_puts(&to->out, markdown);
}

/* Only the marks that mean something inside a line; the escape of templates covers every one, which reads
 * badly in a file for people. */
static void put_text(writing *to, const char *text, bool in_table)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            put(to, in_table ? "<br>" : "\\\n");
            continue;
        }
        if (strchr("\\`*_[]<>&", *text) != NULL || (in_table && *text == '|'))
            tz_buf_char(&to->out, '\\');
        tz_buf_char(&to->out, *text);
    }
}

/* A fence longer than any in the text. */
static void put_fence(writing *to, const char *text)
{
    size_t longest = 2, run = 0;
    char   fence[64] = "";

    for (const char *c = text; *c != '\0'; c++) {
        run = *c == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    longest = longest + 1 < sizeof fence - 1 ? longest + 1 : sizeof fence - 1;
    memset(fence, '`', longest);
    tz_buf_printf(&to->out, "%s\n%s%s%s\n\n", fence, text, text[0] != '\0' && text[strlen(text) - 1] == '\n' ? "" : "\n", fence);
}

static void put_code_span(writing *to, const char *text)
{
    const char *fence = strchr(text, '`') == NULL ? "`" : "`` ";
    put(to, fence);
    put(to, text);
    put(to, fence[1] == '\0' ? "`" : " ``");
}

static void put_run(writing *to, const tz_run *run)
{
    const char *mark = run->style & (TZ_STYLE_BOLD | TZ_STYLE_ALARM) ? "**" : run->style & TZ_STYLE_ITALIC ? "*" : "";
    bool        is_link = run->href != NULL && run->figure == NULL && run->href[0] != '#';

    put(to, is_link ? "[" : "");
    put(to, mark);
    if (run->style & TZ_STYLE_CODE)
        put_code_span(to, run->text);
    else
        put_text(to, run->text, false);
    put(to, mark);
    if (is_link)
        tz_buf_printf(&to->out, "](<%s>)", run->href);
    if (run->figure != NULL)
        tz_buf_printf(&to->out, "[^%d]", run->figure->number);
}

static void put_runs(writing *to, const tz_block *block)
{
    if (block->number[0] != '\0' && block->kind != TZ_BLOCK_ITEM)
        put_text(to, block->number, false);
    for (size_t i = 0; i < block->runs.count; i++)
        put_run(to, &block->runs.items[i]);
}

static void put_line(writing *to, const tz_block *block, const char *before, const char *after)
{
    put(to, before);
    put_runs(to, block);
    put(to, after);
}

static void put_table(writing *to, const tz_table *table)
{
    size_t columns = table->columns.count;

    for (size_t c = 0; c < columns; c++) {
        put(to, c == 0 ? "| " : " | ");
        put_text(to, table->columns.items[c].title, true);
    }
    put(to, " |\n");
    for (size_t c = 0; c < columns; c++) {
        tz_column_type type = table->columns.items[c].type;
        put(to, type == TZ_COLUMN_INT || type == TZ_COLUMN_DECIMAL ? "|---:" : "|---");
    }
    put(to, "|\n");
    for (size_t r = 0; r < tz_table_shown(table); r++) {
        for (size_t c = 0; c < columns; c++) {
            const tz_table_cell *cell = tz_table_at(table, r, c);
            bool is_level = table->columns.items[c].type == TZ_COLUMN_LEVEL;
            put(to, c == 0 ? "| " : " | ");
            put_text(to, is_level ? tz_level_words(cell->text, to->doc->lang) : cell->text, true);
            if (cell->note != NULL && cell->note[0] != '\0') {
                put(to, "<br>");
                put_text(to, cell->note, true);
            }
            if (cell->figure != NULL)
                tz_buf_printf(&to->out, "[^%d]", cell->figure->number);
        }
        put(to, " |\n");
    }
    put(to, "\n");
}

static void put_figures(writing *to)
{
    bool is_zh = to->doc->lang == TZ_ZH;

    for (size_t i = 0; i < to->doc->figures.count; i++) {
        const tz_doc_figure *figure = to->doc->figures.items[i];
        tz_buf_printf(&to->out, "[^%d]: **", figure->number);
        put_text(to, figure->title, false);
        put(to, "** ");
        put_text(to, figure->printed, false);
        put(to, is_zh ? "\u3002" : ". ");
        put_text(to, figure->definition, false);
        tz_buf_printf(&to->out, is_zh ? "\u3002`%s`\uFF0C依据 %zu 行\uFF0C查看 %lld 行" : ". `%s`, rests on %zu rows, looked at %lld",
                      figure->name, figure->row_count, (long long)figure->looked_at);
        if (figure->why_not != NULL) {
            put(to, is_zh ? "\uFF0C" : ", ");
            put_text(to, figure->why_not, false);
        }
        if (figure->code[0] != '\0')
            tz_buf_printf(&to->out, is_zh ? "\uFF0C编码 `%s`" : ", code `%s`", figure->code);
        put(to, "\n");
    }
    put(to, "\n");
}

static void put_item(writing *to, const tz_block *block)
{
    for (int i = 1; i < block->level; i++)
        put(to, "   ");
    put(to, block->number[0] != '\0' ? block->number : "-");
    put_line(to, block, " ", "\n");
}

/* A picture in a text is the table of its numbers. */
static void put_picture(writing *to, const tz_block *block)
{
    const tz_picture *picture = block->picture;

    put_line(to, block, "**", "**\n\n|");
    for (size_t s = 0; s < picture->series_count; s++) {
        put(to, " | ");
        put_text(to, picture->series[s], true);
    }
    put(to, " |\n|---");
    for (size_t s = 0; s < picture->series_count; s++)
        put(to, picture->kind == TZ_PICTURE_TIMELINE ? "|---" : "|---:");
    put(to, "|\n");
    for (size_t i = 0; i < picture->items.count; i++) {
        put(to, "| ");
        put_text(to, picture->items.items[i].label, true);
        for (size_t s = 0; s < picture->series_count; s++) {
            put(to, " | ");
            put_text(to, picture->items.items[i].printed[s], true);
        }
        put(to, " |\n");
    }
    put(to, "\n");
}

static void put_block(writing *to, const tz_block *block)
{
    static const char *const HEADINGS[] = {"## ", "### ", "#### ", "##### "};

    switch (block->kind) {
    case TZ_BLOCK_TITLE: put_line(to, block, "# ", "\n\n"); break;
    case TZ_BLOCK_HEADING: put_line(to, block, HEADINGS[(block->level - 1) & 3], "\n\n"); break;
    case TZ_BLOCK_ANNEX:
        put(to, "## ");
        put_text(to, block->number, false);
        put(to, " ");
        put_text(to, block->runs.count == 0 ? "" : block->runs.items[0].text, false);
        put(to, "\n\n");
        break;
    case TZ_BLOCK_ITEM: put_item(to, block); break;
    case TZ_BLOCK_QUOTE: put_line(to, block, "> ", "\n\n"); break;
    case TZ_BLOCK_CODE: put_fence(to, block->runs.count == 0 ? "" : block->runs.items[0].text); break;
    case TZ_BLOCK_TABLE: put_table(to, block->table); break;
    case TZ_BLOCK_ALARM: put_line(to, block, "> **!** ", "\n\n"); break;
    case TZ_BLOCK_RULE:
    case TZ_BLOCK_PAGE: put(to, "---\n\n"); break;
    case TZ_BLOCK_QR: put_line(to, block, "`", "`\n\n"); break;
    case TZ_BLOCK_FIGURES: put_figures(to); break;
    case TZ_BLOCK_PICTURE: put_picture(to, block); break;
    default: put_line(to, block, "", "\n\n");
    }
}

tz_rc tz_markdown_write(tz_arena *mem, const tz_document *doc, const char *path, tz_err *err)
{
    tz_assert(mem != NULL && doc != NULL && path != NULL);
    writing to = {.doc = doc, .out = tz_buf_init(mem, 0)};

    for (size_t i = 0; i < doc->blocks.count; i++) {
        put_block(&to, doc->blocks.items[i]);
        if (doc->blocks.items[i]->kind == TZ_BLOCK_ITEM &&
            (i + 1 == doc->blocks.count || doc->blocks.items[i + 1]->kind != TZ_BLOCK_ITEM))
            put(&to, "\n");
    }
    put(&to, "---\n\n");
    put_text(&to, doc->provenance, false);
    put(&to, "\n");
    if (to.out.is_over)
        return tz_fail(err, TZ_LIMIT, "报告过大", "the report is too large");
    return tz_file_write(path, tz_buf_text(&to.out), 0644, err);
}
