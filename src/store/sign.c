#include "store/sign.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/store.h>
#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/file.h"

enum { MAX_PEM_BYTES = 16 << 10 };
static char IDENTITY[] = "1234567812345678"; /* GM/T 0009: where none is agreed on */

/* The file's folder is the owner's alone: keys lie in it. */
tz_rc tz_key_make(const char *path, tz_err *err)
{
    tz_assert(path != NULL);
    tz_rc     rc = TZ_OK;
    EVP_PKEY *key = NULL;
    BIO      *out = NULL;
    char     *data = NULL;

    if (tz_file_exists(path))
        return tz_fail(err, TZ_USAGE, "密钥文件 %s 已存在", "the key file '%s' exists already", path);
    key = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
    out = BIO_new(BIO_s_mem());
    if (key == NULL || out == NULL || PEM_write_bio_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL) != 1) {
        rc = tz_fail(err, TZ_SYSTEM, "无法生成 SM2 密钥", "cannot make an SM2 key");
        goto done;
    }
    long size = BIO_get_mem_data(out, &data);
    rc = tz_file_write(path, (tz_text){data, (size_t)size}, 0600, err);
done:
    (void)BIO_free(out);
    EVP_PKEY_free(key);
    return rc;
}

/* The first private key that a provider of OpenSSL finds under a URI. */
static EVP_PKEY *load_uri(const char *uri)
{
    EVP_PKEY        *key = NULL;
    OSSL_STORE_CTX  *place = OSSL_STORE_open(uri, NULL, NULL, NULL, NULL);
    OSSL_STORE_INFO *found = NULL;

    while (place != NULL && key == NULL && !OSSL_STORE_eof(place) && (found = OSSL_STORE_load(place)) != NULL) {
        if (OSSL_STORE_INFO_get_type(found) == OSSL_STORE_INFO_PKEY)
            key = OSSL_STORE_INFO_get1_PKEY(found);
        OSSL_STORE_INFO_free(found);
    }
    (void)OSSL_STORE_close(place);
    return key;
}

bool tz_key_is_uri(const char *key)
{
    size_t scheme = strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789+-.");
    return scheme > 1 && key[scheme] == ':';
}

static tz_rc load_key(const char *path, EVP_PKEY **ret_key, tz_err *err)
{
    if (tz_key_is_uri(path)) {
        EVP_PKEY *found = load_uri(path);
        if (found == NULL || !EVP_PKEY_is_a(found, "SM2")) {
            EVP_PKEY_free(found);
            (void)tz_fail(err, TZ_MISSING, "%s 处没有 SM2 私钥", "there is no SM2 private key at '%s'", path);
            return tz_err_advise(err, "检查 OPENSSL_CONF 是否启用了该硬件的 provider",
                                 "see that OPENSSL_CONF activates the provider of that hardware");
        }
        *ret_key = found;
        return TZ_OK;
    }
    tz_arena mem = {0};
    tz_text  text;
    tz_rc    rc = tz_file_load(&mem, path, MAX_PEM_BYTES, &text, err);

    if (rc == TZ_OK) {
        BIO      *in = BIO_new_mem_buf(text.data, (int)text.size);
        EVP_PKEY *key = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);
        (void)BIO_free(in);
        memset((char *)(uintptr_t)text.data, 0, text.size);
        if (key == NULL || !EVP_PKEY_is_a(key, "SM2")) {
            EVP_PKEY_free(key);
            rc = tz_fail(err, TZ_INPUT, "%s 不是 SM2 私钥", "'%s' is no SM2 private key", path);
        } else {
            *ret_key = key;
        }
    }
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_key_public(const char *path, tz_public_key *ret_key, tz_err *err)
{
    tz_assert(path != NULL && ret_key != NULL);
    EVP_PKEY *key = NULL;
    size_t    size = 0;
    tz_rc     rc = load_key(path, &key, err);

    if (rc != TZ_OK)
        return rc;
    if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, ret_key->bytes, TZ_POINT_SIZE, &size) != 1 ||
        size != TZ_POINT_SIZE)
        rc = tz_fail(err, TZ_INPUT, "%s 的公钥不是 65 字节的点", "the public key of '%s' is no point of 65 bytes", path);
    EVP_PKEY_free(key);
    return rc;
}

/* A digest context whose key context carries the signer's identity; both NULL when OpenSSL fails. */
static EVP_MD_CTX *open_context(EVP_PKEY *key, EVP_PKEY_CTX **ret_key_context)
{
    EVP_MD_CTX   *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *key_context = key == NULL ? NULL : EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);

    if (context == NULL || key_context == NULL || EVP_PKEY_CTX_set1_id(key_context, IDENTITY, sizeof IDENTITY - 1) != 1) {
        EVP_MD_CTX_free(context);
        EVP_PKEY_CTX_free(key_context);
        *ret_key_context = NULL;
        return NULL;
    }
    EVP_MD_CTX_set_pkey_ctx(context, key_context);
    *ret_key_context = key_context;
    return context;
}

tz_rc tz_key_sign(const char *path, tz_text data, tz_buf *out, tz_err *err)
{
    tz_assert(path != NULL && out != NULL);
    EVP_PKEY     *key = NULL;
    EVP_PKEY_CTX *key_context = NULL;
    uint8_t       signature[256];
    size_t        size = sizeof signature;
    tz_rc         rc = load_key(path, &key, err);

    if (rc != TZ_OK)
        return rc;
    EVP_MD_CTX *context = open_context(key, &key_context);
    if (context == NULL || EVP_DigestSignInit_ex(context, NULL, "SM3", NULL, NULL, key, NULL) != 1 ||
        EVP_DigestSign(context, signature, &size, (const uint8_t *)data.data, data.size) != 1)
        rc = tz_fail(err, TZ_SYSTEM, "签名失败", "signing failed");
    else
        tz_buf_put(out, (tz_text){(const char *)signature, size});
    EVP_MD_CTX_free(context);
    EVP_PKEY_CTX_free(key_context);
    EVP_PKEY_free(key);
    return rc;
}

static EVP_PKEY *key_of_point(const tz_public_key *point)
{
    uint8_t       bytes[TZ_POINT_SIZE];
    char          group[] = "SM2";
    EVP_PKEY     *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);

    memcpy(bytes, point->bytes, sizeof bytes);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, bytes, sizeof bytes),
        OSSL_PARAM_construct_end(),
    };
    if (context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(context);
    return key;
}

bool tz_key_verifies(const tz_public_key *point, tz_text data, tz_text signature)
{
    tz_assert(point != NULL);
    EVP_PKEY     *key = key_of_point(point);
    EVP_PKEY_CTX *key_context = NULL;
    EVP_MD_CTX   *context = open_context(key, &key_context);

    bool is_good = context != NULL && EVP_DigestVerifyInit_ex(context, NULL, "SM3", NULL, NULL, key, NULL) == 1 &&
                   EVP_DigestVerify(context, (const uint8_t *)signature.data, signature.size, (const uint8_t *)data.data,
                                    data.size) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_CTX_free(key_context);
    EVP_PKEY_free(key);
    return is_good;
}
