/* SPDX-License-Identifier: Apache-2.0 */
/* What fuzzing and the reading for it found in the modes, each as small as it gets. */
#include <criterion/criterion.h>
#include <string.h>

#include "fake_image.h"

#define HOUR_MS UINT64_C(3600000)
#define MINUTE_MS UINT64_C(60000)
#define DAY_MS UINT64_C(86400000)
#define BASAL 150000u /* ng/day; at 500 000 ng/mL 1200 pulses a day */
#define SECOND_DRUG (DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_BYTES)

static fake_pump_t pump;
static uint8_t image[DOSING_IMAGE_BYTES_MAX];

static void run(uint64_t ms)
{
    fake_pump_run(&pump, pump.hal.now_ms + ms);
}

static uint64_t report4(uint32_t at)
{
    return fake_report(&pump, at, 4u);
}

static void start_with(uint32_t pulse_pl)
{
    fake_init(&pump.hal);
    pump.hal.factory.pulse_volume_pl = pulse_pl;
    fake_seal_factory(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    memset(image, 0, sizeof image);
    fake_programme(image, 500000u, BASAL);
}

static void start(void)
{
    start_with(250000u);
}

/* REQ-LIMIT-02, REQ-BRIDGE-06: a drug that is added, and that has a limit, is not in the path before the bridge's end. */
Test(found, a_new_drug_with_a_limit_cuts_no_bridge)
{
    start();
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    run(HOUR_MS);
    image[DOSING_PROGRAMME_AT_DRUGS] = 2u;
    fake_put(image + SECOND_DRUG + DOSING_DRUG_AT_CONCENTRATION, 1000u, 4u);
    fake_put(image + SECOND_DRUG + DOSING_DRUG_AT_LIMIT, 1000u, 8u);
    fake_put(image + DOSING_PROGRAMME_AT_BRIDGE, 100000u, 4u); /* 400 pulses: 8 h */
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    const uint64_t before = fake_pulses(&pump.hal);
    run(DAY_MS);
    cr_expect_float_eq((double)(fake_pulses(&pump.hal) - before), 1200.0, 1.5);
    cr_expect_eq(report4(DOSING_REPORT_AT_GUARD), 0u);
}

/* REQ-BOLUS-01: whatever ran before the stop. */
Test(found, a_bolus_after_the_minimum_rate_was_stopped_gives_its_dose)
{
    start();
    fake_put(image + DOSING_PROGRAMME_AT_DOSE, 0u, 8u);
    image[DOSING_PROGRAMME_AT_MODE] = DOSING_MODE_MINIMUM;
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    run(DAY_MS);
    cr_assert_eq(fake_stop(&pump), DOSING_OK);
    const uint64_t before = fake_pulses(&pump.hal);
    cr_assert_eq(fake_bolus(&pump, 2500u, (uint32_t)HOUR_MS), DOSING_OK);
    run(2u * HOUR_MS);
    cr_expect_float_eq((double)(fake_pulses(&pump.hal) - before), 20.0, 1.01);
    cr_expect_eq(report4(DOSING_REPORT_AT_GUARD), 0u);
}

/* A pulse volume and a concentration that have no factor in common with anything leave little room in a fraction of 64 bits. */
static void start_unround(void)
{
    start_with(999983u);
    fake_programme(image, 99999989u, 17793701u);
    cr_assert_eq(fake_set_time(&pump, 0u), DOSING_OK);
}

/* REQ-TIMED-03: what does not fit is refused with the programme, not left out in silence when it is due. */
Test(found, a_timed_bolus_that_does_not_fit_its_fraction_is_refused)
{
    start_unround();
    image_timed(image, IMAGE_DAILY, 60u, (uint32_t)HOUR_MS, 70000000u);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK, "0.7 mL fit");
    run(3u * HOUR_MS);
    cr_expect_geq(fake_pulses(&pump.hal), 700u);
    fake_programme(image, 99999989u, 17793701u);
    image_timed(image, IMAGE_DAILY, 60u, (uint32_t)HOUR_MS, 90000000u);
    cr_expect_eq(fake_commit(&pump, image), DOSING_REFUSED_BOUNDS, "0.9 mL do not");
}

/* REQ-PATIENT-07: and so is one of the patient's. */
Test(found, a_patient_bolus_that_does_not_fit_its_fraction_is_refused)
{
    start_unround();
    image_patient(image, 90000000u, (uint32_t)HOUR_MS, 12u * (uint32_t)HOUR_MS,
                  12u * (uint32_t)HOUR_MS, 1u, 1u);
    cr_expect_eq(fake_commit(&pump, image), DOSING_REFUSED_BOUNDS);
}

