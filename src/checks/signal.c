/* signal - several findings on one person, household or township: a level now and over time, and a
 * score that says what to visit first, each with its reasons.
 *
 * The rule is a pack's (`levels` in pack.yaml, docs/format/signals.md): the first of its lines that holds gives the
 * level. The score adds the rule's points for each finding, times the share of its check's verdicts that were real,
 * (real + 1) / (verified + 2), halved while it is pending. Findings judged not real count nowhere, at no time.
 */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/money.h"
#include "checks/inside.h"
#include "store/journal.h"

enum { NO_LEVEL = TZ_YELLOW + 1 };

/* What one event says of a finding of a subject. */
typedef struct {
    int64_t     run, finding;
    const char *as_of, *check;
    tz_level    level;
    const char *cleared_why; /* NULL: it is open */
    bool        is_open, is_pending;
    int64_t     share; /* of its rule's verdicts that were real, in thousandths */
} moment;

/* A subject and its moments, by run. */
typedef struct {
    const char *subject;
    struct { moment *items; size_t count; size_t room; } moments;
    json_t     *line;  /* owned here until it is listed */
    int64_t     score; /* in thousandths */
    int         level; /* NO_LEVEL: nothing is open */
} subject_signals;

typedef struct {
    tz_arena *mem;
    tz_map    index; /* subject -> index + 1 */
    struct { subject_signals *items; size_t count; size_t room; } subjects;
} signals;

/* ---- Loading ---- */

/* Events by run, each with the subject and the divisions of its finding as they are now. */
static const char SELECT_MOMENTS[] =
    "SELECT f.subject, f.subject_kind, f.divisions, f.\"check\", f.finding, e.run, r.as_of, e.level, e.event, e.pending,"
    "  (coalesce(p.real, 0) + 1) * 1000 / (coalesce(p.n, 0) + 2), e.cleared_why"
    "  FROM finding f JOIN finding_event e ON e.finding = f.finding JOIN check_run r ON r.run = e.run"
    "  LEFT JOIN (SELECT g.\"check\" AS rule, count(*) AS n, count(*) FILTER (WHERE w.verdict = 'real') AS real"
    "               FROM verdict w JOIN finding g ON g.finding = w.finding GROUP BY g.\"check\") p ON p.rule = f.\"check\""
    " WHERE f.verdict IS NOT 'not real' AND e.event <> 'rekeyed' AND e.event <> 'not evaluated' AND e.entry <= ?1"
    " ORDER BY e.run, f.finding";

static void add_moment(signals *all, const char *subject, const moment *what)
{
    tz_map_entry *entry = tz_map_put(&all->index, tz_text_of(subject), NULL);

    if (entry->value == 0) {
        tz_push(all->mem, &all->subjects, (subject_signals){.subject = tz_arena_dup(all->mem, subject)});
        entry->value = (int64_t)all->subjects.count;
    }
    tz_push(all->mem, &all->subjects.items[entry->value - 1].moments, *what);
}

/* The townships of a finding, each once. */
static void add_townships(signals *all, const char *divisions, const moment *what)
{
    tz_err  ignored;
    json_t *codes = NULL, *code;
    size_t  i;
    tz_map  seen = tz_map_init(all->mem);

    if (tz_json_parse(tz_text_of(divisions), &codes, &ignored) != TZ_OK)
        return;
    json_array_foreach(codes, i, code) {
        bool        is_new = false;
        const char *township = tz_arena_printf(all->mem, "%.9s000", json_string_value(code));
        (void)tz_map_put(&seen, tz_text_of(township), &is_new);
        if (is_new)
            add_moment(all, township, what);
    }
    json_decref(codes);
}

/* The household of each person. */
static tz_rc load_households(tz_rows *rows, tz_map *households, tz_strings *names, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_buf        sql = tz_buf_init(rows->mem, 0);
    duckdb_result result = {0};

    if (rows->people == NULL)
        goto done;
    tz_buf_puts(&sql, "SELECT person, min(household) FROM read_parquet(");
    tz_sql_literal(&sql, tz_text_of(rows->people));
    tz_buf_puts(&sql, ") WHERE household IS NOT NULL AND role = 'person' GROUP BY person");
    TZ_TRY(tz_duck_query(&rows->duck, tz_buf_str(&sql), NULL, 0, &result, err));
    for (idx_t i = 0, count = duckdb_row_count(&result); i < count; i++) {
        char *person = duckdb_value_varchar(&result, 0, i), *household = duckdb_value_varchar(&result, 1, i);
        tz_push(rows->mem, names, tz_arena_dup(rows->mem, household));
        tz_map_put(households, tz_text_of(person), NULL)->value = (int64_t)names->count;
        duckdb_free(person);
        duckdb_free(household);
    }
done:
    duckdb_destroy_result(&result);
    return rc;
}

