#include "packs/functions.h"

#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/idcard.h"
#include "packs/statistics.h"

enum {
    CODE_POINTS = 256,
    FIRST_DAY = -25567, /* 1900-01-01 and 2099-12-31 in days since 1970: an engine's infinite date is no day */
    LAST_DAY = 47481,
};

static size_t decode(tz_text text, int32_t *out)
{
    size_t  count = 0;
    int32_t cp;

    for (size_t at = 0; count < CODE_POINTS && (cp = tz_utf8_next(text, &at)) >= 0;)
        if (cp != ' ' && cp != 0x3000)
            out[count++] = cp;
    return count;
}

static int least(int a, int b, int c)
{
    int least_of_two = a < b ? a : b;
    return least_of_two < c ? least_of_two : c;
}

/* Three rows of the usual table are enough: a swap looks two rows back. */
static int distance(const int32_t *a, size_t m, const int32_t *b, size_t n)
{
    int rows[3][CODE_POINTS + 1];

    for (size_t j = 0; j <= n; j++)
        rows[0][j] = (int)j;
    for (size_t i = 1; i <= m; i++) {
        int *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
        now[0] = (int)i;
        for (size_t j = 1; j <= n; j++) {
            now[j] = least(before[j] + 1, now[j - 1] + 1, before[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && earlier[j - 2] + 1 < now[j])
                now[j] = earlier[j - 2] + 1;
        }
    }
    return rows[m % 3][n];
}

int64_t tz_edit_distance(tz_text a, tz_text b)
{
    int32_t x[CODE_POINTS], y[CODE_POINTS];
    size_t  m = decode(a, x), n = decode(b, y);
    return distance(x, m, y, n);
}

/* ---- Scalar functions of one or two texts ---- */

/* One value: false gives null. Dates travel as days since 1970. */
typedef bool scalar(const tz_county *county, tz_text a, tz_text b, void *out, tz_text *ret_text);

static bool edit_distance(const tz_county *county, tz_text a, tz_text b, void *out, tz_text *ret_text)
{
    (void)county, (void)ret_text;
    *(int64_t *)out = tz_edit_distance(a, b);
    return true;
}

static bool name_similarity(const tz_county *county, tz_text a, tz_text b, void *out, tz_text *ret_text)
{
    int32_t x[CODE_POINTS], y[CODE_POINTS];
    size_t  m = decode(a, x), n = decode(b, y);
    (void)county, (void)ret_text;
    if (m == 0 || n == 0)
        return false;
    *(double *)out = 1.0 - (double)distance(x, m, y, n) / (double)(m > n ? m : n);
    return true;
}

static bool id_is_valid(const tz_county *county, tz_text a, tz_text b, void *out, tz_text *ret_text)
{
    (void)county, (void)b, (void)ret_text;
    *(bool *)out = tz_idcard_is_valid(a);
    return true;
}

static bool parse_card(tz_text a, tz_idcard *card)
{
    tz_err ignored;
    return tz_idcard_parse(a, card, &ignored) == TZ_OK;
}

static bool put_date(int32_t ymd, void *out)
{
    if (ymd == 0)
        return false;
    *(int32_t *)out = (int32_t)tz_date_days(ymd);
    return true;
}

static bool id_birth(const tz_county *county, tz_text a, tz_text b, void *out, tz_text *ret_text)
{
    tz_idcard card;
    (void)county, (void)b, (void)ret_text;
    return parse_card(a, &card) && put_date(card.born, out);
}

static bool id_sex(const tz_county *county, tz_text a, tz_text b, void *out, tz_text *ret_text)
{
    tz_idcard card;
    (void)county, (void)b, (void)out;
    if (!parse_card(a, &card))
        return false;
    *ret_text = card.sex == 'M' ? TZ_TEXT("M") : TZ_TEXT("F");
    return true;
}

static bool id_region(const tz_county *county, tz_text a, tz_text b, void *out, tz_text *ret_text)
{
    (void)county, (void)b, (void)out;
    *ret_text = tz_text_cut(a, 0, 6);
    return tz_idcard_is_valid(a);
}

static bool address_similarity(const tz_county *county, tz_text a, tz_text b, void *out, tz_text *ret_text)
{
    (void)county, (void)ret_text;
    return tz_address_similarity(a, b, out);
}

static bool term_end(const tz_county *county, tz_text a, tz_text b, void *out, tz_text *ret_text)
{
    (void)b, (void)ret_text;
    return a.size == 6 && put_date(tz_county_period_end(county, a), out);
}

/* The day after the end of the term before. */
static bool term_start(const tz_county *county, tz_text a, tz_text b, void *out, tz_text *ret_text)
{
    char    before[8];
    int64_t year = 0;
    (void)b, (void)ret_text;
    if (a.size != 6 || tz_county_period_end(county, a) == 0 || !tz_text_int(tz_text_cut(a, 0, 4), &year))
        return false;
    bool is_spring = a.data[5] == '1';
    tz_text text = {before, 6};
    char   digits[TZ_DATE_TEXT];
    tz_date_format((int32_t)(year - is_spring) * 10000 + 101, digits);
    memcpy(before, digits, 4);
    before[4] = '-';
    before[5] = is_spring ? '2' : '1';
    int32_t end = tz_county_period_end(county, text);
    return end != 0 && put_date(tz_date_add(end, 1), out);
}

static bool month_end(const tz_county *county, tz_text a, tz_text b, void *out, tz_text *ret_text)
{
    (void)b, (void)ret_text;
    return a.size == 7 && put_date(tz_county_period_end(county, a), out);
}

static bool month_start(const tz_county *county, tz_text a, tz_text b, void *out, tz_text *ret_text)
{
    int32_t end = a.size == 7 ? tz_county_period_end(county, a) : 0;
    (void)b, (void)ret_text;
    return end != 0 && put_date(end / 100 * 100 + 1, out);
}

static const struct entry {
    const char *name;
    int         arguments;
    duckdb_type result;
    scalar     *run;
} FUNCTIONS[] = {
    {"edit_distance", 2, DUCKDB_TYPE_BIGINT, edit_distance},
    {"name_similarity", 2, DUCKDB_TYPE_DOUBLE, name_similarity},
    {"id_is_valid", 1, DUCKDB_TYPE_BOOLEAN, id_is_valid},
    {"id_birth", 1, DUCKDB_TYPE_DATE, id_birth},
    {"id_sex", 1, DUCKDB_TYPE_VARCHAR, id_sex},
    {"id_region", 1, DUCKDB_TYPE_VARCHAR, id_region},
    {"address_similarity", 2, DUCKDB_TYPE_DOUBLE, address_similarity},
    {"term_start", 1, DUCKDB_TYPE_DATE, term_start},
    {"term_end", 1, DUCKDB_TYPE_DATE, term_end},
    {"month_start", 1, DUCKDB_TYPE_DATE, month_start},
    {"month_end", 1, DUCKDB_TYPE_DATE, month_end},
};

static const tz_county *the_terms; /* a session has one county; set before anything runs */

static size_t size_of(duckdb_type type)
{
    return type == DUCKDB_TYPE_BOOLEAN ? 1 : type == DUCKDB_TYPE_DATE ? 4 : 8;
}

static void run_scalar(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    const struct entry *entry = duckdb_scalar_function_get_extra_info(info);
    idx_t               count = duckdb_data_chunk_get_size(input);
    duckdb_string_t    *texts[2] = {NULL};
    uint64_t           *valid[2] = {NULL};

    for (int i = 0; i < entry->arguments; i++) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(input, (idx_t)i);
        texts[i] = duckdb_vector_get_data(vector);
        valid[i] = duckdb_vector_get_validity(vector);
    }
    duckdb_vector_ensure_validity_writable(output);
    uint64_t *out_valid = duckdb_vector_get_validity(output);
    char     *out = duckdb_vector_get_data(output);
    for (idx_t row = 0; row < count; row++) {
        tz_text arguments[2] = {{0}}, text = {0};
        bool    has_all = true;
        for (int i = 0; i < entry->arguments; i++) {
            has_all = has_all && (valid[i] == NULL || duckdb_validity_row_is_valid(valid[i], row));
            if (has_all)
                arguments[i] = (tz_text){duckdb_string_t_data(&texts[i][row]), duckdb_string_t_length(texts[i][row])};
        }
        bool has_value = has_all && entry->run(the_terms, arguments[0], arguments[1], out + row * size_of(entry->result), &text);
        duckdb_validity_set_row_validity(out_valid, row, has_value);
        if (has_value && entry->result == DUCKDB_TYPE_VARCHAR)
            duckdb_vector_assign_string_element_len(output, row, text.data, text.size);
    }
}

