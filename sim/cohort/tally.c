/* SPDX-License-Identifier: Apache-2.0 */
/* The tally: what a patient comes to, counted while it happens. */
#include "cohort/tally.h"

#include <math.h>

#define MS_PER_DAY 86400000.0
#define MONTH_MS (365.0 / 12.0 * MS_PER_DAY)
#define YEAR_MS (365.25 * MS_PER_DAY)
#define TOLERANT_UG_PER_DAY_YEAR 100.0

static const int months[TALLY_MONTHS] = {1, 3, 6, 12, 18};
enum { MONTH_12 = 3 };

static double milestone_ms(int i)
{
    return months[i] * MONTH_MS;
}

void tally_init(tally_t *t)
{
    const double none = (double)NAN;
    *t = (tally_t){.responded = none, .dose_start = none, .dose_end = none, .least_ml = none};
    for (int i = 0; i < TALLY_BOLUSES; i++) {
        t->responded_to[i] = none;
    }
    for (int i = 0; i < TALLY_MONTHS; i++) {
        t->dose_month[i] = none;
    }
}

/* ---- along the run ---- */

static void hear_response(tally_t *t, int reason)
{
    const double responded = reason == FIELDS_REASON_RESPONDED ? 1.0 : 0.0;
    if (t->boluses >= 1 && t->boluses <= TALLY_BOLUSES) {
        t->responded_to[t->boluses - 1] = responded;
    }
    t->responded = fmax(responded, t->responded);
}

/* Each milestone not before the commit takes its dose, until a later commit does. */
static void hear_programme(tally_t *t, int64_t time_ms, double dose)
{
    for (int i = 0; i < TALLY_MONTHS; i++) {
        if ((double)time_ms <= milestone_ms(i)) {
            t->dose_month[i] = dose;
        }
    }
    if (dose > 0.0 && isnan(t->dose_start)) {
        t->dose_start = dose;
    }
    t->dose_end = dose;
}

void tally_event(tally_t *t, int64_t time_ms, int kind, int reason, double value2)
{
    if (kind == FIELDS_EVENT_SCREENING_BOLUS) {
        t->boluses++;
        t->screened = true;
    } else if (kind == FIELDS_EVENT_SCREENING_RESPONSE) {
        hear_response(t, reason);
    } else if (kind == FIELDS_EVENT_IMPLANT || kind == FIELDS_EVENT_ENROLMENT ||
               kind == FIELDS_EVENT_REPLACEMENT) {
        t->pump = true;
        t->filled_ms = time_ms;
    } else if (kind == FIELDS_EVENT_PROGRAMME) {
        hear_programme(t, time_ms, value2);
    }
    t->missed += kind == FIELDS_EVENT_VISIT && reason == FIELDS_REASON_MISSED;
    t->calls += kind == FIELDS_EVENT_CALL;
    t->failed += kind == FIELDS_EVENT_ORDER_FAILED;
}

double tally_refill(tally_t *t, int64_t time_ms, double withdrawn_ml)
{
    const double day = (double)(time_ms - t->filled_ms) / MS_PER_DAY;
    t->refills++;
    t->between_day += day;
    t->withdrawn_ml += withdrawn_ml;
    t->least_ml = fmin(t->least_ml, withdrawn_ml);
    t->filled_ms = time_ms;
    return day;
}

void tally_day(tally_t *t, double usable_ml)
{
    t->days++;
    t->dry_days += usable_ml <= 0.0;
}

/* ---- at the end ---- */

static double known_if(bool known, double value)
{
    return known ? value : (double)NAN;
}

static void put_screening(const tally_t *t, record_t *r)
{
    record_put_f64(r, FIELD_OUTCOMES_RESPONDED, t->responded);
    record_put_f64(r, FIELD_OUTCOMES_RESPONDED_1, t->responded_to[0]);
    record_put_f64(r, FIELD_OUTCOMES_RESPONDED_2, t->responded_to[1]);
    record_put_f64(r, FIELD_OUTCOMES_RESPONDED_3, t->responded_to[2]);
    record_put_f64(r, FIELD_OUTCOMES_IMPLANTED, known_if(t->screened, t->pump ? 1.0 : 0.0));
}

