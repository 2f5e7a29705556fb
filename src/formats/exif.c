/* exif - when and where a photo was taken, out of the TIFF structure that cameras put into JPEG and PNG.
 *
 * Everything is an offset into foreign bytes, so every read is by `number`, which gives 0 outside of them;
 * a structure that points at itself ends because only three lists are read, each once.
 */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "formats/image.h"

typedef struct {
    tz_text bytes; /* from the byte order mark on */
    bool    is_little;
} tiff;

enum {
    TAG_DATE_TIME = 0x0132, TAG_EXIF = 0x8769, TAG_GPS = 0x8825, TAG_TAKEN = 0x9003,
    TAG_LATITUDE_REF = 1, TAG_LATITUDE = 2, TAG_LONGITUDE_REF = 3, TAG_LONGITUDE = 4,
    ENTRY_SIZE = 12, MOST_ENTRIES = 512
};

/* The number of size bytes at an offset; 0 where it lies outside. */
static uint32_t number(const tiff *of, uint64_t at, size_t size)
{
    uint32_t value = 0;

    if (at > of->bytes.size || of->bytes.size - at < size)
        return 0;
    for (size_t i = 0; i < size; i++) {
        size_t index = of->is_little ? size - 1 - i : i;
        value = value << 8 | (uint8_t)of->bytes.data[at + index];
    }
    return value;
}

/* Where the entry of a tag stands in the list at an offset; 0 if it is not there. */
static uint64_t find_entry(const tiff *of, uint32_t list, uint32_t tag)
{
    uint32_t count = number(of, list, 2);

    if (list == 0)
        return 0;
    for (uint32_t i = 0; i < count && i < MOST_ENTRIES; i++) {
        uint64_t at = (uint64_t)list + 2 + (uint64_t)i * ENTRY_SIZE;
        if (number(of, at, 2) == tag)
            return at;
    }
    return 0;
}

/* An entry's value as an offset: of a list, or of what is longer than four bytes. */
static uint32_t offset_of(const tiff *of, uint32_t list, uint32_t tag)
{
    uint64_t entry = find_entry(of, list, tag);
    return entry == 0 ? 0 : number(of, entry + 8, 4);
}

/* "2020:01:05 10:20:30" */
static bool read_time(const tiff *of, uint32_t at, char out[TZ_TAKEN_TEXT])
{
    char    text[TZ_TAKEN_TEXT];
    int32_t day = 0;

    if (at == 0 || of->bytes.size < TZ_TAKEN_TEXT || at > of->bytes.size - TZ_TAKEN_TEXT)
        return false;
    memcpy(text, of->bytes.data + at, TZ_TAKEN_TEXT - 1);
    text[TZ_TAKEN_TEXT - 1] = '\0';
    text[4] = text[7] = '-';
    if (!tz_date_parse_iso((tz_text){text, 10}, &day) || text[10] != ' ')
        return false;
    for (int i = 11; i < 19; i++)
        if (i == 13 || i == 16 ? text[i] != ':' : text[i] < '0' || text[i] > '9')
            return false;
    memcpy(out, text, TZ_TAKEN_TEXT);
    return true;
}

/* Degrees, minutes and seconds, each a fraction, in 1/100000 of a degree; -1 for nonsense. */
static int64_t read_angle(const tiff *of, uint32_t at, int64_t most_degrees)
{
    static const int64_t PARTS[] = {1, 60, 3600};
    int64_t total = 0;

    for (uint64_t i = 0; i < 3; i++) {
        int64_t over = number(of, at + i * 8, 4), under = number(of, at + i * 8 + 4, 4);
        if (under == 0 && i == 0)
            return -1;
        if (under == 0)
            break; /* some write degrees alone */
        total += over * 100000 / PARTS[i] / under;
    }
    return total > most_degrees * 100000 ? -1 : total;
}

static void read_place(const tiff *of, uint32_t gps, tz_exif *exif)
{
    uint32_t latitude_at = offset_of(of, gps, TAG_LATITUDE), longitude_at = offset_of(of, gps, TAG_LONGITUDE);
    uint64_t south = find_entry(of, gps, TAG_LATITUDE_REF), west = find_entry(of, gps, TAG_LONGITUDE_REF);

    if (latitude_at == 0 || longitude_at == 0)
        return;
    int64_t latitude = read_angle(of, latitude_at, 90), longitude = read_angle(of, longitude_at, 180);
    if (latitude < 0 || longitude < 0 || (latitude == 0 && longitude == 0)) /* 0, 0 is what a camera without a fix writes */
        return;
    exif->has_place = true;
    exif->latitude_e5 = (int32_t)(south != 0 && number(of, south + 8, 1) == 'S' ? -latitude : latitude);
    exif->longitude_e5 = (int32_t)(west != 0 && number(of, west + 8, 1) == 'W' ? -longitude : longitude);
}

