#include "people/learnt.h"

#include <math.h>
#include <string.h>

#include "base/assert.h"
#include "people/level.h"
#include "people/train.h"

enum { SHOWN_FROM = 5 /* persons */, MOST_PAIRS = 100000, ASSUMED_PAIRS = 20, ASSUMED_SHARE = 50, MOST_ROUNDS = 200 };

/* ---- What is compared, and what is assumed of m where nothing was counted ---- */

static const struct {
    tz_compare_kind kind;
    bool by_frequency, is_in_id;
    double m[TZ_MAX_LEVELS]; /* of a number: where one of the two is damaged */
} COMPARED[TZ_PROFILE_COMPARED] = {
    [TZ_PROFILE_ID] = {TZ_COMPARE_ID, false, false, {0, .10, .75, .05, .10}},
    [TZ_PROFILE_NAME] = {TZ_COMPARE_HAN, true, false, {0, .93, .01, .02, .01, .02, .003, .007}},
    [TZ_PROFILE_BIRTH] = {TZ_COMPARE_DATE, true, true, {0, .93, .03, .005, .01, .015, .01}},
    [TZ_PROFILE_SEX] = {TZ_COMPARE_CATEGORY, false, true, {0, .99, .01}},
    [TZ_PROFILE_VILLAGE] = {TZ_COMPARE_CATEGORY, true, false, {0, .90, .10}},
};

/* A damaged number leaves its front, its back or its ends whole; a row without one is found by name, or by birth date
 * and village. */
static const tz_block_rule RULES[] = {
    {{TZ_PROFILE_BACK}, {TZ_PART_WHOLE}, 1},
    {{TZ_PROFILE_ENDS}, {TZ_PART_WHOLE}, 1},
    {{TZ_PROFILE_FRONT}, {TZ_PART_WHOLE}, 1},
    {{TZ_PROFILE_NAME}, {TZ_PART_WHOLE}, 1},
    {{TZ_PROFILE_BIRTH, TZ_PROFILE_VILLAGE}, {TZ_PART_WHOLE, TZ_PART_WHOLE}, 2},
    {{TZ_PROFILE_NAME, TZ_PROFILE_BIRTH}, {TZ_PART_SOUND, TZ_PART_YEAR}, 2},
    {{TZ_PROFILE_NAME, TZ_PROFILE_BIRTH}, {TZ_PART_FIRST, TZ_PART_DAY}, 2},
    {{TZ_PROFILE_NAME, TZ_PROFILE_VILLAGE}, {TZ_PART_SOUND, TZ_PART_WHOLE}, 2},
};

tz_model tz_learnt_start(void)
{
    tz_model model = {.comparison_count = TZ_PROFILE_COMPARED,
                      .rule_count = sizeof RULES / sizeof RULES[0],
                      .threshold = 0.95,
                      .review = 0.5,
                      .prior = 0.01};

    for (size_t c = 0; c < TZ_PROFILE_COMPARED; c++) {
        tz_comparison *one = &model.comparisons[c];
        *one = (tz_comparison){.column = c,
                               .kind = COMPARED[c].kind,
                               .with = SIZE_MAX,
                               .by_frequency = COMPARED[c].by_frequency,
                               .is_in_id = COMPARED[c].is_in_id};
        memcpy(one->m, COMPARED[c].m, sizeof one->m);
    }
    memcpy(model.rules, RULES, sizeof RULES);
    return model;
}

/* ---- u: random people of valid numbers ---- */

/* A pair of one number is one person: that the sample meets it is no chance. */
static void count_u(tz_model *model, const tz_patterns *sample)
{
    double sums[TZ_MAX_COMPARISONS][TZ_MAX_LEVELS] = {{0}};

    for (size_t i = 0; i < sample->place_count; i++) {
        uint64_t pattern = sample->places[i].pattern - 1;
        if (sample->places[i].pattern == 0 || (pattern & 7) == 1)
            continue;
        for (size_t c = 0; c < model->comparison_count; c++)
            sums[c][pattern >> (3 * c) & 7] += (double)sample->places[i].pairs;
    }
    for (size_t c = 0; c < model->comparison_count; c++) {
        size_t levels = tz_compare_level_count(model->comparisons[c].kind);
        double all = 0;
        for (size_t level = 1; level < levels; level++)
            all += sums[c][level] + 0.5;
        for (size_t level = 1; level < levels; level++)
            model->comparisons[c].u[level] = (sums[c][level] + 0.5) / all;
    }
}

