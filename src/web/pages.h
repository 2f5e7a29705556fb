/* pages - the handlers that the table of routes names, a block a file. */
#ifndef TZ_WEB_PAGES_H
#define TZ_WEB_PAGES_H

#include "web/web.h"

tz_handler tz_web_front, tz_web_help; /* front.c */
tz_handler tz_web_openapi;            /* api.c */

tz_handler tz_web_login, tz_web_login_send, tz_web_logout, tz_web_reveal; /* login.c */
tz_handler tz_web_account, tz_web_account_password, tz_web_account_end, tz_web_account_token, tz_web_account_token_drop; /* account.c */
tz_handler tz_web_users, tz_web_user_add, tz_web_user_act, tz_web_user_secure, tz_web_log; /* admin.c */
tz_handler tz_web_overview;                                      /* overview.c */
tz_handler tz_web_figures, tz_web_figure;                        /* figures.c */
tz_handler tz_web_report, tz_web_report_file, tz_web_report_diff, tz_web_report_publish; /* reports.c */
tz_handler tz_web_complaints, tz_web_complaint, tz_web_complaint_photo, tz_web_complaint_answer; /* complaints.c */
tz_handler tz_web_verify, tz_web_verify_checkpoint, tz_web_verify_issue; /* verifying.c */
tz_handler tz_web_public, tz_web_public_figure, tz_web_public_list, tz_web_public_complain, tz_web_public_complain_send, tz_web_public_status,
    tz_web_public_status_ask, tz_web_public_verify, tz_web_public_checkpoint; /* public.c */

tz_handler tz_web_tray, tz_web_tray_drop_in, tz_web_tray_look, tz_web_tray_file; /* tray.c, tray_file.c */
tz_handler tz_web_tray_say, tz_web_tray_take, tz_web_tray_errors, tz_web_tray_throw;
tz_handler tz_web_jobs, tz_web_job, tz_web_job_add, tz_web_job_act, tz_web_job_file; /* jobs.c */
tz_handler tz_web_batches, tz_web_batch, tz_web_batch_diff, tz_web_batch_withdraw, tz_web_batch_original, tz_web_batch_errors; /* batches.c */
tz_handler tz_web_batch_again; /* tray.c: it goes back there */
tz_handler tz_web_registers, tz_web_register, tz_web_register_template, tz_web_deliveries; /* registers.c */

tz_handler tz_web_view_save, tz_web_view_drop;                   /* listing.c */
tz_handler tz_web_issues;                                        /* ledger.c */
tz_handler tz_web_findings, tz_web_finding, tz_web_finding_verdict, tz_web_findings_verdict, tz_web_finding_except,
    tz_web_exception_end;                                        /* findings.c */
tz_handler tz_web_links, tz_web_link, tz_web_link_decide;        /* links.c */
tz_handler tz_web_checks, tz_web_check;                          /* checks.c */
tz_handler tz_web_audit, tz_web_lots, tz_web_lot_draw, tz_web_recalls, tz_web_recall_answer, tz_web_proofs, tz_web_checkpoint,
    tz_web_proof, tz_web_journal;                                /* audit.c */
tz_handler tz_web_search;                                        /* search.c */
tz_handler tz_web_today;                                         /* today.c */
tz_handler tz_web_households, tz_web_household_find, tz_web_household, tz_web_person, tz_web_row, tz_web_row_id; /* households.c */
tz_handler tz_web_issue, tz_web_issue_act, tz_web_issue_draft, tz_web_issue_evidence, tz_web_issue_proof, tz_web_issue_new,
    tz_web_issue_open;                                           /* issues.c */
tz_handler tz_web_offline;                                       /* offline.c */

#endif