typedef struct {
    const char *kind;
    tz_map      households; /* person -> index + 1 into names */
    tz_strings  names;
} grouping;

/* The subject that the finding counts for, NULL: none of this kind. */
static const char *group_of(const grouping *by, const char *subject, const char *subject_kind)
{
    if (subject == NULL)
        return NULL;
    if (strcmp(by->kind, subject_kind) == 0)
        return subject;
    if (strcmp(by->kind, "household") != 0 || strcmp(subject_kind, "person") != 0)
        return NULL;
    const tz_map_entry *entry = tz_map_get(&by->households, tz_text_of(subject));
    return entry == NULL ? NULL : by->names.items[entry->value - 1];
}

static tz_rc load_moments(tz_store *store, const grouping *by, int64_t at, signals *all, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(store, SELECT_MOMENTS, &sql, err));
    tz_sql_bind_int(sql, 1, at);
    TZ_EACH_ROW (store, sql, err) {
        moment what = {.check = tz_sql_dup(all->mem, sql, 3), .finding = tz_sql_int(sql, 4), .run = tz_sql_int(sql, 5),
                       .as_of = tz_sql_dup(all->mem, sql, 6), .is_open = strcmp(tz_sql_str(sql, 8), "cleared") != 0,
                       .is_pending = tz_sql_int(sql, 9) != 0, .share = tz_sql_int(sql, 10),
                       .cleared_why = tz_sql_dup(all->mem, sql, 11)};
        bool is_level = tz_level_parse(tz_sql_str(sql, 7), &what.level);
        tz_assert(is_level);
        const char *subject = group_of(by, tz_sql_str(sql, 0), tz_sql_str(sql, 1));
        if (strcmp(by->kind, "township") == 0)
            add_townships(all, tz_sql_str(sql, 2), &what);
        else if (subject != NULL)
            add_moment(all, subject, &what);
    }
done:
    tz_sql_close(sql);
    return rc;
}

/* ---- The rule ---- */

static bool counts_for(const tz_level_line *line, const moment *what)
{
    return what->level <= line->when && (line->checks.count == 0 || tz_strings_has(&line->checks, what->check));
}

/* What is open of a subject; a township may have thousands. */
typedef struct {
    const moment **items;
    size_t         count;
    tz_map         places; /* finding (8 bytes) -> index + 1; 0: it is not open any more */
} open_list;

/* How many rules have an open finding that counts for the line: two of one rule often have one cause. */
static size_t rules_for(const tz_level_line *line, const open_list *open)
{
    tz_arena scratch = {0};
    tz_map   rules = tz_map_init(&scratch);

    for (size_t i = 0; i < open->count; i++)
        if (counts_for(line, open->items[i]))
            (void)tz_map_put(&rules, tz_text_of(open->items[i]->check), NULL);
    size_t count = rules.entries.count;
    tz_arena_free(&scratch);
    return count;
}

/* The level of what is open, and why in words: without a line that holds, the worst of the findings. */
static int level_of(const tz_level_rule *rule, const open_list *open, const char **ret_why)
{
    int worst = NO_LEVEL;

    for (size_t i = 0; i < open->count; i++)
        worst = (int)open->items[i]->level < worst ? (int)open->items[i]->level : worst;
    *ret_why = worst == NO_LEVEL ? "无疑点|no finding" : "疑点中最重的级别|the worst of the findings";
    for (size_t i = 0; open->count > 0 && rule != NULL && i < rule->lines.count; i++)
        if (rules_for(&rule->lines.items[i], open) >= rule->lines.items[i].rules) {
            *ret_why = rule->lines.items[i].title;
            return (int)rule->lines.items[i].level;
        }
    return worst;
}

static tz_text place_key(const moment *what)
{
    return (tz_text){(const char *)&what->finding, sizeof what->finding};
}

