/* SPDX-License-Identifier: Apache-2.0 */
/* Prints a history. */
#include "summary/history_text.h"

#include <math.h>
#include <string.h>

#include "summary/curve_text.h"
#include "summary/spark.h"
#include "summary/table.h"

#define BAND_ROWS 8 /* steps of the table between the first and the last day */

/* ---- bands ---- */

static const char *band_label(enum fields_id field)
{
    return field == FIELD_DAILY_LUMBAR_NG_PER_ML  ? "Lumbar CSF"
           : field == FIELD_DAILY_ASHWORTH_LATENT ? "Latent Ashworth score"
                                                  : "Dose that left the tip in a day";
}

static void print_band_row(const bands_point_t *p, FILE *out)
{
    fprintf(out, "  %5.0f %6zu", p->day, p->n);
    for (int q = 0; q < BANDS_QUANTILES; q++) {
        table_number(out, 9, p->quantile[q]);
    }
    table_number(out, 9, p->ci[BANDS_MEDIAN].low);
    table_number(out, 9, p->ci[BANDS_MEDIAN].high);
    fputc('\n', out);
}

/* Whether any value differs from 0: a pump on a bench has no body. */
static int tells(const bands_point_t *point, size_t days)
{
    for (size_t d = 0; d < days; d++) {
        if (point[d].n > 0 &&
            (fabs(point[d].quantile[0]) > 0.0 || fabs(point[d].quantile[4]) > 0.0)) {
            return 1;
        }
    }
    return 0;
}

static int print_band(const history_t *h, size_t arm, size_t field, const char *name, FILE *out)
{
    const bands_point_t *point = bands_of(&h->bands, arm, field);
    const size_t days = h->bands.days;
    double median[HISTORY_BAND_DAYS];
    size_t last = days;
    if (!tells(point, days)) {
        return 0;
    }
    fprintf(out, "\n%s over time, %s, arm %s: quantiles over patients with a pump\n",
            band_label(h->field[field]), fields_get(h->field[field])->unit, name);
    fprintf(out, "  %5s %6s %9s %9s %9s %9s %9s %19s\n", "day", "n", "5 %", "25 %", "median",
            "75 %", "95 %", "median, 95 % CI");
    for (size_t step = 0; step <= BAND_ROWS; step++) {
        const size_t d = (days - 1) * step / BAND_ROWS;
        if (d != last) {
            print_band_row(&point[d], out);
        }
        last = d;
    }
    for (size_t d = 0; d < days; d++) {
        median[d] = point[d].quantile[BANDS_MEDIAN];
    }
    spark_print("  median, first day to last  ", median, days, out);
    return 1;
}

static void print_bands(const history_t *h, size_t arm, const char *name, FILE *out)
{
    int any = 0;
    for (size_t f = 0; f < h->bands.fields; f++) {
        any |= print_band(h, arm, f, name, out);
    }
    fputs(
        any ? "  estimand: the quantile on that day over those still followed then; nobody is "
              "carried "
              "forward;\n  95 % CI: Monte Carlo, by order statistics over the patients simulated\n"
            : "",
        out);
}

/* ---- time in target ---- */

static void print_target(const history_t *h, size_t arm, const char *name, FILE *out)
{
    const target_share_t *effect = target_of(&h->target, arm, 0);
    if (effect->spread.n == 0) {
        return;
    }
    fprintf(out, "\nTime in target, arm %s: share of each patient's days with a pump\n", name);
    fprintf(out, "  %-44s %5s %8s %17s %8s %8s\n", "", "n", "mean", "95 % CI", "5 %", "95 %");
    for (size_t w = 0; w < h->windows; w++) {
        const target_share_t *s = target_of(&h->target, arm, w);
        fprintf(out, "  %-44s %5zu", h->window_text[w], s->spread.n);
        table_number(out, 8, s->spread.mean);
        table_number(out, 8, s->ci.low);
        table_number(out, 8, s->ci.high);
        table_number(out, 8, s->spread.p5);
        table_number(out, 8, s->spread.p95);
        fputc('\n', out);
    }
    for (size_t w = 0; w < h->windows; w++) {
        if (h->window_source[w] != NULL) {
            fprintf(out, "  published levels %.4g to %.4g: %s\n", h->window[w].low,
                    h->window[w].high, h->window_source[w]);
        }
    }
    fputs("  estimand: mean over patients, each once; 95 % CI: Monte Carlo, by empirical "
          "likelihood\n",
          out);
}

/* ---- dose and effect ---- */

static void print_groups(const dose_effect_t *d, FILE *out)
{
    fprintf(out, "  %21s %6s %9s %9s %19s\n", "dose, from to", "n", "dose", "fall", "95 % CI");
    for (size_t k = 0; k < d->groups; k++) {
        const dose_effect_group_t *g = &d->group[k];
        fputs("  ", out);
        table_number(out, 9, g->low);
        table_number(out, 9, g->high);
        fprintf(out, "  %6zu", g->effect.n);
        table_number(out, 9, g->dose);
        table_number(out, 9, g->effect.mean);
        table_number(out, 9, g->effect.mean_ci.low);
        table_number(out, 9, g->effect.mean_ci.high);
        fputc('\n', out);
    }
}

