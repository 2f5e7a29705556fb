#include "formats/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/limits.h"

typedef struct {
    tz_arena     *mem;
    const char   *file;
    yaml_parser_t parser;
    size_t        nodes;
} reading;

tz_rc tz_yaml_fail(tz_err *err, const char *file, const tz_yaml *node, const char *zh, const char *en, ...)
{
    va_list args;

    va_start(args, en);
    (void)tz_vfail(err, TZ_INPUT, zh, en, args);
    va_end(args);
    return tz_err_at(err, file, NULL, node == NULL ? 0 : node->line, NULL);
}

static tz_rc fail_at(reading *from, tz_err *err, size_t line, const char *zh, const char *en)
{
    const tz_yaml at = {.line = (int64_t)line + 1};
    return tz_yaml_fail(err, from->file, &at, zh, en);
}

static tz_rc next_event(reading *from, yaml_event_t *event, tz_err *err)
{
    if (yaml_parser_parse(&from->parser, event))
        return TZ_OK;
    const char *problem = from->parser.problem == NULL ? "?" : from->parser.problem;
    const tz_yaml at = {.line = (int64_t)from->parser.problem_mark.line + 1};
    return tz_yaml_fail(err, from->file, &at, "YAML 语法错误:%s", "YAML syntax: %s", problem);
}

static tz_rc read_node(reading *from, const yaml_event_t *event, int depth, tz_yaml **ret_node, tz_err *err);

static tz_rc new_node(reading *from, const yaml_event_t *event, int depth, tz_yaml_kind kind, tz_yaml **ret_node,
                      tz_err *err)
{
    size_t line = event->start_mark.line;

    if (depth > TZ_MAX_YAML_DEPTH || ++from->nodes > TZ_MAX_YAML_NODES) {
        (void)fail_at(from, err, line, "YAML 嵌套过深或节点过多",
                      "YAML is nested too deeply or has too many nodes");
        return err->code = TZ_LIMIT;
    }
    tz_yaml *node = tz_new(from->mem, tz_yaml);
    node->kind = kind;
    node->line = (int64_t)line + 1;
    node->text = "";
    *ret_node = node;
    return TZ_OK;
}

static tz_rc read_scalar(reading *from, const yaml_event_t *event, int depth, tz_yaml **ret_node, tz_err *err)
{
    tz_yaml *node = NULL;

    if (event->data.scalar.anchor != NULL || (event->data.scalar.tag != NULL && !event->data.scalar.quoted_implicit))
        return fail_at(from, err, event->start_mark.line, "不支持锚点和标签",
                       "anchors and tags are not allowed");
    if (memchr(event->data.scalar.value, 0, event->data.scalar.length) != NULL)
        return fail_at(from, err, event->start_mark.line, "文本含零字节", "a text holds a zero byte");
    tz_rc rc = new_node(from, event, depth, TZ_YAML_SCALAR, &node, err);
    if (rc != TZ_OK)
        return rc;
    node->text = tz_arena_copy(from->mem, (const char *)event->data.scalar.value, event->data.scalar.length);
    node->is_quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    node->is_null = !node->is_quoted && (node->text[0] == '\0' || strcmp(node->text, "~") == 0 ||
                                         strcmp(node->text, "null") == 0);
    *ret_node = node;
    return TZ_OK;
}

static void append(tz_yaml *parent, tz_yaml **last, tz_yaml *child)
{
    if (*last == NULL)
        parent->first = child;
    else
        (*last)->next = child;
    *last = child;
    parent->count++;
}

/* Children up to the end event; in a map every other scalar is the key of the next. */
static tz_rc read_children(reading *from, tz_yaml *parent, yaml_event_type_t end, int depth, tz_err *err)
{
    tz_rc        rc = TZ_OK;
    tz_yaml     *last = NULL;
    const char  *key = NULL;
    yaml_event_t event;

    for (;;) {
        TZ_TRY(next_event(from, &event, err));
        if (event.type == end) {
            yaml_event_delete(&event);
            break;
        }
        tz_yaml *child = NULL;
        size_t   line = event.start_mark.line;
        rc = read_node(from, &event, depth + 1, &child, err);
        yaml_event_delete(&event);
        if (rc != TZ_OK)
            goto done;
        if (parent->kind == TZ_YAML_MAP && key == NULL) {
            if (child->kind != TZ_YAML_SCALAR || tz_yaml_get(parent, child->text) != NULL ||
                strcmp(child->text, "<<") == 0) {
                rc = fail_at(from, err, line, "键重复或不是文本", "a key is given twice or is no text");
                goto done;
            }
            key = child->text;
            continue;
        }
        child->key = key;
        key = NULL;
        append(parent, &last, child);
    }
done:
    return rc;
}

