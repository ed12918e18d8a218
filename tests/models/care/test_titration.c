/* SPDX-License-Identifier: Apache-2.0 */
/* Titration: every row of the policy, and the year of a patient who answers to dose alone. */
#include <criterion/criterion.h>
#include <math.h>

#include "fixture.h"

static clinic_t titrating(void)
{
    const clinic_param_t p = clinic_param_default();
    return fixture_implanted(&p);
}

Test(titration, is_weekly_from_the_implant)
{
    clinic_t c = titrating();
    for (int k = 1; k <= 3; k++) {
        cr_expect_eq(clinic_next(&c).kind, FINDING_CONTACT_TITRATION);
        cr_expect_eq(clinic_next(&c).time_ms - c.implant_ms, 7 * k * FIXTURE_DAY_MS, "visit %d", k);
        (void)fixture_score(&c, 3.0);
    }
}

Test(titration, above_the_goal_goes_up_by_the_step)
{
    clinic_t c = titrating();
    const clinic_outcome_t out = fixture_score(&c, 2.375);
    fixture_expect_dose(&out, CLINIC_DECISION_DOSE_UP, CLINIC_REASON_ABOVE_GOAL, 120.0);
}

Test(titration, at_the_goal_and_in_its_band_holds)
{
    clinic_t c = titrating();
    clinic_outcome_t out = fixture_score(&c, 2.25);
    fixture_expect_dose(&out, CLINIC_DECISION_DOSE_HOLD, CLINIC_REASON_AT_GOAL, 100.0);
    out = fixture_score(&c, 1.125);
    fixture_expect_dose(&out, CLINIC_DECISION_DOSE_HOLD, CLINIC_REASON_AT_GOAL, 100.0);
}

Test(titration, too_weak_goes_down)
{
    clinic_t c = titrating();
    const clinic_outcome_t out = fixture_score(&c, 1.0);
    fixture_expect_dose(&out, CLINIC_DECISION_DOSE_DOWN, CLINIC_REASON_TOO_WEAK, 85.0);
}

Test(titration, nobody_goes_beyond_the_maximum)
{
    clinic_param_t p = clinic_param_default();
    p.dose_maximum_ug = 110.0;
    clinic_t c = fixture_implanted(&p);
    clinic_outcome_t out = fixture_score(&c, 4.0);
    fixture_expect_dose(&out, CLINIC_DECISION_DOSE_UP, CLINIC_REASON_ABOVE_GOAL, 110.0);
    out = fixture_score(&c, 4.0);
    fixture_expect_dose(&out, CLINIC_DECISION_DOSE_HOLD, CLINIC_REASON_AT_MAXIMUM, 110.0);
}

Test(titration, nobody_goes_below_the_minimum)
{
    clinic_param_t p = clinic_param_default();
    p.dose_minimum_ug = 90.0;
    clinic_t c = fixture_implanted(&p);
    clinic_outcome_t out = fixture_score(&c, 1.0);
    fixture_expect_dose(&out, CLINIC_DECISION_DOSE_DOWN, CLINIC_REASON_TOO_WEAK, 90.0);
    out = fixture_score(&c, 1.0);
    fixture_expect_dose(&out, CLINIC_DECISION_DOSE_HOLD, CLINIC_REASON_AT_MINIMUM, 90.0);
}

Test(titration, does_not_begin_within_the_hold)
{
    clinic_param_t p = clinic_param_default();
    p.titration_interval_day = 1.0;
    p.hold_h = 72.0;
    clinic_t c = fixture_implanted(&p);
    cr_expect_eq(clinic_next(&c).time_ms, c.implant_ms + 3 * FIXTURE_DAY_MS);
    c.planned.time_ms = c.implant_ms + 1;
    clinic_outcome_t out = fixture_score(&c, 4.0);
    fixture_expect_dose(&out, CLINIC_DECISION_DOSE_HOLD, CLINIC_REASON_TOO_EARLY, 100.0);
    cr_expect_eq(c.stable, 0);
}

Test(titration, weakness_within_the_hold_goes_down_all_the_same)
{
    clinic_t c = titrating();
    c.planned.time_ms = c.implant_ms + 1;
    const clinic_outcome_t out = fixture_score(&c, 1.0);
    fixture_expect_dose(&out, CLINIC_DECISION_DOSE_DOWN, CLINIC_REASON_TOO_WEAK, 85.0);
}

