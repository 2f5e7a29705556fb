#include "report/public_report.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "report/code.h"
#include "report/disclosure.h"
#include "report/document.h"
#include "report/kept.h"
#include "report/phrase.h"
#include "report/section.h"
#include "report/typography.h"
#include "report/view.h"
#include "store/journal.h"

static const char NAME[] = "report";

/* ---- What may be shown ---- */

/* A figure as it goes out. value NULL: kept back. */
typedef struct {
    const char *value;
    int64_t     rows; /* that it rested on when its value was first printed */
    bool        is_held;
} shown_value;

/* What the report before printed of it; value NULL: nothing. */
static shown_value last_of(const json_t *last, const char *name)
{
    size_t  i;
    json_t *one;

    json_array_foreach((json_t *)last, i, one)
        if (strcmp(json_string_value(json_array_get(one, 0)), name) == 0)
            return (shown_value){.value = json_string_value(json_array_get(one, 1)), .rows = json_integer_value(json_array_get(one, 2))};
    return (shown_value){0};
}

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

static bool leaves_few(int64_t a, int64_t b)
{
    return a != b && distance(a, b) < TZ_LEAST_COUNT;
}

/* True where a share is declared of it whose other side is a small number: shown beside the whole it would tell that number. */
static bool tells_by_its_whole(const tz_figure_values *values, const tz_figure_value *value)
{
    for (size_t i = 0; i < values->count; i++) {
        const tz_figure *share = values->items[i].figure;
        if (share->value != TZ_VALUE_RATIO || strcmp(share->numerator, value->figure->name) != 0)
            continue;
        const tz_figure_value *whole = tz_figure_value_of(values, share->denominator);
        if (whole != NULL && whole->value != NULL && leaves_few((int64_t)value->row_count, (int64_t)whole->row_count))
            return true;
    }
    return false;
}

/* A number of rows, or a sum over them. */
static shown_value guard_counted(const tz_figure_values *values, const tz_figure_value *value, const json_t *last)
{
    shown_value before = last_of(last, value->figure->name);
    int64_t     rows = (int64_t)value->row_count;

    if (rows < TZ_LEAST_COUNT || tells_by_its_whole(values, value))
        return (shown_value){0};
    if (before.value != NULL && distance(rows, before.rows) < TZ_LEAST_COUNT && strcmp(before.value, value->value) != 0)
        return (shown_value){before.value, before.rows, true};
    return (shown_value){value->value, rows, false};
}

/* A share stands where both its sides are shown as they are: then what is left of the whole is no small number either. */
static shown_value guard_ratio(const tz_figure_values *values, const tz_figure_value *value, const json_t *last)
{
    const tz_figure_value *a = tz_figure_value_of(values, value->figure->numerator), *b = tz_figure_value_of(values, value->figure->denominator);

    if (a == NULL || b == NULL || a->value == NULL || b->value == NULL)
        return (shown_value){0};
    shown_value above = guard_counted(values, a, last), below = guard_counted(values, b, last);
    bool        is_open = above.value != NULL && !above.is_held && below.value != NULL && !below.is_held;
    return is_open ? (shown_value){value->value, (int64_t)value->row_count, false} : (shown_value){0};
}

static shown_value guard(const tz_figure_values *values, const tz_figure_value *value, const json_t *last)
{
    if (value->value == NULL)
        return (shown_value){0};
    switch (value->figure->kind) {
    case TZ_TARGET:
    case TZ_UNIVERSAL:
    case TZ_MOSTLY: return (shown_value){value->is_true ? "1" : "0", 0, false}; /* its truth; a claim has no number here */
    case TZ_COUNTED:
    case TZ_MEASURED:
    case TZ_BOUND: break;
    }
    return value->figure->value == TZ_VALUE_RATIO ? guard_ratio(values, value, last) : guard_counted(values, value, last);
}

/* ---- The record ---- */

