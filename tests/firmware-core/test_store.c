/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-STORE and REQ-RESET: what survives a reset, and a store that fails, decays, or is not there. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "dosing_crc.h"
#include "dosing_keep.h"
#include "dosing_state.h"
#include "dosing_stream.h"
#include "fake_hal.h"
#include "fake_image.h"

#define HOUR_MS UINT64_C(3600000)
#define DAY_MS UINT64_C(86400000)
#define YEAR_MS UINT64_C(31557600000)
#define LEASE_PULSES (DOSING_KEEP_LEASE_MS / UINT64_C(72000) + 1u) /* at 0.3 mL/day */

static fake_pump_t pump;

static dosing_state_t *state_of(fake_pump_t *p)
{
    return (dosing_state_t *)(void *)p->state;
}

static void run(uint64_t ms)
{
    fake_pump_run(&pump, pump.hal.now_ms + ms);
}

/* 0.3 mL/day, 18 mL in it, for five hours. */
static void start(void)
{
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    run(1000u);
    cr_assert_eq(fake_refill(&pump, 18000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&pump, 500000u, 150000u), DOSING_OK);
    run(5u * HOUR_MS);
}

static void reset(void)
{
    static uint64_t counter;
    if (pump.hal.running) {
        (void)fake_hal.train_stop(&pump.hal);
    }
    pump.hal.cause = DOSING_RESET_UNKNOWN;
    fake_pump_reset(&pump, 5000u, 0u);
    cr_assert_eq(pump.status, DOSING_OK);
    pump.counter = counter += 100000u; /* above every bound */
}

static uint32_t alarms(void)
{
    return (uint32_t)fake_report(&pump, DOSING_REPORT_AT_ALARMS, 4u);
}

static uint64_t dose(void)
{
    return fake_report(&pump, DOSING_REPORT_AT_DOSE, 8u);
}

static dosing_status_t clear(uint32_t which)
{
    uint8_t bytes[4];
    fake_put(bytes, which, 4u);
    return fake_send(&pump, DOSING_FRAME_ALARM_CLEAR, bytes, 4u);
}

/* The store takes nothing from now on, or again. */
static void break_store(bool broken)
{
    pump.hal.flash.stuck = broken ? UINT64_MAX : 0u;
}

/* A bit of each unit that is written between two addresses of a sector changes. */
static void rot_sector(uint32_t sector)
{
    fake_flash_t *f = &pump.hal.flash;
    f->bytes[sector * f->geometry.sector_bytes + 40u] ^= 0x10u;
}

static void erase_all(uint8_t with)
{
    memset(pump.hal.flash.bytes, with, sizeof pump.hal.flash.bytes);
}

/* ---- what survives --------------------------------------------------------------------------------------------------- */

/* REQ-RESET-01 */
Test(reset, goes_on_with_the_same_programme_and_tells)
{
    start();
    const uint64_t commits = fake_report(&pump, DOSING_REPORT_AT_COMMITS, 4u);
    const uint32_t tones = pump.hal.tones_advisory;
    reset();
    cr_expect_eq(dose(), 150000u);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_COMMITS, 4u), commits);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_RESET, 4u), DOSING_RESET_UNKNOWN);
    cr_expect_eq(alarms(), DOSING_ALARM_RESET);
    const uint64_t before = fake_pulses(&pump.hal);
    run(10u * HOUR_MS);
    cr_expect_gt(pump.hal.tones_advisory, tones);
    cr_expect_geq(fake_pulses(&pump.hal) - before, 498u);
    cr_expect_eq(clear(DOSING_ALARM_RESET), DOSING_OK);
    cr_expect_eq(alarms(), 0u);
    reset();
    cr_expect_eq(alarms(), DOSING_ALARM_RESET, "each reset is told");
}

/* REQ-RESET-02: nothing is owed from before, and the core's time goes on from what it knew, however long it was off and
 * whatever its main clock shows. */
