/* pack - a mechanism as declared by a folder packs/NAME: registers, parameters, ledgers, checks,
 * figures, a section of the report.  docs/format/pack.md is the format; this is what it becomes.
 *
 * Everything lives in the arena given to tz_packs_load and is not changed afterwards.  Texts in
 * two languages stay "中文|English" (tz_half splits them).
 */
#ifndef TZ_PACKS_PACK_H
#define TZ_PACKS_PACK_H

#include "base/err.h"
#include "base/hash.h"
#include "base/text.h"
#include "store/county.h"

typedef enum {
    TZ_TYPE_TEXT, TZ_TYPE_CODE, TZ_TYPE_ID, TZ_TYPE_DATE, TZ_TYPE_MONTH, TZ_TYPE_TERM,
    TZ_TYPE_INT, TZ_TYPE_DECIMAL, TZ_TYPE_MONEY, TZ_TYPE_PERCENT, TZ_TYPE_DIVISION,
    TZ_TYPE_PHONE, TZ_TYPE_BANK, TZ_TYPE_CREDIT_CODE, TZ_TYPE_YESNO,
} tz_type;

typedef enum { TZ_PUBLIC, TZ_INTERNAL, TZ_PERSONAL, TZ_SECRET } tz_sensitivity;
typedef enum { TZ_PERIOD_STATE, TZ_PERIOD_MONTH, TZ_PERIOD_TERM, TZ_PERIOD_YEAR, TZ_PERIOD_EVENT } tz_period_kind;
typedef enum { TZ_RED, TZ_ORANGE, TZ_YELLOW } tz_level;

typedef struct { const char **items; size_t count; size_t room; } tz_strings;
bool tz_strings_has(const tz_strings *list, const char *text);

typedef struct {
    const char *code;     /* canonical value */
    const char *title;    /* how forms write it, "中文|English" */
    tz_strings  synonyms;
} tz_code;

typedef struct {
    const char    *name;     /* SQL name */
    const char    *title;    /* "中文|English" */
    tz_type        type;
    int            precision, scale; /* decimal */
    tz_division_level level; /* division: township or village (default) */
    const char    *unit;     /* NULL or as printed */
    bool           is_required;
    const char    *least, *most; /* outside these a number or date is marked as implausible, or NULL */
    tz_sensitivity sensitivity; /* id, phone, bank: personal unless said otherwise */
    tz_strings     synonyms; /* further titles */
    struct { tz_code *items; size_t count; size_t room; } codes;
    int64_t        line;
} tz_column;

/* Whom a row is about. Column indexes, -1: none. */
typedef struct {
    const char *role;      /* "person" for the main one, else "guardian" … : column guardian_person */
    int id, name, birth, sex, village, phone;
    int household;         /* column with the household's number, main role only */
    const char *household_space; /* numbers of one space mean the same households: "hukou", "poverty" */
    int head;              /* yes/no or relation column that marks the head, or -1 */
} tz_identity;

typedef struct {
    const char    *name, *title;
    struct tz_pack *pack;
    tz_strings     owners;        /* departments, first now */
    struct { int *items; size_t count; size_t room; } key; /* column indexes */
    bool           keeps_repeats;
    struct {                      /* columns that sheets repeat for each period */
        int by;                   /* index of the month or term column that the title gives, -1: none */
        struct { int *items; size_t count; size_t room; } columns;
    } unpivot;
    tz_period_kind period;
    int            period_column; /* index, -1: the batch's */
    const char    *slice;         /* "all", "unit" or a column's name */
    int            slice_column;  /* index or -1 */
    const char    *due;           /* who delivers when, in words */
    int            due_days;      /* days after the period's end that it may take; 0: not said */
    struct { tz_column *items; size_t count; size_t room; } columns;
    struct { tz_identity *items; size_t count; size_t room; } identities;
    tz_digest      version;       /* of the declaration */
    int64_t        line;
} tz_register;

