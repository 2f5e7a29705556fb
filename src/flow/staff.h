/* staff - the people of a demo county: one account a role, all with one known password. */
#ifndef TZ_FLOW_STAFF_H
#define TZ_FLOW_STAFF_H

#include "flow/flow.h"

#define TZ_STAFF_PASSWORD "demo-taizhang"

typedef struct {
    const char *user, *name, *unit, *roles;
    const char *title; /* what they do, "中文|English" */
} tz_staff;
extern const tz_staff TZ_STAFF[]; /* ends with a NULL user */

/* Adds those of TZ_STAFF who are not there yet, and gives all of them the password. TZ_REFUSED: the county does not say
 * that it is a demo (demo: true in county.yaml), or people work in it who are not of TZ_STAFF, beside its first user. */
TZ_MUST tz_rc tz_flow_staff(tz_session *session, tz_err *err);

#endif
