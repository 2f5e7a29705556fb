/* pace - ends connections that take too long, however lively they trickle.
 *
 * The library ends a connection that has been silent for a while; one that sends a byte now and then would hold its place
 * for ever.  So each connection has a moment by which what it is at has to be over: the head of a request, its body, an
 * answer.  Bodies and answers have as long as a slow line needs for their bytes (TZ_WEB_SLOWEST_BYTES a second). */
#ifndef TZ_WEB_PACE_H
#define TZ_WEB_PACE_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdint.h>

typedef struct tz_paced tz_paced; /* a connection */

/* All of a daemon; its lock is its owner's to make. */
typedef struct {
    pthread_mutex_t lock;
    int64_t         head_ms, body_ms; /* for a head; for a body or an answer, and the time of its bytes at the slowest */
    tz_paced       *first;
} tz_pace;

/* For MHD_OPTION_NOTIFY_CONNECTION, with the tz_pace: a connection that begins has the time of a head. */
void tz_pace_notify(void *pace, struct MHD_Connection *connection, void **of_socket, enum MHD_ConnectionNotificationCode code);

/* From now on: a head, `bytes` of a body or answer in all since it began; or as long as it takes, while we are at work. */
void tz_pace_head(struct MHD_Connection *connection);
void tz_pace_bytes(struct MHD_Connection *connection, int64_t since_ms, int64_t bytes);
void tz_pace_free(struct MHD_Connection *connection);

int64_t tz_pace_now_ms(void); /* of a clock that nobody sets */

/* Ends those whose time is over; to be called about once a second. */
void tz_pace_sweep(tz_pace *pace);

#endif
