/* SPDX-License-Identifier: Apache-2.0 */
/* Observed samples against synthetic patients whose distribution is known. */
#include "statistics/vpc.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "small.h"
#include "summary/vpc_text.h"

/* Patient p of 400 has on day d the level p + 1000 d, in the second arm 1e6 more; its pump is put in on day 5, and it is followed
 * for another 20 days, the odd ones for 10. */
#define PATIENTS 400

static void put_days(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    record_row(r, TABLE_OUTCOMES);
    small_rest(r, TABLE_OUTCOMES);
    record_row(r, TABLE_PUMPS);
    record_put_i64(r, FIELD_PUMPS_IMPLANTED_MS, 5 * SMALL_DAY_MS);
    record_put_i64(r, FIELD_PUMPS_END, FIELDS_REASON_HORIZON);
    small_rest(r, TABLE_PUMPS);
    for (int day = 0; day < 5 + (key.patient % 2 == 1 ? 10 : 20); day++) {
        record_row(r, TABLE_DAILY);
        record_put_i64(r, FIELD_DAILY_DAY, day);
        record_put_f64(r, FIELD_DAILY_LUMBAR_NG_PER_ML,
                       (double)key.patient + 1000.0 * (day - 5) + 1e6 * key.arm);
        small_rest(r, TABLE_DAILY);
    }
}

static vpc_t checked(const observed_sample_t *sample, size_t samples, size_t patients, int32_t arm)
{
    observed_sample_t copy[64];
    const observed_t observed = {copy, samples, patients};
    reader_t *reader = small_dataset(PATIENTS, 2, 0, put_days);
    people_t people;
    vpc_t v;
    error_t e = {0};
    memcpy(copy, sample, samples * sizeof *sample);
    cr_assert_eq(people_read(&people, reader, &e), 0, "%s", e.text);
    cr_assert_eq(vpc_compute(&v, reader, &people, arm, FIELD_DAILY_LUMBAR_NG_PER_ML, &observed, &e),
                 0, "%s", e.text);
    people_free(&people);
    reader_close(&reader);
    return v;
}

static const double none = (double)NAN;

/* A cohort of one is a simulated patient: the interval is the middle 95 % of 1 to 400, of which a cohort number errs by
 * sqrt(0.025 0.975/1000) = 0.5 %, or 2 patients. */
Test(vpc, one_patient_is_placed_among_all_simulated_ones)
{
    const observed_sample_t sample[] = {{0, 3.4, 3200.0, none}};
    const vpc_t v = checked(sample, 1, 1, 0);
    cr_assert_eq(v.bins, 1);
    cr_expect_eq(v.simulated, PATIENTS);
    const vpc_number_t median = v.bin[0].percentile[1];
    cr_expect_float_eq(median.observed, 3200.0, 0.0);
    cr_expect_float_eq(median.median, 3200.0, 20.0);
    cr_expect_float_eq(median.interval.low, 3010.0, 8.0, "%g", median.interval.low);
    cr_expect_float_eq(median.interval.high, 3390.0, 8.0, "%g", median.interval.high);
    cr_expect_eq(median.inside, 1);
    cr_expect_eq(v.bin[0].limits, 0);
}

Test(vpc, another_arm_has_its_own_levels_and_an_alien_value_is_outside)
{
    const observed_sample_t sample[] = {{0, 3, 3200.0, none}};
    const vpc_t v = checked(sample, 1, 1, 1);
    cr_expect_gt(v.bin[0].percentile[1].interval.low, 1e6);
    cr_expect_eq(v.bin[0].percentile[1].inside, 0);
    cr_expect_eq(v.inside, 0);
    cr_expect_eq(v.numbers, 3);
}

/* The median of 15 uniform values lies, 95 % of the time, between the Beta(8, 8) quantiles 0.2659 and 0.7341: of 1 to 400. */
Test(vpc, interval_is_that_of_a_cohort_as_small_as_the_observed_one)
{
    observed_sample_t sample[15];
    for (size_t i = 0; i < 15; i++) {
        sample[i] = (observed_sample_t){i, 3, 3000.0 + 20.0 * (double)i, none};
    }
    const vpc_number_t median = checked(sample, 15, 15, 0).bin[0].percentile[1];
    cr_expect_float_eq(median.observed, 3140.0, 1e-9);
    cr_expect_float_eq(median.interval.low, 3000.0 + 0.2659 * 400, 12.0, "%g", median.interval.low);
    cr_expect_float_eq(median.interval.high, 3000.0 + 0.7341 * 400, 12.0, "%g",
                       median.interval.high);
}

/* 16 patients are sampled on day 3, one of them on day 4 too: there each cohort has one sample, and is as uncertain as one. */
Test(vpc, dropout_of_the_observed_is_kept)
{
    observed_sample_t sample[17];
    for (size_t i = 0; i < 16; i++) {
        sample[i] = (observed_sample_t){i, 3, 3200.0, none};
    }
    sample[16] = (observed_sample_t){7, 4, 4200.0, none};
    const vpc_t v = checked(sample, 17, 16, 0);
    cr_assert_eq(v.bins, 2);
    cr_expect_eq(v.bin[1].samples, 1);
    cr_expect_float_eq(v.bin[1].percentile[1].interval.low, 4010.0, 8.0);
    cr_expect_float_eq(v.bin[1].percentile[1].interval.high, 4390.0, 8.0);
    cr_expect_gt(v.bin[0].percentile[1].interval.low, 3080.0);
}

