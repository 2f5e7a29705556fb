#include "ledger/clue.h"

#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "ledger/inside.h"
#include "store/checkpoint.h"
#include "store/journal.h"
#include "store/sign.h"

static const char HEAD[] = "taizhang-clues/1";
static const char *const STATES[] = {"open", "handled", "settled"};
enum { STATE_COUNT = 3, MOST_LINES = 200, MOST_COUNT = 1000000 };

/* ---- Out of the clue county ---- */

/* The codes of the field `type` of the sealed pack's ledger; NULL: this county is no clue county. */
static const tz_strings *types_of(const tz_packs *packs)
{
    if (packs->packs.count != 1 || !packs->packs.items[0].is_sealed)
        return NULL;
    for (size_t i = 0; i < packs->packs.items[0].ledgers.count; i++) {
        const tz_ledger *ledger = &packs->packs.items[0].ledgers.items[i];
        for (size_t j = 0; j < ledger->fields.count; j++)
            if (strcmp(ledger->fields.items[j].name, "type") == 0 && ledger->fields.items[j].codes.count > 0)
                return &ledger->fields.items[j].codes;
    }
    return NULL;
}

/* Index of a clue's type; of a clue without one, the last: 其他. */
static size_t type_index(const tz_strings *types, const char *type)
{
    for (size_t i = 0; type != NULL && i < types->count; i++)
        if (strcmp(types->items[i], type) == 0)
            return i;
    return types->count - 1;
}

static size_t state_index(const char *state)
{
    if (strcmp(state, "submitted") == 0 || strcmp(state, "checked") == 0)
        return 1;
    return tz_state_is_open(state) ? 0 : 2;
}

static tz_rc count_clues(tz_arena *mem, tz_store *store, const tz_strings *types, int64_t **ret_counts, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    json_t  *rows = NULL, *row;
    size_t   i;
    int64_t *counts = tz_new_array(mem, int64_t, types->count * STATE_COUNT);

    TZ_TRY(tz_issue_query(store, "SELECT state, json_extract(fields, '$.type') AS type FROM issue WHERE state <> 'merged'", 0, &rows, err));
    json_array_foreach(rows, i, row)
        counts[type_index(types, tz_json_str(row, "type")) * STATE_COUNT + state_index(tz_json_str(row, "state"))]++;
    *ret_counts = counts;
done:
    json_decref(rows);
    return rc;
}

tz_rc tz_clue_count(tz_arena *mem, tz_store *store, const tz_packs *packs, const char *key_path, const char **ret_text, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && key_path != NULL && ret_text != NULL);
    tz_rc             rc = TZ_OK;
    const tz_strings *types = types_of(packs);
    const char       *origin = NULL;
    int64_t          *counts = NULL;
    char              day[TZ_DATE_TEXT];
    tz_buf            text = tz_buf_init(mem, 0), signature = tz_buf_init(mem, 0);

    if (types == NULL) {
        (void)tz_fail(err, TZ_REFUSED, "这里不是线索目录", "this is no clue county");
        return tz_err_advise(err, "线索另建目录:taizhang new 目录 --county 代码 --pack clues",
                             "make one: taizhang new DIR --county CODE --pack clues");
    }
    if (!tz_file_exists(key_path))
        TZ_TRY(tz_key_make(key_path, err));
    TZ_TRY(tz_checkpoint_origin(mem, store, &origin, err));
    TZ_TRY(count_clues(mem, store, types, &counts, err));
    tz_date_format(tz_issue_today(store), day);
    tz_buf_printf(&text, "%s\n%s\n%s\n", HEAD, origin, day);
    for (size_t i = 0; i < types->count * STATE_COUNT; i++)
        if (counts[i] > 0)
            tz_buf_printf(&text, "%s\t%s\t%lld\n", types->items[i / STATE_COUNT], STATES[i % STATE_COUNT], (long long)counts[i]);
    TZ_TRY(tz_key_sign(key_path, tz_buf_text(&text), &signature, err));
    char *hex = tz_new_array(mem, char, signature.size * 2 + 1);
    tz_hex((const uint8_t *)signature.data, signature.size, hex);
    tz_buf_printf(&text, "\n%s\n", hex);
    *ret_text = tz_buf_str(&text);
done:
    return rc;
}

/* ---- Into the common county ---- */

typedef struct {
    tz_text origin, day;
    tz_text lines;     /* the counts */
    tz_text signed_part;
    tz_text signature; /* hexadecimal */
} counts_text;

