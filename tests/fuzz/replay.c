/* replay - runs a target over files and folders of files, without a fuzzer: PROGRAM FILE|FOLDER… */
#include <stdio.h>

#include "base/file.h"
#include "fuzz.h"

enum { MOST_BYTES = 16 << 20 };

/* The input in a block of its own size, so that a read behind its end is seen. */
static int run(const char *path)
{
    tz_arena mem = {0};
    tz_err   err;
    tz_text  text;

    if (tz_file_load(&mem, path, MOST_BYTES, &text, &err) != TZ_OK) {
        fprintf(stderr, "%s: %s\n", path, err.en);
        return 1;
    }
    uint8_t *copy = malloc(text.size + (text.size == 0));
    tz_assert(copy != NULL);
    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    (void)LLVMFuzzerTestOneInput(copy, text.size);
    free(copy);
    tz_arena_free(&mem);
    return 0;
}

int main(int count, char **paths)
{
    tz_arena mem = {0};
    size_t   files = 0;
    int      failed = 0;

    for (int i = 1; i < count; i++) {
        tz_names names = {0};
        tz_err   err;
        if (!tz_file_is_folder(paths[i])) {
            failed |= run(paths[i]);
            files++;
        } else if (tz_file_list(&mem, paths[i], &names, &err) == TZ_OK) {
            for (size_t j = 0; j < names.count; j++, files++)
                failed |= run(tz_arena_printf(&mem, "%s/%s", paths[i], names.items[j]));
        }
    }
    printf("%zu inputs\n", files);
    tz_arena_free(&mem);
    return failed || files == 0;
}
