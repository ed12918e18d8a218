/* SPDX-License-Identifier: Apache-2.0 */
/* Parameter uncertainty on the page: a cell of the tables of outcomes and arms, and tables of what has none of its own. */
#ifndef ANALYSIS_SECTION_PARAMETERS_H
#define ANALYSIS_SECTION_PARAMETERS_H

#include <stdio.h>

#include "page/source.h"
#include "statistics/nested.h"

#define SECTION_PARAMETERS_COLUMN "95 %, parameters"

/* The interval as a cell, or why there is none. */
void section_parameters_cell(const nested_t *t, FILE *out);

/* A paragraph on the column SECTION_PARAMETERS_COLUMN; nothing of a dataset without draws. */
void section_parameters_note(const source_t *s, FILE *out);

/* Levels, volumes, days in target, events and pumps, arm by arm; nothing of a dataset without draws. */
void section_parameters(const source_t *s, FILE *out);

#endif
