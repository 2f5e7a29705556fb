#include "ledger/lot.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "ledger/inside.h"
#include "store/journal.h"

/* ---- Seeds and tickets ---- */

static const char *seed_of(tz_arena *mem, const tz_store *store, int64_t lot)
{
    const char *name = tz_arena_printf(mem, "lot:%lld", (long long)lot);
    tz_digest   digest = tz_hmac(store->secret, name, strlen(name));
    char        hex[TZ_SM3_HEX];

    tz_digest_hex(&digest, hex);
    return tz_arena_dup(mem, hex);
}

static const char *digest_of(tz_arena *mem, const char *text)
{
    tz_digest digest = tz_sm3(text, strlen(text));
    char      hex[TZ_SM3_HEX];

    tz_digest_hex(&digest, hex);
    return tz_arena_dup(mem, hex);
}

typedef struct {
    tz_digest digest;
    int64_t   issue;
} ticket;

static int compare_tickets(const void *a, const void *b)
{
    return memcmp(&((const ticket *)a)->digest, &((const ticket *)b)->digest, TZ_SM3_SIZE);
}

static int compare_numbers(const void *a, const void *b)
{
    int64_t x = ((const ticket *)a)->issue, y = ((const ticket *)b)->issue;
    return x < y ? -1 : x > y;
}

/* The issues that a seed draws from a pool (a JSON array of numbers): percent of them, rounded up, by ticket. */
static json_t *draw_tickets(tz_arena *mem, const char *seed, const json_t *pool, int64_t percent)
{
    tz_assert(mem != NULL && seed != NULL && json_is_array(pool) && percent > 0 && percent <= 100);
    size_t  i, count = json_array_size(pool), wanted = (count * (size_t)percent + 99) / 100;
    ticket *tickets = tz_new_array(mem, ticket, count + 1);
    json_t *value, *drawn = json_array();

    json_array_foreach((json_t *)pool, i, value) {
        const char *text = tz_arena_printf(mem, "%s:%lld", seed, (long long)json_integer_value(value));
        tickets[i] = (ticket){tz_sm3(text, strlen(text)), json_integer_value(value)};
    }
    if (count > 0)
        qsort(tickets, count, sizeof tickets[0], compare_tickets);
    if (wanted > 0)
        qsort(tickets, wanted, sizeof tickets[0], compare_numbers); /* read in the order of their numbers */
    for (i = 0; i < wanted; i++)
        (void)json_array_append_new(drawn, json_integer(tickets[i].issue));
    return drawn;
}

/* ---- The pool ---- */

static int32_t months_before(int32_t ymd, int months)
{
    int32_t count = ymd / 10000 * 12 + ymd / 100 % 100 - 1 - months, year = count / 12, month = count % 12 + 1;
    int32_t end = tz_date_month_end(year, month), day = year * 10000 + month * 100 + ymd % 100;
    return day < end ? day : end;
}

/* Closed since at least so long, and in no pool of the kind since it closed. */
static tz_rc find_pool(tz_store *store, const tz_lot_options *options, const tz_ledger *ledger, int32_t before, json_t **ret_pool, tz_err *err)
{
    static const char SELECT[] =
        "SELECT i.issue, (SELECT max(s.at) FROM issue_step s WHERE s.issue = i.issue AND s.action IN ('close', 'confirm')) AS closed_at"
        "  FROM issue i WHERE i.ledger = ?1 AND i.state = 'closed'"
        "   AND (?2 = 'look-back' OR EXISTS (SELECT 1 FROM issue_finding f WHERE f.issue = i.issue)"
        "        OR EXISTS (SELECT 1 FROM issue_person p WHERE p.issue = i.issue))"
        "   AND NOT EXISTS (SELECT 1 FROM lot l, json_each(l.pool) e WHERE l.kind = ?2 AND l.ledger = i.ledger AND e.value = i.issue"
        "        AND l.day > (SELECT date(max(s.at), '+8 hours') FROM issue_step s WHERE s.issue = i.issue"
        "                      AND s.action IN ('close', 'confirm')))"
        " ORDER BY i.issue";
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    json_t *pool = json_array();

    TZ_TRY(tz_sql_open(store, SELECT, &sql, err));
    tz_sql_bind_text(sql, 1, ledger->name);
    tz_sql_bind_text(sql, 2, options->kind);
    TZ_EACH_ROW (store, sql, err) {
        int32_t closed = tz_day_of_time(tz_sql_str(sql, 1));
        if (closed != 0 && closed <= before)
            (void)json_array_append_new(pool, json_integer(tz_sql_int(sql, 0)));
    }
    *ret_pool = json_incref(pool);
done:
    tz_sql_close(sql);
    json_decref(pool);
    return rc;
}

