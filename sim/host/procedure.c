/* SPDX-License-Identifier: Apache-2.0 */
/* Procedures: an order of care becomes needle, fluid and programmer session. */
#include "host/procedure.h"

#include "dosing_frame.h"
#include "host/seal.h"

#include <math.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
#define WEEK_MS INT64_C(604800000)
#define PAIRING_NONCE UINT64_MAX /* apart from the sessions' */
#define MS_PER_MINUTE 60000.0

_Static_assert((int)ORDER_MODE_STOPPED == (int)PROGRAMMER_STOPPED &&
                   (int)ORDER_MODE_SIMPLE == (int)PROGRAMMER_SIMPLE &&
                   (int)ORDER_MODE_FLEX == (int)PROGRAMMER_FLEX &&
                   ORDER_STEPS_MAX == PROGRAMMER_STEPS_MAX &&
                   ORDER_TIMED_MAX == PROGRAMMER_TIMED_MAX,
               "an order's programme fits the programmer's");

static int refuse_without_core(const procedure_t *c, const char *what, error_t *e)
{
    return c->programmable ? 0
                           : ERROR_RAISE(e, ERROR_CORE_REFUSED,
                                         "a constant-flow pump cannot be given %s", what);
}

/* The patient's controller is paired where the pump is implanted: the programmer lies on it, and nothing gets lost. A core
 * that cannot pair leaves a controller that is never heard. */
static int pair_controller(procedure_t *c, const programmer_link_t *air,
                           const programmer_link_t *link, error_t *e)
{
    uint8_t nonce[SEAL_PAIR_BYTES];
    seal_key_t key;
    error_t refusal = {0};
    int code = seal_nonce(implant_key(c->implant), PAIRING_NONCE, nonce, sizeof nonce, e);
    if (code == 0) {
        c->programmer.link = *air;
        code = programmer_pair(&c->programmer, nonce, &key, &refusal);
        c->programmer.link = *link;
    }
    if (code == 0 || code == ERROR_CORE_REFUSED) {
        controller_init(&c->controller, implant_serial(c->implant), &key, link);
        return 0;
    }
    return ERROR_RAISE(e, code, "%s", refusal.text);
}

int procedure_init(procedure_t *c, implant_t *implant, const programmer_therapy_t *therapy,
                   const link_param_t *faults, const link_key_t *key, error_t *e)
{
    programmer_link_t air = {.context = implant, .exchange = implant_exchange};
    programmer_link_t link;
    int code;
    memset(c, 0, sizeof *c);
    c->implant = implant;
    c->programmable = implant_programmable(implant);
    c->therapy = *therapy;
    code = link_init(&c->link, &air, faults, key, e);
    if (code == 0 && c->programmable) {
        link = link_programmer(&c->link);
        programmer_init(&c->programmer, implant_serial(implant), implant_key(implant), &link);
        emergency_init(&c->emergency, implant_serial(implant), implant_emergency_key(implant),
                       &link);
        intruder_init(&c->intruder, implant);
        code = pair_controller(c, &air, &link, e);
    }
    return code;
}

void procedure_know_path(procedure_t *c, double path_ml)
{
    c->path_ml = path_ml;
}

void procedure_visit(procedure_t *c, uint64_t visit)
{
    link_visit(&c->link, visit);
}

bool procedure_refused(const procedure_t *c)
{
    return !c->programmable || c->link.refused;
}

int procedure_interrogate(procedure_t *c, programmer_report_t *report, error_t *e)
{
    int code = refuse_without_core(c, "an interrogation", e);
    return code != 0 ? code : link_interrogate(&c->link, &c->programmer, report, e);
}

int procedure_device(procedure_t *c, programmer_device_t *device, error_t *e)
{
    int code = refuse_without_core(c, "an interrogation", e);
    return code != 0 ? code : link_device(&c->link, &c->programmer, device, e);
}

int procedure_replace_by(procedure_t *c, int64_t *at_ms, error_t *e)
{
    programmer_device_t device;
    const int code = procedure_device(c, &device, e);
    if (code == 0) {
        *at_ms = c->implant->pump.now_ms + device.days_left * DAY_MS + c->replace_late_ms;
    }
    return code;
}

int procedure_declare(procedure_t *c, double volume_ml, error_t *e)
{
    int code = refuse_without_core(c, "a volume", e);
    return code != 0 ? code : link_refill(&c->link, &c->programmer, volume_ml, e);
}

int procedure_set_time(procedure_t *c, int64_t forward_ms, error_t *e)
{
    const int64_t week_ms = ((c->implant->pump.now_ms + forward_ms) % WEEK_MS + WEEK_MS) % WEEK_MS;
    int code = refuse_without_core(c, "a local time", e);
    code = code != 0 ? code : link_set_time(&c->link, &c->programmer, (uint32_t)week_ms, e);
    if (code == 0) { /* hands that were not set stand where they stood */
        c->forward_ms = forward_ms;
    }
    return code;
}

