/* behind - the rows behind figures, as lines to print: read once for all figures, batch by batch.
 *
 * A row often stands behind several figures, and a query of its batch costs more than the row. So the rows that
 * will be shown are gathered first, read in order of their addresses, and kept as short masked lines.
 */
#include <stdlib.h>
#include <string.h>

#include "packs/mask.h"
#include "report/behind.h"
#include "report/building.h"
#include "report/figuring.h"
#include "report/html.h"

enum { SHOWN_CELLS = 5, CHUNK = 20000 };

struct tz_row_line {
    int64_t     row_id;
    const char *register_name, *file, *sheet, *text;
};

const char *tz_row_words(tz_arena *mem, const tz_packs *packs, const tz_row_found *row)
{
    const tz_register *reg = tz_packs_register(packs, row->register_name);
    tz_buf             out = tz_buf_init(mem, 0);
    size_t             shown = 0;

    for (size_t i = 0; reg != NULL && i < reg->columns.count && shown < SHOWN_CELLS; i++) {
        const tz_column *column = &reg->columns.items[i];
        const char      *value = tz_json_str(row->values, column->name), *name = NULL;
        if (column->type == TZ_TYPE_DIVISION)
            name = tz_json_str(row->values, tz_arena_printf(mem, "%s_name", column->name));
        value = name != NULL ? name : value;
        if (value == NULL || column->sensitivity == TZ_SECRET)
            continue;
        tz_buf_puts(&out, shown++ == 0 ? "" : " · ");
        tz_buf_puts(&out, tz_mask_column(mem, column, value));
    }
    return tz_buf_str(&out);
}

/* The ids of the first `limit` rows of every figure, each once, in order. */
static size_t gather(tz_building *of, tz_arena *mem, size_t limit, int64_t **ret_ids)
{
    TZ_ARRAY(int64_t) ids = {0};
    size_t kept = 0;

    for (size_t i = 0; i < of->figures.count; i++)
        for (size_t r = 0; r < of->figures.items[i].row_count && r < limit; r++)
            tz_push(mem, &ids, of->figures.items[i].rows[r]);
    if (ids.count > 0)
        qsort(ids.items, ids.count, sizeof ids.items[0], tz_figure_compare_rows);
    for (size_t i = 0; i < ids.count; i++)
        if (kept == 0 || ids.items[kept - 1] != ids.items[i])
            ids.items[kept++] = ids.items[i];
    *ret_ids = ids.items;
    return kept;
}

/* Names of files and sheets repeat from row to row: they are copied when they change. */
static const char *kept_name(tz_building *of, const char *before, const char *name)
{
    if (name == NULL || before == NULL)
        return name == NULL ? NULL : tz_arena_dup(of->mem, name);
    return strcmp(before, name) == 0 ? before : tz_arena_dup(of->mem, name);
}

static tz_rc read_chunk(tz_building *of, tz_arena *mem, const int64_t *ids, size_t count, tz_row_line *lines, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_row_found *rows = NULL;
    tz_row_line   before = {0};

    TZ_TRY(tz_rows_find(mem, of->store, of->packs, ids, count, &rows, err));
    for (size_t i = 0; i < count; i++) {
        before.row_id = ids[i];
        before.register_name = kept_name(of, before.register_name, rows[i].register_name);
        before.file = kept_name(of, before.file, rows[i].file);
        before.sheet = kept_name(of, before.sheet, rows[i].sheet);
        before.text = tz_arena_dup(of->mem, tz_row_words(mem, of->packs, &rows[i]));
        lines[i] = before;
        json_decref(rows[i].values);
    }
done:
    return rc;
}

static tz_rc read_lines(tz_building *of, size_t limit, tz_err *err)
{
    tz_rc        rc = TZ_OK;
    tz_arena     gathered = {0}, chunk = {0};
    int64_t     *ids = NULL;
    size_t       count = gather(of, &gathered, limit, &ids);
    tz_row_line *lines = tz_new_array(of->mem, tz_row_line, count + 1);

    for (size_t from = 0; from < count; from += CHUNK) {
        tz_arena_reset(&chunk);
        TZ_TRY(read_chunk(of, &chunk, ids + from, count - from < CHUNK ? count - from : CHUNK, lines + from, err));
    }
    of->behind.lines = lines;
    of->behind.count = count;
    of->behind.limit = limit;
done:
    tz_arena_free(&gathered);
    tz_arena_free(&chunk);
    return rc;
}

tz_rc tz_load_rows(void *context, tz_arena *mem, const tz_doc_figure *figure, size_t from, size_t count, tz_table **ret_table,
                   tz_err *err)
{
    tz_building           *of = context;
    const tz_figure_value *value = figure->of;
    tz_rc                  rc = TZ_OK;
    tz_table              *table = tz_table_new(mem, tz_arena_printf(mem, "rows-%s", figure->name), "");

    from = from < value->row_count ? from : value->row_count;
    count = count < value->row_count - from ? count : value->row_count - from;
    if (count > 0 && from + count > of->behind.limit)
        TZ_TRY(read_lines(of, from + count <= TZ_HTML_ROWS ? TZ_HTML_ROWS : SIZE_MAX, err));
    tz_build_column(of, table, "名册|register", TZ_COLUMN_TEXT, 3);
    tz_build_column(of, table, "文件|file", TZ_COLUMN_TEXT, 4);
    tz_build_column(of, table, "表|sheet", TZ_COLUMN_TEXT, 2);
    tz_build_column(of, table, "行|row", TZ_COLUMN_INT, 1);
    tz_build_column(of, table, "内容(已遮蔽)|what stands there (masked)", TZ_COLUMN_TEXT, 6);
    for (size_t i = from; i < from + count; i++) {
        const tz_row_line *line = bsearch(&value->rows[i], of->behind.lines, of->behind.count, sizeof *line, tz_figure_compare_rows);
        (void)tz_table_put(mem, table, line->register_name);
        (void)tz_table_put(mem, table, line->file);
        (void)tz_table_put(mem, table, line->sheet);
        (void)tz_table_put_int(mem, table, tz_row_number(line->row_id));
        (void)tz_table_put(mem, table, line->text);
    }
    *ret_table = table;
done:
    return rc;
}
