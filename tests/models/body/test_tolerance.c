/* SPDX-License-Identifier: Apache-2.0 */
/* Tolerance alone and in a body: how far it rises, how fast, how it is lost, and that it can be off. */
#include <criterion/criterion.h>
#include <math.h>

#include "body/body.h"
#include "body/tolerance.h"

static error_t e;

static tolerance_t tolerance_of(const tolerance_param_t *p)
{
    tolerance_t t;
    cr_assert_eq(tolerance_init(&t, p, &e), 0, "%s", e.text);
    return t;
}

static tolerance_t typical(void)
{
    const tolerance_param_t p = parameters_tolerance();
    return tolerance_of(&p);
}

static double after_days(tolerance_t t, double days, double ng_per_ml)
{
    tolerance_advance(&t, 24.0 * days, ng_per_ml);
    return tolerance_multiplier(&t);
}

Test(tolerance, nobody_starts_tolerant)
{
    const tolerance_t t = typical();
    cr_expect_eq(tolerance_multiplier(&t), 1.0);
}

Test(tolerance, one_time_constant_makes_1_minus_1_over_e_of_the_rise)
{
    tolerance_param_t p = parameters_tolerance();
    p.rise = 3.0;
    p.tau_day = 100.0;
    /* At C = half the exposure is 1/2. */
    const double m = after_days(tolerance_of(&p), 100.0, p.half_ng_per_ml);
    cr_expect_float_eq(m, 1.0 + 1.5 * (1.0 - exp(-1.0)), 1e-14);
}

Test(tolerance, any_split_at_one_concentration_agrees)
{
    tolerance_param_t p = parameters_tolerance();
    p.slow_rise = 6.0;
    tolerance_t t = tolerance_of(&p);
    for (int i = 0; i < 365 * 24 * 4; i++)
        tolerance_advance(&t, 0.25, 250.0);
    cr_expect_float_eq(tolerance_multiplier(&t), after_days(tolerance_of(&p), 365.0, 250.0), 1e-11);
}

/* 2.0 to 3.2 times at effect-site concentrations of maintenance, most of it within 12 to 18 months. */
Test(tolerance, typical_rise_is_that_of_published_doses)
{
    for (double c = 150.0; c <= 800.0; c += 50.0) {
        const double year = after_days(typical(), 365.0, c), end = after_days(typical(), 3650.0, c);
        const double later = after_days(typical(), 548.0, c);
        cr_expect(end > 2.0 && end < 3.2, "%g ng/mL: %g in the end", c, end);
        cr_expect((year - 1.0) / (end - 1.0) > 0.9, "%g ng/mL: %g after a year", c, year);
        cr_expect((later - 1.0) / (end - 1.0) > 0.97, "%g ng/mL: %g after 18 months", c, later);
    }
}

Test(tolerance, more_exposure_raises_more)
{
    double before = 0.0;
    for (double c = 0.0; c < 1e4; c = 2.0 * c + 1.0) {
        const double m = after_days(typical(), 60.0, c);
        cr_expect(m > before, "%g after %g at %g ng/mL", m, before, c);
        before = m;
    }
}

Test(tolerance, is_lost_without_drug_at_the_same_rate)
{
    tolerance_t t = typical();
    tolerance_advance(&t, 24.0 * 3650.0, 400.0);
    const double risen = tolerance_multiplier(&t) - 1.0;
    tolerance_advance(&t, 24.0 * t.param.tau_day, 0.0);
    cr_expect_float_eq(tolerance_multiplier(&t) - 1.0, risen * exp(-1.0), 1e-9);
}

/* A dose that keeps the effect keeps C / (EC50 m), so that it goes with m: weekly steps from a naive dose. */
static double dose_after(const tolerance_param_t *p, double naive_ug_per_day, int weeks)
{
    const double naive_ng_per_ml = 1.1 * naive_ug_per_day;
    tolerance_t t = tolerance_of(p);
    for (int i = 0; i < weeks; i++)
        tolerance_advance(&t, 168.0, naive_ng_per_ml * tolerance_multiplier(&t));
    return naive_ug_per_day * tolerance_multiplier(&t);
}

/* Doses in published cohorts: 83 to 270 and 136 to 229 ug/day within 12 to 18 months, then flat. */
Test(tolerance, dose_that_keeps_the_effect_rises_2_to_3_times_and_stays)
{
    const tolerance_param_t p = parameters_tolerance();
    const double naive = 130.0, later = dose_after(&p, naive, 78), end = dose_after(&p, naive, 260);
    cr_expect(later / naive > 2.0 && later / naive < 3.2, "%g ug/day after 18 months", later);
    cr_expect(end / later < 1.05, "%g ug/day after five years, %g after 18 months", end, later);
}

Test(tolerance, dose_of_those_who_continue_grows_by_100_ug_per_day_a_year)
{
    tolerance_param_t p = parameters_tolerance();
    p.slow_rise = parameters_population().continuing_slow_rise;
    for (int year = 1; year < 3; year++) {
        const double grown =
            dose_after(&p, 130.0, 52 * (year + 1)) - dose_after(&p, 130.0, 52 * year);
        cr_expect(grown > 100.0 && grown < 300.0, "year %d: %g ug/day", year + 1, grown);
    }
}

