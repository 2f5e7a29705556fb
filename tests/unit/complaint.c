/* What people say from outside: a receipt that only they have, words that reach no journal and nobody they name, and
 * photos without what the camera wrote. */
#include "../ledger.h"

#include "formats/image.h"
#include "formats/strip.h"
#include "ledger/complaint.h"
#include "ledger/inbox.h"
#include "ledger/receipt.h"

static const char SECRET[] = "孟村长把自家亲戚报成贫困户";
static const tz_complaint_reader CHIEF = {"王负责", NULL};

/* ---- Receipts ---- */

static void a_receipt_reads_as_people_write_it_and_finds_slips(void **state)
{
    (void)state;
    char   receipt[TZ_RECEIPT_TEXT], other[TZ_RECEIPT_TEXT], hash[TZ_RECEIPT_HASH], again[TZ_RECEIPT_HASH], typed[64];
    size_t slips = 0, found = 0;

    tz_receipt_make(receipt);
    tz_receipt_make(other);
    assert_int_equal(strlen(receipt), 19);
    assert_string_not_equal(receipt, other);
    assert_true(tz_receipt_read(tz_text_of(receipt), hash));
    (void)snprintf(typed, sizeof typed, " %.4s %.4s%.4s - %s", receipt, receipt + 5, receipt + 10, receipt + 15);
    for (char *at = typed; *at != '\0'; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
        else if (*at == '0')
            *at = 'o';
    assert_true(tz_receipt_read(tz_text_of(typed), again));
    assert_string_equal(hash, again);
    for (size_t i = 0; i < 19; i++)
        for (const char *c = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; receipt[i] != '-' && *c != '\0'; c++) {
            memcpy(typed, receipt, sizeof receipt);
            typed[i] = *c;
            slips += *c != receipt[i];
            found += *c != receipt[i] && !tz_receipt_read(tz_text_of(typed), again);
        }
    assert_true(found * 100 >= slips * 90);
    static const char *const NONE[] = {"", "7K2Q", "7K2Q-M9TX-C0H8-PV4U-", "7K2Q-M9TX-C0H8-PV4R-0", "回执"};
    for (size_t i = 0; i < sizeof NONE / sizeof NONE[0]; i++)
        assert_false(tz_receipt_read(tz_text_of(NONE[i]), again));
}

/* ---- Photos ---- */

#define EXIF "\xFF\xE1\x00\x12" "Exif\0\0GPS-112.69"
#define JPEG_HEAD "\xFF\xD8" "\xFF\xE0\x00\x10" "JFIF\0\1\1\0\0\1\0\1\0\0"
#define THUMBNAILS "\xFF\xE0\x00\x09" "JFXX\0\x10!" "\xFF\xE0\x00\x13" "JFIF\0\1\1\0\0\1\0\1\1\1rgb"
#define JPEG_TAIL "\xFF\xDB\x00\x04\x01\x02" "\xFF\xDA\x00\x03\x01" "ab\xFF\x00" "c\xFF\xD0" "d" "\xFF\xD9"
#define PNG_HEAD "\x89PNG\r\n\x1a\n" "\0\0\0\x02IHDR##crc1"
#define PNG_TAIL "\0\0\0\x01IDAT#crc2" "\0\0\0\0IENDcrc3"

static void a_photo_keeps_its_pixels_alone(void **state)
{
    static const char WITH_EXIF[] = JPEG_HEAD THUMBNAILS EXIF "\xFF\xFE\x00\x06note" JPEG_TAIL "video behind it";
    static const char WITH_TEXT[] = PNG_HEAD "\0\0\0\x04tEXtnamecrc0" PNG_TAIL "more";
    tz_arena    mem = {0};
    tz_text     out = {0};
    const char *ending = NULL;

    (void)state;
    MUST(tz_photo_strip(&mem, (tz_text){WITH_EXIF, sizeof WITH_EXIF - 1}, &out, &ending, err));
    assert_string_equal(ending, "jpg");
    assert_int_equal(out.size, sizeof JPEG_HEAD JPEG_TAIL - 1);
    assert_memory_equal(out.data, JPEG_HEAD JPEG_TAIL, out.size);
    MUST(tz_photo_strip(&mem, (tz_text){WITH_TEXT, sizeof WITH_TEXT - 1}, &out, &ending, err));
    assert_string_equal(ending, "png");
    assert_int_equal(out.size, sizeof PNG_HEAD PNG_TAIL - 1);
    assert_memory_equal(out.data, PNG_HEAD PNG_TAIL, out.size);
    for (size_t cut = 0; cut < sizeof JPEG_HEAD EXIF JPEG_TAIL - 1; cut++) { /* cut anywhere it is none, and nothing is read behind it */
        tz_err err;
        char  *bytes = tz_arena_copy(&mem, JPEG_HEAD EXIF JPEG_TAIL, cut);
        assert_int_equal(tz_photo_strip(&mem, (tz_text){bytes, cut}, &out, &ending, &err), TZ_INPUT);
    }
    tz_arena_free(&mem);
}

/* ---- The way in ---- */

typedef struct {
    small_county county;
    const char  *inbox;
    char         receipt[TZ_RECEIPT_TEXT], hash[TZ_RECEIPT_HASH];
} office;

static void put(office *of, const tz_saying_in *saying)
{
    MUST(tz_inbox_put(&of->county.mem, of->inbox, saying, of->receipt, err));
    assert_true(tz_receipt_read(tz_text_of(of->receipt), of->hash));
}

static void start(office *of)
{
    county_make(&of->county);
    of->inbox = tz_store_path(&of->county.mem, of->county.store, "inbox", NULL);
    MUST(tz_file_make_folder(of->inbox, err));
}

static size_t take(office *of)
{
    size_t count = 0;
    MUST(tz_complaints_take(&of->county.mem, of->county.store, of->county.packs, of->inbox, &count, err));
    return count;
}

static bool file_holds(const char *path, const char *text)
{
    tz_arena mem = {0};
    tz_text  data = {0};
    MUST(tz_file_load(&mem, path, 1 << 28, &data, err));
    bool holds = tz_text_find(data, tz_text_of(text), 0) != SIZE_MAX;
    tz_arena_free(&mem);
    return holds;
}

static void what_is_said_reaches_no_journal(void **state)
{
    office  of = {0};
    json_t *shown = NULL, *statuses = NULL, *rows = NULL;

    (void)state;
    start(&of);
    put(&of, &(tz_saying_in){.text = SECRET, .place = "东镇上村", .about = "孟某", .day = "2020-01-05"});
    assert_false(file_holds(tz_arena_printf(&of.county.mem, "%s/%s", of.inbox, of.hash), of.receipt));
    assert_int_equal(take(&of), 1);
    assert_int_equal(tz_complaints_waiting(of.inbox), 0);
    assert_int_equal(take(&of), 0);

    MUST(tz_complaint_list(&of.county.mem, of.county.store, &CHIEF, TZ_ZH, &rows, err));
    assert_int_equal(json_array_size(rows), 1);
    json_decref(rows);
    MUST(tz_complaint_show(&of.county.mem, of.county.store, of.hash, &CHIEF, TZ_ZH, &shown, err));
    assert_string_equal(tz_json_str(shown, "text"), SECRET);
    int64_t issue = tz_json_int(shown, "issue", 0);
    json_decref(shown);
    shown = show(&of.county, issue);
    assert_string_equal(tz_json_str(shown, "title"), "群众反映(东镇,2020-01-05 收到)");
    json_decref(shown);
    static const char *const FILES[] = {"ledger.db", "ledger.db-wal"};
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < 3; j++)
            assert_false(file_holds(tz_store_path(&of.county.mem, of.county.store, FILES[i], NULL),
                                    (const char *[]){SECRET, "孟某", of.receipt}[j]));

    act(&of.county, issue, "dismiss", WITH(.note = "查无此事"));
    MUST(tz_complaint_answer(&of.county.mem, of.county.store, of.hash, &CHIEF, "已核实,情况不属实。", NULL, err));
    MUST(tz_complaint_statuses(&of.county.mem, of.county.store, &statuses, err));
    const json_t *mine = json_object_get(statuses, of.hash);
    assert_string_equal(tz_json_str(mine, "state"), "dismissed");
    assert_string_equal(tz_json_str(json_object_get(mine, "word"), "zh"), "经核不予受理");
    assert_string_equal(tz_json_str(mine, "answer"), "已核实,情况不属实。");
    tz_buf text = tz_buf_init(&of.county.mem, 0);
    tz_json_canonical(statuses, &text);
    assert_null(strstr(tz_buf_str(&text), "孟"));
    json_decref(statuses);
    county_drop(&of.county);
}

