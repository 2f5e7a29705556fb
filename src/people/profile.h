/* profile - what records say of a person, as columns that the engine compares.
 *
 * A person of a valid number has a profile for each way in which its rows speak of it; what says less than
 * another of them is left out.  Rows without a valid number have profiles of their own.
 */
#ifndef TZ_PEOPLE_PROFILE_H
#define TZ_PEOPLE_PROFILE_H

#include "people/cluster.h"
#include "people/table.h"

/* Columns of the table; what is behind TZ_PROFILE_COMPARED is for blocking only. */
enum {
    TZ_PROFILE_ID, /* the number, valid or as it was read where it tells people apart */
    TZ_PROFILE_NAME,
    TZ_PROFILE_BIRTH,
    TZ_PROFILE_SEX,
    TZ_PROFILE_VILLAGE,
    TZ_PROFILE_COMPARED,
    TZ_PROFILE_FRONT = TZ_PROFILE_COMPARED, /* the number's first twelve characters */
    TZ_PROFILE_BACK,                        /* its last twelve */
    TZ_PROFILE_ENDS,                        /* its first and last six: one slip leaves one of the three whole */
    TZ_PROFILE_COLUMNS
};

/* "id", "name" …: as the model and the parts of a weight call them. */
extern const char *const TZ_PROFILE_NAMES[TZ_PROFILE_COLUMNS];

/* What a record says, by column; birth and sex from a valid number where the row gives none. */
typedef struct {
    tz_text texts[TZ_PROFILE_COMPARED];
} tz_said;

typedef struct {
    uint32_t *records; /* of each profile */
    size_t count;
    size_t known; /* profiles of persons who have a valid number; they come first */
} tz_profiles;

/* False where the digits are too few or masked to tell people apart: 不详, 0, 1404301990****1234. */
bool tz_number_is_telling(tz_text raw);

tz_said tz_said_of(tz_arena *mem, const tz_record *record);

/* A profile is the record that says it. Depends on what the records say and on their clusters only; a cluster has at most 32. */
void tz_profiles_choose(tz_arena *mem, const tz_records *records, tz_clusters *clusters, tz_profiles *ret_profiles);

/* The table of some records, one a row, in their order. is_filled: with what a valid number says of birth and sex.
 * The caller seals table->values. TZ_LIMIT. */
TZ_MUST tz_rc tz_profiles_table(tz_arena *mem, const tz_records *records, const uint32_t *which, size_t count,
                                bool is_filled, tz_table *ret_table, tz_err *err);

#endif
