/* row_page - pages of rows, and lines of batches, wherever they stand. */
#ifndef TZ_WEB_ROW_PAGE_H
#define TZ_WEB_ROW_PAGE_H

#include "evidence/rows.h"
#include "web/web.h"

/* What ?page, ?limit, ?find, ?sort and ?rows (taken, quarantined) ask of a list of rows; values stay masked. TZ_USAGE. */
TZ_MUST tz_rc tz_rows_of_query(const tz_request *req, tz_rows_wanted *ret_wanted, tz_err *err);

/* Sets `page` (as rows.h gives it, and for each row cells[{value, is_number}], has_problems) and `pager` in data. */
TZ_MUST tz_rc tz_rows_put(const tz_request *req, json_t *data, json_t *page, tz_err *err);

/* Pages of rows, as rows.h gives them: those of a batch, or of a register on a day. */
typedef struct {
    const tz_register *reg;
    int64_t            batch; /* 0: the register's */
    tz_day             day;
} tz_rows_source;
TZ_MUST tz_rc tz_rows_page(tz_request *req, const tz_rows_source *source, const tz_rows_wanted *wanted, json_t **ret_page, tz_err *err);

/* All rows that the query asks for as a file, masked. */
TZ_MUST tz_rc tz_rows_file(tz_request *req, tz_reply *reply, const tz_rows_source *source, const char *name, tz_err *err);

/* A line of tz_batch_list with its register's title and its state in words. The caller owns it. */
json_t *tz_batch_view(const tz_request *req, const json_t *row);

/* "counts", "corrected", "withdrawn" in the reader's words. */
const char *tz_batch_word(const tz_request *req, const char *state);

#endif
