/* fuzz - what the targets share: one function for the fuzzer to call, a book read to its end, an input that
 * is several texts.
 *
 * A target must give back all it took, end in a second, and crash on nothing.  What a finding was stays in
 * corpus/NAME and is run by every `./run test`.
 */
#ifndef TZ_TESTS_FUZZ_H
#define TZ_TESTS_FUZZ_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/text.h"
#include "formats/book.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_ROWS = 2000 }; /* of a sheet: more only costs time */

static inline void read_sheet(tz_arena *mem, tz_book *book, size_t index)
{
    tz_sheet     *sheet = NULL;
    const tz_row *row = NULL;
    tz_merges     merges;
    tz_spans      spans;
    tz_err        err;
    size_t        bytes = 0;

    (void)!tz_sheet_merges(mem, book, index, &merges, &err);
    (void)!tz_sheet_hidden_columns(mem, book, index, &spans, &err);
    if (tz_sheet_open(mem, book, index, &sheet, &err) != TZ_OK)
        return;
    for (int rows = 0; rows < MOST_ROWS && tz_sheet_next(sheet, &row, &err) == TZ_OK && row != NULL; rows++)
        for (size_t i = 0; i < row->count; i++) {
            const tz_cell *cell = &row->cells[i];
            tz_assert((cell->kind == TZ_CELL_EMPTY) == (cell->text.size == 0));
            for (size_t j = 0; j < cell->text.size; j++)
                bytes += (unsigned char)cell->text.data[j];
            bytes += strlen(tz_book_format(book, cell->style));
        }
    tz_assert(bytes < SIZE_MAX); /* so that nothing of the reading is left out */
    tz_sheet_close(sheet);
}

/* Reads all of a file; wanted: the kind that it must be when it opens, or NULL. */
static inline void read_book(tz_text data, const char *wanted)
{
    tz_arena mem = {0};
    tz_book *book = NULL;
    tz_err   err;

    if (tz_book_open_bytes(&mem, "x", data, &book, &err) == TZ_OK) {
        tz_assert(wanted == NULL || strcmp(book->kind, wanted) == 0);
        for (size_t i = 0; i < book->sheets.count && i < 8; i++)
            read_sheet(&mem, book, i);
        (void)tz_book_property(&mem, book, "taizhang");
        tz_book_close(book);
    }
    tz_arena_free(&mem);
}

/* The next text of an input whose texts are separated by a line "====". */
static inline tz_text next_text(tz_text *rest)
{
    size_t  at = tz_text_find(*rest, TZ_TEXT("\n====\n"), 0);
    tz_text text = tz_text_cut(*rest, 0, at == SIZE_MAX ? rest->size : at);

    *rest = at == SIZE_MAX ? (tz_text){0} : tz_text_cut(*rest, at + 6, rest->size);
    return text;
}

#endif
