#include "ledger/intake.h"

#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "ledger/inside.h"
#include "ledger/sheet.h"
#include "ledger/words.h"
#include "store/journal.h"

typedef struct {
    tz_arena                 *mem;
    tz_store                 *store;
    const tz_packs           *packs;
    const tz_ledger          *ledger;
    const tz_intake_options  *options;
    const tz_list            *list; /* the sheet that is taken */
    const char               *raised_by;
    const char               *original; /* digest, or NULL in a dry run */
    tz_map                    known;    /* fold(sentence) \n unit \n parent -> issue */
    int32_t                   today;
    json_t                   *rows;
    int64_t opened, joined, repeated, reopened, refused;
} intake;

/* What a row says, once it was understood. */
typedef struct {
    const tz_list_row *row;
    const char        *title, *unit;
    tz_time_limit      limit;
    int64_t            parent;
} problem;

/* ---- What is known already ---- */

static tz_text key_of(tz_arena *mem, const char *title, const char *unit, int64_t parent)
{
    tz_text folded = tz_text_fold(mem, tz_text_of(title));
    return tz_text_of(tz_arena_printf(mem, "%.*s\n%s\n%lld", TZ_FMT(folded), unit == NULL ? "" : unit, (long long)parent));
}

/* The same sentence twice in the ledger (merged, or by hand): the newer one that is open, else the newest. */
static tz_rc load_known(intake *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false, is_new = false;

    TZ_TRY(tz_sql_open(of->store,
                       "SELECT issue, title, unit, coalesce(parent, 0) FROM issue WHERE ledger = ?1 AND state <> 'merged' ORDER BY"
                       " state NOT IN ('closed', 'closed-pending-data', 'dismissed', 'transferred'), issue", &sql, err));
    tz_sql_bind_text(sql, 1, of->ledger->name);
    for (;;) {
        const char *unit = NULL;
        TZ_TRY(tz_sql_step(of->store, sql, &has_row, err));
        if (!has_row)
            break;
        if (tz_sql_str(sql, 2) != NULL)
            TZ_TRY(tz_unit_now(of->mem, of->store, tz_sql_dup(of->mem, sql, 2), &unit, err));
        tz_map_put(&of->known, key_of(of->mem, tz_sql_str(sql, 1), unit, tz_sql_int(sql, 3)), &is_new)->value = tz_sql_int(sql, 0);
    }
done:
    tz_sql_close(sql);
    return rc;
}

/* How often an issue was seen: by whom, or (row_no) in this very row. */
static tz_rc count_sources(intake *of, int64_t issue, const char *where, const char *text, int64_t row_no, int64_t *ret_count, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(of->store, tz_arena_printf(of->mem, "SELECT count(*) FROM issue_source WHERE issue = ?1 AND %s", where), &sql, err));
    tz_sql_bind_int(sql, 1, issue);
    tz_sql_bind_text(sql, 2, text);
    if (row_no != 0) {
        tz_sql_bind_int(sql, 3, row_no);
        tz_sql_bind_text(sql, 4, of->list->sheet);
    }
    TZ_TRY(tz_sql_step(of->store, sql, &has_row, err));
    *ret_count = tz_sql_int(sql, 0);
done:
    tz_sql_close(sql);
    return rc;
}

/* ---- What came of a row ---- */

/* The letter of the column that is of a kind, or NULL. */
static const char *column_of(const intake *of, tz_list_column_kind kind)
{
    size_t  i;
    json_t *line;

    json_array_foreach(of->list->mapping, i, line) {
        const char *field = tz_json_str(line, "field");
        if (field != NULL && strcmp(field, tz_list_column_name(kind)) == 0)
            return tz_json_str(line, "column");
    }
    return NULL;
}

static void add_line(intake *of, const tz_list_row *row, const char *action, const char *unit, json_t *rest)
{
    tz_json_set_int(rest, "row", row->row_no);
    tz_json_set_str(rest, "action", action);
    tz_json_set_str(rest, "unit", unit);
    (void)json_array_append_new(of->rows, rest);
}

