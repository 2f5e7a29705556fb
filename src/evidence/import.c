#include "evidence/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/half.h"
#include "evidence/drawing.h"
#include "evidence/errors.h"
#include "evidence/importing.h"
#include "evidence/mapping.h"
#include "evidence/memory.h"
#include "evidence/preview.h"
#include "evidence/when.h"
#include "formats/yaml.h"
#include "store/journal.h"

/* Problems of a table that the workbook for corrections marks, at most. */
enum { MARKED_PROBLEMS = 50000 };

/* ---- Understanding ---- */

tz_rc tz_importing_find_wanted(importing *from, tz_err *err)
{
    if (from->options->register_name == NULL)
        return TZ_OK;
    from->wanted = tz_packs_register(from->packs, from->options->register_name);
    if (from->wanted != NULL)
        return TZ_OK;
    (void)tz_fail(err, TZ_USAGE, "没有名册 “%s”", "there is no register '%s'", from->options->register_name);
    return tz_err_advise(err, "用 taizhang pack list 查看名册", "see taizhang pack list");
}

/* mapping.yaml: `register: 名册` and `columns: {表头: 字段}`; a field that is ~ is not taken. */
static tz_rc load_mapping(importing *from, tz_err *err)
{
    static const char *const KEYS[] = {"register", "columns", NULL};
    tz_rc       rc = TZ_OK;
    tz_yaml    *root = NULL;
    const char *path = from->options->mapping_path;

    if (path == NULL)
        return TZ_OK;
    TZ_TRY(tz_yaml_load(from->mem, path, &root, err));
    TZ_TRY(tz_yaml_only(path, root, KEYS, err));
    const char *name = tz_yaml_str(root, "register", NULL);
    if (from->wanted == NULL && name != NULL)
        from->wanted = tz_packs_register(from->packs, name);
    if (from->wanted == NULL) {
        rc = tz_fail(err, TZ_USAGE, "用 mapping.yaml 时要用 --register 指定名册,或在其中写 register",
                     "a mapping.yaml names its register, or goes with --register");
        goto done;
    }
    from->fixed = tz_new(from->mem, tz_map);
    *from->fixed = tz_map_init(from->mem);
    TZ_YAML_EACH(item, tz_yaml_get(root, "columns")) {
        int column = item->is_null ? -1 : tz_register_column(from->wanted, item->text);
        if (!item->is_null && column < 0) {
            rc = tz_yaml_fail(err, path, item, "名册没有列 “%s”", "the register has no column '%s'", item->text);
            goto done;
        }
        tz_map_put(from->fixed, tz_text_fold(from->mem, tz_text_of(item->key)), NULL)->value = column + 1;
    }
done:
    return rc;
}

/* The map of what was said of a register's columns, made at the first. */
static tz_map *by_hand_of(importing *from, const tz_register *reg)
{
    for (size_t i = 0; i < from->by_hand.count; i++)
        if (from->by_hand.items[i].reg == reg)
            return &from->by_hand.items[i].columns;
    tz_push(from->mem, &from->by_hand, (tz_fixed_register){.reg = reg, .columns = tz_map_init(from->mem)});
    return &from->by_hand.items[from->by_hand.count - 1].columns;
}

static tz_rc load_fixes(importing *from, tz_err *err)
{
    for (size_t i = 0; i < from->options->fix_count; i++) {
        const tz_column_fix *fix = &from->options->fixes[i];
        const tz_register   *reg = tz_packs_register(from->packs, fix->register_name);
        int                  column = reg == NULL || fix->column == NULL ? -1 : tz_register_column(reg, fix->column);
        if (reg == NULL)
            return tz_fail(err, TZ_USAGE, "没有名册 “%s”", "there is no register '%s'", fix->register_name);
        if (fix->column != NULL && column < 0)
            return tz_fail(err, TZ_USAGE, "名册没有列 “%s”", "the register has no column '%s'", fix->column);
        tz_map_put(by_hand_of(from, reg), tz_text_fold(from->mem, tz_text_of(fix->header)), NULL)->value = column + 1;
    }
    return TZ_OK;
}

