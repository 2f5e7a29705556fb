/* journal - the one way to change anything, and the Merkle tree over all changes.
 *
 * An entry is canonical JSON:
 *   {"at":"2026-…Z","entry":12,"image":{…},"key":"17","table":"issue","what":"issue.assign",
 *    "who":"zhang","why":"…"}                                            a state row's new image
 *   {"at":…,"entry":13,"events":{"count":812,"digest":"…"},"table":"finding_event","what":"check",
 *    "who":"system","why":null}                                          a bulk of events
 * A column marked personal stands in an image as {"commit":"SM3 hex"} of 16-byte salt ‖ field ‖
 * value's canonical JSON; salt and value are kept beside it (journal_private; for events in their
 * own row's salt).
 *
 * Leaf: SM3(0x00 ‖ body). Node: SM3(0x01 ‖ left ‖ right). Tree: RFC 9162 section 2.1.1.
 */
#ifndef TZ_STORE_JOURNAL_H
#define TZ_STORE_JOURNAL_H

#include "base/json.h"
#include "store/proof.h"
#include "store/store.h"

/* Writes the row `image` (a JSON object: every column of the table but those that are generated)
 * to the state table and its entry to the journal, in the open transaction. An existing row of the
 * same primary key is replaced. `why` may be NULL. Steals no reference. ret_entry may be NULL.
 * A column named `entry`, `accepted_entry`, `opened_entry`, `closed_entry` or `withdrawn_entry`
 * whose image value is 0 is filled with this entry's number. TZ_SYSTEM when SQLite refuses. */
TZ_MUST tz_rc tz_journal_put(tz_store *store, const char *what, const char *table,
                             const json_t *image, const char *why, int64_t *ret_entry,
                             tz_err *err);

/* The same in a transaction of its own. */
TZ_MUST tz_rc tz_journal_put_alone(tz_store *store, const char *what, const char *table, const json_t *image, const char *why, tz_err *err);

/* The next free integer key of a table: max(column) + 1. */
TZ_MUST tz_rc tz_journal_next_id(tz_store *store, const char *table, const char *column,
                                 int64_t *ret_id, tz_err *err);

/* Events in bulk: begin, add rows (JSON objects without the entry column, which is filled), end.
 * The entry is written at the end with the count and the digest of the events' lines. Between
 * begin and end no other entry may be written. A bulk of no events writes nothing. */
typedef struct tz_bulk tz_bulk;
TZ_MUST tz_rc tz_bulk_begin(tz_store *store, const char *what, const char *table, const char *why,
                            tz_bulk **ret_bulk, tz_err *err);
TZ_MUST tz_rc tz_bulk_add(tz_bulk *bulk, const json_t *event, tz_err *err);
TZ_MUST tz_rc tz_bulk_end(tz_bulk *bulk, int64_t *ret_entry, tz_err *err); /* frees it */
void          tz_bulk_drop(tz_bulk *bulk); /* frees without an entry; NULL is fine */

TZ_MUST tz_rc tz_journal_count(tz_store *store, int64_t *ret_entries, tz_err *err);
/* Root of the tree of the first `entries` entries (0: SM3 of nothing). */
TZ_MUST tz_rc tz_journal_root(tz_store *store, int64_t entries, tz_digest *ret_root, tz_err *err);

/* The entry of `count` events of a bulk, whose lines' digest is given in hexadecimal (bulk.c). */
TZ_MUST tz_rc tz_journal_put_events(tz_store *store, int64_t entry, const char *what, const char *table, const char *why,
                                    int64_t count, const char *digest, tz_err *err);

/* The tree as stored (merkle.c): the root of the complete subtree `position` of 2^level leaves, TZ_TAMPER
 * when something of it is missing; the leaf of a new entry. */
TZ_MUST tz_rc tz_merkle_read(tz_store *store, int level, int64_t position, tz_digest *ret_hash, tz_err *err);
TZ_MUST tz_rc tz_merkle_append(tz_store *store, int64_t leaf_index, const tz_digest *leaf, tz_err *err);

enum { TZ_MERKLE_STEP = 4 }; /* journal_node holds the levels 4, 8, 12 …; the leaves stand in journal */

/* Appends the line by which an event is digested: its canonical JSON with every column but `salt` and
 * `entry`, personal columns as commitments. */
void tz_journal_event_line(const char *table, const json_t *event, const uint8_t salt[16], tz_buf *out);

/* The digest of a bulk: the root of a tree over the leaf hashes of its lines, sorted, so that the order
 * in which a table gives its rows back does not matter and one event can be proven alone. Sorts in place. */
tz_digest tz_journal_events_digest(tz_digest *leaves, size_t count);

/* verify, at one of three depths:
 *   TZ_VERIFY_QUICK   every entry against its hash, the tree against those, the newest checkpoint; as fast
 *                     as SM3 is
 *   TZ_VERIFY_STATE   also every image against the state and every row against an image, every event digest,
 *                     every commitment, every checkpoint
 *   TZ_VERIFY_ALL     also every file against its digest, and SQLite's own check
 * Problems go into the array; TZ_OK even if there are some, and even if ledger.db can't be read to its end
 * (then it is one of them). */
typedef enum { TZ_VERIFY_ALL, TZ_VERIFY_STATE, TZ_VERIFY_QUICK } tz_verify_depth;
typedef struct {
    const char *kind;  /* "entry", "row", "events", "private", "file", "config", "tree", "checkpoint", "database" */
    const char *where;
    const char *zh, *en;
} tz_problem;
typedef struct {
    int64_t   entries;
    tz_digest root;
    int64_t   erased;  /* by order: tz_erase_list says what and by which */
    int64_t   unswept; /* files among them that are still there, until the next command that writes */
    struct {
        tz_problem *items;
        size_t      count;
        size_t      room;
    } problems;
} tz_verification;
TZ_MUST tz_rc tz_store_verify(tz_arena *mem, tz_store *store, tz_verify_depth depth, tz_verification *ret_result,
                              tz_err *err);

#endif
