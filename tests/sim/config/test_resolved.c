/* SPDX-License-Identifier: Apache-2.0 */
/* The resolved config: the same study to the bit, and a fixed point. */
#define _XOPEN_SOURCE 700
#include <criterion/criterion.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/config/fixture.h"

static void expect_same_study(const study_t *a, const study_t *b)
{
    study_t left = *a, right = *b;
    left.event = right.event = NULL;
    left.arm = right.arm = NULL;
    left.uncertain = right.uncertain = NULL;
    left.warnings = right.warnings = NULL; /* of what was written, not of what it says */
    cr_expect(memcmp(&left, &right, sizeof left) == 0, "the studies differ");
    cr_assert_eq(a->n_events, b->n_events);
    cr_expect(a->n_events == 0 ||
                  memcmp(a->event, b->event, (size_t)a->n_events * sizeof *a->event) == 0,
              "the events differ");
    cr_assert_eq(a->n_uncertain, b->n_uncertain);
    cr_expect(a->n_uncertain == 0 || memcmp(a->uncertain, b->uncertain,
                                            (size_t)a->n_uncertain * sizeof *a->uncertain) == 0,
              "the uncertain parameters differ");
    for (int64_t i = 0; i < a->n_arm_studies; i++) {
        const study_arm_t *x = &a->arm[i], *y = &b->arm[i];
        cr_assert((x->set == NULL) == (y->set == NULL), "arm %d has a set on one side", (int)i);
        cr_expect(x->set == NULL || strcmp(x->set, y->set) == 0, "%s is not %s", x->set, y->set);
        if (x->study != NULL)
            expect_same_study(x->study, y->study);
    }
}

static void expect_fixed_point(const char *text, const char *set)
{
    study_t first, second;
    char *once, *twice;
    fixture_accepted(&first, text, set);
    cr_assert_eq(study_brief(&first, &once, NULL), 0);
    fixture_accepted(&second, once, NULL);
    expect_same_study(&first, &second);
    study_free(&second);
    free(once);
    cr_assert_eq(study_resolved(&first, &once, NULL), 0);
    fixture_accepted(&second, once, NULL);
    expect_same_study(&first, &second);
    cr_assert_eq(study_resolved(&second, &twice, NULL), 0);
    cr_expect_str_eq(once, twice);
    free(once);
    free(twice);
    study_free(&first);
    study_free(&second);
}

Test(resolved, least_study)
{
    expect_fixed_point(FIXTURE_LEAST, NULL);
}

Test(resolved, shipped_study)
{
    char *text = fixture_file("configs/baclofen-maintenance.yaml");
    expect_fixed_point(text, NULL);
    free(text);
}

Test(resolved, every_order_and_several_drugs)
{
    expect_fixed_point(
        "study: {name: x-1, patients: 1, horizon: 1 year, title: 'a \"b\" \\ : # c',\n"
        "  description: 'Why \"so\"? \\ : # \xC3\xA4'}\n"
        "record: {canal: 7 day}\n"
        "drugs:\n"
        "  - {name: morphine, concentration: 10 mg/mL}\n"
        "  - {name: bupivacaine, concentration: 3.3 mg/mL, kinetics: {loss: 0.1 1/min}}\n"
        "therapy: {dose: 1.1 mg/day, limits: {daily_dose: 9 mg/day}}\n"
        "catheter: {tip: T9/10, primed: false, length: 0.9 m}\n"
        "events:\n"
        "  - {at: 1.5 h, order: bolus, amount: 0.1 mg, over: 7 min}\n"
        "  - {at: 3 day, order: therapy, dose: 2 mg/day}\n"
        "  - {at: 4 day, order: therapy, mode: stopped}\n"
        "  - {at: 5 day, order: refill, volume: 0.0181 L, concentration: 7 g/L}\n",
        NULL);
}

Test(resolved, a_clinic_and_moments_and_addressees)
{
    expect_fixed_point("study: {name: x, patients: 3, horizon: 90 day}\n"
                       "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                       "clinic: {policy: titration, titration_step: 15.5e-2}\n"
                       "catheter: {tip: T10}\n"
                       "events:\n"
                       "  - {when: implant, patient: 2, order: refill, volume: 18 mL}\n"
                       "  - {when: implant + 1.5 h, fraction: 0.3, order: bolus, amount: 9 ug}\n",
                       NULL);
}

Test(resolved, arms_with_settings)
{
    expect_fixed_point(
        "study:\n  name: x\n  patients: 3\n  horizon: 9 day\n  arms:\n"
        "    - first\n"
        "    - name: second\n      set:\n"
        "        drugs[0].concentration: 1.3 mg/mL\n"
        "        catheter.tip: \"T9/10\"\n"
        "        therapy: {dose: 0.1 mg/day, limits: {rate: 1 mL/day}}\n"
        "    - {name: third, set: {clinic.policy: titration, clinic.refill_margin: 14 day}}\n"
        "    - {name: fourth, set: {events: [{at: 1 h, order: bolus, amount: 9 ug}, {at: 3 day, "
        "order: therapy, mode: stopped}]}}\n"
        "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
        "therapy: {dose: 300 ug/day}\ncatheter: {tip: T10}\n",
        NULL);
}

Test(resolved, constant_flow_without_body)
{
    expect_fixed_point("study: {name: x, patients: 1, horizon: 9 day}\n"
                       "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                       "pump: {kind: constant_flow, flow: 0.7 mL/day}\ncatheter: {tip: T10}\n"
                       "body: {model: none}\n",
                       NULL);
}

/* Numbers without a short decimal form. */
Test(resolved, random_numbers)
{
    uint64_t state = 20261122;
    for (int i = 0; i < 200; i++) {
        char set[80];
        state = state * 6364136223846793005u + 1442695040888963407u;
        snprintf(set, sizeof set, "drugs[0].kinetics.loss=%.17g 1/min",
                 (double)(state >> 11) / 9007199254740992.0);
        expect_fixed_point(FIXTURE_LEAST, set);
    }
}

/* German, whose decimal point is a comma: the machine's, or one made here from the sources of package `locales`. */
static int speak_german(const char *folder)
{
    char command[256];
    if (setlocale(LC_ALL, "de_DE.UTF-8") != NULL)
        return 1;
    snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 >%s/log 2>&1",
             folder, folder);
    return system(command) == 0 && setenv("LOCPATH", folder, 1) == 0 &&
           setlocale(LC_ALL, "de_DE.UTF-8") != NULL;
}

Test(resolved, does_not_depend_on_the_locale)
{
    char folder[] = P_tmpdir "/thecasim-XXXXXX", command[64];
    cr_assert_not_null(mkdtemp(folder));
    int german = speak_german(folder);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_assert_eq(system(command), 0);
    if (!german)
        cr_skip_test("no locale with a decimal comma is installed, nor its sources (locales)");
    cr_assert_str_eq(localeconv()->decimal_point, ",");
    expect_fixed_point(FIXTURE_LEAST, "pump.head.ripple=0.25");
}

Test(resolved, the_brief_form_says_only_what_is_no_default)
{
    study_t s;
    char *text;
    fixture_accepted(&s, FIXTURE_LEAST, NULL);
    cr_assert_eq(study_brief(&s, &text, NULL), 0);
    cr_expect_str_eq(text, "study:\n  name: \"least\"\n  patients: 2\n  horizon: 90 day\n"
                           "drugs:\n  - name: \"baclofen\"\n    concentration: 500 ug/mL\n"
                           "therapy:\n  dose: 300 ug/day\ncatheter:\n  tip: \"T10\"\n");
    free(text);
    study_free(&s);
}
