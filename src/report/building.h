/* building - what the files share that turn a county's day into a document; for report's own use. */
#ifndef TZ_REPORT_BUILDING_H
#define TZ_REPORT_BUILDING_H

#include "base/json.h"
#include "packs/pack.h"
#include "packs/query.h"
#include "report/assertion.h"
#include "report/document.h"
#include "report/figure.h"
#include "store/store.h"

/* The batches of a register as text, for its figures' entries. */
typedef struct {
    const tz_register *reg;
    const char        *lines;
} tz_register_lines;

typedef struct tz_row_line tz_row_line;

typedef struct {
    tz_arena       *mem;
    tz_store       *store;
    const tz_packs *packs;
    tz_day          day;
    tz_lang         lang;
    tz_figure_values figures;
    const tz_figure_values *before; /* of the report before, or NULL */
    tz_judgement    judgement;
    json_t         *checks;   /* the newest result of each */
    json_t         *findings; /* open, masked */
    tz_document    *doc;
    TZ_ARRAY(tz_register_lines) register_lines;
    tz_query         *query;  /* of the figures and of the places; NULL until something must be computed: tz_build_worker */
    struct tz_places *places; /* of the pictures */
    json_t           *series; /* what they show by place and over time: kept.h */
    bool              has_new_series;
    struct {
        const tz_row_line *lines; /* by row id */
        size_t             count, limit; /* limit: so many rows of each figure are there */
    } behind;
} tz_building;

/* What every report holds, appended to of->doc: content.c. */
void         tz_content_checks(tz_building *of);
void         tz_content_findings(tz_building *of);
TZ_MUST tz_rc tz_content_ledger(tz_building *of, tz_err *err);
TZ_MUST tz_rc tz_content_ledgers(tz_building *of, tz_err *err); /* doc->ledgers: ledgers.c */
TZ_MUST tz_rc tz_content_deliveries(tz_building *of, tz_err *err);

/* of->query and of->places are there. Errors of figuring.h: report.c. */
TZ_MUST tz_rc tz_build_worker(tz_building *of, tz_err *err);

/* An issue's state in words. */
const char *tz_state_words(tz_building *of, const char *state);

/* Appends a table's column, its title as "中文|English". */
void tz_build_column(tz_building *of, tz_table *table, const char *title, tz_column_type type, int weight);

/* document.h's load_rows: behind.c. */
TZ_MUST tz_rc tz_load_rows(void *context, tz_arena *mem, const tz_doc_figure *figure, size_t from, size_t count, tz_table **ret_table,
                           tz_err *err);

/* doc->figures from of->figures, and the way to their rows: opened.c. */
TZ_MUST tz_rc tz_open_figures(tz_building *of, tz_err *err);

#endif
