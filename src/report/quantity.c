#include "report/quantity.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"

typedef struct {
    tz_arena *mem;
    tz_text   text;
    const tz_strings *names, *sounds;
    tz_said_list list;
    size_t    clause, clause_end, sentence, sentence_end;
    size_t    target;      /* where 力争 stands in this sentence, SIZE_MAX: nowhere */
    bool      is_claiming; /* this sentence may claim something */
    bool      has_claim;   /* this clause has its claim already */
    size_t    plain_end;   /* up to here no e-mail address begins */
    int64_t   paragraph;
} finding;

/* ---- Small readers ---- */

static bool stands(tz_text text, size_t at, const char *word)
{
    size_t size = strlen(word);
    return at + size <= text.size && memcmp(text.data + at, word, size) == 0;
}

/* Bytes of the longest of the words that stands at `at`, 0 for none. */
static size_t longest(tz_text text, size_t at, const char *const *words, size_t count)
{
    size_t best = 0;

    for (size_t i = 0; i < count; i++)
        if (strlen(words[i]) > best && stands(text, at, words[i]))
            best = strlen(words[i]);
    return best;
}

#define LONGEST(text, at, words) longest((text), (at), (words), sizeof(words) / sizeof((words)[0]))

static size_t next_char(tz_text text, size_t at)
{
    (void)tz_utf8_next(text, &at);
    return at;
}

static size_t previous_char(tz_text text, size_t at)
{
    while (at > 0 && ((unsigned char)text.data[--at] & 0xC0) == 0x80) {
    }
    return at;
}

static size_t skip_blanks(tz_text text, size_t at)
{
    while (at < text.size && text.data[at] == ' ')
        at++;
    return at;
}

static size_t digits_at(tz_text text, size_t at)
{
    size_t end = at;
    while (end < text.size && isdigit((unsigned char)text.data[end]))
        end++;
    return end - at;
}

int tz_quantity_places(const char *decimal)
{
    const char *point = strchr(decimal, '.');
    return point == NULL ? 0 : (int)strlen(point + 1);
}

/* ---- Units ---- */

static const char *const UNITS[] = {
    "个百分点", "个乡镇", "个方面", "个月", "个", "万元", "亿元", "千元", "元", "万人次", "万人", "人次", "户次", "户", "人", "名",
    "位", "所", "家", "条", "公里", "千米", "座", "件", "次", "项", "套", "万亩", "亩", "万吨", "吨", "公斤", "斤", "平方米",
    "立方米", "千瓦时", "万千瓦", "千瓦", "兆瓦", "MW", "kWh", "kW", "km", "万度", "度", "天", "年", "学期", "批", "起", "份",
    "辆", "台", "眼", "处", "宗", "笔", "%", "\uFF05", "岁", "村", "级", "类", "支", "场", "期", "张", "倍", "只", "头", "株", "盒"};
/* Units of what is measured; all others count. */
static const char *const MEASURES[] = {
    "个百分点", "个月", "万元", "亿元", "千元", "元", "公里", "千米", "万亩", "亩", "万吨", "吨", "公斤", "斤", "平方米", "立方米",
    "千瓦时", "万千瓦", "千瓦", "兆瓦", "MW", "kWh", "kW", "km", "万度", "度", "%", "倍", "天"};
/* Units that a number in Chinese characters may have; alone the characters are mostly part of a word. */
static const char *const SPOKEN[] = {"个月", "个", "户", "名", "人", "所", "家", "条", "项", "件", "座", "公里", "万元", "元", "年", "天",
                                     "次", "批"};

static bool is_among(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return true;
    return false;
}

static const char *unit_at(finding *in, size_t at, size_t *ret_end)
{
    size_t size = LONGEST(in->text, at, UNITS);

    *ret_end = at + size;
    const char *unit = tz_arena_copy(in->mem, in->text.data + at, size);
    return strcmp(unit, "\uFF05") == 0 ? "%" : unit;
}

/* ---- Numerals ---- */

#define MOST_SPOKEN 1000000000000000LL /* 一千万亿 */

