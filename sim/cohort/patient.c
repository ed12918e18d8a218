/* SPDX-License-Identifier: Apache-2.0 */
/* One patient put together: the drawn person, the pump with its core, the body, and what lies between. */
#include "cohort/patient.h"

#include "cohort/contact.h"
#include "cohort/course.h"
#include "cohort/death.h"
#include "cohort/embody.h"
#include "cohort/outflow.h"
#include "cohort/scenario_core.h"
#include "device/catheter_fault.h"
#include "device/pump_drive.h"
#include "device/sounder.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Factory limit on any 24 h. Above the fastest rate's 24 mL by more than the hour that a core which counts
 * whole hours must count in full; assumption. */
#define VOLUME_24H_MAX_ML 26.0

/* ---- what is traced -------------------------------------------------------------------------------- */

static void trace_pulse(void *context, double time_ms, double volume_ml)
{
    patient_t *p = context;
    record_row(p->record, TABLE_PULSES);
    record_put_i64(p->record, FIELD_PULSES_TIME_MS, (int64_t)floor(time_ms));
    record_put_f64(p->record, FIELD_PULSES_VOLUME_UL, 1000.0 * volume_ml);
}

static void put_call(patient_t *p, const recorder_call_t *call)
{
    record_row(p->record, TABLE_CALLS);
    record_put_i64(p->record, FIELD_CALLS_TIME_MS, p->implant.pump.now_ms);
    record_put_i64(p->record, FIELD_CALLS_CALL, (int64_t)call->id);
    record_put_i64(p->record, FIELD_CALLS_ARGUMENT, (int64_t)call->in[0]);
    record_put_i64(p->record, FIELD_CALLS_ARGUMENT2, (int64_t)call->in[1]);
    record_put_i64(p->record, FIELD_CALLS_OUTPUT, (int64_t)call->out[0]);
    record_put_i64(p->record, FIELD_CALLS_RESULT, call->result);
}

static void trace_call(void *context, const recorder_call_t *call)
{
    patient_t *p = context;
    if (p->trace) {
        put_call(p, call);
    }
    if (p->listener != NULL && p->listener->call != NULL) {
        p->listener->call(p->listener->context, call);
    }
}

void patient_event(patient_t *p, int kind, int reason, double value, double value2)
{
    record_row(p->record, TABLE_EVENTS);
    record_put_i64(p->record, FIELD_EVENTS_TIME_MS, p->now_ms);
    record_put_i64(p->record, FIELD_EVENTS_KIND, kind);
    record_put_i64(p->record, FIELD_EVENTS_REASON, reason);
    record_put_f64(p->record, FIELD_EVENTS_VALUE, value);
    record_put_f64(p->record, FIELD_EVENTS_VALUE2, value2);
    tally_event(&p->tally, p->now_ms, kind, reason, value2);
}

static void hear_tone(void *context, uint32_t tone)
{
    patient_event(context, FIELDS_EVENT_TONE, FIELDS_REASON_CORE, tone, 0.0);
    contact_hear(context, tone);
}

static void see_reset(void *context, uint32_t cause)
{
    patient_event(context, FIELDS_EVENT_PUMP_RESET, FIELDS_REASON_CORE, cause, 0.0);
}

/* ---- putting together ------------------------------------------------------------------------------ */

/* First pumps are numbered by their patients, of whom a study has at most a million; each next one 2^20 further on. */
uint32_t patient_serial(const patient_t *p)
{
    return (uint32_t)(p->key.patient % 0xFFFFF) + 1u + ((uint32_t)(p->pumps - 1) << 20u);
}

_Static_assert((int)STUDY_PUMP_PERISTALTIC == (int)PUMP_PERISTALTIC &&
                   (int)STUDY_PUMP_CONSTANT_FLOW == (int)PUMP_CONSTANT_FLOW &&
                   (int)STUDY_PUMP_VALVE_GATED == (int)PUMP_VALVE_GATED,
               "a study's kind of pump is the device's");

