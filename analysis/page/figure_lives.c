/* SPDX-License-Identifier: Apache-2.0 */
/* Draws the lives of pumps, and of catheters. */
#include "page/figure_lives.h"

#include <math.h>
#include <stdlib.h>

#include "page/html.h"
#include "statistics/catheters.h"
#include "statistics/lives.h"

static int is_of_catheters(enum figure_lives what)
{
    return what == FIGURE_CATHETERS_LEFT || what == FIGURE_CATHETERS_CAUSES;
}

static int is_of_causes(enum figure_lives what)
{
    return what == FIGURE_CAUSES || what == FIGURE_CATHETERS_CAUSES;
}

static const lives_t *lives_of(const source_t *s, size_t arm, enum figure_lives what)
{
    const summary_arm_t *a = &s->summary.arm[arm];
    return is_of_catheters(what) ? &a->catheters : &a->lives;
}

int figure_lives_has(const source_t *s, enum figure_lives what)
{
    for (size_t arm = 0; arm < s->summary.arms; arm++) {
        const lives_t *l = lives_of(s, arm, what);
        if (is_of_causes(what) ? l->causes > 0 : l->lives > 0) {
            return 1;
        }
    }
    return 0;
}

/* ---- drawing ---- */

static double bounded(double band, double value)
{
    return isnan(band) ? value : band;
}

/* A step is two points: what was until then, and what is from then on. */
static void put_curve(const source_t *s, size_t arm, int any_or_cause, const survival_curve_t *c,
                      void *context)
{
    FILE *script = context;
    const int cause = any_or_cause == SURVIVAL_ANY ? 0 : any_or_cause;
    (void)s;
    double value = c->start, low = c->start, high = c->start;
    fprintf(script, "$c%zu_%d << END\n0 %g %g %g\n", arm, cause, value, low, high);
    for (size_t i = 0; i < c->steps; i++) {
        const survival_step_t *step = &c->step[i];
        fprintf(script, "%.5g %.5g %.5g %.5g\n", step->time, value, low, high);
        value = step->value;
        low = bounded(step->band.low, value);
        high = bounded(step->band.high, value);
        fprintf(script, "%.5g %.5g %.5g %.5g\n", step->time, value, low, high);
    }
    fprintf(script, "%.5g %.5g %.5g %.5g\nEND\n", c->last, value, low, high);
}

/* Takes a curve of an arm: of SURVIVAL_ANY, or the incidence of a cause. */
typedef void (*take_t)(const source_t *s, size_t arm, int cause, const survival_curve_t *c,
                       void *context);

static int each_curve(const source_t *s, size_t arm, enum figure_lives what, take_t take,
                      void *context, error_t *e)
{
    const lives_t *l = lives_of(s, arm, what);
    const size_t curves = l->lives == 0 ? 0 : is_of_causes(what) ? l->causes : 1;
    survival_life_t *life = NULL;
    size_t n = 0;
    int rc = is_of_catheters(what)
                 ? catheters_lives(s->reader, (int32_t)arm, CATHETERS_ALL, &life, &n, e)
                 : lives_pumps(s->reader, (int32_t)arm, &life, &n, e);
    if (rc == 0 && what == FIGURE_CATHETERS_LEFT) {
        lives_cut_deaths(life, n);
    }
    for (size_t i = 0; rc == 0 && i < curves; i++) {
        survival_curve_t curve = {0};
        const int cause = is_of_causes(what) ? l->cause[i].cause : SURVIVAL_ANY;
        rc = is_of_causes(what) ? survival_incidence(&curve, life, n, cause, e)
                                : survival_estimate(&curve, life, n, cause, e);
        if (rc == 0) {
            take(s, arm, cause, &curve, context);
        }
        survival_free(&curve);
    }
    free(life);
    return rc;
}

static void put_line(const char **comma, const char *data, size_t colour, size_t dash,
                     const char *title, FILE *script)
{
    fprintf(script,
            "%s%s using 1:3:4 with filledcurves lc %s fs transparent solid 0.15 noborder "
            "notitle, \\\n '' using 1:2 with lines lw 2 dt %zu lc %s title \"",
            *comma, data, figure_colour(colour), dash, figure_colour(colour));
    figure_text(title, script);
    fputc('"', script);
    *comma = ", \\\n ";
}

/* The place of a cause among those of all arms: its colour. */
static size_t colour_of(const source_t *s, enum figure_lives what, int cause)
{
    size_t below = 0;
    for (int other = 1; other < cause; other++) {
        int there = 0;
        for (size_t arm = 0; arm < s->summary.arms; arm++) {
            const lives_t *l = lives_of(s, arm, what);
            for (size_t i = 0; i < l->causes; i++) {
                there = there || l->cause[i].cause == other;
            }
        }
        below += there ? 1 : 0;
    }
    return below;
}

