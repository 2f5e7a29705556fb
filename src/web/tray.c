/* tray - files before they are entered: dropped, looked at, corrected, taken or sent back. */
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "evidence/account.h"
#include "flow/job.h"
#include "flow/tray.h"
#include "web/desk_page.h"
#include "web/pages.h"
#include "web/tray_page.h"

/* More files, and larger ones, are looked at behind the page, which asks how far it is. */
enum { LOOK_AT_ONCE_FILES = 3 };
/* Of the files that were entered the newest are listed: the batches have them all. */
enum { TAKEN_SHOWN = 10 };

tz_desk *tz_tray_desk(const tz_request *req)
{
    return tz_office_desk(req->office);
}

static const char *folder_of(const tz_request *req)
{
    return tz_office_options(req->office)->folder;
}

/* ---- What is shown of a file ---- */

static const char *state_word(const tz_request *req, const json_t *file)
{
    static const struct { const char *state, *word; } WORDS[] = {
        {"new", "正在看|being looked at"},
        {"looked", "可以入账|can be entered"},
        {"refused", "不能入账|cannot be entered"},
        {"taken", "已入账|entered"}};
    const char *state = tz_json_str(file, "state");

    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (strcmp(WORDS[i].state, state) == 0)
            return tz_web_half(req, WORDS[i].word);
    return state;
}

/* The least sure of the columns that are taken, in percent; 100 without any. */
static int64_t least_score(const json_t *line)
{
    int64_t least = 100;
    size_t  i;
    json_t *match;

    json_array_foreach(json_object_get(line, "mapping"), i, match) {
        const char *score = tz_json_str(match, "score");
        if (tz_json_str(match, "column") == NULL || score == NULL || strlen(score) != 4)
            continue;
        int64_t percent = (score[0] - '0') * 100 + (score[2] - '0') * 10 + (score[3] - '0');
        least = percent < least ? percent : least;
    }
    return least;
}

bool tz_tray_is_table(const json_t *line)
{
    const char *state = tz_json_str(line, "state");
    return state != NULL && (strcmp(state, "dry run") == 0 || strcmp(state, "known") == 0);
}

/* One table of the file, for a row of the list and the head of its page. */
json_t *tz_tray_table(const tz_request *req, const json_t *line)
{
    json_t     *view = json_object();
    const char *name = tz_json_str(line, "register");
    size_t      taken = 0, i;
    json_t     *match;

    json_array_foreach(json_object_get(line, "mapping"), i, match)
        taken += tz_json_str(match, "column") != NULL;
    tz_json_set_str(view, "sheet", tz_json_str(line, "sheet"));
    tz_json_set_str(view, "register", name);
    tz_json_set_str(view, "title", tz_page_register(req, name));
    tz_json_set_str(view, "as_of", tz_json_str(line, "as_of"));
    tz_json_set_str(view, "sender", tz_json_str(line, "sender"));
    tz_json_set_str(view, "question", tz_json_str(line, "question"));
    tz_json_set_int(view, "columns_taken", (int64_t)taken);
    tz_json_set_int(view, "columns", (int64_t)json_array_size(json_object_get(line, "mapping")));
    tz_json_set_int(view, "least_score", least_score(line));
    tz_json_set_int(view, "batch", tz_json_int(line, "batch", 0));
    (void)json_object_set_new(view, "is_known", json_boolean(tz_json_int(line, "batch", 0) > 0));
    if (tz_json_int(line, "corrects", 0) > 0)
        tz_json_set_int(view, "corrects", tz_json_int(line, "corrects", 0));
    (void)json_object_set_new(view, "is_foreign", json_boolean(name != NULL && !tz_may_register(req->actor, name)));
    (void)json_object_set(view, "account", json_object_get(line, "account"));
    (void)json_object_set_new(view, "bar", tz_page_account(req, json_object_get(line, "account")));
    (void)json_object_set(view, "warnings", json_object_get(line, "warnings"));
    return view;
}

