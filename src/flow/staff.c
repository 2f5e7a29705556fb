#include "flow/staff.h"

#include <string.h>

#include "base/assert.h"
#include "store/credential.h"
#include "store/user.h"

const tz_staff TZ_STAFF[] = {
    {"clerk", "李晓梅", "教育局", "clerk", "部门报送员(教育局)|department's clerk (education)"},
    {"cadre", "王建国", "定昌镇", "cadre", "乡镇干部(定昌镇)|township cadre (Dingchang)"},
    {"inspector", "赵明", "乡村振兴局", "inspector", "督查员|inspector"},
    {"second", "孙丽", "乡村振兴局", "inspector", "督查员(第二人)|inspector (second person)"},
    {"leader", "周卫东", "县政府办", "leader", "县领导|county leader"},
    {"superior", "吴市巡", "市督查组", "superior", "上级巡查(只读)|inspecting superior (reads only)"},
    {"sysadmin", "系统管理员", NULL, "system", "系统管理员|system administrator"},
    {"secadmin", "安全管理员", NULL, "security", "安全管理员|security administrator"},
    {"auditor", "审计管理员", NULL, "audit", "审计管理员|audit administrator"},
    {NULL, NULL, NULL, NULL, NULL},
};

static bool is_staff(const char *user)
{
    for (const tz_staff *one = TZ_STAFF; one->user != NULL; one++)
        if (strcmp(one->user, user) == 0)
            return true;
    return false;
}

/* A known password is no danger only where nobody works. */
static tz_rc check_alone(tz_session *session, const json_t *users, tz_err *err)
{
    size_t        others = 0, i;
    const json_t *row;

    json_array_foreach(users, i, row) {
        const char *user = tz_json_str(row, "user");
        others += strcmp(tz_json_str(row, "state"), "active") == 0 && strcmp(user, "system") != 0 && !is_staff(user);
    }
    if (!session->store->county->is_demo || others > 1) {
        (void)tz_fail(err, TZ_REFUSED, "只有演示县才有人人知道的口令", "only a demo county has passwords that everybody knows");
        return tz_err_advise(err, "新建一个县,在 county.yaml 中写明 demo: true 并用 config accept 确认",
                             "make a new county, say demo: true in its county.yaml, and config accept that");
    }
    return TZ_OK;
}

static bool is_there(const json_t *users, const char *user)
{
    size_t        i;
    const json_t *row;

    json_array_foreach(users, i, row)
        if (strcmp(tz_json_str(row, "user"), user) == 0)
            return true;
    return false;
}

tz_rc tz_flow_staff(tz_session *session, tz_err *err)
{
    tz_assert(session != NULL);
    tz_rc   rc = TZ_OK;
    json_t *users = NULL;

    TZ_TRY(tz_user_list(session->store, &users, err));
    TZ_TRY(check_alone(session, users, err));
    for (const tz_staff *one = TZ_STAFF; one->user != NULL; one++) {
        if (!is_there(users, one->user))
            TZ_TRY(tz_user_add(session->store, one->user, one->name, one->unit, one->roles, NULL, err));
        TZ_TRY(tz_credential_set_demo(session->store, one->user, TZ_STAFF_PASSWORD, err));
    }
done:
    json_decref(users);
    return rc;
}
