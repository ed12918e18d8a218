/* SPDX-License-Identifier: Apache-2.0 */
/* The estimate: grows with what it should grow with, and with nothing else. */
#include <criterion/criterion.h>

#include "cohort/estimate.h"

static study_t plain(void)
{
    study_t s = {.patients = 100, .horizon_ms = (int64_t)36525 * 864000, .n_drugs = 1};
    s.arms.count = 1;
    return s;
}

Test(estimate, of_a_hundred_patient_years)
{
    study_t s = plain();
    estimate_t cost;
    estimate_study(&s, 1, &cost);
    cr_expect_float_eq(cost.patient_years, 100.0, 1e-9);
    cr_expect_float_eq(cost.time_s, 0.75, 1e-9, "%g s", cost.time_s);
    cr_expect(cost.dataset_bytes > 5e5 && cost.dataset_bytes < 1.2e6, "%g", cost.dataset_bytes);
}

Test(estimate, threads_share_the_time_up_to_the_number_of_patients)
{
    study_t s = plain();
    estimate_t one, four, many;
    s.patients = 4;
    estimate_study(&s, 1, &one);
    estimate_study(&s, 4, &four);
    estimate_study(&s, 64, &many);
    cr_expect_float_eq(four.time_s, one.time_s / 4.0, 1e-12);
    cr_expect_float_eq(many.time_s, four.time_s, 1e-12);
    cr_expect(many.memory_bytes > four.memory_bytes);
}

/* The index of the journal, an entry of 32 bytes a record, and 8 of where it stands are all that does. */
Test(estimate, memory_hardly_grows_with_patients)
{
    study_t s = plain();
    estimate_t few, many;
    const double few_patients = (double)s.patients;
    estimate_study(&s, 2, &few);
    s.patients = 1000000;
    estimate_study(&s, 2, &many);
    cr_expect_float_eq(many.memory_bytes - few.memory_bytes, 40.0 * (1000000.0 - few_patients),
                       1.0);
    cr_expect(many.dataset_bytes > 1000.0 * few.dataset_bytes);
}

Test(estimate, each_arm_costs_what_its_own_study_does)
{
    study_t s = plain(), clinic = plain();
    study_arm_t arm[2] = {{NULL, NULL}, {NULL, &clinic}};
    estimate_t one, two;
    estimate_study(&s, 1, &one);
    clinic.clinic_policy = STUDY_POLICY_TITRATION;
    s.arms.count = 2;
    s.n_arm_studies = 2;
    s.arm = arm;
    estimate_study(&s, 1, &two);
    cr_expect(two.time_s > 2.1 * one.time_s, "%g s and %g s", one.time_s, two.time_s);
    cr_expect_float_eq(two.patient_years, 2.0 * one.patient_years, 1e-9);
}

Test(estimate, counts_the_canal_only_where_it_is_recorded_and_there_is_a_body)
{
    study_t s = plain(), canal = plain();
    estimate_t without, with, bodiless;
    canal.record.canal_ms = INT64_C(7) * 86400000;
    estimate_study(&s, 1, &without);
    estimate_study(&canal, 1, &with);
    canal.body.model = STUDY_BODY_NONE;
    estimate_study(&canal, 1, &bodiless);
    /* 53 samples of 26 levels of 100 patients, 9 bytes a row in the journal. */
    cr_expect_float_eq(with.journal_bytes - without.journal_bytes, 53.0 * 26.0 * 100.0 * 9.0, 1.0);
    cr_expect(with.dataset_bytes > without.dataset_bytes);
    cr_expect_float_eq(bodiless.dataset_bytes, without.dataset_bytes, 1e-6);
}
