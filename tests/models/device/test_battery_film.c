/* SPDX-License-Identifier: Apache-2.0 */
/* The battery's film: its growth, its fault, and what units differ by. Dates of failure are outcomes here, never inputs. */
#include <criterion/criterion.h>

#include <math.h>
#include <stdlib.h>

#include "device/battery.h"
#include "tests/models/device/defaults.h"

#define DAY_MS 86400000LL
#define SIX_YEARS_MS ((int64_t)(6.0 * 365.25 * 86400e3))
#define SEED 12U
#define CELLS 200000

static battery_t of(const battery_param_t *p)
{
    battery_t b;
    error_t e = {0};
    cr_assert_eq(battery_init(&b, p, &e), 0, "%s", e.text);
    return b;
}

Test(battery_film, grows_as_a_power_of_time)
{
    battery_t b = of(&default_battery);
    cr_expect_eq(battery_film_resistance(&b), 0.0);
    battery_drain(&b, SIX_YEARS_MS / 2, 0, 0);
    cr_expect_float_eq(battery_film_resistance(&b), 4.0 / 64.0, 3e-4, "by whole days");
    battery_drain(&b, SIX_YEARS_MS / 2, 0, 0);
    cr_expect_float_eq(battery_film_resistance(&b), 4.0, 1e-2);
}

Test(battery_film, is_the_same_however_time_is_cut)
{
    battery_param_t p = default_battery;
    p.film_ohm = 370.0;
    battery_t whole = of(&p);
    battery_t cut = of(&p);
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 0);
    battery_drain(&whole, 2000 * DAY_MS + 7, 0, 0);
    double before = 0.0;
    for (int64_t left = 2000 * DAY_MS + 7; left > 0;) {
        const int64_t step = (int64_t)(draw_uniform(&d) * 1e7) + 1;
        battery_drain(&cut, step < left ? step : left, 0, 0);
        left -= step < left ? step : left;
        cr_assert_geq(battery_film_resistance(&cut), before, "the film thinned");
        before = battery_film_resistance(&cut);
    }
    cr_expect_eq(battery_film_resistance(&cut), battery_film_resistance(&whole));
}

Test(battery_film, a_draw_takes_four_uniforms_and_only_changes_the_unit)
{
    battery_param_t p = default_battery;
    draw_t d, four;
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 1);
    four = d;
    battery_param_draw(&p, &d);
    for (int i = 0; i < 4; i++) {
        (void)draw_uniform(&four);
    }
    cr_expect_eq(draw_bits(&d), draw_bits(&four));
    cr_expect(p.capacity_mah != 1400.0 && p.sleep_ua != 12.0 && p.film_ohm != 4.0);
    p.capacity_mah = default_battery.capacity_mah;
    p.sleep_ua = default_battery.sleep_ua;
    p.film_ohm = default_battery.film_ohm;
    cr_expect_arr_eq(&p, &default_battery, sizeof p);
}

Test(battery_film, units_spread_as_their_rows_say)
{
    double sum = 0.0, squares = 0.0, sleep = 0.0, sleep_squares = 0.0;
    draw_t d;
    draw_init(&d, SEED, DRAW_TEST, 0, 0, 2);
    for (int i = 0; i < 20000; i++) {
        battery_param_t p = default_battery;
        battery_param_draw(&p, &d);
        const double c = log(p.capacity_mah / 1400.0), s = log(p.sleep_ua / 12.0);
        sum += c;
        squares += c * c;
        sleep += s;
        sleep_squares += s * s;
    }
    cr_expect_float_eq(sum / 20000.0, 0.0, 1e-3);
    cr_expect_float_eq(sqrt(squares / 20000.0), 0.03, 1e-3);
    cr_expect_float_eq(sleep / 20000.0, 0.0, 1.5e-3);
    cr_expect_float_eq(sqrt(sleep_squares / 20000.0), 0.05, 1.5e-3);
}

/* Months until a cell at half its charge shows, at the motor's current, the voltage that a sound one shows at 97 % of its: where
 * the core calls for replacement. INFINITY: not in the 84 months that a pump runs. */
static double months_to_replacement(const battery_param_t *p)
{
    const double fall_v =
        battery_curve_v(&default_battery, 0.5) - battery_curve_v(&default_battery, 0.97);
    const double film_ohm = fall_v / (p->load_ma * 1e-3);
    const double months = 72.0 * pow(film_ohm / p->film_ohm, 1.0 / p->film_exponent);
    return months < 84.0 ? months : (double)INFINITY;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

typedef struct events_t {
    double by_72, earliest, middle,
        latest; /* 2.5, 50 and 97.5 % of all films, those of later than 84 months among them */
} events_t;

static events_t simulate(double share, uint64_t stream)
{
    static double months[CELLS];
    size_t faulty = 0, by_72 = 0;
    battery_param_t kind = default_battery;
    draw_t d;
    kind.film_fault_share = share;
    draw_init(&d, SEED, DRAW_TEST, 0, 0, stream);
    for (size_t i = 0; i < CELLS; i++) {
        battery_param_t p = kind;
        battery_param_draw(&p, &d);
        const double at = months_to_replacement(&p);
        by_72 += at <= 72.0;
        if (p.film_ohm > 20.0 && faulty < CELLS) {
            months[faulty++] = at;
        }
    }
    qsort(months, faulty, sizeof months[0], compare);
    return (events_t){100.0 * (double)by_72 / CELLS, months[faulty / 40], months[faulty / 2],
                      months[faulty * 39 / 40 - 1]};
}

/* Published: 0.13 % by 72 months, 3.17 % of the lot; events at 45-78 months. Binomial error of 200 000 cells: 0.008 and 0.04 %. */
Test(battery_film, the_fault_shows_in_as_many_cells_and_as_late_as_published)
{
    const events_t all = simulate(default_battery.film_fault_share, 3);
    const events_t lot = simulate(0.0345, 4);
    cr_expect_float_eq(all.by_72, 0.13, 0.025, "%.3f %%", all.by_72);
    cr_expect_float_eq(lot.by_72, 3.17, 0.12, "%.3f %%", lot.by_72);
    cr_expect_float_eq(lot.earliest, 45.0, 2.0, "%.1f months", lot.earliest);
    cr_expect_float_eq(lot.middle, 59.0, 2.0, "%.1f months", lot.middle);
    cr_expect_float_eq(lot.latest, 78.0, 3.0, "%.1f months", lot.latest);
}
