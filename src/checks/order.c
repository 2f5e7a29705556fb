/* order - which checks run after which: a check comes after those that its `needs` names.
 *
 * Checks that wait for each other fail, each with its file and line and the ring named; the rest run.
 */
#include <string.h>

#include "base/assert.h"
#include "checks/inside.h"

typedef enum { NOT_SEEN, ON_THE_WAY, PLACED } place;

typedef struct {
    tz_this_run *run;
    place       *places;
    size_t      *way; /* the checks on the way, outermost first */
    size_t       depth, placed;
} ordering;

size_t tz_run_index(const tz_this_run *run, const char *check)
{
    for (size_t i = 0; i < run->checks.count; i++)
        if (strcmp(run->checks.items[i].check->name, check) == 0)
            return i;
    return SIZE_MAX;
}

/* "a → b → a" from the way's place `from` on. */
static const char *ring(const ordering *of, size_t from, size_t again)
{
    tz_buf text = tz_buf_init(of->run->mem, 0);

    for (size_t i = from; i < of->depth; i++)
        tz_buf_printf(&text, "%s → ", of->run->checks.items[of->way[i]].check->name);
    tz_buf_puts(&text, of->run->checks.items[again].check->name);
    return tz_buf_str(&text);
}

static void fail_ring(ordering *of, size_t again)
{
    size_t from = 0;

    while (of->way[from] != again)
        from++;
    const char *names = ring(of, from, again);
    for (size_t i = from; i < of->depth; i++) {
        tz_fared *fared = &of->run->checks.items[of->way[i]];
        fared->state = TZ_CHECK_FAILED;
        fared->why = tz_arena_printf(of->run->mem, "%s,第 1 行:规则互相等待:%s|%s, row 1: checks wait for each other: %s", fared->check->file,
                                     names, fared->check->file, names);
    }
}

static void place_check(ordering *of, size_t index)
{
    const tz_check *check = of->run->checks.items[index].check;

    of->places[index] = ON_THE_WAY;
    of->way[of->depth++] = index;
    for (size_t i = 0; i < check->after.count; i++) {
        size_t before = tz_run_index(of->run, check->after.items[i]);
        if (of->places[before] == ON_THE_WAY)
            fail_ring(of, before);
        else if (of->places[before] == NOT_SEEN)
            place_check(of, before);
    }
    of->depth--;
    of->places[index] = PLACED;
    of->run->order[of->placed++] = index;
}

/* The checks that chosen ones need, until nothing is missing: the list grows while it is walked. */
static tz_rc add_needed(tz_this_run *run, tz_err *err)
{
    for (size_t i = 0; i < run->checks.count; i++) {
        const tz_check *check = run->checks.items[i].check;
        for (size_t j = 0; j < check->after.count; j++) {
            if (tz_run_index(run, check->after.items[j]) != SIZE_MAX)
                continue;
            const tz_check *needed = tz_packs_check(run->packs, check->after.items[j]);
            if (needed == NULL)
                return tz_fail(err, TZ_MISSING, "没有规则 “%s”", "there is no check '%s'", check->after.items[j]);
            tz_push(run->mem, &run->checks, (tz_fared){.check = needed, .is_new = true, .empty = "[]"});
        }
    }
    return TZ_OK;
}

tz_rc tz_order_checks(tz_this_run *run, tz_err *err)
{
    tz_assert(run != NULL);
    tz_rc rc = add_needed(run, err);

    if (rc != TZ_OK)
        return rc;
    ordering of = {.run = run, .places = tz_new_array(run->mem, place, run->checks.count + 1),
                   .way = tz_new_array(run->mem, size_t, run->checks.count + 1)};
    run->order = tz_new_array(run->mem, size_t, run->checks.count + 1);
    for (size_t i = 0; i < run->checks.count; i++)
        if (of.places[i] == NOT_SEEN)
            place_check(&of, i);
    tz_assert(of.placed == run->checks.count);
    return TZ_OK;
}
