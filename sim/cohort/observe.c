/* SPDX-License-Identifier: Apache-2.0 */
/* Observations: what is read from a patient each day and at the end, and the rows that hold it. */
#include "cohort/observe.h"

#include "cohort/life.h"

#include <math.h>

/* What can be read at one moment, of the primary drug. */
typedef struct reading_t {
    double lumbar_ng_per_ml, tip_ng_per_ml, cisternal_ng_per_ml, plasma_ng_per_ml, effect_ng_per_ml;
    double tone_latent;
} reading_t;

static reading_t read_body(patient_t *p)
{
    if (!p->has_body) {
        const double none = (double)NAN;
        return (reading_t){none, none, none, none, none, none};
    }
    return (reading_t){
        .lumbar_ng_per_ml = body_csf_ng_per_ml(&p->body, 0, p->lumbar_site),
        .tip_ng_per_ml = body_tip_ng_per_ml(&p->body, 0),
        .cisternal_ng_per_ml = body_cisternal_ng_per_ml(&p->body, 0),
        .plasma_ng_per_ml = body_plasma_ng_per_ml(&p->body, 0),
        .effect_ng_per_ml = body_effect_ng_per_ml(&p->body, 0),
        .tone_latent = body_ashworth_latent(&p->body),
    };
}

/* NaN before there is a reservoir. */
static double usable_ml(const patient_t *p)
{
    return p->implanted ? implant_usable_ml(&p->implant) : (double)NAN;
}

/* Of a pump with a core in place; else no value. */
static void put_cell(patient_t *p)
{
    const battery_t *cell = &p->implant.pump.battery;
    const bool there = p->implanted && implant_programmable(&p->implant);
    record_put_f64(p->record, FIELD_DAILY_CHARGE_USED_MAH,
                   there ? battery_used_mah(cell) : (double)NAN);
    record_put_f64(p->record, FIELD_DAILY_LOADED_V, there ? battery_loaded_v(cell) : (double)NAN);
}

void observe_before(patient_t *p)
{
    p->tone_before_latent = p->has_body ? body_ashworth_latent(&p->body) : (double)NAN;
    p->tone_before_rated = p->has_body ? patient_rate_tone(p, PATIENT_VISIT_BEFORE) : (double)NAN;
}

static void trace_reading(patient_t *p, const reading_t *now)
{
    record_t *r = p->record;
    record_row(r, TABLE_SERIES);
    record_put_i64(r, FIELD_SERIES_TIME_MS, p->now_ms);
    record_put_f64(r, FIELD_SERIES_LUMBAR_NG_PER_ML, now->lumbar_ng_per_ml);
    record_put_f64(r, FIELD_SERIES_TIP_NG_PER_ML, now->tip_ng_per_ml);
    record_put_f64(r, FIELD_SERIES_CISTERNAL_NG_PER_ML, now->cisternal_ng_per_ml);
    record_put_f64(r, FIELD_SERIES_PLASMA_NG_PER_ML, now->plasma_ng_per_ml);
    record_put_f64(r, FIELD_SERIES_EFFECT_SITE_NG_PER_ML, now->effect_ng_per_ml);
    record_put_f64(r, FIELD_SERIES_ASHWORTH_LATENT, now->tone_latent);
    record_put_f64(r, FIELD_SERIES_RESERVOIR_ML, usable_ml(p));
}

void observe_day(patient_t *p, int32_t day)
{
    reading_t now = read_body(p);
    double delivered_ml = life_delivered_ml(p);
    record_t *r = p->record;
    record_row(r, TABLE_DAILY);
    record_put_i64(r, FIELD_DAILY_DAY, day);
    record_put_f64(r, FIELD_DAILY_LUMBAR_NG_PER_ML, now.lumbar_ng_per_ml);
    record_put_f64(r, FIELD_DAILY_TIP_NG_PER_ML, now.tip_ng_per_ml);
    record_put_f64(r, FIELD_DAILY_CISTERNAL_NG_PER_ML, now.cisternal_ng_per_ml);
    record_put_f64(r, FIELD_DAILY_PLASMA_NG_PER_ML, now.plasma_ng_per_ml);
    record_put_f64(r, FIELD_DAILY_EFFECT_SITE_NG_PER_ML, now.effect_ng_per_ml);
    record_put_f64(r, FIELD_DAILY_ASHWORTH_LATENT, now.tone_latent);
    record_put_f64(r, FIELD_DAILY_RESERVOIR_ML, usable_ml(p));
    record_put_f64(r, FIELD_DAILY_VOLUME_DELIVERED_ML, delivered_ml - p->last_sample.delivered_ml);
    record_put_f64(r, FIELD_DAILY_DOSE_UG, p->account[0].left_tip_ug - p->last_sample.left_tip_ug);
    put_cell(p);
    canal_day(&p->canal, &p->body, day, r);
    tally_day(&p->tally, usable_ml(p));
    p->last_sample.delivered_ml = delivered_ml;
    p->last_sample.left_tip_ug = p->account[0].left_tip_ug;
    if (p->trace) {
        trace_reading(p, &now);
    }
}

