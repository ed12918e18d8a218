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
    void *system; /* UDUNITS-2's unit system, owned; NULL until the first conversion needs it */
    int status;   /* 0, or ERROR_LIBRARY once the database could not be read */
} units_t;

/* Makes *u empty and silences UDUNITS-2's messages. The database (some 10 ms) is read by the first
 * conversion between units that are spelt differently. */
void units_init(units_t *u);

/* Legal on an all-zero units_t. */
void units_free(units_t *u);

/* 0, or ERROR_LIBRARY if the database was needed and could not be read: then conversions were refused
 * for that reason and their messages mean nothing. */
int units_check(const units_t *u, error_t *e) __attribute__((warn_unused_result));

/* Gives the factor such that value[unit] * factor = value[canonical]; exactly 1 for the same spelling. A factor within
 * 1e-12 of a whole number or of the reciprocal of one is that number, so that decimal prefixes convert
 * without an error in the last digit. Returns 1, or 0 with the reason in why[size] ("furlong is not ..."). */
int units_factor(units_t *u, const char *unit, const char *canonical, double *factor, char *why,
                 size_t size) __attribute__((warn_unused_result));

#endif
