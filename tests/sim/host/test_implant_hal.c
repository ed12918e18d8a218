/* SPDX-License-Identifier: Apache-2.0 */
/* The simulator's HAL, callback by callback: what it answers, and that no argument of a core's can end the run. */
#include "host/implant.h"
#include "host/emergency.h"
#include "host/implant_hal.h"
#include "tests/sim/host/usual.h"

#include "dosing_frame.h"

#include <criterion/criterion.h>
#include <stddef.h>
#include <string.h>

#define SERIAL 7u
#define START_MS INT64_C(5000)

/* ---- a pump whose core does nothing, so that the test alone calls the hardware ---- */

static dosing_status_t quiet_init(dosing_state_t *state, const dosing_hal_t *hal, void *context)
{
    (void)state, (void)hal, (void)context;
    return DOSING_OK;
}

static dosing_status_t quiet_wake(dosing_state_t *state, uint64_t *next_wake_ms)
{
    (void)state;
    *next_wake_ms = DOSING_NEVER_MS;
    return DOSING_OK;
}

static dosing_status_t quiet_receive(dosing_state_t *state, const uint8_t *frame, uint32_t length,
                                     uint64_t *next_wake_ms)
{
    (void)frame, (void)length;
    return quiet_wake(state, next_wake_ms);
}

static const dosing_entry_t quiet = {.abi_major = DOSING_ABI_MAJOR,
                                     .table_size = sizeof(dosing_entry_t),
                                     .state_size = 8,
                                     .state_align = 8,
                                     .core_id = "quiet",
                                     .init = quiet_init,
                                     .wake = quiet_wake,
                                     .receive = quiet_receive};
static const core_t core = {.entry = &quiet};
static const uint64_t secret[4] = {1, 2, 3, 4};
static implant_t im;
static const dosing_hal_t *hal;
static error_t e;
static uint32_t tones, last_tone;

static void hear_tone(void *context, uint32_t tone)
{
    cr_assert_eq(context, (void *)&tones);
    tones++;
    last_tone = tone;
}

static implant_param_t param(void)
{
    implant_param_t p = usual_implant();
    p.pump.start_ms = START_MS;
    p.pump.head.pulses_per_revolution = 3.0;
    p.pump.battery.sleep_ua = 1000.0; /* 40 mV over the cell's resistance; a pulse 160 mV */
    p.pump.battery.tone_uc = 5000.0;
    p.pump.battery.frame_uc = 1000.0;
    p.serial = SERIAL;
    memcpy(p.secret, secret, sizeof p.secret);
    return p;
}

static void start_with(const implant_param_t *p)
{
    implant_sinks_t sinks = {.context = &tones, .tone = hear_tone};
    cr_assert_eq(implant_init(&im, p, &core, &sinks, &e), 0, "%s", e.text);
    cr_assert_eq(implant_wake(&im, &e), 0, "%s", e.text);
    hal = implant_hal_table();
}

static void begin(void)
{
    implant_param_t p = param();
    start_with(&p);
}

static void end(void)
{
    implant_free(&im);
}

static void after_ms(int64_t ms)
{
    cr_assert_eq(implant_advance(&im, im.pump.now_ms + ms, &e), 0, "%s", e.text);
}

static void run_train(uint32_t count, uint32_t period_ms)
{
    cr_assert_eq(hal->motor_arm(&im, count, period_ms), DOSING_HAL_OK);
    cr_assert_eq(hal->train_start(&im, count, period_ms), DOSING_HAL_OK, "%s", im.failure.text);
}

static uint32_t u32(int32_t (*read)(void *, uint32_t *), const char *name)
{
    uint32_t value = UINT32_MAX;
    cr_assert_eq(read(&im, &value), DOSING_HAL_OK, "%s", name);
    return value;
}

/* The simulator itself has no error, and lives on. */
static void expect_no_failure(const char *what)
{
    cr_expect_eq(im.failure.code, 0, "%s: %s", what, im.failure.text);
    cr_expect_eq(implant_wake(&im, &e), 0, "%s: %s", what, e.text);
}

TestSuite(implant_hal, .init = begin, .fini = end);

/* ---- the table ---- */

Test(implant_hal, every_callback_of_the_table_is_there)
{
    const size_t first = offsetof(dosing_hal_t, clock_ms), size = sizeof hal->clock_ms;
    cr_assert_eq(hal->table_size, sizeof(dosing_hal_t));
    cr_assert_eq(hal->reserved, 0);
    for (size_t at = first; at < sizeof(dosing_hal_t); at += size) {
        static const uint8_t nothing[sizeof(void (*)(void))];
        cr_expect_neq(memcmp((const uint8_t *)hal + at, nothing, size), 0,
                      "callback %zu is missing", (at - first) / size);
    }
}

