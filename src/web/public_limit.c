/* public_limit - how many complaints are taken without knowing who sends them.
 *
 * No address is looked at.  A form carries a mark that is good once and only after a few seconds, so a program has to open
 * a form and wait for each complaint that it sends; and an hour takes so many and no more, which a person hardly notices
 * and a flood does.  A flood can so keep others out for an hour: the post and the telephone stay.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"
#include "web/public.h"

enum { SOONEST_MS = 3000, LATEST_MS = 2 * 60 * 60 * 1000, HOUR_MS = 60 * 60 * 1000, COMPLAINTS_AN_HOUR = 120, USED = 4096, NONCE_SIZE = 8 };
static const int64_t BYTES_AN_HOUR = 200LL << 20;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint8_t         key[32];
static bool            has_key;
static uint64_t        used[USED]; /* what marks were sent lately, in a ring; a mark is older than two hours before it comes round */
static size_t          next_used;
static int64_t         hour, complaints, bytes_taken;

static void seal(const char *text, char out[TZ_SM3_HEX])
{
    if (!has_key) {
        tz_random(key, sizeof key);
        has_key = true;
    }
    tz_digest digest = tz_hmac(key, text, strlen(text));
    tz_digest_hex(&digest, out);
}

const char *tz_public_mark(tz_arena *mem, int64_t now_ms)
{
    uint8_t nonce[NONCE_SIZE];
    char    hex[2 * NONCE_SIZE + 1], sealed[TZ_SM3_HEX];

    tz_random(nonce, sizeof nonce);
    tz_hex(nonce, sizeof nonce, hex);
    const char *text = tz_arena_printf(mem, "%lld.%s", (long long)now_ms, hex);
    tz_assert(pthread_mutex_lock(&lock) == 0);
    seal(text, sealed);
    tz_assert(pthread_mutex_unlock(&lock) == 0);
    return tz_arena_printf(mem, "%s.%.32s", text, sealed);
}

static bool was_used(uint64_t nonce)
{
    for (size_t i = 0; i < USED; i++)
        if (used[i] == nonce)
            return true;
    return false;
}

bool tz_public_is_mark(const char *mark, int64_t now_ms)
{
    char        text[64], sealed[TZ_SM3_HEX];
    const char *last = mark == NULL ? NULL : strrchr(mark, '.'), *first = mark == NULL ? NULL : strchr(mark, '.');

    if (last == NULL || first == last || (size_t)(last - mark) >= sizeof text || strlen(last + 1) != 32)
        return false;
    memcpy(text, mark, (size_t)(last - mark));
    text[last - mark] = '\0';
    int64_t  made_ms = strtoll(text, NULL, 10);
    uint64_t nonce = strtoull(first + 1, NULL, 16);
    tz_assert(pthread_mutex_lock(&lock) == 0);
    seal(text, sealed);
    bool is_good = memcmp(sealed, last + 1, 32) == 0 && now_ms - made_ms >= SOONEST_MS && now_ms - made_ms <= LATEST_MS && !was_used(nonce);
    if (is_good) {
        used[next_used] = nonce;
        next_used = (next_used + 1) % USED;
    }
    tz_assert(pthread_mutex_unlock(&lock) == 0);
    return is_good;
}

bool tz_public_has_room(int64_t bytes, int64_t now_ms)
{
    tz_assert(pthread_mutex_lock(&lock) == 0);
    if (now_ms / HOUR_MS != hour) {
        hour = now_ms / HOUR_MS;
        complaints = bytes_taken = 0;
    }
    bool has_room = complaints < COMPLAINTS_AN_HOUR && bytes_taken + bytes <= BYTES_AN_HOUR;
    if (has_room) {
        complaints++;
        bytes_taken += bytes;
    }
    tz_assert(pthread_mutex_unlock(&lock) == 0);
    return has_room;
}
