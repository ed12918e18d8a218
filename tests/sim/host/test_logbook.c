/* SPDX-License-Identifier: Apache-2.0 */
/* Logs of the real core, read from an implant's store; and records that are not what they should be. */
#include <criterion/criterion.h>
#include <string.h>

#include "dosing_frame.h"
#include "host/implant.h"
#include "host/logbook.h"
#include "host/session.h"
#include "tests/sim/host/usual.h"

#define DAY_MS INT64_C(86400000)
#define ROOM 64u

typedef enum fault_t { AIR_CLEAR, AIR_CRC, AIR_ORDER, AIR_COUNT } fault_t;

/* The air between: spoils the reply to a LOG frame. */
typedef struct air_t {
    implant_t *im;
    fault_t fault;
} air_t;

static implant_t im;
static core_t core;
static air_t air;
static programmer_t programmer;
static logbook_record_t record[ROOM];

static void spoil(uint8_t *reply, uint32_t length)
{
    const uint32_t covered = length - DOSING_FRAME_CRC_BYTES - DOSING_FRAME_TAG_BYTES;
    uint8_t *first = reply + DOSING_FRAME_HEADER_BYTES + DOSING_LOGGED_AT_RECORD;
    if (air.fault == AIR_CRC) {
        first[DOSING_RECORD_BYTES + DOSING_RECORD_AT_A] ^= 1u;
    } else if (air.fault == AIR_ORDER) {
        memcpy(first + DOSING_RECORD_BYTES, first, DOSING_RECORD_BYTES);
    } else {
        reply[DOSING_FRAME_HEADER_BYTES + DOSING_LOGGED_AT_COUNT] = 9u;
    }
    session_put(reply + covered, seal_crc32(reply, covered), 4u);
    cr_assert_eq(seal_tag(implant_key(&im), reply, covered + 4u, reply + covered + 4u, NULL), 0);
}

static int exchange(void *context, const uint8_t *frame, uint32_t length, uint8_t *reply,
                    uint32_t *reply_length, error_t *e)
{
    const air_t *a = context;
    const int code = implant_exchange(a->im, frame, length, reply, reply_length, e);
    if (a->fault != AIR_CLEAR && frame[DOSING_FRAME_AT_TYPE] == DOSING_FRAME_LOG) {
        spoil(reply, *reply_length);
    }
    return code;
}

static void live(int64_t until_ms)
{
    error_t e = {0};
    while (im.pump.now_ms < until_ms) {
        const int64_t wake_ms = implant_wake_ms(&im);
        const int64_t next_ms = wake_ms < until_ms ? wake_ms : until_ms;
        cr_assert_eq(implant_advance(&im, next_ms, &e), 0, "%s", e.text);
        if (next_ms == wake_ms) {
            cr_assert_eq(implant_wake(&im, &e), 0, "%s", e.text);
        }
    }
}

/* A refill, a programme, and twelve days: 2400 pulses each. */
static void start(void)
{
    error_t e = {0};
    const implant_param_t p = usual_implant();
    const implant_sinks_t none = {0};
    const programmer_link_t link = {&air, exchange};
    programmer_therapy_t t = {.mode = PROGRAMMER_SIMPLE,
                              .dose_ug_per_day = 300.0,
                              .drug_count = 1u,
                              .drug[0].concentration_ug_per_ml = 500.0,
                              .low_alarm_ml = 2.0};
    core = core_builtin();
    cr_assert_eq(implant_init(&im, &p, &core, &none, &e), 0, "%s", e.text);
    cr_assert_eq(implant_wake(&im, &e), 0, "%s", e.text);
    air = (air_t){.im = &im};
    programmer_init(&programmer, 7u, implant_key(&im), &link);
    cr_assert_eq(programmer_refill(&programmer, 20.0, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_set_therapy(&programmer, &t, NULL, &e), 0, "%s", e.text);
    live(12 * DAY_MS + 1);
}

static void finish(void)
{
    implant_free(&im);
}

static uint32_t read_log(uint32_t log, uint32_t first, uint32_t room)
{
    error_t e = {0};
    uint32_t count = 0;
    const logbook_page_t page = {log, first, room, record};
    cr_assert_eq(logbook_read(&programmer, &page, &count, &e), 0, "%s", e.text);
    return count;
}

static uint32_t counted(uint32_t count, uint32_t code)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < count; i++) {
        n += record[i].code == code ? 1u : 0u;
    }
    return n;
}

