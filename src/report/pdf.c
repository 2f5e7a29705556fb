#include "report/pdf.h"

#include <cairo-pdf.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"
#include "report/paper.h"
#include "report/picture.h"

#define PITCH ((TZ_PAGE_HEIGHT_MM - TZ_PAGE_TOP_MM - TZ_PAGE_BOTTOM_MM) * TZ_MM / TZ_PAGE_LINES)
#define TITLE_PITCH 36.0
#define SMALL_PITCH 15.0
#define QR_SIDE (20 * TZ_MM)

static const tz_setting BODY = {.face = TZ_FACE_BODY, .size = TZ_SIZE_3, .pitch = PITCH, .indent = 2 * TZ_SIZE_3, .is_grid = true};
static const tz_setting TITLE = {.face = TZ_FACE_TITLE, .size = TZ_SIZE_2, .pitch = TITLE_PITCH, .align = TZ_ALIGN_CENTER};
static const tz_setting SMALL = {.face = TZ_FACE_SONG, .size = TZ_SIZE_5, .pitch = SMALL_PITCH, .align = TZ_ALIGN_LEFT};

/* ---- Headings ---- */

static void put_outline(tz_paper *paper, const tz_block *block)
{
    if (block->id != NULL)
        (void)cairo_pdf_surface_add_outline(paper->surface, CAIRO_PDF_OUTLINE_ROOT,
                                            tz_arena_printf(paper->mem, "%s%s", block->number, tz_block_text(paper->mem, block)),
                                            tz_arena_printf(paper->mem, "dest='%s'", block->id), CAIRO_PDF_OUTLINE_FLAG_OPEN);
}

/* A heading stays with the two lines that follow it. */
static void put_heading(tz_paper *paper, const tz_block *block)
{
    tz_setting how = BODY;

    how.face = block->level == 1 ? TZ_FACE_HEI : block->level == 2 ? TZ_FACE_KAI : TZ_FACE_BODY;
    how.align = TZ_ALIGN_LEFT;
    tz_paper_room(paper, 3 * PITCH);
    tz_paper_put(paper, block, &how);
    put_outline(paper, block);
}

/* 附件1 in 黑体 at the top left, its title on the third line. */
static void put_annex(tz_paper *paper, const tz_block *block)
{
    tz_setting mark = BODY;
    tz_block   title = *block;

    mark.face = TZ_FACE_HEI;
    mark.indent = 0;
    mark.align = TZ_ALIGN_LEFT;
    tz_paper_page(paper, false);
    tz_paper_say(paper, block->number, &mark);
    paper->y += PITCH;
    title.number = "";
    tz_paper_put(paper, &title, &TITLE);
    paper->y += PITCH / 2;
    put_outline(paper, block);
}

static void put_title(tz_paper *paper, const tz_block *block)
{
    tz_paper_put(paper, block, &TITLE);
    paper->y += PITCH;
}

/* ---- Figures ---- */

static const char *facts(tz_paper *paper, const tz_doc_figure *figure)
{
    bool   is_zh = paper->doc->lang == TZ_ZH;
    tz_buf out = tz_buf_init(paper->mem, 0);

    tz_buf_printf(&out, is_zh ? "%s · 数据时点 %s · 依据 %zu 行 · 查看 %lld 行" : "%s · as of %s · rests on %zu rows · looked at %lld rows",
                  figure->name, paper->doc->as_of, figure->row_count, (long long)figure->looked_at);
    if (figure->why_not != NULL)
        tz_buf_printf(&out, " · %s", figure->why_not);
    if (figure->code[0] != '\0')
        tz_buf_printf(&out, is_zh ? "\n编码 %s" : "\ncode %s", figure->code);
    return tz_buf_str(&out);
}

