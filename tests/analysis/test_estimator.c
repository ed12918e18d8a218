/* SPDX-License-Identifier: Apache-2.0 */
/* Each statistic on datasets whose answer is known. */
#include "validation/estimator.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "draw.h"
#include "small.h"

#define SEED 20270109u
#define YEAR_MS (365.25 * 86400000.0)

static estimate_t estimate(const char *name, reader_t *reader, int32_t arm)
{
    const estimator_source_t source = {reader, arm};
    const estimator_t *estimator = estimator_find(name);
    estimate_t out;
    error_t e = {0};
    cr_assert_not_null(estimator, "%s", name);
    cr_assert_eq(estimator_compute(estimator, &source, 1, NULL, 0, &out, &e), 0, "%s", e.text);
    return out;
}

static void put_refill(record_t *r, double day, double commanded_ml, double expected_ml,
                       double read_ml)
{
    record_row(r, TABLE_REFILLS);
    record_put_i64(r, FIELD_REFILLS_TIME_MS, llround(day * (double)SMALL_DAY_MS));
    record_put_f64(r, FIELD_REFILLS_COMMANDED_SINCE_ML, commanded_ml);
    record_put_f64(r, FIELD_REFILLS_EXPECTED_ML, expected_ml);
    record_put_f64(r, FIELD_REFILLS_READ_ML, read_ml);
    record_put_f64(r, FIELD_REFILLS_INTERVAL_DAY, 50.0);
    small_rest(r, TABLE_REFILLS);
}

/* Ratios 1 + 0.02 patient + (0 or 0.1 in the second arm), three each, 15 mL commanded; 4 mL expected. */
static void put_ratios(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    const double ratio = 1.0 + 0.02 * (double)key.patient + 0.1 * key.arm;
    for (int k = 1; k <= 3; k++) {
        put_refill(r, 50.0 * k, 15.0, 4.0, 4.0 - 15.0 * (ratio - 1.0));
    }
}

Test(estimator, mean_ratio_is_that_of_programmed_and_read_volumes)
{
    reader_t *reader = small_dataset(9, 2, 0, put_ratios);
    const estimate_t first = estimate("refill_ratio_mean", reader, 0);
    cr_expect_float_eq(first.value, 1.1, 1e-12);
    cr_expect_eq(first.n, 27);
    /* Nine patients, 0.02 apart: Student's t with 8 degrees of freedom times 0.0547723/3, but for n against n - 1. */
    cr_expect(first.half_width > 0.035 && first.half_width < 0.045, "%g", first.half_width);
    cr_expect_float_eq(estimate("refill_ratio_mean", reader, LIVES_ALL_ARMS).value, 1.15, 1e-12);
    reader_close(&reader);
}

Test(estimator, a_patient_in_two_arms_is_one_unit)
{
    reader_t *reader = small_dataset(9, 2, 0, put_ratios);
    const double one = estimate("refill_ratio_mean", reader, 0).half_width;
    const double both = estimate("refill_ratio_mean", reader, LIVES_ALL_ARMS).half_width;
    cr_expect_float_eq(both, one, 1e-9, "another arm tells nothing new of them: %g and %g", both,
                       one);
    reader_close(&reader);
}

Test(estimator, difference_takes_one_arm_from_the_other)
{
    reader_t *reader = small_dataset(9, 2, 0, put_ratios);
    const estimator_source_t first = {reader, 0}, second = {reader, 1};
    estimate_t out;
    error_t e = {0};
    cr_assert_eq(
        estimator_compute(estimator_find("refill_ratio_mean"), &second, 1, &first, 1, &out, &e), 0);
    cr_expect_float_eq(out.value, 0.1, 1e-12);
    cr_expect_float_eq(out.half_width,
                       sqrt(2.0) * estimate("refill_ratio_mean", reader, 0).half_width, 1e-9);
    reader_close(&reader);
}

/* Normal ratios about 0.99, SD 0.05 between patients and 0.06 within: 1.96 SD of one is 1.96 sqrt(0.0061). */
static void put_normal(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, (uint64_t)key.patient, 0, 0);
    const double own = 0.99 + 0.05 * draw_normal(&d);
    for (int k = 1; k <= 20; k++) {
        const double ratio = own + 0.06 * draw_normal(&d);
        put_refill(r, 50.0 * k, 15.0, 4.0, 4.0 - 15.0 * (ratio - 1.0));
    }
}

