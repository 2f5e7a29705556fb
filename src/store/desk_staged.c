#include "store/desk_staged.h"

#include <string.h>

#include "base/assert.h"
#include "store/desk_inside.h"

enum { DAY_MS = 86400000 };

#define COLUMNS "staged, user, name, size, digest, at_ms, state, register, as_of, sender, fixes, look, error, advice, batches"

static tz_rc no_such_file(int64_t staged, tz_err *err)
{
    return tz_fail(err, TZ_MISSING, "没有待入账的文件 %lld", "there is no file %lld that waits", (long long)staged);
}

static void dress(json_t *rows)
{
    json_t *row;
    size_t  i;

    json_array_foreach(rows, i, row) {
        tz_desk_parse(row, "fixes");
        tz_desk_parse(row, "look");
        tz_desk_parse(row, "batches");
        if (json_object_get(row, "drawing") != NULL)
            tz_desk_parse(row, "drawing");
    }
}

tz_rc tz_desk_staged_add(tz_desk *desk, const char *user, const char *name, int64_t size, const char *digest, int64_t *ret_staged,
                         bool *ret_is_new, tz_err *err)
{
    tz_assert(desk != NULL && user != NULL && name != NULL && digest != NULL && ret_staged != NULL && ret_is_new != NULL);
    int64_t number = 0, count = 0;
    bool    is_new = false;
    tz_rc   rc = tz_desk_begin(desk, err);

    if (rc != TZ_OK)
        return rc;
    TZ_TRY(tz_desk_ask_int(desk, "SELECT staged FROM staged WHERE user = ?1 AND digest = ?2 AND name = ?3 AND state <> 'taken'",
                           json_pack("[s,s,s]", user, digest, name), &number, err));
    if (number != 0)
        goto done;
    TZ_TRY(tz_desk_ask_int(desk, "SELECT count(*) FROM staged WHERE user = ?1 AND state <> 'taken'", json_pack("[s]", user), &count, err));
    if (count >= TZ_MAX_STAGED) {
        rc = tz_fail(err, TZ_LIMIT, "已有 %d 个文件等着入账", "%d files wait already", TZ_MAX_STAGED);
        rc = tz_err_advise(err, "先入账或退回一些", "take or drop some first");
        goto done;
    }
    TZ_TRY(tz_desk_ask(desk, "INSERT INTO staged (user, name, size, digest, at_ms, state, fixes, batches)"
                             " VALUES (?1, ?2, ?3, ?4, ?5, 'new', '[]', '[]')",
                       json_pack("[s,s,I,s,I]", user, name, (json_int_t)size, digest, (json_int_t)tz_app_now_ms(desk->app)), NULL, err));
    TZ_TRY(tz_desk_ask_int(desk, "SELECT max(staged) FROM staged", NULL, &number, err));
    is_new = true;
done:
    rc = tz_desk_end_of(desk, rc, err);
    if (rc == TZ_OK) {
        *ret_staged = number;
        *ret_is_new = is_new;
    }
    return rc;
}

tz_rc tz_desk_staged_get(tz_desk *desk, const char *user, int64_t staged, json_t **ret_staged, tz_err *err)
{
    tz_assert(desk != NULL && user != NULL && ret_staged != NULL);
    json_t *rows = NULL;
    tz_rc   rc = tz_desk_ask(desk, "SELECT " COLUMNS ", drawing FROM staged WHERE staged = ?1 AND user = ?2",
                             json_pack("[I,s]", (json_int_t)staged, user), &rows, err);

    if (rc == TZ_OK && json_array_size(rows) == 0)
        rc = no_such_file(staged, err);
    if (rc == TZ_OK) {
        dress(rows);
        *ret_staged = json_incref(json_array_get(rows, 0));
    }
    json_decref(rows);
    return rc;
}

tz_rc tz_desk_staged_list(tz_desk *desk, const char *user, json_t **ret_rows, tz_err *err)
{
    tz_assert(desk != NULL && user != NULL && ret_rows != NULL);
    json_t *rows = NULL;
    tz_rc   rc = tz_desk_ask(desk, "SELECT " COLUMNS " FROM staged WHERE user = ?1 ORDER BY state = 'taken', staged DESC",
                             json_pack("[s]", user), &rows, err);

    if (rc != TZ_OK)
        return rc;
    dress(rows);
    *ret_rows = rows;
    return TZ_OK;
}

