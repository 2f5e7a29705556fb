#include "people/dictionary.h"

#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "base/map.h"

/* ---- The pool: one byte of size, or 0xFF and four more ---- */

enum { LONG_SIZE = 0xFF };

tz_rc tz_pool_keep(tz_pool *pool, tz_text text, uint32_t *ret_at, tz_err *err)
{
    tz_assert(text.size <= TZ_MAX_CELL_BYTES);
    uint32_t head = text.size < LONG_SIZE ? 1 : 5, size = (uint32_t)text.size;

    if (pool->chunks.count == 0 || pool->used + head + size + TZ_POOL_SLACK > TZ_POOL_CHUNK) {
        if (pool->chunks.count == UINT32_MAX / TZ_POOL_CHUNK)
            return tz_fail(err, TZ_LIMIT, "文本超过 4 GB", "more than 4 GB of texts");
        tz_push(pool->mem, &pool->chunks, tz_arena_alloc(pool->mem, TZ_POOL_CHUNK));
        pool->used = 0;
    }
    char *at = pool->chunks.items[pool->chunks.count - 1] + pool->used;
    *ret_at = (uint32_t)(pool->chunks.count - 1) * TZ_POOL_CHUNK + pool->used;
    at[0] = (char)(head == 1 ? size : LONG_SIZE);
    if (head > 1)
        memcpy(at + 1, &size, sizeof size);
    if (size > 0)
        memcpy(at + head, text.data, size);
    at[head + size] = '\0';
    pool->used += head + size + 1;
    return TZ_OK;
}

tz_text tz_pool_get(const tz_pool *pool, uint32_t at)
{
    tz_assert(at / TZ_POOL_CHUNK < pool->chunks.count);
    const char *data = pool->chunks.items[at / TZ_POOL_CHUNK] + at % TZ_POOL_CHUNK;
    uint32_t size = (unsigned char)data[0];

    if (size < LONG_SIZE)
        return (tz_text){data + 1, size};
    memcpy(&size, data + 1, sizeof size);
    return (tz_text){data + 5, size};
}

/* ---- Values ---- */

static tz_value make_value(tz_text text)
{
    tz_value value = {.form = TZ_VALUE_BYTES};
    int32_t points[TZ_MAX_POINTS];
    size_t count = 0, place = 0;

    while (place < text.size && count < TZ_MAX_POINTS) {
        points[count] = tz_utf8_next(text, &place);
        value.letters |= UINT64_C(1) << (points[count] & 63);
        if (points[count] > 0xFFFF)
            value.form = TZ_VALUE_LONG;
        else if (points[count] > 0x7F && value.form == TZ_VALUE_BYTES)
            value.form = TZ_VALUE_UNITS;
        count++;
    }
    value.count = (uint8_t)count;
    if (value.form == TZ_VALUE_BYTES && count > 16)
        value.form = place < text.size ? TZ_VALUE_LONG : TZ_VALUE_PLAIN;
    if ((value.form == TZ_VALUE_UNITS && count > 8))
        value.form = TZ_VALUE_LONG;
    for (size_t i = 0; i < count && value.form == TZ_VALUE_BYTES; i++)
        value.head.bytes[i] = (uint8_t)points[i];
    for (size_t i = 0; i < count && value.form == TZ_VALUE_UNITS; i++)
        value.head.units[i] = (uint16_t)points[i];
    return value;
}

static void push_value(tz_dictionary *of, tz_value value)
{
    if (of->count % TZ_VALUE_CHUNK == 0)
        tz_push(of->mem, &of->chunks, tz_new_array(of->mem, tz_value, TZ_VALUE_CHUNK));
    of->chunks.items[of->count / TZ_VALUE_CHUNK][of->count % TZ_VALUE_CHUNK] = value;
    of->count++;
}

void tz_dictionary_init(tz_arena *mem, tz_dictionary *ret_dictionary)
{
    tz_assert(mem != NULL && ret_dictionary != NULL);
    *ret_dictionary = (tz_dictionary){.mem = mem, .texts = {.mem = mem}};
    push_value(ret_dictionary, (tz_value){.form = TZ_VALUE_BYTES});
}

