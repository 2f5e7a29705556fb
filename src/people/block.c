#include "people/block.h"

#include "base/assert.h"
#include "base/map.h"

/* Dense key of the values of a rule's columns; 0 where one is missing. */
static uint32_t key_of(const tz_table *table, const tz_block_rule *rule, tz_map *seen, size_t record)
{
    uint32_t      codes[TZ_MAX_RULE_COLUMNS];
    bool          is_new = false;

    for (size_t c = 0; c < rule->count; c++) {
        codes[c] = tz_table_code(table, record, rule->columns[c]);
        if (codes[c] == 0)
            return 0;
    }
    tz_map_entry *entry = tz_map_put(seen, (tz_text){(const char *)codes, rule->count * sizeof codes[0]}, &is_new);
    if (is_new)
        entry->value = (int64_t)seen->entries.count;
    return (uint32_t)entry->value;
}

static int64_t pairs_of(const tz_table *table, const uint32_t *records, size_t count)
{
    int64_t first = 0, all = (int64_t)count;

    if (table->count_a == table->count)
        return all * (all - 1) / 2;
    for (size_t i = 0; i < count; i++)
        first += records[i] < table->count_a;
    return first * (all - first);
}

static void sort_rule(tz_arena *mem, tz_blocks *of, size_t rule, uint32_t key_count)
{
    struct tz_blocks_of_rule *own = &of->rules[rule];
    size_t                    count = of->table->count;

    own->key_count = key_count;
    own->starts = tz_new_array(mem, uint32_t, (size_t)key_count + 2);
    own->records = tz_new_array(mem, uint32_t, count);
    for (size_t i = 0; i < count; i++)
        own->starts[of->keys[i * of->rule_count + rule] + 1]++;
    for (uint32_t key = 0; key <= key_count; key++)
        own->starts[key + 1] += own->starts[key];
    tz_arena  scratch = {0};
    uint32_t *next = (uint32_t *)(void *)tz_arena_copy(&scratch, (const char *)own->starts, ((size_t)key_count + 2) * sizeof own->starts[0]);
    for (uint32_t i = 0; i < count; i++)
        own->records[next[of->keys[i * of->rule_count + rule]]++] = i;
    tz_arena_free(&scratch);
}

static void leave_large(tz_blocks *of, size_t rule, int64_t max_pairs)
{
    const struct tz_blocks_of_rule *own = &of->rules[rule];

    for (uint32_t key = 1; key <= own->key_count; key++) {
        uint32_t from = own->starts[key], to = own->starts[key + 1];
        int64_t  pairs = pairs_of(of->table, own->records + from, to - from);
        if (pairs <= max_pairs) {
            of->predicted += pairs;
            continue;
        }
        of->left_blocks++;
        for (uint32_t i = from; i < to; i++)
            of->keys[own->records[i] * of->rule_count + rule] = 0;
    }
}

void tz_blocks_make(tz_arena *mem, const tz_table *table, const tz_model *model, int64_t max_pairs, tz_blocks *ret_blocks)
{
    tz_assert(table != NULL && model != NULL && ret_blocks != NULL && model->rule_count <= TZ_MAX_RULES);
    tz_blocks of = {.table = table, .rule_count = model->rule_count};

    of.keys = tz_new_array(mem, uint32_t, table->count * model->rule_count);
    for (size_t rule = 0; rule < model->rule_count; rule++) {
        tz_arena scratch = {0};
        tz_map   seen = tz_map_init(&scratch);
        for (size_t i = 0; i < table->count; i++)
            of.keys[i * of.rule_count + rule] = key_of(table, &model->rules[rule], &seen, i);
        sort_rule(mem, &of, rule, (uint32_t)seen.entries.count);
        leave_large(&of, rule, max_pairs);
        tz_arena_free(&scratch);
    }
    *ret_blocks = of;
}

/* An earlier rule gives the pair already. */
static bool is_given(const tz_blocks *of, size_t rule, uint32_t a, uint32_t b)
{
    const uint32_t *x = &of->keys[a * of->rule_count], *y = &of->keys[b * of->rule_count];
    for (size_t r = 0; r < rule; r++)
        if (x[r] != 0 && x[r] == y[r])
            return true;
    return false;
}

static bool each_of_block(const tz_blocks *of, size_t rule, uint32_t from, uint32_t to, bool (*see)(void *, uint32_t, uint32_t), void *context)
{
    const uint32_t *records = of->rules[rule].records;
    bool            is_one = of->table->count_a == of->table->count;

    for (uint32_t i = from; i < to; i++) {
        if (!is_one && records[i] >= of->table->count_a)
            break; /* records of the first file stand first */
        for (uint32_t j = i + 1; j < to; j++)
            if ((is_one || records[j] >= of->table->count_a) && !is_given(of, rule, records[i], records[j]) &&
                !see(context, records[i], records[j]))
                return false;
    }
    return true;
}

bool tz_blocks_each(const tz_blocks *of, bool (*see)(void *context, uint32_t a, uint32_t b), void *context)
{
    tz_assert(of != NULL && see != NULL);
    for (size_t rule = 0; rule < of->rule_count; rule++)
        for (uint32_t key = 1; key <= of->rules[rule].key_count; key++) {
            uint32_t from = of->rules[rule].starts[key], to = of->rules[rule].starts[key + 1];
            if (from < to && of->keys[of->rules[rule].records[from] * of->rule_count + rule] != 0 &&
                !each_of_block(of, rule, from, to, see, context))
                return false;
        }
    return true;
}
