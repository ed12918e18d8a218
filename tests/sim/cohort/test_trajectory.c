/* SPDX-License-Identifier: Apache-2.0 */
/* One patient: the road end to end, the shapes that every later room needs, and what must hold on the way. */
#include "tests/sim/cohort/fixture.h"

#include "cohort/trajectory.h"

#include <criterion/criterion.h>
#include <math.h>

#define HEAD "study: {name: t, patients: 1, horizon: 6 day, seed: 7}\ncatheter: {tip: T10}\n"
#define ONE "drugs:\n  - {name: baclofen, concentration: 500 ug/mL}\n"
#define SIMPLE "therapy: {mode: simple, dose: 300 ug/day}\n"

static double value(const study_t *s, enum fields_id field)
{
    record_t r;
    record_view_t view;
    fixture_run(s, &r, &view);
    double number = fixture_last(&r, &view, field);
    record_free(&r);
    return number;
}

static double value_of(const char *text, enum fields_id field)
{
    study_t s = fixture_text(text);
    double number = value(&s, field);
    study_free(&s);
    return number;
}

/* 300 ug a day for six days at 500 ug/mL is 3.6 mL; the drawn unit's own error is a column of the same row. */
Test(trajectory, simple_continuous_gives_what_was_ordered)
{
    const char *text = HEAD ONE SIMPLE;
    double error = value_of(text, FIELD_PATIENTS_PUMP_UNIT_ERROR);
    cr_assert_float_eq(value_of(text, FIELD_PATIENTS_VOLUME_COMMANDED_ML), 3.6, 1e-3);
    /* The propellant's pressure moves the head's output by 0.05 % a kPa, and is a few kPa off the head's reference. */
    cr_assert_float_eq(value_of(text, FIELD_PATIENTS_VOLUME_DELIVERED_ML), 3.6 * (1.0 + error),
                       5e-3);
    cr_assert_float_eq(value_of(text, FIELD_LEDGER_BELIEVED_GIVEN_UG), 1800.0, 1.0);
}

Test(trajectory, the_ledger_closes_far_within_its_tolerance)
{
    cr_assert_lt(value_of(HEAD ONE SIMPLE, FIELD_PATIENTS_WORST_LEDGER_ERROR), 1e-10);
    cr_assert_geq(value_of(HEAD ONE SIMPLE, FIELD_PATIENTS_LEDGER_CHECKS), 6.0);
}

Test(trajectory, a_pump_without_a_core_flows_at_its_own_rate)
{
    const char *text = HEAD ONE
        "pump: {kind: constant_flow, flow: 0.6 mL/day, propellant: {inert_pressure: 0 kPa}}\n";
    double error = value_of(text, FIELD_PATIENTS_PUMP_UNIT_ERROR);
    cr_assert_float_eq(value_of(text, FIELD_PATIENTS_VOLUME_DELIVERED_ML), 3.6 * (1.0 + error),
                       1e-9);
    cr_assert_neq(error, 0.0);
    cr_assert_eq(value_of(text, FIELD_PATIENTS_WAKES), 0.0);
    cr_assert(isnan(value_of(text, FIELD_LEDGER_BELIEVED_GIVEN_UG)));
    cr_assert_gt(value_of(text, FIELD_PATIENTS_LUMBAR_NG_PER_ML), 50.0);
}

/* The core counts nominal chambers; what flows is the unit's share of them. */
Test(trajectory, a_core_commands_valves_as_it_commands_a_motor)
{
    const char *text = HEAD ONE SIMPLE "pump: {kind: valve_gated}\n";
    const double error = value_of(text, FIELD_PATIENTS_PUMP_UNIT_ERROR);
    const double commanded_ml = value_of(text, FIELD_PATIENTS_VOLUME_COMMANDED_ML);
    cr_assert(error > -0.15 && error < 0.10, "%g", error);
    cr_assert_float_eq(commanded_ml, 3.6, 0.01);
    cr_assert_float_eq(value_of(text, FIELD_PATIENTS_VOLUME_DELIVERED_ML),
                       commanded_ml * (1.0 + error), 0.003);
    cr_assert_lt(value_of(text, FIELD_LEDGER_CLOSURE_ERROR), 1e-10);
}

