/* SPDX-License-Identifier: Apache-2.0 */
/* What hardly ever happens: clocks and motors that talk nonsense, memory that flips between calls, counters that are full. */
#include <criterion/criterion.h>

#include "dosing_crc.h"
#include "dosing_fixed.h"
#include "dosing_limit.h"
#include "dosing_reservoir.h"
#include "dosing_schedule.h"
#include "dosing_state.h"
#include "fake_hal.h"

#define HOUR_MS UINT64_C(3600000)
#define FAR_MS ((UINT64_C(1) << 53) + 1u)

static fake_pump_t pump;

static dosing_state_t *state_of(fake_pump_t *p)
{
    return (dosing_state_t *)(void *)p->state;
}

/* 72 000 ms a pulse, five hours on. */
static dosing_state_t *ready(void)
{
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&pump, 500000u, 150000u), DOSING_OK);
    fake_pump_run(&pump, pump.hal.now_ms + 5u * HOUR_MS + 1000u);
    return state_of(&pump);
}

static void seal_all(dosing_state_t *state)
{
    dosing_state_seal(state);
    dosing_crc_seal(&state->counters, sizeof state->counters);
}

/* ---- hardware that lies: in one thing, told by `lie` -------------------------------------------------------------- */

static enum { LIE_MORE, LIE_NONE, LIE_STEPS, LIE_NONCE } lie;

static int32_t lying_status(void *context, uint32_t *done, uint32_t *running)
{
    const int32_t result = fake_hal.train_status(context, done, running);
    *done = lie == LIE_MORE ? 65u : lie == LIE_NONE ? 0u : *done;
    return result;
}

static int32_t lying_steps(void *context, uint32_t *confirmed)
{
    const int32_t result = fake_hal.step_confirm(context, confirmed);
    *confirmed = lie == LIE_STEPS ? 65u : *confirmed;
    return result;
}

static int32_t lying_nonce(void *context, uint8_t *bytes, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++) {
        bytes[i] = 0u;
    }
    return fake_hal.clock_ms(context, &(uint64_t){0});
}

static dosing_state_t *ready_on_a_liar(void)
{
    static dosing_hal_t liar;
    dosing_state_t *state = ready();
    liar = fake_hal;
    liar.train_status = lying_status;
    liar.step_confirm = lying_steps;
    liar.nonce = lying_nonce;
    for (uint32_t i = 0; i < 3u; i++) {
        state->port[i].hal = &liar;
    }
    return state;
}

/* REQ-HAL-04 */
Test(unlikely, a_count_that_the_motor_cannot_have_is_taken_as_the_whole_train)
{
    lie = LIE_MORE;
    dosing_state_t *state = ready_on_a_liar();
    const uint64_t before = state->run.commanded;
    const uint32_t count = state->run.count;
    fake_pump_run(&pump, state->run.due_ms);
    cr_expect_eq(state->run.commanded, before + count);
    cr_expect(state->path.alarms & DOSING_ALARM_MOTOR);
}

/* REQ-HAL-04 */
Test(unlikely, a_train_of_which_nothing_began_is_an_alarm_and_nothing_is_booked)
{
    lie = LIE_NONE;
    dosing_state_t *state = ready_on_a_liar();
    const uint64_t before = state->run.commanded;
    fake_pump_run(&pump, state->run.due_ms);
    cr_expect_eq(state->run.commanded, before);
    cr_expect(state->path.alarms & DOSING_ALARM_MOTOR);
}

/* REQ-HAL-04 */
Test(unlikely, more_steps_than_pulses_confirm_nothing)
{
    lie = LIE_STEPS;
    dosing_state_t *state = ready_on_a_liar();
    const uint64_t before = state->run.confirmed;
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_CONFIRMED, 8u), before);
    fake_pump_run(&pump, state->run.due_ms);
    cr_expect_eq(state->run.confirmed, before);
}

