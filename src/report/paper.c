#include "report/paper.h"

#include <cairo-pdf.h>
#include <string.h>

#include "base/assert.h"

#define INK 0.0
#define FAINT 0.33

/* Bytes of a figure that stay on one line with its number; of a longer one its last character. */
enum { MAX_HELD = 12, MAX_CHARACTER = 3 };

/* ---- Opening and closing ---- */

static tz_rc find_fonts(tz_paper *paper, tz_err *err)
{
    for (int i = 0; i < TZ_FACE_COUNT; i++) {
        const tz_face_names *names = tz_face_get((tz_face)i);
        paper->faces[i] = pango_font_description_new();
        pango_font_description_set_family_static(paper->faces[i], names->families);
        if (names->is_bold)
            pango_font_description_set_weight(paper->faces[i], PANGO_WEIGHT_BOLD);
    }
    PangoFont *font = pango_context_load_font(paper->context, paper->faces[TZ_FACE_BODY]);
    if (font == NULL) {
        (void)tz_fail(err, TZ_MISSING, "没有可用的字体", "there is no font to write with");
        return tz_err_advise(err, "安装 fonts-wqy-microhei 或其他中文字体", "install fonts-wqy-microhei or another Chinese font");
    }
    g_object_unref(font);
    return TZ_OK;
}

static void set_metadata(tz_paper *paper)
{
    const char *made = tz_arena_printf(paper->mem, "%sT00:00:00Z", paper->doc->as_of);

    cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_TITLE, paper->doc->title);
    cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_AUTHOR, paper->doc->county);
    cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_SUBJECT, paper->doc->provenance);
    if (paper->doc->as_of[0] == '\0')
        made = "2000-01-01T00:00:00Z"; /* a date must stand, or the library takes the clock's */
    cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_CREATE_DATE, made);
    cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_MOD_DATE, made);
}

static void frame(tz_paper *paper, bool is_wide)
{
    double width = TZ_PAGE_WIDTH_MM * TZ_MM, height = TZ_PAGE_HEIGHT_MM * TZ_MM;

    /* A page across is the upright one turned: its head is at the binding. */
    paper->is_wide = is_wide;
    paper->left = (is_wide ? TZ_PAGE_BOTTOM_MM : TZ_PAGE_LEFT_MM) * TZ_MM;
    paper->right = (is_wide ? height - TZ_PAGE_TOP_MM * TZ_MM : width - TZ_PAGE_RIGHT_MM * TZ_MM);
    paper->top = (is_wide ? TZ_PAGE_LEFT_MM : TZ_PAGE_TOP_MM) * TZ_MM;
    paper->bottom = (is_wide ? width - TZ_PAGE_RIGHT_MM * TZ_MM : height - TZ_PAGE_BOTTOM_MM * TZ_MM);
    paper->y = paper->top;
    paper->is_fresh = true;
}

tz_rc tz_paper_open(tz_arena *mem, const tz_document *doc, const char *path, tz_paper **ret_paper, tz_err *err)
{
    tz_assert(mem != NULL && doc != NULL && path != NULL && ret_paper != NULL);
    tz_rc     rc = TZ_OK;
    tz_err    ignored;
    tz_paper *paper = tz_new(mem, tz_paper);

    *paper = (tz_paper){.mem = mem, .doc = doc, .page_no = 1};
    paper->surface = cairo_pdf_surface_create(path, TZ_PAGE_WIDTH_MM * TZ_MM, TZ_PAGE_HEIGHT_MM * TZ_MM);
    paper->cairo = cairo_create(paper->surface);
    if (cairo_status(paper->cairo) != CAIRO_STATUS_SUCCESS) {
        rc = tz_fail(err, TZ_SYSTEM, "PDF 写不出来:%s", "the PDF can't be written: %s",
                     cairo_status_to_string(cairo_status(paper->cairo)));
        goto done;
    }
    cairo_pdf_surface_restrict_to_version(paper->surface, CAIRO_PDF_VERSION_1_5);
    paper->fonts = pango_cairo_font_map_new();
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(paper->fonts), 72.0);
    paper->context = pango_font_map_create_context(paper->fonts);
    pango_context_set_language(paper->context, pango_language_from_string(doc->lang == TZ_ZH ? "zh-cn" : "en"));
    /* Advances as designed: a line breaks at the same place whatever the resolution. */
    pango_context_set_round_glyph_positions(paper->context, FALSE);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(paper->context, options);
    cairo_font_options_destroy(options);
    TZ_TRY(find_fonts(paper, err));
    set_metadata(paper);
    frame(paper, false);
    /* Everything stands in a tagged document: readers aloud follow it, and links need the tree. */
    cairo_tag_begin(paper->cairo, "Document", "");
    *ret_paper = paper;
