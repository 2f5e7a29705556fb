/* xlsx - SpreadsheetML workbooks (ECMA-376, transitional and strict) as streams of rows. */
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/limits.h"
#include "base/map.h"
#include "formats/inside.h"
#include "formats/part.h"

typedef struct {
    const char *name;
    const char *relation; /* r:id */
    const char *path;     /* of its part */
    bool        is_hidden;
} sheet_part;

typedef struct {
    zip_t *zip;
    struct { sheet_part *items; size_t count; size_t room; } sheets;
    struct { tz_text *items; size_t count; size_t room; } strings;
    int64_t string_bytes;
    struct { const char **items; size_t count; size_t room; } formats; /* by cell style */
    tz_map custom; /* numFmtId -> 1-based index into codes */
    struct { const char **items; size_t count; size_t room; } codes;
} workbook;

/* ---- workbook.xml and its relations ---- */

typedef struct {
    tz_arena *mem;
    tz_book  *book;
    workbook *own;
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
        tz_push(from->mem, &from->own->sheets, (sheet_part){
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
    workbook   *own;
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

typedef struct {
    tz_arena *mem;
    workbook *own;
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
            tz_push(from->mem, &from->own->strings, tz_text_keep(from->mem, tz_buf_text(&from->text)));
    }
}

static void strings_text(void *context, const char *text, int size)
{
    strings_reading *from = context;
    if (from->is_text && !from->is_over)
        tz_buf_put(&from->text, (tz_text){text, (size_t)size});
}

/* ---- Styles: which numbers are shown as dates ---- */

typedef struct {
    tz_arena *mem;
    workbook *own;
    bool      is_cells; /* inside cellXfs */
} styles_reading;

/* The built-in formats (ECMA-376 part 1, 18.8.30) that matter to reading; the rest are numbers. */
static const char *builtin_format(int id)
{
    switch (id) {
    case 14: return "mm-dd-yy";
    case 15: return "d-mmm-yy";
    case 16: return "d-mmm";
    case 17: return "mmm-yy";
    case 18: return "h:mm AM/PM";
    case 19: return "h:mm:ss AM/PM";
    case 20: return "h:mm";
    case 21: return "h:mm:ss";
    case 22: return "m/d/yy h:mm";
    case 45: return "mm:ss";
    case 46: return "[h]:mm:ss";
    case 47: return "mmss.0";
    case 9: return "0%";
    case 10: return "0.00%";
    case 1: return "0";
    case 2: return "0.00";
    case 3: return "#,##0";
    case 4: return "#,##0.00";
    case 49: return "@";
    default: break;
    }
    if ((id >= 27 && id <= 36) || (id >= 50 && id <= 58)) /* East Asian dates */
        return "yyyy\"年\"m\"月\"d\"日\"";
    return "General";
}

static void styles_start(void *context, const char *name, const char **attributes)
{
    styles_reading *from = context;
    const char     *id = tz_part_attribute(attributes, "numFmtId");

    if (strcmp(name, "cellXfs") == 0)
        from->is_cells = true;
    if (id == NULL)
        return;
    if (strcmp(name, "numFmt") == 0) {
        const char *code = tz_part_attribute(attributes, "formatCode");
        tz_push(from->mem, &from->own->codes, tz_arena_dup(from->mem, code == NULL ? "General" : code));
        tz_map_put(&from->own->custom, tz_text_of(id), NULL)->value = (int64_t)from->own->codes.count;
    } else if (strcmp(name, "xf") == 0 && from->is_cells && from->own->formats.count < 65536) {
        const tz_map_entry *custom = tz_map_get(&from->own->custom, tz_text_of(id));
        tz_push(from->mem, &from->own->formats,
                custom != NULL ? from->own->codes.items[custom->value - 1] : builtin_format(atoi(id)));
    }
}

static void styles_end(void *context, const char *name)
{
    styles_reading *from = context;
    if (strcmp(name, "cellXfs") == 0)
        from->is_cells = false;
}

/* A format shows a date when y, m, d, h or s stands outside quotes, brackets and escapes. */
static bool is_date_format(const char *format)
{
    for (const char *at = format; *at != '\0' && *at != ';'; at++) {
        if (*at == '"') {
            at = strchr(at + 1, '"');
            if (at == NULL)
                return false;
        } else if (*at == '[') {
            const char *close = strchr(at, ']');
            if (close == NULL)
                return false;
            if (close - at <= 3 && strchr("hHmMsS", at[1]) != NULL)
                return true; /* [h]:mm */
            at = close;
        } else if (*at == '\\' || *at == '_' || *at == '*') {
            if (at[1] != '\0')
                at++;
        } else if (strncmp(at, "General", 7) == 0) {
            return false;
        } else if (strchr("yYmMdDhHsS", *at) != NULL) {
            return true;
        }
    }
    return false;
}

/* ---- A sheet ---- */

typedef struct {
    tz_book  *book;
    workbook *own;
    tz_part  *part;
    tz_part_handler handler;
    tz_arena  row_mem; /* reset for each row */
    struct { tz_cell *items; size_t count; size_t room; } cells;
    tz_row    row;
    int64_t   next_row;
    int32_t   next_column;
    bool      has_row;  /* a row is complete */
    bool      is_done;
    bool      is_value; /* inside v or t */
    bool      is_cell;
    int       phonetic;
    char      type;     /* n, s (shared), t (text), b, e */
    tz_cell   cell;
    int32_t   column;
    tz_buf    text;
} xlsx_sheet;

/* "BC12": the 0-based column, or -1. */
static int32_t column_of(const char *reference)
{
    int32_t column = 0;
    size_t  i = 0;

    for (; (reference[i] | 32) >= 'a' && (reference[i] | 32) <= 'z' && i < 4; i++)
        column = column * 26 + ((reference[i] | 32) - 'a' + 1);
    return i == 0 || column > TZ_MAX_COLUMNS ? -1 : column - 1;
}

static void start_row(xlsx_sheet *sheet, const char **attributes)
{
    const char *number = tz_part_attribute(attributes, "r");
    const char *hidden = tz_part_attribute(attributes, "hidden");
    int64_t     row_no = number == NULL ? sheet->next_row : atoll(number);

    tz_arena_reset(&sheet->row_mem);
    memset(&sheet->cells, 0, sizeof sheet->cells);
    if (row_no < 1 || row_no > TZ_MAX_ROWS)
        tz_part_stop(sheet->part, TZ_LIMIT);
    sheet->row = (tz_row){.row_no = row_no, .is_hidden = hidden != NULL && (strcmp(hidden, "1") == 0 || strcmp(hidden, "true") == 0)};
    sheet->next_row = row_no + 1;
    sheet->next_column = 0;
}

static void start_cell(xlsx_sheet *sheet, const char **attributes)
{
    const char *reference = tz_part_attribute(attributes, "r");
    const char *type = tz_part_attribute(attributes, "t");
    const char *style = tz_part_attribute(attributes, "s");

    sheet->column = reference == NULL ? sheet->next_column : column_of(reference);
    if (sheet->column < 0 || sheet->column >= TZ_MAX_COLUMNS)
        tz_part_stop(sheet->part, TZ_LIMIT);
    sheet->next_column = sheet->column + 1;
    sheet->cell = (tz_cell){.style = style == NULL ? -1 : atoi(style)};
    sheet->type = type == NULL || strcmp(type, "n") == 0 ? 'n' : strcmp(type, "s") == 0 ? 's' : strcmp(type, "b") == 0 ? 'b'
                                                           : strcmp(type, "e") == 0     ? 'e' : 't';
    sheet->is_cell = true;
    sheet->text = tz_buf_init(&sheet->row_mem, TZ_MAX_CELL_BYTES);
}

static void sheet_start(void *context, const char *name, const char **attributes)
{
    xlsx_sheet *sheet = context;

    if (strcmp(name, "row") == 0)
        start_row(sheet, attributes);
    else if (strcmp(name, "c") == 0)
        start_cell(sheet, attributes);
    else if (strcmp(name, "rPh") == 0)
        sheet->phonetic++;
    else if (sheet->is_cell && (strcmp(name, "v") == 0 || (strcmp(name, "t") == 0 && sheet->phonetic == 0)))
        sheet->is_value = true;
}

/* What was collected as a cell of its kind. */
static void finish_cell(xlsx_sheet *sheet)
{
    tz_cell *cell = &sheet->cell;
    int64_t  index = 0;

    cell->text = tz_buf_text(&sheet->text);
    cell->is_cut = sheet->text.is_over;
    if (sheet->type == 's') {
        bool is_known = tz_text_int(tz_text_trim(cell->text), &index) && index >= 0 && (size_t)index < sheet->own->strings.count;
        cell->text = is_known ? sheet->own->strings.items[index] : (tz_text){0};
        cell->kind = TZ_CELL_TEXT;
    } else {
        cell->kind = sheet->type == 'n' ? TZ_CELL_NUMBER : sheet->type == 'b' ? TZ_CELL_BOOL
                     : sheet->type == 'e' ? TZ_CELL_ERROR : TZ_CELL_TEXT;
    }
    if (cell->text.size == 0)
        cell->kind = TZ_CELL_EMPTY;
    if (cell->kind == TZ_CELL_NUMBER)
        cell->is_date = is_date_format(tz_book_format(sheet->book, cell->style));
    if (cell->kind != TZ_CELL_EMPTY) {
        while (sheet->cells.count <= (size_t)sheet->column)
            tz_push(&sheet->row_mem, &sheet->cells, (tz_cell){.style = -1});
        sheet->cells.items[sheet->column] = *cell;
    }
    sheet->is_cell = false;
}

static void sheet_end(void *context, const char *name)
{
    xlsx_sheet *sheet = context;

    if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0) {
        sheet->is_value = false;
    } else if (strcmp(name, "rPh") == 0) {
        sheet->phonetic--;
    } else if (strcmp(name, "c") == 0 && sheet->is_cell) {
        finish_cell(sheet);
    } else if (strcmp(name, "row") == 0 && sheet->cells.count > 0) {
        sheet->row.count = sheet->cells.count;
        sheet->row.cells = sheet->cells.items;
        sheet->has_row = true;
        tz_part_pause(sheet->part);
    }
}

static void sheet_text(void *context, const char *text, int size)
{
    xlsx_sheet *sheet = context;
    if (sheet->is_value)
        tz_buf_put(&sheet->text, (tz_text){text, (size_t)size});
}

static tz_rc xlsx_sheet_open(tz_arena *mem, tz_book *book, size_t index, void **ret_inside, tz_err *err)
{
    workbook   *own = book->inside->own;
    xlsx_sheet *sheet = tz_new(mem, xlsx_sheet);

    *sheet = (xlsx_sheet){.book = book, .own = own, .next_row = 1};
    sheet->handler = (tz_part_handler){.start = sheet_start, .end = sheet_end, .text = sheet_text, .context = sheet};
    sheet->text = tz_buf_init(&sheet->row_mem, TZ_MAX_CELL_BYTES);
    tz_rc rc = tz_part_open(mem, own->zip, own->sheets.items[index].path, &sheet->handler, &sheet->part, err);
    if (rc == TZ_OK)
        *ret_inside = sheet;
    return rc == TZ_MISSING ? (err->code = TZ_INPUT) : rc;
}

static tz_rc xlsx_sheet_next(void *inside, const tz_row **ret_row, tz_err *err)
{
    xlsx_sheet *sheet = inside;

    *ret_row = NULL;
    sheet->has_row = false;
    while (!sheet->is_done && !sheet->has_row) {
        tz_rc rc = tz_part_read(sheet->part, &sheet->is_done, err);
        if (rc != TZ_OK)
            return rc;
    }
    if (sheet->has_row)
        *ret_row = &sheet->row;
    return TZ_OK;
}

static void xlsx_sheet_close(void *inside)
{
    xlsx_sheet *sheet = inside;
    tz_part_close(sheet->part);
    tz_arena_free(&sheet->row_mem);
}

/* ---- Merged areas ---- */

typedef struct {
    tz_arena  *mem;
    tz_merges *merges;
} merges_reading;

/* "B2:D4" */
static bool read_area(const char *reference, tz_merge *ret_area)
{
    const char *colon = strchr(reference, ':');
    if (colon == NULL)
        return false;
    tz_merge area = {.first_column = column_of(reference), .last_column = column_of(colon + 1)};
    area.first_row = atoll(reference + strcspn(reference, "0123456789"));
    area.last_row = atoll(colon + 1 + strcspn(colon + 1, "0123456789"));
    *ret_area = area;
    return area.first_column >= 0 && area.last_column >= area.first_column && area.first_row > 0 && area.last_row >= area.first_row;
}

static void merges_start(void *context, const char *name, const char **attributes)
{
    merges_reading *from = context;
    const char     *reference = tz_part_attribute(attributes, "ref");
    tz_merge        area;

    if (strcmp(name, "mergeCell") == 0 && reference != NULL && from->merges->count < 1000000 && read_area(reference, &area))
        tz_push(from->mem, from->merges, area);
}

static tz_rc xlsx_merges(tz_arena *mem, tz_book *book, size_t index, tz_merges *ret_merges, tz_err *err)
{
    workbook             *own = book->inside->own;
    tz_merges             merges = {0};
    merges_reading        from = {.mem = mem, .merges = &merges};
    const tz_part_handler handler = {.start = merges_start, .context = &from};
    tz_rc rc = tz_part_all(mem, own->zip, own->sheets.items[index].path, &handler, err);
    if (rc == TZ_OK)
        *ret_merges = merges;
    return rc;
}

static const char *xlsx_format(const tz_book *book, int32_t style)
{
    const workbook *own = book->inside->own;
    return style >= 0 && (size_t)style < own->formats.count ? own->formats.items[style] : "General";
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
    workbook        *own = book->inside->own;
    property_reading from = {.wanted = name, .text = tz_buf_init(mem, 4096)};
    const tz_part_handler handler = {.start = property_start, .text = property_text, .context = &from};
    tz_err ignored;

    if (tz_part_all(mem, own->zip, "docProps/custom.xml", &handler, &ignored) != TZ_OK || !from.is_found)
        return NULL;
    return tz_text_dup(mem, tz_text_trim(tz_buf_text(&from.text)));
}

static void xlsx_close(tz_book *book)
{
    workbook *own = book->inside->own;
    if (own->zip != NULL)
        zip_discard(own->zip);
    own->zip = NULL;
}

static const tz_reader XLSX = {.sheet_open = xlsx_sheet_open, .sheet_next = xlsx_sheet_next, .sheet_close = xlsx_sheet_close,
                               .merges = xlsx_merges, .format = xlsx_format, .property = xlsx_property, .close = xlsx_close};

/* ---- Opening ---- */

static tz_rc open_zip(tz_book *book, workbook *own, tz_err *err)
{
    zip_error_t   wrong;
    zip_source_t *source = NULL;

    zip_error_init(&wrong);
    source = zip_source_buffer_create(book->inside->data.data, book->inside->data.size, 0, &wrong);
    own->zip = source == NULL ? NULL : zip_open_from_source(source, ZIP_RDONLY, &wrong);
    zip_error_fini(&wrong);
    if (own->zip == NULL) {
        zip_source_free(source);
        (void)tz_fail(err, TZ_INPUT, "工作簿损坏,或没有传完", "the workbook is damaged or cut off");
        return tz_err_advise(err, "请重新报送;或用 Excel、WPS 打开后另存", "ask for it again, or open it in Excel or WPS and save it");
    }
    if (zip_get_num_entries(own->zip, 0) > TZ_MAX_ZIP_ENTRIES)
        return tz_fail(err, TZ_LIMIT, "压缩包内文件过多", "the archive holds too many files");
    return TZ_OK;
}

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

static tz_rc read_strings_and_styles(tz_arena *mem, workbook *own, const relations *places, tz_err *err)
{
    tz_rc           rc = TZ_OK;
    strings_reading strings = {.mem = mem, .own = own, .text = tz_buf_init(mem, TZ_MAX_CELL_BYTES)};
    styles_reading  styles = {.mem = mem, .own = own};
    const tz_part_handler for_strings = {.start = strings_start, .end = strings_end, .text = strings_text, .context = &strings};
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
    workbook *own = tz_new(mem, workbook);
    reading   from = {.mem = mem, .book = book, .own = own};
    relations package = {.mem = mem, .own = own, .folder = ""}, places = {.mem = mem, .own = own};
    const tz_part_handler for_package = {.start = relations_start, .context = &package};
    const tz_part_handler for_workbook = {.start = workbook_start, .context = &from};
    const tz_part_handler for_places = {.start = relations_start, .context = &places};

    own->custom = tz_map_init(mem);
    book->kind = "xlsx";
    book->inside->own = own;
    TZ_TRY(open_zip(book, own, err));
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
            tz_push(mem, &book->sheets, (tz_sheet_info){.name = own->sheets.items[i].name, .is_hidden = own->sheets.items[i].is_hidden});
        }
done:
    if (rc != TZ_OK && own->zip != NULL) {
        xlsx_close(book);
        book->inside->reader = NULL;
    }
    return rc;
}