Test(trajectory, a_pump_without_a_body_still_balances)
{
    const char *text = HEAD ONE SIMPLE "body: {model: none}\n";
    cr_assert(isnan(value_of(text, FIELD_PATIENTS_LUMBAR_NG_PER_ML)));
    cr_assert_lt(value_of(text, FIELD_LEDGER_CLOSURE_ERROR), 1e-12);
    cr_assert_float_eq(value_of(text, FIELD_LEDGER_CSF_UG),
                       500.0 * value_of(text, FIELD_PATIENTS_VOLUME_DELIVERED_ML), 1e-6);
}

Test(trajectory, six_drugs_each_have_a_ledger_that_closes)
{
    study_t s = fixture_text(HEAD "drugs:\n"
                                  "  - {name: a, concentration: 500 ug/mL}\n"
                                  "  - {name: b, concentration: 50 ug/mL}\n"
                                  "  - {name: c, concentration: 5 ug/mL}\n"
                                  "  - {name: d, concentration: 0.5 mg/mL}\n"
                                  "  - {name: e, concentration: 1 mg/mL}\n"
                                  "  - {name: f, concentration: 2 mg/mL}\n" SIMPLE);
    record_t r;
    record_view_t view;
    fixture_run(&s, &r, &view);
    cr_assert_eq(view.count[TABLE_LEDGER], 6);
    for (size_t d = 0; d < 6; d++) {
        double error = record_view_number(&view, &r.layout, FIELD_LEDGER_CLOSURE_ERROR, d);
        cr_assert_lt(error, 1e-10, "drug %zu misses %g", d, error);
    }
    record_free(&r);
    study_free(&s);
}

Test(trajectory, a_bolus_order_adds_its_dose_once)
{
    const char *plain = HEAD ONE SIMPLE;
    const char *bolus =
        HEAD ONE SIMPLE "events:\n"
                        "  - {at: 5.9 day, order: bolus, amount: 50 ug, over: 10 min}\n";
    double more_ml = value_of(bolus, FIELD_PATIENTS_VOLUME_COMMANDED_ML) -
                     value_of(plain, FIELD_PATIENTS_VOLUME_COMMANDED_ML);
    cr_assert_float_eq(more_ml, 0.1, 0.0006, "50 ug at 500 ug/mL is 0.1 mL, not %g", more_ml);
    cr_assert_gt(value_of(bolus, FIELD_PATIENTS_LUMBAR_NG_PER_ML),
                 1.05 * value_of(plain, FIELD_PATIENTS_LUMBAR_NG_PER_ML));
}

Test(trajectory, stopping_ends_the_flow_and_the_drug_leaves)
{
    const char *text = HEAD ONE SIMPLE "events:\n  - {at: 2 day, order: therapy, mode: stopped}\n";
    cr_assert_float_eq(value_of(text, FIELD_PATIENTS_VOLUME_COMMANDED_ML), 1.2, 1e-3);
    cr_assert_lt(value_of(text, FIELD_PATIENTS_LUMBAR_NG_PER_ML), 25.0);
}

Test(trajectory, a_refill_is_found_expected_and_booked)
{
    const char *text = HEAD ONE SIMPLE "events:\n  - {at: 3 day, order: refill, volume: 19 mL}\n";
    double expected_ml = value_of(text, FIELD_REFILLS_EXPECTED_ML);
    double error = value_of(text, FIELD_PATIENTS_PUMP_UNIT_ERROR);
    cr_assert_float_eq(expected_ml, 20.0 - 1.8, 1e-3);
    /* What is left behind lies between 0.05 and 1.5 mL; needle, tube and filter keep 0.3 of the 19. */
    const double withdrawn_ml = value_of(text, FIELD_REFILLS_WITHDRAWN_ML);
    const double left_ml = 20.0 - 1.8 * (1.0 + error) - withdrawn_ml;
    cr_assert(left_ml > 0.05 && left_ml < 1.5, "%g mL left behind", left_ml);
    cr_assert_float_eq(value_of(text, FIELD_REFILLS_RESERVOIR_AFTER_ML), 18.7 + left_ml, 2e-3);
    cr_assert_float_eq(value_of(text, FIELD_LEDGER_WITHDRAWN_UG), 500.0 * (withdrawn_ml + 0.3),
                       1e-6);
}

