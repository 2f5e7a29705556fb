#include "report/household.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/idcard.h"
#include "checks/check.h"
#include "ledger/issue.h"
#include "packs/mask.h"
#include "report/known.h"

enum { POLICY_ROWS = 3 };

/* Somebody who lives there, with the row that introduces them. */
typedef struct {
    const char         *person;
    const tz_known_row *row;
    const tz_identity  *identity;
    int                 rank; /* of that row: a list of households that holds, another that holds, one that does not */
    const char         *name; /* as this reader may see it */
    bool                is_head;
} member;

typedef struct {
    tz_known    known;
    const char *household;
    TZ_ARRAY(member) members;
    tz_map      by_person; /* person -> index + 1 */
    json_t     *tree;
} showing;

/* ---- The people ---- */

/* Lists of households come first, in the order in which packs declare them. */
static int rank_of(const showing *of, const tz_known_row *row, const tz_identity *identity, const tz_seen *seen)
{
    bool is_list = identity->household >= 0 && identity->head >= 0, is_here = seen->household != NULL && strcmp(seen->household, of->household) == 0;
    return (row->is_valid ? 0 : 8) + (is_list && is_here ? 0 : is_list ? 1 : 2);
}

static void add_member(showing *of, const tz_seen *seen)
{
    bool                is_new = false;
    const tz_known_row *row = tz_known_row_of(&of->known, seen->row);
    const tz_identity  *identity = strcmp(seen->role, "person") == 0 ? tz_known_identity(row->reg, "person") : NULL;

    if (identity == NULL)
        return;
    tz_map_entry *entry = tz_map_put(&of->by_person, tz_text_of(seen->person), &is_new);
    int           rank = rank_of(of, row, identity, seen);
    if (is_new) {
        tz_push(of->known.mem, &of->members, (member){.person = seen->person, .rank = 99});
        entry->value = (int64_t)of->members.count;
    }
    member *who = &of->members.items[entry->value - 1];
    if (rank >= who->rank)
        return;
    *who = (member){.person = seen->person, .row = row, .identity = identity, .rank = rank};
}

static void name_members(showing *of)
{
    for (size_t i = 0; i < of->members.count; i++) {
        member     *who = &of->members.items[i];
        const char *relation = who->identity->head < 0 ? NULL : tz_json_str(who->row->row.values, who->row->reg->columns.items[who->identity->head].name);
        who->name = tz_known_value(&of->known, who->row, who->identity->name);
        who->is_head = relation != NULL && (strcmp(relation, "户主") == 0 || strcmp(relation, "true") == 0);
    }
}

static const member *find_member(const showing *of, const char *person)
{
    const tz_map_entry *entry = tz_map_get(&of->by_person, tz_text_of(person));
    return entry == NULL ? NULL : &of->members.items[entry->value - 1];
}

static int by_head_and_birth(const void *a, const void *b)
{
    const member *x = a, *y = b;
    const char   *births[2] = {"9", "9"};

    for (int i = 0; i < 2; i++) {
        const member *one = i == 0 ? x : y;
        const char   *birth = one->identity->birth < 0 ? NULL : tz_json_str(one->row->row.values, one->row->reg->columns.items[one->identity->birth].name);
        births[i] = birth == NULL ? births[i] : birth;
    }
    if (x->is_head != y->is_head)
        return x->is_head ? -1 : 1;
    int order = strcmp(births[0], births[1]);
    return order != 0 ? order : strcmp(x->person, y->person);
}

