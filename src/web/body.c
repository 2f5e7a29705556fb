#include "web/body.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/limits.h"

enum { SLACK_BYTES = 1 << 20 };

static bool may_upload(const tz_exchange *exchange)
{
    return (exchange->req.route->flags & TZ_ROUTE_UPLOAD) != 0;
}

static int64_t upload_limit(const tz_exchange *exchange)
{
    return exchange->req.actor == NULL ? TZ_WEB_MAX_PUBLIC_BYTES : TZ_MAX_FILE_BYTES;
}

static int64_t field_limit(const tz_exchange *exchange)
{
    return exchange->req.actor == NULL ? TZ_WEB_MAX_OPEN_BYTES : TZ_WEB_MAX_FIELD_BYTES;
}

/* The rest is read and dropped, so that the answer can be given. */
static void too_large(tz_exchange *exchange)
{
    if (exchange->body_rc == TZ_OK)
        exchange->body_rc = tz_fail(&exchange->err, TZ_LIMIT, "发来的内容过大", "what was sent is too large");
}

static void not_written_so(tz_exchange *exchange)
{
    if (exchange->body_rc == TZ_OK)
        exchange->body_rc = tz_fail(&exchange->err, TZ_USAGE, "表单写法不对", "the form is not written so");
}

static void not_kept(tz_exchange *exchange)
{
    if (exchange->body_rc == TZ_OK)
        exchange->body_rc = tz_fail(&exchange->err, TZ_SYSTEM, "上传的文件存不下:%s", "the upload cannot be kept: %s", strerror(errno));
}

static void add_field(tz_exchange *exchange, const char *name, tz_text value)
{
    if (exchange->req.fields.count >= TZ_WEB_MAX_FIELDS)
        too_large(exchange);
    else
        tz_request_add(&exchange->req, &exchange->req.fields, name, value);
}

/* ---- multipart/form-data ---- */

static void end_part(tz_exchange *exchange)
{
    if (exchange->field != NULL)
        add_field(exchange, exchange->field, tz_buf_text(&exchange->value));
    exchange->field = NULL;
    if (exchange->upload_fd >= 0 && close(exchange->upload_fd) != 0)
        not_kept(exchange);
    exchange->upload_fd = -1;
}

static void open_upload(tz_exchange *exchange, const char *field, const char *name)
{
    char *path = tz_arena_printf(&exchange->mem, "%s/upload-XXXXXX", exchange->office->incoming);

    exchange->upload_fd = mkostemp(path, O_CLOEXEC);
    if (exchange->upload_fd < 0)
        not_kept(exchange);
    else
        tz_push(&exchange->mem, &exchange->req.uploads,
                (tz_upload){.field = tz_arena_dup(&exchange->mem, field), .name = tz_upload_name(&exchange->mem, name), .path = path});
}

/* A file without a name is a file field that was left empty: neither a file nor a field. */
static void begin_part(void *context, const char *name, const char *file)
{
    tz_exchange *exchange = context;

    end_part(exchange);
    if (exchange->body_rc != TZ_OK)
        return;
    if (file == NULL) {
        exchange->field = tz_arena_dup(&exchange->mem, name);
        exchange->value = tz_buf_init(&exchange->mem, TZ_WEB_MAX_FIELD_BYTES);
        exchange->field_bytes += (int64_t)strlen(name) + 1;
        if (exchange->field_bytes > field_limit(exchange))
            too_large(exchange);
    } else if (file[0] != '\0') {
        if (!may_upload(exchange) || exchange->req.uploads.count >= TZ_WEB_MAX_UPLOADS)
            too_large(exchange);
        else
            open_upload(exchange, name, file);
    }
}

static void take_upload(tz_exchange *exchange, tz_text bytes)
{
    exchange->upload_bytes += (int64_t)bytes.size;
    if (exchange->upload_bytes > upload_limit(exchange))
        too_large(exchange);
    for (size_t done = 0; exchange->body_rc == TZ_OK && done < bytes.size;) {
        ssize_t written = write(exchange->upload_fd, bytes.data + done, bytes.size - done);
        if (written < 0 && errno != EINTR)
            not_kept(exchange);
        done += written < 0 ? 0 : (size_t)written;
    }
    exchange->req.uploads.items[exchange->req.uploads.count - 1].size += (int64_t)bytes.size;
}

static void take_part(void *context, tz_text bytes)
{
    tz_exchange *exchange = context;

    if (exchange->body_rc != TZ_OK)
        return;
    if (exchange->upload_fd >= 0) {
        take_upload(exchange, bytes);
    } else if (exchange->field != NULL) {
        exchange->field_bytes += (int64_t)bytes.size;
        if (exchange->field_bytes > field_limit(exchange))
            too_large(exchange);
        else
            tz_buf_put(&exchange->value, bytes);
    }
}

/* ---- All ---- */

static bool is_type(const char *sent, const char *type)
{
    size_t size = strlen(type);
    return sent != NULL && strncasecmp(sent, type, size) == 0 && strchr("; \t", sent[size]) != NULL;
}

