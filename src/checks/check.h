/* check - running the rules of packs on the county of a day, and what became of each finding.
 *
 * A run over changed inputs raises, keeps or clears findings; a run over the same inputs is no run.
 * The inputs are the valid batches, the linkage, each check's version (its SQL, front matter and
 * parameters) and the as-of date.  A check that failed, or whose needed register is missing, late
 * or withdrawn, is `not evaluated` and leaves its findings as they were, marked so.
 *
 * A finding's number is given once.  It is found again by (check, key); a merge or split of its
 * subject moves it to its new key by a `rekeyed` event.
 */
#ifndef TZ_CHECKS_CHECK_H
#define TZ_CHECKS_CHECK_H

#include "base/json.h"
#include "packs/pack.h"
#include "packs/query.h"
#include "store/store.h"

typedef struct {
    tz_day day;                 /* as_of 0: the newest batch's date; at 0: the newest entry */
    bool   is_past;             /* changes no state */
    const char *const *names;   /* NULL-terminated names of checks, NULL: all */
    const char *const *what_if; /* "parameter=value" pairs, NULL-terminated; changes no state */
    int limit_ms;               /* of one statement; 0: TZ_MAX_SQL_SECONDS */
    int memory_mb;              /* of the worker's engine; 0: TZ_MAX_SQL_MEMORY_MB */
} tz_check_options;

/* Runs checks, and those that they need. The result is an array of objects, one a check in the order of the packs
 * (those that were only needed behind them):
 *   check, state (ran, not evaluated, failed), why, raised, kept, cleared, looked_at, units,
 *   linked_share, is_new, asked; why is in the reader's language
 * where is_new is false for a result that stood already, and asked says whether its SQL was run: what it reads had
 * changed. With is_past, raised counts what is found
 * and no open finding, kept what is found and is one, cleared is 0. With what_if two arrays are
 * added, comes_in[] and drops_out[]: {key, subject, subject_kind, level, message, rows[]}, as
 * compared with a run under the present parameters.
 *
 * A rule's own error is its result (state failed), not an error here. TZ_MISSING: nothing was
 * imported, no people were linked for rows that name some, or a name is no check's. TZ_STOPPED. */
TZ_MUST tz_rc tz_checks_run(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_check_options *options,
                            json_t **ret_results, tz_err *err);

typedef struct {
    const char *level;   /* red, orange, yellow (or 红, 橙, 黄); NULL: all */
    const char *check;   /* NULL: all */
    const char *where;   /* a division's code, any prefix of one, or its name; NULL: everywhere */
    const char *state;   /* "open", "cleared"; NULL: all */
    int32_t     as_of;   /* yyyymmdd: another day than the newest run's; 0: what stands in the ledger */
    int64_t     at;      /* as known at this entry; 0: the newest */
    int64_t     finding; /* only this; 0: all */
    /* The next four are of what stands in the ledger alone, not of another day. */
    const json_t *subjects; /* array of entity ids, or NULL … */
    const json_t *rows;     /* … and of row ids: about one of the subjects, or resting on one of the rows */
    const json_t *places;   /* array of prefixes of division codes, or NULL */
    bool        is_waiting; /* only the open ones that nobody judged and no issue answers for */
    const char *verdict; /* "none", "real", "not real" */
    const char *owner;   /* of checks that this unit answers for */
    const char *subject; /* an entity's id */
    const char *text;    /* stands in the check's name or title, or in a value that the sentence shows; or is "F12" */
    const char *sort;    /* NULL: as below; "number" */
    bool        is_descending; /* by number */
    int64_t     after;   /* only what stands behind this finding in the order; 0: from the first */
    int64_t     before;  /* only what stands before it: the page that ends there; 0: to the last */
    int64_t     limit;   /* at most so many; 0: all. A page costs its own length, but for a text that is rare */
    int64_t    *ret_total; /* how many there are without after, before and limit; NULL: nobody asks */
    bool        is_masked;
    tz_lang     lang;
} tz_finding_filter;

/* The findings: an array of {finding, check, level, subject, subject_kind, state, since,
 * cleared_why, pending, verdict, reason, message, issue, rows[]}, open ones first, by level, the
 * share of its rule's verdicts that were real, check and number. Of another day: what its checks
 * find then (src/checks/past.c); finding is null for what was never raised. text finds only what the reader may see.
 * TZ_MISSING: no such finding, check or division. TZ_USAGE: no such level, verdict or order. */
TZ_MUST tz_rc tz_findings(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_finding_filter *filter,
                          json_t **ret_findings, tz_err *err);

/* How many there are of it, but no more than `most` are counted (0: all); after, before and limit are not looked at.
 * Errors as tz_findings. */
