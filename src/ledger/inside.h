/* inside - what the files of ledger share and nobody else sees. */
#ifndef TZ_LEDGER_INSIDE_H
#define TZ_LEDGER_INSIDE_H

#include "base/json.h"
#include "base/map.h"
#include "ledger/issue.h"

/* ---- State rows as JSON objects (state.c) ---- */

/* The row of `issue`, every column, as an object to change and put back. TZ_MISSING. */
TZ_MUST tz_rc tz_issue_load(tz_store *store, int64_t issue, json_t **ret_issue, tz_err *err);
tz_rc tz_fail_no_issue(int64_t issue, tz_err *err); /* TZ_MISSING, with its text */
/* Every row of a query with one integer parameter, as objects of texts, integers and nulls. */
TZ_MUST tz_rc tz_issue_query(tz_store *store, const char *select, int64_t parameter, json_t **ret_rows, tz_err *err);
/* The same of a statement that the caller bound; it stays the caller's to close. */
TZ_MUST tz_rc tz_issue_rows(tz_store *store, tz_sql *sql, json_t **ret_rows, tz_err *err);

/* Puts the issue and the step that changed it; inside a transaction. note and detail may be NULL. */
TZ_MUST tz_rc tz_issue_put(tz_store *store, const json_t *issue, const char *action, const char *note, const json_t *detail,
                           tz_err *err);
/* A step that leaves the issue as it is. */
TZ_MUST tz_rc tz_issue_put_step(tz_store *store, const json_t *issue, const char *action, const char *note, const json_t *detail,
                                tz_err *err);

/* A new issue in its first step: due by its ledger's clock from opened_on, or after days (0: as the ledger
 * says); what a caller knows better, it sets. */
json_t *tz_issue_fresh(tz_arena *mem, const tz_store *store, const tz_ledger *ledger, int64_t number, const char *opened_on, int days);
/* Back to its first step with a new clock from `day`; inside a transaction. */
void tz_issue_restart(tz_arena *mem, const tz_store *store, const tz_ledger *ledger, const char *day, json_t *issue, json_t *detail);

/* An issue by hand, inside a transaction (new.c). Errors as tz_issue_new. */
TZ_MUST tz_rc tz_issue_put_new(tz_store *store, const tz_packs *packs, const tz_issue_new_options *options, int64_t *ret_issue, tz_err *err);

/* TZ_USAGE: a field that the ledger does not have, or a value that the field does not have (field.c). */
TZ_MUST tz_rc tz_issue_judge_fields(const tz_ledger *ledger, const json_t *fields, tz_err *err);
/* Names whom an issue is about; inside a transaction (field.c). */
TZ_MUST tz_rc tz_issue_add_person(tz_store *store, int64_t issue, tz_text name, const char *what, tz_err *err);
/* Sets the supporting units from a text that lists them ("民政局, 定昌镇"). */
void tz_issue_set_support(json_t *issue, const char *support, json_t *detail);
/* The next part of a list that people wrote, trimmed: between , 、 ; and their full-width forms. False at its end. */
bool tz_next_part(tz_text *rest, tz_text *ret_part);

/* ---- Kinds of ledger (kind.c) ---- */

const tz_ledger *tz_issue_ledger(const tz_packs *packs, const char *name); /* the default one if none is so named */
const tz_ledger *tz_ledger_find(const tz_packs *packs, const char *name);  /* NULL if none is so named; name NULL: the default */
bool tz_ledger_has(const tz_ledger *ledger, const char *step);
bool tz_is_one_of(const char *text, const char *const *names); /* names ends with a NULL */
bool tz_is_level(const char *level);                         /* red, orange, yellow */
bool tz_level_is_worse(const char *level, const char *than);
TZ_MUST tz_rc tz_judge_term(const char *term, tz_err *err);  /* TZ_USAGE: none of "at once", "by date", "long-term" */
bool tz_state_is_open(const char *state);                    /* none of: */
#define TZ_ENDED "('closed', 'closed-pending-data', 'dismissed', 'transferred', 'merged')" /* in SQL */
/* TZ_REFUSED unless the user has a role that the ledger asks for this action. */
TZ_MUST tz_rc tz_ledger_may(tz_store *store, const tz_ledger *ledger, const char *action, const char *user, tz_err *err);
/* The unit that has a unit's duties now: its successor's successor, or itself. */
TZ_MUST tz_rc tz_unit_now(tz_arena *mem, tz_store *store, const char *unit, const char **ret_unit, tz_err *err);

