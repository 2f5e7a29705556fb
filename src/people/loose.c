/* loose - records without a valid number: a damaged one repaired, none at all linked by traits. */
#include <string.h>

#include "base/assert.h"
#include "people/making.h"
#include "people/profile.h"
#include "people/standard.h"

/* ---- Repairing a number ---- */

/* The records of each node, so that a node is judged as a whole: rows that share a damaged number
 * and a name must not pull two people together. */
typedef struct {
    uint32_t *first; /* by node: its first record + 1 */
    uint32_t *next;  /* by record: the next of its node + 1 */
} loose;

typedef struct {
    uint32_t persons[4]; /* clusters */
    size_t   count;      /* more than 4 are counted as 4 */
} candidates;

/* True where something that the record knows is known of the node too, and nowhere the same. */
typedef struct {
    bool is_known, is_met;
} trait;

static void see(trait *of, tz_text mine, tz_text theirs)
{
    of->is_known |= theirs.size > 0;
    of->is_met |= theirs.size > 0 && tz_text_equal(mine, theirs);
}

static bool is_against(const trait *of, tz_text mine)
{
    return mine.size > 0 && of->is_known && !of->is_met;
}

/* The record's birth, sex and village against all that a person's records, and the number, say. *ret_is_sure: its birth
 * and village are both known there and the same. */
static bool is_consistent(const tz_making *of, const tz_record *record, uint32_t person, uint32_t first, bool *ret_is_sure)
{
    trait birth = {0}, sex = {0}, village = {0};

    for (uint32_t at = first; at > 0; at = of->next_of_id[at - 1]) {
        const tz_record *known = &of->records->items[at - 1];
        char             born[10];
        if (tz_clusters_find(of->out, known->node) != person)
            continue;
        memcpy(born, known->id.data + 6, 4);
        born[4] = born[7] = '-';
        memcpy(born + 5, known->id.data + 10, 2);
        memcpy(born + 8, known->id.data + 12, 2);
        see(&birth, record->birth, (tz_text){born, sizeof born});
        see(&birth, record->birth, known->birth);
        see(&sex, record->sex, (known->id.data[16] - '0') % 2 != 0 ? TZ_TEXT("M") : TZ_TEXT("F"));
        see(&sex, record->sex, known->sex);
        see(&village, record->village, known->village);
    }
    *ret_is_sure = birth.is_met && village.is_met;
    return !is_against(&birth, record->birth) && !is_against(&sex, record->sex) && !is_against(&village, record->village);
}

/* Nothing that any record of the node says is against that person; where the name only sounds or looks like a
 * known one, birth date and village must be for it besides. */
static bool may_be(const tz_making *of, const loose *all, uint32_t node, uint32_t person, uint32_t first, bool is_equal)
{
    bool is_sure = false;

    for (uint32_t at = all->first[node]; at > 0; at = all->next[at - 1]) {
        bool is_surer = false;
        if (!is_consistent(of, &of->records->items[at - 1], person, first, &is_surer) || tz_making_is_barred(of, at - 1, person))
            return false;
        is_sure |= is_surer;
    }
    return is_equal || is_sure;
}

/* The persons of one number whose name is the node's, or (not is_equal) to the ear or eye the same. */
static void consider_names(const tz_making *of, const loose *all, uint32_t node, uint32_t first, bool is_equal, candidates *found)
{
    tz_text  name = of->records->items[all->first[node] - 1].name;
    uint32_t refused = UINT32_MAX;

    for (uint32_t at = first; at > 0; at = of->next_of_id[at - 1]) {
        const tz_record *known = &of->records->items[at - 1];
        if (is_equal ? !tz_text_equal(name, known->name) : tz_name_alike(name, known->name) == TZ_NAME_UNLIKE)
            continue;
        uint32_t person = tz_clusters_find(of->out, known->node);
        bool     is_listed = person == refused;
        for (size_t i = 0; i < found->count; i++)
            is_listed |= found->persons[i] == person;
        if (is_listed)
            continue;
        if (!may_be(of, all, node, person, first, is_equal))
            refused = person;
        else if (found->count < 4)
            found->persons[found->count++] = person;
    }
}

static void consider(const tz_making *of, const loose *all, uint32_t node, const char digits[18], candidates *found)
{
    const tz_map_entry *entry = tz_map_get(&of->by_id, (tz_text){digits, 18});

    if (entry == NULL)
        return;
    consider_names(of, all, node, (uint32_t)entry->value, true, found);
    consider_names(of, all, node, (uint32_t)entry->value, false, found);
}

typedef struct {
    const tz_making *of;
    const loose     *all;
    uint32_t         node;
    candidates       found;
} searching;

