/* What a declared ledger asks before it closes: roles, fields, the approval form, publication, photos; clocks, letters,
 * requests for time, objections, terms, successors. */
#include "../ledger.h"

#include <jpeglib.h>

#include "base/date.h"
#include "ledger/letter.h"
#include "store/checkpoint.h"
#include "store/prove.h"

static const char FULL[] =
    "ledgers:\n"
    "  full:\n"
    "    title: 巡察台账 | inspection\n"
    "    steps: [open, assigned, rectifying, submitted, checked, published, closed]\n"
    "    words: {closed: 了结 | settled}\n"
    "    due_days: 15\n    due_in_working_days: true\n"
    "    fields:\n      - {name: measure, title: 整改措施 | measure, required: true}\n      - {name: cause, title: 原因 | cause}\n"
    "    who: {check: [inspector], grant: [leader]}\n"
    "    clocks: {objection: {days: 7, source: 某规定第三条 | a rule}, publish: {days: 3}, take: {days: 2, working: false}}\n"
    "    letters: {remind: 12, urge: 5}\n"
    "    approval: [责任单位意见, 分管领导意见]\n"
    "    prints: [approval-form]\n";

/* A county whose pack declares the ledger `full`, its calendar with one holiday, and an issue in it. */
static void start_full(small_county *county, int64_t *ret_issue)
{
    tz_issue_new_options options = {.ledger = "full", .title = "账目不清", .unit = "东镇", .source = "inspection"};
    const char          *rest = strstr(COUNTY_PACK, "ledgers:\n") + strlen("ledgers:\n");

    county_make(county);
    county_write(county, "packs/aid/pack.yaml",
                 tz_arena_printf(&county->mem, "%.*s%s%s", (int)(rest - COUNTY_PACK - 9), COUNTY_PACK, FULL, rest));
    county_write(county, "calendar.tsv", "from\tto\tkind\tname\tsource\n2020-01-01\t2020-01-01\toff\t元旦\t甲\n"
                                         "2020-01-24\t2020-01-31\toff\t春节\t甲\n");
    tz_store_close(county->store);
    MUST(tz_store_open(&county->app, county->folder, TZ_WRITE, &county->store, err));
    as(county, "tester");
    MUST(tz_user_add(county->store, "boss", "赵领导", "东镇", "leader", NULL, err));
    county_load_packs(county);
    MUST(tz_issue_new(county->store, county->packs, &options, ret_issue, err));
}

static void submit(small_county *county, int64_t issue)
{
    json_t *fields = json_pack("{s:s}", "measure", "清理");

    as(county, "tester");
    act(county, issue, "assign", WITH(.handler = "clerk"));
    as(county, "clerk");
    act(county, issue, "set", WITH(.fields = fields));
    act(county, issue, "attach", WITH(.file = a_file(county, "book.pdf", "book"), .kind = "receipt"));
    act(county, issue, "submit", PLAIN);
    json_decref(fields);
}

static void asks_for_fields_and_roles(void **state)
{
    (void)state;
    small_county county;
    int64_t      issue = 0;
    json_t      *unknown = json_pack("{s:s}", "colour", "red");
    tz_err       wrong = {0};
    start_full(&county, &issue);
    as(&county, "tester");
    act(&county, issue, "assign", WITH(.handler = "clerk"));
    as(&county, "clerk");
    REFUSE(&county, issue, "submit", PLAIN, "the field 'measure' is empty");
    json_t *blank = json_pack("{s:s}", "measure", "  ");
    act(&county, issue, "set", WITH(.fields = blank));
    json_decref(blank);
    REFUSE(&county, issue, "submit", PLAIN, "the field 'measure' is empty");
    tz_issue_options set_unknown = {.fields = unknown};
    assert_int_equal(tz_issue_act(&county.mem, county.store, county.packs, issue, "set", &set_unknown, NULL, &wrong), TZ_USAGE);
    json_decref(unknown);
    submit(&county, issue);
    MUST(tz_user_add(county.store, "other", "孙某", NULL, "clerk", NULL, err));
    as(&county, "other");
    REFUSE(&county, issue, "check", PLAIN, "check is for inspector");
    as(&county, "chief");
    act(&county, issue, "check", PLAIN);
    county_drop(&county);
}

