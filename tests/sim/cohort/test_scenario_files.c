/* SPDX-License-Identifier: Apache-2.0 */
/* Published recalls and hazards of pumps, as configs/scenarios has them: each shows what was published of it. */
#include "tests/sim/cohort/scenario_life.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

/* Published: early replacement date, low-battery resets, and less than 90 days from one to the other. The file's first pump, up to
 * where that is seen, and without alarms of its reservoir. */
Test(scenario_files, a_film_brings_the_replacement_date_then_resets_within_ninety_days)
{
    static char text[4096];
    double eri_day = 0.0, reset_day = 0.0;
    int n = snprintf(text, sizeof text,
                     "study: {name: t, patients: 1, horizon: 1650 day, seed: 20270210}\n"
                     "catheter: {tip: T10}\nbody: {model: none}\ntherapy: {dose: 600 ug/day}\n"
                     "drugs:\n  - {name: baclofen, concentration: 2000 ug/mL}\n"
                     "pump: {fill: 40 mL, reservoir: {capacity: 40 mL}, battery: "
                     "{film_fault_share: 1}}\nevents:\n");
    for (int day = 100; day <= 1600; day += 100) {
        n += snprintf(text + n, sizeof text - (size_t)n,
                      "  - {at: %d day, order: refill, volume: 40 mL}\n", day);
    }
    fixture_life_t l = fixture_lived(text);
    cr_assert_gt(scenario_life_events(&l, FIELDS_EVENT_TONE, 1.0, 0.0, 1650.0, &eri_day), 0);
    cr_assert_gt(scenario_life_events(&l, FIELDS_EVENT_PUMP_RESET, 2.0, 0.0, 1650.0, &reset_day),
                 10);
    cr_expect_gt(eri_day, 1000.0);
    cr_expect(reset_day > eri_day && reset_day < eri_day + 90.0, "%g and %g", eri_day, reset_day);
    fixture_ended(&l);
}

Test(scenario_files, a_leak_brings_the_replacement_date_early_and_little_time_after_it)
{
    double day = 0.0;
    fixture_life_t l = scenario_life("battery-leak-2013", 0, 1);
    cr_assert_gt(scenario_life_events(&l, FIELDS_EVENT_TONE, (double)NAN, 0.0, 900.0, &day), 0);
    cr_expect(day > 300.0 && day < 700.0, "day %g", day);
    cr_expect_lt(scenario_life_sum(&l, FIELD_DAILY_DOSE_UG, 620, 890), 1.0, "it is dead");
    fixture_ended(&l);
}

Test(scenario_files, a_pump_goes_on_after_a_reset_by_any_cause)
{
    double day = 0.0;
    fixture_life_t l = scenario_life("pump-resets", 0, 1);
    for (int cause = 1; cause <= 5; cause++) {
        cr_expect_eq(scenario_life_events(&l, FIELDS_EVENT_PUMP_RESET, cause, 0.0, 60.0, &day), 1);
        cr_expect_float_eq(day, 10.0 * cause, 1e-6);
        cr_expect_gt(scenario_life_events(&l, FIELDS_EVENT_TONE, (double)NAN, day, day + 1.0, &day),
                     0);
    }
    cr_expect_float_eq(fixture_at(&l, FIELD_PATIENTS_VOLUME_COMMANDED_ML, 0), 18.0, 0.01);
    fixture_ended(&l);
}

/* Arms: sound, ahead, back, second-ahead, second-stands, stands. */
Test(scenario_files, a_clock_that_fails_is_told_and_gives_nobody_more)
{
    double day = 0.0;
    fixture_life_t sound = scenario_life("clocks", 0, 1);
    for (int64_t arm = 1; arm <= 5; arm++) {
        fixture_life_t l = scenario_life("clocks", arm, 1);
        cr_expect_gt(scenario_life_events(&l, FIELDS_EVENT_TONE, 2.0, 20.0, 21.0, &day), 0,
                     "arm %d", (int)arm);
        cr_expect_leq(scenario_life_sum(&l, FIELD_DAILY_DOSE_UG, 0, 59),
                      scenario_life_sum(&sound, FIELD_DAILY_DOSE_UG, 0, 59) + 1.0, "arm %d",
                      (int)arm);
        if (arm == 5) {
            cr_expect_lt(scenario_life_sum(&l, FIELD_DAILY_DOSE_UG, 22, 59), 1.0,
                         "its pump stands");
        }
        fixture_ended(&l);
    }
    fixture_ended(&sound);
}

