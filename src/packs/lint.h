/* lint - what is wrong with a pack though it loads: what nobody reads, joins that join nothing, numbers without a
 * source, people's data in rules, SQL that only one engine speaks, rules without a fixture.
 */
#ifndef TZ_PACKS_LINT_H
#define TZ_PACKS_LINT_H

#include "base/json.h"
#include "packs/pack.h"

/* [{rule, file, line, text}] in the order of the pack's files; text in the reader's language. The rules, each with an
 * example, stand in docs/format/lint.md. TZ_INPUT: a statement can't be parsed; TZ_SYSTEM. */
TZ_MUST tz_rc tz_pack_lint(tz_arena *mem, const tz_packs *packs, const tz_pack *pack, tz_lang lang, json_t **ret_rows, tz_err *err);

#endif