static void put_members(showing *of, const json_t *links)
{
    json_t *list = json_array(), *link;
    size_t  i, j;

    for (i = 0; i < of->members.count; i++) {
        const member *who = &of->members.items[i];
        json_t       *line = json_object(), *registers = json_array();
        tz_map        seen = tz_map_init(of->known.mem);
        tz_json_set_str(line, "person", who->person);
        tz_json_set_str(line, "name", who->name);
        tz_json_set_str(line, "relation", tz_known_value(&of->known, who->row, who->identity->head));
        (void)json_object_set_new(line, "is_head", json_boolean(who->is_head));
        tz_json_set_str(line, "birth", tz_known_value(&of->known, who->row, who->identity->birth));
        tz_json_set_str(line, "sex", tz_known_value(&of->known, who->row, who->identity->sex));
        tz_json_set_str(line, "id", tz_known_value(&of->known, who->row, who->identity->id));
        json_array_foreach((json_t *)links, j, link) {
            bool is_new = false;
            if (strcmp(tz_json_str(link, "person"), who->person) != 0)
                continue;
            tz_map_entry *entry = tz_map_put(&seen, tz_text_of(tz_arena_printf(of->known.mem, "%s %s", tz_json_str(link, "register"), tz_json_str(link, "role"))), &is_new);
            if (is_new) {
                json_t *known = json_copy(link);
                entry->value = (int64_t)json_array_size(registers);
                tz_json_set_int(known, "count", 0);
                (void)json_array_append_new(registers, known);
            }
            json_t *known = json_array_get(registers, (size_t)entry->value);
            tz_json_set_int(known, "count", tz_json_int(known, "count", 0) + 1);
        }
        (void)json_object_set_new(line, "registers", registers);
        (void)json_array_append_new(list, line);
    }
    (void)json_object_set_new(of->tree, "members", list);
    tz_json_set_int(of->tree, "size", (int64_t)of->members.count);
}

/* ---- Where, and the same people elsewhere ---- */

static void put_place(showing *of)
{
    const char *village = NULL;
    json_t     *divisions = json_array();
    tz_map      seen = tz_map_init(of->known.mem);

    for (size_t i = 0; i < of->members.count; i++) {
        const member *who = &of->members.items[i];
        int           column = who->identity->village;
        const char   *code = column < 0 ? NULL : tz_json_str(who->row->row.values, who->row->reg->columns.items[column].name);
        bool          is_new = false;
        if (code == NULL)
            continue;
        (void)tz_map_put(&seen, tz_text_of(code), &is_new);
        if (is_new)
            (void)json_array_append_new(divisions, json_string(code));
        village = village == NULL || who->is_head ? code : village;
    }
    const tz_division *here = village == NULL ? NULL : tz_county_division(of->known.store->county, tz_text_of(village));
    const tz_division *above = here == NULL || here->parent == NULL ? NULL : tz_county_division(of->known.store->county, tz_text_of(here->parent));
    tz_json_set_str(of->tree, "village", here == NULL ? NULL : here->name);
    tz_json_set_str(of->tree, "township", above == NULL || above->level != TZ_DIVISION_TOWNSHIP ? NULL : above->name);
    (void)json_object_set_new(of->tree, "divisions", divisions);
}

/* Households that at least half of the members have rows of: the same family as another list counts it. */
static void put_others(showing *of, json_t *subjects)
{
    json_t *others = json_array();
    tz_map  counts = tz_map_init(of->known.mem), titles = tz_map_init(of->known.mem);

    for (size_t i = 0; i < of->known.seen.count; i++) {
        const tz_seen      *seen = &of->known.seen.items[i];
        const tz_known_row *row = tz_known_row_of(&of->known, seen->row);
        bool                is_new = false;
        if (seen->household == NULL || strcmp(seen->household, of->household) == 0 || !row->is_valid || find_member(of, seen->person) == NULL)
            continue;
        (void)tz_map_put(&counts, tz_text_of(tz_arena_printf(of->known.mem, "%s %s", seen->household, seen->person)), &is_new);
        tz_map_entry *entry = tz_map_put(&titles, tz_text_of(seen->household), NULL);
        entry->value += is_new ? 1LL << 32 : 0;
        entry->value = entry->value >> 32 << 32 | (row - of->known.rows.items);
    }
    for (size_t i = 0; i < titles.entries.count; i++) {
        const tz_map_entry *entry = &titles.entries.items[i];
        if ((size_t)(entry->value >> 32) * 2 < of->members.count)
            continue;
        json_t     *line = json_object();
        const char *name = tz_text_dup(of->known.mem, entry->key);
        tz_json_set_str(line, "household", name);
        tz_json_set_str(line, "title", tz_known_half(&of->known, of->known.rows.items[entry->value & 0xffffffff].reg->title));
        (void)json_array_append_new(others, line);
        (void)json_array_append_new(subjects, json_string(name));
    }
    (void)json_object_set_new(of->tree, "others", others);
}

