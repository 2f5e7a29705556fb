/* lint_use - columns that a statement gives and nobody reads, and those that its front matter names and it does not
 * give. */
#include <string.h>

#include "packs/linting.h"

/* ---- What a check's own front matter says ---- */

/* "{name}" in either half of the message. */
static void read_places(tz_arena *mem, const char *message, tz_strings *places)
{
    for (const char *at = message; at != NULL && (at = strchr(at, '{')) != NULL; at++) {
        size_t size = strcspn(at + 1, "}");
        if (at[1 + size] == '}' && size > 0)
            tz_push(mem, places, tz_arena_copy(mem, at + 1, size));
    }
}

static bool is_known_name(const char *name)
{
    size_t size = strlen(name);
    return strcmp(name, "subject") == 0 || strcmp(name, "level") == 0 || strcmp(name, "remedied") == 0 ||
           (size > 4 && strcmp(name + size - 4, "_row") == 0) || (size > 5 && strcmp(name + size - 5, "_rows") == 0);
}

static void expect_given(tz_linting *of, const tz_lint_statement *statement, const tz_strings *names, const char *zh, const char *en)
{
    for (size_t i = 0; i < names->count; i++)
        if (!tz_strings_has(&statement->outputs, names->items[i]))
            tz_lint_add(of, "missing-column", statement->file, statement->line, zh, en, names->items[i]);
}

static void judge_front(tz_linting *of, const tz_lint_statement *statement)
{
    const tz_check *check = statement->check;
    tz_strings      places = {0};

    read_places(of->mem, check->message, &places);
    expect_given(of, statement, &check->key, "键 %s 不在查询的列中", "the query gives no column %s, which the key names");
    expect_given(of, statement, &places, "文字中的 {%s} 不在查询的列中", "the query gives no column for {%s} of the message");
    expect_given(of, statement, &check->public_columns, "public 中的 %s 不在查询的列中", "the query gives no column %s, which public names");
    for (size_t i = 0; i < statement->outputs.count; i++) {
        const char *name = statement->outputs.items[i];
        bool is_used = is_known_name(name) || tz_strings_has(&check->key, name) || tz_strings_has(&places, name);
        if (!is_used)
            tz_lint_add(of, "unused-column", statement->file, statement->line, "查询给出的列 %s 没有用在键或文字中",
                        "the query's column %s is in neither the key nor the message", name[0] == '\0' ? "?" : name);
    }
}

/* ---- Columns of subqueries ---- */

typedef struct {
    tz_linting              *of;
    const tz_lint_statement *statement;
    tz_strings               read; /* names of columns that anything reads */
    bool                     has_star;
} using;

static void collect(using *of, const json_t *value)
{
    const char *class = tz_json_str(value, "class"), *key;
    size_t      i;
    json_t     *item;

    of->has_star |= class != NULL && strcmp(class, "STAR") == 0;
    json_array_foreach(json_object_get(value, "column_names"), i, item)
        tz_push(of->of->mem, &of->read, json_string_value(item));
    json_array_foreach(json_object_get(value, "using_columns"), i, item)
        tz_push(of->of->mem, &of->read, json_string_value(item));
    json_array_foreach((json_t *)value, i, item)
        collect(of, item);
    json_object_foreach((json_t *)value, key, item)
        collect(of, item);
}

/* The aliases of a SELECT that is no outermost one. */
static void judge_select(using *of, const json_t *select)
{
    size_t  i;
    json_t *item;

    json_array_foreach(json_object_get(select, "select_list"), i, item) {
        const char *alias = tz_json_str(item, "alias");
        if (alias != NULL && alias[0] != '\0' && !tz_strings_has(&of->read, alias))
            tz_lint_add(of->of, "unused-column", of->statement->file, tz_lint_line(of->statement, item), "没有谁读子查询的列 %s",
                        "nobody reads the column %s of this subquery", alias);
    }
}

static void walk(using *of, const json_t *value, bool is_outermost)
{
    const char *type = tz_json_str(value, "type"), *key;
    bool        is_set = type != NULL && strcmp(type, "SET_OPERATION_NODE") == 0;
    size_t      i;
    json_t     *item;

    if (json_object_get(value, "select_list") != NULL && !is_outermost)
        judge_select(of, value);
    json_array_foreach((json_t *)value, i, item)
        walk(of, item, is_outermost && is_set);
    json_object_foreach((json_t *)value, key, item)
        walk(of, item, is_outermost && is_set && strcmp(key, "cte_map") != 0);
}

void tz_lint_uses(tz_linting *of, const tz_lint_statement *statement)
{
    using uses = {.of = of, .statement = statement};

    if (statement->check != NULL && !statement->has_star)
        judge_front(of, statement);
    collect(&uses, statement->tree);
    if (!uses.has_star)
        walk(&uses, statement->tree, true);
}
