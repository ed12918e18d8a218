/* SPDX-License-Identifier: Apache-2.0 */
/* The usual implant of these tests: 20 mL of one drug at 500 ug/mL, a sound cell, a pump head with ripple, no wear. */
#ifndef TESTS_SIM_HOST_USUAL_H
#define TESTS_SIM_HOST_USUAL_H

#include "host/implant.h"

#define USUAL_SERIAL 7u

/* Its cell: the open-circuit voltage falls in one straight line from 3.2 to 2.4 V. */
battery_param_t usual_cell(void);

implant_param_t usual_implant(void);

#endif
