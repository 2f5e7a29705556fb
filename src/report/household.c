#include "report/household.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
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

/* A value as it is stored, whoever reads. */
static const char *stored(const tz_known_row *row, int column)
{
    return column < 0 ? NULL : tz_json_str(row->row.values, row->reg->columns.items[column].name);
}

static void name_members(showing *of)
{
    for (size_t i = 0; i < of->members.count; i++) {
        member     *who = &of->members.items[i];
        const char *relation = stored(who->row, who->identity->head);
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
        const char   *birth = stored(one->row, one->identity->birth);
        births[i] = birth == NULL ? births[i] : birth;
    }
    if (x->is_head != y->is_head)
        return x->is_head ? -1 : 1;
    int order = strcmp(births[0], births[1]);
    return order != 0 ? order : strcmp(x->person, y->person);
}

/* How each register knows them: the first link of each register and role, with how many there are. */
static json_t *registers_of(const showing *of, const member *who, const json_t *links)
{
    json_t *registers = json_array(), *link;
    tz_map  seen = tz_map_init(of->known.mem);
    size_t  i;

    json_array_foreach((json_t *)links, i, link) {
        bool is_new = false;
        if (strcmp(tz_json_str(link, "person"), who->person) != 0)
            continue;
        const char   *key = tz_arena_printf(of->known.mem, "%s %s", tz_json_str(link, "register"), tz_json_str(link, "role"));
        tz_map_entry *entry = tz_map_put(&seen, tz_text_of(key), &is_new);
        if (is_new) {
            entry->value = (int64_t)json_array_size(registers);
            (void)json_array_append_new(registers, json_copy(link));
        }
        json_t *known = json_array_get(registers, (size_t)entry->value);
        tz_json_set_int(known, "count", tz_json_int(known, "count", 0) + 1);
    }
    return registers;
}

static void put_members(showing *of, const json_t *links)
{
    json_t *list = json_array();

    for (size_t i = 0; i < of->members.count; i++) {
        const member *who = &of->members.items[i];
        json_t       *line = json_object();
        tz_json_set_str(line, "person", who->person);
        tz_json_set_str(line, "name", who->name);
        tz_json_set_str(line, "relation", tz_known_value(&of->known, who->row, who->identity->head));
        (void)json_object_set_new(line, "is_head", json_boolean(who->is_head));
        tz_json_set_str(line, "birth", tz_known_value(&of->known, who->row, who->identity->birth));
        tz_json_set_str(line, "sex", tz_known_value(&of->known, who->row, who->identity->sex));
        tz_json_set_str(line, "id", tz_known_value(&of->known, who->row, who->identity->id));
        (void)json_object_set_new(line, "registers", registers_of(of, who, links));
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
        const char   *code = stored(who->row, who->identity->village);
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
    size_t      number; /* of those of one day the first stays first */
    json_t     *line; /* owned by the array that comes of it */
} moment;
typedef TZ_ARRAY(moment) moments;

static int newest_first(const void *a, const void *b)
{
    const moment *x = a, *y = b;
    int           order = strcmp(y->order, x->order);
    return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
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
        tz_push(of->known.mem, line_of, (moment){order, line_of->count, line});
    }
}

/* The day there of a journal's time; "" for none. */
static const char *day_in_china(tz_arena *mem, const char *at)
{
    int32_t day = 0;
    char    shown[TZ_DATE_TEXT];

    if (at == NULL || strlen(at) < 13 || !tz_date_parse_iso(tz_text_cut(tz_text_of(at), 0, 10), &day))
        return "";
    tz_date_format(strncmp(at + 11, "16", 2) >= 0 ? tz_date_add(day, 1) : day, shown); /* midnight is at 16:00 UTC */
    return tz_arena_dup(mem, shown);
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
        tz_push(of->known.mem, line_of, (moment){since == NULL ? "" : since, line_of->count, line});
    }
    json_array_foreach((json_t *)issues, i, one) {
        size_t  j;
        json_t *step;
        json_array_foreach(json_object_get(one, "history"), j, step) {
            const char *shown = day_in_china(of->known.mem, tz_json_str(step, "at"));
            json_t *line = json_pack("{s:s, s:O, s:O, s:O, s:O}", "kind", "issue", "issue", json_object_get(one, "issue"), "level",
                                     json_object_get(one, "level"), "title", json_object_get(step, "word"), "text", json_object_get(step, "note"));
            tz_json_set_str(line, "date", shown);
            tz_json_set_str(line, "by", tz_json_str(step, "by"));
            tz_push(of->known.mem, line_of, (moment){shown, line_of->count, line});
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

tz_rc tz_household_show(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_household_view *view, const char *household,
                        json_t **ret_household, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && view != NULL && view->day.as_of != 0 && ret_household != NULL);
    tz_rc   rc = TZ_OK;
    showing of = {.known = {.mem = mem, .store = store, .packs = packs, .view = view}, .by_person = tz_map_init(mem), .tree = json_object()};

    TZ_TRY(tz_known_entity(mem, store, household, &of.household, err));
    TZ_TRY(tz_known_load(&of.known,
                         "SELECT p.row, p.role, p.person, p.household FROM people p JOIN (SELECT DISTINCT person FROM people"
                         " WHERE household = $1 AND role = 'person') m USING (person) ORDER BY p.row, p.role", of.household, 0, err));
    for (size_t i = 0; i < of.known.seen.count; i++)
        add_member(&of, &of.known.seen.items[i]);
    if (of.members.count == 0) {
        rc = tz_household_missing(err);
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
