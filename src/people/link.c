#include "people/link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "people/learnt.h"
#include "people/decision.h"
#include "people/entity.h"
#include "people/weigh.h"
#include "store/duck.h"
#include "store/journal.h"

/* Counted into the digest of a run's inputs: another method is another answer. */
static const char METHOD[] = "rules-and-model 4";

typedef struct {
    tz_arena   *mem;
    tz_store   *store;
    tz_records  records;
    tz_clusters clusters;
    tz_decisions decisions;
    tz_learnt   model;
    bool        is_learnt;    /* in this run: to be kept */
    bool        is_new;       /* another run than the last: its inputs are others */
    int64_t     run;          /* this one's number, or the last one's where nothing is new */
    tz_buf      said;         /* what the inputs are, but for the model */
    char        inputs[TZ_SM3_HEX]; /* the digest of all of them */
    const char *before;       /* the last run's; "": none */
    tz_entity_cluster *persons; /* in order of their first record */
    size_t      person_count;
    uint32_t   *person_of;      /* by node: index into persons */
    tz_entity_cluster *households;
    size_t      household_count;
    uint32_t   *household_of;   /* by record: index + 1, 0 none: its own number */
    uint32_t   *home_of;        /* by person: index + 1 into households */
    int64_t     linked;
} linking;

/* ---- Inputs ---- */

/* All that the answer rests on, but for the model: known without reading a row. */
static tz_rc name_inputs(linking *of, const tz_packs *packs, tz_err *err)
{
    tz_rc rc = TZ_OK;

    of->said = tz_buf_init(of->mem, 0);
    tz_buf_printf(&of->said, "%s\n", METHOD);
    TZ_TRY(tz_records_name(of->store, packs, &of->said, err));
    TZ_TRY(tz_decisions_load(of->mem, of->store, &of->decisions, err));
    for (size_t i = 0; i < of->decisions.count; i++) {
        const tz_decision *one = &of->decisions.items[i];
        tz_buf_printf(&of->said, "%s %s %d\n", one->key_a.data, one->key_b.data, one->is_same);
    }
done:
    return rc;
}

/* The digest under the present model. Where none is kept, none could be learnt from these inputs, or one would be. */
static void digest_inputs(linking *of)
{
    tz_buf all = tz_buf_init(of->mem, 0);

    tz_buf_put(&all, tz_buf_text(&of->said));
    if (of->model.number > 0)
        tz_buf_printf(&all, "model %s\n", of->model.text);
    tz_digest digest = tz_sm3(all.data, all.size);
    tz_digest_hex(&digest, of->inputs);
}

static tz_rc load_last_run(linking *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;

    of->before = "";
    TZ_TRY(tz_sql_open(of->store, "SELECT run, inputs FROM link_run ORDER BY run DESC LIMIT 1", &sql, err));
    TZ_TRY(tz_sql_step(of->store, sql, &has_row, err));
    if (has_row) {
        of->run = tz_sql_int(sql, 0);
        of->before = tz_sql_dup(of->mem, sql, 1);
    }
done:
    tz_sql_close(sql);
    return rc;
}

/* ---- Clusters ---- */

/* The kept model stays; a new one where there is none yet and enough to learn from, or where one is asked for. */
static tz_rc choose_model(linking *of, bool is_training, tz_err *err)
{
    tz_rc     rc = TZ_OK;
    tz_learnt made;

    if (of->model.number > 0 && !is_training)
        return TZ_OK;
    TZ_TRY(tz_learnt_make(of->mem, of->store->app, &of->records, &of->clusters, &made, err));
    if (is_training && made.number == 0) {
        (void)tz_fail(err, TZ_INPUT, "学不出关联模型:同一证号在不同行出现 %lld 次,至少要 %d 次、%d 人",
                      "nothing to learn a model from: %lld pairs of rows with one number, and at least %d pairs and %d people are wanted",
                      (long long)made.pairs, (int)TZ_LEAST_PAIRS, (int)TZ_LEAST_PERSONS);
        rc = tz_err_advise(err, "先导入更多名册;在此之前只按规则关联", "import more registers first; until then the rules alone link");
        goto done;
    }
    if (of->model.number > 0 && strcmp(made.text, of->model.text) == 0)
        goto done; /* the same rows teach the same model */
    of->is_learnt = made.number > 0;
    made.number = of->is_learnt ? of->model.number + 1 : 0;
    of->model = made;
done:
    return rc;
}

