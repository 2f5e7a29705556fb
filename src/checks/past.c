/* past - the findings of another day: the checks run on the county of that day, and nothing is kept.
 *
 * What is found and has a number (by its key) is listed under it, with its verdict and issue as they
 * were known at the entry; what was never raised has none.  There is no history on such a day: state is `raised`,
 * since is the day itself.
 */
#include <string.h>

#include "base/assert.h"
#include "checks/inside.h"

/* True where the finding lies in the place: one of its divisions begins with the prefix. */
static bool is_in(const tz_found *found, const char *prefix)
{
    tz_err  ignored;
    json_t *divisions = NULL, *code;
    size_t  i;
    bool    is = false;

    if (prefix == NULL)
        return true;
    if (tz_json_parse(tz_text_of(found->divisions), &divisions, &ignored) != TZ_OK)
        return false;
    json_array_foreach(divisions, i, code)
        is |= strncmp(json_string_value(code), prefix, strlen(prefix)) == 0;
    json_decref(divisions);
    return is;
}

/* What the journal knew of the finding at the entry: verdict, reason, issue. */
static tz_rc put_known(tz_store *store, int64_t at, int64_t finding, json_t *line, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(store,
                       "SELECT json_extract(v.body, '$.image.verdict'), json_extract(v.body, '$.image.reason'),"
                       "       json_extract(i.body, '$.image.issue')"
                       "  FROM (SELECT CAST(?1 AS TEXT) AS finding) f"
                       "  LEFT JOIN journal v ON v.entry = (SELECT max(n.entry) FROM journal n"
                       "        WHERE n.of_table = 'verdict' AND n.of_key = f.finding AND n.entry <= ?2)"
                       "  LEFT JOIN journal i ON i.entry = (SELECT max(n.entry) FROM journal n"
                       "        WHERE n.of_table = 'issue_finding' AND n.of_key = f.finding AND n.entry <= ?2)",
                       &sql, err));
    tz_sql_bind_int(sql, 1, finding);
    tz_sql_bind_int(sql, 2, at);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    (void)json_object_set_new(line, "finding", finding == 0 ? json_null() : json_integer(finding));
    tz_json_set_str(line, "verdict", tz_sql_str(sql, 0));
    tz_json_set_str(line, "reason", tz_sql_str(sql, 1));
    (void)json_object_set_new(line, "issue", tz_sql_str(sql, 2) == NULL ? json_null() : json_integer(tz_sql_int(sql, 2)));
done:
    tz_sql_close(sql);
    return rc;
}

static tz_rc add_line(tz_this_run *run, const tz_finding_filter *filter, int64_t at, const tz_check *check, const tz_found *found,
                      int64_t finding, json_t *list, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *line = NULL;

    TZ_TRY(tz_list_found(run->mem, run->store, check, found, filter->lang, filter->is_masked, &line, err));
    TZ_TRY(put_known(run->store, at, finding, line, err));
    (void)json_object_del(line, "key");
    tz_json_set_str(line, "check", check->name);
    tz_json_set_str(line, "state", "raised");
    tz_json_set_str(line, "since", run->as_of);
    tz_json_set_str(line, "cleared_why", NULL);
    (void)json_object_set_new(line, "pending", json_boolean(found->is_pending));
    (void)json_array_append(list, line);
done:
    json_decref(line);
    return rc;
}

/* What a check found at one level. */
static tz_rc add_check(tz_this_run *run, const tz_finding_filter *filter, const tz_meaning *of, const tz_fared *fared, tz_level level,
                       json_t *list, tz_err *err)
{
    tz_rc          rc = TZ_OK;
    tz_stored_list stored = {0};

    TZ_TRY(tz_stored_load(run->mem, run->store, fared->check->name, &stored, err)); /* as the run paired them */
    for (size_t i = 0; i < fared->found.count; i++) {
        const tz_found *found = &fared->found.items[i];
        int64_t         finding = found->stored < 0 ? 0 : stored.items[found->stored].finding;
        bool fits = tz_found_counts(found) && is_in(found, of->place) && (filter->finding == 0 || filter->finding == finding) &&
                    found->level == level && (of->level == NULL || strcmp(of->level, tz_level_name(level)) == 0);
        if (fits)
            TZ_TRY(add_line(run, filter, of->at, fared->check, found, finding, list, err));
    }
done:
    return rc;
}

tz_rc tz_findings_past(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_finding_filter *filter,
                       const tz_meaning *of, json_t **ret_findings, tz_err *err)
{
    tz_assert(filter != NULL && filter->as_of != 0 && of != NULL && ret_findings != NULL);
    tz_rc             rc = TZ_OK;
    const char *const names[] = {filter->check, NULL};
    tz_check_options  options = {.day = {.as_of = filter->as_of, .at = of->at}, .is_past = true,
                                 .names = filter->check == NULL ? NULL : names};
    tz_this_run       run = {0};
    json_t           *list = json_array();

    TZ_TRY(tz_run_open(mem, store, packs, &options, &run, err));
    TZ_TRY(tz_run_evaluate(&run, err));
    bool wants_open = filter->state == NULL || strcmp(filter->state, "open") == 0;
    for (int level = TZ_RED; wants_open && level <= TZ_YELLOW; level++)
        for (size_t i = 0; i < run.checks.count; i++)
            if (run.checks.items[i].is_asked)
                TZ_TRY(add_check(&run, filter, of, &run.checks.items[i], (tz_level)level, list, err));
    *ret_findings = json_incref(list);
done:
    tz_run_close(&run);
    json_decref(list);
    return rc;
}
