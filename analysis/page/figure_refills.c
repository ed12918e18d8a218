/* SPDX-License-Identifier: Apache-2.0 */
/* Counts and draws refills. */
#include "page/figure_refills.h"

#include <math.h>
#include <string.h>

#include "dataset/walk.h"
#include "page/html.h"

static const enum fields_id columns[][2] = {
    [FIGURE_DELIVERED] = {FIELD_REFILLS_DELIVERED_SINCE_ML, FIELD_REFILLS_COMMANDED_SINCE_ML},
    [FIGURE_FOUND] = {FIELD_REFILLS_READ_ML, FIELD_REFILLS_EXPECTED_ML},
};

static double value_of(enum figure_refills what, double first, double second)
{
    return what == FIGURE_FOUND ? first - second
           : second > 0.0       ? 100.0 * (first / second - 1.0)
                                : (double)NAN;
}

int figure_refills_has(const source_t *s, enum figure_refills what)
{
    (void)what;
    return reader_rows(s->reader, TABLE_REFILLS) > 0;
}

/* Takes each refill of an arm, or of all (-1). */
typedef void (*take_t)(void *context, double value);

static int each(const source_t *s, enum figure_refills what, int arm, take_t take, void *context,
                error_t *e)
{
    walk_t w;
    int rc = walk_begin(&w, s->reader, columns[what], 2, e);
    for (size_t i = 0; rc == 0 && i < s->history.people.records; i++) {
        size_t start, n;
        if (arm >= 0 && s->history.people.record[i].key.arm != arm) {
            continue;
        }
        rc = reader_range(s->reader, TABLE_REFILLS, i, &start, &n, e);
        for (size_t k = start; rc == 0 && k < start + n; k++) {
            take(context, value_of(what, walk_at(&w, 0, k), walk_at(&w, 1, k)));
            rc = w.failed;
        }
    }
    walk_end(&w);
    return rc;
}

typedef struct range_t {
    double low, high;
} range_t;

static void widen(void *context, double value)
{
    range_t *r = context;
    r->low = value < r->low ? value : r->low;
    r->high = value > r->high ? value : r->high;
}

/* 1, 2 or 5 times a power of ten, not below `least`. */
static double round_width(double least)
{
    const double power = pow(10.0, floor(log10(least)));
    const double times = least / power;
    return power * (times <= 1.0 ? 1.0 : times <= 2.0 ? 2.0 : times <= 5.0 ? 5.0 : 10.0);
}

static void count_one(void *context, double value)
{
    figure_refills_t *h = context;
    const double place = (value - h->low) / h->width;
    if (place >= 0.0 && place < (double)h->bins) {
        h->count[(size_t)place]++;
        h->refills++;
    }
}

int figure_refills_count(const source_t *s, enum figure_refills what, size_t arm,
                         figure_refills_t *h, error_t *e)
{
    range_t range = {(double)INFINITY, -(double)INFINITY};
    int rc = each(s, what, -1, widen, &range, e);
    memset(h, 0, sizeof *h);
    if (rc != 0 || range.low > range.high) {
        return rc;
    }
    const double span = range.high - range.low;
    h->width = round_width(span > 0.0 ? span / (FIGURE_REFILLS_BINS - 2) : 0.1);
    h->low = floor(range.low / h->width) * h->width;
    h->bins = (size_t)(floor(range.high / h->width) - floor(range.low / h->width)) + 1;
    return each(s, what, (int)arm, count_one, h, e);
}

static int put_data(const source_t *s, enum figure_refills what, size_t arm, FILE *script, int *any,
                    error_t *e)
{
    figure_refills_t h;
    const int rc = figure_refills_count(s, what, arm, &h, e);
    *any = h.refills > 0;
    fprintf(script, "$arm%zu << END\n", arm);
    for (size_t b = 0; b < h.bins && *any; b++) {
        const double share = 100.0 * (double)h.count[b] / (double)h.refills;
        fprintf(script, "%.6g %.5g\n%.6g %.5g\n", h.low + (double)b * h.width, share,
                h.low + (double)(b + 1) * h.width, share);
    }
    fputs("END\n", script);
    return rc;
}

int figure_refills_plot(const source_t *s, enum figure_refills what, FILE *script, error_t *e)
{
    const char *comma = "plot ";
    int any[PROVENANCE_NAMES_MAX] = {0}, rc = 0;
    for (size_t arm = 0; rc == 0 && arm < s->summary.arms; arm++) {
        rc = put_data(s, what, arm, script, &any[arm], e);
    }
    fprintf(script,
            "set xlabel \"%s\"\nset yrange [0:*]\nset arrow from 0, graph 0 to 0, graph 1 nohead "
            "lc rgb '#5a5e64' lw 1 back\n",
            what == FIGURE_FOUND ? "volume read off the syringe less volume expected (mL)"
                                 : "volume delivered over commanded, less 100 %");
    for (size_t arm = 0; arm < s->summary.arms; arm++) {
        if (any[arm]) {
            fprintf(script,
                    "%s$arm%zu using 1:2 with filledcurves y=0 lc %s fs transparent solid 0.15 "
                    "noborder notitle, \\\n '' using 1:2 with lines lw 2 lc %s title \"",
                    comma, arm, figure_colour(arm), figure_colour(arm));
            figure_text(source_arm(s, arm), script);
            fputc('"', script);
            comma = ", \\\n ";
        }
    }
    fputc('\n', script);
    return rc;
}

int figure_refills_table(const source_t *s, enum figure_refills what, FILE *out, error_t *e)
{
    const html_column_t column[] = {{"arm", 0}, {"from", 1}, {"to below", 1}, {"refills", 1}};
    const char *from = what == FIGURE_FOUND ? "refills/read_ml, expected_ml"
                                            : "refills/delivered_since_ml, commanded_since_ml";
    int rc = 0;
    html_table(what == FIGURE_FOUND ? "Refills by read less expected volume, mL"
                                    : "Refills by delivered over commanded volume less 100 %, %",
               column, sizeof column / sizeof column[0], out);
    for (size_t arm = 0; rc == 0 && arm < s->summary.arms; arm++) {
        figure_refills_t h;
        rc = figure_refills_count(s, what, arm, &h, e);
        for (size_t b = 0; b < h.bins; b++) {
            if (h.count[b] > 0) {
                html_row(out);
                html_cell_head(source_arm(s, arm), out);
                html_cell_number(h.low + (double)b * h.width, from, out);
                html_cell_number(h.low + (double)(b + 1) * h.width, from, out);
                html_cell_count(h.count[b], out);
                html_row_end(out);
            }
        }
    }
    html_table_end(out);
    return rc;
}