/* What a pump draws for one purpose: keyed by its serial. */
static draw_t pump_stream(const patient_t *p, int purpose)
{
    draw_t draw;
    draw_init(&draw, (uint64_t)p->study->seed, purpose, (uint64_t)p->key.patient,
              (uint64_t)p->key.replicate, patient_serial(p));
    return draw;
}

/* How its motor and tube are made, and so how they wear. */
static void draw_wear(patient_t *p, pump_param_t *out)
{
    draw_t motor = pump_stream(p, DRAW_MOTOR_UNIT);
    draw_t head = pump_stream(p, DRAW_PUMP_HEAD);
    torque_param_draw(&out->motor, &motor);
    wear_param_draw(&out->wear, &motor);
    pump_head_param_draw(&out->head, &head);
    out->steps = pump_stream(p, DRAW_MOTOR_STEP);
}

/* Its cell, and how deep the pump lies, by which its tones are heard. */
static void draw_cell(patient_t *p, pump_param_t *out)
{
    draw_t cell = pump_stream(p, DRAW_BATTERY);
    draw_t depth = pump_stream(p, DRAW_SOUNDER);
    battery_param_draw(&out->battery, &cell);
    p->sounder = p->study->pump.sounder;
    sounder_param_draw(&p->sounder, &depth);
}

/* What of the kind a unit has of its own: from the stream of its serial, in this order. */
static void draw_unit(patient_t *p, pump_param_t *out)
{
    const study_t *s = p->study;
    draw_t draw = pump_stream(p, DRAW_PUMP_UNIT);
    p->unit = unit_draw(&out->head, &out->oscillator, s->population.unit_error_sd,
                        s->population.oscillator_error_sd_ppm, &draw);
    if (out->kind == PUMP_VALVE_GATED) {
        valve_param_draw(&out->valve, &draw);
        p->unit.error = out->valve.share - 1.0;
    }
    out->head.unit_error = p->unit.error;
    out->flow_ml_per_day *= 1.0 + p->unit.error;
    out->oscillator.error_ppm = p->unit.oscillator_error_ppm;
    draw = pump_stream(p, DRAW_RESERVOIR_UNIT);
    reservoir_param_draw(&out->reservoir, &draw);
    draw_wear(p, out);
    draw_cell(p, out);
}

static void fill_pump_param(pump_param_t *out, patient_t *p, const order_implant_t *order)
{
    const study_pump_t *kind = &p->study->pump;
    *out = (pump_param_t){
        .kind = (pump_kind_t)kind->kind,
        .start_ms = p->now_ms,
        .reservoir = kind->reservoir,
        .propellant = kind->propellant,
        .head = kind->head,
        .motor = kind->motor,
        .wear = kind->wear,
        .restrictor = kind->restrictor,
        .flow_ml_per_day = kind->flow_ml_per_day,
        .valve = kind->valve,
        .battery = kind->battery,
        .oscillator = kind->oscillator,
        .environment = ENVIRONMENT_AT_REST,
        .drugs = (int)p->study->n_drugs,
        .fill_ml = order->fill_ml,
    };
    for (int d = 0; d < out->drugs; d++) {
        out->compound[d] = p->study->drug[d].compound;
    }
    out->new_surface = p->has_clinic; /* else it has been in use */
    memcpy(out->ug_per_ml, order->ug_per_ml, (size_t)out->drugs * sizeof out->ug_per_ml[0]);
    draw_unit(p, out);
}

static void fill_implant_param(implant_param_t *out, patient_t *p, const order_implant_t *order)
{
    *out = (implant_param_t){
        .cell = p->study->pump.battery,
        .tubing_ml = p->study->pump.stated_tubing_ml > 0.0
                         ? p->study->pump.stated_tubing_ml
                         : p->study->catheter.parameters.tubing_ml,
        .stated_flow_ml_per_day = p->study->pump.flow_ml_per_day,
        .serial = patient_serial(p),
        .rate_min_ml_per_day = STUDY_RATE_MIN_ML_PER_DAY,
        .rate_max_ml_per_day = STUDY_RATE_MAX_ML_PER_DAY,
        .volume_24h_max_ml = VOLUME_24H_MAX_ML,
        .troubled = scenario_core_comes(p->study),
    };
    fill_pump_param(&out->pump, p, order);
    draw_t draw = pump_stream(p, DRAW_IMPLANT_NONCE);
    for (int i = 0; i < 4; i++) {
        out->secret[i] = draw_bits(&draw);
    }
}