/* REQ-HAL-04 */
Test(unlikely, a_motor_that_does_not_answer_is_reported_without_its_train)
{
    dosing_state_t *state = ready();
    const uint64_t before = state->run.commanded;
    cr_assert_eq(fake_open(&pump), DOSING_OK);
    cr_assert(state->run.running != 0u);
    for (uint64_t call = 3u; call <= 4u;
         call++) { /* after two clocks and the tag: status, then steps */
        pump.hal.fail_from = pump.hal.calls + call;
        pump.hal.fail_count = 1u;
        cr_expect_eq(fake_next(&pump, DOSING_FRAME_INTERROGATE, NULL, 0u), DOSING_OK);
        const uint8_t *report = pump.hal.reply + DOSING_FRAME_HEADER_BYTES;
        cr_expect_eq(fake_get(report + DOSING_REPORT_AT_COMMANDED, 8u),
                     call == 3u ? before : fake_pulses(&pump.hal));
        cr_expect_eq(fake_get(report + DOSING_REPORT_AT_CONFIRMED, 8u), state->run.confirmed);
    }
}

/* REQ-LINK-03: session 0 is none, so it is never drawn. */
Test(unlikely, a_nonce_of_zeros_opens_a_session_all_the_same)
{
    lie = LIE_NONCE;
    (void)ready_on_a_liar();
    cr_expect_eq(fake_send(&pump, DOSING_FRAME_INTERROGATE, NULL, 0u), DOSING_OK);
    cr_expect_neq(pump.session, 0u);
}

/* REQ-LINK-03 */
Test(unlikely, nothing_is_taken_before_a_session_is_open)
{
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    cr_expect_eq(fake_next(&pump, DOSING_FRAME_INTERROGATE, NULL, 0u), DOSING_REFUSED_SESSION);
}

/* REQ-HAL-05 */
Test(unlikely, a_clock_that_talks_nonsense_is_a_clock_that_does_not_answer)
{
    const uint64_t now_ms = (ready(), pump.hal.now_ms);
    const uint64_t pulses = fake_pulses(&pump.hal);
    pump.hal.now_ms = FAR_MS;
    cr_expect_eq(pump.core->wake(state_of(&pump), &pump.next_ms), DOSING_ERROR_HAL);
    pump.hal.now_ms = now_ms;
    fake_pump_run(&pump, now_ms + 10u * HOUR_MS);
    cr_expect_float_eq((double)(fake_pulses(&pump.hal) - pulses), 500.0, 1.1);
    fake_init(&pump.hal);
    pump.hal.now_ms = FAR_MS;
    fake_pump_start(&pump);
    cr_expect_eq(pump.status, DOSING_ERROR_HAL);
}

/* REQ-HAL-05: no time passes twice, whatever the clock says. */
Test(unlikely, a_clock_that_runs_back_gives_nothing_twice)
{
    dosing_state_t *state = ready();
    fake_pump_run(&pump, state->run.due_ms);
    const uint64_t commanded = state->run.commanded + state->run.count;
    (void)fake_hal.train_stop(&pump.hal);
    pump.hal.now_ms -= HOUR_MS;
    cr_expect_neq(pump.core->wake(state, &pump.next_ms), DOSING_ERROR_STATE);
    cr_expect_leq(state->run.commanded, commanded);
}

/* REQ-STATE-04 */
Test(unlikely, memory_that_flipped_is_found_by_the_next_frame)
{
    static const struct {
        uint32_t at;
        bool answers; /* its blocks still hold what an answer needs */
    } blocks[] = {
        {offsetof(dosing_state_t, path), true},      {offsetof(dosing_state_t, run), true},
        {offsetof(dosing_state_t, bolus), true},     {offsetof(dosing_state_t, past), true},
        {offsetof(dosing_state_t, ring), true},      {offsetof(dosing_state_t, port), true},
        {offsetof(dosing_state_t, counters), false}, {offsetof(dosing_state_t, session), false},
        {offsetof(dosing_state_t, therapy), false},
    };
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        (void)ready();
        cr_assert_eq(fake_open(&pump), DOSING_OK);
        pump.state[blocks[i].at] ^= 0x10u;
        cr_expect_eq(fake_next(&pump, DOSING_FRAME_INTERROGATE, NULL, 0u),
                     blocks[i].answers ? DOSING_OK : DOSING_ERROR_STATE, "block %zu", i);
        cr_expect_not(pump.hal.running, "block %zu: the motor runs", i);
        cr_expect_gt(pump.hal.tones_critical, 0u, "block %zu: silence", i);
        if (blocks[i].answers) {
            const uint8_t *report = pump.hal.reply + DOSING_FRAME_HEADER_BYTES;
            cr_expect(fake_get(report + DOSING_REPORT_AT_ALARMS, 4u) & DOSING_ALARM_MEMORY,
                      "block %zu", i);
        }
    }
}