static bool concentration_changed(const procedure_t *c, const order_refill_t *order)
{
    for (uint32_t d = 0; d < c->therapy.drug_count; d++) {
        if (order->ug_per_ml[d] != c->therapy.drug[d].concentration_ug_per_ml) {
            return true;
        }
    }
    return false;
}

/* The needle's dead volume fills wherever its point is. */
static double beside_port_ml(const procedure_t *c, double volume_ml, double share)
{
    const needle_param_t *n = &c->needle;
    return share * fmax(0.0, volume_ml - n->needle_ml - n->extension_ml - n->filter_ml);
}

static int fill(procedure_t *c, const order_refill_t *order, procedure_refill_t *out, error_t *e)
{
    const double beside_ml = beside_port_ml(c, order->volume_ml, out->slip.pocket);
    const needle_syringe_t syringe = {order->volume_ml - beside_ml, order->ug_per_ml};
    needle_injection_t done;
    int code = implant_inject(c->implant, &c->needle, &syringe, &done, e);
    if (code < 0) {
        return code;
    }
    const double regained_ml = out->slip.regained * beside_ml;
    out->valve_closed = code == RESERVOIR_VALVE_CLOSED;
    out->filled_ml = order->volume_ml - done.kept_ml;
    out->pocket_ml = beside_ml - regained_ml;
    for (uint32_t d = 0; d < c->therapy.drug_count; d++) {
        out->vials_ug[d] = order->volume_ml * order->ug_per_ml[d];
        out->wasted_ug[d] = (done.dead_ml + done.kept_ml + regained_ml) * order->ug_per_ml[d];
        out->pocket_ug[d] = out->pocket_ml * order->ug_per_ml[d];
    }
    return 0;
}

/* A bridge belongs to the fluid that is in the path now: a change that failed and is declared later has none. */
static int change(procedure_t *c, const order_refill_t *order, error_t *e)
{
    int code;
    for (uint32_t d = 0; d < c->therapy.drug_count; d++) {
        c->therapy.drug[d].concentration_ug_per_ml = order->ug_per_ml[d];
    }
    c->therapy.change = true; /* until a pump took it */
    c->therapy.bridge_ml = order->bridge ? c->path_ml : 0.0;
    code = link_therapy(&c->link, &c->programmer, &c->therapy, NULL, e);
    c->therapy.change = code != 0;
    c->therapy.bridge_ml = 0.0;
    return code;
}

/* The core counts the fluid above the residual: what the clinic believes to have put in. */
static int tell_pump(procedure_t *c, const order_refill_t *order, const procedure_refill_t *done,
                     error_t *e)
{
    const procedure_slip_t *slip = &done->slip;
    order_refill_t told = *order;
    for (uint32_t d = 0; d < c->therapy.drug_count && slip->told_ug_per_ml > 0.0; d++) {
        told.ug_per_ml[d] = slip->told_ug_per_ml * order->ug_per_ml[d] / order->ug_per_ml[0];
    }
    int code = link_refill(&c->link, &c->programmer,
                           slip->told_ml > 0.0 ? slip->told_ml : done->filled_ml, e);
    return code != 0 || !concentration_changed(c, &told) ? code : change(c, &told, e);
}

void procedure_empty(procedure_t *c, double uniform, procedure_refill_t *out)
{
    programmer_report_t report;
    error_t silence = {0}; /* a pump that does not answer is refilled all the same */
    memset(out, 0, sizeof *out);
    out->expected_ml = (double)NAN;
    out->read_ml = (double)NAN;
    if (c->programmable && link_interrogate(&c->link, &c->programmer, &report, &silence) == 0) {
        out->expected_ml = report.reservoir_ml;
    }
    out->withdrawn_ml = implant_withdraw(c->implant, &c->needle, uniform, out->withdrawn_ug);
}

int procedure_fill(procedure_t *c, const order_refill_t *order, procedure_refill_t *out, error_t *e)
{
    int code = fill(c, order, out, e);
    return code != 0 || !c->programmable ? code : tell_pump(c, order, out, e);
}

static void take_request(programmer_patient_t *out, const order_on_request_t *a)
{
    *out = (programmer_patient_t){.dose_ug = a->dose_ug,
                                  .minutes = (double)a->duration_ms / MS_PER_MINUTE,
                                  .lockout_minutes = (double)a->lockout_ms / MS_PER_MINUTE,
                                  .interval_minutes = (double)a->interval_ms / MS_PER_MINUTE,
                                  .per_interval = (uint32_t)a->per_interval,
                                  .per_day = (uint32_t)a->per_day};
}

/* What goes by hours or by the patient's wish. */
static void take_modes(programmer_therapy_t *out, const order_modes_t *m)
{
    out->step_count = (uint32_t)m->n_steps;
    for (uint32_t i = 0; i < out->step_count; i++) {
        out->step[i] = (programmer_step_t){(uint32_t)m->step[i].days, (uint32_t)m->step[i].minute,
                                           m->step[i].dose_ug_per_day};
    }
    out->timed_count = (uint32_t)m->n_timed;
    for (uint32_t i = 0; i < out->timed_count; i++) {
        out->timed[i] = (programmer_timed_t){(uint32_t)m->timed[i].days,
                                             (uint32_t)m->timed[i].minute, m->timed[i].dose_ug,
                                             (double)m->timed[i].duration_ms / MS_PER_MINUTE};
    }
    take_request(&out->patient, &m->on_request);
}

