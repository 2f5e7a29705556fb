/* inside - the county in memory, between its making and its files.
 *
 * people.c makes villages, households and persons with what happens to them; plans.c marks, before
 * any row exists, whose life holds a defect; registers.c and schools.c turn lives into rows of
 * sheets; plants.c and plants_aid.c damage rows and note the answer key; files.c writes the sheets.
 */
#ifndef TZ_DEMO_INSIDE_H
#define TZ_DEMO_INSIDE_H

#include "base/app.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

/* ---- Chance: PCG XSH RR 64/32, so that a seed means the same county everywhere ---- */

typedef struct {
    uint64_t state;
} demo_pcg;

demo_pcg demo_pcg_init(uint64_t seed);
uint32_t demo_below(demo_pcg *pcg, uint32_t count);        /* 0 .. count-1 */
int      demo_between(demo_pcg *pcg, int low, int high);   /* both included */
bool     demo_chance(demo_pcg *pcg, uint32_t per_mille);

/* ---- People ---- */

enum {
    DEMO_FIRST_YEAR = 2016,  /* of the poverty list */
    DEMO_YEARS = 4,          /* 2016 .. 2019 */
    DEMO_TERMS = 6,          /* autumn 2016 .. spring 2019 */
    DEMO_MONTHS = 3,         /* October to December 2019 */
    DEMO_TODAY = 20191231,
};

typedef enum { DEMO_PRESENT, DEMO_DEAD, DEMO_MOVED, DEMO_REMOVED } demo_status; /* REMOVED: no row any more */
typedef enum { DEMO_NO_STAGE, DEMO_PRESCHOOL, DEMO_PRIMARY, DEMO_JUNIOR, DEMO_SENIOR, DEMO_VOCATIONAL } demo_stage;

typedef struct demo_row demo_row;

typedef struct {
    uint32_t    household;
    int32_t     born;             /* yyyymmdd */
    int32_t     died;             /* 0: lives */
    char        sex;              /* M or F */
    demo_status status;
    const char *name;
    const char *relation;
    char        id[19];
    int         listed_to;        /* last year on the poverty list though dead; 0: as the rules say */
    bool        is_disabled, is_orphan, is_away; /* away: at school outside the county */
    bool        attends;          /* kindergarten, senior school: not everybody */
    bool        is_vocational, boards_primary, boards_junior;
    bool        is_recognised;    /* by its school, as in difficulty */
    bool        takes_other_aid;  /* asks for aid on a ground other than the poverty list */
    int         skip_term;        /* index + 1 of a term in which aid was forgotten */
    int         paid_dead_term;   /* index + 1 of a term that was paid after death */
    demo_row   *resident;
    demo_row   *listed[DEMO_YEARS];
    demo_row   *death[2];
    demo_row   *disabled;
    demo_row   *assisted[DEMO_MONTHS]; /* 低保 or 特困 of October to December 2019 */
    demo_row   *pension;               /* of December 2019 */
    bool        has_work;              /* a post, or on the payroll */
    bool        skips_care, skips_aged; /* an allowance was forgotten */
} demo_person;

typedef struct {
    uint32_t    village;
    uint32_t    first, count;      /* persons */
    const char *number;            /* 户号 */
    const char *poor_number;       /* 户编号 or NULL */
    int         poor_from, poor_to; /* years on the list */
    const char *poor_cause;
    int         assisted_from, assisted_to; /* yyyymm of 低保; to 0: still */
    bool        is_destitute;
    bool        skips_certificate, certifies_second; /* of safe housing: none, or in another member's name */
    bool        is_used;           /* a defect or a look-alike lives here */
} demo_household;

typedef struct {
    const char *code, *name;       /* name as people write it: 北寺上村 */
    uint32_t    township;
} demo_village;

typedef struct {
    const char *code, *name;
} demo_township;

/* ---- Sheets ---- */

typedef struct demo_sheet demo_sheet;
typedef struct demo_file demo_file;

struct demo_row {
    const char **cells;
    demo_sheet  *sheet;
    int64_t      row_no; /* known once written */
    uint32_t     person;
    int          term;   /* index of the term, -1 */
};

typedef struct { demo_row **items; size_t count; size_t room; } demo_rows;

struct demo_sheet {
    demo_file         *file;
    const char        *name;     /* NULL in a text file */
    const char        *title;    /* first row, merged */
    const char        *remark;   /* second row */
    const char *const *headers;
    const char        *kinds;    /* a letter a column: t text, n number, m money in the sheet's unit, d date as a real date */
    size_t             columns;
    int                unit_power; /* of money: 0 元, 4 万元 */
    const char        *total;    /* the last row's text, or NULL */
    int                total_column; /* money column that the last row sums, or -1 */
    demo_rows          rows;
};

