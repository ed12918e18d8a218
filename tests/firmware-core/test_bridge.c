/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-BRIDGE, REQ-PRIME, REQ-MINIMUM: what goes by volume. */
#include <criterion/criterion.h>
#include <string.h>

#include "fake_image.h"

#define HOUR_MS UINT64_C(3600000)
#define DAY_MS UINT64_C(86400000)
#define BASAL 150000u /* ng/day; at 500 000 ng/mL 1200 pulses a day */
#define PATH_NL 400000u
#define PATH_PULSES 1600u

static fake_pump_t pump;

static void start(void)
{
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&pump, 500000u, BASAL), DOSING_OK);
}

static void run(uint64_t ms)
{
    fake_pump_run(&pump, pump.hal.now_ms + ms);
}

static uint64_t report4(uint32_t at)
{
    return fake_report(&pump, at, 4u);
}

/* The same dose from another concentration. */
static dosing_status_t change(uint32_t concentration, uint32_t bridge_nl, bool declared)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX] = {0};
    fake_programme(image, concentration, BASAL);
    fake_put(image + DOSING_PROGRAMME_AT_FLAGS, declared ? DOSING_FLAG_CHANGE : 0u, 4u);
    fake_put(image + DOSING_PROGRAMME_AT_BRIDGE, bridge_nl, 4u);
    return fake_commit(&pump, image);
}

/* REQ-BRIDGE-01, REQ-BRIDGE-02: as long as the path holds the earlier fluid its pulses are those of its concentration; then at once
 * the new ones. By the core's own account and by the pulses the dose is the same throughout. */
Test(bridge, gives_the_same_dose_before_and_after_the_earlier_fluid_has_left)
{
    start();
    run(DAY_MS);
    const uint64_t given0 = fake_report(&pump, DOSING_REPORT_AT_GIVEN_NG, 8u);
    const uint64_t pulses0 = fake_pulses(&pump.hal);
    const uint64_t t0_ms = pump.hal.now_ms;
    cr_assert_eq(change(2000000u, PATH_NL, true), DOSING_OK);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u), DOSING_DELIVERY_BRIDGE);
    cr_expect_eq(report4(DOSING_REPORT_AT_CONCENTRATION), 500000u);
    cr_expect_eq(report4(DOSING_REPORT_AT_BRIDGE_NL), PATH_NL);
    run(32u * HOUR_MS - 1000u); /* 1600 pulses of 72 s */
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u), DOSING_DELIVERY_BRIDGE);
    run(73u * 1000u);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u), DOSING_DELIVERY_BASAL);
    cr_expect_eq(report4(DOSING_REPORT_AT_CONCENTRATION), 2000000u);
    cr_expect_eq(report4(DOSING_REPORT_AT_BRIDGE_NL), 0u);
    run(10u * DAY_MS);
    const double days = (double)(pump.hal.now_ms - t0_ms) / (double)DAY_MS;
    const uint64_t ng = fake_report(&pump, DOSING_REPORT_AT_GIVEN_NG, 8u) - given0;
    cr_expect_float_eq((double)ng, days * BASAL, 500.0 + 125.0, "a pulse of either is 500, 125 ng");
    const double after = (double)(fake_pulses(&pump.hal) - pulses0) - PATH_PULSES;
    cr_expect_float_eq(after, (days - 32.0 / 24.0) * 300.0, 1.5);
    cr_expect_eq(report4(DOSING_REPORT_AT_GUARD), 0u);
    cr_expect_str_empty(pump.hal.violation);
}

