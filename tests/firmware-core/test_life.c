/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-LIFE, REQ-STORM and REQ-TELEMETRY: the block of what ages, starts and storms of them, and frames that hold nothing off. */
#include <criterion/criterion.h>

#include "dosing_aged.h"
#include "dosing_battery.h"
#include "dosing_crc.h"
#include "dosing_start.h"
#include "life_pump.h"

#define ENDED (DOSING_ALARM_ERI | DOSING_ALARM_EOS)

static dosing_life_t *life(void)
{
    return &life_state()->life;
}

/* ---- the block --------------------------------------------------------------------------------------------------- */

/* REQ-LIFE-01: age is the core's own time while it ran, added up over resets. */
Test(life, age_adds_up_over_resets)
{
    life_start();
    for (int i = 0; i < 5; i++) {
        life_run(2u * DAY_MS + HOUR_MS);
        life_reset(DOSING_RESET_SOFTWARE);
    }
    const double days = (double)life()->age_ms / (double)DAY_MS;
    cr_expect(days > 10.2 - 5.0 * 1.05 && days <= 10.21, "%g days", days);
    cr_expect_eq(life_device(DOSING_DEVICE_AT_RESETS, 4u), 5u);
}

/* REQ-LIFE-05: age and charge of the latest day that was judged are there after a reset; the filters, from the latest order. */
Test(life, survives_a_reset)
{
    life_start();
    life_run(10u * DAY_MS);
    cr_assert_eq(fake_refill(&life_pump, 20000000u), DOSING_OK);
    life_run(3u * DAY_MS);
    const dosing_life_t before = *life();
    life_reset(DOSING_RESET_WATCHDOG);
    cr_expect(life()->age_ms <= before.age_ms && life()->age_ms + DAY_MS > before.age_ms);
    cr_expect(life()->used_nc <= before.used_nc &&
              life()->used_nc + UINT64_C(1700000000) > before.used_nc);
    cr_expect_geq(life()->loaded_mv.readings, 19u);
    cr_expect_eq(life()->loaded_mv.value_q8, 2900u << 8);
    cr_expect_geq(life()->day_uah.readings, 9u);
    cr_expect_eq(life()->starts, 2u);
}

/* REQ-LIFE-05: a record makes nothing younger, fuller or less ended than the checkpoint before it. */
Test(life, a_record_takes_nothing_back)
{
    uint8_t body[DOSING_STORE_BODY_BYTES];
    const dosing_life_t records[] = {{.age_ms = 7000u, .used_nc = 7200000u},
                                     {.age_ms = 9000u, .eri_ms = 8000u, .ended = DOSING_ALARM_ERI},
                                     {.age_ms = 9000u, .eri_ms = 8000u, .ended = ENDED},
                                     {.age_ms = UINT64_MAX,
                                      .used_nc = UINT64_MAX,
                                      .short_row = UINT32_MAX,
                                      .starts = 5u,
                                      .brown_outs = 3u}};
    dosing_life_t l = {.age_ms = 8000u, .used_nc = 9000000u, .starts = 1u};
    dosing_aged_put(&records[0], body);
    dosing_aged_take(&l, body);
    cr_expect(l.age_ms == 8000u && l.used_nc == 9000000u && l.starts == 0u);
    dosing_aged_put(&records[1], body);
    dosing_aged_take(&l, body);
    cr_expect(l.age_ms == 9000u && l.ended == DOSING_ALARM_ERI && l.eri_ms == 8000u);
    l.eri_ms = 100u;
    dosing_aged_put(&records[2], body);
    dosing_aged_take(&l, body);
    cr_expect(l.ended == ENDED && l.eri_ms == 100u, "ERI moved");
    dosing_aged_put(&records[3], body);
    dosing_aged_take(&l, body);
    cr_expect_eq(l.age_ms, UINT64_C(4294967295000));
    cr_expect_eq(l.used_nc, UINT64_C(4294967295) * 3600000u);
    cr_expect(l.ended == ENDED && l.short_row == 255u && l.starts == 5u && l.brown_outs == 3u);
}

