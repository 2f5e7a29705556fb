/* docx_parts - the parts of a DOCX that hold no text of its document: styles, fonts, settings, page numbers. */
#include <stdlib.h>

#include "report/docx.h"
#include "report/faces.h"
#include "report/package.h"

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define W "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
#define WORD_TYPE "application/vnd.openxmlformats-officedocument.wordprocessingml."

static void put_fonts(tz_buf *out, tz_face face)
{
    const tz_face_names *names = tz_face_get(face);
    tz_buf_printf(out, "<w:rFonts w:ascii=\"%s\" w:hAnsi=\"%s\" w:eastAsia=\"%s\" w:cs=\"%s\"/>", names->latin, names->latin, names->office,
                  names->latin);
}

/* ---- Styles ---- */

typedef struct {
    const char *id, *name;
    tz_face     face;
    int         half_points; /* size */
    int         line;        /* exact, in twentieths of a point; 0: as the font asks */
    int         after;       /* room below, twentieths */
    int         indent;      /* of the first line, hundredths of a character */
    int         right;       /* room at the right, hundredths of a character */
    const char *align;       /* both, left, center, right */
    int         level;       /* of the outline from 1, 0: none */
    bool        is_faint, keeps_next;
} style;

/* Twentieths of a point: 225 mm / 22; and what makes 28 characters of 16 points fill 156 mm. A grid of characters
 * would say the same, but programs spread tables by it too. */
enum { LINE = 579, CHARACTER_SPACE = -5 };

static const style STYLES[] = {
    {"Title", "Title", TZ_FACE_TITLE, 44, 720, LINE, 0, 0, "center", 0, false, false},
    {"Subtitle", "Subtitle", TZ_FACE_KAI, 28, LINE, LINE, 0, 0, "center", 0, false, false},
    {"Heading1", "heading 1", TZ_FACE_HEI, 32, LINE, 0, 200, 0, "left", 1, false, true},
    {"Heading2", "heading 2", TZ_FACE_KAI, 32, LINE, 0, 200, 0, "left", 2, false, true},
    {"Heading3", "heading 3", TZ_FACE_BODY, 32, LINE, 0, 200, 0, "left", 3, false, true},
    {"Heading4", "heading 4", TZ_FACE_BODY, 32, LINE, 0, 200, 0, "left", 4, false, true},
    {"AnnexMark", "annex mark", TZ_FACE_HEI, 32, LINE, LINE, 0, 0, "left", 0, false, true},
    {"AnnexTitle", "annex title", TZ_FACE_TITLE, 44, 720, LINE / 2, 0, 0, "center", 1, false, true},
    {"BodyText", "Body Text", TZ_FACE_BODY, 32, LINE, 0, 200, 0, "both", 0, false, false},
    {"Addressee", "addressee", TZ_FACE_BODY, 32, LINE, 0, 0, 0, "left", 0, false, false},
    {"Quote", "Quote", TZ_FACE_KAI, 32, LINE, 0, 200, 0, "both", 0, false, false},
    {"Alarm", "alarm", TZ_FACE_HEI, 32, LINE, 0, 200, 0, "both", 0, false, false},
    {"Signature", "Signature", TZ_FACE_BODY, 32, LINE, 0, 0, 600, "right", 0, false, true},
    {"Date", "Date", TZ_FACE_BODY, 32, LINE, 0, 0, 400, "right", 0, false, false},
    {"Caption", "caption", TZ_FACE_HEI, 21, 300, 0, 0, 0, "center", 0, false, true},
    {"Note", "note", TZ_FACE_SONG, 21, 300, 150, 0, 0, "left", 0, true, false},
    {"Small", "small print", TZ_FACE_SONG, 18, 300, 0, 0, 0, "left", 0, true, false},
    {"Code", "code", TZ_FACE_CODE, 18, 300, 0, 0, 0, "left", 0, false, false},
    {"TableText", "table text", TZ_FACE_SONG, 21, 300, 0, 0, 0, "left", 0, false, false},
    {"TableHead", "table head", TZ_FACE_HEI, 21, 300, 0, 0, 0, "center", 0, false, false},
    {"Footer", "footer", TZ_FACE_SONG, 28, 0, 0, 0, 0, "left", 0, false, false},
};

