/* packnew - a pack's first files: a register, a check with its fixture, a figure, a section, a page for the clerk. */
#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "base/idcard.h"
#include "base/limits.h"
#include "base/money.h"
#include "evidence/sheet.h"
#include "flow/flow.h"
#include "flow/packwork.h"

/* A column of the new register. */
typedef struct {
    const char       *name, *title; /* title "中文 | English" */
    const char       *header;       /* as the sheet says it */
    tz_type           type;
    tz_division_level level;
} new_column;

typedef struct {
    tz_arena   *mem;
    const char *folder, *name; /* of the pack */
    const char *table;         /* its register */
    struct { new_column *items; size_t count; size_t room; } columns;
    tz_strings *files;         /* written */
} begun;

static const char *type_name(tz_type type)
{
    static const char *const NAMES[] = {"text", "text", "id", "date", "month", "term", "int", "decimal(18,2)", "money", "percent",
                                        "division", "phone", "bank", "credit_code", "yesno"};
    return NAMES[type];
}

static const new_column *column_of(const begun *of, tz_type type)
{
    for (size_t i = 0; i < of->columns.count; i++)
        if (of->columns.items[i].type == type)
            return &of->columns.items[i];
    return NULL;
}

static const new_column *column_named(const begun *of, const char *name)
{
    for (size_t i = 0; i < of->columns.count; i++)
        if (strcmp(of->columns.items[i].name, name) == 0)
            return &of->columns.items[i];
    return NULL;
}

/* ---- Columns from a sample ---- */

static size_t filled(const tz_row *row)
{
    size_t count = 0;
    for (size_t i = 0; i < row->count; i++)
        count += row->cells[i].kind != TZ_CELL_EMPTY;
    return count;
}

static bool is_all_text(const tz_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (row->cells[i].kind != TZ_CELL_EMPTY && row->cells[i].kind != TZ_CELL_TEXT)
            return false;
    return true;
}

/* The first row of texts that is about as wide as the widest; SIZE_MAX: there is none. */
static size_t find_header(const tz_sheet_head *head)
{
    size_t widest = 0;

    for (size_t i = 0; i < head->rows.count; i++)
        if (filled(&head->rows.items[i]) > widest)
            widest = filled(&head->rows.items[i]);
    for (size_t i = 0; i < head->rows.count; i++)
        if (widest >= 2 && filled(&head->rows.items[i]) * 3 >= widest * 2 && is_all_text(&head->rows.items[i]))
            return i;
    return SIZE_MAX;
}

static bool is_same(tz_arena *mem, tz_text header, const char *title)
{
    return tz_text_equal(tz_text_fold(mem, header), tz_text_fold(mem, tz_text_of(title)));
}

static bool is_called(tz_arena *mem, const tz_column *column, tz_text header)
{
    size_t      size = 0;
    const char *zh = tz_half(column->title, TZ_ZH, &size);

    if (is_same(mem, header, tz_arena_copy(mem, zh, size)))
        return true;
    for (size_t i = 0; i < column->synonyms.count; i++)
        if (is_same(mem, header, column->synonyms.items[i]))
            return true;
    return false;
}

/* The column of any shipped register that is called so. */
static const tz_column *known_column(tz_arena *mem, const tz_packs *packs, tz_text header)
{
    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].registers.count; j++) {
            const tz_register *reg = &packs->packs.items[i].registers.items[j];
            for (size_t k = 0; k < reg->columns.count; k++)
                if (is_called(mem, &reg->columns.items[k], header))
                    return &reg->columns.items[k];
        }
    return NULL;
}

