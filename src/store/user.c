#include "store/user.h"

#include <string.h>

#include "base/assert.h"
#include "store/journal.h"

static bool is_short_name(const char *user)
{
    static const char ALLOWED[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    return user[0] != '\0' && strlen(user) <= 32 && strspn(user, ALLOWED) == strlen(user);
}

/* "clerk,inspector" as a JSON array's text in mem, NULL where a role is unknown. */
static const char *roles_json(tz_arena *mem, const char *roles)
{
    static const char *const KNOWN[] = {"clerk", "cadre", "inspector", "leader", "superior", "system", "security", "audit"};
    tz_buf out = tz_buf_init(mem, 0);

    tz_buf_char(&out, '[');
    for (const char *at = roles; *at != '\0';) {
        size_t size = strcspn(at, ",");
        bool   is_known = false;
        for (size_t i = 0; i < sizeof KNOWN / sizeof KNOWN[0]; i++)
            is_known |= strlen(KNOWN[i]) == size && strncmp(KNOWN[i], at, size) == 0;
        if (!is_known)
            return NULL;
        tz_buf_printf(&out, "%s\"%.*s\"", out.size > 1 ? "," : "", (int)size, at);
        at += size + (at[size] == ',');
    }
    tz_buf_char(&out, ']');
    return tz_buf_str(&out);
}

/* 三员分立: an administrator is that alone. */
static bool are_apart(const char *list)
{
    static const char *const APART[] = {"\"system\"", "\"security\"", "\"audit\""};
    bool is_administrator = false;

    for (size_t i = 0; i < sizeof APART / sizeof APART[0]; i++)
        is_administrator |= strstr(list, APART[i]) != NULL;
    return !is_administrator || strchr(list, ',') == NULL;
}

static tz_rc refuse_roles(const char *roles, tz_err *err)
{
    (void)tz_fail(err, TZ_USAGE, "角色 “%s” 不成立", "the roles '%s' can't be", roles);
    return tz_err_advise(err, "system、security、audit 三员分立,不与其他角色兼任", "system, security and audit are apart: each is held alone");
}

tz_rc tz_user_add(tz_store *store, const char *user, const char *name, const char *unit, const char *roles,
                  const char *system_user, tz_err *err)
{
    tz_assert(store != NULL && user != NULL);
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    int64_t     is_known = 0;
    json_t     *image = NULL;
    const char *list = roles_json(&mem, roles == NULL ? "clerk" : roles);

    TZ_TRY(tz_sql_one(store, "SELECT count(*) FROM user WHERE user = ?1 OR system_user = ?2", user,
                      system_user == NULL ? "" : system_user, &is_known, err));
    if (!is_short_name(user) || list == NULL || is_known) {
        rc = tz_fail(err, TZ_USAGE, "不能新增用户 “%s”", "cannot add user '%s'", user);
        rc = tz_err_advise(err, "短名用字母、数字和 . _ -,不能重复;角色为 clerk、cadre、inspector、leader、superior、system、security、audit",
                           "a short name of letters, digits and . _ -, not in use; roles are clerk, cadre, inspector, "
                           "leader, superior, system, security, audit");
        goto done;
    }
    if (!are_apart(list)) {
        rc = refuse_roles(roles, err);
        goto done;
    }
    image = json_object();
    tz_json_set_str(image, "user", user);
    tz_json_set_str(image, "name", name == NULL ? user : name);
    tz_json_set_str(image, "unit", unit);
    tz_json_set_str(image, "roles", list);
    tz_json_set_str(image, "system_user", system_user);
    tz_json_set_str(image, "state", "active");
    TZ_TRY(tz_journal_put_alone(store, "user.add", "user", image, NULL, err));
done:
    json_decref(image);
    tz_arena_free(&mem);
    return rc;
}

/* The present row of a user who is no `system`, as an image to change; TZ_MISSING. */
static tz_rc load_image(tz_store *store, const char *user, json_t **ret_image, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(store, "SELECT user, name, unit, roles, system_user, state FROM user WHERE user = ?1 AND user <> 'system'", &sql,
                       err));
    tz_sql_bind_text(sql, 1, user);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    if (has_row)
        *ret_image = tz_sql_json(sql);
    else
        rc = tz_fail(err, TZ_MISSING, "没有用户 “%s”", "there is no user '%s'", user);
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_user_close(tz_store *store, const char *user, tz_err *err)
{
    tz_assert(store != NULL && user != NULL);
    tz_rc   rc = TZ_OK;
    int64_t others = 0;
    json_t *image = NULL;

    TZ_TRY(tz_sql_one(store, "SELECT count(*) FROM user WHERE state = 'active' AND user NOT IN (?1, 'system')", user, NULL,
                      &others, err));
    if (others == 0) {
        rc = tz_fail(err, TZ_REFUSED, "这是最后一个用户", "this is the last user");
        goto done;
    }
    TZ_TRY(load_image(store, user, &image, err));
    tz_json_set_str(image, "state", "closed");
    TZ_TRY(tz_journal_put_alone(store, "user.close", "user", image, NULL, err));
done:
    json_decref(image);
    return rc;
}

/* Nobody changes their own rights. */
static tz_rc check_other(const tz_store *store, const char *user, tz_err *err)
{
    if (store->user != NULL && strcmp(store->user, user) == 0)
        return tz_fail(err, TZ_REFUSED, "不能改自己的权限", "nobody changes their own rights");
    return TZ_OK;
}

tz_rc tz_user_set_roles(tz_store *store, const char *user, const char *roles, tz_err *err)
{
    tz_assert(store != NULL && user != NULL && roles != NULL);
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    json_t     *image = NULL;
    const char *list = roles_json(&mem, roles);

    if (list == NULL || !are_apart(list)) {
        rc = refuse_roles(roles, err);
        goto done;
    }
    TZ_TRY(check_other(store, user, err));
    TZ_TRY(load_image(store, user, &image, err));
    tz_json_set_str(image, "roles", list);
    TZ_TRY(tz_journal_put_alone(store, "user.roles", "user", image, NULL, err));
done:
    json_decref(image);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_user_set_unit(tz_store *store, const char *user, const char *unit, tz_err *err)
{
    tz_assert(store != NULL && user != NULL);
    tz_rc   rc = TZ_OK;
    json_t *image = NULL;

    TZ_TRY(check_other(store, user, err));
    TZ_TRY(load_image(store, user, &image, err));
    tz_json_set_str(image, "unit", unit);
    TZ_TRY(tz_journal_put_alone(store, "user.unit", "user", image, NULL, err));
done:
    json_decref(image);
    return rc;
}

/* ---- What a user may see ---- */

static tz_rc read_names(tz_arena *mem, const char *array, tz_names *ret_names, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    json_t  *list = NULL;
    tz_names names = {0};

    if (array == NULL)
        return TZ_OK;
    TZ_TRY(tz_json_parse(tz_text_of(array), &list, err));
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_is_string(json_array_get(list, i)))
            tz_push(mem, &names, tz_arena_dup(mem, json_string_value(json_array_get(list, i))));
    *ret_names = names;
done:
    json_decref(list);
    return rc;
}

static tz_rc find_units(tz_arena *mem, tz_store *store, const char *unit, tz_names *ret_units, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_sql  *sql = NULL;
    tz_names units = {0};

    TZ_TRY(tz_sql_open(store, "WITH RECURSIVE same (unit) AS (SELECT ?1 UNION SELECT u.unit FROM unit u JOIN same s ON u.successor = s.unit)"
                              " SELECT unit FROM same WHERE unit IS NOT NULL", &sql, err));
    tz_sql_bind_text(sql, 1, unit);
    TZ_EACH_ROW (store, sql, err) {
        tz_push(mem, &units, tz_sql_dup(mem, sql, 0));
    }
    *ret_units = units;
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_user_find(tz_arena *mem, tz_store *store, const char *user, tz_user *ret_user, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && user != NULL && ret_user != NULL);
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;
    tz_user found = {0};

    TZ_TRY(tz_sql_open(store, "SELECT u.user, u.name, u.unit, u.roles, n.division, g.divisions, g.registers FROM user u"
                              " LEFT JOIN unit n ON n.unit = u.unit LEFT JOIN user_grant g ON g.user = u.user"
                              " WHERE u.user = ?1 AND u.state = 'active' AND u.user <> 'system'", &sql, err));
    tz_sql_bind_text(sql, 1, user);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    if (!has_row) {
        rc = tz_fail(err, TZ_MISSING, "没有用户 “%s”", "there is no user '%s'", user);
        goto done;
    }
    found.user = tz_sql_dup(mem, sql, 0);
    found.name = tz_sql_dup(mem, sql, 1);
    found.unit = tz_sql_dup(mem, sql, 2);
    found.division = tz_sql_dup(mem, sql, 4);
    TZ_TRY(read_names(mem, tz_sql_str(sql, 3), &found.roles, err));
    TZ_TRY(read_names(mem, tz_sql_str(sql, 5), &found.divisions, err));
    TZ_TRY(read_names(mem, tz_sql_str(sql, 6), &found.registers, err));
    TZ_TRY(find_units(mem, store, found.unit, &found.units, err));
    *ret_user = found;
done:
    tz_sql_close(sql);
    return rc;
}

/* "a,b" as a JSON array's text. */
static const char *names_json(tz_arena *mem, const char *names)
{
    json_t *list = json_array();
    tz_buf  out = tz_buf_init(mem, 0);

    for (const char *at = names; *at != '\0';) {
        size_t  size = strcspn(at, ",");
        tz_text name = tz_text_trim((tz_text){at, size});
        if (name.size > 0)
            (void)json_array_append_new(list, tz_json_text(name));
        at += size + (at[size] == ',');
    }
    tz_json_canonical(list, &out);
    json_decref(list);
    return tz_buf_str(&out);
}

static tz_rc check_divisions(const tz_store *store, const char *divisions, tz_err *err)
{
    for (const char *at = divisions; *at != '\0';) {
        size_t  size = strcspn(at, ",");
        tz_text code = tz_text_trim((tz_text){at, size});
        if (code.size > 12)
            return tz_fail(err, TZ_USAGE, "区划代码是 12 位数字", "a division's code has 12 digits");
        if (code.size > 0 && !tz_text_is(code, "*") && tz_county_division(store->county, code) == NULL)
            return tz_fail(err, TZ_USAGE, "没有区划 “%.*s”", "there is no division '%.*s'", TZ_FMT(code));
        at += size + (at[size] == ',');
    }
    return TZ_OK;
}

tz_rc tz_user_grant(tz_store *store, const char *user, const char *divisions, const char *registers, tz_err *err)
{
    tz_assert(store != NULL && user != NULL && divisions != NULL && registers != NULL);
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    json_t  *image = NULL, *known = NULL;

    TZ_TRY(check_other(store, user, err));
    TZ_TRY(check_divisions(store, divisions, err));
    TZ_TRY(load_image(store, user, &known, err));
    image = json_object();
    tz_json_set_str(image, "user", user);
    tz_json_set_str(image, "divisions", names_json(&mem, divisions));
    tz_json_set_str(image, "registers", names_json(&mem, registers));
    TZ_TRY(tz_journal_put_alone(store, "user.grant", "user_grant", image, NULL, err));
done:
    json_decref(image);
    json_decref(known);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_user_list(tz_store *store, json_t **ret_rows, tz_err *err)
{
    return tz_sql_list(store, "SELECT u.user, u.name, u.unit, u.roles, u.system_user, u.state, coalesce(g.divisions, '[]') AS divisions,"
                            " coalesce(g.registers, '[]') AS registers, CASE WHEN c.state = 'active' THEN c.set_ms END AS password_ms"
                            " FROM user u LEFT JOIN user_grant g ON g.user = u.user LEFT JOIN credential c ON c.user = u.user ORDER BY u.user",
                     ret_rows, err);
}

tz_rc tz_unit_add(tz_store *store, const char *unit, const char *kind, const char *successor, tz_err *err)
{
    tz_assert(store != NULL && unit != NULL);
    if (kind == NULL)
        kind = "department";
    if (strcmp(kind, "department") != 0 && strcmp(kind, "township") != 0 && strcmp(kind, "village") != 0 &&
        strcmp(kind, "other") != 0)
        return tz_fail(err, TZ_USAGE, "类别应为 department、township、village 或 other",
                       "a kind is department, township, village or other");
    json_t *image = json_object();
    tz_json_set_str(image, "unit", unit);
    tz_json_set_str(image, "kind", kind);
    tz_json_set_str(image, "division", NULL);
    tz_json_set_str(image, "successor", successor);
    tz_rc rc = tz_journal_put_alone(store, "unit.put", "unit", image, NULL, err);
    json_decref(image);
    return rc;
}

tz_rc tz_unit_list(tz_store *store, json_t **ret_rows, tz_err *err)
{
    return tz_sql_list(store, "SELECT unit, kind, division, successor FROM unit ORDER BY unit", ret_rows, err);
}
