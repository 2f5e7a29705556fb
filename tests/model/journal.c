/* The journal beside a naive twin: the tree against one computed from its leaves by the RFC's words, random
 * sequences of changes that verify must accept, random bits of the directory that it must name. */
#include "../test.h"

#include <unistd.h>

#include "base/file.h"
#include "store/backup.h"
#include "store/checkpoint.h"
#include "store/journal.h"
#include "store/proof.h"

enum { LEAVES = 70 };

static uint64_t seed = 20191231;
static const char *program_path;

static uint64_t chance(uint64_t below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed >> 33) % below;
}

/* ---- The tree ---- */

/* MTH(D[n]) as section 2.1.1 says it: split at the largest power of two below n. */
static tz_digest naive_root(const tz_digest *leaves, size_t count)
{
    size_t half = 1;

    if (count == 0)
        return tz_sm3("", 0);
    if (count == 1)
        return leaves[0];
    while (half * 2 < count)
        half *= 2;
    tz_digest left = naive_root(leaves, half), right = naive_root(leaves + half, count - half);
    return tz_merkle_node(&left, &right);
}

static tz_rc read_naive(void *context, int level, int64_t position, tz_digest *ret_hash, tz_err *err)
{
    (void)err;
    *ret_hash = naive_root((const tz_digest *)context + (position << level), (size_t)1 << level);
    return TZ_OK;
}

static void make_leaves(tz_digest leaves[LEAVES])
{
    for (int i = 0; i < LEAVES; i++)
        leaves[i] = tz_merkle_leaf((tz_text){(const char *)&i, sizeof i});
}

static void roots_are_those_of_the_rfc(void **state)
{
    (void)state;
    tz_digest leaves[LEAVES];
    make_leaves(leaves);
    for (size_t size = 0; size <= LEAVES; size++) {
        tz_digest a = tz_merkle_of(leaves, size), b = naive_root(leaves, size);
        assert_true(tz_digest_equal(&a, &b));
    }
}

/* Spoils a proof in one of several ways. */
static void spoil(tz_arena *mem, tz_hashes *proof)
{
    if (proof->count == 0 || chance(4) == 0)
        tz_push(mem, proof, tz_sm3("x", 1));
    else if (chance(3) == 0)
        proof->count--;
    else
        proof->items[chance(proof->count)].bytes[chance(32)] ^= (uint8_t)(1 << chance(8));
}

static void inclusion_proofs_hold_and_break(void **state)
{
    (void)state;
    tz_digest leaves[LEAVES];
    tz_arena  mem = {0};
    make_leaves(leaves);
    for (int64_t size = 1; size <= LEAVES; size++)
        for (int64_t index = 0; index < size; index++) {
            tz_hashes proof = {0};
            tz_digest root = naive_root(leaves, (size_t)size);
            MUST(tz_proof_inclusion(&mem, read_naive, leaves, index, size, &proof, err));
            assert_true(tz_inclusion_holds(tz_merkle_node, &leaves[index], index, size, &proof, &root));
            assert_false(tz_inclusion_holds(tz_merkle_node, &leaves[(index + 1) % LEAVES], index, size, &proof, &root));
            assert_false(tz_inclusion_holds(tz_merkle_node, &leaves[index], size, size, &proof, &root));
            assert_false(tz_inclusion_holds(tz_merkle_node, &leaves[index], -1, size, &proof, &root));
            if (size > 1)
                assert_false(tz_inclusion_holds(tz_merkle_node, &leaves[index], (index + 1) % size, size, &proof, &root));
            spoil(&mem, &proof);
            assert_false(tz_inclusion_holds(tz_merkle_node, &leaves[index], index, size, &proof, &root));
            tz_arena_reset(&mem);
        }
    tz_arena_free(&mem);
}

static void consistency_proofs_hold_and_break(void **state)
{
    (void)state;
    tz_digest leaves[LEAVES];
    tz_arena  mem = {0};
    make_leaves(leaves);
    for (int64_t size = 1; size <= LEAVES; size++)
        for (int64_t old = 1; old <= size; old++) {
            tz_hashes proof = {0};
            tz_digest root = naive_root(leaves, (size_t)size), old_root = naive_root(leaves, (size_t)old), other = tz_sm3("y", 1);
            MUST(tz_proof_consistency(&mem, read_naive, leaves, old, size, &proof, err));
            assert_true(tz_consistency_holds(tz_merkle_node, old, size, &proof, &old_root, &root));
            assert_false(tz_consistency_holds(tz_merkle_node, old, size, &proof, &other, &root));
            assert_false(tz_consistency_holds(tz_merkle_node, old, size, &proof, &old_root, &other));
            assert_false(tz_consistency_holds(tz_merkle_node, size + 1, size, &proof, &old_root, &root));
            spoil(&mem, &proof);
            assert_false(tz_consistency_holds(tz_merkle_node, old, size, &proof, &old_root, &root));
            tz_arena_reset(&mem);
        }
    tz_arena_free(&mem);
}

