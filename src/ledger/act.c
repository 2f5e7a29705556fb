/* act - one action on an issue: may it be taken now, what it changes, its line in the history.
 *
 * The table is the whole of the rules about states; docs/format/ledger.md prints it for readers.
 */
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "ledger/inside.h"
#include "store/journal.h"

typedef struct {
    tz_store               *store;
    const tz_packs         *packs;
    json_t                 *issue;  /* its row, to be changed */
    json_t                 *detail; /* of the step */
    const tz_issue_options *options;
} deed;

typedef tz_rc act_fn(deed *act, tz_err *err);

typedef struct {
    const char *name;
    const char *from;       /* states in which it is possible, each between spaces; NULL: any that is open */
    const char *to;         /* state after it; NULL: stays, or the function sets it */
    bool        needs_note;
    act_fn     *fn;         /* NULL: nothing more */
} rule;

/* ---- What actions do ---- */

static tz_rc need(const char *zh, const char *en, tz_err *err)
{
    return tz_fail(err, TZ_USAGE, "缺少%s%.0s", "%.0s%s is missing", zh, en);
}

static tz_rc set_handler(deed *act, const char *user, tz_err *err)
{
    int64_t known = 0;
    tz_rc   rc = tz_sql_one(act->store, "SELECT count(*) FROM user WHERE user = ?1 AND state = 'active' AND user <> 'system'", user,
                            NULL, &known, err);

    if (rc == TZ_OK && known == 0)
        rc = tz_fail(err, TZ_MISSING, "没有用户 “%s”", "there is no user '%s'", user);
    if (rc == TZ_OK) {
        tz_json_set_str(act->issue, "handler", user);
        tz_json_set_str(act->detail, "handler", user);
    }
    return rc;
}

static tz_rc set_due(deed *act, const char *due, tz_err *err)
{
    int32_t day = 0;

    if (!tz_date_parse_iso(tz_text_of(due), &day))
        return tz_fail(err, TZ_USAGE, "期限写作 YYYY-MM-DD", "a due date is YYYY-MM-DD");
    (void)json_object_set(act->detail, "was_due", json_object_get(act->issue, "due"));
    tz_json_set_str(act->issue, "due", due);
    tz_json_set_str(act->detail, "due", due);
    return TZ_OK;
}

static void set_support(deed *act, const char *support)
{
    json_t  *list = json_array();
    tz_arena mem = {0};
    tz_buf   text = tz_buf_init(&mem, 0);

    for (const char *at = support; *at != '\0';) {
        size_t  size = strcspn(at, ",");
        tz_text unit = tz_text_trim((tz_text){at, size});
        if (unit.size > 0)
            (void)json_array_append_new(list, tz_json_text(unit));
        at += size + (at[size] == ',');
    }
    tz_json_canonical(list, &text);
    tz_json_set_str(act->issue, "support", tz_buf_str(&text));
    (void)json_object_set(act->detail, "support", list);
    json_decref(list);
    tz_arena_free(&mem);
}

static tz_rc do_assign(deed *act, tz_err *err)
{
    tz_rc                   rc = TZ_OK;
    const tz_issue_options *options = act->options;

    if (options->unit == NULL && options->handler == NULL && tz_json_str(act->issue, "unit") == NULL)
        return need("责任单位或责任人", "the unit or the handler", err);
    if (options->unit != NULL)
        tz_json_set_str(act->issue, "unit", options->unit);
    (void)json_object_set(act->detail, "unit", json_object_get(act->issue, "unit"));
    if (options->handler != NULL)
        TZ_TRY(set_handler(act, options->handler, err));
    if (options->due != NULL)
        TZ_TRY(set_due(act, options->due, err));
    if (options->support != NULL)
        set_support(act, options->support);
done:
    return rc;
}

/* The one who starts or submits rectifies, unless a handler was named. */
static tz_rc do_start(deed *act, tz_err *err)
{
    (void)err;
    if (tz_json_str(act->issue, "handler") == NULL)
        tz_json_set_str(act->issue, "handler", act->store->user);
    tz_json_set_str(act->issue, "standing", NULL);
    return TZ_OK;
}

