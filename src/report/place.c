#include "report/place.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/map.h"
#include "report/figuring.h"
#include "report/phrase.h"

typedef struct tz_places placing;
struct tz_places {
    tz_arena *mem;
    tz_store *store;
    const tz_packs *packs;
    tz_query *query;
    bool      is_mine;   /* it is closed with this */
    tz_strings registers; /* whose rows are in by_row */
    tz_map    by_row;    /* row id -> index + 1 into codes */
    tz_map    by_person; /* person -> the same */
    tz_map    codes;     /* code -> index + 1 */
    struct { const char **items; size_t count, room; } names; /* codes by index */
    bool      has_persons;
    tz_placed_rows *found; /* where the rows of a figure are gathered, or NULL */
};

typedef struct {
    int64_t number; /* a count, or a sum times 10^TZ_SUM_PLACES */
    int64_t rows;
} part;

typedef struct { part *items; size_t count, room; } parts; /* by code; [0]: nowhere */

/* ---- Where rows lie ---- */

/* The index of a code as the row has it, from 1; 0 for none. */
static size_t code_index(placing *of, const char *code)
{
    bool is_new = false;

    if (code == NULL || strlen(code) != 12)
        return 0;
    tz_map_entry *entry = tz_map_put(&of->codes, tz_text_of(code), &is_new);
    if (is_new) {
        tz_push(of->mem, &of->names, (const char *)tz_arena_dup(of->mem, code));
        entry->value = (int64_t)of->names.count;
    }
    return (size_t)entry->value;
}

static const tz_column *division_column(const tz_register *reg)
{
    for (size_t i = 0; i < reg->columns.count; i++)
        if (reg->columns.items[i].type == TZ_TYPE_DIVISION)
            return &reg->columns.items[i];
    return NULL;
}

/* Runs "key, code" and keeps it in map. */
static tz_rc load_map(placing *of, const tz_pack *pack, const char *sql, tz_map *map, tz_err *err)
{
    tz_result result = {0};
    tz_rc     rc = tz_query_run(of->mem, of->query, pack, sql, "figure --by", 1, NULL, &result, err);

    for (size_t i = 0; rc == TZ_OK && i < result.rows.count; i++) {
        const json_t *key = json_array_get(result.rows.items[i], 0);
        size_t        index = code_index(of, json_string_value(json_array_get(result.rows.items[i], 1)));
        int64_t       id = json_integer_value(key);
        tz_text       bytes = json_is_string(key) ? tz_text_of(json_string_value(key)) : (tz_text){(const char *)&id, sizeof id};
        if (index > 0)
            tz_map_put(map, bytes, NULL)->value = (int64_t)index;
    }
    tz_result_free(&result);
    return rc;
}

static bool is_loaded(placing *of, const char *register_name)
{
    for (size_t i = 0; i < of->registers.count; i++)
        if (strcmp(of->registers.items[i], register_name) == 0)
            return true;
    tz_push(of->mem, &of->registers, register_name);
    return false;
}

/* The registers that the figure reads say where their rows lie; the residents' where a person lives. */
static tz_rc load_homes(placing *of, const tz_figure *figure, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    tz_query_names names = {0};

    TZ_TRY(tz_query_name(of->mem, figure->sql, &names, err));
    for (size_t i = 0; i < names.tables.count; i++) {
        const tz_register *reg = tz_packs_register(of->packs, names.tables.items[i]);
        const tz_column   *column = reg == NULL ? NULL : division_column(reg);
        if (column != NULL && !is_loaded(of, reg->name))
            TZ_TRY(load_map(of, figure->pack, tz_arena_printf(of->mem, "SELECT r._row, r.%s FROM %s r WHERE r.%s IS NOT NULL", column->name,
                                                              reg->name, column->name), &of->by_row, err));
    }
    const tz_register *residents = tz_packs_register(of->packs, "residents");
    if (residents != NULL && tz_register_column(residents, "village") >= 0 && !of->has_persons) {
        of->has_persons = true;
        TZ_TRY(load_map(of, figure->pack, "SELECT r.person, max(r.village) FROM residents r WHERE r.village IS NOT NULL GROUP BY r.person",
                        &of->by_person, err));
    }
done:
    return rc;
}