/* Each drug spreads in it at its own pace, where that is known. */
static void set_diffusivity(patient_t *p)
{
    double cm2_per_s[SEGMENT_DRUGS_MAX];
    for (int64_t d = 0; d < p->study->n_drugs; d++) {
        const double own = p->study->drug[d].compound.diffusivity_cm2_per_s;
        cm2_per_s[d] = own > 0.0 ? own : p->study->catheter.parameters.diffusivity_cm2_per_s;
    }
    catheter_set_diffusivity(&p->catheter, cm2_per_s);
}

/* The column, primed with the pump's drug or holding fluid without any. */
static int implant_catheter(patient_t *p, const order_implant_t *order, error_t *e)
{
    static const double none[SEGMENT_DRUGS_MAX] = {0.0};
    const study_catheter_t *c = &p->study->catheter;
    const int code = catheter_init(&p->catheter, &c->parameters, (int)p->study->n_drugs,
                                   c->primed ? order->ug_per_ml : none, e);
    if (code == 0) {
        set_diffusivity(p);
    }
    return code;
}

/* Drugs, limits and alarm volume; mode and dose come with the first order. The core counts the fluid above
 * the residual, so it is empty at 0. */
static void fill_therapy(programmer_therapy_t *t, const study_t *s, const order_implant_t *order)
{
    memset(t, 0, sizeof *t);
    t->drug_count = (uint32_t)s->n_drugs;
    for (int d = 0; d < s->n_drugs; d++) {
        (void)snprintf(t->drug[d].name, sizeof t->drug[d].name, "%.31s", s->drug[d].name);
        t->drug[d].concentration_ug_per_ml = order->ug_per_ml[d];
    }
    t->drug[0].limit_ug_per_day = s->therapy.limit_dose_ug_per_day;
    t->low_alarm_ml = s->pump.low_alarm_ml;
    t->rate_limit_ml_per_day = s->therapy.limit_rate_ml_per_day;
}

/* Telemetry that the clinic's policy lets fail; without a clinic it never does. */
static int build_link(patient_t *p, const programmer_therapy_t *therapy, error_t *e)
{
    const clinic_param_t *policy = &p->study->clinic;
    link_key_t key = {(uint64_t)p->study->seed, (uint64_t)p->key.patient,
                      (uint64_t)p->key.replicate};
    link_param_t faults = {.frame_tries = 1, .session_tries = 1};
    if (p->has_clinic) {
        faults = (link_param_t){policy->frame_loss, policy->reply_loss,
                                (uint32_t)policy->frame_tries, (uint32_t)policy->session_tries};
    }
    int code = procedure_init(&p->procedure, &p->implant, therapy, &faults, &key, e);
    procedure_know_path(&p->procedure, p->catheter.volume_ml);
    p->procedure.needle = p->study->needle;
    return code;
}

int patient_put_pump(patient_t *p, const order_implant_t *order, error_t *e)
{
    implant_sinks_t sinks = {
        .context = p, .flow = outflow_push, .tone = hear_tone, .reset = see_reset};
    programmer_therapy_t therapy;
    implant_param_t param;
    int code;
    p->pumps++;
    if (p->trace) {
        sinks.pulse = trace_pulse;
    }
    if (p->trace || (p->listener != NULL && p->listener->call != NULL)) {
        sinks.call = trace_call;
    }
    fill_implant_param(&param, p, order);
    catheter_set_pulse(&p->catheter, 1e-3 * pump_drive_pulse_ul(&param.pump));
    code = implant_init(&p->implant, &param, p->core, &sinks, e);
    if (code != 0) {
        return code;
    }
    if (p->exposures.count > 0) {
        const environment_t around = exposure_around(&p->exposures);
        implant_surround(&p->implant, &around, NULL);
        p->settled_ms = p->now_ms;
    }
    fill_therapy(&therapy, p->study, order);
    code = build_link(p, &therapy, e);
    procedure_visit(&p->procedure, p->visit | (p->pumps > 1 ? PATIENT_VISIT_NEXT_PUMP : 0u));
    p->implanted = code == 0;
    catheter_fault_heal_hole(&p->catheter, CATHETER_HOLE_PUMP); /* it is joined to this pump */
    return code != 0 ? code : outflow_changed(p, e);
}

