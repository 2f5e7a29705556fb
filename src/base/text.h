/* text - slices of UTF-8, and a buffer to build text in.
 *
 * A tz_text borrows: whoever made the bytes owns them.  It may hold any bytes, zero included;
 * functions that need valid UTF-8 say so.  Data of an empty text may be NULL.
 *
 * A tz_buf grows in an arena up to a maximum; past it the buffer keeps what it had and remembers
 * (sticky), so that a writer appends freely and asks once at the end:
 *
 *     tz_buf out = tz_buf_init(&mem, TZ_MAX_CELL_BYTES);
 *     tz_buf_put(&out, name);
 *     tz_buf_printf(&out, ",%d", 3);
 *     if (out.is_over) ...TZ_LIMIT...
 */
#ifndef TZ_BASE_TEXT_H
#define TZ_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

typedef struct {
    const char *data;
    size_t      size; /* bytes */
} tz_text;

#define TZ_TEXT(literal) ((tz_text){(literal), sizeof(literal) - 1})
#define TZ_FMT(text) (int)(text).size, (text).data /* for "%.*s" */

tz_text tz_text_of(const char *text); /* NULL gives an empty text */
char   *tz_text_dup(tz_arena *mem, tz_text text); /* NUL-terminated copy */
tz_text tz_text_keep(tz_arena *mem, tz_text text); /* copy as a slice */
bool    tz_text_equal(tz_text a, tz_text b);
bool    tz_text_is(tz_text a, const char *b);
int     tz_text_compare(tz_text a, tz_text b); /* by bytes: code point order */
bool    tz_text_starts(tz_text text, tz_text prefix);
bool    tz_text_ends(tz_text text, tz_text suffix);
/* Byte index of the first `part` at or after `from`, or SIZE_MAX. */
size_t  tz_text_find(tz_text text, tz_text part, size_t from);
tz_text tz_text_cut(tz_text text, size_t from, size_t size); /* bytes, clamped */
/* White space off both ends: ASCII, U+00A0, U+3000, U+FEFF, U+200B. */
tz_text tz_text_trim(tz_text text);

/* The code point at *at (advanced past it), or -1 at the end; a broken byte gives U+FFFD. */
int32_t tz_utf8_next(tz_text text, size_t *at);
bool    tz_utf8_is_valid(tz_text text);
size_t  tz_utf8_count(tz_text text); /* code points */
/* Writes cp to out[0..4), returns its length (1 to 4). */
size_t  tz_utf8_put(int32_t cp, char *out);
/* Cells on a terminal: Chinese and full-width characters take two. */
size_t  tz_utf8_width(tz_text text);

/* Full-width ASCII (U+FF01..FF5E) and U+3000 to half width; all other characters stay. */
tz_text tz_text_halfwidth(tz_arena *mem, tz_text text);
/* What titles are compared by: half width, no white space, ASCII lower case, brackets unified
 * to (), no other change. */
tz_text tz_text_fold(tz_arena *mem, tz_text text);

typedef struct {
    tz_arena *mem;
    char     *data; /* always NUL-terminated once something was appended */
    size_t    size;
    size_t    room;
    size_t    max_bytes;
    bool      is_over; /* sticky: an append did not fit */
} tz_buf;

tz_buf  tz_buf_init(tz_arena *mem, size_t max_bytes); /* 0: TZ_MAX_BUF_BYTES */
void    tz_buf_put(tz_buf *buf, tz_text text);
void    tz_buf_puts(tz_buf *buf, const char *text);
void    tz_buf_char(tz_buf *buf, char c);
void    tz_buf_int(tz_buf *buf, int64_t value); /* in decimal */
void    tz_buf_printf(tz_buf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void    tz_buf_reset(tz_buf *buf); /* empty, is_over cleared, room kept */
tz_text tz_buf_text(const tz_buf *buf); /* borrowed until the next append */
const char *tz_buf_str(const tz_buf *buf); /* NUL-terminated, borrowed */

/* Parses a decimal integer that fills the whole text; false on anything else or overflow. */
bool tz_text_int(tz_text text, int64_t *ret_value);

#endif
