#include "people/record.h"

#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/idcard.h"
#include "people/han.h"
#include "people/pinyin.h"
#include "people/standard.h"
#include "store/duck.h"

static bool are_all(tz_text a, tz_text b, bool (*is_alike)(int32_t, int32_t))
{
    size_t at = 0, there = 0;

    while (at < a.size && there < b.size)
        if (!is_alike(tz_utf8_next(a, &at), tz_utf8_next(b, &there)))
            return false;
    return at == a.size && there == b.size;
}

tz_name_alikeness tz_name_alike(tz_text a, tz_text b)
{
    if (tz_utf8_count(a) < 2)
        return TZ_NAME_UNLIKE;
    return are_all(a, b, tz_sounds_alike)   ? TZ_NAME_SOUNDS_ALIKE
           : are_all(a, b, tz_looks_alike) ? TZ_NAME_LOOKS_ALIKE
                                           : TZ_NAME_UNLIKE;
}

int tz_name_likeness(tz_text a, tz_text b)
{
    size_t common = 0, count_a = tz_utf8_count(a), count_b = tz_utf8_count(b);

    if (tz_text_equal(a, b))
        return 3;
    for (size_t at = 0; at < a.size;) {
        size_t before = at;
        (void)tz_utf8_next(a, &at);
        common += tz_text_find(b, tz_text_cut(a, before, at - before), 0) != SIZE_MAX;
    }
    if (count_a == count_b && count_a >= 2 && (common + 1 >= count_a || tz_name_alike(a, b) != TZ_NAME_UNLIKE))
        return 2;
    return common > 0 ? 1 : 0;
}

/* ---- Reading ---- */

typedef struct {
    int64_t     batch;
    const char *parquet, *identity;
    int32_t     as_of;
} batch_file;

typedef struct { batch_file *items; size_t count; size_t room; } batch_files;

static tz_rc list_batches(tz_arena *mem, tz_store *store, const tz_register *reg, batch_files *ret_files, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_sql     *sql = NULL;
    batch_files files = {0};

    TZ_TRY(tz_sql_open(
        store,
        "SELECT batch, parquet, identity, as_of FROM batch WHERE register = ?1 AND withdrawn_entry IS NULL ORDER BY batch",
        &sql, err));
    tz_sql_bind_text(sql, 1, reg->name);
    TZ_EACH_ROW (store, sql, err) {
        batch_file file = {.batch = tz_sql_int(sql, 0), .parquet = tz_sql_dup(mem, sql, 1), .identity = tz_sql_dup(mem, sql, 2)};
        (void)tz_date_parse_iso(tz_text_of(tz_sql_str(sql, 3)), &file.as_of);
        tz_push(mem, &files, file);
    }
    *ret_files = files;
done:
    tz_sql_close(sql);
    return rc;
}

static void put_column(tz_buf *sql, const tz_register *reg, int column, const char *tail)
{
    tz_buf_puts(sql, ", ");
    if (column < 0) {
        tz_buf_puts(sql, "NULL::VARCHAR");
        return;
    }
    tz_buf_puts(sql, "CAST(");
    tz_sql_name(sql, reg->columns.items[column].name);
    if (tail[0] != '\0') {
        sql->size--; /* the closing quote goes behind the tail */
        tz_buf_printf(sql, "%s\"", tail);
    }
    tz_buf_puts(sql, " AS VARCHAR)");
}

static const char *select_of(tz_arena *mem, const tz_store *store, const tz_register *reg, const tz_identity *who, const batch_file *file)
{
    tz_buf sql = tz_buf_init(mem, 0);

    tz_buf_puts(&sql, "SELECT (_sheet::BIGINT << 26) | _rowno::BIGINT, _key");
    put_column(&sql, reg, who->id, "");
    put_column(&sql, reg, who->id, "_raw");
    put_column(&sql, reg, who->name, "");
    put_column(&sql, reg, who->birth, "");
    put_column(&sql, reg, who->sex, "");
    put_column(&sql, reg, who->village, "");
    put_column(&sql, reg, who->household, "");
    tz_buf_puts(&sql, " FROM read_parquet(");
    tz_sql_literal(&sql, tz_text_of(tz_store_path(mem, store, "evidence", file->parquet)));
    tz_buf_puts(&sql, ") WHERE NOT _quarantined ORDER BY _sheet, _rowno");
    return tz_buf_str(&sql);
}

