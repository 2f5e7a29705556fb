#include "evidence/import.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "evidence/batch.h"
#include "evidence/errors.h"
#include "evidence/when.h"
#include "formats/yaml.h"
#include "store/journal.h"

/* One file on its way in. */
typedef struct {
    tz_arena        *mem;
    tz_store        *store;
    const tz_packs  *packs;
    const char      *path, *file;
    const tz_import_options *options;
    tz_book         *book;
    tz_digest        digest;
    const tz_register *wanted;
    tz_map           fixed;      /* of mapping.yaml, column index filled for each register */
    const tz_yaml   *mapping;
    tz_understanding *readings;  /* by sheet */
    bool            *is_taken;
    json_t          *report;
    bool             is_in_transaction;
} importing;

/* One batch before it is real. */
typedef struct {
    tz_batch    batch;
    int32_t     as_of;
    const char *as_of_from;
    const char *period, *sender;
    const char *identity;
    const char *parquet, *staged;
    tz_digest   parquet_digest;
    json_t     *sheets, *slices;
    int64_t     corrects;      /* the batch whose rows this file sends back mended, 0 none */
    int64_t     number, known; /* known: the batch that is in already, 0 none */
} pending;

/* ---- Understanding ---- */

static tz_rc find_wanted(importing *from, tz_err *err)
{
    if (from->options->register_name == NULL)
        return TZ_OK;
    from->wanted = tz_packs_register(from->packs, from->options->register_name);
    if (from->wanted != NULL)
        return TZ_OK;
    (void)tz_fail(err, TZ_USAGE, "没有名册 “%s”", "there is no register '%s'", from->options->register_name);
    return tz_err_advise(err, "用 taizhang pack list 查看名册", "see taizhang pack list");
}

/* mapping.yaml: `columns: {表头: 字段}` */
static tz_rc load_mapping(importing *from, tz_err *err)
{
    static const char *const KEYS[] = {"columns", NULL};
    tz_rc    rc = TZ_OK;
    tz_yaml *root = NULL;

    if (from->options->mapping_path == NULL)
        return TZ_OK;
    TZ_TRY(tz_yaml_load(from->mem, from->options->mapping_path, &root, err));
    TZ_TRY(tz_yaml_only(from->options->mapping_path, root, KEYS, err));
    from->mapping = tz_yaml_get(root, "columns");
    if (from->wanted == NULL) {
        rc = tz_fail(err, TZ_USAGE, "用 mapping.yaml 时要用 --register 指定名册", "a mapping.yaml goes with --register");
        goto done;
    }
    from->fixed = tz_map_init(from->mem);
    TZ_YAML_EACH(item, from->mapping) {
        int column = tz_register_column(from->wanted, item->text);
        if (column < 0) {
            rc = tz_yaml_fail(err, from->options->mapping_path, item, "名册没有列 “%s”", "the register has no column '%s'", item->text);
            goto done;
        }
        tz_map_put(&from->fixed, tz_text_fold(from->mem, tz_text_of(item->key)), NULL)->value = column + 1;
    }
done:
    return rc;
}

static tz_rc understand(importing *from, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    size_t      fitting = 0;
    const char *nearest = "";

    from->readings = tz_new_array(from->mem, tz_understanding, from->book->sheets.count + 1);
    from->is_taken = tz_new_array(from->mem, bool, from->book->sheets.count + 1);
    for (size_t i = 0; i < from->book->sheets.count; i++) {
        tz_sheet_head head;
        TZ_TRY(tz_sheet_head_read(from->mem, from->book, i, &head, err));
        if (head.rows.count == 0)
            continue;
        tz_sheet_understand(from->mem, from->packs, from->wanted, from->file, &head, from->mapping == NULL ? NULL : &from->fixed, &from->readings[i]);
        fitting += from->readings[i].reg != NULL;
        if (from->readings[i].reg == NULL && from->readings[i].nearest[0] != '\0')
            nearest = from->readings[i].nearest;
    }
    if (fitting == 0) {
        rc = tz_fail(err, TZ_INPUT, "没有一张表能对上名册;最接近:%s", "no sheet fits a register; the nearest: %s", nearest[0] ? nearest : "–");
        (void)tz_err_advise(err, "用 --register 指定名册,或用 taizhang template 名册 -o 模板.xlsx 给部门模板",
                            "name the register with --register, or send the department the form: taizhang template");
    }
done:
    return rc;
}

