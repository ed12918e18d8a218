/* SPDX-License-Identifier: Apache-2.0 */
/* Published hazards of catheters, pockets and programmers, as configs/scenarios has them: each shows what was published of it. */
#include "tests/sim/cohort/scenario_life.h"

#include <criterion/criterion.h>
#include <math.h>

#define ANY ((double)NAN)
#define LUMBAR FIELD_DAILY_LUMBAR_NG_PER_ML

static double on_day(const fixture_life_t *l, enum fields_id field, size_t day)
{
    return fixture_at(l, field, day);
}

/* ---- what comes apart ---- */

Test(hazards, a_connector_that_comes_off_fills_the_pocket_and_nobody_is_told)
{
    double day = 0.0;
    fixture_life_t l = scenario_life("sutureless-connector-2008", 0, 1);
    const double usual = on_day(&l, LUMBAR, 18);
    cr_expect_float_eq(on_day(&l, LUMBAR, 28), 0.5 * usual, 0.05 * usual, "half of it leaks");
    cr_expect_lt(on_day(&l, LUMBAR, 50), 0.01 * usual);
    cr_expect_float_eq(on_day(&l, FIELD_DAILY_PLASMA_NG_PER_ML, 50),
                       on_day(&l, FIELD_DAILY_PLASMA_NG_PER_ML, 18), 0.1);
    cr_expect_float_eq(fixture_at(&l, FIELD_LEDGER_LOST_UG, 0), 35.0 * 600.0, 1500.0);
    cr_expect_float_eq(fixture_at(&l, FIELD_PATIENTS_VOLUME_BELIEVED_IN_RESERVOIR_ML, 0),
                       fixture_at(&l, FIELD_PATIENTS_VOLUME_IN_RESERVOIR_ML, 0), 1.5);
    cr_expect_eq(scenario_life_events(&l, FIELDS_EVENT_TONE, ANY, 0.0, 55.0, &day), 0);
    fixture_ended(&l);
}

Test(hazards, a_connector_that_does_not_fit_loses_two_thirds_of_what_the_pump_gives)
{
    double day = 0.0;
    fixture_life_t l = scenario_life_struck("connector-misfit-2009", FIELDS_EVENT_FAULT, 1.0, &day);
    const double pumped_ml = scenario_life_sum(&l, FIELD_DAILY_VOLUME_DELIVERED_ML, 5, 60);
    const double given_ml = scenario_life_sum(&l, FIELD_DAILY_DOSE_UG, 5, 60) / 500.0;
    cr_expect_float_eq(given_ml / pumped_ml, 0.33, 0.01, "%g of %g mL", given_ml, pumped_ml);
    cr_expect_float_eq(pumped_ml, 55.0, 4.0);
    fixture_ended(&l);
}

Test(hazards, a_catheter_that_breaks_loses_its_drug_in_two_steps)
{
    fixture_life_t l = scenario_life("catheter-fracture", 0, 1);
    const double usual = on_day(&l, LUMBAR, 18);
    cr_expect_float_eq(on_day(&l, LUMBAR, 38), 0.6 * usual, 0.05 * usual);
    cr_expect_lt(on_day(&l, LUMBAR, 58), 0.01 * usual);
    cr_expect_gt(on_day(&l, FIELD_DAILY_ASHWORTH_LATENT, 58),
                 1.0 + on_day(&l, FIELD_DAILY_ASHWORTH_LATENT, 18));
    cr_expect_float_eq(scenario_life_sum(&l, FIELD_DAILY_VOLUME_DELIVERED_ML, 45, 55), 3.0, 0.2);
    fixture_ended(&l);
}

/* The pump gives what it should; CSF holds less of it for as long as it runs out. */
Test(hazards, csf_that_leaks_takes_drug_along_until_it_closes)
{
    double day = 0.0;
    fixture_life_t l = scenario_life_struck("csf-leak", FIELDS_EVENT_FAULT, 25.0, &day);
    const double usual = on_day(&l, LUMBAR, 18);
    cr_expect_lt(on_day(&l, LUMBAR, 32), 0.97 * usual);
    cr_expect_float_eq(on_day(&l, LUMBAR, 55), usual, 0.005 * usual);
    cr_expect_float_eq(on_day(&l, FIELD_DAILY_DOSE_UG, 32), on_day(&l, FIELD_DAILY_DOSE_UG, 18),
                       1.0);
    fixture_ended(&l);
}

