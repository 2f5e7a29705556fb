#include "report/mustache.h"

#include <ctype.h>
#include <string.h>

#include "base/assert.h"

enum { MAX_DEPTH = 100 }; /* of partials in partials, and of sections in the sections of one */

typedef enum { TEXT, VARIABLE, RAW, SECTION, INVERTED, END, PARTIAL, SILENT } token_kind;

typedef struct {
    token_kind  kind;
    tz_text     text;    /* TEXT: the text; else the name */
    const char *indent;  /* PARTIAL that stands alone on its line: what stands before it */
    size_t      end;     /* SECTION, INVERTED: index of its END */
    int64_t     line;
} token;

typedef struct { token *items; size_t count; size_t room; } tokens;

/* ---- Reading: a template becomes tokens ---- */

typedef struct {
    tz_arena   *mem;
    const char *file;
    tz_text     text;
    size_t      at;
    int64_t     line;
    tz_text     open, close; /* delimiters */
    tokens      list;
} reading;

static tz_rc fail_at(const reading *from, int64_t line, tz_err *err, const char *zh, const char *en, tz_text what)
{
    (void)tz_fail(err, TZ_INPUT, zh, en, TZ_FMT(what));
    return tz_err_at(err, from->file, NULL, line, NULL);
}

static void push_text(reading *from, size_t start, size_t end)
{
    tz_text text = tz_text_cut(from->text, start, end - start);

    if (text.size == 0)
        return;
    tz_push(from->mem, &from->list, (token){.kind = TEXT, .text = text, .line = from->line});
    for (size_t i = 0; i < text.size; i++)
        from->line += text.data[i] == '\n';
}

/* "=<% %>=" sets the delimiters. */
static tz_rc set_delimiters(reading *from, tz_text inner, tz_err *err)
{
    tz_text both = tz_text_trim(tz_text_cut(inner, 1, inner.size < 2 ? 0 : inner.size - 2));
    size_t  gap = 0;

    while (gap < both.size && !isspace((unsigned char)both.data[gap]))
        gap++;
    tz_text open = tz_text_cut(both, 0, gap), close = tz_text_trim(tz_text_cut(both, gap, both.size));
    if (inner.size < 2 || inner.data[inner.size - 1] != '=' || open.size == 0 || close.size == 0)
        return fail_at(from, from->line, err, "定界符写法不对:%.*s", "delimiters are not written so: %.*s", inner);
    from->open = open;
    from->close = close;
    return TZ_OK;
}

/* What a tag is by its first character; *ret_name is the rest. */
static token_kind kind_of(tz_text inner, tz_text *ret_name)
{
    static const struct { char mark; token_kind kind; } MARKS[] = {
        {'#', SECTION}, {'^', INVERTED}, {'/', END}, {'>', PARTIAL}, {'&', RAW}, {'{', RAW}, {'!', SILENT}, {'=', SILENT}};

    for (size_t i = 0; inner.size > 0 && i < sizeof MARKS / sizeof MARKS[0]; i++)
        if (inner.data[0] == MARKS[i].mark) {
            *ret_name = tz_text_trim(tz_text_cut(inner, 1, inner.size));
            return MARKS[i].kind;
        }
    *ret_name = tz_text_trim(inner);
    return VARIABLE;
}

/* True where nothing but blanks stand between the line's start and `start`; *ret_from is that start. */
static bool is_first_on_line(tz_text text, size_t start, size_t *ret_from)
{
    size_t from = start;

    while (from > 0 && (text.data[from - 1] == ' ' || text.data[from - 1] == '\t'))
        from--;
    *ret_from = from;
    return from == 0 || text.data[from - 1] == '\n';
}

static bool is_last_on_line(tz_text text, size_t end, size_t *ret_to)
{
    size_t to = end;

    while (to < text.size && (text.data[to] == ' ' || text.data[to] == '\t'))
        to++;
    if (to < text.size && text.data[to] == '\r')
        to++;
    if (to < text.size && text.data[to] != '\n')
        return false;
    *ret_to = to < text.size ? to + 1 : to;
    return true;
}

