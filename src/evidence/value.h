/* value - one cell as the type of its column, in canonical text; what is wrong with it, in words. */
#ifndef TZ_EVIDENCE_VALUE_H
#define TZ_EVIDENCE_VALUE_H

#include "formats/book.h"
#include "packs/pack.h"
#include "store/county.h"

/* What a rule says about a cell. Texts are "中文|English"; borrowed constants. */
typedef struct {
    const char *rule;   /* NULL: nothing is wrong */
    const char *advice;
    bool        is_grave; /* the value could not be taken: it is null */
} tz_value_problem;

typedef struct {
    const tz_county *county;
    bool             is_1904;
    int              unit_power; /* of money in this column: 0 元, 4 万元 */
    tz_text          within;     /* township code that narrows a village's name, or empty */
} tz_value_context;

/* Reads cell as column's type. ret_text: canonical text in mem (ISO dates, decimals with all places,
 * codes), empty data NULL for null. ret_raw: what was sent, trimmed. Never fails: what can't be
 * taken is null with a grave problem; what is taken but doubtful has a problem that is not grave. */
void tz_value_read(tz_arena *mem, const tz_column *column, const tz_cell *cell, const tz_value_context *context, tz_text *ret_text,
                   tz_text *ret_raw, tz_value_problem *ret_problem);

#endif
