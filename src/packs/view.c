/* view - the rows of a register that are valid on a day, as SQL over its batches. */
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "packs/query.h"
#include "store/duck.h"
#include "store/journal.h"

tz_rc tz_day_resolve(tz_store *store, tz_day wanted, tz_day *ret_day, tz_err *err)
{
    tz_assert(store != NULL && ret_day != NULL);
    tz_rc   rc = TZ_OK;
    tz_day  day = wanted;
    tz_sql *sql = NULL;
    bool    has_row = false;

    if (day.at == 0)
        TZ_TRY(tz_journal_count(store, &day.at, err));
    if (day.as_of == 0) {
        TZ_TRY(tz_sql_open(store,
                           "SELECT max(as_of) FROM batch WHERE accepted_entry <= ?1"
                           " AND (withdrawn_entry IS NULL OR withdrawn_entry > ?1)", &sql, err));
        tz_sql_bind_int(sql, 1, day.at);
        TZ_TRY(tz_sql_step(store, sql, &has_row, err));
        const char *newest = tz_sql_str(sql, 0);
        if (newest == NULL || !tz_date_parse_iso(tz_text_of(newest), &day.as_of)) {
            (void)tz_fail(err, TZ_MISSING, "还没有入账的报表", "nothing was imported yet");
            rc = tz_err_advise(err, "先运行 taizhang run 文件夹", "run taizhang run FOLDER first");
            goto done;
        }
    }
    *ret_day = day;
done:
    tz_sql_close(sql);
    return rc;
}

/* A batch that a later, valid batch corrects is replaced whole; among the rest the newest of each
 * (slice, period) wins, but of an event register all stand. */
static const char VALID[] =
    "WITH known AS (SELECT * FROM batch WHERE register = ?1 AND accepted_entry <= ?2 AND as_of <= ?3"
    "                AND (withdrawn_entry IS NULL OR withdrawn_entry > ?2)),"
    " standing AS (SELECT *, row_number() OVER (ORDER BY as_of, accepted_entry) AS rank FROM known k"
    "               WHERE NOT EXISTS (SELECT 1 FROM known c WHERE c.corrects = k.batch)),"
    " part AS (SELECT b.batch, s.slice, s.period, b.parquet, b.as_of, b.sender, b.rank,"
    "                 row_number() OVER (PARTITION BY s.slice, s.period ORDER BY b.rank DESC) AS place"
    "            FROM standing b JOIN batch_slice s ON s.batch = b.batch)"
    "SELECT batch, slice, period, parquet, as_of, sender, rank FROM part"
    " WHERE ?4 OR place = 1 ORDER BY rank, slice, period";

tz_rc tz_valid_find(tz_arena *mem, tz_store *store, const tz_register *reg, tz_day day, tz_valid_parts *ret_parts, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && reg != NULL && ret_parts != NULL);
    tz_rc          rc = TZ_OK;
    tz_sql        *sql = NULL;
    char           as_of[TZ_DATE_TEXT];
    tz_valid_parts parts = {0};

    tz_date_format(day.as_of, as_of);
    TZ_TRY(tz_sql_open(store, VALID, &sql, err));
    tz_sql_bind_text(sql, 1, reg->name);
    tz_sql_bind_int(sql, 2, day.at);
    tz_sql_bind_text(sql, 3, as_of);
    tz_sql_bind_int(sql, 4, reg->period == TZ_PERIOD_EVENT);
    TZ_EACH_ROW (store, sql, err) {
        tz_push(mem, &parts, (tz_valid_part){
            .batch = tz_sql_int(sql, 0), .register_name = reg->name, .slice = tz_sql_dup(mem, sql, 1),
            .period = tz_sql_dup(mem, sql, 2), .parquet = tz_sql_dup(mem, sql, 3), .as_of = tz_sql_dup(mem, sql, 4),
            .sender = tz_sql_dup(mem, sql, 5), .rank = tz_sql_int(sql, 6)});
    }
    *ret_parts = parts;
done:
    tz_sql_close(sql);
    return rc;
}

