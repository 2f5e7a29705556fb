/* routes - every address of the site, who may take it, and what answers it. */
#include "web/pages.h"

#define WORKERS (TZ_ROLE_CLERK | TZ_ROLE_CADRE | TZ_ROLE_INSPECTOR)
#define LOOKERS (WORKERS | TZ_ROLE_LEADER | TZ_ROLE_SUPERIOR)
#define ADMINS (TZ_ROLE_SYSTEM | TZ_ROLE_SECURITY | TZ_ROLE_AUDIT)
#define EVERYBODY (LOOKERS | ADMINS)

/* The first that fits is taken, so a fixed word stands before a parameter. */
const tz_route TZ_ROUTES[] = {
    {"GET", "/", NULL, tz_web_front, EVERYBODY, TZ_ROUTE_BARE, NULL},
    {"GET", "/help", "help", tz_web_help, EVERYBODY, TZ_ROUTE_BARE | TZ_ROUTE_LIVE, "帮助|Help"},
    {"GET", "/login", "login", tz_web_login, 0, TZ_ROUTE_PUBLIC | TZ_ROUTE_BARE | TZ_ROUTE_LIVE, "登录|Log in"},
    {"POST", "/login", "login", tz_web_login_send, 0, TZ_ROUTE_PUBLIC | TZ_ROUTE_LIVE, "登录|Log in"},
    {"POST", "/logout", NULL, tz_web_logout, EVERYBODY, TZ_ROUTE_BARE, NULL},
    {"POST", "/reveal", NULL, tz_web_reveal, WORKERS | TZ_ROLE_LEADER, TZ_ROUTE_WRITES, NULL},
    {"GET", "/account", "account", tz_web_account, EVERYBODY, TZ_ROUTE_LIVE, "我的账号|My account"},
    {"POST", "/account/password", "account", tz_web_account_password, EVERYBODY, TZ_ROUTE_WRITES | TZ_ROUTE_LIVE, "我的账号|My account"},
    {"POST", "/account/sessions/:session", NULL, tz_web_account_end, EVERYBODY, TZ_ROUTE_BARE, NULL},
    {"POST", "/account/tokens", "account", tz_web_account_token, LOOKERS, TZ_ROUTE_LIVE, "我的账号|My account"},
    {"POST", "/account/tokens/:token/drop", NULL, tz_web_account_token_drop, LOOKERS, TZ_ROUTE_BARE, NULL},
    {"GET", "/admin/users", "users", tz_web_users, TZ_ROLE_SYSTEM | TZ_ROLE_SECURITY, TZ_ROUTE_LIVE, "用户|Users"},
    {"POST", "/admin/users", "users", tz_web_user_add, TZ_ROLE_SYSTEM, TZ_ROUTE_WRITES | TZ_ROUTE_LIVE, "用户|Users"},
    {"POST", "/admin/users/:user/rights/:action", "users", tz_web_user_secure, TZ_ROLE_SECURITY, TZ_ROUTE_WRITES | TZ_ROUTE_LIVE, "用户|Users"},
    {"POST", "/admin/users/:user/:action", "users", tz_web_user_act, TZ_ROLE_SYSTEM, TZ_ROUTE_WRITES | TZ_ROUTE_LIVE, "用户|Users"},
    {"GET", "/admin/log", "log", tz_web_log, TZ_ROLE_AUDIT, TZ_ROUTE_LIVE, "日志|Log"},
    {"GET", "/overview", "overview", tz_web_overview, LOOKERS, TZ_ROUTE_CACHED, "总览|At a glance"},
    {"GET", "/figures", "figures", tz_web_figures, LOOKERS, TZ_ROUTE_CACHED, "指标|Figures"},
    {"GET", "/figures/:figure", "figure", tz_web_figure, LOOKERS, TZ_ROUTE_CACHED, NULL},
    {"GET", "/report", "report", tz_web_report, LOOKERS, TZ_ROUTE_CACHED, "报告|Report"},
    {"GET", "/report/diff", "report-diff", tz_web_report_diff, LOOKERS, TZ_ROUTE_CACHED, "两天之间的变动|What moved between two days"},
    {"GET", "/report/as/:form", "wait", tz_web_report_file, LOOKERS, 0, "报告|Report"},
    {NULL, NULL, NULL, NULL, 0, 0, NULL},
};
