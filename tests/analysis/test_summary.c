/* SPDX-License-Identifier: Apache-2.0 */
/* The summary of a synthetic study whose numbers are known. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset/reader.h"
#include "summary/reference.h"
#include "small.h"
#include "statistics/spread.h"
#include "summary/summary.h"
#include "summary/summary_json.h"
#include "summary/summary_text.h"

#define N 21
#define WITHOUT_PUMP 1
#define DAY_MS INT64_C(86400000)

typedef struct study_t {
    reader_t *reader;
    outcomes_t outcomes;
    summary_t summary;
    const summary_arm_t *arm; /* the only one */
} study_t;

/* In the second arm lumbar levels are 1000 higher. */
static void put_patient(record_t *r, int64_t patient, int32_t arm)
{
    record_row(r, TABLE_PATIENTS);
    record_put_i64(r, FIELD_PATIENTS_PATIENT, patient);
    record_put_i64(r, FIELD_PATIENTS_ARM, arm);
    record_put_f64(r, FIELD_PATIENTS_LUMBAR_NG_PER_ML, 100.0 * (double)patient + 1000.0 * arm);
    record_put_f64(r, FIELD_PATIENTS_CISTERNAL_NG_PER_ML, 25.0 * (double)patient);
    record_put_f64(r, FIELD_PATIENTS_PLASMA_NG_PER_ML, patient == 1 ? (double)NAN : 2.0);
    record_put_f64(r, FIELD_PATIENTS_ASHWORTH_BEFORE, 4.0);
    record_put_f64(r, FIELD_PATIENTS_ASHWORTH_AFTER, patient % 2 == 0 ? 1.0 : 2.0);
    record_put_f64(r, FIELD_PATIENTS_VOLUME_COMMANDED_ML, 50.0);
    record_put_f64(r, FIELD_PATIENTS_VOLUME_DELIVERED_ML, 49.0 + 0.1 * (double)(patient - 1));
    record_put_i64(r, FIELD_PATIENTS_STOP_REASON,
                   patient == N ? FIELDS_STOP_DEATH : FIELDS_STOP_HORIZON);
    record_put_i64(r, FIELD_PATIENTS_STOP_TIME_MS, 90 * DAY_MS);
    record_put_i64(r, FIELD_PATIENTS_PULSES_COMMANDED, 1000);
    record_put_i64(r, FIELD_PATIENTS_DRAW_ATTEMPTS, patient == 1 ? 5 : 1);
    record_put_f64(r, FIELD_PATIENTS_WORST_LEDGER_ERROR, 1e-15 * (double)patient);
    small_rest(r, TABLE_PATIENTS);
}

static void put_ledger(record_t *r, int64_t patient, int drug)
{
    record_row(r, TABLE_LEDGER);
    record_put_i64(r, FIELD_LEDGER_DRUG, drug);
    record_put_f64(r, FIELD_LEDGER_FROM_VIALS_UG, 10000.0);
    record_put_f64(r, FIELD_LEDGER_RESERVOIR_UG, 2500.0);
    record_put_f64(r, FIELD_LEDGER_ELIMINATED_UG, 7500.0);
    record_put_f64(r, FIELD_LEDGER_CLOSURE_ERROR, patient == 3 ? 4e-12 : 1e-13);
    small_rest(r, TABLE_LEDGER);
}

static void put_refill(record_t *r, int k)
{
    record_row(r, TABLE_REFILLS);
    record_put_i64(r, FIELD_REFILLS_TIME_MS, 28 * k * DAY_MS);
    record_put_f64(r, FIELD_REFILLS_WITHDRAWN_ML, 3.0);
    record_put_f64(r, FIELD_REFILLS_EXPECTED_ML, 2.5);
    record_put_f64(r, FIELD_REFILLS_FILLED_ML, 20.0);
    record_put_f64(r, FIELD_REFILLS_COMMANDED_SINCE_ML, 16.0);
    record_put_f64(r, FIELD_REFILLS_DELIVERED_SINCE_ML, 15.2);
    small_rest(r, TABLE_REFILLS);
}

