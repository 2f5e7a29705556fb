/* household_find - which household: by a person, by an ID number's keyed hash, by village and name. */
#include <string.h>

#include "base/assert.h"
#include "base/idcard.h"
#include "packs/mask.h"
#include "report/known.h"

tz_rc tz_known_entity(tz_arena *mem, tz_store *store, const char *entity, const char **ret_entity, tz_err *err)
{
    enum { LONGEST = 20 };
    tz_rc rc = TZ_OK;

    for (int i = 0; i < LONGEST; i++) {
        tz_sql *sql = NULL;
        bool    has_row = false;
        rc = tz_sql_open(store, "SELECT entity FROM entity_event WHERE event = 'alias' AND other = ?1 ORDER BY entry DESC, seq DESC LIMIT 1",
                         &sql, err);
        if (rc != TZ_OK)
            break;
        tz_sql_bind_text(sql, 1, entity);
        rc = tz_sql_step(store, sql, &has_row, err);
        entity = rc == TZ_OK && has_row ? tz_sql_dup(mem, sql, 0) : entity;
        tz_sql_close(sql);
        if (rc != TZ_OK || !has_row)
            break;
    }
    if (rc == TZ_OK)
        *ret_entity = entity;
    return rc;
}

tz_rc tz_household_missing(tz_err *err)
{
    (void)tz_fail(err, TZ_MISSING, "没有这一户", "there is no such household");
    return tz_err_advise(err, "按村和姓名查找,或输入公民身份号码", "look it up by village and name, or by an ID number");
}

/* ---- Finding one ---- */

tz_rc tz_household_of_person(tz_arena *mem, tz_store *store, tz_day day, const char *person, const char **ret_household, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && person != NULL && ret_household != NULL);
    tz_rc         rc = TZ_OK;
    tz_duck       duck = {0};
    duckdb_result result = {0};
    const char   *people = NULL, *now = NULL;
    tz_buf        sql = tz_buf_init(mem, 0);

    TZ_TRY(tz_known_entity(mem, store, person, &now, err));
    TZ_TRY(tz_people_file(mem, store, day, &people, err));
    if (people == NULL) {
        rc = tz_household_missing(err);
        goto done;
    }
    TZ_TRY(tz_store_duck(store, &duck, err));
    tz_buf_puts(&sql, "SELECT household FROM read_parquet(");
    tz_sql_literal(&sql, tz_text_of(people));
    tz_buf_puts(&sql, ") WHERE person = $1 AND role = 'person' AND household IS NOT NULL GROUP BY household"
                      " ORDER BY count(*) DESC, min(row) LIMIT 1");
    TZ_TRY(tz_duck_query(&duck, tz_buf_str(&sql), &now, 1, &result, err));
    if (duckdb_row_count(&result) == 0) {
        rc = tz_household_missing(err);
        goto done;
    }
    char *value = duckdb_value_varchar(&result, 0, 0);
    *ret_household = tz_arena_dup(mem, value);
    duckdb_free(value);
done:
    duckdb_destroy_result(&result);
    tz_duck_close(&duck);
    return rc;
}

tz_rc tz_household_of_id(tz_arena *mem, tz_store *store, tz_day day, const char *id, const char **ret_household, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && id != NULL && ret_household != NULL);
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;
    char    tidy[32], key[TZ_KEY_TEXT];
    size_t  size = tz_idcard_tidy(tz_text_of(id), tidy);

    if (size == 0 || !tz_idcard_is_valid((tz_text){tidy, size})) {
        rc = tz_fail(err, TZ_USAGE, "不是有效的公民身份号码", "this is no valid ID number");
        rc = tz_err_advise(err, "核对 18 位号码;没有号码的按村和姓名查找", "check its 18 characters; without a number look by village and name");
        goto done;
    }
    tz_store_key(store, "id", (tz_text){tidy, size}, key);
    TZ_TRY(tz_sql_open(store, "SELECT entity FROM entity_event WHERE key = ?1 AND kind = 'person' AND event IN ('born', 'key')"
                              " AND entry <= ?2 ORDER BY entry DESC, seq DESC LIMIT 1", &sql, err));
    tz_sql_bind_text(sql, 1, key);
    tz_sql_bind_int(sql, 2, day.at);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    if (!has_row) {
        rc = tz_fail(err, TZ_MISSING, "名册里没有这个号码的人", "no register has somebody of this number");
        rc = tz_err_advise(err, "号码可能抄错:按村和姓名查找", "it may be mistyped: look by village and name");
        goto done;
    }
    rc = tz_household_of_person(mem, store, day, tz_sql_dup(mem, sql, 0), ret_household, err);
done:
    tz_sql_close(sql);
    return rc;
}

/* ---- Searching ---- */

static const char *column_of(const tz_register *reg, int index)
{
    return index < 0 ? NULL : reg->columns.items[index].name;
}

/* code LIKE 'prefix%' by comparison, so that a batch's statistics can skip files of other places. */
static void put_within(tz_buf *sql, const char *column, const char *prefix)
{
    tz_buf_puts(sql, "starts_with(");
    tz_sql_name(sql, column);
    tz_buf_puts(sql, ", ");
    tz_sql_literal(sql, tz_text_of(prefix));
    tz_buf_puts(sql, ")");
}

