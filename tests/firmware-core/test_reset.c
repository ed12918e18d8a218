/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-RESET, and what REQ-STORE keeps for it: what survives a reset, and what a reset costs. */
#include <criterion/criterion.h>
#include <string.h>

#include "dosing_keep.h"
#include "kept_pump.h"

#define LEASE_PULSES (DOSING_KEEP_LEASE_MS / UINT64_C(72000) + 1u) /* at 0.3 mL/day */

/* REQ-RESET-01 */
Test(reset, goes_on_with_the_same_programme_and_tells)
{
    kept_start();
    const uint64_t commits = fake_report(&kept_pump, DOSING_REPORT_AT_COMMITS, 4u);
    const uint32_t tones = kept_pump.hal.tones_advisory;
    kept_reset();
    cr_expect_eq(kept_dose(), 150000u);
    cr_expect_eq(fake_report(&kept_pump, DOSING_REPORT_AT_COMMITS, 4u), commits);
    cr_expect_eq(fake_report(&kept_pump, DOSING_REPORT_AT_RESET, 4u), DOSING_RESET_UNKNOWN);
    cr_expect_eq(kept_alarms(), DOSING_ALARM_RESET);
    const uint64_t before = fake_pulses(&kept_pump.hal);
    kept_run(10u * KEPT_HOUR_MS);
    cr_expect_gt(kept_pump.hal.tones_advisory, tones);
    cr_expect_geq(fake_pulses(&kept_pump.hal) - before, 498u);
    cr_expect_eq(kept_clear(DOSING_ALARM_RESET), DOSING_OK);
    cr_expect_eq(kept_alarms(), 0u);
    kept_reset();
    cr_expect_eq(kept_alarms(), DOSING_ALARM_RESET, "each reset is told");
}

/* REQ-RESET-02: nothing is owed from before, and the core's time goes on from what it knew, however long it was off and
 * whatever its main clock shows. */
Test(reset, owes_nothing_and_ages_nothing)
{
    for (uint64_t shows_ms = 0; shows_ms < 100u * KEPT_DAY_MS; shows_ms += 33u * KEPT_DAY_MS) {
        kept_start();
        const uint64_t knew_ms = fake_report(&kept_pump, DOSING_REPORT_AT_CLOCK_MS, 8u);
        const uint32_t all = kept_state()->run.window_all;
        (void)fake_hal.train_stop(&kept_pump.hal);
        fake_pump_reset(&kept_pump, 20u * KEPT_DAY_MS, shows_ms);
        kept_pump.counter = 100000u;
        const uint64_t now_ms = fake_report(&kept_pump, DOSING_REPORT_AT_CLOCK_MS, 8u);
        cr_expect_leq(now_ms, knew_ms + 1000u);
        cr_expect_geq(now_ms + DOSING_KEEP_LEASE_MS + 1000u, knew_ms, "a lease tells the time");
        cr_expect_geq(kept_state()->run.window_all, all, "what was given is not forgotten");
        const uint64_t before = fake_pulses(&kept_pump.hal);
        kept_run(10u * KEPT_HOUR_MS);
        cr_expect_leq(fake_pulses(&kept_pump.hal) - before, 501u);
    }
}

/* REQ-STORE-03 */
Test(store, starts_in_a_row_lease_an_hour_each)
{
    kept_start();
    for (uint32_t i = 0; i < 8u; i++) {
        const uint64_t truth = fake_pulses(&kept_pump.hal);
        const uint64_t told = fake_report(&kept_pump, DOSING_REPORT_AT_COMMANDED, 8u);
        kept_run(600000u);
        kept_reset();
        const uint64_t given = fake_pulses(&kept_pump.hal) - truth;
        const uint64_t more = fake_report(&kept_pump, DOSING_REPORT_AT_COMMANDED, 8u) - told;
        cr_expect_leq(more, given + (i == 0u ? LEASE_PULSES : 51u) + 1u, "reset %u: %llu", i,
                      (unsigned long long)more);
    }
}

