/* SPDX-License-Identifier: Apache-2.0 */
/* The stepper motor: trains of pulses become rotation. */
#include "device/motor.h"

#include <math.h>
#include <string.h>

/* Longest train that is still exact: 2^53 ms. */
#define LONGEST_MS 0x1p53

/* How far one look ahead reaches. Longer costs fewer looks, and more of them in vain shortly before a stall. */
#define AHEAD_MS INT64_C(691200000) /* eight days */
#define AHEAD_STEPS INT64_C(20000)

static const motor_param_t never_misses_param;
static const wear_param_t never_wears_param;

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
        .settled.last = -1,
        .turned_ms = -HUGE_VAL,
        .sure_until_ms = INT64_MAX,
        .sure_until_step = INT64_MAX,
    };
    return torque_init(&m->torque, &never_misses_param, &never_wears_param, 0, e);
}

int motor_fit(motor_t *m, const pump_head_param_t *head, const motor_fit_t *fit, error_t *e)
{
    const double per_pass = head->pulses_per_revolution / head->rollers;
    if (!(per_pass >= 1.0) || floor(per_pass) != per_pass) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "motor: %g pulses in a pass of %g rollers", per_pass,
                           head->rollers);
    }
    int code = torque_init(&m->torque, fit->param, fit->wear, fit->made_ms, e);
    m->torque.stream = *fit->stream;
    m->torque.pulses_per_pass = (int64_t)per_pass;
    m->torque.pulses_per_revolution = m->pulses_per_revolution;
    m->sure_until_ms = INT64_MIN;
    return code;
}

/* ---- what becomes of pulses ---------------------------------------------------------------------------- */

/* Whether pulse `index` of the train has the polarity that a rotor after `steps` of its steps waits for. */
static bool in_step(const motor_t *m, int64_t index, int64_t steps)
{
    return ((m->pulses_before + index) & 1) == ((m->before + steps) & 1);
}

static motor_outcome_t ask_each(const motor_t *m, motor_outcome_t o, int64_t pulses)
{
    for (; o.pulses < pulses; o.pulses++) {
        const double t_ms = (double)m->start_ms + (double)o.pulses * m->period_ms;
        if (in_step(m, o.pulses, o.steps) && t_ms >= (double)m->torque.locked_until_ms &&
            torque_turns(&m->torque, &m->load, m->pulses_before + o.pulses, m->before + o.steps,
                         t_ms)) {
            o.steps++;
            o.last = o.pulses;
        }
    }
    return o;
}

/* Of the first `pulses` of the train, not fewer than are settled. */
static motor_outcome_t outcome(const motor_t *m, int64_t pulses)
{
    motor_outcome_t o = m->settled;
    if (pulses <= o.pulses) {
        return o;
    }
    if (m->rest == TORQUE_EACH) {
        return ask_each(m, o, pulses);
    }
    if (m->rest == TORQUE_ALL) {
        o.steps += pulses - o.pulses;
        o.last = pulses - 1;
    }
    o.pulses = pulses;
    return o;
}

/* Looks ahead: the drive that suffices for all of the days to come. */
static void look_ahead(motor_t *m, int64_t t_ms, int64_t step)
{
    m->sure_until_ms = t_ms + AHEAD_MS;
    m->sure_until_step = step + AHEAD_STEPS;
    torque_load_t load = torque_load(&m->torque, m->sure_until_ms, m->sure_until_step);
    m->sure_drive = torque_sure_drive(&m->torque, &load);
}

static bool surely_turns(const motor_t *m, int64_t t_ms, int64_t step, int64_t pulses)
{
    return t_ms < m->sure_until_ms && step + pulses <= m->sure_until_step &&
           m->torque.drive > m->sure_drive && !m->torque.seized;
}

/* What becomes of the pulses that are not settled, the first of which begins at t_ms or later. */
static void judge(motor_t *m, int64_t t_ms)
{
    const int64_t step = m->before + m->settled.steps;
    const int64_t pulses = m->count - m->settled.pulses;
    const bool clear =
        t_ms >= m->torque.locked_until_ms && in_step(m, m->settled.pulses, m->settled.steps);
    m->rest = TORQUE_ALL;
    if (clear && surely_turns(m, t_ms, step, pulses)) {
        return;
    }
    if (t_ms >= m->sure_until_ms || step + pulses > m->sure_until_step) {
        look_ahead(m, t_ms, step);
        if (clear && surely_turns(m, t_ms, step, pulses)) {
            return;
        }
    }
    m->load = torque_load(&m->torque, t_ms, step);
    m->rest = torque_verdict(&m->torque, &m->load);
    if (m->rest == TORQUE_ALL && !clear) {
        m->rest = m->torque.locked_until_ms >= m->end_ms ? TORQUE_NONE : TORQUE_EACH;
    }
}

