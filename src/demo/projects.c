/* projects - projects of the poverty fund with their payments, assets, use, trainings and produce. */
#include <string.h>

#include "base/assert.h"
#include "demo/inside.h"

/* Of the county's report of 30 July 2020. */
enum { REVIVED = 57, PAYING = 39, TOURISM = 17, TRAVELLED = 40, PLAIN = 60 };

typedef struct {
    demo_county *county;
    demo_sheet  *projects, *payments, *assets, *use, *trainings, *contracts, *people;
    size_t       idle, closed_to_guests;
} making;

typedef struct {
    const char *kind, *level, *pool, *published, *accepted, *handler, *acceptor, *status, *revived, *pays, *receives;
    int64_t     budget;
} project;

static const project USUAL = {"种植业",       "村集体类", "是", "2018-03-20", "2018-10-20", "经办甲(虚构)",
                              "验收乙(虚构)", "正常运营", "否", "是",         "",           30000000};

/* ---- Rows ---- */

static demo_row *add_project(making *of, const project *made)
{
    demo_county        *county = of->county;
    size_t              no = of->projects->rows.count + 1;
    const demo_village *at = &county->villages.items[(no * 13) % county->villages.count];

    return demo_line(county, of->projects, DEMO_NOBODY,
                     "FP-%03zu|%s%s%s项目|%s%s|%s|%s|%s|%s|%s|2018-09-20|%s|%s|%s|%s|%s|%s|%s", no,
                     county->townships.items[at->township].name, at->name, made->kind,
                     county->townships.items[at->township].name, at->name, made->kind, made->level,
                     made->pool, made->published, demo_money(county, made->budget), made->accepted,
                     made->handler, made->acceptor, made->status, made->revived, made->pays, made->receives);
}

static demo_row *add_payment(making *of, const demo_row *of_project, const char *step, const char *payee,
                             int64_t fen, const char *paid, const char *invoice)
{
    size_t no = of->payments->rows.count + 1;
    return demo_line(of->county, of->payments, DEMO_NOBODY, "ZF%05zu|%s|%s|%s|%s|%s|%s", no,
                     of_project->cells[0], step, payee, demo_money(of->county, fen), paid,
                     invoice != NULL ? invoice : tz_arena_printf(of->county->mem, "0410%06zu", no));
}

/* Advance, progress and the last part, within the budget and in order. */
static void pay(making *of, const demo_row *of_project, int64_t budget)
{
    (void)add_payment(of, of_project, "预付款", "沁县兴农服务有限公司(虚构)", budget * 3 / 10, "2018-04-10", NULL);
    (void)add_payment(of, of_project, "进度款", "沁县兴农服务有限公司(虚构)", budget * 4 / 10, "2018-07-10", NULL);
    (void)add_payment(of, of_project, "验收款", "沁县兴农服务有限公司(虚构)", budget * 3 / 10, "2018-11-10", NULL);
}

static void run(making *of, const demo_row *of_project, int kwh, int sales_yuan)
{
    for (int month = 7; month <= 12; month++)
        (void)demo_line(of->county, of->use, DEMO_NOBODY, "2019年%d月|%s|%d|%d.00|0.00", month,
                        of_project->cells[0], kwh, month == 10 ? sales_yuan : 0);
}

static demo_row *add_asset(making *of, const demo_row *of_project, const char *rest)
{
    return demo_line(of->county, of->assets, DEMO_NOBODY, "ZC-%03zu|%s|%s资产|%s", of->assets->rows.count + 1,
                     of_project->cells[0], of_project->cells[1], rest);
}

/* A project in order, with its payments and use. */
static demo_row *add_sound(making *of, project made)
{
    demo_row *row = add_project(of, &made);
    pay(of, row, made.budget);
    run(of, row, 120, 8000);
    (void)add_asset(of, row, "村股份经济合作社|2018-12-10|20000.00|15000.00");
    return row;
}

/* ---- Defects and look-alikes ---- */

static void plant_use(making *of, bool is_revived)
{
    for (int is_planted = 0; is_planted < 2; is_planted++) { /* seasonal: one month of sales */
        project made = USUAL;
        made.revived = is_revived && is_planted ? "是" : "否";
        demo_row *row = add_project(of, &made);
        pay(of, row, made.budget);
        run(of, row, 0, is_planted ? 0 : 26000);
        demo_answer_one(of->county, "project-idle", is_planted, row, NULL);
    }
}

