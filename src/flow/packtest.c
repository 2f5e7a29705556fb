#include "flow/packtest.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "base/limits.h"
#include "checks/check.h"
#include "flow/flow.h"
#include "flow/packwork.h"
#include "formats/yaml.h"

typedef struct {
    tz_arena     *mem;
    const tz_app *app;
    const char   *name;   /* of the pack */
    const char   *folder; /* of the pack */
    const char   *system_user;
    json_t       *rows;
    size_t        failed;
    tz_map        raised; /* checks that a fixture raised */
    bool          wants_rows; /* what each row gave, instead of what was expected */
} testing;

/* ---- A county for one case ---- */

static tz_rc copy_folder(tz_arena *mem, const char *from, const char *to, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_names names;

    TZ_TRY(tz_file_make_folder(to, err));
    TZ_TRY(tz_file_list(mem, from, &names, err));
    for (size_t i = 0; i < names.count; i++) {
        const char *inner = tz_arena_printf(mem, "%s/%s", from, names.items[i]);
        const char *target = tz_arena_printf(mem, "%s/%s", to, names.items[i]);
        if (tz_file_is_folder(inner))
            TZ_TRY(copy_folder(mem, inner, target, err));
        else
            TZ_TRY(tz_file_copy(inner, target, 0644, err));
    }
done:
    return rc;
}

/* A new county in a folder of its own, with the pack as its own pack and those it reads beside it. */
static tz_rc make_county(testing *of, const char *county, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_strings packs = {0};
    json_t  *changed = NULL;

    TZ_TRY(tz_flow_pack_needs(of->mem, of->folder, &packs, err));
    TZ_TRY(tz_store_create(of->app, county, "140430", NULL, packs.items, packs.count, of->system_user, err));
    for (size_t i = 0; i < packs.count; i++) { /* those that stand beside it are taken along; shipped ones are found */
        const char *beside = tz_arena_printf(of->mem, "%.*s%s", (int)(tz_file_base(of->folder) - of->folder), of->folder, packs.items[i]);
        if (tz_file_exists(tz_arena_printf(of->mem, "%s/pack.yaml", beside)))
            TZ_TRY(copy_folder(of->mem, beside, tz_arena_printf(of->mem, "%s/packs/%s", county, packs.items[i]), err));
    }
    TZ_TRY(tz_flow_accept(of->app, county, of->system_user, NULL, "test", &changed, err));
done:
    json_decref(changed);
    return rc;
}

static tz_rc import_case(testing *of, tz_session *session, const char *folder, int32_t as_of, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_names names;

    TZ_TRY(tz_file_list(of->mem, folder, &names, err));
    for (size_t i = 0; i < names.count; i++) {
        size_t size = strlen(names.items[i]);
        json_t *report = NULL;
        if (size < 5 || strcmp(names.items[i] + size - 4, ".csv") != 0)
            continue;
        tz_import_options options = {.register_name = tz_arena_copy(of->mem, names.items[i], size - 4), .as_of = as_of, .sender = "测试"};
        TZ_TRY(tz_import_file(of->mem, session->store, session->packs, tz_arena_printf(of->mem, "%s/%s", folder, names.items[i]), &options,
                              &report, err));
        json_decref(report);
    }
done:
    return rc;
}

static tz_rc find_in(testing *of, const char *county, const char *folder, int32_t as_of, json_t **ret_findings, json_t **ret_results, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    tz_session       *session = NULL;
    tz_flow_checks    all = {.day = {.as_of = as_of}};
    tz_finding_filter filter = {.state = "open", .lang = of->app->lang};

    TZ_TRY(tz_session_open(of->app, county, TZ_WRITE, of->system_user, NULL, &session, err));
    TZ_TRY(import_case(of, session, folder, as_of, err));
    TZ_TRY(tz_flow_check(session, &all, ret_results, err));
    TZ_TRY(tz_findings(of->mem, session->store, session->packs, &filter, ret_findings, err));
done:
    tz_session_close(session);
    return rc;
}

/* ---- Expectations ---- */

/* True when the finding rests on row LINE of REGISTER.csv. */
static bool holds_row(const json_t *finding, const char *reg, int64_t line)
{
    size_t  i;
    json_t *row;

    json_array_foreach(json_object_get(finding, "rows"), i, row)
        if (tz_json_int(row, "row", 0) == line && strcmp(tz_json_str(row, "register"), reg) == 0)
            return true;
    return false;
}

