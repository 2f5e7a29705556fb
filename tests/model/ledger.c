/* The ledger beside a plain twin: random people take random steps on a few issues, and the twin, which knows only the
 * rules of the page, says beforehand whether each is accepted and what comes of it. */
#include "../ledger.h"

enum { USERS = 4, ISSUES = 8, STEPS = 400, NOBODY = -1 };
static const char *const USER[USERS] = {"tester", "clerk", "chief", "boss"};

typedef enum { OPEN, ASSIGNED, RECTIFYING, SUBMITTED, CHECKED, CLOSED, TRANSFERRED, MERGED } state;
static const char *const STATE[] = {"open", "assigned", "rectifying", "submitted", "checked", "closed", "transferred", "merged"};
typedef enum { NONE, RETURNED, EXTENDED, ASKED, OBJECTED, SUSPENDED } standing;
static const char *const STANDING[] = {"", "returned", "extended", "asked", "objected", "suspended"};

typedef struct {
    state    state;
    standing standing;
    int      handler, asker, objector, parent, evidence;
    int      due, asked_due; /* a day of December 2021, 0: one before it */
    bool     rectified[USERS]; /* was the handler, started, submitted, or attached before submitting */
} twin;

typedef struct {
    const char *action;
    int         user, issue, other, day;
    bool        has_due, is_relapse;
} step;

static twin     twins[ISSUES];
static uint64_t seed = 1;

static int chance(int below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (int)((seed >> 33) % (uint64_t)below);
}

static bool is_open(const twin *of)
{
    return of->state <= CHECKED;
}

static bool waits(const twin *of)
{
    return of->standing == ASKED || of->standing == OBJECTED || of->standing == SUSPENDED;
}

static bool is_below(int issue, int above)
{
    for (int at = twins[issue].parent, hops = 0; at != NOBODY && hops < ISSUES; at = twins[at].parent, hops++)
        if (at == above)
            return true;
    return false;
}

static bool all_below_ended(int issue)
{
    for (int i = 0; i < ISSUES; i++)
        if (is_below(i, issue) && is_open(&twins[i]))
            return false;
    return true;
}

#define IS(name) (strcmp(what->action, name) == 0)

/* Whether the page allows it. */
static bool is_allowed(const step *what)
{
    const twin *of = &twins[what->issue];
    bool        rectifies = of->rectified[what->user] || of->handler == what->user, is_early = of->state <= RECTIFYING;

    if (IS("assign"))
        return is_early && !(what->has_due && (rectifies || what->user == what->other % 2));
    if (IS("start"))
        return of->state == ASSIGNED || of->state == RECTIFYING;
    if (IS("attach"))
        return is_open(of);
    if (IS("submit"))
        return (of->state == ASSIGNED || of->state == RECTIFYING) && !waits(of);
    if (IS("check"))
        return of->state == SUBMITTED && !waits(of) && !rectifies;
    if (IS("close"))
        return (of->state == SUBMITTED || of->state == CHECKED) && !waits(of) && !rectifies && of->evidence > 0 && all_below_ended(what->issue);
    if (IS("return"))
        return of->state == SUBMITTED || of->state == CHECKED;
    if (IS("extend"))
        return is_early && !waits(of) && what->day > of->due;
    if (IS("grant") || IS("deny"))
        return is_early && of->standing == ASKED && what->user != of->asker && what->user != of->handler;
    if (IS("suspend"))
        return is_early && !waits(of) && !rectifies;
    if (IS("object"))
        return is_open(of) && of->standing != OBJECTED;
    if (IS("answer"))
        return is_open(of) && of->standing == OBJECTED && what->user != of->objector && what->user != of->handler;
    if (IS("transfer"))
        return is_open(of) && !rectifies;
    if (IS("merge"))
        return is_open(of) && !rectifies && !waits(of) &&
               what->other != what->issue && is_open(&twins[what->other]) && !is_below(what->other, what->issue);
    return of->state == CLOSED && !rectifies; /* look-back */
}

static void take_up(twin *of, int user)
{
    of->handler = of->handler == NOBODY ? user : of->handler;
    of->rectified[user] = true;
    of->standing = of->standing == ASKED || of->standing == OBJECTED ? of->standing : NONE;
}

static void merge_into(int issue, int other)
{
    for (int i = 0; i < ISSUES; i++)
        if (twins[i].parent == issue)
            twins[i].parent = other;
    for (int u = 0; u < USERS; u++)
        twins[other].rectified[u] |= twins[issue].rectified[u];
    twins[other].due = twins[issue].due < twins[other].due ? twins[issue].due : twins[other].due;
    twins[issue].parent = other;
    twins[issue].state = MERGED;
    twins[issue].standing = NONE;
}

/* What comes of an allowed step. */
static void apply(const step *what)
{
    twin *of = &twins[what->issue];

    if (IS("assign")) {
        of->state = ASSIGNED;
        of->handler = what->other % 2;
        of->due = what->has_due ? what->day : of->due;
        of->rectified[of->handler] = true;
    } else if (IS("start") || IS("submit")) {
        take_up(of, what->user);
        of->state = IS("start") ? RECTIFYING : SUBMITTED;
    } else if (IS("attach")) {
        of->evidence++;
        of->rectified[what->user] |= of->state <= RECTIFYING;
    } else if (IS("check")) {
        of->state = CHECKED;
    } else if (IS("close") || IS("transfer")) {
        of->state = IS("close") ? CLOSED : TRANSFERRED;
        of->standing = NONE;
    } else if (IS("return")) {
        of->state = RECTIFYING;
        of->standing = waits(of) ? of->standing : RETURNED;
    } else if (IS("extend")) {
        of->standing = ASKED;
        of->asker = what->user;
        of->asked_due = what->day;
    } else if (IS("grant") || IS("deny") || IS("answer")) {
        of->standing = IS("grant") ? EXTENDED : NONE;
        of->due = IS("grant") ? of->asked_due : of->due;
    } else if (IS("suspend")) {
        of->standing = SUSPENDED;
    } else if (IS("object")) {
        of->standing = OBJECTED;
        of->objector = what->user;
    } else if (IS("merge")) {
        merge_into(what->issue, what->other);
    } else if (what->is_relapse) {
        of->state = OPEN;
        of->standing = NONE;
        of->due = 0;
    }
}

