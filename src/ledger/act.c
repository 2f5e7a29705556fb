/* act - one action on an issue: may it be taken now and by this user, what it changes, its line in the history.
 *
 * The table is the whole of the rules about states; docs/format/ledger.md prints it for readers.  What each
 * action changes is in deed.c.
 */
#include <string.h>

#include "base/assert.h"
#include "ledger/inside.h"

typedef struct {
    const char *name;
    const char *from;       /* states in which it is possible, each between spaces; NULL: any that is open; "*": any */
    const char *to;         /* state after it; NULL: stays, or the function sets it */
    bool        needs_note;
    bool        counts;     /* counts as progress: not while an objection or a request for time waits */
    bool        by_another; /* who rectifies would ease their own burden: somebody else does it */
    tz_deed_fn *fn;         /* NULL: nothing more */
} rule;

static const rule ACTIONS[] = {
    {"assign", " open assigned rectifying ", "assigned", false, false, false, tz_do_assign},
    {"start", " assigned rectifying ", "rectifying", false, false, false, tz_do_start},
    {"note", "*", NULL, true, false, false, NULL},
    {"set", NULL, NULL, false, false, false, tz_do_set},
    {"attach", " open assigned rectifying submitted checked published closed-pending-data ", NULL, false, false, false, tz_do_attach},
    {"submit", " assigned rectifying ", "submitted", false, true, false, tz_do_submit},
    {"check", " submitted ", NULL, false, true, false, tz_do_check},
    {"publish", " submitted checked ", "published", false, true, false, tz_do_publish},
    {"close", NULL, NULL, false, true, false, tz_do_close},
    {"return", " submitted checked published ", "rectifying", true, false, false, tz_do_return},
    {"extend", " open assigned rectifying ", NULL, true, false, false, tz_do_extend},
    {"grant", " open assigned rectifying ", NULL, false, false, false, tz_do_grant},
    {"deny", " open assigned rectifying ", NULL, true, false, false, tz_do_deny},
    {"suspend", " open assigned rectifying ", NULL, true, false, true, tz_do_suspend},
    {"say", "*", NULL, true, false, false, tz_do_say},
    {"object", NULL, NULL, true, false, false, tz_do_object},
    {"answer", NULL, NULL, true, false, false, tz_do_answer},
    {"transfer", NULL, "transferred", true, false, true, tz_do_transfer},
    {"dismiss", NULL, "dismissed", true, false, false, tz_do_dismiss},
    {"look-back", " closed closed-pending-data ", NULL, true, false, true, tz_do_look_back},
    {"merge", NULL, "merged", false, false, true, tz_do_merge},
    {"split", NULL, NULL, false, false, false, tz_do_split},
};

static const rule *find_action(const char *name)
{
    for (size_t i = 0; i < sizeof ACTIONS / sizeof ACTIONS[0]; i++)
        if (strcmp(ACTIONS[i].name, name) == 0)
            return &ACTIONS[i];
    return NULL;
}

static bool is_possible(const rule *action, const char *state)
{
    if (action->from == NULL)
        return tz_state_is_open(state);
    if (strcmp(action->from, "*") == 0)
        return true;
    const char *at = strstr(action->from, state);
    for (; at != NULL; at = strstr(at + 1, state))
        if (at[-1] == ' ' && at[strlen(state)] == ' ')
            return true;
    return false;
}

static tz_rc refuse_state(const rule *action, const tz_deed *deed, tz_err *err)
{
    (void)tz_fail(err, TZ_REFUSED, "问题 #%lld 现为 %s,不能 %s", "issue #%lld is %s: it cannot %s",
                  (long long)tz_json_int(deed->issue, "issue", 0), tz_json_str(deed->issue, "state"), action->name);
    if (action->from == NULL || strcmp(action->from, "*") == 0)
        return tz_err_advise(err, "它已了结;taizhang issue show 看它的经过", "it has ended; taizhang issue show tells how");
    return tz_err_advise(err, "%s 只在这些状态下可行:%s", "%s is possible in these states: %s", action->name, action->from + 1);
}

