/* SPDX-License-Identifier: Apache-2.0 */
/* Events of a synthetic study: rates and incidences with deaths known by hand. */
#include "statistics/occurrence.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "small.h"

/* Ten patients, followed for 100 days; in the second arm nothing but visits happens. Patients 1 and 2 die on day 20; 3 has tones on days
 * 10, 11 and 12; 4 one on day 40; 5's pump is explanted on day 60 and ends the trajectory; 6 has a tone on day 100, the
 * last. The records of patient 7 end on day 30. */
#define PATIENTS 10

static void put_event(record_t *r, int kind, int day)
{
    record_row(r, TABLE_EVENTS);
    record_put_i64(r, FIELD_EVENTS_TIME_MS, day * SMALL_DAY_MS);
    record_put_i64(r, FIELD_EVENTS_KIND, kind);
    record_put_i64(r, FIELD_EVENTS_REASON, FIELDS_REASON_SCRIPTED);
    small_rest(r, TABLE_EVENTS);
}

static void put_end(record_t *r, record_key_t key, int64_t day, int why)
{
    record_row(r, TABLE_PATIENTS);
    record_put_i64(r, FIELD_PATIENTS_PATIENT, key.patient);
    record_put_i64(r, FIELD_PATIENTS_ARM, key.arm);
    record_put_i64(r, FIELD_PATIENTS_STOP_TIME_MS, day * SMALL_DAY_MS);
    record_put_i64(r, FIELD_PATIENTS_STOP_REASON, why);
    small_rest(r, TABLE_PATIENTS);
}

static void put_history(record_t *r, record_key_t key, int arms)
{
    const int64_t who = key.arm == 0 ? key.patient : 0;
    (void)arms;
    if (who == 1 || who == 2) {
        put_end(r, key, 20, FIELDS_STOP_DEATH);
    } else if (who == 5) {
        put_end(r, key, 60, FIELDS_STOP_EXPLANT);
    } else if (who == 7) {
        put_end(r, key, 30, FIELDS_STOP_HORIZON);
    } else {
        put_end(r, key, 100, FIELDS_STOP_HORIZON);
    }
    record_row(r, TABLE_OUTCOMES);
    small_rest(r, TABLE_OUTCOMES);
    put_event(r, FIELDS_EVENT_ENROLMENT, 0);
    put_event(r, FIELDS_EVENT_VISIT, (int)key.patient);
    if (who == 3) {
        put_event(r, FIELDS_EVENT_TONE, 10);
        put_event(r, FIELDS_EVENT_TONE, 11);
        put_event(r, FIELDS_EVENT_TONE, 12);
    } else if (who == 4 || who == 6) {
        put_event(r, FIELDS_EVENT_TONE, who == 4 ? 40 : 100);
    } else if (who == 5) {
        put_event(r, FIELDS_EVENT_EXPLANT, 60);
    }
}

static const double days[] = {0, 10, 20, 50, 100, 101};
#define DAYS (sizeof days / sizeof days[0])

typedef struct study_t {
    reader_t *reader;
    people_t people;
    occurrences_t all;
} study_t;

static void begin(study_t *s)
{
    error_t e = {0};
    s->reader = small_dataset(PATIENTS, 2, 0, put_history);
    cr_assert_eq(people_read(&s->people, s->reader, &e), 0, "%s", e.text);
    const occurrence_ask_t ask = {.day = days, .days = DAYS};
    cr_assert_eq(occurrence_compute(&s->all, s->reader, &s->people, &ask, &e), 0, "%s", e.text);
}

static void end(study_t *s)
{
    occurrence_free(&s->all);
    people_free(&s->people);
    reader_close(&s->reader);
}

/* One event at a time, and four at a time, give what all at once do. */
Test(occurrence, does_not_go_by_how_much_is_counted_at_a_time)
{
    static const size_t bytes[] = {1, 4 * 2 * PATIENTS * 12 + 100};
    study_t s;
    begin(&s);
    for (size_t k = 0; k < 2; k++) {
        const occurrence_ask_t ask = {days, DAYS, bytes[k]};
        occurrences_t other;
        error_t e = {0};
        cr_assert_eq(occurrence_compute(&other, s.reader, &s.people, &ask, &e), 0, "%s", e.text);
        const size_t cells = other.arms * OCCURRENCE_COUNT;
        for (size_t i = 0; i < cells; i++) {
            cr_expect_eq(other.row[i].happened, s.all.row[i].happened, "row %zu", i);
            cr_expect_eq(other.row[i].died, s.all.row[i].died, "row %zu", i);
            cr_expect_eq(other.row[i].rate.events, s.all.row[i].rate.events, "row %zu", i);
        }
        cr_expect_eq(memcmp(other.point, s.all.point, cells * DAYS * sizeof *other.point), 0);
        occurrence_free(&other);
    }
    end(&s);
}

