#include "base/map.h"

#include <pthread.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"

/* Mixes eight bytes at a time: the multiply-and-fold of wyhash's family (public domain idea);
 * only speed and spread matter here, nothing is stored. */
static uint64_t mix(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 u128;
    u128 product = (u128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t       seed; /* one for the process, whichever thread asks first */
static pthread_once_t is_drawn = PTHREAD_ONCE_INIT;

static void draw_seed(void)
{
    tz_random((uint8_t *)&seed, sizeof seed);
}

uint64_t tz_map_hash(tz_text key)
{
    (void)pthread_once(&is_drawn, draw_seed);
    uint64_t hash = seed ^ key.size;
    size_t   at = 0;

    for (; at + 8 <= key.size; at += 8) {
        uint64_t word;
        memcpy(&word, key.data + at, 8);
        hash = mix(hash ^ word, 0xA0761D6478BD642Fu);
    }
    uint64_t tail = 0;
    if (at < key.size)
        memcpy(&tail, key.data + at, key.size - at);
    hash = mix(hash ^ tail, 0xE7037ED1A0B428DBu);
    return hash ^ hash >> 32;
}

tz_map tz_map_init(tz_arena *mem)
{
    tz_assert(mem != NULL);
    return (tz_map){.mem = mem};
}

static size_t find_slot(const tz_map *map, tz_text key, uint64_t hash)
{
    size_t slot = hash & (map->slot_count - 1);

    while (map->slots[slot] != 0) {
        const tz_map_entry *entry = &map->entries.items[map->slots[slot] - 1];
        if (entry->hash == hash && tz_text_equal(entry->key, key))
            break;
        slot = (slot + 1) & (map->slot_count - 1);
    }
    return slot;
}

static void grow(tz_map *map)
{
    map->slot_count = map->slot_count == 0 ? 64 : map->slot_count * 2;
    map->slots = tz_new_array(map->mem, uint32_t, map->slot_count);
    for (size_t i = 0; i < map->entries.count; i++) {
        size_t slot = map->entries.items[i].hash & (map->slot_count - 1);
        while (map->slots[slot] != 0)
            slot = (slot + 1) & (map->slot_count - 1);
        map->slots[slot] = (uint32_t)i + 1;
    }
}

tz_map_entry *tz_map_put(tz_map *map, tz_text key, bool *ret_is_new)
{
    tz_assert(map != NULL);
    tz_assert(map->entries.count < UINT32_MAX - 1);

    if (map->entries.count * 2 >= map->slot_count)
        grow(map);
    uint64_t hash = tz_map_hash(key);
    size_t   slot = find_slot(map, key, hash);
    bool     is_new = map->slots[slot] == 0;

    if (is_new) {
        tz_push(map->mem, &map->entries,
                (tz_map_entry){.key = tz_text_keep(map->mem, key), .hash = hash});
        map->slots[slot] = (uint32_t)map->entries.count;
    }
    if (ret_is_new != NULL)
        *ret_is_new = is_new;
    return &map->entries.items[map->slots[slot] - 1];
}

tz_map_entry *tz_map_get(const tz_map *map, tz_text key)
{
    tz_assert(map != NULL);
    if (map->slot_count == 0)
        return NULL;
    size_t slot = find_slot(map, key, tz_map_hash(key));
    return map->slots[slot] == 0 ? NULL : &map->entries.items[map->slots[slot] - 1];
}
