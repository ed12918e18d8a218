/* SPDX-License-Identifier: Apache-2.0 */
/* The lives of catheters, from events to the table that people read. */
#include "statistics/catheters.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "statistics/lives.h"
#include "summary/lives_text.h"
#include "tests/analysis/small.h"

#define YEAR_MS LIVES_MS_PER_YEAR

static void put_pump(record_t *r, double from)
{
    record_row(r, TABLE_PUMPS);
    record_put_i64(r, FIELD_PUMPS_IMPLANTED_MS, llround(from * YEAR_MS));
    record_put_i64(r, FIELD_PUMPS_END, FIELDS_REASON_HORIZON);
    small_rest(r, TABLE_PUMPS);
}

static void put_event(record_t *r, double year, int kind, int why, double number, double age)
{
    record_row(r, TABLE_EVENTS);
    record_put_i64(r, FIELD_EVENTS_TIME_MS, llround(year * YEAR_MS));
    record_put_i64(r, FIELD_EVENTS_KIND, kind);
    record_put_i64(r, FIELD_EVENTS_REASON, why);
    record_put_f64(r, FIELD_EVENTS_VALUE, number);
    record_put_f64(r, FIELD_EVENTS_VALUE2, age);
}

static void put_failed(record_t *r, double year, double number, double age, int why)
{
    put_event(r, year, FIELDS_EVENT_CATHETER_FAILED, why, number, age);
}

static void put_repaired(record_t *r, double year, double number)
{
    put_event(r, year, FIELDS_EVENT_CATHETER_REPAIRED, FIELDS_REASON_OCCLUSION, number, 0.0);
}

/* Each followed for 6 years, implanted after one. Of five patients:
 *   0  never had a pump
 *   1  closes at age 0.5, is replaced at once; the second breaks at its age of 2, is joined, and breaks again
 *   2  is replaced at age 3 without a failure; the second lasts
 *   3  closes at age 4, is mended without a new number, closes again
 *   4  lasts */
static void put(record_t *r, record_key_t key, int arms)
{
    const int which = (int)(key.patient % 5);
    (void)arms;
    record_row(r, TABLE_PATIENTS);
    record_put_i64(r, FIELD_PATIENTS_PATIENT, key.patient);
    record_put_i64(r, FIELD_PATIENTS_ARM, key.arm);
    record_put_i64(r, FIELD_PATIENTS_STOP_TIME_MS, llround(6.0 * YEAR_MS));
    small_rest(r, TABLE_PATIENTS);
    if (which == 0) {
        return;
    }
    put_pump(r, 1.0);
    if (which == 1) {
        put_failed(r, 1.5, 1.0, 0.5, FIELDS_REASON_OCCLUSION);
        put_repaired(r, 1.5, 2.0);
        put_failed(r, 3.5, 2.0, 2.0, FIELDS_REASON_FRACTURE);
        put_repaired(r, 3.5, 2.0);
        put_failed(r, 4.0, 2.0, 2.5, FIELDS_REASON_FRACTURE);
    } else if (which == 2) {
        put_repaired(r, 4.0, 2.0);
    } else if (which == 3) {
        put_failed(r, 5.0, 1.0, 4.0, FIELDS_REASON_OCCLUSION);
        put_repaired(r, 5.0, 1.0);
        put_failed(r, 5.5, 1.0, 4.5, FIELDS_REASON_OCCLUSION);
    }
}

typedef struct read_t {
    survival_life_t *life;
    size_t n;
} read_t;

static read_t lives(reader_t *reader, int32_t arm, enum catheters_which which)
{
    read_t got = {NULL, 0};
    error_t e = {0};
    cr_assert_eq(catheters_lives(reader, arm, which, &got.life, &got.n, &e), 0, "%s", e.text);
    return got;
}

static void expect_life(const survival_life_t *life, double years, int cause, int64_t whose)
{
    cr_expect_float_eq(life->time, years, 1e-9, "%g years", life->time);
    cr_expect_eq(life->cause, cause, "cause %d", life->cause);
    cr_expect_eq(life->whose, whose);
}

Test(catheters, last_from_when_they_are_put_in_to_their_first_failure)
{
    reader_t *reader = small_dataset(5, 1, 0, put);
    const read_t got = lives(reader, 0, CATHETERS_ALL);
    cr_assert_eq(got.n, 6);
    expect_life(&got.life[0], 0.5, FIELDS_REASON_OCCLUSION, 1);
    expect_life(&got.life[1], 2.0, FIELDS_REASON_FRACTURE, 1);
    expect_life(&got.life[2], 3.0, 0, 2);
    expect_life(&got.life[3], 2.0, 0, 2);
    expect_life(&got.life[4], 4.0, FIELDS_REASON_OCCLUSION, 3);
    expect_life(&got.life[5], 5.0, 0, 4);
    free(got.life);
    reader_close(&reader);
}

