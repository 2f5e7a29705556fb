#include "formats/book.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/limits.h"
#include "formats/inside.h"
#include "formats/part.h"

enum { HEAD_BYTES = 65536 };

/* ---- What is no table ---- */

typedef struct {
    const char *magic;
    size_t      size;
    const char *zh, *en;
} foreign_kind;

/* Names what a file is that we don't read, and what to do. */
static tz_rc refuse_as(const foreign_kind *kind, tz_err *err)
{
    *err = (tz_err){.code = TZ_INPUT}; /* two texts of one table: no format takes both */
    (void)snprintf(err->zh, sizeof err->zh, "%s,不是表格", kind->zh);
    (void)snprintf(err->en, sizeof err->en, "%s, no table", kind->en);
    return tz_err_advise(err, "请部门报送 .xlsx 或 .csv 表格", "ask for an .xlsx or .csv table");
}

static tz_rc refuse_foreign(tz_text head, tz_err *err)
{
    static const foreign_kind KINDS[] = {
        {"\x89PNG", 4, "这是图片(PNG)", "this is a picture (PNG)"},
        {"\xFF\xD8\xFF", 3, "这是图片(JPEG)", "this is a picture (JPEG)"},
        {"GIF8", 4, "这是图片(GIF)", "this is a picture (GIF)"},
        {"II*\0", 4, "这是图片(TIFF)", "this is a picture (TIFF)"},
        {"MM\0*", 4, "这是图片(TIFF)", "this is a picture (TIFF)"},
        {"%PDF", 4, "这是 PDF 文件", "this is a PDF file"},
        {"Rar!", 4, "这是 RAR 压缩包", "this is a RAR archive"},
        {"7z\xBC\xAF", 4, "这是 7z 压缩包", "this is a 7z archive"},
        {"\x1F\x8B", 2, "这是 gzip 压缩文件", "this is a gzip file"},
        {"{\\rtf", 5, "这是 RTF 文档", "this is an RTF document"},
        {"MIME-Version:", 13, "这是单个文件网页(.mht)", "this is a web page in one file (.mht)"},
        {"\x09\x00\x04\x00", 4, "这是 Excel 2 的文件", "this is a file of Excel 2"},
        {"\x09\x02\x06\x00", 4, "这是 Excel 3 的文件", "this is a file of Excel 3"},
        {"\x09\x04\x06\x00", 4, "这是 Excel 4 的文件", "this is a file of Excel 4"},
    };

    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++)
        if (tz_text_starts(head, (tz_text){KINDS[i].magic, KINDS[i].size}))
            return refuse_as(&KINDS[i], err);
    /* "BM" may begin a text; the header's size behind it says that it is a bitmap. */
    static const foreign_kind BITMAP = {"BM", 2, "这是图片(BMP)", "this is a picture (BMP)"};
    if (head.size > 18 && tz_text_starts(head, TZ_TEXT("BM")) && memcmp(head.data + 15, "\0\0\0", 3) == 0)
        return refuse_as(&BITMAP, err);
    return TZ_OK;
}

/* ---- Archives: workbook, other document, or a bundle ---- */

