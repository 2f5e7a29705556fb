/* answers - answers.json: what a run must find, what it must not, and what the figures must be. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/json.h"
#include "base/money.h"
#include "demo/inside.h"

/* ---- Figures, counted from the rows by who they are about ---- */

typedef struct {
    demo_county *county;
    uint8_t     *seen; /* by person */
    json_t      *figures;
} counting;

static void put_value(counting *of, const char *figure, const char *value)
{
    json_t *line = json_object();
    tz_json_set_str(line, "figure", figure);
    tz_json_set_str(line, "value", value);
    (void)json_array_append_new(of->figures, line);
}

static void put_count(counting *of, const char *figure, size_t count)
{
    put_value(of, figure, tz_arena_printf(of->county->mem, "%zu", count));
}

static void put_money(counting *of, const char *figure, int64_t fen, int places)
{
    char text[TZ_DECIMAL_TEXT];
    int64_t divisor = places == 4 ? 10000 : 1;
    tz_decimal_format((fen + divisor / 2) / divisor, 2, text); /* 元, or 万元, with two decimals */
    put_value(of, figure, text);
}

static void forget(counting *of)
{
    memset(of->seen, 0, of->county->persons.count);
}

/* Persons of a sheet that were not seen yet. wanted NULL: all rows, else those with this cell. */
static size_t count_persons(counting *of, const demo_sheet *sheet, int column, const char *wanted)
{
    size_t count = 0;
    for (size_t i = 0; i < sheet->rows.count; i++) {
        const demo_row *row = sheet->rows.items[i];
        if (of->seen[row->person] || (wanted != NULL && strcmp(row->cells[column], wanted) != 0))
            continue;
        of->seen[row->person] = 1;
        count++;
    }
    return count;
}

static size_t count_households(const demo_county *county, bool is_listed)
{
    size_t count = 0;
    for (size_t h = 0; h < county->households.count; h++) {
        const demo_household *household = &county->households.items[h];
        bool is_there = false;
        for (uint32_t i = household->first; i < household->first + household->count; i++) {
            const demo_person *person = &county->persons.items[i];
            is_there |= is_listed ? person->listed[DEMO_YEARS - 1] != NULL
                                  : person->resident != NULL && strcmp(person->resident->cells[RES_STATUS], "正常") == 0;
        }
        count += is_there;
    }
    return count;
}

static size_t count_bad_numbers(const demo_county *county)
{
    size_t count = 0;
    for (size_t i = 0; i < county->answers.count; i++) {
        const demo_answer *answer = &county->answers.items[i];
        count += answer->is_planted && strcmp(answer->check, "invalid-id") == 0 && answer->rows.items[0]->sheet == county->poverty[DEMO_YEARS - 1];
    }
    return count;
}

static void count_population(counting *of)
{
    demo_county *county = of->county;
    size_t       residents = 0;

    forget(of);
    for (size_t i = 0; i < county->townships.count; i++)
        residents += count_persons(of, county->residents[i], RES_STATUS, "正常");
    put_count(of, "population.residents", residents);
    put_count(of, "population.households", count_households(county, false));
    forget(of);
    put_count(of, "population.deaths", count_persons(of, county->deaths[0], 0, NULL) + count_persons(of, county->deaths[1], 0, NULL));
    forget(of);
    put_count(of, "poverty.persons", count_persons(of, county->poverty[DEMO_YEARS - 1], 0, NULL));
    put_count(of, "poverty.households", count_households(county, true));
    put_count(of, "poverty.valid_numbers", count_bad_numbers(county));
}

/* The roster sheets of a term, each once. */
static size_t count_aided(counting *of, int term, int64_t *fen)
{
    size_t count = 0;
    for (int stage = DEMO_PRESCHOOL; stage <= DEMO_VOCATIONAL; stage++) {
        const demo_sheet *sheet = of->county->aid[term][stage];
        if (stage > DEMO_PRESCHOOL && sheet == of->county->aid[term][stage - 1])
            continue;
        count += count_persons(of, sheet, 0, NULL);
        for (size_t i = 0; i < sheet->rows.count; i++)
            *fen += demo_aid_fen(sheet->rows.items[i]);
    }
    return count;
}

/* Fen of an amount in 元. */
static int64_t fen_in(const demo_row *row, int column)
{
    const char *text = row->cells[column], *point = strchr(text, '.');
    return strtoll(text, NULL, 10) * 100 + (point == NULL ? 0 : strtoll(point + 1, NULL, 10));
}

static int64_t fen_of(const demo_row *row)
{
    return fen_in(row, MONEY_AMOUNT);
}

static int64_t paid_back(const demo_county *county, const demo_row *order)
{
    int64_t fen = 0;
    for (size_t i = 0; i < county->refunds->rows.count; i++) {
        const demo_row *refund = county->refunds->rows.items[i];
        if (refund->person == order->person && strcmp(refund->cells[MONEY_TERM], order->cells[MONEY_TERM]) == 0 &&
            strcmp(refund->cells[MONEY_PROGRAMME], order->cells[MONEY_PROGRAMME]) == 0)
            fen += fen_of(refund);
    }
    return fen;
}