Test(reset, owes_nothing_and_ages_nothing)
{
    for (uint64_t shows_ms = 0; shows_ms < 100u * DAY_MS; shows_ms += 33u * DAY_MS) {
        start();
        const uint64_t knew_ms = fake_report(&pump, DOSING_REPORT_AT_CLOCK_MS, 8u);
        const uint32_t all = state_of(&pump)->run.window_all;
        (void)fake_hal.train_stop(&pump.hal);
        fake_pump_reset(&pump, 20u * DAY_MS, shows_ms);
        pump.counter = 100000u;
        const uint64_t now_ms = fake_report(&pump, DOSING_REPORT_AT_CLOCK_MS, 8u);
        cr_expect_leq(now_ms, knew_ms + 1000u);
        cr_expect_geq(now_ms + DOSING_KEEP_LEASE_MS + 1000u, knew_ms, "a lease tells the time");
        cr_expect_geq(state_of(&pump)->run.window_all, all, "what was given is not forgotten");
        const uint64_t before = fake_pulses(&pump.hal);
        run(10u * HOUR_MS);
        cr_expect_leq(fake_pulses(&pump.hal) - before, 501u);
    }
}

/* REQ-STORE-03 */
Test(store, starts_in_a_row_lease_an_hour_each)
{
    start();
    for (uint32_t i = 0; i < 8u; i++) {
        const uint64_t truth = fake_pulses(&pump.hal);
        const uint64_t told = fake_report(&pump, DOSING_REPORT_AT_COMMANDED, 8u);
        run(600000u);
        reset();
        const uint64_t given = fake_pulses(&pump.hal) - truth;
        const uint64_t more = fake_report(&pump, DOSING_REPORT_AT_COMMANDED, 8u) - told;
        cr_expect_leq(more, given + (i == 0u ? LEASE_PULSES : 51u) + 1u, "reset %u: %llu", i,
                      (unsigned long long)more);
    }
}

/* REQ-RESET-03: the gap to a stroke just before. */
Test(reset, keeps_the_gap_to_the_pulse_before_it)
{
    for (uint64_t after_ms = 0; after_ms < 5000u; after_ms += 250u) {
        fake_init(&pump.hal);
        fake_pump_start(&pump);
        cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
        cr_assert_eq(fake_simple(&pump, 500000u, 5000000u), DOSING_OK); /* a pulse in 2160 ms */
        run(HOUR_MS + after_ms);
        (void)fake_hal.train_stop(&pump.hal);
        fake_pump_reset(&pump, 10u, 0u);
        run(HOUR_MS);
        cr_expect_str_empty(pump.hal.violation, "%s", pump.hal.violation);
        cr_expect_gt(fake_pulses(&pump.hal), 3000u);
    }
}

/* REQ-RESET-04 */
Test(reset, of_a_stopped_pump_leaves_it_stopped)
{
    start();
    cr_assert_eq(fake_send(&pump, DOSING_FRAME_STOP, NULL, 0u), DOSING_OK);
    for (int i = 0; i < 3; i++) {
        reset();
        const uint64_t before = fake_pulses(&pump.hal);
        run(30u * HOUR_MS);
        cr_expect_eq(fake_pulses(&pump.hal), before);
        cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_MODE, 1u), DOSING_MODE_STOPPED);
    }
}

/* REQ-RESET-05 */
Test(reset, forfeits_a_bolus_and_counts_what_it_may_have_given)
{
    start();
    cr_assert_eq(fake_bolus(&pump, 20000u, 3600000u), DOSING_OK); /* 160 pulses */
    run(HOUR_MS / 2u);
    const uint64_t truth = fake_pulses(&pump.hal);
    reset();
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_DELIVERY, 1u), DOSING_DELIVERY_BASAL);
    const uint64_t told = fake_report(&pump, DOSING_REPORT_AT_COMMANDED, 8u);
    cr_expect_geq(told, truth);
    cr_expect_leq(told, truth + 160u + LEASE_PULSES + 2u);
    const uint64_t before = fake_pulses(&pump.hal);
    run(10u * HOUR_MS);
    cr_expect_leq(fake_pulses(&pump.hal) - before, 501u);
}

