/* SPDX-License-Identifier: Apache-2.0 */
/* Calls: a patient whom the pump's tone reaches phones once, and is refilled the sooner for it. */
#include "tests/sim/cohort/fixture.h"

#include <criterion/criterion.h>
#include <math.h>

#define DAY_MS 86400000.0
#define PATIENTS 8

/* Nobody is late, but four in ten stay away from a visit and have the next a month later: reservoirs run low. */
#define STUDY                                                                                      \
    "study: {name: t, patients: 8, horizon: 365 day, seed: 7}\ncatheter: {tip: T10}\n"             \
    "drugs:\n  - {name: baclofen, concentration: 500 ug/mL}\n"                                     \
    "therapy: {limits: {daily_dose: 1200 ug/day}}\n"                                               \
    "clinic: {policy: titration, refill_margin: 3 day, late_over_7_days: 0, late_over_14_days: "   \
    "0, missed: 0.4, rebook_wait: 30 day, call_wait: 2 day, tone_heard: "

typedef struct life_t {
    record_t record;
    record_view_t view;
} life_t;

static void live(life_t *l, const char *text, int64_t patient)
{
    study_t s = fixture_text(text);
    fixture_live(&s, (record_key_t){patient, 0, 0}, &l->record, &l->view);
    study_free(&s);
}

static double event(const life_t *l, enum fields_id field, size_t row)
{
    return record_view_number(&l->view, &l->record.layout, field, row);
}

static bool is(const life_t *l, size_t row, int kind)
{
    return (int)event(l, FIELD_EVENTS_KIND, row) == kind;
}

static int count(const life_t *l, int kind)
{
    int found = 0;
    for (size_t row = 0; row < l->view.count[TABLE_EVENTS]; row++) {
        found += is(l, row, kind);
    }
    return found;
}

/* Time of the next event of a kind at or after a row; NaN where none is. */
static double next_ms(const life_t *l, size_t row, int kind)
{
    for (; row < l->view.count[TABLE_EVENTS]; row++) {
        if (is(l, row, kind)) {
            return event(l, FIELD_EVENTS_TIME_MS, row);
        }
    }
    return (double)NAN;
}

Test(call, is_about_a_tone_and_is_followed_by_the_refill_offered)
{
    int calls = 0, refilled = 0;
    for (int64_t patient = 1; patient <= PATIENTS; patient++) {
        life_t l;
        live(&l, STUDY "1}\n", patient);
        for (size_t row = 0; row < l.view.count[TABLE_EVENTS]; row++) {
            const double now_ms = event(&l, FIELD_EVENTS_TIME_MS, row);
            const double late_ms = next_ms(&l, row, FIELDS_EVENT_REFILL) - now_ms;
            if (!is(&l, row, FIELDS_EVENT_CALL)) {
                continue;
            }
            calls++;
            cr_assert(row > 0 && is(&l, row - 1, FIELDS_EVENT_TONE), "patient %lld, day %g",
                      (long long)patient, now_ms / DAY_MS);
            cr_expect_eq(event(&l, FIELD_EVENTS_REASON, row), FIELDS_REASON_ALARM);
            cr_expect_eq(event(&l, FIELD_EVENTS_VALUE, row), event(&l, FIELD_EVENTS_VALUE, row - 1),
                         "the tone that was heard");
            if (now_ms + 3.0 * DAY_MS < 365.0 * DAY_MS) {
                refilled++;
                cr_expect(late_ms > 0.0 && late_ms <= 2.0 * DAY_MS + 60000.0,
                          "patient %lld: refilled %g days after the call of day %g",
                          (long long)patient, late_ms / DAY_MS, now_ms / DAY_MS);
            }
        }
        record_free(&l.record);
    }
    cr_expect(calls >= 5 && refilled >= 4, "%d calls, %d of them long before the end", calls,
              refilled);
}

/* Two days of tones before the refill offered, and each patient has called but once. */
Test(call, is_made_once_an_episode)
{
    int tones = 0, calls = 0;
    for (int64_t patient = 1; patient <= PATIENTS; patient++) {
        life_t l;
        double called_ms = -(double)INFINITY;
        live(&l, STUDY "1}\n", patient);
        for (size_t row = 0; row < l.view.count[TABLE_EVENTS]; row++) {
            if (is(&l, row, FIELDS_EVENT_REFILL)) {
                called_ms = -(double)INFINITY;
            }
            if (is(&l, row, FIELDS_EVENT_CALL)) {
                const double now_ms = event(&l, FIELD_EVENTS_TIME_MS, row);
                cr_expect(isinf(called_ms), "patient %lld called on days %g and %g",
                          (long long)patient, called_ms / DAY_MS, now_ms / DAY_MS);
                called_ms = now_ms;
            }
        }
        tones += count(&l, FIELDS_EVENT_TONE);
        calls += count(&l, FIELDS_EVENT_CALL);
        record_free(&l.record);
    }
    cr_expect_gt(tones, 2 * calls, "%d tones, %d calls: no episode had several", tones, calls);
}

Test(call, is_not_made_where_no_tone_is_heard)
{
    double tones[2] = {0.0, 0.0};
    for (int64_t patient = 1; patient <= PATIENTS; patient++) {
        life_t deaf, hearing;
        live(&deaf, STUDY "0}\n", patient);
        live(&hearing, STUDY "1}\n", patient);
        cr_expect_eq(count(&deaf, FIELDS_EVENT_CALL), 0);
        tones[0] += count(&deaf, FIELDS_EVENT_TONE);
        tones[1] += count(&hearing, FIELDS_EVENT_TONE);
        record_free(&deaf.record);
        record_free(&hearing.record);
    }
    cr_expect_gt(tones[0], 5.0 * tones[1], "%g tones unheard, %g with calls", tones[0], tones[1]);
}

/* The sounder fails at the implant: tones are given all the same, and nobody hears them. */
Test(call, is_not_made_where_the_sounder_is_silent)
{
    int tones = 0;
    for (int64_t patient = 1; patient <= PATIENTS; patient++) {
        life_t l;
        live(&l,
             STUDY "0.99}\nevents:\n"
                   "  - {when: implant, order: fault, fault: sounder_loss, severity: 200}\n",
             patient);
        cr_expect_eq(count(&l, FIELDS_EVENT_CALL), 0);
        tones += count(&l, FIELDS_EVENT_TONE);
        record_free(&l.record);
    }
    cr_expect_gt(tones, 20, "%d tones", tones);
}

/* Before the first call, both lives are one: a share of 1/2 hears no tone that a share of 1 does not. */
Test(call, comes_the_later_the_less_is_heard)
{
    int later = 0;
    for (int64_t patient = 1; patient <= PATIENTS; patient++) {
        life_t half, all;
        live(&half, STUDY "0.5}\n", patient);
        live(&all, STUDY "1}\n", patient);
        const double half_ms = next_ms(&half, 0, FIELDS_EVENT_CALL);
        const double all_ms = next_ms(&all, 0, FIELDS_EVENT_CALL);
        cr_expect(isnan(half_ms) || half_ms >= all_ms,
                  "patient %lld: %g days, %g where all is heard", (long long)patient,
                  half_ms / DAY_MS, all_ms / DAY_MS);
        later += half_ms > all_ms;
        record_free(&half.record);
        record_free(&all.record);
    }
    cr_expect_gt(later, 0, "a share of a half heard every first tone");
}
