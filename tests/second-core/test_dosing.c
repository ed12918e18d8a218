/* SPDX-License-Identifier: Apache-2.0 */
/* What the second core gives, pulse by pulse, against what was ordered. */
#include <criterion/criterion.h>
#include <string.h>

#include "stand.h"

#define NG_PER_PULSE 125.0
#define SEEDS 20u

static fake_pump_t pump;

static void no_violation(void)
{
    cr_expect_str_empty(pump.hal.violation, "%s", pump.hal.violation);
}

/* Never above the integral of the rate by a thousandth of a pulse, never a whole pulse and a period's rounding below. */
static void follows(uint64_t from_ms, double ng_per_day, uint64_t seed)
{
    for (uint32_t i = 0; i < stand_begun; i++) {
        const double owed = ng_per_day * (double)(stand_begun_ms[i] - from_ms) /
                            (double)STAND_DAY_MS / NG_PER_PULSE;
        cr_assert(owed > i + 0.999 && owed < i + 1.1, "seed %llu: pulse %u began at %.4f owed",
                  (unsigned long long)seed, i + 1u, owed);
    }
}

Test(second_dosing, simple_programmes_follow_their_integral_at_every_pulse)
{
    for (uint64_t n = 1; n <= SEEDS; n++) {
        uint64_t seed = n;
        const uint64_t dose = 24000u + fake_random(&seed) % 2000000u;
        stand_simple(&pump, dose);
        const uint64_t from_ms = pump.hal.now_ms;
        stand_listen(&pump);
        stand_run(&pump, 3u * STAND_DAY_MS);
        cr_assert_gt(stand_begun, 100u);
        follows(from_ms, (double)dose, n);
        no_violation();
    }
}

/* What a day is, in two places: nothing is lost in years. */
Test(second_dosing, five_years_end_within_a_pulse)
{
    stand_simple(&pump, 151234u);
    const uint64_t from_ms = pump.hal.now_ms;
    for (int month = 0; month < 60; month++) {
        stand_run(&pump, 30u * STAND_DAY_MS);
        cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    }
    const double owed = 151234.0 * (double)(pump.hal.now_ms - from_ms) / (double)STAND_DAY_MS;
    const double given = (double)fake_pulses(&pump.hal) * NG_PER_PULSE;
    cr_expect(given <= owed + 0.01 && given > owed - 1.1 * NG_PER_PULSE, "%.1f of %.1f ng", given,
              owed);
    no_violation();
}

/* ---- flex ---------------------------------------------------------------------------------------------------------- */

static uint8_t image[DOSING_IMAGE_BYTES_MAX];

static void put_step(uint32_t step, uint32_t days, uint32_t minute, uint64_t dose)
{
    uint8_t *bytes = image + DOSING_PROGRAMME_BYTES + step * DOSING_STEP_BYTES;
    bytes[DOSING_STEP_AT_DAYS] = (uint8_t)days;
    fake_put(bytes + DOSING_STEP_AT_MINUTE, minute, 2u);
    fake_put(bytes + DOSING_STEP_AT_DOSE, dose, 8u);
}

static dosing_status_t set_time(uint32_t week_ms)
{
    uint8_t bytes[4];
    fake_put(bytes, week_ms, 4u);
    return fake_send(&pump, DOSING_FRAME_SET_TIME, bytes, sizeof bytes);
}

/* Nights at one dose, days at another, weekends evenly. */
static void night_and_day(uint64_t night, uint64_t day, uint64_t weekend)
{
    memset(image, 0, sizeof image);
    fake_programme(image, STAND_NG_PER_ML, 0u);
    image[DOSING_PROGRAMME_AT_MODE] = DOSING_MODE_FLEX;
    image[DOSING_PROGRAMME_AT_STEPS] = 4u;
    put_step(0, 0x1Fu, 0u, night);
    put_step(1, 0x1Fu, 360u, day);
    put_step(2, 0x1Fu, 1320u, night);
    put_step(3, 0x60u, 0u, weekend);
}

static double dose_at(uint64_t week_ms, const double *doses)
{
    const uint64_t minute = week_ms % STAND_DAY_MS / 60000u;
    const bool is_day = minute >= 360u && minute < 1320u;
    return week_ms >= 5u * STAND_DAY_MS ? doses[2] : is_day ? doses[1] : doses[0];
}