size_t tz_numeral_read(tz_text text, size_t at, int64_t *ret_value)
{
    static const char *const DIGITS[] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "两", "〇"};
    static const struct { const char *word; int64_t factor; } PLACES[] = {{"十", 10}, {"百", 100}, {"千", 1000}, {"万", 10000}, {"亿", 100000000}};
    int64_t whole = 0, part = 0, digit = -1;
    size_t  start = at;

    while (at < text.size && at - start < 60) {
        size_t from = at;
        for (size_t i = 0; i < sizeof DIGITS / sizeof DIGITS[0] && at == from; i++)
            if (stands(text, at, DIGITS[i])) {
                digit = i == 10 ? 2 : i == 11 ? 0 : (int64_t)i;
                at += strlen(DIGITS[i]);
            }
        for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0] && at == from; i++)
            if (stands(text, at, PLACES[i].word)) {
                if (i < 3) {
                    part += (digit < 0 ? 1 : digit) * PLACES[i].factor;
                } else {
                    int64_t below = part + (digit < 0 ? 0 : digit); /* 三亿五千万: 万 takes the 五千, 亿 all before it */
                    bool    is_wan = PLACES[i].factor == 10000;
                    if (whole > MOST_SPOKEN / PLACES[i].factor)
                        return 0; /* nobody counts so far */
                    whole = is_wan ? whole + below * PLACES[i].factor : (whole + below) * PLACES[i].factor;
                    part = 0;
                }
                digit = -1;
                at += strlen(PLACES[i].word);
            }
        if (at == from)
            break;
    }
    *ret_value = whole + part + (digit < 0 ? 0 : digit);
    return at - start;
}

/* ---- What was found ---- */

static tz_said *add(finding *in, tz_said_sort sort, tz_figure_kind kind, size_t at, size_t end, const char *value, const char *unit)
{
    tz_push(in->mem, &in->list,
            (tz_said){.sort = sort, .kind = kind, .at = at, .size = end - at, .clause = in->clause, .clause_size = in->clause_end - in->clause,
                      .sentence = in->sentence, .sentence_size = in->sentence_end - in->sentence, .value = value, .unit = unit,
                      .paragraph = in->paragraph});
    return &in->list.items[in->list.count - 1];
}

/* A name: each numeral in it is left alone under the whole name. */
static void add_name(finding *in, size_t at, size_t end)
{
    bool has_number = false;

    for (size_t i = at; i < end;) {
        int64_t value = 0;
        bool    is_digit = isdigit((unsigned char)in->text.data[i]);
        size_t  size = is_digit ? digits_at(tz_text_cut(in->text, 0, end), i) : tz_numeral_read(in->text, i, &value);
        if (size > 0) {
            const char *text = is_digit ? tz_arena_copy(in->mem, in->text.data + i, size)
                                        : tz_arena_printf(in->mem, "%lld", (long long)value);
            (void)add(in, TZ_SAID_NAME, TZ_COUNTED, at, end, text, "");
            has_number = true;
        }
        i = size > 0 ? i + size : next_char(in->text, i);
    }
    if (!has_number)
        (void)add(in, TZ_SAID_NAME, TZ_COUNTED, at, end, NULL, "");
}

/* ---- Dates, telephones, documents' numbers ---- */

/* 2019年, 2019年5月, 2020年7月30日, 2020-07-30: bytes, 0 for none; *ret_value as "2019" or "2020-07-30". */
static size_t date_at(finding *in, size_t at, const char **ret_value)
{
    size_t size = digits_at(in->text, at), end = at + size;
    int    numbers[3] = {0, 0, 0}, count = 1;

    if (size != 4 || (in->text.data[at] != '1' && in->text.data[at] != '2'))
        return 0;
    numbers[0] = atoi(tz_arena_copy(in->mem, in->text.data + at, 4));
    if (stands(in->text, end, "年")) {
        end += strlen("年");
        for (; count < 3; count++) {
            const char *mark = count == 1 ? "月" : "日";
            size_t      more = digits_at(in->text, end);
            if (more == 0 || more > 2 || !stands(in->text, end + more, mark))
                break;
            numbers[count] = atoi(tz_arena_copy(in->mem, in->text.data + end, more));
            end += more + strlen(mark);
        }
    } else if (in->text.size - end >= 6 && in->text.data[end] == '-' && digits_at(in->text, end + 1) == 2 && in->text.data[end + 3] == '-' &&
               digits_at(in->text, end + 4) == 2) {
        numbers[1] = atoi(tz_arena_copy(in->mem, in->text.data + end + 1, 2));
        numbers[2] = atoi(tz_arena_copy(in->mem, in->text.data + end + 4, 2));
        count = 3;
        end += 6;
    } else {
        return 0;
    }
    *ret_value = count == 1   ? tz_arena_printf(in->mem, "%d", numbers[0])
                 : count == 2 ? tz_arena_printf(in->mem, "%d-%02d", numbers[0], numbers[1])
                              : tz_arena_printf(in->mem, "%d-%02d-%02d", numbers[0], numbers[1], numbers[2]);
    return end - at;
}

