/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the parameter uncertainty of a summary: nothing of a dataset without draws of parameters. At most 100 columns. */
#ifndef ANALYSIS_NESTED_TEXT_H
#define ANALYSIS_NESTED_TEXT_H

#include <stdio.h>

#include "summary/nested_study.h"

#define NESTED_TEXT_SIZE 48

/* A line of the summary's head: what else its intervals are. */
void nested_text_head(const nested_study_t *n, FILE *out);

/* The tables of an arm, which is called `name`. */
void nested_text_arm(const nested_study_t *n, size_t arm, const char *name, FILE *out);

/* Each further arm less the first; name[arms]. */
void nested_text_differences(const nested_study_t *n, const char *const *name, FILE *out);

/* In place of an interval that is not told: why. Of one that is: "". */
void nested_text_why(const nested_t *t, char text[NESTED_TEXT_SIZE]);

#endif
