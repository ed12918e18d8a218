/* SPDX-License-Identifier: Apache-2.0 */
/* REQ-LOG: what is logged, how it survives, and how it is read. */
#include <criterion/criterion.h>
#include <string.h>

#include "dosing_crc.h"
#include "dosing_state.h"
#include "fake_image.h"

#define HOUR_MS UINT64_C(3600000)
#define DAY_MS UINT64_C(86400000)
#define RECORDS_MAX 4096u

typedef struct entry_t {
    uint64_t ms, a;
    uint32_t number, code, b;
} entry_t;

static fake_pump_t pump;
static entry_t entries[RECORDS_MAX];

static void run(uint64_t ms)
{
    fake_pump_run(&pump, pump.hal.now_ms + ms);
}

static void start(void)
{
    fake_init(&pump.hal);
    fake_pump_start(&pump);
    cr_assert_eq(fake_refill(&pump, 18000000u), DOSING_OK);
    cr_assert_eq(fake_simple(&pump, 500000u, 150000u), DOSING_OK);
    run(HOUR_MS);
}

static void reset(uint32_t cause, uint64_t down_ms, uint64_t shows_ms)
{
    pump.hal.cause = cause;
    fake_pump_reset(&pump, down_ms, shows_ms);
    cr_assert_eq(pump.status, DOSING_OK);
    run(1000u);
}

/* Up to five records from `first` on; returns how many. */
static uint32_t ask(uint32_t log, uint32_t first, entry_t *to)
{
    uint8_t bytes[8] = {(uint8_t)log};
    fake_put(bytes + 4, first, 4u);
    cr_assert_eq(fake_send(&pump, DOSING_FRAME_LOG, bytes, 8u), DOSING_OK);
    const uint8_t *reply = pump.hal.reply + DOSING_FRAME_HEADER_BYTES;
    const uint32_t count = (uint32_t)fake_get(reply + DOSING_LOGGED_AT_COUNT, 4u);
    cr_assert_leq(count, DOSING_LOGGED_MAX);
    cr_assert_eq(pump.hal.reply_length,
                 DOSING_FRAME_BYTES_MIN + DOSING_LOGGED_AT_RECORD + count * DOSING_RECORD_BYTES);
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *r = reply + DOSING_LOGGED_AT_RECORD + i * DOSING_RECORD_BYTES;
        to[i] = (entry_t){.number = (uint32_t)fake_get(r + DOSING_RECORD_AT_NUMBER, 4u),
                          .code = (uint32_t)fake_get(r + DOSING_RECORD_AT_CODE, 2u),
                          .ms = fake_get(r + DOSING_RECORD_AT_MS, 8u),
                          .a = fake_get(r + DOSING_RECORD_AT_A, 8u),
                          .b = (uint32_t)fake_get(r + DOSING_RECORD_AT_B, 4u)};
        cr_assert_eq(fake_get(r + DOSING_RECORD_AT_CRC, 4u), dosing_crc(r, DOSING_RECORD_AT_CRC));
    }
    return count;
}

/* All of a log, numbers rising. */
static uint32_t read_all(uint32_t log)
{
    uint32_t count = 0, first = 0;
    for (uint32_t got = ask(log, first, entries); got > 0u && count + 10u < RECORDS_MAX;
         got = ask(log, first, entries + count)) {
        for (uint32_t i = count; i < count + got; i++) {
            cr_assert_geq(entries[i].number, first);
            first = entries[i].number + 1u;
        }
        count += got;
    }
    return count;
}

static const entry_t *find(uint32_t count, uint32_t code)
{
    const entry_t *found = NULL;
    for (uint32_t i = 0; i < count; i++) {
        found = entries[i].code == code ? &entries[i] : found;
    }
    return found;
}

/* REQ-LOG-01, REQ-LOG-06 */
Test(log, tells_orders_days_and_refused_frames)
{
    const uint8_t junk[60] = {1};
    start();
    (void)fake_raw(&pump, junk, sizeof junk);
    (void)fake_raw(&pump, junk, sizeof junk);
    cr_assert_eq(fake_send(&pump, DOSING_FRAME_STOP, NULL, 0u), DOSING_OK);
    cr_assert_eq(fake_simple(&pump, 500000u, 300000u), DOSING_OK);
    run(25u * HOUR_MS);
    const uint32_t count = read_all(DOSING_LOG_EVENTS);
    const entry_t *e = find(count, DOSING_EVENT_REFILL);
    cr_assert(e != NULL && e->a == 0u && e->b == 18000000u);
    e = find(count, DOSING_EVENT_COMMIT);
    cr_assert(e != NULL && e->a == 300000u && e->b == DOSING_MODE_SIMPLE);
    e = find(count, DOSING_EVENT_STOP);
    cr_assert(e != NULL && e->b == DOSING_ROLE_CLINICIAN);
    e = find(count, DOSING_EVENT_FRAMES);
    cr_assert(e != NULL && e->b == 2u, "frames are counted, not told one by one");
    e = find(count, DOSING_EVENT_DAY);
    cr_assert(e != NULL && e->a == e->b && e->a > 2200u);
    cr_expect_lt(count, 12u, "never a pulse");
}