/* 15 samples of one patient are one simulated patient's too: their median is as uncertain as one of them. */
Test(vpc, samples_of_one_patient_stay_together)
{
    observed_sample_t sample[29];
    for (size_t i = 0; i < 29; i++) {
        sample[i] = i < 15 ? (observed_sample_t){0, 3.0 + 0.01 * (double)i, 3200.0, none}
                           : (observed_sample_t){i - 14, 4, 4200.0, none};
    }
    const vpc_t v = checked(sample, 29, 15, 0);
    cr_expect_float_eq(v.bin[0].percentile[1].interval.low, 3010.0, 8.0);
    cr_expect_float_eq(v.bin[0].percentile[1].interval.high, 3390.0, 8.0);
    cr_expect_gt(v.bin[1].percentile[1].interval.low, 4060.0);
}

/* Day 15 is one of even patients only. Of a pair's cohort, both are odd in a quarter, and then there is no sample. */
Test(vpc, simulated_patients_drop_out_too)
{
    const observed_sample_t sample[] = {{0, 15, 15200.0, none}, {1, 15, 15201.0, none}};
    const vpc_t v = checked(sample, 2, 2, 0);
    cr_expect_gt(v.bin[0].percentile[0].interval.low, 15000.0);
    cr_expect_eq(v.bin[0].percentile[1].inside, 1);
}

/* 100 of 400 lie below 100.5: of 40 patients a quarter, from 5 to 16 of them (95 % of Binomial(40, 1/4) in a pool of 400). */
Test(vpc, samples_below_their_limit_are_counted_and_the_lowest_of_all)
{
    observed_sample_t sample[40];
    for (size_t i = 0; i < 40; i++) {
        const int below = i < 10;
        sample[i] = (observed_sample_t){i, 0, below ? none : 100.0 + 7.0 * (double)i, 100.5};
    }
    const vpc_t v = checked(sample, 40, 40, 0);
    const vpc_bin_t *b = &v.bin[0];
    cr_expect_eq(b->below, 10);
    cr_expect_eq(b->limits, 1);
    cr_expect_float_eq(b->share_below.observed, 0.25, 1e-12);
    cr_expect_float_eq(b->share_below.median, 0.25, 0.026);
    cr_expect_float_eq(b->share_below.interval.low, 0.125, 0.026);
    cr_expect_float_eq(b->share_below.interval.high, 0.40, 0.03);
    cr_expect(isnan(b->percentile[0].observed) && isnan(b->percentile[0].median));
    cr_expect(isnan(b->percentile[0].interval.low));
    cr_expect_eq(b->percentile[0].inside, 1);
    /* Type 7 at 0.5 of 40: between the 20th and the 21st, the 10th and 11th above the limit. */
    cr_expect_float_eq(b->percentile[1].observed, 100.0 + 7.0 * 19.5, 1e-9);
}

Test(vpc, bins_hold_about_equal_numbers_and_never_part_a_day)
{
    observed_sample_t sample[60];
    for (size_t i = 0; i < 60; i++) {
        sample[i] = (observed_sample_t){i % 4, i < 30 ? 2.0 : (double)(i % 10), 2000.0, none};
    }
    const vpc_t v = checked(sample, 60, 4, 0);
    size_t all = 0;
    for (size_t b = 0; b < v.bins; b++) {
        cr_expect(v.bin[b].samples > 0);
        cr_expect(b == 0 || v.bin[b].from > v.bin[b - 1].to);
        all += v.bin[b].samples;
    }
    cr_expect_eq(all, 60);
    cr_expect(v.bins >= 5 && v.bins <= VPC_BINS_MAX, "%zu", v.bins);
}

static void expect_refused(const observed_sample_t *sample, size_t patients, const char *told)
{
    observed_sample_t copy = *sample;
    const observed_t observed = {&copy, 1, patients};
    reader_t *reader = small_dataset(3, 1, 0, put_days);
    people_t people;
    vpc_t v;
    error_t e = {0};
    cr_assert_eq(people_read(&people, reader, &e), 0, "%s", e.text);
    cr_expect_eq(vpc_compute(&v, reader, &people, 0, FIELD_DAILY_LUMBAR_NG_PER_ML, &observed, &e),
                 ERROR_ARGUMENT);
    cr_expect_not_null(strstr(e.text, told), "'%s' lacks '%s'", e.text, told);
    people_free(&people);
    reader_close(&reader);
}

Test(vpc, refuses_more_patients_than_are_simulated_and_days_that_are_not)
{
    const observed_sample_t late = {0, 300, 1.0, none};
    expect_refused(&late, 1, "longer study.horizon");
    expect_refused(&late, 4, "4 observed patients, but 3 simulated ones");
}

Test(vpc, the_same_twice_is_the_same)
{
    const observed_sample_t sample[] = {{0, 3, 3200.0, none}, {1, 4, 4100.0, none}};
    const vpc_t a = checked(sample, 2, 2, 0), b = checked(sample, 2, 2, 0);
    for (size_t k = 0; k < a.bins; k++) {
        cr_expect_float_eq(a.bin[k].percentile[0].interval.low, b.bin[k].percentile[0].interval.low,
                           0.0);
    }
}