/* ---- Whom to ask ---- */

static tz_rc is_never_asked(tz_store *store, const char *name, bool *ret_is, tz_err *err)
{
    tz_arena mem = {0};
    char     key[TZ_KEY_TEXT];
    int64_t  count = 0;

    tz_store_key(store, "never-asked", tz_text_fold(&mem, tz_text_of(name)), key);
    tz_rc rc = tz_sql_one(store, "SELECT count(*) FROM never_asked WHERE key = ?1", key, NULL, &count, err);
    if (rc == TZ_OK)
        *ret_is = count > 0;
    tz_arena_free(&mem);
    return rc;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The person of an issue with the smallest ticket, or NULL. asked: names of this lot, none twice. */
static tz_rc draw_person(tz_arena *mem, tz_store *store, const tz_packs *packs, const char *seed, int64_t issue, tz_map *asked,
                         const char **ret_name, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    json_t     *findings = NULL;
    tz_map      names = tz_map_init(mem);
    tz_strings  written = {0};
    const char *chosen = NULL;
    tz_digest   least;

    TZ_TRY(tz_issue_findings(store, issue, &findings, err));
    TZ_TRY(tz_issue_people(mem, store, packs, issue, findings, &names, &written, err));
    if (written.count > 0)
        qsort(written.items, written.count, sizeof written.items[0], compare_names);
    for (size_t i = 0; i < written.count; i++) {
        bool        is_left_out = false;
        const char *text = tz_arena_printf(mem, "%s:%lld:%zu", seed, (long long)issue, i);
        tz_digest   digest = tz_sm3(text, strlen(text));
        TZ_TRY(is_never_asked(store, written.items[i], &is_left_out, err));
        if (is_left_out || tz_map_get(asked, tz_text_fold(mem, tz_text_of(written.items[i]))) != NULL)
            continue;
        if (chosen == NULL || memcmp(&digest, &least, sizeof digest) < 0) {
            chosen = written.items[i];
            least = digest;
        }
    }
    if (chosen != NULL)
        (void)tz_map_put(asked, tz_text_fold(mem, tz_text_of(chosen)), NULL);
    *ret_name = chosen;
done:
    json_decref(findings);
    return rc;
}

static tz_rc put_recall(tz_store *store, int64_t lot, int64_t issue, const char *name, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t number = 0;
    json_t *row = json_pack("{s:I, s:I, s:n, s:n, s:n, s:n}", "lot", (json_int_t)lot, "issue", (json_int_t)issue, "answer", "note", "by_user",
                            "day");

    TZ_TRY(tz_journal_next_id(store, "recall", "recall", &number, err));
    tz_json_set_int(row, "recall", number);
    (void)json_object_set_new(row, "name", tz_json_text(tz_text_of(name)));
    TZ_TRY(tz_journal_put(store, "issue.ask-back", "recall", row, NULL, NULL, err));
done:
    json_decref(row);
    return rc;
}

static tz_rc put_recalls(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t lot, const char *seed, const json_t *drawn, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_map  asked = tz_map_init(mem);
    size_t  i;
    json_t *value;

    json_array_foreach((json_t *)drawn, i, value) {
        const char *name = NULL;
        TZ_TRY(draw_person(mem, store, packs, seed, json_integer_value(value), &asked, &name, err));
        if (name != NULL)
            TZ_TRY(put_recall(store, lot, json_integer_value(value), name, err));
    }
done:
    return rc;
}

/* ---- Drawing ---- */

static const char *canonical(tz_arena *mem, const json_t *value)
{
    tz_buf text = tz_buf_init(mem, 0);

    tz_json_canonical(value, &text);
    return tz_buf_str(&text);
}

static tz_rc put_lot(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_lot_options *options, const tz_ledger *ledger,
                     const json_t *pool, int64_t *ret_lot, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t number = 0;
    char    day[TZ_DATE_TEXT];
    json_t *row = NULL, *drawn = NULL;

    TZ_TRY(tz_journal_next_id(store, "lot", "lot", &number, err));
    const char *seed = seed_of(mem, store, number);
    drawn = draw_tickets(mem, seed, pool, options->percent);
    tz_date_format(tz_issue_today(store), day);
    row = json_pack("{s:I, s:s, s:s, s:s, s:i, s:i, s:s, s:s, s:s, s:s, s:s}", "lot", (json_int_t)number, "kind", options->kind, "ledger",
                    ledger->name, "day", day, "months", options->months, "percent", options->percent, "seed", seed, "next_seed",
                    digest_of(mem, seed_of(mem, store, number + 1)), "pool", canonical(mem, pool), "drawn", canonical(mem, drawn), "by_user",
                    store->user);
    TZ_TRY(tz_journal_put(store, "issue.lot", "lot", row, NULL, NULL, err));
    if (strcmp(options->kind, "ask-back") == 0)
        TZ_TRY(put_recalls(mem, store, packs, number, seed, drawn, err));
    *ret_lot = number;
done:
    json_decref(row);
    json_decref(drawn);
    return rc;
}

/* The line of one lot. */
static tz_rc find_line(tz_arena *mem, tz_store *store, int64_t lot, json_t **ret_line, tz_err *err)
{
    json_t *lots = NULL, *line;
    size_t  i;
    tz_rc   rc = tz_lot_list(mem, store, &lots, err);

    json_array_foreach(lots, i, line)
        if (tz_json_int(line, "lot", 0) == lot)
            *ret_line = json_incref(line);
    json_decref(lots);
    return rc;
}

tz_rc tz_lot_draw(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_lot_options *options, json_t **ret_lot, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && options != NULL && options->kind != NULL && ret_lot != NULL);
    tz_rc            rc = TZ_OK;
    tz_lot_options   full = *options;
    const tz_ledger *ledger = tz_ledger_find(packs, options->ledger);
    json_t          *pool = NULL;
    int64_t          number = 0;
    bool             is_look = strcmp(full.kind, "look-back") == 0;

    if (!is_look && strcmp(full.kind, "ask-back") != 0)
        return tz_fail(err, TZ_USAGE, "抽取的种类为 look-back 或 ask-back", "a lot is look-back or ask-back");
    if (ledger == NULL)
        return tz_fail(err, TZ_USAGE, "没有台账 “%s”", "there is no ledger '%s'", options->ledger);
    const tz_ledger_draw *draw = is_look ? &ledger->look_back : &ledger->ask_back;
    full.months = full.months > 0 ? full.months : draw->months;
    full.percent = full.percent > 0 ? full.percent : draw->percent;
    if (full.percent > 100 || full.months > 120)
        return tz_fail(err, TZ_USAGE, "比例为 1 到 100,月数至多 120", "a share is 1 to 100 per cent, months at most 120");
    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(find_pool(store, &full, ledger, months_before(tz_issue_today(store), full.months), &pool, err));
    if (json_array_size(pool) == 0) {
        (void)tz_fail(err, TZ_REFUSED, "没有销号满 %d 个月而未抽过的问题", "no issue closed %d months ago waits for a lot", full.months);
        rc = tz_err_advise(err, "换一个月数再抽(命令行用 --months)", "draw with another number of months (--months on the command line)");
        goto done;
    }
    TZ_TRY(put_lot(mem, store, packs, &full, ledger, pool, &number, err));
    TZ_TRY(tz_store_commit(store, err));
    TZ_TRY(find_line(mem, store, number, ret_lot, err));
done:
    if (rc != TZ_OK)
        tz_store_rollback(store);
    json_decref(pool);
    return rc;
}

