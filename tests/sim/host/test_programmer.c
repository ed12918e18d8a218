/* SPDX-License-Identifier: Apache-2.0 */
/* The programmer, with the real core at the other end. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "desk.h"
#include "device/catheter.h"
#include "host/bridge.h"
#include "host/controller.h"
#include "host/logbook.h"
#include "host/prime.h"

#define DAY_MS UINT64_C(86400000)

static desk_t desk;

Test(programmer, a_therapy_runs_as_ordered)
{
    error_t e = {0};
    programmer_achieved_t a;
    programmer_report_t r;
    programmer_therapy_t t = desk_therapy(300.0);
    t.drug_count = 2u;
    t.drug[1].concentration_ug_per_ml = 20.0;
    desk_start(&desk, core_builtin(), NULL, NULL);
    cr_assert_eq(programmer_refill(&desk.programmer, 20.0, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_set_therapy(&desk.programmer, &t, &a, &e), 0, "%s", e.text);
    cr_expect_float_eq(a.dose_ug_per_day[0], 300.0, 1e-9);
    cr_expect_float_eq(a.dose_ug_per_day[1], 12.0, 1e-9);
    cr_expect_float_eq(a.rate_ml_per_day, 0.6, 1e-12);
    desk_run(&desk, 10u * DAY_MS);
    cr_assert_eq(programmer_interrogate(&desk.programmer, &r, &e), 0, "%s", e.text);
    cr_expect_float_eq(r.given_ug[0], 3000.0, 0.2);
    cr_expect_float_eq(r.given_ug[1], 120.0, 0.01);
    cr_expect_float_eq(r.reservoir_ml, 14.0, 5e-4);
    cr_expect_eq(r.pulses_commanded, r.pulses_confirmed);
    cr_expect_eq(r.guard_refusals, 0u);
    cr_expect_eq(r.steps_missed + r.stalls + r.stall_ms, 0u);
}

/* Days of two steps and a timed bolus: 12 h at 200, 12 h at 400, and 50 ug. */
Test(programmer, a_flex_therapy_runs_by_local_time)
{
    error_t e = {0};
    programmer_report_t r;
    programmer_therapy_t t = desk_therapy(0.0);
    t.mode = PROGRAMMER_FLEX;
    t.step_count = 2u;
    t.step[0] = (programmer_step_t){PROGRAMMER_EVERY_DAY, 0u, 200.0};
    t.step[1] = (programmer_step_t){PROGRAMMER_EVERY_DAY, 720u, 400.0};
    t.timed_count = 1u;
    t.timed[0] = (programmer_timed_t){PROGRAMMER_EVERY_DAY, 480u, 50.0, 30.0};
    t.patient = (programmer_patient_t){10.0, 10.0, 120.0, 480.0, 2u, 5u};
    desk_start(&desk, core_builtin(), NULL, NULL);
    cr_assert_eq(programmer_refill(&desk.programmer, 20.0, &e), 0);
    cr_expect_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), ERROR_CORE_REFUSED);
    cr_expect(strstr(e.text, "does not know local time") != NULL, "%s", e.text);
    cr_assert_eq(programmer_set_time(&desk.programmer, 0u, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), 0, "%s", e.text);
    desk_run(&desk, 10u * DAY_MS);
    cr_assert_eq(programmer_interrogate(&desk.programmer, &r, &e), 0, "%s", e.text);
    cr_expect_float_eq(r.given_ug[0], 3500.0, 0.2, "given %g", r.given_ug[0]);
    cr_expect_eq(r.local_ms, 3 * (int64_t)DAY_MS);
    cr_expect_eq(r.mode, PROGRAMMER_FLEX);
    cr_expect_float_eq(r.dose_ug_per_day, 200.0, 1e-9);
}

