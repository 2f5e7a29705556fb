#include "report/report.h"

#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "checks/check.h"
#include "report/asked.h"
#include "report/building.h"
#include "report/docx.h"
#include "report/figuring.h"
#include "report/html.h"
#include "report/kept.h"
#include "report/markdown.h"
#include "report/pdf.h"
#include "report/place.h"
#include "report/section.h"
#include "report/typography.h"
#include "report/view.h"
#include "report/xlsx.h"

/* ---- What packs say ---- */

/* The sections are one text by now; what is wrong in it is wrong in a pack's own text too, which names the file. */
static void name_file(tz_building *of, tz_err *err)
{
    for (size_t i = 0; i < of->packs->packs.count; i++) {
        const tz_pack *pack = &of->packs->packs.items[i];
        tz_err         ignored;
        json_t        *rows = json_array();
        bool           is_wrong = tz_section_lint(of->mem, of->packs, pack, of->lang, rows, &ignored) == TZ_OK && json_array_size(rows) > 0;
        json_decref(rows);
        if (is_wrong)
            (void)tz_err_at(err, tz_arena_printf(of->mem, "packs/%s/report.md", pack->name), NULL, 0, NULL);
    }
}

static void load_pictures(tz_building *of)
{
    tz_err ignored;

    if (tz_kept_pictures(of->mem, of->store, of->packs, of->day, of->lang, &of->series, &ignored) != TZ_OK || !json_is_object(of->series)) {
        json_decref(of->series);
        of->series = json_object();
    }
}

/* False where the disk does not take them: they are computed again. */
static bool keep_pictures(const tz_building *of)
{
    tz_err ignored;
    return !of->has_new_series ||
           tz_keep_pictures(of->mem, of->store, of->packs, of->day, of->lang, of->series, &ignored) == TZ_OK;
}

static tz_rc add_sections(tz_building *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_text markdown = {0};
    const tz_picture_maker pictures = {tz_picture_asked, of};
    json_t *view = tz_view_figures(of->mem, &of->figures, of->before, of->lang);

    TZ_TRY(tz_view_report(of->mem, of->packs, view, of->lang, &markdown, err));
    load_pictures(of);
    rc = tz_section_add(of->doc, markdown, NULL, &pictures, err);
    (void)keep_pictures(of);
    if (rc == TZ_INPUT)
        name_file(of, err);
done:
    json_decref(view);
    return rc;
}

/* ---- The document ---- */

static const char *provenance(tz_building *of)
{
    char digest[TZ_SM3_HEX];

    tz_digest_hex(&of->packs->digest, digest);
    return tz_arena_printf(of->mem,
                           of->lang == TZ_ZH ? "数据时点 %s · 存证条目 %lld · 程序 %s · 规则包 %s"
                                             : "as of %s · journal entry %lld · program %s · packs %s",
                           of->doc->as_of, (long long)of->day.at, TZ_VERSION, digest);
}

static void begin(tz_building *of)
{
    bool  is_zh = of->lang == TZ_ZH;
    char *as_of = tz_arena_alloc(of->mem, TZ_DATE_TEXT);

    of->doc = tz_document_new(of->mem, of->lang);
    tz_date_format(of->day.as_of, as_of);
    of->doc->county = of->store->county->name;
    of->doc->title = tz_arena_printf(of->mem, is_zh ? "%s台账报告" : "%s: report of the ledger", of->doc->county);
    of->doc->as_of = as_of;
    of->doc->provenance = provenance(of);
    of->doc->is_numbered = true;
    (void)tz_doc_say(of->doc, TZ_BLOCK_TITLE, of->doc->title);
    (void)tz_doc_say(of->doc, TZ_BLOCK_NOTE,
                     tz_arena_printf(of->mem,
                                     is_zh ? "数据时点 %s。每个数字都能追到定义、算法和原表的每一行。"
                                           : "As of %s. Every number opens: its definition, its query, and the rows that it came from.",
                                     as_of));
}

