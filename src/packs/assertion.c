/* assertion - what packs say between figures (assertions.yaml), and how people write them (said.yaml). */
#include <string.h>

#include "packs/expression.h"
#include "packs/loading.h"

/* In the order of tz_figure_kind. */
static const char *const KINDS[] = {"counted", "measured", "universal", "mostly", "bound", "target", NULL};

const char *tz_figure_kind_name(tz_figure_kind kind)
{
    return KINDS[kind];
}

/* Only whether the text is an expression matters here. */
static const char *no_value(void *context, const char *name, bool is_last)
{
    (void)context, (void)name, (void)is_last;
    return NULL;
}

static tz_rc load_assertion(tz_loading *from, const tz_yaml *map, tz_err *err)
{
    static const char *const KEYS[] = {"name", "title", "holds", "otherwise", "note", "wider", "falls", NULL};
    static const char *const OTHERWISE[] = {"contradicts", "explain", NULL};
    tz_rc        rc = TZ_OK;
    tz_truth     truth = TZ_UNKNOWN;
    tz_assertion one = {.file = from->file, .line = map->line};

    TZ_TRY(tz_yaml_only(from->file, map, KEYS, err));
    one.name = tz_yaml_str(map, "name", NULL);
    one.title = tz_yaml_str(map, "title", NULL);
    one.holds = tz_yaml_str(map, "holds", NULL);
    one.note = tz_yaml_str(map, "note", NULL);
    one.wider = tz_yaml_str(map, "wider", NULL);
    one.falls = tz_load_strings(from->mem, tz_yaml_get(map, "falls"));
    int otherwise = tz_index_of(OTHERWISE, tz_yaml_str(map, "otherwise", OTHERWISE[0]));
    if (one.name == NULL || one.title == NULL || one.holds == NULL || otherwise < 0 || (one.falls.count != 0 && one.falls.count != 2)) {
        rc = tz_yaml_fail(err, from->file, map, "断言要有 name、title、holds;otherwise 为 contradicts 或 explain;falls 为两个指标",
                          "an assertion has name, title and holds; otherwise is contradicts or explain; falls are two figures");
        goto done;
    }
    one.is_explained = otherwise == 1;
    rc = tz_expression_judge(from->mem, one.holds, no_value, NULL, &truth, err);
    if (rc != TZ_OK) {
        (void)tz_err_at(err, from->file, NULL, map->line, NULL);
        goto done;
    }
    tz_push(from->mem, &from->pack->assertions, one);
done:
    return rc;
}

tz_rc tz_load_assertions(tz_loading *from, const tz_yaml *list, tz_err *err)
{
    if (list->kind != TZ_YAML_LIST && list->count > 0)
        return tz_yaml_fail(err, from->file, list, "这里应是断言的列表", "a list of assertions stands here");
    TZ_YAML_EACH(item, list) {
        tz_rc rc = load_assertion(from, item, err);
        if (rc != TZ_OK)
            return rc;
    }
    return TZ_OK;
}

/* ---- Sayings ---- */

void tz_load_words(tz_arena *mem, const char *text, tz_saying *saying)
{
    for (const char *at = text; *at != '\0';) {
        size_t     size = strcspn(at, ";");
        tz_text    rest = tz_text_trim((tz_text){at, size});
        tz_strings words = {0};
        while (rest.size > 0) {
            size_t gap = tz_text_find(rest, TZ_TEXT(" "), 0);
            tz_push(mem, &words, (const char *)tz_text_dup(mem, tz_text_cut(rest, 0, gap == SIZE_MAX ? rest.size : gap)));
            rest = gap == SIZE_MAX ? (tz_text){0} : tz_text_trim(tz_text_cut(rest, gap, rest.size));
        }
        if (words.count > 0)
            tz_push(mem, &saying->words, words);
        at += size + (at[size] == ';');
    }
}

static tz_rc load_saying(tz_loading *from, const tz_yaml *map, tz_err *err)
{
    static const char *const KEYS[] = {"name", "title", "unit", "kind", "said", NULL};
    tz_saying one = {.file = from->file, .line = map->line};

    tz_rc rc = tz_yaml_only(from->file, map, KEYS, err);
    if (rc != TZ_OK)
        return rc;
    one.name = tz_yaml_str(map, "name", NULL);
    one.title = tz_yaml_str(map, "title", one.name);
    one.unit = tz_yaml_str(map, "unit", NULL);
    int kind = tz_index_of(KINDS, tz_yaml_str(map, "kind", "counted"));
    tz_load_words(from->mem, tz_yaml_str(map, "said", ""), &one);
    if (one.name == NULL || kind < 0 || one.words.count == 0)
        return tz_yaml_fail(err, from->file, map, "要有 name 和 said;kind 为 counted、measured、universal、mostly、bound 或 target",
                            "name and said stand here; kind is counted, measured, universal, mostly, bound or target");
    one.kind = (tz_figure_kind)kind;
    tz_push(from->mem, &from->pack->sayings, one);
    return TZ_OK;
}

tz_rc tz_load_said(tz_loading *from, const tz_yaml *map, tz_err *err)
{
    static const char *const KEYS[] = {"names", "sounds", "figures", NULL};

    tz_rc rc = tz_yaml_only(from->file, map, KEYS, err);
    if (rc != TZ_OK)
        return rc;
    from->pack->names = tz_load_strings(from->mem, tz_yaml_get(map, "names"));
    from->pack->sounds = tz_load_strings(from->mem, tz_yaml_get(map, "sounds"));
    TZ_YAML_EACH(item, tz_yaml_get(map, "figures")) {
        rc = load_saying(from, item, err);
        if (rc != TZ_OK)
            return rc;
    }
    return TZ_OK;
}
