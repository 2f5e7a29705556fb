/* levels - how a pack says that findings on one subject combine into a level. */
#include <string.h>

#include "base/assert.h"
#include "packs/loading.h"

static const char *const LEVELS[] = {"red", "orange", "yellow", NULL};

static tz_rc read_line(tz_loading *from, const tz_yaml *node, tz_level_line *ret_line, tz_err *err)
{
    static const char *const KEYS[] = {"level", "title", "when", "rules", "checks", NULL};
    tz_rc         rc = TZ_OK;
    int64_t       rules = 0;
    tz_level_line line = {.title = tz_yaml_str(node, "title", NULL), .checks = tz_load_strings(from->mem, tz_yaml_get(node, "checks"))};

    TZ_TRY(tz_yaml_only(from->file, node, KEYS, err));
    int level = tz_index_of(LEVELS, tz_yaml_str(node, "level", "")), when = tz_index_of(LEVELS, tz_yaml_str(node, "when", "yellow"));
    if (level < 0 || when < 0 || line.title == NULL) {
        rc = tz_yaml_fail(err, from->file, node, "要有 level(red、orange、yellow)和 title;when 也是级别",
                          "level (red, orange, yellow) and title are needed; when is a level, too");
        goto done;
    }
    const char *given = tz_yaml_str(node, "rules", NULL);
    if (given == NULL)
        rules = line.checks.count == 0 ? 1 : (int64_t)line.checks.count;
    else if (!tz_text_int(tz_text_of(given), &rules) || rules < 1 || rules > 99)
        rc = tz_yaml_fail(err, from->file, node, "rules 是 1 到 99 的数", "rules is a number from 1 to 99");
    line.level = (tz_level)level;
    line.when = (tz_level)when;
    line.rules = (size_t)rules;
    *ret_line = line;
done:
    return rc;
}

static tz_rc read_points(tz_loading *from, const tz_yaml *map, tz_level_rule *rule, tz_err *err)
{
    static const char *const DEFAULTS[] = {"9", "3", "1"};
    tz_rc rc = tz_yaml_only(from->file, map, LEVELS, err);

    for (size_t i = 0; i < 3 && rc == TZ_OK; i++)
        if (!tz_text_int(tz_text_of(tz_yaml_str(map, LEVELS[i], DEFAULTS[i])), &rule->points[i]) || rule->points[i] < 0 ||
            rule->points[i] > 1000)
            rc = tz_yaml_fail(err, from->file, map, "points 是 0 到 1000 的数", "points are numbers from 0 to 1000");
    return rc;
}

tz_rc tz_load_levels(tz_loading *from, const tz_yaml *map, tz_err *err)
{
    static const char *const KEYS[] = {"points", "lines", NULL};
    static const char *const KINDS[] = {"person", "household", "unit", "township", "any", NULL};
    tz_rc rc = TZ_OK;

    TZ_YAML_EACH(item, map) {
        tz_level_rule rule = {.kind = item->key, .file = from->file, .line = item->line};
        if (tz_index_of(KINDS, item->key) < 0) {
            rc = tz_yaml_fail(err, from->file, item, "对象为 person、household、unit、township 或 any",
                              "a kind of subject is person, household, unit, township or any");
            goto done;
        }
        TZ_TRY(tz_yaml_only(from->file, item, KEYS, err));
        TZ_TRY(read_points(from, tz_yaml_get(item, "points"), &rule, err));
        TZ_YAML_EACH(node, tz_yaml_get(item, "lines")) {
            tz_level_line line;
            TZ_TRY(read_line(from, node, &line, err));
            tz_push(from->mem, &rule.lines, line);
        }
        if (rule.lines.count == 0) {
            rc = tz_yaml_fail(err, from->file, item, "没有一行 lines", "there is no line");
            goto done;
        }
        tz_push(from->mem, &from->pack->levels, rule);
    }
done:
    return rc;
}

/* The declaration for exactly this kind: the county's own before a shipped one. */
static const tz_level_rule *rule_for(const tz_packs *packs, const char *kind)
{
    const tz_level_rule *found = NULL;
    bool                 is_own = false;

    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].levels.count; j++) {
            const tz_level_rule *rule = &packs->packs.items[i].levels.items[j];
            if (strcmp(rule->kind, kind) != 0 || (found != NULL && (is_own || !packs->packs.items[i].is_own)))
                continue;
            found = rule;
            is_own = packs->packs.items[i].is_own;
        }
    return found;
}

const tz_level_rule *tz_packs_level_rule(const tz_packs *packs, const char *kind)
{
    tz_assert(packs != NULL && kind != NULL);
    const tz_level_rule *rule = rule_for(packs, kind);
    return rule != NULL ? rule : rule_for(packs, "any");
}

static tz_rc judge_rule(const tz_packs *packs, const tz_pack *pack, const tz_level_rule *rule, tz_err *err)
{
    const tz_yaml at = {.line = rule->line};

    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].levels.count; j++) {
            const tz_level_rule *other = &packs->packs.items[i].levels.items[j];
            if (other != rule && strcmp(other->kind, rule->kind) == 0 && packs->packs.items[i].is_own == pack->is_own)
                return tz_yaml_fail(err, rule->file, &at, "%s 的级别规则另有声明:%s", "levels of %s are declared twice, also in %s",
                                    rule->kind, other->file);
        }
    for (size_t i = 0; i < rule->lines.count; i++)
        for (size_t j = 0; j < rule->lines.items[i].checks.count; j++)
            if (tz_packs_check(packs, rule->lines.items[i].checks.items[j]) == NULL)
                return tz_yaml_fail(err, rule->file, &at, "没有规则 “%s”", "there is no check '%s'", rule->lines.items[i].checks.items[j]);
    return TZ_OK;
}

tz_rc tz_levels_judge(const tz_packs *packs, tz_err *err)
{
    tz_rc rc = TZ_OK;

    for (size_t i = 0; i < packs->packs.count && rc == TZ_OK; i++)
        for (size_t j = 0; j < packs->packs.items[i].levels.count && rc == TZ_OK; j++)
            rc = judge_rule(packs, &packs->packs.items[i], &packs->packs.items[i].levels.items[j], err);
    return rc;
}
