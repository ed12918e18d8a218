/* SPDX-License-Identifier: Apache-2.0 */
/* Outcomes, arms and pairs of a synthetic study whose numbers are known. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "summary/comparison.h"
#include "summary/outcomes.h"
#include "summary/outcomes_json.h"
#include "summary/outcomes_text.h"
#include "small.h"

#define DAY_MS INT64_C(86400000)
#define PATIENTS 10
#define YEARS_2 (730 * DAY_MS)

/* An outcome of a patient: NaN where it does not apply. */
static void put(record_t *r, enum fields_id field, double value)
{
    record_put_f64(r, field, value);
}

static void refill(record_t *r, int64_t day, double interval_day)
{
    record_row(r, TABLE_REFILLS);
    record_put_i64(r, FIELD_REFILLS_TIME_MS, day * DAY_MS);
    record_put_f64(r, FIELD_REFILLS_INTERVAL_DAY, interval_day);
    small_rest(r, TABLE_REFILLS);
}

/* Patient 1 never responds and gets no pump. Patient 6 was not rated at the end. Patient 5 is dry on two days. In arm 1 the
 * first dose is 10 + patient / 10 higher, the least volume found is 1 mL more, and a visit is missed. */
static void put_outcomes(record_t *r, record_key_t key)
{
    const double none = (double)NAN, patient = (double)key.patient;
    const int pump = key.patient > 1;
    record_row(r, TABLE_OUTCOMES);
    record_put_i64(r, FIELD_OUTCOMES_PATIENT, key.patient);
    record_put_i64(r, FIELD_OUTCOMES_ARM, key.arm);
    put(r, FIELD_OUTCOMES_RESPONDED, pump ? 1.0 : 0.0);
    put(r, FIELD_OUTCOMES_IMPLANTED, pump ? 1.0 : 0.0);
    put(r, FIELD_OUTCOMES_DOSE_START,
        pump ? 100.0 + (key.arm == 1 ? 10.0 + 0.1 * patient : 0.0) : none);
    put(r, FIELD_OUTCOMES_DOSE_3M,
        pump ? 150.0 + patient + (key.arm == 1 ? 10.0 + 0.1 * patient : 0.0) : none);
    put(r, FIELD_OUTCOMES_ASHWORTH_BEFORE, pump ? 4.0 : none);
    put(r, FIELD_OUTCOMES_ASHWORTH_AFTER, pump && key.patient != 6 ? 2.0 : none);
    put(r, FIELD_OUTCOMES_LEAST_FOUND, pump ? 2.0 + key.arm : none);
    put(r, FIELD_OUTCOMES_DRY_DAYS, !pump ? none : key.patient == 5 ? 2.0 : 0.0);
    put(r, FIELD_OUTCOMES_MISSED, pump ? key.arm : none);
    for (int f = FIELD_OUTCOMES_REPLICATE; !pump && f <= FIELD_OUTCOMES_ORDERS_FAILED; f++) {
        if (fields_is_real(fields_get((enum fields_id)f)->type) &&
            (r->table[TABLE_OUTCOMES].set >> (f - FIELD_OUTCOMES_PATIENT) & 1u) == 0) {
            put(r, (enum fields_id)f, none);
        }
    }
    small_rest(r, TABLE_OUTCOMES);
}

static void put_all(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    put_outcomes(r, key);
    if (key.patient > 1) {
        refill(r, 40, 30.0);
        refill(r, 100, 60.0);
    }
}

static const provenance_t two_arms = {.study = "s",
                                      .program = "thecasim",
                                      .seed = 9,
                                      .patients = PATIENTS,
                                      .horizon_ms = YEARS_2,
                                      .arms = {2, {"near", "far"}},
                                      .drugs = {1, {"baclofen"}}};

static reader_t *reader;
static outcomes_t outcomes;

static void begin(void)
{
    error_t e = {0};
    reader = small_written(&two_arms, 0, put_all);
    cr_assert_eq(outcomes_read(&outcomes, reader, &e), 0, "%s", e.text);
}

static void end(void)
{
    outcomes_free(&outcomes);
    reader_close(&reader);
}

TestSuite(outcomes, .init = begin, .fini = end);

/* Of a patient in arm 0. */
static double of(enum outcomes_id outcome, int64_t patient)
{
    return outcomes.value[outcome][2 * (patient - 1)];
}

static void expect(enum outcomes_id outcome, int64_t patient, double expected)
{
    const double got = of(outcome, patient);
    cr_assert((isnan(expected) && isnan(got)) || fabs(got - expected) <= 1e-12 * fabs(expected),
              "%s of patient %lld is %.12g, expected %.12g", outcomes_row(outcome).label,
              (long long)patient, got, expected);
}