enum { COLUMNS = 9 };

static tz_text text_at(tz_arena *mem, duckdb_vector vector, idx_t row)
{
    uint64_t *valid = duckdb_vector_get_validity(vector);
    if (valid != NULL && !duckdb_validity_row_is_valid(valid, row))
        return (tz_text){0};
    duckdb_string_t *text = &((duckdb_string_t *)duckdb_vector_get_data(vector))[row];
    return tz_text_keep(mem, (tz_text){duckdb_string_t_data(text), duckdb_string_t_length(*text)});
}

static tz_text sex_of(tz_text sex)
{
    return tz_text_is(sex, "M") || tz_text_is(sex, "1") || tz_text_is(sex, "男") ? TZ_TEXT("M")
           : tz_text_is(sex, "F") || tz_text_is(sex, "2") || tz_text_is(sex, "女") ? TZ_TEXT("F") : (tz_text){0};
}

static void take_chunk(tz_arena *mem, duckdb_data_chunk chunk, const tz_register *reg, const tz_identity *who, const batch_file *file,
                       tz_records *records)
{
    duckdb_vector columns[COLUMNS];
    idx_t         count = duckdb_data_chunk_get_size(chunk);

    for (idx_t i = 0; i < COLUMNS; i++)
        columns[i] = duckdb_data_chunk_get_vector(chunk, i);
    const int64_t *places = duckdb_vector_get_data(columns[0]);
    for (idx_t row = 0; row < count; row++) {
        char      tidy[32];
        tz_record record = {.reg = reg, .who = who, .as_of = file->as_of, .row_id = file->batch << 36 | places[row]};
        record.row_key = text_at(mem, columns[1], row);
        record.id = text_at(mem, columns[2], row);
        tz_text raw = text_at(mem, columns[3], row);
        tz_text name = text_at(mem, columns[4], row);
        record.written = name.size == 0 ? name : tz_standard_name(mem, tz_text_fold(mem, name), false);
        record.name = tz_plain_text(mem, record.written);
        record.birth = text_at(mem, columns[5], row);
        record.sex = sex_of(text_at(mem, columns[6], row));
        record.village = text_at(mem, columns[7], row);
        record.household = text_at(mem, columns[8], row);
        if (record.id.size == 0 && raw.size > 0)
            record.raw = tz_text_keep(mem, (tz_text){tidy, tz_idcard_tidy(raw, tidy)});
        if (record.id.size > 0 || record.raw.size > 0 || record.name.size > 0)
            tz_push(mem, records, record);
    }
}

static tz_rc load_identity(tz_arena *mem, tz_store *store, tz_duck *duck, const tz_register *reg, const tz_identity *who,
                           const batch_file *file, tz_records *records, tz_err *err)
{
    duckdb_result result;
    tz_rc         rc = tz_duck_query(duck, select_of(mem, store, reg, who, file), NULL, 0, &result, err);

    if (rc != TZ_OK)
        return rc;
    for (duckdb_data_chunk chunk; (chunk = duckdb_fetch_chunk(result)) != NULL;) {
        take_chunk(mem, chunk, reg, who, file, records);
        duckdb_destroy_data_chunk(&chunk);
    }
    duckdb_destroy_result(&result);
    return TZ_OK;
}

tz_rc tz_records_load(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_records *ret_records, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && ret_records != NULL);
    tz_rc      rc = TZ_OK;
    tz_duck    duck = {0};
    tz_records records = {0};

    TZ_TRY(tz_duck_open(0, 0, &duck, err));
    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].registers.count; j++) {
            const tz_register *reg = &packs->packs.items[i].registers.items[j];
            batch_files        files;
            if (reg->identities.count == 0)
                continue;
            TZ_TRY(list_batches(mem, store, reg, &files, err));
            for (size_t k = 0; k < files.count; k++)
                for (size_t r = 0; r < reg->identities.count; r++)
                    TZ_TRY(load_identity(mem, store, &duck, reg, &reg->identities.items[r], &files.items[k], &records, err));
        }
    *ret_records = records;
