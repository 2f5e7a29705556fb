/* Clues: counts by type leave their county, and nothing else does. */
#include "../ledger.h"

#include "ledger/clue.h"
#include "store/sign.h"

static const char PACK[] =
    "name: clues\ntitle: 线索 | clues\nsealed: true\nledgers:\n  clues:\n    title: 线索 | clues\n"
    "    steps: [open, assigned, rectifying, submitted, checked, closed]\n    words: {closed: 了结 | settled}\n"
    "    fields:\n      - {name: type, title: 类别 | type, required: true, codes: [优亲厚友, 吃拿卡要, 其他]}\n";

/* What the clue county knows and the common one must never hold. */
static const char *const SECRETS[] = {"赵六", "孙七", "受贿五万", "13800138000", "举报", "密"};

typedef struct {
    small_county  clues, common;
    const char   *key_path;
    char          key[TZ_POINT_HEX];
} two_counties;

/* The clue county is a small county whose pack is replaced by the sealed one; the common county knows that pack
 * without using it. */
static void start(two_counties *of)
{
    static const char *const SEALED[] = {"clues"};
    small_county *clues = &of->clues;
    tz_public_key key;
    char          path[128];

    county_make(&of->common);
    (void)snprintf(path, sizeof path, "%s/packs/clues", of->common.folder);
    MUST(tz_file_make_folder(path, err));
    county_write(&of->common, "packs/clues/pack.yaml", PACK);

    *clues = (small_county){.clock_ms = 1577836800000};
    (void)snprintf(clues->folder, sizeof clues->folder, "%s/tz-clues-XXXXXX", getenv("TMPDIR") == NULL ? "/tmp" : getenv("TMPDIR"));
    assert_non_null(mkdtemp(clues->folder));
    clues->app = (tz_app){.lang = TZ_EN, .now_ms = county_now, .context = clues, .program = "/proc/self/exe"};
    MUST(tz_store_create(&clues->app, clues->folder, "140430", "测试县", SEALED, 1, "tester", err));
    (void)snprintf(path, sizeof path, "%s/packs/clues", clues->folder);
    MUST(tz_file_make_folder(path, err));
    county_write(clues, "packs/clues/pack.yaml", PACK);
    MUST(tz_store_open(&clues->app, clues->folder, TZ_WRITE, &clues->store, err));
    as(clues, "tester");
    county_load_packs(clues);
    of->key_path = tz_arena_printf(&of->common.mem, "%s.pem", clues->folder);
    MUST(tz_key_make(of->key_path, err));
    MUST(tz_key_public(of->key_path, &key, err));
    tz_hex(key.bytes, TZ_POINT_SIZE, of->key);
}

static void end(two_counties *of)
{
    assert_int_equal(unlink(of->key_path), 0);
    county_drop(&of->clues);
    county_drop(&of->common);
}

/* Every place of a clue that holds text holds a secret. */
static void add_clue(small_county *clues, const char *type)
{
    int64_t              number = 0;
    tz_issue_new_options options = {.title = "赵六受贿五万", .raised_by = "举报人孙七 13800138000", .unit = "密室"};
    json_t              *fields = type == NULL ? NULL : json_pack("{s:s, s:s}", "type", type, "remark", "密:13800138000");

    MUST(tz_issue_new(clues->store, clues->packs, &options, &number, err));
    if (fields != NULL)
        act(clues, number, "set", WITH(.fields = fields, .people = "赵六,孙七"));
    act(clues, number, "note", WITH(.note = "举报信在密柜"));
    act(clues, number, "say", WITH(.note = "孙七所言", .file = a_file(clues, "密.txt", "赵六")));
    json_decref(fields);
}

static const char *count(two_counties *of)
{
    const char *text = NULL;
    MUST(tz_clue_count(&of->common.mem, of->clues.store, of->clues.packs, of->key_path, &text, err));
    return text;
}

static void take(two_counties *of, const char *text)
{
    MUST(tz_clue_take(of->common.store, of->common.packs, tz_text_of(text), of->key, err));
}

static void expect_refused(two_counties *of, const char *text, const char *signer, tz_rc expected)
{
    tz_err wrong = {0};
    tz_rc  rc = tz_clue_take(of->common.store, of->common.packs, tz_text_of(text), signer, &wrong);
    if (rc != expected)
        fail_msg("%d, not %d: %s", (int)rc, (int)expected, wrong.en);
}

/* No byte of a secret in any file of the common county. */
static void expect_no_secret(const char *folder)
{
    tz_arena mem = {0};
    tz_names names;
    MUST(tz_file_list(&mem, folder, &names, err));
    for (size_t i = 0; i < names.count; i++) {
        const char *path = tz_arena_printf(&mem, "%s/%s", folder, names.items[i]);
        tz_text     text;
        if (tz_file_is_folder(path)) {
            expect_no_secret(path);
            continue;
        }
        MUST(tz_file_load(&mem, path, 1 << 26, &text, err));
        for (size_t j = 0; j < sizeof SECRETS / sizeof SECRETS[0]; j++)
            if (tz_text_find(text, tz_text_of(SECRETS[j]), 0) != SIZE_MAX)
                fail_msg("%s holds %s", path, SECRETS[j]);
    }
    tz_arena_free(&mem);
}

