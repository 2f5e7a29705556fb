/* form - letters, notices and approval sheets as documents, one of each issue or each unit.
 *
 * A form is a file forms/NAME.md of a pack: a head of "key: value" lines, a line "---", then Markdown, all
 * filled by Mustache.  The first pack that has the name gives it, so a county's own file stands in the place
 * of the shipped one.  docs/format/report.md has the keys and what a form can print.
 *
 * Every form ends with a QR code for each issue that it is about; names are masked unless asked for.
 */
#ifndef TZ_REPORT_FORM_H
#define TZ_REPORT_FORM_H

#include "base/json.h"
#include "packs/pack.h"
#include "report/document.h"
#include "store/store.h"

/* What a form is about: its head's `about`. */
typedef enum {
    TZ_ABOUT_OPEN,      /* issues before an end */
    TZ_ABOUT_SUBMITTED, /* issues that ask to be struck off */
    TZ_ABOUT_RED,       /* red issues before an end */
    TZ_ABOUT_LETTERS,   /* letters of one kind that are due or were issued */
    TZ_ABOUT_REGISTERS, /* registers that a unit owes */
} tz_form_about;

typedef struct {
    const char   *name, *title; /* title "中文|English" */
    tz_form_about about;
    const char   *letter;       /* TZ_ABOUT_LETTERS: remind, urge, warn, quarter */
    bool          by_unit;      /* one for each unit; else one for each issue */
    const char   *number, *addressee, *signature; /* templates, or NULL */
    const char   *body;         /* Markdown template */
    const char   *file;         /* as errors name it */
    const struct tz_pack *pack;
} tz_form;

typedef struct {
    tz_form *items;
    size_t   count, room;
} tz_forms;

/* All forms of the packs, by name. TZ_INPUT: a head that can't be read, with file and line. */
TZ_MUST tz_rc tz_forms_load(tz_arena *mem, const tz_packs *packs, tz_lang lang, tz_forms *ret_forms, tz_err *err);

typedef struct {
    int64_t     issue;     /* only this; 0: all that the form is about */
    const char *unit;      /* only this unit's; NULL: all */
    int32_t     date;      /* of the form, yyyymmdd */
    bool        is_issued; /* letters: those that were issued, with their numbers; else those due on the date */
    bool        has_names; /* unmasked */
    const char *link;      /* what stands before the number of an issue in its QR code; NULL: taizhang:CODE/issue/ */
    tz_lang     lang;
} tz_form_options;

/* A filled form: of one unit, with the issues that it is about. */
typedef struct {
    const char  *unit; /* NULL: none was named */
    tz_document *doc;
    size_t       count; /* issues or registers */
} tz_filled;

typedef struct {
    tz_filled *items;
    size_t     count, room;
} tz_filled_list;

/* Fills the form: one document a unit, of all its issues, in the order of the units; then all of them as one
 * under a NULL unit where there are several. None where nothing is to be said. TZ_MISSING: no such issue.
 * TZ_INPUT: the form's template is wrong. */
TZ_MUST tz_rc tz_form_fill(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_form *form, const tz_form_options *options,
                           tz_filled_list *ret_filled, tz_err *err);

#endif
