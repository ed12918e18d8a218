/* SPDX-License-Identifier: Apache-2.0 */
/* `thecasim regress` at the population's level: outcomes of two cohorts, their differences and the intervals of these. */
#ifndef SIM_CLI_REGRESS_POPULATION_H
#define SIM_CLI_REGRESS_POPULATION_H

#include "cli/scratch.h"
#include "regress/population.h"
#include "summary/comparison.h"

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
    const suite_t *suite; /* borrowed */
    enum outcomes_id decides;
    bool judged;                       /* the suite judges populations */
    char folder[SCRATCH_PATH_SIZE];    /* of the datasets; "" where there is none */
    population_t kept;                 /* the datasets */
    regress_population_group_t *group; /* [groups], owned */
    size_t groups;
    bool passes; /* all of them */
} regress_population_t;

/* Begins datasets in a folder of their own, to be kept in g->kept while the suite is lived; nothing where g->judged is false. ERROR_ARGUMENT
 * with the outcomes there are: none of them is the one that decides; errors of scratch_folder, population_begin. regress_population_free
 * is legal in any case, and takes the folder away. */
int regress_population_begin(regress_population_t *g, const suite_t *suite, error_t *e)
    __attribute__((warn_unused_result));

/* Makes the datasets and compares them. Errors of population_finish, central_open, outcomes_read, comparison_pairs. */
int regress_population_finish(regress_population_t *g, const pool_t *pool, error_t *e)
    __attribute__((warn_unused_result));
void regress_population_free(regress_population_t *g);

void regress_population_print(const regress_population_t *g, FILE *out);

/* One group of them. */
void regress_population_print_group(const regress_population_t *g,
                                    const regress_population_group_t *group, FILE *out);

/* An array of the groups, each with its outcomes; the caller's. NULL without memory. */
json_t *regress_population_json(const regress_population_t *g);

#endif