size_t tz_dictionary_points(const tz_dictionary *of, const tz_value *value, int32_t points[TZ_MAX_POINTS])
{
    if (value->form == TZ_VALUE_LONG || value->form == TZ_VALUE_PLAIN) {
        tz_text text = tz_pool_get(&of->texts, value->at);
        size_t at = 0;
        for (size_t i = 0; i < value->count; i++)
            points[i] = tz_utf8_next(text, &at);
    }
    for (size_t i = 0; i < value->count && value->form == TZ_VALUE_BYTES; i++)
        points[i] = value->head.bytes[i];
    for (size_t i = 0; i < value->count && value->form == TZ_VALUE_UNITS; i++)
        points[i] = value->head.units[i];
    return value->count;
}

/* ---- Looking up ---- */

static void put_slot(struct tz_dictionary_slot *slots, size_t slot_count, struct tz_dictionary_slot one)
{
    size_t slot = one.hash & (slot_count - 1);
    while (slots[slot].code != 0)
        slot = (slot + 1) & (slot_count - 1);
    slots[slot] = one;
}

/* A larger index in an arena of its own, so that the old one can be given back. */
static void grow_index(tz_dictionary *of)
{
    tz_arena mem = {0};
    size_t count = of->slot_count == 0 ? 1024 : of->slot_count * 2;
    struct tz_dictionary_slot *slots = tz_new_array(&mem, struct tz_dictionary_slot, count);

    for (size_t i = 0; i < of->slot_count; i++)
        if (of->slots[i].code != 0)
            put_slot(slots, count, of->slots[i]);
    tz_arena_free(&of->index_mem);
    of->index_mem = mem;
    of->slots = slots;
    of->slot_count = count;
}

/* After a seal the index is made again from the texts. */
static void open_index(tz_dictionary *of)
{
    while (of->slot_count * 4 < (size_t)of->count * 5 || of->slot_count == 0)
        grow_index(of);
    for (uint32_t code = 1; code < of->count; code++)
        put_slot(of->slots, of->slot_count,
                 (struct tz_dictionary_slot){code, (uint32_t)tz_map_hash(tz_dictionary_text(of, code))});
}

uint64_t tz_dictionary_hash(tz_dictionary *of, tz_text text)
{
    if (of->slot_count == 0)
        open_index(of);
    uint64_t hash = tz_map_hash(text);
    __builtin_prefetch(&of->slots[(uint32_t)hash & (of->slot_count - 1)]);
    return hash;
}

static tz_rc add_text(tz_dictionary *of, tz_text text, uint32_t hash, uint32_t *ret_code, tz_err *err)
{
    tz_value value = make_value(text);
    uint32_t code = of->count;

    if (value.form != TZ_VALUE_BYTES) {
        tz_rc rc = tz_pool_keep(&of->texts, text, &value.at, err);
        if (rc != TZ_OK)
            return rc;
    }
    push_value(of, value);
    put_slot(of->slots, of->slot_count, (struct tz_dictionary_slot){code, hash});
    if (of->slot_count * 4 < (size_t)of->count * 5) /* at most four fifths full */
        grow_index(of);
    *ret_code = code;
    return TZ_OK;
}

tz_rc tz_dictionary_take(tz_dictionary *of, tz_text text, uint64_t full_hash, uint32_t *ret_code, tz_err *err)
{
    uint32_t hash = (uint32_t)full_hash;

    *ret_code = 0;
    if (text.size == 0)
        return TZ_OK;
    for (size_t slot = hash & (of->slot_count - 1); of->slots[slot].code != 0;
         slot = (slot + 1) & (of->slot_count - 1))
        if (of->slots[slot].hash == hash && tz_text_equal(tz_dictionary_text(of, of->slots[slot].code), text)) {
            *ret_code = of->slots[slot].code;
            return TZ_OK;
        }
    return add_text(of, text, hash, ret_code, err);
}

tz_rc tz_dictionary_code(tz_dictionary *of, tz_text text, uint32_t *ret_code, tz_err *err)
{
    return tz_dictionary_take(of, text, tz_dictionary_hash(of, text), ret_code, err);
}

void tz_dictionary_seal(tz_dictionary *of)
{
    tz_arena_free(&of->index_mem);
    of->slots = NULL;
    of->slot_count = 0;
}
