/* deed - what each action changes in an issue, once act.c found it possible. */
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "ledger/inside.h"
#include "store/journal.h"

tz_rc tz_deed_needs(const char *zh, const char *en, tz_err *err)
{
    return tz_fail(err, TZ_USAGE, "缺少%s%.0s", "%.0s%s is missing", zh, en);
}

tz_rc tz_deed_by_another(tz_deed *deed, const char *action, tz_err *err)
{
    bool  rectifies = false;
    tz_rc rc = tz_is_rectifier(deed->store, tz_json_int(deed->issue, "issue", 0), deed->store->user, &rectifies, err);

    if (rc != TZ_OK || !rectifies)
        return rc;
    tz_words step = tz_action_words(action);
    (void)tz_fail(err, TZ_REFUSED, "整改人不能自己“%s”%.0s", "the rectifier does not %.0s%s it", step.zh, step.en);
    return tz_err_advise(err, "请另一用户办理(--as)", "let another user do it (--as)");
}

/* ---- Assigning ---- */

static tz_rc set_handler(tz_deed *deed, const char *user, tz_err *err)
{
    int64_t known = 0;
    tz_rc   rc = tz_sql_one(deed->store, "SELECT count(*) FROM user WHERE user = ?1 AND state = 'active' AND user <> 'system'", user,
                            NULL, &known, err);

    if (rc == TZ_OK && known == 0) {
        (void)tz_fail(err, TZ_MISSING, "没有用户 “%s”", "there is no user '%s'", user);
        rc = tz_err_advise(err, "taizhang user list 列出用户,user add 新增", "taizhang user list shows the users, user add makes one");
    }
    if (rc == TZ_OK) {
        tz_json_set_str(deed->issue, "handler", user);
        tz_json_set_str(deed->detail, "handler", user);
    }
    return rc;
}

static tz_rc read_day(const char *text, int32_t *ret_day, tz_err *err)
{
    if (!tz_date_parse_iso(tz_text_of(text), ret_day))
        return tz_fail(err, TZ_USAGE, "期限写作 YYYY-MM-DD", "a due date is YYYY-MM-DD");
    return TZ_OK;
}

static bool is_before(const char *text, const char *other)
{
    return text != NULL && other != NULL && strcmp(text, other) < 0;
}

static void set_due(tz_deed *deed, const char *due)
{
    (void)json_object_set(deed->detail, "was_due", json_object_get(deed->issue, "due"));
    tz_json_set_str(deed->issue, "due", due);
    tz_json_set_str(deed->detail, "due", due);
}

/* A term, its due date counted from today unless one is given. */
static tz_rc set_term(tz_deed *deed, const char *term, const char *due, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    char     today[TZ_DATE_TEXT];

    TZ_TRY(tz_judge_term(term, err));
    tz_date_format(tz_issue_today(deed->store), today);
    tz_json_set_str(deed->issue, "term", term);
    tz_json_set_str(deed->detail, "term", term);
    if (due == NULL)
        set_due(deed, tz_issue_due(&mem, deed->store, deed->ledger, term, today, (int)tz_json_int(deed->issue, "due_days", 0)));
done:
    tz_arena_free(&mem);
    return rc;
}

/* A unit whose duties went to another is not assigned to; the one that has them now is. */
static tz_rc set_unit(tz_deed *deed, const char *unit, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    const char *now = NULL;

    TZ_TRY(tz_unit_now(&mem, deed->store, unit, &now, err));
    tz_json_set_str(deed->issue, "unit", now);
    if (strcmp(now, unit) != 0)
        tz_json_set_str(deed->detail, "was_unit", unit);
done:
    tz_arena_free(&mem);
    return rc;
}

/* Whoever rectifies, or is to from now on, has their date from somebody else. */
static tz_rc judge_date(tz_deed *deed, tz_err *err)
{
    tz_rc                   rc = TZ_OK;
    bool                    rectifies = false;
    const tz_issue_options *options = deed->options;

    if (options->due == NULL && options->term == NULL)
        return TZ_OK;
    TZ_TRY(tz_is_rectifier(deed->store, tz_json_int(deed->issue, "issue", 0), deed->store->user, &rectifies, err));
    if (!rectifies && options->handler != NULL)
        TZ_TRY(tz_is_same_person(deed->store, options->handler, deed->store->user, &rectifies, err));
    if (rectifies) {
        (void)tz_fail(err, TZ_REFUSED, "整改人不能自己改期限", "the rectifier does not set the due date");
        rc = tz_err_advise(err, "请申请延期(extend),由他人答复", "ask for time (extend), which another grants");
    }
done:
    return rc;
}

