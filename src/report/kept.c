#include "report/kept.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "base/limits.h"
#include "report/moved.h"
#include "report/phrase.h"
#include "report/place.h"
#include "report/report.h"

/* Another shape of these files is another first line of what their names are the digest of. */
static const char FORMAT[] = "kept/2";

/* ---- Names ---- */

/* A line of the digest for each row of a query whose two columns say what it depends on. */
static tz_rc add_lines(tz_store *store, const char *select, tz_day day, tz_buf *inputs, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    char    as_of[TZ_DATE_TEXT];

    tz_date_format(day.as_of, as_of);
    TZ_TRY(tz_sql_open(store, select, &sql, err));
    tz_sql_bind_int(sql, 1, day.at);
    tz_sql_bind_text(sql, 2, as_of);
    TZ_EACH_ROW (store, sql, err) {
        const char *what = tz_sql_str(sql, 0), *digest = tz_sql_str(sql, 1);
        tz_buf_printf(inputs, "%s %s\n", what == NULL ? "" : what, digest == NULL ? "" : digest);
    }
done:
    tz_sql_close(sql);
    return rc;
}

/* A program that was built again is another one, whatever its version says. */
static void add_program(const tz_store *store, tz_buf *inputs)
{
    struct stat about;

    if (store->app->program != NULL && stat(store->app->program, &about) == 0)
        tz_buf_printf(inputs, "program %lld bytes of %lld.%09ld\n", (long long)about.st_size, (long long)about.st_mtim.tv_sec,
                      about.st_mtim.tv_nsec);
}

tz_rc tz_kept_key(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, const char **ret_key, tz_err *err)
{
    static const char BATCHES[] = "SELECT batch, identity FROM batch WHERE accepted_entry <= ?1 AND as_of <= ?2"
                                  " AND (withdrawn_entry IS NULL OR withdrawn_entry > ?1) ORDER BY batch";
    static const char LINKS[] = "SELECT run, inputs FROM link_run WHERE entry <= ?1 AND ?2 <> '' ORDER BY run DESC LIMIT 1";
    static const char CONFIG[] = "SELECT path, digest FROM config WHERE path LIKE '%.%' AND ?1 >= 0 AND ?2 <> '' ORDER BY path";
    static const char ERASED[] = "SELECT 'erased', max(erasure) FROM erasure WHERE ?1 >= 0 AND ?2 <> ''";
    static const char *const SELECTS[] = {BATCHES, LINKS, CONFIG, ERASED};
    tz_rc  rc = TZ_OK;
    tz_buf inputs = tz_buf_init(mem, 0);
    char   hex[TZ_SM3_HEX];

    tz_digest_hex(&packs->digest, hex);
    tz_buf_printf(&inputs, "%s %s\nas of %d\npacks %s\n", FORMAT, TZ_VERSION, (int)day.as_of, hex);
    add_program(store, &inputs);
    for (size_t i = 0; i < sizeof SELECTS / sizeof SELECTS[0]; i++)
        TZ_TRY(add_lines(store, SELECTS[i], day, &inputs, err));
    tz_digest digest = tz_sm3(inputs.data, inputs.size);
    tz_digest_hex(&digest, hex);
    *ret_key = tz_arena_printf(mem, "%.32s", hex);
done:
    return rc;
}

/* derived/kept/KEY-NAME-LANG.json, or .rows where lang is none of it. name NULL: all figures. */
static tz_rc path_of(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, const char *name, const char *ending,
                     const char **ret_path, tz_err *err)
{
    const char *key = NULL;
    tz_rc       rc = tz_kept_key(mem, store, packs, day, &key, err);

    if (rc == TZ_OK)
        *ret_path = tz_store_path(mem, store, "derived", tz_arena_printf(mem, "kept/%s-%s%s", key, name == NULL ? "all" : name, ending));
    return rc;
}

static const char *json_ending(tz_lang lang)
{
    return lang == TZ_ZH ? "-zh.json" : "-en.json";
}

static tz_rc fail_missing(tz_err *err)
{
    return tz_fail(err, TZ_MISSING, "这一天的指标还没有算好", "the figures of this day are not computed yet");
}