Test(tolerance, a_person_long_used_to_the_drug_starts_risen)
{
    tolerance_param_t p = parameters_tolerance();
    p.start = 1.0;
    const tolerance_t t = tolerance_of(&p);
    cr_expect_eq(tolerance_multiplier(&t), 1.0 + p.rise);
}

Test(tolerance, rises_of_zero_switch_it_off)
{
    tolerance_param_t p = parameters_tolerance();
    p.rise = 0.0;
    tolerance_t t = tolerance_of(&p);
    tolerance_advance(&t, 1e5, 1e4);
    cr_expect(tolerance_off(&t));
    cr_expect_eq(tolerance_multiplier(&t), 1.0);
    p.slow_rise = 1.0;
    t = tolerance_of(&p);
    cr_expect_not(tolerance_off(&t));
}

Test(tolerance, concentrations_below_zero_count_as_zero)
{
    cr_expect_eq(after_days(typical(), 100.0, -1e-9), 1.0);
}

Test(tolerance, a_rise_below_zero_is_refused)
{
    tolerance_param_t p = parameters_tolerance();
    tolerance_t t;
    p.rise = -0.1;
    cr_expect_eq(tolerance_init(&t, &p, &e), ERROR_ARGUMENT);
}

static body_t body_of(const body_param_t *p)
{
    body_t b;
    cr_assert_eq(body_init(&b, p, &e), 0, "%s", e.text);
    return b;
}

static void infuse(body_t *b, int days, int32_t step_minutes)
{
    const double ug = 300.0 * step_minutes / 1440.0;
    for (int i = 0; i < days * 1440 / step_minutes; i++)
        cr_assert_eq(body_advance(b, step_minutes, &ug, &e), 0, "%s", e.text);
}

/* The tone of a tolerant body is that of a naive one whose EC50 is m times higher. */
Test(tolerance, body_answers_with_its_ec50_times_m)
{
    body_param_t p = body_param_default();
    body_t tolerant = body_of(&p);
    infuse(&tolerant, 120, 1440);
    p.tolerance.rise = 0.0;
    p.ashworth.ec50_ng_per_ml *= body_tolerance(&tolerant);
    body_t naive = body_of(&p);
    infuse(&naive, 120, 1440);
    cr_expect_gt(body_tolerance(&tolerant), 1.3);
    cr_expect_eq(body_tolerance(&naive), 1.0);
    cr_expect_float_eq(body_ashworth_latent(&tolerant), body_ashworth_latent(&naive), 1e-9);
    body_free(&tolerant);
    body_free(&naive);
}

/* The greatest error of a cut is that of the first hours, when the effect site fills. */
Test(tolerance, body_rises_alike_in_long_and_short_steps)
{
    const body_param_t p = body_param_default();
    body_t days = body_of(&p), hours = body_of(&p), month = body_of(&p);
    infuse(&days, 30, 1440);
    infuse(&hours, 30, 60);
    infuse(&month, 30, 30 * 1440);
    const double m = body_tolerance(&hours);
    cr_expect_float_eq(body_tolerance(&days), m, 0.005 * (m - 1.0));
    cr_expect_float_eq(body_tolerance(&month), body_tolerance(&days), 1e-9);
    body_free(&days);
    body_free(&hours);
    body_free(&month);
}

/* What the fluid and the drug do knows nothing of tolerance. */
Test(tolerance, concentrations_do_not_change)
{
    body_param_t p = body_param_default();
    body_t on = body_of(&p);
    p.tolerance.rise = 0.0;
    body_t off = body_of(&p);
    infuse(&on, 20, 1440);
    infuse(&off, 20, 1440);
    cr_expect_eq(body_effect_ng_per_ml(&on, 0), body_effect_ng_per_ml(&off, 0));
    cr_expect_eq(body_tip_ng_per_ml(&on, 0), body_tip_ng_per_ml(&off, 0));
    body_free(&on);
    body_free(&off);
}

/* Step by step, with the mean of what the effect site held at both ends. */
Test(tolerance, body_rises_by_what_its_effect_site_holds)
{
    const body_param_t p = body_param_default();
    body_t b = body_of(&p);
    tolerance_t t = tolerance_of(&p.tolerance);
    for (int hour = 0; hour < 48; hour++) {
        const double before = body_effect_ng_per_ml(&b, 0), ug = 12.5;
        cr_assert_eq(body_advance(&b, 60, &ug, &e), 0, "%s", e.text);
        tolerance_advance(&t, 1.0, 0.5 * (before + body_effect_ng_per_ml(&b, 0)));
    }
    cr_expect_gt(body_tolerance(&b), 1.01);
    cr_expect_float_eq(body_tolerance(&b), tolerance_multiplier(&t), 1e-12);
    body_free(&b);
}