/* The newest record that begins by a day (0: at all) and was not taken down by then. NULL: none. A new reference. */
static tz_rc newest(tz_store *store, int32_t today, json_t **ret_row, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;
    char    day[TZ_DATE_TEXT];

    *ret_row = NULL;
    tz_date_format(today, day);
    TZ_TRY(tz_sql_open(store, "SELECT publication, as_of, at_entry, starts, shown FROM publication WHERE name = 'report'"
                              " AND (?1 = '' OR (starts <= ?1 AND (ends IS NULL OR ends >= ?1) AND (taken IS NULL OR taken > ?1)))"
                              " ORDER BY publication DESC LIMIT 1", &sql, err));
    tz_sql_bind_text(sql, 1, day);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    if (!has_row)
        goto done;
    json_t *row = json_object(), *shown = NULL;
    tz_json_set_int(row, "publication", tz_sql_int(sql, 0));
    tz_json_set_str(row, "as_of", tz_sql_str(sql, 1));
    tz_json_set_int(row, "at_entry", tz_sql_int(sql, 2));
    tz_json_set_str(row, "starts", tz_sql_str(sql, 3));
    rc = tz_json_parse(tz_text_of(tz_sql_str(sql, 4)), &shown, err);
    if (rc == TZ_OK)
        (void)json_object_set_new(row, "shown", shown);
    *ret_row = row;
done:
    tz_sql_close(sql);
    return rc;
}

static const char *iso(tz_arena *mem, int32_t ymd)
{
    char *text = tz_arena_alloc(mem, TZ_DATE_TEXT);
    tz_date_format(ymd, text);
    return text;
}

/* [[figure, value or null, rows, is held], …] as text. */
static const char *shown_text(tz_arena *mem, const tz_figure_values *values, const json_t *last, int64_t *ret_count)
{
    tz_buf  out = tz_buf_init(mem, 0);
    json_t *list = json_array();

    for (size_t i = 0; i < values->count; i++) {
        shown_value one = guard(values, &values->items[i], last);
        *ret_count += one.value != NULL;
        (void)json_array_append_new(list, json_pack("[s, s?, I, b]", values->items[i].figure->name, one.value, (json_int_t)one.rows, one.is_held));
    }
    tz_json_canonical(list, &out);
    json_decref(list);
    return tz_buf_str(&out);
}

static json_t *record(tz_arena *mem, const tz_store *store, tz_day day, int32_t starts, const char *shown, int64_t rows)
{
    json_t *row = json_object();

    tz_json_set_str(row, "name", NAME);
    tz_json_set_str(row, "kind", "statistics");
    tz_json_set_str(row, "medium", "online");
    tz_json_set_str(row, "as_of", iso(mem, day.as_of));
    tz_json_set_int(row, "at_entry", day.at);
    tz_json_set_str(row, "period", "");
    tz_json_set_str(row, "starts", iso(mem, starts));
    static const char *const NONE[] = {"ends", "taken", "taken_why"};
    for (size_t i = 0; i < sizeof NONE / sizeof NONE[0]; i++)
        tz_json_set_str(row, NONE[i], NULL);
    tz_json_set_int(row, "rows", rows);
    tz_json_set_str(row, "shown", shown);
    tz_json_set_str(row, "by_user", store->user);
    return row;
}

