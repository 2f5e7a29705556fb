/* audit - how the ledger reads as a whole, what was drawn by lot, who was asked back, proofs, the journal. */
#include <string.h>

#include "base/hash.h"
#include "ledger/issue.h"
#include "ledger/lot.h"
#include "store/checkpoint.h"
#include "store/entries.h"
#include "store/prove.h"
#include "web/auth.h"
#include "web/issue_page.h"
#include "web/leading.h"
#include "web/listing.h"
#include "web/pages.h"

enum { PAGE = 50, SHOWN_TICKETS = 12 };

/* ---- The audit page ---- */

static const char *remark_word(const tz_request *req, const char *kind)
{
    static const struct { const char *kind, *word; } WORDS[] = {
        {"closed in a minute", "一分钟内销号|closed in a minute"}, {"evidence shared", "佐证共用|evidence shared"},
        {"evidence older", "佐证早于问题|evidence older"},
        {"returned often", "多次退回|returned often"}, {"found again", "同类又发|found again"}, {"wrong person", "多判“不是同一人”|wrong person"},
        {"people deny", "群众否认|people deny"}, {"said and closed", "有陈述即销号|said and closed"}, {"photos alike", "照片雷同|photos alike"},
        {"document only", "只发文件|document only"},
    };
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (strcmp(WORDS[i].kind, kind) == 0)
            return tz_web_half(req, WORDS[i].word);
    return kind;
}

static const char *const AUDIT_FILTERS[] = {"kind", "unit", NULL};
static const char *const AUDIT_SORTS[] = {"kind", NULL};
static const tz_list_column AUDIT_COLUMNS[] = {{"word", "种类|kind", false}, {"issue", "问题|issue", true}, {"unit", "单位|unit", false},
                                               {"text", "内容|what", false}, {NULL, NULL, false}};

static tz_rc read_audit(tz_request *req, const tz_web_range *range, json_t **ret_rows, tz_err *err)
{
    json_t     *all = NULL, *row, *rows = NULL;
    size_t      i;
    const char *kind = tz_query_value(req, "kind"), *unit = tz_query_value(req, "unit");
    tz_rc       rc = tz_issue_audit(req->session->store, &all, err);

    (void)range;
    if (rc != TZ_OK)
        return rc;
    rows = json_array();
    json_array_foreach(all, i, row) {
        const char *is = tz_json_str(row, "unit");
        tz_json_set_str(row, "word", remark_word(req, tz_json_str(row, "kind")));
        if ((kind == NULL || strcmp(kind, tz_json_str(row, "kind")) == 0) && (unit == NULL || (is != NULL && strcmp(unit, is) == 0)))
            (void)json_array_append(rows, row);
    }
    json_decref(all);
    *ret_rows = rows;
    return TZ_OK;
}

/* Units as lines, kinds as columns that have any. */
static tz_rc put_units(tz_request *req, json_t *data, tz_err *err)
{
    json_t     *units = NULL, *unit, *count, *kinds = json_object();
    const char *kind;
    size_t      i;
    tz_rc       rc = tz_issue_audit_units(req->session->store, &units, err);

    if (rc != TZ_OK)
        return rc;
    json_array_foreach(units, i, unit) {
        json_t *list = json_array();
        json_object_foreach(json_object_get(unit, "remarks"), kind, count) {
            (void)json_array_append_new(list, json_pack("{s:s, s:s, s:O}", "kind", kind, "word", remark_word(req, kind), "count", count));
            (void)json_object_set_new(kinds, kind, json_string(remark_word(req, kind)));
        }
        (void)json_object_set_new(unit, "list", list);
    }
    json_t *choices = json_array();
    json_object_foreach(kinds, kind, count)
        (void)json_array_append_new(choices, json_pack("{s:s, s:O, s:b}", "value", kind, "text", count, "is_chosen",
                                                       tz_query_value(req, "kind") != NULL && strcmp(tz_query_value(req, "kind"), kind) == 0));
    (void)json_object_set_new(data, "kinds", choices);
    (void)json_object_set_new(data, "units", units);
    json_decref(kinds);
    return TZ_OK;
}

