#include "ledger/sheet.h"

#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "formats/book.h"

enum { HEADER_WITHIN = 30, LEAST_KNOWN = 2 };

/* How lists name a column: whole titles, folded and without brackets and what stands in them, a blank between two. */
static const struct {
    const char *name, *titles;
} KNOWN[TZ_LIST_COLUMNS] = {
    [TZ_LIST_NUMBER] = {"number", "序号 编号 问题编号 序列 no no."},
    [TZ_LIST_PROBLEM] = {"problem",
        "问题 存在问题 存在的问题 问题描述 问题内容 问题清单 问题表现 问题事项 具体问题 "
        "主要问题 反馈问题 反馈意见 巡察反馈问题 巡视反馈问题 反映问题 反映的问题 问题情况 "
        "具体问题表现 发现问题 发现的问题 诉求内容 整改问题"},
    [TZ_LIST_MEASURE] = {"measure",
        "整改措施 措施 具体措施 整改举措 整改任务 工作措施 具体整改措施 整改内容 整改要求"},
    [TZ_LIST_GOAL] = {"goal", "整改目标 目标 目标任务 工作目标"},
    [TZ_LIST_UNIT] = {"unit",
        "责任单位 牵头单位 责任部门 整改单位 牵头责任单位 整改责任单位 承办单位 主责单位 "
        "牵头部门 主办单位 整改主体 责任主体 牵头整改单位"},
    [TZ_LIST_SUPPORT] = {"support", "配合单位 协办单位 参与单位 配合部门 协助单位 责任配合单位"},
    [TZ_LIST_RESPONSIBLE] = {"responsible",
        "责任人 整改责任人 直接责任人 经办人 具体责任人 整改人 负责人 责任人员"},
    [TZ_LIST_LEADER] = {"leader",
        "分管领导 包案领导 责任领导 牵头领导 主管领导 牵头县领导 包联领导 县级领导"},
    [TZ_LIST_DUE] = {"due",
        "整改时限 完成时限 整改期限 时限 期限 办结时限 计划完成时间 整改完成时限 时间要求 "
        "时限要求 完成期限 整改时间 预计完成时间"},
    [TZ_LIST_PROGRESS] = {"progress",
        "进展 整改进展 进展情况 整改情况 整改进展情况 工作进展 落实情况 整改落实情况 "
        "目前进展"},
    [TZ_LIST_RESULT] = {"result",
        "完成情况 是否完成 整改完成情况 整改状态 完成进度 整改成效 整改结果 完成时间 "
        "办理结果"},
    [TZ_LIST_CLOSED] = {"closed", "销号 是否销号 销号情况 销号状态 销号时间 是否办结"},
    [TZ_LIST_SOURCE] = {"source", "问题来源 来源 反馈单位 检查组 线索来源 反馈来源"},
    [TZ_LIST_KIND] = {"kind", "问题类别 类别 问题类型 分类 问题分类"},
    [TZ_LIST_PEOPLE] = {"people", "涉及群众 当事人 户主 户主姓名 涉及农户 群众姓名"},
    [TZ_LIST_REMARK] = {"remark", "备注 说明"},
};

/* The next title of a list of them; false at its end. */
static bool next_title(const char **titles, tz_text *ret_title)
{
    size_t size = strcspn(*titles, " ");

    *ret_title = (tz_text){*titles, size};
    *titles += size + ((*titles)[size] == ' ');
    return size > 0;
}

const char *tz_list_column_name(tz_list_column_kind kind)
{
    return KNOWN[kind].name;
}

bool tz_list_is_column(const char *name)
{
    for (int kind = 0; kind < TZ_LIST_COLUMNS; kind++)
        if (strcmp(KNOWN[kind].name, name) == 0)
            return true;
    return false;
}

/* ---- Headers ---- */

typedef struct {
    const char *header; /* as written; NULL: none */
    int         kind;   /* of KNOWN, -1: not known */
    const char *field;  /* of the ledger, or NULL */
    const char *reason; /* "中文|English" */
} column;

typedef struct {
    tz_arena        *mem;
    const tz_ledger *ledger;
    struct { column *items; size_t count; size_t room; } columns;
} header;

