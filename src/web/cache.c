#include "web/cache.h"

#include <pthread.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"

/* Two generations: what is found in the old one moves to the young; when the young one is full, the old one is dropped
 * and the young one grows old. So an entry that nobody asks for goes, and forgetting costs nothing. */
enum { SLOTS = 1 << 13, SHARE = 8 };

typedef struct entry entry;
struct entry {
    uint64_t    hash;
    tz_text     key, body;
    const char *title;
    entry      *next;
};

typedef struct {
    tz_arena mem;
    entry   *slots[SLOTS];
    size_t   bytes;
} generation;

struct tz_cache {
    pthread_mutex_t lock;
    tz_arena        mem;
    size_t          max_bytes; /* of a generation */
    generation     *young, *old;
};

tz_cache *tz_cache_open(size_t max_bytes)
{
    tz_arena  mem = {0};
    tz_cache *cache = tz_new(&mem, tz_cache);

    cache->mem = mem;
    cache->max_bytes = max_bytes / 2;
    cache->young = tz_new(&cache->mem, generation);
    cache->old = tz_new(&cache->mem, generation);
    tz_assert(pthread_mutex_init(&cache->lock, NULL) == 0);
    return cache;
}

void tz_cache_close(tz_cache *cache)
{
    if (cache == NULL)
        return;
    tz_arena_free(&cache->young->mem);
    tz_arena_free(&cache->old->mem);
    (void)pthread_mutex_destroy(&cache->lock);
    tz_arena mem = cache->mem; /* frees the cache itself too */
    tz_arena_free(&mem);
}

/* FNV-1a. */
static uint64_t hash_of(tz_text key)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < key.size; i++)
        hash = (hash ^ (unsigned char)key.data[i]) * 0x100000001b3u;
    return hash;
}

static entry *find_in(generation *in, uint64_t hash, tz_text key)
{
    entry *at = in->slots[hash % SLOTS];
    while (at != NULL && !(at->hash == hash && tz_text_equal(at->key, key)))
        at = at->next;
    return at;
}

static void put_in(tz_cache *cache, uint64_t hash, tz_text key, tz_text body, const char *title)
{
    if (cache->young->bytes + body.size + key.size > cache->max_bytes) {
        generation *empty = cache->old;
        tz_arena_free(&empty->mem);
        *empty = (generation){0};
        cache->old = cache->young;
        cache->young = empty;
    }
    generation *into = cache->young;
    entry      *made = tz_new(&into->mem, entry);
    *made = (entry){hash, tz_text_keep(&into->mem, key), tz_text_keep(&into->mem, body), tz_arena_dup(&into->mem, title), into->slots[hash % SLOTS]};
    into->slots[hash % SLOTS] = made;
    into->bytes += body.size + key.size + sizeof *made;
}

bool tz_cache_find(tz_cache *cache, tz_arena *mem, tz_text key, tz_text *ret_body, const char **ret_title)
{
    uint64_t hash = hash_of(key);

    tz_assert(pthread_mutex_lock(&cache->lock) == 0);
    entry *found = find_in(cache->young, hash, key);
    entry *aged = found == NULL ? find_in(cache->old, hash, key) : NULL;
    if (found != NULL || aged != NULL) {
        const entry *is = found != NULL ? found : aged;
        *ret_body = tz_text_keep(mem, is->body);
        *ret_title = tz_arena_dup(mem, is->title);
        if (aged != NULL)
            put_in(cache, hash, key, *ret_body, *ret_title); /* may drop the generation that it stood in */
    }
    tz_assert(pthread_mutex_unlock(&cache->lock) == 0);
    return found != NULL || aged != NULL;
}

void tz_cache_put(tz_cache *cache, tz_text key, tz_text body, const char *title)
{
    uint64_t hash = hash_of(key);

    if (body.size > cache->max_bytes / SHARE)
        return;
    tz_assert(pthread_mutex_lock(&cache->lock) == 0);
    if (find_in(cache->young, hash, key) == NULL)
        put_in(cache, hash, key, body, title);
    tz_assert(pthread_mutex_unlock(&cache->lock) == 0);
}
