/* packwork - finding and loading a pack without a county, and the catalogue of its rules. */
#include "flow/packwork.h"

#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/limits.h"
#include "formats/yaml.h"
#include "packs/query.h"
#include "report/html.h"

tz_rc tz_flow_pack_find(tz_arena *mem, const tz_app *app, const char *pack, const char **ret_folder, tz_err *err)
{
    tz_assert(mem != NULL && app != NULL && pack != NULL && ret_folder != NULL);
    tz_rc       rc = TZ_OK;
    const char *shipped = NULL, *folder = NULL;
    size_t      size = strlen(pack);

    if (tz_file_exists(tz_arena_printf(mem, "%s/pack.yaml", pack))) {
        while (size > 1 && pack[size - 1] == '/')
            size--;
        folder = tz_arena_copy(mem, pack, size);
    } else {
        TZ_TRY(tz_packs_shipped(mem, app->program, &shipped, err));
        folder = tz_arena_printf(mem, "%s/%s", shipped, pack);
        if (!tz_file_exists(tz_arena_printf(mem, "%s/pack.yaml", folder))) {
            rc = tz_fail(err, TZ_MISSING, "没有规则包 “%s”", "there is no pack '%s'", pack);
            goto done;
        }
    }
    *ret_folder = folder;
done:
    return rc;
}

tz_rc tz_flow_pack_needs(tz_arena *mem, const char *folder, tz_strings *ret_names, tz_err *err)
{
    tz_assert(mem != NULL && folder != NULL && ret_names != NULL);
    tz_rc       rc = TZ_OK;
    tz_yaml    *tree = NULL;
    tz_strings  names = {0};
    const char *name = tz_file_base(folder);

    TZ_TRY(tz_yaml_load(mem, tz_arena_printf(mem, "%s/pack.yaml", folder), &tree, err));
    bool is_sealed = strcmp(tz_yaml_str(tree, "sealed", "false"), "true") == 0; /* it stands alone */
    if (!is_sealed && strcmp(name, "population") != 0)
        tz_push(mem, &names, "population");
    TZ_YAML_EACH(used, tz_yaml_get(tree, "uses"))
        tz_push(mem, &names, used->text); /* what is no name is refused when the pack is loaded */
    tz_push(mem, &names, name);
    *ret_names = names;
done:
    return rc;
}

tz_rc tz_flow_pack_load(tz_arena *mem, const tz_app *app, const char *pack, tz_packs **ret_packs, const tz_pack **ret_pack, tz_err *err)
{
    tz_assert(ret_packs != NULL && ret_pack != NULL);
    tz_rc       rc = TZ_OK;
    const char *folder = NULL, *shipped = NULL;
    tz_strings  names = {0};
    tz_county  *county = tz_new(mem, tz_county);

    TZ_TRY(tz_flow_pack_find(mem, app, pack, &folder, err));
    TZ_TRY(tz_flow_pack_needs(mem, folder, &names, err));
    TZ_TRY(tz_packs_shipped(mem, app->program, &shipped, err));
    for (size_t i = 0; i < names.count; i++)
        tz_push(mem, &county->packs, names.items[i]);
    const char *name = tz_file_base(folder);
    const char *around = name == folder ? "." : tz_arena_copy(mem, folder, (size_t)(name - folder));
    TZ_TRY(tz_packs_load(mem, county, around, shipped, ret_packs, err));
    TZ_TRY(tz_packs_name(*ret_packs, err));
    *ret_pack = &(*ret_packs)->packs.items[(*ret_packs)->packs.count - 1];
done:
    return rc;
}

/* ---- The catalogue ---- */

typedef struct {
    tz_arena *mem;
    tz_lang   lang;
    tz_buf    out;
} catalogue;

static void put_half(catalogue *to, const char *both)
{
    size_t      size = 0;
    const char *half = both == NULL ? "" : tz_half(both, to->lang, &size);
    tz_html_text(&to->out, (tz_text){half, size});
}

