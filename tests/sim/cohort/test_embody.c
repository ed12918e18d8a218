/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies tried before a run: those of the first patients, in every arm. */
#include <criterion/criterion.h>

#include "cohort/cohort.h"
#include "cohort/embody.h"
#include "tests/sim/cohort/fixture.h"

static const volatile sig_atomic_t never = 0;

/* The centre's body can be built, but not that of some patient drawn around it. */
#define SLOW "body.csf.dispersion_thoracic=15 cm2/h"

Test(embody, the_first_patients_of_a_sound_study_have_bodies)
{
    study_t s = fixture_study((const char *const[]){NULL});
    record_key_t who;
    error_t e = {0};
    cr_expect_eq(embody_try(&s, 8, 8, &who, &e), 0, "%s", e.text);
    study_free(&s);
}

Test(embody, the_patient_found_is_the_one_at_whom_a_run_stops)
{
    study_t s =
        fixture_study((const char *const[]){SLOW, "study.horizon=1 day", "events=[]", NULL});
    core_t core = core_builtin();
    char path[FIXTURE_PATH_SIZE];
    cohort_t c = {.study = &s, .core = &core, .jobs = 1, .interrupt = &never};
    cohort_outcome_t outcome;
    record_key_t who;
    error_t tried = {0}, ran = {0};
    int code = embody_try(&s, s.patients, 8, &who, &tried);
    c.path = fixture_path("x.h5", path);
    cr_assert_eq(code, ERROR_OPERATOR_RANGE);
    cr_expect_eq(cohort_run(&c, &outcome, &ran), code);
    cr_expect_eq(tried.patient, who.patient);
    cr_expect_eq(ran.patient, who.patient, "tried: %lld, ran: %lld", (long long)who.patient,
                 (long long)ran.patient);
    cr_expect_str_eq(ran.text, tried.text);
    study_free(&s);
}

Test(embody, patients_beyond_those_asked_for_are_not_tried)
{
    study_t s = fixture_study((const char *const[]){SLOW, NULL});
    record_key_t who = {0, 0, 0};
    error_t e = {0};
    cr_assert_lt(embody_try(&s, s.patients, 8, &who, &e), 0);
    cr_expect_eq(embody_try(&s, who.patient - 1, 0, &who, &e), 0, "%s", e.text);
    study_free(&s);
}

Test(embody, every_arm_is_tried)
{
    study_t s = fixture_study((const char *const[]){
        "study.arms=[a, {name: b, set: {body.csf.dispersion_thoracic: 8 cm2/h}}]", NULL});
    record_key_t who;
    error_t e = {0};
    cr_assert_eq(embody_try(&s, 8, 8, &who, &e), ERROR_OPERATOR_RANGE);
    cr_expect_eq(who.arm, 1);
    cr_expect_eq(who.patient, 1);
    study_free(&s);
}
