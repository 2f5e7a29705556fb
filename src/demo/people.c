/* people - villages, households, persons, and what happens to them between 2016 and 2019. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "base/idcard.h"
#include "base/limits.h"
#include "demo/inside.h"
#include "store/county.h"

enum { RESIDENTS = 150000, FIRST_BIRTH_YEAR = 1918, BIRTH_DAYS = 103 * 366 };

/* ---- Divisions ---- */

static tz_text field_of(tz_text line, int index)
{
    size_t at = 0;

    for (int i = 0; i < index; i++) {
        size_t tab = tz_text_find(line, TZ_TEXT("\t"), at);
        at = tab == SIZE_MAX ? line.size : tab + 1;
    }
    size_t end = tz_text_find(line, TZ_TEXT("\t"), at);
    return tz_text_cut(line, at, (end == SIZE_MAX ? line.size : end) - at);
}

/* 北寺上村委会 is written 北寺上村. */
static const char *spoken_name(tz_arena *mem, tz_text name)
{
    if (tz_text_ends(name, TZ_TEXT("村委会")))
        name.size -= strlen("委会");
    else if (tz_text_ends(name, TZ_TEXT("居委会")))
        name.size -= strlen("居委会");
    return tz_text_dup(mem, name);
}

static void take_division(demo_county *county, tz_text line)
{
    tz_text code = field_of(line, 0), level = field_of(line, 2), parent = field_of(line, 3);

    if (tz_text_is(level, "township"))
        tz_push(county->mem, &county->townships,
                (demo_township){.code = tz_text_dup(county->mem, code),
                                .name = tz_text_dup(county->mem, field_of(line, 1))});
    for (uint32_t i = 0; tz_text_is(level, "village") && i < county->townships.count; i++)
        if (tz_text_is(parent, county->townships.items[i].code))
            tz_push(county->mem, &county->villages,
                    (demo_village){.code = tz_text_dup(county->mem, code),
                                   .name = spoken_name(county->mem, field_of(line, 1)),
                                   .township = i});
}

static tz_rc load_divisions(demo_county *county, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_text     text;
    const char *path = tz_divisions_shipped(county->mem, county->app, "140430");

    if (path == NULL) {
        (void)tz_fail(err, TZ_MISSING, "找不到随附的区划表 140430.tsv", "the shipped table of divisions 140430.tsv is not found");
        rc = tz_err_advise(err, "data/ 应在程序旁边", "data/ belongs beside the program");
        goto done;
    }
    TZ_TRY(tz_file_load(county->mem, path, TZ_MAX_YAML_BYTES, &text, err));
    for (size_t at = 0; at < text.size;) {
        size_t end = tz_text_find(text, TZ_TEXT("\n"), at);
        end = end == SIZE_MAX ? text.size : end;
        take_division(county, tz_text_cut(text, at, end - at));
        at = end + 1;
    }
    tz_assert(county->townships.count > 0 && county->villages.count > 0);
done:
    return rc;
}

/* ---- Persons ---- */

const char *demo_date(tz_arena *mem, int32_t ymd)
{
    return tz_arena_printf(mem, "%04d-%02d-%02d", ymd / 10000, ymd / 100 % 100, ymd % 100);
}

static int32_t birthday(demo_pcg *pcg, int year)
{
    int32_t ymd = tz_date_add(tz_date_make(year, 1, 1), demo_between(pcg, 0, 364));
    return ymd > DEMO_TODAY ? DEMO_TODAY : ymd;
}

void demo_id_give(demo_county *county, demo_person *person)
{
    static const char *const ELSEWHERE[] = {"140429", "140431", "140428", "140423", "140402"};
    size_t    day = (size_t)(tz_date_days(person->born) - tz_date_days(tz_date_make(FIRST_BIRTH_YEAR, 1, 1)));
    size_t    slot = day * 2 + (person->sex == 'M');
    tz_assert(day < BIRTH_DAYS);
    uint32_t  nth = county->born_on[slot]++;
    demo_pcg  of_day = demo_pcg_init(slot * 2654435761ULL);
    uint32_t  sequence = (demo_below(&of_day, 500) + nth * 7) % 500 * 2 + (person->sex == 'M');
    const char *region = demo_chance(&county->pcg, 40) ? ELSEWHERE[demo_below(&county->pcg, 5)] : "140430";
    char       *digits = tz_arena_printf(county->mem, "%s%08d%03u", region, person->born, sequence);

    memcpy(person->id, digits, 17);
    person->id[17] = tz_idcard_check(person->id);
    person->id[18] = '\0';
}