static void put_person(patient_t *p)
{
    record_t *r = p->record;
    const csf_param_t *centre = &p->study->body.csf;
    record_put_i64(r, FIELD_PATIENTS_PATIENT, p->key.patient);
    record_put_i64(r, FIELD_PATIENTS_ARM, p->key.arm);
    record_put_i64(r, FIELD_PATIENTS_REPLICATE, p->key.replicate);
    record_put_f64(r, FIELD_PATIENTS_WEIGHT, 1.0);
    record_put_f64(r, FIELD_PATIENTS_CSF_VOLUME_ML, p->person.canal_csf_ml);
    record_put_f64(r, FIELD_PATIENTS_DISPERSION_FACTOR,
                   p->person.csf.dispersion_thoracic_cm2_per_h /
                       centre->dispersion_thoracic_cm2_per_h);
    record_put_f64(r, FIELD_PATIENTS_LOSS_PER_H, p->person.drug[0].loss_per_h);
    record_put_f64(r, FIELD_PATIENTS_TIP_DRAIN_ML_PER_H, p->person.csf.tip_zone_drain_ml_per_h);
    record_put_f64(r, FIELD_PATIENTS_CLEARANCE_L_PER_H, p->person.drug[0].clearance_l_per_h);
    record_put_f64(r, FIELD_PATIENTS_EC50_NG_PER_ML, p->person.ashworth.ec50_ng_per_ml);
    record_put_f64(r, FIELD_PATIENTS_BASELINE_TONE, p->person.ashworth.baseline);
    record_put_f64(r, FIELD_PATIENTS_PUMP_UNIT_ERROR, p->unit.error);
    record_put_f64(r, FIELD_PATIENTS_OSCILLATOR_ERROR_PPM, p->unit.oscillator_error_ppm);
}

_Static_assert((int)PERSON_FEMALE == (int)FIELDS_SEX_FEMALE &&
                   (int)PERSON_OTHER == (int)FIELDS_DIAGNOSIS_OTHER &&
                   (int)PERSON_TOLERANCE_CONTINUES == (int)FIELDS_TOLERANCE_CONTINUES,
               "a person's sex, diagnosis and class of tolerance are stored as they are");

static void put_covariates(patient_t *p)
{
    record_t *r = p->record;
    record_put_f64(r, FIELD_PATIENTS_AGE_YEARS, p->person.age_years);
    record_put_i64(r, FIELD_PATIENTS_SEX, p->person.sex);
    record_put_f64(r, FIELD_PATIENTS_HEIGHT_CM, p->person.height_cm);
    record_put_f64(r, FIELD_PATIENTS_WEIGHT_KG, p->person.weight_kg);
    record_put_i64(r, FIELD_PATIENTS_DIAGNOSIS, p->person.diagnosis);
    record_put_f64(r, FIELD_PATIENTS_TIP_CM, p->person.tip_cm);
    record_put_i64(r, FIELD_PATIENTS_TIP_LEVEL, canal_tip_level(&p->person));
    record_put_i64(r, FIELD_PATIENTS_DRAW_ATTEMPTS, p->person.attempts);
    record_put_f64(r, FIELD_PATIENTS_EC50_MULTIPLIER_AT_END,
                   p->has_body ? body_tolerance(&p->body) : (double)NAN);
}

static void put_traits(patient_t *p)
{
    record_t *r = p->record;
    const person_t *person = &p->person;
    record_put_i64(r, FIELD_PATIENTS_TOLERANCE_CLASS, person->tolerance_class);
    record_put_f64(r, FIELD_PATIENTS_TOLERANCE_RISE, person->tolerance.rise);
    record_put_f64(r, FIELD_PATIENTS_TOLERANCE_TAU_DAY, person->tolerance.tau_day);
    record_put_f64(r, FIELD_PATIENTS_TOLERANCE_SLOW_RISE, person->tolerance.slow_rise);
    record_put_f64(r, FIELD_PATIENTS_STROKE_FACTOR, person->stroke_factor);
    record_put_f64(r, FIELD_PATIENTS_CANAL_LENGTH_CM, person->canal_cm);
}

