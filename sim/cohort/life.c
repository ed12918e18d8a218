/* SPDX-License-Identifier: Apache-2.0 */
/* The life cycle of a patient's pumps. */
#include "cohort/life.h"

#include "device/catheter.h"

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

/* The cell: the core's estimate beside the truth. */
static void put_cell(patient_t *p)
{
    const implant_t *im = &p->implant;
    const battery_t *cell = &im->pump.battery;
    const bool used = implant_programmable(im);
    record_t *r = p->record;
    record_put_f64(r, FIELD_PUMPS_CHARGE_USED_MAH, battery_used_mah(cell));
    record_put_f64(r, FIELD_PUMPS_CAPACITY_MAH, used ? cell->param.capacity_mah : (double)NAN);
    record_put_f64(r, FIELD_PUMPS_CHARGE_TRUE, used ? battery_depth(cell) : (double)NAN);
    record_put_f64(r, FIELD_PUMPS_CHARGE_BELIEVED, charge_believed(p));
    record_put_f64(r, FIELD_PUMPS_FILM_OHM, battery_film_resistance(cell));
    record_put_i64(r, FIELD_PUMPS_RESETS, im->power.resets);
    record_put_i64(r, FIELD_PUMPS_BROWN_OUTS, im->power.brown_outs);
}

static void put_pump(patient_t *p, int why)
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
    record_put_i64(r, FIELD_PUMPS_ENDED_MS, p->now_ms);
    record_put_i64(r, FIELD_PUMPS_END, why);
    record_put_f64(r, FIELD_PUMPS_VOLUME_COMMANDED_ML, implant_commanded_ml(im));
    record_put_f64(r, FIELD_PUMPS_VOLUME_DELIVERED_ML, implant_delivered_ml(im));
    record_put_i64(r, FIELD_PUMPS_PULSES_COMMANDED, implant_pulses_commanded(im));
    record_put_i64(r, FIELD_PUMPS_PULSES_CONFIRMED, implant_pulses_confirmed(im));
    record_put_i64(r, FIELD_PUMPS_WAKES, im->wakes);
    record_put_f64(r, FIELD_PUMPS_UNIT_ERROR, p->unit.error);
    record_put_f64(r, FIELD_PUMPS_OSCILLATOR_ERROR_PPM, p->unit.oscillator_error_ppm);
    put_cell(p);
}

void life_close(patient_t *p)
{
    if (p->implanted) {
        put_pump(p, FIELDS_REASON_HORIZON);
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
    put_pump(p, why);
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
}

void life_explant(patient_t *p, int why)
{
    static const double none[SEGMENT_DRUGS_MAX] = {0.0};
    p->explanted = true;
    take_out(p, why, none);
}

/* ---- the beginning of another ---------------------------------------------------------------------- */

/* The hands of the next pump are set to what the last one's were. */
int life_replace(patient_t *p, const order_implant_t *order, int why, error_t *e)
{
    const int64_t forward_ms = p->procedure.forward_ms;
    take_out(p, why, order->ug_per_ml);
    int code = patient_put_pump(p, order, e);
    if (code != 0) {
        return code;
    }
    p->procedure.forward_ms = forward_ms;
    for (int d = 0; d < p->catheter.drugs; d++) {
        p->account[d].from_vials_ug +=
            reservoir_mass_ug(&p->implant.pump.reservoir, d) +
            reservoir_adsorbed_ug(&p->implant.pump.reservoir, d) +
            order->ug_per_ml[d] * p->study->catheter.parameters.tubing_ml;
    }
    return 0;
}
