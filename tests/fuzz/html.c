/* html - a page. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tz_arena mem = {0};
    tz_buf   out = tz_buf_init(&mem, 0);

    tz_buf_puts(&out, "<html><table>");
    tz_buf_put(&out, (tz_text){(const char *)data, size});
    read_book(tz_buf_text(&out), NULL);
    tz_arena_free(&mem);
    return 0;
}
