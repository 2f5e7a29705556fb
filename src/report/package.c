#include "report/package.h"

#include <zip.h>

#include "base/assert.h"

struct tz_package {
    zip_t *zip;
};

static tz_rc zip_failed(zip_error_t *wrong, tz_err *err)
{
    return tz_fail(err, TZ_SYSTEM, "文件包写不出来:%s", "the package can't be written: %s", zip_error_strerror(wrong));
}

tz_rc tz_package_open(tz_arena *mem, const char *path, tz_package **ret_package, tz_err *err)
{
    tz_assert(mem != NULL && path != NULL && ret_package != NULL);
    int    code = 0;
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);

    if (zip == NULL) {
        zip_error_t wrong;
        zip_error_init_with_code(&wrong, code);
        tz_rc rc = zip_failed(&wrong, err);
        zip_error_fini(&wrong);
        return rc;
    }
    *ret_package = tz_new(mem, tz_package);
    (*ret_package)->zip = zip;
    return TZ_OK;
}

tz_rc tz_package_add(tz_package *package, const char *name, tz_text data, bool is_packed, tz_err *err)
{
    enum { DOS_1980_01_01 = 1 << 5 | 1 };
    zip_source_t *source = zip_source_buffer(package->zip, data.data == NULL ? "" : data.data, data.size, 0);
    zip_int64_t   index = source == NULL ? -1 : zip_file_add(package->zip, name, source, ZIP_FL_ENC_UTF_8);

    if (index < 0) {
        zip_source_free(source);
        return zip_failed(zip_get_error(package->zip), err);
    }
    if (zip_file_set_dostime(package->zip, (zip_uint64_t)index, 0, DOS_1980_01_01, 0) != 0 ||
        zip_set_file_compression(package->zip, (zip_uint64_t)index, is_packed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0) != 0)
        return zip_failed(zip_get_error(package->zip), err);
    return TZ_OK;
}

tz_rc tz_package_close(tz_package *package, tz_err *err)
{
    if (zip_close(package->zip) == 0) {
        package->zip = NULL;
        return TZ_OK;
    }
    tz_rc rc = zip_failed(zip_get_error(package->zip), err);
    tz_package_discard(package);
    return rc;
}

void tz_package_discard(tz_package *package)
{
    if (package != NULL && package->zip != NULL) {
        zip_discard(package->zip);
        package->zip = NULL;
    }
}

void tz_xml_text(tz_buf *out, const char *text)
{
    tz_text source = tz_text_of(text);
    char    one[4];

    for (size_t at = 0; at < source.size;) {
        int32_t c = tz_utf8_next(source, &at);
        switch (c) {
        case '&': tz_buf_puts(out, "&amp;"); break;
        case '<': tz_buf_puts(out, "&lt;"); break;
        case '>': tz_buf_puts(out, "&gt;"); break;
        case '"': tz_buf_puts(out, "&quot;"); break;
        case '\t':
        case '\n':
        case '\r': tz_buf_printf(out, "&#%d;", c); break;
        default:
            if (c >= 0x20 && (c < 0xD800 || c >= 0xE000) && c != 0xFFFE && c != 0xFFFF)
                tz_buf_put(out, (tz_text){one, tz_utf8_put(c, one)});
        }
    }
}