void tz_body_begin(tz_exchange *exchange)
{
    const char *type = tz_header(&exchange->req, "Content-Type");

    exchange->whole = tz_buf_init(&exchange->mem, (size_t)field_limit(exchange));
    exchange->body = is_type(type, "multipart/form-data")                 ? TZ_BODY_PARTS
                     : is_type(type, "application/x-www-form-urlencoded") ? TZ_BODY_PAIRS
                     : is_type(type, "application/json")                  ? TZ_BODY_JSON
                                                                          : TZ_BODY_NONE;
    if (exchange->body == TZ_BODY_PARTS)
        exchange->parts = tz_parts_open(&exchange->mem, type, &(tz_parts_sink){begin_part, take_part, exchange});
    if (exchange->body == TZ_BODY_PARTS && exchange->parts == NULL)
        not_written_so(exchange);
}

bool tz_body_take(tz_exchange *exchange, const char *data, size_t size)
{
    int64_t most = (may_upload(exchange) ? upload_limit(exchange) : field_limit(exchange)) + SLACK_BYTES;

    if (exchange->body_bytes > 2 * most)
        return false;
    if (exchange->body_bytes > most)
        too_large(exchange);
    if (exchange->body_rc == TZ_OK && exchange->parts != NULL && !tz_parts_take(exchange->parts, (tz_text){data, size}))
        not_written_so(exchange);
    if (exchange->body == TZ_BODY_PAIRS || exchange->body == TZ_BODY_JSON)
        tz_buf_put(&exchange->whole, (tz_text){data, size});
    return true;
}

static int hex_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static tz_text decoded(tz_arena *mem, tz_text text)
{
    char  *out = tz_arena_alloc(mem, text.size + 1);
    size_t size = 0;

    for (size_t i = 0; i < text.size; i++) {
        bool is_code = text.data[i] == '%' && i + 2 < text.size && hex_of(text.data[i + 1]) >= 0 && hex_of(text.data[i + 2]) >= 0;
        out[size++] = is_code ? (char)(hex_of(text.data[i + 1]) * 16 + hex_of(text.data[i + 2])) : text.data[i] == '+' ? ' ' : text.data[i];
        i += is_code ? 2 : 0;
    }
    return (tz_text){out, size};
}

/* a=1&b=2. */
static void take_pairs(tz_exchange *exchange)
{
    tz_text whole = tz_buf_text(&exchange->whole);

    for (size_t at = 0; at < whole.size && exchange->body_rc == TZ_OK;) {
        size_t  next = tz_text_find(whole, TZ_TEXT("&"), at), end = next == SIZE_MAX ? whole.size : next;
        tz_text pair = tz_text_cut(whole, at, end - at);
        size_t  equals = tz_text_find(pair, TZ_TEXT("="), 0), name = equals == SIZE_MAX ? pair.size : equals;
        if (pair.size > 0)
            add_field(exchange, decoded(&exchange->mem, tz_text_cut(pair, 0, name)).data,
                      decoded(&exchange->mem, tz_text_cut(pair, name + 1, pair.size)));
        at = end + 1;
    }
}

/* The strings, numbers and booleans of an object as fields, lists as several of one name. */
static void take_json(tz_exchange *exchange)
{
    json_t     *value = NULL;
    const char *name;
    json_t     *member;

    exchange->body_rc = tz_json_parse(tz_buf_text(&exchange->whole), &value, &exchange->err);
    if (exchange->body_rc == TZ_OK && !json_is_object(value))
        exchange->body_rc = tz_fail(&exchange->err, TZ_USAGE, "应是一个 JSON 对象", "a JSON object is expected");
    json_object_foreach(value, name, member)
    {
        size_t count = json_is_array(member) ? json_array_size(member) : 1;
        for (size_t i = 0; i < count && exchange->body_rc == TZ_OK; i++) {
            const json_t *one = json_is_array(member) ? json_array_get(member, i) : member;
            const char   *text = json_is_integer(one)   ? tz_arena_printf(&exchange->mem, "%lld", (long long)json_integer_value(one))
                                 : json_is_boolean(one) ? (json_is_true(one) ? "1" : "")
                                                        : json_string_value(one);
            if (text != NULL)
                add_field(exchange, name, tz_text_of(text));
        }
    }
    json_decref(value);
}

void tz_body_end(tz_exchange *exchange)
{
    end_part(exchange);
    if (exchange->parts != NULL && !tz_parts_is_whole(exchange->parts))
        not_written_so(exchange);
    if (exchange->whole.is_over)
        too_large(exchange);
    if (exchange->body == TZ_BODY_JSON && exchange->body_rc == TZ_OK)
        take_json(exchange);
    else if (exchange->body == TZ_BODY_PAIRS && exchange->body_rc == TZ_OK)
        take_pairs(exchange);
}

void tz_body_close(tz_exchange *exchange)
{
    if (exchange->upload_fd >= 0)
        (void)close(exchange->upload_fd);
    for (size_t i = 0; i < exchange->req.uploads.count; i++)
        (void)unlink(exchange->req.uploads.items[i].path);
}
