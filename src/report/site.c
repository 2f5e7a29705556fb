#include "report/site.h"

#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "ledger/complaint.h"
#include "report/public.h"
#include "report/public_report.h"
#include "store/checkpoint.h"
#include "store/witness.h"

typedef struct {
    tz_arena *mem;
    tz_store *store;
    const tz_packs *packs;
    const char *folder;
    int32_t   today;
} writing;

static tz_rc save(const writing *of, const char *name, const json_t *value, tz_err *err)
{
    tz_buf out = tz_buf_init(of->mem, 0);
    tz_json_canonical(value, &out);
    return tz_file_write(tz_arena_printf(of->mem, "%s/%s", of->folder, name), tz_buf_text(&out), 0644, err);
}

/* What stands in one language. */
static tz_rc add_language(const writing *of, const char *name, tz_lang lang, json_t *site, tz_err *err)
{
    static const tz_html_links LINKS = {"/public/figures/", ""};
    tz_rc   rc = TZ_OK;
    tz_err  none;
    json_t *pages = NULL, *report = NULL, *here = json_object();

    TZ_TRY(tz_public_parts(of->mem, of->store, of->packs, of->today, lang, &pages, err));
    rc = tz_public_report(of->mem, of->store, of->packs, of->today, lang, &LINKS, &report, &none);
    if (rc != TZ_OK && rc != TZ_MISSING) {
        *err = none;
        goto done;
    }
    rc = TZ_OK;
    (void)json_object_set(here, "publications", pages);
    (void)json_object_set(here, "report", report == NULL ? json_null() : report);
    (void)json_object_set(site, name, here);
done:
    json_decref(pages);
    json_decref(report);
    json_decref(here);
    return rc;
}

/* The newest checkpoint, and who signs. */
static tz_rc add_journal(const writing *of, json_t *site, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_err        none;
    const char   *note = NULL;
    tz_note       read = {0};
    tz_public_key key;
    json_t       *file = NULL;
    char          hex[TZ_SM3_HEX];

    rc = tz_checkpoint_newest(of->mem, of->store, &note, &read, &key, &none);
    if (rc == TZ_MISSING) {
        (void)json_object_set_new(site, "journal", json_null());
        return TZ_OK; /* nobody signed yet: the page says so */
    }
    if (rc != TZ_OK) {
        *err = none;
        goto done;
    }
    TZ_TRY(tz_checkpoint_export_all(of->mem, of->store, &file, err));
    TZ_TRY(save(of, "checkpoint.json", file, err));
    tz_digest digest = tz_sm3(key.bytes, TZ_POINT_SIZE);
    tz_digest_hex(&digest, hex);
    (void)json_object_set_new(site, "journal", json_pack("{s:s, s:I, s:s, s:s, s:s}", "origin", read.origin, "entries", (json_int_t)read.entries,
                                                         "key", hex, "note", note, "line", tz_note_line(of->mem, note)));
done:
    json_decref(file);
    return rc;
}

static json_t *townships(const tz_store *store)
{
    json_t *list = json_array();

    for (size_t i = 0; i < store->county->divisions.count; i++)
        if (store->county->divisions.items[i].level == TZ_DIVISION_TOWNSHIP)
            (void)json_array_append_new(list, json_string(store->county->divisions.items[i].name));
    return list;
}

tz_rc tz_site_write(tz_arena *mem, tz_store *store, const tz_packs *packs, const char *folder, int32_t today, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && folder != NULL && today > 0);
    tz_rc   rc = TZ_OK;
    writing of = {mem, store, packs, folder, today};
    json_t *site = json_object(), *statuses = NULL;
    char    day[TZ_DATE_TEXT];

    tz_date_format(today, day);
    TZ_TRY(tz_file_make_folder(folder, err));
    tz_json_set_str(site, "format", "taizhang-site/1");
    tz_json_set_str(site, "county", store->county->name);
    tz_json_set_str(site, "made", day);
    (void)json_object_set_new(site, "is_demo", json_boolean(store->county->is_demo));
    (void)json_object_set_new(site, "townships", townships(store));
    TZ_TRY(add_language(&of, "zh", TZ_ZH, site, err));
    TZ_TRY(add_language(&of, "en", TZ_EN, site, err));
    TZ_TRY(add_journal(&of, site, err));
    TZ_TRY(tz_complaint_statuses(mem, store, &statuses, err));
    TZ_TRY(save(&of, "statuses.json", statuses, err));
    TZ_TRY(save(&of, "site.json", site, err));
done:
    json_decref(site);
    json_decref(statuses);
    return rc;
}
