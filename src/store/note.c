#include "store/note.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/assert.h"

enum { KEY_ID_SIZE = 4, MAX_NOTE_BYTES = 4096 };
static const char DASH[] = "\xE2\x80\x94 "; /* — and a space */

static void key_id(const char *name, const tz_public_key *key, uint8_t out[KEY_ID_SIZE])
{
    tz_sm3_run *run = tz_sm3_start();
    tz_sm3_add(run, name, strlen(name));
    tz_sm3_add(run, "\n\xFFsm2", 5);
    tz_sm3_add(run, key->bytes, TZ_POINT_SIZE);
    tz_digest digest = tz_sm3_end(run);
    memcpy(out, digest.bytes, KEY_ID_SIZE);
}

static const char *base64(tz_arena *mem, const void *data, size_t size)
{
    char *out = tz_arena_alloc(mem, (size + 2) / 3 * 4 + 1);
    (void)EVP_EncodeBlock((uint8_t *)out, data, (int)size);
    return out;
}

/* False unless text is canonical base64. */
static bool unbase64(tz_arena *mem, tz_text text, tz_text *ret_data)
{
    if (text.size == 0 || text.size % 4 != 0 || text.size > MAX_NOTE_BYTES)
        return false;
    char *out = tz_arena_alloc(mem, text.size);
    int   size = EVP_DecodeBlock((uint8_t *)out, (const uint8_t *)text.data, (int)text.size);
    for (size_t i = text.size; size > 0 && i > 0 && text.data[i - 1] == '='; i--)
        size--;
    if (size <= 0 || !tz_text_is(text, base64(mem, out, (size_t)size)))
        return false;
    *ret_data = (tz_text){out, (size_t)size};
    return true;
}

tz_rc tz_note_sign(tz_arena *mem, const tz_note *note, const char *key_path, const char **ret_text, tz_err *err)
{
    tz_assert(mem != NULL && note != NULL && ret_text != NULL && note->entries >= 0);
    tz_rc         rc = TZ_OK;
    tz_buf        text = tz_buf_init(mem, MAX_NOTE_BYTES), signature = tz_buf_init(mem, MAX_NOTE_BYTES);
    tz_public_key key;
    uint8_t       id[KEY_ID_SIZE];

    TZ_TRY(tz_key_public(key_path, &key, err));
    key_id(note->origin, &key, id);
    tz_buf_printf(&text, "%s\n%" PRId64 "\n%s\n", note->origin, note->entries, base64(mem, note->root.bytes, TZ_SM3_SIZE));
    tz_buf_put(&signature, (tz_text){(const char *)id, KEY_ID_SIZE});
    TZ_TRY(tz_key_sign(key_path, tz_buf_text(&text), &signature, err));
    tz_buf_printf(&text, "\n%s%s %s\n", DASH, note->origin, base64(mem, signature.data, signature.size));
    *ret_text = tz_buf_str(&text);
done:
    return rc;
}

/* The line at *at without its line feed; *at behind it. False where no line feed comes. */
static bool next_line(tz_text text, size_t *at, tz_text *ret_line)
{
    size_t end = tz_text_find(text, TZ_TEXT("\n"), *at);

    if (end == SIZE_MAX)
        return false;
    *ret_line = tz_text_cut(text, *at, end - *at);
    *at = end + 1;
    return true;
}

static bool read_note(tz_arena *mem, tz_text text, tz_text *ret_signed, tz_text *ret_signature, tz_note *note)
{
    tz_text origin, entries, root, empty, last, hash;
    size_t  at = 0;

    if (text.size > MAX_NOTE_BYTES || !next_line(text, &at, &origin) || !next_line(text, &at, &entries) || !next_line(text, &at, &root))
        return false;
    *ret_signed = tz_text_cut(text, 0, at);
    if (!next_line(text, &at, &empty) || empty.size != 0 || !next_line(text, &at, &last) || at != text.size)
        return false;
    note->origin = tz_text_dup(mem, origin);
    tz_text head = tz_text_of(tz_arena_printf(mem, "%s%s ", DASH, note->origin));
    if (origin.size == 0 || !tz_text_int(entries, &note->entries) || note->entries < 0 || !unbase64(mem, root, &hash) ||
        hash.size != TZ_SM3_SIZE || !tz_text_starts(last, head) ||
        !unbase64(mem, tz_text_cut(last, head.size, last.size), ret_signature) || ret_signature->size <= KEY_ID_SIZE)
        return false;
    memcpy(note->root.bytes, hash.data, TZ_SM3_SIZE);
    return true;
}

tz_rc tz_note_open(tz_arena *mem, tz_text text, const tz_public_key *key, tz_note *ret_note, tz_err *err)
{
    tz_assert(mem != NULL && key != NULL && ret_note != NULL);
    tz_note note = {0};
    tz_text text_signed, signature;
    uint8_t id[KEY_ID_SIZE];

    if (!read_note(mem, text, &text_signed, &signature, &note))
        return tz_fail(err, TZ_TAMPER, "不是存证的签名文本", "this is no signed note of a journal");
    key_id(note.origin, key, id);
    if (memcmp(signature.data, id, KEY_ID_SIZE) != 0 ||
        !tz_key_verifies(key, text_signed, tz_text_cut(signature, KEY_ID_SIZE, signature.size)))
        return tz_fail(err, TZ_TAMPER, "签名与公钥不符", "the note is not signed by this key");
    *ret_note = note;
    return TZ_OK;
}

/* ---- On paper ---- */

const char *tz_note_line(tz_arena *mem, const char *text)
{
    tz_buf  out = tz_buf_init(mem, 0);
    tz_text line, all = tz_text_of(text);
    size_t  at = 0;

    for (int i = 0; i < 3; i++) {
        bool is_there = next_line(all, &at, &line);
        tz_assert(is_there); /* a note of ours */
        tz_buf_put(&out, line);
        tz_buf_char(&out, ' ');
    }
    const char *last = strrchr(text, ' ');
    tz_assert(last != NULL);
    tz_buf_put(&out, (tz_text){last + 1, strcspn(last + 1, "\n")});
    return tz_buf_str(&out);
}

tz_text tz_note_of_line(tz_arena *mem, tz_text text)
{
    tz_text parts[4];
    size_t  count = 0, at = 0;

    while (at < text.size && count < 4) {
        size_t size = 0;
        while (at + size < text.size && strchr(" \r\n\t", text.data[at + size]) == NULL)
            size++;
        if (size > 0)
            parts[count++] = tz_text_cut(text, at, size);
        at += size + 1;
    }
    if (count < 4 || at < text.size || tz_text_find(tz_text_cut(text, 0, text.size - 1), TZ_TEXT("\n"), 0) != SIZE_MAX)
        return text;
    return tz_text_of(tz_arena_printf(mem, "%.*s\n%.*s\n%.*s\n\n%s%.*s %.*s\n", TZ_FMT(parts[0]), TZ_FMT(parts[1]), TZ_FMT(parts[2]), DASH,
                                      TZ_FMT(parts[0]), TZ_FMT(parts[3])));
}