/* Of two arms, patient WITHOUT_PUMP has none: its levels would be the lowest. */
static void put_outcomes(record_t *r, int64_t patient, int32_t arm, int arms)
{
    record_row(r, TABLE_OUTCOMES);
    record_put_i64(r, FIELD_OUTCOMES_PATIENT, patient);
    record_put_i64(r, FIELD_OUTCOMES_ARM, arm);
    record_put_f64(r, FIELD_OUTCOMES_IMPLANTED, arms > 1 && patient == WITHOUT_PUMP ? 0.0 : 1.0);
    small_rest(r, TABLE_OUTCOMES);
}

static void put_all(record_t *r, record_key_t key, int arms)
{
    put_patient(r, key.patient, key.arm);
    put_outcomes(r, key.patient, key.arm, arms);
    put_ledger(r, key.patient, 0);
    put_ledger(r, key.patient, 1);
    for (int k = 1; k <= (key.patient == 1 ? 2 : 3); k++) {
        put_refill(r, k);
    }
}

static void begin_arms(study_t *s, const char *drug, int arms)
{
    const provenance_t p = {.study = "known",
                            .title = "Known numbers",
                            .program = "thecasim",
                            .version = "0.0.1",
                            .core_id = "core-1",
                            .seed = UINT64_MAX,
                            .patients = N,
                            .horizon_ms = 90 * DAY_MS,
                            .arms = {(size_t)arms, {"all", "other"}},
                            .drugs = {1, {drug}}};
    error_t e = {0};
    s->reader = small_written(&p, 0, put_all);
    cr_assert_eq(outcomes_read(&s->outcomes, s->reader, &e), 0, "%s", e.text);
    cr_assert_eq(summary_compute(&s->summary, &s->outcomes, s->reader, &e), 0, "%s", e.text);
    s->arm = s->summary.arm;
}

static void begin(study_t *s, const char *drug)
{
    begin_arms(s, drug, 1);
}

static void end(study_t *s)
{
    summary_free(&s->summary);
    outcomes_free(&s->outcomes);
    reader_close(&s->reader);
}

static char *printed(const summary_t *s, int (*print)(const summary_t *, FILE *, error_t *))
{
    char *text = NULL;
    size_t size = 0;
    error_t e = {0};
    FILE *out = open_memstream(&text, &size);
    cr_assert_eq(print(s, out, &e), 0, "%s", e.text);
    (void)fclose(out);
    return text;
}

static void expect_near(const char *what, double value, double expected)
{
    cr_assert(fabs(value - expected) <= 1e-9 * fabs(expected), "%s is %.12g, expected %.12g", what,
              value, expected);
}

Test(spread, of_a_known_sample)
{
    double values[] = {5.0, 1.0, (double)NAN, 3.0, 2.0, 4.0};
    const spread_t s = spread_of(values, 6);
    cr_assert_eq(s.n, 5);
    expect_near("mean", s.mean, 3.0);
    expect_near("sd", s.sd, sqrt(2.5));
    expect_near("median", s.median, 3.0);
    expect_near("5 %", s.p5, 1.2);
    expect_near("95 %", s.p95, 4.8);
    expect_near("lowest", s.low, 1.0);
    expect_near("highest", s.high, 5.0);
}

/* Two patients of two values each, and one of one: sums of deviations from the mean 3 are -3, 2 and 1; the t quantile
 * of 2 degrees of freedom is 4.30265. */
Test(spread, of_a_patient_s_many_values_takes_the_patient_as_the_unit)
{
    double values[] = {1.0, 2.0, (double)NAN, 4.0, 4.0, 4.0};
    const size_t unit[] = {0, 0, 0, 3, 3, 8};
    const spread_t s = spread_clustered(values, unit, 6);
    const double half = 4.302652729911275 * sqrt(3.0 / 2.0 * (9.0 + 4.0 + 1.0)) / 5.0;
    cr_assert_eq(s.n, 5);
    cr_assert_eq(s.units, 3);
    expect_near("mean", s.mean, 3.0);
    expect_near("low", s.mean_ci.low, 3.0 - half);
    expect_near("high", s.mean_ci.high, 3.0 + half);
    cr_assert(isnan(s.median_ci.low));
}