/* The rules, then people, then the model where there is one. */
static tz_rc make_clusters(linking *of, const tz_packs *packs, bool is_training, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_records_load(of->mem, of->store, packs, &of->records, err));
    tz_clusters_make(of->mem, &of->records, &of->decisions, &of->clusters);
    TZ_TRY(choose_model(of, is_training, err));
    if (of->model.number > 0)
        TZ_TRY(tz_clusters_refine(of->mem, of->store->app, &of->records, &of->decisions, &of->model, &of->clusters, err));
done:
    return rc;
}

/* ---- Persons and households ---- */

static const char *hash_key(linking *of, tz_text scope, tz_text value)
{
    char out[TZ_KEY_TEXT];
    tz_store_key(of->store, tz_text_dup(of->mem, scope), value, out);
    return tz_arena_dup(of->mem, out);
}

static void make_persons(linking *of)
{
    size_t    nodes = of->clusters.nodes.count;
    uint32_t *index_of = tz_new_array(of->mem, uint32_t, nodes + 1); /* by root: index + 1 */
    uint32_t *rows_of = tz_new_array(of->mem, uint32_t, of->records.count + 1);

    of->persons = tz_new_array(of->mem, tz_entity_cluster, nodes + 1);
    of->person_of = tz_new_array(of->mem, uint32_t, nodes + 1);
    for (size_t i = 0; i < of->records.count; i++) {
        uint32_t root = tz_clusters_find(&of->clusters, of->records.items[i].node);
        if (index_of[root] == 0)
            index_of[root] = (uint32_t)++of->person_count;
        rows_of[index_of[root] - 1]++;
    }
    for (uint32_t node = 0; node < nodes; node++) {
        uint32_t index = index_of[tz_clusters_find(&of->clusters, node)];
        if (index == 0)
            continue; /* every record was cut from it */
        of->person_of[node] = index - 1;
        tz_push(of->mem, &of->persons[index - 1].keys, hash_key(of, of->clusters.nodes.items[node].scope, of->clusters.nodes.items[node].value));
    }
    for (size_t i = 0; i < of->records.count; i++)
        of->linked += rows_of[of->person_of[of->records.items[i].node]] > 1;
}

/* The household of a person whose rows carry no number: that of the newest row in the space that was
 * declared first, else of the newest in any. */
static void find_homes(linking *of)
{
    const char *main_space = NULL;
    int32_t    *rank = tz_new_array(of->mem, int32_t, of->person_count + 1);

    of->home_of = tz_new_array(of->mem, uint32_t, of->person_count + 1);
    for (size_t i = 0; i < of->records.count; i++) {
        const tz_record *record = &of->records.items[i];
        if (of->household_of[i] == 0)
            continue;
        if (main_space == NULL)
            main_space = record->who->household_space;
        uint32_t person = of->person_of[record->node];
        int32_t  now = record->as_of + (strcmp(record->who->household_space, main_space) == 0 ? 100000000 : 0);
        if (now >= rank[person]) {
            rank[person] = now;
            of->home_of[person] = of->household_of[i];
        }
    }
}