/* Half years since year 0 of 2016年秋季学期 at `at`, -1 for none. */
static int64_t term_at(finding *in, size_t at, size_t *ret_end)
{
    const char *value = NULL;
    size_t      size = date_at(in, at, &value);

    if (size == 0 || strlen(value) != 4)
        return -1;
    bool is_spring = stands(in->text, at + size, "春"), is_autumn = stands(in->text, at + size, "秋");
    if (!is_spring && !is_autumn)
        return -1;
    size_t end = at + size + strlen("春");
    end += stands(in->text, end, "季") ? strlen("季") : 0;
    end += stands(in->text, end, "学期") ? strlen("学期") : 0;
    *ret_end = end;
    return 2 * (int64_t)atoi(value) + is_autumn;
}

/* 2016年秋季学期—2019年春季学期 names so many terms. */
static void add_terms(finding *in, size_t at)
{
    static const char *const TO[] = {"—", "——", "–", "-", "~", "至", "到"};
    size_t  end = 0, last = 0;
    int64_t from = term_at(in, at, &end);
    size_t  gap = from < 0 ? 0 : LONGEST(in->text, end, TO);
    int64_t to = gap == 0 ? -1 : term_at(in, end + gap, &last);

    if (to >= from && from >= 0)
        (void)add(in, TZ_SAID_LIST, TZ_COUNTED, at, last, tz_arena_printf(in->mem, "%lld", (long long)(to - from + 1)), "学期");
}

/* 0355——7024925, 13800000000, fpb@163.com: bytes, 0 for none. */
static size_t contact_at(finding *in, size_t at)
{
    size_t first = digits_at(in->text, at), end = at + first;

    if (first >= 3 && first <= 4 && in->text.data[at] == '0') {
        while (stands(in->text, end, "-") || stands(in->text, end, "—"))
            end = next_char(in->text, end);
        size_t second = digits_at(in->text, end);
        if (end > at + first && second >= 7 && second <= 8)
            return end + second - at;
    }
    if (first >= 11)
        return first;
    if (at < in->plain_end)
        return 0; /* within a word that was looked through: a long one is read once */
    for (end = at; end < in->text.size && (isalnum((unsigned char)in->text.data[end]) || strchr("._-@", in->text.data[end]) != NULL);)
        end++;
    if (memchr(in->text.data + at, '@', end - at) != NULL)
        return end - at;
    in->plain_end = end;
    return 0;
}

/* ---- Numbers ---- */

typedef struct {
    const char *value;
    size_t      end; /* behind 余 */
    bool        is_bound, is_at_most;
} amount;

/* 1,839 or 84.2 with 余, 多 behind it and 近, 不足 before it. */
static amount amount_at(finding *in, size_t at)
{
    static const char *const OVER[] = {"余", "多"};
    static const char *const AT_LEAST[] = {"超过", "至少", "不少于", "不低于", "超"}, *const AT_MOST[] = {"不足", "近", "不超过"};
    tz_buf digits = tz_buf_init(in->mem, 64);
    size_t end = at;
    amount made = {0};

    for (; end < in->text.size; end++) {
        char c = in->text.data[end];
        bool has_digit_behind = end + 1 < in->text.size && isdigit((unsigned char)in->text.data[end + 1]);
        if (isdigit((unsigned char)c) || (c == '.' && has_digit_behind && strchr(tz_buf_str(&digits), '.') == NULL))
            tz_buf_char(&digits, c);
        else if (!(c == ',' && has_digit_behind && digits_at(in->text, end + 1) == 3))
            break;
    }
    made.value = tz_arena_dup(in->mem, tz_buf_str(&digits));
    size_t over = LONGEST(in->text, end, OVER);
    made.end = end + over;
    for (size_t i = 0; i < sizeof AT_LEAST / sizeof AT_LEAST[0]; i++)
        made.is_bound |= at >= in->sentence + strlen(AT_LEAST[i]) && stands(in->text, at - strlen(AT_LEAST[i]), AT_LEAST[i]);
    for (size_t i = 0; i < sizeof AT_MOST / sizeof AT_MOST[0]; i++)
        made.is_at_most |= at >= in->sentence + strlen(AT_MOST[i]) && stands(in->text, at - strlen(AT_MOST[i]), AT_MOST[i]);
    made.is_bound |= over > 0 || made.is_at_most;
    return made;
}