/* ---- Working days: of two dates ---- */

static void run_working_days(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    duckdb_vector from = duckdb_data_chunk_get_vector(input, 0), to = duckdb_data_chunk_get_vector(input, 1);
    const int32_t *from_days = duckdb_vector_get_data(from), *to_days = duckdb_vector_get_data(to);
    uint64_t      *from_valid = duckdb_vector_get_validity(from), *to_valid = duckdb_vector_get_validity(to);
    int64_t       *out = duckdb_vector_get_data(output);
    (void)info;

    duckdb_vector_ensure_validity_writable(output);
    uint64_t *out_valid = duckdb_vector_get_validity(output);
    for (idx_t row = 0, count = duckdb_data_chunk_get_size(input); row < count; row++) {
        bool has_both = (from_valid == NULL || duckdb_validity_row_is_valid(from_valid, row)) &&
                        (to_valid == NULL || duckdb_validity_row_is_valid(to_valid, row)) &&
                        from_days[row] >= FIRST_DAY && from_days[row] <= LAST_DAY && to_days[row] >= FIRST_DAY && to_days[row] <= LAST_DAY;
        duckdb_validity_set_row_validity(out_valid, row, has_both);
        if (has_both)
            out[row] = tz_calendar_between(&the_terms->calendar, tz_date_from_days(from_days[row]), tz_date_from_days(to_days[row]));
    }
}

