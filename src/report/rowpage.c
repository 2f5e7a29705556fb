#include "report/rowpage.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "checks/check.h"
#include "formats/book.h"
#include "packs/mask.h"
#include "report/known.h"

enum { MOST_COLUMNS = 1024 };

/* ---- The row as it was sent ---- */

/* A column of the sheet: the header that import read over it, and its cell on our row. */
typedef struct {
    const char *header, *sent;
} sent_column;

typedef struct {
    tz_arena    *mem;
    json_t      *mapping; /* [{column, header}] of the sheet */
    sent_column *columns;
    size_t       count;
    bool         is_1904;
} sent_row;

static bool is_header(const sent_row *of, tz_text text, const char **ret_header)
{
    size_t  i;
    json_t *one;
    tz_text folded = tz_text_fold(of->mem, text);

    if (folded.size == 0)
        return false;
    json_array_foreach(of->mapping, i, one) {
        tz_text header = tz_text_fold(of->mem, tz_text_of(tz_json_str(one, "header")));
        if (!tz_text_ends(header, folded)) /* a header below a merged parent has both */
            continue;
        *ret_header = tz_json_str(one, "header");
        return true;
    }
    return false;
}

/* A line over the row that holds several of the headers names its columns. */
static void note_headers(sent_row *of, const tz_row *row)
{
    size_t      found = 0;
    const char *header = NULL;

    for (size_t i = 0; i < row->count && i < MOST_COLUMNS; i++)
        found += is_header(of, row->cells[i].text, &header);
    for (size_t i = 0; found >= 2 && i < row->count && i < MOST_COLUMNS; i++)
        if (is_header(of, row->cells[i].text, &header))
            of->columns[i].header = header;
}

/* As people see it: a serial number that is shown as a date is that date. */
static const char *shown_cell(const sent_row *of, const tz_cell *cell)
{
    int64_t     serial = 0;
    char        day[TZ_DATE_TEXT];
    const char *text = tz_text_dup(of->mem, cell->text);
    char       *end = NULL;

    if (cell->kind == TZ_CELL_EMPTY || text[0] == '\0')
        return NULL;
    if (cell->is_date && cell->kind == TZ_CELL_NUMBER && strchr(text, '.') == NULL) {
        serial = strtoll(text, &end, 10);
        tz_date_format(*end == '\0' ? tz_date_from_serial(serial, of->is_1904) : 0, day);
        return day[0] == '\0' ? text : tz_arena_dup(of->mem, day);
    }
    return text;
}

static tz_rc read_sheet(sent_row *of, tz_book *book, size_t index, int64_t row_no, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_sheet     *sheet = NULL;
    const tz_row *row = NULL;

    of->is_1904 = book->sheets.items[index].is_1904;
    TZ_TRY(tz_sheet_open(of->mem, book, index, &sheet, err));
    for (;;) {
        TZ_TRY(tz_sheet_next(sheet, &row, err));
        if (row == NULL || row->row_no > row_no)
            break;
        if (row->row_no < row_no) {
            note_headers(of, row);
            continue;
        }
        for (size_t i = 0; i < row->count && i < MOST_COLUMNS; i++)
            of->columns[i].sent = shown_cell(of, &row->cells[i]);
        of->count = row->count < MOST_COLUMNS ? row->count : MOST_COLUMNS;
    }
done:
    tz_sheet_close(sheet);
    return rc;
}

static tz_rc read_sent(sent_row *of, const char *path, int64_t sheet_no, int64_t row_no, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_book *book = NULL;

    of->columns = tz_new_array(of->mem, sent_column, MOST_COLUMNS);
    memset(of->columns, 0, sizeof of->columns[0] * MOST_COLUMNS);
    TZ_TRY(tz_book_open(of->mem, path, &book, err));
    if (sheet_no < 1 || (size_t)sheet_no > book->sheets.count)
        rc = tz_fail(err, TZ_MISSING, "文件里没有第 %lld 张表", "the file has no sheet %lld", (long long)sheet_no);
    else
        rc = read_sheet(of, book, (size_t)sheet_no - 1, row_no, err);
done:
    tz_book_close(book);
    return rc;
}

/* ---- The batch ---- */

typedef struct {
    const char *original, *as_of, *sender, *withdrawn_why;
    json_t     *sheets;
} batch_of_row;

static tz_rc read_batch(tz_arena *mem, tz_store *store, int64_t batch, batch_of_row *ret, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(store, "SELECT original, as_of, sender, sheets, CASE WHEN withdrawn_entry IS NULL THEN NULL ELSE coalesce(withdrawn_why, '')"
                              " END FROM batch WHERE batch = ?1", &sql, err));
    tz_sql_bind_int(sql, 1, batch);
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    tz_assert(has_row); /* its row was found */
    ret->original = tz_sql_dup(mem, sql, 0);
    ret->as_of = tz_sql_dup(mem, sql, 1);
    ret->sender = tz_sql_dup(mem, sql, 2);
    ret->withdrawn_why = tz_sql_dup(mem, sql, 4);
    TZ_TRY(tz_json_parse(tz_text_of(tz_sql_str(sql, 3)), &ret->sheets, err));
