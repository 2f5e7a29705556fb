#include "packs/gate.h"

#include <string.h>
#include <strings.h>

#include "base/assert.h"
#include "base/limits.h"

/* Functions that compute from their arguments alone, picked by hand, sorted by what they are for.
 * Left out are all that reach the machine, the clock, chance, settings or the catalog, those that
 * make a text of any length from a number (repeat, lpad, rpad, bitstring, format), DuckDB's
 * distances by bytes, and age of one argument. */
static const char *const FUNCTIONS[] = {
    /* operators */
    "+", "-", "*", "/", "//", "%", "**", "^", "||", "&", "|", "<<", ">>", "~", "!", "~~", "!~~", "~~*", "!~~*", "@",
    /* numbers */
    "abs", "ceil", "ceiling", "floor", "round", "sign", "sqrt", "cbrt", "exp", "ln", "log", "log10", "log2", "pow", "power", "mod",
    "greatest", "least", "trunc", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "radians", "degrees", "pi", "isnan", "isfinite",
    "isinf", "gcd", "lcm", "divide", "multiply", "add", "subtract", "xor", "bit_count",
    /* texts */
    "lower", "upper", "lcase", "ucase", "length", "len", "strlen", "char_length", "character_length", "substr", "substring", "left", "right",
    "trim", "ltrim", "rtrim", "replace", "translate", "concat", "concat_ws", "contains", "starts_with", "prefix", "suffix", "strpos",
    "position", "instr", "split_part", "string_split", "str_split", "reverse", "ascii", "chr", "unicode", "ord", "like_escape",
    "ilike_escape", "not_like_escape", "not_ilike_escape", "regexp_matches", "regexp_full_match", "regexp_replace", "regexp_extract",
    "strip_accents", "nfc_normalize", "md5", "sha256", "hex", "to_hex",
    /* nulls and choices */
    "coalesce", "ifnull", "nullif", "if",
    /* days */
    "date_part", "datepart", "date_diff", "datediff", "date_add", "date_sub", "datesub", "date_trunc", "datetrunc", "year", "month", "day",
    "quarter", "week", "weekday", "isodow", "dayofweek", "dayofyear", "dayofmonth", "weekofyear", "yearweek", "last_day", "make_date",
    "strftime", "strptime", "try_strptime", "to_days", "to_months", "to_years", "to_weeks", "epoch", "monthname", "dayname", "hour", "minute",
    "second", "to_char",
    /* lists and structs of the parser's own */
    "list_value", "array_value", "list_contains", "list_has", "array_contains", "list_sort", "list_distinct", "list_unique", "list_concat",
    "list_extract", "list_element", "array_extract", "array_length", "list_position", "list_filter", "list_transform", "unnest", "range",
    "generate_series", "list_slice", "array_slice", "list_reverse_sort", "flatten", "array_to_string", "list_sum", "list_min", "list_max",
    /* aggregates */
    "count", "count_star", "sum", "avg", "mean", "min", "max", "list", "array_agg", "string_agg", "group_concat", "bool_and", "bool_or",
    "any_value", "first", "last", "arg_min", "arg_max", "min_by", "max_by", "count_if", "countif", "median", "mode", "mad", "quantile",
    "quantile_cont", "quantile_disc", "percentile_cont", "percentile_disc", "stddev", "stddev_pop", "stddev_samp", "variance", "var_pop",
    "var_samp", "corr", "covar_pop", "covar_samp", "regr_slope", "regr_intercept", "regr_r2", "skewness", "kurtosis", "entropy", "product",
    "approx_count_distinct", "histogram", "fsum", "kahan_sum",
    /* windows */
    "row_number", "rank", "dense_rank", "rank_dense", "percent_rank", "cume_dist", "ntile", "lag", "lead", "first_value", "last_value",
    "nth_value",
    /* Taizhang's */
    "edit_distance", "name_similarity", "address_similarity", "id_is_valid", "id_birth", "id_sex", "id_region", "age_at", "term_start",
    "term_end", "month_start", "month_end", "working_days", "robust_z", "first_digit", "benford_share", "benford_z", "relative_risk",
    "relative_risk_low", "relative_risk_high", "distance_m",
    NULL,
};

