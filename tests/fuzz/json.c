/* json - the canonical form: what was read is written so that it reads back as the same bytes. */
#include "base/json.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tz_arena mem = {0};
    json_t  *value = json_loadb((const char *)data, size, JSON_DECODE_ANY, NULL), *again = NULL;
    tz_buf   first = tz_buf_init(&mem, 0), second = tz_buf_init(&mem, 0);

    if (value != NULL && tz_json_is_exact(value)) {
        tz_json_canonical(value, &first);
        again = json_loadb(first.data, first.size, JSON_DECODE_ANY, NULL);
        tz_assert(again != NULL);
        tz_json_canonical(again, &second);
        tz_assert(tz_text_equal(tz_buf_text(&first), tz_buf_text(&second)));
    }
    json_decref(value);
    json_decref(again);
    tz_arena_free(&mem);
    return 0;
}
