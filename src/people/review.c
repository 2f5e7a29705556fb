#include "people/review.h"

#include <string.h>

#include "base/assert.h"
#include "packs/face.h"
#include "packs/mask.h"
#include "people/record.h"
#include "people/weigh.h"

typedef struct {
    int64_t     row_a, row_b;
    const char *weight, *parts;
} pair;

typedef struct {
    tz_arena                *mem;
    tz_store                *store;
    const tz_packs          *packs;
    const tz_review_options *options;
    TZ_ARRAY(pair) pairs;
    int64_t                  since; /* the entry before the newest run's statements */
    tz_map                   verdicts; /* by the keys of two rows: index + 1 into words */
    tz_strings               words;
} review;

/* ---- Pairs ---- */

/* A run writes its statements in the entries before its own. */
static tz_rc load_pairs(review *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_one(of->store, "SELECT coalesce(max(entry), 0) FROM link_run WHERE run < (SELECT max(run) FROM link_run)", NULL, NULL,
                      &of->since, err));
    TZ_TRY(tz_sql_open(of->store, "SELECT row_a, row_b, weight, parts FROM link_event WHERE verdict = 'review' AND entry > ?1"
                                  " ORDER BY entry, seq LIMIT 20000", &sql, err));
    tz_sql_bind_int(sql, 1, of->since);
    TZ_EACH_ROW (of->store, sql, err) {
        pair one = {tz_sql_int(sql, 0), tz_sql_int(sql, 1), tz_sql_dup(of->mem, sql, 2), tz_sql_dup(of->mem, sql, 3)};
        tz_push(of->mem, &of->pairs, one);
    }
done:
    tz_sql_close(sql);
    return rc;
}

/* "register:row key" twice, in the order of bytes: the two rows of a decision, in whatever role. */
static tz_text pair_key(tz_arena *mem, tz_text a, tz_text b)
{
    bool is_turned = tz_text_compare(a, b) > 0;
    return tz_text_of(tz_arena_printf(mem, "%.*s %.*s", TZ_FMT(is_turned ? b : a), TZ_FMT(is_turned ? a : b)));
}

/* "register:role:row key" without the role. */
static tz_text without_role(tz_arena *mem, const char *key)
{
    size_t role = strcspn(key, ":"), row = role + (key[role] == ':');
    row += strcspn(key + row, ":");
    return tz_text_of(tz_arena_printf(mem, "%.*s%s", (int)role, key, key + row));
}

static tz_rc load_verdicts(review *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    of->verdicts = tz_map_init(of->mem);
    TZ_TRY(tz_sql_open(of->store, "SELECT key_a, key_b, verdict FROM link_decision", &sql, err));
    TZ_EACH_ROW (of->store, sql, err) {
        tz_text key = pair_key(of->mem, without_role(of->mem, tz_sql_str(sql, 0)), without_role(of->mem, tz_sql_str(sql, 1)));
        tz_push(of->mem, &of->words, tz_sql_dup(of->mem, sql, 2));
        tz_map_put(&of->verdicts, key, NULL)->value = (int64_t)of->words.count;
    }
done:
    tz_sql_close(sql);
    return rc;
}

/* What was decided of two rows; NULL: nothing. */
static const char *verdict_of(const review *of, const tz_row_found rows[2])
{
    tz_text keys[2];

    for (int i = 0; i < 2; i++)
        keys[i] = tz_text_of(tz_arena_printf(of->mem, "%s:%s", rows[i].register_name, rows[i].key == NULL ? "" : rows[i].key));
    const tz_map_entry *known = tz_map_get(&of->verdicts, pair_key(of->mem, keys[0], keys[1]));
    return known == NULL ? NULL : of->words.items[known->value - 1];
}

