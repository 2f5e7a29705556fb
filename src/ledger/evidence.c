/* evidence - what shows that an issue is solved: register rows, receipts, documents, photos.
 *
 * The same bytes (or the same row) may show several issues only where each use names a line of its
 * own: one bank receipt holds thirty refunds.  A photo never shows two.
 */
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "ledger/inside.h"
#include "packs/query.h"
#include "store/journal.h"

/* What else the bytes or the row show: TZ_REFUSED where one of the uses names no line of its own. */
static tz_rc refuse_shared(tz_store *store, int64_t issue, const char *original, int64_t row, const char *kind, const char *line,
                           tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(store,
                       "SELECT issue, line, kind FROM evidence WHERE issue <> ?1 AND kind <> 'statement' AND"
                       " CASE WHEN ?2 IS NULL THEN row = ?3 ELSE original = ?2 END ORDER BY issue", &sql, err));
    tz_sql_bind_int(sql, 1, issue);
    tz_sql_bind_text(sql, 2, original);
    tz_sql_bind_int(sql, 3, row);
    TZ_EACH_ROW (store, sql, err) {
        const char *other = tz_sql_str(sql, 1);
        bool is_photo = strcmp(kind, "photo") == 0 || strcmp(tz_sql_str(sql, 2), "photo") == 0;
        bool has_own = !is_photo && line != NULL && other != NULL && strcmp(line, other) != 0;
        if (has_own)
            continue;
        (void)tz_fail(err, TZ_REFUSED, "同一佐证已用于问题 #%lld", "the same evidence shows issue #%lld already",
                      (long long)tz_sql_int(sql, 0));
        rc = is_photo ? tz_err_advise(err, "一张照片只能用于一个问题", "a photo shows one issue only")
                      : tz_err_advise(err, "每处使用都要用 --line 指明各自的一行", "each use names a line of its own with --line");
        goto done;
    }
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_evidence_shared(tz_store *store, int64_t issue, int64_t *ret_evidence, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL;

    TZ_TRY(tz_issue_query(store,
                          "SELECT e.evidence FROM evidence e JOIN evidence o ON o.issue <> e.issue"
                          "   AND (o.original = e.original OR o.row = e.row)"
                          " WHERE e.issue = ?1 AND e.kind <> 'statement' AND o.kind <> 'statement'"
                          "   AND (e.line IS NULL OR o.line IS NULL OR e.line = o.line"
                          "   OR e.kind = 'photo' OR o.kind = 'photo') ORDER BY e.evidence LIMIT 1", issue, &rows, err));
    *ret_evidence = json_array_size(rows) == 0 ? 0 : tz_json_int(json_array_get(rows, 0), "evidence", 0);
done:
    json_decref(rows);
    return rc;
}

static tz_rc judge_options(tz_store *store, const tz_packs *packs, const tz_issue_options *options, tz_err *err)
{
    static const char *const KINDS[] = {"receipt", "document", "photo", "approval", NULL};
    tz_rc         rc = TZ_OK;
    tz_arena      mem = {0};
    tz_row_found *found = NULL;

    if ((options->file == NULL) == (options->row == 0)) {
        rc = tz_fail(err, TZ_USAGE, "佐证是一个文件,或名册的一行", "evidence is a file, or a row of a register");
        goto done;
    }
    if (options->file != NULL && (options->kind == NULL || !tz_is_one_of(options->kind, KINDS))) {
        rc = tz_fail(err, TZ_USAGE, "佐证的种类(--kind)为 receipt、document、photo 或 approval",
                     "a kind of evidence (--kind) is receipt, document, photo or approval");
        goto done;
    }
    if (options->file != NULL && strcmp(options->kind, "approval") == 0 && options->boxes == NULL) {
        rc = tz_fail(err, TZ_USAGE, "审批表要写明哪些栏已签(--boxes)", "say which boxes of the approval form are signed (--boxes)");
        goto done;
    }
    if (options->row == 0)
        goto done;
    TZ_TRY(tz_rows_find(&mem, store, packs, &options->row, 1, &found, err));
    json_decref(found[0].values);
done:
    tz_arena_free(&mem);
    return rc;
}