/* REQ-RESET-06: alarms that hold and what nobody has seen, so that a reset silences nothing. */
Test(reset, keeps_alarms)
{
    start();
    state_of(&pump)->path.credit_fl = -(int64_t)1000000000000; /* a guard that disagrees */
    dosing_state_seal_hot(state_of(&pump));
    run(2u * HOUR_MS);
    cr_assert_eq(alarms() & DOSING_ALARM_GUARD, DOSING_ALARM_GUARD);
    reset();
    cr_expect_eq(alarms(), DOSING_ALARM_GUARD | DOSING_ALARM_RESET);
    const uint64_t before = fake_pulses(&pump.hal);
    run(5u * HOUR_MS);
    cr_expect_eq(fake_pulses(&pump.hal), before, "a reset is no way around the guard");
    cr_expect_eq(clear(DOSING_ALARM_GUARD), DOSING_OK);
    reset();
    cr_expect_eq(alarms(), DOSING_ALARM_RESET);
    run(5u * HOUR_MS);
    cr_expect_gt(fake_pulses(&pump.hal), before + 240u, "%llu, alarms %x",
                 (unsigned long long)(fake_pulses(&pump.hal) - before), alarms());
}

/* REQ-RESET-07 */
Test(reset, does_not_let_a_frame_act_twice)
{
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    start();
    for (uint32_t frames = 0; frames < 700u; frames += 233u) {
        for (uint32_t i = 0; i < frames; i++) {
            cr_assert_eq(fake_open(&pump), DOSING_OK);
        }
        const uint8_t nonce[DOSING_NONCE_BYTES] = {7};
        pump.session = 0u;
        pump.counter++;
        const uint32_t length = fake_frame(&pump, DOSING_FRAME_OPEN, nonce, sizeof nonce, frame);
        cr_assert_eq(fake_raw(&pump, frame, length), DOSING_OK);
        const uint64_t last = pump.counter;
        reset();
        cr_expect_eq(fake_raw(&pump, frame, length), DOSING_REFUSED_REPLAY);
        const uint64_t told =
            fake_get(pump.hal.reply + DOSING_FRAME_HEADER_BYTES + DOSING_REFUSAL_AT_COUNTER, 8u);
        cr_expect_geq(told, last);
        cr_expect_leq(told, last + DOSING_KEEP_COUNTERS);
        pump.counter = told; /* as a programmer takes it up */
        cr_expect_eq(fake_open(&pump), DOSING_OK);
    }
}

/* REQ-RESET-08: a reset is no way to another patient bolus. */
Test(reset, keeps_the_lockout_of_patient_boluses)
{
    uint8_t programme[DOSING_PROGRAMME_BYTES];
    start();
    fake_programme(programme, 500000u, 150000u);
    uint8_t *patient = programme + DOSING_PROGRAMME_AT_PATIENT;
    fake_put(patient + DOSING_PATIENT_AT_DOSE, 5000u, 8u);
    fake_put(patient + DOSING_PATIENT_AT_DURATION, 600000u, 4u);
    fake_put(patient + DOSING_PATIENT_AT_LOCKOUT, 4u * HOUR_MS, 4u);
    fake_put(patient + DOSING_PATIENT_AT_INTERVAL, DAY_MS, 4u);
    fake_put(patient + DOSING_PATIENT_AT_PER_INTERVAL, 2u, 2u);
    fake_put(patient + DOSING_PATIENT_AT_PER_DAY, 2u, 2u);
    cr_assert_eq(fake_commit(&pump, programme), DOSING_OK);
    break_store(true);
    cr_expect_eq(fake_send(&pump, DOSING_FRAME_REQUEST, NULL, 0u), DOSING_ERROR_STORE);
    break_store(false);
    for (uint32_t given = 0; given < 2u; given++) {
        cr_expect_eq(fake_send(&pump, DOSING_FRAME_REQUEST, NULL, 0u), DOSING_OK);
        reset();
        cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_PATIENT_GIVEN, 2u), given + 1u);
        cr_expect_eq(fake_send(&pump, DOSING_FRAME_REQUEST, NULL, 0u), DOSING_REFUSED_LOCKOUT);
        run(6u * HOUR_MS);
    }
    reset();
    cr_expect_eq(fake_send(&pump, DOSING_FRAME_REQUEST, NULL, 0u), DOSING_REFUSED_COUNT);
}

