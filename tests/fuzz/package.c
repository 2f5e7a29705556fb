/* package - a workbook's list of parts: relations of the package, workbook, its relations, properties. */
#include "../files.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tz_arena mem = {0};
    tz_text  rest = {(const char *)data, size};
    zip_member members[] = {
        {"[Content_Types].xml", TZ_TEXT("<Types/>")},
        {"_rels/.rels", next_text(&rest)},
        {"xl/workbook.xml", next_text(&rest)},
        {"xl/_rels/workbook.xml.rels", next_text(&rest)},
        {"docProps/custom.xml", next_text(&rest)},
        {"xl/s.xml", TZ_TEXT("<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>")},
    };

    read_book(make_zip(&mem, members, sizeof members / sizeof members[0]), "xlsx");
    tz_arena_free(&mem);
    return 0;
}