tz_rc tz_do_assign(tz_deed *deed, tz_err *err)
{
    tz_rc                   rc = TZ_OK;
    int32_t                 day = 0;
    const tz_issue_options *options = deed->options;
    const char             *opened_on = tz_json_str(deed->issue, "opened_on");

    if (options->unit == NULL && options->handler == NULL && tz_json_str(deed->issue, "unit") == NULL)
        return tz_deed_needs("责任单位或责任人(--to、--handler)", "the unit or the handler (--to, --handler)", err);
    TZ_TRY(judge_date(deed, err));
    if (options->unit != NULL)
        TZ_TRY(set_unit(deed, options->unit, err));
    (void)json_object_set(deed->detail, "unit", json_object_get(deed->issue, "unit"));
    if (options->handler != NULL)
        TZ_TRY(set_handler(deed, options->handler, err));
    if (options->due != NULL)
        TZ_TRY(read_day(options->due, &day, err));
    if (is_before(options->due, opened_on)) {
        rc = tz_fail(err, TZ_REFUSED, "期限不能早于立项的 %s", "a due date is not before %s, when the issue was opened", opened_on);
        goto done;
    }
    if (options->term != NULL)
        TZ_TRY(set_term(deed, options->term, options->due, err));
    if (options->due != NULL)
        set_due(deed, options->due);
    if (options->support != NULL)
        tz_issue_set_support(deed->issue, options->support, deed->detail);
done:
    return rc;
}

/* ---- Rectifying ---- */

/* The one who starts or submits rectifies, unless a handler was named. An objection or a request for time
 * stands until it is answered. */
tz_rc tz_do_start(tz_deed *deed, tz_err *err)
{
    const char *standing = tz_json_str(deed->issue, "standing");

    (void)err;
    if (tz_json_str(deed->issue, "handler") == NULL)
        tz_json_set_str(deed->issue, "handler", deed->store->user);
    if (standing != NULL && strcmp(standing, "objected") != 0 && strcmp(standing, "asked") != 0)
        tz_json_set_str(deed->issue, "standing", NULL);
    return TZ_OK;
}

tz_rc tz_do_attach(tz_deed *deed, tz_err *err)
{
    return tz_issue_attach(deed->store, deed->packs, deed->issue, deed->options, deed->detail, err);
}

tz_rc tz_do_submit(tz_deed *deed, tz_err *err)
{
    tz_rc rc = tz_issue_may(deed->store, deed->packs, deed->issue, deed->options, TZ_SIGN_SUBMIT, err);

    return rc == TZ_OK ? tz_do_start(deed, err) : rc;
}

/* ---- Signatures ---- */

/* The last of the people whom the ledger wants to check moves it on. */
tz_rc tz_do_check(tz_deed *deed, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *checks = NULL, *check;
    size_t  i;

    TZ_TRY(tz_issue_may(deed->store, deed->packs, deed->issue, deed->options, TZ_SIGN_CHECK, err));
    TZ_TRY(tz_issue_query(deed->store,
                          "SELECT DISTINCT by_user FROM issue_step WHERE issue = ?1 AND action = 'check' AND step >"
                          " (SELECT max(step) FROM issue_step WHERE issue = ?1 AND action = 'submit')",
                          tz_json_int(deed->issue, "issue", 0), &checks, err));
    json_array_foreach(checks, i, check) {
        bool is_same = false;
        TZ_TRY(tz_is_same_person(deed->store, tz_json_str(check, "by_user"), deed->store->user, &is_same, err));
        if (is_same) {
            rc = tz_fail(err, TZ_REFUSED, "此人已核查过,须另一人再核查", "this user has checked it already: another checks next");
            goto done;
        }
    }
    size_t count = json_array_size(checks) + 1;
    (void)json_object_set_new(deed->detail, "checked", json_sprintf("%zu/%d", count, deed->ledger->checkers));
    if (count >= (size_t)deed->ledger->checkers)
        tz_json_set_str(deed->issue, "state", "checked");
done:
    json_decref(checks);
    return rc;
}

tz_rc tz_do_publish(tz_deed *deed, tz_err *err)
{
    char until[TZ_DATE_TEXT];
    bool is_early = tz_ledger_has(deed->ledger, "checked") && strcmp(tz_json_str(deed->issue, "state"), "checked") != 0;

    if (!tz_ledger_has(deed->ledger, "published"))
        return tz_fail(err, TZ_REFUSED, "台账 “%s” 没有公示这一步", "the ledger '%s' does not publish", deed->ledger->name);
    if (is_early)
        return tz_fail(err, TZ_REFUSED, "核查(%d 人)之后才公示", "it is checked (by %d) before it is published", deed->ledger->checkers);
    tz_date_format(tz_clock_end(deed->store, tz_clock_of(deed->ledger, "publish"), tz_issue_today(deed->store)), until);
    tz_json_set_str(deed->detail, "until", until);
    return TZ_OK;
}