static bool next_line(tz_text *rest, tz_text *ret_line)
{
    size_t feed = tz_text_find(*rest, TZ_TEXT("\n"), 0);

    if (feed == SIZE_MAX)
        return false;
    *ret_line = tz_text_cut(*rest, 0, feed);
    *rest = tz_text_cut(*rest, feed + 1, rest->size);
    return true;
}

static bool split_text(tz_text text, counts_text *of)
{
    tz_text rest = text, line = {0};
    int32_t day = 0;
    size_t  blank = tz_text_find(text, TZ_TEXT("\n\n"), 0);

    if (blank == SIZE_MAX || !next_line(&rest, &line) || !tz_text_is(line, HEAD) || !next_line(&rest, &of->origin) ||
        !next_line(&rest, &of->day) || !tz_date_parse_iso(of->day, &day))
        return false;
    of->signed_part = tz_text_cut(text, 0, blank + 1);
    of->lines = tz_text_cut(text, (size_t)(rest.data - text.data), blank + 1 - (size_t)(rest.data - text.data));
    of->signature = tz_text_trim(tz_text_cut(text, blank + 2, text.size));
    return tz_text_starts(of->origin, TZ_TEXT("taizhang/")) && of->origin.size < 64;
}

/* What a type may be: the codes of the pack `clues`, as this county would load it. So no name passes for a type. */
static tz_rc load_types(tz_arena *mem, tz_store *store, const tz_strings **ret_types, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_err      ignored;
    const char *own = tz_store_path(mem, store, "packs", NULL), *shipped = own;
    tz_county   alone = *store->county;
    tz_packs   *packs = NULL;

    memset(&alone.packs, 0, sizeof alone.packs);
    memset(&alone.overrides, 0, sizeof alone.overrides); /* of parameters that other packs declare */
    tz_push(mem, &alone.packs, "clues");
    if (tz_packs_shipped(mem, store->app->program, &shipped, &ignored) != TZ_OK)
        shipped = own;
    TZ_TRY(tz_packs_load(mem, &alone, own, shipped, &packs, err));
    *ret_types = types_of(packs);
    if (*ret_types == NULL)
        rc = tz_fail(err, TZ_INPUT, "规则包 clues 没有声明线索类别", "the pack 'clues' declares no types");
done:
    return rc;
}

/* "优亲厚友<tab>open<tab>3" */
static bool read_count(tz_text line, const tz_strings *types, tz_text *ret_type, const char **ret_state, int64_t *ret_count)
{
    size_t first = tz_text_find(line, TZ_TEXT("\t"), 0), second = first == SIZE_MAX ? SIZE_MAX : tz_text_find(line, TZ_TEXT("\t"), first + 1);

    if (second == SIZE_MAX || !tz_text_int(tz_text_cut(line, second + 1, line.size), ret_count) || *ret_count < 0 ||
        *ret_count > MOST_COUNT)
        return false;
    *ret_type = tz_text_cut(line, 0, first);
    *ret_state = NULL;
    bool is_type = false;
    for (size_t i = 0; i < types->count; i++)
        is_type |= tz_text_is(*ret_type, types->items[i]);
    for (size_t i = 0; i < STATE_COUNT; i++)
        if (tz_text_is(tz_text_cut(line, first + 1, second - first - 1), STATES[i]))
            *ret_state = STATES[i];
    return *ret_state != NULL && is_type;
}

static bool is_signed(const counts_text *of, const char *signer)
{
    enum { MOST_SIGNATURE = 128 };
    tz_public_key key;
    uint8_t       signature[MOST_SIGNATURE];
    size_t        size = of->signature.size / 2;

    return size > 0 && size <= MOST_SIGNATURE && tz_unhex(tz_text_of(signer), key.bytes, TZ_POINT_SIZE) &&
           tz_unhex(of->signature, signature, size) && tz_key_verifies(&key, of->signed_part, (tz_text){(const char *)signature, size});
}

/* Who signed for this origin before, and as of when; both untouched when nobody did. */
static tz_rc known_signer(tz_arena *mem, tz_store *store, tz_text origin, const char **ret_key, const char **ret_day, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    TZ_TRY(tz_sql_open(store, "SELECT key, as_of FROM clue_count WHERE origin = ?1 LIMIT 1", &sql, err));
    tz_sql_bind_text(sql, 1, tz_text_dup(mem, origin));
    TZ_TRY(tz_sql_step(store, sql, &has_row, err));
    if (has_row) {
        *ret_key = tz_sql_dup(mem, sql, 0);
        *ret_day = tz_sql_dup(mem, sql, 1);
    }
done:
    tz_sql_close(sql);
    return rc;
}