static void put_search(tz_buf *sql, const tz_register *reg, const tz_identity *identity, const char *view, const tz_household_search *search)
{
    const char *village = column_of(reg, identity->village), *name = column_of(reg, identity->name), *head = column_of(reg, identity->head);
    size_t      i;
    json_t     *place;

    tz_buf_puts(sql, "WITH v AS MATERIALIZED (SELECT household, person, ");
    tz_sql_name(sql, name);
    tz_buf_puts(sql, " AS name, ");
    tz_sql_name(sql, village);
    tz_buf_puts(sql, " AS village, ");
    tz_buf_puts(sql, "coalesce(CAST(");
    tz_sql_name(sql, head);
    tz_buf_printf(sql, " AS VARCHAR) IN ('户主', 'true'), false) AS is_head FROM (%s) WHERE household IS NOT NULL", view);
    if (search->division != NULL) {
        tz_buf_puts(sql, " AND ");
        put_within(sql, village, search->division);
    }
    if (search->places != NULL) {
        tz_buf_puts(sql, " AND (false");
        json_array_foreach((json_t *)search->places, i, place) {
            tz_buf_puts(sql, " OR ");
            put_within(sql, village, json_string_value(place));
        }
        tz_buf_puts(sql, ")");
    }
    tz_buf_puts(sql, "), h AS (SELECT household, coalesce(min(name) FILTER (WHERE is_head), min(name)) AS name, min(village) AS village,"
                     " count(DISTINCT person) AS size");
    if (search->name != NULL) {
        tz_buf_puts(sql, ", bool_or(contains(name, ");
        tz_sql_literal(sql, tz_text_of(search->name));
        tz_buf_puts(sql, ")) AS fits, min(name) FILTER (WHERE contains(name, ");
        tz_sql_literal(sql, tz_text_of(search->name));
        tz_buf_puts(sql, ")) AS found");
    } else {
        tz_buf_puts(sql, ", true AS fits, NULL::VARCHAR AS found");
    }
    tz_buf_printf(sql, " FROM v GROUP BY household) SELECT household, name, village, size, found FROM h WHERE fits"
                       " ORDER BY village, name, household LIMIT %lld", (long long)(search->limit > 0 ? search->limit : 100));
}

static json_t *found_line(tz_arena *mem, const tz_store *store, const tz_household_view *view, const tz_register *reg, const tz_identity *identity,
                          duckdb_result *result, idx_t row)
{
    json_t           *line = json_object();
    const tz_column  *column = &reg->columns.items[identity->name];
    const char       *texts[5];
    static const int  TEXTS[] = {0, 1, 2, 4};

    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        char *value = duckdb_value_is_null(result, (idx_t)TEXTS[i], row) ? NULL : duckdb_value_varchar(result, (idx_t)TEXTS[i], row);
        texts[TEXTS[i]] = value == NULL ? NULL : tz_arena_dup(mem, value);
        duckdb_free(value);
    }
    const tz_division *here = texts[2] == NULL ? NULL : tz_county_division(store->county, tz_text_of(texts[2]));
    const tz_division *above = here == NULL || here->parent == NULL ? NULL : tz_county_division(store->county, tz_text_of(here->parent));
    tz_json_set_str(line, "household", texts[0]);
    tz_json_set_str(line, "name", view->is_masked ? tz_mask_column(mem, column, texts[1]) : texts[1]);
    tz_json_set_str(line, "found", texts[4] == NULL || (texts[1] != NULL && strcmp(texts[4], texts[1]) == 0) ? NULL
                                   : view->is_masked ? tz_mask_column(mem, column, texts[4]) : texts[4]);
    tz_json_set_str(line, "division", texts[2]);
    tz_json_set_str(line, "village", here == NULL ? NULL : here->name);
    tz_json_set_str(line, "township", above == NULL ? NULL : above->name);
    tz_json_set_int(line, "size", duckdb_value_int64(result, 3, row));
    tz_json_set_str(line, "register", reg->name);
    return line;
}

static tz_rc search_register(tz_arena *mem, tz_store *store, const tz_household_view *view, const tz_register *reg, const tz_identity *identity,
                             const tz_household_search *search, json_t *rows, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_duck       duck = {0};
    duckdb_result result = {0};
    const char   *day_view = NULL;
    tz_buf        sql = tz_buf_init(mem, 0);

    TZ_TRY(tz_view_sql(mem, store, reg, view->day, &day_view, err));
    put_search(&sql, reg, identity, day_view, search);
    TZ_TRY(tz_store_duck(store, &duck, err));
    TZ_TRY(tz_duck_query(&duck, tz_buf_str(&sql), NULL, 0, &result, err));
    for (idx_t i = 0, count = duckdb_row_count(&result); i < count; i++)
        (void)json_array_append_new(rows, found_line(mem, store, view, reg, identity, &result, i));
done:
    duckdb_destroy_result(&result);
    tz_duck_close(&duck);
    return rc;
}

static bool is_list_of_households(const tz_identity *identity)
{
    return identity != NULL && identity->household >= 0 && identity->head >= 0 && identity->name >= 0 && identity->village >= 0;
}

/* The first list of households that knows one; lists of one family would name it twice. */
tz_rc tz_household_find(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_household_view *view, const tz_household_search *search,
                        json_t **ret_rows, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && view != NULL && search != NULL && ret_rows != NULL);
    tz_rc   rc = TZ_OK;
    json_t *rows = json_array();

    if (search->name == NULL && search->division == NULL) {
        rc = tz_fail(err, TZ_USAGE, "要有姓名或村", "a name or a village is needed");
        goto done;
    }
    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].registers.count; j++) {
            const tz_register *reg = &packs->packs.items[i].registers.items[j];
            const tz_identity *identity = tz_known_identity(reg, "person");
            if (!is_list_of_households(identity) || json_array_size(rows) > 0)
                continue;
            TZ_TRY(search_register(mem, store, view, reg, identity, search, rows, err));
        }
    *ret_rows = json_incref(rows);
done:
    json_decref(rows);
    return rc;
}
