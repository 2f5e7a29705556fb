#include "web/api.h"

#include <string.h>

#include "base/assert.h"
#include "report/report.h"
#include "web/pages.h"

static const char PREFIX[] = "/api/v1";

/* What the routes take beside the parameters of their path: names, separated by blanks. A route of the table that takes none
 * has no line. tests/cases/api.sh compares this with what the handlers ask for. */
static const struct { const char *method, *pattern, *names; } TAKES[] = {
    {"POST", "/tray", "file"},
    {"POST", "/tray/take", "all file then_run"},
    {"POST", "/tray/throw", "all file"},
    {"POST", "/tray/:file", "column header of register"},
    {"GET", "/jobs", "before limit"},
    {"POST", "/jobs", "as_of form kind"},
    {"GET", "/batches", "limit page q register sender state"},
    {"GET", "/batches/:batch", "find limit page rows sort"},
    {"GET", "/batches/:batch/diff", "limit page with"},
    {"POST", "/batches/:batch/withdraw", "why"},
    {"GET", "/registers", "q"},
    {"GET", "/registers/:register", "find limit page rows sort"},
    {"GET", "/deliveries", "state unit"},
    {"GET", "/figures", "q"},
    {"GET", "/figures/:figure", "limit page place"},
    {"GET", "/report", "fresh"},
    {"GET", "/report/as/:form", "fresh"},
    {"POST", "/complaints/:complaint", "also_about answer"},
    {"GET", "/verify", "code"},
    {"GET", "/verify/checkpoint", "since"},
    {"POST", "/public/complain", "about mark photo place text"},
    {"POST", "/public/status", "receipt"},
    {"GET", "/public/verify", "code"},
    {"POST", "/views", "name path query"},
    {"POST", "/views/drop", "name path"},
    {"GET", "/issues", "after before check desc ledger level limit overdue q sort state unit where"},
    {"GET", "/findings", "after before check desc level limit owner q sort state subject verdict where"},
    {"POST", "/findings/verdict", "finding note reason verdict"},
    {"POST", "/findings/:finding/verdict", "check level note reason verdict where"},
    {"POST", "/findings/:finding/except", "note until"},
    {"POST", "/exceptions/:exception/end", "why"},
    {"GET", "/links", "after"},
    {"POST", "/links/:pair", "decide undo why"},
    {"GET", "/checks", "desc pack q sort state"},
    {"GET", "/checks/:check", "parameter value"},
    {"GET", "/audit", "desc kind sort unit"},
    {"POST", "/lots", "kind ledger"},
    {"GET", "/recalls", "lot"},
    {"POST", "/recalls/:recall", "answer lot note"},
    {"GET", "/proofs/issues/:issue", "whole"},
    {"GET", "/issues/:issue/proof", "whole"},
    {"GET", "/journal", "before key limit table"},
    {"GET", "/search", "q"},
    {"GET", "/households", "division name"},
    {"POST", "/households/find", "id"},
    {"POST", "/issues/new", "due ledger level parent raised_by source term title unit"},
    {"POST", "/issues/:issue/draft", "note"},
    {"POST", "/issues/:issue/:action", "box boxes conclusion draft due file kind line note people row support term unit with"},
    {"GET", "/issues/:issue/evidence/:evidence", "show"},
    {NULL, NULL, NULL},
};

/* Lists: the member of the data that holds the lines, and what a line has that a program can rely on: no words for people, no
 * marks for a template. tests/cases/api.sh looks for them in answers. */
static const struct { const char *pattern, *lines, *names; } LISTS[] = {
    {"/batches", "batches", "accepted as_of batch file period quarantined register sender state"},
    {"/checks", "rows", "check findings owner pack real state title verified"},
    {"/findings", "rows", "check finding issue level message since state subject verdict"},
    {"/issues", "rows", "days_left due issue ledger level state title unit"},
    {"/jobs", "jobs", "done job kind state total user"},
    {"/journal", "rows", "at entry hash key table"},
};

