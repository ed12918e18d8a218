/* SPDX-License-Identifier: Apache-2.0 */
/* Days in target of a synthetic study, counted by hand. */
#include "statistics/target.h"

#include <criterion/criterion.h>
#include <math.h>

#include "small.h"

#define PATIENTS 6

static void put_pump(record_t *r, int64_t day)
{
    record_row(r, TABLE_PUMPS);
    record_put_i64(r, FIELD_PUMPS_IMPLANTED_MS, day * SMALL_DAY_MS);
    record_put_i64(r, FIELD_PUMPS_END, FIELDS_REASON_HORIZON);
    small_rest(r, TABLE_PUMPS);
}

/* Patient p has a latent score of p before, which from day 10 p on, of 100, is 1.5 lower; a level of 100 + day. Patient 3's pump
 * is put in on day 20, and another on day 60; patient 6 has none. */
static void put_days(record_t *r, record_key_t key, int arms)
{
    const double before = (double)key.patient;
    (void)arms;
    record_row(r, TABLE_PATIENTS);
    record_put_i64(r, FIELD_PATIENTS_PATIENT, key.patient);
    record_put_i64(r, FIELD_PATIENTS_ARM, key.arm);
    record_put_f64(r, FIELD_PATIENTS_ASHWORTH_BEFORE_LATENT, before);
    small_rest(r, TABLE_PATIENTS);
    record_row(r, TABLE_OUTCOMES);
    record_put_f64(r, FIELD_OUTCOMES_IMPLANTED, key.patient == PATIENTS ? 0.0 : 1.0);
    small_rest(r, TABLE_OUTCOMES);
    if (key.patient != PATIENTS) {
        put_pump(r, key.patient == 3 ? 20 : 0);
    }
    if (key.patient == 3) {
        put_pump(r, 60);
    }
    for (int day = 0; day < 100; day++) {
        record_row(r, TABLE_DAILY);
        record_put_i64(r, FIELD_DAILY_DAY, day);
        record_put_f64(r, FIELD_DAILY_ASHWORTH_LATENT,
                       day >= 10 * key.patient ? before - 1.5 : before);
        record_put_f64(r, FIELD_DAILY_LUMBAR_NG_PER_ML,
                       key.patient == 1 ? (double)NAN : 100.0 + day);
        small_rest(r, TABLE_DAILY);
    }
}

static const enum fields_id asked[] = {FIELD_DAILY_ASHWORTH_LATENT, FIELD_DAILY_LUMBAR_NG_PER_ML};
static const target_window_t window[] = {{0, -(double)INFINITY, -1.0, 1}, {1, 110.0, 149.0, 0}};

typedef struct study_t {
    reader_t *reader;
    people_t people;
    target_t target;
} study_t;

static void begin(study_t *s)
{
    error_t e = {0};
    s->reader = small_dataset(PATIENTS, 1, 0, put_days);
    cr_assert_eq(people_read(&s->people, s->reader, &e), 0, "%s", e.text);
    cr_assert_eq(target_begin(&s->target, s->reader, &s->people, window, 2, &e), 0, "%s", e.text);
    const daily_visitor_t visitor = target_visitor(&s->target);
    cr_assert_eq(daily_each(s->reader, &s->people, asked, 2, &visitor, 1, &e), 0, "%s", e.text);
    cr_assert_eq(target_finish(&s->target, &e), 0, "%s", e.text);
}

static void end(study_t *s)
{
    target_free(&s->target);
    people_free(&s->people);
    reader_close(&s->reader);
}

/* 90, 80, 60 and 50 of 100 days, and 70 of the 80 days that patient 3 has had a pump. */
Test(target, days_of_effect_are_counted_from_the_first_pump)
{
    study_t s;
    begin(&s);
    const target_share_t *effect = target_of(&s.target, 0, 0);
    cr_expect_eq(effect->spread.n, 5);
    cr_expect_float_eq(effect->spread.mean, (0.9 + 0.8 + 0.875 + 0.6 + 0.5) / 5.0, 1e-12);
    cr_expect_float_eq(effect->spread.low, 0.5, 1e-12);
    cr_expect(effect->ci.low > 0.5 && effect->ci.low < effect->spread.mean);
    cr_expect(effect->ci.high < 0.9 && effect->ci.high > effect->spread.mean);
    end(&s);
}

/* Days 10 to 49, ends included, are 40 of 100; of patient 3, from day 20 on, 30 of 80; patient 1 has no level. */
Test(target, days_of_exposure_are_those_with_a_level_inside)
{
    study_t s;
    begin(&s);
    const target_share_t *exposure = target_of(&s.target, 0, 1);
    cr_expect_eq(exposure->spread.n, 4);
    cr_expect_float_eq(exposure->spread.mean, (3 * 0.4 + 0.375) / 4.0, 1e-12);
    end(&s);
}
