/* SPDX-License-Identifier: Apache-2.0 */
/* Clinical units become the wire's integers, here and nowhere else. */
#include "host/image.h"

#include <math.h>
#include <string.h>

#include "host/session.h"

#define NG_PER_UG 1e3
#define NL_PER_ML 1e6
#define MS_PER_MINUTE 6e4
#define MINUTES_PER_DAY 1440u

/* Rounds `value * scale` to the nearest whole; refuses what is not in 0..most, NaN included. */
static int whole(uint64_t *out, double value, double scale, double most, const char *what,
                 error_t *e)
{
    const double scaled = round(value * scale);
    if (!(scaled >= 0.0 && scaled <= most)) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%s is %g, outside 0 to %g", what, value,
                           most / scale);
    }
    *out = (uint64_t)scaled;
    return 0;
}

static int put_drug(uint8_t *bytes, const programmer_drug_t *drug, error_t *e)
{
    uint64_t concentration = 0;
    uint64_t limit = 0;
    int status = whole(&concentration, drug->concentration_ug_per_ml, NG_PER_UG,
                       DOSING_CONCENTRATION_MAX, "a concentration in ug/mL", e);
    if (status == 0) {
        status = whole(&limit, drug->limit_ug_per_day, NG_PER_UG, (double)DOSING_LIMIT_MAX,
                       "a limit in ug/day", e);
    }
    session_put(bytes + DOSING_DRUG_AT_CONCENTRATION, concentration, 4u);
    session_put(bytes + DOSING_DRUG_AT_CODE, drug->code, 4u);
    session_put(bytes + DOSING_DRUG_AT_LIMIT, limit, 8u);
    return status;
}

int image_volume(uint8_t *bytes, double volume_ml, const char *what, error_t *e)
{
    uint64_t nl = 0;
    const int status = whole(&nl, volume_ml, NL_PER_ML, (double)UINT32_MAX, what, e);
    session_put(bytes, nl, 4u);
    return status;
}

static int put_volumes(uint8_t *bytes, const programmer_therapy_t *t, error_t *e)
{
    int status =
        image_volume(bytes + DOSING_PROGRAMME_AT_LOW_NL, t->low_alarm_ml, "the low alarm in mL", e);
    if (status == 0) {
        status = image_volume(bytes + DOSING_PROGRAMME_AT_EMPTY_NL, t->empty_alarm_ml,
                              "the empty alarm in mL", e);
    }
    if (status == 0) {
        status = image_volume(bytes + DOSING_PROGRAMME_AT_RATE_MAX, t->rate_limit_ml_per_day,
                              "the rate limit in mL/day", e);
    }
    if (status == 0) {
        status = image_volume(bytes + DOSING_PROGRAMME_AT_VOLUME_24H, t->volume_limit_ml_per_day,
                              "the volume limit in mL/day", e);
    }
    return status;
}

int image_dose(uint8_t *bytes, double dose_ug, const char *what, error_t *e)
{
    uint64_t ng = 0;
    const int status = whole(&ng, dose_ug, NG_PER_UG, (double)DOSING_DOSE_MAX, what, e);
    session_put(bytes, ng, 8u);
    return status;
}

int image_minutes(uint8_t *bytes, double minutes, const char *what, error_t *e)
{
    uint64_t ms = 0;
    const int status = whole(&ms, minutes, MS_PER_MINUTE, (double)UINT32_MAX, what, e);
    session_put(bytes, ms, 4u);
    return status;
}

static int put_patient(uint8_t *bytes, const programmer_patient_t *a, error_t *e)
{
    if (a->dose_ug == 0.0) {
        return 0;
    }
    int status =
        image_dose(bytes + DOSING_PATIENT_AT_DOSE, a->dose_ug, "the patient's bolus in ug", e);
    if (status == 0) {
        status = image_minutes(bytes + DOSING_PATIENT_AT_DURATION, a->minutes,
                               "the minutes of the patient's bolus", e);
    }
    if (status == 0) {
        status = image_minutes(bytes + DOSING_PATIENT_AT_LOCKOUT, a->lockout_minutes,
                               "the lockout in minutes", e);
    }
    if (status == 0) {
        status = image_minutes(bytes + DOSING_PATIENT_AT_INTERVAL, a->interval_minutes,
                               "the interval in minutes", e);
    }
    session_put(bytes + DOSING_PATIENT_AT_PER_INTERVAL, a->per_interval, 2u);
    session_put(bytes + DOSING_PATIENT_AT_PER_DAY, a->per_day, 2u);
    return status;
}

/* Steps and timed boluses, after the head. */
static int put_tail(uint8_t *bytes, const programmer_therapy_t *t, error_t *e)
{
    int status = 0;
    for (uint32_t i = 0; i < t->step_count && status == 0; i++, bytes += DOSING_STEP_BYTES) {
        bytes[DOSING_STEP_AT_DAYS] = (uint8_t)t->step[i].days;
        session_put(bytes + DOSING_STEP_AT_MINUTE, t->step[i].minute, 2u);
        status = image_dose(bytes + DOSING_STEP_AT_DOSE, t->step[i].dose_ug_per_day,
                            "a step's dose in ug/day", e);
    }
    for (uint32_t i = 0; i < t->timed_count && status == 0; i++, bytes += DOSING_TIMED_BYTES) {
        bytes[DOSING_TIMED_AT_DAYS] = (uint8_t)t->timed[i].days;
        session_put(bytes + DOSING_TIMED_AT_MINUTE, t->timed[i].minute, 2u);
        status = image_minutes(bytes + DOSING_TIMED_AT_DURATION, t->timed[i].minutes,
                               "the minutes of a timed bolus", e);
        if (status == 0) {
            status = image_dose(bytes + DOSING_TIMED_AT_DOSE, t->timed[i].dose_ug,
                                "a timed bolus in ug", e);
        }
    }
    return status;
}

