/* found - one check's SQL run, and its rows read as what it found. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "checks/inside.h"

static const char *const LEVELS[][2] = {{"red", "红"}, {"orange", "橙"}, {"yellow", "黄"}};

const char *tz_level_name(tz_level level)
{
    return LEVELS[level][0];
}

bool tz_level_parse(const char *text, tz_level *ret_level)
{
    for (size_t i = 0; text != NULL && i < 3; i++)
        if (strcmp(text, LEVELS[i][0]) == 0 || strcmp(text, LEVELS[i][1]) == 0) {
            *ret_level = (tz_level)i;
            return true;
        }
    return false;
}

bool tz_found_counts(const tz_found *found)
{
    return !found->is_remedied && !found->is_excepted;
}

/* ---- The columns of a result ---- */

typedef enum { AS_PARAM, AS_ROWS, AS_REMEDIED, AS_LEVEL } column_kind;

typedef struct {
    column_kind *kinds;
    size_t      *key; /* indexes of the key columns */
    size_t       subject;
} columns;

static bool ends_with(const char *text, const char *end)
{
    return tz_text_ends(tz_text_of(text), tz_text_of(end));
}

static column_kind kind_of(const char *name)
{
    if (ends_with(name, "_row") || ends_with(name, "_rows"))
        return AS_ROWS;
    if (strcmp(name, "remedied") == 0)
        return AS_REMEDIED;
    return strcmp(name, "level") == 0 ? AS_LEVEL : AS_PARAM;
}

static size_t index_of(const tz_strings *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], name) == 0)
            return i;
    return SIZE_MAX;
}

static tz_rc missing_column(const tz_check *check, const char *name, tz_err *err)
{
    (void)tz_fail(err, TZ_INPUT, "规则 %s 的查询缺少列 %s", "check %s: its query has no column %s", check->name, name);
    return tz_err_at(err, check->file, NULL, check->line, NULL);
}

static tz_rc read_columns(tz_arena *mem, const tz_check *check, const tz_strings *names, columns *ret_columns, tz_err *err)
{
    columns read = {.kinds = tz_new_array(mem, column_kind, names->count + 1),
                    .key = tz_new_array(mem, size_t, check->key.count + 1)};

    for (size_t i = 0; i < names->count; i++)
        read.kinds[i] = kind_of(names->items[i]);
    read.subject = index_of(names, "subject");
    if (read.subject == SIZE_MAX)
        return missing_column(check, "subject", err);
    for (size_t i = 0; i < check->key.count; i++) {
        read.key[i] = index_of(names, check->key.items[i]);
        if (read.key[i] == SIZE_MAX)
            return missing_column(check, check->key.items[i], err);
    }
    *ret_columns = read;
    return TZ_OK;
}

/* ---- One row of a result ---- */

static void add_row(tz_arena *mem, tz_found *found, const json_t *cell)
{
    if (json_is_integer(cell))
        tz_push(mem, &found->rows, json_integer_value(cell));
}

