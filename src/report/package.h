/* package - an Office Open XML package (ECMA-376 part 2): parts in a zip, the same bytes at any time. */
#ifndef TZ_REPORT_PACKAGE_H
#define TZ_REPORT_PACKAGE_H

#include "base/err.h"
#include "base/text.h"

typedef struct tz_package tz_package;

/* Begins a package at path. TZ_SYSTEM: it can't be made. */
TZ_MUST tz_rc tz_package_open(tz_arena *mem, const char *path, tz_package **ret_package, tz_err *err);

/* Adds a part; data must stand until the package is closed. is_packed false: bytes that are compressed
 * already. Every part is dated 1980-01-01, the first day of the format. */
TZ_MUST tz_rc tz_package_add(tz_package *package, const char *name, tz_text data, bool is_packed, tz_err *err);

/* Writes the package. TZ_SYSTEM: the disk. */
TZ_MUST tz_rc tz_package_close(tz_package *package, tz_err *err);
void          tz_package_discard(tz_package *package); /* NULL is fine */

/* Appends text as XML 1.0 character data, fit for an attribute too; characters that XML has not are left out. */
void tz_xml_text(tz_buf *out, const char *text);

#endif