/* ---- what is read ---- */

Test(implant_hal, each_clock_runs_at_its_own_error_from_the_start)
{
    implant_param_t p = param();
    uint64_t main_ms = 99, second_ms = 99;
    p.pump.oscillator.error_ppm = 500.0;
    p.pump.oscillator.second_error_ppm = -300.0;
    implant_free(&im);
    start_with(&p);
    cr_assert_eq(hal->clock_ms(&im, &main_ms), DOSING_HAL_OK);
    cr_assert_eq(hal->second_clock_ms(&im, &second_ms), DOSING_HAL_OK);
    cr_expect(main_ms == 0 && second_ms == 0);
    after_ms(2000001);
    cr_assert_eq(hal->clock_ms(&im, &main_ms), DOSING_HAL_OK);
    cr_assert_eq(hal->second_clock_ms(&im, &second_ms), DOSING_HAL_OK);
    cr_expect_eq(main_ms, 2001001, "500 ppm fast, not %llu", (unsigned long long)main_ms);
    cr_expect_eq(second_ms, 1999400, "300 ppm slow, not %llu", (unsigned long long)second_ms);
}

Test(implant_hal, plain_readings_are_those_of_the_models)
{
    const struct {
        const char *name;
        int32_t (*read)(void *, uint32_t *);
        uint32_t before, after; /* a train of 10 pulses */
    } row[] = {
        {"reset_cause", hal->reset_cause, DOSING_RESET_POWER_ON, DOSING_RESET_POWER_ON},
        {"step_confirm", hal->step_confirm, 0, 10},
        {"rotor_index", hal->rotor_index, 0, 3}, /* of 3 pulses each */
        {"battery_idle_mv", hal->battery_idle_mv, 3160, 3160},
        {"battery_loaded_mv", hal->battery_loaded_mv, 3160, 3040},
    };
    const size_t rows = sizeof row / sizeof row[0];
    for (size_t i = 0; i < rows; i++) {
        cr_expect_eq(u32(row[i].read, row[i].name), row[i].before, "%s before any pulse is %u",
                     row[i].name, u32(row[i].read, row[i].name));
    }
    run_train(10, 1000);
    after_ms(10000);
    for (size_t i = 0; i < rows; i++) {
        cr_expect_eq(u32(row[i].read, row[i].name), row[i].after, "%s after ten pulses is %u",
                     row[i].name, u32(row[i].read, row[i].name));
    }
}

Test(implant_hal, the_battery_falls_as_it_is_used)
{
    implant_param_t p = param();
    p.pump.battery.capacity_mah = 2.0;
    implant_free(&im);
    start_with(&p);
    after_ms(3600000); /* one hour at 1 mA is half of it, and 0.4 V */
    cr_expect_eq(u32(hal->battery_idle_mv, "idle"), 2760);
}

Test(implant_hal, the_temperature_is_that_of_a_body)
{
    int32_t mdegc = -1;
    cr_assert_eq(hal->temperature_mdegc(&im, &mdegc), DOSING_HAL_OK);
    cr_expect_eq(mdegc, 37000);
}

Test(implant_hal, the_factory_block_is_that_of_the_pump)
{
    dosing_factory_t f, expected = {.device_id = SERIAL,
                                    .pulse_volume_pl = 250000,
                                    .capacity_nl = 20000000,
                                    .tubing_nl = 140000,
                                    .rate_min_nl_per_day = 48000,
                                    .rate_max_nl_per_day = 24000000,
                                    .volume_24h_max_nl = 26000000,
                                    .gap_ms = 100,
                                    .battery_uah = 1372000, /* 2 % kept back */
                                    .idle_na = 1000000,
                                    .wake_nc = 20000,
                                    .pulse_nc = 400000,
                                    .tone_nc = 5000000,
                                    .frame_nc = 1000000,
                                    .eri_mv = 2264, /* at 97 % and at 99.5 % of its charge */
                                    .floor_mv = 2244};
    seal_factory(&expected);
    memset(&f, 0xA5, sizeof f);
    cr_assert_eq(hal->factory_read(&im, &f), DOSING_HAL_OK);
    cr_expect_eq(memcmp(&f, &expected, sizeof f), 0);
}

/* ---- the motor ---- */

static void expect_train(uint32_t done, uint32_t running, const char *when)
{
    uint32_t d = 99, r = 99;
    cr_assert_eq(hal->train_status(&im, &d, &r), DOSING_HAL_OK);
    cr_expect(d == done && r == running, "%s: %u done, running %u", when, d, r);
    cr_expect_eq(u32(hal->step_confirm, "step_confirm"), done, "%s", when);
}

