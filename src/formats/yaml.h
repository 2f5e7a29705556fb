/* yaml - a YAML document as a tree in which every node knows its line.
 *
 * By libyaml.  A safe part of YAML 1.1: one document, block and flow collections, plain and quoted
 * scalars, no anchors, aliases, tags or merge keys (each refused with its line); a mapping gives a
 * key once.  Scalars stay text: what they mean is the caller's schema, so `on`, `0140430` and
 * `1.10` are what was written.
 */
#ifndef TZ_FORMATS_YAML_H
#define TZ_FORMATS_YAML_H

#include "base/err.h"
#include "base/text.h"

typedef enum { TZ_YAML_SCALAR, TZ_YAML_LIST, TZ_YAML_MAP } tz_yaml_kind;

typedef struct tz_yaml tz_yaml;
struct tz_yaml {
    tz_yaml_kind kind;
    int64_t      line; /* 1-based */
    const char  *text; /* scalar, NUL-terminated */
    bool         is_quoted;
    bool         is_null; /* plain empty, ~ or null */
    const char  *key;  /* its key where the parent is a map */
    tz_yaml     *first; /* children in order */
    tz_yaml     *next;
    size_t       count;
};

/* Parses; the tree lives in mem. TZ_INPUT with file and line; TZ_LIMIT. An empty document is an
 * empty map. */
TZ_MUST tz_rc tz_yaml_parse(tz_arena *mem, const char *file, tz_text text, tz_yaml **ret_root,
                            tz_err *err);
TZ_MUST tz_rc tz_yaml_load(tz_arena *mem, const char *path, tz_yaml **ret_root, tz_err *err);

/* The member of a map, or NULL (also when map is NULL or no map). */
const tz_yaml *tz_yaml_get(const tz_yaml *map, const char *key);

/* The text of a member scalar, `otherwise` when it is absent or null. */
const char *tz_yaml_str(const tz_yaml *map, const char *key, const char *otherwise);

/* Fails with TZ_INPUT at node's line of file. */
tz_rc tz_yaml_fail(tz_err *err, const char *file, const tz_yaml *node, const char *zh,
                   const char *en, ...) __attribute__((format(printf, 4, 6), format(printf, 5, 6)));

/* Refuses keys of map (NULL: there are none) that are not among the NULL-terminated names: names the key, its line and
 * the names that are allowed. */
TZ_MUST tz_rc tz_yaml_only(const char *file, const tz_yaml *map, const char *const *names,
                           tz_err *err);

/* Iterate: TZ_YAML_EACH(item, list) { … } */
#define TZ_YAML_EACH(item, parent) \
    for (const tz_yaml *item = (parent) == NULL ? NULL : (parent)->first; item != NULL; item = item->next)

#endif