static void tell(intake *of, const problem *is, int64_t issue, const char *action)
{
    const char *claims = is->row->cells[TZ_LIST_CLOSED] != NULL ? is->row->cells[TZ_LIST_CLOSED] : is->row->cells[TZ_LIST_RESULT];
    char        due[TZ_DATE_TEXT];

    tz_date_format(is->limit.due, due);
    json_t *line = json_pack("{s:I, s:s, s:s?, s:n, s:n}", "issue", (json_int_t)issue, "term", is->limit.term, "due", due[0] == '\0' ? NULL : due,
                             "column", "text");
    (void)json_object_set_new(line, "claims", claims == NULL ? json_null() : tz_json_text(tz_text_of(claims)));
    add_line(of, is->row, action, is->unit, line);
}

static void refuse(intake *of, const tz_list_row *row, tz_list_column_kind kind, const char *zh, const char *en)
{
    json_t *line = json_pack("{s:n, s:n, s:n, s:n, s:s?}", "issue", "term", "due", "claims", "column", column_of(of, kind));

    tz_json_set_str(line, "text", of->store->app->lang == TZ_ZH ? zh : en);
    add_line(of, row, "refuse", row->cells[TZ_LIST_UNIT], line);
    of->refused++;
}

/* ---- Writing ---- */

/* What stays with an issue from the list's columns: what the ledger declares, and what every list has. */
static json_t *fields_of(const tz_list_row *row)
{
    static const tz_list_column_kind KEPT[] = {TZ_LIST_MEASURE,  TZ_LIST_GOAL,  TZ_LIST_RESPONSIBLE, TZ_LIST_LEADER,
                                               TZ_LIST_PROGRESS, TZ_LIST_RESULT, TZ_LIST_CLOSED,     TZ_LIST_KIND,
                                               TZ_LIST_SOURCE,   TZ_LIST_REMARK};
    json_t *fields = json_object();

    for (size_t i = 0; i < sizeof KEPT / sizeof KEPT[0]; i++)
        if (row->cells[KEPT[i]] != NULL)
            (void)json_object_set_new(fields, tz_list_column_name(KEPT[i]), tz_json_text(tz_text_of(row->cells[KEPT[i]])));
    (void)json_object_update(fields, row->fields);
    return fields;
}

static tz_rc put_source(intake *of, const problem *is, int64_t issue, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t number = 0;
    tz_buf  cells = tz_buf_init(of->mem, 0);
    json_t *source = json_object();

    if (of->original == NULL)
        goto done;
    TZ_TRY(tz_journal_next_id(of->store, "issue_source", "source", &number, err));
    tz_json_canonical(is->row->all, &cells);
    tz_json_set_int(source, "source", number);
    tz_json_set_int(source, "issue", issue);
    (void)json_object_set_new(source, "raised_by", tz_json_text(tz_text_of(of->raised_by)));
    tz_json_set_str(source, "original", of->original);
    tz_json_set_str(source, "sheet", of->list->sheet);
    tz_json_set_int(source, "row_no", is->row->row_no);
    tz_json_set_str(source, "cells", tz_buf_str(&cells));
    TZ_TRY(tz_journal_put(of->store, "issue.import", "issue_source", source, NULL, NULL, err));
done:
    json_decref(source);
    return rc;
}

static tz_rc put_people(intake *of, const char *people, int64_t issue, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_text rest = tz_text_of(people), name;

    while (tz_next_part(&rest, &name))
        TZ_TRY(tz_issue_add_person(of->store, issue, name, "issue.import", err));
done:
    return rc;
}

/* The one user of that name, who then is the handler. */
static const char SELECT_NAMED[] = "SELECT min(user) FROM user WHERE name = ?1 AND state = 'active' HAVING count(*) = 1";