/* REQ-RESET-09: nor to another prime, whose pulses are in no limit and in no account of drug before and after. */
Test(reset, keeps_that_a_system_was_primed)
{
    uint8_t prime[DOSING_PRIME_BYTES] = {0};
    start();
    fake_put(prime + DOSING_PRIME_AT_CATHETER, 200000u, 4u); /* 800 pulses */
    fake_put(prime + DOSING_PRIME_AT_REVISION, 1u, 4u);
    const uint32_t window = state_of(&pump)->run.window_all;
    const uint64_t given = fake_report(&pump, DOSING_REPORT_AT_GIVEN_NG, 8u);
    const uint64_t before = fake_pulses(&pump.hal);
    cr_assert_eq(fake_send(&pump, DOSING_FRAME_PRIME, prime, sizeof prime), DOSING_OK);
    run(120000u);
    cr_assert_gt(fake_pulses(&pump.hal), before + 100u);
    reset();
    cr_expect_leq(state_of(&pump)->run.window_all, window + 51u + 64u);
    cr_expect_leq(fake_report(&pump, DOSING_REPORT_AT_GIVEN_NG, 8u), given + 125u * 120u);
    cr_expect_geq(fake_report(&pump, DOSING_REPORT_AT_COMMANDED, 8u), fake_pulses(&pump.hal));
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_REVISION, 4u), 1u);
    cr_expect_eq(fake_send(&pump, DOSING_FRAME_PRIME, prime, sizeof prime), DOSING_REFUSED_PRIME);
}

/* REQ-RESET-10: a programme of every kind, whole; local time is lost, and steps give way to their mean. */
Test(reset, keeps_a_programme_of_steps_and_timed_boluses)
{
    start();
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
    cr_assert_eq(fake_send(&pump, DOSING_FRAME_SET_TIME, week, 4u), DOSING_OK);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    run(5u * HOUR_MS);
    const dosing_programme_t before = state_of(&pump)->therapy.programme;
    for (int i = 0; i < 3; i++) {
        reset();
        cr_expect_eq(memcmp(&before, &state_of(&pump)->therapy.programme, sizeof before), 0);
        cr_expect_eq(dose(), 155000u, "the mean");
        run(50u * HOUR_MS); /* a new checkpoint */
    }
    cr_assert_eq(fake_send(&pump, DOSING_FRAME_SET_TIME, week, 4u), DOSING_OK);
    cr_expect_eq(dose(), 100000u);
}

/* REQ-RESET-12: whatever the rate and however often. */
Test(reset, after_reset_gives_no_more_than_the_programme)
{
    static const uint64_t doses[] = {24000u, 150000u, 1000000u, 5000000u};
    for (uint32_t i = 0; i < sizeof doses / sizeof doses[0]; i++) {
        fake_init(&pump.hal);
        fake_pump_start(&pump);
        cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
        cr_assert_eq(fake_simple(&pump, 500000u, doses[i]), DOSING_OK);
        run(2u * HOUR_MS);
        const uint64_t before = fake_pulses(&pump.hal);
        const uint64_t begun_ms = pump.hal.now_ms;
        uint64_t seed = i;
        for (int k = 0; k < 500; k++) {
            (void)fake_hal.train_stop(&pump.hal);
            fake_pump_reset(&pump, 10u + fake_random(&seed) % 100u, fake_random(&seed) % 100000u);
            run(fake_random(&seed) % 600000u);
        }
        const double due = (double)doses[i] / 500000.0 * 4000.0 / (double)DAY_MS *
                           (double)(pump.hal.now_ms - begun_ms);
        cr_expect_leq((double)(fake_pulses(&pump.hal) - before), due + 1.0, "dose %llu",
                      (unsigned long long)doses[i]);
        cr_expect_str_empty(pump.hal.violation, "%s", pump.hal.violation);
    }
}

/* ---- copies ------------------------------------------------------------------------------------------------------------ */

/* REQ-STORE-04: of the two copies of each order, either alone gives the same. */
Test(store, one_copy_lost_changes_nothing_and_is_told)
{
    for (uint32_t which = 0; which < 2u; which++) {
        start();
        cr_assert_eq(fake_simple(&pump, 500000u, 600000u), DOSING_OK);
        const dosing_medium_t *m = &state_of(&pump)->medium;
        rot_sector(which == 0u ? m->home : m->spare);
        reset();
        cr_expect_eq(dose(), 600000u, "copy %u", which);
        cr_expect_eq(alarms(), DOSING_ALARM_RESET | DOSING_ALARM_COPY, "copy %u", which);
        cr_expect_eq(clear(DOSING_ALARM_COPY), DOSING_OK);
        run(26u * HOUR_MS);
        cr_expect_eq(alarms(), DOSING_ALARM_RESET);
    }
}

