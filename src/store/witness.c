#include "store/witness.h"

#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "store/checkpoint.h"
#include "store/journal.h"
#include "store/prove_check.h"

static const char FORMAT[] = "taizhang-checkpoint/1";
enum { NOTES_BEFORE = 12, LEAST_KEY_DIGITS = 16 };

/* ---- The county's side ---- */

static tz_rc read_node(void *context, int level, int64_t position, tz_digest *ret_hash, tz_err *err)
{
    return tz_merkle_read(context, level, position, ret_hash, err);
}

/* {"entries": old, "proof": [hash …]} appended to list. */
static tz_rc add_proof(tz_arena *mem, tz_store *store, int64_t old, int64_t size, json_t *list, tz_err *err)
{
    tz_hashes proof = {0};
    tz_rc     rc = tz_proof_consistency(mem, read_node, store, old, size, &proof, err);

    if (rc != TZ_OK)
        return rc;
    json_t *one = json_object();
    tz_json_set_int(one, "entries", old);
    (void)json_object_set_new(one, "proof", tz_hashes_json(&proof));
    (void)json_array_append_new(list, one);
    return TZ_OK;
}

static tz_rc add_proofs(tz_arena *mem, tz_store *store, int64_t before, int64_t since, int64_t size, json_t *list, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(store, "SELECT entries FROM (SELECT entries FROM checkpoint WHERE entries < ?1 ORDER BY entries DESC LIMIT ?2)"
                              " UNION SELECT ?3 WHERE ?3 > 0 ORDER BY entries", &sql, err));
    tz_sql_bind_int(sql, 1, size);
    tz_sql_bind_int(sql, 2, before);
    tz_sql_bind_int(sql, 3, since);
    TZ_EACH_ROW (store, sql, err) {
        TZ_TRY(add_proof(mem, store, tz_sql_int(sql, 0), size, list, err));
    }
done:
    tz_sql_close(sql);
    return rc;
}

/* before: for how many notes before the newest. */
static tz_rc export(tz_arena *mem, tz_store *store, int64_t before, int64_t since, json_t **ret_file, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    const char   *text = NULL;
    tz_note       note = {0};
    tz_public_key key;
    char          hex[TZ_POINT_HEX];
    json_t       *list = json_array();

    TZ_TRY(tz_checkpoint_newest(mem, store, &text, &note, &key, err));
    if (since > note.entries) {
        rc = tz_fail(err, TZ_MISSING, "最近的检查点只有 %" PRId64 " 条", "the newest checkpoint has only %" PRId64 " entries", note.entries);
        goto done;
    }
    TZ_TRY(add_proofs(mem, store, before, since, note.entries, list, err));
    tz_hex(key.bytes, TZ_POINT_SIZE, hex);
    *ret_file = json_pack("{s:s, s:s, s:s, s:O}", "format", FORMAT, "key", hex, "note", text, "since", list);
done:
    json_decref(list);
    return rc;
}

tz_rc tz_checkpoint_export(tz_arena *mem, tz_store *store, int64_t since, json_t **ret_file, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && since >= 0 && ret_file != NULL);
    return export(mem, store, NOTES_BEFORE, since, ret_file, err);
}

tz_rc tz_checkpoint_export_all(tz_arena *mem, tz_store *store, json_t **ret_file, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && ret_file != NULL);
    return export(mem, store, -1, 0, ret_file, err);
}

/* ---- The witness's side ---- */

typedef struct {
    const char   *text;
    tz_note       note;
    tz_public_key key;
    const json_t *since;
} received;

static tz_rc read_file(tz_arena *mem, const json_t *file, received *ret_received, tz_err *err)
{
    const char *format = tz_json_str(file, "format");
    received    got = {.text = tz_json_str(file, "note"), .since = json_object_get(file, "since")};

    if (format == NULL || strcmp(format, FORMAT) != 0 || got.text == NULL || !json_is_array(got.since) ||
        !tz_unhex(tz_text_of(tz_json_str(file, "key")), got.key.bytes, TZ_POINT_SIZE))
        return tz_fail(err, TZ_INPUT, "不是 taizhang 的检查点文件", "this is no checkpoint file of taizhang");
    tz_rc rc = tz_note_open(mem, tz_text_of(got.text), &got.key, &got.note, err);
    if (rc == TZ_OK)
        *ret_received = got;
    return rc;
}

/* What is kept of a journal. */
typedef struct {
    const char   *origin, *name, *key, *text, *refused;
    tz_note       note;
} kept_note;

