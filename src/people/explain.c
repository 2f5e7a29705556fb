/* explain - why two rows are one person, or not, and which pairs wait for a person. */
#include <math.h>
#include <stdlib.h>

#include "base/assert.h"
#include "base/file.h"
#include "people/decision.h"
#include "people/link.h"
#include "people/svg.h"
#include "people/weigh.h"

/* All that a run would know, without writing any of it. */
typedef struct {
    tz_records records;
    tz_decisions decisions;
    tz_clusters clusters;
    tz_learnt model;
} knowledge;

static tz_rc know(tz_arena *mem, tz_store *store, const tz_packs *packs, knowledge *ret, tz_err *err)
{
    tz_rc rc = TZ_OK;

    TZ_TRY(tz_records_load(mem, store, packs, &ret->records, err));
    TZ_TRY(tz_decisions_load(mem, store, &ret->decisions, err));
    tz_clusters_make(mem, &ret->records, &ret->decisions, &ret->clusters);
    TZ_TRY(tz_learnt_load(mem, store, &ret->model, err));
    if (ret->model.number == 0) {
        TZ_TRY(tz_learnt_make(mem, store->app, &ret->records, &ret->clusters, &ret->model, err)); /* to weigh by */
        goto done;
    }
    TZ_TRY(tz_clusters_refine(mem, store->app, &ret->records, &ret->decisions, &ret->model, &ret->clusters, err));
done:
    return rc;
}

/* Of two places of the weigher. */
static json_t *explanation(tz_arena *mem, knowledge *known, const tz_weigher *weigher, uint32_t a, uint32_t b, tz_lang lang)
{
    const tz_record *x = &known->records.items[weigher->which[a]], *y = &known->records.items[weigher->which[b]];
    bool is_same = tz_clusters_find(&known->clusters, x->node) == tz_clusters_find(&known->clusters, y->node);
    tz_weight weight = tz_weigh(weigher, a, b);
    json_t *line = json_object();

    tz_json_set_str(line, "verdict", is_same ? "same" : "different");
    tz_json_set_str(line, "weight", tz_score_text(mem, weight.total, false));
    (void)json_object_set_new(line, "parts", tz_weight_json(mem, &weight, lang));
    tz_json_set_str(line, "sentence", tz_weight_sentence(mem, &weight, is_same, lang));
    return line;
}

static uint32_t place_of(const knowledge *known, const tz_record *record)
{
    return (uint32_t)(record - known->records.items);
}

