/* SPDX-License-Identifier: Apache-2.0 */
/* What an obstructed outlet lets in: limits of the formulas, and pumps of every kind behind one. */
#include "device/outlet.h"

#include "device/pump.h"
#include "device/pump_drive.h"
#include "tests/models/device/usual_pump.h"

#include <criterion/criterion.h>
#include <math.h>

Test(outlet, a_displaced_flow_gets_in_up_to_the_limit_and_then_by_its_resistance)
{
    outlet_t o = {10.0, 1.0};
    double kpa = 0.0;
    cr_expect_float_eq(outlet_share(&o, 2.0, 300.0, &kpa), 1.0, 0.0);
    cr_expect_float_eq(kpa, 20.0, 1e-12);
    cr_expect_float_eq(outlet_share(&o, 60.0, 300.0, &kpa), 0.5, 1e-15);
    cr_expect_float_eq(kpa, 300.0, 0.0);
    o.kpa_day_per_ml = (double)INFINITY;
    cr_expect_float_eq(outlet_share(&o, 0.05, 300.0, &kpa), 0.0, 0.0);
}

Test(outlet, what_is_shut_for_a_time_lets_in_the_rest_of_it)
{
    const outlet_t o = {0.0, 0.25};
    double kpa = 0.0;
    cr_expect_float_eq(outlet_share(&o, 1.0, 300.0, &kpa), 0.25, 0.0);
    cr_expect_float_eq(kpa, 300.0, 0.0, "while it is shut the drive gives way");
    cr_expect_float_eq(outlet_share_pressed(&o, 1.0), 0.25, 0.0);
}

/* Two equal resistances in series let half through. */
Test(outlet, pressure_is_shared_by_resistances_in_series)
{
    outlet_t o = {30.0, 1.0};
    cr_expect_float_eq(outlet_share_pressed(&o, 1.0 / 30.0), 0.5, 1e-15);
    o.kpa_day_per_ml = (double)INFINITY;
    cr_expect_float_eq(outlet_share_pressed(&o, 1.0 / 30.0), 0.0, 0.0);
    cr_expect_float_eq(outlet_share_pressed(&OUTLET_FREE, 1.0), 1.0, 0.0);
}

Test(outlet, a_free_one_is_wide_and_a_shut_one_is_not)
{
    const outlet_t shut = {(double)INFINITY, 1.0}, kinked = {0.0, 0.9};
    cr_expect(outlet_is_wide(&OUTLET_FREE));
    cr_expect_not(outlet_is_wide(&shut));
    cr_expect_not(outlet_is_wide(&kinked));
}

/* ---- pumps behind it ---- */

static int add_up(void *context, const pump_flow_t *flow, error_t *e)
{
    (void)e;
    *(double *)context += flow->segment.volume_ml;
    return 0;
}

/* A day of `kind` behind an outlet met at noon, in `parts` calls; what came out, mL. */
static double day_ml(pump_kind_t kind, const outlet_t *outlet, int parts)
{
    pump_param_t param = usual_pump(kind);
    pump_t pump;
    double ml = 0.0;
    const pump_sink_t sink = {&ml, add_up, NULL};
    const int64_t day_ms = 86400000;
    param.flow_ml_per_day = 0.5;
    param.fill_ml = 18.0;
    cr_assert_eq(pump_init(&pump, &param, NULL), 0);
    if (kind != PUMP_CONSTANT_FLOW) {
        cr_assert_eq(pump_drive_start(&pump, 320, 270000.0, NULL), 0);
    }
    for (int i = 1; i <= parts; i++) {
        cr_assert_eq(pump_advance(&pump, day_ms * i / parts, &sink, NULL), 0);
        if (2 * i == parts) {
            pump_set_outlet(&pump, outlet);
        }
    }
    cr_assert_eq(pump_verify(&pump, NULL), 0);
    return ml;
}

Test(outlet, a_closed_one_stops_every_kind_of_pump)
{
    const outlet_t closed = {(double)INFINITY, 1.0};
    for (int kind = PUMP_PERISTALTIC; kind <= PUMP_VALVE_GATED; kind++) {
        const double free_ml = day_ml((pump_kind_t)kind, &OUTLET_FREE, 2);
        const double ml = day_ml((pump_kind_t)kind, &closed, 2);
        cr_expect_float_eq(ml / free_ml, 0.5, 0.01, "kind %d: %g of %g mL", kind, ml, free_ml);
    }
}

Test(outlet, any_division_of_the_time_gives_the_same_flow)
{
    const outlet_t narrow = {900.0, 0.8};
    for (int kind = PUMP_PERISTALTIC; kind <= PUMP_VALVE_GATED; kind++) {
        const double once = day_ml((pump_kind_t)kind, &narrow, 2);
        const double often = day_ml((pump_kind_t)kind, &narrow, 500);
        cr_expect_float_eq(often, once, 1e-12 * once, "kind %d: %.17g and %.17g mL", kind, once,
                           often);
        cr_expect_lt(once, 0.95 * day_ml((pump_kind_t)kind, &OUTLET_FREE, 2));
    }
}
