/* SPDX-License-Identifier: Apache-2.0 */
/* Steps, timed boluses, boluses on request, requests and hands: read, judged, written again. */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "tests/sim/config/fixture.h"

#define BEGIN                                                                                      \
    "study: {name: m, patients: 2, horizon: 20 day}\n"                                             \
    "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"                                        \
    "catheter: {tip: T10}\n"                                                                       \
    "therapy:\n"                                                                                   \
    "  mode: flex\n"
#define STEPS                                                                                      \
    "  steps:\n"                                                                                   \
    "    - {at: \"00:00\", dose: 300 ug/day}\n"                                                    \
    "    - {at: \"07:30\", days: workdays, dose: 200 ug/day}\n"                                    \
    "    - {at: \"22:00\", days: [fri, sun], dose: 0.4 mg/day}\n"
#define EVENTS "events:\n"

Test(modes, steps_have_minutes_days_and_doses)
{
    study_t s;
    fixture_accepted(&s, BEGIN STEPS, NULL);
    const order_modes_t *m = &s.therapy.modes;
    cr_expect_eq(s.therapy.mode, STUDY_THERAPY_FLEX);
    cr_assert_eq(m->n_steps, 3);
    cr_expect(m->step[0].days == 0x7F && m->step[0].minute == 0);
    cr_expect(m->step[1].days == 0x1F && m->step[1].minute == 450);
    cr_expect(m->step[2].days == (0x10 | 0x40) && m->step[2].minute == 1320);
    cr_expect(m->step[2].dose_ug_per_day == 400.0);
    cr_expect(m->n_timed == 0 && m->on_request.dose_ug == 0.0);
    study_free(&s);
}

Test(modes, timed_boluses_and_requests_are_read_with_their_defaults)
{
    study_t s;
    fixture_accepted(&s,
                     FIXTURE_LEAST "pump: {low_alarm: 1 mL}\n"
                                   "events:\n"
                                   "  - at: 1 day\n    order: therapy\n    dose: 300 ug/day\n"
                                   "    timed: [{at: \"06:00\", days: weekend, dose: 20 ug}]\n"
                                   "    on_request: {dose: 10 ug, lockout: 4 h, per_day: 3}\n"
                                   "  - {at: 2 day, order: request}\n"
                                   "  - {at: 2 day, order: request, for: 10 day, per_day: 2.5}\n"
                                   "  - {at: 3 day, order: set_time, forward: -1 h}\n",
                     NULL);
    const order_modes_t *m = &s.event[0].modes;
    cr_assert_eq(m->n_timed, 1);
    cr_expect(m->timed[0].days == 0x60 && m->timed[0].minute == 360);
    cr_expect(m->timed[0].dose_ug == 20.0 && m->timed[0].duration_ms == 600000);
    cr_expect(m->on_request.dose_ug == 10.0 && m->on_request.lockout_ms == 4 * 3600000);
    cr_expect(m->on_request.per_day == 3 && m->on_request.per_interval == 32);
    cr_expect_eq(m->on_request.interval_ms, 24 * 3600000);
    cr_expect_eq(m->on_request.duration_ms, 600000);
    cr_expect(s.event[1].for_ms == 0 && s.event[1].per_day == 0.0);
    cr_expect(s.event[2].for_ms == INT64_C(864000000) && s.event[2].per_day == 2.5);
    cr_expect_eq(s.event[3].forward_ms, -3600000);
    study_free(&s);
}

Test(modes, a_resolved_study_reads_back_to_the_same_text)
{
    study_t s, again;
    error_t e = {0};
    char *first = NULL, *second = NULL;
    fixture_accepted(&s,
                     BEGIN STEPS "  timed: [{at: \"06:00\", days: mon, dose: 20 ug}]\n"
                                 "  on_request: {dose: 10 ug, lockout: 4 h, per_day: 3}\n" EVENTS
                                 "  - {at: 2 day, order: request, for: 10 day, per_day: 2.5}\n"
                                 "  - at: 3 day\n    order: therapy\n    mode: flex\n"
                                 "    steps: [{at: \"00:00\", dose: 250 ug/day}]\n"
                                 "  - {at: 4 day, order: refill, volume: 18 mL, bridge: false}\n",
                     NULL);
    cr_assert_eq(study_resolved(&s, &first, &e), 0);
    cr_expect(strstr(first, "days: [fri, sun]") != NULL && strstr(first, "bridge: false") != NULL,
              "%s", first);
    fixture_accepted(&again, first, NULL);
    cr_assert_eq(study_resolved(&again, &second, &e), 0);
    cr_expect_str_eq(first, second);
    cr_expect_eq(memcmp(&s.therapy, &again.therapy, sizeof s.therapy), 0);
    cr_expect_eq(memcmp(s.event, again.event, 3 * sizeof *s.event), 0);
    free(first);
    free(second);
    study_free(&s);
    study_free(&again);
}

