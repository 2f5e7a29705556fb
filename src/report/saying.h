/* saying - which figure a number in a text is: by its unit and the words around it. */
#ifndef TZ_REPORT_SAYING_H
#define TZ_REPORT_SAYING_H

#include "report/quantity.h"

/* A number or claim with the figure that it was taken for. */
typedef struct {
    const tz_said   *said;
    const char      *name;  /* of the figure; NULL: none fits */
    const tz_saying *saying; /* the saying that told; NULL: none, or only the figure's title did */
} tz_matched;

typedef struct {
    tz_matched *items;
    size_t      count, room;
} tz_matches;

/* Gives each number, list and claim of text the saying whose words stand nearest, each saying at most
 * once in a sentence. A saying's word may end in @n: the number is then the n-th of its unit behind the
 * word. What no saying fits is compared with the titles of figures. All of `said` comes back, in order. */
void tz_sayings_match(tz_arena *mem, tz_text text, const tz_said_list *said, const tz_packs *packs, tz_matches *ret_matches);

/* The power of ten that a unit multiplies by, and what it counts: 万元 is 4 of 元. */
int tz_unit_power(const char *unit, const char **ret_base);

#endif
