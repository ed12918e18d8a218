/* SPDX-License-Identifier: Apache-2.0 */
/* A chart of one series in plain text, for a terminal. */
#include "summary/chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int chart_init(chart_t *c, size_t points, error_t *e)
{
    c->points = points;
    c->x = calloc(points + 1, sizeof *c->x);
    c->y = calloc(points + 1, sizeof *c->y);
    if (c->x == NULL || c->y == NULL) {
        return ERROR_RAISE(e, ERROR_MEMORY, "out of memory for a chart of %zu points", points);
    }
    return 0;
}

void chart_free(chart_t *c)
{
    free(c->x);
    free(c->y);
    memset(c, 0, sizeof *c);
}

void chart_put(chart_t *c, size_t i, double x, double y)
{
    c->x[i] = x;
    c->y[i] = y;
}

/* Smallest and largest value; 0 when there is none. */
static int range(const chart_t *c, double *low, double *high)
{
    int any = 0;
    for (size_t i = 0; i < c->points; i++) {
        if (isfinite(c->y[i])) {
            *low = any ? fmin(*low, c->y[i]) : c->y[i];
            *high = any ? fmax(*high, c->y[i]) : c->y[i];
            any = 1;
        }
    }
    return any;
}

static int row_of(double value, double low, double high)
{
    double share = high > low ? (value - low) / (high - low) : 0.0;
    return (int)lround(share * (CHART_HEIGHT - 1));
}

static int column_of(const chart_t *c, size_t i)
{
    double first = c->x[0], last = c->x[c->points - 1];
    double share = last > first ? (c->x[i] - first) / (last - first) : 0.0;
    return (int)lround(share * (CHART_WIDTH - 1));
}

static void draw(const chart_t *c, double low, double high,
                 char picture[CHART_HEIGHT][CHART_WIDTH + 1])
{
    for (int row = 0; row < CHART_HEIGHT; row++) {
        memset(picture[row], ' ', CHART_WIDTH);
        picture[row][CHART_WIDTH] = '\0';
    }
    for (size_t i = 0; i < c->points; i++) {
        if (isfinite(c->y[i])) {
            picture[row_of(c->y[i], low, high)][column_of(c, i)] = '*';
        }
    }
}

void chart_print(const chart_t *c, const char *title, const char *unit, FILE *out)
{
    char picture[CHART_HEIGHT][CHART_WIDTH + 1];
    double low = 0.0, high = 0.0;
    fprintf(out, "\n%s%s%s, simulated\n", title, *unit != '\0' ? ", " : "", unit);
    if (c->points == 0 || !range(c, &low, &high)) {
        fprintf(out, "  (no values)\n");
        return;
    }
    draw(c, low, high, picture);
    for (int row = CHART_HEIGHT - 1; row >= 0; row--) {
        double value = low + (high - low) * row / (CHART_HEIGHT - 1);
        if (row % 4 == 0) {
            fprintf(out, "%10.4g |%s\n", value, picture[row]);
        } else {
            fprintf(out, "%10s |%s\n", "", picture[row]);
        }
    }
    fprintf(out, "%10s +", "");
    for (int i = 0; i < CHART_WIDTH; i++) {
        fputc('-', out);
    }
    fprintf(out, "\n%12s%-8.6g%*s%.6g day\n", "", c->x[0], CHART_WIDTH - 16, "",
            c->x[c->points - 1]);
}