/* True for what stands before a number that is none: 第3, 〔2020〕12号, MP4, GB/T 9704. */
static bool is_label(const finding *in, size_t at)
{
    static const char *const MARKS[] = {"第", "〔", "〕", "[", "No.", "附件", "附表", "表", "图"};

    if (at > 0 && (isalpha((unsigned char)in->text.data[at - 1]) || strchr(".#/", in->text.data[at - 1]) != NULL))
        return true;
    if (at > 1 && in->text.data[at - 1] == '-' && isdigit((unsigned char)in->text.data[at - 2]))
        return true; /* 2018-1 is a term, 101-2 a room */
    for (size_t i = 0; i < sizeof MARKS / sizeof MARKS[0]; i++)
        if (at >= strlen(MARKS[i]) && stands(in->text, at - strlen(MARKS[i]), MARKS[i]))
            return true;
    return false;
}

/* Behind the mark of a note that stands between a number and its unit: 57[4]条. */
static size_t skip_note(tz_text text, size_t at)
{
    size_t digits = at < text.size && text.data[at] == '[' ? digits_at(text, at + 1) : 0;
    return digits > 0 && stands(text, at + 1 + digits, "]") ? at + digits + 2 : at;
}

static void add_number(finding *in, size_t at, size_t unit_from, const char *value, bool is_bound, bool is_at_most)
{
    static const char *const ABOVE[] = {"以上"}, *const BELOW[] = {"以内", "以下"};
    size_t      end = 0;
    const char *unit = unit_at(in, skip_blanks(in->text, skip_note(in->text, unit_from)), &end);

    if (unit[0] == '\0')
        return;
    bool is_measure = is_among(unit, MEASURES, sizeof MEASURES / sizeof MEASURES[0]);
    is_at_most |= LONGEST(in->text, end, BELOW) > 0;
    is_bound |= is_at_most || LONGEST(in->text, end, ABOVE) > 0;
    tz_figure_kind kind = in->target < at ? TZ_TARGET : is_bound ? TZ_BOUND : is_measure ? TZ_MEASURED : TZ_COUNTED;
    add(in, TZ_SAID_NUMBER, kind, at, end, value, unit)->is_at_most = is_at_most;
}

/* A run of digits: a date, a telephone, a label, or a number with its unit. Bytes to go on behind. */
static size_t read_digits(finding *in, size_t at)
{
    const char *date = NULL;
    size_t      size = date_at(in, at, &date);

    if (size > 0) {
        add_terms(in, at);
        (void)add(in, TZ_SAID_DATE, TZ_COUNTED, at, at + size, date, "");
        return size;
    }
    size = contact_at(in, at);
    if (size > 0) {
        (void)add(in, TZ_SAID_CONTACT, TZ_COUNTED, at, at + size, tz_arena_copy(in->mem, in->text.data + at, size), "");
        return size;
    }
    amount made = amount_at(in, at);
    size_t end = skip_blanks(in->text, made.end);
    if (stands(in->text, end, "号") || stands(in->text, end, "月") || stands(in->text, end, "日") || stands(in->text, end, "楼")) {
        (void)add(in, TZ_SAID_CONTACT, TZ_COUNTED, at, made.end, made.value, "");
    } else if (!is_label(in, at)) {
        add_number(in, at, made.end, made.value, made.is_bound, made.is_at_most);
    }
    return made.end - at;
}

/* ---- What is claimed ---- */

static bool is_circled(tz_text text, size_t at)
{
    size_t next = at;
    int32_t cp = tz_utf8_next(text, &next);
    return cp >= 0x2460 && cp <= 0x2473;
}

