/* pages - the handlers that the table of routes names, a block a file. */
#ifndef TZ_WEB_PAGES_H
#define TZ_WEB_PAGES_H

#include "web/web.h"

tz_handler tz_web_front, tz_web_help; /* front.c */

tz_handler tz_web_login, tz_web_login_send, tz_web_logout, tz_web_reveal; /* login.c */
tz_handler tz_web_account, tz_web_account_password, tz_web_account_end, tz_web_account_token, tz_web_account_token_drop; /* account.c */
tz_handler tz_web_users, tz_web_user_add, tz_web_user_act, tz_web_user_secure, tz_web_log; /* admin.c */
tz_handler tz_web_overview;                                      /* overview.c */
tz_handler tz_web_figures, tz_web_figure;                        /* figures.c */
tz_handler tz_web_report, tz_web_report_file, tz_web_report_diff; /* reports.c */

#endif