/* ---- Past lots ---- */

/* Drawn issues that nobody looked back at since the lot; of an ask-back, those whose people were not asked. */
static tz_rc put_waiting(tz_store *store, json_t *line, tz_err *err)
{
    static const char LOOKED[] =
        "SELECT e.value AS issue FROM lot l, json_each(l.drawn) e WHERE l.lot = ?1 AND l.kind = 'look-back' AND NOT EXISTS"
        " (SELECT 1 FROM issue_step s WHERE s.issue = e.value AND s.action = 'look-back' AND date(s.at, '+8 hours') >= l.day)"
        " UNION SELECT issue FROM recall WHERE lot = ?1 AND answer IS NULL ORDER BY 1";
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row, *waiting = json_array();
    size_t  i;

    TZ_TRY(tz_issue_query(store, LOOKED, tz_json_int(line, "lot", 0), &rows, err));
    json_array_foreach(rows, i, row)
        (void)json_array_append(waiting, json_object_get(row, "issue"));
    (void)json_object_set(line, "waiting", waiting);
done:
    json_decref(rows);
    json_decref(waiting);
    return rc;
}

static bool does_hold(tz_arena *mem, const tz_store *store, const json_t *line, const json_t *pool, const char *promised)
{
    const char *seed = tz_json_str(line, "seed");
    json_t     *again = draw_tickets(mem, seed, pool, tz_json_int(line, "percent", 1));
    bool        is_same = json_equal(again, json_object_get(line, "drawn"));

    json_decref(again);
    return is_same && strcmp(seed, seed_of(mem, store, tz_json_int(line, "lot", 0))) == 0 &&
           (promised == NULL || strcmp(promised, digest_of(mem, seed)) == 0);
}