Test(outcomes, are_the_rows_of_the_table_with_the_times_between_refills)
{
    expect(OUTCOMES_RESPONDED, 1, 0.0);
    expect(OUTCOMES_DOSE_START, 5, 100.0);
    expect(OUTCOMES_ASHWORTH_AFTER, 6, (double)NAN);
    expect(OUTCOMES_DRY_DAYS, 5, 2.0);
    cr_assert_eq(outcomes.intervals, 2 * 2 * (PATIENTS - 1));
    cr_assert_eq(outcomes.interval_record[0], 2, "patient 1 has no refill in either arm");
    cr_assert_float_eq(outcomes.interval_day[1], 60.0, 0.0);
    cr_assert_str_eq(outcomes_row(OUTCOMES_DOSE_12M).key, "dose_month_12_ug_per_day");
    cr_assert_str_eq(outcomes_row(OUTCOMES_DOSE_12M).unit, "ug/day");
}

Test(outcomes, a_pump_has_who_was_implanted_or_needed_no_screening)
{
    cr_assert_not(outcomes_has_pump(&outcomes, 0));
    cr_assert(outcomes_has_pump(&outcomes, 2));
    outcomes.value[OUTCOMES_IMPLANTED][0] = (double)NAN;
    cr_assert(outcomes_has_pump(&outcomes, 0));
}

Test(outcomes, an_arm_is_estimated_from_its_own_patients)
{
    comparison_estimate_t q[OUTCOMES_COUNT];
    spread_t between;
    error_t e = {0};
    cr_assert_eq(comparison_arm(&outcomes, 1, q, &e), 0, "%s", e.text);
    cr_assert_eq(q[OUTCOMES_MISSED].spread.n, PATIENTS - 1, "who has no pump misses nothing");
    cr_assert_float_eq(q[OUTCOMES_MISSED].spread.mean, 1.0, 0.0);
    cr_assert_eq(q[OUTCOMES_ASHWORTH_AFTER].spread.n, PATIENTS - 2);
    const interval_t share = interval_share(9, 10);
    cr_assert_float_eq(q[OUTCOMES_RESPONDED].ci.low, share.low, 1e-15);
    cr_assert_eq(comparison_intervals(&outcomes, 0, &between, &e), 0);
    cr_assert_eq(between.n, 2 * (PATIENTS - 1));
    cr_assert_float_eq(between.low, 30.0, 1e-12);
    cr_assert_float_eq(between.high, 60.0, 1e-12);
    cr_assert_eq(between.units, PATIENTS - 1);
}

/* Student's t would begin below 0: 2/9 -+ 2.306 * 0.2222. */
Test(outcomes, days_that_cannot_be_negative_have_an_interval_that_is_not)
{
    comparison_estimate_t q[OUTCOMES_COUNT];
    error_t e = {0};
    cr_assert_eq(comparison_arm(&outcomes, 0, q, &e), 0, "%s", e.text);
    cr_assert_float_eq(q[OUTCOMES_DRY_DAYS].spread.mean, 2.0 / 9.0, 1e-12);
    cr_assert_lt(q[OUTCOMES_DRY_DAYS].spread.mean_ci.low, 0.0);
    cr_assert_gt(q[OUTCOMES_DRY_DAYS].ci.low, 0.0);
    cr_assert_lt(q[OUTCOMES_DRY_DAYS].ci.high, 2.0);
    cr_assert_gt(q[OUTCOMES_DRY_DAYS].ci.high, 0.5);
}

/* The differences at the start are 10.2 to 11.0 in steps of 0.1: mean 10.6, sd 0.27386, t(0.975; 8) = 2.30600. */
Test(outcomes, arms_are_paired_by_patient)
{
    comparison_pair_t p[OUTCOMES_COUNT];
    error_t e = {0};
    cr_assert_eq(comparison_pairs(&outcomes, 0, &outcomes, 1, p, &e), 0, "%s", e.text);
    const comparison_pair_t *start = &p[OUTCOMES_DOSE_START], *three = &p[OUTCOMES_DOSE_3M];
    const double half = 2.306004135204166 * sqrt(0.075) / 3.0;
    cr_assert_eq(start->n, PATIENTS - 1);
    cr_assert_float_eq(start->difference, 10.6, 1e-12);
    cr_assert_float_eq(start->ci.low, 10.6 - half, 1e-9);
    cr_assert_float_eq(start->ci.high, 10.6 + half, 1e-9);
    cr_assert(isnan(start->correlation), "the first arm does not vary");
    cr_assert_float_eq(three->correlation, 1.0, 1e-12);
    cr_assert_float_eq(three->first, 156.0, 1e-12);
    cr_assert_float_eq(three->second, 166.6, 1e-12);
    cr_assert_float_eq(p[OUTCOMES_LEAST_FOUND].difference, 1.0, 1e-12);
}

Test(outcomes, a_value_missing_on_one_side_is_no_pair)
{
    comparison_pair_t p[OUTCOMES_COUNT];
    error_t e = {0};
    outcomes.value[OUTCOMES_DOSE_START][2 * 6] = (double)NAN;
    cr_assert_eq(comparison_pairs(&outcomes, 0, &outcomes, 1, p, &e), 0, "%s", e.text);
    cr_assert_eq(p[OUTCOMES_DOSE_START].n, PATIENTS - 2);
}