/* What the options of `new` have no room for: supporting units, the handler. */
static tz_rc complete(intake *of, const problem *is, int64_t number, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *responsible = is->row->cells[TZ_LIST_RESPONSIBLE], *support = is->row->cells[TZ_LIST_SUPPORT], *handler = NULL;
    json_t     *issue = NULL, *detail = json_object();

    if (responsible != NULL)
        TZ_TRY(tz_sql_one_text(of->mem, of->store, SELECT_NAMED, responsible, NULL, &handler, err));
    if (handler == NULL && support == NULL)
        goto done;
    TZ_TRY(tz_issue_load(of->store, number, &issue, err));
    if (handler != NULL) {
        tz_json_set_str(issue, "handler", handler);
        tz_json_set_str(detail, "handler", handler);
    }
    if (support != NULL)
        tz_issue_set_support(issue, support, detail);
    TZ_TRY(tz_issue_put(of->store, issue, "import", NULL, detail, err));
done:
    json_decref(issue);
    json_decref(detail);
    return rc;
}

static tz_rc open_problem(intake *of, const problem *is, int64_t *ret_issue, tz_err *err)
{
    tz_rc                rc = TZ_OK;
    char                 due[TZ_DATE_TEXT];
    json_t              *fields = fields_of(is->row);
    tz_issue_new_options options = {.ledger = of->ledger->name, .title = is->title, .raised_by = of->raised_by, .level = of->options->level,
                                    .source = of->options->source == NULL ? "inspection" : of->options->source, .unit = is->unit,
                                    .term = is->limit.term, .parent = is->parent, .fields = fields};

    tz_date_format(is->limit.due, due);
    options.due = is->limit.due == 0 ? NULL : due;
    TZ_TRY(tz_issue_put_new(of->store, of->packs, &options, ret_issue, err));
    TZ_TRY(complete(of, is, *ret_issue, err));
    if (is->row->cells[TZ_LIST_PEOPLE] != NULL)
        TZ_TRY(put_people(of, is->row->cells[TZ_LIST_PEOPLE], *ret_issue, err));
    TZ_TRY(put_source(of, is, *ret_issue, err));
    of->opened++;
    tell(of, is, *ret_issue, "open");
done:
    json_decref(fields);
    return rc;
}

/* Brings the fields of a known issue up to date; true where that changed something. */
static bool update_fields(intake *of, const problem *is, json_t *issue)
{
    tz_err  ignored;
    tz_buf  text = tz_buf_init(of->mem, 0);
    json_t *was = NULL, *fresh = fields_of(is->row), *now = NULL;
    bool    is_changed = false;

    if (tz_json_parse(tz_text_of(tz_json_str(issue, "fields")), &was, &ignored) == TZ_OK) {
        now = json_copy(was);
        (void)json_object_update(now, fresh);
        is_changed = !json_equal(was, now);
        tz_json_canonical(now, &text);
        tz_json_set_str(issue, "fields", tz_buf_str(&text));
    }
    json_decref(was);
    json_decref(fresh);
    json_decref(now);
    return is_changed;
}

/* Another list raises what had ended: back to its first step, with the time that this list gives. */
static void restart(intake *of, const problem *is, json_t *issue, json_t *detail)
{
    char today[TZ_DATE_TEXT], due[TZ_DATE_TEXT];

    tz_date_format(of->today, today);
    tz_issue_restart(of->mem, of->store, of->ledger, today, issue, detail);
    tz_json_set_str(issue, "term", is->limit.term);
    tz_date_format(is->limit.due, due);
    if (is->limit.due != 0)
        tz_json_set_str(issue, "due", due);
}

