/* lint_join - joins that join nothing: every row of one side beside every row of the other.
 *
 * A join is in order where a condition of its own, or of its SELECT's WHERE, names a table of each side. One side may
 * also stand beside all rows of the other if it is a single row (an aggregate without GROUP BY, no FROM), a list of
 * values (SELECT DISTINCT of one column), or made of the other (a table function, LATERAL).
 */
#include <string.h>

#include "packs/linting.h"

typedef struct {
    tz_linting              *of;
    const tz_lint_statement *statement;
    tz_strings               with_names;
    struct { const json_t **items; size_t count; size_t room; } with_nodes;
} joining;

static bool is_type(const json_t *node, const char *type)
{
    const char *text = tz_json_str(node, "type");
    return text != NULL && strcmp(text, type) == 0;
}

/* ---- Which tables a side has, which an expression names ---- */

static void add_tables(joining *of, const json_t *from, tz_strings *tables)
{
    const char *alias = tz_json_str(from, "alias"), *table = tz_json_str(from, "table_name");

    if (is_type(from, "JOIN")) {
        add_tables(of, json_object_get(from, "left"), tables);
        add_tables(of, json_object_get(from, "right"), tables);
        return;
    }
    const char *name = alias != NULL && alias[0] != '\0' ? alias : table;
    if (name != NULL)
        tz_push(of->of->mem, tables, name);
}

/* True where the expression names a table of the list, or a column whose table it does not say. */
static bool names_one(const json_t *value, const tz_strings *tables)
{
    const json_t *parts = json_object_get(value, "column_names");
    size_t        i;
    const char   *key;
    json_t       *item;

    if (json_array_size(parts) > 0)
        return json_array_size(parts) == 1 || tz_strings_has(tables, json_string_value(json_array_get(parts, 0)));
    json_array_foreach((json_t *)value, i, item)
        if (names_one(item, tables))
            return true;
    json_object_foreach((json_t *)value, key, item)
        if (names_one(item, tables))
            return true;
    return false;
}

/* True where one of the conditions that all must hold names both sides. */
static bool links(const json_t *condition, const tz_strings *left, const tz_strings *right)
{
    const char *class = tz_json_str(condition, "class");
    size_t      i;
    json_t     *part;

    if (!json_is_object(condition))
        return false;
    if (class == NULL || strcmp(class, "CONJUNCTION") != 0 || !is_type(condition, "CONJUNCTION_AND"))
        return names_one(condition, left) && names_one(condition, right);
    json_array_foreach(json_object_get(condition, "children"), i, part)
        if (links(part, left, right))
            return true;
    return false;
}

/* ---- Sides that need no condition ---- */

static bool has_aggregate(const json_t *value)
{
    static const char *const NAMES[] = {"count", "count_star", "sum", "min", "max", "avg", "median", "mad", "list", "string_agg", NULL};
    const char *function = tz_json_str(value, "function_name"), *key;
    size_t      i;
    json_t     *item;

    for (size_t j = 0; function != NULL && NAMES[j] != NULL; j++)
        if (strcmp(function, NAMES[j]) == 0)
            return true;
    json_array_foreach((json_t *)value, i, item)
        if (has_aggregate(item))
            return true;
    json_object_foreach((json_t *)value, key, item)
        if (has_aggregate(item))
            return true;
    return false;
}

static bool is_small(const json_t *select)
{
    const json_t *list = json_object_get(select, "select_list");
    size_t        i;
    json_t       *modifier;

    if (is_type(json_object_get(select, "from_table"), "EMPTY"))
        return true;
    if (json_array_size(json_object_get(select, "group_expressions")) == 0 && has_aggregate(list))
        return true;
    json_array_foreach(json_object_get(select, "modifiers"), i, modifier)
        if (is_type(modifier, "DISTINCT_MODIFIER") && json_array_size(list) == 1)
            return true;
    return false;
}

static bool needs_no_condition(const joining *of, const json_t *side)
{
    const char *table = tz_json_str(side, "table_name");

    if (is_type(side, "TABLE_FUNCTION") || is_type(side, "EXPRESSION_LIST") || is_type(side, "EMPTY"))
        return true;
    if (is_type(side, "SUBQUERY"))
        return is_small(json_object_get(json_object_get(side, "subquery"), "node"));
    for (size_t i = 0; table != NULL && i < of->with_names.count; i++)
        if (strcmp(of->with_names.items[i], table) == 0)
            return is_small(of->with_nodes.items[i]);
    return false;
}

/* ---- Walking ---- */

static void judge_join(joining *of, const json_t *join, const json_t *where)
{
    const json_t *left = json_object_get(join, "left"), *right = json_object_get(join, "right");
    tz_strings    lefts = {0}, rights = {0};

    if (json_array_size(json_object_get(join, "using_columns")) > 0 || needs_no_condition(of, left) || needs_no_condition(of, right))
        return;
    add_tables(of, left, &lefts);
    add_tables(of, right, &rights);
    if (links(json_object_get(join, "condition"), &lefts, &rights) || links(where, &lefts, &rights))
        return;
    tz_lint_add(of->of, "cross-join", of->statement->file, tz_lint_line(of->statement, right),
                "%s 与前面的表没有连接条件,每一行都会与每一行相配",
                "%s is joined to what stands before it by no condition: every row meets every row",
                rights.count > 0 ? rights.items[0] : "?");
}

static void walk(joining *of, const json_t *value, const json_t *where)
{
    size_t      i;
    const char *key;
    json_t     *item;

    if (json_object_get(value, "from_table") != NULL)
        where = json_object_get(value, "where_clause");
    json_array_foreach(json_object_get(json_object_get(value, "cte_map"), "map"), i, item) {
        const json_t *query = json_object_get(json_object_get(item, "value"), "query");
        tz_push(of->of->mem, &of->with_names, tz_json_str(item, "key") == NULL ? "" : tz_json_str(item, "key"));
        tz_push(of->of->mem, &of->with_nodes, json_object_get(query, "node"));
    }
    if (is_type(value, "JOIN"))
        judge_join(of, value, where);
    json_array_foreach((json_t *)value, i, item)
        walk(of, item, where);
    json_object_foreach((json_t *)value, key, item)
        walk(of, item, where);
}

void tz_lint_joins(tz_linting *of, const tz_lint_statement *statement)
{
    joining joins = {.of = of, .statement = statement};
    walk(&joins, statement->tree, NULL);
}
