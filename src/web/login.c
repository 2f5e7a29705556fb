/* login - coming in, going out, and seeing one record unmasked. */
#include <string.h>

#include "base/assert.h"
#include "flow/staff.h"
#include "store/credential.h"
#include "store/desk.h"
#include "store/disclosure.h"
#include "store/user.h"
#include "web/auth.h"
#include "web/inside.h"
#include "web/login.h"
#include "web/pages.h"

/* The accounts of a demo county, to be shown on its login page. */
static void add_staff(tz_request *req, json_t *data)
{
    json_t *list = json_array();

    for (const tz_staff *one = TZ_STAFF; one->user != NULL; one++)
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "user", one->user, "name", one->name, "title", tz_web_half(req, one->title)));
    (void)json_object_set_new(data, "staff", list);
    tz_json_set_str(data, "password", TZ_STAFF_PASSWORD);
}

tz_rc tz_web_login(tz_request *req, tz_reply *reply, tz_err *err)
{
    const char *next = tz_query_value(req, "next");

    (void)err;
    tz_json_set_str(reply->data, "next", tz_is_own_path(next) ? next : "/");
    if (req->office->is_demo)
        add_staff(req, reply->data);
    return TZ_OK;
}

/* Under the name of somebody who is known; what else was typed may be a password. */
static void log_attempt(tz_request *req, const char *what, const char *user)
{
    tz_user known;
    tz_err  ignored = {0};

    bool is_known = tz_user_find(req->mem, req->session->store, user, &known, &ignored) == TZ_OK;
    tz_auth_log_refusal(req, what, is_known ? user : NULL);
}

tz_rc tz_login_judge(tz_request *req, tz_reply *reply, const char *user, const char *password, tz_proof_of_user *ret_proof, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    tz_desk         *desk = req->office->desk;
    int64_t          wait_ms = 0;
    tz_proof_of_user proof = {0};

    TZ_TRY(tz_desk_attempt(desk, user, &wait_ms, err));
    if (wait_ms > 0) {
        log_attempt(req, "locked", user);
        reply->status = 429;
        rc = tz_fail(err, TZ_REFUSED, "多次输错,请 %lld 分钟后再试", "too many wrong attempts, please try again in %lld minutes",
                     (long long)((wait_ms + 59999) / 60000));
        goto done;
    }
    TZ_TRY(tz_credential_verify(req->session->store, user, password, &proof, err));
    if (!proof.is_right) {
        log_attempt(req, "wrong", user);
        reply->status = 403;
        rc = tz_fail(err, TZ_REFUSED, "用户名或口令不对", "the user's name or the password is wrong");
        goto done;
    }
    TZ_TRY(tz_desk_unlock(desk, user, err));
    *ret_proof = proof;
done:
    return rc;
}

/* Since when nobody came in by this name, and how many tried: who was it? NULL at the first login. */
static const char *told_of_before(tz_request *req, const char *user)
{
    tz_err      ignored = {0};
    json_t     *logins = NULL, *wrong = NULL;
    const char *told = NULL;
    size_t      count = 0, i;
    json_t     *line;

    if (tz_desk_log_list(req->office->desk, "login", user, 0, 1, &logins, &ignored) == TZ_OK && json_array_size(logins) == 1 &&
        tz_desk_log_list(req->office->desk, "wrong", user, 0, 100, &wrong, &ignored) == TZ_OK) {
        tz_web_times(logins, "at_ms", "local");
        json_array_foreach(wrong, i, line)
            count += tz_json_int(line, "line", 0) > tz_json_int(json_array_get(logins, 0), "line", 0);
        told = tz_arena_printf(req->mem, req->lang == TZ_ZH ? "上次登录 %s,此后输错口令 %zu 次" : "last login %s, %zu wrong passwords since",
                               tz_json_str(json_array_get(logins, 0), "local"), count);
    }
    json_decref(logins);
    json_decref(wrong);
    return told;
}

tz_rc tz_web_login_send(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    const char      *user = tz_form(req, "user"), *password = tz_form(req, "password"), *next = tz_form(req, "next");
    tz_proof_of_user proof = {0};

    reply->again = tz_web_login;
    if (user == NULL || password == NULL || strlen(user) > 64 || strlen(password) > 1024)
        return tz_fail(err, TZ_USAGE, "请填用户名和口令", "please fill in name and password");
    TZ_TRY(tz_login_judge(req, reply, user, password, &proof, err));
    TZ_TRY(tz_auth_begin(req, reply, user, proof.must_change, err));
    reply->notice = told_of_before(req, user);
    TZ_TRY(tz_desk_log(req->office->desk, "login", user, NULL, NULL, err));
    reply->redirect = proof.must_change ? "/account" : tz_is_own_path(next) ? next : "/";
done:
    return rc;
}

tz_rc tz_web_logout(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_auth_end(req, reply, err));
    TZ_TRY(tz_desk_log(req->office->desk, "logout", req->actor->user, NULL, NULL, err));
    tz_reply_header(req, reply, "Clear-Site-Data", "\"cache\"");
    reply->redirect = "/login";
done:
    return rc;
}

/* ---- One record unmasked ---- */

static bool is_word(const char *text)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    return text != NULL && strlen(text) <= 64 && strspn(text, LETTERS) == strlen(text);
}

tz_rc tz_web_reveal(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *kind = tz_form(req, "kind"), *id = tz_form(req, "id"), *next = tz_form(req, "next");

    if (!is_word(kind) || !is_word(id))
        return tz_fail(err, TZ_USAGE, "请说明要看哪一条", "say which record");
    TZ_TRY(tz_disclosure_put(req->session->store, "reveal", kind, id, tz_form(req, "why"), err));
    TZ_TRY(tz_desk_reveal(req->office->desk, req->actor->user, kind, id, err));
    TZ_TRY(tz_desk_log(req->office->desk, "reveal", req->actor->user, tz_arena_printf(req->mem, "%s/%s", kind, id), NULL, err));
    reply->notice = tz_web_half(req, "已记录查看理由,十分钟内可看完整信息|your reason is on record; the record stays open for ten minutes");
    reply->redirect = tz_is_own_path(next) ? next : "/";
done:
    return rc;
}
