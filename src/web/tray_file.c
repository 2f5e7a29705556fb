/* tray_file - one file before it is entered: the sheets as they came, what was made of them, and what a clerk says of it. */
#include <string.h>

#include "base/assert.h"
#include "flow/tray.h"
#include "web/desk_page.h"
#include "web/pages.h"
#include "web/tray_page.h"

/* A sheet of many parts and columns: its page stays one that can be read. */
enum { TABLES_SHOWN = 6, MATCHES_SHOWN = 80 };

/* The choices of a column: not taken, or one of the register's. */
static json_t *choices(const tz_request *req, const tz_register *reg, const char *now)
{
    json_t *list = json_array();

    for (size_t i = 0; i < reg->columns.count; i++) {
        const tz_column *column = &reg->columns.items[i];
        bool             is_now = now != NULL && strcmp(now, column->name) == 0;
        json_t          *choice = json_object();
        tz_json_set_str(choice, "name", column->name);
        tz_json_set_str(choice, "title", tz_web_half(req, column->title));
        (void)json_object_set_new(choice, "is_chosen", json_boolean(is_now));
        (void)json_object_set_new(choice, "is_required", json_boolean(column->is_required));
        (void)json_array_append_new(list, choice);
    }
    return list;
}

static json_t *match_view(const tz_request *req, const tz_register *reg, const json_t *match, size_t index)
{
    const char *column = tz_json_str(match, "column"), *proposed = tz_json_str(match, "proposed");
    json_t     *view = json_copy((json_t *)match);

    tz_json_set_int(view, "index", (int64_t)index);
    tz_json_set_str(view, "register", reg->name);
    (void)json_object_set_new(view, "is_taken", json_boolean(column != NULL));
    (void)json_object_set_new(view, "is_doubtful", json_boolean(column == NULL && proposed != NULL));
    (void)json_object_set_new(view, "choices", choices(req, reg, column));
    return view;
}

static json_t *problems_view(const tz_request *req, const tz_register *reg, const json_t *line)
{
    static const char *const LISTS[] = {"quarantined", "marked"};
    enum { MOST = 60 };
    json_t *list = json_array(), *problem;
    size_t  i;

    for (size_t k = 0; k < 2; k++)
        json_array_foreach(json_object_get(line, LISTS[k]), i, problem) {
            int         column = tz_json_str(problem, "column") == NULL ? -1 : tz_register_column(reg, tz_json_str(problem, "column"));
            if (json_array_size(list) >= MOST)
                return list;
            json_t *view = json_copy(problem);
            (void)json_object_set_new(view, "is_bad", json_boolean(k == 0));
            tz_json_set_str(view, "title", column < 0 ? NULL : tz_web_half(req, reg->columns.items[column].title));
            (void)json_array_append_new(list, view);
        }
    return list;
}

/* A table of a sheet with all that can be said of it. */
static json_t *whole_table(const tz_request *req, const json_t *line, size_t *index)
{
    json_t            *view = tz_tray_table(req, line), *mapping = json_array(), *match;
    const tz_register *reg = tz_packs_register(req->session->packs, tz_json_str(line, "register"));
    size_t             i;

    json_array_foreach(json_object_get(line, "mapping"), i, match)
        if (reg != NULL && i < MATCHES_SHOWN)
            (void)json_array_append_new(mapping, match_view(req, reg, match, (*index)++));
    if (json_array_size(json_object_get(line, "mapping")) > MATCHES_SHOWN)
        tz_json_set_int(view, "more_columns", (int64_t)json_array_size(json_object_get(line, "mapping")) - MATCHES_SHOWN);
    (void)json_object_set_new(view, "has_mapping", json_boolean(json_array_size(mapping) > 0));
    (void)json_object_set_new(view, "mapping", mapping);
    (void)json_object_set(view, "missing", json_object_get(line, "missing"));
    (void)json_object_set_new(view, "has_missing", json_boolean(json_array_size(json_object_get(line, "missing")) > 0));
    (void)json_object_set_new(view, "has_warnings", json_boolean(json_array_size(json_object_get(line, "warnings")) > 0));
    json_t *problems = reg == NULL ? json_array() : problems_view(req, reg, line);
    (void)json_object_set_new(view, "has_problems", json_boolean(json_array_size(problems) > 0));
    (void)json_object_set_new(view, "problems", problems);
    return view;
}