/* One tag that begins at `start`. A tag that prints nothing and has its line for itself takes the
 * line with it. */
static tz_rc read_tag(reading *from, size_t start, tz_err *err)
{
    size_t  inner_at = start + from->open.size;
    bool    is_triple = inner_at < from->text.size && from->text.data[inner_at] == '{';
    tz_text closing = is_triple ? tz_text_of(tz_arena_printf(from->mem, "}%.*s", TZ_FMT(from->close))) : from->close;
    size_t  close = tz_text_find(from->text, closing, inner_at);
    size_t  before = 0, behind = 0;

    if (close == SIZE_MAX) {
        push_text(from, from->at, start);
        return fail_at(from, from->line, err, "标签没有结束:%.*s", "a tag is not closed: %.*s", tz_text_cut(from->text, start, 20));
    }
    token   tag = {0};
    tz_text inner = tz_text_cut(from->text, inner_at, close - inner_at);
    size_t  end = close + closing.size;
    tag.kind = kind_of(inner, &tag.text);
    bool is_quiet = tag.kind != VARIABLE && tag.kind != RAW;
    bool is_alone = is_quiet && is_first_on_line(from->text, start, &before) && before >= from->at && is_last_on_line(from->text, end, &behind);
    push_text(from, from->at, is_alone ? before : start);
    tag.line = from->line;
    if (is_alone && tag.kind == PARTIAL)
        tag.indent = tz_arena_copy(from->mem, from->text.data + before, start - before);
    if (inner.size > 0 && inner.data[0] == '=') {
        tz_rc rc = set_delimiters(from, inner, err);
        if (rc != TZ_OK)
            return rc;
    }
    if (tag.kind != SILENT)
        tz_push(from->mem, &from->list, tag);
    from->at = is_alone ? behind : end;
    for (size_t i = start; i < from->at; i++)
        from->line += from->text.data[i] == '\n';
    return TZ_OK;
}

/* Gives each section the index of its end. */
static tz_rc match_ends(reading *from, tz_err *err)
{
    struct { size_t *items; size_t count; size_t room; } stack = {0};

    for (size_t i = 0; i < from->list.count; i++) {
        token *now = &from->list.items[i];
        if (now->kind == SECTION || now->kind == INVERTED) {
            if (stack.count == MAX_DEPTH) {
                (void)tz_fail(err, TZ_LIMIT, "模板的段落嵌套过深", "sections within sections too deep");
                return tz_err_at(err, from->file, NULL, now->line, NULL);
            }
            tz_push(from->mem, &stack, i);
        } else if (now->kind == END) {
            token *begin = stack.count == 0 ? NULL : &from->list.items[stack.items[--stack.count]];
            if (begin == NULL || !tz_text_equal(begin->text, now->text))
                return fail_at(from, now->line, err, "“/%.*s” 没有对应的开头", "'/%.*s' closes nothing", now->text);
            begin->end = i;
        }
    }
    if (stack.count > 0) {
        const token *open = &from->list.items[stack.items[stack.count - 1]];
        return fail_at(from, open->line, err, "“#%.*s” 没有结束", "'#%.*s' is not closed", open->text);
    }
    return TZ_OK;
}

static tz_rc read_tokens(tz_arena *mem, const char *file, tz_text text, tokens *ret_tokens, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    reading from = {.mem = mem, .file = file, .text = text, .line = 1, .open = TZ_TEXT("{{"), .close = TZ_TEXT("}}")};

    for (;;) {
        size_t start = tz_text_find(text, from.open, from.at);
        if (start == SIZE_MAX)
            break;
        TZ_TRY(read_tag(&from, start, err));
    }
    push_text(&from, from.at, text.size);
    TZ_TRY(match_ends(&from, err));
    *ret_tokens = from.list;
done:
    return rc;
}

/* ---- Writing ---- */

typedef struct context context;
struct context {
    const json_t  *value;
    const context *outer;
};

typedef struct {
    tz_arena *mem;
    const tz_mustache_target *target;
    tz_buf *out;
    int     depth; /* of partials */
} writing;