/* At day 10 one of 10. Survivors of day 20: 7 of 9, so 0.9 x 7/9 = 0.7 are free of everything; the end of 7 leaves 6 of them at risk on
 * day 40, one of whom adds 0.7/6. On day 60 the explant takes one of 5 at risk, on day 100 one of 4: 0.7 x 5/6 x 4/5 / 4.
 * Product-limit that cuts off the dead would give more: 0.1 + 0.9 x ... */
Test(occurrence, incidence_lets_death_and_the_end_of_therapy_compete)
{
    static const double expected[] = {0.0, 0.1, 0.1, 0.1 + 0.7 / 6.0,
                                      0.1 + 0.7 / 6.0 + 0.7 * 5.0 / 6.0 * 4.0 / 5.0 / 4.0};
    study_t s;
    begin(&s);
    const occurrence_t *tone = occurrence_row(&s.all, 0, OCCURRENCE_TONE);
    const survival_point_t *point = occurrence_points(&s.all, 0, OCCURRENCE_TONE);
    cr_expect_eq(tone->happened, 3);
    cr_expect_eq(tone->died, 2);
    cr_expect_eq(tone->ended, 1);
    for (size_t d = 0; d + 1 < DAYS; d++) {
        cr_expect_float_eq(point[d].value, expected[d], 1e-12, "day %g: %.9g, expected %.9g",
                           days[d], point[d].value, expected[d]);
    }
    cr_expect(isnan(point[DAYS - 1].value));
    cr_expect_eq(point[3].at_risk, 5);
    cr_expect(point[4].band.low > 0.0 && point[4].band.high < 1.0);
    cr_expect(isnan(tone->first_median));
    end(&s);
}

/* Each patient is visited on the day of its number, and the wait of all has ended on day 10: the share stays 1. */
Test(occurrence, incidence_stays_once_nobody_waits)
{
    study_t s;
    begin(&s);
    const survival_point_t *point = occurrence_points(&s.all, 1, OCCURRENCE_VISIT);
    cr_expect_float_eq(point[1].value, 1.0, 1e-12);
    cr_expect_float_eq(point[DAYS - 1].value, 1.0, 1e-12);
    cr_expect_eq(point[DAYS - 1].at_risk, 0);
    end(&s);
}

Test(occurrence, rate_counts_each_and_takes_the_time_followed)
{
    const double years = (2.0 * 20.0 + 60.0 + 30.0 + 6.0 * 100.0) / 365.25;
    study_t s;
    begin(&s);
    const rate_t tone = occurrence_row(&s.all, 0, OCCURRENCE_TONE)->rate;
    cr_expect_eq(tone.events, 5);
    cr_expect_eq(tone.units, PATIENTS);
    cr_expect_eq(tone.units_with, 3);
    cr_expect_eq(tone.method, RATE_CLUSTERED);
    cr_expect_float_eq(tone.rate, 5.0 / years, 1e-12);
    const rate_t explant = occurrence_row(&s.all, 0, OCCURRENCE_EXPLANT)->rate;
    cr_expect_eq(explant.events, 1);
    cr_expect_eq(explant.method, RATE_POISSON);
    end(&s);
}

Test(occurrence, death_is_an_occurrence_of_its_own)
{
    study_t s;
    begin(&s);
    cr_expect_eq(occurrence_row(&s.all, 0, OCCURRENCE_DEATH)->rate.events, 2);
    cr_expect_float_eq(occurrence_points(&s.all, 0, OCCURRENCE_DEATH)[2].value, 0.2, 1e-12);
    cr_expect_eq(occurrence_row(&s.all, 1, OCCURRENCE_DEATH)->rate.events, 0);
    cr_expect_str_eq(occurrence_name(OCCURRENCE_DEATH), "death");
    cr_expect_str_eq(occurrence_name(OCCURRENCE_TONE), "tone");
    end(&s);
}

Test(occurrence, labels_fit_their_column_and_name_events_that_exist)
{
    for (int i = 0; i < OCCURRENCE_COUNT; i++) {
        cr_expect(strlen(occurrence_label((enum occurrence_id)i)) <= 22);
        cr_expect_not_null(occurrence_name((enum occurrence_id)i));
    }
}

Test(occurrence, nothing_happened_has_an_upper_end_and_no_incidence)
{
    study_t s;
    begin(&s);
    const occurrence_t *tone = occurrence_row(&s.all, 1, OCCURRENCE_TONE);
    const double years = 10.0 * 100.0 / 365.25;
    cr_expect_float_eq(tone->rate.rate, 0.0, 0.0);
    cr_expect_float_eq(tone->rate.ci.high, -log(0.025) / years, 1e-9);
    cr_expect_float_eq(occurrence_points(&s.all, 1, OCCURRENCE_TONE)[3].value, 0.0, 0.0);
    end(&s);
}
