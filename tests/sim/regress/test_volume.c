/* SPDX-License-Identifier: Apache-2.0 */
/* Volumes hour by hour, and the widest gap between two. */
#include "regress/volume.h"

#include "draw.h"

#include <criterion/criterion.h>
#include <math.h>

#define HOUR_MS 3600000.0

static volume_t volume_of(size_t hours, double each_ml)
{
    volume_t v;
    error_t e = {0};
    cr_assert_eq(volume_init(&v, (int64_t)hours * 3600000, &e), 0);
    cr_assert_eq(v.hours, hours);
    for (size_t i = 0; i < hours; i++) {
        const segment_t s = {(double)i * HOUR_MS, HOUR_MS, each_ml, 1.0};
        volume_add(&v, &s);
    }
    return v;
}

Test(volume, a_segment_over_many_hours_is_divided_by_time)
{
    volume_t v = volume_of(5, 0.0);
    const segment_t s = {0.5 * HOUR_MS, 2.0 * HOUR_MS, 4.0, 1.0};
    const double due[] = {1.0, 2.0, 1.0, 0.0, 0.0};
    volume_add(&v, &s);
    for (size_t i = 0; i < 5; i++) {
        cr_expect_float_eq(v.hour_ml[i], due[i], 1e-12, "hour %zu", i);
    }
    volume_free(&v);
}

Test(volume, nothing_is_lost_whatever_the_segments)
{
    draw_t draw;
    draw_init(&draw, 20261128u, 0, 1u, 0u, 0u);
    volume_t v = volume_of(100, 0.0);
    double sum_ml = 0.0;
    for (int i = 0; i < 1000; i++) {
        const segment_t s = {draw_uniform(&draw) * 101.0 * HOUR_MS,
                             draw_uniform(&draw) < 0.1 ? 0.0 : draw_uniform(&draw) * 5.0 * HOUR_MS,
                             draw_uniform(&draw), 1.0};
        volume_add(&v, &s);
        sum_ml += s.volume_ml;
    }
    for (size_t i = 0; i < v.hours; i++) {
        sum_ml -= v.hour_ml[i];
    }
    cr_expect_float_eq(sum_ml, 0.0, 1e-9);
    volume_free(&v);
}

static const volume_tolerance_t exact;

Test(volume, the_widest_gap_of_a_window_is_found_with_where_it_is)
{
    volume_t a = volume_of(200, 0.1), b = volume_of(200, 0.1);
    b.hour_ml[50] += 0.02;
    b.hour_ml[60] -= 0.03;
    const volume_gap_t hour = volume_gap(&a, &b, 1, exact), day = volume_gap(&a, &b, 24, exact),
                       life = volume_gap(&a, &b, 200, exact);
    cr_expect_float_eq(hour.ml, -0.03, 1e-12);
    cr_expect_eq(hour.hour, 60);
    cr_expect_float_eq(day.ml, -0.03, 1e-12); /* of the windows without hour 50 */
    cr_expect_eq(day.hour, 51);
    cr_expect_float_eq(life.ml, -0.01, 1e-12);
    volume_free(&a);
    volume_free(&b);
}

Test(volume, equal_lives_have_no_gap_and_a_short_life_is_one_window)
{
    volume_t a = volume_of(10, 0.1), b = volume_of(10, 0.1);
    cr_expect_eq(volume_gap(&a, &b, 24, exact).ml, 0.0);
    b.hour_ml[9] += 1e-15;
    cr_expect_gt(fabs(volume_gap(&a, &b, 1, exact).ml), 0.0);
    b.hour_ml[9] += 0.5;
    cr_expect_float_eq(volume_gap(&a, &b, 168, exact).ml, 0.5, 1e-9);
    volume_free(&a);
    volume_free(&b);
}

/* A day of little volume may exceed its share where a day of much has the larger difference and does not. */
Test(volume, a_gap_is_held_to_what_is_allowed_in_its_own_window)
{
    const volume_tolerance_t permille = {0.001, 2e-5}, coarse = {0.001, 5e-4};
    volume_t a = volume_of(96, 0.01), b = volume_of(96, 0.01);
    for (size_t i = 0; i < 48; i++) {
        a.hour_ml[i] = b.hour_ml[i] = 1.0;
    }
    b.hour_ml[10] += 0.01;   /* of 24 mL */
    b.hour_ml[90] += 0.0003; /* of 0.24 mL */
    const volume_gap_t day = volume_gap(&a, &b, 24, permille);
    cr_expect_float_eq(day.ml, 0.0003, 1e-12);
    cr_expect_float_eq(day.first_ml, 0.24, 1e-12);
    cr_expect_float_eq(day.allowed_ml, 0.00024, 1e-12);
    cr_expect_float_eq(volume_gap(&a, &b, 24, coarse).allowed_ml, 5e-4, 1e-12);
    cr_expect_float_eq(volume_gap(&a, &b, 24, exact).ml, 0.01, 1e-12);
    volume_free(&a);
    volume_free(&b);
}