/* What a reader must see before any number: statements between figures that do not hold. */
static void add_alarms(tz_building *of)
{
    for (size_t i = 0; i < of->judgement.count; i++) {
        const tz_judged *one = &of->judgement.items[i];
        if (one->truth != TZ_BROKEN)
            continue;
        const char *words = one->assertion->is_explained ? "数字之间需要说明|To be explained" : "数字之间自相矛盾|Figures contradict each other";
        const char *note = one->assertion->note == NULL ? "" : tz_doc_half(of->doc, one->assertion->note);
        (void)tz_doc_say(of->doc, one->assertion->is_explained ? TZ_BLOCK_NOTE : TZ_BLOCK_ALARM,
                         tz_arena_printf(of->mem, of->lang == TZ_ZH ? "%s——%s%s%s" : "%s: %s%s%s", tz_doc_half(of->doc, words), one->sentence,
                                         note[0] == '\0' ? "" : of->lang == TZ_ZH ? ";" : "; ", note));
    }
}

static const char *signing_date(const tz_building *of)
{
    int32_t d = of->day.as_of;
    return of->lang == TZ_ZH ? tz_arena_printf(of->mem, "%d年%d月%d日", d / 10000, d / 100 % 100, d % 100) : of->doc->as_of;
}

static void annex(tz_building *of, int number, const char *id, const char *title)
{
    tz_block *block = tz_doc_say(of->doc, TZ_BLOCK_ANNEX, tz_doc_half(of->doc, title));
    block->id = id;
    block->number = tz_arena_printf(of->mem, of->lang == TZ_ZH ? "附件%d" : "Annex %d", number);
}

/* The text, its signature, then the annexes: an official document's order. */
static tz_rc build(tz_building *of, tz_err *err)
{
    tz_rc rc = TZ_OK;
    int   annexes = 0;

    add_alarms(of);
    TZ_TRY(tz_open_figures(of, err));
    TZ_TRY(add_sections(of, err));
    tz_view_units(of->doc);
    (void)tz_doc_heading(of->doc, 1, "ledger", tz_doc_half(of->doc, "问题台账|The ledger"));
    TZ_TRY(tz_content_ledger(of, err));
    TZ_TRY(tz_content_ledgers(of, err));
    (void)tz_doc_say(of->doc, TZ_BLOCK_SIGNATURE, of->doc->county);
    (void)tz_doc_say(of->doc, TZ_BLOCK_DATE, signing_date(of));
    annex(of, ++annexes, "checks", "规则和疑点|Checks and findings");
    tz_content_checks(of);
    if (json_array_size(of->findings) > 0) {
        annex(of, ++annexes, "findings", "疑点清单|Findings");
        tz_content_findings(of);
    }
    annex(of, ++annexes, "deliveries", "入账情况|What was delivered");
    TZ_TRY(tz_content_deliveries(of, err));
    annex(of, ++annexes, "figures", "指标:每个数字的出处|Figures: where each number comes from");
    (void)tz_doc_add(of->doc, TZ_BLOCK_FIGURES);
    tz_typography(of->doc);
    tz_doc_number(of->doc);
done:
    return rc;
}

/* The newest result of each check for the day as known at its entry. */
static tz_rc load_results(tz_building *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;

    of->checks = json_array();
    TZ_TRY(tz_sql_open(of->store, "SELECT r.\"check\", r.state, r.why, r.looked_at FROM check_result r WHERE r.run ="
                                  " (SELECT max(n.run) FROM check_result n JOIN check_run c ON c.run = n.run"
                                  "   WHERE n.\"check\" = r.\"check\" AND n.entry <= ?1 AND c.as_of = ?2)", &sql, err));
    tz_sql_bind_int(sql, 1, of->day.at);
    tz_sql_bind_text(sql, 2, of->doc->as_of);
    TZ_EACH_ROW (of->store, sql, err) {
        json_t *line = json_object();
        tz_json_set_str(line, "check", tz_sql_str(sql, 0));
        tz_json_set_str(line, "state", tz_sql_str(sql, 1));
        tz_json_set_str(line, "why", tz_sql_str(sql, 2));
        tz_json_set_int(line, "looked_at", tz_sql_int(sql, 3));
        (void)json_array_append_new(of->checks, line);
    }
done:
    tz_sql_close(sql);
    return rc;
}

/* A day on which no run was is looked at now, and nothing is kept; where nothing was ever linked the
 * checks stay without a result, which reads as not evaluated. */
static tz_rc load_checks(tz_building *of, tz_err *err)
{
    tz_check_options past = {.day = of->day, .is_past = true};

    tz_rc rc = load_results(of, err);
    if (rc != TZ_OK || json_array_size(of->checks) > 0)
        return rc;
    json_t *results = NULL;
    rc = tz_checks_run(of->mem, of->store, of->packs, &past, &results, err);
    if (rc == TZ_OK) {
        json_decref(of->checks);
        of->checks = results;
    }
    return rc == TZ_MISSING ? TZ_OK : rc;
}

