/* disclosure - counts that may be published: none under five, nor what their sum or an earlier publication
 * would give away.
 *
 * Of a table of parts and their total, as in statistical offices (cell suppression):
 *   1. a part under five is hidden, zero too: "nobody" tells about somebody as well;
 *   2. a part that differs by less than five from what was published of it last is held: the old number is
 *      printed again and marked, so that two publications don't give away the few between them;
 *   3. where a part is hidden or held, another part is hidden too, so that the total less the parts leaves more
 *      than one unknown; where none is large enough, the total is hidden;
 *   4. the total obeys 1 and 2 like a part.
 * Which other part is hidden must not follow from the numbers, or who knows the rules computes back: the caller
 * gives every part a rank from a secret, and the lowest goes.  A held part lies within four of its last number, so
 * beside one the other part must leave room for all of these.
 * What was hidden last time counts as not published.  tests/model/disclosure.c plays the reader who knows the
 * rules and tries every table that fits.
 */
#ifndef TZ_REPORT_DISCLOSURE_H
#define TZ_REPORT_DISCLOSURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TZ_LEAST_COUNT = 5 };

typedef enum { TZ_CELL_SHOWN, TZ_CELL_HELD, TZ_CELL_HIDDEN } tz_cell_fate;

typedef struct {
    int64_t      value;
    int64_t      last;     /* as printed in the publication before */
    bool         has_last; /* false: hidden then, or there was none */
    uint64_t     rank;     /* of a part: from a secret, the same in every publication */
    tz_cell_fate fate;     /* filled */
} tz_public_cell;

/* Fills the fates. A shown cell is printed as its value, a held one as its last. */
void tz_disclosure_guard(tz_public_cell *parts, size_t count, tz_public_cell *total);

#endif
