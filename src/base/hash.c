#include "base/hash.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/file.h"

/* Fetched once: EVP_sm3() looks the algorithm up on every use, which costs more than hashing a
 * short record. */
static EVP_MD        *method;
static pthread_key_t  contexts; /* gives each thread's context back when the thread ends */
static pthread_once_t is_begun = PTHREAD_ONCE_INIT;

static void free_context(void *context)
{
    EVP_MD_CTX_free(context);
}

static void begin(void)
{
    method = EVP_MD_fetch(NULL, "SM3", NULL);
    tz_assert(method != NULL);
    int failed = pthread_key_create(&contexts, free_context);
    tz_assert(failed == 0);
}

static const EVP_MD *sm3_method(void)
{
    (void)pthread_once(&is_begun, begin);
    return method;
}

/* One context a thread, since making one costs as much as hashing a short record. */
tz_digest tz_sm3_of_two(const void *a, size_t a_size, const void *b, size_t b_size)
{
    static _Thread_local EVP_MD_CTX *context;
    tz_digest digest;
    unsigned  length = 0;

    const EVP_MD *sm3 = sm3_method();
    if (context == NULL) {
        context = EVP_MD_CTX_new();
        (void)pthread_setspecific(contexts, context);
    }
    tz_assert(context != NULL);
    bool is_done = EVP_DigestInit_ex(context, sm3, NULL) == 1 && EVP_DigestUpdate(context, a, a_size) == 1 &&
                   EVP_DigestUpdate(context, b, b_size) == 1 && EVP_DigestFinal_ex(context, digest.bytes, &length) == 1;
    tz_assert(is_done && length == TZ_SM3_SIZE);
    return digest;
}

tz_digest tz_sm3(const void *data, size_t size)
{
    return tz_sm3_of_two(data, size, "", 0);
}

tz_sm3_run *tz_sm3_start(void)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    tz_assert(context != NULL);
    int is_done = EVP_DigestInit_ex(context, sm3_method(), NULL);
    tz_assert(is_done == 1);
    return (tz_sm3_run *)context;
}

void tz_sm3_add(tz_sm3_run *run, const void *data, size_t size)
{
    tz_assert(run != NULL);
    int is_done = EVP_DigestUpdate((EVP_MD_CTX *)run, data, size);
    tz_assert(is_done == 1);
}

tz_digest tz_sm3_end(tz_sm3_run *run)
{
    tz_assert(run != NULL);
    tz_digest digest;
    unsigned  length = 0;
    int       is_done = EVP_DigestFinal_ex((EVP_MD_CTX *)run, digest.bytes, &length);

    tz_assert(is_done == 1 && length == TZ_SM3_SIZE);
    EVP_MD_CTX_free((EVP_MD_CTX *)run);
    return digest;
}

tz_digest tz_hmac(const uint8_t key[32], const void *data, size_t size)
{
    uint8_t pad[64];

    memset(pad, 0x36, sizeof pad);
    for (size_t i = 0; i < 32; i++)
        pad[i] ^= key[i];
    tz_digest middle = tz_sm3_of_two(pad, sizeof pad, data, size);

    uint8_t outer[64 + TZ_SM3_SIZE];
    memset(outer, 0x5C, 64);
    for (size_t i = 0; i < 32; i++)
        outer[i] ^= key[i];
    memcpy(outer + 64, middle.bytes, TZ_SM3_SIZE);
    return tz_sm3(outer, sizeof outer);
}

void tz_hex(const uint8_t *bytes, size_t size, char *out)
{
    for (size_t i = 0; i < size; i++) {
        out[i * 2] = "0123456789abcdef"[bytes[i] >> 4];
        out[i * 2 + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    out[size * 2] = '\0';
}

void tz_digest_hex(const tz_digest *digest, char out[TZ_SM3_HEX])
{
    tz_hex(digest->bytes, TZ_SM3_SIZE, out);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool tz_unhex(tz_text hex, uint8_t *out, size_t size)
{
    if (hex.size != size * 2)
        return false;
    for (size_t i = 0; i < size; i++) {
        int high = hex_digit(hex.data[i * 2]), low = hex_digit(hex.data[i * 2 + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

bool tz_digest_equal(const tz_digest *a, const tz_digest *b)
{
    return memcmp(a->bytes, b->bytes, TZ_SM3_SIZE) == 0;
}

void tz_random(uint8_t *out, size_t size)
{
    tz_assert(size <= 1 << 20);
    int is_done = RAND_bytes(out, (int)size);
    tz_assert(is_done == 1);
}

tz_rc tz_sm3_file(const char *path, tz_digest *ret_digest, int64_t *ret_size, tz_err *err)
{
    tz_assert(ret_digest != NULL);
    FILE *file = NULL;
    tz_rc rc = tz_file_open(path, &file, NULL, err);
    if (rc != TZ_OK)
        return rc;

    tz_sm3_run *run = tz_sm3_start();
    char        block[65536];
    int64_t     total = 0;
    size_t      size;
    while ((size = fread(block, 1, sizeof block, file)) > 0) {
        tz_sm3_add(run, block, size);
        total += (int64_t)size;
    }
    bool      is_broken = ferror(file) != 0;
    tz_digest digest = tz_sm3_end(run);
    (void)fclose(file);
    if (is_broken)
        return tz_fail(err, TZ_SYSTEM, "读取 %s 失败", "cannot read '%s'", path);
    *ret_digest = digest;
    if (ret_size != NULL)
        *ret_size = total;
    return TZ_OK;
}
