/* SPDX-License-Identifier: Apache-2.0 */
/* The sounder: level by depth and tone, and how pumps differ in depth. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/sounder.h"
#include "tests/models/device/defaults.h"

Test(sounder, level_falls_with_the_tissue_over_the_pump)
{
    sounder_param_t p = default_sounder;
    cr_expect_float_eq(sounder_level_db(&p, false), 60.0, 1e-12);
    p.depth_cm = 1.0;
    cr_expect_float_eq(sounder_level_db(&p, false), 63.0, 1e-12);
    p.depth_cm = 4.0;
    cr_expect_float_eq(sounder_level_db(&p, false), 54.0, 1e-12);
}

Test(sounder, the_critical_tone_is_noticed_as_the_louder)
{
    cr_expect_float_eq(sounder_level_db(&default_sounder, true) -
                           sounder_level_db(&default_sounder, false),
                       3.0, 1e-12);
}

Test(sounder, depths_spread_as_their_row_says_within_their_range)
{
    double sum = 0.0, squares = 0.0;
    const int pumps = 20000;
    for (int i = 0; i < pumps; i++) {
        sounder_param_t p = default_sounder;
        draw_t d, one;
        draw_init(&d, 3, DRAW_TEST, (uint64_t)i + 1, 0, 0);
        one = d;
        sounder_param_draw(&p, &d);
        (void)draw_uniform(&one);
        cr_assert_eq(draw_bits(&d), draw_bits(&one), "one uniform");
        cr_assert(p.depth_cm >= SOUNDER_DEPTH_MIN_CM && p.depth_cm <= SOUNDER_DEPTH_MAX_CM);
        sum += p.depth_cm;
        squares += p.depth_cm * p.depth_cm;
    }
    const double mean = sum / pumps;
    cr_expect_float_eq(mean, 2.0, 0.03, "%g", mean);
    cr_expect_float_eq(sqrt(squares / pumps - mean * mean), 0.69, 0.02);
}