static void counts_pass_and_nothing_else(void **state)
{
    (void)state;
    two_counties of;
    json_t      *rows = NULL;
    start(&of);
    add_clue(&of.clues, "优亲厚友");
    add_clue(&of.clues, "优亲厚友");
    add_clue(&of.clues, "吃拿卡要");
    add_clue(&of.clues, NULL); /* without a type: counted as 其他 */
    act(&of.clues, 2, "assign", WITH(.handler = "tester"));
    act(&of.clues, 2, "submit", PLAIN);
    act(&of.clues, 3, "transfer", WITH(.unit = "监委", .note = "立案"));

    const char *text = count(&of);
    for (size_t i = 0; i < sizeof SECRETS / sizeof SECRETS[0]; i++)
        assert_null(strstr(text, SECRETS[i]));
    const char *lines = strstr(text, "\n2020-01-01\n") + strlen("\n2020-01-01\n");
    assert_int_equal(strncmp(lines, "优亲厚友\topen\t1\n优亲厚友\thandled\t1\n吃拿卡要\tsettled\t1\n其他\topen\t1\n\n",
                             strlen("优亲厚友\topen\t1\n优亲厚友\thandled\t1\n吃拿卡要\tsettled\t1\n其他\topen\t1\n\n")), 0);
    take(&of, text);
    MUST(tz_clue_list(of.common.store, &rows, err));
    assert_int_equal(json_array_size(rows), 4);
    json_decref(rows);
    expect_no_secret(of.common.folder);
    end(&of);
}

static void newer_counts_replace(void **state)
{
    (void)state;
    two_counties of;
    json_t      *rows = NULL;
    start(&of);
    add_clue(&of.clues, "优亲厚友");
    const char *first = count(&of);
    take(&of, first);
    act(&of.clues, 1, "transfer", WITH(.unit = "监委", .note = "立案"));
    pass_days(&of.clues, 1);
    MUST(tz_clue_take(of.common.store, of.common.packs, tz_text_of(count(&of)), NULL, err)); /* the key is known now */
    MUST(tz_clue_list(of.common.store, &rows, err));
    assert_int_equal(json_array_size(rows), 1);
    assert_string_equal(tz_json_str(json_array_get(rows, 0), "state"), "settled");
    json_decref(rows);
    expect_refused(&of, first, NULL, TZ_REFUSED); /* older */
    end(&of);
}

/* A text of another shape, signed with the right key. */
static const char *signed_text(two_counties *of, const char *body)
{
    tz_buf out = tz_buf_init(&of->common.mem, 0), signature = tz_buf_init(&of->common.mem, 0);

    tz_buf_puts(&out, body);
    MUST(tz_key_sign(of->key_path, tz_buf_text(&out), &signature, err));
    char *hex = tz_new_array(&of->common.mem, char, signature.size * 2 + 1);
    tz_hex((const uint8_t *)signature.data, signature.size, hex);
    tz_buf_printf(&out, "\n%s\n", hex);
    return tz_buf_str(&out);
}

#define HEAD "taizhang-clues/1\ntaizhang/140430/0123456789abcdef\n2020-01-01\n"

static void refuses_all_else(void **state)
{
    (void)state;
    static const char *const SHAPES[] = {
        HEAD "赵六孙七\topen\t1\n",         /* a name is no type, even signed */
        HEAD "优亲厚友\t赵六\t1\n",         /* no state */
        HEAD "优亲厚友\topen\t13800138000\n", /* a telephone is no count */
        HEAD "优亲厚友\topen\t-1\n",
        HEAD "优亲厚友\topen\t1\t赵六\n",
        HEAD "优亲厚友 open 1\n",
    };
    two_counties of;
    start(&of);
    add_clue(&of.clues, "优亲厚友");
    const char *text = count(&of);
    char       *bent = tz_arena_dup(&of.common.mem, text);
    *(strstr(bent, "\topen\t1") + strlen("\topen\t")) = '2';
    expect_refused(&of, bent, of.key, TZ_TAMPER);
    expect_refused(&of, text, NULL, TZ_USAGE); /* no key is known */
    char other[TZ_POINT_HEX];
    memcpy(other, of.key, sizeof other);
    other[9] = other[9] == '0' ? '1' : '0';
    expect_refused(&of, text, other, TZ_TAMPER);
    expect_refused(&of, "", of.key, TZ_TAMPER);
    expect_refused(&of, "taizhang-clues/1\nx\n2020-01-01\n\n00\n", of.key, TZ_TAMPER);
    for (size_t i = 0; i < sizeof SHAPES / sizeof SHAPES[0]; i++)
        expect_refused(&of, signed_text(&of, SHAPES[i]), of.key, TZ_TAMPER);
    take(&of, signed_text(&of, HEAD "优亲厚友\topen\t1\n")); /* the shape itself is fine */
    expect_refused(&of, text, other, TZ_TAMPER);

    tz_err      wrong = {0};
    const char *ignored = NULL;
    assert_int_equal(tz_clue_count(&of.common.mem, of.common.store, of.common.packs, of.key_path, &ignored, &wrong), TZ_REFUSED);
    assert_int_equal(tz_clue_take(of.clues.store, of.clues.packs, tz_text_of(text), of.key, &wrong), TZ_REFUSED);
    end(&of);
}

/* A sealed pack stands alone, and a clue is in no other list than its own. */
static void stands_alone(void **state)
{
    (void)state;
    two_counties of;
    tz_packs    *packs = NULL;
    tz_err       wrong = {0};
    start(&of);
    tz_county both = *of.common.store->county;
    tz_push(&of.common.mem, &both.packs, "clues");
    const char *own = tz_store_path(&of.common.mem, of.common.store, "packs", NULL);
    assert_int_equal(tz_packs_load(&of.common.mem, &both, own, own, &packs, &wrong), TZ_INPUT);
    add_clue(&of.clues, NULL);
    json_t *shown = show(&of.clues, 1);
    assert_string_equal(tz_json_str(shown, "ledger"), "clues");
    json_decref(shown);
    end(&of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_pass_and_nothing_else),
        cmocka_unit_test(newer_counts_replace),
        cmocka_unit_test(refuses_all_else),
        cmocka_unit_test(stands_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
