/* page - which issues a filter asks for, and in which order, a page at a time.
 *
 * A page goes on behind an issue and not behind a number of lines, so that the thousandth costs what the first does.
 * Each order is an index of store/schema/ledger.sql whose expression stands here word by word: SQLite finds an index by
 * that.  What an index can't give in one go is asked for in arms, each in order and cut off by itself: those of the key at
 * which the page before ended and those of the keys behind; those a unit leads and those it supports.
 */
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "ledger/reading.h"

#define URGENCY "iif(level = 'red', '0', iif(level = 'orange', '1', '2')) || coalesce(due, '9999-12-31')"
#define DUE "coalesce(due, '9999-12-31')"

typedef struct {
    tz_arena              *mem;
    tz_store              *store;
    const tz_issue_filter *filter;
    const char            *key; /* what it is ordered by, before the number; NULL: the number alone */
    const char            *level, *today;
    bool                   is_backwards;
    int64_t                from;  /* the issue that it goes on behind, 0: none */
    const char            *from_key; /* what the order knows that issue by, NULL: its number */
    int64_t                limit; /* -1: all */
    bool                   is_count; /* in no order */
} page;

static tz_rc read_page(tz_arena *mem, tz_store *store, const tz_issue_filter *filter, int32_t today, page *ret, tz_err *err)
{
    static const struct { const char *name, *key; } SORTS[] = {{"number", NULL}, {"urgency", URGENCY}, {"due", DUE}};
    char  day[TZ_DATE_TEXT];
    page  of = {.mem = mem, .store = store, .filter = filter, .limit = -1};
    bool  is_sort = filter->sort == NULL;

    for (size_t i = 0; i < sizeof SORTS / sizeof SORTS[0]; i++)
        if (filter->sort != NULL && strcmp(filter->sort, SORTS[i].name) == 0) {
            of.key = SORTS[i].key;
            is_sort = true;
        }
    if (!is_sort)
        return tz_fail(err, TZ_USAGE, "排序为 number、urgency 或 due", "an order is number, urgency or due");
    if (filter->level != NULL && !tz_is_level(filter->level))
        return tz_fail(err, TZ_USAGE, "级别为 red、orange 或 yellow", "a level is red, orange or yellow");
    tz_date_format(today, day);
    of.today = tz_arena_dup(mem, day);
    *ret = of;
    return TZ_OK;
}

/* ---- What fits ---- */

static void put_equal(tz_select *to, const char *column, const char *value)
{
    if (value == NULL)
        return;
    tz_select_put(to, column);
    tz_select_text(to, value);
}

/* Where it lies: its finding's rows, or its unit. */
static void put_place(tz_select *to, const char *place)
{
    tz_select_put(to, " AND (EXISTS (SELECT 1 FROM issue_finding j JOIN finding_now n ON n.finding = j.finding JOIN finding_event e"
                      " ON e.finding = n.finding AND e.entry = n.entry, json_each(e.divisions) d WHERE j.issue = i.issue AND substr(d.value, 1, ");
    tz_select_int(to, (int64_t)strlen(place));
    tz_select_put(to, ") = ");
    tz_select_text(to, place);
    tz_select_put(to, ") OR EXISTS (SELECT 1 FROM unit u WHERE u.unit = i.unit AND substr(u.division, 1, ");
    tz_select_int(to, (int64_t)strlen(place));
    tz_select_put(to, ") = ");
    tz_select_text(to, place);
    tz_select_put(to, "))");
}

static void put_array(const page *of, const json_t *array, tz_select *to)
{
    tz_buf text = tz_buf_init(of->mem, 0);

    if (array != NULL)
        tz_json_canonical(array, &text);
    tz_select_put(to, "json_each(");
    tz_select_text(to, array == NULL ? "[]" : tz_buf_str(&text));
    tz_select_put(to, ")");
}

/* Of one of the units, or in one of the places: by the issue's unit, or by a finding. */
static void put_scope(const page *of, tz_select *to)
{
    tz_select_put(to, " AND (i.unit IN (SELECT value FROM ");
    put_array(of, of->filter->units, to);
    tz_select_put(to, ") OR EXISTS (SELECT 1 FROM json_each(i.support) s WHERE s.value IN (SELECT value FROM ");
    put_array(of, of->filter->units, to);
    tz_select_put(to, ")) OR EXISTS (SELECT 1 FROM unit u, ");
    put_array(of, of->filter->places, to);
    tz_select_put(to, " p WHERE u.unit = i.unit AND substr(u.division, 1, length(p.value)) = p.value)"
                      " OR EXISTS (SELECT 1 FROM issue_finding j JOIN finding_now n ON n.finding = j.finding JOIN finding_event e"
                      " ON e.finding = n.finding AND e.entry = n.entry, json_each(e.divisions) d, ");
    put_array(of, of->filter->places, to);
    tz_select_put(to, " p WHERE j.issue = i.issue AND substr(d.value, 1, length(p.value)) = p.value))");
}

