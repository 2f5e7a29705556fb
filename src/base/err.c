#include "base/err.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"

static const struct {
    tz_rc code;
    int   exit_status;
    int   http_status;
} CODES[] = {
    {TZ_OK, 0, 200},      {TZ_USAGE, 2, 400},  {TZ_INPUT, 3, 422},
    {TZ_MISSING, 3, 404}, {TZ_LIMIT, 3, 413},  {TZ_BUSY, 4, 503},
    {TZ_SYSTEM, 4, 500},  {TZ_TAMPER, 1, 500}, {TZ_REFUSED, 1, 409},
    {TZ_STOPPED, 4, 503},
};

/* A text cut in the middle of a character would print as rubbish: drops the piece. */
static void end_whole(char *out, size_t room)
{
    size_t size = strlen(out), head = size;

    if (size + 1 < room || size == 0)
        return;
    while (head > 0 && ((unsigned char)out[head - 1] & 0xC0) == 0x80)
        head--;
    if (head == 0)
        return;
    unsigned char lead = (unsigned char)out[--head];
    size_t        whole = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (size - head < whole)
        out[head] = '\0';
}

/* Writes the same arguments by two formats into two places of `room` bytes. */
static void put_both(char *zh_out, char *en_out, size_t room, const char *zh, const char *en,
                     va_list args)
{
    va_list again;

    va_copy(again, args);
    (void)vsnprintf(zh_out, room, zh, args);
    (void)vsnprintf(en_out, room, en, again);
    va_end(again);
    end_whole(zh_out, room);
    end_whole(en_out, room);
}

tz_rc tz_vfail(tz_err *err, tz_rc code, const char *zh, const char *en, va_list args)
{
    tz_assert(err != NULL);
    tz_assert(code != TZ_OK);

    *err = (tz_err){.code = code};
    put_both(err->zh, err->en, sizeof err->zh, zh, en, args);
    return code;
}

tz_rc tz_fail(tz_err *err, tz_rc code, const char *zh, const char *en, ...)
{
    va_list args;

    va_start(args, en);
    (void)tz_vfail(err, code, zh, en, args);
    va_end(args);
    return code;
}

tz_rc tz_err_advise(tz_err *err, const char *zh, const char *en, ...)
{
    tz_assert(err != NULL);
    tz_assert(err->code != TZ_OK);
    va_list args;

    if (err->advice_zh[0] != '\0')
        return err->code;
    va_start(args, en);
    put_both(err->advice_zh, err->advice_en, sizeof err->advice_zh, zh, en, args);
    va_end(args);
    return err->code;
}

static void fill(char *out, size_t room, const char *text)
{
    if (text != NULL && out[0] == '\0') {
        (void)snprintf(out, room, "%s", text);
        end_whole(out, room);
    }
}

tz_rc tz_err_at(tz_err *err, const char *file, const char *sheet, int64_t row_no,
                const char *column)
{
    tz_assert(err != NULL);

    fill(err->where.file, sizeof err->where.file, file);
    fill(err->where.sheet, sizeof err->where.sheet, sheet);
    fill(err->where.column, sizeof err->where.column, column);
    if (err->where.row_no == 0)
        err->where.row_no = row_no;
    return err->code;
}

static size_t code_index(tz_rc code)
{
    for (size_t i = 0; i < sizeof CODES / sizeof CODES[0]; i++)
        if (CODES[i].code == code)
            return i;
    tz_unreachable("a tz_rc without its line in CODES");
}

tz_err tz_err_outside(const tz_err *err)
{
    tz_assert(err != NULL && err->code != TZ_OK);
    tz_err outside = {0};

    (void)tz_fail(&outside, err->code, "机器上出了差错,没有做成", "something failed on this machine, and it could not be done");
    (void)tz_err_advise(&outside, "过一会儿再试;还是这样就告诉系统管理员", "try again in a moment; if it stays so, tell the administrator");
    return outside;
}

int tz_rc_exit(tz_rc code)
{
    return CODES[code_index(code)].exit_status;
}

int tz_rc_http(tz_rc code)
{
    return CODES[code_index(code)].http_status;
}

const char *tz_half(const char *both, tz_lang lang, size_t *ret_len)
{
    tz_assert(both != NULL);
    tz_assert(ret_len != NULL);

    const char *bar = strchr(both, '|');
    if (bar == NULL) {
        *ret_len = strlen(both);
        return both;
    }
    const char *start = lang == TZ_ZH ? both : bar + 1;
    size_t len = lang == TZ_ZH ? (size_t)(bar - both) : strlen(bar + 1);
    while (len > 0 && *start == ' ')
        start++, len--;
    while (len > 0 && start[len - 1] == ' ')
        len--;
    *ret_len = len;
    return start;
}

static void append(char *out, size_t room, const char *text)
{
    size_t used = strlen(out);

    (void)snprintf(out + used, room - used, "%s", text);
    end_whole(out, room);
}

void tz_err_line(const tz_err *err, tz_lang lang, char *out, size_t room)
{
    tz_assert(err != NULL);
    tz_assert(room > 0);

    const tz_place *at = &err->where;
    const char     *advice = lang == TZ_ZH ? err->advice_zh : err->advice_en;
    char            row[48] = "";
    const char     *place[] = {at->file, at->sheet, row, at->column};

    if (at->row_no > 0)
        (void)snprintf(row, sizeof row, lang == TZ_ZH ? "第 %lld 行" : "row %lld", (long long)at->row_no);
    out[0] = '\0';
    for (size_t i = 0; i < sizeof place / sizeof place[0]; i++) {
        if (place[i][0] != '\0' && out[0] != '\0')
            append(out, room, lang == TZ_ZH ? "," : ", ");
        append(out, room, place[i]);
    }
    if (out[0] != '\0')
        append(out, room, lang == TZ_ZH ? ":" : ": ");
    append(out, room, lang == TZ_ZH ? err->zh : err->en);
    if (advice[0] != '\0')
        append(out, room, lang == TZ_ZH ? "。" : ". ");
    append(out, room, advice);
}
