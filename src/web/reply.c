/* reply - what a handler gives back. */
#include "base/assert.h"
#include "web/web.h"

void tz_reply_file(tz_reply *reply, const char *path, const char *download, const char *type)
{
    tz_assert(reply != NULL && path != NULL && type != NULL);
    reply->file = path;
    reply->download = download;
    reply->type = type;
}

void tz_reply_bytes(tz_reply *reply, tz_text bytes, const char *download, const char *type)
{
    tz_assert(reply != NULL && type != NULL);
    reply->bytes = bytes;
    reply->download = download;
    reply->type = type;
}

void tz_reply_header(tz_request *req, tz_reply *reply, const char *name, const char *value)
{
    tz_push(req->mem, &reply->headers, (tz_pair){name, value});
}
