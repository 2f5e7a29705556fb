/* hash - SM3 (GB/T 32905-2016), HMAC over it, random bytes, hexadecimal; by OpenSSL.
 *
 * One interface, so that certified hardware can take over.  A failing library is a broken
 * machine: these functions assert rather than return.
 */
#ifndef TZ_BASE_HASH_H
#define TZ_BASE_HASH_H

#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

enum { TZ_SM3_SIZE = 32, TZ_SM3_HEX = 65 };

typedef struct {
    uint8_t bytes[TZ_SM3_SIZE];
} tz_digest;

tz_digest tz_sm3(const void *data, size_t size);
tz_digest tz_sm3_of_two(const void *a, size_t a_size, const void *b, size_t b_size); /* of a ‖ b */

/* The digests of prefix ‖ message of many messages, several times as fast as one after the other where the processor
 * has wide vectors (sm3.c; hardware that computes SM3 takes its place as well). */
void tz_sm3_many(uint8_t prefix, const tz_text *messages, size_t count, tz_digest *ret_digests);

/* A running digest: start, add, end (which frees it). */
typedef struct tz_sm3_run tz_sm3_run;
tz_sm3_run *tz_sm3_start(void);
void        tz_sm3_add(tz_sm3_run *run, const void *data, size_t size);
tz_digest   tz_sm3_end(tz_sm3_run *run);

/* HMAC-SM3 (RFC 2104) under a 32-byte key. */
tz_digest tz_hmac(const uint8_t key[32], const void *data, size_t size);

void tz_digest_hex(const tz_digest *digest, char out[TZ_SM3_HEX]);
void tz_hex(const uint8_t *bytes, size_t size, char *out); /* 2*size+1 bytes, lower case */
bool tz_unhex(tz_text hex, uint8_t *out, size_t size);     /* false unless exactly 2*size digits */
bool tz_digest_equal(const tz_digest *a, const tz_digest *b);

/* Bytes of the system's generator. */
void tz_random(uint8_t *out, size_t size);

/* SM3 of a file, streamed, and its size in bytes (ret_size may be NULL). As tz_file_open (file.h); TZ_SYSTEM if a read
 * fails. */
TZ_MUST tz_rc tz_sm3_file(const char *path, tz_digest *ret_digest, int64_t *ret_size, tz_err *err);

#endif