typedef struct {
    const char *name, *title, *type; /* type: int, decimal(p,s), money, text, date */
    tz_by_year  by_year;
    const char *source; /* "county's own, unsourced" where there is none */
    bool        has_source; /* the pack says one, were it that there is none */
    const tz_override *override; /* of county.yaml, or NULL: from its first year on it stands instead */
    int64_t     line;
} tz_parameter;

typedef enum { TZ_VALUE_COUNT, TZ_VALUE_SUM, TZ_VALUE_RATIO, TZ_VALUE_EXCEPTIONS, TZ_VALUE_TARGET } tz_value_kind;

/* What a figure is as a statement; no writer prints one as another (report/phrase.h).
 *   counted, measured   a number of rows, an amount or a rate
 *   universal           "all": true only where the query for exceptions is empty
 *   mostly              "基本": a truth of its own between all and not
 *   bound               "2000余名": at least so many
 *   target              "力争": what shall be, never what is */
typedef enum { TZ_COUNTED, TZ_MEASURED, TZ_UNIVERSAL, TZ_MOSTLY, TZ_BOUND, TZ_TARGET } tz_figure_kind;

typedef struct {
    const char *name, *title, *definition;
    struct tz_pack *pack;
    tz_value_kind value;
    const char   *sum_column;          /* sum(x) */
    const char   *numerator, *denominator; /* a / b: figures */
    tz_figure_kind kind;
    int64_t       step;                /* bound: printed down to a multiple of it */
    const char   *target, *until;      /* target: the number, and the day or NULL */
    const char   *reached;             /* target: the figure that measures it, or NULL */
    const char   *mostly, *among;      /* mostly: the least share that counts as 基本, of the figure `among` */
    bool          is_fall;                 /* fall a / b: how far a lies below b, (b - a) / b */
    const char   *unit;
    int           round;
    int           unit_power;          /* sum in 元 printed in 万元: 4 */
    tz_strings    of;                  /* registers looked at */
    const char   *sql;                 /* NULL for a ratio */
    const char   *file; int64_t line;
} tz_figure;

/* What a statement names: tables that are none of its own WITH, each once and sorted; columns, by the last part of their
 * names and more rather than fewer; has_all where it asks for whole rows (*, a table's name as a value). */
typedef struct {
    tz_strings tables, columns;
    bool       has_all;
} tz_query_names;

typedef struct {
    const char *name, *title;
    struct tz_pack *pack;
    tz_level    level;
    const char *subject_kind;   /* person, household, division, unit, register */
    tz_strings  key;            /* output columns */
    tz_strings  needs;
    tz_strings  after;          /* of needs: the checks whose findings it reads */
    const char *remedied_by, *absent; /* registers or NULL */
    bool        opens_issue;    /* else worklist */
    const char *ledger, *owner;
    int         due_days;
    const char *basis, *message; /* message "中文|English" with {column} */
    tz_strings  public_columns;  /* output columns that are not personal */
    const char *sql;
    struct tz_named *named;      /* tz_check_names */
    const char *off;             /* why the county does not run it: those of tz_pack.off alone */
    const char *file; int64_t line; /* line: of the first line of SQL in its file */
    tz_digest   version;         /* SQL, front matter and parameters' values */
} tz_check;

/* How findings on one subject combine into a level: the first line that holds. */
typedef struct {
    tz_level    level;
    const char *title;  /* why, "中文|English" */
    tz_level    when;   /* findings of this level or worse count */
    size_t      rules;  /* of so many different rules */
    tz_strings  checks; /* only these count; empty: all */
} tz_level_line;
typedef struct {
    const char *kind;      /* person, household, unit, township, any */
    int64_t     points[3]; /* what a finding adds to the score, by its level */
    struct { tz_level_line *items; size_t count; size_t room; } lines;
    const char *file;
    int64_t     line;
} tz_level_rule;

typedef struct {
    const char *name, *title; /* title "中文|English" */
    bool        is_required;  /* asked for before an issue is submitted */
    tz_strings  synonyms;     /* further titles in delivered lists */
    tz_strings  codes;        /* what it may say; none: anything */
} tz_ledger_field;

typedef struct { const char *action; tz_strings roles; } tz_ledger_right;

