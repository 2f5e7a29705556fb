/* sheets - writes what xlsx.sh and csv.sh measure: sheets ROWS FILE.{xlsx,csv}
 *
 * A made-up register of 20 columns, as an office keeps one: number, name, ID number as text, sex, birth date, division,
 * address, phone, dates of the styles that Excel uses, amounts with two places, whole numbers, codes and notes.
 * Nobody in it exists.  The workbook is written as Excel writes it: shared strings, styles, r and s on each cell.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zip.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/idcard.h"
#include "base/text.h"

enum { COLUMNS = 20, NAMES = 4000, VILLAGES = 300, NOTES = 20, DATE_STYLE = 1, MONEY_STYLE = 2 };

static const char *const TITLES[COLUMNS] = {"序号",       "姓名",     "身份证号", "性别",     "出生日期",
                                            "乡镇村",     "住址",     "联系电话", "申请日期", "批准日期",
                                            "月保障金额", "累计金额", "人口数",   "面积",     "户编号",
                                            "类别",       "银行卡号", "残疾等级", "发放年月", "备注"};

static uint64_t seed = 1;

static uint32_t next(uint32_t below)
{
    uint64_t z = seed += 0x9E3779B97F4A7C15u;

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ z >> 31) % below);
}

/* What one cell holds. Texts of a small stock are shared between rows, as in life; others stand once. */
typedef struct {
    char kind; /* s shared text, n number, d date, m money */
    char text[64];
} value;

static void put_id(char out[64])
{
    char id[19];

    (void)snprintf(id, sizeof id, "140430%08d%03u", tz_date_from_days((int64_t)next(16000) - 7000), next(1000));
    id[17] = tz_idcard_check(id);
    id[18] = '\0';
    (void)memcpy(out, id, sizeof id);
}

/* Sixteen digits of which the last checks the others (Luhn). */
static void put_card(char out[64])
{
    unsigned sum = 0;

    (void)snprintf(out, 64, "622202%09u", next(1000000000));
    for (int i = 0; i < 15; i++) {
        unsigned digit = (unsigned)(out[i] - '0') * (i % 2 == 0 ? 2 : 1);
        sum += digit > 9 ? digit - 9 : digit;
    }
    out[15] = (char)('0' + (10 - sum % 10) % 10);
    out[16] = '\0';
}

static value cell_of(uint32_t row, int column)
{
    static const char *const CODES[] = {"A类", "B类", "C类", "一级", "二级", "三级"};
    value one = {.kind = 's'};
    char *out = one.text;

    switch (column) {
    case 0: one.kind = 'n', (void)snprintf(out, 64, "%u", row); break;
    case 1: (void)snprintf(out, 64, "张%03u", next(NAMES)); break;
    case 2: put_id(out); break;
    case 3: (void)snprintf(out, 64, "%s", next(2) ? "男" : "女"); break;
    case 4: case 8: case 9: one.kind = 'd', (void)snprintf(out, 64, "%u", 25569 + next(18000)); break;
    case 5: (void)snprintf(out, 64, "定昌镇第%u村", next(VILLAGES)); break;
    case 6: (void)snprintf(out, 64, "第%u村%u号", next(VILLAGES), next(100)); break;
    case 7: (void)snprintf(out, 64, "139%08u", next(100000000)); break;
    case 10: case 11: one.kind = 'm', (void)snprintf(out, 64, "%u.%02u", next(5000), next(100)); break;
    case 12: one.kind = 'n', (void)snprintf(out, 64, "%u", 1 + next(6)); break;
    case 13: one.kind = 'n', (void)snprintf(out, 64, "%u.%u", 20 + next(200), 1 + next(9)); break;
    case 14: one.kind = 'n', (void)snprintf(out, 64, "%u", 100000 + row); break;
    case 15: case 17: (void)snprintf(out, 64, "%s", CODES[next(6)]); break;
    case 16: put_card(out); break;
    case 18: (void)snprintf(out, 64, "2019-%02u", 1 + next(12)); break;
    default: (void)snprintf(out, 64, next(3) ? "" : "备注%u", next(NOTES)); break;
    }
    return one;
}

/* ---- Delimited ---- */

static void write_csv(uint32_t rows, FILE *out)
{
    char date[TZ_DATE_TEXT];

    for (int i = 0; i < COLUMNS; i++)
        fprintf(out, "%s%s", i == 0 ? "" : ",", TITLES[i]);
    for (uint32_t row = 1; row <= rows; row++) {
        fputc('\n', out);
        for (int i = 0; i < COLUMNS; i++) {
            value one = cell_of(row, i);
            if (one.kind == 'd')
                tz_date_format(tz_date_from_serial(atoll(one.text), false), date);
            fprintf(out, "%s%s", i == 0 ? "" : ",", one.kind == 'd' ? date : one.text);
        }
    }
    fputc('\n', out);
}

/* ---- Workbook ---- */

/* Shared strings by their text: a table of open addressing, as large as the rows ask for. */
typedef struct {
    tz_arena   mem;
    char     **slots;
    uint32_t  *indices;
    size_t     room;
    uint32_t   count;
    FILE      *part;
} shared;