/* TZ_MISSING when the journal is not known. */
static tz_rc find_kept(tz_arena *mem, tz_store *store, const char *origin, kept_note *ret_kept, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_sql       *sql = NULL;
    bool          has_row = false;
    kept_note     kept = {.origin = origin};
    tz_public_key key;

    TZ_TRY(tz_sql_open(store, "SELECT name, key, note, refused FROM witness WHERE origin = ?1", &sql, err));
    tz_sql_bind_text(sql, 1, origin);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    if (!has_row) {
        (void)tz_fail(err, TZ_MISSING, "还没有登记日志 %s", "the journal %s is not known here", origin);
        rc = tz_err_advise(err, "先运行 taizhang witness add 名称 文件 --key 公布的指纹",
                           "run taizhang witness add NAME FILE --key FINGERPRINT first");
        goto done;
    }
    kept.name = tz_sql_dup(mem, sql, 0);
    kept.key = tz_sql_dup(mem, sql, 1);
    kept.text = tz_sql_dup(mem, sql, 2);
    kept.refused = tz_sql_dup(mem, sql, 3);
    if (!tz_unhex(tz_text_of(kept.key), key.bytes, TZ_POINT_SIZE)) {
        rc = tz_fail(err, TZ_TAMPER, "为 %s 保存的公钥已损坏", "the key kept for %s is damaged", kept.name);
        goto done;
    }
    TZ_TRY(tz_note_open(mem, tz_text_of(kept.text), &key, &kept.note, err));
    *ret_kept = kept;
done:
    tz_sql_close(sql);
    return rc;
}

/* Writes the row, in a transaction of its own. */
static tz_rc put(tz_store *store, const char *what, const kept_note *kept, const char *why, tz_err *err)
{
    json_t *image = json_object();

    tz_json_set_str(image, "origin", kept->origin);
    tz_json_set_str(image, "name", kept->name);
    tz_json_set_str(image, "key", kept->key);
    tz_json_set_int(image, "entries", kept->note.entries);
    tz_json_set_str(image, "note", kept->text);
    tz_json_set_str(image, "refused", kept->refused);
    tz_rc rc = tz_journal_put_alone(store, what, "witness", image, why, err);
    json_decref(image);
    return rc;
}

/* The file's proof from the size that is kept; false when it has none. */
static bool find_proof(tz_arena *mem, const received *got, int64_t entries, tz_hashes *ret_proof)
{
    for (size_t i = 0; i < json_array_size(got->since); i++) {
        const json_t *one = json_array_get(got->since, i);
        if (tz_json_int(one, "entries", -1) == entries)
            return tz_hashes_read(mem, json_object_get(one, "proof"), ret_proof);
    }
    return false;
}

/* Does what came grow from what is kept? TZ_TAMPER when it does not. */
static tz_rc check_growth(tz_arena *mem, const received *got, const kept_note *kept, tz_err *err)
{
    tz_hashes proof = {0};

    if (got->note.entries < kept->note.entries) {
        (void)tz_fail(err, TZ_INPUT, "这个检查点(%" PRId64 " 条)比已存的(%" PRId64 " 条)旧",
                      "this checkpoint (%" PRId64 " entries) is older than the one that is kept (%" PRId64 ")", got->note.entries,
                      kept->note.entries);
        return tz_err_advise(err, "旧检查点由出具的县用 checkpoint --check 核对", "the county itself checks it: checkpoint --check");
    }
    if (got->note.entries > kept->note.entries && !find_proof(mem, got, kept->note.entries, &proof)) {
        (void)tz_fail(err, TZ_MISSING, "文件里没有从 %" PRId64 " 条起的延续证明", "the file has no proof that it goes on from %" PRId64 " entries",
                      kept->note.entries);
        return tz_err_advise(err, "请对方运行 taizhang checkpoint --since %" PRId64 " -o 文件",
                             "ask for taizhang checkpoint --since %" PRId64 " -o FILE", kept->note.entries);
    }
    if (!tz_consistency_holds(tz_merkle_node, kept->note.entries, got->note.entries, &proof, &kept->note.root, &got->note.root))
        return tz_fail(err, TZ_TAMPER, "%s 的历史分叉:新检查点(%" PRId64 " 条)不是从已存的(%" PRId64 " 条)延续而来,拒收",
                       "the history of %s forks: the checkpoint of %" PRId64 " entries does not go on from the one of %" PRId64
                       " that is kept; it is refused", kept->name, got->note.entries, kept->note.entries);
    return TZ_OK;
}

/* Keeps what grows, and what does not as refused. is_key_new: the caller knows the key of the file. */
static tz_rc take(tz_arena *mem, tz_store *store, const received *got, bool is_key_new, tz_witnessed *ret_witnessed, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    kept_note kept = {0};
    char      hex[TZ_POINT_HEX];

    TZ_TRY(find_kept(mem, store, got->note.origin, &kept, err));
    tz_hex(got->key.bytes, TZ_POINT_SIZE, hex);
    if (!is_key_new && strcmp(hex, kept.key) != 0) {
        (void)tz_fail(err, TZ_TAMPER, "%s 的检查点由另一把密钥签名", "the checkpoint of %s is signed with another key", kept.name);
        rc = tz_err_advise(err, "确认对方换了密钥后运行 taizhang witness add %s 文件 --key 新指纹",
                           "if they changed their key: taizhang witness add %s FILE --key FINGERPRINT", kept.name);
        goto done;
    }
    rc = check_growth(mem, got, &kept, err);
    if (rc == TZ_TAMPER) {
        const tz_err fork = *err;
        kept.refused = got->text;
        TZ_TRY(put(store, "witness.refuse", &kept, "fork", err));
        *err = fork;
        rc = TZ_TAMPER;
    }
    if (rc != TZ_OK)
        goto done;
    bool is_new = got->note.entries > kept.note.entries;
    if (is_new || strcmp(hex, kept.key) != 0) {
        kept.note = got->note;
        kept.text = got->text;
        kept.key = hex;
        TZ_TRY(put(store, is_key_new ? "witness.key" : "witness.take", &kept, NULL, err));
    }
    *ret_witnessed = (tz_witnessed){.name = kept.name, .note = got->note, .is_new = is_new};
done:
    return rc;
}

