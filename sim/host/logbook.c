/* SPDX-License-Identifier: Apache-2.0 */
/* Logs fetched a few records at a time; each record's own check is held, beside the frame's. */
#include "host/logbook.h"

#include <stdbool.h>
#include <string.h>

#include "dosing_frame.h"
#include "host/session.h"

#define REQUEST_BYTES 8u

static const struct {
    uint32_t code;
    const char *text;
} names[] = {
    {DOSING_EVENT_COMMIT, "a programme was committed"},
    {DOSING_EVENT_STOP, "stopped by order"},
    {DOSING_EVENT_REFILL, "a refill was declared"},
    {DOSING_EVENT_BEGIN, "a bolus or prime began"},
    {DOSING_EVENT_END, "a bolus or prime ended"},
    {DOSING_EVENT_HELD, "a bolus was suspended"},
    {DOSING_EVENT_RESUMED, "a bolus went on"},
    {DOSING_EVENT_REFUSED, "a patient's request was refused"},
    {DOSING_EVENT_SKIPPED, "a timed bolus was skipped"},
    {DOSING_EVENT_TIME_SET, "local time was set"},
    {DOSING_EVENT_BRIDGED, "a bridge ended"},
    {DOSING_EVENT_DAY, "a day's pulses"},
    {DOSING_EVENT_FRAMES, "frames refused in a day"},
    {DOSING_EVENT_PAIRED, "a controller was paired"},
    {DOSING_EVENT_CLEARED, "alarms were acknowledged"},
    {DOSING_EVENT_RESET, "the core began anew"},
    {DOSING_EVENT_RAISED, "an alarm was raised"},
    {DOSING_EVENT_ENDED, "an alarm ended"},
    {DOSING_EVENT_STALL, "the rotor stands"},
    {DOSING_EVENT_RECOVERED, "the rotor turns again"},
    {DOSING_EVENT_CLOCK, "the two clocks disagree"},
    {DOSING_EVENT_STORE, "the store failed"},
    {DOSING_EVENT_SELFTEST, "a self-test failed"},
    {DOSING_EVENT_CUT, "the guard refused a train"},
};

const char *logbook_text(uint32_t code)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].code == code) {
            return names[i].text;
        }
    }
    return "an event this programmer does not know";
}

static bool is_sound(const uint8_t *bytes, uint64_t least)
{
    return session_get(bytes + DOSING_RECORD_AT_CRC, 4u) ==
               seal_crc32(bytes, DOSING_RECORD_AT_CRC) &&
           session_get(bytes + DOSING_RECORD_AT_ZERO, 2u) == 0u &&
           session_get(bytes + DOSING_RECORD_AT_NUMBER, 4u) >= least;
}

static logbook_record_t record_of(const uint8_t *bytes)
{
    return (logbook_record_t){
        .number = (uint32_t)session_get(bytes + DOSING_RECORD_AT_NUMBER, 4u),
        .code = (uint32_t)session_get(bytes + DOSING_RECORD_AT_CODE, 2u),
        .time_ms = session_get(bytes + DOSING_RECORD_AT_MS, 8u),
        .a = session_get(bytes + DOSING_RECORD_AT_A, 8u),
        .b = (uint32_t)session_get(bytes + DOSING_RECORD_AT_B, 4u),
    };
}

/* The least number that the next record may have; above 32 bits when there can be none. */
static uint64_t wanted(const logbook_page_t *page, uint32_t count)
{
    return count == 0u ? page->first : (uint64_t)page->record[count - 1u].number + 1u;
}

/* One frame's records into the page. 1: more may come; 0: these were the last, or the page is full. */
static int take_some(programmer_t *p, const logbook_page_t *page, uint32_t *count, error_t *e)
{
    uint8_t request[REQUEST_BYTES] = {(uint8_t)page->log};
    uint8_t reply[DOSING_FRAME_PAYLOAD_MAX];
    session_reply_t came = {reply, 0u};
    session_put(request + 4, wanted(page, *count), 4u);
    const int status =
        session_try(p, DOSING_FRAME_LOG, (session_request_t){request, sizeof request}, &came, e);
    if (status != 0) {
        return status < 0 ? status : session_refused(DOSING_FRAME_LOG, status, e);
    }
    const uint64_t some = came.length >= DOSING_LOGGED_AT_RECORD
                              ? session_get(reply + DOSING_LOGGED_AT_COUNT, 4u)
                              : UINT64_MAX;
    if (some > DOSING_LOGGED_MAX ||
        came.length != DOSING_LOGGED_AT_RECORD + some * DOSING_RECORD_BYTES) {
        return ERROR_RAISE(e, ERROR_CORE_REFUSED, "log: a reply of %u bytes is no whole records",
                           came.length);
    }
    for (uint32_t i = 0; i < some && *count < page->room; i++) {
        const uint8_t *bytes = reply + DOSING_LOGGED_AT_RECORD + i * DOSING_RECORD_BYTES;
        if (!is_sound(bytes, wanted(page, *count))) {
            return ERROR_RAISE(e, ERROR_CORE_REFUSED,
                               "log: record %u of those from number %u on is damaged or out of "
                               "order; read on from "
                               "a later number",
                               *count + 1u, page->first);
        }
        page->record[*count] = record_of(bytes);
        (*count)++;
    }
    return some > 0u && *count < page->room && wanted(page, *count) <= UINT32_MAX;
}

int logbook_read(programmer_t *p, const logbook_page_t *page, uint32_t *count, error_t *e)
{
    *count = 0u;
    if (page->log >= DOSING_LOGS || page->room < 1u) {
        return ERROR_RAISE(e, ERROR_ARGUMENT,
                           "log %u into room for %u records; give 0 or 1, and room", page->log,
                           page->room);
    }
    int status = session_open(p, e);
    if (status < 0) {
        return status;
    }
    do {
        status = take_some(p, page, count, e);
    } while (status > 0);
    return session_close(p, status, e);
}
