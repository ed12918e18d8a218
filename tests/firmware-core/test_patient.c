/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-PATIENT: boluses that the patient asks for. */
#include <criterion/criterion.h>
#include <string.h>

#include "fake_image.h"

#define HOUR_MS UINT64_C(3600000)
#define MINUTE_MS UINT64_C(60000)
#define DAY_MS UINT64_C(86400000)
#define BASAL 60000u /* ng/day: one pulse in 3 min */
#define BOLUS_NG 2500u
#define BOLUS_PULSES 20u
#define BOLUS_MS 600000u

static fake_pump_t pump;

/* Lockout 2 h, three in 8 h, five a day. */
static void image_of(uint8_t *image)
{
    memset(image, 0, DOSING_IMAGE_BYTES_MAX);
    fake_programme(image, 500000u, BASAL);
    image_patient(image, BOLUS_NG, BOLUS_MS, 2u * (uint32_t)HOUR_MS, 8u * (uint32_t)HOUR_MS, 3u,
                  5u);
}

static void start(void)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    image_of(image);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
}

static void run(uint64_t ms)
{
    fake_pump_run(&pump, pump.hal.now_ms + ms);
}

/* REQ-PATIENT-01 */
Test(patient, gets_the_bolus_of_the_programme_at_once)
{
    start();
    run(HOUR_MS);
    const uint64_t before = fake_pulses(&pump.hal);
    cr_assert_eq(fake_request(&pump), DOSING_OK);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u), DOSING_DELIVERY_PATIENT);
    run(BOLUS_MS);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u), DOSING_DELIVERY_BASAL);
    run(2u * MINUTE_MS);
    cr_expect_float_eq((double)(fake_pulses(&pump.hal) - before), BOLUS_PULSES + 4.0, 1.01);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_PATIENT_GIVEN, 2u), 1u);
}

/* REQ-PATIENT-02: asked every minute for two days, against a count of its own. */
Test(patient, lockout_interval_and_day_hold_against_impatience)
{
    uint64_t began[64];
    uint32_t count = 0;
    start();
    for (uint64_t minute = 0; minute < 2u * 1440u; minute++) {
        const dosing_status_t status = fake_request(&pump);
        uint32_t in_8_h = 0;
        uint32_t in_day = 0;
        for (uint32_t i = 0; i < count; i++) {
            in_8_h += began[i] + 8u * HOUR_MS > pump.hal.now_ms ? 1u : 0u;
            in_day += began[i] + DAY_MS > pump.hal.now_ms ? 1u : 0u;
        }
        const bool locked = count > 0u && began[count - 1u] + 2u * HOUR_MS > pump.hal.now_ms;
        const dosing_status_t right = locked                         ? DOSING_REFUSED_LOCKOUT
                                      : in_8_h >= 3u || in_day >= 5u ? DOSING_REFUSED_COUNT
                                                                     : DOSING_OK;
        cr_assert_eq(status, right, "minute %llu: %d, not %d", (unsigned long long)minute, status,
                     right);
        if (status == DOSING_OK) {
            began[count++] = pump.hal.now_ms;
        }
        run(MINUTE_MS);
    }
    cr_expect_eq(count, 10u);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_PATIENT_REFUSED, 2u), 2u * 1440u - 10u);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_PATIENT_REFUSED, 2u), 0u);
}

/* REQ-PATIENT-03 */
Test(patient, a_refusal_does_not_extend_the_lockout)
{
    start();
    cr_assert_eq(fake_request(&pump), DOSING_OK);
    run(2u * HOUR_MS - 1u);
    cr_expect_eq(fake_request(&pump), DOSING_REFUSED_LOCKOUT);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_LOCKOUT_MS, 4u), 1u);
    run(1u);
    cr_expect_eq(fake_request(&pump), DOSING_OK);
}

/* REQ-PATIENT-04: the clinician's bolus waits and is then given whole. */
Test(patient, suspends_a_bolus_which_then_goes_on)
{
    for (uint32_t at = 0; at <= 30u; at += 3u) {
        start();
        const uint64_t before = fake_pulses(&pump.hal);
        const uint64_t t0_ms = pump.hal.now_ms;
        cr_assert_eq(fake_bolus(&pump, 10000u, (uint32_t)(30u * MINUTE_MS)), DOSING_OK);
        run(at * MINUTE_MS + at * 977u);
        const bool waits = pump.hal.now_ms < t0_ms + 30u * MINUTE_MS;
        cr_assert_eq(fake_request(&pump), DOSING_OK);
        cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u), DOSING_DELIVERY_PATIENT);
        run(BOLUS_MS);
        cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u),
                     waits ? DOSING_DELIVERY_BOLUS : DOSING_DELIVERY_BASAL, "minute %u", at);
        run(HOUR_MS);
        cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u), DOSING_DELIVERY_BASAL);
        const double basal = (double)(pump.hal.now_ms - t0_ms) * 480.0 / (double)DAY_MS;
        const double given = (double)(fake_pulses(&pump.hal) - before);
        cr_expect_float_eq(given, 80.0 + 20.0 + basal, 1.01, "minute %u: %g of %g", at, given,
                           100.0 + basal);
        cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_GUARD, 4u), 0u);
        cr_expect_str_empty(pump.hal.violation);
    }
}

