/* SPDX-License-Identifier: Apache-2.0 */
/* Primes by release: the volumes, and the drug that nobody ordered. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "draw.h"
#include "host/prime.h"

#define SEED 40u

/* 90 cm of 0.0022 mL/cm: 0.198 mL, with 0.140 of tubing 0.338; at 24 mL/day 1 mL an hour. */
static prime_order_t some_order(path_release_t release)
{
    return (prime_order_t){.release = release,
                           .system = {PATH_CATHETER_114, 24.0, 0.14, (double)INFINITY},
                           .ug_per_ml = 500.0,
                           .rate_ml_per_day = 24.0,
                           .basal_ml_per_day = 0.6,
                           .allowed_ug = 0.0};
}

static prime_plan_t planned(const prime_order_t *order)
{
    error_t e = {0};
    prime_plan_t plan;
    cr_assert_eq(prime_plan(&plan, order, &e), 0, "%s", e.text);
    return plan;
}

Test(prime, the_corrected_card_fills_the_path_and_no_more)
{
    prime_order_t o = some_order(PATH_CARD_0140);
    const prime_plan_t p = planned(&o);
    cr_expect_float_eq(p.tubing_ml, 0.140, 1e-12);
    cr_expect_float_eq(p.catheter_ml, 0.198, 1e-12);
    cr_expect_float_eq(p.minutes, 20.28, 1e-9);
    cr_expect_float_eq(p.early_ug + p.missing_ug + p.low_hours, 0.0, 1e-9);
}

/* The published constant of 0.199 mL: 0.059 mL too much, 29.5 ug at 500 ug/mL and 118 ug at 2000 ug/mL. */
Test(prime, the_card_of_0199_gives_59_microlitres_too_much)
{
    prime_order_t o = some_order(PATH_CARD_0199);
    prime_plan_t p = planned(&o);
    cr_expect_float_eq(p.tubing_ml, 0.199, 1e-12);
    cr_expect_float_eq(p.minutes, 23.82, 1e-9);
    cr_expect_float_eq(p.early_ug, 29.5, 1e-9);
    cr_expect_float_eq(p.missing_ug, 0.0, 1e-9);
    o.ug_per_ml = 2000.0;
    p = planned(&o);
    cr_expect_float_eq(p.early_ug, 118.0, 1e-9);
}

Test(prime, the_catheter_alone_has_no_fault_of_the_tubing)
{
    prime_order_t o = some_order(PATH_CARD_0199);
    o.tubing_filled = true;
    const prime_plan_t p = planned(&o);
    cr_expect_eq(p.tubing_ml, 0.0);
    cr_expect_float_eq(p.catheter_ml, 0.198, 1e-12);
    cr_expect_float_eq(p.early_ug, 0.0, 1e-9);
}

/* The recall of 2013: with mixing, drug is out before the end, and as much is missing afterwards. One stirred vessel: 1/e
 * of the path's drug; its share at the tip reaches 95 % after ln 20 volumes. */
Test(prime, mixing_lets_drug_out_early_and_leaves_as_much_missing)
{
    prime_order_t o = some_order(PATH_CARD_0140);
    o.system.stages = 1.0;
    const prime_plan_t p = planned(&o);
    cr_expect_float_eq(p.early_ug, 0.338 * 500.0 * exp(-1.0), 1e-9);
    cr_expect_float_eq(p.missing_ug, p.early_ug, 1e-9);
    cr_expect_float_eq(p.low_hours, 0.338 * (log(20.0) - 1.0) / 0.6 * 24.0, 1e-6);
}

