/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of the study and its device; those of therapy and events are in check_schedule.c, that of the body in
 * check_body.c. */
#include "config/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "config/check_body.h"
#include "config/check_catheter.h"
#include "config/check_cohort.h"
#include "config/check_fault.h"
#include "config/check_schedule.h"
#include "config/check_uncertain.h"

#define MS_PER_MINUTE 60000
#define MS_PER_DAY INT64_C(86400000)
#define ERROR_AT(r, path, ...) reading_report((r), DIAGNOSTIC_ERROR, (path), __VA_ARGS__)

static int sound(const reading_t *r, const void *a, const void *b)
{
    return !reading_failed(r, a) && !reading_failed(r, b);
}

static void check_scope(const reading_t *r)
{
    const study_t *s = r->study;
    for (int64_t i = 1; i < s->arms.count && !reading_failed(r, &s->arms); i++)
        for (int64_t j = 0; j < i; j++)
            if (strcmp(s->arms.name[i], s->arms.name[j]) == 0)
                ERROR_AT(r, "study.arms", "two arms have the name %s", s->arms.name[i]);
    if (sound(r, &s->clinic_policy, &s->pump.kind) && s->clinic_policy != STUDY_POLICY_NONE &&
        s->pump.kind == STUDY_PUMP_CONSTANT_FLOW)
        ERROR_AT(r, "clinic.policy", "a constant-flow pump cannot be titrated; write none");
}

static void check_drug_names(const reading_t *r)
{
    const study_t *s = r->study;
    for (int64_t i = 1; i < s->n_drugs; i++) {
        for (int64_t j = 0; j < i; j++) {
            char path[64];
            if (!sound(r, s->drug[i].name, s->drug[j].name) ||
                strcmp(s->drug[i].name, s->drug[j].name) != 0)
                continue;
            snprintf(path, sizeof path, "drugs[%d].name", (int)i);
            ERROR_AT(r, path, "%s is also the name of drugs[%d]; names are unique", s->drug[i].name,
                     (int)j);
        }
    }
}

/* The defaults are baclofen's: silence would let another drug pass for it. */
static void check_kinetics(const reading_t *r)
{
    const study_t *s = r->study;
    if (reading_failed(r, &s->body.model) || s->body.model != STUDY_BODY_INTRATHECAL)
        return;
    for (int64_t i = 0; i < s->n_drugs; i++) {
        char path[64];
        snprintf(path, sizeof path, "drugs[%d].kinetics", (int)i);
        if (!sound(r, s->drug[i].name, &s->drug[i].kinetics.loss_per_h) ||
            strcmp(s->drug[i].name, "baclofen") == 0 ||
            document_find(r->doc->root, path, NULL) != NULL)
            continue;
        snprintf(path, sizeof path, "drugs[%d].name", (int)i);
        reading_report(r, DIAGNOSTIC_WARNING, path,
                       "%s moves and is cleared as baclofen does, whose values are the defaults; "
                       "give drugs[%d].kinetics",
                       s->drug[i].name, (int)i);
    }
}

static void check_not_above(const reading_t *r, const char *path, const double *value,
                            const char *limit_path, const double *limit)
{
    if (sound(r, value, limit) && *value > *limit)
        ERROR_AT(r, path, "%.9g mL is above %s, %.9g mL", *value, limit_path, *limit);
}

static void check_reservoir(const reading_t *r)
{
    const study_pump_t *pump = &r->study->pump;
    const char *capacity = "pump.reservoir.capacity";
    check_not_above(r, "pump.fill", &pump->fill_ml, capacity, &pump->reservoir.capacity_ml);
    check_not_above(r, "pump.low_alarm", &pump->low_alarm_ml, capacity,
                    &pump->reservoir.capacity_ml);
}

static void check_whole(const reading_t *r, const char *path, const double *value)
{
    if (!reading_failed(r, value) && *value != floor(*value))
        ERROR_AT(r, path, "%.9g must be a whole number", *value);
}

static void check_head(const reading_t *r)
{
    const pump_head_param_t *head = &r->study->pump.head;
    check_whole(r, "pump.head.pulses_per_revolution", &head->pulses_per_revolution);
    check_whole(r, "pump.head.rollers", &head->rollers);
    if (sound(r, &head->pulses_per_revolution, &head->rollers) &&
        head->rollers == floor(head->rollers) &&
        fmod(head->pulses_per_revolution, head->rollers) != 0.0)
        ERROR_AT(r, "pump.head.rollers",
                 "%.9g rollers do not divide the %.9g pulses of pump.head.pulses_per_revolution",
                 head->rollers, head->pulses_per_revolution);
}

static void check_valve(const reading_t *r)
{
    const study_pump_t *pump = &r->study->pump;
    if (!reading_failed(r, &pump->kind) && pump->kind == STUDY_PUMP_VALVE_GATED)
        check_whole(r, "pump.valve.generation", &pump->valve.generation);
}

static void check_falls(const reading_t *r, const char *later, double later_v, const char *before,
                        double before_v)
{
    if (later_v >= before_v) {
        ERROR_AT(r, later, "%.9g V is not below %s, %.9g V", later_v, before, before_v);
    }
}

