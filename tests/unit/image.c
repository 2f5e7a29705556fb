/* Images: the same photo saved again looks alike, another does not; what a camera wrote; broken bytes. */
#include "../test.h"

#include <jpeglib.h>
#include <png.h>

#include "formats/image.h"

typedef struct { uint8_t *grey; int32_t width, height; } drawing;

/* A wall with windows, as a seed says, and a gradient of light. */
static drawing draw(tz_arena *mem, int32_t width, int32_t height, uint64_t seed)
{
    drawing of = {tz_new_array(mem, uint8_t, (size_t)width * (size_t)height), width, height};
    uint8_t field[12][12];

    for (int i = 0; i < 144; i++)
        field[i / 12][i % 12] = (uint8_t)(test_next(&seed) % 160 + 40);
    for (int32_t y = 0; y < height; y++)
        for (int32_t x = 0; x < width; x++)
            of.grey[(size_t)y * (size_t)width + (size_t)x] = (uint8_t)(field[y * 12 / height][x * 12 / width] + x * 40 / width);
    return of;
}

static tz_text as_jpeg(tz_arena *mem, drawing of, int quality, bool is_progressive)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr       error;
    unsigned char *bytes = NULL;
    unsigned long  size = 0;

    jpeg.err = jpeg_std_error(&error);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, &size);
    jpeg.image_width = (JDIMENSION)of.width;
    jpeg.image_height = (JDIMENSION)of.height;
    jpeg.input_components = 1;
    jpeg.in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, quality, TRUE);
    if (is_progressive)
        jpeg_simple_progression(&jpeg);
    jpeg_start_compress(&jpeg, TRUE);
    for (int32_t y = 0; y < of.height; y++) {
        uint8_t *row = of.grey + (size_t)y * (size_t)of.width;
        (void)jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    tz_text kept = tz_text_keep(mem, (tz_text){(char *)bytes, size});
    free(bytes);
    return kept;
}

static tz_text as_png(tz_arena *mem, drawing of)
{
    png_image        png = {.version = PNG_IMAGE_VERSION, .width = (png_uint_32)of.width, .height = (png_uint_32)of.height,
                            .format = PNG_FORMAT_GRAY};
    png_alloc_size_t size = 0;

    assert_int_not_equal(png_image_write_to_memory(&png, NULL, &size, 0, of.grey, 0, NULL), 0);
    char *bytes = tz_new_array(mem, char, size);
    assert_int_not_equal(png_image_write_to_memory(&png, bytes, &size, 0, of.grey, 0, NULL), 0);
    return (tz_text){bytes, size};
}

static tz_image read(tz_text data)
{
    tz_image image;
    tz_err     err = {0};

    if (tz_image_read(data, &image, &err) != TZ_OK)
        fail_msg("%s", err.en);
    return image;
}

static void knows_the_same_photo(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        tz_arena   mem = {0};
        drawing    large = draw(&mem, 900, 640, seed), small = draw(&mem, 300, 213, seed), other = draw(&mem, 900, 640, seed + 100);
        uint64_t   look = read(as_jpeg(&mem, large, 92, false)).look;
        const tz_text again[] = {as_jpeg(&mem, large, 40, true), as_jpeg(&mem, small, 75, false), as_png(&mem, large)};
        for (size_t i = 0; i < COUNT(again); i++)
            if (tz_look_distance(look, read(again[i]).look) > 3)
                fail_msg("seed %llu, copy %zu: %d bits", (unsigned long long)seed, i, tz_look_distance(look, read(again[i]).look));
        assert_true(tz_look_distance(look, read(as_jpeg(&mem, other, 92, false)).look) > 10);
        tz_arena_free(&mem);
    }
}

/* ---- EXIF ---- */

static void put(tz_buf *out, bool is_little, uint32_t value, int size)
{
    for (int i = 0; i < size; i++)
        tz_buf_char(out, (char)(value >> 8 * (is_little ? i : size - 1 - i)));
}

static void entry(tz_buf *out, bool is_little, uint32_t tag, uint32_t type, uint32_t count, uint32_t value)
{
    put(out, is_little, tag, 2);
    put(out, is_little, type, 2);
    put(out, is_little, count, 4);
    put(out, is_little, value, 4);
}