done:
    tz_sql_close(sql);
    return rc;
}

static json_t *mapping_of(const batch_of_row *batch, int64_t sheet_no)
{
    size_t  i;
    json_t *sheet;

    json_array_foreach(batch->sheets, i, sheet)
        if (tz_json_int(sheet, "no", 0) == sheet_no)
            return json_object_get(sheet, "mapping");
    return NULL;
}

/* ---- The cells ---- */

static const char *header_of(const json_t *mapping, const char *column)
{
    size_t  i;
    json_t *one;

    json_array_foreach((json_t *)mapping, i, one)
        if (tz_json_str(one, "column") != NULL && strcmp(tz_json_str(one, "column"), column) == 0)
            return tz_json_str(one, "header");
    return NULL;
}

static const char *sent_under(const sent_row *sent, const char *header)
{
    for (size_t i = 0; header != NULL && i < sent->count; i++)
        if (sent->columns[i].header != NULL && strcmp(sent->columns[i].header, header) == 0)
            return sent->columns[i].sent;
    return NULL;
}

static void put_cells(const tz_known *known, const tz_known_row *row, const sent_row *sent, json_t *tree)
{
    json_t *cells = json_array();

    for (int i = 0; row->reg != NULL && i < (int)row->reg->columns.count; i++) {
        const tz_column *column = &row->reg->columns.items[i];
        const char      *value = tz_known_value(known, row, i), *written = sent_under(sent, header_of(sent->mapping, column->name));
        bool             is_masked = known->view->is_masked && column->sensitivity > TZ_INTERNAL;
        json_t          *line = json_object();
        tz_json_set_str(line, "column", column->name);
        tz_json_set_str(line, "title", tz_known_half(known, column->title));
        tz_json_set_str(line, "value", value);
        tz_json_set_str(line, "unit", column->unit);
        tz_json_set_str(line, "sent", is_masked ? tz_mask_column(known->mem, column, written) : written);
        (void)json_object_set_new(line, "is_masked", json_boolean(is_masked));
        (void)json_array_append_new(cells, line);
    }
    (void)json_object_set_new(tree, "cells", cells);
}

/* What nobody declared may be anything: masked by its look, unless the reader sees this row. */
static void put_unread(const tz_known *known, const sent_row *sent, json_t *tree)
{
    json_t *unread = json_array();

    for (size_t i = 0; i < sent->count; i++) {
        const sent_column *one = &sent->columns[i];
        char               letters[8];
        size_t             j;
        json_t            *mapped;
        bool               is_read = false;
        json_array_foreach(sent->mapping, j, mapped)
            is_read |= one->header != NULL && tz_json_str(mapped, "column") != NULL && strcmp(tz_json_str(mapped, "header"), one->header) == 0;
        if (is_read || one->sent == NULL)
            continue;
        tz_column_letters((int32_t)i, letters);
        json_t *line = json_object();
        tz_json_set_str(line, "letter", letters);
        tz_json_set_str(line, "header", one->header);
        bool is_short_number = strspn(one->sent, "0123456789") == strlen(one->sent) && strlen(one->sent) < 7;
        tz_json_set_str(line, "sent", known->view->is_masked && !is_short_number ? tz_mask_any(known->mem, one->sent) : one->sent);
        (void)json_array_append_new(unread, line);
    }
    (void)json_object_set_new(tree, "unread", unread);
}

static void put_divisions(const tz_known_row *row, json_t *tree)
{
    json_t *divisions = json_array();

    for (int i = 0; row->reg != NULL && i < (int)row->reg->columns.count; i++) {
        const tz_column *column = &row->reg->columns.items[i];
        const char      *value = column->type == TZ_TYPE_DIVISION ? tz_json_str(row->row.values, column->name) : NULL;
        if (value != NULL)
            (void)json_array_append_new(divisions, json_string(value));
    }
    (void)json_object_set_new(tree, "divisions", divisions);
}

/* ---- What rests on it ---- */

static void add_number(json_t *list, int64_t number)
{
    size_t  i;
    json_t *one;

    json_array_foreach(list, i, one)
        if (json_integer_value(one) == number)
            return;
    if (number > 0)
        (void)json_array_append_new(list, json_integer(number));
}

