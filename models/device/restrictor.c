/* SPDX-License-Identifier: Apache-2.0 */
/* The restrictor: pressure and warmth become flow. */
#include "device/restrictor.h"

#include <math.h>

#define DAY_MS 86400000.0
#define WATER_20C_MPAS 1.002

double restrictor_water_mpas(double temperature_c)
{
    const double below_c = 20.0 - temperature_c;
    const double decades = below_c / (temperature_c + 96.0) *
                           (1.2364 - 1.37e-3 * below_c + 5.7e-6 * below_c * below_c);
    return WATER_20C_MPAS * pow(10.0, decades);
}

int restrictor_init(restrictor_t *r, const restrictor_param_t *p, double ml_per_day,
                    double stated_kpa, error_t *e)
{
    if (!(ml_per_day >= 0.0) || !isfinite(ml_per_day) || !(stated_kpa > 0.0) ||
        !(p->relative_viscosity > 0.0)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "restrictor: %g mL/day at a drive of %g kPa, %g times the viscosity",
                           ml_per_day, stated_kpa, p->relative_viscosity);
    }
    *r = (restrictor_t){.stated_ml_per_ms = ml_per_day / DAY_MS,
                        .stated_kpa = stated_kpa,
                        .stated_mpas = restrictor_water_mpas(p->stated_c),
                        .relative_viscosity = p->relative_viscosity,
                        .clogged = 1.0};
    return ERROR_OK;
}

double restrictor_flow_ml_per_ms(const restrictor_t *r, double drive_kpa, double temperature_c)
{
    const double thinner = r->stated_mpas / restrictor_water_mpas(temperature_c);
    return r->stated_ml_per_ms * (fmax(0.0, drive_kpa) / r->stated_kpa) * thinner /
           r->relative_viscosity / r->clogged;
}

void restrictor_impose(restrictor_t *r, double times)
{
    r->clogged = fmax(1.0, times);
}

int restrictor_verify(const restrictor_t *r, error_t *e)
{
    if (!(r->stated_ml_per_ms >= 0.0) || !isfinite(r->stated_ml_per_ms) || !(r->clogged >= 1.0)) {
        return ERROR_RAISE(e, ERROR_INVARIANT, "restrictor: %g mL/ms, %g times its resistance",
                           r->stated_ml_per_ms, r->clogged);
    }
    return ERROR_OK;
}
