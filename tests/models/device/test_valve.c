/* SPDX-License-Identifier: Apache-2.0 */
/* A valve-gated pump's signature: metered cycles whatever the pressure, and what a magnetic field does to it. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/pump.h"
#include "device/pump_drive.h"
#include "device/valve.h"
#include "tests/models/device/defaults.h"
#include "tests/models/device/usual_pump.h"

#define HOUR_MS INT64_C(3600000)
#define MINUTE_MS INT64_C(60000)

static const pump_sink_t none = {NULL, NULL, NULL};
static error_t e;

static pump_t make(double generation)
{
    pump_param_t q = usual_pump(PUMP_VALVE_GATED);
    pump_t p;
    q.valve.generation = generation;
    q.propellant.inert_kpa = 0.0; /* one drive whatever the fill */
    cr_assert_eq(pump_init(&p, &q, &e), 0, "%s", e.text);
    return p;
}

/* Runs to `until_ms`; what flowed, mL. */
static double run_ml(pump_t *p, int64_t until_ms)
{
    const double before_ml = p->delivered_ml.high;
    cr_assert_eq(pump_advance(p, until_ms, &none, &e), 0, "%s", e.text);
    cr_assert_eq(pump_verify(p, &e), 0, "%s", e.text);
    return p->delivered_ml.high - before_ml;
}

/* A train of 50 cycles in an hour, from now. Assertions evaluate their arguments more than once: run before judging. */
static double hour_ml(pump_t *p)
{
    cr_assert_eq(pump_drive_start(p, 50, 72000.0, &e), 0, "%s", e.text);
    return run_ml(p, p->now_ms + HOUR_MS);
}

static void expect_ml(double ml, double expected_ml, double tolerance_ml, const char *what)
{
    cr_expect_float_eq(ml, expected_ml, tolerance_ml, "%s: %.17g mL, expected %.17g", what, ml,
                       expected_ml);
}

static void surround(pump_t *p, double field_tesla)
{
    environment_t around = ENVIRONMENT_AT_REST;
    around.field_tesla = field_tesla;
    pump_surround(p, &around, NULL);
}

Test(valve, a_cycle_gives_the_units_share_of_its_chamber)
{
    pump_t p = make(2.0);
    expect_ml(hour_ml(&p), 50 * 2e-3 * 0.968, 1e-12, "50 cycles");
    cr_expect_eq(pump_drive_pulses_begun(&p, p.now_ms), 50);
    cr_expect_eq(pump_drive_index(&p), 50);
    cr_expect_eq(p.battery.pulses, 50);
}

Test(valve, warmth_and_altitude_change_nothing)
{
    environment_t around = ENVIRONMENT_AT_REST;
    pump_t p = make(2.0);
    const double ml = hour_ml(&p);
    around.temperature_c = 40.0;
    around.ambient_kpa = 75.2;
    pump_surround(&p, &around, NULL);
    expect_ml(hour_ml(&p), ml, 1e-12, "50 cycles");
}

Test(valve, too_little_pressure_leaves_the_chamber_part_filled)
{
    environment_t around = ENVIRONMENT_AT_REST;
    pump_t p = make(2.0);
    const double full_ml = hour_ml(&p);
    around.ambient_kpa += pump_drive_kpa(&p) - 5.0;
    pump_surround(&p, &around, NULL);
    expect_ml(hour_ml(&p), full_ml * 5.0 / 10.0, 1e-12, "50 cycles");
    around.ambient_kpa += 10.0;
    pump_surround(&p, &around, NULL);
    expect_ml(hour_ml(&p), 0.0, 0.0, "50 cycles");
}

Test(valve, a_field_discharges_the_reservoir_of_the_first_generation)
{
    pump_t p = make(1.0);
    surround(&p, 1.5);
    expect_ml(run_ml(&p, 10 * MINUTE_MS), 10.0, 1e-9, "1 mL a minute");
    expect_ml(run_ml(&p, HOUR_MS), 10.0, 1e-9, "and then it is empty");
    cr_expect_float_eq(pump_usable_ml(&p), 0.0, 0.0);
}

Test(valve, below_the_field_that_opens_them_nothing_happens)
{
    pump_t p = make(1.0);
    surround(&p, 0.2);
    expect_ml(run_ml(&p, HOUR_MS), 0.0, 0.0, "nothing commanded");
    expect_ml(hour_ml(&p), 50 * 2e-3 * 0.968, 1e-12, "50 cycles");
}

Test(valve, the_first_generation_meters_again_after_the_field)
{
    pump_t p = make(1.0);
    surround(&p, 1.5);
    (void)run_ml(&p, MINUTE_MS);
    surround(&p, 0.0);
    expect_ml(hour_ml(&p), 50 * 2e-3 * 0.968, 1e-12, "50 cycles");
}

static void count_metered(void *context, double time_ms, double volume_ml)
{
    int *count = context;
    (void)time_ms, (void)volume_ml;
    ++*count;
}

