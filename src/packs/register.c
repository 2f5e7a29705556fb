/* register - reading the declaration of a register. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/money.h"
#include "packs/loading.h"

static const char *const TYPES[] = {"text",    "code",     "id",    "date", "month",       "term",  "int", "decimal",
                                    "money",   "percent",  "division", "phone", "bank", "credit_code", "yesno", NULL};
static const char *const SENSITIVITIES[] = {"public", "internal", "personal", "secret", NULL};
static const char *const PERIODS[] = {"state", "month", "term", "year", "event", NULL};
static const char *const REPEATS[] = {"drop", "keep", NULL};
static const char *const LEVELS[] = {"county", "township", "village", NULL};

bool tz_is_sql_name(const char *name)
{
    static const char ALLOWED[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    size_t size = strlen(name);
    return size > 0 && size <= 60 && strspn(name, ALLOWED) == size && name[0] >= 'a' && name[0] <= 'z';
}

int tz_index_of(const char *const *names, const char *text)
{
    for (int i = 0; names[i] != NULL; i++)
        if (strcmp(names[i], text) == 0)
            return i;
    return -1;
}

tz_strings tz_split_commas(tz_arena *mem, const char *text)
{
    tz_strings list = {0};

    while (text != NULL && *text != '\0') {
        size_t  size = strcspn(text, ",");
        tz_text part = tz_text_trim((tz_text){text, size});
        if (part.size > 0)
            tz_push(mem, &list, tz_text_dup(mem, part));
        text += size + (text[size] == ',');
    }
    return list;
}

tz_strings tz_load_strings(tz_arena *mem, const tz_yaml *node)
{
    tz_strings list = {0};

    if (node != NULL && node->kind == TZ_YAML_SCALAR && !node->is_null)
        return tz_split_commas(mem, node->text);
    TZ_YAML_EACH(item, node)
        tz_push(mem, &list, item->text); /* no scalar: empty, and refused as an unknown name */
    return list;
}

tz_rc tz_load_bool(tz_loading *from, const tz_yaml *map, const char *key, bool otherwise, bool *ret, tz_err *err)
{
    static const char *const WORDS[] = {"false", "true", "no", "yes", NULL};
    const char *text = tz_yaml_str(map, key, otherwise ? "true" : "false");
    int         index = tz_index_of(WORDS, text);

    if (index < 0)
        return tz_yaml_fail(err, from->file, tz_yaml_get(map, key), "%s 应为 true 或 false", "%s is true or false", key);
    *ret = index % 2 == 1;
    return TZ_OK;
}

tz_rc tz_load_number(tz_loading *from, const tz_yaml *map, const char *key, int least, int most, int otherwise, int *ret_number,
                     tz_err *err)
{
    const tz_yaml *node = tz_yaml_get(map, key);
    int64_t        number = otherwise;

    if (node != NULL && (!tz_text_int(tz_text_of(node->text), &number) || number < least || number > most))
        return tz_yaml_fail(err, from->file, node, "%s 应为 %d 到 %d 的整数", "%s is a whole number from %d to %d", key, least, most);
    *ret_number = (int)number;
    return TZ_OK;
}

/* ---- Columns ---- */

/* "decimal(8,2)" */
static bool read_type(const char *text, tz_column *column)
{
    const char *open = strchr(text, '(');
    char        name[24];
    size_t      size = open == NULL ? strlen(text) : (size_t)(open - text);

    if (size >= sizeof name)
        return false;
    memcpy(name, text, size);
    name[size] = '\0';
    int index = tz_index_of(TYPES, name);
    if (index < 0 || (index == TZ_TYPE_DECIMAL) != (open != NULL))
        return false;
    column->type = (tz_type)index;
    if (open == NULL)
        return true;
    char *end = NULL;
    long  precision = strtol(open + 1, &end, 10);
    long  scale = *end == ',' ? strtol(end + 1, &end, 10) : -1;
    column->precision = (int)precision;
    column->scale = (int)scale;
    return strcmp(end, ")") == 0 && precision >= 1 && precision <= 18 && scale >= 0 && scale <= precision;
}

static tz_rc read_codes(tz_loading *from, const tz_yaml *map, tz_column *column, tz_err *err)
{
    static const char *const KEYS[] = {"title", "synonyms", NULL};

    TZ_YAML_EACH(item, map) {
        tz_code code = {.code = item->key, .title = item->text};
        if (item->kind == TZ_YAML_MAP) {
            tz_rc rc = tz_yaml_only(from->file, item, KEYS, err);
            if (rc != TZ_OK)
                return rc;
            code.title = tz_yaml_str(item, "title", item->key);
            code.synonyms = tz_load_strings(from->mem, tz_yaml_get(item, "synonyms"));
        }
        tz_push(from->mem, &column->codes, code);
    }
    return TZ_OK;
}

