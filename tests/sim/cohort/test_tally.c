/* SPDX-License-Identifier: Apache-2.0 */
/* What a patient comes to, from events, refills and days whose outcomes are known. */
#include "cohort/tally.h"

#include <criterion/criterion.h>
#include <math.h>

#define DAY_MS INT64_C(86400000)
#define NONE ((double)NAN)

static tally_t tally;
static record_t record;

static void begin(void)
{
    tally_init(&tally);
    record_init(&record);
    record_reset(&record, (record_key_t){1, 0, 0});
}

static void end(void)
{
    record_free(&record);
}

TestSuite(tally, .init = begin, .fini = end);

static void event(int64_t day, int kind, int reason, double value2)
{
    tally_event(&tally, day * DAY_MS, kind, reason, value2);
}

/* Test boluses, the last of them answered as told. */
static void screen(int boluses, int responded)
{
    for (int i = 1; i <= boluses; i++) {
        event(i, FIELDS_EVENT_SCREENING_BOLUS, FIELDS_REASON_PROTOCOL, 1.0);
        event(i, FIELDS_EVENT_SCREENING_RESPONSE,
              i == boluses && responded ? FIELDS_REASON_RESPONDED : FIELDS_REASON_NOT_RESPONDED,
              0.0);
    }
}

static void implant(int64_t day)
{
    event(day, FIELDS_EVENT_IMPLANT, FIELDS_REASON_RESPONDED, 0.0);
}

static void dose(int64_t day, double ug_per_day)
{
    event(day, FIELDS_EVENT_PROGRAMME, FIELDS_REASON_PROTOCOL, ug_per_day);
}

static void stop(int64_t day)
{
    const tally_end_t at_end = {.key = {1, 0, 0},
                                .stop_ms = day * DAY_MS,
                                .ashworth_before = 4.0,
                                .ashworth_after = 2.5,
                                .lumbar_ng_per_ml = 300.0,
                                .commanded_ml = tally.pump ? 50.0 : 0.0,
                                .delivered_ml = tally.pump ? 49.0 : 0.0};
    tally_record(&tally, &at_end, &record);
}

static double of(enum fields_id field)
{
    record_view_t view = {.rows[TABLE_OUTCOMES] = record.table[TABLE_OUTCOMES].bytes,
                          .count[TABLE_OUTCOMES] = 1};
    return record_view_number(&view, &record.layout, field, 0);
}

static void expect(enum fields_id field, double expected)
{
    const double got = of(field);
    cr_expect((isnan(expected) && isnan(got)) || fabs(got - expected) <= 1e-12 * fabs(expected),
              "%s is %.12g, expected %.12g", fields_get(field)->name, got, expected);
}

Test(tally, screening_is_told_bolus_by_bolus)
{
    screen(2, 1);
    implant(10);
    stop(100);
    expect(FIELD_OUTCOMES_RESPONDED, 1.0);
    expect(FIELD_OUTCOMES_RESPONDED_1, 0.0);
    expect(FIELD_OUTCOMES_RESPONDED_2, 1.0);
    expect(FIELD_OUTCOMES_RESPONDED_3, NONE);
    expect(FIELD_OUTCOMES_IMPLANTED, 1.0);
}

Test(tally, who_got_no_pump_has_no_outcome_of_one)
{
    screen(3, 0);
    for (int day = 1; day < 100; day++) {
        tally_day(&tally, NONE);
    }
    stop(100);
    expect(FIELD_OUTCOMES_RESPONDED, 0.0);
    expect(FIELD_OUTCOMES_RESPONDED_3, 0.0);
    expect(FIELD_OUTCOMES_IMPLANTED, 0.0);
    for (int f = FIELD_OUTCOMES_DOSE_START; f <= FIELD_OUTCOMES_ORDERS_FAILED; f++) {
        expect((enum fields_id)f, NONE);
    }
}

Test(tally, without_a_screening_the_pump_was_there_from_the_first_day)
{
    event(0, FIELDS_EVENT_ENROLMENT, FIELDS_REASON_PROTOCOL, 500.0);
    tally_refill(&tally, 30 * DAY_MS, 3.0);
    stop(100);
    expect(FIELD_OUTCOMES_IMPLANTED, NONE);
    expect(FIELD_OUTCOMES_RESPONDED, NONE);
    expect(FIELD_OUTCOMES_REFILLS, 1.0);
    expect(FIELD_OUTCOMES_REFILL_INTERVAL, 30.0);
    expect(FIELD_OUTCOMES_ASHWORTH_CHANGE, -1.5);
    expect(FIELD_OUTCOMES_LUMBAR, 300.0);
    expect(FIELD_OUTCOMES_VOLUME_RATIO, 0.98);
}