/* A programme with a timed bolus at 1:00 and 4:00, patient boluses, from midnight on. */
static void start_modes(void)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX] = {0};
    start();
    cr_assert_eq(fake_set_time(&pump, 0u), DOSING_OK);
    fake_programme(image, 500000u, 150000u);
    image_timed(image, IMAGE_DAILY, 60u, 600000u, 5000u);
    image_timed(image, IMAGE_DAILY, 240u, 600000u, 6000u);
    image_patient(image, 2500u, 600000u, 7200000u, 7200000u, 1u, 5u);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
}

/* REQ-LOG-07: what begins, waits, goes on, ends, is refused and is skipped. */
Test(log, tells_what_is_delivered)
{
    start_modes();
    run(HOUR_MS + 60000u);
    cr_assert_eq(fake_request(&pump), DOSING_OK);
    cr_assert_eq(fake_request(&pump), DOSING_REFUSED_LOCKOUT);
    run(HOUR_MS);
    cr_assert_eq(fake_bolus(&pump, 10000u, 4u * (uint32_t)HOUR_MS), DOSING_OK);
    run(3u * HOUR_MS + 1000u);
    cr_assert_eq(fake_stop(&pump), DOSING_OK);
    run(1000u);
    static const struct {
        uint32_t code, b;
        uint64_t a, slack;
    } told[] = {{DOSING_EVENT_TIME_SET, 0u, UINT32_MAX, 0u},
                {DOSING_EVENT_BEGIN, DOSING_DELIVERY_TIMED, 5000u, 0u},
                {DOSING_EVENT_HELD, DOSING_DELIVERY_TIMED, 4500u, 10u},
                {DOSING_EVENT_BEGIN, DOSING_DELIVERY_PATIENT, 2500u, 0u},
                {DOSING_EVENT_REFUSED, DOSING_REFUSED_LOCKOUT, 7200000u, 0u},
                {DOSING_EVENT_END, DOSING_DELIVERY_PATIENT, 0u, 0u},
                {DOSING_EVENT_RESUMED, DOSING_DELIVERY_TIMED, 4500u, 10u},
                {DOSING_EVENT_END, DOSING_DELIVERY_TIMED, 0u, 0u},
                {DOSING_EVENT_BEGIN, DOSING_DELIVERY_BOLUS, 10000u, 0u},
                {DOSING_EVENT_SKIPPED, DOSING_REFUSED_BUSY, 6000u, 0u},
                {DOSING_EVENT_END, DOSING_DELIVERY_BOLUS, 2500u, 20u}};
    const uint32_t count = read_all(DOSING_LOG_EVENTS);
    uint32_t at = 0;
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        while (at < count && (entries[at].code != told[i].code || entries[at].b != told[i].b)) {
            at++;
        }
        cr_assert_lt(at, count, "entry %zu (code %u, %u) is not there, or out of order", i,
                     told[i].code, told[i].b);
        cr_expect(entries[at].a <= told[i].a && entries[at].a + told[i].slack >= told[i].a,
                  "entry %zu (code %u): %llu, not %llu", i, told[i].code,
                  (unsigned long long)entries[at].a, (unsigned long long)told[i].a);
    }
}

/* REQ-LOG-07 */
Test(log, tells_of_a_prime_and_of_the_end_of_a_bridge)
{
    uint8_t image[DOSING_IMAGE_BYTES_MAX] = {0};
    start();
    cr_assert_eq(fake_prime(&pump, 50000u, 0u, 1u), DOSING_OK);
    run(HOUR_MS);
    fake_programme(image, 1000000u, 150000u);
    fake_put(image + DOSING_PROGRAMME_AT_BRIDGE, 100000u, 4u);
    cr_assert_eq(fake_commit(&pump, image), DOSING_OK);
    run(DAY_MS);
    const uint32_t count = read_all(DOSING_LOG_EVENTS);
    const entry_t *e = find(count, DOSING_EVENT_BEGIN);
    cr_assert(e != NULL && e->a == 50000u && e->b == DOSING_DELIVERY_PRIME);
    e = find(count, DOSING_EVENT_END);
    cr_assert(e != NULL && e->a == 0u && e->b == DOSING_DELIVERY_PRIME);
    e = find(count, DOSING_EVENT_BRIDGED);
    cr_assert(e != NULL && e->a == 100000u);
}