/* Whether the file may be entered as it was looked at: nothing is asked, something is new, all is theirs to deliver. */
static bool can_take(const tz_request *req, const json_t *file)
{
    size_t  fresh = 0, i;
    json_t *line;

    if (strcmp(tz_json_str(file, "state"), "looked") != 0)
        return false;
    json_array_foreach(json_object_get(file, "look"), i, line) {
        const char *name = tz_json_str(line, "register");
        if (!tz_tray_is_table(line))
            continue;
        if (tz_json_str(line, "question") != NULL || name == NULL || !tz_may_register(req->actor, name))
            return false;
        fresh += tz_json_int(line, "batch", 0) == 0;
    }
    return fresh > 0;
}

/* Adds up what the list shows: one line a register, however many sheets. */
static void add_to_group(const tz_request *req, json_t *groups, const json_t *table)
{
    static const char *const LINES[] = {"rows", "titles", "header", "accepted", "quarantined", "duplicates", "totals", "notes", "blank"};
    const char *name = tz_json_str(table, "register");
    json_t     *group = NULL, *known;
    size_t      i;

    json_array_foreach(groups, i, known)
        if (name != NULL && tz_json_str(known, "register") != NULL && strcmp(tz_json_str(known, "register"), name) == 0)
            group = known;
    if (group == NULL) {
        group = json_deep_copy(table);
        tz_json_set_int(group, "sheets", 0);
        (void)json_array_append_new(groups, group);
    } else {
        for (i = 0; i < sizeof LINES / sizeof LINES[0]; i++) {
            json_t *sum = json_object_get(group, "account");
            tz_json_set_int(sum, LINES[i], tz_json_int(sum, LINES[i], 0) + tz_json_int(json_object_get(table, "account"), LINES[i], 0));
        }
        if (tz_json_int(table, "least_score", 100) < tz_json_int(group, "least_score", 100))
            tz_json_set_int(group, "least_score", tz_json_int(table, "least_score", 100));
        if (tz_json_str(group, "question") == NULL)
            tz_json_set_str(group, "question", tz_json_str(table, "question"));
    }
    tz_json_set_int(group, "sheets", tz_json_int(group, "sheets", 0) + 1);
    (void)json_object_set_new(group, "has_sheets", json_boolean(tz_json_int(group, "sheets", 0) > 1));
    (void)json_object_set_new(group, "bar", tz_page_account(req, json_object_get(group, "account")));
}

