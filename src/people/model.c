#include "people/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "formats/yaml.h"

typedef struct {
    const char     *path;
    const tz_table *table;
    tz_model        model;
    size_t          with_numbers; /* comparisons that give m and u */
} loading;

/* ---- Reading ---- */

static const char *const PARTS[TZ_PARTS] = {"", "sound", "first", "last4", "year", "day", "area"};

const char *tz_model_part_text(tz_arena *mem, const tz_table *table, const tz_block_rule *rule, size_t place)
{
    const char *part = PARTS[rule->parts[place]];
    return tz_arena_printf(mem, "%s%s%s", table->columns[rule->columns[place]], part[0] == '\0' ? "" : ":", part);
}

static tz_rc find_column(const loading *of, const tz_yaml *node, size_t *ret_column, tz_err *err)
{
    for (size_t i = 0; node->kind == TZ_YAML_SCALAR && i < of->table->column_count; i++)
        if (strcmp(of->table->columns[i], node->text) == 0) {
            *ret_column = i;
            return TZ_OK;
        }
    return tz_yaml_fail(err, of->path, node, "没有这一列:%s", "there is no such column: %s", node->kind == TZ_YAML_SCALAR ? node->text : "[]");
}

static tz_rc find_kind(const loading *of, const tz_yaml *node, tz_compare_kind *ret_kind, tz_err *err)
{
    for (tz_compare_kind kind = 0; node->kind == TZ_YAML_SCALAR && kind < TZ_COMPARE_KINDS; kind++)
        if (strcmp(tz_compare_kind_name(kind), node->text) == 0) {
            *ret_kind = kind;
            return TZ_OK;
        }
    return tz_yaml_fail(err, of->path, node, "不认识的比较方式:%s", "unknown kind of comparison: %s",
                        node->kind == TZ_YAML_SCALAR ? node->text : "[]");
}

/* A probability: over 0, under 1. */
static tz_rc read_share(const loading *of, const tz_yaml *node, double *ret_share, tz_err *err)
{
    char  *end = NULL;
    double share = node->kind == TZ_YAML_SCALAR ? strtod(node->text, &end) : 0;

    if (end == NULL || end == node->text || *end != '\0' || !(share > 0 && share < 1))
        return tz_yaml_fail(err, of->path, node, "应为 0 与 1 之间的数", "a number between 0 and 1 is wanted");
    *ret_share = share;
    return TZ_OK;
}

static tz_rc read_level(loading *of, const tz_yaml *node, tz_comparison *one, tz_err *err)
{
    static const char *const KEYS[] = {"level", "m", "u", NULL};
    tz_rc                    rc = TZ_OK;
    const char              *name = tz_yaml_str(node, "level", "");
    size_t                   level = 1;
    const tz_yaml           *m = tz_yaml_get(node, "m"), *u = tz_yaml_get(node, "u");

    TZ_TRY(tz_yaml_only(of->path, node, KEYS, err));
    while (level < tz_compare_level_count(one->kind) && strcmp(tz_compare_levels(one->kind)[level - 1], name) != 0)
        level++;
    if (level == tz_compare_level_count(one->kind) || m == NULL || u == NULL)
        return tz_yaml_fail(err, of->path, node, "应有这种比较的一级 level,及其 m 和 u", "a level of this kind is wanted, with its m and u");
    TZ_TRY(read_share(of, m, &one->m[level], err));
    TZ_TRY(read_share(of, u, &one->u[level], err));
done:
    return rc;
}

static tz_rc read_levels(loading *of, const tz_yaml *node, const tz_yaml *levels, tz_comparison *one, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_YAML_EACH (level, levels)
        TZ_TRY(read_level(of, level, one, err));
    for (size_t level = 1; level < tz_compare_level_count(one->kind); level++)
        if (one->m[level] <= 0)
            return tz_yaml_fail(err, of->path, node, "缺少级别 %s", "level %s is missing", tz_compare_levels(one->kind)[level - 1]);
    of->with_numbers++;
done:
    return rc;
}

