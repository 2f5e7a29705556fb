/* field - what an issue says beyond its sentence: the fields of its ledger, whom it is about, who supports. */
#include <string.h>

#include "ledger/inside.h"
#include "ledger/sheet.h"
#include "store/journal.h"

/* ---- Lists that people wrote ---- */

bool tz_next_part(tz_text *rest, tz_text *ret_part)
{
    static const char *const BETWEEN[] = {",", "\xEF\xBC\x8C", "、", ";", "\xEF\xBC\x9B", "\n"};

    while (rest->size > 0) {
        size_t end = rest->size, skip = 0;
        for (size_t i = 0; i < sizeof BETWEEN / sizeof BETWEEN[0]; i++) {
            size_t at = tz_text_find(*rest, tz_text_of(BETWEEN[i]), 0);
            if (at < end) {
                end = at;
                skip = strlen(BETWEEN[i]);
            }
        }
        *ret_part = tz_text_trim(tz_text_cut(*rest, 0, end));
        *rest = tz_text_cut(*rest, end + skip, rest->size);
        if (ret_part->size > 0)
            return true;
    }
    return false;
}

void tz_issue_set_support(json_t *issue, const char *support, json_t *detail)
{
    json_t  *list = json_array();
    tz_arena mem = {0};
    tz_buf   text = tz_buf_init(&mem, 0);
    tz_text  rest = tz_text_of(support), unit;

    while (tz_next_part(&rest, &unit))
        (void)json_array_append_new(list, tz_json_text(unit));
    tz_json_canonical(list, &text);
    tz_json_set_str(issue, "support", tz_buf_str(&text));
    (void)json_object_set(detail, "support", list);
    json_decref(list);
    tz_arena_free(&mem);
}

/* ---- Fields and people ---- */

static const tz_ledger_field *field_of(const tz_ledger *ledger, const char *name)
{
    for (size_t i = 0; i < ledger->fields.count; i++)
        if (strcmp(ledger->fields.items[i].name, name) == 0)
            return &ledger->fields.items[i];
    return NULL;
}

static tz_rc refuse_field(const tz_ledger *ledger, const char *name, tz_err *err)
{
    char   known[240] = "";
    size_t used = 0;

    for (size_t i = 0; i < ledger->fields.count && used + strlen(ledger->fields.items[i].name) + 2 < sizeof known; i++) {
        size_t size = strlen(ledger->fields.items[i].name);
        memcpy(known + used, ledger->fields.items[i].name, size);
        known[used + size] = ' ';
        used += size + 1;
    }
    (void)tz_fail(err, TZ_USAGE, "台账 “%s” 没有栏目 “%s”", "the ledger '%s' has no field '%s'", ledger->name, name);
    return tz_err_advise(err, "有这些:measure goal responsible leader progress result remark %s",
                         "it has: measure goal responsible leader progress result remark %s", known);
}

/* A field that has codes says one of them. */
static tz_rc judge_code(const tz_ledger_field *field, const json_t *value, tz_err *err)
{
    char   known[240] = "";
    size_t used = 0;

    for (size_t i = 0; i < field->codes.count; i++) {
        const char *code = field->codes.items[i];
        if (json_is_string(value) && strcmp(json_string_value(value), code) == 0)
            return TZ_OK;
        if (used + strlen(code) + 2 < sizeof known) {
            memcpy(known + used, code, strlen(code));
            used += strlen(code);
            known[used++] = ' ';
        }
    }
    if (field->codes.count == 0)
        return TZ_OK;
    (void)tz_fail(err, TZ_USAGE, "栏目 “%s” 没有这个值", "the field '%s' has no such value", field->name);
    return tz_err_advise(err, "可用:%s", "there are: %s", known);
}

tz_rc tz_issue_judge_fields(const tz_ledger *ledger, const json_t *fields, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *name;
    json_t     *value;

    json_object_foreach((json_t *)fields, name, value) {
        const tz_ledger_field *field = field_of(ledger, name);
        if (field == NULL && !tz_list_is_column(name))
            rc = refuse_field(ledger, name, err);
        else if (field != NULL)
            rc = judge_code(field, value, err);
        if (rc != TZ_OK)
            return rc;
    }
    return TZ_OK;
}

static tz_rc set_fields(tz_deed *deed, const json_t *changes, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    tz_buf      text = tz_buf_init(&mem, 0);
    json_t     *fields = NULL, *value, *names = json_array();
    const char *name;

    TZ_TRY(tz_issue_judge_fields(deed->ledger, changes, err));
    TZ_TRY(tz_json_parse(tz_text_of(tz_json_str(deed->issue, "fields")), &fields, err));
    json_object_foreach((json_t *)changes, name, value) {
        (void)json_object_set(fields, name, value);
        (void)json_array_append_new(names, json_string(name));
    }
    tz_json_canonical(fields, &text);
    tz_json_set_str(deed->issue, "fields", tz_buf_str(&text));
    (void)json_object_set(deed->detail, "fields", names); /* which; what they say is personal */
done:
    json_decref(fields);
    json_decref(names);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_issue_add_person(tz_store *store, int64_t issue, tz_text name, const char *what, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t number = 0;
    json_t *row = json_object();

    TZ_TRY(tz_journal_next_id(store, "issue_person", "number", &number, err));
    tz_json_set_int(row, "number", number);
    tz_json_set_int(row, "issue", issue);
    (void)json_object_set_new(row, "name", tz_json_text(name));
    TZ_TRY(tz_journal_put(store, what, "issue_person", row, NULL, NULL, err));
done:
    json_decref(row);
    return rc;
}

static tz_rc add_people(tz_deed *deed, const char *people, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    int64_t count = 0;
    tz_text rest = tz_text_of(people), name;

    for (; tz_next_part(&rest, &name); count++)
        TZ_TRY(tz_issue_add_person(deed->store, tz_json_int(deed->issue, "issue", 0), name, "issue.set", err));
    tz_json_set_int(deed->detail, "people", count);
done:
    return rc;
}

tz_rc tz_do_set(tz_deed *deed, tz_err *err)
{
    tz_rc rc = TZ_OK;

    if (deed->options->fields == NULL && deed->options->people == NULL)
        return tz_deed_needs("栏目(--field 名=值)或所涉群众(--people)", "a field (--field NAME=VALUE) or the people it is about (--people)", err);
    if (deed->options->fields != NULL)
        TZ_TRY(set_fields(deed, deed->options->fields, err));
    if (deed->options->people != NULL)
        TZ_TRY(add_people(deed, deed->options->people, err));
done:
    return rc;
}
