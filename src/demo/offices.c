/* offices - documents, procurement and complaints: registers that the county's own offices keep. */
#include "base/assert.h"
#include "demo/inside.h"

enum { DOCUMENTS = 14, PURCHASES = 40, COMPLAINTS = 160 }; /* fourteen documents in the county's report */

static void add_documents(demo_county *county, size_t plants)
{
    static const char *const TITLES[DOCUMENTS] = {
        "关于加快推进易地扶贫搬迁拆旧复垦工作的规定",
        "关于进一步加强医保两定机构监管的实施意见",
        "沁州黄小米协会章程",
        "沁州黄小米生产标准",
        "沁州黄小米协会经营规则",
        "沁州黄小米打假举报奖励办法",
        "关于进一步加强扶贫资金项目管理的通知",
        "油用牡丹推广种植技术手册",
        "农村危房动态管理服务机制",
        "老年人日间照料中心运营管理试行办法",
        "老年人日间照料中心财务管理制度",
        "干部驻村帮扶工作制度汇编",
        "狠抓干部驻村帮扶工作一线落实的若干举措",
        "发展壮大村级集体经济改革举措",
    };
    static const char *const CHECKS[] = {"document-without-outcome", "document-expired", "document-not-public"};
    demo_sheet *sheet = demo_table(
        county, "县委办_制度文件登记表.xlsx", "沁县制度文件登记表",
        "文件编号|文件名称|印发单位|文件类别|印发日期|有效期止|是否有效|是否公开|是否应公开|条款数|落实情况",
        "ttttddtttnt");

    for (size_t i = 0; i < DOCUMENTS; i++) {
        size_t      kind = plants > 0 && i < 12 ? i / 2 % 3 : 3;
        bool        is_planted = i % 2 == 0;
        demo_row *row =
            demo_line(county, sheet, DEMO_NOBODY, "沁文〔2019〕%zu号(虚构)|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s", i + 1,
                      TITLES[i], i >= 2 && i < 6 ? "沁州黄小米协会(虚构)" : "县委办",
                      i >= 2 && i < 6     ? "章程标准"
                      : i == 7 || i == 11 ? "手册案例"
                                          : "办法制度",
                      kind == 0 && !is_planted ? "2019-11-15" : "2019-04-15", kind == 1 ? "2019-10-31" : "",
                      kind == 1 && !is_planted ? "否" : "是", kind == 2 && is_planted ? "否" : "是",
                      kind == 2 ? "是" : "否", i == 13 ? "20" : "", kind == 0 ? "" : "已组织学习并检查执行");
        if (kind < 3)
            demo_answer_one(county, CHECKS[kind], is_planted, row, NULL);
    }
    demo_figure(county, "report.documents", "%d", DOCUMENTS);
    demo_figure(county, "coll.measures", "20");
    demo_figure(county, "millet.rules", "4");
}

static void add_bidder(demo_county *county, demo_sheet *sheet, const char *buy, const char *name, size_t no, const char *to, demo_row **ret)
{
    *ret = demo_line(county, sheet, DEMO_NOBODY, "%s|%s|101%08zu|长治市虚构路%zu号|法人%zu(虚构)|%s", buy, name, no * 7919 % 100000000, no, no, to);
}

static void add_purchases(demo_county *county, size_t plants)
{
    demo_sheet *sheet = demo_table(
        county, "财政局_政府采购项目台账.xlsx", "沁县政府采购项目台账",
        "采购编号|采购项目名称|采购单位|采购方式|中标供应商|合同金额|已支付金额|中标日期|验收日期|投入使用日期",
        "tttttmmddd");
    demo_sheet *bidders =
        demo_table(county, "财政局_投标人登记表.xlsx", "沁县投标人登记表",
                   "采购编号|投标人名称|联系电话|注册地址|法定代表人|资质有效期止", "tttttt");
    static const char *const CHECKS[] = {"supplier-without-licence", "bidders-share", "bought-and-not-used",
                                         "bought-without-tender", "bought-paid-over-contract"};

    for (size_t i = 0; i < PURCHASES; i++) {
        bool        is_platform = i == 0, is_film = i == 1;
        size_t      kind = i >= 2 && (i - 2) / 2 < plants * 5 ? (i - 2) / 2 % 5 : 5;
        bool        is_planted = i % 2 == 0;
        int64_t     fen = is_platform ? 300000000 : is_film ? 20000000 : kind == 3 ? 260000000 : 30000000 + (int64_t)i * 1000000;
        const char *buy = tz_arena_printf(county->mem, "CG2019-%03zu", i + 1),
                   *supplier = tz_arena_printf(county->mem, "山西虚构供应商%zu有限公司", i + 1);
        bool        is_open = fen >= 200000000 && !(kind == 3 && is_planted);
        demo_row *row = demo_line(
            county, sheet, DEMO_NOBODY, "%s|%s|%s|%s|%s|%s|%s|2019-03-12|%s|%s", buy,
            is_platform ? "沁州黄质量安全追溯体系数据平台"
            : is_film   ? "沁州黄视频专题片拍摄"
                        : tz_arena_printf(county->mem, "服务采购项目%zu", i + 1),
            is_platform || is_film ? "农业农村局" : "县直单位", is_open ? "公开招标" : "竞争性磋商", supplier,
            demo_money(county, fen), demo_money(county, kind == 4 && is_planted ? fen + 500000 : fen),
            kind == 2 && !is_planted ? "2019-10-30" : "2019-05-20", kind == 2 ? "" : "2019-06-20");
        demo_row *winner, *other;
        add_bidder(county, bidders, buy, supplier, i * 2 + 1, kind == 0 && is_planted ? "2018-12-31" : "2022-12-31", &winner);
        add_bidder(county, bidders, buy, tz_arena_printf(county->mem, "山西虚构陪标%zu有限公司", i + 1), i * 2 + 2, "2022-12-31", &other);
        if (kind == 1 && is_planted)
            other->cells[2] = winner->cells[2];
        if (kind == 1)
            demo_answer_one(county, CHECKS[1], is_planted, winner, other);
        else if (kind < 5)
            demo_answer_one(county, CHECKS[kind], is_planted, row, NULL);
    }
    demo_figure(county, "millet.trace_invest", "300");
    demo_figure(county, "millet.film", "20");
    demo_figure(county, "buy.count", "%d", PURCHASES);
}

