/* SPDX-License-Identifier: Apache-2.0 */
/* A series as one line of block characters (UTF-8), for a terminal. */
#ifndef ANALYSIS_SPARK_H
#define ANALYSIS_SPARK_H

#include <stddef.h>
#include <stdio.h>

/* Prints label, one of eight blocks for each value from the lowest to the highest, and these two; a space where a value is
 * NaN. Nothing where fewer than two values are there. */
void spark_print(const char *label, const double *value, size_t n, FILE *out);

/* Prints count[n] as blocks from 0 to the largest, a space where there is none, and nothing else. */
void spark_counts(const size_t *count, size_t n, FILE *out);

#endif
