/* Reading a report written by hand: which numbers it states, what each is, where it contradicts itself.
 *
 * The text below is made up; it has every phenomenon of real ones. Where CORPORA holds the report whose
 * sentences the packs are named for, it is read too: each of its figures by its list.
 */
#include "../test.h"

#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "packs/pack.h"
#include "report/proofread.h"
#include "report/quantity.h"
#include "report/saying.h"
#include "report/slip.h"

static const char TEXT[] =
    "关于整改落实情况的报告\n"
    "一、围绕“两不愁三保障”短板。①对1,234户疑似危房户进行了鉴定认定,对鉴定出的56户C、D级危房进行改造,实现“四类人群”静态清零。"
    "对2017年以前的78户改造户进行了“回头看”,全部达到安全住房标准。②推进义务教育均衡发展。对10所空壳学校,撤销6所,改为幼儿园3所。"
    "乡镇卫生院住院总人数310人,比2018年下降19%;住院总费用65.04万元,基金补偿费用94.73万元,分别下降了38%、39%。\n"
    "二、以“四不两直”方式,开展监督检查12次。建立涉纪涉法线索类台账26件,全部处置,处置率100%。制定了《甲办法》《乙办法》《丙规定》等规章。"
    "明确了运营主体、服务主体、财务主体。对2016年秋季学期—2019年春季学期的受助学生花名逐一比对。责令停业整顿两个月。\n"
    "三、对全县300余名扶贫干部进行了集中培训,全部达到一村一队、一队三人要求。力争2020年底全县农村集体经济100%达到1万元以上,90%达到5万元以上。"
    "17个旅游项目已全部具备接待能力。对1235户疑似危房户建档。问题整改基本完成。进一步统一思想,逐一落实,决胜全面小康。\n"
    "联系方式:0355——1234567;邮箱:abc123@example.com;胜利路148号二楼。2020年7月30日\n";

typedef struct {
    tz_arena  mem;
    tz_packs *packs;
    json_t   *lines, *assertions;
} reading;

/* also: a pack beside the master; NULL: none. */
static tz_packs *load_packs(tz_arena *mem, const char *also)
{
    static char program[4096];
    tz_county   county = {0};
    tz_packs   *packs = NULL;
    const char *shipped = NULL;
    tz_err      err = {0};
    ssize_t     size = readlink("/proc/self/exe", program, sizeof program - 1);

    assert_true(size > 0);
    tz_push(mem, &county.packs, "master");
    if (also != NULL)
        tz_push(mem, &county.packs, also);
    assert_int_equal(tz_packs_shipped(mem, program, &shipped, &err), TZ_OK);
    if (tz_packs_load(mem, &county, NULL, shipped, &packs, &err) != TZ_OK)
        fail_msg("%s", err.en);
    return packs;
}

static reading read_text(tz_text text, const tz_figure_values *values)
{
    reading         of = {0};
    tz_err          err = {0};
    of.packs = load_packs(&of.mem, NULL);
    tz_proofreading options = {.packs = of.packs, .values = values, .is_all = true};
    assert_int_equal(tz_proofread_text(&of.mem, text, &options, &of.lines, &of.assertions, &err), TZ_OK);
    return of;
}

static void drop(reading *of)
{
    json_decref(of->lines);
    json_decref(of->assertions);
    tz_arena_free(&of->mem);
}

static const json_t *line_of(const reading *of, const char *figure)
{
    size_t  i;
    json_t *line;

    json_array_foreach(of->lines, i, line)
        if (tz_json_str(line, "figure") != NULL && strcmp(tz_json_str(line, "figure"), figure) == 0)
            return line;
    return NULL;
}