static tz_rc load(tz_arena *mem, const char *path, json_t **ret_value, tz_err *err)
{
    tz_text text = {0};
    tz_err  ignored;

    if (tz_file_load(mem, path, TZ_MAX_BUF_BYTES, &text, &ignored) != TZ_OK || tz_json_parse(text, ret_value, &ignored) != TZ_OK)
        return fail_missing(err);
    return TZ_OK;
}

/* ---- Room ---- */

enum { MOST_FILES = 4000, MOST_BYTES = 512 << 20 };

typedef struct {
    const char *path;
    int64_t     seconds; /* when it was written */
} kept_file;

static int compare_ages(const void *a, const void *b)
{
    const kept_file *x = a, *y = b;
    return (x->seconds > y->seconds) - (x->seconds < y->seconds);
}

/* Days and deliveries that nobody asks for any more: past so many files, or so much of them, the older half goes. */
static void make_room(tz_arena *mem, const char *folder)
{
    tz_names names = {0};
    tz_err   ignored;
    int64_t  bytes = 0;

    if (tz_file_list(mem, folder, &names, &ignored) != TZ_OK)
        return;
    kept_file *files = tz_new_array(mem, kept_file, names.count + 1);
    for (size_t i = 0; i < names.count; i++) {
        struct stat about = {0};
        files[i].path = tz_arena_printf(mem, "%s/%s", folder, names.items[i]);
        files[i].seconds = stat(files[i].path, &about) == 0 ? (int64_t)about.st_mtime : 0;
        bytes += about.st_size;
    }
    if (names.count < MOST_FILES && bytes < MOST_BYTES)
        return;
    qsort(files, names.count, sizeof files[0], compare_ages);
    for (size_t i = 0; i < names.count / 2; i++)
        (void)unlink(files[i].path);
}

tz_rc tz_kept_open_room(tz_arena *mem, tz_store *store, tz_err *err)
{
    const char *folder = tz_store_path(mem, store, "derived", "kept");
    tz_rc       rc = tz_file_make_folder(folder, err);

    if (rc == TZ_OK)
        make_room(mem, folder);
    return rc;
}

static tz_rc keep(tz_arena *mem, tz_store *store, const char *path, tz_text data, tz_err *err)
{
    tz_rc rc = tz_kept_open_room(mem, store, err);
    return rc == TZ_OK ? tz_file_write(path, data, 0600, err) : rc;
}

static tz_rc keep_json(tz_arena *mem, tz_store *store, const char *path, const json_t *value, tz_err *err)
{
    tz_buf out = tz_buf_init(mem, 0);
    tz_json_canonical(value, &out);
    return keep(mem, store, path, tz_buf_text(&out), err);
}

/* ---- All figures ---- */

static json_t *value_json(const tz_figure_value *value)
{
    json_t *line = json_object();

    tz_json_set_str(line, "figure", value->figure->name);
    tz_json_set_str(line, "value", value->value);
    tz_json_set_str(line, "exact", value->exact);
    (void)json_object_set_new(line, "is_true", json_boolean(value->is_true));
    tz_json_set_str(line, "why_not", value->why_not);
    tz_json_set_int(line, "looked_at", value->looked_at);
    tz_json_set_int(line, "rows", (int64_t)value->row_count);
    return line;
}

static const char *dup_or_null(tz_arena *mem, const char *text)
{
    return text == NULL ? NULL : tz_arena_dup(mem, text);
}

/* False where the packs have no such figure: then the file is not theirs. */
static bool value_of_json(tz_arena *mem, const tz_packs *packs, tz_lang lang, const json_t *line, tz_figure_value *ret_value)
{
    const char      *name = tz_json_str(line, "figure");
    const tz_figure *figure = name == NULL ? NULL : tz_packs_figure(packs, name);

    if (figure == NULL)
        return false;
    *ret_value = (tz_figure_value){.figure = figure, .kind = tz_figure_kind_name(figure->kind),
                                   .value = dup_or_null(mem, tz_json_str(line, "value")), .exact = dup_or_null(mem, tz_json_str(line, "exact")),
                                   .is_true = json_is_true(json_object_get(line, "is_true")),
                                   .why_not = dup_or_null(mem, tz_json_str(line, "why_not")),
                                   .looked_at = tz_json_int(line, "looked_at", 0), .row_count = (size_t)tz_json_int(line, "rows", 0)};
    tz_phrase_print(mem, ret_value, lang);
    return true;
}