/* REQ-STORE-05: an earlier programme is never taken for the latest. */
Test(store, both_copies_lost_stops_dosing_until_a_clinician_acts)
{
    for (uint32_t hours = 0; hours < 40u; hours += 13u) {
        start();
        cr_assert_eq(fake_simple(&pump, 500000u, 600000u), DOSING_OK);
        run(hours * HOUR_MS);
        for (uint32_t sector = 0; sector < 4u; sector++) {
            fake_flash_t *f = &pump.hal.flash;
            const uint32_t at = sector * f->geometry.sector_bytes;
            if (fake_get(f->bytes + at + 12u, 4u) == state_of(&pump)->medium.edition) {
                rot_sector(sector);
            }
        }
        reset();
        const uint64_t before = fake_pulses(&pump.hal);
        cr_expect_eq(alarms() & DOSING_ALARM_LOST, DOSING_ALARM_LOST, "after %u h", hours);
        run(5u * HOUR_MS);
        cr_expect_gt(pump.hal.tones_critical, 0u);
        reset();
        cr_expect_eq(alarms() & DOSING_ALARM_LOST, DOSING_ALARM_LOST, "a reset does not end it");
        cr_expect_eq(fake_simple(&pump, 500000u, 150000u), DOSING_OK);
        cr_expect_eq(fake_refill(&pump, 18000000u), DOSING_OK);
        run(2u * HOUR_MS);
        cr_expect_eq(fake_pulses(&pump.hal), before, "not acknowledged yet");
        cr_expect_eq(clear(DOSING_ALARM_LOST), DOSING_OK);
        run(2u * HOUR_MS);
        cr_expect_geq(fake_pulses(&pump.hal), before + 98u);
        reset();
        cr_expect_eq(dose(), 150000u);
        cr_expect_eq(alarms() & ~DOSING_ALARM_COPY, DOSING_ALARM_RESET);
    }
}

/* REQ-STORE-05 */
Test(store, that_was_wiped_or_overwritten_is_lost_and_an_erased_one_is_new)
{
    static const uint8_t with[] = {0x00u, 0x55u, 0xFFu};
    for (uint32_t i = 0; i < sizeof with; i++) {
        start();
        erase_all(with[i]);
        reset();
        cr_expect_eq(alarms() & DOSING_ALARM_LOST, with[i] != 0xFFu ? DOSING_ALARM_LOST : 0u,
                     "all %02x", with[i]);
        const uint64_t before = fake_pulses(&pump.hal);
        run(5u * HOUR_MS);
        cr_expect_eq(fake_pulses(&pump.hal), before);
    }
}

/* REQ-STORE-05: of another pump, or by another version of the core. */
Test(store, of_another_device_is_lost)
{
    start();
    pump.hal.factory.device_id++;
    fake_seal_factory(&pump.hal);
    reset();
    cr_expect_eq(alarms() & DOSING_ALARM_LOST, DOSING_ALARM_LOST);
    cr_expect_eq(dose(), 0u);
}

/* REQ-STORE-05: reads that fail at the start; once they work again the programme is as it was. */
Test(store, that_cannot_be_read_is_lost_until_it_can_be)
{
    start();
    pump.hal.flash.unread = (fake_fault_t){0u, UINT64_MAX};
    reset();
    cr_expect_eq(alarms() & DOSING_ALARM_LOST, DOSING_ALARM_LOST);
    run(30u * HOUR_MS);
    pump.hal.flash.unread.count = 0u;
    pump.hal.flash.no_geometry = true;
    reset();
    cr_expect_eq(alarms() & DOSING_ALARM_LOST, DOSING_ALARM_LOST);
    cr_expect_eq(fake_simple(&pump, 500000u, 600000u), DOSING_ERROR_STORE);
    pump.hal.flash.no_geometry = false;
    reset();
    cr_expect_eq(dose(), 150000u);
    cr_expect_eq(alarms(), DOSING_ALARM_RESET);
}

