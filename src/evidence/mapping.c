#include "evidence/mapping.h"

#include <string.h>

#include "base/assert.h"
#include "base/file.h"

/* A header as a double-quoted scalar of YAML. */
static void put_quoted(tz_buf *out, const char *text)
{
    tz_buf_char(out, '"');
    for (; *text != '\0'; text++)
        if (*text == '\n')
            tz_buf_puts(out, "\\n");
        else if ((unsigned char)*text >= 0x20) {
            if (*text == '"' || *text == '\\')
                tz_buf_char(out, '\\');
            tz_buf_char(out, *text);
        }
    tz_buf_char(out, '"');
}

static void put_match(tz_buf *out, const tz_register *reg, const tz_column_match *match)
{
    const char *reason = match->reason == NULL ? "没有对应的字段|no field fits" : match->reason;
    int         column = match->column >= 0 ? match->column : match->proposed;

    tz_buf_puts(out, "  ");
    put_quoted(out, match->header);
    tz_buf_printf(out, ": %s  # %s%.2f %.*s\n", column < 0 ? "~" : reg->columns.items[column].name,
                  match->column < 0 && column >= 0 ? "? " : "", column < 0 ? 0.0 : match->score, (int)strcspn(reason, "|"), reason);
}

tz_rc tz_mapping_write(tz_arena *mem, const tz_tables *tables, const char *path, tz_err *err)
{
    tz_assert(mem != NULL && tables != NULL && tables->count > 0 && path != NULL);
    tz_map             seen = tz_map_init(mem);
    tz_buf             out = tz_buf_init(mem, 0);
    const tz_register *reg = tables->items[0].reg;

    tz_buf_printf(&out, "# 核对后: taizhang import 文件 --mapping 本文件。~ 不取;? 请确认。\n"
                        "# Check, then: taizhang import FILE --mapping THIS. ~ is not taken; ? is to be confirmed.\n"
                        "register: %s\ncolumns:\n", reg->name);
    for (size_t i = 0; i < tables->count; i++) {
        if (tables->items[i].reg != reg) {
            (void)tz_fail(err, TZ_USAGE, "文件里有两本名册:%s、%s", "the file holds two registers: %s, %s", reg->name, tables->items[i].reg->name);
            return tz_err_advise(err, "用 --register 指定其中一本", "name one with --register");
        }
        for (size_t j = 0; j < tables->items[i].columns.count; j++) {
            bool is_new = false;
            const tz_column_match *match = &tables->items[i].columns.items[j];
            (void)tz_map_put(&seen, tz_text_fold(mem, tz_text_of(match->header)), &is_new);
            if (is_new && match->period == NULL) /* a title that tells a period reads itself */
                put_match(&out, reg, match);
        }
    }
    return tz_file_write(path, tz_buf_text(&out), 0644, err);
}
