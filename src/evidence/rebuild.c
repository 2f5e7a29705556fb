/* rebuild - typing a batch again from its original: for its file of rows, and for the workbook that asks for corrections. */
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "evidence/errors.h"
#include "evidence/importing.h"

/* A batch as recorded. */
typedef struct {
    const char *register_name, *original, *file, *sender, *as_of, *parquet, *parquet_digest, *sheets, *identity;
} recorded;

/* All batches, or one. */
static tz_rc list_recorded(tz_arena *mem, tz_store *store, int64_t only, recorded **ret_items, size_t *ret_count, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    struct { recorded *items; size_t count; size_t room; } list = {0};

    TZ_TRY(tz_sql_open(store, "SELECT register, original, file, sender, as_of, parquet, parquet_digest, sheets, identity FROM batch"
                              " WHERE ?1 = 0 OR batch = ?1 ORDER BY batch", &sql, err));
    tz_sql_bind_int(sql, 1, only);
    TZ_EACH_ROW (store, sql, err) {
        tz_push(mem, &list, (recorded){tz_sql_dup(mem, sql, 0), tz_sql_dup(mem, sql, 1), tz_sql_dup(mem, sql, 2), tz_sql_dup(mem, sql, 3),
                                       tz_sql_dup(mem, sql, 4), tz_sql_dup(mem, sql, 5), tz_sql_dup(mem, sql, 6),
                                       tz_sql_dup(mem, sql, 7), tz_sql_dup(mem, sql, 8)});
    }
    *ret_items = list.items;
    *ret_count = list.count;
done:
    tz_sql_close(sql);
    return rc;
}

/* What mapping.yaml, or memory at that time, fixed of the batch's columns. */
static tz_rc load_fixed(importing *from, const char *text, tz_err *err)
{
    json_t *sheets = NULL, *sheet, *match;
    size_t  i, j;
    tz_rc   rc = tz_json_parse(tz_text_of(text), &sheets, err);

    json_array_foreach(sheets, i, sheet)
        json_array_foreach(json_object_get(sheet, "mapping"), j, match) {
            const char *column = tz_json_str(match, "column");
            if (!json_is_true(json_object_get(match, "fixed")))
                continue;
            if (from->fixed == NULL) {
                from->fixed = tz_new(from->mem, tz_map);
                *from->fixed = tz_map_init(from->mem);
            }
            tz_map_put(from->fixed, tz_text_fold(from->mem, tz_text_of(tz_json_str(match, "header"))), NULL)->value =
                column == NULL ? 0 : tz_register_column(from->wanted, column) + 1;
        }
    json_decref(sheets);
    return rc;
}

/* Reads the original as it was read for the batch. errors_path: where its rows to be corrected go instead, or NULL. */
static tz_rc type_again(tz_arena *mem, tz_store *store, const tz_packs *packs, const recorded *batch, const char *errors_path, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    pending           again = {0};
    char              hex[TZ_SM3_HEX];
    tz_import_options options = {.register_name = batch->register_name, .sender = batch->sender, .errors_path = errors_path};
    importing from = {.mem = mem, .store = store, .packs = packs, .file = batch->file, .options = &options, .report = json_array()};

    (void)tz_date_parse_iso(tz_text_of(batch->as_of), &options.as_of);
    from.path = tz_store_path(mem, store, "originals", batch->original);
    TZ_TRY(tz_importing_find_wanted(&from, err));
    TZ_TRY(load_fixed(&from, batch->sheets, err));
    TZ_TRY(tz_sm3_file(from.path, &from.digest, &from.bytes, err));
    TZ_TRY(tz_book_open(mem, from.path, &from.book, err));
    TZ_TRY(tz_importing_understand(&from, err));
    TZ_TRY(tz_importing_read(&from, from.wanted, &again, err));
    if (errors_path != NULL) {
        tz_listing_add(&from, &again, "accepted");
        rc = tz_errors_write(mem, from.book, from.report, tz_arena_copy(mem, batch->identity, 16), errors_path, err);
        goto done;
    }
    TZ_TRY(tz_importing_write(&from, &again, err));
    tz_digest_hex(&again.parquet_digest, hex);
    if (strcmp(hex, batch->parquet_digest) != 0 || strcmp(again.parquet, batch->parquet) != 0)
        rc = tz_fail(err, TZ_TAMPER, "%s 重新生成后与日志不符", "%s made again is not what the journal says", batch->parquet);
done:
    tz_pending_free(&again);
    tz_book_close(from.book);
    json_decref(from.report);
    return rc;
}

tz_rc tz_batch_errors(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t batch, const char *path, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && path != NULL);
    recorded *items = NULL;
    size_t    count = 0;
    tz_rc     rc = list_recorded(mem, store, batch, &items, &count, err);

    if (rc != TZ_OK)
        return rc;
    if (batch <= 0 || count == 0)
        return tz_fail(err, TZ_MISSING, "没有批次 %lld", "there is no batch %lld", (long long)batch);
    return type_again(mem, store, packs, &items[0], path, err);
}

tz_rc tz_batch_rebuild(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL);
    recorded *items = NULL;
    size_t    count = 0;
    tz_rc     rc = list_recorded(mem, store, 0, &items, &count, err);

    for (size_t i = 0; rc == TZ_OK && i < count; i++)
        if (!tz_file_exists(tz_store_path(mem, store, "evidence", items[i].parquet)))
            rc = type_again(mem, store, packs, &items[i], NULL, err);
    return rc;
}
