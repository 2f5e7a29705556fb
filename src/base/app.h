/* app - what a run may ask of the world: the time, the reader's language, a progress line.
 *
 * One value, made by cli or web and passed down, so that a test can fix the clock and look at the
 * progress.  Nothing below cli and web reads the clock, the environment or the terminal itself.
 */
#ifndef TZ_BASE_APP_H
#define TZ_BASE_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* What is derived names the version that made it. */
#define TZ_VERSION "0.1.0"

typedef struct tz_app tz_app;
struct tz_app {
    tz_lang lang;
    /* Milliseconds since 1970-01-01 UTC. */
    int64_t (*now_ms)(void *context);
    /* Called now and then in long work: what is done ("中文|English"), how far (total 0: unknown).
     * May be NULL. */
    void (*progress)(void *context, const char *what, int64_t done, int64_t total);
    /* True when the user asked to stop; may be NULL. Long loops ask and return TZ_STOPPED. */
    bool (*should_stop)(void *context);
    void *context;
    const char *program; /* path of the running program, for the worker */
    const char *user;    /* who acts; NULL until mapped */
};

int64_t tz_app_now_ms(const tz_app *app);
void    tz_app_progress(const tz_app *app, const char *what, int64_t done, int64_t total);
bool    tz_app_should_stop(const tz_app *app);

/* "2026-11-24T08:30:00.123Z" */
enum { TZ_TIME_TEXT = 32 };
void tz_time_format(int64_t ms, char out[TZ_TIME_TEXT]);

#endif
