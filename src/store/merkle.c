/* merkle - the tree over the journal (RFC 9162 section 2.1, over SM3) as it is stored.
 *
 * A node of level L at position P covers the leaves P·2^L … (P+1)·2^L - 1.  The leaves stand in journal;
 * of the complete subtrees above them journal_node holds every fourth level, so that 16 entries cost one
 * more row and any node at most 8 rows and 7 hashes.  The rest is computed when it is asked for.
 *
 *     level 8:  [0-255]                                    stored
 *     level 4:  [0-15] [16-31] [32-47] …                   stored
 *     level 2:  [0-3] [4-7] …                              of four leaves
 *     level 0:   0 1 2 3 …                                 journal.leaf
 */
#include <string.h>

#include "base/assert.h"
#include "store/inside.h"
#include "store/journal.h"

static tz_rc write_node(tz_store *store, int level, int64_t position, const tz_digest *hash, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;

    TZ_TRY(tz_store_statement(store, "INSERT INTO journal_node (level, position, hash) VALUES (?, ?, ?)", &sql, err));
    tz_sql_bind_int(sql, 1, level);
    tz_sql_bind_int(sql, 2, position);
    (void)sqlite3_bind_blob(sql, 3, hash->bytes, TZ_SM3_SIZE, SQLITE_STATIC);
    TZ_TRY(tz_store_write(store, sql, err));
done:
    return rc;
}

/* Stored hashes from `position` on, `count` of them, of level 0, 4, 8 … */
static tz_rc read_stored(tz_store *store, int level, int64_t position, size_t count, tz_digest *out, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;
    bool          has_row = true;
    size_t        found = 0;

    TZ_TRY(tz_store_statement(store,
                              level == 0 ? "SELECT entry - 1, leaf FROM journal WHERE ?1 = 0 AND entry > ?2 ORDER BY entry LIMIT ?3"
                                         : "SELECT position, hash FROM journal_node WHERE level = ?1 AND position >= ?2"
                                           " ORDER BY position LIMIT ?3",
                              &sql, err));
    tz_sql_bind_int(sql, 1, level);
    tz_sql_bind_int(sql, 2, position);
    tz_sql_bind_int(sql, 3, (int64_t)count);
    while (found < count) {
        rc = tz_store_read(store, sql, &has_row, err);
        if (rc != TZ_OK || !has_row || tz_sql_int(sql, 0) != position + (int64_t)found || sqlite3_column_bytes(sql, 1) != TZ_SM3_SIZE)
            break;
        memcpy(out[found++].bytes, sqlite3_column_blob(sql, 1), TZ_SM3_SIZE);
    }
    (void)sqlite3_reset(sql);
    if (rc == TZ_OK && found < count)
        rc = tz_fail(err, TZ_TAMPER, "存证树缺少节点 %d/%lld", "the journal's tree lacks node %d/%lld", level, (long long)position);
done:
    return rc;
}

tz_rc tz_merkle_read(tz_store *store, int level, int64_t position, tz_digest *ret_hash, tz_err *err)
{
    tz_assert(level >= 0 && position >= 0);
    int       above = level % TZ_MERKLE_STEP;
    size_t    count = (size_t)1 << above;
    tz_digest below[1 << (TZ_MERKLE_STEP - 1)];
    tz_rc     rc = read_stored(store, level - above, position << above, count, below, err);

    if (rc == TZ_OK)
        *ret_hash = tz_merkle_of(below, count);
    return rc;
}

/* The frontier of the first `entries` entries: read once, kept while this store appends. */
static tz_rc load_frontier(tz_store *store, int64_t entries, tz_frontier *ret_frontier, tz_err *err)
{
    tz_assert(entries >= 0);
    tz_rc       rc = TZ_OK;
    tz_frontier frontier = {.count = entries};

    for (int level = 0; level < TZ_MERKLE_LEVELS; level++)
        if (entries >> level & 1)
            TZ_TRY(tz_merkle_read(store, level, (entries >> level) - 1, &frontier.peaks[level], err));
    *ret_frontier = frontier;
done:
    return rc;
}

tz_rc tz_merkle_append(tz_store *store, int64_t leaf_index, const tz_digest *leaf, tz_err *err)
{
    tz_assert(leaf_index >= 0);
    tz_rc        rc = TZ_OK;
    tz_frontier *frontier = &store->inside->frontier;
    tz_digest    nodes[TZ_MERKLE_LEVELS];

    if (frontier->count != leaf_index)
        TZ_TRY(load_frontier(store, leaf_index, frontier, err));
    int top = tz_frontier_add(frontier, leaf, nodes);
    for (int level = TZ_MERKLE_STEP; level <= top; level += TZ_MERKLE_STEP)
        TZ_TRY(write_node(store, level, leaf_index >> level, &nodes[level], err));
done:
    return rc;
}

tz_rc tz_journal_root(tz_store *store, int64_t entries, tz_digest *ret_root, tz_err *err)
{
    tz_frontier frontier;
    tz_rc       rc = load_frontier(store, entries, &frontier, err);

    if (rc == TZ_OK)
        *ret_root = tz_frontier_root(&frontier);
    return rc;
}
