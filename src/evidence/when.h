/* when - the date, the period and the sender that a title or a file's name tells. */
#ifndef TZ_EVIDENCE_WHEN_H
#define TZ_EVIDENCE_WHEN_H

#include "base/date.h"
#include "packs/pack.h"
#include "store/county.h"

/* What a text says of time; empty where it says nothing. */
typedef struct {
    int32_t date;                  /* a full date: the last one in the text */
    char    term[TZ_PERIOD_TEXT];
    char    month[TZ_PERIOD_TEXT];
    char    year[TZ_PERIOD_TEXT];
} tz_when;

tz_when tz_when_in(const char *text);

/* The day that a text's time means: its date, else the last day of its term, month or year. 0: none. */
int32_t tz_when_day(const tz_county *county, const tz_when *when);

/* The period of the register's kind, "" where the text names none. */
const char *tz_when_period(const tz_register *reg, const tz_when *when);

/* The first unit (townships, then county.yaml's units, then the register's owners) that a text
 * names, or NULL. */
const char *tz_sender_in(const tz_county *county, const tz_register *reg, const char *text);

#endif
