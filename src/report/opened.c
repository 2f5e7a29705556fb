/* opened - figures as a document prints them, and the rows behind each. */
#include <string.h>

#include "packs/mask.h"
#include "report/building.h"

enum { SHOWN_CELLS = 5 };

/* Public and internal columns as they are, personal ones masked: a short line of the row. */
static const char *row_values(tz_building *of, tz_arena *mem, const tz_row_found *row)
{
    const tz_register *reg = tz_packs_register(of->packs, row->register_name);
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

static tz_rc load_rows(void *context, tz_arena *mem, const tz_doc_figure *figure, size_t from, size_t count,
                       tz_table **ret_table, tz_err *err)
{
    tz_building           *of = context;
    const tz_figure_value *value = figure->of;
    tz_rc                  rc = TZ_OK;
    tz_row_found          *rows = NULL;
    tz_table              *table = tz_table_new(mem, tz_arena_printf(mem, "rows-%s", figure->name), "");

    tz_build_column(of, table, "名册|register", TZ_CELL_TEXT, 3);
    tz_build_column(of, table, "文件|file", TZ_CELL_TEXT, 4);
    tz_build_column(of, table, "表|sheet", TZ_CELL_TEXT, 2);
    tz_build_column(of, table, "行|row", TZ_CELL_INT, 1);
    tz_build_column(of, table, "内容(已遮蔽)|what stands there (masked)", TZ_CELL_TEXT, 6);
    from = from < value->row_count ? from : value->row_count;
    count = count < value->row_count - from ? count : value->row_count - from;
    TZ_TRY(tz_rows_find(mem, of->store, of->packs, value->rows + from, count, &rows, err));
    for (size_t i = 0; i < count; i++) {
        (void)tz_table_put(mem, table, rows[i].register_name);
        (void)tz_table_put(mem, table, rows[i].file);
        (void)tz_table_put(mem, table, rows[i].sheet);
        (void)tz_table_put_int(mem, table, rows[i].row_no);
        (void)tz_table_put(mem, table, row_values(of, mem, &rows[i]));
        json_decref(rows[i].values);
    }
    *ret_table = table;
done:
    return rc;
}

/* What the value comes from: SQL, "a / b", or the target as set. */
static const char *query_of(tz_building *of, const tz_figure *figure)
{
    if (figure->sql != NULL)
        return figure->sql;
    if (figure->value == TZ_VALUE_TARGET)
        return tz_arena_printf(of->mem, figure->until == NULL ? "target %s" : "target %s until %s", figure->target, figure->until);
    return tz_arena_printf(of->mem, figure->is_fall ? "fall %s / %s" : "%s / %s", figure->numerator, figure->denominator);
}

static tz_doc_figure *opened(tz_building *of, const tz_figure_value *value)
{
    const tz_figure *figure = value->figure;
    tz_doc_figure   *made = tz_new(of->mem, tz_doc_figure);
    const char      *pack = tz_arena_printf(of->mem, of->lang == TZ_ZH ? "规则包 %s" : "pack %s", figure->pack->name);

    *made = (tz_doc_figure){
        .name = figure->name, .code = "", .number = (int)of->doc->figures.count + 1,
        .title = tz_doc_half(of->doc, figure->title), .definition = tz_doc_half(of->doc, figure->definition),
        .value = value->value, .printed = value->printed, .in_sentence = value->in_sentence,
        .unit = tz_doc_half(of->doc, figure->unit), .kind = value->kind, .places = figure->round,
        .why_not = value->why_not, .basis = pack, .looked_at = value->looked_at, .row_count = value->row_count, .of = value,
        .query = query_of(of, figure)};
    return made;
}

tz_rc tz_open_figures(tz_building *of, tz_err *err)
{
    (void)err;
    for (size_t i = 0; i < of->figures.count; i++)
        tz_push(of->mem, &of->doc->figures, opened(of, &of->figures.items[i]));
    of->doc->load_rows = load_rows;
    of->doc->context = of;
    return TZ_OK;
}
