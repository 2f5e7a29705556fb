/* web - the office in a browser: requests, replies, and the one table of routes.
 *
 * A route names its method, its path, the page's template, the roles that may take it and the
 * function that answers.  A handler calls the doors of flow and of the folders before it, as a
 * command of cli does, and fills `reply->data`; the page is the template filled with that.  The
 * same data are the route's JSON.  A handler holds no SQL, no HTML and no decision about the county.
 *
 *     tz_rc tz_web_issue(tz_request *req, tz_reply *reply, tz_err *err)
 *     {
 *         tz_rc   rc = TZ_OK;
 *         int64_t number = 0;
 *         TZ_TRY(tz_param_number(req, "issue", &number, err));
 *         ...
 *     }
 *
 * An error of a handler becomes a page with its text and its advice: TZ_USAGE 400, TZ_MISSING 404,
 * TZ_REFUSED 409, TZ_INPUT 422, TZ_BUSY 503 and so on (tz_rc_http).
 */
#ifndef TZ_WEB_WEB_H
#define TZ_WEB_WEB_H

#include "base/json.h"
#include "flow/flow.h"
#include "web/access.h"

typedef struct tz_office  tz_office;
typedef struct tz_request tz_request;
typedef struct tz_reply   tz_reply;
typedef tz_rc tz_handler(tz_request *req, tz_reply *reply, tz_err *err);

/* ---- Routes ---- */

enum {
    TZ_ROUTE_WRITES = 1, /* opens the county for writing as the actor; POST only */
    TZ_ROUTE_PUBLIC = 2, /* needs no login */
    TZ_ROUTE_BARE = 4,   /* opens no county */
    TZ_ROUTE_UPLOAD = 8, /* its form may carry files */
    TZ_ROUTE_CACHED = 16, /* the page's body depends on its URL, the language, the actor's scope, the day and the journal alone */
    TZ_ROUTE_OWN = 256,  /* the same of a page with forms, drafts or what else is its reader's: kept for one login alone */
    TZ_ROUTE_LIVE = 32,  /* a work list: it lives in the present and shows no as-of date */
    TZ_ROUTE_COUNTY = 128, /* its page is of the whole county: nobody whose scope is less may take it */
    TZ_ROUTE_PEOPLE = 64, /* with WRITES: it writes of accounts alone, whatever the county's configuration is */
};

typedef struct {
    const char *method;  /* GET or POST; HEAD is answered as GET */
    const char *pattern; /* "/issues/:issue": a name matches one segment */
    const char *page;    /* web/pages/NAME.html; NULL: the handler answers by itself */
    tz_handler *handle;
    unsigned    roles;   /* who may: bits of tz_role; 0 with TZ_ROUTE_PUBLIC: everybody */
    unsigned    flags;
    const char *title;   /* "中文|English" */
} tz_route;

extern const tz_route TZ_ROUTES[]; /* ends with a NULL method */

#define TZ_WARNING "!" /* before a notice of what went wrong */
enum { TZ_NOTICE_BYTES = 900 }; /* of a notice; its cookie takes thrice of it */

/* ---- A request ---- */

typedef struct { const char *name, *value; } tz_pair;
typedef TZ_ARRAY(tz_pair) tz_pairs;

typedef struct {
    const char *field; /* of the form */
    const char *name;  /* base name as sent, valid UTF-8, without control characters and slashes */
    const char *path;  /* where it is staged; it goes when the request ends unless a handler renames it */
    int64_t     size;
} tz_upload;

struct tz_request {
    tz_arena       *mem;
    tz_office      *office;
    tz_session     *session; /* the open county; NULL on bare routes */
    const tz_actor *actor;   /* NULL: nobody is logged in */
    const tz_route *route;
    tz_lang         lang;
    tz_day          day;     /* ?as_of= and ?at=; zeros: the default */
    const char     *path;    /* without a form's ending */
    const char     *form;    /* "html", "json", "csv", "xlsx": what the path asked for */
    const char     *url;     /* path and query as asked, percent-encoded; "/" where the path is none of ours */
    const char     *csrf;    /* token of the session, "" without one */
    bool            is_htmx;
    bool            is_api;  /* asked under /api/v1: by a program, with a token, for JSON */
    tz_pairs        params, queries, fields, headers, cookies;
    TZ_ARRAY(tz_upload) uploads;
};

