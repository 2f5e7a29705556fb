/* files - containers made in memory, for tests and fuzz targets: a zip of stored parts, a compound file
 * (OLE2), records of BIFF.
 *
 * They write what they are given and check nothing, so that a test can put anything inside.
 */
#ifndef TZ_TESTS_FILES_H
#define TZ_TESTS_FILES_H

#include <string.h>

#include "base/text.h"

static inline void put_u16(tz_buf *out, uint32_t value)
{
    tz_buf_char(out, (char)(value & 0xFF));
    tz_buf_char(out, (char)(value >> 8 & 0xFF));
}

static inline void put_u32(tz_buf *out, uint32_t value)
{
    put_u16(out, value & 0xFFFF);
    put_u16(out, value >> 16);
}

/* ---- Zip ---- */

typedef struct {
    const char *name; /* bytes as they are */
    tz_text     data;
} zip_member;

static inline uint32_t crc32_of(tz_text data)
{
    static uint32_t table[256];
    uint32_t        crc = 0xFFFFFFFFu;

    for (uint32_t i = 0; table[255] == 0 && i < 256; i++) {
        uint32_t entry = i;
        for (int bit = 0; bit < 8; bit++)
            entry = (entry & 1) != 0 ? entry >> 1 ^ 0xEDB88320u : entry >> 1;
        table[i] = entry;
    }
    for (size_t i = 0; i < data.size; i++)
        crc = crc >> 8 ^ table[(crc ^ (unsigned char)data.data[i]) & 0xFF];
    return ~crc;
}

/* The fields that a member's own header and the directory have alike. */
static inline void put_member(tz_buf *out, const zip_member *member)
{
    put_u16(out, 20); /* version needed */
    put_u16(out, 0);
    put_u16(out, 0); /* stored */
    put_u32(out, 0x21 << 16); /* 1980-01-01 */
    put_u32(out, crc32_of(member->data));
    put_u32(out, (uint32_t)member->data.size);
    put_u32(out, (uint32_t)member->data.size);
    put_u16(out, (uint32_t)strlen(member->name));
    put_u16(out, 0);
}

static inline tz_text make_zip(tz_arena *mem, const zip_member *members, size_t count)
{
    tz_buf    out = tz_buf_init(mem, 0), folder = tz_buf_init(mem, 0);

    for (size_t i = 0; i < count; i++) {
        uint32_t at = (uint32_t)out.size;
        put_u32(&out, 0x04034B50);
        put_member(&out, &members[i]);
        tz_buf_puts(&out, members[i].name);
        tz_buf_put(&out, members[i].data);
        put_u32(&folder, 0x02014B50);
        put_u16(&folder, 20);
        put_member(&folder, &members[i]);
        put_u16(&folder, 0); /* comment */
        put_u16(&folder, 0);
        put_u16(&folder, 0);
        put_u32(&folder, 0);
        put_u32(&folder, at);
        tz_buf_puts(&folder, members[i].name);
    }
    uint32_t at = (uint32_t)out.size;
    tz_buf_put(&out, tz_buf_text(&folder));
    put_u32(&out, 0x06054B50);
    put_u32(&out, 0);
    put_u16(&out, (uint32_t)count);
    put_u16(&out, (uint32_t)count);
    put_u32(&out, (uint32_t)folder.size);
    put_u32(&out, at);
    put_u16(&out, 0);
    return tz_buf_text(&out);
}

/* A workbook of one sheet from its XML parts; styles and strings may be NULL. */
static inline tz_text make_xlsx(tz_arena *mem, const char *sheet, const char *strings, const char *styles)
{
    const zip_member members[] = {
        {"[Content_Types].xml", TZ_TEXT("<Types/>")},
        {"_rels/.rels",
         TZ_TEXT(
             "<Relationships><Relationship Id='a' Type='x/officeDocument' Target='xl/workbook.xml'/></Relationships>")},
        {"xl/workbook.xml",
         TZ_TEXT(
             "<workbook xmlns:r='r'><sheets><sheet name='表' sheetId='1' r:id='r1'/></sheets></workbook>")},
        {"xl/_rels/workbook.xml.rels",
         TZ_TEXT(
             "<Relationships><Relationship Id='r1' Type='x/worksheet' Target='s.xml'/><Relationship Id='r2' Type='x/sharedStrings' "
             "Target='t.xml'/><Relationship Id='r3' Type='x/styles' Target='y.xml'/></Relationships>")},
        {"xl/s.xml", tz_text_of(sheet)},
        {"xl/t.xml", tz_text_of(strings == NULL ? "<sst/>" : strings)},
        {"xl/y.xml", tz_text_of(styles == NULL ? "<styleSheet/>" : styles)},
    };

    return make_zip(mem, members, sizeof members / sizeof members[0]);
}

