/* xlsx - a workbook's XML: sheet, shared strings, styles, separated by lines "====". */
#include "../files.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tz_arena mem = {0};
    tz_text  rest = {(const char *)data, size};
    char    *sheet = tz_text_dup(&mem, next_text(&rest)), *strings = tz_text_dup(&mem, next_text(&rest));

    read_book(make_xlsx(&mem, sheet, strings[0] == '\0' ? NULL : strings,
                        rest.size == 0 ? NULL : tz_text_dup(&mem, rest)),
              "xlsx");
    tz_arena_free(&mem);
    return 0;
}
