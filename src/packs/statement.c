/* statement - checks and figures: front matter in comments, then one SELECT. */
#include <string.h>

#include "base/assert.h"
#include "base/money.h"
#include "packs/loading.h"
#include "packs/query.h"

/* "-- key: value" lines at the head of a statement. */
typedef struct { const char *key, *value; int64_t line; } front_field;
typedef struct {
    struct { front_field *items; size_t count; size_t room; } fields;
    tz_text sql;      /* behind the front matter */
    int64_t sql_line; /* line of its file on which it starts */
} front_matter;

static tz_rc fail_line(const tz_loading *from, int64_t line, tz_err *err, const char *zh, const char *en, const char *what)
{
    const tz_yaml at = {.line = line};
    return tz_yaml_fail(err, from->file, &at, zh, en, what);
}

static tz_text next_line(tz_text text, size_t *at)
{
    size_t from = *at;
    size_t end = tz_text_find(text, TZ_TEXT("\n"), from);

    if (end == SIZE_MAX)
        end = text.size;
    *at = end + 1;
    tz_text line = tz_text_cut(text, from, end - from);
    return line.size > 0 && line.data[line.size - 1] == '\r' ? tz_text_cut(line, 0, line.size - 1) : line;
}

static const char *const KEYS[] = {"check", "figure", "title", "level", "subject", "key", "needs", "remedied_by", "absent",
                                   "opens", "ledger", "owner", "due", "basis", "message", "public", "definition", "value",
                                   "unit", "round", "unit_power", "of", "kind", "step", "until", "reached",
                                   "mostly", "among", "said", "off", NULL};

/* A line that is no "-- known-key: value" continues the field before it where it is indented. */
static tz_rc read_field(tz_loading *from, tz_text line, int64_t line_no, front_matter *head, tz_err *err)
{
    tz_text body = tz_text_cut(line, 2, line.size);
    size_t  colon = tz_text_find(body, TZ_TEXT(":"), 0);
    tz_text key = tz_text_trim(tz_text_cut(body, 0, colon == SIZE_MAX ? 0 : colon));
    char   *name = tz_text_dup(from->mem, key);

    if (tz_text_trim(body).size == 0)
        return TZ_OK;
    if (colon == SIZE_MAX || tz_index_of(KEYS, name) < 0) {
        if (head->fields.count > 0 && tz_text_starts(body, TZ_TEXT("   "))) {
            const char **value = &head->fields.items[head->fields.count - 1].value;
            *value = tz_arena_printf(from->mem, "%s %.*s", *value, TZ_FMT(tz_text_trim(body)));
            return TZ_OK;
        }
        (void)fail_line(from, line_no, err, "文件头里没有 “%s” 这一项", "the front matter has no field '%s'", name);
        return tz_err_advise(err, "说明文字放在 SELECT 之后的注释里,或缩进四格接上一项",
                             "put remarks behind SELECT, or indent by four to continue a field");
    }
    for (size_t i = 0; i < head->fields.count; i++)
        if (strcmp(head->fields.items[i].key, name) == 0)
            return fail_line(from, line_no, err, "“%s” 出现两次", "'%s' is given twice", name);
    tz_text value = tz_text_trim(tz_text_cut(body, colon + 1, body.size));
    tz_push(from->mem, &head->fields, (front_field){name, tz_text_dup(from->mem, value), line_no});
    return TZ_OK;
}

/* Reads the front matter of text, whose first line is line `first` of its file. */
static tz_rc read_front(tz_loading *from, tz_text text, int64_t first, front_matter *ret_head, tz_err *err)
{
    front_matter head = {0};
    int64_t      line_no = first;
    size_t       at = 0, before = 0;

    for (; at < text.size; line_no++) {
        before = at;
        tz_text line = next_line(text, &at);
        if (tz_text_trim(line).size == 0)
            continue;
        if (!tz_text_starts(line, TZ_TEXT("--")))
            break;
        tz_rc rc = read_field(from, line, line_no, &head, err);
        if (rc != TZ_OK)
            return rc;
        before = at;
    }
    tz_text sql = tz_text_trim(tz_text_cut(text, before, text.size));
    if (sql.size > 0 && sql.data[sql.size - 1] == ';')
        sql = tz_text_trim(tz_text_cut(sql, 0, sql.size - 1));
    head.sql = sql;
    head.sql_line = line_no;
    *ret_head = head;
    return TZ_OK;
}

static const char *field(const front_matter *head, const char *key, const char *otherwise)
{
    for (size_t i = 0; i < head->fields.count; i++)
        if (strcmp(head->fields.items[i].key, key) == 0)
            return head->fields.items[i].value;
    return otherwise;
}

