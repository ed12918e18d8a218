/* SPDX-License-Identifier: Apache-2.0 */
/* Draws bands over time. */
#include "page/figure_bands.h"

#include "page/figure.h"
#include "page/html.h"

#define TABLE_ROWS 13

static int any(const source_t *s, size_t arm, enum source_daily daily)
{
    const bands_point_t *p = bands_of(&s->bands, arm, daily);
    size_t n = 0;
    for (size_t i = 0; i < s->bands.days; i++) {
        n += p[i].n;
    }
    return n > 0;
}

int figure_bands_has(const source_t *s, enum source_daily daily)
{
    for (size_t arm = 0; arm < s->bands.arms; arm++) {
        if (any(s, arm, daily)) {
            return 1;
        }
    }
    return 0;
}

static void put_data(const source_t *s, size_t arm, enum source_daily daily, FILE *script)
{
    const bands_point_t *p = bands_of(&s->bands, arm, daily);
    fprintf(script, "$arm%zu << END\n", arm);
    for (size_t i = 0; i < s->bands.days; i++) {
        if (p[i].n > 0) {
            fprintf(script, "%g", p[i].day);
            for (int q = 0; q < BANDS_QUANTILES; q++) {
                fprintf(script, " %.6g", p[i].quantile[q]);
            }
            fputc('\n', script);
        }
    }
    fputs("END\n", script);
}

/* A part of the plot for each arm that has values: `using` its data, in its colour and `style`. */
static void put_each(const source_t *s, enum source_daily daily, const char *using,
                     const char *style, const char **comma, FILE *script)
{
    for (size_t arm = 0; arm < s->bands.arms; arm++) {
        if (any(s, arm, daily)) {
            fprintf(script, "%s$arm%zu using %s lc %s %s notitle", *comma, arm, using,
                    figure_colour(arm), style);
            *comma = ", \\\n ";
        }
    }
}

/* All bands first, so that no median is under one. Of several arms only the inner band is filled: two fills of two colours over one
 * another are neither's. */
static void put_plots(const source_t *s, enum source_daily daily, FILE *script)
{
    const char *comma = "plot ";
    if (s->bands.arms == 1) {
        put_each(s, daily, "1:2:6 with filledcurves", "fs transparent solid 0.10 noborder", &comma,
                 script);
    } else {
        put_each(s, daily, "1:2 with lines", "lw 0.9 dt (4,3)", &comma, script);
        put_each(s, daily, "1:6 with lines", "lw 0.9 dt (4,3)", &comma, script);
    }
    put_each(s, daily, "1:3:5 with filledcurves", "fs transparent solid 0.18 noborder", &comma,
             script);
    for (size_t arm = 0; arm < s->bands.arms; arm++) {
        if (any(s, arm, daily)) {
            fprintf(script, "%s$arm%zu using 1:4 with lines lw 2 lc %s title \"", comma, arm,
                    figure_colour(arm));
            figure_text(source_arm(s, arm), script);
            fputc('"', script);
            comma = ", \\\n ";
        }
    }
    fputc('\n', script);
}

void figure_bands_plot(const source_t *s, enum source_daily daily, FILE *script)
{
    for (size_t arm = 0; arm < s->bands.arms; arm++) {
        put_data(s, arm, daily, script);
    }
    /* A cell is spent long before its voltage is 0. */
    fprintf(script,
            "set xlabel \"days since enrolment\"\nset xrange [0:*]\nset autoscale xfixmax\nset "
            "yrange [%s:*]\n",
            daily == SOURCE_LOADED_V ? "*" : "0");
    put_plots(s, daily, script);
}

static void put_row(const source_t *s, size_t arm, const bands_point_t *p, const char *from,
                    FILE *out)
{
    html_row(out);
    html_cell_head(source_arm(s, arm), out);
    html_cell_number(p->day, from, out);
    html_cell_count(p->n, out);
    html_cell_number(p->quantile[BANDS_MEDIAN], from, out);
    html_cell_interval(p->ci[BANDS_MEDIAN].low, p->ci[BANDS_MEDIAN].high, out);
    html_cell_interval(p->quantile[1], p->quantile[3], out);
    html_cell_interval(p->quantile[0], p->quantile[4], out);
    html_row_end(out);
}

void figure_bands_table(const source_t *s, enum source_daily daily, const char *unit, FILE *out)
{
    char caption[96], from[80];
    const html_column_t column[] = {{"arm", 0},
                                    {"day", 1},
                                    {"patients", 1},
                                    {"median", 1},
                                    {"95 % CI of the median", 1},
                                    {"25 % to 75 %", 1},
                                    {"5 % to 95 %", 1}};
    const size_t step = s->bands.days / TABLE_ROWS + 1;
    (void)snprintf(caption, sizeof caption, "Between patients, %s", unit);
    (void)snprintf(from, sizeof from, "daily/%s", fields_get(source_field(daily))->name);
    html_table(caption, column, sizeof column / sizeof column[0], out);
    for (size_t arm = 0; arm < s->bands.arms; arm++) {
        const bands_point_t *p = bands_of(&s->bands, arm, daily);
        for (size_t i = 0; i < s->bands.days; i++) {
            if (p[i].n > 0 && (i % step == 0 || i + 1 == s->bands.days)) {
                put_row(s, arm, &p[i], from, out);
            }
        }
    }
    html_table_end(out);
}