static void put_style(tz_buf *out, const style *one)
{
    tz_buf_printf(out, "<w:style w:type=\"paragraph\" w:styleId=\"%s\"><w:name w:val=\"%s\"/><w:basedOn w:val=\"Normal\"/><w:qFormat/><w:pPr>",
                  one->id, one->name);
    if (one->keeps_next)
        tz_buf_puts(out, "<w:keepNext/>");
    tz_buf_puts(out, "<w:autoSpaceDE w:val=\"0\"/><w:autoSpaceDN w:val=\"0\"/>"); /* no space beside a number */
    if (one->line != LINE) /* the grid of 22 lines is the text's alone */
        tz_buf_puts(out, "<w:snapToGrid w:val=\"0\"/>");
    if (one->line > 0)
        tz_buf_printf(out, "<w:spacing w:before=\"0\" w:after=\"%d\" w:line=\"%d\" w:lineRule=\"exact\"/>", one->after, one->line);
    if (one->indent > 0 || one->right > 0)
        tz_buf_printf(out, "<w:ind w:rightChars=\"%d\" w:right=\"%d\" w:firstLineChars=\"%d\" w:firstLine=\"%d\"/>", one->right,
                      one->right * one->half_points / 10, one->indent, one->indent * one->half_points / 10);
    tz_buf_printf(out, "<w:jc w:val=\"%s\"/>", one->align);
    if (one->level > 0)
        tz_buf_printf(out, "<w:outlineLvl w:val=\"%d\"/>", one->level - 1);
    tz_buf_puts(out, "</w:pPr><w:rPr>");
    put_fonts(out, one->face);
    if (one->is_faint)
        tz_buf_puts(out, "<w:color w:val=\"555555\"/>");
    if (one->line == LINE && one->half_points == 32)
        tz_buf_printf(out, "<w:spacing w:val=\"%d\"/>", CHARACTER_SPACE);
    tz_buf_printf(out, "<w:sz w:val=\"%d\"/><w:szCs w:val=\"%d\"/></w:rPr></w:style>", one->half_points, one->half_points);
}

static tz_text styles(tz_arena *mem, const tz_document *doc)
{
    tz_buf out = tz_buf_init(mem, 0);

    tz_buf_puts(&out, XML "<w:styles " W "><w:docDefaults><w:rPrDefault><w:rPr>");
    put_fonts(&out, TZ_FACE_BODY);
    tz_buf_printf(&out,
                  "<w:kern w:val=\"0\"/><w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/><w:lang w:val=\"en-US\" w:eastAsia=\"%s\"/>"
                  "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
                  "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/></w:style>"
                  "<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/><w:tblPr><w:tblInd "
                  "w:w=\"0\" w:type=\"dxa\"/><w:tblCellMar><w:left w:w=\"60\" w:type=\"dxa\"/><w:right w:w=\"60\" w:type=\"dxa\"/>"
                  "</w:tblCellMar></w:tblPr></w:style>",
                  doc->lang == TZ_ZH ? "zh-CN" : "en-US");
    for (size_t i = 0; i < sizeof STYLES / sizeof STYLES[0]; i++)
        put_style(&out, &STYLES[i]);
    tz_buf_puts(&out, "</w:styles>");
    return tz_buf_text(&out);
}

/* ---- Fonts, settings, page numbers, properties ---- */