struct demo_file {
    const char *name;
    bool        is_text; /* GB18030 with commas */
    struct { demo_sheet **items; size_t count; size_t room; } sheets;
};

typedef struct {
    const char *check;
    demo_rows   rows;
    bool        is_planted; /* else a look-alike */
} demo_answer;

typedef struct {
    const char *name, *value;
} demo_figure_answer;

/* The registers' sheets, by use. Columns of each: the enums below. */
typedef struct {
    const tz_app *app;
    tz_arena     *mem;
    demo_pcg      pcg;
    double        scale;
    struct { demo_township *items; size_t count; size_t room; } townships;
    struct { demo_village *items; size_t count; size_t room; } villages;
    struct { demo_household *items; size_t count; size_t room; } households;
    struct { demo_person *items; size_t count; size_t room; } persons;
    struct { demo_file **items; size_t count; size_t room; } files;
    struct { demo_answer *items; size_t count; size_t room; } answers;
    struct { demo_figure_answer *items; size_t count; size_t room; } figures; /* counted as rows are made */
    uint16_t     *born_on;     /* how many numbers were given by birthday and sex */
    demo_sheet  **residents;   /* by township */
    demo_sheet   *deaths[2];   /* by the civil affairs bureau, by the police */
    demo_sheet   *poverty[DEMO_YEARS];
    demo_sheet   *low_income, *disabled, *orphans, *standards, *pupils, *refunds, *orders;
    demo_sheet   *aid[DEMO_TERMS][6]; /* by stage */
    demo_sheet   *recognised[DEMO_TERMS];
    demo_sheet   *appraisals, *firms, *rebuilds, *certificates, *lookbacks, *grants_back, *relocated;
    demo_sheet   *subsidies[DEMO_MONTHS], *recoveries, *posts, *payroll;
    /* By person * DEMO_TERMS + term, before plants_aid adds rows: the roster row of the stage's
     * programme, that of 雨露计划, the row of the roll. */
    demo_row    **aid_at, **rain_at, **pupil_at;
} demo_county;

enum { RES_TOWNSHIP, RES_VILLAGE, RES_HOUSEHOLD, RES_NAME, RES_RELATION, RES_SEX, RES_BIRTH, RES_ID, RES_ETHNIC, RES_STATUS, RES_PHONE, RES_COLUMNS };
enum { DEATH_NAME, DEATH_SEX, DEATH_ID, DEATH_DATE, DEATH_VILLAGE, DEATH_SOURCE, DEATH_COLUMNS };
enum { POOR_COUNTY, POOR_TOWNSHIP, POOR_VILLAGE, POOR_HAMLET, POOR_HOUSEHOLD, POOR_MEMBER, POOR_NAME, POOR_ID, POOR_SIZE, POOR_RELATION, POOR_ETHNIC,
       POOR_SCHOOLING, POOR_HEALTH, POOR_OUT, POOR_ATTRIBUTE, POOR_CAUSE, POOR_PHONE, POOR_COLUMNS };
enum { AID_TERM, AID_SCHOOL, AID_STAGE, AID_CLASS, AID_NAME, AID_SEX, AID_ID, AID_BOARDER, AID_PROGRAMME, AID_AMOUNT, AID_GUARDIAN, AID_GUARDIAN_ID,
       AID_ACCOUNT, AID_HOLDER, AID_COLUMNS };
enum { PUPIL_SCHOOL, PUPIL_STAGE, PUPIL_NAME, PUPIL_SEX, PUPIL_ID, PUPIL_ROLL, PUPIL_BOARDS, PUPIL_FROM, PUPIL_TO, PUPIL_COLUMNS };
enum {
    SUBSIDY_MONTH,
    SUBSIDY_PROGRAMME,
    SUBSIDY_NAME,
    SUBSIDY_ID,
    SUBSIDY_AMOUNT,
    SUBSIDY_ACCOUNT,
    SUBSIDY_HOLDER,
    SUBSIDY_RESULT,
    SUBSIDY_DATE,
    SUBSIDY_COLUMNS
};
enum {
    APPRAISAL_NO,
    APPRAISAL_VILLAGE,
    APPRAISAL_HOUSEHOLD,
    APPRAISAL_NAME,
    APPRAISAL_ID,
    APPRAISAL_SUSPECTED,
    APPRAISAL_GRADE,
    APPRAISAL_FIRM,
    APPRAISAL_DATE,
    APPRAISAL_COLUMNS
};
enum {
    REBUILD_YEAR,
    REBUILD_VILLAGE,
    REBUILD_NAME,
    REBUILD_ID,
    REBUILD_KIND,
    REBUILD_GRADE,
    REBUILD_METHOD,
    REBUILD_HEADS,
    REBUILD_AREA,
    REBUILD_GRANT,
    REBUILD_STARTED,
    REBUILD_FINISHED,
    REBUILD_ACCEPTED,
    REBUILD_PHOTO,
    REBUILD_COLUMNS
};
enum { LOOKBACK_VILLAGE, LOOKBACK_NAME, LOOKBACK_ID, LOOKBACK_YEAR, LOOKBACK_DATE, LOOKBACK_RESULT, LOOKBACK_COLUMNS };
enum { POST_NAME, POST_ID, POST_VILLAGE, POST_UNIT, POST_POST, POST_MONTHLY, POST_FROM, POST_TO, POST_COLUMNS };
enum { PAY_NAME, PAY_ID, PAY_UNIT, PAY_KIND, PAY_FROM, PAY_TO, PAY_COLUMNS };
enum { MONEY_NAME, MONEY_ID, MONEY_TERM, MONEY_PROGRAMME, MONEY_AMOUNT, MONEY_DATE, MONEY_NUMBER, MONEY_COLUMNS }; /* refunds and orders */