/* REQ-BRIDGE-03 */
Test(bridge, an_undeclared_change_is_refused_and_a_declared_one_may_have_no_bridge)
{
    start();
    cr_expect_eq(change(2000000u, 0u, false), DOSING_REFUSED_CHANGE);
    cr_expect_eq(report4(DOSING_REPORT_AT_CONCENTRATION), 500000u);
    cr_expect_eq(change(500000u, PATH_NL, false), DOSING_REFUSED_PROGRAMME, "a bridge undeclared");
    cr_expect_eq(change(500000u, PATH_NL, true), DOSING_OK, "no change: no effect");
    cr_expect_eq(report4(DOSING_REPORT_AT_BRIDGE_NL), 0u);
    cr_expect_eq(change(2000000u, 5000001u, true), DOSING_REFUSED_PROGRAMME);
    cr_expect_eq(change(2000000u, 0u, true), DOSING_OK);
    cr_expect_eq(report4(DOSING_REPORT_AT_CONCENTRATION), 2000000u, "at once");
}

/* REQ-BRIDGE-03: another drug, another number of drugs. */
Test(bridge, another_drug_is_a_change_and_is_never_bridged)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX] = {0};
    start();
    fake_programme(image, 500000u, BASAL);
    fake_put(image + DOSING_PROGRAMME_AT_FLAGS, 0u, 4u);
    fake_put(image + DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_AT_CODE, 7u, 4u);
    cr_expect_eq(fake_commit(&pump, image), DOSING_REFUSED_CHANGE);
    fake_put(image + DOSING_PROGRAMME_AT_FLAGS, DOSING_FLAG_CHANGE, 4u);
    fake_put(image + DOSING_PROGRAMME_AT_BRIDGE, PATH_NL, 4u);
    cr_expect_eq(fake_commit(&pump, image), DOSING_REFUSED_CHANGE);
    fake_put(image + DOSING_PROGRAMME_AT_BRIDGE, 0u, 4u);
    cr_expect_eq(fake_commit(&pump, image), DOSING_OK);
    fake_put(image + DOSING_PROGRAMME_AT_FLAGS, 0u, 4u);
    image[DOSING_PROGRAMME_AT_DRUGS] = 2u;
    fake_put(image + DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_BYTES, 1000u, 4u);
    cr_expect_eq(fake_commit(&pump, image), DOSING_REFUSED_CHANGE);
}

/* REQ-BRIDGE-04: an edit of the dose goes on at what is in the path; a second change waits for the first. */
Test(bridge, goes_on_over_an_edit_and_lets_no_other_change_in)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX] = {0};
    start();
    cr_assert_eq(change(2000000u, PATH_NL, true), DOSING_OK);
    run(HOUR_MS);
    fake_programme(image, 2000000u, 2u * BASAL);
    fake_put(image + DOSING_PROGRAMME_AT_FLAGS, 0u, 4u);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    cr_expect_eq(report4(DOSING_REPORT_AT_CONCENTRATION), 500000u);
    const uint64_t left_nl = report4(DOSING_REPORT_AT_BRIDGE_NL);
    cr_expect_float_eq((double)left_nl, PATH_NL - 50.0 * 250.0, 251.0);
    cr_expect_eq(change(1000000u, PATH_NL, true), DOSING_REFUSED_CHANGE);
    cr_expect_eq(change(2000000u, PATH_NL, true), DOSING_OK, "sent again");
    cr_expect_eq(report4(DOSING_REPORT_AT_BRIDGE_NL), left_nl, "and not begun anew");
}

/* REQ-BRIDGE-05: a bolus across the end is given as the same mass. */
Test(bridge, a_bolus_across_its_end_keeps_its_mass)
{
    for (uint32_t nl = 1000u; nl <= 21000u; nl += 1777u) {
        start();
        cr_assert_eq(change(2000000u, nl, true), DOSING_OK);
        const uint64_t t0_ms = pump.hal.now_ms;
        const uint64_t ng0 = fake_report(&pump, DOSING_REPORT_AT_GIVEN_NG, 8u);
        cr_assert_eq(fake_bolus(&pump, 10000u, 1800000u), DOSING_OK);
        run(6u * HOUR_MS);
        const uint64_t ng = fake_report(&pump, DOSING_REPORT_AT_GIVEN_NG, 8u) - ng0;
        const double due = 10000.0 + BASAL * (double)(pump.hal.now_ms - t0_ms) / (double)DAY_MS;
        cr_expect_float_eq((double)ng, due, 500.0 + 2.0, "bridge of %u nl: %llu of %g", nl,
                           (unsigned long long)ng, due);
        cr_expect_eq(report4(DOSING_REPORT_AT_GUARD), 0u);
        cr_expect_eq(report4(DOSING_REPORT_AT_CONCENTRATION), 2000000u);
    }
}

