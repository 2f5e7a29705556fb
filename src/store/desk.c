#include "store/desk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "store/desk_inside.h"
#include "store/store.h"

enum { MINUTE_MS = 60000, DAY_MS = 86400000, SEEN_MS = 60000, MAX_LOCK_MINUTES = 60, MAX_ATTEMPT_NAMES = 100000 };

/* The tables, in the order in which they came to be; PRAGMA user_version counts the steps that a desk.db has. */
static const char *const STEPS[] = {
    /* 1: who is in, who tried, what was refused, what lies on the desk */
    "CREATE TABLE session ("
    " session INTEGER PRIMARY KEY AUTOINCREMENT," /* never used twice: a page may still name it */
    " digest  TEXT NOT NULL UNIQUE,"              /* SM3 of the cookie */
    " user    TEXT NOT NULL,"
    " since_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL,"
    " agent   TEXT) STRICT;"
    "CREATE INDEX session_user ON session (user);"
    "CREATE TABLE attempt ("
    " digest  TEXT PRIMARY KEY,"                  /* SM3 of the name as typed */
    " wrong   INTEGER NOT NULL,"
    " last_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL) STRICT;"
    "CREATE TABLE log ("
    " line INTEGER PRIMARY KEY,"
    " at_ms INTEGER NOT NULL, what TEXT NOT NULL, user TEXT, path TEXT, text TEXT) STRICT;"
    "CREATE INDEX log_what ON log (what, line);"
    "CREATE INDEX log_user ON log (user, line);"
    "CREATE TABLE draft ("
    " user TEXT NOT NULL, form TEXT NOT NULL, at_ms INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (user, form)) STRICT;"
    "CREATE TABLE view ("
    " user TEXT NOT NULL, path TEXT NOT NULL, name TEXT NOT NULL, query TEXT NOT NULL, PRIMARY KEY (user, path, name)) STRICT;"
    "CREATE TABLE token ("
    " token INTEGER PRIMARY KEY AUTOINCREMENT,"
    " digest TEXT NOT NULL UNIQUE, user TEXT NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL,"
    " made_ms INTEGER NOT NULL, until_ms INTEGER NOT NULL, used_ms INTEGER) STRICT;"
    "CREATE TABLE reveal ("
    " user TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, until_ms INTEGER NOT NULL, PRIMARY KEY (user, kind, id)) STRICT;",

    /* 2: long work (desk_job.h), and files that wait to be taken in (desk_staged.h) */
    "CREATE TABLE job ("
    " job INTEGER PRIMARY KEY AUTOINCREMENT,"
    " kind TEXT NOT NULL, user TEXT NOT NULL,"
    " lang TEXT NOT NULL,"                        /* of who asked: zh or en */
    " args TEXT NOT NULL,"                        /* a JSON object */
    " state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'stopped', 'interrupted')),"
    " what TEXT NOT NULL, done INTEGER NOT NULL, total INTEGER NOT NULL," /* total 0: unknown */
    " stop_asked INTEGER NOT NULL,"
    " result TEXT, error TEXT, advice TEXT,"
    " made_ms INTEGER NOT NULL, started_ms INTEGER, ended_ms INTEGER) STRICT;"
    "CREATE INDEX job_state ON job (state, job);"
    "CREATE INDEX job_user ON job (user, job);"
    "CREATE TABLE staged ("
    " staged INTEGER PRIMARY KEY AUTOINCREMENT,"  /* names a folder of tray/, so never used twice */
    " user TEXT NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL,"
    " digest TEXT NOT NULL,"                      /* SM3 of the bytes */
    " at_ms INTEGER NOT NULL,"
    " state TEXT NOT NULL CHECK (state IN ('new', 'looked', 'refused', 'taken')),"
    " register TEXT, as_of TEXT, sender TEXT, fixes TEXT NOT NULL," /* what the clerk says */
    " look TEXT, drawing TEXT,"                   /* what was found: JSON; personal */
    " error TEXT, advice TEXT,"
    " batches TEXT NOT NULL) STRICT;"
    "CREATE INDEX staged_user ON staged (user, staged);",

    /* 3: a login whose password has to be changed first */
    "ALTER TABLE session ADD COLUMN is_narrow INTEGER NOT NULL DEFAULT 0;",
};
enum { STEP_COUNT = sizeof STEPS / sizeof STEPS[0] };