/* A list that raised it before brings news of it; another list that raises it after its end finds a relapse. */
static tz_rc join_problem(intake *of, const problem *is, int64_t number, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t same_row = 0, same_list = 0;
    json_t *issue = NULL, *detail = json_object();

    TZ_TRY(tz_issue_load(of->store, number, &issue, err));
    TZ_TRY(count_sources(of, number, "original = ?2 AND row_no = ?3 AND sheet IS ?4",
                         of->original == NULL ? "" : of->original, is->row->row_no, &same_row, err));
    TZ_TRY(count_sources(of, number, "raised_by = ?2", of->raised_by, 0, &same_list, err));
    bool is_changed = update_fields(of, is, issue), is_relapse = same_list == 0 && !tz_state_is_open(tz_json_str(issue, "state"));
    if (same_list > 0 && (same_row > 0 || !is_changed)) {
        of->repeated++;
        tell(of, is, number, "known");
        goto done;
    }
    if (is_relapse)
        restart(of, is, issue, detail);
    of->reopened += is_relapse;
    of->joined += !is_relapse;
    (void)json_object_set_new(detail, "raised_by", tz_json_text(tz_text_of(of->raised_by)));
    TZ_TRY(tz_issue_put(of->store, issue, is_relapse ? "relapse" : "join", NULL, detail, err));
    TZ_TRY(put_source(of, is, number, err));
    tell(of, is, number, is_relapse ? "reopen" : "join");
done:
    json_decref(issue);
    json_decref(detail);
    return rc;
}

/* ---- Rows ---- */

/* Understands a row; false: it was refused. of_problem: the row that its cells continue, or itself. */
static tz_rc understand(intake *of, const tz_list_row *row, const tz_list_row *of_problem, problem *is, bool *ret_is_good, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *unit = row->cells[TZ_LIST_UNIT] != NULL ? row->cells[TZ_LIST_UNIT] : of_problem->cells[TZ_LIST_UNIT];
    const char *due = row->cells[TZ_LIST_DUE] != NULL ? row->cells[TZ_LIST_DUE] : of_problem->cells[TZ_LIST_DUE];
    tz_err      wrong = {0};

    is->row = row;
    if (unit != NULL)
        TZ_TRY(tz_unit_now(of->mem, of->store, unit, &unit, err));
    is->unit = unit;
    *ret_is_good = tz_time_limit_parse(tz_text_of(due), of->today, &of->store->county->calendar, &is->limit);
    if (*ret_is_good && tz_issue_judge_fields(of->ledger, row->fields, &wrong) != TZ_OK) {
        *ret_is_good = false;
        refuse(of, row, TZ_LIST_KIND, tz_arena_printf(of->mem, "%s;%s", wrong.zh, wrong.advice_zh),
               tz_arena_printf(of->mem, "%s; %s", wrong.en, wrong.advice_en));
    } else if (!*ret_is_good) {
        refuse(of, row, TZ_LIST_DUE, "时限读不懂;写作 2020-06-30、2020年6月底前、15个工作日内、立行立改或长期坚持,再导入一次",
               "the time limit can't be read; write 2020-06-30, 2020年6月底前, 15个工作日内, 立行立改 or 长期坚持 and import it again");
    }
done:
    return rc;
}

static tz_rc take(intake *of, problem *is, int64_t *ret_issue, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    bool          is_new = false;
    tz_map_entry *known = tz_map_put(&of->known, key_of(of->mem, is->title, is->unit, is->parent), &is_new);
    int64_t       issue = known->value;

    if (is_new) {
        TZ_TRY(open_problem(of, is, &issue, err));
        known->value = issue;
    } else {
        TZ_TRY(join_problem(of, is, issue, err));
    }
    *ret_issue = issue;
done:
    return rc;
}

/* A problem and the measures below it: `count` rows of which the first names the problem. */
static tz_rc take_group(intake *of, const tz_list_row *rows, size_t count, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    problem whole = {.title = rows[0].cells[TZ_LIST_PROBLEM], .parent = of->options->parent};
    int64_t parent = 0, child = 0;
    bool    is_good = false;

    TZ_TRY(understand(of, &rows[0], &rows[0], &whole, &is_good, err));
    if (!is_good)
        goto done;
    TZ_TRY(take(of, &whole, &parent, err));
    for (size_t i = 0; count > 1 && i < count; i++) {
        problem measure = {.title = rows[i].cells[TZ_LIST_MEASURE], .parent = parent};
        if (measure.title == NULL)
            continue;
        TZ_TRY(understand(of, &rows[i], &rows[0], &measure, &is_good, err));
        if (is_good)
            TZ_TRY(take(of, &measure, &child, err));
    }
done:
    return rc;
}

