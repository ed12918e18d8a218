/* SPDX-License-Identifier: Apache-2.0 */
/* Pump units: spread about their kind, held to their limits, one stream for each serial number. */
#include <criterion/criterion.h>
#include <math.h>

#include "device/unit.h"

#define UNITS 20000

static unit_t unit(double mean, double sd, uint64_t serial)
{
    pump_head_param_t head = {.unit_error = mean};
    oscillator_param_t oscillator = {.error_ppm = 0.0};
    draw_t d;
    draw_init(&d, 11, DRAW_PUMP_UNIT, 1, 0, serial);
    return unit_draw(&head, &oscillator, sd, 15.0, &d);
}

Test(unit, errors_have_the_spread_of_their_kind)
{
    double sum = 0.0, square = 0.0, ppm = 0.0;
    for (uint64_t i = 0; i < UNITS; i++) {
        unit_t u = unit(0.0, 0.036, i);
        sum += u.error;
        square += u.error * u.error;
        ppm += u.oscillator_error_ppm * u.oscillator_error_ppm;
    }
    cr_expect_float_eq(sum / UNITS, 0.0, 0.001);
    cr_expect_float_eq(sqrt(square / UNITS), 0.036, 0.001);
    cr_expect_float_eq(sqrt(ppm / UNITS), 15.0, 0.4);
}

Test(unit, errors_stay_within_the_label)
{
    for (uint64_t i = 0; i < UNITS; i++) {
        double error = unit(0.1, 0.1, i).error;
        cr_assert(fabs(error) <= UNIT_ERROR_MAX, "serial %llu: %g", (unsigned long long)i, error);
    }
}

Test(unit, a_serial_number_is_one_unit_and_another_is_another)
{
    cr_expect_float_eq(unit(0.0, 0.036, 5).error, unit(0.0, 0.036, 5).error, 0.0);
    cr_expect_neq(unit(0.0, 0.036, 5).error, unit(0.0, 0.036, 6).error);
}

Test(unit, without_spread_it_is_its_kind)
{
    const pump_head_param_t head = {.unit_error = 0.02};
    const oscillator_param_t fast = {.error_ppm = 40.0};
    draw_t d;
    draw_init(&d, 11, DRAW_PUMP_UNIT, 1, 0, 9);
    const unit_t u = unit_draw(&head, &fast, 0.0, 0.0, &d);
    cr_expect_float_eq(u.error, 0.02, 0.0);
    cr_expect_float_eq(u.oscillator_error_ppm, 40.0, 0.0);
}