Test(programmer, a_prime_and_a_bridge_go_by_volume)
{
    error_t e = {0};
    programmer_report_t r;
    programmer_therapy_t t = desk_therapy(300.0);
    desk_start(&desk, core_builtin(), NULL, NULL);
    cr_assert_eq(programmer_refill(&desk.programmer, 20.0, &e), 0);
    cr_assert_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_prime(&desk.programmer, 0.1, 0.15, 1u, &e), 0, "%s", e.text);
    cr_expect_eq(programmer_prime(&desk.programmer, 0.1, 0.15, 1u, &e), ERROR_CORE_REFUSED);
    desk_run(&desk, DAY_MS);
    t.drug[0].concentration_ug_per_ml = 1000.0;
    cr_expect_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), ERROR_CORE_REFUSED);
    cr_expect(strstr(e.text, "change undeclared") != NULL, "%s", e.text);
    t.change = true;
    t.bridge_ml = 0.25;
    cr_assert_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_interrogate(&desk.programmer, &r, &e), 0);
    cr_expect_float_eq(r.bridge_ml, 0.25, 1e-9);
    cr_expect_float_eq(r.concentration_ug_per_ml[0], 500.0, 1e-9);
    desk_run(&desk, DAY_MS);
    cr_assert_eq(programmer_interrogate(&desk.programmer, &r, &e), 0);
    cr_expect_float_eq(r.bridge_ml, 0.0, 1e-9);
    cr_expect_float_eq(r.concentration_ug_per_ml[0], 1000.0, 1e-9);
    cr_expect_eq(r.revision, 1u);
}

Test(programmer, reads_the_account_of_the_device)
{
    error_t e = {0};
    programmer_device_t d;
    const programmer_therapy_t t = desk_therapy(300.0);
    desk_start(&desk, core_builtin(), NULL, NULL);
    cr_assert_eq(programmer_refill(&desk.programmer, 20.0, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), 0, "%s", e.text);
    desk_run(&desk, 20u * DAY_MS);
    cr_assert_eq(programmer_device(&desk.programmer, &d, &e), 0, "%s", e.text);
    cr_expect_float_eq(d.idle_v, 3.0, 1e-9);
    cr_expect_float_eq(d.loaded_v, 3.0, 1e-9);
    cr_expect_float_eq(d.temperature_c, 37.0, 1e-9);
    /* 12 uA, and 2403 pulses of 400 uC a day, up to half a day ago */
    const double day_mah = 12e-3 * 24.0 + 2402.6 * 0.4 / 3600.0;
    cr_expect(d.charge_mah > 19.4 * day_mah && d.charge_mah <= 20.0 * day_mah, "%g mAh of %g",
              d.charge_mah, 20.0 * day_mah);
    cr_expect(d.age_days == 19u || d.age_days == 20u, "%u days", d.age_days);
    cr_expect_eq(d.days_left, 2556u - d.age_days - (d.age_days < 20u ? 1u : 0u), "%u of %u days",
                 d.days_left, d.age_days);
    cr_expect_eq(d.resets + d.steps_missed + d.clock_ppm + d.selftest, 0u);
    cr_expect(d.store_sequence == 0u && d.store_failures == 0u && d.uncertain_ms == 0u,
              "the desk has no store: %u, %u", d.store_sequence, d.store_failures);
    cr_expect(d.next_event == 1u && d.next_fault == 1u, "%u, %u", d.next_event, d.next_fault);
    cr_expect_eq(programmer_device(&desk.programmer, &d, &e), 0);
}

Test(programmer, a_refusal_names_the_reason_and_changes_nothing)
{
    error_t e = {0};
    programmer_report_t r;
    programmer_therapy_t t = desk_therapy(300.0);
    desk_start(&desk, core_builtin(), NULL, NULL);
    cr_assert_eq(programmer_refill(&desk.programmer, 20.0, &e), 0);
    cr_assert_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), 0, "%s", e.text);
    t.dose_ug_per_day = 3.0;
    cr_expect_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), ERROR_CORE_REFUSED);
    cr_expect(strstr(e.text, "stage refused: the rate is outside") != NULL, "%s", e.text);
    t.dose_ug_per_day = 300.0;
    t.drug[0].limit_ug_per_day = 301.0;
    cr_expect_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), ERROR_CORE_REFUSED);
    cr_expect(strstr(e.text, "commit refused: a 24-hour limit") != NULL, "%s", e.text);
    cr_assert_eq(programmer_interrogate(&desk.programmer, &r, &e), 0);
    cr_expect_eq(r.commits, 1u);
    cr_expect_float_eq(r.dose_ug_per_day, 300.0, 1e-9);
}

