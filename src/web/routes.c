/* routes - every address of the site, who may take it, and what answers it. */
#include "web/pages.h"

#define WORKERS (TZ_ROLE_CLERK | TZ_ROLE_CADRE | TZ_ROLE_INSPECTOR)
#define LOOKERS (WORKERS | TZ_ROLE_LEADER | TZ_ROLE_SUPERIOR)
#define CLERKS (TZ_ROLE_CLERK | TZ_ROLE_INSPECTOR)
#define ABOVE (TZ_ROLE_CADRE | TZ_ROLE_INSPECTOR | TZ_ROLE_LEADER | TZ_ROLE_SUPERIOR)
#define ADMINS (TZ_ROLE_SYSTEM | TZ_ROLE_SECURITY | TZ_ROLE_AUDIT)
#define OPEN (TZ_ROUTE_PUBLIC | TZ_ROUTE_BARE | TZ_ROUTE_LIVE)
#define EVERYBODY (LOOKERS | ADMINS)
#define PEOPLE (TZ_ROUTE_WRITES | TZ_ROUTE_PEOPLE)

/* The first that fits is taken, so a fixed word stands before a parameter. */
const tz_route TZ_ROUTES[] = {
    {"GET", "/", NULL, tz_web_front, EVERYBODY, TZ_ROUTE_BARE, NULL},
    {"GET", "/help", "help", tz_web_help, EVERYBODY, TZ_ROUTE_BARE | TZ_ROUTE_LIVE, "帮助|Help"},
    {"GET", "/login", "login", tz_web_login, 0, TZ_ROUTE_PUBLIC | TZ_ROUTE_BARE | TZ_ROUTE_LIVE, "登录|Log in"},
    {"POST", "/login", "login", tz_web_login_send, 0, TZ_ROUTE_PUBLIC | TZ_ROUTE_LIVE, "登录|Log in"},
    {"POST", "/logout", NULL, tz_web_logout, EVERYBODY, TZ_ROUTE_BARE, NULL},
    {"POST", "/reveal", NULL, tz_web_reveal, WORKERS | TZ_ROLE_LEADER, PEOPLE, NULL},
    {"GET", "/account", "account", tz_web_account, EVERYBODY, TZ_ROUTE_LIVE, "我的账号|My account"},
    {"POST", "/account/password", "account", tz_web_account_password, EVERYBODY, PEOPLE | TZ_ROUTE_LIVE, "我的账号|My account"},
    {"POST", "/account/sessions/:session", NULL, tz_web_account_end, EVERYBODY, TZ_ROUTE_BARE, NULL},
    {"POST", "/account/tokens", "account", tz_web_account_token, LOOKERS, TZ_ROUTE_LIVE, "我的账号|My account"},
    {"POST", "/account/tokens/:token/drop", NULL, tz_web_account_token_drop, LOOKERS, TZ_ROUTE_BARE, NULL},
    {"GET", "/admin/users", "users", tz_web_users, TZ_ROLE_SYSTEM | TZ_ROLE_SECURITY, TZ_ROUTE_LIVE, "用户|Users"},
    {"POST", "/admin/users", "users", tz_web_user_add, TZ_ROLE_SYSTEM, PEOPLE | TZ_ROUTE_LIVE, "用户|Users"},
    {"POST", "/admin/users/:user/rights/:action", "users", tz_web_user_secure, TZ_ROLE_SECURITY, PEOPLE | TZ_ROUTE_LIVE, "用户|Users"},
    {"POST", "/admin/users/:user/:action", "users", tz_web_user_act, TZ_ROLE_SYSTEM, PEOPLE | TZ_ROUTE_LIVE, "用户|Users"},
    {"GET", "/admin/log", "log", tz_web_log, TZ_ROLE_AUDIT, TZ_ROUTE_LIVE, "日志|Log"},

    {"GET", "/tray", "tray", tz_web_tray, CLERKS, TZ_ROUTE_LIVE, "入账前|Before entry"},
    {"POST", "/tray", "tray", tz_web_tray_drop_in, CLERKS, TZ_ROUTE_LIVE | TZ_ROUTE_UPLOAD, "入账前|Before entry"},
    {"POST", "/tray/look", "tray", tz_web_tray_look, CLERKS, TZ_ROUTE_LIVE, "入账前|Before entry"},
    {"POST", "/tray/take", "tray", tz_web_tray_take, CLERKS, TZ_ROUTE_LIVE, "入账前|Before entry"},
    {"POST", "/tray/throw", "tray", tz_web_tray_throw, CLERKS, TZ_ROUTE_LIVE, "入账前|Before entry"},
    {"GET", "/tray/:file", "tray-file", tz_web_tray_file, CLERKS, TZ_ROUTE_LIVE, "入账前|Before entry"},
    {"POST", "/tray/:file", "tray-file", tz_web_tray_say, CLERKS, TZ_ROUTE_LIVE, "入账前|Before entry"},
    {"GET", "/tray/:file/errors", NULL, tz_web_tray_errors, CLERKS, TZ_ROUTE_LIVE, NULL},
    {"GET", "/jobs", "jobs", tz_web_jobs, CLERKS | TZ_ROLE_LEADER, TZ_ROUTE_LIVE, "任务|Jobs"},
    {"POST", "/jobs", "jobs", tz_web_job_add, CLERKS | TZ_ROLE_LEADER, TZ_ROUTE_LIVE, "任务|Jobs"},
    {"GET", "/jobs/:job", "job", tz_web_job, CLERKS | TZ_ROLE_LEADER, TZ_ROUTE_LIVE, "任务|Job"},
    {"GET", "/jobs/:job/file", NULL, tz_web_job_file, TZ_ROLE_INSPECTOR | TZ_ROLE_LEADER, TZ_ROUTE_LIVE, NULL},
    {"POST", "/jobs/:job/:action", "job", tz_web_job_act, CLERKS | TZ_ROLE_LEADER, TZ_ROUTE_LIVE, "任务|Job"},
    {"GET", "/batches", "batches", tz_web_batches, CLERKS, TZ_ROUTE_LIVE, "批次|Batches"},
    {"GET", "/batches/:batch", "batch", tz_web_batch, CLERKS, TZ_ROUTE_LIVE, "批次|Batch"},
    {"GET", "/batches/:batch/diff", "batch-diff", tz_web_batch_diff, CLERKS, TZ_ROUTE_LIVE, "变化|What changed"},
    {"POST", "/batches/:batch/withdraw", "batch", tz_web_batch_withdraw, CLERKS, TZ_ROUTE_WRITES | TZ_ROUTE_LIVE, "批次|Batch"},
    {"POST", "/batches/:batch/original", "batch", tz_web_batch_original, CLERKS, TZ_ROUTE_WRITES | TZ_ROUTE_LIVE, "批次|Batch"},
    {"POST", "/batches/:batch/errors", "batch", tz_web_batch_errors, CLERKS, TZ_ROUTE_WRITES | TZ_ROUTE_LIVE, "批次|Batch"},
    {"POST", "/batches/:batch/again", "batch", tz_web_batch_again, CLERKS, TZ_ROUTE_LIVE, "批次|Batch"},
    {"GET", "/rows/:row", "row", tz_web_row, LOOKERS, TZ_ROUTE_LIVE, "行|Row"},
    {"GET", "/registers", "registers", tz_web_registers, LOOKERS, TZ_ROUTE_LIVE, "名册|Registers"},
    {"GET", "/registers/:register", "register", tz_web_register, LOOKERS, 0, "名册|Register"},
    {"GET", "/registers/:register/template", NULL, tz_web_register_template, LOOKERS, TZ_ROUTE_LIVE, NULL},
    {"GET", "/deliveries", "deliveries", tz_web_deliveries, LOOKERS, 0, "报送|Deliveries"},
    {"GET", "/overview", "overview", tz_web_overview, ABOVE, TZ_ROUTE_CACHED, "总览|At a glance"},
    {"GET", "/figures", "figures", tz_web_figures, ABOVE, TZ_ROUTE_CACHED, "指标|Figures"},
    {"GET", "/figures/:figure", "figure", tz_web_figure, ABOVE, TZ_ROUTE_CACHED, NULL},
    {"GET", "/report", "report", tz_web_report, ABOVE, 0, "报告|Report"},
    {"POST", "/report/publish", NULL, tz_web_report_publish, TZ_ROLE_LEADER, TZ_ROUTE_WRITES, NULL},
    {"GET", "/report/diff", "report-diff", tz_web_report_diff, ABOVE, TZ_ROUTE_CACHED, "两天之间的变动|What moved between two days"},
    {"GET", "/report/as/:form", "wait", tz_web_report_file, ABOVE, 0, "报告|Report"},
    {"GET", "/complaints", "complaints", tz_web_complaints, TZ_ROLE_INSPECTOR, TZ_ROUTE_LIVE, "群众反映|Complaints"},
    {"GET", "/complaints/:complaint", "complaint", tz_web_complaint, TZ_ROLE_INSPECTOR, TZ_ROUTE_LIVE, "群众反映|A complaint"},
    {"POST", "/complaints/:complaint", "complaint", tz_web_complaint_answer, TZ_ROLE_INSPECTOR, TZ_ROUTE_WRITES | TZ_ROUTE_LIVE,
     "群众反映|A complaint"},
    {"GET", "/complaints/:complaint/photo", NULL, tz_web_complaint_photo, TZ_ROLE_INSPECTOR, TZ_ROUTE_LIVE, NULL},
    {"GET", "/verify", "verify", tz_web_verify, ABOVE, TZ_ROUTE_LIVE, "验证|Verify"},
    {"GET", "/verify/checkpoint", NULL, tz_web_verify_checkpoint, ABOVE, TZ_ROUTE_LIVE, NULL},
    {"GET", "/verify/issues/:issue", NULL, tz_web_verify_issue, ABOVE, TZ_ROUTE_LIVE, NULL},
    {"GET", "/public", "public", tz_web_public, 0, OPEN, "公开|What is public"},
    {"GET", "/public/figures/:figure", "public-figure", tz_web_public_figure, 0, OPEN, NULL},
    {"GET", "/public/lists/:publication", "public-list", tz_web_public_list, 0, OPEN, NULL},
    {"GET", "/public/complain", "public-complain", tz_web_public_complain, 0, OPEN, "我要反映|Tell the county"},
    {"POST", "/public/complain", "public-complain", tz_web_public_complain_send, 0, OPEN | TZ_ROUTE_UPLOAD, "我要反映|Tell the county"},
    {"GET", "/public/status", "public-status", tz_web_public_status, 0, OPEN, "查进度|What became of it"},
    {"POST", "/public/status", "public-status", tz_web_public_status_ask, 0, OPEN, "查进度|What became of it"},
    {"GET", "/public/verify", "public-verify", tz_web_public_verify, 0, OPEN, "验证|Verify"},
    {"GET", "/public/checkpoint", NULL, tz_web_public_checkpoint, 0, OPEN, NULL},
    {NULL, NULL, NULL, NULL, 0, 0, NULL},
};