/* REQ-LOG-02 */
Test(log, tells_alarm_edges_and_stalls)
{
    start();
    fake_stall(&pump.hal, true);
    run(3u * HOUR_MS);
    fake_stall(&pump.hal, false);
    run(3u * HOUR_MS);
    const uint32_t count = read_all(DOSING_LOG_FAULTS);
    const entry_t *e = find(count, DOSING_EVENT_STALL);
    cr_assert(e != NULL && e->b >= 8u);
    cr_expect_eq(e->a, fake_report(&pump, DOSING_REPORT_AT_STALL_MS, 8u));
    e = find(count, DOSING_EVENT_RAISED);
    cr_assert(e != NULL && e->b == DOSING_ALARM_STALL && e->a == DOSING_ALARM_STALL);
    e = find(count, DOSING_EVENT_ENDED);
    cr_assert(e != NULL && e->b == DOSING_ALARM_STALL && e->a == 0u);
    cr_assert_not_null(find(count, DOSING_EVENT_RECOVERED));
}

/* REQ-LOG-03: bounded only where the main clock ran on. */
Test(log, tells_resets_and_the_time_that_they_leave_unknown)
{
    start();
    const uint64_t now_ms = pump.hal.now_ms;
    reset(DOSING_RESET_WATCHDOG, 30u, now_ms + 30u);
    uint32_t count = read_all(DOSING_LOG_FAULTS);
    const entry_t *e = find(count, DOSING_EVENT_RESET);
    cr_assert(e != NULL && e->b == DOSING_RESET_WATCHDOG);
    cr_expect_leq(e->a, HOUR_MS + 30u);
    reset(DOSING_RESET_BROWN_OUT, 30u, now_ms + 2000u);
    count = read_all(DOSING_LOG_FAULTS);
    e = find(count, DOSING_EVENT_RESET);
    cr_assert(e != NULL && e->b == DOSING_RESET_BROWN_OUT && e->a == UINT64_MAX);
}

/* REQ-LOG-04 */
Test(log, a_flood_of_events_evicts_no_fault_and_numbers_rise_over_resets)
{
    start();
    reset(DOSING_RESET_POWER_ON, 100u, 0u);
    const uint32_t faults = read_all(DOSING_LOG_FAULTS);
    for (int i = 0; i < 1500; i++) {
        cr_assert_eq(fake_refill(&pump, 18000000u), DOSING_OK);
    }
    reset(DOSING_RESET_POWER_ON, 100u, 0u);
    const uint32_t count = read_all(DOSING_LOG_EVENTS);
    cr_expect_geq(count, 256u, "a sector of them at least is kept");
    cr_expect_leq(count, 512u);
    cr_expect_geq(entries[count - 1u].number, 1500u);
    for (uint32_t i = 1; i < count; i++) {
        cr_assert_eq(entries[i].number, entries[i - 1u].number + 1u);
        cr_assert_geq(entries[i].ms, entries[i - 1u].ms);
    }
    cr_expect_geq(read_all(DOSING_LOG_FAULTS), faults);
    cr_expect_eq(entries[0].number, 1u);
}

/* REQ-LOG-05: what cannot be written is a gap in the numbers, and dosing does not notice. */
Test(log, that_cannot_be_written_blocks_nothing)
{
    start();
    pump.hal.flash.stuck = 0xF0u; /* the four sectors of the logs */
    const uint64_t before = fake_pulses(&pump.hal);
    cr_assert_eq(fake_refill(&pump, 18000000u), DOSING_OK);
    run(50u * HOUR_MS);
    cr_expect_geq(fake_pulses(&pump.hal), before + 2498u);
    cr_expect_eq(fake_report(&pump, DOSING_REPORT_AT_ALARMS, 4u), 0u);
    const dosing_log_t *log = &((dosing_state_t *)(void *)pump.state)->log;
    cr_expect_gt(log->failed, 0u);
    pump.hal.flash.stuck = 0u;
    cr_assert_eq(fake_refill(&pump, 17000000u), DOSING_OK);
    const uint32_t count = read_all(DOSING_LOG_EVENTS);
    cr_expect_gt(entries[count - 1u].number, entries[count - 2u].number + 1u);
    cr_expect_str_empty(pump.hal.flash.violation, "%s", pump.hal.flash.violation);
}

/* REQ-LOG-06 */
Test(log, other_logs_and_lengths_are_refused)
{
    const uint8_t other[8] = {DOSING_LOGS};
    start();
    cr_expect_eq(fake_send(&pump, DOSING_FRAME_LOG, other, 8u), DOSING_REFUSED_TYPE);
    cr_expect_eq(ask(DOSING_LOG_EVENTS, UINT32_MAX, entries), 0u);
}
