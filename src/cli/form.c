/* taizhang form: letters, notices and sheets to sign, one file a unit and one of all. */
#include <string.h>

#include "base/date.h"
#include "base/file.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "report/form.h"
#include "report/report.h"

static const tz_list_column FORM_COLUMNS[] = {
    {"form", "表单|form", false}, {"title", "名称|title", false}, {"about", "对象|about", false}, {"file", "来自|from", false}, {NULL, NULL, false},
};
static const tz_list_column WRITTEN_COLUMNS[] = {
    {"unit", "单位|unit", false}, {"count", "件|of", true}, {"file", "文件|file", false}, {NULL, NULL, false},
};

static json_t *list_forms(tz_cli *cli, const tz_forms *forms)
{
    static const char *const ABOUT[] = {[TZ_ABOUT_OPEN] = "未销号的问题|open issues", [TZ_ABOUT_SUBMITTED] = "申请销号的问题|submitted issues",
                                        [TZ_ABOUT_RED] = "红色问题|red issues", [TZ_ABOUT_LETTERS] = "到期的函|letters that are due",
                                        [TZ_ABOUT_REGISTERS] = "应报的名册|registers owed"};
    json_t *lines = json_array();

    for (size_t i = 0; i < forms->count; i++) {
        const tz_form *form = &forms->items[i];
        size_t         len = 0;
        json_t        *line = json_object();
        const char    *title = tz_half(form->title, cli->app.lang, &len);
        tz_json_set_str(line, "form", form->name);
        tz_json_set_str(line, "title", tz_arena_copy(&cli->mem, title, len));
        const char *about = tz_half(ABOUT[form->about], cli->app.lang, &len);
        tz_json_set_str(line, "about", tz_arena_copy(&cli->mem, about, len));
        tz_json_set_str(line, "file", form->file);
        (void)json_array_append_new(lines, line);
    }
    return lines;
}

static const tz_form *find_form(const tz_forms *forms, const char *name)
{
    for (size_t i = 0; i < forms->count; i++)
        if (strcmp(forms->items[i].name, name) == 0)
            return &forms->items[i];
    return NULL;
}

/* FOLDER/remind-教育局.pdf; a slash in a unit's name becomes a dash. */
static const char *path_of(tz_cli *cli, const char *folder, const tz_form *form, const tz_filled *filled, bool is_all, const char *ending)
{
    const char *all = cli->app.lang == TZ_ZH ? "全部" : "all", *none = cli->app.lang == TZ_ZH ? "未定单位" : "no unit";
    const char *unit = is_all ? all : filled->unit == NULL ? none : filled->unit;
    char       *path = tz_arena_printf(&cli->mem, "%s/%s-%s.%s", folder, form->name, unit, ending);

    for (char *at = path + strlen(folder) + 1; *at != '\0'; at++)
        if (*at == '/' || *at == '\\')
            *at = '-';
    return path;
}

static tz_rc write_filled(tz_cli *cli, const tz_form *form, const tz_filled_list *list, json_t *written, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *folder = tz_cli_get(cli, "-o"), *ending = tz_cli_get(cli, "--format");

    ending = ending == NULL ? "pdf" : ending;
    TZ_TRY(tz_file_make_folder(folder, err));
    for (size_t i = 0; i < list->count; i++) {
        const tz_filled *filled = &list->items[i];
        bool             is_all = i > 0 && i + 1 == list->count && filled->unit == NULL;
        const char      *path = path_of(cli, folder, form, filled, is_all, ending);
        TZ_TRY(tz_document_write(&cli->mem, filled->doc, path, err));
        json_t *line = json_object();
        tz_json_set_str(line, "unit", is_all ? (cli->app.lang == TZ_ZH ? "(合并)" : "(merged)") : filled->unit);
        tz_json_set_int(line, "count", (int64_t)filled->count);
        tz_json_set_str(line, "file", path);
        (void)json_array_append_new(written, line);
    }
done:
    return rc;
}

static int32_t today(const tz_cli *cli)
{
    return tz_date_in_china(tz_app_now_ms(&cli->app));
}

