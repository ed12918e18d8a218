/* SPDX-License-Identifier: Apache-2.0 */
/* Exact steps of depots, the plasma that they feed, and what of it is felt. */
#include "body/depot.h"

#include <math.h>
#include <string.h>

#include "body/cascade.h"

#define UG_PER_ML_TO_NG 1000.0

void depot_init(depot_t *d, const drug_param_t *drug, double ke0_per_h)
{
    memset(d, 0, sizeof *d);
    d->absorption_per_h[DEPOT_POCKET] = drug->pocket_per_h;
    d->absorption_per_h[DEPOT_SUBCUTANEOUS] = drug->subcutaneous_per_h;
    d->absorption_per_h[DEPOT_EPIDURAL] = drug->epidural_per_h;
    d->equilibration_per_h = drug->csf_equilibration_per_h;
    d->ratio = drug->csf_plasma_ratio;
    d->ke0_per_h = ke0_per_h;
}

void depot_put(depot_t *d, depot_place_t place, double mass_ug)
{
    d->in_depot_ug[place] += mass_ug;
    d->touched = d->touched || mass_ug > 0.0;
}

double depot_mass_ug(const depot_t *d)
{
    return d->in_depot_ug[DEPOT_POCKET] + d->in_depot_ug[DEPOT_SUBCUTANEOUS] +
           d->in_depot_ug[DEPOT_EPIDURAL];
}

/* What plasma mode j puts into CSF, per h and ug. */
static double to_csf(const depot_t *d, const plasma_t *plasma, int j)
{
    return d->equilibration_per_h * d->ratio * UG_PER_ML_TO_NG * plasma->amount[0][j] /
           plasma->central_ml;
}

/* What the amounts of a chain (rate, depot, mode j, CSF, effect) make of the stages after the depot. */
static void add_chain(depot_t *next, const plasma_t *plasma, int j, const double rate_per_h[5],
                      const double held[3], double hours)
{
    const cascade_t felt = cascade_response(5, rate_per_h, hours);
    const double lost_rate[4] = {rate_per_h[0], rate_per_h[1], rate_per_h[2], 0.0};
    const cascade_t lost = cascade_response(4, lost_rate, hours);
    const double csf = to_csf(next, plasma, j);
    const double elimination = plasma->elimination_per_h * plasma->amount[0][j];
    for (int s = 0; s < 3; s++) {
        /* A depot drains at its absorption, so what leaves it per h is that times what it holds. */
        const double gain = s < 2 ? rate_per_h[1] * held[s] : held[s];
        if (s < 2)
            next->mode[j] += gain * (double)felt.unit[s][2];
        next->csf_ng_per_ml += csf * gain * (double)felt.unit[s][3];
        next->effect_ng_per_ml += csf * next->ke0_per_h * gain * (double)felt.unit[s][4];
        next->eliminated_ug += elimination * gain * (double)lost.unit[s][3];
    }
}

/* What is already in CSF fades, and is felt. */
static void fade(depot_t *next, double hours)
{
    const double rate[2] = {next->equilibration_per_h, next->ke0_per_h};
    const cascade_t c = cascade_response(2, rate, hours);
    next->effect_ng_per_ml = (double)c.unit[1][1] * next->effect_ng_per_ml +
                             next->ke0_per_h * (double)c.unit[0][1] * next->csf_ng_per_ml;
    next->csf_ng_per_ml *= (double)c.unit[0][0];
}

static void absorb(depot_t *next, int place, double hours, double rate_ug_per_h)
{
    const double rate[2] = {0.0, next->absorption_per_h[place]};
    const cascade_t c = cascade_response(2, rate, hours);
    next->in_depot_ug[place] =
        (double)c.unit[1][1] * next->in_depot_ug[place] + (double)c.unit[0][1] * rate_ug_per_h;
}

void depot_advance(depot_t *d, const plasma_t *plasma, double hours,
                   const double rate_ug_per_h[DEPOT_PLACES])
{
    depot_t next = *d;
    for (int p = 0; p < DEPOT_PLACES; p++)
        next.touched = next.touched || rate_ug_per_h[p] > 0.0;
    if (!next.touched)
        return;
    fade(&next, hours);
    for (int j = 0; j < plasma->compartments; j++) {
        next.mode[j] *= exp(-plasma->rate_per_h[j] * hours);
        for (int p = 0; p < DEPOT_PLACES; p++) {
            const double rate[5] = {0.0, d->absorption_per_h[p], plasma->rate_per_h[j],
                                    d->equilibration_per_h, d->ke0_per_h};
            /* What the mode held is no place's: it counts once. */
            const double held[3] = {rate_ug_per_h[p], d->in_depot_ug[p], p == 0 ? d->mode[j] : 0.0};
            if (held[0] > 0.0 || held[1] > 0.0 || held[2] != 0.0)
                add_chain(&next, plasma, j, rate, held, hours);
        }
    }
    for (int p = 0; p < DEPOT_PLACES; p++)
        absorb(&next, p, hours, rate_ug_per_h[p]);
    *d = next;
}