/* A column's type in SQL, such as "DECIMAL(18,2)". */
static const char *sql_type(tz_arena *mem, const tz_column *column)
{
    switch (column->type) {
    case TZ_TYPE_DATE: return "DATE";
    case TZ_TYPE_INT: return "BIGINT";
    case TZ_TYPE_DECIMAL: return tz_arena_printf(mem, "DECIMAL(%d,%d)", column->precision, column->scale);
    case TZ_TYPE_MONEY: return "DECIMAL(18,2)";
    case TZ_TYPE_PERCENT: return "DECIMAL(9,6)";
    case TZ_TYPE_YESNO: return "BOOLEAN";
    default: return "VARCHAR";
    }
}

void tz_register_columns_sql(tz_arena *mem, const tz_register *reg, tz_column_visit *visit, void *context)
{
    for (size_t i = 0; i < reg->columns.count; i++) {
        const tz_column *column = &reg->columns.items[i];
        visit(context, column->name, sql_type(mem, column));
        if (column->type == TZ_TYPE_ID)
            visit(context, tz_arena_printf(mem, "%s_raw", column->name), "VARCHAR");
        if (column->type == TZ_TYPE_DIVISION)
            visit(context, tz_arena_printf(mem, "%s_name", column->name), "VARCHAR");
    }
}

static void put_empty(void *context, const char *name, const char *type)
{
    tz_buf *out = context;
    tz_buf_puts(out, ", CAST(NULL AS ");
    tz_buf_puts(out, type);
    tz_buf_puts(out, ") AS ");
    tz_sql_name(out, name);
}

static void put_name(void *context, const char *name, const char *type)
{
    tz_buf *out = context;
    (void)type;
    tz_buf_puts(out, ", r.");
    tz_sql_name(out, name);
}

/* SELECT of no row with every column that a batch's file has: gives names and types. */
static void put_typed_empty(tz_buf *out, tz_arena *mem, const tz_register *reg)
{
    tz_buf_puts(out, "SELECT CAST(NULL AS SMALLINT) AS _sheet, CAST(NULL AS INTEGER) AS _rowno, CAST(NULL AS VARCHAR) AS _key,"
                     " CAST(NULL AS VARCHAR) AS _slice, CAST(NULL AS VARCHAR) AS _period, false AS _quarantined,"
                     " CAST(NULL AS VARCHAR) AS filename");
    tz_register_columns_sql(mem, reg, put_empty, out);
    tz_buf_puts(out, " WHERE false");
}

tz_rc tz_people_file(tz_arena *mem, tz_store *store, tz_day day, const char **ret_path, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    *ret_path = NULL;
    TZ_TRY(tz_sql_open(store, "SELECT max(run) FROM link_run WHERE entry <= ?1", &sql, err));
    tz_sql_bind_int(sql, 1, day.at);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    if (!has_row || tz_sql_int(sql, 0) == 0)
        goto done;
    const char *path = tz_store_path(mem, store, "derived", tz_arena_printf(mem, "people-%lld.parquet", (long long)tz_sql_int(sql, 0)));
    if (!tz_file_exists(path)) {
        (void)tz_fail(err, TZ_MISSING, "缺少推导数据 %s", "the derived file %s is missing", tz_file_base(path));
        rc = tz_err_advise(err, "运行 taizhang rebuild", "run taizhang rebuild");
        goto done;
    }
    *ret_path = path;
done:
    tz_sql_close(sql);
    return rc;
}

