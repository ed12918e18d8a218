/* SPDX-License-Identifier: Apache-2.0 */
/* Units of config values: checked and converted by UDUNITS-2 after a stricter reading of our own.
 *
 * A unit is factors joined by "/", "." or "*" with whole exponents ("ug/mL", "mA.h", "cm2/h", "1/h"); no
 * spaces, numbers, offsets or logarithms. Beyond UDUNITS-2's database: `mcg` and the micro sign for
 * micro, `ppm`, and `year` as 365.25 days (UDUNITS-2's is the tropical year). `month` is refused because
 * it has no fixed length.
 *
 * UDUNITS-2 keeps process-wide state: one thread of the process uses this file at a time.
 */
#ifndef CONFIG_UNITS_H
#define CONFIG_UNITS_H

#include <stddef.h>

#include "error.h"

typedef struct units_t {
    void *system; /* UDUNITS-2's unit system, owned */
} units_t;

/* Reads the UDUNITS-2 database and silences its messages. Error: ERROR_LIBRARY. */
int units_init(units_t *u, error_t *e) __attribute__((warn_unused_result));

/* Legal after a failed units_init and on an all-zero units_t. */
void units_free(units_t *u);

/* *factor such that value[unit] * factor = value[canonical]; exactly 1 for the same spelling. A factor within
 * 1e-12 of a whole number or of the reciprocal of one is that number, so that decimal prefixes convert
 * without an error in the last digit. Returns 1, or 0 with the reason in why[size] ("furlong is not ..."). */
int units_factor(const units_t *u, const char *unit, const char *canonical, double *factor,
                 char *why, size_t size) __attribute__((warn_unused_result));

#endif
