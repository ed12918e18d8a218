/* SPDX-License-Identifier: Apache-2.0 */
/* The life cycle of a patient's pumps. */
#include "cohort/life.h"

#include "cohort/death.h"
#include "device/catheter.h"
#include "device/pump_drive.h"
#include "dosing_status.h"

#include <math.h>
#include <string.h>

/* ---- sums over all pumps --------------------------------------------------------------------------- */

double life_commanded_ml(const patient_t *p)
{
    return p->past.commanded_ml + implant_commanded_ml(&p->implant);
}

double life_delivered_ml(const patient_t *p)
{
    return p->past.delivered_ml + implant_delivered_ml(&p->implant);
}

int64_t life_pulses_commanded(const patient_t *p)
{
    return p->past.pulses_commanded + implant_pulses_commanded(&p->implant);
}

int64_t life_pulses_confirmed(const patient_t *p)
{
    return p->past.pulses_confirmed + implant_pulses_confirmed(&p->implant);
}

int64_t life_wakes(const patient_t *p)
{
    return p->past.wakes + p->implant.wakes;
}

double life_charge_mah(const patient_t *p)
{
    return p->past.charge_mah + battery_used_mah(&p->implant.pump.battery);
}

/* ---- the end of one -------------------------------------------------------------------------------- */

/* The share of its charge that the core takes for used; NaN without an answer. */
static double charge_believed(patient_t *p)
{
    programmer_device_t device;
    error_t silence = {0};
    if (!p->procedure.programmable || procedure_device(&p->procedure, &device, &silence) != 0) {
        return (double)NAN;
    }
    return 1e3 * device.charge_mah / p->implant.factory.battery_uah;
}

/* The cell: the core's estimate beside the truth. Asking takes charge, which the truth then holds. */
static void put_cell(patient_t *p)
{
    const double believed = charge_believed(p);
    const implant_t *im = &p->implant;
    const battery_t *cell = &im->pump.battery;
    const bool used = implant_programmable(im);
    record_t *r = p->record;
    record_put_f64(r, FIELD_PUMPS_CHARGE_USED_MAH, battery_used_mah(cell));
    record_put_f64(r, FIELD_PUMPS_CAPACITY_MAH, used ? cell->param.capacity_mah : (double)NAN);
    record_put_f64(r, FIELD_PUMPS_CHARGE_TRUE, used ? battery_depth(cell) : (double)NAN);
    record_put_f64(r, FIELD_PUMPS_CHARGE_BELIEVED, believed);
    record_put_f64(r, FIELD_PUMPS_FILM_OHM, battery_film_resistance(cell));
    record_put_i64(r, FIELD_PUMPS_RESETS, im->power.resets);
    record_put_i64(r, FIELD_PUMPS_BROWN_OUTS, im->power.brown_outs);
}

/* When a life ended, and why: FIELDS_REASON_*. */
typedef struct life_end_t {
    int64_t at_ms;
    int why;
} life_end_t;

static void put_pump(patient_t *p, life_end_t end)
{
    const implant_t *im = &p->implant;
    record_t *r = p->record;
    record_row(r, TABLE_PUMPS);
    record_put_i64(r, FIELD_PUMPS_PATIENT, p->key.patient);
    record_put_i64(r, FIELD_PUMPS_ARM, p->key.arm);
    record_put_i64(r, FIELD_PUMPS_REPLICATE, p->key.replicate);
    record_put_i64(r, FIELD_PUMPS_PUMP, p->pumps);
    record_put_i64(r, FIELD_PUMPS_SERIAL, patient_serial(p));
    record_put_i64(r, FIELD_PUMPS_IMPLANTED_MS, im->start_ms);
    record_put_i64(r, FIELD_PUMPS_ENDED_MS, end.at_ms);
    record_put_i64(r, FIELD_PUMPS_END, end.why);
    record_put_f64(r, FIELD_PUMPS_VOLUME_COMMANDED_ML, implant_commanded_ml(im));
    record_put_f64(r, FIELD_PUMPS_VOLUME_DELIVERED_ML, implant_delivered_ml(im));
    record_put_i64(r, FIELD_PUMPS_PULSES_COMMANDED, implant_pulses_commanded(im));
    record_put_i64(r, FIELD_PUMPS_PULSES_CONFIRMED, implant_pulses_confirmed(im));
    record_put_i64(r, FIELD_PUMPS_WAKES, im->wakes);
    record_put_f64(r, FIELD_PUMPS_UNIT_ERROR, p->unit.error);
    record_put_f64(r, FIELD_PUMPS_OSCILLATOR_ERROR_PPM, p->unit.oscillator_error_ppm);
    record_put_f64(r, FIELD_PUMPS_OVER_INFUSION, pump_drive_over(&im->pump));
    put_cell(p);
}

/* Whether its cell has given out for good: the core says so, or will never run again. */
static bool is_spent(patient_t *p)
{
    programmer_report_t report;
    error_t silence = {0};
    return p->implant.power.dead || (procedure_interrogate(&p->procedure, &report, &silence) == 0 &&
                                     (report.alarms & DOSING_ALARM_EOS) != 0);
}

