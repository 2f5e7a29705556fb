#include "formats/part.h"

#include <string.h>

#include "base/assert.h"
#include "base/limits.h"

enum { BLOCK_BYTES = 65536 };

struct tz_part {
    const tz_part_handler *handler;
    zip_file_t *file;    /* one of the two is the source */
    tz_decoder *decoder;
    XML_Parser  parser;
    int64_t     inflated;
    int         depth;
    bool        has_begun; /* something but white space was read */
    bool        is_paused;
    bool        is_done;
    bool        is_stopped;
    tz_rc       stopped; /* why a handler or a limit ended it; TZ_OK: it had enough */
};

static const char *local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon == NULL ? name : colon + 1;
}

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    tz_part *part = context;

    if (part->is_stopped)
        return;
    if (++part->depth > TZ_MAX_XML_DEPTH) {
        tz_part_stop(part, TZ_LIMIT);
        return;
    }
    part->handler->start(part->handler->context, local(name), attributes);
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    tz_part *part = context;
    part->depth--;
    if (!part->is_stopped && part->handler->end != NULL)
        part->handler->end(part->handler->context, local(name));
}

static void XMLCALL on_text(void *context, const XML_Char *text, int size)
{
    tz_part *part = context;
    if (!part->is_stopped && part->handler->text != NULL)
        part->handler->text(part->handler->context, text, size);
}

static void XMLCALL on_doctype(void *context, const XML_Char *name, const XML_Char *system, const XML_Char *public, int has_inside)
{
    (void)name, (void)system, (void)public, (void)has_inside;
    tz_part_stop(context, TZ_INPUT);
}