/* A heading or a cell of a table claims nothing, nor does a sentence that says at once that it does not hold. */
static bool may_claim(const finding *in)
{
    static const char *const DENIED[] = {"不属实", "尚未", "未评估", "not hold"};
    static const char *const ENDS[] = {"。", ";", "\uFF1B", "!", "\uFF01"};
    tz_text sentence = tz_text_cut(in->text, in->sentence, in->sentence_end - in->sentence);

    for (size_t i = 0; i < sizeof DENIED / sizeof DENIED[0]; i++)
        if (tz_text_find(sentence, tz_text_of(DENIED[i]), 0) != SIZE_MAX)
            return false;
    return in->sentence_end == in->text.size || LONGEST(in->text, in->sentence_end, ENDS) > 0 || is_circled(in->text, in->sentence_end);
}

/* 一村一队, 一队三人: so many of one in each of the other. Bytes, 0 for none. */
static size_t per_unit_at(finding *in, size_t at)
{
    if (!stands(in->text, at, "一") || at + 12 > in->text.size)
        return 0;
    size_t  first = next_char(in->text, at), second = next_char(in->text, first);
    int64_t value = 0;
    size_t  size = tz_numeral_read(in->text, second, &value);
    size_t  unit = second + size;
    if (size == 0 || size > 3 || value < 1 || unit >= in->text.size || (unsigned char)in->text.data[first] < 0xE4 ||
        (unsigned char)in->text.data[unit] < 0xE4)
        return 0;
    int64_t other = 0;
    if (tz_numeral_read(in->text, first, &other) > 0)
        return 0;
    size_t end = next_char(in->text, unit);
    if (!in->is_claiming)
        return end - at;
    add(in, TZ_SAID_NUMBER, TZ_UNIVERSAL, at, end, tz_arena_printf(in->mem, "%lld", (long long)value),
        tz_arena_copy(in->mem, in->text.data + unit, end - unit))->is_per = true;
    return end - at;
}

/* A number in Chinese characters with a unit behind it: 两个月. Bytes, 0 for none. */
static size_t read_numeral(finding *in, size_t at)
{
    static const char *const BEFORE[] = {"第", "每", "逐", "同", "统", "唯", "之", "其", "另", "这", "那", "哪", "各", "十", "百", "千"};
    size_t  whole = per_unit_at(in, at);
    int64_t value = 0;

    if (whole > 0)
        return whole;
    size_t size = tz_numeral_read(in->text, at, &value), end = at + size;
    size_t before = previous_char(in->text, at);
    if (size == 0 || value < 2 || LONGEST(in->text, end, SPOKEN) == 0 || (at > 0 && LONGEST(in->text, before, BEFORE) > 0))
        return size;
    add_number(in, at, end, tz_arena_printf(in->mem, "%lld", (long long)value), false, false);
    return size;
}

/* ---- Claims ---- */

/* What the sentence counted last before the claim: 26件,全部处置. 所有贫困户 and the like name themselves what they are
 * said of. */
static const char *said_of(const finding *in, size_t at)
{
    static const char *const BACK[] = {"全部", "逐个", "均已", "均可"};

    if (LONGEST(in->text, at, BACK) == 0)
        return NULL;
    for (size_t i = in->list.count; i > 0; i--) {
        const tz_said *one = &in->list.items[i - 1];
        if (one->sentence != in->sentence)
            break;
        if (one->sort == TZ_SAID_NUMBER && one->kind == TZ_COUNTED && one->at < at)
            return one->value;
    }
    return NULL;
}

/* A number of the clause becomes part of its claim (17个旅游项目已全部具备), else the claim stands alone. */
static void add_claim(finding *in, size_t at, size_t size, tz_figure_kind kind)
{
    bool is_all = stands(in->text, at, "全部");

    for (size_t i = in->list.count; i > 0 && is_all; i--) {
        tz_said *one = &in->list.items[i - 1];
        if (one->clause != in->clause)
            break;
        if (one->sort == TZ_SAID_NUMBER && one->kind == TZ_COUNTED) {
            one->kind = kind;
            return;
        }
    }
    (void)add(in, TZ_SAID_CLAIM, kind, at, at + size, said_of(in, at), "");
}