/* What all the values below the header can be: whole numbers, amounts, days, else text. */
static tz_type guess_type(const tz_sheet_head *head, size_t header, size_t column)
{
    bool is_int = true, is_decimal = true, is_date = true, is_seen = false;

    for (size_t i = header + 1; i < head->rows.count; i++) {
        const tz_row *row = &head->rows.items[i];
        tz_decimal    decimal;
        int64_t       number = 0;
        int32_t       day = 0;
        if (column >= row->count || row->cells[column].kind == TZ_CELL_EMPTY)
            continue;
        const tz_cell *cell = &row->cells[column];
        is_seen = true;
        is_date = is_date && (cell->is_date || (cell->kind == TZ_CELL_TEXT && tz_date_parse(cell->text, &day)));
        is_int = is_int && !cell->is_date && tz_text_int(tz_text_trim(cell->text), &number);
        is_decimal = is_decimal && !cell->is_date && tz_decimal_parse(tz_text_trim(cell->text), &decimal);
    }
    return !is_seen ? TZ_TYPE_TEXT : is_date ? TZ_TYPE_DATE : is_int ? TZ_TYPE_INT : is_decimal ? TZ_TYPE_DECIMAL : TZ_TYPE_TEXT;
}

static void add_column(begun *of, new_column column)
{
    if (column_named(of, column.name) != NULL)
        column.name = tz_arena_printf(of->mem, "column_%zu", of->columns.count + 1);
    tz_push(of->mem, &of->columns, column);
}

static void take_header(begun *of, const tz_packs *packs, const tz_sheet_head *head, size_t header)
{
    const tz_row *row = &head->rows.items[header];

    for (size_t i = 0; i < row->count; i++) {
        tz_text text = tz_text_trim(row->cells[i].text);
        if (text.size == 0)
            continue;
        const tz_column *known = known_column(of->mem, packs, text);
        const char      *name = known != NULL ? known->name : tz_arena_printf(of->mem, "column_%zu", of->columns.count + 1);
        tz_buf           plain = tz_buf_init(of->mem, 0);
        for (size_t j = 0; j < text.size; j++) /* a title in one line, without what YAML or CSV would read */
            if (strchr("\n\r\"\\|,", text.data[j]) == NULL)
                tz_buf_char(&plain, text.data[j]);
        const char *shown = tz_buf_str(&plain) == NULL ? name : tz_buf_str(&plain);
        size_t      size = 0;
        const char *en = known == NULL ? name : tz_half(known->title, TZ_EN, &size);
        add_column(of, (new_column){.name = name, .header = shown,
                                    .title = tz_arena_printf(of->mem, "%s | %.*s", shown, size == 0 ? (int)strlen(en) : (int)size, en),
                                    .type = known != NULL ? known->type : guess_type(head, header, i),
                                    .level = known != NULL ? known->level : TZ_DIVISION_VILLAGE});
    }
}

static tz_rc load_shipped(tz_arena *mem, const tz_app *app, tz_packs **ret_packs, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *folder = NULL;
    tz_strings  names = {0};
    tz_county  *county = tz_new(mem, tz_county);

    TZ_TRY(tz_packs_shipped(mem, app->program, &folder, err));
    TZ_TRY(tz_flow_shipped(mem, app, &names, err));
    for (size_t i = 0; i < names.count; i++)
        tz_push(mem, &county->packs, names.items[i]);
    TZ_TRY(tz_packs_load(mem, county, NULL, folder, ret_packs, err));
done:
    return rc;
}

static tz_rc read_sample(begun *of, const tz_app *app, const char *sample, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_book      *book = NULL;
    tz_packs     *packs = NULL;
    tz_sheet_head head = {0};

    TZ_TRY(load_shipped(of->mem, app, &packs, err));
    TZ_TRY(tz_book_open(of->mem, sample, &book, err));
    TZ_TRY(tz_sheet_head_read(of->mem, book, 0, &head, err));
    size_t header = find_header(&head);
    if (header == SIZE_MAX) {
        (void)tz_fail(err, TZ_INPUT, "样表中找不到表头", "the sample has no header");
        (void)tz_err_advise(err, "第一张表里要有一行列名", "its first sheet needs a row of column titles");
        rc = tz_err_at(err, tz_file_base(sample), NULL, 0, NULL);
        goto done;
    }
    take_header(of, packs, &head, header);
done:
    tz_book_close(book);
    return rc;
}

