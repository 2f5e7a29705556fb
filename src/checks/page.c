/* page - which of the findings as they stand a filter asks for, in the order of the listing, a page at a time.
 *
 * The order is by groups (open or cleared, level, check), which are few and found in finding_now without reading its
 * lines; inside a group it is the number.  So a page reads the groups from where the last one ended, each from an index,
 * until it is full.  Where the order is by number there is one group of all.
 */
#include <string.h>

#include "base/assert.h"
#include "checks/inside.h"

typedef struct {
    int64_t     is_cleared;
    const char *level, *check;
} group;

typedef struct {
    tz_arena                *mem;
    tz_store                *store;
    const tz_packs          *packs;
    const tz_finding_filter *filter;
    const tz_meaning        *of;
    bool                     is_by_number, is_backwards, is_down; /* down: numbers get smaller as the page goes on */
    TZ_ARRAY(group) groups;
} page;

/* ---- Groups ---- */

static bool has_text(const char *both, const char *text)
{
    return both != NULL && strstr(both, text) != NULL;
}

/* Whether the text names the rule, so that all its findings show it. */
static bool names_rule(const page *at, const char *check_name)
{
    const tz_check *check = tz_packs_check(at->packs, check_name);

    return at->filter->text == NULL || has_text(check_name, at->filter->text) ||
           (check != NULL && has_text(check->title, at->filter->text));
}

static bool is_wanted(const page *at, const group *one)
{
    const tz_finding_filter *filter = at->filter;
    const tz_check          *check = tz_packs_check(at->packs, one->check);

    if (filter->is_waiting && one->is_cleared != 0)
        return false;
    if (filter->state != NULL && (strcmp(filter->state, "cleared") == 0) != (one->is_cleared != 0))
        return false;
    if (at->of->level != NULL && strcmp(at->of->level, one->level) != 0)
        return false;
    if (filter->check != NULL && strcmp(filter->check, one->check) != 0)
        return false;
    return filter->owner == NULL || (check != NULL && check->owner != NULL && strcmp(check->owner, filter->owner) == 0);
}

/* Each group there is, found by stepping from one to the next in the index: of a comparison of rows (a, b, c) > (x, y, z) SQLite
 * would use the first column alone. A rule's record sets where it stands: real of
 * verified, with one of each before the first. */
static const char SELECT_GROUPS[] =
    "WITH RECURSIVE g (is_cleared, level, \"check\") AS ("
    "  SELECT * FROM (SELECT is_cleared, level, \"check\" FROM finding_now ORDER BY is_cleared, level, \"check\" LIMIT 1)"
    "  UNION ALL"
    "  SELECT n.is_cleared, n.level, n.\"check\" FROM g JOIN finding_now n ON n.finding = coalesce("
    "    (SELECT m.finding FROM finding_now m WHERE m.is_cleared = g.is_cleared AND m.level = g.level AND m.\"check\" > g.\"check\""
    "      ORDER BY m.\"check\" LIMIT 1),"
    "    (SELECT m.finding FROM finding_now m WHERE m.is_cleared = g.is_cleared AND m.level > g.level ORDER BY m.level, m.\"check\" LIMIT 1),"
    "    (SELECT m.finding FROM finding_now m WHERE m.is_cleared > g.is_cleared ORDER BY m.is_cleared, m.level, m.\"check\" LIMIT 1)))"
    "SELECT g.is_cleared, g.level, g.\"check\" FROM g"
    "  LEFT JOIN (SELECT \"check\", (count(*) FILTER (WHERE verdict = 'real') + 1.0) / (count(*) + 2) AS share"
    "               FROM finding_now WHERE verdict IS NOT NULL GROUP BY \"check\") p ON p.\"check\" = g.\"check\""
    " ORDER BY g.is_cleared, CASE g.level WHEN 'red' THEN 0 WHEN 'orange' THEN 1 ELSE 2 END, coalesce(p.share, 0.5) DESC, g.\"check\"";

static tz_rc load_groups(page *at, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(at->store, SELECT_GROUPS, &sql, err));
    TZ_EACH_ROW (at->store, sql, err) {
        group one = {.is_cleared = tz_sql_int(sql, 0), .level = tz_sql_dup(at->mem, sql, 1), .check = tz_sql_dup(at->mem, sql, 2)};
        tz_push(at->mem, &at->groups, one);
    }
done:
    tz_sql_close(sql);
    return rc;
}

/* ---- The lines of a group ---- */

static void put_array(const page *at, const json_t *array, tz_select *to)
{
    tz_buf text = tz_buf_init(at->mem, 0);

    tz_json_canonical(array, &text);
    tz_select_put(to, "(SELECT value FROM json_each(");
    tz_select_text(to, tz_buf_str(&text));
    tz_select_put(to, "))");
}

