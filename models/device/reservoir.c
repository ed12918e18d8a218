/* SPDX-License-Identifier: Apache-2.0 */
/* The drug reservoir: draws, needle, refill by complete mixing. */
#include "device/reservoir.h"

#include <math.h>

int reservoir_init(reservoir_t *r, const reservoir_param_t *p, int drugs, error_t *e)
{
    if (drugs < 1 || drugs > SEGMENT_DRUGS_MAX) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "reservoir: %d drugs, allowed are 1 to %d", drugs,
                           SEGMENT_DRUGS_MAX);
    }
    *r = (reservoir_t){
        .capacity_ml = p->capacity_ml,
        .residual_ml = p->residual_ml,
        .drugs = drugs,
        .fluid_ml = {.high = p->residual_ml},
    };
    return ERROR_OK;
}

double reservoir_volume_ml(const reservoir_t *r)
{
    return r->fluid_ml.high;
}

double reservoir_mass_ug(const reservoir_t *r, int drug)
{
    return r->ug_per_ml[drug] * r->fluid_ml.high;
}

static void masses_of(const reservoir_t *r, double volume_ml, double mass_ug[])
{
    for (int i = 0; i < r->drugs; i++) {
        mass_ug[i] = r->ug_per_ml[i] * volume_ml;
    }
}

/* Leaves exactly the residual, so that rounding never hides a drop above it. */
static double empty(reservoir_t *r)
{
    running_sum_t residual = {.high = r->residual_ml};
    double volume_ml = running_sum_difference(r->fluid_ml, residual);
    r->fluid_ml = residual;
    return volume_ml;
}

double reservoir_draw(reservoir_t *r, double volume_ml, double mass_ug[])
{
    running_sum_t left = r->fluid_ml;
    double drawn_ml = volume_ml;
    running_sum_add(&left, -volume_ml);
    if (left.high >= r->residual_ml) {
        r->fluid_ml = left;
    } else {
        drawn_ml = empty(r);
        r->gas_ml += volume_ml - drawn_ml;
    }
    masses_of(r, drawn_ml, mass_ug);
    return drawn_ml;
}

double reservoir_withdraw(reservoir_t *r, double mass_ug[])
{
    double volume_ml = empty(r);
    masses_of(r, volume_ml, mass_ug);
    return volume_ml;
}

static int check_fill(const reservoir_t *r, double volume_ml, const double ug_per_ml[], error_t *e)
{
    if (!(volume_ml >= 0.0) || !isfinite(volume_ml)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "reservoir: a refill of %g mL", volume_ml);
    }
    double room_ml = r->capacity_ml + r->residual_ml - r->fluid_ml.high;
    if (volume_ml > room_ml * (1.0 + 1e-12)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "reservoir: a refill of %g mL with room for %g mL",
                           volume_ml, room_ml);
    }
    for (int i = 0; i < r->drugs; i++) {
        if (!(ug_per_ml[i] >= 0.0) || !isfinite(ug_per_ml[i])) {
            return ERROR_RAISE(e, ERROR_ARGUMENT, "reservoir: a refill of drug %d at %g ug/mL", i,
                               ug_per_ml[i]);
        }
    }
    return ERROR_OK;
}

int reservoir_fill(reservoir_t *r, double volume_ml, const double ug_per_ml[], error_t *e)
{
    int code = check_fill(r, volume_ml, ug_per_ml, e);
    if (code < 0 || volume_ml == 0.0) {
        return code;
    }
    double old_ml = r->fluid_ml.high;
    running_sum_add(&r->fluid_ml, volume_ml);
    for (int i = 0; i < r->drugs; i++) {
        double mass_ug = ug_per_ml[i] * volume_ml + r->ug_per_ml[i] * old_ml;
        r->ug_per_ml[i] = mass_ug / r->fluid_ml.high;
    }
    return ERROR_OK;
}

int reservoir_verify(const reservoir_t *r, error_t *e)
{
    double volume_ml = r->fluid_ml.high;
    double most_ml = (r->capacity_ml + r->residual_ml) * (1.0 + 1e-12);
    if (!(volume_ml >= r->residual_ml) || !(volume_ml <= most_ml) || !(r->gas_ml >= 0.0)) {
        return ERROR_RAISE(e, ERROR_INVARIANT, "reservoir: %.17g mL of fluid, %.17g mL of gas",
                           volume_ml, r->gas_ml);
    }
    if (r->drugs < 1 || r->drugs > SEGMENT_DRUGS_MAX) {
        return ERROR_RAISE(e, ERROR_INVARIANT, "reservoir: %d drugs", r->drugs);
    }
    for (int i = 0; i < r->drugs; i++) {
        if (!(r->ug_per_ml[i] >= 0.0) || !isfinite(r->ug_per_ml[i])) {
            return ERROR_RAISE(e, ERROR_INVARIANT, "reservoir: drug %d at %g ug/mL", i,
                               r->ug_per_ml[i]);
        }
    }
    return ERROR_OK;
}