int patient_implant(patient_t *p, const order_implant_t *order, error_t *e)
{
    int code = implant_catheter(p, order, e);
    course_begin(p);
    code = code != 0 ? code : patient_put_pump(p, order, e);
    if (code != 0) {
        return code;
    }
    for (int d = 0; d < p->catheter.drugs; d++) {
        p->account[d].from_vials_ug += reservoir_mass_ug(&p->implant.pump.reservoir, d) +
                                       reservoir_adsorbed_ug(&p->implant.pump.reservoir, d) +
                                       catheter_mass_ug(&p->catheter, d);
    }
    return 0;
}

/* What an established pump holds at enrolment. */
static order_implant_t established(const study_t *s)
{
    order_implant_t order = {.fill_ml = s->pump.fill_ml};
    for (int64_t d = 0; d < s->n_drugs; d++) {
        order.ug_per_ml[d] = s->drug[d].concentration_ug_per_ml;
    }
    return order;
}

int patient_init(patient_t *p, const trajectory_request_t *q, record_t *r, error_t *e)
{
    order_implant_t order = established(q->study);
    int code;
    memset(p, 0, sizeof *p);
    p->study = q->study;
    p->core = q->core->before != NULL ? q->core->before : q->core;
    p->next = q->core->before != NULL ? q->core : NULL;
    p->key = q->key;
    p->record = r;
    p->trace = q->trace;
    p->listener = q->listener;
    p->has_body = q->study->body.model == STUDY_BODY_INTRATHECAL;
    p->has_clinic = q->study->clinic_policy == STUDY_POLICY_TITRATION;
    p->implant.wake_ms = IMPLANT_NEVER_MS;
    tally_init(&p->tally);
    feed_init(&p->feed, (int)q->study->n_drugs, outflow_feed, p);
    code = embody_person(p->study, &p->key, &p->person, e);
    death_draw(p);
    if (code == 0 && p->has_body) {
        code = embody_body(p->study, &p->person, &p->body, &p->lumbar_site, e);
    }
    code = code != 0 ? code : canal_init(&p->canal, p->study, p->has_body ? &p->body : NULL, e);
    p->placed.tip_cm = p->person.tip_cm;
    if (p->has_clinic) {
        clinic_init(&p->clinic, &q->study->clinic);
        return code;
    }
    return code != 0 ? code : patient_implant(p, &order, e);
}

void patient_free(patient_t *p)
{
    implant_free(&p->implant);
    body_free(&p->body);
    exposure_free(&p->exposures);
}

int patient_advance(patient_t *p, int64_t time_ms, error_t *e)
{
    p->now_ms = time_ms;
    return p->implanted ? implant_advance(&p->implant, time_ms, e) : 0;
}

int patient_verify(const patient_t *p, error_t *e)
{
    int code = p->implanted ? implant_verify(&p->implant, e) : 0;
    return code != 0 || !p->implanted ? code : catheter_verify(&p->catheter, e);
}

int patient_close_step(patient_t *p, error_t *e)
{
    return feed_close(&p->feed, p->now_ms, e);
}

double patient_rate_tone(patient_t *p, uint64_t visit)
{
    double normal[ASHWORTH_GROUPS];
    draw_t draw;
    draw_init(&draw, (uint64_t)p->study->seed, DRAW_RATER, (uint64_t)p->key.patient,
              (uint64_t)p->key.replicate, visit);
    for (int i = 0; i < ASHWORTH_GROUPS; i++) {
        normal[i] = draw_normal(&draw);
    }
    return body_ashworth_rated(&p->body, normal);
}
