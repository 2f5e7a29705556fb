/* letter - 提醒函, 督办函, 告诫函 by the days that are left, and the quarterly reminder of what has no date.
 *
 * A letter is due once about one due date: the reminder to the handler, the urging to the leader in
 * charge of the unit, the warning to the unit's head.  An extension sets a new date and begins anew.
 * Nobody is written to while an objection or a request for time waits for its answer.
 */
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "ledger/inside.h"
#include "ledger/letter.h"
#include "store/journal.h"

typedef struct {
    const char *kind, *name; /* as documents call it */
    const char *to_role;
} letter_kind;

static const letter_kind KINDS[] = {
    {"remind", "提醒函", "handler"}, {"urge", "督办函", "leader"}, {"warn", "告诫函", "head"}, {"quarter", "季度提示", "handler"},
};

static const letter_kind *find_kind(const char *kind)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++)
        if (strcmp(KINDS[i].kind, kind) == 0)
            return &KINDS[i];
    tz_unreachable("a kind of its list");
}

const char *tz_letter_name(const char *kind)
{
    return find_kind(kind)->name;
}

const char *tz_letter_kind(const tz_ledger *ledger, int64_t days_left)
{
    if (days_left < 0)
        return "warn";
    if (days_left <= ledger->urge_days)
        return "urge";
    return days_left <= ledger->remind_days ? "remind" : NULL;
}

/* ---- Which are due ---- */

/* What a letter of an issue would be about today, and its kind; NULL: none is due. */
static const char *due_kind(tz_arena *mem, const tz_store *store, const tz_ledger *ledger, const json_t *issue, int32_t today,
                            const char **ret_about)
{
    const char *due = tz_json_str(issue, "due"), *opened = tz_json_str(issue, "opened_on");
    int32_t     day = 0;

    if (tz_standing_waits(tz_json_str(issue, "standing")))
        return NULL;
    if (due != NULL && tz_date_parse_iso(tz_text_of(due), &day)) {
        *ret_about = due;
        return tz_letter_kind(ledger, tz_days_left(store, ledger, today, day));
    }
    const char *quarter = tz_arena_printf(mem, "%d-Q%d", today / 10000, (today / 100 % 100 + 2) / 3);
    if (!tz_date_parse_iso(tz_text_of(opened), &day) ||
        strcmp(quarter, tz_arena_printf(mem, "%d-Q%d", day / 10000, (day / 100 % 100 + 2) / 3)) == 0)
        return NULL; /* the quarter that it was opened in needs no reminder */
    *ret_about = quarter;
    return "quarter";
}

static tz_rc was_issued(tz_store *store, int64_t issue, const char *kind, const char *about, bool *ret_was, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(store, "SELECT 1 FROM letter WHERE issue = ?1 AND kind = ?2 AND about = ?3", &sql, err));
    tz_sql_bind_int(sql, 1, issue);
    tz_sql_bind_text(sql, 2, kind);
    tz_sql_bind_text(sql, 3, about);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    *ret_was = has_row;
done:
    tz_sql_close(sql);
    return rc;
}

/* The one user who is a leader of the unit; nobody where there are several. */
static const char SELECT_LEADER[] =
    "SELECT min(user) FROM user WHERE unit = ?1 AND state = 'active' AND roles LIKE '%\"leader\"%' HAVING count(*) = 1";

