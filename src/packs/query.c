/* query - this side of the worker: starting it, asking it, ending it. */
#include "packs/query.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/limits.h"
#include "packs/wire.h"
#include "store/duck.h"

enum {
    SETUP_MS = 10 * 60 * 1000,         /* loading the registers of a large county takes its time */
    COMPRESSED_FROM_BYTES = 200 << 20, /* of Parquet: beyond it tables in memory are compressed, to a fifth */
};

struct tz_query {
    tz_arena       *mem;
    tz_store       *store;
    const tz_packs *packs;
    tz_day          day;
    bool            is_narrow; /* only what is expected is loaded */
    tz_query_names  expected;
    json_t         *setup;    /* the frame that loads a worker, once it is made */
    json_t         *findings; /* the frame that fills its table of findings, or NULL */
    bool            has_findings; /* the running worker has them */
    tz_query_walls  walls;
    pid_t           pid;      /* 0: none runs */
    int             fd;
    int             limit_ms; /* of one statement */
    int             memory_mb;
};

/* ---- Starting and ending ---- */

/* Ends it. */
static void end_worker(tz_query *query)
{
    if (query->pid > 0) {
        (void)kill(query->pid, SIGKILL);
        while (waitpid(query->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    if (query->fd >= 0)
        (void)close(query->fd);
    query->pid = 0;
    query->fd = -1;
    query->has_findings = false;
}

/* What signal ended a worker that has closed its side, 0: none. It may need a moment to be gone. */
static int ended_by(tz_query *query)
{
    const struct timespec moment = {.tv_nsec = 2000000};
    int status = 0;

    for (int tries = 0; tries < 250; tries++) {
        pid_t gone = waitpid(query->pid, &status, WNOHANG);
        if (gone == query->pid) {
            query->pid = 0;
            return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        }
        if (gone < 0 && errno != EINTR)
            return 0;
        (void)nanosleep(&moment, NULL);
    }
    return 0;
}

/* In the child: the socket as fd 3, nothing else open but the standard three, and the program. */
static _Noreturn void become_worker(const char *program, int fd)
{
    char *const arguments[] = {"taizhang", "worker", NULL};
    char *const environment[] = {"TZ=UTC", NULL};
    int         nowhere = open("/dev/null", O_RDWR);

    (void)dup2(nowhere, STDIN_FILENO);
    (void)dup2(nowhere, STDOUT_FILENO);
    if (dup2(fd, TZ_WIRE_FD) < 0)
        _exit(4);
    (void)close_range(TZ_WIRE_FD + 1, ~0U, 0);
    (void)execve(program, arguments, environment);
    _exit(4);
}

static tz_rc spawn(tz_query *query, tz_err *err)
{
    int pair[2];

    if (query->store->app->program == NULL || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return tz_fail(err, TZ_SYSTEM, "无法启动规则进程", "cannot start the worker");
    pid_t pid = fork();
    if (pid == 0)
        become_worker(query->store->app->program, pair[1]);
    (void)close(pair[1]);
    if (pid < 0) {
        (void)close(pair[0]);
        return tz_fail(err, TZ_SYSTEM, "无法启动规则进程:%s", "cannot start the worker: %s", strerror(errno));
    }
    query->pid = pid;
    query->fd = pair[0];
    return TZ_OK;
}

static tz_rc make_setup(tz_query *query, tz_err *err);

/* Of the kernel's two walls one must stand: without both, what the gate overlooks would meet no second wall. */
static tz_rc refuse_open(tz_query *query, tz_err *err)
{
    end_worker(query);
    (void)tz_fail(err, TZ_SYSTEM, "内核既不支持 seccomp 也不支持 Landlock,不运行规则包的 SQL",
                  "the kernel has neither seccomp nor Landlock: the SQL of packs is not run");
    return tz_err_advise(err, "换用 Linux 5.13 及以上内核,或允许容器使用 seccomp", "use Linux 5.13 or newer, or let the container use seccomp");
}

/* A worker that is loaded and ready. */
static tz_rc ensure(tz_query *query, tz_err *err)
{
    tz_rc rc = query->pid > 0 ? TZ_OK : make_setup(query, err);

    if (query->pid > 0 || rc != TZ_OK)
        return rc;
    rc = spawn(query, err);
    if (rc != TZ_OK)
        return rc;
    bool    is_late = false;
    json_t *answer = tz_wire_send(query->fd, query->setup) ? tz_wire_receive(query->fd, SETUP_MS, &is_late) : NULL;
    query->walls = (tz_query_walls){.is_sealed = json_is_true(json_object_get(answer, "sealed")),
                                    .is_confined = json_is_true(json_object_get(answer, "confined"))};
    if (!json_is_true(json_object_get(answer, "ok"))) {
        rc = tz_fail(err, TZ_SYSTEM, "规则进程没有就绪:%s", "the worker is not ready: %s",
                     tz_json_str(answer, "text") == NULL ? "gone" : tz_json_str(answer, "text"));
        end_worker(query);
    } else if (!query->walls.is_sealed && !query->walls.is_confined) {
        rc = refuse_open(query, err);
    }
    json_decref(answer);
    return rc;
}

/* The running worker has the findings that the next statement is to see. */
static tz_rc ensure_findings(tz_query *query, tz_err *err)
{
    tz_rc rc = TZ_OK;
    bool  is_late = false;

    if (query->findings == NULL || query->has_findings)
        return TZ_OK;
    json_t *answer = tz_wire_send(query->fd, query->findings) ? tz_wire_receive(query->fd, SETUP_MS, &is_late) : NULL;
    query->has_findings = json_is_true(json_object_get(answer, "ok"));
    if (!query->has_findings) {
        end_worker(query);
        rc = tz_fail(err, TZ_SYSTEM, "规则进程不接收疑点", "the worker does not take the findings");
    }
    json_decref(answer);
    return rc;
}

/* CREATE TABLE divisions from the county. */
static void put_divisions(tz_query *query)
{
    static const char *const LEVELS[] = {"county", "township", "village"};
    const tz_county *county = query->store->county;
    tz_buf sql = tz_buf_init(query->mem, 0);

    tz_buf_puts(&sql, "CREATE TABLE divisions (code VARCHAR, name VARCHAR, level VARCHAR, parent VARCHAR, successor VARCHAR)");
    (void)json_array_append_new(json_object_get(query->setup, "sql"), json_string(tz_buf_str(&sql)));
    if (county->divisions.count == 0)
        return;
    tz_buf_reset(&sql);
    tz_buf_puts(&sql, "INSERT INTO divisions VALUES ");
    for (size_t i = 0; i < county->divisions.count; i++) {
        const tz_division *division = &county->divisions.items[i];
        tz_buf_puts(&sql, i == 0 ? "(" : ", (");
        tz_sql_literal(&sql, tz_text_of(division->code));
        tz_buf_puts(&sql, ", ");
        tz_sql_literal(&sql, tz_text_of(division->name));
        tz_buf_printf(&sql, ", '%s', ", LEVELS[division->level]);
        tz_sql_literal(&sql, tz_text_of(division->parent));
        tz_buf_puts(&sql, ", ");
        if (division->successor == NULL)
            tz_buf_puts(&sql, "NULL");
        else
            tz_sql_literal(&sql, tz_text_of(division->successor));
        tz_buf_puts(&sql, ")");
    }
    (void)json_array_append_new(json_object_get(query->setup, "sql"), json_string(tz_buf_str(&sql)));
}

/* The columns that are loaded of a register: all, or those that statements name. */
static const char *column_list(tz_query *query)
{
    tz_buf sql = tz_buf_init(query->mem, 0);

    if (!query->is_narrow || query->expected.has_all)
        return "*";
    tz_buf_puts(&sql, "COLUMNS(lambda c: c IN ('_row'");
    for (size_t i = 0; i < query->expected.columns.count; i++) {
        tz_buf_puts(&sql, ", ");
        tz_sql_literal(&sql, tz_text_of(query->expected.columns.items[i]));
    }
    tz_buf_puts(&sql, "))");
    return tz_buf_str(&sql);
}

/* Adds the size of the files that hold the register's valid rows. */
static tz_rc add_size(tz_query *query, const tz_register *reg, int64_t *bytes, tz_err *err)
{
    tz_rc          rc = TZ_OK;
    tz_valid_parts parts = {0};
    const char    *last = "";

    TZ_TRY(tz_valid_find(query->mem, query->store, reg, query->day, &parts, err));
    for (size_t i = 0; i < parts.count; i++) {
        struct stat info;
        if (strcmp(parts.items[i].parquet, last) == 0) /* a file with several periods */
            continue;
        last = parts.items[i].parquet;
        if (stat(tz_store_path(query->mem, query->store, "evidence", last), &info) == 0)
            *bytes += info.st_size;
    }
done:
    return rc;
}

static tz_rc put_registers(tz_query *query, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    json_t     *tables = json_object_get(query->setup, "tables"), *sql = json_object_get(query->setup, "sql");
    const char *columns = column_list(query);
    int64_t     bytes = 0;

    for (size_t i = 0; i < query->packs->packs.count; i++) {
        const tz_pack *pack = &query->packs->packs.items[i];
        for (size_t j = 0; j < pack->registers.count; j++) {
            const tz_register *reg = &pack->registers.items[j];
            const char        *view = NULL;
            if (query->is_narrow && !tz_strings_has(&query->expected.tables, reg->name))
                continue;
            TZ_TRY(tz_view_sql(query->mem, query->store, reg, query->day, &view, err));
            TZ_TRY(add_size(query, reg, &bytes, err));
            (void)json_array_append_new(tables, json_string(reg->name));
            (void)json_array_append_new(
                sql, json_string(tz_arena_printf(query->mem, "CREATE TABLE \"%s\" AS SELECT %s FROM (%s)", reg->name, columns, view)));
        }
    }
    (void)json_object_set_new(query->setup, "compress", json_boolean(bytes > COMPRESSED_FROM_BYTES));
done:
    return rc;
}

static const char FINDINGS[] = "CREATE TABLE findings (finding BIGINT, rule VARCHAR, subject VARCHAR, subject_kind VARCHAR, level VARCHAR,"
                               " _row BIGINT)";

static void put_calendar(tz_query *query)
{
    const tz_calendar *calendar = &query->store->county->calendar;
    json_t            *spans = json_object_get(query->setup, "calendar");

    for (size_t i = 0; i < calendar->spans.count; i++)
        (void)json_array_append_new(spans, json_pack("[i, i, b]", calendar->spans.items[i].from, calendar->spans.items[i].to,
                                                     calendar->spans.items[i].is_off));
}

/* The frame that loads a worker: made when the first one is needed. */
static tz_rc make_setup(tz_query *query, tz_err *err)
{
    if (query->setup != NULL)
        return TZ_OK;
    query->setup = json_pack("{s:s, s:i, s:[s], s:[s, s], s:[i, i], s:[]}", "op", "setup", "memory", query->memory_mb, "sql",
                             FINDINGS, "tables", "divisions", "findings",
                             "terms", query->store->county->spring_end_md, query->store->county->autumn_end_md, "calendar");
    put_divisions(query);
    put_calendar(query);
    tz_rc rc = put_registers(query, err);
    if (rc != TZ_OK) {
        json_decref(query->setup);
        query->setup = NULL;
    }
    return rc;
}

tz_rc tz_query_open(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_query **ret_query, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && ret_query != NULL && err != NULL);
    tz_assert(day.as_of != 0 && day.at != 0);
    tz_query *query = tz_new(mem, tz_query);

    *query = (tz_query){.mem = mem, .store = store, .packs = packs, .day = day, .fd = -1, .limit_ms = TZ_MAX_SQL_SECONDS * 1000,
                        .memory_mb = TZ_MAX_SQL_MEMORY_MB};
    *ret_query = query;
    return TZ_OK;
}

void tz_query_close(tz_query *query)
{
    if (query == NULL)
        return;
    end_worker(query);
    json_decref(query->setup);
    json_decref(query->findings);
    query->setup = query->findings = NULL;
}

void tz_query_limit(tz_query *query, int limit_ms)
{
    tz_assert(query != NULL && limit_ms > 0);
    query->limit_ms = limit_ms;
}

void tz_query_memory(tz_query *query, int memory_mb)
{
    tz_assert(query != NULL && query->setup == NULL && memory_mb > 0);
    query->memory_mb = memory_mb;
}

void tz_query_expect(tz_query *query, const tz_query_names *names)
{
    tz_assert(query != NULL && query->setup == NULL && names != NULL);
    query->is_narrow = true;
    query->expected.has_all |= names->has_all;
    for (size_t i = 0; i < names->tables.count; i++)
        if (!tz_strings_has(&query->expected.tables, names->tables.items[i]))
            tz_push(query->mem, &query->expected.tables, names->tables.items[i]);
    for (size_t i = 0; i < names->columns.count; i++)
        if (!tz_strings_has(&query->expected.columns, names->columns.items[i]))
            tz_push(query->mem, &query->expected.columns, names->columns.items[i]);
}

void tz_query_findings(tz_query *query, json_t *rows)
{
    tz_assert(query != NULL && rows != NULL);
    json_decref(query->findings);
    query->findings = json_pack("{s:s, s:O}", "op", "findings", "rows", rows);
    query->has_findings = false;
}

tz_rc tz_query_ask_walls(tz_query *query, tz_query_walls *ret_walls, tz_err *err)
{
    tz_assert(query != NULL && ret_walls != NULL);
    tz_rc rc = ensure(query, err);
    if (rc == TZ_OK)
        *ret_walls = query->walls;
    return rc;
}

/* ---- Asking ---- */

static const tz_parameter *parameter_of(const tz_pack *pack, const char *name)
{
    for (size_t i = 0; i < pack->parameters.count; i++)
        if (strcmp(pack->parameters.items[i].name, name) == 0)
            return &pack->parameters.items[i];
    return NULL;
}

/* The value that stands instead ("name=value"), or NULL. */
static const char *other_value(const char *const *what_if, const char *name)
{
    size_t size = strlen(name);
    for (; what_if != NULL && *what_if != NULL; what_if++)
        if (strncmp(*what_if, name, size) == 0 && (*what_if)[size] == '=')
            return *what_if + size + 1;
    return NULL;
}

static tz_rc bind_names(tz_query *query, const tz_pack *pack, const tz_strings *names, const char *const *what_if, json_t *params, tz_err *err)
{
    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->items[i];
        if (strcmp(name, "as_of") == 0) {
            char day[TZ_DATE_TEXT];
            tz_date_format(query->day.as_of, day);
            (void)json_array_append_new(params, json_pack("[s, s]", "date", day));
            continue;
        }
        const tz_parameter *parameter = parameter_of(pack, name);
        if (parameter == NULL)
            return tz_fail(err, TZ_INPUT, "pack.yaml 没有声明参数 :%s", "pack.yaml declares no parameter :%s", name);
        const char *value = other_value(what_if, name);
        (void)json_array_append_new(params, json_pack("[s, s]", parameter->type,
                                                      value != NULL ? value : tz_parameter_value(parameter, query->day.as_of)));
    }
    return TZ_OK;
}

void tz_result_free(tz_result *result)
{
    for (size_t i = 0; i < result->rows.count; i++)
        json_decref(result->rows.items[i]);
    *result = (tz_result){0};
}

static void take_answer(tz_arena *mem, const json_t *answer, tz_result *ret_result)
{
    tz_result result = {0};
    size_t    i;
    json_t   *value;

    json_array_foreach(json_object_get(answer, "columns"), i, value)
        tz_push(mem, &result.columns, tz_arena_dup(mem, json_is_string(value) ? json_string_value(value) : ""));
    json_array_foreach(json_object_get(answer, "rows"), i, value)
        tz_push(mem, &result.rows, json_incref(value));
    result.cpu_us = tz_json_int(answer, "cpu_us", 0);
    *ret_result = result;
}

/* What a refusal says to people, by its kind; those without a text carry their own. */
static const struct {
    const char *kind, *zh, *en;
    bool        is_limit;
} REFUSALS[] = {
    {"time", "SQL 超过时限,已停止", "the SQL was stopped at its time limit", true},
    {"memory", "SQL 超过内存上限", "the SQL passed its limit of memory", true},
    {"rows", "SQL 的结果行数超过上限", "the SQL gave more rows than its limit", true},
    {"bytes", "SQL 的结果字节数超过上限", "the SQL gave more bytes than its limit", true},
    {"division", "SQL 未能运行:除数为零(用 nullif 排除)", "the SQL did not run: division by zero (guard it with nullif)", false},
    {"conversion", "SQL 未能运行:有一个值不能转换为所要的类型", "the SQL did not run: a value cannot be cast to the type that is asked for", false},
    {"range", "SQL 未能运行:有一个数超出范围", "the SQL did not run: a number is out of range", false},
    {"type", "SQL 未能运行:结果列的类型不接受,请转换为文本、数、日期或行号列表",
     "the SQL did not run: a column has a type that is not taken: cast it to text, number, date or a list of rows", false},
    {"failed", "SQL 未能运行:计算中出错", "the SQL did not run: an error while it computed", false},
};

/* The worker's refusal as an error. Only what speaks of the statement itself carries the engine's text. */
static tz_rc take_refusal(const json_t *answer, tz_err *err)
{
    const char *kind = tz_json_str(answer, "kind"), *text = tz_json_str(answer, "text");
    char        line[240];
    size_t      size = 0;

    for (size_t i = 0; kind != NULL && i < sizeof REFUSALS / sizeof REFUSALS[0]; i++)
        if (strcmp(kind, REFUSALS[i].kind) == 0)
            return tz_fail(err, REFUSALS[i].is_limit ? TZ_LIMIT : TZ_INPUT, "%1$s%2$.0s", "%1$.0s%2$s", REFUSALS[i].zh, REFUSALS[i].en);
    for (const char *at = text == NULL ? "" : text; *at != '\0' && size + 1 < sizeof line; at++)
        line[size++] = *at == '\n' ? ' ' : *at;
    line[size] = '\0';
    return tz_fail(err, TZ_INPUT, "SQL 未能运行:%s", "the SQL did not run: %s", line);
}

/* A worker that did not answer: late, or ended by what it ran. */
static tz_rc take_silence(tz_query *query, bool is_late, tz_err *err)
{
    int by = is_late ? 0 : ended_by(query);

    end_worker(query); /* started again for the next statement */
    if (is_late)
        return tz_fail(err, TZ_LIMIT, "SQL 超过时限,已终止", "the SQL was killed past its time limit");
    if (by == SIGXCPU)
        return tz_fail(err, TZ_LIMIT, "SQL 超过处理器时间上限,已终止", "the SQL was killed at its limit of processor time");
    return tz_fail(err, TZ_LIMIT, "SQL 使规则进程退出", "the SQL ended the worker");
}

tz_rc tz_query_run(tz_arena *mem, tz_query *query, const tz_pack *pack, const char *sql, const char *file, int64_t line,
                   const char *const *what_if, tz_result *ret_result, tz_err *err)
{
    tz_assert(mem != NULL && query != NULL && sql != NULL && ret_result != NULL);
    tz_rc      rc = TZ_OK;
    tz_strings names;
    bool       is_late = false;
    json_t    *params = json_array(), *frame = NULL, *answer = NULL;

    if (strlen(sql) > TZ_MAX_SQL_BYTES) {
        rc = tz_fail(err, TZ_LIMIT, "SQL 过长", "the SQL is too long");
        goto done;
    }
    const char *rewritten = tz_query_rewrite(mem, sql, &names);
    if (pack != NULL || names.count > 0)
        TZ_TRY(bind_names(query, pack, &names, what_if, params, err));
    TZ_TRY(ensure(query, err));
    TZ_TRY(ensure_findings(query, err));
    frame = json_pack("{s:s, s:s, s:O, s:i}", "op", "run", "sql", rewritten, "params", params, "ms", query->limit_ms);
    answer = tz_wire_send(query->fd, frame) ? tz_wire_receive(query->fd, query->limit_ms + 500, &is_late) : NULL;
    if (answer == NULL)
        rc = take_silence(query, is_late, err);
    else if (json_is_true(json_object_get(answer, "ok")))
        take_answer(mem, answer, ret_result);
    else
        rc = take_refusal(answer, err);
done:
    if (rc != TZ_OK && file != NULL)
        (void)tz_err_at(err, file, NULL, line, NULL);
    json_decref(answer);
    json_decref(frame);
    json_decref(params);
    return rc;
}

tz_rc tz_query_coverage(tz_query *query, const tz_register *reg, tz_coverage *ret_coverage, tz_err *err)
{
    tz_assert(query != NULL && reg != NULL && ret_coverage != NULL);
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    tz_result   result = {0};
    bool        has_people = reg->identities.count > 0 && strcmp(reg->identities.items[0].role, "person") == 0;
    tz_valid_parts parts = {0};
    tz_map      units = tz_map_init(&mem);
    tz_coverage coverage = {0};
    bool        are_residents = strcmp(reg->name, "residents") == 0 || tz_packs_register(query->packs, "residents") == NULL;
    const char *people = has_people ? "count(person)" : "0";
    const char *linked = !has_people     ? "0"
                         : are_residents ? "count(person)"
                                         : "count(*) FILTER (WHERE person IN (SELECT person FROM residents))";

    TZ_TRY(tz_query_run(&mem, query, NULL, tz_arena_printf(&mem, "SELECT count(*), %s, %s FROM \"%s\"", people, linked, reg->name), NULL, 0,
                        NULL, &result, err));
    tz_assert(result.rows.count == 1);
    coverage.rows = json_integer_value(json_array_get(result.rows.items[0], 0));
    coverage.people = json_integer_value(json_array_get(result.rows.items[0], 1));
    coverage.linked = json_integer_value(json_array_get(result.rows.items[0], 2));
    TZ_TRY(tz_valid_find(&mem, query->store, reg, query->day, &parts, err));
    for (size_t i = 0; i < parts.count; i++)
        (void)tz_map_put(&units, tz_text_of(parts.items[i].sender == NULL ? "" : parts.items[i].sender), NULL);
    coverage.units = (int64_t)units.entries.count;
    *ret_coverage = coverage;
done:
    tz_result_free(&result);
    tz_arena_free(&mem);
    return rc;
}
