/* likely - what the rules left open: rows without a valid number, by what they say and how rare it is.
 *
 * Groups are the clusters that the rules and people made; open ones hold no valid number.  Every pair of an open group and
 * another that the blocks give is weighed; two persons of valid numbers are never compared.  An open group belongs to the
 * person whom it fits, unless others fit as well: what speaks for them speaks against it.  Then open groups join each other.
 * Nothing here depends on the order of records: what weighs the same is judged together, and of rows without a number that
 * say the very same (a year of payments) one speaks for all.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "people/group.h"

enum { MOST_MEMBERS = 200 };

typedef struct {
    tz_groups groups;
    uint32_t *next_member; /* by root: the next root of its present cluster; a ring */
    uint32_t *person;      /* by present root: root of the person in it + 1 */
    uint32_t *tied;        /* by root: union-find of what is judged together; itself outside of that */
    int32_t least, review;
} likely;

static uint32_t record_of(const likely *of, uint32_t profile)
{
    return of->groups.profiles.records[profile];
}

/* The cluster that a group is in by now. */
static uint32_t present(const likely *of, uint32_t root)
{
    return tz_clusters_find(of->groups.making.out, root);
}

/* ---- Deciding ---- */

/* What speaks for other persons than `but` (a root + 1, 0 none), as log2(1 + sum of odds) in hundredths. */
static int32_t rivals(const likely *of, uint32_t root, uint32_t but)
{
    double odds = 1;

    for (uint32_t i = of->groups.first_edge[root]; i < of->groups.first_edge[root + 1]; i++) {
        const tz_edge *one = &of->groups.edges.items[of->groups.ends[i]];
        if (one->a == root && tz_groups_is_person(&of->groups, one->b) && one->b + 1 != but)
            odds += exp2((double)one->weight / 100);
    }
    return (int32_t)lround(100 * log2(odds));
}

static void join(likely *of, uint32_t x, uint32_t y)
{
    uint32_t a = present(of, x), b = present(of, y), person = of->person[a] != 0 ? of->person[a] : of->person[b];
    uint32_t kept = of->next_member[a];

    tz_making_join(&of->groups.making, a, b);
    of->next_member[a] = of->next_member[b]; /* two rings become one */
    of->next_member[b] = kept;
    of->person[present(of, a)] = person;
}

static int surest_first(const void *a, const void *b)
{
    const tz_edge *const *x = a, *const *y = b;
    return (*x)->sure != (*y)->sure ? ((*x)->sure > (*y)->sure ? -1 : 1) : tz_edge_compare(*x, *y);
}

/* To the persons: each open group by itself. */
static void join_persons(likely *of)
{
    for (size_t i = 0; i < of->groups.edges.count; i++) {
        tz_edge *one = &of->groups.edges.items[i];
        if (!tz_groups_is_person(&of->groups, one->b))
            continue;
        one->sure = one->weight - rivals(of, one->a, one->b + 1);
        if (one->sure >= of->least && !one->is_against &&
            !tz_making_is_contradicted(&of->groups.making, present(of, one->a), present(of, one->b)))
            join(of, one->a, one->b);
    }
}

/* Two members of clusters that are to be joined: nothing against it, and more likely one person than not. */
static bool may_share(const likely *of, uint32_t x, uint32_t y)
{
    if (tz_groups_is_person(&of->groups, x) && tz_groups_is_person(&of->groups, y))
        return false;
    tz_edge between = tz_groups_weigh(&of->groups, tz_groups_is_person(&of->groups, x) ? y : x, tz_groups_is_person(&of->groups, x) ? x : y);
    return !between.is_against && between.weight >= 0;
}

/* The roots of several present clusters as one list; false where it is too long. */
static bool list_members(const likely *of, const uint32_t *clusters, size_t count, uint32_t members[MOST_MEMBERS],
                         uint32_t owners[MOST_MEMBERS], size_t *ret_count)
{
    size_t all = 0;

    for (size_t i = 0; i < count; i++)
        for (uint32_t at = clusters[i];;) {
            if (all == MOST_MEMBERS)
                return false;
            members[all] = at;
            owners[all++] = clusters[i];
            at = of->next_member[at];
            if (at == clusters[i])
                break;
        }
    *ret_count = all;
    return true;
}

static bool may_unite(likely *of, const uint32_t *clusters, size_t count)
{
    uint32_t members[MOST_MEMBERS], owners[MOST_MEMBERS];
    size_t all = 0;

    if (!list_members(of, clusters, count, members, owners, &all))
        return false;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (tz_making_is_contradicted(&of->groups.making, clusters[i], clusters[j]))
                return false;
    for (size_t i = 0; i < all; i++)
        for (size_t j = 0; j < i; j++)
            if (owners[i] != owners[j] && !may_share(of, members[i], members[j]))
                return false;
    return true;
}

static uint32_t tie_of(likely *of, uint32_t root)
{
    while (of->tied[root] != root)
        root = of->tied[root] = of->tied[of->tied[root]];
    return root;
}

typedef struct {
    uint32_t tie, cluster;
} tied;