/* REQ-STORE-06: any byte of the ring's sectors rots: the programme is the one in force, or dosing is off and tells. */
Test(store, any_byte_that_rots_leaves_the_programme_or_is_lost)
{
    static fake_pump_t sound;
    start();
    cr_assert_eq(fake_simple(&pump, 500000u, 600000u), DOSING_OK);
    run(3u * HOUR_MS);
    sound = pump;
    const uint32_t end = 4u * sound.hal.flash.geometry.sector_bytes;
    for (uint32_t at = 0; at < end; at += at % 8192u < 700u || at % 8192u > 7600u ? 1u : 997u) {
        pump.hal = sound.hal;
        pump.hal.flash.bytes[at] ^= (uint8_t)(1u << at % 8u);
        reset();
        cr_assert_eq(dose(), 600000u, "byte %u", at);
        cr_assert_eq(alarms() & DOSING_ALARM_LOST, 0u, "byte %u", at);
    }
}

/* Puts right the CRC of every checkpoint, so that what it says is believed. */
static void make_good(fake_flash_t *f)
{
    for (uint32_t sector = 0; sector < 4u; sector++) {
        uint8_t *at = f->bytes + sector * f->geometry.sector_bytes;
        const uint32_t covered = DOSING_STREAM_HEAD_BYTES + (uint32_t)fake_get(at + 20, 4u);
        if (fake_get(at, 4u) == DOSING_STREAM_MAGIC && covered + 4u < f->geometry.sector_bytes) {
            fake_put(at + covered, dosing_crc(at, covered), 4u);
        }
    }
}

/* REQ-STORE-14: a checkpoint that is whole and says nonsense: what it gives stays within the factory's limits, or it is lost. */
Test(store, nonsense_that_is_whole_gives_nothing_beyond_the_factorys_limits, .timeout = 120)
{
    static const uint64_t values[] = {UINT64_MAX, UINT64_C(0x8000000080000000), 0u, 0x7FFFu};
    static fake_pump_t sound;
    start();
    cr_assert_eq(fake_simple(&pump, 250000u, 150000u),
                 DOSING_OK); /* so that the ring holds two fluids */
    run(12u * HOUR_MS);
    sound = pump;
    const uint32_t home = state_of(&pump)->medium.home * 8192u;
    const uint32_t length = (uint32_t)fake_get(sound.hal.flash.bytes + home + 20u, 4u);
    for (uint32_t at = 8u; at < DOSING_STREAM_HEAD_BYTES + length; at += 4u) {
        for (uint32_t i = 0; i < sizeof values / sizeof values[0]; i++) {
            pump.hal = sound.hal;
            for (uint32_t sector = 0; sector < 4u;
                 sector++) { /* all the same: there is no other copy */
                fake_put(pump.hal.flash.bytes + sector * 8192u + at, values[i],
                         i % 2u == 0u ? 8u : 4u);
            }
            make_good(&pump.hal.flash);
            reset();
            const uint64_t before = fake_pulses(&pump.hal);
            run(23u * HOUR_MS);
            cr_assert_leq(fake_pulses(&pump.hal) - before, 48000u, "word at %u is %llx", at,
                          (unsigned long long)values[i]);
            cr_assert_str_empty(pump.hal.violation, "word at %u: %s", at, pump.hal.violation);
        }
    }
}

/* REQ-RESET-11: a bridge that a reset interrupts goes on where it was, to a lease, and never ends early where the fluid in the
 * path is the stronger. */
Test(reset, does_not_end_a_bridge_early_where_the_path_holds_the_stronger_fluid)
{
    for (uint32_t stronger = 0; stronger < 2u; stronger++) {
        uint8_t image[DOSING_PROGRAMME_BYTES];
        start();
        fake_programme(image, stronger != 0u ? 250000u : 1000000u, 150000u);
        fake_put(image + DOSING_PROGRAMME_AT_FLAGS, DOSING_FLAG_CHANGE, 4u);
        fake_put(image + DOSING_PROGRAMME_AT_BRIDGE, 300000u, 4u); /* a day, 1200 pulses */
        cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
        reset();
        cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_BRIDGE_NL, 4u), 300000u, "nothing given");
        run(5u * HOUR_MS);
        const uint64_t given_nl = 250u * (fake_pulses(&pump.hal) - 250u);
        reset();
        const uint64_t left_nl = fake_report(&pump, DOSING_REPORT_AT_BRIDGE_NL, 4u);
        const uint64_t exact_nl = 300000u - given_nl;
        cr_expect_leq(left_nl, exact_nl + LEASE_PULSES * 250u + 250u);
        cr_expect_geq(left_nl + LEASE_PULSES * 250u + 250u, exact_nl);
        cr_expect(stronger != 0u ? left_nl + 250u >= exact_nl : left_nl <= exact_nl + 250u,
                  "%u: %llu left, %llu in truth", stronger, (unsigned long long)left_nl,
                  (unsigned long long)exact_nl);
        run(30u * HOUR_MS);
        cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_BRIDGE_NL, 4u), 0u);
        reset();
        cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_CONCENTRATION, 4u),
                     stronger != 0u ? 250000u : 1000000u);
    }
}