static void add_rows(tz_arena *mem, tz_found *found, const json_t *cell)
{
    size_t  i;
    json_t *row;

    add_row(mem, found, cell);
    json_array_foreach((json_t *)cell, i, row)
        add_row(mem, found, row);
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void sort_rows(tz_found *found)
{
    size_t kept = 0;

    if (found->rows.count == 0)
        return;
    qsort(found->rows.items, found->rows.count, sizeof found->rows.items[0], compare_ids);
    for (size_t i = 0; i < found->rows.count; i++)
        if (i == 0 || found->rows.items[i] != found->rows.items[i - 1])
            found->rows.items[kept++] = found->rows.items[i];
    found->rows.count = kept;
}

static const char *canonical(tz_arena *mem, const json_t *value)
{
    tz_buf text = tz_buf_init(mem, 0);
    tz_json_canonical(value, &text);
    return tz_buf_str(&text);
}

/* A scalar as text: what `subject` is stored as. */
static const char *scalar_text(tz_arena *mem, const json_t *cell)
{
    if (json_is_null(cell))
        return NULL;
    if (json_is_string(cell))
        return tz_arena_dup(mem, json_string_value(cell));
    return canonical(mem, cell);
}

static tz_rc read_row(tz_arena *mem, tz_store *store, const tz_check *check, const tz_strings *names, const columns *where,
                      const json_t *row, tz_found *ret_found, tz_err *err)
{
    tz_found found = {.level = check->level, .stored = -1};
    json_t  *params = json_object(), *key = json_array();
    tz_rc    rc = TZ_OK;
    char     hash[TZ_KEY_TEXT];

    for (size_t i = 0; i < names->count; i++) {
        const json_t *cell = json_array_get(row, i);
        if (where->kinds[i] == AS_ROWS)
            add_rows(mem, &found, cell);
        else if (where->kinds[i] == AS_REMEDIED)
            found.is_remedied = json_is_true(cell);
        else if (where->kinds[i] == AS_PARAM)
            (void)json_object_set(params, names->items[i], (json_t *)cell);
        else if (!json_is_null(cell) && !tz_level_parse(json_string_value(cell), &found.level)) {
            (void)tz_fail(err, TZ_INPUT, "规则 %s 的 level 列应为 red、orange 或 yellow",
                          "check %s: its level column is to be red, orange or yellow", check->name);
            rc = tz_err_at(err, check->file, NULL, check->line, NULL);
            goto done;
        }
    }
    for (size_t i = 0; i < check->key.count; i++)
        (void)json_array_append(key, json_array_get(row, where->key[i]));
    sort_rows(&found);
    found.subject = scalar_text(mem, json_array_get(row, where->subject));
    found.key = canonical(mem, key);
    found.params = canonical(mem, params);
    tz_store_key(store, tz_arena_printf(mem, "finding:%s", check->name), tz_text_of(found.key), hash);
    found.key_hash = tz_arena_dup(mem, hash);
    *ret_found = found;
done:
    json_decref(params);
    json_decref(key);
    return rc;
}

/* A row on which the one finding rests and the other does not, "REGISTER/BATCH/SHEET/ROW"; "-": there is none. */
static tz_rc row_apart(tz_arena *mem, tz_store *store, const tz_found *one, const tz_found *other, const char **ret_name, tz_err *err)
{
    const int64_t *apart = NULL;
    tz_row_found  *row = NULL;

    for (size_t i = 0; i < one->rows.count && apart == NULL; i++) {
        const int64_t *row_id = &one->rows.items[i];
        if (other->rows.count == 0 || bsearch(row_id, other->rows.items, other->rows.count, sizeof *row_id, compare_ids) == NULL)
            apart = row_id;
    }
    *ret_name = "-";
    if (apart == NULL)
        return TZ_OK;
    tz_rc rc = tz_rows_address(mem, store, apart, 1, &row, err);
    if (rc == TZ_OK)
        *ret_name = tz_arena_printf(mem, "%s/%lld/%lld/%lld", row->register_name, (long long)row->batch, (long long)tz_row_sheet(*apart),
                                    (long long)row->row_no);
    return rc;
}

/* Two rows of a result under one key: neither may stand for the other, so the check fails and says which they are. */
static tz_rc key_is_narrow(tz_arena *mem, tz_store *store, const tz_check *check, const tz_found *a, const tz_found *b, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *row_a = NULL, *row_b = NULL;

    TZ_TRY(row_apart(mem, store, a, b, &row_a, err));
    TZ_TRY(row_apart(mem, store, b, a, &row_b, err));
    (void)tz_fail(err, TZ_INPUT, "规则 %s 的两个疑点同用一个键,各自独有的行:%s;%s",
                  "check %s: two findings have one key; the row that only the one rests on, and only the other: %s; %s", check->name, row_a, row_b);
    (void)tz_err_advise(err, "在 key 里再加一列把它们分开,或用 GROUP BY 合成一个疑点",
                        "tell them apart by a further column of the key, or make them one by GROUP BY");
    rc = tz_err_at(err, check->file, NULL, check->line, NULL);
done:
    return rc;
}

/* By key, then by the first row, so that what is said of two under one key is the same every time. */
static int compare_found(const void *a, const void *b)
{
    const tz_found *x = a, *y = b;
    int             order = strcmp(x->key, y->key);
    return order != 0 || x->rows.count == 0 || y->rows.count == 0 ? order : compare_ids(x->rows.items, y->rows.items);
}

/* Sorted by key: an engine of several threads gives rows in any order, and findings are numbered in
 * the order in which they stand here. */
static tz_rc read_result(tz_arena *mem, tz_store *store, const tz_result *result, tz_fared *fared, tz_err *err)
{
    const tz_check *check = fared->check;
    columns         where = {0};
    tz_rc           rc = TZ_OK;

    TZ_TRY(read_columns(mem, check, &result->columns, &where, err));
    for (size_t i = 0; i < result->rows.count; i++) {
        tz_found found;
        TZ_TRY(read_row(mem, store, check, &result->columns, &where, result->rows.items[i], &found, err));
        tz_push(mem, &fared->found, found);
    }
    if (fared->found.count > 0)
        qsort(fared->found.items, fared->found.count, sizeof fared->found.items[0], compare_found);
    for (size_t i = 1; i < fared->found.count; i++) {
        const tz_found *before = &fared->found.items[i - 1], *now = &fared->found.items[i];
        if (strcmp(before->key, now->key) == 0)
            TZ_TRY(key_is_narrow(mem, store, check, before, now, err));
    }
done:
    return rc;
}

/* err in both languages as "中文|English". */
static const char *both(tz_arena *mem, const tz_err *err)
{
    char  zh[1024], en[1024];
    char *bar;

    tz_err_line(err, TZ_ZH, zh, sizeof zh);
    tz_err_line(err, TZ_EN, en, sizeof en);
    while ((bar = strchr(zh, '|')) != NULL)
        *bar = '/';
    return tz_arena_printf(mem, "%s|%s", zh, en);
}

tz_rc tz_found_run(tz_arena *mem, tz_store *store, tz_query *query, const char *const *what_if, tz_fared *fared, tz_err *err)
{
    tz_assert(query != NULL && fared != NULL && fared->check != NULL);
    const tz_check *check = fared->check;
    tz_result       result = {0};
    tz_err          wrong = {0};
    tz_rc           rc = tz_query_run(mem, query, check->pack, check->sql, check->file, check->line, what_if, &result, &wrong);

    if (rc == TZ_OK)
        rc = read_result(mem, store, &result, fared, &wrong);
    fared->cpu_us = result.cpu_us;
    tz_result_free(&result);
    if (rc == TZ_OK) {
        fared->state = TZ_RAN;
        return TZ_OK;
    }
    if (rc != TZ_INPUT && rc != TZ_LIMIT && rc != TZ_MISSING) {
        *err = wrong;
        return rc;
    }
    fared->state = TZ_CHECK_FAILED;
    fared->why = both(mem, &wrong);
    fared->found.count = 0;
    return TZ_OK;
}

/* ---- With what is known of its rows ---- */

/* "P1,P2" as a JSON array; of a finding that is not about households, persons alone: whom a row's
 * household is changes with every household list, without any link having changed. */
static json_t *entities(const char *joined, bool with_households)
{
    json_t *list = json_array();

    for (const char *at = joined; *at != '\0';) {
        size_t size = strcspn(at, ",");
        if (with_households || *at != 'H')
            (void)json_array_append_new(list, json_stringn(at, size));
        at += size + (at[size] == ',');
    }
    return list;
}

static bool waits(const tz_map *waiting, const char *joined)
{
    for (const char *at = joined; *at != '\0';) {
        size_t size = strcspn(at, ",");
        if (tz_map_get(waiting, (tz_text){at, size}) != NULL)
            return true;
        at += size + (at[size] == ',');
    }
    return false;
}

static void add_division(json_t *list, const char *code)
{
    size_t  i;
    json_t *known;

    if (code == NULL || code[0] == '\0')
        return;
    json_array_foreach(list, i, known)
        if (strcmp(json_string_value(known), code) == 0)
            return;
    (void)json_array_append_new(list, json_string(code));
}

void tz_found_complete(const tz_rows *rows, const tz_map *waiting, const tz_check *check, tz_found *found)
{
    tz_assert(rows != NULL && waiting != NULL && check != NULL && found != NULL);
    bool    with_households = strcmp(check->subject_kind, "household") == 0;
    json_t *list = json_array(), *divisions = json_array();

    if (strcmp(check->subject_kind, "division") == 0)
        add_division(divisions, found->subject);
    for (size_t i = 0; i < found->rows.count; i++) {
        const tz_row_fact *fact = tz_rows_fact(rows, found->rows.items[i]);
        const char        *persons = fact == NULL ? "" : fact->persons;
        (void)json_array_append_new(list, json_pack("[I, s, s, o]", (json_int_t)found->rows.items[i],
                                                    fact == NULL ? "" : fact->key, fact == NULL ? "" : fact->content,
                                                    entities(persons, with_households)));
        add_division(divisions, fact == NULL ? NULL : fact->division);
        found->is_pending |= check->absent != NULL && waits(waiting, persons);
    }
    found->rows_json = canonical(rows->mem, list);
    found->divisions = canonical(rows->mem, divisions);
    json_decref(list);
    json_decref(divisions);
}
