#include "report/docx.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"
#include "report/faces.h"
#include "report/package.h"
#include "report/picture.h"
#include "report/raster.h"

#define TWENTIETHS(mm) ((int)((mm) * 72.0 / 25.4 * 20.0 + 0.5))
#define EMU(mm) ((long long)((mm) * 36000))
#define FRAME_WIDTH TWENTIETHS(TZ_PAGE_WIDTH_MM - TZ_PAGE_LEFT_MM - TZ_PAGE_RIGHT_MM)
#define WIDE_WIDTH TWENTIETHS(TZ_PAGE_HEIGHT_MM - TZ_PAGE_TOP_MM - TZ_PAGE_BOTTOM_MM)
#define QR_MM 20
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

enum { FIRST_RELATION = 100, QR_SCALE = 6, PICTURE_SCALE = 2 };

typedef struct {
    tz_arena          *mem;
    const tz_document *doc;
    tz_package        *package;
    tz_buf             out;       /* word/document.xml */
    tz_buf             relations; /* of links and pictures */
    int                next_relation, next_bookmark, next_picture;
} writing;

static void put(writing *to, const char *xml)
{
    tz_buf_puts(&to->out, xml);
}

/* ---- Places and links ---- */

/* A bookmark's name: a letter, then letters, digits and '_', 40 at most; a figure's is its number. */
static const char *bookmark(const writing *to, const char *id)
{
    const tz_doc_figure *figure = strncmp(id, "figure-", 7) == 0 ? tz_doc_find_figure(to->doc, tz_text_of(id + 7)) : NULL;

    if (figure != NULL)
        return tz_arena_printf(to->mem, "figure_%d", figure->number);
    char *name = tz_arena_printf(to->mem, "at_%.36s", id);
    for (char *c = name; *c != '\0'; c++)
        if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", *c) == NULL)
            *c = '_';
    return name;
}

static void put_bookmark(writing *to, const char *id)
{
    if (id == NULL)
        return;
    int number = to->next_bookmark++;
    tz_buf_printf(&to->out, "<w:bookmarkStart w:id=\"%d\" w:name=\"%s\"/><w:bookmarkEnd w:id=\"%d\"/>", number, bookmark(to, id), number);
}

static int relate(writing *to, const char *type, const char *target, bool is_outside)
{
    int id = to->next_relation++;

    tz_buf_printf(&to->relations, "<Relationship Id=\"rId%d\" Type=\"" OFFICE "%s\" Target=\"", id, type);
    tz_xml_text(&to->relations, target);
    tz_buf_puts(&to->relations, is_outside ? "\" TargetMode=\"External\"/>" : "\"/>");
    return id;
}

static void open_link(writing *to, const char *href)
{
    if (href[0] == '#')
        tz_buf_printf(&to->out, "<w:hyperlink w:anchor=\"%s\">", bookmark(to, href + 1));
    else
        tz_buf_printf(&to->out, "<w:hyperlink r:id=\"rId%d\">", relate(to, "hyperlink", href, true));
}

/* ---- Runs ---- */

static void put_fonts(writing *to, tz_face face)
{
    const tz_face_names *names = tz_face_get(face);
    tz_buf_printf(&to->out, "<w:rFonts w:ascii=\"%s\" w:hAnsi=\"%s\" w:eastAsia=\"%s\" w:cs=\"%s\"/>", names->latin, names->latin,
                  names->office, names->latin);
}

/* Stress is another face, as on paper. */
static void put_style(writing *to, unsigned style)
{
    put(to, "<w:rPr>");
    if (style & TZ_STYLE_CODE)
        put_fonts(to, TZ_FACE_CODE);
    else if (style & (TZ_STYLE_BOLD | TZ_STYLE_ALARM))
        put_fonts(to, TZ_FACE_HEI);
    else if (style & TZ_STYLE_ITALIC)
        put_fonts(to, TZ_FACE_KAI);
    if (style & TZ_STYLE_ALARM)
        put(to, "<w:color w:val=\"B3261E\"/>");
    else if (style & TZ_STYLE_FAINT)
        put(to, "<w:color w:val=\"555555\"/>");
    put(to, "</w:rPr>");
}

