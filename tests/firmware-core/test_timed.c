/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-TIMED and REQ-TIME: boluses by the clock on the wall, and hands that are turned. */
#include <criterion/criterion.h>
#include <string.h>

#include "fake_image.h"

#define DAY_MS UINT64_C(86400000)
#define HOUR_MS UINT64_C(3600000)
#define MINUTE_MS UINT64_C(60000)
#define BASAL 60000u /* ng/day: 0.12 mL/day, 480 pulses a day, one in 3 min */
#define BOLUS_NG 5000u
#define BOLUS_PULSES 40u /* 5000 ng at 500 000 ng/mL: 10 uL of 0.25 uL */
#define BOLUS_MS 600000u

static fake_pump_t pump;

static void start(uint32_t week_ms)
{
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_assert_eq(fake_set_time(&pump, week_ms), DOSING_OK);
}

static void simple(uint8_t *image)
{
    memset(image, 0, DOSING_IMAGE_BYTES_MAX);
    fake_programme(image, 500000u, BASAL);
}

static void run(uint64_t ms)
{
    fake_pump_run(&pump, pump.hal.now_ms + ms);
}

/* Boluses given between two counts, to the nearest; basal taken off. */
static double boluses(uint64_t pulses, uint64_t ms)
{
    return ((double)pulses - (double)ms * 480.0 / (double)DAY_MS) / BOLUS_PULSES;
}

/* Lets `ms` pass, in which `count` boluses are to be given, to two pulses. */
static void expect_boluses(uint64_t ms, double count, const char *what)
{
    const uint64_t before = fake_pulses(&pump.hal);
    run(ms);
    const double given = boluses(fake_pulses(&pump.hal) - before, ms);
    cr_expect_float_eq(given, count, 2.0 / BOLUS_PULSES, "%s: %g boluses, not %g", what, given,
                       count);
}

static uint64_t delivery(void)
{
    return fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u);
}

/* REQ-TIMED-01 */
Test(timed, begins_at_its_minute_on_its_days)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    simple(image);
    image_timed(image, IMAGE_WORKDAYS, 8u * 60u, BOLUS_MS, BOLUS_NG);
    image_timed(image, IMAGE_DAILY, 20u * 60u + 30u, BOLUS_MS, BOLUS_NG);
    start((uint32_t)(7u * HOUR_MS));
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    const uint64_t eight_ms = pump.hal.now_ms + HOUR_MS;
    fake_pump_run(&pump, eight_ms - 1u);
    cr_expect_eq(delivery(), DOSING_DELIVERY_BASAL);
    fake_pump_run(&pump, eight_ms);
    cr_expect_eq(delivery(), DOSING_DELIVERY_TIMED);
    fake_pump_run(&pump, eight_ms + BOLUS_MS - 1u);
    cr_expect_eq(delivery(), DOSING_DELIVERY_TIMED);
    fake_pump_run(&pump, eight_ms + BOLUS_MS);
    cr_expect_eq(delivery(), DOSING_DELIVERY_BASAL);
    expect_boluses(7u * DAY_MS, 12.0, "five and seven");
    fake_pump_run(&pump, eight_ms + 11u * DAY_MS + HOUR_MS); /* Friday 9:00 */
    expect_boluses(2u * DAY_MS, 2.0, "evenings only");
    cr_expect_str_empty(pump.hal.violation);
}

/* REQ-TIMED-01: each gives its dose within a pulse; over 40 days nothing is lost. */
Test(timed, gives_its_dose_each_time)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    simple(image);
    for (uint32_t i = 0; i < 16u; i++) {
        image_timed(image, IMAGE_DAILY, i * 90u, BOLUS_MS, BOLUS_NG);
    }
    start(1u);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    for (int day = 0; day < 40; day++) {
        expect_boluses(DAY_MS, day == 0 ? 15.0 : 16.0, "a day");
    }
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_GUARD, 4u), 0u);
}

/* REQ-TIMED-02: a clinician's bolus of two hours is under way: it waits an hour, and is then skipped; one of 50 min ends in time. */
Test(timed, waits_for_another_bolus_for_an_hour)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    simple(image);
    image_timed(image, IMAGE_DAILY, 60u, BOLUS_MS, BOLUS_NG);
    start(0u);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    run(55u * MINUTE_MS);
    cr_assert_eq(fake_bolus(&pump, BOLUS_NG, (uint32_t)(50u * MINUTE_MS)), DOSING_OK);
    run(49u * MINUTE_MS);
    cr_expect_eq(delivery(), DOSING_DELIVERY_BOLUS);
    run(2u * MINUTE_MS);
    cr_expect_eq(delivery(), DOSING_DELIVERY_TIMED, "it began when the other ended");
    run(DAY_MS - 60u * MINUTE_MS);
    const uint64_t before = fake_pulses(&pump.hal);
    cr_assert_eq(fake_bolus(&pump, BOLUS_NG, (uint32_t)(120u * MINUTE_MS)), DOSING_OK);
    run(4u * HOUR_MS);
    cr_expect_float_eq(boluses(fake_pulses(&pump.hal) - before, 4u * HOUR_MS), 1.0, 0.1, "skipped");
    expect_boluses(DAY_MS, 1.0, "the next is due as ever");
}