static void try_number(searching *in, const char digits[18])
{
    consider(in->of, in->all, in->node, digits, &in->found);
}

/* Eighteen characters: one of them changed, or two neighbours swapped. */
static void try_changed(searching *in, tz_text raw)
{
    static const char DIGITS[] = "0123456789X";
    char              digits[18];

    memcpy(digits, raw.data, 18);
    for (size_t i = 0; i < 18; i++) {
        char was = digits[i];
        for (size_t d = 0; d < (i == 17 ? 11U : 10U); d++) {
            digits[i] = DIGITS[d];
            if (digits[i] != was)
                try_number(in, digits);
        }
        digits[i] = was;
    }
    for (size_t i = 0; i + 1 < 18; i++) {
        char left = digits[i], right = digits[i + 1];
        digits[i] = right, digits[i + 1] = left;
        if (left != right)
            try_number(in, digits);
        digits[i] = left, digits[i + 1] = right;
    }
}

/* Seventeen: one was lost, wherever it stood; a digit equal to its left neighbour gives the same number again. */
static void try_lost(searching *in, tz_text raw)
{
    static const char DIGITS[] = "0123456789X";
    char              digits[18];

    for (size_t i = 0; i < 18; i++) {
        memcpy(digits, raw.data, i);
        memcpy(digits + i + 1, raw.data + i, 17 - i);
        for (size_t d = 0; d < (i == 17 ? 11U : 10U); d++) {
            digits[i] = DIGITS[d];
            if (i == 0 || digits[i] != digits[i - 1])
                try_number(in, digits);
        }
    }
}

/* Nineteen: one is too many. */
static void try_added(searching *in, tz_text raw)
{
    char digits[18];

    for (size_t i = 0; i < 19; i++) {
        memcpy(digits, raw.data, i);
        memcpy(digits + i, raw.data + i + 1, 18 - i);
        if (i == 0 || raw.data[i] != raw.data[i - 1])
            try_number(in, digits);
    }
}

/* The persons of every number at one character, changed, lost or too many, or one swap of neighbours. */
static candidates near_numbers(const tz_making *of, const loose *all, uint32_t node)
{
    tz_text   raw = of->records->items[all->first[node] - 1].raw;
    searching in = {.of = of, .all = all, .node = node};

    if (raw.size == 18)
        try_changed(&in, raw);
    else if (raw.size == 17)
        try_lost(&in, raw);
    else if (raw.size == 19)
        try_added(&in, raw);
    return in.found;
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
    return tz_said_of(mem, record).texts[TZ_PROFILE_BIRTH];
}

/* "sound|birth|village" of a name: what it is looked up by when it was typed by ear. */
static bool sounds_of(tz_arena *mem, const tz_record *record, tz_text birth, tz_text *ret_sounds)
{
    if (record->name.size == 0 || birth.size == 0 || record->village.size == 0)
        return false;
    tz_text sound = tz_part_text(mem, TZ_PART_SOUND, record->name);
    *ret_sounds = tz_text_of(tz_arena_printf(mem, "%.*s|%.*s|%.*s", TZ_FMT(sound), TZ_FMT(birth), TZ_FMT(record->village)));
    return sound.size > 0;
}

static void index_sounds(tz_making *of)
{
    for (uint32_t i = 0; i < of->records->count; i++) {
        const tz_record *record = &of->records->items[i];
        tz_text          sounds;
        bool             is_new = false;
        if (record->id.size == 0 || !sounds_of(of->mem, record, birth_of(of->mem, record), &sounds))
            continue;
        tz_map_entry *entry = tz_map_put(&of->by_sounds, sounds, &is_new);
        if (is_new)
            entry->value = (int64_t)record->node + 1;
        else if (entry->value != (int64_t)record->node + 1)
            entry->value = -1;
    }
}

/* Two valid numbers with one name, birth date and village are two people until somebody looks. */
static void index_traits(tz_making *of)
{
    uint32_t *listed = tz_new_array(of->mem, uint32_t, of->out->nodes.count + 1); /* by node: already said */

    for (uint32_t i = 0; i < of->records->count; i++) {
        const tz_record *record = &of->records->items[i];
        tz_text          traits;
        bool             is_new = false;
        if (record->id.size == 0 || !traits_of(of->mem, record, birth_of(of->mem, record), &traits))
            continue;
        tz_map_entry *entry = tz_map_put(&of->by_traits, traits, &is_new);
        if (is_new) {
            entry->value = (int64_t)record->node + 1;
        } else if (entry->value != (int64_t)record->node + 1) {
            if (entry->value > 0 && listed[record->node] == 0) {
                listed[record->node] = 1;
                tz_making_state(of, "review", of->out->nodes.items[entry->value - 1].first, i,
                                "same name, birth date and village, two valid numbers");
            }
            entry->value = -1;
        }
    }
}

