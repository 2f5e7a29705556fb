/* packwork - what a pack's author does before a county sees it: begin one, check it, print its catalogue.
 *
 * `pack` below is the name of a shipped pack or a folder with a pack.yaml; it is loaded beside population and what it
 * uses, without a county.
 */
#ifndef TZ_FLOW_PACKWORK_H
#define TZ_FLOW_PACKWORK_H

#include "base/app.h"
#include "base/json.h"
#include "packs/pack.h"

/* The folder of a pack: itself, or that of the shipped one. TZ_MISSING. */
TZ_MUST tz_rc tz_flow_pack_find(tz_arena *mem, const tz_app *app, const char *pack, const char **ret_folder, tz_err *err);

/* Population, what the pack in the folder uses, and the pack itself, in the order in which county.yaml lists them.
 * TZ_INPUT with file and line. */
TZ_MUST tz_rc tz_flow_pack_needs(tz_arena *mem, const char *folder, tz_strings *ret_names, tz_err *err);

/* Loads it. ret_pack is among ret_packs. TZ_MISSING, TZ_INPUT with file and line. */
TZ_MUST tz_rc tz_flow_pack_load(tz_arena *mem, const tz_app *app, const char *pack, tz_packs **ret_packs, const tz_pack **ret_pack,
                                tz_err *err);

/* Writes the catalogue of packs (all of them, or one) as one HTML page: of each rule its title, law, sentence, parameters
 * with their values and sources, fixtures and SQL. The same packs give the same bytes. TZ_SYSTEM. */
TZ_MUST tz_rc tz_flow_pack_doc(tz_arena *mem, const tz_packs *packs, const tz_pack *only, tz_lang lang, const char *out, tz_err *err);

/* Makes the folder `folder` (its last part is the pack's name) with a pack that passes lint and test: a register, a check
 * with its fixture, a figure, a section of the report, a page for the clerk. sample: a sheet whose header and values give
 * the register's columns, known titles being those of the shipped packs; NULL: a register of a payment to persons.
 * TZ_USAGE: the name is none, or the folder is there. TZ_INPUT: the sample has no header. ret_files: what was written. */
TZ_MUST tz_rc tz_flow_pack_new(tz_arena *mem, const tz_app *app, const char *folder, const char *sample, tz_strings *ret_files, tz_err *err);

#endif