/* REQ-TIMED-03 */
Test(timed, that_overlap_or_are_too_fast_are_refused)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    static const struct {
        uint32_t days, minute, ms;
        uint64_t ng;
        dosing_status_t status;
    } second[] = {{IMAGE_DAILY, 70u, BOLUS_MS, BOLUS_NG, DOSING_OK},
                  {IMAGE_DAILY, 69u, BOLUS_MS, BOLUS_NG, DOSING_REFUSED_PROGRAMME},
                  {IMAGE_DAILY, 60u, BOLUS_MS, BOLUS_NG, DOSING_REFUSED_PROGRAMME},
                  {IMAGE_DAILY, 51u, BOLUS_MS, BOLUS_NG, DOSING_REFUSED_PROGRAMME},
                  {IMAGE_DAILY, 50u, BOLUS_MS, BOLUS_NG, DOSING_OK},
                  {IMAGE_DAILY, 300u, 3600001u, BOLUS_NG, DOSING_REFUSED_PROGRAMME},
                  {IMAGE_DAILY, 300u, 999u, BOLUS_NG, DOSING_REFUSED_PROGRAMME},
                  {IMAGE_DAILY, 300u, BOLUS_MS, 0u, DOSING_REFUSED_PROGRAMME},
                  {0u, 300u, BOLUS_MS, BOLUS_NG, DOSING_REFUSED_PROGRAMME},
                  {IMAGE_DAILY, 1440u, BOLUS_MS, BOLUS_NG, DOSING_REFUSED_PROGRAMME},
                  {IMAGE_DAILY, 300u, BOLUS_MS, 90000u, DOSING_REFUSED_RATE},
                  {IMAGE_MONDAY << 6u, 1430u, 3600000u, 50000u, DOSING_OK}};
    start(0u);
    for (size_t i = 0; i < sizeof second / sizeof second[0]; i++) {
        simple(image);
        image_timed(image, IMAGE_DAILY, 60u, BOLUS_MS, BOLUS_NG);
        image_timed(image, second[i].days, second[i].minute, second[i].ms, second[i].ng);
        cr_expect_eq(fake_commit(&pump, image), second[i].status, "row %zu", i);
    }
    simple(image); /* from Sunday 23:50 into Monday 0:40 */
    image_timed(image, IMAGE_MONDAY, 40u, BOLUS_MS, BOLUS_NG);
    image_timed(image, IMAGE_MONDAY << 6u, 1430u, 3600000u, BOLUS_NG);
    cr_expect_eq(fake_commit(&pump, image), DOSING_REFUSED_PROGRAMME);
}

/* REQ-TIMED-04: what a day of timed boluses adds up to is held against the limits at the commit. */
Test(timed, count_against_the_limits_at_the_commit)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    start(0u);
    simple(image);
    image_timed(image, IMAGE_DAILY, 60u, BOLUS_MS, BOLUS_NG);
    image_timed(image, IMAGE_DAILY, 720u, BOLUS_MS, BOLUS_NG);
    fake_put(image + DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_AT_LIMIT, BASAL + 2u * BOLUS_NG, 8u);
    cr_expect_eq(fake_commit(&pump, image), DOSING_REFUSED_LIMIT);
    fake_put(image + DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_AT_LIMIT, BASAL + 4u * BOLUS_NG, 8u);
    cr_expect_eq(fake_commit(&pump, image), DOSING_OK, "25 h hold three, and slack");
}

/* REQ-TIME-01: summer time begins and ends within the hour of a bolus. */
Test(local, hands_put_on_and_back_repeat_and_skip_no_bolus)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    for (uint32_t at = 115u; at <= 185u; at += 5u) { /* minutes: around 2:00 and 3:00 on Sunday */
        simple(image);
        image_timed(image, IMAGE_DAILY, at, BOLUS_MS, BOLUS_NG);
        start((uint32_t)(6u * DAY_MS));
        cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
        const uint64_t before = fake_pulses(&pump.hal);
        const uint64_t t0_ms = pump.hal.now_ms;
        run(2u * HOUR_MS);
        cr_assert_eq(fake_set_time(&pump, (uint32_t)(6u * DAY_MS + 3u * HOUR_MS)), DOSING_OK);
        run(22u * HOUR_MS - MINUTE_MS);
        cr_expect_float_eq(boluses(fake_pulses(&pump.hal) - before, pump.hal.now_ms - t0_ms), 1.0,
                           0.1, "put on, minute %u", at);
    }
    for (uint32_t at = 115u; at <= 185u; at += 5u) {
        simple(image);
        image_timed(image, IMAGE_DAILY, at, BOLUS_MS, BOLUS_NG);
        start((uint32_t)(6u * DAY_MS));
        cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
        const uint64_t before = fake_pulses(&pump.hal);
        const uint64_t t0_ms = pump.hal.now_ms;
        run(3u * HOUR_MS);
        cr_assert_eq(fake_set_time(&pump, (uint32_t)(6u * DAY_MS + 2u * HOUR_MS)), DOSING_OK);
        run(21u * HOUR_MS);
        cr_expect_float_eq(boluses(fake_pulses(&pump.hal) - before, pump.hal.now_ms - t0_ms), 1.0,
                           0.1, "put back, minute %u", at);
    }
}

