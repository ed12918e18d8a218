/* SPDX-License-Identifier: Apache-2.0 */
/* The concentration along the canal: read where and when the study says, and the same as the daily series reads; and the cell's
 * course in the daily series. */
#include <criterion/criterion.h>
#include <math.h>

#include "cohort/canal.h"
#include "tests/sim/cohort/fixture.h"

#define LEVELS 26

static const char *const weekly[] = {"record.canal=7 day", "study.horizon=30 day",
                                     "record.lumbar=L3", "catheter.tip=T10", NULL};

static double at(const record_t *r, const record_view_t *view, enum fields_id field, size_t row)
{
    return record_view_number(view, &r->layout, field, row);
}

Test(canal, has_every_level_of_every_week_in_order)
{
    record_t r;
    record_view_t view;
    study_t s = fixture_study(weekly);
    fixture_run(&s, &r, &view);
    cr_assert_eq(view.count[TABLE_CANAL], 5 * LEVELS, "%zu rows", view.count[TABLE_CANAL]);
    for (size_t row = 0; row < view.count[TABLE_CANAL]; row++) {
        cr_expect_float_eq(at(&r, &view, FIELD_CANAL_DAY, row), 7.0 * (double)(row / LEVELS), 0.0);
        cr_expect_float_eq(at(&r, &view, FIELD_CANAL_LEVEL, row), (double)(row % LEVELS), 0.0);
    }
    record_free(&r);
    study_free(&s);
}

Test(canal, agrees_with_the_daily_row_of_its_day)
{
    record_t r;
    record_view_t view;
    study_t s = fixture_study(weekly);
    fixture_run(&s, &r, &view);
    for (size_t i = 0; i < 5; i++) {
        const size_t daily = 7 * i;
        cr_assert_float_eq(at(&r, &view, FIELD_DAILY_DAY, daily), 7.0 * (double)i, 0.0);
        cr_expect_float_eq(
            at(&r, &view, FIELD_CANAL_NG_PER_ML, i * LEVELS + FIELDS_LEVEL_CISTERNAL),
            at(&r, &view, FIELD_DAILY_CISTERNAL_NG_PER_ML, daily), 0.0);
        /* One is read alone, the other with all: the same dot product in another kernel. */
        const double lumbar = at(&r, &view, FIELD_DAILY_LUMBAR_NG_PER_ML, daily);
        cr_expect_float_eq(at(&r, &view, FIELD_CANAL_NG_PER_ML, i * LEVELS + FIELDS_LEVEL_L3),
                           lumbar, 1e-6 * lumbar);
    }
    record_free(&r);
    study_free(&s);
}

Test(canal, is_fullest_at_the_tip_and_falls_off_to_both_sides)
{
    record_t r;
    record_view_t view;
    study_t s = fixture_study(weekly);
    fixture_run(&s, &r, &view);
    const int tip = (int)at(&r, &view, FIELD_PATIENTS_TIP_LEVEL, 0);
    for (int level = 1; level < LEVELS; level++) {
        const size_t row = (size_t)(4 * LEVELS + level);
        const double below = at(&r, &view, FIELD_CANAL_NG_PER_ML, row - 1),
                     here = at(&r, &view, FIELD_CANAL_NG_PER_ML, row);
        cr_expect(level <= tip ? below < here : below > here, "level %d: %g and %g, tip at %d",
                  level, below, here, tip);
    }
    record_free(&r);
    study_free(&s);
}

Test(canal, at_the_end_of_each_day_is_of_the_same_days_as_the_daily_series)
{
    static const char *const set[] = {"record.canal=15 day", "record.daily_time=0 h",
                                      "study.horizon=30 day", NULL};
    record_t r;
    record_view_t view;
    study_t s = fixture_study(set);
    fixture_run(&s, &r, &view);
    cr_assert_eq(view.count[TABLE_CANAL], 2 * LEVELS);
    cr_expect_float_eq(at(&r, &view, FIELD_CANAL_DAY, 0), 15.0, 0.0);
    cr_expect_float_eq(at(&r, &view, FIELD_CANAL_DAY, LEVELS), 30.0, 0.0);
    record_free(&r);
    study_free(&s);
}

