/* learnt_text - the county's model as it is kept in ledger.db, and as people read it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/assert.h"
#include "people/learnt.h"
#include "people/level.h"

/* ---- Writing ---- */

static json_t *number_json(double number)
{
    char text[40];
    (void)snprintf(text, sizeof text, "%.9g", number);
    return json_string(text);
}

static json_t *comparison_json(const tz_comparison *one)
{
    json_t *levels = json_array();

    for (size_t level = 1; level < tz_compare_level_count(one->kind); level++)
        (void)json_array_append_new(levels, json_pack("{s:s, s:o, s:o}", "level", tz_compare_levels(one->kind)[level - 1],
                                                      "m", number_json(one->m[level]), "u", number_json(one->u[level])));
    return levels;
}

static json_t *counts_json(const tz_learnt *of, size_t c)
{
    json_t *times = json_object();

    for (size_t i = 0; i < of->counts[c].times.entries.count; i++) {
        const tz_map_entry *one = &of->counts[c].times.entries.items[i];
        (void)json_object_setn_new(times, one->key.data, one->key.size, json_integer(one->value));
    }
    return json_pack("{s:o, s:o, s:o}", "filled", number_json(of->counts[c].filled), "rest", number_json(of->counts[c].rest),
                     "times", times);
}

const char *tz_learnt_text(tz_arena *mem, const tz_learnt *of)
{
    json_t *comparisons = json_object(), *counts = json_object();
    tz_buf out = tz_buf_init(mem, 0);

    for (size_t c = 0; c < TZ_PROFILE_COMPARED; c++) {
        (void)json_object_set_new(comparisons, TZ_PROFILE_NAMES[c], comparison_json(&of->model.comparisons[c]));
        if (of->model.comparisons[c].by_frequency)
            (void)json_object_set_new(counts, TZ_PROFILE_NAMES[c], counts_json(of, c));
    }
    json_t *whole =
        json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "model", 1, "damaged", number_json(of->damaged), "prior",
                  number_json(of->model.prior), "threshold", number_json(of->model.threshold), "review",
                  number_json(of->model.review), "persons", number_json(of->persons), "comparisons", comparisons,
                  "counts", counts);
    tz_json_canonical(whole, &out);
    json_decref(whole);
    return tz_buf_str(&out);
}

/* ---- Reading ---- */

static double number_of(const json_t *object, const char *key)
{
    const char *text = tz_json_str(object, key);
    return text == NULL ? 0 : strtod(text, NULL);
}

static bool read_counts(tz_arena *mem, const json_t *from, size_t c, tz_learnt *of)
{
    const char *key;
    json_t *value;

    of->counts[c].times = tz_map_init(mem);
    of->counts[c].filled = number_of(from, "filled");
    of->counts[c].rest = number_of(from, "rest");
    json_object_foreach(json_object_get(from, "times"), key, value)
        tz_map_put(&of->counts[c].times, tz_text_of(key), NULL)->value = json_integer_value(value);
    return of->counts[c].rest >= 1;
}

static bool read_comparison(const json_t *levels, tz_comparison *one)
{
    for (size_t level = 1; level < tz_compare_level_count(one->kind); level++) {
        const json_t *from = json_array_get(levels, level - 1);
        one->m[level] = number_of(from, "m");
        one->u[level] = number_of(from, "u");
        if (!(one->m[level] > 0 && one->u[level] > 0))
            return false;
    }
    return true;
}

static bool read_text(tz_arena *mem, const json_t *whole, tz_learnt *of)
{
    bool is_whole = true;

    of->model = tz_learnt_start();
    of->model.prior = number_of(whole, "prior");
    of->model.threshold = number_of(whole, "threshold");
    of->model.review = number_of(whole, "review");
    of->model.is_trained = true;
    of->persons = number_of(whole, "persons");
    for (size_t c = 0; c < TZ_PROFILE_COMPARED; c++) {
        is_whole &= read_comparison(json_object_get(json_object_get(whole, "comparisons"), TZ_PROFILE_NAMES[c]), &of->model.comparisons[c]);
        if (of->model.comparisons[c].by_frequency)
            is_whole &= read_counts(mem, json_object_get(json_object_get(whole, "counts"), TZ_PROFILE_NAMES[c]), c, of);
    }
    return is_whole && of->model.prior > 0 && of->model.prior < 1 && of->model.review > 0 && of->persons > 0 &&
           of->model.review <= of->model.threshold && of->model.threshold < 1;
}

tz_rc tz_learnt_load(tz_arena *mem, tz_store *store, tz_learnt *ret_model, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && ret_model != NULL);
    tz_rc rc = TZ_OK;
    tz_sql *sql = NULL;
    json_t *whole = NULL;
    bool has_row = false;
    tz_learnt of = {.number = 0};

    TZ_TRY(tz_sql_open(store, "SELECT model, pairs, text FROM link_model ORDER BY model DESC LIMIT 1", &sql, err));
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    if (has_row) {
        of.number = tz_sql_int(sql, 0);
        of.pairs = tz_sql_int(sql, 1);
        of.text = tz_sql_dup(mem, sql, 2);
        if (tz_json_parse(tz_text_of(of.text), &whole, err) != TZ_OK || !read_text(mem, whole, &of)) {
            rc = tz_fail(err, TZ_TAMPER, "关联模型 %lld 读不懂", "model %lld of the linkage can't be read", (long long)of.number);
            goto done;
        }
    }
    *ret_model = of;
done:
    json_decref(whole);
    tz_sql_close(sql);
    return rc;
}

json_t *tz_learnt_levels(tz_arena *mem, const tz_learnt *model, tz_lang lang)
{
    json_t *lines = json_array();

    for (size_t c = 0; c < TZ_PROFILE_COMPARED; c++)
        for (size_t level = 1; level < tz_compare_level_count(model->model.comparisons[c].kind); level++) {
            const tz_comparison *one = &model->model.comparisons[c];
            size_t len = 0;
            const char *half = tz_half(tz_compare_level_text(one->kind, level), lang, &len);
            (void)json_array_append_new(
                lines, json_pack("{s:s, s:s, s:s, s:s, s:s}", "comparison", TZ_PROFILE_NAMES[c], "level", tz_arena_copy(mem, half, len), "m",
                                 tz_arena_printf(mem, "%.3g", one->m[level]), "u", tz_arena_printf(mem, "%.3g", one->u[level]),
                                 "weight", tz_arena_printf(mem, "%.2f", log2(one->m[level] / one->u[level]))));
        }
    return lines;
}
