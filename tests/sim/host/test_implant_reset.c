/* SPDX-License-Identifier: Apache-2.0 */
/* Resets of the implant: what they are to hardware and core, and the cell that brings them about. */
#include "device/pump_drive.h"
#include "host/implant_hal.h"
#include "tests/models/device/defaults.h"
#include "tests/sim/host/aged.h"

#include "dosing_frame.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define MONTH_MS (AGED_DAY_MS * 365 / 12)

static aged_t a;
static const dosing_hal_t *hal;
static error_t e;

static void begin(void)
{
    aged_default(&a);
    hal = implant_hal_table();
}

static void end(void)
{
    aged_free(&a);
}

static uint64_t main_clock_ms(void)
{
    uint64_t ms = 0;
    cr_assert_eq(hal->clock_ms(&a.implant, &ms), DOSING_HAL_OK);
    return ms;
}

static void reset(uint32_t cause)
{
    cr_assert_eq(implant_reset(&a.implant, cause, &e), 0, "%s", e.text);
}

TestSuite(implant_reset, .init = begin, .fini = end);

/* ---- imposed ---- */

Test(implant_reset, goes_on_with_the_programme_and_tells)
{
    aged_start(&a);
    aged_live(&a, 10 * AGED_HOUR_MS);
    reset(DOSING_RESET_WATCHDOG);
    const int64_t before = implant_pulses_commanded(&a.implant);
    aged_live(&a, 10 * AGED_HOUR_MS);
    const programmer_report_t r = aged_report(&a);
    cr_expect_eq(r.reset_cause, DOSING_RESET_WATCHDOG);
    cr_expect_float_eq(r.dose_ug_per_day, 150.0, 0.01);
    cr_expect(r.alarms & DOSING_ALARM_RESET);
    cr_expect_gt(a.tones, 0);
    const int64_t given = implant_pulses_commanded(&a.implant) - before;
    cr_expect(given >= 498 && given <= 500, "%lld pulses in ten hours", (long long)given);
    cr_expect(a.resets == 1 && a.implant.power.resets == 1 && a.implant.power.brown_outs == 0);
    cr_expect_eq(aged_device(&a).resets, 1);
}

/* The books: what the motor turned was delivered, the stroke that the reset cut short included. */
Test(implant_reset, ends_a_train_and_loses_no_volume)
{
    aged_start(&a);
    aged_live(&a, 10 * AGED_HOUR_MS + 25 * MINUTE_MS);
    cr_assert(pump_drive_running(&a.implant.pump));
    reset(DOSING_RESET_SOFTWARE);
    cr_expect_not(pump_drive_running(&a.implant.pump));
    cr_expect_eq(implant_pulses_commanded(&a.implant), implant_pulses_confirmed(&a.implant));
    cr_expect_eq(implant_pulses_commanded(&a.implant), 521);
    aged_live(&a, 100 * AGED_HOUR_MS + 7 * MINUTE_MS);
    reset(DOSING_RESET_BROWN_OUT);
    const int64_t pulses = implant_pulses_commanded(&a.implant);
    cr_expect_eq(implant_advance(&a.implant, a.implant.pump.now_ms, &e), 0, "%s", e.text);
    cr_expect_eq(implant_pulses_commanded(&a.implant), pulses);
    cr_expect_float_eq(a.volume_ml, 0.25e-3 * (double)pulses, 0.75e-3, "ripple at most");
    cr_expect_float_eq(a.volume_ml, implant_delivered_ml(&a.implant), 1e-12);
}

Test(implant_reset, by_a_loss_of_power_begins_what_counts_from_power_on)
{
    uint32_t done = 99, running = 99, idle = 0, loaded = 0, index = 99;
    aged_start(&a);
    aged_live(&a, 40 * AGED_HOUR_MS);
    const uint64_t ms = main_clock_ms();
    reset(DOSING_RESET_SOFTWARE);
    cr_expect_eq(main_clock_ms(), ms, "power stayed");
    cr_assert_eq(hal->rotor_index(&a.implant, &index), DOSING_HAL_OK);
    cr_expect_gt(index, 5);
    reset(DOSING_RESET_BROWN_OUT);
    cr_expect_eq(main_clock_ms(), 0);
    cr_assert_eq(hal->rotor_index(&a.implant, &index), DOSING_HAL_OK);
    cr_assert_eq(hal->train_status(&a.implant, &done, &running), DOSING_HAL_OK);
    cr_assert_eq(hal->battery_idle_mv(&a.implant, &idle), DOSING_HAL_OK);
    cr_assert_eq(hal->battery_loaded_mv(&a.implant, &loaded), DOSING_HAL_OK);
    cr_expect(index == 0 && done == 0 && running == 0 && idle == loaded);
    aged_live(&a, 3 * AGED_HOUR_MS);
    cr_assert_eq(hal->battery_loaded_mv(&a.implant, &loaded), DOSING_HAL_OK);
    cr_expect_lt(loaded, idle);
}