/* The head of a file: what the list and its page share. Takes the look apart. */
json_t *tz_tray_head(const tz_request *req, const json_t *file)
{
    static const char *const HALVES[] = {"error", "advice", NULL};
    json_t *view = json_copy((json_t *)file), *tables = json_array(), *groups = json_array(), *others = json_array(), *line;
    bool    is_asking = false, is_foreign = false, is_known = true;
    size_t  i;

    json_array_foreach(json_object_get(file, "look"), i, line) {
        if (tz_tray_is_table(line)) {
            json_t *table = tz_tray_table(req, line);
            is_asking = is_asking || tz_json_str(line, "question") != NULL;
            is_foreign = is_foreign || json_is_true(json_object_get(table, "is_foreign"));
            is_known = is_known && tz_json_int(line, "batch", 0) != 0;
            add_to_group(req, groups, table);
            (void)json_array_append_new(tables, table);
        } else {
            const char *why = tz_json_str(line, "left_out") != NULL ? tz_json_str(line, "left_out") : tz_json_str(line, "refused");
            json_t     *other = json_object();
            tz_json_set_str(other, "sheet", tz_json_str(line, "sheet"));
            tz_json_set_str(other, "why", why);
            (void)json_array_append_new(others, other);
        }
    }
    (void)json_object_set_new(view, "has_others", json_boolean(json_array_size(others) > 0));
    (void)json_object_del(view, "look");
    (void)json_object_del(view, "drawing");
    (void)json_object_set_new(view, "tables", tables);
    (void)json_object_set_new(view, "groups", groups);
    (void)json_object_set_new(view, "others", others);
    tz_web_halve(req, view, HALVES);
    if (tz_json_str(view, "advice") != NULL && strstr(tz_json_str(view, "advice"), "taizhang ") != NULL)
        tz_json_set_str(view, "advice", tz_web_half(req, "在它的页上指明名册,或把模板给报送单位|"
                                                          "name its register on its page, or give the sender the form")); /* no command line here */
    tz_json_set_str(view, "size_text", tz_page_size(req, tz_json_int(file, "size", 0)));
    tz_json_set_str(view, "digest_short", tz_arena_copy(req->mem, tz_json_str(file, "digest"), 12));
    tz_json_set_str(view, "at", tz_web_time(req, tz_json_str(file, "at")));
    bool can = can_take(req, file);
    is_known = !can && is_known && json_array_size(tables) > 0;
    is_foreign = is_foreign && !is_known;
    is_asking = is_asking && !is_known && !is_foreign;
    tz_json_set_str(view, "word", is_foreign ? tz_web_half(req, "不归您的单位报|not your unit's to deliver")
                                 : is_known  ? tz_web_half(req, "已经有了|already there")
                                 : is_asking ? tz_web_half(req, "有话要问|a question")
                                             : state_word(req, file));
    (void)json_object_set_new(view, "is_asking", json_boolean(is_asking));
    (void)json_object_set_new(view, "is_foreign", json_boolean(is_foreign));
    (void)json_object_set_new(view, "can_take", json_boolean(can));
    (void)json_object_set_new(view, "is_known", json_boolean(is_known));
    return view;
}

/* ---- The list ---- */

/* {new, ready, foreign, asking, refused, known, taken} */
static void count_file(json_t *counts, const json_t *view)
{
    const char *state = tz_json_str(view, "state");
    const char *what = strcmp(state, "looked") != 0                    ? state
                       : json_is_true(json_object_get(view, "can_take")) ? "ready"
                       : json_is_true(json_object_get(view, "is_foreign")) ? "foreign"
                       : json_is_true(json_object_get(view, "is_asking")) ? "asking"
                                                                          : "known";
    tz_json_set_int(counts, what, tz_json_int(counts, what, 0) + 1);
}

/* Whether files of the user are being looked at, by a job; what a server left unseen that was killed is looked at on demand. */
static tz_rc is_looking(const tz_request *req, bool *ret_is, tz_err *err)
{
    enum { NEWEST = 30 };
    json_t *jobs = NULL, *job;
    size_t  i;
    bool    is = false;
    tz_rc   rc = tz_desk_job_list(tz_tray_desk(req), req->actor->user, 0, NEWEST, &jobs, err);

    json_array_foreach(jobs, i, job) {
        const char *state = tz_json_str(job, "state");
        is = is || (strcmp(tz_json_str(job, "kind"), "look") == 0 && (strcmp(state, "waiting") == 0 || strcmp(state, "running") == 0));
    }
    json_decref(jobs);
    if (rc == TZ_OK)
        *ret_is = is;
    return rc;
}

/* Sets is_looking (the page asks again by itself) and is_unseen (somebody must ask for it). */
tz_rc tz_tray_set_looking(const tz_request *req, json_t *data, bool has_new, tz_err *err)
{
    bool  is = false;
    tz_rc rc = has_new ? is_looking(req, &is, err) : TZ_OK;

    (void)json_object_set_new(data, "is_looking", json_boolean(has_new && is));
    (void)json_object_set_new(data, "is_unseen", json_boolean(has_new && !is));
    return rc;
}

