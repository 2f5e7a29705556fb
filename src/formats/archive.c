/* archive - a .zip of tables, as one book that has the sheets of all of them.
 *
 * A file inside that is no table, or a broken one, refuses only itself: it is a sheet without rows that
 * says why.  The files inside are held in memory while the book is open; how large they may be in all is
 * limited.  An archive inside an archive is refused.
 */
#include <iconv.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/limits.h"
#include "formats/inside.h"
#include "formats/part.h"

enum { STYLE_BITS = 16 }; /* of a cell's style; above them stands the number of its book */

typedef struct {
    tz_book *book;  /* NULL: refused */
    size_t   index; /* of the sheet in it */
    int32_t  number; /* of the book */
} place;

typedef struct {
    struct { tz_book **items; size_t count; size_t room; } books;
    struct { place *items; size_t count; size_t room; } places; /* by sheet */
    int64_t bytes; /* inflated so far */
} archive;

/* ---- Names ---- */

/* Programs on Chinese Windows write names in GBK, and seldom say so; valid UTF-8 is UTF-8. */
static const char *decode_name(tz_arena *mem, const char *raw)
{
    tz_text name = tz_text_of(raw);
    char   *in = (char *)name.data, *out = NULL, *start = NULL;
    size_t  left = name.size, room = name.size * 4 + 1;
    iconv_t converter;

    if (tz_utf8_is_valid(name))
        return tz_arena_dup(mem, raw);
    converter = iconv_open("UTF-8", "GB18030");
    start = out = tz_arena_alloc(mem, room);
    while (left > 0 && converter != (iconv_t)-1 && iconv(converter, &in, &left, &out, &room) == (size_t)-1 &&
           room > 1) {
        *out++ = '?';
        room--;
        in++;
        left--;
    }
    if (converter != (iconv_t)-1)
        (void)iconv_close(converter);
    *out = '\0';
    return start;
}

/* Folders, and what systems put beside files for themselves. */
static bool is_left_out(const char *name)
{
    const char *base = tz_file_base(name);

    return base[0] == '\0' || base[0] == '.' || base[0] == '~' || strncmp(name, "__MACOSX/", 9) == 0 ||
           strcmp(base, "Thumbs.db") == 0 || strcmp(base, "desktop.ini") == 0;
}

/* ---- Opening ---- */

static tz_rc load_entry(tz_arena *mem, archive *own, zip_t *zip, zip_uint64_t index, tz_text *ret_data, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    zip_stat_t  info;
    zip_file_t *file = NULL;
    zip_int64_t size = 0;

    TZ_TRY(tz_zip_check(zip, index, TZ_MAX_INNER_BYTES - own->bytes, &info, err));
    char *data = tz_arena_alloc(mem, info.size + 1);
    file = zip_fopen_index(zip, index, 0);
    size = file == NULL ? -1 : zip_fread(file, data, info.size);
    if (size < 0) {
        (void)tz_fail(err, TZ_INPUT, "压缩包损坏,或没有传完", "the archive is damaged or cut off");
        rc = tz_err_advise(err, "请重新报送", "ask for it again");
        goto done;
    }
    own->bytes += size;
    *ret_data = (tz_text){data, (size_t)size};
done:
    if (file != NULL)
        (void)zip_fclose(file);
    return rc;
}

static void add_refused(tz_arena *mem, tz_book *book, archive *own, const char *name, const tz_err *why)
{
    tz_err *kept = tz_new(mem, tz_err);

    *kept = *why;
    tz_push(mem, &own->places, (place){.book = NULL});
    tz_push(mem, &book->sheets, (tz_sheet_info){.name = name, .file = name, .refused = kept});
}

static tz_rc add_book(tz_arena *mem, tz_book *book, archive *own, const char *name, tz_book *inner, tz_err *err)
{
    int32_t number = (int32_t)own->books.count;

    tz_push(mem, &own->books, inner);
    for (size_t i = 0; i < inner->sheets.count; i++) {
        tz_sheet_info info = inner->sheets.items[i];
        if (book->sheets.count == TZ_MAX_SHEETS)
            return tz_fail(err, TZ_LIMIT, "超过 %d 张表", "more than %d sheets", TZ_MAX_SHEETS);
        info.name = info.name == NULL ? name : tz_arena_printf(mem, "%s/%s", name, info.name);
        info.file = name;
        tz_push(mem, &own->places, (place){.book = inner, .index = i, .number = number});
        tz_push(mem, &book->sheets, info);
    }
    return TZ_OK;
}

/* One file of the archive. Only limits and a broken archive refuse the whole. */
static tz_rc add_entry(tz_arena *mem, tz_book *book, zip_t *zip, zip_uint64_t index, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    archive    *own = book->inside->own;
    const char *raw = zip_get_name(zip, index, ZIP_FL_ENC_RAW);
    tz_source   source = {0};
    tz_book    *inner = NULL;
    tz_err      why;

    if (raw == NULL || is_left_out(raw))
        return TZ_OK;
    const char *name = decode_name(mem, raw);
    if (book->sheets.count == TZ_MAX_SHEETS)
        return tz_fail(err, TZ_LIMIT, "超过 %d 张表", "more than %d sheets", TZ_MAX_SHEETS);
    TZ_TRY(load_entry(mem, own, zip, index, &source.data, err));
    rc = tz_book_open_source(mem, &source, tz_file_base(name), true, &inner, &why);
    if (rc == TZ_OK) {
        TZ_TRY(add_book(mem, book, own, name, inner, err));
    } else if (rc == TZ_SYSTEM) {
        *err = why;
    } else {
        add_refused(mem, book, own, name, &why);
        rc = TZ_OK;
    }
done:
    return rc;
}