Test(implant_hal, a_train_is_counted_as_it_goes)
{
    expect_train(0, 0, "before the first");
    run_train(10, 1000);
    expect_train(1, 1, "at its start");
    cr_expect_eq(hal->motor_arm(&im, 4, 1000), DOSING_HAL_BUSY);
    cr_expect_eq(hal->train_start(&im, 4, 1000), DOSING_HAL_BUSY);
    after_ms(4500);
    expect_train(5, 1, "in the middle");
    cr_expect_eq(u32(hal->rotor_index, "rotor_index"), 1);
    after_ms(5500);
    expect_train(10, 0, "at its end");
    run_train(2, 1000);
    expect_train(1, 1, "at the start of another");
}

Test(implant_hal, a_stopped_train_keeps_the_pulse_that_has_begun)
{
    run_train(10, 1000);
    after_ms(2500);
    cr_assert_eq(hal->train_stop(&im), DOSING_HAL_OK);
    expect_train(3, 0, "stopped");
    after_ms(5000);
    expect_train(3, 0, "later");
    cr_assert_eq(hal->train_stop(&im), DOSING_HAL_OK, "OK where none runs");
}

Test(implant_hal, a_stop_drops_the_arm)
{
    cr_assert_eq(hal->motor_arm(&im, 4, 1000), DOSING_HAL_OK);
    cr_assert_eq(hal->train_stop(&im), DOSING_HAL_OK);
    cr_expect_eq(hal->train_start(&im, 4, 1000), DOSING_HAL_NOT_ARMED);
}

static const struct {
    uint32_t count, period_ms;
} bad_train[] = {{0, 1000},
                 {65, 1000},
                 {4, 0},
                 {64, 56251},
                 {1, DOSING_TRAIN_MS_MAX + 1},
                 {1, UINT32_MAX},
                 {UINT32_MAX, 1},
                 {0, 0},
                 {UINT32_MAX, UINT32_MAX}};

Test(implant_hal, a_train_out_of_range_is_refused_and_moves_nothing)
{
    for (size_t i = 0; i < sizeof bad_train / sizeof bad_train[0]; i++) {
        const uint32_t count = bad_train[i].count, period_ms = bad_train[i].period_ms;
        cr_expect_eq(hal->motor_arm(&im, count, period_ms), DOSING_HAL_RANGE, "arm %u, %u", count,
                     period_ms);
        cr_assert_eq(hal->motor_arm(&im, 4, 1000), DOSING_HAL_OK);
        cr_expect_eq(hal->train_start(&im, count, period_ms), DOSING_HAL_RANGE, "start %u, %u",
                     count, period_ms);
        cr_expect_eq(hal->train_start(&im, 4, 1000), DOSING_HAL_NOT_ARMED,
                     "an arm serves one start");
        expect_no_failure("a train out of range");
    }
    after_ms(60000);
    cr_expect_eq(implant_pulses_commanded(&im), 0);
}

Test(implant_hal, the_longest_trains_are_in_range)
{
    cr_expect_eq(hal->motor_arm(&im, DOSING_TRAIN_PULSES_MAX, 56250), DOSING_HAL_OK);
    cr_expect_eq(hal->motor_arm(&im, 1, DOSING_TRAIN_MS_MAX), DOSING_HAL_OK);
}

/* In range of the HAL and beyond the limits of this pump: the one argument that is the core's failure. */
Test(implant_hal, a_train_beyond_the_pump_is_seen_by_the_watch_and_moves_nothing)
{
    cr_assert_eq(hal->motor_arm(&im, 64, 890), DOSING_HAL_OK);
    cr_expect_eq(hal->train_start(&im, 64, 890), DOSING_HAL_FAILED);
    cr_expect_eq(im.failure.code, ERROR_INVARIANT);
    cr_expect_eq(implant_pulses_commanded(&im), 0);
    cr_expect_eq(implant_wake(&im, &e), ERROR_INVARIANT);
}

/* ---- sounder, store, watchdog ---- */

Test(implant_hal, tones_are_heard_and_others_refused)
{
    static const uint32_t other[] = {0, 3, UINT32_MAX};
    for (uint32_t kind = DOSING_TONE_ADVISORY; kind <= DOSING_TONE_CRITICAL; kind++) {
        cr_assert_eq(hal->tone(&im, kind), DOSING_HAL_OK);
        cr_expect(tones == kind && last_tone == kind, "%u tones, the last %u", tones, last_tone);
    }
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
        cr_expect_eq(hal->tone(&im, other[i]), DOSING_HAL_RANGE, "tone %u", other[i]);
        expect_no_failure("a tone that is none");
    }
    cr_expect_eq(tones, 2);
}

