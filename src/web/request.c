#include "web/request.h"

#include <string.h>
#include <strings.h>

#include "base/assert.h"
#include "base/date.h"

enum { MAX_PATH_BYTES = 1024, MAX_NAME_CHARACTERS = 120, MOST_OF_A_PAGE = 500 };

/* ---- Values ---- */

static const char *value_of(const tz_pairs *pairs, const char *name, size_t n)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (strcmp(pairs->items[i].name, name) == 0 && n-- == 0)
            return pairs->items[i].value[0] == '\0' ? NULL : pairs->items[i].value;
    return NULL;
}

const char *tz_param(const tz_request *req, const char *name)
{
    const char *value = value_of(&req->params, name, 0);
    tz_assert(value != NULL);
    return value;
}

const char *tz_query_value(const tz_request *req, const char *name)
{
    return value_of(&req->queries, name, 0);
}

const char *tz_form(const tz_request *req, const char *name)
{
    return value_of(&req->fields, name, 0);
}

const char *tz_plain(const tz_request *req, const char *text)
{
    if (text == NULL)
        return NULL;
    tz_buf out = tz_buf_init(req->mem, strlen(text) + 1);
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        bool is_low = at[0] == 0xEF && at[1] == 0xBC && at[2] >= 0x81 && at[2] <= 0xBF;  /* U+FF01 to U+FF3F: from '!' */
        bool is_high = at[0] == 0xEF && at[1] == 0xBD && at[2] >= 0x80 && at[2] <= 0x9E; /* U+FF40 to U+FF5E: from '`' */
        tz_buf_char(&out, is_low ? (char)(at[2] - 0x81 + '!') : is_high ? (char)(at[2] - 0x80 + '`') : (char)*at);
        at += is_low || is_high ? 2 : 0;
    }
    return tz_buf_str(&out);
}

const char *tz_form_nth(const tz_request *req, const char *name, size_t n)
{
    return value_of(&req->fields, name, n);
}

const char *tz_cookie(const tz_request *req, const char *name)
{
    return value_of(&req->cookies, name, 0);
}

const char *tz_header(const tz_request *req, const char *name)
{
    for (size_t i = 0; i < req->headers.count; i++)
        if (strcasecmp(req->headers.items[i].name, name) == 0)
            return req->headers.items[i].value;
    return NULL;
}

const tz_upload *tz_upload_nth(const tz_request *req, const char *field, size_t n)
{
    for (size_t i = 0; i < req->uploads.count; i++)
        if (strcmp(req->uploads.items[i].field, field) == 0 && n-- == 0)
            return &req->uploads.items[i];
    return NULL;
}

tz_rc tz_param_number(const tz_request *req, const char *name, int64_t *ret_value, tz_err *err)
{
    const char *text = tz_param(req, name);
    int64_t     value = 0;

    if (!tz_text_int(tz_text_of(text[0] == 'F' ? text + 1 : text), &value) || value < 1)
        return tz_fail(err, TZ_MISSING, "没有这一页", "there is no such page");
    *ret_value = value;
    return TZ_OK;
}

tz_rc tz_query_number(const tz_request *req, const char *name, int64_t otherwise, int64_t *ret_value, tz_err *err)
{
    const char *text = tz_query_value(req, name);
    int64_t     value = otherwise;

    if (text != NULL && !tz_text_int(tz_text_of(text), &value))
        return tz_fail(err, TZ_USAGE, "地址中的 %s 应是整数", "%s in the address should be a whole number", name);
    *ret_value = value;
    return TZ_OK;
}

tz_rc tz_web_limit(const tz_request *req, int64_t otherwise, int64_t *ret_limit, tz_err *err)
{
    int64_t limit = otherwise;
    tz_rc   rc = tz_query_number(req, "limit", otherwise, &limit, err);

    if (rc == TZ_OK && (limit < 1 || limit > MOST_OF_A_PAGE))
        return tz_fail(err, TZ_USAGE, "一页 1 至 %d 条", "a page has 1 to %d lines", MOST_OF_A_PAGE);
    if (rc == TZ_OK)
        *ret_limit = limit;
    return rc;
}

tz_rc tz_request_day(tz_request *req, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *as_of = tz_query_value(req, "as_of");
    tz_day      day = {0};

    if (as_of != NULL && !tz_date_parse(tz_text_of(as_of), &day.as_of))
        return tz_fail(err, TZ_USAGE, "数据时点应是日期,如 2020-06-30", "the as-of date should be like 2020-06-30");
    TZ_TRY(tz_query_number(req, "at", 0, &day.at, err));
    if (day.at < 0)
        return tz_fail(err, TZ_USAGE, "存证日志的序号不能为负", "an entry's number is not below zero");
    req->day = day;
done:
    return rc;
}

/* ---- What came in ---- */

/* Valid UTF-8 without control characters but tab and line ends (CR LF becomes LF), trimmed. */
static const char *clean(tz_arena *mem, tz_text value)
{
    tz_buf out = tz_buf_init(mem, 0);

    for (size_t at = 0; at < value.size;) {
        char    bytes[4];
        int32_t cp = tz_utf8_next(value, &at);
        if (cp < 0)
            break;
        if ((cp < 32 && cp != '\t' && cp != '\n') || cp == 127)
            continue;
        tz_buf_put(&out, (tz_text){bytes, tz_utf8_put(cp, bytes)});
    }
    return tz_text_dup(mem, tz_text_trim(tz_buf_text(&out)));
}

void tz_request_add(tz_request *req, tz_pairs *pairs, const char *name, tz_text value)
{
    tz_push(req->mem, pairs, (tz_pair){clean(req->mem, tz_text_of(name)), clean(req->mem, value)});
}

