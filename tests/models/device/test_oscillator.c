/* SPDX-License-Identifier: Apache-2.0 */
/* The oscillators: readings, their inverse, monotony, period scaling. */
#include <criterion/criterion.h>

#include <math.h>

#include "device/oscillator.h"
#include "draw.h"
#include "tests/models/device/defaults.h"

#define SEED 5U
#define TEN_YEARS_MS 315576000000LL

static oscillator_t with_errors(double ppm, double second_ppm, int64_t start_ms)
{
    oscillator_t o;
    error_t e = {0};
    oscillator_param_t p = default_oscillator;
    p.error_ppm = ppm;
    p.second_error_ppm = second_ppm;
    cr_assert_eq(oscillator_init(&o, &p, start_ms, &e), 0, "%s", e.text);
    cr_assert_eq(oscillator_verify(&o, &e), 0, "%s", e.text);
    return o;
}

Test(oscillator, a_true_clock_reads_the_time_since_its_start)
{
    oscillator_t o = with_errors(0.0, 0.0, 1000);
    cr_assert_eq(oscillator_core_ms(&o, 1000), 0);
    cr_assert_eq(oscillator_core_ms(&o, 1000 + TEN_YEARS_MS), TEN_YEARS_MS);
    cr_assert_eq(oscillator_sim_ms(&o, TEN_YEARS_MS), 1000 + TEN_YEARS_MS);
}

Test(oscillator, errors_add_up_over_years)
{
    oscillator_t o = with_errors(20.0, -5000.0, 0);
    cr_assert_eq(oscillator_core_ms(&o, 1000000000), 1000020000);
    cr_assert_eq(oscillator_second_ms(&o, 1000000000), 995000000);
    cr_assert_eq(oscillator_core_ms(&o, TEN_YEARS_MS), TEN_YEARS_MS + 6311520);
}

static const double ppm[] = {-1000.0, -15.0, -0.001, 0.0, 0.001, 15.0, 1000.0};

Test(oscillator, readings_never_go_back)
{
    for (size_t k = 0; k < sizeof ppm / sizeof ppm[0]; k++) {
        oscillator_t o = with_errors(ppm[k], ppm[k] * 100.0, 0);
        for (int64_t base = 0; base < 2 * TEN_YEARS_MS; base += TEN_YEARS_MS - 1) {
            for (int64_t t = base; t < base + 5000; t++) {
                cr_assert_geq(oscillator_core_ms(&o, t + 1), oscillator_core_ms(&o, t),
                              "%g ppm at %lld ms", ppm[k], (long long)t);
                cr_assert_geq(oscillator_second_ms(&o, t + 1), oscillator_second_ms(&o, t),
                              "%g ppm at %lld ms", ppm[k] * 100.0, (long long)t);
            }
        }
    }
}

/* The inverse is the first millisecond that has reached the reading, by definition. */
Test(oscillator, sim_time_is_the_first_to_reach_a_reading)
{
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 0);
    for (int i = 0; i < 20000; i++) {
        double error = 2000.0 * draw_uniform(&d) - 1000.0;
        int64_t start_ms = (int64_t)(draw_uniform(&d) * 1e10);
        int64_t core_ms = (int64_t)(draw_uniform(&d) * (i % 2 == 0 ? 1e4 : 6e11));
        oscillator_t o = with_errors(error, 0.0, start_ms);
        int64_t t = oscillator_sim_ms(&o, core_ms);
        cr_assert(oscillator_core_ms(&o, t) >= core_ms &&
                      (t == start_ms || oscillator_core_ms(&o, t - 1) < core_ms),
                  "case %d (seed %u): %g ppm, core %lld ms, sim %lld ms", i, SEED, error,
                  (long long)core_ms, (long long)t);
    }
}

/* Both ways over a century: time to reading and back is the first moment of that reading, at most one
 * reading's length before; reading to time and back is that reading, or where the clock is fast and skips
 * it, the next. */