/* REQ-LIFE-05: a checkpoint whose block cannot be is no checkpoint. */
Test(life, a_block_that_cannot_be_is_not_believed)
{
    const dosing_life_t good = {.age_ms = 50u, .used_nc = 50u, .ended = ENDED};
    const dosing_life_t begun = {.age_ms = 50u};
    const dosing_life_t warned = {.age_ms = 50u, .eri_ms = 40u, .ended = DOSING_ALARM_ERI};
    cr_expect(dosing_aged_holds(&good) && dosing_aged_holds(&begun) && dosing_aged_holds(&warned));
    for (uint32_t i = 0; i < 5u; i++) {
        dosing_life_t bad = good;
        bad.day_ms = i == 0u ? 51u : 0u;
        bad.day_nc = i == 1u ? 51u : 0u;
        bad.eri_ms = i == 2u ? 51u : 0u;
        bad.floor_row = i == 3u ? DOSING_BATTERY_FLOOR_ROW + 1u : 0u;
        bad.ended = i == 4u ? DOSING_ALARM_EOS : ENDED;
        cr_expect(!dosing_aged_holds(&bad), "case %u", i);
    }
}

/* REQ-LIFE-05: a pump that nobody has spoken to writes nothing for it. */
Test(life, of_a_new_pump_is_not_kept)
{
    fake_init(&life_pump.hal);
    fake_pump_start(&life_pump);
    cr_expect_eq(life_state()->medium.seq, 0u);
}

/* Starts by one cause, with a minute of run behind each: a storm by the end. */
static void storm_by(uint32_t cause, uint32_t starts)
{
    for (uint32_t i = 0; i < starts; i++) {
        life_reset(cause);
        life_run(MINUTE_MS);
    }
    cr_assert(life_state()->path.alarms & DOSING_ALARM_STORM);
}

/* REQ-STORM-05: the starts of a storm wear no store out: their count stands. */
Test(storm, writes_no_more)
{
    life_start();
    storm_by(DOSING_RESET_WATCHDOG, DOSING_START_ROW_MAX + 3u);
    const uint32_t seq = life_state()->medium.seq;
    for (uint32_t i = 0; i < 20u; i++) {
        life_reset(DOSING_RESET_WATCHDOG);
        life_run(MINUTE_MS);
    }
    cr_expect_eq(life_state()->medium.seq, seq);
}

/* REQ-LIFE-01: a main clock that jumps by ten years makes nothing older, as long as the second one runs. */
Test(life, a_jump_of_the_clock_ages_nothing)
{
    life_start();
    life_run(2u * DAY_MS);
    fake_second(&life_pump.hal, 1000u, 3650u * DAY_MS);
    life_run(2u * DAY_MS);
    cr_expect_leq(life_device(DOSING_DEVICE_AT_AGE_DAYS, 4u), 4u);
    cr_expect_eq(life_alarms() & ENDED, 0u);
}

/* REQ-LIFE-02, REQ-BATTERY-08: what has come to stay is there again at the next start, before anything is dosed. */
Test(life, what_has_ended_is_ended_after_a_reset)
{
    life_start();
    life_run(HOUR_MS);
    life()->ended = ENDED;
    life_keep();
    life_reset(DOSING_RESET_WATCHDOG);
    cr_expect_eq(life_state()->path.alarms & ENDED, ENDED);
    life_run(1u);
    cr_expect_eq(life_pump.hal.tones_critical, 1u);
}

/* REQ-LIFE-03: any flip of the block is found at its next look, half a day later, and no alarm comes of it but MEMORY. */
Test(life, a_flip_is_found_before_it_is_believed)
{
    for (uint32_t byte = 0; byte < sizeof(dosing_life_t); byte++) {
        life_start();
        life_run(6u * HOUR_MS);
        ((uint8_t *)life())[byte] ^= (uint8_t)(1u << byte % 8u);
        life_run(DOSING_LIFE_LOOK_MS);
        cr_assert_eq(life_pump.status, DOSING_ERROR_STATE, "byte %u", byte);
        cr_assert_eq(life_state()->path.alarms & (ENDED | DOSING_ALARM_STORM), 0u, "byte %u", byte);
    }
}

