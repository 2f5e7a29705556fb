/* same - the records of one valid number: one person, unless names and birth dates say two. */
#include <stdlib.h>

#include "base/assert.h"
#include "base/date.h"
#include "people/making.h"

/* What a number's records say, each (name, birth) once. Past MAX_FACETS a placeholder number is all
 * that remains: further names are compared with these only, and stand alone where none is alike. */
enum { MAX_FACETS = 32 };

typedef struct {
    tz_text  name, birth;
    uint32_t oldest; /* record of the lowest row id */
    uint32_t group;  /* index of the facet that stands for its group */
} facet;

typedef struct {
    facet items[MAX_FACETS];
    size_t count;
} facets;

/* One digit of a date mistyped, or its month and day swapped. */
static bool is_slip(tz_text a, tz_text b)
{
    int different = 0;

    if (a.size != 10 || b.size != 10)
        return false;
    for (size_t i = 0; i < 10; i++)
        different += a.data[i] != b.data[i];
    bool is_swapped = tz_text_equal(tz_text_cut(a, 0, 4), tz_text_cut(b, 0, 4)) &&
                      tz_text_equal(tz_text_cut(a, 5, 2), tz_text_cut(b, 8, 2)) && tz_text_equal(tz_text_cut(a, 8, 2), tz_text_cut(b, 5, 2));
    return different <= 1 || is_swapped;
}

/* One number, another name and another birth date. Wholly different names are enough by themselves
 * unless both rows give the same birth date; names alike but for one character ask for dates that no
 * single slip explains. */
static bool is_conflict(const facet *a, const facet *b)
{
    bool has_births = a->birth.size > 0 && b->birth.size > 0;

    switch (tz_name_likeness(a->name, b->name)) {
    case 3: return false;
    case 2: return has_births && !is_slip(a->birth, b->birth);
    case 1: return has_births && !tz_text_equal(a->birth, b->birth);
    default: return !has_births || !tz_text_equal(a->birth, b->birth);
    }
}

static int by_name_and_birth(const void *a, const void *b)
{
    const facet *x = a, *y = b;
    int order = tz_text_compare(x->name, y->name);
    return order != 0 ? order : tz_text_compare(x->birth, y->birth);
}

static facet *find_facet(facets *all, tz_text name, tz_text birth)
{
    for (size_t i = 0; i < all->count; i++)
        if (tz_text_equal(all->items[i].name, name) && tz_text_equal(all->items[i].birth, birth))
            return &all->items[i];
    return NULL;
}

static void collect_facets(tz_making *of, uint32_t first, facets *all)
{
    for (uint32_t at = first + 1; at > 0; at = of->next_of_id[at - 1]) {
        const tz_record *record = &of->records->items[at - 1];
        facet           *known = find_facet(all, record->name, record->birth);
        if (record->name.size == 0)
            continue;
        if (known != NULL) {
            if (record->row_id < of->records->items[known->oldest].row_id)
                known->oldest = at - 1;
        } else if (all->count < MAX_FACETS) {
            all->items[all->count++] = (facet){.name = record->name, .birth = record->birth, .oldest = at - 1};
        }
    }
    qsort(all->items, all->count, sizeof all->items[0], by_name_and_birth);
}

static void merge(facets *all, uint32_t a, uint32_t b)
{
    uint32_t low = a < b ? a : b, high = a < b ? b : a;
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].group == high)
            all->items[i].group = low;
}

static bool have_conflict(const facets *all, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < all->count; i++)
        for (size_t j = 0; all->items[i].group == a && j < all->count; j++)
            if (all->items[j].group == b && is_conflict(&all->items[i], &all->items[j]))
                return true;
    return false;
}

/* Equal names first, then groups of which no two members conflict, in the order of names: no order
 * of delivery plays a part. */
