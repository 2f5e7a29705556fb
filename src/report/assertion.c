#include "report/assertion.h"

#include <ctype.h>
#include <string.h>

#include "base/assert.h"

typedef struct {
    const tz_figure_values *now, *before;
} known;

static const char *value_of(void *context, const char *name, bool is_last)
{
    const known            *of = context;
    const tz_figure_values *values = is_last ? of->before : of->now;
    const tz_figure_value  *value = values == NULL ? NULL : tz_figure_value_of(values, name);

    /* the number of a claim is that of its exceptions: no number of what it claims */
    if (value == NULL || value->figure->kind == TZ_UNIVERSAL || value->figure->kind == TZ_MOSTLY)
        return NULL;
    return value->exact != NULL ? value->exact : value->value;
}

const char *tz_assertion_filled(tz_arena *mem, const char *holds, tz_figure_lookup *lookup, void *context)
{
    tz_buf out = tz_buf_init(mem, 0);

    for (const char *at = holds; *at != '\0';) {
        bool        is_last = strncmp(at, "last(", 5) == 0;
        const char *start = is_last ? at + 5 : at, *end = start;
        while (isalnum((unsigned char)*end) || *end == '.' || *end == '_' || (*end == '-' && end > start && end[1] != ' '))
            end++;
        const char *name = tz_arena_copy(mem, start, (size_t)(end - start));
        const char *value = end == start || isdigit((unsigned char)name[0]) ? NULL : lookup(context, name, is_last);
        if (value != NULL) {
            tz_buf_puts(&out, value);
            at = end + is_last;
        } else if (end > start) {
            tz_buf_put(&out, (tz_text){at, (size_t)(end - at)});
            at = end;
        } else {
            tz_buf_char(&out, *at++);
        }
    }
    return tz_buf_str(&out);
}

tz_rc tz_assertions_judge(tz_arena *mem, const tz_packs *packs, const tz_figure_values *values, const tz_figure_values *before,
                          tz_lang lang, tz_judgement *ret_judgement, tz_err *err)
{
    tz_assert(mem != NULL && packs != NULL && values != NULL && ret_judgement != NULL);
    known        of = {values, before};
    tz_judgement all = {0};

    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].assertions.count; j++) {
            const tz_assertion *assertion = &packs->packs.items[i].assertions.items[j];
            tz_judged           one = {.assertion = assertion};
            size_t              len = 0;
            tz_rc rc = tz_expression_judge(mem, assertion->holds, value_of, &of, &one.truth, err);
            if (rc != TZ_OK)
                return tz_err_at(err, assertion->file, NULL, assertion->line, NULL);
            const char *title = tz_half(assertion->title, lang, &len);
            one.sentence = tz_arena_printf(mem, lang == TZ_ZH ? "%.*s:%s" : "%.*s: %s", (int)len, title,
                                           tz_assertion_filled(mem, assertion->holds, value_of, &of));
            all.broken += one.truth == TZ_BROKEN && !assertion->is_explained;
            tz_push(mem, &all, one);
        }
    *ret_judgement = all;
    return TZ_OK;
}