static void print_dose_effect(const history_t *h, size_t arm, const char *name, FILE *out)
{
    const dose_effect_t *d = &h->dose_effect[arm];
    if (d->groups < 2) {
        return; /* one dose for all tells nothing of doses */
    }
    fprintf(out,
            "\nDose and effect, arm %s: dose as last programmed, ug/day, and fall of the latent "
            "Ashworth\n",
            name);
    print_groups(d, out);
    fputs("  rank correlation", out);
    table_number(out, 0, d->correlation);
    fputs(", 95 % CI", out);
    table_number(out, 0, d->ci.low);
    fputs(" to", out);
    table_number(out, 0, d->ci.high);
    fputs(
        "\n  estimand: an association over patients: who responds less is given more. What a dose "
        "does is\n  the difference between arms. 95 % CI: Monte Carlo; means Student's t, "
        "correlation "
        "Fisher's z\n",
        out);
}

/* ---- events ---- */

static void print_rates(const history_t *h, size_t arm, const char *name, FILE *out)
{
    const rate_t *all = &occurrence_row(&h->occurrences, arm, OCCURRENCE_DEATH)->rate;
    const rate_sums_t sums = {.units = all->units, .time = all->time};
    const rate_t none = rate_of(&sums);
    fprintf(out, "\nEvents per patient-year, arm %s: %zu patients, %.6g patient-years\n", name,
            all->units, all->time);
    fprintf(out, "  %-23s %9s %9s %10s %21s  %s\n", "", "patients", "events", "per year", "95 % CI",
            "by");
    for (int i = 0; i < OCCURRENCE_COUNT; i++) {
        const rate_t *r = &occurrence_row(&h->occurrences, arm, (enum occurrence_id)i)->rate;
        if (r->events > 0) {
            fprintf(out, "  %-23s %9zu %9zu", occurrence_label((enum occurrence_id)i),
                    r->units_with, r->events);
            table_number(out, 10, r->rate);
            table_number(out, 10, r->ci.low);
            table_number(out, 10, r->ci.high);
            fprintf(out, "  %s\n", r->method == RATE_POISSON ? "Poisson" : "patients");
        }
    }
    if (all->time > 0.0) {
        fputs("  what is not in the table happened to nobody: 95 % CI of each from 0 to", out);
        table_number(out, 0, none.ci.high);
        fputc('\n', out);
    }
    fputs("  estimand: all events over all time from enrolment, repeated ones counted. 95 % CI: "
          "Monte "
          "Carlo;\n  Poisson: exact, nobody had two; patients: by their own deviations, on the "
          "logarithm\n",
          out);
}

/* The days of the table among those of the curve. */
static size_t pick(const survival_point_t *from, survival_point_t to[CURVE_TEXT_COLUMNS])
{
    const size_t each = (HISTORY_CURVE_DAYS - 1) / CURVE_TEXT_COLUMNS;
    for (size_t k = 0; k < CURVE_TEXT_COLUMNS; k++) {
        to[k] = from[(k + 1) * each];
    }
    return CURVE_TEXT_COLUMNS;
}

static void print_curve_head(const history_t *h, size_t arm, const char *name, FILE *out)
{
    const size_t each = (HISTORY_CURVE_DAYS - 1) / CURVE_TEXT_COLUMNS;
    fprintf(out, "\nFirst events, arm %s: share of %zu patients by then, death competing\n", name,
            h->people.of_arm[arm]);
    fprintf(out, CURVE_TEXT_LABEL, "days");
    for (size_t k = 0; k < CURVE_TEXT_COLUMNS; k++) {
        table_number(out, CURVE_TEXT_WIDTH, h->occurrences.day[(k + 1) * each]);
    }
    fputc('\n', out);
}

static void print_incidence(const history_t *h, size_t arm, const char *name, FILE *out)
{
    int any = 0;
    for (int i = 0; i < OCCURRENCE_COUNT; i++) {
        const enum occurrence_id which = (enum occurrence_id)i;
        survival_point_t point[CURVE_TEXT_COLUMNS];
        if (!occurrence_is_routine(which) &&
            occurrence_row(&h->occurrences, arm, which)->happened > 0) {
            if (any++ == 0) {
                print_curve_head(h, arm, name, out);
            }
            const size_t n = pick(occurrence_points(&h->occurrences, arm, which), point);
            curve_text_values(occurrence_label(which), point, n, out);
            curve_text_band(point, n, out);
        }
    }
    fputs(
        any > 0
            ? "  estimand: the share of all to whom it has happened at least once by that day: "
              "Aalen-Johansen,\n  where death and the end of therapy compete; bands: Monte Carlo, "
              "on log(-log), pointwise\n"
            : "",
        out);
}

void history_text_arm(const history_t *h, size_t arm, const char *name, FILE *out)
{
    print_bands(h, arm, name, out);
    print_target(h, arm, name, out);
    print_dose_effect(h, arm, name, out);
    print_rates(h, arm, name, out);
    print_incidence(h, arm, name, out);
}