static void make_households(linking *of)
{
    tz_map by_number = tz_map_init(of->mem);

    of->household_of = tz_new_array(of->mem, uint32_t, of->records.count + 1);
    of->households = tz_new_array(of->mem, tz_entity_cluster, of->records.count + 1);
    for (size_t i = 0; i < of->records.count; i++) {
        const tz_record *record = &of->records.items[i];
        bool             is_new = false;
        if (record->household.size == 0 || strcmp(record->who->role, "person") != 0)
            continue;
        tz_text number = tz_text_of(tz_arena_printf(of->mem, "%s|%.*s", record->who->household_space, TZ_FMT(record->household)));
        tz_map_entry *entry = tz_map_put(&by_number, number, &is_new);
        if (is_new) {
            entry->value = (int64_t)++of->household_count;
            tz_push(of->mem, &of->households[entry->value - 1].keys, hash_key(of, TZ_TEXT("household"), number));
        }
        of->household_of[i] = (uint32_t)entry->value;
    }
    find_homes(of);
}

/* ---- Writing ---- */

static tz_rc append_rows(linking *of, tz_duck *duck, tz_err *err)
{
    duckdb_appender appender = NULL;
    char            text[24];

    if (duckdb_appender_create(duck->connection, NULL, "p", &appender) != DuckDBSuccess)
        return tz_fail(err, TZ_SYSTEM, "无法写关联表", "cannot write the links");
    for (size_t i = 0; i < of->records.count; i++) {
        const tz_record *record = &of->records.items[i];
        uint32_t person = of->person_of[record->node];
        uint32_t household = of->household_of[i] != 0 ? of->household_of[i] : of->home_of[person];
        (void)duckdb_append_int64(appender, record->row_id);
        (void)duckdb_append_varchar(appender, record->who->role);
        (void)snprintf(text, sizeof text, "P%lld", (long long)of->persons[person].entity);
        (void)duckdb_append_varchar(appender, text);
        if (household == 0) {
            (void)duckdb_append_null(appender);
        } else {
            (void)snprintf(text, sizeof text, "H%lld", (long long)of->households[household - 1].entity);
            (void)duckdb_append_varchar(appender, text);
        }
        (void)duckdb_appender_end_row(appender);
    }
    bool is_done = duckdb_appender_close(appender) == DuckDBSuccess;
    (void)duckdb_appender_destroy(&appender);
    return is_done ? TZ_OK : tz_fail(err, TZ_SYSTEM, "无法写关联表", "cannot write the links");
}

static const char *people_path(const linking *of)
{
    return tz_store_path(of->mem, of->store, "derived", tz_arena_printf(of->mem, "people-%lld.parquet", (long long)of->run));
}

static tz_rc write_people(linking *of, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_duck     duck = {0};
    const char *path = people_path(of);
    const char *staged = tz_file_staging(of->mem, path);
    tz_buf      sql = tz_buf_init(of->mem, 0);

    TZ_TRY(tz_duck_open(0, 0, &duck, err));
    TZ_TRY(tz_duck_exec(&duck, "CREATE TABLE p (row BIGINT, role VARCHAR, person VARCHAR, household VARCHAR)", err));
    TZ_TRY(append_rows(of, &duck, err));
    tz_buf_puts(&sql, "COPY (SELECT * FROM p ORDER BY row, role) TO ");
    tz_sql_literal(&sql, tz_text_of(staged));
    tz_buf_puts(&sql, " (FORMAT parquet, COMPRESSION zstd)");
    TZ_TRY(tz_duck_exec(&duck, tz_buf_str(&sql), err));
    TZ_TRY(tz_file_commit(staged, path, 0444, err));
done:
    tz_duck_close(&duck);
    return rc;
}

static tz_rc put_events(linking *of, const char *what, const char *table, json_t *events, tz_err *err)
{
    tz_rc    rc = TZ_OK;
    tz_bulk *bulk = NULL;
    size_t   i;
    json_t  *event;

    TZ_TRY(tz_bulk_begin(of->store, what, table, NULL, &bulk, err));
    json_array_foreach(events, i, event) {
        tz_json_set_int(event, "seq", (int64_t)i + 1);
        TZ_TRY(tz_bulk_add(bulk, event, err));
    }
    rc = tz_bulk_end(bulk, NULL, err);
    bulk = NULL;
done:
    tz_bulk_drop(bulk);
    return rc;
}