typedef struct { placing *of; size_t index; } looking;

static void look_at_row(void *context, int64_t row_id)
{
    looking            *at = context;
    const tz_map_entry *entry = tz_map_get(&at->of->by_row, (tz_text){(const char *)&row_id, sizeof row_id});

    if (at->index == 0 && entry != NULL)
        at->index = (size_t)entry->value;
}

static size_t place_of(placing *of, const tz_result *result, size_t row, int person)
{
    looking at = {of, 0};

    tz_figure_each_row(result, row, look_at_row, &at);
    if (at.index == 0 && person >= 0) {
        const char         *text = json_string_value(json_array_get(result->rows.items[row], (size_t)person));
        const tz_map_entry *entry = text == NULL ? NULL : tz_map_get(&of->by_person, tz_text_of(text));
        at.index = entry == NULL ? 0 : (size_t)entry->value;
    }
    return at.index;
}

/* ---- Parts ---- */

static part *part_at(placing *of, parts *list, size_t index)
{
    while (list->count <= index)
        tz_push(of->mem, list, (part){0});
    return &list->items[index];
}

typedef struct { placing *of; const char *division; } gathering;

static void gather_row(void *context, int64_t row_id)
{
    gathering *at = context;
    tz_push(at->of->mem, at->of->found, ((tz_placed_row){at->division, row_id}));
}

static tz_rc count_parts(placing *of, const tz_figure *figure, parts *list, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_result result = {0};
    uint64_t  total = 0; /* of the magnitudes: what they add up to anywhere has room */

    TZ_TRY(load_homes(of, figure, err));
    TZ_TRY(tz_query_run(of->mem, of->query, figure->pack, figure->sql, figure->file, figure->line, NULL, &result, err));
    int sum = figure->value == TZ_VALUE_SUM ? tz_result_column(&result, figure->sum_column) : -1;
    int person = tz_result_column(&result, "person");
    for (size_t i = 0; i < result.rows.count; i++) {
        size_t  index = place_of(of, &result, i, person);
        part   *at = part_at(of, list, index);
        int64_t number = 1;
        if (of->found != NULL)
            tz_figure_each_row(&result, i, gather_row, &(gathering){of, index == 0 ? NULL : of->names.items[index - 1]});
        if (figure->value == TZ_VALUE_SUM &&
            (sum < 0 || !tz_figure_cell(json_array_get(result.rows.items[i], (size_t)sum), &number))) {
            rc = tz_fail(err, TZ_INPUT, "列 %s 不是数字", "column %s is no number", figure->sum_column);
            goto done;
        }
        if (__builtin_add_overflow(total, number < 0 ? -(uint64_t)number : (uint64_t)number, &total) || total > INT64_MAX) {
            rc = tz_fail(err, TZ_LIMIT, "合计过大", "the sum is too large");
            goto done;
        }
        at->number += number;
        at->rows++;
    }
done:
    tz_result_free(&result);
    return rc;
}

static part part_of(const parts *list, size_t index)
{
    return index < list->count ? list->items[index] : (part){0};
}

/* The part as a value: of a ratio the quotient of both sides as printed. */
static const char *part_value(placing *of, const tz_figure *figure, part a, part b)
{
    if (figure->value != TZ_VALUE_RATIO)
        return tz_figure_number(of->mem, figure, a.number);
    tz_figure above = *tz_packs_figure(of->packs, figure->numerator), below = *tz_packs_figure(of->packs, figure->denominator);
    const char *x = tz_figure_number(of->mem, &above, a.number);
    const char *y = tz_figure_number(of->mem, &below, b.number);
    return tz_figure_quotient(of->mem, figure, x, y);
}