/* ---- Date, period, sender ---- */

static const char *all_titles(importing *from, const tz_register *reg)
{
    tz_buf out = tz_buf_init(from->mem, 0);

    for (size_t i = 0; i < from->book->sheets.count; i++)
        if (from->readings[i].reg == reg) {
            tz_buf_puts(&out, from->readings[i].titles);
            tz_buf_puts(&out, from->book->sheets.items[i].name == NULL ? "" : from->book->sheets.items[i].name);
            tz_buf_char(&out, '\n');
        }
    return tz_buf_str(&out);
}

static bool is_dated(const tz_when *when)
{
    return when->date != 0 || when->term[0] || when->month[0] || when->year[0];
}

/* An error workbook that comes back names the batch it corrects, and keeps its date, period and
 * sender: the file's new name says nothing of them. */
static tz_rc find_corrected(importing *from, const tz_register *reg, pending *batch, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_sql     *sql = NULL;
    bool        has_row = false;
    const char *named = tz_book_property(from->mem, from->book, TZ_CORRECTS_PROPERTY);

    if (named == NULL)
        return TZ_OK;
    TZ_TRY(tz_sql_open(from->store,
                       "SELECT batch, as_of, as_of_from, sender, period FROM batch WHERE register = ?1"
                       " AND instr(?2, substr(identity, 1, 16)) > 0 ORDER BY withdrawn_entry IS NULL DESC, batch DESC", &sql, err));
    tz_sql_bind_text(sql, 1, reg->name);
    tz_sql_bind_text(sql, 2, named);
    TZ_TRY(tz_sql_step(from->store, sql, &has_row, err));
    if (!has_row)
        goto done;
    batch->corrects = tz_sql_int(sql, 0);
    if (batch->as_of == 0 && tz_date_parse_iso(tz_text_of(tz_sql_str(sql, 1)), &batch->as_of))
        batch->as_of_from = tz_sql_dup(from->mem, sql, 2);
    if (batch->sender == NULL && tz_sql_str(sql, 3) != NULL)
        batch->sender = tz_sql_dup(from->mem, sql, 3);
    batch->period = tz_sql_dup(from->mem, sql, 4);
done:
    tz_sql_close(sql);
    return rc;
}

/* What is known before the rows are read. */
static tz_rc find_context(importing *from, const tz_register *reg, pending *batch, tz_err *err)
{
    const char *titles = all_titles(from, reg);
    tz_when     in_title = tz_when_in(titles), in_file = tz_when_in(from->file);
    const char *period = tz_when_period(reg, &in_title);

    if (period[0] == '\0')
        period = tz_when_period(reg, &in_file);
    batch->period = tz_arena_dup(from->mem, period);
    batch->as_of = from->options->as_of;
    batch->as_of_from = "flag";
    batch->sender = from->options->sender;
    tz_rc rc = find_corrected(from, reg, batch, err);
    if (rc != TZ_OK)
        return rc;
    if (batch->as_of == 0) {
        batch->as_of = is_dated(&in_title) ? tz_when_day(from->store->county, &in_title) : tz_when_day(from->store->county, &in_file);
        batch->as_of_from = is_dated(&in_title) ? "title" : "file";
    }
    if (batch->sender == NULL)
        batch->sender = tz_sender_in(from->store->county, reg, titles);
    if (batch->sender == NULL)
        batch->sender = tz_sender_in(from->store->county, reg, from->file);
    if (batch->sender == NULL && strcmp(reg->slice, "all") == 0 && reg->owners.count > 0)
        batch->sender = reg->owners.items[0];
    if (batch->sender == NULL && strcmp(reg->slice, "unit") == 0) {
        (void)tz_fail(err, TZ_INPUT, "不知道是哪个单位报的(名册 %s 按单位替换)",
                      "the sending unit is not known (register %s is replaced by unit)", reg->name);
        return tz_err_advise(err, "用 --from 单位 指明", "name it with --from UNIT");
    }
    bool needs_period = reg->period != TZ_PERIOD_STATE && reg->period != TZ_PERIOD_EVENT && reg->period_column < 0;
    if (needs_period && batch->period[0] == '\0') {
        (void)tz_fail(err, TZ_INPUT, "标题和文件名里没有期次(名册 %s)", "neither title nor file name tells the period (register %s)", reg->name);
        return tz_err_advise(err, "在标题中写明,如 2019年秋季学期", "write it into the title, such as 2019年秋季学期");
    }
    return TZ_OK;
}

