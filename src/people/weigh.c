#include "people/weigh.h"

#include <math.h>
#include <string.h>

#include "base/assert.h"

static void count(tz_map *of, tz_text value)
{
    if (value.size > 0)
        tz_map_put(of, value, NULL)->value++;
}

tz_frequencies tz_frequencies_count(tz_arena *mem, const tz_records *records)
{
    tz_frequencies counts = {.records = records->count, .names = tz_map_init(mem), .births = tz_map_init(mem), .sexes = tz_map_init(mem),
                             .villages = tz_map_init(mem)};

    for (size_t i = 0; i < records->count; i++) {
        count(&counts.names, records->items[i].name);
        count(&counts.births, records->items[i].birth);
        count(&counts.sexes, records->items[i].sex);
        count(&counts.villages, records->items[i].village);
    }
    return counts;
}

static int64_t same(const tz_map *of, tz_text value)
{
    const tz_map_entry *entry = tz_map_get(of, value);
    return entry == NULL ? 0 : entry->value;
}

static double rarity(const tz_frequencies *counts, const tz_map *of, tz_text value)
{
    int64_t times = same(of, value);
    return times == 0 ? 0 : log2((double)counts->records / (double)times);
}

/* Weights are kept to a tenth, so that what is shown adds up to what is stored. */
static void add(tz_weight *to, const char *comparison, const char *level, double weight)
{
    tz_assert(to->count < sizeof to->items / sizeof to->items[0]);
    weight = round(weight * 10) / 10;
    to->items[to->count++] = (tz_weight_part){comparison, level, weight};
    to->total += weight;
}

static void compare_field(const tz_frequencies *counts, tz_weight *to, const char *comparison, tz_text a, tz_text b, const tz_map *of)
{
    if (a.size == 0 || b.size == 0)
        add(to, comparison, "一方未填|one is not given", 0);
    else if (tz_text_equal(a, b))
        add(to, comparison, "相同|equal", rarity(counts, of, a));
    else
        add(to, comparison, "不同|different", -6);
}

/* Equal; one character changed; two neighbours swapped; anything else. */
static bool is_one_slip(tz_text a, tz_text b)
{
    size_t different = 0, first = 0;

    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++)
        if (a.data[i] != b.data[i] && different++ == 0)
            first = i;
    return different == 1 ||
           (different == 2 && first + 1 < a.size && a.data[first] == b.data[first + 1] && a.data[first + 1] == b.data[first]);
}

static void compare_ids(const tz_frequencies *counts, tz_weight *to, const tz_record *a, const tz_record *b)
{
    tz_text x = a->id.size > 0 ? a->id : a->raw, y = b->id.size > 0 ? b->id : b->raw;
    double  full = log2((double)counts->records + 1);

    if (x.size == 0 || y.size == 0)
        add(to, "id", "一方没有证号|one has no number", 0);
    else if (tz_text_equal(x, y))
        add(to, "id", "证号相同|the same number", full);
    else if (is_one_slip(x, y) && (a->id.size == 0 || b->id.size == 0))
        add(to, "id", "证号仅一处不同|one place of the number differs", full - 8);
    else
        add(to, "id", "证号不同|different numbers", -12);
}

static void compare_names(const tz_frequencies *counts, tz_weight *to, const tz_record *a, const tz_record *b)
{
    if (a->name.size == 0 || b->name.size == 0) {
        add(to, "name", "一方没有姓名|one has no name", 0);
        return;
    }
    double            full = rarity(counts, &counts->names, a->name);
    bool              is_variant = a->written.size > 0 && b->written.size > 0 && !tz_text_equal(a->written, b->written);
    tz_name_alikeness alike = tz_name_alike(a->name, b->name);
    int               likeness = tz_name_likeness(a->name, b->name);

    if (likeness == 3)
        add(to, "name", is_variant ? "姓名相同,仅繁简异体之别|the same name in other forms of its characters" : "姓名相同|the same name",
            is_variant ? full - 1 : full);
    else if (alike == TZ_NAME_SOUNDS_ALIKE)
        add(to, "name", "姓名读音相同|a name of the same sound", fmax(0, full - 3));
    else if (alike == TZ_NAME_LOOKS_ALIKE)
        add(to, "name", "姓名字形相近|a name of much the same shape", fmax(0, full - 3));
    else if (likeness == 2)
        add(to, "name", "姓名一字不同|one character of the name differs", 4);
    else if (likeness == 1)
        add(to, "name", "姓名部分相同|a part of the name is the same", 0);
    else
        add(to, "name", "姓名完全不同|wholly different names", -8);
}

tz_weight tz_weigh(const tz_frequencies *counts, const tz_record *a, const tz_record *b)
{
    tz_assert(counts != NULL && a != NULL && b != NULL);
    tz_weight all = {.same_name = same(&counts->names, a->name)};

    compare_ids(counts, &all, a, b);
    compare_names(counts, &all, a, b);
    compare_field(counts, &all, "birth", a->birth, b->birth, &counts->births);
    compare_field(counts, &all, "sex", a->sex, b->sex, &counts->sexes);
    compare_field(counts, &all, "village", a->village, b->village, &counts->villages);
    return all;
}

const char *tz_weight_text(tz_arena *mem, double weight)
{
    return tz_arena_printf(mem, "%.1f", weight == 0 ? 0.0 : weight); /* no "-0.0" */
}

json_t *tz_weight_json(tz_arena *mem, const tz_weight *weight, tz_lang lang)
{
    json_t *list = json_array();

    for (size_t i = 0; i < weight->count; i++) {
        size_t      len = 0;
        const char *half = tz_half(weight->items[i].level, lang, &len);
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "comparison", weight->items[i].comparison, "level",
                                                    tz_arena_copy(mem, half, len), "weight", tz_weight_text(mem, weight->items[i].weight)));
    }
    return list;
}

static const char *title_of(const char *comparison, tz_lang lang)
{
    static const struct { const char *comparison, *titles[2]; } TITLES[] = {
        {"birth", {"出生日期", "birth date "}}, {"sex", {"性别", "sex "}}, {"village", {"村", "village "}},
    };
    for (size_t i = 0; i < sizeof TITLES / sizeof TITLES[0]; i++)
        if (strcmp(TITLES[i].comparison, comparison) == 0)
            return TITLES[i].titles[lang];
    return "";
}

const char *tz_weight_sentence(tz_arena *mem, const tz_weight *weight, bool is_same, tz_lang lang)
{
    tz_buf out = tz_buf_init(mem, 0);

    for (size_t i = 0; i < weight->count; i++) {
        size_t      len = 0;
        const char *half = tz_half(weight->items[i].level, lang, &len);
        tz_buf_printf(&out, "%s%s%.*s", i == 0 ? "" : lang == TZ_ZH ? ";" : "; ", title_of(weight->items[i].comparison, lang), (int)len, half);
        if (strcmp(weight->items[i].comparison, "name") == 0 && weight->same_name > 0)
            tz_buf_printf(&out, lang == TZ_ZH ? ",全县共 %lld 行用这个姓名" : ", %lld rows of the county have it", (long long)weight->same_name);
    }
    tz_buf_printf(&out, lang == TZ_ZH ? " → %s,权重 %+.1f" : " -> %s, weight %+.1f",
                  lang == TZ_ZH ? (is_same ? "同一人" : "不是同一人") : (is_same ? "one person" : "not one person"), weight->total);
    return tz_buf_str(&out);
}