static void asks_for_the_form_and_its_publication(void **state)
{
    (void)state;
    small_county county;
    int64_t      issue = 0;
    start_full(&county, &issue);
    const char *early = a_file(&county, "early.pdf", "early"), *half = a_file(&county, "half.pdf", "half"),
               *form = a_file(&county, "form.pdf", "form");
    as(&county, "tester");
    act(&county, issue, "attach", WITH(.file = early, .kind = "approval", .boxes = "责任单位意见、分管领导意见"));
    submit(&county, issue);
    as(&county, "chief");
    act(&county, issue, "check", PLAIN);
    REFUSE(&county, issue, "close", PLAIN, "not published", "the approval form since it was submitted is missing");
    act(&county, issue, "attach", WITH(.file = half, .kind = "approval", .boxes = "责任单位意见"));
    act(&county, issue, "publish", PLAIN); /* on a Thursday: 3 working days end on Tuesday */
    REFUSE(&county, issue, "close", PLAIN, "the box '分管领导意见' of", "published until 2020-01-06");
    act(&county, issue, "attach", WITH(.file = form, .kind = "approval", .boxes = "责任单位意见,分管领导意见"));
    pass_days(&county, 5);
    REFUSE(&county, issue, "close", PLAIN, "published until 2020-01-06");
    pass_days(&county, 1);
    act(&county, issue, "close", PLAIN);
    json_t *shown = show(&county, issue);
    assert_string_equal(tz_json_str(shown, "word"), "settled");
    assert_string_equal(tz_json_str(shown, "closed_how"), "evidence");
    json_decref(shown);
    tz_err           wrong = {0};
    tz_issue_options no_boxes = {.file = form, .kind = "approval"};
    assert_int_equal(tz_issue_act(&county.mem, county.store, county.packs, by_hand(&county, "乙"), "attach", &no_boxes, NULL, &wrong), TZ_USAGE);
    county_drop(&county);
}

static void a_form_is_no_evidence(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    int64_t issue = by_hand(&county, "账目不清");
    act(&county, issue, "assign", WITH(.handler = "clerk"));
    act(&county, issue, "attach", WITH(.file = a_file(&county, "f.pdf", "f"), .kind = "approval", .boxes = "甲"));
    as(&county, "clerk");
    act(&county, issue, "say", WITH(.note = "不是我", .file = a_file(&county, "s.pdf", "s")));
    act(&county, issue, "submit", PLAIN);
    as(&county, "chief");
    REFUSE(&county, issue, "close", PLAIN, "there is no evidence");
    act(&county, issue, "attach", WITH(.file = a_file(&county, "d.pdf", "d"), .kind = "document"));
    act(&county, issue, "close", PLAIN);
    json_t *shown = show(&county, issue);
    assert_string_equal(tz_json_str(shown, "closed_how"), "document only");
    assert_int_equal(json_array_size(json_object_get(shown, "said")), 1);
    assert_string_equal(tz_json_str(json_array_get(json_object_get(shown, "said"), 0), "note"), "不是我");
    json_decref(shown);
    county_drop(&county);
}

/* What the accused said is in the proof of the issue, and can be opened. */
static void a_proof_holds_what_was_said(void **state)
{
    (void)state;
    small_county county;
    const char  *note = NULL;
    json_t      *proof = NULL;
    county_make(&county);
    int64_t issue = by_hand(&county, "账目不清");
    act(&county, issue, "assign", WITH(.handler = "clerk"));
    as(&county, "clerk");
    act(&county, issue, "say", WITH(.note = "钱已退还", .file = a_file(&county, "s.pdf", "s")));
    act(&county, issue, "set", WITH(.people = "张三"));
    as(&county, "tester");
    const char *key = tz_arena_printf(&county.mem, "%s.pem", county.folder);
    MUST(tz_checkpoint_make(&county.mem, county.store, key, &note, err));
    for (int is_masked = 0; is_masked < 2; is_masked++) {
        MUST(tz_prove_issue(&county.mem, county.store, issue, is_masked, &proof, err));
        char *text = json_dumps(proof, 0);
        assert_int_equal(strstr(text, "钱已退还") != NULL, !is_masked);
        assert_int_equal(strstr(text, "张三") != NULL, !is_masked);
        assert_non_null(strstr(text, "statement"));
        free(text);
        json_decref(proof);
    }
    assert_int_equal(unlink(key), 0);
    county_drop(&county);
}

/* ---- Time ---- */

static const char *member(const json_t *shown, const char *key)
{
    const char *text = tz_json_str(shown, key);
    return text == NULL ? "" : text;
}

