/* paper - pages of an official document: their frame, their lines of text, their numbers; by Cairo and Pango.
 *
 * A paper is a PDF being written.  Text runs down the frame of 156 x 225 mm in lines of one pitch and begins a
 * page where it must; pdf.c says what stands on it.  Points are 1/72 inch.
 */
#ifndef TZ_REPORT_PAPER_H
#define TZ_REPORT_PAPER_H

#include <pango/pangocairo.h>

#include "report/document.h"
#include "report/faces.h"
#include "report/qr.h"

#define TZ_MM (72.0 / 25.4)

typedef enum { TZ_ALIGN_JUSTIFY, TZ_ALIGN_LEFT, TZ_ALIGN_CENTER, TZ_ALIGN_RIGHT } tz_align;

/* How a block's text is set. */
typedef struct {
    tz_face  face;
    double   size;    /* of the font */
    double   pitch;   /* from line to line */
    double   indent;  /* of the first line */
    double   left, right; /* further room at the sides */
    tz_align align;
    bool     is_faint;
    bool     is_grid; /* 28 characters fill a line */
} tz_setting;

typedef struct {
    tz_arena          *mem;
    const tz_document *doc;
    cairo_surface_t   *surface;
    cairo_t           *cairo;
    PangoFontMap      *fonts;
    PangoContext      *context;
    PangoFontDescription *faces[TZ_FACE_COUNT];
    int    page_no;   /* of the page being written, from 1 */
    bool   is_wide;   /* it lies across */
    bool   is_fresh;  /* nothing stands on it yet */
    double left, top, right, bottom; /* edges of the frame */
    double y;         /* top of the next line */
} tz_paper;

/* A text set in lines, ready to be drawn. Owned: tz_lines_free. */
typedef struct {
    PangoLayout    *layout;
    const tz_block *links; /* its runs with href, or NULL */
    size_t         *starts; /* byte where each run begins, one more at the end; NULL where links is */
    int             count; /* of lines */
    tz_setting      how;
    double          width;
} tz_lines;

/* Begins a PDF at path. TZ_SYSTEM: it can't be written, TZ_MISSING: no font of any face is installed. */
TZ_MUST tz_rc tz_paper_open(tz_arena *mem, const tz_document *doc, const char *path, tz_paper **ret_paper, tz_err *err);
/* Ends it and gives everything back; NULL is fine. TZ_SYSTEM: the disk. */
TZ_MUST tz_rc tz_paper_close(tz_paper *paper, tz_err *err);

void tz_paper_page(tz_paper *paper, bool is_wide); /* begins a page; a fresh one of that kind stays */
void tz_paper_room(tz_paper *paper, double height); /* begins a page unless so much room is left */

/* Sets plain text, or the runs of a block (after its number), for a width; nothing is drawn. */
tz_lines tz_lines_text(tz_paper *paper, const char *text, const tz_setting *how, double width);
void     tz_lines_free(tz_lines *lines);
/* Draws lines [from, to) with the top left corner at x, y; no page is begun. */
void     tz_lines_draw(tz_paper *paper, const tz_lines *lines, int from, int to, double x, double y);

/* Sets a block down the frame, over pages. */
void tz_paper_put(tz_paper *paper, const tz_block *block, const tz_setting *how);
void tz_paper_say(tz_paper *paper, const char *text, const tz_setting *how);

/* Makes a place of the document that links lead to; NULL does nothing. */
void tz_paper_anchor(tz_paper *paper, const char *id, double y);

/* Draws a QR code with its quiet zone into a square. */
void tz_paper_qr(tz_paper *paper, const tz_qr *qr, double x, double y, double side);

/* Sets a table down the frame: head on each page, rows whole where they fit. */
void tz_paper_table(tz_paper *paper, const tz_table *table);

#endif
