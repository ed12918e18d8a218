/* SPDX-License-Identifier: Apache-2.0 */
/* What a programme says, whether it may be committed, and what it means in pulses and in femtolitres. */
#ifndef DOSING_PROGRAMME_H
#define DOSING_PROGRAMME_H

#include <stdint.h>

#include "dosing_factory.h"
#include "dosing_frame.h"
#include "dosing_status.h"

typedef struct dosing_programme_t {
    uint32_t mode;  /* DOSING_MODE_* */
    uint32_t drugs; /* 0 before the first commit, then 1..6 */
    uint32_t low_nl;
    uint32_t empty_nl;
    uint32_t rate_max_nl_per_day; /* in force: the clinician's where given, else the factory's */
    uint32_t volume_24h_nl;       /* likewise */
    uint64_t dose_ng_per_day;     /* of drug 0 */
    uint64_t limit_ng[DOSING_DRUGS_MAX]; /* in any 24 h; 0: none */
    uint32_t concentration_ng_per_ml[DOSING_DRUGS_MAX];
} dosing_programme_t;

/* The largest denominator and numerator of the exact rate, in 1/den pulse per ms. With den <= 2^55 the 64
 * pulses of a train, carried twice over, stay below 2^62; see dosing_schedule.h. */
#define DOSING_DEN_MAX (UINT64_C(1) << 55)
/* Denominators are scaled up to this where the reduced one is smaller, so that a bolus's rate, a whole number of
 * 1/den pulse per ms, is accurate. A bolus of 2^15 pulses then fits into 2^61; where the reduced denominator is larger, fewer do, down to 64. */
#define DOSING_DEN_WANTED (UINT64_C(1) << 45)
#define DOSING_BOLUS_UNITS_MAX (UINT64_C(1) << 61)

/* A programme as two representations, each exact, made from the same committed numbers by separate formulas. */
typedef struct dosing_rate_t {
    uint64_t num;          /* scheduler: num / den pulses per ms */
    uint64_t den;          /* 1..DOSING_DEN_MAX */
    uint64_t units_per_ng; /* scheduler: 1/den pulse per ng of the primary drug */
    uint32_t fl_per_ms;    /* guard: fl_per_ms + fl_rem / fl_den femtolitre per ms */
    uint32_t fl_rem;
    uint32_t fl_den; /* 27 * concentration, at most 2.7e9 */
    uint32_t
        period_min_ms; /* the larger of the motor's gap and the pulse time of the maximum rate */
} dosing_rate_t;

/* Reads DOSING_PROGRAMME_BYTES and checks every field. REFUSED_PROGRAMME or REFUSED_RATE. */
dosing_status_t dosing_programme_read(dosing_programme_t *p, const uint8_t *bytes,
                                      const dosing_factory_t *factory);

/* The exact rate of a programme that was read; REFUSED_BOUNDS where it does not fit. */
dosing_status_t dosing_programme_rate(dosing_rate_t *rate, const dosing_programme_t *p,
                                      const dosing_factory_t *factory);

/* Ranges of the factory block, its magic, version and CRC: OK or ERROR_FACTORY. */
dosing_status_t dosing_programme_factory(const dosing_factory_t *factory);

#endif