Test(implant_hal, the_store_is_written_where_it_is_erased_and_nowhere_else)
{
    dosing_store_geometry_t g = {9, 9, 9, 9};
    const uint8_t some[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    uint8_t bytes[16] = {0};
    cr_assert_eq(hal->store_geometry(&im, &g), DOSING_HAL_OK);
    const uint32_t size = g.sectors * g.sector_bytes;
    const uint32_t at = 7 * g.sector_bytes;
    cr_assert_eq(hal->store_erase(&im, 7), DOSING_HAL_OK);
    cr_expect_eq(hal->store_read(&im, at, bytes, 8), DOSING_HAL_OK);
    cr_expect_eq(bytes[7], g.erased);
    cr_expect_eq(hal->store_write(&im, at, some, 8), DOSING_HAL_OK);
    cr_expect_eq(hal->store_write(&im, at, some, 8), DOSING_HAL_FAILED);
    cr_expect_eq(hal->store_read(&im, at, bytes, 16), DOSING_HAL_OK);
    cr_expect_arr_eq(bytes, some, 8);
    cr_expect_eq(bytes[8], g.erased);
    cr_expect_eq(hal->store_write(&im, at + 12, some, 8), DOSING_HAL_RANGE);
    cr_expect_eq(hal->store_write(&im, at + 8, some, 7), DOSING_HAL_RANGE);
    cr_expect_eq(hal->store_write(&im, at - 8, some, 16), DOSING_HAL_RANGE, "across sectors");
    cr_expect_eq(hal->store_write(&im, size - 8, some, 16), DOSING_HAL_RANGE);
    cr_expect_eq(hal->store_read(&im, size - 8, bytes, 9), DOSING_HAL_RANGE);
    cr_expect_eq(hal->store_read(&im, size, bytes, 1), DOSING_HAL_RANGE);
    cr_expect_eq(hal->store_read(&im, UINT32_MAX, bytes, 8), DOSING_HAL_RANGE);
    cr_expect_eq(hal->store_read(&im, at, bytes, 0), DOSING_HAL_RANGE);
    cr_expect_eq(hal->store_erase(&im, g.sectors), DOSING_HAL_RANGE);
    cr_expect_eq(hal->store_erase(&im, 7), DOSING_HAL_OK);
    cr_expect_eq(hal->store_write(&im, at, some, 8), DOSING_HAL_OK);
    expect_no_failure("calls outside the store");
}

Test(implant_hal, the_watchdog_is_restarted)
{
    cr_expect_eq(hal->watchdog(&im), DOSING_HAL_OK);
}

/* ---- radio and seals ---- */

Test(implant_hal, a_reply_reaches_who_listens)
{
    uint8_t frame[DOSING_FRAME_BYTES_MAX + 1], reply[DOSING_FRAME_BYTES_MAX + 1];
    static const uint32_t bad[] = {0, DOSING_FRAME_BYTES_MAX + 1, UINT32_MAX};
    for (size_t i = 0; i < sizeof frame; i++) {
        frame[i] = (uint8_t)(i + 1);
    }
    cr_expect_eq(hal->transmit(&im, frame, 44), DOSING_HAL_FAILED, "nobody listens");
    memset(reply, 0, sizeof reply);
    im.reply = reply;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_expect_eq(hal->transmit(&im, frame, bad[i]), DOSING_HAL_RANGE, "%u bytes", bad[i]);
    }
    cr_expect(im.reply_length == 0 && reply[0] == 0);
    cr_assert_eq(hal->transmit(&im, frame, DOSING_FRAME_BYTES_MAX), DOSING_HAL_OK);
    cr_expect_eq(im.reply_length, DOSING_FRAME_BYTES_MAX);
    cr_expect_eq(memcmp(reply, frame, DOSING_FRAME_BYTES_MAX), 0);
    cr_expect_eq(reply[DOSING_FRAME_BYTES_MAX], 0);
    expect_no_failure("a frame too long");
}