tz_rc tz_build_worker(tz_building *of, tz_err *err)
{
    tz_rc rc = of->query == NULL ? tz_figures_open(of->mem, of->store, of->packs, of->day, NULL, &of->query, err) : TZ_OK;

    if (rc == TZ_OK && of->places == NULL)
        of->places = tz_places_new(of->mem, of->store, of->packs, of->query);
    return rc;
}

static bool keep_figures(const tz_building *of, tz_day day, const tz_figure_values *values)
{
    tz_err ignored;
    return tz_keep_figures(of->mem, of->store, of->packs, day, of->lang, values, &ignored) == TZ_OK;
}

/* The figures of a day as they were kept, else computed and kept; where the disk does not take them, they are computed again. */
static tz_rc load_figures(tz_building *of, tz_day day, tz_figure_values *ret_values, tz_err *err)
{
    tz_rc  rc = TZ_OK;
    tz_err ignored;

    if (tz_kept_figures_with_rows(of->mem, of->store, of->packs, day, of->lang, ret_values, &ignored) == TZ_OK)
        return TZ_OK;
    if (day.as_of == of->day.as_of) {
        TZ_TRY(tz_build_worker(of, err));
        TZ_TRY(tz_figures_ask(of->mem, of->query, of->packs, of->lang, NULL, ret_values, err));
    } else {
        TZ_TRY(tz_figures_compute(of->mem, of->store, of->packs, day, of->lang, NULL, ret_values, err));
    }
    (void)keep_figures(of, day, ret_values);
done:
    return rc;
}

static tz_rc load_before(tz_building *of, int32_t since, tz_err *err)
{
    tz_figure_values *before = tz_new(of->mem, tz_figure_values);

    if (since == 0)
        return TZ_OK;
    of->before = before;
    return load_figures(of, (tz_day){.as_of = since, .at = of->day.at}, before, err);
}

static tz_rc load(tz_building *of, int32_t since, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    tz_finding_filter filter = {.state = "open", .as_of = of->day.as_of, .at = of->day.at, .is_masked = true, .lang = of->lang};

    TZ_TRY(load_figures(of, of->day, &of->figures, err));
    TZ_TRY(load_before(of, since, err));
    TZ_TRY(tz_assertions_judge(of->mem, of->packs, &of->figures, of->before, of->lang, &of->judgement, err));
    TZ_TRY(load_checks(of, err));
    if (json_array_size(of->checks) == 0)
        of->findings = json_array();
    else
        TZ_TRY(tz_findings(of->mem, of->store, of->packs, &filter, &of->findings, err));
done:
    return rc;
}

/* TZ_REFUSED where an assertion is broken. */
static tz_rc refuse_broken(const tz_building *of, tz_err *err)
{
    for (size_t i = 0; i < of->judgement.count; i++) {
        const tz_judged *one = &of->judgement.items[i];
        if (one->truth != TZ_BROKEN || one->assertion->is_explained)
            continue;
        (void)tz_fail(err, TZ_REFUSED, "有 %zu 处数字自相矛盾,首先是 %s", "%zu assertions are broken, the first is %s", of->judgement.broken,
                      one->sentence);
        return tz_err_advise(err, "不带 --strict 则照写,矛盾列在首页", "without --strict it is written, with the contradictions on its first page");
    }
    return TZ_OK;
}

/* ---- Forms ---- */

/* A page cuts long lists; what it cuts stands in the workbook beside it, where one is asked for. */
static bool is_cut(const tz_document *doc)
{
    for (size_t i = 0; i < doc->figures.count; i++)
        if (doc->figures.items[i]->row_count > TZ_HTML_ROWS)
            return true;
    for (size_t i = 0; i < doc->blocks.count; i++)
        if (doc->blocks.items[i]->table != NULL && tz_table_shown(doc->blocks.items[i]->table) < tz_table_rows(doc->blocks.items[i]->table))
            return true;
    return false;
}

const char *tz_report_rest(tz_arena *mem, const char *path)
{
    return tz_arena_printf(mem, "%.*s.xlsx", (int)(strlen(path) - strlen(".html")), path);
}

