/* hash: SM3 by the examples of GB/T 32905-2016, HMAC by its definition, hexadecimal. */
#include "../test.h"

#include "base/file.h"
#include "base/hash.h"

static void check_digest(tz_digest digest, const char *expected)
{
    char hex[TZ_SM3_HEX];
    tz_digest_hex(&digest, hex);
    assert_string_equal(hex, expected);
}

static void test_the_standards_examples(void **state)
{
    (void)state;
    char long_text[65] = "";

    for (int i = 0; i < 16; i++)
        memcpy(long_text + 4 * i, "abcd", 5);
    check_digest(tz_sm3("abc", 3), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    check_digest(tz_sm3(long_text, 64), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
    check_digest(tz_sm3(NULL, 0), "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b");
}

/* Eight lanes beside OpenSSL: every length around the edges of blocks, every number of messages. */
static void test_many_at_once(void **state)
{
    (void)state;
    enum { MESSAGES = 300 };
    tz_arena  mem = {0};
    tz_text   messages[MESSAGES];
    tz_digest digests[MESSAGES];
    uint64_t  seed = test_seed();

    for (size_t count = 0; count <= MESSAGES; count += count < 20 ? 1 : 56) {
        for (size_t i = 0; i < count; i++) {
            size_t size = count == MESSAGES ? i : test_next(&seed) % 400;
            char  *data = tz_arena_alloc(&mem, size);
            for (size_t at = 0; at < size; at++)
                data[at] = (char)test_next(&seed);
            messages[i] = (tz_text){data, size};
        }
        tz_sm3_many(1, messages, count, digests);
        for (size_t i = 0; i < count; i++) {
            tz_digest alone = tz_sm3_of_two("\1", 1, messages[i].data, messages[i].size);
            if (!tz_digest_equal(&alone, &digests[i]))
                fail_msg("message %zu of %zu, %zu bytes", i, count, messages[i].size);
        }
        tz_arena_reset(&mem);
    }
    tz_arena_free(&mem);
}

/* A running digest does not care how the bytes come. */
static void test_running(void **state)
{
    (void)state;
    char data[1000];

    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)(i * 7);
    tz_digest whole = tz_sm3(data, sizeof data);
    for (size_t step = 1; step < 200; step += 13) {
        tz_sm3_run *run = tz_sm3_start();
        for (size_t at = 0; at < sizeof data; at += step)
            tz_sm3_add(run, data + at, sizeof data - at < step ? sizeof data - at : step);
        tz_digest pieces = tz_sm3_end(run);
        assert_true(tz_digest_equal(&whole, &pieces));
    }
}

/* HMAC(K, m) = H((K xor opad) || H((K xor ipad) || m)), RFC 2104, with a block of 64 bytes. */
static void test_hmac_by_its_definition(void **state)
{
    (void)state;
    uint8_t    key[32], inner_pad[64], outer_pad[64];
    const char message[] = "户主身份证号";

    for (size_t i = 0; i < 64; i++) {
        uint8_t byte = i < 32 ? (uint8_t)(i * 5 + 1) : 0;
        if (i < 32)
            key[i] = byte;
        inner_pad[i] = byte ^ 0x36;
        outer_pad[i] = byte ^ 0x5C;
    }
    tz_sm3_run *run = tz_sm3_start();
    tz_sm3_add(run, inner_pad, 64);
    tz_sm3_add(run, message, sizeof message - 1);
    tz_digest inner = tz_sm3_end(run);
    run = tz_sm3_start();
    tz_sm3_add(run, outer_pad, 64);
    tz_sm3_add(run, inner.bytes, sizeof inner.bytes);
    tz_digest expected = tz_sm3_end(run), got = tz_hmac(key, message, sizeof message - 1);
    assert_true(tz_digest_equal(&expected, &got));
}

static void test_hexadecimal(void **state)
{
    (void)state;
    const uint8_t bytes[] = {0x00, 0x7F, 0xFF};
    uint8_t       back[3];
    char          hex[7];

    tz_hex(bytes, sizeof bytes, hex);
    assert_string_equal(hex, "007fff");
    assert_true(tz_unhex(TZ_TEXT("007fff"), back, 3));
    assert_memory_equal(back, bytes, 3);
    assert_false(tz_unhex(TZ_TEXT("007ff"), back, 3));
    assert_false(tz_unhex(TZ_TEXT("007fff00"), back, 3));
    assert_false(tz_unhex(TZ_TEXT("007ffg"), back, 3));
}

static void test_a_file(void **state)
{
    (void)state;
    tz_arena    mem = {0};
    tz_err      err = {0};
    tz_digest   digest;
    int64_t     size = 0;
    const char *folder = test_folder(&mem);
    const char *path = tz_arena_printf(&mem, "%s/abc", folder);

    assert_int_equal(tz_file_write(path, TZ_TEXT("abc"), 0644, &err), TZ_OK);
    assert_int_equal(tz_sm3_file(path, &digest, &size, &err), TZ_OK);
    assert_int_equal(size, 3);
    check_digest(digest, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    assert_int_equal(tz_sm3_file(tz_arena_printf(&mem, "%s/no", folder), &digest, &size, &err), TZ_MISSING);
    assert_int_equal(tz_file_remove_folder(folder, &err), TZ_OK);
    tz_arena_free(&mem);
}

static void test_random_bytes_differ(void **state)
{
    (void)state;
    uint8_t a[32] = {0}, b[32] = {0};

    tz_random(a, sizeof a);
    tz_random(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_standards_examples), cmocka_unit_test(test_running),
        cmocka_unit_test(test_many_at_once),
        cmocka_unit_test(test_hmac_by_its_definition), cmocka_unit_test(test_hexadecimal), cmocka_unit_test(test_a_file),
        cmocka_unit_test(test_random_bytes_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