/* One whom it strikes: the pump turns, its core counts, and the refill finds what was not given. */
Test(hazards, a_catheter_that_closes_is_seen_at_the_refill_alone)
{
    double day = 0.0;
    fixture_life_t l =
        scenario_life_struck("catheter-occlusion-2013", FIELDS_EVENT_FAULT, 90.0, &day);
    cr_expect_float_eq(on_day(&l, LUMBAR, 40), on_day(&l, LUMBAR, 15), 1.0);
    cr_expect_lt(on_day(&l, LUMBAR, 59), 0.01 * on_day(&l, LUMBAR, 15));
    cr_expect_gt(fixture_at(&l, FIELD_REFILLS_WITHDRAWN_ML, 0),
                 2.0 + fixture_at(&l, FIELD_REFILLS_EXPECTED_ML, 0));
    cr_expect_eq(scenario_life_events(&l, FIELDS_EVENT_TONE, ANY, 0.0, 59.0, &day), 0);
    fixture_ended(&l);
}

Test(hazards, a_leak_halves_csf_and_a_connector_apart_empties_it)
{
    fixture_life_t l = scenario_life("catheter-leak", 0, 1);
    const double usual = on_day(&l, LUMBAR, 18);
    cr_expect_float_eq(on_day(&l, LUMBAR, 36), 0.5 * usual, 0.03 * usual);
    cr_expect_lt(on_day(&l, LUMBAR, 58), 0.01 * usual);
    fixture_ended(&l);
}

/* Down by ten centimetres it lies nearer to where CSF is sampled; epidural, its drug reaches plasma alone. */
Test(hazards, a_tip_that_sinks_comes_back_and_slips_out)
{
    fixture_life_t l = scenario_life("catheter-tip", 0, 1);
    const double usual = on_day(&l, LUMBAR, 13);
    cr_expect_gt(fabs(on_day(&l, LUMBAR, 27) / usual - 1.0), 0.05);
    cr_expect_float_eq(on_day(&l, LUMBAR, 42), usual, 0.01 * usual);
    cr_expect_lt(on_day(&l, LUMBAR, 58), 0.01 * usual);
    cr_expect_gt(on_day(&l, FIELD_DAILY_PLASMA_NG_PER_ML, 58),
                 0.9 * on_day(&l, FIELD_DAILY_PLASMA_NG_PER_ML, 42));
    fixture_ended(&l);
}

/* 0.208 mL from port to tip, of 2000 ug/mL. */
Test(hazards, contrast_through_a_loaded_catheter_gives_all_that_it_holds_at_once)
{
    double day = 0.0;
    fixture_life_t drawn =
                       scenario_life_struck("catheter-port", FIELDS_EVENT_PORT_DRAWN, 20.0, &day),
                   l = scenario_life_spared("catheter-port", FIELDS_EVENT_PORT_DRAWN, 20.0);
    cr_expect_float_eq(scenario_life_value2(&l, FIELDS_EVENT_PORT_INJECTED), 416.0, 5.0);
    cr_expect_lt(scenario_life_value2(&drawn, FIELDS_EVENT_PORT_INJECTED), 10.0);
    fixture_ended(&drawn);
    fixture_ended(&l);
}

/* ---- what the clinic finds ---- */

Test(hazards, a_pump_that_turned_over_is_found_at_the_refill_and_turned_back)
{
    double fault = 0.0, seen = 0.0, turned = 0.0, filled = 0.0;
    fixture_life_t l =
        scenario_life_struck("pump-inversion", FIELDS_EVENT_PUMP_TURNED, 500.0, &turned);
    cr_assert_gt(scenario_life_events(&l, FIELDS_EVENT_FAULT, ANY, 0.0, 500.0, &fault), 0);
    cr_assert_gt(
        scenario_life_events(&l, FIELDS_EVENT_DECIDED_INVESTIGATION, 0.0, fault, turned, &seen), 0);
    cr_expect_eq(scenario_life_reason(&l, FIELDS_EVENT_DECIDED_INVESTIGATION),
                 FIELDS_REASON_UNREACHED);
    cr_expect_float_eq(turned - seen, 3.0, 0.01, "within days");
    cr_expect_eq(scenario_life_events(&l, FIELDS_EVENT_REFILL, ANY, fault, turned, &filled), 0);
    cr_assert_gt(scenario_life_events(&l, FIELDS_EVENT_REFILL, ANY, turned, 500.0, &filled), 0);
    cr_expect_lt(filled - turned, 15.0);
    cr_expect_gt(
        scenario_life_events(&l, FIELDS_EVENT_CATHETER_REPAIRED, ANY, turned, turned, &filled), 0,
        "it had twisted");
    fixture_ended(&l);
}

