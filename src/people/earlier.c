/* earlier - what an earlier run found among records that are known already, so that a new batch is compared alone. */
#include <math.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/map.h"
#include "formats/book.h"
#include "people/level.h"
#include "people/run.h"

enum { MOST_WEIGHT = 100000 }; /* more than all comparisons at their bound */

static tz_rc refuse(const char *path, int64_t row_no, tz_err *err)
{
    (void)tz_fail(err, TZ_INPUT, "应是先前链接写下的文件,其编号都在第一个文件中",
                  "the file should be one that linking wrote, of records of the first file");
    return tz_err_at(err, tz_file_base(path), NULL, row_no, NULL);
}

/* The first rule that gives the pair; rule_count where its block has become too large since, so that linking everything
 * again would not look at it either. */
static size_t rule_of(const tz_blocks *blocks, uint32_t a, uint32_t b)
{
    for (size_t r = 0; r < blocks->rule_count; r++)
        if (tz_blocks_give(blocks, r + 1, a, b))
            return r;
    return blocks->rule_count;
}

static tz_rc take_row(tz_link_run *run, const tz_ids *ids, const char *path, const tz_row *row, tz_err *err)
{
    if (row->count < 3)
        return refuse(path, row->row_no, err);
    size_t a = tz_ids_find(ids, row->cells[0].text), b = tz_ids_find(ids, row->cells[1].text);
    double weight = tz_number_of(row->cells[2].text);
    if (a >= run->known || b >= run->known || a == b || !(fabs(weight) < MOST_WEIGHT))
        return refuse(path, row->row_no, err);
    tz_found pair = {.a = (uint32_t)(a < b ? a : b),
                     .b = (uint32_t)(a < b ? b : a),
                     .weight = (int32_t)lround(weight * 100)};
    size_t rule = rule_of(&run->blocks, pair.a, pair.b);
    pair.rule = (uint8_t)rule;
    if (pair.weight >= run->review && rule < run->blocks.rule_count)
        tz_push(&run->founds_mem, &run->founds, pair);
    return TZ_OK;
}

static tz_rc read_pairs(tz_link_run *run, const tz_ids *ids, const char *path, tz_err *err)
{
    tz_rc rc = TZ_OK;
    tz_arena mem = {0};
    tz_book *book = NULL;
    tz_sheet *sheet = NULL;
    const tz_row *row = NULL;

    TZ_TRY(tz_book_open(&mem, path, &book, err));
    TZ_TRY(tz_sheet_open(&mem, book, 0, &sheet, err));
    TZ_TRY(tz_sheet_next(sheet, &row, err));
    if (row == NULL || row->count < 3 || !tz_text_is(row->cells[2].text, "weight")) {
        rc = refuse(path, 1, err);
        goto done;
    }
    while (row != NULL) {
        TZ_TRY(tz_sheet_next(sheet, &row, err));
        if (row != NULL)
            TZ_TRY(take_row(run, ids, path, row, err));
    }
done:
    tz_sheet_close(sheet);
    tz_book_close(book);
    tz_arena_free(&mem);
    return rc;
}

tz_rc tz_run_recall(tz_link_run *run, tz_err *err)
{
    tz_assert(run->known > 0 && run->options->known_links != NULL && run->options->known_review != NULL);
    tz_rc rc = TZ_OK;
    tz_arena mem = {0};
    tz_ids ids;
    size_t twice = 0;

    tz_ids_make(&mem, &run->table, 0, run->known, &ids, &twice);
    TZ_TRY(read_pairs(run, &ids, run->options->known_links, err));
    TZ_TRY(read_pairs(run, &ids, run->options->known_review, err));
done:
    tz_arena_free(&mem);
    return rc;
}