void motor_settle(motor_t *m, int64_t t_ms)
{
    m->settled = outcome(m, motor_train_begun(m, t_ms));
}

/* What drives or holds the rotor has changed: the pulses to come are judged again. */
static void changed(motor_t *m, int64_t t_ms)
{
    if (motor_running(m, t_ms)) {
        judge(m, t_ms);
    }
}

/* What steps need has changed: what was proved of the days to come holds no more. */
static void needs_changed(motor_t *m, int64_t t_ms)
{
    m->sure_until_ms = INT64_MIN;
    changed(m, t_ms);
}

/* ---- trains ---------------------------------------------------------------------------------------------- */

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
    const motor_outcome_t last = outcome(m, m->count);
    if (last.last >= 0) {
        m->turned_ms = (double)m->start_ms + (double)last.last * m->period_ms;
    }
    m->before += last.steps;
    m->pulses_before += m->count;
    m->settled = (motor_outcome_t){.last = -1};
    m->start_ms = start_ms;
    m->count = count;
    m->period_ms = period_ms;
    m->end_ms = start_ms + (int64_t)ceil((double)count * period_ms);
    judge(m, start_ms);
    return ERROR_OK;
}

void motor_train_stop(motor_t *m, int64_t stop_ms)
{
    if (!motor_running(m, stop_ms)) {
        return;
    }
    motor_settle(m, stop_ms);
    m->count = m->settled.pulses;
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

/* ---- conditions ------------------------------------------------------------------------------------------- */

void motor_set_supply(motor_t *m, int64_t t_ms, double volts)
{
    const double nominal_v = m->torque.param.nominal_v;
    const double drive = volts >= nominal_v ? 1.0 : fmax(0.0, volts / nominal_v);
    if (drive < m->torque.drive || drive > m->torque.drive) {
        motor_settle(m, t_ms);
        m->torque.drive = drive;
        changed(m, t_ms);
    }
}

void motor_set_load(motor_t *m, int64_t t_ms, double load_kpa)
{
    if (load_kpa < m->torque.load_kpa || load_kpa > m->torque.load_kpa) {
        motor_settle(m, t_ms);
        m->torque.load_kpa = load_kpa;
        needs_changed(m, t_ms);
    }
}

void motor_set_index(motor_t *m, int64_t t_ms, double index)
{
    if (wear_set_index(&m->torque.wear, t_ms, index)) {
        motor_settle(
            m, t_ms); /* what has begun was judged before, and does not ask for the index again */
        needs_changed(m, t_ms);
    }
}

void motor_expose(motor_t *m, int64_t t_ms, const environment_t *around, draw_t *binding)
{
    const bool was_in = m->torque.locked_until_ms == INT64_MAX;
    const bool is_in = around->field_tesla > m->torque.param.field_stall_tesla;
    if (was_in == is_in) {
        return;
    }
    motor_settle(m, t_ms);
    m->torque.locked_until_ms = INT64_MAX;
    if (!is_in) {
        double binds_ms = binding != NULL ? torque_binding_ms(&m->torque.param, binding) : 0.0;
        m->torque.locked_until_ms = t_ms + (int64_t)ceil(binds_ms);
    }
    changed(m, t_ms);
}

void motor_impose(motor_t *m, int64_t t_ms, motor_fault_t fault, double severity)
{
    wear_state_t imposed = m->torque.wear.imposed;
    double *const part[MOTOR_FAULTS] = {
        [MOTOR_SHORT] = &imposed.shunt,
        [MOTOR_CORROSION] = &imposed.gear,
        [MOTOR_PARTICLE] = &imposed.particle,
        [MOTOR_SHAFT_WEAR] = &imposed.shaft,
    };
    motor_settle(m, t_ms);
    if (fault == MOTOR_SEIZED) {
        m->torque.seized = severity > 0.0;
    } else {
        *part[fault] = fmax(0.0, severity);
    }
    if (fault == MOTOR_PARTICLE) {
        int64_t angle = (m->before + m->settled.steps) % m->pulses_per_revolution;
        imposed.particle_angle = (double)angle / (double)m->pulses_per_revolution;
    }
    wear_impose(&m->torque.wear, t_ms, &imposed);
    needs_changed(m, t_ms);
}

void motor_wear_shaft_to(motor_t *m, int64_t t_ms, double margin)
{
    motor_impose(m, t_ms, MOTOR_SHAFT_WEAR, 0.0);
    torque_load_t load = torque_load(&m->torque, t_ms, m->before + m->settled.steps);
    double needed = load.base + load.swing + load.particle;
    double gives = m->torque.drive * (1.0 - load.shunt);
    motor_impose(m, t_ms, MOTOR_SHAFT_WEAR, gives / (1.0 + margin) - needed);
}

/* ---- reading ------------------------------------------------------------------------------------------------ */

motor_position_t motor_position_at(const motor_t *m, int64_t t_ms)
{
    motor_position_t p = {.whole = m->before};
    if (t_ms >= m->end_ms) {
        p.whole += outcome(m, m->count).steps;
    } else if (t_ms > m->start_ms) {
        double pulses = (double)(t_ms - m->start_ms) / m->period_ms;
        double whole = fmin(floor(pulses), (double)m->count);
        motor_outcome_t o = outcome(m, motor_train_begun(m, t_ms));
        p.whole += o.steps;
        if (o.last == (int64_t)whole) { /* the step of the pulse that now has its period */
            p.whole--;
            p.fraction = pulses - whole;
        }
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
    int64_t begun = (int64_t)((double)(t_ms - m->start_ms) / m->period_ms) + 1;
    return begun < m->count ? begun : m->count;
}

int64_t motor_train_steps(const motor_t *m, int64_t pulses)
{
    return outcome(m, pulses).steps;
}

int64_t motor_pulses_begun(const motor_t *m, int64_t t_ms)
{
    return m->pulses_before + motor_train_begun(m, t_ms);
}

int64_t motor_train_confirmed(const motor_t *m, int64_t t_ms)
{
    int64_t begun = motor_train_begun(m, t_ms);
    return begun == 0 ? 0 : outcome(m, begun).steps;
}

int64_t motor_steps_confirmed(const motor_t *m, int64_t t_ms)
{
    return m->before + motor_train_confirmed(m, t_ms);
}

int64_t motor_rotor_index(const motor_t *m, int64_t t_ms)
{
    return motor_position_at(m, t_ms).whole / m->pulses_per_revolution;
}

double motor_turned_ms(const motor_t *m, int64_t t_ms)
{
    int64_t last = outcome(m, motor_train_begun(m, t_ms)).last;
    return last >= 0 ? (double)m->start_ms + (double)last * m->period_ms : m->turned_ms;
}

double motor_margin(const motor_t *m, int64_t t_ms)
{
    torque_load_t load = torque_load(&m->torque, t_ms, motor_position_at(m, t_ms).whole);
    return torque_margin(&m->torque, &load);
}

double motor_short_share(const motor_t *m, int64_t t_ms)
{
    double share = torque_load(&m->torque, t_ms, motor_position_at(m, t_ms).whole).shunt;
    return share > 0.0 ? share * wear_bout(&m->torque.wear, t_ms, &m->torque.stream) : 0.0;
}

double motor_leak_uc(const motor_t *m, int64_t t_ms)
{
    return wear_leak_uc(&m->torque.wear, t_ms);
}

double motor_pulses_between(motor_position_t from, motor_position_t to)
{
    return (double)(to.whole - from.whole) + (to.fraction - from.fraction);
}

int motor_verify(const motor_t *m, error_t *e)
{
    if (m->pulses_per_revolution < 1 || m->before < 0 || m->count < 0 || m->end_ms < m->start_ms ||
        !(m->period_ms > 0.0) || m->settled.steps > m->settled.pulses ||
        m->settled.pulses > m->count) {
        return ERROR_RAISE(e, ERROR_INVARIANT,
                           "motor: %lld + %lld pulses every %g ms from %lld to %lld ms",
                           (long long)m->before, (long long)m->count, m->period_ms,
                           (long long)m->start_ms, (long long)m->end_ms);
    }
    return torque_verify(&m->torque, e);
}
