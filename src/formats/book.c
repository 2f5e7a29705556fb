#include "formats/book.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/limits.h"
#include "formats/inside.h"

static bool starts(tz_text data, const char *magic, size_t size)
{
    return data.size >= size && memcmp(data.data, magic, size) == 0;
}

/* A workbook that Office encrypts is an OLE2 container whose directory names EncryptedPackage. */
static bool is_encrypted(tz_text data)
{
    static const char NAME[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
    return tz_text_find(data, (tz_text){NAME, sizeof NAME - 1}, 0) != SIZE_MAX;
}

/* Names what a file is that we don't read, and what to do. */
static tz_rc refuse(tz_text data, tz_err *err)
{
    static const struct {
        const char *magic;
        size_t      size;
        const char *zh, *en;
    } KINDS[] = {
        {"\x89PNG", 4, "这是图片(PNG)", "this is a picture (PNG)"}, {"\xFF\xD8\xFF", 3, "这是图片(JPEG)", "this is a picture (JPEG)"},
        {"GIF8", 4, "这是图片(GIF)", "this is a picture (GIF)"},   {"BM", 2, "这是图片(BMP)", "this is a picture (BMP)"},
        {"%PDF", 4, "这是 PDF 文件", "this is a PDF file"},         {"Rar!", 4, "这是 RAR 压缩包", "this is a RAR archive"},
        {"7z\xBC\xAF", 4, "这是 7z 压缩包", "this is a 7z archive"},
    };

    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++)
        if (starts(data, KINDS[i].magic, KINDS[i].size)) {
            *err = (tz_err){.code = TZ_INPUT}; /* two texts of one table: no format takes both */
            (void)snprintf(err->zh, sizeof err->zh, "%s,不是表格", KINDS[i].zh);
            (void)snprintf(err->en, sizeof err->en, "%s, no table", KINDS[i].en);
            return tz_err_advise(err, "请部门报送 .xlsx 或 .csv 表格", "ask for an .xlsx or .csv table");
        }
    if (starts(data, "\xD0\xCF\x11\xE0", 4) && is_encrypted(data)) {
        (void)tz_fail(err, TZ_INPUT, "文件有打开密码", "the file is protected by a password");
        return tz_err_advise(err, "请去掉密码后重新报送", "take the password off and send it again");
    }
    if (starts(data, "\xD0\xCF\x11\xE0", 4)) {
        (void)tz_fail(err, TZ_INPUT, "这是旧版 .xls 文件", "this is an old .xls file");
        return tz_err_advise(err, "用 Excel 或 WPS 打开后另存为 .xlsx", "open it in Excel or WPS and save it as .xlsx");
    }
    return TZ_OK;
}

static tz_rc open_kind(tz_arena *mem, tz_book *book, tz_err *err)
{
    tz_rc rc = refuse(book->inside->data, err);
    if (rc != TZ_OK)
        return rc;
    if (starts(book->inside->data, "PK\x03\x04", 4) || starts(book->inside->data, "PK\x05\x06", 4))
        return tz_xlsx_open(mem, book, err);
    return tz_csv_open(mem, book, err);
}

static tz_rc open_bytes(tz_arena *mem, const char *path, const char *file, tz_text data, tz_book **ret_book, tz_err *err)
{
    tz_book *book = tz_new(mem, tz_book);

    book->file = tz_arena_dup(mem, file);
    book->inside = tz_new(mem, tz_book_inside);
    book->inside->mem = mem;
    book->inside->path = path;
    book->inside->data = data;
    if (data.size == 0) {
        (void)tz_fail(err, TZ_INPUT, "文件是空的", "the file is empty");
        (void)tz_err_advise(err, "请部门重新报送", "ask for it again");
        return tz_err_at(err, file, NULL, 0, NULL);
    }
    tz_rc rc = open_kind(mem, book, err);
    if (rc != TZ_OK) {
        tz_book_close(book);
        return tz_err_at(err, file, NULL, 0, NULL);
    }
    *ret_book = book;
    return TZ_OK;
}

tz_rc tz_book_open(tz_arena *mem, const char *path, tz_book **ret_book, tz_err *err)
{
    tz_assert(mem != NULL && path != NULL && ret_book != NULL);
    tz_text data;
    tz_rc   rc = tz_file_load(mem, path, TZ_MAX_FILE_BYTES, &data, err);
    if (rc != TZ_OK)
        return tz_err_at(err, tz_file_base(path), NULL, 0, NULL);
    return open_bytes(mem, tz_arena_dup(mem, path), tz_file_base(path), data, ret_book, err);
}

tz_rc tz_book_open_bytes(tz_arena *mem, const char *file, tz_text data, tz_book **ret_book, tz_err *err)
{
    tz_assert(mem != NULL && file != NULL && ret_book != NULL);
    return open_bytes(mem, NULL, file, data, ret_book, err);
}

void tz_book_close(tz_book *book)
{
    if (book != NULL && book->inside->reader != NULL)
        book->inside->reader->close(book);
}

tz_rc tz_sheet_open(tz_arena *mem, tz_book *book, size_t index, tz_sheet **ret_sheet, tz_err *err)
{
    tz_assert(book != NULL && index < book->sheets.count && ret_sheet != NULL);
    tz_sheet *sheet = tz_new(mem, tz_sheet);
    tz_rc     rc = book->inside->reader->sheet_open(mem, book, index, &sheet->own, err);

    sheet->book = book;
    if (rc != TZ_OK)
        return tz_err_at(err, book->file, book->sheets.items[index].name, 0, NULL);
    *ret_sheet = sheet;
    return TZ_OK;
}

tz_rc tz_sheet_next(tz_sheet *sheet, const tz_row **ret_row, tz_err *err)
{
    tz_assert(sheet != NULL && ret_row != NULL);
    tz_rc rc = sheet->book->inside->reader->sheet_next(sheet->own, ret_row, err);
    return rc == TZ_OK ? TZ_OK : tz_err_at(err, sheet->book->file, NULL, 0, NULL);
}

void tz_sheet_close(tz_sheet *sheet)
{
    if (sheet != NULL)
        sheet->book->inside->reader->sheet_close(sheet->own);
}

tz_rc tz_sheet_merges(tz_arena *mem, tz_book *book, size_t index, tz_merges *ret_merges, tz_err *err)
{
    tz_assert(book != NULL && index < book->sheets.count && ret_merges != NULL);
    if (book->inside->reader->merges == NULL) {
        *ret_merges = (tz_merges){0};
        return TZ_OK;
    }
    return book->inside->reader->merges(mem, book, index, ret_merges, err);
}

const char *tz_book_format(const tz_book *book, int32_t style)
{
    return book->inside->reader->format == NULL ? "General" : book->inside->reader->format(book, style);
}

const char *tz_book_property(tz_arena *mem, const tz_book *book, const char *name)
{
    tz_assert(mem != NULL && book != NULL && name != NULL);
    return book->inside->reader->property == NULL ? NULL : book->inside->reader->property(mem, book, name);
}

void tz_column_letters(int32_t column, char out[8])
{
    char   reversed[8];
    size_t size = 0;

    tz_assert(column >= 0);
    for (int32_t rest = column + 1; rest > 0 && size < 7; rest = (rest - 1) / 26)
        reversed[size++] = (char)('A' + (rest - 1) % 26);
    for (size_t i = 0; i < size; i++)
        out[i] = reversed[size - 1 - i];
    out[size] = '\0';
}
