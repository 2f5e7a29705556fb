#include "web/tls.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/hash.h"

enum { YEARS = 10, MAX_PEM_BYTES = 1 << 20 };

static bool add_extension(X509 *cert, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, cert, cert, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    bool            is_added = extension != NULL && X509_add_ext(cert, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return is_added;
}

/* True for what may stand in a certificate as DNS name or address: nothing that would add another entry. */
static bool is_host(const char *host)
{
    return host[0] != '\0' && strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") == strlen(host);
}

static bool fill(tz_arena *mem, X509 *cert, EVP_PKEY *key, const char *host)
{
    uint8_t     random[8];
    X509_NAME  *name = X509_get_subject_name(cert);
    bool        is_address = strspn(host, "0123456789.") == strlen(host);
    const char *names = is_host(host) ? tz_arena_printf(mem, "DNS:localhost,IP:127.0.0.1,%s:%s", is_address ? "IP" : "DNS", host)
                                      : "DNS:localhost,IP:127.0.0.1";

    tz_random(random, sizeof random);
    random[0] &= 0x7f;
    BIGNUM *serial = BN_bin2bn(random, sizeof random, NULL);
    bool    is_fine = serial != NULL && BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(cert)) != NULL;
    BN_free(serial);
    return is_fine && X509_set_version(cert, X509_VERSION_3) == 1 && X509_gmtime_adj(X509_getm_notBefore(cert), -86400) != NULL &&
           X509_gmtime_adj(X509_getm_notAfter(cert), (long)YEARS * 365 * 86400) != NULL && X509_set_pubkey(cert, key) == 1 &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"taizhang", -1, -1, 0) == 1 &&
           X509_set_issuer_name(cert, name) == 1 && add_extension(cert, NID_subject_alt_name, names) &&
           add_extension(cert, NID_basic_constraints, "critical,CA:FALSE") && X509_sign(cert, key, EVP_sha256()) > 0;
}

static tz_text pem_of(tz_arena *mem, BIO *bio)
{
    char *data = NULL;
    long  size = BIO_get_mem_data(bio, &data);
    return (tz_text){tz_arena_copy(mem, data, (size_t)size), (size_t)size};
}

static tz_rc make(tz_arena *mem, const char *host, tz_text *ret_cert, tz_text *ret_key, tz_err *err)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509     *cert = X509_new();
    BIO      *cert_out = BIO_new(BIO_s_mem()), *key_out = BIO_new(BIO_s_mem());
    bool      is_made = key != NULL && cert != NULL && cert_out != NULL && key_out != NULL && fill(mem, cert, key, host) &&
                   PEM_write_bio_X509(cert_out, cert) == 1 &&
                   PEM_write_bio_PrivateKey(key_out, key, NULL, NULL, 0, NULL, NULL) == 1;
    if (is_made) {
        *ret_cert = pem_of(mem, cert_out);
        *ret_key = pem_of(mem, key_out);
    }
    BIO_free(cert_out);
    BIO_free(key_out);
    X509_free(cert);
    EVP_PKEY_free(key);
    return is_made ? TZ_OK : tz_fail(err, TZ_SYSTEM, "不能生成证书", "no certificate can be made");
}

tz_rc tz_tls_own(tz_arena *mem, const char *folder, const char *host, tz_text *ret_cert, tz_text *ret_key, tz_err *err)
{
    tz_assert(folder != NULL && host != NULL);
    tz_rc       rc = TZ_OK;
    const char *cert_file = tz_arena_printf(mem, "%s/web-cert.pem", folder), *key_file = tz_arena_printf(mem, "%s/web-key.pem", folder);
    tz_text     cert = {0}, key = {0};

    if (tz_file_exists(cert_file) && tz_file_exists(key_file)) {
        TZ_TRY(tz_file_load(mem, cert_file, MAX_PEM_BYTES, &cert, err));
        TZ_TRY(tz_file_load(mem, key_file, MAX_PEM_BYTES, &key, err));
    } else {
        TZ_TRY(make(mem, host, &cert, &key, err));
        TZ_TRY(tz_file_make_folder(folder, err));
        TZ_TRY(tz_file_write(key_file, key, 0600, err));
        TZ_TRY(tz_file_write(cert_file, cert, 0644, err));
    }
    *ret_cert = cert;
    *ret_key = key;
done:
    return rc;
}