Test(estimator, prediction_holds_both_spreads_within_its_own_error)
{
    reader_t *reader = small_dataset(600, 1, 0, put_normal);
    const estimate_t x = estimate("refill_prediction_half_width", reader, 0);
    cr_expect_lt(fabs(x.value - 1.96 * sqrt(0.0061)), 1.5 * x.half_width, "seed %u: %g +- %g", SEED,
                 x.value, x.half_width);
    cr_expect_lt(x.half_width, 0.006);
    reader_close(&reader);
}

/* Falls by 0.006 a year for everybody, with noise between patients. */
static void put_drift(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, (uint64_t)key.patient, 1, 0);
    const double own = 1.0 + 0.03 * draw_normal(&d);
    for (int k = 1; k <= 20; k++) {
        const double ratio = own - 0.006 * 100.0 * k / 365.25 + 0.02 * draw_normal(&d);
        put_refill(r, 100.0 * k, 15.0, 4.0, 4.0 - 15.0 * (ratio - 1.0));
    }
}

Test(estimator, drift_is_the_slope_times_55_months)
{
    reader_t *reader = small_dataset(300, 1, 0, put_drift);
    const estimate_t x = estimate("refill_ratio_drift_55_months", reader, 0);
    const double known = -0.006 * 55.0 / 12.0;
    cr_expect_lt(fabs(x.value - known), 1.5 * x.half_width, "seed %u: %g +- %g", SEED, x.value,
                 x.half_width);
    cr_expect_lt(x.half_width, 0.005);
    reader_close(&reader);
}

/* The pump stalls at day 120: the refill of day 150 finds that, and says nothing of how true it was. */
static void put_stalled(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    for (int k = 1; k <= 3; k++) {
        put_refill(r, 50.0 * k, 15.0, 4.0, k < 3 ? 4.0 : 19.0);
    }
    record_row(r, TABLE_PUMPS);
    record_put_i64(r, FIELD_PUMPS_IMPLANTED_MS, 0);
    record_put_i64(r, FIELD_PUMPS_ENDED_MS, 120 * SMALL_DAY_MS);
    record_put_i64(r, FIELD_PUMPS_END, FIELDS_REASON_STALL);
    small_rest(r, TABLE_PUMPS);
}

Test(estimator, a_refill_after_the_end_of_a_pump_does_not_count)
{
    reader_t *reader = small_dataset(5, 1, 0, put_stalled);
    const estimate_t x = estimate("refill_ratio_mean", reader, 0);
    cr_expect_eq(x.n, 10);
    cr_expect_float_eq(x.value, 1.0, 1e-12);
    reader_close(&reader);
}

static void put_unread(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    (void)key;
    put_refill(r, 50.0, 15.0, 4.0, (double)NAN);
}

Test(estimator, says_what_it_needs_where_nobody_read_a_syringe)
{
    reader_t *reader = small_dataset(3, 1, 0, put_unread);
    const estimate_t x = estimate("refill_ratio_mean", reader, 0);
    cr_expect(isnan(x.value));
    cr_assert_not_null(x.needs);
    cr_expect_not_null(strstr(x.needs, "syringe"));
    reader_close(&reader);
}

/* 0.3 mL/day, 17 mL at day 0, 2 at the refill on day 50. Of four patients one gives a tenth of it from day 46 on, when 3.2 mL
 * are computed to be left; another from day 49.9 on, when it is too late to count: the day of lost flow ends after the refill. */
static void put_flow(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    const double from = key.patient % 4 == 0 ? 46.0 : key.patient % 4 == 1 ? 49.9 : 1000.0;
    put_refill(r, 50.0, 15.0, 2.0, 2.0);
    for (int day = 0; day < 60; day++) {
        record_row(r, TABLE_DAILY);
        record_put_i64(r, FIELD_DAILY_DAY, day);
        record_put_f64(r, FIELD_DAILY_VOLUME_DELIVERED_ML,
                       (double)day + 0.5 > from + 0.9 ? 0.03 : 0.3);
        small_rest(r, TABLE_DAILY);
    }
}