Test(programmer, what_no_integer_can_hold_is_refused_here)
{
    error_t e = {0};
    programmer_therapy_t t = desk_therapy((double)NAN);
    desk_start(&desk, core_builtin(), NULL, NULL);
    cr_expect_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), ERROR_ARGUMENT);
    t = desk_therapy(-1.0);
    cr_expect_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), ERROR_ARGUMENT);
    t = desk_therapy(300.0);
    t.drug_count = 7u;
    cr_expect_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), ERROR_ARGUMENT);
    cr_expect_eq(programmer_refill(&desk.programmer, 1e9, &e), ERROR_ARGUMENT);
    cr_expect_eq(programmer_bolus(&desk.programmer, (double)INFINITY, 5.0, &e), ERROR_ARGUMENT);
}

Test(programmer, bolus_stop_and_alarm_clear_reach_the_core)
{
    error_t e = {0};
    programmer_report_t r;
    const programmer_therapy_t t = desk_therapy(300.0);
    desk_start(&desk, core_builtin(), NULL, NULL);
    cr_assert_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_refill(&desk.programmer, 1.5, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_bolus(&desk.programmer, 25.0, 10.0, &e), 0, "%s", e.text);
    desk_run(&desk, 300000u);
    cr_assert_eq(programmer_interrogate(&desk.programmer, &r, &e), 0);
    cr_expect_eq(r.bolus_running, 1);
    cr_expect_float_eq(r.given_ug[0], 12.5 + 300.0 * 5.0 / 1440.0, 0.3);
    cr_assert_eq(programmer_stop(&desk.programmer, &e), 0);
    cr_assert_eq(programmer_clear_alarms(&desk.programmer, 0xFFu, &e), 0);
    cr_assert_eq(programmer_interrogate(&desk.programmer, &r, &e), 0);
    cr_expect_eq(r.mode, PROGRAMMER_STOPPED);
    cr_expect_eq(r.unseen, 0u);
}

/* Cut to the field's bytes they would mean something else: 0x181 would be Monday, minute 65541 five past midnight. */
Test(programmer, what_is_wider_than_its_field_is_refused_and_not_cut)
{
    static const char *const words[] = {"step 2 has days 0x181",      "step 2 is at minute 65541",
                                        "timed bolus 1 has days 0x0", "timed bolus 1 is at minute",
                                        "an interval are 65537",      "a day are 33",
                                        "critical tones are 65536",   "advisory tones are 65536"};
    desk_start(&desk, core_builtin(), NULL, NULL);
    for (int i = 0; i < 8; i++) {
        error_t e = {0};
        programmer_therapy_t t = desk_therapy(0.0);
        t.mode = PROGRAMMER_FLEX;
        t.step_count = 2u;
        t.step[0] = (programmer_step_t){PROGRAMMER_EVERY_DAY, 0u, 200.0};
        t.step[1] = (programmer_step_t){i == 0 ? 0x181u : 1u, i == 1 ? 65541u : 720u, 400.0};
        t.timed_count = 1u;
        t.timed[0] = (programmer_timed_t){i == 2 ? 0u : 1u, i == 3 ? 1440u : 480u, 50.0, 30.0};
        t.patient = (programmer_patient_t){10.0, 10.0, 120.0, 480.0, 2u, 5u};
        t.patient.per_interval = i == 4 ? 65537u : 2u;
        t.patient.per_day = i == 5 ? 33u : 5u;
        t.critical_tone_minutes = i == 6 ? 65536u : 0u;
        t.advisory_tone_minutes = i == 7 ? 65536u : 0u;
        cr_expect_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), ERROR_ARGUMENT);
        cr_expect(strstr(e.text, words[i]) != NULL, "case %d: %s", i, e.text);
        cr_expect_eq(desk.sent[DOSING_FRAME_OPEN], 0u, "case %d: a session was opened", i);
    }
}