/* IFD0 at 8 with the Exif list at 64 and the GPS list at 100; the time at 160, latitude at 184, longitude at 208. */
static tz_text a_tiff(tz_arena *mem, bool is_little, const char *taken, uint32_t degrees)
{
    tz_buf out = tz_buf_init(mem, 0);

    tz_buf_puts(&out, is_little ? "II" : "MM");
    put(&out, is_little, 42, 2);
    put(&out, is_little, 8, 4);
    put(&out, is_little, 2, 2);
    entry(&out, is_little, 0x8769, 4, 1, 64);
    entry(&out, is_little, 0x8825, 4, 1, 100);
    while (out.size < 64)
        tz_buf_char(&out, '\0');
    put(&out, is_little, 1, 2);
    entry(&out, is_little, 0x9003, 2, 20, 160);
    while (out.size < 100)
        tz_buf_char(&out, '\0');
    put(&out, is_little, 4, 2);
    entry(&out, is_little, 1, 2, 2, is_little ? 'N' : 'N' << 24);
    entry(&out, is_little, 2, 5, 3, 184);
    entry(&out, is_little, 3, 2, 2, is_little ? 'W' : 'W' << 24);
    entry(&out, is_little, 4, 5, 3, 208);
    while (out.size < 160)
        tz_buf_char(&out, '\0');
    tz_buf_put(&out, (tz_text){taken, 20});
    while (out.size < 184)
        tz_buf_char(&out, '\0');
    const uint32_t parts[] = {degrees, 1, 45, 1, 3000, 100, 112, 1, 30, 1, 0, 1};
    for (int i = 0; i < 12; i++)
        put(&out, is_little, parts[i], 4);
    return tz_buf_text(&out);
}

static tz_text in_jpeg(tz_arena *mem, tz_text tiff, tz_text jpeg)
{
    tz_buf out = tz_buf_init(mem, 0);

    tz_buf_put(&out, (tz_text){jpeg.data, 2});
    tz_buf_put(&out, TZ_TEXT("\xFF\xE1"));
    put(&out, false, (uint32_t)tiff.size + 8, 2);
    tz_buf_put(&out, (tz_text){"Exif\0", 6});
    tz_buf_put(&out, tiff);
    tz_buf_put(&out, tz_text_cut(jpeg, 2, jpeg.size));
    return tz_buf_text(&out);
}

/* The same with bytes that fill the room before a marker. */
static tz_text filled(tz_arena *mem, tz_text jpeg)
{
    tz_buf out = tz_buf_init(mem, 0);

    tz_buf_put(&out, (tz_text){jpeg.data, 2});
    tz_buf_put(&out, TZ_TEXT("\xFF\xFF"));
    tz_buf_put(&out, tz_text_cut(jpeg, 2, jpeg.size));
    return tz_buf_text(&out);
}

static tz_text in_png(tz_arena *mem, tz_text tiff, tz_text png)
{
    tz_buf out = tz_buf_init(mem, 0);

    tz_buf_put(&out, tz_text_cut(png, 0, 33)); /* the signature and IHDR */
    put(&out, false, (uint32_t)tiff.size, 4);
    tz_buf_puts(&out, "eXIf");
    tz_buf_put(&out, tiff);
    put(&out, false, 0, 4);
    tz_buf_put(&out, tz_text_cut(png, 33, png.size));
    return tz_buf_text(&out);
}

