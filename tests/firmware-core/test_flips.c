/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-STATE-04: memory that flips between the wake's check and the use of a block, whatever the block and its use. */
#include <criterion/criterion.h>
#include <string.h>

#include "dosing_calendar.h"
#include "dosing_crc.h"
#include "dosing_delivery.h"
#include "dosing_keep.h"
#include "dosing_log.h"
#include "dosing_motor.h"
#include "dosing_therapy.h"
#include "dosing_state.h"
#include "fake_image.h"

#define HOUR_MS UINT64_C(3600000)

static fake_pump_t pump;

static dosing_state_t *state_of(void)
{
    return (dosing_state_t *)(void *)pump.state;
}

/* 2.5 h into Monday: steps each hour, a timed bolus at 3:00. */
static dosing_state_t *ready(void)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 20000000u), DOSING_OK);
    cr_assert_eq(fake_set_time(&pump, 0u), DOSING_OK);
    image_flex(image, 500000u);
    for (uint32_t i = 0; i < 24u; i++) {
        image_step(image, IMAGE_DAILY, i * 60u, 120000u + 6000u * (i % 2u));
    }
    image_timed(image, IMAGE_DAILY, 180u, 600000u, 5000u);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    fake_pump_run(&pump, pump.hal.now_ms + 5u * HOUR_MS / 2u);
    cr_assert_eq(pump.status, DOSING_OK);
    return state_of();
}

#define FLIP(block) (*(uint8_t *)&(block) ^= 1u)

/* The n-th block that is not looked at in every wake; false: there are fewer. */
static bool flip_block(dosing_state_t *s, uint32_t n)
{
    switch (n) {
    case 0:
        FLIP(s->therapy);
        return true;
    case 1:
        FLIP(s->calendar);
        return true;
    case 2:
        FLIP(s->bolus);
        return true;
    case 3:
        FLIP(s->past);
        return true;
    case 4:
        FLIP(s->patient);
        return true;
    case 5:
        FLIP(s->counters);
        return true;
    case 6:
        FLIP(s->life);
        return true;
    case 7:
        FLIP(s->medium);
        return true;
    case 8:
        FLIP(s->log);
        return true;
    case 9:
        FLIP(s->session);
        return true;
    case 10:
        FLIP(s->ring[(s->run.bucket + 5u) % DOSING_BUCKETS]);
        return true;
    default:
        return false;
    }
}

/* REQ-STATE-04 */
Test(flips, every_block_is_under_the_daily_look)
{
    for (uint32_t n = 0;; n++) {
        dosing_state_t *s = ready();
        cr_assert(dosing_state_holds(s));
        if (!flip_block(s, n)) {
            break;
        }
        cr_expect(!dosing_state_holds(s), "block %u", n);
    }
}

/* REQ-STATE-04: whichever block flips, up to the next change of the day nothing is dosed on it: all goes on as it was, or all ends. */
Test(flips, at_a_change_of_rate_end_dosing_or_change_nothing)
{
    uint64_t sound = 0;
    for (uint32_t n = 0; n <= 11u; n++) {
        dosing_state_t *s = ready();
        const bool flipped = n > 0u && flip_block(s, n - 1u);
        cr_assert_eq(flipped, n > 0u);
        const uint64_t before = fake_pulses(&pump.hal);
        fake_pump_run(&pump, pump.hal.now_ms + HOUR_MS);
        const uint64_t given = fake_pulses(&pump.hal) - before;
        sound = n == 0u ? given : sound;
        cr_expect(pump.status == DOSING_OK ? given == sound : given < sound,
                  "block %u: %llu pulses of %llu, status %d", n, (unsigned long long)given,
                  (unsigned long long)sound, (int)pump.status);
    }
}

/* REQ-STATE-04: the clock is not looked at where therapy or calendar fail, with a train under way and without. */
Test(flips, of_therapy_or_calendar_are_found_where_the_rate_changes)
{
    for (uint32_t n = 0; n < 4u; n++) {
        dosing_state_t *s = ready();
        const uint64_t change_ms = s->run.change_ms;
        if (n >= 2u) { /* no train: an alarm holds dosing off */
            cr_assert_eq(fake_refill(&pump, 900000u), DOSING_OK);
        }
        cr_assert_eq(flip_block(s, n % 2u), true);
        cr_expect(!dosing_calendar_advance(s, change_ms), "block %u", n % 2u);
        s->run.running = n >= 2u ? 0u : s->run.running;
        bool busy = false;
        s->run.due_ms = pump.hal.now_ms;
        pump.hal.now_ms = change_ms + HOUR_MS;
        cr_expect_eq(dosing_motor_settle(s, change_ms + HOUR_MS, &busy), DOSING_ERROR_STATE);
    }
}