static tz_rc settle_date(importing *from, pending *batch, tz_err *err)
{
    if (batch->as_of == 0) {
        batch->as_of = batch->batch.latest;
        batch->as_of_from = "column";
    }
    if (batch->as_of != 0)
        return TZ_OK;
    (void)from;
    (void)tz_fail(err, TZ_INPUT, "不知道数据时点", "the as-of date is not known");
    return tz_err_advise(err, "用 --as-of 日期 指明,或在标题中写 截至2020年6月30日", "give --as-of DATE, or write it into the title");
}

/* ---- Reports ---- */

static json_t *account_json(const tz_account *account)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "rows", (json_int_t)account->rows, "titles",
                     (json_int_t)account->titles, "header", (json_int_t)account->header, "blank", (json_int_t)account->blank, "totals",
                     (json_int_t)account->totals, "notes", (json_int_t)account->notes, "accepted", (json_int_t)account->accepted,
                     "quarantined", (json_int_t)account->quarantined, "duplicates", (json_int_t)account->duplicates);
}

static json_t *mapping_json(tz_arena *mem, const tz_understanding *reading, tz_lang lang)
{
    json_t *mapping = json_array();

    for (size_t i = 0; i < reading->columns.count; i++) {
        const tz_column_match *match = &reading->columns.items[i];
        json_t *line = json_object();
        size_t  len = 0;
        tz_json_set_str(line, "column", match->column < 0 ? NULL : reading->reg->columns.items[match->column].name);
        tz_json_set_str(line, "header", match->header);
        tz_json_set_str(line, "score", tz_arena_printf(mem, "%.2f", match->score));
        const char *reason = match->reason == NULL ? "没有对应的字段|no field fits" : match->reason;
        const char *half = tz_half(reason, lang, &len);
        tz_json_set_str(line, "reason", tz_arena_copy(mem, half, len));
        (void)json_array_append_new(mapping, line);
    }
    return mapping;
}

static json_t *sheets_json(tz_arena *mem, const tz_batch *batch)
{
    json_t *sheets = json_array();

    for (size_t i = 0; i < batch->sheets.count; i++) {
        const tz_batch_sheet *sheet = &batch->sheets.items[i];
        json_t *line = json_object();
        tz_json_set_int(line, "no", sheet->no);
        tz_json_set_str(line, "sheet", sheet->name);
        (void)json_object_set_new(line, "mapping", mapping_json(mem, &sheet->reading, TZ_ZH));
        (void)json_object_set_new(line, "account", account_json(&sheet->account));
        (void)json_array_append_new(sheets, line);
    }
    return sheets;
}

/* The problems of a sheet with rule and advice in the reader's language. */
static json_t *localised(importing *from, const json_t *problems)
{
    static const char *const KEYS[] = {"rule", "advice"};
    json_t *list = json_deep_copy(problems), *line;
    size_t  i, len = 0;

    json_array_foreach(list, i, line)
        for (size_t k = 0; k < 2; k++) {
            const char *both = tz_json_str(line, KEYS[k]);
            const char *half = both == NULL ? NULL : tz_half(both, from->store->app->lang, &len);
            if (half != NULL)
                tz_json_set_str(line, KEYS[k], tz_arena_copy(from->mem, half, len));
        }
    return list;
}

