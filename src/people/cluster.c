#include "people/cluster.h"

#include <string.h>

#include "base/assert.h"
#include "base/idcard.h"

typedef struct {
    tz_arena    *mem;
    tz_records  *records;
    tz_clusters *out;
    tz_map       by_id;     /* valid number -> first node + 1 */
    tz_map       by_traits; /* name, birth, village -> node + 1, -1: several */
    struct { uint32_t *items; size_t count; size_t room; } loose; /* records without a valid number */
    struct { uint32_t *items; size_t count; size_t room; } next;  /* next node of the same number, 0 none */
} making;

/* ---- Nodes ---- */

static uint32_t add_node(making *of, tz_text scope, tz_text value, uint32_t record, tz_text id)
{
    uint32_t node = (uint32_t)of->out->nodes.count;
    tz_push(of->mem, &of->out->nodes, (tz_node){.scope = scope, .value = value, .first = record, .parent = node, .id = id});
    tz_push(of->mem, &of->next, 0);
    return node;
}

uint32_t tz_clusters_find(tz_clusters *clusters, uint32_t node)
{
    while (clusters->nodes.items[node].parent != node) {
        uint32_t up = clusters->nodes.items[node].parent;
        clusters->nodes.items[node].parent = clusters->nodes.items[up].parent;
        node = up;
    }
    return node;
}

static void join(tz_clusters *clusters, uint32_t a, uint32_t b)
{
    uint32_t x = tz_clusters_find(clusters, a), y = tz_clusters_find(clusters, b);
    if (x < y)
        clusters->nodes.items[y].parent = x;
    else
        clusters->nodes.items[x].parent = y;
}

static void state(making *of, const char *verdict, uint32_t a, uint32_t b, const char *reason)
{
    tz_push(of->mem, &of->out->statements, (tz_statement){.verdict = verdict, .a = a, .b = b, .reason = reason});
}

/* Wholly different names under one number, unless both give the same birth date. */
static bool is_conflict(const tz_record *a, const tz_record *b)
{
    bool is_same_birth = a->birth.size > 0 && tz_text_equal(a->birth, b->birth);
    return a->name.size > 0 && b->name.size > 0 && tz_name_likeness(a->name, b->name) == 0 && !is_same_birth;
}

/* The node of a valid number: one of those it has, or a further one for another person. */
static void put_valid(making *of, uint32_t index)
{
    tz_record    *record = &of->records->items[index];
    bool          is_new = false;
    tz_map_entry *entry = tz_map_put(&of->by_id, record->id, &is_new);

    if (is_new) {
        record->node = add_node(of, TZ_TEXT("id"), record->id, index, record->id);
        entry->value = (int64_t)record->node + 1;
        return;
    }
    uint32_t first = (uint32_t)entry->value - 1, last = first;
    for (uint32_t node = first;; node = of->next.items[node] - 1) {
        if (!is_conflict(&of->records->items[of->out->nodes.items[node].first], record)) {
            record->node = node;
            return;
        }
        last = node;
        if (of->next.items[node] == 0)
            break;
    }
    tz_text value = tz_text_of(tz_arena_printf(of->mem, "%.*s|%.*s", TZ_FMT(record->id), TZ_FMT(record->name)));
    record->node = add_node(of, TZ_TEXT("id-name"), value, index, (tz_text){0});
    of->next.items[last] = record->node + 1;
    state(of, "conflict", of->out->nodes.items[first].first, index, "same number, another name");
}

/* ---- Repairing a number ---- */

/* Nothing that both records know contradicts. */
static bool is_consistent(const tz_record *a, const tz_record *b)
{
    return !tz_differs(a->birth, b->birth) && !tz_differs(a->sex, b->sex) && !tz_differs(a->village, b->village);
}

typedef struct {
    uint32_t nodes[4];
    size_t   count; /* distinct candidates; more than 4 are counted as 4 */
} candidates;

