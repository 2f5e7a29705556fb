#include "formats/image.h"

#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

#include "base/assert.h"
#include "base/limits.h"

enum { FIELDS_X = 9, FIELDS_Y = 8, MOST_SCANS = 100, LEAST_SIDE = 9 };
static const int64_t MOST_SCANNED_PIXELS = 10 * TZ_MAX_IMAGE_PIXELS;

/* ---- From grey pixels to a look ---- */

typedef struct {
    int64_t sum[FIELDS_Y][FIELDS_X], count[FIELDS_Y][FIELDS_X];
} fields;

static void add_line(fields *of, const uint8_t *grey, int32_t y, int32_t width, int32_t height)
{
    int32_t row = (int32_t)((int64_t)y * FIELDS_Y / height);

    for (int32_t x = 0; x < width; x++) {
        int32_t column = (int32_t)((int64_t)x * FIELDS_X / width);
        of->sum[row][column] += grey[x];
        of->count[row][column]++;
    }
}

/* Means are compared as fractions, so that nothing is rounded. */
static uint64_t look_of(const fields *of)
{
    uint64_t look = 0;

    for (int y = 0; y < FIELDS_Y; y++)
        for (int x = 0; x + 1 < FIELDS_X; x++) {
            bool is_brighter = of->sum[y][x] * of->count[y][x + 1] > of->sum[y][x + 1] * of->count[y][x];
            look = look << 1 | (uint64_t)is_brighter;
        }
    return look;
}

static tz_rc judge_size(int64_t width, int64_t height, tz_err *err)
{
    if (width * height > TZ_MAX_IMAGE_PIXELS)
        return tz_fail(err, TZ_LIMIT, "图片太大(%lld × %lld)", "the picture is too large (%lld by %lld)", (long long)width, (long long)height);
    if (width < LEAST_SIDE || height < LEAST_SIDE)
        return tz_fail(err, TZ_INPUT, "图片太小(%lld × %lld)", "the picture is too small (%lld by %lld)", (long long)width, (long long)height);
    return TZ_OK;
}

/* ---- JPEG ---- */

typedef struct {
    struct jpeg_error_mgr    error;
    struct jpeg_progress_mgr progress;
    jmp_buf                  back;
} jpeg_guard;

static void leave(j_common_ptr jpeg)
{
    jpeg_guard *guard = (jpeg_guard *)jpeg->err; /* its first member */
    longjmp(guard->back, 1);
}

static void say_nothing(j_common_ptr jpeg, int level)
{
    (void)jpeg, (void)level;
}

/* A small file may hold a scan after a scan, each costing the whole picture. */
static void stop_many_scans(j_common_ptr jpeg)
{
    const struct jpeg_decompress_struct *of = (j_decompress_ptr)jpeg;

    if (of->input_scan_number > MOST_SCANS ||
        of->input_scan_number * (int64_t)of->image_width * of->image_height > MOST_SCANNED_PIXELS)
        leave(jpeg);
}

/* How far libjpeg may shrink while it decodes: sixteen pixels a field are left, so that its borders stay where they are. */
static unsigned shrink_by(unsigned least_side)
{
    enum { LEAST_LEFT = 16 * FIELDS_X };
    unsigned by = 8;

    while (by > 1 && least_side / by < LEAST_LEFT)
        by /= 2;
    return by;
}

/* A picture in several scans is kept whole, as coefficients of two bytes, by component. */
static tz_rc judge_coefficients(struct jpeg_decompress_struct *jpeg, tz_err *err)
{
    int64_t bytes = 0;

    for (int i = 0; jpeg_has_multiple_scans(jpeg) && i < jpeg->num_components; i++)
        bytes += (int64_t)jpeg->comp_info[i].width_in_blocks * jpeg->comp_info[i].height_in_blocks * DCTSIZE2 * (int64_t)sizeof(JCOEF);
    if (bytes > TZ_MAX_IMAGE_COEFFICIENT_BYTES)
        return tz_fail(err, TZ_LIMIT, "图片太大(%d 个分量)", "the picture is too large (%d components)", jpeg->num_components);
    return TZ_OK;
}

/* Reads the header and begins. */
static tz_rc start_jpeg(struct jpeg_decompress_struct *jpeg, tz_text data, tz_err *err)
{
    jpeg_mem_src(jpeg, (const unsigned char *)data.data, (unsigned long)data.size);
    (void)jpeg_read_header(jpeg, TRUE);
    tz_rc rc = judge_size(jpeg->image_width, jpeg->image_height, err);
    if (rc == TZ_OK)
        rc = judge_coefficients(jpeg, err);
    if (rc != TZ_OK)
        return rc;
    jpeg->out_color_space = JCS_GRAYSCALE;
    jpeg->scale_num = 1;
    jpeg->scale_denom = shrink_by(jpeg->image_width < jpeg->image_height ? jpeg->image_width : jpeg->image_height);
    (void)jpeg_start_decompress(jpeg);
    return TZ_OK;
}

