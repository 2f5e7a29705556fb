#include "people/svg.h"

#include <math.h>
#include <stdlib.h>
#include <stdio.h>

#include "base/assert.h"

enum { WIDTH = 760, LABELS = 330, ROW = 22, TOP = 34, PLOT_HEIGHT = 220, LEFT = 60 };

void tz_svg_text(tz_buf *out, const char *text)
{
    for (; *text != '\0'; text++)
        switch (*text) {
        case '&': tz_buf_puts(out, "&amp;"); break;
        case '<': tz_buf_puts(out, "&lt;"); break;
        case '>': tz_buf_puts(out, "&gt;"); break;
        case '"': tz_buf_puts(out, "&quot;"); break;
        default: tz_buf_char(out, (unsigned char)*text < ' ' && *text != '\t' && *text != '\n' ? '?' : *text);
        }
}

static void begin(tz_buf *out, const char *title, int height, bool is_file)
{
    tz_buf_printf(
        out,
        "<svg %sviewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" font-family=\"sans-serif\" font-size=\"13\">\n<title>",
        is_file ? "xmlns=\"http://www.w3.org/2000/svg\" " : "", WIDTH, height, WIDTH, height);
    tz_svg_text(out, title);
    tz_buf_puts(out, "</title>\n");
    if (is_file)
        tz_buf_printf(out, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", WIDTH, height);
}

static void put_text(tz_buf *out, double x, double y, const char *anchor, const char *text)
{
    tz_buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"#222\">", x, y, anchor);
    tz_svg_text(out, text);
    tz_buf_puts(out, "</text>\n");
}

/* ---- Bars ---- */

typedef struct {
    double low, high;
} range;

static range range_of(const tz_svg_bar *bars, size_t count)
{
    range of = {0, 0};
    for (size_t i = 0; i < count; i++) {
        of.low = fmin(of.low, fmin(bars[i].from, bars[i].to));
        of.high = fmax(of.high, fmax(bars[i].from, bars[i].to));
    }
    if (of.high - of.low < 1)
        of.high = of.low + 1;
    return of;
}

static double place(const range *of, double value)
{
    return LABELS + 10 + (value - of->low) / (of->high - of->low) * (WIDTH - LABELS - 80);
}

static void put_bar(tz_buf *out, const range *of, const tz_svg_bar *bar, double y)
{
    double from = place(of, bar->from), to = place(of, bar->to), left = fmin(from, to);
    const char *color = bar->is_total ? "#345" : bar->to >= bar->from ? "#2a7" : "#c43";

    put_text(out, LABELS, y + 14, "end", bar->label);
    tz_buf_printf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n", left,
                  y + 3, fmax(1, fabs(to - from)), ROW - 6, color);
    put_text(out, fmax(from, to) + 5, y + 14, "start", bar->note);
}

void tz_svg_bars(tz_buf *out, const char *title, const tz_svg_bar *bars, size_t count, bool is_file)
{
    tz_assert(out != NULL && bars != NULL && count > 0);
    range of = range_of(bars, count);
    int height = TOP + (int)count * ROW + 10;
    double zero = place(&of, 0);

    begin(out, title, height, is_file);
    tz_buf_printf(out, "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#999\"/>\n", zero, TOP - 8,
                  zero, height - 6);
    put_text(out, zero, TOP - 14, "middle", "0");
    for (size_t i = 0; i < count; i++)
        put_bar(out, &of, &bars[i], TOP + (double)i * ROW);
    tz_buf_puts(out, "</svg>\n");
}

/* ---- Plots ---- */

static double plot_x(double x_from, double x_to, double x)
{
    return LEFT + (x - x_from) / (x_to - x_from) * (WIDTH - LEFT - 120);
}

static void put_axes(tz_buf *out, const char *x_name, double x_from, double x_to)
{
    char label[32];

    tz_buf_printf(out, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#999\"/>\n", LEFT,
                  TOP + PLOT_HEIGHT, WIDTH - 120, TOP + PLOT_HEIGHT);
    for (int i = 0; i <= 4; i++) {
        double x = x_from + (x_to - x_from) * i / 4;
        (void)snprintf(label, sizeof label, "%.3g", x);
        put_text(out, plot_x(x_from, x_to, x), TOP + PLOT_HEIGHT + 18, "middle", label);
    }
    put_text(out, WIDTH - 110, TOP + PLOT_HEIGHT + 18, "start", x_name);
}

void tz_svg_lines(tz_buf *out, const char *title, const char *x_name, double x_from, double x_to,
                  const tz_svg_line *lines, size_t count)
{
    tz_assert(out != NULL && x_to > x_from);
    begin(out, title, TOP + PLOT_HEIGHT + 30, false);
    put_axes(out, x_name, x_from, x_to);
    for (int i = 0; i <= 4; i++) {
        char label[16];
        (void)snprintf(label, sizeof label, "%.2f", i / 4.0);
        put_text(out, LEFT - 8, TOP + PLOT_HEIGHT - PLOT_HEIGHT * i / 4.0 + 4, "end", label);
    }
    for (size_t i = 0; i < count; i++) {
        tz_buf_printf(out, "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"",
                      lines[i].color);
        for (size_t k = 0; k < lines[i].count; k++)
            tz_buf_printf(out, "%.1f,%.1f ", plot_x(x_from, x_to, lines[i].points[k].x),
                          TOP + PLOT_HEIGHT * (1 - lines[i].points[k].y));
        tz_buf_printf(out, "\"/>\n<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/>\n",
                      WIDTH - 115, TOP + (int)i * ROW, lines[i].color);
        put_text(out, WIDTH - 98, TOP + (double)i * ROW + 11, "start", lines[i].name);
    }
    tz_buf_puts(out, "</svg>\n");
}

void tz_svg_columns(tz_buf *out, const char *title, const char *x_name, double x_from, double x_to,
                    const int64_t *counts, size_t count)
{
    tz_assert(out != NULL && count > 0 && x_to > x_from);
    int64_t most = 1;
    char label[32];

    begin(out, title, TOP + PLOT_HEIGHT + 30, false);
    put_axes(out, x_name, x_from, x_to);
    for (size_t i = 0; i < count; i++)
        most = counts[i] > most ? counts[i] : most;
    for (size_t i = 0; i < count; i++) {
        double left = plot_x(x_from, x_to, x_from + (x_to - x_from) * (double)i / (double)count);
        double right = plot_x(x_from, x_to, x_from + (x_to - x_from) * (double)(i + 1) / (double)count);
        double tall = log1p((double)counts[i]) / log1p((double)most) * PLOT_HEIGHT;
        tz_buf_printf(
            out,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"#38b\"><title>%lld</title></rect>\n",
            left, TOP + PLOT_HEIGHT - tall, fmax(1, right - left - 1), tall, (long long)counts[i]);
    }
    (void)snprintf(label, sizeof label, "%lld", (long long)most);
    put_text(out, LEFT - 8, TOP + 8, "end", label);
    tz_buf_puts(out, "</svg>\n");
}