/* Decisions since the newest run; each was about a pair that waited. */
static tz_rc count_decided(const review *of, int64_t *ret_count, tz_err *err)
{
    return tz_sql_one(of->store,
                      "SELECT count(DISTINCT j.of_key) FROM journal j JOIN link_decision d ON d.decision = CAST(j.of_key AS INTEGER)"
                      " WHERE j.of_table = 'link_decision' AND j.entry > CAST(?1 AS INTEGER) AND d.verdict <> 'unknown'",
                      tz_arena_printf(of->mem, "%lld", (long long)of->since), NULL, ret_count, err);
}

/* ---- Two records side by side ---- */

/* A character of each value stands where the two run alike: the longest common subsequence. */
enum { LONGEST = 64 };

typedef struct {
    tz_text at[LONGEST]; /* each a code point */
    bool    differs[LONGEST];
    size_t  count;
} letters;

static letters letters_of(const char *text)
{
    letters of = {.count = 0};
    tz_text all = tz_text_of(text);

    for (size_t at = 0, from = 0; of.count < LONGEST && tz_utf8_next(all, &at) >= 0; from = at) {
        of.at[of.count] = tz_text_cut(all, from, at - from);
        of.differs[of.count++] = true;
    }
    return of;
}

static void mark_common(letters *a, letters *b)
{
    static _Thread_local uint8_t common[LONGEST + 1][LONGEST + 1];

    memset(common, 0, sizeof common);
    for (size_t i = a->count; i-- > 0;)
        for (size_t j = b->count; j-- > 0;)
            common[i][j] = tz_text_equal(a->at[i], b->at[j])            ? (uint8_t)(common[i + 1][j + 1] + 1)
                           : common[i + 1][j] >= common[i][j + 1] ? common[i + 1][j]
                                                                  : common[i][j + 1];
    for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
        if (tz_text_equal(a->at[i], b->at[j]))
            a->differs[i++] = b->differs[j++] = false;
        else if (common[i + 1][j] >= common[i][j + 1])
            i++;
        else
            j++;
    }
}

/* [{text, differs}]: runs of letters that do or do not stand in the other, as the reader may see them. shown: the value
 * masked, letter for letter. */
static json_t *runs_of(tz_arena *mem, const letters *value, const letters *shown)
{
    json_t *runs = json_array();

    for (size_t i = 0; i < value->count;) {
        tz_buf text = tz_buf_init(mem, 0);
        bool   differs = value->differs[i];
        for (; i < value->count && value->differs[i] == differs; i++)
            tz_buf_put(&text, i < shown->count ? shown->at[i] : TZ_TEXT("*"));
        json_t *run = json_object();
        (void)json_object_set_new(run, "text", tz_json_text(tz_buf_text(&text)));
        (void)json_object_set_new(run, "differs", json_boolean(differs));
        (void)json_array_append_new(runs, run);
    }
    return runs;
}

/* The value of an identity's column and its column; NULL: there is none. */
static const char *value_at(const review *of, const tz_row_found *row, const tz_register *reg, int index, const tz_column **ret_column)
{
    if (reg == NULL || index < 0)
        return NULL;
    const tz_column *column = *ret_column = &reg->columns.items[index];
    const char      *place = column->type == TZ_TYPE_DIVISION
                                 ? tz_json_str(row->values, tz_arena_printf(of->mem, "%s_name", column->name)) : NULL;
    const char      *raw = column->type == TZ_TYPE_ID ? tz_json_str(row->values, tz_arena_printf(of->mem, "%s_raw", column->name)) : NULL;
    const char      *value = tz_json_str(row->values, column->name);
    return place != NULL ? place : value != NULL ? value : raw;
}

