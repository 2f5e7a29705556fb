#include "formats/ole.h"

#include <string.h>

#include "base/assert.h"

enum {
    HEADER_BYTES = 512,
    ENTRY_BYTES = 128,
    HEADER_DIFAT = 109, /* sectors of the FAT that the header names itself */
    MINI_BYTES = 64,
};
#define LAST_SECTOR 0xFFFFFFFAu /* above it are marks: free, end of chain */

typedef struct {
    char     name[32]; /* ASCII; other characters are '?' */
    uint32_t start;
    uint64_t size;
    uint8_t  kind; /* 1 storage, 2 stream, 5 root */
} entry;

struct tz_ole {
    tz_text   data;
    size_t    sector_bytes;
    uint32_t  sectors;  /* whole ones in the file */
    uint32_t *fat;      /* the sector behind each */
    size_t    fat_count;
    tz_text   mini_fat, mini; /* the chain and the bytes of small streams */
    uint32_t  mini_cutoff;
    struct { entry *items; size_t count; size_t room; } entries;
};

static const char *sector(const tz_ole *ole, uint32_t index)
{
    return ole->data.data + ((size_t)index + 1) * ole->sector_bytes; /* the header takes a whole one */
}

/* Copies a chain of sectors together, at most size bytes; it ends where it leaves the file or is longer than it. */
static tz_text load_chain(tz_arena *mem, const tz_ole *ole, uint32_t start, uint64_t size)
{
    uint64_t most = (uint64_t)ole->sectors * ole->sector_bytes;
    size_t   room = (size_t)(size < most ? size : most), used = 0;
    char    *out = tz_arena_alloc(mem, room);

    for (uint32_t at = start, steps = 0; used < room && at < ole->sectors && steps < ole->sectors; steps++) {
        size_t part = room - used < ole->sector_bytes ? room - used : ole->sector_bytes;
        memcpy(out + used, sector(ole, at), part);
        used += part;
        at = at < ole->fat_count ? ole->fat[at] : LAST_SECTOR;
    }
    return (tz_text){out, used};
}

/* The same in the small sectors that stand in a stream of their own. */
static tz_text load_mini(tz_arena *mem, const tz_ole *ole, uint32_t start, uint64_t size)
{
    size_t room = size < ole->mini.size ? (size_t)size : ole->mini.size, used = 0;
    char  *out = tz_arena_alloc(mem, room);
    size_t most = ole->mini_fat.size / 4;

    for (size_t at = start, steps = 0;
         used < room && at < most && (at + 1) * MINI_BYTES <= ole->mini.size && steps < most; steps++) {
        size_t part = room - used < MINI_BYTES ? room - used : MINI_BYTES;
        memcpy(out + used, ole->mini.data + at * MINI_BYTES, part);
        used += part;
        at = tz_le32(ole->mini_fat.data + at * 4);
    }
    return (tz_text){out, used};
}

static void read_fat_sector(tz_ole *ole, uint32_t index, size_t room)
{
    if (index >= ole->sectors)
        return;
    for (size_t i = 0; i < ole->sector_bytes / 4 && ole->fat_count < room; i++)
        ole->fat[ole->fat_count++] = tz_le32(sector(ole, index) + i * 4);
}

/* The sectors that hold the table: the first in the header, the others in a chain of sectors. */
static void read_fat(tz_arena *mem, tz_ole *ole)
{
    const char *header = ole->data.data;
    size_t      per_sector = ole->sector_bytes / 4, room = (size_t)ole->sectors + per_sector;
    uint32_t    next = tz_le32(header + 68);

    ole->fat = tz_new_array(mem, uint32_t, room);
    for (size_t i = 0; i < HEADER_DIFAT && tz_le32(header + 76 + i * 4) < LAST_SECTOR; i++)
        read_fat_sector(ole, tz_le32(header + 76 + i * 4), room);
    for (uint32_t steps = 0; next < ole->sectors && steps < ole->sectors && ole->fat_count < room; steps++) {
        for (size_t i = 0; i + 1 < per_sector; i++)
            read_fat_sector(ole, tz_le32(sector(ole, next) + i * 4), room);
        next = tz_le32(sector(ole, next) + (per_sector - 1) * 4);
    }
}

