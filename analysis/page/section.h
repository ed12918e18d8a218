/* SPDX-License-Identifier: Apache-2.0 */
/* The sections of a page that are text and tables. Errors of writing are the stream's. Thread rule: a reader is used by one thread. */
#ifndef ANALYSIS_SECTION_H
#define ANALYSIS_SECTION_H

#include <stdio.h>

#include "error.h"
#include "page/source.h"

/* What was asked, of whom, in which arms. 0. */
int section_study(const source_t *s, FILE *out, error_t *e) __attribute__((warn_unused_result));

/* The outcomes of each arm. Errors of comparison_arm. */
int section_outcomes(const source_t *s, FILE *out, error_t *e) __attribute__((warn_unused_result));

/* Each further arm less the first, patient by patient. Errors of comparison_pairs. */
int section_arms(const source_t *s, FILE *out, error_t *e) __attribute__((warn_unused_result));

/* Time in target, and dose beside effect. */
void section_targets(const source_t *s, FILE *out);

/* Events per patient-year. */
void section_events(const source_t *s, FILE *out);

/* Volumes, and the k-th refills. */
void section_refills(const source_t *s, FILE *out);

/* The rows of a validation by role, or that there are none. Errors of results_text_sum. */
int section_validation(const source_t *s, FILE *out, error_t *e)
    __attribute__((warn_unused_result));

/* Monte Carlo, a cohort of N, parameter uncertainty: what each is here. Errors of comparison_arm. */
int section_errors(const source_t *s, FILE *out, error_t *e) __attribute__((warn_unused_result));

/* Parameters that are assumptions, and warnings. 0. */
int section_assumptions(const source_t *s, FILE *out, error_t *e)
    __attribute__((warn_unused_result));

/* What decided the bytes, the study in full, and the licences of what the page carries. 0. */
int section_provenance(const source_t *s, FILE *out, error_t *e)
    __attribute__((warn_unused_result));

#endif
