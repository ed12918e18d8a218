/* SPDX-License-Identifier: Apache-2.0 */
/* The patient controller, with the real core at the other end. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "desk.h"
#include "dosing_status.h"
#include "host/controller.h"
#include "host/session.h"

#define MINUTE_MS UINT64_C(60000)

static desk_t desk;
static controller_t controller;

/* 300 ug/day; 10 ug over 10 minutes on request, two hours apart, two in eight hours, three a day. */
static void start(void)
{
    error_t e = {0};
    seal_key_t key;
    programmer_therapy_t t = desk_therapy(300.0);
    t.patient = (programmer_patient_t){10.0, 10.0, 120.0, 480.0, 2u, 3u};
    desk_start(&desk, core_builtin(), NULL, NULL);
    desk_pair(&desk, 1u, &key);
    controller_init(&controller, 77u, &key, &desk.programmer.link);
    cr_assert_eq(programmer_refill(&desk.programmer, 10.0, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), 0, "%s", e.text);
}

static controller_answer_t asked(controller_view_t *view)
{
    error_t e = {0};
    controller_answer_t answer;
    cr_assert_eq(controller_request(&controller, &answer, view, &e), 0, "%s", e.text);
    return answer;
}

static programmer_report_t report(void)
{
    error_t e = {0};
    programmer_report_t r;
    cr_assert_eq(programmer_interrogate(&desk.programmer, &r, &e), 0, "%s", e.text);
    return r;
}

Test(controller, a_request_gives_the_programmes_bolus)
{
    controller_view_t view;
    start();
    const double before_ug = report().given_ug[0];
    cr_expect_eq(asked(&view), CONTROLLER_GIVEN);
    cr_expect(view.giving);
    cr_expect_eq(view.given, 1u);
    cr_expect_float_eq(view.lockout_minutes, 120.0, 1e-9);
    desk_run(&desk, 60u * MINUTE_MS);
    cr_expect_float_eq(report().given_ug[0] - before_ug, 10.0 + 300.0 / 24.0, 0.3);
}

/* Asking too early is answered, counted, and extends nothing. */
Test(controller, a_refusal_is_an_answer_and_extends_no_lockout)
{
    controller_view_t view;
    start();
    cr_assert_eq(asked(NULL), CONTROLLER_GIVEN);
    desk_run(&desk, 50u * MINUTE_MS);
    for (uint32_t k = 1; k <= 3u; k++) {
        cr_expect_eq(asked(&view), CONTROLLER_LOCKED);
        cr_expect_eq(view.refused, k);
        cr_expect_float_eq(view.lockout_minutes, 70.0, 1e-9);
        cr_expect_eq(view.given, 1u);
    }
    desk_run(&desk, 70u * MINUTE_MS);
    cr_expect_eq(asked(&view), CONTROLLER_GIVEN);
    desk_run(&desk, 121u * MINUTE_MS);
    cr_expect_eq(asked(&view), CONTROLLER_SPENT);
    cr_expect_eq(view.given, 2u);
}

Test(controller, the_lockout_is_seen_without_asking)
{
    error_t e = {0};
    controller_view_t view;
    start();
    cr_assert_eq(controller_look(&controller, &view, &e), 0, "%s", e.text);
    cr_expect_eq(view.lockout_minutes, 0.0);
    cr_assert_eq(asked(NULL), CONTROLLER_GIVEN);
    desk_run(&desk, 30u * MINUTE_MS);
    cr_assert_eq(controller_look(&controller, &view, &e), 0, "%s", e.text);
    cr_expect_float_eq(view.lockout_minutes, 90.0, 1e-9);
    cr_expect_not(view.giving);
    cr_expect_eq(view.refused + view.alarms, 0u);
}

Test(controller, what_stands_in_the_way_is_told)
{
    error_t e = {0};
    programmer_therapy_t t = desk_therapy(300.0);
    start();
    cr_assert_eq(programmer_prime(&desk.programmer, 0.1, 0.1, 1u, &e), 0, "%s", e.text);
    cr_expect_eq(asked(NULL), CONTROLLER_BUSY);
    desk_run(&desk, 60u * MINUTE_MS);
    cr_assert_eq(programmer_refill(&desk.programmer, 1.01, &e), 0, "%s", e.text);
    cr_expect_eq(asked(NULL), CONTROLLER_EMPTY);
    cr_assert_eq(programmer_refill(&desk.programmer, 0.5, &e), 0, "%s", e.text);
    cr_expect_eq(asked(NULL), CONTROLLER_ALARM);
    cr_assert_eq(programmer_refill(&desk.programmer, 10.0, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), 0, "%s", e.text);
    cr_expect_eq(asked(NULL), CONTROLLER_NOT_MEANT);
}

/* Whatever else its key is put under: refused by role, and the pump goes on as before. */
Test(controller, the_patients_key_opens_nothing_else)
{
    static const struct {
        uint8_t type;
        uint32_t length;
    } rows[] = {{DOSING_FRAME_STAGE, 164u}, {DOSING_FRAME_READ_BACK, 4u},
                {DOSING_FRAME_COMMIT, 4u},  {DOSING_FRAME_REFILL, 4u},
                {DOSING_FRAME_BOLUS, 16u},  {DOSING_FRAME_STOP, 0u},
                {DOSING_FRAME_LOG, 8u},     {DOSING_FRAME_ALARM_CLEAR, 4u},
                {DOSING_FRAME_PRIME, 12u},  {DOSING_FRAME_SET_TIME, 4u}};
    const uint8_t payload[164] = {0};
    start();
    programmer_report_t before = report();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        error_t e = {0};
        session_reply_t reply = {NULL, 0u};
        cr_assert_eq(session_open(&controller.end, &e), 0, "%s", e.text);
        cr_expect_eq(session_try(&controller.end, rows[i].type,
                                 (session_request_t){payload, rows[i].length}, &reply, &e),
                     (int)DOSING_REFUSED_ROLE, "type %u", rows[i].type);
        cr_expect_eq(session_close(&controller.end, 0, &e), 0, "%s", e.text);
    }
    programmer_report_t after = report();
    cr_expect_eq(after.frames_refused - before.frames_refused, 10u);
    before.frames_refused = after.frames_refused;
    cr_expect_eq(memcmp(&before, &after, sizeof before), 0);
}

