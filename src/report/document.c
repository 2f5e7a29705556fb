#include "report/document.h"

#include <string.h>

#include "base/assert.h"

enum { LEVELS = 4 };

tz_document *tz_document_new(tz_arena *mem, tz_lang lang)
{
    tz_assert(mem != NULL);
    tz_document *doc = tz_new(mem, tz_document);
    *doc = (tz_document){.mem = mem, .lang = lang, .title = "", .county = "", .as_of = "", .provenance = ""};
    return doc;
}

tz_block *tz_doc_add(tz_document *doc, tz_block_kind kind)
{
    tz_block *block = tz_new(doc->mem, tz_block);
    *block = (tz_block){.kind = kind, .level = 1, .number = ""};
    tz_push(doc->mem, &doc->blocks, block);
    return block;
}

tz_run *tz_doc_run(tz_document *doc, tz_block *block, const char *text)
{
    tz_push(doc->mem, &block->runs, (tz_run){.text = text == NULL ? "" : text});
    return &block->runs.items[block->runs.count - 1];
}

tz_block *tz_doc_say(tz_document *doc, tz_block_kind kind, const char *text)
{
    tz_block *block = tz_doc_add(doc, kind);
    (void)tz_doc_run(doc, block, text);
    return block;
}

tz_block *tz_doc_heading(tz_document *doc, int level, const char *id, const char *text)
{
    tz_assert(level >= 1 && level <= LEVELS);
    tz_block *block = tz_doc_say(doc, TZ_BLOCK_HEADING, text);
    block->level = level;
    block->id = id;
    return block;
}

tz_block *tz_doc_put_table(tz_document *doc, tz_table *table)
{
    tz_block *block = tz_doc_add(doc, TZ_BLOCK_TABLE);
    block->table = table;
    return block;
}

void tz_doc_figure_run(tz_document *doc, tz_block *block, const tz_doc_figure *figure)
{
    tz_run *run = tz_doc_run(doc, block, figure->in_sentence);
    run->figure = figure;
    run->href = tz_arena_printf(doc->mem, "#figure-%s", figure->name);
}

const tz_doc_figure *tz_doc_find_figure(const tz_document *doc, tz_text name)
{
    for (size_t i = 0; i < doc->figures.count; i++)
        if (tz_text_is(name, doc->figures.items[i]->name))
            return doc->figures.items[i];
    return NULL;
}

const char *tz_doc_half(const tz_document *doc, const char *both)
{
    size_t      len = 0;
    const char *half = both == NULL ? "" : tz_half(both, doc->lang, &len);
    return tz_arena_copy(doc->mem, half, len);
}

const char *tz_block_text(tz_arena *mem, const tz_block *block)
{
    tz_buf out = tz_buf_init(mem, 0);
    for (size_t i = 0; i < block->runs.count; i++)
        tz_buf_puts(&out, block->runs.items[i].text);
    return tz_buf_str(&out);
}

/* ---- Numbers of headings ---- */