/* Since when it is as it is: of one that was opened again, since then, whatever was noted after. */
static void tells_since_when(void **state)
{
    office  of = {0};
    json_t *shown = NULL;

    (void)state;
    start(&of);
    put(&of, &(tz_saying_in){.text = SECRET, .place = "东镇上村", .day = "2020-01-01"});
    assert_int_equal(take(&of), 1);
    act(&of.county, 1, "assign", WITH(.handler = "clerk"));
    as(&of.county, "clerk");
    act(&of.county, 1, "attach", WITH(.file = a_file(&of.county, "r.pdf", "r"), .kind = "receipt"));
    act(&of.county, 1, "submit", PLAIN);
    as(&of.county, "chief");
    act(&of.county, 1, "close", PLAIN);
    pass_days(&of.county, 10);
    act(&of.county, 1, "look-back", WITH(.note = "又犯", .is_relapse = true));
    pass_days(&of.county, 3);
    act(&of.county, 1, "note", WITH(.note = "已电话告知"));
    MUST(tz_complaint_show(&of.county.mem, of.county.store, of.hash, &CHIEF, TZ_ZH, &shown, err));
    assert_string_equal(tz_json_str(shown, "state"), "open");
    assert_string_equal(tz_json_str(shown, "since"), "2020-01-11");
    json_decref(shown);
    county_drop(&of.county);
}

