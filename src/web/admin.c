/* admin - the three administrators: who may come in (system), who may what (security), who did what (audit). */
#include <string.h>

#include "base/assert.h"
#include "store/credential.h"
#include "store/desk.h"
#include "store/disclosure.h"
#include "store/user.h"
#include "web/auth.h"
#include "web/desk_page.h"
#include "web/inside.h"
#include "web/login.h"
#include "web/pages.h"

enum { PAGE_USERS = 100, PAGE_LINES = 200, ALL_LINES = 1000000 };

static const struct { const char *role, *word; } ROLES[] = {
    {"clerk", "部门报送员|clerk"}, {"cadre", "乡镇干部|cadre"}, {"inspector", "督查员|inspector"}, {"leader", "县领导|leader"},
    {"superior", "上级巡查|superior"}, {"system", "系统管理员|system administrator"}, {"security", "安全管理员|security administrator"},
    {"audit", "审计管理员|audit administrator"},
};

/* ["a","b"] as "a,b", which a field of a form holds. */
static const char *joined(tz_request *req, const char *array)
{
    json_t *list = json_loads(array, 0, NULL);
    tz_buf  out = tz_buf_init(req->mem, 0);

    tz_buf_puts(&out, "");
    for (size_t i = 0; i < json_array_size(list); i++)
        tz_buf_printf(&out, "%s%s", i == 0 ? "" : ",", json_string_value(json_array_get(list, i)));
    json_decref(list);
    return tz_buf_str(&out);
}

/* ---- Users ---- */

static tz_rc dress(tz_request *req, json_t *row, tz_err *err)
{
    const char *roles = tz_json_str(row, "roles");
    json_t     *choices = json_array();
    tz_buf      words = tz_buf_init(req->mem, 0);
    int64_t     wait_ms = 0;

    tz_buf_puts(&words, "");
    for (size_t i = 0; i < sizeof ROLES / sizeof ROLES[0]; i++) {
        bool        has = strstr(roles, tz_arena_printf(req->mem, "\"%s\"", ROLES[i].role)) != NULL;
        const char *word = tz_web_half(req, ROLES[i].word);
        if (has)
            tz_buf_printf(&words, "%s%s", words.size == 0 ? "" : req->lang == TZ_ZH ? "、" : ", ", word);
        (void)json_array_append_new(choices, json_pack("{s:s, s:s, s:b}", "role", ROLES[i].role, "word", word, "has", has));
    }
    (void)json_object_set_new(row, "choices", choices);
    tz_json_set_str(row, "role_words", tz_buf_str(&words));
    tz_json_set_str(row, "divisions", joined(req, tz_json_str(row, "divisions")));
    tz_json_set_str(row, "registers", joined(req, tz_json_str(row, "registers")));
    (void)json_object_set_new(row, "is_active", json_boolean(strcmp(tz_json_str(row, "state"), "active") == 0));
    (void)json_object_set_new(row, "has_password", json_boolean(json_is_integer(json_object_get(row, "password_ms"))));
    (void)json_object_set_new(row, "is_me", json_boolean(strcmp(tz_json_str(row, "user"), req->actor->user) == 0));
    (void)json_object_del(row, "system_user"); /* the machine's own business */
    tz_rc rc = tz_desk_locked(req->office->desk, tz_json_str(row, "user"), &wait_ms, err);
    (void)json_object_set_new(row, "is_locked", json_boolean(wait_ms > 0));
    return rc;
}

/* Of the page that is asked for: behind ?after=, and with ?q= in name or unit. */
static bool is_asked_for(const tz_request *req, const json_t *row)
{
    const char *after = tz_query_value(req, "after"), *q = tz_query_value(req, "q"), *user = tz_json_str(row, "user");
    const char *name = tz_json_str(row, "name"), *unit = tz_json_str(row, "unit");

    return strcmp(user, "system") != 0 && (after == NULL || strcmp(user, after) > 0) &&
           (q == NULL || strcasestr(user, q) != NULL || strstr(name, q) != NULL || (unit != NULL && strstr(unit, q) != NULL));
}

tz_rc tz_web_users(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *list = json_array(), *row;
    size_t  i;

    TZ_TRY(tz_user_list(req->session->store, &rows, err));
    json_array_foreach(rows, i, row) {
        if (!is_asked_for(req, row))
            continue;
        if (json_array_size(list) == PAGE_USERS) {
            tz_json_set_str(reply->data, "next", tz_json_str(json_array_get(list, PAGE_USERS - 1), "user"));
            break;
        }
        TZ_TRY(dress(req, row, err));
        (void)json_array_append(list, row);
    }
    (void)json_object_set(reply->data, "users", list);
done:
    json_decref(rows);
    json_decref(list);
    return rc;
}