static void add_report(importing *from, const pending *batch, const char *state)
{
    char as_of[TZ_DATE_TEXT];

    tz_date_format(batch->as_of, as_of);
    for (size_t i = 0; i < batch->batch.sheets.count; i++) {
        const tz_batch_sheet *sheet = &batch->batch.sheets.items[i];
        json_t *line = json_object();
        if (batch->corrects > 0)
            tz_json_set_int(line, "corrects", batch->corrects);
        if (batch->number > 0 || batch->known > 0)
            tz_json_set_int(line, "batch", batch->known > 0 ? batch->known : batch->number);
        tz_json_set_str(line, "file", from->file);
        tz_json_set_str(line, "sheet", sheet->name);
        tz_json_set_str(line, "register", batch->batch.reg->name);
        tz_json_set_str(line, "as_of", as_of);
        tz_json_set_str(line, "state", state);
        tz_json_set_str(line, "refused", NULL);
        (void)json_object_set_new(line, "mapping", mapping_json(from->mem, &sheet->reading, from->store->app->lang));
        (void)json_object_set_new(line, "account", account_json(&sheet->account));
        (void)json_object_set_new(line, "quarantined", localised(from, sheet->quarantined));
        (void)json_array_append_new(from->report, line);
    }
}

/* ---- One batch ---- */

/* What makes a batch itself: the file, the register as declared, and how its sheets were read. */
static void identify(importing *from, pending *batch)
{
    tz_buf text = tz_buf_init(from->mem, 0);
    char   hex[TZ_SM3_HEX];
    char   as_of[TZ_DATE_TEXT];

    tz_digest_hex(&from->digest, hex);
    tz_buf_printf(&text, "%s\n%s\n", hex, batch->batch.reg->name);
    tz_digest_hex(&batch->batch.reg->version, hex);
    tz_date_format(batch->as_of, as_of);
    tz_buf_printf(&text, "%s\n%s\n%s\n", hex, as_of, batch->sender == NULL ? "" : batch->sender);
    for (size_t i = 0; i < batch->batch.sheets.count; i++) {
        const tz_batch_sheet *sheet = &batch->batch.sheets.items[i];
        tz_buf_printf(&text, "%lld %zu %zu\n", (long long)sheet->no, sheet->reading.header_first, sheet->reading.header_count);
        for (size_t j = 0; j < sheet->reading.columns.count; j++)
            tz_buf_printf(&text, " %d>%d\n", sheet->reading.columns.items[j].sheet_column, sheet->reading.columns.items[j].column);
    }
    tz_digest identity = tz_sm3(text.data, text.size);
    tz_digest_hex(&identity, hex);
    batch->identity = tz_arena_dup(from->mem, hex);
}

static tz_rc read_batch(importing *from, const tz_register *reg, pending *batch, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(find_context(from, reg, batch, err));
    TZ_TRY(tz_batch_open(from->store, reg, batch->sender, batch->period, &batch->batch, err));
    for (size_t i = 0; i < from->book->sheets.count; i++)
        if (from->readings[i].reg == reg) {
            from->is_taken[i] = true;
            TZ_TRY(tz_batch_read(from->mem, &batch->batch, from->book, i, &from->readings[i], err));
        }
    TZ_TRY(tz_batch_settle(from->mem, &batch->batch, err));
    TZ_TRY(settle_date(from, batch, err));
    identify(from, batch);
    TZ_TRY(tz_sql_one(from->store, "SELECT batch FROM batch WHERE identity = ?1 AND withdrawn_entry IS NULL",
                      batch->identity, NULL, &batch->known, err));
done:
    return rc;
}

/* The Parquet file under its final name, before the transaction: an orphan until it commits. */
static tz_rc write_parquet(importing *from, pending *batch, tz_err *err)
{
    tz_rc rc = TZ_OK;

    batch->parquet = tz_arena_printf(from->mem, "%s-%.16s.parquet", batch->batch.reg->name, batch->identity);
    const char *path = tz_store_path(from->mem, from->store, "evidence", batch->parquet);
    batch->staged = tz_file_staging(from->mem, path);
    TZ_TRY(tz_batch_write(from->mem, &batch->batch, batch->staged, &batch->slices, err));
    TZ_TRY(tz_sm3_file(batch->staged, &batch->parquet_digest, NULL, err));
    TZ_TRY(tz_file_commit(batch->staged, path, 0444, err));
    batch->sheets = sheets_json(from->mem, &batch->batch);
done:
    return rc;
}

static void sum_rows(const tz_batch *batch, int64_t *ret_accepted, int64_t *ret_quarantined)
{
    *ret_accepted = *ret_quarantined = 0;
    for (size_t i = 0; i < batch->sheets.count; i++) {
        *ret_accepted += batch->sheets.items[i].account.accepted;
        *ret_quarantined += batch->sheets.items[i].account.quarantined;
    }
}

