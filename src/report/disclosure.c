#include "report/disclosure.h"

#include "base/assert.h"

/* Rules 1 and 2: what a cell may show by itself. */
static tz_cell_fate alone(const tz_public_cell *cell)
{
    int64_t moved = cell->has_last ? cell->value - cell->last : 0;

    if (cell->value < TZ_LEAST_COUNT)
        return TZ_CELL_HIDDEN;
    return moved != 0 && moved < TZ_LEAST_COUNT && moved > -TZ_LEAST_COUNT ? TZ_CELL_HELD : TZ_CELL_SHOWN;
}

void tz_disclosure_guard(tz_public_cell *parts, size_t count, tz_public_cell *total)
{
    tz_assert((parts != NULL || count == 0) && total != NULL);
    bool            has_hidden = false, has_held = false;
    tz_public_cell *other = NULL;

    total->fate = alone(total);
    for (size_t i = 0; i < count; i++) {
        parts[i].fate = alone(&parts[i]);
        has_hidden |= parts[i].fate == TZ_CELL_HIDDEN;
        has_held |= parts[i].fate == TZ_CELL_HELD;
    }
    if (!has_hidden && !has_held)
        return;
    int64_t least = TZ_LEAST_COUNT + (has_held ? 2 * (TZ_LEAST_COUNT - 1) : 0);
    for (size_t i = 0; i < count; i++)
        if (parts[i].fate == TZ_CELL_SHOWN && parts[i].value >= least && (other == NULL || parts[i].rank < other->rank))
            other = &parts[i];
    if (other != NULL)
        other->fate = TZ_CELL_HIDDEN;
    else
        total->fate = TZ_CELL_HIDDEN;
}