tz_rc tz_witness_take(tz_arena *mem, tz_store *store, const json_t *file, tz_witnessed *ret_witnessed, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && ret_witnessed != NULL);
    tz_rc    rc = TZ_OK;
    received got = {0};

    TZ_TRY(read_file(mem, file, &got, err));
    TZ_TRY(take(mem, store, &got, false, ret_witnessed, err));
done:
    return rc;
}

/* The file's key must be the one that was published. */
static tz_rc check_fingerprint(const received *got, const char *fingerprint, tz_err *err)
{
    char      hex[TZ_SM3_HEX];
    tz_digest print = tz_sm3(got->key.bytes, TZ_POINT_SIZE);

    tz_digest_hex(&print, hex);
    if (fingerprint == NULL || strlen(fingerprint) < LEAST_KEY_DIGITS)
        return tz_fail(err, TZ_USAGE, "请用 --key 给出公布的指纹(至少 %d 位)", "give the published fingerprint with --key (%d digits at least)",
                       LEAST_KEY_DIGITS);
    if (strncmp(hex, fingerprint, strlen(fingerprint)) != 0)
        return tz_fail(err, TZ_TAMPER, "文件的密钥指纹是 %s,不是给出的那个", "the key of the file has the fingerprint %s, not the one given", hex);
    return TZ_OK;
}

tz_rc tz_witness_add(tz_arena *mem, tz_store *store, const char *name, const json_t *file, const char *fingerprint,
                     tz_witnessed *ret_witnessed, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && name != NULL && ret_witnessed != NULL);
    tz_rc    rc = TZ_OK;
    received got = {0};
    int64_t  is_known = 0, is_used = 0;
    char     hex[TZ_POINT_HEX];

    TZ_TRY(read_file(mem, file, &got, err));
    TZ_TRY(check_fingerprint(&got, fingerprint, err));
    TZ_TRY(tz_sql_one(store, "SELECT count(*) FROM witness WHERE origin = ?1", got.note.origin, NULL, &is_known, err));
    TZ_TRY(tz_sql_one(store, "SELECT count(*) FROM witness WHERE name = ?1 AND origin <> ?2", name, got.note.origin, &is_used, err));
    if (name[0] == '\0' || is_used) {
        rc = tz_fail(err, TZ_USAGE, "名称 “%s” 已用于另一个日志", "the name '%s' stands for another journal", name);
        goto done;
    }
    if (is_known) {
        TZ_TRY(take(mem, store, &got, true, ret_witnessed, err));
        goto done;
    }
    tz_hex(got.key.bytes, TZ_POINT_SIZE, hex);
    kept_note kept = {.origin = got.note.origin, .name = name, .key = hex, .text = got.text, .note = got.note};
    TZ_TRY(put(store, "witness.add", &kept, NULL, err));
    *ret_witnessed = (tz_witnessed){.name = name, .note = got.note, .is_new = true};
done:
    return rc;
}

/* ---- What is kept ---- */

static json_t *row_json(const kept_note *kept)
{
    uint8_t   point[TZ_POINT_SIZE] = {0};
    char      print[TZ_SM3_HEX], root[TZ_SM3_HEX];
    json_t   *row = json_object();

    (void)tz_unhex(tz_text_of(kept->key), point, sizeof point); /* find_kept has read it */
    tz_digest digest = tz_sm3(point, sizeof point);
    tz_digest_hex(&digest, print);
    tz_digest_hex(&kept->note.root, root);
    tz_json_set_str(row, "name", kept->name);
    tz_json_set_str(row, "origin", kept->origin);
    tz_json_set_int(row, "entries", kept->note.entries);
    tz_json_set_str(row, "root", root);
    tz_json_set_str(row, "key", print);
    tz_json_set_str(row, "state", kept->refused == NULL ? "agrees" : "refused");
    tz_json_set_str(row, "note", kept->text);
    return row;
}

tz_rc tz_witness_list(tz_arena *mem, tz_store *store, json_t **ret_rows, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && ret_rows != NULL);
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    json_t *rows = json_array();

    TZ_TRY(tz_sql_open(store, "SELECT origin FROM witness ORDER BY name", &sql, err));
    TZ_EACH_ROW (store, sql, err) {
        kept_note kept = {0};
        TZ_TRY(find_kept(mem, store, tz_sql_dup(mem, sql, 0), &kept, err));
        (void)json_array_append_new(rows, row_json(&kept));
    }
    *ret_rows = json_incref(rows);
done:
    tz_sql_close(sql);
    json_decref(rows);
    return rc;
}