tz_rc tz_lot_list(tz_arena *mem, tz_store *store, json_t **ret_lots, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && ret_lots != NULL);
    tz_rc       rc = TZ_OK;
    json_t     *rows = NULL, *row;
    size_t      i;
    const char *promised = NULL;

    TZ_TRY(tz_issue_query(store, "SELECT lot, kind, ledger, day, months, percent, seed, next_seed, pool, drawn, by_user AS \"by\" FROM lot"
                                 " ORDER BY lot", 0, &rows, err));
    json_array_foreach(rows, i, row) {
        json_t *pool = NULL, *drawn = NULL;
        TZ_TRY(tz_json_parse(tz_text_of(tz_json_str(row, "pool")), &pool, err));
        rc = tz_json_parse(tz_text_of(tz_json_str(row, "drawn")), &drawn, err);
        if (rc == TZ_OK) {
            (void)json_object_set_new(row, "drawn", drawn);
            (void)json_object_set_new(row, "holds", json_boolean(does_hold(mem, store, row, pool, promised)));
            tz_json_set_int(row, "pool", (int64_t)json_array_size(pool));
            promised = tz_arena_dup(mem, tz_json_str(row, "next_seed"));
            rc = put_waiting(store, row, err);
        }
        json_decref(pool);
        if (rc != TZ_OK)
            goto done;
    }
    *ret_lots = json_incref(rows);
done:
    json_decref(rows);
    return rc;
}

tz_rc tz_lot_never_ask(tz_store *store, const char *name, tz_err *err)
{
    tz_assert(store != NULL && name != NULL);
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    char     key[TZ_KEY_TEXT];
    json_t  *row = json_object();

    tz_store_key(store, "never-asked", tz_text_fold(&mem, tz_text_of(name)), key);
    tz_json_set_str(row, "key", key);
    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(tz_journal_put(store, "issue.never-ask", "never_asked", row, NULL, NULL, err));
    TZ_TRY(tz_store_commit(store, err));
done:
    if (rc != TZ_OK)
        tz_store_rollback(store);
    json_decref(row);
    tz_arena_free(&mem);
    return rc;
}
