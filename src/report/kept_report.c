/* kept_report - reports that were made once: a download costs a read. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"
#include "report/kept.h"

/* "report-20200630-0-zh." of a day, and behind it what else it depends on. */
static const char *stem_of(tz_arena *mem, const tz_report_options *options)
{
    return tz_arena_printf(mem, "report-%d-%d-%s.", (int)options->day.as_of, (int)options->since, options->lang == TZ_ZH ? "zh" : "en");
}

static const char *path_of(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_report_options *options, const char *form)
{
    char        hex[TZ_SM3_HEX];
    const char *inputs = NULL;

    tz_digest_hex(&packs->digest, hex);
    inputs = tz_arena_printf(mem, "report/1 %s %lld %s %s", TZ_VERSION, (long long)options->day.at, hex, store->county->name);
    tz_digest digest = tz_sm3(inputs, strlen(inputs));
    tz_digest_hex(&digest, hex);
    return tz_store_path(mem, store, "derived", tz_arena_printf(mem, "kept/%s%.16s.%s", stem_of(mem, options), hex, form));
}

tz_rc tz_kept_report(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_report_options *options, const char *form,
                     const char **ret_path, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && options != NULL && form != NULL && ret_path != NULL);
    const char *path = path_of(mem, store, packs, options, form);

    if (!tz_file_exists(path))
        return tz_fail(err, TZ_MISSING, "这份报告还没有写出", "this report is not written yet");
    *ret_path = path;
    return TZ_OK;
}

/* The same report as other entries knew it: nobody asks for those by chance. */
static void sweep(tz_arena *mem, const tz_store *store, const tz_report_options *options, const char *form, const char *path)
{
    const char *folder = tz_store_path(mem, store, "derived", "kept"), *stem = stem_of(mem, options);
    tz_names    names = {0};
    tz_err      ignored;

    if (tz_file_list(mem, folder, &names, &ignored) != TZ_OK)
        return;
    for (size_t i = 0; i < names.count; i++) {
        tz_text name = tz_text_of(names.items[i]);
        if (tz_text_starts(name, tz_text_of(stem)) && tz_text_ends(name, tz_text_of(tz_arena_printf(mem, ".%s", form))) &&
            strcmp(names.items[i], tz_file_base(path)) != 0)
            (void)unlink(tz_arena_printf(mem, "%s/%s", folder, names.items[i]));
    }
}

tz_rc tz_keep_report(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_report_options *options, const char *form,
                     const tz_html_links *links, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && options != NULL && form != NULL);
    tz_rc             rc = TZ_OK;
    tz_text           part = {0};
    const char       *path = path_of(mem, store, packs, options, form);
    tz_report_options alone = *options;

    alone.is_alone = true;
    TZ_TRY(tz_file_make_folder(tz_store_path(mem, store, "derived", "kept"), err));
    if (strcmp(form, "part") == 0) {
        TZ_TRY(tz_report_part(mem, store, packs, &alone, links, &part, err));
        TZ_TRY(tz_file_write(path, part, 0600, err));
    } else {
        TZ_TRY(tz_report_make(mem, store, packs, &alone, path, err));
    }
    sweep(mem, store, options, form, path);
done:
    return rc;
}
