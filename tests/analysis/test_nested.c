/* SPDX-License-Identifier: Apache-2.0 */
/* Parameter uncertainty apart from chance between patients: synthetic studies whose outer and inner spread are known. */
#include "statistics/nested.h"

#include <criterion/criterion.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdint.h>

#include "draw.h"

#define MANY 400 /* the most draws */

/* One study: `draws` draws of a parameter, normal of mean 10 and SD outer, each with n patients of SD inner about it. */
static void simulate(nested_draw_t *draw, size_t draws, size_t n, double outer, double inner,
                     uint64_t study)
{
    draw_t d;
    draw_init(&d, 20, DRAW_TEST, study, 0, 0);
    for (size_t r = 0; r < draws; r++) {
        const double true_value = 10.0 + outer * draw_normal(&d);
        double value[64];
        for (size_t i = 0; i < n; i++) {
            value[i] = true_value + inner * draw_normal(&d);
        }
        draw[r].estimate = gsl_stats_mean(value, 1, n);
        draw[r].variance = nested_variance_mean(n, gsl_stats_sd(value, 1, n));
        draw[r].n = n;
    }
}

/* Means over studies of what is estimated. */
typedef struct over_t {
    double low, high, sd, plain_low;
    size_t resolved;
} over_t;

static over_t repeat(size_t studies, size_t draws, size_t n, double outer, double inner)
{
    over_t o = {0.0, 0.0, 0.0, 0.0, 0};
    for (size_t s = 0; s < studies; s++) {
        nested_draw_t draw[MANY];
        double plain[MANY];
        simulate(draw, draws, n, outer, inner, s);
        for (size_t r = 0; r < draws; r++) {
            plain[r] = draw[r].estimate;
        }
        gsl_sort(plain, 1, draws);
        const nested_t t = nested_of(draw, draws);
        if (t.state == NESTED_RESOLVED) {
            o.low += t.ci.low;
            o.high += t.ci.high;
            o.sd += t.sd_parameters;
            o.plain_low += gsl_stats_quantile_from_sorted_data(plain, 1, draws, 0.025);
            o.resolved++;
        }
    }
    o.low /= (double)o.resolved;
    o.high /= (double)o.resolved;
    o.sd /= (double)o.resolved;
    o.plain_low /= (double)o.resolved;
    return o;
}

/* Outer SD 1, Monte Carlo SD of a draw 0.8: the draws themselves scatter by 1.28. */
Test(nested, gives_the_quantiles_of_the_parameters_and_not_those_of_the_draws)
{
    const over_t o = repeat(200, MANY, 25, 1.0, 4.0);
    cr_assert_eq(o.resolved, 200);
    cr_expect_float_eq(o.sd, 1.0, 0.02, "SD of parameters %g", o.sd);
    cr_expect_float_eq(o.low, 10.0 - 1.96, 0.06, "from %g", o.low);
    cr_expect_float_eq(o.high, 10.0 + 1.96, 0.06, "to %g", o.high);
    cr_expect_lt(o.plain_low, 10.0 - 2.4, "quantiles of the draws would say %g", o.plain_low);
}

/* The share of the parameter's own distribution that the interval spans: 0.95 (R - 1) / (R + 1) of R draws. */
Test(nested, spans_of_few_draws_the_share_that_its_header_says)
{
    static const size_t few[] = {10, 20, 100};
    for (size_t k = 0; k < 3; k++) {
        const double draws = (double)few[k];
        double spans = 0.0;
        for (uint64_t s = 0; s < 600; s++) {
            nested_draw_t draw[MANY];
            simulate(draw, few[k], 20, 1.0, 0.0, s + 1000 * k);
            const nested_t t = nested_of(draw, few[k]);
            spans +=
                0.5 * (erf((t.ci.high - 10.0) / sqrt(2.0)) - erf((t.ci.low - 10.0) / sqrt(2.0)));
        }
        cr_expect_float_eq(spans / 600.0, 0.95 * (draws - 1.0) / (draws + 1.0), 0.02,
                           "%zu draws span %g", few[k], spans / 600.0);
    }
}