Test(estimator, early_loss_is_a_day_of_lost_flow_above_two_ml)
{
    reader_t *reader = small_dataset(40, 1, 0, put_flow);
    const estimate_t share = estimate("early_loss_share", reader, 0);
    const estimate_t volume = estimate("early_loss_volume_mean", reader, 0);
    cr_expect_float_eq(share.value, 0.25, 1e-12);
    cr_expect_eq(share.n, 40);
    /* The first such row stands at day 47.5, 2.5 days before the 2 mL. */
    cr_expect_float_eq(volume.value, 2.75, 1e-9);
    cr_expect_eq(volume.n, 10);
    reader_close(&reader);
}

static void put_pump(record_t *r, double from, double to, int why)
{
    record_row(r, TABLE_PUMPS);
    record_put_i64(r, FIELD_PUMPS_IMPLANTED_MS, llround(from * YEAR_MS));
    record_put_i64(r, FIELD_PUMPS_ENDED_MS, llround(to * YEAR_MS));
    record_put_i64(r, FIELD_PUMPS_END, why);
    small_rest(r, TABLE_PUMPS);
}

/* Of ten patients one pump stalls at year 3, six empty their battery at 5 to 6, three go on to 7.5. */
static void put_lives(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    const int which = (int)(key.patient % 10);
    if (which == 0) {
        put_pump(r, 0.0, 3.0, FIELDS_REASON_STALL);
    } else if (which <= 6) {
        put_pump(r, 0.0, 4.8 + 0.2 * which, FIELDS_REASON_BATTERY_SPENT);
    } else {
        put_pump(r, 0.0, 7.5, FIELDS_REASON_HORIZON);
    }
}

Test(estimator, lives_give_survival_and_medians)
{
    reader_t *reader = small_dataset(200, 1, 0, put_lives);
    cr_expect_float_eq(estimate("pump_free_of_stall_at_6_years", reader, 0).value, 0.9, 1e-9);
    cr_expect_float_eq(estimate("pump_event_free_lowest", reader, 0).value, 0.9, 1e-9);
    cr_expect_float_eq(estimate("battery_life_median", reader, 0).value, 5.5, 1e-9);
    cr_expect_eq(estimate("battery_life_median", reader, 0).n, 120);
    /* Ends: 20 at 3, then 20 each at 5, 5.2, 5.4, 5.6: half of the 200 at 5.6. */
    cr_expect_float_eq(estimate("pump_life_median", reader, 0).value, 5.6, 1e-9);
    reader_close(&reader);
}

/* Of four patients two die at year 2, one's pump stalls at year 3, one goes on to 7.5. */
static void put_deaths(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    const int which = (int)(key.patient % 4);
    if (which < 2) {
        put_pump(r, 0.0, 2.0, FIELDS_REASON_DIED);
    } else {
        put_pump(r, 0.0, which == 2 ? 3.0 : 7.5,
                 which == 2 ? FIELDS_REASON_STALL : FIELDS_REASON_HORIZON);
    }
}

/* As registries of pumps do: half of those at risk at year 3 stall. */
Test(estimator, a_patients_death_cuts_a_pumps_life_off)
{
    reader_t *reader = small_dataset(200, 1, 0, put_deaths);
    cr_expect_float_eq(estimate("pump_free_of_stall_at_6_years", reader, 0).value, 0.5, 1e-9);
    cr_expect_float_eq(estimate("pump_event_free_lowest", reader, 0).value, 0.5, 1e-9);
    cr_expect_float_eq(estimate("pump_life_median", reader, 0).value, 3.0, 1e-9);
    reader_close(&reader);
}

