/* SPDX-License-Identifier: Apache-2.0 */
/* The peristaltic pump head: the volume that the rotor's turn from one position to another displaces.
 *
 * Over one roller pass of n pulses the flow per turn is q (1 + error) (1 + A cos(2 pi x / n)), x in pulses
 * from the beginning of the pass; its integral from 0 is x + A n / (2 pi) sin(2 pi x / n), so whole passes
 * give exactly n q (1 + error). Between pulse ends the volume is linear in the position. One pulse gives
 * at least q (1 + error) (1 - A) > 0. Amplitude and error: assumptions of pump_head.def.
 *
 * Read-only after init: may be shared between threads. Holds no pointer; may be copied.
 */
#ifndef MODELS_DEVICE_PUMP_HEAD_H
#define MODELS_DEVICE_PUMP_HEAD_H

#include "device/motor.h"
#include "device/parameters.h"
#include "device/segment.h"
#include "error.h"

typedef struct pump_head_t {
    double pulse_ml;         /* mean volume of a pulse of this unit, its error included */
    double ripple;           /* amplitude A, 0 <= A < 1 */
    int64_t pulses_per_pass; /* pulses in one roller pass, >= 1 */
} pump_head_t;

/* Errors: ERROR_ARGUMENT, the rollers are no whole number, or the pulses of a revolution no multiple of them. */
int pump_head_init(pump_head_t *h, const pump_head_param_t *p, error_t *e)
    __attribute__((warn_unused_result));

/* Volume displaced between two positions, mL, `to` not before `from`. Telescopes within 1e-12 relative. */
double pump_head_volume_ml(const pump_head_t *h, motor_position_t from, motor_position_t to);

/* The flow segment of a turn from `from` to `to` which took duration_ms from start_ms. */
segment_t pump_head_segment(const pump_head_t *h, motor_position_t from, motor_position_t to,
                            double start_ms, double duration_ms);

/* ERROR_INVARIANT unless the pulse volume is positive and the ripple cannot make the flow negative. */
int pump_head_verify(const pump_head_t *h, error_t *e) __attribute__((warn_unused_result));

#endif