/* REQ-BRIDGE-06: rate and limits are checked at both concentrations. */
Test(bridge, is_refused_where_either_fluid_would_break_a_limit)
{
    start();
    cr_expect_eq(change(4000000u, PATH_NL, true), DOSING_REFUSED_RATE, "later below the slowest");
    uint8_t image[DOSING_IMAGE_BYTES_MAX] = {0};
    fake_programme(image, 2000000u, BASAL);
    fake_put(image + DOSING_PROGRAMME_AT_BRIDGE, PATH_NL, 4u);
    fake_put(image + DOSING_PROGRAMME_AT_VOLUME_24H, 200000u, 4u); /* 0.075 mL later, 0.3 mL now */
    cr_expect_eq(fake_commit(&pump, image), DOSING_REFUSED_LIMIT);
    fake_put(image + DOSING_PROGRAMME_AT_BRIDGE, 0u, 4u);
    cr_assert_eq(fake_stop(&pump), DOSING_OK);
    run(26u * HOUR_MS);
    cr_expect_eq(fake_commit(&pump, image), DOSING_OK);
}

/* REQ-PRIME-01, REQ-PRIME-02 */
Test(prime, gives_its_volume_once_while_the_basal_rate_waits)
{
    start();
    run(HOUR_MS);
    const uint64_t before = fake_pulses(&pump.hal);
    const uint64_t given = fake_report(&pump, DOSING_REPORT_AT_GIVEN_NG, 8u);
    const uint64_t nl = report4(DOSING_REPORT_AT_VOLUME_NL);
    const uint32_t tubing_nl = pump.hal.factory.tubing_nl;
    const uint32_t pulses = (tubing_nl + 100000u + 249u) / 250u;
    cr_assert_eq(fake_prime(&pump, tubing_nl, 100000u, 1u), DOSING_OK);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u), DOSING_DELIVERY_PRIME);
    const uint64_t ends_ms = pump.hal.now_ms + (uint64_t)pulses * 900u; /* 24 mL/day: 0.9 s */
    fake_pump_run(&pump, ends_ms - 1u);
    cr_expect_eq(fake_pulses(&pump.hal) - before, pulses);
    run(1001u);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u), DOSING_DELIVERY_BASAL);
    cr_expect_leq(fake_report(&pump, DOSING_REPORT_AT_GIVEN_NG, 8u), given + 125u,
                  "it gives nothing");
    cr_expect_leq(report4(DOSING_REPORT_AT_VOLUME_NL), nl - pulses * 250u, "the reservoir does");
    run(DAY_MS);
    cr_expect_float_eq((double)(fake_pulses(&pump.hal) - before), pulses + 1200.0, 3.0);
    cr_expect_eq(fake_prime(&pump, tubing_nl, 0u, 1u), DOSING_REFUSED_PRIME, "once");
    cr_expect_eq(fake_prime(&pump, tubing_nl + 1u, 0u, 2u), DOSING_REFUSED_PRIME);
    cr_expect_eq(fake_prime(&pump, 0u, DOSING_PRIME_CATHETER_NL_MAX + 1u, 2u),
                 DOSING_REFUSED_PRIME);
    cr_expect_eq(fake_prime(&pump, 0u, 0u, 2u), DOSING_REFUSED_PRIME);
    cr_expect_eq(fake_prime(&pump, tubing_nl, 0u, 2u), DOSING_OK, "another catheter");
    cr_expect_eq(report4(DOSING_REPORT_AT_REVISION), 2u);
    cr_expect_eq(report4(DOSING_REPORT_AT_GUARD), 0u);
    cr_expect_str_empty(pump.hal.violation);
}

