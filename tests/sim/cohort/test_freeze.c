/* SPDX-License-Identifier: Apache-2.0 */
/* People frozen to a file and taken from it: the same people, whoever draws them and in whatever order they are asked for. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cohort/embody.h"
#include "cohort/freeze.h"
#include "cohort/thaw.h"
#include "tests/sim/cohort/fixture.h"

#define PEOPLE 2500 /* more than two blocks */

static error_t e;

static int freeze(const study_t *s, int32_t arm, const char *path, int jobs,
                  const volatile sig_atomic_t *interrupt, char hash[FROZEN_HASH_SIZE])
{
    const freeze_t f = {.study = s, .arm = arm, .path = path, .jobs = jobs, .interrupt = interrupt};
    return freeze_run(&f, hash, &e);
}

static study_t study_of(int64_t patients, const char *more)
{
    char set[64];
    (void)snprintf(set, sizeof set, "study.patients=%lld", (long long)patients);
    return fixture_study((const char *const[]){set, more, NULL});
}

/* A study that takes its people from the file. */
static study_t taking(int64_t patients, const char *path, const char *more)
{
    char set[FIXTURE_PATH_SIZE + 32], number[64];
    (void)snprintf(set, sizeof set, "population.cohort=%s", path);
    (void)snprintf(number, sizeof number, "study.patients=%lld", (long long)patients);
    return fixture_study((const char *const[]){number, set, more, NULL});
}

Test(freeze, writes_the_same_bytes_on_any_number_of_threads)
{
    char one[FIXTURE_PATH_SIZE], three[FIXTURE_PATH_SIZE], hash[2][FROZEN_HASH_SIZE];
    study_t s = study_of(PEOPLE, NULL);
    cr_assert_eq(freeze(&s, 0, fixture_path("1.h5", one), 1, NULL, hash[0]), 0, "%s", e.text);
    cr_assert_eq(freeze(&s, 0, fixture_path("3.h5", three), 3, NULL, hash[1]), 0, "%s", e.text);
    fixture_same_bytes(one, three);
    cr_expect_str_eq(hash[0], hash[1]);
    study_free(&s);
}

Test(freeze, people_come_back_as_they_were_drawn_in_any_order)
{
    char path[FIXTURE_PATH_SIZE], hash[FROZEN_HASH_SIZE];
    study_t drawn = study_of(PEOPLE, NULL);
    cr_assert_eq(freeze(&drawn, 0, fixture_path("c.h5", path), 2, NULL, hash), 0, "%s", e.text);
    study_t taken = taking(PEOPLE, path, NULL);
    cr_assert_eq(thaw_study(&taken, NULL, NULL, &e), 0, "%s", e.text);
    int wrong = 0;
#pragma omp parallel for num_threads(4) reduction(+ : wrong)
    for (int64_t i = 0; i < PEOPLE; i++) {
        const record_key_t key = {i * 1237 % PEOPLE + 1, 0, 0};
        person_t a, b;
        error_t own = {0};
        wrong += embody_person(&drawn, &key, &a, &own) != 0;
        wrong += embody_person(&taken, &key, &b, &own) != 0;
        wrong += memcmp(&a, &b, sizeof a) != 0;
    }
    cr_expect_eq(wrong, 0);
    study_free(&drawn);
    study_free(&taken);
}

/* Every attempt but the last of each person missed a limit, and is counted at one. */
Test(freeze, counts_what_sent_attempts_back)
{
    char path[FIXTURE_PATH_SIZE], hash[FROZEN_HASH_SIZE];
    study_t s = study_of(800, "population.height_least=165 cm");
    frozen_t *f = NULL;
    double attempts[800], sum = 0.0, height = 0.0;
    cr_assert_eq(freeze(&s, 0, fixture_path("c.h5", path), 2, NULL, hash), 0, "%s", e.text);
    cr_assert_eq(frozen_open(&f, path, &e), 0, "%s", e.text);
    cr_assert_eq(frozen_read(f, (size_t)frozen_find(f, "draw_attempts"), 0, 800, attempts, &e), 0);
    for (int i = 0; i < 800; i++) {
        sum += attempts[i] - 1;
    }
    for (size_t i = 0; i < frozen_head(f)->limits; i++) {
        sum -= (double)frozen_head(f)->limit[i].attempts;
        height += strcmp(frozen_head(f)->limit[i].name, "height") == 0
                      ? (double)frozen_head(f)->limit[i].attempts
                      : 0;
    }
    cr_expect_eq(sum, 0.0);
    cr_expect_gt(height, 100.0);
    frozen_close(&f);
    study_free(&s);
}

Test(freeze, interrupted_leaves_nothing)
{
    static const volatile sig_atomic_t now = 1;
    char path[FIXTURE_PATH_SIZE], part[FIXTURE_PATH_SIZE + 8], hash[FROZEN_HASH_SIZE];
    study_t s = study_of(PEOPLE, NULL);
    cr_expect_eq(freeze(&s, 0, fixture_path("c.h5", path), 2, &now, hash), ERROR_INTERRUPTED);
    (void)snprintf(part, sizeof part, "%s.part", path);
    cr_expect_neq(access(path, F_OK), 0);
    cr_expect_neq(access(part, F_OK), 0);
    study_free(&s);
}

Test(freeze, somebody_who_cannot_be_drawn_is_named)
{
    char path[FIXTURE_PATH_SIZE], hash[FROZEN_HASH_SIZE];
    study_t s = study_of(40, "population.height_least=180 cm");
    s.population.height_most_cm = 120.0;
    cr_expect_eq(freeze(&s, 0, fixture_path("c.h5", path), 2, NULL, hash), ERROR_ARGUMENT);
    cr_expect_eq(e.patient, 1);
    cr_expect_neq(access(path, F_OK), 0);
    study_free(&s);
}