tz_rc tz_web_tray(tz_request *req, tz_reply *reply, tz_err *err)
{
    json_t *files = NULL, *views = json_array(), *counts = json_object(), *file;
    size_t  i;
    tz_rc   rc = tz_desk_staged_list(tz_tray_desk(req), req->actor->user, &files, err);

    json_array_foreach(files, i, file) {
        json_t *view = tz_tray_head(req, file);
        count_file(counts, view);
        if (tz_json_int(counts, "taken", 0) <= TAKEN_SHOWN)
            (void)json_array_append(views, view);
        json_decref(view);
    }
    json_decref(files);
    (void)json_object_set_new(reply->data, "has_files", json_boolean(json_array_size(views) > 0));
    (void)json_object_set_new(reply->data, "files", views);
    (void)json_object_set_new(reply->data, "counts", counts);
    tz_web_crumb(reply->data, "/batches", tz_web_half(req, "批次|Batches"));
    return rc == TZ_OK ? tz_tray_set_looking(req, reply->data, tz_json_int(counts, "new", 0) > 0, err) : rc;
}

/* ---- Dropping ---- */

/* Looks at once at what is small, else by a job. Which it was does not show but by the time. */
tz_rc tz_tray_look_at(tz_request *req, const json_t *numbers, int64_t bytes, tz_err *err)
{
    int64_t job = 0;

    if (json_array_size(numbers) <= LOOK_AT_ONCE_FILES && bytes <= TZ_TRAY_AT_ONCE_BYTES) {
        for (size_t i = 0; i < json_array_size(numbers); i++) {
            tz_rc rc = tz_tray_look(req->session, tz_tray_desk(req), req->actor->user, json_integer_value(json_array_get(numbers, i)), err);
            if (rc != TZ_OK)
                return rc;
        }
        return TZ_OK;
    }
    json_t *args = json_pack("{s:O}", "files", numbers);
    tz_rc   rc = tz_jobs_add(tz_office_jobs(req->office), "look", req->actor->user, req->lang, args, &job, err);
    json_decref(args);
    return rc;
}

/* Each file that was sent: kept, or why not. One that is refused does not stop the others. */
static tz_rc keep_uploads(tz_request *req, json_t *numbers, int64_t *ret_bytes, tz_buf *refused, tz_err *err)
{
    *ret_bytes = 0;
    for (size_t i = 0;; i++) {
        const tz_upload *upload = tz_upload_nth(req, "file", i);
        int64_t          staged = 0;
        tz_err           wrong = {0};
        if (upload == NULL)
            return TZ_OK;
        tz_rc rc = tz_tray_put(tz_tray_desk(req), folder_of(req), req->actor->user, upload->name, upload->path, &staged, &wrong);
        if (rc == TZ_OK) {
            *ret_bytes += upload->size;
            (void)json_array_append_new(numbers, json_integer(staged));
        } else if (rc == TZ_INPUT || rc == TZ_LIMIT) {
            char line[1024];
            tz_err_line(&wrong, req->lang, line, sizeof line);
            tz_buf_printf(refused, "%s%s", refused->size == 0 ? "" : " · ", line);
        } else {
            *err = wrong;
            return rc;
        }
    }
}

tz_rc tz_web_tray_drop_in(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *numbers = json_array();
    int64_t bytes = 0;
    tz_buf  refused = tz_buf_init(req->mem, 400);

    TZ_TRY(keep_uploads(req, numbers, &bytes, &refused, err));
    if (json_array_size(numbers) == 0 && refused.size == 0) {
        rc = tz_fail(err, TZ_USAGE, "没有选文件", "no file was chosen");
        reply->again = tz_web_tray;
        goto done;
    }
    if (json_array_size(numbers) == 0) {
        rc = tz_fail(err, TZ_INPUT, "%s", "%s", tz_buf_str(&refused));
        reply->again = tz_web_tray;
        goto done;
    }
    TZ_TRY(tz_tray_look_at(req, numbers, bytes, err));
    reply->redirect = json_array_size(numbers) == 1 && refused.size == 0
                          ? tz_arena_printf(req->mem, "/tray/%lld", (long long)json_integer_value(json_array_get(numbers, 0)))
                          : "/tray";
    if (refused.size > 0)
        reply->notice = tz_arena_printf(req->mem, TZ_WARNING "%s%s", tz_web_half(req, "没有收下:|Not kept: "), tz_buf_str(&refused));
    (void)json_object_set(reply->data, "files", numbers);
done:
    json_decref(numbers);
    return rc;
}