/* ---- Findings and issues ---- */

static json_t *valid_rows(const showing *of)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < of->known.rows.count; i++)
        if (of->known.rows.items[i].is_valid)
            (void)json_array_append_new(rows, json_integer(of->known.rows.items[i].row.row_id));
    return rows;
}

/* What stood on the day: of an earlier one what had been raised by then. */
static tz_rc read_findings(showing *of, const json_t *subjects, json_t **ret_findings, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    json_t           *rows = valid_rows(of), *all = NULL, *findings = json_array(), *finding;
    char              as_of[TZ_DATE_TEXT];
    size_t            i;
    tz_finding_filter filter = {.subjects = subjects, .rows = rows, .at = of->known.view->day.at, .is_masked = of->known.view->is_masked,
                                .lang = of->known.view->lang};

    tz_date_format(of->known.view->day.as_of, as_of);
    TZ_TRY(tz_findings(of->known.mem, of->known.store, of->known.packs, &filter, &all, err));
    json_array_foreach(all, i, finding)
        if (tz_json_str(finding, "since") == NULL || strcmp(tz_json_str(finding, "since"), as_of) <= 0)
            (void)json_array_append(findings, finding);
    *ret_findings = json_incref(findings);
done:
    json_decref(rows);
    json_decref(all);
    json_decref(findings);
    return rc;
}

static bool has_issue(const json_t *issues, int64_t number)
{
    size_t  i;
    json_t *issue;

    json_array_foreach((json_t *)issues, i, issue)
        if (tz_json_int(issue, "issue", 0) == number)
            return true;
    return false;
}

/* The issues that answer for the findings, each once. */
static tz_rc read_issues(showing *of, const json_t *findings, json_t *issues, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    size_t  i;
    json_t *finding, *found = NULL;

    json_array_foreach((json_t *)findings, i, finding) {
        int64_t         number = tz_json_int(finding, "issue", 0);
        tz_issue_filter filter = {.after = number - 1, .limit = 1, .is_masked = of->known.view->is_masked, .lang = of->known.view->lang};
        if (number == 0 || has_issue(issues, number))
            continue;
        TZ_TRY(tz_issue_list(of->known.mem, of->known.store, of->known.packs, &filter, &found, err));
        json_t *issue = json_array_get(found, 0);
        if (tz_json_int(issue, "issue", 0) == number)
            (void)json_array_append(issues, issue);
        json_decref(found);
        found = NULL;
    }
done:
    json_decref(found);
    return rc;
}

static bool is_open(const json_t *finding)
{
    return strcmp(tz_json_str(finding, "state"), "cleared") != 0;
}

/* The worst of what is open, since its first day. */
static void put_level(showing *of, const json_t *findings)
{
    static const char *const LEVELS[] = {"red", "orange", "yellow"};
    const char *level = NULL, *since = NULL;
    size_t      i;
    json_t     *finding;

    for (size_t l = 0; l < 3 && level == NULL; l++)
        json_array_foreach((json_t *)findings, i, finding) {
            const char *day = tz_json_str(finding, "since");
            if (!is_open(finding) || strcmp(tz_json_str(finding, "level"), LEVELS[l]) != 0)
                continue;
            level = LEVELS[l];
            since = since == NULL || (day != NULL && strcmp(day, since) < 0) ? day : since;
        }
    tz_json_set_str(of->tree, "level", level);
    tz_json_set_str(of->tree, "since", since);
}

/* ---- Policies ---- */

static bool is_named(const tz_strings *names, const char *name)
{
    for (size_t i = 0; name != NULL && i < names->count; i++)
        if (strcmp(names->items[i], name) == 0)
            return true;
    return false;
}