/* <tr><th>zh/en</th><td>: the caller writes what stands in it and closes it. */
static void open_line(catalogue *to, const char *zh, const char *en)
{
    tz_buf_printf(&to->out, "<tr><th>%s</th><td>", to->lang == TZ_ZH ? zh : en);
}

static void put_line(catalogue *to, const char *zh, const char *en, const char *both)
{
    if (both == NULL)
        return;
    open_line(to, zh, en);
    put_half(to, both);
    tz_buf_puts(&to->out, "</td></tr>\n");
}

static void put_list(catalogue *to, const char *zh, const char *en, const tz_strings *names)
{
    if (names->count == 0)
        return;
    open_line(to, zh, en);
    for (size_t i = 0; i < names->count; i++) {
        tz_buf_puts(&to->out, i == 0 ? "<code>" : " <code>");
        tz_html_str(&to->out, names->items[i]);
        tz_buf_puts(&to->out, "</code>");
    }
    tz_buf_puts(&to->out, "</td></tr>\n");
}

static void put_values(catalogue *to, const tz_by_year *values)
{
    for (size_t i = 0; i < values->count; i++) {
        tz_buf_puts(&to->out, i == 0 ? "" : ", ");
        if (values->years[i] != 0)
            tz_buf_printf(&to->out, to->lang == TZ_ZH ? "%d 年起 " : "from %d ", values->years[i]);
        tz_html_str(&to->out, values->values[i]);
    }
}

static void put_parameter(catalogue *to, const tz_parameter *parameter)
{
    tz_buf_puts(&to->out, "<div><code>:");
    tz_html_str(&to->out, parameter->name);
    tz_buf_puts(&to->out, "</code> ");
    put_half(to, parameter->title);
    tz_buf_puts(&to->out, ": ");
    put_values(to, &parameter->by_year);
    if (parameter->override != NULL) {
        tz_buf_puts(&to->out, to->lang == TZ_ZH ? "; 本县 " : "; here ");
        put_values(to, &parameter->override->values);
    }
    tz_buf_puts(&to->out, " <small>(");
    put_half(to, parameter->override != NULL ? parameter->override->why : parameter->source);
    tz_buf_puts(&to->out, ")</small></div>");
}

static void put_parameters(catalogue *to, const tz_pack *pack, const char *sql)
{
    tz_strings names = {0};
    bool       is_open = false;

    (void)tz_query_rewrite(to->mem, sql, &names);
    for (size_t i = 0; i < names.count; i++)
        for (size_t j = 0; j < pack->parameters.count; j++) {
            if (strcmp(pack->parameters.items[j].name, names.items[i]) != 0)
                continue;
            if (!is_open)
                open_line(to, "参数", "Parameters");
            is_open = true;
            put_parameter(to, &pack->parameters.items[j]);
        }
    if (is_open)
        tz_buf_puts(&to->out, "</td></tr>\n");
}

/* The lines of every expect.txt that speak of the check. */
static tz_rc put_fixtures(catalogue *to, const tz_pack *pack, const char *check, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_names    cases = {0};
    const char *tests = tz_arena_printf(to->mem, "%s/tests", pack->folder);
    size_t      size = strlen(check), lines = 0;
    tz_text     text;

    if (!tz_file_exists(tests))
        return TZ_OK;
    TZ_TRY(tz_file_list(to->mem, tests, &cases, err));
    for (size_t i = 0; i < cases.count; i++) {
        const char *path = tz_arena_printf(to->mem, "%s/%s/expect.txt", tests, cases.items[i]);
        if (!tz_file_exists(path))
            continue;
        TZ_TRY(tz_file_load(to->mem, path, TZ_MAX_YAML_BYTES, &text, err));
        char *rest = tz_text_dup(to->mem, text);
        for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
            if (strncmp(line, check, size) != 0 || line[size] != ' ')
                continue;
            if (lines++ == 0)
                open_line(to, "样例", "Fixtures");
            tz_buf_puts(&to->out, "<div><code>");
            tz_html_str(&to->out, cases.items[i]);
            tz_buf_puts(&to->out, "</code> ");
            tz_html_str(&to->out, line + size + 1);
            tz_buf_puts(&to->out, "</div>");
        }
    }
    if (lines > 0)
        tz_buf_puts(&to->out, "</td></tr>\n");
