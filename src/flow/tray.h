/* tray - files that a clerk dropped: kept in the county's folder, looked at, corrected, taken in or sent back.
 *
 * The bytes lie in tray/NUMBER/NAME of the county (mode 0600), what is known of them in desk.db (store/desk_staged.h).  Looking is
 * a dry run: nothing of it is in.  What the clerk says of register, date, sender and columns holds for the file.
 */
#ifndef TZ_FLOW_TRAY_H
#define TZ_FLOW_TRAY_H

#include "flow/flow.h"
#include "store/desk_staged.h"

/* Whether the first bytes are those of a table or an archive that can be read: xlsx, xls, ods, xml, html saved as xls, text, zip.
 * TZ_INPUT: a picture, a document, a program. TZ_MISSING, TZ_SYSTEM: it can't be read. */
TZ_MUST tz_rc tz_tray_sniff(const char *path, tz_err *err);

/* Keeps a file under its name as sent (cleaned). The bytes move: path is gone afterwards. Bytes that wait already under that name
 * are no new file. TZ_INPUT: as above, or empty. TZ_LIMIT: over TZ_MAX_FILE_BYTES, or too many wait. */
TZ_MUST tz_rc tz_tray_put(tz_desk *desk, const char *folder, const char *user, const char *name, const char *path, int64_t *ret_staged,
                           tz_err *err);

/* Looks at a file of a user (a session for reading is enough) and keeps what it found, in the language of the session's app,
 * which the first line of the look tells as `lang`; of parts that a sheet repeats the first line has the mapping. That it can't be
 * taken is what it found, no error here. TZ_MISSING; TZ_REFUSED: it was taken. */
TZ_MUST tz_rc tz_tray_look(tz_session *session, tz_desk *desk, const char *user, int64_t staged, tz_err *err);

/* Takes a file in, as corrected. registers: an array of the names that its sheets may be of, NULL: any. ret_batches: the batches'
 * numbers. That it can't be taken is kept as what was found. Errors as tz_import_file; TZ_MISSING; TZ_REFUSED: it was taken
 * already. */
TZ_MUST tz_rc tz_tray_take(tz_session *session, tz_desk *desk, const char *user, int64_t staged, const json_t *registers,
                           json_t **ret_batches, tz_err *err);

/* Writes the workbook of rows to be corrected to path. TZ_INPUT: the file can't be read. */
TZ_MUST tz_rc tz_tray_errors(tz_session *session, tz_desk *desk, const char *user, int64_t staged, const char *path, tz_err *err);

/* The file goes. TZ_MISSING. */
TZ_MUST tz_rc tz_tray_drop(tz_desk *desk, const char *folder, const char *user, int64_t staged, tz_err *err);

/* Removes what nobody waits for: files without a row, and those older than TZ_STAGED_DAYS. At the server's start. */
TZ_MUST tz_rc tz_tray_sweep(tz_desk *desk, const char *folder, tz_err *err);

/* The staged file's path, in mem. */
const char *tz_tray_path(tz_arena *mem, const char *folder, const json_t *staged);

#endif
