/* SPDX-License-Identifier: Apache-2.0 */
/* The dataset put together while patients run: it is ahead, and where it cannot be, nothing is lost. */
#include "tests/sim/cohort/fixture.h"

#include "cohort/assembly.h"
#include "cohort/cohort.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATIENTS 9

static volatile sig_atomic_t interrupt;

/* The dataset's working name, and whether it was there when the fifth patient was done. */
static char part[FIXTURE_PATH_SIZE + 8];
static bool was_ahead;

static void look(void *context, int64_t done, int64_t total)
{
    (void)context, (void)total;
    was_ahead = was_ahead || (done == 5 && access(part, F_OK) == 0);
}

static void stop_after_five(void *context, int64_t done, int64_t total)
{
    (void)context, (void)total;
    interrupt = done >= 5;
}

static int run(const char *path, int jobs, bool resume, void (*progress)(void *, int64_t, int64_t),
               cohort_outcome_t *outcome, error_t *e)
{
    const char *set[] = {"study.patients=9", "study.horizon=30 day", "events=[]", NULL};
    study_t s = fixture_study(set);
    core_t core = core_builtin();
    const cohort_t c = {.study = &s,
                        .core = &core,
                        .path = path,
                        .jobs = jobs,
                        .resume = resume,
                        .progress = progress,
                        .interrupt = &interrupt};
    const int code = cohort_run(&c, outcome, e);
    study_free(&s);
    return code;
}

static void name_part(const char *path)
{
    (void)snprintf(part, sizeof part, "%s.part", path);
}

Test(assembly, the_dataset_grows_before_the_last_patient_is_done)
{
    char path[FIXTURE_PATH_SIZE];
    cohort_outcome_t outcome;
    error_t e = {0};
    name_part(fixture_path("ahead.h5", path));
    cr_assert_eq(run(path, 1, false, look, &outcome, &e), 0, "%s", e.text);
    cr_assert(was_ahead);
    cr_assert_neq(access(part, F_OK), 0, "%s was left behind", part);
}

Test(assembly, an_interrupted_run_leaves_no_part_of_a_dataset)
{
    char path[FIXTURE_PATH_SIZE];
    cohort_outcome_t outcome;
    error_t e = {0};
    name_part(fixture_path("stopped.h5", path));
    cr_assert_eq(run(path, 2, false, stop_after_five, &outcome, &e), ERROR_INTERRUPTED);
    cr_assert_neq(access(part, F_OK), 0, "%s was left behind", part);
}

/* A folder stands where the dataset would grow: every patient runs all the same, the end tells of it, and the next try only
 * has to write. */
Test(assembly, what_could_not_be_written_ahead_is_told_at_the_end_and_costs_nobody)
{
    char path[FIXTURE_PATH_SIZE], whole[FIXTURE_PATH_SIZE];
    cohort_outcome_t outcome;
    error_t e = {0};
    cr_assert_eq(run(fixture_path("whole.h5", whole), 2, false, NULL, &outcome, &e), 0, "%s",
                 e.text);
    name_part(fixture_path("blocked.h5", path));
    cr_assert_eq(mkdir(part, 0700), 0);
    cr_assert_eq(run(path, 2, false, NULL, &outcome, &e), ERROR_FILE_OPEN);
    cr_assert_neq(strstr(e.text, "blocked.h5.part"), NULL, "%s", e.text);
    cr_assert_eq(outcome.run, PATIENTS);
    cr_assert_eq(rmdir(part), 0);
    cr_assert_eq(run(path, 2, true, NULL, &outcome, &e), 0, "%s", e.text);
    cr_assert_eq(outcome.resumed, PATIENTS);
    cr_assert_eq(outcome.run, 0);
    fixture_same_bytes(whole, path);
}

/* ---- disks ---- */

static bool disk_is_broken;

/* Stands before the system's. */
int fsync(int fd)
{
    if (disk_is_broken) {
        errno = EIO;
        return -1;
    }
    return fdatasync(fd);
}

/* Every so many records the journal is brought to the disk: one that does not take it ends the run, and is not a patient's fault. */
Test(assembly, a_journal_that_does_not_reach_the_disk_is_an_error)
{
    const char *set[] = {"study.patients=70", "study.horizon=1 day", "events=[]", "body.model=none",
                         NULL};
    char path[FIXTURE_PATH_SIZE];
    study_t s = fixture_study(set);
    const core_t core = core_builtin();
    const cohort_t c = {.study = &s,
                        .core = &core,
                        .path = fixture_path("unsynced.h5", path),
                        .jobs = 2,
                        .interrupt = &interrupt};
    cohort_outcome_t outcome;
    error_t e = {0};
    disk_is_broken = true;
    cr_expect_eq(cohort_run(&c, &outcome, &e), ERROR_FILE_WRITE);
    cr_expect_not_null(strstr(e.text, "unsynced.h5.journal"), "%s", e.text);
    cr_expect_eq(e.patient, 0);
    cr_expect_lt(outcome.run, 70, "the run went on");
    cr_expect_neq(access(path, F_OK), 0, "a dataset that may not be there after a loss of power");
    study_free(&s);
}

/* Two threads met a full disk at once; there was a dataset to give up for both. */
Test(assembly, room_is_made_for_all_who_failed_at_once)
{
    char path[FIXTURE_PATH_SIZE], log[FIXTURE_PATH_SIZE];
    const uint8_t hash[PROVENANCE_HASH_SIZE] = {0};
    const char *set[] = {"study.patients=1", "study.horizon=1 day", "events=[]", NULL};
    study_t s = fixture_study(set);
    provenance_t p = {.study = "s", .patients = 1, .arms = {.count = 1, .name = {"a"}}};
    record_t record;
    record_view_t view;
    journal_t journal;
    assembly_t a;
    error_t e = {0};
    fixture_run(&s, &record, &view);
    cr_assert_eq(journal_create(&journal, fixture_path("room.journal", log), hash, &e), 0);
    cr_assert_eq(journal_append(&journal, &record, &e), 0, "%s", e.text);
    const assembly_param_t param = {.journal = &journal,
                                    .path = fixture_path("room.h5", path),
                                    .p = &p,
                                    .total = 2,
                                    .interrupt = &interrupt};
    cr_assert_eq(assembly_init(&a, &param, &e), 0, "%s", e.text);
    cr_expect_not(assembly_make_room(&a), "there was nothing");
    assembly_free(&a);
    cr_assert_eq(assembly_init(&a, &param, &e), 0, "%s", e.text);
    assembly_note(&a, 0, 0);
    assembly_advance(&a);
    cr_assert_not_null(a.writer);
    cr_expect(assembly_make_room(&a));
    cr_expect(assembly_make_room(&a));
    cr_expect_null(a.writer);
    assembly_free(&a);
    cr_assert_eq(journal_remove(&journal, &e), 0, "%s", e.text);
    record_free(&record);
    study_free(&s);
}
