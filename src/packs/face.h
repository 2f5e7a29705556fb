/* face - a row as people look at it: whose sheet it stands in and its cells by their titles. */
#ifndef TZ_PACKS_FACE_H
#define TZ_PACKS_FACE_H

#include "base/json.h"
#include "packs/query.h"

/* {row_id, register, register_title, batch, file, sheet, row, quarantined, fields[{name, title, value, is_personal}]} of a found row. Fields
 * in the order of the register, empty ones left out; a place by its name. Personal values are masked where is_masked,
 * secret ones always. A new reference. */
json_t *tz_row_face(tz_arena *mem, const tz_packs *packs, const tz_row_found *row, bool is_masked, tz_lang lang);

/* The faces of rows in the order of their ids. Errors as tz_rows_find. */
TZ_MUST tz_rc tz_row_faces(tz_arena *mem, tz_store *store, const tz_packs *packs, const int64_t *row_ids, size_t count, bool is_masked,
                           tz_lang lang, json_t **ret_faces, tz_err *err);

#endif