/* names.c */
const char *demo_surname(demo_pcg *pcg);
const char *demo_given(tz_arena *mem, demo_pcg *pcg, int year, char sex);
const char *demo_name_spaced(tz_arena *mem, const char *name);      /* 王 伟 */
const char *demo_name_traditional(tz_arena *mem, const char *name); /* 張偉; the same text where no character has such a form */
const char *demo_name_mistyped(tz_arena *mem, demo_pcg *pcg, const char *name); /* another last character */
/* Another character of the same sound in place of one, where a name of this county has such; at: which, from 0. */
const char *demo_name_by_ear(tz_arena *mem, demo_pcg *pcg, const char *name, size_t at);
bool        demo_names_share(const char *a, const char *b);        /* a character in common */

/* people.c */
TZ_MUST tz_rc demo_people_make(demo_county *county, tz_err *err);
void        demo_id_give(demo_county *county, demo_person *person); /* a new valid number by birth date and sex */
const char *demo_date(tz_arena *mem, int32_t ymd);
bool        demo_is_listed(const demo_county *county, const demo_person *person, int year);
demo_stage  demo_stage_in(const demo_person *person, int school_year);
uint32_t    demo_person_add(demo_county *county, uint32_t household, char sex, int32_t born, const char *name);

/* registers.c, schools.c */
demo_sheet *demo_sheet_add(demo_county *county, demo_file *file, const char *name, const char *title, const char *remark,
                           const char *const *headers, size_t columns, const char *kinds);
demo_file  *demo_file_add(demo_county *county, const char *name, bool is_text);
demo_row   *demo_row_add(demo_county *county, demo_sheet *sheet, uint32_t person);
void        demo_registers_make(demo_county *county);
demo_row   *demo_resident_add(demo_county *county, uint32_t person, uint32_t household, const char *relation, const char *status);
demo_row   *demo_death_add(demo_county *county, uint32_t person, int32_t died, int source); /* 0 火化, 1 村报, 2 注销 */
void        demo_schools_make(demo_county *county);
demo_row   *demo_aid_add(demo_county *county, uint32_t person, int term, demo_stage stage, const char *programme);
demo_row   *demo_pupil_add(demo_county *county, uint32_t person, demo_stage stage, const char *from, const char *to);
demo_row   *demo_order_add(demo_county *county, const demo_row *aid, int fen, int32_t date);
demo_row   *demo_refund_add(demo_county *county, const demo_row *aid, int fen, int32_t date);
const char *demo_term_name(int term);   /* 2016年秋季学期 */
int         demo_term_year(int term);
int         demo_term_school_year(int term);
bool        demo_has_other_ground(const demo_county *county, const demo_person *person, int term);
const char *demo_programme(const demo_person *person, demo_stage stage); /* NULL: none for this pupil */
const char *demo_stage_name(demo_stage stage);
int         demo_aid_fen(const demo_row *aid);

/* assistance.c */
void        demo_assistance_make(demo_county *county);
demo_row   *demo_subsidy_add(demo_county *county, uint32_t person, int month, const char *programme, const char *amount); /* month 0..2 */
demo_row   *demo_recovery_add(demo_county *county, const demo_row *subsidy, const char *amount);
demo_row   *demo_post_add(demo_county *county, uint32_t person, const char *post, const char *from, const char *to);
demo_row   *demo_payroll_add(demo_county *county, uint32_t person, const char *unit, const char *kind, const char *from, const char *to);
bool        demo_is_untouched(const demo_person *person); /* lives, and the residents' row is as it was made */
int         demo_age(const demo_person *person);          /* at the end of 2019 */
const char *demo_account(demo_county *county, uint32_t household);

