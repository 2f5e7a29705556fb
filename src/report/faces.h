/* faces - the typefaces of an official document (GB/T 9704-2012), and what stands for them where they are not
 * installed.
 *
 * The fonts that offices use are not free, so none is shipped: each face names the office's font first, then
 * the free ones of Debian that come nearest.
 */
#ifndef TZ_REPORT_FACES_H
#define TZ_REPORT_FACES_H

typedef enum {
    TZ_FACE_TITLE, /* 小标宋: titles */
    TZ_FACE_BODY,  /* 仿宋: text, headings of levels 3 and 4 */
    TZ_FACE_HEI,   /* 黑体: headings of level 1, emphasis */
    TZ_FACE_KAI,   /* 楷体: headings of level 2 */
    TZ_FACE_SONG,  /* 宋体: tables, page numbers */
    TZ_FACE_CODE,
    TZ_FACE_COUNT,
} tz_face;

typedef struct {
    const char *office;   /* the font that a DOCX names, as Word shows it */
    const char *latin;    /* for digits and Latin letters in a DOCX */
    const char *instead;  /* w:altName of a DOCX: parted by commas */
    const char *families; /* for fontconfig, parted by commas, the office's first */
    int         is_bold;  /* drawn bold where a free font has no weight of its own */
} tz_face_names;

const tz_face_names *tz_face_get(tz_face face);

/* Sizes of GB/T 9704 in points. */
#define TZ_SIZE_2 22.0      /* 2号: title */
#define TZ_SIZE_3 16.0      /* 3号: text */
#define TZ_SIZE_4 14.0      /* 4号: page numbers */
#define TZ_SIZE_SMALL_4 12.0 /* 小四 */
#define TZ_SIZE_5 10.5      /* 5号: tables */
#define TZ_SIZE_SMALL_5 9.0

/* The page in millimetres: A4, 156 x 225 of text, 22 lines of 28 characters. */
#define TZ_PAGE_WIDTH_MM 210.0
#define TZ_PAGE_HEIGHT_MM 297.0
#define TZ_PAGE_TOP_MM 37.0
#define TZ_PAGE_LEFT_MM 28.0
#define TZ_PAGE_RIGHT_MM 26.0
#define TZ_PAGE_BOTTOM_MM 35.0
enum { TZ_PAGE_LINES = 22, TZ_PAGE_CHARACTERS = 28 };

#endif
