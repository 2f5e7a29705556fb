#include "web/render.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/hash.h"
#include "report/html.h"
#include "report/mustache.h"

typedef struct { const char *name, *text; } file;

static const file PAGES[] = {
#include "pages.inc"
};
static const file PARTS[] = {
#include "parts.inc"
};
static const file ASSETS[] = {
#include "assets.inc"
};
enum { PAGE_COUNT = sizeof PAGES / sizeof PAGES[0], PART_COUNT = sizeof PARTS / sizeof PARTS[0], ASSET_COUNT = sizeof ASSETS / sizeof ASSETS[0] };

struct tz_templates {
    const char *pages[2][PAGE_COUNT]; /* by language */
    const char *parts[2][PART_COUNT];
    tz_asset    assets[ASSET_COUNT];
};

/* The text with the reader's half of each [[中文|English]]. */
static const char *in_language(tz_arena *mem, const char *text, tz_lang lang)
{
    tz_buf  out = tz_buf_init(mem, 0);
    tz_text rest = tz_text_of(text);

    for (;;) {
        size_t open = tz_text_find(rest, TZ_TEXT("[["), 0), close = open == SIZE_MAX ? SIZE_MAX : tz_text_find(rest, TZ_TEXT("]]"), open);
        if (close == SIZE_MAX)
            break;
        size_t      len = 0;
        const char *half = tz_half(tz_text_dup(mem, tz_text_cut(rest, open + 2, close - open - 2)), lang, &len);
        tz_buf_put(&out, tz_text_cut(rest, 0, open));
        tz_buf_put(&out, (tz_text){half, len});
        rest = tz_text_cut(rest, close + 2, rest.size);
    }
    tz_buf_put(&out, rest);
    return tz_text_dup(mem, tz_buf_text(&out));
}

static const char *type_of(const char *name)
{
    tz_text text = tz_text_of(name);
    return tz_text_ends(text, TZ_TEXT(".css"))   ? "text/css; charset=utf-8"
           : tz_text_ends(text, TZ_TEXT(".js"))  ? "text/javascript; charset=utf-8"
           : tz_text_ends(text, TZ_TEXT(".svg")) ? "image/svg+xml"
           : tz_text_ends(text, TZ_TEXT(".json")) ? "application/json; charset=utf-8"
                                                  : "text/plain; charset=utf-8";
}

static tz_asset load_asset(tz_arena *mem, const file *from)
{
    char      hex[TZ_SM3_HEX];
    tz_text   bytes = tz_text_of(from->text);
    tz_digest digest = tz_sm3(bytes.data, bytes.size);

    tz_digest_hex(&digest, hex);
    return (tz_asset){from->name, bytes, type_of(from->name), tz_arena_copy(mem, hex, 12)};
}

const tz_templates *tz_templates_load(tz_arena *mem)
{
    tz_templates *made = tz_new(mem, tz_templates);

    for (tz_lang lang = TZ_ZH; lang <= TZ_EN; lang++) {
        for (size_t i = 0; i < PAGE_COUNT; i++)
            made->pages[lang][i] = in_language(mem, PAGES[i].text, lang);
        for (size_t i = 0; i < PART_COUNT; i++)
            made->parts[lang][i] = in_language(mem, PARTS[i].text, lang);
    }
    for (size_t i = 0; i < ASSET_COUNT; i++)
        made->assets[i] = load_asset(mem, &ASSETS[i]);
    return made;
}

const tz_asset *tz_asset_find(const tz_templates *templates, const char *name)
{
    for (size_t i = 0; i < ASSET_COUNT; i++)
        if (strcmp(templates->assets[i].name, name) == 0)
            return &templates->assets[i];
    return NULL;
}

/* ---- Filling ---- */

typedef struct {
    const tz_templates *templates;
    tz_arena           *mem;
    tz_lang             lang;
} filling;

/* Partials: web/parts/NAME.html, and `asset:NAME`, which gives an asset's versioned address. */
static const char *find_part(void *context, const char *name)
{
    const filling *in = context;
    char           wanted[80];

    if (strncmp(name, "asset:", 6) == 0) {
        const tz_asset *asset = tz_asset_find(in->templates, name + 6);
        return asset == NULL ? NULL : tz_arena_printf(in->mem, "/static/%s?v=%s", asset->name, asset->version);
    }
    (void)snprintf(wanted, sizeof wanted, "%s.html", name);
    for (size_t i = 0; i < PART_COUNT; i++)
        if (strcmp(PARTS[i].name, wanted) == 0)
            return in->templates->parts[in->lang][i];
    return NULL;
}

static const char *find_page(const tz_templates *templates, tz_lang lang, const char *page)
{
    char wanted[80];

    (void)snprintf(wanted, sizeof wanted, "%s.html", page);
    for (size_t i = 0; i < PAGE_COUNT; i++)
        if (strcmp(PAGES[i].name, wanted) == 0)
            return templates->pages[lang][i];
    return NULL;
}

tz_rc tz_render_page(tz_arena *mem, const tz_templates *templates, const char *page, tz_lang lang, const json_t *data, tz_buf *out,
                     tz_err *err)
{
    filling            in = {templates, mem, lang};
    tz_mustache_target target = {.escape = tz_html_text, .partial = find_part, .filter = tz_url_put, .is_comparing = true, .context = &in};
    const char        *text = find_page(templates, lang, page);

    tz_assert(text != NULL);
    return tz_mustache(mem, page, tz_text_of(text), data, &target, out, err);
}
