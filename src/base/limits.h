/* limits - how large anything foreign may be, in one place.
 *
 * Past a limit a function returns TZ_LIMIT and says which.  Sizes are bytes unless named.
 */
#ifndef TZ_BASE_LIMITS_H
#define TZ_BASE_LIMITS_H

#define TZ_MAX_FILE_BYTES (2LL << 30)         /* one delivered file                         */
#define TZ_MAX_SHEETS 1023                    /* sheets of one file: 10 bits of a row's id  */
#define TZ_MAX_ROWS ((1 << 26) - 1)           /* rows of one sheet: 26 bits of a row's id   */
#define TZ_MAX_COLUMNS 16384                  /* as Excel                                   */
#define TZ_MAX_CELL_BYTES (256 << 10)         /* text of one cell                           */
#define TZ_MAX_ROW_BYTES (32 << 20)           /* texts of one row; a line of delimited text */
#define TZ_MAX_PADDING_CELLS 100000000        /* empty cells of a sheet before its filled ones */
#define TZ_MAX_REPEATED_CELLS 4000000         /* cells that a sheet only says to repeat     */
#define TZ_MAX_XLS_BYTES (128 << 20)          /* a BIFF workbook, which is read as a whole  */
#define TZ_MAX_INNER_BYTES (200 << 20)        /* all tables inside one archive, inflated    */
#define TZ_MAX_ZIP_RATIO 1000                 /* inflated to stored, for parts over 1 MiB   */
#define TZ_MAX_ZIP_ENTRIES 65536              /* entries of one archive                     */
#define TZ_MAX_PART_BYTES (4LL << 30)         /* one inflated part of an archive            */
#define TZ_MAX_SHARED_STRING_BYTES (1LL << 30) /* shared strings of one workbook            */
#define TZ_MAX_XML_DEPTH 128                  /* nesting of elements                        */
#define TZ_MAX_XML_AMPLIFICATION 64           /* entity expansion                           */
#define TZ_MAX_YAML_BYTES (4 << 20)           /* a pack's or county's YAML file             */
#define TZ_MAX_YAML_DEPTH 32
#define TZ_MAX_YAML_NODES 200000
#define TZ_MAX_SQL_BYTES (64 << 10)           /* one check or figure                        */
#define TZ_MAX_SQL_SECONDS 60                 /* one check or figure, default               */
#define TZ_MAX_SQL_MEMORY_MB 4096             /* the engine that runs packs' SQL            */
#define TZ_MAX_SQL_ROWS 2000000               /* rows that one check or figure may give     */
#define TZ_MAX_SQL_RESULT_BYTES (1LL << 30)
#define TZ_MAX_IMAGE_BYTES (64LL << 20)       /* one photo as evidence                      */
#define TZ_MAX_IMAGE_PIXELS (64LL << 20)      /* width times height                         */
#define TZ_MAX_IMAGE_COEFFICIENT_BYTES (256LL << 20) /* of a JPEG in several scans          */
#define TZ_MAX_JSON_DEPTH 64
#define TZ_MAX_BUF_BYTES (1LL << 31)          /* a tz_buf without a maximum of its own      */
#define TZ_MAX_ARENA_BYTES (16LL << 30)       /* one arena                                  */

#endif