/* Somebody looks, who may say what is not known. */
static bool is_looked_at(const importing *from)
{
    return from->options->is_dry_run && from->options->ret_drawing != NULL;
}

static int compare_tables(const void *a, const void *b)
{
    const tz_understanding *x = a, *y = b;
    return (x->no > y->no) - (x->no < y->no);
}

/* What is not sure is asked before anything is taken. */
static tz_rc ask(importing *from, tz_err *err)
{
    for (size_t i = 0; i < from->tables.count; i++) {
        const tz_understanding *table = &from->tables.items[i];
        if (table->question == NULL || from->options->is_dry_run)
            continue;
        (void)tz_fail(err, TZ_INPUT, "拿不准,先问:%s", "not sure, so it is asked: %s", tz_half_dup(from->mem, table->question, TZ_ZH));
        (void)snprintf(err->en, sizeof err->en, "not sure, so it is asked: %s", tz_half_dup(from->mem, table->question, TZ_EN));
        return tz_err_advise(err, "taizhang import 文件 --dry-run -o mapping.yaml,核对后加 --mapping mapping.yaml 再入账",
                             "taizhang import FILE --dry-run -o mapping.yaml, check it, and import with --mapping mapping.yaml");
    }
    return TZ_OK;
}

/* What no table was found in: why a file of an archive was refused, what a sheet is nearest to. */
typedef struct {
    const tz_err *refused;
    const char   *nearest;
} found_nothing;

static tz_rc find_tables(importing *from, bool takes_nearest, found_nothing *nothing, tz_err *err)
{
    int64_t        next_no = (int64_t)from->book->sheets.count + 1;
    tz_sheet_hints hints = {.packs = from->packs, .wanted = from->wanted, .file = from->file, .sender = from->options->sender,
                            .county = from->store->county, .fixed = from->fixed, .memory = from->memory, .by_hand = &from->by_hand,
                            .takes_nearest = takes_nearest};

    from->left_out.count = 0;
    for (size_t i = 0; i < from->book->sheets.count; i++) {
        const char *now = "";
        size_t      before = from->tables.count;
        if (from->book->sheets.items[i].refused != NULL) {
            nothing->refused = from->book->sheets.items[i].refused;
            continue;
        }
        tz_rc rc = tz_tables_find(from->mem, from->book, i, &hints, &next_no, &from->tables, &now, err);
        if (rc != TZ_OK)
            return rc;
        if (from->tables.count == before && now[0] != '\0')
            nothing->nearest = now;
        if (from->tables.count == before)
            tz_push(from->mem, &from->left_out, (left_out){i, now});
    }
    return TZ_OK;
}

/* Whether the sender may deliver what the tables are of. */
static tz_rc check_allowed(importing *from, tz_err *err)
{
    for (size_t i = 0; from->options->allowed != NULL && i < from->tables.count; i++) {
        const tz_register *reg = from->tables.items[i].reg;
        bool               is_allowed = false;
        for (size_t j = 0; j < json_array_size(from->options->allowed); j++) {
            const char *name = json_string_value(json_array_get(from->options->allowed, j));
            is_allowed = is_allowed || (name != NULL && strcmp(name, reg->name) == 0);
        }
        if (is_allowed)
            continue;
        (void)tz_fail(err, TZ_REFUSED, "名册“%s”不由你的单位报送", "register '%s' is not your unit's to deliver",
                      tz_half_dup(from->mem, reg->title, TZ_ZH));
        return tz_err_advise(err, "请指明正确的名册,或转交主管单位", "name the right register, or pass the file to its unit");
    }
    return TZ_OK;
}