/* REQ-RESET-03: the gap to a stroke just before. */
Test(reset, keeps_the_gap_to_the_pulse_before_it)
{
    for (uint64_t after_ms = 0; after_ms < 5000u; after_ms += 250u) {
        fake_init(&kept_pump.hal);
        fake_pump_start(&kept_pump);
        cr_assert_eq(fake_refill(&kept_pump, 20000000u), DOSING_OK);
        cr_assert_eq(fake_simple(&kept_pump, 500000u, 5000000u),
                     DOSING_OK); /* a pulse in 2160 ms */
        kept_run(KEPT_HOUR_MS + after_ms);
        (void)fake_hal.train_stop(&kept_pump.hal);
        fake_pump_reset(&kept_pump, 10u, 0u);
        kept_run(KEPT_HOUR_MS);
        cr_expect_str_empty(kept_pump.hal.violation, "%s", kept_pump.hal.violation);
        cr_expect_gt(fake_pulses(&kept_pump.hal), 3000u);
    }
}

/* REQ-RESET-04 */
Test(reset, of_a_stopped_pump_leaves_it_stopped)
{
    kept_start();
    cr_assert_eq(fake_send(&kept_pump, DOSING_FRAME_STOP, NULL, 0u), DOSING_OK);
    for (int i = 0; i < 3; i++) {
        kept_reset();
        const uint64_t before = fake_pulses(&kept_pump.hal);
        kept_run(30u * KEPT_HOUR_MS);
        cr_expect_eq(fake_pulses(&kept_pump.hal), before);
        cr_expect_eq(fake_report(&kept_pump, DOSING_REPORT_AT_MODE, 1u), DOSING_MODE_STOPPED);
    }
}

/* REQ-RESET-05 */
Test(reset, forfeits_a_bolus_and_counts_what_it_may_have_given)
{
    kept_start();
    cr_assert_eq(fake_bolus(&kept_pump, 20000u, 3600000u), DOSING_OK); /* 160 pulses */
    kept_run(KEPT_HOUR_MS / 2u);
    const uint64_t truth = fake_pulses(&kept_pump.hal);
    kept_reset();
    cr_expect_eq(fake_report(&kept_pump, DOSING_REPORT_AT_DELIVERY, 1u), DOSING_DELIVERY_BASAL);
    const uint64_t told = fake_report(&kept_pump, DOSING_REPORT_AT_COMMANDED, 8u);
    cr_expect_geq(told, truth);
    cr_expect_leq(told, truth + 160u + LEASE_PULSES + 2u);
    const uint64_t before = fake_pulses(&kept_pump.hal);
    kept_run(10u * KEPT_HOUR_MS);
    cr_expect_leq(fake_pulses(&kept_pump.hal) - before, 501u);
}

/* REQ-RESET-06: alarms that hold and what nobody has seen, so that a reset silences nothing. */
Test(reset, keeps_alarms)
{
    kept_start();
    kept_state()->path.credit_fl = -(int64_t)1000000000000; /* a guard that disagrees */
    dosing_state_seal_hot(kept_state());
    kept_run(2u * KEPT_HOUR_MS);
    cr_assert_eq(kept_alarms() & DOSING_ALARM_GUARD, DOSING_ALARM_GUARD);
    kept_reset();
    cr_expect_eq(kept_alarms(), DOSING_ALARM_GUARD | DOSING_ALARM_RESET);
    const uint64_t before = fake_pulses(&kept_pump.hal);
    kept_run(5u * KEPT_HOUR_MS);
    cr_expect_eq(fake_pulses(&kept_pump.hal), before, "a reset is no way around the guard");
    cr_expect_eq(kept_clear(DOSING_ALARM_GUARD), DOSING_OK);
    kept_reset();
    cr_expect_eq(kept_alarms(), DOSING_ALARM_RESET);
    kept_run(5u * KEPT_HOUR_MS);
    cr_expect_gt(fake_pulses(&kept_pump.hal), before + 240u, "%llu, alarms %x",
                 (unsigned long long)(fake_pulses(&kept_pump.hal) - before), kept_alarms());
}

