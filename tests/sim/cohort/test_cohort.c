/* SPDX-License-Identifier: Apache-2.0 */
/* Many patients: the same bytes whatever the threads and interruptions, and a patient again to the bit. */
#include "tests/sim/cohort/fixture.h"

#include "cohort/cohort.h"
#include "cohort/replay.h"
#include "cohort/trajectory.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t interrupt;

static study_t nine_patients(void)
{
    const char *set[] = {"study.patients=9", "study.horizon=30 day", "events=[]", NULL};
    return fixture_study(set);
}

static int run(const study_t *s, const char *path, int jobs, bool resume, cohort_outcome_t *outcome)
{
    core_t core = core_builtin();
    error_t e = {0};
    cohort_t c = {.study = s,
                  .core = &core,
                  .path = path,
                  .jobs = jobs,
                  .resume = resume,
                  .interrupt = &interrupt};
    int code = cohort_run(&c, outcome, &e);
    cr_assert(code == 0 || code == ERROR_INTERRUPTED, "%s", e.text);
    return code;
}

static char *bytes_of(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    cr_assert_neq(f, NULL, "%s was not written", path);
    cr_assert_eq(fseek(f, 0, SEEK_END), 0);
    *size = (size_t)ftell(f);
    rewind(f);
    char *bytes = malloc(*size);
    cr_assert_eq(fread(bytes, 1, *size, f), *size);
    (void)fclose(f);
    return bytes;
}

static void same_bytes(const char *a, const char *b, const char *what)
{
    size_t na, nb, i = 0;
    char *x = bytes_of(a, &na), *y = bytes_of(b, &nb);
    while (i < na && i < nb && x[i] == y[i]) {
        i++;
    }
    cr_assert(na == nb && i == na, "%s: %zu and %zu bytes, first difference at %zu", what, na, nb,
              i);
    free(x);
    free(y);
}

Test(cohort, any_number_of_threads_and_a_second_run_give_the_same_bytes, .fini = fixture_clean)
{
    char first[FIXTURE_PATH_SIZE], other[FIXTURE_PATH_SIZE];
    static const int jobs[] = {1, 2, 7};
    study_t s = nine_patients();
    cohort_outcome_t outcome;
    cr_assert_eq(run(&s, fixture_path("first.h5", first), 1, false, &outcome), 0);
    for (size_t i = 0; i < 3; i++) {
        char what[64];
        (void)snprintf(what, sizeof what, "%d threads", jobs[i]);
        cr_assert_eq(run(&s, fixture_path(what, other), jobs[i], false, &outcome), 0);
        same_bytes(first, other, what);
    }
    study_free(&s);
}

static void interrupt_after_three(void *context, int64_t done, int64_t total)
{
    (void)context, (void)total;
    interrupt = done >= 3;
}

Test(cohort, an_interrupted_run_resumes_to_the_same_bytes, .fini = fixture_clean)
{
    char whole[FIXTURE_PATH_SIZE], parts[FIXTURE_PATH_SIZE];
    study_t s = nine_patients();
    core_t core = core_builtin();
    cohort_outcome_t outcome;
    error_t e = {0};
    cohort_t c = {.study = &s,
                  .core = &core,
                  .path = fixture_path("parts.h5", parts),
                  .jobs = 2,
                  .progress = interrupt_after_three,
                  .interrupt = &interrupt};
    cr_assert_eq(run(&s, fixture_path("whole.h5", whole), 2, false, &outcome), 0);
    cr_assert_eq(cohort_run(&c, &outcome, &e), ERROR_INTERRUPTED);
    cr_assert_neq(access(parts, F_OK), 0, "an interrupted run left a dataset under its final name");
    interrupt = 0;
    cr_assert_eq(run(&s, parts, 2, true, &outcome), 0);
    cr_assert_geq(outcome.resumed, 3);
    cr_assert_eq(outcome.resumed + outcome.run, 9);
    same_bytes(whole, parts, "resumed");
    study_free(&s);
}