/* What a name means wherever it is taken. */
static const struct { const char *name, *text; } MEANINGS[] = {
    {"after", "接在这一条之后|go on behind this one"},
    {"before", "接在这一条之前|what comes before this one"},
    {"limit", "一页几条,最多 500|lines of a page, at most 500"},
    {"page", "第几页,从 1 起|which page, from 1"},
    {"sort", "按哪一列排|the column it is ordered by"},
    {"desc", "写 1 则倒排|1: the other way round"},
    {"q", "含有这些字|holds these characters"},
    {"find", "行中含有;个人信息须写完整|what a row holds; personal values whole"},
    {"rows", "taken 或 quarantined|taken or quarantined"},
    {"state", "状态|the state"},
    {"level", "red、orange、yellow|red, orange, yellow"},
    {"unit", "单位|the unit"},
    {"owner", "主管单位|the unit it belongs to"},
    {"ledger", "台账|the ledger"},
    {"check", "规则|the check"},
    {"register", "名册|the register"},
    {"sender", "报送单位|who delivered"},
    {"verdict", "real、not-real、unclear 或 none|real, not-real, unclear or none"},
    {"where", "区划代码的开头|how the division's code begins"},
    {"place", "乡镇或村的代码|code of a township or village"},
    {"with", "与哪一批比|the batch to compare with"},
    {"as_of", "数据时点,如 2020-06-30|the day that the data are of, such as 2020-06-30"},
    {"at", "存证日志记到这一条时|the journal as of this entry"},
    {"code", "报告上数字旁的编码|the code beside a number of a report"},
    {"since", "从这一条起|from this entry"},
    {"kind", "种类|the kind"},
    {"why", "理由|the reason"},
    {"note", "说明|a note"},
    {"text", "正文|the text"},
    {"file", "文件|files"},
    {"photo", "照片|a photo"},
    {"answer", "答复|the answer"},
    {"decide", "same、different 或 unknown|same, different or unknown"},
    {"parameter", "参数的名称|name of the parameter"},
    {"value", "参数的值|value of the parameter"},
    {"until", "到哪天|until which day"},
    {"lot", "第几次抽查|the number of the lot"},
    {NULL, NULL},
};

/* ---- Addresses ---- */

const char *tz_api_path(const char *path, bool *ret_is_api)
{
    size_t size = sizeof PREFIX - 1;

    *ret_is_api = strncmp(path, PREFIX, size) == 0 && path[size] == '/';
    return *ret_is_api ? path + size : path;
}

bool tz_api_has(const tz_route *route)
{
    return tz_is_for_programs(route->pattern) && strcmp(route->pattern, "/") != 0 && strcmp(route->pattern, "/help") != 0;
}

static const char *address_of(tz_request *req, const char *path)
{
    return tz_arena_printf(req->mem, "%s%s", PREFIX, path);
}

json_t *tz_api_done(tz_request *req, const tz_reply *reply)
{
    json_t *done = json_object();

    tz_json_set_str(done, "notice", reply->notice);
    tz_json_set_str(done, "see", address_of(req, reply->redirect));
    return done;
}

const char *tz_api_next(tz_request *req, json_t *data)
{
    const char *after = tz_json_str(json_object_get(data, "pager"), "after"), *next = tz_json_str(json_object_get(data, "list"), "next");
    const char *limit = tz_query_value(req, "limit"), *older = tz_json_str(data, "older");
    int64_t     before = tz_json_int(data, "older", 0);
    tz_buf      out = tz_buf_init(req->mem, 0);

    if (after != NULL)
        tz_buf_printf(&out, "%s%s", PREFIX, after);
    else if (older != NULL)
        tz_buf_printf(&out, "%s%s%s", PREFIX, req->path, older);
    else if (next != NULL)
        tz_buf_printf(&out, "%s%s", PREFIX, next);
    else if (before > 0)
        tz_buf_printf(&out, "%s%s?before=%lld", PREFIX, req->path, (long long)before);
    else
        return NULL;
    if (after == NULL && older == NULL && limit != NULL) /* these links have it */
        tz_buf_printf(&out, "&limit=%s", limit);
    const char *address = tz_buf_str(&out);
    tz_json_set_str(data, "next", address);
    return address;
}

/* ---- OpenAPI ---- */

typedef struct {
    tz_arena *mem;
    tz_lang   lang;
} writer;

static const char *half(const writer *to, const char *both)
{
    size_t      len = 0;
    const char *text = tz_half(both, to->lang, &len);
    return tz_arena_copy(to->mem, text, len);
}

static const char *names_of(const tz_route *route)
{
    for (size_t i = 0; TAKES[i].method != NULL; i++)
        if (strcmp(TAKES[i].method, route->method) == 0 && strcmp(TAKES[i].pattern, route->pattern) == 0)
            return TAKES[i].names;
    return "";
}

