#include "store/prove_check.h"

#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "store/proof.h"

enum { MAX_HASHES = 2 * TZ_MERKLE_LEVELS };

typedef struct {
    tz_arena        *mem;
    tz_proof_account account;
    tz_err          *err;
} checking;

static tz_rc fail_form(checking *of, const char *what)
{
    return tz_fail(of->err, TZ_INPUT, "不是 taizhang 的证明文件(%s)", "this is no proof file of taizhang (%s)", what);
}

json_t *tz_hashes_json(const tz_hashes *hashes)
{
    json_t *list = json_array();

    for (size_t i = 0; i < hashes->count; i++) {
        char hex[TZ_SM3_HEX];
        tz_digest_hex(&hashes->items[i], hex);
        (void)json_array_append_new(list, json_string(hex));
    }
    return list;
}

bool tz_hashes_read(tz_arena *mem, const json_t *list, tz_hashes *ret_hashes)
{
    tz_hashes hashes = {0};

    if (!json_is_array(list) || json_array_size(list) > MAX_HASHES)
        return false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        tz_digest hash;
        if (!tz_unhex(tz_text_of(json_string_value(json_array_get(list, i))), hash.bytes, TZ_SM3_SIZE))
            return false;
        tz_push(mem, &hashes, hash);
    }
    *ret_hashes = hashes;
    return true;
}

/* Each opened value against its commitment in `image`; counts those that stay closed. */
static tz_rc check_privates(checking *of, const json_t *image, const json_t *opened, const char *where)
{
    const char *field;
    json_t     *said;

    json_object_foreach((json_t *)image, field, said) {
        const char *commit = tz_json_str(said, "commit");
        bool        is_open = false;
        for (size_t i = 0; commit != NULL && i < json_array_size(opened); i++) {
            const json_t *one = json_array_get(opened, i);
            const char   *name = tz_json_str(one, "field"), *value = tz_json_str(one, "value");
            uint8_t       salt[16];
            char          hex[TZ_SM3_HEX];
            if (name == NULL || strcmp(name, field) != 0)
                continue;
            if (value == NULL || !tz_unhex(tz_text_of(tz_json_str(one, "salt")), salt, sizeof salt))
                return fail_form(of, "private");
            tz_digest digest = tz_journal_commitment(salt, field, tz_text_of(value));
            tz_digest_hex(&digest, hex);
            if (strcmp(hex, commit) != 0)
                return tz_fail(of->err, TZ_TAMPER, "%s 的 %s 与承诺值不符", "%s: %s is not what was committed", where, field);
            is_open = true;
        }
        if (commit != NULL)
            *(is_open ? &of->account.opened : &of->account.closed) += 1;
    }
    return TZ_OK;
}

static tz_rc check_entry(checking *of, const json_t *one)
{
    tz_rc       rc = TZ_OK;
    const char *text = tz_json_str(one, "body");
    int64_t     entry = tz_json_int(one, "entry", 0);
    const char *where = tz_arena_printf(of->mem, "entry %lld", (long long)entry);
    tz_hashes   proof = {0};
    json_t     *body = NULL;

    if (text == NULL || !tz_hashes_read(of->mem, json_object_get(one, "proof"), &proof)) {
        rc = fail_form(of, where);
        goto done;
    }
    tz_digest leaf = tz_merkle_leaf(tz_text_of(text));
    if (!tz_inclusion_holds(tz_merkle_node, &leaf, entry - 1, of->account.note.entries, &proof, &of->account.note.root)) {
        rc = tz_fail(of->err, TZ_TAMPER, "%s 不在签名的日志里", "%s is not in the signed journal", where);
        goto done;
    }
    rc = tz_json_parse(tz_text_of(text), &body, of->err);
    if (rc == TZ_OK && tz_json_int(body, "entry", 0) != entry)
        rc = tz_fail(of->err, TZ_TAMPER, "%s 的编号不对", "%s has another number", where);
    if (rc == TZ_OK)
        rc = check_privates(of, json_object_get(body, "image"), json_object_get(one, "private"), where);
    of->account.entries++;
done:
    json_decref(body);
    return rc;
}

/* The `events` of the bulk's entry, which is among the entries of the proof. A new reference. */
static json_t *find_bulk(const json_t *entries, int64_t entry)
{
    json_t *body = NULL, *events = NULL;
    tz_err  ignored;

    for (size_t i = 0; events == NULL && i < json_array_size(entries); i++) {
        const json_t *one = json_array_get(entries, i);
        if (tz_json_int(one, "entry", 0) == entry && tz_json_str(one, "body") != NULL &&
            tz_json_parse(tz_text_of(tz_json_str(one, "body")), &body, &ignored) == TZ_OK) {
            events = json_incref(json_object_get(body, "events"));
            json_decref(body);
        }
    }
    return events;
}

static tz_rc check_event(checking *of, const json_t *one, const json_t *entries)
{
    tz_rc       rc = TZ_OK;
    const char *text = tz_json_str(one, "line");
    int64_t     entry = tz_json_int(one, "entry", 0);
    const char *where = tz_arena_printf(of->mem, "event %lld of entry %lld", (long long)tz_json_int(one, "index", -1), (long long)entry);
    tz_hashes   proof = {0};
    tz_digest   root;
    json_t     *events = find_bulk(entries, entry), *line = NULL;

    if (text == NULL || events == NULL || !tz_unhex(tz_text_of(tz_json_str(events, "digest")), root.bytes, TZ_SM3_SIZE) ||
        !tz_hashes_read(of->mem, json_object_get(one, "proof"), &proof)) {
        rc = fail_form(of, where);
        goto done;
    }
    tz_digest leaf = tz_merkle_leaf(tz_text_of(text));
    if (!tz_inclusion_holds(tz_merkle_node, &leaf, tz_json_int(one, "index", -1), tz_json_int(events, "count", 0), &proof, &root)) {
        rc = tz_fail(of->err, TZ_TAMPER, "%s 不在其条目里", "%s is not in its entry", where);
        goto done;
    }
    rc = tz_json_parse(tz_text_of(text), &line, of->err);
    if (rc == TZ_OK)
        rc = check_privates(of, line, json_object_get(one, "private"), where);
    of->account.events++;
done:
    json_decref(line);
    json_decref(events);
    return rc;
}

tz_rc tz_prove_check(tz_arena *mem, const json_t *proof, tz_proof_account *ret_account, tz_err *err)
{
    tz_assert(mem != NULL && proof != NULL && ret_account != NULL);
    tz_rc         rc = TZ_OK;
    checking      of = {.mem = mem, .err = err};
    const char   *format = tz_json_str(proof, "format"), *note = tz_json_str(proof, "note");
    const json_t *entries = json_object_get(proof, "entries"), *events = json_object_get(proof, "events");

    of.account.issue = tz_json_int(proof, "issue", 0);
    if (format == NULL || strcmp(format, "taizhang-proof/1") != 0 || note == NULL || !json_is_array(entries) ||
        !json_is_array(events) || !tz_unhex(tz_text_of(tz_json_str(proof, "key")), of.account.key.bytes, TZ_POINT_SIZE))
        return fail_form(&of, "format");
    TZ_TRY(tz_note_open(mem, tz_text_of(note), &of.account.key, &of.account.note, err));
    for (size_t i = 0; i < json_array_size(entries); i++)
        TZ_TRY(check_entry(&of, json_array_get(entries, i)));
    for (size_t i = 0; i < json_array_size(events); i++)
        TZ_TRY(check_event(&of, json_array_get(events, i), entries));
    *ret_account = of.account;
done:
    return rc;
}
