/* xlsx - SpreadsheetML workbooks (ECMA-376, transitional and strict): opening one, its shared strings
 * and styles. The rows are in xlsx_sheet.c. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "base/map.h"
#include "formats/number.h"
#include "formats/xlsx.h"

/* ---- workbook.xml and its relations ---- */

typedef struct {
    tz_arena *mem;
    tz_book  *book;
    tz_xlsx *own;
} reading;

static void workbook_start(void *context, const char *name, const char **attributes)
{
    reading *from = context;

    if (strcmp(name, "workbookPr") == 0) {
        const char *base = tz_part_attribute(attributes, "date1904");
        from->book->is_1904 = base != NULL && (strcmp(base, "1") == 0 || strcmp(base, "true") == 0);
    } else if (strcmp(name, "sheet") == 0 && from->own->sheets.count < TZ_MAX_SHEETS) {
        const char *title = tz_part_attribute(attributes, "name");
        const char *state = tz_part_attribute(attributes, "state");
        const char *relation = NULL;
        for (const char **at = attributes; *at != NULL; at += 2) /* r:id, not sheetId */
            if (strlen(at[0]) > 3 && strcmp(at[0] + strlen(at[0]) - 3, ":id") == 0)
                relation = at[1];
        tz_push(from->mem, &from->own->sheets, (tz_xlsx_sheet){
            .name = tz_arena_dup(from->mem, title == NULL ? "" : title),
            .relation = tz_arena_dup(from->mem, relation == NULL ? "" : relation),
            .is_hidden = state != NULL && strcmp(state, "visible") != 0});
    }
}

/* The part a relation's target names, from the folder of the workbook. */
static const char *resolve(tz_arena *mem, const char *folder, const char *target)
{
    if (target[0] == '/')
        return tz_arena_dup(mem, target + 1);
    size_t keep = strlen(folder);
    while (strncmp(target, "../", 3) == 0) {
        target += 3;
        while (keep > 0 && folder[--keep] != '/')
            ;
    }
    return keep == 0 ? tz_arena_dup(mem, target) : tz_arena_printf(mem, "%.*s/%s", (int)keep, folder, target);
}

typedef struct {
    tz_arena   *mem;
    tz_xlsx    *own;
    const char *folder;
    const char *workbook_path; /* of the package's relations */
    const char *strings_path, *styles_path;
} relations;

static bool ends_with(const char *text, const char *tail)
{
    return text != NULL && tz_text_ends(tz_text_of(text), tz_text_of(tail));
}

static void relations_start(void *context, const char *name, const char **attributes)
{
    relations  *from = context;
    const char *type = tz_part_attribute(attributes, "Type"), *target = tz_part_attribute(attributes, "Target");
    const char *id = tz_part_attribute(attributes, "Id");

    if (strcmp(name, "Relationship") != 0 || target == NULL)
        return;
    const char *path = resolve(from->mem, from->folder, target);
    if (ends_with(type, "/officeDocument"))
        from->workbook_path = path;
    else if (ends_with(type, "/sharedStrings"))
        from->strings_path = path;
    else if (ends_with(type, "/styles"))
        from->styles_path = path;
    for (size_t i = 0; id != NULL && i < from->own->sheets.count; i++)
        if (strcmp(from->own->sheets.items[i].relation, id) == 0 && ends_with(type, "/worksheet"))
            from->own->sheets.items[i].path = path;
}

/* ---- Shared strings ---- */

