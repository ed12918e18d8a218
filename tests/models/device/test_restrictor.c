/* SPDX-License-Identifier: Apache-2.0 */
/* A constant-flow pump's signature: its flow against warmth, altitude and outlet in closed form. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/pump.h"
#include "device/pump_drive.h"
#include "tests/models/device/defaults.h"
#include "tests/models/device/usual_pump.h"

#define DAY_MS 86400000.0
#define WEEK_MS (INT64_C(7) * 86400000)

/* Its propellant with so much inert gas. */
static pump_t make_with(double inert_kpa)
{
    pump_param_t q = usual_pump(PUMP_CONSTANT_FLOW);
    pump_t p;
    error_t e = {0};
    q.flow_ml_per_day = 1.0;
    q.propellant.inert_kpa = inert_kpa;
    cr_assert_eq(pump_init(&p, &q, &e), 0, "%s", e.text);
    return p;
}

/* All vapour: one drive whatever the fill. */
static pump_t make(void)
{
    return make_with(0.0);
}

static double run_ml(pump_t *p, int64_t until_ms)
{
    const pump_sink_t none = {NULL, NULL, NULL};
    const double before_ml = p->delivered_ml.high;
    error_t e = {0};
    cr_assert_eq(pump_advance(p, until_ms, &none, &e), 0, "%s", e.text);
    cr_assert_eq(pump_verify(p, &e), 0, "%s", e.text);
    return p->delivered_ml.high - before_ml;
}

/* mL in a week in these surroundings. */
static double week_ml(environment_t around)
{
    pump_t p = make();
    pump_surround(&p, &around, NULL);
    return run_ml(&p, WEEK_MS);
}

/* CRC Handbook of Chemistry and Physics, mPa s at 0.1 MPa. */
Test(restrictor, water_is_as_thin_as_in_the_tables)
{
    static const double table[][2] = {{0.0, 1.792},  {10.0, 1.306}, {20.0, 1.002},
                                      {30.0, 0.797}, {37.0, 0.692}, {40.0, 0.653}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        cr_expect_float_eq(restrictor_water_mpas(table[i][0]) / table[i][1], 1.0, 0.002,
                           "%g degC: %g", table[i][0], restrictor_water_mpas(table[i][0]));
    }
}

Test(restrictor, at_rest_the_flow_is_the_stated_one)
{
    cr_expect_float_eq(week_ml(ENVIRONMENT_AT_REST), 7.0, 1e-12);
}

/* Poiseuille: the flow is drive over viscosity, whatever made the drive. */
Test(restrictor, flow_follows_drive_and_viscosity)
{
    static const double warm[] = {35.0, 36.5, 37.0, 38.5, 40.0};
    static const double ambient[] = {101.325, 75.2, 90.0, 110.0};
    pump_t rest = make();
    for (size_t i = 0; i < sizeof warm / sizeof warm[0]; i++) {
        for (size_t k = 0; k < sizeof ambient / sizeof ambient[0]; k++) {
            const environment_t around = {warm[i], ambient[k], 2.0, 0.0};
            pump_t p = make();
            pump_surround(&p, &around, NULL);
            const double ml = run_ml(&p, WEEK_MS);
            const double expected = 7.0 * pump_drive_kpa(&p) / pump_drive_kpa(&rest) *
                                    restrictor_water_mpas(37.0) / restrictor_water_mpas(warm[i]);
            cr_expect_float_eq(ml, expected, 1e-11 * expected, "%g degC, %g kPa", warm[i],
                               ambient[k]);
        }
    }
}

/* In general knowledge +10 to +13 % a degree, of pumps driven by a vapour; the pressure at rest is an assumption. */
Test(restrictor, a_fever_raises_the_flow_by_more_than_a_tenth_a_degree)
{
    environment_t fever = ENVIRONMENT_AT_REST;
    fever.temperature_c = 38.0;
    const double rise = week_ml(fever) / 7.0 - 1.0;
    cr_expect(rise > 0.10 && rise < 0.18, "%.4f a degree", rise);
}

/* A cabin at 2440 m: 75.2 kPa. The outlet is counted from ambient, so all of the difference drives. */
Test(restrictor, altitude_adds_its_pressure_to_the_drive)
{
    environment_t cabin = ENVIRONMENT_AT_REST;
    pump_t rest = make();
    cabin.ambient_kpa = 75.2;
    cr_expect_float_eq(week_ml(cabin) / 7.0, 1.0 + (101.325 - 75.2) / pump_drive_kpa(&rest), 1e-12);
}

Test(restrictor, pressure_above_the_propellants_stops_it)
{
    environment_t chamber = ENVIRONMENT_AT_REST;
    chamber.ambient_kpa = 202.65;
    cr_expect_float_eq(week_ml(chamber), 0.0, 0.0);
}

