/* pair - why two records of files weigh what they weigh: a sentence, parts that add up, a picture. */
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "people/run.h"
#include "people/svg.h"

typedef struct {
    const char *column;
    const char *level; /* in the reader's language */
    int32_t weight;
    int64_t times; /* records that share the value, of an exact agreement by frequency; else 0 */
} part;

typedef struct {
    part parts[TZ_MAX_COMPARISONS];
    size_t count;
    int32_t prior, total;
    bool is_link, is_review;
} explanation;

static void explain(tz_arena *mem, const tz_link_run *run, uint32_t a, uint32_t b, explanation *ret)
{
    uint8_t levels[TZ_MAX_COMPARISONS] = {0};

    tz_compare_pair(&run->scorer, a, b, levels);
    *ret = (explanation){.count = run->model.comparison_count,
                         .prior = run->scorer.prior,
                         .total = tz_score_total(&run->scorer, levels, a)};
    for (size_t c = 0; c < ret->count; c++) {
        const tz_comparison *one = &run->model.comparisons[c];
        size_t len = 0;
        const char *level = tz_half(tz_compare_level_text(one->kind, levels[c]), run->app->lang, &len);
        part *to = &ret->parts[c];
        *to = (part){.column = run->table.columns[one->column],
                     .level = tz_arena_copy(mem, level, len),
                     .weight = tz_score_part(&run->scorer, c, levels[c], a)};
        if (levels[c] == 1 && run->scorer.times[c] != NULL)
            to->times = run->scorer.times[c][tz_table_code(&run->table, a, one->column)];
    }
    ret->is_link = ret->total >= run->least;
    ret->is_review = !ret->is_link && ret->total >= run->review;
}

static const char *verdict_of(const explanation *of, tz_lang lang)
{
    if (of->is_link)
        return lang == TZ_ZH ? "同一人" : "one person";
    if (of->is_review)
        return lang == TZ_ZH ? "待复核" : "to be reviewed";
    return lang == TZ_ZH ? "不是同一人" : "not one person";
}

/* "姓名相同,共 2 行有此值;出生日期仅一处不同 → 同一人,权重 +17.30": names no value. */
static const char *sentence_of(tz_arena *mem, const explanation *of, tz_lang lang)
{
    tz_buf out = tz_buf_init(mem, 0);

    for (size_t i = 0; i < of->count; i++) {
        const part *one = &of->parts[i];
        tz_buf_printf(&out, lang == TZ_ZH ? "%s%s%s" : "%s%s %s",
                      i == 0          ? ""
                      : lang == TZ_ZH ? ";"
                                      : "; ",
                      one->column, one->level);
        if (one->times > 0)
            tz_buf_printf(&out, lang == TZ_ZH ? ",共 %lld 行有此值" : ", %lld rows have this value",
                          (long long)one->times);
    }
    tz_buf_printf(&out, lang == TZ_ZH ? " → %s,权重 %s" : " -> %s, weight %s", verdict_of(of, lang),
                  tz_score_text(mem, of->total, true));
    return tz_buf_str(&out);
}

static json_t *json_of(tz_arena *mem, const explanation *of, tz_lang lang)
{
    json_t *parts = json_array(), *whole = json_object();

    for (size_t i = 0; i < of->count; i++) {
        json_t *one = json_object();
        (void)json_object_set_new(one, "column", tz_json_text(tz_text_of(of->parts[i].column)));
        tz_json_set_str(one, "level", of->parts[i].level);
        tz_json_set_str(one, "weight", tz_score_text(mem, of->parts[i].weight, true));
        if (of->parts[i].times > 0)
            tz_json_set_int(one, "rows_with_value", of->parts[i].times);
        (void)json_array_append_new(parts, one);
    }
    tz_json_set_str(whole, "verdict", of->is_link ? "same" : of->is_review ? "review" : "different");
    tz_json_set_str(whole, "weight", tz_score_text(mem, of->total, true));
    tz_json_set_str(whole, "probability", tz_arena_printf(mem, "%.6f", tz_score_probability(of->total)));
    tz_json_set_str(whole, "prior", tz_score_text(mem, of->prior, true));
    (void)json_object_set_new(whole, "parts", parts);
    tz_json_set_str(whole, "sentence", sentence_of(mem, of, lang));
    return whole;
}

/* The waterfall: each bar begins where the one before it ended. */
static tz_rc draw(tz_arena *mem, const explanation *of, tz_lang lang, const char *path, tz_err *err)
{
    tz_svg_bar bars[TZ_MAX_COMPARISONS + 2];
    int32_t at = 0;
    size_t count = 0;

    bars[count++] = (tz_svg_bar){.label = lang == TZ_ZH ? "先验" : "prior",
                                 .from = 0,
                                 .to = at + of->prior,
                                 .note = tz_score_text(mem, of->prior, true)};
    at += of->prior;
    for (size_t i = 0; i < of->count; i++) {
        bars[count++] =
            (tz_svg_bar){.label = tz_arena_printf(mem, "%s: %s", of->parts[i].column, of->parts[i].level),
                         .from = at,
                         .to = at + of->parts[i].weight,
                         .note = tz_score_text(mem, of->parts[i].weight, true)};
        at += of->parts[i].weight;
    }
    tz_assert(at == of->total);
    bars[count++] = (tz_svg_bar){.label = verdict_of(of, lang),
                                 .from = 0,
                                 .to = at,
                                 .note = tz_score_text(mem, of->total, true),
                                 .is_total = true};
    tz_buf out = tz_buf_init(mem, 0);
    tz_svg_bars(&out, sentence_of(mem, of, lang), bars, count, true);
    return tz_file_write(path, tz_buf_text(&out), 0644, err);
}

static tz_rc find(const tz_link_run *run, const char *id_a, const char *id_b, uint32_t *ret_a,
                  uint32_t *ret_b, tz_err *err)
{
    bool is_one = run->table.count_a == run->table.count;
    tz_arena mem = {0};
    tz_ids ids_a, ids_b;
    size_t twice = 0;

    tz_ids_make(&mem, &run->table, 0, run->table.count_a, &ids_a, &twice);
    tz_ids_make(&mem, &run->table, is_one ? 0 : run->table.count_a, run->table.count, &ids_b, &twice);
    size_t a = tz_ids_find(&ids_a, tz_text_of(id_a)), b = tz_ids_find(&ids_b, tz_text_of(id_b));
    tz_arena_free(&mem);

    if (a == SIZE_MAX || b == SIZE_MAX)
        return tz_fail(err, TZ_MISSING, "没有编号为 '%s' 的行", "there is no row with the id '%s'",
                       a == SIZE_MAX ? id_a : id_b);
    if (a == b)
        return tz_fail(err, TZ_USAGE, "两个编号是同一行", "the two ids are one row");
    *ret_a = (uint32_t)(a < b ? a : b);
    *ret_b = (uint32_t)(a < b ? b : a);
    return TZ_OK;
}

tz_rc tz_run_explain(tz_link_run *run, const char *id_a, const char *id_b, const char *svg_out,
                     json_t **ret_explanation, tz_err *err)
{
    tz_rc rc = TZ_OK;
    tz_arena mem = {0};
    explanation of;
    uint32_t a = 0, b = 0;

    TZ_TRY(find(run, id_a, id_b, &a, &b, err));
    explain(&mem, run, a, b, &of);
    if (svg_out != NULL)
        TZ_TRY(draw(&mem, &of, run->app->lang, svg_out, err));
    *ret_explanation = json_of(&mem, &of, run->app->lang);
done:
    tz_arena_free(&mem);
    return rc;
}