static size_t add_findings_of(const tz_strings *checks, const json_t *findings, const char *kind, json_t *list)
{
    size_t  i, count = 0;
    json_t *finding;

    json_array_foreach((json_t *)findings, i, finding) {
        if (!is_open(finding) || !is_named(checks, tz_json_str(finding, "check")))
            continue;
        json_t *line = json_pack("{s:s}", "kind", kind);
        static const char *const COPIED[] = {"finding", "message", "level", "issue"};
        for (size_t j = 0; j < sizeof COPIED / sizeof COPIED[0]; j++)
            (void)json_object_set(line, COPIED[j], json_object_get(finding, COPIED[j]));
        (void)json_array_append_new(list, line);
        count++;
    }
    return count;
}

/* Its newest rows; the timeline has them all. */
static int64_t add_rows_of(const showing *of, const tz_policy *policy, const json_t *timeline, json_t *list)
{
    int64_t count = 0;
    size_t  i;
    json_t *line;

    json_array_foreach((json_t *)timeline, i, line) {
        if (!is_named(&policy->received, tz_json_str(json_object_get(line, "row"), "register")) ||
            strcmp(tz_json_str(line, "kind"), "row") != 0 || find_member(of, tz_json_str(line, "person")) == NULL ||
            strcmp(tz_json_str(line, "role"), "person") != 0)
            continue;
        if (count++ < POLICY_ROWS)
            (void)json_array_append(list, line);
    }
    return count;
}

static void put_policies(showing *of, const json_t *timeline, const json_t *findings)
{
    json_t *list = json_array();

    for (size_t i = 0; i < of->known.packs->packs.count; i++)
        for (size_t j = 0; j < of->known.packs->packs.items[i].policies.count; j++) {
            const tz_policy *policy = &of->known.packs->packs.items[i].policies.items[j];
            json_t          *line = json_object(), *rows = json_array(), *about = json_array();
            int64_t          count = add_rows_of(of, policy, timeline, rows);
            size_t           due = add_findings_of(&policy->due, findings, "due", about);
            size_t           wrong = add_findings_of(&policy->wrong, findings, "wrong", about);
            tz_json_set_str(line, "policy", policy->name);
            tz_json_set_str(line, "title", tz_known_half(&of->known, policy->title));
            tz_json_set_str(line, "state", due > 0 ? "due" : wrong > 0 ? "wrong" : count > 0 ? "received" : "none");
            tz_json_set_int(line, "count", count);
            tz_json_set_int(line, "more", count > POLICY_ROWS ? count - POLICY_ROWS : 0);
            (void)json_object_set_new(line, "rows", rows);
            (void)json_object_set_new(line, "findings", about);
            (void)json_array_append_new(list, line);
        }
    (void)json_object_set_new(of->tree, "policies", list);
}

/* ---- The time line ---- */

typedef struct {
    const char *order;
    json_t     *line; /* owned by the array that comes of it */
} moment;
typedef TZ_ARRAY(moment) moments;

static int newest_first(const void *a, const void *b)
{
    const moment *x = a, *y = b;
    int           order = strcmp(y->order, x->order);
    return order != 0 ? order : (x > y) - (x < y);
}

static void add_row_moments(showing *of, moments *line_of)
{
    for (size_t i = 0; i < of->known.seen.count; i++) {
        const tz_seen      *seen = &of->known.seen.items[i];
        const tz_known_row *row = tz_known_row_of(&of->known, seen->row);
        const member       *who = find_member(of, seen->person);
        const char         *date = "", *order = "";
        if (!row->is_valid || row->reg == NULL)
            continue;
        tz_known_date(&of->known, row, &date, &order);
        json_t *line = json_object(), *address = tz_known_json(&of->known, row);
        tz_json_set_str(line, "date", date);
        tz_json_set_str(line, "kind", "row");
        tz_json_set_str(line, "title", tz_json_str(address, "title"));
        tz_json_set_str(line, "text", tz_json_str(address, "text"));
        tz_json_set_str(line, "person", seen->person);
        tz_json_set_str(line, "name", who == NULL ? NULL : who->name);
        tz_json_set_str(line, "role", seen->role);
        tz_json_set_str(line, "sender", row->sender);
        (void)json_object_set_new(line, "row", address);
        tz_push(of->known.mem, line_of, (moment){order, line});
    }
}

