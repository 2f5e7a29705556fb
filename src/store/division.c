/* A name is indexed twice, under a prefix byte: 's' strict, without what a committee or an office
 * adds to it (郭村村委会 as 郭村, 定昌镇人民政府 as 定昌镇); 'l' loose, also without its kind
 * (北关社区 as 北关, 定昌镇 as 定昌).  Divisions under one key are chained in order of code; slot
 * 2·i of next_same continues the strict chain of division i, slot 2·i + 1 the loose one. */
#include "store/division.h"

#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/limits.h"
#include "store/tsv.h"

enum { MAX_NAME_BYTES = 256, COLUMNS = 6, LEAST_COLUMNS = 4 };

/* Longest first: the first that fits is cut. */
static const char *const OFFICES_OF_VILLAGE[] = {
    "村民委员会", "居民委员会", "村民委", "居民委", "村委会", "居委会", "村委", "居委", NULL};
static const char *const KINDS_OF_VILLAGE[] = {"社区", "村", NULL};
static const char *const OFFICES_OF_TOWNSHIP[] = {
    "人民政府", "街道办事处", "政府", "办事处", "街道办", NULL};
static const char *const KINDS_OF_TOWNSHIP[] = {"街道", "镇", "乡", NULL};
static const char *const OFFICES_OF_COUNTY[] = {"人民政府", "政府", NULL};
static const char *const KINDS_OF_COUNTY[] = {"县", "市", "区", NULL};

static const char *const *offices_of(tz_division_level level)
{
    return level == TZ_DIVISION_VILLAGE    ? OFFICES_OF_VILLAGE
           : level == TZ_DIVISION_TOWNSHIP ? OFFICES_OF_TOWNSHIP
                                           : OFFICES_OF_COUNTY;
}

static const char *const *kinds_of(tz_division_level level)
{
    return level == TZ_DIVISION_VILLAGE    ? KINDS_OF_VILLAGE
           : level == TZ_DIVISION_TOWNSHIP ? KINDS_OF_TOWNSHIP
                                           : KINDS_OF_COUNTY;
}

/* name without the first of the endings that it has; a name is never cut to nothing. */
static tz_text without(tz_text name, const char *const *endings)
{
    for (size_t i = 0; endings[i] != NULL; i++) {
        tz_text ending = tz_text_of(endings[i]);
        if (name.size > ending.size && tz_text_ends(name, ending))
            return tz_text_cut(name, 0, name.size - ending.size);
    }
    return name;
}

static tz_text index_key(char kind, tz_division_level level, tz_text name, char out[MAX_NAME_BYTES])
{
    if (name.size > MAX_NAME_BYTES - 2)
        name.size = MAX_NAME_BYTES - 2;
    out[0] = kind;
    out[1] = (char)('0' + (int)level);
    memcpy(out + 2, name.data == NULL ? "" : name.data, name.size);
    return (tz_text){out, name.size + 2};
}

/* ---- Reading ---- */

static bool is_code(tz_text text)
{
    if (text.size != 12)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return true;
}

static bool read_level(tz_text text, tz_division_level *ret_level)
{
    static const char *const NAMES[] = {"county", "township", "village"};

    for (int i = 0; i < 3; i++)
        if (tz_text_is(text, NAMES[i])) {
            *ret_level = (tz_division_level)i;
            return true;
        }
    return false;
}

