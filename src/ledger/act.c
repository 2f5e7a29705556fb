/* act - one action on an issue: may it be taken now and by this user, what it changes, its line in the history.
 *
 * The table is the whole of the rules about states; docs/format/ledger.md prints it for readers.  What each
 * action changes is in deed.c.
 */
#include <stdio.h>
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
    {"merge", NULL, "merged", false, true, true, tz_do_merge},
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

/* Advises in which states the action is possible. */
static tz_rc tell_states(const rule *action, const tz_ledger *ledger, tz_words step, tz_err *err)
{
    char     zh[200] = "", en[200] = "", state[40];
    size_t   in_zh = 0, in_en = 0;
    const char *at = action->from;

    for (int used = 0; sscanf(at, " %39[^ ]%n", state, &used) == 1; at += used) {
        tz_words words = tz_issue_state_words(ledger, state);
        in_zh += (size_t)snprintf(zh + in_zh, sizeof zh - in_zh, "%s%s", in_zh == 0 ? "" : "、", words.zh);
        in_en += (size_t)snprintf(en + in_en, sizeof en - in_en, "%s%s", in_en == 0 ? "" : ", ", words.en);
        tz_assert(in_zh < sizeof zh && in_en < sizeof en);
    }
    return tz_err_advise(err, "“%s”%.0s只在这些状态下可行:%s%.0s", "%.0s%s is possible in these states: %.0s%s", step.zh, step.en, zh, en);
}

static tz_rc refuse_state(const rule *action, const tz_deed *deed, tz_err *err)
{
    tz_words state = tz_issue_state_words(deed->ledger, tz_json_str(deed->issue, "state")), step = tz_action_words(action->name);

    (void)tz_fail(err, TZ_REFUSED, "问题 #%lld 现为“%s”%.0s,不能“%s”%.0s", "issue #%lld is %.0s%s: it cannot %.0s%s",
                  (long long)tz_json_int(deed->issue, "issue", 0), state.zh, state.en, step.zh, step.en);
    if (action->from == NULL || strcmp(action->from, "*") == 0)
        return tz_err_advise(err, "它已了结;taizhang issue show 看它的经过", "it has ended; taizhang issue show tells how");
    return tell_states(action, deed->ledger, step, err);
}

static tz_rc refuse_waiting(const rule *action, const tz_deed *deed, tz_err *err)
{
    const char *standing = tz_json_str(deed->issue, "standing");
    tz_words    step = tz_action_words(action->name);

    if (strcmp(standing, "objected") == 0) {
        (void)tz_fail(err, TZ_REFUSED, "异议未答复,期间不能“%s”%.0s", "an objection stands: until it is answered it cannot %.0s%s", step.zh, step.en);
        return tz_err_advise(err, "先 taizhang issue answer N --upheld 或 --rejected", "first taizhang issue answer N --upheld or --rejected");
    }
    if (strcmp(standing, "asked") == 0) {
        (void)tz_fail(err, TZ_REFUSED, "延期申请未答复,期间不能“%s”%.0s", "more time was asked for: until that is answered it cannot %.0s%s", step.zh,
                      step.en);
        return tz_err_advise(err, "先 taizhang issue grant 或 deny", "first taizhang issue grant or deny");
    }
    (void)tz_fail(err, TZ_REFUSED, "暂缓中,不能“%s”%.0s", "it is suspended: it cannot %.0s%s", step.zh, step.en);
    return tz_err_advise(err, "先 taizhang issue start", "first taizhang issue start");
}

/* ---- What can be done now ---- */

typedef struct {
    tz_store        *store;
    const tz_packs  *packs;
    const tz_ledger *ledger;
    const json_t    *issue;
    const char      *user, *state, *standing;
    int64_t          findings;
    bool             rectifies;
} choosing;

static bool stands_as(const choosing *of, const char *standing)
{
    return of->standing != NULL && strcmp(of->standing, standing) == 0;
}

/* Beyond its state: what would make no sense is not offered. */
static bool is_offered(const choosing *of, const char *action)
{
    bool is_signed_next = strcmp(of->state, "submitted") == 0 || strcmp(of->state, "checked") == 0 || strcmp(of->state, "published") == 0;

    if (strcmp(action, "start") == 0)
        return strcmp(of->state, "rectifying") != 0 || stands_as(of, "returned") || stands_as(of, "suspended");
    if (strcmp(action, "publish") == 0)
        return tz_ledger_has(of->ledger, "published");
    if (strcmp(action, "close") == 0)
        return is_signed_next;
    if (strcmp(action, "grant") == 0 || strcmp(action, "deny") == 0)
        return stands_as(of, "asked");
    if (strcmp(action, "answer") == 0)
        return stands_as(of, "objected");
    if (strcmp(action, "extend") == 0 || strcmp(action, "suspend") == 0)
        return !tz_standing_waits(of->standing);
    if (strcmp(action, "object") == 0)
        return !stands_as(of, "objected");
    if (strcmp(action, "dismiss") == 0)
        return of->findings > 0;
    if (strcmp(action, "split") == 0)
        return of->findings > 1;
    return true;
}