Test(logbook, what_was_ordered_and_done_is_read_in_order, .init = start, .fini = finish)
{
    const uint32_t count = read_log(DOSING_LOG_EVENTS, 0u, ROOM);
    cr_expect_eq(counted(count, DOSING_EVENT_REFILL), 1u);
    cr_expect_eq(counted(count, DOSING_EVENT_COMMIT), 1u);
    cr_expect_geq(counted(count, DOSING_EVENT_DAY), 11u, "%u records", count);
    for (uint32_t i = 1; i < count; i++) {
        cr_expect_eq(record[i].number, record[i - 1u].number + 1u);
        cr_expect_geq(record[i].time_ms, record[i - 1u].time_ms);
    }
    for (uint32_t i = 0; i < count; i++) {
        cr_expect(record[i].code != DOSING_EVENT_COMMIT || record[i].a == 300000u);
        cr_expect(record[i].code != DOSING_EVENT_DAY ||
                      (record[i].a == record[i].b && record[i].a >= 2400u - 64u &&
                       record[i].a <= 2400u + 64u),
                  "whole trains: %llu pulses, %u confirmed", (unsigned long long)record[i].a,
                  record[i].b);
    }
}

Test(logbook, faults_stand_apart, .init = start, .fini = finish)
{
    const uint32_t count = read_log(DOSING_LOG_FAULTS, 0u, ROOM);
    cr_assert_geq(count, 1u);
    cr_expect_eq(record[0].code, DOSING_EVENT_RESET);
    for (uint32_t i = 0; i < count; i++) {
        cr_expect_geq(record[i].code, 64u);
    }
}

/* Field by field: what lies between them in memory is nobody's. */
static bool is_same(const logbook_record_t *a, const logbook_record_t *b)
{
    return a->number == b->number && a->code == b->code && a->time_ms == b->time_ms &&
           a->a == b->a && a->b == b->b;
}

Test(logbook, reading_goes_on_where_it_ended, .init = start, .fini = finish)
{
    logbook_record_t whole[ROOM];
    const uint32_t count = read_log(DOSING_LOG_EVENTS, 0u, ROOM);
    cr_assert(count > 12u && count < ROOM, "%u records", count);
    memcpy(whole, record, sizeof whole);
    uint32_t seen = 0;
    for (uint32_t room = 1; seen < count; room += 3u) {
        const uint32_t some = read_log(DOSING_LOG_EVENTS, whole[seen].number, room);
        cr_assert(some == room || seen + some == count, "%u of room %u", some, room);
        for (uint32_t i = 0; i < some; i++) {
            cr_expect(is_same(&record[i], &whole[seen + i]), "record %u", seen + i);
        }
        seen += some;
    }
    cr_expect_eq(read_log(DOSING_LOG_EVENTS, whole[count - 1u].number + 1u, ROOM), 0u);
}

Test(logbook, a_damaged_record_is_never_handed_on, .init = start, .fini = finish)
{
    static const struct {
        fault_t fault;
        uint32_t good;
        const char *words;
    } rows[] = {{AIR_CRC, 1u, "record 2 of those from number 0 on is damaged"},
                {AIR_ORDER, 1u, "or out of order"},
                {AIR_COUNT, 0u, "no whole records"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        error_t e = {0};
        uint32_t count = 7u;
        const logbook_page_t page = {DOSING_LOG_EVENTS, 0u, ROOM, record};
        air.fault = rows[i].fault;
        cr_expect_eq(logbook_read(&programmer, &page, &count, &e), ERROR_CORE_REFUSED, "row %zu",
                     i);
        cr_expect_eq(count, rows[i].good, "row %zu", i);
        cr_expect(strstr(e.text, rows[i].words) != NULL, "row %zu: %s", i, e.text);
    }
}

Test(logbook, no_such_log_is_refused, .init = start, .fini = finish)
{
    error_t e = {0};
    uint32_t count = 7u;
    const logbook_page_t other = {DOSING_LOGS, 0u, ROOM, record}, none = {0u, 0u, 0u, record};
    cr_expect_eq(logbook_read(&programmer, &other, &count, &e), ERROR_ARGUMENT);
    cr_expect_eq(logbook_read(&programmer, &none, &count, &e), ERROR_ARGUMENT);
    cr_expect_eq(count, 0u);
}

Test(logbook, every_code_has_words)
{
    for (uint32_t code = 1; code <= DOSING_EVENT_CUT; code++) {
        const bool known = code <= DOSING_EVENT_CLEARED || code >= DOSING_EVENT_RESET;
        cr_expect_eq(strstr(logbook_text(code), "does not know") == NULL, known, "code %u", code);
    }
}
