#include "packs/guard.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/json.h"

/* Nodes that the parser made itself stand at place 2^64 - 1, which is no int64; where they stand matters to
 * messages alone. In a text constant the quotes would be escaped. */
static void plain_places(char *tree)
{
    static const char NOWHERE[] = "\"query_location\":18446744073709551615";
    enum { NUMBER = 17 };

    for (char *at = tree; (at = strstr(at, NOWHERE)) != NULL; at += sizeof NOWHERE - 1) {
        memset(at + NUMBER, ' ', sizeof NOWHERE - 1 - NUMBER);
        at[NUMBER] = '0';
    }
}

static bool is_nonzero(const json_t *node)
{
    const char   *class = tz_json_str(node, "class"), *function = tz_json_str(node, "function_name");
    const json_t *value = json_object_get(json_object_get(node, "value"), "value");

    if (class != NULL && strcmp(class, "CONSTANT") == 0)
        return json_is_number(value) && json_number_value(value) != 0;
    return function != NULL && strcmp(function, "nullif") == 0;
}

static json_t *divisor(json_t *of)
{
    return json_pack("{s:s, s:s, s:s, s:i, s:s, s:s, s:[O], s:n, s:{s:s, s:[]}, s:b, s:b, s:b, s:s}", "class", "FUNCTION", "type", "FUNCTION",
                     "alias", "", "query_location", 0, "function_name", "tz_divisor", "schema", "", "children", of, "filter", "order_bys",
                     "type", "ORDER_MODIFIER", "orders", "distinct", 0, "is_operator", 0, "export_state", 0, "catalog", "");
}

static bool is_division(const json_t *node)
{
    const char *name = tz_json_str(node, "function_name");
    return name != NULL && (strcmp(name, "/") == 0 || strcmp(name, "//") == 0 || strcmp(name, "%") == 0 || strcmp(name, "mod") == 0) &&
           json_array_size(json_object_get(node, "children")) == 2;
}

static size_t guard(json_t *node)
{
    size_t      changed = 0, i;
    const char *key;
    json_t     *item;

    json_array_foreach(node, i, item)
        changed += guard(item);
    json_object_foreach(node, key, item)
        changed += guard(item);
    json_t *children = json_object_get(node, "children"), *second = json_array_get(children, 1);
    if (json_is_object(node) && is_division(node) && !is_nonzero(second)) {
        (void)json_array_set_new(children, 1, divisor(second));
        changed++;
    }
    return changed;
}

const char *tz_guard_divisions(tz_arena *mem, const char *tree, bool *ret_is_exact)
{
    tz_assert(mem != NULL && tree != NULL && ret_is_exact != NULL);
    char       *copy = tz_arena_dup(mem, tree);
    const char *guarded = NULL;

    plain_places(copy);
    json_t *root = json_loads(copy, 0, NULL);
    *ret_is_exact = root != NULL;
    if (root != NULL && guard(root) > 0) {
        char *text = json_dumps(root, JSON_COMPACT | JSON_REAL_PRECISION(17));
        guarded = tz_arena_dup(mem, text);
        free(text);
    }
    json_decref(root);
    return guarded;
}
