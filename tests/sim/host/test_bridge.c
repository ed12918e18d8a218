/* SPDX-License-Identifier: Apache-2.0 */
/* Bridges by release: the dose that is kept, and by how much it is missed. */
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "device/catheter.h"
#include "draw.h"
#include "host/bridge.h"

#define SEED 41u

/* 0.140 + 0.198 mL; 300 ug/day of 500 and then 2000 ug/mL: 0.6 and then 0.15 mL/day. */
static bridge_order_t some_order(path_release_t release)
{
    return (bridge_order_t){.release = release,
                            .system = {PATH_CATHETER_114, 24.0, 0.14, (double)INFINITY},
                            .old_ug_per_ml = 500.0,
                            .new_ug_per_ml = 2000.0,
                            .dose_ug_per_day = 300.0,
                            .rate_min_ml_per_day = 0.048,
                            .rate_max_ml_per_day = 24.0};
}

static bridge_plan_t planned(const bridge_order_t *order)
{
    error_t e = {0};
    bridge_plan_t plan;
    cr_assert_eq(bridge_plan(&plan, order, &e), 0, "%s", e.text);
    return plan;
}

static bridge_outcome_t outcome(const bridge_order_t *order, double volume_ml)
{
    error_t e = {0};
    bridge_outcome_t o;
    cr_assert_eq(bridge_outcome(&o, order, volume_ml, &e), 0, "%s", e.text);
    return o;
}

Test(bridge, the_worked_example)
{
    bridge_order_t o = some_order(PATH_CARD_0140);
    const bridge_plan_t p = planned(&o);
    cr_expect_float_eq(p.volume_ml, 0.338, 1e-12);
    cr_expect_float_eq(p.rate_ml_per_day, 0.6, 1e-12);
    cr_expect_float_eq(p.after_ml_per_day, 0.15, 1e-12);
    cr_expect_float_eq(p.hours, 13.52, 1e-9);
    cr_expect_float_eq(p.dose_least_ug_per_day, 96.0, 1e-9);
    cr_expect_float_eq(p.dose_most_ug_per_day, 12000.0, 1e-9);
    o.upstream_ml = 0.06;
    cr_expect_float_eq(planned(&o).hours, 15.92, 1e-9);
}

Test(bridge, a_plug_of_the_right_volume_keeps_the_dose)
{
    bridge_order_t o = some_order(PATH_CARD_0140);
    const bridge_outcome_t r = outcome(&o, planned(&o).volume_ml);
    cr_expect_float_eq(r.least_ug_per_day, 300.0, 1e-9);
    cr_expect_float_eq(r.most_ug_per_day, 300.0, 1e-9);
    cr_expect_float_eq(fabs(r.ahead_ug) + fabs(r.error_ug), 0.0, 1e-9);
}

/* 0.059 mL of the new fluid at the earlier fluid's rate: four times the dose for 2.36 h, 88.5 ug too much. */
Test(bridge, the_card_of_0199_bridges_too_far)
{
    bridge_order_t o = some_order(PATH_CARD_0199);
    const bridge_outcome_t r = outcome(&o, planned(&o).volume_ml);
    cr_expect_float_eq(r.most_ug_per_day, 1200.0, 1e-9);
    cr_expect_float_eq(r.error_ug, 0.059 * 1500.0, 1e-9);
    cr_expect_float_eq(r.ahead_ug, r.error_ug, 1e-9);
    o.old_ug_per_ml = 2000.0;
    o.new_ug_per_ml = 500.0;
    const bridge_outcome_t back = outcome(&o, planned(&o).volume_ml);
    cr_expect_float_eq(back.least_ug_per_day, 75.0, 1e-9);
    cr_expect_float_eq(back.error_ug, -0.059 * 1500.0, 1e-9);
}

/* The earlier fluid at the new rate: a quarter of the dose for as long as it lasts. */
Test(bridge, a_bridge_forgotten_starves_or_floods)
{
    bridge_order_t o = some_order(PATH_CARD_0140);
    bridge_outcome_t r = outcome(&o, 0.0);
    cr_expect_float_eq(r.least_ug_per_day, 75.0, 1e-9);
    cr_expect_float_eq(r.most_ug_per_day, 300.0, 1e-9);
    cr_expect_float_eq(r.error_ug, -0.338 * 1500.0, 1e-9);
    o.old_ug_per_ml = 2000.0;
    o.new_ug_per_ml = 500.0;
    r = outcome(&o, 0.0);
    cr_expect_float_eq(r.most_ug_per_day, 1200.0, 1e-9);
    cr_expect_float_eq(r.error_ug, 0.338 * 1500.0, 1e-9);
}

