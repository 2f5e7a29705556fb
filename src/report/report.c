#include "report/report.h"

#include <string.h>

#include "base/assert.h"
#include "base/date.h"
#include "base/file.h"
#include "checks/check.h"
#include "report/building.h"
#include "report/html.h"
#include "report/section.h"

/* ---- What packs say ---- */

/* A figure's name has letters, digits, '.', '_' and '-' alone. */
static bool is_plain_name(tz_text name)
{
    for (size_t i = 0; i < name.size; i++)
        if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", name.data[i]) == NULL)
            return false;
    return name.size > 0 && name.size < 80;
}

/* Replaces {{figure.name}} by a Markdown link to the figure. */
static tz_text bind_figures(tz_building *of, tz_text markdown)
{
    tz_buf out = tz_buf_init(of->mem, 0);

    for (size_t at = 0; at < markdown.size;) {
        size_t open = tz_text_find(markdown, TZ_TEXT("{{"), at);
        size_t close = open == SIZE_MAX ? SIZE_MAX : tz_text_find(markdown, TZ_TEXT("}}"), open);
        if (close == SIZE_MAX) {
            tz_buf_put(&out, tz_text_cut(markdown, at, markdown.size - at));
            break;
        }
        tz_buf_put(&out, tz_text_cut(markdown, at, open - at));
        tz_text name = tz_text_trim(tz_text_cut(markdown, open + 2, close - open - 2));
        name = is_plain_name(name) ? name : TZ_TEXT("?");
        tz_buf_printf(&out, "[%.*s](#figure-%.*s)", TZ_FMT(name), TZ_FMT(name));
        at = close + 2;
    }
    return tz_buf_text(&out);
}

static tz_rc add_sections(tz_building *of, tz_err *err)
{
    tz_rc rc = TZ_OK;

    for (size_t i = 0; rc == TZ_OK && i < of->packs->packs.count; i++) {
        const tz_pack *pack = &of->packs->packs.items[i];
        if (pack->report != NULL)
            rc = tz_section_add(of->doc, bind_figures(of, tz_section_half(tz_text_of(pack->report), of->lang)),
                                tz_arena_printf(of->mem, "packs/%s/report.md", pack->name), NULL, err);
    }
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

    begin(of);
    TZ_TRY(tz_open_figures(of, err));
    TZ_TRY(add_sections(of, err));
    (void)tz_doc_heading(of->doc, 1, "ledger", tz_doc_half(of->doc, "问题台账|The ledger"));
    TZ_TRY(tz_content_ledger(of, err));
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
    tz_doc_number(of->doc);
done:
    return rc;
}

/* The newest result of each check as known at the day's entry. */
static tz_rc load_checks(tz_building *of, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_sql *sql = NULL;
    bool    has_row = true;

    of->checks = json_array();
    TZ_TRY(tz_sql_open(of->store, "SELECT \"check\", state, why, looked_at FROM check_result r WHERE entry <= ?1 AND run ="
                                  " (SELECT max(run) FROM check_result n WHERE n.\"check\" = r.\"check\" AND n.entry <= ?1)", &sql, err));
    tz_sql_bind_int(sql, 1, of->day.at);
    for (;;) {
        TZ_TRY(tz_sql_step(of->store, sql, &has_row, err));
        if (!has_row)
            break;
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

static tz_rc load(tz_building *of, tz_err *err)
{
    tz_rc             rc = TZ_OK;
    tz_finding_filter filter = {.state = "open", .at = of->day.at, .is_masked = true, .lang = of->lang};

    TZ_TRY(tz_figures_compute(of->mem, of->store, of->packs, of->day, of->lang, NULL, &of->figures, err));
    TZ_TRY(load_checks(of, err));
    TZ_TRY(tz_findings(of->mem, of->store, of->packs, &filter, &of->findings, err));
done:
    return rc;
}

/* ---- Forms ---- */

static tz_rc write_html(tz_arena *mem, const tz_document *doc, const char *path, tz_err *err)
{
    tz_rc   rc = TZ_OK;
    tz_text page = {0};

    TZ_TRY(tz_html_document(mem, doc, NULL, &page, err));
    TZ_TRY(tz_file_write(path, page, 0644, err));
done:
    return rc;
}

typedef tz_rc writer(tz_arena *mem, const tz_document *doc, const char *path, tz_err *err);

static writer *writer_of(const char *path)
{
    static const struct { const char *ending; writer *write; } FORMS[] = {{".html", write_html}};
    for (size_t i = 0; i < sizeof FORMS / sizeof FORMS[0]; i++)
        if (tz_text_ends(tz_text_of(path), tz_text_of(FORMS[i].ending)))
            return FORMS[i].write;
    return NULL;
}

tz_rc tz_report_write(tz_arena *mem, tz_store *store, const tz_packs *packs, tz_day day, tz_lang lang, const char *path, tz_err *err)
{
    tz_assert(mem != NULL && store != NULL && packs != NULL && path != NULL);
    tz_rc       rc = TZ_OK;
    tz_building of = {.mem = mem, .store = store, .packs = packs, .day = day, .lang = lang};
    writer     *write = writer_of(path);

    if (write == NULL) {
        rc = tz_fail(err, TZ_USAGE, "报告写不成这种格式:%s", "a report is not written in this form: %s", path);
        (void)tz_err_advise(err, "扩展名用 .html", "the ending is .html");
        goto done;
    }
    TZ_TRY(load(&of, err));
    TZ_TRY(build(&of, err));
    TZ_TRY(write(mem, of.doc, path, err));
done:
    json_decref(of.checks);
    json_decref(of.findings);
    return rc;
}
