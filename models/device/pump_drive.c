/* SPDX-License-Identifier: Apache-2.0 */
/* The drive of a pump: what its motor, restrictor or valves do with a train and with time. */
#include "device/pump_drive.h"

#include <math.h>

#define DAY_MS 86400000.0

double pump_drive_kpa(const pump_t *p)
{
    return propellant_drive_kpa(&p->propellant, pump_usable_ml(p), &p->environment);
}

/* The drive of a half-full reservoir: what a maker states a flow for, what drives valves, and what a tube is pressed by from
 * inside. Fill changes it by under 1 kPa, which would not be seen there: a tube's output changes by 0.05 % for it. */
static double middle_kpa(const pump_t *p, const environment_t *around)
{
    return propellant_drive_kpa(&p->propellant, 0.5 * p->propellant.capacity_ml, around);
}

/* Pressure at the head's outlet above that at its inlet. */
static double load_kpa(const pump_t *p)
{
    return -middle_kpa(p, &p->environment);
}

/* What a train moves in a day where nothing hinders it, and what the drive gives way at. */
static double nominal_ml_per_day(const pump_t *p, double *limit_kpa)
{
    const bool rollers = p->kind == PUMP_PERISTALTIC;
    *limit_kpa = rollers ? p->head.param.gives_way_kpa : middle_kpa(p, &p->environment);
    return rollers ? p->head.pulse_ml / p->motor.period_ms * DAY_MS
                   : p->valve.chamber_ml / p->valve.period_ms * DAY_MS;
}

void pump_drive_meet_outlet(pump_t *p)
{
    const double before_kpa = p->back_kpa;
    double limit_kpa;
    p->admitted = 1.0;
    p->back_kpa = 0.0;
    if (p->kind == PUMP_CONSTANT_FLOW) {
        return;
    }
    if (!outlet_is_wide(&p->outlet)) {
        const double ml_per_day = nominal_ml_per_day(p, &limit_kpa);
        /* Without pressure a chamber stays empty: there is nothing to let in. */
        p->admitted =
            limit_kpa > 0.0 ? outlet_share(&p->outlet, ml_per_day, limit_kpa, &p->back_kpa) : 1.0;
    }
    if (p->kind == PUMP_PERISTALTIC && (before_kpa > 0.0 || p->back_kpa > 0.0)) {
        motor_set_load(&p->motor, p->now_ms, load_kpa(p) + p->back_kpa);
    }
}

void pump_drive_held_up(pump_t *p, double pulses)
{
    if (p->kind == PUMP_PERISTALTIC) {
        pump_head_harm(&p->head, PUMP_HEAD_BLOCKED,
                       pulses / (double)p->motor.pulses_per_revolution);
    }
}

static int init_motor(pump_t *p, const pump_param_t *param, error_t *e)
{
    const motor_fit_t fit = {&param->motor, &param->wear, &param->steps, param->start_ms};
    int code = motor_init(&p->motor, &param->head, e);
    code = code != 0 ? code : motor_fit(&p->motor, &param->head, &fit, e);
    code = code != 0 ? code : pump_head_init(&p->head, &param->head, e);
    if (code == 0) {
        pump_head_made(&p->head, param->start_ms);
        pump_head_surround(&p->head, &p->environment, load_kpa(p));
        motor_set_load(&p->motor, param->start_ms, load_kpa(p));
    }
    return code;
}

int pump_drive_init(pump_t *p, const pump_param_t *param, error_t *e)
{
    environment_t stated = ENVIRONMENT_AT_REST;
    switch (param->kind) {
    case PUMP_PERISTALTIC:
        return init_motor(p, param, e);
    case PUMP_CONSTANT_FLOW:
        stated.temperature_c = param->restrictor.stated_c;
        stated.ambient_kpa = param->restrictor.stated_ambient_kpa;
        return restrictor_init(&p->restrictor, &param->restrictor, param->flow_ml_per_day,
                               middle_kpa(p, &stated), e);
    case PUMP_VALVE_GATED:
        return valve_init(&p->valve, &param->valve, middle_kpa(p, &stated), e);
    default:
        return ERROR_RAISE(e, ERROR_ARGUMENT, "pump: no kind %d", (int)param->kind);
    }
}

