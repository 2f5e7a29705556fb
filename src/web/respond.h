/* respond - the bytes and headers of an answer, as libmicrohttpd takes them: for answer.c and exchange.c. */
#ifndef TZ_WEB_RESPOND_H
#define TZ_WEB_RESPOND_H

#include "web/inside.h"

/* The answer of the exchange: these bytes, which live as long as it, and what every answer carries. */
void tz_respond(tz_exchange *exchange, int status, tz_text bytes, const char *type);
/* One more header of the answer that was given. */
void tz_respond_header(tz_exchange *exchange, const char *name, const char *value);

/* A hash of the bytes, quoted: what a browser sends back to ask whether they changed. */
const char *tz_respond_tag(tz_arena *mem, tz_text bytes);
/* An answer that a browser may keep and must ask about: 304 where it has it. */
void tz_respond_tagged(tz_exchange *exchange, int status, tz_text bytes, const char *type, const char *tag);

/* What the handler gave as bytes, or as a file; a temporary one goes. False: the file can't be read, and nothing is answered. */
void tz_respond_bytes(tz_exchange *exchange, const tz_reply *reply);
bool tz_respond_file(tz_exchange *exchange, const tz_reply *reply);

#endif