static void counts_working_days(void **state)
{
    (void)state;
    small_county county;
    int64_t      issue = 0;
    start_full(&county, &issue);
    json_t *shown = show(&county, issue);
    assert_string_equal(member(shown, "due"), "2020-01-22"); /* 15 working days after 1 January */
    assert_string_equal(member(json_object_get(shown, "clock"), "clock"), "assign");
    assert_string_equal(member(json_object_get(shown, "clock"), "until"), "2020-01-08");
    json_decref(shown);
    act(&county, issue, "assign", WITH(.handler = "clerk"));
    shown = show(&county, issue);
    assert_string_equal(member(json_object_get(shown, "clock"), "clock"), "take");
    assert_string_equal(member(json_object_get(shown, "clock"), "until"), "2020-01-03");
    json_decref(shown);
    act(&county, issue, "assign", WITH(.term = "at once"));
    shown = show(&county, issue);
    assert_string_equal(member(shown, "due"), "2020-01-15");
    json_decref(shown);
    act(&county, issue, "assign", WITH(.term = "long-term"));
    shown = show(&county, issue);
    assert_string_equal(member(shown, "due"), "");
    json_decref(shown);
    tz_err           wrong = {0};
    tz_issue_options sometime = {.term = "sometime"};
    assert_int_equal(tz_issue_act(&county.mem, county.store, county.packs, issue, "assign", &sometime, NULL, &wrong), TZ_USAGE);
    county_drop(&county);
}

/* A day begins at midnight in China: 16:00 of the day before by the journal's clock. */
static void days_are_those_of_china(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    county.clock_ms = 1577836800000 + 16 * 3600000LL; /* 1 January 2020, 16:00 UTC */
    json_t *shown = show(&county, by_hand(&county, "甲"));
    assert_string_equal(member(shown, "opened_on"), "2020-01-02");
    assert_string_equal(member(shown, "due"), "2020-02-01");
    assert_string_equal(member(json_object_get(shown, "clock"), "until"), "2020-01-09"); /* five working days after the 2nd */
    json_decref(shown);
    county_drop(&county);
}

static size_t letters(small_county *county, int32_t today, bool is_issued, json_t **ret_letters)
{
    MUST(tz_letters_due(county->store, county->packs, today, is_issued, ret_letters, err));
    return json_array_size(*ret_letters);
}

static void writes_each_letter_once(void **state)
{
    (void)state;
    static const struct { int32_t day; const char *kind, *to, *user; } DAYS[] = {
        {20200103, NULL, NULL, NULL},          /* 13 working days left */
        {20200106, "提醒函", "handler", "clerk"}, /* 12 */
        {20200107, NULL, NULL, NULL},          /* it was written */
        {20200115, "督办函", "leader", "boss"}, /* 5 */
        {20200122, NULL, NULL, NULL},          /* due today */
        {20200123, "告诫函", "head", NULL},
        {20200301, NULL, NULL, NULL},
    };
    small_county county;
    int64_t      issue = 0;
    json_t      *list = NULL;
    start_full(&county, &issue);
    act(&county, issue, "assign", WITH(.handler = "clerk"));
    for (size_t i = 0; i < sizeof DAYS / sizeof DAYS[0]; i++) {
        size_t count = letters(&county, DAYS[i].day, true, &list);
        if (count != (DAYS[i].kind != NULL))
            fail_msg("%d: %zu letters", (int)DAYS[i].day, count);
        if (count == 1) {
            json_t *letter = json_array_get(list, 0);
            assert_string_equal(member(letter, "name"), DAYS[i].kind);
            assert_string_equal(member(letter, "to_role"), DAYS[i].to);
            assert_string_equal(member(letter, "to_user"), DAYS[i].user == NULL ? "" : DAYS[i].user);
        }
        json_decref(list);
    }
    MUST(tz_letters_issued(county.store, issue, &list, err));
    assert_int_equal(json_array_size(list), 3);
    json_decref(list);
    act(&county, issue, "object", WITH(.note = "金额有误")); /* nobody is written to meanwhile */
    REFUSE(&county, issue, "assign", WITH(.due = "0202-02-28"), "a due date is not before");
    act(&county, issue, "assign", WITH(.due = "2020-02-28"));
    assert_int_equal(letters(&county, 20200301, false, &list), 0);
    json_decref(list);
    county_drop(&county);
}

/* The leader is the one whom the unit has; of two nobody is written to by name. */
static void names_the_leader_where_there_is_one(void **state)
{
    (void)state;
    small_county county;
    int64_t      issue = 0;
    json_t      *list = NULL;
    start_full(&county, &issue);
    MUST(tz_user_add(county.store, "boss2", "钱领导", "东镇", "leader", NULL, err));
    assert_int_equal(letters(&county, 20200115, false, &list), 1);
    assert_string_equal(member(json_array_get(list, 0), "to_role"), "leader");
    assert_string_equal(member(json_array_get(list, 0), "to_user"), "");
    json_decref(list);
    county_drop(&county);
}

