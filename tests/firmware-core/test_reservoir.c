/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-RESERVOIR: the ledger, and alarms once per crossing. */
#include <criterion/criterion.h>

#include "fake_hal.h"

#define DAY_MS UINT64_C(86400000)

static void start(fake_pump_t *p, uint32_t nl)
{
    fake_init(&p->hal);
    fake_pump_start(p);
    cr_assert_eq(fake_refill(p, nl), DOSING_OK);
    cr_assert_eq(fake_simple(p, 500000u, 150000u),
                 DOSING_OK); /* 0.3 mL/day, low 2 mL, empty 1 mL */
}

/* REQ-RESERVOIR-01 */
Test(reservoir, ledger_is_the_refill_less_every_pulse)
{
    fake_pump_t p;
    start(&p, 20000000u);
    fake_pump_run(&p, p.hal.now_ms + 10u * DAY_MS + 1234567u);
    const uint64_t pulses = fake_pulses(&p.hal);
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_VOLUME_NL, 4u), 20000000u - pulses * 250u);
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_COMMANDED, 8u), pulses);
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_CONFIRMED, 8u), pulses);
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_GIVEN_NG, 8u), pulses * 125u);
}

/* REQ-RESERVOIR-02, REQ-ALARM-02 */
Test(reservoir, low_alarm_is_raised_once_within_a_pulse_of_its_volume_and_comes_back_daily)
{
    fake_pump_t p;
    start(&p, 2300000u);
    const uint32_t tones = p.hal.tones_advisory;
    const uint64_t t0 = p.hal.now_ms;
    fake_pump_run(&p, t0 + DAY_MS - 2u * 72000u);
    cr_expect_eq(p.hal.tones_advisory, tones, "early");
    fake_pump_run(&p, t0 + DAY_MS + 2u * 72000u);
    cr_expect_eq(p.hal.tones_advisory, tones + 1u, "not raised at 2 mL");
    fake_pump_run(&p, t0 + 2u * DAY_MS - 2u * 72000u);
    cr_expect_eq(p.hal.tones_advisory, tones + 1u, "raised twice, or reminded of within a day");
    fake_pump_run(&p, t0 + 2u * DAY_MS + 2u * 72000u);
    cr_expect_eq(p.hal.tones_advisory, tones + 2u, "not reminded of after a day");
}

/* REQ-RESERVOIR-03, REQ-ALARM-02 */
Test(reservoir, dosing_stops_at_empty_after_the_stroke_and_goes_on_after_a_refill)
{
    fake_pump_t p;
    start(&p, 1300100u);
    fake_pump_run(&p, p.hal.now_ms + 3u * DAY_MS);
    cr_expect_eq(fake_pulses(&p.hal), 1201u, "0.3001 mL above empty are 1200.4 pulses");
    cr_expect_eq(p.hal.tones_critical, 48u, "once at empty, then hourly for the 47.98 h left");
    cr_expect(fake_report(&p, DOSING_REPORT_AT_ALARMS, 4u) & DOSING_ALARM_EMPTY);
    cr_assert_eq(fake_refill(&p, 1050000u), DOSING_OK);
    cr_expect(fake_report(&p, DOSING_REPORT_AT_ALARMS, 4u) & DOSING_ALARM_EMPTY,
              "inside the hysteresis");
    cr_assert_eq(fake_refill(&p, 20000000u), DOSING_OK);
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_ALARMS, 4u), 0u);
    const uint64_t before = fake_pulses(&p.hal);
    fake_pump_run(&p, p.hal.now_ms + DAY_MS);
    cr_expect_float_eq((double)(fake_pulses(&p.hal) - before), 1200.0, 2.0);
    cr_expect_str_empty(p.hal.violation);
}

/* REQ-RESERVOIR-04 */
Test(reservoir, a_refill_above_capacity_is_refused)
{
    fake_pump_t p;
    start(&p, 5000000u);
    cr_expect_eq(fake_refill(&p, 20000001u), DOSING_REFUSED_VOLUME);
    cr_expect_eq(fake_report(&p, DOSING_REPORT_AT_VOLUME_NL, 4u), 5000000u);
}

/* REQ-RESERVOIR-05 */
Test(reservoir, a_new_pump_doses_nothing_before_its_first_fill)
{
    fake_pump_t p;
    fake_init(&p.hal);
    fake_pump_start(&p);
    cr_assert_eq(fake_simple(&p, 500000u, 150000u), DOSING_OK);
    fake_pump_run(&p, p.hal.now_ms + DAY_MS);
    cr_expect_eq(fake_pulses(&p.hal), 0u);
    cr_expect_eq(p.hal.tones_critical, 0u, "a pump on the shelf is silent");
}
