/* SPDX-License-Identifier: Apache-2.0 */
/* A chart of one series in plain text, for a terminal. */
#ifndef ANALYSIS_CHART_H
#define ANALYSIS_CHART_H

#include "error.h"

#include <stddef.h>
#include <stdio.h>

#define CHART_WIDTH 72
#define CHART_HEIGHT 9

typedef struct chart_t {
    double *x, *y; /* [points], owned; y may be NaN: no value */
    size_t points;
} chart_t;

/* ERROR_MEMORY; chart_free is legal then and on a zeroed chart. */
int chart_init(chart_t *c, size_t points, error_t *e) __attribute__((warn_unused_result));
void chart_free(chart_t *c);

/* Sets point i < points; x must ascend. */
void chart_put(chart_t *c, size_t i, double x, double y);

/* Prints title, unit, the curve and its axes. A column of the picture is marked over the whole range of the
 * points in it. Says so where there is nothing to show. */
void chart_print(const chart_t *c, const char *title, const char *unit, FILE *out);

#endif