/* Replaces the finding's moment among the open ones by a newer one; gives the one that it replaces, or NULL. */
static const moment *apply(const moment *what, open_list *open)
{
    tz_map_entry *place = tz_map_put(&open->places, place_key(what), NULL);
    const moment *before = place->value == 0 ? NULL : open->items[place->value - 1];

    if (what->is_open && before == NULL)
        place->value = (int64_t)++open->count;
    if (what->is_open) {
        open->items[place->value - 1] = what;
    } else if (before != NULL) { /* the last one moves into the gap */
        const moment *last = open->items[--open->count];
        int64_t       gap = place->value;
        open->items[gap - 1] = last;
        tz_map_get(&open->places, place_key(last))->value = gap;
        place->value = 0;
    }
    return before;
}

static const char *level_text(int level)
{
    return level == NO_LEVEL ? NULL : tz_level_name((tz_level)level);
}

static int64_t points_of(const tz_level_rule *rule, const moment *what)
{
    static const int64_t PLAIN[] = {9, 3, 1};
    int64_t points = (rule != NULL ? rule->points : PLAIN)[what->level];
    return points * what->share / (what->is_pending ? 2 : 1);
}

/* What a walk through a subject's moments needs to know. */
typedef struct {
    tz_arena            *mem;
    const tz_store      *store;
    const tz_packs      *packs;
    const tz_level_rule *rule;
    const char          *kind;
} walking;

/* The three findings that weigh most, in words: "title 4.500; title 1.500". */
static json_t *reasons(const walking *of, const moment **open, size_t count)
{
    enum { SHOWN = 3 };
    tz_buf text = tz_buf_init(of->mem, 0);

    for (size_t i = 0; i < count && i < SHOWN; i++) { /* the heaviest of the rest to the front */
        size_t best = i;
        for (size_t j = i + 1; j < count; j++)
            if (points_of(of->rule, open[j]) > points_of(of->rule, open[best]))
                best = j;
        const moment *heavy = open[best];
        open[best] = open[i];
        open[i] = heavy;
        const tz_check *check = tz_packs_check(of->packs, heavy->check);
        size_t          len = 0;
        const char     *title = tz_half(check == NULL ? heavy->check : check->title, of->store->app->lang, &len);
        char            points[TZ_DECIMAL_TEXT];
        tz_decimal_format(points_of(of->rule, heavy), 3, points);
        tz_buf_printf(&text, "%s%.*s %s", i == 0 ? "" : of->store->app->lang == TZ_ZH ? ";" : "; ", (int)len, title, points);
    }
    return json_string(tz_buf_str(&text) == NULL ? "" : tz_buf_str(&text));
}

/* The score, the list of open findings, the present level. */
static void put_present(const walking *by, subject_signals *of, const moment **open, size_t count, int level)
{
    char    score[TZ_DECIMAL_TEXT];
    json_t *findings = json_array();

    for (size_t i = 0; i < count; i++) {
        json_t *line = json_object();
        int64_t points = points_of(by->rule, open[i]);
        of->score += points;
        tz_json_set_int(line, "finding", open[i]->finding);
        tz_json_set_str(line, "check", open[i]->check);
        tz_json_set_str(line, "level", tz_level_name(open[i]->level));
        tz_decimal_format(points, 3, score);
        tz_json_set_str(line, "points", score);
        (void)json_array_append_new(findings, line);
    }
    of->level = level;
    tz_decimal_format(of->score, 3, score);
    tz_json_set_str(of->line, "level", level_text(level));
    tz_json_set_str(of->line, "score", score);
    (void)json_object_set_new(of->line, "findings", findings);
    (void)json_object_set_new(of->line, "reasons", reasons(by, open, count));
}

/* What a run did to the subject's findings: `raised` came or got worse, `lowered` went or got better. */
static void note_change(const moment *what, const moment *before, json_t *raised, json_t *lowered)
{
    bool is_up = what->is_open && (before == NULL || what->level < before->level);
    bool is_down = before != NULL && (!what->is_open || what->level > before->level);

    if (!is_up && !is_down)
        return;
    json_t *line = json_object();
    tz_json_set_int(line, "finding", what->finding);
    tz_json_set_str(line, "check", what->check);
    tz_json_set_str(line, "level", tz_level_name(what->level));
    if (is_down)
        tz_json_set_str(line, "cleared_why", what->cleared_why);
    (void)json_array_append_new(is_up ? raised : lowered, line);
}

