/* SPDX-License-Identifier: Apache-2.0 */
/* Replicates of a study: the same bytes however they are run, replicate 0 as if there were no others, and each replayed. */
#include "tests/sim/cohort/fixture.h"

#include "cohort/cohort.h"
#include "cohort/embody.h"
#include "cohort/estimate.h"
#include "cohort/replay.h"
#include "config/uncertain.h"
#include "dataset/merge.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENTS 3
#define ARMS 2
#define DRAWS 2
#define LIVES (ARMS * (DRAWS + 1))

/* Two arms, of whom the second fails of itself: catheter's clocks, tones, telemetry and rates of wear are all drawn. */
#define STUDY(draws)                                                                               \
    "study: {name: drawn, patients: 3, horizon: 60 day, seed: 5, parameter_draws: " draws          \
    ", arms: [a, {name: b, set: {clinic.frame_loss: 0.2}}]}\n"                                     \
    "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"                                        \
    "catheter: {tip: T10, fails: legacy}\n"                                                        \
    "clinic: {policy: titration}\n"                                                                \
    "uncertain:\n"                                                                                 \
    "  - {key: body.csf.dispersion_lumbar, low: 45 cm2/h, high: 760 cm2/h}\n"                      \
    "  - {key: \"drugs[0].kinetics.loss\", low: 0.1 1/h, high: 1 1/h}\n"                           \
    "  - {key: pump.head.ripple, low: 0.1, high: 0.3, shape: uniform}\n"

static volatile sig_atomic_t interrupt;

static cohort_t cohort_of(const study_t *s, const core_t *core, const char *path, int jobs)
{
    return (cohort_t){
        .study = s, .core = core, .path = path, .jobs = jobs, .interrupt = &interrupt};
}

static void run(const cohort_t *c)
{
    cohort_outcome_t outcome;
    error_t e = {0};
    cr_assert_eq(cohort_run(c, &outcome, &e), 0, "%s", e.text);
}

/* ---- the same bytes ---- */

Test(draws, any_number_of_threads_gives_the_same_bytes)
{
    char first[FIXTURE_PATH_SIZE], other[FIXTURE_PATH_SIZE];
    const core_t core = core_builtin();
    study_t s = fixture_text(STUDY("2"));
    cohort_t c = cohort_of(&s, &core, fixture_path("1.h5", first), 1);
    run(&c);
    for (int jobs = 2; jobs <= 4; jobs *= 2) {
        c = cohort_of(&s, &core, fixture_path(jobs == 2 ? "2.h5" : "4.h5", other), jobs);
        run(&c);
        fixture_same_bytes(first, other);
    }
    study_free(&s);
}

Test(draws, shards_merge_to_the_bytes_of_the_whole)
{
    char whole[FIXTURE_PATH_SIZE], merged[FIXTURE_PATH_SIZE], part[2][FIXTURE_PATH_SIZE];
    const core_t core = core_builtin();
    study_t s = fixture_text(STUDY("2"));
    error_t e = {0};
    cohort_t c = cohort_of(&s, &core, fixture_path("whole.h5", whole), 2);
    run(&c);
    for (int i = 0; i < 2; i++) {
        c.path = fixture_path(i == 0 ? "p1.h5" : "p2.h5", part[i]);
        c.shard = i + 1;
        c.shards = 2;
        run(&c);
    }
    const char *parts[] = {part[1], part[0]};
    merge_t m = {.part = parts, .parts = 2, .path = fixture_path("merged.h5", merged)};
    cr_assert_eq(merge_run(&m, &e), 0, "%s", e.text);
    fixture_same_bytes(whole, merged);
    m.parts = 1;
    m.overwrite = true;
    cr_assert_eq(merge_run(&m, &e), ERROR_ARGUMENT);
    cr_expect_not_null(strstr(e.text, "no part holds patient 1 in arm 0, replicate 0"), "%s",
                       e.text);
    study_free(&s);
}

static void interrupt_after_four(void *context, int64_t done, int64_t total)
{
    (void)context;
    cr_assert_eq(total, PATIENTS * LIVES);
    interrupt = done >= 4;
}

/* Cut in the middle of a patient: in the second replicate of the second arm. */
Test(draws, an_interrupted_run_resumes_to_the_same_bytes)
{
    char whole[FIXTURE_PATH_SIZE], parts[FIXTURE_PATH_SIZE];
    const core_t core = core_builtin();
    study_t s = fixture_text(STUDY("2"));
    cohort_outcome_t outcome;
    error_t e = {0};
    cohort_t c = cohort_of(&s, &core, fixture_path("whole.h5", whole), 2);
    run(&c);
    c = cohort_of(&s, &core, fixture_path("parts.h5", parts), 1);
    c.progress = interrupt_after_four;
    cr_assert_eq(cohort_run(&c, &outcome, &e), ERROR_INTERRUPTED);
    cr_expect_not_null(strstr(e.text, "interrupted after 4 of 18 trajectories"), "%s", e.text);
    interrupt = 0;
    c.progress = NULL;
    c.resume = true;
    cr_assert_eq(cohort_run(&c, &outcome, &e), 0, "%s", e.text);
    cr_expect_eq(outcome.resumed, 4);
    cr_expect_eq(outcome.run, PATIENTS * LIVES - 4);
    fixture_same_bytes(whole, parts);
    study_free(&s);
}

