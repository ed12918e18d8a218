/* SPDX-License-Identifier: Apache-2.0 */
/* The clinic's section, and orders whose moment or addressee differs between patients. */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "tests/sim/config/fixture.h"

/* Four lines without a therapy: the clinic finds the dose. */
#define TITRATED                                                                                   \
    "study: {name: least, patients: 4, horizon: 90 day}\n"                                         \
    "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"                                        \
    "clinic: {policy: titration}\n"                                                                \
    "catheter: {tip: T10}\n"

#define MS_PER_DAY 86400000

Test(clinic, titration_needs_no_therapy_and_has_the_defaults_of_the_policy)
{
    study_t s;
    fixture_accepted(&s, TITRATED, "clinic.refill_margin=2 week");
    cr_expect_eq(s.clinic_policy, STUDY_POLICY_TITRATION);
    cr_expect_eq(s.therapy.mode, STUDY_THERAPY_STOPPED);
    cr_expect(s.clinic.refill_margin_day == 14.0);
    cr_expect(s.clinic.screening_bolus_1_ug == 50.0);
    study_free(&s);
}

Test(clinic, without_a_policy_its_keys_are_refused)
{
    fixture_refused(
        FIXTURE_LEAST "clinic: {goal: 2}\n", NULL,
        "s.yaml:5:10: error: clinic.goal: applies only where clinic.policy is titration");
}

Test(clinic, a_therapy_at_enrolment_is_refused_under_titration)
{
    fixture_refused(TITRATED "therapy: {dose: 300 ug/day}\n", NULL,
                    "s.yaml:5:11: error: therapy.dose: applies only where");
    fixture_refused(TITRATED "therapy: {mode: simple}\n", NULL,
                    "therapy.mode: applies only where clinic.policy is none; remove it");
}

Test(clinic, constant_flow_cannot_be_titrated)
{
    fixture_refused(TITRATED "pump: {kind: constant_flow, flow: 0.6 mL/day}\n", NULL,
                    "s.yaml:3:18: error: clinic.policy: a constant-flow pump cannot be titrated");
}

Test(clinic, rules_of_its_own)
{
    fixture_refused(TITRATED, "clinic.fill=30 mL",
                    "clinic.fill: 30 mL is above pump.reservoir.capacity, 20 mL");
    fixture_refused(TITRATED, "clinic.late_over_14_days=0.05",
                    "clinic.late_over_14_days: 0.05 must be above 0 and below "
                    "clinic.late_over_7_days, 0.05");
    fixture_refused(TITRATED, "clinic.late_over_14_days=0", "0 must be above 0");
    fixture_refused(TITRATED, "clinic.dose_maximum=20 ug",
                    "clinic.dose_minimum: 25 ug is above clinic.dose_maximum, 20 ug");
    fixture_refused(TITRATED, "clinic.goal=1", "clinic.weak: 1.1 is above clinic.goal, 1");
    fixture_refused(TITRATED, "clinic.frame_tries=2.5",
                    "clinic.frame_tries: 2.5 must be a whole number");
}

Test(clinic, another_concentration_than_the_drugs_is_warned_of)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    study_t s;
    cr_assert_eq(fixture_parse(&s, TITRATED, strlen(TITRATED), "clinic.concentration=2 mg/mL", out),
                 0);
    cr_expect(strstr(out, "clinic.concentration: the clinic fills with 2000 ug/mL where") != NULL,
              "%s", out);
    study_free(&s);
}

Test(clinic, a_greatest_dose_that_the_pump_refuses_is_warned_of)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    study_t s;
    cr_assert_eq(fixture_parse(&s, TITRATED, strlen(TITRATED), "clinic.dose_maximum=2 mg", out), 0);
    cr_expect(strstr(out, "clinic.dose_maximum: 2000 ug is above therapy.limits.daily_dose") !=
                  NULL,
              "%s", out);
    study_free(&s);
}

