/* SPDX-License-Identifier: Apache-2.0 */
/* A history from the dataset to the page: a synthetic study whose numbers are known. */
#include "summary/history.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "small.h"
#include "summary/history_json.h"
#include "summary/history_text.h"
#include "summary/spark.h"

/* Of each patient p of 40, 365 days: a lumbar level of 10 p, inside the published 130 to 1240 from patient 13 on; a score of
 * 4 before and 2 at the end and on every day from 73 on; the dose 25 p; a tone on day p, the second on day p + 1. */
#define PATIENTS 40

static void put_person(record_t *r, record_key_t key)
{
    record_row(r, TABLE_PATIENTS);
    record_put_i64(r, FIELD_PATIENTS_PATIENT, key.patient);
    record_put_i64(r, FIELD_PATIENTS_ARM, key.arm);
    record_put_f64(r, FIELD_PATIENTS_ASHWORTH_BEFORE_LATENT, 4.0);
    record_put_f64(r, FIELD_PATIENTS_ASHWORTH_AFTER_LATENT, 4.0 - 0.01 * (double)key.patient);
    record_put_i64(r, FIELD_PATIENTS_STOP_TIME_MS, 365 * SMALL_DAY_MS);
    small_rest(r, TABLE_PATIENTS);
    record_row(r, TABLE_OUTCOMES);
    record_put_f64(r, FIELD_OUTCOMES_DOSE_END, 25.0 * (double)key.patient);
    small_rest(r, TABLE_OUTCOMES);
    record_row(r, TABLE_PUMPS);
    record_put_i64(r, FIELD_PUMPS_END, FIELDS_REASON_HORIZON);
    small_rest(r, TABLE_PUMPS);
}

static void put_all(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    put_person(r, key);
    for (int i = 0; i < 2; i++) {
        record_row(r, TABLE_EVENTS);
        record_put_i64(r, FIELD_EVENTS_TIME_MS, (key.patient + i) * SMALL_DAY_MS);
        record_put_i64(r, FIELD_EVENTS_KIND, FIELDS_EVENT_TONE);
        record_put_i64(r, FIELD_EVENTS_REASON, FIELDS_REASON_CORE);
        small_rest(r, TABLE_EVENTS);
    }
    for (int day = 0; day < 365; day++) {
        record_row(r, TABLE_DAILY);
        record_put_i64(r, FIELD_DAILY_DAY, day);
        record_put_f64(r, FIELD_DAILY_LUMBAR_NG_PER_ML, 10.0 * (double)key.patient);
        record_put_f64(r, FIELD_DAILY_ASHWORTH_LATENT, day < 73 ? 4.0 : 2.0);
        record_put_f64(r, FIELD_DAILY_DOSE_UG, 25.0 * (double)key.patient);
        small_rest(r, TABLE_DAILY);
    }
}

static void begin(history_t *h)
{
    error_t e = {0};
    reader_t *reader = small_dataset(PATIENTS, 1, 0, put_all);
    cr_assert_eq(history_compute(h, reader, &e), 0, "%s", e.text);
    reader_close(&reader);
}

static char *text_of(const history_t *h)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    history_text_arm(h, 0, "first", out);
    (void)fclose(out);
    return text;
}

static void expect_line(const char *text, const char *line)
{
    cr_expect_not_null(strstr(text, line), "no line '%s' in\n%s", line, text);
}

Test(history, tells_the_known_numbers_in_words)
{
    history_t h;
    begin(&h);
    char *text = text_of(&h);
    expect_line(text, "Lumbar CSF over time, ng/mL, arm first");
    expect_line(
        text,
        "    364     40     29.50     107.5     205.0     302.5     380.5     140.0     270.0");
    expect_line(text,
                "latent Ashworth at least 1 below before         40   0.8000        -        -");
    expect_line(text, "lumbar CSF within the published levels          40   0.7000");
    expect_line(text, "rank correlation 1.000, 95 % CI - to -");
    /* 80 in 40 x 365/365.25 years, all patients alike. */
    expect_line(
        text,
        "tone of the pump               40        80      2.001      2.001      2.001  patients");
    expect_line(text, "happened to nobody: 95 % CI of each from 0 to 0.0923");
    expect_line(text, "estimand: the share of all to whom it has happened");
    expect_line(text, "  tone of the pump               1.000     1.000");
    cr_expect_null(strstr(text, "death  "));
    free(text);
    history_free(&h);
}

Test(history, gives_programs_the_same_numbers)
{
    history_t h;
    int failed = 0;
    begin(&h);
    json_t *root = json_object(), *estimands = history_json_estimands(&failed);
    history_json_add(root, &h, 0, &failed);
    cr_assert_eq(failed, 0);
    const json_t *last =
        json_array_get(json_object_get(json_object_get(root, "bands"), "dose_ug"), 40);
    cr_expect_float_eq(json_number_value(json_object_get(last, "p50")), 512.5, 1e-9);
    cr_expect_float_eq(json_number_value(json_object_get(last, "p50_95_low")), 350.0, 1e-9);
    cr_expect(json_is_null(json_object_get(last, "p5_95_low")));
    const json_t *tone = json_object_get(json_object_get(root, "occurrences"), "tone");
    cr_expect_eq(json_integer_value(json_object_get(tone, "events")), 80);
    cr_expect_str_eq(json_string_value(json_object_get(tone, "interval")), "clustered_by_patient");
    /* Day 365/28 k: 13 of 40 by day 13.04. */
    const json_t *first = json_array_get(json_object_get(tone, "first"), 1);
    cr_expect_float_eq(json_number_value(json_object_get(first, "share")), 13.0 / 40.0, 1e-12);
    const json_t *target = json_array_get(json_object_get(root, "time_in_target"), 0);
    cr_expect_float_eq(json_number_value(json_object_get(target, "mean_share")), 0.8, 1e-12);
    cr_expect_eq(json_array_size(json_object_get(json_object_get(root, "dose_effect"), "groups")),
                 5);
    cr_expect_gt(json_object_size(estimands), 4);
    json_decref(root);
    json_decref(estimands);
    history_free(&h);
}

static char *spark_of(const double *value, size_t n)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    spark_print("it ", value, n, out);
    (void)fclose(out);
    return text;
}

Test(spark, runs_from_the_lowest_block_to_the_highest)
{
    static const double value[] = {0.0, 1.0, (double)NAN, 7.0, 8.0}, one[] = {1.0};
    char *text = spark_of(value, 5), *none = spark_of(one, 1);
    cr_expect_str_eq(text, "it \u2581\u2582 \u2588\u2588 0 to 8.000\n");
    cr_expect_str_eq(none, "");
    free(text);
    free(none);
}
