/* value - one cell as the type of its column: canonical text, number, and what is wrong with it. */
#ifndef TZ_EVIDENCE_VALUE_H
#define TZ_EVIDENCE_VALUE_H

#include "base/date.h"
#include "base/map.h"
#include "formats/book.h"
#include "packs/pack.h"
#include "store/county.h"

/* What a rule says about a cell. Texts are "中文|English"; borrowed constants. */
typedef struct {
    const char *rule;   /* NULL: nothing is wrong */
    const char *advice; /* what to do, or what is allowed */
    bool        is_grave; /* the value could not be taken: it is null */
} tz_value_problem;

typedef struct {
    tz_text text;   /* canonical: ISO dates, decimals with all places, codes; data NULL for null */
    tz_text raw;    /* what was sent, trimmed */
    int64_t number; /* of a date: days since 1970; of int, decimal, money, percent: scaled by the column's places; of yesno: 0, 1 */
    tz_value_problem problem;
} tz_value;

/* A column with what is looked up for each of its cells: codes by folded spelling, places by name. */
typedef struct {
    tz_arena        *mem;
    const tz_column *column;
    tz_map           codes;  /* folded text -> index + 1 */
    tz_map           places; /* township code, name as sent -> index + 1 of the county's division, -1 unknown, -2 ambiguous */
} tz_value_column;

tz_value_column tz_value_column_of(tz_arena *mem, const tz_column *column);

typedef struct {
    const tz_county *county;
    bool             is_1904;
    bool             in_percent; /* the header says that numbers of this column are percent */
    int              unit_power; /* of money in this column: 0 元, 4 万元 */
    tz_text          within;     /* township code that narrows a village's name, or empty */
} tz_value_context;

/* Reads cell as the column's type; ret_value's texts live in mem or in the cell. Never fails: what
 * can't be taken is null with a grave problem, what is taken but doubtful has one that is not grave. */
void tz_value_read(tz_arena *mem, tz_value_column *column, const tz_cell *cell, const tz_value_context *context, tz_value *ret_value);

/* A cell that keeps a day as a number, as one reads it: 2019-09-01. False: it is none. */
bool tz_cell_day(const tz_cell *cell, bool is_1904, char out[TZ_DATE_TEXT]);

/* Decimals that the column's number is scaled by: 2 of money, 6 of percent, 0 of int. */
int tz_value_places(const tz_column *column);

#endif