/* Whom it strikes is a draw: here everybody. */
Test(hazards, an_infected_pocket_is_called_about_and_the_pump_taken_out_within_days)
{
    const study_t s = scenario_life_study("infection");
    study_t every = s;
    double fault = 0.0, called = 0.0, out = 0.0;
    fixture_life_t l = {.study = s};
    every.event[0].fraction = 1.0;
    fixture_live_until(&every, (record_key_t){1, 0, 0}, FIELDS_STOP_EXPLANT, &l.record, &l.view);
    cr_assert_eq(scenario_life_events(&l, FIELDS_EVENT_FAULT, ANY, 0.0, 200.0, &fault), 1);
    cr_assert_eq(scenario_life_events(&l, FIELDS_EVENT_CALL, 0.0, fault, fault, &called), 1);
    cr_assert_eq(scenario_life_events(&l, FIELDS_EVENT_EXPLANT, ANY, 0.0, 200.0, &out), 1);
    cr_expect_float_eq(out - fault, 3.0, 0.01);
    cr_expect_eq(scenario_life_reason(&l, FIELDS_EVENT_CALL), FIELDS_REASON_INFECTION);
    cr_expect_eq(scenario_life_reason(&l, FIELDS_EVENT_DECIDED_EXPLANT), FIELDS_REASON_INFECTION);
    cr_expect_eq((int)fixture_at(&l, FIELD_PUMPS_END, 0), FIELDS_REASON_INFECTION);
    cr_expect_lt(fixture_at(&l, FIELD_PATIENTS_WORST_LEDGER_ERROR, 0), 1e-10);
    fixture_ended(&l);
}

/* Published: one patient's pump reached its end of service first, and tone came back. */
Test(hazards, a_date_shown_too_late_lets_a_pump_end_before_it_is_replaced)
{
    double day = 0.0, late = 0.0;
    fixture_life_t right = scenario_life("replace-by-date-2012", 0, 1),
                   wrong = scenario_life("replace-by-date-2012", 1, 1);
    cr_expect_eq((int)fixture_at(&right, FIELD_PUMPS_END, 0), FIELDS_REASON_BATTERY_LOW);
    cr_expect_eq((int)fixture_at(&wrong, FIELD_PUMPS_END, 0), FIELDS_REASON_BATTERY_SPENT);
    cr_expect_eq(
        scenario_life_events(&right, FIELDS_EVENT_REPLACEMENT_BOOKED, 45.0, 0.0, 900.0, &day), 1);
    cr_expect_eq(
        scenario_life_events(&wrong, FIELDS_EVENT_REPLACEMENT_BOOKED, 45.0, 0.0, 900.0, &day), 0);
    cr_assert_eq(scenario_life_events(&wrong, FIELDS_EVENT_REPLACEMENT, ANY, 0.0, 900.0, &late), 1);
    cr_expect_lt(fixture_at(&wrong, FIELD_DAILY_DOSE_UG, (size_t)late - 3), 1.0, "no drug");
    cr_expect_gt(fixture_at(&wrong, FIELD_DAILY_ASHWORTH_LATENT, (size_t)late - 3),
                 1.0 + fixture_at(&right, FIELD_DAILY_ASHWORTH_LATENT, (size_t)late - 3));
    cr_expect_gt(fixture_at(&wrong, FIELD_DAILY_DOSE_UG, (size_t)late + 3), 100.0);
    fixture_ended(&right);
    fixture_ended(&wrong);
}

/* A patient whose catheter does not kink: what is lost is the mass's doing alone, and neither pump nor reservoir tells. */
Test(hazards, a_mass_around_the_tip_takes_drug_long_before_it_closes_it)
{
    fixture_life_t l = scenario_life_spared("catheter-kink-and-mass", FIELDS_EVENT_FAULT, 150.0);
    const double usual = on_day(&l, LUMBAR, 195);
    cr_expect_float_eq(on_day(&l, LUMBAR, 210), (1.0 - 5.0 / 30.0) * usual, 0.02 * usual);
    cr_expect_float_eq(on_day(&l, LUMBAR, 520), (1.0 - 13.8 / 30.0) * usual, 0.03 * usual);
    cr_expect_float_eq(on_day(&l, FIELD_DAILY_VOLUME_DELIVERED_ML, 520),
                       on_day(&l, FIELD_DAILY_VOLUME_DELIVERED_ML, 195), 0.01);
    cr_expect_lt(on_day(&l, LUMBAR, 600), 0.01 * usual, "closed");
    cr_expect_lt(fixture_at(&l, FIELD_PATIENTS_WORST_LEDGER_ERROR, 0), 1e-12);
    fixture_ended(&l);
}
