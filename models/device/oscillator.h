/* SPDX-License-Identifier: Apache-2.0 */
/* The pump's oscillators: what its two clocks read at a moment of simulation time, and back.
 *
 * Each clock reads floor((1 + error) t), t the milliseconds since it was started; it never runs backwards,
 * and reading it is exact to the millisecond for a century. The second oscillator runs free of the first,
 * so that the core can compare the two.
 *
 * Read-only after init: may be shared between threads. Holds no pointer; may be copied.
 */
#ifndef MODELS_DEVICE_OSCILLATOR_H
#define MODELS_DEVICE_OSCILLATOR_H

#include <stdint.h>

#include "device/parameters.h"
#include "error.h"

typedef struct oscillator_t {
    int64_t start_ms;    /* simulation time at which both clocks read 0 */
    double error;        /* of the main oscillator, as a fraction; positive runs fast */
    double second_error; /* of the second */
} oscillator_t;

/* Errors: ERROR_ARGUMENT, an error is not finite or not within +-0.5. */
int oscillator_init(oscillator_t *o, const oscillator_param_t *p, int64_t start_ms, error_t *e)
    __attribute__((warn_unused_result));

/* Reading of the main clock, ms, at simulation time sim_ms >= start_ms. Monotone. */
int64_t oscillator_core_ms(const oscillator_t *o, int64_t sim_ms);

/* Reading of the second clock, ms. Monotone. */
int64_t oscillator_second_ms(const oscillator_t *o, int64_t sim_ms);

/* First simulation millisecond at which the main clock reads core_ms >= 0 or more. */
int64_t oscillator_sim_ms(const oscillator_t *o, int64_t core_ms);

/* Real duration, ms, of core_period_ms on the main clock; not rounded. */
double oscillator_period_ms(const oscillator_t *o, double core_period_ms);

/* ERROR_INVARIANT unless both errors are finite and within +-0.5. */
int oscillator_verify(const oscillator_t *o, error_t *e) __attribute__((warn_unused_result));

#endif