static json_t *statement_event(linking *of, const tz_weigher *weigher, size_t place)
{
    const tz_statement *one = &of->clusters.statements.items[place];
    tz_weight           weight = tz_weigh(weigher, (uint32_t)(2 * place), (uint32_t)(2 * place + 1));
    json_t             *event = json_object(), *parts = tz_weight_json(of->mem, &weight, TZ_EN);
    tz_buf              text = tz_buf_init(of->mem, 0);

    json_t *rule = json_pack("{s:s, s:s, s:s}", "comparison", "rule", "level", one->reason, "weight", "0.00");
    if (strcmp(of->records.items[one->a].who->role, "person") != 0)
        tz_json_set_str(rule, "role_a", of->records.items[one->a].who->role);
    if (strcmp(of->records.items[one->b].who->role, "person") != 0)
        tz_json_set_str(rule, "role_b", of->records.items[one->b].who->role);
    (void)json_array_insert_new(parts, 0, rule);
    tz_json_canonical(parts, &text);
    tz_json_set_str(event, "verdict", one->verdict);
    tz_json_set_int(event, "row_a", of->records.items[one->a].row_id);
    tz_json_set_int(event, "row_b", of->records.items[one->b].row_id);
    tz_json_set_str(event, "weight", tz_score_text(of->mem, weight.total, false));
    tz_json_set_str(event, "parts", tz_buf_str(&text));
    json_decref(parts);
    return event;
}

static tz_rc statements_json(linking *of, json_t *events, tz_err *err)
{
    tz_rc      rc = TZ_OK;
    tz_weigher weigher;
    size_t     count = of->clusters.statements.count;
    uint32_t  *which = tz_new_array(of->mem, uint32_t, 2 * count + 1);

    for (size_t i = 0; i < count; i++) {
        which[2 * i] = of->clusters.statements.items[i].a;
        which[2 * i + 1] = of->clusters.statements.items[i].b;
    }
    TZ_TRY(tz_weigher_make(of->mem, &of->model, &of->records, which, 2 * count, &weigher, err));
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(events, statement_event(of, &weigher, i));
done:
    return rc;
}

static json_t *run_image(const linking *of)
{
    return json_pack("{s:I, s:i, s:s, s:I, s:I, s:I, s:I}", "run", (json_int_t)of->run, "entry", 0, "inputs", of->inputs, "rows",
                     (json_int_t)of->records.count, "persons", (json_int_t)of->person_count, "households", (json_int_t)of->household_count,
                     "linked", (json_int_t)of->linked);
}

static json_t *model_image(const linking *of)
{
    return json_pack("{s:I, s:i, s:I, s:I, s:s}", "model", (json_int_t)of->model.number, "entry", 0, "rows", (json_int_t)of->records.count,
                     "pairs", (json_int_t)of->model.pairs, "text", of->model.text);
}

/* The derived file first, then one transaction that makes the run real. */
static tz_rc save(linking *of, json_t *entities, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *statements = json_array(), *image = run_image(of), *model = model_image(of);

    TZ_TRY(statements_json(of, statements, err));
    TZ_TRY(write_people(of, err));
    TZ_TRY(tz_store_begin(of->store, err));
    if (of->is_learnt)
        TZ_TRY(tz_journal_put(of->store, "link.train", "link_model", model, NULL, NULL, err));
    TZ_TRY(put_events(of, "link.entities", "entity_event", entities, err));
    TZ_TRY(put_events(of, "link.statements", "link_event", statements, err));
    TZ_TRY(tz_journal_put(of->store, "link.run", "link_run", image, NULL, NULL, err));
    TZ_TRY(tz_store_commit(of->store, err));
done:
    if (rc != TZ_OK)
        tz_store_rollback(of->store);
    json_decref(statements);
    json_decref(image);
    json_decref(model);
    return rc;
}

/* ---- The run ---- */

