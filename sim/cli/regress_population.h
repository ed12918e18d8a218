/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim regress` at the population's level: outcomes of two cohorts, their differences and the intervals of these. */
#ifndef SIM_CLI_REGRESS_POPULATION_H
#define SIM_CLI_REGRESS_POPULATION_H

#include "summary/comparison.h"
#include "regress/population.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* One arm of one scenario. */
typedef struct regress_population_group_t {
    size_t scenario;
    int32_t arm;
    comparison_pair_t pair[OUTCOMES_COUNT]; /* candidate less baseline */
    bool
        passes; /* the interval of the deciding outcome's difference holds 0, or the outcome has no value in either */
} regress_population_group_t;

typedef struct regress_population_t {
    const suite_t *suite;
    enum outcomes_id decides;
    regress_population_group_t *group; /* [groups], owned */
    size_t groups;
    bool passes; /* all of them */
} regress_population_t;

/* Finds the deciding outcome of the suite. ERROR_ARGUMENT with the outcomes there are. */
int regress_population_check(const suite_t *suite, enum outcomes_id *decides, error_t *e)
    __attribute__((warn_unused_result));

/* Reads the datasets that population_finish made. Errors of reader_open, outcomes_read, comparison_pairs. regress_population_free is legal
 * in any case. */
int regress_population_read(regress_population_t *g, const population_t *p, error_t *e)
    __attribute__((warn_unused_result));
void regress_population_free(regress_population_t *g);

void regress_population_print(const regress_population_t *g, FILE *out);

/* An array of the groups, each with its outcomes; the caller's. NULL without memory. */
json_t *regress_population_json(const regress_population_t *g);

#endif
