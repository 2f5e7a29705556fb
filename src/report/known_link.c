/* known_link - why each row on record is somebody's, in a sentence.
 *
 * The linkage's rules (src/people/README.md) leave traces: the number on the row, what a run said of it, what a person
 * decided. The sentence is read off them; how much each agreement weighs is told by tz_link_explain of the two rows.
 */
#include <string.h>

#include "packs/mask.h"
#include "report/known.h"

typedef struct {
    const tz_known *known;
    tz_map          said;    /* row id (8 bytes): 1 repaired, 2 in review, 3 in conflict */
    tz_map          decided; /* "register:role:key" */
} linking;

/* ---- What runs and people said of the rows ---- */

static tz_text id_key(const int64_t *id)
{
    return (tz_text){(const char *)id, sizeof *id};
}

static const char *rows_json(const tz_known *known)
{
    tz_buf text = tz_buf_init(known->mem, 0);

    for (size_t i = 0; i < known->rows.count; i++)
        tz_buf_printf(&text, "%s%lld", i == 0 ? "[" : ",", (long long)known->rows.items[i].row.row_id);
    tz_buf_puts(&text, known->rows.count == 0 ? "[]" : "]");
    return tz_buf_str(&text);
}

static tz_rc read_said(linking *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(of->known->store,
                       "SELECT e.verdict, e.row_a, e.row_b FROM link_event e"
                       " WHERE e.row_a IN (SELECT value FROM json_each(?1)) OR e.row_b IN (SELECT value FROM json_each(?1))"
                       " ORDER BY e.entry, e.seq", &sql, err));
    tz_sql_bind_text(sql, 1, rows_json(of->known));
    TZ_EACH_ROW (of->known->store, sql, err) {
        const char *verdict = tz_sql_str(sql, 0);
        int64_t     a = tz_sql_int(sql, 1), b = tz_sql_int(sql, 2);
        int64_t     what = strcmp(verdict, "repaired") == 0 ? 1 : strcmp(verdict, "review") == 0 ? 2 : 3;
        tz_map_put(&of->said, id_key(&a), NULL)->value = what;
        if (what != 1) /* of a repair the second row is the known person's */
            tz_map_put(&of->said, id_key(&b), NULL)->value = what;
    }
done:
    tz_sql_close(sql);
    return rc;
}

static tz_rc read_decided(linking *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    TZ_TRY(tz_sql_open(of->known->store, "SELECT key_a, key_b FROM link_decision WHERE verdict = 'same'", &sql, err));
    TZ_EACH_ROW (of->known->store, sql, err) {
        (void)tz_map_put(&of->decided, tz_text_of(tz_sql_str(sql, 0)), NULL);
        (void)tz_map_put(&of->decided, tz_text_of(tz_sql_str(sql, 1)), NULL);
    }
done:
    tz_sql_close(sql);
    return rc;
}

/* ---- The sentence ---- */

static const char *value_as_stored(const tz_known_row *row, int column)
{
    return row->reg == NULL || column < 0 ? NULL : tz_json_str(row->row.values, row->reg->columns.items[column].name);
}

