#include "packs/pack.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/limits.h"
#include "packs/loading.h"

/* ---- Finding by name ---- */

bool tz_strings_has(const tz_strings *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], text) == 0)
            return true;
    return false;
}

/* The first of that name in a list of all packs. */
#define FIND(packs_in, list, wanted)                                                \
    for (size_t i = 0; i < (packs_in)->packs.count; i++)                            \
        for (size_t j = 0; j < (packs_in)->packs.items[i].list.count; j++)          \
            if (strcmp((packs_in)->packs.items[i].list.items[j].name, wanted) == 0) \
                return &(packs_in)->packs.items[i].list.items[j];                   \
    return NULL

const tz_register *tz_packs_register(const tz_packs *packs, const char *name)
{
    FIND(packs, registers, name);
}

const tz_check *tz_packs_check(const tz_packs *packs, const char *name)
{
    FIND(packs, checks, name);
}

const tz_figure *tz_packs_figure(const tz_packs *packs, const char *name)
{
    FIND(packs, figures, name);
}

const tz_ledger *tz_packs_ledger(const tz_packs *packs, const char *name)
{
    FIND(packs, ledgers, name);
}

/* ---- Reading one pack ---- */

static const char *path_in(const tz_loading *from, const char *name)
{
    return tz_arena_printf(from->mem, "%s/%s", from->folder, name);
}

static tz_rc load_yaml(tz_loading *from, tz_err *err)
{
    static const char *const KEYS[] = {"name",    "title",  "law",       "departments", "uses", "sealed", "parameters",
                                       "ledgers", "levels", "policies", "registers", NULL};
    tz_rc    rc = TZ_OK;
    tz_text  text;
    tz_yaml *root = NULL;

    TZ_TRY(tz_file_load(from->mem, path_in(from, "pack.yaml"), TZ_MAX_YAML_BYTES, &text, err));
    TZ_TRY(tz_yaml_parse(from->mem, from->file, text, &root, err));
    TZ_TRY(tz_yaml_only(from->file, root, KEYS, err));
    if (strcmp(tz_yaml_str(root, "name", ""), from->pack->name) != 0) {
        rc = tz_yaml_fail(err, from->file, tz_yaml_get(root, "name"), "name 应与文件夹同名:%s", "name is that of its folder: %s", from->pack->name);
        goto done;
    }
    from->pack->title = tz_yaml_str(root, "title", from->pack->name);
    from->pack->law = tz_yaml_str(root, "law", NULL);
    from->pack->departments = tz_load_strings(from->mem, tz_yaml_get(root, "departments"));
    from->pack->uses = tz_load_strings(from->mem, tz_yaml_get(root, "uses"));
    TZ_TRY(tz_load_bool(from, root, "sealed", false, &from->pack->is_sealed, err));
    TZ_TRY(tz_load_parameters(from, tz_yaml_get(root, "parameters"), err));
    TZ_TRY(tz_load_ledgers(from, tz_yaml_get(root, "ledgers"), err));
    TZ_TRY(tz_load_levels(from, tz_yaml_get(root, "levels"), err));
    TZ_TRY(tz_load_policies(from, tz_yaml_get(root, "policies"), err));
    TZ_TRY(tz_load_registers(from, tz_yaml_get(root, "registers"), err));
done:
    return rc;
}

static bool is_check_file(const char *name)
{
    size_t size = strlen(name);
    return size > 4 && strcmp(name + size - 4, ".sql") == 0;
}

/* The checks of one folder but those that `instead` has, too. shown: how errors name the folder. */
static tz_rc load_checks_of(tz_loading *from, const char *folder, const char *instead, const char *shown, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_names names = {0};

    if (!tz_file_exists(folder))
        return TZ_OK;
    TZ_TRY(tz_file_list(from->mem, folder, &names, err));
    for (size_t i = 0; i < names.count; i++) {
        const char *name = names.items[i];
        tz_text     text;
        if (!is_check_file(name) || (instead != NULL && tz_file_exists(tz_arena_printf(from->mem, "%s/%s", instead, name))))
            continue;
        from->file = tz_arena_printf(from->mem, "%s/checks/%s", shown, name);
        TZ_TRY(tz_file_load(from->mem, tz_arena_printf(from->mem, "%s/%s", folder, name), TZ_MAX_SQL_BYTES, &text, err));
        TZ_TRY(tz_load_check(from, tz_arena_copy(from->mem, name, strlen(name) - 4), text, err));
    }
done:
    return rc;
}

