#include "store/county.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "base/limits.h"
#include "formats/yaml.h"
#include "store/division.h"

/* ---- county.yaml ---- */

static tz_rc read_units(tz_arena *mem, const char *path, const tz_yaml *list, tz_county *county, tz_err *err)
{
    static const char *const KEYS[] = {"name", "kind", "successor", NULL};

    TZ_YAML_EACH(item, list) {
        tz_rc rc = tz_yaml_only(path, item, KEYS, err);
        if (rc != TZ_OK)
            return rc;
        tz_county_unit unit = {.name = tz_yaml_str(item, "name", NULL),
                               .kind = tz_yaml_str(item, "kind", "department"),
                               .successor = tz_yaml_str(item, "successor", NULL)};
        if (unit.name == NULL)
            return tz_yaml_fail(err, path, item, "单位缺少 name", "a unit lacks its name");
        tz_push(mem, &county->units, unit);
    }
    return TZ_OK;
}

tz_rc tz_by_year_read(tz_arena *mem, const char *file, const tz_yaml *map, tz_by_year *ret, tz_err *err)
{
    const tz_yaml *years = tz_yaml_get(map, "by_year");
    const char    *always = tz_yaml_str(map, "value", NULL);
    size_t         room = years == NULL ? 1 : years->count;
    tz_by_year     read = {.years = tz_new_array(mem, int, room + 1), .values = tz_new_array(mem, const char *, room + 1)};

    if ((years == NULL) == (always == NULL))
        return tz_yaml_fail(err, file, map, "要有 value 或 by_year,不能两者都有", "either value or by_year is needed, not both");
    if (always != NULL)
        read.values[read.count++] = always;
    TZ_YAML_EACH(item, years) {
        int64_t year = 0;
        if (!tz_text_int(tz_text_of(item->key), &year) || year < 1949 || year > 2999 ||
            (read.count > 0 && year <= read.years[read.count - 1]))
            return tz_yaml_fail(err, file, item, "年份应从早到晚", "years stand in ascending order");
        read.years[read.count] = (int)year;
        read.values[read.count++] = item->text;
    }
    if (read.count == 0)
        return tz_yaml_fail(err, file, years, "by_year 为空", "by_year is empty");
    *ret = read;
    return TZ_OK;
}

static tz_rc read_overrides(tz_arena *mem, const char *path, const tz_yaml *map, tz_county *county, tz_err *err)
{
    static const char *const KEYS[] = {"value", "by_year", "why", NULL};

    TZ_YAML_EACH(item, map) {
        tz_override one = {.name = item->key, .why = tz_yaml_str(item, "why", NULL), .line = item->line};
        tz_rc       rc = tz_yaml_only(path, item, KEYS, err);
        if (rc == TZ_OK)
            rc = tz_by_year_read(mem, path, item, &one.values, err);
        if (rc != TZ_OK)
            return rc;
        if (one.why == NULL)
            return tz_yaml_fail(err, path, item, "改动参数要写 why(理由)", "an override needs why (its reason)");
        tz_push(mem, &county->overrides, one);
    }
    return TZ_OK;
}

/* "07-15" as 715. */
static bool read_month_day(const char *text, int *ret_md)
{
    int32_t ymd = 0;
    char    iso[16];

    (void)snprintf(iso, sizeof iso, "2000-%s", text);
    if (strlen(text) != 5 || !tz_date_parse_iso(tz_text_of(iso), &ymd))
        return false;
    *ret_md = ymd % 10000;
    return true;
}

/* A county may be stricter or laxer, within bounds that keep the words' meaning. */
static tz_rc read_login(const char *path, const tz_yaml *map, tz_login_policy *ret_policy, tz_err *err)
{
    static const char *const KEYS[] = {"length", "days", "idle_minutes", "hours", "attempts", NULL};
    static const int LOW[] = {10, 1, 5, 1, 3}, HIGH[] = {64, 365, 240, 24, 10};
    tz_login_policy policy = TZ_LOGIN_POLICY;
    int *const values[] = {&policy.length, &policy.days, &policy.idle_minutes, &policy.hours, &policy.attempts};

    tz_rc rc = tz_yaml_only(path, map, KEYS, err);
    for (size_t i = 0; rc == TZ_OK && KEYS[i] != NULL; i++) {
        const char *text = tz_yaml_str(map, KEYS[i], NULL);
        int64_t     value = 0;
        if (text == NULL)
            continue;
        if (!tz_text_int(tz_text_of(text), &value) || value < LOW[i] || value > HIGH[i])
            return tz_yaml_fail(err, path, map, "login.%s 应为 %d 到 %d", "login.%s is a number from %d to %d", KEYS[i], LOW[i], HIGH[i]);
        *values[i] = (int)value;
    }
    if (rc == TZ_OK)
        *ret_policy = policy;
    return rc;
}