static void finds_each_figure(void **state)
{
    static const struct { const char *figure, *value, *kind; } CASES[] = {
        {"house.suspected", "1234", "counted"}, {"house.cd", "56", "counted"}, {"house.lookback", "78", "counted"},
        {"house.four_groups_zero", NULL, "universal"}, {"house.lookback_all_safe", "78", "universal"},
        {"edu.shell_schools", "10", "counted"}, {"edu.abolished", "6", "counted"}, {"edu.converted", "3", "counted"},
        {"med.inpatients", "310", "counted"}, {"med.inpatients_drop", "19", "measured"}, {"med.total_cost", "65.04", "measured"},
        {"med.fund", "94.73", "measured"}, {"med.total_cost_drop", "38", "measured"}, {"med.fund_drop", "39", "measured"},
        {"disc.inspections", "12", "counted"}, {"disc.legal", "26", "counted"}, {"disc.legal_handled", "26", "universal"},
        {"disc.legal_rate", "100", "measured"}, {"care.subjects", "3", "counted"}, {"aid.terms", "6", "counted"},
        {"reloc.suspend_months", "2", "measured"}, {"team.trained", "300", "bound"}, {"team.one_team", "1", "universal"},
        {"team.three", "3", "universal"}, {"coll.t1_rate", "100", "target"}, {"coll.t1_amount", "1", "target"},
        {"coll.t2_rate", "90", "target"}, {"coll.t2_amount", "5", "target"}, {"tour.projects", "17", "universal"},
        {"report.mostly_done", NULL, "mostly"}, {"report.documents", "3", "counted"},
    };
    reading of = read_text(tz_text_of(TEXT), NULL);

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        const json_t *line = line_of(&of, CASES[i].figure);
        if (line == NULL)
            fail_msg("%s was not found", CASES[i].figure);
        if (CASES[i].value != NULL && (tz_json_str(line, "value") == NULL || strcmp(tz_json_str(line, "value"), CASES[i].value) != 0))
            fail_msg("%s is %s", CASES[i].figure, tz_json_str(line, "value"));
        assert_string_equal(tz_json_str(line, "kind"), CASES[i].kind);
    }
    drop(&of);
}

/* What only looks like a figure: nothing of it has a verdict but `left`. */
static void leaves_names_dates_and_phrases_alone(void **state)
{
    static const char *const PHRASES[] = {"四不两直", "两不愁三保障", "0355——1234567", "abc123@example.com", "148"};
    reading of = read_text(tz_text_of(TEXT), NULL);
    size_t  i, left = 0;
    json_t *line;

    (void)state;
    json_array_foreach(of.lines, i, line) {
        const char *phrase = tz_json_str(line, "phrase"), *verdict = tz_json_str(line, "verdict");
        bool        is_left = strcmp(verdict, "left") == 0;
        left += is_left;
        assert_null(is_left ? tz_json_str(line, "figure") : NULL);
        if (strstr(phrase, "义务教育均衡") != NULL || strstr(phrase, "全面小康") != NULL || strstr(phrase, "统一思想") != NULL)
            fail_msg("'%s' is no figure", phrase);
        for (size_t j = 0; j < COUNT(PHRASES); j++)
            if (tz_json_str(line, "value") != NULL && strcmp(tz_json_str(line, "value"), PHRASES[j]) == 0)
                assert_true(is_left);
    }
    assert_true(left >= 14); /* five numbers in three names, six dates, three ways to reach somebody */
    drop(&of);
}

static const json_t *assertion_of(const reading *of, const char *name)
{
    size_t  i;
    json_t *line;

    json_array_foreach(of->assertions, i, line)
        if (strcmp(tz_json_str(line, "assertion"), name) == 0)
            return line;
    fail_msg("no assertion %s", name);
    return NULL;
}

static void finds_contradictions(void **state)
{
    reading of = read_text(tz_text_of(TEXT), NULL);

    (void)state;
    assert_string_equal(tz_json_str(assertion_of(&of, "fund-within-cost"), "truth"), "broken");
    assert_string_equal(tz_json_str(assertion_of(&of, "schools-add-up"), "truth"), "broken");
    assert_string_equal(tz_json_str(assertion_of(&of, "graded-within-appraised"), "truth"), "holds");
    assert_string_equal(tz_json_str(assertion_of(&of, "clues-all-closed"), "truth"), "unknown");
    const json_t *fund = line_of(&of, "med.fund"), *school = line_of(&of, "edu.converted"), *house = line_of(&of, "house.suspected");
    assert_string_equal(tz_json_str(fund, "verdict"), "contradicts");
    assert_non_null(strstr(tz_json_str(fund, "note"), "94.73 <= 65.04"));
    assert_non_null(strstr(tz_json_str(fund, "note"), "49.73"));
    assert_string_equal(tz_json_str(school, "verdict"), "contradicts");
    assert_non_null(strstr(tz_json_str(school, "note"), "10 == 6 + 3"));
    assert_string_equal(tz_json_str(house, "verdict"), "contradicts"); /* 1234 here, 1235 there */
    assert_non_null(strstr(tz_json_str(house, "note"), "1235"));
    assert_string_equal(tz_json_str(line_of(&of, "house.cd"), "verdict"), "unbacked");
    drop(&of);
}

