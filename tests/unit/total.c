/* total - totals beside what they add up, and a batch's account to the row. */
#include "../test.h"

#include "evidence/total.h"

/* A register of a name and an amount. */
static tz_column   columns[] = {{.name = "name", .type = TZ_TYPE_TEXT}, {.name = "amount", .type = TZ_TYPE_MONEY}};
static tz_register reg;

/* One row of a list: an amount, or a total. */
typedef struct {
    char        kind; /* d data, s subtotal, g grand total */
    const char *amount;
} line;

static tz_value money(tz_arena *mem, const char *text, int unit_power)
{
    const tz_cell          cell = {.kind = TZ_CELL_NUMBER, .style = -1, .text = tz_text_of(text)};
    const tz_value_context context = {.unit_power = unit_power};
    tz_value_column        reader = tz_value_column_of(mem, &columns[1]);
    tz_value               value;

    tz_value_read(mem, &reader, &cell, &context, &value);
    return value;
}

/* The wrong totals as "row:stands!adds up to". */
static const char *check(tz_arena *mem, const line *lines, int unit_power)
{
    tz_totals *totals = tz_totals_new(mem, &reg);
    tz_buf     out = tz_buf_init(mem, 0);
    const int  powers[] = {0, unit_power};

    for (int64_t i = 0; lines[i].kind != '\0'; i++) {
        const tz_value values[] = {{.number = 0}, money(mem, lines[i].amount, unit_power)};
        if (lines[i].kind == 'd')
            tz_totals_add(totals, values, NULL);
        else
            tz_totals_claim(totals, i + 1, lines[i].kind == 'g', values, powers);
    }
    tz_wrong_totals wrong = tz_totals_check(totals);
    for (size_t i = 0; i < wrong.count; i++)
        tz_buf_printf(&out, "%s%lld:%s!%s", i == 0 ? "" : " ", (long long)wrong.items[i].row_no, wrong.items[i].stands, wrong.items[i].adds_up_to);
    return tz_buf_str(&out);
}

static void test_totals(void **state)
{
    static const struct { const char *what; int unit_power; line lines[10]; const char *wrong; } CASES[] = {
        {"the sum", 0, {{'d', "1.50"}, {'d', "2"}, {'s', "3.5"}}, ""},
        {"not the sum", 0, {{'d', "1.50"}, {'d', "2"}, {'s', "4"}}, "3:4!3.50"},
        {"subtotals and a grand total", 0, {{'d', "1"}, {'s', "1"}, {'d', "2"}, {'d', "3"}, {'s', "5"}, {'g', "6"}}, ""},
        {"a subtotal that goes on from the start", 0, {{'d', "1"}, {'s', "1"}, {'d', "2"}, {'s', "3"}}, ""},
        {"a wrong subtotal of the second group", 0, {{'d', "1"}, {'s', "1"}, {'d', "2"}, {'d', "3"}, {'s', "9"}, {'g', "6"}}, "5:9!5.00"},
        {"a grand total that is only the last group", 0, {{'d', "1"}, {'s', "1"}, {'d', "2"}, {'s', "2"}, {'g', "2"}}, "5:2!3.00"},
        {"a total above its rows", 0, {{'g', "3"}, {'d', "1"}, {'d', "2"}}, ""},
        {"a subtotal above its rows", 0, {{'s', "1"}, {'d', "1"}, {'s', "5"}, {'d', "2"}, {'d', "3"}}, ""},
        {"a wrong total above its rows", 0, {{'g', "4"}, {'d', "1"}, {'d', "2"}}, "1:4!3.00"},
        {"no number in the total", 0, {{'d', "1"}, {'s', ""}}, ""},
        {"sums that no number holds", 0,
         {{'d', "9999999999999999"}, {'d', "9999999999999999"}, {'d', "9999999999999999"}, {'d', "9999999999999999"},
          {'d', "9999999999999999"}, {'d', "9999999999999999"}, {'d', "9999999999999999"}, {'d', "9999999999999999"},
          {'s', "-9999999999999999"}}, ""},
        {"no row at all", 0, {{'s', "5"}}, ""},
        {"ten-thousands, rounded", 4, {{'d', "1.234"}, {'d', "2.341"}, {'s', "3.58"}}, ""},
        {"ten-thousands, wrong", 4, {{'d', "1.2"}, {'d', "2.3"}, {'s', "3.6"}}, "3:3.6!3.5"},
        {"a negative amount", 0, {{'d', "10"}, {'d', "-4"}, {'s', "6"}}, ""},
    };
    (void)state;

    reg.columns.items = columns;
    reg.columns.count = COUNT(columns);
    for (size_t i = 0; i < COUNT(CASES); i++) {
        tz_arena    mem = {0};
        const char *wrong = check(&mem, CASES[i].lines, CASES[i].unit_power);
        if (strcmp(wrong, CASES[i].wrong) != 0)
            fail_msg("%s: '%s', not '%s'", CASES[i].what, wrong, CASES[i].wrong);
        tz_arena_free(&mem);
    }
}

static void test_repeated(void **state)
{
    tz_arena   mem = {0};
    tz_totals *totals = tz_totals_new(&mem, &reg);
    const tz_value   values[] = {{.number = 0}, money(&mem, "100", 0)};
    const bool       is_repeated[] = {false, true};
    const int        powers[] = {0, 0};
    (void)state;

    tz_totals_add(totals, values, NULL);
    tz_totals_add(totals, values, is_repeated); /* merged downward: one amount for two persons */
    tz_totals_claim(totals, 3, true, values, powers);
    assert_int_equal(tz_totals_check(totals).count, 0);
    tz_arena_free(&mem);
}

static void test_labels(void **state)
{
    static const struct { const char *text; bool is_total; } CASES[] = {
        {"合计", true}, {"总计", true}, {"合计:", true}, {"定昌镇小计", true}, {"本页合计", true}, {"累计", true},
        {"张三", false}, {"会计", false}, {"设计费", false}, {"合作社", false}, {"计划生育", false},
    };
    (void)state;

    for (size_t i = 0; i < COUNT(CASES); i++)
        assert_int_equal(tz_is_total_label(tz_text_of(CASES[i].text)), CASES[i].is_total);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_totals), cmocka_unit_test(test_repeated), cmocka_unit_test(test_labels)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
