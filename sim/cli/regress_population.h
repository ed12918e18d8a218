/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim regress` at the population's level: outcomes of two cohorts, their differences and the intervals of these. */
#ifndef SIM_CLI_REGRESS_POPULATION_H
#define SIM_CLI_REGRESS_POPULATION_H

#include "comparison.h"
#include "regress/population.h"

#include <stdbool.h>
#include <stdio.h>

/* One arm of one scenario. */
typedef struct regress_group_t {
    size_t scenario;
    int32_t arm;
    comparison_pair_t pair[OUTCOMES_COUNT]; /* candidate less baseline */
    bool
        passes; /* the interval of the deciding outcome's difference holds 0, or the outcome has no value in either */
} regress_group_t;

typedef struct regress_groups_t {
    const suite_t *suite;
    enum outcomes_id decides;
    regress_group_t *group; /* [groups], owned */
    size_t groups;
    bool passes; /* all of them */
} regress_groups_t;

/* Finds the deciding outcome of the suite. ERROR_ARGUMENT with the outcomes there are. */
int regress_groups_check(const suite_t *suite, enum outcomes_id *decides, error_t *e)
    __attribute__((warn_unused_result));

/* Reads the datasets that population_finish made. Errors of reader_open, outcomes_read, comparison_pairs. regress_groups_free is legal
 * in any case. */
int regress_groups_read(regress_groups_t *g, const population_t *p, error_t *e)
    __attribute__((warn_unused_result));
void regress_groups_free(regress_groups_t *g);

void regress_groups_print(const regress_groups_t *g, FILE *out);

#endif
