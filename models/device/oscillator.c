/* SPDX-License-Identifier: Apache-2.0 */
/* The pump's oscillators: clock readings to simulation time and back. */
#include "device/oscillator.h"

#include <math.h>

static bool is_sound(const oscillator_clock_t *c)
{
    return fabs(c->error) <= 0.5 && c->reading_ms >= 0;
}

int oscillator_init(oscillator_t *o, const oscillator_param_t *p, int64_t start_ms, error_t *e)
{
    *o = (oscillator_t){{{.from_ms = start_ms, .error = p->error_ppm / 1e6},
                         {.from_ms = start_ms, .error = p->second_error_ppm / 1e6}}};
    if (!is_sound(&o->clock[OSCILLATOR_MAIN]) || !is_sound(&o->clock[OSCILLATOR_SECOND])) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "oscillator: errors of %g and %g ppm", p->error_ppm,
                           p->second_error_ppm);
    }
    return ERROR_OK;
}

/* The error's share is added to the integer time: the product alone is rounded, to 1e-7 ms in a century.
 * Monotone, because from one millisecond to the next the share moves by less than one. */
static int64_t counted(int64_t elapsed_ms, double error)
{
    const double share = (double)elapsed_ms * error;
    const int64_t whole =
        (int64_t)share; /* toward zero; floor() would be a call, several for each wake */
    return elapsed_ms + whole - (share < (double)whole ? 1 : 0);
}

static int64_t reading(const oscillator_clock_t *c, int64_t sim_ms)
{
    return c->stands ? c->reading_ms : c->reading_ms + counted(sim_ms - c->from_ms, c->error);
}

/* First moment, not before c->from_ms, of a reading of `ms` or more. */
static int64_t moment(const oscillator_clock_t *c, int64_t ms)
{
    if (ms <= c->reading_ms) {
        return c->from_ms;
    }
    if (c->stands) {
        return OSCILLATOR_NEVER_MS;
    }
    const int64_t wanted_ms = ms - c->reading_ms;
    int64_t elapsed_ms = (int64_t)((double)wanted_ms / (1.0 + c->error));
    while (counted(elapsed_ms, c->error) < wanted_ms) {
        elapsed_ms++;
    }
    while (elapsed_ms > 0 && counted(elapsed_ms - 1, c->error) >= wanted_ms) {
        elapsed_ms--;
    }
    return c->from_ms + elapsed_ms;
}

int64_t oscillator_core_ms(const oscillator_t *o, int64_t sim_ms)
{
    return reading(&o->clock[OSCILLATOR_MAIN], sim_ms);
}

int64_t oscillator_second_ms(const oscillator_t *o, int64_t sim_ms)
{
    return reading(&o->clock[OSCILLATOR_SECOND], sim_ms);
}

int64_t oscillator_sim_ms(const oscillator_t *o, int64_t core_ms)
{
    return moment(&o->clock[OSCILLATOR_MAIN], core_ms);
}

int64_t oscillator_alarm_ms(const oscillator_t *o, int64_t core_ms, int64_t second_ms)
{
    const oscillator_clock_t *second = &o->clock[OSCILLATOR_SECOND];
    const int64_t by_main_ms = moment(&o->clock[OSCILLATOR_MAIN], core_ms);
    /* A reading costs less than its inverse, and the second clock is seldom first. */
    if (by_main_ms >= second->from_ms && by_main_ms < OSCILLATOR_NEVER_MS &&
        reading(second, by_main_ms) < second_ms) {
        return by_main_ms;
    }
    const int64_t by_second_ms = moment(second, second_ms);
    return by_main_ms < by_second_ms ? by_main_ms : by_second_ms;
}

double oscillator_period_ms(const oscillator_t *o, double core_period_ms)
{
    return core_period_ms / (1.0 + o->clock[OSCILLATOR_MAIN].error);
}

bool oscillator_stands(const oscillator_t *o, oscillator_which_t which)
{
    return o->clock[which].stands;
}

static void begin(oscillator_clock_t *c, int64_t sim_ms, int64_t reading_ms, bool stands)
{
    c->from_ms = sim_ms;
    c->reading_ms = reading_ms > 0 ? reading_ms : 0;
    c->stands = stands;
}

void oscillator_stop(oscillator_t *o, oscillator_which_t which, int64_t sim_ms)
{
    begin(&o->clock[which], sim_ms, reading(&o->clock[which], sim_ms), true);
}

void oscillator_run(oscillator_t *o, oscillator_which_t which, int64_t sim_ms)
{
    begin(&o->clock[which], sim_ms, reading(&o->clock[which], sim_ms), false);
}

void oscillator_jump(oscillator_t *o, oscillator_which_t which, int64_t sim_ms, int64_t by_ms)
{
    oscillator_clock_t *c = &o->clock[which];
    begin(c, sim_ms, reading(c, sim_ms) + by_ms, c->stands);
}

void oscillator_restart(oscillator_t *o, int64_t sim_ms)
{
    for (int i = 0; i < 2; i++) {
        begin(&o->clock[i], sim_ms, 0, o->clock[i].stands);
    }
}

int oscillator_verify(const oscillator_t *o, error_t *e)
{
    const oscillator_clock_t *c = o->clock;
    if (!is_sound(&c[0]) || !is_sound(&c[1])) {
        return ERROR_RAISE(e, ERROR_INVARIANT,
                           "oscillator: errors of %g and %g, at %lld and %lld ms", c[0].error,
                           c[1].error, (long long)c[0].reading_ms, (long long)c[1].reading_ms);
    }
    return ERROR_OK;
}
