#include "people/weigh.h"

#include <math.h>
#include <string.h>

#include "base/assert.h"
#include "people/level.h"
#include "people/tile.h"

/* Two valid numbers that differ: not a matter of likelihood, and shown as what outweighs all else. */
enum { TWO_NUMBERS = -4000 };

tz_rc tz_weigher_make(tz_arena *mem, const tz_learnt *model, const tz_records *records, const uint32_t *which,
                      size_t count, tz_weigher *ret_weigher, tz_err *err)
{
    tz_assert(mem != NULL && model != NULL && records != NULL && ret_weigher != NULL);
    tz_rc rc = TZ_OK;
    tz_weigher of = {.records = records, .which = which, .persons = model->persons, .rows_of_name = tz_map_init(mem)};
    tz_weigher *kept = tz_new(mem, tz_weigher); /* the scorer points at its table */

    for (size_t i = 0; i < records->count; i++)
        if (records->items[i].name.size > 0)
            tz_map_put(&of.rows_of_name, records->items[i].name, NULL)->value++;
    *kept = of;
    TZ_TRY(tz_profiles_table(mem, records, which, count, true, &kept->table, err));
    tz_dictionary_seal(&kept->table.values);
    tz_counts counts = tz_learnt_counts(mem, model, &kept->table);
    tz_scorer_init(mem, &kept->table, &model->model, &counts, &kept->scorer);
    tz_scorer_weigh(&kept->scorer);
    *ret_weigher = *kept;
done:
    return rc;
}

static void add(tz_weight *to, const char *comparison, const char *level, int32_t weight)
{
    tz_assert(to->count < sizeof to->items / sizeof to->items[0]);
    to->items[to->count++] = (tz_weight_part){comparison, level, weight};
    to->total += weight;
}

/* By the level of a comparison of numbers; the next two outweigh any level. */
static const char *const ID_TEXTS[] = {"一方没有证号|one has no number", "证号相同|the same number",
                                       "证号仅一处不同|one place of the number differs",
                                       "证号两处不同|two places of the number differ", "证号不同|different numbers",
                                       "两个不同的有效证号|two valid numbers that differ"};
static const char PRIOR[] = "随便两行是同一人的机会|the chance that any two rows are one person";
static const char IMPLIED[] = "相同,证号中已有|equal, and the number says it already";

static void add_id(const tz_weigher *of, tz_weight *to, const tz_record *a, const tz_record *b, uint8_t level, int32_t weight)
{
    bool are_valid = a->id.size > 0 && b->id.size > 0;

    if (are_valid && level == 1)
        add(to, "id", ID_TEXTS[1], (int32_t)lround(100 * log2(of->persons + 1)));
    else if (are_valid)
        add(to, "id", ID_TEXTS[5], TWO_NUMBERS);
    else
        add(to, "id", ID_TEXTS[level], weight);
}

/* Both rows give it, and the number says it already. */
static bool is_implied(const tz_weigher *of, size_t c, uint8_t level, uint32_t a, uint32_t b)
{
    return level == 0 && tz_table_code(&of->table, a, c) != 0 && tz_table_code(&of->table, b, c) != 0;
}

tz_weight tz_weigh(const tz_weigher *of, uint32_t a, uint32_t b)
{
    tz_assert(of != NULL && a != b);
    const tz_record *x = &of->records->items[of->which[a]], *y = &of->records->items[of->which[b]];
    uint32_t low = a < b ? a : b, high = a < b ? b : a;
    uint8_t levels[TZ_MAX_COMPARISONS];
    tz_weight all = {.count = 0};

    tz_compare_pair(&of->scorer, low, high, levels);
    add(&all, "prior", PRIOR, of->scorer.prior);
    for (size_t c = 0; c < TZ_PROFILE_COMPARED; c++) {
        tz_compare_kind kind = of->scorer.model->comparisons[c].kind;
        int32_t weight = tz_score_part(&of->scorer, c, levels[c], low);
        bool is_variant = c == TZ_PROFILE_NAME && levels[c] == 1 && x->written.size > 0 && y->written.size > 0 &&
                          !tz_text_equal(x->written, y->written);
        if (c == TZ_PROFILE_ID)
            add_id(of, &all, x, y, levels[c], weight);
        else if (is_implied(of, c, levels[c], low, high))
            add(&all, TZ_PROFILE_NAMES[c], IMPLIED, 0);
        else
            add(&all, TZ_PROFILE_NAMES[c], tz_compare_level_text(kind, is_variant ? 2 : levels[c]), weight);
    }
    const tz_map_entry *same = tz_map_get(&of->rows_of_name, x->name);
    all.same_name = same == NULL ? 0 : same->value;
    return all;
}