Test(implant_reset, has_a_cause_and_a_core)
{
    aged_start(&a);
    cr_expect_eq(implant_reset(&a.implant, 0, &e), ERROR_ARGUMENT);
    cr_expect_eq(implant_reset(&a.implant, DOSING_RESET_UNKNOWN + 1, &e), ERROR_ARGUMENT);
    cr_expect_eq(a.resets, 0);
    aged_free(&a);
    a.param.pump.kind = PUMP_CONSTANT_FLOW;
    a.param.pump.propellant = default_propellant;
    a.param.pump.flow_ml_per_day = a.param.stated_flow_ml_per_day = 1.0;
    const implant_sinks_t none = {0};
    cr_assert_eq(implant_init(&a.implant, &a.param, &a.core, &none, &e), 0, "%s", e.text);
    cr_expect_eq(implant_reset(&a.implant, DOSING_RESET_SOFTWARE, &e), ERROR_ARGUMENT);
}

/* ---- brown-out ---- */

/* Its motor alone is too much for the cell. */
static void let_the_motor_be_too_much(void)
{
    a.param.pump.battery.tone_ma = a.param.pump.battery.frame_ma = 1.0;
    aged_start(&a);
    aged_live(&a, 10 * AGED_DAY_MS);
    battery_set_film_ohm(&a.implant.pump.battery, 400.0);
    cr_assert(battery_carries(&a.implant.pump.battery, BATTERY_AWAKE));
    cr_assert_not(battery_carries(&a.implant.pump.battery, BATTERY_PULSE));
}

Test(implant_reset, a_load_that_the_cell_does_not_carry_takes_the_core_down)
{
    uint8_t kept[64], reply[DOSING_FRAME_BYTES_MAX];
    static const uint8_t bytes[8] = {0};
    uint32_t length = 99;
    let_the_motor_be_too_much();
    while (!a.implant.power.dark) {
        cr_assert_eq(implant_advance(&a.implant, implant_wake_ms(&a.implant), &e), 0);
        cr_assert_eq(implant_wake(&a.implant, &e), 0, "%s", e.text);
    }
    cr_expect_eq(a.implant.power.brown_outs, 1);
    cr_expect_eq(implant_wake_ms(&a.implant), a.implant.pump.now_ms + 1000);
    cr_expect_not(pump_drive_running(&a.implant.pump));
    memcpy(kept, a.implant.store, sizeof kept);
    cr_expect_eq(hal->motor_arm(&a.implant, 4, 1000), DOSING_HAL_FAILED);
    cr_expect_eq(hal->train_start(&a.implant, 4, 1000), DOSING_HAL_FAILED);
    cr_expect_eq(hal->tone(&a.implant, DOSING_TONE_CRITICAL), DOSING_HAL_FAILED);
    cr_expect_eq(hal->store_erase(&a.implant, 0), DOSING_HAL_FAILED);
    cr_expect_eq(hal->store_write(&a.implant, 0, bytes, 8), DOSING_HAL_FAILED);
    cr_expect_eq(hal->transmit(&a.implant, bytes, 8), DOSING_HAL_FAILED);
    cr_expect_eq(memcmp(kept, a.implant.store, sizeof kept), 0);
    cr_expect_eq(implant_exchange(&a.implant, bytes, 8, reply, &length, &e), 0);
    cr_expect_eq(length, 0, "a pump that is down answered");
    cr_expect_eq(a.implant.power.brown_outs, 1);
}

/* Each start goes on with the programme, and its first train ends it: until the core has had enough. */
Test(implant_reset, a_motor_that_is_too_much_makes_a_storm_that_the_core_latches)
{
    let_the_motor_be_too_much();
    const int64_t before = implant_pulses_commanded(&a.implant);
    aged_live(&a, AGED_DAY_MS);
    cr_expect_eq(a.resets, 9, "%lld resets", (long long)a.resets);
    cr_expect_eq(a.last_cause, DOSING_RESET_BROWN_OUT);
    cr_expect(aged_report(&a).alarms & DOSING_ALARM_STORM);
    const int64_t given = implant_pulses_commanded(&a.implant) - before;
    cr_expect_leq(given, 50, "no more than the train under way when the film came");
    aged_live(&a, 30 * AGED_DAY_MS);
    cr_expect_eq(a.resets, 9);
    cr_expect_eq(implant_pulses_commanded(&a.implant), before + given, "latched");
    cr_expect_gt(a.tones, 24 * 30, "hourly");
}