/* Finds the tables of all sheets. */
tz_rc tz_importing_understand(importing *from, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    found_nothing nothing = {.nearest = ""};

    TZ_TRY(find_tables(from, false, &nothing, err));
    if (from->tables.count == 0 && is_looked_at(from))
        TZ_TRY(find_tables(from, true, &nothing, err));
    const char   *nearest = nothing.nearest;
    const tz_err *refused = nothing.refused;
    if (from->tables.count == 0 && refused != NULL && from->left_out.count == 0) {
        *err = *refused; /* nothing of the file is a table */
        rc = err->code;
        goto done;
    }
    if (from->tables.count == 0) {
        rc = tz_fail(err, TZ_INPUT, "没有一张表能对上名册;最接近:%s", "no sheet fits a register; the nearest: %s", nearest[0] ? nearest : "–");
        (void)tz_err_advise(err, "用 --register 指定名册,或用 taizhang template 名册 -o 模板.xlsx 给部门模板",
                            "name the register with --register, or send the department the form: taizhang template");
        goto done;
    }
    qsort(from->tables.items, from->tables.count, sizeof from->tables.items[0], compare_tables);
    from->is_taken = tz_new_array(from->mem, bool, from->tables.count);
    TZ_TRY(check_allowed(from, err));
    rc = ask(from, err);
done:
    return rc;
}

/* ---- Date, period, sender ---- */