/* The letter of an issue as a row without its number, or NULL. */
static tz_rc letter_of(tz_arena *mem, tz_store *store, const tz_packs *packs, const json_t *issue, int32_t today, json_t **ret_letter,
                       tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *about = NULL, *unit = tz_json_str(issue, "unit"), *to_user = NULL;
    const char *kind = due_kind(mem, store, tz_issue_ledger(packs, tz_json_str(issue, "ledger")), issue, today, &about);
    char        day[TZ_DATE_TEXT];
    bool        was = false;

    *ret_letter = NULL;
    if (kind != NULL)
        TZ_TRY(was_issued(store, tz_json_int(issue, "issue", 0), kind, about, &was, err));
    if (kind == NULL || was)
        goto done;
    if (unit != NULL)
        TZ_TRY(tz_unit_now(mem, store, unit, &unit, err));
    const char *role = find_kind(kind)->to_role;
    if (strcmp(role, "handler") == 0)
        to_user = tz_json_str(issue, "handler");
    else if (strcmp(role, "leader") == 0 && unit != NULL)
        TZ_TRY(tz_sql_one_text(mem, store, SELECT_LEADER, unit, NULL, &to_user, err));
    tz_date_format(today, day);
    json_t *letter = json_object();
    (void)json_object_set(letter, "issue", json_object_get(issue, "issue"));
    tz_json_set_str(letter, "kind", kind);
    tz_json_set_str(letter, "about", about);
    tz_json_set_str(letter, "to_role", role);
    tz_json_set_str(letter, "to_user", to_user);
    tz_json_set_str(letter, "unit", unit);
    tz_json_set_str(letter, "day", day);
    tz_json_set_str(letter, "by_user", store->user);
    *ret_letter = letter;
done:
    return rc;
}

/* ---- Issuing ---- */

static tz_rc issue_letter(tz_store *store, int64_t issue, json_t *letter, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t number = 0;
    json_t *row = NULL, *detail = json_object();

    TZ_TRY(tz_issue_load(store, issue, &row, err));
    TZ_TRY(tz_journal_next_id(store, "letter", "letter", &number, err));
    tz_json_set_int(letter, "letter", number);
    TZ_TRY(tz_journal_put(store, "issue.letter", "letter", letter, NULL, NULL, err));
    tz_json_set_int(detail, "letter", number);
    (void)json_object_set(detail, "kind", json_object_get(letter, "kind"));
    (void)json_object_set(detail, "about", json_object_get(letter, "about"));
    TZ_TRY(tz_issue_put_step(store, row, "letter", NULL, detail, err));
done:
    json_decref(row);
    json_decref(detail);
    return rc;
}

tz_rc tz_letters_due(tz_store *store, const tz_packs *packs, int32_t today, bool is_issued, json_t **ret_letters, tz_err *err)
{
    tz_assert(store != NULL && packs != NULL && ret_letters != NULL && (!is_issued || store->user != NULL));
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    json_t  *issues = NULL, *issue, *letters = json_array();
    size_t   i;

    if (today == 0)
        today = tz_issue_today(store);
    TZ_TRY(tz_issue_query(store,
                          "SELECT * FROM issue WHERE state NOT IN " TZ_ENDED " ORDER BY issue", 0, &issues, err));
    if (is_issued)
        TZ_TRY(tz_store_begin(store, err));
    json_array_foreach(issues, i, issue) {
        json_t *letter = NULL;
        TZ_TRY(letter_of(&mem, store, packs, issue, today, &letter, err));
        if (letter == NULL)
            continue;
        (void)json_array_append_new(letters, letter);
        if (is_issued)
            TZ_TRY(issue_letter(store, tz_json_int(issue, "issue", 0), letter, err));
        tz_json_set_str(letter, "name", find_kind(tz_json_str(letter, "kind"))->name);
    }
    if (is_issued)
        TZ_TRY(tz_store_commit(store, err));
    *ret_letters = json_incref(letters);
done:
    if (rc != TZ_OK && is_issued)
        tz_store_rollback(store);
    json_decref(issues);
    json_decref(letters);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_letters_issued(tz_store *store, int64_t issue, json_t **ret_letters, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *letters = NULL, *letter;
    size_t  i;

    TZ_TRY(tz_issue_query(store, "SELECT * FROM letter WHERE ?1 IN (0, issue) ORDER BY letter", issue, &letters, err));
    json_array_foreach(letters, i, letter)
        tz_json_set_str(letter, "name", find_kind(tz_json_str(letter, "kind"))->name);
    *ret_letters = json_incref(letters);
done:
    json_decref(letters);
    return rc;
}
