/* quantity - what a text written by hand states: numbers with their units, claims, and what only looks
 * like either.
 *
 * A number is read with its unit and what stands around it: 余 and 以上 make a bound, 力争 a target, 全部 in
 * the same clause a universal claim.  Names that hold numbers (四不两直), dates, telephone numbers and the
 * numbers of documents are found too, so that they are left alone on purpose.  Numbers without a unit are
 * not read: nobody could say what they count.
 */
#ifndef TZ_REPORT_QUANTITY_H
#define TZ_REPORT_QUANTITY_H

#include "packs/pack.h"

typedef enum {
    TZ_SAID_NUMBER,  /* 13324户 */
    TZ_SAID_LIST,    /* things named one after another, counted: 《甲》《乙》 are two */
    TZ_SAID_CLAIM,   /* 全部, 所有, 逐个 …; 基本完成 */
    TZ_SAID_NAME,    /* a number inside a name */
    TZ_SAID_DATE,
    TZ_SAID_CONTACT, /* telephone, address, e-mail */
} tz_said_sort;

typedef struct {
    tz_said_sort   sort;
    tz_figure_kind kind;      /* of a number, list or claim */
    bool           is_at_most; /* a bound from above: 不足, 以内 */
    bool           is_per;     /* so many in each: 一队三人 */
    size_t         at, size;  /* bytes of the number with its unit, or of the claim's word */
    size_t         clause, clause_size, sentence, sentence_size;
    const char    *value;     /* decimal text; of a claim what it is said of ("57"), NULL where nothing tells */
    const char    *unit;      /* "户"; "" for none */
    int64_t        paragraph; /* from 1 */
} tz_said;

typedef struct {
    tz_said *items;
    size_t   count, room;
} tz_said_list;

/* Finds everything in text (UTF-8), in order. names and sounds: of all packs. */
void tz_quantities_find(tz_arena *mem, tz_text text, const tz_strings *names, const tz_strings *sounds, tz_said_list *ret_said);

/* The smallest place that a decimal text shows: "84.2" has one. */
int tz_quantity_places(const char *decimal);

/* A Chinese numeral from its start: 两 is 2, 三十五 is 35, 一千八百 is 1800. Bytes that it takes, 0 for none. */
size_t tz_numeral_read(tz_text text, size_t at, int64_t *ret_value);

#endif