/* "REGISTER:LINE,REGISTER:LINE"; false when it is written otherwise. */
static bool holds_all(testing *of, const json_t *finding, const char *rows, bool *ret_is_wrong)
{
    tz_strings parts = {0};
    bool       holds = true;

    for (const char *at = rows; *at != '\0';) {
        size_t size = strcspn(at, ", ");
        if (size > 0)
            tz_push(of->mem, &parts, tz_arena_copy(of->mem, at, size));
        at += size + (at[size] != '\0');
    }
    *ret_is_wrong = parts.count == 0;
    for (size_t i = 0; i < parts.count; i++) {
        char   *colon = strchr(parts.items[i], ':');
        int64_t line = 0;
        if (colon == NULL || !tz_text_int(tz_text_of(colon + 1), &line)) {
            *ret_is_wrong = true;
            return false;
        }
        holds = holds && holds_row(finding, tz_arena_copy(of->mem, parts.items[i], (size_t)(colon - parts.items[i])), line);
    }
    return holds;
}

static void add(testing *of, const char *name, const char *check, const char *expects, const char *rows, bool is_ok, const char *text)
{
    json_t *line = json_object();

    tz_json_set_str(line, "case", name);
    tz_json_set_str(line, "check", check);
    tz_json_set_str(line, "expects", expects);
    tz_json_set_str(line, "rows", rows);
    (void)json_object_set_new(line, "ok", json_boolean(is_ok));
    tz_json_set_str(line, "text", text);
    (void)json_array_append_new(of->rows, line);
    of->failed += !is_ok;
}

/* Why a check gave nothing, where it did not run. */
static const char *state_of(const json_t *results, const char *check)
{
    size_t  i;
    json_t *result;

    json_array_foreach((json_t *)results, i, result)
        if (strcmp(tz_json_str(result, "check"), check) == 0 && strcmp(tz_json_str(result, "state"), "ran") != 0)
            return tz_json_str(result, "why") != NULL ? tz_json_str(result, "why") : tz_json_str(result, "state");
    return "";
}

static tz_rc judge_line(testing *of, const char *name, const char *file, int64_t line_no, char *line, const json_t *findings, const json_t *results,
                        tz_err *err)
{
    char   *check = strtok_r(line, " ", &line), *expects = strtok_r(NULL, " ", &line), *rows = line;
    bool    is_found = false, is_wrong = rows == NULL || expects == NULL;
    bool    is_raises = expects != NULL && strcmp(expects, "raises") == 0;
    size_t  i;
    json_t *finding;

    is_wrong = is_wrong || (!is_raises && strcmp(expects, "spares") != 0);
    json_array_foreach((json_t *)findings, i, finding) {
        if (is_wrong)
            break;
        if (strcmp(tz_json_str(finding, "check"), check) == 0)
            is_found |= holds_all(of, finding, rows, &is_wrong);
    }
    if (is_wrong) {
        (void)tz_fail(err, TZ_INPUT, "应为:规则 raises|spares 名册:行[,名册:行]", "expected: CHECK raises|spares REGISTER:LINE[,REGISTER:LINE]");
        return tz_err_at(err, file, NULL, line_no, NULL);
    }
    if (is_raises)
        tz_map_put(&of->raised, tz_text_of(check), NULL)->value = 1;
    add(of, name, check, expects, rows, is_found == is_raises, is_found == is_raises ? "" : state_of(results, check));
    return TZ_OK;
}

/* One line for each row of one register's file. */
static tz_rc list_file(testing *of, const char *name, const char *folder, const char *file, const json_t *findings, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *reg = tz_arena_copy(of->mem, file, strlen(file) - 4);
    int64_t     lines = 0;
    tz_text     text;

    TZ_TRY(tz_file_load(of->mem, tz_arena_printf(of->mem, "%s/%s", folder, file), TZ_MAX_FILE_BYTES, &text, err));
    for (size_t i = 0; i < text.size; i++)
        lines += text.data[i] == '\n' || i + 1 == text.size;
    for (int64_t line = 2; line <= lines; line++) {
        tz_buf  gave = tz_buf_init(of->mem, 0);
        size_t  i;
        json_t *finding, *row = json_object();
        json_array_foreach((json_t *)findings, i, finding)
            if (holds_row(finding, reg, line))
                tz_buf_printf(&gave, "%s%s", gave.size == 0 ? "" : ", ", tz_json_str(finding, "check"));
        tz_json_set_str(row, "case", name);
        tz_json_set_str(row, "rows", tz_arena_printf(of->mem, "%s:%lld", reg, (long long)line));
        tz_json_set_str(row, "gave", gave.size == 0 ? "" : tz_buf_str(&gave));
        (void)json_array_append_new(of->rows, row);
    }
done:
    return rc;
}

static tz_rc list_rows(testing *of, const char *name, const char *folder, const json_t *findings, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_names names;

    TZ_TRY(tz_file_list(of->mem, folder, &names, err));
    for (size_t i = 0; i < names.count; i++)
        if (tz_text_ends(tz_text_of(names.items[i]), TZ_TEXT(".csv")))
            TZ_TRY(list_file(of, name, folder, names.items[i], findings, err));
done:
    return rc;
}