tz_rc tz_kept_figures(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, tz_figure_values *ret_values, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && ret_values != NULL);
    tz_rc            rc = TZ_OK;
    const char      *path = NULL;
    json_t          *list = NULL, *line;
    size_t           i;
    tz_figure_values values = {0};

    TZ_TRY(path_of(mem, store, packs, day, NULL, json_ending(lang), &path, err));
    TZ_TRY(load(mem, path, &list, err));
    json_array_foreach(list, i, line) {
        tz_figure_value value = {0};
        if (!value_of_json(mem, packs, lang, line, &value)) {
            rc = fail_missing(err);
            goto done;
        }
        tz_push(mem, &values, value);
    }
    *ret_values = values;
done:
    json_decref(list);
    return rc;
}

/* Whether its rows are its own: a ratio's are its numerator's. */
static bool has_own_rows(const tz_figure_value *value)
{
    return value->figure->value != TZ_VALUE_RATIO && value->row_count > 0;
}

/* Their ids one behind the other, in the order of the figures. */
static tz_text all_rows(tz_arena *mem, const tz_figure_values *values)
{
    size_t total = 0, at = 0;

    for (size_t i = 0; i < values->count; i++)
        total += has_own_rows(&values->items[i]) ? values->items[i].row_count : 0;
    int64_t *ids = tz_new_array(mem, int64_t, total + 1);
    for (size_t i = 0; i < values->count; i++)
        if (has_own_rows(&values->items[i])) {
            memcpy(ids + at, values->items[i].rows, values->items[i].row_count * sizeof ids[0]);
            at += values->items[i].row_count;
        }
    return (tz_text){(const char *)ids, total * sizeof ids[0]};
}

tz_rc tz_keep_figures(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, const tz_figure_values *values,
                      tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && values != NULL);
    tz_rc       rc = TZ_OK;
    const char *path = NULL, *rows_path = NULL;
    json_t     *list = json_array();

    for (size_t i = 0; i < values->count; i++)
        (void)json_array_append_new(list, value_json(&values->items[i]));
    TZ_TRY(path_of(mem, store, packs, day, NULL, json_ending(lang), &path, err));
    TZ_TRY(path_of(mem, store, packs, day, NULL, ".rows", &rows_path, err));
    TZ_TRY(keep(mem, store, rows_path, all_rows(mem, values), err));
    TZ_TRY(keep_json(mem, store, path, list, err));
done:
    json_decref(list);
    return rc;
}

tz_rc tz_kept_figures_with_rows(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang,
                                tz_figure_values *ret_values, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    tz_err           ignored;
    const char      *path = NULL;
    tz_text          bytes = {0};
    size_t           total = 0, at = 0;
    tz_figure_values values = {0};

    TZ_TRY(tz_kept_figures(mem, store, packs, day, lang, &values, err));
    TZ_TRY(path_of(mem, store, packs, day, NULL, ".rows", &path, err));
    for (size_t i = 0; i < values.count; i++)
        total += has_own_rows(&values.items[i]) ? values.items[i].row_count : 0;
    int64_t *ids = tz_new_array(mem, int64_t, total + 1);
    if (tz_file_load(mem, path, TZ_MAX_BUF_BYTES, &bytes, &ignored) != TZ_OK || bytes.size != total * sizeof ids[0]) {
        rc = fail_missing(err);
        goto done;
    }
    memcpy(ids, bytes.data, bytes.size); /* what was loaded may lie at any address */
    for (size_t i = 0; i < values.count; i++)
        if (has_own_rows(&values.items[i])) {
            values.items[i].rows = ids + at;
            at += values.items[i].row_count;
        }
    for (size_t i = 0; i < values.count; i++) {
        tz_figure_value       *value = &values.items[i];
        const tz_figure_value *above = value->figure->value == TZ_VALUE_RATIO ? tz_figure_value_of(&values, value->figure->numerator) : NULL;
        if (above != NULL && above->row_count == value->row_count)
            value->rows = above->rows;
        else if (value->row_count > 0 && value->rows == NULL) {
            rc = fail_missing(err);
            goto done;
        }
    }
    *ret_values = values;
done:
    return rc;
}