/* Half of the train's cycles fall into the field: these meter nothing, and nobody hears of them afterwards. */
Test(valve, cycles_between_open_valves_are_not_told_as_pulses)
{
    pump_t p = make(1.0);
    int told = 0;
    const pump_sink_t sink = {&told, NULL, count_metered};
    cr_assert_eq(pump_drive_start(&p, 50, 2000.0, &e), 0, "%s", e.text);
    surround(&p, 1.5);
    cr_assert_eq(pump_advance(&p, 49999, &sink, &e), 0, "%s", e.text);
    surround(&p, 0.0);
    const double before_ml = p.delivered_ml.high;
    cr_assert_eq(pump_advance(&p, HOUR_MS, &sink, &e), 0, "%s", e.text);
    cr_assert_eq(told, 25);
    expect_ml(p.delivered_ml.high - before_ml, 25.0005 * 2e-3 * 0.968, 1e-12, "25 cycles");
}

Test(valve, the_second_generation_lets_ten_microlitres_pass_and_then_nothing_until_it_is_reset)
{
    pump_t p = make(2.0);
    surround(&p, 3.0);
    expect_ml(run_ml(&p, 30 * MINUTE_MS), 0.010, 1e-15, "in the field");
    surround(&p, 0.0);
    expect_ml(hour_ml(&p), 0.0, 0.0, "the core commands, nothing flows");
    cr_expect_eq(pump_drive_pulses_confirmed(&p), 50, "and the core cannot see it");
    valve_reset(&p.valve);
    expect_ml(hour_ml(&p), 50 * 2e-3 * 0.968, 1e-12, "50 cycles");
}

Test(valve, cutting_time_changes_nothing)
{
    for (double generation = 1.0; generation <= 2.0; generation += 1.0) {
        pump_t whole = make(generation), cut = make(generation);
        surround(&whole, 1.5);
        surround(&cut, 1.5);
        const double ml = run_ml(&whole, 5 * MINUTE_MS);
        double sum = 0.0;
        for (int64_t t = 137; t < 5 * MINUTE_MS; t += 137) {
            sum += run_ml(&cut, t);
        }
        sum += run_ml(&cut, 5 * MINUTE_MS);
        cr_expect_float_eq(sum / ml, 1.0, 1e-12, "generation %g", generation);
        surround(&whole, 0.0);
        surround(&cut, 0.0);
        cr_assert_eq(pump_drive_start(&whole, 50, 7300.5, &e), 0);
        cr_assert_eq(pump_drive_start(&cut, 50, 7300.5, &e), 0);
        while (cut.now_ms < 2 * HOUR_MS) {
            (void)run_ml(&cut, cut.now_ms + 977);
        }
        (void)run_ml(&whole, 2 * HOUR_MS);
        cr_expect_float_eq(cut.delivered_ml.high / whole.delivered_ml.high, 1.0, 1e-12);
    }
}

Test(valve, a_short_exposure_leaves_the_flow_valve_open)
{
    pump_t p = make(2.0);
    surround(&p, 3.0);
    const double ml = run_ml(&p, 100);
    cr_expect(ml > 0.0 && ml < 0.010);
    surround(&p, 0.0);
    expect_ml(hour_ml(&p), 50 * 2e-3 * 0.968, 1e-12, "50 cycles");
}

/* A train that begins in the field opens no new account for the third valve. */
Test(valve, ten_microlitres_are_all_that_passes_in_a_field_whatever_is_commanded)
{
    pump_t p = make(2.0);
    surround(&p, 3.0);
    double ml = run_ml(&p, 100);
    for (int train = 0; train < 3; train++) {
        cr_assert_eq(pump_drive_start(&p, 1, 100.0, &e), 0, "%s", e.text);
        ml += run_ml(&p, p.now_ms + 150);
    }
    cr_expect(ml > 0.005 && ml < 0.010, "%g mL: the test must end within the account", ml);
    ml += run_ml(&p, HOUR_MS);
    expect_ml(ml, 0.010, 1e-15, "in the field");
}

Test(valve, units_spread_about_the_share_and_stay_in_the_acceptance_band)
{
    const int units = 4000;
    double sum = 0.0;
    for (int i = 0; i < units; i++) {
        valve_param_t q = default_valve;
        draw_t d;
        draw_init(&d, 11, DRAW_TEST, (uint64_t)i, 0, 0);
        valve_param_draw(&q, &d);
        cr_assert(q.share >= 0.85 && q.share <= 1.15);
        sum += q.share;
    }
    cr_expect_float_eq(sum / units, 0.968, 4.0 * 0.03 / sqrt(units), "seed 11");
}

Test(valve, trains_that_overlap_and_other_generations_are_refused)
{
    pump_t p = make(2.0);
    valve_t v;
    valve_param_t q = default_valve;
    cr_assert_eq(pump_drive_start(&p, 50, 72000.0, &e), 0);
    cr_expect_eq(pump_drive_start(&p, 50, 72000.0, &e), ERROR_ARGUMENT);
    q.generation = 3.0;
    cr_expect_eq(valve_init(&v, &q, 35.0, &e), ERROR_ARGUMENT);
}
