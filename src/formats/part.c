#include "formats/part.h"

#include <expat.h>
#include <string.h>
#include <strings.h>

#include "base/assert.h"
#include "base/limits.h"

enum { BLOCK_BYTES = 65536 };

struct tz_part {
    const tz_part_handler *handler;
    zip_file_t *file;    /* one of the two is the source */
    tz_decoder *decoder;
    tz_xml      xml;
    XML_Parser  parser;  /* not NULL: used in place of xml */
    int64_t     inflated;
    int         depth;
    bool        has_begun; /* something but white space was read */
    bool        is_paused;
    bool        is_done;
    bool        is_stopped;
    tz_rc       stopped; /* why a handler or a limit ended it; TZ_OK: it had enough */
};

/* ---- What both parsers tell ---- */

static void on_start(void *context, const char *name, const char **attributes)
{
    tz_part *part = context;
    if (!part->is_stopped)
        part->handler->start(part->handler->context, name, attributes);
}

static void on_end(void *context, const char *name)
{
    tz_part *part = context;
    if (!part->is_stopped && part->handler->end != NULL)
        part->handler->end(part->handler->context, name);
}

static void on_text(void *context, const char *text, int size)
{
    tz_part *part = context;
    if (!part->is_stopped && part->handler->text != NULL)
        part->handler->text(part->handler->context, text, size);
}

static const char *local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon == NULL ? name : colon + 1;
}

static void XMLCALL expat_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    if (++((tz_part *)context)->depth > TZ_MAX_XML_DEPTH)
        tz_part_stop(context, TZ_LIMIT);
    on_start(context, local(name), attributes);
}

static void XMLCALL expat_end(void *context, const XML_Char *name)
{
    ((tz_part *)context)->depth--;
    on_end(context, local(name));
}

static void XMLCALL expat_text(void *context, const XML_Char *text, int size)
{
    on_text(context, text, size);
}

static void XMLCALL expat_doctype(void *context, const XML_Char *name, const XML_Char *system,
                                  const XML_Char *public, int has_inside)
{
    (void)name, (void)system, (void)public, (void)has_inside;
    tz_part_stop(context, TZ_INPUT);
}