static void plant_payments(making *of, size_t nth)
{
    demo_county *county = of->county;
    const char  *payee = "沁县利民工程队(虚构)";

    for (int kind = 0; kind < 3; kind++) { /* not in the pool; before publication ended; on its last day */
        project made = USUAL;
        made.pool = kind == 0 ? "否" : "是";
        made.published = kind == 1 ? "2018-05-20" : "2018-04-10";
        demo_row *row = add_project(of, &made);
        demo_answer_one(county, "paid-outside-pool", kind < 2, row, add_payment(of, row, "预付款", payee, 5000000, "2018-04-10", NULL));
        run(of, row, 120, 8000);
    }
    for (int is_planted = 0; is_planted < 2; is_planted++) {
        project   made = USUAL;
        demo_row *row = add_project(of, &made);
        pay(of, row, made.budget + (is_planted ? 2000000 : 0));
        run(of, row, 120, 8000);
        demo_answer_one(county, "project-paid-over-budget", is_planted, row, NULL);
    }
    for (int is_planted = 0; is_planted < 2; is_planted++) {
        project   made = USUAL;
        demo_row *row = add_project(of, &made);
        run(of, row, 120, 8000);
        const char *invoice = tz_arena_printf(county->mem, "0999%04zu%d", nth, is_planted);
        demo_row *a = add_payment(of, row, "进度款", payee, 6000000, "2018-06-10", invoice);
        demo_row *b = add_payment(of, row, "进度款", payee, 6000000, "2018-08-10", is_planted ? invoice : NULL);
        demo_answer_one(county, "invoice-used-twice", is_planted, a, b);
        demo_row *c = NULL;
        for (int i = 0; i < 3; i++) /* three on a day; one a day */
            c = add_payment(of, row, "进度款", "沁县个体运输户(虚构)", 1900000,
                            is_planted ? "2018-09-12" : tz_arena_printf(county->mem, "2018-09-1%d", i), NULL);
        demo_answer_one(county, "payments-split", is_planted, c, NULL);
        demo_answer_one(
            county, "final-paid-before-acceptance", is_planted, row,
            add_payment(of, row, "验收款", payee, 2000000, is_planted ? "2018-10-01" : "2018-10-20", NULL));
    }
}

static void plant_papers(making *of)
{
    demo_county *county = of->county;

    for (int is_planted = 0; is_planted < 2; is_planted++) {
        project made = USUAL;
        made.handler = "经办丙(虚构)";
        made.acceptor = is_planted ? "经办丙 (虚构)" : "验收丙(虚构)";
        demo_answer_one(county, "accepted-by-its-handler", is_planted, add_sound(of, made), NULL);
        made = USUAL;
        made.accepted = is_planted ? "2018-10-20" : "2019-11-20";
        demo_row *row = add_project(of, &made);
        run(of, row, 120, 8000);
        demo_answer_one(county, "asset-without-owner", is_planted, add_asset(of, row, "|||"), NULL);
        row = add_project(of, &USUAL);
        run(of, row, 120, 8000);
        demo_answer_one(county, "income-not-shared", is_planted,
                        add_asset(of, row,
                                  is_planted ? "村股份经济合作社|2018-12-10|50000.00|8000.00"
                                             : "村股份经济合作社|2018-12-10|50000.00|30000.00"),
                        NULL);
    }
}

static demo_row *add_training(making *of, uint32_t person, const char *course, const char *held)
{
    return demo_line(of->county, of->trainings, person, "%s|%s|%s|%s", course, held,
                     of->county->persons.items[person].name, of->county->persons.items[person].id);
}

static bool is_dead(const demo_county *county, const demo_person *person, int about)
{
    (void)county, (void)about;
    return person->died > 20180101 && person->died < 20190601 && person->death[0] != NULL && person->status == DEMO_DEAD;
}

static bool is_listed(const demo_county *county, const demo_person *person, int about)
{
    (void)county, (void)about;
    return person->listed[DEMO_YEARS - 1] != NULL && demo_is_untouched(person) && demo_age(person) > 25;
}

static demo_row *add_beneficiary(making *of, const demo_row *of_project, uint32_t person)
{
    return demo_line(of->county, of->people, person, "%s|2019|%s|%s|800.00", of_project->cells[0],
                     of->county->persons.items[person].name, of->county->persons.items[person].id);
}

static demo_row *add_contract(making *of, uint32_t person, int kg, int bought, const char *due)
{
    return demo_line(of->county, of->contracts, person, "DD-%03zu|%s|%s|油用牡丹籽|沁县智农花卉公司(虚构)|%d|%d|%s", of->contracts->rows.count + 1,
                     of->county->persons.items[person].name, of->county->persons.items[person].id, kg, bought, due);
}

static void plant_people(making *of)
{
    demo_county *county = of->county;

    for (int is_planted = 0; is_planted < 2; is_planted++) {
        uint32_t person = demo_somebody(county, 25, 60);
        if (person == DEMO_NOBODY)
            return;
        demo_row *first = add_training(of, person, "食用菌栽培培训班", "2019-05-15");
        demo_answer_one(county, "trained-in-two-places", is_planted, first,
                        add_training(of, person, "养蜂技术培训班", is_planted ? "2019-05-15" : "2019-05-16"));
        person = demo_pick(county, is_dead, 0);
        if (person != DEMO_NOBODY) { /* the look-alike learnt before */
            demo_row *row = add_training(of, person, "小杂粮种植培训班", is_planted ? "2019-07-15" : "2017-07-15");
            demo_answer_one(county, "trained-after-death", is_planted, row, NULL);
        }
        person = demo_somebody(county, 25, 70);
        if (person != DEMO_NOBODY)
            demo_answer_one(county, "produce-not-bought", is_planted, add_contract(of, person, 400, is_planted ? 90 : 388, "2019-10-31"), NULL);
        project made = USUAL; /* the look-alike shares in the village's project */
        made.level = is_planted ? "到户类" : "村集体类";
        demo_row *row = add_sound(of, made);
        person = demo_somebody(county, 25, 70);
        if (person != DEMO_NOBODY && county->persons.items[person].listed[DEMO_YEARS - 1] == NULL)
            demo_answer_one(county, "beneficiary-not-listed", is_planted, add_beneficiary(of, row, person), NULL);
    }
}

