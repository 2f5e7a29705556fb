/* mustache - a template and a view. */
#include "fuzz.h"
#include "report/mustache.h"

static const char *itself(void *context, const char *name)
{
    return strlen(name) == 1 ? context : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char VIEW[] = "{\"a\": [{\"b\": \"*x*\"}, {\"b\": 1}], \"c\": {\"_text\": \"t\", \"_is\": false, \"d\": true}, \"e\": \"\"}";
    tz_arena mem = {0};
    tz_err   err;
    tz_buf   out = tz_buf_init(&mem, 1 << 16);
    char    *template = tz_arena_copy(&mem, (const char *)data, size);
    json_t  *view = json_loads(VIEW, 0, NULL);
    tz_mustache_target target = {.escape = tz_escape_markdown, .partial = size < 200 ? itself : NULL, .context = template};

    if (tz_mustache(&mem, "x.md", (tz_text){template, size}, view, &target, &out, &err) == TZ_OK)
        tz_assert(out.size <= 1 << 16);
    json_decref(view);
    tz_arena_free(&mem);
    return 0;
}
