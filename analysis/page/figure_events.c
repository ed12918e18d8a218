/* SPDX-License-Identifier: Apache-2.0 */
/* Draws when events happen first. */
#include "page/figure_events.h"

#include <math.h>

#include "page/figure.h"
#include "page/html.h"

/* Drawn, if it happened to anybody at all. */
static int drawn(const source_t *s, enum occurrence_id which)
{
    size_t happened = 0;
    for (size_t arm = 0; arm < s->history.occurrences.arms; arm++) {
        happened += occurrence_row(&s->history.occurrences, arm, which)->happened;
    }
    return happened > 0 && !occurrence_is_routine(which);
}

int figure_events_has(const source_t *s)
{
    int any = 0;
    for (int i = 0; i < OCCURRENCE_COUNT && s->history.occurrences.days > 1; i++) {
        any = any || drawn(s, (enum occurrence_id)i);
    }
    return any;
}

static void put_data(const source_t *s, size_t arm, enum occurrence_id which, FILE *script)
{
    const survival_point_t *p = occurrence_points(&s->history.occurrences, arm, which);
    fprintf(script, "$e%zu_%d << END\n", arm, (int)which);
    for (size_t i = 0; i < s->history.occurrences.days; i++) {
        if (!isnan(p[i].value)) {
            fprintf(script, "%g %.5g %.5g %.5g\n", s->history.occurrences.day[i], p[i].value,
                    isnan(p[i].band.low) ? p[i].value : p[i].band.low,
                    isnan(p[i].band.high) ? p[i].value : p[i].band.high);
        }
    }
    fputs("END\n", script);
}

static void put_plot(size_t arm, enum occurrence_id which, size_t colour, const char **comma,
                     FILE *script)
{
    /* Death is drawn in ink. Where the colours have run out they come again, with thin lines. */
    const char *drawn_in =
        which == OCCURRENCE_DEATH ? "rgb '#1c1e21'" : figure_colour(colour % FIGURE_COLOURS);
    const char *width = which != OCCURRENCE_DEATH && colour >= FIGURE_COLOURS ? "1" : "2";
    fprintf(script,
            "%s$e%zu_%d using 1:3:4 with filledcurves lc %s fs transparent solid 0.10 noborder "
            "notitle, \\\n '' using 1:2 with lines lw %s dt %zu lc %s title \"",
            *comma, arm, (int)which, drawn_in, width, arm + 1, drawn_in);
    figure_text(arm == 0 ? occurrence_label(which) : "", script);
    fputc('"', script);
    *comma = ", \\\n ";
}

/* The key tells events by their colour, and arms by their dash: each with each would be too many to have room. */
static void put_arms(const source_t *s, FILE *script)
{
    for (size_t arm = 0; arm < s->history.occurrences.arms && s->history.occurrences.arms > 1;
         arm++) {
        fprintf(script, ", \\\n NaN with lines lw 2 dt %zu lc rgb '#5a5e64' title \"", arm + 1);
        figure_text(source_arm(s, arm), script);
        fputc('"', script);
    }
}

void figure_events_plot(const source_t *s, FILE *script)
{
    const char *comma = "plot ";
    size_t colour = 0;
    for (int i = 0; i < OCCURRENCE_COUNT; i++) {
        for (size_t arm = 0; arm < s->history.occurrences.arms && drawn(s, (enum occurrence_id)i);
             arm++) {
            put_data(s, arm, (enum occurrence_id)i, script);
        }
    }
    fputs("set xlabel \"days since enrolment\"\nset xrange [0:*]\nset autoscale xfixmax\nset "
          "yrange [0:*]\nset key maxcols 4\n",
          script);
    for (int i = 0; i < OCCURRENCE_COUNT; i++) {
        const int any = drawn(s, (enum occurrence_id)i);
        for (size_t arm = 0; arm < s->history.occurrences.arms && any; arm++) {
            put_plot(arm, (enum occurrence_id)i, colour, &comma, script);
        }
        colour += any ? 1 : 0;
    }
    put_arms(s, script);
    fputc('\n', script);
}

void figure_events_table(const source_t *s, FILE *out)
{
    const html_column_t column[] = {{"event", 0}, {"arm", 0},     {"patients", 1}, {"by day", 1},
                                    {"share", 1}, {"95 % CI", 1}, {"at risk", 1},  {"from", 0}};
    html_table("Cumulative incidence at the end of follow-up", column,
               sizeof column / sizeof column[0], out);
    for (int i = 0; i < OCCURRENCE_COUNT; i++) {
        for (size_t arm = 0; arm < s->history.occurrences.arms && drawn(s, (enum occurrence_id)i);
             arm++) {
            const enum occurrence_id which = (enum occurrence_id)i;
            const size_t last = s->history.occurrences.days - 1;
            const survival_point_t *p =
                &occurrence_points(&s->history.occurrences, arm, which)[last];
            char from[80];
            (void)snprintf(from, sizeof from, "events/kind = %s", occurrence_name(which));
            html_row(out);
            html_cell_head(occurrence_label(which), out);
            html_cell_text(source_arm(s, arm), out);
            html_cell_count(occurrence_row(&s->history.occurrences, arm, which)->happened, out);
            html_cell_number(s->history.occurrences.day[last], NULL, out);
            html_cell_number(p->value, from, out);
            html_cell_interval(p->band.low, p->band.high, out);
            html_cell_count(p->at_risk, out);
            html_cell_from(from, out);
            html_row_end(out);
        }
    }
    html_table_end(out);
}