static void add_place(placing *of, json_t *list, const char *code, const char *value, const char *unit, int64_t rows, tz_lang lang)
{
    json_t            *line = json_object();
    const tz_division *division = code == NULL ? NULL : tz_county_division(of->store->county, tz_text_of(code));
    const char        *nowhere = lang == TZ_ZH ? "(未注明)" : "(not said)";

    tz_json_set_str(line, "division", code);
    tz_json_set_str(line, "name", code == NULL ? nowhere : division == NULL ? code : division->name);
    tz_json_set_str(line, "value", value);
    tz_json_set_str(line, "unit", unit);
    tz_json_set_int(line, "rows", rows);
    (void)json_array_append_new(list, line);
}

static int compare_codes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The codes that a level shows, and the parts of both sides summed to them; [0] is nowhere. */
typedef struct {
    const char **codes; /* in order */
    part        *above, *below;
    size_t       count;
} folded;

static void add_part(part *to, part from)
{
    to->number += from.number; /* a part of a sum that did not overflow */
    to->rows += from.rows;
}

/* The code at the level: a township's for its villages, none for a township among villages. */
static bool cut_code(const char *code, tz_division_level level, char out[13])
{
    memcpy(out, code, 13);
    if (level == TZ_DIVISION_TOWNSHIP)
        memcpy(out + 9, "000", 4);
    return level == TZ_DIVISION_TOWNSHIP || strcmp(code + 9, "000") != 0;
}

static folded fold(placing *of, tz_division_level level, const parts *a, const parts *b)
{
    size_t room = of->names.count + 1;
    folded to = {.codes = tz_new_array(of->mem, const char *, room), .above = tz_new_array(of->mem, part, room),
                 .below = tz_new_array(of->mem, part, room)};
    tz_map at = tz_map_init(of->mem);
    char   cut[13];

    for (size_t i = 0; i < of->names.count; i++) {
        bool is_new = false;
        if (cut_code(of->names.items[i], level, cut))
            (void)tz_map_put(&at, tz_text_of(cut), &is_new);
        if (is_new)
            to.codes[to.count++] = tz_arena_dup(of->mem, cut);
    }
    if (to.count > 0)
        qsort(to.codes, to.count, sizeof to.codes[0], compare_codes);
    for (size_t i = 0; i < to.count; i++)
        tz_map_put(&at, tz_text_of(to.codes[i]), NULL)->value = (int64_t)i + 1;
    for (size_t i = 0; i <= of->names.count; i++) {
        size_t place = i > 0 && cut_code(of->names.items[i - 1], level, cut) ? (size_t)tz_map_get(&at, tz_text_of(cut))->value : 0;
        add_part(&to.above[place], part_of(a, i));
        add_part(&to.below[place], part_of(b, i));
    }
    return to;
}

static json_t *list_places(placing *of, tz_division_level level, const tz_figure *figure, const parts *a, const parts *b, tz_lang lang)
{
    json_t     *list = json_array();
    size_t      len = 0;
    const char *unit = tz_half(figure->unit, lang, &len);
    folded      at = fold(of, level, a, b);

    unit = tz_arena_copy(of->mem, unit, len);
    for (size_t i = 0; i < at.count; i++)
        if (level == TZ_DIVISION_TOWNSHIP || at.above[i + 1].rows > 0 || at.below[i + 1].rows > 0)
            add_place(of, list, at.codes[i], part_value(of, figure, at.above[i + 1], at.below[i + 1]), unit, at.above[i + 1].rows, lang);
    if (at.above[0].rows > 0)
        add_place(of, list, NULL, part_value(of, figure, at.above[0], at.below[0]), unit, at.above[0].rows, lang);
    return list;
}

/* Where rows lie is read beside what figures read: of all registers, since nothing says which figure is asked for. */
static void expect_homes(placing *of)
{
    static const char *residents[] = {"residents"}, *where[] = {"person", "village"};
    tz_query_names     names = {.columns = {.items = where, .count = 2}};

    if (tz_packs_register(of->packs, residents[0]) != NULL)
        names.tables = (tz_strings){.items = residents, .count = 1};
    tz_query_expect(of->query, &names);
    names = (tz_query_names){0};
    for (size_t i = 0; i < of->packs->packs.count; i++) {
        const tz_pack *pack = &of->packs->packs.items[i];
        for (size_t j = 0; j < pack->registers.count; j++) {
            const tz_column *column = division_column(&pack->registers.items[j]);
            if (column != NULL)
                tz_push(of->mem, &names.columns, column->name);
        }
    }
    tz_query_expect(of->query, &names);
}

