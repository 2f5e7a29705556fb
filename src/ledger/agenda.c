#include "ledger/agenda.h"

#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "ledger/reading.h"

/* Whose an issue is. A unit is asked for with those whose duties it took over. */
#define MINE                                                                                                                   \
    "WITH RECURSIVE same (unit) AS (SELECT ?2 WHERE ?2 IS NOT NULL UNION SELECT u.unit FROM unit u JOIN same s ON u.successor = s.unit)," \
    " mine AS (SELECT i.* FROM issue i WHERE i.state NOT IN " TZ_ENDED \
    "   AND (?4 OR i.handler = ?1 OR i.unit IN (SELECT unit FROM same)"                                                        \
    "     OR EXISTS (SELECT 1 FROM json_each(i.support) s WHERE s.value IN (SELECT unit FROM same))"                           \
    "     OR EXISTS (SELECT 1 FROM issue_finding j JOIN finding_event e ON e.finding = j.finding, json_each(e.divisions) d, json_each(?3) p" \
    "                 WHERE j.issue = i.issue AND e.entry = (SELECT max(l.entry) FROM finding_event l WHERE l.finding = j.finding)" \
    "                   AND substr(d.value, 1, length(p.value)) = p.value))),"                                                 \
    " listed AS (SELECT m.*, CASE WHEN standing = 'returned' THEN 'returned' WHEN standing IN ('asked', 'objected') THEN 'answer'" \
    "    WHEN state IN ('submitted', 'checked', 'published') THEN 'sign'"                                                      \
    "    WHEN coalesce(standing, '') <> 'suspended' AND due IS NOT NULL AND due <= ?5 THEN 'due' ELSE 'rest' END AS list FROM mine m)"

/* One pass over what is open: each list's first lines, and how many it has. Of the rest one line brings the number. */
static const char SELECT_LISTS[] =
    MINE ", ranked AS (SELECT l.*, count(*) OVER (PARTITION BY list) AS total, row_number() OVER (PARTITION BY list"
         "    ORDER BY CASE level WHEN 'red' THEN 0 WHEN 'orange' THEN 1 ELSE 2 END, due IS NULL, due, issue) AS place FROM listed l)"
         TZ_SELECT_LINES_OF("ranked") " WHERE i.place <= ?6 AND (i.list <> 'rest' OR i.place = 1) ORDER BY i.list, i.place";

/* Ledgers remind differently; what is due is told from the longest of their times on. */
static int longest_reminder(const tz_packs *packs)
{
    int days = tz_issue_ledger(packs, NULL)->remind_days;

    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].ledgers.count; j++) {
            int own = packs->packs.items[i].ledgers.items[j].remind_days;
            days = own > days ? own : days;
        }
    return days;
}

static tz_rc add_line(const tz_reading *of, const json_t *row, json_t *issues, tz_err *err)
{
    json_t *line = NULL;
    tz_rc   rc = tz_issue_line(of, row, &line, err);

    if (rc != TZ_OK)
        return rc;
    (void)json_object_del(line, "history");
    (void)json_object_set(line, "since", json_object_get(row, "opened_on"));
    (void)json_object_set(line, "subject", json_object_get(row, "subject"));
    (void)json_object_set(line, "handler", json_object_get(row, "handler"));
    (void)json_array_append_new(issues, line);
    return TZ_OK;
}

static void bind_who(tz_arena *mem, tz_sql *sql, const tz_agenda_who *who, const char *until)
{
    tz_buf places = tz_buf_init(mem, 0);

    if (who->places != NULL)
        tz_json_canonical(who->places, &places);
    tz_sql_bind_text(sql, 1, who->user);
    tz_sql_bind_text(sql, 2, who->unit);
    tz_sql_bind_text(sql, 3, who->places == NULL ? "[]" : tz_buf_str(&places));
    tz_sql_bind_int(sql, 4, who->is_county);
    tz_sql_bind_text(sql, 5, until);
}

/* Empty lists, so that each is there. */
static json_t *new_agenda(void)
{
    return json_pack("{s:{s:i, s:[]}, s:{s:i, s:[]}, s:{s:i, s:[]}, s:{s:i, s:[]}, s:{s:i}}", "due", "total", 0, "issues", "returned", "total",
                     0, "issues", "answer", "total", 0, "issues", "sign", "total", 0, "issues", "rest", "total", 0);
}

static tz_rc read_lists(const tz_reading *of, const tz_agenda_who *who, const char *until, json_t *agenda, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    json_t *rows = NULL, *row;
    size_t  i;

    TZ_TRY(tz_sql_open(of->store, SELECT_LISTS, &sql, err));
    bind_who(of->mem, sql, who, until);
    tz_sql_bind_int(sql, 6, who->limit > 0 ? who->limit : INT64_MAX);
    TZ_TRY(tz_issue_rows(of->store, sql, &rows, err));
    json_array_foreach(rows, i, row) {
        json_t *list = json_object_get(agenda, tz_json_str(row, "list")), *issues = json_object_get(list, "issues");
        tz_json_set_int(list, "total", tz_json_int(row, "total", 0));
        if (issues != NULL)
            TZ_TRY(add_line(of, row, issues, err));
    }
done:
    tz_sql_close(sql);
    json_decref(rows);
    return rc;
}

tz_rc tz_issue_agenda(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_agenda_who *who, json_t **ret_agenda, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && who != NULL && ret_agenda != NULL);
    tz_rc      rc = TZ_OK;
    char       until[TZ_DATE_TEXT];
    json_t    *agenda = new_agenda();
    tz_reading of = {.mem = mem, .store = store, .packs = packs, .today = who->today != 0 ? who->today : tz_issue_today(store),
                     .is_masked = who->is_masked, .lang = who->lang};

    tz_date_format(tz_date_add(of.today, longest_reminder(packs)), until);
    TZ_TRY(read_lists(&of, who, until, agenda, err));
    *ret_agenda = json_incref(agenda);
done:
    json_decref(agenda);
    return rc;
}