/* Why this user may not, in the reader's language, or NULL. */
static tz_rc why_not(tz_arena *mem, const choosing *of, const rule *action, tz_lang lang, const char **ret_why, tz_err *err)
{
    static const char *const SIGNED[] = {"check", "close", "dismiss"};
    tz_err  refusal = {0};
    tz_rc   rc = tz_ledger_may(of->store, of->ledger, action->name, of->user, &refusal);
    bool    by_another = action->by_another;

    *ret_why = NULL;
    if (rc != TZ_OK && rc != TZ_REFUSED) {
        *err = refusal;
        return rc;
    }
    for (size_t i = 0; i < sizeof SIGNED / sizeof SIGNED[0]; i++)
        by_another |= strcmp(SIGNED[i], action->name) == 0;
    if (rc == TZ_REFUSED)
        *ret_why = tz_arena_dup(mem, lang == TZ_ZH ? refusal.zh : refusal.en);
    else if (by_another && of->rectifies)
        *ret_why = lang == TZ_ZH ? "须由整改人以外的人办理" : "somebody other than the rectifier does this";
    else if (action->counts && tz_standing_waits(of->standing))
        *ret_why = lang == TZ_ZH ? "异议、延期申请或暂缓未了结,期间不能办理" : "an objection, a request for time or a suspension stands";
    return TZ_OK;
}

static tz_rc list_action(tz_arena *mem, const choosing *of, const rule *action, tz_lang lang, json_t *list, tz_err *err)
{
    const char *why = NULL;
    size_t      size = 0;
    tz_rc       rc = why_not(mem, of, action, lang, &why, err);

    if (rc != TZ_OK)
        return rc;
    json_t     *line = json_object();
    const char *half = tz_half(tz_action_title(action->name), lang, &size);
    tz_json_set_str(line, "action", action->name);
    tz_json_set_str(line, "word", tz_arena_copy(mem, half, size));
    (void)json_object_set_new(line, "needs_note", json_boolean(action->needs_note));
    (void)json_object_set_new(line, "is_allowed", json_boolean(why == NULL));
    tz_json_set_str(line, "why", why);
    (void)json_array_append_new(list, line);
    return TZ_OK;
}

tz_rc tz_issue_possible(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t number, const char *user, tz_lang lang,
                        json_t **ret_actions, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && user != NULL && ret_actions != NULL);
    tz_rc    rc = TZ_OK;
    json_t  *issue = NULL, *findings = NULL, *list = json_array();
    choosing of = {.store = store, .packs = packs, .user = user};

    TZ_TRY(tz_issue_load(store, number, &issue, err));
    TZ_TRY(tz_issue_query(store, "SELECT finding FROM issue_finding WHERE issue = ?1", number, &findings, err));
    of.issue = issue;
    of.ledger = tz_issue_ledger(packs, tz_json_str(issue, "ledger"));
    of.state = tz_json_str(issue, "state");
    of.standing = tz_json_str(issue, "standing");
    of.findings = (int64_t)json_array_size(findings);
    TZ_TRY(tz_is_rectifier(store, number, user, &of.rectifies, err));
    for (size_t i = 0; i < sizeof ACTIONS / sizeof ACTIONS[0]; i++)
        if (is_possible(&ACTIONS[i], of.state) && is_offered(&of, ACTIONS[i].name))
            TZ_TRY(list_action(mem, &of, &ACTIONS[i], lang, list, err));
    *ret_actions = json_incref(list);
done:
    json_decref(list);
    json_decref(findings);
    json_decref(issue);
    return rc;
}

/* ---- Taking an action ---- */

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
    TZ_TRY(tz_ledger_may(deed->store, deed->ledger, action->name, deed->store->user, err));
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

/* Was the action under this draft's name taken already? It is sent again where an answer was lost on its way. */
static tz_rc is_known_draft(const tz_deed *deed, bool *ret_is, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(deed->store, "SELECT 1 FROM issue_step WHERE issue = ?1 AND json_extract(detail, '$.draft') = ?2", &sql, err));
    tz_sql_bind_int(sql, 1, tz_json_int(deed->issue, "issue", 0));
    tz_sql_bind_text(sql, 2, deed->options->draft);
    TZ_TRY(tz_sql_step(deed->store, sql, &has_row, err));
    *ret_is = has_row;
done:
    tz_sql_close(sql);
    return rc;
}

static tz_rc take_once(tz_deed *deed, const rule *action, tz_err *err)
{
    bool  is_known = false;
    tz_rc rc = deed->options->draft == NULL ? TZ_OK : is_known_draft(deed, &is_known, err);

    if (rc != TZ_OK || is_known)
        return rc;
    if (deed->options->draft != NULL)
        tz_json_set_str(deed->detail, "draft", deed->options->draft);
    return take(deed, action, err);
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
    TZ_TRY(take_once(&deed, find_action(action), err));
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
