/* SPDX-License-Identifier: Apache-2.0 */
/* The stepper motor: trains of pulses become rotation. */
#include "device/motor.h"

#include <math.h>

/* Longest train that is still exact: 2^53 ms. */
#define LONGEST_MS 0x1p53

int motor_init(motor_t *m, const pump_head_param_t *p, error_t *e)
{
    double pulses = p->pulses_per_revolution;
    if (!(pulses >= 1.0) || !(pulses < 1e9) || floor(pulses) != pulses) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "motor: %g pulses per revolution is not a whole number", pulses);
    }
    *m = (motor_t){
        .pulses_per_revolution = (int64_t)pulses,
        .period_ms = 1.0,
        .torque_margin = MOTOR_TORQUE_MARGIN,
    };
    return ERROR_OK;
}

int motor_train_start(motor_t *m, int64_t start_ms, int64_t count, double period_ms, error_t *e)
{
    if (count < 1 || !(period_ms > 0.0) || !(period_ms * (double)count < LONGEST_MS)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "motor: a train of %lld pulses every %g ms",
                           (long long)count, period_ms);
    }
    if (start_ms < m->end_ms) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "motor: a train at %lld ms, one runs until %lld ms",
                           (long long)start_ms, (long long)m->end_ms);
    }
    m->before += m->count;
    m->start_ms = start_ms;
    m->count = count;
    m->period_ms = period_ms;
    m->end_ms = start_ms + (int64_t)ceil((double)count * period_ms);
    return ERROR_OK;
}

void motor_train_stop(motor_t *m, int64_t stop_ms)
{
    if (!motor_running(m, stop_ms)) {
        return;
    }
    m->count = motor_train_begun(m, stop_ms);
    m->end_ms = stop_ms;
}

bool motor_running(const motor_t *m, int64_t t_ms)
{
    return t_ms < m->end_ms;
}

int64_t motor_train_end_ms(const motor_t *m)
{
    return m->end_ms;
}

motor_position_t motor_position_at(const motor_t *m, int64_t t_ms)
{
    motor_position_t p = {.whole = m->before};
    if (t_ms >= m->end_ms) {
        p.whole += m->count;
    } else if (t_ms > m->start_ms) {
        double pulses = (double)(t_ms - m->start_ms) / m->period_ms;
        double whole = fmin(floor(pulses), (double)m->count);
        p.whole += (int64_t)whole;
        p.fraction = whole < (double)m->count ? pulses - whole : 0.0;
    }
    return p;
}

int64_t motor_train_begun(const motor_t *m, int64_t t_ms)
{
    if (t_ms >= m->end_ms) {
        return m->count;
    }
    if (t_ms < m->start_ms) {
        return 0;
    }
    int64_t begun = (int64_t)floor((double)(t_ms - m->start_ms) / m->period_ms) + 1;
    return begun < m->count ? begun : m->count;
}

int64_t motor_steps_confirmed(const motor_t *m, int64_t t_ms)
{
    return m->before + motor_train_begun(m, t_ms);
}

int64_t motor_rotor_index(const motor_t *m, int64_t t_ms)
{
    return motor_position_at(m, t_ms).whole / m->pulses_per_revolution;
}

double motor_pulses_between(motor_position_t from, motor_position_t to)
{
    return (double)(to.whole - from.whole) + (to.fraction - from.fraction);
}

int motor_verify(const motor_t *m, error_t *e)
{
    if (m->pulses_per_revolution < 1 || m->before < 0 || m->count < 0 || m->end_ms < m->start_ms ||
        !(m->period_ms > 0.0) || !isfinite(m->torque_margin)) {
        return ERROR_RAISE(e, ERROR_INVARIANT,
                           "motor: %lld + %lld pulses every %g ms from %lld to %lld ms",
                           (long long)m->before, (long long)m->count, m->period_ms,
                           (long long)m->start_ms, (long long)m->end_ms);
    }
    return ERROR_OK;
}