static step random_step(void)
{
    /* Those that move on come more often, so that issues reach their end. */
    static const char *const ACTIONS[] = {"assign", "assign", "start",  "start",  "attach", "attach", "attach", "submit",
                                          "submit", "submit", "submit", "check",  "check",  "close",  "close",  "close",
                                          "close",  "close",  "return", "extend", "grant",  "grant",  "deny",   "suspend",
                                          "object", "answer", "answer", "answer", "transfer", "merge", "look-back", "look-back"};
    int  picked = chance(sizeof ACTIONS / sizeof ACTIONS[0]);
    /* The first two rectify as a rule, so that others are left who may sign. */
    bool rectifies = strstr(" start attach submit extend object ", ACTIONS[picked]) != NULL && chance(8) > 0;
    bool ends_elsewhere = strcmp(ACTIONS[picked], "transfer") == 0 || strcmp(ACTIONS[picked], "merge") == 0;
    return (step){.action = ends_elsewhere && chance(6) > 0 ? "submit" : ACTIONS[picked], .user = chance(rectifies ? 2 : USERS),
                  .issue = chance(ISSUES), .other = chance(ISSUES), .day = 1 + chance(31), .has_due = chance(3) == 0, .is_relapse = chance(2) == 0};
}

static tz_rc take(small_county *county, const step *what, int number, tz_err *err)
{
    bool             is_assign = IS("assign");
    tz_issue_options options = {.note = "说明", .unit = "东镇", .is_upheld = true, .is_relapse = what->is_relapse, .with = what->other + 1,
                                .handler = is_assign ? USER[what->other % 2] : NULL,
                                .due = !is_assign || what->has_due ? tz_arena_printf(&county->mem, "2021-12-%02d", what->day) : NULL};

    if (IS("attach")) {
        options.file = a_file(county, "r.pdf", tz_arena_printf(&county->mem, "%d", number));
        options.kind = "receipt";
    }
    as(county, USER[what->user]);
    return tz_issue_act(&county->mem, county->store, county->packs, what->issue + 1, what->action, &options, NULL, err);
}

/* Every issue is as its twin says. */
static void compare(small_county *county, int number, const step *what)
{
    for (int i = 0; i < ISSUES; i++) {
        json_t     *shown = show(county, i + 1);
        const char *now = tz_json_str(shown, "standing");
        if (strcmp(tz_json_str(shown, "state"), STATE[twins[i].state]) != 0 ||
            strcmp(now == NULL ? "" : now, STANDING[twins[i].standing]) != 0 ||
            tz_json_int(shown, "parent", 0) != twins[i].parent + 1)
            fail_msg("step %d, %s: #%d is %s %s", number, what->action, i + 1, tz_json_str(shown, "state"), now == NULL ? "" : now);
        json_decref(shown);
    }
}

typedef struct { int accepted, closed; } tally;

static void play(tally *count)
{
    small_county county;

    county_make(&county);
    MUST(tz_user_add(county.store, "boss", "赵领导", NULL, "leader", NULL, err));
    for (int i = 0; i < ISSUES; i++) {
        int64_t              issue = 0;
        tz_issue_new_options options = {.title = "甲", .parent = i % 3 == 0 ? 0 : i};
        MUST(tz_issue_new(county.store, county.packs, &options, &issue, err));
        twins[i] = (twin){.handler = NOBODY, .asker = NOBODY, .objector = NOBODY, .parent = i % 3 == 0 ? NOBODY : i - 1};
    }
    for (int number = 0; number < STEPS; number++) {
        step   what = random_step();
        tz_err wrong = {0};
        bool   is_expected = is_allowed(&what);
        tz_rc  rc = take(&county, &what, number, &wrong);
        if ((rc == TZ_OK) != is_expected || (rc != TZ_OK && rc != TZ_REFUSED && rc != TZ_USAGE))
            fail_msg("step %d: %s of #%d by %s: %s, but its twin says %s", number, what.action, what.issue + 1, USER[what.user],
                     rc == TZ_OK ? "accepted" : wrong.en, is_expected ? "accepted" : "refused");
        if (rc != TZ_OK)
            continue;
        apply(&what);
        compare(&county, number, &what);
        count->accepted++;
        count->closed += strcmp(what.action, "close") == 0;
    }
    county_drop(&county);
}

static void agrees_with_its_twin(void **cmocka_state)
{
    (void)cmocka_state;
    const char *wanted = getenv("SEED");
    tally       count = {0};
    int         rounds = getenv("TZ_TEST_LONG") != NULL && getenv("TZ_TEST_LONG")[0] != '\0' ? 100 : 5;

    seed = wanted == NULL ? 1 : strtoull(wanted, NULL, 10);
    print_message("SEED=%llu\n", (unsigned long long)seed);
    for (int round = 0; round < rounds; round++)
        play(&count);
    print_message("%d of %d steps accepted, %d closed\n", count.accepted, rounds * STEPS, count.closed);
    assert_true(count.accepted > rounds * 40 && count.closed >= rounds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(agrees_with_its_twin)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