static size_t read_claim(finding *in, size_t at)
{
    static const char *const ALL[] = {"所有", "全部", "全面完成", "全面清理", "全面清零", "全面消除", "全面落实", "静态清零", "动态清零",
                                      "逐个", "均已", "均可", "村村", "户户", "人人", "全覆盖", "无一", "一律", "无一例外"};
    static const char *const MOSTLY[] = {"基本完成", "基本实现", "基本消除", "基本解决", "基本到位", "基本达到", "基本落实", "基本清零"};
    size_t size = LONGEST(in->text, at, ALL), mostly = LONGEST(in->text, at, MOSTLY);

    if ((size > 0 || mostly > 0) && !in->is_claiming)
        return mostly > 0 ? mostly : size;
    if (mostly > 0)
        (void)add(in, TZ_SAID_CLAIM, TZ_MOSTLY, at, at + mostly, said_of(in, at), "");
    else if (size > 0 && !in->has_claim && in->target >= at)
        add_claim(in, at, size, TZ_UNIVERSAL);
    in->has_claim |= size > 0;
    return mostly > 0 ? mostly : size;
}

/* ---- Things named one after another ---- */

/* 《甲》《乙》、《丙》: bytes of the whole run; *ret_count of titles. */
static size_t titles_at(tz_text text, size_t at, size_t *ret_count)
{
    static const char *const BETWEEN[] = {"、", "和", "及", "以及"};
    size_t end = at, count = 0;

    for (size_t from = at; stands(text, from, "《");) {
        size_t close = tz_text_find(text, TZ_TEXT("》"), from);
        size_t line = tz_text_find(text, TZ_TEXT("\n"), from);
        if (close == SIZE_MAX || (line != SIZE_MAX && line < close))
            break;
        end = close + strlen("》");
        count++;
        from = end + LONGEST(text, end, BETWEEN);
    }
    *ret_count = count;
    return end - at;
}

/* Two characters that end the item before `end`; none of an item that says how many itself. */
static tz_text ending(tz_text text, size_t from, size_t end)
{
    for (size_t i = from; i < end; i++)
        if (isdigit((unsigned char)text.data[i]))
            return (tz_text){0};

    size_t last = previous_char(text, end), first = last > from ? previous_char(text, last) : last;
    return first >= from && end - first == 6 ? tz_text_cut(text, first, 6) : (tz_text){0};
}

/* 运营主体、服务主体、财务主体: at least three items of one ending. */
static void add_enumeration(finding *in)
{
    size_t  count = 1, from = in->clause, start = in->clause;
    tz_text like = {0};

    for (size_t at = in->clause; at <= in->clause_end; at++) {
        bool is_end = at == in->clause_end;
        if (!is_end && !stands(in->text, at, "、"))
            continue;
        tz_text now = ending(in->text, from, at);
        bool    is_same = now.size > 0 && like.size > 0 && tz_text_equal(now, like);
        if (!is_same || is_end) {
            count += is_same;
            if (count >= 3)
                (void)add(in, TZ_SAID_LIST, TZ_COUNTED, start, at, tz_arena_printf(in->mem, "%zu", count), "项");
            count = 0;
            start = from;
        }
        count++;
        like = now;
        from = at + strlen("、");
    }
}

/* ---- The walk ---- */

/* A comma between digits parts thousands, not clauses. */
static bool is_in_number(tz_text text, size_t at)
{
    return (text.data[at] == ',' || text.data[at] == ':') && at > 0 && isdigit((unsigned char)text.data[at - 1]) && at + 1 < text.size &&
           isdigit((unsigned char)text.data[at + 1]);
}

static size_t end_of(tz_text text, size_t at, const char *const *marks, size_t count)
{
    while (at < text.size && (is_in_number(text, at) || (longest(text, at, marks, count) == 0 && !is_circled(text, at))))
        at = next_char(text, at);
    return at;
}

static void begin_clause(finding *in, size_t at)
{
    static const char *const MARKS[] = {",", "\uFF0C", "。", ";", "\uFF1B", "!", "\uFF01", "?", "\uFF1F", "\n", ":", "\uFF1A", "(", "\uFF08"};
    in->clause = at;
    in->clause_end = end_of(in->text, at, MARKS, sizeof MARKS / sizeof MARKS[0]);
    in->has_claim = false;
    add_enumeration(in);
}