/* ---- A county that changes at random ---- */

typedef struct {
    tz_arena  mem;
    tz_app    app;
    char      folder[64], key[96];
    tz_store *store;
} place;

static int64_t clock_ms(void *context)
{
    (void)context;
    return 1577836800000;
}

static void open_place(place *at)
{
    MUST(tz_store_open(&at->app, at->folder, TZ_WRITE, &at->store, err));
    MUST(tz_store_act_as(at->store, "tester", NULL, err));
}

static void close_place(place *at)
{
    tz_store_close(at->store);
    at->store = NULL;
}

static size_t count_problems(place *at, const char **ret_first)
{
    tz_arena        mem = {0};
    tz_verification result = {0};

    MUST(tz_store_verify(&mem, at->store, TZ_VERIFY_ALL, &result, err));
    if (ret_first != NULL && result.problems.count > 0)
        *ret_first = tz_arena_printf(&at->mem, "%s: %s", result.problems.items[0].where, result.problems.items[0].en);
    tz_arena_free(&mem);
    return result.problems.count;
}

static void put_random(place *at)
{
    json_t *image = NULL;

    if (chance(2) == 0) {
        image = json_pack("{s:o, s:s, s:n, s:n}", "unit", json_sprintf("unit %d", (int)chance(30)), "kind",
                          chance(2) == 0 ? "other" : "department", "division", "successor");
        MUST(tz_journal_put(at->store, "unit.add", "unit", image, NULL, NULL, err));
    } else {
        image = json_pack("{s:i, s:s, s:s, s:o, s:s, s:n}", "finding", (int)chance(40) + 1, "verdict", "real", "reason", "seen", "note",
                          json_sprintf("张三 %d", (int)chance(1000)), "by_user", "tester", "signed_by");
        MUST(tz_journal_put(at->store, "verdict", "verdict", image, "asked", NULL, err));
    }
    json_decref(image);
}

static void bulk_random(place *at, int run)
{
    tz_bulk *bulk = NULL;
    int      count = (int)chance(40);

    MUST(tz_bulk_begin(at->store, "check", "finding_event", NULL, &bulk, err));
    for (int i = 0; i < count; i++) {
        uint8_t salt[16];
        char    hex[33];
        tz_random(salt, sizeof salt);
        tz_hex(salt, sizeof salt, hex);
        json_t *event = json_pack("{s:i, s:i, s:s, s:s, s:i, s:n, s:s, s:s, s:s, s:s, s:s, s:s}", "finding", i + 1, "run", run, "event", "raised",
                                  "level", "red", "pending", 0, "cleared_why", "version", "v", "params", "{\"name\":\"李四\"}", "rows",
                                  "[]", "divisions", "[]", "empty", "[]", "salt", hex);
        MUST(tz_bulk_add(bulk, event, err));
        json_decref(event);
    }
    MUST(tz_bulk_end(bulk, NULL, err));
}

static void keep_random(place *at)
{
    tz_digest   digest;
    const char *path = tz_arena_printf(&at->mem, "%s-sent", at->folder);
    char        text[64];

    (void)snprintf(text, sizeof text, "a,b\n%d,2\n", (int)chance(8));
    MUST(tz_file_write(path, tz_text_of(text), 0644, err));
    MUST(tz_store_keep(at->store, path, "sent.csv", &digest, err));
    (void)unlink(path);
}

static void change_at_random(place *at, int transactions)
{
    for (int i = 0; i < transactions; i++) {
        MUST(tz_store_begin(at->store, err));
        for (uint64_t n = chance(4); n > 0; n--)
            put_random(at);
        if (chance(3) == 0)
            bulk_random(at, i);
        if (chance(4) == 0)
            keep_random(at);
        if (chance(4) == 0)
            tz_store_rollback(at->store);
        else
            MUST(tz_store_commit(at->store, err));
    }
}