static tz_rc read_line(tz_arena *mem, tz_county *county, tz_text line, tz_err *err)
{
    tz_text     fields[COLUMNS];
    tz_division division = {0};
    bool        is_new = false;
    size_t      count = tz_tsv_split(line, fields, COLUMNS);

    if (count < LEAST_COLUMNS || count > COLUMNS)
        return tz_fail(err, TZ_INPUT, "一行有 4 到 6 列,以制表符分隔", "a line has 4 to 6 columns, separated by tabs");
    if (!is_code(fields[0]) || !read_level(fields[2], &division.level) || fields[1].size == 0 ||
        fields[1].size > MAX_NAME_BYTES / 2)
        return tz_fail(err, TZ_INPUT, "要有 12 位代码、名称和级别(county、township、village)",
                         "a code of 12 digits, a name and a level (county, township, village) are required");
    if (division.level != TZ_DIVISION_COUNTY && tz_map_get(&county->by_code, fields[3]) == NULL)
        return tz_fail(err, TZ_INPUT, "上级代码要在前面的行里", "the parent's code must stand in a line above");
    tz_map_entry *entry = tz_map_put(&county->by_code, fields[0], &is_new);
    if (!is_new)
        return tz_fail(err, TZ_INPUT, "代码重复", "the code stands here twice");
    entry->value = (int64_t)county->divisions.count + 1;
    division.code = tz_text_dup(mem, fields[0]);
    division.name = tz_text_dup(mem, fields[1]);
    division.parent = tz_text_dup(mem, fields[3]);
    division.successor = fields[5].size == 0 || tz_text_equal(fields[5], fields[0]) ? NULL : tz_text_dup(mem, fields[5]);
    tz_push(mem, &county->divisions, division);
    return TZ_OK;
}

static void index_name(tz_county *county, char kind, size_t index, tz_text name)
{
    char          room[MAX_NAME_BYTES];
    bool          is_new;
    size_t        slot = index * 2 + (kind == 'l');
    tz_text       key = index_key(kind, county->divisions.items[index].level, name, room);
    tz_map_entry *entry = tz_map_put(&county->by_name, key, &is_new);

    county->next_same[slot] = (size_t)entry->value;
    entry->value = (int64_t)index + 1;
}

static void make_indexes(tz_arena *mem, tz_county *county)
{
    size_t count = county->divisions.count;

    county->next_same = tz_new_array(mem, size_t, count * 2 + 1);
    for (size_t i = count; i-- > 0;) { /* backwards, so that chains run forwards */
        const tz_division *division = &county->divisions.items[i];
        tz_text strict = without(tz_text_fold(mem, tz_text_of(division->name)), offices_of(division->level));
        index_name(county, 's', i, strict);
        index_name(county, 'l', i, without(strict, kinds_of(division->level)));
    }
    for (size_t i = 0; i < count; i++) { /* a code of the next edition, unless it is also one of this */
        const char *successor = county->divisions.items[i].successor;
        bool        is_new;
        if (successor == NULL)
            continue;
        tz_map_entry *entry = tz_map_put(&county->by_code, tz_text_of(successor), &is_new);
        if (is_new)
            entry->value = (int64_t)i + 1;
    }
}

tz_rc tz_divisions_load(tz_arena *mem, const char *path, tz_county *county, tz_err *err)
{
    tz_assert(mem != NULL && path != NULL && county != NULL);
    tz_rc   rc = TZ_OK;
    tz_text text, line;
    int64_t line_no = 0;

    county->by_code = tz_map_init(mem);
    county->by_name = tz_map_init(mem);
    TZ_TRY(tz_file_load(mem, path, TZ_MAX_YAML_BYTES, &text, err));
    if (!tz_utf8_is_valid(text)) {
        rc = tz_fail(err, TZ_INPUT, "编码不是 UTF-8", "the encoding is not UTF-8");
        goto done;
    }
    for (size_t at = 0; tz_tsv_next(text, &at, &line_no, &line);)
        TZ_TRY(read_line(mem, county, line, err));
    make_indexes(mem, county);
done:
    if (rc == TZ_INPUT)
        (void)tz_err_at(err, tz_file_base(path), NULL, line_no, NULL);
    return rc;
}

/* ---- Finding ---- */

const tz_division *tz_county_division(const tz_county *county, tz_text code)
{
    tz_assert(county != NULL);
    char padded[12];

    if (code.size != 12 && code.size != 9 && code.size != 6)
        return NULL;
    memset(padded, '0', sizeof padded);
    memcpy(padded, code.data, code.size);
    const tz_map_entry *entry = tz_map_get(&county->by_code, (tz_text){padded, sizeof padded});
    return entry == NULL ? NULL : &county->divisions.items[entry->value - 1];
}