static tz_rc refuse_waiting(const rule *action, const tz_deed *deed, tz_err *err)
{
    const char *standing = tz_json_str(deed->issue, "standing");

    if (strcmp(standing, "objected") == 0) {
        (void)tz_fail(err, TZ_REFUSED, "异议未答复,期间不能 %s", "an objection stands: until it is answered it cannot %s", action->name);
        return tz_err_advise(err, "先 taizhang issue answer N --upheld 或 --rejected", "first taizhang issue answer N --upheld or --rejected");
    }
    if (strcmp(standing, "asked") == 0) {
        (void)tz_fail(err, TZ_REFUSED, "延期申请未答复,期间不能 %s", "more time was asked for: until that is answered it cannot %s", action->name);
        return tz_err_advise(err, "先 taizhang issue grant 或 deny", "first taizhang issue grant or deny");
    }
    (void)tz_fail(err, TZ_REFUSED, "暂缓中,不能 %s", "it is suspended: it cannot %s", action->name);
    return tz_err_advise(err, "先 taizhang issue start", "first taizhang issue start");
}

/* Takes the action on the loaded issue; inside a transaction. */
static tz_rc take(tz_deed *deed, const rule *action, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *note = deed->options->note;

    if (!is_possible(action, tz_json_str(deed->issue, "state"))) {
        rc = refuse_state(action, deed, err);
        goto done;
    }
    if (action->counts && tz_standing_waits(tz_json_str(deed->issue, "standing"))) {
        rc = refuse_waiting(action, deed, err);
        goto done;
    }
    if (action->needs_note && (note == NULL || note[0] == '\0')) {
        rc = tz_deed_needs("说明(--note)", "a note (--note)", err);
        goto done;
    }
    TZ_TRY(tz_ledger_may(deed->store, deed->ledger, action->name, err));
    if (action->by_another)
        TZ_TRY(tz_deed_by_another(deed, action->name, err));
    if (action->fn != NULL)
        TZ_TRY(action->fn(deed, err));
    if (action->to != NULL)
        tz_json_set_str(deed->issue, "state", action->to);
    TZ_TRY(tz_issue_put(deed->store, deed->issue, action->name, note, deed->detail, err));
done:
    return rc;
}

static tz_rc refuse_name(const char *action, tz_err *err)
{
    char   known[280] = "";
    size_t used = 0;

    for (size_t i = 0; i < sizeof ACTIONS / sizeof ACTIONS[0] && used + 12 < sizeof known; i++) {
        size_t size = strlen(ACTIONS[i].name);
        memcpy(known + used, ACTIONS[i].name, size + 1);
        known[used + size] = ' ';
        used += size + 1;
    }
    (void)tz_fail(err, TZ_USAGE, "没有操作 “%s”", "there is no action '%s'", action);
    return tz_err_advise(err, "可用:%s", "there are: %s", known);
}

tz_rc tz_issue_act(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t issue, const char *action,
                   const tz_issue_options *options, json_t **ret_issue, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && action != NULL);
    static const tz_issue_options NONE = {0};
    tz_rc   rc = TZ_OK;
    tz_deed deed = {.store = store, .packs = packs, .detail = json_object(), .options = options == NULL ? &NONE : options};

    if (find_action(action) == NULL) {
        rc = refuse_name(action, err);
        goto done;
    }
    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(tz_issue_load(store, issue, &deed.issue, err));
    deed.ledger = tz_issue_ledger(packs, tz_json_str(deed.issue, "ledger"));
    TZ_TRY(take(&deed, find_action(action), err));
    TZ_TRY(tz_store_commit(store, err));
    if (ret_issue != NULL)
        TZ_TRY(tz_issue_show(mem, store, packs, issue, true, store->app->lang, ret_issue, err));
done:
    if (rc != TZ_OK)
        tz_store_rollback(store);
    json_decref(deed.issue);
    json_decref(deed.detail);
    return rc;
}
