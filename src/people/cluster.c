#include "people/cluster.h"

#include <string.h>

#include "base/assert.h"
#include "people/making.h"

uint32_t tz_clusters_find(tz_clusters *clusters, uint32_t node)
{
    tz_assert(node < clusters->nodes.count);
    while (clusters->nodes.items[node].parent != node) {
        uint32_t up = clusters->nodes.items[node].parent;
        clusters->nodes.items[node].parent = clusters->nodes.items[up].parent;
        node = up;
    }
    return node;
}

tz_text tz_record_key(tz_arena *mem, const tz_record *record)
{
    return tz_text_of(tz_arena_printf(mem, "%s:%s:%.*s", record->reg->name, record->who->role, TZ_FMT(record->row_key)));
}

uint32_t tz_making_node(tz_making *of, tz_text scope, tz_text value, uint32_t record)
{
    bool          is_new = false;
    tz_text       key = tz_text_of(tz_arena_printf(of->mem, "%.*s|%.*s", TZ_FMT(scope), TZ_FMT(value)));
    tz_map_entry *entry = tz_map_put(&of->out->by_key, key, &is_new);

    if (is_new) {
        uint32_t node = (uint32_t)of->out->nodes.count;
        tz_push(of->mem, &of->out->nodes, (tz_node){.scope = scope, .value = value, .first = record, .parent = node});
        entry->value = (int64_t)node + 1;
    }
    return (uint32_t)(entry->value - 1);
}

uint32_t tz_making_alone(tz_making *of, uint32_t index)
{
    const tz_record *record = &of->records->items[index];
    tz_text          value;

    if (record->row_key.size > 0)
        value = tz_text_of(tz_arena_printf(of->mem, "%s:%s:%.*s|%.*s|%.*s", record->reg->name, record->who->role, TZ_FMT(record->row_key),
                                           TZ_FMT(record->name), TZ_FMT(record->birth)));
    else
        value = tz_text_of(tz_arena_printf(of->mem, "%s:%s:row %lld", record->reg->name, record->who->role, (long long)record->row_id));
    return tz_making_node(of, TZ_TEXT("person-row"), value, index);
}

void tz_making_join(tz_making *of, uint32_t a, uint32_t b)
{
    uint32_t x = tz_clusters_find(of->out, a), y = tz_clusters_find(of->out, b);
    of->out->nodes.items[x < y ? y : x].parent = x < y ? x : y;
}

/* A person decides about rows' main identities: nobody is asked about another role. */
void tz_making_state(tz_making *of, const char *verdict, uint32_t a, uint32_t b, const char *reason)
{
    if (strcmp(verdict, "review") == 0 && (strcmp(of->records->items[a].who->role, "person") != 0 ||
                                           strcmp(of->records->items[b].who->role, "person") != 0))
        return;
    tz_push(of->mem, &of->out->statements, (tz_statement){.verdict = verdict, .a = a, .b = b, .reason = reason});
}

void tz_clusters_make(tz_arena *mem, tz_records *records, const tz_decisions *decisions, tz_clusters *ret_clusters)
{
    tz_assert(mem != NULL && records != NULL && decisions != NULL && ret_clusters != NULL);
    tz_making of = {.mem = mem, .records = records, .decisions = decisions, .out = ret_clusters, .by_id = tz_map_init(mem),
                    .by_row = tz_map_init(mem), .by_traits = tz_map_init(mem), .by_sounds = tz_map_init(mem)};

    *ret_clusters = (tz_clusters){.by_key = tz_map_init(mem)};
    for (size_t i = 0; i < records->count; i++)
        records->items[i].node = UINT32_MAX;
    tz_making_index_rows(&of);
    tz_making_numbers(&of);
    tz_making_loose(&of);
    tz_making_decide(&of);
}
