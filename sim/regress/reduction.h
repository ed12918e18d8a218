/* SPDX-License-Identifier: Apache-2.0 */
/* What can be taken away from a study, one thing at a time. */
#ifndef SIM_REGRESS_REDUCTION_H
#define SIM_REGRESS_REDUCTION_H

#include "config/study.h"
#include "error.h"

#include <stdbool.h>
#include <stddef.h>

/* A copy that owns its events, has one arm, and neither warnings nor arms of its own. ERROR_MEMORY. */
int reduction_copy(study_t *to, const study_t *from, error_t *e)
    __attribute__((warn_unused_result));

/* Cuts the study off: its horizon, and what would begin behind it. */
void reduction_cut(study_t *s, int64_t horizon_ms);

/* The kinds of reduction, those that take most away first. */
size_t reduction_kinds(void);

/* Takes away number `step` of a kind. false: there is no such step any more, and nothing is changed. */
bool reduction_take(study_t *s, size_t kind, size_t step);

#endif