static int setup(void **state)
{
    place *at = test_calloc(1, sizeof *at);
    at->app = (tz_app){.lang = TZ_EN, .now_ms = clock_ms, .program = program_path};
    (void)snprintf(at->folder, sizeof at->folder, "/tmp/tz-journal-XXXXXX");
    assert_non_null(mkdtemp(at->folder));
    (void)snprintf(at->key, sizeof at->key, "%s.pem", at->folder);
    MUST(tz_store_create(&at->app, at->folder, "140430", "沁县", NULL, 0, "tester", err));
    open_place(at);
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

static void every_sequence_verifies_and_every_prefix_is_proven(void **state)
{
    place  *at = *state;
    int64_t entries = 0;
    tz_note note = {0};
    TZ_ARRAY(const char *) notes = {0};

    for (int round = 0; round < 12; round++) {
        const char *text = NULL;
        change_at_random(at, 10);
        MUST(tz_checkpoint_make(&at->mem, at->store, at->key, &text, err));
        tz_push(&at->mem, &notes, text);
        if (round % 4 == 3) {
            close_place(at);
            open_place(at);
        }
        const char *first = "";
        if (count_problems(at, &first) > 0)
            fail_msg("round %d: %s", round, first);
    }
    for (size_t i = 0; i < notes.count; i++) /* each is still the beginning of the history */
        MUST(tz_checkpoint_check(&at->mem, at->store, tz_text_of(notes.items[i]), &note, err));
    MUST(tz_journal_count(at->store, &entries, err));
    assert_true(entries > 100);
}

static void a_history_that_was_written_again_is_found_out(void **state)
{
    place      *at = *state;
    const char *text = NULL;
    tz_note     note = {0};
    tz_err      wrong = {0};
    char        copy[96];

    (void)snprintf(copy, sizeof copy, "%s-old", at->folder);
    change_at_random(at, 5);
    close_place(at); /* the county's owner keeps the state of today … */
    MUST(tz_file_copy(tz_arena_printf(&at->mem, "%s/ledger.db", at->folder), copy, 0644, err));
    open_place(at);
    change_at_random(at, 20);
    MUST(tz_checkpoint_make(&at->mem, at->store, at->key, &text, err));
    close_place(at);
    MUST(tz_file_copy(copy, tz_arena_printf(&at->mem, "%s/ledger.db", at->folder), 0644, err));
    (void)unlink(copy);
    open_place(at); /* … and lives on from it as if nothing had been, with the same key */
    assert_int_equal(tz_checkpoint_check(&at->mem, at->store, tz_text_of(text), &note, &wrong), TZ_TAMPER);
    change_at_random(at, 60);
    const char *other = NULL;
    MUST(tz_checkpoint_make(&at->mem, at->store, at->key, &other, err));
    assert_int_equal(count_problems(at, NULL), 0); /* in itself it agrees: only the note that was kept tells */
    assert_int_equal(tz_checkpoint_check(&at->mem, at->store, tz_text_of(text), &note, &wrong), TZ_TAMPER);
    assert_non_null(strstr(wrong.en, "rewritten"));
}

static void a_note_that_was_touched_does_not_open(void **state)
{
    place        *at = *state;
    const char   *text = NULL;
    tz_public_key key;
    tz_note       note = {0};

    MUST(tz_checkpoint_make(&at->mem, at->store, at->key, &text, err));
    MUST(tz_key_public(at->key, &key, err));
    MUST(tz_note_open(&at->mem, tz_text_of(text), &key, &note, err));
    for (size_t i = 0; i < strlen(text); i++) {
        tz_err wrong = {0};
        char  *bad = tz_arena_dup(&at->mem, text);
        bad[i] = (char)(bad[i] ^ (1 << chance(7)));
        if (tz_note_open(&at->mem, (tz_text){bad, strlen(text)}, &key, &note, &wrong) != TZ_TAMPER)
            fail_msg("byte %zu may be changed", i);
    }
}

/* ---- One bit ---- */

/* Every value that a table holds. */
static tz_digest content_of(place *at)
{
    static const char *const TABLES[] = {"journal", "journal_node", "journal_private", "checkpoint", "user", "unit", "config", "original",
                                         "verdict", "finding_event"};
    tz_sm3_run *run = tz_sm3_start();

    for (size_t i = 0; i < sizeof TABLES / sizeof TABLES[0]; i++) {
        tz_sql *sql = NULL;
        bool    has_row = true;
        tz_err  wrong = {0};
        if (tz_sql_open(at->store, tz_arena_printf(&at->mem, "SELECT * FROM \"%s\" ORDER BY 1, 2", TABLES[i]), &sql, &wrong) != TZ_OK)
            break;
        while (tz_sql_step(at->store, sql, &has_row, &wrong) == TZ_OK && has_row)
            for (int c = 0; c < sqlite3_column_count(sql); c++) {
                tz_sm3_add(run, sqlite3_column_blob(sql, c), (size_t)sqlite3_column_bytes(sql, c));
                tz_sm3_add(run, "|", 1);
            }
        tz_sql_close(sql);
    }
    return tz_sm3_end(run);
}

/* verify names a flipped bit, or it lies where nothing is kept: then every value reads as before. */
static void one_bit_of_the_ledger_is_named_or_means_nothing(void **state)
{
    place      *at = *state;
    const char *text = NULL, *path = tz_arena_printf(&at->mem, "%s/ledger.db", at->folder);
    tz_text     whole;
    int         named = 0, nothing = 0;

    change_at_random(at, 80);
    MUST(tz_checkpoint_make(&at->mem, at->store, at->key, &text, err));
    tz_digest before = content_of(at);
    close_place(at);
    MUST(tz_file_load(&at->mem, path, 1 << 30, &whole, err));
    for (int i = 0; i < 150; i++) {
        size_t byte = chance(whole.size);
        char  *data = (char *)(uintptr_t)whole.data;
        tz_err wrong = {0};
        char   bit = (char)(1 << chance(8));
        data[byte] = (char)(data[byte] ^ bit);
        MUST(tz_file_write(path, whole, 0644, err));
        data[byte] = (char)(data[byte] ^ bit);
        if (tz_store_open(&at->app, at->folder, TZ_READ, &at->store, &wrong) != TZ_OK) {
            named++;
            continue;
        }
        tz_digest after = content_of(at);
        if (count_problems(at, NULL) > 0)
            named++;
        else if (tz_digest_equal(&before, &after))
            nothing++;
        else
            fail_msg("byte %zu of %zu, bit %d: neither named nor without meaning", byte, whole.size, bit);
        close_place(at);
    }
    print_message("named %d, without meaning %d\n", named, nothing);
    assert_true(named > 15);
    MUST(tz_file_write(path, whole, 0644, err));
    open_place(at);
}

/* ---- Backup ---- */

static void a_backup_comes_back_whole_or_not_at_all(void **state)
{
    place            *at = *state;
    tz_backup_account account = {0};
    const char       *file = tz_arena_printf(&at->mem, "%s.zip", at->folder), *back = tz_arena_printf(&at->mem, "%s-back", at->folder);
    tz_digest         before, after;
    int64_t           entries = 0;
    tz_store         *store = NULL;
    tz_err            wrong = {0};
    tz_text           whole;

    change_at_random(at, 20);
    MUST(tz_store_begin(at->store, err)); /* somebody is writing while it is taken */
    put_random(at);
    tz_store *reader = NULL;
    MUST(tz_store_open(&at->app, at->folder, TZ_READ, &reader, err));
    MUST(tz_backup_write(reader, file, &account, err));
    tz_store_close(reader);
    tz_store_rollback(at->store);
    assert_int_equal(tz_backup_write(at->store, file, &account, &wrong), TZ_USAGE);

    MUST(tz_backup_restore(&at->app, file, back, &account, err));
    MUST(tz_store_open(&at->app, back, TZ_READ, &store, err));
    MUST(tz_journal_count(at->store, &entries, err));
    assert_int_equal(account.entries, entries);
    MUST(tz_journal_root(at->store, entries, &before, err));
    MUST(tz_journal_root(store, entries, &after, err));
    assert_true(tz_digest_equal(&before, &after));
    tz_store_close(store);
    assert_int_equal(tz_backup_restore(&at->app, file, back, &account, &wrong), TZ_USAGE);
    MUST(tz_file_remove_folder(back, err));

    MUST(tz_file_load(&at->mem, file, 1 << 30, &whole, err));
    for (int i = 0; i < 12; i++) { /* a spoilt file gives nothing, or all */
        size_t byte = chance(whole.size);
        ((char *)(uintptr_t)whole.data)[byte] ^= 4;
        MUST(tz_file_write(file, whole, 0600, err));
        ((char *)(uintptr_t)whole.data)[byte] ^= 4;
        tz_rc rc = tz_backup_restore(&at->app, file, back, &account, &wrong);
        if (rc == TZ_OK) {
            MUST(tz_store_open(&at->app, back, TZ_READ, &store, err));
            MUST(tz_journal_root(store, entries, &after, err));
            assert_true(tz_digest_equal(&before, &after));
            tz_store_close(store);
            MUST(tz_file_remove_folder(back, err));
        }
        assert_false(tz_file_exists(back));
    }
    (void)unlink(file);
}

int main(int argc, char **argv)
{
    (void)argc;
    program_path = argv[0];
    const char *given = getenv("SEED");
    if (given != NULL)
        seed = strtoull(given, NULL, 10);
    print_message("SEED=%llu\n", (unsigned long long)seed);
#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roots_are_those_of_the_rfc),
        cmocka_unit_test(inclusion_proofs_hold_and_break),
        cmocka_unit_test(consistency_proofs_hold_and_break),
        EACH(every_sequence_verifies_and_every_prefix_is_proven),
        EACH(a_history_that_was_written_again_is_found_out),
        EACH(a_note_that_was_touched_does_not_open),
        EACH(one_bit_of_the_ledger_is_named_or_means_nothing),
        EACH(a_backup_comes_back_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