static tz_rc link_rows(linking *of, const tz_packs *packs, bool is_training, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    json_t *entities = json_array();

    TZ_TRY(make_clusters(of, packs, is_training, err));
    digest_inputs(of);
    of->is_new = strcmp(of->before, of->inputs) != 0;
    make_persons(of);
    make_households(of);
    TZ_TRY(tz_entities_assign(of->mem, of->store, "person", of->persons, of->person_count, entities, err));
    TZ_TRY(tz_entities_assign(of->mem, of->store, "household", of->households, of->household_count, entities, err));
    if (of->is_new) {
        of->run++;
        TZ_TRY(save(of, entities, err));
    } else {
        tz_assert(json_array_size(entities) == 0); /* the same inputs know the same entities */
        TZ_TRY(write_people(of, err));
    }
done:
    json_decref(entities);
    return rc;
}

/* What the newest run kept of itself. */
static tz_rc summarize(const linking *of, json_t **ret_summary, tz_err *err)
{
    static const struct { const char *verdict, *title; } STATEMENTS[] = {
        {"repaired", "repaired"}, {"linked", "likely"}, {"conflict", "conflicts"}, {"review", "review"}};
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = false;
    json_t *summary = json_object();

    TZ_TRY(tz_sql_open(of->store, "SELECT run, rows, persons, households, linked FROM link_run ORDER BY run DESC LIMIT 1", &sql, err));
    TZ_TRY(tz_sql_step(of->store, sql, &has_row, err));
    tz_assert(has_row);
    static const char *const FIGURES[] = {"run", "rows", "persons", "households", "linked"};
    for (int i = 0; i < 5; i++)
        tz_json_set_int(summary, FIGURES[i], tz_sql_int(sql, i));
    (void)json_object_set_new(summary, "is_new", json_boolean(of->is_new));
    tz_json_set_int(summary, "model", of->model.number);
    (void)json_object_set_new(summary, "is_trained", json_boolean(of->is_learnt));
    for (size_t i = 0; i < sizeof STATEMENTS / sizeof STATEMENTS[0]; i++) {
        int64_t count = 0;
        TZ_TRY(tz_sql_one(of->store, "SELECT count(*) FROM link_event WHERE verdict = ?1 AND entry >"
                                     " (SELECT coalesce(max(entry), 0) FROM link_run WHERE run < (SELECT max(run) FROM link_run))",
                          STATEMENTS[i].verdict, NULL, &count, err));
        tz_json_set_int(summary, STATEMENTS[i].title, count);
    }
    *ret_summary = json_incref(summary);
done:
    tz_sql_close(sql);
    json_decref(summary);
    return rc;
}

static tz_rc run_once(tz_store *store, const tz_packs *packs, bool is_training, bool is_again, json_t **ret_summary, tz_err *err)
{
    tz_assert(store != NULL && packs != NULL && ret_summary != NULL);
    tz_rc    rc = TZ_OK;
    tz_arena mem = {0};
    linking  of = {.mem = &mem, .store = store};

    TZ_TRY(name_inputs(&of, packs, err));
    TZ_TRY(tz_learnt_load(&mem, store, &of.model, err));
    TZ_TRY(load_last_run(&of, err));
    digest_inputs(&of);
    if (is_training || is_again || strcmp(of.before, of.inputs) != 0 || !tz_file_exists(people_path(&of)))
        TZ_TRY(link_rows(&of, packs, is_training, err));
    TZ_TRY(summarize(&of, ret_summary, err));
done:
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_link(tz_store *store, const tz_packs *packs, json_t **ret_summary, tz_err *err)
{
    return run_once(store, packs, false, false, ret_summary, err);
}

tz_rc tz_link_again(tz_store *store, const tz_packs *packs, json_t **ret_summary, tz_err *err)
{
    return run_once(store, packs, false, true, ret_summary, err);
}

tz_rc tz_link_train(tz_store *store, const tz_packs *packs, json_t **ret_summary, tz_err *err)
{
    return run_once(store, packs, true, false, ret_summary, err);
}
