/* signer - whose signature counts.
 *
 * A signature (check, close, dismiss) is a second person's: not the handler, not anybody who was the handler,
 * who started, submitted or, before the submission, attached; not `system`; nobody who bears the name of a person
 * whom the issue is about; nobody who declared such a person as a relative.  Users have a name but no
 * ID number, so persons are compared by name: a namesake has to let another sign, which costs little,
 * and neither a beneficiary nor somebody with a second account ever slips through.
 */
#include <string.h>

#include "ledger/inside.h"
#include "packs/query.h"
#include "store/duck.h"

/* ---- Who is the same ---- */

/* A user's name, folded; of one who is no user, what was given. */
static tz_rc name_of(tz_arena *mem, tz_store *store, const char *user, tz_text *ret_name, tz_err *err)
{
    const char *name = NULL;
    tz_rc       rc = tz_sql_one_text(mem, store, "SELECT name FROM user WHERE user = ?1", user, NULL, &name, err);

    if (rc == TZ_OK)
        *ret_name = tz_text_fold(mem, tz_text_of(name != NULL ? name : user));
    return rc;
}

tz_rc tz_is_same_person(tz_store *store, const char *user, const char *other, bool *ret_is, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    tz_text  name = {0}, other_name = {0};

    TZ_TRY(name_of(&mem, store, user, &name, err));
    TZ_TRY(name_of(&mem, store, other, &other_name, err));
    *ret_is = tz_text_equal(name, other_name);
done:
    tz_arena_free(&mem);
    return rc;
}

/* All accounts, closed ones too, of the person who has this one: a JSON array's text. */
static tz_rc accounts_of(tz_arena *mem, tz_store *store, const char *user, const char **ret_users, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    tz_text name = {0};
    tz_buf  text = tz_buf_init(mem, 0);
    json_t *users = json_array();

    TZ_TRY(name_of(mem, store, user, &name, err));
    TZ_TRY(tz_sql_open(store, "SELECT user, name FROM user", &sql, err));
    TZ_EACH_ROW (store, sql, err) {
        if (tz_text_equal(tz_text_fold(mem, tz_text_of(tz_sql_str(sql, 1))), name))
            (void)json_array_append_new(users, json_string(tz_sql_str(sql, 0)));
    }
    tz_json_canonical(users, &text);
    *ret_users = tz_buf_str(&text);
done:
    tz_sql_close(sql);
    json_decref(users);
    return rc;
}

/* What was merged into an issue is rectified with it; what it was split from was, up to that step. */
static const char SELECT_RECTIFIED[] =
    "WITH RECURSIVE same (issue, last) AS (SELECT ?1, 9223372036854775807"
    "  UNION SELECT i.issue, s.last FROM same s JOIN issue i ON i.parent = s.issue AND i.state = 'merged'"
    "  UNION SELECT json_extract(p.detail, '$.from'), p.step FROM same s JOIN issue_step p ON p.issue = s.issue"
    "   WHERE p.action = 'split' AND json_extract(p.detail, '$.from') IS NOT NULL)"
    " SELECT 1 FROM same s JOIN issue_step p ON p.issue = s.issue AND p.step <= s.last"
    "  WHERE json_extract(p.detail, '$.handler') IN (SELECT value FROM json_each(?2))"
    "     OR (p.by_user IN (SELECT value FROM json_each(?2)) AND (p.action IN ('start', 'submit')"
    "         OR (p.action = 'attach' AND p.state IN ('open', 'assigned', 'rectifying')))) LIMIT 1";

tz_rc tz_is_rectifier(tz_store *store, int64_t issue, const char *user, bool *ret_is, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_arena    mem = {0};
    tz_sql     *sql = NULL;
    const char *accounts = NULL;

    TZ_TRY(accounts_of(&mem, store, user, &accounts, err));
    TZ_TRY(tz_sql_open(store, SELECT_RECTIFIED, &sql, err));
    tz_sql_bind_int(sql, 1, issue);
    tz_sql_bind_text(sql, 2, accounts);
    TZ_TRY(tz_sql_step(store, sql, ret_is, err));
done:
    tz_sql_close(sql);
    tz_arena_free(&mem);
    return rc;
}

/* ---- Whom an issue is about ---- */

static void add_name(tz_arena *mem, const char *name, tz_map *names, tz_strings *written)
{
    bool    is_new = false;
    tz_text folded = tz_text_fold(mem, tz_text_of(name));

    if (folded.size == 0)
        return;
    (void)tz_map_put(names, folded, &is_new);
    if (is_new && written != NULL)
        tz_push(mem, written, tz_arena_dup(mem, name));
}

/* Of every role, on the rows of the findings. */
static tz_rc add_names_on_rows(tz_arena *mem, tz_store *store, const tz_packs *packs, const json_t *findings, tz_map *names,
                               tz_strings *written, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_row_found *rows = NULL;
    TZ_ARRAY(int64_t) ids = {0};
    size_t  i, j;
    json_t *finding, *row;

    json_array_foreach((json_t *)findings, i, finding) {
        json_t *stored = NULL;
        TZ_TRY(tz_json_parse(tz_text_of(tz_json_str(finding, "rows")), &stored, err));
        json_array_foreach(stored, j, row)
            tz_push(mem, &ids, json_integer_value(json_array_get(row, 0)));
        json_decref(stored);
    }
    TZ_TRY(tz_rows_find(mem, store, packs, ids.items, ids.count, &rows, err));
    for (i = 0; i < ids.count; i++) {
        const tz_register *reg = tz_packs_register(packs, rows[i].register_name);
        for (j = 0; reg != NULL && j < reg->identities.count; j++) {
            int         column = reg->identities.items[j].name;
            const char *name = column < 0 ? NULL : tz_json_str(rows[i].values, reg->columns.items[column].name);
            if (name != NULL)
                add_name(mem, name, names, written);
        }
        json_decref(rows[i].values);
    }
done:
    return rc;
}