static tz_rc learn_u(const tz_records *records, const tz_profiles *profiles, tz_learnt *of, tz_err *err)
{
    tz_rc rc = TZ_OK;
    tz_arena mem = {0};
    tz_table table;
    tz_scorer scorer;
    tz_patterns sample = {.count = 0};
    tz_counts none = {.filled = {0}};

    TZ_TRY(tz_profiles_table(&mem, records, profiles->records, profiles->known, true, &table, err));
    tz_dictionary_seal(&table.values);
    tz_scorer_init(&mem, &table, &of->model, &none, &scorer);
    tz_sample_pairs(&scorer, &table, &sample);
    count_u(&of->model, &sample);
done:
    tz_patterns_free(&sample);
    tz_arena_free(&mem);
    return rc;
}

/* ---- How many persons have a value ---- */

/* Each value of a person counts once; the profiles of one person are told by their cluster. */
static void count_values(const tz_records *records, tz_clusters *clusters,
                         const tz_profiles *profiles, tz_learnt *of)
{
    tz_arena scratch = {0};
    tz_map seen = tz_map_init(&scratch);
    tz_buf key = tz_buf_init(&scratch, 0);

    for (size_t i = 0; i < profiles->known; i++) {
        const tz_record *record = &records->items[profiles->records[i]];
        tz_said said = tz_said_of(&scratch, record);
        for (size_t c = 0; c < TZ_PROFILE_COMPARED; c++) {
            bool is_new = false;
            if (!COMPARED[c].by_frequency || said.texts[c].size == 0)
                continue;
            tz_buf_reset(&key);
            tz_buf_printf(&key, "%zu|%u|", c, tz_clusters_find(clusters, record->node));
            tz_buf_put(&key, said.texts[c]);
            (void)tz_map_put(&seen, tz_buf_text(&key), &is_new);
            if (!is_new)
                continue;
            tz_map_put(&of->counts[c].times, said.texts[c], NULL)->value++;
            of->counts[c].filled++;
        }
    }
    tz_arena_free(&scratch);
}

/* Values of few persons are not kept by name: they name somebody. */
static void forget_rare(tz_arena *mem, tz_learnt *of)
{
    for (size_t c = 0; c < TZ_PROFILE_COMPARED; c++) {
        tz_map kept = tz_map_init(mem);
        double rest = 0, others = 0;
        for (size_t i = 0; i < of->counts[c].times.entries.count; i++) {
            const tz_map_entry *one = &of->counts[c].times.entries.items[i];
            if (one->value >= SHOWN_FROM) {
                tz_map_put(&kept, one->key, NULL)->value = one->value;
                continue;
            }
            rest += (double)one->value * (double)one->value; /* a person of such a value meets so many */
            others += (double)one->value;
        }
        of->counts[c].times = kept;
        of->counts[c].rest = others > 0 ? rest / others : 1;
    }
}

static void count_persons(const tz_records *records, tz_clusters *clusters, tz_learnt *of)
{
    tz_arena mem = {0};
    uint32_t *rows = tz_new_array(&mem, uint32_t, clusters->nodes.count + 1);
    double numbered = 0, repeated = 0;

    for (size_t i = 0; i < records->count; i++)
        if (records->items[i].id.size > 0)
            rows[records->items[i].node]++;
    for (size_t node = 0; node < clusters->nodes.count; node++) {
        of->persons += rows[node] > 0;
        numbered += rows[node];
        repeated += rows[node] > 1 ? rows[node] : 0;
    }
    double share = numbered > 0 ? fmin(0.98, fmax(0.5, repeated / numbered)) : 0.5;
    of->model.prior = fmin(0.5, share / fmax(1, of->persons));
    tz_arena_free(&mem);
}

/* ---- m: two rows of one number ---- */

/* Of each person one row of a register with one of the next; is_any: any two that follow. Pairs are two places in `which`. */
static void list_pairs(tz_arena *mem, const tz_records *records, size_t nodes, bool is_any, tz_profiles *ret)
{
    tz_arena scratch = {0};
    uint32_t *last = tz_new_array(&scratch, uint32_t, nodes + 1);
    struct {
        uint32_t *items;
        size_t count;
        size_t room;
    } list = {0};

    for (uint32_t i = 0; i < records->count; i++) {
        const tz_record *record = &records->items[i];
        if (record->id.size == 0)
            continue;
        uint32_t before = last[record->node];
        last[record->node] = i + 1;
        if (before == 0 || (!is_any && records->items[before - 1].reg == record->reg))
            continue;
        tz_push(mem, &list, before - 1);
        tz_push(mem, &list, i);
    }
    *ret = (tz_profiles){.records = list.items, .count = list.count};
    tz_arena_free(&scratch);
}

