/* sign - SM2 keys and signatures (GB/T 32918, over SM3, with the standard's default identity), by OpenSSL.
 *
 * One interface, so that certified hardware can take over.  A key is named by the path of a PEM file of its
 * owner alone (0600) outside of every data directory, or by a URI (`pkcs11:token=…`) that a provider of OpenSSL
 * understands: then the private key never leaves the hardware, which signs.  SM3 and random bytes (base/hash.h)
 * are fetched from the same providers, so that OPENSSL_CONF alone decides who computes.  A public key is its
 * point, 65 bytes.
 */
#ifndef TZ_STORE_SIGN_H
#define TZ_STORE_SIGN_H

#include "base/err.h"
#include "base/hash.h"
#include "base/text.h"

enum { TZ_POINT_SIZE = 65, TZ_POINT_HEX = 131 };

typedef struct {
    uint8_t bytes[TZ_POINT_SIZE]; /* 0x04 ‖ x ‖ y */
} tz_public_key;

/* Is it a URI, not a path? */
bool tz_key_is_uri(const char *key);

/* Makes a new key in a file. TZ_USAGE when the file exists. */
TZ_MUST tz_rc tz_key_make(const char *path, tz_err *err);

/* The public key of a private one. TZ_MISSING: no such file, or nothing under the URI. TZ_INPUT: no SM2 key. */
TZ_MUST tz_rc tz_key_public(const char *path, tz_public_key *ret_key, tz_err *err);

/* Appends the signature (DER) of data to out. Errors as above. */
TZ_MUST tz_rc tz_key_sign(const char *path, tz_text data, tz_buf *out, tz_err *err);

/* Any input is fine. */
bool tz_key_verifies(const tz_public_key *key, tz_text data, tz_text signature);

#endif
