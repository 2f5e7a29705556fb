/* server - the door to the network: libmicrohttpd's daemon, its limits, and the wait for the end. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/assert.h"
#include "web/exchange.h"
#include "web/office.h"

static tz_rc parse_address(const tz_serve_options *options, struct sockaddr_storage *ret_address, tz_err *err)
{
    struct sockaddr_in  *v4 = (struct sockaddr_in *)ret_address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret_address;

    memset(ret_address, 0, sizeof *ret_address);
    if (inet_pton(AF_INET, options->address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(options->port);
    } else if (inet_pton(AF_INET6, options->address, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(options->port);
    } else {
        return tz_fail(err, TZ_USAGE, "“%s” 不是网络地址", "'%s' is no network address", options->address);
    }
    return TZ_OK;
}

/* How many connections there may be. Each is a file: as many as the machine lets us, and some left for the county's. */
static unsigned connections(void)
{
    struct rlimit limit = {0};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max < 65536 ? limit.rlim_max : 65536;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
    rlim_t most = limit.rlim_cur < 2 * TZ_WEB_SPARE_FILES ? limit.rlim_cur / 2 : limit.rlim_cur - TZ_WEB_SPARE_FILES;
    return most < TZ_WEB_CONNECTIONS ? (unsigned)most : TZ_WEB_CONNECTIONS;
}

static tz_rc start(tz_office *office, struct MHD_Daemon **ret_daemon, tz_err *err)
{
    tz_rc                   rc = TZ_OK;
    const tz_serve_options *options = &office->options;
    struct sockaddr_storage address;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | (office->is_tls ? MHD_USE_TLS : 0);

    TZ_TRY(parse_address(options, &address, err));
    flags |= address.ss_family == AF_INET6 ? MHD_USE_IPv6 : 0;
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)options->cert},
                                   {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)options->key},
                                   {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)"SECURE192:SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
                                   {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    struct MHD_Daemon *daemon =
        MHD_start_daemon(flags, options->port, NULL, NULL, tz_exchange_take, office, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
                         MHD_OPTION_NOTIFY_COMPLETED, tz_exchange_complete, NULL, MHD_OPTION_NOTIFY_CONNECTION, tz_pace_notify, &office->pace,
                         MHD_OPTION_THREAD_POOL_SIZE, 2u, MHD_OPTION_CONNECTION_LIMIT, connections(),
                         MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)TZ_WEB_CONNECTIONS_OF_ONE, MHD_OPTION_STRICT_FOR_CLIENT, 1,
                         MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)TZ_WEB_IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                         (size_t)TZ_WEB_CONNECTION_BYTES, MHD_OPTION_ARRAY, office->is_tls ? tls : none, MHD_OPTION_END);
    if (daemon == NULL) {
        rc = tz_fail(err, TZ_SYSTEM, "不能在 %s 端口 %d 上服务", "cannot serve on %s port %d", options->address, (int)options->port);
        rc = tz_err_advise(err, "端口可能已被占用,用 --listen 地址:端口 另选一个", "the port may be in use: choose another with --listen ADDR:PORT");
        goto done;
    }
    *ret_daemon = daemon;
done:
    return rc;
}

static void wait_for_end(tz_office *office)
{
    for (int tenths = 0; !tz_app_should_stop(office->options.app); tenths++) {
        (void)nanosleep(&(struct timespec){.tv_nsec = 100000000L}, NULL);
        if (tenths % 10 == 0)
            tz_pace_sweep(&office->pace);
    }
}

tz_rc tz_serve(const tz_serve_options *options, void (*ready)(void *context, uint16_t port), void *context, tz_err *err)
{
    tz_assert(options != NULL && options->app != NULL && (options->folder != NULL || options->is_public_alone) && options->address != NULL);
    tz_assert(!options->is_public_alone || options->public_folder != NULL);
    tz_rc              rc = TZ_OK;
    tz_office         *office = NULL;
    struct MHD_Daemon *daemon = NULL;

    TZ_TRY(tz_office_open(options, &office, err));
    TZ_TRY(start(office, &daemon, err));
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    if (ready != NULL)
        ready(context, info == NULL ? options->port : info->port);
    wait_for_end(office);
done:
    if (office != NULL)
        tz_office_end(office); /* answers what waits before the connections go */
    if (daemon != NULL)
        MHD_stop_daemon(daemon);
    tz_office_close(office);
    return rc;
}
