/* config - which versions of county.yaml, divisions.tsv, calendar.tsv and packs were accepted. */
#ifndef TZ_STORE_CONFIG_H
#define TZ_STORE_CONFIG_H

#include "store/store.h"

/* The accepted digest of a configuration ("county.yaml", "pack/NAME") in hexadecimal, NULL if none. */
TZ_MUST tz_rc tz_config_accepted(tz_arena *mem, tz_store *store, const char *path, const char **ret_digest,
                                 tz_err *err);

/* Journals that this digest is accepted. Inside a transaction. */
TZ_MUST tz_rc tz_config_put(tz_store *store, const char *path, const char *digest, const char *why, tz_err *err);

#endif