static void add_finding_moments(showing *of, const json_t *findings, const json_t *issues, moments *line_of)
{
    size_t  i;
    json_t *one;

    json_array_foreach((json_t *)findings, i, one) {
        const char   *since = tz_json_str(one, "since");
        const member *who = tz_json_str(one, "subject") == NULL ? NULL : find_member(of, tz_json_str(one, "subject"));
        json_t       *line = json_pack("{s:s, s:O, s:O, s:O, s:O, s:O}", "kind", "finding", "finding", json_object_get(one, "finding"), "level",
                                       json_object_get(one, "level"), "text", json_object_get(one, "message"), "state", json_object_get(one, "state"),
                                       "rows", json_object_get(one, "rows"));
        tz_json_set_str(line, "date", since);
        tz_json_set_str(line, "name", who == NULL ? NULL : who->name);
        tz_json_set_int(line, "row_count", (int64_t)json_array_size(json_object_get(one, "rows")));
        tz_push(of->known.mem, line_of, (moment){since == NULL ? "" : since, line});
    }
    json_array_foreach((json_t *)issues, i, one) {
        size_t  j;
        json_t *step;
        json_array_foreach(json_object_get(one, "history"), j, step) {
            const char *at = tz_json_str(step, "at");
            int32_t     day = 0;
            char        shown[TZ_DATE_TEXT] = "";
            if (tz_date_parse_iso(tz_text_cut(tz_text_of(at), 0, 10), &day))
                tz_date_format(day, shown);
            json_t *line = json_pack("{s:s, s:O, s:O, s:O, s:O}", "kind", "issue", "issue", json_object_get(one, "issue"), "level",
                                     json_object_get(one, "level"), "title", json_object_get(step, "word"), "text", json_object_get(step, "note"));
            tz_json_set_str(line, "date", shown);
            tz_json_set_str(line, "by", tz_json_str(step, "by"));
            tz_push(of->known.mem, line_of, (moment){tz_arena_dup(of->known.mem, shown), line});
        }
    }
}

static json_t *make_timeline(showing *of, const json_t *findings, const json_t *issues)
{
    moments line_of = {0};
    json_t *timeline = json_array();

    add_row_moments(of, &line_of);
    add_finding_moments(of, findings, issues, &line_of);
    if (line_of.count > 0)
        qsort(line_of.items, line_of.count, sizeof line_of.items[0], newest_first);
    for (size_t i = 0; i < line_of.count; i++)
        (void)json_array_append_new(timeline, line_of.items[i].line);
    return timeline;
}

/* ---- All of it ---- */

static void put_head(showing *of)
{
    int64_t older = 0;
    char    as_of[TZ_DATE_TEXT];

    tz_date_format(of->known.view->day.as_of, as_of);
    for (size_t i = 0; i < of->known.rows.count; i++)
        older += !of->known.rows.items[i].is_valid;
    tz_json_set_str(of->tree, "household", of->household);
    tz_json_set_str(of->tree, "as_of", as_of);
    tz_json_set_str(of->tree, "name", of->members.items[0].name);
    tz_json_set_int(of->tree, "older", older);
}

static tz_rc put_all(showing *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *links = NULL, *findings = NULL, *issues = json_array(), *subjects = json_pack("[s]", of->household), *timeline = NULL;

    for (size_t i = 0; i < of->members.count; i++)
        (void)json_array_append_new(subjects, json_string(of->members.items[i].person));
    put_head(of);
    put_place(of);
    put_others(of, subjects);
    TZ_TRY(tz_known_links(&of->known, &links, err));
    put_members(of, links);
    TZ_TRY(read_findings(of, subjects, &findings, err));
    TZ_TRY(read_issues(of, findings, issues, err));
    put_level(of, findings);
    timeline = make_timeline(of, findings, issues);
    put_policies(of, timeline, findings);
    (void)json_object_set(of->tree, "timeline", timeline);
    (void)json_object_set(of->tree, "findings", findings);
    (void)json_object_set(of->tree, "issues", issues);
    (void)json_object_set(of->tree, "links", links);
done:
    json_decref(links);
    json_decref(findings);
    json_decref(issues);
    json_decref(subjects);
    json_decref(timeline);
    return rc;
}