static void take_plain(begun *of)
{
    static const new_column PLAIN[] = {
        {"village", "村(社区) | Village", "村(社区)", TZ_TYPE_DIVISION, TZ_DIVISION_VILLAGE},
        {"name", "姓名 | Name", "姓名", TZ_TYPE_TEXT, TZ_DIVISION_VILLAGE},
        {"id", "身份证号码 | ID number", "身份证号码", TZ_TYPE_ID, TZ_DIVISION_VILLAGE},
        {"amount", "金额 | Amount", "金额", TZ_TYPE_MONEY, TZ_DIVISION_VILLAGE},
    };
    for (size_t i = 0; i < sizeof PLAIN / sizeof PLAIN[0]; i++)
        tz_push(of->mem, &of->columns, PLAIN[i]);
}

/* ---- Writing ---- */

static tz_rc write_file(begun *of, const char *path, const tz_buf *text, tz_err *err)
{
    tz_push(of->mem, of->files, tz_arena_printf(of->mem, "%s/%s", of->folder, path));
    return tz_file_write(of->files->items[of->files->count - 1], tz_buf_text(text), 0644, err);
}

static bool has_person(const begun *of)
{
    return column_of(of, TZ_TYPE_ID) != NULL || column_named(of, "name") != NULL;
}

/* What makes a row itself: the person, or the first column. */
static const new_column *key_of(const begun *of)
{
    const new_column *id = column_of(of, TZ_TYPE_ID), *name = column_named(of, "name");
    return id != NULL ? id : name != NULL ? name : &of->columns.items[0];
}

static tz_rc write_yaml(begun *of, tz_err *err)
{
    tz_buf            text = tz_buf_init(of->mem, 0);
    const new_column *id = column_of(of, TZ_TYPE_ID), *name = column_named(of, "name"), *village = column_named(of, "village");

    tz_buf_printf(&text, "# Begun by taizhang pack new. docs/format/pack.md says what each line may be.\nname: %s\ntitle: %s | %s\n"
                  "law: 依据的文件 | the document that it rests on\ndepartments: [主管部门]\n\nparameters:\n  times:\n"
                  "    title: 同一对象可以出现的次数 | How often one may be listed\n    type: int\n    value: \"1\"\n"
                  "    source: 县里自定,无出处 | county's own, unsourced\n\nregisters:\n  %s:\n    title: %s名册 | Register %s\n"
                  "    owner: [主管部门]\n    key: [%s]\n    repeats: keep\n    period: state\n    slice: all\n"
                  "    due: 每年 12 月 31 日前 | by 31 December of each year\n",
                  of->name, of->name, of->name, of->table, of->name, of->table, key_of(of)->name);
    if (has_person(of)) {
        tz_buf_puts(&text, "    identities:\n      - {role: person");
        if (id != NULL)
            tz_buf_printf(&text, ", id: %s", id->name);
        if (name != NULL)
            tz_buf_puts(&text, ", name: name");
        if (village != NULL && village->type == TZ_TYPE_DIVISION)
            tz_buf_puts(&text, ", village: village");
        tz_buf_puts(&text, "}\n");
    }
    tz_buf_puts(&text, "    columns:\n");
    for (size_t i = 0; i < of->columns.count; i++) {
        static const char *const LEVELS[] = {"county", "township", "village"};
        const new_column *column = &of->columns.items[i];
        tz_buf_printf(&text, "      - {name: %s, title: \"%s\", type: \"%s\"", column->name, column->title, type_name(column->type));
        if (column->type == TZ_TYPE_DIVISION)
            tz_buf_printf(&text, ", level: %s", LEVELS[column->level]);
        tz_buf_puts(&text, column == key_of(of) ? ", required: true}\n" : "}\n");
    }
    return write_file(of, "pack.yaml", &text, err);
}