/* "责任单位意见,分管领导意见" as a JSON array's text, or NULL. */
static const char *boxes_json(tz_arena *mem, const char *boxes)
{
    tz_buf text = tz_buf_init(mem, 0);

    if (boxes == NULL)
        return NULL;
    json_t *list = json_array();
    tz_text rest = tz_text_of(boxes), box;
    while (tz_next_part(&rest, &box))
        (void)json_array_append_new(list, tz_json_text(box));
    tz_json_canonical(list, &text);
    json_decref(list);
    return tz_buf_str(&text);
}

/* An item's row with its number and whose it is; the rest is null. */
static tz_rc new_item(tz_store *store, const json_t *issue, const char *kind, json_t *item, json_t *detail, tz_err *err)
{
    static const char *const EMPTY[] = {"original", "row", "line", "boxes", "look", "taken", "place", "note"};
    int64_t number = 0;
    tz_rc   rc = tz_journal_next_id(store, "evidence", "evidence", &number, err);

    if (rc != TZ_OK)
        return rc;
    for (size_t i = 0; i < sizeof EMPTY / sizeof EMPTY[0]; i++)
        tz_json_set_str(item, EMPTY[i], NULL);
    tz_json_set_int(item, "evidence", number);
    (void)json_object_set(item, "issue", json_object_get(issue, "issue"));
    tz_json_set_str(item, "kind", kind);
    tz_json_set_str(item, "by_user", store->user);
    tz_json_set_int(detail, "evidence", number);
    tz_json_set_str(detail, "kind", kind);
    return TZ_OK;
}

static tz_rc keep_file(tz_store *store, const char *file, const char *name, json_t *item, tz_err *err)
{
    tz_digest digest;
    char      hex[TZ_SM3_HEX];
    tz_rc     rc = tz_store_keep(store, file, name != NULL ? name : tz_file_base(file), &digest, err);

    if (rc == TZ_OK) {
        tz_digest_hex(&digest, hex);
        tz_json_set_str(item, "original", hex);
    }
    return rc;
}

tz_rc tz_issue_keep_statement(tz_store *store, const json_t *issue, const char *file, const char *name, json_t *detail, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *item = json_object();

    TZ_TRY(new_item(store, issue, "statement", item, detail, err));
    TZ_TRY(keep_file(store, file, name, item, err));
    TZ_TRY(tz_journal_put(store, "issue.say", "evidence", item, NULL, NULL, err));
done:
    json_decref(item);
    return rc;
}

tz_rc tz_issue_attach(tz_store *store, const tz_packs *packs, const json_t *issue, const tz_issue_options *options, json_t *detail,
                      tz_err *err)
{
    tz_assert(store != NULL && json_is_object(issue) && options != NULL && detail != NULL);
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    const char *kind = options->row != 0 ? "row" : options->kind;
    json_t     *item = json_object();

    TZ_TRY(judge_options(store, packs, options, err));
    TZ_TRY(new_item(store, issue, kind, item, detail, err));
    if (options->file != NULL)
        TZ_TRY(keep_file(store, options->file, options->file_name, item, err));
    TZ_TRY(refuse_shared(store, tz_json_int(issue, "issue", 0), tz_json_str(item, "original"), options->row, kind, options->line, err));
    if (strcmp(kind, "photo") == 0)
        TZ_TRY(tz_photo_read(options->file, item, err));
    if (options->row != 0)
        tz_json_set_int(item, "row", options->row);
    tz_json_set_str(item, "line", options->line);
    tz_json_set_str(item, "boxes", strcmp(kind, "approval") == 0 ? boxes_json(&mem, options->boxes) : NULL);
    tz_json_set_str(item, "note", options->note);
    TZ_TRY(tz_journal_put(store, "issue.attach", "evidence", item, NULL, NULL, err));
done:
    json_decref(item);
    tz_arena_free(&mem);
    return rc;
}
