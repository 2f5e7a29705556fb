#include "ledger/complaint.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "base/hash.h"
#include "ledger/inbox.h"
#include "ledger/inside.h"
#include "ledger/receipt.h"

enum { ID_SIZE = TZ_RECEIPT_HASH - 1, MARK_SIZE = 12, ANSWER_BYTES = 6000, LEFTOVER_MS = 24 * 60 * 60 * 1000 };

static const char FOLDER[] = "complaints";

/* ---- Files ---- */

static const char *path_of(tz_arena *mem, const tz_store *store, const char *complaint, const char *ending)
{
    return tz_store_path(mem, store, FOLDER, tz_arena_printf(mem, "%s.%s", complaint, ending));
}

static tz_rc make_folder(tz_arena *mem, const tz_store *store, tz_err *err)
{
    const char *folder = tz_store_path(mem, store, FOLDER, NULL);
    tz_rc       rc = tz_file_make_folder(folder, err);

    if (rc == TZ_OK && chmod(folder, 0700) != 0)
        rc = tz_fail(err, TZ_SYSTEM, "文件夹 %s 改不了权限", "the mode of folder %s can't be changed", FOLDER);
    return rc;
}

static tz_rc save(tz_arena *mem, const tz_store *store, const json_t *said, tz_err *err)
{
    tz_buf out = tz_buf_init(mem, 0);
    tz_json_canonical(said, &out);
    return tz_file_write(path_of(mem, store, tz_json_str(said, "receipt"), "json"), tz_buf_text(&out), 0600, err);
}

static tz_rc fail_missing(tz_err *err)
{
    return tz_fail(err, TZ_MISSING, "没有这件反映", "there is no such complaint");
}

static tz_rc load(tz_arena *mem, const tz_store *store, const char *complaint, json_t **ret_said, tz_err *err)
{
    tz_text text = {0};
    tz_err  ignored;

    if (strlen(complaint) != ID_SIZE || strspn(complaint, "0123456789abcdef") != ID_SIZE ||
        tz_file_load(mem, path_of(mem, store, complaint, "json"), 1 << 20, &text, &ignored) != TZ_OK)
        return fail_missing(err);
    return tz_json_parse(text, ret_said, err);
}

/* ---- Whom it names ---- */

static bool stands_in(const char *text, const char *name, size_t size)
{
    return text != NULL && size > 0 && tz_text_find(tz_text_of(text), (tz_text){name, size}, 0) != SIZE_MAX;
}

/* 沁县教育局 is named by 教育局 as well: without the county, and a township without 镇 and 乡 too. */
static bool names(const json_t *said, const char *name)
{
    static const char *const FIELDS[] = {"text", "about", "also_about"};
    enum { HAN = 3 };
    size_t      size = name == NULL ? 0 : strlen(name);
    const char *county = name == NULL ? NULL : strstr(name, "县");
    bool        is_town = size > 2 * HAN && (strcmp(name + size - HAN, "镇") == 0 || strcmp(name + size - HAN, "乡") == 0);

    for (size_t i = 0; name != NULL && i < sizeof FIELDS / sizeof FIELDS[0]; i++) {
        const char *text = tz_json_str(said, FIELDS[i]);
        if (stands_in(text, name, size) || (is_town && stands_in(text, name, size - HAN)))
            return true;
        if (county != NULL && county[HAN] != '\0' && stands_in(text, county + HAN, strlen(county + HAN)))
            return true;
    }
    return false;
}

static bool may_read(const json_t *said, const tz_complaint_reader *reader)
{
    return !names(said, reader->name) && !names(said, reader->unit);
}

static tz_rc load_for(tz_arena *mem, const tz_store *store, const char *complaint, const tz_complaint_reader *reader, json_t **ret_said,
                      tz_err *err)
{
    json_t *said = NULL;
    tz_rc   rc = load(mem, store, complaint, &said, err);

    if (rc == TZ_OK && !may_read(said, reader)) {
        json_decref(said);
        return fail_missing(err);
    }
    if (rc == TZ_OK)
        *ret_said = said;
    return rc;
}

/* ---- Taking ---- */

static const char *mark_of(tz_arena *mem, const json_t *said)
{
    return tz_arena_printf(mem, "complaint %.*s", MARK_SIZE, tz_json_str(said, "receipt"));
}

/* The township that the place begins with or is, else nothing: what somebody typed goes into no issue. */
static const char *township_of(const tz_store *store, const char *place)
{
    for (size_t i = 0; place != NULL && i < store->county->divisions.count; i++) {
        const tz_division *division = &store->county->divisions.items[i];
        if (division->level == TZ_DIVISION_TOWNSHIP && stands_in(place, division->name, strlen(division->name)))
            return division->name;
    }
    return NULL;
}

