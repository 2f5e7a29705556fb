/* link - the same person found in every register, and why.
 *
 * A run reads the identity columns of all accepted rows of batches that were not withdrawn and says
 * which rows are one person: by a valid identity number; by a damaged number that is one digit or one
 * swap from exactly one known number, with an equal name and nothing that contradicts; by name,
 * birth date and village where a row has no number; by what a person decided, which always wins; and,
 * where all that leaves a row without a person, by the county's model (learnt.h).
 * The same number under wholly different names is a conflict: cut, and listed.
 *
 * Entity ids are given once.  They are found again by keys (entity_event): the number's, or the
 * row's.  A merge keeps the older id; in a split the id stays with the part that holds its anchor.
 */
#ifndef TZ_PEOPLE_LINK_H
#define TZ_PEOPLE_LINK_H

#include "base/json.h"
#include "packs/pack.h"
#include "store/store.h"

/* Links. ret_summary, yours: {run, rows, persons, households, linked, is_new, model, is_trained, repaired, likely, conflicts,
 * review}; likely: links by the model; model: the one it went by, 0: none yet, the rules alone.
 * Where the inputs (docs/format/linkage.md, link_run) are those of the last run no row is read and that run's figures are told
 * again; only where derived/people-RUN.parquet is missing it is made again. Writes in a transaction of its own.
 * TZ_SYSTEM, TZ_LIMIT: more than the engine holds. TZ_TAMPER: the kept model can't be read. TZ_STOPPED. */
TZ_MUST tz_rc tz_link(tz_store *store, const tz_packs *packs, json_t **ret_summary, tz_err *err);

/* The same, and derived/people-RUN.parquet is written in any case, over what is there. */
TZ_MUST tz_rc tz_link_again(tz_store *store, const tz_packs *packs, json_t **ret_summary, tz_err *err);

/* The same under a model that is learnt anew, journalled and kept; the same rows teach the same model, and then nothing is
 * new. TZ_INPUT: too few rows to learn from. Else as tz_link. */
TZ_MUST tz_rc tz_link_train(tz_store *store, const tz_packs *packs, json_t **ret_summary, tz_err *err);

/* The kept model, a line a level: [{comparison, level, m, u, weight}]; empty where there is none. TZ_SYSTEM. */
TZ_MUST tz_rc tz_link_weights(tz_arena *mem, tz_store *store, json_t **ret_rows, tz_err *err);

/* Why two rows are, or are not, one person: [{verdict, weight, parts[{comparison, level, weight}],
 * sentence}]. Weights are log2 of the odds, by the county's model. TZ_MISSING: a row that
 * names nobody. */
TZ_MUST tz_rc tz_link_explain(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t row_a, int64_t row_b, json_t **ret_rows, tz_err *err);

/* One row of tz_link_explain as a picture: bars that begin where the one before ended. TZ_SYSTEM: the disk. */
TZ_MUST tz_rc tz_link_draw(const json_t *explanation, const char *path, tz_err *err);

/* Pairs of the newest run that wait for a person: [{row_a, role_a, row_b, role_b, weight, parts, sentence}]. */
TZ_MUST tz_rc tz_link_review(tz_arena *mem, tz_store *store, const tz_packs *packs, json_t **ret_rows, tz_err *err);

/* A person decides about two rows' main identities; it holds from the next run on. TZ_MISSING. */
TZ_MUST tz_rc tz_link_decide(tz_store *store, const tz_packs *packs, int64_t row_a, int64_t row_b, bool is_same, const char *why, tz_err *err);

/* The same: who looked can't say. As if nobody had decided, and it waits behind all others; it also takes a decision back. */
TZ_MUST tz_rc tz_link_defer(tz_store *store, const tz_packs *packs, int64_t row_a, int64_t row_b, const char *why, tz_err *err);

#endif
