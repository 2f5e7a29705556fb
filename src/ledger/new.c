/* new - an issue by hand: from an inspection, a complaint, or what somebody saw. */
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "ledger/inside.h"
#include "store/journal.h"

static tz_rc judge_new(tz_store *store, const tz_packs *packs, const tz_issue_new_options *options, tz_err *err)
{
    static const char *const SOURCES[] = {"hand", "inspection", "complaint", NULL};
    tz_rc   rc = TZ_OK;
    int32_t due = 0;
    json_t *parent = NULL;

    if (options->title == NULL || options->title[0] == '\0')
        rc = tz_fail(err, TZ_USAGE, "问题须有一句话(--title)", "an issue needs its sentence (--title)");
    else if (tz_ledger_find(packs, options->ledger) == NULL)
        rc = tz_fail(err, TZ_USAGE, "没有台账 “%s”", "there is no ledger '%s'", options->ledger);
    else if (options->level != NULL && !tz_is_level(options->level))
        rc = tz_fail(err, TZ_USAGE, "级别为 red、orange 或 yellow", "a level is red, orange or yellow");
    else if (options->source != NULL && !tz_is_one_of(options->source, SOURCES))
        rc = tz_fail(err, TZ_USAGE, "来源为 hand、inspection 或 complaint", "a source is hand, inspection or complaint");
    else if (options->due != NULL && !tz_date_parse_iso(tz_text_of(options->due), &due))
        rc = tz_fail(err, TZ_USAGE, "期限写作 YYYY-MM-DD", "a due date is YYYY-MM-DD");
    if (rc == TZ_OK && options->term != NULL)
        rc = tz_judge_term(options->term, err);
    if (rc == TZ_OK && options->parent != 0)
        rc = tz_issue_load(store, options->parent, &parent, err);
    json_decref(parent);
    return rc;
}

static tz_rc issue_by_hand(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_issue_new_options *options, int64_t number,
                           json_t **ret_issue, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    const tz_ledger *ledger = tz_ledger_find(packs, options->ledger);
    const char      *unit = options->unit, *term = options->term == NULL ? "by date" : options->term;
    char             today[TZ_DATE_TEXT];
    tz_buf           fields = tz_buf_init(mem, 0);

    tz_date_format(tz_issue_today(store), today);
    if (unit != NULL)
        TZ_TRY(tz_unit_now(mem, store, unit, &unit, err));
    json_t *issue = tz_issue_fresh(mem, store, ledger, number, today, 0);
    (void)json_object_set_new(issue, "title", tz_json_text(tz_text_of(options->title)));
    tz_json_set_str(issue, "source", options->source == NULL ? "hand" : options->source);
    tz_json_set_str(issue, "raised_by", options->raised_by == NULL ? store->user : options->raised_by);
    if (options->level != NULL)
        tz_json_set_str(issue, "level", options->level);
    tz_json_set_str(issue, "unit", unit);
    tz_json_set_str(issue, "term", term);
    tz_json_set_str(issue, "due", options->due != NULL ? options->due : tz_issue_due(mem, store, ledger, term, today, ledger->due_days));
    tz_json_set_str(issue, "subject", options->subject);
    if (options->parent != 0)
        tz_json_set_int(issue, "parent", options->parent);
    if (options->fields != NULL) {
        tz_json_canonical(options->fields, &fields);
        tz_json_set_str(issue, "fields", tz_buf_str(&fields));
    }
    *ret_issue = issue;
done:
    return rc;
}

/* Inside a transaction. */
tz_rc tz_issue_put_new(tz_store *store, const tz_packs *packs, const tz_issue_new_options *options, int64_t *ret_issue, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    int64_t  number = 0;
    json_t  *issue = NULL;

    TZ_TRY(judge_new(store, packs, options, err));
    if (options->fields != NULL)
        TZ_TRY(tz_issue_judge_fields(tz_ledger_find(packs, options->ledger), options->fields, err));
    TZ_TRY(tz_journal_next_id(store, "issue", "issue", &number, err));
    TZ_TRY(issue_by_hand(&mem, store, packs, options, number, &issue, err));
    TZ_TRY(tz_issue_put(store, issue, "open", NULL, NULL, err));
    *ret_issue = number;
done:
    json_decref(issue);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_issue_new(tz_store *store, const tz_packs *packs, const tz_issue_new_options *options, int64_t *ret_issue, tz_err *err)
{
    tz_assert(store != NULL && packs != NULL && options != NULL && ret_issue != NULL);
    tz_rc   rc = TZ_OK;
    int64_t number = 0;

    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(tz_issue_put_new(store, packs, options, &number, err));
    TZ_TRY(tz_store_commit(store, err));
    *ret_issue = number;
done:
    if (rc != TZ_OK)
        tz_store_rollback(store);
    return rc;
}
