/* The table of actions as docs/format/ledger.md prints it, tried: every action in every state. */
#include "../ledger.h"

#include "store/journal.h"

static const char *const STATES[] = {"open",   "assigned", "rectifying",          "submitted", "checked",     "published",
                                     "closed", "closed-pending-data", "dismissed", "transferred", "merged"};
enum { STATE_COUNT = sizeof STATES / sizeof STATES[0], OPEN_COUNT = 6 };

typedef struct {
    char action[24];
    bool from[STATE_COUNT];
} line;

static bool has_word(const char *cell, const char *word)
{
    for (const char *at = strstr(cell, word); at != NULL; at = strstr(at + 1, word)) {
        char before = at == cell ? ' ' : at[-1], after = at[strlen(word)];
        if (strchr(" ,(", before) != NULL && (after == '\0' || strchr(" ,)|", after) != NULL))
            return true;
    }
    return false;
}

/* The states of a cell: named, "before an end", "any", or "the same" as in the line above. */
static void read_from(const char *cell, const line *above, line *ret_line)
{
    for (int i = 0; i < STATE_COUNT; i++)
        ret_line->from[i] = has_word(cell, "any") || (has_word(cell, "before an end") && i < OPEN_COUNT) || has_word(cell, STATES[i]) ||
                            (has_word(cell, "the same") && above != NULL && above->from[i]);
}

/* Reads "| `grant`, `deny` | the same | …" into a line an action. */
static size_t read_table(tz_arena *mem, line *lines, size_t room)
{
    const char *root = getenv("ROOT");
    tz_text     page;
    tz_err      err;
    size_t      count = 0;

    assert_int_equal(tz_file_load(mem, tz_arena_printf(mem, "%s/docs/format/ledger.md", root == NULL ? "." : root), 1 << 20, &page, &err), TZ_OK);
    char *at = strstr(page.data, "\n## Actions\n"), *end = strstr(at, "\n\nA ledger may ask");
    assert_non_null(end);
    *end = '\0';
    while ((at = strstr(at, "\n| `")) != NULL) {
        char  *feed = strchr(at + 1, '\n'), *bar = strchr(at + 3, '|'), *next = strchr(bar + 1, '|');
        size_t above = count;
        for (char *tick = strchr(at, '`'); tick != NULL && tick < bar; tick = strchr(strchr(tick + 1, '`') + 1, '`')) {
            size_t size = (size_t)(strchr(tick + 1, '`') - tick - 1);
            assert_true(count < room && size < sizeof lines->action);
            (void)snprintf(lines[count].action, sizeof lines->action, "%.*s", (int)size, tick + 1);
            read_from(tz_arena_copy(mem, bar + 1, (size_t)(next - bar - 1)), above == 0 ? NULL : &lines[above - 1], &lines[count]);
            count++;
        }
        at = feed == NULL ? end : feed;
    }
    return count;
}

/* Puts the issue into a state, as if it had come there. */
static void put_state(small_county *county, int64_t issue, const char *state)
{
    tz_sql *sql = NULL;
    bool    has_row = false;
    json_t *row = json_object();

    MUST(tz_sql_open(county->store, "SELECT * FROM issue WHERE issue = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, issue);
    MUST(tz_sql_step(county->store, sql, &has_row, err));
    for (int i = 0; i < sqlite3_column_count(sql); i++)
        (void)json_object_set_new(row, sqlite3_column_name(sql, i),
                                  sqlite3_column_type(sql, i) == SQLITE_NULL      ? json_null()
                                  : sqlite3_column_type(sql, i) == SQLITE_INTEGER ? json_integer(tz_sql_int(sql, i))
                                                                                  : json_string(tz_sql_str(sql, i)));
    tz_sql_close(sql);
    tz_json_set_str(row, "state", state);
    MUST(tz_store_begin(county->store, err));
    MUST(tz_journal_put(county->store, "test", "issue", row, NULL, NULL, err));
    MUST(tz_store_commit(county->store, err));
    json_decref(row);
}

static void expect_possible(small_county *county, int64_t issue, const char *state, const line *of, bool is_possible)
{
    tz_issue_options options = {.note = "说明", .handler = "clerk", .unit = "东镇", .due = "2020-12-31", .people = "某"};
    tz_err           wrong = {0};

    tz_rc rc = tz_issue_act(&county->mem, county->store, county->packs, issue, of->action, &options, NULL, &wrong);
    bool  is_refused_here = rc == TZ_REFUSED && strstr(wrong.en, tz_arena_printf(&county->mem, "is %s: it cannot", state)) != NULL;
    if (is_possible ? is_refused_here : rc != TZ_REFUSED)
        fail_msg("%s from %s: %d %s, but the page says %s", of->action, state, (int)rc, wrong.en, is_possible ? "possible" : "not possible");
}

static void does_what_the_page_says(void **state)
{
    (void)state;
    small_county county;
    line         lines[40];
    county_make(&county);
    size_t count = read_table(&county.mem, lines, 40);
    assert_int_equal(count, 22);
    for (size_t i = 0; i < count; i++)
        for (int j = 0; j < STATE_COUNT; j++) {
            int64_t issue = by_hand(&county, "甲");
            put_state(&county, issue, STATES[j]);
            expect_possible(&county, issue, STATES[j], &lines[i], lines[i].from[j]);
        }
    county_drop(&county);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(does_what_the_page_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