tz_rc tz_publish_report(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, int32_t starts, json_t **ret_row, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && store->user != NULL && packs != NULL);
    tz_rc            rc = TZ_OK;
    tz_figure_values values = {0};
    json_t          *last = NULL, *row = NULL;
    int64_t          number = 0, count = 0;
    bool             is_begun = false;

    TZ_TRY(tz_figures_compute(mem, store, packs, day, TZ_ZH, NULL, &values, err));
    TZ_TRY(newest(store, 0, &last, err));
    const char *shown = shown_text(mem, &values, json_object_get(last, "shown"), &count);
    if (count == 0) {
        rc = tz_fail(err, TZ_MISSING, "没有一个指标可以公布", "no figure may be shown");
        goto done;
    }
    row = record(mem, store, day, starts, shown, count);
    TZ_TRY(tz_store_begin(store, err));
    is_begun = true;
    TZ_TRY(tz_journal_next_id(store, "publication", "publication", &number, err));
    tz_json_set_int(row, "publication", number);
    TZ_TRY(tz_journal_put(store, "publish", "publication", row, NULL, NULL, err));
    TZ_TRY(tz_store_commit(store, err));
    is_begun = false;
    if (ret_row != NULL)
        *ret_row = json_incref(row);
done:
    if (is_begun)
        tz_store_rollback(store);
    json_decref(last);
    json_decref(row);
    return rc;
}

/* ---- The page ---- */

static const char *half(tz_arena *mem, const char *both, tz_lang lang)
{
    size_t      size = 0;
    const char *text = both == NULL ? NULL : tz_half(both, lang, &size);
    return text == NULL ? NULL : tz_arena_copy(mem, text, size);
}

/* The word of a claim, without its exceptions. */
static const char *claim_words(tz_figure_kind kind, bool is_true)
{
    if (kind == TZ_UNIVERSAL)
        return is_true ? "属实|holds" : "不属实|does not hold";
    return is_true ? "基本|mostly" : "尚未|not yet";
}

/* The figures as the record shows them: what is kept back is a dash, and everywhere counts as there. */
static tz_figure_values as_shown(tz_arena *mem, const tz_packs *packs, const json_t *shown, tz_lang lang)
{
    tz_figure_values values = {0};
    json_t          *one;
    size_t           i;

    json_array_foreach((json_t *)shown, i, one) {
        const tz_figure *figure = tz_packs_figure(packs, json_string_value(json_array_get(one, 0)));
        const char      *value = json_string_value(json_array_get(one, 1));
        if (figure == NULL)
            continue; /* the packs have it no more: it is not printed again */
        tz_figure_value made = {.figure = figure, .kind = tz_figure_kind_name(figure->kind), .is_true = true,
                                .value = value == NULL ? "—" : tz_arena_dup(mem, value), .printed = "—", .in_sentence = "—"};
        bool is_claim = figure->kind == TZ_UNIVERSAL || figure->kind == TZ_MOSTLY;
        if (value != NULL && is_claim) {
            made.is_true = strcmp(value, "1") == 0;
            made.value = made.is_true && figure->kind == TZ_UNIVERSAL ? "0" : "—";
            made.printed = made.in_sentence = half(mem, claim_words(figure->kind, made.is_true), lang);
        } else if (value != NULL) {
            made.value = figure->kind == TZ_TARGET ? figure->target : made.value;
            tz_phrase_print(mem, &made, lang);
        }
        tz_push(mem, &values, made);
    }
    return values;
}

static json_t *figure_json(tz_arena *mem, const tz_store *store, const tz_figure_value *value, const json_t *shown, tz_day day, tz_lang lang)
{
    const tz_figure *figure = value->figure;
    json_t          *line = json_object();
    char             code[TZ_CODE_TEXT];

    tz_code_make(store->county, figure, day, code);
    tz_json_set_str(line, "figure", figure->name);
    tz_json_set_str(line, "title", half(mem, figure->title, lang));
    tz_json_set_str(line, "definition", half(mem, figure->definition, lang));
    tz_json_set_str(line, "printed", json_is_null(json_array_get(shown, 1)) ? NULL : value->printed);
    (void)json_object_set(line, "is_held", json_array_get(shown, 3));
    tz_json_set_str(line, "unit", half(mem, figure->unit, lang));
    tz_json_set_str(line, "kind", value->kind);
    tz_json_set_str(line, "pack", figure->pack->name);
    tz_json_set_str(line, "pack_title", half(mem, figure->pack->title, lang));
    tz_json_set_str(line, "sql", figure->sql);
    tz_json_set_str(line, "code", code);
    return line;
}