static tz_rc open_zip_kind(tz_arena *mem, tz_book *book, tz_err *err)
{
    static const struct {
        const char  *part;
        foreign_kind kind;
    } DOCUMENTS[] = {
        {"word/document.xml", {"", 0, "这是 Word 文档", "this is a Word document"}},
        {"ppt/presentation.xml", {"", 0, "这是演示文稿", "this is a presentation"}},
        {"xl/workbook.bin", {"", 0, "这是二进制工作簿(.xlsb)", "this is a binary workbook (.xlsb)"}},
    };
    zip_t *zip = NULL;
    tz_rc  rc = TZ_OK;

    TZ_TRY(tz_zip_open(&book->inside->source, &zip, err));
    for (size_t i = 0; i < sizeof DOCUMENTS / sizeof DOCUMENTS[0]; i++)
        if (tz_part_find(mem, zip, DOCUMENTS[i].part) >= 0) {
            rc = refuse_as(&DOCUMENTS[i].kind, err);
            goto done;
        }
    bool is_office = tz_part_find(mem, zip, "[Content_Types].xml") >= 0 ||
                     tz_part_find(mem, zip, "xl/workbook.xml") >= 0 ||
                     tz_part_find(mem, zip, "_rels/.rels") >= 0;
    bool is_open_document =
        tz_part_find(mem, zip, "content.xml") >= 0 && tz_part_find(mem, zip, "META-INF/manifest.xml") >= 0;
    zip_discard(zip);
    zip = NULL;
    rc = is_office          ? tz_xlsx_open(mem, book, err)
         : is_open_document ? tz_ods_open(mem, book, err)
                            : tz_archive_open(mem, book, err);
done:
    if (zip != NULL)
        zip_discard(zip);
    return rc;
}

/* ---- Text: XML Spreadsheet, HTML, delimited ---- */

/* Where `word` (lower case) stands in the first `within` bytes of text, in any case. */
static bool holds(tz_text text, const char *word, size_t within)
{
    size_t size = strlen(word);

    for (size_t at = 0; at + size <= text.size && at < within; at++) {
        size_t i = 0;
        while (i < size &&
               (text.data[at + i] >= 'A' && text.data[at + i] <= 'Z' ? text.data[at + i] | 32
                                                                     : text.data[at + i]) == word[i])
            i++;
        if (i == size)
            return true;
    }
    return false;
}

static tz_rc decode_head(tz_arena *mem, tz_book *book, tz_text *ret_head, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_decoder *decoder = NULL;
    char       *head = tz_arena_alloc(mem, HEAD_BYTES);
    size_t      size = 0;

    TZ_TRY(tz_decoder_open(mem, &book->inside->source, &book->inside->encoding, &decoder, err));
    TZ_TRY(tz_decoder_read(decoder, head, HEAD_BYTES, &size, err));
    *ret_head = (tz_text){head, size};
done:
    tz_decoder_close(decoder);
    return rc;
}

static tz_rc open_text_kind(tz_arena *mem, tz_book *book, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_text head = {0};

    TZ_TRY(tz_encoding_find(mem, &book->inside->source, &book->inside->encoding, err));
    if (!book->inside->encoding.is_text) {
        (void)tz_fail(err, TZ_INPUT, "不是表格文件", "this is no table file");
        rc = tz_err_advise(err, "请部门报送 .xlsx 或 .csv 表格", "ask for an .xlsx or .csv table");
        goto done;
    }
    TZ_TRY(decode_head(mem, book, &head, err));
    book->encoding = book->inside->encoding.name;
    tz_text start = tz_text_trim(head);
    bool    is_markup = start.size > 0 && start.data[0] == '<';
    if (is_markup && holds(start, "urn:schemas-microsoft-com:office:spreadsheet", 4096) &&
        !holds(start, "<html", 4096))
        TZ_TRY(tz_xmlss_open(mem, book, err));
    else if (is_markup && (holds(start, "<html", 4096) || holds(start, "<table", HEAD_BYTES)))
        TZ_TRY(tz_html_open(mem, book, err));
    else
        TZ_TRY(tz_csv_open(mem, book, head, err));
done:
    return rc;
}

/* ---- Opening ---- */

static tz_rc open_kind(tz_arena *mem, tz_book *book, tz_err *err)
{
    tz_rc  rc = TZ_OK;
    char   bytes[64];
    size_t size = 0;

    TZ_TRY(tz_source_head(&book->inside->source, bytes, sizeof bytes, &size, err));
    tz_text head = {bytes, size};
    if (size == 0) {
        (void)tz_fail(err, TZ_INPUT, "文件是空的", "the file is empty");
        rc = tz_err_advise(err, "请部门重新报送", "ask for it again");
        goto done;
    }
    TZ_TRY(refuse_foreign(head, err));
    if (tz_text_starts(head, TZ_TEXT("\xD0\xCF\x11\xE0")))
        TZ_TRY(tz_xls_open(mem, book, err));
    else if (tz_text_starts(head, TZ_TEXT("PK\x03\x04")) || tz_text_starts(head, TZ_TEXT("PK\x05\x06")))
        TZ_TRY(open_zip_kind(mem, book, err));
    else
        TZ_TRY(open_text_kind(mem, book, err));
done:
    return rc;
}

