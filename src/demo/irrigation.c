/* irrigation - works in the fields, their checks and repairs. */
#include "base/assert.h"
#include "demo/inside.h"

enum { WORKS = 180 };

void demo_irrigation_make(demo_county *county, bool is_clean)
{
    tz_assert(county != NULL);
    static const char *const WRONG[] = {"work-unusable", "repaired-on-paper", "work-without-keeper", "work-not-checked"};
    static const char *const KIND_NAMES[] = {"机井", "渠道", "泵站", "蓄水池"};
    demo_sheet *works = demo_table(county, "水利局_灌溉设施台账.xlsx", "沁县农田灌溉设施台账",
                                   "设施编号|设施名称|设施类型|所在村|管护人|灌溉面积(亩)", "tttttn");
    demo_sheet *checks = demo_table(county, "水利局_灌溉设施检查记录.xlsx", "沁县灌溉设施检查记录",
                                    "设施编号|检查日期|能否正常使用|存在问题", "tttt");
    demo_sheet *repairs = demo_table(county, "水利局_灌溉设施维修记录.csv", "沁县灌溉设施维修记录",
                                     "维修编号|设施编号|维修完成日期|维修费用|竣工照片编号", "tttmt");
    size_t plants = is_clean ? 0 : demo_plant_count(county), broken = 0;

    for (size_t i = 0; i < WORKS; i++) {
        const demo_village *at = &county->villages.items[(i * 7 + 2) % county->villages.count];
        bool        has_fault = i / 8 < plants, is_planted = has_fault && i % 2 == 0;
        size_t      kind = i / 2 % 4;
        const char *town = county->townships.items[at->township].name, *number = tz_arena_printf(county->mem, "GG-%03zu", i + 1);
        demo_row *work = demo_line(county, works, DEMO_NOBODY, "%s|%s%s|%s|%s%s|%s|%zu", number, at->name,
                                   KIND_NAMES[i % 4], KIND_NAMES[i % 4], town, at->name,
                                   is_planted && kind == 2 ? "" : "管护员(虚构)", 60 + i % 90);
        bool        is_broken = has_fault && kind == 0; /* the look-alike was mended */
        (void)demo_line(county, checks, DEMO_NOBODY, "%s|%s|%s|%s", number,
                        is_planted && kind == 3 ? "2019-03-20" : "2019-09-20", is_broken ? "否" : "是",
                        is_broken ? "水泵损坏" : "");
        broken += is_broken && is_planted;
        demo_row *repair = NULL;
        if ((is_broken && !is_planted) || (has_fault && kind == 1))
            repair = demo_line(county, repairs, DEMO_NOBODY, "WX-%03zu|%s|2019-10-12|1200.00|IMG_W%03zu", repairs->rows.count + 1, number, i);
        if (has_fault && kind == 1 && is_planted)
            (void)demo_line(county, repairs, DEMO_NOBODY, "WX-%03zu|%s|2019-04-12|900.00|IMG_W%03zu", repairs->rows.count + 1, number, i);
        if (has_fault)
            demo_answer_one(county, WRONG[kind], is_planted, kind == 1 ? repair : work, NULL);
    }
    demo_figure(county, "water.facilities", "%d", WORKS);
    demo_figure(county, "water.working", "%zu", broken);
}
