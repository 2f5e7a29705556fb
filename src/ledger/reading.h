/* reading - what list.c and show.c share: an issue as a line, its history, for one reader. */
#ifndef TZ_LEDGER_READING_H
#define TZ_LEDGER_READING_H

#include "ledger/inside.h"
#include "store/select.h"

typedef struct {
    tz_arena       *mem;
    tz_store       *store;
    const tz_packs *packs;
    int32_t         today;
    bool            is_masked;
    tz_lang         lang;
} tz_reading;

/* Issues (a table, or what has its columns), each with its first finding's check, parameters and division; by finding_now,
 * since SQLite would make the whole of the view `finding` for a LEFT JOIN. */
#define TZ_SELECT_LINES_OF(issues)                                                                                             \
    "SELECT i.*, n.\"check\" AS \"check\", e.params AS params, json_extract(e.divisions, '$[0]') AS division"                  \
    " FROM " issues " i LEFT JOIN finding_now n ON n.finding ="                                                                \
    " (SELECT min(j.finding) FROM issue_finding j WHERE j.issue = i.issue)"                                                    \
    " LEFT JOIN finding_event e ON e.finding = n.finding AND e.entry = n.entry"
#define TZ_SELECT_ISSUES TZ_SELECT_LINES_OF("issue")

/* A row of TZ_SELECT_ISSUES as a line of the list, with its history. */
TZ_MUST tz_rc tz_issue_line(const tz_reading *of, const json_t *row, json_t **ret_line, tz_err *err);
/* [{action, state, by, at, note, detail}], oldest first. */
/* The numbers of the next issues of a filter, in its order, in mem: at most `limit` (0: all) behind `after` (0: from the
 * first) or, where it is set, right before `before`. text is only looked for coarsely (page.c). Errors as tz_issue_list. */
TZ_MUST tz_rc tz_issue_page(tz_arena *mem, tz_store *store, const tz_issue_filter *filter, int32_t today, int64_t after, int64_t before,
                            int64_t limit, tz_numbers *ret_issues, tz_err *err);
/* How many there are, counted up to `most` (0: all). */
TZ_MUST tz_rc tz_issue_page_count(tz_arena *mem, tz_store *store, const tz_issue_filter *filter, int32_t today, int64_t most,
                                  int64_t *ret_count, tz_err *err);
/* A column that holds JSON, parsed; null where it does not. */
json_t *tz_issue_parsed(const json_t *row, const char *column);
/* Masks long runs of digits in the column `note` of a row, where this reader sees it masked. */
void tz_issue_mask_note(const tz_reading *of, json_t *row);

#endif