/* Of a few bytes some may be equal by chance: of 16 and more none are. */
Test(implant_hal, a_nonce_of_any_length_in_range_is_filled_and_new)
{
    uint8_t seen[64][DOSING_NONCE_MAX];
    size_t n = 0;
    for (uint32_t length = 1; length <= DOSING_NONCE_MAX; length++) {
        for (int again = 0; again < 2; again++, n++) {
            memset(seen[n], 0xA5, sizeof seen[n]);
            cr_assert_eq(hal->nonce(&im, seen[n], length), DOSING_HAL_OK, "%u bytes", length);
            for (uint32_t k = length; k < DOSING_NONCE_MAX; k++) {
                cr_expect_eq(seen[n][k], 0xA5, "%u bytes asked, byte %u written", length, k);
            }
            for (size_t other = 30; other < n; other++) {
                cr_expect_neq(memcmp(seen[other], seen[n], 16), 0, "%zu equals %zu", n, other);
            }
        }
    }
    for (uint32_t k = 0; k < DOSING_NONCE_MAX; k++) {
        uint8_t any = 0;
        for (size_t i = 2 * k; i < n; i++) {
            any |= seen[i][k] ^ 0xA5;
        }
        cr_expect(any != 0, "byte %u is never filled", k);
    }
    expect_no_failure("a short nonce");
}

Test(implant_hal, a_nonce_out_of_range_is_refused)
{
    static const uint32_t bad[] = {0, DOSING_NONCE_MAX + 1, UINT32_MAX};
    uint8_t bytes[DOSING_NONCE_MAX + 1] = {0}, untouched[sizeof bytes] = {0};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_expect_eq(hal->nonce(&im, bytes, bad[i]), DOSING_HAL_RANGE, "%u bytes", bad[i]);
        expect_no_failure("a nonce out of range");
    }
    cr_expect_eq(memcmp(bytes, untouched, sizeof bytes), 0);
}

Test(implant_hal, a_tag_is_made_with_the_clinicians_key_of_this_pump)
{
    const uint8_t text[] = "any bytes";
    uint8_t tag[SEAL_TAG_BYTES] = {0}, expected[SEAL_TAG_BYTES];
    seal_key_t key;
    cr_assert_eq(seal_key_derive(&key, (const uint8_t *)secret, sizeof secret, SERIAL,
                                 DOSING_ROLE_CLINICIAN, &e),
                 0);
    for (uint32_t length = 0; length <= sizeof text; length++) {
        cr_assert_eq(seal_tag(&key, text, length, expected, &e), 0);
        cr_assert_eq(hal->authenticate(&im, DOSING_ROLE_CLINICIAN, text, length, tag),
                     DOSING_HAL_OK);
        cr_expect_eq(memcmp(tag, expected, sizeof tag), 0, "%u bytes", length);
    }
}

static void expect_tag(uint8_t role, const seal_key_t *key)
{
    const uint8_t text[] = "any bytes";
    uint8_t tag[SEAL_TAG_BYTES] = {0}, expected[SEAL_TAG_BYTES];
    cr_assert_eq(seal_tag(key, text, sizeof text, expected, &e), 0);
    cr_assert_eq(hal->authenticate(&im, role, text, sizeof text, tag), DOSING_HAL_OK, "role %u",
                 role);
    cr_expect_eq(memcmp(tag, expected, sizeof tag), 0, "role %u", role);
}

Test(implant_hal, the_emergency_has_a_key_from_the_factory_on)
{
    seal_key_t key;
    cr_assert_eq(seal_key_derive(&key, (const uint8_t *)secret, sizeof secret, SERIAL,
                                 DOSING_ROLE_EMERGENCY, &e),
                 0);
    expect_tag(DOSING_ROLE_EMERGENCY, &key);
    expect_tag(DOSING_ROLE_EMERGENCY, implant_emergency_key(&im));
}

Test(implant_hal, pairing_gives_the_patient_the_key_that_the_clinic_derives)
{
    seal_key_t key;
    uint8_t nonce[SEAL_PAIR_BYTES] = {0};
    for (uint8_t k = 1; k <= 2u; k++) {
        nonce[0] = k;
        cr_assert_eq(hal->pair(&im, DOSING_ROLE_PATIENT, nonce), DOSING_HAL_OK);
        cr_assert_eq(seal_key_pair(&key, implant_key(&im), DOSING_ROLE_PATIENT, nonce, &e), 0);
        expect_tag(DOSING_ROLE_PATIENT, &key);
    }
}

Test(implant_hal, a_role_without_a_key_is_refused)
{
    static const uint8_t other[] = {0, DOSING_ROLE_PATIENT, 4, 255};
    uint8_t tag[SEAL_TAG_BYTES] = {0};
    for (size_t i = 0; i < sizeof other; i++) {
        cr_expect_eq(hal->authenticate(&im, other[i], tag, sizeof tag, tag), DOSING_HAL_RANGE,
                     "role %u", other[i]);
        expect_no_failure("a role without a key");
    }
}
