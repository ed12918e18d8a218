/* SPDX-License-Identifier: Apache-2.0 */
/* The battery: a primary cell that counts what it gave, and its idle and loaded voltage.
 *
 * Charge is counted in events, not in coulombs, so that it is exact however the time is cut: milliseconds
 * slept, wakes, motor pulses. The open-circuit voltage falls in a straight line with the depth of
 * discharge from open_v to end_v (assumption: lithium hybrid cathode, whose voltage tells its charge); a
 * cell past its capacity gives nothing.
 *
 * Thread rule: one battery belongs to one thread at a time. Holds no pointer; may be copied.
 */
#ifndef MODELS_DEVICE_BATTERY_H
#define MODELS_DEVICE_BATTERY_H

#include <stdint.h>

#include "device/parameters.h"
#include "error.h"

typedef struct battery_t {
    battery_param_t param;
    int64_t slept_ms;
    int64_t wakes;
    int64_t pulses;
} battery_t;

/* A new cell. Errors: ERROR_ARGUMENT, the end voltage is above the open one. */
int battery_init(battery_t *b, const battery_param_t *p, error_t *e)
    __attribute__((warn_unused_result));

/* Takes the charge of interval_ms, `wakes` wakes and `pulses` motor pulses, all >= 0. */
void battery_drain(battery_t *b, int64_t interval_ms, int64_t wakes, int64_t pulses);

/* Charge given so far, mA h. */
double battery_used_mah(const battery_t *b);

/* Charge given over capacity: 0 new, 1 spent, above 1 overdrawn. */
double battery_depth(const battery_t *b);

/* Open-circuit voltage; with the processor asleep; with the motor's coil on. V, never negative. */
double battery_open_v(const battery_t *b);
double battery_idle_v(const battery_t *b);
double battery_loaded_v(const battery_t *b);

/* ERROR_INVARIANT unless counts are >= 0 and no voltage exceeds the new cell's, idle and loaded not the open one. */
int battery_verify(const battery_t *b, error_t *e) __attribute__((warn_unused_result));

#endif