static void consider(making *of, const tz_record *record, const char digits[18], candidates *found)
{
    const tz_map_entry *entry = tz_map_get(&of->by_id, (tz_text){digits, 18});

    for (uint32_t at = entry == NULL ? 0 : (uint32_t)entry->value; at > 0; at = of->next.items[at - 1]) {
        const tz_record *known = &of->records->items[of->out->nodes.items[at - 1].first];
        bool is_listed = false;
        if (record->name.size == 0 || !tz_text_equal(record->name, known->name) || !is_consistent(record, known))
            continue;
        for (size_t i = 0; i < found->count; i++)
            is_listed |= found->nodes[i] == at - 1;
        if (!is_listed && found->count < 4)
            found->nodes[found->count++] = at - 1;
    }
}

/* Every number at one changed character or one swap of neighbours. */
static candidates near_numbers(making *of, const tz_record *record)
{
    static const char DIGITS[] = "0123456789X";
    candidates found = {0};
    char       digits[18];

    if (record->raw.size != 18)
        return found;
    memcpy(digits, record->raw.data, 18);
    for (size_t i = 0; i < 18; i++) {
        char was = digits[i];
        for (size_t d = 0; d < (i == 17 ? 11U : 10U); d++) {
            digits[i] = DIGITS[d];
            if (digits[i] != was)
                consider(of, record, digits, &found);
        }
        digits[i] = was;
    }
    for (size_t i = 0; i + 1 < 18; i++) {
        char left = digits[i], right = digits[i + 1];
        digits[i] = right, digits[i + 1] = left;
        if (left != right)
            consider(of, record, digits, &found);
        digits[i] = left, digits[i + 1] = right;
    }
    return found;
}

/* ---- Rows without a number ---- */

static bool traits_of(tz_arena *mem, const tz_record *record, tz_text birth, tz_text *ret_traits)
{
    if (record->name.size == 0 || birth.size == 0 || record->village.size == 0)
        return false;
    *ret_traits = tz_text_of(tz_arena_printf(mem, "%.*s|%.*s|%.*s", TZ_FMT(record->name), TZ_FMT(birth), TZ_FMT(record->village)));
    return true;
}

/* The birth date that a record gives, or that its number holds. */
static tz_text birth_of(tz_arena *mem, const tz_record *record)
{
    if (record->birth.size > 0 || record->id.size != 18)
        return record->birth;
    return tz_text_of(tz_arena_printf(mem, "%.4s-%.2s-%.2s", record->id.data + 6, record->id.data + 10, record->id.data + 12));
}

static void index_traits(making *of)
{
    for (size_t i = 0; i < of->records->count; i++) {
        const tz_record *record = &of->records->items[i];
        tz_text          traits;
        bool             is_new = false;
        if (record->id.size == 0 || !traits_of(of->mem, record, birth_of(of->mem, record), &traits))
            continue;
        tz_map_entry *entry = tz_map_put(&of->by_traits, traits, &is_new);
        if (is_new)
            entry->value = (int64_t)record->node + 1;
        else if (entry->value != (int64_t)record->node + 1)
            entry->value = -1;
    }
}

static uint32_t node_of_key(making *of, tz_text scope, tz_text value, uint32_t record)
{
    bool          is_new = false;
    tz_text       key = tz_text_of(tz_arena_printf(of->mem, "%.*s|%.*s", TZ_FMT(scope), TZ_FMT(value)));
    tz_map_entry *entry = tz_map_put(&of->out->by_key, key, &is_new);

    if (is_new)
        entry->value = (int64_t)add_node(of, scope, value, record, (tz_text){0}) + 1;
    return (uint32_t)entry->value - 1;
}

tz_text tz_record_key(tz_arena *mem, const tz_record *record)
{
    return tz_text_of(tz_arena_printf(mem, "%s:%s:%.*s", record->reg->name, record->who->role, TZ_FMT(record->row_key)));
}

