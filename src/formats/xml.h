/* xml - a pull of XML in UTF-8 as SAX events, several times as fast as a general parser.
 *
 * Reads what XML 1.0 allows without a DTD: elements, attributes, text, the five named entities and
 * character references, CDATA, comments, processing instructions.  It stops at what is not well-formed
 * as far as that matters here: tags that do not match, unknown entities, broken UTF-8 in texts, an end
 * before the root's.  It is more lenient than a validating parser in what changes no event: names may
 * hold any character, an attribute may come twice.  A DTD is refused.  tests/model/xml.c runs it beside
 * expat: where expat accepts, both give the same events.
 *
 *     tz_xml xml = tz_xml_init(&mem, &handler);
 *     for (;;) {
 *         switch (tz_xml_step(&xml)) {
 *         case TZ_XML_PAUSED: …use what the handler made…
 *         case TZ_XML_HUNGRY: room = tz_xml_room(&xml, 65536); …read…; tz_xml_fed(&xml, size); (0: the end)
 */
#ifndef TZ_FORMATS_XML_H
#define TZ_FORMATS_XML_H

#include "base/text.h"

/* Names of elements come without their prefix, those of attributes with it. Attributes are pairs of name
 * and value, NULL behind the last. All texts are borrowed for the call. */
typedef struct {
    void (*start)(void *context, const char *name, const char **attributes);
    void (*end)(void *context, const char *name);             /* NULL: not wanted */
    void (*text)(void *context, const char *text, int size);  /* NULL: not wanted */
    void *context;
} tz_xml_handler;

typedef enum {
    TZ_XML_HUNGRY, /* wants more bytes                                     */
    TZ_XML_PAUSED, /* a handler asked for it                               */
    TZ_XML_DONE,   /* the end                                              */
    TZ_XML_BROKEN, /* not well-formed: line_no tells where                 */
    TZ_XML_DTD,    /* a DTD                                                */
    TZ_XML_LIMIT,  /* nested too deeply, or a tag or comment is too long   */
} tz_xml_state;

typedef struct {
    const tz_xml_handler *handler;
    tz_arena     *mem;
    char         *window;
    size_t        room, size, at;
    tz_xml_state  state;   /* what ended it, else TZ_XML_HUNGRY */
    bool          is_paused, is_last, has_root;
    struct { char *items; size_t count; size_t room; } names; /* of open elements, each with its zero byte */
    struct { const char **items; size_t count; size_t room; } attributes;
    struct { size_t *items; size_t count; size_t room; } marks; /* of a tag: where names and values begin and end */
    int           depth;
    bool          is_skipping; /* up to the end of the innermost element */
    uint64_t      line_no;
} tz_xml;

tz_xml       tz_xml_init(tz_arena *mem, const tz_xml_handler *handler);
char *tz_xml_room(tz_xml *xml,
                  size_t size); /* where to put up to size more bytes; NULL: one tag is too long */
void         tz_xml_fed(tz_xml *xml, size_t size);  /* so many were put there; 0: there are no more */
void         tz_xml_pause(tz_xml *xml);             /* by a handler: return after this event */

/* By the start handler of an element that is not empty: nothing of its content is wanted. It is searched for the
 * element's end tag as text, which is ten times as fast; an element of that name inside it must not be. */
void         tz_xml_skip(tz_xml *xml);
tz_xml_state tz_xml_step(tz_xml *xml);              /* goes on; state that ends it stays */

#endif
