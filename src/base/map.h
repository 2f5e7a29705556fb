/* map - a hash table from byte strings to a 64-bit value, in an arena.
 *
 * Open addressing, linear probing, at most half full, keyed by a seed so that a foreign file can't
 * choose its collisions.  Keys are copied into the arena.  Iterate over `entries` in the order of
 * insertion, which is deterministic.
 *
 *     tz_map seen = tz_map_init(&mem);
 *     bool is_new;
 *     tz_map_entry *entry = tz_map_put(&seen, key, &is_new);   entry->value is 0 when new
 */
#ifndef TZ_BASE_MAP_H
#define TZ_BASE_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

typedef struct {
    tz_text  key;
    uint64_t hash;
    int64_t  value;
} tz_map_entry;

typedef struct {
    tz_arena *mem;
    struct {
        tz_map_entry *items;
        size_t        count;
        size_t        room;
    } entries;       /* in order of insertion */
    uint32_t *slots; /* 1-based index into entries, 0 is empty */
    size_t    slot_count;
} tz_map;

tz_map tz_map_init(tz_arena *mem);

/* The entry of key, made with value 0 if new; borrowed until the next put. */
tz_map_entry *tz_map_put(tz_map *map, tz_text key, bool *ret_is_new);

/* The entry of key or NULL; borrowed until the next put. */
tz_map_entry *tz_map_get(const tz_map *map, tz_text key);

/* The hash that the map uses: seeded, so another in every run; nothing that it orders may be shown. */
uint64_t tz_map_hash(tz_text key);

#endif