/* Whether the text is the English half of the other. */
static bool is_half(const char *both, const char *en)
{
    size_t      size = 0;
    const char *half = tz_half(both, TZ_EN, &size);
    return strlen(en) == size && memcmp(half, en, size) == 0;
}

const char *tz_weight_words(const char *level)
{
    if (is_half(PRIOR, level) || is_half(IMPLIED, level))
        return is_half(PRIOR, level) ? PRIOR : IMPLIED;
    for (size_t i = 0; i < sizeof ID_TEXTS / sizeof ID_TEXTS[0]; i++)
        if (is_half(ID_TEXTS[i], level))
            return ID_TEXTS[i];
    for (int kind = 0; kind < TZ_COMPARE_KINDS; kind++)
        for (size_t i = 0; i < tz_compare_level_count((tz_compare_kind)kind); i++)
            if (is_half(tz_compare_level_text((tz_compare_kind)kind, i), level))
                return tz_compare_level_text((tz_compare_kind)kind, i);
    return level;
}

json_t *tz_weight_json(tz_arena *mem, const tz_weight *weight, tz_lang lang)
{
    json_t *list = json_array();

    for (size_t i = 0; i < weight->count; i++) {
        size_t      len = 0;
        const char *half = tz_half(weight->items[i].level, lang, &len);
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "comparison", weight->items[i].comparison, "level",
                                                    tz_arena_copy(mem, half, len), "weight", tz_score_text(mem, weight->items[i].weight, false)));
    }
    return list;
}

const char *tz_weight_title(const char *comparison)
{
    static const struct { const char *comparison, *title; } TITLES[] = {
        {"prior", "先验|prior"}, {"rule", "规则|rule"}, {"id", "证号|number"}, {"name", "姓名|name"}, {"birth", "出生日期|birth date"},
        {"sex", "性别|sex"}, {"village", "村|village"},
    };
    for (size_t i = 0; i < sizeof TITLES / sizeof TITLES[0]; i++)
        if (strcmp(TITLES[i].comparison, comparison) == 0)
            return TITLES[i].title;
    return comparison;
}

/* "姓名相同", "name equal"; the levels of numbers speak of the number themselves. */
static void put_part(tz_buf *out, const tz_weight_part *part, tz_lang lang)
{
    size_t      title_len = 0, len = 0;
    const char *title = tz_half(tz_weight_title(part->comparison), lang, &title_len), *level = tz_half(part->level, lang, &len);

    if (strcmp(part->comparison, "id") != 0)
        tz_buf_printf(out, "%.*s%s", (int)title_len, title, lang == TZ_ZH ? "" : " ");
    tz_buf_printf(out, "%.*s", (int)len, level);
}

const char *tz_weight_sentence(tz_arena *mem, const tz_weight *weight, bool is_same, tz_lang lang)
{
    tz_buf out = tz_buf_init(mem, 0);

    for (size_t i = 1; i < weight->count; i++) { /* the prior stands among the parts */
        tz_buf_puts(&out, i == 1 ? "" : lang == TZ_ZH ? ";" : "; ");
        put_part(&out, &weight->items[i], lang);
        if (strcmp(weight->items[i].comparison, "name") == 0 && weight->same_name > 0)
            tz_buf_printf(&out, lang == TZ_ZH ? ",全县共 %lld 行用这个姓名" : ", %lld rows of the county have it", (long long)weight->same_name);
    }
    tz_buf_printf(&out, lang == TZ_ZH ? " → %s,权重 %s" : " -> %s, weight %s",
                  lang == TZ_ZH ? (is_same ? "同一人" : "不是同一人") : (is_same ? "one person" : "not one person"),
                  tz_score_text(mem, weight->total, true));
    return tz_buf_str(&out);
}
