#include "formats/strip.h"

#include <string.h>

#include "base/assert.h"

typedef struct {
    const uint8_t *bytes;
    size_t         size, at;
    tz_buf         out;
} stripping;

static tz_rc fail_photo(tz_err *err)
{
    (void)tz_fail(err, TZ_INPUT, "照片不是 JPEG 或 PNG,或不完整", "the photo is no JPEG or PNG, or it breaks off");
    return tz_err_advise(err, "请换一张照片,或不附照片", "send another photo, or none");
}

static void copy(stripping *of, size_t size)
{
    tz_buf_put(&of->out, (tz_text){(const char *)of->bytes + of->at, size});
    of->at += size;
}

/* ---- JPEG ---- */

enum { START = 0xD8, END = 0xD9, SCAN = 0xDA, COMMENT = 0xFE, JFIF = 0xE0, ADOBE = 0xEE, FIRST_APP = 0xE0, LAST_APP = 0xEF };

/* JFIF and Adobe's note stay in the size that holds nothing else: longer, they carry a thumbnail of the photo. */
static bool stays(uint8_t marker, tz_text segment)
{
    enum { JFIF_BYTES = 18, ADOBE_BYTES = 16, BEHIND_SIZE = 4 };
    tz_text said = tz_text_cut(segment, BEHIND_SIZE, segment.size);

    if (marker == JFIF)
        return segment.size == JFIF_BYTES && tz_text_starts(said, (tz_text){"JFIF", 5});
    if (marker == ADOBE)
        return segment.size == ADOBE_BYTES && tz_text_starts(said, TZ_TEXT("Adobe"));
    return marker != COMMENT && (marker < FIRST_APP || marker > LAST_APP);
}

/* Copies coded pixels up to the next marker that is no restart. False: there is none. */
static bool copy_scan(stripping *of)
{
    size_t end = of->at;

    while (end + 1 < of->size) {
        uint8_t next = of->bytes[end + 1];
        if (of->bytes[end] == 0xFF && next != 0 && next != 0xFF && !(next >= 0xD0 && next <= 0xD7))
            break;
        end++;
    }
    if (end + 1 >= of->size)
        return false;
    copy(of, end - of->at);
    return true;
}

static bool strip_jpeg(stripping *of)
{
    copy(of, 2);
    while (of->at + 4 <= of->size || (of->at + 2 <= of->size && of->bytes[of->at + 1] == END)) {
        uint8_t marker = of->bytes[of->at + 1];
        if (of->bytes[of->at] != 0xFF)
            return false;
        if (marker == 0xFF) { /* a filler before a marker */
            of->at++;
            continue;
        }
        if (marker == END) {
            copy(of, 2);
            return true;
        }
        size_t size = 2 + ((size_t)of->bytes[of->at + 2] << 8 | of->bytes[of->at + 3]);
        if (size < 4 || size > of->size - of->at || marker == START)
            return false;
        if (stays(marker, (tz_text){(const char *)of->bytes + of->at, size}))
            copy(of, size);
        else
            of->at += size;
        if (marker == SCAN && !copy_scan(of))
            return false;
    }
    return false;
}

/* ---- PNG ---- */

static const char PNG[] = "\x89PNG\r\n\x1a\n";

static bool strip_png(stripping *of)
{
    static const char NEEDED[][5] = {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "pHYs"};

    copy(of, 8);
    while (of->size - of->at >= 12) {
        const uint8_t *head = of->bytes + of->at;
        size_t         size = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
        bool           is_needed = false;
        if (size > of->size - of->at - 12)
            return false;
        for (size_t i = 0; i < sizeof NEEDED / sizeof NEEDED[0]; i++)
            is_needed |= memcmp(head + 4, NEEDED[i], 4) == 0;
        bool is_end = memcmp(head + 4, "IEND", 4) == 0;
        if (is_needed)
            copy(of, size + 12);
        else
            of->at += size + 12;
        if (is_end)
            return true;
    }
    return false;
}

tz_rc tz_photo_strip(tz_arena *mem, tz_text data, tz_text *ret_data, const char **ret_ending, tz_err *err)
{
    tz_assert(mem != NULL && ret_data != NULL && ret_ending != NULL);
    stripping of = {.bytes = (const uint8_t *)data.data, .size = data.size, .out = tz_buf_init(mem, data.size + 1)};
    bool      is_jpeg = tz_text_starts(data, TZ_TEXT("\xFF\xD8\xFF")), is_png = tz_text_starts(data, (tz_text){PNG, 8});

    if (!(is_jpeg && strip_jpeg(&of)) && !(is_png && strip_png(&of)))
        return fail_photo(err);
    *ret_data = tz_buf_text(&of.out);
    *ret_ending = is_jpeg ? "jpg" : "png";
    return TZ_OK;
}