Test(catheters, of_a_patient_may_be_asked_for_the_first_alone)
{
    reader_t *reader = small_dataset(5, 1, 0, put);
    const read_t got = lives(reader, 0, CATHETERS_FIRST);
    cr_assert_eq(got.n, 4);
    expect_life(&got.life[0], 0.5, FIELDS_REASON_OCCLUSION, 1);
    expect_life(&got.life[1], 3.0, 0, 2);
    expect_life(&got.life[2], 4.0, FIELDS_REASON_OCCLUSION, 3);
    expect_life(&got.life[3], 5.0, 0, 4);
    free(got.life);
    reader_close(&reader);
}

Test(catheters, are_an_arms_own_or_all)
{
    reader_t *reader = small_dataset(10, 2, 0, put);
    const read_t one = lives(reader, 1, CATHETERS_ALL), all = lives(reader, -1, CATHETERS_ALL);
    cr_expect_eq(one.n, 12);
    cr_expect_eq(all.n, 24);
    free(one.life);
    free(all.life);
    reader_close(&reader);
}

/* At 0.5 one of six, at 2 one of five (another is cut off then), at 4 one of two: 5/6, 4/6, 1/3. */
static lives_t described(void)
{
    reader_t *reader = small_dataset(5, 1, 0, put);
    const read_t got = lives(reader, 0, CATHETERS_ALL);
    lives_t l;
    error_t e = {0};
    cr_assert_eq(lives_describe(&l, got.life, got.n, &e), 0, "%s", e.text);
    free(got.life);
    reader_close(&reader);
    return l;
}

Test(catheters, are_estimated_as_pumps_are)
{
    const lives_t l = described();
    cr_expect_eq(l.lives, 6);
    cr_expect_eq(l.ended, 3);
    cr_expect_float_eq(l.left[0].value, 5.0 / 6.0, 1e-12);
    cr_expect_float_eq(l.left[2].value, 4.0 / 6.0, 1e-12);
    cr_expect_float_eq(l.left[3].value, 1.0 / 3.0, 1e-12);
    cr_assert_eq(l.causes, 2);
    double of_all = 0.0;
    for (size_t i = 0; i < l.causes; i++) {
        of_all += l.cause[i].at[3].value;
    }
    cr_expect_float_eq(of_all, 2.0 / 3.0, 1e-12, "causes and survival add up to 1");
}

static char *printed(const lives_t *l)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    lives_text_catheters(l, "first", out);
    (void)fclose(out);
    return text;
}

Test(catheters, on_the_page_name_how_they_fail)
{
    const lives_t l = described();
    char *text = printed(&l);
    cr_expect_neq(strstr(text, "Lives of catheters, arm first: 6, of which 3 failed"), NULL);
    cr_expect_neq(strstr(text, "occlusion"), NULL);
    cr_expect_neq(strstr(text, "fracture"), NULL);
    for (const char *at = text; *at != '\0'; at += strcspn(at, "\n") + 1) {
        cr_expect_leq(strcspn(at, "\n"), 100, "%.*s", (int)strcspn(at, "\n"), at);
    }
    free(text);
}

Test(catheters, that_all_last_take_one_line_and_none_take_none)
{
    const lives_t lasting = {.lives = 7, .longest_years = 5.0}, none = {.lives = 0};
    char *text = printed(&lasting);
    cr_expect_str_eq(text, "\nLives of catheters, arm first: 7, of which none failed of itself\n");
    free(text);
    text = printed(&none);
    cr_expect_str_eq(text, "");
    free(text);
}

static void put_backwards(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    put_pump(r, 1.0);
    put_failed(r, 0.5, 1.0, -0.5, FIELDS_REASON_KINK);
}

Test(catheters, that_fail_before_they_are_put_in_are_an_error)
{
    reader_t *reader = small_dataset(1, 1, 0, put_backwards);
    survival_life_t *life;
    size_t n;
    error_t e = {0};
    cr_expect_eq(catheters_lives(reader, 0, CATHETERS_ALL, &life, &n, &e), ERROR_DATASET_TRUNCATED);
    cr_expect_neq(strstr(e.text, "patient 1"), NULL, "%s", e.text);
    cr_expect_eq(life, NULL);
    reader_close(&reader);
}
