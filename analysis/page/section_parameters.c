/* SPDX-License-Identifier: Apache-2.0 */
/* Puts what the draws of the uncertain parameters make of each number. */
#include "page/section_parameters.h"

#include "page/html.h"
#include "summary/nested_text.h"

void section_parameters_cell(const nested_t *t, FILE *out)
{
    char why[NESTED_TEXT_SIZE];
    nested_text_why(t, why);
    if (t->state == NESTED_RESOLVED) {
        html_cell_interval(t->ci.low, t->ci.high, out);
    } else {
        fputs("<td class=\"n i\">", out);
        html_text(why, out);
        fputs("</td>", out);
    }
}

void section_parameters_note(const source_t *s, FILE *out)
{
    if (s->summary.nested.draws > 0) {
        fprintf(
            out,
            "<p>The column <em>%s</em> is another interval: where the mean or share, or the "
            "difference, lies with the "
            "parameters, from %d draws of them, the chance between patients taken out. Where it "
            "says <em>not resolved</em>, the draws differ by no more than that chance; where "
            "<em>too few draws</em>, the number can be told of fewer than %d of them. All other "
            "numbers are at the parameters’ central values.</p>\n",
            SECTION_PARAMETERS_COLUMN, (int)s->summary.nested.draws, NESTED_DRAWS);
    }
}

/* ---- tables ---- */

static void put_row(const char *label, const char *unit, const nested_row_t *row, const char *from,
                    FILE *out)
{
    const nested_t *t = &row->draws;
    if (row->n == 0 && t->draws == 0) {
        return;
    }
    html_row(out);
    html_cell_head(label, out);
    html_cell_unit(unit, out);
    html_cell_count(t->draws, out);
    html_cell_count(t->n, out);
    html_cell_number(row->central, from, out);
    html_cell_number(t->mean, from, out);
    section_parameters_cell(t, out);
    html_cell_number(t->state == NESTED_UNRESOLVED ? t->sd_at_most : t->sd_parameters, from, out);
    html_cell_number(t->sd_monte_carlo, from, out);
    html_cell_from(from, out);
    html_row_end(out);
}

static void put_quantities(const nested_study_t *n, const nested_arm_t *arm, FILE *out)
{
    for (int i = 0; i < NESTED_QUANTITIES; i++) {
        const nested_quantity_t what = nested_study_quantity((enum nested_study_quantity)i);
        char label[48];
        (void)snprintf(label, sizeof label, "%.30s, %s", what.label,
                       what.is_median ? "median" : "mean");
        put_row(label, what.unit, &arm->quantity[i], "patients", out);
    }
    for (size_t w = 0; w < n->windows; w++) {
        put_row(w == 0 ? "share of days in effect" : "share of days in published level", "1",
                &arm->target[w], "daily", out);
    }
}

static void put_events(const nested_study_t *n, const nested_arm_t *arm, FILE *out)
{
    for (int i = 0; i < OCCURRENCE_COUNT; i++) {
        const char *what = occurrence_label((enum occurrence_id)i);
        char label[96];
        if (!(arm->rate[i].central > 0.0) && !(arm->rate[i].draws.mean > 0.0)) {
            continue;
        }
        (void)snprintf(label, sizeof label, "%.30s, per patient-year", what);
        put_row(label, "1", &arm->rate[i], "events", out);
        if (!occurrence_is_routine((enum occurrence_id)i)) {
            (void)snprintf(label, sizeof label, "%.30s, share by day %.4g", what,
                           n->day[NESTED_DAYS - 1]);
            put_row(label, "1", &arm->first[i][NESTED_DAYS - 1], "events", out);
        }
    }
}

static void put_pumps(const nested_arm_t *arm, FILE *out)
{
    for (int y = 0; y < LIVES_YEARS; y++) {
        char label[48];
        (void)snprintf(label, sizeof label, "pumps in place after %d year%s", y + 1,
                       y > 0 ? "s" : "");
        if (arm->left[y].draws.draws > 0) {
            put_row(label, "1", &arm->left[y], "pumps", out);
        }
    }
}

void section_parameters(const source_t *s, FILE *out)
{
    const nested_study_t *n = &s->summary.nested;
    const html_column_t column[] = {{"", 0},
                                    {"unit", 0},
                                    {"draws", 1},
                                    {"n in each", 1},
                                    {"central", 1},
                                    {"mean of draws", 1},
                                    {SECTION_PARAMETERS_COLUMN, 1},
                                    {"SD, parameters", 1},
                                    {"SD, Monte Carlo", 1},
                                    {"from", 0}};
    for (size_t arm = 0; n->draws > 0 && arm < n->arms; arm++) {
        char caption[256];
        (void)snprintf(
            caption, sizeof caption,
            "Arm %.80s: parameter uncertainty of levels, volumes, days, events and pumps; "
            "where not resolved, the SD of parameters is at most the one told",
            source_arm(s, arm));
        html_table(caption, column, sizeof column / sizeof column[0], out);
        put_quantities(n, &n->arm[arm], out);
        put_events(n, &n->arm[arm], out);
        put_pumps(&n->arm[arm], out);
        html_table_end(out);
    }
}