static int check_counts(const programmer_therapy_t *t, error_t *e)
{
    if (t->drug_count < 1u || t->drug_count > PROGRAMMER_DRUGS_MAX) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "a therapy has %u drugs; 1 to %d are allowed",
                           t->drug_count, PROGRAMMER_DRUGS_MAX);
    }
    if (t->step_count > PROGRAMMER_STEPS_MAX || t->timed_count > PROGRAMMER_TIMED_MAX) {
        return ERROR_RAISE(
            e, ERROR_ARGUMENT,
            "a therapy has %u steps and %u timed boluses; up to %d and %d are allowed",
            t->step_count, t->timed_count, PROGRAMMER_STEPS_MAX, PROGRAMMER_TIMED_MAX);
    }
    return 0;
}

/* What fits no field of the wire must not be cut to one that means something else. */
static int check_moment(uint32_t days, uint32_t minute, const char *what, uint32_t i, error_t *e)
{
    if (days < 1u || days > DOSING_DAYS_ALL) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "%s %u has days 0x%X; give a bit for each, 0x01 (Monday) to 0x%02X",
                           what, i, days, DOSING_DAYS_ALL);
    }
    if (minute >= MINUTES_PER_DAY) {
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%s %u is at minute %u of the day; give 0 to %u",
                           what, i, minute, MINUTES_PER_DAY - 1u);
    }
    return 0;
}

static int check_small(const programmer_therapy_t *t, error_t *e)
{
    const struct {
        const char *what;
        uint32_t value, most;
    } rows[] = {
        {"the patient's boluses an interval", t->patient.per_interval, DOSING_PATIENT_PER_DAY_MAX},
        {"the patient's boluses a day", t->patient.per_day, DOSING_PATIENT_PER_DAY_MAX},
        {"the minutes between critical tones", t->critical_tone_minutes, UINT16_MAX},
        {"the minutes between advisory tones", t->advisory_tone_minutes, UINT16_MAX}};
    int status = 0;
    for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].value > rows[i].most) {
            return ERROR_RAISE(e, ERROR_ARGUMENT, "%s are %u; give at most %u", rows[i].what,
                               rows[i].value, rows[i].most);
        }
    }
    for (uint32_t i = 0; i < t->step_count && status == 0; i++) {
        status = check_moment(t->step[i].days, t->step[i].minute, "step", i + 1u, e);
    }
    for (uint32_t i = 0; i < t->timed_count && status == 0; i++) {
        status = check_moment(t->timed[i].days, t->timed[i].minute, "timed bolus", i + 1u, e);
    }
    return status;
}

uint32_t image_bytes(const programmer_therapy_t *t)
{
    return DOSING_PROGRAMME_BYTES + t->step_count * DOSING_STEP_BYTES +
           t->timed_count * DOSING_TIMED_BYTES;
}

static void put_head(uint8_t *bytes, const programmer_therapy_t *t)
{
    bytes[DOSING_PROGRAMME_AT_MODE] = (uint8_t)t->mode; /* the wire's own numbers */
    bytes[DOSING_PROGRAMME_AT_DRUGS] = (uint8_t)t->drug_count;
    bytes[DOSING_PROGRAMME_AT_STEPS] = (uint8_t)t->step_count;
    bytes[DOSING_PROGRAMME_AT_TIMED] = (uint8_t)t->timed_count;
    session_put(bytes + DOSING_PROGRAMME_AT_FLAGS, t->change ? DOSING_FLAG_CHANGE : 0u, 4u);
    session_put(bytes + DOSING_PROGRAMME_AT_REPEAT_CRITICAL, t->critical_tone_minutes, 2u);
    session_put(bytes + DOSING_PROGRAMME_AT_REPEAT_ADVISORY, t->advisory_tone_minutes, 2u);
}

int image_therapy(uint8_t *bytes, const programmer_therapy_t *t, error_t *e)
{
    int status = check_counts(t, e);
    status = status == 0 ? check_small(t, e) : status;
    if (status < 0) {
        return status;
    }
    memset(bytes, 0, DOSING_IMAGE_BYTES_MAX);
    put_head(bytes, t);
    status = put_volumes(bytes, t, e);
    if (status == 0 && t->change) {
        status = image_volume(bytes + DOSING_PROGRAMME_AT_BRIDGE, t->bridge_ml,
                              "the bridge's volume in mL", e);
    }
    if (status == 0 && t->mode == PROGRAMMER_SIMPLE) {
        status = image_dose(bytes + DOSING_PROGRAMME_AT_DOSE, t->dose_ug_per_day,
                            "the dose in ug/day", e);
    }
    if (status == 0) {
        status = put_patient(bytes + DOSING_PROGRAMME_AT_PATIENT, &t->patient, e);
    }
    for (uint32_t i = 0; i < t->drug_count && status == 0; i++) {
        status = put_drug(bytes + DOSING_PROGRAMME_AT_DRUG + i * DOSING_DRUG_BYTES, &t->drug[i], e);
    }
    return status == 0 ? put_tail(bytes + DOSING_PROGRAMME_BYTES, t, e) : status;
}