static tz_rc read_options(tz_cli *cli, tz_form_options *options, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    const char *issue = tz_cli_get(cli, "--issue");

    *options = (tz_form_options){.unit = tz_cli_get(cli, "--unit"), .link = tz_cli_get(cli, "--link"), .lang = cli->app.lang,
                                 .is_issued = tz_cli_get(cli, "--issued") != NULL, .has_names = tz_cli_get(cli, "--names") != NULL};
    TZ_TRY(tz_cli_date(cli, "--date", &options->date, err));
    options->date = options->date == 0 ? today(cli) : options->date;
    if (issue != NULL)
        TZ_TRY(tz_cli_number(issue, &options->issue, err));
done:
    return rc;
}

static tz_rc fill(tz_cli *cli, tz_session *session, const tz_forms *forms, tz_err *err)
{
    tz_rc           rc = TZ_OK;
    const tz_form  *form = find_form(forms, cli->args.items[0]);
    tz_form_options options;
    tz_filled_list  list = {0};
    json_t         *written = json_array();

    if (form == NULL) {
        rc = tz_fail(err, TZ_MISSING, "没有表单 “%s”", "there is no form '%s'", cli->args.items[0]);
        (void)tz_err_advise(err, "用 taizhang form 查看全部表单;表单在规则包 master 里",
                            "see taizhang form for all of them; they stand in the pack master");
        goto done;
    }
    TZ_TRY(read_options(cli, &options, err));
    TZ_TRY(tz_form_fill(&cli->mem, session->store, session->packs, form, &options, &list, err));
    TZ_TRY(write_filled(cli, form, &list, written, err));
    TZ_TRY(tz_cli_list(cli, written, WRITTEN_COLUMNS, err));
    if (list.count == 0 && !tz_cli_is_machine(cli))
        tz_cli_note(cli, "没有要写的。", "there is nothing to write.");
done:
    json_decref(written);
    return rc;
}

static tz_rc run(tz_cli *cli, tz_err *err)
{
    tz_rc       rc = TZ_OK;
    tz_session *session = NULL;
    tz_forms    forms = {0};
    json_t     *lines = NULL;

    if (cli->args.count > 1 || (cli->args.count == 1) != (tz_cli_get(cli, "-o") != NULL))
        return tz_cli_usage(cli, err);
    TZ_TRY(tz_cli_open(cli, TZ_READ, &session, err));
    TZ_TRY(tz_forms_load(&cli->mem, session->packs, cli->app.lang, &forms, err));
    if (cli->args.count == 1) {
        rc = fill(cli, session, &forms, err);
    } else {
        lines = list_forms(cli, &forms);
        rc = tz_cli_list(cli, lines, FORM_COLUMNS, err);
    }
done:
    json_decref(lines);
    tz_session_close(session);
    return rc;
}

static const tz_option OPTIONS[] = {
    {"-o", "FOLDER", "写到这个文件夹,一个单位一份,另有一份合并|write here: one file a unit and one of all"},
    {"--format", "pdf|docx|html|md", "格式,默认 pdf|the form of the files, pdf unless said"},
    {"--issue", "N", "只写这一个问题的|only of this issue"},
    {"--unit", "NAME", "只写这个单位的|only of this unit"},
    {"--issued", NULL, "函:写已编号发出的(issue letters --send),默认写当天该发的|letters: those issued, with numbers; else those due"},
    {"--date", "DATE", "落款日期,默认今天|its date, today unless said"},
    {"--names", NULL, "不遮蔽姓名|with whole names"},
    {"--link", "PREFIX", "二维码里问题编号前面的网址|what stands before the issue's number in its QR code"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_FORM = {
    .name = "form",
    .usage = "[NAME -o FOLDER]",
    .summary = "提醒卡、提醒函、督办函、告诫函、整改通知书、销号审批表、数据调取函、预警单|"
               "reminder cards, letters, orders, approval sheets, requests for data",
    .details = "不带名称列出全部表单。文字是规则包 master 的 forms/,县里可以改。\n示例:taizhang -C 县 form rectify -o 通知书 --format docx\n"
               "      taizhang -C 县 issue letters --send && taizhang -C 县 form urge --issued -o 函|"
               "Without a name it lists the forms. Their texts are forms/ of the pack master, which a county may change.\n"
               "Example: taizhang -C DIR form rectify -o orders --format docx\n         taizhang -C DIR form urge --issued -o letters",
    .options = OPTIONS,
    .is_listing = true,
    .run = run,
};
