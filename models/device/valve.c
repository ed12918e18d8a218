/* SPDX-License-Identifier: Apache-2.0 */
/* Valves: cycles become volume, and a field lets the reservoir go. */
#include "device/valve.h"

#include <math.h>

#define MINUTES_PER_DAY 1440.0
#define LONGEST_MS 0x1p53
/* Acceptance band of the label. */
#define SHARE_MIN 0.85
#define SHARE_MAX 1.15

void valve_param_draw(valve_param_t *p, draw_t *d)
{
    p->share = draw_truncated_normal(d, p->share, p->share_sd, SHARE_MIN, SHARE_MAX);
}

int valve_init(valve_t *v, const valve_param_t *p, double stated_kpa, error_t *e)
{
    const restrictor_param_t way = {.stated_c = 37.0, .relative_viscosity = 1.0};
    *v = (valve_t){.param = *p, .chamber_ml = p->chamber_ul * 1e-3 * p->share, .period_ms = 1.0};
    if (p->generation != 1.0 && p->generation != 2.0) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "valve: generation %g; there are 1 and 2",
                           p->generation);
    }
    return restrictor_init(&v->open, &way, p->open_ml_per_min * MINUTES_PER_DAY, stated_kpa, e);
}

/* ---- cycles ---- */

int valve_train_start(valve_t *v, int64_t start_ms, int64_t count, double period_ms, error_t *e)
{
    if (count < 1 || !(period_ms > 0.0) || !(period_ms * (double)count < LONGEST_MS) ||
        start_ms < v->end_ms) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "valve: a train of %lld cycles every %g ms at %lld ms; one runs until "
                           "%lld ms",
                           (long long)count, period_ms, (long long)start_ms, (long long)v->end_ms);
    }
    v->before += v->count;
    v->start_ms = start_ms;
    v->count = count;
    v->period_ms = period_ms;
    v->end_ms = start_ms + (int64_t)ceil((double)count * period_ms);
    return ERROR_OK;
}

void valve_train_stop(valve_t *v, int64_t stop_ms)
{
    if (valve_running(v, stop_ms)) {
        v->count = valve_train_begun(v, stop_ms);
        v->end_ms = stop_ms;
    }
}

bool valve_running(const valve_t *v, int64_t t_ms)
{
    return t_ms < v->end_ms;
}

motor_position_t valve_position_at(const valve_t *v, int64_t t_ms)
{
    motor_position_t p = {.whole = v->before};
    if (t_ms >= v->end_ms) {
        p.whole += v->count;
    } else if (t_ms > v->start_ms) {
        const double cycles = (double)(t_ms - v->start_ms) / v->period_ms;
        const double whole = fmin(floor(cycles), (double)v->count);
        p.whole += (int64_t)whole;
        p.fraction = whole < (double)v->count ? cycles - whole : 0.0;
    }
    return p;
}

int64_t valve_train_begun(const valve_t *v, int64_t t_ms)
{
    if (t_ms >= v->end_ms) {
        return v->count;
    }
    if (t_ms < v->start_ms) {
        return 0;
    }
    const int64_t begun = (int64_t)floor((double)(t_ms - v->start_ms) / v->period_ms) + 1;
    return begun < v->count ? begun : v->count;
}

int64_t valve_cycles_begun(const valve_t *v, int64_t t_ms)
{
    return v->before + valve_train_begun(v, t_ms);
}

/* ---- flow ---- */

double valve_volume_ml(const valve_t *v, motor_position_t from, motor_position_t to,
                       double drive_kpa)
{
    const double filled = fmin(fmax(drive_kpa / v->param.full_kpa, 0.0), 1.0);
    return v->shut ? 0.0 : v->chamber_ml * filled * motor_pulses_between(from, to);
}

bool valve_is_open(const valve_t *v, const environment_t *around)
{
    return around->field_tesla > v->param.open_tesla;
}

double valve_discharge_ml(valve_t *v, double duration_ms, double drive_kpa, double temperature_c,
                          double *took_ms)
{
    const double ml_per_ms = restrictor_flow_ml_per_ms(&v->open, drive_kpa, temperature_c);
    double volume_ml = ml_per_ms * duration_ms;
    *took_ms = duration_ms;
    if (v->param.generation < 2.0) {
        return volume_ml;
    }
    const double left_ml = v->shut ? 0.0 : fmax(0.0, v->param.passes_ul * 1e-3 - v->passed_ml);
    if (volume_ml >= left_ml) {
        volume_ml = left_ml;
        *took_ms = ml_per_ms > 0.0 ? left_ml / ml_per_ms : 0.0;
        v->shut |= ml_per_ms > 0.0;
    }
    v->passed_ml += volume_ml;
    return volume_ml;
}

void valve_surround(valve_t *v, const environment_t *around)
{
    if (!v->shut && !valve_is_open(v, around)) {
        v->passed_ml = 0.0;
    }
}

void valve_reset(valve_t *v)
{
    v->shut = false;
    v->passed_ml = 0.0;
}

int valve_verify(const valve_t *v, error_t *e)
{
    if (v->before < 0 || v->count < 0 || v->end_ms < v->start_ms || !(v->period_ms > 0.0) ||
        !(v->chamber_ml > 0.0) || !(v->passed_ml >= 0.0)) {
        return ERROR_RAISE(
            e, ERROR_INVARIANT, "valve: %lld + %lld cycles of %g mL every %g ms, %g mL passed",
            (long long)v->before, (long long)v->count, v->chamber_ml, v->period_ms, v->passed_ml);
    }
    return restrictor_verify(&v->open, e);
}