Test(second_dosing, a_week_of_steps_is_followed_at_every_pulse)
{
    const double doses[3] = {500000.0, 100000.0, 250000.0};
    stand_simple(&pump, 300000u);
    night_and_day(500000u, 100000u, 250000u);
    cr_assert_eq(fake_commit(&pump, image), DOSING_REFUSED_TIME);
    const uint64_t monday_ms = pump.hal.now_ms;
    cr_assert_eq(set_time(0u), DOSING_OK);
    const double before = (double)fake_pulses(&pump.hal);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    stand_listen(&pump);
    stand_run(&pump, 14u * STAND_DAY_MS);
    double owed = before == 0.0 ? 0.0 : -1.0;
    uint64_t at_ms = monday_ms;
    for (uint32_t i = 0; i < stand_begun; i++) {
        for (; at_ms < stand_begun_ms[i]; at_ms += 1000u) {
            owed += dose_at((at_ms - monday_ms) % (7u * STAND_DAY_MS), doses) / 86400.0;
        }
        cr_assert_float_eq(owed / NG_PER_PULSE, i + 1.05, 0.1, "pulse %u began at %.4f owed",
                           i + 1u, owed / NG_PER_PULSE);
    }
    no_violation();
}

/* ---- boluses ------------------------------------------------------------------------------------------------------- */

Test(second_dosing, a_bolus_gives_its_dose_on_top_within_two_pulses)
{
    stand_simple(&pump, 100000u);
    stand_run(&pump, STAND_DAY_MS);
    const double before = (double)fake_pulses(&pump.hal) * NG_PER_PULSE;
    cr_assert_eq(fake_bolus(&pump, 20000u, 1800000u), DOSING_OK);
    cr_expect_eq(fake_bolus(&pump, 20000u, 1800000u), DOSING_REFUSED_BUSY);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u), DOSING_DELIVERY_BOLUS);
    stand_run(&pump, STAND_HOUR_MS);
    const double given = (double)fake_pulses(&pump.hal) * NG_PER_PULSE - before;
    cr_expect_float_eq(given, 20000.0 + 100000.0 / 24.0, 2.0 * NG_PER_PULSE, "%g ng", given);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u), DOSING_DELIVERY_BASAL);
    no_violation();
}

Test(second_dosing, a_bolus_that_cannot_be_given_whole_is_refused)
{
    stand_simple(&pump, 100000u);
    cr_expect_eq(fake_bolus(&pump, 0u, 60000u), DOSING_REFUSED_PROGRAMME);
    cr_expect_eq(fake_bolus(&pump, 1000000u, 1000u), DOSING_REFUSED_RATE);
    cr_expect_eq(fake_bolus(&pump, 8000000u, (uint32_t)STAND_DAY_MS), DOSING_REFUSED_LIMIT);
    cr_assert_eq(fake_refill(&pump, 1500000u), DOSING_OK);
    cr_expect_eq(fake_bolus(&pump, 300000u, (uint32_t)STAND_DAY_MS), DOSING_REFUSED_VOLUME);
}

Test(second_dosing, a_stop_ends_basal_and_bolus_until_the_next_commit)
{
    stand_simple(&pump, 100000u);
    stand_run(&pump, STAND_HOUR_MS);
    cr_assert_eq(fake_bolus(&pump, 20000u, 1800000u), DOSING_OK);
    stand_run(&pump, 60000u);
    cr_assert_eq(fake_send(&pump, DOSING_FRAME_STOP, NULL, 0u), DOSING_OK);
    const uint64_t pulses = fake_pulses(&pump.hal);
    stand_run(&pump, STAND_DAY_MS);
    cr_expect_eq(fake_pulses(&pump.hal), pulses);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_MODE, 1u), DOSING_MODE_STOPPED);
    cr_assert_eq(fake_simple(&pump, STAND_NG_PER_ML, 100000u), DOSING_OK);
    stand_run(&pump, STAND_HOUR_MS);
    cr_expect_gt(fake_pulses(&pump.hal), pulses);
}

/* 10 ug over ten minutes, two hours apart, two in eight hours, three a day. */
static void with_patient(uint64_t dose)
{
    memset(image, 0, sizeof image);
    fake_programme(image, STAND_NG_PER_ML, dose);
    stand_put_patient(image, 8u, 2u, 3u);
}