static void read_entries(tz_arena *mem, tz_ole *ole, tz_text folder)
{
    for (size_t at = 0; at + ENTRY_BYTES <= folder.size; at += ENTRY_BYTES) {
        const char *from = folder.data + at;
        entry       one = {.kind = (uint8_t)from[66], .start = tz_le32(from + 116), .size = tz_le32(from + 120)};
        uint32_t    length = tz_le16(from + 64) / 2;
        for (uint32_t i = 0; i + 1 < length && i < 31; i++)
            one.name[i] = from[i * 2 + 1] == 0 && from[i * 2] > 0 ? from[i * 2] : '?';
        if (ole->sector_bytes > HEADER_BYTES)
            one.size |= (uint64_t)tz_le32(from + 124) << 32;
        if (one.kind == 1 || one.kind == 2 || one.kind == 5)
            tz_push(mem, &ole->entries, one);
    }
}

static const entry *find(const tz_ole *ole, const char *name, uint8_t kind)
{
    for (size_t i = 0; i < ole->entries.count; i++)
        if ((kind == 0 || ole->entries.items[i].kind == kind) &&
            (name == NULL || strcmp(ole->entries.items[i].name, name) == 0))
            return &ole->entries.items[i];
    return NULL;
}

tz_rc tz_ole_open(tz_arena *mem, tz_text data, tz_ole **ret_ole, tz_err *err)
{
    tz_assert(mem != NULL && ret_ole != NULL);
    tz_ole *ole = tz_new(mem, tz_ole);
    uint32_t shift = data.size >= HEADER_BYTES ? tz_le16(data.data + 30) : 0;

    if ((shift != 9 && shift != 12) || data.size < ((size_t)1 << shift) ||
        !tz_text_starts(data, TZ_TEXT("\xD0\xCF\x11\xE0"))) {
        (void)tz_fail(err, TZ_INPUT, "工作簿损坏,或没有传完", "the workbook is damaged or cut off");
        return tz_err_advise(err, "请重新报送;或用 Excel、WPS 打开后另存",
                             "ask for it again, or open it in Excel or WPS and save it");
    }
    ole->data = data;
    ole->sector_bytes = (size_t)1 << shift;
    ole->sectors = (uint32_t)((data.size - ole->sector_bytes) / ole->sector_bytes);
    ole->mini_cutoff = tz_le32(data.data + 56);
    read_fat(mem, ole);
    read_entries(mem, ole, load_chain(mem, ole, tz_le32(data.data + 48), UINT64_MAX));
    ole->mini_fat = load_chain(mem, ole, tz_le32(data.data + 60), (uint64_t)tz_le32(data.data + 64) * ole->sector_bytes);
    const entry *root = find(ole, NULL, 5);
    if (root != NULL)
        ole->mini = load_chain(mem, ole, root->start, root->size);
    *ret_ole = ole;
    return TZ_OK;
}

bool tz_ole_has(const tz_ole *ole, const char *name)
{
    tz_assert(ole != NULL && name != NULL);
    return find(ole, name, 0) != NULL;
}

tz_rc tz_ole_load(tz_arena *mem, const tz_ole *ole, const char *name, tz_text *ret_data, tz_err *err)
{
    tz_assert(mem != NULL && ole != NULL && name != NULL && ret_data != NULL);
    const entry *one = find(ole, name, 2);

    if (one == NULL)
        return tz_fail(err, TZ_MISSING, "文件里没有 %s", "the file holds no %s", name);
    *ret_data = one->size < ole->mini_cutoff ? load_mini(mem, ole, one->start, one->size)
                                             : load_chain(mem, ole, one->start, one->size);
    return TZ_OK;
}
