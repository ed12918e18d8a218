/* SPDX-License-Identifier: Apache-2.0 */
/* Quantile bands of a synthetic daily series whose order is known. */
#include "statistics/bands.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "small.h"

/* Patient p of 41 is followed for 10 + p days: on day d its lumbar level is 1000 d + 37 p modulo 41, in the second arm
 * 1e6 more, and nobody has a plasma level on day 3. Patient 41 has no pump, and levels that would show. */
#define PATIENTS 41
#define WITH_PUMP (PATIENTS - 1)

static double level_of(int64_t patient, int32_t arm, int day)
{
    return 1000.0 * day + (double)(37 * patient % PATIENTS) + 1e6 * arm;
}

static void put_days(record_t *r, record_key_t key, int arms)
{
    (void)arms;
    small_patient(r, key);
    record_row(r, TABLE_OUTCOMES);
    record_put_i64(r, FIELD_OUTCOMES_PATIENT, key.patient);
    record_put_i64(r, FIELD_OUTCOMES_ARM, key.arm);
    record_put_f64(r, FIELD_OUTCOMES_IMPLANTED, key.patient == PATIENTS ? 0.0 : 1.0);
    small_rest(r, TABLE_OUTCOMES);
    for (int day = 0; day < 10 + (int)key.patient; day++) {
        record_row(r, TABLE_DAILY);
        record_put_i64(r, FIELD_DAILY_DAY, day);
        record_put_f64(r, FIELD_DAILY_LUMBAR_NG_PER_ML, level_of(key.patient, key.arm, day));
        record_put_f64(r, FIELD_DAILY_PLASMA_NG_PER_ML, day == 3 ? (double)NAN : 2.0);
        small_rest(r, TABLE_DAILY);
    }
}

static const enum fields_id asked[] = {FIELD_DAILY_LUMBAR_NG_PER_ML, FIELD_DAILY_PLASMA_NG_PER_ML};
static const double days[] = {0, 3, 9, 20, 49, 200};
#define DAYS (sizeof days / sizeof days[0])

typedef struct study_t {
    reader_t *reader;
    people_t people;
    bands_t bands;
    size_t rows_shown;
} study_t;

static void count_row(void *context, const daily_row_t *row)
{
    study_t *s = context;
    cr_assert_neq(s->people.record[row->record].key.patient, PATIENTS);
    s->rows_shown++;
}

static void begin(study_t *s, size_t bytes)
{
    error_t e = {0};
    const bands_ask_t ask = {asked, 2, days, DAYS, bytes, {count_row, s}};
    memset(s, 0, sizeof *s);
    s->reader = small_dataset(PATIENTS, 2, 0, put_days);
    cr_assert_eq(people_read(&s->people, s->reader, &e), 0, "%s", e.text);
    cr_assert_eq(bands_compute(&s->bands, s->reader, &s->people, &ask, &e), 0, "%s", e.text);
}

static void end(study_t *s)
{
    bands_free(&s->bands);
    people_free(&s->people);
    reader_close(&s->reader);
}

/* The k-th smallest level, from 1, of the patients with a pump who are followed on that day: counted, not sorted. */
static double level_at(int32_t arm, int day, size_t k)
{
    for (int64_t p = 1; p <= WITH_PUMP; p++) {
        size_t below = 1;
        for (int64_t q = 1; q <= WITH_PUMP; q++) {
            below += day < 10 + q && level_of(q, arm, day) < level_of(p, arm, day) ? 1u : 0u;
        }
        if (day < 10 + p && below == k) {
            return level_of(p, arm, day);
        }
    }
    return (double)NAN;
}

/* Type 7: at share q of n values, (n - 1) q steps above the lowest. */
static double quantile_of(int32_t arm, int day, size_t n, double share)
{
    const double at = 1.0 + share * (double)(n - 1);
    const double low = level_at(arm, day, (size_t)at);
    const double high = level_at(arm, day, (size_t)at + 1);
    return at > floor(at) ? low + (at - floor(at)) * (high - low) : low;
}