static int64_t field_line(const front_matter *head, const char *key)
{
    for (size_t i = 0; i < head->fields.count; i++)
        if (strcmp(head->fields.items[i].key, key) == 0)
            return head->fields.items[i].line;
    return head->sql_line;
}

/* A whole number from `least` to `most`, also as "30 days"; `otherwise` where the field is absent. */
static tz_rc read_count(const tz_loading *from, const front_matter *head, const char *key, int least, int most, int otherwise, int *ret_count,
                        tz_err *err)
{
    tz_text       text = tz_text_of(field(head, key, NULL));
    const tz_yaml at = {.line = field_line(head, key)};
    int64_t       number = otherwise;

    if (tz_text_ends(text, TZ_TEXT(" days")))
        text = tz_text_cut(text, 0, text.size - strlen(" days"));
    if (text.data != NULL && (!tz_text_int(text, &number) || number < least || number > most))
        return tz_yaml_fail(err, from->file, &at, "%s 应为 %d 到 %d 的整数", "%s is a whole number from %d to %d", key, least, most);
    *ret_count = (int)number;
    return TZ_OK;
}

/* ---- Checks ---- */

struct tz_named {
    tz_arena      *mem;
    bool           is_read;
    tz_query_names names;
};

static tz_rc fill_choices(tz_loading *from, const front_matter *head, tz_check *check, tz_err *err)
{
    static const char *const LEVELS[] = {"red", "orange", "yellow", NULL};
    static const char *const KINDS[] = {"person", "household", "division", "unit", "register", NULL};
    static const char *const OPENS[] = {"worklist", "issue", NULL};
    int level = tz_index_of(LEVELS, field(head, "level", ""));
    int kind = tz_index_of(KINDS, field(head, "subject", ""));
    int opens = tz_index_of(OPENS, field(head, "opens", "worklist"));

    if (level < 0)
        return fail_line(from, field_line(head, "level"), err, "level 应为 red、orange 或 yellow%s", "level is red, orange or yellow%s", "");
    if (kind < 0)
        return fail_line(from, field_line(head, "subject"), err, "subject 应为 person、household、division、unit 或 register%s",
                         "subject is person, household, division, unit or register%s", "");
    if (opens < 0)
        return fail_line(from, field_line(head, "opens"), err, "opens 应为 worklist 或 issue%s", "opens is worklist or issue%s", "");
    check->level = (tz_level)level;
    check->subject_kind = KINDS[kind];
    check->opens_issue = opens == 1;
    return TZ_OK;
}

static tz_rc require(tz_loading *from, const front_matter *head, tz_err *err)
{
    static const char *const NEEDED[] = {"title", "level", "subject", "key", "needs", "basis", "message", NULL};

    if (field(head, "off", NULL) != NULL) /* a check that the county takes out needs only its reason */
        return TZ_OK;
    for (size_t i = 0; NEEDED[i] != NULL; i++)
        if (field(head, NEEDED[i], NULL) == NULL)
            return fail_line(from, 1, err, "文件头缺少 “%s”", "the front matter lacks '%s'", NEEDED[i]);
    if (head->sql.size == 0)
        return fail_line(from, head->sql_line, err, "没有 SELECT%s", "there is no SELECT%s", "");
    return TZ_OK;
}

tz_rc tz_load_check(tz_loading *from, const char *name, tz_text text, tz_err *err)
{
    tz_rc        rc = TZ_OK;
    front_matter head;

    TZ_TRY(read_front(from, text, 1, &head, err));
    if (strcmp(field(&head, "check", ""), name) != 0) {
        rc = fail_line(from, 1, err, "第一行应是 -- check: %s(与文件名相同)", "its first line is -- check: %s (as the file is named)", name);
        goto done;
    }
    TZ_TRY(require(from, &head, err));
    tz_check check = {.name = tz_arena_dup(from->mem, name), .pack = from->pack, .file = from->file, .line = head.sql_line};
    check.off = field(&head, "off", NULL);
    if (check.off != NULL) {
        tz_push(from->mem, &from->pack->off, check);
        goto done;
    }
    TZ_TRY(fill_choices(from, &head, &check, err));
    check.title = field(&head, "title", NULL);
    check.key = tz_split_commas(from->mem, field(&head, "key", NULL));
    check.needs = tz_split_commas(from->mem, field(&head, "needs", NULL));
    check.remedied_by = field(&head, "remedied_by", NULL);
    check.absent = field(&head, "absent", NULL);
    check.ledger = field(&head, "ledger", "default");
    check.owner = field(&head, "owner", from->pack->departments.count > 0 ? from->pack->departments.items[0] : NULL);
    TZ_TRY(read_count(from, &head, "due", 0, 3660, 30, &check.due_days, err));
    check.basis = field(&head, "basis", NULL);
    check.message = field(&head, "message", NULL);
    check.public_columns = tz_split_commas(from->mem, field(&head, "public", NULL));
    check.sql = tz_text_dup(from->mem, head.sql);
    check.named = tz_new(from->mem, struct tz_named);
    check.named->mem = from->mem;
    check.version = tz_sm3(text.data, text.size); /* parameters' values are added by tz_packs_load */
    tz_push(from->mem, &from->pack->checks, check);
done:
    if (rc != TZ_OK)
        (void)tz_err_at(err, from->file, NULL, 0, NULL);
    return rc;
}