static tz_rc take_rows(intake *of, tz_err *err)
{
    tz_rc              rc = TZ_OK;
    const tz_list_row *rows = of->list->rows.items;

    for (size_t i = 0, count; i < of->list->rows.count; i += count) {
        count = 1;
        if (rows[i].cells[TZ_LIST_PROBLEM] == NULL) {
            refuse(of, &rows[i], TZ_LIST_PROBLEM, "没有写问题", "it names no problem");
            continue;
        }
        while (i + count < of->list->rows.count && rows[i + count].cells[TZ_LIST_PROBLEM] == NULL &&
               rows[i + count].cells[TZ_LIST_MEASURE] != NULL)
            count++;
        TZ_TRY(take_group(of, &rows[i], count, err));
    }
done:
    return rc;
}

/* ---- The file ---- */

static tz_rc keep_original(intake *of, const char *path, tz_err *err)
{
    tz_digest digest;
    char      hex[TZ_SM3_HEX];
    tz_rc     rc = tz_store_keep(of->store, path, tz_file_base(path), &digest, err);

    if (rc == TZ_OK) {
        tz_digest_hex(&digest, hex);
        of->original = tz_arena_dup(of->mem, hex);
    }
    return rc;
}

static json_t *result_json(const intake *of, const char *path)
{
    return json_pack("{s:s, s:s?, s:I, s:s, s:O, s:O, s:{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}}", "file", tz_file_base(path), "sheet",
                     of->list->sheet, "header_row", (json_int_t)of->list->header_row, "raised_by", of->raised_by, "mapping", of->list->mapping,
                     "rows", of->rows, "account", "rows", (json_int_t)of->list->rows.count, "opened", (json_int_t)of->opened, "joined",
                     (json_int_t)of->joined, "known", (json_int_t)of->repeated, "reopened", (json_int_t)of->reopened, "refused",
                     (json_int_t)of->refused, "blank", (json_int_t)of->list->blank, "notes", (json_int_t)of->list->notes);
}

/* One sheet; its result goes to results. */
static tz_rc take_sheet(intake *of, const tz_list *list, const char *path, json_t *results, tz_err *err)
{
    tz_rc rc = TZ_OK;

    of->list = list;
    of->rows = json_array();
    of->opened = of->joined = of->repeated = of->reopened = of->refused = 0;
    of->raised_by = of->options->raised_by != NULL ? of->options->raised_by : list->title != NULL ? list->title : tz_file_base(path);
    TZ_TRY(take_rows(of, err));
    (void)json_array_append_new(results, result_json(of, path));
done:
    json_decref(of->rows);
    of->rows = NULL;
    return rc;
}

tz_rc tz_issue_import(tz_arena *mem, tz_store *store, const tz_packs *packs, const char *path, const tz_intake_options *options,
                      json_t **ret_result, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && path != NULL && options != NULL && ret_result != NULL);
    tz_rc    rc = TZ_OK;
    intake   of = {.mem = mem, .store = store, .packs = packs, .ledger = tz_ledger_find(packs, options->ledger), .options = options,
                   .known = tz_map_init(mem), .today = tz_issue_today(store)};
    tz_lists lists = {0};
    json_t  *results = json_array();

    if (of.ledger == NULL) {
        rc = tz_fail(err, TZ_USAGE, "没有台账 “%s”", "there is no ledger '%s'", options->ledger);
        goto done;
    }
    TZ_TRY(tz_lists_read(mem, path, of.ledger, &lists, err));
    TZ_TRY(tz_store_begin(store, err));
    if (!options->is_dry_run)
        TZ_TRY(keep_original(&of, path, err));
    TZ_TRY(load_known(&of, err));
    for (size_t i = 0; i < lists.count; i++)
        TZ_TRY(take_sheet(&of, &lists.items[i], path, results, err));
    if (options->is_dry_run)
        tz_store_rollback(store);
    else
        TZ_TRY(tz_store_commit(store, err));
    *ret_result = json_incref(results);
done:
    if (rc != TZ_OK)
        tz_store_rollback(store);
    json_decref(results);
    tz_lists_free(&lists);
    return rc;
}