tz_rc tz_web_audit(tz_request *req, tz_reply *reply, tz_err *err)
{
    static const tz_web_list LIST = {.path = "/audit", .key = "issue", .columns = AUDIT_COLUMNS, .filters = AUDIT_FILTERS, .sorts = AUDIT_SORTS,
                                     .read = read_audit};
    tz_rc rc = tz_web_list_show(req, reply, &LIST, err);

    if (rc == TZ_OK && strcmp(req->form, "html") == 0)
        rc = put_units(req, reply->data, err);
    return rc;
}

/* ---- Lots ---- */

/* The smallest tickets as they are computed from the seed: what everybody can do again. */
static void put_tickets(tz_request *req, json_t *lot)
{
    const json_t *drawn = json_object_get(lot, "drawn");
    const char   *seed = tz_json_str(lot, "seed"), *kind = tz_json_str(lot, "kind");
    json_t       *tickets = json_array(), *issue;
    size_t        i;
    char          hex[TZ_SM3_HEX];

    json_array_foreach((json_t *)drawn, i, issue) {
        if (i >= SHOWN_TICKETS)
            break;
        const char *text = tz_arena_printf(req->mem, "%s:%lld", seed, (long long)json_integer_value(issue));
        tz_digest   ticket = tz_sm3(text, strlen(text));
        tz_digest_hex(&ticket, hex);
        (void)json_array_append_new(tickets, json_pack("{s:O, s:s}", "issue", issue, "ticket", hex));
    }
    (void)json_object_set_new(lot, "tickets", tickets);
    tz_json_set_int(lot, "drawn_count", (int64_t)json_array_size(drawn));
    tz_json_set_int(lot, "waiting_count", (int64_t)json_array_size(json_object_get(lot, "waiting")));
    tz_json_set_str(lot, "kind_word", tz_web_half(req, strcmp(kind, "look-back") == 0 ? "回头看|look-back" : "群众回访|ask-back"));
}

static json_t *ledgers_of(const tz_request *req)
{
    json_t *list = json_array();

    (void)json_array_append_new(list, json_pack("{s:s, s:s}", "value", "default", "text", tz_web_half(req, "问题台账|Ledger of issues")));
    for (size_t i = 0; i < req->session->packs->packs.count; i++) {
        const tz_pack *pack = &req->session->packs->packs.items[i];
        for (size_t j = 0; j < pack->ledgers.count; j++)
            (void)json_array_append_new(list, json_pack("{s:s, s:s}", "value", pack->ledgers.items[j].name, "text",
                                                        tz_web_half(req, pack->ledgers.items[j].title)));
    }
    return list;
}

tz_rc tz_web_lots(tz_request *req, tz_reply *reply, tz_err *err)
{
    json_t *lots = NULL, *lot, *newest = json_array();
    size_t  i;
    tz_rc   rc = tz_lot_list(req->mem, req->session->store, &lots, err);

    if (rc == TZ_OK)
        json_array_foreach(lots, i, lot) {
            put_tickets(req, lot);
            (void)json_array_insert(newest, 0, lot);
        }
    (void)json_object_set_new(reply->data, "lots", newest);
    (void)json_object_set_new(reply->data, "is_empty", json_boolean(json_array_size(newest) == 0));
    (void)json_object_set_new(reply->data, "ledgers", ledgers_of(req));
    json_decref(lots);
    return rc;
}

/* A number of the form from 0 to 1000; TZ_USAGE. */
static tz_rc form_number(const tz_request *req, const char *name, int *ret_number, tz_err *err)
{
    const char *text = tz_form(req, name);
    int64_t     number = 0;

    if (text != NULL && (!tz_text_int(tz_text_of(text), &number) || number < 0 || number > 1000))
        return tz_fail(err, TZ_USAGE, "月数和比例是 0 到 1000 的整数", "months and per cent are whole numbers from 0 to 1000");
    *ret_number = (int)number;
    return TZ_OK;
}