Test(oscillator, round_trips_hold_for_a_century)
{
    const double century_ms = 100.0 * 365.25 * 86400e3;
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 1);
    for (int i = 0; i < 40000; i++) {
        const double error =
            i % 4 == 0 ? (i % 8 == 0 ? 1000.0 : -1000.0) : 2000.0 * draw_uniform(&d) - 1000.0;
        const oscillator_t o = with_errors(error, 0.0, 777);
        const int64_t t = 777 + (int64_t)(draw_uniform(&d) * century_ms);
        const int64_t core_ms = oscillator_core_ms(&o, t), back = oscillator_sim_ms(&o, core_ms);
        cr_assert(back <= t && t - back <= 1 && oscillator_core_ms(&o, back) == core_ms,
                  "case %d (seed %u): %g ppm, sim %lld, core %lld, back %lld", i, SEED, error,
                  (long long)t, (long long)core_ms, (long long)back);
        const int64_t again = oscillator_core_ms(&o, oscillator_sim_ms(&o, core_ms + 1));
        cr_assert(again == core_ms + 1 || (error > 0.0 && again == core_ms + 2),
                  "case %d (seed %u): %g ppm, core %lld, again %lld", i, SEED, error,
                  (long long)core_ms + 1, (long long)again);
    }
}

Test(oscillator, a_fast_clock_shortens_its_periods)
{
    oscillator_t o = with_errors(1000.0, 0.0, 0);
    cr_assert_float_eq(oscillator_period_ms(&o, 1001.0), 1000.0, 1e-12);
}

Test(oscillator, senseless_errors_are_refused)
{
    oscillator_t o;
    error_t e = {0};
    oscillator_param_t p = default_oscillator;
    p.error_ppm = nan("");
    cr_assert_eq(oscillator_init(&o, &p, 0, &e), ERROR_ARGUMENT);
    p.error_ppm = -1e6;
    cr_assert_eq(oscillator_init(&o, &p, 0, &e), ERROR_ARGUMENT);
}

Test(oscillator, verify_sees_a_broken_error)
{
    oscillator_t o = with_errors(0.0, 0.0, 0);
    error_t e = {0};
    o.clock[OSCILLATOR_SECOND].error = nan("");
    cr_assert_eq(oscillator_verify(&o, &e), ERROR_INVARIANT);
    o = with_errors(0.0, 0.0, 0);
    o.clock[OSCILLATOR_MAIN].reading_ms = -1;
    cr_assert_eq(oscillator_verify(&o, &e), ERROR_INVARIANT);
}

/* ---- faults ---- */

Test(oscillator, a_clock_that_stops_stands_and_may_run_again)
{
    oscillator_t o = with_errors(100.0, -100.0, 1000);
    oscillator_stop(&o, OSCILLATOR_MAIN, 1001000);
    cr_expect(oscillator_stands(&o, OSCILLATOR_MAIN));
    cr_expect_not(oscillator_stands(&o, OSCILLATOR_SECOND));
    cr_expect_eq(oscillator_core_ms(&o, 1001000), 1000100);
    cr_expect_eq(oscillator_core_ms(&o, 9001000), 1000100);
    cr_expect_eq(oscillator_second_ms(&o, 9001000), 8999100, "the other runs on");
    cr_expect_eq(oscillator_sim_ms(&o, 1000101), OSCILLATOR_NEVER_MS);
    cr_expect_eq(oscillator_sim_ms(&o, 1000100), 1001000);
    oscillator_run(&o, OSCILLATOR_MAIN, 9001000);
    cr_expect_eq(oscillator_core_ms(&o, 10001000), 2000200);
    cr_expect_eq(oscillator_sim_ms(&o, 2000200), 10001000);
}

Test(oscillator, a_clock_jumps_ahead_and_back_and_never_below_0)
{
    oscillator_t o = with_errors(0.0, 0.0, 0);
    oscillator_jump(&o, OSCILLATOR_SECOND, 5000, 700);
    cr_expect_eq(oscillator_second_ms(&o, 5000), 5700);
    cr_expect_eq(oscillator_core_ms(&o, 5000), 5000);
    oscillator_jump(&o, OSCILLATOR_SECOND, 6000, -1700);
    cr_expect_eq(oscillator_second_ms(&o, 6100), 5100);
    oscillator_jump(&o, OSCILLATOR_SECOND, 7000, -70000);
    cr_expect_eq(oscillator_second_ms(&o, 7001), 1);
}

