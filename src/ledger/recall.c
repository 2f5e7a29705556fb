/* recall - asking people back: who is on the list, and what they said. */
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "ledger/inside.h"
#include "ledger/lot.h"
#include "packs/mask.h"
#include "store/journal.h"

tz_rc tz_recall_list(tz_arena *mem, tz_store *store, int64_t lot, bool is_masked, json_t **ret_recalls, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && ret_recalls != NULL);
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row;
    size_t  i;

    TZ_TRY(tz_issue_query(store, "SELECT recall, lot, issue, name, answer, by_user AS \"by\", day FROM recall WHERE ?1 IN (0, lot) ORDER BY"
                                 " recall", lot, &rows, err));
    json_array_foreach(rows, i, row) {
        const char *name = tz_json_str(row, "name");
        if (is_masked && name != NULL)
            tz_json_set_str(row, "name", tz_mask_name(mem, name));
    }
    *ret_recalls = json_incref(rows);
done:
    json_decref(rows);
    return rc;
}

/* Not who rectified it: people tell somebody else the truth. */
static tz_rc judge_asker(tz_store *store, const json_t *row, tz_err *err)
{
    bool  is_rectifier = false;
    tz_rc rc = tz_is_rectifier(store, tz_json_int(row, "issue", 0), store->user, &is_rectifier, err);

    if (rc != TZ_OK)
        return rc;
    if (is_rectifier) {
        (void)tz_fail(err, TZ_REFUSED, "整改人不能自己回访", "the rectifier does not ask");
        return tz_err_advise(err, "请另一用户回访(--as)", "let another user ask (--as)");
    }
    const char *answer = tz_json_str(row, "answer");
    if (answer != NULL && strcmp(answer, "not reached") != 0)
        return tz_fail(err, TZ_REFUSED, "回访 %lld 已有回答", "recall %lld was answered already", (long long)tz_json_int(row, "recall", 0));
    return TZ_OK;
}

static tz_rc put_answer(tz_store *store, json_t *row, const json_t *issue, const char *answer, const char *note, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    char    today[TZ_DATE_TEXT];
    json_t *detail = json_object();

    tz_date_format(tz_issue_today(store), today);
    tz_json_set_str(row, "answer", answer);
    (void)json_object_set_new(row, "note", note == NULL ? json_null() : tz_json_text(tz_text_of(note)));
    tz_json_set_str(row, "by_user", store->user);
    tz_json_set_str(row, "day", today);
    TZ_TRY(tz_journal_put(store, "issue.ask-back", "recall", row, NULL, NULL, err));
    (void)json_object_set(detail, "recall", json_object_get(row, "recall"));
    tz_json_set_str(detail, "answer", answer);
    TZ_TRY(tz_issue_put_step(store, issue, "ask-back", NULL, detail, err));
done:
    json_decref(detail);
    return rc;
}

tz_rc tz_recall_answer(tz_store *store, int64_t recall, const char *answer, const char *note, tz_err *err)
{
    tz_assert(store != NULL);
    static const char *const ANSWERS[] = {"confirmed", "denied", "unclear", "not reached", NULL};
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *issue = NULL;

    if (answer == NULL || !tz_is_one_of(answer, ANSWERS))
        return tz_fail(err, TZ_USAGE, "回答为 confirmed、denied、unclear 或 not reached", "an answer is confirmed, denied, unclear or 'not reached'");
    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(tz_issue_query(store, "SELECT * FROM recall WHERE recall = ?1", recall, &rows, err));
    if (json_array_size(rows) == 0) {
        rc = tz_fail(err, TZ_MISSING, "没有回访 %lld", "there is no recall %lld", (long long)recall);
        goto done;
    }
    json_t *row = json_array_get(rows, 0);
    TZ_TRY(tz_issue_load(store, tz_json_int(row, "issue", 0), &issue, err));
    TZ_TRY(judge_asker(store, row, err));
    TZ_TRY(put_answer(store, row, issue, answer, note, err));
    TZ_TRY(tz_store_commit(store, err));
done:
    if (rc != TZ_OK)
        tz_store_rollback(store);
    json_decref(rows);
    json_decref(issue);
    return rc;
}