Test(trajectory, a_refill_at_another_concentration_is_programmed)
{
    const char *text = HEAD ONE SIMPLE
        "events:\n  - {at: 3 day, order: refill, volume: 19 mL, concentration: 1000 ug/mL, bridge: "
        "false}\n";
    /* Three days at 0.6 mL, then three at 0.3. */
    cr_assert_float_eq(value_of(text, FIELD_PATIENTS_VOLUME_COMMANDED_ML), 2.7, 2e-3);
    cr_assert_lt(value_of(text, FIELD_LEDGER_CLOSURE_ERROR), 1e-12);
}

Test(trajectory, an_empty_reservoir_stops_the_pump_and_nothing_is_invented)
{
    const char *text = HEAD ONE "therapy: {mode: simple, dose: 900 ug/day}\npump: {fill: 6 mL}\n";
    cr_assert_leq(value_of(text, FIELD_PATIENTS_VOLUME_DELIVERED_ML), 6.0 + 1e-9);
    cr_assert_geq(value_of(text, FIELD_PATIENTS_VOLUME_COMMANDED_ML), 5.9);
    cr_assert_lt(value_of(text, FIELD_LEDGER_CLOSURE_ERROR), 1e-12);
}

Test(trajectory, a_therapy_beyond_the_limits_is_an_error_with_its_patient)
{
    study_t s = fixture_text(HEAD ONE SIMPLE);
    /* The reader would refuse it; the core must too. */
    s.therapy.limit_dose_ug_per_day = 250.0;
    core_t core = core_builtin();
    trajectory_request_t q = {&s, &core, {1, 0, 0}, false, NULL};
    record_t r;
    error_t e = {0};
    record_init(&r);
    record_reset(&r, q.key);
    cr_assert_eq(trajectory_run(&q, &r, &e), ERROR_CORE_REFUSED);
    cr_assert_eq(e.patient, 1);
    record_free(&r);
    study_free(&s);
}

typedef struct heard_t {
    int64_t wakes, returns, trains;
    double flowed_ml;
} heard_t;

static void hear_call(void *context, const recorder_call_t *call)
{
    heard_t *h = context;
    h->wakes += call->id == RECORDER_CORE_WAKE;
    h->returns += call->id == RECORDER_CORE_RETURN && call->in[0] == RECORDER_CORE_WAKE;
    h->trains += call->id == RECORDER_TRAIN_START;
}

static void hear_flow(void *context, const pump_flow_t *flow)
{
    heard_t *h = context;
    h->flowed_ml += flow->segment.volume_ml;
}

Test(trajectory, a_listener_hears_every_wake_and_all_that_flows_and_changes_nothing)
{
    heard_t heard = {0};
    const trajectory_listener_t listener = {&heard, hear_call, hear_flow};
    const core_t core = core_builtin();
    study_t s = fixture_text(HEAD ONE SIMPLE);
    trajectory_request_t q = {&s, &core, {1, 0, 0}, false, NULL};
    record_t quiet, heeded;
    size_t n, m;
    error_t e = {0};
    record_init(&quiet);
    record_init(&heeded);
    record_reset(&quiet, q.key);
    cr_assert_geq(trajectory_run(&q, &quiet, &e), 0, "%s", e.text);
    q.listener = &listener;
    record_reset(&heeded, q.key);
    cr_assert_geq(trajectory_run(&q, &heeded, &e), 0, "%s", e.text);
    cr_assert_eq(record_finish(&quiet, &e) | record_finish(&heeded, &e), 0);
    const uint8_t *one = record_frame(&quiet, &n), *other = record_frame(&heeded, &m);
    cr_assert_eq(n, m);
    cr_assert_arr_eq(one, other, n);
    cr_expect_eq((double)heard.wakes, value(&s, FIELD_PATIENTS_WAKES));
    cr_expect_eq(heard.returns, heard.wakes);
    cr_expect_gt(heard.trains, 100);
    cr_expect_float_eq(heard.flowed_ml, value(&s, FIELD_PATIENTS_VOLUME_DELIVERED_ML), 1e-9);
    record_free(&quiet);
    record_free(&heeded);
    study_free(&s);
}
