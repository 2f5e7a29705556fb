/* listing - the one way in which a page shows a list: filtered, ordered, a page at a time, saved as a view, taken away as
 * a file.  What fits and in which order is the domain's; here are the address, the links and the file.
 *
 * The address carries everything: the list's own filters, sort=NAME, desc=1, and where a page begins (after=NUMBER or
 * before=NUMBER, with n= for the number of its first line, which is only shown).
 */
#ifndef TZ_WEB_LISTING_H
#define TZ_WEB_LISTING_H

#include "formats/listing.h"
#include "web/web.h"

typedef struct {
    int64_t     after, before, limit; /* as the domain's filters have them */
    const char *sort;                 /* one of the list's, or NULL */
    bool        is_descending;
} tz_web_range;

typedef struct {
    const char           *path;    /* "/issues" */
    const char           *key;     /* the member of a row that pages go on behind: "issue" */
    const tz_list_column *columns; /* of a file */
    const char *const    *filters; /* names of its parameters; ends with NULL */
    const char *const    *sorts;   /* names of its orders; ends with NULL; the first is what it is without one */
    tz_rc (*read)(tz_request *req, const tz_web_range *range, json_t **ret_rows, tz_err *err);
    /* How many there are, counted up to `most`; -1: it would cost as much as reading them. NULL: read gives all, whatever the range. */
    tz_rc (*count)(tz_request *req, int64_t most, int64_t *ret_count, tz_err *err);
} tz_web_list;

/* Fills reply->data: rows, and list {total, is_more (there are more than were counted), first, last (numbers of the page's lines),
 * previous, next (addresses or null), csv, xlsx (addresses), query (of this view, without where the page begins), is_filtered,
 * sorts{NAME: {href, mark}}, views[{name, href}]}.  Asked for as a file, the answer is all its rows. */
TZ_MUST tz_rc tz_web_list_show(tz_request *req, tz_reply *reply, const tz_web_list *list, tz_err *err);

/* "?a=b&c=d" of the parameters named, as asked, with one of them set to another value (NULL: left out); "" without any. */
const char *tz_web_query_with(tz_request *req, const char *const *names, const char *name, const char *value);

/* [{value, text, is_chosen}] for a select: words ("value|中文|English", ends with NULL), chosen by the parameter's value. */
json_t *tz_web_choices(tz_request *req, const char *const *words, const char *chosen);

/* The parameter, NULL where it is "all". */
const char *tz_web_filter(const tz_request *req, const char *name, const char *otherwise);

/* Of an actor of less than the county: their divisions, their units, as JSON arrays; else NULL. New references. */
json_t *tz_web_places(const tz_request *req);
json_t *tz_web_units(const tz_request *req);

/* Townships as choices of a select, by the code that begins those in them. */
json_t *tz_web_townships(tz_request *req, const char *chosen);

#endif
