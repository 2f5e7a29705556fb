/* desk_keep - what people keep on the desk: the log, drafts, saved views, API tokens, reveals' time. */
#include <string.h>

#include "base/assert.h"
#include "store/desk_inside.h"

#define DAY_MS 86400000LL

/* ---- The log ---- */

tz_rc tz_desk_log(tz_desk *desk, const char *what, const char *user, const char *path, const char *text, tz_err *err)
{
    tz_assert(desk != NULL && what != NULL);
    tz_text short_path = tz_text_cut(tz_text_of(path), 0, 200);
    return tz_desk_ask(desk, "INSERT INTO log (at_ms, what, user, path, text) VALUES (?1, ?2, ?3, ?4, ?5)",
                       json_pack("[I,s,s?,o,s?]", tz_app_now_ms(desk->app), what, user,
                                 path == NULL ? json_null() : tz_json_text(short_path), text),
                       NULL, err);
}

tz_rc tz_desk_log_list(tz_desk *desk, const char *what, const char *user, int64_t before, int limit, json_t **ret_rows, tz_err *err)
{
    return tz_desk_ask(desk, "SELECT line, at_ms, what, user, path, text FROM log WHERE (?1 IS NULL OR what = ?1)"
                             " AND (?2 IS NULL OR user = ?2) AND (?3 = 0 OR line < ?3) ORDER BY line DESC LIMIT ?4",
                       json_pack("[s?,s?,I,i]", what, user, before, limit), ret_rows, err);
}

/* ---- Drafts ---- */