static void reads_what_the_camera_wrote(void **state)
{
    (void)state;
    tz_arena mem = {0};
    drawing  of = draw(&mem, 40, 40, 1);
    tz_text  jpeg = as_jpeg(&mem, of, 80, false), png = as_png(&mem, of);

    for (int is_little = 0; is_little < 2; is_little++) {
        tz_text files[] = {in_jpeg(&mem, a_tiff(&mem, is_little, "2020:06:01 09:30:15", 36), jpeg),
                           in_png(&mem, a_tiff(&mem, is_little, "2020:06:01 09:30:15", 36), png),
                           filled(&mem, in_jpeg(&mem, a_tiff(&mem, is_little, "2020:06:01 09:30:15", 36), jpeg))};
        for (size_t i = 0; i < COUNT(files); i++) {
            tz_exif exif;
            tz_exif_read(files[i], &exif);
            assert_string_equal(exif.taken, "2020-06-01 09:30:15");
            assert_true(exif.has_place);
            assert_int_equal(exif.latitude_e5, 3675833); /* 36°45'30" */
            assert_int_equal(exif.longitude_e5, -11250000);
        }
        assert_string_equal(read(files[0]).exif.taken, "2020-06-01 09:30:15");
        for (size_t i = 0; i < COUNT(files); i++) { /* the place goes, the picture stays */
            tz_image before = read(files[i]), after;
            uint8_t *bytes = tz_arena_alloc(&mem, files[i].size);
            memcpy(bytes, files[i].data, files[i].size);
            tz_exif_drop_place(bytes, files[i].size);
            after = read((tz_text){(const char *)bytes, files[i].size});
            assert_false(after.exif.has_place);
            assert_true(before.look == after.look);
            if (i == 0)
                assert_string_equal(after.exif.taken, "2020-06-01 09:30:15");
        }
    }
    assert_string_equal(read(jpeg).exif.taken, "");
    static const char *const BAD[] = {"2020:13:01 09:30:15", "2020:06:01T09:30:15", "2020:06:01 0a:30:15", "                   "};
    for (size_t i = 0; i < COUNT(BAD); i++) {
        tz_exif exif;
        tz_exif_read(in_jpeg(&mem, a_tiff(&mem, true, BAD[i], 95), jpeg), &exif); /* 95° is no latitude */
        assert_string_equal(exif.taken, "");
        assert_false(exif.has_place);
    }
    tz_arena_free(&mem);
}

static void measures_distances(void **state)
{
    (void)state;
    assert_int_equal(tz_place_metres(3675833, 11270000, 3675833, 11270000), 0);
    int64_t north = tz_place_metres(3675833, 11270000, 3775833, 11270000), east = tz_place_metres(3675833, 11270000, 3675833, 11370000);
    assert_true(north > 110500 && north < 111700);
    assert_true(east > 88500 && east < 90000);
}

/* Cut anywhere, bits flipped anywhere, and the whole of other files: read or refused, never more. */
static void survives_broken_bytes(void **state)
{
    (void)state;
    tz_arena mem = {0};
    uint64_t seed = test_seed();
    drawing  of = draw(&mem, 64, 48, 3);
    tz_text  whole[] = {in_jpeg(&mem, a_tiff(&mem, true, "2020:06:01 09:30:15", 36), as_jpeg(&mem, of, 60, true)),
                        in_png(&mem, a_tiff(&mem, false, "2020:06:01 09:30:15", 36), as_png(&mem, of))};

    for (int round = 0; round < 600; round++) {
        tz_arena   room = {0};
        tz_text    data = whole[round % 2];
        tz_image image;
        tz_err     err;
        char      *copy = tz_arena_copy(&room, data.data, data.size);
        size_t     size = round % 3 == 0 ? test_next(&seed) % data.size : data.size;
        for (uint64_t flips = test_next(&seed) % 8; flips > 0; flips--)
            copy[test_next(&seed) % data.size] ^= (char)(1 << test_next(&seed) % 8);
        tz_rc rc = tz_image_read((tz_text){copy, size}, &image, &err);
        assert_true(rc == TZ_OK || rc == TZ_INPUT || rc == TZ_LIMIT);
        tz_arena_free(&room);
    }
    static const char *const OTHERS[] = {"", "\xFF\xD8\xFF", "\x89PNG\r\n\x1A\n", "GIF89a", "%PDF-1.4"};
    for (size_t i = 0; i < COUNT(OTHERS); i++) {
        tz_image image;
        tz_err     err;
        assert_int_equal(tz_image_read(tz_text_of(OTHERS[i]), &image, &err), TZ_INPUT);
    }
    tz_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_same_photo), cmocka_unit_test(reads_what_the_camera_wrote), cmocka_unit_test(measures_distances),
        cmocka_unit_test(survives_broken_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