/* Figures as if computed: a value each. */
static void compares_with_what_is_computed(void **state)
{
    static const struct { const char *name, *unit, *value, *exact; tz_figure_kind kind; const char *verdict; } CASES[] = {
        {"house.cd", "户", "56", NULL, TZ_COUNTED, "agrees"},
        {"house.lookback", "户", "79", NULL, TZ_COUNTED, "differs"},
        {"house.lookback_all_safe", "户", "0", NULL, TZ_UNIVERSAL, "agrees"},
        {"house.four_groups_zero", "户", "3", NULL, TZ_UNIVERSAL, "differs"},
        {"med.total_cost", "元", "650449.00", NULL, TZ_MEASURED, "agrees"}, /* 65.0449 prints as 65.04 */
        {"team.trained", "人", "300", "312", TZ_BOUND, "agrees"},
        {"disc.legal_rate", "%", "96.2", NULL, TZ_MEASURED, "differs"},
        {"coll.t1_rate", "%", "97", NULL, TZ_MEASURED, "unbacked"}, /* a target is no result */
        {"report.mostly_done", "件", "2", NULL, TZ_MOSTLY, "agrees"},
    };
    tz_arena         mem = {0};
    tz_packs        *packs = load_packs(&mem, NULL);
    tz_pack         *pack = &packs->packs.items[0];
    tz_figure_values values = {0};
    json_t          *lines = NULL, *assertions = NULL;
    tz_err           err = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++)
        tz_push(&mem, &pack->figures,
                (tz_figure){.name = CASES[i].name, .title = CASES[i].name, .unit = CASES[i].unit, .kind = CASES[i].kind, .pack = pack});
    for (size_t i = 0; i < COUNT(CASES); i++)
        tz_push(&mem, &values, (tz_figure_value){.figure = tz_packs_figure(packs, CASES[i].name), .value = CASES[i].value, .exact = CASES[i].exact,
                                                 .printed = CASES[i].value, .is_true = strcmp(CASES[i].name, "report.mostly_done") == 0});
    tz_proofreading options = {.packs = packs, .values = &values};
    assert_int_equal(tz_proofread_text(&mem, tz_text_of(TEXT), &options, &lines, &assertions, &err), TZ_OK);
    reading of = {.lines = lines, .assertions = assertions};
    for (size_t i = 0; i < COUNT(CASES); i++)
        if (strcmp(tz_json_str(line_of(&of, CASES[i].name), "verdict"), CASES[i].verdict) != 0)
            fail_msg("%s %s", CASES[i].name, tz_json_str(line_of(&of, CASES[i].name), "verdict"));
    /* the cost agrees with its rows, so that the contradiction lies with the fund alone */
    assert_string_equal(tz_json_str(line_of(&of, "med.total_cost"), "verdict"), "agrees");
    assert_string_equal(tz_json_str(line_of(&of, "med.fund"), "verdict"), "contradicts");
    json_decref(lines);
    json_decref(assertions);
    tz_arena_free(&mem);
}

static void reads_numerals(void **state)
{
    static const struct { const char *text; int64_t value; size_t size; } CASES[] = {
        {"两个", 2, 3}, {"十", 10, 3}, {"三十五户", 35, 9}, {"一千八百", 1800, 12}, {"二〇二〇年", 0, 12}, {"户", 0, 0}, {"一万二千", 12000, 12},
        {"三亿五千万", 350000000, 15}, {"九亿亿亿户", 0, 0}, {"千百千百千百千百十", 4410, 27}};
    (void)state;
    for (size_t i = 0; i < COUNT(CASES); i++) {
        int64_t value = 0;
        assert_int_equal(tz_numeral_read(tz_text_of(CASES[i].text), 0, &value), CASES[i].size);
        if (CASES[i].value != 0)
            assert_int_equal(value, CASES[i].value);
    }
}