static tz_rc read_node(reading *from, const yaml_event_t *event, int depth, tz_yaml **ret_node, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_yaml *node = NULL;
    bool     is_map = event->type == YAML_MAPPING_START_EVENT;

    if (event->type == YAML_SCALAR_EVENT)
        return read_scalar(from, event, depth, ret_node, err);
    if (event->type == YAML_ALIAS_EVENT)
        return fail_at(from, err, event->start_mark.line, "不支持锚点和别名", "aliases are not allowed");
    const yaml_char_t *anchor = is_map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
    const yaml_char_t *tag = is_map ? event->data.mapping_start.tag : event->data.sequence_start.tag;
    if (anchor != NULL || tag != NULL)
        return fail_at(from, err, event->start_mark.line, "不支持锚点和标签",
                       "anchors and tags are not allowed");
    TZ_TRY(new_node(from, event, depth, is_map ? TZ_YAML_MAP : TZ_YAML_LIST, &node, err));
    TZ_TRY(read_children(from, node, is_map ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT, depth, err));
    *ret_node = node;
done:
    return rc;
}

/* From the start of the stream to its end: one document or none. */
static tz_rc read_stream(reading *from, tz_yaml **ret_root, tz_err *err)
{
    tz_rc        rc = TZ_OK;
    tz_yaml     *root = NULL;
    yaml_event_t event;
    bool         is_end = false;

    while (!is_end) {
        TZ_TRY(next_event(from, &event, err));
        is_end = event.type == YAML_STREAM_END_EVENT;
        bool is_node = event.type == YAML_SCALAR_EVENT || event.type == YAML_MAPPING_START_EVENT ||
                       event.type == YAML_SEQUENCE_START_EVENT || event.type == YAML_ALIAS_EVENT;
        if (is_node && root != NULL)
            rc = fail_at(from, err, event.start_mark.line, "只能有一个文档", "only one document is allowed");
        else if (is_node)
            rc = read_node(from, &event, 0, &root, err);
        yaml_event_delete(&event);
        if (rc != TZ_OK)
            goto done;
    }
    if (root == NULL || (root->kind == TZ_YAML_SCALAR && root->is_null)) {
        root = tz_new(from->mem, tz_yaml);
        root->kind = TZ_YAML_MAP;
        root->line = 1;
        root->text = "";
    }
    *ret_root = root;
done:
    return rc;
}

tz_rc tz_yaml_parse(tz_arena *mem, const char *file, tz_text text, tz_yaml **ret_root, tz_err *err)
{
    tz_assert(mem != NULL && file != NULL && ret_root != NULL);
    reading from = {.mem = mem, .file = file};

    if (text.size > TZ_MAX_YAML_BYTES) {
        (void)tz_fail(err, TZ_LIMIT, "YAML 文件超过 %d 字节", "a YAML file is larger than %d bytes",
                      TZ_MAX_YAML_BYTES);
        return tz_err_at(err, file, NULL, 0, NULL);
    }
    if (!yaml_parser_initialize(&from.parser))
        return tz_fail(err, TZ_SYSTEM, "内存不足", "out of memory");
    yaml_parser_set_encoding(&from.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&from.parser, (const unsigned char *)(text.data == NULL ? "" : text.data),
                                 text.size);
    tz_rc rc = read_stream(&from, ret_root, err);
    yaml_parser_delete(&from.parser);
    return rc;
}

tz_rc tz_yaml_load(tz_arena *mem, const char *path, tz_yaml **ret_root, tz_err *err)
{
    tz_text text;
    tz_rc   rc = tz_file_load(mem, path, TZ_MAX_YAML_BYTES, &text, err);
    return rc != TZ_OK ? rc : tz_yaml_parse(mem, path, text, ret_root, err);
}

const tz_yaml *tz_yaml_get(const tz_yaml *map, const char *key)
{
    if (map == NULL || map->kind != TZ_YAML_MAP)
        return NULL;
    for (const tz_yaml *child = map->first; child != NULL; child = child->next)
        if (child->key != NULL && strcmp(child->key, key) == 0)
            return child;
    return NULL;
}

const char *tz_yaml_str(const tz_yaml *map, const char *key, const char *otherwise)
{
    const tz_yaml *child = tz_yaml_get(map, key);
    return child == NULL || child->kind != TZ_YAML_SCALAR || child->is_null ? otherwise : child->text;
}

tz_rc tz_yaml_only(const char *file, const tz_yaml *map, const char *const *names, tz_err *err)
{
    tz_assert(names != NULL);
    if (map == NULL)
        return TZ_OK;
    if (map->kind != TZ_YAML_MAP)
        return tz_yaml_fail(err, file, map, "此处应是 “键: 值”", "a mapping is expected here");
    for (const tz_yaml *child = map->first; child != NULL; child = child->next) {
        const char *const *name = names;
        while (*name != NULL && strcmp(*name, child->key) != 0)
            name++;
        if (*name != NULL)
            continue;
        char   allowed[240] = "";
        size_t used = 0;
        for (name = names; *name != NULL && used + strlen(*name) + 3 < sizeof allowed; name++)
            used += (size_t)snprintf(allowed + used, sizeof allowed - used, "%s%s", used == 0 ? "" : ", ", *name);
        (void)tz_yaml_fail(err, file, child, "没有 “%s” 这个键", "there is no key '%s'", child->key);
        return tz_err_advise(err, "可用:%s", "allowed: %s", allowed);
    }
    return TZ_OK;
}