/* A text stands in the sentence as it was written, or the reader's line is made of something else: in English, of a
 * finding; a ledger's title. What is left in beyond that, list.c takes out. */
static void put_text(tz_select *to, const tz_issue_filter *filter)
{
    if (filter->lang != TZ_ZH)
        return;
    tz_select_put(to, " AND (instr(i.title, ");
    tz_select_text(to, filter->text);
    tz_select_put(to, ") > 0 OR instr(coalesce(i.unit, ''), ");
    tz_select_text(to, filter->text);
    tz_select_put(to, ") > 0 OR '#' || i.issue = ");
    tz_select_text(to, filter->text);
    tz_select_put(to, " OR i.ledger <> 'default')");
}

static void put_conditions(tz_select *to, const page *of)
{
    const tz_issue_filter *filter = of->filter;
    bool                   is_open = filter->state != NULL && strcmp(filter->state, "open") == 0;

    put_equal(to, " AND i.ledger = ", filter->ledger);
    put_equal(to, " AND i.level = ", filter->level);
    put_equal(to, " AND i.handler = ", filter->handler);
    if (is_open || filter->is_overdue)
        tz_select_put(to, " AND i.state NOT IN " TZ_ENDED);
    put_equal(to, " AND i.state = ", is_open ? NULL : filter->state);
    put_equal(to, " AND i.due < ", filter->is_overdue ? of->today : NULL);
    if (filter->check != NULL) {
        tz_select_put(to, " AND EXISTS (SELECT 1 FROM issue_finding j JOIN finding_now n ON n.finding = j.finding WHERE j.issue = i.issue");
        put_equal(to, " AND n.\"check\" = ", filter->check);
        tz_select_put(to, ")");
    }
    if (filter->place != NULL)
        put_place(to, filter->place);
    if (filter->units != NULL || filter->places != NULL)
        put_scope(of, to);
    if (filter->text != NULL)
        put_text(to, filter);
}

/* ---- In which order ---- */

/* Behind the issue where the last page ended: of the same key with a number behind its own, or of a key behind its own. */
typedef enum { EVERY, OF_SAME_KEY, OF_NEXT_KEYS } position;

static void put_position(tz_select *to, const page *of, position at)
{
    bool is_down = of->filter->is_descending != of->is_backwards;

    if (at == EVERY)
        return;
    if (of->from_key != NULL) {
        tz_select_put(to, " AND ");
        tz_select_put(to, of->key);
        tz_select_put(to, at == OF_SAME_KEY ? " = " : is_down ? " < " : " > ");
        tz_select_text(to, of->from_key);
    }
    if (at == OF_SAME_KEY) {
        tz_select_put(to, is_down ? " AND i.issue < " : " AND i.issue > ");
        tz_select_int(to, of->from);
    }
}

static void put_order(tz_select *to, const page *of, const char *key, const char *number)
{
    const char *way = of->filter->is_descending != of->is_backwards ? " DESC" : "";

    if (of->is_count)
        return;
    tz_select_put(to, " ORDER BY ");
    if (key != NULL) {
        tz_select_put(to, key);
        tz_select_put(to, way);
        tz_select_put(to, ", ");
    }
    tz_select_put(to, number);
    tz_select_put(to, way);
}

/* Whose issues: in FROM and WHERE, around a value. */
typedef struct { const char *from, *value, *behind; } whose;

/* The next issues of those that `who` lets through, in order, cut off. */
static void put_arm(tz_select *to, const page *of, const whose *who, position at)
{
    tz_select_put(to, "SELECT * FROM (SELECT i.issue AS issue, ");
    tz_select_put(to, of->key == NULL ? "0" : of->key);
    tz_select_put(to, " AS k FROM issue i ");
    tz_select_put(to, who->from);
    if (who->value != NULL)
        tz_select_text(to, who->value);
    tz_select_put(to, who->behind);
    put_conditions(to, of);
    put_position(to, of, at);
    put_order(to, of, of->key, "i.issue");
    tz_select_put(to, " LIMIT ");
    tz_select_int(to, of->limit);
    tz_select_put(to, ")");
}

static void put_arms(tz_select *to, const page *of, const whose *who)
{
    if (of->from == 0) {
        put_arm(to, of, who, EVERY);
        return;
    }
    put_arm(to, of, who, OF_SAME_KEY);
    if (of->from_key == NULL)
        return;
    tz_select_put(to, " UNION ");
    put_arm(to, of, who, OF_NEXT_KEYS);
}

