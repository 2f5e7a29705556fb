/* message - the sentence of a finding: its template, then the members that fill it as JSON. */
#include "fuzz.h"
#include "packs/mask.h"
#include "packs/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tz_arena    mem = {0};
    tz_text     rest = {(const char *)data, size};
    const char *message = tz_text_dup(&mem, next_text(&rest));
    json_t     *params = json_loadb(rest.data == NULL ? "" : rest.data, rest.size, 0, NULL);
    const char *shown[] = {"name", "term"};
    const tz_strings public_columns = {.items = shown, .count = 2};

    if (json_is_object(params)) {
        (void)strlen(tz_message_fill(&mem, message, params, &public_columns, TZ_ZH, true));
        (void)strlen(tz_message_fill(&mem, message, params, &public_columns, TZ_EN, false));
    }
    if (tz_utf8_is_valid(tz_text_of(message))) {
        (void)strlen(tz_mask_name(&mem, message));
        (void)strlen(tz_mask_id(&mem, message));
    }
    json_decref(params);
    tz_arena_free(&mem);
    return 0;
}