done:
    if (rc != TZ_OK && tz_paper_close(paper, &ignored) != TZ_OK)
        return rc; /* the first cause is told */
    return rc;
}

static void put_page_number(tz_paper *paper);

tz_rc tz_paper_close(tz_paper *paper, tz_err *err)
{
    tz_rc rc = TZ_OK;

    if (paper == NULL)
        return TZ_OK;
    if (paper->context != NULL && !paper->is_fresh)
        put_page_number(paper);
    if (paper->context != NULL)
        cairo_tag_end(paper->cairo, "Document");
    for (int i = 0; i < TZ_FACE_COUNT; i++)
        if (paper->faces[i] != NULL)
            pango_font_description_free(paper->faces[i]);
    cairo_status_t wrong = cairo_status(paper->cairo);
    cairo_destroy(paper->cairo);
    cairo_surface_finish(paper->surface);
    if (wrong == CAIRO_STATUS_SUCCESS)
        wrong = cairo_surface_status(paper->surface);
    cairo_surface_destroy(paper->surface);
    if (paper->context != NULL)
        g_object_unref(paper->context);
    if (paper->fonts != NULL)
        g_object_unref(paper->fonts);
    if (wrong != CAIRO_STATUS_SUCCESS)
        rc = tz_fail(err, TZ_SYSTEM, "PDF 写不出来:%s", "the PDF can't be written: %s", cairo_status_to_string(wrong));
    return rc;
}

/* ---- Pages ---- */

void tz_paper_page(tz_paper *paper, bool is_wide)
{
    double width = TZ_PAGE_WIDTH_MM * TZ_MM, height = TZ_PAGE_HEIGHT_MM * TZ_MM;

    if (!paper->is_fresh) {
        put_page_number(paper);
        cairo_show_page(paper->cairo);
        paper->page_no++;
    } else if (paper->is_wide == is_wide) {
        return;
    }
    cairo_pdf_surface_set_size(paper->surface, is_wide ? height : width, is_wide ? width : height);
    frame(paper, is_wide);
}

/* Half a point is not worth a page. */
void tz_paper_room(tz_paper *paper, double height)
{
    if (paper->y + height > paper->bottom + 0.5 && !paper->is_fresh)
        tz_paper_page(paper, paper->is_wide);
}

/* GB/T 9704 7.5: 4号宋体, a dash at each side, 7 mm below the frame, one character from the outer edge. */
static void put_page_number(tz_paper *paper)
{
    tz_setting how = {.face = TZ_FACE_SONG, .size = TZ_SIZE_4, .pitch = TZ_SIZE_4 * 1.3};
    how.align = paper->page_no % 2 == 1 ? TZ_ALIGN_RIGHT : TZ_ALIGN_LEFT;
    tz_lines lines = tz_lines_text(paper, tz_arena_printf(paper->mem, "— %d —", paper->page_no), &how,
                                   paper->right - paper->left - 2 * TZ_SIZE_4);
    tz_lines_draw(paper, &lines, 0, 1, paper->left + TZ_SIZE_4, paper->bottom + 7 * TZ_MM);
    tz_lines_free(&lines);
}

void tz_paper_anchor(tz_paper *paper, const char *id, double y)
{
    if (id == NULL)
        return;
    /* ids are letters, digits and ".-_#": nothing in them ends the attribute */
    cairo_tag_begin(paper->cairo, CAIRO_TAG_DEST,
                    tz_arena_printf(paper->mem, "name='%s' x=%.2f y=%.2f", id, paper->left, y));
    cairo_tag_end(paper->cairo, CAIRO_TAG_DEST);
}

/* ---- Lines ---- */

static void add_attribute(PangoAttrList *list, PangoAttribute *attribute, size_t from, size_t to)
{
    attribute->start_index = (guint)from;
    attribute->end_index = (guint)to;
    pango_attr_list_insert(list, attribute);
}