static bool are_equal(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* The row that the person's others are compared with: of a list of households, with a valid number, if there is one. */
static const tz_seen *anchor_of(const tz_known *known, const char *person)
{
    const tz_seen *best = NULL;
    int            least = 4;

    for (size_t i = 0; i < known->seen.count; i++) {
        const tz_seen      *seen = &known->seen.items[i];
        const tz_known_row *row = tz_known_row_of(known, seen->row);
        const tz_identity  *identity = row == NULL || !row->is_valid ? NULL : tz_known_identity(row->reg, seen->role);
        if (strcmp(seen->person, person) != 0 || identity == NULL)
            continue;
        int rank = (value_as_stored(row, identity->id) != NULL ? 0 : 2) + (identity->head >= 0 ? 0 : 1);
        best = rank < least ? seen : best;
        least = rank < least ? rank : least;
    }
    return best;
}

typedef struct { const char *kind, *zh, *en; } reason;

static reason reason_of(const linking *of, const tz_seen *seen, const tz_known_row *row, const tz_identity *identity, const tz_seen *anchor)
{
    const tz_known     *known = of->known;
    const tz_known_row *other = tz_known_row_of(known, anchor->row);
    const tz_identity  *others = tz_known_identity(other->reg, anchor->role);
    const char         *id = value_as_stored(row, identity->id), *name = value_as_stored(row, identity->name);
    bool  is_same_id = are_equal(id, value_as_stored(other, others->id)), is_same_name = are_equal(name, value_as_stored(other, others->name));
    const tz_map_entry *said = tz_map_get(&of->said, id_key(&seen->row));
    const char *key = tz_arena_printf(known->mem, "%s:%s:%s", row->row.register_name, seen->role, row->row.key == NULL ? "" : row->row.key);

    if (tz_map_get(&of->decided, tz_text_of(key)) != NULL)
        return (reason){"decided", "由人判定为同一人", "a person decided that they are one"};
    if (said != NULL && said->value == 1)
        return (reason){"repaired", "号码有一处抄错:姓名相同,只与此人的号码差一处,其他各项不矛盾",
                        "its number has one slip: the name is equal, only this person's number is that near, and nothing contradicts"};
    if (seen == anchor)
        return (reason){"anchor", "其他各行与这一行比对", "the other rows are compared with this one"};
    if (is_same_id)
        return is_same_name ? (reason){"number", "公民身份号码和姓名相同", "the same ID number and name"}
                            : (reason){"number", "公民身份号码相同,姓名写法不同", "the same ID number; the name is written otherwise"};
    if (id == NULL)
        return (reason){"alike", "没有可用的号码:姓名、出生日期和村只与此人相符",
                        "without a number that can be used: name, birth date and village fit this person alone"};
    return (reason){"apart", "号码不同,按当时的关联结果归在一起", "another number; the linkage put them together"};
}

/* What a run said of the row beside. */
static const char *tail_of(tz_lang lang, int64_t said)
{
    if (said == 2)
        return lang == TZ_ZH ? ";有一对待人复核" : "; a pair waits for review";
    if (said == 3)
        return lang == TZ_ZH ? ";同号异名,已分开并列出" : "; one number under two names, cut and listed";
    return "";
}

static json_t *link_line(const linking *of, const tz_seen *seen, const tz_known_row *row)
{
    const tz_known     *known = of->known;
    const tz_identity  *identity = tz_known_identity(row->reg, seen->role);
    const tz_seen      *anchor = anchor_of(known, seen->person);
    const tz_map_entry *said = tz_map_get(&of->said, id_key(&seen->row));
    reason              why = reason_of(of, seen, row, identity, anchor);
    const char         *tail = tail_of(known->view->lang, said == NULL ? 0 : said->value);
    json_t *line = json_object();

    tz_json_set_str(line, "person", seen->person);
    tz_json_set_str(line, "role", seen->role);
    tz_json_set_str(line, "register", row->row.register_name);
    tz_json_set_str(line, "title", tz_known_half(known, row->reg->title));
    tz_json_set_str(line, "written", tz_known_value(known, row, identity->name));
    tz_json_set_str(line, "kind", why.kind);
    tz_json_set_str(line, "sentence", tz_arena_printf(known->mem, "%s%s", known->view->lang == TZ_ZH ? why.zh : why.en, tail));
    (void)json_object_set_new(line, "row", tz_known_json(known, row));
    tz_json_set_str(line, "pair", seen == anchor ? NULL : tz_arena_printf(known->mem, "%lld-%lld", (long long)anchor->row, (long long)seen->row));
    json_t *other = seen == anchor ? NULL : tz_known_json(known, tz_known_row_of(known, anchor->row));
    tz_json_set_str(line, "anchor", other == NULL ? NULL : tz_json_str(other, "address"));
    json_decref(other);
    return line;
}

tz_rc tz_known_links(const tz_known *known, json_t **ret_links, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    linking of = {.known = known, .said = tz_map_init(known->mem), .decided = tz_map_init(known->mem)};
    json_t *links = json_array();

    TZ_TRY(read_said(&of, err));
    TZ_TRY(read_decided(&of, err));
    for (size_t i = 0; i < known->seen.count; i++) {
        const tz_known_row *row = tz_known_row_of(known, known->seen.items[i].row);
        if (row != NULL && row->is_valid && tz_known_identity(row->reg, known->seen.items[i].role) != NULL)
            (void)json_array_append_new(links, link_line(&of, &known->seen.items[i], row));
    }
    *ret_links = json_incref(links);
done:
    json_decref(links);
    return rc;
}