/* REQ-STATE-04: nobody comes back to a motor that does not stop, so it is told more than once. */
Test(unlikely, a_motor_that_does_not_stop_is_told_three_times)
{
    dosing_state_t *state = ready();
    state->path.num ^= 1u;
    pump.hal.fail_from = pump.hal.calls;
    pump.hal.fail_count = 2u;
    cr_expect_eq(pump.core->wake(state, &pump.next_ms), DOSING_ERROR_STATE);
    cr_expect_not(pump.hal.running);
    state = ready();
    state->path.num ^= 1u;
    pump.hal.fail_from = pump.hal.calls;
    pump.hal.fail_count = 100u;
    cr_expect_eq(pump.core->wake(state, &pump.next_ms), DOSING_ERROR_STATE);
    cr_expect_eq(pump.hal.calls - pump.hal.fail_from, 4u, "three stops and the tone");
}

/* REQ-STATE-04 */
Test(unlikely, a_block_that_init_never_saw_is_a_failed_one)
{
    static fake_pump_t never;
    cr_expect_eq(dosing_entry()->wake(state_of(&never), &never.next_ms), DOSING_ERROR_STATE);
}

/* REQ-STATE-04: a bucket is checked when it comes round. */
Test(unlikely, a_bucket_that_flipped_is_found_when_the_hour_turns)
{
    dosing_state_t *state = ready();
    cr_assert_eq(fake_send(&pump, DOSING_FRAME_STOP, NULL, 0u), DOSING_OK);
    state->ring[(state->run.bucket + 1u) % DOSING_BUCKETS].all ^= 1u;
    pump.hal.now_ms = state->run.bucket_end_ms;
    cr_expect_eq(pump.core->wake(state, &pump.next_ms), DOSING_ERROR_STATE);
}

/* REQ-CORE-04 */
Test(unlikely, counters_that_are_full_stay_full)
{
    dosing_state_t *state = ready();
    const uint8_t nothing = 0u;
    state->counters.refused = UINT32_MAX;
    state->therapy.commits = UINT32_MAX;
    state->run.lost_ms = UINT32_MAX - 1000u;
    seal_all(state);
    cr_expect_eq(fake_raw(&pump, &nothing, 1u), DOSING_REFUSED_LENGTH);
    pump.hal.now_ms = state->run.due_ms + HOUR_MS;
    fake_pump_run(&pump, pump.hal.now_ms);
    cr_expect_eq(fake_simple(&pump, 500000u, 300000u), DOSING_OK);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_REFUSED, 4u), UINT32_MAX);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_COMMITS, 4u), UINT32_MAX);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_LOST_MS, 4u), UINT32_MAX);
    state->run.guard_refusals = UINT32_MAX;
    state->path.credit_fl -= INT64_C(90000000000);
    seal_all(state);
    fake_pump_run(&pump, pump.hal.now_ms + HOUR_MS);
    cr_expect(state->path.alarms & DOSING_ALARM_GUARD, "the guard had nothing to refuse");
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_GUARD, 4u), UINT32_MAX);
}

/* REQ-RESERVOIR-01: the ledger ends at nothing. */
Test(unlikely, a_reservoir_gives_no_more_than_it_holds)
{
    dosing_state_t *state = ready();
    state->run.volume_pl = 1000u;
    seal_all(state);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_VOLUME_NL, 4u), 0u, "less the train's");
    dosing_reservoir_take(state, 5u);
    cr_expect_eq(state->run.volume_pl, 0u);
}

/* REQ-LIMIT-01: the window full, only what leaves with the oldest hour makes room. */
Test(unlikely, a_full_window_admits_a_train_only_after_its_oldest_hour)
{
    dosing_state_t *state = ready();
    const uint64_t now_ms = pump.hal.now_ms;
    state->run.cap_all = state->run.window_all;
    cr_expect_not(dosing_limit_allows(state, now_ms, 1u, 72000u), "in this hour");
    cr_expect_not(dosing_limit_allows(state, state->run.bucket_end_ms, 1u, 72000u),
                  "the oldest hour is empty");
    dosing_bucket_t *oldest = &state->ring[(state->run.bucket + 1u) % DOSING_BUCKETS];
    oldest->all = 1u;
    oldest->now = 1u;
    dosing_crc_seal(oldest, sizeof *oldest);
    cr_expect(dosing_limit_allows(state, state->run.bucket_end_ms, 1u, 72000u));
    state->therapy.commits ^= 1u;
    cr_expect_not(dosing_limit_allows(state, state->run.bucket_end_ms, 1u, 72000u),
                  "what does not hold allows nothing");
    state->therapy.commits ^= 1u;
    state->past.ag[0][0] ^= 1u;
    cr_expect_not(dosing_limit_allows(state, state->run.bucket_end_ms, 1u, 72000u));
}

