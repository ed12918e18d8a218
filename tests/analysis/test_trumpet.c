/* SPDX-License-Identifier: Apache-2.0 */
/* Trumpet curves against closed forms and against every window of a lattice. */
#include "statistics/trumpet.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdint.h>

#include "draw.h"

#define SEED 20270106u

static trumpet_t one(const trumpet_record_t *record, double window)
{
    trumpet_t t = {.window = window};
    error_t e = {0};
    cr_assert_eq(trumpet_compute(record, &t, 1, &e), 0, "%s", e.text);
    return t;
}

Test(trumpet, of_a_steady_flow_is_nothing)
{
    /* In three pieces: where one piece ends the flow goes on. */
    const trumpet_portion_t p[] = {{0, 100, 10}, {100, 130, 3}, {130, 1000, 87}};
    const trumpet_record_t r = {p, 3, 0, 1000, 0.1};
    for (double w = 1; w <= 1000; w *= 1.7) {
        const trumpet_t t = one(&r, w);
        cr_expect_float_eq(t.highest, 0.0, 1e-10);
        cr_expect_float_eq(t.lowest, 0.0, 1e-10);
    }
}

Test(trumpet, of_a_periodic_train_is_its_closed_form)
{
    enum { N = 1000 };
    static trumpet_portion_t p[N];
    const double period = 72000.0, volume = 0.25; /* 0.3 mL/day, in ms and uL */
    for (int i = 0; i < N; i++) {
        p[i] = (trumpet_portion_t){i * period, i * period, volume};
    }
    const trumpet_record_t r = {p, N, 0, (N - 1) * period, volume / period};
    for (double w = 0.25; w < 400.0; w = w < 12.0 ? w + 0.25 : w * 1.3) {
        const double window = round(w * period), m = window / period;
        const trumpet_t t = one(&r, window);
        cr_expect_float_eq(t.highest, 100.0 * ((floor(m) + 1.0) / m - 1.0), 1e-9, "%g periods: %g",
                           m, t.highest);
        cr_expect_float_eq(t.lowest, 100.0 * ((ceil(m) - 1.0) / m - 1.0), 1e-9, "%g periods: %g", m,
                           t.lowest);
    }
}

Test(trumpet, of_a_pulse_in_a_steady_flow_counts_both)
{
    const trumpet_portion_t p[] = {{0, 50, 5}, {50, 50, 2}, {50, 100, 5}};
    const trumpet_record_t r = {p, 3, 0, 100, 0.1};
    const trumpet_t t = one(&r, 10);
    cr_expect_float_eq(t.highest, 200.0, 1e-9);
    cr_expect_float_eq(t.lowest, 0.0, 1e-9);
}

Test(trumpet, of_a_window_longer_than_the_record_is_not_known)
{
    const trumpet_portion_t p[] = {{0, 100, 10}};
    const trumpet_record_t r = {p, 1, 0, 100, 0.1};
    cr_expect(isnan(one(&r, 100.5).highest) && isnan(one(&r, 100.5).lowest));
    cr_expect_float_eq(one(&r, 100).highest, 0.0, 1e-10);
}

Test(trumpet, of_a_record_without_a_pulse_is_all_below)
{
    const trumpet_record_t r = {NULL, 0, 0, 100, 0.1};
    cr_expect_float_eq(one(&r, 10).highest, -100.0, 1e-12);
    cr_expect_float_eq(one(&r, 10).lowest, -100.0, 1e-12);
}

/* Whole times, so that every extreme lies at a whole time or just beside one. */
static double brute(const trumpet_record_t *r, double window, int highest)
{
    double worst = highest ? -1.0 : 1e300;
    for (double a = r->start; a + window <= r->end; a += 1.0) {
        double volume = 0.0;
        for (size_t i = 0; i < r->n; i++) {
            const double t = r->portion[i].start, b = a + window;
            volume += (highest ? t >= a && t <= b : t > a && t < b) ? r->portion[i].volume : 0.0;
        }
        worst = highest ? fmax(worst, volume) : fmin(worst, volume);
    }
    return 100.0 * (worst / (r->rate * window) - 1.0);
}

Test(trumpet, of_random_pulses_is_the_worst_of_all_windows)
{
    for (uint64_t k = 0; k < 100; k++) {
        trumpet_portion_t p[60];
        draw_t d;
        double at = 0.0;
        draw_init(&d, SEED, DRAW_TEST, k, 0, 0);
        const size_t n = 1 + (size_t)(draw_uniform(&d) * 59.0);
        for (size_t i = 0; i < n; i++) {
            at += floor(draw_uniform(&d) * 9.0); /* several at one time too */
            p[i] = (trumpet_portion_t){at, at, draw_uniform(&d)};
        }
        const trumpet_record_t r = {p, n, 0, at + 20.0, 0.1};
        for (double w = 1.0; w <= at + 20.0; w = ceil(w * 1.4)) {
            const trumpet_t t = one(&r, w);
            cr_assert_float_eq(t.highest, brute(&r, w, 1), 1e-8, "seed %u, record %llu, window %g",
                               SEED, (unsigned long long)k, w);
            cr_assert_float_eq(t.lowest, brute(&r, w, 0), 1e-8, "seed %u, record %llu, window %g",
                               SEED, (unsigned long long)k, w);
        }
    }
}

Test(trumpet, narrows_for_a_window_that_holds_whole_ones)
{
    /* The error of two windows end to end is at most that of each. */
    trumpet_portion_t p[200];
    draw_t d;
    double at = 0.0;
    draw_init(&d, SEED, DRAW_TEST, 1000, 0, 0);
    for (size_t i = 0; i < 200; i++) {
        at += 1.0 + floor(draw_uniform(&d) * 9.0);
        p[i] = (trumpet_portion_t){at, at, draw_uniform(&d)};
    }
    const trumpet_record_t r = {p, 200, 0, at, 0.1};
    for (double w = 1.0; 2.0 * w <= at; w *= 2.0) {
        cr_expect_leq(one(&r, 2.0 * w).highest, one(&r, w).highest + 1e-9);
        cr_expect_geq(one(&r, 2.0 * w).lowest, one(&r, w).lowest - 1e-9);
    }
}

Test(trumpet, refuses_what_is_out_of_order)
{
    const trumpet_portion_t p[] = {{0, 60, 6}, {50, 100, 5}};
    const trumpet_portion_t q[] = {{0, 0, -1}};
    trumpet_t t = {.window = 10};
    error_t e = {0};
    cr_expect_eq(trumpet_compute(&(trumpet_record_t){p, 2, 0, 100, 0.1}, &t, 1, &e),
                 ERROR_ARGUMENT);
    cr_expect_eq(trumpet_compute(&(trumpet_record_t){p, 1, 0, 50, 0.1}, &t, 1, &e), ERROR_ARGUMENT);
    cr_expect_eq(trumpet_compute(&(trumpet_record_t){q, 1, 0, 50, 0.1}, &t, 1, &e), ERROR_ARGUMENT);
    cr_expect_eq(trumpet_compute(&(trumpet_record_t){p, 1, 0, 100, 0.0}, &t, 1, &e),
                 ERROR_ARGUMENT);
    t.window = 0;
    cr_expect_eq(trumpet_compute(&(trumpet_record_t){p, 1, 0, 100, 0.1}, &t, 1, &e),
                 ERROR_ARGUMENT);
}
