/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-STATE, REQ-GUARD and REQ-CRC: no single flip influences a train; the guard's veto; the tables. */
#include <criterion/criterion.h>
#include <string.h>

#include "dosing_crc.h"
#include "dosing_guard.h"
#include "dosing_limit.h"
#include "dosing_state.h"
#include "fake_hal.h"

#define HOUR_MS UINT64_C(3600000)

static fake_pump_t pump;

static void start(fake_pump_t *p)
{
    fake_init(&p->hal);
    fake_pump_start(p);
    cr_assert_eq(fake_refill(p, 20000000u), DOSING_OK);
    cr_assert_eq(fake_simple(p, 1999993u, 612347u), DOSING_OK);
    fake_pump_run(p, p->hal.now_ms + 3u * HOUR_MS);
    cr_assert_eq(fake_bolus(p, 50000u, 7200000u), DOSING_OK);
    fake_pump_run(p, p->hal.now_ms + 600000u);
}

typedef struct trace_t {
    uint64_t hash;
} trace_t;

static void on_train(void *context, uint64_t start_ms, uint32_t period_ms, uint32_t done)
{
    trace_t *t = context;
    t->hash = (t->hash ^ start_ms) * UINT64_C(0x100000001B3);
    t->hash = (t->hash ^ period_ms) * UINT64_C(0x100000001B3);
    t->hash = (t->hash ^ done) * UINT64_C(0x100000001B3);
}

/* Flips one bit, then lets the pump run for two days: its trains are those of the sound pump, or dosing stopped with the
 * motor off and the critical tone. */
static void flip(uint32_t byte, uint32_t bit, uint64_t sound)
{
    static fake_pump_t p;
    start(&p);
    trace_t t = {0};
    p.hal.on_train = on_train;
    p.hal.on_train_context = &t;
    p.state[byte] ^= (uint8_t)(1u << bit);
    fake_pump_run(&p, p.hal.now_ms + 50u * HOUR_MS);
    const bool stopped =
        p.status == DOSING_ERROR_STATE && !p.hal.running && p.hal.tones_critical > 0u;
    cr_expect_str_empty(p.hal.violation);
    cr_assert(t.hash == sound || stopped, "byte %u bit %u: other trains, and no alarm", byte, bit);
}

static uint64_t sound_trace(void)
{
    static fake_pump_t p;
    trace_t t = {0};
    start(&p);
    p.hal.on_train = on_train;
    p.hal.on_train_context = &t;
    fake_pump_run(&p, p.hal.now_ms + 50u * HOUR_MS);
    return t.hash;
}

/* REQ-STATE-01: both copies of path, run and lease. */
Test(state, every_flip_of_what_each_wake_uses_stops_dosing)
{
    static fake_pump_t p;
    for (uint32_t byte = 0; byte < 2u * 8u * DOSING_HOT_WORDS; byte++) {
        for (uint32_t bit = 0; bit < 8u; bit++) {
            start(&p);
            p.state[byte] ^= (uint8_t)(1u << bit);
            p.hal.now_ms = p.next_ms;
            const uint64_t trains = p.hal.trains;
            cr_assert_eq(p.core->wake((dosing_state_t *)(void *)p.state, &p.next_ms),
                         DOSING_ERROR_STATE, "byte %u bit %u", byte, bit);
            cr_assert_eq(p.hal.trains, trains);
            cr_assert_not(p.hal.running);
            cr_assert_eq(p.hal.tones_critical, 1u);
            cr_assert_eq(p.next_ms, DOSING_NEVER_MS);
        }
    }
}

/* REQ-STATE-02: one bit of every byte of the state, and every bit of both copies of the medium. */
Test(state, no_flip_anywhere_gives_other_trains)
{
    const uint64_t sound = sound_trace();
    const uint32_t medium = offsetof(dosing_state_t, medium);
    for (uint32_t byte = 0; byte < sizeof(dosing_state_t); byte++) {
        flip(byte, byte % 8u, sound);
    }
    for (uint32_t i = 0; i < 2u * sizeof(dosing_medium_t) * 8u; i++) {
        flip(medium + i / 8u, i % 8u, sound);
    }
}