/* The one known person that a node's rows name by name, birth date and village; UINT32_MAX if none
 * or several. */
static uint32_t by_traits(const tz_making *of, const loose *all, uint32_t node)
{
    uint32_t found = UINT32_MAX;

    for (uint32_t at = all->first[node]; at > 0; at = all->next[at - 1]) {
        const tz_record *record = &of->records->items[at - 1];
        tz_text          traits;
        if (!traits_of(of->mem, record, record->birth, &traits))
            continue;
        const tz_map_entry *entry = tz_map_get(&of->by_traits, traits);
        if (entry == NULL)
            continue;
        if (entry->value <= 0 || tz_making_is_barred(of, at - 1, (uint32_t)(entry->value - 1)) ||
            (found != UINT32_MAX && found != (uint32_t)(entry->value - 1)))
            return UINT32_MAX;
        found = (uint32_t)(entry->value - 1);
    }
    return found;
}

/* The one person of a valid number whose name sounds like that of a node's first row, with its birth date and
 * village; UINT32_MAX if none or several. */
static uint32_t by_sounds(const tz_making *of, const loose *all, uint32_t node)
{
    const tz_record *record = &of->records->items[all->first[node] - 1];
    tz_text          sounds;

    if (!sounds_of(of->mem, record, record->birth, &sounds))
        return UINT32_MAX;
    const tz_map_entry *entry = tz_map_get(&of->by_sounds, sounds);
    return entry == NULL || entry->value <= 0 ? UINT32_MAX : (uint32_t)(entry->value - 1);
}

static void state_all(tz_making *of, const loose *all, uint32_t node, const char *verdict, uint32_t person, const char *reason)
{
    for (uint32_t at = all->first[node]; at > 0; at = all->next[at - 1])
        tz_making_state(of, verdict, at - 1, of->out->nodes.items[person].first, reason);
}

static void judge_damaged(tz_making *of, const loose *all, uint32_t node)
{
    candidates found = near_numbers(of, all, node);

    if (found.count == 1) {
        tz_making_join(of, found.persons[0], node);
        state_all(of, all, node, "repaired", found.persons[0], "one digit or one swap, same name");
    } else if (found.count > 1) {
        state_all(of, all, node, "review", found.persons[0], "several known numbers are as near");
    } else {
        uint32_t known = by_traits(of, all, node);
        if (known != UINT32_MAX)
            state_all(of, all, node, "review", known, "same name, birth date and village, a number that does not fit");
    }
}

static bool is_damaged(const tz_record *record)
{
    return tz_number_is_telling(record->raw) && record->name.size > 0;
}

static void place(tz_making *of, uint32_t index)
{
    tz_record *record = &of->records->items[index];

    if (is_damaged(record) && !of->is_judged[index])
        record->node = tz_making_node(of, TZ_TEXT("raw"),
                                      tz_text_of(tz_arena_printf(of->mem, "%.*s|%.*s", TZ_FMT(record->raw), TZ_FMT(record->name))), index);
    else
        record->node = tz_making_alone(of, index);
}

static loose place_all(tz_making *of)
{
    size_t    count = of->records->count;
    loose     all = {.next = tz_new_array(of->mem, uint32_t, count + 1)};
    for (uint32_t i = 0; i < count; i++)
        if (of->records->items[i].id.size == 0)
            place(of, i);
    all.first = tz_new_array(of->mem, uint32_t, of->out->nodes.count + 1);
    for (uint32_t i = (uint32_t)count; i-- > 0;) {
        uint32_t node = of->records->items[i].node;
        if (of->records->items[i].id.size > 0)
            continue;
        all.next[i] = all.first[node];
        all.first[node] = i + 1;
    }
    return all;
}

void tz_making_loose(tz_making *of)
{
    tz_assert(of != NULL && of->next_of_id != NULL);
    index_traits(of);
    index_sounds(of);
    uint32_t known_nodes = (uint32_t)of->out->nodes.count;
    loose    all = place_all(of);
    for (uint32_t node = known_nodes; node < of->out->nodes.count; node++) {
        if (is_damaged(&of->records->items[all.first[node] - 1])) {
            judge_damaged(of, &all, node);
            continue;
        }
        uint32_t known = by_traits(of, &all, node), near = known == UINT32_MAX ? by_sounds(of, &all, node) : UINT32_MAX;
        if (known != UINT32_MAX)
            tz_making_join(of, known, node);
        else if (near != UINT32_MAX)
            state_all(of, &all, node, "review", near, "same birth date and village, a name of the same sound");
    }
}