/* REQ-RESET-07 */
Test(reset, does_not_let_a_frame_act_twice)
{
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    kept_start();
    for (uint32_t frames = 0; frames < 700u; frames += 233u) {
        for (uint32_t i = 0; i < frames; i++) {
            cr_assert_eq(fake_open(&kept_pump), DOSING_OK);
        }
        const uint8_t nonce[DOSING_NONCE_BYTES] = {7};
        kept_pump.session = 0u;
        kept_pump.counter++;
        const uint32_t length =
            fake_frame(&kept_pump, DOSING_FRAME_OPEN, nonce, sizeof nonce, frame);
        cr_assert_eq(fake_raw(&kept_pump, frame, length), DOSING_OK);
        const uint64_t last = kept_pump.counter;
        kept_reset();
        cr_expect_eq(fake_raw(&kept_pump, frame, length), DOSING_REFUSED_REPLAY);
        const uint64_t told = fake_get(
            kept_pump.hal.reply + DOSING_FRAME_HEADER_BYTES + DOSING_REFUSAL_AT_COUNTER, 8u);
        cr_expect_geq(told, last);
        cr_expect_leq(told, last + DOSING_KEEP_COUNTERS);
        kept_pump.counter = told; /* as a programmer takes it up */
        cr_expect_eq(fake_open(&kept_pump), DOSING_OK);
    }
}

/* REQ-RESET-08: a reset is no way to another patient bolus. */
Test(reset, keeps_the_lockout_of_patient_boluses)
{
    uint8_t programme[DOSING_PROGRAMME_BYTES];
    kept_start();
    fake_programme(programme, 500000u, 150000u);
    uint8_t *patient = programme + DOSING_PROGRAMME_AT_PATIENT;
    fake_put(patient + DOSING_PATIENT_AT_DOSE, 5000u, 8u);
    fake_put(patient + DOSING_PATIENT_AT_DURATION, 600000u, 4u);
    fake_put(patient + DOSING_PATIENT_AT_LOCKOUT, 4u * KEPT_HOUR_MS, 4u);
    fake_put(patient + DOSING_PATIENT_AT_INTERVAL, KEPT_DAY_MS, 4u);
    fake_put(patient + DOSING_PATIENT_AT_PER_INTERVAL, 2u, 2u);
    fake_put(patient + DOSING_PATIENT_AT_PER_DAY, 2u, 2u);
    cr_assert_eq(fake_commit(&kept_pump, programme), DOSING_OK);
    kept_break_store(true);
    cr_expect_eq(fake_send(&kept_pump, DOSING_FRAME_REQUEST, NULL, 0u), DOSING_ERROR_STORE);
    kept_break_store(false);
    for (uint32_t given = 0; given < 2u; given++) {
        cr_expect_eq(fake_send(&kept_pump, DOSING_FRAME_REQUEST, NULL, 0u), DOSING_OK);
        kept_reset();
        cr_expect_eq(fake_report(&kept_pump, DOSING_REPORT_AT_PATIENT_GIVEN, 2u), given + 1u);
        cr_expect_eq(fake_send(&kept_pump, DOSING_FRAME_REQUEST, NULL, 0u), DOSING_REFUSED_LOCKOUT);
        kept_run(6u * KEPT_HOUR_MS);
    }
    kept_reset();
    cr_expect_eq(fake_send(&kept_pump, DOSING_FRAME_REQUEST, NULL, 0u), DOSING_REFUSED_COUNT);
}