/* ---- What pictures show ---- */

tz_rc tz_kept_pictures(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, json_t **ret_series, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && ret_series != NULL);
    const char *path = NULL;
    tz_rc       rc = path_of(mem, store, packs, day, "pictures", json_ending(lang), &path, err);

    return rc == TZ_OK ? load(mem, path, ret_series, err) : rc;
}

tz_rc tz_keep_pictures(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, const json_t *series, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && series != NULL);
    const char *path = NULL;
    tz_rc       rc = path_of(mem, store, packs, day, "pictures", json_ending(lang), &path, err);

    return rc == TZ_OK ? keep_json(mem, store, path, series, err) : rc;
}

/* ---- One figure, opened ---- */

tz_rc tz_kept_opened(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, const char *name, json_t **ret_opened,
                     tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && name != NULL && ret_opened != NULL);
    const char *path = NULL;
    tz_rc       rc = tz_packs_figure(packs, name) == NULL ? tz_fail(err, TZ_MISSING, "没有指标 “%s”", "there is no figure '%s'", name)
                                                          : path_of(mem, store, packs, day, name, json_ending(lang), &path, err);

    return rc == TZ_OK ? load(mem, path, ret_opened, err) : rc;
}

/* The file of rows: a record a row, of 12 digits (or spaces) of its division and 8 bytes of its id, in order. */
enum { DIVISION_SIZE = 12, RECORD_SIZE = DIVISION_SIZE + 8 };

static tz_text rows_bytes(tz_arena *mem, const tz_placed_rows *rows)
{
    char *bytes = tz_arena_alloc(mem, rows->count * RECORD_SIZE + 1);

    for (size_t i = 0; i < rows->count; i++) {
        const char *division = rows->items[i].division;
        memcpy(bytes + i * RECORD_SIZE, division == NULL ? "            " : division, DIVISION_SIZE);
        memcpy(bytes + i * RECORD_SIZE + DIVISION_SIZE, &rows->items[i].row_id, 8);
    }
    return (tz_text){bytes, rows->count * RECORD_SIZE};
}

/* How many digits its rows' codes begin with: 0 for all rows, more than a record has for what is no code. */
static size_t prefix_of(const char *division)
{
    if (division == NULL)
        return 0;
    if (strlen(division) != DIVISION_SIZE)
        return DIVISION_SIZE + 1;
    return strcmp(division + 9, "000") == 0 ? 9 : DIVISION_SIZE;
}

tz_rc tz_kept_rows(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, const char *name, const char *division, size_t from,
                   size_t count, int64_t **ret_ids, size_t *ret_count, size_t *ret_total, tz_err *err)
{
    tz_assert(mem != NULL && name != NULL && ret_ids != NULL && ret_count != NULL && ret_total != NULL);
    tz_rc       rc = TZ_OK;
    tz_err      ignored;
    const char *path = NULL;
    tz_text     bytes = {0};
    size_t      prefix = prefix_of(division), total = 0, taken = 0;

    TZ_TRY(path_of(mem, store, packs, day, name, ".rows", &path, err));
    if (tz_file_load(mem, path, TZ_MAX_BUF_BYTES, &bytes, &ignored) != TZ_OK || bytes.size % RECORD_SIZE != 0) {
        rc = fail_missing(err);
        goto done;
    }
    size_t   all = bytes.size / RECORD_SIZE;
    int64_t *ids = tz_new_array(mem, int64_t, (count < all ? count : all) + 1);
    for (size_t i = 0; i < all; i++) {
        const char *record = bytes.data + i * RECORD_SIZE;
        if (prefix > DIVISION_SIZE || (prefix > 0 && memcmp(record, division, prefix) != 0))
            continue;
        if (total >= from && taken < count)
            memcpy(&ids[taken++], record + DIVISION_SIZE, 8);
        total++;
    }
    *ret_ids = ids;
    *ret_count = taken;
    *ret_total = total;
done:
    return rc;
}