static tz_rc read_comparison(loading *of, const tz_yaml *node, tz_err *err)
{
    static const char *const KEYS[] = {"column", "kind", "with", "frequencies", "in_id", "levels", NULL};
    tz_rc                    rc = TZ_OK;
    tz_comparison            one = {.with = SIZE_MAX, .by_frequency = strcmp(tz_yaml_str(node, "frequencies", "false"), "true") == 0,
                                    .is_in_id = strcmp(tz_yaml_str(node, "in_id", "false"), "true") == 0};
    const tz_yaml           *column = tz_yaml_get(node, "column"), *kind = tz_yaml_get(node, "kind"), *with = tz_yaml_get(node, "with");

    TZ_TRY(tz_yaml_only(of->path, node, KEYS, err));
    if (column == NULL || kind == NULL)
        return tz_yaml_fail(err, of->path, node, "比较应有 column 和 kind", "a comparison has a column and a kind");
    if (of->model.comparison_count == TZ_MAX_COMPARISONS)
        return tz_yaml_fail(err, of->path, node, "比较超过 %d 个", "more than %d comparisons", (int)TZ_MAX_COMPARISONS);
    TZ_TRY(find_column(of, column, &one.column, err));
    TZ_TRY(find_kind(of, kind, &one.kind, err));
    if (with != NULL && one.kind != TZ_COMPARE_NAME && one.kind != TZ_COMPARE_PLACE && one.kind != TZ_COMPARE_HOUSEHOLD)
        return tz_yaml_fail(err, of->path, with, "with 只用于 name、place 和 household", "with goes with name, place and household only");
    if (with != NULL)
        TZ_TRY(find_column(of, with, &one.with, err));
    if (tz_yaml_get(node, "levels") != NULL)
        TZ_TRY(read_levels(of, node, tz_yaml_get(node, "levels"), &one, err));
    of->model.comparisons[of->model.comparison_count++] = one;
done:
    return rc;
}

/* A column, or a column and the part that is taken of it: "born:year". */
static tz_rc read_part(const loading *of, const tz_yaml *node, tz_block_rule *rule, tz_err *err)
{
    const char *colon = node->kind == TZ_YAML_SCALAR ? strrchr(node->text, ':') : NULL;

    for (tz_part part = 1; colon != NULL && part < TZ_PARTS; part++)
        for (size_t i = 0; strcmp(colon + 1, PARTS[part]) == 0 && i < of->table->column_count; i++)
            if (strlen(of->table->columns[i]) == (size_t)(colon - node->text) &&
                strncmp(of->table->columns[i], node->text, (size_t)(colon - node->text)) == 0) {
                rule->columns[rule->count] = i;
                rule->parts[rule->count++] = part;
                return TZ_OK;
            }
    tz_rc rc = find_column(of, node, &rule->columns[rule->count], err);
    rule->count += rc == TZ_OK;
    return rc;
}

static tz_rc read_rule(loading *of, const tz_yaml *node, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_block_rule rule = {.count = 0};

    if (node->kind != TZ_YAML_LIST || node->count == 0 || node->count > TZ_MAX_RULE_COLUMNS || of->model.rule_count == TZ_MAX_RULES)
        return tz_yaml_fail(err, of->path, node, "分块规则应是 1 到 %d 列的清单,最多 %d 条",
                            "a blocking rule is a list of 1 to %d columns; at most %d rules",
                            (int)TZ_MAX_RULE_COLUMNS, (int)TZ_MAX_RULES);
    TZ_YAML_EACH (column, node)
        TZ_TRY(read_part(of, column, &rule, err));
    of->model.rules[of->model.rule_count++] = rule;
done:
    return rc;
}

static tz_rc read_root(loading *of, const tz_yaml *root, tz_err *err)
{
    static const char *const KEYS[] = {"model", "prior", "threshold", "review", "one_to_one", "max_block", "counts", "blocking", "comparisons", NULL};
    tz_rc                    rc = TZ_OK;
    const tz_yaml           *prior = tz_yaml_get(root, "prior"), *threshold = tz_yaml_get(root, "threshold"), *review = tz_yaml_get(root, "review"),
        *max_block = tz_yaml_get(root, "max_block");

    TZ_TRY(tz_yaml_only(of->path, root, KEYS, err));
    if (strcmp(tz_yaml_str(root, "model", ""), "1") != 0)
        return tz_yaml_fail(err, of->path, root, "应写明 model: 1", "model: 1 is wanted");
    TZ_YAML_EACH (node, tz_yaml_get(root, "comparisons"))
        TZ_TRY(read_comparison(of, node, err));
    TZ_YAML_EACH (node, tz_yaml_get(root, "blocking"))
        TZ_TRY(read_rule(of, node, err));
    if (of->model.comparison_count == 0 || of->model.rule_count == 0)
        return tz_yaml_fail(err, of->path, root, "模型应有 comparisons 和 blocking", "a model has comparisons and blocking");
    of->model.threshold = 0.5;
    if (threshold != NULL)
        TZ_TRY(read_share(of, threshold, &of->model.threshold, err));
    if (prior != NULL)
        TZ_TRY(read_share(of, prior, &of->model.prior, err));
    of->model.review = fmin(of->model.threshold, TZ_REVIEW_FROM);
    if (review != NULL)
        TZ_TRY(read_share(of, review, &of->model.review, err));
    if (of->model.review > of->model.threshold)
        return tz_yaml_fail(err, of->path, review, "review 不应大于 threshold", "review is at most the threshold");
    of->model.is_one_to_one = strcmp(tz_yaml_str(root, "one_to_one", "false"), "true") == 0;
    of->model.counts = tz_yaml_get(root, "counts") == NULL ? NULL : tz_yaml_str(root, "counts", "");
    if (of->model.counts != NULL && (of->model.counts[0] == '\0' || strchr(of->model.counts, '/') != NULL))
        return tz_yaml_fail(err, of->path, tz_yaml_get(root, "counts"), "counts 应是模型旁边的文件名", "counts is a file beside the model");
    if (max_block != NULL && (!tz_text_int(tz_text_of(tz_yaml_str(root, "max_block", "")), &of->model.max_block) || of->model.max_block < 1))
        return tz_yaml_fail(err, of->path, max_block, "max_block 应是正整数", "max_block is a whole number over 0");
    of->model.is_trained = prior != NULL && of->with_numbers == of->model.comparison_count;
done:
    return rc;
}

