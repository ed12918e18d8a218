/* SPDX-License-Identifier: Apache-2.0 */
/* The origin of a dataset: its provenance, made from the study and the core that ran. */
#ifndef SIM_COHORT_ORIGIN_H
#define SIM_COHORT_ORIGIN_H

#include "config/study.h"
#include "dataset/provenance.h"
#include "error.h"
#include "host/core.h"

typedef struct origin_t {
    provenance_t provenance;   /* its strings are borrowed from here, the study and the core */
    char *config;              /* owned */
    char *assumptions;         /* owned */
    provenance_range_t *range; /* owned */
    double *value;             /* owned; of every replicate and uncertain parameter */
} origin_t;

/* Study and core must outlive *o. ERROR_MEMORY. origin_free is legal after a failed init. */
int origin_init(origin_t *o, const study_t *study, const core_t *core, error_t *e)
    __attribute__((warn_unused_result));
void origin_free(origin_t *o);

#endif