tz_places *tz_places_new(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_query *query)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && query != NULL);
    placing *of = tz_new(mem, placing);

    *of = (placing){.mem = mem, .store = store, .packs = packs, .query = query, .by_row = tz_map_init(mem), .by_person = tz_map_init(mem),
                    .codes = tz_map_init(mem)};
    for (size_t i = 0; i < store->county->divisions.count; i++)
        if (store->county->divisions.items[i].level == TZ_DIVISION_TOWNSHIP)
            (void)code_index(of, store->county->divisions.items[i].code);
    expect_homes(of);
    return of;
}

tz_rc tz_places_open(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, const char *name, tz_places **ret_places, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && name != NULL && ret_places != NULL);
    tz_query *query = NULL;
    tz_rc     rc = tz_figures_open(mem, store, packs, day, name, &query, err);

    if (rc == TZ_OK) {
        *ret_places = tz_places_new(mem, store, packs, query);
        (*ret_places)->is_mine = true;
    }
    return rc;
}

void tz_places_close(tz_places *places)
{
    if (places != NULL && places->is_mine)
        tz_query_close(places->query);
}

tz_rc tz_places_of(tz_places *places, tz_division_level level, tz_lang lang, const char *name, json_t **ret_places, tz_err *err)
{
    tz_assert(places != NULL && name != NULL && ret_places != NULL && level != TZ_DIVISION_COUNTY);
    tz_rc            rc = TZ_OK;
    parts            above = {0}, below = {0};
    const tz_figure *figure = tz_packs_figure(places->packs, name);

    if (figure == NULL)
        return tz_figure_missing(name, err);
    bool is_ratio = figure->value == TZ_VALUE_RATIO;
    const tz_figure *first = is_ratio ? tz_packs_figure(places->packs, figure->numerator) : figure;
    const tz_figure *second = is_ratio ? tz_packs_figure(places->packs, figure->denominator) : NULL;
    if (first->sql == NULL || (second != NULL && second->sql == NULL))
        return tz_fail(err, TZ_USAGE, "指标 “%s” 没有可以分到乡村的行", "figure '%s' has no rows to be told apart by place", name);
    TZ_TRY(count_parts(places, first, &above, err));
    if (second != NULL)
        TZ_TRY(count_parts(places, second, &below, err));
    *ret_places = list_places(places, level, figure, &above, &below, lang);
done:
    return rc;
}

static int compare_placed(const void *a, const void *b)
{
    const tz_placed_row *x = a, *y = b;
    int codes = x->division == NULL || y->division == NULL ? (x->division == NULL) - (y->division == NULL) : strcmp(x->division, y->division);
    return codes != 0 ? codes : (x->row_id > y->row_id) - (x->row_id < y->row_id);
}

tz_rc tz_places_rows(tz_places *places, const char *name, tz_placed_rows *ret_rows, tz_err *err)
{
    tz_assert(places != NULL && name != NULL && ret_rows != NULL);
    tz_rc            rc = TZ_OK;
    parts            ignored = {0};
    tz_placed_rows   rows = {0};
    const tz_figure *figure = tz_packs_figure(places->packs, name);

    if (figure == NULL)
        return tz_figure_missing(name, err);
    if (figure->value == TZ_VALUE_RATIO)
        figure = tz_packs_figure(places->packs, figure->numerator);
    places->found = &rows;
    if (figure->sql != NULL)
        TZ_TRY(count_parts(places, figure, &ignored, err));
    if (rows.count > 0)
        qsort(rows.items, rows.count, sizeof rows.items[0], compare_placed);
    *ret_rows = rows;
done:
    places->found = NULL;
    return rc;
}

