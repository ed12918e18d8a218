/* SPDX-License-Identifier: Apache-2.0 */
/* Two records of one unit, row by row and event by event. */
#ifndef SIM_REGRESS_COMPARE_ROWS_H
#define SIM_REGRESS_COMPARE_ROWS_H

#include "regress/compare.h"

/* Both records of the unit, whole. Adds to *c what differs. As of compare_unit. */
int compare_rows(compare_t *c, const suite_t *suite, const suite_scenario_t *scenario,
                 const testimony_t *baseline, const testimony_t *candidate, error_t *e)
    __attribute__((warn_unused_result));

/* Adds a value to a kind of difference, made where there is none yet: equal values, and NaN on both sides, are none. */
int compare_value(compare_t *c, const compare_difference_t *found, error_t *e)
    __attribute__((warn_unused_result));

#endif