static tz_rc judge_signer(tz_arena *mem, tz_store *store, const counts_text *of, const char *signer, const char **ret_key, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *known = NULL, *day = NULL;

    TZ_TRY(known_signer(mem, store, of->origin, &known, &day, err));
    if (known == NULL && signer == NULL) {
        (void)tz_fail(err, TZ_USAGE, "这个线索目录的公钥还不知道", "the public key of this clue county is not known yet");
        rc = tz_err_advise(err, "用 --signer 给出 clues count 打印的公钥", "give the one that clues count printed with --signer");
    } else if (known != NULL && signer != NULL && strcmp(known, signer) != 0) {
        rc = tz_fail(err, TZ_TAMPER, "公钥与此前登记的不同", "the key is another than the one that signed before");
    } else if (!is_signed(of, known != NULL ? known : signer)) {
        rc = tz_fail(err, TZ_TAMPER, "签名不符,未收入", "the signature does not match; nothing was taken");
    } else if (day != NULL && tz_text_compare(of->day, tz_text_of(day)) < 0) {
        rc = tz_fail(err, TZ_REFUSED, "比已有的计数(%s)旧", "it is older than the counts that are known (%s)", day);
    } else {
        *ret_key = known != NULL ? known : signer;
    }
done:
    return rc;
}

static tz_rc put_count(tz_arena *mem, tz_store *store, const counts_text *of, const char *key, tz_text type, const char *state, int64_t count,
                       tz_err *err)
{
    json_t *row = json_object();

    tz_json_set_str(row, "origin", tz_text_dup(mem, of->origin));
    (void)json_object_set_new(row, "type", tz_json_text(type));
    tz_json_set_str(row, "state", state);
    tz_json_set_int(row, "count", count);
    tz_json_set_str(row, "as_of", tz_text_dup(mem, of->day));
    tz_json_set_str(row, "key", key);
    tz_rc rc = tz_journal_put(store, "clues.take", "clue_count", row, NULL, NULL, err);
    json_decref(row);
    return rc;
}

/* What the new text does not name is zero now. */
static tz_rc put_zeros(tz_arena *mem, tz_store *store, const counts_text *of, const char *key, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *rows = NULL, *row;
    size_t  i;

    TZ_TRY(tz_issue_query(store, "SELECT origin, type, state FROM clue_count WHERE count > 0", 0, &rows, err));
    json_array_foreach(rows, i, row)
        if (tz_text_is(of->origin, tz_json_str(row, "origin")))
            TZ_TRY(put_count(mem, store, of, key, tz_text_of(tz_json_str(row, "type")), tz_json_str(row, "state"), 0, err));
done:
    json_decref(rows);
    return rc;
}

static tz_rc put_counts(tz_arena *mem, tz_store *store, const counts_text *of, const tz_strings *types, const char *key, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_text rest = of->lines, line;
    int     count = 0;

    TZ_TRY(put_zeros(mem, store, of, key, err));
    while (next_line(&rest, &line)) {
        tz_text     type = {0};
        const char *state = NULL;
        int64_t     number = 0;
        if (++count > MOST_LINES || !read_count(line, types, &type, &state, &number)) {
            rc = tz_fail(err, TZ_TAMPER, "第 %d 个计数行的形式不对,未收入", "count line %d has another shape; nothing was taken", count);
            goto done;
        }
        TZ_TRY(put_count(mem, store, of, key, type, state, number, err));
    }
done:
    return rc;
}

tz_rc tz_clue_take(tz_store *store, const tz_packs *packs, tz_text text, const char *signer, tz_err *err)
{
    tz_assert(store != NULL && packs != NULL);
    tz_rc             rc = TZ_OK;
    tz_arena          mem = {0};
    counts_text       of = {0};
    const char       *key = NULL;
    const tz_strings *types = NULL;

    if (types_of(packs) != NULL)
        return tz_fail(err, TZ_REFUSED, "线索目录不收计数", "a clue county takes no counts");
    if (!split_text(text, &of))
        return tz_fail(err, TZ_TAMPER, "不是线索计数文件", "it is no text of clue counts");
    TZ_TRY(judge_signer(&mem, store, &of, signer, &key, err));
    TZ_TRY(load_types(&mem, store, &types, err));
    TZ_TRY(tz_store_begin(store, err));
    TZ_TRY(put_counts(&mem, store, &of, types, key, err));
    TZ_TRY(tz_store_commit(store, err));
done:
    if (rc != TZ_OK)
        tz_store_rollback(store);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_clue_list(tz_store *store, json_t **ret_rows, tz_err *err)
{
    tz_assert(store != NULL && ret_rows != NULL);
    return tz_issue_query(store, "SELECT origin, type, state, count, as_of FROM clue_count WHERE count > 0 ORDER BY origin, type, state", 0,
                          ret_rows, err);
}