/* A short inside the pump lowers every voltage, and draws the cell empty besides. */
Test(implant_reset, a_leak_does_the_same)
{
    aged_start(&a);
    aged_live(&a, 10 * AGED_DAY_MS);
    battery_set_leak_ua(&a.implant.pump.battery, 31500.0); /* 1.26 V over 40 ohm */
    aged_live(&a, 90 * MINUTE_MS);
    cr_expect_geq(a.resets, 8);
    const double used_mah = battery_used_mah(&a.implant.pump.battery);
    aged_live(&a, 2 * AGED_HOUR_MS);
    cr_expect_float_eq(battery_used_mah(&a.implant.pump.battery) - used_mah, 63.0, 0.5);
    aged_live(&a, 3 * AGED_DAY_MS);
    cr_expect(a.implant.power.dead);
}

Test(implant_reset, radio_that_is_too_much_resets_the_pump_and_stays_silent)
{
    programmer_report_t r;
    aged_start(&a);
    aged_live(&a, 10 * AGED_DAY_MS);
    a.implant.pump.battery.param.frame_ma = 100.0;
    cr_expect_eq(programmer_interrogate(&a.desk.programmer, &r, &e), ERROR_CORE_REFUSED);
    cr_expect(a.implant.power.brown_outs == 1 && a.resets == 0);
    cr_expect_eq(programmer_interrogate(&a.desk.programmer, &r, &e), ERROR_CORE_REFUSED);
    aged_live(&a, 2000);
    cr_expect(a.implant.power.brown_outs == 1 && a.resets == 1, "down, it hears nothing");
    cr_expect(aged_alarms(&a) & DOSING_ALARM_RESET);
}

Test(implant_reset, a_cell_that_does_not_carry_the_processor_never_starts_it_again)
{
    programmer_report_t r;
    aged_start(&a);
    aged_live(&a, 10 * AGED_DAY_MS);
    battery_set_film_ohm(&a.implant.pump.battery, 1000.0);
    aged_live(&a, AGED_DAY_MS);
    cr_expect(a.implant.power.dead && a.implant.power.dark && a.resets == 0);
    cr_expect_eq(implant_wake_ms(&a.implant), IMPLANT_NEVER_MS);
    const double used_mah = battery_used_mah(&a.implant.pump.battery), volume_ml = a.volume_ml;
    battery_set_film_ohm(&a.implant.pump.battery, 0.0);
    aged_live(&a, 100 * AGED_DAY_MS);
    reset(DOSING_RESET_POWER_ON);
    cr_expect(a.implant.power.dead && a.resets == 0, "it came back");
    cr_expect_eq(programmer_interrogate(&a.desk.programmer, &r, &e), ERROR_CORE_REFUSED);
    cr_expect_eq(battery_used_mah(&a.implant.pump.battery), used_mah);
    cr_expect_eq(a.volume_ml, volume_ml);
}

/* Tracing tells the call that took the processor down, and none that its core still tried. */
static int64_t calls, failed_tones, after;

static void see_call(void *context, const recorder_call_t *call)
{
    (void)context;
    calls++;
    after += failed_tones;
    failed_tones += call->id == RECORDER_TONE && call->result == DOSING_HAL_FAILED;
}

Test(implant_reset, a_trace_ends_where_the_processor_went_down)
{
    aged_start(&a);
    aged_free(&a);
    const implant_sinks_t sinks = {.context = &a, .call = see_call};
    cr_assert_eq(implant_init(&a.implant, &a.param, &a.core, &sinks, &e), 0, "%s", e.text);
    cr_assert_eq(implant_wake(&a.implant, &e), 0, "%s", e.text);
    battery_set_film_ohm(&a.implant.pump.battery, 200.0);
    const int64_t before = calls;
    cr_expect_eq(a.implant.recorder.inner, hal);
    const dosing_hal_t *told = recorder_hal(&a.implant.recorder);
    cr_expect_eq(told->tone(&a.implant.recorder, DOSING_TONE_CRITICAL), DOSING_HAL_FAILED);
    cr_expect(a.implant.power.dark);
    cr_expect_eq(told->tone(&a.implant.recorder, DOSING_TONE_CRITICAL), DOSING_HAL_FAILED);
    cr_expect(calls == before + 1 && failed_tones == 1 && after == 0);
}