static void add_compared(const review *of, const tz_row_found rows[2], const char *title, const int index[2], json_t *list)
{
    letters     value[2], shown[2];
    const char *values[2] = {NULL, NULL};

    for (int i = 0; i < 2; i++) {
        const tz_column *column = NULL;
        values[i] = value_at(of, &rows[i], tz_packs_register(of->packs, rows[i].register_name), index[i], &column);
        value[i] = letters_of(values[i] == NULL ? "" : values[i]);
        shown[i] = letters_of(values[i] == NULL ? "" : of->options->is_masked ? tz_mask_column(of->mem, column, values[i]) : values[i]);
    }
    if (values[0] == NULL && values[1] == NULL)
        return;
    mark_common(&value[0], &value[1]);
    for (int i = 0; i < 2 && (values[0] == NULL || values[1] == NULL); i++)
        memset(value[i].differs, 0, sizeof value[i].differs); /* one is not given: nothing to tell apart */
    json_t *line = json_object();
    tz_json_set_half(line, "title", title, of->options->lang);
    (void)json_object_set_new(line, "a", runs_of(of->mem, &value[0], &shown[0]));
    (void)json_object_set_new(line, "b", runs_of(of->mem, &value[1], &shown[1]));
    (void)json_object_set_new(line, "is_equal", json_boolean(values[0] != NULL && values[1] != NULL && strcmp(values[0], values[1]) == 0));
    (void)json_array_append_new(list, line);
}

static json_t *compared(const review *of, const tz_row_found rows[2])
{
    const tz_identity *who[2];
    json_t            *list = json_array();

    for (int i = 0; i < 2; i++)
        who[i] = tz_identity_main(tz_packs_register(of->packs, rows[i].register_name));
    if (who[0] == NULL || who[1] == NULL)
        return list;
    const struct { const char *title; int index[2]; } ROWS[] = {
        {"姓名|Name", {who[0]->name, who[1]->name}},       {"证件号码|Number", {who[0]->id, who[1]->id}},
        {"出生日期|Birth date", {who[0]->birth, who[1]->birth}}, {"性别|Sex", {who[0]->sex, who[1]->sex}},
        {"村|Village", {who[0]->village, who[1]->village}}, {"电话|Phone", {who[0]->phone, who[1]->phone}},
        {"户号|Household", {who[0]->household, who[1]->household}},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++)
        add_compared(of, rows, ROWS[i].title, ROWS[i].index, list);
    return list;
}

/* The parts as they were weighed, in the reader's words. */
static tz_rc parts_of(const review *of, const char *stored, json_t **ret_parts, tz_err *err)
{
    json_t *parts = NULL, *part;
    size_t  i;
    tz_rc   rc = tz_json_parse(tz_text_of(stored), &parts, err);

    if (rc != TZ_OK)
        return rc;
    json_array_foreach(parts, i, part) {
        tz_json_set_half(part, "title", tz_weight_title(tz_json_str(part, "comparison")), of->options->lang);
        tz_json_set_half(part, "level", tz_weight_words(tz_json_str(part, "level")), of->options->lang);
    }
    *ret_parts = parts;
    return TZ_OK;
}

/* ---- The pair ---- */

static tz_rc show_pair(const review *of, const pair *one, const tz_row_found rows[2], const char *verdict, json_t **ret_pair, tz_err *err)
{
    json_t *shown = NULL, *parts = NULL;
    tz_rc   rc = parts_of(of, one->parts, &parts, err);

    if (rc != TZ_OK)
        return rc;
    shown = json_object();
    tz_json_set_int(shown, "row_a", one->row_a);
    tz_json_set_int(shown, "row_b", one->row_b);
    tz_json_set_str(shown, "verdict", verdict);
    tz_json_set_str(shown, "weight", one->weight);
    (void)json_object_set_new(shown, "parts", parts);
    (void)json_object_set_new(shown, "same", compared(of, rows));
    (void)json_object_set_new(shown, "a", tz_row_face(of->mem, of->packs, &rows[0], of->options->is_masked, of->options->lang));
    (void)json_object_set_new(shown, "b", tz_row_face(of->mem, of->packs, &rows[1], of->options->is_masked, of->options->lang));
    *ret_pair = shown;
    return TZ_OK;
}

/* The first of `count` pairs from a place on that is wanted (by verdict, NULL: nobody looked at it; or whatever it is). Their
 * rows are read together: reading those of one costs as much. *ret_pair stays NULL where none is, or where a row is gone. */
