/* decide - what people said about two rows; it overrides every rule. */
#include "base/assert.h"
#include "people/making.h"

static uint32_t first_of_row(const tz_making *of, tz_text key)
{
    const tz_map_entry *entry = tz_map_get(&of->by_row, key);
    return entry == NULL ? 0 : (uint32_t)entry->value;
}

/* Looked at for every pair of clusters: resolved once. */
static void index_apart(tz_making *of)
{
    for (size_t i = 0; i < of->decisions->count; i++) {
        const tz_decision *one = &of->decisions->items[i];
        if (one->is_same)
            continue;
        uint32_t first[] = {first_of_row(of, one->key_a), first_of_row(of, one->key_b)};
        for (size_t k = 0; k < 2; k++)
            for (uint32_t at = first[k]; at > 0; at = of->next_of_row[at - 1])
                of->is_judged[at - 1] = true;
        if (first[0] > 0 && first[1] > 0)
            tz_push(of->mem, &of->apart, (tz_apart){first[0] - 1, first[1] - 1});
    }
}

void tz_making_index_rows(tz_making *of)
{
    size_t    count = of->decisions->count == 0 ? 0 : of->records->count;
    uint32_t *last = tz_new_array(of->mem, uint32_t, count + 1);

    of->next_of_row = tz_new_array(of->mem, uint32_t, count + 1);
    of->is_judged = tz_new_array(of->mem, bool, of->records->count + 1);
    for (uint32_t i = 0; i < count; i++) {
        bool          is_new = false;
        tz_map_entry *entry = tz_map_put(&of->by_row, tz_record_key(of->mem, &of->records->items[i]), &is_new);
        if (is_new)
            entry->value = (int64_t)i + 1;
        else
            of->next_of_row[last[entry->value - 1]] = i + 1;
        last[entry->value - 1] = i;
    }
    index_apart(of);
}

/* The other row of a decision "different" that names this record; empty otherwise. */
static tz_text opposite(const tz_decision *decision, tz_text key)
{
    if (decision->is_same)
        return (tz_text){0};
    return tz_text_equal(decision->key_a, key) ? decision->key_b : tz_text_equal(decision->key_b, key) ? decision->key_a : (tz_text){0};
}

bool tz_making_is_barred(const tz_making *of, uint32_t record, uint32_t node)
{
    if (!of->is_judged[record])
        return false;
    tz_text key = tz_record_key(of->mem, &of->records->items[record]);
    for (size_t i = 0; i < of->decisions->count; i++) {
        tz_text other = opposite(&of->decisions->items[i], key);
        for (uint32_t at = first_of_row(of, other); at > 0; at = of->next_of_row[at - 1]) {
            uint32_t theirs = of->records->items[at - 1].node;
            if (theirs != UINT32_MAX && tz_clusters_find(of->out, theirs) == tz_clusters_find(of->out, node))
                return true;
        }
    }
    return false;
}

/* Of a pair called different that was put into one node the younger row leaves. */
static void cut(tz_making *of, const tz_decision *decision)
{
    for (uint32_t a = first_of_row(of, decision->key_a); a > 0; a = of->next_of_row[a - 1])
        for (uint32_t b = first_of_row(of, decision->key_b); b > 0; b = of->next_of_row[b - 1]) {
            tz_record *x = &of->records->items[a - 1], *y = &of->records->items[b - 1];
            if (x->node == y->node && x->row_id < y->row_id)
                y->node = tz_making_alone(of, b - 1);
            else if (x->node == y->node)
                x->node = tz_making_alone(of, a - 1);
        }
}

bool tz_making_is_contradicted(tz_making *of, uint32_t x, uint32_t y)
{
    for (size_t i = 0; i < of->apart.count; i++) {
        uint32_t a = tz_clusters_find(of->out, of->records->items[of->apart.items[i].a].node);
        uint32_t b = tz_clusters_find(of->out, of->records->items[of->apart.items[i].b].node);
        if ((a == x && b == y) || (a == y && b == x))
            return true;
    }
    return false;
}

static void unite(tz_making *of, const tz_decision *decision)
{
    uint32_t a = first_of_row(of, decision->key_a), b = first_of_row(of, decision->key_b);

    if (a == 0 || b == 0)
        return;
    uint32_t x = tz_clusters_find(of->out, of->records->items[a - 1].node), y = tz_clusters_find(of->out, of->records->items[b - 1].node);
    if (x != y && tz_making_is_contradicted(of, x, y)) {
        tz_making_state(of, "conflict", a - 1, b - 1, "decisions contradict each other");
        return;
    }
    tz_making_join(of, x, y);
}

void tz_making_decide(tz_making *of)
{
    tz_assert(of != NULL);
    for (size_t i = 0; i < of->decisions->count; i++)
        if (!of->decisions->items[i].is_same)
            cut(of, &of->decisions->items[i]);
    for (size_t i = 0; i < of->decisions->count; i++)
        if (of->decisions->items[i].is_same)
            unite(of, &of->decisions->items[i]);
}
