/* SPDX-License-Identifier: Apache-2.0 */
/* The catheter that tests begin with where only what happens to it matters: all defaults, one drug at 500 ug/mL in it. */
#ifndef TESTS_MODELS_DEVICE_USUAL_CATHETER_H
#define TESTS_MODELS_DEVICE_USUAL_CATHETER_H

#include <criterion/criterion.h>

#include "device/catheter.h"
#include "tests/models/device/defaults.h"

static inline catheter_t usual_catheter(void)
{
    catheter_t c;
    cr_assert_eq(catheter_init(&c, &default_catheter, 1, (const double[]){500.0}, NULL), 0);
    return c;
}

#endif
