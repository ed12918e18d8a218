/* SPDX-License-Identifier: Apache-2.0 */
/* The path's constants, volumes and front: closed forms, and stirred vessels counted out. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "host/path.h"

static path_system_t some_system(void)
{
    return (path_system_t){
        .catheter = PATH_CATHETER_110, .trimmed_cm = 10.0, .tubing_ml = 0.14, .stages = 4.0};
}

/* As test_reference.c holds the parameters of the models. */
static int names_a_source(const char *source)
{
    return strstr(source, "assumption") != NULL || strstr(source, "manufacturer's ") != NULL ||
           strstr(source, "RC-20") != NULL;
}

Test(path, every_constant_names_a_source_or_says_assumption)
{
    for (int i = 0; i < (int)PATH_RELEASES; i++) {
        const path_constants_t *c = path_release((path_release_t)i);
        cr_expect(names_a_source(c->source), "%s: %s", c->name, c->source);
        cr_expect_neq(c->fault[0], '\0', "%s", c->name);
    }
    for (int i = 0; i < (int)PATH_CATHETERS; i++) {
        const path_catheter_kind_t *k = path_catheter((path_catheter_t)i);
        cr_expect(names_a_source(k->source), "%s: %s", k->name, k->source);
    }
}

/* TGA RC-2017-RN-00065-1; Prometra II manual p.33: (110 - trimmed) cm of 0.0026 mL, at most 0.286 mL. */
Test(path, published_constants_stand_in_the_tables)
{
    error_t e = {0};
    path_volume_t v;
    path_system_t s = some_system();
    cr_expect_float_eq(path_release(PATH_CARD_0199)->tubing_ml -
                           path_release(PATH_CARD_0140)->tubing_ml,
                       0.059, 1e-12);
    cr_assert_eq(path_true(&v, &s, &e), 0, "%s", e.text);
    cr_expect_float_eq(v.catheter_ml, 0.26, 1e-12);
    s.trimmed_cm = 0.0;
    cr_assert_eq(path_true(&v, &s, &e), 0, "%s", e.text);
    cr_expect_float_eq(v.catheter_ml, 0.286, 1e-12);
}

Test(path, a_card_takes_every_pump_for_its_own_constant)
{
    error_t e = {0};
    static const double tubing_ml[PATH_RELEASES] = {0.199, 0.140, 0.12};
    path_system_t s = some_system();
    s.tubing_ml = 0.12;
    for (int i = 0; i < (int)PATH_RELEASES; i++) {
        path_volume_t v;
        cr_assert_eq(path_declared(&v, &s, (path_release_t)i, &e), 0, "%s", e.text);
        cr_expect_float_eq(v.tubing_ml, tubing_ml[i], 1e-12, "release %d", i);
        cr_expect_float_eq(v.catheter_ml, 0.26, 1e-12, "release %d", i);
    }
}