const char *tz_part_attribute(const char **attributes, const char *name)
{
    for (; *attributes != NULL; attributes += 2)
        if (strcmp(attributes[0], name) == 0 || strcmp(local(attributes[0]), name) == 0)
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
        (void)tz_fail(err, TZ_INPUT, "工作簿或压缩包损坏,或没有传完",
                      "the workbook or archive is damaged or cut off");
        return tz_err_advise(err, "请重新报送;或用 Excel、WPS 打开后另存",
                             "ask for it again, or open it in Excel or WPS and save it");
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
        return tz_fail(err, TZ_LIMIT, "压缩包内的文件展开后过大",
                       "a file of the archive is too large when inflated");
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

/* A part without its source. */
static tz_part *new_part(tz_arena *mem, const tz_part_handler *handler)
{
    tz_part        *part = tz_new(mem, tz_part);
    tz_xml_handler *own = tz_new(mem, tz_xml_handler);

    *own = (tz_xml_handler){
        .start = on_start, .end = on_end, .text = handler->text == NULL ? NULL : on_text, .context = part};
    part->handler = handler;
    part->xml = tz_xml_init(mem, own);
    return part;
}

tz_rc tz_part_open(tz_arena *mem, zip_t *zip, const char *name, const tz_part_handler *handler,
                   tz_part **ret_part, tz_err *err)
{
    tz_assert(mem != NULL && zip != NULL && name != NULL && handler != NULL && ret_part != NULL);
    zip_stat_t  info;
    zip_int64_t index = tz_part_find(mem, zip, name);

    if (index < 0)
        return tz_fail(err, TZ_MISSING, "压缩包内缺少 %s", "the archive lacks %s", name);
    tz_rc rc = tz_zip_check(zip, (zip_uint64_t)index, TZ_MAX_PART_BYTES, &info, err);
    if (rc != TZ_OK)
        return rc;
    tz_part *part = new_part(mem, handler);
    part->file = zip_fopen_index(zip, (zip_uint64_t)index, 0);
    if (part->file == NULL) {
        tz_part_close(part);
        return tz_fail(err, TZ_INPUT, "压缩包损坏:%s", "the archive is damaged: %s", name);
    }
    *ret_part = part;
    return TZ_OK;
}

tz_rc tz_part_open_text(tz_arena *mem, tz_decoder *decoder, const tz_part_handler *handler,
                        tz_part **ret_part, tz_err *err)
{
    tz_assert(mem != NULL && decoder != NULL && handler != NULL && ret_part != NULL);
    tz_part *part = new_part(mem, handler);

    (void)err;
    part->decoder = decoder; /* its text is UTF-8 whatever it declares */
    *ret_part = part;
    return TZ_OK;
}

void tz_part_pause(tz_part *part)
{
    part->is_paused = true;
    if (part->parser != NULL)
        (void)XML_StopParser(part->parser, XML_TRUE);
    else
        tz_xml_pause(&part->xml);
}

void tz_part_stop(tz_part *part, tz_rc code)
{
    part->is_stopped = true;
    part->stopped = code;
    if (part->parser != NULL)
        (void)XML_StopParser(part->parser, XML_FALSE);
    else
        tz_xml_pause(&part->xml);
}

void tz_part_skip(tz_part *part)
{
    if (part->parser == NULL)
        tz_xml_skip(&part->xml);
}

/* What a parser that did not go on means. */
static tz_rc fail_read(const tz_part *part, tz_err *err)
{
    uint64_t line_no = part->parser != NULL ? XML_GetCurrentLineNumber(part->parser) : part->xml.line_no;

    if (part->stopped == TZ_LIMIT)
        return tz_fail(err, TZ_LIMIT, "工作簿超过限度", "the workbook passes a limit");
    if (part->stopped == TZ_INPUT)
        return tz_fail(err, TZ_INPUT, "工作簿含 DTD,拒绝读取", "the workbook holds a DTD: refused");
    (void)tz_fail(err, TZ_INPUT, "工作簿的 XML 损坏(第 %llu 行)", "the workbook's XML is broken (line %llu)",
                  (unsigned long long)line_no);
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
        (void)tz_fail(err, size < 0 ? TZ_INPUT : TZ_LIMIT, "压缩数据损坏或过大",
                      "the compressed data are damaged or too large");
        return tz_err_advise(err, "文件可能没有传完,请重新报送", "the file may be cut off: ask for it again");
    }
    *ret_size = (size_t)size;
    return TZ_OK;
}

/* Some programs write an empty line before the XML declaration, where none may be. */
static size_t skip_white_space(char *block, size_t size)
{
    size_t at = 0;

    while (at < size && memchr(" \t\r\n", block[at], 4) != NULL)
        at++;
    memmove(block, block + at, size - at);
    return size - at;
}

/* Whether the start of a part says that it is no UTF-8: zero bytes, a mark of UTF-16, another name. */
static bool is_other_encoding(tz_text head)
{
    tz_text declaration = tz_text_cut(
        head, 0, tz_text_starts(head, TZ_TEXT("<?xml")) ? tz_text_find(head, TZ_TEXT("?>"), 0) : 0);
    size_t  at = tz_text_find(declaration, TZ_TEXT("encoding"), 0);

    if (memchr(head.data, '\0', head.size < 4 ? head.size : 4) != NULL || tz_text_starts(head, TZ_TEXT("\xFF\xFE")) ||
        tz_text_starts(head, TZ_TEXT("\xFE\xFF")))
        return true;
    if (at == SIZE_MAX)
        return false;
    at += strlen("encoding");
    while (at < declaration.size && memchr(" \t\r\n=\"'", declaration.data[at], 7) != NULL)
        at++;
    return at + 5 > declaration.size || (strncasecmp(declaration.data + at, "utf-8", 5) != 0 &&
                                         strncasecmp(declaration.data + at, "us-as", 5) != 0);
}