/* Chance passes for parameters in about one in a hundred studies. */
Test(nested, sees_no_parameters_where_there_are_none)
{
    const over_t o = repeat(400, 30, 40, 0.0, 1.0);
    cr_expect_leq(o.resolved, 8, "%zu of 400 studies", o.resolved);
    nested_draw_t draw[30];
    simulate(draw, 30, 40, 0.0, 1.0, 0);
    const nested_t t = nested_of(draw, 30);
    cr_assert_eq(t.state, NESTED_UNRESOLVED);
    cr_expect(isnan(t.ci.low) && isnan(t.ci.high));
    cr_expect_float_eq(t.sd_monte_carlo, 1.0 / sqrt(40.0), 0.02);
}

/* Values of which one in 200 is 50, the others 0: nobody's parameter, though a draw that has two stands far off. */
Test(nested, does_not_take_a_rare_patient_for_a_parameter)
{
    size_t resolved = 0;
    draw_t d;
    draw_init(&d, 22, DRAW_TEST, 0, 0, 0);
    for (int s = 0; s < 400; s++) {
        nested_draw_t draw[30];
        for (int r = 0; r < 30; r++) {
            double value[25];
            for (int i = 0; i < 25; i++) {
                value[i] = draw_uniform(&d) < 0.005 ? 50.0 : 0.0;
            }
            draw[r] = (nested_draw_t){gsl_stats_mean(value, 1, 25),
                                      nested_variance_mean(25, gsl_stats_sd(value, 1, 25)), 25};
        }
        resolved += nested_of(draw, 30).state == NESTED_RESOLVED ? 1 : 0;
    }
    cr_expect_leq(resolved, 8, "%zu of 400 studies", resolved);
}

/* What is as large as chance is seen with fifty draws. */
Test(nested, sees_parameters_that_weigh_as_much_as_chance)
{
    const over_t o = repeat(200, 50, 25, 1.0, 5.0);
    cr_expect_geq(o.resolved, 160, "%zu of 200 studies", o.resolved);
}

/* The limit of what was not seen holds what is there in 97.5 of 100 studies. */
Test(nested, says_how_large_what_it_does_not_see_may_be)
{
    size_t unresolved = 0, below = 0;
    for (uint64_t s = 0; s < 400; s++) {
        nested_draw_t draw[20];
        simulate(draw, 20, 25, 0.1, 1.0, s);
        const nested_t t = nested_of(draw, 20);
        if (t.state == NESTED_UNRESOLVED) {
            unresolved++;
            below += t.sd_at_most < 0.1 ? 1 : 0;
        }
    }
    cr_assert_gt(unresolved, 200);
    cr_expect_leq((double)below, 0.05 * 400.0, "%zu of %zu limits are too low", below, unresolved);
}

Test(nested, keeps_the_shape_of_the_draws)
{
    nested_draw_t draw[101];
    for (size_t i = 0; i < 101; i++) {
        draw[i] = (nested_draw_t){pow((double)i / 100.0, 4.0), 0.01, 9};
    }
    const nested_t t = nested_of(draw, 101);
    cr_assert_eq(t.state, NESTED_RESOLVED);
    cr_expect_lt(t.mean - t.ci.low, 0.4 * (t.ci.high - t.mean));
    /* Without chance they are the draws' own quantiles: 2.5 and 97.5 of 0 to 100 lie between two of them. */
    for (size_t i = 0; i < 101; i++) {
        draw[i] = (nested_draw_t){(double)i, 0.0, 9};
    }
    const nested_t plain = nested_of(draw, 101);
    cr_expect_float_eq(plain.ci.low, 2.5, 1e-12);
    cr_expect_float_eq(plain.ci.high, 97.5, 1e-12);
}

Test(nested, needs_ten_draws_with_a_value)
{
    nested_draw_t draw[12];
    for (size_t i = 0; i < 12; i++) {
        draw[i] = (nested_draw_t){(double)i, 0.1, 10 + i};
    }
    draw[3].estimate = (double)NAN;
    cr_expect_eq(nested_of(draw, 1).state, NESTED_FEW, "one draw");
    cr_expect_eq(nested_of(draw, 0).state, NESTED_FEW, "none");
    const nested_t eleven = nested_of(draw, 12);
    cr_expect_eq(eleven.state, NESTED_RESOLVED);
    cr_expect_eq(eleven.draws, 11);
    cr_expect_eq(eleven.n, 16, "the middle of 10 to 21 but 13 is %zu", eleven.n);
    draw[0].variance = draw[1].variance = (double)NAN;
    const nested_t nine = nested_of(draw, 12);
    cr_expect_eq(nine.state, NESTED_FEW);
    cr_expect_eq(nine.draws, 9);
    cr_expect(isnan(nine.ci.low) && isnan(nine.sd_parameters));
}