/* A run of text; "\n" breaks the line. */
static void put_text(writing *to, const char *text, unsigned style)
{
    put(to, "<w:r>");
    if (style != 0)
        put_style(to, style);
    for (;;) {
        const char *end = strchr(text, '\n');
        size_t      size = end == NULL ? strlen(text) : (size_t)(end - text);
        put(to, "<w:t xml:space=\"preserve\">");
        tz_xml_text(&to->out, tz_arena_copy(to->mem, text, size));
        put(to, "</w:t>");
        if (end == NULL)
            break;
        put(to, "<w:br/>");
        text = end + 1;
    }
    put(to, "</w:r>");
}

static void put_runs(writing *to, const tz_block *block)
{
    if (block->number[0] != '\0')
        put_text(to, block->number, 0);
    for (size_t i = 0; i < block->runs.count; i++) {
        const tz_run *run = &block->runs.items[i];
        if (run->href != NULL)
            open_link(to, run->href);
        put_text(to, run->text, run->style);
        if (run->figure != NULL)
            tz_buf_printf(&to->out, "<w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:t>[%d]</w:t></w:r>", run->figure->number);
        if (run->href != NULL)
            put(to, "</w:hyperlink>");
    }
}

static void open_paragraph(writing *to, const char *style)
{
    tz_buf_printf(&to->out, "<w:p><w:pPr><w:pStyle w:val=\"%s\"/></w:pPr>", style);
}

static void put_paragraph(writing *to, const tz_block *block, const char *style)
{
    open_paragraph(to, style);
    put_bookmark(to, block->id);
    put_runs(to, block);
    put(to, "</w:p>");
}

static void put_line(writing *to, const char *style, const char *text)
{
    open_paragraph(to, style);
    put_text(to, text, 0);
    put(to, "</w:p>");
}

/* ---- Pictures ---- */

static tz_rc put_png(writing *to, tz_text png, double width_mm, double height_mm, const char *words, tz_err *err)
{
    int         number = ++to->next_picture;
    const char *name = tz_arena_printf(to->mem, "media/picture%d.png", number);
    int         relation = relate(to, "image", name, false);

    tz_buf_printf(&to->out,
                  "<w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"%lld\" cy=\"%lld\"/>"
                  "<wp:docPr id=\"%d\" name=\"picture %d\" descr=\"", EMU(width_mm), EMU(height_mm), number, number);
    tz_xml_text(&to->out, words);
    tz_buf_printf(&to->out,
                  "\"/><a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic><pic:nvPicPr>"
                  "<pic:cNvPr id=\"%d\" name=\"picture%d.png\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed=\"rId%d\"/>"
                  "<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/>"
                  "<a:ext cx=\"%lld\" cy=\"%lld\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>"
                  "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>",
                  number, number, relation, EMU(width_mm), EMU(height_mm));
    return tz_package_add(to->package, tz_arena_printf(to->mem, "word/%s", name), png, false, err);
}

static tz_rc put_qr(writing *to, const char *text, tz_err *err)
{
    tz_rc rc = TZ_OK;
    tz_qr qr = {0};

    TZ_TRY(tz_qr_make(to->mem, text, &qr, err));
    TZ_TRY(put_png(to, tz_qr_png(to->mem, &qr, QR_SCALE), QR_MM, QR_MM, text, err));
done:
    return rc;
}

/* A code at the right, its caption before it. */
static tz_rc put_code(writing *to, const tz_block *block, tz_err *err)
{
    tz_rc rc = TZ_OK;

    put(to, "<w:p><w:pPr><w:jc w:val=\"right\"/></w:pPr>");
    put_text(to, block->number, TZ_STYLE_FAINT);
    TZ_TRY(put_qr(to, tz_block_text(to->mem, block), err));
    put(to, "</w:p>");
done:
    return rc;
}

/* ---- Tables ---- */