static tz_rc load_checks(tz_loading *from, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *name = from->pack->name;
    const char *own = from->pack->own == NULL ? NULL : tz_arena_printf(from->mem, "%s/checks", from->pack->own);

    TZ_TRY(load_checks_of(from, path_in(from, "checks"), own, name, err));
    if (own != NULL)
        TZ_TRY(load_checks_of(from, own, NULL, tz_arena_printf(from->mem, "packs/%s", name), err));
done:
    return rc;
}

static tz_rc load_others(tz_loading *from, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_text text;
    tz_yaml *tree = NULL;

    if (tz_file_exists(path_in(from, "figures.sql"))) {
        from->file = tz_arena_printf(from->mem, "%s/figures.sql", from->pack->name);
        TZ_TRY(tz_file_load(from->mem, path_in(from, "figures.sql"), 1 << 20, &text, err));
        TZ_TRY(tz_load_figures(from, text, err));
    }
    if (tz_file_exists(path_in(from, "assertions.yaml"))) {
        from->file = tz_arena_printf(from->mem, "%s/assertions.yaml", from->pack->name);
        TZ_TRY(tz_yaml_load(from->mem, path_in(from, "assertions.yaml"), &tree, err));
        TZ_TRY(tz_load_assertions(from, tree, err));
    }
    if (tz_file_exists(path_in(from, "said.yaml"))) {
        from->file = tz_arena_printf(from->mem, "%s/said.yaml", from->pack->name);
        TZ_TRY(tz_yaml_load(from->mem, path_in(from, "said.yaml"), &tree, err));
        TZ_TRY(tz_load_said(from, tree, err));
    }
    if (tz_file_exists(path_in(from, "publications.yaml"))) {
        from->file = tz_arena_printf(from->mem, "%s/publications.yaml", from->pack->name);
        TZ_TRY(tz_yaml_load(from->mem, path_in(from, "publications.yaml"), &tree, err));
        TZ_TRY(tz_load_publications(from, tree, err));
    }
    if (tz_file_exists(path_in(from, "report.md"))) {
        TZ_TRY(tz_file_load(from->mem, path_in(from, "report.md"), 1 << 20, &text, err));
        from->pack->report = text.data;
    }
done:
    return rc;
}

/* Adds the paths and digests of all files below folder to text, in order of their names. */
static tz_rc list_digests(tz_arena *mem, const char *folder, const char *prefix, tz_buf *text, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_names names;

    TZ_TRY(tz_file_list(mem, folder, &names, err));
    for (size_t i = 0; i < names.count; i++) {
        const char *path = tz_arena_printf(mem, "%s/%s", folder, names.items[i]);
        const char *shown = tz_arena_printf(mem, "%s%s", prefix, names.items[i]);
        if (tz_file_is_folder(path)) {
            TZ_TRY(list_digests(mem, path, tz_arena_printf(mem, "%s/", shown), text, err));
            continue;
        }
        tz_digest digest;
        char      hex[TZ_SM3_HEX];
        TZ_TRY(tz_sm3_file(path, &digest, NULL, err));
        tz_digest_hex(&digest, hex);
        tz_buf_printf(text, "%s  %s\n", hex, shown);
    }
done:
    return rc;
}

static tz_rc load_pack(tz_arena *mem, const tz_county *county, const char *folder, tz_pack *pack, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    tz_buf     listing = tz_buf_init(mem, 0);
    tz_loading from = {.mem = mem, .county = county, .pack = pack, .folder = folder};

    pack->folder = folder;
    from.file = tz_arena_printf(mem, "%s/pack.yaml", pack->name);
    TZ_TRY(load_yaml(&from, err));
    TZ_TRY(load_checks(&from, err));
    TZ_TRY(load_others(&from, err));
    TZ_TRY(list_digests(mem, folder, "", &listing, err));
    if (pack->own != NULL)
        TZ_TRY(list_digests(mem, pack->own, "own/", &listing, err));
    pack->digest = tz_sm3(listing.data, listing.size);
done:
    return rc;
}