double pump_drive_pulse_ul(const pump_param_t *param)
{
    return param->kind == PUMP_PERISTALTIC   ? param->head.pulse_ul
           : param->kind == PUMP_VALVE_GATED ? param->valve.chamber_ul
                                             : 0.0;
}

/* ---- trains ---------------------------------------------------------------------------------------- */

static bool has_valves(const pump_t *p)
{
    return p->kind == PUMP_VALVE_GATED;
}

/* The head's tube ages between trains, and holds its volume through each. */
static int start_motor(pump_t *p, int64_t count, double period_ms, error_t *e)
{
    const motor_position_t at = motor_position_at(&p->motor, p->now_ms);
    const double turned_ms = motor_turned_ms(&p->motor, p->now_ms);
    /* The drive is regulated: it feels the cell only below its nominal voltage. */
    if (p->motor.torque.drive < 1.0 ||
        !battery_gives(&p->battery, BATTERY_PULSE, p->motor.torque.param.nominal_v)) {
        motor_set_supply(&p->motor, p->now_ms, battery_loaded_v(&p->battery));
    }
    const int code = motor_train_start(&p->motor, p->now_ms, count, period_ms, e);
    if (code == 0) {
        pump_head_train(&p->head, p->now_ms, at, turned_ms);
    }
    return code;
}

int pump_drive_start(pump_t *p, int64_t count, double period_ms, error_t *e)
{
    const int code = has_valves(p) ? valve_train_start(&p->valve, p->now_ms, count, period_ms, e)
                                   : start_motor(p, count, period_ms, e);
    p->told = code == 0 ? 0 : p->told;
    if (!outlet_is_wide(&p->outlet)) {
        pump_drive_meet_outlet(p);
    }
    return code;
}

void pump_drive_surround(pump_t *p, draw_t *binding)
{
    if (p->kind == PUMP_PERISTALTIC) {
        motor_expose(&p->motor, p->now_ms, &p->environment, binding);
        motor_set_load(&p->motor, p->now_ms, load_kpa(p));
        pump_head_surround(&p->head, &p->environment, load_kpa(p));
    } else if (has_valves(p)) {
        valve_surround(&p->valve, &p->environment);
    }
    pump_drive_meet_outlet(p);
}

void pump_drive_filled(pump_t *p, double index, double over_ml)
{
    if (p->kind == PUMP_PERISTALTIC) {
        pump_head_set_index(&p->head, motor_position_at(&p->motor, p->now_ms), index);
        motor_set_index(&p->motor, p->now_ms, index);
        pump_head_harm(&p->head, PUMP_HEAD_OVERFILL, over_ml);
    }
}

void pump_drive_ran_dry(pump_t *p, double pulses)
{
    if (p->kind == PUMP_PERISTALTIC) {
        pump_head_harm(&p->head, PUMP_HEAD_DRY, pulses / (double)p->motor.pulses_per_revolution);
    }
}

void pump_drive_stop(pump_t *p)
{
    if (has_valves(p)) {
        valve_train_stop(&p->valve, p->now_ms);
    } else {
        motor_train_stop(&p->motor, p->now_ms);
    }
}

bool pump_drive_running(const pump_t *p)
{
    return has_valves(p) ? valve_running(&p->valve, p->now_ms)
                         : motor_running(&p->motor, p->now_ms);
}

int64_t pump_drive_train_begun(const pump_t *p)
{
    return has_valves(p) ? valve_train_begun(&p->valve, p->now_ms)
                         : motor_train_begun(&p->motor, p->now_ms);
}

int64_t pump_drive_pulses_begun(const pump_t *p, int64_t t_ms)
{
    return has_valves(p) ? valve_cycles_begun(&p->valve, t_ms)
                         : motor_pulses_begun(&p->motor, t_ms);
}

/* Valves always answer, fluid or not. */
int64_t pump_drive_train_confirmed(const pump_t *p)
{
    return has_valves(p) ? valve_train_begun(&p->valve, p->now_ms)
                         : motor_train_confirmed(&p->motor, p->now_ms);
}

