#include "people/group.h"

#include <stdlib.h>

#include "base/assert.h"
#include "people/gather.h"

enum { ROOM = 1 << 26, OTHER_NUMBER = 4 /* level of two numbers that are not near */ };

static uint32_t root_of_profile(const tz_groups *of, uint32_t profile)
{
    const tz_record *record = &of->making.records->items[of->profiles.records[profile]];
    return tz_clusters_find(of->making.out, record->node);
}

/* ---- Weighing groups ---- */

static int32_t weigh_profiles(const tz_groups *of, uint32_t p, uint32_t q, uint8_t *ret_id_level)
{
    uint8_t levels[TZ_MAX_COMPARISONS];
    uint32_t low = p < q ? p : q, high = p < q ? q : p;

    tz_compare_pair(&of->scorer, low, high, levels);
    *ret_id_level = levels[TZ_PROFILE_ID];
    return tz_score_total(&of->scorer, levels, low);
}

/* Every profile of x by the profile of y that fits it best: the worst of these. */
static int32_t fit(const tz_groups *of, uint32_t x, uint32_t y, tz_edge *to)
{
    int32_t worst = INT32_MAX, best_of_all = INT32_MIN;
    bool is_near = false, is_far = false;

    for (uint32_t p = of->first_profile[x]; p > 0; p = of->next_profile[p - 1]) {
        int32_t best = INT32_MIN;
        for (uint32_t q = of->first_profile[y]; q > 0; q = of->next_profile[q - 1]) {
            uint8_t level = 0;
            int32_t weight = weigh_profiles(of, p - 1, q - 1, &level);
            is_near |= level >= 1 && level < OTHER_NUMBER;
            is_far |= level == OTHER_NUMBER;
            best = weight > best ? weight : best;
            if (weight > best_of_all) {
                best_of_all = weight;
                to->at = p - 1;
                to->by = q - 1;
            }
        }
        worst = best < worst ? best : worst;
    }
    to->is_against = is_far && !is_near;
    return worst;
}

bool tz_groups_is_person(const tz_groups *of, uint32_t root)
{
    return of->first_profile[root] > 0 && of->first_profile[root] - 1 < of->profiles.known;
}

tz_edge tz_groups_weigh(const tz_groups *of, uint32_t a, uint32_t b)
{
    tz_edge there = {.a = a, .b = b}, back = {.a = b, .b = a};

    there.weight = fit(of, a, b, &there);
    if (!tz_groups_is_person(of, b)) {
        back.weight = fit(of, b, a, &back);
        there.weight = back.weight < there.weight ? back.weight : there.weight;
    }
    return there;
}

/* ---- Rows that say the same ---- */

/* Leaves of the open profiles without a number that are all their group says, and say the same, only one. */
static void drop_echoes(tz_groups *of)
{
    tz_arena mem = {0};
    tz_map seen = tz_map_init(&mem);
    tz_buf key = tz_buf_init(&mem, 0);
    uint32_t *profiles_of = tz_new_array(&mem, uint32_t, of->making.out->nodes.count + 1);
    size_t kept = of->profiles.known;

    for (uint32_t p = 0; p < of->profiles.count; p++)
        profiles_of[root_of_profile(of, p)]++;
    for (size_t p = of->profiles.known; p < of->profiles.count; p++) {
        uint32_t root = root_of_profile(of, (uint32_t)p);
        tz_said said = tz_said_of(&mem, &of->making.records->items[of->profiles.records[p]]);
        bool is_new = true;
        if (said.texts[TZ_PROFILE_ID].size == 0 && profiles_of[root] == 1) {
            tz_buf_reset(&key);
            for (size_t c = TZ_PROFILE_NAME; c < TZ_PROFILE_COMPARED; c++)
                tz_buf_printf(&key, "%zu:%.*s|", said.texts[c].size, TZ_FMT(said.texts[c]));
            tz_map_entry *entry = tz_map_put(&seen, tz_buf_text(&key), &is_new);
            if (is_new)
                entry->value = root;
            else
                tz_push(&of->mem, &of->echoes, (tz_echo){root, (uint32_t)entry->value, of->profiles.records[p]});
        }
        if (is_new)
            of->profiles.records[kept++] = of->profiles.records[p];
    }
    of->profiles.count = kept;
    tz_arena_free(&mem);
}

/* ---- Finding edges ---- */

static void link_profiles(tz_groups *of)
{
    size_t nodes = of->making.out->nodes.count;

    of->first_profile = tz_new_array(&of->mem, uint32_t, nodes + 1);
    of->next_profile = tz_new_array(&of->mem, uint32_t, of->profiles.count + 1);
    for (uint32_t p = (uint32_t)of->profiles.count; p-- > 0;) {
        uint32_t root = root_of_profile(of, p);
        of->next_profile[p] = of->first_profile[root];
        of->first_profile[root] = p + 1;
    }
}

int tz_edge_compare(const void *a, const void *b)
{
    const tz_edge *x = a, *y = b;
    return x->a != y->a ? (x->a < y->a ? -1 : 1) : x->b != y->b ? (x->b < y->b ? -1 : 1) : 0;
}

