/* SPDX-License-Identifier: Apache-2.0 */
/* Recalls of motors and tubes, and what surrounds a pump, as configs/scenarios has them: each shows what was published of it. */
#include "tests/sim/cohort/scenario_life.h"

#include <criterion/criterion.h>
#include <math.h>

#define ANY ((double)NAN)

/* What the pump gave on a day, mL. */
static double given(const fixture_life_t *l, size_t day)
{
    return fixture_at(l, FIELD_DAILY_VOLUME_DELIVERED_ML, day);
}

static int critical_tones(const fixture_life_t *l, double from_day, double to_day)
{
    double day = 0.0;
    return scenario_life_events(l, FIELDS_EVENT_TONE, 2.0, from_day, to_day, &day);
}

/* Days from..to-1 on which the pump gave nothing, and on which it gave all it should. */
static void count_days(const fixture_life_t *l, size_t from, size_t to, int *none, int *all)
{
    *none = *all = 0;
    for (size_t day = from; day < to; day++) {
        *none += given(l, day) < 1e-3;
        *all += given(l, day) > 0.99 * given(l, 5);
    }
}

/* ---- motors ---- */

Test(recalls, a_worn_shaft_misses_steps_now_and_then_before_it_stands_still)
{
    fixture_life_t l = scenario_life("shaft-wear-2017", 0, 1);
    double turned_ml = scenario_life_sum(&l, FIELD_DAILY_VOLUME_DELIVERED_ML, 31, 60);
    cr_expect(turned_ml > 1e-4 && turned_ml < 0.1, "%g mL: a step succeeds at times", turned_ml);
    cr_expect_eq(scenario_life_sum(&l, FIELD_DAILY_VOLUME_DELIVERED_ML, 92, 179), 0.0);
    cr_expect_gt(critical_tones(&l, 30.0, 31.0), 0);
    cr_expect_gt(fixture_at(&l, FIELD_REFILLS_WITHDRAWN_ML, 0),
                 5.0 + fixture_at(&l, FIELD_REFILLS_EXPECTED_ML, 0));
    fixture_ended(&l);
}

/* Repeated short stalls, then for good. */
Test(recalls, a_short_between_feedthroughs_stalls_and_lets_go_again)
{
    int none, all;
    fixture_life_t l = scenario_life("feedthrough-short-2013", 0, 1);
    const double ml = scenario_life_sum(&l, FIELD_DAILY_VOLUME_DELIVERED_ML, 32, 118);
    cr_expect(ml > 0.3 * 86.0 * 0.3 && ml < 0.9 * 86.0 * 0.3, "%g mL", ml);
    count_days(&l, 32, 118, &none, &all);
    cr_expect_lt(none, 10, "it comes back within hours");
    count_days(&l, 122, 179, &none, &all);
    cr_expect_eq(none, 57);
    cr_expect_gt(critical_tones(&l, 30.0, 32.0), 0);
    fixture_ended(&l);
}

Test(recalls, a_foreign_particle_stops_the_gears_at_one_place)
{
    int none, all;
    fixture_life_t l = scenario_life("foreign-particle-2019", 0, 1);
    count_days(&l, 22, 89, &none, &all);
    cr_expect_eq(none, 67);
    cr_expect_gt(critical_tones(&l, 20.0, 21.0), 0);
    fixture_ended(&l);
}

Test(recalls, corroded_gears_turn_until_they_seize)
{
    int none, all;
    fixture_life_t l = scenario_life("gear-corrosion-2012", 0, 1);
    count_days(&l, 62, 118, &none, &all);
    cr_expect_eq(all, 56, "the margin still holds");
    count_days(&l, 182, 239, &none, &all);
    cr_expect_eq(none, 57);
    cr_expect_eq(critical_tones(&l, 0.0, 120.0), 0);
    cr_expect_gt(critical_tones(&l, 180.0, 182.0), 0);
    fixture_ended(&l);
}