static json_t *batch_image(importing *from, const pending *batch)
{
    char    hex[TZ_SM3_HEX], as_of[TZ_DATE_TEXT];
    int64_t accepted, quarantined;
    json_t *image = json_object();

    sum_rows(&batch->batch, &accepted, &quarantined);
    tz_date_format(batch->as_of, as_of);
    tz_json_set_int(image, "batch", batch->number);
    tz_json_set_str(image, "register", batch->batch.reg->name);
    tz_digest_hex(&batch->batch.reg->version, hex);
    tz_json_set_str(image, "register_version", hex);
    tz_json_set_str(image, "identity", batch->identity);
    tz_digest_hex(&from->digest, hex);
    tz_json_set_str(image, "original", hex);
    tz_json_set_str(image, "file", from->file);
    char *sheets = json_dumps(batch->sheets, JSON_COMPACT | JSON_SORT_KEYS);
    tz_json_set_str(image, "sheets", sheets);
    free(sheets);
    tz_json_set_str(image, "sender", batch->sender);
    tz_json_set_str(image, "as_of", as_of);
    tz_json_set_str(image, "as_of_from", batch->as_of_from);
    tz_json_set_str(image, "period", batch->period);
    tz_json_set_str(image, "parquet", batch->parquet);
    tz_digest_hex(&batch->parquet_digest, hex);
    tz_json_set_str(image, "parquet_digest", hex);
    tz_json_set_int(image, "accepted", accepted);
    tz_json_set_int(image, "quarantined", quarantined);
    (void)json_object_set_new(image, "corrects", batch->corrects > 0 ? json_integer(batch->corrects) : json_null());
    tz_json_set_int(image, "accepted_entry", 0);
    (void)json_object_set_new(image, "withdrawn_entry", json_null());
    (void)json_object_set_new(image, "withdrawn_why", json_null());
    return image;
}

/* A delivery without a row still replaces what it stands for. */
static void add_empty_slice(const pending *batch)
{
    if (json_array_size(batch->slices) > 0 || batch->batch.reg->slice_column >= 0)
        return;
    const char *slice = strcmp(batch->batch.reg->slice, "unit") == 0 && batch->sender != NULL ? batch->sender : "";
    (void)json_array_append_new(batch->slices, json_pack("{s:s, s:s, s:i}", "slice", slice, "period", batch->period, "rows", 0));
}

static tz_rc put_slices(importing *from, const pending *batch, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_bulk *bulk = NULL;
    size_t   i;
    json_t  *slice;

    add_empty_slice(batch);
    TZ_TRY(tz_bulk_begin(from->store, "batch.slices", "batch_slice", NULL, &bulk, err));
    json_array_foreach(batch->slices, i, slice) {
        tz_json_set_int(slice, "batch", batch->number);
        TZ_TRY(tz_bulk_add(bulk, slice, err));
    }
    rc = tz_bulk_end(bulk, NULL, err);
    bulk = NULL;
done:
    tz_bulk_drop(bulk);
    return rc;
}

static tz_rc put_batch(importing *from, pending *batch, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *image = NULL;

    TZ_TRY(tz_journal_next_id(from->store, "batch", "batch", &batch->number, err));
    image = batch_image(from, batch);
    TZ_TRY(tz_journal_put(from->store, "batch.accept", "batch", image, NULL, NULL, err));
    TZ_TRY(put_slices(from, batch, err));
done:
    json_decref(image);
    return rc;
}

/* ---- One file ---- */

static tz_rc accept(importing *from, pending *batches, size_t count, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_digest kept;
    size_t    fresh = 0;

    for (size_t i = 0; i < count; i++)
        fresh += batches[i].known == 0;
    if (fresh == 0 || from->options->is_dry_run)
        return TZ_OK;
    for (size_t i = 0; i < count; i++)
        if (batches[i].known == 0)
            TZ_TRY(write_parquet(from, &batches[i], err));
    TZ_TRY(tz_store_begin(from->store, err));
    TZ_TRY(tz_store_keep(from->store, from->path, from->file, &kept, err));
    if (!tz_digest_equal(&kept, &from->digest)) {
        rc = tz_fail(err, TZ_INPUT, "读取期间文件被改动", "the file changed while it was read");
        goto done;
    }
    for (size_t i = 0; i < count; i++)
        if (batches[i].known == 0)
            TZ_TRY(put_batch(from, &batches[i], err));
    TZ_TRY(tz_store_commit(from->store, err));
done:
    if (rc != TZ_OK)
        tz_store_rollback(from->store);
    return rc;
}