/* Its issue, which says no word of what was written; found again where a taking was cut off. */
static tz_rc open_issue(tz_arena *mem, tz_store *store, const tz_packs *packs, const json_t *said, int64_t *ret_issue, bool *ret_is_new,
                        tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *town = township_of(store, tz_json_str(said, "place")), *mark = mark_of(mem, said), *user = store->user;
    int64_t     known = 0;

    TZ_TRY(tz_sql_one(store, "SELECT issue FROM issue WHERE source = 'complaint' AND raised_by = ?1", mark, NULL, &known, err));
    *ret_is_new = known == 0;
    tz_issue_new_options options = {
        .ledger = tz_ledger_find(packs, "voice") != NULL ? "voice" : NULL, .source = "complaint", .raised_by = mark,
        .title = tz_arena_printf(mem, "群众反映(%s,%s 收到)", town == NULL ? "未注明乡镇" : town, tz_json_str(said, "day"))};
    store->user = "system"; /* nobody in particular opens it */
    if (known == 0)
        rc = tz_issue_new(store, packs, &options, &known, err);
    store->user = user;
    if (rc == TZ_OK)
        *ret_issue = known;
done:
    return rc;
}

static tz_rc take(tz_arena *mem, tz_store *store, const tz_packs *packs, json_t *said, tz_text photo, bool *ret_is_new, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *id = tz_json_str(said, "receipt"), *ending = tz_json_str(said, "photo");
    json_t     *known = NULL;
    int64_t     issue = 0;
    tz_err      ignored;

    *ret_is_new = false;
    if (load(mem, store, id, &known, &ignored) == TZ_OK && tz_json_int(known, "issue", 0) != 0)
        goto done;
    if (ending != NULL)
        TZ_TRY(tz_file_write(path_of(mem, store, id, ending), photo, 0600, err));
    TZ_TRY(save(mem, store, said, err));
    TZ_TRY(open_issue(mem, store, packs, said, &issue, ret_is_new, err));
    tz_json_set_int(said, "issue", issue);
    TZ_TRY(save(mem, store, said, err));
done:
    json_decref(known);
    return rc;
}

/* What is no complaint may be one that is being written: after a day it is not. */
static void drop_leftover(const tz_store *store, const char *path)
{
    struct stat about;

    if (lstat(path, &about) == 0 && tz_app_now_ms(store->app) - (int64_t)about.st_mtime * 1000 > LEFTOVER_MS)
        (void)unlink(path);
}

tz_rc tz_complaints_take(tz_arena *mem, tz_store *store, const tz_packs *packs, const char *inbox, size_t *ret_count, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && inbox != NULL && ret_count != NULL);
    tz_rc    rc = TZ_OK;
    tz_names files = {0};
    size_t   count = 0;
    json_t  *said = NULL;

    if (!tz_file_is_folder(inbox)) {
        *ret_count = 0;
        return TZ_OK;
    }
    TZ_TRY(make_folder(mem, store, err));
    TZ_TRY(tz_file_list(mem, inbox, &files, err));
    for (size_t i = 0; i < files.count; i++) {
        const char *path = tz_arena_printf(mem, "%s/%s", inbox, files.items[i]);
        tz_text     photo = {0};
        bool        is_new = false;
        tz_err      wrong;
        if (tz_inbox_read(mem, path, &said, &photo, &wrong) != TZ_OK) {
            drop_leftover(store, path);
            continue;
        }
        TZ_TRY(take(mem, store, packs, said, photo, &is_new, err));
        (void)unlink(path);
        count += is_new;
        json_decref(said);
        said = NULL;
    }
    *ret_count = count;
done:
    json_decref(said);
    return rc;
}

size_t tz_complaints_waiting(const char *inbox)
{
    tz_arena mem = {0};
    tz_names files = {0};
    tz_err   ignored;
    size_t   count = tz_file_list(&mem, inbox, &files, &ignored) == TZ_OK ? files.count : 0;

    tz_arena_free(&mem);
    return count;
}

/* ---- Reading ---- */

static const struct { const char *state, *words; } WORDS[] = {
    {"open", "已收到|received"}, {"assigned", "已受理,办理中|accepted, under way"}, {"rectifying", "已受理,办理中|accepted, under way"},
    {"submitted", "办理中|under way"}, {"checked", "办理中|under way"}, {"published", "公示中|published"},
    {"closed", "已办结|settled"}, {"closed-pending-data", "已办结|settled"}, {"dismissed", "经核不予受理|not taken up after a check"},
    {"transferred", "已移送有权处理的单位|passed on to who may decide"}, {"merged", "已并入同一事项办理|handled with others on the same matter"},
};