static void reminds_each_quarter_of_what_has_no_date(void **state)
{
    (void)state;
    small_county county;
    int64_t      issue = 0;
    json_t      *list = NULL;
    start_full(&county, &issue);
    act(&county, issue, "assign", WITH(.handler = "clerk", .term = "long-term"));
    static const struct { int32_t day; size_t count; } DAYS[] = {{20200331, 0}, {20200401, 1}, {20200630, 0}, {20200701, 1}, {20210105, 1}};
    for (size_t i = 0; i < sizeof DAYS / sizeof DAYS[0]; i++) {
        assert_int_equal(letters(&county, DAYS[i].day, true, &list), DAYS[i].count);
        json_decref(list);
    }
    county_drop(&county);
}

static void an_objection_is_answered_first(void **state)
{
    (void)state;
    small_county county;
    int64_t      issue = 0;
    start_full(&county, &issue);
    submit(&county, issue);
    act(&county, issue, "object", WITH(.note = "金额有误", .file = a_file(&county, "defence.pdf", "defence")));
    as(&county, "chief");
    REFUSE(&county, issue, "check", PLAIN, "an objection stands");
    REFUSE(&county, issue, "object", WITH(.note = "再"), "an earlier objection");
    json_t *shown = show(&county, issue);
    json_t *clock = json_object_get(shown, "clock");
    assert_string_equal(member(clock, "clock"), "objection");
    assert_string_equal(member(clock, "until"), "2020-01-10");
    assert_string_equal(member(clock, "source"), "某规定第三条 | a rule");
    assert_null(tz_json_str(shown, "letter"));
    json_decref(shown);
    as(&county, "clerk");
    REFUSE(&county, issue, "answer", WITH(.note = "自答", .is_upheld = true), "neither who asked");
    as(&county, "chief");
    tz_err           wrong = {0};
    tz_issue_options both = {.note = "?", .is_upheld = true, .is_rejected = true};
    assert_int_equal(tz_issue_act(&county.mem, county.store, county.packs, issue, "answer", &both, NULL, &wrong), TZ_USAGE);
    act(&county, issue, "answer", WITH(.note = "核对无误", .is_rejected = true));
    REFUSE(&county, issue, "answer", WITH(.note = "再", .is_upheld = true), "no objection waits");
    act(&county, issue, "check", PLAIN);
    shown = show(&county, issue);
    assert_int_equal(json_array_size(json_object_get(shown, "said")), 2);
    json_decref(shown);
    as(&county, "clerk");
    act(&county, issue, "object", WITH(.note = "再核")); /* what is checked is not published over it either */
    as(&county, "chief");
    REFUSE(&county, issue, "publish", PLAIN, "an objection stands");
    county_drop(&county);
}

static void more_time_is_asked_for_and_granted(void **state)
{
    (void)state;
    small_county county;
    int64_t      issue = 0;
    start_full(&county, &issue);
    act(&county, issue, "assign", WITH(.handler = "clerk"));
    REFUSE(&county, issue, "grant", PLAIN, "is for leader");
    as(&county, "boss");
    REFUSE(&county, issue, "grant", PLAIN, "no request");
    as(&county, "clerk");
    REFUSE(&county, issue, "extend", WITH(.note = "等批复", .due = "1066-01-01"), "comes after the present one, 2020-01-22");
    act(&county, issue, "extend", WITH(.note = "等批复", .due = "2020-06-30"));
    json_t *shown = show(&county, issue);
    assert_string_equal(member(shown, "due"), "2020-01-22");
    assert_string_equal(member(shown, "asked_due"), "2020-06-30");
    json_decref(shown);
    REFUSE(&county, issue, "extend", WITH(.note = "再", .due = "2020-07-30"), "still stands");
    as(&county, "boss");
    act(&county, issue, "grant", PLAIN);
    shown = show(&county, issue);
    assert_string_equal(member(shown, "due"), "2020-06-30");
    assert_string_equal(member(shown, "standing"), "extended");
    assert_string_equal(member(shown, "asked_due"), "");
    json_decref(shown);
    county_drop(&county);
}

static void follows_successors(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    MUST(tz_unit_add(county.store, "扶贫办", NULL, "乡村振兴局", err));
    MUST(tz_unit_add(county.store, "乡村振兴局", NULL, "农业农村局", err));
    MUST(tz_unit_add(county.store, "农业农村局", NULL, NULL, err));
    int64_t issue = by_hand(&county, "甲");
    act(&county, issue, "assign", WITH(.unit = "扶贫办"));
    json_t *shown = show(&county, issue);
    assert_string_equal(member(shown, "unit"), "农业农村局");
    json_decref(shown);
    act(&county, issue, "assign", WITH(.unit = "西镇", .support = "东镇,民政局"));
    MUST(tz_unit_add(county.store, "东镇", "township", "农业农村局", err));
    json_t         *list = NULL;
    tz_issue_filter filter = {.unit = "农业农村局"};
    MUST(tz_issue_list(&county.mem, county.store, county.packs, &filter, &list, err));
    assert_int_equal(json_array_size(list), 1);
    json_decref(list);
    MUST(tz_unit_add(county.store, "农业农村局", NULL, "扶贫办", err)); /* a circle ends */
    act(&county, issue, "assign", WITH(.unit = "扶贫办"));
    county_drop(&county);
}

