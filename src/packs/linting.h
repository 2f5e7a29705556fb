/* linting - what the files of the lint share. */
#ifndef TZ_PACKS_LINTING_H
#define TZ_PACKS_LINTING_H

#include "packs/lint.h"
#include "packs/query.h"

typedef struct {
    tz_arena       *mem;
    const tz_packs *packs;
    const tz_pack  *pack;
    tz_lang         lang;
    json_t         *rows;
} tz_linting;

/* Adds a line; both texts take the same one argument ("" where they need none). */
void tz_lint_add(tz_linting *of, const char *rule, const char *file, int64_t line, const char *zh, const char *en, const char *what);

/* A statement that is looked at. */
typedef struct {
    const char     *file;
    int64_t         line;    /* of its first line */
    const char     *sql;
    const tz_check *check;   /* NULL: a figure */
    const char     *text;    /* as it was parsed: places are counted in it */
    const json_t   *tree;    /* of the SELECT */
    tz_strings      outputs; /* its columns, "" for those without a name */
    bool            has_star;
} tz_lint_statement;

/* The line of a node by its place in the text. */
int64_t tz_lint_line(const tz_lint_statement *of, const json_t *node);

/* What its tree tells: the dialect (lint_sql.c), its joins (lint_join.c), what nobody reads (lint_use.c). */
void tz_lint_dialect(tz_linting *of, const tz_lint_statement *statement);
void tz_lint_joins(tz_linting *of, const tz_lint_statement *statement);
void tz_lint_uses(tz_linting *of, const tz_lint_statement *statement);

#endif
