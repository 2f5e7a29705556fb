/* links - the review of uncertain pairs: side by side, three answers, the next by itself. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "people/link.h"
#include "people/review.h"
#include "web/auth.h"
#include "web/leading.h"
#include "web/pages.h"

/* "12-34": the rows of a pair. */
static bool parse_pair(const char *text, int64_t *ret_a, int64_t *ret_b)
{
    const char *dash = text == NULL ? NULL : strchr(text, '-');
    return dash != NULL && tz_text_int((tz_text){text, (size_t)(dash - text)}, ret_a) && tz_text_int(tz_text_of(dash + 1), ret_b) &&
           *ret_a > 0 && *ret_b > 0;
}

/* Where a step of the waterfall begins and how long it is, in per cent of the whole picture. */
static void put_step(const tz_request *req, json_t *part, double from, double to, double low, double span)
{
    double left = fmin(from, to);

    tz_json_set_str(part, "x", tz_arena_printf(req->mem, "%.2f", (left - low) / span * 100));
    tz_json_set_str(part, "width", tz_arena_printf(req->mem, "%.2f", fmax(fabs(to - from) / span * 100, 0.4)));
    (void)json_object_set_new(part, "is_against", json_boolean(to < from));
}

/* The weights as steps up and down to their sum; the rule that spoke weighs nothing and stands above them. */
static void put_steps(const tz_request *req, json_t *pair)
{
    json_t *parts = json_object_get(pair, "parts"), *part, *total = json_object();
    double  at = 0, low = 0, high = 0;
    size_t  i;

    json_array_foreach(parts, i, part) {
        at += strtod(tz_json_str(part, "weight"), NULL);
        low = fmin(low, at);
        high = fmax(high, at);
    }
    double span = high - low < 1 ? 1 : high - low, from = 0;
    for (i = 0; i < json_array_size(parts);) {
        part = json_array_get(parts, i);
        double to = from + strtod(tz_json_str(part, "weight"), NULL);
        if (strcmp(tz_json_str(part, "comparison"), "rule") == 0) {
            tz_json_set_str(pair, "rule", req->lang == TZ_EN ? tz_json_str(part, "level") : NULL); /* kept in English alone */
            (void)json_array_remove(parts, i);
            continue;
        }
        put_step(req, part, from, to, low, span);
        from = to;
        i++;
    }
    put_step(req, total, 0, at, low, span);
    tz_json_set_str(total, "zero", tz_arena_printf(req->mem, "%.2f", -low / span * 100));
    (void)json_object_set_new(pair, "sum", total);
}

static void put_pair(const tz_request *req, json_t *pair, json_t *data)
{
    const char *verdict = tz_json_str(pair, "verdict");

    put_steps(req, pair);
    const char *word = verdict == NULL                      ? NULL
                       : strcmp(verdict, "same") == 0       ? "同一人|the same person"
                       : strcmp(verdict, "different") == 0 ? "不是同一人|not the same person"
                                                           : "未定(说不准,或已撤回)|open: nobody could say, or it was taken back";
    tz_json_set_str(pair, "verdict_word", word == NULL ? NULL : tz_web_half(req, word));
    (void)json_object_set(data, "pair", pair);
}

static tz_rc show(tz_request *req, tz_reply *reply, tz_review_options options, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    json_t     *review = NULL;
    int64_t     a = 0, b = 0;
    const char *done = tz_query_value(req, "done"), *id = NULL;

    options.lang = req->lang;
    options.is_masked = true;
    TZ_TRY(tz_link_next(req->mem, req->session->store, req->session->packs, &options, &review, err));
    json_t *pair = json_object_get(review, "pair");
    if (json_is_object(pair)) {
        id = tz_arena_printf(req->mem, "%lld-%lld", (long long)tz_json_int(pair, "row_a", 0), (long long)tz_json_int(pair, "row_b", 0));
        if (tz_revealed(req, "link", id)) { /* the same pair again, as it is */
            options = (tz_review_options){.row_a = tz_json_int(pair, "row_a", 0), .row_b = tz_json_int(pair, "row_b", 0), .lang = req->lang};
            json_decref(review);
            review = NULL;
            TZ_TRY(tz_link_next(req->mem, req->session->store, req->session->packs, &options, &review, err));
            pair = json_object_get(review, "pair");
        }
        put_pair(req, pair, reply->data);
        tz_json_set_str(reply->data, "id", id);
        tz_json_set_str(reply->data, "kind", "link");
    }
    (void)json_object_set_new(reply->data, "is_masked", json_boolean(options.is_masked));
    (void)json_object_set(reply->data, "waiting", json_object_get(review, "waiting"));
    tz_json_set_str(reply->data, "done", parse_pair(done, &a, &b) ? done : NULL);
done:
    json_decref(review);
    return rc;
}

tz_rc tz_web_links(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_review_options options = {0};

    options.is_behind = parse_pair(tz_query_value(req, "after"), &options.row_a, &options.row_b);
    return show(req, reply, options, err);
}

tz_rc tz_web_link(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_review_options options = {0};

    if (!parse_pair(tz_param(req, "pair"), &options.row_a, &options.row_b))
        return tz_fail(err, TZ_MISSING, "没有这一对", "there is no such pair");
    return show(req, reply, options, err);
}

tz_rc tz_web_link_decide(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    int64_t     a = 0, b = 0;
    const char *pair = tz_param(req, "pair"), *decide = tz_form(req, "decide"), *why = tz_form(req, "why");
    bool        is_undone = tz_form(req, "undo") != NULL;

    if (!parse_pair(pair, &a, &b))
        return tz_fail(err, TZ_MISSING, "没有这一对", "there is no such pair");
    if (decide == NULL || (strcmp(decide, "same") != 0 && strcmp(decide, "different") != 0 && strcmp(decide, "unknown") != 0))
        return tz_fail(err, TZ_USAGE, "请选择 “同一人”、“不是同一人” 或 “说不准”", "choose the same, not the same, or don't know");
    why = why != NULL ? why : is_undone ? "撤回判定" : "并排复核";
    if (strcmp(decide, "unknown") == 0)
        TZ_TRY(tz_link_defer(req->session->store, req->session->packs, a, b, why, err));
    else
        TZ_TRY(tz_link_decide(req->session->store, req->session->packs, a, b, strcmp(decide, "same") == 0, why, err));
    reply->redirect = is_undone ? tz_arena_printf(req->mem, "/links/%s", pair) : tz_arena_printf(req->mem, "/links?after=%s&done=%s", pair, pair);
done:
    return rc;
}
