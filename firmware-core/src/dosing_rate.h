/* SPDX-License-Identifier: Apache-2.0 */
/* What a programme means in pulses and in femtolitres: two representations, each exact, by separate formulas. */
#ifndef DOSING_RATE_H
#define DOSING_RATE_H

#include "dosing_programme.h"

/* The largest denominator of the exact rate, in 1/den pulse per ms. With den <= 2^55 the 64 pulses of a train, carried
 * twice over, stay below 2^62; see dosing_schedule.h. */
#define DOSING_DEN_MAX (UINT64_C(1) << 55)
/* Denominators are scaled up to this where the reduced one is smaller, so that a bolus's rate, a whole number of
 * 1/den pulse per ms, is accurate. */
#define DOSING_DEN_WANTED (UINT64_C(1) << 45)
/* A bolus in 1/den pulse: 2^17 pulses at the usual denominator, 2^7 at the largest. */
#define DOSING_BOLUS_UNITS_MAX (UINT64_C(1) << 62)

/* One denominator serves every dose of a programme, so that a step of the day changes the numerator alone and no remainder
 * is ever lost. */
typedef struct dosing_rate_t {
    uint64_t den; /* scheduler: 1..DOSING_DEN_MAX */
    uint64_t
        units_per_ng; /* scheduler: 1/den pulse per ng of the primary drug; 0 at the minimum rate */
    uint64_t common;  /* scheduler: (625 * dose / common) << shift units per ms, exactly */
    uint64_t least;   /* scheduler: units per ms at the minimum rate; else 0 */
    uint32_t shift;
    uint32_t fl_den;   /* guard: 27 * concentration, at most 2.7e9; 432 at the minimum rate */
    uint32_t fl_least; /* guard: (1/fl_den) femtolitre per ms at the minimum rate; else 0 */
    uint32_t
        period_min_ms; /* the larger of the motor's gap and the pulse time of the maximum rate */
} dosing_rate_t;

/* The exact rates of a programme that was read, with `concentration` of the primary drug in the path. REFUSED_RATE: a dose
 * lies outside the programme's range at that concentration; REFUSED_BOUNDS: it does not fit. */
dosing_status_t dosing_rate_of(dosing_rate_t *rate, const dosing_programme_t *p,
                               const dosing_factory_t *factory, uint32_t concentration);

/* Units per ms of a basal dose of the programme. */
uint64_t dosing_rate_units(const dosing_rate_t *rate, uint64_t dose_ng_per_day);

/* Guard: numerator over fl_den, femtolitre per ms. */
uint64_t dosing_rate_femtolitre(const dosing_rate_t *rate, uint64_t dose_ng_per_day);

/* Most pulses that the programme can begin in any `hours` (at most a week): basal, timed and patient's boluses, lateness and
 * phase included. `pulse_pl` and `concentration` of the path. Saturates at 2^31. */
uint64_t dosing_rate_worst(const dosing_programme_t *p, const dosing_factory_t *factory,
                           uint32_t concentration, uint32_t hours);

/* Pulses of a bolus, rounded up, and one for its phase. */
uint64_t dosing_rate_bolus_pulses(uint64_t dose_ng, uint32_t concentration, uint32_t pulse_pl);

#endif