/* Whatever mixes in the path moves the dose in time, and never its sum. */
Test(bridge, mixing_moves_the_dose_and_keeps_its_sum)
{
    for (uint64_t k = 0; k < 500u; k++) {
        draw_t d;
        draw_init(&d, SEED, DRAW_TEST, 1u, 0u, k);
        bridge_order_t o = some_order(PATH_OWN);
        o.system.stages = exp(draw_uniform(&d) * log(1e4));
        o.new_ug_per_ml = 100.0 + 3900.0 * draw_uniform(&d);
        const bridge_plan_t p = planned(&o);
        const bridge_outcome_t r = outcome(&o, p.volume_ml);
        const double step = o.new_ug_per_ml - o.old_ug_per_ml;
        cr_expect_float_eq(r.error_ug, 0.0, 1e-9, "seed %u, draw %llu", SEED,
                           (unsigned long long)k);
        cr_expect_geq(r.ahead_ug * step, 0.0, "seed %u, draw %llu", SEED, (unsigned long long)k);
        cr_expect(r.least_ug_per_day <= 300.0 && r.most_ug_per_day >= 300.0);
    }
}

/* The tip's dose rate, integrated through the whole transition, against the closed forms. */
Test(bridge, outcomes_are_the_integral_of_what_leaves_the_tip)
{
    enum { STEPS = 40000 };
    static const double volume_ml[] = {0.0, 0.2, 0.338, 0.397};
    bridge_order_t o = some_order(PATH_OWN);
    o.system.stages = 6.0;
    for (size_t i = 0; i < sizeof volume_ml / sizeof volume_ml[0]; i++) {
        const bridge_outcome_t r = outcome(&o, volume_ml[i]);
        const double end_ml = 3.0;
        double given_ug = 0.0, wanted_ug = 0.0, least = 300.0, most = 300.0;
        for (int k = 0; k < STEPS; k++) {
            const double x = (k + 0.5) * end_ml / STEPS;
            const double ug_per_ml = 500.0 + 1500.0 * path_front(0.338, 6.0, x);
            const double rate = x < volume_ml[i] ? 0.6 : 0.15;
            given_ug += ug_per_ml * end_ml / STEPS;
            wanted_ug += 300.0 / rate * end_ml / STEPS;
            least = fmin(least, ug_per_ml * rate);
            most = fmax(most, ug_per_ml * rate);
        }
        cr_expect_float_eq(given_ug - wanted_ug, r.error_ug, 0.2, "%g mL", volume_ml[i]);
        cr_expect_float_eq(least, r.least_ug_per_day, 0.5, "%g mL", volume_ml[i]);
        cr_expect_float_eq(most, r.most_ug_per_day, 0.5, "%g mL", volume_ml[i]);
    }
}

/* Hour by hour through a catheter without spread, which is what the arithmetic assumes: random systems, doses and changes, the dose prescribed. */
Test(bridge, the_dose_prescribed_leaves_the_catheter)
{
    for (uint64_t k = 0; k < 200u; k++) {
        draw_t d;
        draw_init(&d, SEED, DRAW_TEST, 2u, 0u, k);
        error_t e = {0};
        catheter_t c;
        bridge_order_t o = some_order(PATH_OWN);
        o.system.trimmed_cm = 60.0 * draw_uniform(&d);
        o.old_ug_per_ml = 100.0 + 1900.0 * draw_uniform(&d);
        o.new_ug_per_ml = 100.0 + 1900.0 * draw_uniform(&d);
        o.dose_ug_per_day = 100.0 + 900.0 * draw_uniform(&d);
        const bridge_plan_t p = planned(&o);
        const catheter_param_t shape = {.tubing_ml = 0.14,
                                        .length_cm = 114.0,
                                        .trimmed_cm = o.system.trimmed_cm,
                                        .ml_per_cm = 0.0022};
        cr_assert_eq(catheter_init(&c, &shape, 1, &o.old_ug_per_ml, &e), 0, "%s", e.text);
        for (int hour = 0; hour < 60; hour++) {
            const double bridged = fmax(0.0, fmin(1.0, p.hours - hour)) / 24.0;
            const segment_t s[] = {{.volume_ml = bridged * p.rate_ml_per_day},
                                   {.volume_ml = (1.0 / 24.0 - bridged) * p.after_ml_per_day}};
            catheter_out_t first, second;
            catheter_push(&c, &s[0], &o.new_ug_per_ml, &first);
            catheter_push(&c, &s[1], &o.new_ug_per_ml, &second);
            cr_expect_float_eq(first.tip_ug[0] + second.tip_ug[0], o.dose_ug_per_day / 24.0, 1e-9,
                               "seed %u, draw %llu, hour %d", SEED, (unsigned long long)k, hour);
        }
    }
}

