/* SPDX-License-Identifier: Apache-2.0 */
/* A patient and a clinic: screened, implanted, titrated, refilled, and written down with reasons. */
#include "tests/sim/cohort/fixture.h"

#include <criterion/criterion.h>
#include <math.h>

#define HEAD                                                                                       \
    "study: {name: t, patients: 40, horizon: 200 day, seed: 7}\ncatheter: {tip: T10}\n"            \
    "drugs:\n  - {name: baclofen, concentration: 500 ug/mL}\n"                                     \
    "therapy: {limits: {daily_dose: 1200 ug/day}}\n"

static void live(const study_t *s, int64_t patient, record_t *r, record_view_t *view)
{
    fixture_live(s, (record_key_t){patient, 0, 0}, r, view);
}

static double at(const record_t *r, const record_view_t *v, enum fields_id field, size_t row)
{
    return record_view_number(v, &r->layout, field, row);
}

/* Events of a kind; *first_ms (may be NULL) when the first of them was, NaN where none. */
static int count(const record_t *r, const record_view_t *v, int kind, double *first_ms)
{
    int found = 0;
    if (first_ms != NULL) {
        *first_ms = (double)NAN;
    }
    for (size_t i = 0; i < v->count[TABLE_EVENTS]; i++) {
        if ((int)at(r, v, FIELD_EVENTS_KIND, i) == kind) {
            if (found == 0 && first_ms != NULL) {
                *first_ms = at(r, v, FIELD_EVENTS_TIME_MS, i);
            }
            found++;
        }
    }
    return found;
}

Test(clinic, a_responder_is_implanted_titrated_and_refilled)
{
    study_t s = fixture_text(HEAD "clinic: {policy: titration}\n");
    int implanted = 0, refills = 0, doses = 0;
    for (int64_t patient = 1; patient <= 12; patient++) {
        record_t r;
        record_view_t v;
        double screened, implant;
        live(&s, patient, &r, &v);
        cr_assert_geq(count(&r, &v, FIELDS_EVENT_SCREENING_BOLUS, &screened), 1);
        if (count(&r, &v, FIELDS_EVENT_IMPLANT, &implant) > 0) {
            implanted++;
            cr_assert_lt(screened, implant);
        }
        refills += count(&r, &v, FIELDS_EVENT_REFILL, NULL);
        doses += count(&r, &v, FIELDS_EVENT_PROGRAMME, NULL);
        cr_assert_lt(at(&r, &v, FIELD_PATIENTS_WORST_LEDGER_ERROR, 0), 1e-10);
        record_free(&r);
    }
    cr_expect_geq(implanted, 8, "%d of 12 implanted", implanted);
    cr_expect_geq(refills, implanted, "%d refills", refills);
    cr_expect_gt(doses, implanted, "nobody was titrated");
    study_free(&s);
}

/* The first row of a kind of event; the number of rows where there is none. */
static size_t first(const record_t *r, const record_view_t *v, int kind)
{
    size_t row = 0;
    while (row < v->count[TABLE_EVENTS] && (int)at(r, v, FIELD_EVENTS_KIND, row) != kind) {
        row++;
    }
    return row;
}

/* Screening is by what is rated four and eight hours after a bolus; both ends occur among these patients. */
Test(clinic, a_responder_starts_at_the_bolus_where_its_effect_lasts_else_at_twice_of_it)
{
    study_t s = fixture_text(HEAD "clinic: {policy: titration}\n");
    int lasting = 0, over = 0;
    for (int64_t patient = 1; patient <= 12; patient++) {
        record_t r;
        record_view_t v;
        live(&s, patient, &r, &v);
        const size_t look = first(&r, &v, FIELDS_EVENT_SECOND_LOOK);
        const size_t start = first(&r, &v, FIELDS_EVENT_DECIDED_START);
        if (start < v.count[TABLE_EVENTS]) {
            const double bolus_ug = at(&r, &v, FIELD_EVENTS_VALUE2, look);
            const bool lasts = at(&r, &v, FIELD_EVENTS_REASON, look) == FIELDS_REASON_RESPONDED;
            double given_ms = 0.0;
            count(&r, &v, FIELDS_EVENT_SCREENING_BOLUS, &given_ms);
            cr_assert_eq(count(&r, &v, FIELDS_EVENT_SECOND_LOOK, NULL), 1);
            if (bolus_ug == 50.0) {
                cr_expect_eq(at(&r, &v, FIELD_EVENTS_TIME_MS, look) - given_ms, 8.0 * 3600e3);
            }
            cr_expect_eq(lasts, at(&r, &v, FIELD_EVENTS_VALUE, look) >= 1.0);
            cr_expect_eq(at(&r, &v, FIELD_EVENTS_VALUE, start), bolus_ug * (lasts ? 1.0 : 2.0),
                         "patient %lld", (long long)patient);
            lasting += lasts;
            over += !lasts;
        }
        record_free(&r);
    }
    cr_expect(lasting >= 2 && over >= 2, "%d lasting, %d over", lasting, over);
    study_free(&s);
}