static bool register_working_days(tz_duck *duck)
{
    duckdb_scalar_function function = duckdb_create_scalar_function();
    duckdb_logical_type    date = duckdb_create_logical_type(DUCKDB_TYPE_DATE);
    duckdb_logical_type    result = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);

    duckdb_scalar_function_set_name(function, "working_days");
    duckdb_scalar_function_add_parameter(function, date);
    duckdb_scalar_function_add_parameter(function, date);
    duckdb_scalar_function_set_return_type(function, result);
    duckdb_scalar_function_set_function(function, run_working_days);
    bool is_done = duckdb_register_scalar_function(duck->connection, function) == DuckDBSuccess;
    duckdb_destroy_logical_type(&date);
    duckdb_destroy_logical_type(&result);
    duckdb_destroy_scalar_function(&function);
    return is_done;
}

static bool register_one(tz_duck *duck, const struct entry *entry)
{
    duckdb_scalar_function function = duckdb_create_scalar_function();
    duckdb_logical_type    text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    duckdb_logical_type    result = duckdb_create_logical_type(entry->result);

    duckdb_scalar_function_set_name(function, entry->name);
    for (int i = 0; i < entry->arguments; i++)
        duckdb_scalar_function_add_parameter(function, text);
    duckdb_scalar_function_set_return_type(function, result);
    duckdb_scalar_function_set_extra_info(function, (void *)(uintptr_t)entry, NULL);
    duckdb_scalar_function_set_function(function, run_scalar);
    bool is_done = duckdb_register_scalar_function(duck->connection, function) == DuckDBSuccess;
    duckdb_destroy_logical_type(&text);
    duckdb_destroy_logical_type(&result);
    duckdb_destroy_scalar_function(&function);
    return is_done;
}

tz_rc tz_functions_register(tz_duck *duck, const tz_county *terms, tz_err *err)
{
    tz_assert(duck != NULL && terms != NULL);
    the_terms = terms;
    for (size_t i = 0; i < sizeof FUNCTIONS / sizeof FUNCTIONS[0]; i++)
        if (!register_one(duck, &FUNCTIONS[i]))
            return tz_fail(err, TZ_SYSTEM, "无法登记函数 %s", "cannot register function %s", FUNCTIONS[i].name);
    if (!register_working_days(duck))
        return tz_fail(err, TZ_SYSTEM, "无法登记函数 working_days", "cannot register function working_days");
    tz_rc rc = tz_statistics_register(duck, err);
    return rc != TZ_OK ? rc : tz_duck_exec(duck, "CREATE MACRO age_at(birth, day) AS date_diff('year', birth, day)"
                              " - CASE WHEN (month(day), day(day)) < (month(birth), day(birth)) THEN 1 ELSE 0 END;", err);
}
