/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-STALL, REQ-STOPPED, REQ-ALARM and REQ-VIEW: what the monitors tell, and what they never do. */
#include <criterion/criterion.h>

#include "dosing_alarm.h"
#include "dosing_fault.h"
#include "dosing_monitor.h"
#include "dosing_state.h"
#include "fake_hal.h"

#define MINUTE_MS UINT64_C(60000)
#define HOUR_MS UINT64_C(3600000)
#define DAY_MS UINT64_C(86400000)

static fake_pump_t pump;

/* 0.3 mL/day: a pulse each 72 s. */
static void start(uint64_t dose)
{
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&pump, 500000u, dose), DOSING_OK);
}

static void run(uint64_t ms)
{
    fake_pump_run(&pump, pump.hal.now_ms + ms);
}

static uint32_t alarms(void)
{
    return (uint32_t)fake_report(&pump, DOSING_REPORT_AT_ALARMS, 4u);
}

/* REQ-SAFE-01: the table is total over the alarm bits, one row each. */
Test(safe, the_table_has_one_row_for_each_alarm)
{
    for (uint32_t i = 0; i < DOSING_ALARMS; i++) {
        const dosing_fault_t *row = dosing_fault_row(1u << i);
        cr_expect_eq(row->alarm, 1u << i, "bit %u", i);
        cr_expect(row->tone == DOSING_TONE_ADVISORY || row->tone == DOSING_TONE_CRITICAL);
    }
    cr_expect_eq(dosing_fault_row(0u)->alarm, DOSING_ALARM_MEMORY, "anything else is the severest");
    cr_expect_eq(dosing_fault_row(3u)->alarm, DOSING_ALARM_MEMORY);
}

/* REQ-SAFE-02: dosing stops only where going on would do at least the harm of stopping, and what stops it is loud. */
Test(safe, dosing_stops_only_where_going_on_is_as_bad)
{
    uint32_t stops = 0;
    for (uint32_t i = 0; i < DOSING_ALARMS; i++) {
        const dosing_fault_t *row = dosing_fault_row(1u << i);
        if (row->action == DOSING_ACTION_STOP) {
            stops |= row->alarm;
            cr_expect_neq(row->continued, DOSING_HARM_NONE, "bit %u stops for nothing", i);
            cr_expect_eq(row->tone, DOSING_TONE_CRITICAL, "bit %u stops silently", i);
        } else if (row->action == DOSING_ACTION_HOLD) {
            cr_expect_eq(row->tone, DOSING_TONE_CRITICAL, "bit %u holds silently", i);
            cr_expect_eq(row->ends, DOSING_ENDS_BY_CAUSE, "bit %u is not tried again", i);
        } else {
            cr_expect(row->continued != DOSING_HARM_OVERDOSE &&
                          row->continued != DOSING_HARM_UNKNOWN,
                      "bit %u goes on into harm", i);
        }
    }
    cr_expect_eq(stops, DOSING_ALARM_STOPS, "the mask that the motor's path uses is the table's");
}

/* REQ-STALL-01: detected within the steps that make a stall and the rest of their train, never before. */
Test(stall, is_told_after_its_steps_and_the_rest_of_their_train)
{
    static const struct {
        uint64_t dose, pulse_ms;
    } rate[] = {{24000u, 450000u}, {150000u, 72000u}, {500000u, 21600u}, {5000000u, 2160u}};
    for (size_t i = 0; i < sizeof rate / sizeof rate[0]; i++) {
        start(rate[i].dose);
        run(3u * HOUR_MS);
        fake_stall(&pump.hal, true);
        const uint64_t stood_ms = pump.hal.now_ms;
        while ((alarms() & DOSING_ALARM_STALL) == 0u && pump.hal.now_ms < stood_ms + DAY_MS) {
            run(MINUTE_MS);
        }
        const uint64_t delay_ms = pump.hal.now_ms - stood_ms;
        const uint64_t steps = DOSING_MONITOR_STALL_STEPS;
        const uint64_t train_ms =
            64u * rate[i].pulse_ms < HOUR_MS ? 64u * rate[i].pulse_ms : HOUR_MS;
        cr_expect_geq(delay_ms + rate[i].pulse_ms, (steps - 1u) * rate[i].pulse_ms, "row %zu: %llu",
                      i, (unsigned long long)delay_ms);
        cr_expect_leq(delay_ms, steps * rate[i].pulse_ms + train_ms + 2u * MINUTE_MS,
                      "row %zu: %llu ms", i, (unsigned long long)delay_ms);
        const uint64_t first_ms = fake_report(&pump, DOSING_REPORT_AT_STALL_MS, 8u);
        cr_expect_geq(first_ms + rate[i].pulse_ms, stood_ms, "row %zu: first miss", i);
        cr_expect_leq(first_ms, stood_ms + train_ms, "row %zu: first miss", i);
        cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_STALLS, 4u), 1u);
        cr_expect_str_empty(pump.hal.violation);
    }
}