/* REQ-STATE-03 */
Test(state, a_latched_core_still_answers_an_interrogation)
{
    start(&pump);
    pump.state[0] ^= 1u;
    fake_pump_run(&pump, pump.hal.now_ms + HOUR_MS);
    cr_expect_eq(pump.status, DOSING_ERROR_STATE);
    cr_expect(fake_report(&pump, DOSING_REPORT_AT_ALARMS, 4u) & DOSING_ALARM_MEMORY);
    cr_expect_eq(fake_bolus(&pump, 1000u, 60000u), DOSING_ERROR_STATE);
    cr_expect_eq(fake_simple(&pump, 500000u, 150000u), DOSING_ERROR_STATE);
}

static bool permits(uint32_t count, uint32_t period_ms)
{
    dosing_state_t *state = (dosing_state_t *)(void *)pump.state;
    pump.hal.now_ms = state->run.guard_ms;
    (void)fake_hal.train_stop(&pump.hal);
    const int64_t credit = state->path.credit_fl;
    const bool permitted =
        dosing_guard_permit(state, pump.hal.now_ms, count, period_ms) == DOSING_OK;
    state->path.credit_fl = credit;
    return permitted;
}

/* REQ-GUARD-01: 0.3 mL/day is a pulse in 72 000 ms; the guard has a credit of exactly nothing. */
Test(guard, refuses_a_train_that_runs_ahead)
{
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&pump, 500000u, 150000u), DOSING_OK);
    dosing_state_t *state = (dosing_state_t *)(void *)pump.state;
    state->path.credit_fl = 0;
    cr_expect(permits(1u, 72000u));
    cr_expect(permits(50u, 72000u));
    cr_expect(permits(50u, 71999u) == false, "50 pulses 1 ms a pulse too fast");
    cr_expect(permits(2u, 71999u) == false);
    cr_expect(permits(0u, 72000u) == false);
    cr_expect(permits(65u, 1000u) == false);
    cr_expect(permits(51u, 72000u) == false, "longer than an hour");
    cr_expect(permits(1u, 499u) == false, "closer than the gap");
    state->path.credit_fl = -DOSING_GUARD_SLACK_FL - 1;
    cr_expect(permits(1u, 72000u) == false, "a pulse ahead already");
    state->path.credit_fl = 0;
    state->run.pulsed = 1u;
    state->run.last_pulse_ms = state->run.guard_ms - 899u;
    cr_expect(permits(1u, 72000u) == false, "899 ms after the last pulse: 24 mL/day are 900");
    state->run.last_pulse_ms = state->run.guard_ms - 900u;
    cr_expect(permits(1u, 72000u));
    state->path.alarms |= DOSING_ALARM_EMPTY;
    cr_expect(permits(1u, 72000u) == false, "empty");
    state->path.alarms = 0u;
    state->run.window_all = state->run.cap_all;
    cr_expect(permits(1u, 72000u) == false, "above the volume limit");
}

/* REQ-LIMIT-01: a pulse counts in the hour in which it began, however late the train is booked. */
Test(limit, pulses_count_in_their_own_hour)
{
    for (uint64_t late_ms = 0; late_ms <= 5u * HOUR_MS; late_ms += HOUR_MS) {
        fake_init(&pump.hal);
        fake_pump_start(&pump);
        dosing_state_t *state = (dosing_state_t *)(void *)pump.state;
        state->run.start_ms = 5000u;
        state->run.period_ms = 60000u;
        state->run.bucket_end_ms = 5000u + 30u * 60000u;
        cr_assert(dosing_limit_book(state, 50u, 5000u + 50u * 60000u + late_ms));
        cr_expect_eq(state->ring[0].all, 30u);
        cr_expect_eq(late_ms == 0u ? state->run.bucket_all : state->ring[1].all, 20u);
        cr_expect_eq(state->run.window_all, 50u);
    }
}