/* A text document's parts; content is all of content.xml. */
static inline tz_text make_ods(tz_arena *mem, tz_text content, const char *manifest)
{
    const zip_member members[] = {
        {"mimetype", TZ_TEXT("application/vnd.oasis.opendocument.spreadsheet")},
        {"META-INF/manifest.xml", tz_text_of(manifest == NULL ? "<manifest/>" : manifest)},
        {"content.xml", content},
    };

    return make_zip(mem, members, sizeof members / sizeof members[0]);
}

/* ---- Compound file ---- */

enum { OLE_SECTOR = 512 };

static inline void pad(tz_buf *out, size_t unit, char with)
{
    while (out->size % unit != 0)
        tz_buf_char(out, with);
}

static inline void put_ole_entry(tz_buf *out, const char *name, char kind, uint32_t start, uint32_t size)
{
    size_t length = strlen(name);

    for (size_t i = 0; i < 32; i++)
        put_u16(out, i < length ? (uint32_t)(unsigned char)name[i] : 0);
    put_u16(out, (uint32_t)(length + 1) * 2);
    tz_buf_char(out, kind);
    tz_buf_char(out, 1);
    for (size_t i = 0; i < 3; i++)
        put_u32(out, i == 2 && kind == 5 ? 1 : 0xFFFFFFFF);
    for (size_t i = 0; i < 9; i++)
        put_u32(out, 0);
    put_u32(out, start);
    put_u32(out, size);
    put_u32(out, 0);
}

/* One stream in big sectors: header, the stream, the folder, the table. */
static inline tz_text make_ole(tz_arena *mem, const char *name, tz_text data)
{
    tz_buf   stream = tz_buf_init(mem, 0), out = tz_buf_init(mem, 0);
    uint32_t sectors, folder, fats, fat;

    tz_buf_put(&stream, data);
    do
        tz_buf_char(&stream, 0);
    while (stream.size < 4096);
    pad(&stream, OLE_SECTOR, 0);
    sectors = (uint32_t)(stream.size / OLE_SECTOR);
    folder = sectors;
    fat = folder + 1;
    for (fats = 1; fats * (OLE_SECTOR / 4) < sectors + 1 + fats; fats++)
        ;
    tz_buf_put(&out, TZ_TEXT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"));
    for (size_t i = 0; i < 4; i++)
        put_u32(&out, 0);
    put_u16(&out, 0x3E);
    put_u16(&out, 3);
    put_u16(&out, 0xFFFE);
    put_u16(&out, 9);
    put_u16(&out, 6);
    put_u16(&out, 0);
    put_u32(&out, 0);
    put_u32(&out, 0);
    put_u32(&out, fats);
    put_u32(&out, folder);
    put_u32(&out, 0);
    put_u32(&out, 4096);
    put_u32(&out, 0xFFFFFFFE); /* no small streams */
    put_u32(&out, 0);
    put_u32(&out, 0xFFFFFFFE);
    put_u32(&out, 0);
    for (uint32_t i = 0; i < 109; i++)
        put_u32(&out, i < fats ? fat + i : 0xFFFFFFFF);
    tz_buf_put(&out, tz_buf_text(&stream));
    put_ole_entry(&out, "Root Entry", 5, 0xFFFFFFFE, 0);
    put_ole_entry(&out, name, 2, 0, (uint32_t)stream.size);
    pad(&out, OLE_SECTOR, 0);
    for (uint32_t i = 0; i < fats * (OLE_SECTOR / 4); i++)
        put_u32(&out, i + 1 < sectors              ? i + 1
                      : i >= fat && i < fat + fats ? 0xFFFFFFFD
                      : i <= folder                ? 0xFFFFFFFE
                                                   : 0xFFFFFFFF);
    return tz_buf_text(&out);
}

/* ---- BIFF ---- */

/* A record; data by put_biff("\1\2…", size). */
static inline void put_biff(tz_buf *out, uint32_t id, tz_text data)
{
    put_u16(out, id);
    put_u16(out, (uint32_t)data.size);
    tz_buf_put(out, data);
}

#endif