/* Names of the query and of forms that a route's entry in the table of api.c lists, in one line each; "" without any. */
static const char *query_of(const tz_route *route)
{
    return strcmp(route->method, "GET") == 0 ? names_of(route) : "";
}

static const char *form_of(const tz_route *route)
{
    return strcmp(route->method, "POST") == 0 ? names_of(route) : "";
}

static const char *meaning_of(const writer *to, const char *name)
{
    for (size_t i = 0; MEANINGS[i].name != NULL; i++)
        if (strcmp(MEANINGS[i].name, name) == 0)
            return half(to, MEANINGS[i].text);
    return NULL;
}

/* The next name of a line, and what is behind it. */
static bool next_name(const writer *to, const char **line, const char **ret_name)
{
    size_t size = strcspn(*line, " ");

    if (size == 0)
        return false;
    *ret_name = tz_arena_copy(to->mem, *line, size);
    *line += size + ((*line)[size] == ' ');
    return true;
}

static void add_parameter(const writer *to, json_t *list, const char *name, const char *in)
{
    json_t *parameter = json_pack("{s:s, s:s, s:b, s:{s:s}}", "name", name, "in", in, "required", strcmp(in, "path") == 0, "schema", "type",
                                  "string");
    tz_json_set_str(parameter, "description", meaning_of(to, name));
    (void)json_array_append_new(list, parameter);
}

/* "/issues/{issue}" of "/issues/:issue", its names as parameters. */
static const char *path_of(const writer *to, const char *pattern, json_t *parameters)
{
    tz_buf out = tz_buf_init(to->mem, 0);

    for (const char *at = pattern; *at != '\0';) {
        if (*at != ':') {
            tz_buf_char(&out, *at++);
            continue;
        }
        size_t      size = strcspn(at, "/");
        const char *name = tz_arena_copy(to->mem, at + 1, size - 1);
        tz_buf_printf(&out, "{%s}", name);
        add_parameter(to, parameters, name, "path");
        at += size;
    }
    return tz_buf_str(&out);
}

static json_t *parameters_of(const writer *to, const tz_route *route, const char **ret_path)
{
    static const char *const DAYS[] = {"as_of", "at"};
    json_t     *list = json_array();
    const char *line = query_of(route), *name = NULL;

    *ret_path = path_of(to, route->pattern, list);
    while (next_name(to, &line, &name))
        add_parameter(to, list, name, "query");
    for (size_t i = 0; strcmp(route->method, "GET") == 0 && (route->flags & (TZ_ROUTE_LIVE | TZ_ROUTE_BARE)) == 0 && i < 2; i++)
        add_parameter(to, list, DAYS[i], "query");
    return list;
}

static bool is_file(const tz_route *route, const char *name)
{
    return (route->flags & TZ_ROUTE_UPLOAD) != 0 && (strcmp(name, "file") == 0 || strcmp(name, "photo") == 0);
}

/* A form: as JSON and as browsers send it; with files, as these alone. */
static json_t *body_of(const writer *to, const tz_route *route)
{
    bool        has_files = (route->flags & TZ_ROUTE_UPLOAD) != 0;
    json_t     *properties = json_object(), *schema = json_pack("{s:s, s:O}", "type", "object", "properties", properties);
    const char *line = form_of(route), *name = NULL;

    while (next_name(to, &line, &name)) {
        json_t *property = is_file(route, name)
                               ? json_pack("{s:s, s:{s:s}}", "type", "array", "items", "contentMediaType", "application/octet-stream")
                               : json_pack("{s:[s,s,s,s]}", "type", "string", "integer", "boolean", "array");
        tz_json_set_str(property, "description", meaning_of(to, name));
        (void)json_object_set_new(properties, name, property);
    }
    json_decref(properties);
    json_t *content = json_object();
    if (has_files) {
        (void)json_object_set_new(content, "multipart/form-data", json_pack("{s:O}", "schema", schema));
    } else {
        (void)json_object_set_new(content, "application/json", json_pack("{s:O}", "schema", schema));
        (void)json_object_set_new(content, "application/x-www-form-urlencoded", json_pack("{s:O}", "schema", schema));
    }
    json_decref(schema);
    return json_pack("{s:o}", "content", content);
}

static json_t *refer(const writer *to, const char *name)
{
    return json_pack("{s:s}", "$ref", tz_arena_printf(to->mem, "#/components/responses/%s", name));
}