static tz_rc do_attach(deed *act, tz_err *err)
{
    return tz_issue_attach(act->store, act->packs, act->issue, act->options, act->detail, err);
}

static tz_rc do_check(deed *act, tz_err *err)
{
    return tz_issue_may_check(act->store, act->packs, act->issue, err);
}

static tz_rc do_publish(deed *act, tz_err *err)
{
    const tz_ledger *ledger = tz_issue_ledger(act->packs, tz_json_str(act->issue, "ledger"));
    bool             is_early = tz_ledger_has(ledger, "checked") && strcmp(tz_json_str(act->issue, "state"), "checked") != 0;

    if (!tz_ledger_has(ledger, "published"))
        return tz_fail(err, TZ_REFUSED, "台账 “%s” 没有公示这一步", "the ledger '%s' does not publish", ledger->name);
    return is_early ? tz_fail(err, TZ_REFUSED, "核查之后才公示", "it is checked before it is published") : TZ_OK;
}

static tz_rc do_close(deed *act, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_issue_may_close(act->store, act->packs, act->issue, act->options->is_pending_data, err));
    tz_json_set_str(act->issue, "state", act->options->is_pending_data ? "closed-pending-data" : "closed");
    tz_json_set_str(act->issue, "standing", NULL);
    tz_json_set_int(act->issue, "closed_entry", 0);
done:
    return rc;
}

static tz_rc do_return(deed *act, tz_err *err)
{
    (void)err;
    tz_json_set_str(act->issue, "standing", "returned");
    return TZ_OK;
}

static tz_rc do_extend(deed *act, tz_err *err)
{
    if (act->options->due == NULL)
        return need("新期限", "the new due date", err);
    tz_json_set_str(act->issue, "standing", "extended");
    return set_due(act, act->options->due, err);
}

static tz_rc do_suspend(deed *act, tz_err *err)
{
    (void)err;
    tz_json_set_str(act->issue, "standing", "suspended");
    return TZ_OK;
}

static tz_rc do_object(deed *act, tz_err *err)
{
    (void)err;
    tz_json_set_str(act->issue, "standing", "objected");
    return TZ_OK;
}

static tz_rc do_transfer(deed *act, tz_err *err)
{
    if (act->options->unit == NULL)
        return need("移送单位", "the authority that takes it", err);
    tz_json_set_str(act->detail, "unit", act->options->unit);
    tz_json_set_str(act->issue, "standing", NULL);
    tz_json_set_int(act->issue, "closed_entry", 0);
    return TZ_OK;
}

/* The verdicts "not real" of its findings are signed with it. */
static tz_rc do_dismiss(deed *act, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *verdicts = NULL, *verdict;
    size_t  i;

    TZ_TRY(tz_issue_may_dismiss(act->store, act->packs, act->issue, err));
    TZ_TRY(tz_issue_query(act->store, "SELECT v.* FROM verdict v JOIN issue_finding i ON i.finding = v.finding WHERE i.issue = ?1",
                          tz_json_int(act->issue, "issue", 0), &verdicts, err));
    json_array_foreach(verdicts, i, verdict) {
        tz_json_set_str(verdict, "signed_by", act->store->user);
        TZ_TRY(tz_journal_put(act->store, "issue.dismiss", "verdict", verdict, NULL, NULL, err));
    }
    tz_json_set_str(act->issue, "standing", NULL);
    tz_json_set_int(act->issue, "closed_entry", 0);
done:
    json_decref(verdicts);
    return rc;
}