/* Takes the parser that the part's first block asks for. */
static tz_rc choose_parser(tz_part *part, tz_text head, tz_err *err)
{
    if (part->decoder != NULL || !is_other_encoding(head))
        return TZ_OK;
    part->parser = XML_ParserCreate(NULL);
    if (part->parser == NULL)
        return tz_fail(err, TZ_SYSTEM, "内存不足", "out of memory");
    XML_SetUserData(part->parser, part);
    XML_SetElementHandler(part->parser, expat_start, expat_end);
    XML_SetCharacterDataHandler(part->parser, expat_text);
    XML_SetStartDoctypeDeclHandler(part->parser, expat_doctype);
    return TZ_OK;
}

/* The next block for our own parser; the first may show that the other one is wanted. */
static tz_rc feed(tz_part *part, tz_err *err)
{
    tz_rc  rc = TZ_OK;
    size_t size = 0, read = 0;
    char  *block = tz_xml_room(&part->xml, BLOCK_BYTES);

    if (block == NULL) {
        tz_part_stop(part, TZ_LIMIT);
        return fail_read(part, err);
    }
    do {
        TZ_TRY(next_block(part, block, &read, err));
        size = part->has_begun ? read : skip_white_space(block, read);
    } while (size == 0 && read > 0);
    if (!part->has_begun && size >= 3 && memcmp(block, "\xEF\xBB\xBF", 3) == 0) {
        size -= 3;
        memmove(block, block + 3, size);
    }
    if (!part->has_begun)
        TZ_TRY(choose_parser(part, (tz_text){block, size}, err));
    part->has_begun = true;
    if (part->parser == NULL)
        tz_xml_fed(&part->xml, size);
    else if (XML_Parse(part->parser, block, (int)size, read == 0) == XML_STATUS_ERROR)
        rc = part->is_stopped && part->stopped == TZ_OK ? TZ_OK : fail_read(part, err);
done:
    return rc;
}

/* One step of our own parser. */
static tz_rc step_own(tz_part *part, tz_err *err)
{
    part->is_paused = false;
    switch (tz_xml_step(&part->xml)) {
    case TZ_XML_HUNGRY: return part->is_stopped ? TZ_OK : feed(part, err);
    case TZ_XML_PAUSED: return TZ_OK;
    case TZ_XML_DONE: part->is_done = true; return TZ_OK;
    case TZ_XML_DTD: part->stopped = TZ_INPUT; break;
    case TZ_XML_LIMIT: part->stopped = TZ_LIMIT; break;
    case TZ_XML_BROKEN: break;
    }
    return fail_read(part, err);
}

/* One step of expat: goes on with a paused block, or reads the next. */
static tz_rc step_expat(tz_part *part, tz_err *err)
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
        status = XML_ParseBuffer(part->parser, (int)size, size == 0);
    }
    return status == XML_STATUS_ERROR && !(part->is_stopped && part->stopped == TZ_OK) ? fail_read(part, err) : TZ_OK;
}

tz_rc tz_part_read(tz_part *part, bool *ret_is_done, tz_err *err)
{
    tz_assert(part != NULL && ret_is_done != NULL);
    do {
        tz_rc rc = part->parser == NULL ? step_own(part, err) : step_expat(part, err);
        if (rc != TZ_OK)
            return rc;
        if (part->is_stopped && part->stopped != TZ_OK)
            return fail_read(part, err);
        part->is_done |= part->is_stopped;
    } while (!part->is_paused && !part->is_done);
    *ret_is_done = part->is_done && !part->is_paused;
    return TZ_OK;
}

tz_rc tz_part_read_row(tz_part *part, bool *has_row, bool *is_done, tz_err *err)
{
    tz_assert(part != NULL && has_row != NULL && is_done != NULL);
    *has_row = false;
    while (!*is_done && !*has_row) {
        tz_rc rc = tz_part_read(part, is_done, err);
        if (rc != TZ_OK)
            return rc;
    }
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
