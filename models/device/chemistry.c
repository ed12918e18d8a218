/* SPDX-License-Identifier: Apache-2.0 */
/* Drugs in a reservoir: degradation in closed form, a surface that saturates, the solution's permeation index. */
#include "device/chemistry.h"

#include <math.h>

#define DAY_MS 86400000.0

void chemistry_init(chemistry_t *c, int drugs)
{
    *c = (chemistry_t){.drugs = drugs, .permeation_index = 1.0};
    for (int i = 0; i < drugs; i++) {
        c->index[i] = 1.0;
    }
}

static bool is_amount(double x)
{
    return x >= 0.0 && isfinite(x);
}

int chemistry_compounds(chemistry_t *c, const compound_param_t compound[], error_t *e)
{
    for (int i = 0; i < c->drugs; i++) {
        const compound_param_t *p = &compound[i];
        if (!is_amount(p->degradation_per_day) || !is_amount(p->adsorbed_ug) ||
            !is_amount(p->permeation_index)) {
            return ERROR_RAISE(e, ERROR_ARGUMENT,
                               "chemistry: drug %d: %g per day, %g ug, permeation %g", i,
                               p->degradation_per_day, p->adsorbed_ug, p->permeation_index);
        }
    }
    for (int i = 0; i < c->drugs; i++) {
        c->per_ms[i] = compound[i].degradation_per_day / DAY_MS;
        c->free_ug[i] = compound[i].adsorbed_ug;
        c->index[i] = compound[i].permeation_index;
        c->unstable = c->unstable || c->per_ms[i] > 0.0;
    }
    return ERROR_OK;
}

/* Mean of exp(-x t) over t in 0..1. */
static double mean_decay(double x)
{
    return x == 0.0 ? 1.0 : -expm1(-x) / x;
}

void chemistry_pass(chemistry_t *c, const chemistry_course_t *v, double ug_per_ml[],
                    double drawn_ug[])
{
    c->time_ms += v->duration_ms;
    for (int i = 0; i < c->drugs; i++) {
        const double x = c->per_ms[i] * v->duration_ms, now = ug_per_ml[i];
        const double mean = mean_decay(x), bent = v->bend_ml * mean_decay(v->rate + x);
        drawn_ug[i] = now * (v->rate * bent + v->flow_ml * mean);
        if (x > 0.0) {
            const double held_ml = x * (bent + v->rest_ml * mean) - v->flow_ml * (mean - exp(-x));
            running_sum_add(&c->degraded_ug[i], now * held_ml);
            ug_per_ml[i] = c->mixed_ug_per_ml[i] * exp(-c->per_ms[i] * (c->time_ms - c->mixed_ms));
        }
    }
}

void chemistry_mixed(chemistry_t *c, double volume_ml, double ug_per_ml[])
{
    c->mixed_ms = c->time_ms;
    for (int i = 0; i < c->drugs; i++) {
        const double taken_ug = fmin(c->free_ug[i], ug_per_ml[i] * volume_ml);
        if (taken_ug > 0.0) {
            c->free_ug[i] -= taken_ug;
            c->adsorbed_ug[i] += taken_ug;
            ug_per_ml[i] = fmax(0.0, ug_per_ml[i] - taken_ug / volume_ml);
        }
        c->mixed_ug_per_ml[i] = ug_per_ml[i];
    }
}

double chemistry_index(const chemistry_t *c, const double ug_per_ml[])
{
    double index = -1.0;
    for (int i = 0; i < c->drugs; i++) {
        if (ug_per_ml[i] > 0.0) {
            index = fmax(index, c->index[i]);
        }
    }
    return index < 0.0 ? 1.0 : index;
}

int chemistry_verify(const chemistry_t *c, error_t *e)
{
    bool sound = is_amount(c->permeation_index) && c->mixed_ms <= c->time_ms;
    for (int i = 0; i < c->drugs; i++) {
        sound = sound && is_amount(c->free_ug[i]) && is_amount(c->adsorbed_ug[i]) &&
                is_amount(c->degraded_ug[i].high);
    }
    return sound ? ERROR_OK
                 : ERROR_RAISE(e, ERROR_INVARIANT, "chemistry: books or index are no amounts");
}
