/* yaml - a pack's or a county's YAML. */
#include "formats/yaml.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tz_arena mem = {0};
    tz_yaml *root = NULL;
    tz_err   err;

    if (tz_yaml_parse(&mem, "x.yaml", (tz_text){(const char *)data, size}, &root, &err) == TZ_OK)
        TZ_YAML_EACH(item, root)
            tz_assert(item->line > 0 && (item->kind != TZ_YAML_SCALAR || strlen(item->text) < size + 1));
    tz_arena_free(&mem);
    return 0;
}
