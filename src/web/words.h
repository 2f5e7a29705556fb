/* words - what all pages share: words in the reader's language, times as people read them, the way to a page, the address as
 * it was asked. */
#ifndef TZ_WEB_WORDS_H
#define TZ_WEB_WORDS_H

#include "web/web.h"

/* The half of "中文|English" in the reader's language; NULL stays NULL. */
const char *tz_web_half(const tz_request *req, const char *both);

/* Replaces members of an object that hold "中文|English" by the reader's half. keys ends with NULL. */
void tz_web_halve(const tz_request *req, json_t *object, const char *const *keys);

/* "2026-11-24 17:05" in China of a time in RFC 3339; the text itself where it is none, NULL stays NULL. */
const char *tz_web_time(const tz_request *req, const char *utc);

/* The same under `to`, from milliseconds under `from`, in each row that has them. */
void tz_web_times(json_t *rows, const char *from, const char *to);

/* Adds a step of the way to this page to data.crumbs; href NULL: where we are. */
void tz_web_crumb(json_t *data, const char *href, const char *text);

/* What becomes of a member that counts: 0 is no section of a template. */
void tz_web_count(json_t *data, const char *name, int64_t count);

/* Appends the parameters of the address as asked, but for those that `without` names (ends with NULL): "?a=b&c=d" where first
 * is '?', "&a=b&c=d" where it is '&', nothing without any. */
void tz_query_put(tz_buf *out, const tz_request *req, char first, const char *const *without);

#endif