/* read_parquet over the files of the valid parts joined with what is valid of each. */
static void put_rows(tz_buf *out, tz_arena *mem, const tz_store *store, const tz_register *reg, const tz_valid_parts *parts)
{
    bool is_event = reg->period == TZ_PERIOD_EVENT;

    tz_buf_puts(out, "SELECT * FROM read_parquet([");
    for (size_t i = 0; i < parts->count; i++) {
        bool is_seen = i > 0 && strcmp(parts->items[i].parquet, parts->items[i - 1].parquet) == 0;
        if (is_seen)
            continue;
        tz_buf_puts(out, i == 0 ? "" : ", ");
        tz_sql_literal(out, tz_text_of(tz_store_path(mem, store, "evidence", parts->items[i].parquet)));
    }
    tz_buf_puts(out, "], union_by_name = true, filename = true) UNION ALL BY NAME ");
    put_typed_empty(out, mem, reg);
    tz_buf_puts(out, ") r JOIN (VALUES ");
    for (size_t i = 0; i < parts->count; i++) {
        const tz_valid_part *part = &parts->items[i];
        tz_buf_puts(out, i == 0 ? "(" : ", (");
        tz_sql_literal(out, tz_text_of(tz_store_path(mem, store, "evidence", part->parquet)));
        tz_buf_printf(out, ", %lld, %lld, ", (long long)part->batch, (long long)part->rank);
        tz_sql_literal(out, tz_text_of(part->slice));
        tz_buf_puts(out, ", ");
        tz_sql_literal(out, tz_text_of(part->period));
        tz_buf_puts(out, ")");
    }
    tz_buf_puts(out, ") v(file, batch, rank, slice, period) ON v.file = r.filename AND v.slice = r._slice AND v.period = r._period"
                     " WHERE NOT r._quarantined");
    if (is_event)
        tz_buf_puts(out, " QUALIFY r._key IS NULL OR v.rank = max(v.rank) OVER (PARTITION BY r._key)");
}

/* The columns that the linkage gives for role number i. */
static void put_role(tz_buf *out, size_t i, const char *role, bool is_main)
{
    if (is_main)
        tz_buf_printf(out, ", p%zu.person AS person, p%zu.household AS household", i, i);
    else
        tz_buf_printf(out, ", p%zu.person AS \"%s_person\"", i, role);
}

static void put_no_role(tz_buf *out, const char *role, bool is_main)
{
    if (is_main)
        tz_buf_puts(out, ", CAST(NULL AS VARCHAR) AS person, CAST(NULL AS VARCHAR) AS household");
    else
        tz_buf_printf(out, ", CAST(NULL AS VARCHAR) AS \"%s_person\"", role);
}

tz_rc tz_view_sql(tz_arena *mem, tz_store *store, const tz_register *reg, tz_day day, const char **ret_sql, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && reg != NULL && ret_sql != NULL);
    tz_rc          rc = TZ_OK;
    tz_valid_parts parts = {0};
    const char    *people = NULL;
    tz_buf         out = tz_buf_init(mem, 0);
    const char    *address = "((v.batch::BIGINT << 36) | (r._sheet::BIGINT << 26) | r._rowno::BIGINT)";

    TZ_TRY(tz_valid_find(mem, store, reg, day, &parts, err));
    TZ_TRY(tz_people_file(mem, store, day, &people, err));
    tz_buf_puts(&out, "SELECT b.*");
    for (size_t i = 0; i < reg->identities.count; i++) {
        const char *role = reg->identities.items[i].role;
        bool        is_main = strcmp(role, "person") == 0;
        if (people == NULL || parts.count == 0)
            put_no_role(&out, role, is_main);
        else
            put_role(&out, i, role, is_main);
    }
    tz_buf_printf(&out,
                  " FROM (SELECT %s AS _row, v.batch::BIGINT AS _batch, r._key AS _key, r._period AS _period",
                  parts.count == 0 ? "CAST(NULL AS BIGINT)" : address);
    tz_register_columns_sql(mem, reg, put_name, &out);
    tz_buf_puts(&out, " FROM (");
    if (parts.count == 0) {
        put_typed_empty(&out, mem, reg);
        tz_buf_puts(&out, ") r, (SELECT 0 AS batch WHERE false) v");
    } else {
        put_rows(&out, mem, store, reg, &parts);
    }
    tz_buf_puts(&out, ") b");
    for (size_t i = 0; people != NULL && parts.count > 0 && i < reg->identities.count; i++) {
        tz_buf_puts(&out, " LEFT JOIN read_parquet(");
        tz_sql_literal(&out, tz_text_of(people));
        tz_buf_printf(&out, ") p%zu ON p%zu.row = b._row AND p%zu.role = ", i, i, i);
        tz_sql_literal(&out, tz_text_of(reg->identities.items[i].role));
    }
    tz_buf_puts(&out, " ORDER BY b._row");
    *ret_sql = tz_buf_str(&out);
done:
    return rc;
}