/* REQ-LIFE-04: looks are half a day apart while dosing, and the first comes after an hour. */
Test(life, looks_come_twice_a_day_and_wake_nobody_for_it)
{
    life_start();
    const uint64_t begun_ms = life()->seen_ms;
    life_run(HOUR_MS + MINUTE_MS);
    cr_expect_leq(life()->seen_ms - begun_ms, HOUR_MS + MINUTE_MS);
    cr_expect_gt(life()->seen_ms, begun_ms);
    uint32_t looks = 0;
    uint64_t seen_ms = life()->seen_ms;
    for (int i = 0; i < 240; i++) {
        life_run(HOUR_MS);
        looks += life()->seen_ms != seen_ms ? 1u : 0u;
        seen_ms = life()->seen_ms;
    }
    cr_expect(looks >= 18u && looks <= 20u, "%u looks in ten days", looks);
    cr_assert_eq(fake_send(&life_pump, DOSING_FRAME_STOP, NULL, 0u), DOSING_OK);
    const uint64_t wakes = life_pump.wakes;
    life_run(DAY_MS + HOUR_MS);
    cr_expect_leq(life_pump.wakes - wakes, 2u, "%llu wakes of a pump that is off",
                  (unsigned long long)(life_pump.wakes - wakes));
}

/* ---- the device report ------------------------------------------------------------------------------------------- */

/* REQ-DEVICE-01: each field is what it says; what nobody measured says so. */
Test(device, report_tells_of_the_hardware)
{
    life_start();
    life_run(3u * DAY_MS);
    cr_expect_eq(life_device(DOSING_DEVICE_AT_IDLE_MV, 4u), 3000u);
    cr_expect_eq(life_device(DOSING_DEVICE_AT_LOADED_MV, 4u), 2900u);
    cr_expect_eq(life_device(DOSING_DEVICE_AT_AGE_DAYS, 4u), 2u);
    cr_expect_eq(life_device(DOSING_DEVICE_AT_ERI_DAYS, 4u), 2553u);
    cr_expect_eq(life_device(DOSING_DEVICE_AT_RESETS, 4u), 0u);
    cr_expect_eq(life_device(DOSING_DEVICE_AT_CLOCK_PPM, 4u), 0u);
    cr_expect_eq(life_device(DOSING_DEVICE_AT_TEMPERATURE, 4u), 37000u);
    cr_expect_eq(life_device(DOSING_DEVICE_AT_SELFTEST, 4u), 0u);
    fake_second(&life_pump.hal, 980u, 0u);
    life_run(4u * HOUR_MS);
    const uint64_t ppm = life_device(DOSING_DEVICE_AT_CLOCK_PPM, 4u);
    cr_expect(ppm >= 19990u && ppm <= 20010u, "%llu ppm", (unsigned long long)ppm);
    fake_second(&life_pump.hal, 1020u, 0u);
    life_run(4u * HOUR_MS);
    const uint64_t lag = life_device(DOSING_DEVICE_AT_CLOCK_PPM, 4u);
    cr_expect(lag >= 19590u && lag <= 19630u, "%llu ppm", (unsigned long long)lag);
    life_pump.hal.temperature_fails = true;
    cr_expect_eq(life_device(DOSING_DEVICE_AT_TEMPERATURE, 4u), 0x80000000u);
    fake_stall(&life_pump.hal, true);
    life_run(3u * HOUR_MS);
    cr_expect_gt(life_device(DOSING_DEVICE_AT_MISSED, 4u), 50u);
}

/* REQ-DEVICE-02: it is served after a memory failure too, unless its own block is what failed. */
Test(device, report_is_served_when_latched)
{
    for (int own = 0; own < 2; own++) {
        life_start();
        life_run(2u * DAY_MS);
        life_state()->path.num ^= 1u;
        life_run(2u * HOUR_MS);
        cr_assert_eq(life_pump.status, DOSING_ERROR_STATE);
        life()->used_nc ^= own != 0 ? 1u : 0u;
        cr_expect_eq(life_device(DOSING_DEVICE_AT_AGE_DAYS, 4u), own != 0 ? UINT64_MAX : 1u);
        cr_expect_eq(fake_send(&life_pump, DOSING_FRAME_DEVICE, NULL, 0u),
                     own != 0 ? DOSING_ERROR_STATE : DOSING_OK);
    }
}

/* ---- storms ------------------------------------------------------------------------------------------------------ */