/* Nearly all of its 20 mL are gone in 43 days instead of 60, and the core believes 2 mL in it at the end. */
Test(recalls, over_infusion_empties_the_reservoir_without_an_alarm)
{
    double day = 0.0;
    fixture_life_t l = scenario_life("over-infusion-2014", 0, 1);
    cr_expect_gt(given(&l, 20), 1.145 * given(&l, 5), "beyond the label's limit");
    cr_expect_gt(given(&l, 35), 1.1 * given(&l, 20), "and rising");
    cr_expect_lt(given(&l, 50), 1e-6, "dry");
    cr_expect_eq(scenario_life_events(&l, FIELDS_EVENT_TONE, ANY, 0.0, 59.9, &day), 0);
    cr_expect_gt(fixture_at(&l, FIELD_PATIENTS_VOLUME_BELIEVED_IN_RESERVOIR_ML, 0), 1.9);
    fixture_ended(&l);
}

/* ---- surroundings ---- */

Test(recalls, a_scan_stops_the_rotor_and_dosing_goes_on_after_it)
{
    fixture_life_t l = scenario_life("mri-scan", 0, 1);
    const double lacks_h = 24.0 * (1.0 - given(&l, 10) / given(&l, 5));
    cr_expect(lacks_h > 0.95 && lacks_h < 25.0, "%g h", lacks_h);
    cr_expect_float_eq(given(&l, 12), given(&l, 5), 1e-3);
    cr_expect_gt(critical_tones(&l, 10.0, 10.2), 0);
    fixture_ended(&l);
}

/* The field lets 10 uL pass, then nothing: the valve is reset by hand alone, and the core goes on counting. */
Test(recalls, a_scan_shuts_the_valves_of_the_second_generation)
{
    int none, all;
    fixture_life_t l = scenario_life("valves-in-a-scanner", 0, 1);
    const double before_ml = 0.5 * given(&l, 5);
    cr_expect_float_eq(given(&l, 10) - before_ml, 0.010, 0.0005, "%g mL", given(&l, 10));
    count_days(&l, 11, 29, &none, &all);
    cr_expect_eq(none, 18);
    cr_expect_eq(fixture_at(&l, FIELD_PATIENTS_PULSES_COMMANDED, 0),
                 fixture_at(&l, FIELD_PATIENTS_PULSES_CONFIRMED, 0));
    fixture_ended(&l);
}

/* Fever from day 10 to 13, the flight on day 20; a pump that is turned hardly feels either, one that flows does. */
Test(recalls, warmth_and_thin_air_move_a_constant_flow_and_hardly_a_pulsed_one)
{
    fixture_life_t flows = scenario_life("constant-flow-fever", 0, 1),
                   fever = scenario_life("fever", 0, 1), flight = scenario_life("flight", 0, 1);
    cr_expect_float_eq(given(&flows, 12) / given(&flows, 9), 1.47, 0.15, "some 13 %% a degree");
    cr_expect_gt(given(&flows, 20) / given(&flows, 19), 1.2, "in half a day");
    cr_expect_float_eq(given(&flows, 22), given(&flows, 19), 0.01);
    cr_expect_float_eq(given(&fever, 12) / given(&fever, 9), 1.013, 0.01);
    cr_expect_float_eq(given(&flight, 10) / given(&flight, 9), 1.006, 0.006);
    fixture_ended(&flows);
    fixture_ended(&fever);
    fixture_ended(&flight);
}

/* As told of an older pump: its reservoir held more than was computed. */
Test(recalls, hyperbaric_oxygen_leaves_more_in_a_leaky_pump_than_is_computed)
{
    fixture_life_t tight = scenario_life("hyperbaric-oxygen", 0, 1),
                   leaky = scenario_life("hyperbaric-oxygen", 1, 1);
    const double more_ml = fixture_at(&leaky, FIELD_PATIENTS_VOLUME_IN_RESERVOIR_ML, 0) -
                           fixture_at(&tight, FIELD_PATIENTS_VOLUME_IN_RESERVOIR_ML, 0);
    cr_expect(more_ml > 0.1 && more_ml < 2.0, "%g mL", more_ml);
    cr_expect_eq(fixture_at(&leaky, FIELD_PATIENTS_VOLUME_BELIEVED_IN_RESERVOIR_ML, 0),
                 fixture_at(&tight, FIELD_PATIENTS_VOLUME_BELIEVED_IN_RESERVOIR_ML, 0));
    fixture_ended(&tight);
    fixture_ended(&leaky);
}