static tz_rc read_jpeg(tz_text data, tz_image *image, tz_err *err)
{
    struct jpeg_decompress_struct jpeg = {0};
    jpeg_guard                    guard = {0};
    fields                        of = {0};
    volatile tz_rc                rc = TZ_OK;

    jpeg.err = jpeg_std_error(&guard.error);
    guard.error.error_exit = leave;
    guard.error.emit_message = say_nothing;
    guard.progress.progress_monitor = stop_many_scans;
    if (setjmp(guard.back) != 0) {
        rc = tz_fail(err, TZ_INPUT, "JPEG 图片已损坏", "the JPEG picture is broken");
        goto done;
    }
    jpeg_create_decompress(&jpeg);
    jpeg.progress = &guard.progress;
    rc = start_jpeg(&jpeg, data, err);
    if (rc != TZ_OK)
        goto done;
    JSAMPARRAY line = (*jpeg.mem->alloc_sarray)((j_common_ptr)&jpeg, JPOOL_IMAGE, jpeg.output_width, 1);
    while (jpeg.output_scanline < jpeg.output_height) {
        int32_t y = (int32_t)jpeg.output_scanline;
        (void)jpeg_read_scanlines(&jpeg, line, 1);
        add_line(&of, line[0], y, (int32_t)jpeg.output_width, (int32_t)jpeg.output_height);
    }
    image->width = (int32_t)jpeg.image_width;
    image->height = (int32_t)jpeg.image_height;
    image->look = look_of(&of);
done:
    jpeg_destroy_decompress(&jpeg);
    return rc;
}

/* ---- PNG ---- */

/* The chunks that draw, one after the other; libpng gets no other: it makes room for a chunk by the length that the
 * chunk itself says, and inflates texts that nobody reads. False where a chunk is longer than the file. */
static bool keep_drawing(tz_text data, tz_buf *out)
{
    enum { HEAD = 8, FRAME = 12 };
    static const char *const DRAWING[] = {"IHDR", "PLTE", "tRNS", "IDAT", "IEND"};

    tz_buf_put(out, tz_text_cut(data, 0, HEAD));
    for (size_t at = HEAD; at + FRAME <= data.size;) {
        const uint8_t *size = (const uint8_t *)data.data + at;
        size_t         length = (size_t)size[0] << 24 | (size_t)size[1] << 16 | (size_t)size[2] << 8 | size[3];
        if (length > data.size - at - FRAME)
            return false;
        for (size_t i = 0; i < sizeof DRAWING / sizeof DRAWING[0]; i++)
            if (memcmp(data.data + at + 4, DRAWING[i], 4) == 0)
                tz_buf_put(out, tz_text_cut(data, at, length + FRAME));
        at += length + FRAME;
    }
    return !out->is_over;
}

static tz_rc read_png(tz_text data, tz_image *image, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_arena  mem = {0};
    png_image png = {.version = PNG_IMAGE_VERSION};
    fields    of = {0};

    tz_buf drawing = tz_buf_init(&mem, 0);
    if (!keep_drawing(data, &drawing) || png_image_begin_read_from_memory(&png, drawing.data, drawing.size) == 0) {
        rc = tz_fail(err, TZ_INPUT, "PNG 图片已损坏", "the PNG picture is broken");
        goto done;
    }
    TZ_TRY(judge_size(png.width, png.height, err));
    png.format = PNG_FORMAT_GRAY;
    uint8_t  *grey = tz_new_array(&mem, uint8_t, (size_t)png.width * png.height);
    png_color white = {255, 255, 255};
    if (png_image_finish_read(&png, &white, grey, 0, NULL) == 0) {
        rc = tz_fail(err, TZ_INPUT, "PNG 图片已损坏", "the PNG picture is broken");
        goto done;
    }
    for (int32_t y = 0; y < (int32_t)png.height; y++)
        add_line(&of, grey + (size_t)y * png.width, y, (int32_t)png.width, (int32_t)png.height);
    image->width = (int32_t)png.width;
    image->height = (int32_t)png.height;
    image->look = look_of(&of);
done:
    png_image_free(&png);
    tz_arena_free(&mem);
    return rc;
}

/* ---- Both ---- */

tz_rc tz_image_read(tz_text data, tz_image *ret_image, tz_err *err)
{
    tz_assert(ret_image != NULL);
    tz_image image = {0};
    tz_rc      rc;

    if (tz_text_starts(data, TZ_TEXT("\xFF\xD8\xFF")))
        rc = read_jpeg(data, &image, err);
    else if (tz_text_starts(data, TZ_TEXT("\x89PNG\r\n\x1A\n")))
        rc = read_png(data, &image, err);
    else
        rc = tz_fail(err, TZ_INPUT, "不是 JPEG 或 PNG 图片", "it is no JPEG or PNG picture");
    if (rc != TZ_OK)
        return rc;
    tz_exif_read(data, &image.exif);
    *ret_image = image;
    return TZ_OK;
}

int tz_look_distance(uint64_t a, uint64_t b)
{
    return __builtin_popcountll(a ^ b);
}

int64_t tz_place_metres(int32_t latitude_a_e5, int32_t longitude_a_e5, int32_t latitude_b_e5, int32_t longitude_b_e5)
{
    const double metres_per_e5 = 40007863.0 / 360 / 100000, degree = 3.14159265358979 / 180; /* the meridian's length */
    double       middle = ((double)latitude_a_e5 + latitude_b_e5) / 2 / 100000 * degree;
    double       north = (double)latitude_a_e5 - latitude_b_e5, east = ((double)longitude_a_e5 - longitude_b_e5) * cos(middle);
    return (int64_t)(sqrt(north * north + east * east) * metres_per_e5);
}
