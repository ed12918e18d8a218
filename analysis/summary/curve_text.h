/* SPDX-License-Identifier: Apache-2.0 */
/* Survival and incidence as rows of a table: the value at a few moments, and its band below. */
#ifndef ANALYSIS_CURVE_TEXT_H
#define ANALYSIS_CURVE_TEXT_H

#include <stddef.h>
#include <stdio.h>

#include "statistics/survival.h"

#define CURVE_TEXT_COLUMNS 7
#define CURVE_TEXT_LABEL "  %-26s"
#define CURVE_TEXT_WIDTH 9 /* of a column, without the space before it */

/* A row of point[n].value; one of the lower and one of the upper ends of its band. */
void curve_text_values(const char *label, const survival_point_t *point, size_t n, FILE *out);
void curve_text_band(const survival_point_t *point, size_t n, FILE *out);

#endif
