#include "flow/tray.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "evidence/drawing.h"

enum { MOST_NAME_BYTES = 180 };

/* ---- What a file is ---- */

static bool starts(const unsigned char *head, size_t size, const char *magic, size_t length)
{
    return size >= length && memcmp(head, magic, length) == 0;
}

/* Text has no zero bytes, but in UTF-16 every other one is. */
static bool is_text(const unsigned char *head, size_t size)
{
    size_t zeros = 0, controls = 0;

    for (size_t i = 0; i < size; i++) {
        zeros += head[i] == 0;
        controls += head[i] < 0x20 && head[i] != '\t' && head[i] != '\n' && head[i] != '\r' && head[i] != 0 && head[i] != '\f';
    }
    bool is_wide = starts(head, size, "\xFF\xFE", 2) || starts(head, size, "\xFE\xFF", 2) || zeros * 3 > size;
    return controls * 50 < size && (zeros == 0 || is_wide);
}

/* What is named when it is refused. */
typedef struct { const char *magic; size_t length; const char *zh, *en; } known_kind;
static const known_kind OTHERS[] = {
    {"\x89PNG", 4, "图片", "a picture"},          {"\xFF\xD8\xFF", 3, "图片", "a picture"},
    {"GIF8", 4, "图片", "a picture"},             {"BM", 2, "图片", "a picture"},
    {"%PDF", 4, "PDF 文件", "a PDF file"},        {"MZ", 2, "程序", "a program"},
    {"\x7F" "ELF", 4, "程序", "a program"},       {"Rar!", 4, "rar 压缩包", "a rar archive"},
    {"7z\xBC\xAF", 4, "7z 压缩包", "a 7z archive"}, {"\x1F\x8B", 2, "gzip 压缩包", "a gzip archive"}};
static const known_kind UNKNOWN = {"", 0, "别的文件", "another file"};

/* NULL: it may be a table: a zip, a compound file, an old BIFF workbook, text. */
static const known_kind *other_kind(const unsigned char *head, size_t size)
{
    static const char *const TABLES[] = {"PK\x03\x04", "PK\x05\x06", "\xD0\xCF\x11\xE0", "\x09\x08", "\x09\x04", "\x09\x02"};

    for (size_t i = 0; i < sizeof OTHERS / sizeof OTHERS[0]; i++)
        if (starts(head, size, OTHERS[i].magic, OTHERS[i].length))
            return &OTHERS[i];
    for (size_t i = 0; i < sizeof TABLES / sizeof TABLES[0]; i++)
        if (starts(head, size, TABLES[i], strlen(TABLES[i])))
            return NULL;
    return is_text(head, size) ? NULL : &UNKNOWN;
}

tz_rc tz_tray_sniff(const char *path, tz_err *err)
{
    tz_assert(path != NULL);
    unsigned char head[4096];
    int           fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0)
        return tz_fail(err, errno == ENOENT ? TZ_MISSING : TZ_SYSTEM, "文件读不出来:%s", "the file cannot be read: %s", strerror(errno));
    ssize_t size = read(fd, head, sizeof head);
    int     failed = errno;
    (void)close(fd);
    if (size < 0)
        return tz_fail(err, TZ_SYSTEM, "文件读不出来:%s", "the file cannot be read: %s", strerror(failed));
    if (size == 0)
        return tz_fail(err, TZ_INPUT, "文件是空的", "the file is empty");
    const known_kind *other = other_kind(head, (size_t)size);
    if (other == NULL)
        return TZ_OK;
    (void)tz_fail(err, TZ_INPUT, "不是表格,是%s%.0s", "%.0sit is no table but %s", other->zh, other->en);
    return tz_err_advise(err, "交 Excel、WPS 表格、csv 或装着它们的 zip", "give an Excel or WPS workbook, csv, or a zip of them");
}

/* ---- Keeping ---- */

/* A name that is only a name: the last part of a path, no control characters, not hidden. */
static const char *clean_name(tz_arena *mem, const char *name)
{
    tz_buf out = tz_buf_init(mem, MOST_NAME_BYTES + 8);
    const char *last = name;

    for (const char *c = name; *c != '\0'; c++)
        if (*c == '/' || *c == '\\')
            last = c + 1;
    tz_text text = tz_text_trim(tz_text_of(last));
    for (size_t at = 0; at < text.size;) {
        size_t  before = at;
        int32_t point = tz_utf8_next(text, &at);
        if (point < 0x20 || point == 0x7F || (out.size == 0 && point == '.') || out.size + (at - before) > MOST_NAME_BYTES)
            continue;
        tz_buf_put(&out, tz_text_cut(text, before, at - before));
    }
    return out.size == 0 ? "file" : tz_buf_str(&out);
}