/* ---- What holds between packs ---- */

static tz_rc fail_check(const tz_check *check, tz_err *err, const char *zh, const char *en, const char *what)
{
    const tz_yaml at = {.line = 1};
    return tz_yaml_fail(err, check->file, &at, zh, en, what);
}

/* `needs` names registers and checks: the checks go into `after`. */
static void sort_needs(tz_arena *mem, const tz_packs *packs, tz_check *check)
{
    size_t kept = 0;

    for (size_t i = 0; i < check->needs.count; i++) {
        const char *name = check->needs.items[i];
        if (tz_packs_register(packs, name) == NULL && tz_packs_check(packs, name) != NULL)
            tz_push(mem, &check->after, name);
        else
            check->needs.items[kept++] = name;
    }
    check->needs.count = kept;
}

static tz_rc judge_check(const tz_packs *packs, const tz_check *check, tz_err *err)
{
    const char *const others[] = {check->remedied_by, check->absent};

    for (size_t i = 0; i < check->needs.count; i++)
        if (tz_packs_register(packs, check->needs.items[i]) == NULL)
            return fail_check(check, err, "needs 中没有名册或规则 “%s”", "needs names no register or check '%s'", check->needs.items[i]);
    for (size_t i = 0; i < 2; i++)
        if (others[i] != NULL && tz_packs_register(packs, others[i]) == NULL)
            return fail_check(check, err, "没有名册 “%s”", "there is no register '%s'", others[i]);
    if (strcmp(check->ledger, "default") != 0 && tz_packs_ledger(packs, check->ledger) == NULL)
        return fail_check(check, err, "没有台账 “%s”", "there is no ledger '%s'", check->ledger);
    if (tz_packs_check(packs, check->name) != check)
        return fail_check(check, err, "规则 “%s” 重名", "two checks are named '%s'", check->name);
    return TZ_OK;
}

/* Each of the county's overrides is one of a parameter that a pack in use declares. */
static tz_rc judge_overrides(const tz_packs *packs, const tz_county *county, tz_err *err)
{
    for (size_t i = 0; i < county->overrides.count; i++) {
        const tz_override *one = &county->overrides.items[i];
        const tz_yaml      at = {.line = one->line};
        bool               is_taken = false;
        for (size_t j = 0; j < packs->packs.count; j++)
            for (size_t k = 0; k < packs->packs.items[j].parameters.count; k++)
                is_taken |= packs->packs.items[j].parameters.items[k].override == one;
        if (!is_taken)
            return tz_yaml_fail(err, "county.yaml", &at, "没有参数 “%s”(写作 规则包.参数)",
                                "there is no parameter '%s' (written pack.parameter)", one->name);
    }
    return TZ_OK;
}

static tz_rc judge_figure(const tz_packs *packs, const tz_figure *figure, tz_err *err)
{
    const tz_yaml     at = {.line = figure->line};
    const char *const parts[] = {figure->numerator, figure->denominator, figure->reached, figure->among};

    for (size_t i = 0; i < figure->of.count; i++)
        if (tz_packs_register(packs, figure->of.items[i]) == NULL)
            return tz_yaml_fail(err, figure->file, &at, "of 中没有名册 “%s”", "of names no register '%s'", figure->of.items[i]);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i] != NULL && tz_packs_figure(packs, parts[i]) == NULL)
            return tz_yaml_fail(err, figure->file, &at, "没有指标 “%s”", "there is no figure '%s'", parts[i]);
    if (tz_packs_figure(packs, figure->name) != figure)
        return tz_yaml_fail(err, figure->file, &at, "指标 “%s” 重名", "two figures are named '%s'", figure->name);
    return TZ_OK;
}

/* A pack reads the registers of those that it uses, so they are in the county too. */
static tz_rc judge_uses(const tz_packs *packs, const tz_pack *pack, tz_err *err)
{
    for (size_t i = 0; i < pack->uses.count; i++) {
        bool is_there = false;
        for (size_t j = 0; j < packs->packs.count; j++)
            is_there |= strcmp(packs->packs.items[j].name, pack->uses.items[i]) == 0;
        if (is_there)
            continue;
        (void)tz_fail(err, TZ_MISSING, "规则包 “%s” 要用 “%s”", "the pack '%s' uses '%s'", pack->name, pack->uses.items[i]);
        return tz_err_advise(err, "在 county.yaml 的 packs 中加上它", "add it to packs in county.yaml");
    }
    return TZ_OK;
}