/* A new password for somebody, shown once to who gives it; it is good for one login. */
static tz_rc give_password(tz_request *req, tz_reply *reply, const char *user, tz_err *err)
{
    tz_rc rc = TZ_OK;
    char  password[TZ_PASSWORD_TEXT];

    tz_password_make(password);
    TZ_TRY(tz_credential_set(req->session->store, user, password, true, err));
    TZ_TRY(tz_web_users(req, reply, err));
    tz_json_set_str(reply->data, "given_user", user);
    tz_json_set_str(reply->data, "given_password", password);
done:
    return rc;
}

tz_rc tz_web_user_add(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *user = tz_form(req, "user");

    reply->again = tz_web_users;
    if (user == NULL)
        return tz_fail(err, TZ_USAGE, "请填短名", "please fill in the short name");
    TZ_TRY(tz_user_add(req->session->store, user, tz_form(req, "name"), tz_form(req, "unit"), "", NULL, err));
    TZ_TRY(tz_desk_log(req->office->desk, "user", req->actor->user, NULL, user, err));
    TZ_TRY(give_password(req, reply, user, err));
done:
    return rc;
}

/* Ends what a user has open. */
static tz_rc shut_out(tz_request *req, const char *user, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_desk_end(req->office->desk, user, 0, 0, err));
    TZ_TRY(tz_desk_token_drop(req->office->desk, user, 0, err));
done:
    return rc;
}

/* What a system administrator does to an account. */
tz_rc tz_web_user_act(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *user = tz_param(req, "user"), *action = tz_param(req, "action");

    reply->again = tz_web_users;
    if (strcmp(action, "close") == 0) {
        if (strcmp(user, req->actor->user) == 0)
            return tz_fail(err, TZ_REFUSED, "不能停用自己", "nobody closes their own account");
        TZ_TRY(tz_user_close(req->session->store, user, err));
        TZ_TRY(shut_out(req, user, err));
    } else if (strcmp(action, "unit") == 0) {
        TZ_TRY(tz_user_set_unit(req->session->store, user, tz_form(req, "unit"), err));
    } else {
        return tz_access_missing(err);
    }
    TZ_TRY(tz_desk_log(req->office->desk, action, req->actor->user, NULL, user, err));
    reply->notice = tz_web_half(req, "已办理|done");
    reply->redirect = "/admin/users";
done:
    return rc;
}

/* Every name of a grant is a register's, or "*". */
static tz_rc check_registers(const tz_packs *packs, const char *names, tz_err *err)
{
    for (const char *at = names; *at != '\0';) {
        size_t  size = strcspn(at, ",");
        tz_text name = tz_text_trim((tz_text){at, size});
        bool    is_known = name.size == 0 || tz_text_is(name, "*");
        for (size_t i = 0; !is_known && i < packs->packs.count; i++)
            for (size_t j = 0; j < packs->packs.items[i].registers.count; j++)
                is_known |= tz_text_is(name, packs->packs.items[i].registers.items[j].name);
        if (!is_known)
            return tz_fail(err, TZ_USAGE, "没有名册 “%.*s”", "there is no register '%.*s'", TZ_FMT(name));
        at += size + (at[size] == ',');
    }
    return TZ_OK;
}

static tz_rc set_roles(tz_request *req, const char *user, tz_err *err)
{
    tz_buf roles = tz_buf_init(req->mem, 0);

    tz_buf_puts(&roles, "");
    for (size_t i = 0; tz_form_nth(req, "role", i) != NULL; i++)
        tz_buf_printf(&roles, "%s%s", i == 0 ? "" : ",", tz_form_nth(req, "role", i));
    return tz_user_set_roles(req->session->store, user, tz_buf_str(&roles), err);
}

static tz_rc set_grant(tz_request *req, const char *user, tz_err *err)
{
    const char *divisions = tz_form(req, "divisions"), *registers = tz_form(req, "registers");
    tz_rc       rc = check_registers(req->session->packs, registers == NULL ? "" : registers, err);

    return rc != TZ_OK ? rc
                       : tz_user_grant(req->session->store, user, divisions == NULL ? "" : divisions, registers == NULL ? "" : registers, err);
}

