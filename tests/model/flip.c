/* One bit of a county's directory, flipped at random places: verify names the file, the entry or the issue, or the bit
 * lies in space of ledger.db that holds nothing, so that every value reads as before. derived/ is left out: nothing in
 * it is kept, `rebuild` makes it again. SEED=N runs a sequence again, TZ_TEST_LONG a thousand places. */
#include "../test.h"

#include "base/file.h"
#include "flow/flow.h"
#include "store/backup.h"
#include "store/checkpoint.h"
#include "store/inside.h"

static const char *program_path;

static int64_t clock_ms(void *context)
{
    (void)context;
    return 1577836800000;
}

typedef struct {
    const char *path; /* below the county */
    tz_text     data;
} one_file;
typedef TZ_ARRAY(one_file) file_list;

static void read_files(tz_arena *mem, const char *county, const char *folder, file_list *files)
{
    tz_names    names = {0};
    const char *place = tz_arena_printf(mem, "%s/%s", county, folder);

    MUST(tz_file_list(mem, place, &names, err));
    for (size_t i = 0; i < names.count; i++) {
        const char *path = folder[0] == '\0' ? names.items[i] : tz_arena_printf(mem, "%s/%s", folder, names.items[i]);
        const char *whole = tz_arena_printf(mem, "%s/%s", county, path);
        one_file    file = {.path = path};
        if (strcmp(path, "derived") == 0 || strcmp(path, ".lock") == 0)
            continue;
        if (tz_file_is_folder(whole)) {
            read_files(mem, county, path, files);
            continue;
        }
        MUST(tz_file_load(mem, whole, 1 << 28, &file.data, err));
        tz_push(mem, files, file);
    }
}

/* Every value of every table. */
static tz_digest content_of(const tz_app *app, const char *county)
{
    tz_arena    mem = {0};
    tz_store   *store = NULL;
    tz_sql     *tables = NULL;
    bool        has_table = false, has_row = false;
    tz_sm3_run *run = tz_sm3_start();

    MUST(tz_store_open(app, county, TZ_READ, &store, err));
    MUST(tz_sql_open(store, "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'meta' ORDER BY name", &tables, err));
    for (;;) {
        tz_sql *sql = NULL;
        MUST(tz_sql_step(store, tables, &has_table, err));
        if (!has_table)
            break;
        MUST(tz_store_statement(store, tz_arena_printf(&mem, "SELECT * FROM \"%s\"", tz_sql_str(tables, 0)), &sql, err)); /* hashes too */
        for (;;) {
            MUST(tz_sql_step(store, sql, &has_row, err));
            if (!has_row)
                break;
            for (int i = 0; i < sqlite3_column_count(sql); i++) {
                tz_sm3_add(run, sqlite3_column_blob(sql, i), (size_t)sqlite3_column_bytes(sql, i));
                tz_sm3_add(run, "|", 1);
            }
        }
        tz_sql_close(sql);
    }
    tz_sql_close(tables);
    tz_store_close(store);
    tz_arena_free(&mem);
    return tz_sm3_end(run);
}

/* A county with batches, issues, evidence, a checkpoint and a pack of its own. */
static void make_county(tz_arena *mem, const tz_app *app, const char *folder, const char *county)
{
    tz_backup_account account = {0};
    const char       *root = getenv("ROOT"), *note = NULL;
    json_t           *changed = NULL;
    tz_store         *store = NULL;
    tz_names          names = {0};
    const char       *pack = tz_arena_printf(mem, "%s/packs/student-aid", root == NULL ? "." : root);
    const char       *own = tz_arena_printf(mem, "%s/packs/student-aid", county);

    MUST(tz_backup_restore(app, tz_arena_printf(mem, "%s/tests/fixtures/county-v1.zip", root == NULL ? "." : root), county, &account, err));
    MUST(tz_file_make_folder(tz_arena_printf(mem, "%s/checks", own), err));
    MUST(tz_file_copy(tz_arena_printf(mem, "%s/pack.yaml", pack), tz_arena_printf(mem, "%s/pack.yaml", own), 0644, err));
    MUST(tz_file_list(mem, tz_arena_printf(mem, "%s/checks", pack), &names, err));
    for (size_t i = 0; i < names.count; i++)
        MUST(tz_file_copy(tz_arena_printf(mem, "%s/checks/%s", pack, names.items[i]), tz_arena_printf(mem, "%s/checks/%s", own, names.items[i]),
                          0644, err));
    MUST(tz_flow_accept(app, county, "nobody", "wang", "a pack of our own", &changed, err));
    json_decref(changed);
    MUST(tz_store_open(app, county, TZ_WRITE, &store, err));
    store->user = "system";
    MUST(tz_checkpoint_make(mem, store, tz_arena_printf(mem, "%s/key.pem", folder), &note, err));
    tz_store_close(store);
}