static void begin_sentence(finding *in, size_t at)
{
    static const char *const MARKS[] = {"。", ";", "\uFF1B", "!", "\uFF01", "?", "\uFF1F", "\n"};
    static const char *const TARGETS[] = {"力争", "计划到", "计划于", "目标是", "目标为", "拟", "预计", "将达到", "将完成", "将实现"};

    in->sentence = at;
    in->sentence_end = end_of(in->text, at, MARKS, sizeof MARKS / sizeof MARKS[0]);
    in->is_claiming = may_claim(in);
    in->target = SIZE_MAX;
    for (size_t i = at; i < in->sentence_end && in->target == SIZE_MAX; i = next_char(in->text, i))
        if (LONGEST(in->text, i, TARGETS) > 0)
            in->target = i;
    begin_clause(in, at);
}

/* A list of titles counts its members; the titles are read on. */
static void read_titles(finding *in, size_t at)
{
    size_t count = 0, size = titles_at(in->text, at, &count);

    if (count >= 2)
        (void)add(in, TZ_SAID_LIST, TZ_COUNTED, at, at + size, tz_arena_printf(in->mem, "%zu", count), "项");
}

/* What begins at `at`; bytes to go on behind. */
static size_t read_one(finding *in, size_t at)
{
    size_t name = longest(in->text, at, in->names->items, in->names->count);
    size_t sound = longest(in->text, at, in->sounds->items, in->sounds->count);
    bool   is_word = isalnum((unsigned char)in->text.data[at]), is_digit = isdigit((unsigned char)in->text.data[at]);

    if (name > 0) {
        add_name(in, at, at + name);
        return name;
    }
    if (sound > 0)
        return sound;
    if (is_word && !is_digit) {
        size_t size = contact_at(in, at);
        if (size > 0)
            (void)add(in, TZ_SAID_CONTACT, TZ_COUNTED, at, at + size, tz_arena_copy(in->mem, in->text.data + at, size), "");
        return size > 0 ? size : 1;
    }
    if (stands(in->text, at, "《") && (at < 3 || !stands(in->text, at - 3, "》")) && (at < 6 || !stands(in->text, at - 6, "》、")))
        read_titles(in, at);
    size_t size = is_digit ? read_digits(in, at) : read_numeral(in, at);
    if (size == 0)
        size = read_claim(in, at);
    return size > 0 ? size : next_char(in->text, at) - at;
}

/* All documents that the text names, each once. */
static void add_documents(finding *in)
{
    tz_strings titles = {0};

    for (size_t at = 0; (at = tz_text_find(in->text, TZ_TEXT("《"), at)) != SIZE_MAX;) {
        size_t close = tz_text_find(in->text, TZ_TEXT("》"), at);
        if (close == SIZE_MAX)
            break;
        const char *title = tz_text_dup(in->mem, tz_text_cut(in->text, at, close - at));
        if (!is_among(title, titles.items, titles.count))
            tz_push(in->mem, &titles, title);
        at = close;
    }
    in->sentence = in->clause = 0;
    in->sentence_end = in->clause_end = in->text.size;
    in->paragraph = 1;
    if (titles.count >= 2)
        (void)add(in, TZ_SAID_LIST, TZ_COUNTED, 0, 0, tz_arena_printf(in->mem, "%zu", titles.count), "份");
}

void tz_quantities_find(tz_arena *mem, tz_text text, const tz_strings *names, const tz_strings *sounds, tz_said_list *ret_said)
{
    tz_assert(mem != NULL && names != NULL && sounds != NULL && ret_said != NULL);
    finding in = {.mem = mem, .text = text, .names = names, .sounds = sounds, .paragraph = 1};

    begin_sentence(&in, 0);
    for (size_t at = 0; at < text.size;) {
        if (at >= in.sentence_end) { /* behind it where a name went over its end */
            in.paragraph += at == in.sentence_end && text.data[at] == '\n';
            at = at == in.sentence_end ? next_char(text, at) : at;
            begin_sentence(&in, at);
        } else if (at >= in.clause_end) {
            at = at == in.clause_end ? next_char(text, at) : at;
            begin_clause(&in, at);
        } else {
            at += read_one(&in, at);
        }
    }
    add_documents(&in);
    *ret_said = in.list;
}