static double dose_at(const tally_t *t, const tally_end_t *end, int i)
{
    return known_if(milestone_ms(i) <= (double)end->stop_ms, t->dose_month[i]);
}

static double tolerant(const tally_t *t, const tally_end_t *end)
{
    const double past_ms = (double)end->stop_ms - milestone_ms(MONTH_12);
    const double rise = t->dose_end - dose_at(t, end, MONTH_12);
    return known_if(past_ms >= 6.0 * MONTH_MS && !isnan(rise),
                    rise / (past_ms / YEAR_MS) > TOLERANT_UG_PER_DAY_YEAR ? 1.0 : 0.0);
}

static void put_doses(const tally_t *t, const tally_end_t *end, record_t *r)
{
    record_put_f64(r, FIELD_OUTCOMES_DOSE_START, t->dose_start);
    record_put_f64(r, FIELD_OUTCOMES_DOSE_1M, dose_at(t, end, 0));
    record_put_f64(r, FIELD_OUTCOMES_DOSE_3M, dose_at(t, end, 1));
    record_put_f64(r, FIELD_OUTCOMES_DOSE_6M, dose_at(t, end, 2));
    record_put_f64(r, FIELD_OUTCOMES_DOSE_12M, dose_at(t, end, MONTH_12));
    record_put_f64(r, FIELD_OUTCOMES_DOSE_18M, dose_at(t, end, 4));
    record_put_f64(r, FIELD_OUTCOMES_DOSE_END, t->dose_end);
    record_put_f64(r, FIELD_OUTCOMES_TOLERANT, tolerant(t, end));
}

static void put_effect(const tally_t *t, const tally_end_t *end, record_t *r)
{
    record_put_f64(r, FIELD_OUTCOMES_ASHWORTH_BEFORE, known_if(t->pump, end->ashworth_before));
    record_put_f64(r, FIELD_OUTCOMES_ASHWORTH_AFTER, known_if(t->pump, end->ashworth_after));
    record_put_f64(r, FIELD_OUTCOMES_ASHWORTH_CHANGE,
                   known_if(t->pump, end->ashworth_after - end->ashworth_before));
    record_put_f64(r, FIELD_OUTCOMES_LUMBAR, known_if(t->pump, end->lumbar_ng_per_ml));
    record_put_f64(r, FIELD_OUTCOMES_VOLUME_RATIO,
                   known_if(end->commanded_ml > 0.0, end->delivered_ml / end->commanded_ml));
}

static void put_pump(const tally_t *t, record_t *r)
{
    const bool refilled = t->pump && t->refills > 0, watched = t->pump && t->days > 0;
    const double n = (double)t->refills;
    record_put_f64(r, FIELD_OUTCOMES_REFILLS, known_if(t->pump, n));
    record_put_f64(r, FIELD_OUTCOMES_REFILL_INTERVAL, known_if(refilled, t->between_day / n));
    record_put_f64(r, FIELD_OUTCOMES_LEAST_FOUND, known_if(refilled, t->least_ml));
    record_put_f64(r, FIELD_OUTCOMES_DISCARDED, known_if(refilled, t->withdrawn_ml));
    record_put_f64(r, FIELD_OUTCOMES_DRY, known_if(watched, t->dry_days > 0 ? 1.0 : 0.0));
    record_put_f64(r, FIELD_OUTCOMES_DRY_DAYS, known_if(watched, (double)t->dry_days));
    record_put_f64(r, FIELD_OUTCOMES_MISSED, known_if(t->pump, (double)t->missed));
    record_put_f64(r, FIELD_OUTCOMES_CALLS, known_if(t->pump, (double)t->calls));
    record_put_f64(r, FIELD_OUTCOMES_ORDERS_FAILED, known_if(t->pump, (double)t->failed));
}

void tally_record(const tally_t *t, const tally_end_t *end, record_t *r)
{
    record_row(r, TABLE_OUTCOMES);
    record_put_i64(r, FIELD_OUTCOMES_PATIENT, end->key.patient);
    record_put_i64(r, FIELD_OUTCOMES_ARM, end->key.arm);
    record_put_i64(r, FIELD_OUTCOMES_REPLICATE, end->key.replicate);
    put_screening(t, r);
    put_doses(t, end, r);
    put_effect(t, end, r);
    put_pump(t, r);
}
