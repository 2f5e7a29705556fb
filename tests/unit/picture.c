/* Pictures: what is asked, how it is laid out, and that every form shows it. */
#include "../county.h"

#include <math.h>

#include "report/faces.h"
#include "report/picture.h"
#include "report/report.h"

/* ---- Layout ---- */

static tz_picture *made(tz_arena *mem, tz_picture_kind kind, size_t items, size_t series)
{
    static const char *const LABELS[] = {"甲镇", "乙<乡>", "丙乡"};
    tz_picture *picture = tz_new(mem, tz_picture);
    *picture = (tz_picture){.kind = kind, .title = "题", .series = tz_new_array(mem, const char *, series), .series_count = series};
    for (size_t s = 0; s < series; s++)
        picture->series[s] = tz_arena_printf(mem, "列%zu", s);
    for (size_t i = 0; i < items; i++) {
        tz_picture_item item = {.label = LABELS[i % 3], .values = tz_new_array(mem, double, series),
                                .printed = tz_new_array(mem, const char *, series), .is_total = i == 0};
        for (size_t s = 0; s < series; s++) {
            item.values[s] = i == 2 ? NAN : (double)(100 / (i + 1) + s);
            item.printed[s] = i == 2 ? "–" : tz_arena_printf(mem, "%.0f", item.values[s]);
        }
        tz_push(mem, &picture->items, item);
    }
    return picture;
}

static size_t count_marks(const tz_scene *scene, tz_mark_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < scene->marks.count; i++)
        count += scene->marks.items[i].kind == kind;
    return count;
}

/* Rectangles, lines, dots and words of three items in two series. */
static void lays_out_every_kind(void **state)
{
    (void)state;
    static const struct { tz_picture_kind kind; size_t series, rects, lines, dots, texts; } CASES[] = {
        {TZ_PICTURE_BARS, 1, 3, 1, 0, 6},      {TZ_PICTURE_LINES, 1, 0, 7, 2, 11},    {TZ_PICTURE_LINES, 2, 0, 7, 4, 10},
        {TZ_PICTURE_MULTIPLES, 2, 6, 3, 0, 10}, {TZ_PICTURE_HEAT, 2, 4, 0, 0, 11},    {TZ_PICTURE_TIMELINE, 1, 0, 1, 3, 6},
        {TZ_PICTURE_WATERFALL, 1, 3, 3, 0, 6}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        tz_arena mem = {0};
        tz_scene scene = tz_picture_scene(&mem, made(&mem, CASES[i].kind, 3, CASES[i].series));
        assert_int_equal(count_marks(&scene, TZ_MARK_RECT), CASES[i].rects);
        assert_int_equal(count_marks(&scene, TZ_MARK_LINE), CASES[i].lines);
        assert_int_equal(count_marks(&scene, TZ_MARK_DOT), CASES[i].dots);
        assert_int_equal(count_marks(&scene, TZ_MARK_TEXT), CASES[i].texts);
        for (size_t m = 0; m < scene.marks.count; m++) { /* all of it lies within, and no number is broken */
            const tz_mark *mark = &scene.marks.items[m];
            assert_true(mark->x >= -1 && mark->x <= scene.width + 1 && mark->y >= 0 && mark->y <= scene.height + 1);
            assert_true(mark->kind != TZ_MARK_TEXT || mark->anchor != TZ_END || mark->x >= tz_scene_text_width(mark->text, mark->size));
            assert_false(isnan(mark->width) || isnan(mark->height));
        }
        tz_arena_free(&mem);
    }
}

/* Bars begin at zero and are as long as their numbers. */
static void measures_from_zero(void **state)
{
    (void)state;
    tz_arena mem = {0};
    tz_scene scene = tz_picture_scene(&mem, made(&mem, TZ_PICTURE_BARS, 2, 1));
    double   widths[2] = {0}, lefts[2] = {0};
    size_t   bars = 0;
    for (size_t i = 0; i < scene.marks.count; i++)
        if (scene.marks.items[i].kind == TZ_MARK_RECT) {
            lefts[bars] = scene.marks.items[i].x;
            widths[bars++] = scene.marks.items[i].width;
        }
    assert_true(fabs(widths[0] - 2 * widths[1]) < 0.01);
    assert_true(fabs(lefts[0] - lefts[1]) < 0.01);
    tz_arena_free(&mem);
}

static void becomes_svg_and_png(void **state)
{
    (void)state;
    tz_arena    mem = {0};
    tz_picture *picture = made(&mem, TZ_PICTURE_BARS, 3, 1);
    tz_scene    scene = tz_picture_scene(&mem, picture);
    tz_buf      inside = tz_buf_init(&mem, 0), alone = tz_buf_init(&mem, 0);

    tz_scene_svg(&scene, tz_picture_words(&mem, picture), true, &inside);
    tz_scene_svg(&scene, "x", false, &alone);
    assert_non_null(strstr(tz_buf_str(&inside), "aria-label=\"题: 甲镇 100; 乙&lt;乡&gt; 50; 丙乡 –\""));
    assert_non_null(strstr(tz_buf_str(&inside), "fill=\"var(--accent)\""));
    assert_null(strstr(tz_buf_str(&inside), "乙<乡>"));
    assert_non_null(strstr(tz_buf_str(&alone), "fill=\"#1f5c57\""));
    assert_null(strstr(tz_buf_str(&inside), "=0")); /* every value is quoted: a bare one swallows the slash */
    tz_text png = tz_scene_png(&mem, &scene, tz_face_get(TZ_FACE_HEI)->families, 1);
    tz_text again = tz_scene_png(&mem, &scene, tz_face_get(TZ_FACE_HEI)->families, 1);
    assert_true(tz_text_starts(png, TZ_TEXT("\x89PNG")));
    assert_true(tz_text_equal(png, again));
    tz_arena_free(&mem);
}

