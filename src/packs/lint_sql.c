/* lint_sql - SQL that DuckDB and PostgreSQL do not share. */
#include <string.h>

#include "packs/linting.h"

/* Functions that both have under this name and meaning, or that Taizhang gives to both. What the gate allows beyond
 * these runs, but not on the other engine. */
static const char *const SHARED[] = {
    "+", "-", "*", "/", "%", "^", "||", "&", "|", "<<", ">>", "~", "~~", "!~~", "~~*", "!~~*", "@",
    "abs", "ceil", "ceiling", "floor", "round", "sign", "sqrt", "cbrt", "exp", "ln", "log", "log10", "power", "mod", "greatest", "least",
    "trunc", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "radians", "degrees", "pi", "gcd", "lcm",
    "lower", "upper", "length", "char_length", "character_length", "substr", "substring", "left", "right", "trim", "ltrim", "rtrim",
    "replace", "translate", "concat", "concat_ws", "strpos", "position", "split_part", "reverse", "ascii", "chr", "regexp_replace",
    "starts_with", "md5", "coalesce", "nullif", "date_part", "date_trunc", "make_date", "to_char", "to_days", "to_months", "to_years",
    "to_weeks", "unnest", "generate_series",
    "count", "count_star", "sum", "avg", "min", "max", "list", "array_agg", "string_agg", "bool_and", "bool_or", "any_value", "stddev",
    "stddev_pop", "stddev_samp", "variance", "var_pop", "var_samp", "corr", "covar_pop", "covar_samp", "regr_slope", "regr_intercept",
    "regr_r2", "percentile_cont", "percentile_disc", "quantile_cont", "quantile_disc", "mode", "median", "mad",
    "row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile", "lag", "lead", "first_value", "last_value", "nth_value",
    "edit_distance", "name_similarity", "address_similarity", "id_is_valid", "id_birth", "id_sex", "id_region", "age_at", "term_start",
    "term_end", "month_start", "month_end", "working_days", "robust_z", "first_digit", "benford_share", "benford_z", "relative_risk",
    "relative_risk_low", "relative_risk_high", "distance_m", NULL,
};

static bool is_shared(const char *name)
{
    for (const char *const *at = SHARED; *at != NULL; at++)
        if (strcmp(*at, name) == 0)
            return true;
    return false;
}

static void say(tz_linting *of, const tz_lint_statement *statement, const json_t *node, const char *what)
{
    tz_lint_add(of, "dialect", statement->file, tz_lint_line(statement, node), "%s 不在 DuckDB 与 PostgreSQL 共有的写法之内",
                "%s is no part of what DuckDB and PostgreSQL share", what);
}

static bool is_set(const json_t *node, const char *key)
{
    const json_t *value = json_object_get(node, key);
    return value != NULL && !json_is_null(value) && !json_is_false(value) &&
           !((json_is_array(value) || json_is_object(value)) && json_array_size(value) + json_object_size(value) == 0);
}

static bool is_text(const json_t *node, const char *key, const char *text)
{
    const char *value = tz_json_str(node, key);
    return value != NULL && strcmp(value, text) == 0;
}

/* A texts' aggregate whose order nobody said gives another text each time. */
static void judge_function(tz_linting *of, const tz_lint_statement *statement, const json_t *node, const char *name)
{
    if (!is_shared(name))
        say(of, statement, node, name);
    if (strcmp(name, "string_agg") == 0 && json_array_size(json_object_get(json_object_get(node, "order_bys"), "orders")) == 0)
        tz_lint_add(of, "order", statement->file, tz_lint_line(statement, node), "string_agg 没有写 ORDER BY,每次次序可能不同%s",
                    "string_agg has no ORDER BY: its text may differ from run to run%s", "");
}

static void judge(tz_linting *of, const tz_lint_statement *statement, const json_t *node)
{
    static const struct { const char *key, *shown; } NEVER[] = {{"qualify", "QUALIFY"}, {"sample", "TABLESAMPLE"}};
    const char *class = tz_json_str(node, "class"), *function = tz_json_str(node, "function_name"), *join = tz_json_str(node, "join_type");

    if (function != NULL)
        judge_function(of, statement, node, function);
    for (size_t i = 0; i < sizeof NEVER / sizeof NEVER[0]; i++)
        if (is_set(node, NEVER[i].key))
            say(of, statement, node, NEVER[i].shown);
    if (is_text(node, "aggregate_handling", "FORCE_AGGREGATES"))
        say(of, statement, node, "GROUP BY ALL");
    if (json_is_true(json_object_get(node, "try_cast")))
        say(of, statement, node, "TRY_CAST");
    if (join != NULL && (strcmp(join, "SEMI") == 0 || strcmp(join, "ANTI") == 0))
        say(of, statement, node, join);
    if (is_text(node, "ref_type", "ASOF") || is_text(node, "ref_type", "POSITIONAL"))
        say(of, statement, node, tz_json_str(node, "ref_type"));
    if (class == NULL)
        return;
    if (strcmp(class, "LAMBDA") == 0 || strcmp(class, "POSITIONAL_REFERENCE") == 0)
        say(of, statement, node, class);
    if (strcmp(class, "STAR") == 0 && (is_set(node, "exclude_list") || is_set(node, "replace_list") || is_set(node, "expr") ||
                                       is_set(node, "columns") || is_set(node, "qualified_exclude_list") || is_set(node, "rename_list")))
        say(of, statement, node, "* EXCLUDE/REPLACE, COLUMNS()");
}

static void walk(tz_linting *of, const tz_lint_statement *statement, const json_t *value)
{
    size_t      i;
    const char *key;
    json_t     *item;

    if (json_is_object(value))
        judge(of, statement, value);
    json_array_foreach((json_t *)value, i, item)
        walk(of, statement, item);
    json_object_foreach((json_t *)value, key, item)
        walk(of, statement, item);
}

/* "decimal" without its digits: the engines take others. Found in the text, since the tree has already chosen. */
static void judge_decimals(tz_linting *of, const tz_lint_statement *statement)
{
    static const char *const WORDS[] = {"decimal", "numeric"};
    int64_t line = statement->line;

    for (const char *at = statement->sql; *at != '\0'; at++) {
        line += *at == '\n';
        for (size_t i = 0; i < 2; i++) {
            size_t size = strlen(WORDS[i]);
            bool   is_word = strncasecmp(at, WORDS[i], size) == 0 &&
                           (at == statement->sql || strchr(" (\n:", at[-1]) != NULL) && strchr(" )\n,", at[size]) != NULL;
            if (is_word)
                tz_lint_add(of, "dialect", statement->file, line, "%s 要写明位数,如 decimal(18,2)", "%s needs its digits, as decimal(18,2)",
                            WORDS[i]);
        }
    }
}

void tz_lint_dialect(tz_linting *of, const tz_lint_statement *statement)
{
    walk(of, statement, statement->tree);
    judge_decimals(of, statement);
}