Test(nested, tells_one_value_in_all_draws_from_an_interval_of_none)
{
    nested_draw_t draw[20];
    for (size_t i = 0; i < 20; i++) {
        draw[i] = (nested_draw_t){0.1, 0.0, 5};
    }
    const nested_t t = nested_of(draw, 20);
    cr_expect_eq(t.state, NESTED_SAME);
    cr_expect(isnan(t.ci.low));
    cr_expect_str_eq(nested_state_name(t.state), "same_in_all_draws");
}

/* Draws of other sizes: each takes its own chance with it. */
Test(nested, takes_draws_of_unequal_size)
{
    double sd = 0.0;
    for (uint64_t s = 0; s < 100; s++) {
        nested_draw_t draw[MANY];
        simulate(draw, MANY / 2, 10, 1.0, 2.0, s);
        simulate(draw + MANY / 2, MANY / 2, 60, 1.0, 2.0, s + 1000);
        const nested_t t = nested_of(draw, MANY);
        sd += t.sd_parameters / 100.0;
        cr_assert_eq(t.state, NESTED_RESOLVED);
    }
    cr_expect_float_eq(sd, 1.0, 0.02, "SD of parameters %g", sd);
}

Test(nested, does_not_go_by_the_order_of_draws)
{
    nested_draw_t one[50], other[50];
    simulate(one, 50, 20, 1.0, 2.0, 5);
    for (size_t i = 0; i < 50; i++) {
        other[49 - i] = one[i];
    }
    const nested_t a = nested_of(one, 50), b = nested_of(other, 50);
    cr_expect_float_eq(a.ci.low, b.ci.low, 0.0);
    cr_expect_float_eq(a.ci.high, b.ci.high, 0.0);
    cr_expect_float_eq(a.sd_parameters, b.sd_parameters, 1e-15);
}

/* ---- variances by chance ---- */

/* What is told of a sample of 41 normal values, against how their medians scatter: a tenth too much, which is on the safe side. */
Test(nested, knows_the_variance_of_a_median)
{
    double told = 0.0, found = 0.0;
    draw_t d;
    draw_init(&d, 21, DRAW_TEST, 0, 0, 0);
    for (int s = 0; s < 4000; s++) {
        double value[41];
        for (int i = 0; i < 41; i++) {
            value[i] = draw_normal(&d);
        }
        gsl_sort(value, 1, 41);
        told += nested_variance_median(value, 41) / 4000.0;
        found += value[20] * value[20] / 4000.0;
    }
    cr_expect_float_eq(told / found, 1.08, 0.08, "told %g, found %g", told, found);
    cr_expect(isnan(nested_variance_median(&told, 1)));
}

Test(nested, knows_the_variance_of_shares_and_rates)
{
    cr_expect_float_eq(nested_variance_share(3, 12), 0.25 * 0.75 / 11.0, 1e-15);
    cr_expect_float_eq(nested_variance_share(0, 12), 0.0, 0.0);
    cr_expect(isnan(nested_variance_share(0, 1)));
    cr_expect_float_eq(nested_variance_mean(4, 3.0), 2.25, 1e-15);
    cr_expect(isnan(nested_variance_mean(1, (double)NAN)));
    rate_sums_t once = {0}, often = {0};
    for (size_t i = 0; i < 10; i++) {
        rate_add(&once, i < 4 ? 1 : 0, 2.0);
        rate_add(&often, i, 2.0);
    }
    const rate_t poisson = rate_of(&once), clustered = rate_of(&often);
    cr_expect_float_eq(nested_variance_rate(&poisson), 4.0 / (20.0 * 20.0), 1e-15);
    /* 10 / 9 times the sum of (k - 4.5)^2, 82.5, over the time's square. */
    cr_expect_float_eq(nested_variance_rate(&clustered), 10.0 / 9.0 * 82.5 / 400.0, 1e-12);
}