static void add_style(tz_paper *paper, PangoAttrList *list, unsigned style, size_t from, size_t to)
{
    /* Official documents stress by another face: 黑体 for bold, 楷体 for italic. */
    if (style & TZ_STYLE_BOLD)
        add_attribute(list, pango_attr_family_new(tz_face_get(TZ_FACE_HEI)->families), from, to);
    if (style & TZ_STYLE_ITALIC)
        add_attribute(list, pango_attr_family_new(tz_face_get(TZ_FACE_KAI)->families), from, to);
    if (style & TZ_STYLE_FAINT)
        add_attribute(list, pango_attr_foreground_new(0x5500, 0x5500, 0x5500), from, to);
    if (style & TZ_STYLE_ALARM) {
        add_attribute(list, pango_attr_family_new(tz_face_get(TZ_FACE_HEI)->families), from, to);
        add_attribute(list, pango_attr_foreground_new(0xb300, 0x2600, 0x1e00), from, to);
    }
    (void)paper;
}

/* "[12]" raised behind a figure that began at start: its number in the list of figures. No line ends between. */
static void add_reference(tz_buf *text, PangoAttrList *list, const tz_run *run, size_t start, const tz_setting *how)
{
    size_t from = text->size;
    size_t held = from - start > MAX_HELD ? from - MAX_CHARACTER : start;

    tz_buf_printf(text, "[%d]", run->figure->number);
    add_attribute(list, pango_attr_allow_breaks_new(FALSE), held, text->size);
    add_attribute(list, pango_attr_size_new((int)(how->size * 0.5 * PANGO_SCALE)), from, text->size);
    add_attribute(list, pango_attr_rise_new((int)(how->size * 0.4 * PANGO_SCALE)), from, text->size);
    add_attribute(list, pango_attr_letter_spacing_new(0), from, text->size);
}

