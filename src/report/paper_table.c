/* paper_table - a table down the pages: its head again on each, its rows whole where they fit. */
#include "base/assert.h"
#include "report/paper.h"

#define PITCH 15.0
#define PADDING 3.0

typedef struct {
    tz_paper       *paper;
    const tz_table *table;
    double         *widths;
    tz_lines       *head;  /* a cell each */
    tz_lines       *cells; /* of the row being set: text, then note */
    double          top;   /* of the part on this page */
} setting;

static bool is_number(tz_column_type type)
{
    return type == TZ_COLUMN_INT || type == TZ_COLUMN_DECIMAL;
}

static void share_width(setting *at)
{
    int    weights = 0;
    double room = at->paper->right - at->paper->left;

    for (size_t c = 0; c < at->table->columns.count; c++)
        weights += at->table->columns.items[c].weight;
    for (size_t c = 0; c < at->table->columns.count; c++)
        at->widths[c] = room * at->table->columns.items[c].weight / weights;
}

static tz_setting cell_setting(tz_column_type type, bool is_head)
{
    tz_setting how = {.face = is_head ? TZ_FACE_HEI : TZ_FACE_SONG, .size = TZ_SIZE_5, .pitch = PITCH, .left = PADDING, .right = PADDING};
    how.align = is_head ? TZ_ALIGN_CENTER : is_number(type) ? TZ_ALIGN_RIGHT : type == TZ_COLUMN_TEXT ? TZ_ALIGN_LEFT : TZ_ALIGN_CENTER;
    return how;
}

static void line(setting *at, double x1, double y1, double x2, double y2)
{
    cairo_set_line_width(at->paper->cairo, 0.5);
    cairo_set_source_rgb(at->paper->cairo, 0, 0, 0);
    cairo_move_to(at->paper->cairo, x1, y1);
    cairo_line_to(at->paper->cairo, x2, y2);
    cairo_stroke(at->paper->cairo);
}

/* Upright lines of the part that stands on this page. */
static void end_part(setting *at)
{
    double x = at->paper->left;

    if (at->paper->y <= at->top)
        return;
    for (size_t c = 0; c <= at->table->columns.count; c++) {
        line(at, x, at->top, x, at->paper->y);
        x += c < at->table->columns.count ? at->widths[c] : 0;
    }
}

static int most_lines(const setting *at, const tz_lines *cells, int per_cell)
{
    int most = 1;
    for (size_t c = 0; c < at->table->columns.count; c++) {
        int count = 0;
        for (int i = 0; i < per_cell; i++)
            count += cells[c * (size_t)per_cell + (size_t)i].count;
        most = count > most ? count : most;
    }
    return most;
}

/* Draws lines [from, to) of a row and the rule under it. */
static void put_lines(setting *at, const tz_lines *cells, int per_cell, int from, int to)
{
    double x = at->paper->left, y = at->paper->y + PADDING;

    cairo_tag_begin(at->paper->cairo, "TR", "");
    for (size_t c = 0; c < at->table->columns.count; c++) {
        int passed = 0;
        cairo_tag_begin(at->paper->cairo, per_cell == 1 ? "TH" : "TD", "");
        for (int i = 0; i < per_cell; i++) {
            const tz_lines *text = &cells[c * (size_t)per_cell + (size_t)i];
            int first = from > passed ? from - passed : 0, last = to - passed < text->count ? to - passed : text->count;
            passed += text->count;
            if (text->layout == NULL || first >= last)
                continue;
            cairo_tag_begin(at->paper->cairo, "P", "");
            tz_lines_draw(at->paper, text, first, last, x, y + (passed - text->count + first - from) * PITCH);
            cairo_tag_end(at->paper->cairo, "P");
        }
        cairo_tag_end(at->paper->cairo, per_cell == 1 ? "TH" : "TD");
        x += at->widths[c];
    }
    cairo_tag_end(at->paper->cairo, "TR");
    at->paper->y += (to - from) * PITCH + 2 * PADDING;
    line(at, at->paper->left, at->paper->y, at->paper->right, at->paper->y);
}

static void put_head(setting *at)
{
    at->top = at->paper->y;
    line(at, at->paper->left, at->paper->y, at->paper->right, at->paper->y);
    put_lines(at, at->head, 1, 0, most_lines(at, at->head, 1));
}

static double height_of(int lines)
{
    return lines * PITCH + 2 * PADDING;
}

static void next_page(setting *at)
{
    end_part(at);
    tz_paper_page(at->paper, at->paper->is_wide);
    put_head(at);
}

/* Sets the cells of a row, then draws them: whole, or over pages where no page holds them. */
static void put_row(setting *at, size_t row)
{
    size_t columns = at->table->columns.count;

    for (size_t c = 0; c < columns; c++) {
        const tz_table_cell *cell = tz_table_at(at->table, row, c);
        tz_column_type   type = at->table->columns.items[c].type;
        tz_setting     how = cell_setting(type, false);
        const char    *text = type == TZ_COLUMN_LEVEL ? tz_level_words(cell->text, at->paper->doc->lang) : cell->text;
        bool           has_note = cell->note != NULL && cell->note[0] != '\0';
        at->cells[2 * c] = tz_lines_text(at->paper, text, &how, at->widths[c]);
        how.is_faint = true;
        how.size = TZ_SIZE_SMALL_5;
        at->cells[2 * c + 1] = has_note ? tz_lines_text(at->paper, cell->note, &how, at->widths[c]) : (tz_lines){0};
    }
    int total = most_lines(at, at->cells, 2);
    double page = at->paper->bottom - at->paper->top - height_of(most_lines(at, at->head, 1));
    if (at->paper->y + height_of(total) > at->paper->bottom && height_of(total) <= page)
        next_page(at);
    for (int from = 0; from < total;) {
        int fit = (int)((at->paper->bottom - at->paper->y - 2 * PADDING) / PITCH);
        if (fit < 1) {
            next_page(at);
            continue;
        }
        int to = from + fit < total ? from + fit : total;
        if (from == 0)
            tz_paper_anchor(at->paper, tz_table_at(at->table, row, 0)->id, at->paper->y);
        put_lines(at, at->cells, 2, from, to);
        from = to;
    }
    for (size_t i = 0; i < 2 * columns; i++)
        tz_lines_free(&at->cells[i]);
}

void tz_paper_table(tz_paper *paper, const tz_table *table)
{
    tz_assert(table->columns.count > 0);
    size_t  columns = table->columns.count;
    setting at = {.paper = paper, .table = table};

    if (table->is_wide)
        tz_paper_page(paper, true);
    at.widths = tz_new_array(paper->mem, double, columns);
    at.head = tz_new_array(paper->mem, tz_lines, columns);
    at.cells = tz_new_array(paper->mem, tz_lines, 2 * columns);
    share_width(&at);
    for (size_t c = 0; c < columns; c++) {
        tz_setting how = cell_setting(TZ_COLUMN_TEXT, true);
        at.head[c] = tz_lines_text(paper, table->columns.items[c].title, &how, at.widths[c]);
    }
    tz_paper_room(paper, height_of(most_lines(&at, at.head, 1)) + height_of(1));
    cairo_tag_begin(paper->cairo, "Table", "");
    put_head(&at);
    for (size_t r = 0; r < tz_table_shown(table); r++)
        put_row(&at, r);
    end_part(&at);
    cairo_tag_end(paper->cairo, "Table");
    for (size_t c = 0; c < columns; c++)
        tz_lines_free(&at.head[c]);
    paper->y += PADDING * 2;
    if (table->is_wide)
        tz_paper_page(paper, false);
}
