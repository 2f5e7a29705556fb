#include "web/respond.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"

static const char CSP[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
                          "font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

void tz_respond_header(tz_exchange *exchange, const char *name, const char *value)
{
    (void)MHD_add_response_header(exchange->response, name, value);
}

/* What every answer carries. */
static void take(tz_exchange *exchange, int status, struct MHD_Response *response, const char *type, int64_t bytes)
{
    tz_assert(response != NULL);
    exchange->status = status;
    exchange->response = response;
    exchange->answer_bytes = bytes;
    tz_respond_header(exchange, "Content-Type", type);
    tz_respond_header(exchange, "Content-Security-Policy", CSP);
    tz_respond_header(exchange, "X-Content-Type-Options", "nosniff");
    tz_respond_header(exchange, "X-Frame-Options", "DENY");
    tz_respond_header(exchange, "Referrer-Policy", "same-origin");
    tz_respond_header(exchange, "Cross-Origin-Opener-Policy", "same-origin");
    tz_respond_header(exchange, "Cross-Origin-Resource-Policy", "same-origin");
    tz_respond_header(exchange, "Permissions-Policy", "geolocation=(), microphone=(), camera=(self)");
    if (exchange->office->is_tls)
        tz_respond_header(exchange, "Strict-Transport-Security", "max-age=31536000");
    if (exchange->cookie != NULL)
        tz_respond_header(exchange, "Set-Cookie", exchange->cookie);
}

void tz_respond(tz_exchange *exchange, int status, tz_text bytes, const char *type)
{
    take(exchange, status, MHD_create_response_from_buffer(bytes.size, (void *)(uintptr_t)bytes.data, MHD_RESPMEM_PERSISTENT), type,
         (int64_t)bytes.size);
}

/* ---- What a browser may keep ---- */

static uint64_t mixed(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

/* As FNV, but four times eight bytes at a step, for byte by byte it was the dearest part of a kept page. */
const char *tz_respond_tag(tz_arena *mem, tz_text bytes)
{
    enum { LANES = 4 };
    uint64_t lanes[LANES] = {1, 2, 3, 4}, hash = bytes.size;

    for (size_t i = 0; i < bytes.size; i += sizeof lanes) {
        uint64_t words[LANES] = {0};
        memcpy(words, bytes.data + i, bytes.size - i < sizeof words ? bytes.size - i : sizeof words);
        for (int lane = 0; lane < LANES; lane++)
            lanes[lane] = mixed(lanes[lane], words[lane]);
    }
    for (int lane = 0; lane < LANES; lane++)
        hash = mixed(hash, lanes[lane]);
    return tz_arena_printf(mem, "\"%016llx\"", (unsigned long long)hash);
}

void tz_respond_tagged(tz_exchange *exchange, int status, tz_text bytes, const char *type, const char *tag)
{
    const char *known = tz_header(&exchange->req, "If-None-Match");
    bool        is_known = status == 200 && known != NULL && strcmp(known, tag) == 0;

    tz_respond(exchange, is_known ? 304 : status, is_known ? (tz_text){0} : bytes, type);
    tz_respond_header(exchange, "Cache-Control", "private, no-cache");
    tz_respond_header(exchange, "Vary", "Cookie, Authorization");
    tz_respond_header(exchange, "ETag", tag);
}

bool tz_answer_asset(tz_exchange *exchange)
{
    const char     *path = exchange->asked, *name = strncmp(path, "/static/", 8) == 0 ? path + 8 : path + 1;
    const tz_asset *asset = tz_asset_find(exchange->office->templates, name);

    if (asset == NULL || (name == path + 1 && strcmp(name, "sw.js") != 0))
        return false;
    bool        is_versioned = tz_query_value(&exchange->req, "v") != NULL;
    const char *known = tz_header(&exchange->req, "If-None-Match"), *tag = tz_arena_printf(&exchange->mem, "\"%s\"", asset->version);
    bool        is_known = known != NULL && strcmp(known, tag) == 0;
    tz_respond(exchange, is_known ? 304 : 200, is_known ? (tz_text){0} : asset->bytes, asset->type);
    tz_respond_header(exchange, "Cache-Control", is_versioned ? "public, max-age=31536000, immutable" : "no-cache");
    tz_respond_header(exchange, "ETag", tag);
    return true;
}

/* ---- What it may not ---- */

void tz_answer_redirect(tz_exchange *exchange, const char *to)
{
    tz_respond(exchange, 303, (tz_text){0}, "text/plain; charset=utf-8");
    tz_respond_header(exchange, "Location", tz_is_own_path(to) ? to : "/");
    tz_respond_header(exchange, "Cache-Control", "no-store");
}

/* A file, or bytes, that are saved under a name or shown. */
static void add_download(tz_exchange *exchange, const char *name)
{
    tz_buf out = tz_buf_init(&exchange->mem, 0);

    tz_respond_header(exchange, "Cache-Control", "private, no-store");
    if (name == NULL)
        return;
    tz_buf_puts(&out, "attachment; filename*=UTF-8''");
    tz_url_put(&out, tz_text_of(name));
    tz_respond_header(exchange, "Content-Disposition", tz_buf_str(&out));
}

void tz_respond_bytes(tz_exchange *exchange, const tz_reply *reply)
{
    tz_respond(exchange, reply->status == 0 ? 200 : reply->status, reply->bytes, reply->type);
    add_download(exchange, reply->download);
}

bool tz_respond_file(tz_exchange *exchange, const tz_reply *reply)
{
    struct stat          about;
    struct MHD_Response *response = NULL;
    int                  fd = open(reply->file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd >= 0 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode))
        response = MHD_create_response_from_fd64((uint64_t)about.st_size, fd); /* which closes it */
    if (reply->is_file_temporary)
        (void)unlink(reply->file);
    if (response == NULL) {
        if (fd >= 0)
            (void)close(fd);
        return false;
    }
    take(exchange, 200, response, reply->type, (int64_t)about.st_size);
    add_download(exchange, reply->download);
    return true;
}