uint32_t demo_person_add(demo_county *county, uint32_t household, char sex, int32_t born, const char *name)
{
    uint32_t    index = (uint32_t)county->persons.count;
    demo_person person = {.household = household, .sex = sex, .born = born, .name = name, .relation = "其他"};

    demo_id_give(county, &person);
    tz_push(county->mem, &county->persons, person);
    return index;
}

static void add_member(demo_county *county, char sex, int year, const char *surname, const char *relation)
{
    demo_pcg       *pcg = &county->pcg;
    uint32_t        household = (uint32_t)county->households.count - 1;
    int32_t         born = birthday(pcg, year);
    const char     *given = demo_given(county->mem, pcg, year, sex);
    uint32_t        index = demo_person_add(county, household, sex, born, tz_arena_printf(county->mem, "%s%s", surname, given));
    demo_person    *person = &county->persons.items[index];

    person->relation = relation;
    person->attends = demo_chance(pcg, year > 2010 ? 800 : 850);
    person->is_vocational = demo_chance(pcg, 350);
    person->boards_primary = demo_chance(pcg, 280);
    person->boards_junior = demo_chance(pcg, 700);
    person->is_away = demo_chance(pcg, 120);
    person->is_disabled = demo_chance(pcg, year < 1980 ? 45 : 8);
    person->is_recognised = demo_chance(pcg, 40);
    person->takes_other_aid = demo_chance(pcg, 600);
    county->households.items[household].count++;
}

/* ---- Households ---- */

static void add_children(demo_county *county, int mother_year, int count, const char *surname)
{
    for (int i = 0; i < count; i++) {
        int  year = mother_year + demo_between(&county->pcg, 21, 31) + i;
        char sex = demo_chance(&county->pcg, 520) ? 'M' : 'F';
        if (year <= 2019 && year > 1992)
            add_member(county, sex, year, surname, sex == 'M' ? "之子" : "之女");
    }
}

static void add_family(demo_county *county, int kind)
{
    demo_pcg   *pcg = &county->pcg;
    const char *surname = demo_surname(pcg);
    bool        has_children = kind >= 2;
    int         year = has_children ? demo_between(pcg, 1966, 1990) : demo_between(pcg, 1938, 1966);

    add_member(county, 'M', year, surname, "户主");
    int wife_year = year + demo_between(pcg, -2, 4);
    add_member(county, 'F', wife_year, demo_surname(pcg), "配偶");
    if (has_children)
        add_children(county, wife_year, kind == 2 ? 1 : demo_chance(pcg, 150) ? 3 : 2, surname);
    if (kind == 4) {
        add_member(county, 'F', year - demo_between(pcg, 20, 28), demo_surname(pcg), "之母");
        if (demo_chance(pcg, 500))
            add_member(county, 'M', year - demo_between(pcg, 21, 30), surname, "之父");
    }
}

static void add_grandparents(demo_county *county)
{
    demo_pcg   *pcg = &county->pcg;
    const char *surname = demo_surname(pcg);
    char        sex = demo_chance(pcg, 520) ? 'M' : 'F';

    add_member(county, 'M', demo_between(pcg, 1946, 1960), surname, "户主");
    if (demo_chance(pcg, 600))
        add_member(county, 'F', demo_between(pcg, 1948, 1962), demo_surname(pcg), "配偶");
    add_member(county, sex, demo_between(pcg, 2001, 2014), surname, sex == 'M' ? "之孙子" : "之孙女");
    county->persons.items[county->persons.count - 1].is_orphan = demo_chance(pcg, 60);
}

static void add_single(demo_county *county)
{
    char sex = demo_chance(&county->pcg, 550) ? 'M' : 'F';
    add_member(county, sex, demo_between(&county->pcg, 1932, 1972), demo_surname(&county->pcg), "户主");
}

/* On the list, on social assistance: a household's standing. */
static void give_standing(demo_county *county, demo_household *household)
{
    static const char *const CAUSES[] = {"因病", "因残", "因学", "缺劳力", "缺技术", "缺资金", "自身发展动力不足", "因灾"};
    demo_pcg *pcg = &county->pcg;
    size_t    index = county->households.count - 1;

    if (demo_chance(pcg, 150)) {
        household->poor_number = tz_arena_printf(county->mem, "14%08zu", index + 20140001);
        household->poor_from = demo_chance(pcg, 850) ? 2014 : demo_between(pcg, 2017, 2018);
        household->poor_to = demo_chance(pcg, 950) ? 2099 : demo_between(pcg, 2017, 2018);
        household->poor_cause = CAUSES[demo_below(pcg, 8)];
    }
    if (demo_chance(pcg, household->poor_number != NULL ? 120 : 18)) {
        household->assisted_from = demo_between(pcg, 2013, 2018) * 100 + demo_between(pcg, 1, 12);
        household->assisted_to = demo_chance(pcg, 200) ? 201900 + demo_between(pcg, 1, 12) : 0;
        household->is_destitute = household->count == 1 && demo_chance(pcg, 300);
    }
}

