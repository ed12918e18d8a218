/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of population.cohort: the file is there, and the hash is one. */
#ifndef CONFIG_CHECK_COHORT_H
#define CONFIG_CHECK_COHORT_H

#include "config/reading.h"

/* Writes where the file was found to r->study->cohort.path: beside the file that is read, in this folder, in those of
 * $THECASIM_CONFIGS, among the installed configs. Reports where it is nowhere. */
void check_cohort(const reading_t *r);

#endif