Test(titration, without_a_rating_changes_and_counts_nothing)
{
    clinic_t c = titrating();
    (void)fixture_score(&c, 2.0);
    const clinic_outcome_t out = fixture_score(&c, (double)NAN);
    fixture_expect_dose(&out, CLINIC_DECISION_DOSE_HOLD, CLINIC_REASON_NOT_RATED, 100.0);
    cr_expect_eq(c.phase, CLINIC_PHASE_TITRATION);
    cr_expect_eq(c.stable, 1);
}

Test(titration, starts_again_where_the_pump_has_no_dose)
{
    clinic_t c = titrating();
    finding_t f = fixture_finding(&c, 4.0);
    f.daily_dose_ug = 0.0;
    const clinic_outcome_t out = fixture_visit(&c, &f);
    fixture_expect_dose(&out, CLINIC_DECISION_START, CLINIC_REASON_PROTOCOL, 100.0);
}

Test(titration, steps_from_what_is_programmed_not_from_what_was_ordered)
{
    clinic_t c = titrating();
    finding_t f = fixture_finding(&c, 4.0);
    f.daily_dose_ug = 90.0;
    const clinic_outcome_t out = fixture_visit(&c, &f);
    fixture_expect_dose(&out, CLINIC_DECISION_DOSE_UP, CLINIC_REASON_ABOVE_GOAL, 108.0);
}

Test(titration, ends_when_two_visits_in_a_row_change_nothing)
{
    clinic_t c = titrating();
    (void)fixture_score(&c, 2.0);
    (void)fixture_score(&c, 3.0);
    clinic_outcome_t out = fixture_score(&c, 2.0);
    cr_expect_null(fixture_decision(&out, CLINIC_DECISION_MAINTENANCE));
    out = fixture_score(&c, 2.0);
    cr_assert_not_null(fixture_decision(&out, CLINIC_DECISION_MAINTENANCE));
    cr_expect_eq(fixture_decision(&out, CLINIC_DECISION_MAINTENANCE)->reason,
                 CLINIC_REASON_AT_GOAL);
    cr_expect_eq(c.phase, CLINIC_PHASE_MAINTENANCE);
    cr_expect_eq(clinic_next(&c).kind, FINDING_CONTACT_REFILL);
}

Test(titration, in_maintenance_the_step_is_the_refills)
{
    clinic_param_t p = clinic_param_default();
    p.maintenance_step = 0.3;
    clinic_t c = fixture_implanted(&p);
    (void)fixture_score(&c, 2.0);
    (void)fixture_score(&c, 2.0);
    const clinic_outcome_t out = fixture_score(&c, 3.0);
    cr_assert_not_null(fixture_order(&out, ORDER_REFILL));
    fixture_expect_dose(&out, CLINIC_DECISION_DOSE_UP, CLINIC_REASON_ABOVE_GOAL, 130.0);
    cr_expect_eq(c.phase, CLINIC_PHASE_MAINTENANCE);
}

/* Tone by dose alone, by a steep or a flat response; no noise, no delay. */
static double toy_score(double dose_ug, double half_ug)
{
    return 1.0 + 3.0 * half_ug / (half_ug + dose_ug);
}

Test(titration, a_toy_responders_year_ends_in_a_stable_dose)
{
    for (double half_ug = 40.0; half_ug < 400.0; half_ug *= 1.5) {
        clinic_t c = titrating();
        double at_half_year_ug = 0.0;
        while (clinic_next(&c).time_ms < 365 * FIXTURE_DAY_MS) {
            (void)fixture_score(&c, toy_score(c.daily_dose_ug, half_ug));
            if (clinic_next(&c).time_ms < 182 * FIXTURE_DAY_MS)
                at_half_year_ug = c.daily_dose_ug;
        }
        cr_expect_eq(c.phase, CLINIC_PHASE_MAINTENANCE, "half at %g ug/day", half_ug);
        cr_expect_float_eq(c.daily_dose_ug, at_half_year_ug, 1e-9, "half at %g ug/day", half_ug);
        cr_expect_leq(toy_score(c.daily_dose_ug, half_ug), 2.25, "half at %g ug/day", half_ug);
    }
}
