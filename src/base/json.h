/* json - jansson, plus the canonical form that is hashed (RFC 8785).
 *
 * Canonical text here holds objects, arrays, strings, integers, booleans and null; a real number
 * is refused, since amounts are strings.  jansson's references: what a function returns to you
 * is yours to json_decref; what `get` gives is borrowed.
 */
#ifndef TZ_BASE_JSON_H
#define TZ_BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/text.h"

/* Appends the canonical form: keys in order of their UTF-16 code units, no white space, strings
 * escaped as RFC 8785 section 3.2.2.2 says.  Asserts on a real number: callers build the value, or
 * ask tz_json_is_exact of one that they read. */
void tz_json_canonical(const json_t *value, tz_buf *out);
void tz_json_put_string(tz_text text, tz_buf *out); /* as tz_json_canonical would, of tz_json_text(text) */

/* Whether no real number is anywhere in value, so that it has a canonical form. */
bool tz_json_is_exact(const json_t *value);

/* Parses text; TZ_INPUT with the line where it breaks. Integers past 2^53 stay exact. */
TZ_MUST tz_rc tz_json_parse(tz_text text, json_t **ret_value, tz_err *err);

/* A member's text, or NULL when it is absent or no string. */
const char *tz_json_str(const json_t *object, const char *key);
int64_t     tz_json_int(const json_t *object, const char *key, int64_t otherwise);

/* A JSON string of any bytes: invalid UTF-8 is replaced by U+FFFD, never refused. */
json_t *tz_json_text(tz_text text);

/* Sets key to text, or to null where text is NULL. */
void tz_json_set_str(json_t *object, const char *key, const char *text);
void tz_json_set_int(json_t *object, const char *key, int64_t value);
/* Sets key to one half of "中文|English" (tz_half), or to null where both is NULL. */
void tz_json_set_half(json_t *object, const char *key, const char *both, tz_lang lang);

#endif
