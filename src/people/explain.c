/* explain - why two rows are one person, in numbers that add up and in a sentence. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "packs/mask.h"
#include "people/cluster.h"
#include "people/link.h"
#include "store/journal.h"

static const tz_record *record_of(const tz_records *records, int64_t row_id)
{
    for (size_t i = 0; i < records->count; i++)
        if (records->items[i].row_id == row_id && strcmp(records->items[i].who->role, "person") == 0)
            return &records->items[i];
    for (size_t i = 0; i < records->count; i++)
        if (records->items[i].row_id == row_id)
            return &records->items[i];
    return NULL;
}

static tz_rc find_both(const tz_records *records, int64_t row_a, int64_t row_b, const tz_record **ret_a, const tz_record **ret_b, tz_err *err)
{
    *ret_a = record_of(records, row_a);
    *ret_b = record_of(records, row_b);
    if (*ret_a == NULL || *ret_b == NULL)
        return tz_fail(err, TZ_MISSING, "其中一行没有人员信息,或已撤回、待更正", "one of the rows names nobody, or is withdrawn or quarantined");
    return TZ_OK;
}

/* ---- Weights: how rare is this agreement? log2 of the inverse share of rows that have the value ---- */

typedef struct {
    const char *comparison;
    const char *level; /* "中文|English" */
    double      weight;
} part;

typedef struct {
    part   items[5];
    size_t count;
    double total;
} parts;

static double rarity(const tz_records *records, tz_text value, size_t offset)
{
    size_t same = 0;

    for (size_t i = 0; i < records->count; i++) {
        const tz_text *other = (const tz_text *)((const char *)&records->items[i] + offset);
        same += tz_text_equal(*other, value);
    }
    return same == 0 ? 0 : log2((double)records->count / (double)same);
}

/* Weights are kept to a tenth, so that what is shown adds up to what is stored. */
static void add(parts *to, const char *comparison, const char *level, double weight)
{
    weight = round(weight * 10) / 10;
    to->items[to->count++] = (part){comparison, level, weight};
    to->total += weight;
}

static void compare_field(const tz_records *records, parts *to, const char *comparison, tz_text a, tz_text b, size_t offset)
{
    if (a.size == 0 || b.size == 0)
        add(to, comparison, "一方未填|one is not given", 0);
    else if (tz_text_equal(a, b))
        add(to, comparison, "相同|equal", rarity(records, a, offset));
    else
        add(to, comparison, "不同|different", -6);
}

static void compare_id(const tz_records *records, parts *to, const tz_record *a, const tz_record *b)
{
    tz_text x = a->id.size > 0 ? a->id : a->raw, y = b->id.size > 0 ? b->id : b->raw;
    size_t  different = 0;

    if (x.size == 0 || y.size == 0) {
        add(to, "id", "一方没有证号|one has no number", 0);
        return;
    }
    for (size_t i = 0; i < x.size && i < y.size; i++)
        different += x.data[i] != y.data[i];
    if (x.size == y.size && different == 0)
        add(to, "id", "证号相同|the same number", log2((double)records->count));
    else if (x.size == y.size && different <= 2)
        add(to, "id", "证号仅一处不同|one place differs", log2((double)records->count) - 8);
    else
        add(to, "id", "证号不同|different numbers", -12);
}

static void compare_names(const tz_records *records, parts *to, const tz_record *a, const tz_record *b)
{
    if (a->name.size == 0 || b->name.size == 0) {
        add(to, "name", "一方没有姓名|one has no name", 0);
        return;
    }
    switch (tz_name_likeness(a->name, b->name)) {
    case 3: add(to, "name", "姓名相同|the same name", rarity(records, a->name, offsetof(tz_record, name))); break;
    case 2: add(to, "name", "姓名一字不同|one character differs", 4); break;
    case 1: add(to, "name", "姓名部分相同|a part of the name is the same", 0); break;
    default: add(to, "name", "姓名完全不同|wholly different names", -8); break;
    }
}

static size_t count_name(const tz_records *records, tz_text name)
{
    size_t same = 0;
    for (size_t i = 0; i < records->count; i++)
        same += tz_text_equal(records->items[i].name, name);
    return same;
}