Test(controller, pairing_another_ends_the_one_before)
{
    error_t e = {0};
    seal_key_t key;
    controller_t other;
    controller_answer_t answer;
    start();
    cr_assert_eq(asked(NULL), CONTROLLER_GIVEN);
    desk_pair(&desk, 2u, &key);
    controller_init(&other, 77u, &key, &desk.programmer.link);
    cr_expect_eq(controller_request(&controller, &answer, NULL, &e), ERROR_CORE_REFUSED);
    cr_expect(strstr(e.text, "did not reply") != NULL, "%s", e.text);
    cr_assert_eq(controller_request(&other, &answer, NULL, &e), 0, "%s", e.text);
    cr_expect_eq(answer, CONTROLLER_LOCKED, "the lockout is the pump's, not the controller's");
}

/* Both ends have derived one key, and nobody has sent it. */
Test(controller, a_pairing_whose_reply_was_lost_is_tried_again_by_the_same_nonce)
{
    const uint8_t nonce[SEAL_PAIR_BYTES] = {7u};
    error_t e = {0};
    seal_key_t first, again;
    start();
    desk.air = DESK_SILENT;
    cr_expect_eq(programmer_pair(&desk.programmer, nonce, &first, &e), ERROR_CORE_REFUSED);
    desk.air = DESK_CLEAR;
    cr_assert_eq(programmer_pair(&desk.programmer, nonce, &again, &e), 0, "%s", e.text);
    cr_expect_eq(memcmp(&first, &again, sizeof first), 0);
    cr_expect_eq(memcmp(&first, &desk.patient, sizeof first), 0);
    controller_init(&controller, 77u, &again, &desk.programmer.link);
    cr_expect_eq(asked(NULL), CONTROLLER_GIVEN);
    cr_expect_leq(controller.end.counter, 4u, "its counter begins anew");
}

Test(controller, one_that_was_never_paired_is_not_heard)
{
    error_t e = {0};
    controller_answer_t answer;
    start();
    desk.paired = false;
    cr_expect_eq(controller_request(&controller, &answer, NULL, &e), ERROR_CORE_REFUSED);
    controller_init(&controller, 77u, &desk.key, &desk.programmer.link);
    cr_expect_eq(controller_request(&controller, &answer, NULL, &e), ERROR_CORE_REFUSED);
    cr_expect_eq(report().patient_given, 0u);
}

/* A controller replaced, or restored from an old copy, and one that is far ahead: its counter is the pump's again. */
Test(controller, a_new_one_takes_up_the_counter)
{
    static const uint64_t counter[] = {0u, 1u, UINT64_MAX - 1u};
    error_t e = {0};
    controller_view_t view;
    start();
    cr_assert_eq(asked(NULL), CONTROLLER_GIVEN);
    for (size_t i = 0; i < 3u; i++) {
        const uint64_t used = controller.end.counter;
        const uint64_t clinicians = desk.programmer.counter;
        controller.end.counter = counter[i];
        cr_assert_eq(controller_look(&controller, &view, &e), 0, "%s", e.text);
        cr_expect(controller.end.counter > used && controller.end.counter < used + 10u);
        cr_assert_eq(desk.programmer.counter, clinicians);
    }
}

Test(controller, a_lost_reply_gives_no_second_bolus)
{
    error_t e = {0};
    controller_answer_t answer = CONTROLLER_NOT_MEANT;
    start();
    cr_assert_eq(session_open(&controller.end, &e), 0, "%s", e.text);
    desk.air = DESK_SILENT;
    cr_expect_eq(programmer_request(&controller.end, &e), ERROR_CORE_REFUSED);
    cr_expect_eq(controller_request(&controller, &answer, NULL, &e), ERROR_CORE_REFUSED);
    cr_expect_eq(answer, CONTROLLER_NOT_MEANT);
    desk.air = DESK_CLEAR;
    (void)asked(NULL);
    (void)asked(NULL);
    cr_expect_eq(report().patient_given, 1u);
}

Test(controller, an_alarm_is_seen_on_the_display)
{
    error_t e = {0};
    controller_view_t view;
    start();
    cr_assert_eq(programmer_refill(&desk.programmer, 1.5, &e), 0, "%s", e.text);
    cr_assert_eq(controller_look(&controller, &view, &e), 0, "%s", e.text);
    cr_expect_eq(view.alarms, DOSING_ALARM_LOW);
}

Test(controller, every_answer_has_its_own_words)
{
    for (int i = CONTROLLER_GIVEN; i <= (int)CONTROLLER_NOT_MEANT; i++) {
        cr_expect_neq(controller_text((controller_answer_t)i)[0], '\0', "answer %d", i);
        for (int j = 0; j < i; j++) {
            cr_expect_str_neq(controller_text((controller_answer_t)i),
                              controller_text((controller_answer_t)j));
        }
    }
    cr_expect_str_eq(controller_text((controller_answer_t)99), "");
}