/* Whatever the bytes are, reading ends and says something. */
/* A word without end is looked through once. */
static void reads_long_words_in_linear_time(void **state)
{
    enum { LENGTH = 1 << 19 };
    tz_arena     mem = {0};
    tz_strings   none = {0};
    tz_said_list said = {0};
    char        *word = tz_arena_alloc(&mem, LENGTH);

    (void)state;
    memset(word, 'a', LENGTH);
    clock_t start = clock();
    tz_quantities_find(&mem, (tz_text){word, LENGTH}, &none, &none, &said);
    assert_true(clock() - start < 3 * CLOCKS_PER_SEC);
    assert_int_equal(said.count, 0);
    tz_arena_free(&mem);
}

/* A sentence is kept once, however many numbers it has and however many figures fit them. */
static void keeps_a_long_sentence_once(void **state)
{
    enum { NUMBERS = 1500 };
    tz_arena        mem = {0};
    tz_buf          text = tz_buf_init(&mem, 0);
    tz_proofreading options = {.packs = load_packs(&mem, "population"), .is_all = true};
    json_t         *lines = NULL, *assertions = NULL;

    (void)state;
    for (int i = 0; i < NUMBERS; i++)
        tz_buf_printf(&text, "某处有%d人", 1000 + i);
    size_t before = mem.bytes;
    MUST(tz_proofread_text(&mem, tz_buf_text(&text), &options, &lines, &assertions, err));
    assert_int_equal(json_array_size(lines), NUMBERS);
    assert_true(mem.bytes - before < 32u << 20);
    json_decref(lines);
    json_decref(assertions);
    tz_arena_free(&mem);
}

static void survives_any_text(void **state)
{
    uint64_t seed = test_seed();
    char     text[600];

    (void)state;
    for (int round = 0; round < 200; round++) {
        size_t size = test_next(&seed) % sizeof text;
        for (size_t i = 0; i < size; i++)
            text[i] = round % 2 == 0 ? (char)test_next(&seed) : TEXT[test_next(&seed) % (sizeof TEXT - 1)];
        reading of = read_text((tz_text){text, size}, NULL);
        drop(&of);
    }
}

/* ---- The report that the packs are named for ---- */

/* The cells of a line of a .tsv. */
static bool next_line(tz_text text, size_t *at, tz_arena *mem, const char *cells[7])
{
    if (*at >= text.size)
        return false;
    size_t  end = tz_text_find(text, TZ_TEXT("\n"), *at);
    tz_text line = tz_text_cut(text, *at, (end == SIZE_MAX ? text.size : end) - *at);
    *at = end == SIZE_MAX ? text.size : end + 1;
    for (int i = 0; i < 7; i++) {
        size_t tab = tz_text_find(line, TZ_TEXT("\t"), 0);
        cells[i] = tz_text_dup(mem, tz_text_cut(line, 0, tab == SIZE_MAX ? line.size : tab));
        line = tab == SIZE_MAX ? (tz_text){0} : tz_text_cut(line, tab + 1, line.size);
    }
    return true;
}

static bool is_left_kind(const char *kind)
{
    return strcmp(kind, "name") == 0 || strcmp(kind, "date") == 0 || strcmp(kind, "contact") == 0;
}

/* A name, a date or a number to call stands there under its value; the rest under its figure. */
static bool is_found(const reading *of, const char *const cells[7])
{
    const char *key = cells[0], *value = cells[2], *kind = cells[6];
    size_t      i;
    json_t     *line;

    if (!is_left_kind(kind)) {
        const json_t *found = line_of(of, key);
        bool is_claim = strcmp(kind, "universal") == 0 || strcmp(kind, "claim") == 0;
        return found != NULL && (is_claim || (tz_json_str(found, "value") != NULL && strcmp(tz_json_str(found, "value"), value) == 0));
    }
    json_array_foreach(of->lines, i, line) {
        const char *has = tz_json_str(line, "value"), *is = tz_json_str(line, "kind");
        bool        is_name = strcmp(kind, "name") == 0 && (strcmp(is, "name") == 0 || strcmp(tz_json_str(line, "unit"), "项") == 0);
        bool        is_phone = has != NULL && strcmp(kind, "contact") == 0 && strcmp(is, "contact") == 0 && strncmp(has, value, 4) == 0;
        if (is_phone || (is_name && has == NULL && strstr(tz_json_str(line, "phrase"), "按季提醒") != NULL && strstr(cells[1], "按季") != NULL) ||
            (has != NULL && strcmp(has, value) == 0 && (is_name || strcmp(is, kind) == 0)))
            return true;
    }
    return false;
}

