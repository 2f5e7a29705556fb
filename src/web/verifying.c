/* verifying - for who inspects from outside: proofs and checkpoints, to be checked in the browser (web/verifying.js). */
#include <string.h>

#include "report/why.h"
#include "store/checkpoint.h"
#include "store/prove.h"
#include "store/witness.h"
#include "web/issue_page.h"
#include "web/leading.h"
#include "web/pages.h"

static void put_journal(tz_request *req, json_t *data)
{
    const char   *note = NULL;
    tz_note       read = {0};
    tz_public_key key;
    tz_err        ignored;
    char          hex[TZ_SM3_HEX];

    if (tz_checkpoint_newest(req->mem, req->session->store, &note, &read, &key, &ignored) != TZ_OK)
        return; /* the page says that nobody signed yet */
    tz_digest digest = tz_sm3(key.bytes, TZ_POINT_SIZE);
    tz_digest_hex(&digest, hex);
    (void)json_object_set_new(data, "journal", json_pack("{s:s, s:I, s:s}", "origin", read.origin, "entries", (json_int_t)read.entries, "key", hex));
}

/* What a code on paper leads back to. */
static void put_found(tz_request *req, const char *code, json_t *data)
{
    json_t     *tree = NULL;
    tz_err      wrong = {0};
    tz_session *session = req->session;

    if (tz_why(req->mem, session->store, session->packs, req->day, req->lang, code, &tree, &wrong) != TZ_OK || tz_json_str(tree, "code") == NULL) {
        tz_json_set_str(data, "not_found", wrong.code == TZ_OK ? tz_web_half(req, "这不是一个编码|this is no code")
                                           : req->lang == TZ_ZH ? wrong.zh : wrong.en);
    } else {
        static const char *const KEPT[] = {"figure", "title", "value", "at", "changed"};
        json_t *found = json_object();
        for (size_t i = 0; i < sizeof KEPT / sizeof KEPT[0]; i++)
            if (json_object_get(tree, KEPT[i]) != NULL)
                (void)json_object_set(found, KEPT[i], json_object_get(tree, KEPT[i]));
        (void)json_object_set(found, "as_of_code", json_object_get(tree, "as_of"));
        (void)json_object_set_new(data, "found", found);
    }
    json_decref(tree);
}

tz_rc tz_web_verify(tz_request *req, tz_reply *reply, tz_err *err)
{
    const char *code = tz_plain(req, tz_query_value(req, "code"));

    (void)err;
    put_journal(req, reply->data);
    tz_json_set_str(reply->data, "checkpoint_at", "/verify/checkpoint.json");
    (void)json_object_set_new(reply->data, "asks", json_integer(1));
    if (code != NULL && req->actor->is_county)
        put_found(req, code, reply->data);
    return TZ_OK;
}

tz_rc tz_web_verify_checkpoint(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t since = 0;
    json_t *file = NULL;

    TZ_TRY(tz_query_number(req, "since", 0, &since, err));
    if (since < 0) {
        rc = tz_fail(err, TZ_USAGE, "since 是条目数", "since is a number of entries");
        goto done;
    }
    TZ_TRY(tz_checkpoint_export(req->mem, req->session->store, since, &file, err));
    (void)json_object_update(reply->data, file);
done:
    json_decref(file);
    return rc;
}

/* The proof without what the commitments stand for: nothing personal is in it. */
tz_rc tz_web_verify_issue(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    int64_t     issue = 0;
    json_t     *proof = NULL;

    TZ_TRY(tz_web_issue_of(req, &issue, err));
    TZ_TRY(tz_prove_issue(req->mem, req->session->store, issue, true, &proof, err));
    (void)json_object_update(reply->data, proof);
done:
    json_decref(proof);
    return rc;
}
