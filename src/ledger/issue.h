/* issue - a problem from its first day to its last: opened, assigned, rectified, submitted, checked,
 * closed by a second person, looked back at.
 *
 * Every action is one transaction and one line of the issue's history.  Who acts is the store's
 * user.  Which action is possible depends on the steps that the issue's ledger declares:
 * docs/format/ledger.md has the table.
 */
#ifndef TZ_LEDGER_ISSUE_H
#define TZ_LEDGER_ISSUE_H

#include "base/json.h"
#include "packs/pack.h"
#include "store/store.h"

/* After a run of checks: opens an issue for each open finding whose check opens one at once or whose
 * verdict is real, re-opens the issue of a finding that was raised again, confirms or re-opens what
 * was closed pending data, and moves issues along with re-keyed findings. Done by `system`, in one
 * transaction. A finding of the same rule about the same person or household as an open issue joins that
 * one. ret_opened: [{issue, finding, action (open, join, relapse, confirm)}]. */
TZ_MUST tz_rc tz_issue_open_found(tz_arena *mem, tz_store *store, const tz_packs *packs, json_t **ret_opened,
                                  tz_err *err);

typedef struct {
    const char *ledger, *state, *unit; /* NULL: all. state may be "open": every step before an end */
    bool        is_overdue;            /* only those past their due date on `today` */
    const char *level;                 /* red, orange, yellow */
    const char *check;                 /* answers for a finding of this check */
    const char *place;                 /* a division's code, or how it begins: a finding or the unit lies there */
    const json_t *units, *places;      /* arrays: only what one of these units leads or supports, or what lies in one of these
                                        * divisions (prefixes of codes); both NULL: everywhere */
    const char *handler;               /* the user who rectifies */
    const char *text;                  /* stands in what the line shows: title, unit, ledger; or is "#12" */
    const char *sort;                  /* "number" (NULL), "urgency" (level, then due date) or "due" */
    bool        is_descending;
    int64_t     after;                 /* only what stands behind this issue in the order; 0: from the first */
    int64_t     before;                /* only what stands before it: the page that ends there; 0: to the last */
    int64_t     limit;                 /* at most so many; 0: all. A page costs its own length, not the ledger's */
    int32_t     today;                 /* yyyymmdd, 0: by the clock of the store's app */
    bool        is_masked;
    tz_lang     lang;
} tz_issue_filter;

/* [{issue, ledger, title, state, word, standing, standing_word, level, unit, term, due, days_left, letter, clock,
 * closed_how, raised_by, parent, division (the code of the first that its first finding lies in, or null), history[]}] in the
 * order asked for. word: what the ledger calls the state, in the reader's
 * language. letter: 提醒函, 督办函, 告诫函 by days left, or null. clock: {clock, until, days_left, source} that runs
 * beside the due date, or null. unit of the filter: it leads or supports, or took over the duties of one that
 * does. text finds only what the reader may see: it is compared with the line as it is masked. TZ_USAGE: no such level
 * or order. TZ_MISSING: `after` or `before` is no issue. */
TZ_MUST tz_rc tz_issue_list(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_issue_filter *filter,
                            json_t **ret_issues, tz_err *err);

/* How many there are of it, but no more than `most` are counted; after, before and limit are not looked at. Errors as
 * tz_issue_list. */
TZ_MUST tz_rc tz_issue_count(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_issue_filter *filter, int64_t most,
                             int64_t *ret_count, tz_err *err);

/* One issue: what the list gives, and support[], divisions[] (codes of where its findings lie), handler, subject, opened_on, asked_due, fields,
 * findings[], evidence[], remarks[] (what speaks against photos), said[] (what the accused said and how an objection was
 * answered), letters[], sources[], recalls[], children[], share_done ("3/7" of the children are closed), leaves_done (the
 * same of what has no children itself), history[{action, word,
 * state, by, at, note, detail}]. TZ_MISSING. */
TZ_MUST tz_rc tz_issue_show(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t issue, bool is_masked,
                            tz_lang lang, json_t **ret_issue, tz_err *err);

typedef struct {
    const char *ledger;    /* NULL: default */
    const char *title;     /* the sentence */
    const char *source;    /* hand, inspection, complaint; NULL: hand */
    const char *raised_by; /* "inspection NAME 3"; NULL: by whom */
    const char *level;     /* NULL: yellow */
    const char *unit, *due, *subject; /* or NULL */
    int64_t     parent;    /* 0: none */
    const char *term;      /* "at once", "by date", "long-term"; NULL: by date */
    const json_t *fields;  /* object or NULL */
} tz_issue_new_options;