/* Folded, without what stands in brackets: "责任单位(盖章)" is 责任单位. */
static tz_text plain_title(tz_arena *mem, tz_text title)
{
    tz_text folded = tz_text_fold(mem, title);
    size_t  open = tz_text_find(folded, TZ_TEXT("("), 0);

    return open == SIZE_MAX || open == 0 ? folded : tz_text_cut(folded, 0, open);
}

/* The kind that a title names, -1. Exact titles only: "问题整改责任单位" must not pass for 问题. */
static int kind_of(tz_text plain)
{
    tz_text title;

    for (int kind = 0; kind < TZ_LIST_COLUMNS; kind++)
        for (const char *titles = KNOWN[kind].titles; next_title(&titles, &title);)
            if (tz_text_equal(plain, title))
                return kind;
    return -1;
}

/* Else the kind whose title it ends in, the longest first: 中央巡视组反馈问题, 县级牵头单位. */
static int kind_by_ending(tz_text plain)
{
    int     best = -1;
    size_t  longest = strlen("问题"); /* two characters prove nothing */
    tz_text title;

    for (int kind = 0; kind < TZ_LIST_COLUMNS; kind++)
        for (const char *titles = KNOWN[kind].titles; next_title(&titles, &title);)
            if (title.size > longest && tz_text_ends(plain, title)) {
                longest = title.size;
                best = kind;
            }
    return best;
}

static const char *ledger_field(header *of, tz_text plain)
{
    for (size_t i = 0; i < of->ledger->fields.count; i++) {
        const tz_ledger_field *field = &of->ledger->fields.items[i];
        size_t                 zh_size = 0;
        const char            *zh = tz_half(field->title, TZ_ZH, &zh_size);
        if (tz_text_equal(plain, tz_text_fold(of->mem, (tz_text){zh, zh_size})))
            return field->name;
        for (size_t j = 0; j < field->synonyms.count; j++)
            if (tz_text_equal(plain, tz_text_fold(of->mem, tz_text_of(field->synonyms.items[j]))))
                return field->name;
    }
    return NULL;
}

static bool is_taken(const header *of, int kind)
{
    for (size_t i = 0; i < of->columns.count; i++)
        if (of->columns.items[i].kind == kind)
            return true;
    return false;
}

/* What a header cell means; a kind goes to the first column that claims it. */
static column judge_title(header *of, tz_text title)
{
    tz_text plain = plain_title(of->mem, title);
    column  is = {.header = tz_text_dup(of->mem, tz_text_trim(title)), .kind = kind_of(plain), .field = ledger_field(of, plain)};

    is.reason = is.field != NULL ? "台账的栏目|a field of the ledger" : "标题|the title";
    if (is.kind < 0 && is.field == NULL) {
        is.kind = kind_by_ending(plain);
        is.reason = is.kind >= 0 ? "标题的结尾|the end of the title" : "不认识,原样保留|not known, kept as it is";
    }
    if (is.kind >= 0 && is_taken(of, is.kind)) {
        is.kind = -1;
        is.reason = "前面已有此栏,原样保留|an earlier column is it already, kept as it is";
    }
    return is;
}

/* The columns of a row read as a header. */
static void read_header(header *of, const tz_row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        tz_text title = tz_text_trim(row->cells[i].text);
        column  is = {.kind = -1};
        if (row->cells[i].kind == TZ_CELL_TEXT && title.size > 0)
            is = judge_title(of, title);
        tz_push(of->mem, &of->columns, is);
    }
}

static size_t known_count(const header *of)
{
    size_t known = 0;
    for (size_t i = 0; i < of->columns.count; i++)
        known += of->columns.items[i].kind >= 0 || of->columns.items[i].field != NULL;
    return known;
}

/* A second line of the header: columns that the first left open, or titled only for a group (整改情况 over 进展 and
 * 完成情况). True if the row is one. */
static bool read_second_line(header *of, const tz_row *row)
{
    header second = {.mem = of->mem, .ledger = of->ledger};

    read_header(&second, row);
    size_t known = known_count(&second), filled = 0;
    for (size_t i = 0; i < row->count; i++)
        filled += tz_text_trim(row->cells[i].text).size > 0;
    if (known == 0 || known * 2 < filled)
        return false;
    for (size_t i = 0; i < second.columns.count; i++) {
        if (second.columns.items[i].header == NULL)
            continue;
        while (of->columns.count <= i)
            tz_push(of->mem, &of->columns, ((column){.kind = -1}));
        of->columns.items[i] = (column){.kind = -1}; /* what it was called takes nothing from what it is now */
        of->columns.items[i] = judge_title(of, tz_text_of(second.columns.items[i].header));
    }
    return true;
}