static dosing_status_t ask(void)
{
    pump.role = DOSING_ROLE_PATIENT;
    const uint64_t counter = pump.counter;
    pump.counter = UINT64_C(1000000) + counter; /* of the patient's own */
    const dosing_status_t status = fake_send(&pump, DOSING_FRAME_REQUEST, NULL, 0u);
    pump.counter = counter + 2u;
    pump.role = 0u;
    return status;
}

Test(second_dosing, lockout_and_counts_hold_against_impatience)
{
    uint64_t given_ms[200];
    uint32_t given = 0, locked = 0, counted = 0;
    stand_simple(&pump, 100000u);
    with_patient(100000u);
    cr_expect_eq(ask(), DOSING_REFUSED_NOT_NOW);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    for (int i = 0; i < 300; i++) {
        const dosing_status_t status = ask();
        given_ms[given] = pump.hal.now_ms;
        given += status == DOSING_OK ? 1u : 0u;
        locked += status == DOSING_REFUSED_LOCKOUT ? 1u : 0u;
        counted += status == DOSING_REFUSED_COUNT ? 1u : 0u;
        stand_run(&pump, STAND_HOUR_MS / 2u);
    }
    cr_expect(given > 15u && locked > 0u && counted > 0u, "%u, %u, %u", given, locked, counted);
    for (uint32_t i = 0; i + 1u < given; i++) {
        cr_expect_geq(given_ms[i + 1u] - given_ms[i], 2u * STAND_HOUR_MS);
        cr_expect(i + 2u >= given || given_ms[i + 2u] - given_ms[i] >= 8u * STAND_HOUR_MS);
        cr_expect(i + 3u >= given || given_ms[i + 3u] - given_ms[i] >= STAND_DAY_MS);
    }
    const double owed = given * 10000.0 + 100000.0 * 300.0 / 48.0;
    cr_expect_float_eq((double)fake_pulses(&pump.hal) * NG_PER_PULSE, owed,
                       10000.0 + 3.0 * NG_PER_PULSE);
    no_violation();
}

/* The clinician's waits, and goes on to its whole dose. */
Test(second_dosing, the_patients_bolus_suspends_the_clinicians)
{
    stand_simple(&pump, 100000u);
    with_patient(100000u);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    const double before = (double)fake_pulses(&pump.hal) * NG_PER_PULSE;
    cr_assert_eq(fake_bolus(&pump, 20000u, 1800000u), DOSING_OK);
    stand_run(&pump, 600000u);
    cr_assert_eq(ask(), DOSING_OK);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u), DOSING_DELIVERY_PATIENT);
    stand_run(&pump, 2u * STAND_HOUR_MS);
    const double given = (double)fake_pulses(&pump.hal) * NG_PER_PULSE - before;
    const double owed = 30000.0 + 100000.0 / 24.0 * (2.0 + 1.0 / 6.0);
    cr_expect_float_eq(given, owed, 3.0 * NG_PER_PULSE, "%g of %g ng", given, owed);
}

/* ---- a change of concentration --------------------------------------------------------------------------------------- */

Test(second_dosing, a_bridge_keeps_the_dose_until_the_earlier_fluid_has_left)
{
    stand_simple(&pump, 300000u);
    stand_run(&pump, STAND_DAY_MS);
    memset(image, 0, sizeof image);
    fake_programme(image, 4u * STAND_NG_PER_ML, 300000u);
    fake_put(image + DOSING_PROGRAMME_AT_BRIDGE, 300000u, 4u);
    const uint64_t before = fake_pulses(&pump.hal);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    stand_run(&pump, STAND_DAY_MS / 2u - 60000u); /* 0.3 mL at 0.6 mL/day */
    const uint64_t bridged = fake_pulses(&pump.hal) - before;
    cr_expect_float_eq((double)bridged, 1199.0, 3.0);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u), DOSING_DELIVERY_BRIDGE);
    stand_run(&pump, STAND_DAY_MS + 60000u);
    cr_expect_float_eq((double)(fake_pulses(&pump.hal) - before), 1200.0 + 600.0, 3.0);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_BRIDGE_NL, 4u), 0u);
}

Test(second_dosing, an_undeclared_change_is_refused)
{
    stand_simple(&pump, 300000u);
    memset(image, 0, sizeof image);
    fake_programme(image, 4u * STAND_NG_PER_ML, 300000u);
    fake_put(image + DOSING_PROGRAMME_AT_FLAGS, 0u, 4u);
    cr_expect_eq(fake_commit(&pump, image), DOSING_REFUSED_CHANGE);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_COMMITS, 4u), 1u);
}
