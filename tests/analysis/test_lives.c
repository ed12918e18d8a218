/* SPDX-License-Identifier: Apache-2.0 */
/* The lives of pumps, from the table to the page. */
#include "statistics/lives.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "summary/lives_text.h"
#include "small.h"

#define YEAR_MS (365.25 * 86400000.0)

static void put_pump(record_t *r, record_key_t key, double from, double to, int why)
{
    record_row(r, TABLE_PUMPS);
    record_put_i64(r, FIELD_PUMPS_ARM, key.arm);
    record_put_i64(r, FIELD_PUMPS_IMPLANTED_MS, llround(from * YEAR_MS));
    record_put_i64(r, FIELD_PUMPS_ENDED_MS, llround(to * YEAR_MS));
    record_put_i64(r, FIELD_PUMPS_END, why);
    small_rest(r, TABLE_PUMPS);
}

/* Of each four patients in the first arm: one stall at 2.5 years and another pump until year 8, one battery at 5.5, two cut
 * off at 8. Nothing ends in the second arm. */
static void put_lives(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    if (key.arm == 0 && key.patient % 4 == 0) {
        put_pump(r, key, 0.0, 2.5, FIELDS_REASON_STALL);
        put_pump(r, key, 2.5, 8.0, FIELDS_REASON_HORIZON);
    } else if (key.arm == 0 && key.patient % 4 == 1) {
        put_pump(r, key, 0.0, 5.5, FIELDS_REASON_BATTERY_SPENT);
    } else {
        put_pump(r, key, 0.0, 8.0, FIELDS_REASON_HORIZON);
    }
}

static lives_t described(reader_t *reader, int32_t arm)
{
    survival_life_t *life = NULL;
    size_t n = 0;
    lives_t l;
    error_t e = {0};
    cr_assert_eq(lives_pumps(reader, arm, &life, &n, &e), 0, "%s", e.text);
    cr_assert_eq(lives_describe(&l, life, n, &e), 0, "%s", e.text);
    free(life);
    return l;
}

Test(lives, are_read_with_their_causes_and_described_year_by_year)
{
    reader_t *reader = small_dataset(20, 2, 0, put_lives);
    const lives_t l = described(reader, 0);
    cr_expect_eq(l.lives, 25);
    cr_expect_eq(l.ended, 10);
    cr_expect_eq(l.causes, 2);
    /* 25 lives, 5 stalls at 2.5; then 20 at risk, and at 5.5 five of 20, since the second pumps last 5.5 to a day. */
    cr_expect_float_eq(l.left[1].value, 1.0, 1e-12);
    cr_expect_float_eq(l.left[2].value, 0.8, 1e-12);
    cr_expect_float_eq(l.left[5].value, 0.8 * 15.0 / 20.0, 1e-12);
    for (size_t i = 0; i < l.causes; i++) {
        const int stall = l.cause[i].cause == FIELDS_REASON_STALL;
        cr_expect(stall || l.cause[i].cause == FIELDS_REASON_BATTERY_SPENT);
        cr_expect_eq(l.cause[i].ended, 5);
        cr_expect_float_eq(l.cause[i].at[6].value, stall ? 0.2 : 0.8 * 5.0 / 20.0, 1e-12);
    }
    reader_close(&reader);
}

Test(lives, of_an_arm_are_its_own_and_of_all_are_all)
{
    reader_t *reader = small_dataset(20, 2, 0, put_lives);
    cr_expect_eq(described(reader, 1).ended, 0);
    cr_expect_eq(described(reader, 1).lives, 20);
    cr_expect_eq(described(reader, LIVES_ALL_ARMS).lives, 45);
    reader_close(&reader);
}

static char *printed(const lives_t *l)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    lives_text_print(l, "first", out);
    (void)fclose(out);
    return text;
}

Test(lives, on_the_page_name_each_cause_in_lines_of_100)
{
    reader_t *reader = small_dataset(20, 2, 0, put_lives);
    const lives_t l = described(reader, 0);
    char *text = printed(&l);
    cr_expect_not_null(strstr(text, "Lives of pumps, arm first: 25, of which 10 ended"), "%s",
                       text);
    cr_expect_not_null(strstr(text, "motor_stands_still"), "%s", text);
    cr_expect_not_null(strstr(text, "end_of_service"), "%s", text);
    for (const char *at = text; *at != '\0'; at += strcspn(at, "\n") + 1) {
        cr_expect_leq(strcspn(at, "\n"), 100);
    }
    free(text);
    reader_close(&reader);
}

/* Of each four patients one dies at 2.5 years, one's pump stalls at 3.5, and two are cut off at 8. */
static void put_deaths(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    if (key.patient % 4 == 0) {
        put_pump(r, key, 0.0, 2.5, FIELDS_REASON_DIED);
    } else if (key.patient % 4 == 1) {
        put_pump(r, key, 0.0, 3.5, FIELDS_REASON_STALL);
    } else {
        put_pump(r, key, 0.0, 8.0, FIELDS_REASON_HORIZON);
    }
}

/* 20 lives: a quarter goes with the patient, then a third of the 15 left stalls. Death competes with the stall, whose incidence is
 * 3/4 of a third; of the pumps alone, deaths cut off, a third has stalled. */
Test(lives, that_the_patients_death_ends_compete_and_are_cut_off_beside_it)
{
    reader_t *reader = small_dataset(20, 1, 0, put_deaths);
    const lives_t l = described(reader, 0);
    cr_expect_eq(l.ended, 10);
    cr_expect_eq(l.died, 5);
    cr_expect_float_eq(l.left[3].value, 0.5, 1e-12);
    cr_expect_float_eq(l.outlast[2].value, 1.0, 1e-12);
    cr_expect_float_eq(l.outlast[3].value, 2.0 / 3.0, 1e-12);
    cr_assert_eq(l.causes, 2);
    for (size_t i = 0; i < l.causes; i++) {
        cr_expect_float_eq(l.cause[i].at[3].value, 0.25, 1e-12);
    }
    char *text = printed(&l);
    cr_expect_not_null(strstr(text, "\n    deaths cut off "), "%s", text);
    cr_expect_not_null(strstr(text, "\n  patient_died "), "%s", text);
    free(text);
    reader_close(&reader);
}

static void put_short(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    put_pump(r, key, 0.0, 0.4, FIELDS_REASON_HORIZON);
}

Test(lives, of_less_than_a_year_that_went_on_are_not_told)
{
    reader_t *reader = small_dataset(3, 1, 0, put_short);
    const lives_t l = described(reader, 0);
    char *text = printed(&l);
    cr_expect_str_empty(text);
    free(text);
    reader_close(&reader);
}

static void put_backwards(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    put_pump(r, key, 2.0, 1.0, FIELDS_REASON_HORIZON);
}

Test(lives, that_end_before_they_begin_are_an_error)
{
    reader_t *reader = small_dataset(3, 1, 0, put_backwards);
    survival_life_t *life = NULL;
    size_t n = 0;
    error_t e = {0};
    cr_expect_eq(lives_pumps(reader, 0, &life, &n, &e), ERROR_DATASET_TRUNCATED);
    cr_expect_null(life);
    reader_close(&reader);
}
