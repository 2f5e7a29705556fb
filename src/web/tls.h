/* tls - a certificate for a server that has none of its own. */
#ifndef TZ_WEB_TLS_H
#define TZ_WEB_TLS_H

#include "base/err.h"
#include "base/text.h"

/* Loads folder/web-cert.pem and folder/web-key.pem, or makes them: an ECDSA key on P-256 and a certificate signed by
 * itself for ten years, for `host`, localhost and 127.0.0.1. A browser warns of it once. TZ_SYSTEM. */
TZ_MUST tz_rc tz_tls_own(tz_arena *mem, const char *folder, const char *host, tz_text *ret_cert, tz_text *ret_key, tz_err *err);

#endif
