#include "people/block.h"

#include <string.h>

#include "base/assert.h"
#include "base/map.h"

/* ---- Keys: dense numbers of what stands in a rule's columns, in order of appearance ---- */

typedef struct {
    uint32_t words[TZ_MAX_RULE_COLUMNS];
} key_words;

typedef struct {
    tz_arena mem;
    uint32_t *slots; /* key, 0 none */
    size_t slot_count;
    struct {
        key_words *items;
        size_t count;
        size_t room;
    } keys; /* key 1 is items[0] */
} key_set;

static void put_key(key_set *of, const key_words *words, uint32_t key)
{
    size_t slot = tz_map_hash((tz_text){(const char *)words, sizeof *words}) & (of->slot_count - 1);
    while (of->slots[slot] != 0)
        slot = (slot + 1) & (of->slot_count - 1);
    of->slots[slot] = key;
}

static void start_keys(key_set *of, size_t most)
{
    for (of->slot_count = 64; of->slot_count < most * 3 / 2; of->slot_count *= 2)
        continue;
    of->slots = tz_new_array(&of->mem, uint32_t, of->slot_count);
}

static uint32_t key_of(key_set *of, const key_words *words)
{
    size_t slot = tz_map_hash((tz_text){(const char *)words, sizeof *words}) & (of->slot_count - 1);

    for (; of->slots[slot] != 0; slot = (slot + 1) & (of->slot_count - 1))
        if (memcmp(&of->keys.items[of->slots[slot] - 1], words, sizeof *words) == 0)
            return of->slots[slot];
    tz_push(&of->mem, &of->keys, *words);
    put_key(of, words, (uint32_t)of->keys.count);
    return (uint32_t)of->keys.count;
}

static tz_rc find_parts(tz_arena *mem, tz_table *table, const tz_block_rule *rule,
                        uint32_t *parts[TZ_MAX_RULE_COLUMNS], tz_err *err)
{
    tz_rc rc = TZ_OK;

    for (size_t c = 0; c < rule->count; c++) {
        parts[c] = NULL;
        if (rule->parts[c] != TZ_PART_WHOLE)
            TZ_TRY(tz_part_codes(mem, table, rule->columns[c], rule->parts[c], &parts[c], err));
    }
done:
    return rc;
}

static bool words_of(const tz_table *table, const tz_block_rule *rule, uint32_t *const parts[], size_t record,
                     key_words *ret_words)
{
    const uint32_t *codes = tz_table_codes(table, record);

    memset(ret_words, 0, sizeof *ret_words);
    for (size_t c = 0; c < rule->count; c++) {
        uint32_t code = codes[rule->columns[c]];
        ret_words->words[c] = parts[c] == NULL ? code : parts[c][code];
        if (ret_words->words[c] == 0)
            return false;
    }
    return true;
}

/* A single column's codes are its keys as they are; others are numbered. */
static tz_rc number_rule(tz_blocks *of, tz_table *table, const tz_block_rule *rule, size_t place, tz_err *err)
{
    tz_rc rc = TZ_OK;
    tz_arena scratch = {0};
    key_set set = {.slots = NULL};
    uint32_t *parts[TZ_MAX_RULE_COLUMNS], last = 0;
    key_words words;

    TZ_TRY(find_parts(&scratch, table, rule, parts, err));
    if (rule->count > 1)
        start_keys(&set, table->count);
    for (size_t i = 0; i < table->count; i++) {
        uint32_t *key = &of->keys[i * of->rule_count + place];
        if (words_of(table, rule, parts, i, &words))
            *key = rule->count == 1 ? words.words[0] : key_of(&set, &words);
        last = *key > last ? *key : last;
    }
    of->rules[place].key_count = last;
done:
    tz_arena_free(&set.mem);
    tz_arena_free(&scratch);
    return rc;
}

/* ---- Blocks ---- */

/* Among `count` records in order: of two files only the pairs between them. */
static int64_t count_pairs(const tz_table *table, const uint32_t *records, size_t count)
{
    int64_t first = 0, all = (int64_t)count;

    if (table->count_a == table->count)
        return all * (all - 1) / 2;
    for (size_t i = 0; i < count; i++)
        first += records[i] < table->count_a;
    return first * (all - first);
}

