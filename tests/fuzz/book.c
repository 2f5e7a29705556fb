/* book - any bytes: the telling of kinds, zip archives, delimited text in all encodings. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_book((tz_text){(const char *)data, size}, NULL);
    return 0;
}