/* ---- Cells ---- */

/* A cell as its clerk reads it, NULL for an empty one; a date as YYYY-MM-DD. */
static const char *cell_text(tz_arena *mem, const tz_book *book, const tz_cell *cell)
{
    tz_text text = tz_text_trim(cell->text);
    int64_t serial = 0;
    size_t  dot = tz_text_find(text, TZ_TEXT("."), 0);
    char    day[TZ_DATE_TEXT];

    if (cell->kind == TZ_CELL_EMPTY || cell->kind == TZ_CELL_ERROR || text.size == 0)
        return NULL;
    if (cell->kind == TZ_CELL_NUMBER && cell->is_date && tz_text_int(tz_text_cut(text, 0, dot == SIZE_MAX ? text.size : dot), &serial)) {
        int32_t ymd = tz_date_from_serial(serial, book->is_1904);
        tz_date_format(ymd, day);
        return ymd == 0 ? tz_text_dup(mem, text) : tz_arena_dup(mem, day);
    }
    return tz_text_dup(mem, text);
}

static tz_list_row read_row(const header *of, const tz_book *book, const tz_row *row)
{
    tz_list_row list = {.row_no = row->row_no, .fields = json_object(), .all = json_object()};
    char        letters[8];

    for (size_t i = 0; i < row->count; i++) {
        const char *text = cell_text(of->mem, book, &row->cells[i]);
        if (text == NULL)
            continue;
        const column *is = i < of->columns.count ? &of->columns.items[i] : NULL;
        tz_column_letters((int32_t)i, letters);
        (void)json_object_set_new(list.all, is == NULL || is->header == NULL || json_object_get(list.all, is->header) != NULL ? letters : is->header,
                                  tz_json_text(tz_text_of(text)));
        if (is != NULL && is->kind >= 0)
            list.cells[is->kind] = text;
        if (is != NULL && is->field != NULL)
            (void)json_object_set_new(list.fields, is->field, tz_json_text(tz_text_of(text)));
    }
    return list;
}

/* The first cell that holds something; NULL: none. */
static const char *first_cell(const tz_list_row *row)
{
    const char *key;
    json_t     *value;

    json_object_foreach(row->all, key, value)
        return json_string_value(value);
    return NULL;
}

/* Below the problems: totals, who filled it in, a note. Words that a problem may begin with count only where no problem is. */
static bool is_note(const tz_list_row *row)
{
    static const char *const TOTALS[] = {"合计", "总计", "小计"};
    static const char *const STARTS[] = {"填表", "填报", "审核", "制表", "注:", "注\xEF\xBC\x9A", "说明", "单位负责人", "备注"};
    const char *first = first_cell(row);
    bool        has_none = row->cells[TZ_LIST_PROBLEM] == NULL && row->cells[TZ_LIST_MEASURE] == NULL;

    for (size_t i = 0; first != NULL && i < sizeof TOTALS / sizeof TOTALS[0]; i++)
        if (tz_text_starts(tz_text_of(first), tz_text_of(TOTALS[i])))
            return true;
    for (size_t i = 0; first != NULL && has_none && i < sizeof STARTS / sizeof STARTS[0]; i++)
        if (tz_text_starts(tz_text_of(first), tz_text_of(STARTS[i])))
            return true;
    return false;
}

static void add_row(header *of, const tz_book *book, const tz_row *row, tz_list *list)
{
    tz_list_row read = read_row(of, book, row);
    bool        is_blank = json_object_size(read.all) == 0;

    if (!is_blank && !is_note(&read)) {
        tz_push(of->mem, &list->rows, read);
        return;
    }
    list->blank += is_blank;
    list->notes += !is_blank;
    json_decref(read.fields);
    json_decref(read.all);
}

/* ---- A sheet ---- */

static json_t *mapping_json(const header *of)
{
    json_t *list = json_array();
    char    letters[8];

    for (size_t i = 0; i < of->columns.count; i++) {
        const column *is = &of->columns.items[i];
        if (is->header == NULL)
            continue;
        json_t *line = json_object();
        tz_column_letters((int32_t)i, letters);
        tz_json_set_str(line, "column", letters);
        tz_json_set_str(line, "header", is->header);
        tz_json_set_str(line, "field", is->field != NULL ? is->field : is->kind < 0 ? NULL : KNOWN[is->kind].name);
        tz_json_set_str(line, "reason", is->reason);
        (void)json_array_append_new(list, line);
    }
    return list;
}

