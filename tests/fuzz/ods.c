/* ods - the content of an OpenDocument spreadsheet. */
#include "../files.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tz_arena mem = {0};

    read_book(make_ods(&mem, (tz_text){(const char *)data, size}, NULL), "ods");
    tz_arena_free(&mem);
    return 0;
}