Test(spread, of_nothing_is_not_a_number)
{
    double values[] = {(double)NAN};
    const spread_t s = spread_of(values, 1);
    cr_assert_eq(s.n, 0);
    cr_assert(isnan(s.mean) && isnan(s.sd) && isnan(s.median) && isnan(s.low));
}

Test(summary, concentrations_are_the_known_quantiles)
{
    study_t s;
    begin(&s, "baclofen");
    expect_near("median lumbar", s.arm->quantity[REFERENCE_LUMBAR].median, 1100.0);
    expect_near("5 % lumbar", s.arm->quantity[REFERENCE_LUMBAR].p5, 200.0);
    expect_near("95 % lumbar", s.arm->quantity[REFERENCE_LUMBAR].p95, 2000.0);
    expect_near("ratio", s.arm->quantity[REFERENCE_RATIO].median, 4.0);
    cr_assert_eq(s.arm->quantity[REFERENCE_PLASMA].n, N - 1);
    end(&s);
}

Test(summary, scores_and_volumes_are_the_known_means)
{
    study_t s;
    begin(&s, "baclofen");
    expect_near("before", s.arm->quantity[REFERENCE_ASHWORTH_BEFORE].mean, 4.0);
    expect_near("after", s.arm->quantity[REFERENCE_ASHWORTH_AFTER].mean, 32.0 / 21.0);
    expect_near("run", s.arm->quantity[REFERENCE_VOLUME_RUN].mean, 1.0);
    expect_near("refill", s.arm->quantity[REFERENCE_VOLUME_REFILL].mean, 0.95);
    cr_assert_eq(s.summary.pulses_commanded, 1000 * N);
    expect_near("days", s.summary.patient_days, 90.0 * N);
    end(&s);
}

Test(summary, the_ledger_is_summed_by_drug_with_the_worst_error)
{
    study_t s;
    begin(&s, "baclofen");
    cr_assert_eq(s.summary.drugs, 2);
    for (size_t d = 0; d < 2; d++) {
        const summary_ledger_t *ledger = &s.summary.ledger[d];
        cr_assert_eq(ledger->records, N);
        expect_near("vials", ledger->from_vials_ug, 10000.0 * N);
        expect_near("reservoir", ledger->place_ug[0], 2500.0 * N);
        expect_near("eliminated",
                    ledger->place_ug[FIELD_LEDGER_ELIMINATED_UG - FIELD_LEDGER_RESERVOIR_UG],
                    7500.0 * N);
        expect_near("worst", ledger->worst_closure_error, 4e-12);
    }
    expect_near("worst of all", s.summary.worst_ledger_error, 1e-15 * N);
    end(&s);
}

/* A patient of two arms is not two patients, and who has no pump is in no table of one. */
Test(summary, each_arm_is_described_by_its_own_patients_with_a_pump)
{
    study_t s;
    begin_arms(&s, "baclofen", 2);
    cr_assert_eq(s.summary.arms, 2);
    for (int arm = 0; arm < 2; arm++) {
        const summary_arm_t *a = &s.summary.arm[arm];
        cr_assert_eq(a->patients, N);
        cr_assert_eq(a->with_pump, N - 1);
        cr_assert_eq(a->quantity[REFERENCE_LUMBAR].n, N - 1);
        expect_near("median lumbar", a->quantity[REFERENCE_LUMBAR].median, 1150.0 + 1000.0 * arm);
        cr_assert_eq(a->refills, 3 * N - 1);
        cr_assert_eq(a->refill[2].records, N - 1);
    }
    expect_near("vials, all records", s.summary.ledger[0].from_vials_ug, 2 * 10000.0 * N);
    char *text = printed(&s.summary, summary_text_print);
    cr_assert_not_null(strstr(text, "at the end, arm other: 20 patients with a pump"), "%s", text);
    cr_assert_not_null(strstr(text, "62 refills of 21 patients"), "%s", text);
    cr_assert_not_null(strstr(text, "Ledger of baclofen, all 42 records"), "%s", text);
    free(text);
    end(&s);
}

Test(summary, refills_are_averaged_by_their_number)
{
    study_t s;
    begin(&s, "baclofen");
    cr_assert_eq(s.arm->refills, 3 * N - 1);
    cr_assert_eq(s.arm->refill_rows, 3);
    cr_assert_eq(s.arm->refill[2].records, N - 1);
    expect_near("day", s.arm->refill[2].day, 84.0);
    expect_near("difference", s.arm->refill[0].found_minus_expected_ml, 0.5);
    end(&s);
}