static int by_tie(const void *a, const void *b)
{
    const tied *x = a, *y = b;
    return x->tie != y->tie ? (x->tie < y->tie ? -1 : 1) : x->cluster < y->cluster ? -1 : x->cluster > y->cluster;
}

/* The present clusters of some edges, each once, those that hang together side by side; leaves nothing tied. */
static size_t list_ties(likely *of, tz_edge **edges, size_t count, tied *list)
{
    size_t all = 0, kept = 0;

    for (size_t i = 0; i < count; i++) {
        uint32_t a = tie_of(of, present(of, edges[i]->a)), b = tie_of(of, present(of, edges[i]->b));
        of->tied[a < b ? b : a] = a < b ? a : b;
    }
    for (size_t i = 0; i < count; i++) {
        const uint32_t both[] = {present(of, edges[i]->a), present(of, edges[i]->b)};
        for (size_t k = 0; k < 2; k++)
            list[all++] = (tied){tie_of(of, both[k]), both[k]};
    }
    qsort(list, all, sizeof list[0], by_tie);
    for (size_t i = 0; i < all; i++) {
        of->tied[list[i].cluster] = list[i].cluster;
        if (kept == 0 || by_tie(&list[i], &list[kept - 1]) != 0)
            list[kept++] = list[i];
    }
    return kept;
}

/* Edges that are equally sure: those that hang together are taken together, or none of them. */
static bool join_equals(likely *of, tz_edge **edges, size_t count)
{
    tz_arena mem = {0};
    tied *list = tz_new_array(&mem, tied, 2 * count);
    uint32_t *clusters = tz_new_array(&mem, uint32_t, 2 * count);
    size_t all = list_ties(of, edges, count, list);
    bool is_changed = false;

    for (size_t from = 0, to; from < all; from = to) {
        size_t found = 0;
        for (to = from; to < all && list[to].tie == list[from].tie; to++)
            clusters[found++] = list[to].cluster;
        if (found < 2 || !may_unite(of, clusters, found))
            continue;
        for (size_t k = 1; k < found; k++)
            join(of, clusters[0], clusters[k]);
        is_changed = true;
    }
    tz_arena_free(&mem);
    return is_changed;
}

static void be_sure(likely *of, tz_edge *one)
{
    uint32_t person_a = of->person[present(of, one->a)], person_b = of->person[present(of, one->b)];
    int32_t against_a = person_a != 0 ? 0 : rivals(of, one->a, person_b), /* whose person is known has no rivals */
        against_b = person_b != 0 ? 0 : rivals(of, one->b, person_a);

    one->sure = one->weight - (against_a > against_b ? against_a : against_b);
}

/* To each other, the surest first, until nothing moves: who found a person brings those who are like him. */
static void join_open(likely *of)
{
    tz_edge **sure = tz_new_array(&of->groups.mem, tz_edge *, of->groups.edges.count + 1);

    for (bool is_changed = true; is_changed;) {
        size_t count = 0;
        is_changed = false;
        for (size_t i = 0; i < of->groups.edges.count; i++) {
            tz_edge *one = &of->groups.edges.items[i];
            if (tz_groups_is_person(&of->groups, one->b) || present(of, one->a) == present(of, one->b))
                continue;
            be_sure(of, one);
            if (one->sure >= of->least && !one->is_against)
                sure[count++] = one;
        }
        if (count > 0)
            qsort(sure, count, sizeof(tz_edge *), surest_first);
        for (size_t from = 0, to; from < count; from = to) {
            for (to = from + 1; to < count && sure[to]->sure == sure[from]->sure;)
                to++;
            is_changed |= join_equals(of, sure + from, to - from);
        }
    }
}

/* Each echo goes where the group goes that speaks for it; that group's own rows are one person where they are sure enough. */
static void join_echoes(likely *of)
{
    for (size_t i = 0; i < of->groups.echoes.count; i++) {
        uint32_t own = of->groups.echoes.items[i].own, speaker = of->groups.echoes.items[i].speaker;
        bool has_person = of->person[present(of, speaker)] != 0;
        int32_t sure = tz_score_itself(&of->groups.scorer, of->groups.first_profile[speaker] - 1) - rivals(of, speaker, 0);
        if ((has_person || sure >= of->least) &&
            !tz_making_is_contradicted(&of->groups.making, present(of, own), present(of, speaker))) {
            join(of, own, speaker);
            tz_making_state(&of->groups.making, "linked", of->groups.echoes.items[i].record, record_of(of, of->groups.first_profile[speaker] - 1),
                            "the rows say the same");
        }
    }
}

/* ---- Saying so ---- */

/* The heaviest edge of an open group that is_wanted; NULL: none. */
static const tz_edge *best_edge(const likely *of, uint32_t root, bool (*is_wanted)(const likely *, const tz_edge *, uint32_t))
{
    const tz_edge *best = NULL;

    for (uint32_t i = of->groups.first_edge[root]; i < of->groups.first_edge[root + 1]; i++) {
        const tz_edge *one = &of->groups.edges.items[of->groups.ends[i]];
        if (is_wanted(of, one, root) && (best == NULL || one->weight > best->weight))
            best = one;
    }
    return best;
}

