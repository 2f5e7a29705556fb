/* book - workbooks and delimited text as rows of cells. */
#include "../files.h"
#include "../test.h"

#include <time.h>

#include <xlsxwriter.h>
#include <zip.h>

#include "base/file.h"
#include "base/limits.h"
#include "formats/book.h"
#include "formats/number.h"

static tz_arena mem;
static char     folder[] = "/tmp/taizhang-book-XXXXXX";

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int tear_down(void **state)
{
    tz_err err;
    (void)state;
    tz_arena_free(&mem);
    return tz_file_remove_folder(folder, &err) != TZ_OK;
}

static const char *path_of(const char *name)
{
    return tz_arena_printf(&mem, "%s/%s", folder, name);
}

/* All rows of a sheet as "row:cell|cell" lines; kinds before each cell. */
static const char *text_of(tz_book *book, size_t index)
{
    static const char KINDS[] = "-ntbe";
    tz_buf        out = tz_buf_init(&mem, 0);
    tz_sheet     *sheet = NULL;
    const tz_row *row = NULL;
    tz_err        err;

    assert_int_equal(tz_sheet_open(&mem, book, index, &sheet, &err), TZ_OK);
    while (tz_sheet_next(sheet, &row, &err) == TZ_OK && row != NULL) {
        tz_buf_printf(&out, "%lld:", (long long)row->row_no);
        for (size_t i = 0; i < row->count; i++)
            tz_buf_printf(&out, "%s%c%.*s%s", i == 0 ? "" : "|", KINDS[row->cells[i].kind],
                          TZ_FMT(row->cells[i].text), row->cells[i].is_date ? "d" : "");
        tz_buf_char(&out, '\n');
    }
    tz_sheet_close(sheet);
    return tz_buf_str(&out);
}

static void test_workbook(void **state)
{
    lxw_workbook  *out = workbook_new(path_of("a.xlsx"));
    lxw_worksheet *first = workbook_add_worksheet(out, "花名册"), *second = workbook_add_worksheet(out, "隐藏");
    lxw_format *date = workbook_add_format(out), *bold = workbook_add_format(out),
               *money = workbook_add_format(out);
    tz_book       *book = NULL;
    tz_merges      merges;
    tz_err         err;
    (void)state;

    format_set_num_format(date, "yyyy-mm-dd");
    format_set_num_format(money, "\"$\"#,##0.00_);[Red]");
    format_set_bold(bold);
    (void)worksheet_merge_range(first, 0, 0, 0, 2, "标题", NULL);
    (void)worksheet_write_string(first, 1, 0, "姓名", NULL);
    (void)worksheet_write_number(first, 1, 1, 0.1, NULL);
    (void)worksheet_write_number(first, 1, 2, 43709, date);
    (void)worksheet_write_boolean(first, 3, 0, 1, NULL);
    (void)worksheet_write_formula_num(first, 3, 1, "=1+1", NULL, 2);
    lxw_rich_string_tuple  part1 = {.string = "富"}, part2 = {.format = bold, .string = "文本"};
    lxw_rich_string_tuple *parts[] = {&part1, &part2, NULL};
    (void)worksheet_write_rich_string(first, 3, 2, parts, NULL);
    (void)worksheet_write_number(first, 3, 3, 5, money);
    worksheet_hide(second);
    assert_int_equal(workbook_close(out), LXW_NO_ERROR);

    assert_int_equal(tz_book_open(&mem, path_of("a.xlsx"), &book, &err), TZ_OK);
    assert_string_equal(book->kind, "xlsx");
    assert_int_equal(book->sheets.count, 2);
    assert_string_equal(book->sheets.items[0].name, "花名册");
    assert_true(book->sheets.items[1].is_hidden);
    assert_string_equal(text_of(book, 0), "1:t标题\n2:t姓名|n0.1|n43709d\n4:b1|n2|t富文本|n5\n");
    assert_string_equal(text_of(book, 0), text_of(book, 0)); /* a second pass */
    assert_int_equal(tz_sheet_merges(&mem, book, 0, &merges, &err), TZ_OK);
    assert_int_equal(merges.count, 1);
    assert_int_equal(merges.items[0].last_column, 2);
    tz_book_close(book);
}

static void check_csv(const char *name, const char *data, size_t size, const char *encoding, const char *expected)
{
    tz_book *book = NULL;
    tz_err   err;

    assert_int_equal(tz_book_open_bytes(&mem, name, (tz_text){data, size}, &book, &err), TZ_OK);
    assert_string_equal(book->encoding, encoding);
    assert_string_equal(text_of(book, 0), expected);
    tz_book_close(book);
}

#define CSV(data, encoding, expected) check_csv("x.csv", data, sizeof(data) - 1, encoding, expected)

