#include "people/found.h"

#include <stdlib.h>

#include "base/assert.h"
#include "base/idcard.h"

enum { WEAK = 997, GROUP = 2 }; /* a bridge under a probability of 0.999, between groups of so many */

typedef struct {
    const tz_table *table;
    const tz_model *model;
    tz_founds *founds;
    uint32_t *parents;   /* union-find over records */
    uint32_t *number_of; /* by root: code of the valid number of its cluster, 0 none */
    tz_settlement out;
} settling;

const char *tz_fate_name(tz_fate fate)
{
    static const char *const NAMES[] = {"link", "review", "conflict", "taken", "bridge"};
    tz_assert(fate < TZ_FATES);
    return NAMES[fate];
}

static uint32_t root_of(settling *of, uint32_t record)
{
    while (of->parents[record] != record) {
        of->parents[record] = of->parents[of->parents[record]];
        record = of->parents[record];
    }
    return record;
}

static void start(settling *of)
{
    for (uint32_t i = 0; i < of->table->count; i++)
        of->parents[i] = i;
}

/* ---- Numbers ---- */

static size_t id_column_of(const tz_model *model)
{
    for (size_t c = 0; c < model->comparison_count; c++)
        if (model->comparisons[c].kind == TZ_COMPARE_ID)
            return model->comparisons[c].column;
    return SIZE_MAX;
}

/* Of the records that some pair names. */
static void read_numbers(settling *of)
{
    size_t column = id_column_of(of->model);

    for (size_t i = 0; column != SIZE_MAX && i < of->founds->count; i++) {
        const uint32_t pair[] = {of->founds->items[i].a, of->founds->items[i].b};
        for (size_t k = 0; k < 2; k++) {
            uint32_t code = tz_table_code(of->table, pair[k], column);
            of->number_of[pair[k]] =
                tz_idcard_is_valid(tz_dictionary_text(&of->table->values, code)) ? code : 0;
        }
    }
}

/* ---- Orders ---- */

