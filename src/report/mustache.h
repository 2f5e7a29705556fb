/* mustache - templates of packs, as the Mustache specification (v1.4) says.
 *
 * Variables, sections, inverted sections, comments, partials, changed delimiters and dynamic names.
 * Lambdas and inheritance are not here: a view holds data and never code, and a county that wants
 * another text puts its own file in the place of the shipped one.
 *
 * The escape belongs to the target, not to the language: in Markdown a name never turns italic, in
 * HTML it never turns into `&amp;amp;`.  Two members of an object are read specially, both optional:
 * `_text` (a string) is what the object prints as, already in the target's form; `_is` (a boolean)
 * is whether it counts as true in a section.  So a figure can be a word, a truth and a context.
 */
#ifndef TZ_REPORT_MUSTACHE_H
#define TZ_REPORT_MUSTACHE_H

#include "base/json.h"

typedef struct {
    void (*escape)(tz_buf *out, tz_text text); /* appends text in the target's form; NULL: as it is */
    /* A partial's text or NULL where there is none; may be NULL itself. */
    const char *(*partial)(void *context, const char *name);
    /* Appends what stands where a variable has no value; NULL: nothing. */
    void (*missing)(void *context, tz_buf *out, tz_text name);
    void *context;
    /* What pages of web add to the language; NULL and false: nothing. {{name~url}} appends the value by `filter` instead
     * of `escape`; {{#name=text}} is a section where the value is that text. */
    void (*filter)(tz_buf *out, tz_text text);
    bool is_comparing;
} tz_mustache_target;

/* Appends the template filled with view. file names the template in errors. TZ_INPUT: a tag or a
 * section that is not closed, or an end without a beginning, with its line. TZ_LIMIT: partials
 * within partials without end, sections within sections too deep, or the output is over the buffer's maximum. */
TZ_MUST tz_rc tz_mustache(tz_arena *mem, const char *file, tz_text template, const json_t *view, const tz_mustache_target *target,
                          tz_buf *out, tz_err *err);

/* Escapes of targets. Markdown: a backslash before every ASCII punctuation mark, a space for a line
 * break, so that the text stands in a sentence or a table cell as it is. */
void tz_escape_markdown(tz_buf *out, tz_text text);

#endif
