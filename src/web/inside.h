/* inside - what the files of src/web share: one exchange of request and answer, the office, its cache. */
#ifndef TZ_WEB_INSIDE_H
#define TZ_WEB_INSIDE_H

#include <microhttpd.h>
#include <pthread.h>

#include "store/watch.h"
#include "web/cache.h"
#include "web/pace.h"
#include "web/parts.h"
#include "web/render.h"
#include "web/request.h"

enum {
    TZ_WEB_MAX_FIELD_BYTES = 4 << 20,    /* all fields of a form together */
    TZ_WEB_MAX_OPEN_BYTES = 128 << 10,   /* the same of somebody who is not logged in */
    TZ_WEB_MAX_FIELDS = 4000,
    TZ_WEB_MAX_UPLOADS = 500,
    TZ_WEB_MAX_PUBLIC_BYTES = 20 << 20,  /* uploads of somebody who is not logged in */
    TZ_WEB_CONNECTION_BYTES = 32 << 10,  /* the headers of a request: larger ones are refused */
    TZ_WEB_CONNECTIONS = 4000,
    TZ_WEB_CONNECTIONS_OF_ONE = 1500,    /* of one address */
    TZ_WEB_SPARE_FILES = 300,            /* of the process, kept free of connections */
    TZ_WEB_IDLE_SECONDS = 20,
    TZ_WEB_HEAD_SECONDS = 30,            /* for the head of a request, from the answer before it */
    TZ_WEB_BODY_SECONDS = 60,            /* for a body or an answer, and the time of its bytes at */
    TZ_WEB_SLOWEST_BYTES = 2000,         /* a second */
    TZ_WEB_QUEUE = 1000,                 /* requests that wait for a thread; more are answered 503 */
    TZ_WEB_OPEN_QUEUE = 200,             /* the same of those who are not logged in */
    TZ_WEB_CACHE_BYTES = 64 << 20,
};

/* A request from its first byte to its last. */
typedef struct tz_exchange tz_exchange;
struct tz_exchange {
    tz_arena               mem;
    tz_office             *office;
    struct MHD_Connection *connection;
    const char            *method;
    const char            *asked;     /* the path as asked, decoded */
    tz_text                kept_key;  /* under which its page may be kept, made before the county is read */
    bool                   keeps_page; /* the whole page is for this login alone, and to be kept */
    int64_t                since_ms;  /* when its body began (tz_pace_now_ms) */
    int64_t                answer_bytes;
    tz_request             req;
    enum { TZ_BODY_NONE, TZ_BODY_PARTS, TZ_BODY_PAIRS, TZ_BODY_JSON } body; /* by its type; of others nothing is looked at */
    tz_parts              *parts;     /* a multipart body */
    tz_buf                 whole;     /* any other body */
    int64_t                body_bytes, field_bytes, upload_bytes;
    const char            *field;     /* whose value comes in pieces */
    tz_buf                 value;
    int                    upload_fd; /* -1: none is open */
    tz_rc                  body_rc;   /* what is wrong with its body */
    tz_err                 err;
    bool                   is_answered; /* by a worker */
    int                    status;
    struct MHD_Response   *response;
    const char            *cookie;    /* Set-Cookie of the language */
    tz_exchange           *next;      /* in the queue */
};

typedef struct {
    tz_exchange *first, **last;
    size_t       count;
} tz_queue;

/* A thread that answers. */
typedef struct {
    tz_office  *office;
    pthread_t   thread;
    tz_app      app;       /* its language is the request's */
    tz_session *session;   /* the county, open for reading; NULL: not yet */
    int64_t     config;    /* the configuration's entry when it was opened */
    size_t      opened_bytes;
} tz_worker;

struct tz_office {
    tz_serve_options     options;
    tz_arena             mem;
    const tz_templates  *templates;
    const tz_route      *routes;
    const char          *site;       /* the county's name */
    const char          *incoming;   /* the folder of uploads, this run's own */
    int                  incoming_fd; /* it is locked while we run */
    const char          *public_folder; /* NULL: nothing is public */
    bool                 is_tls, is_demo;
    struct tz_desk      *desk;
    struct tz_jobs      *jobs;
    struct tz_auth      *auth;
    pthread_mutex_t      watch_lock;
    tz_watch            *watch;
    tz_cache            *cache;
    tz_pace              pace;
    struct tz_steward   *steward;    /* NULL: nothing is public */
    pthread_mutex_t      lock;       /* of the queue */
    pthread_cond_t       has_work;
    tz_queue             own, others; /* of who is logged in, who goes first, and of anybody else */
    size_t               others_running, wanted_workers;
    bool                 is_ending;
    tz_worker           *workers;
    size_t               worker_count;
};

/* Answers on a worker's thread: fills status and response. */
void tz_answer(tz_worker *worker, tz_exchange *exchange);
/* Answers a request that never reached a handler: no such page, no login, too large. */
void tz_answer_error(tz_exchange *exchange, int status, const tz_err *err);
/* A page that is kept, in the frame of who asks; fills kept_key. False: none is kept. */
bool tz_answer_kept(tz_exchange *exchange);
/* A file of the site (/static/NAME, /sw.js). False: there is none. */
bool tz_answer_asset(tz_exchange *exchange);
void tz_answer_redirect(tz_exchange *exchange, const char *to);

/* The entry that the journal ends with, and the configuration's. 0 where it can't be read. */
void tz_office_look(tz_office *office, int64_t *ret_entry, int64_t *ret_config);

#endif
