/* group - clusters that may be one person, weighed against each other; likely.c decides, and nobody else includes it.
 *
 * A group is a cluster as the rules and people made it, named by its root then; open ones hold no valid number.  An edge
 * is two groups, one of them open, that the model's blocks bring together.
 */
#ifndef TZ_PEOPLE_GROUP_H
#define TZ_PEOPLE_GROUP_H

#include "people/learnt.h"
#include "people/making.h"

/* Two groups that may be one person. */
typedef struct {
    uint32_t a, b;   /* roots; a is open */
    int32_t weight;  /* every profile of the one with those of the other, hundredths of log2 */
    int32_t sure;    /* the same less what speaks for others; likely.c */
    uint32_t at, by; /* the profiles that fit best, of a and of b */
    bool is_against; /* both give a number, and the numbers are not near */
} tz_edge;

/* A group that says no more than another, which speaks for it. */
typedef struct {
    uint32_t own, speaker; /* roots */
    uint32_t record;
} tz_echo;

typedef struct {
    tz_arena mem;
    tz_making making;
    const tz_learnt *model;
    tz_profiles profiles;
    tz_table table;
    tz_scorer scorer;
    uint32_t *first_profile, *next_profile; /* by root; by profile: index + 1 */
    uint32_t *first_edge;                   /* by root: its place in `ends`; one more behind the last */
    uint32_t *ends;                         /* indexes of edges, by root */
    struct {
        tz_echo *items;
        size_t count;
        size_t room;
    } echoes;
    struct {
        tz_edge *items;
        size_t count;
        size_t room;
    } edges;
} tz_groups;

/* Fills all but making and model, which the caller gives. Without an open group there is no edge and nothing is made.
 * TZ_LIMIT, TZ_STOPPED. */
TZ_MUST tz_rc tz_groups_make(tz_groups *of, const tz_app *app, tz_err *err);
void tz_groups_free(tz_groups *of);

bool tz_groups_have_open(const tz_groups *of);
bool tz_groups_is_person(const tz_groups *of, uint32_t root); /* it holds a valid number */

/* Two groups as a whole: the worst profile of the open one by what fits it best; of two open ones both ways round. */
tz_edge tz_groups_weigh(const tz_groups *of, uint32_t open, uint32_t other);

/* For qsort: by their roots. */
int tz_edge_compare(const void *a, const void *b);

#endif
