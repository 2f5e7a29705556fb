/* mask - how personal data are shown to who may not see them. */
#ifndef TZ_PACKS_MASK_H
#define TZ_PACKS_MASK_H

#include "packs/pack.h"

/* 张* , 张*国, 欧阳** : the first character stays, of three or more the last too. */
const char *tz_mask_name(tz_arena *mem, const char *name);
/* The first six and the last two characters stay: 140430**********12. */
const char *tz_mask_id(tz_arena *mem, const char *id);
/* By what it looks like: digits of 7 and more like a number, else like a name. */
const char *tz_mask_any(tz_arena *mem, const char *text);
/* As the column's declaration asks; NULL stays NULL. */
const char *tz_mask_column(tz_arena *mem, const tz_column *column, const char *text);

#endif