/* A fill of 18 mL at 2000 ug/mL onto 1.4 mL of 500: what is labelled 2000 is 1892, and every dose 5.4 % low. */
Test(bridge, the_residual_dilutes_the_new_fluid)
{
    const double mixed = bridge_mixed_ug_per_ml(18.0, 2000.0, 1.4, 500.0);
    cr_expect_float_eq(mixed, 36700.0 / 19.4, 1e-9);
    cr_expect_float_eq(mixed / 2000.0, 0.946, 5e-4);
    cr_expect_float_eq(bridge_mixed_ug_per_ml(18.0, 500.0, 1.4, 500.0), 500.0, 1e-9);
}

Test(bridge, a_rate_out_of_range_names_the_doses_in_it)
{
    error_t e = {0};
    bridge_plan_t p = {.hours = -1.0};
    bridge_outcome_t r;
    bridge_order_t o = some_order(PATH_CARD_0140);
    o.dose_ug_per_day = 60.0;
    cr_expect_eq(bridge_plan(&p, &o, &e), ERROR_ARGUMENT);
    cr_expect(strstr(e.text, "order 96 to 12000 ug/day") != NULL, "%s", e.text);
    cr_expect_eq(p.hours, -1.0);
    cr_expect_eq(bridge_outcome(&r, &o, 0.3, &e), ERROR_ARGUMENT);
    o.dose_ug_per_day = 96.0;
    cr_expect_eq(bridge_plan(&p, &o, &e), 0, "%s", e.text);
    o.new_ug_per_ml = 500.0 * 24.0 / 0.048 * 1.01;
    cr_expect_eq(bridge_plan(&p, &o, &e), ERROR_ARGUMENT);
    cr_expect(strstr(e.text, "smaller steps") != NULL, "%s", e.text);
}

Test(bridge, an_order_that_means_nothing_is_refused)
{
    static const char *const words[] = {"earlier concentration", "new concentration", "the dose",
                                        "slowest rate",          "before the tubing", "rates are"};
    for (int i = 0; i < 6; i++) {
        error_t e = {0};
        bridge_plan_t p;
        bridge_order_t o = some_order(PATH_CARD_0140);
        o.old_ug_per_ml = i == 0 ? 0.0 : o.old_ug_per_ml;
        o.new_ug_per_ml = i == 1 ? (double)NAN : o.new_ug_per_ml;
        o.dose_ug_per_day = i == 2 ? -1.0 : o.dose_ug_per_day;
        o.rate_min_ml_per_day = i == 3 ? 0.0 : o.rate_min_ml_per_day;
        o.upstream_ml = i == 4 ? 1.5 : o.upstream_ml;
        o.rate_max_ml_per_day = i == 5 ? 0.01 : o.rate_max_ml_per_day;
        cr_expect_eq(bridge_plan(&p, &o, &e), ERROR_ARGUMENT, "case %d", i);
        cr_expect(strstr(e.text, words[i]) != NULL, "case %d: %s", i, e.text);
    }
    error_t e = {0};
    bridge_outcome_t r;
    const bridge_order_t o = some_order(PATH_CARD_0140);
    cr_expect_eq(bridge_outcome(&r, &o, -0.1, &e), ERROR_ARGUMENT);
    cr_expect(strstr(e.text, "0 or more") != NULL, "%s", e.text);
}
