/* ledger - the kinds of lists of issues that a pack declares: steps, fields, who may do what, clocks with
 * their source, letters, the approval form, what is drawn by lot afterwards.
 */
#include <stdlib.h>
#include <string.h>

#include "packs/loading.h"

static const char *const STEPS[] = {"open", "assigned", "rectifying", "submitted", "checked", "published", "closed", NULL};
static const char *const ACTIONS[] = {"assign", "start", "submit", "check", "publish", "close", "return", "extend", "grant", "deny",
                                      "suspend", "object", "answer", "transfer", "dismiss", "look-back", "split", "merge", NULL};
static const char *const ROLES[] = {"clerk", "cadre", "inspector", "leader", "system", "security", "audit", NULL};
static const char *const CLOCKS[] = {"assign", "take", "at-once", "extension", "objection", "publish", NULL};
static const char *const PRINTS[] = {"list", "approval-form", "letters", "publication", NULL};

/* Names that must be of a list. */
static tz_rc read_known(tz_loading *from, const tz_yaml *node, const char *const *known, tz_strings *ret_names, tz_err *err)
{
    tz_strings names = tz_load_strings(from->mem, node);

    for (size_t i = 0; i < names.count; i++)
        if (tz_index_of(known, names.items[i]) < 0)
            return tz_yaml_fail(err, from->file, node, "不认识 “%s”", "'%s' is unknown here", names.items[i]);
    *ret_names = names;
    return TZ_OK;
}

static tz_rc read_steps(tz_loading *from, const tz_yaml *node, tz_ledger *ledger, tz_err *err)
{
    int before = -1;

    ledger->steps = tz_load_strings(from->mem, node);
    for (size_t i = 0; i < ledger->steps.count; i++) {
        int step = tz_index_of(STEPS, ledger->steps.items[i]);
        if (step <= before)
            return tz_yaml_fail(err, from->file, node, "步骤 “%s” 不认识或次序不对", "step '%s' is unknown or out of order",
                                ledger->steps.items[i]);
        before = step;
    }
    return TZ_OK;
}

static tz_rc read_fields(tz_loading *from, const tz_yaml *list, tz_ledger *ledger, tz_err *err)
{
    static const char *const KEYS[] = {"name", "title", "required", "synonyms", "codes", NULL};
    tz_rc rc = TZ_OK;

    TZ_YAML_EACH(item, list) {
        TZ_TRY(tz_yaml_only(from->file, item, KEYS, err));
        tz_ledger_field field = {.name = tz_yaml_str(item, "name", NULL)};
        if (field.name == NULL || !tz_is_sql_name(field.name)) {
            rc = tz_yaml_fail(err, from->file, item, "栏目要有 name:小写字母、数字和 _",
                              "a field needs a name of lower-case letters, digits and _");
            goto done;
        }
        field.title = tz_yaml_str(item, "title", field.name);
        field.synonyms = tz_load_strings(from->mem, tz_yaml_get(item, "synonyms"));
        field.codes = tz_load_strings(from->mem, tz_yaml_get(item, "codes"));
        TZ_TRY(tz_load_bool(from, item, "required", false, &field.is_required, err));
        tz_push(from->mem, &ledger->fields, field);
    }
done:
    return rc;
}

/* who: {close: [inspector, leader]} */
static tz_rc read_rights(tz_loading *from, const tz_yaml *map, tz_ledger *ledger, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_yaml_only(from->file, map, ACTIONS, err));
    TZ_YAML_EACH(item, map) {
        tz_ledger_right right = {.action = item->key};
        TZ_TRY(read_known(from, item, ROLES, &right.roles, err));
        tz_push(from->mem, &ledger->rights, right);
    }
done:
    return rc;
}

/* clocks: {objection: {days: 10, working: true, source: …}} */
static tz_rc read_clocks(tz_loading *from, const tz_yaml *map, tz_ledger *ledger, tz_err *err)
{
    static const char *const KEYS[] = {"days", "working", "source", NULL};
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_yaml_only(from->file, map, CLOCKS, err));
    TZ_YAML_EACH(item, map) {
        tz_ledger_clock clock = {.name = item->key, .source = tz_yaml_str(item, "source", TZ_UNSOURCED)};
        TZ_TRY(tz_yaml_only(from->file, item, KEYS, err));
        TZ_TRY(tz_load_number(from, item, "days", 1, 3660, 0, &clock.days, err));
        TZ_TRY(tz_load_bool(from, item, "working", true, &clock.in_working_days, err));
        if (clock.days == 0) {
            rc = tz_yaml_fail(err, from->file, item, "期限要有 days", "a clock needs days");
            goto done;
        }
        tz_push(from->mem, &ledger->clocks, clock);
    }