/* Looks at what nobody has looked at. */
tz_rc tz_web_tray_look(tz_request *req, tz_reply *reply, tz_err *err)
{
    json_t *files = NULL, *numbers = json_array(), *file;
    int64_t bytes = 0;
    size_t  i;
    tz_rc   rc = tz_desk_staged_list(tz_tray_desk(req), req->actor->user, &files, err);

    json_array_foreach(files, i, file)
        if (strcmp(tz_json_str(file, "state"), "new") == 0) {
            (void)json_array_append_new(numbers, json_integer(tz_json_int(file, "staged", 0)));
            bytes += tz_json_int(file, "size", 0);
        }
    if (rc == TZ_OK && json_array_size(numbers) > 0)
        rc = tz_tray_look_at(req, numbers, bytes, err);
    reply->redirect = "/tray";
    json_decref(files);
    json_decref(numbers);
    return rc;
}

/* ---- Entering ---- */

static tz_rc add_import(tz_request *req, const json_t *numbers, int64_t *ret_job, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t after = 0;
    json_t *args = json_pack("{s:O}", "files", numbers), *names = NULL, *none = json_object();

    json_decref(tz_page_registers(req, NULL, &names));
    if (names != NULL)
        (void)json_object_set(args, "registers", names);
    (void)json_object_set_new(args, "is_run_next", json_boolean(tz_form(req, "then_run") != NULL));
    TZ_TRY(tz_jobs_add(tz_office_jobs(req->office), "import", req->actor->user, req->lang, args, ret_job, err));
    if (tz_form(req, "then_run") != NULL)
        rc = tz_jobs_add(tz_office_jobs(req->office), "run", req->actor->user, req->lang, none, &after, err);
done:
    json_decref(args);
    json_decref(names);
    json_decref(none);
    return rc;
}

/* The files that a form names, or all that can be entered. */
static tz_rc chosen_files(tz_request *req, json_t **ret_numbers, tz_err *err)
{
    json_t *files = NULL, *numbers = json_array(), *file;
    bool    is_all = tz_form(req, "all") != NULL;
    size_t  i;
    tz_rc   rc = tz_desk_staged_list(tz_tray_desk(req), req->actor->user, &files, err);

    json_array_foreach(files, i, file) {
        const char *number = tz_arena_printf(req->mem, "%lld", (long long)tz_json_int(file, "staged", 0));
        bool        is_named = is_all;
        const char *named;
        for (size_t k = 0; !is_named && (named = tz_form_nth(req, "file", k)) != NULL; k++)
            is_named = strcmp(named, number) == 0;
        if (is_named)
            (void)json_array_append_new(numbers, json_integer(tz_json_int(file, "staged", 0)));
    }
    json_decref(files);
    if (rc != TZ_OK) {
        json_decref(numbers);
        return rc;
    }
    *ret_numbers = numbers;
    return TZ_OK;
}

/* Only what can be entered is. */
static tz_rc keep_ready(tz_request *req, json_t *numbers, tz_err *err)
{
    for (size_t i = json_array_size(numbers); i > 0; i--) {
        json_t *file = NULL;
        tz_rc   rc = tz_desk_staged_get(tz_tray_desk(req), req->actor->user, json_integer_value(json_array_get(numbers, i - 1)), &file, err);
        if (rc != TZ_OK)
            return rc;
        if (!can_take(req, file))
            (void)json_array_remove(numbers, i - 1);
        json_decref(file);
    }
    return TZ_OK;
}