Test(modes, a_time_of_day_has_four_digits)
{
    fixture_refused(
        BEGIN "  steps: [{at: \"24:00\", dose: 300 ug/day}]\n", NULL,
        "s.yaml:6:16: error: therapy.steps[0].at: \"24:00\" is not a time of day; write "
        "two digits each");
    fixture_refused(BEGIN "  steps: [{at: \"7:00\", dose: 300 ug/day}]\n", NULL,
                    "therapy.steps[0].at: \"7:00\" is not a time of day");
}

Test(modes, a_day_has_its_name)
{
    fixture_refused(BEGIN "  steps: [{at: \"00:00\", days: monday, dose: 300 ug/day}]\n", NULL,
                    "therapy.steps[0].days: \"monday\" is not a day; write all, workdays");
    fixture_refused(BEGIN "  steps: [{at: \"00:00\", days: [mon, mon], dose: 300 ug/day}]\n", NULL,
                    "therapy.steps[0].days: mon is given twice; keep one");
    fixture_refused(BEGIN "  steps: [{at: \"00:00\", days: [], dose: 300 ug/day}]\n", NULL,
                    "therapy.steps[0].days: the list is empty");
}

Test(modes, each_day_begins_with_a_step_at_midnight)
{
    fixture_refused(BEGIN "  steps: [{at: \"00:30\", dose: 300 ug/day}]\n", NULL,
                    "therapy.steps[0].at: the first step of Monday is at 00:30; begin each day "
                    "with a step at \"00:00\"");
    fixture_refused(BEGIN "  steps: [{at: \"00:00\", days: workdays, dose: 300 ug/day}]\n", NULL,
                    "therapy.steps: Saturday has no step; give each day one at \"00:00\"");
}

Test(modes, steps_of_a_day_rise)
{
    fixture_refused(BEGIN "  steps:\n    - {at: \"00:00\", dose: 300 ug/day}\n"
                          "    - {at: \"08:00\", dose: 300 ug/day}\n"
                          "    - {at: \"08:00\", days: sun, dose: 300 ug/day}\n",
                    NULL,
                    "s.yaml:9:12: error: therapy.steps[2].at: on Sunday this step does not come "
                    "after steps[1], which is at 08:00");
}

Test(modes, steps_are_1_to_48)
{
    char text[8192] = BEGIN "  steps:\n";
    fixture_refused(BEGIN "  steps: []\n", NULL,
                    "therapy.steps: has 0 items; the range is 1 to 48");
    for (int i = 0; i < 49; i++) {
        char step[64];
        (void)snprintf(step, sizeof step, "    - {at: \"%02d:%02d\", dose: 300 ug/day}\n", i / 4,
                       i % 4 * 15);
        strcat(text, step);
    }
    fixture_refused(text, NULL, "therapy.steps: has 49 items; the range is 1 to 48");
}

Test(modes, steps_belong_to_flex_and_flex_needs_them)
{
    fixture_refused(BEGIN, NULL, "therapy.steps: is required; write a list of 1 to 48 items");
    fixture_refused(FIXTURE_LEAST, "therapy.steps=[{at: \"00:00\", dose: 300 ug/day}]",
                    "therapy.steps: applies only where therapy.mode is flex; remove it");
    fixture_refused(BEGIN STEPS "  dose: 300 ug/day\n", NULL,
                    "therapy.dose: applies only where therapy.mode is simple; remove it");
}