tz_rc tz_do_close(tz_deed *deed, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *how = NULL;
    tz_arena    mem = {0};
    json_t     *remarks = NULL;

    TZ_TRY(tz_issue_may(deed->store, deed->packs, deed->issue, deed->options, TZ_SIGN_CLOSE, err));
    TZ_TRY(tz_issue_closed_how(deed->store, deed->issue, deed->options->is_pending_data, &how, err));
    TZ_TRY(tz_photo_remarks(&mem, deed->store, tz_json_int(deed->issue, "issue", 0), &remarks, err));
    tz_json_set_str(deed->issue, "state", deed->options->is_pending_data ? "closed-pending-data" : "closed");
    tz_json_set_str(deed->issue, "standing", NULL);
    tz_json_set_int(deed->issue, "closed_entry", 0);
    tz_json_set_str(deed->issue, "closed_how", how);
    tz_json_set_str(deed->detail, "how", how);
    if (json_array_size(remarks) > 0)
        (void)json_object_set(deed->detail, "seen", remarks);
done:
    json_decref(remarks);
    tz_arena_free(&mem);
    return rc;
}

/* What waits for an answer goes on waiting. */
tz_rc tz_do_return(tz_deed *deed, tz_err *err)
{
    (void)err;
    if (!tz_standing_waits(tz_json_str(deed->issue, "standing")))
        tz_json_set_str(deed->issue, "standing", "returned");
    return TZ_OK;
}

/* The verdicts "not real" of its findings are signed with it. */
tz_rc tz_do_dismiss(tz_deed *deed, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *verdicts = NULL, *verdict;
    size_t  i;

    TZ_TRY(tz_issue_may(deed->store, deed->packs, deed->issue, deed->options, TZ_SIGN_DISMISS, err));
    TZ_TRY(tz_issue_query(deed->store, "SELECT v.* FROM verdict v JOIN issue_finding i ON i.finding = v.finding WHERE i.issue = ?1",
                          tz_json_int(deed->issue, "issue", 0), &verdicts, err));
    json_array_foreach(verdicts, i, verdict) {
        tz_json_set_str(verdict, "signed_by", deed->store->user);
        TZ_TRY(tz_journal_put(deed->store, "issue.dismiss", "verdict", verdict, NULL, NULL, err));
    }
    tz_json_set_str(deed->issue, "standing", NULL);
    tz_json_set_int(deed->issue, "closed_entry", 0);
done:
    json_decref(verdicts);
    return rc;
}

/* ---- Time, and what is said against it ---- */

static bool stands(const tz_deed *deed, const char *standing)
{
    const char *now = tz_json_str(deed->issue, "standing");
    return now != NULL && strcmp(now, standing) == 0;
}

/* Another than who asked, and than the handler, answers. */
static tz_rc by_another(tz_deed *deed, const char *action, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    const char *asked = NULL, *handler = tz_json_str(deed->issue, "handler");
    bool        is_same = false;

    TZ_TRY(tz_sql_one_text(&mem, deed->store, "SELECT by_user FROM issue_step WHERE issue = ?1 AND action = ?2 ORDER BY step DESC LIMIT 1",
                           tz_arena_printf(&mem, "%lld", (long long)tz_json_int(deed->issue, "issue", 0)), action, &asked, err));
    tz_assert(asked != NULL); /* the standing came of this step */
    TZ_TRY(tz_is_same_person(deed->store, asked, deed->store->user, &is_same, err));
    if (!is_same && handler != NULL)
        TZ_TRY(tz_is_same_person(deed->store, handler, deed->store->user, &is_same, err));
    if (is_same) {
        (void)tz_fail(err, TZ_REFUSED, "提出的人和整改人不能自己答复", "neither who asked nor the rectifier answers it");
        rc = tz_err_advise(err, "请另一用户办理(--as)", "let another user do it (--as)");
    }
done:
    tz_arena_free(&mem);
    return rc;
}

/* Asks for more time; the due date stays until it is granted. */
tz_rc tz_do_extend(tz_deed *deed, tz_err *err)
{
    const char *due = tz_json_str(deed->issue, "due");
    int32_t     day = 0;

    if (deed->options->due == NULL)
        return tz_deed_needs("新期限(--due)", "the new due date (--due)", err);
    if (tz_standing_waits(tz_json_str(deed->issue, "standing")))
        return tz_fail(err, TZ_REFUSED, "异议、暂缓或前一次延期申请尚未了结", "an objection, a suspension or an earlier request still stands");
    tz_rc rc = read_day(deed->options->due, &day, err);
    if (rc != TZ_OK)
        return rc;
    if (due != NULL && !is_before(due, deed->options->due))
        return tz_fail(err, TZ_REFUSED, "新期限要晚于现在的 %s", "the new due date comes after the present one, %s", due);
    tz_json_set_str(deed->issue, "standing", "asked");
    tz_json_set_str(deed->issue, "asked_due", deed->options->due);
    tz_json_set_str(deed->detail, "asked_due", deed->options->due);
    return TZ_OK;
}

