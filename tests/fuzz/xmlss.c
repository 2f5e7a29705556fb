/* xmlss - what stands in the root of an XML Spreadsheet 2003. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tz_arena mem = {0};
    tz_buf   out = tz_buf_init(&mem, 0);

    tz_buf_puts(&out, "<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>");
    tz_buf_put(&out, (tz_text){(const char *)data, size});
    read_book(tz_buf_text(&out), NULL);
    tz_arena_free(&mem);
    return 0;
}