static void test_text(void **state)
{
    (void)state;
    CSV("a,b\r\n1,2\r\n", "utf-8", "1:ta|tb\n2:t1|t2\n");
    CSV("\xEF\xBB\xBF" "a;b\n\"x;\"\"y\";2", "utf-8", "1:ta|tb\n2:tx;\"y|t2\n");
    CSV("a\tb\n\"two\nlines\"\tc\nd\te\n", "utf-8", "1:ta|tb\n2:ttwo\nlines|tc\n4:td|te\n");
    CSV("\xD0\xD5\xC3\xFB,\xD0\xD4\xB1\xF0\n\xD5\xC5\xC8\xFD,\xC4\xD0\n", "gb18030",
        "1:t姓名|t性别\n2:t张三|t男\n");
    CSV("\xFF\xFE" "a\0,\0\x20\x5F\n\0", "utf-16le", "1:ta|t张\n");
    CSV("a,,\n,,\n", "utf-8", "1:ta|-|-\n2:-|-|-\n");
    CSV("a\0,\0\x20\x5F\r\0\n\0b\0,\0c\0", "utf-16le", "1:ta|t张\n2:tb|tc\n");                      /* no mark */
    CSV("\0a\0,\x5F\x20\0\n\0b\0,\0c", "utf-16be", "1:ta|t张\n2:tb|tc\n");
    CSV("\xAA\xED\xAE\xE6,\xA4\xA4\xA4\xE5\n\xA9m\xA6W,\xA6" "a\xA7}\n\xA5[\xA4J,\xA5@\xAC\xC9\n", "big5",
        "1:t表格|t中文\n2:t姓名|t地址\n3:t加入|t世界\n");
    CSV("name;town\nJos\xE9 B;M\xE1laga\nRen\xE9 d;Coru\xF1"
        "a\n",
        "windows-1252", "1:tname|ttown\n2:tJosé B|tMálaga\n3:tRené d|tCoruña\n");
    CSV("a\rb\r", "utf-8", "1:ta\n2:tb\n");                            /* line ends of old Macs */
    CSV("sep=;\r\na,b;c\r\n", "utf-8", "2:ta,b|tc\n");                 /* Excel's hint */
    CSV("a|b|c\n1|2,5|3\n4|5,5|6\n", "utf-8", "1:ta|tb|tc\n2:t1|t2,5|t3\n3:t4|t5,5|t6\n");
    CSV("a,b\n\"x\" y,2\n", "utf-8", "1:ta|tb\n2:tx y|t2\n");          /* text behind a closing quote */
    CSV("a,b\n5\" pipe,2\nc,d\n", "utf-8", "1:ta|tb\n2:t5\" pipe|t2\n3:tc|td\n");
    CSV("a,b\n\"x,1\n\"y,2\nc,d\n", "utf-8",
        "1:ta|tb\n2:t\"x|t1\n3:t\"y|t2\n4:tc|td\n"); /* quotes that never close */
    CSV("a,b\n\"x,1\ny,2\n", "utf-8", "1:ta|tb\n2:t\"x|t1\n3:ty|t2\n");
}

/* One broken byte neither refuses the file nor vanishes, and its cell is marked. */
static void test_damage(void **state)
{
    static const struct {
        const char *data, *expected;
    } CASES[] = {
        {"\xE5\xA7\x93\xE5\x90\x8D,\xE6\x80\xA7\xE5\x88\xAB\n\xE5\xBC\xA0\xFF\xE4\xB8\x89,\xE7\x94\xB7\n"
         "\xE6\x9D\x8E\xE5\x9B\x9B,\xE5\xA5\xB3\n\xE7\x8E\x8B\xE4\xBA\x94,\xE7\x94\xB7\n\xE8\xB5\xB5\xE5\x85\xAD,\xE7\x94\xB7\n",
         "张�[FF]三"},
        {"\xD0\xD5\xC3\xFB,\xD0\xD4\xB1\xF0\n\xD5\xC5\xFF\xC8\xFD,\xC4\xD0\n\xC0\xEE\xCB\xC4,\xC5\xAE\n",
         "张�[FF]三"},
        {"\xD0\xD5\xC3\xFB,\xD0\xD4\xB1\xF0\n\xD5\xC5\xC8,\xC4\xD0\n\xC0\xEE\xCB\xC4,\xC5\xAE\n",
         "张�[C8]"}, /* half a character */
    };
    (void)state;

    for (size_t i = 0; i < COUNT(CASES); i++) {
        tz_book      *book = NULL;
        tz_sheet     *sheet = NULL;
        const tz_row *row = NULL;
        tz_err        err;
        assert_int_equal(tz_book_open_bytes(&mem, "x.csv", tz_text_of(CASES[i].data), &book, &err), TZ_OK);
        assert_int_equal(tz_sheet_open(&mem, book, 0, &sheet, &err), TZ_OK);
        assert_int_equal(tz_sheet_next(sheet, &row, &err), TZ_OK);
        assert_false(row->cells[0].is_damaged);
        assert_int_equal(tz_sheet_next(sheet, &row, &err), TZ_OK);
        assert_text(row->cells[0].text, CASES[i].expected);
        assert_true(row->cells[0].is_damaged);
        assert_false(row->cells[1].is_damaged);
        tz_sheet_close(sheet);
        tz_book_close(book);
    }
}

/* A row longer than the window, a character across its end, and a file read twice. */
static void test_long_text(void **state)
{
    tz_buf out = tz_buf_init(&mem, 0);
    (void)state;

    tz_buf_puts(&out, "a,b\n");
    for (int i = 0; i < 100000; i++)
        tz_buf_puts(&out, i % 1000 == 999 ? ",汉" : "汉字");
    tz_buf_puts(&out, "\nlast,\"x\ny\"\n");
    tz_book      *book = NULL;
    tz_sheet     *sheet = NULL;
    const tz_row *row = NULL;
    tz_err        err;
    assert_int_equal(tz_book_open_bytes(&mem, "x.csv", tz_buf_text(&out), &book, &err), TZ_OK);
    assert_int_equal(tz_sheet_open(&mem, book, 0, &sheet, &err), TZ_OK);
    assert_int_equal(tz_sheet_next(sheet, &row, &err), TZ_OK);
    assert_int_equal(tz_sheet_next(sheet, &row, &err), TZ_OK);
    assert_int_equal(row->count, 101);
    assert_int_equal(row->cells[1].text.size, 3 + 999 * 6);
    assert_int_equal(tz_sheet_next(sheet, &row, &err), TZ_OK);
    assert_int_equal(row->row_no, 3);
    assert_text(row->cells[1].text, "x\ny");
    tz_sheet_close(sheet);
    tz_book_close(book);
}