Test(modes, each_step_has_a_flow_that_the_pump_has)
{
    fixture_refused(BEGIN "  steps: [{at: \"00:00\", dose: 300 ug/day}, {at: \"12:00\", dose: 20 "
                          "ug/day}]\n",
                    NULL,
                    "therapy.steps[1].dose: 20 ug/day at 500 ug/mL is 0.04 mL/day, outside the "
                    "pump's 0.048 to 24 mL/day");
    fixture_refused(BEGIN "  steps: [{at: \"00:00\", dose: 0 ug/day}, {at: \"23:00\", dose: 100 "
                          "ug/day}]\n",
                    NULL, "therapy.steps: the week's mean, 4.16666667 ug/day at 500 ug/mL, is");
}

Test(modes, another_concentration_is_judged_with_every_step)
{
    fixture_refused(BEGIN STEPS EVENTS
                    "  - {at: 2 day, order: refill, volume: 18 mL, concentration: 5 mg/mL}\n",
                    NULL,
                    "events[0].concentration: 200 ug/day at 5000 ug/mL is 0.04 mL/day, outside");
}

Test(modes, the_worst_day_with_its_boluses_is_within_the_limit)
{
    static const char text[] =
        BEGIN STEPS "  timed: [{at: \"06:00\", dose: 100 ug, duration: 30 min}]\n"
                    "  on_request: {dose: 50 ug, lockout: 1 h, per_day: 9}\n";
    study_t s;
    fixture_refused(text, "therapy.limits.daily_dose=800 ug/day",
                    "therapy.steps: with its boluses the therapy gives up to ");
    fixture_accepted(&s, text, "therapy.limits.daily_dose=1200 ug/day");
    study_free(&s);
}

Test(modes, timed_boluses_do_not_meet)
{
    fixture_refused(FIXTURE_LEAST,
                    "therapy.timed=[{at: \"23:55\", days: sun, dose: 20 ug}, {at: \"00:04\", days: "
                    "mon, dose: 20 ug}]",
                    "therapy.timed[1].at: it begins while timed[0] is being given");
}

Test(modes, a_bolus_is_neither_too_slow_nor_too_fast)
{
    fixture_refused(FIXTURE_LEAST,
                    "therapy.timed=[{at: \"06:00\", dose: 0.5 ug, duration: 60 min}]",
                    "therapy.timed[0].dose: the bolus flows at 0.024 mL/day, not above the pump's "
                    "0.048");
    fixture_refused(FIXTURE_LEAST,
                    "therapy.on_request={dose: 100 ug, duration: 5 min, lockout: 4 h, per_day: 2}",
                    "therapy.on_request.dose: with the greatest dose the bolus flows at 58.2 "
                    "mL/day, above therapy.limits.rate");
}

Test(modes, a_bolus_on_request_fits_its_lockout_and_interval)
{
    fixture_refused(
        FIXTURE_LEAST,
        "therapy.on_request={dose: 10 ug, duration: 20 min, lockout: 10 min, per_day: 2}",
        "therapy.on_request.duration: 20 min is above the lockout, 10 min");
    fixture_refused(FIXTURE_LEAST,
                    "therapy.on_request={dose: 10 ug, lockout: 4 h, interval: 1 h, per_day: 2}",
                    "therapy.on_request.interval: 60 min is below the lockout, 240 min");
    fixture_refused(FIXTURE_LEAST, "therapy.on_request={dose: 10 ug, lockout: 4 h, per_day: 33}",
                    "therapy.on_request.per_day: 33 is above the limit 32");
    fixture_refused(FIXTURE_LEAST, "therapy.on_request={dose: 10 ug}",
                    "therapy.on_request.lockout: is required");
    fixture_refused(FIXTURE_LEAST, "therapy.on_request={lockout: 4 h}",
                    "therapy.on_request.lockout: applies only where therapy.on_request.dose is "
                    "given; remove it");
}

Test(modes, a_request_that_repeats_says_how_often)
{
    fixture_refused(FIXTURE_LEAST, "events=[{at: 1 day, order: request, for: 5 day}]",
                    "events[0].per_day: is required");
    fixture_refused(FIXTURE_LEAST, "events=[{at: 1 day, order: request, per_day: 2}]",
                    "events[0].per_day: applies only where `for` is given; remove it");
}

Test(modes, a_request_for_which_there_is_nothing_is_warned_of)
{
    study_t s;
    fixture_accepted(&s, FIXTURE_LEAST, "events=[{at: 1 day, order: request}]");
    cr_expect(strstr(s.warnings, "the therapy in force gives nothing on request") != NULL, "%s",
              s.warnings);
    study_free(&s);
}