/* The value of a name: its first part in the nearest context that has it, the rest within. */
static const json_t *value_of(const writing *to, const context *here, tz_text name)
{
    const json_t *value = NULL;
    size_t        dot = tz_text_find(name, TZ_TEXT("."), 0);

    if (tz_text_is(name, "."))
        return here->value;
    const char *first = tz_text_dup(to->mem, tz_text_cut(name, 0, dot == SIZE_MAX ? name.size : dot));
    for (; here != NULL && value == NULL; here = here->outer)
        value = json_object_get(here->value, first);
    while (value != NULL && dot != SIZE_MAX) {
        size_t next = tz_text_find(name, TZ_TEXT("."), dot + 1);
        tz_text part = tz_text_cut(name, dot + 1, (next == SIZE_MAX ? name.size : next) - dot - 1);
        value = json_object_get(value, tz_text_dup(to->mem, part));
        dot = next;
    }
    return value;
}

static bool is_true(const json_t *value)
{
    const json_t *is = json_object_get(value, "_is");

    if (is != NULL)
        return json_is_true(is);
    return value != NULL && !json_is_null(value) && !json_is_false(value) && !(json_is_array(value) && json_array_size(value) == 0) &&
           !(json_is_string(value) && json_string_length(value) == 0);
}

typedef void put_text(tz_buf *out, tz_text text);