/* A stray quote does not reach a quote that stands further off than a cell is long. */
static void test_stray_quote(void **state)
{
    tz_buf        out = tz_buf_init(&mem, 0);
    tz_book      *book = NULL;
    tz_sheet     *sheet = NULL;
    const tz_row *row = NULL;
    tz_err        err;
    int64_t       rows = 0;
    (void)state;

    tz_buf_puts(&out, "a,b\n\"x,1\n");
    for (int i = 0; i < 70000; i++)
        tz_buf_puts(&out, "y,2\n");
    tz_buf_puts(&out, "z\",3\n");
    assert_int_equal(tz_book_open_bytes(&mem, "x.csv", tz_buf_text(&out), &book, &err), TZ_OK);
    assert_int_equal(tz_sheet_open(&mem, book, 0, &sheet, &err), TZ_OK);
    while (tz_sheet_next(sheet, &row, &err) == TZ_OK && row != NULL)
        rows++;
    assert_int_equal(rows, 70003);
    tz_sheet_close(sheet);
    tz_book_close(book);
}

/* Opens bytes that must open, and compares kind, rows, merged areas ("A1:B2 …") and hidden columns ("0-1 …"). */
static void check_book(tz_text data, const char *kind, size_t index, const char *rows, const char *merges,
                       const char *hidden)
{
    tz_book  *book = NULL;
    tz_merges areas;
    tz_spans  spans;
    tz_err    err;
    tz_buf    areas_text = tz_buf_init(&mem, 0), spans_text = tz_buf_init(&mem, 0);

    if (tz_book_open_bytes(&mem, "x.xls", data, &book, &err) != TZ_OK)
        fail_msg("%s", err.en);
    assert_string_equal(book->kind, kind);
    assert_string_equal(text_of(book, index), rows);
    assert_string_equal(text_of(book, index), rows);
    assert_int_equal(tz_sheet_merges(&mem, book, index, &areas, &err), TZ_OK);
    for (size_t i = 0; i < areas.count; i++) {
        char first[8], last[8];
        tz_column_letters(areas.items[i].first_column, first);
        tz_column_letters(areas.items[i].last_column, last);
        tz_buf_printf(&areas_text, "%s%lld:%s%lld ", first, (long long)areas.items[i].first_row, last,
                      (long long)areas.items[i].last_row);
    }
    assert_text(tz_buf_text(&areas_text), merges);
    assert_int_equal(tz_sheet_hidden_columns(&mem, book, index, &spans, &err), TZ_OK);
    for (size_t i = 0; i < spans.count; i++)
        tz_buf_printf(&spans_text, "%d-%d ", spans.items[i].first, spans.items[i].last);
    assert_text(tz_buf_text(&spans_text), hidden);
    tz_book_close(book);
}

static void test_sheet_xml(void **state)
{
    (void)state;
    check_book(
        make_xlsx(
            &mem,
            "<x:worksheet xmlns:x='m'><x:cols><x:col min='2' max='3' hidden='1'/></x:cols><x:sheetData>"
            "<x:row r='2' hidden='1'><x:c r='B2' t='s' s='1'><x:v>0</x:v></x:c><x:c t='inlineStr'><x:is><x:t>内_x0041_</x:t>"
            "<x:rPh><x:t>nei</x:t></x:rPh></x:is></x:c></x:row><x:row><x:c t='b'><x:v>1</x:v></x:c><x:c t='e'><x:v>#N/A</x:v></x:c>"
            "<x:c s='1'><x:v>43709</x:v></x:c><x:c t='s'><x:v>9</x:v></x:c><x:c t='d'><x:v>2019-09-01T12:00:00</x:v></x:c>"
            "<x:c t='d'><x:v>soon</x:v></x:c></x:row></x:sheetData>"
            "<x:mergeCells><x:mergeCell ref='A1:C2'/></x:mergeCells></x:worksheet>",
            "<sst><si><r><t>富</t></r><r><t>文_x000D_本</t></r><rPh><t>fu</t></rPh></si></sst>",
            "<styleSheet><numFmts><numFmt numFmtId='200' formatCode='yyyy&quot;年&quot;'/></numFmts><cellXfs><xf numFmtId='0'/>"
            "<xf numFmtId='200'/></cellXfs></styleSheet>"),
        "xlsx", 0, "2:-|t富文\r本|t内A\n3:b1|e#N/A|n43709d|-|n43709.5d|tsoon\n", "A1:C2 ", "1-2 ");
}

/* Numbers past what a sheet can have are no such row, column or area. */
static void test_far_numbers(void **state)
{
    (void)state;
    check_book(make_xlsx(&mem,
                         "<worksheet><cols><col min='-2147483648' max='2147483648' hidden='1'/><col min='1' max='16385' hidden='1'/>"
                         "<col min='2' max='2' hidden='1'/></cols><sheetData><row r='1'><c><v>1</v></c></row></sheetData>"
                         "<mergeCells><mergeCell ref='A1:A9999999999'/><mergeCell ref='A1:B99999999999999999999'/>"
                         "<mergeCell ref='A1:B2'/></mergeCells></worksheet>",
                         NULL, NULL),
               "xlsx", 0, "1:n1\n", "A1:B2 ", "1-1 ");
}