/* ---- Photos ---- */

/* A picture that its seed draws: light and dark fields. */
static const char *a_photo(small_county *county, const char *name, uint64_t seed, int quality)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr       error;
    enum { SIDE = 72 };
    uint8_t        line[SIDE];
    uint8_t       *row = line;
    unsigned char *bytes = NULL;
    unsigned long  size = 0;
    tz_err         err;

    jpeg.err = jpeg_std_error(&error);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, &size);
    jpeg.image_width = jpeg.image_height = SIDE;
    jpeg.input_components = 1;
    jpeg.in_color_space = JCS_GRAYSCALE;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, quality, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    for (uint64_t y = 0; y < SIDE; y++) {
        for (uint64_t x = 0; x < SIDE; x++)
            line[x] = (uint8_t)((seed * 2654435761u >> (x / 8 + y / 9 * 5) % 29) * 37 % 200 + 20);
        (void)jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    const char *path = tz_store_path(&county->mem, county->store, name, NULL);
    assert_int_equal(tz_file_write(path, (tz_text){(char *)bytes, size}, 0644, &err), TZ_OK);
    free(bytes);
    return path;
}

static void shows_what_speaks_against_a_photo(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    int64_t a = by_hand(&county, "甲"), b = by_hand(&county, "乙");
    act(&county, a, "attach", WITH(.file = a_photo(&county, "a.jpg", 7, 90), .kind = "photo"));
    for (int64_t i = a; i <= b; i++)
        act(&county, i, "assign", WITH(.handler = "clerk"));
    as(&county, "clerk");
    act(&county, b, "attach", WITH(.file = a_photo(&county, "other.jpg", 12345, 90), .kind = "photo"));
    json_t *shown = show(&county, b);
    assert_int_equal(json_array_size(json_object_get(shown, "remarks")), 0);
    json_decref(shown);
    act(&county, b, "attach", WITH(.file = a_photo(&county, "again.jpg", 7, 55), .kind = "photo")); /* other bytes, the same picture */
    act(&county, b, "submit", PLAIN);
    as(&county, "chief");
    REFUSE(&county, b, "close", PLAIN, "looks like that of issue #1");
    act(&county, b, "close", WITH(.is_seen = true));
    shown = show(&county, b);
    json_t *history = json_object_get(shown, "history");
    json_t *last = json_array_get(history, json_array_size(history) - 1);
    assert_int_equal(json_array_size(json_object_get(json_object_get(last, "detail"), "seen")), 1);
    json_decref(shown);
    county_drop(&county);
}

/* ---- People ---- */

static void nobody_signs_for_themselves(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    int64_t issue = by_hand(&county, "甲");
    MUST(tz_user_add(county.store, "zhang", "张 三", NULL, "inspector", NULL, err));
    act(&county, issue, "set", WITH(.people = "张三、李四"));
    act(&county, issue, "assign", WITH(.handler = "clerk"));
    as(&county, "clerk");
    act(&county, issue, "attach", WITH(.file = a_file(&county, "r.pdf", "r"), .kind = "receipt"));
    act(&county, issue, "submit", PLAIN);
    as(&county, "zhang");
    REFUSE(&county, issue, "close", PLAIN, "beneficiary's name");
    as(&county, "chief");
    act(&county, issue, "close", PLAIN);
    county_drop(&county);
}

/* An issue of one clerk, submitted with its evidence. */
static int64_t submitted_by_clerk(small_county *county, const char *title)
{
    as(county, "tester");
    int64_t issue = by_hand(county, title);
    act(county, issue, "assign", WITH(.handler = "clerk"));
    as(county, "clerk");
    act(county, issue, "attach", WITH(.file = a_file(county, "r.pdf", title), .kind = "receipt"));
    act(county, issue, "submit", PLAIN);
    return issue;
}