int64_t pump_drive_pulses_confirmed(const pump_t *p)
{
    return has_valves(p) ? valve_cycles_begun(&p->valve, p->now_ms)
                         : motor_steps_confirmed(&p->motor, p->now_ms);
}

int64_t pump_drive_index(const pump_t *p)
{
    return has_valves(p) ? valve_position_at(&p->valve, p->now_ms).whole
                         : motor_rotor_index(&p->motor, p->now_ms);
}

double pump_drive_pulsed_ms(const pump_t *p)
{
    const int64_t begun = p->kind == PUMP_CONSTANT_FLOW ? 0 : pump_drive_train_begun(p);
    const double start_ms = (double)(has_valves(p) ? p->valve.start_ms : p->motor.start_ms);
    const double period_ms = has_valves(p) ? p->valve.period_ms : p->motor.period_ms;
    return begun > 0 ? start_ms + (double)(begun - 1) * period_ms : -HUGE_VAL;
}

double pump_drive_turned_ms(const pump_t *p)
{
    return p->kind == PUMP_PERISTALTIC ? motor_turned_ms(&p->motor, p->now_ms)
                                       : pump_drive_pulsed_ms(p);
}

double pump_drive_over(const pump_t *p)
{
    return p->kind == PUMP_PERISTALTIC
               ? pump_head_over(&p->head, motor_position_at(&p->motor, p->now_ms))
               : 0.0;
}

/* ---- moving ---------------------------------------------------------------------------------------- */

/* The present train, of whichever actuator. */
typedef struct train_t {
    int64_t before, start_ms, count;
    double period_ms;
} train_t;

static train_t train_of(const pump_t *p)
{
    const motor_t *m = &p->motor;
    const valve_t *v = &p->valve;
    return has_valves(p) ? (train_t){v->before, v->start_ms, v->count, v->period_ms}
                         : (train_t){m->before, m->start_ms, m->count, m->period_ms};
}

/* Where it is at t_ms, which is decided with this. */
static motor_position_t place_at(pump_t *p, int64_t t_ms)
{
    if (has_valves(p)) {
        return valve_position_at(&p->valve, t_ms);
    }
    motor_settle(&p->motor, t_ms);
    return motor_position_at(&p->motor, t_ms);
}

static double volume_ml(const pump_t *p, motor_position_t from, motor_position_t to)
{
    return has_valves(p) ? valve_volume_ml(&p->valve, from, to, middle_kpa(p, &p->environment))
                         : pump_head_volume_ml(&p->head, from, to);
}

/* Where the pump is after the first `pulses` of the present train. */
static motor_position_t place_of(const pump_t *p, const train_t *t, int64_t pulses)
{
    const int64_t moved = has_valves(p) ? pulses : motor_train_steps(&p->motor, pulses);
    return (motor_position_t){t->before + moved, 0.0};
}

/* Names every pulse of the present train that has begun, once; one that turned nothing moves nothing. */
static void tell_pulses(pump_t *p, const train_t *t, int64_t begun, const pump_sink_t *sink)
{
    for (; p->told < begun; p->told++) {
        const double time_ms = (double)t->start_ms + (double)p->told * t->period_ms;
        sink->pulse(sink->context, time_ms,
                    p->admitted *
                        volume_ml(p, place_of(p, t, p->told), place_of(p, t, p->told + 1)));
    }
}

/* fmax() and fmin() would be calls, at every train. */
static double later(double a_ms, double b_ms)
{
    return a_ms > b_ms ? a_ms : b_ms;
}

static double sooner(double a_ms, double b_ms)
{
    return a_ms < b_ms ? a_ms : b_ms;
}

