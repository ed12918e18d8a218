/* SPDX-License-Identifier: Apache-2.0 */
/* The peristaltic pump head: rotor positions to volume. */
#include "device/pump_head.h"

#include <math.h>

#define TWO_PI 6.283185307179586476925286766559

int pump_head_init(pump_head_t *h, const pump_head_param_t *p, error_t *e)
{
    double per_pass = p->pulses_per_revolution / p->rollers;
    if (!(per_pass >= 1.0) || !(per_pass < 1e9) || floor(per_pass) != per_pass ||
        floor(p->rollers) != p->rollers) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "pump head: %g pulses a revolution are no multiple of %g rollers",
                           p->pulses_per_revolution, p->rollers);
    }
    *h = (pump_head_t){
        .pulse_ml = p->pulse_ul * 1e-3 * (1.0 + p->unit_error),
        .ripple = p->ripple,
        .pulses_per_pass = (int64_t)per_pass,
    };
    return ERROR_OK;
}

/* What the ripple has added, in pulses, after k pulses of a pass. The pass's end is its beginning and not
 * sin(2 pi), so that a pass gives its mean to the last bit. */
static double ripple_at(const pump_head_t *h, int64_t k)
{
    double n = (double)h->pulses_per_pass;
    return k == h->pulses_per_pass ? 0.0 : h->ripple * n / TWO_PI * sin(TWO_PI * (double)k / n);
}

static double ripple_of(const pump_head_t *h, motor_position_t p)
{
    int64_t k = p.whole % h->pulses_per_pass;
    double here = ripple_at(h, k);
    return p.fraction > 0.0 ? here + p.fraction * (ripple_at(h, k + 1) - here) : here;
}

double pump_head_volume_ml(const pump_head_t *h, motor_position_t from, motor_position_t to)
{
    return h->pulse_ml * (motor_pulses_between(from, to) + (ripple_of(h, to) - ripple_of(h, from)));
}

segment_t pump_head_segment(const pump_head_t *h, motor_position_t from, motor_position_t to,
                            double start_ms, double duration_ms)
{
    return (segment_t){
        .start_ms = start_ms,
        .duration_ms = duration_ms,
        .volume_ml = pump_head_volume_ml(h, from, to),
        .pulses = motor_pulses_between(from, to),
    };
}

int pump_head_verify(const pump_head_t *h, error_t *e)
{
    if (!(h->pulse_ml > 0.0) || !isfinite(h->pulse_ml) || !(h->ripple >= 0.0) ||
        !(h->ripple < 1.0) || h->pulses_per_pass < 1) {
        return ERROR_RAISE(e, ERROR_INVARIANT,
                           "pump head: %g mL a pulse, ripple %g, %lld pulses a pass", h->pulse_ml,
                           h->ripple, (long long)h->pulses_per_pass);
    }
    return ERROR_OK;
}