/* About half of the patients are struck; the first of them. */
Test(scenario_files, a_pocket_fill_floods_plasma_then_leaves_csf_without_drug)
{
    double day = 0.0;
    fixture_life_t l =
        scenario_life_struck("pocket-fill-2011", FIELDS_EVENT_POCKET_FILL, 40.0, &day);
    const double plasma = fixture_at(&l, FIELD_DAILY_PLASMA_NG_PER_ML, 18);
    cr_expect_gt(fixture_at(&l, FIELD_DAILY_PLASMA_NG_PER_ML, 20), 10.0 * plasma);
    cr_expect_lt(fixture_at(&l, FIELD_DAILY_LUMBAR_NG_PER_ML, 38),
                 0.6 * fixture_at(&l, FIELD_DAILY_LUMBAR_NG_PER_ML, 18));
    cr_expect_eq(scenario_life_events(&l, FIELDS_EVENT_TONE, (double)NAN, 20.0, 40.0, &day), 0,
                 "no alarm comes");
    cr_expect_gt(fixture_at(&l, FIELD_PATIENTS_VOLUME_BELIEVED_IN_RESERVOIR_ML, 0), 10.0);
    fixture_ended(&l);
}

/* Arms: card-0199, card-0140, own, refused. */
Test(scenario_files, the_constant_of_the_old_card_overdoses_by_its_error)
{
    double day = 0.0;
    fixture_life_t l[4];
    for (int64_t arm = 0; arm < 4; arm++) {
        l[arm] = scenario_life("priming-bolus-2013", arm, 1);
    }
    const double old = scenario_life_sum(&l[0], FIELD_DAILY_DOSE_UG, 0, 1),
                 mended = scenario_life_sum(&l[1], FIELD_DAILY_DOSE_UG, 0, 1);
    cr_expect_float_eq(old - mended, 118.0, 8.0, "%g and %g ug", old, mended);
    cr_expect_lt(scenario_life_sum(&l[2], FIELD_DAILY_DOSE_UG, 0, 1), mended);
    cr_expect_eq(scenario_life_events(&l[3], FIELDS_EVENT_ORDER_FAILED, 11.0, 0.0, 1.0, &day), 1);
    for (int64_t arm = 0; arm < 4; arm++) {
        fixture_ended(&l[arm]);
    }
}

/* Nothing flows until a programmer speaks to it, on day 30. */
Test(scenario_files, a_pump_in_telemetry_mode_gives_nothing_until_it_is_interrogated)
{
    double day = 0.0;
    fixture_life_t l = scenario_life("telemetry-lock-up-2023", 0, 1);
    cr_expect_gt(scenario_life_events(&l, FIELDS_EVENT_TONE, (double)NAN, 10.0, 12.0, &day), 0);
    cr_expect_lt(scenario_life_sum(&l, FIELD_DAILY_DOSE_UG, 11, 29), 1.0);
    cr_expect_gt(scenario_life_sum(&l, FIELD_DAILY_DOSE_UG, 30, 59), 500.0 * 29.0);
    fixture_ended(&l);
}

Test(scenario_files, a_premature_alarm_comes_with_drug_in_the_reservoir_and_delivery_as_ever)
{
    double day = 0.0;
    fixture_life_t l = scenario_life("premature-alarm", 0, 1);
    cr_assert_gt(scenario_life_events(&l, FIELDS_EVENT_TONE, 1.0, 20.0, 38.0, &day), 0);
    cr_expect_gt(fixture_at(&l, FIELD_DAILY_RESERVOIR_ML, (size_t)day), 12.0);
    cr_expect_float_eq(scenario_life_sum(&l, FIELD_DAILY_DOSE_UG, 34, 37),
                       scenario_life_sum(&l, FIELD_DAILY_DOSE_UG, 10, 13), 20.0);
    fixture_ended(&l);
}

Test(scenario_files, an_untold_concentration_multiplies_the_dose_unseen)
{
    fixture_life_t l = scenario_life("concentration-error", 0, 1);
    cr_expect_float_eq(scenario_life_sum(&l, FIELD_DAILY_DOSE_UG, 36, 39) /
                           scenario_life_sum(&l, FIELD_DAILY_DOSE_UG, 15, 18),
                       4.0, 0.5);
    cr_expect_lt(fixture_at(&l, FIELD_LEDGER_BELIEVED_GIVEN_UG, 0), 40.0 * 151.0);
    fixture_ended(&l);
}