static tz_rc read_yaml(tz_arena *mem, const char *path, tz_county *county, tz_err *err)
{
    static const char *const KEYS[] = {"name", "code", "packs", "edition", "terms", "units", "parameters", "login", "demo", "public", NULL};
    tz_rc    rc = TZ_OK;
    tz_yaml *root = NULL;

    TZ_TRY(tz_yaml_load(mem, path, &root, err));
    TZ_TRY(tz_yaml_only(path, root, KEYS, err));
    county->name = tz_yaml_str(root, "name", NULL);
    county->code = tz_yaml_str(root, "code", NULL);
    county->edition = tz_yaml_str(root, "edition", "2019");
    if (county->name == NULL || county->code == NULL || strlen(county->code) != 6) {
        rc = tz_yaml_fail(err, path, root, "缺少 name 或六位的 code", "name or the six-digit code is missing");
        goto done;
    }
    TZ_YAML_EACH(item, tz_yaml_get(root, "packs")) {
        if (item->kind != TZ_YAML_SCALAR || item->is_null) {
            rc = tz_yaml_fail(err, path, item, "packs 中应是规则包的名字", "packs is a list of names");
            goto done;
        }
        tz_push(mem, &county->packs, item->text);
    }
    TZ_TRY(read_units(mem, path, tz_yaml_get(root, "units"), county, err));
    TZ_TRY(read_overrides(mem, path, tz_yaml_get(root, "parameters"), county, err));
    TZ_TRY(read_login(path, tz_yaml_get(root, "login"), &county->login, err));
    county->is_public = strcmp(tz_yaml_str(root, "public", "on"), "off") != 0;
    county->is_demo = strcmp(tz_yaml_str(root, "demo", "false"), "true") == 0;
    const tz_yaml *terms = tz_yaml_get(root, "terms");
    if (!read_month_day(tz_yaml_str(terms, "spring", "07-15"), &county->spring_end_md) ||
        !read_month_day(tz_yaml_str(terms, "autumn", "01-15"), &county->autumn_end_md))
        rc = tz_yaml_fail(err, path, terms, "学期的最后一天写作 MM-DD", "the last day of a term is written MM-DD");
done:
    return rc;
}

tz_rc tz_county_load(tz_arena *mem, const char *folder, tz_county **ret_county, tz_err *err)
{
    tz_assert(mem != NULL && folder != NULL && ret_county != NULL);
    tz_rc      rc = TZ_OK;
    tz_county *county = tz_new(mem, tz_county);

    TZ_TRY(read_yaml(mem, tz_arena_printf(mem, "%s/county.yaml", folder), county, err));
    TZ_TRY(tz_divisions_load(mem, tz_arena_printf(mem, "%s/divisions.tsv", folder), county, err));
    TZ_TRY(tz_calendar_load(mem, tz_arena_printf(mem, "%s/calendar.tsv", folder), &county->calendar, err));
    *ret_county = county;
done:
    return rc;
}

int32_t tz_county_period_end(const tz_county *county, tz_text period)
{
    int64_t year = 0, part = 0;

    if (period.size < 4 || !tz_text_int(tz_text_cut(period, 0, 4), &year))
        return 0;
    if (period.size == 4)
        return tz_date_make((int)year, 12, 31);
    if (period.data[4] != '-' || !tz_text_int(tz_text_cut(period, 5, period.size), &part))
        return 0;
    if (period.size == 7 && part >= 1 && part <= 12)
        return tz_date_month_end((int)year, (int)part);
    if (period.size == 6 && part == 1)
        return (int32_t)year * 10000 + county->spring_end_md;
    if (period.size == 6 && part == 2)
        return (int32_t)(year + (county->autumn_end_md < 700 ? 1 : 0)) * 10000 + county->autumn_end_md;
    return 0;
}

