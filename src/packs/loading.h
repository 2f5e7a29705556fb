/* loading - what the files of the pack reader share. */
#ifndef TZ_PACKS_LOADING_H
#define TZ_PACKS_LOADING_H

#include "formats/yaml.h"
#include "packs/pack.h"

/* What stands for a source that nobody gave. */
#define TZ_UNSOURCED "县里自定,无出处 | county's own, unsourced"

/* Where reading stands: one pack. */
typedef struct {
    tz_arena        *mem;
    const tz_county *county;
    tz_pack         *pack;
    const char      *folder; /* of the pack */
    const char      *file;   /* being read, as errors name it: "student-aid/pack.yaml" */
} tz_loading;

/* pack.yaml's `registers:` and `parameters:` and `ledgers:`. TZ_INPUT with file and line. */
TZ_MUST tz_rc tz_load_registers(tz_loading *from, const tz_yaml *map, tz_err *err);
TZ_MUST tz_rc tz_load_parameters(tz_loading *from, const tz_yaml *map, tz_err *err);
TZ_MUST tz_rc tz_load_ledgers(tz_loading *from, const tz_yaml *map, tz_err *err);

/* pack.yaml's `levels:`; and what holds of all packs' together, once they are loaded. */
TZ_MUST tz_rc tz_load_levels(tz_loading *from, const tz_yaml *map, tz_err *err);
TZ_MUST tz_rc tz_levels_judge(const tz_packs *packs, tz_err *err);

/* pack.yaml's `policies:`; and what can only be judged when all packs are there. */
TZ_MUST tz_rc tz_load_policies(tz_loading *from, const tz_yaml *map, tz_err *err);
TZ_MUST tz_rc tz_judge_policy(const tz_packs *packs, const tz_policy *policy, tz_err *err);

/* checks/NAME.sql and figures.sql. */
TZ_MUST tz_rc tz_load_check(tz_loading *from, const char *name, tz_text text, tz_err *err);
TZ_MUST tz_rc tz_load_figures(tz_loading *from, tz_text text, tz_err *err);

/* assertions.yaml and said.yaml. */
TZ_MUST tz_rc tz_load_assertions(tz_loading *from, const tz_yaml *list, tz_err *err);
TZ_MUST tz_rc tz_load_said(tz_loading *from, const tz_yaml *map, tz_err *err);

/* publications.yaml, and what can only be judged when all packs are there. */
TZ_MUST tz_rc tz_load_publications(tz_loading *from, const tz_yaml *list, tz_err *err);
TZ_MUST tz_rc tz_judge_publication(const tz_packs *packs, const tz_publishing *publishing, tz_err *err);

/* "疑似危房 鉴定; 危房 认定": alternatives of words. */
void tz_load_words(tz_arena *mem, const char *text, tz_saying *saying);

/* ---- Small readers ---- */

/* A list of texts, or one text, or "a, b"; nothing for NULL. */
tz_strings tz_load_strings(tz_arena *mem, const tz_yaml *node);
tz_strings tz_split_commas(tz_arena *mem, const char *text);
/* yes/no, true/false; `otherwise` for NULL. TZ_INPUT. */
TZ_MUST tz_rc tz_load_bool(tz_loading *from, const tz_yaml *map, const char *key, bool otherwise, bool *ret, tz_err *err);
/* A whole number from `least` to `most`; `otherwise` where the key is absent. TZ_INPUT. */
TZ_MUST tz_rc tz_load_number(tz_loading *from, const tz_yaml *map, const char *key, int least, int most, int otherwise, int *ret_number,
                             tz_err *err);
/* Names used in SQL: lower-case letters, digits, _; not starting with a digit or _. */
bool tz_is_sql_name(const char *name);
/* Index of text in the NULL-terminated names, or -1. */
int tz_index_of(const char *const *names, const char *text);

#endif