done:
    return rc;
}

/* words: {closed: 了结 | settled} */
static tz_rc read_words(tz_loading *from, const tz_yaml *map, tz_ledger *ledger, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_yaml_only(from->file, map, STEPS, err));
    TZ_YAML_EACH(item, map) {
        tz_ledger_word word = {.state = item->key, .title = item->text};
        if (word.title[0] == '\0') {
            rc = tz_yaml_fail(err, from->file, item, "此处应是一个词", "a word is expected here");
            goto done;
        }
        tz_push(from->mem, &ledger->words, word);
    }
done:
    return rc;
}

static tz_rc read_draw(tz_loading *from, const tz_yaml *map, tz_ledger_draw *draw, tz_err *err)
{
    static const char *const KEYS[] = {"months", "percent", NULL};
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_yaml_only(from->file, map, KEYS, err));
    TZ_TRY(tz_load_number(from, map, "months", 0, 120, draw->months, &draw->months, err));
    TZ_TRY(tz_load_number(from, map, "percent", 1, 100, draw->percent, &draw->percent, err));
done:
    return rc;
}

static tz_rc read_ledger(tz_loading *from, const tz_yaml *item, tz_ledger *ledger, tz_err *err)
{
    static const char *const KEYS[] = {"title", "steps", "words", "due_days", "due_in_working_days", "fields", "who", "clocks", "letters", "checkers",
                                       "approval", "prints", "look_back", "ask_back", NULL};
    static const char *const LETTERS[] = {"remind", "urge", NULL};
    const tz_yaml *letters = tz_yaml_get(item, "letters");
    tz_rc          rc = TZ_OK;

    TZ_TRY(tz_yaml_only(from->file, item, KEYS, err));
    TZ_TRY(tz_yaml_only(from->file, letters, LETTERS, err));
    TZ_TRY(read_steps(from, tz_yaml_get(item, "steps"), ledger, err));
    TZ_TRY(tz_load_number(from, item, "due_days", 0, 3660, 30, &ledger->due_days, err));
    TZ_TRY(tz_load_bool(from, item, "due_in_working_days", false, &ledger->due_in_working_days, err));
    TZ_TRY(read_fields(from, tz_yaml_get(item, "fields"), ledger, err));
    TZ_TRY(read_rights(from, tz_yaml_get(item, "who"), ledger, err));
    TZ_TRY(read_clocks(from, tz_yaml_get(item, "clocks"), ledger, err));
    TZ_TRY(read_words(from, tz_yaml_get(item, "words"), ledger, err));
    TZ_TRY(tz_load_number(from, letters, "remind", 1, 3660, ledger->remind_days, &ledger->remind_days, err));
    TZ_TRY(tz_load_number(from, letters, "urge", 0, 3660, ledger->urge_days, &ledger->urge_days, err));
    if (ledger->urge_days >= ledger->remind_days) {
        rc = tz_yaml_fail(err, from->file, letters, "提醒在督办之前:remind 的天数应大于 urge",
                          "reminding comes before urging: remind is more days than urge");
        goto done;
    }
    TZ_TRY(tz_load_number(from, item, "checkers", 1, 9, 1, &ledger->checkers, err));
    ledger->approval = tz_load_strings(from->mem, tz_yaml_get(item, "approval"));
    TZ_TRY(read_known(from, tz_yaml_get(item, "prints"), PRINTS, &ledger->prints, err));
    TZ_TRY(read_draw(from, tz_yaml_get(item, "look_back"), &ledger->look_back, err));
    TZ_TRY(read_draw(from, tz_yaml_get(item, "ask_back"), &ledger->ask_back, err));
done:
    return rc;
}

tz_rc tz_load_ledgers(tz_loading *from, const tz_yaml *map, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_YAML_EACH(item, map) {
        tz_ledger ledger = TZ_LEDGER_DEFAULTS;
        ledger.name = item->key;
        ledger.title = tz_yaml_str(item, "title", item->key);
        ledger.pack = from->pack;
        TZ_TRY(read_ledger(from, item, &ledger, err));
        tz_push(from->mem, &from->pack->ledgers, ledger);
    }
done:
    return rc;
}