/* What a security administrator does to somebody's rights. */
tz_rc tz_web_user_secure(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *user = tz_param(req, "user"), *action = tz_param(req, "action");
    bool        is_password = strcmp(action, "password") == 0;
    tz_user     ignored;

    reply->again = tz_web_users;
    TZ_TRY(tz_user_find(req->mem, req->session->store, user, &ignored, err));
    if (strcmp(action, "roles") == 0)
        TZ_TRY(set_roles(req, user, err));
    else if (strcmp(action, "grant") == 0)
        TZ_TRY(set_grant(req, user, err));
    else if (strcmp(action, "unlock") == 0)
        TZ_TRY(tz_desk_unlock(req->office->desk, user, err));
    else if (!is_password)
        return tz_access_missing(err);
    TZ_TRY(tz_desk_log(req->office->desk, action, req->actor->user, NULL, user, err));
    if (is_password) {
        TZ_TRY(shut_out(req, user, err));
        TZ_TRY(give_password(req, reply, user, err));
        goto done;
    }
    reply->notice = tz_web_half(req, "已办理|done");
    reply->redirect = "/admin/users";
done:
    return rc;
}

/* ---- The log ---- */

static const struct { const char *what, *word; } WORDS[] = {
    {"login", "登录|login"}, {"logout", "退出|logout"}, {"wrong", "口令错误|wrong password"}, {"locked", "锁定中尝试|tried while locked"},
    {"forbidden", "越权被拒|no right"},
    {"missing", "不存在或不在范围|not there or not theirs"}, {"forged", "表单伪造被拒|forged form"},
    {"password", "改口令|password"}, {"end", "结束登录|ended a login"},
    {"token", "发令牌|token"}, {"user", "新增用户|new user"}, {"close", "停用|closed"}, {"unit", "改单位|unit"}, {"roles", "改角色|roles"},
    {"grant", "改授权|grant"}, {"unlock", "解锁|unlocked"}, {"reveal", "查看完整信息|revealed"}, {"export", "导出|export"},
};

static void add_words(tz_request *req, json_t *lines)
{
    json_t *line;
    size_t  at;

    json_array_foreach(lines, at, line) {
        const char *what = tz_json_str(line, "what"), *word = what;
        for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
            if (strcmp(WORDS[i].what, what) == 0)
                word = tz_web_half(req, WORDS[i].word);
        tz_json_set_str(line, "word", word);
    }
}

static json_t *kinds(tz_request *req, const char *chosen)
{
    json_t *list = json_array();

    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:b}", "what", WORDS[i].what, "word", tz_web_half(req, WORDS[i].word), "is_chosen",
                                                    chosen != NULL && strcmp(chosen, WORDS[i].what) == 0));
    return list;
}

/* As it is written down elsewhere: the log is in no backup. */
static const tz_list_column LOG_COLUMNS[] = {{"local", "时间|time", false}, {"word", "事项|what", false}, {"user", "用户|user", false},
                                             {"path", "页面|page", false}, {"text", "说明|detail", false}, {NULL, NULL, false}};

tz_rc tz_web_log(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    int64_t     before = 0;
    const char *what = tz_query_value(req, "what"), *user = tz_query_value(req, "user");
    json_t     *lines = NULL, *shown = NULL;

    TZ_TRY(tz_query_number(req, "before", 0, &before, err));
    bool is_file = tz_page_is_file(req);
    TZ_TRY(tz_desk_log_list(req->office->desk, what, user, before, is_file ? ALL_LINES : PAGE_LINES, &lines, err));
    add_words(req, lines);
    tz_web_times(lines, "at_ms", "local");
    if (is_file) {
        rc = tz_page_file(req, reply, lines, LOG_COLUMNS, "log", err);
        goto done;
    }
    (void)json_object_set(reply->data, "lines", lines);
    if (json_array_size(lines) == PAGE_LINES)
        tz_json_set_int(reply->data, "older", tz_json_int(json_array_get(lines, PAGE_LINES - 1), "line", 0));
    (void)json_object_set_new(reply->data, "kinds", kinds(req, what));
    TZ_TRY(tz_disclosure_list(req->session->store, 0, PAGE_LINES, &shown, err));
    (void)json_object_set(reply->data, "disclosures", shown);
done:
    json_decref(lines);
    json_decref(shown);
    return rc;
}