/* The id under which an entity is known now: the older ones of merges are the same. */
static tz_rc entity_now(tz_arena *mem, tz_store *store, const char *entity, const char **ret_entity, tz_err *err)
{
    enum { LONGEST = 20 };
    tz_rc rc = TZ_OK;

    for (int i = 0; i < LONGEST; i++) {
        tz_sql *sql = NULL;
        bool    has_row = false;
        rc = tz_sql_open(store, "SELECT entity FROM entity_event WHERE event = 'alias' AND other = ?1 ORDER BY entry DESC, seq DESC LIMIT 1", &sql, err);
        if (rc != TZ_OK)
            break;
        tz_sql_bind_text(sql, 1, entity);
        rc = tz_sql_step(store, sql, &has_row, err);
        entity = rc == TZ_OK && has_row ? tz_sql_dup(mem, sql, 0) : entity;
        tz_sql_close(sql);
        if (rc != TZ_OK || !has_row)
            break;
    }
    if (rc == TZ_OK)
        *ret_entity = entity;
    return rc;
}

static tz_rc no_household(tz_err *err)
{
    (void)tz_fail(err, TZ_MISSING, "没有这一户", "there is no such household");
    return tz_err_advise(err, "按村和姓名查找,或输入公民身份号码", "look it up by village and name, or by an ID number");
}

tz_rc tz_household_show(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_household_view *view, const char *household,
                        json_t **ret_household, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && view != NULL && view->day.as_of != 0 && ret_household != NULL);
    tz_rc   rc = TZ_OK;
    showing of = {.known = {.mem = mem, .store = store, .packs = packs, .view = view}, .by_person = tz_map_init(mem), .tree = json_object()};

    TZ_TRY(entity_now(mem, store, household, &of.household, err));
    TZ_TRY(tz_known_load(&of.known,
                         "SELECT p.row, p.role, p.person, p.household FROM people p JOIN (SELECT DISTINCT person FROM people"
                         " WHERE household = $1 AND role = 'person') m USING (person) ORDER BY p.row, p.role", of.household, 0, err));
    for (size_t i = 0; i < of.known.seen.count; i++)
        add_member(&of, &of.known.seen.items[i]);
    if (of.members.count == 0) {
        rc = no_household(err);
        goto done;
    }
    name_members(&of);
    qsort(of.members.items, of.members.count, sizeof of.members.items[0], by_head_and_birth);
    for (size_t i = 0; i < of.members.count; i++)
        tz_map_get(&of.by_person, tz_text_of(of.members.items[i].person))->value = (int64_t)i + 1;
    TZ_TRY(put_all(&of, err));
    *ret_household = json_incref(of.tree);
done:
    tz_known_close(&of.known);
    json_decref(of.tree);
    return rc;
}

/* ---- Finding one ---- */

tz_rc tz_household_of_person(tz_arena *mem, tz_store *store, tz_day day, const char *person, const char **ret_household, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && person != NULL && ret_household != NULL);
    tz_rc         rc = TZ_OK;
    tz_duck       duck = {0};
    duckdb_result result = {0};
    const char   *people = NULL, *now = NULL;
    tz_buf        sql = tz_buf_init(mem, 0);

    TZ_TRY(entity_now(mem, store, person, &now, err));
    TZ_TRY(tz_people_file(mem, store, day, &people, err));
    if (people == NULL) {
        rc = no_household(err);
        goto done;
    }
    TZ_TRY(tz_duck_open(1, 256, &duck, err));
    tz_buf_puts(&sql, "SELECT household FROM read_parquet(");
    tz_sql_literal(&sql, tz_text_of(people));
    tz_buf_puts(&sql, ") WHERE person = $1 AND role = 'person' AND household IS NOT NULL GROUP BY household ORDER BY count(*) DESC, min(row) LIMIT 1");
    TZ_TRY(tz_duck_query(&duck, tz_buf_str(&sql), &now, 1, &result, err));
    if (duckdb_row_count(&result) == 0) {
        rc = no_household(err);
        goto done;
    }
    char *value = duckdb_value_varchar(&result, 0, 0);
    *ret_household = tz_arena_dup(mem, value);
    duckdb_free(value);