/* A shared string that is longer than a cell is cut between two characters, and says so. */
static void test_long_shared_string(void **state)
{
    tz_book      *book = NULL;
    tz_sheet     *sheet = NULL;
    const tz_row *row = NULL;
    tz_err        err;
    tz_buf        strings = tz_buf_init(&mem, 0);
    (void)state;

    tz_buf_puts(&strings, "<sst><si><t>");
    for (int i = 0; i < 100000; i++)
        tz_buf_puts(&strings, "汉");
    tz_buf_puts(&strings, "</t></si><si><t>短</t></si></sst>");
    tz_text data = make_xlsx(&mem,
                             "<worksheet><sheetData><row r='1'><c t='s'><v>0</v></c><c t='s'><v>1</v></c></row></sheetData></worksheet>",
                             tz_buf_str(&strings), NULL);
    assert_int_equal(tz_book_open_bytes(&mem, "x.xlsx", data, &book, &err), TZ_OK);
    assert_int_equal(tz_sheet_open(&mem, book, 0, &sheet, &err), TZ_OK);
    assert_int_equal(tz_sheet_next(sheet, &row, &err), TZ_OK);
    assert_int_equal(row->cells[0].text.size, TZ_MAX_CELL_BYTES / 3 * 3);
    assert_true(row->cells[0].is_cut);
    assert_text(row->cells[1].text, "短");
    assert_false(row->cells[1].is_cut);
    tz_sheet_close(sheet);
    tz_book_close(book);
}

/* The shortest text that reads back as the number. */
static void test_number_text(void **state)
{
    static const struct {
        double      value;
        const char *text;
    } CASES[] = {{0.1, "0.1"}, {1 / 3.0, "0.3333333333333333"}, {0.1 + 0.2, "0.30000000000000004"}, {-0.0, "0"}, {1e15, "1e+15"}};
    char text[TZ_NUMBER_TEXT];
    (void)state;

    for (size_t i = 0; i < COUNT(CASES); i++) {
        assert_int_equal(tz_number_text(CASES[i].value, text), strlen(CASES[i].text));
        assert_string_equal(text, CASES[i].text);
    }
}

static void test_ods(void **state)
{
    (void)state;
    check_book(
        make_ods(
            &mem,
            TZ_TEXT(
                "<office:document-content xmlns:office='o' xmlns:table='t' xmlns:text='x' xmlns:calcext='c'><office:body>"
                "<office:spreadsheet><table:table table:name='甲'><table:table-column table:number-columns-repeated='2'/>"
                "<table:table-column table:visibility='collapse'/><table:table-row><table:table-cell "
                "table:number-columns-spanned='2' office:value-type='string'><office:annotation><text:p>批注</text:p>"
                "</office:annotation><text:p>标\n  题</text:p><text:p>二<text:s text:c='2'/>行</text:p></table:table-cell>"
                "<table:covered-table-cell/><table:table-cell office:value-type='float' office:value='0.1' "
                "table:number-columns-repeated='2'><text:p>0.10</text:p></table:table-cell></table:table-row>"
                "<table:table-row table:number-rows-repeated='1000000'><table:table-cell table:number-columns-repeated='16384'/>"
                "</table:table-row><table:table-row table:number-rows-repeated='2' table:visibility='filter'><table:table-cell "
                "office:value-type='date' office:date-value='2019-09-01T12:00:00'><text:p>x</text:p></table:table-cell>"
                "<table:table-cell office:value-type='boolean' office:boolean-value='true'/><table:table-cell "
                "office:value-type='percentage' office:value='0.19'/><table:table-cell office:value-type='time' "
                "office:time-value='PT06H00M00S'/><table:table-cell office:value-type='string' calcext:value-type='error'>"
                "<text:p>#N/A</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
                "</office:document-content>"),
            NULL),
        "ods", 0,
        "1:t标 题\n二  行|-|n0.1|n0.1\n1000002:n43709.5d|b1|n0.19|n0.25d|e#N/A\n1000003:n43709.5d|b1|n0.19|n0.25d|e#N/A\n",
        "A1:B1 ", "2-2 ");
}

static void test_xml_spreadsheet(void **state)
{
    (void)state;
    check_book(
        TZ_TEXT(
            "<?xml version='1.0' encoding='gb2312'?><?mso-application progid='Excel.Sheet'?>"
            "<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet' xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'>"
            "<Styles><Style ss:ID='d'><NumberFormat ss:Format='Short Date'/></Style></Styles>"
            "<Worksheet ss:Name='\xB1\xED'><Table><Column ss:Index='2' ss:Hidden='1' ss:Span='1'/>"
            "<Row><Cell ss:MergeAcross='2' ss:MergeDown='1'><Data ss:Type='String'>\xB1\xEA<B>\xCC\xE2</B></Data><Comment><Data>no</Data>"
            "</Comment></Cell></Row><Row ss:Index='4'><Cell ss:Index='2'><Data ss:Type='Number'>1.50</Data></Cell>"
            "<Cell><Data ss:Type='DateTime'>2019-09-01T00:00:00.000</Data></Cell><Cell ss:StyleID='d'><Data ss:Type='Number'>43709"
            "</Data></Cell><Cell><Data ss:Type='Boolean'>1</Data></Cell><Cell><Data ss:Type='Error'>#N/A</Data></Cell></Row></Table>"
            "</Worksheet><Worksheet ss:Name='b'><Table/><WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>"
            "</Workbook>"),
        "xml", 0, "1:t标题\n4:-|n1.50|n43709d|n43709d|b1|e#N/A\n", "A1:C2 ", "1-2 ");
    check_book(TZ_TEXT("<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?>"
                       "<Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet' "
                       "xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'><Worksheet ss:Name='a'><Table><Row ss:Span='2'/>"
                       "<Row><Cell ss:MergeAcross='1'><Data ss:Type='String'>x</Data></Cell></Row></Table></Worksheet></Workbook>"),
               "xml", 0, "4:tx\n", "A4:B4 ", ""); /* a row that stands for three */
}

