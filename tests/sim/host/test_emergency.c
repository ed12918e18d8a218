/* SPDX-License-Identifier: Apache-2.0 */
/* Emergency access. The core does not know the role yet: what reaches it is shown to change nothing; the rest is tested
 * with a steward before it, which takes the role's frames as a core that knows it is to, and passes them on. */
#include <criterion/criterion.h>
#include <string.h>

#include "desk.h"
#include "dosing_status.h"
#include "host/emergency.h"
#include "host/session.h"

/* Seals again, for the other end and under its key. */
typedef struct steward_t {
    desk_t *desk;
    seal_key_t key; /* the emergency's */
} steward_t;

static desk_t desk;
static steward_t steward;
static emergency_t emergency;

static void seal_again(uint8_t *frame, uint32_t length, uint8_t role, const seal_key_t *key)
{
    const uint32_t covered = length - DOSING_FRAME_CRC_BYTES - DOSING_FRAME_TAG_BYTES;
    frame[DOSING_FRAME_AT_ROLE] = role;
    session_put(frame + covered, seal_crc32(frame, covered), 4u);
    cr_assert_eq(seal_tag(key, frame, covered + 4u, frame + covered + 4u, NULL), 0);
}

static bool is_for_the_emergency(uint8_t type)
{
    return type == DOSING_FRAME_OPEN || type == DOSING_FRAME_CLOSE ||
           type == DOSING_FRAME_INTERROGATE || type == DOSING_FRAME_LOG ||
           type == DOSING_FRAME_STOP;
}

static int exchange(void *context, const uint8_t *frame, uint32_t length, uint8_t *reply,
                    uint32_t *reply_length, error_t *e)
{
    const steward_t *s = context;
    uint8_t passed[DOSING_FRAME_BYTES_MAX], tag[SEAL_TAG_BYTES];
    *reply_length = 0u;
    cr_assert_eq(seal_tag(&s->key, frame, length - SEAL_TAG_BYTES, tag, NULL), 0);
    if (frame[DOSING_FRAME_AT_ROLE] != EMERGENCY_ROLE ||
        memcmp(tag, frame + length - SEAL_TAG_BYTES, sizeof tag) != 0 ||
        !is_for_the_emergency(frame[DOSING_FRAME_AT_TYPE])) {
        return 0;
    }
    memcpy(passed, frame, length);
    seal_again(passed, length, DOSING_ROLE_CLINICIAN, &s->desk->key);
    const programmer_link_t *inner = &s->desk->programmer.link;
    const int code = inner->exchange(inner->context, passed, length, reply, reply_length, e);
    if (code == 0 && *reply_length > 0u) {
        seal_again(reply, *reply_length, EMERGENCY_ROLE, &s->key);
    }
    return code;
}

static programmer_report_t report(void)
{
    error_t e = {0};
    programmer_report_t r;
    cr_assert_eq(programmer_interrogate(&desk.programmer, &r, &e), 0, "%s", e.text);
    return r;
}

static void start(bool with_steward)
{
    error_t e = {0};
    const uint8_t secret[] = "desk";
    const programmer_therapy_t t = desk_therapy(300.0);
    desk_start(&desk, core_builtin(), NULL, NULL);
    cr_assert_eq(programmer_refill(&desk.programmer, 10.0, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), 0, "%s", e.text);
    steward.desk = &desk;
    cr_assert_eq(seal_key_derive(&steward.key, secret, sizeof secret, 77u, EMERGENCY_ROLE, &e), 0);
    const programmer_link_t link = {&steward, exchange};
    emergency_init(&emergency, 77u, &steward.key, with_steward ? &link : &desk.programmer.link);
}

Test(emergency, it_looks_and_stops)
{
    error_t e = {0};
    programmer_report_t r;
    start(true);
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
    start(true);
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
    start(true);
    cr_assert_eq(emergency_log(&emergency, &page, &count, &e), 0, "%s", e.text);
    cr_expect_eq(count, 0u, "the desk has no store");
}

Test(emergency, papers_of_a_pump_that_was_used_before_find_its_counter)
{
    error_t e = {0};
    programmer_report_t r;
    start(true);
    cr_assert_eq(emergency.end.counter, 0u);
    cr_assert_eq(emergency_look(&emergency, &r, &e), 0, "%s", e.text);
    const uint64_t used = emergency.end.counter;
    cr_expect_gt(used, 3u, "it was taken up");
    emergency.end.counter = 0u;
    cr_assert_eq(emergency_stop(&emergency, &e), 0, "%s", e.text);
    cr_expect_gt(emergency.end.counter, used);
}

Test(emergency, the_papers_of_another_pump_open_nothing)
{
    error_t e = {0};
    const uint8_t secret[] = "another";
    seal_key_t key;
    start(true);
    cr_assert_eq(seal_key_derive(&key, secret, sizeof secret, 77u, EMERGENCY_ROLE, &e), 0);
    emergency.end.key = key;
    cr_expect_eq(emergency_stop(&emergency, &e), ERROR_CORE_REFUSED);
    cr_expect(strstr(e.text, "pump 77 did not reply") != NULL, "%s", e.text);
    cr_expect_eq(report().mode, PROGRAMMER_SIMPLE);
}

/* The core of wire format 2 as it is: it drops frames of the role, and changes nothing but their count. */
Test(emergency, a_core_that_does_not_know_the_role_stays_as_it_is)
{
    error_t e = {0};
    start(false);
    programmer_report_t before = report();
    cr_expect_eq(emergency_stop(&emergency, &e), ERROR_CORE_REFUSED);
    cr_expect(strstr(e.text, "did not reply") != NULL, "%s", e.text);
    programmer_report_t after = report();
    cr_expect_gt(after.frames_refused, before.frames_refused);
    before.frames_refused = after.frames_refused;
    cr_expect_eq(memcmp(&before, &after, sizeof before), 0);
}
