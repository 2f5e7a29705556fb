#include "web/auth.h"

#include <string.h>
#include <strings.h>

#include "base/assert.h"
#include "store/desk.h"
#include "store/disclosure.h"
#include "web/inside.h"

enum { LOG_LINES_A_MINUTE = 600, TOKEN_DIGITS = TZ_TOKEN_TEXT - 1 };

struct tz_auth {
    tz_office      *office;
    tz_app          app;
    tz_arena        mem;      /* of the value itself */
    pthread_mutex_t lock;
    tz_session     *session;  /* the county as of config */
    int64_t         entry, config;
    tz_arena        kept;     /* actors as of entry */
    tz_map          actors;
    int64_t         minute;
    int             lines;    /* of the log in that minute */
};

/* ---- People ---- */

static int64_t now_ms(void *context)
{
    const tz_office *office = context;
    return tz_app_now_ms(office->options.app);
}

tz_rc tz_auth_open(tz_office *office, tz_auth **ret_auth, tz_err *err)
{
    tz_assert(office != NULL && ret_auth != NULL);
    tz_arena mem = {0};
    tz_auth *auth = tz_new(&mem, tz_auth);

    auth->mem = mem;
    auth->office = office;
    auth->app = (tz_app){.now_ms = now_ms, .context = office, .program = office->options.app->program};
    auth->actors = tz_map_init(&auth->kept);
    (void)pthread_mutex_init(&auth->lock, NULL);
    tz_rc rc = tz_session_open(&auth->app, office->options.folder, TZ_READ, NULL, NULL, &auth->session, err);
    if (rc == TZ_OK)
        *ret_auth = auth;
    else
        tz_auth_close(auth);
    return rc;
}

void tz_auth_close(tz_auth *auth)
{
    if (auth == NULL)
        return;
    tz_session_close(auth->session);
    (void)pthread_mutex_destroy(&auth->lock);
    tz_arena_free(&auth->kept);
    tz_arena mem = auth->mem;
    tz_arena_free(&mem);
}

/* Forgets what was known of an older journal, and opens the county again where its configuration changed or it has grown. */
static tz_rc look(tz_auth *auth, tz_err *err)
{
    enum { GROWN_BYTES = 64 << 20 };
    tz_rc   rc = TZ_OK;
    int64_t entry = 0, config = 0;

    tz_office_look(auth->office, &entry, &config);
    if (entry != auth->entry || entry == 0) {
        tz_arena_reset(&auth->kept);
        auth->actors = tz_map_init(&auth->kept);
        auth->entry = entry;
    }
    if (auth->session != NULL && (config != auth->config || auth->session->store->mem.bytes > GROWN_BYTES)) {
        tz_session_close(auth->session);
        auth->session = NULL;
    }
    if (auth->session == NULL)
        TZ_TRY(tz_session_open(&auth->app, auth->office->options.folder, TZ_READ, NULL, NULL, &auth->session, err));
    auth->config = config;
done:
    return rc;
}

static tz_rc find_actor(tz_auth *auth, tz_arena *mem, const char *user, tz_actor **ret_actor, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_arena line = {0};
    tz_user  found = {0};

    (void)pthread_mutex_lock(&auth->lock);
    TZ_TRY(look(auth, err));
    const tz_map_entry *known = tz_map_get(&auth->actors, tz_text_of(user));
    const tz_actor     *actor = known == NULL ? NULL : (const tz_actor *)(intptr_t)known->value;
    if (actor == NULL) {
        TZ_TRY(tz_user_find(&line, auth->session->store, user, &found, err));
        actor = tz_actor_make(&auth->kept, auth->session->store->county, auth->session->packs, &found);
        tz_map_put(&auth->actors, tz_text_of(user), NULL)->value = (int64_t)(intptr_t)actor;
    }
    *ret_actor = tz_actor_copy(mem, actor);
done:
    (void)pthread_mutex_unlock(&auth->lock);
    tz_arena_free(&line);
    return rc;
}

/* ---- Requests ---- */

static const char *cookie_name(const tz_office *office)
{
    return office->is_tls ? "__Host-tz" : "tz";
}

static const char *bearer_of(const tz_request *req)
{
    const char *sent = tz_header(req, "Authorization");
    return sent == NULL ? NULL : strncasecmp(sent, "Bearer ", 7) == 0 ? sent + 7 : "";
}

static const char *csrf_of(tz_arena *mem, const char *token)
{
    uint8_t key[32];
    char    hex[TZ_SM3_HEX];

    if (!tz_unhex((tz_text){token, TOKEN_DIGITS}, key, sizeof key))
        return "";
    tz_digest digest = tz_hmac(key, "csrf", 4);
    tz_digest_hex(&digest, hex);
    return tz_arena_dup(mem, hex);
}