static void open_table(writing *to, const int *widths, size_t count, bool has_borders)
{
    static const char *const EDGES[] = {"top", "left", "bottom", "right", "insideH", "insideV"};

    put(to, "<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/>");
    if (has_borders) {
        put(to, "<w:tblBorders>");
        for (size_t i = 0; i < sizeof EDGES / sizeof EDGES[0]; i++)
            tz_buf_printf(&to->out, "<w:%s w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>", EDGES[i]);
        put(to, "</w:tblBorders>");
    }
    put(to, "<w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>");
    for (size_t i = 0; i < count; i++)
        tz_buf_printf(&to->out, "<w:gridCol w:w=\"%d\"/>", widths[i]);
    put(to, "</w:tblGrid>");
}

static void open_cell(writing *to, int width)
{
    tz_buf_printf(&to->out, "<w:tc><w:tcPr><w:tcW w:w=\"%d\" w:type=\"dxa\"/></w:tcPr>", width);
}

static void put_cell(writing *to, const tz_table_column *column, const tz_table_cell *cell, int width)
{
    bool is_number = column->type == TZ_COLUMN_INT || column->type == TZ_COLUMN_DECIMAL;

    open_cell(to, width);
    tz_buf_printf(&to->out, "<w:p><w:pPr><w:pStyle w:val=\"TableText\"/><w:jc w:val=\"%s\"/></w:pPr>",
                  is_number ? "right" : column->type == TZ_COLUMN_TEXT ? "left" : "center");
    put_bookmark(to, cell->id);
    if (cell->href != NULL)
        open_link(to, cell->href);
    put_text(to, column->type == TZ_COLUMN_LEVEL ? tz_level_words(cell->text, to->doc->lang) : cell->text, 0);
    if (cell->href != NULL)
        put(to, "</w:hyperlink>");
    put(to, "</w:p>");
    if (cell->note != NULL && cell->note[0] != '\0')
        put_line(to, "Small", cell->note);
    put(to, "</w:tc>");
}

static void put_page_size(writing *to, bool is_wide)
{
    int width = TWENTIETHS(TZ_PAGE_WIDTH_MM), height = TWENTIETHS(TZ_PAGE_HEIGHT_MM);
    int top = TWENTIETHS(TZ_PAGE_TOP_MM), right = TWENTIETHS(TZ_PAGE_RIGHT_MM), bottom = TWENTIETHS(TZ_PAGE_BOTTOM_MM),
        left = TWENTIETHS(TZ_PAGE_LEFT_MM), line = TWENTIETHS((TZ_PAGE_HEIGHT_MM - TZ_PAGE_TOP_MM - TZ_PAGE_BOTTOM_MM) / TZ_PAGE_LINES);

    put(to, "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId5\"/><w:footerReference w:type=\"even\" r:id=\"rId6\"/>");
    if (is_wide)
        tz_buf_printf(&to->out,
                      "<w:pgSz w:w=\"%d\" w:h=\"%d\" w:orient=\"landscape\"/><w:pgMar w:top=\"%d\" w:right=\"%d\" w:bottom=\"%d\" "
                      "w:left=\"%d\" w:header=\"851\" w:footer=\"851\" w:gutter=\"0\"/>", height, width, left, top, right, bottom);
    else
        tz_buf_printf(&to->out,
                      "<w:pgSz w:w=\"%d\" w:h=\"%d\"/><w:pgMar w:top=\"%d\" w:right=\"%d\" w:bottom=\"%d\" w:left=\"%d\" w:header=\"851\" "
                      "w:footer=\"%d\" w:gutter=\"0\"/>", width, height, top, right, bottom, left, TWENTIETHS(TZ_PAGE_BOTTOM_MM - 7 - 5));
    tz_buf_printf(&to->out, "<w:docGrid w:type=\"lines\" w:linePitch=\"%d\"/></w:sectPr>", line);
}

/* What stood before ends with pages of its kind. */
static void end_section(writing *to, bool is_wide)
{
    put(to, "<w:p><w:pPr>");
    put_page_size(to, is_wide);
    put(to, "</w:pPr></w:p>");
}