/* ---- Clocks (clock.c) ---- */

/* The day of the app's clock in China; the day there of a journal time ("2020-01-01T16:00:00.000Z"). */
int32_t tz_issue_today(const tz_store *store);
int32_t tz_day_of_time(const char *at);
/* As declared, or the default. */
const tz_ledger_clock *tz_clock_of(const tz_ledger *ledger, const char *name);
int32_t tz_clock_end(const tz_store *store, const tz_ledger_clock *clock, int32_t from);
/* The due date of a term that begins on a day, as text; NULL where there is none. days: of `by date`. */
const char *tz_issue_due(tz_arena *mem, const tz_store *store, const tz_ledger *ledger, const char *term, const char *from, int days);
/* How many days are left until a due date, as the ledger counts; below 0 when it is past. */
int64_t tz_days_left(const tz_store *store, const tz_ledger *ledger, int32_t today, int32_t due);
/* Sets days_left, letter and clock of a listed issue. history: its steps, oldest first. */
void tz_clock_put(const tz_store *store, const tz_ledger *ledger, int32_t today, const json_t *history, json_t *line);
/* Nothing runs while it is objected to, suspended, or more time was asked for. */
bool tz_standing_waits(const char *standing);
/* What readers call an action, "中文|English"; the action itself where it has no word (list.c). */
const char *tz_action_title(const char *action);
/* The same, and what the ledger calls a state, in both languages, for messages (list.c). */
typedef struct { char zh[64], en[64]; } tz_words;
tz_words tz_action_words(const char *action);
tz_words tz_issue_state_words(const tz_ledger *ledger, const char *state);

/* Letters (letter.c): the kind that so many days left ask for, NULL if none; its name. */
const char *tz_letter_kind(const tz_ledger *ledger, int64_t days_left);
const char *tz_letter_name(const char *kind);

/* ---- What a signature asks (close.c, signer.c, photo.c) ---- */

/* What is missing, collected: the answer names all of it. */
typedef struct {
    tz_arena                mem;
    tz_store               *store;
    const tz_packs         *packs;
    const json_t           *issue;
    const json_t           *findings; /* [{finding, check, state, cleared_why, rows, verdict, by_user}] */
    const tz_issue_options *options;
    const char             *user;     /* whose signature it would be; NULL: nobody's in particular */
    tz_buf                  zh, en;
    bool                    is_moot;  /* the question does not arise for this issue */
} tz_judging;

void tz_judging_add(tz_judging *of, const char *zh, const char *en);

/* The acting user's signature under an issue: TZ_REFUSED with all that is missing. Who submits must have filled the fields
 * that the ledger requires. */
typedef enum { TZ_SIGN_SUBMIT, TZ_SIGN_CHECK, TZ_SIGN_CLOSE, TZ_SIGN_DISMISS } tz_signature;
TZ_MUST tz_rc tz_issue_may(tz_store *store, const tz_packs *packs, const json_t *issue, const tz_issue_options *options, tz_signature what,
                           tz_err *err);
/* What showed that it is solved: data, extract, document only, evidence. */
TZ_MUST tz_rc tz_issue_closed_how(tz_store *store, const json_t *issue, bool is_pending_data, const char **ret_how, tz_err *err);
/* True of what shows that a cleared finding was made good: remedied, corrected, supplied. NULL is fine. */
bool tz_is_remedy(const char *cleared_why);
/* True where the finding's check ran on a batch that came after the entry, of a register it reads. */
TZ_MUST tz_rc tz_issue_ran_since(tz_store *store, const tz_packs *packs, int64_t finding, int64_t entry, bool *ret_ran, tz_err *err);

/* True where the user is or was the handler, started or submitted it, or attached before it was submitted; or did so with
 * what was merged into it, or what it was split from; under whichever account. */
