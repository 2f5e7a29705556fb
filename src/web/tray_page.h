/* tray_page - what the pages of the tray share: the list of files, and one file. */
#ifndef TZ_WEB_TRAY_PAGE_H
#define TZ_WEB_TRAY_PAGE_H

#include "store/desk_staged.h"
#include "web/web.h"

/* Up to this size a file is looked at while the browser waits. */
enum { TZ_TRAY_AT_ONCE_BYTES = 4 << 20 };

tz_desk *tz_tray_desk(const tz_request *req);

/* Whether a line of a look is a table, not a sheet that was left out. */
bool tz_tray_is_table(const json_t *line);

/* One table of a file: register and title, date, sender, question, columns, account with its bar. The caller owns it. */
json_t *tz_tray_table(const tz_request *req, const json_t *line);

/* The head of a file (as tz_desk_staged_get gives it): its tables, by register too, and whether it can be taken. The caller owns
 * it. */
json_t *tz_tray_head(const tz_request *req, const json_t *file);

/* Sets is_looking (the page asks again by itself) and is_unseen (somebody must ask for it). */
TZ_MUST tz_rc tz_tray_set_looking(const tz_request *req, json_t *data, bool has_new, tz_err *err);

/* Looks at files (an array of numbers, so many bytes): at once what is small, else by a job. */
TZ_MUST tz_rc tz_tray_look_at(tz_request *req, const json_t *numbers, int64_t bytes, tz_err *err);

#endif