static tz_rc judge(const tz_packs *packs, tz_err *err)
{
    tz_rc rc = TZ_OK;

    for (size_t i = 0; i < packs->packs.count; i++) {
        const tz_pack *pack = &packs->packs.items[i];
        if (pack->is_sealed && packs->packs.count > 1) {
            (void)tz_fail(err, TZ_INPUT, "规则包 “%s” 是加封的,不能与其他包同在一个目录", "the pack '%s' is sealed: it stands alone in its county",
                          pack->name);
            rc = tz_err_advise(err, "为它另建目录:taizhang new 目录 --county 代码 --pack %s",
                               "make a county for it: taizhang new DIR --county CODE --pack %s", pack->name);
            goto done;
        }
        TZ_TRY(judge_uses(packs, pack, err));
        for (size_t j = 0; j < pack->registers.count; j++) {
            const tz_yaml at = {.line = pack->registers.items[j].line};
            const char   *name = pack->registers.items[j].name;
            if (strcmp(name, "findings") == 0 || strcmp(name, "divisions") == 0) {
                rc = tz_yaml_fail(err, pack->name, &at, "“%s” 是程序自己的表", "'%s' is a table of the program's own", name);
                goto done;
            }
            if (tz_packs_register(packs, pack->registers.items[j].name) != &pack->registers.items[j]) {
                rc = tz_yaml_fail(err, pack->name, &at, "名册 “%s” 重名", "two registers are named '%s'", pack->registers.items[j].name);
                goto done;
            }
        }
        for (size_t j = 0; j < pack->checks.count; j++)
            TZ_TRY(judge_check(packs, &pack->checks.items[j], err));
        for (size_t j = 0; j < pack->figures.count; j++)
            TZ_TRY(judge_figure(packs, &pack->figures.items[j], err));
        for (size_t j = 0; j < pack->publications.count; j++)
            TZ_TRY(tz_judge_publication(packs, &pack->publications.items[j], err));
        for (size_t j = 0; j < pack->policies.count; j++)
            TZ_TRY(tz_judge_policy(packs, &pack->policies.items[j], err));
    }
done:
    return rc;
}

static void put_values(tz_buf *out, const tz_by_year *values)
{
    for (size_t i = 0; i < values->count; i++)
        tz_buf_printf(out, " %d %s\n", values->years[i], values->values[i]);
    tz_buf_puts(out, "\n");
}

/* A check's version covers the values that its parameters may take. */
static void add_parameters(tz_arena *mem, tz_pack *pack)
{
    tz_buf values = tz_buf_init(mem, 0);

    for (size_t i = 0; i < pack->parameters.count; i++) {
        const tz_parameter *parameter = &pack->parameters.items[i];
        tz_buf_printf(&values, "%s\n", parameter->name);
        put_values(&values, &parameter->by_year);
        if (parameter->override != NULL)
            put_values(&values, &parameter->override->values);
    }
    tz_digest digest = tz_sm3(values.data == NULL ? "" : values.data, values.size);
    for (size_t i = 0; i < pack->checks.count; i++) {
        uint8_t both[2 * TZ_SM3_SIZE];
        memcpy(both, pack->checks.items[i].version.bytes, TZ_SM3_SIZE);
        memcpy(both + TZ_SM3_SIZE, digest.bytes, TZ_SM3_SIZE);
        pack->checks.items[i].version = tz_sm3(both, sizeof both);
    }
}