/* About one of the subjects, or resting on one of the rows; in one of the places. */
static void put_arrays(const page *at, tz_select *to)
{
    const tz_finding_filter *filter = at->filter;

    if (filter->subjects != NULL || filter->rows != NULL) {
        tz_select_put(to, " AND (0");
        if (filter->subjects != NULL) {
            tz_select_put(to, " OR n.finding IN (SELECT k.finding FROM finding_key k WHERE k.subject IN ");
            put_array(at, filter->subjects, to);
            tz_select_put(to, " AND k.entry = (SELECT max(l.entry) FROM finding_key l WHERE l.finding = k.finding))");
        }
        if (filter->rows != NULL) {
            tz_select_put(to, " OR EXISTS (SELECT 1 FROM finding_event e, json_each(e.rows) w WHERE e.finding = n.finding AND"
                              " e.entry = n.entry AND json_extract(w.value, '$[0]') IN ");
            put_array(at, filter->rows, to);
            tz_select_put(to, ")");
        }
        tz_select_put(to, ")");
    }
    if (filter->places != NULL) {
        tz_select_put(to, " AND EXISTS (SELECT 1 FROM finding_event e, json_each(e.divisions) d, ");
        put_array(at, filter->places, to);
        tz_select_put(to, " p WHERE e.finding = n.finding AND e.entry = n.entry AND substr(d.value, 1, length(p.value)) = p.value)");
    }
}

/* Where it lies, and a text in its values: both stand in the event. */
static void put_event(const page *at, bool is_named, tz_select *to)
{
    tz_arena *mem = at->mem;
    tz_buf    quoted = tz_buf_init(mem, 0);

    if (at->of->place == NULL && (at->filter->text == NULL || is_named))
        return;
    tz_select_put(to, " AND EXISTS (SELECT 1 FROM finding_event e WHERE e.finding = n.finding AND e.entry = n.entry");
    if (at->of->place != NULL) {
        tz_select_put(to, " AND EXISTS (SELECT 1 FROM json_each(e.divisions) d WHERE substr(d.value, 1, ");
        tz_select_int(to, (int64_t)strlen(at->of->place));
        tz_select_put(to, ") = ");
        tz_select_text(to, at->of->place);
        tz_select_put(to, ")");
    }
    if (at->filter->text != NULL && !is_named) {
        tz_json_put_string(tz_text_of(at->filter->text), &quoted); /* as it stands inside the quotes of a value */
        tz_select_put(to, " AND (instr(e.params, ");
        tz_select_text(to, tz_arena_copy(mem, quoted.data + 1, quoted.size - 2));
        tz_select_put(to, ") > 0 OR 'F' || n.finding = ");
        tz_select_text(to, at->filter->text);
        tz_select_put(to, ")");
    }
    tz_select_put(to, ")");
}

static void put_filter(const page *at, bool is_named, tz_select *to)
{
    const tz_finding_filter *filter = at->filter;

    if (filter->verdict != NULL && strcmp(filter->verdict, "none") == 0) {
        tz_select_put(to, " AND n.verdict IS NULL");
    } else if (filter->verdict != NULL) {
        tz_select_put(to, " AND n.verdict = ");
        tz_select_text(to, filter->verdict);
    }
    if (filter->is_waiting)
        tz_select_put(to, " AND n.verdict IS NULL AND NOT EXISTS (SELECT 1 FROM issue_finding i WHERE i.finding = n.finding)");
    if (filter->finding != 0) {
        tz_select_put(to, " AND n.finding = ");
        tz_select_int(to, filter->finding);
    }
    if (filter->subject != NULL) {
        tz_select_put(to, " AND n.finding IN (SELECT k.finding FROM finding_key k WHERE k.subject = ");
        tz_select_text(to, filter->subject);
        tz_select_put(to, " AND k.entry = (SELECT max(l.entry) FROM finding_key l WHERE l.finding = k.finding))");
    }
    put_arrays(at, to);
    put_event(at, is_named, to);
}

/* Of one group, or (NULL) of all that are wanted: then the statement says which. */
static void put_group(const page *at, const group *one, tz_select *to)
{
    const char *before = "";

    if (one != NULL) {
        tz_select_put(to, "n.is_cleared = ");
        tz_select_int(to, one->is_cleared);
        tz_select_put(to, " AND n.level = ");
        tz_select_text(to, one->level);
        tz_select_put(to, " AND n.\"check\" = ");
        tz_select_text(to, one->check);
        return;
    }
    tz_select_put(to, "(n.is_cleared || n.level || ':' || n.\"check\") IN (");
    for (size_t i = 0; i < at->groups.count; i++) {
        if (!is_wanted(at, &at->groups.items[i]))
            continue;
        tz_select_put(to, before);
        tz_select_put(to, tz_arena_printf(at->mem, "'%d%s:'||", at->groups.items[i].is_cleared != 0, at->groups.items[i].level));
        tz_select_text(to, at->groups.items[i].check);
        before = ", ";
    }
    tz_select_put(to, ")");
}

