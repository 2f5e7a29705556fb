/* link - a model and a table for the linkage of files: blocks, comparators, and why two rows weigh what they weigh. */
#include <stdio.h>
#include <unistd.h>

#include "fuzz.h"
#include "people/engine.h"

static const char *path_of(tz_arena *mem, const char *name)
{
    static char folder[64];
    const char *base = getenv("TMPDIR");

    if (folder[0] == '\0') {
        (void)snprintf(folder, sizeof folder, "%.40s/tz-fuzz-XXXXXX", base == NULL ? "/tmp" : base);
        tz_assert(mkdtemp(folder) != NULL);
    }
    return tz_arena_printf(mem, "%s/%s", folder, name);
}

/* Plainly: nothing of it has to last. */
static const char *put(tz_arena *mem, const char *name, tz_text text)
{
    const char *path = path_of(mem, name);
    FILE       *file = fopen(path, "wb");

    tz_assert(file != NULL && (text.size == 0 || fwrite(text.data, 1, text.size, file) == text.size));
    tz_assert(fclose(file) == 0);
    return path;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tz_arena              mem = {0};
    tz_text               rest = {(const char *)data, size};
    tz_app                app = {.lang = TZ_EN};
    tz_link_files_options options = {.id_column = "id", .memory_mb = 64, .threads = 1};
    json_t               *found = NULL;
    tz_err                err;

    options.model_path = put(&mem, "model.yaml", next_text(&rest));
    options.a_path = put(&mem, "rows.csv", rest);
    if (tz_link_files_plan(&app, &options, &found, &err) == TZ_OK)
        json_decref(found);
    if (tz_link_files_explain(&app, &options, "1", "2", NULL, &found, &err) == TZ_OK)
        json_decref(found);
    options.model_path = NULL;
    if (tz_link_files_plan(&app, &options, &found, &err) == TZ_OK)
        json_decref(found);
    (void)unlink(path_of(&mem, "model.yaml"));
    (void)unlink(path_of(&mem, "rows.csv"));
    tz_arena_free(&mem);
    return 0;
}
