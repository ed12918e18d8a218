/* SPDX-License-Identifier: Apache-2.0 */
/* The parameter uncertainty of a summary as JSON. */
#ifndef ANALYSIS_NESTED_JSON_H
#define ANALYSIS_NESTED_JSON_H

#include <jansson.h>

#include "dataset/provenance.h"
#include "summary/nested_study.h"

/* Adds `parameter_uncertainty` to the summary's object; nothing of a dataset without draws. */
void nested_json_add(json_t *root, const nested_study_t *n, const provenance_t *p, int *failed);

#endif