static tz_rc look_at(const review *of, size_t place, size_t count, const char *wanted, bool is_any, json_t **ret_pair, tz_err *err)
{
    tz_row_found *rows = NULL;
    tz_err        gone = {0};
    int64_t      *ids = tz_new_array(of->mem, int64_t, 2 * count);

    for (size_t i = 0; i < count; i++) {
        ids[2 * i] = of->pairs.items[place + i].row_a;
        ids[2 * i + 1] = of->pairs.items[place + i].row_b;
    }
    tz_rc rc = tz_rows_find(of->mem, of->store, of->packs, ids, 2 * count, &rows, &gone);
    if (rc == TZ_MISSING && !is_any && count == 1)
        return TZ_OK;
    if (rc == TZ_MISSING && count > 1) { /* one is gone: the others by halves */
        rc = look_at(of, place, count / 2, wanted, is_any, ret_pair, err);
        return rc != TZ_OK || *ret_pair != NULL ? rc : look_at(of, place + count / 2, count - count / 2, wanted, is_any, ret_pair, err);
    }
    if (rc != TZ_OK) {
        *err = gone;
        return rc;
    }
    for (size_t i = 0; i < count && rc == TZ_OK && *ret_pair == NULL; i++) {
        const char *verdict = verdict_of(of, &rows[2 * i]);
        if (is_any || (wanted == NULL ? verdict == NULL : verdict != NULL && strcmp(verdict, wanted) == 0))
            rc = show_pair(of, &of->pairs.items[place + i], &rows[2 * i], verdict, ret_pair, err);
    }
    for (size_t i = 0; i < 2 * count; i++)
        json_decref(rows[i].values);
    return rc;
}

/* The first pair from a place on, and round, that nobody looked at; then the first that somebody was unsure of. */
static tz_rc search(const review *of, size_t from, json_t **ret_pair, tz_err *err)
{
    enum { MOST = 64 };
    static const char *const WANTED[] = {NULL, "unknown"};
    tz_rc rc = TZ_OK;

    for (size_t w = 0; w < 2; w++)
        for (size_t seen = 0, step = 1; seen < of->pairs.count && *ret_pair == NULL; seen += step) {
            size_t place = (from + seen) % of->pairs.count, left = of->pairs.count - (place > seen ? place : seen);
            step = seen == 0 ? 1 : 2 * step > MOST ? MOST : 2 * step;
            step = step > left ? left : step;
            TZ_TRY(look_at(of, place, step, WANTED[w], false, ret_pair, err));
        }
done:
    return rc;
}

tz_rc tz_link_next(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_review_options *options, json_t **ret_review, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && options != NULL && ret_review != NULL);
    tz_rc   rc = TZ_OK;
    review  of = {.mem = mem, .store = store, .packs = packs, .options = options};
    json_t *found = NULL;
    int64_t decided = 0;
    size_t  place = 0;

    TZ_TRY(load_pairs(&of, err));
    TZ_TRY(load_verdicts(&of, err));
    TZ_TRY(count_decided(&of, &decided, err));
    for (place = 0; place < of.pairs.count && options->row_a != 0; place++)
        if (of.pairs.items[place].row_a == options->row_a && of.pairs.items[place].row_b == options->row_b)
            break;
    if (options->row_a != 0 && place == of.pairs.count && !options->is_behind) {
        rc = tz_fail(err, TZ_MISSING, "这两行不在最近一次关联的待复核之列", "these two rows do not wait for review in the newest linkage");
        goto done;
    }
    if (options->row_a != 0 && !options->is_behind)
        TZ_TRY(look_at(&of, place, 1, NULL, true, &found, err));
    else if (of.pairs.count > 0)
        TZ_TRY(search(&of, options->row_a == 0 ? 0 : place + 1, &found, err));
    *ret_review = json_object();
    tz_json_set_int(*ret_review, "waiting", decided > (int64_t)of.pairs.count ? 0 : (int64_t)of.pairs.count - decided);
    (void)json_object_set_new(*ret_review, "pair", found == NULL ? json_null() : json_incref(found));
done:
    json_decref(found);
    return rc;
}