static void whom_it_names_does_not_see_it(void **state)
{
    static const struct { const char *name, *unit; bool may; } READERS[] = {
        {"王负责", NULL, true}, {"孟村长", NULL, false}, {"赵镇长", "东镇", true}, {"李四", "西镇", false}, {"李四", "测试县民政局", false},
        {"李四", "民政局", false}, {"钱外人", "教育局", false}, {"钱外人", "公安局", true}};
    office  of = {0};
    json_t *rows = NULL, *shown = NULL;
    tz_err  wrong;

    (void)state;
    start(&of);
    put(&of, &(tz_saying_in){.text = SECRET, .place = "东镇", .about = "西镇、民政局", .day = "2020-01-05"});
    assert_int_equal(take(&of), 1);
    MUST(tz_complaint_answer(&of.county.mem, of.county.store, of.hash, &CHIEF, NULL, "教育局", err));
    for (size_t i = 0; i < sizeof READERS / sizeof READERS[0]; i++) {
        tz_complaint_reader reader = {READERS[i].name, READERS[i].unit};
        MUST(tz_complaint_list(&of.county.mem, of.county.store, &reader, TZ_ZH, &rows, err));
        assert_int_equal(json_array_size(rows), READERS[i].may);
        json_decref(rows);
        tz_rc rc = tz_complaint_show(&of.county.mem, of.county.store, of.hash, &reader, TZ_ZH, &shown, &wrong);
        assert_int_equal(rc, READERS[i].may ? TZ_OK : TZ_MISSING);
        if (rc == TZ_OK)
            json_decref(shown);
        assert_int_equal(tz_complaint_answer(&of.county.mem, of.county.store, of.hash, &reader, "x", NULL, &wrong),
                         READERS[i].may ? TZ_OK : TZ_MISSING);
    }
    assert_int_equal(tz_complaint_show(&of.county.mem, of.county.store, "../../county", &CHIEF, TZ_ZH, &shown, &wrong), TZ_MISSING);
    county_drop(&of.county);
}

/* A process that dies between the issue and the file's end opens no second issue. */
static void a_cut_off_taking_goes_on(void **state)
{
    office  of = {0};
    tz_text before = {0};

    (void)state;
    start(&of);
    put(&of, &(tz_saying_in){.text = SECRET, .day = "2020-01-05"});
    const char *path = tz_arena_printf(&of.county.mem, "%s/%s", of.inbox, of.hash);
    MUST(tz_file_load(&of.county.mem, path, 1 << 20, &before, err));
    assert_int_equal(take(&of), 1);
    MUST(tz_file_write(path, before, 0600, err)); /* as if it had not been removed */
    assert_int_equal(take(&of), 0);
    assert_int_equal(unlink(tz_store_path(&of.county.mem, of.county.store, "complaints",
                                          tz_arena_printf(&of.county.mem, "%s.json", of.hash))), 0);
    MUST(tz_file_write(path, before, 0600, err)); /* as if the issue alone had been made */
    assert_int_equal(take(&of), 0);

    MUST(tz_file_write(path, tz_text_cut(before, 0, before.size - 1), 0600, err)); /* being written: left, and gone after a day */
    of.county.clock_ms = 1000;
    assert_int_equal(take(&of), 0);
    assert_int_equal(tz_complaints_waiting(of.inbox), 1);
    of.county.clock_ms = 4102444800000;
    assert_int_equal(take(&of), 0);
    assert_int_equal(tz_complaints_waiting(of.inbox), 0);
    county_drop(&of.county);
}

static void refuses_what_is_no_complaint(void **state)
{
    static const tz_saying_in WRONG[] = {{.day = "2020-01-05"}, {.text = "", .day = "2020-01-05"},
                                         {.text = "有照片", .photo = {"GIF89a", 6}, .day = "2020-01-05"}};
    office of = {0};
    tz_err wrong;

    (void)state;
    start(&of);
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++)
        assert_int_equal(tz_inbox_put(&of.county.mem, of.inbox, &WRONG[i], of.receipt, &wrong), TZ_INPUT);
    assert_int_equal(tz_complaints_waiting(of.inbox), 0);
    county_drop(&of.county);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "worker") == 0)
        return tz_worker_main();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receipt_reads_as_people_write_it_and_finds_slips), cmocka_unit_test(a_photo_keeps_its_pixels_alone),
        cmocka_unit_test(what_is_said_reaches_no_journal),                    cmocka_unit_test(tells_since_when),
        cmocka_unit_test(whom_it_names_does_not_see_it),
        cmocka_unit_test(a_cut_off_taking_goes_on),                           cmocka_unit_test(refuses_what_is_no_complaint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
