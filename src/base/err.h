/* err - what went wrong, where, and whose fault it is.
 *
 * Every function that can fail returns a tz_rc and takes a `tz_err *err` as its last parameter.
 * On success it returns TZ_OK and leaves *err untouched.  On failure it returns the code and
 * leaves every ret_ parameter untouched.  The function that first knows the cause writes the
 * text, once; callers above may add the place (tz_err_at) and an advice (tz_err_advise) but never
 * replace the cause.
 *
 * Texts are bilingual: a Chinese and an English format that take the same arguments in the same
 * order.  Both are kept; the edge (cli, web) chooses by the reader's language.
 *
 * The text never quotes personal data: it says which rule broke, and `where` says on which row,
 * so that logs and screenshots can be shared.
 *
 * Memory: tz_err owns nothing and lives on the caller's stack.
 */
#ifndef TZ_BASE_ERR_H
#define TZ_BASE_ERR_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    TZ_OK = 0,
    TZ_USAGE = -1,   /* the request makes no sense: show its usage      */
    TZ_INPUT = -2,   /* the file is wrong: say where and how to fix it  */
    TZ_MISSING = -3, /* the named thing does not exist                  */
    TZ_LIMIT = -4,   /* larger than a limit in base/limits.h            */
    TZ_BUSY = -5,    /* locked by another run: trying again may help    */
    TZ_SYSTEM = -6,  /* disk, network, SQLite: the operator must act    */
    TZ_TAMPER = -7,  /* a hash does not match: stop and report          */
    TZ_REFUSED = -8, /* the answer is no: a close that lacks something  */
    TZ_STOPPED = -9, /* cancelled by the user; nothing half-written     */
} tz_rc;

/* Where it went wrong; what is not known is empty or 0. */
typedef struct {
    char    file[128];  /* base name, or a path inside a pack           */
    char    sheet[64];  /* the sheet's name                             */
    int64_t row_no;     /* as the clerk sees it (1-based); a file's line */
    char    column[64]; /* letter or title                              */
} tz_place;

typedef struct {
    tz_rc    code;
    char     zh[400]; /* one line, no full stop */
    char     en[400];
    char     advice_zh[300]; /* what to do next; may be empty */
    char     advice_en[300];
    tz_place where;
} tz_err;

typedef enum { TZ_ZH, TZ_EN } tz_lang;

#define TZ_MUST __attribute__((warn_unused_result))

/* Runs a fallible call and, when it fails, goes to the function's `done:` label with rc set. */
#define TZ_TRY(call)           \
    do {                       \
        rc = (call);           \
        if (rc != TZ_OK)       \
            goto done;         \
    } while (0)

/* Fills *err and returns code, so that a failing branch is one line:
 *     return tz_fail(err, TZ_INPUT, "第 %d 列为空", "column %d is empty", column);
 */
tz_rc tz_fail(tz_err *err, tz_rc code, const char *zh, const char *en, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* The same with a va_list. */
tz_rc tz_vfail(tz_err *err, tz_rc code, const char *zh, const char *en, va_list args)
    __attribute__((format(printf, 3, 0), format(printf, 4, 0)));

/* Adds what to do next unless an advice stands already; returns err->code. */
tz_rc tz_err_advise(tz_err *err, const char *zh, const char *en, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

/* The error as somebody may read it who is not at the machine: that it failed, in place of paths and a library's words. */
tz_err tz_err_outside(const tz_err *err);

/* Adds the place, each part only where it is still unknown; NULL or 0 leaves it. Returns err->code. */
tz_rc tz_err_at(tz_err *err, const char *file, const char *sheet, int64_t row_no,
                const char *column);

/* The exit status of architecture.md: 0 done, 1 the answer is no, 2 usage, 3 input, 4 machine. */
int tz_rc_exit(tz_rc code);

/* The HTTP status for a code. */
int tz_rc_http(tz_rc code);

/* Splits "中文|English" and returns the half for lang (the whole where there is no bar), as a
 * borrowed pointer and its length. */
const char *tz_half(const char *both, tz_lang lang, size_t *ret_len);

/* Writes err as one line "file, sheet, row: text. advice" in lang to out (NUL-terminated, cut). */
void tz_err_line(const tz_err *err, tz_lang lang, char *out, size_t room);

#endif