static void many_starts(uint32_t starts)
{
    for (uint32_t i = 0; i < starts; i++) {
        life_run(50u * MINUTE_MS);
        life_reset(DOSING_RESET_WATCHDOG);
    }
}

static uint64_t pulses_of_half_an_hour(void)
{
    (void)fake_refill(&life_pump, 20000000u);
    (void)fake_simple(&life_pump, 500000u, 150000u);
    const uint64_t before = fake_pulses(&life_pump.hal);
    life_run(30u * MINUTE_MS);
    return fake_pulses(&life_pump.hal) - before;
}

/* REQ-STORM-01: eight starts in a row are none; the next is a storm, and nothing is dosed. */
Test(storm, nine_starts_in_a_row_stop_dosing)
{
    life_start();
    many_starts(DOSING_START_ROW_MAX - 1u);
    cr_expect_eq(life_alarms() & DOSING_ALARM_STORM, 0u);
    cr_expect_gt(pulses_of_half_an_hour(), 20u);
    life_reset(DOSING_RESET_WATCHDOG);
    cr_expect(life_alarms() & DOSING_ALARM_STORM);
    cr_expect_eq(pulses_of_half_an_hour(), 0u);
    life_run(HOUR_MS);
    cr_expect_gt(life_pump.hal.tones_critical, 0u);
}

/* REQ-STORM-02, REQ-LIFE-02: an hour of run ends the row, and not a storm. */
Test(storm, an_hour_of_run_ends_the_row_and_not_a_storm)
{
    life_start();
    many_starts(DOSING_START_ROW_MAX - 1u);
    life_run(HOUR_MS + MINUTE_MS);
    many_starts(DOSING_START_ROW_MAX);
    cr_expect_eq(life_alarms() & DOSING_ALARM_STORM, 0u);
    many_starts(1u);
    cr_expect(life_alarms() & DOSING_ALARM_STORM);
    life_run(3u * DAY_MS);
    cr_expect(life_alarms() & DOSING_ALARM_STORM, "it wore off");
    life_reset(DOSING_RESET_POWER_ON);
    cr_expect(life_alarms() & DOSING_ALARM_STORM, "a start forgot it");
}

/* REQ-STORM-03: a clinician's acknowledgement ends it, dosing goes on, and as many starts are allowed again. */
Test(storm, ends_by_being_acknowledged)
{
    life_start();
    many_starts(DOSING_START_ROW_MAX + 3u);
    cr_assert(life_alarms() & DOSING_ALARM_STORM);
    cr_assert_eq(life_acknowledge(~DOSING_ALARM_STORM), DOSING_OK);
    cr_expect(life_alarms() & DOSING_ALARM_STORM, "another alarm was acknowledged");
    cr_assert_eq(life_acknowledge(DOSING_ALARM_STORM), DOSING_OK);
    cr_expect_gt(pulses_of_half_an_hour(), 20u);
    many_starts(DOSING_START_ROW_MAX);
    cr_expect_eq(life_alarms() & DOSING_ALARM_STORM, 0u);
    many_starts(1u);
    cr_expect(life_alarms() & DOSING_ALARM_STORM);
}

/* ---- low-battery reset ----------------------------------------------------------------------------------------------- */

/* REQ-RESET-13: loud, and dosing goes on by the programme that was. */
Test(brown_out, is_critical_and_dosing_goes_on)
{
    life_start();
    life_run(2u * HOUR_MS);
    const uint32_t tones = life_pump.hal.tones_critical;
    life_reset(DOSING_RESET_BROWN_OUT);
    cr_expect_eq(life_alarms(), DOSING_ALARM_RESET | DOSING_ALARM_BROWN_OUT);
    life_run(1u);
    cr_expect_gt(life_pump.hal.tones_critical, tones);
    const uint64_t before = fake_pulses(&life_pump.hal);
    life_run(10u * HOUR_MS);
    cr_expect_geq(fake_pulses(&life_pump.hal) - before, 498u);
    cr_expect_geq(life_pump.hal.tones_critical, tones + 10u, "it comes back each hour");
}