/* ---- The report's numbers ---- */

static void fill(making *of)
{
    static const char *const KINDS[] = {"种植业", "养殖业", "加工业"};
    demo_county *county = of->county;

    for (size_t i = of->idle; i < REVIVED; i++) {
        project made = USUAL;
        made.kind = KINDS[i % 3];
        made.revived = "是";
        made.pays = i < PAYING ? "是" : "否";
        (void)add_sound(of, made);
    }
    for (size_t i = 0; i < TOURISM; i++) {
        project made = USUAL;
        made.kind = "乡村旅游";
        made.receives = i < of->closed_to_guests ? "否" : "是";
        (void)add_sound(of, made);
    }
    for (size_t i = 0; i < PLAIN; i++) {
        project made = USUAL;
        made.kind = KINDS[i % 3];
        made.level = i % 2 == 0 ? "到户类" : "村集体类";
        demo_row *row = add_sound(of, made);
        uint32_t  person = demo_pick(county, is_listed, 0);
        if (person != DEMO_NOBODY && i % 2 == 0)
            (void)add_beneficiary(of, row, person);
    }
    for (size_t i = 0; i < TRAVELLED; i++) {
        uint32_t person = demo_somebody(county, 25, 65);
        if (person == DEMO_NOBODY)
            return;
        (void)add_training(of, person, "双孢菇种植户外出参观学习", "2019-06-18");
        (void)add_contract(of, person, 300, 300, "2019-10-31");
    }
}

void demo_projects_make(demo_county *county, bool is_clean)
{
    tz_assert(county != NULL);
    making of = {.county = county};
    size_t plants = is_clean ? 0 : demo_plant_count(county);

    of.projects = demo_table(
        county, "扶贫办_扶贫资金项目台账.xlsx", "沁县扶贫资金项目台账",
        "项目编号|项目名称|实施村|项目类别|受益方式|是否入项目库|公示截止日期|批复资金|完工日期|验收日期|经办人|验收人|"
                             "运行状态|是否盘活|是否产生效益|是否具备接待能力",
        "ttttttdmddtttttt");
    of.payments = demo_table(county, "财政局_扶贫项目资金支付明细.xlsx", "沁县扶贫项目资金支付明细",
                             "支付凭证号|项目编号|支付环节|收款人|支付金额|支付日期|发票号码", "ttttmtt");
    of.assets = demo_table(county, "扶贫办_扶贫项目资产台账.xlsx", "沁县扶贫项目资产台账",
                           "资产编号|项目编号|资产名称|产权归属|移交日期|本年收益|已分配收益", "tttttmm");
    of.use = demo_table(county, "扶贫办_项目运行统计_2019年下半年.xlsx", "沁县扶贫项目运行统计",
                        "月份|项目编号|用电量(度)|销售收入|租金收入", "ttnmm");
    of.trainings = demo_table(county, "农业农村局_产业培训参加人名册.xlsx", "沁县产业培训参加人名册",
                              "培训班名称|培训日期|参加人姓名|身份证号", "tttt");
    of.contracts = demo_table(
        county, "农业农村局_订单收购台账.xlsx", "沁县订单收购台账",
        "订单编号|种植户姓名|身份证号|品种|收购企业|约定收购(公斤)|实际收购(公斤)|约定收购截止", "tttttnnt");
    of.people = demo_table(county, "扶贫办_到户项目受益名册.xlsx", "沁县到户项目受益名册", "项目编号|受益年度|受益人姓名|身份证号|受益金额", "tnttm");
    for (size_t i = 0; i < plants; i++) {
        plant_use(&of, i == 0);
        plant_payments(&of, i);
        plant_papers(&of);
        plant_people(&of);
    }
    of.idle = of.closed_to_guests = plants > 0; /* one revived project lies idle, one village can't receive guests */
    fill(&of);
    demo_figure(county, "idle.total", "%d", REVIVED);
    demo_figure(county, "idle.running", "%zu", of.idle);
    demo_figure(county, "idle.benefit", "%d", PAYING);
    demo_figure(county, "mushroom.trip", "%d", TRAVELLED);
    demo_figure(county, "tour.count", "%d", TOURISM);
    demo_figure(county, "tour.projects", "%zu", of.closed_to_guests);
}