Test(canal, is_not_recorded_where_nobody_asks_or_there_is_no_body)
{
    static const char *const plain[] = {"study.horizon=30 day", NULL};
    static const char *const bodiless[] = {"record.canal=7 day", "body.model=none",
                                           "study.horizon=30 day", NULL};
    const char *const *const all[] = {plain, bodiless};
    for (size_t i = 0; i < 2; i++) {
        record_t r;
        record_view_t view;
        study_t s = fixture_study(all[i]);
        fixture_run(&s, &r, &view);
        cr_expect_eq(view.count[TABLE_CANAL], 0);
        record_free(&r);
        study_free(&s);
    }
}

Test(canal, recorded_changes_nothing_else)
{
    static const char *const plain[] = {"study.horizon=30 day", NULL};
    static const char *const daily[] = {"record.canal=1 day", "study.horizon=30 day", NULL};
    record_t r[2];
    record_view_t view[2];
    study_t s[2] = {fixture_study(plain), fixture_study(daily)};
    fixture_run(&s[0], &r[0], &view[0]);
    fixture_run(&s[1], &r[1], &view[1]);
    for (int t = 0; t < TABLE_COUNT; t++) {
        const size_t n = view[0].count[t] * r[0].layout.width[t];
        if (t != TABLE_CANAL && n > 0) {
            cr_expect_eq(view[0].count[t], view[1].count[t]);
            cr_expect_arr_eq(view[0].rows[t], view[1].rows[t], n, "table %d differs", t);
        }
    }
    cr_expect_eq(view[1].count[TABLE_CANAL], 30 * LEVELS);
    record_free(&r[0]);
    record_free(&r[1]);
    study_free(&s[0]);
    study_free(&s[1]);
}

/* ---- the cell, day by day ---- */

Test(cell, is_told_day_by_day_and_ends_as_its_pump_does)
{
    static const char *const set[] = {"study.horizon=30 day", NULL};
    record_t r;
    record_view_t view;
    study_t s = fixture_study(set);
    fixture_run(&s, &r, &view);
    const size_t days = view.count[TABLE_DAILY];
    for (size_t row = 1; row < days; row++) {
        cr_expect(at(&r, &view, FIELD_DAILY_CHARGE_USED_MAH, row) >
                  at(&r, &view, FIELD_DAILY_CHARGE_USED_MAH, row - 1));
        cr_expect(at(&r, &view, FIELD_DAILY_LOADED_V, row) <
                  at(&r, &view, FIELD_DAILY_LOADED_V, row - 1));
    }
    /* Half a day of sleep, some pulses and the last telemetry are between the last row and the end. */
    const double last = at(&r, &view, FIELD_DAILY_CHARGE_USED_MAH, days - 1);
    const double end = at(&r, &view, FIELD_PUMPS_CHARGE_USED_MAH, 0);
    cr_expect(end > last && end - last < last / 20.0, "%g mA h, and %g at the end", last, end);
    record_free(&r);
    study_free(&s);
}

Test(cell, has_no_course_without_a_core)
{
    record_t r;
    record_view_t view;
    study_t s = fixture_text("study: {name: x, patients: 1, horizon: 3 day}\n"
                             "drugs: [{name: baclofen, concentration: 500 ug/mL}]\n"
                             "pump: {kind: constant_flow, flow: 0.3 mL/day}\n"
                             "catheter: {tip: T10}\n");
    fixture_run(&s, &r, &view);
    cr_expect(isnan(at(&r, &view, FIELD_DAILY_CHARGE_USED_MAH, 1)));
    cr_expect(isnan(at(&r, &view, FIELD_DAILY_LOADED_V, 1)));
    record_free(&r);
    study_free(&s);
}