/* The batches of the file, for the workbook that asks for corrections; none of a dry run. */
static const char *identities_of(importing *from, const pending *batches, size_t count)
{
    tz_buf out = tz_buf_init(from->mem, 240); /* Excel keeps 255 characters */

    for (size_t i = 0; i < count; i++)
        if (batches[i].known > 0 || batches[i].number > 0)
            tz_buf_printf(&out, "%s%.16s", i == 0 ? "" : " ", batches[i].identity);
    return tz_buf_str(&out);
}

/* The files of an archive that are no tables: the others are taken, these are listed. */
static void add_refusals(importing *from)
{
    for (size_t i = 0; i < from->book->sheets.count; i++) {
        const tz_sheet_info *sheet = &from->book->sheets.items[i];
        char text[1400];
        if (sheet->refused == NULL)
            continue;
        json_t *line = json_object();
        tz_err_line(sheet->refused, from->store->app->lang, text, sizeof text);
        tz_json_set_str(line, "file", from->file);
        tz_json_set_str(line, "sheet", sheet->name);
        tz_json_set_str(line, "state", "refused");
        tz_json_set_str(line, "refused", text);
        (void)json_array_append_new(from->report, line);
    }
}

static void free_pending(pending *batch)
{
    json_decref(batch->sheets);
    json_decref(batch->slices);
    tz_batch_close(&batch->batch);
}

/* Reads the registers of a file one after the other, then takes all in at once. */
static tz_rc import_book(importing *from, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    size_t   count = 0;
    pending *batches = tz_new_array(from->mem, pending, from->book->sheets.count + 1);

    for (size_t i = 0; i < from->book->sheets.count; i++)
        if (from->readings[i].reg != NULL && !from->is_taken[i])
            TZ_TRY(read_batch(from, from->readings[i].reg, &batches[count++], err));
    TZ_TRY(accept(from, batches, count, err));
    for (size_t i = 0; i < count; i++)
        add_report(from, &batches[i], from->options->is_dry_run ? "dry run" : batches[i].known > 0 ? "known" : "accepted");
    add_refusals(from);
    if (from->options->errors_path != NULL)
        TZ_TRY(tz_errors_write(from->mem, from->book, from->report, identities_of(from, batches, count),
                               from->options->errors_path, err));
done:
    for (size_t i = 0; i < count; i++)
        free_pending(&batches[i]);
    return rc;
}

tz_rc tz_import_file(tz_arena *mem, tz_store *store, const tz_packs *packs, const char *path, const tz_import_options *options,
                     json_t **ret_report, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && path != NULL && options != NULL && ret_report != NULL);
    tz_rc     rc = TZ_OK;
    importing from = {.mem = mem, .store = store, .packs = packs, .path = path, .file = tz_file_base(path), .options = options,
                      .report = json_array()};

    TZ_TRY(find_wanted(&from, err));
    TZ_TRY(load_mapping(&from, err));
    TZ_TRY(tz_sm3_file(path, &from.digest, NULL, err));
    TZ_TRY(tz_book_open(mem, path, &from.book, err));
    TZ_TRY(understand(&from, err));
    TZ_TRY(import_book(&from, err));
    *ret_report = json_incref(from.report);
done:
    tz_book_close(from.book);
    json_decref(from.report);
    return rc == TZ_OK ? rc : tz_err_at(err, from.file, NULL, 0, NULL);
}

/* ---- Files of a path ---- */

static bool is_left_out(const char *name)
{
    return name[0] == '.' || name[0] == '~' || strcmp(name, "answers.json") == 0;
}

static tz_rc add_files(tz_arena *mem, const char *path, tz_names *files, tz_err *err)
{
    tz_names names;
    tz_rc    rc = tz_file_list(mem, path, &names, err);

    for (size_t i = 0; rc == TZ_OK && i < names.count; i++) {
        const char *inner = tz_arena_printf(mem, "%s/%s", path, names.items[i]);
        if (is_left_out(names.items[i]))
            continue;
        if (tz_file_is_folder(inner))
            rc = add_files(mem, inner, files, err);
        else
            tz_push(mem, files, tz_arena_dup(mem, inner));
    }
    return rc;
}