tz_rc tz_web_tray_take(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t job = 0;
    json_t *numbers = NULL;

    reply->again = tz_web_tray;
    TZ_TRY(chosen_files(req, &numbers, err));
    TZ_TRY(keep_ready(req, numbers, err));
    if (json_array_size(numbers) == 0) {
        rc = tz_fail(err, TZ_REFUSED, "没有可以入账的文件", "no file that can be entered was chosen");
        rc = tz_err_advise(err, "先回答文件里问的,或选可以入账的", "answer what is asked of the files first, or choose others");
        goto done;
    }
    TZ_TRY(add_import(req, numbers, &job, err));
    reply->redirect = tz_arena_printf(req->mem, "/jobs/%lld", (long long)job);
    tz_json_set_int(reply->data, "job", job);
done:
    json_decref(numbers);
    return rc;
}

/* ---- Sending back ---- */

tz_rc tz_web_tray_errors(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t staged = 0;
    json_t *file = NULL;

    TZ_TRY(tz_param_number(req, "file", &staged, err));
    TZ_TRY(tz_desk_staged_get(tz_tray_desk(req), req->actor->user, staged, &file, err));
    const char *path = tz_page_passing(req, "xlsx");
    TZ_TRY(tz_tray_errors(req->session, tz_tray_desk(req), req->actor->user, staged, path, err));
    const char *name = tz_json_str(file, "name"), *dot = strrchr(name, '.');
    reply->is_file_temporary = true;
    tz_reply_file(reply, path, tz_arena_printf(req->mem, "%s%.*s.xlsx", tz_web_half(req, "待更正_|to_correct_"),
                                               (int)(dot == NULL ? strlen(name) : (size_t)(dot - name)), name),
                  TZ_TYPE_XLSX);
done:
    json_decref(file);
    return rc;
}

tz_rc tz_web_tray_throw(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *numbers = NULL;

    reply->again = tz_web_tray;
    TZ_TRY(chosen_files(req, &numbers, err));
    if (json_array_size(numbers) == 0) {
        rc = tz_fail(err, TZ_USAGE, "没有选文件", "no file was chosen");
        goto done;
    }
    for (size_t i = 0; i < json_array_size(numbers); i++)
        TZ_TRY(tz_tray_drop(tz_tray_desk(req), folder_of(req), req->actor->user, json_integer_value(json_array_get(numbers, i)), err));
    reply->redirect = "/tray";
    reply->notice = tz_arena_printf(req->mem, req->lang == TZ_ZH ? "移除了 %zu 个文件;没有入账" : "%zu files were removed; nothing was entered",
                                    json_array_size(numbers));
done:
    json_decref(numbers);
    return rc;
}

/* ---- Undoing a withdrawal ---- */

/* The original of a batch that was withdrawn lies in the tray again, as it was sent. */
tz_rc tz_web_batch_again(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t number = 0, staged = 0;
    json_t *batch = NULL, *numbers = NULL;

    reply->again = tz_web_batch;
    TZ_TRY(tz_param_number(req, "batch", &number, err));
    TZ_TRY(tz_batch_show(req->session->store, req->session->packs, number, &batch, err));
    if (!tz_may_batch(req->actor, batch)) {
        rc = tz_access_missing(err);
        goto done;
    }
    if (strcmp(tz_json_str(batch, "state"), "withdrawn") != 0) {
        rc = tz_fail(err, TZ_REFUSED, "批次 %lld 没有撤回", "batch %lld was not withdrawn", (long long)number);
        goto done;
    }
    const char *copy = tz_page_passing(req, "again");
    TZ_TRY(tz_file_copy(tz_arena_printf(req->mem, "%s/originals/%s", folder_of(req), tz_json_str(batch, "original")), copy, 0600, err));
    TZ_TRY(tz_tray_put(tz_tray_desk(req), folder_of(req), req->actor->user, tz_json_str(batch, "file"), copy, &staged, err));
    numbers = json_pack("[I]", (json_int_t)staged);
    TZ_TRY(tz_tray_look_at(req, numbers, tz_json_int(batch, "size", 0), err));
    reply->redirect = tz_arena_printf(req->mem, "/tray/%lld", (long long)staged);
done:
    json_decref(batch);
    json_decref(numbers);
    return rc;
}
