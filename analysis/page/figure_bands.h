/* SPDX-License-Identifier: Apache-2.0 */
/* Bands over time: median and central halves and nine tenths of the patients of each arm. Thread rule: any thread. */
#ifndef ANALYSIS_FIGURE_BANDS_H
#define ANALYSIS_FIGURE_BANDS_H

#include <stdio.h>

#include "page/source.h"

/* 1 where any arm has a value on any day. */
int figure_bands_has(const source_t *s, enum source_daily daily);

/* The part of the script from the data on. */
void figure_bands_plot(const source_t *s, enum source_daily daily, FILE *script);

/* The medians and quantiles as a table; every n-th of the days, so that it has about a dozen. */
void figure_bands_table(const source_t *s, enum source_daily daily, const char *unit, FILE *out);

#endif
