/* account - what somebody does about their own login: password, sessions, tokens. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "store/credential.h"
#include "store/desk.h"
#include "web/auth.h"
#include "web/inside.h"
#include "web/login.h"
#include "web/pages.h"

/* "Firefox 78, Windows" of what a browser says of itself: enough to know one's own. */
static const char *browser_of(tz_arena *mem, const char *agent)
{
    static const struct { const char *sent, *name; } BROWSERS[] = {
        {"Edg/", "Edge"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Version/", "Safari"}, {"curl/", "curl"}};
    static const struct { const char *sent, *name; } SYSTEMS[] = {
        {"Android", "Android"}, {"iPhone", "iPhone"}, {"Windows", "Windows"}, {"Mac OS", "Mac"}, {"Linux", "Linux"}};
    const char *browser = agent, *system = "";

    for (size_t i = sizeof SYSTEMS / sizeof SYSTEMS[0]; i-- > 0;)
        if (strstr(agent, SYSTEMS[i].sent) != NULL)
            system = SYSTEMS[i].name;
    for (size_t i = sizeof BROWSERS / sizeof BROWSERS[0]; i-- > 0;) {
        const char *at = strstr(agent, BROWSERS[i].sent);
        if (at != NULL)
            browser = tz_arena_printf(mem, "%s %d", BROWSERS[i].name, atoi(at + strlen(BROWSERS[i].sent)));
    }
    return tz_arena_printf(mem, "%s%s%s", browser, system[0] == '\0' ? "" : ", ", system);
}

tz_rc tz_web_account(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *sessions = NULL, *tokens = NULL, *row;
    size_t  i;

    TZ_TRY(tz_desk_sessions(req->office->desk, req->actor->user, &sessions, err));
    tz_web_times(sessions, "since_ms", "since");
    tz_web_times(sessions, "seen_ms", "seen");
    json_array_foreach(sessions, i, row) {
        const char *agent = tz_json_str(row, "agent");
        tz_json_set_str(row, "browser", browser_of(req->mem, agent == NULL ? "" : agent));
        (void)json_object_set_new(row, "is_this", json_boolean(tz_json_int(row, "session", 0) == req->actor->session));
    }
    (void)json_object_set(reply->data, "sessions", sessions);
    TZ_TRY(tz_desk_token_list(req->office->desk, req->actor->user, &tokens, err));
    tz_web_times(tokens, "made_ms", "made");
    tz_web_times(tokens, "until_ms", "until");
    tz_web_times(tokens, "used_ms", "used");
    (void)json_object_set(reply->data, "tokens", tokens);
    (void)json_object_set_new(reply->data, "is_narrow", json_boolean(req->actor->is_narrow));
    tz_json_set_int(reply->data, "length", req->session->store->county->login.length);
    tz_json_set_int(reply->data, "days", req->session->store->county->login.days);
done:
    json_decref(sessions);
    json_decref(tokens);
    return rc;
}

tz_rc tz_web_account_password(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    const char      *old = tz_form(req, "old"), *new = tz_form(req, "new"), *again = tz_form(req, "again"), *user = req->actor->user;
    tz_proof_of_user ignored;

    reply->again = tz_web_account;
    if (old == NULL || new == NULL || again == NULL || strlen(old) > 1024 || strlen(new) > 1024)
        return tz_fail(err, TZ_USAGE, "请填现用口令和两遍新口令", "please fill in the present password and twice the new one");
    if (strcmp(new, again) != 0)
        return tz_fail(err, TZ_USAGE, "两遍新口令不同", "the two new passwords differ");
    TZ_TRY(tz_login_judge(req, reply, user, old, &ignored, err));
    TZ_TRY(tz_credential_set(req->session->store, user, new, false, err));
    TZ_TRY(tz_desk_end(req->office->desk, user, 0, 0, err)); /* whoever came in by the old one goes */
    TZ_TRY(tz_auth_begin(req, reply, user, false, err));
    TZ_TRY(tz_desk_log(req->office->desk, "password", user, NULL, NULL, err));
    reply->notice = req->lang == TZ_ZH ? "口令已改,其他登录已结束" : "the password is changed; all other logins have ended";
    reply->redirect = "/account";
done:
    return rc;
}

/* Ends one session of one's own, or all but this one. */
tz_rc tz_web_account_end(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *which = tz_param(req, "session");
    int64_t     session = 0;

    if (strcmp(which, "others") != 0)
        TZ_TRY(tz_param_number(req, "session", &session, err));
    TZ_TRY(tz_desk_end(req->office->desk, req->actor->user, session, session == 0 ? req->actor->session : 0, err));
    TZ_TRY(tz_desk_log(req->office->desk, "end", req->actor->user, NULL, NULL, err));
    reply->redirect = "/account";
done:
    return rc;
}

/* A token is shown once, on the page that answers. */
tz_rc tz_web_account_token(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *name = tz_form(req, "name"), *scopes = tz_form(req, "scopes"), *days = tz_form(req, "days");
    int64_t     count = 0;
    char        token[TZ_TOKEN_TEXT];

    reply->again = tz_web_account;
    (void)tz_text_int(tz_text_of(days), &count);
    TZ_TRY(tz_desk_token_make(req->office->desk, req->actor->user, name == NULL ? "" : name, scopes == NULL ? "" : scopes, count, token, err));
    TZ_TRY(tz_desk_log(req->office->desk, "token", req->actor->user, NULL, scopes, err));
    TZ_TRY(tz_web_account(req, reply, err));
    tz_json_set_str(reply->data, "made_token", token);
done:
    return rc;
}

tz_rc tz_web_account_token_drop(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t token = 0;

    TZ_TRY(tz_param_number(req, "token", &token, err));
    TZ_TRY(tz_desk_token_drop(req->office->desk, req->actor->user, token, err));
    reply->redirect = "/account";
done:
    return rc;
}