Test(programmer, another_drug_of_the_same_concentration_is_a_change)
{
    error_t e = {0};
    programmer_therapy_t t = desk_therapy(300.0);
    desk_start(&desk, core_builtin(), NULL, NULL);
    cr_assert_eq(programmer_refill(&desk.programmer, 20.0, &e), 0);
    cr_assert_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), 0, "%s", e.text);
    t.drug[0].code = 17u;
    cr_expect_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), ERROR_CORE_REFUSED);
    cr_expect(strstr(e.text, "change undeclared") != NULL, "%s", e.text);
    t.change = true;
    cr_expect_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), 0, "%s", e.text);
}

/* The card of 0.199 mL asks for more tubing than the pump has: this core refuses, where an earlier device obeyed. */
Test(programmer, the_core_refuses_the_prime_of_the_faulty_card)
{
    error_t e = {0};
    programmer_report_t r;
    prime_plan_t plan;
    const programmer_therapy_t t = desk_therapy(300.0);
    prime_order_t order = {.release = PATH_CARD_0199,
                           .system = {PATH_CATHETER_114, 24.0, 0.14, (double)INFINITY},
                           .ug_per_ml = 500.0,
                           .rate_ml_per_day = 24.0,
                           .basal_ml_per_day = 0.6};
    desk_start(&desk, core_builtin(), NULL, NULL);
    cr_assert_eq(programmer_refill(&desk.programmer, 20.0, &e), 0);
    cr_assert_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), 0, "%s", e.text);
    cr_assert_eq(prime_plan(&plan, &order, &e), 0, "%s", e.text);
    cr_expect_eq(programmer_prime(&desk.programmer, plan.tubing_ml, plan.catheter_ml, 1u, &e),
                 ERROR_CORE_REFUSED);
    cr_expect(strstr(e.text, "prime refused: this system revision") != NULL, "%s", e.text);
    order.release = PATH_CARD_0140;
    cr_assert_eq(prime_plan(&plan, &order, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_prime(&desk.programmer, plan.tubing_ml, plan.catheter_ml, 1u, &e), 0,
                 "%s", e.text);
    desk_run(&desk, (uint64_t)(plan.minutes * 60000.0) - 10000u);
    cr_assert_eq(programmer_interrogate(&desk.programmer, &r, &e), 0, "%s", e.text);
    cr_expect_eq(r.delivery, DOSING_DELIVERY_PRIME);
    desk_run(&desk, 20000u);
    cr_assert_eq(programmer_interrogate(&desk.programmer, &r, &e), 0, "%s", e.text);
    cr_expect_eq(r.delivery, DOSING_DELIVERY_BASAL);
    cr_expect_float_eq(r.given_ml, 0.338, 5e-4);
}

/* From order to tip: the bridge's plan through programmer, core and motor into the studies' catheter. In every six hours the
 * dose prescribed leaves it, to a pulse of the stronger fluid at either end. */