static json_t *parts_json(tz_arena *mem, const parts *all, tz_lang lang)
{
    json_t *list = json_array();

    for (size_t i = 0; i < all->count; i++) {
        size_t      len = 0;
        const char *half = tz_half(all->items[i].level, lang, &len);
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "comparison", all->items[i].comparison, "level",
                                                    tz_arena_copy(mem, half, len), "weight",
                                                    tz_arena_printf(mem, "%.1f", all->items[i].weight)));
    }
    return list;
}

static const char *sentence_of(tz_arena *mem, const parts *all, const tz_records *records, const tz_record *a, bool is_same, tz_lang lang)
{
    tz_buf out = tz_buf_init(mem, 0);

    for (size_t i = 0; i < all->count; i++) {
        size_t      len = 0;
        const char *half = tz_half(all->items[i].level, lang, &len);
        static const char *const NAMES[] = {"id", "name", "birth", "sex", "village"};
        static const char *const TITLES[][2] = {{"", ""}, {"", ""}, {"出生日期", "birth date "}, {"性别", "sex "}, {"村", "village "}};
        const char *title = "";
        for (size_t j = 0; j < 5; j++)
            if (strcmp(NAMES[j], all->items[i].comparison) == 0)
                title = TITLES[j][lang];
        tz_buf_printf(&out, "%s%s%.*s", i == 0 ? "" : lang == TZ_ZH ? ";" : "; ", title, (int)len, half);
        if (strcmp(all->items[i].comparison, "name") == 0 && a->name.size > 0)
            tz_buf_printf(&out, lang == TZ_ZH ? ",全县共 %zu 行用这个姓名" : ", %zu rows of the county have it", count_name(records, a->name));
    }
    tz_buf_printf(&out, lang == TZ_ZH ? " → %s,权重 %+.1f" : " -> %s, weight %+.1f",
                  lang == TZ_ZH ? (is_same ? "同一人" : "不是同一人") : (is_same ? "one person" : "not one person"), all->total);
    return tz_buf_str(&out);
}

static parts compare(const tz_records *records, const tz_record *a, const tz_record *b)
{
    parts all = {0};

    compare_id(records, &all, a, b);
    compare_names(records, &all, a, b);
    compare_field(records, &all, "birth", a->birth, b->birth, offsetof(tz_record, birth));
    compare_field(records, &all, "sex", a->sex, b->sex, offsetof(tz_record, sex));
    compare_field(records, &all, "village", a->village, b->village, offsetof(tz_record, village));
    return all;
}

/* What the newest run holds: the two rows' persons, from the derived map's own making. */
static tz_rc same_person(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t row_a, int64_t row_b, tz_records *ret_records,
                         bool *ret_is_same, tz_err *err)
{
    tz_rc            rc = TZ_OK;
    tz_buf           inputs = tz_buf_init(mem, 0);
    tz_clusters      clusters;
    const tz_record *a = NULL, *b = NULL;

    TZ_TRY(tz_records_load(mem, store, packs, ret_records, &inputs, err));
    tz_clusters_make(mem, ret_records, NULL, 0, &clusters);
    TZ_TRY(find_both(ret_records, row_a, row_b, &a, &b, err));
    *ret_is_same = tz_clusters_find(&clusters, a->node) == tz_clusters_find(&clusters, b->node);
done:
    return rc;
}

tz_rc tz_link_explain(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t row_a, int64_t row_b, bool is_masked,
                      json_t **ret_rows, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && ret_rows != NULL);
    tz_rc            rc = TZ_OK;
    tz_records       records = {0};
    bool             is_same = false;
    const tz_record *a = NULL, *b = NULL;
    tz_lang          lang = store->app->lang;

    (void)is_masked; /* the sentence names no values */
    TZ_TRY(same_person(mem, store, packs, row_a, row_b, &records, &is_same, err));
    TZ_TRY(find_both(&records, row_a, row_b, &a, &b, err));
    parts all = compare(&records, a, b);
    json_t *line = json_object();
    tz_json_set_str(line, "verdict", is_same ? "same" : "different");
    tz_json_set_str(line, "weight", tz_arena_printf(mem, "%.1f", all.total));
    (void)json_object_set_new(line, "parts", parts_json(mem, &all, lang));
    tz_json_set_str(line, "sentence", sentence_of(mem, &all, &records, a, is_same, lang));
    *ret_rows = json_array();
    (void)json_array_append_new(*ret_rows, line);