tz_rc tz_import_find(tz_arena *mem, const char *path, tz_names *ret_files, tz_err *err)
{
    tz_assert(mem != NULL && path != NULL && ret_files != NULL);
    tz_names files = {0};

    if (!tz_file_exists(path)) {
        (void)tz_fail(err, TZ_MISSING, "没有这个文件:%s", "there is no such file: %s", path);
        return tz_err_advise(err, "核对路径", "check the path");
    }
    if (!tz_file_is_folder(path)) {
        tz_push(mem, &files, tz_arena_dup(mem, path));
    } else {
        tz_rc rc = add_files(mem, path, &files, err);
        if (rc != TZ_OK)
            return rc;
        if (files.count == 0) {
            (void)tz_fail(err, TZ_INPUT, "文件夹是空的:%s", "the folder is empty: %s", path);
            return tz_err_advise(err, "放入部门报来的 .xlsx 或 .csv", "put the departments' .xlsx or .csv files into it");
        }
    }
    *ret_files = files;
    return TZ_OK;
}

/* ---- Typing again ---- */

/* A batch as recorded. */
typedef struct {
    const char *register_name, *original, *file, *sender, *as_of, *parquet, *parquet_digest;
} recorded;

static tz_rc list_recorded(tz_arena *mem, tz_store *store, recorded **ret_items, size_t *ret_count, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = true;
    struct { recorded *items; size_t count; size_t room; } list = {0};

    TZ_TRY(tz_sql_open(store, "SELECT register, original, file, sender, as_of, parquet, parquet_digest FROM batch ORDER BY batch", &sql, err));
    for (;;) {
        TZ_TRY(tz_sql_step(store, sql, &has_row, err));
        if (!has_row)
            break;
        tz_push(mem, &list, (recorded){tz_sql_dup(mem, sql, 0), tz_sql_dup(mem, sql, 1), tz_sql_dup(mem, sql, 2), tz_sql_dup(mem, sql, 3),
                                       tz_sql_dup(mem, sql, 4), tz_sql_dup(mem, sql, 5), tz_sql_dup(mem, sql, 6)});
    }
    *ret_items = list.items;
    *ret_count = list.count;
done:
    tz_sql_close(sql);
    return rc;
}

static tz_rc type_again(tz_arena *mem, tz_store *store, const tz_packs *packs, const recorded *batch, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    pending           again = {0};
    char              hex[TZ_SM3_HEX];
    tz_import_options options = {.register_name = batch->register_name, .sender = batch->sender};
    importing from = {.mem = mem, .store = store, .packs = packs, .file = batch->file, .options = &options, .report = json_array()};

    (void)tz_date_parse_iso(tz_text_of(batch->as_of), &options.as_of);
    from.path = tz_store_path(mem, store, "originals", batch->original);
    TZ_TRY(find_wanted(&from, err));
    TZ_TRY(tz_sm3_file(from.path, &from.digest, NULL, err));
    TZ_TRY(tz_book_open(mem, from.path, &from.book, err));
    TZ_TRY(understand(&from, err));
    TZ_TRY(read_batch(&from, from.wanted, &again, err));
    TZ_TRY(write_parquet(&from, &again, err));
    tz_digest_hex(&again.parquet_digest, hex);
    if (strcmp(hex, batch->parquet_digest) != 0 || strcmp(again.parquet, batch->parquet) != 0)
        rc = tz_fail(err, TZ_TAMPER, "%s 重新生成后与日志不符", "%s made again is not what the journal says", batch->parquet);
done:
    free_pending(&again);
    tz_book_close(from.book);
    json_decref(from.report);
    return rc;
}

tz_rc tz_batch_rebuild(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL);
    recorded *items = NULL;
    size_t    count = 0;
    tz_rc     rc = list_recorded(mem, store, &items, &count, err);

    for (size_t i = 0; rc == TZ_OK && i < count; i++)
        if (!tz_file_exists(tz_store_path(mem, store, "evidence", items[i].parquet)))
            rc = type_again(mem, store, packs, &items[i], err);
    return rc;
}