Test(programmer, a_planned_bridge_keeps_the_dose_at_the_tip)
{
    static const double other_ug_per_ml[] = {2000.0, 1000.0, 250.0};
    for (size_t i = 0; i < 3u; i++) {
        error_t e = {0};
        bridge_plan_t plan;
        catheter_t c;
        const catheter_param_t shape = {
            .tubing_ml = 0.14, .length_cm = 114.0, .trimmed_cm = 24.0, .ml_per_cm = 0.0022};
        programmer_therapy_t t = desk_therapy(300.0);
        const bridge_order_t order = {.release = PATH_OWN,
                                      .system = {PATH_CATHETER_114, 24.0, 0.14, (double)INFINITY},
                                      .old_ug_per_ml = 500.0,
                                      .new_ug_per_ml = other_ug_per_ml[i],
                                      .dose_ug_per_day = 300.0,
                                      .rate_min_ml_per_day = 0.048,
                                      .rate_max_ml_per_day = 24.0};
        desk_start(&desk, core_builtin(), NULL, NULL);
        cr_assert_eq(programmer_refill(&desk.programmer, 20.0, &e), 0);
        cr_assert_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), 0, "%s", e.text);
        cr_assert_eq(bridge_plan(&plan, &order, &e), 0, "%s", e.text);
        t.drug[0].concentration_ug_per_ml = order.new_ug_per_ml;
        t.change = true;
        t.bridge_ml = plan.volume_ml;
        cr_assert_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), 0, "%s", e.text);
        cr_assert_eq(catheter_init(&c, &shape, 1, &order.old_ug_per_ml, &e), 0, "%s", e.text);
        const double within_ug = 2.0 * 249.731e-6 * fmax(500.0, order.new_ug_per_ml);
        uint64_t pulses = desk_pulses(&desk);
        for (int quarter = 0; quarter < 12; quarter++) {
            catheter_out_t out;
            desk_run(&desk, DAY_MS / 4u);
            const uint64_t now = desk_pulses(&desk);
            const segment_t s = {.volume_ml = (double)(now - pulses) * 249.731e-6};
            catheter_push(&c, &s, &order.new_ug_per_ml, &out);
            pulses = now;
            cr_expect_float_eq(out.tip_ug[0], 75.0, within_ug, "%g ug/mL, quarter %d: %g ug",
                               order.new_ug_per_ml, quarter, out.tip_ug[0]);
        }
    }
}

Test(programmer, a_new_programmer_takes_up_the_counter)
{
    error_t e = {0};
    programmer_report_t r;
    desk_start(&desk, core_builtin(), NULL, NULL);
    cr_assert_eq(programmer_refill(&desk.programmer, 10.0, &e), 0);
    const uint64_t used = desk.programmer.counter;
    desk.programmer.counter = 0u;
    cr_assert_eq(programmer_interrogate(&desk.programmer, &r, &e), 0, "%s", e.text);
    cr_expect_gt(desk.programmer.counter, used);
}

static void expect_refused(desk_air_t air, const char *words)
{
    error_t e = {0};
    const programmer_therapy_t t = desk_therapy(300.0);
    desk_start(&desk, core_builtin(), NULL, NULL);
    desk.air = air;
    cr_expect_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), ERROR_CORE_REFUSED);
    cr_expect(strstr(e.text, words) != NULL, "'%s' does not say '%s'", e.text, words);
}

Test(programmer, a_bad_link_is_never_a_success)
{
    error_t e = {0};
    expect_refused(DESK_SILENT, "did not reply");
    expect_refused(DESK_FLIP, "not an authentic answer");
    expect_refused(DESK_READ_BACK, "read back differs");
    desk.air = DESK_BROKEN;
    cr_expect_eq(programmer_stop(&desk.programmer, &e), ERROR_LIBRARY);
}

/* A reply to an open, recorded: all of it is genuine but that it answers another nonce. The frames' counter does not tell, for a
 * new programmer begins at 0, and a recorded refusal takes back the counter of any. */
Test(programmer, a_recorded_reply_opens_no_session)
{
    error_t e = {0};
    programmer_report_t r;
    desk_start(&desk, core_builtin(), NULL, NULL);
    cr_assert_eq(programmer_interrogate(&desk.programmer, &r, &e), 0, "%s", e.text);
    desk_run(&desk, 1000u);
    programmer_t other = desk.programmer;
    other.counter = 0u;
    desk.air = DESK_REPLAY;
    cr_expect_eq(programmer_interrogate(&other, &r, &e), ERROR_CORE_REFUSED);
    cr_expect(strstr(e.text, "does not answer this nonce") != NULL, "%s", e.text);
    cr_expect_eq(other.session, 0u);
    /* One that drew the same nonces again would take it, and the whole session after it: nothing else tells. */
    other.counter = 0u;
    other.nonces = 0u;
    cr_expect_eq(programmer_interrogate(&other, &r, &e), 0, "%s", e.text);
}

