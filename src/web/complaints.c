/* complaints - what people said from outside, for inspectors whom it does not name. */
#include <string.h>

#include "ledger/complaint.h"
#include "ledger/issue.h"
#include "web/leading.h"
#include "web/pages.h"

static tz_complaint_reader reader_of(const tz_request *req)
{
    return (tz_complaint_reader){.name = req->actor->name, .unit = req->actor->unit};
}

tz_rc tz_web_complaints(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_complaint_reader reader = reader_of(req);
    json_t             *rows = NULL;
    tz_rc               rc = tz_complaint_list(req->mem, req->session->store, &reader, req->lang, &rows, err);

    if (rc != TZ_OK)
        return rc;
    (void)json_object_set_new(reply->data, "has_rows", json_boolean(json_array_size(rows) > 0));
    (void)json_object_set_new(reply->data, "rows", rows);
    (void)json_object_set_new(reply->data, "is_open", json_boolean(tz_office_public(req->office) != NULL));
    return TZ_OK;
}

tz_rc tz_web_complaint(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_complaint_reader reader = reader_of(req);
    json_t             *shown = NULL;
    tz_rc               rc = tz_complaint_show(req->mem, req->session->store, tz_param(req, "complaint"), &reader, req->lang, &shown, err);

    if (rc != TZ_OK)
        return rc;
    (void)json_object_update(reply->data, shown);
    (void)json_object_set_new(reply->data, "crumbs", json_pack("[{s:s, s:s}, {s:O}]", "href", "/complaints", "text",
                                                               tz_web_half(req, "群众反映|Complaints"), "text", json_object_get(shown, "day")));
    json_decref(shown);
    return TZ_OK;
}

tz_rc tz_web_complaint_photo(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_complaint_reader reader = reader_of(req);
    const char         *path = NULL;
    tz_rc               rc = tz_complaint_photo(req->mem, req->session->store, tz_param(req, "complaint"), &reader, &path, err);

    if (rc == TZ_OK)
        tz_reply_file(reply, path, NULL, tz_text_ends(tz_text_of(path), TZ_TEXT(".png")) ? "image/png" : "image/jpeg");
    return rc;
}

/* That somebody answered is in the journal, what they wrote is not. An issue that has ended takes no note any more. */
static tz_rc note_answer(tz_request *req, const char *complaint, const tz_complaint_reader *reader, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    tz_session      *session = req->session;
    json_t          *shown = NULL;
    tz_err           wrong = {0};
    tz_issue_options options = {.note = "已答复反映人,答复另存"};

    TZ_TRY(tz_complaint_show(req->mem, session->store, complaint, reader, req->lang, &shown, err));
    rc = tz_issue_act(req->mem, session->store, session->packs, tz_json_int(shown, "issue", 0), "note", &options, NULL, &wrong);
    if (rc == TZ_REFUSED)
        rc = TZ_OK;
    else if (rc != TZ_OK)
        *err = wrong;
done:
    json_decref(shown);
    return rc;
}

tz_rc tz_web_complaint_answer(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc               rc = TZ_OK;
    tz_complaint_reader reader = reader_of(req);
    const char         *complaint = tz_param(req, "complaint"), *answer = tz_form(req, "answer"), *about = tz_form(req, "also_about");

    reply->again = tz_web_complaint;
    if (answer == NULL && about == NULL) {
        rc = tz_fail(err, TZ_INPUT, "请写答复,或写还有谁应当回避", "write an answer, or who else is not to see it");
        goto done;
    }
    TZ_TRY(tz_complaint_answer(req->mem, req->session->store, complaint, &reader, answer, about, err));
    if (answer != NULL)
        TZ_TRY(note_answer(req, complaint, &reader, err));
    static const char ANSWERED[] = "已保存;一分钟内持回执的人就能看到答复。|Saved; whoever has the receipt sees the answer within a minute.";
    reply->notice = tz_web_half(req, answer != NULL ? ANSWERED : "已保存。|Saved.");
    reply->redirect = "/complaints"; /* who named themselves does not see this page any more */
done:
    return rc;
}