/* REQ-PATIENT-05 */
Test(patient, is_refused_where_nothing_can_be_given)
{
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    cr_expect_eq(fake_request(&pump), DOSING_REFUSED_NOT_NOW, "no programme");
    start();
    cr_assert_eq(fake_refill(&pump, 1004000u), DOSING_OK);
    cr_expect_eq(fake_request(&pump), DOSING_REFUSED_VOLUME);
    cr_assert_eq(fake_refill(&pump, 1000000u), DOSING_OK);
    cr_expect_eq(fake_request(&pump), DOSING_REFUSED_ALARM);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&pump, 500000u, BASAL), DOSING_OK);
    cr_expect_eq(fake_request(&pump), DOSING_REFUSED_NOT_NOW, "a programme without");
    start();
    cr_assert_eq(fake_stop(&pump), DOSING_OK);
    cr_expect_eq(fake_request(&pump), DOSING_REFUSED_NOT_NOW, "stopped");
}

/* REQ-PATIENT-06: setting local time touches no lockout. */
Test(patient, lockout_does_not_go_by_local_time)
{
    start();
    cr_assert_eq(fake_set_time(&pump, 0u), DOSING_OK);
    cr_assert_eq(fake_request(&pump), DOSING_OK);
    cr_assert_eq(fake_set_time(&pump, (uint32_t)(11u * HOUR_MS)), DOSING_OK);
    cr_expect_eq(fake_request(&pump), DOSING_REFUSED_LOCKOUT);
    run(2u * HOUR_MS - 1u);
    cr_assert_eq(fake_set_time(&pump, 0u), DOSING_OK);
    cr_expect_eq(fake_request(&pump), DOSING_REFUSED_LOCKOUT);
    run(1u);
    cr_expect_eq(fake_request(&pump), DOSING_OK);
}

/* REQ-PATIENT-07 */
Test(patient, every_field_of_the_bolus_ends_at_its_bounds)
{
    static const struct {
        uint32_t at, size;
        uint64_t value;
        dosing_status_t status;
    } rows[] = {
        {DOSING_PATIENT_AT_DOSE, 8u, 0u, DOSING_REFUSED_PROGRAMME}, /* and the rest is not 0 */
        {DOSING_PATIENT_AT_DOSE, 8u, DOSING_DOSE_MAX + 1u, DOSING_REFUSED_PROGRAMME},
        {DOSING_PATIENT_AT_DOSE, 8u, 100000u, DOSING_REFUSED_RATE},
        {DOSING_PATIENT_AT_DURATION, 4u, 999u, DOSING_REFUSED_PROGRAMME},
        {DOSING_PATIENT_AT_DURATION, 4u, 3600001u, DOSING_REFUSED_PROGRAMME},
        {DOSING_PATIENT_AT_LOCKOUT, 4u, 59999u, DOSING_REFUSED_PROGRAMME},
        {DOSING_PATIENT_AT_LOCKOUT, 4u, 599999u, DOSING_REFUSED_PROGRAMME}, /* below its duration */
        {DOSING_PATIENT_AT_LOCKOUT, 4u, 600000u, DOSING_OK},
        {DOSING_PATIENT_AT_LOCKOUT, 4u, 8u * HOUR_MS + 1u, DOSING_REFUSED_PROGRAMME},
        {DOSING_PATIENT_AT_INTERVAL, 4u, 2u * HOUR_MS - 1u, DOSING_REFUSED_PROGRAMME},
        {DOSING_PATIENT_AT_INTERVAL, 4u, DAY_MS, DOSING_OK},
        {DOSING_PATIENT_AT_INTERVAL, 4u, DAY_MS + 1u, DOSING_REFUSED_PROGRAMME},
        {DOSING_PATIENT_AT_PER_INTERVAL, 2u, 0u, DOSING_REFUSED_PROGRAMME},
        {DOSING_PATIENT_AT_PER_INTERVAL, 2u, 33u, DOSING_REFUSED_PROGRAMME},
        {DOSING_PATIENT_AT_PER_DAY, 2u, 0u, DOSING_REFUSED_PROGRAMME},
        {DOSING_PATIENT_AT_PER_DAY, 2u, 32u, DOSING_OK},
        {DOSING_PATIENT_AT_PER_DAY, 2u, 33u, DOSING_REFUSED_PROGRAMME},
    };
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    start();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        image_of(image);
        fake_put(image + DOSING_PROGRAMME_AT_PATIENT + rows[i].at, rows[i].value, rows[i].size);
        cr_expect_eq(fake_commit(&pump, image), rows[i].status, "row %zu", i);
    }
    image_of(image);
    image[DOSING_PROGRAMME_AT_MODE] = DOSING_MODE_MINIMUM;
    fake_put(image + DOSING_PROGRAMME_AT_DOSE, 0u, 8u);
    cr_expect_eq(fake_commit(&pump, image), DOSING_REFUSED_PROGRAMME, "none at the minimum rate");
}

/* REQ-LIMIT-03 */
Test(patient, the_boluses_that_may_be_asked_for_count_at_the_commit)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    start();
    image_of(image);
    fake_put(image + DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_AT_LIMIT, BASAL + 5u * BOLUS_NG, 8u);
    cr_expect_eq(fake_commit(&pump, image), DOSING_REFUSED_LIMIT);
    fake_put(image + DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_AT_LIMIT, BASAL + 9u * BOLUS_NG, 8u);
    cr_expect_eq(fake_commit(&pump, image), DOSING_OK);
}