static void put_telemetry(patient_t *p)
{
    record_t *r = p->record;
    const link_t *link = &p->procedure.link;
    record_put_i64(r, FIELD_PATIENTS_TELEMETRY_SESSIONS, (int64_t)link->sessions);
    record_put_i64(r, FIELD_PATIENTS_TELEMETRY_FRAMES, (int64_t)link->frames_sent);
    record_put_i64(r, FIELD_PATIENTS_TELEMETRY_REPEATED, (int64_t)link->frames_repeated);
    record_put_i64(r, FIELD_PATIENTS_TELEMETRY_LOST, (int64_t)link->frames_lost);
    record_put_i64(r, FIELD_PATIENTS_TELEMETRY_REPLIES_LOST, (int64_t)link->replies_lost);
}

/* Fills what of *end is read off the body. */
static void put_response(patient_t *p, tally_end_t *end)
{
    record_t *r = p->record;
    reading_t now = read_body(p);
    end->ashworth_before = p->tone_before_rated;
    end->ashworth_after = p->has_body ? patient_rate_tone(p, PATIENT_VISIT_END) : (double)NAN;
    end->lumbar_ng_per_ml = now.lumbar_ng_per_ml;
    record_put_f64(r, FIELD_PATIENTS_ASHWORTH_BEFORE, end->ashworth_before);
    record_put_f64(r, FIELD_PATIENTS_ASHWORTH_AFTER, end->ashworth_after);
    record_put_f64(r, FIELD_PATIENTS_ASHWORTH_BEFORE_LATENT, p->tone_before_latent);
    record_put_f64(r, FIELD_PATIENTS_ASHWORTH_AFTER_LATENT, now.tone_latent);
    record_put_f64(r, FIELD_PATIENTS_LUMBAR_NG_PER_ML, now.lumbar_ng_per_ml);
    record_put_f64(r, FIELD_PATIENTS_TIP_NG_PER_ML, now.tip_ng_per_ml);
    record_put_f64(r, FIELD_PATIENTS_CISTERNAL_NG_PER_ML, now.cisternal_ng_per_ml);
    record_put_f64(r, FIELD_PATIENTS_PLASMA_NG_PER_ML, now.plasma_ng_per_ml);
    record_put_i64(r, FIELD_PATIENTS_NEGATIVE_READS, p->has_body ? body_negatives(&p->body) : 0);
}

static void put_device(patient_t *p, double believed_ml)
{
    record_t *r = p->record;
    record_put_f64(r, FIELD_PATIENTS_VOLUME_COMMANDED_ML, life_commanded_ml(p));
    record_put_f64(r, FIELD_PATIENTS_VOLUME_DELIVERED_ML, life_delivered_ml(p));
    record_put_i64(r, FIELD_PATIENTS_PULSES_COMMANDED, life_pulses_commanded(p));
    record_put_i64(r, FIELD_PATIENTS_PULSES_CONFIRMED, life_pulses_confirmed(p));
    record_put_f64(r, FIELD_PATIENTS_VOLUME_BELIEVED_IN_RESERVOIR_ML, believed_ml);
    record_put_f64(r, FIELD_PATIENTS_VOLUME_IN_RESERVOIR_ML, usable_ml(p));
    record_put_f64(r, FIELD_PATIENTS_BATTERY_CHARGE_USED_MAH, life_charge_mah(p));
    record_put_i64(r, FIELD_PATIENTS_WAKES, life_wakes(p));
    record_put_i64(r, FIELD_PATIENTS_PUMPS, p->pumps);
}

void observe_end(patient_t *p, int stop, double believed_ml)
{
    record_t *r = p->record;
    life_close(p); /* its last telemetry takes charge, which the patient's row counts */
    tally_end_t end = {.key = p->key,
                       .stop_ms = p->now_ms,
                       .commanded_ml = life_commanded_ml(p),
                       .delivered_ml = life_delivered_ml(p)};
    record_row(r, TABLE_PATIENTS);
    put_person(p);
    put_covariates(p);
    put_traits(p);
    put_telemetry(p);
    put_response(p, &end);
    put_device(p, believed_ml);
    record_put_i64(r, FIELD_PATIENTS_STOP_REASON, stop);
    record_put_i64(r, FIELD_PATIENTS_STOP_TIME_MS, p->now_ms);
    record_put_f64(r, FIELD_PATIENTS_WORST_LEDGER_ERROR, p->worst_ledger_error);
    record_put_i64(r, FIELD_PATIENTS_LEDGER_CHECKS, p->ledger_checks);
    tally_record(&p->tally, &end, r);
}
