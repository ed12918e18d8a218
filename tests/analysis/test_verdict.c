/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of validation, each at its edges. */
#include "validation/verdict.h"

#include <criterion/criterion.h>
#include <math.h>

static const interval_t published = {0.2, 0.5};

Test(verdict, is_inside_in_the_interval_with_a_half_width_of_a_third)
{
    cr_expect_eq(verdict_judge(published, 0.2, 0.0999), VERDICT_INSIDE);
    cr_expect_eq(verdict_judge(published, 0.5, 0.0), VERDICT_INSIDE);
}

Test(verdict, has_too_few_in_the_interval_with_more)
{
    cr_expect_eq(verdict_judge(published, 0.35, 0.1001), VERDICT_TOO_FEW);
    cr_expect_eq(verdict_judge(published, 0.35, (double)NAN), VERDICT_TOO_FEW);
}

Test(verdict, is_outside_out_of_the_interval_when_that_is_sure)
{
    cr_expect_eq(verdict_judge(published, 0.51, 0.05), VERDICT_OUTSIDE);
    cr_expect_eq(verdict_judge(published, 0.19, 0.05), VERDICT_OUTSIDE);
    cr_expect_eq(verdict_judge(published, 0.9, 0.3), VERDICT_OUTSIDE);
}

Test(verdict, has_too_few_out_of_the_interval_when_chance_reaches_it)
{
    cr_expect_eq(verdict_judge(published, 0.6, 0.2), VERDICT_TOO_FEW);
    cr_expect_eq(verdict_judge(published, 0.6, (double)NAN), VERDICT_TOO_FEW);
}

Test(verdict, without_a_value_is_out_of_reach)
{
    cr_expect_eq(verdict_judge(published, (double)NAN, 0.0), VERDICT_OUT_OF_REACH);
}

Test(verdict, is_weak_over_more_than_a_factor_of_two_on_one_side_of_zero)
{
    cr_expect(verdict_is_weak((interval_t){0.2, 0.401}));
    cr_expect_not(verdict_is_weak((interval_t){0.2, 0.4}));
    cr_expect(verdict_is_weak((interval_t){-0.063, -0.008}));
    cr_expect_not(verdict_is_weak((interval_t){0.0, 0.0014}), "a bound");
    cr_expect_not(verdict_is_weak((interval_t){-1.0, 1.0}));
}

/* n rows of a role and verdict. */
static void add(verdict_sum_t *s, int n, enum verdict_role role, enum verdict v)
{
    while (n-- > 0) {
        verdict_add(s, role, 0, 0, v);
    }
}

Test(verdict, passes_with_four_of_five_inside)
{
    verdict_sum_t s = {.counted = 0};
    add(&s, 4, VERDICT_FITTED, VERDICT_INSIDE);
    add(&s, 1, VERDICT_EMERGENT, VERDICT_OUTSIDE);
    cr_expect(verdict_passes(&s, 0));
    add(&s, 1, VERDICT_DERIVED, VERDICT_OUT_OF_REACH);
    cr_expect_not(verdict_passes(&s, 0), "four of six");
}

Test(verdict, counts_neither_imposed_nor_weak_rows)
{
    verdict_sum_t s = {.counted = 0};
    add(&s, 4, VERDICT_FITTED, VERDICT_INSIDE);
    add(&s, 9, VERDICT_IMPOSED, VERDICT_OUTSIDE);
    for (int i = 0; i < 9; i++) {
        verdict_add(&s, VERDICT_EMERGENT, 0, 1, VERDICT_OUTSIDE);
    }
    cr_expect_eq(s.counted, 4);
    cr_expect_eq(s.weak, 9);
    cr_expect(verdict_passes(&s, 0));
}

Test(verdict, fails_with_a_gate_outside_even_if_it_is_weak_or_imposed)
{
    verdict_sum_t weak = {.counted = 0}, imposed = {.counted = 0};
    add(&weak, 9, VERDICT_FITTED, VERDICT_INSIDE);
    add(&imposed, 9, VERDICT_FITTED, VERDICT_INSIDE);
    verdict_add(&weak, VERDICT_FITTED, 1, 1, VERDICT_OUTSIDE);
    verdict_add(&imposed, VERDICT_IMPOSED, 1, 0, VERDICT_OUTSIDE);
    cr_expect_not(verdict_passes(&weak, 0));
    cr_expect_not(verdict_passes(&imposed, 0));
    cr_expect_not(verdict_passes(&imposed, 1));
}

Test(verdict, fails_with_too_few_but_for_a_quick_run)
{
    verdict_sum_t s = {.counted = 0};
    add(&s, 9, VERDICT_FITTED, VERDICT_INSIDE);
    add(&s, 1, VERDICT_FITTED, VERDICT_TOO_FEW);
    cr_expect_not(verdict_passes(&s, 0));
    cr_expect(verdict_passes(&s, 1));
}

Test(verdict, of_a_quick_run_fails_with_any_row_outside_and_counts_no_shares)
{
    verdict_sum_t s = {.counted = 0};
    add(&s, 1, VERDICT_FITTED, VERDICT_INSIDE);
    add(&s, 9, VERDICT_FITTED, VERDICT_OUT_OF_REACH);
    cr_expect(verdict_passes(&s, 1));
    add(&s, 1, VERDICT_EMERGENT, VERDICT_OUTSIDE);
    cr_expect_not(verdict_passes(&s, 1));
}