static void cuts_long_words(void **state)
{
    (void)state;
    tz_arena mem = {0};
    assert_string_equal(tz_scene_fit(&mem, "定昌镇", 10, 30), "定昌镇");
    assert_string_equal(tz_scene_fit(&mem, "定昌镇", 10, 29), "定…");
    assert_string_equal(tz_scene_fit(&mem, "", 10, 0), "");
    tz_arena_free(&mem);
}

/* ---- Asking ---- */

static const char FIGURES[] =
    "-- figure: aid.rows\n-- title: 行数 | Rows\n-- definition: 每行一笔 | one a payment\n-- value: count(*)\n-- unit: 笔\n-- of: aid\n"
    "SELECT a._row AS aid_row FROM aid a;\n\n"
    "-- figure: aid.dear\n-- title: 大额 | Dear ones\n-- definition: 超过 350 元 | above 350\n-- value: count(*)\n-- unit: 笔\n-- of: aid\n"
    "SELECT a._row AS aid_row FROM aid a WHERE a.amount > 350;\n";

static const county_line LINES[] = {
    {0, "1", "张三丰", "2019-2", "甲校", "400.00"}, {0, "1", "张三丰", "2019-2", "乙校", "300.05"}, {0, "2", "李四", "2019-2", "甲校", "900.00"}};

static tz_rc report_of(small_county *county, const char *fence, tz_text *ret_text, tz_err *err)
{
    const char *path = tz_store_path(&county->mem, county->store, "derived", "a.md");
    tz_day      day = {0};
    tz_rc       rc;

    county_write(county, "packs/aid/report.md", tz_arena_printf(&county->mem, "## 图\n\n```picture\n%s\n```\n", fence));
    county_load_packs(county);
    rc = tz_day_resolve(county->store, (tz_day){.as_of = 20200115}, &day, err);
    if (rc == TZ_OK)
        rc = tz_report_make(&county->mem, county->store, county->packs,
                            &(tz_report_options){.day = day, .lang = TZ_ZH, .is_alone = true}, path, err);
    return rc == TZ_OK ? tz_file_load(&county->mem, path, 1 << 20, ret_text, err) : rc;
}

static void draws_what_is_asked(void **state)
{
    (void)state;
    static const struct { const char *fence, *part; } CASES[] = {
        {"kind: bars\ntitle: 笔数\nfigures: aid.rows, aid.dear", "| 行数 | 3 |\n| 大额 | 2 |\n"},
        {"kind: lines\ntitle: 笔数\nfigures: aid.rows, aid.dear\nlabels: 全部, 大的", "| 全部 | 3 |\n| 大的 | 2 |\n"},
        {"kind: waterfall\ntitle: 笔数\nfigures: aid.rows, -aid.dear", "| 行数 | 3 |\n| 大额 | −2 |\n"},
        {"kind: heat\ntitle: 乡镇\nby: township\nfigures: aid.rows, aid.dear",
         "| | 行数 | 大额 |\n|---|---:|---:|\n| 东镇 | 3 | 2 |\n| 西镇 | 0 | 0 |\n"},
        {"kind: multiples\ntitle: 历次\nover: time\nfigure: aid.rows", "| | 2019-12-31 |\n|---|---:|\n| 行数 | 3 |\n"},
        {"kind: timeline\ntitle: 过程\n2019-08-12: 排查:全县\n2019-12-31: 销号", "| 2019-08-12 | 排查:全县 |\n| 2019-12-31 | 销号 |\n"},
    };
    small_county county;
    county_make(&county);
    county_write(&county, "packs/aid/figures.sql", FIGURES);
    (void)county_deliver(&county, "aid", "2019-12-31", 0, LINES, 3);
    county_link(&county);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        tz_text text = {0};
        MUST(report_of(&county, CASES[i].fence, &text, err));
        if (tz_text_find(text, tz_text_of(CASES[i].part), 0) == SIZE_MAX)
            fail_msg("%s\nnot in\n%.*s", CASES[i].part, (int)(text.size < 1600 ? text.size : 1600), text.data);
    }
    county_drop(&county);
}

static void refuses_what_it_does_not_understand(void **state)
{
    (void)state;
    static const char *const FENCES[] = {
        "kind: pie\ntitle: x\nfigure: aid.rows", "kind: bars\nfigure: aid.rows", "kind: bars\ntitle: x", "title: x\ncolour: red\nfigure: aid.rows",
        "kind: bars\ntitle: x\nfigure: no.such", "kind: bars\ntitle: x\nby: planet\nfigure: aid.rows", "what",
        "kind: timeline\ntitle: x\nfigure: aid.rows",
        "kind: bars\ntitle: x\n2019-08-12: y"};
    small_county county;
    county_make(&county);
    county_write(&county, "packs/aid/figures.sql", FIGURES);
    (void)county_deliver(&county, "aid", "2019-12-31", 0, LINES, 3);
    county_link(&county);
    for (size_t i = 0; i < sizeof FENCES / sizeof FENCES[0]; i++) {
        tz_err  wrong = {0};
        tz_text text;
        if (report_of(&county, FENCES[i], &text, &wrong) != TZ_INPUT)
            fail_msg("%s", FENCES[i]);
        assert_string_equal(wrong.where.file, "packs/aid/report.md");
    }
    county_drop(&county);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lays_out_every_kind),  cmocka_unit_test(measures_from_zero), cmocka_unit_test(becomes_svg_and_png),
        cmocka_unit_test(cuts_long_words),      cmocka_unit_test(draws_what_is_asked), cmocka_unit_test(refuses_what_it_does_not_understand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