typedef struct {
    const tz_county   *county;
    tz_division_level  level;
    const char        *within; /* a township's code of 12 digits, or NULL */
    const tz_division *first;
} search;

static size_t count_chain(search *look, char kind, tz_text name)
{
    char                room[MAX_NAME_BYTES];
    tz_text             key = index_key(kind, look->level, name, room);
    const tz_map_entry *entry = tz_map_get(&look->county->by_name, key);
    size_t              count = 0;

    for (size_t at = entry == NULL ? 0 : (size_t)entry->value; at != 0;
         at = look->county->next_same[(at - 1) * 2 + (kind == 'l')]) {
        const tz_division *division = &look->county->divisions.items[at - 1];
        if (look->within != NULL && look->level == TZ_DIVISION_VILLAGE &&
            strcmp(division->parent, look->within) != 0)
            continue;
        if (count++ == 0)
            look->first = division;
    }
    return count;
}

/* A name without any prefix: the most exact reading that fits anything wins. */
static size_t count_plain(search *look, tz_text name)
{
    tz_text bare = without(name, offices_of(look->level));
    tz_text core = without(bare, kinds_of(look->level));
    size_t  count = count_chain(look, 's', bare);

    if (count == 0 && core.size != bare.size)
        count = count_chain(look, 's', core);
    if (count == 0)
        count = count_chain(look, 'l', bare);
    if (count == 0 && core.size != bare.size)
        count = count_chain(look, 'l', core);
    return count;
}

/* A village behind the name of its township: 定昌镇北寺上村, or 定昌北寺上村. */
static size_t count_behind_township(search *look, tz_text name)
{
    for (int is_short = 0; is_short < 2; is_short++)
        for (size_t i = 0; i < look->county->divisions.count; i++) {
            const tz_division *township = &look->county->divisions.items[i];
            tz_text prefix = tz_text_of(township->name);
            if (is_short)
                prefix = without(prefix, KINDS_OF_TOWNSHIP);
            if (township->level != TZ_DIVISION_TOWNSHIP || name.size <= prefix.size ||
                !tz_text_starts(name, prefix) ||
                (look->within != NULL && strcmp(township->code, look->within) != 0))
                continue;
            search inside = {look->county, look->level, township->code, NULL};
            size_t count = count_plain(&inside, tz_text_cut(name, prefix.size, name.size));
            if (count > 0) {
                look->first = inside.first;
                return count;
            }
        }
    return 0;
}

static size_t count_all(search *look, tz_text name)
{
    size_t count = count_plain(look, name);

    if (count == 0 && look->level == TZ_DIVISION_VILLAGE)
        count = count_behind_township(look, name);
    return count;
}

size_t tz_county_find(const tz_county *county, tz_text name, tz_text within, tz_division_level level,
                      const tz_division **ret)
{
    tz_assert(county != NULL && ret != NULL);
    search             look = {.county = county, .level = level};
    const tz_division *township = within.size == 0 ? NULL : tz_county_division(county, within);
    size_t             count = 0;
    tz_arena           mem = {0};
    tz_text            folded;

    if (name.size == 0 || name.size > MAX_NAME_BYTES || (within.size > 0 && township == NULL))
        return 0;
    if (township != NULL && township->level == TZ_DIVISION_TOWNSHIP)
        look.within = township->code;
    folded = tz_text_fold(&mem, name);
    count = folded.size == 0 ? 0 : count_all(&look, folded);
    if (count == 0) { /* behind the county's name, with or without its province and city */
        tz_text own = tz_text_of(county->name);
        size_t  at = tz_text_find(folded, own, 0);
        if (at != SIZE_MAX && at + own.size < folded.size)
            count = count_all(&look, tz_text_cut(folded, at + own.size, folded.size));
    }
    tz_arena_free(&mem);
    if (count > 0)
        *ret = look.first;
    return count;
}
