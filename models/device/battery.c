/* SPDX-License-Identifier: Apache-2.0 */
/* The battery: charge by events, voltage by depth of discharge. */
#include "device/battery.h"

#include <math.h>

#define UC_PER_MAH 3.6e6

int battery_init(battery_t *b, const battery_param_t *p, error_t *e)
{
    if (!(p->end_v <= p->open_v)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "battery: end voltage %g V above the new cell's %g V",
                           p->end_v, p->open_v);
    }
    *b = (battery_t){.param = *p};
    return ERROR_OK;
}

void battery_drain(battery_t *b, int64_t interval_ms, int64_t wakes, int64_t pulses)
{
    b->slept_ms += interval_ms;
    b->wakes += wakes;
    b->pulses += pulses;
}

double battery_used_mah(const battery_t *b)
{
    double sleep_uc = b->param.sleep_ua * (double)b->slept_ms * 1e-3;
    double wakes_uc = b->param.wake_uc * (double)b->wakes;
    double pulses_uc = b->param.pulse_uc * (double)b->pulses;
    return (sleep_uc + wakes_uc + pulses_uc) / UC_PER_MAH;
}

double battery_depth(const battery_t *b)
{
    return battery_used_mah(b) / b->param.capacity_mah;
}

double battery_open_v(const battery_t *b)
{
    double depth = battery_depth(b);
    return depth > 1.0 ? 0.0 : b->param.open_v + depth * (b->param.end_v - b->param.open_v);
}

static double under_load(const battery_t *b, double current_a)
{
    return fmax(battery_open_v(b) - current_a * b->param.resistance_ohm, 0.0);
}

double battery_idle_v(const battery_t *b)
{
    return under_load(b, b->param.sleep_ua * 1e-6);
}

double battery_loaded_v(const battery_t *b)
{
    return under_load(b, b->param.load_ma * 1e-3);
}

int battery_verify(const battery_t *b, error_t *e)
{
    double open_v = battery_open_v(b);
    if (b->slept_ms < 0 || b->wakes < 0 || b->pulses < 0 || !(open_v <= b->param.open_v) ||
        !(battery_idle_v(b) <= open_v) || !(battery_loaded_v(b) <= open_v)) {
        return ERROR_RAISE(
            e, ERROR_INVARIANT, "battery: %lld ms, %lld wakes, %lld pulses, open %g V",
            (long long)b->slept_ms, (long long)b->wakes, (long long)b->pulses, open_v);
    }
    return ERROR_OK;
}
