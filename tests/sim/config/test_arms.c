/* SPDX-License-Identifier: Apache-2.0 */
/* Arms: names alone, settings laid over the base, errors at their own places. */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#include "tests/sim/config/fixture.h"

/* A study whose arms stand from line 2 on. */
#define ARMS(items)                                                                                \
    "study: {name: least, patients: 2, horizon: 30 day,\n" items "}\n"                             \
    "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"                                        \
    "therapy: {dose: 300 ug/day}\n"                                                                \
    "catheter: {tip: T10}\n"

Test(arms, names_alone_share_the_base)
{
    study_t s;
    fixture_accepted(&s, FIXTURE_LEAST, "study.arms=[a, b]");
    cr_expect_eq(s.n_arm_studies, 2);
    cr_expect_eq(study_arm(&s, 0), &s);
    cr_expect_eq(study_arm(&s, 1), &s);
    cr_expect_null(study_arm(&s, 2));
    cr_expect_null(study_arm(&s, -1));
    study_free(&s);
}

Test(arms, a_set_changes_its_own_arm_alone)
{
    study_t s;
    fixture_accepted(&s,
                     ARMS("arms: [low, {name: high, set: {therapy.dose: 0.4 mg/day, "
                          "'drugs[0].kinetics.loss': 0.5 1/h}}]"),
                     NULL);
    const study_t *high = study_arm(&s, 1);
    cr_expect_str_eq(s.arms.name[1], "high");
    cr_expect(study_arm(&s, 0) == &s && s.therapy.dose_ug_per_day == 300.0);
    cr_expect(high->therapy.dose_ug_per_day == 400.0);
    cr_expect(high->drug[0].kinetics.loss_per_h == 0.5);
    cr_expect(s.drug[0].kinetics.loss_per_h != 0.5);
    cr_expect_eq(high->patients, 2);
    cr_expect_eq(high->arms.count, 2);
    study_free(&s);
}

Test(arms, a_set_may_bring_orders_of_its_own)
{
    study_t s;
    fixture_accepted(&s,
                     ARMS("arms: [{name: a}, {name: b, set: {events: [{at: 2 day, order: bolus, "
                          "amount: 20 ug}]}}]"),
                     NULL);
    cr_expect_eq(s.n_events, 0);
    cr_expect_eq(study_arm(&s, 1)->n_events, 1);
    cr_expect(study_arm(&s, 1)->event[0].amount_ug == 20.0);
    study_free(&s);
}

/* The base's therapy has no meaning where the clinic finds the dose; the arm's own keys must have one. */
Test(arms, keys_of_the_base_that_do_not_apply_are_passed_over)
{
    study_t s;
    fixture_accepted(&s, ARMS("arms: [fixed, {name: clinic, set: {clinic.policy: titration}}]"),
                     NULL);
    cr_expect_eq(study_arm(&s, 1)->clinic_policy, STUDY_POLICY_TITRATION);
    cr_expect(study_arm(&s, 1)->therapy.dose_ug_per_day == 0.0);
    study_free(&s);
    fixture_refused(ARMS("arms: [a, {name: b, set: {clinic.goal: 2}}]"), NULL,
                    "s.yaml:2:27: error: arm b: clinic.goal: applies only where clinic.policy");
}

Test(arms, a_set_goes_over_the_command_line)
{
    study_t s;
    fixture_accepted(&s, ARMS("arms: [a, {name: b, set: {therapy.dose: 100 ug/day}}]"),
                     "therapy.dose=200 ug/day");
    cr_expect(study_arm(&s, 0)->therapy.dose_ug_per_day == 200.0);
    cr_expect(study_arm(&s, 1)->therapy.dose_ug_per_day == 100.0);
    study_free(&s);
}

Test(arms, a_value_of_a_set_is_judged_at_its_place)
{
    fixture_refused(ARMS("arms: [a, {name: b, set: {therapy.dose: 400}}]"), NULL,
                    "s.yaml:2:41: error: arm b: therapy.dose: 400 has no unit");
    fixture_refused(ARMS("arms: [a, {name: b, set: {therapy.dos: 400 ug/day}}]"), NULL,
                    "s.yaml:2:27: error: arm b: therapy.dos: unknown key; did you mean dose?");
    fixture_refused(ARMS("arms: [a, {name: b, set: {'drugs[1].concentration': 1 mg/mL}}]"), NULL,
                    "s.yaml:2:27: error: arm b: drugs[1].concentration: there is no such place");
}

Test(arms, a_rule_broken_in_one_arm_names_it)
{
    fixture_refused(ARMS("arms: [a, {name: b, set: {therapy.limits.daily_dose: 200 ug/day}}]"),
                    NULL,
                    "s.yaml:4:17: error: arm b: therapy.dose: 300 ug/day is above "
                    "therapy.limits.daily_dose, 200 ug/day");
}

Test(arms, an_error_of_the_base_is_told_once)
{
    static char out[FIXTURE_OUTPUT_SIZE];
    static const char text[] =
        ARMS("arms: [a, {name: b, set: {therapy.dose: 100 ug/day}}]") "pump: {fill: 99 mL}\n";
    study_t s;
    cr_assert_eq(fixture_parse(&s, text, strlen(text), NULL, out), ERROR_CONFIG);
    char *first = strstr(out, "pump.fill");
    cr_assert_not_null(first);
    cr_expect_null(strstr(first + 1, "pump.fill: "), "%s", out);
}

Test(arms, what_all_arms_share_cannot_be_set)
{
    static const char *const common[] = {"study.seed",    "study.patients", "study.arms[0].name",
                                         "study",         "drugs",          "drugs[0]",
                                         "drugs[0].name", "study.horizon"};
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++) {
        char text[1024], expected[128];
        snprintf(text, sizeof text, ARMS("arms: [a, {name: b, set: {'%s': 3}}]"), common[i]);
        snprintf(expected, sizeof expected,
                 "s.yaml:2:27: error: arm b: %s: is the same in all arms", common[i]);
        fixture_refused(text, NULL, expected);
    }
}

Test(arms, items_of_another_shape_are_refused)
{
    fixture_refused(ARMS("arms: [a, {set: {therapy.dose: 1 ug/day}}]"), NULL,
                    "s.yaml:2:11: error: study.arms: an arm has no name");
    fixture_refused(ARMS("arms: [a, {name: b, sets: {}}]"), NULL,
                    "s.yaml:2:21: error: study.arms[1].sets: unknown key; the keys here are name");
    fixture_refused(ARMS("arms: [a, {name: b, set: 3}]"), NULL,
                    "s.yaml:2:26: error: study.arms[1].set: is a single value; write keys");
    fixture_refused(ARMS("arms: [a, [b]]"), NULL,
                    "s.yaml:2:11: error: study.arms[1]: is a list; write a name");
    fixture_refused(ARMS("arms: [a, {name: [b]}]"), NULL,
                    "s.yaml:2:18: error: study.arms[1].name: is a list; write a name");
    fixture_refused(ARMS("arms: []"), NULL, "study.arms: the list is empty");
    fixture_refused(ARMS("arms: [a, b, c, d, e, f, g, h, i]"), NULL,
                    "s.yaml:2:7: error: study.arms: has more than 8 arms");
    fixture_refused(ARMS("arms: [a, b, a]"), NULL, "study.arms: two arms have the name a");
}
