/* SPDX-License-Identifier: Apache-2.0 */
/* The drive of a peristaltic pump: age, warmth, pressure and cell reach motor and tube with every train. */
#include <criterion/criterion.h>

#include "device/pump.h"
#include "device/pump_drive.h"
#include "tests/models/device/usual_pump.h"

#define YEAR_MS INT64_C(31557600000)

static error_t e;

/* Without ripple's part: trains of whole passes. */
static pump_t make(void)
{
    const pump_param_t q = usual_pump(PUMP_PERISTALTIC);
    pump_t p;
    cr_assert_eq(pump_init(&p, &q, &e), 0, "%s", e.text);
    return p;
}

/* What a train of one revolution gives over its nominal 60 uL. */
static double output(pump_t *p)
{
    const pump_sink_t none = {NULL, NULL, NULL};
    const double before_ml = p->delivered_ml.high;
    cr_assert_eq(pump_drive_start(p, 240, 1000.0, &e), 0, "%s", e.text);
    cr_assert_eq(pump_advance(p, p->now_ms + 240000, &none, &e), 0, "%s", e.text);
    return (p->delivered_ml.high - before_ml) / 0.060;
}

Test(pump_drive, a_new_pump_at_rest_gives_what_it_was_calibrated_for)
{
    pump_t p = make();
    cr_expect_float_eq(output(&p), 1.0, 1e-4);
}

Test(pump_drive, its_tube_drifts_from_train_to_train)
{
    const pump_sink_t none = {NULL, NULL, NULL};
    pump_t p = make();
    p.head.param.set_damage_per_day = 0.0; /* what a rest of years does is another test's */
    const double young = output(&p);
    cr_assert_eq(pump_advance(&p, 5 * YEAR_MS, &none, &e), 0, "%s", e.text);
    cr_expect_float_eq(output(&p) / young, 1.0 - 5.0 * 0.0057, 1e-9);
}

/* In a cabin the ambient pressure falls by 26.3 kPa, so 1.3 % more comes; in a fever of 40 degC, whose propellant presses by
 * 13.8 kPa more, 0.6 + 0.7 %; in a chamber of two and a half atmospheres less, never nothing. */
Test(pump_drive, pressure_and_warmth_reach_the_tube)
{
    static const struct {
        environment_t around;
        double output;
    } row[] = {{{37.0, 75.0, 0.98, 0.0}, 1.0132},
               {{40.0, 101.325, 0.98, 0.0}, 1.0129},
               {{37.0, 253.3, 0.98, 0.0}, 0.9240}};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        pump_t p = make();
        pump_surround(&p, &row[i].around, NULL);
        cr_expect_float_eq(output(&p), row[i].output, 2e-4, "row %zu", i);
    }
}

/* The propellant helps the motor at rest; in a pressure chamber it pumps against 116 kPa, at 0.0005 of its torque each. */
Test(pump_drive, pressure_reaches_the_motor)
{
    const environment_t chamber = {37.0, 253.3, 0.98, 0.0};
    pump_t p = make();
    cr_expect_float_eq(p.motor.torque.load_kpa, -35.4, 0.1);
    cr_expect_float_eq(motor_margin(&p.motor, 0), 1.0, 1e-9);
    pump_surround(&p, &chamber, NULL);
    cr_expect_float_eq(p.motor.torque.load_kpa, 116.5, 0.2);
    cr_expect_float_eq(motor_margin(&p.motor, 0), 1.0 / (0.5 + 0.0005 * 116.5) - 1.0, 1e-3);
}

/* A film that comes and goes: the motor is weak while it is there, and sound again after it. */
Test(pump_drive, the_motor_feels_its_cell_at_every_train)
{
    const pump_sink_t none = {NULL, NULL, NULL};
    pump_t p = make();
    for (int train = 0; train < 3; train++) {
        battery_set_film_ohm(&p.battery, train == 1 ? 700.0 : 0.0);
        cr_assert_eq(pump_drive_start(&p, 10, 1000.0, &e), 0, "%s", e.text);
        cr_assert_eq(pump_advance(&p, p.now_ms + 10000, &none, &e), 0, "%s", e.text);
        cr_expect_eq(pump_drive_train_confirmed(&p), train == 1 ? 0 : 10, "train %d", train);
    }
}
