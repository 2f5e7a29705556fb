/* Proofs against the vectors of RFC 6962's implementations ($CORPORA/crypto/merkle-rfc6962, SHA-256), and
 * proof files that were touched. */
#include "../test.h"

#include <unistd.h>

#include <openssl/evp.h>

#include "base/file.h"
#include "base/json.h"
#include "store/checkpoint.h"
#include "store/journal.h"
#include "store/prove.h"
#include "store/prove_check.h"

/* ---- The RFC's vectors ---- */

static tz_digest sha256_node(const tz_digest *left, const tz_digest *right)
{
    uint8_t   bytes[65] = {1};
    tz_digest out;
    unsigned  size = 0;
    memcpy(bytes + 1, left->bytes, 32);
    memcpy(bytes + 33, right->bytes, 32);
    assert_int_equal(EVP_Digest(bytes, sizeof bytes, out.bytes, &size, EVP_sha256(), NULL), 1);
    return out;
}

/* False where the text is longer than a hash. Some vectors hold words in place of roots, which are shorter:
 * filled up with zeros they are still equal or not. */
static bool read_hash(const json_t *value, tz_digest *ret_hash)
{
    const char *text = json_string_value(value);
    uint8_t     room[256] = {0};
    size_t      size = text == NULL ? 0 : strlen(text);
    if (size == 0 || size > 44 || size % 4 != 0 || (size == 44 && text[43] != '='))
        return false;
    int count = EVP_DecodeBlock(room, (const uint8_t *)text, (int)size);
    if (count < 0)
        return false;
    memcpy(ret_hash->bytes, room, 32);
    return true;
}

/* Does the vector's proof hold? One with a hash that is too long never does. */
static bool vector_holds(tz_arena *mem, const json_t *vector)
{
    tz_hashes     proof = {0};
    tz_digest     first, second;
    const json_t *list = json_object_get(vector, "proof");
    bool          is_inclusion = json_object_get(vector, "leafIdx") != NULL;

    for (size_t i = 0; i < json_array_size(list); i++) {
        tz_digest hash;
        if (!read_hash(json_array_get(list, i), &hash))
            return false;
        tz_push(mem, &proof, hash);
    }
    if (!read_hash(json_object_get(vector, is_inclusion ? "leafHash" : "root1"), &first) ||
        !read_hash(json_object_get(vector, is_inclusion ? "root" : "root2"), &second))
        return false;
    return is_inclusion ? tz_inclusion_holds(sha256_node, &first, tz_json_int(vector, "leafIdx", -1), tz_json_int(vector, "treeSize", 0),
                                             &proof, &second)
                        : tz_consistency_holds(sha256_node, tz_json_int(vector, "size1", -1), tz_json_int(vector, "size2", -1), &proof,
                                               &first, &second);
}

static int run_folder(tz_arena *mem, const char *folder)
{
    tz_names names = {0};
    int      count = 0;

    MUST(tz_file_list(mem, folder, &names, err));
    for (size_t i = 0; i < names.count; i++) {
        const char *path = tz_arena_printf(mem, "%s/%s", folder, names.items[i]);
        json_t     *vector = NULL;
        tz_text     text;
        if (tz_file_is_folder(path)) {
            count += run_folder(mem, path);
            continue;
        }
        MUST(tz_file_load(mem, path, 1 << 20, &text, err));
        tz_err wrong = {0};
        count++;
        if (tz_json_parse(text, &vector, &wrong) != TZ_OK) { /* an index past 63 bits: refused before it is tried */
            assert_true(tz_text_find(text, TZ_TEXT("\"wantErr\": true"), 0) != SIZE_MAX);
            continue;
        }
        bool is_wrong = json_is_true(json_object_get(vector, "wantErr"));
        if (vector_holds(mem, vector) == is_wrong)
            fail_msg("%s: %s", path, is_wrong ? "holds and must not" : "does not hold");
        json_decref(vector);
    }
    return count;
}

static void agrees_with_the_vectors_of_the_rfc(void **state)
{
    (void)state;
    const char *corpora = getenv("CORPORA");
    tz_arena    mem = {0};
    if (corpora == NULL)
        skip();
    int count = run_folder(&mem, tz_arena_printf(&mem, "%s/crypto/merkle-rfc6962/testdata/inclusion", corpora)) +
                run_folder(&mem, tz_arena_printf(&mem, "%s/crypto/merkle-rfc6962/testdata/consistency", corpora));
    print_message("%d vectors\n", count);
    assert_true(count > 90);
    tz_arena_free(&mem);
}

/* ---- SM2 and proof files ---- */

static int64_t clock_ms(void *context)
{
    (void)context;
    return 1577836800000;
}

typedef struct {
    tz_arena  mem;
    tz_app    app;
    char      folder[64], key[96];
    tz_store *store;
} place;

static int setup(void **state)
{
    place *at = test_calloc(1, sizeof *at);
    at->app = (tz_app){.lang = TZ_EN, .now_ms = clock_ms};
    (void)snprintf(at->folder, sizeof at->folder, "/tmp/tz-proof-XXXXXX");
    assert_non_null(mkdtemp(at->folder));
    (void)snprintf(at->key, sizeof at->key, "%s.pem", at->folder);
    MUST(tz_store_create(&at->app, at->folder, "140430", "沁县", NULL, 0, "tester", err));
    MUST(tz_store_open(&at->app, at->folder, TZ_WRITE, &at->store, err));
    MUST(tz_store_act_as(at->store, "tester", NULL, err));
    *state = at;
    return 0;
}