static const char *folder_of(tz_arena *mem, const char *folder, int64_t staged)
{
    return tz_arena_printf(mem, "%s/tray/%lld", folder, (long long)staged);
}

const char *tz_tray_path(tz_arena *mem, const char *folder, const json_t *staged)
{
    tz_assert(mem != NULL && folder != NULL && staged != NULL);
    return tz_arena_printf(mem, "%s/%s", folder_of(mem, folder, tz_json_int(staged, "staged", 0)), tz_json_str(staged, "name"));
}

static tz_rc move_in(tz_arena *mem, const char *folder, int64_t staged, const char *name, const char *path, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *here = folder_of(mem, folder, staged), *target = tz_arena_printf(mem, "%s/%s", here, name);

    TZ_TRY(tz_file_make_folder(here, err));
    if (chmod(tz_arena_printf(mem, "%s/tray", folder), 0700) != 0 || (rename(path, target) != 0 && errno != EXDEV)) {
        rc = tz_fail(err, TZ_SYSTEM, "无法存放文件:%s", "the file cannot be kept: %s", strerror(errno));
        goto done;
    }
    if (!tz_file_exists(target)) { /* it lay on another disk */
        TZ_TRY(tz_file_copy(path, target, 0600, err));
        (void)unlink(path);
    }
    if (chmod(target, 0600) != 0)
        rc = tz_fail(err, TZ_SYSTEM, "无法存放文件:%s", "the file cannot be kept: %s", strerror(errno));
done:
    return rc;
}

tz_rc tz_tray_put(tz_desk *desk, const char *folder, const char *user, const char *name, const char *path, int64_t *ret_staged, tz_err *err)
{
    tz_assert(desk != NULL && folder != NULL && user != NULL && name != NULL && path != NULL && ret_staged != NULL);
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    tz_digest   digest;
    char        hex[TZ_SM3_HEX];
    int64_t     size = 0, staged = 0;
    bool        is_new = false;
    const char *clean = clean_name(&mem, name);

    TZ_TRY(tz_tray_sniff(path, err));
    TZ_TRY(tz_sm3_file(path, &digest, &size, err));
    if (size > TZ_MAX_FILE_BYTES) {
        rc = tz_fail(err, TZ_LIMIT, "文件超过 %lld MB", "the file is over %lld MB", TZ_MAX_FILE_BYTES >> 20);
        goto done;
    }
    tz_digest_hex(&digest, hex);
    TZ_TRY(tz_desk_staged_add(desk, user, clean, size, hex, &staged, &is_new, err));
    if (is_new)
        rc = move_in(&mem, folder, staged, clean, path, err);
    if (rc != TZ_OK) {
        tz_err ignored;
        (void)!tz_desk_staged_drop(desk, user, staged, &ignored);
        goto done;
    }
    *ret_staged = staged;
done:
    if (rc != TZ_OK)
        (void)tz_err_at(err, clean, NULL, 0, NULL);
    tz_arena_free(&mem);
    return rc;
}

/* ---- Looking and taking ---- */

/* What the clerk said of a file, as import takes it. */
static tz_rc options_of(tz_arena *mem, const json_t *staged, tz_import_options *ret_options, tz_err *err)
{
    tz_import_options options = {.register_name = tz_json_str(staged, "register"), .sender = tz_json_str(staged, "sender")};
    const char       *as_of = tz_json_str(staged, "as_of");
    const json_t     *fixes = json_object_get(staged, "fixes");
    tz_column_fix    *list = tz_new_array(mem, tz_column_fix, json_array_size(fixes) + 1);
    size_t            i;
    json_t           *fix;

    if (as_of != NULL && !tz_date_parse_iso(tz_text_of(as_of), &options.as_of))
        return tz_fail(err, TZ_USAGE, "“%s” 不是日期", "'%s' is no date", as_of);
    json_array_foreach((json_t *)fixes, i, fix) {
        list[i] = (tz_column_fix){tz_json_str(fix, "register"), tz_json_str(fix, "header"), tz_json_str(fix, "column")};
        if (list[i].register_name == NULL || list[i].header == NULL)
            return tz_fail(err, TZ_USAGE, "列对应缺少名册或表头", "a fix of a column lacks its register or header");
    }
    options.fixes = list;
    options.fix_count = json_array_size(fixes);
    *ret_options = options;
    return TZ_OK;
}