const char *tz_part_attribute(const char **attributes, const char *name)
{
    for (; *attributes != NULL; attributes += 2)
        if (strcmp(local(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}

/* ---- Archives ---- */

tz_rc tz_zip_open(const tz_source *source, zip_t **ret_zip, tz_err *err)
{
    tz_assert(source != NULL && ret_zip != NULL);
    zip_error_t   wrong;
    zip_source_t *from = NULL;
    zip_t        *zip = NULL;

    zip_error_init(&wrong);
    from = source->path != NULL ? zip_source_file_create(source->path, 0, -1, &wrong)
                                : zip_source_buffer_create(source->data.data, source->data.size, 0, &wrong);
    zip = from == NULL ? NULL : zip_open_from_source(from, ZIP_RDONLY, &wrong);
    zip_error_fini(&wrong);
    if (zip == NULL) {
        zip_source_free(from);
        (void)tz_fail(err, TZ_INPUT, "工作簿或压缩包损坏,或没有传完", "the workbook or archive is damaged or cut off");
        return tz_err_advise(err, "请重新报送;或用 Excel、WPS 打开后另存", "ask for it again, or open it in Excel or WPS and save it");
    }
    if (zip_get_num_entries(zip, 0) > TZ_MAX_ZIP_ENTRIES) {
        zip_discard(zip);
        return tz_fail(err, TZ_LIMIT, "压缩包内文件过多", "the archive holds too many files");
    }
    *ret_zip = zip;
    return TZ_OK;
}

tz_rc tz_zip_check(zip_t *zip, zip_uint64_t index, int64_t max_bytes, zip_stat_t *ret_info, tz_err *err)
{
    tz_assert(zip != NULL && ret_info != NULL);
    zip_stat_t info;

    if (zip_stat_index(zip, index, 0, &info) != 0 || (info.valid & ZIP_STAT_SIZE) == 0)
        return tz_fail(err, TZ_INPUT, "压缩包损坏", "the archive is damaged");
    if (info.size > (zip_uint64_t)max_bytes ||
        (info.size > 1 << 20 && info.comp_size > 0 && info.size / info.comp_size > TZ_MAX_ZIP_RATIO))
        return tz_fail(err, TZ_LIMIT, "压缩包内的文件展开后过大", "a file of the archive is too large when inflated");
    if (info.encryption_method != ZIP_EM_NONE) {
        (void)tz_fail(err, TZ_INPUT, "文件有密码", "the file is protected by a password");
        return tz_err_advise(err, "请去掉密码后重新报送", "take the password off and send it again");
    }
    *ret_info = info;
    return TZ_OK;
}

zip_int64_t tz_part_find(tz_arena *mem, zip_t *zip, const char *name)
{
    zip_int64_t index = zip_name_locate(zip, name, ZIP_FL_NOCASE);

    if (index >= 0 || strchr(name, '/') == NULL)
        return index;
    char *other = tz_arena_dup(mem, name);
    for (char *at = other; *at != '\0'; at++)
        if (*at == '/')
            *at = '\\';
    return zip_name_locate(zip, other, ZIP_FL_NOCASE);
}

/* A part without its source; NULL when the machine gives no parser. */
static tz_part *new_part(tz_arena *mem, const tz_part_handler *handler, const char *encoding)
{
    tz_part *part = tz_new(mem, tz_part);

    part->handler = handler;
    part->parser = XML_ParserCreate(encoding);
    if (part->parser == NULL)
        return NULL;
    XML_SetUserData(part->parser, part);
    XML_SetElementHandler(part->parser, on_start, on_end);
    XML_SetCharacterDataHandler(part->parser, on_text);
    XML_SetStartDoctypeDeclHandler(part->parser, on_doctype);
    return part;
}

tz_rc tz_part_open(tz_arena *mem, zip_t *zip, const char *name, const tz_part_handler *handler, tz_part **ret_part, tz_err *err)
{
    tz_assert(mem != NULL && zip != NULL && name != NULL && handler != NULL && ret_part != NULL);
    zip_stat_t  info;
    zip_int64_t index = tz_part_find(mem, zip, name);

    if (index < 0)
        return tz_fail(err, TZ_MISSING, "压缩包内缺少 %s", "the archive lacks %s", name);
    tz_rc rc = tz_zip_check(zip, (zip_uint64_t)index, TZ_MAX_PART_BYTES, &info, err);
    if (rc != TZ_OK)
        return rc;
    tz_part *part = new_part(mem, handler, NULL);
    if (part == NULL)
        return tz_fail(err, TZ_SYSTEM, "内存不足", "out of memory");
    part->file = zip_fopen_index(zip, (zip_uint64_t)index, 0);
    if (part->file == NULL) {
        tz_part_close(part);
        return tz_fail(err, TZ_INPUT, "压缩包损坏:%s", "the archive is damaged: %s", name);
    }
    *ret_part = part;
    return TZ_OK;
}

tz_rc tz_part_open_text(tz_arena *mem, tz_decoder *decoder, const tz_part_handler *handler, tz_part **ret_part, tz_err *err)
{
    tz_assert(mem != NULL && decoder != NULL && handler != NULL && ret_part != NULL);
    tz_part *part = new_part(mem, handler, "UTF-8"); /* whatever it declares: the decoder has read it */

    if (part == NULL)
        return tz_fail(err, TZ_SYSTEM, "内存不足", "out of memory");
    part->decoder = decoder;
    *ret_part = part;
    return TZ_OK;
}

void tz_part_pause(tz_part *part)
{
    part->is_paused = true;
    (void)XML_StopParser(part->parser, XML_TRUE);
}

void tz_part_stop(tz_part *part, tz_rc code)
{
    part->is_stopped = true;
    part->stopped = code;
    (void)XML_StopParser(part->parser, XML_FALSE);
}

/* What a parser that did not go on means. */
static tz_rc fail_read(const tz_part *part, tz_err *err)
{
    if (part->stopped == TZ_LIMIT)
        return tz_fail(err, TZ_LIMIT, "工作簿超过限度", "the workbook passes a limit");
    if (part->stopped == TZ_INPUT)
        return tz_fail(err, TZ_INPUT, "工作簿含 DTD,拒绝读取", "the workbook holds a DTD: refused");
    (void)tz_fail(err, TZ_INPUT, "工作簿的 XML 损坏(第 %lu 行)", "the workbook's XML is broken (line %lu)",
                  (unsigned long)XML_GetCurrentLineNumber(part->parser));
    return tz_err_advise(err, "用 Excel 或 WPS 打开后另存再报送", "open it in Excel or WPS, save it again");
}

/* The next block of the source. */
static tz_rc next_block(tz_part *part, char *block, size_t *ret_size, tz_err *err)
{
    if (part->decoder != NULL) {
        tz_rc rc = tz_decoder_read(part->decoder, block, BLOCK_BYTES, ret_size, err);
        part->inflated += rc == TZ_OK ? (int64_t)*ret_size : 0;
        return rc;
    }
    zip_int64_t size = zip_fread(part->file, block, BLOCK_BYTES);
    part->inflated += size > 0 ? size : 0;
    if (size < 0 || part->inflated > TZ_MAX_PART_BYTES) {
        (void)tz_fail(err, size < 0 ? TZ_INPUT : TZ_LIMIT, "压缩数据损坏或过大", "the compressed data are damaged or too large");
        return tz_err_advise(err, "文件可能没有传完,请重新报送", "the file may be cut off: ask for it again");
    }
    *ret_size = (size_t)size;
    return TZ_OK;
}

/* Some programs write an empty line before the XML declaration, where none may be. */
static size_t skip_white_space(char *block, size_t size)
{
    size_t at = 0;

    while (at < size && strchr(" \t\r\n", block[at]) != NULL && block[at] != '\0')
        at++;
    memmove(block, block + at, size - at);
    return size - at;
}

/* One step: goes on with a paused block, or reads the next. */
static tz_rc step(tz_part *part, tz_err *err)
{
    enum XML_Status status;

    if (part->is_paused) {
        part->is_paused = false;
        status = XML_ResumeParser(part->parser);
    } else {
        size_t size = 0;
        char  *block = XML_GetBuffer(part->parser, BLOCK_BYTES);
        if (block == NULL)
            return tz_fail(err, TZ_SYSTEM, "内存不足", "out of memory");
        tz_rc rc = next_block(part, block, &size, err);
        if (rc != TZ_OK)
            return rc;
        part->is_done = size == 0;
        if (!part->has_begun)
            size = skip_white_space(block, size);
        part->has_begun |= size > 0;
        status = XML_ParseBuffer(part->parser, (int)size, part->is_done);
    }
    if (part->is_stopped && part->stopped == TZ_OK)
        part->is_done = true;
    else if (status == XML_STATUS_ERROR)
        return fail_read(part, err);
    return TZ_OK;
}

tz_rc tz_part_read(tz_part *part, bool *ret_is_done, tz_err *err)
{
    tz_assert(part != NULL && ret_is_done != NULL);
    do {
        tz_rc rc = step(part, err);
        if (rc != TZ_OK)
            return rc;
    } while (!part->is_paused && !part->is_done);
    *ret_is_done = part->is_done && !part->is_paused;
    return TZ_OK;
}

void tz_part_close(tz_part *part)
{
    if (part == NULL)
        return;
    if (part->file != NULL)
        (void)zip_fclose(part->file);
    if (part->parser != NULL)
        XML_ParserFree(part->parser);
    tz_decoder_close(part->decoder);
    part->file = NULL;
    part->parser = NULL;
    part->decoder = NULL;
}

tz_rc tz_part_all(tz_arena *mem, zip_t *zip, const char *name, const tz_part_handler *handler, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_part *part = NULL;
    bool     is_done = false;

    TZ_TRY(tz_part_open(mem, zip, name, handler, &part, err));
    while (!is_done)
        TZ_TRY(tz_part_read(part, &is_done, err));
done:
    tz_part_close(part);
    return rc;
}