Test(path, what_is_out_of_range_is_refused_with_what_to_give)
{
    static const struct {
        path_system_t s;
        const char *words;
    } rows[] = {
        {{PATH_CATHETERS, 0.0, 0.14, 4.0}, "catheter kind 4"},
        {{PATH_CATHETER_89, 88.5, 0.14, 4.0}, "give 0 to 88 cm"},
        {{PATH_CATHETER_89, -1.0, 0.14, 4.0}, "give 0 to 88 cm"},
        {{PATH_CATHETER_89, (double)NAN, 0.14, 4.0}, "give 0 to 88 cm"},
        {{PATH_CATHETER_89, 0.0, 2.5, 4.0}, "tubing is 2.5 mL"},
        {{PATH_CATHETER_89, 0.0, 0.14, 0.5}, "0.5 stages"},
        {{PATH_CATHETER_89, 0.0, 0.14, 2e6}, "2e+06 stages"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        error_t e = {0};
        path_volume_t v;
        cr_expect_eq(path_true(&v, &rows[i].s, &e), ERROR_ARGUMENT, "row %zu", i);
        cr_expect(strstr(e.text, rows[i].words) != NULL, "row %zu: %s", i, e.text);
    }
    error_t e = {0};
    path_volume_t v;
    const path_system_t s = some_system();
    cr_expect_eq(path_declared(&v, &s, PATH_RELEASES, &e), ERROR_ARGUMENT);
    cr_expect(strstr(e.text, "programmer release 3") != NULL, "%s", e.text);
}

/* 24 pi D L/Q: 90 cm, 7e-6 cm^2/s, 24 mL/day. */
Test(path, stages_follow_taylor_and_aris)
{
    cr_expect_float_eq(path_stages(90.0, 7e-6, 24.0), 171.003, 0.001);
    cr_expect_float_eq(path_stages(90.0, 7e-6, 2.4), 1710.03, 0.01);
    cr_expect_eq(path_stages(1.0, 1e-9, 24.0), 1.0);
    cr_expect_eq(path_stages(200.0, 1e-3, 1e-3), 1e4);
}

/* One vessel: 1 - exp(-y), and x less V times that. */
Test(path, one_stage_is_a_stirred_vessel)
{
    for (double x = 0.0; x < 2.0; x += 0.05) {
        const double share = 1.0 - exp(-x / 0.4);
        cr_expect_float_eq(path_front(0.4, 1.0, x), share, 1e-12, "x = %g", x);
        cr_expect_float_eq(path_passed_ml(0.4, 1.0, x), x - 0.4 * share, 1e-12, "x = %g", x);
    }
}

/* Vessels in series, drop by drop: each drop flows through all of them and mixes in each. */
Test(path, the_front_is_that_of_vessels_counted_out)
{
    enum { VESSELS = 5, DROPS = 200000 };
    const double volume_ml = 0.35;
    const double drop_ml = 2.0 * volume_ml / DROPS;
    const double kept = exp(-drop_ml / (volume_ml / VESSELS));
    double share[VESSELS] = {0.0};
    double passed_ml = 0.0;
    for (int k = 1; k <= DROPS; k++) {
        double in = 1.0;
        for (int i = 0; i < VESSELS; i++) {
            share[i] = in + (share[i] - in) * kept;
            in = share[i];
        }
        passed_ml += share[VESSELS - 1] * drop_ml;
        if (k % (DROPS / 8) == 0) {
            const double x = k * drop_ml;
            cr_expect_float_eq(path_front(volume_ml, VESSELS, x), share[VESSELS - 1], 1e-4, "%g",
                               x);
            cr_expect_float_eq(path_passed_ml(volume_ml, VESSELS, x), passed_ml, 1e-5, "%g", x);
        }
    }
}

Test(path, many_stages_tend_to_a_plug_and_stay_finite)
{
    static const double stages[] = {1.0, 2.5, 30.0, 171.0, 1e3, 1e4, (double)INFINITY};
    for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++) {
        double before = 0.0;
        for (double x = 0.0; x <= 40.0; x = x * 1.5 + 1e-4) {
            const double share = path_front(0.3, stages[i], x);
            cr_expect(share >= before && share <= 1.0, "n = %g, x = %g: %g", stages[i], x, share);
            before = share;
        }
        cr_expect_float_eq(before, 1.0, 1e-12, "n = %g", stages[i]);
        cr_expect_float_eq(path_passed_ml(0.3, stages[i], 40.0), 39.7, 1e-9, "n = %g", stages[i]);
    }
    cr_expect_float_eq(path_passed_ml(0.3, 1e4, 0.33), 0.03, 1e-6);
    cr_expect_eq(path_front(0.3, (double)INFINITY, 0.2999), 0.0);
    cr_expect_eq(path_front(0.3, (double)INFINITY, 0.3), 1.0);
}

Test(path, the_front_is_found_where_it_is)
{
    static const double stages[] = {1.0, 4.0, 171.0, 1e4};
    for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++) {
        for (double share = 0.05; share < 1.0; share += 0.1) {
            const double x = path_front_ml(0.3, stages[i], share);
            cr_expect_float_eq(path_front(0.3, stages[i], x), share, 1e-9, "n = %g, %g", stages[i],
                               share);
        }
    }
    cr_expect_float_eq(path_front_ml(0.4, 1.0, 0.5), 0.4 * log(2.0), 1e-12);
    cr_expect_eq(path_front_ml(0.3, (double)INFINITY, 0.95), 0.3);
}
