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
#include "people/learnt.h"
#include "people/gather.h"
#include "people/making.h"

enum { MOST_MEMBERS = 200, ROOM = 1 << 26, OTHER_NUMBER = 4 /* level of two numbers that are not near */ };

/* Two groups that may be one person. */
typedef struct {
    uint32_t a, b;   /* roots; a is open */
    int32_t weight;  /* all profiles of the one with those of the other, hundredths of log2 */
    int32_t sure;    /* the same less what speaks for others */
    uint32_t at, by; /* the profiles that fit best, of a and of b */
    bool is_against; /* both give a number, and the numbers are not near */
} edge;

/* A group that says no more than another, which speaks for it. */
typedef struct {
    uint32_t own, speaker; /* roots */
    uint32_t record;
} echo;

typedef struct {
    tz_arena mem;
    tz_making making;
    const tz_learnt *model;
    tz_profiles profiles;
    tz_table table;
    tz_scorer scorer;
    uint32_t *first_profile, *next_profile; /* by root; by profile: index + 1 */
    uint32_t *first_edge;                   /* by root: its place in `ends` */
    uint32_t *ends;                         /* indexes of edges, by root */
    uint32_t *next_member;                  /* by root: the next root of its present cluster; a ring */
    uint32_t *person;                       /* by present root: root of the person in it + 1 */
    uint32_t *tied;                         /* by root: union-find of what is judged together; itself outside of that */
    struct {
        echo *items;
        size_t count;
        size_t room;
    } echoes;
    struct {
        edge *items;
        size_t count;
        size_t room;
    } edges;
    int32_t least, review;
} likely;

static uint32_t root_of_profile(const likely *of, uint32_t profile)
{
    const tz_record *record = &of->making.records->items[of->profiles.records[profile]];
    return tz_clusters_find(of->making.out, record->node);
}

static uint32_t record_of(const likely *of, uint32_t profile)
{
    return of->profiles.records[profile];
}

static uint32_t present(const likely *of, uint32_t root)
{
    return tz_clusters_find(of->making.out, root);
}

/* ---- Weighing groups ---- */

static int32_t weigh_profiles(const likely *of, uint32_t p, uint32_t q, uint8_t *ret_id_level)
{
    uint8_t levels[TZ_MAX_COMPARISONS];
    uint32_t low = p < q ? p : q, high = p < q ? q : p;

    tz_compare_pair(&of->scorer, low, high, levels);
    *ret_id_level = levels[TZ_PROFILE_ID];
    return tz_score_total(&of->scorer, levels, low);
}

/* Every profile of x by the profile of y that fits it best: the worst of these. */
static int32_t fit(const likely *of, uint32_t x, uint32_t y, edge *to)
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

/* What two rows weigh that both say what this profile says. */
static int32_t weigh_itself(const likely *of, uint32_t profile)
{
    int32_t total = of->scorer.prior;

    for (size_t c = 0; c < TZ_PROFILE_COMPARED; c++) {
        uint32_t code = tz_table_code(&of->table, profile, c);
        total += code == 0 ? 0 : tz_score_equal(&of->scorer, c, code);
    }
    return total;
}

static bool is_person(const likely *of, uint32_t root)
{
    return of->first_profile[root] > 0 && of->first_profile[root] - 1 < of->profiles.known;
}

static edge weigh_groups(const likely *of, uint32_t a, uint32_t b)
{
    edge there = {.a = a, .b = b}, back = {.a = b, .b = a};

    there.weight = fit(of, a, b, &there);
    if (!is_person(of, b)) {
        back.weight = fit(of, b, a, &back);
        there.weight = back.weight < there.weight ? back.weight : there.weight;
    }
    return there;
}

/* ---- Rows that say the same ---- */

/* Leaves of the open profiles without a number that are all their group says, and say the same, only one. */
static void drop_echoes(likely *of)
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
                tz_push(&of->mem, &of->echoes, (echo){root, (uint32_t)entry->value, of->profiles.records[p]});
        }
        if (is_new)
            of->profiles.records[kept++] = of->profiles.records[p];
    }
    of->profiles.count = kept;
    tz_arena_free(&mem);
}

/* ---- Finding edges ---- */

static void link_profiles(likely *of)
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

