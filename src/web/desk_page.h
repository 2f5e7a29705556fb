/* desk_page - what the clerk's pages share: sizes, the account of a sheet as one bar, pages of a
 * long list, which registers are theirs. */
#ifndef TZ_WEB_DESK_PAGE_H
#define TZ_WEB_DESK_PAGE_H

#include "formats/listing.h"
#include "web/words.h"

/* "34 KB", "1.2 MB". */
const char *tz_page_size(const tz_request *req, int64_t bytes);

/* The account of a sheet (rows, titles, header …) as the parts of a bar of 1,000 units:
 * [{part, word, count, x, width}], those without rows left out. */
json_t *tz_page_account(const tz_request *req, const json_t *account);

/* Which part of a list of `total` a page shows: ?page=N, from 1, of ?limit= lines, `usual` without. Sets `pager` {page, pages,
 * total, first, last, before, after (addresses or null)} in data. TZ_USAGE: no such number. */
TZ_MUST tz_rc tz_page_of(const tz_request *req, json_t *data, int64_t total, int64_t usual, int64_t *ret_offset, int64_t *ret_limit, tz_err *err);

/* The address of this list with another value of one of its parameters, from its first page. */
const char *tz_page_with(const tz_request *req, const char *name, const char *value);

/* The titles of the registers that the actor may see: [{register, title, is_chosen}], and NULL for all in ret_names, else an array
 * of their names. */
json_t *tz_page_registers(const tz_request *req, const char *chosen, json_t **ret_names);

/* A title of a register in the reader's language; its name where it is none. */
const char *tz_page_register(const tz_request *req, const char *name);

#define TZ_TYPE_XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

/* A list as a file: whether the address asks for one (.csv, .xlsx); where its files are (`exports` {csv, xlsx} in data); a file of
 * all rows at once, or begun here and given as the reply. name: without ending. Its journal entry is answer.c's. */
bool tz_page_is_file(const tz_request *req);
void tz_page_exports(const tz_request *req, json_t *data);
TZ_MUST tz_rc tz_page_file(tz_request *req, tz_reply *reply, const json_t *rows, const tz_list_column *columns, const char *name, tz_err *err);
TZ_MUST tz_rc tz_page_file_open(tz_request *req, tz_reply *reply, const tz_list_column *columns, const char *name, tz_list_file **ret_file,
                                tz_err *err);

/* A new path for a file that is sent and goes then. */
const char *tz_page_passing(const tz_request *req, const char *ending);

#endif
