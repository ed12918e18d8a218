/* SPDX-License-Identifier: Apache-2.0 */
/* The pump's oscillators: clock readings to simulation time and back. */
#include "device/oscillator.h"

#include <math.h>
#include <stdbool.h>

static bool is_sound(double error)
{
    return fabs(error) <= 0.5;
}

int oscillator_init(oscillator_t *o, const oscillator_param_t *p, int64_t start_ms, error_t *e)
{
    *o = (oscillator_t){
        .start_ms = start_ms,
        .error = p->error_ppm / 1e6,
        .second_error = p->second_error_ppm / 1e6,
    };
    if (!is_sound(o->error) || !is_sound(o->second_error)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "oscillator: errors of %g and %g ppm", p->error_ppm,
                           p->second_error_ppm);
    }
    return ERROR_OK;
}

/* The error's share is added to the integer time: the product alone is rounded, to 1e-7 ms in a century.
 * Monotone, because from one millisecond to the next the share moves by less than one. */
static int64_t reading(int64_t elapsed_ms, double error)
{
    return elapsed_ms + (int64_t)floor((double)elapsed_ms * error);
}

int64_t oscillator_core_ms(const oscillator_t *o, int64_t sim_ms)
{
    return reading(sim_ms - o->start_ms, o->error);
}

int64_t oscillator_second_ms(const oscillator_t *o, int64_t sim_ms)
{
    return reading(sim_ms - o->start_ms, o->second_error);
}

int64_t oscillator_sim_ms(const oscillator_t *o, int64_t core_ms)
{
    int64_t elapsed_ms = (int64_t)((double)core_ms / (1.0 + o->error));
    while (reading(elapsed_ms, o->error) < core_ms) {
        elapsed_ms++;
    }
    while (elapsed_ms > 0 && reading(elapsed_ms - 1, o->error) >= core_ms) {
        elapsed_ms--;
    }
    return o->start_ms + elapsed_ms;
}

double oscillator_period_ms(const oscillator_t *o, double core_period_ms)
{
    return core_period_ms / (1.0 + o->error);
}

int oscillator_verify(const oscillator_t *o, error_t *e)
{
    if (!is_sound(o->error) || !is_sound(o->second_error)) {
        return ERROR_RAISE(e, ERROR_INVARIANT, "oscillator: errors of %g and %g", o->error,
                           o->second_error);
    }
    return ERROR_OK;
}