static void count_refunds(counting *of)
{
    const demo_county *county = of->county;
    int64_t refunded = 0, ordered = 0;
    size_t  open = 0;

    for (size_t i = 0; i < county->refunds->rows.count; i++)
        refunded += fen_of(county->refunds->rows.items[i]);
    for (size_t i = 0; i < county->orders->rows.count; i++) {
        ordered += fen_of(county->orders->rows.items[i]);
        open += paid_back(county, county->orders->rows.items[i]) < fen_of(county->orders->rows.items[i]);
    }
    forget(of);
    put_count(of, "aid.refund_persons", count_persons(of, county->refunds, 0, NULL));
    put_money(of, "aid.refunded", refunded, 0);
    put_money(of, "aid.refunds_ordered", ordered, 0);
    put_count(of, "aid.all_refunded", open);
}

static void count_aid(counting *of)
{
    static const char *const TERMS[DEMO_TERMS] = {"2016_autumn", "2017_spring", "2017_autumn", "2018_spring", "2018_autumn", "2019_spring"};
    size_t  persons = 0;
    int64_t total = 0, ignored = 0;

    put_count(of, "aid.terms", DEMO_TERMS);
    for (int term = 0; term < DEMO_TERMS; term++) {
        int64_t fen = 0;
        forget(of);
        put_count(of, tz_arena_printf(of->county->mem, "aid.persons_%s", TERMS[term]), count_aided(of, term, &fen));
        put_money(of, tz_arena_printf(of->county->mem, "aid.amount_%s", TERMS[term]), fen, 4);
        total += fen;
    }
    forget(of);
    for (int term = 0; term < DEMO_TERMS; term++)
        persons += count_aided(of, term, &ignored);
    put_count(of, "aid.persons", persons);
    put_money(of, "aid.amount", total, 4);
    count_refunds(of);
}

/* 低保 and 特困, under the names that the sheets give them. */
static bool is_assistance(const demo_row *row)
{
    const char *programme = row->cells[SUBSIDY_PROGRAMME];
    return strcmp(programme, "农村低保金") == 0 || strcmp(programme, "城市低保金") == 0 || strcmp(programme, "特困供养金") == 0;
}

static bool is_paid(const demo_row *row)
{
    return strcmp(row->cells[SUBSIDY_RESULT], "成功") == 0;
}

/* Whether a returned payment was made again in its month. */
static bool is_paid_again(const demo_sheet *sheet, const demo_row *returned)
{
    for (size_t i = 0; i < sheet->rows.count; i++) {
        const demo_row *row = sheet->rows.items[i];
        if (row->person == returned->person && is_paid(row) && strcmp(row->cells[SUBSIDY_PROGRAMME], returned->cells[SUBSIDY_PROGRAMME]) == 0)
            return true;
    }
    return false;
}

static void count_assistance(counting *of)
{
    const demo_county *county = of->county;
    int64_t paid = 0, recovered = 0;
    size_t  assisted = 0, returned = 0, posts = 0;

    forget(of);
    for (int month = 0; month < DEMO_MONTHS; month++)
        for (size_t i = 0; i < county->subsidies[month]->rows.count; i++) {
            const demo_row *row = county->subsidies[month]->rows.items[i];
            paid += is_paid(row) ? fen_in(row, SUBSIDY_AMOUNT) : 0;
            returned += !is_paid(row) && !is_paid_again(county->subsidies[month], row);
            if (month == DEMO_MONTHS - 1 && is_paid(row) && is_assistance(row) && !of->seen[row->person])
                of->seen[row->person] = 1, assisted++;
        }
    for (size_t i = 0; i < county->recoveries->rows.count; i++)
        recovered += fen_in(county->recoveries->rows.items[i], 3);
    forget(of);
    for (size_t i = 0; i < county->posts->rows.count; i++) {
        const demo_row *row = county->posts->rows.items[i];
        if (row->cells[POST_TO] == NULL && !of->seen[row->person])
            of->seen[row->person] = 1, posts++;
    }
    put_count(of, "assistance.persons", assisted);
    put_money(of, "assistance.amount", paid, 4);
    put_count(of, "assistance.posts", posts);
    put_money(of, "assistance.recovered", recovered, 0);
    put_count(of, "assistance.returned_all_paid", returned);
}

/* ---- Housing ---- */

static size_t count_cells(counting *of, const demo_sheet *sheet, int column, const char *const *wanted)
{
    size_t count = 0;
    forget(of);
    for (; *wanted != NULL; wanted++)
        count += count_persons(of, sheet, column, *wanted);
    return count;
}

/* Households of the newest list of which nobody has a certificate. */
static size_t count_uncertified(const demo_county *county)
{
    size_t count = 0;
    for (size_t h = 0; h < county->households.count; h++) {
        const demo_household *household = &county->households.items[h];
        bool is_listed = false;
        for (uint32_t i = household->first; i < household->first + household->count; i++)
            is_listed |= county->persons.items[i].listed[DEMO_YEARS - 1] != NULL;
        count += is_listed && household->skips_certificate;
    }
    return count;
}