void tz_request_cookies(tz_request *req, const char *header)
{
    while (header != NULL && *header != '\0') {
        size_t size = strcspn(header, ";");
        tz_text one = tz_text_trim((tz_text){header, size});
        size_t  equals = tz_text_find(one, TZ_TEXT("="), 0);
        if (equals != SIZE_MAX && req->cookies.count < TZ_WEB_MAX_PAIRS)
            tz_request_add(req, &req->cookies, tz_text_dup(req->mem, tz_text_cut(one, 0, equals)), tz_text_cut(one, equals + 1, one.size));
        header += size + (header[size] == ';');
    }
}

static bool is_dots(tz_text segment)
{
    return tz_text_is(segment, ".") || tz_text_is(segment, "..");
}

/* No empty or dot segment, but one slash alone is the front page. */
static bool is_clean_path(const char *path)
{
    if (path[0] != '/' || strlen(path) > MAX_PATH_BYTES || !tz_utf8_is_valid(tz_text_of(path)))
        return false;
    for (const char *at = path; *at != '\0'; at++)
        if ((unsigned char)*at < 32 || *at == 127 || *at == '\\')
            return false;
    for (const char *at = path + 1; path[1] != '\0';) {
        size_t size = strcspn(at, "/");
        if (size == 0 || is_dots((tz_text){at, size}))
            return false;
        if (at[size] == '\0')
            break;
        at += size + 1;
    }
    return true;
}

bool tz_request_path(tz_request *req, const char *path)
{
    static const char *const FORMS[] = {"json", "csv", "xlsx"};

    if (!is_clean_path(path))
        return false;
    req->path = tz_arena_dup(req->mem, path);
    req->form = "html";
    for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0]; i++) {
        tz_text ending = tz_text_of(tz_arena_printf(req->mem, ".%s", FORMS[i]));
        if (tz_text_ends(tz_text_of(path), ending)) {
            req->path = tz_arena_copy(req->mem, path, strlen(path) - ending.size);
            req->form = FORMS[i];
        }
    }
    return true;
}

/* Whether the path fits the pattern; its parameters are added to req. */
static bool fits(tz_request *req, const char *pattern)
{
    const char *at = req->path;
    size_t      before = req->params.count;

    for (;; pattern++, at++) {
        if (*pattern == ':') {
            size_t name = strcspn(pattern, "/"), size = strcspn(at, "/");
            if (size == 0) {
                req->params.count = before;
                return false;
            }
            tz_push(req->mem, &req->params, (tz_pair){tz_arena_copy(req->mem, pattern + 1, name - 1), tz_arena_copy(req->mem, at, size)});
            pattern += name;
            at += size;
        }
        if (*pattern != *at) {
            req->params.count = before;
            return false;
        }
        if (*pattern == '\0')
            return true;
    }
}

const tz_route *tz_route_find(tz_request *req, const tz_route *routes, const char *method, bool *ret_is_known)
{
    *ret_is_known = false;
    for (const tz_route *route = routes; route->method != NULL; route++)
        if (fits(req, route->pattern)) {
            if (strcmp(route->method, method) == 0)
                return route;
            *ret_is_known = true;
            req->params.count = 0;
        }
    return NULL;
}

/* Characters that turn, split or hide what stands beside them. */
static bool is_unseen(int32_t cp)
{
    return (cp >= 0x7F && cp <= 0x9F) || cp == 0x61C || (cp >= 0x200B && cp <= 0x200F) || (cp >= 0x2028 && cp <= 0x202E) ||
           (cp >= 0x2060 && cp <= 0x2069) || cp == 0xFEFF || (cp >= 0xFFF9 && cp <= 0xFFFB) || (cp >= 0xE0000 && cp <= 0xE007F);
}

const char *tz_upload_name(tz_arena *mem, const char *sent)
{
    const char *name = clean(mem, tz_text_of(sent));
    tz_buf      out = tz_buf_init(mem, 0);
    size_t      count = 0;

    for (const char *at = name; *at != '\0'; at++)
        if (*at == '/' || *at == '\\')
            name = at + 1;
    tz_text rest = tz_text_of(name);
    for (size_t at = 0; at < rest.size && count < MAX_NAME_CHARACTERS; count++) {
        char    bytes[4];
        int32_t cp = tz_utf8_next(rest, &at);
        bool    is_bad = cp < 32 || cp == ':' || cp == '*' || cp == '?' || cp == '"' || cp == '<' || cp == '>' || cp == '|' ||
                      (cp == '.' && count == 0) || is_unseen(cp);
        tz_buf_put(&out, is_bad ? TZ_TEXT("_") : (tz_text){bytes, tz_utf8_put(cp, bytes)});
    }
    return out.size == 0 ? "file" : tz_text_dup(mem, tz_buf_text(&out));
}

bool tz_is_own_path(const char *path)
{
    if (path == NULL || path[0] != '/' || path[1] == '/')
        return false;
    for (const char *at = path; *at != '\0'; at++)
        if ((unsigned char)*at < 32 || *at == 127 || *at == '\\')
            return false;
    return true;
}

static void put_encoded(tz_buf *out, tz_text text, const char *plain)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr(plain, c) != NULL;
        if (is_plain && c != '\0')
            tz_buf_char(out, (char)c);
        else
            tz_buf_printf(out, "%%%02X", c);
    }
}

void tz_url_put(tz_buf *out, tz_text text)
{
    put_encoded(out, text, "-._~");
}

void tz_path_put(tz_buf *out, tz_text path)
{
    put_encoded(out, path, "-._~/");
}