static void let_die(demo_county *county, demo_person *person)
{
    person->died = tz_date_add(20160101, demo_between(&county->pcg, 0, 1380)); /* to the autumn of 2019 */
    person->status = person->died / 10000 == 2019 || demo_chance(&county->pcg, 400) ? DEMO_DEAD : DEMO_REMOVED;
}

/* Only members leave a head behind; of those who live alone the household goes too. */
static void give_fates(demo_county *county, demo_household *household)
{
    for (uint32_t i = 0; i < household->count; i++) {
        demo_person *person = &county->persons.items[household->first + i];
        bool         is_alone = household->count == 1, is_old = person->born < 19550101;
        if ((i > 0 || is_alone) && is_old && demo_chance(&county->pcg, is_alone ? 60 : 130))
            let_die(county, person);
        else if (i > 0 && person->born > 19840101 && person->born < 19980101 && demo_chance(&county->pcg, 40))
            person->status = DEMO_MOVED;
    }
}

static void add_household(demo_county *county, uint32_t village)
{
    uint32_t shape = demo_below(&county->pcg, 100);

    tz_push(county->mem, &county->households, (demo_household){.village = village, .first = (uint32_t)county->persons.count});
    demo_household *household = &county->households.items[county->households.count - 1];
    household->number = tz_arena_printf(county->mem, "%.3s%06zu", county->townships.items[county->villages.items[village].township].code + 6,
                                        county->households.count);
    if (shape < 17)
        add_single(county);
    else if (shape < 46)
        add_family(county, 0);
    else if (shape < 66)
        add_family(county, 2);
    else if (shape < 85)
        add_family(county, 3);
    else if (shape < 95)
        add_family(county, 4);
    else
        add_grandparents(county);
    give_standing(county, household);
    give_fates(county, household);
}

static uint32_t village_weight(demo_county *county, const demo_village *village)
{
    bool     is_town = village->code[9] == '0'; /* communities of the county seat */
    uint32_t weight = 40 + demo_below(&county->pcg, 120) + (demo_chance(&county->pcg, 100) ? 200 : 0);
    return is_town ? weight + 600 : weight;
}

tz_rc demo_people_make(demo_county *county, tz_err *err)
{
    tz_assert(county != NULL && county->scale > 0);
    tz_rc    rc = TZ_OK;
    uint32_t total = 0;

    TZ_TRY(load_divisions(county, err));
    county->born_on = tz_new_array(county->mem, uint16_t, BIRTH_DAYS * 2);
    uint32_t *weights = tz_new_array(county->mem, uint32_t, county->villages.count);
    for (size_t i = 0; i < county->villages.count; i++)
        total += weights[i] = village_weight(county, &county->villages.items[i]);
    for (uint32_t i = 0; i < county->villages.count; i++) {
        size_t wanted = (size_t)(RESIDENTS * county->scale * weights[i] / total * 1.03), before = county->persons.count;
        while (county->persons.count - before < wanted || county->persons.count == before)
            add_household(county, i);
    }
done:
    return rc;
}

/* ---- What holds in a year ---- */

bool demo_is_listed(const demo_county *county, const demo_person *person, int year)
{
    const demo_household *household = &county->households.items[person->household];
    int32_t               end = year * 10000 + 1231;

    if (household->poor_number == NULL || year < household->poor_from || year > household->poor_to || person->born > end)
        return false;
    if (person->status == DEMO_MOVED)
        return false;
    /* The dead leave in the adjustment of the autumn; those of the last weeks are still there. */
    return person->died == 0 || person->died > year * 10000 + 1110 || year <= person->listed_to;
}

demo_stage demo_stage_in(const demo_person *person, int school_year)
{
    int age = school_year - person->born / 10000 - (person->born % 10000 > 831);

    if (age < 3 || age > 17 || (!person->attends && (age < 6 || age > 14)))
        return DEMO_NO_STAGE;
    return age < 6 ? DEMO_PRESCHOOL : age < 12 ? DEMO_PRIMARY : age < 15 ? DEMO_JUNIOR : person->is_vocational ? DEMO_VOCATIONAL : DEMO_SENIOR;
}