static void read_tiff(tz_text bytes, tz_exif *exif)
{
    tiff of = {.bytes = bytes, .is_little = tz_text_starts(bytes, TZ_TEXT("II"))};

    if (!of.is_little && !tz_text_starts(bytes, TZ_TEXT("MM")))
        return;
    if (number(&of, 2, 2) != 42)
        return;
    uint32_t first = number(&of, 4, 4);
    if (!read_time(&of, offset_of(&of, offset_of(&of, first, TAG_EXIF), TAG_TAKEN), exif->taken))
        (void)read_time(&of, offset_of(&of, first, TAG_DATE_TIME), exif->taken);
    read_place(&of, offset_of(&of, first, TAG_GPS), exif);
}

static size_t big(tz_text data, size_t at, size_t size)
{
    return number(&(tiff){.bytes = data}, at, size);
}

/* APP1 of a JPEG: 0xFFE1, two bytes of length, "Exif" and two zeros. */
static tz_text find_in_jpeg(tz_text data)
{
    const tz_text head = {"Exif\0", 6};

    for (size_t at = 2; at + 4 <= data.size && (uint8_t)data.data[at] == 0xFF;) {
        uint8_t marker = (uint8_t)data.data[at + 1];
        if (marker == 0xFF) { /* a filler before a marker */
            at++;
            continue;
        }
        size_t  size = big(data, at + 2, 2);
        tz_text part = tz_text_cut(data, at + 4, size < 2 ? 0 : size - 2);
        if (marker == 0xDA || size < 2) /* the picture itself begins */
            break;
        if (marker == 0xE1 && tz_text_starts(part, head))
            return tz_text_cut(part, head.size, part.size);
        at += 2 + size;
    }
    return (tz_text){0};
}

/* The chunk eXIf of a PNG. */
static tz_text find_in_png(tz_text data)
{
    for (size_t at = 8; at + 12 <= data.size;) {
        size_t size = big(data, at, 4);
        if (size > data.size - at - 12)
            break;
        if (memcmp(data.data + at + 4, "eXIf", 4) == 0)
            return tz_text_cut(data, at + 8, size);
        at += 12 + size;
    }
    return (tz_text){0};
}

static tz_text find_exif(tz_text data)
{
    if (tz_text_starts(data, TZ_TEXT("\xFF\xD8")))
        return find_in_jpeg(data);
    return tz_text_starts(data, TZ_TEXT("\x89PNG")) ? find_in_png(data) : (tz_text){0};
}

void tz_exif_read(tz_text data, tz_exif *ret_exif)
{
    tz_exif exif = {0};

    read_tiff(find_exif(data), &exif);
    *ret_exif = exif;
}

/* The bytes that values of a type take; 0 for a type that EXIF does not have. */
static uint64_t value_bytes(uint32_t type, uint32_t count)
{
    static const uint8_t SIZES[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8};
    return type < sizeof SIZES ? (uint64_t)SIZES[type] * count : 0;
}

static void blank(const tiff *of, uint8_t *bytes, uint64_t at, uint64_t size)
{
    if (at < of->bytes.size && size <= of->bytes.size - at)
        memset(bytes + at, 0, size);
}

/* A PNG's chunk has a check sum: as a chunk of another name, with nothing in it, readers pass it over. */
static void blank_chunk(const tiff *of, uint8_t *bytes)
{
    blank(of, bytes, 0, of->bytes.size);
    memcpy(bytes - 4, "zzZz", 4);
}

void tz_exif_drop_place(uint8_t *data, size_t size)
{
    tz_text whole = {(const char *)data, size}, part = find_exif(whole);
    tiff    of = {.bytes = part, .is_little = tz_text_starts(part, TZ_TEXT("II"))};
    uint32_t list = part.size == 0 ? 0 : offset_of(&of, number(&of, 4, 4), TAG_GPS), count = number(&of, list, 2);

    if (list == 0)
        return;
    uint8_t *bytes = data + (part.data - whole.data);
    if (tz_text_starts(whole, TZ_TEXT("\x89PNG"))) {
        blank_chunk(&of, bytes);
        return;
    }
    for (uint32_t i = 0; i < count && i < MOST_ENTRIES; i++) {
        uint64_t at = (uint64_t)list + 2 + (uint64_t)i * ENTRY_SIZE, long_size = value_bytes(number(&of, at + 2, 2), number(&of, at + 4, 4));
        if (long_size > 4)
            blank(&of, bytes, number(&of, at + 8, 4), long_size);
        blank(&of, bytes, at, ENTRY_SIZE);
    }
}