/* REQ-RESET-13 */
Test(brown_out, ends_by_being_acknowledged_and_not_by_another_start)
{
    life_start();
    life_reset(DOSING_RESET_BROWN_OUT);
    life_run(HOUR_MS + MINUTE_MS);
    cr_expect(life_alarms() & DOSING_ALARM_BROWN_OUT, "it wore off");
    life_reset(DOSING_RESET_WATCHDOG);
    cr_expect(life_alarms() & DOSING_ALARM_BROWN_OUT, "a start forgot it");
    cr_assert_eq(life_acknowledge(~DOSING_ALARM_BROWN_OUT), DOSING_OK);
    cr_expect(life_alarms() & DOSING_ALARM_BROWN_OUT, "another alarm was acknowledged");
    cr_assert_eq(life_acknowledge(DOSING_ALARM_BROWN_OUT), DOSING_OK);
    cr_expect_eq(life_alarms() & DOSING_ALARM_BROWN_OUT, 0u);
    life_reset(DOSING_RESET_BROWN_OUT);
    cr_expect(life_alarms() & DOSING_ALARM_BROWN_OUT, "each one is told");
}

/* REQ-RESET-13 */
Test(brown_out, is_told_of_no_other_start_and_of_a_pump_without_a_programme)
{
    for (uint32_t cause = DOSING_RESET_POWER_ON; cause <= DOSING_RESET_UNKNOWN; cause++) {
        const uint32_t due = cause == DOSING_RESET_BROWN_OUT ? DOSING_ALARM_BROWN_OUT : 0u;
        life_start();
        life_reset(cause);
        cr_expect_eq(life_alarms() & DOSING_ALARM_BROWN_OUT, due, "cause %u", cause);
        fake_init(&life_pump.hal);
        life_pump.hal.cause = cause;
        fake_pump_start(&life_pump);
        cr_expect_eq(life_alarms() & DOSING_ALARM_BROWN_OUT, due, "new, cause %u", cause);
    }
}

/* REQ-STORM-04: starts are counted, those of a cell that gave way apart, and the counts stay full. */
Test(storm, starts_are_counted_and_low_batteries_apart)
{
    life_start();
    life_reset(DOSING_RESET_BROWN_OUT);
    life_reset(DOSING_RESET_SOFTWARE);
    life_reset(DOSING_RESET_BROWN_OUT);
    cr_expect_eq(life()->starts, 4u);
    cr_expect_eq(life()->brown_outs, 2u);
    life()->starts = life()->brown_outs = life()->short_row = UINT32_MAX;
    dosing_start_count(life_state(), DOSING_RESET_BROWN_OUT);
    life_seal();
    cr_expect_eq(life()->starts, UINT32_MAX);
    cr_expect_eq(life()->brown_outs, UINT32_MAX);
    cr_expect_eq(life()->short_row, UINT32_MAX);
    cr_expect_eq(life_device(DOSING_DEVICE_AT_RESETS, 4u), UINT32_MAX - 1u);
}

static uint32_t tones(void)
{
    return life_pump.hal.tones_critical + life_pump.hal.tones_advisory;
}

/* REQ-STORM-06: a start is silent until it is counted and kept: its tone comes with its first wake. */
Test(storm, a_start_is_counted_before_it_is_told)
{
    life_start();
    const uint32_t before = tones();
    life_reset(DOSING_RESET_BROWN_OUT);
    cr_expect_eq(tones(), before, "a tone before the first wake");
    life_reset(DOSING_RESET_BROWN_OUT);
    cr_expect_eq(life()->brown_outs, 2u, "the start before, which never woke, was not kept");
    cr_expect_eq(tones(), before);
    life_run(1u);
    cr_expect_eq(tones(), before + 1u);
    life_run(MINUTE_MS);
    cr_expect_eq(tones(), before + 1u, "told twice");
}

/* Nine starts by `cause`, then some that a tone at their beginning or after less than `repeat_ms` would be heard in. */
static void storm_of(uint32_t cause, uint32_t repeat_ms)
{
    life_start();
    storm_by(cause, DOSING_START_ROW_MAX);
    const uint32_t before = tones();
    for (uint32_t i = 0; i < 5u; i++) {
        life_reset(cause);
        life_run(repeat_ms - MINUTE_MS);
    }
    cr_expect_eq(tones(), before);
    life_run(2u * MINUTE_MS);
    cr_expect_eq(tones(), before + 1u);
}

