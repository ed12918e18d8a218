/* SPDX-License-Identifier: Apache-2.0 */
/* The table of statistics. */
#include "estimator.h"

#include <math.h>
#include <string.h>

#include "estimator_lives.h"
#include "estimator_refill.h"

static int needs(estimate_t *out, const char *what)
{
    *out = (estimate_t){(double)NAN, (double)NAN, 0, what};
    return 0;
}

static int needs_catheters(const estimator_source_t *source, size_t sources, estimate_t *out,
                           error_t *e)
{
    (void)source, (void)sources, (void)e;
    return needs(out, "a table of the lives of catheters");
}

static int needs_over_infusion(const estimator_source_t *source, size_t sources, estimate_t *out,
                               error_t *e)
{
    (void)source, (void)sources, (void)e;
    return needs(out, "over-infusion in the table pumps");
}

static int needs_prime(const estimator_source_t *source, size_t sources, estimate_t *out,
                       error_t *e)
{
    (void)source, (void)sources, (void)e;
    return needs(out, "primes in the table events");
}

static const estimator_t table[] = {
    {"refill_ratio_mean", "1", "delivered over programmed volume at a refill, mean",
     estimator_refill_mean},
    {"refill_prediction_half_width", "1", "1.96 SD of that ratio", estimator_refill_prediction},
    {"refill_ratio_drift_55_months", "1", "slope of that ratio over time, times 55 months",
     estimator_refill_drift},
    {"early_loss_share", "1",
     "patients with a day at less than half the flow while the computed volume is above 2 mL",
     estimator_refill_early_share},
    {"early_loss_volume_mean", "mL", "computed volume when that first happens, mean",
     estimator_refill_early_volume},
    {"pump_free_of_stall_at_6_years", "1", "lives that no stall ended, Kaplan-Meier at 6 years",
     estimator_lives_free_of_stall},
    {"pump_event_free_lowest", "1",
     "lives without an event of the pump, Kaplan-Meier, lowest of years 1 to 7",
     estimator_lives_event_free},
    {"pump_life_median", "year", "median life, Kaplan-Meier", estimator_lives_median},
    {"battery_life_median", "year", "median of the lives that the battery ended",
     estimator_lives_battery},
    {"over_infusion_share", "1", "lives with over-infusion", needs_over_infusion},
    {"catheter_free_at_5_years", "1", "catheters without an event, Kaplan-Meier at 5 years",
     needs_catheters},
    {"catheter_event_share", "1", "patients with an event of the catheter", needs_catheters},
    {"catheter_occlusion_share", "1", "occlusions among these events", needs_catheters},
    {"catheter_event_median", "month", "time of these events, median", needs_catheters},
    {"prime_tubing_volume", "mL", "primed volume less the catheter's", needs_prime},
};

const estimator_t *estimator_table(size_t *n)
{
    *n = sizeof table / sizeof table[0];
    return table;
}

const estimator_t *estimator_find(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(table[i].name, name) == 0) {
            return &table[i];
        }
    }
    return NULL;
}

int estimator_compute(const estimator_t *estimator, const estimator_source_t *of, size_t n_of,
                      const estimator_source_t *against, size_t n_against, estimate_t *out,
                      error_t *e)
{
    estimate_t other;
    int rc = estimator->compute(of, n_of, out, e);
    if (rc != 0 || n_against == 0) {
        return rc;
    }
    rc = estimator->compute(against, n_against, &other, e);
    if (rc == 0) {
        out->value -= other.value;
        out->half_width = hypot(out->half_width, other.half_width);
        out->n += other.n;
        out->needs = out->needs != NULL ? out->needs : other.needs;
    }
    return rc;
}