/* The as-of line, then the expectations. */
static tz_rc run_case(testing *of, const char *name, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *folder = tz_arena_printf(of->mem, "%s/tests/%s", of->folder, name);
    const char *file = tz_arena_printf(of->mem, "%s/expect.txt", folder);
    char        county[] = "/tmp/taizhang-test-XXXXXX";
    tz_text     text;
    int32_t     as_of = 0;
    int64_t     line_no = 0;
    json_t     *findings = NULL, *results = NULL;
    tz_err      ignored;
    bool        is_made = mkdtemp(county) != NULL;

    TZ_TRY(tz_file_load(of->mem, file, TZ_MAX_YAML_BYTES, &text, err));
    char *rest = (char *)text.data;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        line_no++;
        if (line[0] == '\0' || line[0] == '#')
            continue;
        if (strncmp(line, "as-of ", 6) == 0 && tz_date_parse_iso(tz_text_trim(tz_text_of(line + 6)), &as_of))
            continue;
        if (!is_made) {
            rc = tz_fail(err, TZ_SYSTEM, "不能新建 %s", "cannot make %s", county);
            goto done;
        }
        if (as_of == 0) {
            rc = tz_fail(err, TZ_INPUT, "第一行应是 as-of 日期", "the first line is as-of DATE");
            (void)tz_err_at(err, file, NULL, line_no, NULL);
            goto done;
        }
        if (findings == NULL) {
            TZ_TRY(make_county(of, county, err));
            TZ_TRY(find_in(of, county, folder, as_of, &findings, &results, err));
            if (of->wants_rows) {
                rc = list_rows(of, name, folder, findings, err);
                goto done;
            }
        }
        TZ_TRY(judge_line(of, name, file, line_no, line, findings, results, err));
    }
done:
    if (is_made)
        (void)!tz_file_remove_folder(county, &ignored);
    json_decref(findings);
    json_decref(results);
    return rc;
}

/* ---- The pack ---- */

/* Checks that no fixture raises. */
static tz_rc list_untested(testing *of, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_names    names = {0};
    const char *folder = tz_arena_printf(of->mem, "%s/checks", of->folder);

    if (!tz_file_exists(folder))
        return TZ_OK;
    TZ_TRY(tz_file_list(of->mem, folder, &names, err));
    for (size_t i = 0; i < names.count; i++) {
        size_t size = strlen(names.items[i]);
        if (size < 5 || strcmp(names.items[i] + size - 4, ".sql") != 0)
            continue;
        const char *check = tz_arena_copy(of->mem, names.items[i], size - 4);
        if (tz_map_get(&of->raised, tz_text_of(check)) == NULL)
            add(of, "", check, "raises", "", false, of->app->lang == TZ_ZH ? "没有触发它的样例" : "no fixture raises it");
    }
done:
    return rc;
}

/* Runs every case. */
static tz_rc run_cases(testing *of, const char *name_or_folder, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_names cases = {0};

    TZ_TRY(tz_flow_pack_find(of->mem, of->app, name_or_folder, &of->folder, err));
    of->name = tz_file_base(of->folder);
    const char *tests = tz_arena_printf(of->mem, "%s/tests", of->folder);
    if (tz_file_exists(tests))
        TZ_TRY(tz_file_list(of->mem, tests, &cases, err));
    for (size_t i = 0; i < cases.count; i++)
        if (tz_file_is_folder(tz_arena_printf(of->mem, "%s/%s", tests, cases.items[i])))
            TZ_TRY(run_case(of, cases.items[i], err));
done:
    return rc;
}

tz_rc tz_flow_pack_rows(const tz_app *app, const char *name_or_folder, const char *system_user, json_t **ret_rows, tz_err *err)
{
    tz_assert(app != NULL && name_or_folder != NULL && system_user != NULL && ret_rows != NULL);
    tz_arena mem = {0};
    testing  of = {.mem = &mem, .app = app, .system_user = system_user, .rows = json_array(), .raised = tz_map_init(&mem), .wants_rows = true};
    tz_rc    rc = run_cases(&of, name_or_folder, err);

    if (rc == TZ_OK)
        *ret_rows = json_incref(of.rows);
    json_decref(of.rows);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_flow_pack_test(const tz_app *app, const char *name_or_folder, const char *system_user, json_t **ret_rows, size_t *ret_failed,
                        tz_err *err)
{
    tz_assert(app != NULL && name_or_folder != NULL && system_user != NULL && ret_rows != NULL && ret_failed != NULL);
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    testing  of = {.mem = &mem, .app = app, .system_user = system_user, .rows = json_array(), .raised = tz_map_init(&mem)};

    TZ_TRY(run_cases(&of, name_or_folder, err));
    TZ_TRY(list_untested(&of, err));
    *ret_rows = json_incref(of.rows);
    *ret_failed = of.failed;
done:
    json_decref(of.rows);
    tz_arena_free(&mem);
    return rc;
}
