/* dictionary - texts kept once each, with what comparing them takes close at hand.
 *
 * A code is a value's number in order of first appearance, from 1; 0 is no value.  Values and texts lie in
 * chunks that never move, so that a million rows take what they need and no more.  Short values, nearly all,
 * have their characters in the 32 bytes of tz_value itself: comparing them touches nothing else.
 */
#ifndef TZ_PEOPLE_DICTIONARY_H
#define TZ_PEOPLE_DICTIONARY_H

#include "base/err.h"
#include "base/text.h"
#include "people/compare.h"

/* Texts in an arena of their own, each behind its size, addressed by 32 bits. */
typedef struct {
    tz_arena *mem;
    struct {
        char **items;
        size_t count;
        size_t room;
    } chunks;
    uint32_t used; /* of the last chunk */
} tz_pool;

enum { TZ_POOL_CHUNK = 1 << 20, TZ_POOL_SLACK = 64 /* bytes behind each text that may be read */ };

/* Keeps a text of at most TZ_MAX_CELL_BYTES. TZ_LIMIT: more than 4 GB of texts. */
TZ_MUST tz_rc tz_pool_keep(tz_pool *pool, tz_text text, uint32_t *ret_at, tz_err *err);
tz_text tz_pool_get(const tz_pool *pool, uint32_t at); /* a zero byte stands behind it */

typedef enum {
    TZ_VALUE_BYTES, /* up to 16 characters of ASCII, in head.bytes, zeroes behind them */
    TZ_VALUE_PLAIN, /* up to 64 characters of ASCII, in the pool; 64 bytes may be read there */
    TZ_VALUE_UNITS, /* up to 8 characters below U+10000, in head.units */
    TZ_VALUE_LONG,  /* only in the pool */
} tz_value_form;

typedef struct {
    uint64_t letters; /* a bit for each code point, by its last six bits: a cheap bound on likeness */
    uint32_t at;      /* its text in the pool; of form BYTES the text is in head */
    uint8_t count;    /* code points, TZ_MAX_POINTS at most: what is behind them is not compared */
    uint8_t form;     /* tz_value_form */
    uint16_t unused;
    union {
        uint8_t bytes[16];
        uint16_t units[8];
    } head;
} tz_value;

typedef struct {
    tz_arena *mem;
    tz_pool texts;
    struct {
        tz_value **items;
        size_t count;
        size_t room;
    } chunks;       /* of TZ_VALUE_CHUNK values */
    uint32_t count; /* codes given out, 0 among them */
    tz_arena index_mem;
    struct tz_dictionary_slot {
        uint32_t code, hash;
    } * slots;
    size_t slot_count;
} tz_dictionary;

enum { TZ_VALUE_CHUNK = 1 << 15 };

void tz_dictionary_init(tz_arena *mem, tz_dictionary *ret_dictionary);
/* The hash to look a text up by; what the look-up will need is on its way from then on. */
uint64_t tz_dictionary_hash(tz_dictionary *of, tz_text text);
/* The code of a text, a new one if need be; 0 for the empty text. TZ_LIMIT. */
TZ_MUST tz_rc tz_dictionary_take(tz_dictionary *of, tz_text text, uint64_t hash, uint32_t *ret_code,
                                 tz_err *err);
TZ_MUST tz_rc tz_dictionary_code(tz_dictionary *of, tz_text text, uint32_t *ret_code, tz_err *err);
/* Gives back what only looking up takes; codes stay. */
void tz_dictionary_seal(tz_dictionary *of);

static inline const tz_value *tz_dictionary_value(const tz_dictionary *of, uint32_t code)
{
    return &of->chunks.items[code / TZ_VALUE_CHUNK][code % TZ_VALUE_CHUNK];
}

/* The text of a value that is kept here; no zero byte stands behind it. */
static inline tz_text tz_dictionary_text_of(const tz_dictionary *of, const tz_value *value)
{
    return value->form == TZ_VALUE_BYTES ? (tz_text){(const char *)value->head.bytes, value->count}
                                         : tz_pool_get(&of->texts, value->at);
}

static inline tz_text tz_dictionary_text(const tz_dictionary *of, uint32_t code)
{
    return tz_dictionary_text_of(of, tz_dictionary_value(of, code));
}

/* The bytes of a value of form BYTES or PLAIN. */
static inline const uint8_t *tz_dictionary_bytes(const tz_dictionary *of, const tz_value *value)
{
    if (value->form == TZ_VALUE_BYTES)
        return value->head.bytes;
    const char *text = of->texts.chunks.items[value->at / TZ_POOL_CHUNK] + value->at % TZ_POOL_CHUNK;
    return (const uint8_t *)text + 1; /* behind its size */
}

/* The code points of a value into points, at most TZ_MAX_POINTS; returns how many. */
size_t tz_dictionary_points(const tz_dictionary *of, const tz_value *value, int32_t points[TZ_MAX_POINTS]);

#endif
