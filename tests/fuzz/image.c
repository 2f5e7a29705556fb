/* image - photos as they come: their look, and what their camera wrote. */
#include "base/date.h"
#include "formats/image.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tz_text    text = {(const char *)data, size};
    tz_image image = {0};
    tz_exif    exif;
    tz_err     err;
    int32_t    day = 0;

    tz_exif_read(text, &exif);
    tz_assert(exif.taken[0] == '\0' || (strlen(exif.taken) == TZ_TAKEN_TEXT - 1 &&
                                        tz_date_parse_iso((tz_text){exif.taken, 10}, &day)));
    tz_assert(!exif.has_place || (abs(exif.latitude_e5) <= 90 * 100000 && abs(exif.longitude_e5) <= 180 * 100000));
    if (tz_image_read(text, &image, &err) == TZ_OK)
        tz_assert(image.width > 0 && image.height > 0 && strcmp(image.exif.taken, exif.taken) == 0);
    tz_arena mem = {0};
    uint8_t *copy = tz_arena_alloc(&mem, size + 1);
    memcpy(copy, data, size);
    tz_exif_drop_place(copy, size); /* within its bytes, whatever its offsets say */
    tz_assert(copy[size] == 0);
    tz_arena_free(&mem);
    return 0;
}