Test(moment, implant_alone_and_a_time_after_it)
{
    study_t s;
    fixture_accepted(&s,
                     TITRATED "events:\n"
                              "  - {when: implant, order: refill, volume: 18 mL}\n"
                              "  - {when: implant + 36 h, order: refill, volume: 18 mL}\n"
                              "  - {at: 3 day, order: refill, volume: 18 mL}\n",
                     NULL);
    cr_expect(s.event[0].when.after_implant == 1 && s.event[0].when.offset_ms == 0);
    cr_expect(s.event[1].when.after_implant == 1 &&
              s.event[1].when.offset_ms == 3 * MS_PER_DAY / 2);
    cr_expect(s.event[2].when.after_implant == 0 && s.event[2].at_ms == 3 * MS_PER_DAY);
    study_free(&s);
}

Test(moment, anything_else_is_refused)
{
    static const char *const wrong[] = {
        "stall",        "implant +30 day", "implant - 3 day", "implant + ",
        "implant + 30", "implants",        "implant + -1 h",  "clinic.phase = maintenance"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 TITRATED "events:\n  - {when: \"%s\", order: refill, volume: 18 mL}\n", wrong[i]);
        fixture_refused(text, NULL, "s.yaml:6:12: error: events[0].when: ");
    }
}

Test(moment, excludes_a_time_since_enrolment)
{
    fixture_refused(TITRATED "events: [{at: 1 day, when: implant, order: refill, volume: 18 mL}]\n",
                    NULL,
                    "s.yaml:5:11: error: events[0].at: applies only where `when` is not given");
}

Test(moment, needs_an_implant_within_the_study)
{
    fixture_refused(FIXTURE_LEAST "events: [{when: implant, order: refill, volume: 18 mL}]\n", NULL,
                    "events[0].when: there is no implant where clinic.policy is none");
    fixture_refused(TITRATED "events: [{when: implant + 91 day, order: refill, volume: 18 mL}]\n",
                    NULL, "events[0].when: this long after the implant is after study.horizon");
}

Test(addressee, one_patient_a_share_or_all)
{
    study_t s;
    fixture_accepted(&s,
                     TITRATED "events:\n"
                              "  - {at: 1 day, patient: 4, order: refill, volume: 18 mL}\n"
                              "  - {at: 1 day, fraction: 0.25, order: refill, volume: 18 mL}\n"
                              "  - {at: 1 day, order: refill, volume: 18 mL}\n",
                     NULL);
    cr_expect(s.event[0].patient == 4 && s.event[0].fraction == 1.0);
    cr_expect(s.event[1].patient == 0 && s.event[1].fraction == 0.25);
    cr_expect(s.event[2].patient == 0 && s.event[2].fraction == 1.0);
    study_free(&s);
}

Test(addressee, must_exist_and_be_one)
{
    fixture_refused(TITRATED "events: [{at: 1 day, patient: 5, order: refill, volume: 18 mL}]\n",
                    NULL, "s.yaml:5:31: error: events[0].patient: 5 is above study.patients, 4");
    fixture_refused(
        TITRATED "events: [{at: 1 day, patient: 2, fraction: 0.5, order: refill, volume: 18 mL}]\n",
        NULL, "events[0].fraction: the order is for one patient");
    fixture_refused(TITRATED "events: [{at: 1 day, fraction: 0, order: refill, volume: 18 mL}]\n",
                    NULL, "events[0].fraction: 0 is below the limit 1e-06");
}

/* What is done to one patient must not count as done to all. */
Test(addressee, a_refill_for_one_does_not_keep_the_others_from_running_dry)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    study_t s;
    static const char text[] =
        FIXTURE_LEAST "events: [{at: 20 day, patient: 1, order: refill, volume: 20 mL}]\n";
    cr_assert_eq(fixture_parse(&s, text, strlen(text), NULL, out), 0);
    cr_expect(strstr(out, "runs dry on day 33.3") != NULL, "%s", out);
    study_free(&s);
}