/* How long something may take (publish: how long it must stand). */
typedef struct {
    const char *name; /* assign, take, at-once, extension, objection, publish */
    int         days;
    bool        in_working_days;
    const char *source; /* "中文|English" */
} tz_ledger_clock;

typedef struct { const char *state, *title; } tz_ledger_word;

/* What is drawn by lot from the closed: a share of them, some months after they closed. */
typedef struct { int months, percent; } tz_ledger_draw;

/* A kind of list of issues. */
typedef struct {
    const char *name, *title;
    struct tz_pack *pack;       /* NULL: no pack declares it */
    tz_strings  steps;          /* subset and order of: open assigned rectifying submitted checked published closed */
    struct { tz_ledger_word *items; size_t count; size_t room; } words;   /* states that this ledger calls otherwise */
    struct { tz_ledger_field *items; size_t count; size_t room; } fields;
    struct { tz_ledger_right *items; size_t count; size_t room; } rights; /* an action that is not in it: anybody */
    struct { tz_ledger_clock *items; size_t count; size_t room; } clocks;
    int         due_days;       /* 0: none */
    bool        due_in_working_days;
    int         remind_days, urge_days; /* days left at which 提醒函 and 督办函 are due */
    int         checkers;       /* different people who check, one after the other; 1 */
    tz_strings  approval;       /* boxes of the approval form whose scan closing asks for; none: no form */
    tz_strings  prints;         /* what an office must print: list, approval-form, letters, publication */
    tz_ledger_draw look_back, ask_back;
} tz_ledger;

/* What a declaration leaves out. */
#define TZ_LEDGER_DEFAULTS                                                                                                   \
    {.due_days = 30, .remind_days = 20, .urge_days = 10, .checkers = 1, .look_back = {.months = 6, .percent = 20},            \
     .ask_back = {.months = 3, .percent = 10}}

/* A statement between figures (packs/expression.h). */
typedef struct {
    const char *name, *title;      /* title "中文|English" */
    struct tz_pack *pack;
    const char *holds;             /* the expression */
    bool        is_explained;      /* broken, it asks for an explanation; else it contradicts */
    const char *note;              /* what to look at when it is broken, "中文|English" or NULL */
    const char *wider;             /* a reading under which it would be no contradiction, or NULL */
    tz_strings  falls;             /* figures that say by how many percent the two sides fell, or none */
    const char *file; int64_t line;
} tz_assertion;

/* How people write a figure in a report of their own: words that stand near its number. */
typedef struct {
    const char *name;              /* a figure's, whether or not a pack computes it */
    const char *title, *unit;      /* unit NULL: that of the figure */
    struct tz_pack *pack;
    tz_figure_kind kind;
    struct { tz_strings *items; size_t count; size_t room; } words; /* alternatives; of one, all words stand near */
    const char *file; int64_t line;
} tz_saying;

/* What may be published: a name list that the law asks for, or statistics; never both in one. */
typedef struct {
    const char *name, *title;      /* title "中文|English" */
    struct tz_pack *pack;
    const char *law;               /* which asks for it and says what may be shown */
    const char *text;              /* Mustache over Markdown: what stands above the table, or NULL */
    bool        is_list;
    bool        is_paper;          /* posted where those concerned are, never online */
    /* a list: */
    const char *register_name;
    tz_strings  fields;            /* its columns, in order; no other can be shown */
    bool        is_masked;         /* the name as 张*国 */
    struct { const char *column, *value; } *where; size_t where_count;
    int         days;              /* it stands so long */
    bool        in_working_days;
    /* statistics: */
    const char *figure;            /* counted, shown by township */
    const char *file; int64_t line;
} tz_publishing;

/* Something that people receive: which rows say that they do, which findings that they should and do not, or that they
 * should not. */
typedef struct {
    const char *name, *title;   /* title "中文|English" */
    struct tz_pack *pack;
    tz_strings  received;       /* registers */
    tz_strings  due, wrong;     /* checks */
    const char *file; int64_t line;
} tz_policy;