/* The next lines of a group behind `from` (0: all), at most `limit` (-1: all), appended; or how many there are. */
static tz_rc read_group(const page *at, const group *one, int64_t from, int64_t limit, bool is_count, tz_numbers *list, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    tz_select  select = tz_select_init(at->mem);
    tz_numbers more = {0};
    bool       is_named = one == NULL ? at->filter->text == NULL : names_rule(at, one->check);

    tz_select_put(&select, is_count ? "SELECT count(*) FROM (SELECT 1 FROM finding_now n WHERE " : "SELECT n.finding FROM finding_now n WHERE ");
    put_group(at, one, &select);
    if (from != 0) {
        tz_select_put(&select, at->is_down ? " AND n.finding < " : " AND n.finding > ");
        tz_select_int(&select, from);
    }
    put_filter(at, is_named, &select);
    if (!is_count)
        tz_select_put(&select, at->is_down ? " ORDER BY n.finding DESC" : " ORDER BY n.finding");
    tz_select_put(&select, " LIMIT ");
    tz_select_int(&select, limit);
    tz_select_put(&select, is_count ? ")" : "");
    TZ_TRY(tz_select_numbers(at->store, &select, &more, err));
    for (size_t i = 0; i < more.count; i++)
        tz_push(at->mem, list, more.items[i]);
done:
    return rc;
}

/* ---- Asked for ---- */

static tz_rc open_page(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_finding_filter *filter, const tz_meaning *of,
                       bool is_backwards, page *ret, tz_err *err)
{
    *ret = (page){.mem = mem, .store = store, .packs = packs, .filter = filter, .of = of,
                  .is_by_number = filter->sort != NULL && strcmp(filter->sort, "number") == 0, .is_backwards = is_backwards};
    ret->is_down = (ret->is_by_number && filter->is_descending) != is_backwards;
    if (filter->sort != NULL && !ret->is_by_number)
        return tz_fail(err, TZ_USAGE, "疑点可按编号排序:number", "findings can be ordered by number");
    return load_groups(ret, err);
}

/* The group that a finding stands in: where a page goes on. */
static tz_rc find_group(const page *at, int64_t finding, size_t *ret_index, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;
    size_t  index = 0;

    TZ_TRY(tz_sql_open(at->store, "SELECT is_cleared, level, \"check\" FROM finding_now WHERE finding = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, finding);
    TZ_TRY(tz_sql_step(at->store, sql, &has_row, err));
    if (!has_row) {
        rc = tz_fail(err, TZ_MISSING, "没有疑点 %lld", "there is no finding %lld", (long long)finding);
        goto done;
    }
    for (; index < at->groups.count; index++) {
        const group *one = &at->groups.items[index];
        if (one->is_cleared == tz_sql_int(sql, 0) && strcmp(one->level, tz_sql_str(sql, 1)) == 0 && strcmp(one->check, tz_sql_str(sql, 2)) == 0)
            break;
    }
    tz_assert(index < at->groups.count);
    *ret_index = index;
done:
    tz_sql_close(sql);
    return rc;
}

static tz_rc read_groups(const page *at, int64_t from, int64_t limit, tz_numbers *list, tz_err *err)
{
    tz_rc  rc = TZ_OK;
    size_t begin = at->is_backwards ? at->groups.count : 0;

    if (from != 0) {
        TZ_TRY(find_group(at, from, &begin, err));
        begin += at->is_backwards;
    }
    for (size_t step = 0; step < (at->is_backwards ? begin : at->groups.count - begin); step++) {
        const group *one = &at->groups.items[at->is_backwards ? begin - 1 - step : begin + step];
        int64_t      room = limit > 0 ? limit - (int64_t)list->count : -1;
        if (room == 0)
            break;
        if (is_wanted(at, one))
            TZ_TRY(read_group(at, one, step == 0 ? from : 0, room, false, list, err));
    }
done:
    return rc;
}

tz_rc tz_finding_page(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_finding_filter *filter, const tz_meaning *of,
                      int64_t after, int64_t before, int64_t limit, tz_numbers *ret_findings, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    page       at = {0};
    tz_numbers list = {0};

    TZ_TRY(open_page(mem, store, packs, filter, of, before != 0, &at, err));
    if (at.is_by_number)
        TZ_TRY(read_group(&at, NULL, before != 0 ? before : after, limit > 0 ? limit : -1, false, &list, err));
    else
        TZ_TRY(read_groups(&at, before != 0 ? before : after, limit, &list, err));
    *ret_findings = list;
done:
    return rc;
}

tz_rc tz_finding_page_count(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_finding_filter *filter, const tz_meaning *of,
                            int64_t most, int64_t *ret_count, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    page    at = {0};
    int64_t count = 0;

    TZ_TRY(open_page(mem, store, packs, filter, of, false, &at, err));
    for (size_t i = 0; i < at.groups.count && (most <= 0 || count < most); i++) {
        tz_numbers one = {0};
        if (!is_wanted(&at, &at.groups.items[i]))
            continue;
        TZ_TRY(read_group(&at, &at.groups.items[i], 0, most <= 0 ? -1 : most - count, true, &one, err));
        count += one.items[0];
    }
    *ret_count = count;
done:
    return rc;
}
