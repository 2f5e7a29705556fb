/* notice - a checkpoint on paper: one line and a QR code of it, for a notice board.
 *
 * Whoever photographs the sheet holds the county to its history: `checkpoint --check` takes the line.
 */
#ifndef TZ_REPORT_NOTICE_H
#define TZ_REPORT_NOTICE_H

#include "store/note.h"

typedef struct {
    const char   *county; /* its name */
    tz_note       note;
    const char   *text;   /* the note's text */
    tz_public_key key;
} tz_notice;

/* A page for a terminal or a printer that knows no pictures: the QR code is of block characters. */
TZ_MUST tz_rc tz_notice_text(tz_arena *mem, const tz_notice *notice, const char **ret_page, tz_err *err);

/* An A4 page as SVG, to be printed as it is. */
TZ_MUST tz_rc tz_notice_svg(tz_arena *mem, const tz_notice *notice, const char **ret_page, tz_err *err);

#endif
