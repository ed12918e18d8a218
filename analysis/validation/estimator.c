/* SPDX-License-Identifier: Apache-2.0 */
/* The table of statistics. */
#include "validation/estimator.h"

#include <string.h>

#include "validation/estimator_catheter.h"
#include "validation/estimator_lives.h"
#include "validation/estimator_prime.h"
#include "validation/estimator_refill.h"

static const estimator_t table[] = {
    /* delivered over programmed volume at a refill: mean; 1.96 SD; slope over time, times 55 months */
    {"refill_ratio_mean", "1", NULL, &estimator_refill_mean},
    {"refill_prediction_half_width", "1", NULL, &estimator_refill_prediction},
    {"refill_ratio_drift_55_months", "1", NULL, &estimator_refill_drift},
    /* days at less than half the flow while the computed volume is above 2 mL: patients with one; that volume, mean */
    {"early_loss_share", "1", NULL, &estimator_refill_early_share},
    {"early_loss_volume_mean", "mL", NULL, &estimator_refill_early_volume},
    {"pump_free_of_stall_at_6_years", "1", estimator_lives_free_of_stall, NULL},
    {"pump_event_free_lowest", "1", estimator_lives_event_free, NULL},
    {"pump_life_median", "year", estimator_lives_median, NULL},
    {"battery_life_median", "year", estimator_lives_battery, NULL},
    {"over_infusion_share", "1", estimator_lives_over, NULL},
    {"catheter_free_at_5_years", "1", estimator_catheter_free, NULL},
    {"catheter_event_share", "1", NULL, &estimator_catheter_share},
    {"catheter_occlusion_share", "1", NULL, &estimator_catheter_occlusion},
    {"catheter_event_median", "month", NULL, &estimator_catheter_median},
    {"prime_tubing_volume", "mL", NULL, &estimator_prime_tubing},
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

static int compute(const estimator_t *estimator, const estimator_source_t *source, size_t sources,
                   estimate_t *out, error_t *e)
{
    return estimator->plan != NULL
               ? estimator_pool_estimate(estimator->plan, source, sources, out, e)
               : estimator->compute(source, sources, out, e);
}

int estimator_compute(const estimator_t *estimator, const estimator_source_t *of, size_t n_of,
                      const estimator_source_t *against, size_t n_against, estimate_t *out,
                      error_t *e)
{
    estimate_t other;
    int rc = compute(estimator, of, n_of, out, e);
    if (rc != 0 || n_against == 0) {
        return rc;
    }
    rc = compute(estimator, against, n_against, &other, e);
    if (rc == 0) {
        out->value -= other.value;
        out->half_width = hypot(out->half_width, other.half_width);
        out->n += other.n;
        out->needs = out->needs != NULL ? out->needs : other.needs;
    }
    return rc;
}