tz_rc tz_link_explain(tz_arena *caller, tz_store *store, const tz_packs *packs, int64_t row_a, int64_t row_b,
                      json_t **ret_rows, tz_err *err)
{
    tz_assert(caller != NULL && store != NULL && packs != NULL && ret_rows != NULL);
    tz_rc rc = TZ_OK;
    tz_arena mem = {0};
    knowledge known = {0};
    const tz_record *a = NULL, *b = NULL;
    tz_weigher weigher;

    TZ_TRY(know(&mem, store, packs, &known, err));
    TZ_TRY(tz_records_pair(&known.records, row_a, row_b, &a, &b, err));
    const uint32_t which[] = {place_of(&known, a), place_of(&known, b)};
    TZ_TRY(tz_weigher_make(&mem, &known.model, &known.records, which, 2, &weigher, err));
    *ret_rows = json_array();
    (void)json_array_append_new(*ret_rows, explanation(&mem, &known, &weigher, 0, 1, store->app->lang));
done:
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_link_weights(tz_arena *caller, tz_store *store, json_t **ret_rows, tz_err *err)
{
    tz_assert(caller != NULL && store != NULL && ret_rows != NULL);
    tz_rc rc = TZ_OK;
    tz_arena mem = {0};
    tz_learnt model;

    TZ_TRY(tz_learnt_load(&mem, store, &model, err));
    *ret_rows = model.number == 0 ? json_array() : tz_learnt_levels(&mem, &model, store->app->lang);
done:
    tz_arena_free(&mem);
    return rc;
}

static int32_t hundredths_of(const json_t *of)
{
    return (int32_t)lround(strtod(tz_json_str(of, "weight"), NULL) * 100);
}

tz_rc tz_link_draw(const json_t *explanation, const char *path, tz_err *err)
{
    tz_assert(explanation != NULL && path != NULL);
    tz_arena mem = {0};
    tz_buf out = tz_buf_init(&mem, 0);
    tz_svg_bar bars[TZ_PROFILE_COMPARED + 2];
    size_t count = 0, i;
    int32_t at = 0;
    json_t *part;

    json_array_foreach (json_object_get(explanation, "parts"), i, part) {
        if (count + 1 == sizeof bars / sizeof bars[0])
            break;
        const char *label =
            tz_arena_printf(&mem, "%s: %s", tz_json_str(part, "comparison"), tz_json_str(part, "level"));
        bars[count++] = (tz_svg_bar){
            .label = label, .from = at, .to = at + hundredths_of(part), .note = tz_json_str(part, "weight")};
        at += hundredths_of(part);
    }
    tz_assert(at == hundredths_of(explanation));
    bars[count++] = (tz_svg_bar){.label = tz_json_str(explanation, "verdict"),
                                 .to = at,
                                 .note = tz_json_str(explanation, "weight"),
                                 .is_total = true};
    tz_svg_bars(&out, tz_json_str(explanation, "sentence"), bars, count, true);
    tz_rc rc = tz_file_write(path, tz_buf_text(&out), 0644, err);
    tz_arena_free(&mem);
    return rc;
}

typedef struct {
    uint32_t *items; /* records, two by two */
    size_t count;
    size_t room;
} waiting;

/* The two records of a statement: of the main roles, unless its first part names others. */
static tz_rc find_stated(const knowledge *known, tz_sql *sql, const tz_record **ret_a, const tz_record **ret_b, tz_err *err)
{
    json_t *parts = NULL;
    tz_rc rc = tz_json_parse(tz_text_of(tz_sql_str(sql, 2)), &parts, err);

    if (rc != TZ_OK)
        return rc;
    const char *role_a = tz_json_str(json_array_get(parts, 0), "role_a"), *role_b = tz_json_str(json_array_get(parts, 0), "role_b");
    *ret_a = tz_records_find(&known->records, tz_sql_int(sql, 0), role_a == NULL ? "person" : role_a);
    *ret_b = tz_records_find(&known->records, tz_sql_int(sql, 1), role_b == NULL ? "person" : role_b);
    json_decref(parts);
    return TZ_OK;
}

static tz_rc read_waiting(tz_arena *mem, tz_store *store, const knowledge *known, waiting *ret, tz_err *err)
{
    tz_rc rc = TZ_OK;
    tz_sql *sql = NULL;

    /* A run writes its statements in the entries before its own. */
    TZ_TRY(tz_sql_open(
        store,
        "SELECT row_a, row_b, parts FROM link_event WHERE verdict = 'review'"
        " AND entry > (SELECT coalesce(max(entry), 0) FROM link_run WHERE run < (SELECT max(run) FROM link_run))"
        " ORDER BY entry, seq LIMIT 1000",
        &sql, err));
    TZ_EACH_ROW (store, sql, err) {
        const tz_record *a = NULL, *b = NULL;
        TZ_TRY(find_stated(known, sql, &a, &b, err));
        if (a == NULL || b == NULL)
            continue; /* withdrawn since */
        tz_push(mem, ret, place_of(known, a));
        tz_push(mem, ret, place_of(known, b));
    }
done:
    tz_sql_close(sql);
    return rc;
}

static tz_rc list_waiting(tz_arena *mem, tz_store *store, knowledge *known, json_t *rows, tz_err *err)
{
    tz_rc rc = TZ_OK;
    waiting pairs = {0};
    tz_weigher weigher;

    TZ_TRY(read_waiting(mem, store, known, &pairs, err));
    TZ_TRY(tz_weigher_make(mem, &known->model, &known->records, pairs.items, pairs.count, &weigher, err));
    for (uint32_t i = 0; i + 1 < pairs.count; i += 2) {
        json_t *line = explanation(mem, known, &weigher, i, i + 1, store->app->lang);
        tz_json_set_int(line, "row_a", known->records.items[pairs.items[i]].row_id);
        tz_json_set_int(line, "row_b", known->records.items[pairs.items[i + 1]].row_id);
        tz_json_set_str(line, "role_a", known->records.items[pairs.items[i]].who->role);
        tz_json_set_str(line, "role_b", known->records.items[pairs.items[i + 1]].who->role);
        (void)json_array_append_new(rows, line);
    }
done:
    return rc;
}

tz_rc tz_link_review(tz_arena *caller, tz_store *store, const tz_packs *packs, json_t **ret_rows,
                     tz_err *err)
{
    tz_assert(caller != NULL && store != NULL && packs != NULL && ret_rows != NULL);
    tz_rc rc = TZ_OK;
    tz_arena mem = {0};
    knowledge known = {0};
    json_t *rows = json_array();

    TZ_TRY(know(&mem, store, packs, &known, err));
    TZ_TRY(list_waiting(&mem, store, &known, rows, err));
    *ret_rows = json_incref(rows);
done:
    json_decref(rows);
    tz_arena_free(&mem);
    return rc;
}
