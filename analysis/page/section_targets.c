/* SPDX-License-Identifier: Apache-2.0 */
/* Time in target, and dose beside effect. */
#include "page/section.h"

#include "page/html.h"

static void put_window(const source_t *s, size_t window, FILE *out)
{
    const history_t *h = &s->history;
    const char *from = h->window[window].from_before
                           ? "daily/ashworth_latent, patients/ashworth_before_latent"
                           : "daily/lumbar_ng_per_ml";
    for (size_t arm = 0; arm < h->people.arms; arm++) {
        const target_share_t *share = target_of(&h->target, arm, window);
        html_row(out);
        html_cell_head(source_arm(s, arm), out);
        html_cell_text(h->window_text[window], out);
        html_cell_count(share->spread.n, out);
        html_cell_number(share->spread.mean, from, out);
        html_cell_interval(share->ci.low, share->ci.high, out);
        html_cell_interval(share->spread.p5, share->spread.p95, out);
        html_cell_text(h->window_source[window] != NULL ? h->window_source[window] : "", out);
        html_cell_from(from, out);
        html_row_end(out);
    }
}

static void put_times(const source_t *s, FILE *out)
{
    const html_column_t column[] = {{"arm", 0},    {"target", 0},  {"patients", 1},
                                    {"mean", 1},   {"95 % CI", 1}, {"5 % to 95 %", 1},
                                    {"source", 0}, {"from", 0}};
    fputs("<h3>Time in target</h3>\n", out);
    html_paragraph(NULL,
                   "The share of each patient’s days with a pump on which the value lies in the "
                   "window; then the mean over patients, each counted once. The 95 % interval is "
                   "Monte Carlo, by empirical likelihood.",
                   out);
    html_table("Share of days in target", column, sizeof column / sizeof column[0], out);
    for (size_t window = 0; window < s->history.windows; window++) {
        put_window(s, window, out);
    }
    html_table_end(out);
}

static void put_group(const source_t *s, size_t arm, const dose_effect_group_t *g, FILE *out)
{
    static const char from[] = "outcomes/dose_end_ug_per_day, patients/ashworth_*_latent";
    html_row(out);
    html_cell_head(source_arm(s, arm), out);
    html_cell_interval(g->low, g->high, out);
    html_cell_count(g->effect.n, out);
    html_cell_number(g->dose, from, out);
    html_cell_number(g->effect.mean, from, out);
    html_cell_interval(g->effect.mean_ci.low, g->effect.mean_ci.high, out);
    html_row_end(out);
}

static void put_correlation(const source_t *s, size_t arm, FILE *out)
{
    const dose_effect_t *d = &s->history.dose_effect[arm];
    fputs("<p class=\"soft\">Rank correlation of dose and fall in arm ", out);
    html_text(source_arm(s, arm), out);
    fputs(": ", out);
    html_number(d->correlation, out);
    fputs(" (95 % CI ", out);
    html_number(d->ci.low, out);
    fputs(" to ", out);
    html_number(d->ci.high, out);
    fputs("; Monte Carlo, Fisher’s z).</p>\n", out);
}

static void put_dose_effect(const source_t *s, FILE *out)
{
    const html_column_t column[] = {{"arm", 0},       {"dose from to (µg/day)", 1},
                                    {"patients", 1},  {"mean dose (µg/day)", 1},
                                    {"mean fall", 1}, {"95 % CI", 1}};
    fputs("<h3>Dose beside effect</h3>\n", out);
    html_paragraph(NULL,
                   "Patients in groups of equal size by the dose as last programmed, and how far "
                   "their latent Ashworth score fell. This is an association, and not what a dose "
                   "does: a clinic that titrates gives more to who responds less. What a dose does "
                   "is the difference between arms.",
                   out);
    html_table("Fall of the latent Ashworth score by dose", column,
               sizeof column / sizeof column[0], out);
    for (size_t arm = 0; arm < s->history.people.arms; arm++) {
        for (size_t i = 0; i < s->history.dose_effect[arm].groups; i++) {
            put_group(s, arm, &s->history.dose_effect[arm].group[i], out);
        }
    }
    html_table_end(out);
    for (size_t arm = 0; arm < s->history.people.arms; arm++) {
        if (s->history.dose_effect[arm].groups > 0) {
            put_correlation(s, arm, out);
        }
    }
}

void section_targets(const source_t *s, FILE *out)
{
    put_times(s, out);
    put_dose_effect(s, out);
}
