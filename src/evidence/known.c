/* known - what an import of these very bytes said before: where nothing that it rests on has moved, it is
 * said again and no sheet is opened.
 *
 * derived/known-ASKED.json holds the listing. ASKED is a digest of what was asked: the bytes, the file's name,
 * the flags, the language. Inside stands a digest of all else that a reading rests on: the program, packs,
 * configuration, what clerks confirmed, erasures. It is written once the batches are in, goes with derived/,
 * and may be lost at any time.
 */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "evidence/errors.h"
#include "evidence/importing.h"
#include "evidence/memory.h"

/* Another way to read sheets, or another shape of the listing, is another first line of both digests. */
static const char FORMAT[] = "known/1";

/* Where a person says how a column is to be read, looks on, or wants the rows, the file is read. */
static bool may_be_known(const tz_import_options *options)
{
    return !options->is_dry_run && options->errors_path == NULL && options->mapping_path == NULL && options->fix_count == 0;
}

/* ---- What it rests on ---- */

/* Fields end in a zero byte: no name holds one. */
static void put_field(tz_buf *out, const char *text)
{
    if (text != NULL)
        tz_buf_puts(out, text);
    tz_buf_char(out, text == NULL ? '\1' : '\0');
}

static const char *digest_of(const tz_buf *fields)
{
    char      hex[TZ_SM3_HEX];
    tz_digest digest = tz_sm3(fields->data, fields->size);

    tz_digest_hex(&digest, hex);
    return tz_arena_printf(fields->mem, "%.32s", hex);
}

static const char *digest_of_question(const importing *from)
{
    const tz_import_options *options = from->options;
    tz_buf fields = tz_buf_init(from->mem, 0);
    char   hex[TZ_SM3_HEX];

    tz_digest_hex(&from->digest, hex);
    put_field(&fields, FORMAT);
    put_field(&fields, hex);
    put_field(&fields, from->file);
    put_field(&fields, options->register_name);
    put_field(&fields, options->sender);
    put_field(&fields, tz_arena_printf(from->mem, "%d %d", (int)options->as_of, (int)from->store->app->lang));
    if (options->allowed != NULL)
        tz_json_canonical(options->allowed, &fields);
    return digest_of(&fields);
}

/* A line for each row of what the configuration is, what was confirmed, what was erased. */
static tz_rc put_rows(importing *from, const char *select, tz_buf *fields, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(from->store, select, &sql, err));
    TZ_EACH_ROW (from->store, sql, err) {
        put_field(fields, tz_sql_str(sql, 0));
        put_field(fields, tz_sql_str(sql, 1));
    }
done:
    tz_sql_close(sql);
    return rc;
}

static tz_rc digest_of_county(importing *from, const char **ret_digest, tz_err *err)
{
    static const char *const SELECTS[] = {
        "SELECT path, digest FROM config ORDER BY path",
        "SELECT batch, identity FROM batch WHERE withdrawn_entry IS NULL AND " TZ_MEMORY_IS_FIXED " ORDER BY batch",
        "SELECT 'erased', max(erasure) FROM erasure"};
    tz_rc  rc = TZ_OK;
    tz_buf fields = tz_buf_init(from->mem, 0);
    char   hex[TZ_SM3_HEX];

    tz_digest_hex(&from->packs->digest, hex);
    put_field(&fields, FORMAT);
    put_field(&fields, TZ_VERSION);
    put_field(&fields, hex);
    for (size_t i = 0; i < sizeof SELECTS / sizeof SELECTS[0]; i++)
        TZ_TRY(put_rows(from, SELECTS[i], &fields, err));
    *ret_digest = digest_of(&fields);
done:
    return rc;
}

static const char *path_of(const importing *from)
{
    return tz_store_path(from->mem, from->store, "derived", tz_arena_printf(from->mem, "known-%s.json", digest_of_question(from)));
}

/* ---- Finding ---- */

/* Whether every batch that a listing names is of this file and stands. */
static tz_rc stand_all(importing *from, const json_t *lines, bool *ret_stand, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    bool    stand = json_array_size(lines) > 0;
    char    hex[TZ_SM3_HEX];
    size_t  i;
    json_t *line;

    tz_digest_hex(&from->digest, hex);
    json_array_foreach((json_t *)lines, i, line) {
        int64_t batch = tz_json_int(line, "batch", 0), is_there = 0;
        if (batch == 0)
            continue;
        TZ_TRY(tz_sql_one(from->store, "SELECT count(*) FROM batch WHERE batch = ?1 AND original = ?2 AND withdrawn_entry IS NULL",
                          tz_arena_printf(from->mem, "%lld", (long long)batch), hex, &is_there, err));
        stand = stand && is_there == 1;
    }
    *ret_stand = stand;
done:
    return rc;
}

tz_rc tz_known_find(importing *from, bool *ret_is_known, tz_err *err)
{
    tz_assert(from != NULL && ret_is_known != NULL);
    tz_rc       rc = TZ_OK;
    tz_text     text = {0};
    tz_err      ignored;
    const char *rests_on = NULL;
    json_t     *kept = NULL;
    bool        is_known = false;

    if (may_be_known(from->options) && tz_file_load(from->mem, path_of(from), TZ_MAX_BUF_BYTES, &text, &ignored) == TZ_OK &&
        tz_json_parse(text, &kept, &ignored) == TZ_OK) {
        const char *before = tz_json_str(kept, "rests_on");
        TZ_TRY(digest_of_county(from, &rests_on, err));
        if (before != NULL && strcmp(before, rests_on) == 0)
            TZ_TRY(stand_all(from, json_object_get(kept, "lines"), &is_known, err));
    }
    if (is_known)
        (void)json_array_extend(from->report, json_object_get(kept, "lines"));
    *ret_is_known = is_known;
done:
    json_decref(kept);
    return rc;
}

/* ---- Keeping ---- */

/* The listing as the next import of the same bytes gives it. */
static json_t *next_listing(const importing *from)
{
    json_t *lines = json_deep_copy(from->report), *line;
    size_t  i;

    json_array_foreach(lines, i, line)
        if (tz_json_int(line, "batch", 0) > 0) {
            tz_json_set_str(line, "state", "known");
            (void)json_object_set_new(line, "warnings", json_array());
        }
    return lines;
}

/* A workbook that corrects another batch is read: what it stands for depends on that batch too. */
tz_rc tz_known_keep(importing *from, tz_err *err)
{
    tz_assert(from != NULL);
    const char *rests_on = NULL;
    tz_rc       rc = TZ_OK;
    tz_err      ignored;

    if (!may_be_known(from->options) || tz_book_property(from->mem, from->book, TZ_CORRECTS_PROPERTY) != NULL)
        return TZ_OK;
    rc = digest_of_county(from, &rests_on, err);
    if (rc != TZ_OK)
        return rc;
    json_t *kept = json_pack("{s:s, s:o}", "rests_on", rests_on, "lines", next_listing(from));
    char   *text = json_dumps(kept, JSON_COMPACT);
    json_decref(kept);
    if (text != NULL && tz_file_write(path_of(from), tz_text_of(text), 0600, &ignored) != TZ_OK)
        rc = TZ_OK; /* the batches are in: then the file is read the next time */
    free(text);
    return rc;
}