static void put_table(writing *to, const tz_table *table)
{
    size_t columns = table->columns.count;
    int   *widths = tz_new_array(to->mem, int, columns), weights = 0;

    for (size_t c = 0; c < columns; c++)
        weights += table->columns.items[c].weight;
    for (size_t c = 0; c < columns; c++)
        widths[c] = (table->is_wide ? WIDE_WIDTH : FRAME_WIDTH) * table->columns.items[c].weight / weights;
    if (table->is_wide)
        end_section(to, false);
    open_table(to, widths, columns, true);
    put(to, "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
    for (size_t c = 0; c < columns; c++) {
        open_cell(to, widths[c]);
        put_line(to, "TableHead", table->columns.items[c].title);
        put(to, "</w:tc>");
    }
    put(to, "</w:tr>");
    for (size_t r = 0; r < tz_table_shown(table); r++) {
        put(to, "<w:tr><w:trPr><w:cantSplit/></w:trPr>");
        for (size_t c = 0; c < columns; c++)
            put_cell(to, &table->columns.items[c], tz_table_at(table, r, c), widths[c]);
        put(to, "</w:tr>");
    }
    put(to, "</w:tbl>");
    if (table->is_wide)
        end_section(to, true);
    else
        put_line(to, "Small", ""); /* two tables would run together */
}

/* ---- Figures ---- */

static const char *facts(const writing *to, const tz_doc_figure *figure)
{
    bool   is_zh = to->doc->lang == TZ_ZH;
    tz_buf out = tz_buf_init(to->mem, 0);

    tz_buf_printf(&out, is_zh ? "%s · 数据时点 %s · 依据 %zu 行 · 查看 %lld 行" : "%s · as of %s · rests on %zu rows · looked at %lld rows",
                  figure->name, to->doc->as_of, figure->row_count, (long long)figure->looked_at);
    if (figure->why_not != NULL)
        tz_buf_printf(&out, " · %s", figure->why_not);
    if (figure->code[0] != '\0')
        tz_buf_printf(&out, is_zh ? "\n编码 %s" : "\ncode %s", figure->code);
    return tz_buf_str(&out);
}

static tz_rc put_figure(writing *to, const tz_doc_figure *figure, const int *widths, tz_err *err)
{
    tz_rc rc = TZ_OK;

    put(to, "<w:tr><w:trPr><w:cantSplit/></w:trPr>");
    open_cell(to, widths[0]);
    open_paragraph(to, "TableText");
    put_bookmark(to, tz_arena_printf(to->mem, "figure-%s", figure->name));
    put_text(to, tz_arena_printf(to->mem, "[%d] %s%s%s", figure->number, figure->title, to->doc->lang == TZ_ZH ? "\uFF1A" : ": ",
                                figure->printed), TZ_STYLE_BOLD);
    put(to, "</w:p>");
    put_line(to, "TableText", figure->definition);
    put_line(to, "Small", facts(to, figure));
    put(to, "</w:tc>");
    open_cell(to, widths[1]);
    put(to, "<w:p>");
    if (figure->code[0] != '\0')
        TZ_TRY(put_qr(to, figure->code, err));
    put(to, "</w:p></w:tc></w:tr>");
done:
    return rc;
}

static tz_rc put_figures(writing *to, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    const int side = TWENTIETHS(QR_MM + 3), widths[2] = {FRAME_WIDTH - side, side};

    if (to->doc->figures.count == 0)
        return TZ_OK;
    open_table(to, widths, 2, false);
    for (size_t i = 0; i < to->doc->figures.count; i++)
        TZ_TRY(put_figure(to, to->doc->figures.items[i], widths, err));
    put(to, "</w:tbl>");
done:
    return rc;
}

/* ---- Blocks ---- */

static void put_annex(writing *to, const tz_block *block)
{
    tz_block title = *block;

    put(to, "<w:p><w:pPr><w:pStyle w:val=\"AnnexMark\"/><w:pageBreakBefore/></w:pPr>");
    put_text(to, block->number, 0);
    put(to, "</w:p>");
    title.number = "";
    put_paragraph(to, &title, "AnnexTitle");
}

static void put_item(writing *to, const tz_block *block)
{
    tz_buf_printf(&to->out, "<w:p><w:pPr><w:pStyle w:val=\"BodyText\"/><w:ind w:leftChars=\"%d\" w:left=\"%d\" w:firstLineChars=\"200\" "
                            "w:firstLine=\"640\"/></w:pPr>", (block->level - 1) * 100, (block->level - 1) * 320);
    put_runs(to, block);
    put(to, "</w:p>");
}

static tz_rc put_picture(writing *to, const tz_block *block, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_scene scene = tz_picture_scene(to->mem, block->picture);
    double   width = TZ_PAGE_WIDTH_MM - TZ_PAGE_LEFT_MM - TZ_PAGE_RIGHT_MM;
    tz_text  png = tz_scene_png(to->mem, &scene, tz_face_get(TZ_FACE_HEI)->families, PICTURE_SCALE);

    put_paragraph(to, block, "Caption");
    put(to, "<w:p><w:pPr><w:pStyle w:val=\"Code\"/><w:spacing w:line=\"240\" w:lineRule=\"auto\"/></w:pPr>");
    TZ_TRY(put_png(to, png, width, width * scene.height / scene.width, tz_picture_words(to->mem, block->picture), err));
    put(to, "</w:p>");
done:
    return rc;
}

static const char *style_of(const tz_block *block, tz_block_kind before)
{
    static const char *const HEADINGS[] = {"Heading1", "Heading2", "Heading3", "Heading4"};

    switch (block->kind) {
    case TZ_BLOCK_TITLE: return "Title";
    case TZ_BLOCK_HEADING: return HEADINGS[(block->level - 1) & 3];
    case TZ_BLOCK_QUOTE: return "Quote";
    case TZ_BLOCK_CODE: return "Code";
    case TZ_BLOCK_NOTE: return before == TZ_BLOCK_TITLE ? "Subtitle" : "Note";
    case TZ_BLOCK_ALARM: return "Alarm";
    case TZ_BLOCK_ADDRESSEE: return "Addressee";
    case TZ_BLOCK_SIGNATURE: return "Signature";
    case TZ_BLOCK_DATE: return "Date";
    default: return "BodyText";
    }
}

static tz_rc put_block(writing *to, const tz_block *block, tz_block_kind before, tz_err *err)
{
    switch (block->kind) {
    case TZ_BLOCK_ITEM: put_item(to, block); break;
    case TZ_BLOCK_TABLE: put_table(to, block->table); break;
    case TZ_BLOCK_ANNEX: put_annex(to, block); break;
    case TZ_BLOCK_PAGE: put(to, "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>"); break;
    case TZ_BLOCK_RULE:
        put(to, "<w:p><w:pPr><w:pBdr><w:bottom w:val=\"single\" w:sz=\"4\" w:space=\"1\" w:color=\"000000\"/></w:pBdr></w:pPr></w:p>");
        break;
    case TZ_BLOCK_QR: return put_code(to, block, err);
    case TZ_BLOCK_FIGURES: return put_figures(to, err);
    case TZ_BLOCK_PICTURE: return put_picture(to, block, err);
    case TZ_BLOCK_SIGNATURE:
        put_line(to, "BodyText", "");
        put_paragraph(to, block, style_of(block, before));
        break;
    default: put_paragraph(to, block, style_of(block, before));
    }
    return TZ_OK;
}

static tz_rc put_document(writing *to, tz_err *err)
{
    const tz_document *doc = to->doc;
    tz_rc              rc = TZ_OK;

    put(to, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document "
            "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" "
            "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" "
            "xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" "
            "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" "
            "xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><w:body>");
    for (size_t i = 0; i < doc->blocks.count; i++)
        TZ_TRY(put_block(to, doc->blocks.items[i], i == 0 ? TZ_BLOCK_PAGE : doc->blocks.items[i - 1]->kind, err));
    put_line(to, "Small", doc->provenance);
    put_page_size(to, false);
    put(to, "</w:body></w:document>");
done:
    return rc;
}

/* ---- The package ---- */

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define RELATIONS "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"

static tz_rc put_types(writing *to, const tz_docx_part *parts, tz_err *err)
{
    tz_buf out = tz_buf_init(to->mem, 0);

    tz_buf_puts(&out, XML "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
                          "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                          "<Default Extension=\"png\" ContentType=\"image/png\"/><Override PartName=\"/word/document.xml\" "
                          "ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>");
    for (; parts->name != NULL; parts++)
        tz_buf_printf(&out, "<Override PartName=\"/%s\" ContentType=\"%s\"/>", parts->name, parts->type);
    tz_buf_puts(&out, "</Types>");
    return tz_package_add(to->package, "[Content_Types].xml", tz_buf_text(&out), true, err);
}

static const char ROOT_RELATIONS[] = XML RELATIONS
    "<Relationship Id=\"rId1\" Type=\"" OFFICE "officeDocument\" Target=\"word/document.xml\"/>"
    "<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" "
    "Target=\"docProps/core.xml\"/></Relationships>";

static const char DOCUMENT_RELATIONS[] = XML RELATIONS
    "<Relationship Id=\"rId2\" Type=\"" OFFICE "styles\" Target=\"styles.xml\"/>"
    "<Relationship Id=\"rId3\" Type=\"" OFFICE "settings\" Target=\"settings.xml\"/>"
    "<Relationship Id=\"rId4\" Type=\"" OFFICE "fontTable\" Target=\"fontTable.xml\"/>"
    "<Relationship Id=\"rId5\" Type=\"" OFFICE "footer\" Target=\"footer1.xml\"/>"
    "<Relationship Id=\"rId6\" Type=\"" OFFICE "footer\" Target=\"footer2.xml\"/>";

static tz_rc put_package(writing *to, tz_err *err)
{
    tz_rc               rc = TZ_OK;
    const tz_docx_part *parts = tz_docx_parts(to->mem, to->doc);

    TZ_TRY(put_types(to, parts, err));
    TZ_TRY(tz_package_add(to->package, "_rels/.rels", tz_text_of(ROOT_RELATIONS), true, err));
    TZ_TRY(put_document(to, err)); /* pictures are parts of their own and go before it */
    if (to->out.is_over) {
        rc = tz_fail(err, TZ_LIMIT, "报告过大", "the report is too large");
        goto done;
    }
    tz_buf_puts(&to->relations, "</Relationships>");
    TZ_TRY(tz_package_add(to->package, "word/document.xml", tz_buf_text(&to->out), true, err));
    TZ_TRY(tz_package_add(to->package, "word/_rels/document.xml.rels", tz_buf_text(&to->relations), true, err));
    for (; parts->name != NULL; parts++)
        TZ_TRY(tz_package_add(to->package, parts->name, parts->data, true, err));
done:
    return rc;
}

tz_rc tz_docx_write(tz_arena *mem, const tz_document *doc, const char *path, tz_err *err)
{
    tz_assert(mem != NULL && doc != NULL && path != NULL);
    tz_rc       rc = TZ_OK;
    const char *staged = tz_file_staging(mem, path);
    writing     to = {.mem = mem, .doc = doc, .out = tz_buf_init(mem, 0), .relations = tz_buf_init(mem, 0), .next_relation = FIRST_RELATION};

    tz_buf_puts(&to.relations, DOCUMENT_RELATIONS);
    TZ_TRY(tz_package_open(mem, staged, &to.package, err));
    TZ_TRY(put_package(&to, err));
    TZ_TRY(tz_package_close(to.package, err));
    TZ_TRY(tz_file_commit(staged, path, 0644, err));
done:
    if (rc != TZ_OK) {
        tz_package_discard(to.package);
        (void)unlink(staged);
    }
    return rc;
}
