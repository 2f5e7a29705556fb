/* wire - frames between the county's process and its worker: a length and JSON text.
 *
 * Both sides treat a frame as hostile: a length over the limit or text that is no JSON ends it.
 */
#ifndef TZ_PACKS_WIRE_H
#define TZ_PACKS_WIRE_H

#include "base/json.h"

enum { TZ_WIRE_FD = 3 };

/* Writes a frame whole. False when the other side is gone. */
bool tz_wire_send(int fd, const json_t *frame);
bool tz_wire_send_text(int fd, tz_text frame); /* JSON that is text already */

/* Reads a frame; deadline_ms: how long to wait for each part, -1: for ever. NULL when the other
 * side is gone, late (*ret_is_late) or talks nonsense. The caller owns it. */
json_t *tz_wire_receive(int fd, int deadline_ms, bool *ret_is_late);

#endif