static void check_battery(const reading_t *r)
{
    const battery_param_t *battery = &r->study->pump.battery;
    if (sound(r, &battery->end_v, &battery->knee_v))
        check_falls(r, "pump.battery.end_voltage", battery->end_v, "pump.battery.knee_voltage",
                    battery->knee_v);
    if (sound(r, &battery->knee_v, &battery->open_v))
        check_falls(r, "pump.battery.knee_voltage", battery->knee_v, "pump.battery.open_voltage",
                    battery->open_v);
}

/* The keys of the clinic against each other; clinic_param_check holds to the same. */
static void check_policy(const reading_t *r, const clinic_param_t *clinic)
{
    if (sound(r, &clinic->late_over_7_days, &clinic->late_over_14_days) &&
        clinic->late_over_7_days > 0.0 &&
        !(clinic->late_over_14_days > 0.0 && clinic->late_over_14_days < clinic->late_over_7_days))
        ERROR_AT(r, "clinic.late_over_14_days",
                 "%.9g must be above 0 and below clinic.late_over_7_days, %.9g",
                 clinic->late_over_14_days, clinic->late_over_7_days);
    if (sound(r, &clinic->dose_minimum_ug, &clinic->dose_maximum_ug) &&
        clinic->dose_minimum_ug > clinic->dose_maximum_ug)
        ERROR_AT(r, "clinic.dose_minimum", "%.9g ug is above clinic.dose_maximum, %.9g ug",
                 clinic->dose_minimum_ug, clinic->dose_maximum_ug);
    if (sound(r, &clinic->weak, &clinic->goal) && clinic->weak > clinic->goal)
        ERROR_AT(r, "clinic.weak", "%.9g is above clinic.goal, %.9g", clinic->weak, clinic->goal);
}

/* The keys of the clinic against those of the device and the drugs. */
static void check_clinic(const reading_t *r)
{
    const study_t *s = r->study;
    const clinic_param_t *clinic = &s->clinic;
    const double *ug_per_ml = &s->drug[0].concentration_ug_per_ml;
    if (reading_failed(r, &s->clinic_policy) || s->clinic_policy == STUDY_POLICY_NONE)
        return;
    check_not_above(r, "clinic.fill", &clinic->fill_ml, "pump.reservoir.capacity",
                    &s->pump.reservoir.capacity_ml);
    check_policy(r, clinic);
    check_whole(r, "clinic.stable_visits", &clinic->stable_visits);
    check_whole(r, "clinic.frame_tries", &clinic->frame_tries);
    check_whole(r, "clinic.session_tries", &clinic->session_tries);
    if (sound(r, &clinic->dose_maximum_ug, &s->therapy.limit_dose_ug_per_day) &&
        clinic->dose_maximum_ug > s->therapy.limit_dose_ug_per_day)
        reading_report(r, DIAGNOSTIC_WARNING, "clinic.dose_maximum",
                       "%.9g ug is above therapy.limits.daily_dose, %.9g ug/day: the pump refuses "
                       "what the clinic may order",
                       clinic->dose_maximum_ug, s->therapy.limit_dose_ug_per_day);
    if (sound(r, &clinic->concentration_ug_per_ml, ug_per_ml) && s->n_drugs > 0 &&
        clinic->concentration_ug_per_ml != *ug_per_ml)
        reading_report(r, DIAGNOSTIC_WARNING, "clinic.concentration",
                       "the clinic fills with %.9g ug/mL where drugs[0].concentration says %.9g "
                       "ug/mL; give both alike",
                       clinic->concentration_ug_per_ml, *ug_per_ml);
}

/* A body is read in whole minutes. */
static void check_minutes(const reading_t *r, const char *path, const int64_t *ms)
{
    if (!reading_failed(r, ms) && *ms % MS_PER_MINUTE != 0)
        ERROR_AT(r, path, "%lld ms is not a whole number of minutes", (long long)*ms);
}

static void check_canal(const reading_t *r)
{
    const int64_t ms = r->study->record.canal_ms;
    if (!reading_failed(r, &r->study->record.canal_ms) && ms % MS_PER_DAY != 0)
        ERROR_AT(r, "record.canal",
                 "%lld h is not a whole number of days; the canal is recorded with a row of the "
                 "daily series: write 1 day or more, or 0",
                 (long long)(ms / 3600000));
}

void check_study(const reading_t *r)
{
    check_rules(r);
    check_body(r);
}

void check_rules(const reading_t *r)
{
    check_scope(r);
    check_uncertain(r);
    check_minutes(r, "study.horizon", &r->study->horizon_ms);
    check_minutes(r, "record.daily_time", &r->study->record.daily_time_ms);
    check_canal(r);
    check_drug_names(r);
    check_kinetics(r);
    check_reservoir(r);
    check_head(r);
    check_valve(r);
    check_battery(r);
    check_catheter(r);
    check_fault(r);
    check_clinic(r);
    check_whole(r, "body.csf.cells", &r->study->body.csf.cells);
    check_cohort(r);
    check_schedule(r);
}