/* ---- A new county's files ---- */

tz_rc tz_county_check_code(const char *code, tz_err *err)
{
    int64_t number = 0;

    if (strlen(code) != 6 || !tz_text_int(tz_text_of(code), &number) || number < 110000) {
        (void)tz_fail(err, TZ_USAGE, "县代码应为六位数字", "a county's code has six digits");
        return tz_err_advise(err, "例如 140430", "for example 140430");
    }
    return TZ_OK;
}

/* A file of data/ as it ships beside the program ("calendar/china.tsv"), or NULL. */
static const char *shipped_data(tz_arena *mem, const tz_app *app, const char *path)
{
    static const char *const PLACES[] = {"data", "../data", "../../data", "../../../data", "../../../../data",
                                         "../share/taizhang/data"};
    const char *program = app->program == NULL ? "" : app->program;
    const char *slash = strrchr(program, '/');

    for (size_t i = 0; slash != NULL && i < sizeof PLACES / sizeof PLACES[0]; i++) {
        const char *full = tz_arena_printf(mem, "%.*s/%s/%s", (int)(slash - program), program, PLACES[i], path);
        if (tz_file_exists(full))
            return full;
    }
    return NULL;
}

const char *tz_divisions_shipped(tz_arena *mem, const tz_app *app, const char *code)
{
    return shipped_data(mem, app, tz_arena_printf(mem, "divisions/%s.tsv", code));
}

static const char *county_name_in(tz_arena *mem, tz_text text)
{
    size_t at = tz_text_find(text, TZ_TEXT("\tcounty\t"), 0);
    size_t from = at == SIZE_MAX ? 0 : at;

    if (at == SIZE_MAX)
        return NULL;
    while (from > 0 && text.data[from - 1] != '\t')
        from--;
    return tz_text_dup(mem, tz_text_cut(text, from, at - from));
}

tz_rc tz_county_write(const tz_app *app, const char *folder, const char *code, const char *name,
                      const char *const *packs, size_t pack_count, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    tz_text     table = TZ_TEXT("code\tname\tlevel\tparent\tedition\tsuccessor\n");
    tz_text     calendar = TZ_TEXT("from\tto\tkind\tname\tsource\n");
    const char *shipped = tz_divisions_shipped(&mem, app, code), *days = shipped_data(&mem, app, "calendar/china.tsv");
    tz_buf      yaml = tz_buf_init(&mem, 0);

    if (shipped != NULL) {
        TZ_TRY(tz_file_load(&mem, shipped, TZ_MAX_YAML_BYTES, &table, err));
        if (name == NULL)
            name = county_name_in(&mem, table);
    }
    if (name == NULL) {
        rc = tz_fail(err, TZ_USAGE, "没有随附 %s 的区划表", "no divisions are shipped for %s", code);
        rc = tz_err_advise(err, "用 --name 给出县名,并填写目录中的 divisions.tsv", "give --name, then fill in divisions.tsv in the directory");
        goto done;
    }
    if (days != NULL)
        TZ_TRY(tz_file_load(&mem, days, TZ_MAX_YAML_BYTES, &calendar, err));
    tz_buf_printf(&yaml, "name: \"%s\"\ncode: \"%s\"\npacks:\n", name, code);
    for (size_t i = 0; i < pack_count; i++)
        tz_buf_printf(&yaml, "  - %s\n", packs[i]);
    tz_buf_puts(&yaml, "edition: 2019\nterms: {spring: 07-15, autumn: 01-15}\nunits: []\nparameters: {}\n");
    TZ_TRY(tz_file_write(tz_arena_printf(&mem, "%s/divisions.tsv", folder), table, 0644, err));
    TZ_TRY(tz_file_write(tz_arena_printf(&mem, "%s/calendar.tsv", folder), calendar, 0644, err));
    TZ_TRY(tz_file_write(tz_arena_printf(&mem, "%s/county.yaml", folder), tz_buf_text(&yaml), 0644, err));
done:
    tz_arena_free(&mem);
    return rc;
}