/* REQ-STALL-02: a field that holds the rotor for an hour and leaves it bound for 24 h: therapy is commanded all the while,
 * comes back by itself, makes up for nothing and clears its own alarm. */
Test(stall, recovers_by_itself_after_a_magnetic_field_and_makes_up_for_nothing)
{
    start(150000u);
    run(3u * HOUR_MS);
    fake_stall(&pump.hal, true);
    run(25u * HOUR_MS);
    cr_expect(alarms() & DOSING_ALARM_STALL);
    const uint64_t before = fake_pulses(&pump.hal);
    fake_stall(&pump.hal, false);
    run(3u * HOUR_MS);
    cr_expect_eq(alarms() & DOSING_ALARM_STALL, 0u, "recovery is not seen");
    run(21u * HOUR_MS);
    cr_expect_leq(fake_pulses(&pump.hal) - before, 1201u, "missed pulses were made up for");
    cr_expect_geq(fake_pulses(&pump.hal) - before, 1199u);
    const uint64_t missed = fake_report(&pump, DOSING_REPORT_AT_COMMANDED, 8u) -
                            fake_report(&pump, DOSING_REPORT_AT_CONFIRMED, 8u);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_MISSED, 4u), missed);
    cr_expect(missed >= 1200u && missed <= 1300u, "25 h of 50 pulses: %llu",
              (unsigned long long)missed);
    cr_expect_str_empty(pump.hal.violation);
}

/* REQ-STALL-03: now and then a step is none; what cannot be read is none. */
Test(stall, is_not_told_of_single_steps_or_of_a_coil_that_cannot_be_read)
{
    start(150000u);
    for (int i = 0; i < 20; i++) {
        run(HOUR_MS - 5u * MINUTE_MS);
        fake_stall(&pump.hal, true);
        run(5u * MINUTE_MS);
        fake_stall(&pump.hal, false);
    }
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_STALLS, 4u), 0u);
    pump.hal.confirm_fails = true;
    run(DAY_MS);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_STALLS, 4u), 0u);
    cr_expect_eq(alarms() & (DOSING_ALARM_STALL | DOSING_ALARM_DEVIATION), 0u);
}

/* REQ-STALL-04: a day in which over 10 % of the steps were missed is told, and a good day ends it. */
Test(stall, a_day_of_too_few_steps_is_a_deviation_until_a_good_day)
{
    start(150000u);
    for (int i = 0; i < 48; i++) { /* 6 of each 50 pulses, never 8 in a row */
        run(HOUR_MS - 8u * MINUTE_MS);
        fake_stall(&pump.hal, true);
        run(8u * MINUTE_MS);
        fake_stall(&pump.hal, false);
    }
    run(HOUR_MS);
    cr_expect_eq(alarms() & (DOSING_ALARM_DEVIATION | DOSING_ALARM_STALL), DOSING_ALARM_DEVIATION);
    run(3u * DAY_MS);
    cr_expect_eq(alarms() & DOSING_ALARM_DEVIATION, 0u, "a good day does not end it");
}

/* REQ-STALL-05 */
Test(stall, counters_stay_full)
{
    dosing_state_t *state = (dosing_state_t *)(void *)pump.state;
    start(150000u);
    state->run.missed = UINT32_MAX - 1u;
    dosing_state_seal_hot(state);
    fake_stall(&pump.hal, true);
    run(3u * HOUR_MS);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_MISSED, 4u), UINT32_MAX);
}

/* REQ-STOPPED-01: 48 h without a pulse are told, whatever the reason, once therapy has begun; a pulse ends it. */
Test(stopped, is_told_after_48_hours_and_ends_with_a_pulse)
{
    start(150000u);
    run(HOUR_MS);
    cr_assert_eq(fake_send(&pump, DOSING_FRAME_STOP, NULL, 0u), DOSING_OK);
    run(48u * HOUR_MS - 2u * MINUTE_MS);
    cr_expect_eq(alarms() & DOSING_ALARM_STOPPED, 0u, "early");
    cr_expect_eq(pump.hal.tones_critical, 0u);
    run(3u * MINUTE_MS);
    cr_expect(alarms() & DOSING_ALARM_STOPPED, "late");
    cr_expect_eq(pump.hal.tones_critical, 1u);
    run(10u * HOUR_MS);
    cr_expect_eq(pump.hal.tones_critical, 11u, "hourly: %u", pump.hal.tones_critical);
    cr_assert_eq(fake_simple(&pump, 500000u, 150000u), DOSING_OK);
    run(2u * HOUR_MS);
    cr_expect_eq(alarms() & DOSING_ALARM_STOPPED, 0u);
    cr_expect_eq(pump.hal.tones_critical, 11u);
}