/* REQ-STATE-04 */
Test(flips, are_found_before_a_timed_bolus_begins)
{
    for (uint32_t n = 0; n < 3u; n++) {
        dosing_state_t *s = ready();
        s->run.timed_due = 1u;
        dosing_state_seal(s);
        cr_assert(flip_block(s, n));
        cr_expect(!dosing_delivery_serve(s, pump.hal.now_ms), "block %u", n);
        cr_expect(!dosing_motor_drive(s, pump.hal.now_ms));
        cr_assert_eq(fake_stop(&pump), DOSING_ERROR_STATE);
    }
    dosing_state_t *s = ready(); /* by a wake that finds nothing running */
    cr_assert_eq(fake_refill(&pump, 900000u), DOSING_OK);
    s->run.timed_due = 1u;
    dosing_state_seal(s);
    FLIP(s->calendar);
    cr_expect_eq(pump.core->wake(s, &pump.next_ms), DOSING_ERROR_STATE);
}

/* REQ-STATE-04: the end of a bridge, and each train of a prime, change the account. */
Test(flips, are_found_before_the_account_changes)
{
    static const uint32_t blocks[] = {0u, 1u, 2u, 3u, 10u};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        dosing_state_t *s = ready();
        s->run.bridge_pl = 1u;
        cr_assert(flip_block(s, blocks[i]));
        cr_expect(!dosing_therapy_book(s, 1u), "block %u", blocks[i]);
    }
    dosing_state_t *s = ready();
    s->path.bolus = DOSING_DELIVERY_PRIME;
    FLIP(s->past);
    s->run.bridge_pl = 0u;
    cr_expect(!dosing_therapy_book(s, 1u));
}

/* REQ-STATE-04: nothing that flipped is kept. */
Test(flips, are_never_written_to_the_store)
{
    static const uint32_t blocks[] = {0u, 3u, 4u, 5u, 6u, 10u};
    const dosing_pending_t stop = {.type = DOSING_FRAME_STOP};
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        dosing_state_t *s = ready();
        const uint64_t before = pump.hal.flash.operations;
        cr_assert(flip_block(s, blocks[i]));
        (void)dosing_keep_order(s, &stop);
        cr_expect_eq(dosing_state_latched(s), DOSING_ERROR_STATE, "block %u", blocks[i]);
        cr_expect_eq(pump.hal.flash.operations, before, "block %u", blocks[i]);
    }
}

/* REQ-STATE-04: a medium that flipped latches, whatever wanted to write. */
Test(flips, of_the_medium_latch_whatever_wants_to_write)
{
    const dosing_pending_t stop = {.type = DOSING_FRAME_STOP};
    for (uint32_t use = 0; use < 7u; use++) {
        dosing_state_t *s = ready();
        FLIP(s->medium);
        switch (use) {
        case 0:
            cr_expect(!dosing_keep_lease(s, s->lease.until_ms, 1u));
            break;
        case 1:
            cr_expect_eq(dosing_keep_order(s, &stop), DOSING_ERROR_STATE);
            break;
        case 2:
            cr_expect_eq(dosing_keep_patient(s), DOSING_ERROR_STATE);
            break;
        case 3:
            s->counters.last[0] = s->counters.bound[0] + 1u;
            dosing_keep_counter(s, DOSING_ROLE_CLINICIAN);
            break;
        case 4:
            s->run.guard_ms = s->lease.until_ms;
            dosing_keep_day(s);
            break;
        case 5:
            dosing_log_note(s, DOSING_EVENT_DAY, 0u, 0u);
            dosing_log_flush(s);
            break;
        default: {
            uint8_t page[4u + DOSING_LOGGED_MAX * DOSING_RECORD_BYTES];
            cr_expect_eq(dosing_log_read(s, DOSING_LOG_EVENTS, 0u, page), 4u);
            break;
        }
        }
        cr_expect_eq(dosing_state_latched(s), DOSING_ERROR_STATE, "use %u", use);
    }
}

/* REQ-LOG-03: of a log that flipped, or that is none, nothing is read and nothing is written. */
Test(flips, of_the_log_are_not_read)
{
    uint8_t page[4u + DOSING_LOGGED_MAX * DOSING_RECORD_BYTES];
    dosing_state_t *s = ready();
    cr_expect_gt(dosing_log_read(s, DOSING_LOG_EVENTS, 0u, page), 4u);
    cr_expect_eq(dosing_log_read(s, DOSING_LOGS, 0u, page), 4u);
    FLIP(s->log);
    cr_expect_eq(dosing_log_read(s, DOSING_LOG_EVENTS, 0u, page), 4u);
    dosing_log_day(s);
    cr_expect_eq(s->log.queued, 0u);
}
