/* document - the one model of a report: what stands in it and in what order, in no form yet.
 *
 * report.c builds it from the packs' sections and from what every report holds; the writers (html.h,
 * markdown.h, xlsx.h, docx.h, pdf.h) only read it.  A form or a letter is a document too.
 *
 * All texts are UTF-8 in the document's language, unescaped, already masked for its reader, and live in
 * its arena.  A writer escapes by construction and decides nothing about the county.
 *
 *     tz_document *doc = tz_document_new(&mem, TZ_ZH);
 *     tz_block *title = tz_doc_add(doc, TZ_BLOCK_TITLE);
 *     tz_doc_run(doc, title, "沁县台账报告");
 *     tz_block *said = tz_doc_add(doc, TZ_BLOCK_PARAGRAPH);
 *     tz_doc_run(doc, said, "共鉴定 ");
 *     tz_doc_figure_run(doc, said, figure);
 */
#ifndef TZ_REPORT_DOCUMENT_H
#define TZ_REPORT_DOCUMENT_H

#include "base/err.h"
#include "base/text.h"

/* ---- Tables ---- */

typedef enum {
    TZ_COLUMN_TEXT,
    TZ_COLUMN_INT,     /* decimal digits, "" where there is none */
    TZ_COLUMN_DECIMAL, /* decimal text with the column's places */
    TZ_COLUMN_DATE,    /* YYYY-MM-DD */
    TZ_COLUMN_LEVEL,   /* "red", "orange", "yellow": printed as mark, word and colour */
} tz_column_type;

typedef struct {
    const char  *title;
    tz_column_type type;
    int          places; /* of a decimal */
    int          weight; /* its share of the width beside the other columns', 1 and more */
} tz_table_column;

typedef struct {
    const char *text; /* never NULL */
    const char *note; /* a second, faint line; NULL: none */
    const char *href; /* as of a run; NULL: none */
    const char *id;   /* anchor of the cell; NULL: none */
    const struct tz_doc_figure *figure; /* the cell prints this figure; NULL: it does not */
} tz_table_cell;

typedef struct {
    const char *id;    /* the name of its sheet and anchor: letters, digits, '.', '_', '-' */
    const char *title; /* "" where a heading says it */
    TZ_ARRAY(tz_table_column) columns;
    TZ_ARRAY(tz_table_cell) cells; /* row by row */
    size_t      shown;     /* rows that pages show, all of them stand in workbooks; SIZE_MAX: all */
    bool        is_ledger; /* a workbook prints it on A3 across, in the offices' own columns */
    bool        is_wide;   /* on paper it takes a page across */
} tz_table;

/* ---- Figures ---- */

/* A printed number and what it opens to. */
typedef struct tz_doc_figure {
    const char *name;       /* house.suspected: its anchor is figure-NAME */
    const char *code;       /* the short code that `taizhang why` resolves; "" where there is none */
    int         number;     /* its place in the list of figures, from 1 */
    const char *title, *definition;
    const char *value;      /* decimal text as printed, NULL: not to be had */
    const char *printed;    /* with its unit: "1839户", "属实", "(未评估)" */
    const char *in_sentence; /* as a sentence prints it that writes the unit itself */
    const char *unit, *kind;
    int         places;     /* digits after the point of value */
    const char *why_not;    /* where value is NULL; else NULL */
    const char *query;      /* its SQL, or "a / b" */
    const char *basis;      /* pack and version, digests of batches: one line a fact, parted by \n */
    int64_t     looked_at;
    size_t      row_count;  /* rows behind it */
    const void *of;         /* the builder's own */
} tz_doc_figure;

/* ---- Runs and blocks ---- */

enum { TZ_STYLE_BOLD = 1, TZ_STYLE_ITALIC = 2, TZ_STYLE_CODE = 4, TZ_STYLE_FAINT = 8, TZ_STYLE_ALARM = 16 };

/* Text of one style inside a paragraph. "\n" in it breaks the line. */
typedef struct {
    const char          *text;
    unsigned             style;
    const char          *href;   /* "#id" of this document, http:, https: or mailto:; NULL: none */
    const tz_doc_figure *figure; /* the run prints this figure; NULL: it does not */
} tz_run;