static tz_rc count_m(tz_arena *mem, const tz_records *records, const tz_profiles *pairs, tz_learnt *of, tz_err *err)
{
    tz_rc rc = TZ_OK;
    tz_table table;
    tz_scorer scorer;
    tz_counts none = {.filled = {0}};
    double sums[TZ_MAX_COMPARISONS][TZ_MAX_LEVELS] = {{0}};
    tz_model model = of->model;
    uint8_t levels[TZ_MAX_COMPARISONS];

    for (size_t c = 0; c < model.comparison_count; c++)
        model.comparisons[c].is_in_id = false; /* what rows say themselves is wanted */
    TZ_TRY(tz_profiles_table(mem, records, pairs->records, pairs->count, false, &table, err));
    tz_dictionary_seal(&table.values);
    tz_scorer_init(mem, &table, &model, &none, &scorer);
    for (uint32_t i = 0; i + 1 < pairs->count; i += 2) {
        tz_compare_pair(&scorer, i, i + 1, levels);
        for (size_t c = 0; c < model.comparison_count; c++)
            sums[c][levels[c]]++;
    }
    for (size_t c = TZ_PROFILE_NAME; c < model.comparison_count; c++) {
        size_t count = tz_compare_level_count(model.comparisons[c].kind);
        double seen = 0;
        for (size_t level = 1; level < count; level++)
            seen += sums[c][level];
        double assumed = ASSUMED_PAIRS + seen / ASSUMED_SHARE; /* where a number is damaged, the rest is too, rather */
        for (size_t level = 1; level < count; level++)
            of->model.comparisons[c].m[level] = (sums[c][level] + assumed * COMPARED[c].m[level]) / (seen + assumed);
    }
done:
    return rc;
}

static tz_rc learn_m(const tz_records *records, const tz_clusters *clusters, tz_learnt *of, tz_err *err)
{
    tz_rc rc = TZ_OK;
    tz_arena mem = {0};
    tz_profiles pairs;

    list_pairs(&mem, records, clusters->nodes.count, false, &pairs);
    if (pairs.count < 2 * TZ_LEAST_PAIRS)
        list_pairs(&mem, records, clusters->nodes.count, true, &pairs);
    of->pairs = (int64_t)(pairs.count / 2);
    if (of->pairs < TZ_LEAST_PAIRS || of->persons < TZ_LEAST_PERSONS)
        goto done;
    size_t step = pairs.count / 2 / MOST_PAIRS + 1, kept = 0;
    for (size_t i = 0; 2 * i * step + 1 < pairs.count; i++) {
        pairs.records[kept++] = pairs.records[2 * i * step];
        pairs.records[kept++] = pairs.records[2 * i * step + 1];
    }
    pairs.count = kept;
    TZ_TRY(count_m(&mem, records, &pairs, of, err));
    of->number = 1;
done:
    tz_arena_free(&mem);
    return rc;
}

/* ---- m of damaged numbers ---- */

/* Odds of one person by all but the number. */
static double odds_of(const tz_model *model, uint64_t pattern)
{
    double odds = model->prior / (1 - model->prior);

    for (size_t c = TZ_PROFILE_NAME; c < model->comparison_count; c++) {
        size_t level = pattern >> (3 * c) & 7;
        if (level > 0)
            odds *= model->comparisons[c].m[level] / model->comparisons[c].u[level];
    }
    return odds;
}

/* One step: what the patterns say under the present m, and what is assumed. Returns how far m moved. */
static double maximise_numbers(tz_learnt *of, const tz_patterns *patterns, double share)
{
    tz_comparison *numbers = &of->model.comparisons[TZ_PROFILE_ID];
    double sums[TZ_MAX_LEVELS] = {0}, all = 0, moved = 0;

    for (size_t i = 0; i < patterns->place_count; i++) {
        uint64_t pattern = patterns->places[i].pattern - 1;
        size_t level = pattern & 7;
        if (patterns->places[i].pattern == 0 || level == 0)
            continue;
        double odds = odds_of(&of->model, pattern) * numbers->m[level] / numbers->u[level];
        sums[level] += (double)patterns->places[i].pairs / share * (isinf(odds) ? 1 : odds / (1 + odds));
    }
    for (size_t level = 1; level < TZ_MAX_LEVELS; level++)
        all += sums[level];
    for (size_t level = 1; level < tz_compare_level_count(TZ_COMPARE_ID); level++) {
        double m = (sums[level] + ASSUMED_PAIRS * COMPARED[TZ_PROFILE_ID].m[level]) / (all + ASSUMED_PAIRS);
        moved = fmax(moved, fabs(m - numbers->m[level]));
        numbers->m[level] = m;
    }
    of->damaged = all;
    return moved;
}

