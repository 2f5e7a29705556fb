/* learnt - the county's model: how much an agreement says, learnt from the county's own valid numbers.
 *
 * Two rows of one valid number are one person, two random people of two valid numbers are two: they are the labels, so m
 * and u are counted, not guessed.  What damage does to a number is the one thing that valid ones can't teach: that is
 * estimated by expectation-maximisation over the rows with damaged ones, all else held; what learnt.c assumes counts for
 * twenty pairs.  The prior is the share of rows whose number stands in another row as well, over the persons.
 *
 * A model is learnt once, kept in ledger.db (link_model) and journalled; every later run weighs by it, so that a new batch
 * changes no weight that was given before.  It holds no name, date or village that fewer than five persons have.
 */
#ifndef TZ_PEOPLE_LEARNT_H
#define TZ_PEOPLE_LEARNT_H

#include "base/app.h"
#include "base/json.h"
#include "people/profile.h"
#include "people/score.h"
#include "store/store.h"

struct tz_learnt {
    int64_t number;    /* 1, 2 …; 0: not kept, with what is assumed of m: it explains and links nothing */
    tz_model model;    /* comparisons in the order of profile.h */
    double persons;    /* of a valid number, when it was learnt */
    int64_t pairs;     /* of rows that m was counted from */
    double damaged;    /* pairs that the m of damaged numbers rests on, each by its probability */
    const char *text;  /* as kept, canonical JSON */
    struct {
        tz_map times;  /* value -> persons who have it, five or more */
        double filled; /* persons who have one */
        double rest;   /* persons of any other value, on average */
    } counts[TZ_PROFILE_COMPARED];
};

/* Fewer labelled pairs, or fewer persons, teach nothing: then the rules alone link. */
enum { TZ_LEAST_PAIRS = 500, TZ_LEAST_PERSONS = 300 };

/* Learns from records that the rules put into clusters. Below the two limits m is what is assumed of it, and number 0;
 * else 1. TZ_LIMIT, TZ_STOPPED. */
TZ_MUST tz_rc tz_learnt_make(tz_arena *mem, const tz_app *app, const tz_records *records, tz_clusters *clusters,
                              tz_learnt *ret_model, tz_err *err);

/* The newest kept model; number 0 where there is none. TZ_SYSTEM, TZ_TAMPER: what is kept can't be read. */
TZ_MUST tz_rc tz_learnt_load(tz_arena *mem, tz_store *store, tz_learnt *ret_model, tz_err *err);

/* The counts as the engine wants them, for the values of a table of profiles. Arrays in mem. */
tz_counts tz_learnt_counts(tz_arena *mem, const tz_learnt *model, const tz_table *table);

/* What is compared and by which blocks, with what is assumed of m; u and the prior are none yet. */
tz_model tz_learnt_start(void);

/* The canonical JSON that is kept (learnt_text.c). */
const char *tz_learnt_text(tz_arena *mem, const tz_learnt *model);

/* Its levels: [{comparison, level, m, u, weight}], for people to read and compare. */
json_t *tz_learnt_levels(tz_arena *mem, const tz_learnt *model, tz_lang lang);

#endif