done:
    tz_duck_close(&duck);
    return rc;
}

/* ---- What they are read from ---- */

/* A pack that takes other columns for a person gives another answer. */
static void name_identities(const tz_register *reg, tz_buf *inputs)
{
    for (size_t i = 0; i < reg->identities.count; i++) {
        const tz_identity *who = &reg->identities.items[i];
        const int          columns[] = {who->id, who->name, who->birth, who->sex, who->village, who->household};
        tz_buf_printf(inputs, "%s %s %s", reg->name, who->role, who->household_space == NULL ? "" : who->household_space);
        for (size_t c = 0; c < sizeof columns / sizeof columns[0]; c++)
            tz_buf_printf(inputs, " %s", columns[c] < 0 ? "-" : reg->columns.items[columns[c]].name);
        tz_buf_char(inputs, '\n');
    }
}

static tz_rc name_batches(tz_store *store, const tz_register *reg, tz_buf *inputs, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    batch_files files;

    TZ_TRY(list_batches(&mem, store, reg, &files, err));
    for (size_t k = 0; k < files.count; k++)
        tz_buf_printf(inputs, "%lld %s\n", (long long)files.items[k].batch, files.items[k].identity);
done:
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_records_name(tz_store *store, const tz_packs *packs, tz_buf *inputs, tz_err *err)
{
    tz_assert(store != NULL && packs != NULL && inputs != NULL);
    tz_rc   rc = TZ_OK;
    int64_t erased = 0; /* a batch whose rows were erased keeps its identity */

    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].registers.count; j++) {
            const tz_register *reg = &packs->packs.items[i].registers.items[j];
            name_identities(reg, inputs);
            if (reg->identities.count > 0)
                TZ_TRY(name_batches(store, reg, inputs, err));
        }
    TZ_TRY(tz_sql_one(store, "SELECT coalesce(max(erasure), 0) FROM erasure WHERE of_table = 'row'", NULL, NULL, &erased, err));
    if (erased > 0)
        tz_buf_printf(inputs, "erased %lld\n", (long long)erased);
done:
    return rc;
}

/* ---- Finding one ---- */

const tz_identity *tz_identity_main(const tz_register *reg)
{
    const tz_identity *found = NULL;

    for (size_t i = 0; reg != NULL && i < reg->identities.count; i++)
        if (found == NULL || strcmp(reg->identities.items[i].role, "person") == 0)
            found = &reg->identities.items[i];
    return found;
}

static const tz_record *record_of(const tz_records *records, int64_t row_id)
{
    const tz_record *found = NULL;

    for (size_t i = 0; i < records->count; i++)
        if (records->items[i].row_id == row_id && (found == NULL || strcmp(records->items[i].who->role, "person") == 0))
            found = &records->items[i];
    return found;
}

const tz_record *tz_records_find(const tz_records *records, int64_t row_id, const char *role)
{
    tz_assert(records != NULL && role != NULL);
    for (size_t i = 0; i < records->count; i++)
        if (records->items[i].row_id == row_id && strcmp(records->items[i].who->role, role) == 0)
            return &records->items[i];
    return NULL;
}

tz_rc tz_records_pair(const tz_records *records, int64_t row_a, int64_t row_b, const tz_record **ret_a, const tz_record **ret_b, tz_err *err)
{
    tz_assert(records != NULL && ret_a != NULL && ret_b != NULL);
    const tz_record *a = record_of(records, row_a), *b = record_of(records, row_b);

    if (a == NULL || b == NULL)
        return tz_fail(err, TZ_MISSING, "其中一行没有人员信息,或已撤回、待更正", "one of the rows names nobody, or is withdrawn or quarantined");
    *ret_a = a;
    *ret_b = b;
    return TZ_OK;
}