static void put_loose(making *of, uint32_t index)
{
    tz_record *record = &of->records->items[index];
    candidates found = near_numbers(of, record);
    tz_text    traits;

    if (record->raw.size > 0 && record->name.size > 0) {
        tz_text value = tz_text_of(tz_arena_printf(of->mem, "%.*s|%.*s", TZ_FMT(record->raw), TZ_FMT(record->name)));
        record->node = node_of_key(of, TZ_TEXT("raw"), value, index);
    } else {
        record->node = node_of_key(of, TZ_TEXT("person-row"), tz_record_key(of->mem, record), index);
    }
    if (found.count == 1) {
        join(of->out, found.nodes[0], record->node);
        state(of, "repaired", index, of->out->nodes.items[found.nodes[0]].first, "one digit or one swap, same name");
        return;
    }
    if (found.count > 1) {
        state(of, "review", index, of->out->nodes.items[found.nodes[0]].first, "several numbers are as near");
        return;
    }
    const tz_map_entry *entry = traits_of(of->mem, record, record->birth, &traits) ? tz_map_get(&of->by_traits, traits) : NULL;
    if (entry != NULL && entry->value > 0 && record->raw.size == 0)
        join(of->out, (uint32_t)entry->value - 1, record->node);
    else if (entry != NULL && entry->value > 0)
        state(of, "review", index, of->out->nodes.items[entry->value - 1].first, "same name, birth and village, a number that does not fit");
}

/* ---- What people decided ---- */

/* A record that somebody said is another person than its cluster's gets a node of its own. */
static void cut_decided(making *of, const tz_map *by_row, const tz_decision *decision)
{
    const tz_map_entry *a = tz_map_get(by_row, decision->key_a), *b = tz_map_get(by_row, decision->key_b);

    if (decision->is_same || a == NULL || b == NULL)
        return;
    tz_record *kept = &of->records->items[a->value - 1];
    for (size_t i = 0; i < of->records->count; i++) {
        tz_record *record = &of->records->items[i];
        if (record->node == kept->node && tz_text_equal(tz_record_key(of->mem, record), decision->key_b))
            record->node = node_of_key(of, TZ_TEXT("person-row"), decision->key_b, (uint32_t)i);
    }
}

static void apply_decisions(making *of, const tz_decision *decisions, size_t count)
{
    tz_map by_row = tz_map_init(of->mem);

    if (count == 0)
        return;
    for (size_t i = 0; i < of->records->count; i++) {
        tz_map_entry *entry = tz_map_put(&by_row, tz_record_key(of->mem, &of->records->items[i]), NULL);
        if (entry->value == 0)
            entry->value = (int64_t)i + 1;
    }
    for (size_t i = 0; i < count; i++)
        cut_decided(of, &by_row, &decisions[i]);
    for (size_t i = 0; i < count; i++) {
        const tz_map_entry *a = tz_map_get(&by_row, decisions[i].key_a), *b = tz_map_get(&by_row, decisions[i].key_b);
        if (decisions[i].is_same && a != NULL && b != NULL)
            join(of->out, of->records->items[a->value - 1].node, of->records->items[b->value - 1].node);
    }
}

/* Rules stop short of a pair that somebody called different. */
static bool is_decided_different(making *of, const tz_decision *decisions, size_t count, uint32_t record)
{
    tz_text key = tz_record_key(of->mem, &of->records->items[record]);
    for (size_t i = 0; i < count; i++)
        if (!decisions[i].is_same && (tz_text_equal(decisions[i].key_a, key) || tz_text_equal(decisions[i].key_b, key)))
            return true;
    return false;
}

void tz_clusters_make(tz_arena *mem, tz_records *records, const tz_decision *decisions, size_t decision_count, tz_clusters *ret_clusters)
{
    tz_assert(mem != NULL && records != NULL && ret_clusters != NULL);
    making of = {.mem = mem, .records = records, .out = ret_clusters, .by_id = tz_map_init(mem), .by_traits = tz_map_init(mem)};

    *ret_clusters = (tz_clusters){.by_key = tz_map_init(mem)};
    for (uint32_t i = 0; i < records->count; i++) {
        if (records->items[i].id.size > 0)
            put_valid(&of, i);
        else
            tz_push(mem, &of.loose, i);
    }
    index_traits(&of);
    for (size_t i = 0; i < of.loose.count; i++) {
        uint32_t index = of.loose.items[i];
        if (decision_count > 0 && is_decided_different(&of, decisions, decision_count, index))
            records->items[index].node = node_of_key(&of, TZ_TEXT("person-row"), tz_record_key(mem, &records->items[index]), index);
        else
            put_loose(&of, index);
    }
    apply_decisions(&of, decisions, decision_count);
}
