/* section - a pack's Markdown into blocks of a document.
 *
 * CommonMark with tables, by md4c.  Raw HTML is text.  `##` is a heading of the first level of an official
 * document (一、), `###` of the second; `#` counts as `##`.  A link to #figure-NAME prints that figure of the
 * document; a figure that it does not have is printed as (?NAME), so that it is seen.
 */
#ifndef TZ_REPORT_SECTION_H
#define TZ_REPORT_SECTION_H

#include "report/document.h"

/* Makes the block of a ```picture fence from its lines; the maker appends it, or a paragraph that says why
 * there is none. */
typedef struct {
    tz_rc (*make)(void *context, tz_document *doc, tz_text lines, tz_err *err);
    void *context;
} tz_picture_maker;

/* Appends the blocks of markdown to doc. file names it in errors. pictures NULL: such a fence is shown as
 * code. TZ_INPUT: a link that is no #anchor, http:, https: or mailto:, an image (pictures are asked for by a
 * ```picture fence, since a report needs no network), or what the picture maker refuses. */
TZ_MUST tz_rc tz_section_add(tz_document *doc, tz_text markdown, const char *file, const tz_picture_maker *pictures,
                             tz_err *err);

/* The half of a section that is in the reader's language: the file holds both, parted by a line
 * "<!-- en -->"; without one it serves both. */
tz_text tz_section_half(tz_text markdown, tz_lang lang);

#endif
