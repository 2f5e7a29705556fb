/* names - what a statement names, read from the tree that the engine parses it into, so that functions and
 * parameters need not be known here. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "packs/query.h"
#include "store/duck.h"

/* An empty session for parsing alone, made once: it holds nothing and reaches nothing. */
static tz_rc parser(tz_duck **ret_duck, tz_err *err)
{
    static tz_duck         duck;
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    tz_rc                  rc = TZ_OK;
    tz_duck                fresh = {0};

    (void)pthread_mutex_lock(&lock);
    if (duck.connection == NULL) {
        TZ_TRY(tz_duck_open(1, 256, &fresh, err));
        TZ_TRY(tz_duck_exec(&fresh, "SET enable_external_access = false; SET lock_configuration = true;", err));
        duck = fresh;
        fresh = (tz_duck){0};
    }
    *ret_duck = &duck;
done:
    (void)pthread_mutex_unlock(&lock);
    tz_duck_close(&fresh);
    return rc;
}

tz_rc tz_query_tree(tz_arena *mem, const char *sql, json_t **ret_tree, tz_err *err)
{
    tz_assert(mem != NULL && sql != NULL && ret_tree != NULL);
    tz_rc         rc = TZ_OK;
    tz_duck      *duck = NULL;
    tz_strings    ignored;
    duckdb_result result = {0};
    char         *text = NULL;
    json_t       *tree = NULL;
    const char   *statement = tz_query_rewrite(mem, sql, &ignored);

    TZ_TRY(parser(&duck, err));
    TZ_TRY(tz_duck_query(duck, "SELECT CAST(json_serialize_sql(CAST($1 AS VARCHAR)) AS VARCHAR)", &statement, 1, &result, err));
    text = duckdb_value_varchar(&result, 0, 0);
    tree = json_loads(text == NULL ? "" : text, JSON_DECODE_INT_AS_REAL, NULL);
    if (!json_is_false(json_object_get(tree, "error")) || json_array_size(json_object_get(tree, "statements")) != 1) {
        const char *why = tz_json_str(tree, "error_message");
        rc = why == NULL ? tz_fail(err, TZ_INPUT, "SQL 语法错误,或不是单独一条 SELECT", "SQL syntax, or more than one statement")
                         : tz_fail(err, TZ_INPUT, "SQL 语法错误,或不是单独一条 SELECT:%.200s", "SQL syntax, or more than one statement: %.200s", why);
        goto done;
    }
    *ret_tree = json_incref(tree);
done:
    json_decref(tree);
    duckdb_free(text);
    duckdb_destroy_result(&result);
    return rc;
}

/* ---- Names ---- */

typedef struct {
    tz_arena       *mem;
    tz_query_names *names;
    tz_strings      withs, aliases, alone; /* alone: columns without a table before them */
} naming;

static void add(naming *of, tz_strings *list, const char *text)
{
    if (text != NULL && text[0] != '\0' && !tz_strings_has(list, text))
        tz_push(of->mem, list, tz_arena_dup(of->mem, text));
}

static void add_column(naming *of, const json_t *parts)
{
    size_t  i;
    json_t *part;

    json_array_foreach((json_t *)parts, i, part)
        add(of, &of->names->columns, json_string_value(part));
    if (json_array_size(parts) == 1)
        add(of, &of->alone, json_string_value(json_array_get(parts, 0)));
}

static void take(naming *of, const json_t *object)
{
    const char *class = tz_json_str(object, "class"), *table = tz_json_str(object, "table_name");
    const json_t *withs = json_object_get(json_object_get(object, "cte_map"), "map");
    size_t  i;
    json_t *item;

    add_column(of, json_object_get(object, "column_names"));
    add_column(of, json_object_get(object, "using_columns"));
    json_array_foreach((json_t *)withs, i, item)
        add(of, &of->withs, tz_json_str(item, "key"));
    if (json_object_get(object, "sample") != NULL)
        add(of, &of->aliases, tz_json_str(object, "alias"));
    if (table != NULL && class == NULL) {
        add(of, &of->names->tables, table);
        add(of, &of->aliases, table);
    }
    const char *join = tz_json_str(object, "ref_type");
    of->names->has_all |= table != NULL && json_array_size(json_object_get(object, "column_name_alias")) > 0; /* renamed by place */
    of->names->has_all |= (class != NULL && strcmp(class, "STAR") == 0) || (join != NULL && strcmp(join, "NATURAL") == 0);
}

static void walk(naming *of, const json_t *value)
{
    size_t      i;
    const char *key;
    json_t     *item;

    if (json_is_object(value))
        take(of, value);
    json_array_foreach((json_t *)value, i, item)
        walk(of, item);
    json_object_foreach((json_t *)value, key, item)
        walk(of, item);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

tz_rc tz_query_name(tz_arena *mem, const char *sql, tz_query_names *ret_names, tz_err *err)
{
    tz_assert(mem != NULL && sql != NULL && ret_names != NULL);
    json_t        *tree = NULL;
    tz_query_names names = {0};
    naming         of = {.mem = mem, .names = &names};
    size_t         kept = 0;
    tz_rc          rc = tz_query_tree(mem, sql, &tree, err);

    if (rc != TZ_OK)
        return rc;
    walk(&of, tree);
    json_decref(tree);
    for (size_t i = 0; i < names.tables.count; i++)
        if (!tz_strings_has(&of.withs, names.tables.items[i]))
            names.tables.items[kept++] = names.tables.items[i];
    names.tables.count = kept;
    if (kept > 0)
        qsort(names.tables.items, kept, sizeof names.tables.items[0], compare_texts);
    for (size_t i = 0; i < of.alone.count; i++)
        names.has_all |= tz_strings_has(&of.aliases, of.alone.items[i]);
    *ret_names = names;
    return TZ_OK;
}