/* A file of the user that was not taken yet. */
static tz_rc get_waiting(tz_desk *desk, const char *user, int64_t number, json_t **ret_staged, tz_err *err)
{
    json_t *staged = NULL;
    tz_rc   rc = tz_desk_staged_get(desk, user, number, &staged, err);

    if (rc != TZ_OK)
        return rc;
    if (strcmp(tz_json_str(staged, "state"), "taken") == 0) {
        json_decref(staged);
        return tz_fail(err, TZ_REFUSED, "文件已经入账", "the file was taken already");
    }
    *ret_staged = staged;
    return TZ_OK;
}

/* What is wrong with the file, not with the machine. */
static bool is_of_file(tz_rc rc)
{
    return rc == TZ_INPUT || rc == TZ_LIMIT || rc == TZ_REFUSED || rc == TZ_USAGE || rc == TZ_MISSING;
}

/* The sheets as they came, of a file that fits no register: who looks may see why. NULL where it can't be read. */
static json_t *draw_alone(tz_arena *mem, const char *path)
{
    tz_book        *book = NULL;
    json_t         *drawing = NULL, *nothing = json_array();
    const tz_tables none = {0};
    tz_err          ignored;

    if (tz_book_open(mem, path, &book, &ignored) == TZ_OK && tz_drawing_make(mem, book, &none, nothing, &drawing, &ignored) != TZ_OK)
        drawing = NULL;
    tz_book_close(book);
    json_decref(nothing);
    return drawing;
}

static bool is_same(const json_t *a, const json_t *b, const char *key)
{
    const char *x = tz_json_str(a, key), *y = tz_json_str(b, key);
    return x == NULL || y == NULL ? x == y : strcmp(x, y) == 0;
}

/* The parts of a table that a sheet repeats (for each month of twenty years) are read by one mapping: it stands with the first. */
static void keep_one_mapping(json_t *look)
{
    for (size_t i = 1; i < json_array_size(look); i++) {
        json_t *line = json_array_get(look, i), *before = json_array_get(look, i - 1);
        if (json_object_get(line, "part") != NULL && is_same(line, before, "register") && is_same(line, before, "sheet"))
            (void)json_object_del(line, "mapping");
    }
}

tz_rc tz_tray_look(tz_session *session, tz_desk *desk, const char *user, int64_t number, tz_err *err)
{
    tz_assert(session != NULL && desk != NULL && user != NULL);
    tz_rc             rc = TZ_OK;
    tz_arena          mem = {0};
    json_t           *staged = NULL, *look = NULL, *drawing = NULL;
    tz_err            wrong = {0};
    tz_import_options options;

    TZ_TRY(get_waiting(desk, user, number, &staged, err));
    rc = options_of(&mem, staged, &options, &wrong);
    options.is_dry_run = true;
    options.ret_drawing = &drawing;
    if (rc == TZ_OK)
        rc = tz_import_file(&mem, session->store, session->packs, tz_tray_path(&mem, session->store->folder, staged), &options, &look, &wrong);
    if (rc != TZ_OK && !is_of_file(rc)) {
        *err = wrong;
        goto done;
    }
    keep_one_mapping(look);
    if (rc == TZ_OK) /* its reasons and questions are in this language */
        tz_json_set_str(json_array_get(look, 0), "lang", session->store->app->lang == TZ_ZH ? "zh" : "en");
    if (rc == TZ_INPUT)
        drawing = draw_alone(&mem, tz_tray_path(&mem, session->store->folder, staged));
    rc = tz_desk_staged_found(desk, number, rc == TZ_OK ? look : NULL, drawing, rc == TZ_OK ? NULL : &wrong, err);
done:
    json_decref(staged);
    json_decref(look);
    json_decref(drawing);
    tz_arena_free(&mem);
    return rc;
}