static uint32_t share(shared *strings, const char *text)
{
    uint64_t hash = 1469598103934665603u;

    for (const char *at = text; *at != '\0'; at++)
        hash = (hash ^ (unsigned char)*at) * 1099511628211u;
    size_t slot = hash % strings->room;
    while (strings->slots[slot] != NULL && strcmp(strings->slots[slot], text) != 0)
        slot = (slot + 1) % strings->room;
    if (strings->slots[slot] == NULL) {
        strings->slots[slot] = tz_arena_dup(&strings->mem, text);
        strings->indices[slot] = strings->count++;
        fprintf(strings->part, "<si><t>%s</t></si>", text);
    }
    return strings->indices[slot];
}

static void write_cell(FILE *sheet, shared *strings, uint32_t row, int column, const value *one)
{
    if (one->text[0] == '\0')
        return;
    fprintf(sheet, "<c r=\"%c%u\"", 'A' + column, row);
    if (one->kind == 's')
        fprintf(sheet, " t=\"s\"><v>%u</v></c>", share(strings, one->text));
    else if (one->kind == 'n')
        fprintf(sheet, "><v>%s</v></c>", one->text);
    else
        fprintf(sheet, " s=\"%d\"><v>%s</v></c>", one->kind == 'd' ? DATE_STYLE : MONEY_STYLE, one->text);
}

static void write_sheet(uint32_t rows, FILE *sheet, shared *strings)
{
    fputs(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet "
        "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\" spans=\"1:20\">",
        sheet);
    for (int i = 0; i < COLUMNS; i++) {
        value title = {.kind = 's'};
        (void)snprintf(title.text, sizeof title.text, "%s", TITLES[i]);
        write_cell(sheet, strings, 1, i, &title);
    }
    for (uint32_t row = 1; row <= rows; row++) {
        fprintf(sheet, "</row><row r=\"%u\" spans=\"1:20\">", row + 1);
        for (int i = 0; i < COLUMNS; i++) {
            value one = cell_of(row, i);
            write_cell(sheet, strings, row + 1, i, &one);
        }
    }
    fputs("</row></sheetData></worksheet>", sheet);
}

static void add_part(zip_t *zip, const char *name, zip_source_t *source)
{
    zip_int64_t index = zip_file_add(zip, name, source, 0);

    tz_assert(index >= 0 && zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_DEFLATE, 6) == 0);
}

static void add_text(zip_t *zip, const char *name, const char *text)
{
    add_part(zip, name, zip_source_buffer(zip, text, strlen(text), 0));
}

static void write_xlsx(uint32_t rows, const char *path)
{
    shared strings = {.room = (size_t)rows * 5 + 100003};
    char   sheet_path[4096], strings_path[4096];

    (void)snprintf(sheet_path, sizeof sheet_path, "%s.sheet", path);
    (void)snprintf(strings_path, sizeof strings_path, "%s.strings", path);
    FILE *sheet = fopen(sheet_path, "w");
    strings.part = fopen(strings_path, "w");
    strings.slots = tz_new_array(&strings.mem, char *, strings.room);
    strings.indices = tz_new_array(&strings.mem, uint32_t, strings.room);
    tz_assert(sheet != NULL && strings.part != NULL);
    fputs("<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">", strings.part);
    write_sheet(rows, sheet, &strings);
    fputs("</sst>", strings.part);
    tz_assert(fclose(sheet) == 0 && fclose(strings.part) == 0);

    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    tz_assert(zip != NULL);
    add_text(
        zip, "[Content_Types].xml",
        "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" "
        "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/xl/workbook.xml\" "
        "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override "
        "PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml."
        "worksheet+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument."
        "spreadsheetml.styles+xml\"/><Override PartName=\"/xl/sharedStrings.xml\" ContentType=\"application/"
        "vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml\"/></Types>");
    add_text(
        zip, "_rels/.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" "
        "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/>"
        "</Relationships>");
    add_text(
        zip, "xl/workbook.xml",
        "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" "
        "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"Sheet1\" sheetId=\"1\" "
        "r:id=\"rId1\"/></sheets></workbook>");
    add_text(
        zip, "xl/_rels/workbook.xml.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" "
        "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
        "<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" "
        "Target=\"styles.xml\"/><Relationship Id=\"rId3\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
        "sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>");
    add_text(
        zip, "xl/styles.xml",
        "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><fonts count=\"1\"><font/></fonts>"
        "<fills count=\"1\"><fill/></fills><borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs>"
        "<cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\" applyNumberFormat=\"1\"/><xf numFmtId=\"4\" "
        "applyNumberFormat=\"1\"/></cellXfs></styleSheet>");
    add_part(zip, "xl/worksheets/sheet1.xml", zip_source_file(zip, sheet_path, 0, -1));
    add_part(zip, "xl/sharedStrings.xml", zip_source_file(zip, strings_path, 0, -1));
    tz_assert(zip_close(zip) == 0);
    tz_assert(unlink(sheet_path) == 0 && unlink(strings_path) == 0);
    tz_arena_free(&strings.mem);
}

int main(int count, char **words)
{
    uint32_t rows = count == 3 ? (uint32_t)strtoul(words[1], NULL, 10) : 0;

    if (rows == 0) {
        fprintf(stderr, "usage: sheets ROWS FILE.xlsx|FILE.csv\n");
        return 2;
    }
    if (tz_text_ends(tz_text_of(words[2]), TZ_TEXT(".csv"))) {
        FILE *out = fopen(words[2], "w");
        tz_assert(out != NULL);
        write_csv(rows, out);
        return fclose(out) != 0;
    }
    write_xlsx(rows, words[2]);
    return 0;
}
