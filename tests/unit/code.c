/* The short code of a printed figure: there and back, slips, other counties, changed packs. */
#include "../test.h"

#include "report/code.h"

static tz_packs *packs_of(tz_arena *mem, const char *figure_name, uint8_t version)
{
    tz_packs *packs = tz_new(mem, tz_packs);
    tz_pack   pack = {.name = "p"};
    pack.digest.bytes[0] = version;
    tz_push(mem, &packs->packs, pack);
    tz_pack *kept = &packs->packs.items[0];
    tz_push(mem, &kept->figures, (tz_figure){.name = figure_name, .pack = kept});
    return packs;
}

static void leads_back_to_its_day(void **state)
{
    (void)state;
    static const tz_day DAYS[] = {{20200630, 518}, {20000101, 0}, {20890917, 33554431}, {20191231, 1}};
    tz_county county = {.code = "140430"}, other = {.code = "140431"};
    for (size_t i = 0; i < sizeof DAYS / sizeof DAYS[0]; i++) {
        tz_arena  mem = {0};
        tz_packs *packs = packs_of(&mem, "house.cd", 1);
        char      code[TZ_CODE_TEXT];
        tz_day    day = {0};
        bool      is_same = false;
        const tz_figure *figure = NULL;

        tz_code_make(&county, &packs->packs.items[0].figures.items[0], DAYS[i], code);
        assert_int_equal(strlen(code), 17);
        assert_int_equal(tz_code_read(&county, packs, code, &day, &figure, &is_same), TZ_CODE_FINE);
        assert_int_equal(day.as_of, DAYS[i].as_of);
        assert_int_equal(day.at, DAYS[i].at);
        assert_string_equal(figure->name, "house.cd");
        assert_true(is_same);
        assert_int_equal(tz_code_read(&county, packs_of(&mem, "house.cd", 2), code, &day, &figure, &is_same), TZ_CODE_FINE);
        assert_false(is_same);
        assert_int_equal(tz_code_read(&county, packs_of(&mem, "house.ab", 1), code, &day, &figure, &is_same), TZ_CODE_FINE);
        assert_null(figure);
        assert_int_equal(tz_code_read(&other, packs, code, &day, &figure, &is_same), TZ_CODE_SLIP);
        tz_arena_free(&mem);
    }
}

/* Of all slips of one character, about one of 32 goes unseen. */
static void finds_slips_and_reads_as_people_write(void **state)
{
    (void)state;
    static const char LETTERS[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    tz_arena  mem = {0};
    tz_county county = {.code = "140430"};
    tz_packs *packs = packs_of(&mem, "house.cd", 1);
    char      code[TZ_CODE_TEXT], lower[40] = "";
    tz_day    day = {0};
    bool      is_same;
    const tz_figure *figure;
    int       unseen = 0, tried = 0;

    tz_code_make(&county, &packs->packs.items[0].figures.items[0], (tz_day){20200630, 518}, code);
    for (size_t i = 0; code[i] != '\0'; i++)
        for (size_t j = 0; code[i] != '-' && LETTERS[j] != '\0'; j++) {
            char slip[TZ_CODE_TEXT];
            memcpy(slip, code, sizeof slip);
            if (slip[i] == LETTERS[j])
                continue;
            slip[i] = LETTERS[j];
            unseen += tz_code_read(&county, packs, slip, &day, &figure, &is_same) == TZ_CODE_FINE;
            tried++;
        }
    assert_int_equal(tried, 465);
    assert_in_range(unseen, 0, 30);
    for (size_t i = 0, at = 0; code[i] != '\0'; i++) {
        char c = code[i] == '0' ? 'o' : code[i] == '1' ? 'l' : code[i] >= 'A' ? (char)(code[i] | 0x20) : code[i];
        lower[at++] = c == '-' ? ' ' : c;
    }
    assert_int_equal(tz_code_read(&county, packs, lower, &day, &figure, &is_same), TZ_CODE_FINE);
    assert_int_equal(day.at, 518);
    tz_arena_free(&mem);
}

static void refuses_what_it_cannot_hold(void **state)
{
    (void)state;
    static const tz_day DAYS[] = {{19991231, 1}, {20890918, 1}, {20200101, 33554432}};
    static const char *const TEXTS[] = {"", "F12", "house.cd", "AAAAA-AAAAA-AAAA", "AAAAA-AAAAA-AAAAAA", "AAAAA-AAAAA-AAAAU"};
    tz_arena  mem = {0};
    tz_county county = {.code = "140430"};
    tz_packs *packs = packs_of(&mem, "house.cd", 1);
    tz_day    day;
    bool      is_same;
    const tz_figure *figure;
    char      code[TZ_CODE_TEXT];

    for (size_t i = 0; i < sizeof DAYS / sizeof DAYS[0]; i++) {
        tz_code_make(&county, &packs->packs.items[0].figures.items[0], DAYS[i], code);
        assert_string_equal(code, "");
    }
    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++)
        assert_int_equal(tz_code_read(&county, packs, TEXTS[i], &day, &figure, &is_same), TZ_CODE_NONE);
    tz_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leads_back_to_its_day),
        cmocka_unit_test(finds_slips_and_reads_as_people_write),
        cmocka_unit_test(refuses_what_it_cannot_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