Test(clinic, who_does_not_respond_is_not_implanted_and_keeps_a_ledger)
{
    study_t s =
        fixture_text(HEAD "clinic: {policy: titration}\nbody: {response: {ec50: 500000 ng/mL}}\n");
    record_t r;
    record_view_t v;
    live(&s, 1, &r, &v);
    cr_expect_eq(count(&r, &v, FIELDS_EVENT_SCREENING_BOLUS, NULL), 3);
    cr_expect_eq(count(&r, &v, FIELDS_EVENT_DECIDED_NO_IMPLANT, NULL), 1);
    cr_expect_eq(count(&r, &v, FIELDS_EVENT_IMPLANT, NULL), 0);
    cr_expect_eq(at(&r, &v, FIELD_PATIENTS_PULSES_COMMANDED, 0), 0.0);
    /* 50 + 75 + 100 ug from vials, nearly all of it eliminated after half a year. */
    cr_expect_float_eq(at(&r, &v, FIELD_LEDGER_FROM_VIALS_UG, 0), 225.0, 1e-9);
    cr_expect_float_eq(at(&r, &v, FIELD_LEDGER_ELIMINATED_UG, 0), 225.0, 0.1);
    record_free(&r);
    study_free(&s);
}

Test(clinic, a_wider_margin_refills_earlier)
{
    study_t narrow = fixture_text(HEAD "clinic: {policy: titration, refill_margin: 1 day}\n");
    study_t wide = fixture_text(HEAD "clinic: {policy: titration, refill_margin: 20 day}\n");
    double sum_narrow = 0.0, sum_wide = 0.0;
    for (int64_t patient = 1; patient <= 10; patient++) {
        record_t r;
        record_view_t v;
        double first;
        live(&narrow, patient, &r, &v);
        count(&r, &v, FIELDS_EVENT_REFILL, &first);
        sum_narrow += isnan(first) ? 0.0 : first;
        record_free(&r);
        live(&wide, patient, &r, &v);
        count(&r, &v, FIELDS_EVENT_REFILL, &first);
        sum_wide += isnan(first) ? 0.0 : first;
        record_free(&r);
    }
    cr_expect_gt(sum_narrow - sum_wide, 10.0 * 86400000.0, "first refills moved by %g days in all",
                 (sum_narrow - sum_wide) / 86400000.0);
    study_free(&narrow);
    study_free(&wide);
}

Test(clinic, an_order_counted_from_the_implant_comes_that_long_after_it)
{
    study_t s = fixture_text(
        HEAD "clinic: {policy: titration}\n"
             "events:\n  - {when: implant + 30 day, order: bolus, amount: 10 ug, over: 10 min}\n");
    double implant, bolus;
    record_t r;
    record_view_t v;
    live(&s, 1, &r, &v);
    cr_assert_eq(count(&r, &v, FIELDS_EVENT_IMPLANT, &implant), 1);
    cr_assert_eq(count(&r, &v, FIELDS_EVENT_BOLUS, &bolus), 1);
    cr_expect_float_eq(bolus - implant, 30.0 * 86400000.0, 60000.0);
    record_free(&r);
    study_free(&s);
}

