/* deed - what each action changes in an issue, once act.c found it possible. */
#include <string.h>

#include "base/date.h"
#include "ledger/inside.h"
#include "ledger/sheet.h"
#include "store/journal.h"

tz_rc tz_deed_needs(const char *zh, const char *en, tz_err *err)
{
    return tz_fail(err, TZ_USAGE, "缺少%s%.0s", "%.0s%s is missing", zh, en);
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

static void set_due(tz_deed *deed, const char *due)
{
    (void)json_object_set(deed->detail, "was_due", json_object_get(deed->issue, "due"));
    tz_json_set_str(deed->issue, "due", due);
    tz_json_set_str(deed->detail, "due", due);
}

/* A term, its due date counted from today unless one is given. */
static tz_rc set_term(tz_deed *deed, const char *term, const char *due, tz_err *err)
{
    static const char *const TERMS[] = {"at once", "by date", "long-term"};
    tz_arena mem = {0};
    char     today[TZ_DATE_TEXT];
    bool     is_known = false;

    for (size_t i = 0; i < sizeof TERMS / sizeof TERMS[0]; i++)
        is_known |= strcmp(TERMS[i], term) == 0;
    if (!is_known)
        return tz_fail(err, TZ_USAGE, "时限为 at once(立行立改)、by date 或 long-term(长期坚持)", "a term is 'at once', 'by date' or 'long-term'");
    tz_date_format(tz_issue_today(deed->store), today);
    tz_json_set_str(deed->issue, "term", term);
    tz_json_set_str(deed->detail, "term", term);
    if (due == NULL)
        set_due(deed, tz_issue_due(&mem, deed->store, deed->ledger, term, today, (int)tz_json_int(deed->issue, "due_days", 0)));
    tz_arena_free(&mem);
    return TZ_OK;
}

bool tz_next_part(tz_text *rest, tz_text *ret_part)
{
    static const char *const BETWEEN[] = {",", "\xEF\xBC\x8C", "、", ";", "\xEF\xBC\x9B", "\n"};

    while (rest->size > 0) {
        size_t end = rest->size, skip = 0;
        for (size_t i = 0; i < sizeof BETWEEN / sizeof BETWEEN[0]; i++) {
            size_t at = tz_text_find(*rest, tz_text_of(BETWEEN[i]), 0);
            if (at < end) {
                end = at;
                skip = strlen(BETWEEN[i]);
            }
        }
        *ret_part = tz_text_trim(tz_text_cut(*rest, 0, end));
        *rest = tz_text_cut(*rest, end + skip, rest->size);
        if (ret_part->size > 0)
            return true;
    }
    return false;
}

void tz_issue_set_support(json_t *issue, const char *support, json_t *detail)
{
    json_t  *list = json_array();
    tz_arena mem = {0};
    tz_buf   text = tz_buf_init(&mem, 0);
    tz_text  rest = tz_text_of(support), unit;

    while (tz_next_part(&rest, &unit))
        (void)json_array_append_new(list, tz_json_text(unit));
    tz_json_canonical(list, &text);
    tz_json_set_str(issue, "support", tz_buf_str(&text));
    (void)json_object_set(detail, "support", list);
    json_decref(list);
    tz_arena_free(&mem);
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

tz_rc tz_do_assign(tz_deed *deed, tz_err *err)
{
    tz_rc                   rc = TZ_OK;
    int32_t                 day = 0;
    const tz_issue_options *options = deed->options;

    if (options->unit == NULL && options->handler == NULL && tz_json_str(deed->issue, "unit") == NULL)
        return tz_deed_needs("责任单位或责任人(--to、--handler)", "the unit or the handler (--to, --handler)", err);
    if (options->unit != NULL)
        TZ_TRY(set_unit(deed, options->unit, err));
    (void)json_object_set(deed->detail, "unit", json_object_get(deed->issue, "unit"));
    if (options->handler != NULL)
        TZ_TRY(set_handler(deed, options->handler, err));
    if (options->due != NULL)
        TZ_TRY(read_day(options->due, &day, err));
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

static const tz_ledger_field *field_of(const tz_ledger *ledger, const char *name)
{
    for (size_t i = 0; i < ledger->fields.count; i++)
        if (strcmp(ledger->fields.items[i].name, name) == 0)
            return &ledger->fields.items[i];
    return NULL;
}

static tz_rc refuse_field(const tz_ledger *ledger, const char *name, tz_err *err)
{
    char   known[240] = "";
    size_t used = 0;

    for (size_t i = 0; i < ledger->fields.count && used + strlen(ledger->fields.items[i].name) + 2 < sizeof known; i++) {
        size_t size = strlen(ledger->fields.items[i].name);
        memcpy(known + used, ledger->fields.items[i].name, size);
        known[used + size] = ' ';
        used += size + 1;
    }
    (void)tz_fail(err, TZ_USAGE, "台账 “%s” 没有栏目 “%s”", "the ledger '%s' has no field '%s'", ledger->name, name);
    return tz_err_advise(err, "有这些:measure goal responsible leader progress result remark %s",
                         "it has: measure goal responsible leader progress result remark %s", known);
}

/* A field that has codes says one of them. */
static tz_rc judge_code(const tz_ledger_field *field, const json_t *value, tz_err *err)
{
    char   known[240] = "";
    size_t used = 0;

    for (size_t i = 0; i < field->codes.count; i++) {
        const char *code = field->codes.items[i];
        if (json_is_string(value) && strcmp(json_string_value(value), code) == 0)
            return TZ_OK;
        if (used + strlen(code) + 2 < sizeof known) {
            memcpy(known + used, code, strlen(code));
            used += strlen(code);
            known[used++] = ' ';
        }
    }
    if (field->codes.count == 0)
        return TZ_OK;
    (void)tz_fail(err, TZ_USAGE, "栏目 “%s” 没有这个值", "the field '%s' has no such value", field->name);
    return tz_err_advise(err, "可用:%s", "there are: %s", known);
}

tz_rc tz_issue_judge_fields(const tz_ledger *ledger, const json_t *fields, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *name;
    json_t     *value;

    json_object_foreach((json_t *)fields, name, value) {
        const tz_ledger_field *field = field_of(ledger, name);
        if (field == NULL && !tz_list_is_column(name))
            rc = refuse_field(ledger, name, err);
        else if (field != NULL)
            rc = judge_code(field, value, err);
        if (rc != TZ_OK)
            return rc;
    }
    return TZ_OK;
}

static tz_rc set_fields(tz_deed *deed, const json_t *changes, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    tz_buf      text = tz_buf_init(&mem, 0);
    json_t     *fields = NULL, *value, *names = json_array();
    const char *name;

    TZ_TRY(tz_issue_judge_fields(deed->ledger, changes, err));
    TZ_TRY(tz_json_parse(tz_text_of(tz_json_str(deed->issue, "fields")), &fields, err));
    json_object_foreach((json_t *)changes, name, value) {
        (void)json_object_set(fields, name, value);
        (void)json_array_append_new(names, json_string(name));
    }
    tz_json_canonical(fields, &text);
    tz_json_set_str(deed->issue, "fields", tz_buf_str(&text));
    (void)json_object_set(deed->detail, "fields", names); /* which; what they say is personal */
done:
    json_decref(fields);
    json_decref(names);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_issue_add_person(tz_store *store, int64_t issue, tz_text name, const char *what, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t number = 0;
    json_t *row = json_object();

    TZ_TRY(tz_journal_next_id(store, "issue_person", "number", &number, err));
    tz_json_set_int(row, "number", number);
    tz_json_set_int(row, "issue", issue);
    (void)json_object_set_new(row, "name", tz_json_text(name));
    TZ_TRY(tz_journal_put(store, what, "issue_person", row, NULL, NULL, err));
done:
    json_decref(row);
    return rc;
}

static tz_rc add_people(tz_deed *deed, const char *people, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t count = 0;
    tz_text rest = tz_text_of(people), name;

    for (; tz_next_part(&rest, &name); count++)
        TZ_TRY(tz_issue_add_person(deed->store, tz_json_int(deed->issue, "issue", 0), name, "issue.set", err));
    tz_json_set_int(deed->detail, "people", count);
done:
    return rc;
}

tz_rc tz_do_set(tz_deed *deed, tz_err *err)
{
    tz_rc rc = TZ_OK;

    if (deed->options->fields == NULL && deed->options->people == NULL)
        return tz_deed_needs("栏目(--field 名=值)或所涉群众(--people)", "a field (--field NAME=VALUE) or the people it is about (--people)", err);
    if (deed->options->fields != NULL)
        TZ_TRY(set_fields(deed, deed->options->fields, err));
    if (deed->options->people != NULL)
        TZ_TRY(add_people(deed, deed->options->people, err));
done:
    return rc;
}

tz_rc tz_do_attach(tz_deed *deed, tz_err *err)
{
    return tz_issue_attach(deed->store, deed->packs, deed->issue, deed->options, deed->detail, err);
}

tz_rc tz_do_submit(tz_deed *deed, tz_err *err)
{
    tz_rc rc = tz_issue_may_submit(deed->store, deed->packs, deed->issue, deed->options, err);

    return rc == TZ_OK ? tz_do_start(deed, err) : rc;
}

/* ---- Signatures ---- */

/* The last of the people whom the ledger wants to check moves it on. */
tz_rc tz_do_check(tz_deed *deed, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *checks = NULL, *check;
    size_t  i;

    TZ_TRY(tz_issue_may_check(deed->store, deed->packs, deed->issue, deed->options, err));
    TZ_TRY(tz_issue_query(deed->store,
                          "SELECT DISTINCT by_user FROM issue_step WHERE issue = ?1 AND action = 'check' AND step >"
                          " (SELECT max(step) FROM issue_step WHERE issue = ?1 AND action = 'submit')",
                          tz_json_int(deed->issue, "issue", 0), &checks, err));
    json_array_foreach(checks, i, check)
        if (strcmp(tz_json_str(check, "by_user"), deed->store->user) == 0) {
            rc = tz_fail(err, TZ_REFUSED, "此人已核查过,须另一人再核查", "this user has checked it already: another checks next");
            goto done;
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

    TZ_TRY(tz_issue_may_close(deed->store, deed->packs, deed->issue, deed->options, err));
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

tz_rc tz_do_return(tz_deed *deed, tz_err *err)
{
    (void)err;
    tz_json_set_str(deed->issue, "standing", "returned");
    return TZ_OK;
}

/* The verdicts "not real" of its findings are signed with it. */
tz_rc tz_do_dismiss(tz_deed *deed, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *verdicts = NULL, *verdict;
    size_t  i;

    TZ_TRY(tz_issue_may_dismiss(deed->store, deed->packs, deed->issue, deed->options, err));
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

/* Who took the newest step of an action. */
static tz_rc who_did(tz_arena *mem, tz_deed *deed, const char *action, const char **ret_user, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(deed->store, "SELECT by_user FROM issue_step WHERE issue = ?1 AND action = ?2 ORDER BY step DESC LIMIT 1", &sql, err));
    tz_sql_bind_int(sql, 1, tz_json_int(deed->issue, "issue", 0));
    tz_sql_bind_text(sql, 2, action);
    TZ_TRY(tz_sql_step(deed->store, sql, &has_row, err));
    *ret_user = has_row ? tz_sql_dup(mem, sql, 0) : "";
done:
    tz_sql_close(sql);
    return rc;
}

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

    TZ_TRY(who_did(&mem, deed, action, &asked, err));
    if (strcmp(asked, deed->store->user) == 0 || (handler != NULL && strcmp(handler, deed->store->user) == 0)) {
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
    int32_t day = 0;

    if (deed->options->due == NULL)
        return tz_deed_needs("新期限(--due)", "the new due date (--due)", err);
    if (tz_standing_waits(tz_json_str(deed->issue, "standing")))
        return tz_fail(err, TZ_REFUSED, "异议、暂缓或前一次延期申请尚未了结", "an objection, a suspension or an earlier request still stands");
    tz_rc rc = read_day(deed->options->due, &day, err);
    if (rc != TZ_OK)
        return rc;
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
                                       : tz_issue_keep_statement(deed->store, deed->issue, deed->options->file, deed->detail, err);
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
