/* rewrite - `:name` parameters of pack SQL to the engine's $1, $2 …, and the tables it names. */
#include <pthread.h>
#include <string.h>

#include "base/assert.h"
#include "packs/query.h"
#include "store/duck.h"

/* Copies a quoted part ('…', "…") whole; a doubled quote inside stays inside. */
static size_t copy_quoted(tz_text sql, size_t at, tz_buf *out)
{
    char   quote = sql.data[at];
    size_t end = at + 1;

    while (end < sql.size && !(sql.data[end] == quote && (end + 1 >= sql.size || sql.data[end + 1] != quote)))
        end += sql.data[end] == quote ? 2 : 1;
    end = end < sql.size ? end + 1 : sql.size;
    tz_buf_put(out, tz_text_cut(sql, at, end - at));
    return end;
}

static size_t copy_comment(tz_text sql, size_t at, tz_buf *out)
{
    bool   is_line = sql.data[at] == '-';
    size_t end = tz_text_find(sql, is_line ? TZ_TEXT("\n") : TZ_TEXT("*/"), at);

    end = end == SIZE_MAX ? sql.size : end + (is_line ? 0 : 2);
    tz_buf_put(out, tz_text_cut(sql, at, end - at));
    return end;
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static size_t number_of(tz_arena *mem, tz_strings *names, tz_text name)
{
    for (size_t i = 0; i < names->count; i++)
        if (tz_text_is(name, names->items[i]))
            return i + 1;
    tz_push(mem, names, tz_text_dup(mem, name));
    return names->count;
}

const char *tz_query_rewrite(tz_arena *mem, const char *text, tz_strings *ret_names)
{
    tz_assert(mem != NULL && text != NULL && ret_names != NULL);
    tz_text    sql = tz_text_of(text);
    tz_buf     out = tz_buf_init(mem, 0);
    tz_strings names = {0};

    for (size_t at = 0; at < sql.size;) {
        char c = sql.data[at], next = at + 1 < sql.size ? sql.data[at + 1] : '\0';
        if (c == '\'' || c == '"') {
            at = copy_quoted(sql, at, &out);
        } else if ((c == '-' && next == '-') || (c == '/' && next == '*')) {
            at = copy_comment(sql, at, &out);
        } else if (c == ':' && next == ':') {
            tz_buf_puts(&out, "::");
            at += 2;
        } else if (c == ':' && is_name_char(next) && !(next >= '0' && next <= '9')) {
            size_t end = at + 1;
            while (end < sql.size && is_name_char(sql.data[end]))
                end++;
            tz_buf_printf(&out, "$%zu", number_of(mem, &names, tz_text_cut(sql, at + 1, end - at - 1)));
            at = end;
        } else {
            tz_buf_char(&out, c);
            at++;
        }
    }
    *ret_names = names;
    return tz_buf_str(&out);
}

/* An empty session for parsing alone, made once: it holds nothing and reaches nothing. */
static tz_rc parser(tz_duck **ret_duck, tz_err *err)
{
    static tz_duck         duck;
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    tz_rc                  rc = TZ_OK;

    (void)pthread_mutex_lock(&lock);
    if (duck.connection == NULL) {
        rc = tz_duck_open(1, 256, &duck, err);
        if (rc == TZ_OK)
            rc = tz_duck_exec(&duck, "SET enable_external_access = false; SET lock_configuration = true;", err);
    }
    (void)pthread_mutex_unlock(&lock);
    *ret_duck = &duck;
    return rc;
}

/* From the parsed statement's tree, so that functions and parameters need not be known here. */
static const char TABLES[] =
    "WITH p AS (SELECT json_serialize_sql(CAST($1 AS VARCHAR)) AS tree)"
    " SELECT CAST(json_extract_string(tree, '$.error') = 'false' AND json_array_length(tree, '$.statements') = 1 AS VARCHAR),"
    " array_to_string(list_sort(list_filter(list_distinct(json_extract_string(tree, '$..table_name')),"
    "   lambda t: NOT list_contains(json_extract_string(tree, '$..cte_map.map[*].key'), t))), chr(31)) FROM p";

tz_rc tz_query_tables(tz_arena *mem, const char *sql, tz_strings *ret_tables, tz_err *err)
{
    tz_assert(mem != NULL && sql != NULL && ret_tables != NULL);
    tz_rc         rc = TZ_OK;
    tz_duck      *duck = NULL;
    tz_strings    ignored, tables = {0};
    duckdb_result result = {0};
    char         *is_one = NULL, *names = NULL;
    const char   *statement = tz_query_rewrite(mem, sql, &ignored);

    TZ_TRY(parser(&duck, err));
    TZ_TRY(tz_duck_query(duck, TABLES, &statement, 1, &result, err));
    is_one = duckdb_value_varchar(&result, 0, 0);
    names = duckdb_value_varchar(&result, 1, 0);
    if (is_one == NULL || strcmp(is_one, "true") != 0) {
        rc = tz_fail(err, TZ_INPUT, "SQL 语法错误,或不是单独一条 SELECT", "SQL syntax, or more than one statement");
        goto done;
    }
    for (const char *at = names; at != NULL && *at != '\0';) {
        size_t size = strcspn(at, "\x1f");
        tz_push(mem, &tables, tz_arena_copy(mem, at, size));
        at += size + (at[size] != '\0');
    }
    *ret_tables = tables;
done:
    duckdb_free(is_one);
    duckdb_free(names);
    duckdb_destroy_result(&result);
    return rc;
}