done:
    duckdb_destroy_result(&result);
    tz_duck_close(&duck);
    return rc;
}

tz_rc tz_household_of_id(tz_arena *mem, tz_store *store, tz_day day, const char *id, const char **ret_household, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && id != NULL && ret_household != NULL);
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;
    char    tidy[32], key[TZ_KEY_TEXT];
    size_t  size = tz_idcard_tidy(tz_text_of(id), tidy);

    if (size == 0 || !tz_idcard_is_valid((tz_text){tidy, size})) {
        rc = tz_fail(err, TZ_USAGE, "不是有效的公民身份号码", "this is no valid ID number");
        rc = tz_err_advise(err, "核对 18 位号码;没有号码的按村和姓名查找", "check its 18 characters; without a number look by village and name");
        goto done;
    }
    tz_store_key(store, "id", (tz_text){tidy, size}, key);
    TZ_TRY(tz_sql_open(store, "SELECT entity FROM entity_event WHERE key = ?1 AND kind = 'person' AND event IN ('born', 'key')"
                              " AND entry <= ?2 ORDER BY entry DESC, seq DESC LIMIT 1", &sql, err));
    tz_sql_bind_text(sql, 1, key);
    tz_sql_bind_int(sql, 2, day.at);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    if (!has_row) {
        rc = tz_fail(err, TZ_MISSING, "名册里没有这个号码的人", "no register has somebody of this number");
        rc = tz_err_advise(err, "号码可能抄错:按村和姓名查找", "it may be mistyped: look by village and name");
        goto done;
    }
    rc = tz_household_of_person(mem, store, day, tz_sql_dup(mem, sql, 0), ret_household, err);
done:
    tz_sql_close(sql);
    return rc;
}

/* ---- Searching ---- */

static const char *column_of(const tz_register *reg, int index)
{
    return index < 0 ? NULL : reg->columns.items[index].name;
}

/* code LIKE 'prefix%' by comparison, so that a batch's statistics can skip files of other places. */
static void put_within(tz_buf *sql, const char *column, const char *prefix)
{
    tz_buf_puts(sql, "starts_with(");
    tz_sql_name(sql, column);
    tz_buf_puts(sql, ", ");
    tz_sql_literal(sql, tz_text_of(prefix));
    tz_buf_puts(sql, ")");
}

static void put_search(tz_buf *sql, const tz_register *reg, const tz_identity *identity, const char *view, const tz_household_search *search)
{
    const char *village = column_of(reg, identity->village), *name = column_of(reg, identity->name), *head = column_of(reg, identity->head);
    size_t      i;
    json_t     *place;

    tz_buf_puts(sql, "WITH v AS MATERIALIZED (SELECT household, person, ");
    tz_sql_name(sql, name);
    tz_buf_puts(sql, " AS name, ");
    tz_sql_name(sql, village);
    tz_buf_puts(sql, " AS village, ");
    tz_buf_puts(sql, "coalesce(CAST(");
    tz_sql_name(sql, head);
    tz_buf_printf(sql, " AS VARCHAR) IN ('户主', 'true'), false) AS is_head FROM (%s) WHERE household IS NOT NULL", view);
    if (search->division != NULL) {
        tz_buf_puts(sql, " AND ");
        put_within(sql, village, search->division);
    }
    if (search->places != NULL) {
        tz_buf_puts(sql, " AND (false");
        json_array_foreach((json_t *)search->places, i, place) {
            tz_buf_puts(sql, " OR ");
            put_within(sql, village, json_string_value(place));
        }
        tz_buf_puts(sql, ")");
    }
    tz_buf_puts(sql, "), h AS (SELECT household, coalesce(min(name) FILTER (WHERE is_head), min(name)) AS name, min(village) AS village,"
                     " count(DISTINCT person) AS size");
    if (search->name != NULL) {
        tz_buf_puts(sql, ", bool_or(contains(name, ");
        tz_sql_literal(sql, tz_text_of(search->name));
        tz_buf_puts(sql, ")) AS fits, min(name) FILTER (WHERE contains(name, ");
        tz_sql_literal(sql, tz_text_of(search->name));
        tz_buf_puts(sql, ")) AS found");
    } else {
        tz_buf_puts(sql, ", true AS fits, NULL::VARCHAR AS found");
    }
    tz_buf_printf(sql, " FROM v GROUP BY household) SELECT household, name, village, size, found FROM h WHERE fits"
                       " ORDER BY village, name, household LIMIT %lld", (long long)(search->limit > 0 ? search->limit : 100));
}

