/* biff - the stream of an old workbook, inside a sound compound file. */
#include "../files.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tz_arena mem = {0};

    read_book(make_ole(&mem, "Workbook", (tz_text){(const char *)data, size}), "xls");
    tz_arena_free(&mem);
    return 0;
}