/* The data of a list: its lines with their members, and where it goes on. NULL: the route is none of LISTS. */
static json_t *list_of(const writer *to, const tz_route *route)
{
    size_t at = 0;

    while (at < sizeof LISTS / sizeof LISTS[0] && strcmp(LISTS[at].pattern, route->pattern) != 0)
        at++;
    if (at == sizeof LISTS / sizeof LISTS[0] || strcmp(route->method, "GET") != 0)
        return NULL;
    json_t     *members = json_object();
    const char *line = LISTS[at].names, *name = NULL;
    while (next_name(to, &line, &name)) {
        json_t *member = json_object();
        tz_json_set_str(member, "description", meaning_of(to, name));
        (void)json_object_set_new(members, name, member);
    }
    json_t *lines = json_pack("{s:s, s:{s:s, s:o}}", "type", "array", "items", "type", "object", "properties", members);
    json_t *schema = json_pack("{s:s, s:[s], s:{s:o, s:{s:s}}}", "type", "object", "required", LISTS[at].lines,
                               "properties", LISTS[at].lines, lines, "next", "type", "string");
    return json_pack("{s:s, s:{s:{s:o}}}", "description", half(to, "列表;next 是下一页的地址|a list; next is its next page"),
                     "content", "application/json", "schema", schema);
}

static json_t *responses_of(const writer *to, const tz_route *route)
{
    static const struct { const char *status; bool is_of_posts, is_of_logins, is_of_parameters, is_of_files; } ERRORS[] = {
        {"400", true, false, false, false}, {"401", false, true, false, false}, {"403", false, true, false, false},
        {"404", false, false, true, false}, {"409", true, false, false, false}, {"413", false, false, false, true},
        {"422", true, false, false, false},
    };
    bool    is_post = strcmp(route->method, "POST") == 0, is_public = (route->flags & TZ_ROUTE_PUBLIC) != 0;
    json_t *responses = json_object(), *list = list_of(to, route);

    (void)json_object_set_new(responses, "200", list != NULL ? list : refer(to, is_post ? "Done" : route->page == NULL ? "File" : "Data"));
    if (!is_post && route->page != NULL)
        (void)json_object_set_new(responses, "304", refer(to, "Same"));
    for (size_t i = 0; i < sizeof ERRORS / sizeof ERRORS[0]; i++)
        if ((ERRORS[i].is_of_posts && is_post) || (ERRORS[i].is_of_logins && !is_public) ||
            (ERRORS[i].is_of_parameters && strchr(route->pattern, ':') != NULL) || (ERRORS[i].is_of_files && (route->flags & TZ_ROUTE_UPLOAD) != 0))
            (void)json_object_set_new(responses, ERRORS[i].status, refer(to, "Error"));
    (void)json_object_set_new(responses, "default", refer(to, "Error"));
    return responses;
}

static json_t *roles_of(const tz_route *route)
{
    static const char *const ROLES[] = {"clerk", "cadre", "inspector", "leader", "superior", "system", "security", "audit"};
    json_t *roles = json_array();

    for (size_t i = 0; i < sizeof ROLES / sizeof ROLES[0]; i++)
        if ((route->roles & 1u << i) != 0)
            (void)json_array_append_new(roles, json_string(ROLES[i]));
    return roles;
}

static const char *scope_of(const tz_route *route)
{
    return strcmp(route->method, "GET") == 0 ? "read" : (route->flags & TZ_ROUTE_UPLOAD) != 0 ? "deliver" : "write";
}

/* "get_issues_issue": one name for a method and a path. */
static const char *id_of(const writer *to, const tz_route *route)
{
    tz_buf out = tz_buf_init(to->mem, 0);

    tz_buf_puts(&out, strcmp(route->method, "GET") == 0 ? "get" : "post");
    for (const char *at = route->pattern; *at != '\0'; at++)
        if (*at != ':')
            tz_buf_char(&out, *at == '/' ? '_' : *at);
    return tz_buf_str(&out);
}