tz_rc tz_figure_places(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_division_level level, tz_lang lang,
                       const char *name, json_t **ret_places, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    tz_places *places = NULL;

    if (tz_packs_figure(packs, name) == NULL)
        return tz_figure_missing(name, err);
    TZ_TRY(tz_places_open(mem, store, packs, day, name, &places, err));
    TZ_TRY(tz_places_of(places, level, lang, name, ret_places, err));
done:
    tz_places_close(places);
    return rc;
}

/* ---- Over time ---- */

enum { MOST_POINTS = 24 };

/* The registers of a figure: of a ratio those of its sides. */
static void registers_of(tz_arena *mem, const tz_packs *packs, const tz_figure *figure, tz_strings *names)
{
    for (size_t i = 0; i < figure->of.count; i++)
        tz_push(mem, names, figure->of.items[i]);
    if (figure->value == TZ_VALUE_RATIO) {
        registers_of(mem, packs, tz_packs_figure(packs, figure->numerator), names);
        registers_of(mem, packs, tz_packs_figure(packs, figure->denominator), names);
    }
}

/* The dates of the registers' batches up to the day, newest first. */
static tz_rc dates_of(tz_arena *mem, tz_store *store, const tz_strings *names, tz_day day, tz_strings *dates, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    tz_buf  text = tz_buf_init(mem, 0);
    char    as_of[TZ_DATE_TEXT];

    tz_date_format(day.as_of, as_of);
    tz_buf_puts(&text, "SELECT DISTINCT as_of FROM batch WHERE as_of <= ?1 AND accepted_entry <= ?2"
                       " AND (withdrawn_entry IS NULL OR withdrawn_entry > ?2) AND register IN ('");
    for (size_t i = 0; i < names->count; i++)
        tz_buf_printf(&text, "%s%s", i == 0 ? "" : "', '", names->items[i]); /* names of SQL, as the packs' reader takes them */
    tz_buf_printf(&text, "') ORDER BY as_of DESC LIMIT %d", MOST_POINTS);
    TZ_TRY(tz_sql_open(store, tz_buf_str(&text), &sql, err));
    tz_sql_bind_text(sql, 1, as_of);
    tz_sql_bind_int(sql, 2, day.at);
    TZ_EACH_ROW (store, sql, err) {
        tz_push(mem, dates, (const char *)tz_sql_dup(mem, sql, 0));
    }
done:
    tz_sql_close(sql);
    return rc;
}

tz_rc tz_figure_trend(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, const char *name,
                      json_t **ret_points, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && name != NULL && ret_points != NULL);
    tz_rc            rc = TZ_OK;
    const tz_figure *figure = tz_packs_figure(packs, name);
    tz_strings       names = {0}, dates = {0};
    json_t          *points = json_array();
    const char      *before = NULL;

    if (figure == NULL) {
        rc = tz_figure_missing(name, err);
        goto done;
    }
    registers_of(mem, packs, figure, &names);
    TZ_TRY(dates_of(mem, store, &names, day, &dates, err));
    for (size_t i = dates.count; i > 0; i--) {
        tz_figure_values values = {0};
        tz_day           then = {.at = day.at};
        tz_assert(tz_date_parse_iso(tz_text_of(dates.items[i - 1]), &then.as_of));
        TZ_TRY(tz_figures_compute(mem, store, packs, then, lang, name, &values, err));
        const tz_figure_value *value = tz_figure_value_of(&values, name);
        json_t *point = json_object();
        size_t  len = 0;
        const char *unit = tz_half(figure->unit, lang, &len);
        tz_json_set_str(point, "as_of", dates.items[i - 1]);
        tz_json_set_str(point, "value", value->value);
        tz_json_set_str(point, "printed", value->printed);
        tz_json_set_str(point, "unit", tz_arena_copy(mem, unit, len));
        tz_json_set_str(point, "change", tz_phrase_change(mem, value->value, before, lang));
        (void)json_array_append_new(points, point);
        before = value->value;
    }
    *ret_points = json_incref(points);
done:
    json_decref(points);
    return rc;
}
