/* ledger - what tests of the ledger do in a line: act as somebody, run the checks, take a step, be refused.
 *
 *     as(&county, "clerk");
 *     act(&county, 1, "submit", WITH(.note = "已改"));
 *     REFUSE(&county, 1, "close", PLAIN, "second person signs");
 */
#ifndef TZ_TESTS_LEDGER_H
#define TZ_TESTS_LEDGER_H

#include "county.h"

#include "checks/check.h"
#include "ledger/issue.h"

static inline void as(small_county *county, const char *user)
{
    MUST(tz_store_act_as(county->store, "tester", strcmp(user, "tester") == 0 ? NULL : user, err));
}

/* Links, checks and opens, as a run does; gives how many issues that opened, confirmed or re-opened. */
static inline size_t run(small_county *county)
{
    tz_check_options options = {0};
    json_t          *results = NULL, *opened = NULL;
    county_link(county);
    MUST(tz_checks_run(&county->mem, county->store, county->packs, &options, &results, err));
    MUST(tz_issue_open_found(&county->mem, county->store, county->packs, &opened, err));
    size_t count = json_array_size(opened);
    json_decref(results);
    json_decref(opened);
    return count;
}

static inline void act(small_county *county, int64_t issue, const char *action, tz_issue_options options)
{
    MUST(tz_issue_act(&county->mem, county->store, county->packs, issue, action, &options, NULL, err));
}

/* The action is refused, and the refusal says each of the texts. */
static inline void refuse(small_county *county, int64_t issue, const char *action, tz_issue_options options, const char *const *texts)
{
    tz_err wrong = {0};
    tz_rc  rc = tz_issue_act(&county->mem, county->store, county->packs, issue, action, &options, NULL, &wrong);
    assert_int_equal(rc, TZ_REFUSED);
    for (; *texts != NULL; texts++)
        if (strstr(wrong.en, *texts) == NULL)
            fail_msg("'%s' is not in: %s", *texts, wrong.en);
}

#define REFUSE(county, issue, action, options, ...) refuse(county, issue, action, options, (const char *const[]){__VA_ARGS__, NULL})
#define WITH(...) ((tz_issue_options){__VA_ARGS__})
#define PLAIN ((tz_issue_options){0})

static inline json_t *show(small_county *county, int64_t issue)
{
    json_t *shown = NULL;
    MUST(tz_issue_show(&county->mem, county->store, county->packs, issue, true, TZ_EN, &shown, err));
    return shown;
}

static inline void expect_state(small_county *county, int64_t issue, const char *state)
{
    json_t *shown = show(county, issue);
    assert_string_equal(tz_json_str(shown, "state"), state);
    json_decref(shown);
}

static inline const char *a_file(small_county *county, const char *name, const char *text)
{
    county_write(county, name, text);
    return tz_store_path(&county->mem, county->store, name, NULL);
}

static inline void pass_days(small_county *county, int days)
{
    county->clock_ms += days * 86400000LL;
}

static inline int64_t by_hand(small_county *county, const char *title)
{
    int64_t              number = 0;
    tz_issue_new_options options = {.title = title, .source = "inspection", .raised_by = "巡察 3", .unit = "东镇"};
    MUST(tz_issue_new(county->store, county->packs, &options, &number, err));
    return number;
}

#endif
