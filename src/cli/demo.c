/* taizhang demo: the synthetic county's files. */
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "demo/demo.h"

static tz_rc run(tz_cli *cli, tz_err *err)
{
    int64_t     seed = 1, damage = 0;
    const char *scale_text = tz_cli_get(cli, "--scale");
    char       *end = NULL;
    double      scale = scale_text == NULL ? 1.0 : strtod(scale_text, &end);

    if (cli->args.count != 1)
        return tz_cli_usage(cli, err);
    if (scale_text != NULL && (*end != '\0' || !(scale >= 0.01 && scale <= 10)))
        return tz_fail(err, TZ_USAGE, "--scale 应在 0.01 到 10 之间", "--scale takes 0.01 to 10");
    tz_rc rc = tz_cli_int(cli, "--seed", 1, &seed, err);
    if (rc == TZ_OK)
        rc = tz_cli_int(cli, "--damage", 0, &damage, err);
    if (rc == TZ_OK && tz_cli_get(cli, "--damage") != NULL)
        rc = tz_demo_write_damaged(&cli->app, cli->args.items[0], (uint64_t)seed, scale, damage, err);
    else if (rc == TZ_OK)
        rc = tz_demo_write(&cli->app, cli->args.items[0], (uint64_t)seed, scale, tz_cli_get(cli, "--clean") != NULL, err);
    if (rc == TZ_OK)
        tz_cli_say(cli, "已写出虚构县的报表:%s(其中人物均为虚构)", "wrote the synthetic county's files: %s (all people in them are invented)",
                   cli->args.items[0]);
    return rc;
}

static const tz_option OPTIONS[] = {
    {"--seed", "N", "随机种子,默认 1|seed, default 1"},
    {"--scale", "S", "规模,1 约 15 万人|size, 1 is some 150,000 people"},
    {"--clean", NULL, "不埋任何问题|plant no defect"},
    {"--damage", "PERCENT",
     "不埋问题;身份证号、姓名、出生日期有这么多写错,答案注明每行是谁|"
     "plant no defect; so many numbers, names and birth dates are wrong, and the key says who each row is"},
    {NULL, NULL, NULL},
};

const tz_command TZ_CMD_DEMO = {
    .name = "demo",
    .usage = "DIR [--seed N] [--scale S] [--clean | --damage PERCENT]",
    .summary = "写出一个虚构县的部门报表和答案|write a synthetic county's files and their answer key",
    .options = OPTIONS,
    .run = run,
};