/* Houses of grade C or D whose owner has neither rebuilt since nor moved. */
static size_t count_left_dangerous(counting *of)
{
    const demo_county *county = of->county;
    size_t count = 0;

    forget(of);
    for (size_t i = 0; i < county->rebuilds->rows.count; i++)
        if (strcmp(county->rebuilds->rows.items[i]->cells[REBUILD_YEAR], "2019") == 0)
            of->seen[county->rebuilds->rows.items[i]->person] = 1;
    for (size_t i = 0; i < county->relocated->rows.count; i++)
        of->seen[county->relocated->rows.items[i]->person] = 1;
    for (size_t i = 0; i < county->appraisals->rows.count; i++) {
        const demo_row *row = county->appraisals->rows.items[i];
        if (row->cells[APPRAISAL_GRADE][0] >= 'C' && !of->seen[row->person])
            of->seen[row->person] = 1, count++;
    }
    return count;
}

static size_t count_unsafe(const demo_county *county)
{
    size_t count = 0;
    for (size_t i = 0; i < county->answers.count; i++)
        count += county->answers.items[i].is_planted && strcmp(county->answers.items[i].check, "lookback-unsafe") == 0;
    return count;
}

static void count_housing(counting *of)
{
    static const char *const DANGEROUS[] = {"C级", "D级", NULL};
    const demo_county *county = of->county;

    forget(of);
    put_count(of, "house.suspected", count_persons(of, county->appraisals, 0, NULL));
    put_count(of, "house.cd", count_cells(of, county->appraisals, APPRAISAL_GRADE, DANGEROUS));
    forget(of);
    put_count(of, "house.lookback", count_persons(of, county->lookbacks, 0, NULL));
    put_count(of, "house.certified_all", count_uncertified(county));
    put_count(of, "house.lookback_all_safe", count_unsafe(county));
    put_count(of, "house.four_groups_zero", count_left_dangerous(of));
}

/* ---- The file ---- */

static json_t *row_json(const demo_row *row)
{
    json_t *line = json_object();
    tz_assert(row->row_no > 0);
    tz_json_set_str(line, "file", row->sheet->file->name);
    tz_json_set_str(line, "sheet", row->sheet->name);
    tz_json_set_int(line, "row", row->row_no);
    return line;
}

static json_t *answers_json(const demo_county *county, bool is_planted)
{
    json_t *list = json_array();

    for (size_t i = 0; i < county->answers.count; i++) {
        const demo_answer *answer = &county->answers.items[i];
        if (answer->is_planted != is_planted)
            continue;
        json_t *line = json_object(), *rows = json_array();
        tz_json_set_str(line, "check", answer->check);
        for (size_t j = 0; j < answer->rows.count; j++)
            (void)json_array_append_new(rows, row_json(answer->rows.items[j]));
        (void)json_object_set_new(line, "rows", rows);
        (void)json_array_append_new(list, line);
    }
    return list;
}

/* [{file, sheet, persons: [[row, person], …]}]: rows of one person carry one number. */
static json_t *persons_json(const demo_county *county)
{
    json_t *list = json_array();

    for (size_t f = 0; f < county->files.count; f++)
        for (size_t s = 0; s < county->files.items[f]->sheets.count; s++) {
            const demo_sheet *sheet = county->files.items[f]->sheets.items[s];
            json_t *persons = json_array(), *line = json_object();
            for (size_t i = 0; i < sheet->rows.count; i++)
                if (sheet->rows.items[i]->person != DEMO_NOBODY)
                    (void)json_array_append_new(persons, json_pack("[I, I]", (json_int_t)sheet->rows.items[i]->row_no,
                                                                   (json_int_t)sheet->rows.items[i]->person + 1));
            tz_json_set_str(line, "file", sheet->file->name);
            tz_json_set_str(line, "sheet", sheet->name);
            (void)json_object_set_new(line, "persons", persons);
            (void)json_array_append_new(list, line);
        }
    return list;
}

tz_rc demo_answers_write(demo_county *county, const char *folder, bool has_rows, tz_err *err)
{
    tz_assert(county != NULL && folder != NULL);
    tz_rc    rc = TZ_OK;
    counting of = {.county = county, .seen = tz_new_array(county->mem, uint8_t, county->persons.count + 1), .figures = json_array()};
    json_t  *root = json_object();
    char    *text = NULL;

    count_population(&of);
    count_aid(&of);
    count_assistance(&of);
    count_housing(&of);
    for (size_t i = 0; i < county->figures.count; i++)
        put_value(&of, county->figures.items[i].name, county->figures.items[i].value);
    (void)json_object_set_new(root, "planted", answers_json(county, true));
    (void)json_object_set_new(root, "lookalikes", answers_json(county, false));
    (void)json_object_set_new(root, "figures", of.figures);
    if (has_rows)
        (void)json_object_set_new(root, "rows", persons_json(county));
    text = json_dumps(root, has_rows ? JSON_COMPACT : JSON_INDENT(1));
    TZ_TRY(tz_file_write(tz_arena_printf(county->mem, "%s/answers.json", folder), tz_text_of(text), 0644, err));
done:
    free(text);
    json_decref(root);
    return rc;
}
