/* csv - delimited text: no character of it may be lost. */
#include "formats/decode.h"
#include "fuzz.h"

static bool is_counted(char c)
{
    return c == '\0' || strchr("\",\t;|\r\n", c) == NULL;
}

static void put_counted(tz_buf *out, tz_text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (is_counted(text.data[i]))
            tz_buf_char(out, text.data[i]);
}

static tz_text decoded(tz_arena *mem, tz_text data)
{
    const tz_source source = {.data = data};
    tz_encoding     encoding;
    tz_decoder     *decoder = NULL;
    tz_err          err;
    char            block[97];
    size_t          size = 1;
    tz_buf          out = tz_buf_init(mem, 0);

    tz_assert(tz_encoding_find(mem, &source, &encoding, &err) == TZ_OK);
    tz_assert(tz_decoder_open(mem, &source, &encoding, &decoder, &err) == TZ_OK);
    while (size > 0) {
        tz_assert(tz_decoder_read(decoder, block, sizeof block, &size, &err) == TZ_OK);
        put_counted(&out, (tz_text){block, size});
    }
    tz_decoder_close(decoder);
    tz_assert(tz_utf8_is_valid(tz_buf_text(&out)));
    return tz_buf_text(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tz_arena      mem = {0};
    tz_book      *book = NULL;
    tz_sheet     *sheet = NULL;
    const tz_row *row = NULL;
    tz_err        err;
    tz_text       text = {(const char *)data, size};
    tz_buf        cells = tz_buf_init(&mem, 0);
    bool          is_cut = false;

    if (tz_book_open_bytes(&mem, "x", text, &book, &err) == TZ_OK && strcmp(book->kind, "csv") == 0 &&
        tz_sheet_open(&mem, book, 0, &sheet, &err) == TZ_OK) {
        tz_rc rc;
        while ((rc = tz_sheet_next(sheet, &row, &err)) == TZ_OK && row != NULL)
            for (size_t i = 0; i < row->count; i++) {
                put_counted(&cells, row->cells[i].text);
                is_cut |= row->cells[i].is_cut;
            }
        tz_sheet_close(sheet);
        tz_text whole = decoded(&mem, text);
        tz_assert(rc != TZ_OK || is_cut || tz_text_equal(whole, tz_buf_text(&cells)) ||
                  tz_text_starts(whole, TZ_TEXT("sep=")));
    }
    tz_book_close(book);
    tz_arena_free(&mem);
    return 0;
}
