/* SPDX-License-Identifier: Apache-2.0 */
/* Doses and effects whose groups and ranks are known. */
#include "statistics/dose_effect.h"

#include <criterion/criterion.h>
#include <math.h>

static dose_effect_t described(dose_effect_pair_t *pair, size_t n)
{
    dose_effect_t d;
    error_t e = {0};
    cr_assert_eq(dose_effect_describe(&d, pair, n, &e), 0, "%s", e.text);
    return d;
}

/* IQ against hours of television, the worked example of Spearman's coefficient in its article of Wikipedia: -29/165. */
Test(dose_effect, correlation_is_spearman_s)
{
    dose_effect_pair_t pair[] = {{106, 7},  {100, 27}, {86, 2},   {101, 50}, {99, 28},
                                 {103, 29}, {97, 20},  {113, 12}, {112, 6},  {110, 17}};
    const dose_effect_t d = described(pair, 10);
    const double half = 1.959963984540054 * sqrt(1.06 / 7.0);
    cr_expect_float_eq(d.correlation, -29.0 / 165.0, 1e-14);
    cr_expect_float_eq(d.ci.low, tanh(atanh(-29.0 / 165.0) - half), 1e-12);
    cr_expect_float_eq(d.ci.high, tanh(atanh(-29.0 / 165.0) + half), 1e-12);
}

/* Ranks 1, 2.5, 2.5, 4 and 1.5, 1.5, 3, 4: by hand 3.75 over sqrt(4.5 4.5). */
Test(dose_effect, correlation_shares_the_ranks_of_ties)
{
    dose_effect_pair_t pair[] = {{1, 5}, {2, 5}, {2, 6}, {3, 9}};
    cr_expect_float_eq(described(pair, 4).correlation, 3.75 / 4.5, 1e-14);
}

Test(dose_effect, groups_are_fifths_in_order_of_dose)
{
    dose_effect_pair_t pair[20];
    for (int i = 0; i < 20; i++) {
        const double dose = 7 * i % 20;
        pair[i] = (dose_effect_pair_t){dose, 10.0 * dose};
    }
    const dose_effect_t d = described(pair, 20);
    cr_assert_eq(d.groups, 5);
    for (int k = 0; k < 5; k++) {
        cr_expect_float_eq(d.group[k].low, 4.0 * k, 0.0);
        cr_expect_float_eq(d.group[k].high, 4.0 * k + 3.0, 0.0);
        cr_expect_float_eq(d.group[k].dose, 4.0 * k + 1.5, 1e-12);
        cr_expect_float_eq(d.group[k].effect.mean, 40.0 * k + 15.0, 1e-12);
        cr_expect_eq(d.group[k].effect.n, 4);
    }
    cr_expect_float_eq(d.correlation, 1.0, 1e-14);
    cr_expect(isnan(d.ci.low));
}

/* A dose that many have is in one group whole: 12 at 50, then 3 single ones at the fifths of 15. */
Test(dose_effect, groups_do_not_part_equal_doses)
{
    dose_effect_pair_t pair[15];
    for (int i = 0; i < 15; i++) {
        pair[i] = (dose_effect_pair_t){i < 12 ? 50.0 : 50.0 + i, (double)i};
    }
    const dose_effect_t d = described(pair, 15);
    cr_assert_eq(d.groups, 2);
    cr_expect_eq(d.group[0].effect.n, 12);
    cr_expect_float_eq(d.group[0].high, 50.0, 0.0);
    cr_expect_eq(d.group[1].effect.n, 3);
}

Test(dose_effect, leaves_out_who_has_no_value_and_knows_nothing_of_nobody)
{
    dose_effect_pair_t pair[] = {{(double)NAN, 1}, {1, (double)NAN}, {2, 3}};
    const dose_effect_t one = described(pair, 3), none = described(pair, 0);
    cr_expect_eq(one.n, 1);
    cr_expect_float_eq(one.group[0].effect.mean, 3.0, 0.0);
    cr_expect(isnan(one.correlation));
    cr_expect_eq(none.n, 0);
    cr_expect_eq(none.groups, 0);
}

Test(dose_effect, one_dose_for_all_has_no_correlation)
{
    dose_effect_pair_t pair[] = {{2, 1}, {2, 4}, {2, 3}, {2, 7}, {2, 9}};
    const dose_effect_t d = described(pair, 5);
    cr_expect(isnan(d.correlation) && isnan(d.ci.low));
    cr_expect_eq(d.groups, 1);
}
