/* place - a figure by township or village, and over time. */
#ifndef TZ_REPORT_PLACE_H
#define TZ_REPORT_PLACE_H

#include "report/figure.h"

/* The figure's rows by the division that they lie in: [{division, name, value, unit, rows}], every township
 * (of level village: those with a row), in the order of their codes, and last what lies nowhere (division
 * null) where there is any. A row lies where its register says, else where the residents' register has its
 * person. The parts of a count or a sum add up to the figure. A ratio is the quotient of its parts; of a
 * target there is none: TZ_USAGE. TZ_MISSING: no such figure. */
TZ_MUST tz_rc tz_figure_places(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_division_level level, tz_lang lang,
                               const char *name, json_t **ret_places, tz_err *err);

/* The same again and again: where each register's rows lie is had once. tz_places_open: of one figure, with a worker of
 * its own; errors of query.h. tz_places_new: of those that a worker of figuring.h was opened for, before its first
 * statement; the worker stays the caller's. */
typedef struct tz_places tz_places;
TZ_MUST tz_rc tz_places_open(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, const char *name, tz_places **ret_places,
                             tz_err *err);
tz_places    *tz_places_new(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_query *query);
TZ_MUST tz_rc tz_places_of(tz_places *places, tz_division_level level, tz_lang lang, const char *name, json_t **ret_places, tz_err *err);
void          tz_places_close(tz_places *places); /* NULL is fine */

/* Every row behind a figure with the division that it lies in, by their codes and then by the rows' ids; those that
 * lie nowhere come last. Of a ratio the rows of its numerator, of a target none. TZ_MISSING: no such figure. */
typedef struct {
    const char *division; /* 12 digits, a village's or a township's; NULL: nowhere */
    int64_t     row_id;
} tz_placed_row;
typedef struct {
    tz_placed_row *items;
    size_t         count, room;
} tz_placed_rows;
TZ_MUST tz_rc tz_places_rows(tz_places *places, const char *name, tz_placed_rows *ret_rows, tz_err *err);

/* The figure on each date on which one of its registers was delivered, up to the day, the newest 24: [{as_of,
 * value, printed, unit, change}]. TZ_MISSING: no such figure. */
TZ_MUST tz_rc tz_figure_trend(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, const char *name,
                              json_t **ret_points, tz_err *err);

#endif