static tz_rc put_resting(const tz_known *known, int64_t row_id, json_t *tree, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    tz_sql           *sql = NULL;
    json_t           *rows = json_pack("[I]", (json_int_t)row_id), *findings = NULL, *issues = json_array(), *finding;
    size_t            i;
    tz_finding_filter filter = {.rows = rows, .at = known->view->day.at, .is_masked = known->view->is_masked, .lang = known->view->lang};

    TZ_TRY(tz_findings(known->mem, known->store, known->packs, &filter, &findings, err));
    json_array_foreach(findings, i, finding)
        add_number(issues, tz_json_int(finding, "issue", 0));
    TZ_TRY(tz_sql_open(known->store, "SELECT issue FROM evidence WHERE row = ?1 ORDER BY issue", &sql, err));
    tz_sql_bind_int(sql, 1, row_id);
    TZ_EACH_ROW (known->store, sql, err) {
        add_number(issues, tz_sql_int(sql, 0));
    }
    (void)json_object_set(tree, "findings", findings);
    (void)json_object_set(tree, "issues", issues);
done:
    tz_sql_close(sql);
    json_decref(rows);
    json_decref(findings);
    json_decref(issues);
    return rc;
}

static void put_links(const json_t *all, const char *address, json_t *tree)
{
    json_t *links = json_array(), *link;
    size_t  i;

    json_array_foreach((json_t *)all, i, link)
        if (strcmp(tz_json_str(json_object_get(link, "row"), "address"), address) == 0)
            (void)json_array_append(links, link);
    (void)json_object_set_new(tree, "links", links);
}

/* What is wrong with a row, as its batch lists it, in a sentence: "B4 必填项为空,补填后重新报送;…". The values stand elsewhere. */
static const char *say_why(const tz_known *known, const char *listed)
{
    json_t *list = NULL, *problem;
    tz_buf  out = tz_buf_init(known->mem, 0);
    size_t  i;
    tz_err  ignored;

    if (listed == NULL || tz_json_parse(tz_text_of(listed), &list, &ignored) != TZ_OK)
        return NULL;
    json_array_foreach(list, i, problem) {
        const char *cell = tz_json_str(problem, "cell"), *rule = tz_json_str(problem, "rule"), *advice = tz_json_str(problem, "advice");
        tz_buf_printf(&out, "%s%s%s%s", out.size == 0 ? "" : "; ", cell == NULL ? "" : cell, cell == NULL ? "" : " ",
                      rule == NULL ? "" : tz_known_half(known, rule));
        if (advice != NULL)
            tz_buf_printf(&out, ", %s", tz_known_half(known, advice));
    }
    json_decref(list);
    return out.size == 0 ? NULL : tz_buf_str(&out);
}

/* ---- All of it ---- */

static tz_rc put_row(const tz_known *known, int64_t row_id, json_t *tree, tz_err *err)
{
    tz_rc               rc = TZ_OK;
    const tz_known_row *row = tz_known_row_of(known, row_id);
    batch_of_row        batch = {0};
    sent_row            sent = {.mem = known->mem};
    json_t             *face = tz_known_json(known, row), *links = NULL;
    tz_err              wrong = {0};

    TZ_TRY(read_batch(known->mem, known->store, row->row.batch, &batch, err));
    (void)json_object_update(tree, face);
    tz_json_set_str(tree, "as_of", batch.as_of);
    tz_json_set_str(tree, "sender", batch.sender);
    tz_json_set_str(tree, "original", batch.original);
    tz_json_set_str(tree, "withdrawn_why", batch.withdrawn_why);
    tz_json_set_str(tree, "quarantined_why", say_why(known, row->row.quarantined_why));
    (void)json_object_set_new(tree, "is_valid", json_boolean(row->is_valid));
    sent.mapping = mapping_of(&batch, tz_row_sheet(row_id));
    tz_rc reading = read_sent(&sent, tz_store_path(known->mem, known->store, "originals", batch.original), tz_row_sheet(row_id),
                              row->row.row_no, &wrong);
    tz_json_set_str(tree, "why_not_sent", reading == TZ_OK ? NULL : known->view->lang == TZ_ZH ? wrong.zh : wrong.en);
    put_cells(known, row, &sent, tree);
    put_unread(known, &sent, tree);
    put_divisions(row, tree);
    TZ_TRY(tz_known_links(known, &links, err));
    put_links(links, tz_json_str(face, "address"), tree);
    TZ_TRY(put_resting(known, row_id, tree, err));
done:
    json_decref(face);
    json_decref(links);
    json_decref(batch.sheets);
    return rc;
}

tz_rc tz_row_show(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_household_view *view, int64_t row_id, json_t **ret_row,
                  tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && view != NULL && ret_row != NULL);
    tz_rc    rc = TZ_OK;
    tz_known known = {.mem = mem, .store = store, .packs = packs, .view = view};
    json_t  *tree = json_object();
    char     number[32];

    (void)snprintf(number, sizeof number, "%lld", (long long)row_id);
    TZ_TRY(tz_known_load(&known,
                         "SELECT row, role, person, household FROM people WHERE person IN (SELECT person FROM people WHERE row = CAST($1 AS BIGINT))"
                         " ORDER BY row, role", number, row_id, err));
    TZ_TRY(put_row(&known, row_id, tree, err));
    *ret_row = json_incref(tree);
done:
    tz_known_close(&known);
    json_decref(tree);
    return rc;
}