/* REQ-STOPPED-01: a try that the motor refuses is no pulse, of a pump in use and of one that never gave. */
Test(stopped, tries_that_fail_are_no_pulses)
{
    start(150000u);
    run(HOUR_MS);
    pump.hal.start_fails = true;
    run(47u * HOUR_MS);
    cr_expect_eq(alarms() & DOSING_ALARM_STOPPED, 0u, "early");
    run(2u * HOUR_MS);
    cr_expect(alarms() & DOSING_ALARM_STOPPED, "late");
    cr_expect_geq(pump.hal.tones_critical, 1u);
    pump.hal.start_fails = false;
    run(3u * HOUR_MS);
    cr_expect_eq(alarms() & DOSING_ALARM_STOPPED, 0u, "a pulse ends it");
    start(150000u);
    pump.hal.start_fails = true;
    run(49u * HOUR_MS);
    cr_expect(alarms() & DOSING_ALARM_STOPPED, "never gave");
}

/* REQ-STOPPED-02 */
Test(stopped, a_pump_that_never_gave_is_silent)
{
    start(150000u);
    cr_assert_eq(fake_refill(&pump, 0u), DOSING_OK);
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    run(30u * DAY_MS);
    cr_expect_eq(pump.hal.tones_critical + pump.hal.tones_advisory, 0u);
}

/* REQ-ALARM-01: an alarm that was seen is silent; one that only its cause can end still holds. */
Test(alarm, is_silent_once_it_was_acknowledged_and_holds_until_its_cause_ends)
{
    uint8_t bits[4];
    start(150000u);
    run(HOUR_MS);
    cr_assert_eq(fake_refill(&pump, 1500000u), DOSING_OK); /* below the low threshold of 2 mL */
    cr_expect_eq(pump.hal.tones_advisory, 1u);
    fake_put(bits, DOSING_ALARM_LOW, 4u);
    cr_assert_eq(fake_send(&pump, DOSING_FRAME_ALARM_CLEAR, bits, 4u), DOSING_OK);
    run(DAY_MS + HOUR_MS);
    cr_expect_eq(pump.hal.tones_advisory, 1u, "reminded of what was seen");
    cr_expect(alarms() & DOSING_ALARM_LOW);
}

/* REQ-ALARM-03: a notice on the way does not put off the reminder of something worse. */
Test(alarm, a_notice_does_not_put_off_the_reminder_of_worse)
{
    start(150000u);
    run(HOUR_MS);
    cr_assert_eq(fake_send(&pump, DOSING_FRAME_STOP, NULL, 0u), DOSING_OK);
    run(48u * HOUR_MS + 30u * MINUTE_MS);
    const uint32_t critical = pump.hal.tones_critical;
    cr_expect_eq(critical, 1u);
    cr_assert_eq(fake_refill(&pump, 1500000u), DOSING_OK); /* low: a notice */
    cr_expect_eq(pump.hal.tones_advisory, 1u);
    run(35u * MINUTE_MS);
    cr_expect_eq(pump.hal.tones_critical, critical + 1u);
}

/* REQ-VIEW-01: what the core cannot see stays invisible. A tube that gives 20 % more with every pulse, and a refill that
 * went beside the reservoir: every word of the core's own account is what it would be without. */
Test(view, over_infusion_and_a_pocket_fill_change_nothing_that_the_core_says)
{
    uint8_t report[DOSING_REPORT_BYTES];
    start(150000u);
    run(10u * DAY_MS);
    cr_assert_eq(fake_refill(&pump, 20000000u),
                 DOSING_OK); /* declared; no drop of it is in the reservoir */
    run(10u * DAY_MS);
    const double real_ml = (double)fake_pulses(&pump.hal) * 0.25e-3 * 1.2;
    cr_assert_eq(fake_send(&pump, DOSING_FRAME_INTERROGATE, NULL, 0u), DOSING_OK);
    for (uint32_t i = 0; i < DOSING_REPORT_BYTES; i++) {
        report[i] = pump.hal.reply[DOSING_FRAME_HEADER_BYTES + i];
    }
    cr_expect_eq(fake_get(report + DOSING_REPORT_AT_ALARMS, 4u), 0u);
    cr_expect_float_eq((double)fake_get(report + DOSING_REPORT_AT_VOLUME_NL, 4u), 17.0e6, 2500.0);
    cr_expect_float_eq((double)fake_get(report + DOSING_REPORT_AT_GIVEN_NL, 8u), 6.0e6, 2500.0);
    cr_expect_gt(real_ml, 7.1, "what flowed in truth");
    cr_expect_eq(pump.hal.tones_advisory + pump.hal.tones_critical, 0u);
}
