#include "web/leading.h"

#include <string.h>

#include "base/date.h"
#include "report/kept.h"
#include "web/prepare.h"

const char *tz_web_day_query(const tz_request *req, tz_day day)
{
    char text[TZ_DATE_TEXT];

    tz_date_format(day.as_of, text);
    return req->day.at == 0 ? tz_arena_printf(req->mem, "?as_of=%s", text) : tz_arena_printf(req->mem, "?as_of=%s&at=%lld", text, (long long)day.at);
}

const tz_strings *tz_web_scope(const tz_request *req)
{
    return req->actor->is_county ? NULL : &req->actor->divisions;
}

bool tz_web_may_figure(const tz_request *req, const tz_packs *packs, const tz_figure *figure)
{
    for (size_t i = 0; i < figure->of.count; i++)
        if (!tz_may_part(req->actor, figure->of.items[i]))
            return false;
    return figure->value != TZ_VALUE_RATIO || (tz_web_may_figure(req, packs, tz_packs_figure(packs, figure->numerator)) &&
                                               tz_web_may_figure(req, packs, tz_packs_figure(packs, figure->denominator)));
}

json_t *tz_web_picture(const tz_request *req, const tz_picture *picture)
{
    tz_buf out = tz_buf_init(req->mem, 0);

    if (picture->items.count == 0)
        return json_null();
    tz_scene    scene = tz_picture_scene(req->mem, picture);
    const char *words = tz_picture_words(req->mem, picture);
    tz_scene_svg(&scene, words, true, &out);
    return json_pack("{s:s, s:s}", "svg", tz_buf_str(&out), "words", words);
}

static tz_rc make_figures(tz_arena *mem, tz_session *session, tz_day day, tz_lang lang, const char *what, tz_err *err)
{
    (void)what;
    return tz_kept_make(mem, session->store, session->packs, day, lang, NULL, err);
}

tz_rc tz_web_figures_of(tz_request *req, tz_reply *reply, tz_day day, tz_figure_values *ret_values, bool *ret_is_ready, tz_err *err)
{
    tz_session *session = req->session;
    tz_rc       rc = tz_kept_figures(req->mem, session->store, session->packs, day, req->lang, ret_values, err);

    *ret_is_ready = rc == TZ_OK;
    if (rc != TZ_MISSING)
        return rc;
    rc = tz_prepare(req, reply, day, make_figures, "figures", tz_web_half(req, "正在计算这一天的指标|Computing the figures of this day"),
                    ret_is_ready, err);
    if (rc == TZ_OK && *ret_is_ready)
        rc = tz_kept_figures(req->mem, session->store, session->packs, day, req->lang, ret_values, err);
    return rc;
}