/* ---- a store that fails ------------------------------------------------------------------------------------------------ */

/* REQ-STORE-07 */
Test(store, that_takes_nothing_refuses_a_commit_and_the_running_programme_goes_on)
{
    start();
    break_store(true);
    const uint64_t before = fake_pulses(&pump.hal);
    cr_expect_eq(fake_simple(&pump, 500000u, 600000u), DOSING_ERROR_STORE);
    cr_expect_eq(fake_refill(&pump, 10000000u), DOSING_ERROR_STORE);
    cr_expect_eq(dose(), 150000u);
    cr_expect_eq(alarms(), DOSING_ALARM_STORE);
    cr_expect_gt(pump.hal.tones_critical, 0u);
    cr_expect_gt(fake_report(&pump, DOSING_REPORT_AT_VOLUME_NL, 4u), 17000000u);
    break_store(false);
    run(2u * HOUR_MS);
    cr_expect_geq(fake_pulses(&pump.hal), before + 97u);
    cr_expect_eq(alarms(), 0u, "the cause is over");
    reset();
    cr_expect_eq(dose(), 150000u, "what was refused is not found by a reset");
}

/* REQ-STORE-08: the lease and the train under way are given, and nothing beyond. */
Test(store, that_takes_nothing_gives_what_is_leased_and_no_more)
{
    start();
    break_store(true);
    const uint64_t bound = state_of(&pump)->lease.bound;
    run(3u * HOUR_MS);
    cr_expect_leq(fake_pulses(&pump.hal), bound);
    cr_expect_eq(alarms(), DOSING_ALARM_STORE);
    const uint64_t before = fake_pulses(&pump.hal);
    break_store(false);
    run(60000u + HOUR_MS);
    cr_expect_geq(fake_pulses(&pump.hal), before + 49u, "it is tried again each minute");
    cr_expect_eq(alarms(), 0u);
}

/* REQ-STORE-09 */
Test(store, that_takes_nothing_does_not_hold_a_stop_up)
{
    start();
    break_store(true);
    cr_expect_eq(fake_send(&pump, DOSING_FRAME_STOP, NULL, 0u), DOSING_ERROR_STORE);
    const uint64_t before = fake_pulses(&pump.hal);
    run(30u * HOUR_MS);
    cr_expect_eq(fake_pulses(&pump.hal), before);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_MODE, 1u), DOSING_MODE_STOPPED);
    break_store(false);
    run(120000u);
    reset();
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_MODE, 1u), DOSING_MODE_STOPPED,
                 "it is kept once that is possible");
}

/* REQ-STORE-10: single operations that fail, or lie, in every place of a morning: nobody notices but the count. */
Test(store, single_faults_cost_nothing)
{
    for (uint32_t kind = 0; kind < 4u; kind++) {
        for (uint64_t n = 0; n < 400u; n++) {
            fake_init(&pump.hal);
            fake_flash_t *f = &pump.hal.flash;
            fake_fault_t *faults[] = {&f->fail, &f->rot, &f->residue, &f->unread};
            *faults[kind] = (fake_fault_t){n * (kind == 3u ? 17u : 1u), 1u};
            fake_pump_start(&pump);
            run(1000u);
            cr_assert_eq(fake_refill(&pump, 18000000u), DOSING_OK);
            cr_assert_eq(fake_simple(&pump, 500000u, 150000u), DOSING_OK);
            run(HOUR_MS);
            cr_assert_eq(fake_simple(&pump, 500000u, 300000u), DOSING_OK, "fault %u at %llu", kind,
                         (unsigned long long)n);
            run(50u * HOUR_MS);
            cr_assert_eq(alarms() & ~(DOSING_ALARM_COPY | DOSING_ALARM_LOST), 0u,
                         "fault %u at %llu", kind, (unsigned long long)n);
            const uint64_t truth = fake_pulses(&pump.hal);
            reset();
            cr_assert_eq(dose(), 300000u, "fault %u at %llu", kind, (unsigned long long)n);
            cr_assert_geq(fake_report(&pump, DOSING_REPORT_AT_COMMANDED, 8u), truth);
            cr_assert_str_empty(f->violation, "fault %u at %llu: %s", kind, (unsigned long long)n,
                                f->violation);
        }
    }
}