/* The numbers of the batches that an import gave, each once. */
static json_t *batches_of(const json_t *report)
{
    json_t *numbers = json_array(), *line;
    size_t  i;
    int64_t before = 0;

    json_array_foreach((json_t *)report, i, line) {
        int64_t batch = tz_json_int(line, "batch", 0);
        if (batch != 0 && batch != before)
            (void)json_array_append_new(numbers, json_integer(batch));
        before = batch;
    }
    return numbers;
}

static void forget_bytes(tz_arena *mem, const char *folder, int64_t staged)
{
    tz_err ignored;
    (void)!tz_file_remove_folder(folder_of(mem, folder, staged), &ignored); /* what stays is swept at the next start */
}

tz_rc tz_tray_take(tz_session *session, tz_desk *desk, const char *user, int64_t number, const json_t *registers, json_t **ret_batches,
                   tz_err *err)
{
    tz_assert(session != NULL && desk != NULL && user != NULL && ret_batches != NULL);
    tz_rc             rc = TZ_OK;
    tz_arena          mem = {0};
    json_t           *staged = NULL, *report = NULL, *batches = NULL;
    tz_import_options options;

    TZ_TRY(get_waiting(desk, user, number, &staged, err));
    TZ_TRY(options_of(&mem, staged, &options, err));
    options.allowed = registers;
    rc = tz_import_file(&mem, session->store, session->packs, tz_tray_path(&mem, session->store->folder, staged), &options, &report, err);
    if (rc != TZ_OK) {
        tz_err ignored;
        if (is_of_file(rc))
            (void)!tz_desk_staged_found(desk, number, NULL, NULL, err, &ignored);
        goto done;
    }
    batches = batches_of(report);
    TZ_TRY(tz_desk_staged_taken(desk, number, batches, err));
    forget_bytes(&mem, session->store->folder, number);
    *ret_batches = json_incref(batches);
done:
    json_decref(staged);
    json_decref(report);
    json_decref(batches);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_tray_errors(tz_session *session, tz_desk *desk, const char *user, int64_t number, const char *path, tz_err *err)
{
    tz_assert(session != NULL && desk != NULL && user != NULL && path != NULL);
    tz_rc             rc = TZ_OK;
    tz_arena          mem = {0};
    json_t           *staged = NULL, *report = NULL, *drawing = NULL;
    tz_import_options options;

    TZ_TRY(get_waiting(desk, user, number, &staged, err));
    TZ_TRY(options_of(&mem, staged, &options, err));
    options.is_dry_run = true;
    options.ret_drawing = &drawing; /* what is not known refuses nothing */
    options.errors_path = path;
    rc = tz_import_file(&mem, session->store, session->packs, tz_tray_path(&mem, session->store->folder, staged), &options, &report, err);
done:
    json_decref(staged);
    json_decref(report);
    json_decref(drawing);
    tz_arena_free(&mem);
    return rc;
}

/* ---- Going ---- */

tz_rc tz_tray_drop(tz_desk *desk, const char *folder, const char *user, int64_t staged, tz_err *err)
{
    tz_assert(desk != NULL && folder != NULL && user != NULL);
    tz_arena mem = {0};
    tz_rc    rc = tz_desk_staged_drop(desk, user, staged, err);

    if (rc == TZ_OK)
        forget_bytes(&mem, folder, staged);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_tray_sweep(tz_desk *desk, const char *folder, tz_err *err)
{
    tz_assert(desk != NULL && folder != NULL);
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    tz_names    names = {0};
    const char *tray = tz_arena_printf(&mem, "%s/tray", folder);

    TZ_TRY(tz_desk_staged_sweep(desk, err));
    if (!tz_file_is_folder(tray))
        goto done;
    TZ_TRY(tz_file_list(&mem, tray, &names, err));
    for (size_t i = 0; i < names.count; i++) {
        int64_t number = 0;
        bool    is_kept = false;
        if (tz_text_int(tz_text_of(names.items[i]), &number))
            TZ_TRY(tz_desk_staged_is_kept(desk, number, &is_kept, err));
        if (!is_kept)
            TZ_TRY(tz_file_remove_folder(tz_arena_printf(&mem, "%s/%s", tray, names.items[i]), err));
    }
done:
    tz_arena_free(&mem);
    return rc;
}