/* REQ-STORM-06: in a storm no start begins with a tone, which may be what makes the storm; it comes back hourly. */
Test(storm, is_told_by_the_hour_and_not_at_each_start)
{
    storm_of(DOSING_RESET_WATCHDOG, HOUR_MS);
    const uint32_t before = tones();
    life_run(24u * HOUR_MS);
    cr_expect_eq(tones(), before + 24u);
}

/* REQ-STORM-07: a motor that was too much is stopped by then, and its cell carries the tones. */
Test(storm, of_a_motor_that_is_too_much_is_told_by_the_hour)
{
    life_start();
    storm_by(DOSING_RESET_BROWN_OUT, DOSING_START_ROW_MAX);
    const uint32_t before = tones();
    life_run(24u * HOUR_MS);
    cr_expect_eq(tones(), before + 24u);
}

/* REQ-STORM-07: a cell that may not carry the tone is not asked to each hour; acknowledged, all is as it was. */
Test(storm, of_a_cell_that_gives_way_is_told_by_the_day)
{
    storm_of(DOSING_RESET_BROWN_OUT, DAY_MS);
    const uint32_t before = tones();
    life_run(3u * DAY_MS);
    cr_expect_eq(tones(), before + 3u);
    cr_assert_eq(life_acknowledge(DOSING_ALARM_STORM), DOSING_OK);
    life_run(3u * HOUR_MS);
    cr_expect_geq(tones(), before + 5u, "hourly again");
}

/* REQ-STORM-07: not within a day is no reason to come back sooner than the programme says. */
Test(storm, of_a_cell_that_gives_way_keeps_to_longer_reminders)
{
    life_start();
    storm_by(DOSING_RESET_BROWN_OUT, DOSING_START_ROW_MAX + 2u);
    life_state()->run.repeat_critical_ms = 2u * DAY_MS;
    life_seal();
    const uint32_t before = tones();
    life_run(2u * DAY_MS - 2u * MINUTE_MS);
    cr_expect_eq(tones(), before);
    life_run(3u * MINUTE_MS);
    cr_expect_eq(tones(), before + 1u);
}

/* ---- telemetry --------------------------------------------------------------------------------------------------- */

typedef struct trains_t {
    uint64_t start_ms[4096];
    uint32_t period_ms[4096], done[4096];
    uint32_t count;
} trains_t;

static trains_t quiet, talked;

static void on_train(void *context, uint64_t start_ms, uint32_t period_ms, uint32_t done)
{
    trains_t *t = context;
    cr_assert_lt(t->count, 4096u);
    t->start_ms[t->count] = start_ms;
    t->period_ms[t->count] = period_ms;
    t->done[t->count++] = done;
}

static void record(trains_t *t)
{
    *t = (trains_t){0};
    life_start();
    life_pump.hal.on_train = on_train;
    life_pump.hal.on_train_context = t;
}

/* Everything that a programmer can do without ordering anything, in a random order; sessions are left open, too. */
static void talk(uint64_t *seed)
{
    uint8_t bytes[DOSING_FRAME_BYTES_MAX] = {0};
    const uint8_t mode = (uint8_t)(fake_random(seed) % 6u);
    if (mode == 0u) {
        (void)fake_open(&life_pump);
    } else if (mode == 1u) {
        (void)fake_send(&life_pump, DOSING_FRAME_CLOSE, NULL, 0u);
    } else if (mode == 2u) {
        (void)fake_report(&life_pump, DOSING_REPORT_AT_ALARMS, 4u);
    } else if (mode == 3u) {
        (void)life_device(DOSING_DEVICE_AT_AGE_DAYS, 4u);
    } else if (mode == 4u) { /* a programme staged and forgotten */
        uint8_t part[DOSING_PART_AT_BYTES + DOSING_PROGRAMME_BYTES] = {0};
        fake_programme(part + DOSING_PART_AT_BYTES, 500000u, 300000u);
        (void)fake_send(&life_pump, DOSING_FRAME_STAGE, part, sizeof part);
    } else {
        for (uint32_t i = 0; i < sizeof bytes; i++) {
            bytes[i] = (uint8_t)fake_random(seed);
        }
        (void)fake_raw(&life_pump, bytes, (uint32_t)(fake_random(seed) % sizeof bytes));
    }
}

