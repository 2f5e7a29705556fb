#include "formats/decode.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"

enum {
    BLOCK_BYTES = 65536,
    LONGEST = 4,      /* bytes of one character in any of the encodings */
    DAMAGE_BYTES = 16 /* what at most is written for one broken unit    */
};

/* ---- Bytes ---- */

typedef struct {
    int     fd; /* -1: data */
    tz_text data;
    size_t  at;
} bytes;

static tz_rc bytes_open(const tz_source *source, bytes *ret_bytes, tz_err *err)
{
    int fd = source->path == NULL ? -1 : open(source->path, O_RDONLY | O_CLOEXEC);

    if (source->path != NULL && fd < 0)
        return tz_fail(err, TZ_MISSING, "打不开文件:%s", "can't open the file: %s", strerror(errno));
    *ret_bytes = (bytes){.fd = fd, .data = source->data};
    return TZ_OK;
}

static void bytes_close(bytes *from)
{
    if (from->fd >= 0)
        (void)close(from->fd);
    from->fd = -1;
}

/* Fills out as far as there is something; *ret_size less than room only at the end. */
static tz_rc bytes_read(bytes *from, char *out, size_t room, size_t *ret_size, tz_err *err)
{
    size_t size = 0;

    if (from->fd < 0) {
        size = from->data.size - from->at < room ? from->data.size - from->at : room;
        if (size > 0)
            memcpy(out, from->data.data + from->at, size);
        from->at += size;
        *ret_size = size;
        return TZ_OK;
    }
    while (size < room) {
        ssize_t got = read(from->fd, out + size, room - size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return tz_fail(err, TZ_SYSTEM, "读文件失败:%s", "reading the file failed: %s", strerror(errno));
        if (got == 0)
            break;
        size += (size_t)got;
    }
    *ret_size = size;
    return TZ_OK;
}

tz_rc tz_source_head(const tz_source *source, char *out, size_t room, size_t *ret_size, tz_err *err)
{
    tz_assert(source != NULL && out != NULL && ret_size != NULL);
    bytes from;
    tz_rc rc = bytes_open(source, &from, err);

    if (rc != TZ_OK)
        return rc;
    rc = bytes_read(&from, out, room, ret_size, err);
    bytes_close(&from);
    return rc;
}

/* ---- UTF-8 ---- */

int tz_utf8_length(tz_text text)
{
    const unsigned char *at = (const unsigned char *)text.data;
    unsigned char lead = at[0], low = 0x80, high = 0xBF; /* what the second byte may be */
    int size;

    if (lead < 0x80)
        return 1;
    if (lead < 0xC2 || lead > 0xF4)
        return -1;
    size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : low;
    high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : high;
    for (int i = 1; i < size; i++) {
        if ((size_t)i >= text.size)
            return 0;
        if (at[i] < low || at[i] > high)
            return -1;
        low = 0x80;
        high = 0xBF;
    }
    return size;
}

/* How many bytes from the start of text are ASCII, eight at a time. */
static size_t ascii_run(tz_text text)
{
    size_t at = 0;

    for (; at + 8 <= text.size; at += 8) {
        uint64_t eight;
        memcpy(&eight, text.data + at, 8);
        if ((eight & 0x8080808080808080u) != 0)
            break;
    }
    while (at < text.size && (unsigned char)text.data[at] < 0x80)
        at++;
    return at;
}

/* ---- Which encoding ---- */

typedef struct {
    size_t  zeros_even, zeros_odd, controls; /* of the first block */
    size_t  first_bytes;                     /* its size           */
    int64_t utf8_good, utf8_bad;             /* characters beyond ASCII; broken bytes */
    int64_t replaced;                        /* U+FFFD: was broken before it came     */
} first_look;

/* Pairs of bytes read as a Chinese encoding. */
typedef struct {
    int64_t pairs;
    int64_t bad;
    int64_t gb_common;   /* GB2312's symbols and first level: 99 % of simplified text         */
    int64_t big5_common; /* Big5's symbols and frequent characters: 99 % of traditional text  */
    int64_t low;         /* the second byte below 0xA1: rare in GB18030, every third in Big5  */
    int64_t ascii;       /* the second byte a letter: Latin text, "é" before a consonant      */
} pair_look;

static void look_at_first(tz_text block, first_look *look)
{
    for (size_t i = 0; i < block.size; i++) {
        unsigned char c = (unsigned char)block.data[i];
        if (c == 0)
            *(i % 2 == 0 ? &look->zeros_even : &look->zeros_odd) += 1;
        look->controls += c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1A;
    }
    look->first_bytes = block.size;
}

/* Counts whole characters; what is left at the end of the block is returned as its size. */
static size_t count_utf8(tz_text block, bool is_last, first_look *look)
{
    size_t at = 0;

    while (at < block.size) {
        at += ascii_run((tz_text){block.data + at, block.size - at});
        if (at >= block.size)
            break;
        int size = tz_utf8_length((tz_text){block.data + at, block.size - at});
        if (size == 0 && !is_last)
            return block.size - at;
        look->utf8_good += size > 0;
        look->utf8_bad += size <= 0;
        look->replaced += size == 3 && memcmp(block.data + at, "\xEF\xBF\xBD", 3) == 0;
        at += size > 0 ? (size_t)size : 1;
    }
    return 0;
}

static size_t count_pairs(tz_text block, bool is_last, pair_look *look)
{
    const unsigned char *bytes_at = (const unsigned char *)block.data;
    size_t at = 0;

    while (at < block.size) {
        at += ascii_run((tz_text){block.data + at, block.size - at});
        if (at >= block.size)
            break;
        if (at + LONGEST > block.size && !is_last)
            return block.size - at;
        unsigned char lead = bytes_at[at], trail = at + 1 < block.size ? bytes_at[at + 1] : 0;
        bool is_four = trail >= '0' && trail <= '9';
        if (lead == 0x80 || lead == 0xFF || (trail < 0x40 && !is_four) || trail == 0x7F || trail == 0xFF) {
            look->bad++;
            at++;
            continue;
        }
        look->pairs++;
        look->low += trail < 0xA1;
        look->ascii += trail < 0x80;
        look->gb_common += trail >= 0xA1 && ((lead >= 0xA1 && lead <= 0xA3) || (lead >= 0xB0 && lead <= 0xD7));
        look->big5_common += lead >= 0xA1 && lead <= 0xC6 && (trail < 0x7F || trail > 0xA0);
        at += is_four ? 4 : 2;
    }
    return 0;
}

/* One pass over all blocks; what a block leaves of a character goes before the next. */
static tz_rc look_through(tz_arena *mem, const tz_source *source, first_look *first, pair_look *pairs, tz_err *err)
{
    tz_rc  rc = TZ_OK;
    bytes  from = {.fd = -1};
    char  *block = tz_arena_alloc(mem, BLOCK_BYTES + LONGEST);
    size_t kept = 0, size = 0;
    bool   is_first = true;

    TZ_TRY(bytes_open(source, &from, err));
    do {
        TZ_TRY(bytes_read(&from, block + kept, BLOCK_BYTES, &size, err));
        tz_text text = {block, kept + size};
        if (is_first && first != NULL)
            look_at_first(text, first);
        is_first = false;
        kept = first != NULL ? count_utf8(text, size == 0, first) : count_pairs(text, size == 0, pairs);
        memmove(block, block + text.size - kept, kept);
    } while (size > 0);
done:
    bytes_close(&from);
    return rc;
}

/* By what the pairs of bytes are. The shares were measured on the corpora that docs/format/files.md names. */
static const char *legacy_encoding(const pair_look *look)
{
    if (look->ascii * 2 > look->pairs && look->big5_common * 10 < look->pairs * 9)
        return "windows-1252";
    if (look->low * 4 > look->pairs && look->big5_common * 10 > look->pairs * 9)
        return "big5";
    if (look->pairs > 50 && look->low == 0 && look->gb_common * 5 < look->pairs * 4)
        return "euc-tw";
    return "gb18030";
}

static bool find_mark(tz_text head, tz_encoding *encoding)
{
    static const struct {
        const char *mark;
        size_t      size;
        const char *name;
    } MARKS[] = {{"\xEF\xBB\xBF", 3, "utf-8"}, {"\xFF\xFE", 2, "utf-16le"}, {"\xFE\xFF", 2, "utf-16be"}};

    for (size_t i = 0; i < sizeof MARKS / sizeof MARKS[0]; i++)
        if (tz_text_starts(head, (tz_text){MARKS[i].mark, MARKS[i].size})) {
            encoding->name = MARKS[i].name;
            encoding->mark_bytes = MARKS[i].size;
            return true;
        }
    return false;
}

/* UTF-16 without a mark: line ends, digits and commas have a zero byte, always on the same side. */
static const char *bare_utf16(const first_look *look)
{
    size_t pairs = look->first_bytes / 2;

    if (look->first_bytes % 2 != 0) /* a short file that no pairs make up */
        return NULL;
    if (look->zeros_odd * 50 > pairs && look->zeros_even * 20 < look->zeros_odd)
        return "utf-16le";
    if (look->zeros_even * 50 > pairs && look->zeros_odd * 20 < look->zeros_even)
        return "utf-16be";
    return NULL;
}

tz_rc tz_encoding_find(tz_arena *mem, const tz_source *source, tz_encoding *ret_encoding, tz_err *err)
{
    tz_assert(mem != NULL && source != NULL && ret_encoding != NULL);
    tz_rc       rc = TZ_OK;
    char        head[4];
    size_t      head_bytes = 0;
    first_look  look = {0};
    pair_look   pairs = {0};
    tz_encoding encoding = {.name = "utf-8"};

    TZ_TRY(tz_source_head(source, head, sizeof head, &head_bytes, err));
    bool has_mark = find_mark((tz_text){head, head_bytes}, &encoding);
    TZ_TRY(look_through(mem, source, &look, NULL, err));
    const char *wide = has_mark ? NULL : bare_utf16(&look);
    if (wide != NULL)
        encoding.name = wide;
    bool is_wide = encoding.name[3] == '-' && encoding.name[4] == '1';
    encoding.is_text = is_wide || (look.zeros_even + look.zeros_odd == 0 && look.controls * 100 <= look.first_bytes);
    /* A broken byte among good characters is damage. Text in GB18030 read as UTF-8 has four to one or worse. */
    if (!has_mark && !is_wide && look.utf8_bad * 4 > look.utf8_good) {
        TZ_TRY(look_through(mem, source, NULL, &pairs, err));
        encoding.name = legacy_encoding(&pairs);
    }
    encoding.is_damaged = look.utf8_bad + look.replaced > 0 || is_wide;
    *ret_encoding = encoding;
done:
    return rc;
}

/* ---- Decoding ---- */

struct tz_decoder {
    bytes   from;
    iconv_t converter; /* (iconv_t)-1: UTF-8 */
    bool    is_plain;  /* UTF-8 without damage: handed on as it is */
    bool    is_wide;
    bool    is_end; /* the source is */
    char   *block;
    size_t  at, size; /* what of it is not decoded yet */
};

tz_rc tz_decoder_open(tz_arena *mem, const tz_source *source, const tz_encoding *encoding,
                      tz_decoder **ret_decoder, tz_err *err)
{
    tz_assert(mem != NULL && source != NULL && encoding != NULL && ret_decoder != NULL);
    tz_decoder *decoder = tz_new(mem, tz_decoder);
    char        mark[4];
    size_t      size = 0;
    tz_rc       rc = TZ_OK;
    bool        is_utf8 = strcmp(encoding->name, "utf-8") == 0;

    decoder->from.fd = -1;
    decoder->converter = (iconv_t)-1;
    decoder->is_plain = is_utf8 && !encoding->is_damaged;
    decoder->is_wide = strncmp(encoding->name, "utf-16", 6) == 0;
    TZ_TRY(bytes_open(source, &decoder->from, err));
    TZ_TRY(bytes_read(&decoder->from, mark, encoding->mark_bytes, &size, err));
    if (!decoder->is_plain)
        decoder->block = tz_arena_alloc(mem, BLOCK_BYTES);
    if (!is_utf8)
        decoder->converter = iconv_open("UTF-8", encoding->name);
    if (!is_utf8 && decoder->converter == (iconv_t)-1)
        rc = tz_fail(err, TZ_SYSTEM, "系统缺少编码 %s", "the system lacks the encoding %s", encoding->name);
done:
    if (rc == TZ_OK)
        *ret_decoder = decoder;
    else
        tz_decoder_close(decoder);
    return rc;
}

void tz_decoder_close(tz_decoder *decoder)
{
    if (decoder == NULL)
        return;
    bytes_close(&decoder->from);
    if (decoder->converter != (iconv_t)-1)
        (void)iconv_close(decoder->converter);
    decoder->converter = (iconv_t)-1;
}

/* Moves what is left to the front and reads on behind it. */
static tz_rc refill(tz_decoder *decoder, tz_err *err)
{
    size_t size = 0;

    if (decoder->at > 0)
        memmove(decoder->block, decoder->block + decoder->at, decoder->size - decoder->at);
    decoder->size -= decoder->at;
    decoder->at = 0;
    if (decoder->is_end)
        return TZ_OK;
    tz_rc rc = bytes_read(&decoder->from, decoder->block + decoder->size, BLOCK_BYTES - decoder->size, &size, err);
    decoder->is_end = decoder->size + size < BLOCK_BYTES;
    decoder->size += size;
    return rc;
}

/* "�[B3]" for one broken byte, "�[D8][00]" for a broken half of UTF-16. */
static size_t write_damage(tz_decoder *decoder, char *out)
{
    size_t units = decoder->is_wide && decoder->size - decoder->at > 1 ? 2 : 1, size = 3;

    memcpy(out, "\xEF\xBF\xBD", 3);
    for (; units > 0; units--)
        size += (size_t)snprintf(out + size, DAMAGE_BYTES - size, "[%02X]",
                                 (unsigned char)decoder->block[decoder->at++]);
    return size;
}

/* Whole characters from the block to out, until one is broken, cut by the block's end, or out is full. */
static size_t copy_utf8(tz_decoder *decoder, char *out, size_t room, bool *ret_is_broken)
{
    size_t done_bytes = 0;

    *ret_is_broken = false;
    while (decoder->at < decoder->size && done_bytes + LONGEST <= room) {
        tz_text rest = {decoder->block + decoder->at, decoder->size - decoder->at};
        size_t  run = ascii_run((tz_text){rest.data, rest.size < room - done_bytes ? rest.size : room - done_bytes});
        int     size = run > 0 ? (int)run : tz_utf8_length(rest);
        if (size <= 0) {
            *ret_is_broken = size < 0 || decoder->is_end;
            break;
        }
        memcpy(out + done_bytes, rest.data, (size_t)size);
        done_bytes += (size_t)size;
        decoder->at += (size_t)size;
    }
    return done_bytes;
}

static size_t convert(tz_decoder *decoder, char *out, size_t room, bool *ret_is_broken)
{
    char  *in = decoder->block + decoder->at, *to = out;
    size_t left = decoder->size - decoder->at, free_bytes = room;

    *ret_is_broken = false;
    if (iconv(decoder->converter, &in, &left, &to, &free_bytes) == (size_t)-1)
        *ret_is_broken = errno == EILSEQ || (errno == EINVAL && decoder->is_end);
    decoder->at = decoder->size - left;
    return room - free_bytes;
}

tz_rc tz_decoder_read(tz_decoder *decoder, char *out, size_t room, size_t *ret_size, tz_err *err)
{
    tz_assert(decoder != NULL && out != NULL && room >= 64 && ret_size != NULL);
    size_t size = 0;

    if (decoder->is_plain)
        return bytes_read(&decoder->from, out, room, ret_size, err);
    while (size + DAMAGE_BYTES + LONGEST < room) {
        bool is_broken = false;
        if (decoder->size - decoder->at < LONGEST && !decoder->is_end) {
            tz_rc rc = refill(decoder, err);
            if (rc != TZ_OK)
                return rc;
        }
        if (decoder->at == decoder->size)
            break;
        size_t space = room - size - DAMAGE_BYTES, before = size;
        size += decoder->converter == (iconv_t)-1 ? copy_utf8(decoder, out + size, space, &is_broken)
                                                  : convert(decoder, out + size, space, &is_broken);
        if (is_broken)
            size += write_damage(decoder, out + size);
        if (size == before)
            break; /* the next character needs more room than is left */
    }
    *ret_size = size;
    return TZ_OK;
}
