/* render - pages from templates: Mustache with the frame around, each word in the reader's language.
 *
 * `[[中文|English]]` in a template is the half of the reader's language; {{#level=red}} is a section where the
 * value is that text; {{name~url}} is percent-encoded. Templates are part of the program. */
#ifndef TZ_WEB_RENDER_H
#define TZ_WEB_RENDER_H

#include "web/web.h"

/* Prepares the templates of both languages, once. */
typedef struct tz_templates tz_templates;
const tz_templates *tz_templates_load(tz_arena *mem);

/* Appends a page filled with data. The frame around it is the pages `frame` and `foot`. TZ_INPUT: a template's own fault;
 * TZ_LIMIT. */
TZ_MUST tz_rc tz_render_page(tz_arena *mem, const tz_templates *templates, const char *page, tz_lang lang, const json_t *data, tz_buf *out,
                             tz_err *err);

/* A file of the site: its bytes, type, and version (of its name's ?v=). */
typedef struct {
    const char *name;
    tz_text     bytes;
    const char *type;
    const char *version;
} tz_asset;
const tz_asset *tz_asset_find(const tz_templates *templates, const char *name); /* NULL: none */

#endif
