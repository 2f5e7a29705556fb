/* parameter - numbers that a rule takes, by year. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "packs/loading.h"

static const char UNSOURCED[] = "县里自定,无出处 | county's own, unsourced";

static tz_rc read_years(tz_loading *from, const tz_yaml *node, tz_parameter *parameter, tz_err *err)
{
    const tz_yaml *years = tz_yaml_get(node, "by_year");
    size_t         count = years == NULL ? 1 : years->count;
    size_t         index = 0;

    parameter->by_year.years = tz_new_array(from->mem, int, count + 1);
    parameter->by_year.values = tz_new_array(from->mem, const char *, count + 1);
    if (years == NULL) {
        parameter->by_year.values[0] = tz_yaml_str(node, "value", NULL);
        parameter->by_year.count = 1;
        if (parameter->by_year.values[0] == NULL)
            return tz_yaml_fail(err, from->file, node, "参数要有 value 或 by_year", "a parameter needs value or by_year");
        return TZ_OK;
    }
    TZ_YAML_EACH(item, years) {
        int year = atoi(item->key);
        if (year < 1949 || year > 2999 || (index > 0 && year <= parameter->by_year.years[index - 1]))
            return tz_yaml_fail(err, from->file, item, "年份应从早到晚", "years stand in ascending order");
        parameter->by_year.years[index] = year;
        parameter->by_year.values[index++] = item->text;
    }
    parameter->by_year.count = index;
    return index > 0 ? TZ_OK : tz_yaml_fail(err, from->file, years, "by_year 为空", "by_year is empty");
}

static void take_override(tz_loading *from, tz_parameter *parameter)
{
    const char *name = tz_arena_printf(from->mem, "%s.%s", from->pack->name, parameter->name);

    for (size_t i = 0; i < from->county->overrides.count; i++)
        if (strcmp(from->county->overrides.items[i].name, name) == 0) {
            parameter->override_value = from->county->overrides.items[i].value;
            parameter->override_why = from->county->overrides.items[i].why;
        }
}

tz_rc tz_load_parameters(tz_loading *from, const tz_yaml *map, tz_err *err)
{
    static const char *const KEYS[] = {"title", "type", "value", "by_year", "source", NULL};
    tz_rc rc = TZ_OK;

    TZ_YAML_EACH(item, map) {
        TZ_TRY(tz_yaml_only(from->file, item, KEYS, err));
        tz_parameter parameter = {.name = item->key, .line = item->line};
        parameter.title = tz_yaml_str(item, "title", item->key);
        parameter.type = tz_yaml_str(item, "type", "int");
        parameter.source = tz_yaml_str(item, "source", UNSOURCED);
        if (!tz_is_sql_name(item->key) || strcmp(item->key, "as_of") == 0) {
            rc = tz_yaml_fail(err, from->file, item, "参数名不合法", "a parameter's name has lower-case letters, digits and _");
            goto done;
        }
        TZ_TRY(read_years(from, item, &parameter, err));
        take_override(from, &parameter);
        tz_push(from->mem, &from->pack->parameters, parameter);
    }
done:
    return rc;
}

const char *tz_parameter_value(const tz_parameter *parameter, int32_t as_of)
{
    tz_assert(parameter != NULL && parameter->by_year.count > 0);
    if (parameter->override_value != NULL)
        return parameter->override_value;
    size_t newest = 0;
    for (size_t i = 0; i < parameter->by_year.count; i++)
        if (parameter->by_year.years[i] <= as_of / 10000)
            newest = i;
    return parameter->by_year.values[newest];
}