typedef enum {
    TZ_BLOCK_TITLE,      /* of the document, or of one of several merged into it */
    TZ_BLOCK_HEADING,    /* level 1 to 4: 一、 (一) 1. (1) */
    TZ_BLOCK_PARAGRAPH,
    TZ_BLOCK_ITEM,       /* of a list; level from 1; number "1." or "" for a bullet */
    TZ_BLOCK_QUOTE,
    TZ_BLOCK_CODE,       /* one run, kept as it stands */
    TZ_BLOCK_TABLE,
    TZ_BLOCK_PICTURE,
    TZ_BLOCK_NOTE,       /* a faint remark about what stands before or after it */
    TZ_BLOCK_ALARM,      /* what a reader must see first: a broken assertion */
    TZ_BLOCK_RULE,       /* a line across */
    TZ_BLOCK_ADDRESSEE,  /* 各乡(镇)人民政府: flush left, before the text of a letter */
    TZ_BLOCK_SIGNATURE,  /* who signs, then TZ_BLOCK_DATE */
    TZ_BLOCK_DATE,
    TZ_BLOCK_QR,         /* one run: the text that is coded; number: the caption beside it */
    TZ_BLOCK_PAGE,       /* what follows begins a page */
    TZ_BLOCK_ANNEX,      /* begins an annex on a page of its own: number 附件1, then its title */
    TZ_BLOCK_FIGURES,    /* here stand all figures of the document, opened */
} tz_block_kind;

typedef struct tz_picture tz_picture; /* picture.h */

typedef struct {
    tz_block_kind     kind;
    const char       *id;     /* anchor; NULL: none */
    int               level;
    const char       *number; /* "一、", "1.", "附件1"; "" where there is none */
    TZ_ARRAY(tz_run)  runs;
    tz_table         *table;
    const tz_picture *picture;
} tz_block;

/* ---- The document ---- */

typedef struct tz_document tz_document;
struct tz_document {
    tz_arena   *mem;
    tz_lang     lang;
    const char *title;      /* plain, for the file's own properties */
    const char *county;
    const char *as_of;      /* YYYY-MM-DD */
    const char *provenance; /* as-of date, entry, program, packs: all that the bytes depend on */
    bool        is_numbered; /* headings get 一、 (一) 1. (1) where they bring no number of their own */
    TZ_ARRAY(tz_block *)      blocks;
    TZ_ARRAY(tz_doc_figure *) figures;
    TZ_ARRAY(tz_table *)      ledgers; /* every issue, for the workbook alone */

    /* Rows [from, from + count) behind a figure as a table in mem, personal cells masked; a workbook
     * asks again and again, a page once. NULL: rows are not to be had. */
    tz_rc (*load_rows)(void *context, tz_arena *mem, const tz_doc_figure *figure, size_t from, size_t count,
                       tz_table **ret_table, tz_err *err);
    void *context;
};

tz_document *tz_document_new(tz_arena *mem, tz_lang lang);

/* Appends an empty block; it stays where it is. */
tz_block *tz_doc_add(tz_document *doc, tz_block_kind kind);
/* Appends a block of one plain run; text is kept by reference. */
tz_block *tz_doc_say(tz_document *doc, tz_block_kind kind, const char *text);
/* Appends a heading with an anchor. */
tz_block *tz_doc_heading(tz_document *doc, int level, const char *id, const char *text);
tz_block *tz_doc_put_table(tz_document *doc, tz_table *table);

tz_run *tz_doc_run(tz_document *doc, tz_block *block, const char *text); /* borrowed until the next run */
void    tz_doc_figure_run(tz_document *doc, tz_block *block, const tz_doc_figure *figure);

const tz_doc_figure *tz_doc_find_figure(const tz_document *doc, tz_text name); /* NULL: none */

/* The half of "中文|English" in the document's language, in its arena. */
const char *tz_doc_half(const tz_document *doc, const char *both);

/* Gives headings of a numbered document their number, in order: 一、 (一) 1. (1) in Chinese, 1. 1.1. in
 * English. A heading that brings its own (一、 (一) ① 1. 附件) keeps it. Call it once, at the end. */
void tz_doc_number(tz_document *doc);

/* The text of a block without its styles. */
const char *tz_block_text(tz_arena *mem, const tz_block *block);

/* ---- Making tables ---- */

tz_table *tz_table_new(tz_arena *mem, const char *id, const char *title);
void      tz_table_column_add(tz_arena *mem, tz_table *table, const char *title, tz_column_type type, int weight);
/* Appends the next cell; NULL is "". Borrowed until the next one. */
tz_table_cell  *tz_table_put(tz_arena *mem, tz_table *table, const char *text);
tz_table_cell  *tz_table_put_int(tz_arena *mem, tz_table *table, int64_t number);
size_t    tz_table_rows(const tz_table *table);
size_t    tz_table_shown(const tz_table *table); /* rows that a page shows */
const tz_table_cell *tz_table_at(const tz_table *table, size_t row, size_t column);

/* How a level is shown: "● 红"; an unknown one as it is. */
const char *tz_level_words(const char *level, tz_lang lang);

#endif