static int by_groups(const void *a, const void *b)
{
    const edge *x = a, *y = b;
    return x->a != y->a ? (x->a < y->a ? -1 : 1) : x->b != y->b ? (x->b < y->b ? -1 : 1) : 0;
}

static tz_rc gather(likely *of, const tz_app *app, tz_founds *ret_founds, tz_err *err)
{
    tz_rc rc = TZ_OK;
    tz_blocks blocks = {.rule_count = 0};
    int64_t pairs = 0;

    TZ_TRY(tz_profiles_table(&of->mem, of->making.records, of->profiles.records, of->profiles.count, true, &of->table, err));
    TZ_TRY(tz_blocks_make(&of->mem, &of->table, &of->model->model, tz_learnt_max_block(&of->table), &blocks, err));
    tz_dictionary_seal(&of->table.values);
    tz_counts counts = tz_learnt_counts(&of->mem, of->model, &of->table);
    tz_scorer_init(&of->mem, &of->table, &of->model->model, &counts, &of->scorer);
    tz_scorer_weigh(&of->scorer);
    of->least = tz_score_least(of->model->model.threshold);
    of->review = tz_score_least(of->model->model.review);
    tz_gathering how = {.app = app,
                        .scorer = &of->scorer,
                        .blocks = &blocks,
                        .known = of->profiles.known,
                        .threads = tz_sweep_threads(),
                        .least = of->review < 0 ? of->review : 0,
                        .room = ROOM};
    TZ_TRY(tz_founds_gather(&of->mem, &how, ret_founds, &pairs, err));
done:
    tz_dictionary_seal(&of->table.values);
    tz_blocks_forget(&blocks);
    return rc;
}

static bool is_single(const likely *of, uint32_t root)
{
    return of->next_profile[of->first_profile[root] - 1] == 0;
}

static bool has_number(const likely *of, uint32_t profile)
{
    return tz_table_code(&of->table, profile, TZ_PROFILE_ID) != 0;
}

/* Of pairs of profiles the pairs of groups, each once, weighed as a whole. */
static void make_edges(likely *of, const tz_founds *founds)
{
    for (size_t i = 0; i < founds->count; i++) {
        const tz_found *pair = &founds->items[i];
        uint32_t x = root_of_profile(of, pair->a), y = root_of_profile(of, pair->b);
        if (x == y)
            continue;
        bool is_turned = is_person(of, x) || (!is_person(of, y) && y < x);
        tz_push(&of->mem, &of->edges,
                (edge){.a = is_turned ? y : x, .b = is_turned ? x : y, .weight = pair->weight, .at = is_turned ? pair->b : pair->a,
                       .by = is_turned ? pair->a : pair->b});
    }
    if (of->edges.count > 0)
        qsort(of->edges.items, of->edges.count, sizeof of->edges.items[0], by_groups);
    size_t kept = 0;
    for (size_t i = 0; i < of->edges.count; i++) {
        const edge *one = &of->edges.items[i];
        if (kept > 0 && by_groups(one, &of->edges.items[kept - 1]) == 0)
            continue;
        bool is_plain = is_single(of, one->a) && is_single(of, one->b) && !(has_number(of, one->at) && has_number(of, one->by));
        of->edges.items[kept++] = is_plain ? *one : weigh_groups(of, one->a, one->b);
    }
    of->edges.count = kept;
}

static void index_edges(likely *of)
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

/* ---- Deciding ---- */

/* What speaks for other persons than `but` (a root + 1, 0 none), as log2(1 + sum of odds) in hundredths. */
static int32_t rivals(const likely *of, uint32_t root, uint32_t but)
{
    double odds = 1;

    for (uint32_t i = of->first_edge[root]; i < of->first_edge[root + 1]; i++) {
        const edge *one = &of->edges.items[of->ends[i]];
        if (one->a == root && is_person(of, one->b) && one->b + 1 != but)
            odds += exp2((double)one->weight / 100);
    }
    return (int32_t)lround(100 * log2(odds));
}

static void join(likely *of, uint32_t x, uint32_t y)
{
    uint32_t a = present(of, x), b = present(of, y), person = of->person[a] != 0 ? of->person[a] : of->person[b];
    uint32_t kept = of->next_member[a];

    tz_making_join(&of->making, a, b);
    of->next_member[a] = of->next_member[b]; /* two rings become one */
    of->next_member[b] = kept;
    of->person[present(of, a)] = person;
}