const char *tz_param(const tz_request *req, const char *name);  /* of the path; never NULL for a name of the pattern */
const char *tz_query_value(const tz_request *req, const char *name); /* NULL: not there or empty */
const char *tz_form(const tz_request *req, const char *name);   /* trimmed; NULL: not there or empty */
/* A number or code as typed on a Chinese keyboard: full-width letters, digits and signs become ASCII. NULL for NULL. */
const char *tz_plain(const tz_request *req, const char *text);
const char *tz_form_nth(const tz_request *req, const char *name, size_t n);
const char *tz_header(const tz_request *req, const char *name); /* any case */
const char *tz_cookie(const tz_request *req, const char *name);
const tz_upload *tz_upload_nth(const tz_request *req, const char *field, size_t n); /* NULL behind the last */
/* A number of the path ("3", "F3"), above zero. TZ_MISSING otherwise: there is no such page. */
TZ_MUST tz_rc tz_param_number(const tz_request *req, const char *name, int64_t *ret_value, tz_err *err);
/* A whole number of the query, `otherwise` when absent. TZ_USAGE. */
TZ_MUST tz_rc tz_query_number(const tz_request *req, const char *name, int64_t otherwise, int64_t *ret_value, tz_err *err);
/* How many lines of a list a page shall have: ?limit=1 to 500, `otherwise` when absent. TZ_USAGE. */
TZ_MUST tz_rc tz_web_limit(const tz_request *req, int64_t otherwise, int64_t *ret_limit, tz_err *err);

/* ---- A reply ---- */

struct tz_reply {
    int         status;   /* 0: 200, or that of the error (tz_rc_http) */
    json_t     *data;     /* the page's; made before the handler runs, freed after it */
    const char *page;     /* another template than the route's; NULL: the route's */
    const char *redirect; /* a path of this site: 303 */
    const char *notice;   /* what was done, shown once on the next page; begins with TZ_WARNING where it is of what was not */
    tz_handler *again;    /* where a POST fails: the GET handler whose page comes back, with `error` and `form` */
    tz_text     bytes;    /* an answer that is no page, with its type and perhaps a name to save it under */
    const char *type, *download;
    const char *file;     /* the same from a file on the disk */
    bool        is_file_temporary; /* it is removed when it was sent, or when the handler fails after all */
    tz_pairs    headers;  /* further ones */
};

/* The file as the answer. download NULL: shown, not saved; only for types that can hold no script. */
void tz_reply_file(tz_reply *reply, const char *path, const char *download, const char *type);
void tz_reply_bytes(tz_reply *reply, tz_text bytes, const char *download, const char *type);
void tz_reply_header(tz_request *req, tz_reply *reply, const char *name, const char *value);

/* ---- The office ---- */

typedef struct {
    const tz_app *app;        /* the clock and the program's path */
    const char   *folder;     /* the county's */
    const char   *system_user;
    const char   *address;    /* "127.0.0.1" */
    uint16_t      port;       /* 0: any free one */
    const char   *cert, *key; /* PEM texts; NULL: plain HTTP */
    const char   *public_folder; /* where what everybody may see is written and complaints come in; NULL: the county's own */
    bool          is_public_alone; /* serve that folder and nothing else: no county is opened, and the kernel keeps it so */
    int           workers;    /* threads that answer; 0: four and one a processor */
    int           head_seconds, body_seconds; /* how slow somebody may be (web/pace.h); 0: TZ_WEB_HEAD_SECONDS, TZ_WEB_BODY_SECONDS */
} tz_serve_options;

/* Serves until app->should_stop; says where on stderr through `ready` (may be NULL), called once with the port.
 * TZ_USAGE: an address that is none. TZ_SYSTEM: the port is taken, or the library fails. */
TZ_MUST tz_rc tz_serve(const tz_serve_options *options, void (*ready)(void *context, uint16_t port), void *context, tz_err *err);

/* What handlers may ask of it. */
const tz_serve_options *tz_office_options(const tz_office *office);
/* The county opened for writing as somebody; close it soon: others wait for it. For long work (jobs) that opens by itself. */
TZ_MUST tz_rc tz_office_write(tz_office *office, const tz_app *app, const char *user, tz_session **ret_session, tz_err *err);
/* The folder of what everybody may see, with site/ and inbox/ in it; NULL: the county shows nothing. */
const char *tz_office_public(const tz_office *office);
/* The same for accounts, rights and disclosures, which ask for no accepted configuration. */
TZ_MUST tz_rc tz_office_write_people(tz_office *office, const tz_app *app, const char *user, tz_session **ret_session, tz_err *err);
/* The folder of files that are sent and go then: this run's own, swept when it ends and, where it was killed, by the next. */
const char *tz_office_incoming(const tz_office *office);
struct tz_desk;
struct tz_desk *tz_office_desk(const tz_office *office);
struct tz_jobs *tz_office_jobs(const tz_office *office);

/* Whether a text is a path of this site, with nothing in it that browsers read otherwise. False for NULL. */
bool tz_is_own_path(const char *path);

/* Percent-encodes what is no letter, digit, - . _ ~ into out. */
void tz_url_put(tz_buf *out, tz_text text);
/* The same of a path: its slashes stay. */
void tz_path_put(tz_buf *out, tz_text path);

#endif
