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
    if (at.out.is_over) {
        rc = tz_fail(err, TZ_LIMIT, "文档的文字过多", "the document holds too much text");
        goto done;
    }
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
    } while (size > 0 && !out.is_over);
    *ret_text = tz_buf_text(&out);
done:
    tz_decoder_close(decoder);
    return rc;
}

/* Markdown's links as their text, and no marks of emphasis: [57](#roads)条 reads 57条. */
static tz_text without_marks(tz_arena *mem, tz_text text)
{
    tz_buf out = tz_buf_init(mem, MAX_PROSE_BYTES);

    for (size_t at = 0; at < text.size; at++) {
        size_t middle = text.data[at] == '[' ? tz_text_find(text, TZ_TEXT("]("), at) : SIZE_MAX;
        size_t line = tz_text_find(text, TZ_TEXT("\n"), at);
        if (tz_text_starts(tz_text_cut(text, at, 2), TZ_TEXT("[^")) && tz_text_find(text, TZ_TEXT("]"), at) < line) {
            at = tz_text_find(text, TZ_TEXT("]"), at); /* the mark of a footnote */
            continue;
        }
        size_t end = middle < line ? tz_text_find(text, TZ_TEXT(")"), middle) : SIZE_MAX;
        if (end != SIZE_MAX && end < line) {
            tz_buf_put(&out, tz_text_cut(text, at + 1, middle - at - 1));
            at = end;
        } else if (text.data[at] == '|') {
            tz_buf_char(&out, '\n'); /* a cell is a paragraph of its own, as in a document */
        } else if (text.data[at] != '*' && text.data[at] != '\\') {
            tz_buf_char(&out, text.data[at]);
        }
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
