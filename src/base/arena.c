#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/limits.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define poison(at, size) ASAN_POISON_MEMORY_REGION((at), (size))
#define unpoison(at, size) ASAN_UNPOISON_MEMORY_REGION((at), (size))
#else
#define poison(at, size) ((void)(at), (void)(size))
#define unpoison(at, size) ((void)(at), (void)(size))
#endif

enum { ALIGN = 16, FIRST_CHUNK = 16 << 10, LARGEST_CHUNK = 8 << 20 };

struct tz_chunk {
    tz_chunk *next;
    size_t    room;
    _Alignas(ALIGN) char data[];
};

static _Noreturn void out_of_memory(void)
{
    (void)fputs("taizhang: 内存不足,未写入任何内容 | out of memory, nothing was written\n", stderr);
    exit(4);
}

/* Room doubles with the arena, so that a long list of small things is few chunks; what does not
 * fit is given a chunk of its own size. */
static void add_chunk(tz_arena *mem, size_t size)
{
    size_t room = mem->chunks == NULL ? FIRST_CHUNK : mem->chunks->room * 2;

    if (room > LARGEST_CHUNK)
        room = LARGEST_CHUNK;
    if (room < size)
        room = size;
    if (size > TZ_MAX_ARENA_BYTES || mem->bytes + room > (size_t)TZ_MAX_ARENA_BYTES)
        out_of_memory();

    tz_chunk *chunk = malloc(sizeof *chunk + room);
    if (chunk == NULL)
        out_of_memory();
    chunk->next = mem->chunks;
    chunk->room = room;
    poison(chunk->data, room);
    mem->chunks = chunk;
    mem->used = 0;
    mem->bytes += room;
}

void *tz_arena_alloc(tz_arena *mem, size_t size)
{
    tz_assert(mem != NULL);
    tz_assert(size <= SIZE_MAX - 2 * ALIGN);

    size_t step = size == 0 ? ALIGN : (size + ALIGN - 1) / ALIGN * ALIGN;
    if (mem->chunks == NULL || mem->chunks->room - mem->used < step)
        add_chunk(mem, step);

    char *at = mem->chunks->data + mem->used;
    mem->used += step;
    unpoison(at, size);
    return memset(at, 0, size);
}

void *tz_arena_array(tz_arena *mem, size_t count, size_t size)
{
    size_t bytes = 0;

    if (__builtin_mul_overflow(count, size, &bytes))
        out_of_memory();
    return tz_arena_alloc(mem, bytes);
}

char *tz_arena_copy(tz_arena *mem, const char *data, size_t size)
{
    char *copy = tz_arena_alloc(mem, size + 1);

    if (size > 0)
        memcpy(copy, data, size);
    return copy;
}

char *tz_arena_dup(tz_arena *mem, const char *text)
{
    tz_assert(text != NULL);
    return tz_arena_copy(mem, text, strlen(text));
}

/* Most texts are short: they are formatted once, beside the arena, and copied. */
char *tz_arena_printf(tz_arena *mem, const char *fmt, ...)
{
    va_list args, again;
    char    first[256];

    va_start(args, fmt);
    va_copy(again, args);
    int size = vsnprintf(first, sizeof first, fmt, args);
    va_end(args);
    tz_assert(size >= 0);
    char *text = tz_arena_alloc(mem, (size_t)size + 1);
    if ((size_t)size < sizeof first)
        memcpy(text, first, (size_t)size);
    else
        (void)vsnprintf(text, (size_t)size + 1, fmt, again);
    va_end(again);
    return text;
}

void tz_arena_reset(tz_arena *mem)
{
    tz_assert(mem != NULL);
    if (mem->chunks == NULL)
        return;

    tz_chunk *rest = mem->chunks->next;
    while (rest != NULL) {
        tz_chunk *next = rest->next;
        mem->bytes -= rest->room;
        free(rest);
        rest = next;
    }
    mem->chunks->next = NULL;
    poison(mem->chunks->data, mem->chunks->room);
    mem->used = 0;
}

void tz_arena_free(tz_arena *mem)
{
    tz_assert(mem != NULL);
    tz_arena_reset(mem);
    free(mem->chunks);
    *mem = (tz_arena){0};
}

void *tz_arena_grow(tz_arena *mem, const void *items, size_t count, size_t *room, size_t size)
{
    tz_assert(room != NULL);
    tz_assert(count == *room);

    size_t larger = *room == 0 ? 8 : *room * 2;
    void *copy = tz_arena_array(mem, larger, size);
    if (count > 0)
        memcpy(copy, items, count * size);
    *room = larger;
    return copy;
}