static void group_facets(facets *all)
{
    for (uint32_t i = 0; i < all->count; i++)
        all->items[i].group = i > 0 && tz_text_equal(all->items[i].name, all->items[i - 1].name) ? all->items[i - 1].group : i;
    for (uint32_t i = 0; i < all->count; i++)
        for (uint32_t j = i + 1; j < all->count; j++) {
            uint32_t a = all->items[i].group, b = all->items[j].group;
            if (a != b && !have_conflict(all, a, b))
                merge(all, a, b);
        }
}

static uint32_t oldest_of(const tz_making *of, const facets *all, int64_t group)
{
    uint32_t oldest = UINT32_MAX;
    for (size_t i = 0; i < all->count; i++)
        if ((group < 0 || all->items[i].group == group) &&
            (oldest == UINT32_MAX || of->records->items[all->items[i].oldest].row_id < of->records->items[oldest].row_id))
            oldest = all->items[i].oldest;
    return oldest;
}

static uint32_t named_node(tz_making *of, tz_text id, tz_text name, uint32_t record)
{
    return tz_making_node(of, TZ_TEXT("id-name"), tz_text_of(tz_arena_printf(of->mem, "%.*s|%.*s", TZ_FMT(id), TZ_FMT(name))), record);
}

/* The number's own node goes to the group with the oldest row; every other group is a person found
 * again by number and name. A row without a name can't say whose it is: it stands alone. */
static void split_number(tz_making *of, uint32_t first, facets *all)
{
    tz_text  id = of->records->items[first].id;
    uint32_t oldest = oldest_of(of, all, -1);
    uint32_t own = 0;

    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].oldest == oldest)
            own = all->items[i].group;
    for (uint32_t at = first + 1; at > 0; at = of->next_of_id[at - 1]) {
        tz_record   *record = &of->records->items[at - 1];
        const facet *said = find_facet(all, record->name, record->birth);
        if (said != NULL && said->group == own)
            record->node = tz_making_node(of, TZ_TEXT("id"), id, oldest);
        else
            record->node = named_node(of, id, record->name, at - 1);
    }
    for (size_t i = 0; i < all->count; i++) {
        const facet *one = &all->items[i], *head = &all->items[one->group];
        if (one->group == own)
            continue;
        tz_making_join(of, named_node(of, id, head->name, head->oldest), named_node(of, id, one->name, one->oldest));
        if (one == head)
            tz_making_state(of, "conflict", oldest, oldest_of(of, all, one->group), "one number, another name and birth date");
    }
}

static void put_number(tz_making *of, uint32_t first)
{
    facets   all = {.count = 0};
    bool     is_one = true;
    uint32_t oldest = first;

    collect_facets(of, first, &all);
    group_facets(&all);
    for (size_t i = 1; i < all.count; i++)
        is_one &= all.items[i].group == 0;
    if (!is_one) {
        split_number(of, first, &all);
        return;
    }
    for (uint32_t at = first + 1; at > 0; at = of->next_of_id[at - 1])
        if (of->records->items[at - 1].row_id < of->records->items[oldest].row_id)
            oldest = at - 1;
    uint32_t node = tz_making_node(of, TZ_TEXT("id"), of->records->items[first].id, oldest);
    for (uint32_t at = first + 1; at > 0; at = of->next_of_id[at - 1])
        of->records->items[at - 1].node = node;
}

void tz_making_numbers(tz_making *of)
{
    tz_assert(of != NULL && of->records != NULL);
    size_t    count = of->records->count;
    uint32_t *last = tz_new_array(of->mem, uint32_t, count + 1); /* by first record */

    of->next_of_id = tz_new_array(of->mem, uint32_t, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        bool is_new = false;
        if (of->records->items[i].id.size == 0)
            continue;
        tz_map_entry *entry = tz_map_put(&of->by_id, of->records->items[i].id, &is_new);
        if (is_new)
            entry->value = (int64_t)i + 1;
        else
            of->next_of_id[last[entry->value - 1]] = i + 1;
        last[entry->value - 1] = i;
    }
    for (size_t i = 0; i < of->by_id.entries.count; i++)
        put_number(of, (uint32_t)(of->by_id.entries.items[i].value - 1));
}