tz_rc tz_model_load(tz_arena *mem, const char *path, const tz_table *table, tz_model *ret_model, tz_err *err)
{
    tz_assert(mem != NULL && path != NULL && table != NULL && ret_model != NULL);
    tz_rc    rc = TZ_OK;
    tz_yaml *root = NULL;
    loading  of = {.path = tz_file_base(path), .table = table};

    TZ_TRY(tz_yaml_load(mem, path, &root, err));
    TZ_TRY(read_root(&of, root, err));
    *ret_model = of.model;
done:
    return rc;
}

/* ---- Writing ---- */

static void put_quoted(tz_buf *out, const char *text)
{
    tz_buf_char(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            tz_buf_char(out, '\\');
        tz_buf_char(out, *text);
    }
    tz_buf_char(out, '"');
}

static void put_comparison(tz_buf *out, const tz_table *table, const tz_comparison *one)
{
    tz_buf_puts(out, "  - column: ");
    put_quoted(out, table->columns[one->column]);
    tz_buf_printf(out, "\n    kind: %s\n", tz_compare_kind_name(one->kind));
    if (one->with != SIZE_MAX) {
        tz_buf_puts(out, "    with: ");
        put_quoted(out, table->columns[one->with]);
        tz_buf_char(out, '\n');
    }
    if (one->is_in_id)
        tz_buf_puts(out, "    in_id: true\n");
    tz_buf_printf(out, "    frequencies: %s\n    levels:\n", one->by_frequency ? "true" : "false");
    for (size_t level = 1; level < tz_compare_level_count(one->kind); level++)
        tz_buf_printf(out, "      - {level: \"%s\", m: %.17g, u: %.17g}  # %+.2f\n", tz_compare_levels(one->kind)[level - 1], one->m[level],
                      one->u[level], log2(one->m[level] / one->u[level]));
}

tz_rc tz_model_save(const tz_model *model, const tz_table *table, const char *path, tz_err *err)
{
    tz_assert(model != NULL && table != NULL && path != NULL && model->is_trained);
    tz_arena mem = {0};
    tz_buf   out = tz_buf_init(&mem, 0);

    tz_buf_printf(&out, "model: 1\nprior: %.17g\nthreshold: %.17g\nreview: %.17g\none_to_one: %s\n", model->prior, model->threshold,
                  model->review, model->is_one_to_one ? "true" : "false");
    if (model->max_block > 0)
        tz_buf_printf(&out, "max_block: %lld\n", (long long)model->max_block);
    if (model->counts != NULL) {
        tz_buf_puts(&out, "counts: ");
        put_quoted(&out, model->counts);
        tz_buf_char(&out, '\n');
    }
    tz_buf_puts(&out, "blocking:\n");
    for (size_t r = 0; r < model->rule_count; r++) {
        tz_buf_puts(&out, "  - [");
        for (size_t c = 0; c < model->rules[r].count; c++) {
            tz_buf_puts(&out, c == 0 ? "" : ", ");
            put_quoted(&out, tz_model_part_text(&mem, table, &model->rules[r], c));
        }
        tz_buf_puts(&out, "]\n");
    }
    tz_buf_puts(&out, "comparisons:\n");
    for (size_t c = 0; c < model->comparison_count; c++)
        put_comparison(&out, table, &model->comparisons[c]);
    tz_rc rc = tz_file_write(path, tz_buf_text(&out), 0644, err);
    tz_arena_free(&mem);
    return rc;
}