/* plausible: [least, most]: two numbers, or two dates of a date column. */
static tz_rc read_plausible(tz_loading *from, const tz_yaml *node, tz_column *column, tz_err *err)
{
    const tz_yaml *range = tz_yaml_get(node, "plausible");
    tz_decimal     number;
    int32_t        ymd;

    if (range == NULL)
        return TZ_OK;
    bool is_date = column->type == TZ_TYPE_DATE;
    bool is_number = column->type == TZ_TYPE_INT || column->type == TZ_TYPE_DECIMAL || column->type == TZ_TYPE_MONEY;
    bool is_good = range->kind == TZ_YAML_LIST && range->count == 2 && (is_date || is_number);
    TZ_YAML_EACH(item, range) {
        tz_text text = tz_text_of(item->text);
        is_good = is_good && (is_date ? tz_date_parse_iso(text, &ymd) : tz_decimal_parse(text, &number));
    }
    if (!is_good)
        return tz_yaml_fail(err, from->file, range, "plausible 应为 [最小, 最大],用于数字或日期列",
                            "plausible is [least, most], of a column of numbers or dates");
    column->least = range->first->text;
    column->most = range->first->next->text;
    return TZ_OK;
}

static tz_sensitivity default_sensitivity(const tz_column *column)
{
    if (column->type == TZ_TYPE_ID || column->type == TZ_TYPE_PHONE || column->type == TZ_TYPE_BANK)
        return TZ_PERSONAL;
    return strcmp(column->name, "name") == 0 || strstr(column->name, "_name") != NULL ? TZ_PERSONAL : TZ_INTERNAL;
}

static tz_rc read_column(tz_loading *from, const tz_yaml *node, tz_column *ret_column, tz_err *err)
{
    static const char *const KEYS[] = {"name", "title", "type", "level", "unit", "required", "synonyms", "codes", "sensitivity",
                                       "plausible", NULL};
    tz_rc     rc = TZ_OK;
    tz_column column = {.line = node->line, .level = TZ_DIVISION_VILLAGE};

    TZ_TRY(tz_yaml_only(from->file, node, KEYS, err));
    column.name = tz_yaml_str(node, "name", "");
    column.title = tz_yaml_str(node, "title", column.name);
    column.unit = tz_yaml_str(node, "unit", NULL);
    column.synonyms = tz_load_strings(from->mem, tz_yaml_get(node, "synonyms"));
    if (!tz_is_sql_name(column.name)) {
        rc = tz_yaml_fail(err, from->file, node, "列名 “%s” 应由小写字母、数字和 _ 组成", "a column's name '%s' has lower-case letters, digits and _",
                          column.name);
        goto done;
    }
    if (!read_type(tz_yaml_str(node, "type", "text"), &column)) {
        rc = tz_yaml_fail(err, from->file, node, "不认识类型 “%s”", "there is no type '%s'", tz_yaml_str(node, "type", ""));
        (void)tz_err_advise(err, "可用:text code id date month term int decimal(p,s) money percent division phone bank credit_code yesno",
                            "types: text code id date month term int decimal(p,s) money percent division phone bank credit_code yesno");
        goto done;
    }
    int level = tz_index_of(LEVELS, tz_yaml_str(node, "level", "village"));
    int sensitivity = tz_index_of(SENSITIVITIES, tz_yaml_str(node, "sensitivity", SENSITIVITIES[default_sensitivity(&column)]));
    if (level < 0 || sensitivity < 0) {
        rc = tz_yaml_fail(err, from->file, node, "level 或 sensitivity 的取值不对", "level or sensitivity has a wrong value");
        goto done;
    }
    column.level = (tz_division_level)level;
    column.sensitivity = (tz_sensitivity)sensitivity;
    TZ_TRY(tz_load_bool(from, node, "required", false, &column.is_required, err));
    TZ_TRY(read_codes(from, tz_yaml_get(node, "codes"), &column, err));
    TZ_TRY(read_plausible(from, node, &column, err));
    *ret_column = column;
done:
    return rc;
}

/* ---- The register ---- */