typedef struct tz_pack {
    const char *name, *title, *law, *folder;
    const char *own;            /* the county's folder that adds to a shipped one, or NULL */
    bool        is_own;         /* all of it is the county's */
    tz_strings  departments;
    tz_strings  uses; /* packs besides population whose registers it reads */
    bool        is_sealed; /* stands alone in its county: what it holds must not meet the rest */
    struct { tz_register *items; size_t count; size_t room; } registers;
    struct { tz_parameter *items; size_t count; size_t room; } parameters;
    struct { tz_ledger *items; size_t count; size_t room; } ledgers;
    struct { tz_check *items; size_t count; size_t room; } checks;
    struct { tz_check *items; size_t count; size_t room; } off; /* name, file and reason of checks taken out */
    struct { tz_figure *items; size_t count; size_t room; } figures;
    struct { tz_assertion *items; size_t count; size_t room; } assertions;
    struct { tz_saying *items; size_t count; size_t room; } sayings;
    struct { tz_publishing *items; size_t count; size_t room; } publications;
    struct { tz_policy *items; size_t count; size_t room; } policies;
    tz_strings  names;          /* names that hold numbers: 四不两直 */
    tz_strings  sounds;         /* phrases that only sound universal: 义务教育均衡 */
    struct { tz_level_rule *items; size_t count; size_t room; } levels;
    const char *report;         /* text of report.md, or NULL */
    tz_digest   digest;         /* of all its files */
} tz_pack;

typedef struct {
    struct { tz_pack *items; size_t count; size_t room; } packs;
    tz_digest digest; /* of all packs and overrides */
} tz_packs;

/* Loads the packs of a county: each name of county->packs is looked for in own_folder (the
 * county's packs/, may be NULL or absent), then in shipped_folder. A folder of the county's with a
 * pack.yaml stands for the shipped one; without, its checks/ stand beside those shipped, and for
 * those of their name. All errors name file and line: TZ_INPUT (also an override of a parameter that
 * no pack declares, and a sealed pack beside another), TZ_MISSING (a pack that is nowhere). Names of registers, checks and figures are
 * unique over all packs. Checks that wait for each other are no error here: checks/order.c; nor is SQL that can't be parsed:
 * tz_packs_name. */
TZ_MUST tz_rc tz_packs_load(tz_arena *mem, const tz_county *county, const char *own_folder,
                            const char *shipped_folder, tz_packs **ret_packs, tz_err *err);

const tz_register *tz_packs_register(const tz_packs *packs, const char *name); /* NULL: none */
const tz_check    *tz_packs_check(const tz_packs *packs, const char *name);

/* What the check's SQL names. Read when it is first asked for, into the arena of the packs, since most commands run no
 * check and the engine's parser takes its time: so packs are one thread's at a time. TZ_INPUT with the file: it can't be
 * parsed or is not exactly one SELECT, or it reads findings and `needs` names no check. */
TZ_MUST tz_rc tz_check_names(const tz_check *check, const tz_query_names **ret_names, tz_err *err);
/* The same of all checks: who accepts packs, or judges them, wants each error now. */
TZ_MUST tz_rc tz_packs_name(const tz_packs *packs, tz_err *err);

const tz_figure   *tz_packs_figure(const tz_packs *packs, const char *name);
const tz_ledger   *tz_packs_ledger(const tz_packs *packs, const char *name);
const char        *tz_figure_kind_name(tz_figure_kind kind); /* "counted" */
int                tz_register_column(const tz_register *reg, const char *name); /* -1: none */

/* How findings on subjects of a kind combine: the county's own declaration, else a pack's, for the kind or for
 * any; NULL: none, the worst finding's level is the subject's. */
const tz_level_rule *tz_packs_level_rule(const tz_packs *packs, const char *kind);

/* The parameter's value on a day: that of the newest year at or before it, the override's before the pack's. */
const char *tz_parameter_value(const tz_parameter *parameter, int32_t as_of);

/* Where the shipped packs are: beside the program (…/packs, ../packs, ../share/taizhang/packs). */
TZ_MUST tz_rc tz_packs_shipped(tz_arena *mem, const char *program, const char **ret_folder, tz_err *err);

#endif