/* By place, or why not: a target has no rows, and a query may fail on its own. */
static tz_rc open_places(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, const char *name, json_t *opened,
                         tz_placed_rows *rows, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    tz_places *places = NULL;
    json_t    *townships = NULL, *villages = NULL;
    tz_err     wrong = {0};

    TZ_TRY(tz_places_open(mem, store, packs, day, name, &places, err));
    tz_rc told = tz_places_of(places, TZ_DIVISION_TOWNSHIP, lang, name, &townships, &wrong);
    if (told == TZ_OK)
        told = tz_places_of(places, TZ_DIVISION_VILLAGE, lang, name, &villages, &wrong);
    if (told == TZ_OK)
        told = tz_places_rows(places, name, rows, &wrong);
    if (told == TZ_SYSTEM) {
        *err = wrong;
        rc = told;
        goto done;
    }
    tz_json_set_str(opened, "why_not", told == TZ_OK ? NULL : lang == TZ_ZH ? wrong.zh : wrong.en);
    (void)json_object_set_new(opened, "townships", told == TZ_OK ? json_incref(townships) : json_array());
    (void)json_object_set_new(opened, "villages", told == TZ_OK ? json_incref(villages) : json_array());
done:
    json_decref(townships);
    json_decref(villages);
    tz_places_close(places);
    return rc;
}

static tz_rc make_opened(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, const char *name, tz_err *err)
{
    tz_rc          rc = TZ_OK;
    json_t        *opened = json_object(), *trend = NULL;
    tz_placed_rows rows = {0};
    const char    *path = NULL, *rows_path = NULL;

    TZ_TRY(path_of(mem, store, packs, day, name, json_ending(lang), &path, err));
    TZ_TRY(path_of(mem, store, packs, day, name, ".rows", &rows_path, err));
    if (tz_file_exists(path) && tz_file_exists(rows_path))
        goto done;
    TZ_TRY(open_places(mem, store, packs, day, lang, name, opened, &rows, err));
    TZ_TRY(tz_figure_trend(mem, store, packs, day, lang, name, &trend, err));
    (void)json_object_set(opened, "trend", trend);
    TZ_TRY(keep(mem, store, rows_path, rows_bytes(mem, &rows), err));
    TZ_TRY(keep_json(mem, store, path, opened, err));
done:
    json_decref(opened);
    json_decref(trend);
    return rc;
}

tz_rc tz_kept_make(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, const char *name, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && day.at > 0 && day.as_of > 0);
    tz_rc            rc = TZ_OK;
    tz_figure_values values = {0};
    tz_err           ignored;

    if (name != NULL)
        return make_opened(mem, store, packs, day, lang, name, err);
    if (tz_kept_figures(mem, store, packs, day, lang, &values, &ignored) == TZ_OK)
        return TZ_OK;
    TZ_TRY(tz_figures_compute(mem, store, packs, day, lang, NULL, &values, err));
    TZ_TRY(tz_keep_figures(mem, store, packs, day, lang, &values, err));
done:
    return rc;
}

/* ---- Two days ---- */

static tz_rc moved_path(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, int32_t since, tz_lang lang, const char **ret_path,
                        tz_err *err)
{
    return path_of(mem, store, packs, day, tz_arena_printf(mem, "since-%d", (int)since), json_ending(lang), ret_path, err);
}

tz_rc tz_kept_moved(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, int32_t since, tz_lang lang, json_t **ret_moved,
                    tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && ret_moved != NULL);
    const char *path = NULL;
    tz_rc       rc = moved_path(mem, store, packs, day, since, lang, &path, err);
    return rc == TZ_OK ? load(mem, path, ret_moved, err) : rc;
}

tz_rc tz_keep_moved(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, int32_t since, tz_lang lang, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL);
    tz_rc       rc = TZ_OK;
    const char *path = NULL;
    json_t     *moved = NULL;

    TZ_TRY(moved_path(mem, store, packs, day, since, lang, &path, err));
    TZ_TRY(tz_report_moved(mem, store, packs, day.at, since, day.as_of, lang, NULL, &moved, err));
    TZ_TRY(keep_json(mem, store, path, moved, err));
done:
    json_decref(moved);
    return rc;
}