/* ---- what is in them ---- */

/* A run of two threads, read. */
static reader_t *read_run(const study_t *s, const char *name)
{
    char path[FIXTURE_PATH_SIZE];
    const core_t core = core_builtin();
    const cohort_t c = cohort_of(s, &core, fixture_path(name, path), 2);
    reader_t *r = NULL;
    error_t e = {0};
    run(&c);
    cr_assert_eq(reader_open(&r, path, &e), 0, "%s", e.text);
    return r;
}

/* Rows of a field of one record as bits; the caller frees them. */
static double *values_of(reader_t *r, enum fields_id field, record_key_t key, size_t *n)
{
    size_t record = 0, start = 0;
    error_t e = {0};
    cr_assert_eq(reader_find(r, &key, &record, &e), 1, "%s", e.text);
    cr_assert_eq(reader_range(r, fields_get(field)->table, record, &start, n, &e), 0);
    double *value = calloc(*n + 1, sizeof *value);
    cr_assert_eq(reader_read_f64(r, field, start, *n, value, &e), 0, "%s", e.text);
    return value;
}

/* Fields that differ between a record here and one there. */
static int different(reader_t *a, record_key_t ka, reader_t *b, record_key_t kb)
{
    int fields = 0;
    for (int f = 0; f < FIELD_COUNT; f++) {
        size_t n, m;
        if (fields_table(fields_get((enum fields_id)f)->table)->kind != FIELDS_KIND_COHORT) {
            continue;
        }
        double *x = values_of(a, (enum fields_id)f, ka, &n);
        double *y = values_of(b, (enum fields_id)f, kb, &m);
        fields += n != m || memcmp(x, y, n * sizeof *x) != 0;
        free(x);
        free(y);
    }
    return fields;
}

/* Value for value, in every table: the draws beside it move nothing of the central study, nor does the list. */
Test(draws, replicate_0_is_the_study_without_draws)
{
    study_t with = fixture_text(STUDY("2")), without = fixture_text(STUDY("0"));
    reader_t *a = read_run(&with, "with.h5"), *b = read_run(&without, "without.h5");
    cr_assert_eq(reader_rows(a, TABLE_PATIENTS), PATIENTS * LIVES);
    cr_assert_eq(reader_rows(b, TABLE_PATIENTS), PATIENTS * ARMS);
    for (int64_t patient = 1; patient <= PATIENTS; patient++) {
        for (int32_t arm = 0; arm < ARMS; arm++) {
            const record_key_t central = {patient, arm, 0};
            cr_expect_eq(different(a, central, b, central), 0, "patient %lld", (long long)patient);
            cr_expect_gt(different(a, central, a, (record_key_t){patient, arm, 1}), 20);
        }
    }
    reader_close(&a);
    reader_close(&b);
    study_free(&with);
    study_free(&without);
}

/* A draw of many is the draw of few: more draws add replicates and change none. */
Test(draws, a_replicate_does_not_depend_on_how_many_there_are)
{
    study_t few = fixture_text(STUDY("1")), many = fixture_text(STUDY("2"));
    reader_t *a = read_run(&few, "few.h5"), *b = read_run(&many, "many.h5");
    for (int64_t patient = 1; patient <= PATIENTS; patient++) {
        const record_key_t key = {patient, 1, 1};
        cr_expect_eq(different(a, key, b, key), 0, "patient %lld", (long long)patient);
    }
    reader_close(&a);
    reader_close(&b);
    study_free(&few);
    study_free(&many);
}

Test(draws, every_replicate_is_replayed_to_the_bit)
{
    study_t s = fixture_text(STUDY("2")), stored;
    reader_t *reader = read_run(&s, "a.h5");
    const core_t core = core_builtin();
    error_t e = {0};
    record_t r;
    record_init(&r);
    cr_assert_eq(replay_study(reader, &stored, &e), 0, "%s", e.text);
    for (int32_t life = 0; life < LIVES; life++) {
        const record_key_t key = {2, life / (DRAWS + 1), life % (DRAWS + 1)};
        replay_difference_t d;
        cr_assert_eq(replay_run(&stored, &core, key, &r, &e), 0, "%s", e.text);
        cr_assert_eq(replay_compare(reader, &r, &d, &e), 0, "%s", e.text);
        cr_expect_eq(d.different, 0, "arm %d, replicate %d: %zu values differ, first %s", key.arm,
                     key.replicate, d.different, d.different > 0 ? fields_get(d.field)->name : "");
    }
    cr_expect_eq(replay_run(&stored, &core, (record_key_t){2, 0, DRAWS + 1}, &r, &e),
                 ERROR_ARGUMENT);
    record_free(&r);
    study_free(&stored);
    study_free(&s);
    reader_close(&reader);
}