tz_rc tz_desk_staged_say(tz_desk *desk, const char *user, int64_t staged, const char *register_name, const char *as_of, const char *sender,
                         const json_t *fixes, tz_err *err)
{
    tz_assert(desk != NULL && user != NULL && json_is_array(fixes));
    json_t *rows = NULL, *now = NULL;
    tz_rc   rc = tz_desk_ask(desk, "UPDATE staged SET state = 'new', register = ?3, as_of = ?4, sender = ?5, fixes = ?6, error = NULL,"
                                   " advice = NULL"
                                   " WHERE staged = ?1 AND user = ?2 AND state <> 'taken' RETURNING staged",
                             json_pack("[I,s,s?,s?,s?,o]", (json_int_t)staged, user, register_name, as_of, sender, tz_desk_as_text(fixes)),
                             &rows, err);

    if (rc == TZ_OK && json_array_size(rows) == 0) {
        rc = tz_desk_staged_get(desk, user, staged, &now, err);
        if (rc == TZ_OK)
            rc = tz_fail(err, TZ_REFUSED, "文件已经入账", "the file was taken already");
        json_decref(now);
    }
    json_decref(rows);
    return rc;
}

tz_rc tz_desk_staged_found(tz_desk *desk, int64_t staged, const json_t *look, const json_t *drawing, const tz_err *why, tz_err *err)
{
    tz_assert(desk != NULL && (look != NULL) != (why != NULL));
    tz_err shown = why == NULL ? (tz_err){0} : *why;

    shown.where.file[0] = '\0'; /* the row names the file */
    return tz_desk_ask(desk, "UPDATE staged SET state = ?2, look = ?3, drawing = ?4, error = ?5, advice = ?6 WHERE staged = ?1"
                             " AND state <> 'taken'",
                       json_pack("[I,s,o,o,o,o]", (json_int_t)staged, why == NULL ? "looked" : "refused", tz_desk_as_text(look),
                                 tz_desk_as_text(drawing), tz_desk_error(why == NULL ? NULL : &shown), tz_desk_advice(why)), NULL, err);
}

tz_rc tz_desk_staged_taken(tz_desk *desk, int64_t staged, const json_t *batches, tz_err *err)
{
    tz_assert(desk != NULL && json_is_array(batches));
    return tz_desk_ask(desk, "UPDATE staged SET state = 'taken', batches = ?2, look = NULL, drawing = NULL, error = NULL, advice = NULL"
                             " WHERE staged = ?1",
                       json_pack("[I,o]", (json_int_t)staged, tz_desk_as_text(batches)), NULL, err);
}

tz_rc tz_desk_staged_drop(tz_desk *desk, const char *user, int64_t staged, tz_err *err)
{
    tz_assert(desk != NULL && user != NULL);
    json_t *rows = NULL;
    tz_rc   rc = tz_desk_ask(desk, "DELETE FROM staged WHERE staged = ?1 AND user = ?2 RETURNING staged",
                             json_pack("[I,s]", (json_int_t)staged, user), &rows, err);

    if (rc == TZ_OK && json_array_size(rows) == 0)
        rc = no_such_file(staged, err);
    json_decref(rows);
    return rc;
}

tz_rc tz_desk_staged_sweep(tz_desk *desk, tz_err *err)
{
    tz_assert(desk != NULL);
    return tz_desk_ask(desk, "DELETE FROM staged WHERE at_ms < ?1",
                       json_pack("[I]", (json_int_t)(tz_app_now_ms(desk->app) - (int64_t)TZ_STAGED_DAYS * DAY_MS)), NULL, err);
}

tz_rc tz_desk_staged_is_kept(tz_desk *desk, int64_t staged, bool *ret_is_kept, tz_err *err)
{
    tz_assert(desk != NULL && ret_is_kept != NULL);
    int64_t count = 0;
    tz_rc   rc = tz_desk_ask_int(desk, "SELECT count(*) FROM staged WHERE staged = ?1 AND state <> 'taken'",
                                 json_pack("[I]", (json_int_t)staged), &count, err);
    if (rc == TZ_OK)
        *ret_is_kept = count > 0;
    return rc;
}
