/* kept_report - reports that were made once: a download costs a read. */
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"
#include "report/kept.h"

/* "report-20200630-0-zh." of a day, and the digest of what else stands in it but issues and findings. */
static tz_rc stem_of(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_report_options *options, const char **ret_stem, tz_err *err)
{
    const char *key = NULL;
    tz_rc       rc = tz_kept_key(mem, store, packs, options->day, &key, err);

    if (rc == TZ_OK)
        *ret_stem = tz_arena_printf(mem, "report-%d-%d-%s.%.16s.", (int)options->day.as_of, (int)options->since,
                                    options->lang == TZ_ZH ? "zh" : "en", key);
    return rc;
}

static const char *path_of(tz_arena *mem, const tz_store *store, const char *stem, int64_t at, const char *form)
{
    return tz_store_path(mem, store, "derived", tz_arena_printf(mem, "kept/%s%lld.%s", stem, (long long)at, form));
}

/* The entry in a name, 0 where it is not of the stem and form. */
static int64_t entry_in(const char *name, const char *stem, const char *form)
{
    tz_text all = tz_text_of(name), head = tz_text_of(stem), tail = tz_text_of(form);
    int64_t entry = 0;

    if (!tz_text_starts(all, head) || !tz_text_ends(all, tail) || all.size < head.size + tail.size + 2 ||
        !tz_text_int(tz_text_cut(all, head.size, all.size - head.size - tail.size - 1), &entry))
        return 0;
    return entry;
}

/* The newest entry up to `most` for which there is one; 0: none. */
static int64_t newest_entry(tz_arena *mem, const tz_store *store, const char *stem, int64_t most, const char *form)
{
    tz_names names = {0};
    tz_err   ignored;
    int64_t  newest = 0;

    if (tz_file_list(mem, tz_store_path(mem, store, "derived", "kept"), &names, &ignored) == TZ_OK)
        for (size_t i = 0; i < names.count; i++) {
            int64_t entry = entry_in(names.items[i], stem, form);
            newest = entry > newest && entry <= most ? entry : newest;
        }
    return newest;
}

tz_rc tz_kept_report(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_report_options *options, const char *form, bool is_exact,
                     const char **ret_path, int64_t *ret_at, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && options != NULL && form != NULL && ret_path != NULL && ret_at != NULL);
    tz_rc       rc = TZ_OK;
    const char *stem = NULL;

    TZ_TRY(stem_of(mem, store, packs, options, &stem, err));
    int64_t at = newest_entry(mem, store, stem, options->day.at, form);
    if (at == 0 || (is_exact && at != options->day.at)) {
        rc = tz_fail(err, TZ_MISSING, "这份报告还没有写出", "this report is not written yet");
        goto done;
    }
    *ret_path = path_of(mem, store, stem, at, form);
    *ret_at = at;
done:
    return rc;
}

/* The same report as earlier entries knew it, but for the last: a reader may have its page open. */
static void sweep(tz_arena *mem, const tz_store *store, const char *stem, int64_t at, const char *form)
{
    const char *folder = tz_store_path(mem, store, "derived", "kept");
    int64_t     before = newest_entry(mem, store, stem, at - 1, form);
    tz_names    names = {0};
    tz_err      ignored;

    if (tz_file_list(mem, folder, &names, &ignored) != TZ_OK)
        return;
    for (size_t i = 0; i < names.count; i++) {
        int64_t entry = entry_in(names.items[i], stem, form);
        if (entry > 0 && entry < before)
            (void)unlink(tz_arena_printf(mem, "%s/%s", folder, names.items[i]));
    }
}

/* ---- Reports that are written elsewhere ---- */

/* Under what form a page is kept that names its workbook, or would if it cut rows. */
static const char *page_form(tz_arena *mem, const char *rest)
{
    const char *name = rest == NULL ? NULL : tz_file_base(rest);
    char        hex[TZ_SM3_HEX];

    if (name == NULL)
        return "uncut.html";
    tz_digest digest = tz_sm3(name, strlen(name));
    tz_digest_hex(&digest, hex);
    return tz_arena_printf(mem, "cut-%.16s.html", hex);
}

static const char *form_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot == NULL ? "" : dot + 1;
}

static bool has_rest(const tz_report_options *options, const char *path)
{
    return !options->is_alone && strcmp(form_of(path), "html") == 0;
}

static tz_rc copy_form(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_report_options *options, const char *form,
                       const char *path, tz_err *err)
{
    const char *kept = NULL;
    int64_t     at = 0;
    tz_rc       rc = tz_kept_report(mem, store, packs, options, form, true, &kept, &at, err);

    return rc == TZ_OK ? tz_file_copy(kept, path, 0644, err) : rc;
}

tz_rc tz_kept_copy(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_report_options *options, const char *path, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && options != NULL && path != NULL);
    tz_rc       rc = TZ_OK;
    const char *kept = NULL;
    int64_t     at = 0;

    if (!has_rest(options, path))
        return copy_form(mem, store, packs, options, form_of(path), path, err);
    rc = copy_form(mem, store, packs, options, page_form(mem, NULL), path, err);
    if (rc != TZ_MISSING)
        return rc;
    const char *rest = tz_report_rest(mem, path), *form = page_form(mem, rest);
    TZ_TRY(tz_kept_report(mem, store, packs, options, form, true, &kept, &at, err));
    TZ_TRY(copy_form(mem, store, packs, options, "xlsx", rest, err));
    TZ_TRY(copy_form(mem, store, packs, options, form, path, err));
done:
    return rc;
}

static tz_rc keep_form(tz_arena *mem, tz_store *store, const char *stem, int64_t at, const char *form, const char *path, tz_err *err)
{
    const char *kept = path_of(mem, store, stem, at, form);
    tz_rc       rc = strcmp(kept, path) == 0 ? TZ_OK : tz_file_copy(path, kept, 0600, err);

    if (rc == TZ_OK)
        sweep(mem, store, stem, at, form);
    return rc;
}

tz_rc tz_keep_copy(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_report_options *options, const char *path, const char *rest,
                   tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && options != NULL && path != NULL);
    tz_rc       rc = TZ_OK;
    const char *stem = NULL;

    TZ_TRY(stem_of(mem, store, packs, options, &stem, err));
    TZ_TRY(tz_kept_open_room(mem, store, err));
    if (rest != NULL)
        TZ_TRY(keep_form(mem, store, stem, options->day.at, "xlsx", rest, err));
    TZ_TRY(keep_form(mem, store, stem, options->day.at, has_rest(options, path) ? page_form(mem, rest) : form_of(path), path, err));
done:
    return rc;
}

/* ---- Reports of pages ---- */

tz_rc tz_keep_report(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_report_options *options, const char *form,
                     const tz_html_links *links, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && options != NULL && form != NULL);
    tz_rc             rc = TZ_OK;
    tz_text           part = {0};
    const char       *stem = NULL;
    tz_report_options alone = *options;

    alone.is_alone = true;
    TZ_TRY(stem_of(mem, store, packs, options, &stem, err));
    const char *path = path_of(mem, store, stem, options->day.at, form);
    TZ_TRY(tz_kept_open_room(mem, store, err));
    if (strcmp(form, "part") == 0) {
        TZ_TRY(tz_report_part(mem, store, packs, &alone, links, &part, err));
        TZ_TRY(tz_file_write(path, part, 0600, err));
        sweep(mem, store, stem, options->day.at, form);
    } else {
        TZ_TRY(tz_report_make(mem, store, packs, &alone, path, err));
    }
done:
    return rc;
}