/* REQ-BRIDGE-05, REQ-PATIENT-04: wherever the earlier fluid ends, at the end of the patient's bolus too, the one that waits for that
 * goes on after it. */
Test(found, a_bridge_that_ends_with_the_patients_bolus_costs_no_other)
{
    for (uint32_t pulses = 60u; pulses < 130u; pulses++) {
        start();
        image_patient(image, 2500u, 10u * (uint32_t)MINUTE_MS, (uint32_t)HOUR_MS, (uint32_t)HOUR_MS,
                      1u, 32u);
        cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
        fake_put(image + DOSING_PROGRAMME_AT_DRUG, 1000000u, 4u);
        fake_put(image + DOSING_PROGRAMME_AT_BRIDGE, pulses * 250u, 4u);
        cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
        cr_assert_eq(fake_bolus(&pump, 12500u, 2u * (uint32_t)HOUR_MS), DOSING_OK);
        run(40u * MINUTE_MS);
        cr_assert_eq(fake_request(&pump), DOSING_OK);
        run(8u * HOUR_MS);
        const double hours = 8.0 + 40.0 / 60.0;
        const double ng = (double)fake_report(&pump, DOSING_REPORT_AT_GIVEN_NG, 8u);
        cr_expect_float_eq(ng, 15000.0 + hours / 24.0 * BASAL, 2.0 * 250.0,
                           "%g ng with a bridge of %u pulses", ng, (unsigned)pulses);
        cr_expect_eq(report4(DOSING_REPORT_AT_GUARD), 0u);
    }
}

/* REQ-BOLUS-03, REQ-BRIDGE-05: nor is one begun during a bridge that could not go on after it. */
Test(found, a_bolus_that_will_not_fit_after_the_bridge_is_refused)
{
    start_unround();
    fake_programme(image, 100000000u, 17793701u);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    fake_put(image + DOSING_PROGRAMME_AT_DRUG, 99999989u, 4u);
    fake_put(image + DOSING_PROGRAMME_AT_BRIDGE, 500000u, 4u);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    cr_expect_eq(fake_bolus(&pump, 90000000u, 2u * (uint32_t)HOUR_MS), DOSING_REFUSED_BOUNDS);
    cr_expect_eq(fake_bolus(&pump, 70000000u, 2u * (uint32_t)HOUR_MS), DOSING_OK);
}

/* A bolus of each 12 h; then, while another runs, the hands are put on over one of them. True where all that was taken. */
static bool puts_hands_on(uint32_t limit_nl)
{
    start();
    cr_assert_eq(fake_set_time(&pump, 22u * (uint32_t)HOUR_MS + 50u * (uint32_t)MINUTE_MS),
                 DOSING_OK);
    image_timed(image, IMAGE_DAILY, 0u, 10u * (uint32_t)MINUTE_MS, 50000u);
    image_timed(image, IMAGE_DAILY, 720u, 10u * (uint32_t)MINUTE_MS, 50000u);
    fake_put(image + DOSING_PROGRAMME_AT_VOLUME_24H, limit_nl, 4u);
    if (fake_commit(&pump, image) != DOSING_OK) {
        return false;
    }
    run(HOUR_MS);
    return fake_bolus(&pump, 47500u, 10u * (uint32_t)MINUTE_MS) == DOSING_OK &&
           fake_set_time(&pump, 35u * (uint32_t)HOUR_MS + 50u * (uint32_t)MINUTE_MS) == DOSING_OK;
}

/* REQ-TIME-03, REQ-LIMIT-03: a bolus that runs while local time is set counts beside what the hands jump over. */
Test(found, hands_put_on_during_a_bolus_count_it)
{
    uint32_t limit_nl = 600000u;
    while (limit_nl < 2000000u && !puts_hands_on(limit_nl)) {
        limit_nl += 1000u;
    }
    cr_assert_lt(limit_nl, 2000000u);
    run(3u * DAY_MS);
    cr_expect_eq(report4(DOSING_REPORT_AT_GUARD), 0u, "with a limit of %u nl", limit_nl);
}

/* REQ-BOLUS-01: a bolus that is over during a bridge, before the wake that ends it, leaves the bridge to be told. */
Test(found, a_bolus_that_ended_during_a_bridge_is_reported_over)
{
    start();
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    fake_put(image + DOSING_PROGRAMME_AT_DRUG, 1000000u, 4u);
    fake_put(image + DOSING_PROGRAMME_AT_BRIDGE, 400000u, 4u);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    cr_assert_eq(fake_bolus(&pump, 2500u, 10u * (uint32_t)MINUTE_MS), DOSING_OK);
    run(10u * MINUTE_MS - 1u);
    pump.hal.now_ms += 2u;
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u), DOSING_DELIVERY_BRIDGE);
}
