#include "packs/lint.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/idcard.h"
#include "base/limits.h"
#include "packs/linting.h"

void tz_lint_add(tz_linting *of, const char *rule, const char *file, int64_t line, const char *zh, const char *en, const char *what)
{
    tz_err  text = {0};
    json_t *row = json_object();

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    (void)tz_fail(&text, TZ_INPUT, zh, en, what);
#pragma GCC diagnostic pop
    tz_json_set_str(row, "rule", rule);
    tz_json_set_str(row, "file", file);
    tz_json_set_int(row, "line", line);
    tz_json_set_str(row, "text", of->lang == TZ_ZH ? text.zh : text.en);
    (void)json_array_append_new(of->rows, row);
}

int64_t tz_lint_line(const tz_lint_statement *of, const json_t *node)
{
    double  place = json_number_value(json_object_get(node, "query_location"));
    int64_t line = of->line;
    size_t  size = strlen(of->text);

    for (size_t i = 0; place >= 0 && place <= (double)size && i < (size_t)place; i++)
        line += of->text[i] == '\n';
    return line;
}

/* ---- Statements ---- */

/* The SELECT whose columns are the statement's: of UNION the first. */
static const json_t *outermost(const json_t *node)
{
    for (int depth = 0; depth < 64 && json_object_get(node, "select_list") == NULL; depth++) {
        const json_t *left = json_object_get(node, "left");
        node = left != NULL ? left : json_array_get(json_object_get(node, "children"), 0);
    }
    return node;
}

static void read_outputs(tz_linting *of, tz_lint_statement *statement)
{
    size_t  i;
    json_t *item;

    json_array_foreach(json_object_get(outermost(statement->tree), "select_list"), i, item) {
        const char   *alias = tz_json_str(item, "alias"), *class = tz_json_str(item, "class");
        const json_t *parts = json_object_get(item, "column_names");
        const char   *last = json_string_value(json_array_get(parts, json_array_size(parts) - 1));
        statement->has_star |= class != NULL && strcmp(class, "STAR") == 0;
        tz_push(of->mem, &statement->outputs, alias != NULL && alias[0] != '\0' ? alias : last != NULL ? last : "");
    }
}

/* Tables that no pack declares; parameters that the pack does not declare. */
static void judge_names(tz_linting *of, const tz_lint_statement *statement, const tz_query_names *names, const tz_strings *parameters)
{
    for (size_t i = 0; i < names->tables.count; i++) {
        const char *table = names->tables.items[i];
        if (strcmp(table, "divisions") != 0 && strcmp(table, "findings") != 0 && tz_packs_register(of->packs, table) == NULL)
            tz_lint_add(of, "unknown-table", statement->file, statement->line, "没有规则包声明名册 %s", "no pack declares the register %s", table);
    }
    for (size_t i = 0; i < parameters->count; i++) {
        bool is_known = strcmp(parameters->items[i], "as_of") == 0;
        for (size_t j = 0; j < of->pack->parameters.count; j++)
            is_known |= strcmp(of->pack->parameters.items[j].name, parameters->items[i]) == 0;
        if (!is_known)
            tz_lint_add(of, "unknown-parameter", statement->file, statement->line, "pack.yaml 没有声明参数 :%s",
                        "pack.yaml declares no parameter :%s", parameters->items[i]);
    }
}

static tz_rc judge_statement(tz_linting *of, const char *file, int64_t line, const char *sql, const tz_check *check, tz_strings *used,
                             tz_err *err)
{
    tz_rc             rc = TZ_OK;
    json_t           *tree = NULL;
    tz_strings        parameters = {0};
    tz_query_names    names = {0};
    tz_lint_statement statement = {.file = file, .line = line, .sql = sql, .check = check};

    statement.text = tz_query_rewrite(of->mem, sql, &parameters);
    TZ_TRY(tz_query_tree(of->mem, sql, &tree, err));
    TZ_TRY(tz_query_name(of->mem, sql, &names, err));
    statement.tree = json_object_get(json_array_get(json_object_get(tree, "statements"), 0), "node");
    read_outputs(of, &statement);
    judge_names(of, &statement, &names, &parameters);
    tz_lint_uses(of, &statement);
    tz_lint_joins(of, &statement);
    tz_lint_dialect(of, &statement);
    for (size_t i = 0; i < parameters.count; i++)
        tz_push(of->mem, used, parameters.items[i]);
done:
    json_decref(tree);
    if (rc != TZ_OK)
        (void)tz_err_at(err, file, NULL, line, NULL);
    return rc;
}

/* ---- Parameters ---- */

static void judge_parameters(tz_linting *of, const tz_strings *used)
{
    const char *file = tz_arena_printf(of->mem, "%s/pack.yaml", of->pack->name);

    for (size_t i = 0; i < of->pack->parameters.count; i++) {
        const tz_parameter *parameter = &of->pack->parameters.items[i];
        if (!parameter->has_source)
            tz_lint_add(of, "parameter", file, parameter->line, "参数 %s 没有写 source(出处)", "parameter %s says no source", parameter->name);
        if (strcmp(parameter->title, parameter->name) == 0)
            tz_lint_add(of, "parameter", file, parameter->line, "参数 %s 没有写 title", "parameter %s has no title", parameter->name);
        if (!tz_strings_has(used, parameter->name))
            tz_lint_add(of, "parameter", file, parameter->line, "没有规则或指标用到参数 %s", "no check or figure uses parameter %s", parameter->name);
    }
}

/* ---- People's data in files ---- */

static bool is_luhn(tz_text digits)
{
    int sum = 0;

    for (size_t i = 0; i < digits.size; i++) {
        int digit = digits.data[digits.size - 1 - i] - '0';
        int doubled = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += i % 2 == 1 ? doubled : digit;
    }
    return sum % 10 == 0;
}

