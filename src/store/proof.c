#include "store/proof.h"

#include <string.h>

#include "base/assert.h"

enum { SHORT_FIELD = 64 };

/* ---- Hashes ---- */

tz_digest tz_merkle_leaf(tz_text body)
{
    return tz_sm3_of_two("\0", 1, body.data, body.size);
}

tz_digest tz_merkle_node(const tz_digest *left, const tz_digest *right)
{
    uint8_t bytes[1 + 2 * TZ_SM3_SIZE];

    bytes[0] = 1;
    memcpy(bytes + 1, left->bytes, TZ_SM3_SIZE);
    memcpy(bytes + 1 + TZ_SM3_SIZE, right->bytes, TZ_SM3_SIZE);
    return tz_sm3(bytes, sizeof bytes);
}

/* Like adding 2^level in binary: each set bit is a peak that joins. */
int tz_frontier_join(tz_frontier *frontier, int level, const tz_digest *hash, tz_digest ret_nodes[TZ_MERKLE_LEVELS])
{
    int64_t step = (int64_t)1 << level;

    tz_assert(frontier->count >= 0 && frontier->count % step == 0);
    ret_nodes[level] = *hash;
    for (; frontier->count >> level & 1; level++)
        ret_nodes[level + 1] = tz_merkle_node(&frontier->peaks[level], &ret_nodes[level]);
    frontier->peaks[level] = ret_nodes[level];
    frontier->count += step;
    return level;
}

int tz_frontier_add(tz_frontier *frontier, const tz_digest *leaf, tz_digest ret_nodes[TZ_MERKLE_LEVELS])
{
    return tz_frontier_join(frontier, 0, leaf, ret_nodes);
}

/* Two hashes that stand side by side are one message of a node. */
void tz_merkle_levels(tz_digest *const levels[], int depth)
{
    enum { AT_ONCE = 64 };
    tz_text pairs[AT_ONCE];

    for (int level = 1; level <= depth; level++) {
        size_t count = (size_t)1 << (depth - level);
        for (size_t from = 0; from < count; from += AT_ONCE) {
            size_t size = count - from < AT_ONCE ? count - from : AT_ONCE;
            for (size_t i = 0; i < size; i++)
                pairs[i] = (tz_text){(const char *)levels[level - 1][2 * (from + i)].bytes, 2 * TZ_SM3_SIZE};
            tz_sm3_many(1, pairs, size, levels[level] + from);
        }
    }
}

tz_digest tz_frontier_root(const tz_frontier *frontier)
{
    tz_digest root = tz_sm3("", 0);
    bool      is_first = true;

    for (int level = 0; level < TZ_MERKLE_LEVELS; level++)
        if (frontier->count >> level & 1) {
            root = is_first ? frontier->peaks[level] : tz_merkle_node(&frontier->peaks[level], &root);
            is_first = false;
        }
    return root;
}

tz_digest tz_merkle_of(const tz_digest *leaves, size_t count)
{
    tz_frontier frontier = {.count = 0};
    tz_digest   nodes[TZ_MERKLE_LEVELS];

    for (size_t i = 0; i < count; i++)
        (void)tz_frontier_add(&frontier, &leaves[i], nodes);
    return tz_frontier_root(&frontier);
}

tz_digest tz_journal_commitment(const uint8_t salt[16], const char *field, tz_text value)
{
    uint8_t head[16 + SHORT_FIELD];
    size_t  size = strlen(field);

    if (size > SHORT_FIELD) { /* no column of ours */
        tz_sm3_run *run = tz_sm3_start();
        tz_sm3_add(run, salt, 16);
        tz_sm3_add(run, field, size);
        tz_sm3_add(run, value.data, value.size);
        return tz_sm3_end(run);
    }
    memcpy(head, salt, 16);
    memcpy(head + 16, field, size);
    return tz_sm3_of_two(head, 16 + size, value.data, value.size);
}

/* ---- Making ---- */

typedef struct {
    tz_arena     *mem;
    tz_proof_read read;
    void         *context;
    tz_hashes     proof;
} making;

/* The largest power of two below n, as its exponent; n > 1. */
static int split_of(int64_t n)
{
    int level = 0;

    tz_assert(n > 1);
    while ((int64_t)1 << (level + 1) < n)
        level++;
    return level;
}

/* The root of [from, from + count): read where it is a complete subtree, else joined of two. `from` is
 * always a multiple of the split, as the RFC cuts. */
static tz_rc subtree(const making *of, int64_t from, int64_t count, tz_digest *ret_hash, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_digest left, right;
    int       level = count == 1 ? 0 : split_of(count);

    if (count == 1)
        return of->read(of->context, 0, from, ret_hash, err);
    if (count == (int64_t)2 << level)
        return of->read(of->context, level + 1, from >> (level + 1), ret_hash, err);
    int64_t half = (int64_t)1 << level;
    TZ_TRY(subtree(of, from, half, &left, err));
    TZ_TRY(subtree(of, from + half, count - half, &right, err));
    *ret_hash = tz_merkle_node(&left, &right);
done:
    return rc;
}

static tz_rc add_subtree(making *of, int64_t from, int64_t count, tz_err *err)
{
    tz_digest hash;
    tz_rc     rc = subtree(of, from, count, &hash, err);

    if (rc == TZ_OK)
        tz_push(of->mem, &of->proof, hash);
    return rc;
}