/* The clerk has a second account, an inspector's; the chief a closed one. Names tell. */
static void a_second_account_is_no_second_person(void **state)
{
    (void)state;
    small_county county;
    tz_err       wrong = {0};
    size_t       i;
    county_make(&county);
    MUST(tz_user_add(county.store, "clerk2", "李 办事", NULL, "inspector", NULL, err));
    int64_t issue = submitted_by_clerk(&county, "甲");
    as(&county, "clerk2");
    REFUSE(&county, issue, "check", PLAIN, "a second person signs");
    REFUSE(&county, issue, "close", PLAIN, "a second person signs");
    REFUSE(&county, issue, "transfer", WITH(.unit = "县公安局", .note = "移送"), "the rectifier does not");
    as(&county, "clerk");
    act(&county, issue, "object", WITH(.note = "金额有误"));
    as(&county, "clerk2");
    REFUSE(&county, issue, "answer", WITH(.note = "自答", .is_upheld = true), "neither who asked");
    as(&county, "chief");
    act(&county, issue, "answer", WITH(.note = "不成立", .is_rejected = true));
    act(&county, issue, "return", WITH(.note = "再改"));
    as(&county, "tester");
    MUST(tz_user_close(county.store, "clerk", err)); /* what a closed account did was done by the same person */
    static const char *const NOBODY[] = {"clerk", "system"};
    for (i = 0; i < 2; i++) {
        tz_issue_options options = {.handler = NOBODY[i]};
        assert_int_equal(tz_issue_act(&county.mem, county.store, county.packs, issue, "assign", &options, NULL, &wrong), TZ_MISSING);
    }
    as(&county, "clerk2");
    REFUSE(&county, issue, "suspend", WITH(.note = "忙"), "the rectifier does not");
    json_t *actions = NULL, *action;
    MUST(tz_issue_possible(&county.mem, county.store, county.packs, issue, "clerk2", TZ_EN, &actions, err));
    json_array_foreach(actions, i, action)
        if (strcmp(tz_json_str(action, "action"), "suspend") == 0)
            assert_true(json_is_false(json_object_get(action, "is_allowed")));
    json_decref(actions);
    /* Nobody gives themselves a date by naming themselves in the same breath. */
    int64_t          other = by_hand(&county, "乙");
    tz_issue_options mine = {.handler = "clerk2", .due = "2030-01-01"};
    assert_int_equal(tz_issue_act(&county.mem, county.store, county.packs, other, "assign", &mine, NULL, &wrong), TZ_REFUSED);
    act(&county, other, "assign", WITH(.handler = "clerk2"));
    as(&county, "tester");
    act(&county, other, "assign", WITH(.due = "2020-02-01"));
    county_drop(&county);
}

/* Who rectified what was merged in, or what it was split from, signs neither. */
static void who_rectified_a_part_does_not_sign_the_whole(void **state)
{
    (void)state;
    static const county_line BOTH[] = {{0, "1", "张三", "2019-2", "甲校", "900.00"}, {0, "2", "李四", "2019-2", "甲校", "901.00"}};
    small_county county;
    county_make(&county);
    MUST(tz_user_add(county.store, "other", "孙某", NULL, "clerk", NULL, err));
    int64_t part = submitted_by_clerk(&county, "甲");
    as(&county, "tester");
    int64_t whole = by_hand(&county, "乙");
    act(&county, whole, "assign", WITH(.handler = "other"));
    as(&county, "other");
    act(&county, whole, "attach", WITH(.file = a_file(&county, "o.pdf", "o"), .kind = "receipt"));
    act(&county, whole, "submit", PLAIN);
    as(&county, "clerk");
    act(&county, part, "object", WITH(.note = "金额有误"));
    as(&county, "chief");
    REFUSE(&county, part, "merge", WITH(.with = whole), "an objection stands"); /* else it would be gone unanswered */
    act(&county, part, "answer", WITH(.note = "不成立", .is_rejected = true));
    act(&county, part, "merge", WITH(.with = whole));
    as(&county, "clerk");
    REFUSE(&county, whole, "close", PLAIN, "a second person signs");
    as(&county, "chief");
    act(&county, whole, "close", PLAIN);

    (void)county_deliver(&county, "aid", "2020-01-15", 0, BOTH, 2);
    assert_int_equal(run(&county), 2);
    int64_t a = whole + 1, b = a + 1, fresh = b + 1;
    as(&county, "chief");
    act(&county, b, "merge", WITH(.with = a));
    as(&county, "clerk");
    act(&county, a, "attach", WITH(.file = a_file(&county, "p.pdf", "p"), .kind = "receipt"));
    as(&county, "chief");
    act(&county, a, "split", WITH(.with = 2));
    as(&county, "other");
    act(&county, a, "attach", WITH(.file = a_file(&county, "q.pdf", "q"), .kind = "receipt")); /* after the split: of the old one alone */
    act(&county, fresh, "suspend", WITH(.note = "等审计"));
    act(&county, fresh, "assign", PLAIN);
    as(&county, "clerk");
    REFUSE(&county, fresh, "transfer", WITH(.unit = "县公安局", .note = "移送"), "the rectifier does not");
    county_drop(&county);
}