static const char *cause_name(int cause)
{
    const char *name = fields_choice_name(FIELDS_TYPE_REASON, cause);
    return name != NULL ? name : "unnamed";
}

static void put_causes(const source_t *s, size_t arm, enum figure_lives what, const char **comma,
                       FILE *script)
{
    const lives_t *l = lives_of(s, arm, what);
    for (size_t i = 0; i < l->causes; i++) {
        char data[48], title[160];
        const int cause = l->cause[i].cause;
        (void)snprintf(data, sizeof data, "$c%zu_%d", arm, cause);
        (void)snprintf(title, sizeof title, "%s%s%s", cause_name(cause),
                       s->summary.arms > 1 ? ", " : "",
                       s->summary.arms > 1 ? source_arm(s, arm) : "");
        put_line(comma, data, colour_of(s, what, cause), arm + 1, title, script);
    }
}

int figure_lives_plot(const source_t *s, enum figure_lives what, FILE *script, error_t *e)
{
    const char *comma = "plot ";
    int rc = 0;
    for (size_t arm = 0; rc == 0 && arm < s->summary.arms; arm++) {
        rc = each_curve(s, arm, what, put_curve, script, e);
    }
    fprintf(script, "set xlabel \"years since the %s was put in\"\nset yrange [0:%s]\n",
            is_of_catheters(what) ? "catheter" : "pump", is_of_causes(what) ? "*" : "1.02");
    for (size_t arm = 0; arm < s->summary.arms; arm++) {
        char data[32];
        (void)snprintf(data, sizeof data, "$c%zu_0", arm);
        if (is_of_causes(what)) {
            put_causes(s, arm, what, &comma, script);
        } else if (lives_of(s, arm, what)->lives > 0) {
            put_line(&comma, data, arm, 1, source_arm(s, arm), script);
        }
    }
    fputc('\n', script);
    return rc;
}

/* ---- the table ---- */

static const struct {
    const char *caption, *from;
} table_of[] = {
    [FIGURE_LEFT] = {"Pumps still at work at whole years and the longest life",
                     "pumps/implanted_ms, ended_ms, end"},
    [FIGURE_CAUSES] = {"Cumulative incidence at whole years and the longest life",
                       "pumps/implanted_ms, ended_ms, end"},
    [FIGURE_CATHETERS_LEFT] =
        {"Catheters without a failure, deaths cut off, at whole years and the longest life",
         "events/kind, reason, value, value2; pumps/implanted_ms"},
    [FIGURE_CATHETERS_CAUSES] = {"Cumulative incidence at whole years and the longest life",
                                 "events/kind, reason, value, value2; pumps/implanted_ms"},
};

typedef struct rows_t {
    FILE *out;
    const char *from;
} rows_t;

static void put_point(const source_t *s, size_t arm, const char *cause, double year,
                      const survival_curve_t *c, const rows_t *to)
{
    const survival_point_t at = survival_at(c, year);
    html_row(to->out);
    html_cell_head(source_arm(s, arm), to->out);
    html_cell_text(cause, to->out);
    html_cell_number(year, NULL, to->out);
    html_cell_count(at.at_risk, to->out);
    html_cell_number(at.value, to->from, to->out);
    html_cell_interval(at.band.low, at.band.high, to->out);
    html_row_end(to->out);
}

/* At whole years, and at the end of the longest life. */
static void put_points(const source_t *s, size_t arm, int cause, const survival_curve_t *c,
                       void *context)
{
    const rows_t *to = context;
    const char *name = cause == SURVIVAL_ANY ? "any" : cause_name(cause);
    for (double year = 1.0; year < c->last; year += 1.0) {
        put_point(s, arm, name, year, c, to);
    }
    put_point(s, arm, name, c->last, c, to);
}

int figure_lives_table(const source_t *s, enum figure_lives what, FILE *out, error_t *e)
{
    const html_column_t column[] = {{"arm", 0},     {"cause", 0}, {"year", 1},
                                    {"at risk", 1}, {"share", 1}, {"95 % CI", 1}};
    rows_t rows = {out, table_of[what].from};
    int rc = 0;
    html_table(table_of[what].caption, column, sizeof column / sizeof column[0], out);
    for (size_t arm = 0; rc == 0 && arm < s->summary.arms; arm++) {
        rc = each_curve(s, arm, what, put_points, &rows, e);
    }
    html_table_end(out);
    return rc;
}