/* An authentic reply to an open that is shorter than the written one. */
Test(programmer, a_reply_of_the_format_before_opens_no_session)
{
    error_t e = {0};
    programmer_report_t r;
    desk_start(&desk, core_builtin(), NULL, NULL);
    desk.air = DESK_SHORT;
    cr_expect_eq(programmer_interrogate(&desk.programmer, &r, &e), ERROR_CORE_REFUSED);
    cr_expect(strstr(e.text, "does not answer this nonce") != NULL, "%s", e.text);
}

/* REQ-LINK-09: every byte of every frame type and its reply, header, payload, CRC and tag, as CRC-32 of the whole frame. */
static const struct {
    uint32_t sent, answered;
} golden[] = {
    [DOSING_FRAME_OPEN] = {0x32303f59u, 0xf17754b4u},
    [DOSING_FRAME_CLOSE] = {0x19a87297u, 0xfeaa9b0au},
    [DOSING_FRAME_STAGE] = {0x5bdaeea9u, 0xd3dd6458u},
    [DOSING_FRAME_READ_BACK] = {0x2205f170u, 0x8d9f0888u},
    [DOSING_FRAME_COMMIT] = {0x97653219u, 0x19b7c225u},
    [DOSING_FRAME_REFILL] = {0x09a19422u, 0x088bd75du},
    [DOSING_FRAME_BOLUS] = {0xdd9296c7u, 0x609dc3dfu},
    [DOSING_FRAME_STOP] = {0xe705a75eu, 0x602f39c0u},
    [DOSING_FRAME_INTERROGATE] = {0x6bd65207u, 0xa642efe6u},
    [DOSING_FRAME_ALARM_CLEAR] = {0xd2142e2cu, 0x936379a0u},
    [DOSING_FRAME_PRIME] = {0x20cfe1d5u, 0x6c7ddd7au},
    [DOSING_FRAME_SET_TIME] = {0x06354f07u, 0x57ec1b52u},
    [DOSING_FRAME_REQUEST] = {0xf1a87371u, 0xa62015efu},
    [DOSING_FRAME_LOG] = {0xca8f2fcdu, 0x4e40db94u},
    [DOSING_FRAME_DEVICE] = {0x02839e7au, 0x1f5fd60du},
    [DOSING_FRAME_PAIR] = {0x4f6321efu, 0x912b83ccu},
};

Test(programmer, every_frame_type_has_its_golden_bytes)
{
    error_t e = {0};
    programmer_report_t r;
    programmer_device_t d;
    programmer_therapy_t t = desk_therapy(300.0);
    t.drug[0].limit_ug_per_day = 700.0;
    desk_start(&desk, core_builtin(), NULL, NULL);
    cr_assert_eq(programmer_refill(&desk.programmer, 20.0, &e), 0);
    cr_assert_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), 0);
    desk_run(&desk, 3600000u);
    cr_assert_eq(programmer_bolus(&desk.programmer, 25.0, 10.0, &e), 0);
    desk_run(&desk, 600000u);
    cr_assert_eq(programmer_interrogate(&desk.programmer, &r, &e), 0);
    cr_assert_eq(programmer_stop(&desk.programmer, &e), 0);
    cr_assert_eq(programmer_clear_alarms(&desk.programmer, 1u, &e), 0);
    cr_assert_eq(programmer_device(&desk.programmer, &d, &e), 0);
    seal_key_t paired;
    desk_pair(&desk, 3u, &paired);
    for (uint32_t type = DOSING_FRAME_OPEN; type <= DOSING_FRAME_PAIR; type++) {
        if (type > DOSING_FRAME_ALARM_CLEAR && type < DOSING_FRAME_DEVICE) {
            continue;
        }
        cr_expect(golden[type].sent == desk.sent[type] &&
                      golden[type].answered == desk.answered[type],
                  "type %u: {0x%08xu, 0x%08xu}", type, desk.sent[type], desk.answered[type]);
    }
}