/* Every patient has a pump in each arm, whose life hardly differs within the arm: 5 years, or 6. */
static void put_two_arms(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    record_row(r, TABLE_PUMPS);
    record_put_i64(r, FIELD_PUMPS_PATIENT, key.patient);
    record_put_i64(r, FIELD_PUMPS_ARM, key.arm);
    record_put_i64(r, FIELD_PUMPS_IMPLANTED_MS, 0);
    record_put_i64(r, FIELD_PUMPS_ENDED_MS,
                   llround((5.0 + key.arm + 1e-4 * (double)key.patient) * YEAR_MS));
    record_put_i64(r, FIELD_PUMPS_END, FIELDS_REASON_BATTERY_SPENT);
    small_rest(r, TABLE_PUMPS);
}

/* Half of all lives are each arm's by design, not by chance: the median does not waver between 5 and 6. */
Test(estimator, a_median_over_arms_takes_the_patient_as_the_unit)
{
    reader_t *reader = small_dataset(100, 2, 0, put_two_arms);
    const estimate_t life = estimate("pump_life_median", reader, LIVES_ALL_ARMS);
    cr_expect_float_eq(life.value, 5.01, 1e-6, "%g", life.value);
    cr_expect_lt(life.half_width, 0.6);
    const estimate_t one = estimate("battery_life_median", reader, 0);
    cr_expect_float_eq(one.value, 5.00505, 1e-6);
    /* Ranks 50 -+ 9.9 of a hundred. */
    cr_expect_float_eq(one.half_width, 0.00105, 1e-4, "%g", one.half_width);
    reader_close(&reader);
}

static void put_over(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    record_row(r, TABLE_PUMPS);
    record_put_i64(r, FIELD_PUMPS_ARM, key.arm);
    record_put_i64(r, FIELD_PUMPS_END, FIELDS_REASON_HORIZON);
    record_put_f64(r, FIELD_PUMPS_OVER_INFUSION, key.patient % 10 == 0 ? 0.2 : 0.1);
    small_rest(r, TABLE_PUMPS);
}

Test(estimator, over_infusion_lies_beyond_the_labelled_accuracy)
{
    reader_t *reader = small_dataset(100, 2, 0, put_over);
    const estimate_t x = estimate("over_infusion_share", reader, 1);
    cr_expect_float_eq(x.value, 0.1, 1e-12);
    cr_expect_eq(x.n, 100);
    reader_close(&reader);
}

Test(estimator, of_what_datasets_do_not_hold_says_what_they_lack)
{
    reader_t *reader = small_dataset(3, 1, 0, put_over);
    const estimate_t x = estimate("prime_tubing_volume", reader, 0);
    cr_expect(isnan(x.value));
    cr_expect_str_eq(x.needs, "primes in the table events");
    reader_close(&reader);
}

/* One prime in the first arm, with 0.19 mL or 0.21; two in the second, with more. An event of another kind has a volume too. */
static void put_primes(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    for (int i = -1; i <= key.arm; i++) {
        record_row(r, TABLE_EVENTS);
        record_put_i64(r, FIELD_EVENTS_TIME_MS, 0);
        record_put_i64(r, FIELD_EVENTS_KIND, i < 0 ? FIELDS_EVENT_REFILL : FIELDS_EVENT_PRIME);
        record_put_i64(r, FIELD_EVENTS_REASON, FIELDS_REASON_PROTOCOL);
        record_put_f64(r, FIELD_EVENTS_VALUE2,
                       i < 0 ? 20.0 : 0.19 + 0.02 * (double)(key.patient % 2) + 0.1 * key.arm);
        small_rest(r, TABLE_EVENTS);
    }
}

Test(estimator, tubing_of_primes_is_the_mean_of_those_of_the_arm)
{
    reader_t *reader = small_dataset(10, 2, 0, put_primes);
    const estimate_t first = estimate("prime_tubing_volume", reader, 0);
    const estimate_t all = estimate("prime_tubing_volume", reader, LIVES_ALL_ARMS);
    cr_expect_float_eq(first.value, 0.20, 1e-12);
    cr_expect_eq(first.n, 10);
    cr_expect_float_eq(all.value, (0.20 + 2.0 * 0.30) / 3.0, 1e-12);
    cr_expect_eq(all.n, 30);
    reader_close(&reader);
}