static const char *const TABLE_FUNCTIONS[] = {"range", "generate_series", "unnest", NULL};
static const char *const CLASSES[] = {"CONSTANT", "COLUMN_REF", "FUNCTION", "OPERATOR", "COMPARISON", "CONJUNCTION", "CASE", "CAST", "BETWEEN",
                                      "SUBQUERY", "STAR", "WINDOW", "PARAMETER", "LAMBDA", "LAMBDA_REF", "POSITIONAL_REFERENCE", NULL};
static const char *const NODES[] = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE", NULL};
static const char *const TABLES[] = {"BASE_TABLE", "SUBQUERY", "JOIN", "EMPTY", "EXPRESSION_LIST", "TABLE_FUNCTION", "COLUMN_DATA", NULL};
/* Words without brackets that are functions: the clock and who runs. */
static const char *const BARE[] = {"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "current_user",
                                   "current_role", "session_user", "user", "current_schema", "current_catalog", "current_database", NULL};

/* A name of WITH, seen by what stands inside its scope. */
typedef struct scope scope;
struct scope {
    const char  *name;
    const scope *outer;
};

typedef struct {
    tz_arena     *mem;
    const json_t *tables;
    const char   *refused; /* the first thing that is not allowed */
    int           depth;
} judging;

static bool is_among(const char *const *names, const char *name)
{
    for (; *names != NULL; names++)
        if (strcasecmp(*names, name) == 0)
            return true;
    return false;
}

static void refuse(judging *of, const char *kind, const char *name)
{
    if (of->refused == NULL)
        of->refused = tz_arena_printf(of->mem, "not allowed in a pack: %s %s", kind, name == NULL ? "?" : name);
}

static void walk(judging *of, const json_t *value, const scope *names);

static bool is_table(const judging *of, const char *name, const scope *names)
{
    size_t  i;
    json_t *table;

    for (; names != NULL; names = names->outer)
        if (strcasecmp(names->name, name) == 0)
            return true;
    json_array_foreach((json_t *)of->tables, i, table)
        if (strcasecmp(json_string_value(table), name) == 0)
            return true;
    return false;
}

static bool is_empty(const json_t *object, const char *key)
{
    const char *text = tz_json_str(object, key);
    return text == NULL || text[0] == '\0';
}

static void judge_function(judging *of, const json_t *object, const char *name)
{
    const char *schema = tz_json_str(object, "schema");
    bool        is_plain = is_empty(object, "catalog") && (is_empty(object, "schema") || strcmp(schema, "main") == 0);

    if (!is_plain || !is_among(FUNCTIONS, name))
        refuse(of, "function", name);
}

static void judge_table(judging *of, const json_t *object, const char *type, const scope *names)
{
    if (!is_among(TABLES, type)) {
        refuse(of, "table", type);
    } else if (strcmp(type, "BASE_TABLE") == 0) {
        const char *name = tz_json_str(object, "table_name");
        if (name == NULL || !is_empty(object, "schema_name") || !is_empty(object, "catalog_name") || !is_table(of, name, names))
            refuse(of, "table", name);
    } else if (strcmp(type, "TABLE_FUNCTION") == 0) {
        const char *name = tz_json_str(json_object_get(object, "function"), "function_name");
        if (name == NULL || !is_among(TABLE_FUNCTIONS, name))
            refuse(of, "table function", name);
    }
}

static void judge_expression(judging *of, const json_t *object, const char *class)
{
    const json_t *parts = json_object_get(object, "column_names");
    const char   *column = json_string_value(json_array_get(parts, 0));

    if (!is_among(CLASSES, class))
        refuse(of, "expression", class);
    if (json_array_size(parts) == 1 && column != NULL && is_among(BARE, column))
        refuse(of, "word", column);
}

