/* packtest - a pack's fixtures, run through the whole chain in a county made for it.
 *
 * packs/NAME/tests/CASE/ holds REGISTER.csv files (first line: column names or titles) and
 * expect.txt:
 *
 *     as-of 2019-12-31
 *     aid-paid-twice raises student_aid:2,student_aid:3
 *     aid-paid-twice spares student_aid:4,student_aid:5
 *
 * A check raises rows when one of its open findings holds all of them; it spares them when none does.
 * The number behind a register is the line of its CSV file.
 */
#ifndef TZ_FLOW_PACKTEST_H
#define TZ_FLOW_PACKTEST_H

#include "base/app.h"
#include "base/json.h"

/* Which findings each row of each fixture gave, by file and line, with those that gave none: [{case, rows, gave}]. The
 * expectations are not judged. Errors as below. */
TZ_MUST tz_rc tz_flow_pack_rows(const tz_app *app, const char *name_or_folder, const char *system_user, json_t **ret_rows, tz_err *err);

/* Tests a pack: the name of a shipped one, or a folder. ret_rows: [{case, check, expects, rows, ok,
 * text}]; checks of the pack without a fixture that raises them are listed, not ok, too.
 * ret_failed counts what is not ok. TZ_MISSING: no such pack. TZ_INPUT: an error in the pack or in
 * expect.txt, with file and line. */
TZ_MUST tz_rc tz_flow_pack_test(const tz_app *app, const char *name_or_folder, const char *system_user, json_t **ret_rows,
                                size_t *ret_failed, tz_err *err);

#endif