/* The end of a pump that is in place when the trajectory ends. */
static life_end_t left(const patient_t *p)
{
    return (life_end_t){p->now_ms, death_has_come(p) ? FIELDS_REASON_DIED : FIELDS_REASON_HORIZON};
}

/* The end of a pump that nobody takes out. One that stood still before its cell gave out ended by that. */
static life_end_t own_end(patient_t *p)
{
    const pump_t *pump = &p->implant.pump;
    const double start_ms = (double)p->implant.start_ms;
    const double pulsed_ms = fmax(start_ms, pump_drive_pulsed_ms(pump));
    const double turned_ms = fmax(start_ms, pump_drive_turned_ms(pump));
    if (pulsed_ms - turned_ms >= LIFE_STALL_H * 3.6e6) {
        return (life_end_t){(int64_t)ceil(turned_ms), FIELDS_REASON_STALL};
    }
    if (p->procedure.programmable && is_spent(p)) {
        return (life_end_t){(int64_t)ceil(pulsed_ms), FIELDS_REASON_BATTERY_SPENT};
    }
    return left(p);
}

void life_close(patient_t *p)
{
    if (p->implanted) {
        put_pump(p, p->has_clinic ? left(p) : own_end(p));
    }
}

/* What it believes to have given is lost with a pump that does not answer any more. */
static void ask_last(patient_t *p)
{
    programmer_report_t report;
    error_t silence = {0};
    const bool answers =
        p->procedure.programmable && procedure_interrogate(&p->procedure, &report, &silence) == 0;
    for (int64_t d = 0; d < p->study->n_drugs; d++) {
        p->past.believed_ug[d] += answers ? report.given_ug[d] : (double)NAN;
    }
}

static void add_up(patient_t *p)
{
    p->past.commanded_ml = life_commanded_ml(p);
    p->past.delivered_ml = life_delivered_ml(p);
    p->past.pulses_commanded = life_pulses_commanded(p);
    p->past.pulses_confirmed = life_pulses_confirmed(p);
    p->past.wakes = life_wakes(p);
    p->past.charge_mah = life_charge_mah(p);
}

/* Takes the pump out, and with it what it holds; the tubing's place in the column takes `instead`. */
static void take_out(patient_t *p, int why, const double instead_ug_per_ml[])
{
    const double tubing_ml = p->study->catheter.parameters.tubing_ml;
    const reservoir_t *reservoir = &p->implant.pump.reservoir;
    double tubing_ug[SEGMENT_DRUGS_MAX];
    ask_last(p);
    put_pump(p, (life_end_t){p->now_ms, why});
    patient_event(p, FIELDS_EVENT_EXPLANT, why, (double)(p->now_ms - p->implant.start_ms) / 86400e3,
                  implant_usable_ml(&p->implant));
    catheter_new_pump(&p->catheter, tubing_ml, instead_ug_per_ml, tubing_ug);
    for (int d = 0; d < p->catheter.drugs; d++) {
        p->account[d].explanted_ug +=
            tubing_ug[d] + reservoir_mass_ug(reservoir, d) + reservoir_adsorbed_ug(reservoir, d);
        p->account[d].degraded_ug += reservoir_degraded_ug(reservoir, d);
    }
    add_up(p);
    implant_free(&p->implant);
    memset((void *)&p->implant, 0, sizeof p->implant);
    p->implant.wake_ms = IMPLANT_NEVER_MS;
    p->implanted = false;
    p->pocket.upside_down = false;
    p->pocket.infected = false;
}

void life_explant(patient_t *p, int why)
{
    static const double none[SEGMENT_DRUGS_MAX] = {0.0};
    p->explanted = true;
    take_out(p, why, none);
}

/* ---- the beginning of another ---------------------------------------------------------------------- */

/* The hands of the next pump are set to what the last one's were; the programmer is the same. */
int life_replace(patient_t *p, const order_implant_t *order, int why, error_t *e)
{
    const int64_t forward_ms = p->procedure.forward_ms;
    const int64_t replace_late_ms = p->procedure.replace_late_ms;
    const double tubing_ml = p->study->catheter.parameters.tubing_ml;
    double tubing_ug_per_ml[SEGMENT_DRUGS_MAX] = {0.0};
    if (p->study->clinic_primes != STUDY_RELEASE_NONE) {
        memcpy(tubing_ug_per_ml, order->ug_per_ml, sizeof tubing_ug_per_ml);
    }
    take_out(p, why, tubing_ug_per_ml);
    int code = patient_put_pump(p, order, e);
    if (code != 0) {
        return code;
    }
    p->procedure.forward_ms = forward_ms;
    p->procedure.replace_late_ms = replace_late_ms;
    for (int d = 0; d < p->catheter.drugs; d++) {
        p->account[d].from_vials_ug += reservoir_mass_ug(&p->implant.pump.reservoir, d) +
                                       reservoir_adsorbed_ug(&p->implant.pump.reservoir, d) +
                                       tubing_ug_per_ml[d] * tubing_ml;
    }
    return 0;
}