/* What sections link to: names and what is printed, no rows behind them. */
static void add_doc_figures(tz_document *doc, const tz_figure_values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        const tz_figure_value *value = &values->items[i];
        tz_doc_figure         *made = tz_new(doc->mem, tz_doc_figure);
        *made = (tz_doc_figure){.name = value->figure->name, .code = "", .number = (int)i + 1, .title = tz_doc_half(doc, value->figure->title),
                                .definition = "", .value = value->value, .printed = value->printed, .in_sentence = value->in_sentence,
                                .unit = strcmp(value->printed, "—") == 0 ? "" : tz_doc_half(doc, value->figure->unit), .kind = value->kind,
                                .places = value->figure->round, .query = "", .basis = ""};
        tz_push(doc->mem, &doc->figures, made);
    }
}

/* A picture would show parts of townships: it is left out. */
static tz_rc no_picture(void *context, tz_document *doc, tz_text lines, tz_err *err)
{
    (void)context, (void)doc, (void)lines, (void)err;
    return TZ_OK;
}

static tz_rc make_part(tz_arena *mem, const tz_store *store, const tz_packs *packs, const tz_figure_values *values, const char *as_of, tz_lang lang,
                       const tz_html_links *links, tz_text *ret_part, tz_err *err)
{
    static const tz_picture_maker NO_PICTURES = {no_picture, NULL};
    tz_rc        rc = TZ_OK;
    tz_document *doc = tz_document_new(mem, lang);
    json_t      *view = tz_view_figures(mem, values, NULL, lang);
    tz_text      markdown = {0};

    doc->title = doc->county = store->county->name;
    doc->as_of = as_of;
    doc->is_numbered = true;
    add_doc_figures(doc, values);
    TZ_TRY(tz_view_report(mem, packs, view, lang, &markdown, err));
    TZ_TRY(tz_section_add(doc, markdown, NULL, &NO_PICTURES, err));
    tz_view_units(doc);
    tz_typography(doc);
    tz_doc_number(doc);
    TZ_TRY(tz_html_part(mem, doc, links, ret_part, err));
done:
    json_decref(view);
    return rc;
}

tz_rc tz_public_report(tz_arena *mem, tz_store *store, const tz_packs *packs, int32_t today, tz_lang lang, const tz_html_links *links,
                       json_t **ret_report, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && today > 0 && links != NULL && ret_report != NULL);
    tz_rc   rc = TZ_OK;
    json_t *row = NULL, *figures = json_array();
    tz_text part = {0};
    tz_day  day = {0};

    TZ_TRY(newest(store, today, &row, err));
    if (row == NULL) {
        rc = tz_fail(err, TZ_MISSING, "还没有公布报告", "no report was published yet");
        goto done;
    }
    day.at = tz_json_int(row, "at_entry", 0);
    tz_assert(tz_date_parse_iso(tz_text_of(tz_json_str(row, "as_of")), &day.as_of));
    const json_t    *shown = json_object_get(row, "shown");
    tz_figure_values values = as_shown(mem, packs, shown, lang);
    TZ_TRY(make_part(mem, store, packs, &values, tz_json_str(row, "as_of"), lang, links, &part, err));
    for (size_t i = 0, at = 0; i < values.count; i++, at++) {
        while (strcmp(json_string_value(json_array_get(json_array_get(shown, at), 0)), values.items[i].figure->name) != 0)
            at++;
        (void)json_array_append_new(figures, figure_json(mem, store, &values.items[i], json_array_get(shown, at), day, lang));
    }
    (void)json_object_del(row, "shown");
    (void)json_object_set(row, "figures", figures);
    (void)json_object_set_new(row, "part", tz_json_text(part));
    *ret_report = json_incref(row);
done:
    json_decref(row);
    json_decref(figures);
    return rc;
}