/* REQ-RESET-09: nor to another prime, whose pulses are in no limit and in no account of drug before and after. */
Test(reset, keeps_that_a_system_was_primed)
{
    uint8_t prime[DOSING_PRIME_BYTES] = {0};
    kept_start();
    fake_put(prime + DOSING_PRIME_AT_CATHETER, 200000u, 4u); /* 800 pulses */
    fake_put(prime + DOSING_PRIME_AT_REVISION, 1u, 4u);
    const uint32_t window = kept_state()->run.window_all;
    const uint64_t given = fake_report(&kept_pump, DOSING_REPORT_AT_GIVEN_NG, 8u);
    const uint64_t before = fake_pulses(&kept_pump.hal);
    cr_assert_eq(fake_send(&kept_pump, DOSING_FRAME_PRIME, prime, sizeof prime), DOSING_OK);
    kept_run(120000u);
    cr_assert_gt(fake_pulses(&kept_pump.hal), before + 100u);
    kept_reset();
    cr_expect_leq(kept_state()->run.window_all, window + 51u + 64u);
    cr_expect_leq(fake_report(&kept_pump, DOSING_REPORT_AT_GIVEN_NG, 8u), given + 125u * 120u);
    cr_expect_geq(fake_report(&kept_pump, DOSING_REPORT_AT_COMMANDED, 8u),
                  fake_pulses(&kept_pump.hal));
    cr_expect_eq(fake_report(&kept_pump, DOSING_REPORT_AT_REVISION, 4u), 1u);
    cr_expect_eq(fake_send(&kept_pump, DOSING_FRAME_PRIME, prime, sizeof prime),
                 DOSING_REFUSED_PRIME);
}

/* REQ-RESET-10: a programme of every kind, whole; local time is lost, and steps give way to their mean. */
Test(reset, keeps_a_programme_of_steps_and_timed_boluses)
{
    kept_start();
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    fake_programme(image, 500000u, 0u);
    image[DOSING_PROGRAMME_AT_MODE] = DOSING_MODE_FLEX;
    image[DOSING_PROGRAMME_AT_STEPS] = 2u;
    image[DOSING_PROGRAMME_AT_TIMED] = 1u;
    uint8_t *at = image + DOSING_PROGRAMME_BYTES;
    memset(at, 0, 2u * DOSING_STEP_BYTES + DOSING_TIMED_BYTES);
    for (uint32_t i = 0; i < 2u; i++, at += DOSING_STEP_BYTES) {
        at[DOSING_STEP_AT_DAYS] = DOSING_DAYS_ALL;
        fake_put(at + DOSING_STEP_AT_MINUTE, 720u * i, 2u);
        fake_put(at + DOSING_STEP_AT_DOSE, 100000u + 100000u * i, 8u);
    }
    at[DOSING_TIMED_AT_DAYS] = DOSING_DAYS_ALL;
    fake_put(at + DOSING_TIMED_AT_MINUTE, 60u, 2u);
    fake_put(at + DOSING_TIMED_AT_DURATION, 600000u, 4u);
    fake_put(at + DOSING_TIMED_AT_DOSE, 5000u, 8u);
    uint8_t week[4] = {0};
    cr_assert_eq(fake_send(&kept_pump, DOSING_FRAME_SET_TIME, week, 4u), DOSING_OK);
    cr_assert_eq(fake_commit(&kept_pump, image), DOSING_OK);
    kept_run(5u * KEPT_HOUR_MS);
    const dosing_programme_t before = kept_state()->therapy.programme;
    for (int i = 0; i < 3; i++) {
        kept_reset();
        cr_expect_eq(memcmp(&before, &kept_state()->therapy.programme, sizeof before), 0);
        cr_expect_eq(kept_dose(), 155000u, "the mean");
        kept_run(50u * KEPT_HOUR_MS); /* a new checkpoint */
    }
    cr_assert_eq(fake_send(&kept_pump, DOSING_FRAME_SET_TIME, week, 4u), DOSING_OK);
    cr_expect_eq(kept_dose(), 100000u);
}