Test(prime, mass_is_where_it_went_whatever_the_release)
{
    for (int release = 0; release < (int)PATH_RELEASES; release++) {
        for (uint64_t k = 0; k < 500u; k++) {
            draw_t d;
            draw_init(&d, SEED, DRAW_TEST, 1u, (uint64_t)release, k);
            prime_order_t o = some_order((path_release_t)release);
            o.system.trimmed_cm = 60.0 * draw_uniform(&d);
            o.system.tubing_ml = 0.1 + 0.1 * draw_uniform(&d);
            o.system.stages = exp(draw_uniform(&d) * log(1e4));
            o.ug_per_ml = 50.0 + 4000.0 * draw_uniform(&d);
            o.allowed_ug = 20.0 * draw_uniform(&d);
            const prime_plan_t p = planned(&o);
            const double path_ml = o.system.tubing_ml + (114.0 - o.system.trimmed_cm) * 0.0022;
            const double pushed_ug = (p.tubing_ml + p.catheter_ml) * o.ug_per_ml;
            cr_expect_float_eq(pushed_ug + p.missing_ug - p.early_ug, path_ml * o.ug_per_ml,
                               1e-9 * pushed_ug, "seed %u, release %d, draw %llu", SEED, release,
                               (unsigned long long)k);
        }
    }
}

/* This project's own: as much as is allowed, to the nanogram, or the whole path; never more tubing than there is. */
Test(prime, the_own_release_keeps_to_what_is_allowed)
{
    for (uint64_t k = 0; k < 500u; k++) {
        draw_t d;
        draw_init(&d, SEED, DRAW_TEST, 2u, 0u, k);
        prime_order_t o = some_order(PATH_OWN);
        o.system.stages = exp(draw_uniform(&d) * log(1e4));
        o.allowed_ug = 30.0 * draw_uniform(&d);
        const prime_plan_t p = planned(&o);
        const double pushed_ml = p.tubing_ml + p.catheter_ml;
        const bool whole = fabs(pushed_ml - 0.338) < 1e-9;
        cr_expect(p.early_ug <= o.allowed_ug + 1e-6, "seed %u, draw %llu", SEED,
                  (unsigned long long)k);
        cr_expect(whole || fabs(p.early_ug - o.allowed_ug) < 1e-6, "seed %u, draw %llu: %g of %g",
                  SEED, (unsigned long long)k, p.early_ug, o.allowed_ug);
        cr_expect(p.tubing_ml <= 0.14 && p.catheter_ml <= 0.198 + 1e-12);
    }
    prime_order_t o = some_order(PATH_OWN);
    cr_expect_float_eq(planned(&o).tubing_ml + planned(&o).catheter_ml, 0.338, 1e-12);
}

/* What the three releases do to one patient at 2000 ug/mL, catheter mixing as Taylor and Aris have it. */
Test(prime, each_release_does_less_harm_than_the_one_before)
{
    double early_ug[PATH_RELEASES];
    for (int i = 0; i < (int)PATH_RELEASES; i++) {
        prime_order_t o = some_order((path_release_t)i);
        o.ug_per_ml = 2000.0;
        o.allowed_ug = 5.0;
        o.system.stages = path_stages(90.0, 7e-6, 24.0);
        early_ug[i] = planned(&o).early_ug;
    }
    cr_expect_gt(early_ug[PATH_CARD_0199], 118.0);
    cr_expect(early_ug[PATH_CARD_0140] > 15.0 && early_ug[PATH_CARD_0140] < 30.0, "%g ug",
              early_ug[PATH_CARD_0140]);
    cr_expect_float_eq(early_ug[PATH_OWN], 5.0, 1e-6);
}

Test(prime, an_order_that_means_nothing_is_refused)
{
    static const char *const words[] = {"concentration", "rate of the prime", "basal rate",
                                        "0 or more", "programmer release"};
    for (int i = 0; i < 5; i++) {
        error_t e = {0};
        prime_plan_t p = {.minutes = -1.0};
        prime_order_t o = some_order(PATH_CARD_0140);
        o.ug_per_ml = i == 0 ? 0.0 : o.ug_per_ml;
        o.rate_ml_per_day = i == 1 ? (double)INFINITY : o.rate_ml_per_day;
        o.basal_ml_per_day = i == 2 ? (double)NAN : o.basal_ml_per_day;
        o.allowed_ug = i == 3 ? -1.0 : o.allowed_ug;
        o.release = i == 4 ? PATH_RELEASES : o.release;
        cr_expect_eq(prime_plan(&p, &o, &e), ERROR_ARGUMENT, "case %d", i);
        cr_expect(strstr(e.text, words[i]) != NULL, "case %d: %s", i, e.text);
        cr_expect_eq(p.minutes, -1.0, "case %d", i);
    }
}
