#include "store/user.h"

#include <string.h>

#include "base/assert.h"
#include "store/journal.h"

/* Every column of a query as an object of texts and integers, a row each. */
static tz_rc list_rows(tz_store *store, const char *select, json_t **ret_rows, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = true;
    json_t *rows = json_array();

    TZ_TRY(tz_sql_open(store, select, &sql, err));
    for (;;) {
        TZ_TRY(tz_sql_step(store, sql, &has_row, err));
        if (!has_row)
            break;
        json_t *row = json_object();
        for (int i = 0; i < sqlite3_column_count(sql); i++)
            tz_json_set_str(row, sqlite3_column_name(sql, i), tz_sql_str(sql, i));
        (void)json_array_append_new(rows, row);
    }
    *ret_rows = json_incref(rows);
done:
    json_decref(rows);
    tz_sql_close(sql);
    return rc;
}

/* One change in a transaction of its own. */
static tz_rc put_alone(tz_store *store, const char *what, const char *table, const json_t *image, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(tz_journal_put(store, what, table, image, NULL, NULL, err));
    TZ_TRY(tz_store_commit(store, err));
done:
    if (rc != TZ_OK)
        tz_store_rollback(store);
    return rc;
}

static bool is_short_name(const char *user)
{
    static const char ALLOWED[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    return user[0] != '\0' && strlen(user) <= 32 && strspn(user, ALLOWED) == strlen(user);
}

/* "clerk,inspector" as a JSON array's text in mem, NULL where a role is unknown. */
static const char *roles_json(tz_arena *mem, const char *roles)
{
    static const char *const KNOWN[] = {"clerk", "cadre", "inspector", "leader", "system", "security", "audit"};
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
        rc = tz_err_advise(err, "短名用字母、数字和 . _ -,不能重复;角色为 clerk、cadre、inspector、leader、system、security、audit",
                           "a short name of letters, digits and . _ -, not in use; roles are clerk, cadre, inspector, "
                           "leader, system, security, audit");
        goto done;
    }
    image = json_object();
    tz_json_set_str(image, "user", user);
    tz_json_set_str(image, "name", name == NULL ? user : name);
    tz_json_set_str(image, "unit", unit);
    tz_json_set_str(image, "roles", list);
    tz_json_set_str(image, "system_user", system_user);
    tz_json_set_str(image, "state", "active");
    TZ_TRY(put_alone(store, "user.add", "user", image, err));
done:
    json_decref(image);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_user_close(tz_store *store, const char *user, tz_err *err)
{
    tz_assert(store != NULL && user != NULL);
    static const char *const COLUMNS[] = {"user", "name", "unit", "roles", "system_user", "state"};
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;
    int64_t others = 0;
    json_t *image = json_object();

    TZ_TRY(tz_sql_one(store, "SELECT count(*) FROM user WHERE state = 'active' AND user NOT IN (?1, 'system')", user, NULL,
                      &others, err));
    if (others == 0) {
        rc = tz_fail(err, TZ_REFUSED, "这是最后一个用户", "this is the last user");
        goto done;
    }
    TZ_TRY(tz_sql_open(store, "SELECT user, name, unit, roles, system_user FROM user WHERE user = ?1 AND user <> 'system'",
                       &sql, err));
    tz_sql_bind_text(sql, 1, user);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    if (!has_row) {
        rc = tz_fail(err, TZ_MISSING, "没有用户 “%s”", "there is no user '%s'", user);
        goto done;
    }
    for (int i = 0; i < 5; i++)
        tz_json_set_str(image, COLUMNS[i], tz_sql_str(sql, i));
    tz_json_set_str(image, "state", "closed");
    tz_sql_close(sql);
    sql = NULL;
    TZ_TRY(put_alone(store, "user.close", "user", image, err));
done:
    tz_sql_close(sql);
    json_decref(image);
    return rc;
}

tz_rc tz_user_list(tz_store *store, json_t **ret_rows, tz_err *err)
{
    return list_rows(store, "SELECT user, name, unit, roles, system_user, state FROM user ORDER BY user", ret_rows, err);
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
    tz_rc rc = put_alone(store, "unit.put", "unit", image, err);
    json_decref(image);
    return rc;
}

tz_rc tz_unit_list(tz_store *store, json_t **ret_rows, tz_err *err)
{
    return list_rows(store, "SELECT unit, kind, division, successor FROM unit ORDER BY unit", ret_rows, err);
}