/* REQ-LIMIT-02 */
Test(unlikely, mass_of_an_earlier_programme_at_the_limit_leaves_no_room)
{
    dosing_state_t *state = ready();
    state->therapy.programme.limit_ng[0] = 150000u;
    state->past.ag[3][0] = UINT64_C(150000000000000);
    state->run.old_left = 1u;
    dosing_limit_caps(state);
    cr_expect_eq(state->run.cap_now, 0u);
    state->past.ag[3][0] = 0u;
    dosing_limit_caps(state);
    cr_expect_eq(state->run.cap_now, 1200u);
}

/* REQ-RATE-05: pulses an hour apart, the most that there may be. */
Test(unlikely, pulses_may_be_an_hour_apart)
{
    fake_init(&pump.hal);
    pump.hal.factory.rate_min_nl_per_day = 6000u;
    fake_seal_factory(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&pump, 500000u, 3000u), DOSING_OK);
    fake_pump_run(&pump, pump.hal.now_ms + 240u * HOUR_MS);
    cr_expect_float_eq((double)fake_pulses(&pump.hal), 240.0, 1.1);
    cr_expect_str_empty(pump.hal.violation);
}

/* REQ-RATE-03: what cannot be held exactly is refused, never rounded. */
Test(unlikely, a_rate_that_does_not_fit_its_fraction_is_refused)
{
    uint8_t programme[DOSING_PROGRAMME_BYTES];
    fake_init(&pump.hal);
    pump.hal.factory.pulse_volume_pl = 8999993u; /* a prime */
    pump.hal.factory.rate_min_nl_per_day = 216000u;
    fake_seal_factory(&pump.hal);
    fake_pump_start(&pump);
    cr_expect_eq(fake_simple(&pump, 99999989u, 99999989u), DOSING_REFUSED_BOUNDS, "so is this");
    fake_programme(programme, 500000u, 0u);
    fake_put(programme + DOSING_PROGRAMME_AT_RATE_MAX, 1u, 4u);
    cr_expect_eq(fake_commit(&pump, programme), DOSING_REFUSED_BOUNDS, "pulses of a rate of 1");
}

/* REQ-RATE-03 */
Test(unlikely, a_product_is_exact_or_refused)
{
    uint64_t product = 1u;
    cr_expect(dosing_fixed_multiply(UINT64_MAX, 0u, 5u, &product));
    cr_expect_eq(product, 0u);
    cr_expect(dosing_fixed_multiply(3u, 5u, 15u, &product));
    cr_expect_eq(product, 15u);
    cr_expect_not(dosing_fixed_multiply(4u, 4u, 15u, &product));
    cr_expect_not(dosing_fixed_multiply(UINT64_MAX, 2u, UINT64_MAX, &product));
}

/* REQ-BOLUS-01 */
Test(unlikely, a_bolus_that_ended_before_the_wake_is_reported_over)
{
    (void)ready();
    cr_assert_eq(fake_bolus(&pump, 5000u, 600000u), DOSING_OK);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u), DOSING_DELIVERY_BOLUS);
    pump.hal.now_ms += 600000u;
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u), DOSING_DELIVERY_BASAL);
}

/* REQ-RATE-01: a whole pulse owed is given at once, as fast as may be. */
Test(unlikely, a_pulse_that_is_owed_whole_is_given_at_the_shortest_period)
{
    dosing_state_t *state = ready();
    state->path.owed = (int64_t)state->path.den;
    state->run.pulsed = 0u;
    state->run.volume_pl = state->run.low_pl + 1u; /* a train of one */
    const dosing_plan_t plan = dosing_schedule_plan(state);
    cr_expect_eq(plan.count, 1u);
    cr_expect_eq(plan.period_ms, state->path.period_min_ms);
}