/* Records by key, by counting; those without a key are not among them. */
static void sort_rule(tz_arena *mem, tz_blocks *of, size_t rule)
{
    struct tz_blocks_of_rule *own = &of->rules[rule];
    size_t count = of->table->count, all = 0;

    own->starts = tz_new_array(mem, uint32_t, (size_t)own->key_count + 2);
    for (size_t i = 0; i < count; i++) {
        uint32_t key = of->keys[i * of->rule_count + rule];
        own->starts[key] += key != 0;
        all += key != 0;
    }
    own->records = tz_new_array(mem, uint32_t, all);
    for (uint32_t key = 1; key <= own->key_count + 1; key++) /* ends first; each becomes a start below */
        own->starts[key] += own->starts[key - 1];
    for (uint32_t i = (uint32_t)count; i-- > 0;) {
        uint32_t key = of->keys[i * of->rule_count + rule];
        if (key != 0)
            own->records[--own->starts[key]] = i;
    }
}

/* Gives the records of a block that is too large a key of their own for each block of the next rule. */
static void refine(tz_blocks *of, size_t rule, uint32_t key, key_set *finer)
{
    struct tz_blocks_of_rule *own = &of->rules[rule];
    size_t next = (rule + 1) % of->rule_count;
    bool is_whole = true;

    own->refined++;
    for (uint32_t i = own->starts[key]; i < own->starts[key + 1]; i++) {
        uint32_t *at = &of->keys[own->records[i] * of->rule_count], other = next == rule ? 0 : at[next];
        key_words words = {.words = {key, other}};
        at[rule] = other == 0 ? 0 : own->key_count + key_of(finer, &words);
        is_whole &= other != 0;
    }
    own->left += !is_whole; /* records that the next rule has no block for */
}

/* True where something was refined, so that the rule has to be sorted again. */
static bool refine_large(tz_blocks *of, size_t rule, int64_t max_pairs, key_set *finer)
{
    struct tz_blocks_of_rule *own = &of->rules[rule];
    bool is_changed = false;

    for (uint32_t key = 1; key <= own->key_count; key++) {
        uint32_t from = own->starts[key], to = own->starts[key + 1];
        int64_t pairs = count_pairs(of->table, own->records + from, to - from);
        own->largest = pairs > own->largest ? pairs : own->largest;
        if (pairs <= max_pairs)
            continue;
        if (finer->slots == NULL)
            start_keys(finer, of->table->count);
        refine(of, rule, key, finer);
        is_changed = true;
    }
    return is_changed;
}

static void leave_large(tz_blocks *of, size_t rule, int64_t max_pairs)
{
    struct tz_blocks_of_rule *own = &of->rules[rule];

    for (uint32_t key = 1; key <= own->key_count; key++) {
        uint32_t from = own->starts[key], to = own->starts[key + 1];
        int64_t pairs = count_pairs(of->table, own->records + from, to - from);
        if (pairs <= max_pairs) {
            own->predicted += pairs;
            continue;
        }
        own->left++;
        for (uint32_t i = from; i < to; i++)
            of->keys[own->records[i] * of->rule_count + rule] = 0;
    }
}

static void settle_rule(tz_blocks *of, size_t rule, int64_t max_pairs)
{
    struct tz_blocks_of_rule *own = &of->rules[rule];
    tz_arena scratch = {0};
    key_set finer = {.slots = NULL};

    sort_rule(&scratch, of, rule);
    if (refine_large(of, rule, max_pairs, &finer))
        own->key_count += (uint32_t)finer.keys.count;
    tz_arena_free(&scratch);
    sort_rule(&of->sorted, of, rule);
    leave_large(of, rule, max_pairs);
    tz_arena_free(&finer.mem);
    of->predicted += own->predicted;
    of->refined_blocks += own->refined;
    of->left_blocks += own->left;
}

tz_rc tz_blocks_make(tz_arena *mem, tz_table *table, const tz_model *model, int64_t max_pairs,
                     tz_blocks *ret_blocks, tz_err *err)
{
    tz_assert(table != NULL && model != NULL && ret_blocks != NULL && model->rule_count <= TZ_MAX_RULES);
    tz_rc rc = TZ_OK;
    tz_blocks of = {.table = table, .rule_count = model->rule_count};

    of.keys = tz_new_array(mem, uint32_t, table->count * model->rule_count);
    for (size_t rule = 0; rule < model->rule_count; rule++)
        TZ_TRY(number_rule(&of, table, &model->rules[rule], rule, err));
    for (size_t rule = 0; rule < model->rule_count; rule++)
        settle_rule(&of, rule, max_pairs);
    *ret_blocks = of;
done:
    return rc;
}

int64_t tz_blocks_most(const tz_table *table)
{
    return 50 * (int64_t)table->count + 1000000;
}

void tz_blocks_forget(tz_blocks *blocks)
{
    tz_arena_free(&blocks->sorted);
    for (size_t rule = 0; rule < blocks->rule_count; rule++)
        blocks->rules[rule].records = blocks->rules[rule].starts = NULL;
}