tz_rc tz_web_lot_draw(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc          rc = TZ_OK;
    json_t        *lot = NULL;
    const char    *ledger = tz_form(req, "ledger");
    tz_lot_options options = {.kind = tz_form(req, "kind"), .ledger = ledger != NULL && strcmp(ledger, "default") == 0 ? NULL : ledger};

    reply->again = tz_web_lots;
    if (options.kind == NULL)
        return tz_fail(err, TZ_USAGE, "请选择抽取的种类", "choose what to draw for");
    TZ_TRY(form_number(req, "months", &options.months, err));
    TZ_TRY(form_number(req, "percent", &options.percent, err));
    TZ_TRY(tz_lot_draw(req->mem, req->session->store, req->session->packs, &options, &lot, err));
    reply->notice = tz_arena_printf(req->mem, req->lang == TZ_ZH ? "第 %lld 次抽取:%zu 件" : "lot %lld: %zu drawn",
                                    (long long)tz_json_int(lot, "lot", 0),
                                    json_array_size(json_object_get(lot, "drawn")));
    reply->redirect = "/lots";
done:
    json_decref(lot);
    return rc;
}

/* ---- Asked back ---- */

tz_rc tz_web_recalls(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row;
    size_t  i;
    int64_t lot = 0;

    TZ_TRY(tz_query_number(req, "lot", 0, &lot, err));
    bool is_revealed = lot > 0 && tz_revealed(req, "lot", tz_arena_printf(req->mem, "%lld", (long long)lot));
    TZ_TRY(tz_recall_list(req->mem, req->session->store, lot, !is_revealed, &rows, err));
    json_array_foreach(rows, i, row) {
        static const struct { const char *answer, *word; } WORDS[] = {{"confirmed", "确认已解决|confirmed"}, {"denied", "否认|denied"},
                                                                      {"unclear", "说不清|unclear"}, {"not reached", "没有联系上|not reached"}};
        const char *answer = tz_json_str(row, "answer");
        (void)json_object_set_new(row, "is_waiting", json_boolean(answer == NULL));
        for (size_t w = 0; answer != NULL && w < 4; w++)
            if (strcmp(WORDS[w].answer, answer) == 0)
                tz_json_set_str(row, "answer_word", tz_web_half(req, WORDS[w].word));
    }
    (void)json_object_set(reply->data, "rows", rows);
    (void)json_object_set_new(reply->data, "is_empty", json_boolean(json_array_size(rows) == 0));
    (void)json_object_set_new(reply->data, "lot", lot == 0 ? json_null() : json_integer(lot));
    (void)json_object_set_new(reply->data, "is_masked", json_boolean(!is_revealed));
done:
    json_decref(rows);
    return rc;
}

tz_rc tz_web_recall_answer(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    int64_t     recall = 0, lot = 0;
    const char *answer = tz_form(req, "answer"), *of = tz_form(req, "lot");

    reply->again = tz_web_recalls;
    TZ_TRY(tz_param_number(req, "recall", &recall, err));
    TZ_TRY(tz_recall_answer(req->session->store, recall, answer == NULL ? "" : answer, tz_form(req, "note"), err));
    reply->notice = req->lang == TZ_ZH ? "回答已记入" : "the answer is noted";
    reply->redirect = of != NULL && tz_text_int(tz_text_of(of), &lot) ? tz_arena_printf(req->mem, "/recalls?lot=%lld", (long long)lot) : "/recalls";
done:
    return rc;
}

/* ---- Proofs ---- */

tz_rc tz_web_proofs(tz_request *req, tz_reply *reply, tz_err *err)
{
    json_t *rows = NULL, *row;
    size_t  i;
    tz_rc   rc = tz_checkpoint_list(req->session->store, &rows, err); /* names nobody and no place: for all who may come here */

    json_array_foreach(rows, i, row)
        tz_json_set_str(row, "local", tz_web_time(req, tz_json_str(row, "at")));
    (void)json_object_set_new(reply->data, "checkpoints", rows == NULL ? json_array() : rows);
    (void)json_object_set_new(reply->data, "is_empty", json_boolean(json_array_size(rows) == 0));
    return rc;
}

tz_rc tz_web_checkpoint(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row;
    size_t  i;
    int64_t entries = 0;

    TZ_TRY(tz_param_number(req, "entries", &entries, err));
    TZ_TRY(tz_checkpoint_list(req->session->store, &rows, err));
    json_array_foreach(rows, i, row)
        if (tz_json_int(row, "entries", 0) == entries) {
            tz_reply_bytes(reply, tz_text_of(tz_arena_dup(req->mem, tz_json_str(row, "note"))),
                           tz_arena_printf(req->mem, "checkpoint-%lld.txt", (long long)entries), "text/plain; charset=utf-8");
            goto done;
        }
    rc = tz_fail(err, TZ_MISSING, "没有 %lld 条处的检查点", "there is no checkpoint at %lld entries", (long long)entries);
done:
    json_decref(rows);
    return rc;
}