Test(cohort, an_existing_dataset_is_not_replaced, .fini = fixture_clean)
{
    char path[FIXTURE_PATH_SIZE];
    const char *set[] = {"study.patients=1", "study.horizon=1 day", "events=[]", NULL};
    study_t s = fixture_study(set);
    core_t core = core_builtin();
    cohort_outcome_t outcome;
    error_t e = {0};
    cohort_t c = {.study = &s,
                  .core = &core,
                  .path = fixture_path("once.h5", path),
                  .jobs = 1,
                  .interrupt = &interrupt};
    cr_assert_eq(cohort_run(&c, &outcome, &e), 0, "%s", e.text);
    cr_assert_eq(cohort_run(&c, &outcome, &e), ERROR_EXISTS);
    cr_assert_neq(strstr(e.text, "--force"), NULL, "no cure in: %s", e.text);
    study_free(&s);
}

Test(cohort, the_lowest_patient_is_the_one_reported, .fini = fixture_clean)
{
    char path[FIXTURE_PATH_SIZE];
    const char *set[] = {"study.patients=9", "study.horizon=2 day", "events=[]", NULL};
    study_t s = fixture_study(set);
    /* The reader would refuse it; the core must too. */
    s.therapy.limit_dose_ug_per_day = 250.0;
    core_t core = core_builtin();
    cohort_outcome_t outcome;
    error_t e = {0};
    cohort_t c = {.study = &s,
                  .core = &core,
                  .path = fixture_path("none.h5", path),
                  .jobs = 4,
                  .interrupt = &interrupt};
    cr_assert_eq(cohort_run(&c, &outcome, &e), ERROR_CORE_REFUSED);
    cr_assert_eq(e.patient, 1);
    cr_assert_neq(access(path, F_OK), 0);
    study_free(&s);
}

Test(cohort, a_replayed_patient_equals_the_one_in_the_cohort, .fini = fixture_clean)
{
    char path[FIXTURE_PATH_SIZE];
    study_t s = nine_patients();
    core_t core = core_builtin();
    cohort_outcome_t outcome;
    reader_t *reader = NULL;
    study_t stored;
    error_t e = {0};
    cr_assert_eq(run(&s, fixture_path("nine.h5", path), 2, false, &outcome), 0);
    cr_assert_eq(reader_open(&reader, path, &e), 0, "%s", e.text);
    cr_assert_eq(replay_study(reader, &stored, &e), 0, "%s", e.text);
    for (int64_t patient = 1; patient <= 9; patient += 4) {
        replay_difference_t d;
        record_t r;
        record_init(&r);
        cr_assert_eq(replay_run(&stored, &core, (record_key_t){patient, 0, 0}, &r, &e), 0, "%s",
                     e.text);
        cr_assert_eq(replay_compare(reader, &r, &d, &e), 0, "%s", e.text);
        cr_assert_eq(d.different, 0,
                     "patient %lld: %zu values differ, first %s row %zu: %.17g, %.17g",
                     (long long)patient, d.different, fields_get(d.field)->name, d.row, d.stored,
                     d.replayed);
        record_free(&r);
    }
    study_free(&stored);
    reader_close(&reader);
    study_free(&s);
}

Test(cohort, another_seed_is_another_cohort, .fini = fixture_clean)
{
    char path[FIXTURE_PATH_SIZE];
    study_t s = nine_patients();
    core_t core = core_builtin();
    cohort_outcome_t outcome;
    reader_t *reader = NULL;
    replay_difference_t d;
    error_t e = {0};
    record_t r;
    cr_assert_eq(run(&s, fixture_path("seed.h5", path), 2, false, &outcome), 0);
    cr_assert_eq(reader_open(&reader, path, &e), 0, "%s", e.text);
    record_init(&r);
    s.seed++;
    record_reset(&r, (record_key_t){1, 0, 0});
    trajectory_request_t q = {&s, &core, {1, 0, 0}, false};
    cr_assert_geq(trajectory_run(&q, &r, &e), 0, "%s", e.text);
    cr_assert_eq(record_finish(&r, &e), 0, "%s", e.text);
    cr_assert_eq(replay_compare(reader, &r, &d, &e), 0, "%s", e.text);
    cr_assert_gt(d.different, 20, "the comparison does not see another patient");
    record_free(&r);
    reader_close(&reader);
    study_free(&s);
}