/* 1 to 99 in Chinese digits: 一, 十, 十二, 二十. */
static const char *chinese_number(tz_arena *mem, int number)
{
    static const char *const DIGITS[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    if (number >= 100)
        return tz_arena_printf(mem, "%d", number);
    return tz_arena_printf(mem, "%s%s%s", number >= 20 ? DIGITS[number / 10] : "", number >= 10 ? "十" : "", DIGITS[number % 10]);
}

static const char *number_text(const tz_document *doc, const int counts[LEVELS], int level)
{
    tz_buf out = tz_buf_init(doc->mem, 0);

    if (doc->lang == TZ_ZH)
        switch (level) {
        case 1: return tz_arena_printf(doc->mem, "%s、", chinese_number(doc->mem, counts[0]));
        case 2: return tz_arena_printf(doc->mem, "\uFF08%s\uFF09", chinese_number(doc->mem, counts[1]));
        case 3: return tz_arena_printf(doc->mem, "%d. ", counts[2]);
        default: return tz_arena_printf(doc->mem, "\uFF08%d\uFF09", counts[3]);
        }
    for (int i = 0; i < level; i++)
        tz_buf_printf(&out, "%d.", counts[i]);
    tz_buf_char(&out, ' ');
    return tz_buf_str(&out);
}

/* 一、… (一)… 1.… (1)… ①… 附件…: the writer of the section has numbered it. */
static bool brings_number(const char *title)
{
    static const char DIGITS[] = "一二三四五六七八九十0123456789";
    tz_text text = tz_text_of(title);
    size_t  at = 0;
    int32_t first = tz_utf8_next(text, &at);
    size_t  end = first == '(' || first == 0xFF08 ? at : 0;
    char    one[4];

    if ((first >= 0x2460 && first <= 0x2473) || tz_text_starts(text, TZ_TEXT("附件")))
        return true;
    for (size_t next = end; next < text.size; end = next) {
        int32_t c = tz_utf8_next(text, &next);
        size_t  size = tz_utf8_put(c, one);
        if (tz_text_find(TZ_TEXT(DIGITS), (tz_text){one, size}, 0) == SIZE_MAX) {
            bool has_digit = end > (first == '(' ? 1u : first == 0xFF08 ? 3u : 0u);
            return has_digit && (c == 0x3001 || c == 0xFF09 || c == ')' || (c == '.' && first != '('));
        }
    }
    return false;
}

void tz_doc_number(tz_document *doc)
{
    int counts[LEVELS] = {0};

    for (size_t i = 0; i < doc->blocks.count; i++) {
        tz_block *block = doc->blocks.items[i];
        if (block->kind == TZ_BLOCK_TITLE || block->kind == TZ_BLOCK_ANNEX)
            memset(counts, 0, sizeof counts);
        if (!doc->is_numbered || block->kind != TZ_BLOCK_HEADING || block->number[0] != '\0')
            continue;
        tz_assert(block->level >= 1 && block->level <= LEVELS);
        counts[block->level - 1]++;
        for (int deeper = block->level; deeper < LEVELS; deeper++)
            counts[deeper] = 0;
        if (!brings_number(tz_block_text(doc->mem, block)))
            block->number = number_text(doc, counts, block->level);
    }
}

/* ---- Tables ---- */

tz_table *tz_table_new(tz_arena *mem, const char *id, const char *title)
{
    tz_table *table = tz_new(mem, tz_table);
    *table = (tz_table){.id = id, .title = title == NULL ? "" : title, .shown = SIZE_MAX};
    return table;
}

void tz_table_column_add(tz_arena *mem, tz_table *table, const char *title, tz_column_type type, int weight)
{
    tz_assert(table->cells.count == 0 && weight >= 1);
    tz_push(mem, &table->columns, (tz_table_column){.title = title, .type = type, .weight = weight});
}

tz_table_cell *tz_table_put(tz_arena *mem, tz_table *table, const char *text)
{
    tz_push(mem, &table->cells, (tz_table_cell){.text = text == NULL ? "" : text});
    return &table->cells.items[table->cells.count - 1];
}

tz_table_cell *tz_table_put_int(tz_arena *mem, tz_table *table, int64_t number)
{
    return tz_table_put(mem, table, tz_arena_printf(mem, "%lld", (long long)number));
}

size_t tz_table_rows(const tz_table *table)
{
    tz_assert(table->columns.count > 0 && table->cells.count % table->columns.count == 0);
    return table->cells.count / table->columns.count;
}

size_t tz_table_shown(const tz_table *table)
{
    size_t rows = tz_table_rows(table);
    return rows < table->shown ? rows : table->shown;
}

const tz_table_cell *tz_table_at(const tz_table *table, size_t row, size_t column)
{
    tz_assert(column < table->columns.count && row < tz_table_rows(table));
    return &table->cells.items[row * table->columns.count + column];
}

const char *tz_level_words(const char *level, tz_lang lang)
{
    static const struct { const char *level, *zh, *en; } LEVEL_WORDS[] = {
        {"red", "● 红", "● red"}, {"orange", "▲ 橙", "▲ orange"}, {"yellow", "■ 黄", "■ yellow"}};

    for (size_t i = 0; i < sizeof LEVEL_WORDS / sizeof LEVEL_WORDS[0]; i++)
        if (strcmp(LEVEL_WORDS[i].level, level) == 0)
            return lang == TZ_ZH ? LEVEL_WORDS[i].zh : LEVEL_WORDS[i].en;
    return level;
}