static int heaviest_first(const void *a, const void *b)
{
    const tz_found *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

static int by_records(const void *a, const void *b)
{
    const tz_found *x = a, *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

/* ---- Deciding ---- */

static void unite(settling *of, uint32_t x, uint32_t y)
{
    uint32_t low = x < y ? x : y, high = x < y ? y : x;

    of->parents[high] = low;
    if (of->number_of[low] == 0)
        of->number_of[low] = of->number_of[high];
}

static void decide(settling *of, int32_t least, bool *is_taken)
{
    for (size_t i = 0; i < of->founds->count; i++) {
        tz_found *pair = &of->founds->items[i];
        uint32_t x = root_of(of, pair->a), y = root_of(of, pair->b);
        pair->fate = TZ_FATE_LINK;
        if (pair->weight < least)
            pair->fate = TZ_FATE_REVIEW;
        else if (of->number_of[x] != 0 && of->number_of[y] != 0 && of->number_of[x] != of->number_of[y])
            pair->fate = TZ_FATE_CONFLICT;
        else if (of->model->is_one_to_one && (is_taken[pair->a] || is_taken[pair->b]))
            pair->fate = TZ_FATE_TAKEN;
        if (pair->fate != TZ_FATE_LINK)
            continue;
        is_taken[pair->a] = is_taken[pair->b] = true;
        if (x != y)
            unite(of, x, y);
    }
}

/* ---- Bridges: a link that lies on no circle, found by walking each cluster depth first ---- */

typedef struct {
    uint32_t *starts; /* by record: first of its neighbours in `edges`; one more behind the last */
    uint32_t *edges;  /* indexes of pairs */
    uint32_t *order, *low, *size; /* by record; order 0: not seen */
    uint32_t *next;               /* by record: the neighbour to go to next */
    uint32_t *path;               /* records from the first to the present one */
    uint32_t *via;                /* by place in the path: the pair that led there */
    uint32_t seen;
} walk;

static walk start_walk(tz_arena *mem, const settling *of)
{
    size_t count = of->table->count, ends = 0;
    walk on = {.starts = tz_new_array(mem, uint32_t, count + 1),
               .order = tz_new_array(mem, uint32_t, count),
               .low = tz_new_array(mem, uint32_t, count),
               .size = tz_new_array(mem, uint32_t, count),
               .next = tz_new_array(mem, uint32_t, count),
               .path = tz_new_array(mem, uint32_t, count),
               .via = tz_new_array(mem, uint32_t, count)};

    for (size_t i = 0; i < of->founds->count; i++)
        if (of->founds->items[i].fate == TZ_FATE_LINK) {
            on.starts[of->founds->items[i].a]++;
            on.starts[of->founds->items[i].b]++;
            ends += 2;
        }
    for (size_t i = 1; i <= count; i++)
        on.starts[i] += on.starts[i - 1];
    on.edges = tz_new_array(mem, uint32_t, ends);
    for (uint32_t i = 0; i < of->founds->count; i++)
        if (of->founds->items[i].fate == TZ_FATE_LINK) {
            on.edges[--on.starts[of->founds->items[i].a]] = i;
            on.edges[--on.starts[of->founds->items[i].b]] = i;
        }
    return on;
}

static void enter(walk *on, uint32_t record, size_t depth, uint32_t pair)
{
    on->order[record] = on->low[record] = ++on->seen;
    on->size[record] = 1;
    on->next[record] = on->starts[record];
    on->path[depth] = record;
    on->via[depth] = pair;
}

/* Walks one cluster; a weak bridge between two large enough parts is marked. */
static void walk_cluster(settling *of, walk *on, uint32_t first, uint32_t cluster_size)
{
    size_t depth = 0;

    for (enter(on, first, 0, UINT32_MAX);;) {
        uint32_t here = on->path[depth];
        if (on->next[here] < on->starts[here + 1]) {
            uint32_t pair = on->edges[on->next[here]++];
            const tz_found *link = &of->founds->items[pair];
            uint32_t there = link->a == here ? link->b : link->a;
            if (on->order[there] == 0)
                enter(on, there, ++depth, pair);
            else if (pair != on->via[depth] && on->order[there] < on->low[here])
                on->low[here] = on->order[there];
            continue;
        }
        if (depth == 0)
            return;
        uint32_t up = on->path[depth - 1];
        tz_found *link = &of->founds->items[on->via[depth]];
        if (on->low[here] > on->order[up] && link->weight < WEAK && on->size[here] >= GROUP &&
            cluster_size - on->size[here] >= GROUP)
            link->fate = TZ_FATE_BRIDGE;
        on->low[up] = on->low[here] < on->low[up] ? on->low[here] : on->low[up];
        on->size[up] += on->size[here];
        depth--;
    }
}

static void cut_bridges(settling *of)
{
    tz_arena mem = {0};
    uint32_t *sizes = tz_new_array(&mem, uint32_t, of->table->count);
    walk on = start_walk(&mem, of);

    for (uint32_t i = 0; i < of->table->count; i++)
        sizes[root_of(of, i)]++;
    for (uint32_t i = 0; i < of->table->count; i++)
        if (sizes[i] >= 2 * GROUP && on.order[i] == 0)
            walk_cluster(of, &on, i, sizes[i]);
    start(of);
    for (size_t i = 0; i < of->founds->count; i++)
        if (of->founds->items[i].fate == TZ_FATE_LINK)
            unite(of, root_of(of, of->founds->items[i].a), root_of(of, of->founds->items[i].b));
    tz_arena_free(&mem);
}

static void count_up(settling *of)
{
    tz_arena mem = {0};
    uint32_t *sizes = tz_new_array(&mem, uint32_t, of->table->count);

    for (size_t i = 0; i < of->founds->count; i++)
        of->out.by_fate[of->founds->items[i].fate]++;
    for (uint32_t i = 0; i < of->table->count; i++) {
        of->parents[i] = root_of(of, i);
        uint32_t size = ++sizes[of->parents[i]];
        of->out.cluster_count += size == 2;
        of->out.largest = size > of->out.largest ? size : of->out.largest;
    }
    tz_arena_free(&mem);
}

void tz_founds_settle(tz_arena *mem, const tz_table *table, const tz_model *model, int32_t least,
                      tz_founds *founds, tz_settlement *ret_settlement)
{
    tz_assert(table != NULL && model != NULL && founds != NULL && ret_settlement != NULL);
    tz_arena scratch = {0};
    settling of = {.table = table,
                   .model = model,
                   .founds = founds,
                   .parents = tz_new_array(mem, uint32_t, table->count),
                   .number_of = tz_new_array(&scratch, uint32_t, table->count)};

    start(&of);
    if (founds->count > 0) { /* qsort wants a list */
        read_numbers(&of);
        qsort(founds->items, founds->count, sizeof founds->items[0], heaviest_first);
        decide(&of, least, tz_new_array(&scratch, bool, table->count));
        qsort(founds->items, founds->count, sizeof founds->items[0], by_records);
        cut_bridges(&of);
    }
    count_up(&of);
    of.out.clusters = of.parents;
    *ret_settlement = of.out;
    tz_arena_free(&scratch);
}