enum { STRING_BLOCK = 65536 };

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* "_x4E2D_" at the start of text: its code point, or -1. Zero and halves of pairs stay as they are written. */
static int32_t escape_at(tz_text text)
{
    int32_t value = 0;

    if (text.size < 7 || text.data[0] != '_' || text.data[1] != 'x' || text.data[6] != '_')
        return -1;
    for (size_t i = 2; i < 6; i++) {
        int digit = hex_digit(text.data[i]);
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value == 0 || (value >= 0xD800 && value <= 0xDFFF) ? -1 : value;
}

tz_text tz_xlsx_unescape(tz_arena *mem, tz_text text)
{
    if (tz_text_find(text, TZ_TEXT("_x"), 0) == SIZE_MAX)
        return text;
    tz_buf out = tz_buf_init(mem, 0);
    for (size_t at = 0; at < text.size;) {
        char    utf8[4];
        int32_t escaped = escape_at(tz_text_cut(text, at, text.size));
        if (escaped >= 0)
            tz_buf_put(&out, (tz_text){utf8, tz_utf8_put(escaped, utf8)});
        else
            tz_buf_char(&out, text.data[at]);
        at += escaped >= 0 ? 7 : 1;
    }
    return tz_buf_text(&out);
}

typedef struct {
    tz_arena *mem;
    tz_xlsx *own;
    tz_buf    text;
    int       phonetic; /* depth inside rPh */
    bool      is_text;
    bool      is_over;
} strings_reading;

static void strings_start(void *context, const char *name, const char **attributes)
{
    strings_reading *from = context;
    (void)attributes;
    if (strcmp(name, "si") == 0)
        tz_buf_reset(&from->text);
    else if (strcmp(name, "rPh") == 0)
        from->phonetic++;
    else if (strcmp(name, "t") == 0)
        from->is_text = from->phonetic == 0;
}

/* A million rows have some millions of strings: they lie one behind the other, not each in an allocation of
 * its own, and their list never moves. */
static void keep_string(tz_arena *mem, tz_xlsx *own, tz_text text)
{
    size_t at = own->string_count++ % TZ_XLSX_CHUNK;

    if (at == 0)
        tz_push(mem, &own->strings, tz_new_array(mem, tz_text, TZ_XLSX_CHUNK));
    if (own->block == NULL || text.size > own->block_left) {
        own->block_left = text.size > STRING_BLOCK ? text.size : STRING_BLOCK;
        own->block = tz_arena_alloc(mem, own->block_left);
    }
    if (text.size > 0)
        memcpy(own->block, text.data, text.size);
    own->strings.items[own->strings.count - 1][at] = (tz_text){own->block, text.size};
    own->block += text.size;
    own->block_left -= text.size;
}

static void strings_end(void *context, const char *name)
{
    strings_reading *from = context;
    if (strcmp(name, "rPh") == 0)
        from->phonetic--;
    else if (strcmp(name, "t") == 0)
        from->is_text = false;
    else if (strcmp(name, "si") == 0) {
        from->own->string_bytes += (int64_t)from->text.size;
        from->is_over |= from->own->string_bytes > TZ_MAX_SHARED_STRING_BYTES;
        if (!from->is_over)
            keep_string(from->mem, from->own, tz_xlsx_unescape(from->mem, tz_buf_text(&from->text)));
    }
}

static void strings_text(void *context, const char *text, int size)
{
    strings_reading *from = context;
    size_t           room = TZ_MAX_CELL_BYTES + 1 - from->text.size; /* one byte too many tells that it is cut */

    if (from->is_text && !from->is_over)
        tz_buf_put(&from->text, tz_text_cut((tz_text){text, (size_t)size}, 0, room));
}

/* ---- Styles: which numbers are shown as dates ---- */

enum { MOST_STYLES = 65536 };

typedef struct {
    tz_arena *mem;
    tz_xlsx  *own;
    bool      is_cells; /* inside cellXfs */
    tz_map    custom;   /* numFmtId -> 1-based index into codes */
    struct { const char **items; size_t count; size_t room; } codes;
} styles_reading;

static void styles_start(void *context, const char *name, const char **attributes)
{
    styles_reading *from = context;
    const char     *id = tz_part_attribute(attributes, "numFmtId");

    if (strcmp(name, "cellXfs") == 0)
        from->is_cells = true;
    if (id == NULL)
        return;
    if (strcmp(name, "numFmt") == 0 && from->codes.count < MOST_STYLES) {
        const char *code = tz_part_attribute(attributes, "formatCode");
        tz_push(from->mem, &from->codes, tz_arena_dup(from->mem, code == NULL ? "General" : code));
        tz_map_put(&from->custom, tz_text_of(id), NULL)->value = (int64_t)from->codes.count;
    } else if (strcmp(name, "xf") == 0 && from->is_cells && from->own->styles.count < MOST_STYLES) {
        const tz_map_entry *custom = tz_map_get(&from->custom, tz_text_of(id));
        const char *format = custom != NULL ? from->codes.items[custom->value - 1] : tz_numfmt_builtin(atoi(id));
        tz_push(from->mem, &from->own->styles,
                (tz_xlsx_style){.format = format, .is_date = tz_numfmt_is_date(format)});
    }
}

static void styles_end(void *context, const char *name)
{
    styles_reading *from = context;
    if (strcmp(name, "cellXfs") == 0)
        from->is_cells = false;
}

static const char *xlsx_format(const tz_book *book, int32_t style)
{
    const tz_xlsx *own = book->inside->own;
    return style >= 0 && (size_t)style < own->styles.count ? own->styles.items[style].format : "General";
}

/* ---- Custom properties ---- */

typedef struct {
    const char *wanted;
    tz_buf      text;
    bool        is_inside, is_found;
} property_reading;

static void property_start(void *context, const char *name, const char **attributes)
{
    property_reading *from = context;
    const char       *own_name = tz_part_attribute(attributes, "name");

    if (strcmp(name, "property") == 0)
        from->is_inside = !from->is_found && own_name != NULL && strcmp(own_name, from->wanted) == 0;
    from->is_found |= from->is_inside;
}

static void property_text(void *context, const char *text, int size)
{
    property_reading *from = context;
    if (from->is_inside)
        tz_buf_put(&from->text, (tz_text){text, (size_t)size});
}

/* A broken part is none: what a workbook says of itself is no reason to refuse its rows. */
static const char *xlsx_property(tz_arena *mem, const tz_book *book, const char *name)
{
    tz_xlsx         *own = book->inside->own;
    property_reading from = {.wanted = name, .text = tz_buf_init(mem, 4096)};
    const tz_part_handler handler = {.start = property_start, .text = property_text, .context = &from};
    tz_err ignored;

    if (tz_part_all(mem, own->zip, "docProps/custom.xml", &handler, &ignored) != TZ_OK || !from.is_found)
        return NULL;
    return tz_text_dup(mem, tz_text_trim(tz_buf_text(&from.text)));
}

static void xlsx_close(tz_book *book)
{
    tz_xlsx *own = book->inside->own;
    if (own->zip != NULL)
        zip_discard(own->zip);
    own->zip = NULL;
}

static const tz_reader XLSX = {.sheet_open = tz_xlsx_sheet_open,
                               .sheet_next = tz_xlsx_sheet_next,
                               .sheet_close = tz_xlsx_sheet_close,
                               .merges = tz_xlsx_merges,
                               .hidden_columns = tz_xlsx_hidden_columns,
                               .format = xlsx_format,
                               .property = xlsx_property,
                               .close = xlsx_close};

/* ---- Opening ---- */

/* The folder of a part's path, without the slash. */
static const char *folder_of(tz_arena *mem, const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? "" : tz_arena_copy(mem, path, (size_t)(slash - path));
}

static tz_rc read_optional(tz_arena *mem, zip_t *zip, const char *path, const tz_part_handler *handler, tz_err *err)
{
    if (path == NULL || tz_part_find(mem, zip, path) < 0)
        return TZ_OK;
    return tz_part_all(mem, zip, path, handler, err);
}

static tz_rc read_strings_and_styles(tz_arena *mem, tz_xlsx *own, const relations *places, tz_err *err)
{
    tz_rc           rc = TZ_OK;
    strings_reading strings = {.mem = mem, .own = own, .text = tz_buf_init(mem, 0)};
    styles_reading  styles = {.mem = mem, .own = own, .custom = tz_map_init(mem)};
    const tz_part_handler for_strings = {
        .start = strings_start, .end = strings_end, .text = strings_text, .context = &strings};
    const tz_part_handler for_styles = {.start = styles_start, .end = styles_end, .context = &styles};

    TZ_TRY(read_optional(mem, own->zip, places->strings_path, &for_strings, err));
    if (strings.is_over) {
        rc = tz_fail(err, TZ_LIMIT, "工作簿的文字过多", "the workbook holds too much text");
        goto done;
    }
    TZ_TRY(read_optional(mem, own->zip, places->styles_path, &for_styles, err));
done:
    return rc;
}

tz_rc tz_xlsx_open(tz_arena *mem, tz_book *book, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_xlsx *own = tz_new(mem, tz_xlsx);
    reading   from = {.mem = mem, .book = book, .own = own};
    relations package = {.mem = mem, .own = own, .folder = ""}, places = {.mem = mem, .own = own};
    const tz_part_handler for_package = {.start = relations_start, .context = &package};
    const tz_part_handler for_workbook = {.start = workbook_start, .context = &from};
    const tz_part_handler for_places = {.start = relations_start, .context = &places};

    book->kind = "xlsx";
    book->inside->own = own;
    TZ_TRY(tz_zip_open(&book->inside->source, &own->zip, err));
    book->inside->reader = &XLSX; /* from here on the book closes the archive */
    TZ_TRY(read_optional(mem, own->zip, "_rels/.rels", &for_package, err));
    const char *path = package.workbook_path != NULL ? package.workbook_path : "xl/workbook.xml";
    rc = tz_part_all(mem, own->zip, path, &for_workbook, err);
    if (rc == TZ_MISSING) {
        rc = tz_fail(err, TZ_INPUT, "这个压缩包里没有工作簿", "there is no workbook in this archive");
        (void)tz_err_advise(err, "解压后报送其中的表格", "unpack it and send the tables in it");
        goto done;
    }
    if (rc != TZ_OK)
        goto done;
    places.folder = folder_of(mem, path);
    const char *base = strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1;
    TZ_TRY(read_optional(
        mem, own->zip,
        tz_arena_printf(mem, "%s%s_rels/%s.rels", places.folder, places.folder[0] ? "/" : "", base),
        &for_places, err));
    TZ_TRY(read_strings_and_styles(mem, own, &places, err));
    for (size_t i = 0; i < own->sheets.count; i++)
        if (own->sheets.items[i].path != NULL) { /* charts and dialogs have no rows */
            own->sheets.items[book->sheets.count] = own->sheets.items[i];
            tz_push(mem, &book->sheets,
                    (tz_sheet_info){.name = own->sheets.items[i].name,
                                    .is_hidden = own->sheets.items[i].is_hidden});
        }
done:
    if (rc != TZ_OK && own->zip != NULL) {
        xlsx_close(book);
        book->inside->reader = NULL;
    }
    return rc;
}