static void add_route(const writer *to, json_t *paths, const tz_route *route)
{
    bool        is_public = (route->flags & TZ_ROUTE_PUBLIC) != 0;
    const char *path = NULL;
    json_t     *parameters = parameters_of(to, route, &path), *operation = json_object();
    json_t     *methods = json_object_get(paths, path);

    if (methods == NULL) {
        methods = json_object();
        (void)json_object_set_new(paths, path, methods);
    }
    tz_json_set_str(operation, "operationId", id_of(to, route));
    tz_json_set_str(operation, "summary", route->title == NULL ? NULL : half(to, route->title));
    (void)json_object_set_new(operation, "parameters", parameters);
    if (strcmp(route->method, "POST") == 0)
        (void)json_object_set_new(operation, "requestBody", body_of(to, route));
    (void)json_object_set_new(operation, "responses", responses_of(to, route));
    (void)json_object_set_new(operation, "security", is_public ? json_array() : json_pack("[{s:[s]}]", "token", scope_of(route)));
    if (!is_public)
        (void)json_object_set_new(operation, "x-roles", roles_of(route));
    (void)json_object_set_new(methods, strcmp(route->method, "GET") == 0 ? "get" : "post", operation);
}

static json_t *response(const writer *to, const char *text, const char *type, const char *schema)
{
    json_t *one = json_pack("{s:s}", "description", half(to, text));

    if (schema != NULL)
        (void)json_object_set_new(one, "content", json_pack("{s:{s:{s:s}}}", type, "schema", "$ref", schema));
    else if (type != NULL)
        (void)json_object_set_new(one, "content", json_pack("{s:{}}", type));
    return one;
}

static json_t *responses(const writer *to)
{
    static const struct { const char *name, *text, *type, *schema; } RESPONSES[] = {
        {"Data", "这一页的数据;列表另有 next,即下一页的地址|the page's data; a list also has next, the address of its next page",
         "application/json", "#/components/schemas/Data"},
        {"Done", "做了什么,到哪里看结果|what was done, and where to see it", "application/json", "#/components/schemas/Done"},
        {"File", "文件或数据|a file, or data", "*/*", NULL},
        {"Same", "与 If-None-Match 给出的相同|the same as If-None-Match names", NULL, NULL},
        {"Error", "出了什么问题,怎样改|what is wrong, and what to do", "application/json", "#/components/schemas/Error"},
    };
    json_t *all = json_object();

    for (size_t i = 0; i < sizeof RESPONSES / sizeof RESPONSES[0]; i++)
        (void)json_object_set_new(all, RESPONSES[i].name, response(to, RESPONSES[i].text, RESPONSES[i].type, RESPONSES[i].schema));
    return all;
}

static json_t *components(const writer *to)
{
    static const char SCHEMAS[] =
        "{\"Data\": {\"type\": \"object\", \"properties\": {\"next\": {\"type\": \"string\"}}},"
        " \"Done\": {\"type\": \"object\", \"properties\": {\"notice\": {\"type\": [\"string\", \"null\"]}, \"see\": {\"type\": \"string\"}}},"
        " \"Error\": {\"type\": \"object\", \"required\": [\"error\"], \"properties\": {\"error\": {\"type\": \"object\", \"properties\":"
        " {\"status\": {\"type\": \"integer\"}, \"text\": {\"type\": \"string\"}, \"advice\": {\"type\": \"string\"}}}}}}";
    json_t *schemas = json_loads(SCHEMAS, 0, NULL);

    tz_assert(schemas != NULL);
    return json_pack("{s:{s:{s:s, s:s}}, s:o, s:o}", "securitySchemes", "token", "type", "http", "scheme", "bearer", "responses", responses(to),
                     "schemas", schemas);
}

json_t *tz_api_document(tz_arena *mem, const tz_route *routes, tz_lang lang)
{
    tz_assert(mem != NULL && routes != NULL);
    writer  to = {mem, lang};
    json_t *paths = json_object();

    for (const tz_route *route = routes; route->method != NULL; route++)
        if (tz_api_has(route))
            add_route(&to, paths, route);
    return json_pack("{s:s, s:{s:s, s:s, s:s}, s:[{s:s}], s:o, s:o}", "openapi", "3.1.0", "info", "title", half(&to, "台账|Taizhang"), "version",
                     TZ_VERSION, "description",
                     half(&to, "网页上的每个地址,加上 /api/v1 就是它的数据。令牌在“我的账号”中建立。"
                               "|Each address of the site, behind /api/v1, gives its data. "
                               "Tokens are made on the page of one's own account."),
                     "servers", "url", PREFIX, "paths", paths, "components", components(&to));
}

tz_rc tz_web_openapi(tz_request *req, tz_reply *reply, tz_err *err)
{
    json_t *document = tz_api_document(req->mem, TZ_ROUTES, req->lang);

    (void)err;
    (void)json_object_update(reply->data, document);
    json_decref(document);
    return TZ_OK;
}
