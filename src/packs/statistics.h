/* statistics - the statistics that a fraud analyst uses, as functions of SQL.
 *
 *   robust_z(x, median, mad)               DOUBLE  0.6745 (x - median) / mad; above 3.5 is unusual
 *   first_digit(x)                         BIGINT  1 to 9 of a number that is not 0
 *   benford_share(digit)                   DOUBLE  log10(1 + 1 / digit): how often it leads by Benford
 *   benford_z(digit, seen, total)          DOUBLE  how far `seen` of `total` is from that, in standard errors
 *   relative_risk(hits, of, hits2, of2)    DOUBLE  (hits / of) / (hits2 / of2)
 *   relative_risk_low(…), relative_risk_high(…)  its interval of 95 % (Katz, on the logarithm)
 *   distance_m(lat1, lon1, lat2, lon2)     DOUBLE  metres on the sphere, degrees in
 *   to_char(day, words)                    VARCHAR with YYYY, MM and DD in words, as PostgreSQL's
 *
 * Null where an argument is null or the question has no answer (no spread, nobody at risk, no such
 * place).  `median` and `mad` are the engine's aggregates, also over windows.  docs/format/checks.md
 * holds them with their sources; tests/unit/query.c holds them against known values.
 */
#ifndef TZ_PACKS_STATISTICS_H
#define TZ_PACKS_STATISTICS_H

#include "store/duck.h"

/* Makes them known to a session. TZ_SYSTEM. */
TZ_MUST tz_rc tz_statistics_register(tz_duck *duck, tz_err *err);

#endif