tz_rc tz_desk_draft_put(tz_desk *desk, const char *user, const char *form, const json_t *draft, tz_err *err)
{
    tz_assert(desk != NULL && user != NULL && form != NULL && draft != NULL);
    tz_arena mem = {0};
    tz_buf   text = tz_buf_init(&mem, TZ_MAX_DRAFT_BYTES);
    int64_t  others = 0;

    if (!tz_json_is_exact(draft))
        return tz_fail(err, TZ_USAGE, "草稿中的小数写成文字", "a draft holds fractions as texts");
    tz_rc rc = tz_desk_begin(desk, err);
    if (rc != TZ_OK)
        return rc;
    TZ_TRY(tz_desk_ask_int(desk, "SELECT count(*) FROM draft WHERE user = ?1 AND form <> ?2", json_pack("[s,s]", user, form), &others, err));
    tz_json_canonical(draft, &text);
    if (text.is_over || others >= TZ_MAX_DRAFTS || strlen(form) > 200) {
        rc = tz_fail(err, TZ_LIMIT, "草稿太大或太多", "the draft is too large, or there are too many");
        rc = tz_err_advise(err, "先提交或删除一些草稿", "send or drop some drafts first");
        goto done;
    }
    TZ_TRY(tz_desk_ask(desk, "INSERT OR REPLACE INTO draft VALUES (?1, ?2, ?3, ?4)",
                       json_pack("[s,s,I,s]", user, form, tz_app_now_ms(desk->app), tz_buf_str(&text)), NULL, err));
done:
    rc = tz_desk_end_of(desk, rc, err);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_desk_draft_get(tz_desk *desk, const char *user, const char *form, json_t **ret_draft, tz_err *err)
{
    tz_assert(desk != NULL && user != NULL && form != NULL && ret_draft != NULL);
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *draft = NULL;

    TZ_TRY(tz_desk_ask(desk, "SELECT json FROM draft WHERE user = ?1 AND form = ?2", json_pack("[s,s]", user, form), &rows, err));
    if (json_array_size(rows) > 0)
        TZ_TRY(tz_json_parse(tz_text_of(tz_json_str(json_array_get(rows, 0), "json")), &draft, err));
    *ret_draft = draft;
done:
    json_decref(rows);
    return rc;
}

tz_rc tz_desk_draft_drop(tz_desk *desk, const char *user, const char *form, tz_err *err)
{
    return tz_desk_ask(desk, "DELETE FROM draft WHERE user = ?1 AND form = ?2", json_pack("[s,s]", user, form), NULL, err);
}

/* ---- Saved views ---- */

tz_rc tz_desk_view_put(tz_desk *desk, const char *user, const char *path, const char *name, const char *query, tz_err *err)
{
    tz_assert(desk != NULL && user != NULL && path != NULL && name != NULL && query != NULL);
    int64_t others = 0;

    if (name[0] == '\0' || strlen(name) > 80 || strlen(query) > 2000 || strlen(path) > 200)
        return tz_fail(err, TZ_USAGE, "视图要有名字,不超过 80 字节", "a view has a name of at most 80 bytes");
    tz_rc rc = tz_desk_begin(desk, err);
    if (rc != TZ_OK)
        return rc;
    TZ_TRY(tz_desk_ask_int(desk, "SELECT count(*) FROM view WHERE user = ?1", json_pack("[s]", user), &others, err));
    if (others >= TZ_MAX_VIEWS) {
        rc = tz_fail(err, TZ_LIMIT, "保存的视图已有 %d 个", "there are %d saved views already", TZ_MAX_VIEWS);
        goto done;
    }
    TZ_TRY(tz_desk_ask(desk, "INSERT OR REPLACE INTO view VALUES (?1, ?2, ?3, ?4)", json_pack("[s,s,s,s]", user, path, name, query), NULL,
                       err));
done:
    return tz_desk_end_of(desk, rc, err);
}

tz_rc tz_desk_view_drop(tz_desk *desk, const char *user, const char *path, const char *name, tz_err *err)
{
    return tz_desk_ask(desk, "DELETE FROM view WHERE user = ?1 AND path = ?2 AND name = ?3", json_pack("[s,s,s]", user, path, name), NULL,
                       err);
}

tz_rc tz_desk_view_list(tz_desk *desk, const char *user, const char *path, json_t **ret_rows, tz_err *err)
{
    return tz_desk_ask(desk, "SELECT name, query FROM view WHERE user = ?1 AND path = ?2 ORDER BY name", json_pack("[s,s]", user, path),
                       ret_rows, err);
}

/* ---- API tokens ---- */

static bool is_scope(const char *scopes)
{
    return strcmp(scopes, "read") == 0 || strcmp(scopes, "read,deliver") == 0 || strcmp(scopes, "read,write") == 0;
}

tz_rc tz_desk_token_make(tz_desk *desk, const char *user, const char *name, const char *scopes, int64_t days,
                         char ret_token[TZ_TOKEN_TEXT], tz_err *err)
{
    tz_assert(desk != NULL && user != NULL && name != NULL && scopes != NULL);
    uint8_t bytes[32];
    char    token[TZ_TOKEN_TEXT], digest[TZ_SM3_HEX];
    int64_t count = 0, now = tz_app_now_ms(desk->app);

    if (name[0] == '\0' || strlen(name) > 80 || !is_scope(scopes) || days < 1 || days > 365)
        return tz_fail(err, TZ_USAGE, "令牌要有名字(不超过 80 字节)、权限和 1 到 365 天的期限",
                       "a token has a name of at most 80 bytes, a scope and 1 to 365 days");
    tz_rc rc = tz_desk_begin(desk, err);
    if (rc != TZ_OK)
        return rc;
    tz_random(bytes, sizeof bytes);
    tz_hex(bytes, sizeof bytes, token);
    tz_desk_digest(token, digest);
    TZ_TRY(tz_desk_ask(desk, "DELETE FROM token WHERE user = ?1 AND until_ms < ?2", json_pack("[s,I]", user, now), NULL, err));
    TZ_TRY(tz_desk_ask_int(desk, "SELECT count(*) FROM token WHERE user = ?1", json_pack("[s]", user), &count, err));
    if (count >= TZ_MAX_TOKENS) {
        rc = tz_fail(err, TZ_LIMIT, "已有 %d 个令牌", "there are %d tokens already", TZ_MAX_TOKENS);
        goto done;
    }
    TZ_TRY(tz_desk_ask(desk, "INSERT INTO token (digest, user, name, scopes, made_ms, until_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                       json_pack("[s,s,s,s,I,I]", digest, user, name, scopes, now, now + days * DAY_MS), NULL, err));
done:
    rc = tz_desk_end_of(desk, rc, err);
    if (rc == TZ_OK)
        memcpy(ret_token, token, sizeof token);
    return rc;
}

tz_rc tz_desk_token_find(tz_arena *mem, tz_desk *desk, const char *token, const char **ret_user, const char **ret_scopes, tz_err *err)
{
    tz_assert(desk != NULL && token != NULL && ret_user != NULL && ret_scopes != NULL);
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL;
    char    digest[TZ_SM3_HEX];
    int64_t now = tz_app_now_ms(desk->app);

    tz_desk_digest(token, digest);
    TZ_TRY(tz_desk_ask(desk, "SELECT token, user, scopes, coalesce(used_ms, 0) AS used_ms FROM token WHERE digest = ?1 AND until_ms >= ?2",
                       json_pack("[s,I]", digest, now), &rows, err));
    const json_t *row = json_array_get(rows, 0);
    if (row == NULL) {
        rc = tz_fail(err, TZ_MISSING, "令牌无效或已过期", "the token is unknown or has ended");
        goto done;
    }
    if (now - tz_json_int(row, "used_ms", 0) >= 60000)
        TZ_TRY(tz_desk_ask(desk, "UPDATE token SET used_ms = ?2 WHERE token = ?1", json_pack("[I,I]", tz_json_int(row, "token", 0), now), NULL,
                           err));
    *ret_user = tz_arena_dup(mem, tz_json_str(row, "user"));
    *ret_scopes = tz_arena_dup(mem, tz_json_str(row, "scopes"));
done:
    json_decref(rows);
    return rc;
}

tz_rc tz_desk_token_drop(tz_desk *desk, const char *user, int64_t token, tz_err *err)
{
    return tz_desk_ask(desk, "DELETE FROM token WHERE user = ?1 AND (?2 = 0 OR token = ?2)", json_pack("[s,I]", user, token), NULL, err);
}

tz_rc tz_desk_token_list(tz_desk *desk, const char *user, json_t **ret_rows, tz_err *err)
{
    return tz_desk_ask(desk, "SELECT token, name, scopes, made_ms, until_ms, used_ms FROM token WHERE user = ?1 AND until_ms >= ?2"
                             " ORDER BY token DESC", json_pack("[s,I]", user, tz_app_now_ms(desk->app)), ret_rows, err);
}

/* ---- Reveals ---- */

tz_rc tz_desk_reveal(tz_desk *desk, const char *user, const char *kind, const char *id, tz_err *err)
{
    return tz_desk_ask(desk, "INSERT OR REPLACE INTO reveal VALUES (?1, ?2, ?3, ?4)",
                       json_pack("[s,s,s,I]", user, kind, id, tz_app_now_ms(desk->app) + (int64_t)TZ_REVEAL_MINUTES * 60000), NULL, err);
}

tz_rc tz_desk_is_revealed(tz_desk *desk, const char *user, const char *kind, const char *id, bool *ret_is, tz_err *err)
{
    int64_t count = 0;
    tz_rc   rc = tz_desk_ask_int(desk, "SELECT count(*) FROM reveal WHERE user = ?1 AND kind = ?2 AND id = ?3 AND until_ms >= ?4",
                                 json_pack("[s,s,s,I]", user, kind, id, tz_app_now_ms(desk->app)), &count, err);
    if (rc == TZ_OK)
        *ret_is = count > 0;
    return rc;
}