static void add_history(const walking *by, json_t *history, const char *as_of, int level, const char *why, json_t *raised, json_t *lowered)
{
    json_t *line = json_object();

    tz_json_set_str(line, "as_of", as_of);
    tz_json_set_str(line, "level", level_text(level));
    tz_json_set_half(line, "why", why, by->store->app->lang);
    (void)json_object_set(line, "raised", raised);
    (void)json_object_set(line, "lowered", lowered);
    (void)json_array_append_new(history, line);
}

/* Walks a subject's moments run by run: its line with its history. */
static void walk(const walking *by, subject_signals *of)
{
    const tz_division *place = strcmp(by->kind, "township") == 0 ? tz_county_division(by->store->county, tz_text_of(of->subject)) : NULL;
    open_list          open = {.items = tz_new_array(by->mem, const moment *, of->moments.count + 1), .places = tz_map_init(by->mem)};
    int                level = NO_LEVEL;
    const char        *why = "无疑点|no finding";
    json_t            *history = json_array(), *raised = json_array(), *lowered = json_array();

    of->line = json_object();
    tz_json_set_str(of->line, "subject", of->subject);
    tz_json_set_str(of->line, "subject_kind", by->kind);
    tz_json_set_str(of->line, "name", place == NULL ? NULL : place->name);
    for (size_t i = 0; i < of->moments.count; i++) {
        const moment *what = &of->moments.items[i];
        note_change(what, apply(what, &open), raised, lowered);
        if (i + 1 < of->moments.count && what[1].run == what->run)
            continue;
        int now = level_of(by->rule, &open, &why);
        if (now != level)
            add_history(by, history, what->as_of, now, why, raised, lowered);
        level = now;
        json_decref(raised);
        json_decref(lowered);
        raised = json_array();
        lowered = json_array();
    }
    json_decref(raised);
    json_decref(lowered);
    put_present(by, of, open.items, open.count, level);
    tz_json_set_half(of->line, "why", why, by->store->app->lang);
    (void)json_object_set_new(of->line, "history", history);
}

static int compare_subjects(const void *a, const void *b)
{
    const subject_signals *x = a, *y = b;

    if (x->level != y->level)
        return (x->level > y->level) - (x->level < y->level);
    if (x->score != y->score)
        return (x->score < y->score) - (x->score > y->score);
    return strcmp(x->subject, y->subject);
}

static bool is_kind(const char *kind)
{
    static const char *const KINDS[] = {"person", "household", "unit", "township"};
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++)
        if (strcmp(KINDS[i], kind) == 0)
            return true;
    return false;
}

tz_rc tz_signals(tz_arena *mem, tz_store *store, const tz_packs *packs, const char *kind, const char *subject, int64_t at,
                 json_t **ret_signals, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && kind != NULL && ret_signals != NULL);
    tz_rc    rc = TZ_OK;
    tz_rows  rows = {0};
    grouping by = {.kind = kind, .households = tz_map_init(mem)};
    signals  all = {.mem = mem, .index = tz_map_init(mem)};
    json_t  *list = json_array();

    if (!is_kind(kind)) {
        rc = tz_fail(err, TZ_USAGE, "对象为 person、household、unit 或 township", "a kind of subject is person, household, unit or township");
        goto done;
    }
    if (at == 0)
        TZ_TRY(tz_journal_count(store, &at, err));
    if (strcmp(kind, "household") == 0) {
        TZ_TRY(tz_rows_open(mem, store, packs, (tz_day){.at = at}, &rows, err));
        TZ_TRY(load_households(&rows, &by.households, &by.names, err));
    }
    TZ_TRY(load_moments(store, &by, at, &all, err));
    const walking walked = {.mem = mem, .store = store, .packs = packs, .rule = tz_packs_level_rule(packs, kind), .kind = kind};
    for (size_t i = 0; i < all.subjects.count; i++)
        walk(&walked, &all.subjects.items[i]);
    qsort(all.subjects.items, all.subjects.count, sizeof all.subjects.items[0], compare_subjects);
    for (size_t i = 0; i < all.subjects.count; i++)
        if (subject == NULL ? all.subjects.items[i].level != NO_LEVEL : strcmp(subject, all.subjects.items[i].subject) == 0)
            (void)json_array_append(list, all.subjects.items[i].line);
    *ret_signals = json_incref(list);
done:
    for (size_t i = 0; i < all.subjects.count; i++)
        json_decref(all.subjects.items[i].line);
    tz_rows_close(&rows);
    json_decref(list);
    return rc;
}