/* Opens an issue by hand. TZ_USAGE: no title, or an unknown ledger, level, source, term or date. TZ_MISSING: no
 * such parent. */
TZ_MUST tz_rc tz_issue_new(tz_store *store, const tz_packs *packs, const tz_issue_new_options *options,
                           int64_t *ret_issue, tz_err *err);

typedef struct {
    const char *unit, *handler; /* assign; transfer: unit is the authority */
    const char *support;        /* assign: "民政局,定昌镇" */
    const char *due;            /* assign, extend (what is asked for): YYYY-MM-DD */
    const char *note;           /* any; return, extend, deny, suspend, say, object, answer, transfer, dismiss need it */
    const char *file, *kind, *line; /* attach: a path, receipt/document/photo/approval, its own line; say, object: a path */
    const char *file_name;      /* what the file was called by who sent it; NULL: the path's base name */
    const char *draft;          /* a name that the sender gave to this action: the same again on the issue is taken once */
    int64_t     row;            /* attach: a row's id instead of a file, 0: none */
    int64_t     with;           /* merge: the issue it joins; split: the finding that leaves */
    bool        is_pending_data; /* close: on a sealed extract, until the next batch */
    bool        is_relapse;     /* look-back: the problem is there again */
    const char *term;           /* assign: "at once", "by date", "long-term" */
    const json_t *fields;       /* set: {name: text}, of the ledger's fields */
    const char *people;         /* set: "张三,李四": whom an issue without a finding harmed, or who was repaid */
    const char *boxes;          /* attach an approval form: "责任单位意见,…": the boxes signed on it */
    bool        is_seen;        /* close: the signer has looked at what speaks against the photos */
    bool        is_upheld, is_rejected; /* answer: one of them */
} tz_issue_options;

/* One action (sent again under its draft's name it changes nothing and succeeds): assign, start, note, set, attach, submit,
 * check, publish, close, return, extend, grant, deny, suspend, say, object, answer, transfer, dismiss, look-back, split, merge.
 * options may be NULL. ret_issue (may be NULL)
 * gets the issue as tz_issue_show gives it, masked.
 *
 * TZ_MISSING: no such issue, user, unit, file or row. TZ_USAGE: no such action, or it lacks an
 * option. TZ_REFUSED: not possible in this state, or closing lacks something: err names all that
 * is missing. */
TZ_MUST tz_rc tz_issue_act(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t issue, const char *action,
                           const tz_issue_options *options, json_t **ret_issue, tz_err *err);

/* What closing asks of an issue that has not ended, a line each: [{condition (fields, steps, publication, children, findings,
 * evidence, shared, approval, photos, signature), title, is_met, why (what is missing, or null)}], by the functions that
 * refuse a close. What does not arise for it is left out. The signature is met by none but the closing itself; it has
 * may_sign: whether `user`'s would count (NULL: nobody is asked about). An issue that ended: []. TZ_MISSING. */
TZ_MUST tz_rc tz_issue_conditions(tz_store *store, const tz_packs *packs, int64_t issue, const char *user, tz_lang lang,
                                  json_t **ret_conditions, tz_err *err);

/* The actions that its state and standing offer, in the table's order: [{action, word, needs_note, is_allowed, why (not)}].
 * is_allowed says that the ledger would let this user try; the action itself may still lack an option or, closing, a
 * condition. TZ_MISSING. */
TZ_MUST tz_rc tz_issue_possible(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t issue, const char *user, tz_lang lang,
                                json_t **ret_actions, tz_err *err);

/* How the ledger reads as a whole, by kind of remark: [{kind, issue, unit, text}] with kinds `closed in a minute`,
 * `evidence shared`, `evidence older`, `returned often`, `found again`, `wrong person`, `people deny`, `said and closed`,
 * `photos alike`, `document only`. */
TZ_MUST tz_rc tz_issue_audit(tz_store *store, json_t **ret_rows, tz_err *err);
/* The same counted: [{unit (null: none), issues, closed, remarked (issues with a remark), remarks{kind: count}}], by the
 * units' names. */
TZ_MUST tz_rc tz_issue_audit_units(tz_store *store, json_t **ret_rows, tz_err *err);

#endif