done:
    return rc;
}

tz_rc tz_link_review(tz_arena *mem, tz_store *store, const tz_packs *packs, bool is_masked, json_t **ret_rows, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && ret_rows != NULL);
    tz_rc      rc = TZ_OK;
    tz_sql    *sql = NULL;
    bool       has_row = true;
    tz_records records = {0};
    tz_buf     inputs = tz_buf_init(mem, 0);
    json_t    *rows = json_array();

    (void)is_masked;
    TZ_TRY(tz_records_load(mem, store, packs, &records, &inputs, err));
    TZ_TRY(tz_sql_open(store, "SELECT row_a, row_b FROM link_event WHERE verdict = 'review' AND entry = (SELECT max(entry) FROM journal"
                              " WHERE body ->> 'table' = 'link_event') ORDER BY seq LIMIT 1000", &sql, err));
    for (;;) {
        TZ_TRY(tz_sql_step(store, sql, &has_row, err));
        if (!has_row)
            break;
        const tz_record *a = record_of(&records, tz_sql_int(sql, 0)), *b = record_of(&records, tz_sql_int(sql, 1));
        if (a == NULL || b == NULL)
            continue;
        parts all = compare(&records, a, b);
        (void)json_array_append_new(rows, json_pack("{s:I, s:I, s:s, s:s}", "row_a", (json_int_t)a->row_id, "row_b", (json_int_t)b->row_id,
                                                    "weight", tz_arena_printf(mem, "%.1f", all.total), "sentence",
                                                    sentence_of(mem, &all, &records, a, false, store->app->lang)));
    }
    *ret_rows = json_incref(rows);
done:
    json_decref(rows);
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_link_decide(tz_store *store, const tz_packs *packs, int64_t row_a, int64_t row_b, bool is_same, const char *why, tz_err *err)
{
    tz_assert(store != NULL && packs != NULL && why != NULL);
    tz_rc            rc = TZ_OK;
    tz_arena         mem = {0};
    tz_records       records = {0};
    tz_buf           inputs = tz_buf_init(&mem, 0);
    const tz_record *a = NULL, *b = NULL;
    int64_t          decision = 0;
    json_t          *image = NULL;

    TZ_TRY(tz_records_load(&mem, store, packs, &records, &inputs, err));
    TZ_TRY(find_both(&records, row_a, row_b, &a, &b, err));
    tz_text key_a = tz_record_key(&mem, a), key_b = tz_record_key(&mem, b);
    if (tz_text_equal(key_a, key_b)) {
        rc = tz_fail(err, TZ_USAGE, "两行是同一条记录", "the two rows are one record");
        goto done;
    }
    if (tz_text_compare(key_a, key_b) > 0) {
        tz_text swap = key_a;
        key_a = key_b;
        key_b = swap;
    }
    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(tz_sql_one(store, "SELECT decision FROM link_decision WHERE key_a = ?1 AND key_b = ?2", key_a.data, key_b.data, &decision, err));
    if (decision == 0)
        TZ_TRY(tz_journal_next_id(store, "link_decision", "decision", &decision, err));
    image = json_pack("{s:I, s:s, s:s, s:s}", "decision", (json_int_t)decision, "key_a", key_a.data, "key_b", key_b.data, "verdict",
                      is_same ? "same" : "different");
    TZ_TRY(tz_journal_put(store, "link.decide", "link_decision", image, why, NULL, err));
    TZ_TRY(tz_store_commit(store, err));
done:
    if (rc != TZ_OK)
        tz_store_rollback(store);
    json_decref(image);
    tz_arena_free(&mem);
    return rc;
}
