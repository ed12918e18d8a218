/* SPDX-License-Identifier: Apache-2.0 */
/* HDF5 is used by one thread at a time, also where patients are read from a frozen cohort while the dataset grows. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <criterion/criterion.h>
#include <dlfcn.h>
#include <hdf5.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#include "cohort/cohort.h"
#include "cohort/freeze.h"
#include "cohort/thaw.h"
#include "tests/sim/cohort/fixture.h"

static atomic_int watched; /* 1: calls are slow and counted */
static atomic_int inside, met, reads, creations;

static void come(atomic_int *calls)
{
    const struct timespec while_others_come = {0, 500000};
    if (atomic_load(&watched)) {
        atomic_fetch_add(calls, 1);
        atomic_fetch_add(&met, atomic_fetch_add(&inside, 1) > 0);
        (void)nanosleep(&while_others_come, NULL);
    }
}

static void go(void)
{
    if (atomic_load(&watched)) {
        atomic_fetch_sub(&inside, 1);
    }
}

/* They stand before the library's own: what reading people, and what beginning a dataset, calls most. */
herr_t H5Dread(hid_t dataset, hid_t type, hid_t memory, hid_t file, hid_t plist, void *values)
{
    herr_t (*real)(hid_t, hid_t, hid_t, hid_t, hid_t, void *);
    *(void **)&real = dlsym(RTLD_NEXT, "H5Dread");
    come(&reads);
    const herr_t rc = real(dataset, type, memory, file, plist, values);
    go();
    return rc;
}

hid_t H5Dcreate2(hid_t place, const char *name, hid_t type, hid_t space, hid_t links,
                 hid_t creation, hid_t access)
{
    hid_t (*real)(hid_t, const char *, hid_t, hid_t, hid_t, hid_t, hid_t);
    *(void **)&real = dlsym(RTLD_NEXT, "H5Dcreate2");
    come(&creations);
    const hid_t dataset = real(place, name, type, space, links, creation, access);
    go();
    return dataset;
}

static void freeze(const char *name, char path[FIXTURE_PATH_SIZE], char hash[FROZEN_HASH_SIZE])
{
    error_t e = {0};
    study_t s = fixture_study((const char *const[]){"study.patients=2", NULL});
    const freeze_t f = {.study = &s, .path = fixture_path(name, path), .jobs = 1};
    cr_assert_eq(freeze_run(&f, hash, &e), 0, "%s", e.text);
    study_free(&s);
}

/* One thread has lived in the first arm and begins the dataset while the other reads people of the second. */
Test(hdf5_turns, people_are_not_read_while_the_dataset_grows)
{
    static volatile sig_atomic_t interrupt;
    char path[2][FIXTURE_PATH_SIZE], out[FIXTURE_PATH_SIZE], hash[FROZEN_HASH_SIZE];
    char base[FIXTURE_PATH_SIZE + 32], arms[2 * FIXTURE_PATH_SIZE];
    const core_t core = core_builtin();
    cohort_outcome_t outcome;
    error_t e = {0};
    freeze("a.h5", path[0], hash);
    freeze("b.h5", path[1], hash);
    (void)snprintf(base, sizeof base, "population.cohort=%s", path[0]);
    (void)snprintf(arms, sizeof arms,
                   "study.arms=[a, {name: b, set: {population.cohort: %s, population.cohort_hash: "
                   "\"%s\"}}]",
                   path[1], hash);
    study_t s = fixture_study((const char *const[]){"study.patients=2", "study.horizon=1 day",
                                                    "events=[]", base, arms, NULL});
    cr_assert_eq(thaw_study(&s, NULL, NULL, &e), 0, "%s", e.text);
    const cohort_t c = {.study = &s,
                        .core = &core,
                        .path = fixture_path("out.h5", out),
                        .jobs = 2,
                        .interrupt = &interrupt};
    atomic_store(&watched, 1);
    cr_assert_eq(cohort_run(&c, &outcome, &e), 0, "%s", e.text);
    cr_expect_gt(atomic_load(&reads), 100);
    cr_expect_gt(atomic_load(&creations), 100);
    cr_expect_eq(atomic_load(&met), 0, "two threads were in HDF5 %d times", atomic_load(&met));
    study_free(&s);
}