static tz_rc gather(tz_groups *of, const tz_app *app, tz_founds *ret_founds, tz_err *err)
{
    tz_rc rc = TZ_OK;
    tz_blocks blocks = {.rule_count = 0};
    int64_t pairs = 0;

    TZ_TRY(tz_profiles_table(&of->mem, of->making.records, of->profiles.records, of->profiles.count, true, &of->table, err));
    TZ_TRY(tz_blocks_make(&of->mem, &of->table, &of->model->model, tz_blocks_most(&of->table), &blocks, err));
    tz_dictionary_seal(&of->table.values);
    tz_counts counts = tz_learnt_counts(&of->mem, of->model, &of->table);
    tz_scorer_init(&of->mem, &of->table, &of->model->model, &counts, &of->scorer);
    tz_scorer_weigh(&of->scorer);
    int32_t review = tz_score_least(of->model->model.review);
    tz_gathering how = {.app = app,
                        .scorer = &of->scorer,
                        .blocks = &blocks,
                        .known = of->profiles.known,
                        .threads = tz_sweep_threads(),
                        .least = review < 0 ? review : 0,
                        .room = ROOM};
    TZ_TRY(tz_founds_gather(&of->mem, &how, ret_founds, &pairs, err));
done:
    tz_dictionary_seal(&of->table.values);
    tz_blocks_forget(&blocks);
    return rc;
}

static bool is_single(const tz_groups *of, uint32_t root)
{
    return of->next_profile[of->first_profile[root] - 1] == 0;
}

static bool has_number(const tz_groups *of, uint32_t profile)
{
    return tz_table_code(&of->table, profile, TZ_PROFILE_ID) != 0;
}

/* Of pairs of profiles the pairs of groups, each once, weighed as a whole. */
static void make_edges(tz_groups *of, const tz_founds *founds)
{
    for (size_t i = 0; i < founds->count; i++) {
        const tz_found *pair = &founds->items[i];
        uint32_t x = root_of_profile(of, pair->a), y = root_of_profile(of, pair->b);
        if (x == y)
            continue;
        bool is_turned = tz_groups_is_person(of, x) || (!tz_groups_is_person(of, y) && y < x);
        tz_push(&of->mem, &of->edges,
                (tz_edge){.a = is_turned ? y : x, .b = is_turned ? x : y, .weight = pair->weight, .at = is_turned ? pair->b : pair->a,
                       .by = is_turned ? pair->a : pair->b});
    }
    if (of->edges.count > 0)
        qsort(of->edges.items, of->edges.count, sizeof of->edges.items[0], tz_edge_compare);
    size_t kept = 0;
    for (size_t i = 0; i < of->edges.count; i++) {
        const tz_edge *one = &of->edges.items[i];
        if (kept > 0 && tz_edge_compare(one, &of->edges.items[kept - 1]) == 0)
            continue;
        bool is_plain = is_single(of, one->a) && is_single(of, one->b) && !(has_number(of, one->at) && has_number(of, one->by));
        of->edges.items[kept++] = is_plain ? *one : tz_groups_weigh(of, one->a, one->b);
    }
    of->edges.count = kept;
}

static void index_edges(tz_groups *of)
{
    size_t nodes = of->making.out->nodes.count;

    of->first_edge = tz_new_array(&of->mem, uint32_t, nodes + 2);
    of->ends = tz_new_array(&of->mem, uint32_t, 2 * of->edges.count + 1);
    for (size_t i = 0; i < of->edges.count; i++) {
        of->first_edge[of->edges.items[i].a + 1]++;
        of->first_edge[of->edges.items[i].b + 1]++;
    }
    for (size_t i = 1; i <= nodes; i++)
        of->first_edge[i] += of->first_edge[i - 1];
    uint32_t *next = tz_new_array(&of->mem, uint32_t, nodes + 1);
    for (uint32_t i = 0; i < of->edges.count; i++) {
        const uint32_t both[] = {of->edges.items[i].a, of->edges.items[i].b};
        for (size_t k = 0; k < 2; k++)
            of->ends[of->first_edge[both[k]] + next[both[k]]++] = i;
    }
}

/* ---- The whole ---- */

bool tz_groups_have_open(const tz_groups *of)
{
    return of->profiles.known < of->profiles.count;
}

tz_rc tz_groups_make(tz_groups *of, const tz_app *app, tz_err *err)
{
    tz_assert(of != NULL && of->model != NULL && of->making.out != NULL);
    tz_rc rc = TZ_OK;
    tz_founds founds = {0};

    tz_profiles_choose(&of->mem, of->making.records, of->making.out, &of->profiles);
    drop_echoes(of);
    if (!tz_groups_have_open(of))
        goto done;
    TZ_TRY(gather(of, app, &founds, err));
    link_profiles(of);
    make_edges(of, &founds);
    index_edges(of);
done:
    return rc;
}

void tz_groups_free(tz_groups *of)
{
    tz_arena_free(&of->mem);
}