/* The tables of a dataset say what the patients lived under: the study's own functions are the oracle. */
Test(draws, the_values_drawn_are_in_the_dataset)
{
    study_t s = fixture_text(STUDY("2"));
    reader_t *r = read_run(&s, "a.h5");
    int64_t replicate[9], parameter[9];
    double value[9];
    error_t e = {0};
    cr_assert_eq(reader_rows(r, TABLE_UNCERTAIN), 3);
    cr_assert_eq(reader_rows(r, TABLE_DRAWS), 9);
    cr_expect_str_eq(reader_text(r, FIELD_UNCERTAIN_KEY, 1), "drugs[0].kinetics.loss");
    cr_expect_str_eq(reader_text(r, FIELD_UNCERTAIN_UNIT, 1), "1/h");
    cr_expect_str_eq(reader_text(r, FIELD_UNCERTAIN_SHAPE, 1), "log_normal");
    cr_expect_str_eq(reader_text(r, FIELD_UNCERTAIN_UNIT, 2), "1");
    cr_assert_eq(reader_read_i64(r, FIELD_DRAWS_REPLICATE, 0, 9, replicate, &e), 0, "%s", e.text);
    cr_assert_eq(reader_read_i64(r, FIELD_DRAWS_PARAMETER, 0, 9, parameter, &e), 0, "%s", e.text);
    cr_assert_eq(reader_read_f64(r, FIELD_DRAWS_VALUE, 0, 9, value, &e), 0, "%s", e.text);
    for (int i = 0; i < 9; i++) {
        cr_expect(replicate[i] == i / 3 && parameter[i] == i % 3, "row %d", i);
        cr_expect_eq(value[i], uncertain_value(&s, i % 3, i / 3), "row %d", i);
    }
    cr_expect_eq(value[1], 0.351);
    reader_close(&r);
    study_free(&s);
}

/* Nobody differs from anybody: then the loss of every patient of a replicate, in both arms, is the draw itself. */
Test(draws, all_patients_and_arms_of_a_replicate_have_the_draw)
{
    study_t s = fixture_text(STUDY("2") "population: {loss_cv: 0}\n");
    reader_t *r = read_run(&s, "a.h5");
    double loss[PATIENTS * LIVES];
    error_t e = {0};
    cr_assert_eq(reader_read_f64(r, FIELD_PATIENTS_LOSS_PER_H, 0, PATIENTS * LIVES, loss, &e), 0);
    for (int i = 0; i < PATIENTS * LIVES; i++) {
        cr_expect_float_eq(loss[i], uncertain_value(&s, 1, i % (DRAWS + 1)), 1e-15, "record %d", i);
    }
    reader_close(&r);
    study_free(&s);
}

/* ---- what it costs, and what cannot live ---- */

Test(draws, the_estimate_counts_them)
{
    study_t none = fixture_text(STUDY("0")), nine = fixture_text(STUDY("9"));
    estimate_t one, ten;
    estimate_study(&none, 1, &one);
    estimate_study(&nine, 1, &ten);
    cr_expect_float_eq(ten.time_s, 10.0 * one.time_s, 1e-9);
    cr_expect_float_eq(ten.patient_years, 10.0 * one.patient_years, 1e-9);
    cr_expect_float_eq(ten.journal_bytes, 10.0 * one.journal_bytes, 1e-3);
    cr_expect_gt(ten.dataset_bytes, one.dataset_bytes);
    cr_expect_float_eq(ten.memory_bytes - one.memory_bytes, 54.0 * 40.0 + 9.0 * 3.0 * 8.0, 1e-6);
    study_free(&none);
    study_free(&nine);
}

/* A canal that hardly mixes cannot be diagonalised: the replicate that draws it is named, by whoever tries and by the run. */
Test(draws, a_replicate_whose_body_cannot_be_built_is_named)
{
    char path[FIXTURE_PATH_SIZE];
    study_t s = fixture_text(
        "study: {name: x, patients: 3, horizon: 5 day, parameter_draws: 20}\n"
        "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
        "therapy: {dose: 200 ug/day}\ncatheter: {tip: T10}\n"
        "uncertain: [{key: body.csf.dispersion_lumbar, low: 0.005 cm2/h, high: 2000 cm2/h}]\n");
    const core_t core = core_builtin();
    cohort_outcome_t outcome;
    record_key_t who;
    error_t e = {0}, ran = {0};
    const cohort_t c = cohort_of(&s, &core, fixture_path("none.h5", path), 2);
    cr_assert_lt(embody_try(&s, 1, 20, &who, &e), 0);
    cr_assert_gt(who.replicate, 1);
    cr_expect_eq(embody_try(&s, 1, who.replicate - 1, &who, &ran), 0, "%s", ran.text);
    cr_assert_lt(embody_try(&s, 1, 20, &who, &e), 0);
    cr_assert_eq(cohort_run(&c, &outcome, &ran), e.code);
    cr_expect_eq(ran.patient, 1);
    cr_expect_eq(outcome.failed_replicate, who.replicate);
    cr_expect_eq(outcome.failed_arm, 0);
    cr_expect_neq(access(path, F_OK), 0);
    study_free(&s);
}
