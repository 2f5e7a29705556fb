/* publication - what a pack may publish (publications.yaml), and what no pack may.
 *
 * Two regimes are kept apart.  A list shows columns of one register, by name: there is no SQL in it, so that no
 * column can come out under another's name.  Statistics show one counted figure by township.
 */
#include <string.h>

#include "packs/loading.h"

/* ---- Reading ---- */

static tz_rc read_days(tz_loading *from, const tz_yaml *map, tz_publishing *one, tz_err *err)
{
    tz_text text = tz_text_of(tz_yaml_str(map, "days", ""));
    int64_t days = 0;

    one->in_working_days = tz_text_ends(text, TZ_TEXT(" working"));
    if (one->in_working_days)
        text = tz_text_cut(text, 0, text.size - strlen(" working"));
    if (!tz_text_int(text, &days) || days < 1 || days > 366)
        return tz_yaml_fail(err, from->file, map, "名单要写 days:公示几天,如 5 working 或 7",
                            "a list has days: how long it stands, such as 5 working or 7");
    one->days = (int)days;
    return TZ_OK;
}

static void read_where(tz_loading *from, const tz_yaml *map, tz_publishing *one)
{
    const tz_yaml *where = tz_yaml_get(map, "where");

    one->where = tz_arena_array(from->mem, where == NULL ? 1 : where->count + 1, sizeof one->where[0]);
    TZ_YAML_EACH(item, where) {
        one->where[one->where_count].column = item->key;
        one->where[one->where_count++].value = item->kind == TZ_YAML_SCALAR ? item->text : NULL;
    }
}

static tz_rc read_list(tz_loading *from, const tz_yaml *map, tz_publishing *one, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(read_days(from, map, one, err));
    TZ_TRY(tz_load_bool(from, map, "mask", false, &one->is_masked, err));
    read_where(from, map, one);
    one->fields = tz_load_strings(from->mem, tz_yaml_get(map, "fields"));
    if (one->fields.count == 0 || one->figure != NULL)
        rc = tz_yaml_fail(err, from->file, map, "名单要有 fields,不能有 figure:名单和统计是两回事",
                          "a list has fields and no figure: lists and statistics are two things");
done:
    return rc;
}

static tz_rc load_publication(tz_loading *from, const tz_yaml *map, tz_err *err)
{
    static const char *const KEYS[] = {"name", "title", "law", "text", "medium", "register", "fields", "mask", "where", "days", "figure", NULL};
    static const char *const MEDIA[] = {"online", "paper", NULL};
    tz_rc         rc = TZ_OK;
    tz_publishing one = {.file = from->file, .line = map->line};

    TZ_TRY(tz_yaml_only(from->file, map, KEYS, err));
    one.name = tz_yaml_str(map, "name", NULL);
    one.title = tz_yaml_str(map, "title", NULL);
    one.law = tz_yaml_str(map, "law", NULL);
    one.text = tz_yaml_str(map, "text", NULL);
    one.register_name = tz_yaml_str(map, "register", NULL);
    one.figure = tz_yaml_str(map, "figure", NULL);
    one.is_list = one.register_name != NULL;
    int medium = tz_index_of(MEDIA, tz_yaml_str(map, "medium", MEDIA[0]));
    one.is_paper = medium == 1;
    if (one.name == NULL || one.title == NULL || one.law == NULL || medium < 0 || (one.register_name == NULL) == (one.figure == NULL)) {
        rc = tz_yaml_fail(err, from->file, map, "要有 name、title、law,以及 register(名单)或 figure(统计)之一;medium 为 online 或 paper",
                          "name, title, law, and either register (a list) or figure (statistics) stand here; medium is online or paper");
        goto done;
    }
    if (one.is_list)
        TZ_TRY(read_list(from, map, &one, err));
    tz_push(from->mem, &from->pack->publications, one);
done:
    return rc;
}