TZ_MUST tz_rc tz_finding_count(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_finding_filter *filter, int64_t most,
                               int64_t *ret_count, tz_err *err);

/* What somebody who verified a finding says. Not real takes a reason of docs/format/verdicts.md, by
 * its code or title; real may have any text, NULL means `verified`. The newest verdict counts.
 * TZ_MISSING: no such finding. TZ_USAGE: the reason is not on the list (err lists it), or `other`
 * comes without a note. */
TZ_MUST tz_rc tz_verdict(tz_store *store, const tz_packs *packs, int64_t finding, bool is_real, const char *reason,
                         const char *note, tz_err *err);

/* The same of several findings, in one transaction: all or none. */
TZ_MUST tz_rc tz_verdict_many(tz_store *store, const tz_packs *packs, const int64_t *findings, size_t count, bool is_real,
                              const char *reason, const char *note, tz_err *err);

/* A finding with what became of it: a line of tz_findings, and check_title, basis, owner, sql, key, by, note (of the verdict),
 * values[{title, value}] (what its sentence says, masked), faces[] (each row it rests on, packs/face.h; at most 50), row_count,
 * history[{as_of, event, level, cleared_why, at}], exception (the one that stands on its subject, or null), can_except. TZ_MISSING. */
TZ_MUST tz_rc tz_finding_show(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t finding, bool is_masked, tz_lang lang,
                              json_t **ret_finding, tz_err *err);

/* A check as people look at it: {check, title, pack, pack_title, level, owner, basis, sql, file, line, needs[{register, title}], after[],
 * opens_issue, due_days, ledger, parameters[{parameter, title, type, value, source, is_used}] (of the day), runs[{run, as_of, state, why,
 * raised, kept, cleared, looked_at, units, linked_share}] (newest first, at most 24), fixtures[{case, text}]}. TZ_MISSING. */
TZ_MUST tz_rc tz_check_show(tz_arena *mem, tz_store *store, const tz_packs *packs, const char *check, tz_day day, tz_lang lang,
                            json_t **ret_check, tz_err *err);

/* A reason for "not real". */
typedef struct {
    const char *code;  /* lawful */
    const char *title; /* "中文|English" */
} tz_reason;
extern const tz_reason TZ_REASONS[]; /* ends with a NULL code */

/* Makes an exception of a finding that was judged not real: the rule raises nothing on its subject from the day of
 * the newest run until that day (yyyymmdd). TZ_USAGE: it has no subject, is not judged so, or for a reason that
 * the data must answer (wrong-person, data-error, duplicate); the day is past. TZ_MISSING: no such finding. */
TZ_MUST tz_rc tz_exception_add(tz_store *store, int64_t finding, int32_t until, const char *note, int64_t *ret_exception, tz_err *err);

/* Ends one before its time. TZ_MISSING: there is none that stands under this number. */
TZ_MUST tz_rc tz_exception_end(tz_store *store, int64_t exception, const char *why, tz_err *err);

/* All exceptions, newest first: [{exception, check, subject, finding, reason, from, until, by, state}], state being
 * stands, expired (on the newest run's day) or ended. */
TZ_MUST tz_rc tz_exception_list(tz_store *store, json_t **ret_rows, tz_err *err);

/* The record of each rule: [{check, title, owner, findings, verified, real, not_real, share_real,
 * reasons{}, townships[{township, findings, verified, real}]}]. */
TZ_MUST tz_rc tz_check_record(tz_store *store, const tz_packs *packs, json_t **ret_rows, tz_err *err);

/* What several findings say together of each person, household, unit or township (kind), the most
 * urgent first: [{subject, subject_kind, name (of a township), level, score, why, reasons, findings[{finding,
 * check, level, points}], history[{as_of, level, why, raised[], lowered[]}]}], raised and lowered being
 * {finding, check, level, cleared_why} of that run. subject NULL: all with an open finding; else this one,
 * also when its level is null now. The rule is a pack's: docs/format/signals.md. TZ_USAGE: no such kind. */
TZ_MUST tz_rc tz_signals(tz_arena *mem, tz_store *store, const tz_packs *packs, const char *kind, const char *subject,
                         int64_t at, json_t **ret_signals, tz_err *err);

/* What each check costs on the county of a day: [{check, state, why, cpu_ms, looked_at, found, reads[]}], the dearest
 * first. Runs them, changes nothing. Errors as tz_checks_run. */
TZ_MUST tz_rc tz_check_explain(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_check_options *options, json_t **ret_rows,
                               tz_err *err);

/* Which checks are blind and why, from the newest result of each:
 * [{check, state, why, since, linked_share}]. */
TZ_MUST tz_rc tz_check_doctor(tz_store *store, const tz_packs *packs, json_t **ret_rows, tz_err *err);

#endif