/* REQ-TELEMETRY-01: ten days with some 5000 frames that order nothing, an alarm sounding all the while, are the same trains to
 * the ms as ten days of silence. */
Test(telemetry, no_session_holds_therapy_off)
{
    uint64_t seed = 20260302u;
    record(&quiet);
    life_run(10u * DAY_MS);
    record(&talked);
    dosing_state_t *s = life_state();
    s->run.low_pl = UINT64_C(21000000000); /* the low alarm sounds */
    life_seal();
    while (life_pump.hal.now_ms < 1000u + 10u * DAY_MS) {
        const uint64_t left_ms = 1000u + 10u * DAY_MS - life_pump.hal.now_ms;
        const uint64_t pause_ms = fake_random(&seed) % (6u * MINUTE_MS);
        life_run(pause_ms < left_ms ? pause_ms : left_ms);
        talk(&seed);
    }
    cr_expect_gt(life_pump.hal.tones_advisory, 8u);
    cr_assert_eq(talked.count, quiet.count);
    for (uint32_t i = 0; i < quiet.count; i++) {
        cr_assert(talked.start_ms[i] == quiet.start_ms[i] &&
                      talked.period_ms[i] == quiet.period_ms[i] && talked.done[i] == quiet.done[i],
                  "train %u of seed 20260302: at %llu, not %llu", i,
                  (unsigned long long)talked.start_ms[i], (unsigned long long)quiet.start_ms[i]);
    }
}

/* REQ-TELEMETRY-02: a session that is left open is over after ten minutes, and so is what was staged in it. */
Test(telemetry, a_session_that_is_left_open_ends)
{
    uint8_t part[DOSING_PART_AT_BYTES + DOSING_PROGRAMME_BYTES] = {0};
    const uint8_t offset[4] = {0};
    fake_programme(part + DOSING_PART_AT_BYTES, 500000u, 300000u);
    life_start();
    cr_assert_eq(fake_send(&life_pump, DOSING_FRAME_STAGE, part, sizeof part), DOSING_OK);
    life_run(DOSING_SESSION_MS - 1u);
    cr_expect_eq(fake_next(&life_pump, DOSING_FRAME_READ_BACK, offset, 4u), DOSING_OK);
    life_run(DOSING_SESSION_MS);
    cr_expect_eq(fake_next(&life_pump, DOSING_FRAME_READ_BACK, offset, 4u), DOSING_REFUSED_SESSION);
    cr_expect_eq(fake_send(&life_pump, DOSING_FRAME_READ_BACK, offset, 4u), DOSING_REFUSED_STAGE);
}

/* REQ-TELEMETRY-03: a frame that is not whole or not ours costs two readings of a clock and nothing else, one that is whole a
 * tag and an answer; each is on the charge count. */
Test(telemetry, a_flood_has_a_bounded_cost_that_is_counted)
{
    uint8_t frame[DOSING_FRAME_BYTES_MAX];
    life_start();
    life_run(DAY_MS);
    const uint32_t length = fake_frame(&life_pump, DOSING_FRAME_INTERROGATE, NULL, 0u, frame);
    const uint64_t frames = life_state()->counters.frames;
    const uint64_t calls = life_pump.hal.calls;
    const uint64_t wakes = life_pump.wakes;
    for (uint32_t i = 0; i < 10000u; i++) {
        frame[i % DOSING_FRAME_HEADER_BYTES] ^= 0x40u;
        (void)fake_raw(&life_pump, frame, length);
        frame[i % DOSING_FRAME_HEADER_BYTES] ^= 0x40u;
    }
    cr_expect_eq(life_pump.hal.calls - calls, 20000u);
    const uint64_t whole = life_pump.hal.calls;
    for (uint32_t i = 0; i < 10000u; i++) { /* a replay, refused with its reason */
        (void)fake_raw(&life_pump, frame, length);
    }
    cr_expect_leq(life_pump.hal.calls - whole, 50000u);
    cr_expect_eq(life_pump.wakes, wakes);
    cr_expect_eq(life_state()->counters.frames - frames, 20000u);
    const uint64_t before_nc = life()->used_nc;
    life_run(DOSING_LIFE_LOOK_MS + HOUR_MS);
    cr_expect_geq(life()->used_nc - before_nc, UINT64_C(20000) * 1000000u);
}