tz_rc tz_load_publications(tz_loading *from, const tz_yaml *list, tz_err *err)
{
    if (list->kind != TZ_YAML_LIST && list->count > 0)
        return tz_yaml_fail(err, from->file, list, "这里应是公开事项的列表", "a list of publications stands here");
    TZ_YAML_EACH(item, list) {
        tz_rc rc = load_publication(from, item, err);
        if (rc != TZ_OK)
            return rc;
    }
    return TZ_OK;
}

/* ---- What may be shown ---- */

/* Never published, whatever a pack says: 教财厅函〔2017〕28号 (no number, telephone, address, birth date, card),
 * 个人信息保护法 §28 (health and the like are sensitive). A title that holds one of these words is refused. */
static const char *const NEVER[] = {"身份证", "证件", "电话", "手机", "账号", "账户", "卡号", "户名", "开户", "住址", "地址",
                                    "门牌", "出生", "病",   "残疾", "诊断", "死亡", "致贫", "监护", "家长", "密码", "照片"};

static bool is_named_by(const tz_register *reg, int column, bool *ret_is_main_name)
{
    bool is_named = false;

    *ret_is_main_name = false;
    for (size_t i = 0; i < reg->identities.count; i++) {
        const tz_identity *who = &reg->identities.items[i];
        *ret_is_main_name |= who->name == column && strcmp(who->role, "person") == 0;
        is_named |= who->id == column || who->name == column || who->birth == column || who->phone == column || who->household == column;
    }
    return is_named;
}

static bool has_word(const char *title)
{
    for (size_t i = 0; i < sizeof NEVER / sizeof NEVER[0]; i++)
        if (strstr(title, NEVER[i]) != NULL)
            return true;
    return false;
}

static bool may_be_shown(const tz_register *reg, int index)
{
    const tz_column *column = &reg->columns.items[index];
    bool             is_main_name = false, is_named = is_named_by(reg, index, &is_main_name);

    if (column->type == TZ_TYPE_ID || column->type == TZ_TYPE_PHONE || column->type == TZ_TYPE_BANK || column->sensitivity == TZ_SECRET ||
        has_word(column->title))
        return false;
    return is_main_name || (!is_named && column->sensitivity != TZ_PERSONAL);
}

static tz_rc judge_list(const tz_packs *packs, const tz_publishing *one, tz_err *err)
{
    const tz_yaml      at = {.line = one->line};
    const tz_register *reg = tz_packs_register(packs, one->register_name);

    if (reg == NULL)
        return tz_yaml_fail(err, one->file, &at, "没有名册 “%s”", "there is no register '%s'", one->register_name);
    for (size_t i = 0; i < one->fields.count; i++) {
        int index = tz_register_column(reg, one->fields.items[i]);
        if (index < 0)
            return tz_yaml_fail(err, one->file, &at, "名册没有列 “%s”", "the register has no column '%s'", one->fields.items[i]);
        if (!may_be_shown(reg, index))
            return tz_yaml_fail(err, one->file, &at, "列 “%s” 不许公开", "the column '%s' may not be published", one->fields.items[i]);
    }
    for (size_t i = 0; i < one->where_count; i++)
        if (tz_register_column(reg, one->where[i].column) < 0 || one->where[i].value == NULL)
            return tz_yaml_fail(err, one->file, &at, "where 的列 “%s” 不对", "where: the column '%s' is wrong", one->where[i].column);
    return TZ_OK;
}

tz_rc tz_judge_publication(const tz_packs *packs, const tz_publishing *one, tz_err *err)
{
    const tz_yaml    at = {.line = one->line};
    const tz_figure *figure = one->figure == NULL ? NULL : tz_packs_figure(packs, one->figure);

    if (one->is_list)
        return judge_list(packs, one, err);
    if (figure == NULL || figure->value != TZ_VALUE_COUNT)
        return tz_yaml_fail(err, one->file, &at, "统计只公开计数的指标,“%s” 不是", "statistics show a counted figure, '%s' is none", one->figure);
    return TZ_OK;
}
