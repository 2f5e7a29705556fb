#include "ledger/inbox.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/hash.h"
#include "formats/strip.h"
#include "ledger/receipt.h"

static const char FORMAT[] = "taizhang-complaint/1";
enum { SEAL_SIZE = TZ_SM3_HEX - 1 };

/* ---- Writing ---- */

static tz_rc judge(const tz_saying_in *saying, tz_err *err)
{
    if (saying->text == NULL || saying->text[0] == '\0')
        return tz_fail(err, TZ_INPUT, "请写明反映的事情", "say what happened");
    if (strlen(saying->text) > TZ_INBOX_TEXT_BYTES)
        return tz_fail(err, TZ_INPUT, "内容过长,请不超过 6000 字", "the text is too long: 6000 characters at most");
    if ((saying->place != NULL && strlen(saying->place) > TZ_INBOX_LINE_BYTES) ||
        (saying->about != NULL && strlen(saying->about) > TZ_INBOX_LINE_BYTES))
        return tz_fail(err, TZ_INPUT, "地点和对象请不超过 120 字", "place and whom it is about: 120 characters at most");
    if (saying->photo.size > TZ_INBOX_PHOTO_BYTES)
        return tz_fail(err, TZ_INPUT, "照片请不超过 10 MB", "a photo has 10 MB at most");
    return TZ_OK;
}

static json_t *said_json(const tz_saying_in *saying, const char *hash, const char *ending)
{
    json_t *said = json_object();

    tz_json_set_str(said, "format", FORMAT);
    tz_json_set_str(said, "receipt", hash);
    tz_json_set_str(said, "day", saying->day);
    tz_json_set_str(said, "text", saying->text);
    tz_json_set_str(said, "place", saying->place);
    tz_json_set_str(said, "about", saying->about);
    tz_json_set_str(said, "photo", ending);
    return said;
}

/* A new file, all of it or an error: no name is changed and nothing read, so that the right to make files is enough. */
static tz_rc write_new(const char *path, tz_text data, tz_err *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0660);

    if (fd < 0)
        return tz_fail(err, TZ_SYSTEM, "收件夹写不进:%s", "the inbox can't be written: %s", strerror(errno));
    while (data.size > 0) {
        ssize_t size = write(fd, data.data, data.size);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0)
            break;
        data = tz_text_cut(data, (size_t)size, data.size);
    }
    bool is_kept = data.size == 0 && fsync(fd) == 0;
    is_kept = close(fd) == 0 && is_kept;
    return is_kept ? TZ_OK : tz_fail(err, TZ_SYSTEM, "收件夹写不进:%s", "the inbox can't be written: %s", strerror(errno));
}

tz_rc tz_inbox_put(tz_arena *mem, const char *folder, const tz_saying_in *saying, char *ret_receipt, tz_err *err)
{
    tz_assert(mem != NULL && folder != NULL && saying != NULL && saying->day != NULL && ret_receipt != NULL);
    tz_rc       rc = TZ_OK;
    tz_text     photo = {0};
    const char *ending = NULL;
    char        receipt[TZ_RECEIPT_TEXT], hash[TZ_RECEIPT_HASH], seal[TZ_SM3_HEX];
    tz_buf      out = tz_buf_init(mem, 0);
    json_t     *said = NULL;

    TZ_TRY(judge(saying, err));
    if (saying->photo.size > 0)
        TZ_TRY(tz_photo_strip(mem, saying->photo, &photo, &ending, err));
    tz_receipt_make(receipt);
    tz_assert(tz_receipt_read(tz_text_of(receipt), hash));
    said = said_json(saying, hash, ending);
    tz_json_canonical(said, &out);
    tz_buf_char(&out, '\n');
    tz_buf_put(&out, photo);
    tz_digest digest = tz_sm3(out.data, out.size);
    tz_digest_hex(&digest, seal);
    tz_buf_puts(&out, seal);
    TZ_TRY(write_new(tz_arena_printf(mem, "%s/%s", folder, hash), tz_buf_text(&out), err));
    memcpy(ret_receipt, receipt, TZ_RECEIPT_TEXT);
done:
    json_decref(said);
    return rc;
}

/* ---- Reading ---- */

static tz_rc fail_none(tz_err *err)
{
    return tz_fail(err, TZ_INPUT, "不是一份完整的反映", "this is no complete complaint");
}

/* What the public's process writes is foreign here: it is read with as much doubt as any file. */
static bool is_said(const json_t *said, const char *name)
{
    const char *format = tz_json_str(said, "format"), *receipt = tz_json_str(said, "receipt"), *text = tz_json_str(said, "text");
    const char *place = tz_json_str(said, "place"), *about = tz_json_str(said, "about"), *day = tz_json_str(said, "day");
    const char *photo = tz_json_str(said, "photo");

    return format != NULL && strcmp(format, FORMAT) == 0 && receipt != NULL && strcmp(receipt, name) == 0 &&
           strlen(receipt) == TZ_RECEIPT_HASH - 1 && strspn(receipt, "0123456789abcdef") == TZ_RECEIPT_HASH - 1 && text != NULL &&
           text[0] != '\0' && strlen(text) <= TZ_INBOX_TEXT_BYTES && (place == NULL || strlen(place) <= TZ_INBOX_LINE_BYTES) &&
           (about == NULL || strlen(about) <= TZ_INBOX_LINE_BYTES) && day != NULL && strlen(day) == 10 &&
           (photo == NULL || strcmp(photo, "jpg") == 0 || strcmp(photo, "png") == 0);
}

tz_rc tz_inbox_read(tz_arena *mem, const char *path, json_t **ret_said, tz_text *ret_photo, tz_err *err)
{
    tz_assert(mem != NULL && path != NULL && ret_said != NULL && ret_photo != NULL);
    tz_rc       rc = TZ_OK;
    tz_err      ignored;
    tz_text     data = {0}, photo = {0}, stripped = {0};
    json_t     *said = NULL;
    char        seal[TZ_SM3_HEX];
    const char *ending = NULL;

    TZ_TRY(tz_file_load(mem, path, TZ_INBOX_PHOTO_BYTES + 4 * TZ_INBOX_TEXT_BYTES, &data, err));
    size_t end = tz_text_find(data, TZ_TEXT("\n"), 0);
    if (end == SIZE_MAX || data.size < end + 1 + SEAL_SIZE) {
        rc = fail_none(err);
        goto done;
    }
    tz_digest digest = tz_sm3(data.data, data.size - SEAL_SIZE);
    tz_digest_hex(&digest, seal);
    if (memcmp(seal, data.data + data.size - SEAL_SIZE, SEAL_SIZE) != 0 || tz_json_parse(tz_text_cut(data, 0, end), &said, &ignored) != TZ_OK ||
        !is_said(said, tz_file_base(path))) {
        rc = fail_none(err);
        goto done;
    }
    photo = tz_text_cut(data, end + 1, data.size - SEAL_SIZE - end - 1);
    if (tz_json_str(said, "photo") != NULL)
        TZ_TRY(tz_photo_strip(mem, photo, &stripped, &ending, err));
    *ret_said = json_incref(said);
    *ret_photo = stripped;
done:
    json_decref(said);
    return rc;
}
