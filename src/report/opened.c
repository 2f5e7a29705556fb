/* opened - figures as a document prints them, and the rows behind each. */
#include <string.h>

#include "packs/mask.h"
#include "report/basis.h"
#include "report/building.h"
#include "report/code.h"

enum { SHOWN_CELLS = 5, SHOWN_BATCHES = 12, SHOWN_DIGITS = 16 };

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

    tz_build_column(of, table, "名册|register", TZ_COLUMN_TEXT, 3);
    tz_build_column(of, table, "文件|file", TZ_COLUMN_TEXT, 4);
    tz_build_column(of, table, "表|sheet", TZ_COLUMN_TEXT, 2);
    tz_build_column(of, table, "行|row", TZ_COLUMN_INT, 1);
    tz_build_column(of, table, "内容(已遮蔽)|what stands there (masked)", TZ_COLUMN_TEXT, 6);
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

/* The batches of a register as lines, made once for all its figures. */
static tz_rc register_lines(tz_building *of, const tz_register *reg, const char **ret_lines, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    tz_basis_batches found = {0};
    tz_buf           out = tz_buf_init(of->mem, 0);
    bool             is_zh = of->lang == TZ_ZH;

    for (size_t i = 0; i < of->register_lines.count; i++)
        if (of->register_lines.items[i].reg == reg) {
            *ret_lines = of->register_lines.items[i].lines;
            return TZ_OK;
        }
    TZ_TRY(tz_basis_of_register(of->mem, of->store, reg, of->day, &found, err));
    for (size_t i = 0; i < found.count && i < SHOWN_BATCHES; i++)
        tz_buf_printf(&out, is_zh ? "\n批次 %lld %s SM3 %.*s" : "\nbatch %lld %s SM3 %.*s", (long long)found.items[i].batch,
                      found.items[i].file, SHOWN_DIGITS, found.items[i].digest);
    if (found.count > SHOWN_BATCHES)
        tz_buf_printf(&out, is_zh ? "\n%s 共 %zu 批" : "\n%s: %zu batches in all", reg->name, found.count);
    *ret_lines = tz_buf_str(&out);
    tz_push(of->mem, &of->register_lines, (tz_register_lines){reg, *ret_lines});
done:
    return rc;
}

static tz_rc basis_of(tz_building *of, const tz_figure *figure, const char **ret_basis, tz_err *err)
{
    tz_rc  rc = TZ_OK;
    tz_buf out = tz_buf_init(of->mem, 0);
    char   digest[TZ_SM3_HEX];

    tz_digest_hex(&figure->pack->digest, digest);
    tz_buf_printf(&out, of->lang == TZ_ZH ? "规则包 %s SM3 %.*s" : "pack %s SM3 %.*s", figure->pack->name, SHOWN_DIGITS, digest);
    for (size_t i = 0; i < figure->of.count; i++) {
        const char *lines = "";
        TZ_TRY(register_lines(of, tz_packs_register(of->packs, figure->of.items[i]), &lines, err));
        tz_buf_puts(&out, lines);
    }
    *ret_basis = tz_buf_str(&out);
done:
    return rc;
}

static tz_rc open_figure(tz_building *of, const tz_figure_value *value, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    const tz_figure *figure = value->figure;
    tz_doc_figure   *made = tz_new(of->mem, tz_doc_figure);
    char            *code = tz_arena_alloc(of->mem, TZ_CODE_TEXT);
    const char      *basis = "";

    tz_code_make(of->store->county, figure, of->day, code);
    TZ_TRY(basis_of(of, figure, &basis, err));
    *made = (tz_doc_figure){
        .name = figure->name, .code = code, .number = (int)of->doc->figures.count + 1,
        .title = tz_doc_half(of->doc, figure->title), .definition = tz_doc_half(of->doc, figure->definition),
        .value = value->value, .printed = value->printed, .in_sentence = value->in_sentence,
        .unit = tz_doc_half(of->doc, figure->unit), .kind = value->kind, .places = figure->round,
        .why_not = value->why_not, .basis = basis, .looked_at = value->looked_at, .row_count = value->row_count, .of = value,
        .query = query_of(of, figure)};
    tz_push(of->mem, &of->doc->figures, made);
done:
    return rc;
}

tz_rc tz_open_figures(tz_building *of, tz_err *err)
{
    tz_rc rc = TZ_OK;

    for (size_t i = 0; i < of->figures.count; i++)
        TZ_TRY(open_figure(of, &of->figures.items[i], err));
    of->doc->load_rows = load_rows;
    of->doc->context = of;
done:
    return rc;
}