/* Everything is lost, so the orders at the implant fail for want of a link; without an error of the study. */
Test(clinic, an_order_that_telemetry_loses_fails_by_the_link)
{
    study_t s = fixture_text(HEAD "clinic: {policy: titration, frame_loss: 1}\n");
    record_t r;
    record_view_t v;
    int failed = 0;
    live(&s, 1, &r, &v);
    for (size_t i = 0; i < v.count[TABLE_EVENTS]; i++) {
        if ((int)at(&r, &v, FIELD_EVENTS_KIND, i) == FIELDS_EVENT_ORDER_FAILED) {
            cr_expect_eq(at(&r, &v, FIELD_EVENTS_REASON, i), FIELDS_REASON_LINK);
            failed++;
        }
    }
    cr_expect_gt(failed, 0);
    cr_expect_gt(at(&r, &v, FIELD_PATIENTS_TELEMETRY_FRAMES, 0), 0.0);
    cr_expect_eq(at(&r, &v, FIELD_PATIENTS_TELEMETRY_LOST, 0),
                 at(&r, &v, FIELD_PATIENTS_TELEMETRY_FRAMES, 0));
    cr_expect_lt(at(&r, &v, FIELD_PATIENTS_TELEMETRY_REPEATED, 0),
                 at(&r, &v, FIELD_PATIENTS_TELEMETRY_FRAMES, 0));
    record_free(&r);
    study_free(&s);
}

Test(clinic, a_scripted_order_without_a_pump_names_itself_and_is_refused)
{
    study_t s =
        fixture_text(HEAD "clinic: {policy: titration}\n"
                          "events:\n  - {at: 1 hour, order: bolus, amount: 10 ug, over: 10 min}\n");
    record_t r;
    record_view_t v;
    live(&s, 1, &r, &v);
    const size_t row = first(&r, &v, FIELDS_EVENT_ORDER_FAILED);
    cr_assert_lt(row, v.count[TABLE_EVENTS]);
    cr_expect_eq(at(&r, &v, FIELD_EVENTS_REASON, row), FIELDS_REASON_REFUSED);
    cr_expect_eq(at(&r, &v, FIELD_EVENTS_VALUE, row), (double)ORDER_BOLUS);
    record_free(&r);
    study_free(&s);
}

/* What made the body is in the row: the length goes with height, the class with the slow component. */
Test(clinic, a_person_s_true_parameters_are_written_down)
{
    study_t s = fixture_text(HEAD "clinic: {policy: titration}\n");
    int continuing = 0;
    double ratio = (double)NAN;
    s.horizon_ms = INT64_C(3600000);
    for (int64_t patient = 1; patient <= 40; patient++) {
        record_t r;
        record_view_t v;
        live(&s, patient, &r, &v);
        const double now =
            at(&r, &v, FIELD_PATIENTS_CANAL_LENGTH_CM, 0) / at(&r, &v, FIELD_PATIENTS_HEIGHT_CM, 0);
        const bool continues =
            at(&r, &v, FIELD_PATIENTS_TOLERANCE_CLASS, 0) == FIELDS_TOLERANCE_CONTINUES;
        cr_expect(isnan(ratio) || fabs(now / ratio - 1.0) < 1e-12);
        ratio = now;
        cr_expect_eq(at(&r, &v, FIELD_PATIENTS_TOLERANCE_SLOW_RISE, 0) > 0.0, continues);
        cr_expect_gt(at(&r, &v, FIELD_PATIENTS_TOLERANCE_TAU_DAY, 0), 30.0);
        cr_expect_gt(at(&r, &v, FIELD_PATIENTS_TOLERANCE_RISE, 0), 0.0);
        cr_expect_gt(at(&r, &v, FIELD_PATIENTS_STROKE_FACTOR, 0), 0.0);
        continuing += continues;
        record_free(&r);
    }
    cr_expect(continuing > 0 && continuing < 20, "%d of 40", continuing);
    study_free(&s);
}

Test(clinic, an_order_for_a_share_reaches_that_share)
{
    study_t s = fixture_text(
        "study: {name: t, patients: 200, horizon: 2 day, seed: 7}\ncatheter: {tip: T10}\n"
        "drugs:\n  - {name: baclofen, concentration: 500 ug/mL}\nbody: {model: none}\n"
        "therapy: {mode: simple, dose: 100 ug/day}\n"
        "events:\n  - {at: 1 day, fraction: 0.25, order: bolus, amount: 5 ug, over: 10 min}\n");
    int reached = 0;
    for (int64_t patient = 1; patient <= 200; patient++) {
        record_t r;
        record_view_t v;
        live(&s, patient, &r, &v);
        reached += count(&r, &v, FIELDS_EVENT_BOLUS, NULL);
        record_free(&r);
    }
    /* 50 expected, SD 6.1. */
    cr_expect(reached >= 30 && reached <= 70, "%d of 200", reached);
    study_free(&s);
}