static const char *words_of(const char *state)
{
    for (size_t i = 0; state != NULL && i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (strcmp(WORDS[i].state, state) == 0)
            return WORDS[i].words;
    return WORDS[0].words;
}

static json_t *half_json(const char *both, tz_lang lang)
{
    size_t      size = 0;
    const char *half = tz_half(both, lang, &size);
    return tz_json_text((tz_text){half, size});
}

/* Sets state, and since: the day of the step that led there, the last time. */
static tz_rc put_state(tz_store *store, int64_t issue, json_t *to, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;
    char    day[TZ_DATE_TEXT];

    TZ_TRY(tz_sql_open(store, "SELECT i.state, (SELECT s.at FROM issue_step s WHERE s.issue = i.issue AND s.step > (SELECT coalesce(max(o.step), 0)"
                              " FROM issue_step o WHERE o.issue = i.issue AND o.state <> i.state) ORDER BY s.step LIMIT 1) FROM issue i"
                              " WHERE i.issue = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, issue);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    tz_json_set_str(to, "state", has_row ? tz_sql_str(sql, 0) : "open");
    tz_date_format(has_row ? tz_day_of_time(tz_sql_str(sql, 1)) : 0, day);
    tz_json_set_str(to, "since", day[0] == '\0' ? NULL : day);
done:
    tz_sql_close(sql);
    return rc;
}

/* Calls visit with each complaint, in the order of their hashes, which says nothing. */
typedef tz_rc visitor(void *context, const json_t *said, tz_err *err);

static tz_rc each(tz_arena *mem, const tz_store *store, visitor *visit, void *context, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_names    files = {0};
    json_t     *said = NULL;
    const char *folder = tz_store_path(mem, store, FOLDER, NULL);

    if (!tz_file_is_folder(folder))
        return TZ_OK;
    TZ_TRY(tz_file_list(mem, folder, &files, err));
    for (size_t i = 0; i < files.count; i++) {
        size_t size = strlen(files.items[i]);
        if (size != ID_SIZE + strlen(".json") || strcmp(files.items[i] + ID_SIZE, ".json") != 0)
            continue;
        TZ_TRY(load(mem, store, tz_arena_printf(mem, "%.*s", ID_SIZE, files.items[i]), &said, err));
        TZ_TRY(visit(context, said, err));
        json_decref(said);
        said = NULL;
    }
done:
    json_decref(said);
    return rc;
}

typedef struct {
    tz_store *store;
    const tz_complaint_reader *reader;
    tz_lang   lang;
    json_t   *to;
} reading;

static tz_rc list_one(void *context, const json_t *said, tz_err *err)
{
    static const char *const COPIED[] = {"day", "place", "issue"};
    reading *of = context;
    json_t  *line = NULL;
    tz_rc    rc = TZ_OK;

    if (!may_read(said, of->reader))
        return TZ_OK;
    line = json_object();
    tz_json_set_str(line, "complaint", tz_json_str(said, "receipt"));
    for (size_t i = 0; i < sizeof COPIED / sizeof COPIED[0]; i++)
        (void)json_object_set(line, COPIED[i], json_object_get(said, COPIED[i]));
    TZ_TRY(put_state(of->store, tz_json_int(said, "issue", 0), line, err));
    (void)json_object_set_new(line, "word", half_json(words_of(tz_json_str(line, "state")), of->lang));
    (void)json_object_set_new(line, "answered", json_boolean(tz_json_str(said, "answer") != NULL));
    (void)json_array_append(of->to, line);
done:
    json_decref(line);
    return rc;
}

static int compare_days(const void *a, const void *b)
{
    const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    int days = strcmp(tz_json_str(y, "day"), tz_json_str(x, "day"));
    int64_t i = tz_json_int(x, "issue", 0), j = tz_json_int(y, "issue", 0);
    return days != 0 ? days : (i < j) - (i > j);
}

tz_rc tz_complaint_list(tz_arena *mem, tz_store *store, const tz_complaint_reader *reader, tz_lang lang, json_t **ret_rows, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && reader != NULL && ret_rows != NULL);
    tz_rc    rc = TZ_OK;
    reading  of = {.store = store, .reader = reader, .lang = lang, .to = json_array()};
    json_t  *sorted = json_array();

    TZ_TRY(each(mem, store, list_one, &of, err));
    size_t   count = json_array_size(of.to);
    json_t **lines = tz_new_array(mem, json_t *, count + 1);
    for (size_t i = 0; i < count; i++)
        lines[i] = json_array_get(of.to, i);
    if (count > 0)
        qsort(lines, count, sizeof lines[0], compare_days);
    for (size_t i = 0; i < count; i++)
        (void)json_array_append(sorted, lines[i]);
    *ret_rows = json_incref(sorted);
done:
    json_decref(of.to);
    json_decref(sorted);
    return rc;
}

tz_rc tz_complaint_show(tz_arena *mem, tz_store *store, const char *complaint, const tz_complaint_reader *reader, tz_lang lang,
                        json_t **ret_shown, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && complaint != NULL && reader != NULL && ret_shown != NULL);
    static const char *const COPIED[] = {"day", "place", "issue", "text", "about", "also_about", "answer"};
    tz_rc   rc = TZ_OK;
    json_t *said = NULL, *shown = json_object();

    TZ_TRY(load_for(mem, store, complaint, reader, &said, err));
    tz_json_set_str(shown, "complaint", complaint);
    for (size_t i = 0; i < sizeof COPIED / sizeof COPIED[0]; i++)
        if (json_object_get(said, COPIED[i]) != NULL)
            (void)json_object_set(shown, COPIED[i], json_object_get(said, COPIED[i]));
    (void)json_object_set_new(shown, "photo", json_boolean(tz_json_str(said, "photo") != NULL));
    TZ_TRY(put_state(store, tz_json_int(said, "issue", 0), shown, err));
    (void)json_object_set_new(shown, "word", half_json(words_of(tz_json_str(shown, "state")), lang));
    *ret_shown = json_incref(shown);
done:
    json_decref(said);
    json_decref(shown);
    return rc;
}

tz_rc tz_complaint_photo(tz_arena *mem, tz_store *store, const char *complaint, const tz_complaint_reader *reader, const char **ret_path,
                         tz_err *err)
{
    tz_assert(mem != NULL && complaint != NULL && reader != NULL && ret_path != NULL);
    json_t *said = NULL;
    tz_rc   rc = load_for(mem, store, complaint, reader, &said, err);

    if (rc == TZ_OK && tz_json_str(said, "photo") == NULL)
        rc = fail_missing(err);
    if (rc == TZ_OK)
        *ret_path = path_of(mem, store, complaint, tz_json_str(said, "photo"));
    json_decref(said);
    return rc;
}

tz_rc tz_complaint_answer(tz_arena *mem, tz_store *store, const char *complaint, const tz_complaint_reader *reader, const char *answer,
                          const char *also_about, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && complaint != NULL && reader != NULL);
    tz_rc   rc = TZ_OK;
    json_t *said = NULL;

    if ((answer != NULL && strlen(answer) > ANSWER_BYTES) || (also_about != NULL && strlen(also_about) > ANSWER_BYTES))
        return tz_fail(err, TZ_INPUT, "请不超过 2000 字", "2000 characters at most");
    TZ_TRY(load_for(mem, store, complaint, reader, &said, err));
    if (answer != NULL)
        tz_json_set_str(said, "answer", answer);
    const char *known = tz_json_str(said, "also_about");
    if (also_about != NULL)
        tz_json_set_str(said, "also_about", known == NULL ? also_about : tz_arena_printf(mem, "%s、%s", known, also_about));
    TZ_TRY(save(mem, store, said, err));
done:
    json_decref(said);
    return rc;
}

static tz_rc add_status(void *context, const json_t *said, tz_err *err)
{
    reading    *of = context;
    json_t     *one = json_object(), *word = json_object();
    tz_rc       rc = put_state(of->store, tz_json_int(said, "issue", 0), one, err);

    if (rc == TZ_OK) {
        (void)json_object_set_new(word, "zh", half_json(words_of(tz_json_str(one, "state")), TZ_ZH));
        (void)json_object_set_new(word, "en", half_json(words_of(tz_json_str(one, "state")), TZ_EN));
        (void)json_object_set(one, "word", word);
        tz_json_set_str(one, "answer", tz_json_str(said, "answer"));
        (void)json_object_set(of->to, tz_json_str(said, "receipt"), one);
    }
    json_decref(word);
    json_decref(one);
    return rc;
}

tz_rc tz_complaint_statuses(tz_arena *mem, tz_store *store, json_t **ret_statuses, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && ret_statuses != NULL);
    reading of = {.store = store, .to = json_object()};
    tz_rc   rc = each(mem, store, add_status, &of, err);

    if (rc == TZ_OK)
        *ret_statuses = json_incref(of.to);
    json_decref(of.to);
    return rc;
}
