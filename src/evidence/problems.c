#include "evidence/problems.h"

#include <string.h>

#include "base/assert.h"

static bool is_line_of(const json_t *line, const char *sheet)
{
    const char *name = tz_json_str(line, "sheet");
    return name == NULL || sheet == NULL ? name == sheet : strcmp(name, sheet) == 0;
}

/* The column of a cell's name ("C17"); the first for a problem of the whole row. */
static int32_t column_of(const char *cell)
{
    int32_t column = 0;

    for (; cell != NULL && *cell >= 'A' && *cell <= 'Z'; cell++)
        column = column * 26 + (*cell - 'A' + 1);
    return column == 0 ? 0 : column - 1;
}

static const char *text_or_empty(const json_t *problem, const char *key)
{
    const char *text = tz_json_str(problem, key);
    return text == NULL ? "" : text;
}

static const char *row_text(tz_arena *mem, int64_t row_no)
{
    return tz_arena_printf(mem, "%lld", (long long)row_no);
}

static void add_problem(tz_arena *mem, tz_sheet_problems *to, const json_t *problem, bool is_red)
{
    tz_map_entry   *first = tz_map_put(&to->rows, tz_text_of(row_text(mem, tz_json_int(problem, "row", 0))), NULL);
    const char     *cell = tz_json_str(problem, "cell");
    tz_cell_problem one = {.column = column_of(cell), .is_of_row = cell == NULL || cell[0] < 'A' || cell[0] > 'Z',
                           .stands = text_or_empty(problem, "value"), .rule = text_or_empty(problem, "rule"),
                           .advice = text_or_empty(problem, "advice"), .is_red = is_red, .next = (size_t)first->value};

    tz_push(mem, &to->all, one);
    first->value = (int64_t)to->all.count;
}

tz_sheet_problems tz_problems_find(tz_arena *mem, const json_t *report, const char *sheet)
{
    tz_assert(mem != NULL && report != NULL);
    tz_sheet_problems to = {.rows = tz_map_init(mem)};
    size_t            i, j;
    json_t           *line, *problem;

    json_array_foreach((json_t *)report, i, line) {
        if (!is_line_of(line, sheet))
            continue;
        json_array_foreach(json_object_get(line, "quarantined"), j, problem)
            add_problem(mem, &to, problem, true);
        json_array_foreach(json_object_get(line, "marked"), j, problem)
            add_problem(mem, &to, problem, false);
    }
    return to;
}

const tz_cell_problem *tz_problems_of_row(tz_arena *mem, const tz_sheet_problems *problems, int64_t row_no)
{
    const tz_map_entry *first = tz_map_get(&problems->rows, tz_text_of(row_text(mem, row_no)));
    return first == NULL ? NULL : &problems->all.items[first->value - 1];
}

const tz_cell_problem *tz_problems_next(const tz_sheet_problems *problems, const tz_cell_problem *problem)
{
    return problem->next == 0 ? NULL : &problems->all.items[problem->next - 1];
}