/* The turn since the last call, as one segment of the present train. */
static bool move_train(pump_t *p, int64_t t_ms, const pump_sink_t *sink, segment_t *s)
{
    const train_t t = train_of(p);
    const double train_end_ms = (double)t.start_ms + (double)t.count * t.period_ms;
    const double start_ms = later(p->moved_ms, (double)t.start_ms);
    const double end_ms = later(start_ms, sooner((double)t_ms, train_end_ms));
    if (sink->pulse != NULL) {
        tell_pulses(p, &t,
                    has_valves(p) ? valve_train_begun(&p->valve, t_ms)
                                  : motor_train_begun(&p->motor, t_ms),
                    sink);
    }
    const motor_position_t at = place_at(p, t_ms);
    const double pulses = motor_pulses_between(p->moved, at);
    if (pulses > 0.0) {
        *s = (segment_t){start_ms, end_ms - start_ms, volume_ml(p, p->moved, at), pulses};
    }
    p->moved_ms = (double)t_ms;
    p->moved = at;
    return pulses > 0.0;
}

/* Pressure gives way as the gas expands, until nothing is left: exact for any division of the time. A drive below zero moves
 * nothing here. */
static bool move_by_pressure(pump_t *p, int64_t t_ms, segment_t *s)
{
    const double duration_ms = (double)t_ms - p->moved_ms, usable_ml = pump_usable_ml(p);
    const double ml_per_ms_kpa =
        restrictor_flow_ml_per_ms(&p->restrictor, 1.0, p->environment.temperature_c);
    const propellant_path_t path = {
        ml_per_ms_kpa * outlet_share_pressed(&p->outlet, ml_per_ms_kpa * DAY_MS), duration_ms};
    const double ml = propellant_passes_ml(&p->propellant, usable_ml, &p->environment, &path);
    *s = (segment_t){p->moved_ms, duration_ms, fmin(fmax(0.0, ml), usable_ml), 0.0};
    if (ml > usable_ml) {
        s->duration_ms = fmin(duration_ms, propellant_takes_ms(&p->propellant, usable_ml,
                                                               &p->environment, &path, usable_ml));
    }
    p->moved_ms = (double)t_ms;
    return s->volume_ml > 0.0;
}

/* Both valves stand open: cycles go on and meter nothing. */
static bool move_open(pump_t *p, int64_t t_ms, segment_t *s)
{
    const double celsius = p->environment.temperature_c;
    const double share = outlet_share_pressed(
        &p->outlet, restrictor_flow_ml_per_ms(&p->valve.open, 1.0, celsius) * DAY_MS);
    *s = (segment_t){.start_ms = p->moved_ms};
    s->volume_ml = valve_discharge_ml(&p->valve, share * ((double)t_ms - p->moved_ms),
                                      middle_kpa(p, &p->environment), celsius, &s->duration_ms);
    s->duration_ms = share > 0.0 ? s->duration_ms / share : 0.0;
    p->moved_ms = (double)t_ms;
    p->moved = valve_position_at(&p->valve, t_ms);
    p->told = valve_train_begun(&p->valve, t_ms);
    return s->volume_ml > 0.0;
}

double pump_drive_leak_uc(const pump_t *p, int64_t t_ms)
{
    return has_valves(p) ? 0.0 : motor_leak_uc(&p->motor, t_ms);
}

/* The train ended before now, or begins now where all before it has been handed on. */
bool pump_drive_rests(const pump_t *p)
{
    const motor_t *m = &p->motor;
    const bool begins = m->start_ms == p->now_ms && m->end_ms > p->now_ms &&
                        m->before == p->moved.whole && !(p->moved.fraction > 0.0);
    return p->kind == PUMP_PERISTALTIC && (m->end_ms < p->now_ms || begins);
}

bool pump_drive_move(pump_t *p, int64_t t_ms, const pump_sink_t *sink, segment_t *s)
{
    if (p->kind == PUMP_CONSTANT_FLOW) {
        return move_by_pressure(p, t_ms, s);
    }
    if (has_valves(p) && valve_is_open(&p->valve, &p->environment)) {
        return move_open(p, t_ms, s);
    }
    return move_train(p, t_ms, sink, s);
}

int pump_drive_verify(const pump_t *p, error_t *e)
{
    int code;
    switch (p->kind) {
    case PUMP_CONSTANT_FLOW:
        return restrictor_verify(&p->restrictor, e);
    case PUMP_VALVE_GATED:
        return valve_verify(&p->valve, e);
    case PUMP_PERISTALTIC:
    default:
        code = motor_verify(&p->motor, e);
        return code != 0 ? code : pump_head_verify(&p->head, e);
    }
}
