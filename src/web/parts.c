#include "web/parts.h"

#include <string.h>
#include <strings.h>

#include "base/assert.h"

enum { MAX_BOUNDARY = 200, MAX_HEAD_BYTES = 8 << 10, WINDOW_BYTES = 64 << 10 };

typedef enum {
    PREAMBLE, /* what stands before the first boundary; nobody reads it */
    BEHIND,   /* just behind a boundary */
    HEAD,     /* a part's headers */
    BODY,
    OVER,     /* the last boundary was seen */
} place;

struct tz_parts {
    tz_parts_sink sink;
    tz_text       line;   /* "\r\n--BOUNDARY" */
    place         place;
    bool          is_told; /* the part has a name */
    char         *window; /* what is not judged yet */
    size_t        size;
};

/* The value of a parameter of a header: "form-data; name=\"a\"; filename=b". In quotes only \" is an escape: names from
 * Windows hold backslashes. False: it is not there. */
static bool find_parameter(tz_text header, const char *wanted, char *out, size_t room)
{
    size_t at = 0, size = 0;

    while (at < header.size) {
        bool is_quoted = false;
        while (at < header.size && (is_quoted || header.data[at] != ';')) {
            is_quoted ^= header.data[at] == '"' && header.data[at - (at > 0)] != '\\';
            at++;
        }
        while (at < header.size && strchr("; \t", header.data[at]) != NULL)
            at++;
        size = strlen(wanted);
        if (at + size < header.size && strncasecmp(header.data + at, wanted, size) == 0 && header.data[at + size] == '=')
            break;
    }
    if (at >= header.size)
        return false;
    at += size + 1;
    size = 0;
    bool is_quoted = at < header.size && header.data[at] == '"';
    for (at += is_quoted; at < header.size && size + 1 < room; at++) {
        bool is_escape = is_quoted && header.data[at] == '\\' && at + 1 < header.size && header.data[at + 1] == '"';
        if (!is_escape && (is_quoted ? header.data[at] == '"' : strchr("; \t", header.data[at]) != NULL))
            break;
        at += is_escape;
        out[size++] = header.data[at];
    }
    out[size] = '\0';
    return true;
}

tz_parts *tz_parts_open(tz_arena *mem, const char *content_type, const tz_parts_sink *sink)
{
    tz_assert(mem != NULL && content_type != NULL && sink != NULL);
    char boundary[MAX_BOUNDARY + 2];

    if (!find_parameter(tz_text_of(content_type), "boundary", boundary, sizeof boundary) || boundary[0] == '\0' ||
        strlen(boundary) > MAX_BOUNDARY)
        return NULL;
    tz_parts *parts = tz_new(mem, tz_parts);
    parts->sink = *sink;
    parts->line = tz_text_of(tz_arena_printf(mem, "\r\n--%s", boundary));
    parts->window = tz_arena_alloc(mem, WINDOW_BYTES);
    memcpy(parts->window, "\r\n", 2); /* so that a boundary at the very beginning is like all others */
    parts->size = 2;
    return parts;
}

static void drop(tz_parts *parts, size_t size)
{
    parts->size -= size;
    memmove(parts->window, parts->window + size, parts->size);
}

/* Where `what` begins in the window, SIZE_MAX: nowhere. */
static size_t find(const tz_parts *parts, tz_text what)
{
    const char *at = memmem(parts->window, parts->size, what.data, what.size);
    return at == NULL ? SIZE_MAX : (size_t)(at - parts->window);
}

/* Bytes up to the boundary, or all that cannot be its beginning. True: there it is. */
static bool pass_to_boundary(tz_parts *parts)
{
    size_t at = find(parts, parts->line);
    size_t size = at != SIZE_MAX ? at : parts->size < parts->line.size ? 0 : parts->size - parts->line.size + 1;

    if (parts->place == BODY && parts->is_told && size > 0)
        parts->sink.bytes(parts->sink.context, (tz_text){parts->window, size});
    drop(parts, at == SIZE_MAX ? size : at + parts->line.size);
    parts->place = at == SIZE_MAX ? parts->place : BEHIND;
    return at != SIZE_MAX;
}

/* The header of that name among a head's lines. */
static tz_text header_of(tz_text head, const char *name)
{
    size_t size = strlen(name);

    for (size_t at = 0; at < head.size;) {
        size_t  next = tz_text_find(head, TZ_TEXT("\r\n"), at), end = next == SIZE_MAX ? head.size : next;
        tz_text line = tz_text_cut(head, at, end - at);
        if (line.size > size && line.data[size] == ':' && strncasecmp(line.data, name, size) == 0)
            return tz_text_cut(line, size + 1, line.size);
        at = end + 2;
    }
    return (tz_text){0};
}

static void begin_part(tz_parts *parts, tz_text head)
{
    char    name[MAX_HEAD_BYTES], file[MAX_HEAD_BYTES];
    tz_text disposition = header_of(head, "Content-Disposition");
    bool    is_file = find_parameter(disposition, "filename", file, sizeof file);

    parts->is_told = find_parameter(disposition, "name", name, sizeof name);
    parts->place = BODY;
    if (parts->is_told)
        parts->sink.begin(parts->sink.context, name, is_file ? file : NULL);
}

/* One step with what is in the window. False: more is needed, or (*ret_is_wrong) this is no such body. */
static bool step(tz_parts *parts, bool *ret_is_wrong)
{
    size_t at, pad = 0;

    switch (parts->place) {
    case PREAMBLE:
    case BODY: return pass_to_boundary(parts);
    case BEHIND:
        while (pad < parts->size && (parts->window[pad] == ' ' || parts->window[pad] == '\t'))
            pad++;
        if (parts->size < pad + 2) {
            *ret_is_wrong = pad >= MAX_HEAD_BYTES;
            return false;
        }
        parts->place = memcmp(parts->window + pad, "--", 2) == 0 ? OVER : HEAD;
        *ret_is_wrong = parts->place == HEAD && memcmp(parts->window + pad, "\r\n", 2) != 0;
        drop(parts, parts->place == HEAD ? pad : pad + 2); /* a head begins with its line end, as it ends with two */
        return !*ret_is_wrong;
    case HEAD:
        at = find(parts, TZ_TEXT("\r\n\r\n"));
        *ret_is_wrong = at == SIZE_MAX ? parts->size >= MAX_HEAD_BYTES : at >= MAX_HEAD_BYTES;
        if (*ret_is_wrong || at == SIZE_MAX)
            return false;
        begin_part(parts, (tz_text){parts->window, at});
        drop(parts, at + 4);
        return true;
    case OVER: parts->size = 0; return false; /* what stands behind, nobody reads */
    }
    return false;
}

bool tz_parts_take(tz_parts *parts, tz_text bytes)
{
    tz_assert(parts != NULL);
    bool is_wrong = false;

    while (bytes.size > 0 && !is_wrong) {
        size_t room = WINDOW_BYTES - parts->size, size = bytes.size < room ? bytes.size : room;
        tz_assert(size > 0); /* every place leaves less than the window */
        memcpy(parts->window + parts->size, bytes.data, size);
        parts->size += size;
        bytes = tz_text_cut(bytes, size, bytes.size);
        while (step(parts, &is_wrong))
            ;
    }
    return !is_wrong;
}

bool tz_parts_is_whole(const tz_parts *parts)
{
    return parts->place == OVER;
}