/* REQ-TIME-01: random journeys; of every local day's boluses each is given exactly once. */
Test(local, journeys_repeat_and_skip_no_bolus)
{
    uint64_t seed = 77u;
    for (int trip = 0; trip < 40; trip++) {
        uint8_t image[DOSING_IMAGE_BYTES_MAX];
        const uint64_t was = seed;
        simple(image);
        for (uint32_t i = 0; i < 4u; i++) {
            image_timed(image, IMAGE_DAILY, 120u + i * 360u, BOLUS_MS, BOLUS_NG);
        }
        start((uint32_t)(fake_random(&seed) % IMAGE_WEEK_MS));
        cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
        const uint64_t before = fake_pulses(&pump.hal);
        const uint64_t t0_ms = pump.hal.now_ms;
        int64_t turned_ms = 0;
        for (int leg = 0; leg < 8; leg++) {
            run(fake_random(&seed) % (3u * DAY_MS));
            const uint64_t local = fake_report(&pump, DOSING_REPORT_AT_LOCAL, 4u);
            const int64_t turn =
                (int64_t)(fake_random(&seed) % (22u * HOUR_MS)) - 11 * (int64_t)HOUR_MS;
            turned_ms += turn;
            const uint64_t to = (local + IMAGE_WEEK_MS + (uint64_t)turn) % IMAGE_WEEK_MS;
            cr_assert_eq(fake_set_time(&pump, (uint32_t)to), DOSING_OK, "seed %llu leg %d",
                         (unsigned long long)was, leg);
        }
        run(4u * DAY_MS); /* until the hands have caught up with all that was served */
        const uint64_t passed_ms = pump.hal.now_ms - t0_ms;
        const double given = boluses(fake_pulses(&pump.hal) - before, passed_ms);
        const double local_days = (double)((int64_t)passed_ms + turned_ms) / (double)DAY_MS;
        cr_expect_lt(given, local_days * 4.0 + 1.1, "seed %llu: repeated", (unsigned long long)was);
        cr_expect_gt(given, local_days * 4.0 - 1.1, "seed %llu: skipped", (unsigned long long)was);
        cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_GUARD, 4u), 0u);
        cr_expect_str_empty(pump.hal.violation);
    }
}

/* REQ-TIME-02: across the date line the day has another name, and nothing else happens. */
Test(local, another_weekday_at_the_same_hour_is_a_new_name_alone)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    simple(image);
    image_timed(image, IMAGE_DAILY, 60u, BOLUS_MS, BOLUS_NG);
    image_timed(image, IMAGE_WEEKEND, 720u, BOLUS_MS, BOLUS_NG);
    start(0u);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    expect_boluses(2u * HOUR_MS, 1.0, "the first");
    cr_assert_eq(fake_set_time(&pump, (uint32_t)(6u * DAY_MS + 2u * HOUR_MS)), DOSING_OK);
    expect_boluses(22u * HOUR_MS, 1.0, "Sunday's noon, and not 1:00 again");
    expect_boluses(DAY_MS, 1.0, "Monday");
}

/* REQ-TIME-03: a jump that would heap up more than the limits allow is refused, and nothing is turned. */
Test(local, a_jump_past_the_limits_is_refused)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    simple(image);
    for (uint32_t i = 0; i < 4u; i++) {
        image_timed(image, IMAGE_DAILY, 120u + i * 360u, BOLUS_MS, BOLUS_NG);
    }
    fake_put(image + DOSING_PROGRAMME_AT_DRUG + DOSING_DRUG_AT_LIMIT, BASAL + 8u * BOLUS_NG, 8u);
    start((uint32_t)HOUR_MS);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    run(DAY_MS);
    cr_expect_eq(fake_set_time(&pump, (uint32_t)(DAY_MS + 13u * HOUR_MS - 1u)),
                 DOSING_REFUSED_LIMIT);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_LOCAL, 4u), DAY_MS + HOUR_MS);
    cr_expect_eq(fake_set_time(&pump, (uint32_t)(DAY_MS + 2u * HOUR_MS - 1u)), DOSING_OK);
}