Test(summary, the_ends_are_counted_by_reason)
{
    study_t s;
    begin(&s, "baclofen");
    cr_assert_eq(s.summary.stopped[FIELDS_STOP_HORIZON], N - 1);
    cr_assert_eq(s.summary.stopped[FIELDS_STOP_DEATH], 1);
    end(&s);
}

/* 21 plausible people of 25 drawn. */
Test(summary, the_text_tells_how_many_people_drawn_were_plausible)
{
    study_t s;
    begin(&s, "baclofen");
    cr_assert_eq(s.summary.draw_attempts, N + 4);
    char *text = printed(&s.summary, summary_text_print);
    cr_assert_not_null(strstr(text, "plausible   84 % of the people drawn"), "%s", text);
    free(text);
    end(&s);
}

/* A record without a pump has no core that could say. */
Test(summary, the_text_has_a_dash_for_a_mass_that_is_not_known)
{
    study_t s;
    begin(&s, "baclofen");
    s.summary.ledger[0].believed_given_ug = (double)NAN;
    char *text = printed(&s.summary, summary_text_print);
    cr_assert_not_null(strstr(text, "given, the core says                -          -\n"), "%s",
                       text);
    cr_assert_null(strstr(text, "nan"), "%s", text);
    free(text);
    end(&s);
}

Test(summary, published_values_of_baclofen_stand_only_beside_baclofen)
{
    study_t s;
    begin(&s, "morphine");
    char *text = printed(&s.summary, summary_text_print);
    cr_assert_null(strstr(text, "Lioresal"), "%s", text);
    cr_assert_null(strstr(text, "Coffey"), "%s", text);
    cr_assert_not_null(strstr(text, "Neuromodulation 2023"), "%s", text);
    free(text);
    end(&s);
}

Test(summary, the_text_says_what_it_must_in_lines_of_100)
{
    static const char *const words[] = {"Not from patients",
                                        "130-1240 at 50-1200 ug/day [5]",
                                        "[6] Albright 2007",
                                        "Coffey 1993",
                                        "1100",
                                        "horizon 20, death 1",
                                        "4.00e-12",
                                        "seed 18446744073709551615",
                                        "0.9500"};
    study_t s;
    begin(&s, "baclofen");
    char *text = printed(&s.summary, summary_text_print);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        cr_assert_not_null(strstr(text, words[i]), "no \"%s\" in:\n%s", words[i], text);
    }
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        cr_assert_leq(strlen(line), 100, "%zu columns: %s", strlen(line), line);
    }
    free(text);
    end(&s);
}

Test(summary, the_json_is_json_with_the_same_numbers)
{
    study_t s;
    json_error_t error;
    double median = 0.0;
    const char *seed = NULL;
    const char *source = NULL;
    begin(&s, "baclofen");
    char *text = printed(&s.summary, summary_json_print);
    json_t *root = json_loads(text, 0, &error);
    cr_assert_not_null(root, "line %d: %s", error.line, error.text);
    cr_assert_eq(json_unpack_ex(root, &error, 0, "{s:[{s:{s:F,s:{s:s}}}],s:{s:s}}", "arms",
                                "lumbar_ng_per_ml", "median", &median, "published", "source",
                                &source, "study", "seed", &seed),
                 0, "%s", error.text);
    expect_near("median lumbar", median, 1100.0);
    cr_assert_str_eq(seed, "18446744073709551615");
    cr_assert_not_null(strstr(source, "Lioresal"));
    json_decref(root);
    free(text);
    end(&s);
}

Test(summary, a_full_disk_is_an_error)
{
    study_t s;
    error_t e = {0};
    begin(&s, "baclofen");
    FILE *full = fopen("/dev/full", "w");
    if (full == NULL) {
        end(&s);
        cr_skip("no /dev/full here");
    }
    cr_assert_eq(summary_text_print(&s.summary, full, &e), ERROR_FILE_WRITE);
    (void)fclose(full);
    end(&s);
}