TZ_MUST tz_rc tz_is_rectifier(tz_store *store, int64_t issue, const char *user, bool *ret_is, tz_err *err);
/* Users of one name, folded, are one person as far as the program can know. */
TZ_MUST tz_rc tz_is_same_person(tz_store *store, const char *user, const char *other, bool *ret_is, tz_err *err);
/* Adds why of->user may not sign. */
TZ_MUST tz_rc tz_judge_signer(tz_judging *of, tz_err *err);
/* The names, as written, of all persons whom an issue is about: on the rows of its findings, and those it
 * names itself. Findings as in tz_judging. The map's keys are the names folded. */
TZ_MUST tz_rc tz_issue_people(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t issue, const json_t *findings,
                              tz_map *names, tz_strings *ret_written, tz_err *err);
/* The findings of an issue as tz_judging has them. */
TZ_MUST tz_rc tz_issue_findings(tz_store *store, int64_t issue, json_t **ret_findings, tz_err *err);

/* ---- Evidence (evidence.c, photo.c) ---- */

/* Keeps the file or the row as evidence; inside a transaction. Fills detail. TZ_REFUSED: it shows
 * another issue and does not name a line of its own. */
TZ_MUST tz_rc tz_issue_attach(tz_store *store, const tz_packs *packs, const json_t *issue, const tz_issue_options *options,
                              json_t *detail, tz_err *err);
/* Keeps a file that the accused hands in; it shows nothing and never closes. */
TZ_MUST tz_rc tz_issue_keep_statement(tz_store *store, const json_t *issue, const char *file, const char *name, json_t *detail,
                                      tz_err *err);
/* One item of evidence that another issue has too, without a line of its own in both: its number. */
TZ_MUST tz_rc tz_evidence_shared(tz_store *store, int64_t issue, int64_t *ret_evidence, tz_err *err);
/* Reads a photo into the columns look, taken and place of its evidence; what can't be read stays null. */
TZ_MUST tz_rc tz_photo_read(const char *path, json_t *item, tz_err *err);
/* What a signer should look at before signing: [{evidence, kind, text (bilingual), issue}] with kinds `unreadable`,
 * `looks like`, `older`, `later`, `far`. */
TZ_MUST tz_rc tz_photo_remarks(tz_arena *mem, tz_store *store, int64_t issue, json_t **ret_remarks, tz_err *err);

/* ---- Actions (deed.c) ---- */

typedef struct {
    tz_store               *store;
    const tz_packs         *packs;
    const tz_ledger        *ledger;
    json_t                 *issue;  /* its row, to be changed */
    json_t                 *detail; /* of the step */
    const tz_issue_options *options;
} tz_deed;

typedef tz_rc tz_deed_fn(tz_deed *deed, tz_err *err);

tz_deed_fn tz_do_assign, tz_do_start, tz_do_set, tz_do_attach, tz_do_submit, tz_do_check, tz_do_publish, tz_do_close, tz_do_return,
    tz_do_extend, tz_do_grant, tz_do_deny, tz_do_suspend, tz_do_say, tz_do_object, tz_do_answer, tz_do_transfer, tz_do_dismiss,
    tz_do_look_back, tz_do_merge, tz_do_split;
tz_rc tz_deed_needs(const char *zh, const char *en, tz_err *err); /* TZ_USAGE: an option is missing */
/* TZ_REFUSED where the acting user rectifies the issue. */
TZ_MUST tz_rc tz_deed_by_another(tz_deed *deed, const char *action, tz_err *err);

/* ---- Joining and splitting (join.c); inside a transaction ---- */

/* The issue's findings move to another, open one; changes `issue` for putting. */
TZ_MUST tz_rc tz_issue_merge(tz_store *store, json_t *issue, int64_t with, json_t *detail, tz_err *err);
/* One of several findings leaves into an issue of its own. */
TZ_MUST tz_rc tz_issue_split(tz_store *store, const json_t *issue, int64_t finding, json_t *detail, tz_err *err);
/* A finding is of an issue from now on. */
TZ_MUST tz_rc tz_issue_bind(tz_store *store, int64_t finding, int64_t issue, const char *what, tz_err *err);

#endif