static void archive_close(tz_book *book)
{
    archive *own = book->inside->own;

    for (size_t i = 0; i < own->books.count; i++)
        tz_book_close(own->books.items[i]);
    own->books.count = 0;
}

/* Where every file was refused, the first one's reason is the archive's. */
static tz_rc check_any(const tz_book *book, tz_err *err)
{
    for (size_t i = 0; i < book->sheets.count; i++)
        if (book->sheets.items[i].refused == NULL)
            return TZ_OK;
    if (book->sheets.count > 0) {
        *err = *book->sheets.items[0].refused;
        return err->code;
    }
    (void)tz_fail(err, TZ_INPUT, "压缩包里没有表格", "there is no table in this archive");
    return tz_err_advise(err, "核对后重新报送", "check it and send it again");
}

/* ---- Sheets ---- */

typedef struct {
    tz_sheet *sheet; /* NULL: of a refused file, without rows */
    int32_t   number;
} archive_sheet;

static const place *place_of(const tz_book *book, size_t index)
{
    return &((const archive *)book->inside->own)->places.items[index];
}

static tz_rc archive_sheet_open(tz_arena *mem, tz_book *book, size_t index, void **ret_inside, tz_err *err)
{
    const place   *from = place_of(book, index);
    archive_sheet *own = tz_new(mem, archive_sheet);
    tz_rc          rc = from->book == NULL ? TZ_OK : tz_sheet_open(mem, from->book, from->index, &own->sheet, err);

    own->number = from->number;
    if (rc == TZ_OK)
        *ret_inside = own;
    return rc;
}

static tz_rc archive_sheet_next(void *inside, const tz_row **ret_row, tz_err *err)
{
    archive_sheet *own = inside;

    *ret_row = NULL;
    if (own->sheet == NULL)
        return TZ_OK;
    tz_rc rc = tz_sheet_next(own->sheet, ret_row, err);
    if (rc == TZ_OK && *ret_row != NULL)
        for (size_t i = 0; i < (*ret_row)->count; i++) {
            tz_cell *cell = &(*ret_row)->cells[i];
            if (cell->style >= 0)
                cell->style = (cell->style & ((1 << STYLE_BITS) - 1)) | own->number << STYLE_BITS;
        }
    return rc;
}

static void archive_sheet_close(void *inside)
{
    tz_sheet_close(((archive_sheet *)inside)->sheet);
}

static tz_rc archive_merges(tz_arena *mem, tz_book *book, size_t index, tz_merges *ret_merges, tz_err *err)
{
    const place *from = place_of(book, index);

    if (from->book != NULL)
        return tz_sheet_merges(mem, from->book, from->index, ret_merges, err);
    *ret_merges = (tz_merges){0};
    return TZ_OK;
}

static tz_rc archive_hidden_columns(tz_arena *mem, tz_book *book, size_t index, tz_spans *ret_spans, tz_err *err)
{
    const place *from = place_of(book, index);

    if (from->book != NULL)
        return tz_sheet_hidden_columns(mem, from->book, from->index, ret_spans, err);
    *ret_spans = (tz_spans){0};
    return TZ_OK;
}

static const char *archive_format(const tz_book *book, int32_t style)
{
    const archive *own = book->inside->own;
    size_t         number = style < 0 ? SIZE_MAX : (size_t)style >> STYLE_BITS;

    return number < own->books.count
               ? tz_book_format(own->books.items[number], style & ((1 << STYLE_BITS) - 1))
               : "General";
}

static const tz_reader ARCHIVE = {.sheet_open = archive_sheet_open,
                                  .sheet_next = archive_sheet_next,
                                  .sheet_close = archive_sheet_close,
                                  .merges = archive_merges,
                                  .hidden_columns = archive_hidden_columns,
                                  .format = archive_format,
                                  .close = archive_close};

tz_rc tz_archive_open(tz_arena *mem, tz_book *book, tz_err *err)
{
    tz_rc  rc = TZ_OK;
    zip_t *zip = NULL;

    if (book->inside->is_inner) {
        (void)tz_fail(err, TZ_INPUT, "压缩包里还有压缩包", "an archive inside an archive");
        return tz_err_advise(err, "解压后报送其中的表格", "unpack it and send the tables in it");
    }
    book->kind = "zip";
    book->inside->own = tz_new(mem, archive);
    TZ_TRY(tz_zip_open(&book->inside->source, &zip, err));
    for (zip_int64_t i = 0; i < zip_get_num_entries(zip, 0); i++)
        TZ_TRY(add_entry(mem, book, zip, (zip_uint64_t)i, err));
    TZ_TRY(check_any(book, err));
    book->inside->reader = &ARCHIVE;
done:
    if (zip != NULL)
        zip_discard(zip);
    if (rc != TZ_OK)
        archive_close(book);
    return rc;
}
