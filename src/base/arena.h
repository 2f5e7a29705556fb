/* arena - memory by lifetime: the program, one run or request, one row.
 *
 * Nothing is freed one by one; the whole arena is reset or freed at the end of its lifetime.
 * `tz_arena *mem` as a first parameter means "the result lives there".  The only malloc of the
 * project is behind this header: when the machine has no more memory the program says so and
 * ends with status 4 (nothing is half-written, since every write is staged).  Sizes that come
 * from foreign input are bounded by base/limits.h before they get here.
 *
 *     tz_arena mem = {0};                       an empty arena needs no init
 *     char *name = tz_arena_alloc(&mem, 10);    zeroed, aligned to 16
 *     tz_arena_free(&mem);
 *
 * Under AddressSanitizer what is not handed out is poisoned.
 */
#ifndef TZ_BASE_ARENA_H
#define TZ_BASE_ARENA_H

#include <stddef.h>

typedef struct tz_chunk tz_chunk;

typedef struct {
    tz_chunk *chunks; /* newest first; NULL when empty */
    size_t    used;   /* bytes handed out of the newest */
    size_t    bytes;  /* bytes taken from the machine   */
} tz_arena;

/* `size` zeroed bytes, aligned to 16; never NULL; size 0 gives a valid pointer. */
void *tz_arena_alloc(tz_arena *mem, size_t size) __attribute__((malloc, returns_nonnull));

/* A zeroed array; the product is checked. */
void *tz_arena_array(tz_arena *mem, size_t count, size_t size)
    __attribute__((malloc, returns_nonnull));

#define tz_new(mem, type) ((type *)tz_arena_alloc((mem), sizeof(type)))
#define tz_new_array(mem, type, count) ((type *)tz_arena_array((mem), (count), sizeof(type)))

/* Copies; the copy has one zero byte behind it. */
char *tz_arena_copy(tz_arena *mem, const char *data, size_t size);
char *tz_arena_dup(tz_arena *mem, const char *text);
char *tz_arena_printf(tz_arena *mem, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Forgets all that was handed out and keeps one chunk for the next round. */
void tz_arena_reset(tz_arena *mem);

/* Gives everything back; the arena is empty and usable. */
void tz_arena_free(tz_arena *mem);

/* A growing array in an arena:
 *
 *     TZ_ARRAY(int) list = {0};          typedef it where it crosses a function
 *     tz_push(&mem, &list, 7);
 *     for (size_t i = 0; i < list.count; i++) use(list.items[i]);
 */
#define TZ_ARRAY(type)   \
    struct {             \
        type  *items;    \
        size_t count;    \
        size_t room;     \
    }

#define tz_push(mem, list, ...)                                                            \
    do {                                                                                   \
        if ((list)->count == (list)->room)                                                 \
            (list)->items = tz_arena_grow((mem), (list)->items, (list)->count,             \
                                          &(list)->room, sizeof *(list)->items);           \
        (list)->items[(list)->count++] = (__VA_ARGS__);                                    \
    } while (0)

/* Behind tz_push: doubles the room and copies `count` items. */
void *tz_arena_grow(tz_arena *mem, const void *items, size_t count, size_t *room, size_t size);

#endif
