#include "formats/rowbuf.h"

#include "base/assert.h"
#include "base/limits.h"

tz_rowbuf tz_rowbuf_init(tz_arena *mem)
{
    return (tz_rowbuf){.mem = mem, .texts = tz_buf_init(mem, 0)};
}

void tz_rowbuf_begin(tz_rowbuf *row)
{
    row->cells.count = 0;
    row->starts.count = 0;
    row->start = 0;
    row->is_cut = false;
    tz_buf_reset(&row->texts);
}

void tz_rowbuf_text(tz_rowbuf *row)
{
    row->start = row->texts.size;
    row->is_cut = false;
}

/* Cuts between two characters: at the first byte of the one that does not fit. */
static size_t fitting(tz_text piece, size_t room)
{
    while (room > 0 && ((unsigned char)piece.data[room] & 0xC0) == 0x80)
        room--;
    return room;
}

void tz_cell_fit(tz_cell *cell)
{
    if (cell->text.size <= TZ_MAX_CELL_BYTES)
        return;
    cell->text.size = fitting(cell->text, TZ_MAX_CELL_BYTES);
    cell->is_cut = true;
}

void tz_rowbuf_put(tz_rowbuf *row, tz_text piece)
{
    size_t room = TZ_MAX_CELL_BYTES - (row->texts.size - row->start);

    if (row->is_cut)
        return;
    if (room > TZ_MAX_ROW_BYTES - row->texts.size)
        room = TZ_MAX_ROW_BYTES - row->texts.size;
    row->is_cut = piece.size > room;
    tz_buf_put(&row->texts, row->is_cut ? tz_text_cut(piece, 0, fitting(piece, room)) : piece);
}

tz_text tz_rowbuf_get(const tz_rowbuf *row)
{
    return tz_text_cut(tz_buf_text(&row->texts), row->start, row->texts.size);
}

void tz_rowbuf_cell(tz_rowbuf *row, int32_t column, tz_cell cell)
{
    tz_assert(column >= 0 && column < TZ_MAX_COLUMNS);
    bool is_put = cell.text.data == NULL;

    if ((size_t)column > row->cells.count)
        row->padding += (int64_t)((size_t)column - row->cells.count);
    while (row->cells.count <= (size_t)column) {
        tz_push(row->mem, &row->cells, (tz_cell){.style = -1});
        tz_push(row->mem, &row->starts, SIZE_MAX);
    }
    if (is_put) {
        cell.text.size = row->texts.size - row->start;
        cell.is_cut |= row->is_cut;
    } else {
        tz_cell_fit(&cell);
    }
    if (cell.text.size == 0)
        cell = (tz_cell){.style = cell.style};
    row->cells.items[column] = cell;
    row->starts.items[column] = is_put ? row->start : SIZE_MAX;
}

tz_row tz_rowbuf_end(tz_rowbuf *row, int64_t row_no)
{
    tz_text all = tz_buf_text(&row->texts);

    for (size_t i = 0; i < row->cells.count; i++)
        if (row->starts.items[i] != SIZE_MAX && row->cells.items[i].text.size > 0)
            row->cells.items[i].text.data = all.data + row->starts.items[i];
    return (tz_row){.row_no = row_no, .count = row->cells.count, .cells = row->cells.items};
}