/* A figure's entry: what it says at the left, its code to scan at the right. */
static tz_rc put_figure(tz_paper *paper, const tz_doc_figure *figure, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    bool       has_code = figure->code[0] != '\0';
    double     width = paper->right - paper->left - (has_code ? QR_SIDE + 4 : 0);
    tz_setting head = SMALL, small = SMALL;
    tz_qr      qr = {0};
    tz_lines   parts[3];
    double     height = 0;

    head.face = TZ_FACE_HEI;
    small.is_faint = true;
    small.size = TZ_SIZE_SMALL_5;
    parts[0] = tz_lines_text(paper, tz_arena_printf(paper->mem, "[%d] %s%s%s", figure->number, figure->title,
                                                    paper->doc->lang == TZ_ZH ? "\uFF1A" : ": ", figure->printed), &head, width);
    parts[1] = tz_lines_text(paper, figure->definition, &SMALL, width);
    parts[2] = tz_lines_text(paper, facts(paper, figure), &small, width);
    for (int i = 0; i < 3; i++)
        height += parts[i].count * SMALL_PITCH;
    double needed = has_code && height < QR_SIDE ? QR_SIDE : height;
    tz_paper_room(paper, needed);
    tz_paper_anchor(paper, tz_arena_printf(paper->mem, "figure-%s", figure->name), paper->y);
    if (has_code) {
        TZ_TRY(tz_qr_make(paper->mem, figure->code, &qr, err));
        tz_paper_qr(paper, &qr, paper->right - QR_SIDE, paper->y, QR_SIDE);
    }
    double y = paper->y;
    for (int i = 0; i < 3; i++) {
        tz_lines_draw(paper, &parts[i], 0, parts[i].count, paper->left, y);
        y += parts[i].count * SMALL_PITCH;
    }
    paper->y += needed + SMALL_PITCH / 2;
done:
    for (int i = 0; i < 3; i++)
        tz_lines_free(&parts[i]);
    return rc;
}

static tz_rc put_figures(tz_paper *paper, tz_err *err)
{
    tz_rc rc = TZ_OK;
    for (size_t i = 0; rc == TZ_OK && i < paper->doc->figures.count; i++)
        rc = put_figure(paper, paper->doc->figures.items[i], err);
    return rc;
}

/* ---- Other blocks ---- */

static void put_note(tz_paper *paper, const tz_block *block, bool is_after_title)
{
    tz_setting how = SMALL;

    how.is_faint = true;
    if (is_after_title) {
        how = BODY;
        how.face = paper->doc->lang == TZ_ZH ? TZ_FACE_KAI : TZ_FACE_BODY;
        how.size = TZ_SIZE_4;
        how.indent = 0;
        how.align = TZ_ALIGN_CENTER;
        how.is_grid = false;
        paper->y -= PITCH; /* it belongs to the title */
    }
    tz_paper_put(paper, block, &how);
    paper->y += is_after_title ? PITCH : SMALL_PITCH / 2;
}

/* 7.3.5: two lines below the text, fewer where a page would begin for it alone; the date four characters from
 * the right, the signature centred above it. */
static void put_signature(tz_paper *paper, const tz_block *block)
{
    tz_setting how = BODY;

    how.indent = 0;
    how.align = TZ_ALIGN_RIGHT;
    how.right = (block->kind == TZ_BLOCK_DATE ? 4 : 6) * TZ_SIZE_3;
    if (block->kind == TZ_BLOCK_SIGNATURE) {
        double spare = paper->bottom - paper->y - 2 * PITCH;
        tz_paper_room(paper, 2 * PITCH);
        paper->y += paper->is_fresh ? 0 : spare < 2 * PITCH ? spare : 2 * PITCH;
    }
    tz_paper_put(paper, block, &how);
}

static tz_rc put_code(tz_paper *paper, const tz_block *block, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    tz_qr      qr = {0};
    tz_setting how = SMALL;

    TZ_TRY(tz_qr_make(paper->mem, tz_block_text(paper->mem, block), &qr, err));
    tz_paper_room(paper, QR_SIDE + SMALL_PITCH);
    tz_paper_qr(paper, &qr, paper->right - QR_SIDE, paper->y, QR_SIDE);
    how.align = TZ_ALIGN_RIGHT;
    how.right = QR_SIDE + 4;
    tz_lines lines = tz_lines_text(paper, block->number, &how, paper->right - paper->left);
    tz_lines_draw(paper, &lines, 0, lines.count, paper->left, paper->y + QR_SIDE / 2 - lines.count * SMALL_PITCH / 2);
    tz_lines_free(&lines);
    paper->y += QR_SIDE + SMALL_PITCH / 2;
done:
    return rc;
}

/* Bullets are no custom of official documents: items are paragraphs. */
static void put_item(tz_paper *paper, const tz_block *block)
{
    tz_setting how = BODY;
    how.left = (block->level - 1) * TZ_SIZE_3;
    tz_paper_put(paper, block, &how);
}

static void put_set(tz_paper *paper, const tz_block *block)
{
    tz_setting how = BODY;

    switch (block->kind) {
    case TZ_BLOCK_ADDRESSEE:
        how.indent = 0;
        how.align = TZ_ALIGN_LEFT;
        break;
    case TZ_BLOCK_QUOTE:
        how.face = TZ_FACE_KAI;
        how.left = 2 * TZ_SIZE_3;
        break;
    case TZ_BLOCK_CODE:
        how = SMALL;
        how.face = TZ_FACE_CODE;
        how.size = TZ_SIZE_SMALL_5;
        break;
    case TZ_BLOCK_ALARM:
        how.face = TZ_FACE_HEI;
        break;
    default: break;
    }
    tz_paper_put(paper, block, &how);
}