static void add_complaints(demo_county *county, size_t plants)
{
    static const char *const CHANNELS[] = {"电话", "来信", "网络", "来访"};
    static const char *const CHECKS[] = {"complaint-not-accepted", "complaint-not-answered", "answered-by-whom-it-names"};
    demo_sheet *sheet = demo_table(county, "信访局_群众诉求登记表.xlsx", "沁县群众诉求登记表(不含诉求人信息)",
                                   "受理编号|诉求渠道|收到日期|事项编号|涉及村|被反映单位|受理日期|答复日期|答复单位|群众评价", "ttdtttddtt");
    size_t answered = 0;

    for (size_t i = 0; i < COMPLAINTS; i++) {
        const demo_village *at = &county->villages.items[i * 11 % county->villages.count];
        size_t      kind = i / 2 < plants * 3 ? i / 2 % 3 : 3;
        bool        is_planted = i % 2 == 0, is_recent = kind < 2 && !is_planted;
        const char *dates = kind == 0 ? "||" : kind == 1 ? (is_planted ? "2019-06-20||" : "2019-12-02||") : "2019-06-20|2019-07-20|";
        demo_row *row = demo_line(
            county, sheet, DEMO_NOBODY, "SQ2019%05zu|%s|%s|SX-%04zu|%s%s|%s|%s%s|%s", i + 1, CHANNELS[i % 4],
            is_recent ? (kind == 0 ? "2019-12-24" : "2019-11-28") : "2019-06-12", i + 1,
            county->townships.items[at->township].name, at->name, kind == 2 ? "民政局" : "", dates,
            kind < 2                  ? ""
            : kind == 2 && is_planted ? "民政局"
            : kind == 2               ? "纪委监委"
                                      : "水利局",
            kind < 2     ? ""
            : i % 9 == 0 ? "不满意"
                         : "满意");
        answered += kind >= 2;
        if (kind < 3)
            demo_answer_one(county, CHECKS[kind], is_planted, row, NULL);
    }
    for (size_t many = 0; many < 2 && plants > 0; many++) { /* three times without satisfaction; three times, then satisfied */
        demo_answer *answer = demo_answer_add(county, "matter-comes-again", many == 0);
        const char *place = tz_arena_printf(county->mem, "%s%s",
                                            county->townships.items[county->villages.items[0].township].name,
                                            county->villages.items[0].name);
        for (int i = 0; i < 3; i++, answered++)
            demo_answer_row(
                county, answer,
                demo_line(county, sheet, DEMO_NOBODY,
                          "SQ2019%05zu|电话|2019-0%d-10|SX-9%zu|%s|水利局|2019-0%d-12|2019-0%d-25|住建局|%s",
                          sheet->rows.count + 1, i + 4, many, place, i + 4, i + 4,
                          many == 1 && i == 2 ? "满意" : "不满意"));
    }
    demo_figure(county, "voice.received", "%zu", sheet->rows.count);
    demo_figure(county, "voice.answered", "%zu", answered);
}

void demo_offices_make(demo_county *county, bool is_clean)
{
    tz_assert(county != NULL);
    size_t plants = is_clean ? 0 : demo_plant_count(county);

    add_documents(county, plants);
    add_purchases(county, plants);
    add_complaints(county, plants);
}