static const char *all_titles(importing *from, const tz_register *reg)
{
    tz_buf out = tz_buf_init(from->mem, 0);

    for (size_t i = 0; i < from->tables.count; i++)
        if (from->tables.items[i].reg == reg) {
            const char *name = from->book->sheets.items[from->tables.items[i].sheet].name;
            tz_buf_puts(&out, from->tables.items[i].titles);
            tz_buf_puts(&out, name == NULL ? "" : name);
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

static tz_rc settle_date(pending *batch, tz_err *err)
{
    if (batch->as_of == 0) {
        batch->as_of = batch->batch.latest;
        batch->as_of_from = "column";
    }
    if (batch->as_of != 0)
        return TZ_OK;
    (void)tz_fail(err, TZ_INPUT, "不知道数据时点", "the as-of date is not known");
    return tz_err_advise(err, "用 --as-of 日期 指明,或在标题中写 截至2020年6月30日", "give --as-of DATE, or write it into the title");
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
        if (sheet->reading.part > 0)
            tz_buf_printf(&text, "part %d %s\n", sheet->reading.part, sheet->reading.period == NULL ? "" : sheet->reading.period);
        for (size_t j = 0; j < sheet->reading.columns.count; j++)
            tz_buf_printf(&text, " %d>%d\n", sheet->reading.columns.items[j].sheet_column, sheet->reading.columns.items[j].column);
    }
    tz_digest identity = tz_sm3(text.data, text.size);
    tz_digest_hex(&identity, hex);
    batch->identity = tz_arena_dup(from->mem, hex);
}

/* What is not known of a batch that somebody looks at is asked, and refuses nothing. */
static tz_rc or_ask(importing *from, pending *batch, tz_rc rc, tz_err *err)
{
    if (rc != TZ_INPUT || !is_looked_at(from))
        return rc;
    if (batch->question == NULL)
        batch->question = tz_arena_printf(from->mem, "%s|%s", err->zh, err->en);
    *err = (tz_err){0};
    return TZ_OK;
}

tz_rc tz_importing_read(importing *from, const tz_register *reg, pending *batch, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(or_ask(from, batch, find_context(from, reg, batch, err), err));
    TZ_TRY(tz_batch_open(from->store, reg, batch->sender, batch->period, from->bytes, &batch->batch, err));
    if (from->options->errors_path != NULL)
        batch->batch.listed = MARKED_PROBLEMS;
    for (size_t i = 0; i < from->tables.count; i++)
        if (from->tables.items[i].reg == reg) {
            from->is_taken[i] = true;
            TZ_TRY(tz_batch_read(from->mem, &batch->batch, from->book, &from->tables.items[i], err));
        }
    TZ_TRY(tz_batch_settle(&batch->batch, err));
    TZ_TRY(or_ask(from, batch, settle_date(batch, err), err));
    identify(from, batch);
    TZ_TRY(tz_sql_one(from->store, "SELECT batch FROM batch WHERE identity = ?1 AND withdrawn_entry IS NULL",
                      batch->identity, NULL, &batch->known, err));
done:
    return rc;
}

/* The Parquet file under its final name, before the transaction: an orphan until it commits. */
tz_rc tz_importing_write(importing *from, pending *batch, tz_err *err)
{
    tz_rc rc = TZ_OK;

    batch->parquet = tz_arena_printf(from->mem, "%s-%.16s.parquet", batch->batch.reg->name, batch->identity);
    const char *path = tz_store_path(from->mem, from->store, "evidence", batch->parquet);
    batch->staged = tz_file_staging(from->mem, path);
    TZ_TRY(tz_batch_write(from->mem, &batch->batch, batch->staged, &batch->slices, err));
    TZ_TRY(tz_sm3_file(batch->staged, &batch->parquet_digest, NULL, err));
    TZ_TRY(tz_file_commit(batch->staged, path, 0444, err));
    batch->sheets = tz_listing_sheets(from->mem, &batch->batch);
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
            TZ_TRY(tz_importing_write(from, &batches[i], err));
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

void tz_pending_free(pending *batch)
{
    json_decref(batch->sheets);
    json_decref(batch->slices);
    json_decref(batch->warnings);
    tz_batch_close(&batch->batch);
}

/* Reads the registers of a file one after the other, then takes all in at once. */
static tz_rc import_book(importing *from, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    size_t   count = 0;
    pending *batches = tz_new_array(from->mem, pending, from->tables.count + 1);

    for (size_t i = 0; i < from->tables.count; i++) {
        if (from->is_taken[i])
            continue;
        pending *batch = &batches[count++];
        TZ_TRY(tz_importing_read(from, from->tables.items[i].reg, batch, err));
        if (batch->known == 0)
            TZ_TRY(tz_preview_warnings(from->mem, from->store, &batch->batch, batch->corrects, &batch->warnings, err));
    }
    TZ_TRY(accept(from, batches, count, err));
    for (size_t i = 0; i < count; i++)
        tz_listing_add(from, &batches[i], from->options->is_dry_run ? "dry run" : batches[i].known > 0 ? "known" : "accepted");
    tz_listing_add_left_out(from);
    tz_listing_add_refused(from);
    if (is_looked_at(from))
        TZ_TRY(tz_drawing_make(from->mem, from->book, &from->tables, from->report, &from->drawing, err));
    if (from->options->errors_path != NULL)
        TZ_TRY(tz_errors_write(from->mem, from->book, from->report, identities_of(from, batches, count),
                               from->options->errors_path, err));
done:
    for (size_t i = 0; i < count; i++)
        tz_pending_free(&batches[i]);
    return rc;
}

/* Opens the file, understands its sheets, takes them in. */
static tz_rc read_file(importing *from, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_memory_load(from->mem, from->store, from->packs, &from->memory, err));
    TZ_TRY(tz_book_open(from->mem, from->path, &from->book, err));
    TZ_TRY(tz_importing_understand(from, err));
    if (from->options->mapping_out != NULL)
        TZ_TRY(tz_mapping_write(from->mem, &from->tables, from->options->mapping_out, err));
    TZ_TRY(import_book(from, err));
    TZ_TRY(tz_known_keep(from, err));
done:
    return rc;
}

tz_rc tz_import_file(tz_arena *mem, tz_store *store, const tz_packs *packs, const char *path, const tz_import_options *options,
                     json_t **ret_report, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && path != NULL && options != NULL && ret_report != NULL);
    tz_rc     rc = TZ_OK;
    bool      is_known = false;
    importing from = {.mem = mem, .store = store, .packs = packs, .path = path, .file = tz_file_base(path), .options = options,
                      .report = json_array()};

    TZ_TRY(tz_importing_find_wanted(&from, err));
    TZ_TRY(load_mapping(&from, err));
    TZ_TRY(load_fixes(&from, err));
    TZ_TRY(tz_sm3_file(path, &from.digest, &from.bytes, err));
    TZ_TRY(tz_known_find(&from, &is_known, err));
    if (!is_known)
        TZ_TRY(read_file(&from, err));
    *ret_report = json_incref(from.report);
    if (is_looked_at(&from))
        *options->ret_drawing = json_incref(from.drawing);
done:
    tz_book_close(from.book);
    json_decref(from.drawing);
    json_decref(from.report);
    return rc == TZ_OK ? rc : tz_err_at(err, from.file, NULL, 0, NULL);
}
