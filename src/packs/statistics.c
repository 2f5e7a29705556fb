/* Written as macros: the engine computes them over whole columns, and what they are can be read here. */
#include "packs/statistics.h"

#include "base/assert.h"

static const char MACROS[] =
    /* The modified z-score of Iglewicz and Hoaglin (1993): 0.6745 is the median of |z| of a normal law. */
    "CREATE MACRO robust_z(x, middle, spread) AS"
    " 0.6745 * (CAST(x AS DOUBLE) - CAST(middle AS DOUBLE)) / nullif(CAST(spread AS DOUBLE), 0);"

    "CREATE MACRO first_digit(x) AS"
    " TRY_CAST(nullif(substr(ltrim(replace(CAST(abs(x) AS VARCHAR), '.', ''), '0'), 1, 1), '') AS BIGINT);"
    "CREATE MACRO benford_share(digit) AS"
    " CASE WHEN digit BETWEEN 1 AND 9 THEN log10(1.0 + 1.0 / CAST(digit AS DOUBLE)) END;"
    /* With the correction for continuity where it is the smaller part (Nigrini 2012). */
    "CREATE MACRO benford_gap(digit, seen, total) AS"
    " abs(CAST(seen AS DOUBLE) / nullif(CAST(total AS DOUBLE), 0) - benford_share(digit));"
    "CREATE MACRO benford_z(digit, seen, total) AS"
    " (benford_gap(digit, seen, total)"
    "  - CASE WHEN benford_gap(digit, seen, total) > 0.5 / total THEN 0.5 / total ELSE 0.0 END)"
    " / sqrt(benford_share(digit) * (1 - benford_share(digit)) / nullif(CAST(total AS DOUBLE), 0));"

    "CREATE MACRO relative_risk(hits, of_all, hits2, of_all2) AS"
    " (CAST(hits AS DOUBLE) / nullif(CAST(of_all AS DOUBLE), 0))"
    " / nullif(CAST(hits2 AS DOUBLE) / nullif(CAST(of_all2 AS DOUBLE), 0), 0);"
    "CREATE MACRO relative_risk_width(hits, of_all, hits2, of_all2) AS"
    " 1.959963984540054 * sqrt(1 / nullif(CAST(hits AS DOUBLE), 0) - 1 / CAST(of_all AS DOUBLE)"
    "   + 1 / nullif(CAST(hits2 AS DOUBLE), 0) - 1 / CAST(of_all2 AS DOUBLE));"
    "CREATE MACRO relative_risk_low(hits, of_all, hits2, of_all2) AS"
    " exp(ln(nullif(relative_risk(hits, of_all, hits2, of_all2), 0)) - relative_risk_width(hits, of_all, hits2, of_all2));"
    "CREATE MACRO relative_risk_high(hits, of_all, hits2, of_all2) AS"
    " exp(ln(nullif(relative_risk(hits, of_all, hits2, of_all2), 0)) + relative_risk_width(hits, of_all, hits2, of_all2));"

    /* The haversine on a sphere of the Earth's mean radius. */
    "CREATE MACRO distance_m(lat1, lon1, lat2, lon2) AS"
    " CASE WHEN abs(lat1) <= 90 AND abs(lat2) <= 90 AND abs(lon1) <= 180 AND abs(lon2) <= 180 THEN"
    "  2 * 6371008.8 * asin(sqrt(least(1.0, pow(sin(radians(CAST(lat2 AS DOUBLE) - CAST(lat1 AS DOUBLE)) / 2), 2)"
    "   + cos(radians(CAST(lat1 AS DOUBLE))) * cos(radians(CAST(lat2 AS DOUBLE)))"
    "   * pow(sin(radians(CAST(lon2 AS DOUBLE) - CAST(lon1 AS DOUBLE)) / 2), 2)))) END;"

    /* PostgreSQL's name and words for a day as text. */
    "CREATE MACRO to_char(day, words) AS"
    " strftime(day, replace(replace(replace(words, 'YYYY', '%Y'), 'MM', '%m'), 'DD', '%d'));"

    /* What a divisor becomes (guard.c): PostgreSQL's reading of a division by zero. */
    "CREATE MACRO tz_divisor(x) AS CASE WHEN x = 0 THEN error('division by zero') ELSE x END;";

tz_rc tz_statistics_register(tz_duck *duck, tz_err *err)
{
    tz_assert(duck != NULL);
    return tz_duck_exec(duck, MACROS, err);
}