/* Of flex the pump reports the rate in force now; what is achieved is the week's mean. */
static void take_mean(programmer_achieved_t *a, const programmer_therapy_t *t)
{
    const double now_ug = a->dose_ug_per_day[0];
    double mean_ug = 0.0;
    for (uint32_t day = 0; day < 7u; day++) {
        double until = 1440.0;
        for (uint32_t i = t->step_count; i-- > 0u;) {
            if ((t->step[i].days >> day & 1u) != 0u) {
                mean_ug +=
                    t->step[i].dose_ug_per_day * (until - t->step[i].minute) / (7.0 * 1440.0);
                until = t->step[i].minute;
            }
        }
    }
    a->rate_ml_per_day = mean_ug / t->drug[0].concentration_ug_per_ml;
    a->pulses_per_day = a->rate_ml_per_day * 1e3 / a->pulse_ul;
    for (uint32_t d = 0; d < t->drug_count && !isnan(now_ug); d++) {
        a->dose_ug_per_day[d] = a->rate_ml_per_day * t->drug[d].concentration_ug_per_ml;
    }
}

int procedure_therapy(procedure_t *c, const order_therapy_t *order, programmer_achieved_t *achieved,
                      error_t *e)
{
    programmer_therapy_t wanted = c->therapy;
    int code = refuse_without_core(c, "a therapy", e);
    if (code != 0) {
        return code;
    }
    wanted.mode = (programmer_mode_t)order->mode;
    wanted.dose_ug_per_day = order->daily_dose_ug;
    take_modes(&wanted, &order->modes);
    code = link_therapy(&c->link, &c->programmer, &wanted, achieved, e);
    if (code == 0 && achieved != NULL && wanted.mode == PROGRAMMER_FLEX) {
        take_mean(achieved, &wanted);
    }
    if (code == 0) {
        c->therapy = wanted;
        c->therapy.change = false;
    }
    return code;
}

int procedure_bolus(procedure_t *c, const order_bolus_t *order, error_t *e)
{
    int code = refuse_without_core(c, "a bolus", e);
    return code != 0 ? code
                     : link_bolus(&c->link, &c->programmer, order->dose_ug, order->duration_min, e);
}

int procedure_prime(procedure_t *c, const prime_plan_t *plan, error_t *e)
{
    int code = refuse_without_core(c, "a prime", e);
    return code != 0 ? code : link_prime(&c->link, &c->programmer, plan, ++c->primes, e);
}

int procedure_clear_alarms(procedure_t *c, uint32_t alarms, error_t *e)
{
    int code = refuse_without_core(c, "an acknowledgement", e);
    return code != 0 ? code : link_clear_alarms(&c->link, &c->programmer, alarms, e);
}

static programmer_t *end_of(procedure_t *c, bool by_papers)
{
    return by_papers ? &c->emergency.end : &c->programmer;
}

int procedure_stop(procedure_t *c, bool by_papers, error_t *e)
{
    int code = refuse_without_core(c, "a stop", e);
    code = code != 0 ? code : link_stop(&c->link, end_of(c, by_papers), e);
    if (code == 0 && !by_papers) {
        c->therapy.mode = PROGRAMMER_STOPPED;
        c->therapy.timed_count = 0u;
        c->therapy.patient.dose_ug = 0.0;
    }
    return code;
}

int procedure_log(procedure_t *c, bool by_papers, const logbook_page_t *page, uint32_t *count,
                  error_t *e)
{
    int code = refuse_without_core(c, "an interrogation", e);
    return code != 0 ? code : link_log(&c->link, end_of(c, by_papers), page, count, e);
}

int procedure_alter(procedure_t *c, const programmer_patch_t *patch, error_t *e)
{
    const programmer_link_t link = c->programmer.link;
    int code = refuse_without_core(c, "a therapy", e);
    if (code == 0) {
        c->programmer.link = c->link.inner;
        code = programmer_set_altered(&c->programmer, &c->therapy, patch, e);
        c->programmer.link = link;
        c->link.refused = code == ERROR_CORE_REFUSED;
    }
    return code;
}

/* What was answered stands, also where the session then did not close; a refusal that the display has no words for is one. */
int procedure_request(procedure_t *c, controller_answer_t *answer, error_t *e)
{
    error_t refusal = {0};
    int code = refuse_without_core(c, "a request", e);
    if (code != 0) {
        return code;
    }
    *answer = CONTROLLER_NOT_MEANT;
    code = controller_request(&c->controller, answer, NULL, &refusal);
    if (code == 0 || (code == ERROR_CORE_REFUSED && !c->link.silent)) {
        return 0;
    }
    return ERROR_RAISE(e, code, "%s", refusal.text);
}