static tz_text load(tz_arena *mem, const char *path)
{
    tz_text text = {0};
    tz_err  err = {0};
    assert_int_equal(tz_file_load(mem, path, 1 << 20, &text, &err), TZ_OK);
    return text;
}

/* The first text of CORPORA/../seed; NULL where it is not there. */
static const char *seed_path(tz_arena *mem)
{
    const char *corpora = getenv("CORPORA");
    tz_names    names = {0};
    tz_err      err;

    if (corpora == NULL || tz_file_list(mem, tz_arena_printf(mem, "%s/../seed", corpora), &names, &err) != TZ_OK || names.count == 0)
        return NULL;
    return tz_arena_printf(mem, "%s/../seed/%s", corpora, names.items[0]);
}

static void reads_the_report_of_the_seed(void **state)
{
    static const struct { const char *id, *name, *truth; } JUDGED[] = {
        {"A01", "fund-within-cost", "broken"}, {"A02", "schools-add-up", "holds"}, {"A03", "secretaries-of-towns", "holds"},
        {"A04", "graded-within-appraised", "holds"}, {"A05", "clues-closed-within-found", "holds"}, {"A06", "clues-all-closed", "broken"},
        {"A07", "indifference-rate", "holds"}, {"A08", "legal-rate", "holds"}, {"A09", "legal-within-clues", "broken"},
        {"A10", "benefit-within-running", "holds"}, {"A11", "all-revived-profit", "broken"}, {"A13", "ranks-nested", "holds"},
        {"A14", "fund-per-household", "holds"}, {"A15", "falls-alike", "broken"}, {"A16", "builder-within-fines", "holds"},
        {"A17", "lines-ordered", "holds"}, {"A18", "care-per-centre", "holds"}};
    static const char *const READINGS[] = {"497.31(前者为后者的 76.5%,按两项降幅倒推上年为 77.7%)", "两数互换(前者为后者的 68.7%",
                                           "口径不同", "均未认定"};
    const char *cells[7];
    tz_arena    mem = {0};
    const char *path = seed_path(&mem);
    size_t      at = 0, missed = 0, all = 0;

    (void)state;
    if (path == NULL) {
        tz_arena_free(&mem);
        skip();
    }
    reading of = read_text(load(&mem, path), NULL);
    tz_text figures = load(&mem, tz_arena_printf(&mem, "%s/../design/seed_figures.tsv", getenv("CORPORA")));
    assert_true(next_line(figures, &at, &mem, cells));
    while (next_line(figures, &at, &mem, cells)) {
        all++;
        if (!is_found(&of, cells)) {
            missed++;
            print_error("not found: %s (%s %s)\n", cells[0], cells[1], cells[2]);
        }
    }
    print_message("%zu of %zu figures found\n", all - missed, all);
    assert_int_equal(missed, 0);
    for (size_t i = 0; i < COUNT(JUDGED); i++)
        if (strcmp(tz_json_str(assertion_of(&of, JUDGED[i].name), "truth"), JUDGED[i].truth) != 0)
            fail_msg("%s %s is %s", JUDGED[i].id, JUDGED[i].name, tz_json_str(assertion_of(&of, JUDGED[i].name), "truth"));
    const char *note = tz_json_str(line_of(&of, "med.fund"), "note");
    for (size_t i = 0; i < COUNT(READINGS); i++)
        assert_non_null(strstr(note, READINGS[i]));
    assert_string_equal(tz_json_str(line_of(&of, "med.fund"), "verdict"), "contradicts");
    drop(&of);
    tz_arena_free(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_each_figure),
        cmocka_unit_test(leaves_names_dates_and_phrases_alone),
        cmocka_unit_test(finds_contradictions),
        cmocka_unit_test(compares_with_what_is_computed),
        cmocka_unit_test(reads_numerals),
        cmocka_unit_test(reads_long_words_in_linear_time),
        cmocka_unit_test(keeps_a_long_sentence_once),
        cmocka_unit_test(survives_any_text),
        cmocka_unit_test(reads_the_report_of_the_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