static int teardown(void **state)
{
    place *at = *state;
    tz_store_close(at->store);
    MUST(tz_file_remove_folder(at->folder, err));
    (void)unlink(at->key);
    tz_arena_free(&at->mem);
    test_free(at);
    return 0;
}

static void put_issue(place *at, int issue, const char *title)
{
    json_t *image = json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:s}", "issue", issue, "ledger", "default", "title", title,
                              "source", "hand", "raised_by", "hand", "level", "red", "state", "open", "term", "by date", "support", "[]", "opened_on",
                              "2019-12-31", "opened_entry", 0, "fields", "{}");
    MUST(tz_store_begin(at->store, err));
    MUST(tz_journal_put(at->store, "issue.new", "issue", image, NULL, NULL, err));
    MUST(tz_store_commit(at->store, err));
    json_decref(image);
}

static void a_proof_waits_for_its_checkpoint(void **state)
{
    place      *at = *state;
    json_t     *proof = NULL;
    const char *note = NULL;
    tz_err      wrong = {0};

    put_issue(at, 1, "张三 重复领取");
    assert_int_equal(tz_prove_issue(&at->mem, at->store, 1, false, &proof, &wrong), TZ_MISSING);
    MUST(tz_checkpoint_make(&at->mem, at->store, at->key, &note, err));
    put_issue(at, 2, "李四 重复领取");
    assert_int_equal(tz_prove_issue(&at->mem, at->store, 2, false, &proof, &wrong), TZ_MISSING);
    assert_int_equal(tz_prove_issue(&at->mem, at->store, 3, false, &proof, &wrong), TZ_MISSING);
    MUST(tz_prove_issue(&at->mem, at->store, 1, false, &proof, err));
    json_decref(proof);
}

static void a_masked_proof_holds_and_tells_nothing(void **state)
{
    place           *at = *state;
    json_t          *proof = NULL;
    const char      *note = NULL;
    tz_proof_account account = {0};
    tz_buf           text = tz_buf_init(&at->mem, 0);

    put_issue(at, 1, "张三 重复领取");
    MUST(tz_checkpoint_make(&at->mem, at->store, at->key, &note, err));
    MUST(tz_prove_issue(&at->mem, at->store, 1, true, &proof, err));
    MUST(tz_prove_check(&at->mem, proof, &account, err));
    assert_int_equal(account.opened, 0);
    assert_int_equal(account.closed, 2);
    tz_json_canonical(proof, &text);
    assert_null(strstr(tz_buf_str(&text), "张三"));
    json_decref(proof);
}

/* Each byte of a proof file changed in turn: refused, or it still says the same. */
static void a_proof_that_was_touched_is_refused(void **state)
{
    place           *at = *state;
    json_t          *proof = NULL;
    const char      *note = NULL;
    tz_proof_account whole = {0};
    tz_buf           text = tz_buf_init(&at->mem, 0);
    int              held = 0;

    put_issue(at, 1, "张三 重复领取");
    put_issue(at, 1, "张三 重复领取两次");
    MUST(tz_checkpoint_make(&at->mem, at->store, at->key, &note, err));
    MUST(tz_prove_issue(&at->mem, at->store, 1, false, &proof, err));
    MUST(tz_prove_check(&at->mem, proof, &whole, err));
    assert_int_equal(whole.entries, 2);
    assert_int_equal(whole.opened, 4);
    tz_json_canonical(proof, &text);
    json_decref(proof);
    for (size_t i = 0; i < text.size; i += 3) {
        tz_arena         mem = {0};
        tz_err           wrong = {0};
        tz_proof_account account = {0};
        char            *bad = tz_arena_copy(&mem, text.data, text.size);
        bad[i] = (char)(bad[i] ^ 1);
        if (tz_json_parse((tz_text){bad, text.size}, &proof, &wrong) == TZ_OK) {
            if (tz_prove_check(&mem, proof, &account, &wrong) == TZ_OK) {
                held++; /* a member's name, or the case of a digit: it proves no more than before */
                assert_true(account.entries <= whole.entries && account.opened <= whole.opened);
                assert_true(tz_digest_equal(&account.note.root, &whole.note.root));
            }
            json_decref(proof);
        }
        tz_arena_free(&mem);
    }
    print_message("%d of %zu changes left a proof that holds\n", held, text.size / 3);
    assert_true(held * 10 < (int)text.size / 3);
}

static void a_key_of_somebody_else_does_not_open(void **state)
{
    place        *at = *state;
    const char   *note = NULL, *other = tz_arena_printf(&at->mem, "%s-other.pem", at->folder);
    tz_public_key key;
    tz_note       read = {0};
    tz_err        wrong = {0};

    MUST(tz_checkpoint_make(&at->mem, at->store, at->key, &note, err));
    MUST(tz_key_make(other, err));
    MUST(tz_key_public(other, &key, err));
    assert_int_equal(tz_note_open(&at->mem, tz_text_of(note), &key, &read, &wrong), TZ_TAMPER);
    assert_int_equal(tz_key_make(other, &wrong), TZ_USAGE);
    /* a change of key is a change like others: both notes stay good */
    put_issue(at, 1, "x");
    const char *second = NULL;
    MUST(tz_checkpoint_make(&at->mem, at->store, other, &second, err));
    MUST(tz_checkpoint_check(&at->mem, at->store, tz_text_of(note), &read, err));
    MUST(tz_checkpoint_check(&at->mem, at->store, tz_text_of(second), &read, err));
    (void)unlink(other);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_vectors_of_the_rfc),
        EACH(a_proof_waits_for_its_checkpoint),
        EACH(a_masked_proof_holds_and_tells_nothing),
        EACH(a_proof_that_was_touched_is_refused),
        EACH(a_key_of_somebody_else_does_not_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