done:
    return rc;
}

static tz_rc put_check(catalogue *to, const tz_pack *pack, const tz_check *check, tz_err *err)
{
    static const char *const LEVELS[][2] = {{"红", "red"}, {"橙", "orange"}, {"黄", "yellow"}};
    tz_rc                 rc = TZ_OK;
    const tz_query_names *names = NULL;

    TZ_TRY(tz_check_names(check, &names, err));
    tz_buf_puts(&to->out, "<section id=\"");
    tz_html_str(&to->out, check->name);
    tz_buf_puts(&to->out, "\">\n<h3>");
    put_half(to, check->title);
    tz_buf_puts(&to->out, " <code>");
    tz_html_str(&to->out, check->name);
    tz_buf_puts(&to->out, "</code></h3>\n<table>\n");
    put_line(to, "级别", "Level", LEVELS[check->level][to->lang == TZ_ZH ? 0 : 1]);
    put_line(to, "依据", "Law", check->basis);
    put_line(to, "疑点写作", "A finding says", check->message);
    put_line(to, "责任部门", "Owner", check->owner);
    put_list(to, "需要名册", "Needs", &check->needs);
    put_list(to, "依据规则", "Rests on", &check->after);
    put_list(to, "读取名册", "Reads", &names->tables);
    put_parameters(to, pack, check->sql);
    TZ_TRY(put_fixtures(to, pack, check->name, err));
    tz_buf_puts(&to->out, "</table>\n<pre>");
    tz_html_str(&to->out, check->sql);
    tz_buf_puts(&to->out, "</pre>\n</section>\n");
done:
    return rc;
}

static tz_rc put_pack(catalogue *to, const tz_pack *pack, tz_err *err)
{
    tz_rc rc = TZ_OK;

    tz_buf_puts(&to->out, "<h2>");
    put_half(to, pack->title);
    tz_buf_puts(&to->out, "</h2>\n<p>");
    put_half(to, pack->law);
    tz_buf_puts(&to->out, "</p>\n");
    for (size_t i = 0; i < pack->checks.count; i++)
        TZ_TRY(put_check(to, pack, &pack->checks.items[i], err));
    for (size_t i = 0; i < pack->off.count; i++) {
        tz_buf_puts(&to->out, to->lang == TZ_ZH ? "<p>本县不用 <code>" : "<p>Not run here: <code>");
        tz_html_str(&to->out, pack->off.items[i].name);
        tz_buf_puts(&to->out, "</code> ");
        put_half(to, pack->off.items[i].off);
        tz_buf_puts(&to->out, "</p>\n");
    }
done:
    return rc;
}

tz_rc tz_flow_pack_doc(tz_arena *mem, const tz_packs *packs, const tz_pack *only, tz_lang lang, const char *out, tz_err *err)
{
    tz_assert(mem != NULL && packs != NULL && out != NULL);
    tz_rc       rc = TZ_OK;
    catalogue   to = {.mem = mem, .lang = lang, .out = tz_buf_init(mem, 0)};
    const char *title = lang == TZ_ZH ? "规则目录" : "Catalogue of rules";

    tz_buf_printf(&to.out, "<!doctype html>\n<html lang=\"%s\">\n<meta charset=\"utf-8\">\n<title>%s</title>\n<style>%s</style>\n"
                  "<body>\n<main>\n<h1>%s</h1>\n", lang == TZ_ZH ? "zh" : "en", title, TZ_HTML_STYLE, title);
    for (size_t i = 0; i < packs->packs.count; i++)
        if (only == NULL || only == &packs->packs.items[i])
            TZ_TRY(put_pack(&to, &packs->packs.items[i], err));
    tz_buf_puts(&to.out, "</main>\n</body>\n</html>\n");
    rc = tz_file_write(out, tz_buf_text(&to.out), 0644, err);
done:
    return rc;
}
