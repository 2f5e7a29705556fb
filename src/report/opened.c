/* opened - figures as a document prints them, and the rows behind each. */
#include <string.h>

#include "report/basis.h"
#include "report/building.h"
#include "report/code.h"

enum { SHOWN_BATCHES = 12, SHOWN_DIGITS = 16 };

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
    of->doc->load_rows = tz_load_rows;
    of->doc->context = of;
done:
    return rc;
}
