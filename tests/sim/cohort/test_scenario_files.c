/* SPDX-License-Identifier: Apache-2.0 */
/* Published recalls and hazards of pumps, as configs/scenarios has them: each shows what was published of it. */
#include "tests/sim/cohort/fixture.h"

#include "cohort/trajectory.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

#define DAY_MS 86400e3

static study_t load(const char *name)
{
    static const study_override_t few = {"study.patients=20"};
    char path[FIXTURE_PATH_SIZE];
    diagnostic_t found;
    error_t e = {0};
    study_t s;
    (void)snprintf(path, sizeof path, "configs/scenarios/%s.yaml", name);
    diagnostic_init(&found);
    cr_assert_eq(study_load(&s, path, &few, 1, &found, &e), 0, "%s: %s", path, e.text);
    diagnostic_free(&found);
    return s;
}

/* A patient of one arm, from 0. */
static fixture_life_t lived(const char *name, int64_t arm, int64_t patient)
{
    fixture_life_t l = {.study = load(name)};
    const record_key_t key = {patient, (int32_t)arm, 0};
    fixture_live(study_arm(&l.study, arm), key, &l.record, &l.view);
    return l;
}

static int64_t rows(const fixture_life_t *l, enum fields_table table)
{
    return (int64_t)l->view.count[table];
}

/* Events of a kind with a value (NaN: any), within these days; *first_day of the first. */
static int events(const fixture_life_t *l, int kind, double value, double from_day, double to_day,
                  double *first_day)
{
    int n = 0;
    for (size_t i = 0; i < (size_t)rows(l, TABLE_EVENTS); i++) {
        const double day = fixture_at(l, FIELD_EVENTS_TIME_MS, i) / DAY_MS;
        if ((int)fixture_at(l, FIELD_EVENTS_KIND, i) == kind && day >= from_day && day <= to_day &&
            (isnan(value) || fixture_at(l, FIELD_EVENTS_VALUE, i) == value)) {
            *first_day = n == 0 ? day : *first_day;
            n++;
        }
    }
    return n;
}

/* Sum of a daily field over these rows of the series. */
static double days(const fixture_life_t *l, enum fields_id field, size_t from, size_t to)
{
    double sum = 0.0;
    for (size_t i = from; i < to; i++) {
        sum += fixture_at(l, field, i);
    }
    return sum;
}

/* Published: early replacement date, low-battery resets, and less than 90 days from one to the other. The file's first pump, up to
 * where that is seen, and without alarms of its reservoir. */
Test(scenario_files, a_film_brings_the_replacement_date_then_resets_within_ninety_days)
{
    static char text[4096];
    double eri_day = 0.0, reset_day = 0.0;
    int n = snprintf(text, sizeof text,
                     "study: {name: t, patients: 1, horizon: 1650 day, seed: 20270210}\n"
                     "catheter: {tip: T10}\nbody: {model: none}\ntherapy: {dose: 600 ug/day}\n"
                     "drugs:\n  - {name: baclofen, concentration: 2000 ug/mL}\n"
                     "pump: {fill: 40 mL, reservoir: {capacity: 40 mL}, battery: "
                     "{film_fault_share: 1}}\nevents:\n");
    for (int day = 100; day <= 1600; day += 100) {
        n += snprintf(text + n, sizeof text - (size_t)n,
                      "  - {at: %d day, order: refill, volume: 40 mL}\n", day);
    }
    fixture_life_t l = fixture_lived(text);
    cr_assert_gt(events(&l, FIELDS_EVENT_TONE, 1.0, 0.0, 1650.0, &eri_day), 0);
    cr_assert_gt(events(&l, FIELDS_EVENT_PUMP_RESET, 2.0, 0.0, 1650.0, &reset_day), 10);
    cr_expect_gt(eri_day, 1000.0);
    cr_expect(reset_day > eri_day && reset_day < eri_day + 90.0, "%g and %g", eri_day, reset_day);
    fixture_ended(&l);
}

Test(scenario_files, a_leak_brings_the_replacement_date_early_and_little_time_after_it)
{
    double day = 0.0;
    fixture_life_t l = lived("battery-leak-2013", 0, 1);
    cr_assert_gt(events(&l, FIELDS_EVENT_TONE, (double)NAN, 0.0, 900.0, &day), 0);
    cr_expect(day > 300.0 && day < 700.0, "day %g", day);
    cr_expect_lt(days(&l, FIELD_DAILY_DOSE_UG, 620, 890), 1.0, "it is dead");
    fixture_ended(&l);
}

Test(scenario_files, a_pump_goes_on_after_a_reset_by_any_cause)
{
    double day = 0.0;
    fixture_life_t l = lived("pump-resets", 0, 1);
    for (int cause = 1; cause <= 5; cause++) {
        cr_expect_eq(events(&l, FIELDS_EVENT_PUMP_RESET, cause, 0.0, 60.0, &day), 1);
        cr_expect_float_eq(day, 10.0 * cause, 1e-6);
        cr_expect_gt(events(&l, FIELDS_EVENT_TONE, (double)NAN, day, day + 1.0, &day), 0);
    }
    cr_expect_float_eq(fixture_at(&l, FIELD_PATIENTS_VOLUME_COMMANDED_ML, 0), 18.0, 0.01);
    fixture_ended(&l);
}