tz_rc tz_issue_people(tz_arena *mem, tz_store *store, const tz_packs *packs, int64_t issue, const json_t *findings, tz_map *names,
                      tz_strings *ret_written, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *people = NULL, *person;
    size_t  i;

    TZ_TRY(add_names_on_rows(mem, store, packs, findings, names, ret_written, err));
    TZ_TRY(tz_issue_query(store, "SELECT name FROM issue_person WHERE issue = ?1 ORDER BY number", issue, &people, err));
    json_array_foreach(people, i, person)
        add_name(mem, tz_json_str(person, "name"), names, ret_written);
done:
    json_decref(people);
    return rc;
}

/* ---- Declared relatives ---- */

static const tz_identity *role_of(const tz_register *reg, const char *role)
{
    for (size_t i = 0; i < reg->identities.count; i++)
        if (strcmp(reg->identities.items[i].role, role) == 0 && reg->identities.items[i].name >= 0)
            return &reg->identities.items[i];
    return NULL;
}

/* One register of declared relatives: is one of the names declared by the signer? */
static tz_rc declared_in(tz_store *store, const tz_register *reg, tz_text signer, const tz_map *names, bool *ret_is, tz_err *err)
{
    tz_rc         rc = TZ_OK;
    tz_arena      mem = {0};
    tz_duck       duck = {0};
    tz_day        day = {0};
    const char   *view = NULL;
    tz_buf        sql = tz_buf_init(&mem, 0);
    int64_t       batches = 0;
    duckdb_result result = {0};

    TZ_TRY(tz_sql_one(store, "SELECT count(*) FROM batch WHERE register = ?1 AND withdrawn_entry IS NULL", reg->name, NULL, &batches, err));
    if (batches == 0)
        goto done;
    TZ_TRY(tz_day_resolve(store, day, &day, err));
    TZ_TRY(tz_view_sql(&mem, store, reg, day, &view, err));
    TZ_TRY(tz_store_duck(store, &duck, err));
    tz_buf_puts(&sql, "SELECT ");
    tz_sql_name(&sql, reg->columns.items[role_of(reg, "official")->name].name);
    tz_buf_puts(&sql, ", ");
    tz_sql_name(&sql, reg->columns.items[role_of(reg, "relative")->name].name);
    tz_buf_printf(&sql, " FROM (%s)", view);
    TZ_TRY(tz_duck_query(&duck, tz_buf_str(&sql), NULL, 0, &result, err));
    for (idx_t i = 0, count = duckdb_row_count(&result); i < count && !*ret_is; i++) {
        char *official = duckdb_value_varchar(&result, 0, i), *relative = duckdb_value_varchar(&result, 1, i);
        *ret_is = tz_text_equal(tz_text_fold(&mem, tz_text_of(official)), signer) &&
                  tz_map_get(names, tz_text_fold(&mem, tz_text_of(relative))) != NULL;
        duckdb_free(official);
        duckdb_free(relative);
    }
done:
    duckdb_destroy_result(&result);
    tz_duck_close(&duck);
    tz_arena_free(&mem);
    return rc;
}

static tz_rc is_declared_relative(tz_store *store, const tz_packs *packs, tz_text signer, const tz_map *names, bool *ret_is, tz_err *err)
{
    for (size_t i = 0; i < packs->packs.count; i++)
        for (size_t j = 0; j < packs->packs.items[i].registers.count; j++) {
            const tz_register *reg = &packs->packs.items[i].registers.items[j];
            if (role_of(reg, "official") == NULL || role_of(reg, "relative") == NULL)
                continue;
            tz_rc rc = declared_in(store, reg, signer, names, ret_is, err);
            if (rc != TZ_OK || *ret_is)
                return rc;
        }
    return TZ_OK;
}

tz_rc tz_judge_signer(tz_judging *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    bool    rectifies = false, is_relative = false;
    tz_text name = {0};
    tz_map  names = tz_map_init(&of->mem);

    TZ_TRY(tz_is_rectifier(of->store, tz_json_int(of->issue, "issue", 0), of->user, &rectifies, err));
    if (rectifies)
        tz_judging_add(of, "签字人不能是整改人", "a second person signs, not the rectifier");
    if (strcmp(of->user, "system") == 0)
        tz_judging_add(of, "须由人签字", "a person signs");
    TZ_TRY(name_of(&of->mem, of->store, of->user, &name, err));
    TZ_TRY(tz_issue_people(&of->mem, of->store, of->packs, tz_json_int(of->issue, "issue", 0), of->findings, &names, NULL, err));
    if (tz_map_get(&names, name) != NULL)
        tz_judging_add(of, "签字人与问题所涉人员同名", "the signer bears a beneficiary's name");
    TZ_TRY(is_declared_relative(of->store, of->packs, name, &names, &is_relative, err));
    if (is_relative)
        tz_judging_add(of, "签字人申报的近亲属是问题所涉人员", "a beneficiary is the signer's declared relative");
done:
    return rc;
}