/* The unit and those whose duties it took over. */
static tz_rc units_of(const page *of, tz_strings *ret_units, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    tz_sql    *sql = NULL;
    tz_strings units = {0};

    TZ_TRY(tz_sql_open(of->store, "WITH RECURSIVE same (unit) AS (SELECT ?1 UNION SELECT u.unit FROM unit u JOIN same s ON u.successor = s.unit)"
                                  " SELECT unit FROM same LIMIT 12", &sql, err)); /* more would be no chain of offices */
    tz_sql_bind_text(sql, 1, of->filter->unit);
    TZ_EACH_ROW (of->store, sql, err) {
        tz_push(of->mem, &units, tz_sql_dup(of->mem, sql, 0));
    }
    *ret_units = units;
done:
    tz_sql_close(sql);
    return rc;
}

/* All arms, each issue once, in order. `support` holds canonical JSON, in which a name stands in quotes; without the hint
 * SQLite would read every issue in the order asked for to find the few that a unit supports. */
static tz_rc select_page(const page *of, tz_select *to, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    tz_strings units = {0};
    bool       is_urgency = of->key != NULL && strcmp(of->key, URGENCY) == 0;

    tz_select_put(to, "SELECT issue FROM (");
    if (of->filter->unit == NULL) {
        put_arms(to, of, &(whose){"WHERE 1", NULL, ""});
    } else {
        TZ_TRY(units_of(of, &units, err));
        for (size_t i = 0; i < units.count; i++) {
            put_arms(to, of, &(whose){is_urgency ? "INDEXED BY issue_unit_urgency WHERE i.unit = " : "WHERE i.unit = ", units.items[i], ""});
            tz_select_put(to, " UNION ");
            put_arms(to, of, &(whose){"INDEXED BY issue_support WHERE i.support <> '[]' AND instr(i.support, json_quote(",
                                      units.items[i], ")) > 0"});
            tz_select_put(to, i + 1 < units.count ? " UNION " : "");
        }
    }
    tz_select_put(to, ")");
    put_order(to, of, "k", "issue");
    tz_select_put(to, " LIMIT ");
    tz_select_int(to, of->limit);
done:
    return rc;
}

/* ---- Asked for ---- */

/* What the order knows the issue by that the page goes on behind. */
static tz_rc find_position(page *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    if (of->from == 0 || of->key == NULL)
        return TZ_OK;
    TZ_TRY(tz_sql_open(of->store, tz_arena_printf(of->mem, "SELECT %s FROM issue WHERE issue = ?1", of->key), &sql, err));
    tz_sql_bind_int(sql, 1, of->from);
    TZ_TRY(tz_sql_step(of->store, sql, &has_row, err));
    if (has_row)
        of->from_key = tz_sql_dup(of->mem, sql, 0);
    else
        rc = tz_fail_no_issue(of->from, err);
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_issue_page(tz_arena *mem, tz_store *store, const tz_issue_filter *filter, int32_t today, int64_t after, int64_t before,
                    int64_t limit, tz_numbers *ret_issues, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    page       of = {0};
    tz_select  select = tz_select_init(mem);
    tz_numbers issues = {0};

    TZ_TRY(read_page(mem, store, filter, today, &of, err));
    of.is_backwards = before != 0;
    of.from = before != 0 ? before : after;
    of.limit = limit > 0 ? limit : -1;
    TZ_TRY(find_position(&of, err));
    TZ_TRY(select_page(&of, &select, err));
    TZ_TRY(tz_select_numbers(store, &select, &issues, err));
    for (size_t i = 0; of.is_backwards && i < issues.count / 2; i++) {
        int64_t swap = issues.items[i];
        issues.items[i] = issues.items[issues.count - 1 - i];
        issues.items[issues.count - 1 - i] = swap;
    }
    *ret_issues = issues;
done:
    return rc;
}

tz_rc tz_issue_page_count(tz_arena *mem, tz_store *store, const tz_issue_filter *filter, int32_t today, int64_t most, int64_t *ret_count,
                          tz_err *err)
{
    tz_rc      rc = TZ_OK;
    page       of = {0};
    tz_select  select = tz_select_init(mem);
    tz_numbers count = {0};

    TZ_TRY(read_page(mem, store, filter, today, &of, err));
    of.limit = most > 0 ? most : -1;
    of.is_count = true;
    tz_select_put(&select, "SELECT count(*) FROM (");
    TZ_TRY(select_page(&of, &select, err));
    tz_select_put(&select, ")");
    TZ_TRY(tz_select_numbers(store, &select, &count, err));
    *ret_count = count.items[0];
done:
    return rc;
}