/* REQ-PRIME-02: stopped half way, it is spent. */
Test(prime, that_was_stopped_is_spent)
{
    start();
    cr_assert_eq(fake_prime(&pump, pump.hal.factory.tubing_nl, 100000u, 5u), DOSING_OK);
    run(60000u);
    const uint64_t before = fake_pulses(&pump.hal);
    cr_assert_eq(fake_stop(&pump), DOSING_OK);
    run(DAY_MS);
    cr_expect_leq(fake_pulses(&pump.hal), before + 1u);
    cr_expect_eq(fake_prime(&pump, 1000u, 0u, 5u), DOSING_REFUSED_PRIME);
    cr_expect_eq(fake_prime(&pump, 1000u, 0u, 6u), DOSING_OK, "on a stopped programme");
}

/* REQ-PRIME-03: it does not count against a day's limits, nor against those of the programme it waits for. */
Test(prime, has_an_allowance_of_its_own)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX] = {0};
    start();
    fake_programme(image, 500000u, BASAL);
    fake_put(image + DOSING_PROGRAMME_AT_VOLUME_24H, 320000u, 4u);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    cr_assert_eq(fake_prime(&pump, pump.hal.factory.tubing_nl, 300000u, 1u), DOSING_OK);
    run(3u * DAY_MS);
    cr_expect_eq(report4(DOSING_REPORT_AT_GUARD), 0u);
    cr_expect_float_eq((double)report4(DOSING_REPORT_AT_VOLUME_NL),
                       20e6 - 300000.0 - pump.hal.factory.tubing_nl - 3.0 * 300000.0 + 7500.0,
                       9000.0);
    cr_expect_eq(fake_prime(&pump, 1000u, 0u, 2u), DOSING_OK);
    cr_assert_eq(fake_refill(&pump, 1100000u), DOSING_OK);
    run(HOUR_MS);
    cr_expect_eq(fake_prime(&pump, 1000u, 500000u, 3u), DOSING_REFUSED_VOLUME);
}

/* REQ-MINIMUM-01 */
Test(minimum, runs_at_the_slowest_rate_whatever_is_in_the_reservoir)
{
    static const uint32_t concentration[] = {1u, 500000u, 99999989u};
    for (size_t i = 0; i < sizeof concentration / sizeof concentration[0]; i++) {
        uint8_t image[DOSING_IMAGE_BYTES_MAX] = {0};
        start();
        fake_programme(image, concentration[i], 0u);
        image[DOSING_PROGRAMME_AT_MODE] = DOSING_MODE_MINIMUM;
        cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
        cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u), DOSING_DELIVERY_MINIMUM);
        const uint64_t before = fake_pulses(&pump.hal);
        run(100u * DAY_MS);
        cr_expect_float_eq((double)(fake_pulses(&pump.hal) - before), 192.0 * 100.0, 1.01,
                           "0.048 mL/day in 0.25 uL");
        cr_expect_eq(fake_bolus(&pump, 5000u, 600000u), DOSING_REFUSED_NOT_NOW);
        cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DOSE, 8u),
                     48000u * (uint64_t)concentration[i] / 1000000u);
        cr_expect_eq(report4(DOSING_REPORT_AT_GUARD), 0u);
        cr_expect_eq(fake_stop(&pump), DOSING_OK);
        cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u), DOSING_DELIVERY_OFF);
        const uint64_t stopped = fake_pulses(&pump.hal);
        run(DAY_MS);
        cr_expect_eq(fake_pulses(&pump.hal), stopped);
    }
}
