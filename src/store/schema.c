#include "store/schema.h"

/* Applied in the order of their names; none refers to a table of a later one but by a foreign key,
 * which SQLite resolves when it is used. */
const tz_schema_file TZ_SCHEMA[] = {
#include "schema.inc"
};
const size_t TZ_SCHEMA_COUNT = sizeof TZ_SCHEMA / sizeof TZ_SCHEMA[0];

const tz_personal_column TZ_PERSONAL_COLUMNS[] = {
    {"user", "name"},           {"finding_event", "params"}, {"verdict", "note"}, {"issue", "title"},
    {"issue", "fields"},        {"issue_step", "note"},      {"evidence", "note"}, {NULL, NULL},
};
