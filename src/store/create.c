/* create - a new data directory.
 *
 *   1. The folder is made, or found empty; what an interrupted `new` left counts as nothing.
 *   2. Its parts, county.yaml, divisions.tsv and calendar.tsv are written.
 *   3. ledger.db is made under a temporary name, with its tables, its secret and its first users.
 *   4. It is closed and renamed: from this moment the folder is a county.
 */
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "store/config.h"
#include "store/inside.h"
#include "store/journal.h"
#include "store/schema.h"

static const char *const PARTS[] = {"evidence", "originals", "packs", "derived"};
enum { PART_COUNT = 4 };

static bool is_left_over(const char *name)
{
    if (strcmp(name, "county.yaml") == 0 || strcmp(name, "divisions.tsv") == 0 || strcmp(name, "calendar.tsv") == 0 ||
        strstr(name, ".tmp-") != NULL)
        return true;
    for (int i = 0; i < PART_COUNT; i++)
        if (strcmp(name, PARTS[i]) == 0)
            return true;
    return false;
}

static tz_rc check_empty(tz_arena *mem, const char *folder, tz_err *err)
{
    tz_names names = {0};
    tz_err   ignored;
    bool     is_empty = !tz_file_exists(folder) || tz_file_list(mem, folder, &names, &ignored) == TZ_OK;

    for (size_t i = 0; i < names.count; i++)
        is_empty = is_empty && is_left_over(names.items[i]);
    if (is_empty)
        return TZ_OK;
    (void)tz_fail(err, TZ_USAGE, "%s 已存在且不是空文件夹", "'%s' exists and is no empty folder", folder);
    return tz_err_advise(err, "换一个名字", "choose another name");
}

/* The secret, and its digest as a `config` row: verify shows when it was changed. */
static tz_rc put_secret(tz_store *store, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    uint8_t  secret[32];
    char     hex[TZ_SM3_HEX], digest_hex[TZ_SM3_HEX];

    tz_random(secret, sizeof secret);
    tz_hex(secret, sizeof secret, hex);
    TZ_TRY(tz_store_exec(store, tz_arena_printf(&mem, "INSERT INTO meta VALUES ('secret', '%s')", hex), true, err));
    tz_digest digest = tz_sm3(secret, sizeof secret);
    tz_digest_hex(&digest, digest_hex);
    TZ_TRY(tz_config_put(store, "secret", digest_hex, "new", err));
done:
    memset(secret, 0, sizeof secret);
    tz_arena_free(&mem);
    return rc;
}

static tz_rc put_user(tz_store *store, const char *user, const char *roles, const char *system_user, tz_err *err)
{
    json_t *image = json_object();

    tz_json_set_str(image, "user", user);
    tz_json_set_str(image, "name", user);
    tz_json_set_str(image, "unit", NULL);
    tz_json_set_str(image, "roles", roles);
    tz_json_set_str(image, "system_user", system_user);
    tz_json_set_str(image, "state", "active");
    tz_rc rc = tz_journal_put(store, "user.add", "user", image, "new", NULL, err);
    json_decref(image);
    return rc;
}

static tz_rc fill(tz_store *store, const char *system_user, tz_err *err)
{
    tz_rc rc = TZ_OK;

    store->is_writable = true;
    store->user = "system";
    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(tz_schema_create(store, TZ_SCHEMA, TZ_SCHEMA_COUNT, err));
    TZ_TRY(put_user(store, "system", "[\"system\"]", NULL, err));
    TZ_TRY(put_user(store, system_user, "[\"clerk\",\"inspector\",\"system\"]", system_user, err));
    TZ_TRY(put_secret(store, err));
    TZ_TRY(tz_store_commit(store, err));
done:
    return rc;
}

tz_rc tz_store_create(const tz_app *app, const char *folder, const char *division_code, const char *county_name,
                      const char *const *packs, size_t pack_count, const char *system_user, tz_err *err)
{
    tz_assert(app != NULL && folder != NULL && division_code != NULL && system_user != NULL);
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    tz_store   *store = tz_store_new(app, folder);
    const char *path = tz_arena_printf(&mem, "%s/ledger.db", folder);
    char       *staged = tz_file_staging(&mem, path);

    TZ_TRY(check_empty(&mem, folder, err));
    TZ_TRY(tz_county_check_code(division_code, err));
    TZ_TRY(tz_file_make_folder(folder, err));
    for (int i = 0; i < PART_COUNT; i++)
        TZ_TRY(tz_file_make_folder(tz_store_path(&mem, store, PARTS[i], NULL), err));
    TZ_TRY(tz_county_write(app, folder, division_code, county_name, packs, pack_count, err));
    TZ_TRY(tz_store_open_db(store, staged, true, err));
    TZ_TRY(fill(store, system_user, err));
    tz_store_close(store); /* writes the WAL back, so that one file is all there is */
    store = NULL;
    TZ_TRY(tz_file_commit(staged, path, 0644, err));
done:
    tz_store_close(store);
    if (tz_file_exists(folder))
        tz_file_sweep(folder);
    tz_arena_free(&mem);
    return rc;
}
