/* merkle - the tree over the journal (RFC 9162 section 2.1, over SM3), in journal_node.
 *
 * A node of level L at position P covers the leaves P·2^L … (P+1)·2^L - 1; only complete subtrees
 * are stored.  Appending leaf i writes one node for each trailing one-bit of i, plus the leaf.
 *
 *     leaves 0 1 2 3 4      level 2:  [0-3]
 *                           level 1:  [0-1] [2-3]
 *                           level 0:   0 1   2 3   4
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
    (void)sqlite3_bind_blob(sql, 3, hash->bytes, TZ_SM3_SIZE, SQLITE_TRANSIENT);
    TZ_TRY(tz_store_write(store, sql, err));
done:
    return rc;
}

tz_rc tz_merkle_read(tz_store *store, int level, int64_t position, tz_digest *ret_hash, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;
    bool          has_row = false;

    TZ_TRY(tz_store_statement(store, "SELECT hash FROM journal_node WHERE level = ?1 AND position = ?2", &sql, err));
    tz_sql_bind_int(sql, 1, level);
    tz_sql_bind_int(sql, 2, position);
    rc = tz_store_read(store, sql, &has_row, err);
    if (rc == TZ_OK && (!has_row || sqlite3_column_bytes(sql, 0) != TZ_SM3_SIZE))
        rc = tz_fail(err, TZ_TAMPER, "存证树缺少节点 %d/%lld", "the journal's tree lacks node %d/%lld", level,
                     (long long)position);
    if (rc == TZ_OK)
        memcpy(ret_hash->bytes, sqlite3_column_blob(sql, 0), TZ_SM3_SIZE);
    (void)sqlite3_reset(sql);
done:
    return rc;
}

tz_rc tz_merkle_append(tz_store *store, int64_t leaf_index, const tz_digest *leaf, tz_err *err)
{
    tz_assert(leaf_index >= 0);
    tz_rc     rc = TZ_OK;
    tz_digest hash = *leaf;
    int64_t   position = leaf_index;

    TZ_TRY(write_node(store, 0, position, &hash, err));
    for (int level = 0; (position & 1) == 1; level++) {
        tz_digest left;
        TZ_TRY(tz_merkle_read(store, level, position - 1, &left, err));
        hash = tz_merkle_node(&left, &hash);
        position >>= 1;
        TZ_TRY(write_node(store, level + 1, position, &hash, err));
    }
done:
    return rc;
}

/* The root of n leaves: its complete subtrees, one a bit of n, joined from the right. */
tz_rc tz_journal_root(tz_store *store, int64_t entries, tz_digest *ret_root, tz_err *err)
{
    tz_assert(entries >= 0);
    tz_digest root = tz_sm3("", 0);
    bool      is_first = true;

    for (int level = 0; level < 62; level++) {
        tz_digest subtree;
        if ((entries >> level & 1) == 0)
            continue;
        tz_rc rc = tz_merkle_read(store, level, (entries >> level) - 1, &subtree, err);
        if (rc != TZ_OK)
            return rc;
        root = is_first ? subtree : tz_merkle_node(&subtree, &root);
        is_first = false;
    }
    *ret_root = root;
    return TZ_OK;
}
