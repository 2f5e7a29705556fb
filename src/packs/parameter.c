/* parameter - numbers that a rule takes, by year. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/money.h"
#include "packs/loading.h"

/* True where text is a value of the parameter's type. */
static bool fits(const tz_parameter *parameter, const char *text)
{
    const char *type = parameter->type;
    tz_decimal  decimal;
    int64_t     number = 0;
    int32_t     day = 0;

    if (strcmp(type, "int") == 0)
        return tz_text_int(tz_text_of(text), &number);
    if (strcmp(type, "date") == 0)
        return tz_date_parse_iso(tz_text_of(text), &day);
    if (strcmp(type, "text") == 0)
        return true;
    return tz_decimal_parse(tz_text_of(text), &decimal) && tz_decimal_scaled(decimal, strcmp(type, "money") == 0 ? 2 : 6, &number, NULL);
}

static bool is_type(const char *type)
{
    static const char *const TYPES[] = {"int", "money", "text", "date", NULL};
    return tz_index_of(TYPES, type) >= 0 || strncmp(type, "decimal(", 8) == 0;
}

/* Each value is one of the parameter's type. */
static tz_rc judge_values(const tz_parameter *parameter, const tz_by_year *values, const char *file, int64_t line, tz_err *err)
{
    const tz_yaml at = {.line = line};

    for (size_t i = 0; i < values->count; i++)
        if (!fits(parameter, values->values[i]))
            return tz_yaml_fail(err, file, &at, "参数 %s 的值不是 %s", "a value of parameter %s is no %s", parameter->name, parameter->type);
    return TZ_OK;
}

static tz_rc take_override(tz_loading *from, tz_parameter *parameter, tz_err *err)
{
    const char *name = tz_arena_printf(from->mem, "%s.%s", from->pack->name, parameter->name);

    for (size_t i = 0; i < from->county->overrides.count; i++)
        if (strcmp(from->county->overrides.items[i].name, name) == 0) {
            parameter->override = &from->county->overrides.items[i];
            return judge_values(parameter, &parameter->override->values, "county.yaml", parameter->override->line, err);
        }
    return TZ_OK;
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
        parameter.source = tz_yaml_str(item, "source", TZ_UNSOURCED);
        parameter.has_source = tz_yaml_get(item, "source") != NULL;
        if (!tz_is_sql_name(item->key) || strcmp(item->key, "as_of") == 0 || !is_type(parameter.type)) {
            rc = tz_yaml_fail(err, from->file, item, "参数名或类型不合法", "a parameter's name has lower-case letters, digits and _; its type is"
                              " int, decimal(p,s), money, text or date");
            goto done;
        }
        TZ_TRY(tz_by_year_read(from->mem, from->file, item, &parameter.by_year, err));
        TZ_TRY(judge_values(&parameter, &parameter.by_year, from->file, item->line, err));
        TZ_TRY(take_override(from, &parameter, err));
        tz_push(from->mem, &from->pack->parameters, parameter);
    }
done:
    return rc;
}

/* The value of the newest year at or before the day's, NULL: all begin later. */
static const char *value_on(const tz_by_year *values, int32_t as_of)
{
    const char *value = NULL;

    for (size_t i = 0; i < values->count; i++)
        if (values->years[i] <= as_of / 10000)
            value = values->values[i];
    return value;
}

const char *tz_parameter_value(const tz_parameter *parameter, int32_t as_of)
{
    tz_assert(parameter != NULL && parameter->by_year.count > 0);
    const char *value = parameter->override == NULL ? NULL : value_on(&parameter->override->values, as_of);

    if (value == NULL)
        value = value_on(&parameter->by_year, as_of);
    return value == NULL ? parameter->by_year.values[0] : value;
}
