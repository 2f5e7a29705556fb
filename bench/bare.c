/* bare - what reading costs at least, and what our reader costs: bare parts|rows|text FILE, bare run COMMAND…
 *
 * parts: inflates the first sheet and the shared strings of a workbook and hands them to expat with handlers that only
 * count, as any reader on libzip and expat must.  rows: reads all cells of the first sheet by formats/book.h.  text: reads
 * a file's bytes in blocks.  run: any command, its output away.  Each prints seconds of processor time and the peak of
 * memory in MiB.
 */
#include <expat.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zip.h>

#include "base/assert.h"
#include "formats/book.h"

typedef struct {
    uint64_t starts, ends, bytes;
} tally;

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    (void)name, (void)attributes;
    ((tally *)context)->starts++;
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    (void)name;
    ((tally *)context)->ends++;
}

static void XMLCALL on_text(void *context, const XML_Char *text, int size)
{
    (void)text;
    ((tally *)context)->bytes += (uint64_t)size;
}

static void parse_part(zip_t *zip, const char *name, tally *count)
{
    zip_file_t *file = zip_fopen(zip, name, 0);
    XML_Parser  parser = XML_ParserCreate(NULL);
    zip_int64_t size = 1;

    tz_assert(file != NULL && parser != NULL);
    XML_SetUserData(parser, count);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    while (size > 0) {
        char *block = XML_GetBuffer(parser, 65536);
        size = zip_fread(file, block, 65536);
        tz_assert(size >= 0 && XML_ParseBuffer(parser, (int)size, size == 0) == XML_STATUS_OK);
    }
    XML_ParserFree(parser);
    (void)zip_fclose(file);
}

static uint64_t read_parts(const char *path)
{
    tally  count = {0};
    zip_t *zip = zip_open(path, ZIP_RDONLY, NULL);

    tz_assert(zip != NULL);
    parse_part(zip, "xl/sharedStrings.xml", &count);
    parse_part(zip, "xl/worksheets/sheet1.xml", &count);
    zip_discard(zip);
    return count.starts;
}

static uint64_t read_rows(const char *path)
{
    tz_arena      mem = {0};
    tz_book      *book = NULL;
    tz_sheet     *sheet = NULL;
    const tz_row *row = NULL;
    tz_err        err;
    uint64_t      cells = 0;

    tz_assert(tz_book_open(&mem, path, &book, &err) == TZ_OK);
    tz_assert(tz_sheet_open(&mem, book, 0, &sheet, &err) == TZ_OK);
    while (tz_sheet_next(sheet, &row, &err) == TZ_OK && row != NULL)
        for (size_t i = 0; i < row->count; i++)
            cells += row->cells[i].kind != TZ_CELL_EMPTY;
    tz_sheet_close(sheet);
    tz_book_close(book);
    tz_arena_free(&mem);
    return cells;
}

static uint64_t read_text(const char *path)
{
    static char block[65536];
    int         fd = open(path, O_RDONLY);
    ssize_t     size;
    uint64_t    lines = 0;

    tz_assert(fd >= 0);
    while ((size = read(fd, block, sizeof block)) > 0)
        for (const char *at = block; (at = memchr(at, '\n', (size_t)(block + size - at))) != NULL; at++)
            lines++;
    (void)close(fd);
    return lines;
}

static int run(char **command)
{
    int   status = 0;
    pid_t child = fork();

    tz_assert(child >= 0);
    if (child == 0) {
        tz_assert(freopen("/dev/null", "w", stdout) != NULL);
        (void)execvp(command[0], command);
        _exit(127);
    }
    tz_assert(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(int count, char **words)
{
    struct rusage usage;
    uint64_t      counted = 0;
    bool          is_run = count > 2 && strcmp(words[1], "run") == 0;

    if (count != 3 && !is_run) {
        fprintf(stderr, "usage: bare parts|rows|text FILE, bare run COMMAND...\n");
        return 2;
    }
    if (is_run) {
        int status = run(words + 2);
        tz_assert(getrusage(RUSAGE_CHILDREN, &usage) == 0);
        if (status != 0)
            return status;
    } else {
        counted = strcmp(words[1], "parts") == 0  ? read_parts(words[2])
                  : strcmp(words[1], "rows") == 0 ? read_rows(words[2])
                                                  : read_text(words[2]);
        tz_assert(counted > 0 && getrusage(RUSAGE_SELF, &usage) == 0);
    }
    printf("%.2f %ld\n",
           (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
               (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
           usage.ru_maxrss / 1024);
    return 0;
}