/* REQ-RESET-12: whatever the rate and however often. */
Test(reset, after_reset_gives_no_more_than_the_programme)
{
    static const uint64_t doses[] = {24000u, 150000u, 1000000u, 5000000u};
    for (uint32_t i = 0; i < sizeof doses / sizeof doses[0]; i++) {
        fake_init(&kept_pump.hal);
        fake_pump_start(&kept_pump);
        cr_assert_eq(fake_refill(&kept_pump, 20000000u), DOSING_OK);
        cr_assert_eq(fake_simple(&kept_pump, 500000u, doses[i]), DOSING_OK);
        kept_run(2u * KEPT_HOUR_MS);
        const uint64_t before = fake_pulses(&kept_pump.hal);
        const uint64_t begun_ms = kept_pump.hal.now_ms;
        uint64_t seed = i;
        for (int k = 0; k < 500; k++) {
            (void)fake_hal.train_stop(&kept_pump.hal);
            fake_pump_reset(&kept_pump, 10u + fake_random(&seed) % 100u,
                            fake_random(&seed) % 100000u);
            kept_run(fake_random(&seed) % 600000u);
        }
        const double due = (double)doses[i] / 500000.0 * 4000.0 / (double)KEPT_DAY_MS *
                           (double)(kept_pump.hal.now_ms - begun_ms);
        cr_expect_leq((double)(fake_pulses(&kept_pump.hal) - before), due + 1.0, "dose %llu",
                      (unsigned long long)doses[i]);
        cr_expect_str_empty(kept_pump.hal.violation, "%s", kept_pump.hal.violation);
    }
}

/* REQ-RESET-11: a bridge that a reset interrupts goes on where it was, to a lease, and never ends early where the fluid in the
 * path is the stronger. */
Test(reset, does_not_end_a_bridge_early_where_the_path_holds_the_stronger_fluid)
{
    for (uint32_t stronger = 0; stronger < 2u; stronger++) {
        uint8_t image[DOSING_PROGRAMME_BYTES];
        kept_start();
        fake_programme(image, stronger != 0u ? 250000u : 1000000u, 150000u);
        fake_put(image + DOSING_PROGRAMME_AT_FLAGS, DOSING_FLAG_CHANGE, 4u);
        fake_put(image + DOSING_PROGRAMME_AT_BRIDGE, 300000u, 4u); /* a day, 1200 pulses */
        cr_assert_eq(fake_commit(&kept_pump, image), DOSING_OK);
        kept_reset();
        cr_expect_eq(fake_report(&kept_pump, DOSING_REPORT_AT_BRIDGE_NL, 4u), 300000u,
                     "nothing given");
        kept_run(5u * KEPT_HOUR_MS);
        const uint64_t given_nl = 250u * (fake_pulses(&kept_pump.hal) - 250u);
        kept_reset();
        const uint64_t left_nl = fake_report(&kept_pump, DOSING_REPORT_AT_BRIDGE_NL, 4u);
        const uint64_t exact_nl = 300000u - given_nl;
        cr_expect_leq(left_nl, exact_nl + LEASE_PULSES * 250u + 250u);
        cr_expect_geq(left_nl + LEASE_PULSES * 250u + 250u, exact_nl);
        cr_expect(stronger != 0u ? left_nl + 250u >= exact_nl : left_nl <= exact_nl + 250u,
                  "%u: %llu left, %llu in truth", stronger, (unsigned long long)left_nl,
                  (unsigned long long)exact_nl);
        kept_run(30u * KEPT_HOUR_MS);
        cr_expect_eq(fake_report(&kept_pump, DOSING_REPORT_AT_BRIDGE_NL, 4u), 0u);
        kept_reset();
        cr_expect_eq(fake_report(&kept_pump, DOSING_REPORT_AT_CONCENTRATION, 4u),
                     stronger != 0u ? 250000u : 1000000u);
    }
}