Test(outcomes, people_missing_from_one_dataset_are_left_out)
{
    comparison_pair_t p[OUTCOMES_COUNT];
    error_t e = {0};
    outcomes_t fewer = outcomes;
    fewer.records = 2 * 5;
    cr_assert_eq(comparison_pairs(&outcomes, 0, &fewer, 1, p, &e), 0, "%s", e.text);
    cr_assert_eq(p[OUTCOMES_MISSED].n, 4, "patients 2 to 5");
    cr_assert_eq(comparison_pairs(&fewer, 0, &outcomes, 1, p, &e), 0, "%s", e.text);
    cr_assert_eq(p[OUTCOMES_MISSED].n, 4, "patients 2 to 5");
}

Test(outcomes, other_people_are_refused_by_name)
{
    const struct {
        provenance_t p;
        const char *words;
    } row[] = {
        {{.seed = 8, .patients = PATIENTS, .arms = two_arms.arms, .drugs = two_arms.drugs},
         "seeds 9 and 8"},
        {{.seed = 9, .patients = 4, .arms = two_arms.arms, .drugs = two_arms.drugs},
         "10 and 4 patients"},
        {{.seed = 9, .patients = PATIENTS, .arms = {1, {"near"}}, .drugs = two_arms.drugs},
         "2 and 1 arms"},
        {{.seed = 9, .patients = PATIENTS, .arms = two_arms.arms, .drugs = {1, {"morphine"}}},
         "baclofen and morphine"},
    };
    error_t e = {0};
    cr_assert_eq(comparison_check(&two_arms, &two_arms, &e), 0);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        cr_assert_eq(comparison_check(&two_arms, &row[i].p, &e), ERROR_ARGUMENT);
        cr_assert_not_null(strstr(e.text, row[i].words), "no \"%s\" in: %s", row[i].words, e.text);
    }
}

static char *text_of(const outcomes_t *other)
{
    static const char *const name[2] = {"a.h5", "b.h5"};
    table_notes_t notes = {{NULL}, 0};
    char *text = NULL;
    size_t size = 0;
    error_t e = {0};
    FILE *out = open_memstream(&text, &size);
    int rc = 0;
    for (int32_t arm = 0; other == NULL && arm < 2 && rc == 0; arm++) {
        rc = outcomes_text_arm(&outcomes, arm, &notes, out, &e);
    }
    rc = rc != 0         ? rc
         : other == NULL ? outcomes_text_pairs(&outcomes, out, &e)
                         : outcomes_text_compare(&outcomes, other, name, out, &e);
    cr_assert_eq(rc, 0, "%s", e.text);
    (void)fclose(out);
    return text;
}

static void expect_words(char *text, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        cr_assert_not_null(strstr(text, words[i]), "no \"%s\" in:\n%s", words[i], text);
    }
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        cr_assert_leq(strlen(line), 100, "%zu columns: %s", strlen(line), line);
    }
    free(text);
}

Test(outcomes, the_text_stands_beside_what_was_published)
{
    static const char *const words[] = {"in arm near",
                                        "in arm far",
                                        "88 of 93 (95 % CI 0.880-0.977) by 50-100 ug [1]",
                                        "mean 83.2 (range 25-200) [2]",
                                        "mean 270",
                                        "mean 350",
                                        "10 patients, 9 with a pump",
                                        "all 18 times between refills of 9 patients",
                                        "median 45.00 days, from 30.00 to 60.00",
                                        "empirical likelihood",
                                        "Arm far (second) less arm near (first)",
                                        "corr.",
                                        "Student's t",
                                        NULL};
    expect_words(text_of(NULL), words);
}

Test(outcomes, two_datasets_are_compared_arm_by_arm)
{
    static const char *const words[] = {"first       a.h5", "Arm near of the second", "Arm far of",
                                        "imulated", NULL};
    expect_words(text_of(&outcomes), words);
}

Test(outcomes, the_json_has_the_same_numbers)
{
    json_t *root = NULL;
    json_error_t error;
    error_t e = {0};
    double mean = 0.0, difference = 0.0;
    const char *arm = NULL;
    cr_assert_eq(outcomes_json(&outcomes, &root, &e), 0, "%s", e.text);
    cr_assert_eq(json_unpack_ex(json_array_get(json_object_get(root, "arms"), 0), &error, 0,
                                "{s:s,s:{s:F}}", "arm", &arm, "responded", "mean", &mean),
                 0, "%s", error.text);
    cr_assert_str_eq(arm, "near");
    cr_assert_float_eq(mean, 0.9, 1e-15);
    cr_assert_eq(json_unpack_ex(json_array_get(json_object_get(root, "paired"), 0), &error, 0,
                                "{s:{s:F}}", "dose_start_ug_per_day", "difference", &difference),
                 0, "%s", error.text);
    cr_assert_float_eq(difference, 10.6, 1e-12);
    json_decref(root);
}