static tz_rc write_check(begun *of, tz_err *err)
{
    tz_buf      text = tz_buf_init(of->mem, 0);
    bool        is_person = has_person(of);
    const char *subject = is_person ? "person" : key_of(of)->name;
    bool        has_name = column_named(of, "name") != NULL;

    tz_buf_printf(&text, "-- check: %s-repeated\n-- title: 同一对象重复出现 | Listed more than once\n-- level: yellow\n-- subject: %s\n"
                  "-- key: subject\n-- needs: %s\n-- opens: worklist\n-- basis: 依据的文件 | the document that it rests on\n"
                  "-- message: %s出现 %s{times} 次 | %slisted {times} times\n-- public: times\n"
                  "SELECT r.%s AS subject, list(r._row) AS %s_rows,\n       %scount(*) AS times\nFROM %s r\nGROUP BY r.%s\n"
                  "HAVING count(*) > :times;\n",
                  of->name, is_person ? "person" : "register", of->table, has_name ? "{name} " : "", "", has_name ? "{name} is " : "",
                  subject, of->table, has_name ? "min(r.name) AS name, " : "", of->table, subject);
    return write_file(of, tz_arena_printf(of->mem, "checks/%s-repeated.sql", of->name), &text, err);
}

static tz_rc write_others(begun *of, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    tz_buf            text = tz_buf_init(of->mem, 0);
    const new_column *amount = column_of(of, TZ_TYPE_MONEY);

    tz_buf_printf(&text, "-- figure: %s.rows\n-- title: %s名册行数 | Rows of %s\n-- definition: 名册的行 | rows of the register\n"
                  "-- value: count(*)\n-- unit: 行\n-- of: %s\nSELECT r._row FROM %s r;\n", of->name, of->name, of->name, of->table, of->table);
    if (amount != NULL)
        tz_buf_printf(&text, "\n-- figure: %s.amount\n-- title: %s金额 | Amount of %s\n-- definition: 金额合计 | the sum of the amounts\n"
                      "-- value: sum(%s)\n-- unit: 元\n-- round: 2\n-- of: %s\nSELECT r.%s, r._row FROM %s r;\n", of->name, of->name, of->name,
                      amount->name, of->table, amount->name, of->table);
    TZ_TRY(write_file(of, "figures.sql", &text, err));
    tz_buf_reset(&text);
    tz_buf_printf(&text, "## %s\n\n名册共 {{%s.rows}}。\n\n<!-- en -->\n## %s\n\nThe register has {{%s.rows}}.\n", of->name, of->name, of->name,
                  of->name);
    TZ_TRY(write_file(of, "report.md", &text, err));
    tz_buf_reset(&text);
    tz_buf_printf(&text, "# %s\n\n主管部门每年 12 月 31 日前报送名册,列名:", of->name);
    for (size_t i = 0; i < of->columns.count; i++)
        tz_buf_printf(&text, "%s%s", i == 0 ? "" : "、", of->columns.items[i].header);
    tz_buf_puts(&text, "。表头叫法不必改,多余的列不影响。\n");
    TZ_TRY(write_file(of, "README.md", &text, err));
done:
    return rc;
}

/* A value of the type for the person with this number. */
static const char *sample_value(tz_arena *mem, const new_column *column, int person)
{
    bool  is_first = person == 1, is_name = strcmp(column->name, "name") == 0;
    char *digits;

    switch (column->type) {
    case TZ_TYPE_ID:
        digits = tz_arena_printf(mem, "1404301970010%d00%d", 10 + person, person);
        return tz_arena_printf(mem, "%s%c", digits, tz_idcard_check(digits));
    case TZ_TYPE_DATE: return "2019-06-30";
    case TZ_TYPE_MONTH: return "2019-06";
    case TZ_TYPE_TERM: return "2019-1";
    case TZ_TYPE_INT: return "2019";
    case TZ_TYPE_DECIMAL:
    case TZ_TYPE_MONEY: return "100";
    case TZ_TYPE_DIVISION: return column->level == TZ_DIVISION_VILLAGE ? "定昌镇合庄村" : "定昌镇";
    case TZ_TYPE_TEXT:
    case TZ_TYPE_CODE: return is_name ? (is_first ? "样例甲" : "样例乙") : is_first ? "一" : "二";
    case TZ_TYPE_YESNO: return "是";
    case TZ_TYPE_PERCENT:
    case TZ_TYPE_PHONE:
    case TZ_TYPE_BANK:
    case TZ_TYPE_CREDIT_CODE: break;
    }
    return "";
}