/* Both ends draw nonces under one key: never the same one. */
Test(programmer, its_nonces_are_not_the_pumps)
{
    error_t e = {0};
    programmer_report_t r;
    uint8_t nonce[DOSING_NONCE_BYTES];
    desk_start(&desk, core_builtin(), NULL, NULL);
    cr_assert_eq(programmer_interrogate(&desk.programmer, &r, &e), 0, "%s", e.text);
    for (uint64_t index = 0; index < 100u; index++) {
        cr_assert_eq(seal_nonce(&desk.programmer.key, index, nonce, sizeof nonce, &e), 0);
        cr_expect_neq(memcmp(nonce, desk.opened_with, sizeof nonce), 0, "index %llu",
                      (unsigned long long)index);
    }
}

/* Every field of a head, and steps and timed boluses over two parts; the patient's frame under the patient's key. */
Test(programmer, every_frame_of_the_modes_has_its_golden_bytes)
{
    error_t e = {0};
    uint32_t count = 0;
    logbook_record_t record[5];
    const logbook_page_t page = {DOSING_LOG_FAULTS, 3u, 5u, record};
    controller_t c;
    controller_answer_t answer;
    seal_key_t key;
    programmer_therapy_t t = desk_therapy(0.0);
    t.mode = PROGRAMMER_FLEX;
    t.drug[0].code = 7u;
    t.step_count = 2u;
    t.step[0] = (programmer_step_t){PROGRAMMER_EVERY_DAY, 0u, 200.0};
    t.step[1] = (programmer_step_t){0x1Fu, 720u, 400.0};
    t.timed_count = 1u;
    t.timed[0] = (programmer_timed_t){0x60u, 480u, 50.0, 30.0};
    t.patient = (programmer_patient_t){10.0, 10.0, 120.0, 480.0, 2u, 5u};
    t.rate_limit_ml_per_day = 20.0;
    t.volume_limit_ml_per_day = 10.0;
    t.critical_tone_minutes = 30u;
    t.advisory_tone_minutes = 720u;
    desk_start(&desk, core_builtin(), NULL, NULL);
    desk_pair(&desk, 1u, &key);
    controller_init(&c, 77u, &key, &desk.programmer.link);
    cr_assert_eq(programmer_refill(&desk.programmer, 20.0, &e), 0);
    cr_assert_eq(programmer_set_time(&desk.programmer, 123456789u, &e), 0, "%s", e.text);
    cr_assert_eq(programmer_set_therapy(&desk.programmer, &t, NULL, &e), 0, "%s", e.text);
    cr_expect_eq(desk.sent[DOSING_FRAME_STAGE], 0xc03c5b86u, "{0x%08xu}",
                 desk.sent[DOSING_FRAME_STAGE]);
    cr_assert_eq(controller_request(&c, &answer, NULL, &e), 0, "%s", e.text);
    desk_run(&desk, 3600000u);
    cr_assert_eq(programmer_prime(&desk.programmer, 0.14, 0.198, 1u, &e), 0, "%s", e.text);
    cr_assert_eq(logbook_read(&desk.programmer, &page, &count, &e), 0, "%s", e.text);
    for (uint32_t type = DOSING_FRAME_PRIME; type <= DOSING_FRAME_LOG; type++) {
        cr_expect(golden[type].sent == desk.sent[type] &&
                      golden[type].answered == desk.answered[type],
                  "type %u: {0x%08xu, 0x%08xu}", type, desk.sent[type], desk.answered[type]);
    }
}
