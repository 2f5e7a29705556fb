#include "report/typography.h"

#include <string.h>

enum { NONE = 0 };

/* Chinese characters, and the marks that stand among them. */
static bool is_chinese(int32_t c)
{
    return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFF00 && c <= 0xFF65) ||
           (c >= 0x20000 && c <= 0x3FFFF) || c == 0x201C || c == 0x201D;
}

static bool is_word(int32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int32_t full_width(int32_t c)
{
    return c == ',' || c == ':' || c == ';' || c == '?' || c == '!' || c == '(' || c == ')' ? c - 0x21 + 0xFF01 : c;
}

/* A space between a Chinese character and a word or number, or before a per cent sign. */
static bool is_needless(int32_t before, int32_t after)
{
    return (is_chinese(before) && (is_word(after) || is_chinese(after))) || (is_word(before) && (is_chinese(after) || after == '%'));
}

/* What is carried from run to run of a paragraph. */
typedef struct {
    int32_t before; /* the character before */
    int     opened; /* brackets that became full width and are still open */
} state;

static bool becomes_full(const state *at, int32_t c, int32_t after)
{
    if (c == ')')
        return at->opened > 0 || is_chinese(at->before);
    if (c == '(')
        return is_chinese(at->before) || (at->before == NONE && is_chinese(after)) || (is_word(at->before) && is_chinese(after));
    return is_chinese(at->before) || (is_chinese(after) && at->before != ' ' && at->before != NONE);
}

/* after: the first character behind text, NONE at the end of the paragraph. */
static const char *set_text(tz_arena *mem, state *at, const char *text, int32_t end)
{
    tz_text source = tz_text_of(text);
    tz_buf  out = tz_buf_init(mem, 0);
    char    one[4];

    for (size_t next = 0, here = 0; here < source.size; here = next) {
        int32_t c = tz_utf8_next(source, &next);
        size_t  peek = next;
        int32_t after = next < source.size ? tz_utf8_next(source, &peek) : end;
        if (c == ' ' && is_needless(at->before, after))
            continue;
        if (full_width(c) != c && becomes_full(at, c, after)) {
            at->opened += c == '(' ? 1 : c == ')' && at->opened > 0 ? -1 : 0;
            c = full_width(c);
        }
        tz_buf_put(&out, (tz_text){one, tz_utf8_put(c, one)});
        at->before = c;
    }
    return tz_buf_str(&out);
}

const char *tz_typography_text(tz_arena *mem, const char *text)
{
    state at = {0};
    return set_text(mem, &at, text, NONE);
}

static int32_t first_of(const tz_run *run)
{
    size_t at = 0;
    return run->text[0] == '\0' ? NONE : tz_utf8_next(tz_text_of(run->text), &at);
}

static void set_block(tz_arena *mem, tz_block *block)
{
    state at = {0};

    for (size_t i = 0; i < block->runs.count; i++) {
        tz_run *run = &block->runs.items[i];
        if (run->style & (TZ_STYLE_CODE | TZ_STYLE_ALARM)) {
            at = (state){.before = 'a'};
            continue;
        }
        run->text = set_text(mem, &at, run->text, i + 1 < block->runs.count ? first_of(&block->runs.items[i + 1]) : NONE);
    }
}

static void set_table(tz_arena *mem, tz_table *table)
{
    size_t columns = table->columns.count;

    for (size_t c = 0; c < columns; c++)
        table->columns.items[c].title = tz_typography_text(mem, table->columns.items[c].title);
    for (size_t i = 0; i < table->cells.count; i++) {
        tz_table_cell *cell = &table->cells.items[i];
        if (table->columns.items[i % columns].type != TZ_COLUMN_TEXT)
            continue;
        cell->text = tz_typography_text(mem, cell->text);
        cell->note = cell->note == NULL ? NULL : tz_typography_text(mem, cell->note);
    }
}

static void set_figure(tz_arena *mem, tz_doc_figure *figure)
{
    figure->title = tz_typography_text(mem, figure->title);
    figure->definition = tz_typography_text(mem, figure->definition);
    figure->printed = tz_typography_text(mem, figure->printed);
    figure->why_not = figure->why_not == NULL ? NULL : tz_typography_text(mem, figure->why_not);
}

void tz_typography(tz_document *doc)
{
    if (doc->lang != TZ_ZH)
        return;
    for (size_t i = 0; i < doc->figures.count; i++)
        set_figure(doc->mem, doc->figures.items[i]);
    for (size_t i = 0; i < doc->ledgers.count; i++)
        set_table(doc->mem, doc->ledgers.items[i]);
    for (size_t i = 0; i < doc->blocks.count; i++) {
        tz_block *block = doc->blocks.items[i];
        if (block->kind != TZ_BLOCK_CODE && block->kind != TZ_BLOCK_QR)
            set_block(doc->mem, block);
        if (block->table != NULL)
            set_table(doc->mem, block->table);
    }
}
