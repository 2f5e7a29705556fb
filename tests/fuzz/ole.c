/* ole - a compound file with what its sectors say, behind its first eight bytes. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tz_arena mem = {0};
    tz_buf   out = tz_buf_init(&mem, 0);

    tz_buf_put(&out, TZ_TEXT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"));
    tz_buf_put(&out, (tz_text){(const char *)data, size});
    read_book(tz_buf_text(&out), "xls");
    tz_arena_free(&mem);
    return 0;
}