/* Whether a user's signature would count for closing. */
static bool may_sign(small_county *county, int64_t issue, const char *user)
{
    json_t *conditions = NULL;

    MUST(tz_issue_conditions(county->store, county->packs, issue, user, TZ_EN, &conditions, err));
    const json_t *last = json_array_get(conditions, json_array_size(conditions) - 1);
    assert_string_equal(tz_json_str(last, "condition"), "signature");
    bool may = json_is_true(json_object_get(last, "may_sign"));
    json_decref(conditions);
    return may;
}

static void what_works_by_itself_signs_nothing(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    int64_t issue = submitted_by_clerk(&county, "甲");
    assert_true(may_sign(&county, issue, "chief"));
    assert_false(may_sign(&county, issue, "clerk"));
    assert_false(may_sign(&county, issue, "system"));
    county_drop(&county);
}

static void asks_for_two_who_check(void **state)
{
    (void)state;
    small_county county;
    const char  *rest = strstr(COUNTY_PACK, "ledgers:\n") + strlen("ledgers:\n");
    county_make(&county);
    county_write(&county, "packs/aid/pack.yaml",
                 tz_arena_printf(&county.mem, "%.*s  two:\n    title: 双核 | two\n    checkers: 2\n"
                                              "    steps: [open, assigned, rectifying, submitted, checked, closed]\n%s",
                                 (int)(rest - COUNTY_PACK), COUNTY_PACK, rest));
    county_load_packs(&county);
    int64_t              issue = 0;
    tz_issue_new_options options = {.ledger = "two", .title = "账目不清"};
    MUST(tz_issue_new(county.store, county.packs, &options, &issue, err));
    act(&county, issue, "assign", WITH(.handler = "clerk"));
    as(&county, "clerk");
    act(&county, issue, "attach", WITH(.file = a_file(&county, "r.pdf", "r"), .kind = "receipt"));
    act(&county, issue, "submit", PLAIN);
    as(&county, "chief");
    act(&county, issue, "check", PLAIN);
    expect_state(&county, issue, "submitted");
    REFUSE(&county, issue, "check", PLAIN, "another checks next");
    MUST(tz_user_add(county.store, "chief2", "王负责", NULL, "inspector", NULL, err));
    as(&county, "chief2");
    REFUSE(&county, issue, "check", PLAIN, "another checks next");
    REFUSE(&county, issue, "close", PLAIN, "2 people have to check it");
    as(&county, "tester");
    act(&county, issue, "check", PLAIN);
    expect_state(&county, issue, "checked");
    act(&county, issue, "return", WITH(.note = "再改")); /* after which both check again */
    as(&county, "clerk");
    act(&county, issue, "submit", PLAIN);
    as(&county, "tester");
    act(&county, issue, "check", PLAIN);
    expect_state(&county, issue, "submitted");
    as(&county, "chief");
    act(&county, issue, "check", PLAIN);
    act(&county, issue, "close", PLAIN);
    county_drop(&county);
}

/* A merge takes along whom an issue is about, and what has to end first. */
static void a_merge_loses_nothing(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    int64_t              a = by_hand(&county, "甲"), b = by_hand(&county, "乙"), child = 0, grandchild = 0;
    tz_issue_new_options below = {.title = "措施", .parent = a};
    MUST(tz_user_add(county.store, "zhang", "张三", NULL, "inspector", NULL, err));
    MUST(tz_issue_new(county.store, county.packs, &below, &child, err));
    below.parent = child;
    MUST(tz_issue_new(county.store, county.packs, &below, &grandchild, err));
    act(&county, a, "set", WITH(.people = "张三"));
    REFUSE(&county, a, "merge", WITH(.with = grandchild), "is below it");
    act(&county, a, "merge", WITH(.with = b));
    act(&county, b, "assign", WITH(.handler = "clerk"));
    as(&county, "clerk");
    act(&county, b, "attach", WITH(.file = a_file(&county, "r.pdf", "r"), .kind = "receipt"));
    act(&county, b, "submit", PLAIN);
    as(&county, "zhang");
    REFUSE(&county, b, "close", PLAIN, "2 of its children are open", "beneficiary's name");
    act(&county, child, "transfer", WITH(.unit = "县公安局", .note = "移送")); /* what is below it stays open */
    REFUSE(&county, b, "close", PLAIN, "1 of its children are open");
    county_drop(&county);
}