int tz_register_column(const tz_register *reg, const char *name)
{
    for (size_t i = 0; i < reg->columns.count; i++)
        if (strcmp(reg->columns.items[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* The index of the column that map's key names, -1 where the key is absent. TZ_INPUT if unknown. */
static tz_rc column_of(tz_loading *from, const tz_register *reg, const tz_yaml *map, const char *key, int *ret_index, tz_err *err)
{
    const char *name = tz_yaml_str(map, key, NULL);
    int         index = name == NULL ? -1 : tz_register_column(reg, name);

    if (name != NULL && index < 0)
        return tz_yaml_fail(err, from->file, tz_yaml_get(map, key), "名册没有列 “%s”", "the register has no column '%s'", name);
    *ret_index = index;
    return TZ_OK;
}

static tz_rc read_identity(tz_loading *from, tz_register *reg, const tz_yaml *node, tz_err *err)
{
    static const char *const KEYS[] = {"role", "id", "name", "birth", "sex", "village", "phone", "household", "space", "head", NULL};
    tz_rc       rc = TZ_OK;
    tz_identity who = {.household_space = tz_yaml_str(node, "space", reg->name)};

    TZ_TRY(tz_yaml_only(from->file, node, KEYS, err));
    who.role = tz_yaml_str(node, "role", "person");
    if (!tz_is_sql_name(who.role)) {
        rc = tz_yaml_fail(err, from->file, node, "角色名不合法", "a role's name has lower-case letters, digits and _");
        goto done;
    }
    TZ_TRY(column_of(from, reg, node, "id", &who.id, err));
    TZ_TRY(column_of(from, reg, node, "name", &who.name, err));
    TZ_TRY(column_of(from, reg, node, "birth", &who.birth, err));
    TZ_TRY(column_of(from, reg, node, "sex", &who.sex, err));
    TZ_TRY(column_of(from, reg, node, "village", &who.village, err));
    TZ_TRY(column_of(from, reg, node, "phone", &who.phone, err));
    TZ_TRY(column_of(from, reg, node, "household", &who.household, err));
    TZ_TRY(column_of(from, reg, node, "head", &who.head, err));
    if (who.id < 0 && who.name < 0) {
        rc = tz_yaml_fail(err, from->file, node, "身份至少要有 id 或 name", "an identity needs an id or a name");
        goto done;
    }
    tz_push(from->mem, &reg->identities, who);
done:
    return rc;
}

static tz_rc read_period_and_slice(tz_loading *from, tz_register *reg, const tz_yaml *node, tz_err *err)
{
    tz_rc rc = TZ_OK;
    int   period = tz_index_of(PERIODS, tz_yaml_str(node, "period", "state"));

    if (period < 0) {
        rc = tz_yaml_fail(err, from->file, tz_yaml_get(node, "period"), "period 应为 state、month、term、year 或 event",
                          "period is state, month, term, year or event");
        goto done;
    }
    reg->period = (tz_period_kind)period;
    TZ_TRY(column_of(from, reg, node, "period_column", &reg->period_column, err));
    reg->slice = tz_yaml_str(node, "slice", "all");
    reg->slice_column = -1;
    if (strcmp(reg->slice, "all") != 0 && strcmp(reg->slice, "unit") != 0) {
        TZ_TRY(column_of(from, reg, node, "slice", &reg->slice_column, err));
        if (reg->columns.items[reg->slice_column].type != TZ_TYPE_DIVISION)
            rc = tz_yaml_fail(err, from->file, tz_yaml_get(node, "slice"), "slice 应为 all、unit 或一个 division 列",
                              "slice is all, unit or a division column");
    }
done:
    return rc;
}

static tz_rc read_key(tz_loading *from, tz_register *reg, const tz_yaml *node, tz_err *err)
{
    tz_strings names = tz_load_strings(from->mem, tz_yaml_get(node, "key"));

    if (names.count == 0)
        return tz_yaml_fail(err, from->file, node, "名册缺少 key", "a register needs its key");
    for (size_t i = 0; i < names.count; i++) {
        int index = tz_register_column(reg, names.items[i]);
        if (index < 0)
            return tz_yaml_fail(err, from->file, tz_yaml_get(node, "key"), "key 中没有列 “%s”", "the key names no column '%s'", names.items[i]);
        tz_push(from->mem, &reg->key, index);
    }
    return TZ_OK;
}

/* unpivot: {by: month, columns: [amount]} */
static tz_rc read_unpivot(tz_loading *from, tz_register *reg, const tz_yaml *node, tz_err *err)
{
    static const char *const KEYS[] = {"by", "columns", NULL};
    tz_rc          rc = TZ_OK;
    const tz_yaml *map = tz_yaml_get(node, "unpivot");

    reg->unpivot.by = -1;
    if (map == NULL)
        return TZ_OK;
    TZ_TRY(tz_yaml_only(from->file, map, KEYS, err));
    TZ_TRY(column_of(from, reg, map, "by", &reg->unpivot.by, err));
    tz_type type = reg->unpivot.by < 0 ? TZ_TYPE_TEXT : reg->columns.items[reg->unpivot.by].type;
    if (type != TZ_TYPE_MONTH && type != TZ_TYPE_TERM) {
        rc = tz_yaml_fail(err, from->file, map, "unpivot 的 by 应为 month 或 term 列", "by of unpivot is a month or term column");
        goto done;
    }
    tz_strings names = tz_load_strings(from->mem, tz_yaml_get(map, "columns"));
    for (size_t i = 0; i < names.count; i++) {
        int index = tz_register_column(reg, names.items[i]);
        if (index < 0 || index == reg->unpivot.by) {
            rc = tz_yaml_fail(err, from->file, map, "unpivot 不能用列 “%s”", "unpivot can't take column '%s'", names.items[i]);
            goto done;
        }
        tz_push(from->mem, &reg->unpivot.columns, index);
    }
    if (names.count == 0)
        rc = tz_yaml_fail(err, from->file, map, "unpivot 缺少 columns", "unpivot needs its columns");
done:
    return rc;
}

/* The digest of the declaration: the YAML's own text from its first to its last line would change
 * with a comment, so it is taken over names, types and roles. */
static void digest_register(tz_arena *mem, tz_register *reg)
{
    tz_buf text = tz_buf_init(mem, 0);

    tz_buf_printf(&text, "%s\n%d %d %s %d\n", reg->name, reg->period, reg->period_column, reg->slice, reg->keeps_repeats);
    for (size_t i = 0; i < reg->key.count; i++)
        tz_buf_printf(&text, "key %d\n", reg->key.items[i]);
    for (size_t i = 0; i < reg->columns.count; i++) {
        const tz_column *column = &reg->columns.items[i];
        tz_buf_printf(&text, "%s %d %d %d %d %d\n", column->name, column->type, column->precision, column->scale,
                      column->level, column->is_required);
        for (size_t j = 0; j < column->codes.count; j++)
            tz_buf_printf(&text, " %s\n", column->codes.items[j].code);
    }
    reg->version = tz_sm3(text.data, text.size);
}

static tz_rc read_register(tz_loading *from, const tz_yaml *node, tz_register *ret_register, tz_err *err)
{
    static const char *const KEYS[] = {"title", "owner", "key", "repeats", "period", "period_column", "slice", "unpivot", "due",
                                       "due_days", "identities", "columns", NULL};
    tz_rc       rc = TZ_OK;
    tz_register reg = {.name = node->key, .pack = from->pack, .line = node->line};

    if (!tz_is_sql_name(node->key)) {
        rc = tz_yaml_fail(err, from->file, node, "名册名 “%s” 应由小写字母、数字和 _ 组成",
                          "a register's name '%s' has lower-case letters, digits and _", node->key);
        goto done;
    }
    TZ_TRY(tz_yaml_only(from->file, node, KEYS, err));
    reg.title = tz_yaml_str(node, "title", node->key);
    reg.owners = tz_load_strings(from->mem, tz_yaml_get(node, "owner"));
    reg.due = tz_yaml_str(node, "due", NULL);
    TZ_TRY(tz_load_number(from, node, "due_days", 0, 3660, 0, &reg.due_days, err));
    int repeats = tz_index_of(REPEATS, tz_yaml_str(node, "repeats", "drop"));
    if (repeats < 0) {
        rc = tz_yaml_fail(err, from->file, tz_yaml_get(node, "repeats"), "repeats 应为 drop 或 keep", "repeats is drop or keep");
        goto done;
    }
    reg.keeps_repeats = repeats == 1;
    TZ_YAML_EACH(item, tz_yaml_get(node, "columns")) {
        tz_column column;
        TZ_TRY(read_column(from, item, &column, err));
        if (tz_register_column(&reg, column.name) >= 0) {
            rc = tz_yaml_fail(err, from->file, item, "列 “%s” 重复", "column '%s' is given twice", column.name);
            goto done;
        }
        tz_push(from->mem, &reg.columns, column);
    }
    TZ_TRY(read_key(from, &reg, node, err));
    TZ_TRY(read_period_and_slice(from, &reg, node, err));
    TZ_TRY(read_unpivot(from, &reg, node, err));
    TZ_YAML_EACH(item, tz_yaml_get(node, "identities"))
        TZ_TRY(read_identity(from, &reg, item, err));
    digest_register(from->mem, &reg);
    *ret_register = reg;
done:
    return rc;
}

tz_rc tz_load_registers(tz_loading *from, const tz_yaml *map, tz_err *err)
{
    tz_assert(from != NULL);
    TZ_YAML_EACH(item, map) {
        tz_register reg;
        tz_rc       rc = read_register(from, item, &reg, err);
        if (rc != TZ_OK)
            return rc;
        tz_push(from->mem, &from->pack->registers, reg);
    }
    return TZ_OK;
}
