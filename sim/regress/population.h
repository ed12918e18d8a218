/* SPDX-License-Identifier: Apache-2.0 */
/* The datasets of a scenario that is judged at the population's level: one of each core, as a run of the study would give it.
 *
 * Records come in any order and wait in a journal; at the end they are datasets, which analysis compares patient by patient.
 * Thread rule: one thread at a time.
 */
#ifndef SIM_REGRESS_POPULATION_H
#define SIM_REGRESS_POPULATION_H

#include "config/suite.h"
#include "dataset/journal.h"
#include "error.h"
#include "regress/pool.h"
#include "regress/testimony.h"
#include "regress/unit.h"

#include <stdbool.h>
#include <stddef.h>

#define POPULATION_PATH_SIZE 640

typedef struct population_t {
    const suite_t *suite;
    const char *folder; /* where the datasets go; borrowed */
    journal_t *journal; /* [scenarios][POOL_SIDES], owned; closed where there is none */
} population_t;

/* Begins where a scenario of the suite is judged so. Errors of journal_create. population_end is legal in any case. */
int population_begin(population_t *p, const suite_t *suite, const char *folder, error_t *e)
    __attribute__((warn_unused_result));

/* Whether a scenario is judged so. */
bool population_is_judged(const suite_t *suite, size_t scenario);

/* Keeps the record of a life that lasted; of others there is none. Errors of journal_append_frame. */
int population_keep(population_t *p, const unit_t *unit, int side, const testimony_t *t, error_t *e)
    __attribute__((warn_unused_result));

/* Makes the datasets, core ids as the pool learnt them. Errors of writer_assemble. */
int population_finish(population_t *p, const pool_t *pool, error_t *e)
    __attribute__((warn_unused_result));

/* Where the dataset of a scenario and side lies. */
void population_path(const population_t *p, size_t scenario, int side,
                     char path[POPULATION_PATH_SIZE]);

/* Closes all, and removes the journals; with `datasets` those too. */
void population_end(population_t *p, bool datasets);

#endif