static const char *kind_of(tz_text run)
{
    bool is_card = run.size == 18 && tz_idcard_is_valid(run);
    bool is_phone = run.size == 11 && run.data[0] == '1' && run.data[1] >= '3';
    bool is_digits = run.size > 0 && run.data[run.size - 1] != 'X';
    return is_card ? "身份号码 / ID number" : is_phone ? "手机号 / mobile number"
           : is_digits && run.size >= 16 && run.size <= 19 && is_luhn(run) ? "银行账号 / bank account" : NULL;
}

static void judge_text(tz_linting *of, const char *file, tz_text text)
{
    int64_t line = 1;

    for (size_t at = 0; at < text.size;) {
        size_t size = 0;
        while (at + size < text.size && text.data[at + size] >= '0' && text.data[at + size] <= '9')
            size++;
        if (size == 17 && at + size < text.size && text.data[at + size] == 'X')
            size++;
        const char *kind = size == 0 ? NULL : kind_of(tz_text_cut(text, at, size));
        if (kind != NULL)
            tz_lint_add(of, "personal", file, line, "文件中有疑似个人信息:%s", "it holds what looks like personal data: %s", kind);
        line += text.data[at] == '\n';
        at += size == 0 ? 1 : size;
    }
}

/* The folder's own files, and those of checks/; fixtures hold invented people. */
static tz_rc judge_texts(tz_linting *of, const char *folder, const char *shown, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_names names = {0};
    tz_text  text;

    TZ_TRY(tz_file_list(of->mem, folder, &names, err));
    for (size_t i = 0; i < names.count; i++) {
        const char *path = tz_arena_printf(of->mem, "%s/%s", folder, names.items[i]);
        const char *name = tz_arena_printf(of->mem, "%s/%s", shown, names.items[i]);
        if (tz_file_is_folder(path)) {
            if (strcmp(names.items[i], "checks") == 0)
                TZ_TRY(judge_texts(of, path, name, err));
            continue;
        }
        TZ_TRY(tz_file_load(of->mem, path, TZ_MAX_YAML_BYTES, &text, err));
        judge_text(of, name, text);
    }
done:
    return rc;
}

/* ---- Fixtures ---- */

static tz_rc read_expectations(tz_linting *of, tz_strings *raised, tz_strings *spared, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_names    cases = {0};
    const char *tests = tz_arena_printf(of->mem, "%s/tests", of->pack->folder);
    tz_text     text;

    if (!tz_file_exists(tests))
        return TZ_OK;
    TZ_TRY(tz_file_list(of->mem, tests, &cases, err));
    for (size_t i = 0; i < cases.count; i++) {
        const char *path = tz_arena_printf(of->mem, "%s/%s/expect.txt", tests, cases.items[i]);
        if (!tz_file_exists(path))
            continue;
        TZ_TRY(tz_file_load(of->mem, path, TZ_MAX_YAML_BYTES, &text, err));
        char *rest = tz_text_dup(of->mem, text);
        for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
            char *more = line, *check = strsep(&more, " "), *expects = strsep(&more, " ");
            if (expects != NULL && strcmp(expects, "raises") == 0)
                tz_push(of->mem, raised, check);
            if (expects != NULL && strcmp(expects, "spares") == 0)
                tz_push(of->mem, spared, check);
        }
    }
done:
    return rc;
}

static tz_rc judge_fixtures(tz_linting *of, tz_err *err)
{
    tz_strings raised = {0}, spared = {0};
    tz_rc      rc = read_expectations(of, &raised, &spared, err);

    for (size_t i = 0; rc == TZ_OK && i < of->pack->checks.count; i++) {
        const tz_check *check = &of->pack->checks.items[i];
        if (of->pack->own != NULL)
            continue; /* the county's own fixtures stand with the pack that it adds to */
        if (!tz_strings_has(&raised, check->name))
            tz_lint_add(of, "fixture", check->file, 1, "规则 %s 没有触发它的样例", "no fixture raises %s", check->name);
        if (!tz_strings_has(&spared, check->name))
            tz_lint_add(of, "fixture", check->file, 1, "规则 %s 没有相似而不触发的样例", "no fixture is a near miss of %s", check->name);
    }
    return rc;
}

tz_rc tz_pack_lint(tz_arena *mem, const tz_packs *packs, const tz_pack *pack, tz_lang lang, json_t **ret_rows, tz_err *err)
{
    tz_assert(mem != NULL && packs != NULL && pack != NULL && ret_rows != NULL);
    tz_rc      rc = TZ_OK;
    tz_linting of = {.mem = mem, .packs = packs, .pack = pack, .lang = lang, .rows = json_array()};
    tz_strings used = {0};

    for (size_t i = 0; i < pack->checks.count; i++) {
        const tz_check *check = &pack->checks.items[i];
        TZ_TRY(judge_statement(&of, check->file, check->line, check->sql, check, &used, err));
    }
    for (size_t i = 0; i < pack->figures.count; i++) {
        const tz_figure *figure = &pack->figures.items[i];
        if (figure->sql != NULL)
            TZ_TRY(judge_statement(&of, figure->file, figure->line, figure->sql, NULL, &used, err));
    }
    judge_parameters(&of, &used);
    TZ_TRY(judge_texts(&of, pack->folder, pack->name, err));
    if (pack->own != NULL)
        TZ_TRY(judge_texts(&of, pack->own, tz_arena_printf(mem, "packs/%s", pack->name), err));
    TZ_TRY(judge_fixtures(&of, err));
    *ret_rows = json_incref(of.rows);
done:
    json_decref(of.rows);
    return rc;
}