/* REQ-CRC-01 */
Test(crc, check_value_and_tables)
{
    const uint8_t check[] = "123456789";
    cr_expect_eq(dosing_crc(check, 9u), 0xCBF43926u);
    for (uint32_t i = 0; i < 256u; i++) {
        uint32_t crc = i;
        for (uint32_t k = 0; k < 8u; k++) {
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >> 1 ^ (0xEDB88320u & (0u - (crc & 1u)));
            }
            cr_assert_eq(dosing_crc_table[k][i], crc, "table %u entry %u", k, i);
        }
    }
}

/* REQ-CORE-01 */
Test(init, refuses_a_bad_factory_block)
{
    uint64_t next = 0;
    for (uint32_t bit = 0; bit < sizeof(dosing_factory_t) * 8u; bit++) {
        fake_init(&pump.hal);
        ((uint8_t *)&pump.hal.factory)[bit / 8u] ^= (uint8_t)(1u << bit % 8u);
        fake_pump_start(&pump);
        cr_assert_eq(pump.status, DOSING_ERROR_FACTORY, "bit %u", bit);
        cr_assert_eq(pump.core->wake((dosing_state_t *)(void *)pump.state, &next),
                     DOSING_ERROR_FACTORY);
    }
}

/* REQ-CORE-05: a train that a reset left running is ended first of all, by a core that then starts and by one that cannot. */
Test(init, ends_a_train_from_before_the_reset)
{
    for (int broken = 0; broken < 2; broken++) {
        fake_init(&pump.hal);
        fake_pump_start(&pump);
        cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
        cr_assert_eq(fake_simple(&pump, 500000u, 150000u), DOSING_OK);
        fake_pump_run(&pump, pump.hal.now_ms + HOUR_MS / 2u);
        cr_assert(pump.hal.running);
        pump.hal.factory.crc ^= broken != 0 ? 1u : 0u;
        pump.hal.fail_from = pump.hal.calls;
        pump.hal.fail_count = 2u;
        fake_pump_start(&pump);
        cr_expect_not(pump.hal.running, "broken %d", broken);
        cr_expect_eq(pump.status, broken != 0 ? DOSING_ERROR_FACTORY : DOSING_OK);
    }
}

/* REQ-CORE-05 */
Test(init, does_not_start_over_a_motor_that_cannot_be_stopped)
{
    fake_init(&pump.hal);
    pump.hal.fail_count = 3u;
    fake_pump_start(&pump);
    cr_expect_eq(pump.status, DOSING_ERROR_HAL);
}

/* REQ-CORE-02 */
Test(init, the_entry_table_keeps_its_promises)
{
    const dosing_entry_t *entry = dosing_entry();
    cr_expect_eq(entry->abi_major, DOSING_ABI_MAJOR);
    cr_expect_eq(entry->table_size, sizeof *entry);
    cr_expect_leq(entry->state_size, DOSING_STATE_BYTES_MAX);
    cr_expect_eq(entry->state_align & (entry->state_align - 1u), 0u);
}

/* REQ-CORE-03 */
Test(motor, a_refused_start_raises_the_alarm_and_is_tried_again)
{
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&pump, 500000u, 150000u), DOSING_OK);
    pump.hal.start_fails = true;
    fake_pump_run(&pump, pump.hal.now_ms + HOUR_MS);
    cr_expect(fake_report(&pump, DOSING_REPORT_AT_ALARMS, 4u) & DOSING_ALARM_MOTOR);
    cr_expect_eq(fake_pulses(&pump.hal), 0u);
    pump.hal.start_fails = false;
    fake_pump_run(&pump, pump.hal.now_ms + HOUR_MS);
    cr_expect_geq(fake_pulses(&pump.hal), 48u);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_GUARD, 4u), 0u);
}

/* REQ-CORE-03 */
Test(motor, an_arm_that_fails_is_a_fault_of_the_motor_not_of_the_guard)
{
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&pump, 500000u, 150000u), DOSING_OK);
    pump.hal.arm_fails = true;
    fake_pump_run(&pump, pump.hal.now_ms + HOUR_MS);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_ALARMS, 4u), DOSING_ALARM_MOTOR);
    pump.hal.arm_fails = false;
    fake_pump_run(&pump, pump.hal.now_ms + HOUR_MS);
    cr_expect_geq(fake_pulses(&pump.hal), 48u);
}