/* Arms: sound, ahead, back, second-ahead, second-stands, stands. */
Test(scenario_files, a_clock_that_fails_is_told_and_gives_nobody_more)
{
    double day = 0.0;
    fixture_life_t sound = lived("clocks", 0, 1);
    for (int64_t arm = 1; arm <= 5; arm++) {
        fixture_life_t l = lived("clocks", arm, 1);
        cr_expect_gt(events(&l, FIELDS_EVENT_TONE, 2.0, 20.0, 21.0, &day), 0, "arm %d", (int)arm);
        cr_expect_leq(days(&l, FIELD_DAILY_DOSE_UG, 0, 59),
                      days(&sound, FIELD_DAILY_DOSE_UG, 0, 59) + 1.0, "arm %d", (int)arm);
        if (arm == 5) {
            cr_expect_lt(days(&l, FIELD_DAILY_DOSE_UG, 22, 59), 1.0, "its pump stands");
        }
        fixture_ended(&l);
    }
    fixture_ended(&sound);
}

/* About half of the patients are struck; the first of them. */
Test(scenario_files, a_pocket_fill_floods_plasma_then_leaves_csf_without_drug)
{
    double day = 0.0;
    int64_t patient = 1;
    fixture_life_t l = lived("pocket-fill-2011", 0, patient);
    while (events(&l, FIELDS_EVENT_POCKET_FILL, (double)NAN, 0.0, 40.0, &day) == 0) {
        cr_assert_lt(patient, 20);
        fixture_ended(&l);
        l = lived("pocket-fill-2011", 0, ++patient);
    }
    const double plasma = fixture_at(&l, FIELD_DAILY_PLASMA_NG_PER_ML, 18);
    cr_expect_gt(fixture_at(&l, FIELD_DAILY_PLASMA_NG_PER_ML, 20), 10.0 * plasma);
    cr_expect_lt(fixture_at(&l, FIELD_DAILY_LUMBAR_NG_PER_ML, 38),
                 0.6 * fixture_at(&l, FIELD_DAILY_LUMBAR_NG_PER_ML, 18));
    cr_expect_eq(events(&l, FIELDS_EVENT_TONE, (double)NAN, 20.0, 40.0, &day), 0, "no alarm comes");
    cr_expect_gt(fixture_at(&l, FIELD_PATIENTS_VOLUME_BELIEVED_IN_RESERVOIR_ML, 0), 10.0);
    fixture_ended(&l);
}

/* Arms: card-0199, card-0140, own, refused. */
Test(scenario_files, the_constant_of_the_old_card_overdoses_by_its_error)
{
    double day = 0.0;
    fixture_life_t l[4];
    for (int64_t arm = 0; arm < 4; arm++) {
        l[arm] = lived("priming-bolus-2013", arm, 1);
    }
    const double old = days(&l[0], FIELD_DAILY_DOSE_UG, 0, 1),
                 mended = days(&l[1], FIELD_DAILY_DOSE_UG, 0, 1);
    cr_expect_float_eq(old - mended, 118.0, 8.0, "%g and %g ug", old, mended);
    cr_expect_lt(days(&l[2], FIELD_DAILY_DOSE_UG, 0, 1), mended);
    cr_expect_eq(events(&l[3], FIELDS_EVENT_ORDER_FAILED, 11.0, 0.0, 1.0, &day), 1);
    for (int64_t arm = 0; arm < 4; arm++) {
        fixture_ended(&l[arm]);
    }
}

/* Nothing flows until a programmer speaks to it, on day 30. */
Test(scenario_files, a_pump_in_telemetry_mode_gives_nothing_until_it_is_interrogated)
{
    double day = 0.0;
    fixture_life_t l = lived("telemetry-lock-up-2023", 0, 1);
    cr_expect_gt(events(&l, FIELDS_EVENT_TONE, (double)NAN, 10.0, 12.0, &day), 0);
    cr_expect_lt(days(&l, FIELD_DAILY_DOSE_UG, 11, 29), 1.0);
    cr_expect_gt(days(&l, FIELD_DAILY_DOSE_UG, 30, 59), 500.0 * 29.0);
    fixture_ended(&l);
}

Test(scenario_files, a_premature_alarm_comes_with_drug_in_the_reservoir_and_delivery_as_ever)
{
    double day = 0.0;
    fixture_life_t l = lived("premature-alarm", 0, 1);
    cr_assert_gt(events(&l, FIELDS_EVENT_TONE, 1.0, 20.0, 38.0, &day), 0);
    cr_expect_gt(fixture_at(&l, FIELD_DAILY_RESERVOIR_ML, (size_t)day), 12.0);
    cr_expect_float_eq(days(&l, FIELD_DAILY_DOSE_UG, 34, 37), days(&l, FIELD_DAILY_DOSE_UG, 10, 13),
                       20.0);
    fixture_ended(&l);
}

Test(scenario_files, an_untold_concentration_multiplies_the_dose_unseen)
{
    fixture_life_t l = lived("concentration-error", 0, 1);
    cr_expect_float_eq(
        days(&l, FIELD_DAILY_DOSE_UG, 36, 39) / days(&l, FIELD_DAILY_DOSE_UG, 15, 18), 4.0, 0.5);
    cr_expect_lt(fixture_at(&l, FIELD_LEDGER_BELIEVED_GIVEN_UG, 0), 40.0 * 151.0);
    fixture_ended(&l);
}