/* REQ-STORE-10: a sector that takes nothing is gone around, for years. */
Test(store, a_stuck_sector_is_gone_around)
{
    for (uint32_t sector = 0; sector < 4u; sector++) {
        start();
        pump.hal.flash.stuck = UINT64_C(1) << sector;
        for (int i = 0; i < 20; i++) {
            cr_assert_eq(fake_simple(&pump, 500000u, 150000u + 1000u * (uint64_t)i), DOSING_OK,
                         "sector %u", sector);
            run(10u * HOUR_MS);
            reset();
            cr_assert_eq(dose(), 150000u + 1000u * (uint64_t)i, "sector %u", sector);
        }
        cr_expect_str_empty(pump.hal.flash.violation, "%s", pump.hal.flash.violation);
    }
}

/* REQ-STORE-11 */
Test(store, geometries_that_cannot_be_used_start_nothing)
{
    static const dosing_store_geometry_t bad[] = {
        {7u, 8192u, 8u, 0xFFu},    {8u, 8192u, 0u, 0xFFu}, {8u, 8190u, 65u, 0xFFu},
        {8u, 8191u, 8u, 0xFFu},    {8u, 8192u, 8u, 0x01u}, {8u, 4096u, 8u, 0xFFu},
        {8u, 512u, 8u, 0xFFu},     {8u, 0u, 8u, 0xFFu},    {0x80000u, 8192u, 8u, 0xFFu},
        {1u, 0x100000u, 8u, 0x00u}};
    for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        fake_init(&pump.hal);
        pump.hal.flash.geometry = bad[i];
        fake_pump_start(&pump);
        cr_expect_eq(pump.status, DOSING_ERROR_STORE, "geometry %u", i);
    }
}

/* REQ-STORE-12 */
Test(store, a_device_without_one_keeps_nothing)
{
    fake_init(&pump.hal);
    fake_flash_init(&pump.hal.flash, 0u, 0u, 0u, 0xFFu);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 18000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&pump, 500000u, 150000u), DOSING_OK);
    run(5u * HOUR_MS);
    cr_expect_geq(fake_pulses(&pump.hal), 249u);
    cr_expect_eq(alarms(), 0u);
    reset();
    cr_expect_eq(dose(), 0u);
    cr_expect_eq(alarms(), DOSING_ALARM_LOW | DOSING_ALARM_EMPTY);
    cr_expect_eq(pump.hal.flash.operations, 0u);
}

/* REQ-STORE-13: seven years at 2 mL/day, a refill each week, a new programme each month: printed, and bounded. */
Test(store, wear_over_seven_years_is_bounded, .timeout = 120)
{
    uint32_t most = 0, log = 0;
    fake_init(&pump.hal);
    pump.hal.factory.rate_max_nl_per_day = 12000000u;
    pump.hal.factory.battery_uah = 5000000u; /* lasts for seven years at this rate */
    fake_seal_factory(&pump.hal);
    fake_pump_start(&pump);
    for (uint32_t day = 0; day < 7u * 365u; day++) {
        if (day % 7u == 0u) {
            cr_assert_eq(fake_refill(&pump, 18000000u), DOSING_OK);
        }
        if (day % 30u == 0u) {
            cr_assert_eq(fake_simple(&pump, 500000u, 1000000u), DOSING_OK);
        }
        run(DAY_MS);
    }
    for (uint32_t sector = 0; sector < 8u; sector++) {
        uint32_t *max = sector < 4u ? &most : &log;
        *max = pump.hal.flash.erases[sector] > *max ? pump.hal.flash.erases[sector] : *max;
    }
    printf(
        "seven years at 2 mL/day, 8 sectors of 8192 bytes: at most %u erases of a sector, %u of a "
        "log's\n",
        most, log);
    cr_expect_lt(most, 1000u);
    cr_expect_lt(log, 100u);
    cr_expect_eq(alarms() & ~(DOSING_ALARM_LOW | DOSING_ALARM_ERI), 0u);
}
