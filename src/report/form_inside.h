/* form_inside - what form.c and its data share. */
#ifndef TZ_REPORT_FORM_INSIDE_H
#define TZ_REPORT_FORM_INSIDE_H

#include "report/form.h"

/* One form to be filled: for a unit, about some issues or registers. */
typedef struct {
    const char *unit;
    json_t     *view;  /* the template's data; owned by the list */
    size_t      count;
    struct { const char **items; size_t count, room; } links, captions; /* of its QR codes */
} tz_form_sheet;

typedef struct {
    tz_form_sheet *items;
    size_t         count, room;
} tz_form_sheets;

void tz_form_sheets_free(tz_form_sheets *sheets);

/* What the form is about, sorted by unit, each with its data. TZ_MISSING: no such issue. */
TZ_MUST tz_rc tz_form_gather(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_form *form, const tz_form_options *options,
                             tz_form_sheets *ret_sheets, tz_err *err);

#endif
