/* demo - a synthetic county as its departments would mail it, with the answer key.
 *
 * Everything about people is invented; only the names and codes of divisions are real
 * (data/divisions/).  The same seed and scale give the same county.  Every file of the folder but
 * answers.json is one to import.
 */
#ifndef TZ_DEMO_DEMO_H
#define TZ_DEMO_DEMO_H

#include "base/app.h"
#include "base/err.h"

/* Writes the county's spreadsheets and answers.json into folder (made if absent; must hold nothing).
 * scale 1 is some 150,000 residents; 0.01 to 20. is_clean: no planted defect and no look-alike, and
 * answers.json holds figures alone. TZ_USAGE: a scale out of range, or the folder holds something.
 * TZ_MISSING: the shipped divisions are not found. TZ_STOPPED. TZ_SYSTEM: the disk. */
TZ_MUST tz_rc tz_demo_write(const tz_app *app, const char *folder, uint64_t seed, double scale, bool is_clean,
                            tz_err *err);

/* A county without planted defects, in whose sheets `damage` of a hundred ID numbers, names and birth dates (1 to 50) are
 * damaged. answers.json has the figures as they truly are, and under `rows` who each row is truly about:
 * [{file, sheet, persons: [[row, person], …]}]. Errors as tz_demo_write. */
TZ_MUST tz_rc tz_demo_write_damaged(const tz_app *app, const char *folder, uint64_t seed, double scale, int64_t damage, tz_err *err);

#endif
