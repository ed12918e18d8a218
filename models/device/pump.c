/* SPDX-License-Identifier: Apache-2.0 */
/* The pump without its core: commands and time become flow at the outlet. */
#include "device/pump.h"

#include <math.h>

#include "device/pump_drive.h"

/* The residual holds what the reservoir holds: a pump in use, or one that was rinsed with its drug. A knee is that of a tube which must
 * fill itself behind a roller (assumption): fluid that is pressed out flows to the last. */
static int init_reservoir(reservoir_t *r, const pump_param_t *param, error_t *e)
{
    reservoir_param_t q = param->reservoir;
    q.knee_ml = param->kind == PUMP_PERISTALTIC ? q.knee_ml : 0.0;
    int code = reservoir_init(r, &q, param->drugs, e);
    code = code != 0 ? code : reservoir_compounds(r, param->compound, e);
    if (code != 0) {
        return code;
    }
    reservoir_age(r, (double)param->start_ms);
    reservoir_season(r, param->ug_per_ml, param->new_surface);
    reservoir_surround(r, &param->environment);
    return reservoir_fill(r, param->fill_ml, param->ug_per_ml, e);
}

int pump_init(pump_t *p, const pump_param_t *param, error_t *e)
{
    *p = (pump_t){
        .kind = param->kind,
        .environment = param->environment,
        .outlet = OUTLET_FREE,
        .admitted = 1.0,
        .now_ms = param->start_ms,
        .moved_ms = (double)param->start_ms,
    };
    int code = oscillator_init(&p->oscillator, &param->oscillator, param->start_ms, e);
    code = code != 0 ? code
                     : propellant_init(&p->propellant, &param->propellant,
                                       param->reservoir.capacity_ml, e);
    code = code != 0 ? code : pump_drive_init(p, param, e);
    code = code != 0 ? code : battery_init(&p->battery, &param->battery, e);
    code = code != 0 ? code : init_reservoir(&p->reservoir, param, e);
    if (code == 0) {
        pump_filled(p);
    }
    return code;
}

void pump_filled(pump_t *p)
{
    pump_drive_filled(p, reservoir_permeation_index(&p->reservoir),
                      reservoir_overfilled_ml(&p->reservoir));
}

bool pump_is_commanded(const pump_t *p)
{
    return p->kind != PUMP_CONSTANT_FLOW;
}

/* Whether fluid flows because the reservoir presses, and so stops with it; else something displaces a volume, fluid or not. */
static bool is_pressed(const pump_t *p)
{
    return p->kind == PUMP_CONSTANT_FLOW ||
           (p->kind == PUMP_VALVE_GATED && valve_is_open(&p->valve, &p->environment));
}

/* Of a drug that degrades, the concentration falls while the fluid leaves. */
static void mean_of(const reservoir_t *r, double volume_ml, const double mass_ug[],
                    double ug_per_ml[])
{
    for (int i = 0; i < r->drugs; i++) {
        ug_per_ml[i] = mass_ug[i] / volume_ml;
    }
}

/* Fluid moves out of the reservoir and leaves the outlet. */
static int move_fluid(pump_t *p, segment_t s, const pump_sink_t *sink, error_t *e)
{
    double mass_ug[SEGMENT_DRUGS_MAX] = {0.0}, mean_ug_per_ml[SEGMENT_DRUGS_MAX];
    const double *ug_per_ml = p->reservoir.ug_per_ml;
    const double asked_ml = s.volume_ml, gas_ml = p->reservoir.gas_ml;
    running_sum_add(&p->displaced_ml, asked_ml);
    if (p->admitted < 1.0 && !is_pressed(p)) {
        s.volume_ml *= p->admitted;
        pump_drive_held_up(p, s.pulses * (1.0 - p->admitted));
    }
    s.volume_ml = reservoir_flow(&p->reservoir, &s, mass_ug);
    running_sum_add(&p->delivered_ml, s.volume_ml);
    if (p->reservoir.chemistry.unstable && s.volume_ml > 0.0) {
        mean_of(&p->reservoir, s.volume_ml, mass_ug, mean_ug_per_ml);
        ug_per_ml = mean_ug_per_ml;
    }
    if (p->reservoir.gas_ml > gas_ml) {
        if (is_pressed(p)) {
            s.duration_ms *= s.volume_ml / asked_ml;
        }
        pump_drive_ran_dry(p, s.pulses * (p->reservoir.gas_ml - gas_ml) / asked_ml);
    }
    const pump_flow_t flow = {s, ug_per_ml, mass_ug};
    return sink->flow == NULL ? 0 : sink->flow(sink->context, &flow, e);
}

static int move_to(pump_t *p, int64_t time_ms, const pump_sink_t *sink, error_t *e)
{
    segment_t s;
    return pump_drive_move(p, time_ms, sink, &s) ? move_fluid(p, s, sink, e) : 0;
}

int pump_advance(pump_t *p, int64_t time_ms, const pump_sink_t *sink, error_t *e)
{
    if (time_ms < p->now_ms) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "a pump cannot go back from %lld to %lld ms",
                           (long long)p->now_ms, (long long)time_ms);
    }
    int code = move_to(p, time_ms, sink, e);
    if (pump_is_commanded(p)) {
        /* What the battery has not paid for yet: the first pulse of a train begins at the wake that starts it. */
        const int64_t begun = pump_drive_pulses_begun(p, time_ms);
        if (battery_drain(&p->battery, time_ms - p->now_ms, 0, begun - p->battery.pulses)) {
            const int64_t day_ms = time_ms - battery_into_day_ms(&p->battery);
            battery_set_lost_uc(&p->battery, pump_drive_leak_uc(p, day_ms));
        }
    }
    reservoir_age(&p->reservoir, (double)time_ms);
    p->now_ms = time_ms;
    return code;
}

int pump_settle(pump_t *p, const pump_sink_t *sink, error_t *e)
{
    /* The first pulse of a train is told of as it begins. */
    const bool idle = sink->pulse == NULL && pump_drive_rests(p);
    return idle ? 0 : move_to(p, p->now_ms, sink, e);
}

void pump_surround(pump_t *p, const environment_t *around, draw_t *binding)
{
    p->environment = *around;
    reservoir_surround(&p->reservoir, around);
    pump_drive_surround(p, binding);
}

void pump_set_outlet(pump_t *p, const outlet_t *outlet)
{
    p->outlet = *outlet;
    pump_drive_meet_outlet(p);
}

double pump_usable_ml(const pump_t *p)
{
    return fmax(0.0, reservoir_volume_ml(&p->reservoir) - p->reservoir.residual_ml);
}

int pump_verify(const pump_t *p, error_t *e)
{
    int code = reservoir_verify(&p->reservoir, e);
    code = code != 0 ? code : pump_drive_verify(p, e);
    code = code != 0 ? code : battery_verify(&p->battery, e);
    code = code != 0 ? code : oscillator_verify(&p->oscillator, e);
    if (code == 0 && !(p->delivered_ml.high <= p->displaced_ml.high * (1.0 + 1e-12))) {
        return ERROR_RAISE(e, ERROR_INVARIANT, "pump: %.17g mL flowed where %.17g mL were moved",
                           p->delivered_ml.high, p->displaced_ml.high);
    }
    return code;
}
