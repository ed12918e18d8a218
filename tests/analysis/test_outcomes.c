/* SPDX-License-Identifier: Apache-2.0 */
/* Outcomes, arms and pairs of a synthetic study whose numbers are known. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "comparison.h"
#include "dataset/writer.h"
#include "outcomes.h"
#include "outcomes_json.h"
#include "outcomes_text.h"

#define DAY_MS INT64_C(86400000)
#define PATIENTS 10
#define YEARS_2 (730 * DAY_MS)

/* Which of the fields of a row were set: the rest get a value that matters to nobody. */
static void put_rest(record_t *r, enum fields_table table)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        const enum fields_id field = (enum fields_id)i;
        if (fields_get(field)->table != table ||
            (r->table[table].set >> (i - r->layout.first[table]) & 1u) != 0) {
            continue;
        }
        if (fields_is_real(fields_get(field)->type)) {
            record_put_f64(r, field, 1.0);
        } else {
            record_put_i64(r, field, 0);
        }
    }
}

static void event(record_t *r, int64_t day, int kind, int reason, double value2)
{
    record_row(r, TABLE_EVENTS);
    record_put_i64(r, FIELD_EVENTS_TIME_MS, day * DAY_MS);
    record_put_i64(r, FIELD_EVENTS_KIND, kind);
    record_put_i64(r, FIELD_EVENTS_REASON, reason);
    record_put_f64(r, FIELD_EVENTS_VALUE, 0.0);
    record_put_f64(r, FIELD_EVENTS_VALUE2, value2);
}

static void dose(record_t *r, int64_t day, double ug_per_day)
{
    event(r, day, FIELDS_EVENT_PROGRAMME, FIELDS_REASON_PROTOCOL, ug_per_day);
}

static void refill(record_t *r, int64_t day, double found_ml)
{
    record_row(r, TABLE_REFILLS);
    record_put_i64(r, FIELD_REFILLS_TIME_MS, day * DAY_MS);
    record_put_f64(r, FIELD_REFILLS_WITHDRAWN_ML, found_ml);
    put_rest(r, TABLE_REFILLS);
}

/* Patient 1 never responds. Patient 2 does at the second bolus, all others at the first. From patient 3 on the dose rises
 * after month 12, in patient 3 by 200 a year; in arm 1 all doses are 10 + patient / 10 higher, and a visit is missed. */
static void screen(record_t *r, int64_t patient)
{
    const int tries = patient == 1 ? 3 : patient == 2 ? 2 : 1;
    for (int i = 1; i <= tries; i++) {
        event(r, i, FIELDS_EVENT_SCREENING_BOLUS, FIELDS_REASON_PROTOCOL, 1.0);
        event(r, i, FIELDS_EVENT_SCREENING_RESPONSE,
              i == tries && patient != 1 ? FIELDS_REASON_RESPONDED : FIELDS_REASON_NOT_RESPONDED,
              0.0);
    }
}

static void live(record_t *r, int64_t patient, int32_t arm)
{
    const double more = arm == 1 ? 10.0 + 0.1 * (double)patient : 0.0;
    screen(r, patient);
    if (patient > 1) {
        event(r, 10, FIELDS_EVENT_IMPLANT, FIELDS_REASON_RESPONDED, 0.0);
        dose(r, 10, 0.0);
        dose(r, 11, 100.0 + more);
        dose(r, 60, 150.0 + (double)patient + more);
        dose(r, 300, 250.0 + more);
        dose(r, 400, patient == 3 ? 450.0 + more : 300.0 + more);
        refill(r, 40, 4.0);
        refill(r, 100, 2.0 + (arm == 1 ? 1.0 : 0.0));
    }
    for (int32_t day = 1; day <= 700; day++) {
        record_row(r, TABLE_DAILY);
        record_put_i64(r, FIELD_DAILY_DAY, day);
        /* No pump yet; patient 5 is dry on two days, one of them beyond a block of reading. */
        record_put_f64(r, FIELD_DAILY_RESERVOIR_ML,
                       day <= 10                                   ? (double)NAN
                       : patient == 5 && (day == 90 || day == 600) ? 0.0
                                                                   : 5.0);
        put_rest(r, TABLE_DAILY);
    }
    if (arm == 1) {
        event(r, 600, FIELDS_EVENT_VISIT, FIELDS_REASON_MISSED, 0.0);
    }
}

static void append(writer_t *w, record_t *r, record_key_t key)
{
    error_t e = {0};
    size_t size = 0;
    record_view_t view;
    record_reset(r, key);
    record_row(r, TABLE_PATIENTS);
    record_put_i64(r, FIELD_PATIENTS_PATIENT, key.patient);
    record_put_i64(r, FIELD_PATIENTS_ARM, key.arm);
    /* Patient 4 leaves after ten months. */
    record_put_i64(r, FIELD_PATIENTS_STOP_TIME_MS, key.patient == 4 ? 300 * DAY_MS : YEARS_2);
    record_put_f64(r, FIELD_PATIENTS_ASHWORTH_BEFORE, 4.0);
    record_put_f64(r, FIELD_PATIENTS_ASHWORTH_AFTER, key.patient == 6 ? (double)NAN : 2.0);
    put_rest(r, TABLE_PATIENTS);
    live(r, key.patient, key.arm);
    cr_assert_eq(record_finish(r, &e), 0, "%s", e.text);
    const uint8_t *frame = record_frame(r, &size);
    cr_assert_eq(record_parse(frame, size, &r->layout, &view, &e), 0, "%s", e.text);
    cr_assert_eq(writer_append(w, &view, &e), 0, "%s", e.text);
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
    char folder[] = "/tmp/thecasim-test-XXXXXX", path[64];
    writer_t *w = NULL;
    error_t e = {0};
    record_t r;
    record_init(&r);
    cr_assert_not_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/a.h5", folder);
    cr_assert_eq(writer_create(&w, path, &two_arms, &(writer_options_t){0, 0}, &e), 0, "%s",
                 e.text);
    for (int64_t patient = 1; patient <= PATIENTS; patient++) {
        for (int32_t arm = 0; arm < 2; arm++) {
            append(w, &r, (record_key_t){patient, arm, 0});
        }
    }
    cr_assert_eq(writer_commit(&w, &e), 0, "%s", e.text);
    record_free(&r);
    cr_assert_eq(reader_open(&reader, path, &e), 0, "%s", e.text);
    cr_assert_eq(outcomes_read(&outcomes, reader, &e), 0, "%s", e.text);
    (void)unlink(path);
    (void)rmdir(folder);
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
              "%s of patient %lld is %.12g, expected %.12g", outcomes_row(outcome)->label,
              (long long)patient, got, expected);
}

