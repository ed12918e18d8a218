/* SPDX-License-Identifier: Apache-2.0 */
/* The populations of a regression on its page. */
#include "cli/regress_page_populations.h"

#include "page/html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of the drawing, in units of its viewBox: labels on the left, the axis on the right. */
#define LABELS 190.0
#define AXIS 430.0
#define ROW 22.0
#define TOP 26.0

/* Differences as shares of the baseline's mean: the one scale on which outcomes of all units can be drawn. */
typedef struct share_t {
    double middle, low, high;
} share_t;

static bool share_of(const comparison_pair_t *p, share_t *out)
{
    const double base = fabs(p->first);
    if (p->n == 0 || !(base > 0.0) || !isfinite(p->ci.low) || !isfinite(p->ci.high)) {
        return false;
    }
    *out = (share_t){p->difference / base, p->ci.low / base, p->ci.high / base};
    return true;
}

/* Half of the axis, at least a millionth: where nothing differs there is still a zero to stand on. */
static double reach(const regress_population_group_t *group, int *rows)
{
    double most = 1e-6;
    share_t s;
    *rows = 0;
    for (int k = 0; k < OUTCOMES_COUNT; k++) {
        if (share_of(&group->pair[k], &s)) {
            most = fmax(most, fmax(fabs(s.low), fabs(s.high)));
            (*rows)++;
        }
    }
    return most;
}

static double place(double share, double most)
{
    return LABELS + AXIS * (0.5 + 0.42 * share / most);
}

static void draw_row(const share_t *s, const char *label, double y, double most, bool decides,
                     FILE *out)
{
    fprintf(out, "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"end\"%s>", LABELS - 8.0, y + 4.0,
            decides ? " font-weight=\"700\"" : "");
    html_text(label, out);
    fprintf(out,
            "</text>\n<line x1=\"%.2f\" x2=\"%.2f\" y1=\"%.0f\" y2=\"%.0f\" stroke-width=\"2\" "
            "style=\"stroke:var(--c%d)\"/>\n<circle cx=\"%.2f\" cy=\"%.0f\" r=\"4\" "
            "style=\"fill:var(--c%d)\"/>\n",
            place(s->low, most), place(s->high, most), y, y, decides ? 2 : 1,
            place(s->middle, most), y, decides ? 2 : 1);
}

static void draw_axis(double most, double height, FILE *out)
{
    for (int i = -1; i <= 1; i++) {
        const double x = place(i * most, most);
        fprintf(
            out,
            "<line x1=\"%.2f\" x2=\"%.2f\" y1=\"%.0f\" y2=\"%.0f\" style=\"stroke:var(--%s)\"/>\n"
            "<text x=\"%.2f\" y=\"14\" text-anchor=\"middle\">%s%.3g %%</text>\n",
            x, x, TOP - 6.0, height, i == 0 ? "ink" : "grid", x,
            i < 0   ? "\xe2\x88\x92"
            : i > 0 ? "+"
                    : "",
            100.0 * abs(i) * most);
    }
}

static void draw(const regress_population_t *g, const regress_population_group_t *group,
                 const char *name, FILE *out)
{
    int rows, at = 0;
    const double most = reach(group, &rows), height = TOP + ROW * rows + 4.0;
    if (rows == 0) {
        return;
    }
    fprintf(out,
            "<figure>\n<div class=\"table\" tabindex=\"0\" role=\"region\" "
            "aria-label=\"drawing\">\n<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" font-size=\"12\" "
            "fill=\"currentColor\" "
            "style=\"display:block;width:100%%;min-width:34rem;max-width:52rem;height:auto\" "
            "aria-label=\"",
            LABELS + AXIS, height);
    html_text(name, out);
    fputs(
        ": differences of outcomes between the cores, with 95 % intervals; the table below has the "
        "numbers. Simulated.\">\n",
        out);
    draw_axis(most, height, out);
    for (int k = 0; k < OUTCOMES_COUNT; k++) {
        share_t s;
        if (share_of(&group->pair[k], &s)) {
            draw_row(&s, outcomes_row((enum outcomes_id)k).label, TOP + ROW * (at + 0.5), most,
                     k == (int)g->decides, out);
            at++;
        }
    }
    fputs("</svg>\n</div>\n<figcaption>Candidate less baseline, as a share of the baseline&#39;s "
          "mean, "
          "with 95 % "
          "intervals of Monte Carlo. The outcome that decides is in bold. Simulated.</figcaption>\n"
          "</figure>\n",
          out);
}

static void put_table(const regress_population_t *g, const regress_population_group_t *group,
                      FILE *out)
{
    static const html_column_t column[] = {{"outcome", 0},      {"unit", 0},      {"patients", 1},
                                           {"baseline", 1},     {"candidate", 1}, {"difference", 1},
                                           {"95 % interval", 1}};
    html_table(g->suite->population.unpaired ? "Two cohorts of other people: Welch's intervals"
                                             : "The same people: differences within a patient",
               column, sizeof column / sizeof column[0], out);
    for (int k = 0; k < OUTCOMES_COUNT; k++) {
        const comparison_pair_t *p = &group->pair[k];
        const outcomes_row_t row = outcomes_row((enum outcomes_id)k);
        if (p->n == 0) {
            continue;
        }
        html_row(out);
        html_cell_head(row.label, out);
        html_cell_text(strcmp(row.unit, "1") == 0 ? "" : row.unit, out);
        html_cell_count(p->n, out);
        html_cell_number(p->first, row.key, out);
        html_cell_number(p->second, row.key, out);
        html_cell_number(p->difference, row.key, out);
        html_cell_interval(p->ci.low, p->ci.high, out);
        html_row_end(out);
    }
    html_table_end(out);
}

void regress_page_populations_put(const regress_population_t *g, FILE *out)
{
    for (size_t i = 0; i < g->groups; i++) {
        const regress_population_group_t *group = &g->group[i];
        const suite_scenario_t *s = &g->suite->scenario[group->scenario];
        char name[3 * STUDY_NAME_SIZE];
        (void)snprintf(name, sizeof name, "%.100s, %.100s", s->name,
                       s->study.arms.name[group->arm]);
        fputs("<h3>", out);
        html_text(name, out);
        fputs("</h3>\n", out);
        html_paragraph("verdict", group->passes ? "No difference is shown." : "Different.", out);
        draw(g, group, name, out);
        put_table(g, group, out);
    }
}
