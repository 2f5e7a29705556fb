/* proof - the arithmetic of the journal's tree and of proofs about it (RFC 9162 section 2.1), on hashes
 * alone: no database, so that taizhang-verify needs none.
 *
 * An inclusion proof shows that a leaf stands at an index of a tree of some size; a consistency proof
 * shows that a tree is the beginning of a larger one.  Both are lists of hashes, as the RFC orders them.
 */
#ifndef TZ_STORE_PROOF_H
#define TZ_STORE_PROOF_H

#include "base/err.h"
#include "base/hash.h"
#include "base/text.h"

tz_digest tz_merkle_leaf(tz_text body);                                        /* SM3(0x00 ‖ body)         */
tz_digest tz_merkle_node(const tz_digest *left, const tz_digest *right);       /* SM3(0x01 ‖ left ‖ right) */
/* All levels of a complete tree of 2^depth leaves, from the leaves up: levels[0] is given, levels[1 … depth] are
 * filled with 2^(depth - level) hashes. */
void      tz_merkle_levels(tz_digest *const levels[], int depth);
tz_digest tz_merkle_of(const tz_digest *leaves, size_t count);                 /* root; SM3 of nothing for 0 */

/* What stands for a personal value in an entry: SM3(salt ‖ field ‖ value's canonical JSON). */
tz_digest tz_journal_commitment(const uint8_t salt[16], const char *field, tz_text value);

/* A tree that grows at its right: the roots of its complete subtrees, one for each set bit of count. */
enum { TZ_MERKLE_LEVELS = 62 };
typedef struct {
    tz_digest peaks[TZ_MERKLE_LEVELS]; /* by level; undefined where the bit is not set */
    int64_t   count;
} tz_frontier;

/* Appends a leaf. ret_nodes[0 … level] are the leaf and the roots of the subtrees that it completes; gives
 * the highest such level. */
int       tz_frontier_add(tz_frontier *frontier, const tz_digest *leaf, tz_digest ret_nodes[TZ_MERKLE_LEVELS]);
/* The same with a complete subtree of 2^level leaves; count must be a multiple of that. */
int       tz_frontier_join(tz_frontier *frontier, int level, const tz_digest *hash, tz_digest ret_nodes[TZ_MERKLE_LEVELS]);
tz_digest tz_frontier_root(const tz_frontier *frontier); /* SM3 of nothing for an empty tree */

typedef struct {
    tz_digest *items;
    size_t     count;
    size_t     room;
} tz_hashes;

/* Gives the root of the complete subtree of 2^level leaves that begins at leaf position·2^level. */
typedef tz_rc (*tz_proof_read)(void *context, int level, int64_t position, tz_digest *ret_hash, tz_err *err);

/* Proofs over a tree whose complete subtrees `read` gives. Asserts 0 <= index < size, 0 < old <= size. */
TZ_MUST tz_rc tz_proof_inclusion(tz_arena *mem, tz_proof_read read, void *context, int64_t index, int64_t size,
                                 tz_hashes *ret_proof, tz_err *err);
TZ_MUST tz_rc tz_proof_consistency(tz_arena *mem, tz_proof_read read, void *context, int64_t old, int64_t size,
                                   tz_hashes *ret_proof, tz_err *err);
/* The inclusion proof of one of a list of leaves. */
void tz_proof_of(tz_arena *mem, const tz_digest *leaves, size_t count, size_t index, tz_hashes *ret_proof);

/* How two hashes make a node; tz_merkle_node, or SHA-256 for the RFC's vectors. */
typedef tz_digest (*tz_node_hash)(const tz_digest *left, const tz_digest *right);

/* Do they hold? Any input is fine, foreign ones too. */
bool tz_inclusion_holds(tz_node_hash node, const tz_digest *leaf, int64_t index, int64_t size, const tz_hashes *proof,
                        const tz_digest *root);
bool tz_consistency_holds(tz_node_hash node, int64_t old, int64_t size, const tz_hashes *proof, const tz_digest *old_root,
                          const tz_digest *root);

#endif