Test(oscillator, a_loss_of_power_starts_both_anew_and_mends_neither)
{
    oscillator_t o = with_errors(1000.0, -1000.0, 0);
    oscillator_stop(&o, OSCILLATOR_SECOND, 1000000);
    oscillator_restart(&o, 2000000);
    cr_expect_eq(oscillator_core_ms(&o, 2000000), 0);
    cr_expect_eq(oscillator_core_ms(&o, 3000000), 1001000);
    cr_expect_eq(oscillator_second_ms(&o, 3000000), 0);
}

/* Whatever befalls a clock but a jump back, it never runs backwards, and its inverse holds. */
Test(oscillator, faults_keep_the_readings_monotone_and_invertible)
{
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 2);
    for (int i = 0; i < 500; i++) {
        oscillator_t o = with_errors(2000.0 * draw_uniform(&d) - 1000.0, 0.0, 0);
        int64_t before = 0;
        for (int64_t t = 1; t < 300; t++) {
            const int64_t at = t * 1001;
            const double fate = draw_uniform(&d);
            if (fate < 0.02) {
                oscillator_stop(&o, OSCILLATOR_MAIN, at);
            } else if (fate < 0.05) {
                oscillator_run(&o, OSCILLATOR_MAIN, at);
            } else if (fate < 0.07) {
                oscillator_jump(&o, OSCILLATOR_MAIN, at, (int64_t)(1e6 * draw_uniform(&d)));
            }
            const int64_t now = oscillator_core_ms(&o, at), back = oscillator_sim_ms(&o, now);
            cr_assert_geq(now, before, "case %d (seed %u), %lld ms", i, SEED, (long long)at);
            cr_assert(back <= at && oscillator_core_ms(&o, back) == now, "case %d (seed %u)", i,
                      SEED);
            before = now;
        }
    }
}

/* Whatever befell the clocks: when the alarm goes off one has reached its reading, and a millisecond before neither had. */
Test(oscillator, an_alarm_is_the_first_moment_that_a_clock_reaches)
{
    draw_t d;
    int by_second = 0;
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 3);
    for (int i = 0; i < 20000; i++) {
        oscillator_t o = with_errors(2000.0 * draw_uniform(&d) - 1000.0,
                                     1e5 * (2.0 * draw_uniform(&d) - 1.0), 0);
        const int64_t now = 1 + (int64_t)(1e7 * draw_uniform(&d));
        oscillator_jump(&o, OSCILLATOR_MAIN, now, (int64_t)(1e6 * (draw_uniform(&d) - 0.5)));
        oscillator_jump(&o, OSCILLATOR_SECOND, now, (int64_t)(1e6 * (draw_uniform(&d) - 0.5)));
        const int64_t main_ms = oscillator_core_ms(&o, now) + (int64_t)(2e7 * draw_uniform(&d));
        const int64_t second_ms = oscillator_second_ms(&o, now) + (int64_t)(2e7 * draw_uniform(&d));
        const int64_t at = oscillator_alarm_ms(&o, main_ms, second_ms);
        const bool by_main = oscillator_core_ms(&o, at) >= main_ms;
        cr_assert(by_main || oscillator_second_ms(&o, at) >= second_ms, "case %d (seed %u)", i,
                  SEED);
        cr_assert(at == now || (oscillator_core_ms(&o, at - 1) < main_ms &&
                                oscillator_second_ms(&o, at - 1) < second_ms),
                  "case %d (seed %u)", i, SEED);
        by_second += !by_main;
    }
    cr_assert(by_second > 5000 && by_second < 15000, "%d by the second clock", by_second);
}

Test(oscillator, an_alarm_goes_off_by_the_first_clock_to_reach_it)
{
    oscillator_t o = with_errors(100.0, 0.0, 0);
    cr_expect_eq(oscillator_alarm_ms(&o, 2000200, 2300000), 2000000);
    cr_expect_eq(oscillator_alarm_ms(&o, 2000200, 1999999), 1999999);
    oscillator_stop(&o, OSCILLATOR_MAIN, 1000000);
    cr_expect_eq(oscillator_alarm_ms(&o, 2000200, 2300000), 2300000);
    oscillator_stop(&o, OSCILLATOR_SECOND, 1000000);
    cr_expect_eq(oscillator_alarm_ms(&o, 2000200, 2300000), OSCILLATOR_NEVER_MS);
}