/* The names of WITH one after the other: each sees those before it; what follows sees all. */
static const scope *walk_with(judging *of, const json_t *map, const scope *names)
{
    size_t  i;
    json_t *entry;

    json_array_foreach((json_t *)map, i, entry) {
        walk(of, json_object_get(entry, "value"), names);
        scope *inner = tz_new(of->mem, scope);
        *inner = (scope){.name = tz_json_str(entry, "key"), .outer = names};
        if (inner->name == NULL) {
            refuse(of, "with", "?");
            return names;
        }
        names = inner;
    }
    return names;
}

/* Of a recursive query only the right side sees its own name. */
static void walk_recursive(judging *of, const json_t *object, const scope *names)
{
    const scope inner = {.name = tz_json_str(object, "cte_name"), .outer = names};
    const char *key;
    json_t     *member;

    if (inner.name == NULL) {
        refuse(of, "with", "?");
        return;
    }
    json_object_foreach((json_t *)object, key, member)
        walk(of, member, strcmp(key, "right") == 0 ? &inner : names);
}

static void walk_object(judging *of, const json_t *object, const scope *names)
{
    const char *class = tz_json_str(object, "class"), *type = tz_json_str(object, "type"), *function = tz_json_str(object, "function_name");
    const json_t *with = json_object_get(json_object_get(object, "cte_map"), "map");
    bool          is_node = json_object_get(object, "cte_map") != NULL;
    bool          is_from = class == NULL && !is_node && json_object_get(object, "alias") != NULL && type != NULL &&
                   (json_object_get(object, "sample") != NULL || json_object_get(object, "table_name") != NULL);
    const char   *key;
    json_t       *member;

    if (json_object_size(json_object_get(object, "sample")) > 0)
        refuse(of, "chance", "sample");
    if (class != NULL)
        judge_expression(of, object, class);
    if (function != NULL)
        judge_function(of, object, function);
    if (is_node && (type == NULL || !is_among(NODES, type)))
        refuse(of, "query", type);
    if (is_from || json_object_get(object, "table_name") != NULL)
        judge_table(of, object, type == NULL ? "?" : type, names);
    const scope *inner = is_node ? walk_with(of, with, names) : names;
    if (is_node && type != NULL && strcmp(type, "RECURSIVE_CTE_NODE") == 0) {
        walk_recursive(of, object, inner);
        return;
    }
    json_object_foreach((json_t *)object, key, member)
        if (!is_node || strcmp(key, "cte_map") != 0)
            walk(of, member, inner);
}

static void walk(judging *of, const json_t *value, const scope *names)
{
    size_t  i;
    json_t *item;

    if (of->refused != NULL || (!json_is_object(value) && !json_is_array(value)))
        return;
    if (++of->depth > 4 * TZ_MAX_JSON_DEPTH)
        refuse(of, "query", "too deeply nested");
    else if (json_is_object(value))
        walk_object(of, value, names);
    else
        json_array_foreach((json_t *)value, i, item)
            walk(of, item, names);
    of->depth--;
}

const char *tz_gate_judge(tz_arena *mem, const json_t *tree, const json_t *tables)
{
    tz_assert(mem != NULL && tables != NULL);
    judging       of = {.mem = mem, .tables = tables};
    const json_t *statements = json_object_get(tree, "statements");

    if (!json_is_false(json_object_get(tree, "error")))
        return tz_json_str(tree, "error_message") != NULL ? tz_arena_dup(mem, tz_json_str(tree, "error_message")) : "no SELECT";
    if (json_array_size(statements) != 1)
        return "exactly one SELECT is allowed";
    walk(&of, json_object_get(json_array_get(statements, 0), "node"), NULL);
    return of.refused;
}