/* Who rectifies, or did, neither signs nor makes it easier for themselves. */
static void nobody_eases_their_own_burden(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    int64_t a = by_hand(&county, "甲"), b = by_hand(&county, "乙");
    act(&county, a, "assign", WITH(.handler = "clerk", .due = "2020-01-10"));
    as(&county, "clerk");
    REFUSE(&county, a, "suspend", WITH(.note = "忙"), "the rectifier does not suspend");
    REFUSE(&county, a, "transfer", WITH(.note = "不归我", .unit = "县公安局"), "the rectifier does not transfer");
    REFUSE(&county, a, "merge", WITH(.with = b), "the rectifier does not merge");
    REFUSE(&county, a, "assign", WITH(.due = "2030-01-01"), "does not set the due date");
    REFUSE(&county, a, "assign", WITH(.term = "long-term"), "does not set the due date");
    as(&county, "tester");
    act(&county, a, "assign", WITH(.handler = "tester")); /* the clerk was the handler all the same */
    act(&county, a, "attach", WITH(.file = a_file(&county, "r.pdf", "r"), .kind = "receipt"));
    act(&county, a, "submit", PLAIN);
    as(&county, "clerk");
    REFUSE(&county, a, "close", PLAIN, "not the rectifier");
    as(&county, "chief");
    act(&county, a, "return", WITH(.note = "再改"));
    act(&county, a, "merge", WITH(.with = b)); /* due on 31 January until now */
    json_t *shown = show(&county, b);
    assert_string_equal(tz_json_str(shown, "due"), "2020-01-10");
    json_decref(shown);
    int64_t              red = 0;
    tz_issue_new_options options = {.title = "丙", .level = "red"};
    MUST(tz_issue_new(county.store, county.packs, &options, &red, err));
    act(&county, red, "merge", WITH(.with = b));
    shown = show(&county, b);
    assert_string_equal(tz_json_str(shown, "level"), "red");
    json_decref(shown);
    county_drop(&county);
}

/* Two levels: an item, its measures, their households. */
static void counts_what_is_done_below(void **state)
{
    (void)state;
    small_county county;
    county_make(&county);
    int64_t              item = by_hand(&county, "反馈意见"), measure = 0, household[3] = {0};
    tz_issue_new_options options = {.title = "措施", .parent = item};
    MUST(tz_issue_new(county.store, county.packs, &options, &measure, err));
    for (size_t i = 0; i < 3; i++) {
        tz_issue_new_options one = {.title = "户", .parent = measure};
        MUST(tz_issue_new(county.store, county.packs, &one, &household[i], err));
        act(&county, household[i], "assign", WITH(.handler = "clerk"));
    }
    as(&county, "clerk");
    act(&county, household[0], "attach", WITH(.file = a_file(&county, "r.pdf", "r"), .kind = "receipt"));
    act(&county, household[0], "submit", PLAIN);
    as(&county, "chief");
    act(&county, household[0], "close", PLAIN);
    act(&county, household[2], "transfer", WITH(.unit = "县公安局", .note = "移送"));
    json_t *shown = show(&county, item);
    assert_string_equal(member(shown, "share_done"), "0/1");
    assert_string_equal(member(shown, "leaves_done"), "1/2");
    json_decref(shown);
    REFUSE(&county, measure, "close", PLAIN, "1 of its children are open");
    county_drop(&county);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asks_for_fields_and_roles),
        cmocka_unit_test(asks_for_the_form_and_its_publication),
        cmocka_unit_test(a_form_is_no_evidence),
        cmocka_unit_test(a_proof_holds_what_was_said),
        cmocka_unit_test(counts_working_days),
        cmocka_unit_test(days_are_those_of_china),
        cmocka_unit_test(writes_each_letter_once),
        cmocka_unit_test(names_the_leader_where_there_is_one),
        cmocka_unit_test(reminds_each_quarter_of_what_has_no_date),
        cmocka_unit_test(an_objection_is_answered_first),
        cmocka_unit_test(more_time_is_asked_for_and_granted),
        cmocka_unit_test(follows_successors),
        cmocka_unit_test(shows_what_speaks_against_a_photo),
        cmocka_unit_test(nobody_signs_for_themselves),
        cmocka_unit_test(a_second_account_is_no_second_person),
        cmocka_unit_test(who_rectified_a_part_does_not_sign_the_whole),
        cmocka_unit_test(what_works_by_itself_signs_nothing),
        cmocka_unit_test(nobody_eases_their_own_burden),
        cmocka_unit_test(a_merge_loses_nothing),
        cmocka_unit_test(asks_for_two_who_check),
        cmocka_unit_test(counts_what_is_done_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