/* Is it named? A county that does not open says why. */
static bool is_named(const tz_app *app, const char *county, const char *path, char *ret_first, size_t room)
{
    tz_arena        mem = {0};
    tz_verification result = {0};
    tz_err          wrong = {0};
    tz_rc           rc = tz_flow_verify(&mem, app, county, TZ_VERIFY_ALL, &result, &wrong);

    (void)snprintf(ret_first, room, "%s", rc != TZ_OK ? wrong.en : result.problems.count > 0 ? result.problems.items[0].where : "");
    bool is_there = rc != TZ_OK;
    for (size_t i = 0; i < result.problems.count; i++) /* a file by its name, what stands in ledger.db by entry, row or page */
        is_there |= strcmp(path, "ledger.db") == 0 || strcmp(result.problems.items[i].where, path) == 0 ||
                    strcmp(result.problems.items[i].kind, "config") == 0;
    tz_arena_free(&mem);
    return is_there;
}

static void one_bit_is_named_or_means_nothing(void **state)
{
    (void)state;
    tz_arena    mem = {0};
    tz_app      app = {.lang = TZ_EN, .now_ms = clock_ms, .program = program_path};
    const char *folder = test_folder(&mem), *county = tz_arena_printf(&mem, "%s/county", folder);
    const char *is_long = getenv("TZ_TEST_LONG");
    uint64_t    seed = test_seed();
    int         places = is_long != NULL && is_long[0] != '\0' ? 1000 : 60, named = 0, nothing = 0, in_files = 0;
    file_list   files = {0};
    size_t      total = 0;
    char        first[400];

    make_county(&mem, &app, folder, county);
    read_files(&mem, county, "", &files);
    for (size_t i = 0; i < files.count; i++)
        total += files.items[i].data.size;
    if (is_named(&app, county, "ledger.db", first, sizeof first))
        fail_msg("before any change: %s", first);
    tz_digest before = content_of(&app, county);
    for (int i = 0; i < places; i++) {
        size_t at = test_next(&seed) % total, which = 0;
        char   bit = (char)(1 << test_next(&seed) % 8);
        while (at >= files.items[which].data.size)
            at -= files.items[which++].data.size;
        const one_file *file = &files.items[which];
        const char     *path = tz_arena_printf(&mem, "%s/%s", county, file->path);
        char           *data = (char *)(uintptr_t)file->data.data;
        bool            is_db = strcmp(file->path, "ledger.db") == 0;
        data[at] = (char)(data[at] ^ bit);
        MUST(tz_file_write(path, file->data, 0644, err));
        data[at] = (char)(data[at] ^ bit);
        bool is_there = is_named(&app, county, file->path, first, sizeof first);
        tz_digest after = is_there || !is_db ? before : content_of(&app, county);
        if (!is_there && (!is_db || !tz_digest_equal(&before, &after)))
            fail_msg("%s, byte %zu, bit %d: neither named nor without meaning (first: %s)", file->path, at, bit, first);
        *(is_there ? &named : &nothing) += 1;
        in_files += !is_db;
        MUST(tz_file_write(path, file->data, 0644, err));
    }
    print_message("%zu files, %zu bytes; of %d bits %d are named (%d of them outside of ledger.db), %d lie where nothing is kept\n", files.count,
                  total, places, named, in_files, nothing);
    assert_true(named > places / 3 && in_files > 0);
    if (is_named(&app, county, "ledger.db", first, sizeof first))
        fail_msg("after all changes: %s", first);
    MUST(tz_file_remove_folder(folder, err));
    tz_arena_free(&mem);
}

int main(int argc, char **argv)
{
    (void)argc;
    program_path = argv[0];
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_bit_is_named_or_means_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
