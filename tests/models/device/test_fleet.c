/* SPDX-License-Identifier: Apache-2.0 */
/* A fleet of pumps: units drawn, seven years at 0.3 mL a day in daily steps; stalls by cause, over-infusion.
 *
 * What the rows of wear.def and pump_head.def were fitted to is held here within what so many units can tell. The
 * figures: this suite with --verbose. */
#include <criterion/criterion.h>
#include <criterion/logging.h>

#include <math.h>

#include "device/pump_head.h"
#include "device/torque.h"
#include "draw.h"
#include "tests/models/device/defaults.h"

enum { SEED = 53, UNITS = 40000, DAYS = 2557, SIX_YEARS = 2192, STEPS_PER_DAY = 1200 };

enum { SHAFT, GEAR, DRAG, PARTICLE, SHORT, CAUSES };

typedef struct fleet_t {
    int stalled_6y, stalled_7y, over, cause[CAUSES]; /* causes: of stalls within six years */
} fleet_t;

/* Torque left after `days` at the worst angle, in the best bout of a short: a stall for good where there is none. */
static double left(const torque_t *q, int days)
{
    torque_load_t load = torque_load(q, days * INT64_C(86400000), (int64_t)days * STEPS_PER_DAY);
    double given = q->drive * (1.0 - load.shunt * (1.0 - q->wear.param.short_wander));
    return given - (load.base + load.swing + load.particle);
}

static int greatest_cause(const torque_t *q, int days)
{
    wear_state_t w = wear_at(&q->wear, days * INT64_C(86400000), days * STEPS_PER_DAY / 240.0);
    const double lost[CAUSES] = {w.shaft, w.gear, w.drag, w.particle,
                                 w.shunt * (1.0 - q->wear.param.short_wander)};
    int most = 0;
    for (int i = 1; i < CAUSES; i++) {
        most = lost[i] > lost[most] ? i : most;
    }
    return most;
}

/* Day by day; units that still turn at the end need no walk, as wear only grows. */
static int stall_day(const torque_t *q)
{
    int day = left(q, DAYS) > 0.0 ? DAYS + 1 : 0;
    while (day <= DAYS && left(q, day) > 0.0) {
        day++;
    }
    return day;
}

static void live_unit(fleet_t *f, const wear_param_t *kind, double index, int unit)
{
    draw_t d;
    error_t e = {0};
    torque_t q;
    pump_head_t h;
    motor_param_t m = default_motor;
    wear_param_t w = *kind;
    pump_head_param_t p = default_pump_head;
    draw_init(&d, SEED, DRAW_TEST, (uint64_t)unit, 0, 0);
    torque_param_draw(&m, &d);
    wear_param_draw(&w, &d);
    pump_head_param_draw(&p, &d);
    cr_assert_eq(torque_init(&q, &m, &w, 0, &e), 0, "%s", e.text);
    cr_assert_eq(pump_head_init(&h, &p, &e), 0, "%s", e.text);
    q.pulses_per_pass = 80;
    q.pulses_per_revolution = 240;
    (void)wear_set_index(&q.wear, 0, index);
    pump_head_set_index(&h, (motor_position_t){0, 0.0}, index);
    int day = stall_day(&q);
    f->stalled_7y += day <= DAYS;
    if (day <= SIX_YEARS) {
        f->stalled_6y++;
        f->cause[greatest_cause(&q, day)]++;
    }
    f->over += pump_head_over(&h, (motor_position_t){(int64_t)DAYS * STEPS_PER_DAY, 0.0}) > 0.145;
}

static fleet_t live(const char *name, const wear_param_t *kind, double index)
{
    fleet_t f = {0};
    for (int unit = 0; unit < UNITS; unit++) {
        live_unit(&f, kind, index, unit);
    }
    const double percent = 100.0 / UNITS;
    cr_log_info(
        "%s: stall-free %.2f %% at 6 years, %.2f %% at 7; of all, at 6 years: shaft %.2f, "
        "gear %.2f, short %.2f, drag %.2f, particle %.3f %%; over-infusing by 7 years %.3f %%",
        name, 100.0 - f.stalled_6y * percent, 100.0 - f.stalled_7y * percent,
        f.cause[SHAFT] * percent, f.cause[GEAR] * percent, f.cause[SHORT] * percent,
        f.cause[DRAG] * percent, f.cause[PARTICLE] * percent, f.over * percent);
    return f;
}

/* `count` of UNITS against a probability in percent, within four standard errors and a tenth of it. */
static void check_share(const char *what, int count, double percent)
{
    double p = percent / 100.0, slack = 4.0 * sqrt(p * (1.0 - p) / UNITS) + 0.1 * p;
    cr_assert_float_eq((double)count / UNITS, p, slack, "%s: %.3f %%, expected %.3f %% (seed %d)",
                       what, 100.0 * count / UNITS, percent, SEED);
}

Test(fleet, stalls_by_drug_and_cause_before_the_redesign)
{
    fleet_t on = live("on-label", &default_wear, 1.0);
    fleet_t off = live("off-label", &default_wear, 3.4);
    check_share("on-label", on.stalled_6y, 2.7);
    check_share("off-label", off.stalled_6y, 8.9);
    int all = on.stalled_6y + off.stalled_6y;
    cr_assert_float_eq((on.cause[SHAFT] + off.cause[SHAFT]) / (double)all, 0.59, 0.04);
    cr_assert_float_eq((on.cause[SHORT] + off.cause[SHORT]) / (double)all, 0.14, 0.03);
    cr_assert_float_eq((on.cause[GEAR] + off.cause[GEAR]) / (double)all, 0.02, 0.012);
}

Test(fleet, the_redesign_takes_away_what_it_says)
{
    wear_param_t after = default_wear;
    after.shaft_factor = 0.31;
    after.gear_factor = 0.39;
    after.short_factor = 0.35;
    fleet_t old = live("off-label, before", &default_wear, 3.4);
    fleet_t new = live("off-label, after", &after, 3.4);
    cr_assert_leq(new.cause[SHAFT], 0.02 * old.cause[SHAFT]);
    cr_assert_leq(new.cause[SHORT], 0.06 * old.cause[SHORT]);
    cr_assert_leq(new.cause[GEAR], 0.12 * old.cause[GEAR]);
    cr_assert_lt(new.stalled_6y, 0.4 * old.stalled_6y);
}

/* The shares of a lot are small: the lot is made a hundred times as dirty. */
Test(fleet, a_dirty_lot_stalls_early)
{
    wear_param_t lot = default_wear;
    lot.particle_share = 0.053;
    fleet_t f = live("lot with particles, a hundredfold", &lot, 1.0);
    check_share("particles", f.cause[PARTICLE], 4.4);
}

Test(fleet, over_infusion_is_rare_and_belongs_to_off_label_drugs)
{
    fleet_t on = live("on-label", &default_wear, 1.0), off = live("off-label", &default_wear, 3.4);
    cr_assert_leq((on.over + off.over) / (2.0 * UNITS),
                  0.0014 + 4.0 * sqrt(0.0014 / (2.0 * UNITS)));
    cr_assert_gt(off.over, 20 * (on.over + 1) / 10);
}
