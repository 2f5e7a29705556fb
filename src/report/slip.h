/* slip - readings under which two figures that contradict each other would not. None is asserted: they
 * say where to look first.
 */
#ifndef TZ_REPORT_SLIP_H
#define TZ_REPORT_SLIP_H

#include "packs/pack.h"

/* For an assertion "a <= b" of two figures with the values that were said: two neighbouring digits of one
 * exchanged, the two figures exchanged, and what the assertion itself names (`wider`). Each with what
 * share a would be of b, and where the text says by how many percent both fell (fall_a, fall_b, or NULL)
 * what share it would have been the year before. NULL where the assertion has another form. */
const char *tz_slip_readings(tz_arena *mem, const tz_assertion *assertion, const char *a, const char *b, const char *fall_a,
                             const char *fall_b, tz_lang lang);

/* The two names of "a <= b"; false for another form. */
bool tz_slip_sides(tz_arena *mem, const char *holds, const char **ret_a, const char **ret_b);

#endif