static tz_lines make_lines(tz_paper *paper, tz_text text, PangoAttrList *list, const tz_setting *how, double width)
{
    tz_lines     lines = {.how = *how, .width = width};
    PangoLayout *layout = pango_layout_new(paper->context);
    PangoFontDescription *face = pango_font_description_copy_static(paper->faces[how->face]);

    pango_font_description_set_absolute_size(face, how->size * PANGO_SCALE);
    pango_layout_set_font_description(layout, face);
    pango_font_description_free(face);
    pango_layout_set_width(layout, (int)((width - how->left - how->right) * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_indent(layout, (int)(how->indent * PANGO_SCALE));
    pango_layout_set_alignment(layout, how->align == TZ_ALIGN_CENTER  ? PANGO_ALIGN_CENTER
                                       : how->align == TZ_ALIGN_RIGHT ? PANGO_ALIGN_RIGHT
                                                                      : PANGO_ALIGN_LEFT);
    pango_layout_set_text(layout, text.data == NULL ? "" : text.data, (int)text.size);
    if (list != NULL)
        pango_layout_set_attributes(layout, list);
    lines.layout = layout;
    lines.count = pango_layout_get_line_count(layout);
    return lines;
}

tz_lines tz_lines_text(tz_paper *paper, const char *text, const tz_setting *how, double width)
{
    return make_lines(paper, tz_text_of(text), NULL, how, width);
}

/* The space between characters that makes 28 of them fill a line; an attribute of the whole text, so that
 * others override it. */
static void add_grid(const tz_paper *paper, PangoAttrList *list, const tz_setting *how)
{
    double spare = (paper->right - paper->left) / TZ_PAGE_CHARACTERS - how->size;
    if (how->is_grid && !paper->is_wide)
        add_attribute(list, pango_attr_letter_spacing_new((int)(spare * PANGO_SCALE)), 0, G_MAXUINT);
}

static tz_lines break_block(tz_paper *paper, const tz_block *block, const tz_setting *how, double width)
{
    tz_buf         text = tz_buf_init(paper->mem, 0);
    PangoAttrList *list = pango_attr_list_new();
    size_t        *starts = tz_new_array(paper->mem, size_t, block->runs.count + 1);

    add_grid(paper, list, how);
    tz_buf_puts(&text, block->number);
    for (size_t i = 0; i < block->runs.count; i++) {
        const tz_run *run = &block->runs.items[i];
        starts[i] = text.size;
        tz_buf_puts(&text, run->text);
        add_style(paper, list, run->style, starts[i], text.size);
        if (run->figure != NULL)
            add_reference(&text, list, run, starts[i], how);
    }
    starts[block->runs.count] = text.size;
    tz_lines lines = make_lines(paper, tz_buf_text(&text), list, how, width);
    pango_attr_list_unref(list);
    lines.links = block;
    lines.starts = starts;
    return lines;
}

void tz_lines_free(tz_lines *lines)
{
    if (lines->layout != NULL)
        g_object_unref(lines->layout);
    lines->layout = NULL;
}

/* ---- Drawing ---- */

/* Where a line may be stretched: behind everything but inside a Latin word or a number. */
static bool is_gap(const char *text, int at)
{
    unsigned char c = (unsigned char)text[at];
    return c >= 0x80 || c == ' ';
}

static int count_gaps(const PangoLayoutLine *line, const char *text, double spare, int gaps)
{
    int counted = 0, wide = gaps > 0 ? (int)(spare / gaps) : 0;

    for (GSList *item = line->runs; item != NULL; item = item->next) {
        PangoGlyphItem *run = item->data;
        for (int i = 0; i < run->glyphs->num_glyphs; i++) {
            if (!run->glyphs->glyphs[i].attr.is_cluster_start || !is_gap(text, run->item->offset + run->glyphs->log_clusters[i]))
                continue;
            counted++;
            if (counted < gaps) /* the last character stays at the margin */
                run->glyphs->glyphs[i].geometry.width += wide;
        }
    }
    return counted;
}

/* Spreads what a full line is short of over its gaps. Pango would widen spaces alone, and a Chinese line has
 * few. The last line of a paragraph stays as it is. */
static void justify(tz_lines *lines, PangoLayoutLine *line, double indent)
{
    const char    *text = pango_layout_get_text(lines->layout);
    int            end = line->start_index + line->length;
    PangoRectangle logical;

    if (text[end] == '\0' || text[end] == '\n')
        return;
    pango_layout_line_get_extents(line, NULL, &logical);
    double room = (lines->width - lines->how.left - lines->how.right - indent) * PANGO_SCALE;
    double spare = room - logical.width;
    if (spare > 0 && spare < 3 * lines->how.size * PANGO_SCALE)
        (void)count_gaps(line, text, spare, count_gaps(line, text, 0, 0));
}

static void put_links(tz_paper *paper, const tz_lines *lines, PangoLayoutLine *line, double x, double y)
{
    for (size_t i = 0; i < lines->links->runs.count; i++) {
        const char *href = lines->links->runs.items[i].href;
        int        *ranges = NULL, count = 0, from = (int)lines->starts[i], to = (int)lines->starts[i + 1];
        if (href == NULL || to <= line->start_index || from >= line->start_index + line->length)
            continue;
        pango_layout_line_get_x_ranges(line, from, to, &ranges, &count);
        for (int r = 0; r < count; r++) {
            const char *rect = tz_arena_printf(paper->mem, "rect=[%.2f %.2f %.2f %.2f]", x + ranges[2 * r] / (double)PANGO_SCALE, y,
                                               (ranges[2 * r + 1] - ranges[2 * r]) / (double)PANGO_SCALE, lines->how.pitch);
            bool is_inside = href[0] == '#';
            if (strchr(href, '\'') != NULL || strchr(href, '\\') != NULL)
                continue; /* would end the attribute */
            cairo_tag_begin(paper->cairo, CAIRO_TAG_LINK,
                            tz_arena_printf(paper->mem, "%s %s='%s'", rect, is_inside ? "dest" : "uri", href + is_inside));
            cairo_tag_end(paper->cairo, CAIRO_TAG_LINK);
        }
        g_free(ranges);
    }
}

static double line_x(const tz_lines *lines, PangoLayoutLine *line, double indent)
{
    PangoRectangle logical;
    double         room = lines->width - lines->how.left - lines->how.right - indent;

    pango_layout_line_get_extents(line, NULL, &logical);
    double spare = room - logical.width / (double)PANGO_SCALE;
    return lines->how.left + indent + (lines->how.align == TZ_ALIGN_CENTER ? spare / 2 : lines->how.align == TZ_ALIGN_RIGHT ? spare : 0);
}

void tz_lines_draw(tz_paper *paper, const tz_lines *lines, int from, int to, double x, double y)
{
    double grey = lines->how.is_faint ? FAINT : INK;

    cairo_set_source_rgb(paper->cairo, grey, grey, grey);
    for (int i = from; i < to; i++) {
        PangoLayoutLine *line = pango_layout_get_line(lines->layout, i);
        const char      *text = pango_layout_get_text(lines->layout);
        bool   begins = line->start_index == 0 || text[line->start_index - 1] == '\n';
        double indent = begins ? lines->how.indent : 0;
        if (lines->how.align == TZ_ALIGN_JUSTIFY)
            justify((tz_lines *)lines, line, indent);
        /* Chinese glyphs fill 0.88 above and 0.12 below the baseline: centred in the pitch. */
        double top = y + (i - from) * lines->how.pitch, left = x + line_x(lines, line, indent);
        cairo_move_to(paper->cairo, left, top + lines->how.pitch / 2 + lines->how.size * 0.38);
        pango_cairo_show_layout_line(paper->cairo, line);
        if (lines->links != NULL)
            put_links(paper, lines, line, left, top);
    }
    paper->is_fresh = false;
}

static void put_lines(tz_paper *paper, tz_lines *lines, const char *tag)
{
    cairo_tag_begin(paper->cairo, tag, "");
    for (int i = 0; i < lines->count; i++) {
        tz_paper_room(paper, lines->how.pitch);
        tz_lines_draw(paper, lines, i, i + 1, paper->left, paper->y);
        paper->y += lines->how.pitch;
    }
    cairo_tag_end(paper->cairo, tag);
    tz_lines_free(lines);
}

void tz_paper_put(tz_paper *paper, const tz_block *block, const tz_setting *how)
{
    static const char *const HEADINGS[] = {"H2", "H3", "H4", "H5"};
    tz_lines    lines = break_block(paper, block, how, paper->right - paper->left);
    const char *tag = block->kind == TZ_BLOCK_TITLE     ? "H1"
                      : block->kind == TZ_BLOCK_ANNEX   ? "H2"
                      : block->kind == TZ_BLOCK_HEADING ? HEADINGS[(block->level - 1) & 3]
                                                        : "P";
    tz_paper_room(paper, how->pitch);
    tz_paper_anchor(paper, block->id, paper->y);
    put_lines(paper, &lines, tag);
}

void tz_paper_say(tz_paper *paper, const char *text, const tz_setting *how)
{
    tz_lines lines = tz_lines_text(paper, text, how, paper->right - paper->left);
    put_lines(paper, &lines, "P");
}

/* An image mask of a bit a module: some hundred bytes, where squares would be some thousand. */
void tz_paper_qr(tz_paper *paper, const tz_qr *qr, double x, double y, double side)
{
    enum { QUIET = 4 };
    cairo_surface_t *mask = cairo_image_surface_create(CAIRO_FORMAT_A1, qr->size, qr->size);
    uint8_t         *bits = cairo_image_surface_get_data(mask);
    int              stride = cairo_image_surface_get_stride(mask);
    double           module = side / (qr->size + 2 * QUIET);

    for (int row = 0; row < qr->size; row++)
        for (int column = 0; column < qr->size; column++)
            if (qr->modules[row * qr->size + column]) /* bits of a 32-bit word, in the machine's order */
                ((uint32_t *)(void *)(bits + row * stride))[column / 32] |=
                    (uint32_t)1 << (G_BYTE_ORDER == G_LITTLE_ENDIAN ? column % 32 : 31 - column % 32);
    cairo_surface_mark_dirty(mask);
    cairo_save(paper->cairo);
    cairo_translate(paper->cairo, x + QUIET * module, y + QUIET * module);
    cairo_scale(paper->cairo, module, module);
    cairo_pattern_t *pattern = cairo_pattern_create_for_surface(mask);
    cairo_pattern_set_filter(pattern, CAIRO_FILTER_NEAREST);
    cairo_set_source_rgb(paper->cairo, 0, 0, 0);
    cairo_mask(paper->cairo, pattern);
    cairo_pattern_destroy(pattern);
    cairo_restore(paper->cairo);
    cairo_surface_destroy(mask);
    paper->is_fresh = false;
}