Test(outcomes, screening_is_told_bolus_by_bolus)
{
    const double none = (double)NAN;
    expect(OUTCOMES_RESPONDED, 1, 0.0);
    expect(OUTCOMES_RESPONDED_3, 1, 0.0);
    expect(OUTCOMES_IMPLANTED, 1, 0.0);
    expect(OUTCOMES_RESPONDED, 2, 1.0);
    expect(OUTCOMES_RESPONDED_1, 2, 0.0);
    expect(OUTCOMES_RESPONDED_2, 2, 1.0);
    expect(OUTCOMES_RESPONDED_3, 2, none);
    expect(OUTCOMES_RESPONDED_1, 3, 1.0);
    expect(OUTCOMES_IMPLANTED, 3, 1.0);
}

Test(outcomes, the_dose_of_a_month_is_the_one_programmed_then)
{
    const double none = (double)NAN;
    expect(OUTCOMES_DOSE_START, 5, 100.0);
    expect(OUTCOMES_DOSE_1M, 5, 100.0);
    expect(OUTCOMES_DOSE_3M, 5, 155.0);
    expect(OUTCOMES_DOSE_6M, 5, 155.0);
    expect(OUTCOMES_DOSE_12M, 5, 250.0);
    expect(OUTCOMES_DOSE_18M, 5, 300.0);
    expect(OUTCOMES_DOSE_END, 5, 300.0);
    expect(OUTCOMES_DOSE_6M, 4, 154.0);
    expect(OUTCOMES_DOSE_12M, 4, none);
    expect(OUTCOMES_DOSE_START, 1, none);
}

Test(outcomes, tolerant_is_who_rises_by_more_than_100_a_year)
{
    expect(OUTCOMES_TOLERANT, 3, 1.0);
    expect(OUTCOMES_TOLERANT, 5, 0.0);
    expect(OUTCOMES_TOLERANT, 4, (double)NAN);
}

Test(outcomes, refills_are_counted_from_the_implant)
{
    expect(OUTCOMES_REFILLS, 7, 2.0);
    expect(OUTCOMES_REFILL_INTERVAL, 7, 45.0);
    expect(OUTCOMES_LEAST_FOUND, 7, 2.0);
    expect(OUTCOMES_DISCARDED, 7, 6.0);
    expect(OUTCOMES_DRY, 5, 1.0);
    expect(OUTCOMES_DRY_DAYS, 5, 2.0);
    expect(OUTCOMES_DRY, 7, 0.0);
    expect(OUTCOMES_DRY, 1, (double)NAN);
    cr_assert_eq(outcomes.intervals, 2 * 2 * (PATIENTS - 1));
}

Test(outcomes, who_got_no_pump_has_no_outcome_of_one)
{
    expect(OUTCOMES_ASHWORTH_AFTER, 1, (double)NAN);
    expect(OUTCOMES_REFILLS, 1, (double)NAN);
    expect(OUTCOMES_ASHWORTH_CHANGE, 2, -2.0);
}

Test(outcomes, an_arm_is_estimated_from_its_own_patients)
{
    comparison_estimate_t q[OUTCOMES_COUNT];
    spread_t between;
    error_t e = {0};
    cr_assert_eq(comparison_arm(&outcomes, 1, q, &e), 0, "%s", e.text);
    cr_assert_eq(q[OUTCOMES_MISSED].spread.n, PATIENTS);
    cr_assert_float_eq(q[OUTCOMES_MISSED].spread.mean, 1.0, 0.0);
    cr_assert_eq(q[OUTCOMES_ASHWORTH_AFTER].spread.n, PATIENTS - 2);
    const interval_t share = interval_share(9, 10);
    cr_assert_float_eq(q[OUTCOMES_RESPONDED].ci.low, share.low, 1e-15);
    cr_assert_eq(comparison_intervals(&outcomes, 0, &between, &e), 0);
    cr_assert_eq(between.n, 2 * (PATIENTS - 1));
    cr_assert_float_eq(between.low, 30.0, 1e-12);
    cr_assert_float_eq(between.high, 60.0, 1e-12);
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
    cr_assert_eq(p[OUTCOMES_MISSED].n, 5);
    cr_assert_eq(comparison_pairs(&fewer, 0, &outcomes, 1, p, &e), 0, "%s", e.text);
    cr_assert_eq(p[OUTCOMES_MISSED].n, 5);
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
    const int rc = other == NULL ? outcomes_text_print(&outcomes, &notes, out, &e)
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
                                        "median 45.00 days, from 30.00 to 60.00",
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
