/* tsv - the tables of a county's directory: a header line, then lines of fields separated by tabs; a line that begins with #
 * is a comment, an empty one nothing. */
#ifndef TZ_STORE_TSV_H
#define TZ_STORE_TSV_H

#include "base/text.h"

/* The next line that says something, behind the header; false at the end. *at and *line_no begin at 0 and go along: line_no is
 * the line's, as an editor counts. */
bool tz_tsv_next(tz_text text, size_t *at, int64_t *line_no, tz_text *ret_line);

/* The fields of a line, trimmed; those that are not there are empty. Gives their number, room + 1 where there are more. */
size_t tz_tsv_split(tz_text line, tz_text *fields, size_t room);

#endif