static void put_failure(record_t *r, double catheter, double years, int why)
{
    record_row(r, TABLE_EVENTS);
    record_put_i64(r, FIELD_EVENTS_TIME_MS, llround(years * YEAR_MS));
    record_put_i64(r, FIELD_EVENTS_KIND, FIELDS_EVENT_CATHETER_FAILED);
    record_put_i64(r, FIELD_EVENTS_REASON, why);
    record_put_f64(r, FIELD_EVENTS_VALUE, catheter);
    record_put_f64(r, FIELD_EVENTS_VALUE2, years);
}

/* In 6 years, of ten patients one has an occlusion after half a year and a kink after 2, one a fracture after 5.5; the occlusion
 * of another's second catheter is not one of the first. */
static void put_catheters(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    record_row(r, TABLE_PATIENTS);
    record_put_i64(r, FIELD_PATIENTS_PATIENT, key.patient);
    record_put_i64(r, FIELD_PATIENTS_ARM, key.arm);
    record_put_i64(r, FIELD_PATIENTS_STOP_TIME_MS, llround(6.0 * YEAR_MS));
    small_rest(r, TABLE_PATIENTS);
    put_pump(r, 0.0, 6.0, FIELDS_REASON_HORIZON);
    if (key.patient % 10 == 0) {
        put_failure(r, 1.0, 0.5, FIELDS_REASON_OCCLUSION);
        put_failure(r, 1.0, 2.0, FIELDS_REASON_KINK);
    } else if (key.patient % 10 == 1) {
        put_failure(r, 1.0, 5.5, FIELDS_REASON_FRACTURE);
    } else if (key.patient % 10 == 2) {
        put_failure(r, 2.0, 1.0, FIELDS_REASON_OCCLUSION);
    }
}

Test(estimator, catheters_fail_by_patient_and_by_event)
{
    reader_t *reader = small_dataset(200, 1, 0, put_catheters);
    cr_expect_float_eq(estimate("catheter_free_at_5_years", reader, 0).value, 0.9, 1e-9);
    const estimate_t share = estimate("catheter_event_share", reader, 0);
    cr_expect_float_eq(share.value, 0.2, 1e-12);
    cr_expect_eq(share.n, 200);
    const estimate_t occluded = estimate("catheter_occlusion_share", reader, 0);
    cr_expect_float_eq(occluded.value, 1.0 / 3.0, 1e-12);
    cr_expect_eq(occluded.n, 60);
    cr_expect_float_eq(estimate("catheter_event_median", reader, 0).value, 24.0, 1e-9);
    reader_close(&reader);
}

static void put_occluded(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    put_failure(r, 1.0, 0.5, FIELDS_REASON_OCCLUSION);
}

Test(estimator, a_few_events_of_one_kind_do_not_make_it_the_only_one)
{
    reader_t *reader = small_dataset(3, 1, 0, put_occluded);
    const estimate_t x = estimate("catheter_occlusion_share", reader, 0);
    cr_expect_float_eq(x.value, 1.0, 0.0);
    cr_expect_gt(x.half_width, 0.2);
    reader_close(&reader);
}

static void put_unbroken(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    (void)key;
    put_pump(r, 0.0, 7.0, FIELDS_REASON_HORIZON);
}

Test(estimator, of_pumps_none_of_which_failed_is_bounded_by_their_number)
{
    reader_t *few = small_dataset(20, 1, 0, put_unbroken),
             *many = small_dataset(400, 1, 0, put_unbroken);
    const estimate_t a = estimate("pump_free_of_stall_at_6_years", few, 0);
    const estimate_t b = estimate("pump_free_of_stall_at_6_years", many, 0);
    cr_expect_float_eq(a.value, 1.0, 0.0);
    cr_expect_gt(a.half_width, 0.05);
    cr_expect_lt(b.half_width, 0.01);
    cr_expect(isnan(estimate("battery_life_median", few, 0).value));
    reader_close(&few);
    reader_close(&many);
}

Test(estimator, names_are_one_each)
{
    size_t n;
    const estimator_t *t = estimator_table(&n);
    for (size_t i = 0; i < n; i++) {
        cr_expect_eq(estimator_find(t[i].name), &t[i], "%s", t[i].name);
    }
    cr_expect_null(estimator_find("no_such"));
}