/* housing.c: opened, then planted, then filled up to the report's numbers */
void        demo_housing_open(demo_county *county);
void        demo_housing_fill(demo_county *county);
demo_row   *demo_appraisal_add(demo_county *county, uint32_t person, const char *grade, const char *firm, const char *date);
demo_row   *demo_rebuild_add(demo_county *county, uint32_t person, int year, const char *grade);
demo_row   *demo_lookback_add(demo_county *county, uint32_t person, int year, const char *date, const char *result);
demo_row   *demo_relocated_add(demo_county *county, uint32_t person, const char *moved);
demo_row   *demo_grant_back_add(demo_county *county, const demo_row *rebuild, const char *amount);

/* table.c */
demo_sheet *demo_table(demo_county *county, const char *file, const char *title, const char *headers, const char *kinds); /* "姓名|金额", "tm" */
demo_row *demo_line(demo_county *county, demo_sheet *sheet, uint32_t person, const char *format, ...) __attribute__((format(printf, 4, 5)));
void      demo_figure(demo_county *county, const char *name, const char *format, ...) __attribute__((format(printf, 3, 4)));
const char *demo_money(demo_county *county, int64_t fen); /* 元 with two decimals */
const char *demo_village_name(demo_county *county, uint32_t person); /* with its township */
uint32_t  demo_somebody(demo_county *county, int youngest, int oldest); /* the head of a household that nothing lives in yet; DEMO_NOBODY */

/* One a pack: plants, unless the county is clean, then what the report counts. */
void demo_health_make(demo_county *county, bool is_clean);
void demo_relocation_make(demo_county *county, bool is_clean);
void demo_schools_kept_make(demo_county *county, bool is_clean);
void demo_roads_make(demo_county *county, bool is_clean);
void demo_projects_make(demo_county *county, bool is_clean);
void demo_solar_make(demo_county *county, bool is_clean);
void demo_inspection_make(demo_county *county, bool is_clean);
void demo_irrigation_make(demo_county *county, bool is_clean);
void demo_care_make(demo_county *county, bool is_clean);
void demo_teams_make(demo_county *county, bool is_clean);
void demo_party_make(demo_county *county, bool is_clean);
void demo_collective_make(demo_county *county, bool is_clean);
void demo_zeroing_make(demo_county *county, bool is_clean);
void demo_water_make(demo_county *county, bool is_clean);
void demo_funds_make(demo_county *county, bool is_clean);
void demo_offices_make(demo_county *county, bool is_clean);
void demo_warning_make(demo_county *county, bool is_clean);
void demo_millet_make(demo_county *county, bool is_clean);

/* plans.c, plants.c, plants_aid.c, plants_assistance.c, plants_housing.c */
typedef bool demo_fits(const demo_county *county, const demo_person *person, int about);
enum { DEMO_NOBODY = 0xFFFFFFFF };
/* Somebody of a household that no defect lives in yet, whom `fits` takes; the household is taken.
 * DEMO_NOBODY where the county (a small one) has nobody left. */
uint32_t demo_pick(demo_county *county, demo_fits *fits, int about);
void demo_plans_make(demo_county *county);      /* before any row */
void demo_plants_population(demo_county *county); /* after all rows */
void demo_plants_aid(demo_county *county);
void demo_plans_assistance(demo_county *county); /* after the registers, before assistance */
void demo_plants_assistance(demo_county *county);
void demo_plants_housing(demo_county *county);
bool demo_is_plain_adult(const demo_county *county, const demo_person *person, int about); /* of a household on no list, without pupils */
void demo_variants_scatter(demo_county *county); /* spaces in names, in a clean county too */
size_t demo_plant_count(const demo_county *county); /* defects for each check */
demo_answer *demo_answer_add(demo_county *county, const char *check, bool is_planted);
void demo_answer_row(demo_county *county, demo_answer *answer, demo_row *row);
void demo_answer_one(demo_county *county, const char *check, bool is_planted, demo_row *a, demo_row *b); /* b may be NULL */
const char *demo_id_damaged(demo_county *county, const char *id, int kind); /* 0 digit, 1 swap, 2 short, 3 Excel */

/* damage.c: identity columns of all rows, each value with a chance in a hundred */
void demo_damage(demo_county *county, uint32_t percent);

/* files.c */
TZ_MUST tz_rc demo_files_write(demo_county *county, const char *folder, tz_err *err);
/* has_rows: with who each row is truly about. */
TZ_MUST tz_rc demo_answers_write(demo_county *county, const char *folder, bool has_rows, tz_err *err);

#endif