static char told[DIAGNOSTIC_TEXT_SIZE];

static void tell(void *context, const char *text)
{
    ++*(int *)context;
    (void)snprintf(told, sizeof told, "%s", text);
}

/* What the file says of population and centre holds, whatever the study says now; that is told once. */
Test(freeze, the_settings_of_the_file_take_the_place_of_the_studys)
{
    char path[FIXTURE_PATH_SIZE], hash[FROZEN_HASH_SIZE];
    study_t drawn = study_of(30, "body.response.ec50=60 ng/mL");
    cr_assert_eq(freeze(&drawn, 0, fixture_path("c.h5", path), 1, NULL, hash), 0, "%s", e.text);
    study_t same = taking(30, path, "body.response.ec50=60 ng/mL");
    study_t other = taking(20, path, "population.age_mean=70 year");
    int warnings = 0;
    cr_assert_eq(thaw_study(&same, tell, &warnings, &e), 0, "%s", e.text);
    cr_expect_eq(warnings, 0, "%s", told);
    cr_assert_eq(thaw_study(&other, tell, &warnings, &e), 0, "%s", e.text);
    cr_expect_eq(warnings, 1);
    cr_expect_str_eq(told, "population.cohort: the people of c.h5 stay as they were frozen: "
                           "population.age_mean is 70 here and 51 there, body.response.ec50 is 75 "
                           "here and 60 there");
    cr_expect_not_null(strstr(other.warnings, told));
    cr_expect_eq(memcmp(&other.population, &drawn.population, sizeof drawn.population), 0);
    cr_expect_eq(memcmp(&other.body.ashworth, &drawn.body.ashworth, sizeof drawn.body.ashworth), 0);
    cr_expect_str_eq(other.cohort.hash, hash);
    cr_expect_str_eq(other.cohort.file, "c.h5", "without its folder");
    study_free(&drawn);
    study_free(&same);
    study_free(&other);
}

static void expect_refused(study_t s, const char *words)
{
    cr_expect_eq(thaw_study(&s, NULL, NULL, &e), ERROR_CONFIG);
    cr_expect_not_null(strstr(e.text, words), "no '%s' in: %s", words, e.text);
    study_free(&s);
}

Test(freeze, what_does_not_fit_the_study_is_refused)
{
    char path[FIXTURE_PATH_SIZE], hash[FROZEN_HASH_SIZE];
    study_t drawn = study_of(30, NULL);
    cr_assert_eq(freeze(&drawn, 0, fixture_path("c.h5", path), 1, NULL, hash), 0, "%s", e.text);
    expect_refused(taking(31, path, NULL), "holds 30 people, and baclofen-maintenance has 31");
    expect_refused(taking(30, path, "drugs[0].name=morphine"), "the first baclofen");
    expect_refused(taking(30, path,
                          "population.cohort_hash="
                          "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
                   hash);
    expect_refused(taking(30, path, "study.arms=[a, {name: b, set: {catheter.tip: T4}}]"),
                   "b sets what the people of");
    study_free(&drawn);
}

/* An arm may have a cohort of its own, if it says which. */
Test(freeze, an_arm_takes_people_of_its_own)
{
    char path[FIXTURE_PATH_SIZE], hash[FROZEN_HASH_SIZE], arms[2 * FIXTURE_PATH_SIZE];
    study_t drawn = fixture_study((const char *const[]){
        "study.patients=20", "study.arms=[a, {name: b, set: {population.age_mean: 70 year}}]",
        NULL});
    const record_key_t first = {7, 0, 0}, second = {7, 1, 0};
    person_t a, b;
    cr_assert_eq(freeze(&drawn, 1, fixture_path("b.h5", path), 1, NULL, hash), 0, "%s", e.text);
    (void)snprintf(arms, sizeof arms, "study.arms=[a, {name: b, set: {population.cohort: %s}}]",
                   path);
    expect_refused(study_of(20, arms), "set population.cohort_hash in it too");
    (void)snprintf(arms, sizeof arms,
                   "study.arms=[a, {name: b, set: {population.cohort: %s, population.cohort_hash: "
                   "\"%s\"}}]",
                   path, hash);
    study_t s = study_of(20, arms);
    cr_assert_eq(thaw_study(&s, NULL, NULL, &e), 0, "%s", e.text);
    for (int arm = 0; arm < 2; arm++) {
        const record_key_t *key = arm == 0 ? &first : &second;
        cr_assert_eq(embody_person(study_arm(&s, arm), key, &a, &e), 0, "%s", e.text);
        cr_assert_eq(embody_person(study_arm(&drawn, arm), key, &b, &e), 0, "%s", e.text);
        cr_expect_eq(memcmp(&a, &b, sizeof a), 0, "arm %d", arm);
    }
    study_free(&s);
    study_free(&drawn);
}

Test(freeze, people_of_a_cohort_that_nobody_opened_are_an_error)
{
    char path[FIXTURE_PATH_SIZE], hash[FROZEN_HASH_SIZE];
    const record_key_t key = {1, 0, 0}, draw = {1, 0, 1};
    person_t person;
    study_t drawn = study_of(3, NULL);
    cr_assert_eq(freeze(&drawn, 0, fixture_path("c.h5", path), 1, NULL, hash), 0, "%s", e.text);
    study_t s = taking(3, path, NULL);
    cr_expect_eq(embody_person(&s, &key, &person, &e), ERROR_ARGUMENT);
    cr_assert_eq(thaw_study(&s, NULL, NULL, &e), 0, "%s", e.text);
    cr_expect_eq(embody_person(&s, &draw, &person, &e), ERROR_ARGUMENT);
    study_free(&s);
    study_free(&drawn);
}