/* ---- Asking ---- */

static tz_rc fail(tz_desk *desk, tz_err *err)
{
    int         code = sqlite3_errcode(desk->db) & 0xFF;
    const char *text = sqlite3_errmsg(desk->db);

    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        return tz_fail(err, TZ_BUSY, "desk.db 正被占用:%s", "desk.db is in use: %s", text);
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) {
        (void)tz_fail(err, TZ_TAMPER, "desk.db 已损坏:%s", "desk.db is damaged: %s", text);
        return tz_err_advise(err, "停下服务,移走 desk.db:登录会话和草稿会丢失,台账不受影响",
                             "stop the service and move desk.db away: logins and drafts are lost, the ledger is not touched");
    }
    return tz_fail(err, TZ_SYSTEM, "desk.db 读写失败:%s", "desk.db failed: %s", text);
}

static tz_rc prepare(tz_desk *desk, const char *sql, sqlite3_stmt **ret_statement, tz_err *err)
{
    tz_map_entry *kept = tz_map_put(&desk->statements, tz_text_of(sql), NULL);

    if (kept->value == 0) {
        sqlite3_stmt *statement = NULL;
        if (sqlite3_prepare_v3(desk->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
            return fail(desk, err);
        kept->value = (int64_t)(intptr_t)statement;
    }
    *ret_statement = (sqlite3_stmt *)(intptr_t)kept->value;
    return TZ_OK;
}

static void bind(sqlite3_stmt *sql, const json_t *values)
{
    for (size_t i = 0; i < json_array_size(values); i++) {
        const json_t *value = json_array_get(values, i);
        int           index = (int)i + 1, failed;
        if (json_is_string(value))
            failed = sqlite3_bind_text(sql, index, json_string_value(value), (int)json_string_length(value), SQLITE_STATIC);
        else if (json_is_integer(value))
            failed = sqlite3_bind_int64(sql, index, json_integer_value(value));
        else
            failed = sqlite3_bind_null(sql, index);
        tz_assert(failed == SQLITE_OK);
    }
}

/* Beside a column `name_ms` stands `name`, the same as a time text. */
static void add_time(json_t *row, const char *column, const json_t *ms)
{
    size_t size = strlen(column);
    char   name[32], text[TZ_TIME_TEXT];

    if (size < 4 || size - 3 >= sizeof name || strcmp(column + size - 3, "_ms") != 0)
        return;
    memcpy(name, column, size - 3);
    name[size - 3] = '\0';
    if (json_is_integer(ms))
        tz_time_format(json_integer_value(ms), text);
    tz_json_set_str(row, name, json_is_integer(ms) ? text : NULL);
}

static json_t *row_of(sqlite3_stmt *sql)
{
    json_t *row = json_object();

    for (int i = 0; i < sqlite3_column_count(sql); i++) {
        json_t *value = tz_sql_cell(sql, i);
        add_time(row, sqlite3_column_name(sql, i), value);
        (void)json_object_set_new(row, sqlite3_column_name(sql, i), value);
    }
    return row;
}

tz_rc tz_desk_ask(tz_desk *desk, const char *sql, json_t *values, json_t **ret_rows, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    int           code = SQLITE_OK;
    sqlite3_stmt *statement = NULL;
    json_t       *rows = json_array();

    (void)pthread_mutex_lock(&desk->mutex);
    TZ_TRY(prepare(desk, sql, &statement, err));
    if ((size_t)sqlite3_bind_parameter_count(statement) != json_array_size(values)) { /* json_pack refuses broken UTF-8 */
        rc = tz_fail(err, TZ_USAGE, "文字不是有效的 UTF-8", "a text is no valid UTF-8");
        goto done;
    }
    bind(statement, values);
    while ((code = sqlite3_step(statement)) == SQLITE_ROW)
        (void)json_array_append_new(rows, row_of(statement));
    if (code != SQLITE_DONE)
        rc = fail(desk, err);
    (void)sqlite3_reset(statement);
    (void)sqlite3_clear_bindings(statement);
    if (rc == TZ_OK && ret_rows != NULL)
        *ret_rows = json_incref(rows);
done:
    (void)pthread_mutex_unlock(&desk->mutex);
    json_decref(rows);
    json_decref(values);
    return rc;
}

int64_t tz_desk_changes(tz_desk *desk)
{
    tz_assert(desk != NULL);
    (void)pthread_mutex_lock(&desk->mutex);
    int64_t changes = sqlite3_total_changes64(desk->db);
    (void)pthread_mutex_unlock(&desk->mutex);
    return changes;
}

tz_rc tz_desk_ask_int(tz_desk *desk, const char *sql, json_t *values, int64_t *ret_value, tz_err *err)
{
    json_t *rows = NULL;
    tz_rc   rc = tz_desk_ask(desk, sql, values, &rows, err);

    if (rc == TZ_OK) {
        json_t *first = json_array_get(rows, 0);
        *ret_value = first == NULL ? 0 : json_integer_value(json_object_iter_value(json_object_iter(first)));
    }
    json_decref(rows);
    return rc;
}

tz_rc tz_desk_begin(tz_desk *desk, tz_err *err)
{
    (void)pthread_mutex_lock(&desk->mutex);
    tz_rc rc = tz_desk_ask(desk, "BEGIN IMMEDIATE", NULL, NULL, err);
    if (rc != TZ_OK)
        (void)pthread_mutex_unlock(&desk->mutex);
    return rc;
}

tz_rc tz_desk_end_of(tz_desk *desk, tz_rc rc, tz_err *err)
{
    tz_err ignored;

    if (rc == TZ_OK)
        rc = tz_desk_ask(desk, "COMMIT", NULL, NULL, err);
    if (rc != TZ_OK)
        (void)!tz_desk_ask(desk, "ROLLBACK", NULL, NULL, &ignored);
    (void)pthread_mutex_unlock(&desk->mutex);
    return rc;
}

void tz_desk_digest(const char *text, char out[TZ_SM3_HEX])
{
    tz_digest digest = tz_sm3(text, strlen(text));
    tz_digest_hex(&digest, out);
}

json_t *tz_desk_as_text(const json_t *value)
{
    char   *text = value == NULL ? NULL : json_dumps(value, JSON_COMPACT);
    json_t *as_string = text == NULL ? json_null() : json_string(text);

    free(text);
    return as_string;
}

void tz_desk_parse(json_t *row, const char *column)
{
    const char *text = tz_json_str(row, column);
    json_t     *value = NULL;
    tz_err      ignored;

    bool is_read = text != NULL && tz_json_parse(tz_text_of(text), &value, &ignored) == TZ_OK;
    (void)json_object_set_new(row, column, is_read ? value : json_null());
}

json_t *tz_desk_error(const tz_err *why)
{
    char zh[1400], en[1400], both[2802];

    if (why == NULL)
        return json_null();
    tz_err plain = *why;
    plain.advice_zh[0] = plain.advice_en[0] = '\0';
    tz_err_line(&plain, TZ_ZH, zh, sizeof zh);
    tz_err_line(&plain, TZ_EN, en, sizeof en);
    (void)snprintf(both, sizeof both, "%s|%s", zh, en);
    return tz_json_text(tz_text_of(both));
}

json_t *tz_desk_advice(const tz_err *why)
{
    char both[2 * sizeof why->advice_zh];

    if (why == NULL || why->advice_zh[0] == '\0')
        return json_null();
    (void)snprintf(both, sizeof both, "%s|%s", why->advice_zh, why->advice_en);
    return tz_json_text(tz_text_of(both));
}

/* ---- Opening ---- */

/* SQLite gives its -wal and -shm the mode of the file itself. */
static tz_rc make_private(const char *path, tz_err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd < 0 || fchmod(fd, 0600) != 0) {
        tz_rc rc = tz_fail(err, TZ_SYSTEM, "不能写 desk.db:%s", "cannot write desk.db: %s", strerror(errno));
        if (fd >= 0)
            (void)close(fd);
        return rc;
    }
    (void)close(fd);
    return TZ_OK;
}

static tz_rc bring_forward(tz_desk *desk, tz_err *err)
{
    int64_t version = 0;
    char    pragma[48];
    tz_rc   rc = tz_desk_begin(desk, err);

    if (rc != TZ_OK)
        return rc;
    TZ_TRY(tz_desk_ask_int(desk, "SELECT user_version FROM pragma_user_version", NULL, &version, err));
    if (version > STEP_COUNT) {
        rc = tz_fail(err, TZ_INPUT, "desk.db 由更新版本的台账写成", "a newer Taizhang wrote desk.db");
        goto done;
    }
    for (; version < STEP_COUNT; version++)
        if (sqlite3_exec(desk->db, STEPS[version], NULL, NULL, NULL) != SQLITE_OK) {
            rc = fail(desk, err);
            goto done;
        }
    (void)sqlite3_snprintf(sizeof pragma, pragma, "PRAGMA user_version = %d", (int)STEP_COUNT);
    if (sqlite3_exec(desk->db, pragma, NULL, NULL, NULL) != SQLITE_OK)
        rc = fail(desk, err);
done:
    return tz_desk_end_of(desk, rc, err);
}

static tz_rc set_up(tz_desk *desk, const char *path, tz_err *err)
{
    tz_rc rc = make_private(path, err);

    if (rc != TZ_OK)
        return rc;
    if (sqlite3_open_v2(path, &desk->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_EXRESCODE, NULL) != SQLITE_OK)
        return fail(desk, err);
    (void)sqlite3_busy_timeout(desk->db, 5000);
    (void)sqlite3_db_config(desk->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(desk->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (sqlite3_exec(desk->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON", NULL, NULL, NULL) !=
        SQLITE_OK)
        return fail(desk, err);
    return bring_forward(desk, err);
}

static void init_mutex(pthread_mutex_t *mutex)
{
    pthread_mutexattr_t recursive;
    int failed = pthread_mutexattr_init(&recursive) | pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE) |
                 pthread_mutex_init(mutex, &recursive);

    tz_assert(failed == 0);
    (void)pthread_mutexattr_destroy(&recursive);
}

tz_rc tz_desk_open(const tz_app *app, const char *folder, const tz_login_policy *policy, tz_desk **ret_desk, tz_err *err)
{
    tz_assert(app != NULL && folder != NULL && ret_desk != NULL);
    tz_arena mem = {0};
    tz_desk *desk = tz_new(&mem, tz_desk);

    desk->app = app;
    desk->mem = mem; /* the desk lives in its own arena */
    desk->statements = tz_map_init(&desk->mem);
    desk->policy = policy == NULL ? TZ_LOGIN_POLICY : *policy;
    init_mutex(&desk->mutex);
    tz_rc rc = set_up(desk, tz_arena_printf(&desk->mem, "%s/desk.db", folder), err);
    if (rc == TZ_OK)
        *ret_desk = desk;
    else
        tz_desk_close(desk);
    return rc;
}

void tz_desk_close(tz_desk *desk)
{
    if (desk == NULL)
        return;
    for (size_t i = 0; i < desk->statements.entries.count; i++)
        (void)sqlite3_finalize((sqlite3_stmt *)(intptr_t)desk->statements.entries.items[i].value);
    (void)sqlite3_close(desk->db);
    (void)pthread_mutex_destroy(&desk->mutex);
    tz_arena mem = desk->mem;
    tz_arena_free(&mem);
}

/* ---- Sessions ---- */

static int64_t idle_since(const tz_desk *desk, int64_t now)
{
    return now - (int64_t)desk->policy.idle_minutes * MINUTE_MS;
}

static int64_t oldest(const tz_desk *desk, int64_t now)
{
    return now - (int64_t)desk->policy.hours * 60 * MINUTE_MS;
}

/* What its time has passed of, for everybody: sessions, reveals, drafts, attempts, lines of the log. */
static tz_rc sweep(tz_desk *desk, int64_t now, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_desk_ask(desk, "DELETE FROM session WHERE seen_ms < ?1 OR since_ms < ?2",
                       json_pack("[I,I]", idle_since(desk, now), oldest(desk, now)), NULL, err));
    TZ_TRY(tz_desk_ask(desk, "DELETE FROM reveal WHERE until_ms < ?1", json_pack("[I]", now), NULL, err));
    TZ_TRY(tz_desk_ask(desk, "DELETE FROM draft WHERE at_ms < ?1", json_pack("[I]", now - (int64_t)TZ_DRAFT_DAYS * DAY_MS), NULL, err));
    TZ_TRY(tz_desk_ask(desk, "DELETE FROM attempt WHERE last_ms < ?1", json_pack("[I]", now - DAY_MS), NULL, err));
    TZ_TRY(tz_desk_ask(desk, "DELETE FROM log WHERE at_ms < ?1", json_pack("[I]", now - (int64_t)TZ_LOG_DAYS * DAY_MS), NULL, err));
done:
    return rc;
}

tz_rc tz_desk_login(tz_desk *desk, const char *user, const char *agent, bool is_narrow, char ret_token[TZ_TOKEN_TEXT], tz_err *err)
{
    tz_assert(desk != NULL && user != NULL);
    uint8_t  bytes[32];
    char     token[TZ_TOKEN_TEXT], digest[TZ_SM3_HEX];
    int64_t  now = tz_app_now_ms(desk->app);
    tz_rc    rc = tz_desk_begin(desk, err);

    if (rc != TZ_OK)
        return rc;
    tz_random(bytes, sizeof bytes);
    tz_hex(bytes, sizeof bytes, token);
    tz_desk_digest(token, digest);
    tz_text name = tz_text_cut(tz_text_of(agent), 0, 200);
    TZ_TRY(sweep(desk, now, err));
    TZ_TRY(tz_desk_ask(desk, "INSERT INTO session (digest, user, since_ms, seen_ms, agent, is_narrow) VALUES (?1, ?2, ?3, ?3, ?4, ?5)",
                       json_pack("[s,s,I,o,i]", digest, user, now, tz_json_text(name), is_narrow), NULL, err));
    TZ_TRY(tz_desk_ask(desk, "DELETE FROM session WHERE user = ?1 AND session NOT IN"
                             " (SELECT session FROM session WHERE user = ?1 ORDER BY session DESC LIMIT ?2)",
                       json_pack("[s,i]", user, TZ_MAX_SESSIONS), NULL, err));
done:
    rc = tz_desk_end_of(desk, rc, err);
    if (rc == TZ_OK)
        memcpy(ret_token, token, sizeof token);
    return rc;
}

tz_rc tz_desk_session(tz_arena *mem, tz_desk *desk, const char *token, tz_login *ret_login, tz_err *err)
{
    tz_assert(desk != NULL && token != NULL && ret_login != NULL);
    tz_rc   rc = TZ_OK;
    char    digest[TZ_SM3_HEX];
    json_t *rows = NULL;
    int64_t now = tz_app_now_ms(desk->app);

    tz_desk_digest(token, digest);
    TZ_TRY(tz_desk_ask(desk, "SELECT session, user, since_ms, seen_ms, is_narrow FROM session WHERE digest = ?1",
                       json_pack("[s]", digest), &rows, err));
    const json_t *row = json_array_get(rows, 0);
    if (row == NULL) {
        rc = tz_fail(err, TZ_MISSING, "请登录", "please log in");
        goto done;
    }
    tz_login login = {.session = tz_json_int(row, "session", 0), .since_ms = tz_json_int(row, "since_ms", 0),
                      .seen_ms = tz_json_int(row, "seen_ms", 0), .is_narrow = tz_json_int(row, "is_narrow", 0) != 0};
    if (login.seen_ms < idle_since(desk, now) || login.since_ms < oldest(desk, now)) {
        TZ_TRY(tz_desk_ask(desk, "DELETE FROM session WHERE session = ?1", json_pack("[I]", login.session), NULL, err));
        rc = tz_fail(err, TZ_MISSING, "登录已过期,请重新登录", "the login has expired, please log in again");
        goto done;
    }
    if (now - login.seen_ms >= SEEN_MS) /* not at each request: reading shall not write */
        TZ_TRY(tz_desk_ask(desk, "UPDATE session SET seen_ms = ?2 WHERE session = ?1", json_pack("[I,I]", login.session, now), NULL, err));
    login.user = tz_arena_dup(mem, tz_json_str(row, "user"));
    *ret_login = login;
done:
    json_decref(rows);
    return rc;
}

tz_rc tz_desk_end(tz_desk *desk, const char *user, int64_t session, int64_t keep, tz_err *err)
{
    tz_assert(desk != NULL && user != NULL);
    return tz_desk_ask(desk, "DELETE FROM session WHERE user = ?1 AND (?2 = 0 OR session = ?2) AND session <> ?3",
                       json_pack("[s,I,I]", user, session, keep), NULL, err);
}

tz_rc tz_desk_sessions(tz_desk *desk, const char *user, json_t **ret_rows, tz_err *err)
{
    int64_t now = tz_app_now_ms(desk->app);
    return tz_desk_ask(desk, "SELECT session, since_ms, seen_ms, agent FROM session WHERE user = ?1 AND seen_ms >= ?2 AND since_ms >= ?3"
                             " ORDER BY session DESC", json_pack("[s,I,I]", user, idle_since(desk, now), oldest(desk, now)), ret_rows, err);
}

/* ---- Attempts ---- */

static int64_t wait_after(const tz_desk *desk, int64_t wrong)
{
    int64_t minutes = 1;

    if (wrong < desk->policy.attempts)
        return 0;
    for (int64_t more = wrong - desk->policy.attempts; more > 0 && minutes < MAX_LOCK_MINUTES; more--)
        minutes *= 2;
    return (minutes < MAX_LOCK_MINUTES ? minutes : MAX_LOCK_MINUTES) * MINUTE_MS;
}

/* Names that nobody has must not fill the disk; those that are locked stay longest. */
static tz_rc keep_attempts_few(tz_desk *desk, tz_err *err)
{
    return tz_desk_ask(desk, "DELETE FROM attempt WHERE (SELECT count(*) FROM attempt) > ?1 AND digest IN"
                             " (SELECT digest FROM attempt ORDER BY until_ms, last_ms LIMIT 1000)",
                       json_pack("[i]", MAX_ATTEMPT_NAMES), NULL, err);
}

tz_rc tz_desk_attempt(tz_desk *desk, const char *user, int64_t *ret_wait_ms, tz_err *err)
{
    tz_assert(desk != NULL && user != NULL && ret_wait_ms != NULL);
    char    digest[TZ_SM3_HEX];
    json_t *rows = NULL;
    int64_t now = tz_app_now_ms(desk->app), wait = 0;
    tz_rc   rc = tz_desk_begin(desk, err);

    if (rc != TZ_OK)
        return rc;
    tz_desk_digest(user, digest);
    TZ_TRY(tz_desk_ask(desk, "SELECT wrong, last_ms, until_ms FROM attempt WHERE digest = ?1", json_pack("[s]", digest), &rows, err));
    const json_t *row = json_array_get(rows, 0);
    int64_t       wrong = row == NULL || tz_json_int(row, "last_ms", 0) < now - DAY_MS ? 0 : tz_json_int(row, "wrong", 0);
    wait = row == NULL ? 0 : tz_json_int(row, "until_ms", 0) - now;
    if (wait > 0)
        goto done;
    wait = 0;
    TZ_TRY(tz_desk_ask(desk, "INSERT OR REPLACE INTO attempt VALUES (?1, ?2, ?3, ?4)",
                       json_pack("[s,I,I,I]", digest, wrong + 1, now, now + wait_after(desk, wrong + 1)), NULL, err));
    TZ_TRY(keep_attempts_few(desk, err));
done:
    rc = tz_desk_end_of(desk, rc, err);
    if (rc == TZ_OK)
        *ret_wait_ms = wait;
    json_decref(rows);
    return rc;
}

tz_rc tz_desk_unlock(tz_desk *desk, const char *user, tz_err *err)
{
    char digest[TZ_SM3_HEX];

    tz_desk_digest(user, digest);
    return tz_desk_ask(desk, "DELETE FROM attempt WHERE digest = ?1", json_pack("[s]", digest), NULL, err);
}

tz_rc tz_desk_locked(tz_desk *desk, const char *user, int64_t *ret_wait_ms, tz_err *err)
{
    char digest[TZ_SM3_HEX];

    tz_desk_digest(user, digest);
    return tz_desk_ask_int(desk, "SELECT max(0, until_ms - ?2) FROM attempt WHERE digest = ?1",
                           json_pack("[s,I]", digest, tz_app_now_ms(desk->app)), ret_wait_ms, err);
}