static json_t *found_line(tz_arena *mem, const tz_store *store, const tz_household_view *view, const tz_register *reg, const tz_identity *identity,
                          duckdb_result *result, idx_t row)
{
    json_t           *line = json_object();
    const tz_column  *column = &reg->columns.items[identity->name];
    const char       *texts[5];
    static const int  TEXTS[] = {0, 1, 2, 4};

    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        char *value = duckdb_value_is_null(result, (idx_t)TEXTS[i], row) ? NULL : duckdb_value_varchar(result, (idx_t)TEXTS[i], row);
        texts[TEXTS[i]] = value == NULL ? NULL : tz_arena_dup(mem, value);
        duckdb_free(value);
    }
    const tz_division *here = texts[2] == NULL ? NULL : tz_county_division(store->county, tz_text_of(texts[2]));
    const tz_division *above = here == NULL || here->parent == NULL ? NULL : tz_county_division(store->county, tz_text_of(here->parent));
    tz_json_set_str(line, "household", texts[0]);
    tz_json_set_str(line, "name", view->is_masked ? tz_mask_column(mem, column, texts[1]) : texts[1]);
    tz_json_set_str(line, "found", texts[4] == NULL || (texts[1] != NULL && strcmp(texts[4], texts[1]) == 0) ? NULL
                                   : view->is_masked ? tz_mask_column(mem, column, texts[4]) : texts[4]);
    tz_json_set_str(line, "division", texts[2]);
    tz_json_set_str(line, "village", here == NULL ? NULL : here->name);
    tz_json_set_str(line, "township", above == NULL ? NULL : above->name);
    tz_json_set_int(line, "size", duckdb_value_int64(result, 3, row));
    tz_json_set_str(line, "register", reg->name);
    return line;
}

static tz_rc search_register(tz_arena *mem, tz_store *store, const tz_household_view *view, const tz_register *reg, const tz_identity *identity,
                             const tz_household_search *search, json_t *rows, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_duck       duck = {0};
    duckdb_result result = {0};
    const char   *day_view = NULL;
    tz_buf        sql = tz_buf_init(mem, 0);

    TZ_TRY(tz_view_sql(mem, store, reg, view->day, &day_view, err));
    put_search(&sql, reg, identity, day_view, search);
    TZ_TRY(tz_duck_open(0, 1024, &duck, err));
    TZ_TRY(tz_duck_query(&duck, tz_buf_str(&sql), NULL, 0, &result, err));
    for (idx_t i = 0, count = duckdb_row_count(&result); i < count; i++)
        (void)json_array_append_new(rows, found_line(mem, store, view, reg, identity, &result, i));
done:
    duckdb_destroy_result(&result);
    tz_duck_close(&duck);
    return rc;
}

/* The first list of households that knows one; lists of one family would name it twice. */
tz_rc tz_household_find(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_household_view *view, const tz_household_search *search,
                        json_t **ret_rows, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && view != NULL && search != NULL && ret_rows != NULL);
    tz_rc   rc = TZ_OK;
    json_t *rows = json_array();

    if (search->name == NULL && search->division == NULL) {
        rc = tz_fail(err, TZ_USAGE, "要有姓名或村", "a name or a village is needed");
        goto done;
    }
    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].registers.count; j++) {
            const tz_register *reg = &packs->packs.items[i].registers.items[j];
            const tz_identity *identity = tz_known_identity(reg, "person");
            if (identity == NULL || identity->household < 0 || identity->head < 0 || identity->name < 0 || identity->village < 0 || json_array_size(rows) > 0)
                continue;
            TZ_TRY(search_register(mem, store, view, reg, identity, search, rows, err));
        }
    *ret_rows = json_incref(rows);
done:
    json_decref(rows);
    return rc;
}