/* PATH(m, D[n]) of section 2.1.3.1 over the leaves from `from`. */
static tz_rc path(making *of, int64_t from, int64_t count, int64_t index, tz_err *err)
{
    tz_rc rc = TZ_OK;

    if (count == 1)
        return TZ_OK;
    int64_t half = (int64_t)1 << split_of(count);
    if (index < half) {
        TZ_TRY(path(of, from, half, index, err));
        TZ_TRY(add_subtree(of, from + half, count - half, err));
    } else {
        TZ_TRY(path(of, from + half, count - half, index - half, err));
        TZ_TRY(add_subtree(of, from, half, err));
    }
done:
    return rc;
}

/* SUBPROOF(m, D[n], b) of section 2.1.4.1. */
static tz_rc subproof(making *of, int64_t from, int64_t count, int64_t old, bool is_whole, tz_err *err)
{
    tz_rc rc = TZ_OK;

    if (old == count)
        return is_whole ? TZ_OK : add_subtree(of, from, count, err);
    int64_t half = (int64_t)1 << split_of(count);
    if (old <= half) {
        TZ_TRY(subproof(of, from, half, old, is_whole, err));
        TZ_TRY(add_subtree(of, from + half, count - half, err));
    } else {
        TZ_TRY(subproof(of, from + half, count - half, old - half, false, err));
        TZ_TRY(add_subtree(of, from, half, err));
    }
done:
    return rc;
}

tz_rc tz_proof_inclusion(tz_arena *mem, tz_proof_read read, void *context, int64_t index, int64_t size, tz_hashes *ret_proof,
                         tz_err *err)
{
    tz_assert(mem != NULL && read != NULL && index >= 0 && index < size);
    making of = {.mem = mem, .read = read, .context = context};
    tz_rc  rc = path(&of, 0, size, index, err);

    if (rc == TZ_OK)
        *ret_proof = of.proof;
    return rc;
}

tz_rc tz_proof_consistency(tz_arena *mem, tz_proof_read read, void *context, int64_t old, int64_t size, tz_hashes *ret_proof,
                           tz_err *err)
{
    tz_assert(mem != NULL && read != NULL && old > 0 && old <= size);
    making of = {.mem = mem, .read = read, .context = context};
    tz_rc  rc = subproof(&of, 0, size, old, true, err);

    if (rc == TZ_OK)
        *ret_proof = of.proof;
    return rc;
}

/* A complete subtree of a list of leaves. */
static tz_rc read_list(void *context, int level, int64_t position, tz_digest *ret_hash, tz_err *err)
{
    const tz_digest *leaves = context;
    (void)err;
    *ret_hash = tz_merkle_of(leaves + (position << level), (size_t)1 << level);
    return TZ_OK;
}

void tz_proof_of(tz_arena *mem, const tz_digest *leaves, size_t count, size_t index, tz_hashes *ret_proof)
{
    tz_err none;
    tz_rc  rc = tz_proof_inclusion(mem, read_list, (void *)(uintptr_t)leaves, (int64_t)index, (int64_t)count, ret_proof, &none);
    tz_assert(rc == TZ_OK);
}

/* ---- Checking: sections 2.1.3.2 and 2.1.4.2 ---- */

bool tz_inclusion_holds(tz_node_hash node, const tz_digest *leaf, int64_t index, int64_t size, const tz_hashes *proof,
                        const tz_digest *root)
{
    tz_digest hash = *leaf;
    int64_t   at = index, last = size - 1;

    if (index < 0 || index >= size)
        return false;
    for (size_t i = 0; i < proof->count; i++) {
        if (last == 0)
            return false;
        if ((at & 1) == 1 || at == last) {
            hash = node(&proof->items[i], &hash);
            while ((at & 1) == 0 && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, &proof->items[i]);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && tz_digest_equal(&hash, root);
}

/* Walks the proof behind its first hash, which belongs to both trees. */
static bool walk_consistency(tz_node_hash node, int64_t at, int64_t last, const tz_digest *first, const tz_digest *rest, size_t count,
                             const tz_digest *old_root, const tz_digest *root)
{
    tz_digest old_hash = *first, hash = *first;

    for (size_t i = 0; i < count; i++) {
        if (last == 0)
            return false;
        if ((at & 1) == 1 || at == last) {
            old_hash = node(&rest[i], &old_hash);
            hash = node(&rest[i], &hash);
            while ((at & 1) == 0 && at != 0) {
                at >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, &rest[i]);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && tz_digest_equal(&old_hash, old_root) && tz_digest_equal(&hash, root);
}

bool tz_consistency_holds(tz_node_hash node, int64_t old, int64_t size, const tz_hashes *proof, const tz_digest *old_root,
                          const tz_digest *root)
{
    if (old < 0 || old > size)
        return false;
    if (old == size)
        return proof->count == 0 && tz_digest_equal(old_root, root);
    if (old == 0 || proof->count == 0) /* of the empty tree nothing can be proven */
        return false;
    int64_t at = old - 1, last = size - 1;
    while ((at & 1) == 1) {
        at >>= 1;
        last >>= 1;
    }
    if ((old & (old - 1)) == 0) /* a power of two: the old root itself is the first hash */
        return walk_consistency(node, at, last, old_root, proof->items, proof->count, old_root, root);
    return walk_consistency(node, at, last, &proof->items[0], proof->items + 1, proof->count - 1, old_root, root);
}
