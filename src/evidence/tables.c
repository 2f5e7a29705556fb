#include "evidence/tables.h"

#include <string.h>

#include "base/assert.h"
#include "base/limits.h"

/* Further tables: rows that are looked through, rows kept of each candidate, candidates tried. */
enum { SEARCHED_ROWS = 20000, CANDIDATE_ROWS = 12, MOST_CANDIDATES = 100 };

typedef struct {
    tz_arena  *mem;
    tz_arena   scratch; /* of one candidate */
    tz_book   *book;
    size_t     index;
    const tz_sheet_hints *hints;
    int64_t   *next_no;
    tz_tables *tables;
    tz_merges  merges;
    size_t     candidates;
} finding;

/* ---- Parts ---- */

static int count_parts(const tz_understanding *table)
{
    int parts = 0;

    for (size_t i = 0; i < table->columns.count; i++)
        parts = table->columns.items[i].part > parts ? table->columns.items[i].part : parts;
    return parts;
}

/* The table's columns that belong to one part: its own and those of every row. */
static tz_understanding part_of(finding *of, const tz_understanding *table, int part)
{
    tz_understanding own = *table;

    own.columns = (tz_column_matches){0};
    own.part = part;
    for (size_t i = 0; i < table->columns.count; i++) {
        tz_column_match match = table->columns.items[i];
        own.period = match.part == part && match.period != NULL ? match.period : own.period;
        if (match.part != 0 && match.part != part) {
            match.column = -1;
            match.reason = "属于另一部分|belongs to another part";
        }
        tz_push(of->mem, &own.columns, match);
    }
    return own;
}

/* The first table of a sheet has the sheet's number; every other has one behind all sheets. */
static void add_table(finding *of, const tz_understanding *table)
{
    int    parts = count_parts(table);
    bool   is_first = of->tables->count == 0 || of->tables->items[of->tables->count - 1].no != (int64_t)of->index + 1;

    for (size_t i = 0; i < of->tables->count; i++)
        is_first = is_first && of->tables->items[i].no != (int64_t)of->index + 1;
    for (int part = parts == 0 ? 0 : 1; part <= parts && *of->next_no <= TZ_MAX_SHEETS; part++) {
        tz_understanding own = part == 0 ? *table : part_of(of, table, part);
        own.sheet = of->index;
        own.no = is_first ? (int64_t)of->index + 1 : (*of->next_no)++;
        is_first = false;
        tz_push(of->mem, of->tables, own);
    }
}

/* ---- One below another ---- */

/* The same columns under the same titles: the list goes on, as on its next printed page. */
static bool is_same_header(const tz_understanding *a, const tz_understanding *b)
{
    if (a->reg != b->reg || a->columns.count != b->columns.count)
        return false;
    for (size_t i = 0; i < a->columns.count; i++) {
        const tz_column_match *x = &a->columns.items[i], *y = &b->columns.items[i];
        if (x->sheet_column != y->sheet_column || strcmp(x->header, y->header) != 0)
            return false;
    }
    return true;
}

/* What else the candidate's rows may be: judged on a copy, so that what is no table costs no memory. */
static void try_candidate(finding *of, tz_sheet_head *candidate, tz_understanding *current)
{
    tz_understanding found;

    if (candidate->rows.count < 2 || of->candidates++ >= MOST_CANDIDATES)
        return;
    candidate->merges = of->merges;
    tz_sheet_head_ready(&of->scratch, candidate);
    tz_sheet_understand(&of->scratch, candidate, of->hints, &found);
    if (found.reg == NULL || found.question != NULL || found.score < 0.5 || is_same_header(&found, current))
        return;
    tz_sheet_head kept = {.merges = of->merges};
    for (size_t i = 0; i < candidate->rows.count; i++)
        tz_sheet_head_add(of->mem, &kept, &candidate->rows.items[i]);
    tz_sheet_head_ready(of->mem, &kept);
    tz_sheet_understand(of->mem, &kept, of->hints, &found);
    found.first_row = kept.rows.items[0].row_no;
    for (size_t i = 0; i < of->tables->count; i++) /* all parts of the table above end here */
        if (of->tables->items[i].until_row == INT64_MAX && of->tables->items[i].first_row == current->first_row)
            of->tables->items[i].until_row = found.first_row - 1;
    add_table(of, &found);
    *current = found;
}

static size_t count_filled(const tz_row *row)
{
    size_t filled = 0;

    for (size_t i = 0; i < row->count; i++)
        filled += tz_text_trim(row->cells[i].text).size > 0;
    return filled;
}

/* A break: a line left out or blank, or one with a single text. What follows it may be a table. */
static tz_rc find_below(finding *of, tz_understanding *current, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_sheet     *sheet = NULL;
    const tz_row *row = NULL;
    tz_sheet_head candidate = {0};
    int64_t       before = 0, rows = 0;
    bool          is_collecting = false;

    TZ_TRY(tz_sheet_open(of->mem, of->book, of->index, &sheet, err));
    for (; rows < SEARCHED_ROWS; rows++) {
        TZ_TRY(tz_sheet_next(sheet, &row, err));
        if (row == NULL)
            break;
        size_t filled = count_filled(row);
        bool   is_break = row->row_no > current->last_header_row && (row->row_no > before + 1 || filled <= 1);
        before = row->row_no;
        if (is_break && !is_collecting) {
            candidate = (tz_sheet_head){0};
            tz_arena_reset(&of->scratch);
            is_collecting = true;
        }
        if (!is_collecting)
            continue;
        if (filled > 0)
            tz_sheet_head_add(&of->scratch, &candidate, row);
        if (candidate.rows.count == CANDIDATE_ROWS) {
            try_candidate(of, &candidate, current);
            is_collecting = false;
        }
    }
    if (is_collecting)
        try_candidate(of, &candidate, current);
done:
    tz_sheet_close(sheet);
    tz_arena_free(&of->scratch);
    return rc;
}

tz_rc tz_tables_find(tz_arena *mem, tz_book *book, size_t index, const tz_sheet_hints *hints, int64_t *next_no, tz_tables *tables,
                     const char **ret_nearest, tz_err *err)
{
    tz_assert(mem != NULL && book != NULL && hints != NULL && next_no != NULL && tables != NULL && ret_nearest != NULL);
    tz_sheet_head    head;
    tz_understanding first;
    finding          of = {.mem = mem, .book = book, .index = index, .hints = hints, .next_no = next_no, .tables = tables};
    tz_rc            rc = tz_sheet_head_read(mem, book, index, &head, err);

    if (rc != TZ_OK)
        return rc;
    *ret_nearest = "";
    if (head.rows.count == 0)
        return TZ_OK;
    of.merges = head.merges;
    tz_sheet_understand(mem, &head, hints, &first);
    *ret_nearest = first.nearest;
    if (first.reg == NULL)
        return TZ_OK;
    add_table(&of, &first);
    return find_below(&of, &first, err);
}