static void test_html(void **state)
{
    (void)state;
    check_book(TZ_TEXT("<html><script>c=\"</scripts>\";for(i=0;i<n;i++)a=1</script >\n<table><tr><td>1</table></html>"),
               "html", 0, "1:t1\n", "", "");
    check_book(
        TZ_TEXT(
            "<html><head><style>td{color:red}</style><title>t</title></head><body><h2>低保 名单</h2><table border=1>"
            "<tr><th colspan='2' rowspan=2>姓&nbsp;名<br>全称</th><th>金额</th></tr><!-- <td>no</td> --><tr><td>万元</td></tr>"
            "<tr style='display:none'><td>a &amp; b &#x4E2D;&nosuch;<td>x<td x:num='1234.5678'>1,234.57</td></tr>"
            "<tr><td>外<table><tr><td>内1<td>内2</table></td></tr></table>注:无</body></html>"),
        "html", 0,
        "1:t低保 名单\n2:t姓 名\n全称|-|t金额\n3:-|-|t万元\n4:ta & b 中&nosuch;|tx|n1234.5678\n5:t外\n6:t内1|t内2\n7:t注:无\n",
        "A2:B3 ", "");
}

/* ---- BIFF ---- */

static void put_string(tz_buf *out, uint32_t id, tz_text data)
{
    put_biff(out, id, data);
}

#define RECORD(out, id, data) put_string(out, id, (tz_text){data, sizeof(data) - 1})

/* A workbook of one sheet; `cells` are the records of the sheet. */
static tz_text make_xls(tz_text globals, tz_text cells, bool is_hidden)
{
    tz_buf out = tz_buf_init(&mem, 0), name = tz_buf_init(&mem, 0);

    RECORD(&out, 0x0809, "\x00\x06\x05\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00");
    tz_buf_put(&out, globals);
    put_u32(&name, (uint32_t)out.size + 4 + 8 + 4 + 4);
    tz_buf_char(&name, is_hidden ? 1 : 0);
    tz_buf_char(&name, 0);
    tz_buf_put(&name, (tz_text){"\x02\x01\x68\x88\x2F\x66", 6}); /* two wide characters: 表是 */
    put_biff(&out, 0x0085, tz_buf_text(&name));
    RECORD(&out, 0x000A, "");
    RECORD(&out, 0x0809, "\x00\x06\x10\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00");
    tz_buf_put(&out, cells);
    RECORD(&out, 0x000A, "");
    return make_ole(&mem, "Workbook", tz_buf_text(&out));
}