/* The one text of a row above the header. */
static const char *title_in(tz_arena *mem, const tz_row *row)
{
    const char *title = NULL;

    for (size_t i = 0; i < row->count; i++)
        if (row->cells[i].kind == TZ_CELL_TEXT && tz_text_trim(row->cells[i].text).size > 0) {
            if (title != NULL)
                return NULL;
            title = tz_text_dup(mem, tz_text_trim(row->cells[i].text));
        }
    return title;
}

/* One sheet into list; its rows stay empty when it has no column of problems. */
static tz_rc read_sheet(tz_arena *mem, tz_book *book, size_t index, const tz_ledger *ledger, tz_list *list, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_sheet     *sheet = NULL;
    const tz_row *row = NULL;
    header        of = {.mem = mem, .ledger = ledger};
    int64_t       before = 0;

    TZ_TRY(tz_sheet_open(mem, book, index, &sheet, err));
    for (;;) {
        TZ_TRY(tz_sheet_next(sheet, &row, err));
        if (row == NULL)
            break;
        if (list->header_row == 0) {
            of.columns.count = 0;
            read_header(&of, row);
            if (known_count(&of) >= LEAST_KNOWN && is_taken(&of, TZ_LIST_PROBLEM))
                list->header_row = row->row_no;
            else if (++before == HEADER_WITHIN)
                break;
            else if (list->title == NULL)
                list->title = title_in(mem, row);
        } else if (list->rows.count > 0 || row->row_no != list->header_row + 1 || !read_second_line(&of, row)) {
            add_row(&of, book, row, list);
        }
    }
    if (list->header_row != 0) {
        list->sheet = book->sheets.items[index].name;
        list->mapping = mapping_json(&of);
    }
done:
    tz_sheet_close(sheet);
    return rc;
}

static tz_rc read_book(tz_arena *mem, tz_book *book, const tz_ledger *ledger, tz_lists *lists, tz_err *err)
{
    tz_rc rc = TZ_OK;

    for (size_t i = 0; i < book->sheets.count && rc == TZ_OK; i++) {
        tz_list list = {0};
        if (book->sheets.items[i].is_hidden)
            continue;
        rc = read_sheet(mem, book, i, ledger, &list, err);
        if (list.header_row != 0 || list.rows.count > 0)
            tz_push(mem, lists, list); /* freed with the others, whatever comes */
    }
    return rc;
}

tz_rc tz_lists_read(tz_arena *mem, const char *path, const tz_ledger *ledger, tz_lists *ret_lists, tz_err *err)
{
    tz_assert(mem != NULL && path != NULL && ledger != NULL && ret_lists != NULL);
    tz_rc    rc = TZ_OK;
    tz_book *book = NULL;
    tz_lists lists = {0};

    TZ_TRY(tz_book_open(mem, path, &book, err));
    TZ_TRY(read_book(mem, book, ledger, &lists, err));
    if (lists.count == 0) {
        (void)tz_fail(err, TZ_INPUT, "没有找到问题清单的表头", "no header of a list of problems was found");
        (void)tz_err_at(err, book->file, NULL, 0, NULL);
        rc = tz_err_advise(err, "表头要有“问题”(或存在问题、反馈意见等)和至少一栏:整改措施、责任单位、责任人、整改时限、进展",
                           "a header has 问题 (or 存在问题, 反馈意见 …) and at least one of 整改措施, 责任单位, 责任人, 整改时限, 进展");
        goto done;
    }
    *ret_lists = lists;
    lists = (tz_lists){0};
done:
    tz_lists_free(&lists);
    tz_book_close(book);
    return rc;
}

void tz_lists_free(tz_lists *lists)
{
    for (size_t i = 0; i < lists->count; i++) {
        tz_list *list = &lists->items[i];
        for (size_t j = 0; j < list->rows.count; j++) {
            json_decref(list->rows.items[j].fields);
            json_decref(list->rows.items[j].all);
        }
        json_decref(list->mapping);
    }
    *lists = (tz_lists){0};
}