/* ---- What a check's SQL names ---- */

static tz_rc read_names(const tz_check *check, tz_err *err)
{
    const tz_yaml at = {.line = 1};
    tz_rc         rc = tz_query_name(check->named->mem, check->sql, &check->named->names, err);

    if (rc != TZ_OK)
        return tz_err_at(err, check->file, NULL, 0, NULL);
    if (tz_strings_has(&check->named->names.tables, "findings") && check->after.count == 0)
        return tz_yaml_fail(err, check->file, &at, "读 findings 的规则要在 needs 中写明哪些规则",
                            "a check that reads findings names in needs whose");
    check->named->is_read = true;
    return TZ_OK;
}

tz_rc tz_check_names(const tz_check *check, const tz_query_names **ret_names, tz_err *err)
{
    tz_assert(check != NULL && check->named != NULL && ret_names != NULL);
    tz_rc rc = check->named->is_read ? TZ_OK : read_names(check, err);

    if (rc == TZ_OK)
        *ret_names = &check->named->names;
    return rc;
}

tz_rc tz_packs_name(const tz_packs *packs, tz_err *err)
{
    tz_assert(packs != NULL);
    tz_rc                 rc = TZ_OK;
    const tz_query_names *ignored = NULL;

    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].checks.count; j++)
            TZ_TRY(tz_check_names(&packs->packs.items[i].checks.items[j], &ignored, err));
done:
    return rc;
}

/* ---- Figures ---- */

/* "count(*)", "sum(x)", "a / b", "fall a / b", "exceptions", "target 90" */
static bool read_value(tz_arena *mem, const char *text, tz_figure *figure)
{
    figure->is_fall = strncmp(text, "fall ", 5) == 0;
    tz_text value = tz_text_of(figure->is_fall ? text + 5 : text);
    size_t  slash = tz_text_find(value, TZ_TEXT(" / "), 0);
    tz_decimal number;

    if (strcmp(text, "count(*)") == 0) {
        figure->value = TZ_VALUE_COUNT;
    } else if (strcmp(text, "exceptions") == 0) {
        figure->value = TZ_VALUE_EXCEPTIONS;
    } else if (tz_text_starts(value, TZ_TEXT("sum(")) && tz_text_ends(value, TZ_TEXT(")"))) {
        figure->value = TZ_VALUE_SUM;
        figure->sum_column = tz_text_dup(mem, tz_text_trim(tz_text_cut(value, 4, value.size - 5)));
        return tz_is_sql_name(figure->sum_column);
    } else if (tz_text_starts(value, TZ_TEXT("target "))) {
        figure->value = TZ_VALUE_TARGET;
        figure->target = tz_text_dup(mem, tz_text_trim(tz_text_cut(value, 7, value.size)));
        return tz_decimal_parse(tz_text_of(figure->target), &number);
    } else if (slash != SIZE_MAX) {
        figure->value = TZ_VALUE_RATIO;
        figure->numerator = tz_text_dup(mem, tz_text_trim(tz_text_cut(value, 0, slash)));
        figure->denominator = tz_text_dup(mem, tz_text_trim(tz_text_cut(value, slash + 3, value.size)));
    } else {
        return false;
    }
    return true;
}

