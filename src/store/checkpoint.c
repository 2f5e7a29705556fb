#include "store/checkpoint.h"

#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "store/config.h"
#include "store/inside.h"
#include "store/journal.h"

enum { ORIGIN_DIGITS = 16 };

tz_rc tz_checkpoint_origin(tz_arena *mem, tz_store *store, const char **ret_origin, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && ret_origin != NULL);
    tz_digest first;
    char      hex[TZ_SM3_HEX];
    tz_rc     rc = tz_merkle_read(store, 0, 0, &first, err);

    if (rc != TZ_OK)
        return rc;
    tz_digest_hex(&first, hex);
    *ret_origin = tz_arena_printf(mem, "taizhang/%s/%.*s", store->county->code, ORIGIN_DIGITS, hex);
    return TZ_OK;
}

/* Journals the public key unless it is the one already; inside a transaction. */
static tz_rc put_key(tz_arena *mem, tz_store *store, const char *key_path, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_public_key key;
    char          hex[TZ_POINT_HEX];
    const char   *accepted = NULL;

    if (!tz_key_is_uri(key_path) && !tz_file_exists(key_path))
        TZ_TRY(tz_key_make(key_path, err));
    TZ_TRY(tz_key_public(key_path, &key, err));
    tz_hex(key.bytes, TZ_POINT_SIZE, hex);
    TZ_TRY(tz_config_accepted(mem, store, "key", &accepted, err));
    if (accepted == NULL || strcmp(accepted, hex) != 0)
        TZ_TRY(tz_config_put(store, "key", hex, "checkpoint", err));
done:
    return rc;
}

static tz_rc put_note(tz_store *store, const tz_note *note, const char *text, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    sqlite3_stmt *sql = NULL;

    TZ_TRY(tz_store_statement(store, "INSERT INTO checkpoint (entries, root, note) VALUES (?, ?, ?)", &sql, err));
    tz_sql_bind_int(sql, 1, note->entries);
    (void)sqlite3_bind_blob(sql, 2, note->root.bytes, TZ_SM3_SIZE, SQLITE_TRANSIENT);
    tz_sql_bind_text(sql, 3, text);
    TZ_TRY(tz_store_write(store, sql, err));
done:
    return rc;
}

/* The note of a size, NULL if there is none. */
static tz_rc find_note(tz_arena *mem, tz_store *store, int64_t entries, const char **ret_text, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(store, "SELECT note FROM checkpoint WHERE entries = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, entries);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    *ret_text = has_row ? tz_sql_dup(mem, sql, 0) : NULL;
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_checkpoint_make(tz_arena *mem, tz_store *store, const char *key_path, const char **ret_note, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && key_path != NULL && ret_note != NULL);
    tz_rc       rc = TZ_OK;
    tz_note     note = {0};
    const char *text = NULL;

    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(put_key(mem, store, key_path, err));
    TZ_TRY(tz_checkpoint_origin(mem, store, &note.origin, err));
    TZ_TRY(tz_journal_count(store, &note.entries, err));
    TZ_TRY(tz_journal_root(store, note.entries, &note.root, err));
    TZ_TRY(find_note(mem, store, note.entries, &text, err));
    if (text == NULL) {
        TZ_TRY(tz_note_sign(mem, &note, key_path, &text, err));
        TZ_TRY(put_note(store, &note, text, err));
    }
    TZ_TRY(tz_store_commit(store, err));
    *ret_note = text;
done:
    tz_store_rollback(store);
    return rc;
}

/* Opens a note with any key that the journal ever had. */
static tz_rc open_with_any(tz_arena *mem, tz_store *store, tz_text text, tz_note *ret_note, tz_public_key *ret_key, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    tz_err  wrong;

    TZ_TRY(tz_sql_open(store, "SELECT body ->> '$.image.digest' FROM journal WHERE of_table = 'config' AND of_key = 'key'"
                              " ORDER BY entry DESC", &sql, err));
    TZ_EACH_ROW (store, sql, err) {
        if (tz_unhex(tz_text_of(tz_sql_str(sql, 0)), ret_key->bytes, TZ_POINT_SIZE) &&
            tz_note_open(mem, text, ret_key, ret_note, &wrong) == TZ_OK)
            goto done;
    }
    rc = tz_fail(err, TZ_TAMPER, "不是用本县登记过的密钥签名的", "this is not signed with a key of this county");
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_checkpoint_newest(tz_arena *mem, tz_store *store, const char **ret_note, tz_note *ret_read, tz_public_key *ret_key,
                           tz_err *err)
{
    tz_assert(mem != NULL && store != NULL);
    tz_rc       rc = TZ_OK;
    int64_t     entries = 0;
    const char *text = NULL;

    TZ_TRY(tz_sql_one(store, "SELECT max(entries) FROM checkpoint", NULL, NULL, &entries, err));
    TZ_TRY(find_note(mem, store, entries, &text, err));
    if (text == NULL) {
        (void)tz_fail(err, TZ_MISSING, "还没有签过检查点", "there is no checkpoint yet");
        rc = tz_err_advise(err, "先运行 taizhang checkpoint", "run taizhang checkpoint first");
        goto done;
    }
    TZ_TRY(open_with_any(mem, store, tz_text_of(text), ret_read, ret_key, err));
    *ret_note = text;
done:
    return rc;
}

tz_rc tz_checkpoint_check(tz_arena *mem, tz_store *store, tz_text text, tz_note *ret_read, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && ret_read != NULL);
    tz_rc         rc = TZ_OK;
    tz_note       note = {0};
    tz_public_key key;
    tz_digest     root;
    const char   *origin = NULL;
    int64_t       entries = 0;

    TZ_TRY(open_with_any(mem, store, tz_note_of_line(mem, text), &note, &key, err));
    TZ_TRY(tz_checkpoint_origin(mem, store, &origin, err));
    TZ_TRY(tz_journal_count(store, &entries, err));
    if (strcmp(origin, note.origin) != 0) {
        rc = tz_fail(err, TZ_TAMPER, "这个检查点属于另一个日志 %s", "this checkpoint belongs to another journal, %s", note.origin);
        goto done;
    }
    if (note.entries > entries) {
        rc = tz_fail(err, TZ_TAMPER, "检查点有 %lld 条,日志只剩 %lld 条", "the checkpoint has %lld entries, the journal only %lld",
                     (long long)note.entries, (long long)entries);
        goto done;
    }
    TZ_TRY(tz_journal_root(store, note.entries, &root, err));
    if (!tz_digest_equal(&root, &note.root)) {
        rc = tz_fail(err, TZ_TAMPER, "日志的前 %lld 条与检查点不符:历史被改写",
                     "the first %lld entries are not those of the checkpoint: the history was rewritten", (long long)note.entries);
        goto done;
    }
    *ret_read = note;
done:
    return rc;
}

tz_rc tz_checkpoint_list(tz_store *store, json_t **ret_rows, tz_err *err)
{
    tz_assert(store != NULL && ret_rows != NULL);
    return tz_sql_list(store, "SELECT c.entries, lower(hex(c.root)) AS root, json_extract(j.body, '$.at') AS at, c.note FROM checkpoint c"
                              " LEFT JOIN journal j ON j.entry = c.entries ORDER BY c.entries DESC", ret_rows, err);
}