Test(restrictor, cutting_time_changes_nothing)
{
    environment_t fever = ENVIRONMENT_AT_REST;
    pump_t whole = make(), cut = make();
    fever.temperature_c = 39.3;
    pump_surround(&whole, &fever, NULL);
    pump_surround(&cut, &fever, NULL);
    const double ml = run_ml(&whole, WEEK_MS);
    double sum = 0.0;
    for (int64_t t = 0; t < WEEK_MS;) {
        t = t + 1234567 < WEEK_MS ? t + 1234567 : WEEK_MS;
        sum += run_ml(&cut, t);
    }
    cr_expect_float_eq(sum / ml, 1.0, 1e-12);
    cr_expect_float_eq(cut.delivered_ml.high / whole.delivered_ml.high, 1.0, 1e-14);
}

/* From full to 2 mL, in days; and the same cut into pieces. */
Test(restrictor, inert_gas_makes_the_flow_wane_and_cutting_time_changes_nothing)
{
    pump_t p = make_with(default_propellant.inert_kpa), whole = p, cut = p;
    const double first_ml = run_ml(&p, WEEK_MS / 7);
    (void)run_ml(&p, INT64_C(17) * WEEK_MS / 7);
    const double last_ml = run_ml(&p, INT64_C(18) * WEEK_MS / 7);
    cr_expect(last_ml < first_ml && last_ml > 0.95 * first_ml, "%g mL, then %g", first_ml, last_ml);
    (void)run_ml(&whole, 2 * WEEK_MS);
    for (int64_t t = 0; t < 2 * WEEK_MS;) {
        t = t + 7654321 < 2 * WEEK_MS ? t + 7654321 : 2 * WEEK_MS;
        (void)run_ml(&cut, t);
    }
    cr_expect_float_eq(cut.delivered_ml.high / whole.delivered_ml.high, 1.0, 1e-12);
    cr_expect_float_eq(whole.delivered_ml.high, 14.0, 0.2, "about what is stated");
}

Test(restrictor, a_precipitate_slows_and_blocks_it)
{
    pump_t p = make();
    restrictor_impose(&p.restrictor, 4.0);
    const double slow_ml = run_ml(&p, WEEK_MS);
    restrictor_impose(&p.restrictor, HUGE_VAL);
    const double blocked_ml = run_ml(&p, 2 * WEEK_MS);
    restrictor_impose(&p.restrictor, 1.0);
    const double clean_ml = run_ml(&p, 3 * WEEK_MS);
    restrictor_impose(&p.restrictor, 0.25);
    cr_expect_float_eq(p.restrictor.clogged, 1.0, 0.0, "none is cleaner than clean");
    cr_expect_float_eq(slow_ml, 7.0 / 4.0, 1e-12);
    cr_expect_float_eq(blocked_ml, 0.0, 0.0);
    cr_expect_float_eq(clean_ml, 7.0, 1e-12);
}

static double last_ms;

static int note_end(void *context, const pump_flow_t *flow, error_t *e)
{
    (void)context, (void)e;
    last_ms = flow->segment.start_ms + flow->segment.duration_ms;
    return 0;
}

Test(restrictor, it_stops_when_the_reservoir_is_empty)
{
    pump_t p = make();
    const pump_sink_t sink = {NULL, note_end, NULL};
    error_t e = {0};
    cr_assert_eq(pump_advance(&p, 5 * WEEK_MS, &sink, &e), 0);
    cr_expect_float_eq(p.delivered_ml.high, 20.0, 1e-12);
    cr_expect_float_eq(last_ms, 20.0 * DAY_MS, 1.0, "the last drop leaves on day 20");
}

/* With inert gas the flow wanes; when the last drop leaves, and what was driven, is the same for a look a day and one in all. */
Test(restrictor, running_dry_is_the_same_however_time_is_cut)
{
    pump_t whole = make_with(5.0), cut = whole;
    const pump_sink_t sink = {NULL, note_end, NULL};
    error_t e = {0};
    cr_assert_eq(pump_advance(&whole, 5 * WEEK_MS, &sink, &e), 0);
    const double whole_ms = last_ms;
    double cut_ms = 0.0;
    for (int day = 1; day <= 35; day++) {
        const double left_ml = pump_usable_ml(&cut);
        cr_assert_eq(pump_advance(&cut, day * (int64_t)DAY_MS, &sink, &e), 0);
        cut_ms = left_ml > 0.0 ? last_ms : cut_ms;
    }
    cr_expect_float_eq(whole_ms / cut_ms, 1.0, 1e-12, "%g and %g days", whole_ms / DAY_MS,
                       cut_ms / DAY_MS);
    cr_expect_float_eq(whole.delivered_ml.high, cut.delivered_ml.high, 1e-12);
    cr_expect_float_eq(whole.displaced_ml.high, cut.displaced_ml.high, 1e-11);
}

Test(restrictor, nonsense_is_refused)
{
    restrictor_t r;
    restrictor_param_t q = default_restrictor;
    error_t e = {0};
    cr_expect_eq(restrictor_init(&r, &q, -1.0, 35.0, &e), ERROR_ARGUMENT);
    cr_expect_eq(restrictor_init(&r, &q, 1.0, 0.0, &e), ERROR_ARGUMENT);
    q.relative_viscosity = 0.0;
    cr_expect_eq(restrictor_init(&r, &q, 1.0, 35.0, &e), ERROR_ARGUMENT);
}
