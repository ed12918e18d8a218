/* SPDX-License-Identifier: Apache-2.0 */
/* Emergency access: looks, reads logs, stops, and starts nothing. */
#include <criterion/criterion.h>
#include <string.h>

#include "desk.h"
#include "dosing_status.h"
#include "host/emergency.h"
#include "host/session.h"

static desk_t desk;
static emergency_t emergency;

static programmer_report_t report(void)
{
    error_t e = {0};
    programmer_report_t r;
    cr_assert_eq(programmer_interrogate(&desk.programmer, &r, &e), 0, "%s", e.text);
    return r;
}

static void start(void)
{
    error_t e = {0};
    const programmer_therapy_t t = desk_therapy(300.0);
    desk_start(&desk, core_builtin(), NULL, NULL);
    cr_assert_eq(programmer_refill(&desk.programmer, 10.0, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), 0, "%s", e.text);
    emergency_init(&emergency, 77u, &desk.emergency, &desk.programmer.link);
}

Test(emergency, it_looks_and_stops)
{
    error_t e = {0};
    programmer_report_t r;
    start();
    desk_run(&desk, 3600000u);
    cr_assert_eq(emergency_look(&emergency, &r, &e), 0, "%s", e.text);
    cr_expect_float_eq(r.dose_ug_per_day, 300.0, 1e-9);
    cr_expect_eq(report().mode, PROGRAMMER_SIMPLE, "looking changes nothing");
    cr_assert_eq(emergency_stop(&emergency, &e), 0, "%s", e.text);
    const uint64_t pulses = desk_pulses(&desk);
    desk_run(&desk, 86400000u);
    cr_expect_eq(desk_pulses(&desk), pulses);
    cr_expect_eq(report().mode, PROGRAMMER_STOPPED);
}

Test(emergency, what_it_stopped_the_clinic_starts)
{
    error_t e = {0};
    const programmer_therapy_t t = desk_therapy(300.0);
    start();
    cr_assert_eq(emergency_stop(&emergency, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), 0, "%s", e.text);
    desk_run(&desk, 86400000u);
    cr_expect_float_eq(report().given_ug[0], 300.0, 0.3);
}

Test(emergency, it_reads_the_logs)
{
    error_t e = {0};
    logbook_record_t record[4];
    uint32_t count = 9u;
    const logbook_page_t page = {DOSING_LOG_FAULTS, 1u, 4u, record};
    start();
    cr_assert_eq(emergency_log(&emergency, &page, &count, &e), 0, "%s", e.text);
    cr_expect_eq(count, 0u, "the desk has no store");
}

Test(emergency, papers_of_a_pump_that_was_used_before_find_its_counter)
{
    error_t e = {0};
    programmer_report_t r;
    start();
    cr_assert_eq(emergency.end.counter, 0u);
    cr_assert_eq(emergency_look(&emergency, &r, &e), 0, "%s", e.text);
    const uint64_t used = emergency.end.counter;
    cr_expect_gt(used, 0u);
    emergency.end.counter = 0u; /* other papers of the same pump */
    cr_assert_eq(emergency_stop(&emergency, &e), 0, "%s", e.text);
    cr_expect_gt(emergency.end.counter, used);
}

Test(emergency, the_papers_of_another_pump_open_nothing)
{
    error_t e = {0};
    const uint8_t secret[] = "another";
    seal_key_t key;
    start();
    cr_assert_eq(seal_key_derive(&key, secret, sizeof secret, 77u, DOSING_ROLE_EMERGENCY, &e), 0);
    emergency.end.key = key;
    cr_expect_eq(emergency_stop(&emergency, &e), ERROR_CORE_REFUSED);
    cr_expect(strstr(e.text, "pump 77 did not reply") != NULL, "%s", e.text);
    cr_expect_eq(report().mode, PROGRAMMER_SIMPLE);
}

/* The core of wire format 2 as it is: it drops frames of the role, and changes nothing but their count. */
/* REQ-LINK-05: it can look and stop, and nothing else. */
Test(emergency, it_starts_nothing)
{
    static const struct {
        uint8_t type;
        uint32_t length;
    } frames[] = {
        {DOSING_FRAME_STAGE, 164u}, {DOSING_FRAME_READ_BACK, 4u}, {DOSING_FRAME_COMMIT, 4u},
        {DOSING_FRAME_REFILL, 4u},  {DOSING_FRAME_BOLUS, 16u},    {DOSING_FRAME_ALARM_CLEAR, 4u},
        {DOSING_FRAME_PRIME, 12u},  {DOSING_FRAME_SET_TIME, 4u},  {DOSING_FRAME_REQUEST, 0u}};
    const uint8_t payload[164] = {0};
    error_t e = {0};
    start();
    const programmer_report_t before = report();
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        cr_assert_eq(session_open(&emergency.end, &e), 0, "%s", e.text);
        const session_reply_t ack = {NULL, DOSING_ACK_BYTES};
        const session_request_t request = {payload, frames[i].length};
        cr_expect_eq(session_ask(&emergency.end, frames[i].type, request, ack, &e),
                     ERROR_CORE_REFUSED);
        cr_expect(strstr(e.text, "this role may not do that") != NULL, "type %u: %s",
                  frames[i].type, e.text);
    }
    const programmer_report_t after = report();
    cr_expect_eq(after.commits, before.commits);
    cr_expect_eq(after.frames_refused, before.frames_refused + 9u);
}
