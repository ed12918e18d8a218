/* SPDX-License-Identifier: Apache-2.0 */
/* The watch: checks from outside, at every train, that a core keeps the limits of its pump.
 *
 * It knows nothing of the core's own guard: it counts the trains that reach the motor in simulation time.
 * A train's pulses are booked to the hour in which it begins, so a window of 24 hours is known to within
 * one train at each end; that much, and the clock error the pump is allowed, is granted, no more.
 *
 * Thread rule: one watch belongs to one pump.
 */
#ifndef HOST_WATCH_H
#define HOST_WATCH_H

#include "dosing_factory.h"

#include "error.h"

#include <stdint.h>

#define WATCH_HOURS 24
#define WATCH_CLOCK_ERROR 0.001 /* the widest that oscillator.def accepts */

typedef struct watch_t {
    int64_t pulses_24h_max;
    double period_min_ms; /* real time */
    int64_t hour;         /* of the newest bucket */
    int64_t bucket[WATCH_HOURS];
} watch_t;

void watch_init(watch_t *w, const dosing_factory_t *factory);

/* A train begins at time_ms. ERROR_INVARIANT: it is faster than the pump may run, or 24 hours would hold
 * more than the pump's limit. */
int watch_train(watch_t *w, int64_t time_ms, uint32_t count, double period_ms, error_t *e)
    __attribute__((warn_unused_result));

#endif
