/* household - everything on record of one household, and where each word of it stands.
 *
 * The persons of a household are those with a row that the linkage puts into it. What is shown of them are all rows
 * that hold on the day, of every register and role, whatever household a row says; checks and the ledger as they stand.
 * Two lists of one family (the residents' and the poverty list's) are two households of the same persons: each page
 * names the other.
 */
#ifndef TZ_REPORT_HOUSEHOLD_H
#define TZ_REPORT_HOUSEHOLD_H

#include "base/json.h"
#include "packs/pack.h"
#include "packs/query.h"
#include "store/store.h"

typedef struct {
    tz_day  day;       /* resolved (tz_day_resolve) */
    bool    is_masked; /* personal values, and names in sentences */
    tz_lang lang;
} tz_household_view;

/* ret_household:
 *   household, name (of its head), divisions[] (codes that its rows lie in), village, township, level and since (of the worst
 *   open finding, or null), size, as_of
 *   members[{person, name, relation, is_head, birth, sex, id, registers[{register, title, count, name, sentence, row{}}]}]
 *   others[{household, title}]   the same persons as another register counts them
 *   policies[{policy, title, state (received, due, wrong, none), count, rows[], findings[]}]
 *   timeline[{date, kind (row, finding, issue), title, text, person, name, role, level, row{}, finding, issue}], newest first
 *   findings[], issues[]         as tz_findings and tz_issue_list give them; open ones first
 *   links[{person, name, register, title, written, sentence, kind, row{}, anchor (address of the row it is compared with),
 *   pair ("ROW-ROW" of the two)}]
 *   older                        rows of theirs that do not hold on the day: replaced or withdrawn
 * where row{} is {register, batch, file, sheet, sheet_no, row, address, text}. TZ_MISSING: no such household. */
TZ_MUST tz_rc tz_household_show(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_household_view *view,
                                const char *household, json_t **ret_household, tz_err *err);

/* Households whose people list has a name like this (any part of it, at least one character) in a division (prefix of its
 * code): [{household, name, village, township, division, size, register}], by village and name; either may be NULL, not both.
 * places: array of prefixes that the reader may see, or NULL: all. At most `limit`. TZ_USAGE: neither is given. */
typedef struct {
    const char   *name, *division;
    const json_t *places;
    int64_t       limit;
} tz_household_search;
TZ_MUST tz_rc tz_household_find(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_household_view *view,
                                const tz_household_search *search, json_t **ret_rows, tz_err *err);

/* The household of whoever has this ID number, found by the number's keyed hash: nothing is listed, nothing is near.
 * TZ_USAGE: it is no valid number. TZ_MISSING: nobody has it, or no household. */
TZ_MUST tz_rc tz_household_of_id(tz_arena *mem, tz_store *store, tz_day day, const char *id, const char **ret_household, tz_err *err);

/* The household that a person is in now, under the id the person has now. TZ_MISSING. */
TZ_MUST tz_rc tz_household_of_person(tz_arena *mem, tz_store *store, tz_day day, const char *person, const char **ret_household,
                                     tz_err *err);

#endif