/* Registers, checks and figures point to their pack, whose place is fixed only now. */
static void settle(tz_arena *mem, tz_packs *packs)
{
    tz_buf all = tz_buf_init(mem, 0);

    for (size_t i = 0; i < packs->packs.count; i++) {
        tz_pack *pack = &packs->packs.items[i];
        for (size_t j = 0; j < pack->registers.count; j++)
            pack->registers.items[j].pack = pack;
        for (size_t j = 0; j < pack->checks.count; j++) {
            pack->checks.items[j].pack = pack;
            sort_needs(mem, packs, &pack->checks.items[j]);
        }
        for (size_t j = 0; j < pack->figures.count; j++)
            pack->figures.items[j].pack = pack;
        for (size_t j = 0; j < pack->assertions.count; j++)
            pack->assertions.items[j].pack = pack;
        for (size_t j = 0; j < pack->sayings.count; j++)
            pack->sayings.items[j].pack = pack;
        for (size_t j = 0; j < pack->publications.count; j++)
            pack->publications.items[j].pack = pack;
        add_parameters(mem, pack);
        tz_buf_put(&all, (tz_text){(const char *)pack->digest.bytes, TZ_SM3_SIZE});
        for (size_t j = 0; j < pack->parameters.count; j++)
            if (pack->parameters.items[j].override != NULL) {
                tz_buf_puts(&all, pack->parameters.items[j].name);
                put_values(&all, &pack->parameters.items[j].override->values);
            }
    }
    packs->digest = tz_sm3(all.data == NULL ? "" : all.data, all.size);
}

/* One pack of the county's: its own, the shipped one, or the shipped one with the county's checks. */
static tz_rc load_named(tz_arena *mem, const tz_county *county, const char *name, const char *own_folder, const char *shipped_folder,
                        tz_packs *packs, tz_err *err)
{
    const char *own = own_folder == NULL ? NULL : tz_arena_printf(mem, "%s/%s", own_folder, name);
    bool        is_own = own != NULL && tz_file_exists(tz_arena_printf(mem, "%s/pack.yaml", own));
    const char *folder = is_own ? own : tz_arena_printf(mem, "%s/%s", shipped_folder, name);

    if (strchr(name, '/') != NULL || name[0] == '.' || !tz_file_exists(tz_arena_printf(mem, "%s/pack.yaml", folder))) {
        (void)tz_fail(err, TZ_MISSING, "找不到规则包 “%s”", "there is no pack '%s'", name);
        return tz_err_advise(err, "放进县数据目录的 packs/,或从 county.yaml 的 packs 中去掉",
                             "put it into the county's packs/, or take it out of packs in county.yaml");
    }
    tz_push(mem, &packs->packs, (tz_pack){.name = name, .is_own = is_own});
    tz_pack *pack = &packs->packs.items[packs->packs.count - 1];
    if (!is_own && own != NULL && tz_file_exists(own))
        pack->own = own;
    return load_pack(mem, county, folder, pack, err);
}

tz_rc tz_packs_load(tz_arena *mem, const tz_county *county, const char *own_folder, const char *shipped_folder,
                    tz_packs **ret_packs, tz_err *err)
{
    tz_assert(mem != NULL && county != NULL && shipped_folder != NULL && ret_packs != NULL);
    tz_rc     rc = TZ_OK;
    tz_packs *packs = tz_new(mem, tz_packs);

    for (size_t i = 0; i < county->packs.count; i++)
        TZ_TRY(load_named(mem, county, county->packs.items[i], own_folder, shipped_folder, packs, err));
    settle(mem, packs);
    TZ_TRY(judge(packs, err));
    TZ_TRY(tz_levels_judge(packs, err));
    TZ_TRY(judge_overrides(packs, county, err));
    *ret_packs = packs;
done:
    return rc;
}

tz_rc tz_packs_shipped(tz_arena *mem, const char *program, const char **ret_folder, tz_err *err)
{
    static const char *const PLACES[] = {"packs", "../packs", "../../packs", "../../../packs", "../../../../packs", "../share/taizhang/packs"};
    const char *slash = program == NULL ? NULL : strrchr(program, '/');

    for (size_t i = 0; slash != NULL && i < sizeof PLACES / sizeof PLACES[0]; i++) {
        const char *path = tz_arena_printf(mem, "%.*s/%s", (int)(slash - program), program, PLACES[i]);
        if (tz_file_exists(tz_arena_printf(mem, "%s/population/pack.yaml", path))) {
            *ret_folder = path;
            return TZ_OK;
        }
    }
    (void)tz_fail(err, TZ_MISSING, "找不到随程序附带的规则包", "the packs that come with the program are not found");
    return tz_err_advise(err, "packs/ 应在程序旁边", "packs/ belongs beside the program");
}