/* The kind follows from the value; `kind: bound` and `mostly:` say more of a count and a claim. */
static bool read_kind(const front_matter *head, tz_figure *figure)
{
    static const tz_figure_kind KINDS[] = {[TZ_VALUE_COUNT] = TZ_COUNTED,
                                           [TZ_VALUE_SUM] = TZ_MEASURED,
                                           [TZ_VALUE_RATIO] = TZ_MEASURED,
                                           [TZ_VALUE_EXCEPTIONS] = TZ_UNIVERSAL,
                                           [TZ_VALUE_TARGET] = TZ_TARGET};
    const char *kind = field(head, "kind", NULL);
    tz_decimal  share;

    figure->kind = KINDS[figure->value];
    bool is_step = tz_text_int(tz_text_of(field(head, "step", "1")), &figure->step) && figure->step > 0;
    figure->until = field(head, "until", NULL);
    figure->reached = field(head, "reached", NULL);
    figure->mostly = field(head, "mostly", NULL);
    figure->among = field(head, "among", NULL);
    if (figure->mostly != NULL) {
        figure->kind = TZ_MOSTLY;
        return figure->value == TZ_VALUE_EXCEPTIONS && figure->among != NULL && tz_decimal_parse(tz_text_of(figure->mostly), &share);
    }
    if (kind != NULL && strcmp(kind, "bound") == 0) {
        figure->kind = TZ_BOUND;
        return (figure->value == TZ_VALUE_COUNT || figure->value == TZ_VALUE_SUM) && is_step;
    }
    return is_step && (kind == NULL || strcmp(kind, tz_figure_kind_name(figure->kind)) == 0);
}

static void add_saying(tz_loading *from, const front_matter *head, const tz_figure *figure)
{
    tz_saying   saying = {.name = figure->name, .title = figure->title, .unit = figure->unit, .kind = figure->kind,
                          .file = from->file, .line = figure->line};
    const char *said = field(head, "said", NULL);

    if (said == NULL)
        return;
    tz_load_words(from->mem, said, &saying);
    tz_push(from->mem, &from->pack->sayings, saying);
}

static tz_rc add_figure(tz_loading *from, tz_text block, int64_t first, tz_err *err)
{
    tz_rc        rc = TZ_OK;
    front_matter head;

    TZ_TRY(read_front(from, block, first, &head, err));
    tz_figure figure = {.pack = from->pack, .file = from->file, .line = head.sql_line};
    figure.name = field(&head, "figure", NULL);
    figure.title = field(&head, "title", NULL);
    if (figure.name == NULL || figure.title == NULL) {
        rc = fail_line(from, first, err, "指标缺少 figure 或 title%s", "a figure lacks its name or title%s", "");
        goto done;
    }
    figure.definition = field(&head, "definition", figure.title);
    figure.unit = field(&head, "unit", "");
    TZ_TRY(read_count(from, &head, "round", 0, 6, 0, &figure.round, err));
    TZ_TRY(read_count(from, &head, "unit_power", 0, 8, 0, &figure.unit_power, err));
    figure.of = tz_split_commas(from->mem, field(&head, "of", NULL));
    figure.sql = head.sql.size == 0 ? NULL : tz_text_dup(from->mem, head.sql);
    if (!read_value(from->mem, field(&head, "value", "count(*)"), &figure)) {
        rc = fail_line(from, field_line(&head, "value"), err, "value 应为 count(*)、sum(列)、exceptions、“甲 / 乙”、“fall 甲 / 乙” 或 “target 数”%s",
                       "value is count(*), sum(column), exceptions, 'a / b', 'fall a / b' or 'target NUMBER'%s", "");
        goto done;
    }
    if (!read_kind(&head, &figure)) {
        rc = fail_line(from, field_line(&head, "kind"), err,
                       "指标 “%s” 的 kind、step 或 mostly 与 value 不相称:bound 用于计数和合计,mostly 用于 exceptions 并要 among",
                       "figure '%s': kind, step or mostly don't suit its value: bound is for counts and sums, mostly for exceptions with among",
                       figure.name);
        goto done;
    }
    bool has_query = figure.value == TZ_VALUE_COUNT || figure.value == TZ_VALUE_SUM || figure.value == TZ_VALUE_EXCEPTIONS;
    if ((figure.sql == NULL) == has_query) {
        rc = fail_line(from, head.sql_line, err, "指标 “%s” 缺少 SELECT,或有多余的",
                       "figure '%s' lacks its SELECT, or has one that it does not need", figure.name);
        goto done;
    }
    tz_push(from->mem, &from->pack->figures, figure);
    add_saying(from, &head, &figure);
done:
    return rc;
}

tz_rc tz_load_figures(tz_loading *from, tz_text text, tz_err *err)
{
    size_t  start = SIZE_MAX;
    int64_t line_no = 1, start_line = 1;

    for (size_t at = 0; at < text.size; line_no++) {
        size_t  before = at;
        tz_text line = next_line(text, &at);
        if (!tz_text_starts(line, TZ_TEXT("-- figure:")))
            continue;
        if (start != SIZE_MAX) {
            tz_rc rc = add_figure(from, tz_text_cut(text, start, before - start), start_line, err);
            if (rc != TZ_OK)
                return rc;
        }
        start = before;
        start_line = line_no;
    }
    return start == SIZE_MAX ? TZ_OK : add_figure(from, tz_text_cut(text, start, text.size), start_line, err);
}
