/* county - county.yaml: the county's name and code, its packs, its units, its calendar; and its
 * divisions and its working days (divisions.tsv and calendar.tsv beside it).
 *
 *   name: 沁县
 *   code: "140430"
 *   packs: [population, student-aid]     # in use; each is looked for in packs/, then as shipped
 *   edition: 2019                        # which edition of division codes holds
 *   terms: {spring: 07-15, autumn: 01-15}  # last day of a term: spring in its year, autumn in the next
 *   units:                               # further units; townships come from the divisions
 *     - {name: 教育局, kind: department}
 *   parameters:                          # overrides, each with its reason
 *     student-aid.late_days: {value: 30, why: 县教育局 2020 年第 3 号通知}
 *     housing.grant_c: {by_year: {2021: "9000.00"}, why: 县住建局 2021 年第 8 号通知}   from that year on
 *   login: {length: 12, days: 90, idle_minutes: 30, hours: 12, attempts: 5}   # of passwords and logins; these are the defaults
 *   public: off                          # no page for everybody and no complaints; on unless said
 *   demo: true                           # everything in it is invented: accounts with a known password are allowed
 */
#ifndef TZ_STORE_COUNTY_H
#define TZ_STORE_COUNTY_H

#include "base/app.h"
#include "base/map.h"
#include "base/text.h"
#include "store/calendar.h"

typedef enum { TZ_DIVISION_COUNTY, TZ_DIVISION_TOWNSHIP, TZ_DIVISION_VILLAGE } tz_division_level;

typedef struct {
    const char       *code;   /* 12 digits */
    const char       *name;   /* 北寺上村 */
    const char       *parent; /* code of the township or county */
    tz_division_level level;
    const char       *successor; /* its code in the next edition, or NULL where it stays or none is known */
} tz_division;

/* Values by year: each holds from its year on. Years ascend; a single value stands under year 0. */
typedef struct {
    int         *years;
    const char **values;
    size_t       count;
} tz_by_year;

/* Reads {value: V} or {by_year: {2018: V, 2020: W}} of a map. TZ_INPUT with file and line: neither, both, years
 * out of order. */
struct tz_yaml;
TZ_MUST tz_rc tz_by_year_read(tz_arena *mem, const char *file, const struct tz_yaml *map, tz_by_year *ret, tz_err *err);

typedef struct {
    const char *name; /* "pack.parameter" */
    tz_by_year  values;
    const char *why;
    int64_t     line;
} tz_override;

typedef struct {
    const char *name;
    const char *kind; /* department, township, village, other */
    const char *successor;
} tz_county_unit;

/* What the web asks of passwords and logins. The defaults are those of 等保二级 as offices write them down. */
typedef struct {
    int length;       /* characters of a password, at least; 10 to 64 */
    int days;         /* a password lives; 1 to 365 */
    int idle_minutes; /* after which a login ends by itself; 5 to 240 */
    int hours;        /* after which it ends in any case; 1 to 24 */
    int attempts;     /* wrong passwords in a row until the next has to wait; 3 to 10 */
} tz_login_policy;
static const tz_login_policy TZ_LOGIN_POLICY = {.length = 12, .days = 90, .idle_minutes = 30, .hours = 12, .attempts = 5};

typedef struct {
    const char *name;
    const char *code; /* 6 digits */
    const char *edition;
    struct { const char **items; size_t count; size_t room; } packs;
    struct { tz_division *items; size_t count; size_t room; } divisions;
    struct { tz_county_unit *items; size_t count; size_t room; } units;
    struct { tz_override *items; size_t count; size_t room; } overrides;
    int spring_end_md, autumn_end_md; /* month*100+day */
    tz_calendar calendar;
    tz_login_policy login;
    bool is_demo;
    bool is_public; /* what was published, complaints and receipts are served to everybody */
    tz_map by_code; /* code -> index + 1 into divisions */
    tz_map by_name; /* folded name -> chain, see division.c */
    size_t *next_same; /* index + 1 of the next of its chain, two slots a division */
} tz_county;

/* divisions.tsv has a header line and the columns code, name, level (county, township, village),
 * parent, edition, successor: the code in the edition that came next, the same where it stayed, empty
 * where it is not known or was merged into another. A parent stands before its children; a line that
 * begins with # is a comment. */

/* Reads folder/county.yaml, folder/divisions.tsv and folder/calendar.tsv. TZ_INPUT with file and line. */
TZ_MUST tz_rc tz_county_load(tz_arena *mem, const char *folder, tz_county **ret_county,
                             tz_err *err);

/* The division of a 12-, 9- (padded) or 6-digit code in force or of an earlier edition; NULL if unknown. */
const tz_division *tz_county_division(const tz_county *county, tz_text code);

/* What a name means: 北寺上村, 定昌镇北寺上村, 沁县定昌镇北寺上村, with or without 村, 村委会, 村民委员会,
 * 居委会, 镇, 乡, 人民政府.  A name that fits exactly hides those that fit only without their ending.
 * within: a township's code (12 or 9 digits) that narrows it, or empty. level: which is wanted.
 * Returns the number of divisions that fit (0 unknown, 1 sure, more: ambiguous), the first in *ret,
 * which stays untouched when there is none. */
size_t tz_county_find(const tz_county *county, tz_text name, tz_text within,
                      tz_division_level level, const tz_division **ret);

/* The last day of a period ("2019-03", "2019-2", "2019") in this county, 0 for "" or nonsense. */
int32_t tz_county_period_end(const tz_county *county, tz_text period);

/* A file of data/ as it ships beside the program ("calendar/china.tsv"), or NULL. */
/* The shipped table of a county's divisions (divisions.tsv), or NULL. */
const char *tz_divisions_shipped(tz_arena *mem, const tz_app *app, const char *code);

/* TZ_USAGE unless code has six digits. */
TZ_MUST tz_rc tz_county_check_code(const char *code, tz_err *err);

/* Writes county.yaml, divisions.tsv and calendar.tsv of a new county into folder: the shipped divisions where
 * there are some for its code, else an empty table (then name is needed: TZ_USAGE). */
TZ_MUST tz_rc tz_county_write(const tz_app *app, const char *folder, const char *code, const char *name,
                              const char *const *packs, size_t pack_count, tz_err *err);

#endif
