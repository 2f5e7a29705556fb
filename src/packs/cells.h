/* cells - what a statement gave, as the JSON text that goes back to the county's process.
 *
 * Read from a stream, so that a result past its limits is stopped before it stands in memory.
 */
#ifndef TZ_PACKS_CELLS_H
#define TZ_PACKS_CELLS_H

#include <duckdb.h>

#include "base/text.h"

typedef enum { TZ_CELLS_OK, TZ_CELLS_TYPE, TZ_CELLS_RANGE, TZ_CELLS_ROWS, TZ_CELLS_BYTES } tz_cells_end;

/* Writes {"ok":true,"columns":[…],"rows":[[…]…] (the caller closes it) of a result that is a stream, until its end or the first
 * limit: a type that is not taken, a number past 64 bits, too many rows, too many bytes (out is made with
 * that maximum). Whether the engine ended the stream by an error is asked of the result afterwards. */
tz_cells_end tz_cells_write(duckdb_result *result, tz_buf *out);

#endif
