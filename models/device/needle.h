/* SPDX-License-Identifier: Apache-2.0 */
/* The needle: how a reservoir is emptied and filled by hand, and what of it nobody sees.
 *
 * Emptying leaves some fluid above the residual, another volume each time. It is truly there: it mixes with what is injected, and
 * the next withdrawal finds it. Over refills that error telescopes; of n withdrawals the sum is off by (last - first left behind)
 * alone. Drawn until bubbles come, what needle and tube held reaches the syringe (assumption), so withdrawing has no dead volume.
 *
 * Injecting does: needle, extension and filter begin empty and end full of the new drug, which goes to waste with them. So the
 * reservoir gets the syringe's volume less theirs, while the clinic writes down the syringe's. That bias stands; nothing else does.
 * Where the over-pressure valve closes, the rest stays in the syringe, where it is seen.
 *
 * Pure but for the reservoir given.
 */
#ifndef MODELS_DEVICE_NEEDLE_H
#define MODELS_DEVICE_NEEDLE_H

#include "device/parameters.h"
#include "device/reservoir.h"
#include "error.h"

/* A syringe drawn up from vials. */
typedef struct needle_syringe_t {
    double volume_ml;
    const double *ug_per_ml; /* [drugs], borrowed */
} needle_syringe_t;

/* What became of a syringe's content. The three add up to it. */
typedef struct needle_injection_t {
    double injected_ml; /* into the reservoir */
    double dead_ml;     /* in needle, extension and filter, discarded */
    double kept_ml;     /* in the syringe still, for the valve closed; discarded */
} needle_injection_t;

/* Volume that an emptying would leave above the residual, mL >= 0, from a uniform in (0, 1); monotone in it. */
double needle_left_ml(const needle_param_t *p, double uniform);

/* Share of what leaves the needle at an injection that goes beside the port, mostly 0, from two uniforms in (0, 1). */
double needle_slip(const needle_param_t *p, const double uniform[2]);

/* Empties *r. Returns the volume withdrawn, mL; mass_ug[drugs] receives the masses. Where less is there than would be left, nothing
 * comes. */
double needle_withdraw(const needle_param_t *p, reservoir_t *r, double uniform, double mass_ug[]);

/* What is read off the syringe for what was withdrawn, mL >= 0: that, plus a normal error of the eye, rounded to the graduation.
 * withdrawn_ml >= 0; uniform in (0, 1). */
double needle_read_ml(const needle_param_t *p, double withdrawn_ml, double uniform);

/* Injects what is in the syringe. Returns RESERVOIR_FILLED or RESERVOIR_VALVE_CLOSED.
 * Errors: of reservoir_inject; then nothing is changed. */
int needle_inject(const needle_param_t *p, reservoir_t *r, const needle_syringe_t *syringe,
                  needle_injection_t *out, error_t *e) __attribute__((warn_unused_result));

#endif
