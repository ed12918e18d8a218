/* SPDX-License-Identifier: Apache-2.0 */
/* The pump without its core: commands and time become flow at the outlet. */
#include "device/pump.h"

#include <math.h>
#include <string.h>

#define DAY_MS 86400000.0

int pump_init(pump_t *p, const pump_param_t *param, error_t *e)
{
    *p = (pump_t){
        .environment = param->environment,
        .flow_ml_per_ms = param->constant_flow_ml_per_day / DAY_MS,
        .now_ms = param->start_ms,
        .moved_ms = (double)param->start_ms,
    };
    int code = oscillator_init(&p->oscillator, &param->oscillator, param->start_ms, e);
    code = code != 0 ? code : motor_init(&p->motor, &param->head, e);
    code = code != 0 ? code : pump_head_init(&p->head, &param->head, e);
    code = code != 0 ? code : battery_init(&p->battery, &param->battery, e);
    code = code != 0 ? code : reservoir_init(&p->reservoir, &param->reservoir, param->drugs, e);
    if (code != 0) {
        return code;
    }
    /* The residual holds what the reservoir holds: a pump in use, not one from the shelf. */
    memcpy(p->reservoir.ug_per_ml, param->ug_per_ml, sizeof p->reservoir.ug_per_ml);
    return reservoir_fill(&p->reservoir, param->fill_ml, param->ug_per_ml, e);
}

bool pump_is_commanded(const pump_t *p)
{
    return p->flow_ml_per_ms <= 0.0;
}

/* Fluid moves out of the reservoir and leaves the outlet. */
static int move_fluid(pump_t *p, segment_t s, const pump_sink_t *sink, error_t *e)
{
    double mass_ug[SEGMENT_DRUGS_MAX] = {0.0};
    running_sum_add(&p->displaced_ml, s.volume_ml);
    s.volume_ml = reservoir_draw(&p->reservoir, s.volume_ml, mass_ug);
    running_sum_add(&p->delivered_ml, s.volume_ml);
    const pump_flow_t flow = {s, p->reservoir.ug_per_ml, mass_ug};
    return sink->flow == NULL ? 0 : sink->flow(sink->context, &flow, e);
}

/* Names every pulse that begins between two positions of the present train. */
static void tell_pulses(const pump_t *p, motor_position_t from, motor_position_t to,
                        const pump_sink_t *sink)
{
    int64_t first = from.whole + (from.fraction > 0.0 ? 1 : 0);
    int64_t last = to.whole + (to.fraction > 0.0 ? 1 : 0);
    for (int64_t k = first; sink->pulse != NULL && k < last; k++) {
        motor_position_t begin = {k, 0.0}, end = {k + 1, 0.0};
        double time_ms =
            (double)p->motor.start_ms + (double)(k - p->motor.before) * p->motor.period_ms;
        sink->pulse(sink->context, time_ms, pump_head_volume_ml(&p->head, begin, end));
    }
}

/* The motor's turn since the last call, as one segment of the present train. */
static int move_motor(pump_t *p, int64_t time_ms, const pump_sink_t *sink, error_t *e)
{
    motor_position_t to = motor_position_at(&p->motor, time_ms);
    double train_end_ms = (double)p->motor.start_ms + (double)p->motor.count * p->motor.period_ms;
    double start_ms = fmax(p->moved_ms, (double)p->motor.start_ms);
    double end_ms = fmax(start_ms, fmin((double)time_ms, train_end_ms));
    motor_position_t from = p->moved;
    p->moved_ms = (double)time_ms;
    p->moved = to;
    if (motor_pulses_between(from, to) <= 0.0) {
        return 0;
    }
    tell_pulses(p, from, to, sink);
    return move_fluid(p, pump_head_segment(&p->head, from, to, start_ms, end_ms - start_ms), sink,
                      e);
}

static int move_constant_flow(pump_t *p, int64_t time_ms, const pump_sink_t *sink, error_t *e)
{
    double duration_ms = (double)(time_ms - p->now_ms);
    segment_t s = {(double)p->now_ms, duration_ms, p->flow_ml_per_ms * duration_ms, 0.0};
    return duration_ms > 0.0 ? move_fluid(p, s, sink, e) : 0;
}

int pump_advance(pump_t *p, int64_t time_ms, const pump_sink_t *sink, error_t *e)
{
    int code;
    if (time_ms < p->now_ms) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "a pump cannot go back from %lld to %lld ms",
                           (long long)p->now_ms, (long long)time_ms);
    }
    if (!pump_is_commanded(p)) {
        code = move_constant_flow(p, time_ms, sink, e);
    } else {
        code = move_motor(p, time_ms, sink, e);
        /* What the battery has not paid for yet: the first pulse of a train begins at the wake that starts it. */
        battery_drain(&p->battery, time_ms - p->now_ms, 0,
                      motor_steps_confirmed(&p->motor, time_ms) - p->battery.pulses);
    }
    p->now_ms = time_ms;
    return code;
}

int pump_settle(pump_t *p, const pump_sink_t *sink, error_t *e)
{
    return move_motor(p, p->now_ms, sink, e);
}

double pump_usable_ml(const pump_t *p)
{
    return fmax(0.0, reservoir_volume_ml(&p->reservoir) - p->reservoir.residual_ml);
}

int pump_verify(const pump_t *p, error_t *e)
{
    int code = reservoir_verify(&p->reservoir, e);
    code = code != 0 ? code : motor_verify(&p->motor, e);
    code = code != 0 ? code : pump_head_verify(&p->head, e);
    code = code != 0 ? code : battery_verify(&p->battery, e);
    code = code != 0 ? code : oscillator_verify(&p->oscillator, e);
    if (code == 0 && !(p->delivered_ml.high <= p->displaced_ml.high * (1.0 + 1e-12))) {
        return ERROR_RAISE(e, ERROR_INVARIANT, "pump: %.17g mL flowed where %.17g mL were moved",
                           p->delivered_ml.high, p->displaced_ml.high);
    }
    return code;
}