static void put_rule(tz_paper *paper)
{
    tz_paper_room(paper, PITCH);
    cairo_set_line_width(paper->cairo, 0.5);
    cairo_set_source_rgb(paper->cairo, 0, 0, 0);
    cairo_move_to(paper->cairo, paper->left, paper->y + PITCH / 2);
    cairo_line_to(paper->cairo, paper->right, paper->y + PITCH / 2);
    cairo_stroke(paper->cairo);
    paper->y += PITCH;
}

/* A picture as wide as the frame, its title above it. */
static void put_picture(tz_paper *paper, const tz_block *block)
{
    tz_scene   scene = tz_picture_scene(paper->mem, block->picture);
    double     scale = (paper->right - paper->left) / scene.width;
    tz_setting how = SMALL;

    how.face = TZ_FACE_HEI;
    how.align = TZ_ALIGN_CENTER;
    tz_paper_room(paper, scene.height * scale + 2 * SMALL_PITCH);
    paper->y += SMALL_PITCH / 2;
    tz_paper_put(paper, block, &how);
    cairo_tag_begin(paper->cairo, "Figure", "");
    tz_scene_draw(&scene, paper->cairo, paper->context, tz_face_get(TZ_FACE_HEI)->families, paper->left, paper->y, scale);
    cairo_tag_end(paper->cairo, "Figure");
    paper->is_fresh = false;
    paper->y += scene.height * scale + SMALL_PITCH / 2;
}

static tz_rc put_block(tz_paper *paper, const tz_block *block, tz_block_kind before, tz_err *err)
{
    switch (block->kind) {
    case TZ_BLOCK_TITLE: put_title(paper, block); break;
    case TZ_BLOCK_HEADING: put_heading(paper, block); break;
    case TZ_BLOCK_ANNEX: put_annex(paper, block); break;
    case TZ_BLOCK_ITEM: put_item(paper, block); break;
    case TZ_BLOCK_TABLE: tz_paper_table(paper, block->table); break;
    case TZ_BLOCK_NOTE: put_note(paper, block, before == TZ_BLOCK_TITLE); break;
    case TZ_BLOCK_SIGNATURE:
    case TZ_BLOCK_DATE: put_signature(paper, block); break;
    case TZ_BLOCK_QR: return put_code(paper, block, err);
    case TZ_BLOCK_PAGE: tz_paper_page(paper, false); break;
    case TZ_BLOCK_RULE: put_rule(paper); break;
    case TZ_BLOCK_FIGURES: return put_figures(paper, err);
    case TZ_BLOCK_PICTURE: put_picture(paper, block); break;
    default: put_set(paper, block);
    }
    return TZ_OK;
}

static tz_rc put_document(tz_paper *paper, tz_err *err)
{
    const tz_document *doc = paper->doc;
    tz_setting         last = SMALL;
    tz_rc              rc = TZ_OK;

    for (size_t i = 0; i < doc->blocks.count; i++)
        TZ_TRY(put_block(paper, doc->blocks.items[i], i == 0 ? TZ_BLOCK_PAGE : doc->blocks.items[i - 1]->kind, err));
    last.is_faint = true;
    last.size = TZ_SIZE_SMALL_5;
    paper->y += SMALL_PITCH;
    tz_paper_say(paper, doc->provenance, &last);
done:
    return rc;
}

tz_rc tz_pdf_write(tz_arena *mem, const tz_document *doc, const char *path, tz_err *err)
{
    tz_assert(mem != NULL && doc != NULL && path != NULL);
    tz_rc       rc = TZ_OK;
    tz_paper   *paper = NULL;
    tz_err      closing = {0};
    const char *staged = tz_file_staging(mem, path);

    TZ_TRY(tz_paper_open(mem, doc, staged, &paper, err));
    TZ_TRY(put_document(paper, err));
done:
    if (tz_paper_close(paper, rc == TZ_OK ? err : &closing) != TZ_OK && rc == TZ_OK)
        rc = TZ_SYSTEM;
    if (rc == TZ_OK)
        rc = tz_file_commit(staged, path, 0644, err);
    if (rc != TZ_OK)
        (void)unlink(staged);
    return rc;
}
