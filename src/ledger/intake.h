/* intake - a list of problems (台账.xlsx) becomes issues, and comes again without doubling them.
 *
 * Each problem opens an issue; several measures of one problem are its children.  A problem that is known
 * (the same sentence, unit and ledger) joins its issue: its progress is brought up to date, and where it was
 * closed and another list raises it, it opens again under its number.  What a list claims (已销号) closes
 * nothing.  A row that can't be read is refused by itself and listed with what to do; the others are taken.
 */
#ifndef TZ_LEDGER_INTAKE_H
#define TZ_LEDGER_INTAKE_H

#include "base/json.h"
#include "packs/pack.h"
#include "store/store.h"

typedef struct {
    const char *ledger;    /* NULL: default */
    const char *source;    /* inspection, complaint, hand; NULL: inspection */
    const char *raised_by; /* NULL: the title above the header, else the file's name */
    const char *level;     /* NULL: yellow */
    int64_t     parent;    /* all are its children; 0: none */
    bool        is_dry_run; /* nothing is written */
} tz_intake_options;

/* ret_result: an array, for each visible sheet that has a column of problems: {file, sheet, header_row, raised_by,
 * mapping[{column, header, field, reason}], rows[{row, issue, action (open, join, known, reopen, refuse), unit, term, due,
 * claims (what the list says of its end), column, text}], account{rows, opened, joined, known, reopened, refused, blank,
 * notes}}. A measure of a problem of several has a line of its own. In a dry run the numbers of new issues are those
 * that they would get.
 *
 * TZ_MISSING, TZ_LIMIT, TZ_INPUT: the file, as tz_book_open, or no header. TZ_USAGE: an unknown ledger, source, level. */
TZ_MUST tz_rc tz_issue_import(tz_arena *mem, tz_store *store, const tz_packs *packs, const char *path, const tz_intake_options *options,
                              json_t **ret_result, tz_err *err);

#endif
