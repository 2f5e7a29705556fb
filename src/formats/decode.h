/* decode - a file of text as UTF-8, block by block, whatever its encoding.
 *
 * The encoding is told from the content: a byte order mark; else zero bytes at every other place
 * (UTF-16 without a mark); else UTF-8 where it fits; else GB18030, Big5, EUC-TW or Windows-1252 by
 * which of their characters the pairs of bytes fall on.  A few broken bytes do not change the
 * answer and refuse nothing: each is written as U+FFFD with its value behind it, "�[B3]", so that
 * the reader sees that something stood there and what.  docs/format/files.md has the rules.
 *
 *     tz_encoding encoding;
 *     TZ_TRY(tz_encoding_find(&mem, &source, &encoding, err));
 *     TZ_TRY(tz_decoder_open(&mem, &source, &encoding, &decoder, err));
 *     do TZ_TRY(tz_decoder_read(decoder, block, sizeof block, &size, err)); while (use(block, size), size > 0);
 *     tz_decoder_close(decoder);
 */
#ifndef TZ_FORMATS_DECODE_H
#define TZ_FORMATS_DECODE_H

#include "base/err.h"
#include "base/text.h"

/* Where bytes come from: a file that is opened anew for each pass, or memory. Borrowed. */
typedef struct {
    const char *path; /* NULL: data */
    tz_text     data;
} tz_source;

typedef struct {
    const char *name;       /* "utf-8", "utf-16le", "utf-16be", "gb18030", "big5", "euc-tw", "windows-1252" */
    size_t      mark_bytes; /* the byte order mark                                        */
    bool        is_text;    /* false: zero bytes or control characters, no text at all    */
    bool        is_damaged; /* may hold U+FFFD: false only for UTF-8 without a broken byte */
} tz_encoding;

typedef struct tz_decoder tz_decoder;

/* Reads all of source once. TZ_MISSING, TZ_SYSTEM: it can't be read. */
TZ_MUST tz_rc tz_encoding_find(tz_arena *mem, const tz_source *source, tz_encoding *ret_encoding, tz_err *err);

/* Starts behind the byte order mark. TZ_SYSTEM: the machine lacks the encoding; TZ_MISSING. */
TZ_MUST tz_rc tz_decoder_open(tz_arena *mem, const tz_source *source, const tz_encoding *encoding,
                              tz_decoder **ret_decoder, tz_err *err);

/* Up to room (at least 64) bytes of UTF-8 of whole characters; *ret_size 0 at the end. TZ_SYSTEM. */
TZ_MUST tz_rc tz_decoder_read(tz_decoder *decoder, char *out, size_t room, size_t *ret_size, tz_err *err);
void tz_decoder_close(tz_decoder *decoder); /* NULL is fine */

/* Bytes as they are: the first up to `room`. TZ_MISSING, TZ_SYSTEM. */
TZ_MUST tz_rc tz_source_head(const tz_source *source, char *out, size_t room, size_t *ret_size, tz_err *err);

/* The length of the character at the start of text: 1 to 4; 0 when text ends inside it, -1 when it is no UTF-8. */
int tz_utf8_length(tz_text text);

#endif
