/* SPDX-License-Identifier: Apache-2.0 */
/* Imposed faults of the pump, its pocket and its programmer. */
#include "cohort/scenario_pump.h"

#include "host/implant_clock.h"
#include "host/implant_reset.h"

#include <math.h>

#define MS_PER_S 1000.0

_Static_assert((int)STUDY_FAULT_SEIZED == (int)MOTOR_SEIZED &&
                   (int)STUDY_FAULT_SHORT == (int)MOTOR_SHORT &&
                   (int)STUDY_FAULT_CORROSION == (int)MOTOR_CORROSION &&
                   (int)STUDY_FAULT_PARTICLE == (int)MOTOR_PARTICLE &&
                   (int)STUDY_FAULT_SHAFT_WEAR == (int)MOTOR_SHAFT_WEAR,
               "a study's motor faults are the motor's");

int scenario_pump_motor(patient_t *p, const study_event_t *event, error_t *e)
{
    (void)e;
    motor_impose(&p->implant.pump.motor, p->now_ms, (motor_fault_t)event->fault, event->severity);
    return 0;
}

int scenario_pump_tube(patient_t *p, const study_event_t *event, error_t *e)
{
    pump_t *pump = &p->implant.pump;
    (void)e;
    pump_head_impose(&pump->head, motor_position_at(&pump->motor, p->now_ms), event->severity);
    return 0;
}

int scenario_pump_battery_film(patient_t *p, const study_event_t *event, error_t *e)
{
    (void)e;
    battery_set_film_ohm(&p->implant.pump.battery, event->severity);
    return 0;
}

int scenario_pump_battery_leak(patient_t *p, const study_event_t *event, error_t *e)
{
    (void)e;
    battery_set_leak_ua(&p->implant.pump.battery, event->severity);
    return 0;
}

static void stop_clock(patient_t *p, oscillator_which_t which, const study_event_t *event)
{
    if (event->severity > 0.0) {
        implant_clock_stop(&p->implant, which);
    } else {
        implant_clock_run(&p->implant, which);
    }
}

int scenario_pump_clock_stop(patient_t *p, const study_event_t *event, error_t *e)
{
    (void)e;
    stop_clock(p, OSCILLATOR_MAIN, event);
    return 0;
}

int scenario_pump_second_clock_stop(patient_t *p, const study_event_t *event, error_t *e)
{
    (void)e;
    stop_clock(p, OSCILLATOR_SECOND, event);
    return 0;
}

static int64_t by_ms(const study_event_t *event)
{
    return (int64_t)llround(MS_PER_S * event->severity);
}

int scenario_pump_clock_jump(patient_t *p, const study_event_t *event, error_t *e)
{
    (void)e;
    implant_clock_jump(&p->implant, OSCILLATOR_MAIN, by_ms(event));
    return 0;
}

int scenario_pump_second_clock_jump(patient_t *p, const study_event_t *event, error_t *e)
{
    (void)e;
    implant_clock_jump(&p->implant, OSCILLATOR_SECOND, by_ms(event));
    return 0;
}

int scenario_pump_reset(patient_t *p, const study_event_t *event, error_t *e)
{
    const uint32_t cause = (uint32_t)lround(event->severity);
    if (p->next != NULL && cause == DOSING_RESET_SOFTWARE) {
        p->core = p->next;
        p->next = NULL;
        return implant_upgrade(&p->implant, p->core, e);
    }
    return implant_reset(&p->implant, cause, e);
}

int scenario_pump_telemetry(patient_t *p, const study_event_t *event, error_t *e)
{
    (void)e;
    implant_latch(&p->implant, event->severity > 0.0);
    return 0;
}

/* The pump's depth in this patient stays what it is. */
int scenario_pump_sounder(patient_t *p, const study_event_t *event, error_t *e)
{
    (void)e;
    p->sounder.level_db = p->study->pump.sounder.level_db - event->severity;
    return 0;
}

int scenario_pump_inversion(patient_t *p, const study_event_t *event, error_t *e)
{
    (void)e;
    p->pocket.upside_down = event->severity > 0.0;
    return 0;
}

/* Only a clinic can be called. */
int scenario_pump_infection(patient_t *p, const study_event_t *event, error_t *e)
{
    (void)e;
    p->pocket.infected = event->severity > 0.0;
    p->alarm.unwell = p->has_clinic && p->pocket.infected;
    return 0;
}

int scenario_pump_replace_by(patient_t *p, const study_event_t *event, error_t *e)
{
    (void)e;
    p->procedure.replace_late_ms = llround(event->severity * 86400.0 * MS_PER_S);
    return 0;
}