Test(tally, the_dose_of_a_month_is_the_one_programmed_then)
{
    screen(1, 1);
    implant(10);
    dose(10, 0.0);
    dose(11, 100.0);
    dose(60, 155.0);
    dose(300, 250.0);
    dose(400, 300.0);
    stop(730);
    expect(FIELD_OUTCOMES_DOSE_START, 100.0);
    expect(FIELD_OUTCOMES_DOSE_1M, 100.0);
    expect(FIELD_OUTCOMES_DOSE_3M, 155.0);
    expect(FIELD_OUTCOMES_DOSE_6M, 155.0);
    expect(FIELD_OUTCOMES_DOSE_12M, 250.0);
    expect(FIELD_OUTCOMES_DOSE_18M, 300.0);
    expect(FIELD_OUTCOMES_DOSE_END, 300.0);
    expect(FIELD_OUTCOMES_TOLERANT, 0.0);
}

Test(tally, a_month_that_nobody_lived_to_see_has_no_dose)
{
    screen(1, 1);
    implant(10);
    dose(11, 100.0);
    stop(300);
    expect(FIELD_OUTCOMES_DOSE_6M, 100.0);
    expect(FIELD_OUTCOMES_DOSE_12M, NONE);
    expect(FIELD_OUTCOMES_TOLERANT, NONE);
}

/* 250 to 450 ug/day within a year. */
Test(tally, tolerant_is_who_rises_by_more_than_100_a_year)
{
    screen(1, 1);
    implant(10);
    dose(11, 250.0);
    dose(400, 450.0);
    stop(730);
    expect(FIELD_OUTCOMES_TOLERANT, 1.0);
}

Test(tally, refills_are_counted_from_the_implant)
{
    screen(1, 1);
    implant(10);
    const double first_day = tally_refill(&tally, 40 * DAY_MS, 4.0);
    const double second_day = tally_refill(&tally, 100 * DAY_MS, 2.0);
    cr_expect_float_eq(first_day, 30.0, 1e-12);
    cr_expect_float_eq(second_day, 60.0, 1e-12);
    stop(730);
    expect(FIELD_OUTCOMES_REFILLS, 2.0);
    expect(FIELD_OUTCOMES_REFILL_INTERVAL, 45.0);
    expect(FIELD_OUTCOMES_LEAST_FOUND, 2.0);
    expect(FIELD_OUTCOMES_DISCARDED, 6.0);
}

Test(tally, dry_is_a_day_with_nothing_above_the_residual_and_not_one_before_the_pump)
{
    tally_day(&tally, NONE);
    screen(1, 1);
    implant(10);
    tally_day(&tally, 5.0);
    tally_day(&tally, 0.0);
    tally_day(&tally, 0.0);
    stop(100);
    expect(FIELD_OUTCOMES_DRY, 1.0);
    expect(FIELD_OUTCOMES_DRY_DAYS, 2.0);
}

Test(tally, missed_visits_calls_and_failed_orders_are_counted_apart)
{
    screen(1, 1);
    implant(10);
    event(20, FIELDS_EVENT_VISIT, FIELDS_REASON_MISSED, 0.0);
    event(30, FIELDS_EVENT_VISIT, FIELDS_REASON_LATE, 0.0);
    event(31, FIELDS_EVENT_CALL, FIELDS_REASON_ALARM, 0.0);
    event(32, FIELDS_EVENT_CALL, FIELDS_REASON_ALARM, 0.0);
    for (int i = 0; i < 3; i++) {
        event(40, FIELDS_EVENT_ORDER_FAILED, FIELDS_REASON_LINK, 0.0);
    }
    stop(100);
    expect(FIELD_OUTCOMES_MISSED, 1.0);
    expect(FIELD_OUTCOMES_CALLS, 2.0);
    expect(FIELD_OUTCOMES_ORDERS_FAILED, 3.0);
}
