#include "base/app.h"

#include <stdio.h>
#include <time.h>

#include "base/assert.h"

int64_t tz_app_now_ms(const tz_app *app)
{
    tz_assert(app != NULL && app->now_ms != NULL);
    return app->now_ms(app->context);
}

void tz_app_progress(const tz_app *app, const char *what, int64_t done, int64_t total)
{
    tz_assert(app != NULL);
    if (app->progress != NULL)
        app->progress(app->context, what, done, total);
}

bool tz_app_should_stop(const tz_app *app)
{
    tz_assert(app != NULL);
    return app->should_stop != NULL && app->should_stop(app->context);
}

void tz_time_format(int64_t ms, char out[TZ_TIME_TEXT])
{
    time_t    seconds = (time_t)(ms / 1000);
    struct tm parts;

    tz_assert(ms >= 0);
    struct tm *is_made = gmtime_r(&seconds, &parts);
    tz_assert(is_made != NULL);
    (void)snprintf(out, TZ_TIME_TEXT, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ",
                   (unsigned)(parts.tm_year + 1900) % 10000, (unsigned)(parts.tm_mon + 1) % 100,
                   (unsigned)parts.tm_mday % 100, (unsigned)parts.tm_hour % 100,
                   (unsigned)parts.tm_min % 100, (unsigned)parts.tm_sec % 100,
                   (unsigned)(ms % 1000));
}