static tz_text font_table(tz_arena *mem)
{
    tz_buf out = tz_buf_init(mem, 0);

    tz_buf_puts(&out, XML "<w:fonts " W ">");
    for (int i = 0; i < TZ_FACE_CODE; i++) {
        const tz_face_names *names = tz_face_get((tz_face)i);
        tz_buf_printf(&out, "<w:font w:name=\"%s\"><w:altName w:val=\"%s\"/><w:charset w:val=\"86\"/><w:family w:val=\"%s\"/></w:font>",
                      names->office, names->instead, i == TZ_FACE_HEI ? "swiss" : "roman");
    }
    tz_buf_puts(&out, "</w:fonts>");
    return tz_buf_text(&out);
}

/* A page number "— 1 —" in 4号宋体, one character from the outer edge. */
static tz_text footer(tz_arena *mem, bool is_even)
{
    tz_buf out = tz_buf_init(mem, 0);

    tz_buf_printf(&out,
                  XML "<w:ftr " W "><w:p><w:pPr><w:pStyle w:val=\"Footer\"/><w:ind w:leftChars=\"100\" w:left=\"280\" w:rightChars=\"100\" "
                      "w:right=\"280\"/><w:jc w:val=\"%s\"/></w:pPr><w:r><w:t xml:space=\"preserve\">— </w:t></w:r>"
                      "<w:fldSimple w:instr=\"PAGE\"><w:r><w:t>1</w:t></w:r></w:fldSimple>"
                      "<w:r><w:t xml:space=\"preserve\"> —</w:t></w:r></w:p></w:ftr>",
                  is_even ? "left" : "right");
    return tz_buf_text(&out);
}

static const char SETTINGS[] =
    XML "<w:settings " W "><w:evenAndOddHeaders/><w:drawingGridVerticalSpacing w:val=\"579\"/><w:characterSpacingControl "
        "w:val=\"compressPunctuation\"/><w:compat><w:compatSetting w:name=\"compatibilityMode\" "
        "w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat></w:settings>";

static tz_text core(tz_arena *mem, const tz_document *doc)
{
    tz_buf      out = tz_buf_init(mem, 0);
    const char *day = doc->as_of[0] == '\0' ? "2000-01-01" : doc->as_of;

    tz_buf_puts(&out, XML "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" "
                          "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" "
                          "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>");
    tz_xml_text(&out, doc->title);
    tz_buf_puts(&out, "</dc:title><dc:creator>");
    tz_xml_text(&out, doc->county);
    tz_buf_puts(&out, "</dc:creator><dc:description>");
    tz_xml_text(&out, doc->provenance);
    tz_buf_printf(&out, "</dc:description><dcterms:created xsi:type=\"dcterms:W3CDTF\">%sT00:00:00Z</dcterms:created><dcterms:modified "
                        "xsi:type=\"dcterms:W3CDTF\">%sT00:00:00Z</dcterms:modified></cp:coreProperties>", day, day);
    return tz_buf_text(&out);
}

const tz_docx_part *tz_docx_parts(tz_arena *mem, const tz_document *doc)
{
    TZ_ARRAY(tz_docx_part) parts = {0};

    tz_push(mem, &parts, (tz_docx_part){"docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml", core(mem, doc)});
    tz_push(mem, &parts, (tz_docx_part){"word/styles.xml", WORD_TYPE "styles+xml", styles(mem, doc)});
    tz_push(mem, &parts, (tz_docx_part){"word/settings.xml", WORD_TYPE "settings+xml", tz_text_of(SETTINGS)});
    tz_push(mem, &parts, (tz_docx_part){"word/fontTable.xml", WORD_TYPE "fontTable+xml", font_table(mem)});
    tz_push(mem, &parts, (tz_docx_part){"word/footer1.xml", WORD_TYPE "footer+xml", footer(mem, false)});
    tz_push(mem, &parts, (tz_docx_part){"word/footer2.xml", WORD_TYPE "footer+xml", footer(mem, true)});
    tz_push(mem, &parts, (tz_docx_part){NULL, NULL, {0}});
    return parts.items;
}