static tz_rc answer_extension(tz_deed *deed, bool is_granted, tz_err *err)
{
    tz_rc rc = TZ_OK;

    if (!stands(deed, "asked"))
        return tz_fail(err, TZ_REFUSED, "没有待答复的延期申请", "no request for more time waits");
    TZ_TRY(by_another(deed, "extend", err));
    if (is_granted)
        set_due(deed, tz_json_str(deed->issue, "asked_due"));
    tz_json_set_str(deed->issue, "standing", is_granted ? "extended" : NULL);
    tz_json_set_str(deed->issue, "asked_due", NULL);
done:
    return rc;
}

tz_rc tz_do_grant(tz_deed *deed, tz_err *err)
{
    return answer_extension(deed, true, err);
}

tz_rc tz_do_deny(tz_deed *deed, tz_err *err)
{
    return answer_extension(deed, false, err);
}

tz_rc tz_do_suspend(tz_deed *deed, tz_err *err)
{
    if (tz_standing_waits(tz_json_str(deed->issue, "standing")))
        return tz_fail(err, TZ_REFUSED, "异议或延期申请尚未答复", "an objection or a request for more time still waits");
    tz_json_set_str(deed->issue, "standing", "suspended");
    return TZ_OK;
}

/* What the accused says; it stands beside the issue and changes nothing. */
tz_rc tz_do_say(tz_deed *deed, tz_err *err)
{
    return deed->options->file == NULL ? TZ_OK
                                       : tz_issue_keep_statement(deed->store, deed->issue, deed->options->file, deed->options->file_name,
                                                                         deed->detail, err);
}

tz_rc tz_do_object(tz_deed *deed, tz_err *err)
{
    char until[TZ_DATE_TEXT];

    if (stands(deed, "objected"))
        return tz_fail(err, TZ_REFUSED, "前一次异议尚未答复", "an earlier objection was not answered yet");
    tz_date_format(tz_clock_end(deed->store, tz_clock_of(deed->ledger, "objection"), tz_issue_today(deed->store)), until);
    tz_json_set_str(deed->issue, "standing", "objected");
    tz_json_set_str(deed->issue, "asked_due", NULL);
    tz_json_set_str(deed->detail, "answer_by", until);
    return tz_do_say(deed, err);
}

tz_rc tz_do_answer(tz_deed *deed, tz_err *err)
{
    tz_rc rc = TZ_OK;

    if (!stands(deed, "objected"))
        return tz_fail(err, TZ_REFUSED, "没有待答复的异议", "no objection waits for an answer");
    if (deed->options->is_upheld == deed->options->is_rejected)
        return tz_deed_needs("结论(--upheld 成立,或 --rejected 不成立)", "the conclusion (--upheld or --rejected)", err);
    TZ_TRY(by_another(deed, "object", err));
    (void)json_object_set_new(deed->detail, "upheld", json_boolean(deed->options->is_upheld));
    tz_json_set_str(deed->issue, "standing", NULL);
done:
    return rc;
}

/* ---- Elsewhere, and again ---- */

tz_rc tz_do_transfer(tz_deed *deed, tz_err *err)
{
    if (deed->options->unit == NULL)
        return tz_deed_needs("移送单位(--to)", "the authority that takes it (--to)", err);
    tz_json_set_str(deed->detail, "unit", deed->options->unit);
    tz_json_set_str(deed->issue, "standing", NULL);
    tz_json_set_int(deed->issue, "closed_entry", 0);
    return TZ_OK;
}

tz_rc tz_do_look_back(tz_deed *deed, tz_err *err)
{
    tz_arena mem = {0};
    char     today[TZ_DATE_TEXT];

    (void)err;
    (void)json_object_set_new(deed->detail, "relapse", json_boolean(deed->options->is_relapse));
    if (deed->options->is_relapse) {
        tz_date_format(tz_issue_today(deed->store), today);
        tz_issue_restart(&mem, deed->store, deed->ledger, today, deed->issue, deed->detail);
    }
    tz_arena_free(&mem);
    return TZ_OK;
}

tz_rc tz_do_merge(tz_deed *deed, tz_err *err)
{
    return tz_issue_merge(deed->store, deed->issue, deed->options->with, deed->detail, err);
}

tz_rc tz_do_split(tz_deed *deed, tz_err *err)
{
    return tz_issue_split(deed->store, deed->issue, deed->options->with, deed->detail, err);
}