/* The pairs of rows without a valid number with all others that the blocks give. */
static tz_rc learn_damage(const tz_app *app, const tz_records *records, const tz_profiles *profiles, tz_learnt *of, tz_err *err)
{
    tz_rc rc = TZ_OK;
    tz_arena mem = {0};
    tz_table table = {.count = 0};
    tz_scorer scorer;
    tz_blocks blocks = {.rule_count = 0};
    tz_patterns patterns = {.count = 0};
    tz_counts none = {.filled = {0}};
    double share = 1;
    int64_t pairs = 0;

    if (of->number == 0 || profiles->known == profiles->count)
        return TZ_OK;
    TZ_TRY(tz_profiles_table(&mem, records, profiles->records, profiles->count, true, &table, err));
    TZ_TRY(tz_blocks_make(&mem, &table, &of->model, tz_blocks_most(&table), &blocks, err));
    tz_dictionary_seal(&table.values);
    tz_scorer_init(&mem, &table, &of->model, &none, &scorer);
    TZ_TRY(tz_count_patterns(app, &scorer, &blocks, profiles->known, tz_sweep_threads(), &patterns, &share, &pairs, err));
    for (int round = 0; round < MOST_ROUNDS && maximise_numbers(of, &patterns, share) > 1e-6; round++)
        continue;
done:
    tz_patterns_free(&patterns);
    tz_blocks_forget(&blocks);
    tz_dictionary_seal(&table.values);
    tz_arena_free(&mem);
    return rc;
}

/* ---- The doors ---- */

tz_rc tz_learnt_make(tz_arena *mem, const tz_app *app, const tz_records *records, tz_clusters *clusters, tz_learnt *ret_model,
                      tz_err *err)
{
    tz_assert(mem != NULL && records != NULL && clusters != NULL && ret_model != NULL);
    tz_rc rc = TZ_OK;
    tz_arena scratch = {0};
    tz_profiles profiles;
    tz_learnt of = {.model = tz_learnt_start()};

    for (size_t c = 0; c < TZ_PROFILE_COMPARED; c++)
        of.counts[c].times = tz_map_init(mem);
    tz_profiles_choose(&scratch, records, clusters, &profiles);
    count_persons(records, clusters, &of);
    TZ_TRY(learn_u(records, &profiles, &of, err));
    count_values(records, clusters, &profiles, &of);
    forget_rare(mem, &of);
    TZ_TRY(learn_m(records, clusters, &of, err));
    TZ_TRY(learn_damage(app, records, &profiles, &of, err));
    of.model.is_trained = true;
    of.text = tz_learnt_text(mem, &of);
    *ret_model = of;
done:
    tz_arena_free(&scratch);
    return rc;
}

tz_counts tz_learnt_counts(tz_arena *mem, const tz_learnt *model, const tz_table *table)
{
    tz_assert(mem != NULL && model != NULL && table != NULL);
    tz_counts counts = {.filled = {0}};

    for (size_t c = 0; c < TZ_PROFILE_COMPARED; c++) {
        if (!COMPARED[c].by_frequency)
            continue;
        uint32_t *times = tz_new_array(mem, uint32_t, table->values.count);
        for (uint32_t code = 0; code < table->values.count; code++)
            times[code] = (uint32_t)lround(model->counts[c].rest);
        for (size_t i = 0; i < table->count; i++) {
            uint32_t code = tz_table_code(table, i, c);
            const tz_map_entry *known =
                code == 0 ? NULL : tz_map_get(&model->counts[c].times, tz_dictionary_text(&table->values, code));
            if (known != NULL)
                times[code] = (uint32_t)known->value;
        }
        counts.times[c] = times;
        counts.filled[c] = fmax(1, model->counts[c].filled);
    }
    return counts;
}