static tz_rc write_fixture(begun *of, tz_err *err)
{
    static const int PERSONS[] = {1, 1, 2};
    tz_rc  rc = TZ_OK;
    tz_buf text = tz_buf_init(of->mem, 0);

    for (size_t i = 0; i < of->columns.count; i++)
        tz_buf_printf(&text, "%s%s", i == 0 ? "" : ",", of->columns.items[i].header);
    for (size_t row = 0; row < 3; row++) {
        tz_buf_char(&text, '\n');
        for (size_t i = 0; i < of->columns.count; i++)
            tz_buf_printf(&text, "%s%s", i == 0 ? "" : ",", sample_value(of->mem, &of->columns.items[i], PERSONS[row]));
    }
    tz_buf_char(&text, '\n');
    TZ_TRY(write_file(of, tz_arena_printf(of->mem, "tests/first/%s.csv", of->table), &text, err));
    tz_buf_reset(&text);
    tz_buf_printf(&text, "as-of 2019-12-31\n%s-repeated raises %s:2,%s:3\n%s-repeated spares %s:4\n", of->name, of->table, of->table, of->name,
                  of->table);
    TZ_TRY(write_file(of, "tests/first/expect.txt", &text, err));
done:
    return rc;
}

static bool is_pack_name(const char *name)
{
    size_t size = strlen(name);
    return size > 0 && size < 50 && name[0] >= 'a' && name[0] <= 'z' && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == size;
}

static tz_rc make_folders(const begun *of, tz_err *err)
{
    static const char *const FOLDERS[] = {"", "/checks", "/tests", "/tests/first"};
    tz_rc rc = TZ_OK;

    for (size_t i = 0; i < sizeof FOLDERS / sizeof FOLDERS[0] && rc == TZ_OK; i++)
        rc = tz_file_make_folder(tz_arena_printf(of->mem, "%s%s", of->folder, FOLDERS[i]), err);
    return rc;
}

tz_rc tz_flow_pack_new(tz_arena *mem, const tz_app *app, const char *folder, const char *sample, tz_strings *ret_files, tz_err *err)
{
    tz_assert(mem != NULL && app != NULL && folder != NULL && ret_files != NULL);
    tz_rc      rc = TZ_OK;
    tz_strings files = {0};
    begun      of = {.mem = mem, .folder = folder, .name = tz_file_base(folder), .files = &files};

    if (!is_pack_name(of.name) || tz_file_exists(folder)) {
        rc = tz_file_exists(folder) ? tz_fail(err, TZ_USAGE, "%s 已存在", "%s exists", folder)
                                    : tz_fail(err, TZ_USAGE, "规则包名由小写字母、数字和 - 组成:%s",
                                              "a pack's name has lower-case letters, digits and -: %s", of.name);
        goto done;
    }
    char *table = tz_arena_dup(mem, of.name);
    for (char *at = table; *at != '\0'; at++)
        *at = *at == '-' ? '_' : *at;
    of.table = table;
    if (sample != NULL)
        TZ_TRY(read_sample(&of, app, sample, err));
    else
        take_plain(&of);
    TZ_TRY(make_folders(&of, err));
    TZ_TRY(write_yaml(&of, err));
    TZ_TRY(write_check(&of, err));
    TZ_TRY(write_others(&of, err));
    TZ_TRY(write_fixture(&of, err));
    *ret_files = files;
done:
    return rc;
}