static void test_xls(void **state)
{
    tz_buf globals = tz_buf_init(&mem, 0), cells = tz_buf_init(&mem, 0);
    (void)state;

    RECORD(&globals, 0x041E, "\xA4\x00\x04\x00\x00yyyy");
    RECORD(&globals, 0x00E0, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    RECORD(&globals, 0x00E0, "\0\0\xA4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    /* Two texts: "ab" with a run and a phonetic hint left out; 中文a across a CONTINUE that changes the width. */
    RECORD(&globals, 0x00FC,
           "\2\0\0\0\2\0\0\0"
           "\2\0\x0C\1\0\3\0\0\0"
           "ab"
           "\0\0\0\0"
           "xyz"
           "\3\0\1\x2D\x4E\x87\x65");
    RECORD(&globals, 0x003C, "\0" "a");
    RECORD(&cells, 0x007D, "\1\0\2\0\0\0\0\0\1\0\0\0");
    RECORD(&cells, 0x0208, "\2\0\0\0\0\0\0\0\0\0\0\0\x20\0\0\0");
    RECORD(&cells, 0x027E, "\2\0\0\0\1\0\xF6\xAA\2\0"); /* row 3: RK 43709 with the date's style */
    RECORD(&cells, 0x00FD, "\0\0\0\0\0\0\0\0\0\0");                             /* row 1, out of order */
    RECORD(&cells, 0x00FD, "\0\0\1\0\0\0\1\0\0\0");
    RECORD(&cells, 0x0203, "\2\0\1\0\0\0\x9A\x99\x99\x99\x99\x99\xB9\x3F");     /* 0.1 */
    RECORD(&cells, 0x00BD, "\2\0\2\0\0\0\6\0\0\0\0\0\7\0\0\0\3\0");             /* 1 and 0.01 */
    RECORD(&cells, 0x0205, "\2\0\4\0\0\0\x2A\1");                               /* #N/A */
    RECORD(&cells, 0x0205, "\2\0\5\0\0\0\1\0");                                 /* true */
    RECORD(&cells, 0x0006, "\2\0\6\0\0\0\0\0\0\0\0\0\xFF\xFF\0\0\0\0\0\0\0\0"); /* a formula that gave a text */
    RECORD(&cells, 0x0207, "\2\0\0hi");
    RECORD(&cells, 0x0204, "\2\0\7\0\0\0\1\0\1\x2D\x4E");                       /* LABEL */
    RECORD(&cells, 0x00E5, "\1\0\0\0\1\0\0\0\1\0");
    check_book(make_xls(tz_buf_text(&globals), tz_buf_text(&cells), true), "xls", 0,
               "1:tab|t中文a\n3:n43709d|n0.1|n1|n0.01|e#N/A|b1|thi|t中\n", "A1:B2 ", "1-2 ");

    tz_book *book = NULL;
    tz_err   err;
    assert_int_equal(
        tz_book_open_bytes(&mem, "x.et", make_xls(tz_buf_text(&globals), (tz_text){0}, true), &book, &err),
        TZ_OK);
    assert_string_equal(book->sheets.items[0].name, "表是");
    assert_true(book->sheets.items[0].is_hidden);
    tz_book_close(book);
}

static void test_archive(void **state)
{
    const zip_member members[] = {
        {"\xB5\xCD\xB1\xA3/", {NULL, 0}},
        {"\xB5\xCD\xB1\xA3/\xC3\xFB\xB5\xA5.csv",
         TZ_TEXT("\xD0\xD5\xC3\xFB\n\xD5\xC5\xC8\xFD\n")}, /* GBK: 低保/名单.csv */
        {"表.xlsx",
         make_xlsx(&mem, "<worksheet><sheetData><row><c s='0'><v>43709</v></c></row></sheetData></worksheet>",
                   NULL, "<styleSheet><cellXfs><xf numFmtId='14'/></cellXfs></styleSheet>")},
        {"照片.jpg", TZ_TEXT("\xFF\xD8\xFF\xE0 picture")},
        {"内.zip", make_zip(&mem, (const zip_member[]){{"a.csv", TZ_TEXT("a\n")}}, 1)},
        {"__MACOSX/._x", TZ_TEXT("junk")},
    };
    tz_book *book = NULL;
    tz_err   err;
    (void)state;

    assert_int_equal(
        tz_book_open_bytes(&mem, "报送.zip", make_zip(&mem, members, COUNT(members)), &book, &err), TZ_OK);
    assert_string_equal(book->kind, "zip");
    assert_int_equal(book->sheets.count, 4);
    assert_string_equal(book->sheets.items[0].name, "低保/名单.csv");
    assert_string_equal(text_of(book, 0), "1:t姓名\n2:t张三\n");
    assert_string_equal(book->sheets.items[1].name, "表.xlsx/表");
    assert_string_equal(book->sheets.items[1].file, "表.xlsx");
    assert_string_equal(text_of(book, 1), "1:n43709d\n");
    assert_string_equal(tz_book_format(book, 1 << 16), "mm-dd-yy");
    assert_non_null(strstr(book->sheets.items[2].refused->zh, "图片"));
    assert_string_equal(text_of(book, 2), "");
    assert_non_null(strstr(book->sheets.items[3].refused->zh, "压缩包里还有压缩包"));
    tz_book_close(book);
}

static void refuse(const char *name, const char *data, size_t size, tz_rc code, const char *words)
{
    tz_book *book = NULL;
    tz_err   err;

    assert_int_equal(tz_book_open_bytes(&mem, name, (tz_text){data, size}, &book, &err), code);
    if (strstr(err.zh, words) == NULL)
        fail_msg("%s: '%s' not in '%s'", name, words, err.zh);
    assert_string_equal(err.where.file, name);
}

#define REFUSE(name, data, words) refuse(name, data, sizeof(data) - 1, TZ_INPUT, words)

static void test_refused(void **state)
{
    tz_book *book = NULL;
    tz_err   err;
    (void)state;

    REFUSE("empty.csv", "", "空");
    REFUSE("a.xlsx", "\x89PNG\r\n", "图片");
    REFUSE("b.xlsx", "%PDF-1.4", "PDF");
    REFUSE("c.xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "损坏");
    REFUSE("e.xlsx", "PK\x03\x04 cut off", "损坏");
    REFUSE("f.csv", "a\0\0b\1\2c\3", "不是表格");
    assert_int_equal(tz_book_open(&mem, path_of("none.xlsx"), &book, &err), TZ_MISSING);
}

/* ---- Files that mean harm ---- */

static void refuse_text(const char *name, tz_text data, tz_rc code, const char *words)
{
    refuse(name, data.data, data.size, code, words);
}

static void test_passwords(void **state)
{
    tz_buf globals = tz_buf_init(&mem, 0);
    (void)state;

    RECORD(&globals, 0x002F, "\1\0");
    refuse_text("a.xls", make_xls(tz_buf_text(&globals), (tz_text){0}, false), TZ_INPUT, "密码");
    refuse_text("b.xlsx", make_ole(&mem, "EncryptedPackage", TZ_TEXT("noise")), TZ_INPUT, "密码");
    refuse_text(
        "c.ods",
        make_ods(&mem, TZ_TEXT("noise"), "<manifest><file-entry><encryption-data/></file-entry></manifest>"),
        TZ_INPUT, "密码");
    refuse_text("d.doc", make_ole(&mem, "WordDocument", TZ_TEXT("text")), TZ_INPUT, "Word");
}

enum { MOST_SECONDS = 1, MOST_BYTES = 256 << 20 };

/* The first sheet, if the book opens, is read to its end or an error: which must be code, within a second and
 * 256 MiB. */
static void break_off(tz_text data, tz_rc code)
{
    tz_arena      own = {0};
    tz_book      *book = NULL;
    tz_sheet     *sheet = NULL;
    const tz_row *row = NULL;
    tz_merges     merges;
    tz_err        err = {0};
    clock_t       start = clock();
    tz_rc         rc = tz_book_open_bytes(&own, "x.xlsx", data, &book, &err);

    if (rc == TZ_OK) {
        (void)!tz_sheet_merges(&own, book, 0, &merges, &err);
        rc = tz_sheet_open(&own, book, 0, &sheet, &err);
        while (rc == TZ_OK && (rc = tz_sheet_next(sheet, &row, &err)) == TZ_OK && row != NULL)
            ;
        tz_sheet_close(sheet);
    }
    assert_int_equal(rc, code);
    assert_true(rc == TZ_OK || (err.zh[0] != '\0' && err.en[0] != '\0'));
    assert_true(own.bytes < MOST_BYTES);
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < MOST_SECONDS * 8); /* sanitizers take eightfold */
    tz_book_close(book);
    tz_arena_free(&own);
}

#define ODS_TABLE(cells) TZ_TEXT("<o><body><spreadsheet><table name='a'>" cells "</table></spreadsheet></body></o>")

static void test_absurd(void **state)
{
    tz_buf deep = tz_buf_init(&mem, 0);
    (void)state;

    break_off(
        make_xlsx(&mem,
                  "<worksheet><sheetData><row r='99999999999'><c><v>1</v></c></row></sheetData></worksheet>",
                  NULL, NULL),
        TZ_LIMIT);
    break_off(make_xlsx(&mem, "<worksheet><sheetData><row r='9223372036854775807'><c><v>1</v></c></row></sheetData></worksheet>",
                        NULL, NULL),
              TZ_LIMIT);
    break_off(make_xlsx(&mem,
                        "<worksheet><sheetData><row><c r='ZZZZ1'><v>1</v></c></row></sheetData></worksheet>",
                        NULL, NULL),
              TZ_LIMIT);
    break_off(make_xlsx(&mem, "<worksheet><sheetData><row><c><v>1</v></c>", NULL, NULL), TZ_INPUT);
    break_off(
        make_xlsx(
            &mem,
            "<!DOCTYPE a [<!ENTITY b 'bbbbbbbbbb'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><worksheet>&c;</worksheet>",
            NULL, NULL),
        TZ_INPUT);
    for (int i = 0; i < 1000; i++)
        tz_buf_puts(&deep, "<a>");
    break_off(make_xlsx(&mem, tz_buf_str(&deep), NULL, NULL), TZ_LIMIT);
    break_off(
        make_ods(
            &mem,
            ODS_TABLE(
                "<table-row number-rows-repeated='60000000'><table-cell value-type='float' value='1'/></table-row>"),
            NULL),
        TZ_LIMIT);
    break_off(
        make_ods(
            &mem,
            ODS_TABLE(
                "<table-row><table-cell number-columns-repeated='20000' value-type='float' value='1'/></table-row>"),
            NULL),
        TZ_OK); /* cut to the columns there are */
    break_off(
        TZ_TEXT(
            "<html><table><tr><td colspan=1000><td colspan=1000><td colspan=1000><td colspan=1000><td colspan=1000><td colspan=1000>"
            "<td colspan=1000><td colspan=1000><td colspan=1000><td colspan=1000><td colspan=1000><td colspan=1000><td colspan=1000>"
            "<td colspan=1000><td colspan=1000><td colspan=1000><td colspan=1000>x</table>"),
        TZ_LIMIT);
}

/* A file of a known kind without one sheet says so, wherever it stands; it would be lost without a word in an archive. */
static void test_no_sheet(void **state)
{
    tz_text workbook = TZ_TEXT("<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'></Workbook>");
    tz_text ods = make_ods(&mem, TZ_TEXT("<o><body><spreadsheet/></body></o>"), NULL);
    const zip_member members[] = {{"a.xls", workbook}, {"b.ods", ods}, {"c.csv", TZ_TEXT("1,2\n")}};
    tz_book *book = NULL;
    tz_err   err;
    (void)state;

    break_off(workbook, TZ_INPUT);
    break_off(ods, TZ_INPUT);
    assert_int_equal(tz_book_open_bytes(&mem, "a.zip", make_zip(&mem, members, 3), &book, &err), TZ_OK);
    assert_int_equal(book->sheets.count, 3);
    assert_non_null(book->sheets.items[0].refused);
    assert_non_null(book->sheets.items[1].refused);
    assert_null(book->sheets.items[2].refused);
    tz_book_close(book);
}

/* Sheets that cost much more to read than to store. */
static void test_costly(void **state)
{
    tz_buf wide = tz_buf_init(&mem, 0), tables = tz_buf_init(&mem, 0), quotes = tz_buf_init(&mem, 0),
           sparse = tz_buf_init(&mem, 0);
    (void)state;

    tz_buf_puts(&wide, "<worksheet><sheetData>");
    for (int i = 0; i < 8000; i++)
        tz_buf_puts(&wide, "<row><c r='XFD1'><v>1</v></c></row>");
    tz_buf_puts(&wide, "</sheetData></worksheet>");
    break_off(make_xlsx(&mem, tz_buf_str(&wide), NULL, NULL), TZ_LIMIT);

    tz_buf_puts(&tables, "<html>");
    for (int i = 0; i < 50000; i++)
        tz_buf_puts(&tables, "<table><tr><td colspan=1000 rowspan=60000><tr><td>x");
    break_off(tz_buf_text(&tables), TZ_OK);

    for (int i = 0; i < 20000; i++) /* a quote on each line, none of which closes */
        tz_buf_puts(&quotes, i % 2 == 0 ? "\"a,b\n" : "c,\"d\n");
    break_off(tz_buf_text(&quotes), TZ_OK);

    tz_buf_puts(&sparse, "<o><body><spreadsheet><table name='a'>");
    for (int i = 0; i < 20000; i++)
        tz_buf_puts(
            &sparse,
            "<table-row number-rows-repeated='60000'><table-cell number-columns-repeated='16384'/></table-row>");
    tz_buf_puts(&sparse, "</table></spreadsheet></body></o>");
    break_off(make_ods(&mem, tz_buf_text(&sparse), NULL), TZ_OK);
}

/* Sectors of a compound file that point at each other in a circle, each in turn. */
static void test_circles(void **state)
{
    tz_text sound = make_xls((tz_text){0}, (tz_text){0}, false);
    size_t  fat = sound.size - OLE_SECTOR;
    (void)state;

    for (size_t i = 0; i < 10; i++)
        for (char to = 0; to < 10; to++) {
            char *copy = tz_arena_copy(&mem, sound.data, sound.size);
            memset(copy + fat + i * 4, 0, 4);
            copy[fat + i * 4] = to;
            tz_book *book = NULL;
            tz_err   err;
            if (tz_book_open_bytes(&mem, "x.xls", (tz_text){copy, sound.size}, &book, &err) == TZ_OK)
                tz_book_close(book);
        }
}

/* A part that says it inflates to a thousand times its size, by libzip itself. */
static void test_bomb(void **state)
{
    const char  *path = path_of("bomb.xlsx");
    zip_t       *zip = zip_open(path, ZIP_CREATE, NULL);
    size_t       size = 40 << 20;
    char        *zeros = tz_arena_alloc(&mem, size);
    zip_source_t *source;
    tz_book     *book = NULL;
    tz_err       err;
    (void)state;

    assert_non_null(zip);
    source = zip_source_buffer(zip, zeros, size, 0);
    assert_true(zip_file_add(zip, "[Content_Types].xml", source, 0) >= 0);
    source = zip_source_buffer(zip, zeros, size, 0);
    assert_true(zip_file_add(zip, "xl/workbook.xml", source, 0) >= 0);
    assert_int_equal(zip_close(zip), 0);
    assert_int_equal(tz_book_open(&mem, path, &book, &err), TZ_LIMIT);

    path = path_of("bomb.zip");
    zip = zip_open(path, ZIP_CREATE, NULL);
    for (int i = 0; i < 3; i++) {
        source = zip_source_buffer(zip, zeros, size, 0);
        assert_true(zip_file_add(zip, tz_arena_printf(&mem, "%d.csv", i), source, 0) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
    assert_int_equal(tz_book_open(&mem, path, &book, &err), TZ_LIMIT);
}

/* Whatever a file is cut off at: an error or fewer rows, never a crash. */
static void test_cut_off(void **state)
{
    tz_buf  cells = tz_buf_init(&mem, 0);
    tz_text wholes[3];
    (void)state;

    RECORD(&cells, 0x0204, "\2\0\7\0\0\0\1\0\1\x2D\x4E");
    wholes[0] = make_xlsx(&mem, "<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>",
                          NULL, NULL);
    wholes[1] = make_xls((tz_text){0}, tz_buf_text(&cells), false);
    wholes[2] = make_ods(&mem, ODS_TABLE("<table-row><table-cell value-type='float' value='1'/></table-row>"), NULL);
    for (size_t i = 0; i < COUNT(wholes); i++)
        for (size_t size = 1; size < wholes[i].size; size += 7) {
            tz_arena own = {0};
            tz_book *book = NULL;
            tz_err   err;
            char    *copy = malloc(size); /* of its own, so that a read behind the end is seen */
            assert_non_null(copy);
            memcpy(copy, wholes[i].data, size);
            if (tz_book_open_bytes(&own, "x", (tz_text){copy, size}, &book, &err) == TZ_OK) {
                for (size_t j = 0; j < book->sheets.count; j++)
                    (void)text_of(book, j);
                tz_book_close(book);
            } else {
                assert_true(err.zh[0] != '\0');
            }
            tz_arena_free(&own);
            free(copy);
        }
}

static void test_letters(void **state)
{
    static const struct {
        int32_t column;
        const char *letters;
    } CASES[] = {{0, "A"}, {25, "Z"}, {26, "AA"}, {701, "ZZ"}, {702, "AAA"}, {16383, "XFD"}};
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char out[8];
        tz_column_letters(CASES[i].column, out);
        assert_string_equal(out, CASES[i].letters);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_workbook),
                                       cmocka_unit_test(test_text),
                                       cmocka_unit_test(test_damage),
                                       cmocka_unit_test(test_long_text),
                                       cmocka_unit_test(test_stray_quote),
                                       cmocka_unit_test(test_far_numbers),
                                       cmocka_unit_test(test_long_shared_string),
                                       cmocka_unit_test(test_number_text),
                                       cmocka_unit_test(test_sheet_xml),
                                       cmocka_unit_test(test_ods),
                                       cmocka_unit_test(test_xml_spreadsheet),
                                       cmocka_unit_test(test_html),
                                       cmocka_unit_test(test_xls),
                                       cmocka_unit_test(test_archive),
                                       cmocka_unit_test(test_refused),
                                       cmocka_unit_test(test_passwords),
                                       cmocka_unit_test(test_absurd),
                                       cmocka_unit_test(test_no_sheet), cmocka_unit_test(test_costly),
                                       cmocka_unit_test(test_circles),
                                       cmocka_unit_test(test_bomb),
                                       cmocka_unit_test(test_cut_off),
                                       cmocka_unit_test(test_letters)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