tz_rc tz_book_open_source(tz_arena *mem, const tz_source *source, const char *file, bool is_inner,
                          tz_book **ret_book, tz_err *err)
{
    tz_assert(mem != NULL && source != NULL && file != NULL && ret_book != NULL);
    tz_book *book = tz_new(mem, tz_book);

    book->file = tz_arena_dup(mem, file);
    book->inside = tz_new(mem, tz_book_inside);
    *book->inside = (tz_book_inside){.mem = mem, .source = *source, .is_inner = is_inner};
    tz_rc rc = open_kind(mem, book, err);
    if (rc == TZ_OK && book->sheets.count == 0) { /* a workbook of charts alone, say */
        tz_book_close(book);
        (void)tz_fail(err, TZ_INPUT, "这个文件里没有工作表", "there is no sheet in this file");
        rc = tz_err_advise(err, "请核对后重新报送", "check it and send it again");
    }
    if (rc != TZ_OK)
        return tz_err_at(err, file, NULL, 0, NULL);
    if (strcmp(book->kind, "zip") != 0)
        for (size_t i = 0; i < book->sheets.count; i++)
            book->sheets.items[i].is_1904 = book->is_1904;
    *ret_book = book;
    return TZ_OK;
}

/* Before anything is read: is there such a file, is it one, and is it not too large. */
static tz_rc check_file(const char *path, tz_err *err)
{
    struct stat info;

    if (stat(path, &info) != 0)
        return tz_fail(err, TZ_MISSING, "没有这个文件", "there is no such file");
    if (!S_ISREG(info.st_mode))
        return tz_fail(err, TZ_INPUT, "不是普通文件", "this is no ordinary file");
    if (info.st_size > TZ_MAX_FILE_BYTES)
        return tz_fail(err, TZ_LIMIT, "文件超过 %lld 字节", "the file is larger than %lld bytes",
                       (long long)TZ_MAX_FILE_BYTES);
    return TZ_OK;
}

tz_rc tz_book_open(tz_arena *mem, const char *path, tz_book **ret_book, tz_err *err)
{
    tz_assert(mem != NULL && path != NULL && ret_book != NULL);
    const tz_source source = {.path = tz_arena_dup(mem, path)};
    tz_rc           rc = check_file(path, err);

    if (rc != TZ_OK)
        return tz_err_at(err, tz_file_base(path), NULL, 0, NULL);
    return tz_book_open_source(mem, &source, tz_file_base(path), false, ret_book, err);
}

tz_rc tz_book_open_bytes(tz_arena *mem, const char *file, tz_text data, tz_book **ret_book, tz_err *err)
{
    tz_assert(mem != NULL && file != NULL && ret_book != NULL);
    const tz_source source = {.data = data};
    return tz_book_open_source(mem, &source, file, false, ret_book, err);
}

void tz_book_close(tz_book *book)
{
    if (book != NULL && book->inside->reader != NULL && book->inside->reader->close != NULL)
        book->inside->reader->close(book);
}

/* ---- Sheets ---- */

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

tz_rc tz_sheet_hidden_columns(tz_arena *mem, tz_book *book, size_t index, tz_spans *ret_spans, tz_err *err)
{
    tz_assert(book != NULL && index < book->sheets.count && ret_spans != NULL);
    if (book->inside->reader->hidden_columns == NULL) {
        *ret_spans = (tz_spans){0};
        return TZ_OK;
    }
    return book->inside->reader->hidden_columns(mem, book, index, ret_spans, err);
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
