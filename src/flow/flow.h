/* flow - the whole chain, and every long job: from files to a ledger and a report.
 *
 * A session is one open county with its packs.  Each step below is one call for cli and web alike;
 * a step is complete or had no effect.  Listings come back as JSON arrays shaped as
 * architecture.md says; the caller owns them (json_decref).
 */
#ifndef TZ_FLOW_FLOW_H
#define TZ_FLOW_FLOW_H

#include "base/app.h"
#include "base/json.h"
#include "evidence/import.h"
#include "packs/pack.h"
#include "packs/query.h"
#include "store/store.h"
#include "store/journal.h"

typedef struct {
    const tz_app *app;
    tz_arena      mem;
    tz_store     *store;
    tz_packs     *packs;
} tz_session;

/* The names of all shipped packs but the sealed, which stand alone in their county. */
TZ_MUST tz_rc tz_flow_shipped(tz_arena *mem, const tz_app *app, tz_strings *ret_names, tz_err *err);

/* Makes a county: the directory, its first user (the system's), packs (none named: all that are
 * shipped, but the sealed), and its first configuration entries. A sealed county is its owner's alone
 * (0700). TZ_USAGE, TZ_MISSING (a pack that is nowhere). */
TZ_MUST tz_rc tz_flow_new(const tz_app *app, const char *folder, const char *code, const char *name,
                          const char *const *packs, size_t pack_count, const char *system_user,
                          tz_err *err);

/* Opens a county. For writing: the acting user is found (store/store.h), and county.yaml and the
 * packs must be the versions last accepted, else TZ_INPUT that names what changed and says
 * `config accept`. */
TZ_MUST tz_rc tz_session_open(const tz_app *app, const char *folder, tz_access access,
                              const char *system_user, const char *as_user, tz_session **ret_session,
                              tz_err *err);
/* The same for writing what rests on no rule of the county: accounts, rights, disclosures. No configuration is asked for, so
 * that a password can be changed and a user be closed after an update of the program, before somebody accepted it. */
TZ_MUST tz_rc tz_session_open_people(const tz_app *app, const char *folder, const char *system_user, const char *as_user,
                                     tz_session **ret_session, tz_err *err);
void tz_session_close(tz_session *session); /* NULL is fine */

/* Loads the packs of an open county: its own, else those that are shipped. Errors as tz_packs_load. */
TZ_MUST tz_rc tz_flow_packs(tz_arena *mem, tz_store *store, tz_packs **ret_packs, tz_err *err);

/* Takes county.yaml and the packs as they are now: keeps their bytes, journals their digests.
 * Lists what changed: {path, was, is}. */
TZ_MUST tz_rc tz_flow_accept(const tz_app *app, const char *folder, const char *system_user,
                             const char *as_user, const char *why, json_t **ret_changed, tz_err *err);

/* Imports files and folders, each file atomically. ret_batches: as `import --json`, refused files
 * among them with "refused": text. ret_refused counts them. TZ_MISSING when a path is not there,
 * TZ_INPUT for a folder with nothing in it; else TZ_OK. */
TZ_MUST tz_rc tz_flow_import(tz_session *session, const char *const *paths, size_t count,
                             const tz_import_options *options, json_t **ret_batches,
                             size_t *ret_refused, tz_err *err);

/* Runs the checks (linking first where batches or decisions changed), as `check --json`. */
typedef struct {
    tz_day             day;     /* as_of 0: the default day; at 0: newest */
    const char *const *names;   /* NULL-terminated, or NULL: all */
    const char *const *what_if; /* NULL-terminated "p=v", or NULL */
} tz_flow_checks;
TZ_MUST tz_rc tz_flow_check(tz_session *session, const tz_flow_checks *what, json_t **ret_results,
                            tz_err *err);

/* The chain: import, link, check, open issues, report. ret_summary: {batches[], refused, link{},
 * checks[], opened[], report, changed}. out NULL: report.html in derived/. Where every file was refused
 * nothing else is done, and report is null. */
TZ_MUST tz_rc tz_flow_run(tz_session *session, const char *const *paths, size_t count,
                          const tz_import_options *options, const char *out, json_t **ret_summary,
                          tz_err *err);

/* Drops derived/ and makes it again, below readers: the file of people is replaced, never missing. Types evidence files
 * that are missing from their originals. */
TZ_MUST tz_rc tz_flow_rebuild(tz_session *session, json_t **ret_summary, tz_err *err);

/* Erases by order, in one transaction, and makes derived/ again: the rows, those of the person, the findings that
 * rest on them and the issues that answer for these; or an issue and its findings. */
typedef struct {
    const char    *order;  /* its number */
    const char    *why;    /* or NULL */
    const int64_t *rows;   /* row ids */
    size_t         row_count;
    const char    *person; /* "P12", or NULL */
    int64_t        issue;  /* or 0 */
    bool           is_trial;
} tz_flow_erasure;

/* ret_erased: what tz_erase_list gives of this erasure. TZ_MISSING: no such person or issue. TZ_BUSY: all is erased, but
 * somebody reads, and old pages wait until that ends. */
TZ_MUST tz_rc tz_flow_erase(tz_session *session, const tz_flow_erasure *what, json_t **ret_erased, tz_err *err);

/* Repeats the erasures of a list (tz_erase_list's) in a directory that was restored from before them. What is not there is
 * left out. TZ_INPUT: no such list. */
TZ_MUST tz_rc tz_flow_erase_again(tz_session *session, const json_t *list, json_t **ret_erased, tz_err *err);

/* tz_store_verify, and at full depth also each pack in use against the version that was accepted: kind "config". */
TZ_MUST tz_rc tz_flow_verify(tz_arena *mem, const tz_app *app, const char *folder, tz_verify_depth depth,
                             tz_verification *ret_result, tz_err *err);

#endif