static bool is_taken(const likely *of, const tz_edge *one, uint32_t root)
{
    (void)root;
    return present(of, one->a) == present(of, one->b);
}

/* Not joined, and more likely than the least that a person should see; of two open groups said by the first. */
static bool is_open(const likely *of, const tz_edge *one, uint32_t root)
{
    return one->a == root && one->sure >= of->review && present(of, one->a) != present(of, one->b) &&
           !(of->person[present(of, one->a)] != 0 && of->person[present(of, one->b)] != 0);
}

/* Waiting statements of the rules that the model has answered. */
static void forget_answered(likely *of, const uint32_t *was_open)
{
    size_t kept = 0;
    tz_clusters *out = of->groups.making.out;

    for (size_t i = 0; i < out->statements.count; i++) {
        const tz_statement *one = &out->statements.items[i];
        uint32_t node = of->groups.making.records->items[one->a].node;
        bool is_answered = strcmp(one->verdict, "review") == 0 && was_open[node] && of->person[present(of, node)] != 0;
        out->statements.items[kept] = *one;
        kept += !is_answered;
    }
    out->statements.count = kept;
}

static void speak(likely *of, const uint32_t *was_open)
{
    size_t nodes = of->groups.making.out->nodes.count;
    uint8_t *is_said = tz_new_array(&of->groups.mem, uint8_t, nodes + 1); /* by group: waits for a person already */

    forget_answered(of, was_open);
    for (size_t i = 0; i < of->groups.making.out->statements.count; i++)
        if (strcmp(of->groups.making.out->statements.items[i].verdict, "review") == 0)
            is_said[of->groups.making.records->items[of->groups.making.out->statements.items[i].a].node] = 1;
    for (uint32_t root = 0; root < nodes; root++) {
        if (was_open[root] != root + 1)
            continue;
        const tz_edge *taken = best_edge(of, root, is_taken), *open = taken != NULL ? NULL : best_edge(of, root, is_open);
        if (taken != NULL && (taken->a == root || best_edge(of, taken->a, is_taken) != taken))
            tz_making_state(&of->groups.making, "linked", record_of(of, taken->a == root ? taken->at : taken->by),
                            record_of(of, taken->a == root ? taken->by : taken->at), "what the rows say, by the county's model");
        else if (open != NULL && !is_said[root])
            tz_making_state(&of->groups.making, "review", record_of(of, open->at), record_of(of, open->by),
                            "likely by the county's model, and not sure enough");
    }
}

/* ---- The whole ---- */

/* By node: the root of its group + 1 where it is open, else 0. */
static uint32_t *note_open(likely *of)
{
    size_t nodes = of->groups.making.out->nodes.count;
    uint32_t *open = tz_new_array(&of->groups.mem, uint32_t, nodes + 1);

    for (uint32_t node = 0; node < nodes; node++) {
        uint32_t root = present(of, node);
        open[node] = of->groups.first_profile[root] > 0 && !tz_groups_is_person(&of->groups, root) ? root + 1 : 0;
    }
    for (size_t i = 0; i < of->groups.echoes.count; i++)
        open[of->groups.echoes.items[i].own] = of->groups.echoes.items[i].own + 1;
    return open;
}

static void start_rings(likely *of)
{
    size_t nodes = of->groups.making.out->nodes.count;

    of->next_member = tz_new_array(&of->groups.mem, uint32_t, nodes + 1);
    of->person = tz_new_array(&of->groups.mem, uint32_t, nodes + 1);
    of->tied = tz_new_array(&of->groups.mem, uint32_t, nodes + 1);
    for (uint32_t node = 0; node < nodes; node++) {
        of->next_member[node] = node;
        of->tied[node] = node;
        of->person[node] = tz_groups_is_person(&of->groups, node) ? node + 1 : 0;
    }
}

tz_rc tz_clusters_refine(tz_arena *mem, const tz_app *app, tz_records *records, const tz_decisions *decisions,
                         const tz_learnt *model, tz_clusters *clusters, tz_err *err)
{
    tz_assert(mem != NULL && records != NULL && decisions != NULL && model != NULL && model->number > 0);
    tz_rc rc = TZ_OK;
    likely of = {.least = tz_score_least(model->model.threshold), .review = tz_score_least(model->model.review)};

    of.groups.model = model;
    of.groups.making =
        (tz_making){.mem = mem, .records = records, .decisions = decisions, .out = clusters, .by_row = tz_map_init(mem)};
    tz_making_index_rows(&of.groups.making);
    TZ_TRY(tz_groups_make(&of.groups, app, err));
    if (!tz_groups_have_open(&of.groups))
        goto done; /* every row has its person */
    uint32_t *was_open = note_open(&of);
    start_rings(&of);
    join_persons(&of);
    join_open(&of);
    join_echoes(&of);
    speak(&of, was_open);
done:
    tz_groups_free(&of.groups);
    return rc;
}
