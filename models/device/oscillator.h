/* SPDX-License-Identifier: Apache-2.0 */
/* The pump's oscillators: what its two clocks read at a moment of simulation time, and back.
 *
 * Each clock reads floor((1 + error) t), t the milliseconds since it was started; it never runs backwards,
 * and reading it is exact to the millisecond for a century. The second oscillator runs free of the first,
 * so that the core can compare the two.
 *
 * Faults that can be imposed, each from a moment of simulation time on, not before the latest one given to the
 * same clock: it stops, and reads the same from then on; it runs again from there; it jumps, ahead or back, never
 * below 0. Without a jump back no clock ever runs backwards. A reading is a closed form of the time since the latest of
 * these moments, so that it does not depend on when the clock is read. A loss of power starts both anew at 0.
 *
 * Reading changes nothing; between the calls that change it an oscillator_t may be shared between threads. Holds no
 * pointer; may be copied.
 */
#ifndef MODELS_DEVICE_OSCILLATOR_H
#define MODELS_DEVICE_OSCILLATOR_H

#include <stdbool.h>
#include <stdint.h>

#include "device/parameters.h"
#include "error.h"

#define OSCILLATOR_NEVER_MS INT64_MAX

typedef enum oscillator_which_t { OSCILLATOR_MAIN, OSCILLATOR_SECOND } oscillator_which_t;

/* One clock since the latest change to it. */
typedef struct oscillator_clock_t {
    int64_t from_ms;    /* simulation time of that change */
    int64_t reading_ms; /* what it read then */
    double error;       /* as a fraction; positive runs fast */
    bool stands;
} oscillator_clock_t;

typedef struct oscillator_t {
    oscillator_clock_t clock[2]; /* by oscillator_which_t */
} oscillator_t;

/* Both clocks read 0 at simulation time start_ms. Errors: ERROR_ARGUMENT, an error is not finite or not within +-0.5. */
int oscillator_init(oscillator_t *o, const oscillator_param_t *p, int64_t start_ms, error_t *e)
    __attribute__((warn_unused_result));

/* Reading of the main clock, ms, at simulation time sim_ms, not before the latest change to it. */
int64_t oscillator_core_ms(const oscillator_t *o, int64_t sim_ms);

/* Reading of the second clock, ms. */
int64_t oscillator_second_ms(const oscillator_t *o, int64_t sim_ms);

/* First simulation millisecond, not before the latest change, at which the main clock reads core_ms >= 0 or more;
 * OSCILLATOR_NEVER_MS: it stands before. */
int64_t oscillator_sim_ms(const oscillator_t *o, int64_t core_ms);

/* When an alarm on both clocks goes off, simulation time: when the main one reads core_ms or the second second_ms, both
 * >= 0, whichever is first. OSCILLATOR_NEVER_MS: both stand before. */
int64_t oscillator_alarm_ms(const oscillator_t *o, int64_t core_ms, int64_t second_ms);

/* Real duration, ms, of core_period_ms on a main clock that runs; not rounded. */
double oscillator_period_ms(const oscillator_t *o, double core_period_ms);

/* Whether a clock stands. */
bool oscillator_stands(const oscillator_t *o, oscillator_which_t which);

/* Faults, see above; sim_ms is the moment, by_ms ahead or, negative, back. */
void oscillator_stop(oscillator_t *o, oscillator_which_t which, int64_t sim_ms);
void oscillator_run(oscillator_t *o, oscillator_which_t which, int64_t sim_ms);
void oscillator_jump(oscillator_t *o, oscillator_which_t which, int64_t sim_ms, int64_t by_ms);

/* Power was lost and is back at sim_ms: both clocks read 0; one that stood still stands. */
void oscillator_restart(oscillator_t *o, int64_t sim_ms);

/* ERROR_INVARIANT unless both errors are finite and within +-0.5, and no reading is below 0. */
int oscillator_verify(const oscillator_t *o, error_t *e) __attribute__((warn_unused_result));

#endif
