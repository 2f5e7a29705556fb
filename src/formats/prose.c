#include "formats/prose.h"

#include <string.h>
#include <zip.h>

#include "base/assert.h"
#include "base/file.h"
#include "formats/decode.h"
#include "formats/part.h"

enum { MAX_PROSE_BYTES = 64 << 20 };

/* Where the reader of word/document.xml stands. */
typedef struct {
    tz_buf out;
    int    deleted; /* depth inside w:del and w:moveFrom */
    bool   in_text; /* inside w:t */
} document;

static void on_start(void *context, const char *name, const char **attributes)
{
    document *at = context;

    (void)attributes;
    at->deleted += strcmp(name, "del") == 0 || strcmp(name, "moveFrom") == 0;
    at->in_text = strcmp(name, "t") == 0;
    if (at->deleted == 0 && (strcmp(name, "tab") == 0))
        tz_buf_char(&at->out, ' ');
    else if (at->deleted == 0 && (strcmp(name, "br") == 0 || strcmp(name, "cr") == 0))
        tz_buf_char(&at->out, '\n');
}

static void on_end(void *context, const char *name)
{
    document *at = context;

    at->deleted -= strcmp(name, "del") == 0 || strcmp(name, "moveFrom") == 0;
    at->in_text = false;
    if (strcmp(name, "p") == 0)
        tz_buf_char(&at->out, '\n');
}

static void on_text(void *context, const char *text, int size)
{
    document *at = context;

    if (at->in_text && at->deleted == 0)
        tz_buf_put(&at->out, (tz_text){text, (size_t)size});
}

static tz_rc judge_size(const tz_buf *out, tz_err *err)
{
    if (!out->is_over)
        return TZ_OK;
    (void)tz_fail(err, TZ_LIMIT, "文档的文字过多", "the document holds too much text");
    return tz_err_advise(err, "请分成几个文件报送", "send it as several files");
}

static tz_rc load_document(tz_arena *mem, const tz_source *source, tz_text *ret_text, tz_err *err)
{
    tz_rc           rc = TZ_OK;
    zip_t          *zip = NULL;
    document        at = {.out = tz_buf_init(mem, MAX_PROSE_BYTES)};
    tz_part_handler handler = {on_start, on_end, on_text, &at};

    TZ_TRY(tz_zip_open(source, &zip, err));
    if (tz_part_find(mem, zip, "word/document.xml") < 0) {
        (void)tz_fail(err, TZ_INPUT, "不是 Word 文档(.docx)", "no Word document (.docx)");
        rc = tz_err_advise(err, "用 WPS 或 Word 另存为 .docx", "save it as .docx in WPS or Word");
        goto done;
    }
    TZ_TRY(tz_part_all(mem, zip, "word/document.xml", &handler, err));
    TZ_TRY(judge_size(&at.out, err));
    *ret_text = tz_buf_text(&at.out);
done:
    if (zip != NULL)
        zip_discard(zip);
    return rc;
}

static tz_rc load_plain(tz_arena *mem, const tz_source *source, tz_text *ret_text, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_encoding encoding;
    tz_decoder *decoder = NULL;
    tz_buf      out = tz_buf_init(mem, MAX_PROSE_BYTES);
    char        block[8192];
    size_t      size = 0;

    TZ_TRY(tz_encoding_find(mem, source, &encoding, err));
    if (!encoding.is_text) {
        (void)tz_fail(err, TZ_INPUT, "不是文字", "this is no text");
        rc = tz_err_advise(err, "用 WPS 或 Word 另存为 .docx", "save it as .docx in WPS or Word");
        goto done;
    }
    TZ_TRY(tz_decoder_open(mem, source, &encoding, &decoder, err));
    do {
        TZ_TRY(tz_decoder_read(decoder, block, sizeof block, &size, err));
        tz_buf_put(&out, (tz_text){block, size});
        TZ_TRY(judge_size(&out, err));
    } while (size > 0);
    *ret_text = tz_buf_text(&out);
done:
    tz_decoder_close(decoder);
    return rc;
}

/* One line of Markdown: links as their text, and no marks of emphasis: [57](#roads)条 reads 57条. What of a line looks
 * like no more links is not searched again, so that a line of brackets costs no more than another. */
static void put_line(tz_text line, tz_buf *out)
{
    size_t middle = 0, end = 0, note = 0; /* the next "](", the ")" behind it, the next "]"; SIZE_MAX: no more */

    for (size_t at = 0; at < line.size; at++) {
        char c = line.data[at];
        if (c == '[' && note != SIZE_MAX && note <= at)
            note = tz_text_find(line, TZ_TEXT("]"), at);
        if (c == '[' && middle != SIZE_MAX && middle <= at) {
            middle = tz_text_find(line, TZ_TEXT("]("), at);
            end = middle == SIZE_MAX ? SIZE_MAX : tz_text_find(line, TZ_TEXT(")"), middle);
            middle = end == SIZE_MAX ? SIZE_MAX : middle;
        }
        if (c == '[' && note != SIZE_MAX && at + 1 < line.size && line.data[at + 1] == '^') {
            at = note; /* the mark of a footnote */
        } else if (c == '[' && middle != SIZE_MAX) {
            tz_buf_put(out, tz_text_cut(line, at + 1, middle - at - 1));
            at = end;
        } else if (c == '|') {
            tz_buf_char(out, '\n'); /* a cell is a paragraph of its own, as in a document */
        } else if (c != '*' && c != '\\') {
            tz_buf_char(out, c);
        }
    }
}

static tz_text without_marks(tz_arena *mem, tz_text text)
{
    tz_buf out = tz_buf_init(mem, MAX_PROSE_BYTES);

    for (size_t at = 0, end = 0; at < text.size; at = end) {
        const char *line_end = memchr(text.data + at, '\n', text.size - at);
        end = line_end == NULL ? text.size : (size_t)(line_end - text.data) + 1;
        put_line(tz_text_cut(text, at, end - at), &out);
    }
    return tz_buf_text(&out);
}

tz_rc tz_prose_load(tz_arena *mem, const char *path, tz_text *ret_text, tz_err *err)
{
    tz_assert(mem != NULL && path != NULL && ret_text != NULL);
    tz_rc   rc = TZ_OK;
    tz_text bytes, text = {0};

    TZ_TRY(tz_file_load(mem, path, MAX_PROSE_BYTES, &bytes, err));
    tz_source source = {.data = bytes};
    if (tz_text_starts(bytes, TZ_TEXT("PK\x03\x04"))) {
        TZ_TRY(load_document(mem, &source, &text, err));
    } else if (tz_text_starts(bytes, TZ_TEXT("\xD0\xCF\x11\xE0")) || tz_text_starts(bytes, TZ_TEXT("%PDF"))) {
        (void)tz_fail(err, TZ_INPUT, "读不了旧的 .doc 或 PDF", "an old .doc or a PDF can't be read");
        rc = tz_err_advise(err, "用 WPS 或 Word 另存为 .docx", "save it as .docx in WPS or Word");
        goto done;
    } else {
        TZ_TRY(load_plain(mem, &source, &text, err));
        if (tz_text_ends(tz_text_of(path), TZ_TEXT(".md")))
            text = without_marks(mem, text);
    }
    *ret_text = text;
done:
    if (rc != TZ_OK)
        (void)tz_err_at(err, tz_file_base(path), NULL, 0, NULL);
    return rc;
}
