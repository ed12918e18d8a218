/* SPDX-License-Identifier: Apache-2.0 */
/* What the dosing core will not run is said of the config, with its place, and a run would have said the same. */
#include "cohort/admission.h"

#include "cohort/trajectory.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* In 24 hours at most 480 ug; a core that counts whole hours counts up to 520.8. */
#define STUDY                                                                                      \
    "study: {name: t, patients: 2, horizon: 2 day, seed: 7%s}\n"                                   \
    "catheter: {tip: T10}\n"                                                                       \
    "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"                                        \
    "body: {model: none}\n"                                                                        \
    "therapy:\n"                                                                                   \
    "  mode: flex\n"                                                                               \
    "  steps: [{at: \"00:00\", dose: 300 ug/day}, {at: \"12:00\", dose: 500 ug/day}]\n"            \
    "  on_request: {dose: 20 ug, duration: 10 min, lockout: 2 h, interval: 24 h, per_interval: "   \
    "4, per_day: 4}\n"                                                                             \
    "  limits: {daily_dose: %d ug/day}\n%s"

typedef struct asked_t {
    study_t study;
    diagnostic_t found;
    int code;
} asked_t;

static asked_t ask(const char *arms, int limit_ug, const char *events)
{
    static char text[2048];
    const core_t core = core_builtin();
    const study_judge_t judge = admission_judge(&core);
    asked_t a;
    error_t e = {0};
    const int length = snprintf(text, sizeof text, STUDY, arms, limit_ug, events);
    const study_source_t source = {
        .name = "t", .text = text, .length = (size_t)length, .judge = &judge};
    diagnostic_init(&a.found);
    a.code = study_parse(&a.study, &source, &a.found, &e);
    return a;
}

static void forget(asked_t *a)
{
    study_free(&a->study);
    diagnostic_free(&a->found);
}

/* The first finding of the core's own, or NULL. */
static const diagnostic_item_t *refusal(const asked_t *a)
{
    for (size_t i = 0; i < a->found.count; i++) {
        if (strstr(a->found.item[i].text, "dosing core refuses") != NULL) {
            return &a->found.item[i];
        }
    }
    return NULL;
}

Test(admission, a_therapy_that_the_core_refuses_is_an_error_with_its_place_and_a_way_out)
{
    asked_t a = ask("", 510, "");
    const diagnostic_item_t *item = refusal(&a);
    cr_assert_eq(a.code, ERROR_CONFIG);
    cr_assert_not_null(item);
    cr_expect_eq(item->severity, DIAGNOSTIC_ERROR);
    cr_expect_eq(item->place.line, 6);
    cr_expect_eq(strncmp(item->text, "therapy: ", 9), 0, "%s", item->text);
    cr_expect_not_null(strstr(item->text, "raise the limit or lower the dose"), "%s", item->text);
    forget(&a);
}

/* Whatever the rules of the config make of it: the judge says what a run would. */
Test(admission, the_core_says_before_a_run_what_it_says_in_one)
{
    int refused = 0;
    for (int limit_ug = 482; limit_ug <= 546; limit_ug += 8) {
        const core_t core = core_builtin();
        error_t e = {0};
        record_t r;
        char text[2048];
        asked_t a = ask("", limit_ug, "");
        const int length = snprintf(text, sizeof text, STUDY, "", limit_ug, "");
        const study_source_t plain = {.name = "t", .text = text, .length = (size_t)length};
        diagnostic_t found;
        study_t s;
        diagnostic_init(&found);
        cr_assert_eq(study_parse(&s, &plain, &found, &e), 0);
        const trajectory_request_t q = {.study = &s, .core = &core, .key = {1, 0, 0}};
        record_init(&r);
        record_reset(&r, q.key);
        const bool runs = trajectory_run(&q, &r, &e) >= 0;
        cr_expect_eq(a.code == 0, runs, "at %d ug/day: %s", limit_ug, e.text);
        refused += !runs;
        record_free(&r);
        study_free(&s);
        diagnostic_free(&found);
        forget(&a);
    }
    cr_expect(refused > 0 && refused < 9, "%d of 9 were refused", refused);
}

Test(admission, an_arms_own_therapy_is_asked_about_too)
{
    asked_t a = ask(", arms: [wide, {name: narrow, set: {therapy.limits.daily_dose: 510 ug/day}}]",
                    600, "");
    const diagnostic_item_t *item = refusal(&a);
    cr_assert_eq(a.code, ERROR_CONFIG);
    cr_assert_not_null(item);
    cr_expect_not_null(strstr(item->text, "narrow"), "%s", item->text);
    forget(&a);
}

/* A run notes the refusal and goes on, so that this is no error. */
Test(admission, a_scripted_therapy_that_the_core_refuses_is_a_warning)
{
    asked_t a = ask("", 560,
                    "events:\n  - {at: 1 day, order: therapy, mode: flex, steps: [{at: \"00:00\", "
                    "dose: 540 ug/day}, {at: \"12:00\", dose: 550 ug/day}]}\n");
    const diagnostic_item_t *item = refusal(&a);
    cr_assert_eq(a.code, 0);
    cr_assert_not_null(item);
    cr_expect_eq(item->severity, DIAGNOSTIC_WARNING);
    cr_expect_eq(strncmp(item->text, "events[0]: ", 11), 0, "%s", item->text);
    forget(&a);
}

Test(admission, what_no_core_runs_is_not_asked_about)
{
    const core_t core = core_builtin();
    const study_judge_t judge = admission_judge(&core);
    static const char text[] = "study: {name: t, patients: 1, horizon: 2 day}\n"
                               "catheter: {tip: T10}\nbody: {model: none}\n"
                               "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                               "pump: {kind: constant_flow, flow: 0.5 mL/day}\n";
    const study_source_t source = {
        .name = "t", .text = text, .length = strlen(text), .judge = &judge};
    diagnostic_t found;
    error_t e = {0};
    study_t s;
    diagnostic_init(&found);
    cr_expect_eq(study_parse(&s, &source, &found, &e), 0, "%s", e.text);
    study_free(&s);
    diagnostic_free(&found);
}