/* rest: the workbook beside it, NULL: none. */
static tz_rc write_page(tz_arena *mem, const tz_document *doc, const char *path, const char *rest, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_text page = {0};

    if (rest != NULL)
        TZ_TRY(tz_xlsx_write(mem, doc, rest, err));
    TZ_TRY(tz_html_document(mem, doc, rest == NULL ? NULL : tz_file_base(rest), &page, err));
    TZ_TRY(tz_file_write(path, page, 0644, err));
done:
    return rc;
}

static tz_rc write_html(tz_arena *mem, const tz_document *doc, const char *path, tz_err *err)
{
    return write_page(mem, doc, path, NULL, err);
}

typedef tz_rc writer(tz_arena *mem, const tz_document *doc, const char *path, tz_err *err);

static writer *writer_of(const char *path)
{
    static const struct { const char *ending; writer *write; } FORMS[] = {
        {".html", write_html}, {".pdf", tz_pdf_write}, {".docx", tz_docx_write}, {".xlsx", tz_xlsx_write}, {".md", tz_markdown_write}};
    for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0]; i++)
        if (tz_text_ends(tz_text_of(path), tz_text_of(FORMS[i].ending)))
            return FORMS[i].write;
    return NULL;
}

static tz_rc refuse_form(const char *path, tz_err *err)
{
    (void)tz_fail(err, TZ_USAGE, "写不成这种格式:%s", "nothing is written in this form: %s", path);
    return tz_err_advise(err, "扩展名用 .html、.pdf、.docx、.xlsx、.md", "the ending is .html, .pdf, .docx, .xlsx or .md");
}

tz_rc tz_document_write(tz_arena *mem, const tz_document *doc, const char *path, tz_err *err)
{
    tz_assert(mem != NULL && doc != NULL && path != NULL);
    writer *write = writer_of(path);

    return write == NULL ? refuse_form(path, err) : write(mem, doc, path, err);
}

static void close_building(tz_building *of)
{
    tz_query_close(of->query);
    json_decref(of->checks);
    json_decref(of->findings);
    json_decref(of->series);
}

/* The report as it is now, whatever is kept of it. ret_rest: the workbook beside it, NULL: none. */
static tz_rc make(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_report_options *options, const char *path,
                  const char **ret_rest, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_building of = {.mem = mem, .store = store, .packs = packs, .day = options->day, .lang = options->lang};
    writer     *write = writer_of(path);

    begin(&of);
    TZ_TRY(load(&of, options->since, err));
    if (options->is_strict)
        TZ_TRY(refuse_broken(&of, err));
    TZ_TRY(build(&of, err));
    *ret_rest = write == write_html && !options->is_alone && is_cut(of.doc) ? tz_report_rest(mem, path) : NULL;
    if (write == write_html)
        TZ_TRY(write_page(mem, of.doc, path, *ret_rest, err));
    else
        TZ_TRY(write(mem, of.doc, path, err));
done:
    close_building(&of);
    return rc;
}

/* False where the disk does not take it: it is made again. */
static bool keep_copy(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_report_options *options, const char *path,
                      const char *rest)
{
    tz_err ignored;
    return tz_keep_copy(mem, store, packs, options, path, rest, &ignored) == TZ_OK;
}

tz_rc tz_report_make(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_report_options *options, const char *path, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && options != NULL && path != NULL);
    const char *rest = NULL;
    tz_err      ignored;

    if (writer_of(path) == NULL)
        return refuse_form(path, err);
    if (!options->is_strict && tz_kept_copy(mem, store, packs, options, path, &ignored) == TZ_OK)
        return TZ_OK;
    tz_rc rc = make(mem, store, packs, options, path, &rest, err);
    if (rc == TZ_OK)
        (void)keep_copy(mem, store, packs, options, path, rest);
    return rc;
}

tz_rc tz_report_part(tz_arena *mem, tz_store *store, const tz_packs *packs, const tz_report_options *options, const tz_html_links *links,
                     tz_text *ret_part, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && options != NULL && links != NULL && ret_part != NULL);
    tz_rc       rc = TZ_OK;
    tz_building of = {.mem = mem, .store = store, .packs = packs, .day = options->day, .lang = options->lang};

    begin(&of);
    TZ_TRY(load(&of, options->since, err));
    TZ_TRY(build(&of, err));
    TZ_TRY(tz_html_part(mem, of.doc, links, ret_part, err));
done:
    close_building(&of);
    return rc;
}