static void put_scalar(const writing *to, const json_t *value, put_text *put)
{
    char    number[64];
    tz_text text = {0};

    if (json_is_string(value)) {
        text = (tz_text){json_string_value(value), json_string_length(value)};
    } else if (!json_is_null(value) && !json_is_object(value) && !json_is_array(value)) {
        size_t size = json_dumpb(value, number, sizeof number, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
        text = (tz_text){number, size < sizeof number ? size : 0};
    }
    (put == NULL ? tz_buf_put : put)(to->out, text);
}

static void put_variable(const writing *to, const context *here, const token *tag)
{
    bool          is_filtered = to->target->filter != NULL && tz_text_ends(tag->text, TZ_TEXT("~url"));
    tz_text       name = is_filtered ? tz_text_cut(tag->text, 0, tag->text.size - strlen("~url")) : tag->text;
    const json_t *value = value_of(to, here, name);
    const char   *made = tz_json_str(value, "_text");

    if (made != NULL)
        tz_buf_puts(to->out, made);
    else if (value != NULL)
        put_scalar(to, value, is_filtered ? to->target->filter : tag->kind == RAW ? NULL : to->target->escape);
    else if (to->target->missing != NULL)
        to->target->missing(to->target->context, to->out, tag->text);
}

static tz_rc put_tokens(writing *to, const tokens *list, size_t from, size_t end, const context *here, tz_err *err);
static tz_rc put_template(writing *to, const char *file, tz_text text, const context *here, tz_err *err);

/* {{#level=red}}: json true or false for whether the value is that text. */
static const json_t *compared(const writing *to, const context *here, tz_text name, size_t equals)
{
    const json_t *value = value_of(to, here, tz_text_cut(name, 0, equals));
    tz_text       wanted = tz_text_cut(name, equals + 1, name.size);

    if (json_is_integer(value))
        return tz_text_is(wanted, tz_arena_printf(to->mem, "%lld", (long long)json_integer_value(value))) ? json_true() : json_false();
    return json_is_string(value) && tz_text_is(wanted, json_string_value(value)) ? json_true() : json_false();
}

static tz_rc put_section(writing *to, const tokens *list, size_t index, const context *here, tz_err *err)
{
    const token  *tag = &list->items[index];
    size_t        equals = to->target->is_comparing ? tz_text_find(tag->text, TZ_TEXT("="), 0) : SIZE_MAX;
    const json_t *value = equals == SIZE_MAX ? value_of(to, here, tag->text) : compared(to, here, tag->text, equals);
    tz_rc         rc = TZ_OK;

    if (tag->kind == INVERTED)
        return is_true(value) ? TZ_OK : put_tokens(to, list, index + 1, tag->end, here, err);
    if (!is_true(value))
        return TZ_OK;
    bool   is_list = json_is_array(value);
    size_t times = is_list ? json_array_size(value) : 1;
    if (equals != SIZE_MAX) /* the text is no context */
        return put_tokens(to, list, index + 1, tag->end, here, err);
    for (size_t i = 0; rc == TZ_OK && i < times; i++) {
        context inner = {is_list ? json_array_get(value, i) : value, here};
        rc = put_tokens(to, list, index + 1, tag->end, &inner, err);
    }
    return rc;
}

/* The text with indent before each of its lines. */
static tz_text indented(tz_arena *mem, const char *text, const char *indent)
{
    tz_buf out = tz_buf_init(mem, 0);

    for (const char *line = text; *line != '\0';) {
        const char *end = strchr(line, '\n');
        size_t      size = end == NULL ? strlen(line) : (size_t)(end - line) + 1;
        tz_buf_puts(&out, indent);
        tz_buf_put(&out, (tz_text){line, size});
        line += size;
    }
    return tz_buf_text(&out);
}

static tz_rc put_partial(writing *to, const token *tag, const context *here, tz_err *err)
{
    tz_text name = tag->text;

    if (tz_text_starts(name, TZ_TEXT("*"))) { /* a dynamic name: the value names the partial */
        const json_t *value = value_of(to, here, tz_text_trim(tz_text_cut(name, 1, name.size)));
        name = tz_text_of(json_string_value(value));
    }
    const char *file = tz_text_dup(to->mem, name);
    const char *text = to->target->partial == NULL ? NULL : to->target->partial(to->target->context, file);
    if (text == NULL)
        return TZ_OK;
    return put_template(to, file, tag->indent == NULL ? tz_text_of(text) : indented(to->mem, text, tag->indent), here, err);
}

static tz_rc put_tokens(writing *to, const tokens *list, size_t from, size_t end, const context *here, tz_err *err)
{
    tz_rc rc = TZ_OK;

    for (size_t i = from; rc == TZ_OK && i < end; i++) {
        const token *tag = &list->items[i];
        switch (tag->kind) {
        case TEXT: tz_buf_put(to->out, tag->text); break;
        case VARIABLE:
        case RAW: put_variable(to, here, tag); break;
        case SECTION:
        case INVERTED:
            rc = put_section(to, list, i, here, err);
            i = tag->end;
            break;
        case PARTIAL: rc = put_partial(to, tag, here, err); break;
        case END:
        case SILENT: break;
        }
        if (rc == TZ_OK && to->out->is_over)
            rc = tz_fail(err, TZ_LIMIT, "模板的结果过大", "the template grows too large");
    }
    return rc;
}

static tz_rc put_template(writing *to, const char *file, tz_text text, const context *here, tz_err *err)
{
    tokens list = {0};

    if (++to->depth > MAX_DEPTH) {
        (void)tz_fail(err, TZ_LIMIT, "模板互相嵌套过深", "templates within templates without end");
        return tz_err_at(err, file, NULL, 0, NULL);
    }
    tz_rc rc = read_tokens(to->mem, file, text, &list, err);
    if (rc == TZ_OK)
        rc = put_tokens(to, &list, 0, list.count, here, err);
    to->depth--;
    return rc;
}

tz_rc tz_mustache(tz_arena *mem, const char *file, tz_text template, const json_t *view, const tz_mustache_target *target,
                  tz_buf *out, tz_err *err)
{
    tz_assert(mem != NULL && target != NULL && out != NULL);
    writing to = {.mem = mem, .target = target, .out = out};
    context whole = {.value = view};

    return put_template(&to, file, template, &whole, err);
}

void tz_escape_markdown(tz_buf *out, tz_text text)
{
    bool is_line_start = out->size == 0 || out->data[out->size - 1] == '\n';

    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '\n' || c == '\r' || (is_line_start && (c == ' ' || c == '\t'))) {
            if (out->size > 0 && out->data[out->size - 1] != ' ')
                tz_buf_char(out, ' ');
            continue;
        }
        if (ispunct((unsigned char)c))
            tz_buf_char(out, '\\');
        tz_buf_char(out, c);
        is_line_start = false;
    }
}
