/* funds - allocations, and the bank's list of what it credited of December's subsidies. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"

enum { ALLOCATIONS = 40, DECEMBER = DEMO_MONTHS - 1 };

static int64_t fen_of(const char *amount)
{
    const char *point = strchr(amount, '.');
    return strtoll(amount, NULL, 10) * 100 + (point == NULL ? 0 : strtoll(point + 1, NULL, 10));
}

static void add_allocations(demo_county *county, size_t plants)
{
    static const char *const CHECKS[] = {"spent-before-publication", "money-parked", "spent-over-allocation"};
    demo_sheet *sheet = demo_table(county, "财政局_资金下达文件台账.xlsx", "沁县资金下达文件台账",
                                   "下达文号|资金名称|下达金额|下达日期|公告日期|已支出金额|首次支付日期|收回金额", "ttmddmdm");
    int64_t allocated = 0, all_spent = 0;

    for (size_t i = 0; i < ALLOCATIONS; i++) {
        size_t  kind = i / 2 < plants * 3 && i < 36 ? i / 2 % 3 : 3;
        bool    is_planted = i % 2 == 0, is_old = kind == 1;
        int64_t amount = (int64_t)(20 + i % 9 * 5) * 1000000, spent = amount, returned = 0;
        if (kind == 1) /* the look-alike was taken back */
            spent = amount * 6 / 10, returned = is_planted ? 0 : amount - spent;
        if (kind == 2 && is_planted)
            spent = amount + 1500000;
        demo_row *row = demo_line(
            county, sheet, DEMO_NOBODY, "沁财农〔%d〕%zu号|财政专项扶贫资金|%s|%s|%s|%s|%s|%s",
            is_old ? 2018 : 2019, i + 1, demo_money(county, amount), is_old ? "2018-05-10" : "2019-05-10",
            is_old ? "2018-05-20" : "2019-05-20", demo_money(county, spent),
            kind == 0 && is_planted ? "2019-05-12"
            : is_old                ? "2018-06-10"
                                    : "2019-06-10",
            demo_money(county, returned));
        allocated += amount;
        all_spent += spent;
        if (kind < 3)
            demo_answer_one(county, CHECKS[kind], is_planted, row, NULL);
    }
    demo_figure(county, "funds.allocated", "%.2f", (double)allocated / 1e6);
    demo_figure(county, "funds.spent", "%.2f", (double)all_spent / 1e6);
}

static demo_row *add_credit(demo_county *county, demo_sheet *sheet, const demo_row *paid, int64_t fen)
{
    return demo_line(county, sheet, paid->person, "YH%07zu|2019年12月|%s|%s|%s|%s|2019-12-17", sheet->rows.count + 1, paid->cells[SUBSIDY_PROGRAMME],
                     paid->cells[SUBSIDY_NAME], paid->cells[SUBSIDY_ID] == NULL ? "" : paid->cells[SUBSIDY_ID], demo_money(county, fen));
}

/* Alone of its person, programme and month, so that one row is the whole of what is compared. */
static bool is_single(const demo_county *county, const demo_sheet *sheet, size_t index)
{
    const demo_row    *row = sheet->rows.items[index];
    const demo_person *person = &county->persons.items[row->person];

    for (size_t i = 0; i < sheet->rows.count; i++)
        if (i != index && sheet->rows.items[i]->person == row->person)
            return false;
    return demo_is_untouched(person) && !county->households.items[person->household].is_used && row->cells[SUBSIDY_NAME] == person->name &&
           row->cells[SUBSIDY_ID] != NULL && strcmp(row->cells[SUBSIDY_ID], person->id) == 0 && strcmp(row->cells[SUBSIDY_RESULT], "成功") == 0;
}

static void add_credits(demo_county *county, size_t plants)
{
    demo_sheet *paid = county->subsidies[DECEMBER];
    demo_sheet *sheet = demo_table(county, "代发银行_银行到账明细_2019年12月.xlsx", "沁县惠民补贴银行到账明细",
                                   "到账流水号|补贴月份|资金项目|收款人姓名|收款人身份证号|到账金额|到账日期", "tttttmt");
    size_t  planted = 0, lost = 0;
    int64_t sent = 0, credited = 0;

    for (size_t i = 0; i < paid->rows.count; i++) {
        const demo_row *row = paid->rows.items[i];
        if (strcmp(row->cells[SUBSIDY_RESULT], "成功") != 0)
            continue;
        int64_t fen = fen_of(row->cells[SUBSIDY_AMOUNT]);
        sent += fen;
        size_t kind = planted < plants * 3 && i % 7 == 3 && is_single(county, paid, i) ? planted++ % 3 : 3;
        if (kind < 3)
            county->households.items[county->persons.items[row->person].household].is_used = true;
        if (kind == 0) { /* never arrived */
            demo_answer_one(county, "paid-not-credited", true, paid->rows.items[i], NULL);
            lost++;
            continue;
        }
        demo_row *credit = add_credit(county, sheet, row, kind == 1 ? fen - 1 : kind == 2 ? fen / 2 : fen);
        credited += kind == 1 ? fen - 1 : kind == 2 ? fen / 2 : fen;
        if (kind == 1) { /* a fen short */
            demo_answer_one(county, "paid-not-credited", true, paid->rows.items[i], credit);
            lost++;
        }
        if (kind == 2) { /* in two parts */
            (void)add_credit(county, sheet, row, fen - fen / 2);
            credited += fen - fen / 2;
            demo_answer_one(county, "paid-not-credited", false, paid->rows.items[i], NULL);
        }
    }
    for (size_t i = 0; i < plants; i++) {
        uint32_t person = demo_somebody(county, 40, 58);
        if (person == DEMO_NOBODY)
            break;
        demo_row *credit = demo_line(county, sheet, person, "YH%07zu|2019年12月|农村低保金|%s|%s|280.00|2019-12-17", sheet->rows.count + 1,
                                     county->persons.items[person].name, county->persons.items[person].id);
        credited += 28000;
        demo_answer_one(county, "credited-not-paid", true, credit, NULL);
    }
    if (plants > 0)
        demo_answer_one(county, "credited-not-paid", false, sheet->rows.items[0], NULL);
    demo_figure(county, "funds.paid", "%s", demo_money(county, sent));
    demo_figure(county, "funds.none_lost", "%zu", lost);
    demo_figure(county, "funds.credited", "%s", demo_money(county, credited));
}

void demo_funds_make(demo_county *county, bool is_clean)
{
    tz_assert(county != NULL && county->subsidies[DECEMBER] != NULL);
    size_t plants = is_clean ? 0 : demo_plant_count(county);

    add_allocations(county, plants);
    add_credits(county, plants);
}
