/* zeroing - the ledger of ten kinds, tested against what the other packs' rules find. */
#include <math.h>
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"

enum { HOUSEHOLDS = 1839 }; /* of the county's report, at scale 1 */

static const char *const KINDS[] = {"住房安全", "安全饮水", "控辍保学", "基本医疗", "兜底保障",
                                    "稳定增收", "就业务工", "产业带动", "搬迁后续", "小额信贷"};

/* The kind that a rule of another pack belongs to, or NULL. */
static const char *kind_of(const char *check)
{
    static const char *const RULES[][2] = {{"dangerous-not-rebuilt", "住房安全"},
                                           {"child-out-of-school", "控辍保学"},
                                           {"poor-not-insured", "基本医疗"}};
    for (size_t i = 0; i < 3; i++)
        if (strcmp(check, RULES[i][0]) == 0)
            return RULES[i][1];
    return NULL;
}

static demo_row *add_item(demo_county *county, demo_sheet *sheet, uint32_t person, const char *kind, const char *end) /* 销号日期|佐证|签字人 */
{
    return demo_line(county, sheet, person, "QL-%05zu|%s|%s|%s|%s|%s问题|2019-04-10|%s",
                     sheet->rows.count + 1, kind, demo_village_name(county, person),
                     county->persons.items[person].name, county->persons.items[person].id, kind, end);
}

/* Households of the ledger, each once. */
static size_t count_households(const demo_county *county, const demo_sheet *sheet)
{
    uint8_t *seen = tz_arena_alloc(county->mem, county->persons.count);
    size_t   count = 0;

    for (size_t i = 0; i < sheet->rows.count; i++) {
        count += seen[sheet->rows.items[i]->person] == 0;
        seen[sheet->rows.items[i]->person] = 1;
    }
    return count;
}

/* Every other defect of those rules is struck off though still found; the rest are in no ledger. */
static void add_found(demo_county *county, demo_sheet *sheet)
{
    size_t there = county->answers.count;

    for (size_t i = 0; i < there; i++) {
        const char *kind = kind_of(county->answers.items[i].check);
        if (kind == NULL)
            continue;
        demo_row *row = county->answers.items[i].rows.items[0];
        bool      is_planted = county->answers.items[i].is_planted;
        if (i / 2 % 2 == 0) {
            demo_row *item = add_item(county, sheet, row->person, kind, "2019-09-20|佐证照片或名册|签字甲(虚构)");
            demo_answer_one(county, "struck-and-still-found", is_planted, item, is_planted ? row : NULL);
        } else {
            demo_answer_one(county, "found-and-not-listed", is_planted, row, NULL);
        }
    }
}

static bool is_poor_head(const demo_county *county, const demo_person *person, int about)
{
    (void)about;
    return person == &county->persons.items[county->households.items[person->household].first] && person->listed[DEMO_YEARS - 1] != NULL &&
           demo_is_untouched(person);
}

void demo_zeroing_make(demo_county *county, bool is_clean)
{
    tz_assert(county != NULL);
    size_t      plants = is_clean ? 0 : demo_plant_count(county), wanted = (size_t)lround(HOUSEHOLDS * county->scale), open = 0;
    demo_sheet *sheet = demo_table(county, "扶贫办_十个清零问题台账.xlsx", "沁县“十个清零”问题台账",
                                   "问题编号|清零类别|所在村|户主姓名|户主身份证号|问题内容|排查日期|销号日期|佐证材料|销号签字人", "ttttttdttt");

    add_found(county, sheet);
    for (size_t i = 0, there = count_households(county, sheet); there < wanted; i++, there++) {
        uint32_t person = demo_pick(county, is_poor_head, 0);
        if (person == DEMO_NOBODY && (person = demo_somebody(county, 30, 85)) == DEMO_NOBODY)
            break;
        bool        no_paper = i < plants, no_name = !no_paper && i < plants * 2, is_open = plants > 0 && i == plants * 2;
        demo_row   *row = add_item(county, sheet, person, KINDS[i % 10], is_open   ? "||"
                                                                         : no_paper ? "2019-09-20||签字甲(虚构)"
                                                                         : no_name  ? "2019-09-20|佐证照片或名册|"
                                                                                    : "2019-09-20|佐证照片或名册|签字甲(虚构)");
        open += is_open;
        if (no_paper || no_name)
            demo_answer_one(county, no_paper ? "struck-without-evidence" : "struck-without-signature", true, row, NULL);
        if (is_open) { /* not struck off: nothing to prove */
            demo_answer_one(county, "struck-without-evidence", false, row, NULL);
            demo_answer_one(county, "struck-without-signature", false, row, NULL);
        }
    }
    demo_figure(county, "zero.items", "10");
    demo_figure(county, "zero.households", "%zu", count_households(county, sheet));
    demo_figure(county, "zero.all_struck", "%zu", open);
}
