/* note - a signed root of the journal, in the form of a signed note (C2SP signed-note, tlog-checkpoint):
 *
 *     taizhang/140430/5b5f8a0dd9cae61f        origin: which journal
 *     223                                     entries
 *     CsFDZ…=                                 root, base64
 *
 *     — taizhang/140430/5b5f8a0dd9cae61f Az3g…=
 *
 * The last line is an em dash, the key's name (the origin) and base64 of 4 bytes that tell the key and
 * the SM2 signature of the text above it, its last line feed included.  The 4 bytes are the first of
 * SM3(name ‖ 0x0A ‖ 0xFF ‖ "sm2" ‖ point): 0xFF because C2SP numbers no SM2.
 */
#ifndef TZ_STORE_NOTE_H
#define TZ_STORE_NOTE_H

#include "store/sign.h"

typedef struct {
    const char *origin;
    int64_t     entries;
    tz_digest   root;
} tz_note;

/* The text of a note, signed with the key in a file. Errors as tz_key_sign. */
TZ_MUST tz_rc tz_note_sign(tz_arena *mem, const tz_note *note, const char *key_path, const char **ret_text, tz_err *err);

/* Reads a note and checks its signature. TZ_TAMPER: it is no note, or not signed by this key. */
TZ_MUST tz_rc tz_note_open(tz_arena *mem, tz_text text, const tz_public_key *key, tz_note *ret_note, tz_err *err);

/* A note as one line for paper, its four parts separated by a space: origin, entries, root, signature. */
const char *tz_note_line(tz_arena *mem, const char *text);

/* The note's text of such a line; any other text is given back as it is. */
tz_text tz_note_of_line(tz_arena *mem, tz_text text);

#endif