Test(bands, are_the_quantiles_of_who_is_still_followed)
{
    static const size_t followed[] = {40, 40, 40, 30, 1, 0};
    study_t s;
    begin(&s, 0);
    for (int32_t arm = 0; arm < 2; arm++) {
        const bands_point_t *point = bands_of(&s.bands, (size_t)arm, 0);
        for (size_t d = 0; d < DAYS; d++) {
            cr_expect_float_eq(point[d].day, days[d], 0.0);
            cr_assert_eq(point[d].n, followed[d], "day %g: %zu", days[d], point[d].n);
            for (int q = 0; q < BANDS_QUANTILES && followed[d] > 0; q++) {
                const double expected = quantile_of(arm, (int)days[d], followed[d], bands_share[q]);
                cr_expect_float_eq(point[d].quantile[q], expected, 1e-9 * expected + 1e-9,
                                   "day %g, share %g: %.9g, expected %.9g", days[d], bands_share[q],
                                   point[d].quantile[q], expected);
            }
        }
        cr_expect(isnan(point[DAYS - 1].quantile[BANDS_MEDIAN]));
    }
    end(&s);
}

/* The ranks that the sign test's tables give for 40 values: 14 and 27. Of 5 % there is no lower rank, of 95 % no upper. */
Test(bands, have_intervals_by_order_statistics)
{
    study_t s;
    begin(&s, 0);
    const bands_point_t *point = bands_of(&s.bands, 0, 0);
    cr_expect_float_eq(point[0].ci[BANDS_MEDIAN].low, level_at(0, 0, 14), 1e-9);
    cr_expect_float_eq(point[0].ci[BANDS_MEDIAN].high, level_at(0, 0, 27), 1e-9);
    cr_expect(isnan(point[0].ci[0].low) && isnan(point[0].ci[BANDS_QUANTILES - 1].high));
    cr_expect_float_eq(point[0].ci[0].high, level_at(0, 0, 6), 1e-9);
    end(&s);
}

Test(bands, leave_out_who_has_no_value)
{
    study_t s;
    begin(&s, 0);
    const bands_point_t *point = bands_of(&s.bands, 0, 1);
    cr_expect_eq(point[0].n, WITH_PUMP);
    cr_expect_eq(point[1].n, 0);
    cr_expect_float_eq(point[0].quantile[0], 2.0, 0.0);
    end(&s);
}

Test(bands, are_the_same_a_day_at_a_time_and_show_each_row_once)
{
    study_t whole, each;
    begin(&whole, 0);
    begin(&each, 1);
    cr_expect_eq(memcmp(whole.bands.point, each.bands.point, 2 * 2 * DAYS * sizeof(bands_point_t)),
                 0);
    cr_expect_eq(whole.rows_shown, (size_t)2 * (WITH_PUMP * 10 + WITH_PUMP * (WITH_PUMP + 1) / 2));
    cr_expect_eq(each.rows_shown, whole.rows_shown);
    end(&whole);
    end(&each);
}

Test(bands, refuse_days_that_are_not_whole_or_out_of_order)
{
    static const double wrong[][2] = {{0.5, 1.0}, {-1.0, 1.0}, {2.0, 1.0}, {1.0, 1.0}};
    reader_t *reader = small_dataset(2, 1, 0, put_days);
    people_t people;
    error_t e = {0};
    cr_assert_eq(people_read(&people, reader, &e), 0, "%s", e.text);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        bands_t bands;
        const bands_ask_t ask = {asked, 1, wrong[i], 2, 0, {NULL, NULL}};
        cr_expect_eq(bands_compute(&bands, reader, &people, &ask, &e), ERROR_ARGUMENT);
        bands_free(&bands);
    }
    people_free(&people);
    reader_close(&reader);
}

Test(bands, spread_days_from_the_first_to_the_last)
{
    double day[5];
    cr_expect_eq(bands_days(365.0, 5, day), 5);
    cr_expect_float_eq(day[0], 0.0, 0.0);
    cr_expect_float_eq(day[1], 91.0, 0.0);
    cr_expect_float_eq(day[4], 364.0, 0.0);
    cr_expect_eq(bands_days(3.5, 5, day), 3);
    cr_expect_float_eq(day[2], 2.0, 0.0);
    cr_expect_eq(bands_days(0.5, 5, day), 1);
}