tz_rc tz_web_proof(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    int64_t     issue = 0;
    json_t     *proof = NULL;
    tz_buf      text = tz_buf_init(req->mem, 0);

    TZ_TRY(tz_web_issue_of(req, &issue, err));
    bool is_whole = tz_query_value(req, "whole") != NULL && tz_revealed(req, "issue", tz_arena_printf(req->mem, "%lld", (long long)issue));
    TZ_TRY(tz_prove_issue(req->mem, req->session->store, issue, !is_whole, &proof, err));
    tz_json_canonical(proof, &text);
    tz_buf_char(&text, '\n');
    tz_reply_bytes(reply, tz_buf_text(&text), tz_arena_printf(req->mem, "proof-%lld.json", (long long)issue), "application/json; charset=utf-8");
done:
    json_decref(proof);
    return rc;
}

/* ---- The journal ---- */

static const char *const JOURNAL_FILTERS[] = {"table", "key", "limit", NULL};

/* The image in a line: commitments by a sign. */
static const char *image_text(tz_request *req, const json_t *image)
{
    tz_buf      out = tz_buf_init(req->mem, 0);
    const char *name;
    json_t     *value;

    json_object_foreach((json_t *)image, name, value) {
        if (json_is_null(value))
            continue;
        tz_buf_printf(&out, "%s%s: ", out.size == 0 ? "" : " · ", name);
        if (json_is_object(value))
            tz_buf_puts(&out, "(承诺值 commitment)");
        else if (json_is_string(value))
            tz_buf_puts(&out, json_string_value(value));
        else
            tz_json_canonical(value, &out);
    }
    return out.size == 0 ? NULL : tz_buf_str(&out);
}

static void dress_entry(tz_request *req, json_t *entry)
{
    tz_json_set_str(entry, "local", tz_web_time(req, tz_json_str(entry, "at")));
    tz_json_set_str(entry, "text", image_text(req, json_object_get(entry, "image")));
    tz_json_set_str(entry, "short_hash", tz_arena_printf(req->mem, "%.16s", tz_json_str(entry, "hash")));
}

tz_rc tz_web_journal(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc           rc = TZ_OK;
    json_t         *entries = NULL, *tables = NULL, *row;
    size_t          i;
    tz_entry_filter filter = {.table = tz_query_value(req, "table"), .key = tz_query_value(req, "key")};

    TZ_TRY(tz_query_number(req, "before", 0, &filter.before, err));
    TZ_TRY(tz_web_limit(req, PAGE, &filter.limit, err));
    TZ_TRY(tz_entry_list(req->session->store, &filter, &entries, err));
    TZ_TRY(tz_entry_tables(req->session->store, &tables, err));
    json_array_foreach(entries, i, row)
        dress_entry(req, row);
    json_array_foreach(tables, i, row)
        (void)json_object_set_new(row, "is_chosen", json_boolean(filter.table != NULL && strcmp(filter.table, tz_json_str(row, "table")) == 0));
    (void)json_object_set(reply->data, "rows", entries);
    (void)json_object_set(reply->data, "tables", tables);
    (void)json_object_set_new(reply->data, "is_empty", json_boolean(json_array_size(entries) == 0));
    int64_t last = tz_json_int(json_array_get(entries, json_array_size(entries) - 1), "entry", 0);
    if ((int64_t)json_array_size(entries) == filter.limit && last > 1)
        tz_json_set_str(reply->data, "older", tz_web_query_with(req, JOURNAL_FILTERS, "before", tz_arena_printf(req->mem, "%lld", (long long)last)));
    if (filter.before != 0)
        tz_json_set_str(reply->data, "newest", tz_arena_printf(req->mem, "/journal%s", tz_web_query_with(req, JOURNAL_FILTERS, NULL, NULL)));
done:
    json_decref(entries);
    json_decref(tables);
    return rc;
}