void tz_auth_find(tz_request *req)
{
    tz_office  *office = req->office;
    tz_err      ignored = {0};
    tz_login    login = {0};
    tz_actor   *actor = NULL;
    const char *scopes = NULL, *bearer = bearer_of(req), *token = bearer != NULL ? bearer : req->is_api ? NULL : tz_cookie(req, cookie_name(office));

    if (office->auth == NULL || token == NULL || strlen(token) != TOKEN_DIGITS)
        return;
    tz_rc rc = bearer != NULL ? tz_desk_token_find(req->mem, office->desk, token, &login.user, &scopes, &ignored)
                              : tz_desk_session(req->mem, office->desk, token, &login, &ignored);
    if (rc == TZ_OK)
        rc = find_actor(office->auth, req->mem, login.user, &actor, &ignored);
    if (rc != TZ_OK)
        return;
    actor->session = login.session;
    actor->scopes = scopes;
    actor->is_narrow = login.is_narrow;
    req->actor = actor;
    if (bearer == NULL)
        req->csrf = csrf_of(req->mem, token);
}

/* "https://host:port" of an Origin against the Host that was asked. */
static bool is_own_origin(const tz_request *req, const char *origin)
{
    const char *host = tz_header(req, "Host"), *scheme = strstr(origin, "://");
    return host != NULL && scheme != NULL && strcasecmp(scheme + 3, host) == 0;
}

static bool are_equal(const char *a, const char *b)
{
    size_t        size = strlen(a);
    unsigned char differs = 0;

    if (size != strlen(b) || size == 0)
        return false;
    for (size_t i = 0; i < size; i++) /* as long, wherever they differ */
        differs |= (unsigned char)(a[i] ^ b[i]);
    return differs == 0;
}

bool tz_auth_is_own_form(const tz_request *req)
{
    const char *site = tz_header(req, "Sec-Fetch-Site"), *origin = tz_header(req, "Origin");
    const char *field = tz_form(req, "csrf"), *sent = field != NULL ? field : tz_header(req, "X-CSRF-Token");

    if (req->actor != NULL && req->actor->scopes != NULL)
        return true; /* no browser sends a bearer token by itself */
    if (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
        return false;
    if (origin != NULL && !is_own_origin(req, origin))
        return false;
    return req->actor == NULL || (sent != NULL && are_equal(sent, req->csrf));
}

/* ---- The log ---- */

static bool has_room_in_log(tz_auth *auth)
{
    int64_t minute = tz_app_now_ms(auth->office->options.app) / 60000;

    (void)pthread_mutex_lock(&auth->lock);
    if (minute != auth->minute)
        auth->lines = 0;
    auth->minute = minute;
    bool has_room = auth->lines++ < LOG_LINES_A_MINUTE;
    (void)pthread_mutex_unlock(&auth->lock);
    return has_room;
}

void tz_auth_log_refusal(const tz_request *req, const char *what, const char *user)
{
    tz_err ignored = {0};

    if (req->office->auth == NULL || !has_room_in_log(req->office->auth))
        return;
    if (user == NULL && req->actor != NULL)
        user = req->actor->user;
    (void)!tz_desk_log(req->office->desk, what, user, req->route == NULL ? NULL : req->route->pattern,
                       req->route == NULL ? NULL : req->route->method, &ignored);
}

tz_rc tz_auth_took(tz_request *req, const tz_app *app, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *writing = NULL;
    const char *what = tz_arena_printf(req->mem, "%s.%s", req->path, req->form);

    TZ_TRY(tz_office_write_people(req->office, app, req->actor->user, &writing, err));
    TZ_TRY(tz_disclosure_put(writing->store, "export", "list", what, NULL, err));
    TZ_TRY(tz_desk_log(req->office->desk, "export", req->actor->user, what, NULL, err));
done:
    tz_session_close(writing);
    return rc;
}

/* ---- Beginning and ending ---- */

static void set_cookie(tz_request *req, tz_reply *reply, const char *token)
{
    bool is_tls = req->office->is_tls;

    tz_reply_header(req, reply, "Set-Cookie",
                    tz_arena_printf(req->mem, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s", cookie_name(req->office), token,
                                    is_tls ? "; Secure" : "", token[0] == '\0' ? "; Max-Age=0" : ""));
}

tz_rc tz_auth_begin(tz_request *req, tz_reply *reply, const char *user, bool is_narrow, tz_err *err)
{
    tz_rc rc = TZ_OK;
    char  token[TZ_TOKEN_TEXT];

    TZ_TRY(tz_auth_end(req, reply, err));
    TZ_TRY(tz_desk_login(req->office->desk, user, tz_header(req, "User-Agent"), is_narrow, token, err));
    reply->headers.count = 0; /* the cookie's end, which its new value replaces */
    set_cookie(req, reply, token);
done:
    return rc;
}

tz_rc tz_auth_end(tz_request *req, tz_reply *reply, tz_err *err)
{
    const char *token = tz_cookie(req, cookie_name(req->office));
    tz_login    login = {0};
    tz_err      ignored = {0};

    set_cookie(req, reply, "");
    if (token == NULL || tz_desk_session(req->mem, req->office->desk, token, &login, &ignored) != TZ_OK)
        return TZ_OK;
    return tz_desk_end(req->office->desk, login.user, login.session, 0, err);
}

bool tz_revealed(const tz_request *req, const char *kind, const char *id)
{
    tz_err ignored = {0};
    bool   is = false;

    return tz_may(req->actor, TZ_ROLE_CLERK | TZ_ROLE_CADRE | TZ_ROLE_INSPECTOR | TZ_ROLE_LEADER) && req->actor->scopes == NULL &&
           tz_desk_is_revealed(req->office->desk, req->actor->user, kind, id, &is, &ignored) == TZ_OK && is;
}
