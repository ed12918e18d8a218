/* SPDX-License-Identifier: Apache-2.0 */
/* When events that nobody plans happen first. Thread rule: any thread. */
#ifndef ANALYSIS_FIGURE_EVENTS_H
#define ANALYSIS_FIGURE_EVENTS_H

#include <stdio.h>

#include "page/source.h"

/* 1 where any of these happened. */
int figure_events_has(const source_t *s);

/* The part of the script from the data on. */
void figure_events_plot(const source_t *s, FILE *script);

/* The incidence at the end of follow-up, and the day by which half had it. */
void figure_events_table(const source_t *s, FILE *out);

#endif