static tz_rc do_look_back(deed *act, tz_err *err)
{
    (void)err;
    (void)json_object_set_new(act->detail, "relapse", json_boolean(act->options->is_relapse));
    if (!act->options->is_relapse)
        return TZ_OK;
    char     today[TZ_DATE_TEXT];
    tz_arena mem = {0};
    tz_date_format(tz_issue_today(act->store), today);
    (void)json_object_set(act->detail, "was_due", json_object_get(act->issue, "due"));
    tz_json_set_str(act->issue, "due", tz_issue_due(&mem, today, (int)tz_json_int(act->issue, "due_days", 0)));
    tz_arena_free(&mem);
    tz_json_set_str(act->issue, "state", "open");
    tz_json_set_int(act->issue, "opened_entry", 0);
    tz_json_set_str(act->issue, "closed_entry", NULL);
    return TZ_OK;
}

static tz_rc do_merge(deed *act, tz_err *err)
{
    return tz_issue_merge(act->store, act->issue, act->options->with, act->detail, err);
}

static tz_rc do_split(deed *act, tz_err *err)
{
    return tz_issue_split(act->store, act->issue, act->options->with, act->detail, err);
}

/* ---- The table ---- */

static const rule ACTIONS[] = {
    {"assign", " open assigned rectifying ", "assigned", false, do_assign},
    {"start", " assigned rectifying ", "rectifying", false, do_start},
    {"note", "*", NULL, true, NULL},
    {"attach", " open assigned rectifying submitted checked published closed-pending-data ", NULL, false, do_attach},
    {"submit", " assigned rectifying ", "submitted", false, do_start},
    {"check", " submitted ", "checked", false, do_check},
    {"publish", " submitted checked ", "published", false, do_publish},
    {"close", NULL, NULL, false, do_close},
    {"return", " submitted checked published ", "rectifying", true, do_return},
    {"extend", " open assigned rectifying ", NULL, true, do_extend},
    {"suspend", " open assigned rectifying ", NULL, true, do_suspend},
    {"object", NULL, NULL, true, do_object},
    {"transfer", NULL, "transferred", true, do_transfer},
    {"dismiss", NULL, "dismissed", true, do_dismiss},
    {"look-back", " closed closed-pending-data ", NULL, true, do_look_back},
    {"merge", NULL, "merged", false, do_merge},
    {"split", NULL, NULL, false, do_split},
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

/* Takes the action on the loaded issue; inside a transaction. */
static tz_rc take(deed *act, const rule *action, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *state = tz_json_str(act->issue, "state"), *note = act->options->note;

    if (!is_possible(action, state)) {
        rc = tz_fail(err, TZ_REFUSED, "问题 #%lld 现为 %s,不能 %s", "issue #%lld is %s: it cannot %s",
                     (long long)tz_json_int(act->issue, "issue", 0), state, action->name);
        goto done;
    }
    if (action->needs_note && (note == NULL || note[0] == '\0')) {
        rc = need("说明(--note)", "a note (--note)", err);
        goto done;
    }
    if (action->fn != NULL)
        TZ_TRY(action->fn(act, err));
    if (action->to != NULL)
        tz_json_set_str(act->issue, "state", action->to);
    TZ_TRY(tz_issue_put(act->store, act->issue, action->name, note, act->detail, err));
done:
    return rc;
}

tz_rc tz_issue_act(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t issue, const char *action,
                   const tz_issue_options *options, json_t **ret_issue, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && action != NULL);
    static const tz_issue_options NONE = {0};
    tz_rc rc = TZ_OK;
    deed  act = {.store = store, .packs = packs, .detail = json_object(), .options = options == NULL ? &NONE : options};

    if (find_action(action) == NULL) {
        rc = tz_fail(err, TZ_USAGE, "没有操作 “%s”", "there is no action '%s'", action);
        goto done;
    }
    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(tz_issue_load(store, issue, &act.issue, err));
    TZ_TRY(take(&act, find_action(action), err));
    TZ_TRY(tz_store_commit(store, err));
    if (ret_issue != NULL)
        TZ_TRY(tz_issue_show(mem, store, packs, issue, true, store->app->lang, ret_issue, err));
done:
    if (rc != TZ_OK)
        tz_store_rollback(store);
    json_decref(act.issue);
    json_decref(act.detail);
    return rc;
}