static int surest_first(const void *a, const void *b)
{
    const edge *const *x = a, *const *y = b;
    return (*x)->sure != (*y)->sure ? ((*x)->sure > (*y)->sure ? -1 : 1) : by_groups(*x, *y);
}

/* To the persons: each open group by itself. */
static void join_persons(likely *of)
{
    for (size_t i = 0; i < of->edges.count; i++) {
        edge *one = &of->edges.items[i];
        if (!is_person(of, one->b))
            continue;
        one->sure = one->weight - rivals(of, one->a, one->b + 1);
        if (one->sure >= of->least && !one->is_against &&
            !tz_making_is_contradicted(&of->making, present(of, one->a), present(of, one->b)))
            join(of, one->a, one->b);
    }
}

/* Two members of clusters that are to be joined: nothing against it, and more likely one person than not. */
static bool may_share(const likely *of, uint32_t x, uint32_t y)
{
    if (is_person(of, x) && is_person(of, y))
        return false;
    edge between = weigh_groups(of, is_person(of, x) ? y : x, is_person(of, x) ? x : y);
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
            if (tz_making_is_contradicted(&of->making, clusters[i], clusters[j]))
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
static size_t list_ties(likely *of, edge **edges, size_t count, tied *list)
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
static bool join_equals(likely *of, edge **edges, size_t count)
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

static void be_sure(likely *of, edge *one)
{
    uint32_t person_a = of->person[present(of, one->a)], person_b = of->person[present(of, one->b)];
    int32_t against_a = person_a != 0 ? 0 : rivals(of, one->a, person_b), /* whose person is known has no rivals */
        against_b = person_b != 0 ? 0 : rivals(of, one->b, person_a);

    one->sure = one->weight - (against_a > against_b ? against_a : against_b);
}

/* To each other, the surest first, until nothing moves: who found a person brings those who are like him. */
static void join_open(likely *of)
{
    edge **sure = tz_new_array(&of->mem, edge *, of->edges.count + 1);

    for (bool is_changed = true; is_changed;) {
        size_t count = 0;
        is_changed = false;
        for (size_t i = 0; i < of->edges.count; i++) {
            edge *one = &of->edges.items[i];
            if (is_person(of, one->b) || present(of, one->a) == present(of, one->b))
                continue;
            be_sure(of, one);
            if (one->sure >= of->least && !one->is_against)
                sure[count++] = one;
        }
        if (count > 0)
            qsort(sure, count, sizeof(edge *), surest_first);
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
    for (size_t i = 0; i < of->echoes.count; i++) {
        uint32_t own = of->echoes.items[i].own, speaker = of->echoes.items[i].speaker;
        bool has_person = of->person[present(of, speaker)] != 0;
        int32_t sure = weigh_itself(of, of->first_profile[speaker] - 1) - rivals(of, speaker, 0);
        if ((has_person || sure >= of->least) &&
            !tz_making_is_contradicted(&of->making, present(of, own), present(of, speaker))) {
            join(of, own, speaker);
            tz_making_state(&of->making, "linked", of->echoes.items[i].record, record_of(of, of->first_profile[speaker] - 1),
                            "the rows say the same");
        }
    }
}

/* ---- Saying so ---- */

/* The heaviest edge of an open group that is_wanted; NULL: none. */
static const edge *best_edge(const likely *of, uint32_t root, bool (*is_wanted)(const likely *, const edge *, uint32_t))
{
    const edge *best = NULL;

    for (uint32_t i = of->first_edge[root]; i < of->first_edge[root + 1]; i++) {
        const edge *one = &of->edges.items[of->ends[i]];
        if (is_wanted(of, one, root) && (best == NULL || one->weight > best->weight))
            best = one;
    }
    return best;
}

static bool is_taken(const likely *of, const edge *one, uint32_t root)
{
    (void)root;
    return present(of, one->a) == present(of, one->b);
}

/* Not joined, and more likely than the least that a person should see; of two open groups said by the first. */
static bool is_open(const likely *of, const edge *one, uint32_t root)
{
    return one->a == root && one->sure >= of->review && present(of, one->a) != present(of, one->b) &&
           !(of->person[present(of, one->a)] != 0 && of->person[present(of, one->b)] != 0);
}

/* Waiting statements of the rules that the model has answered. */
static void forget_answered(likely *of, const uint32_t *was_open)
{
    size_t kept = 0;
    tz_clusters *out = of->making.out;

    for (size_t i = 0; i < out->statements.count; i++) {
        const tz_statement *one = &out->statements.items[i];
        uint32_t node = of->making.records->items[one->a].node;
        bool is_answered = strcmp(one->verdict, "review") == 0 && was_open[node] && of->person[present(of, node)] != 0;
        out->statements.items[kept] = *one;
        kept += !is_answered;
    }
    out->statements.count = kept;
}

static void speak(likely *of, const uint32_t *was_open)
{
    size_t nodes = of->making.out->nodes.count;
    uint8_t *is_said = tz_new_array(&of->mem, uint8_t, nodes + 1); /* by group: waits for a person already */

    forget_answered(of, was_open);
    for (size_t i = 0; i < of->making.out->statements.count; i++)
        if (strcmp(of->making.out->statements.items[i].verdict, "review") == 0)
            is_said[of->making.records->items[of->making.out->statements.items[i].a].node] = 1;
    for (uint32_t root = 0; root < nodes; root++) {
        if (was_open[root] != root + 1)
            continue;
        const edge *taken = best_edge(of, root, is_taken), *open = taken != NULL ? NULL : best_edge(of, root, is_open);
        if (taken != NULL && (taken->a == root || best_edge(of, taken->a, is_taken) != taken))
            tz_making_state(&of->making, "linked", record_of(of, taken->a == root ? taken->at : taken->by),
                            record_of(of, taken->a == root ? taken->by : taken->at), "what the rows say, by the county's model");
        else if (open != NULL && !is_said[root])
            tz_making_state(&of->making, "review", record_of(of, open->at), record_of(of, open->by),
                            "likely by the county's model, and not sure enough");
    }
}

/* ---- The whole ---- */

/* By node: the root of its group + 1 where it is open, else 0. */
static uint32_t *note_open(likely *of)
{
    size_t nodes = of->making.out->nodes.count;
    uint32_t *open = tz_new_array(&of->mem, uint32_t, nodes + 1);

    for (uint32_t node = 0; node < nodes; node++) {
        uint32_t root = present(of, node);
        open[node] = of->first_profile[root] > 0 && !is_person(of, root) ? root + 1 : 0;
    }
    for (size_t i = 0; i < of->echoes.count; i++)
        open[of->echoes.items[i].own] = of->echoes.items[i].own + 1;
    return open;
}

static void start_rings(likely *of)
{
    size_t nodes = of->making.out->nodes.count;

    of->next_member = tz_new_array(&of->mem, uint32_t, nodes + 1);
    of->person = tz_new_array(&of->mem, uint32_t, nodes + 1);
    of->tied = tz_new_array(&of->mem, uint32_t, nodes + 1);
    for (uint32_t node = 0; node < nodes; node++) {
        of->next_member[node] = node;
        of->tied[node] = node;
        of->person[node] = is_person(of, node) ? node + 1 : 0;
    }
}

tz_rc tz_clusters_refine(tz_arena *mem, const tz_app *app, tz_records *records, const tz_decisions *decisions,
                         const tz_learnt *model, tz_clusters *clusters, tz_err *err)
{
    tz_assert(mem != NULL && records != NULL && decisions != NULL && model != NULL && model->number > 0);
    tz_rc rc = TZ_OK;
    tz_founds founds = {0};
    likely of = {.model = model,
                 .making = {.mem = mem, .records = records, .decisions = decisions, .out = clusters, .by_row = tz_map_init(mem)}};

    tz_profiles_choose(&of.mem, records, clusters, &of.profiles);
    drop_echoes(&of);
    if (of.profiles.known == of.profiles.count)
        goto done; /* every row has its person */
    TZ_TRY(gather(&of, app, &founds, err));
    tz_making_index_rows(&of.making);
    link_profiles(&of);
    make_edges(&of, &founds);
    index_edges(&of);
    uint32_t *was_open = note_open(&of);
    start_rings(&of);
    join_persons(&of);
    join_open(&of);
    join_echoes(&of);
    speak(&of, was_open);
done:
    tz_arena_free(&of.mem);
    return rc;
}