static bool is_same_sheet(const json_t *sheet, const json_t *line)
{
    const char *a = tz_json_str(sheet, "sheet"), *b = tz_json_str(line, "sheet");
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* From a column of the sheet to where it is said what it is. */
static void link_columns(json_t *sheet, const json_t *tables)
{
    json_t *column, *table, *match;
    size_t  i, j, k;

    json_array_foreach(json_object_get(sheet, "columns"), i, column)
        json_array_foreach((json_t *)tables, j, table)
            json_array_foreach(json_object_get(table, "mapping"), k, match)
                if (json_object_get(column, "to") == NULL && strcmp(tz_json_str(match, "letter"), tz_json_str(column, "letter")) == 0)
                    (void)json_object_set(column, "to", json_object_get(match, "index"));
    json_array_foreach(json_object_get(sheet, "columns"), i, column)
        (void)json_object_set_new(column, "has_to", json_boolean(json_object_get(column, "to") != NULL));
}

/* What the template asks of lines and cells. */
static void dress_lines(json_t *sheet)
{
    json_t *line, *cell;
    size_t  i, j;

    json_array_foreach(json_object_get(sheet, "lines"), i, line) {
        (void)json_object_set_new(line, "has_skipped", json_boolean(tz_json_int(line, "skipped", 0) > 0));
        json_array_foreach(json_object_get(line, "cells"), j, cell)
            (void)json_object_set_new(cell, "is_wide", json_boolean(tz_json_int(cell, "span", 1) > 1));
    }
    (void)json_object_set_new(sheet, "has_skipped", json_boolean(tz_json_int(sheet, "skipped", 0) > 0));
}

/* Whether a sheet is shown unfolded though it is not the first: something is asked or wrong. */
static bool wants_eyes(const json_t *tables)
{
    size_t  i;
    json_t *table;

    json_array_foreach((json_t *)tables, i, table)
        if (tz_json_str(table, "question") != NULL || json_is_true(json_object_get(table, "has_problems")))
            return true;
    return json_array_size(tables) == 0;
}

/* The sheets as they came, each with its tables. */
static json_t *sheets_view(const tz_request *req, const json_t *file)
{
    static const char *const HALVES[] = {"title", NULL};
    json_t *sheets = json_array(), *sheet, *line, *column;
    size_t  i, j, index = 0;
    bool    is_open = true;

    json_array_foreach(json_object_get(file, "drawing"), i, sheet) {
        json_t *view = json_deep_copy(sheet), *tables = json_array();
        json_array_foreach(json_object_get(view, "columns"), j, column)
            tz_web_halve(req, column, HALVES);
        size_t more = 0;
        json_array_foreach(json_object_get(file, "look"), j, line) {
            if (!tz_tray_is_table(line) || !is_same_sheet(sheet, line))
                continue;
            if (json_array_size(tables) < TABLES_SHOWN)
                (void)json_array_append_new(tables, whole_table(req, line, &index));
            else
                more++;
        }
        tz_json_set_str(view, "first_title", tz_json_str(json_array_get(tables, 0), "title"));
        if (more > 0)
            tz_json_set_int(view, "more_tables", (int64_t)more);
        (void)json_object_set_new(view, "has_tables", json_boolean(json_array_size(tables) > 0));
        (void)json_object_set_new(view, "is_open", json_boolean(is_open || wants_eyes(tables)));
        is_open = false;
        (void)json_object_set_new(view, "tables", tables);
        dress_lines(view);
        link_columns(view, tables);
        tz_json_set_int(view, "no", (int64_t)i + 1);
        (void)json_array_append_new(sheets, view);
    }
    return sheets;
}

/* What can be said of the whole file: its register, date and unit, as said or as found. */
static void set_said(tz_request *req, const json_t *file, json_t *data)
{
    const json_t *first = NULL, *line;
    size_t        i;

    for (i = 0; i < json_array_size(json_object_get(file, "look")) && first == NULL; i++) {
        line = json_array_get(json_object_get(file, "look"), i);
        first = tz_tray_is_table(line) ? line : NULL;
    }
    const char *as_of = tz_json_str(file, "as_of"), *sender = tz_json_str(file, "sender");
    tz_json_set_str(data, "as_of_now", as_of != NULL ? as_of : first == NULL ? NULL : tz_json_str(first, "as_of"));
    tz_json_set_str(data, "sender_now", sender != NULL ? sender : first == NULL ? NULL : tz_json_str(first, "sender"));
    (void)json_object_set_new(data, "registers", tz_page_registers(req, tz_json_str(file, "register"), NULL));
    json_t *units = json_array();
    for (i = 0; i < req->session->store->county->units.count; i++)
        (void)json_array_append_new(units, json_string(req->session->store->county->units.items[i].name));
    (void)json_object_set_new(data, "units", units);
}

/* The file; one that was looked at in another language is looked at again, where that is quick. */
static tz_rc get_in_language(tz_request *req, int64_t staged, json_t **ret_file, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *file = NULL;

    TZ_TRY(tz_desk_staged_get(tz_tray_desk(req), req->actor->user, staged, &file, err));
    const char *lang = tz_json_str(json_array_get(json_object_get(file, "look"), 0), "lang");
    if (lang != NULL && strcmp(lang, req->lang == TZ_ZH ? "zh" : "en") != 0 && tz_json_int(file, "size", 0) <= TZ_TRAY_AT_ONCE_BYTES) {
        json_decref(file);
        file = NULL;
        TZ_TRY(tz_tray_look(req->session, tz_tray_desk(req), req->actor->user, staged, err));
        TZ_TRY(tz_desk_staged_get(tz_tray_desk(req), req->actor->user, staged, &file, err));
    }
    *ret_file = json_incref(file);
done:
    json_decref(file);
    return rc;
}

tz_rc tz_web_tray_file(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t staged = 0;
    json_t *file = NULL;

    TZ_TRY(tz_param_number(req, "file", &staged, err));
    TZ_TRY(get_in_language(req, staged, &file, err));
    (void)json_object_set_new(reply->data, "file", tz_tray_head(req, file));
    (void)json_object_set_new(reply->data, "sheets", sheets_view(req, file));
    (void)json_object_set_new(reply->data, "is_taken", json_boolean(strcmp(tz_json_str(file, "state"), "taken") == 0));
    TZ_TRY(tz_tray_set_looking(req, reply->data, strcmp(tz_json_str(file, "state"), "new") == 0, err));
    set_said(req, file, reply->data);
    tz_json_set_str(reply->data, "title", tz_arena_dup(req->mem, tz_json_str(file, "name")));
    tz_web_crumb(reply->data, "/batches", tz_web_half(req, "批次|Batches"));
    tz_web_crumb(reply->data, "/tray", tz_web_half(req, "入账前|Before entry"));
done:
    json_decref(file);
    return rc;
}

/* ---- Correcting ---- */

/* A form changes the line ends of a header that goes through it, so headers are the same when they fold alike. */
static bool is_same_header(const tz_request *req, const char *a, const char *b)
{
    return strcmp(a, b) == 0 || tz_text_equal(tz_text_fold(req->mem, tz_text_of(a)), tz_text_fold(req->mem, tz_text_of(b)));
}

/* How the file reads a header now: its column, "-" for none; NULL: there is no such header. ret_is_fixed: somebody said so. */
static const char *column_now(const tz_request *req, const json_t *file, const char *register_name, const char *header, bool *ret_is_fixed)
{
    size_t  i, j;
    json_t *line, *match;

    json_array_foreach(json_object_get(file, "look"), i, line)
        json_array_foreach(json_object_get(line, "mapping"), j, match)
            if (tz_json_str(line, "register") != NULL && strcmp(tz_json_str(line, "register"), register_name) == 0 &&
                is_same_header(req, tz_json_str(match, "header"), header)) {
                *ret_is_fixed = json_is_true(json_object_get(match, "fixed"));
                return tz_json_str(match, "column") == NULL ? "-" : tz_json_str(match, "column");
            }
    return NULL;
}

static json_t *fix_of(const char *register_name, const char *header, const char *column)
{
    json_t *fix = json_object();

    tz_json_set_str(fix, "register", register_name);
    tz_json_set_str(fix, "header", header);
    tz_json_set_str(fix, "column", strcmp(column, "-") == 0 ? NULL : column);
    return fix;
}

static void add_fixes(const tz_request *req, const json_t *file, bool are_changed, json_t *fixes)
{
    for (size_t i = 0;; i++) {
        const char *header = tz_form_nth(req, "header", i), *name = tz_form_nth(req, "of", i), *column = tz_form_nth(req, "column", i);
        bool        is_fixed = false;
        if (header == NULL || name == NULL || column == NULL)
            return;
        const char *now = column_now(req, file, name, header, &is_fixed);
        bool        is_changed = now != NULL && strcmp(now, column) != 0;
        if (now != NULL && is_changed == are_changed && (is_changed || is_fixed))
            (void)json_array_append_new(fixes, fix_of(name, header, column));
    }
}

/* What was said before, then what was chosen otherwise than it was found: of one header that several sheets have, each with its
 * own choice on the page, the choice that was just made counts. */
static json_t *fixes_of(const tz_request *req, const json_t *file)
{
    json_t *fixes = json_array();

    add_fixes(req, file, false, fixes);
    add_fixes(req, file, true, fixes);
    return fixes;
}

/* What is said of the file, NULL where it is what was found. */
static const char *said(const tz_request *req, const json_t *file, const char *field)
{
    const char *now = tz_form(req, field);
    size_t      i;
    json_t     *line;

    if (now == NULL || tz_json_str(file, field) != NULL)
        return now;
    json_array_foreach(json_object_get(file, "look"), i, line)
        if (tz_tray_is_table(line))
            return tz_json_str(line, field) != NULL && strcmp(tz_json_str(line, field), now) == 0 ? NULL : now;
    return now;
}

tz_rc tz_web_tray_say(tz_request *req, tz_reply *reply, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t staged = 0;
    json_t *file = NULL, *fixes = NULL, *numbers = NULL;

    reply->again = tz_web_tray_file;
    TZ_TRY(tz_param_number(req, "file", &staged, err));
    TZ_TRY(tz_desk_staged_get(tz_tray_desk(req), req->actor->user, staged, &file, err));
    fixes = fixes_of(req, file);
    const char *as_of = said(req, file, "as_of"), *sender = said(req, file, "sender");
    TZ_TRY(tz_desk_staged_say(tz_tray_desk(req), req->actor->user, staged, tz_form(req, "register"), as_of, sender, fixes, err));
    numbers = json_pack("[I]", (json_int_t)staged);
    TZ_TRY(tz_tray_look_at(req, numbers, tz_json_int(file, "size", 0), err));
    reply->redirect = tz_arena_printf(req->mem, "/tray/%lld", (long long)staged);
done:
    json_decref(file);
    json_decref(fixes);
    json_decref(numbers);
    return rc;
}
