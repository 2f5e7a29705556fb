/* inbox - complaints between the public and the office: a folder into which one process writes and another takes.
 *
 * A complaint is one file, named by 32 digits of its receipt's hash: a line of canonical JSON, the photo's bytes, and 64
 * digits of SM3 over all before.  One without that end is still being written, or its writer died: it is left alone,
 * and removed after a day.  The writer only ever makes new files, so it needs no right to read, change, list or remove
 * any, and the kernel can be told so (docs/format/public.md).  There is no time of day, no address and no receipt in it.
 */
#ifndef TZ_LEDGER_INBOX_H
#define TZ_LEDGER_INBOX_H

#include "base/json.h"

enum {
    TZ_INBOX_TEXT_BYTES = 20000,      /* of what happened */
    TZ_INBOX_LINE_BYTES = 400,        /* of where, and whom it is about */
    TZ_INBOX_PHOTO_BYTES = 10 << 20,
    TZ_INBOX_FILES = 5000,            /* that wait: a reader who does not come, or a flood */
};

/* What somebody says. Texts are valid UTF-8. */
typedef struct {
    const char *text;         /* what happened; not empty */
    const char *place;        /* a township's or village's name, or NULL */
    const char *about;        /* whom or which office it is about, or NULL */
    tz_text     photo;        /* JPEG or PNG bytes as they came, or empty */
    const char *day;          /* YYYY-MM-DD on which it was given */
} tz_saying_in;

/* Writes it; what a camera wrote into the photo is taken out first. ret_receipt has TZ_RECEIPT_TEXT bytes. TZ_INPUT: no
 * text, one that is too long, or a photo that is none. TZ_SYSTEM. */
TZ_MUST tz_rc tz_inbox_put(tz_arena *mem, const char *folder, const tz_saying_in *saying, char *ret_receipt, tz_err *err);

/* Reads a file of it. ret_said: {receipt (32 digits of its hash), day, text, place, about, photo (jpg, png or null)}, a new
 * reference; ret_photo borrows from mem. TZ_INPUT: it is no complaint, or not complete. */
TZ_MUST tz_rc tz_inbox_read(tz_arena *mem, const char *path, json_t **ret_said, tz_text *ret_photo, tz_err *err);

#endif
