/* SPDX-License-Identifier: Apache-2.0 */
/* A regression: two cores on a whole suite, and the verdict.
 *
 *     regression_t r;
 *     code = regression_run(&r, &pool, NULL, &side, e);
 *     ... print it, r.passes is the verdict ...
 *     regression_free(&r);
 */
#ifndef SIM_REGRESS_REGRESSION_H
#define SIM_REGRESS_REGRESSION_H

#include "error.h"
#include "regress/compare.h"
#include "regress/divergence.h"
#include "regress/pool.h"
#include "regress/population.h"
#include "regress/unit.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum regression_verdict_t {
    REGRESSION_SAME = 0,      /* bit for bit at the levels judged */
    REGRESSION_WITHIN = 1,    /* differs within the suite's tolerance */
    REGRESSION_DEPARTS = 2,   /* differs by more, and is said to do so by design */
    REGRESSION_DIFFERENT = 3, /* differs by more */
    REGRESSION_BROKEN =
        4, /* the candidate crashed, did not end, or was stopped, and the baseline not so */
    REGRESSION_BASELINE = 5 /* the baseline did */
} regression_verdict_t;

#define REGRESSION_VERDICTS 6

/* How a side ended. */
typedef struct regression_end_t {
    testimony_end_t end;
    int signal;
    error_t error;
    int64_t calls, clock_ms;
} regression_end_t;

typedef struct regression_unit_t {
    unit_t unit;
    regression_verdict_t verdict;
    regression_end_t side[POOL_SIDES];
    compare_t compare;
} regression_unit_t;

typedef struct regression_t {
    const suite_t *suite; /* borrowed */
    size_t units;
    regression_unit_t *unit; /* [units], owned, in the suite's order */
    size_t verdicts[REGRESSION_VERDICTS];
    bool level
        [SUITE_LEVELS]; /* where some unit differs that is judged there; populations: set by who compares them */
    bool family[TRACE_FAMILIES]; /* calls that differ in some unit that is judged as a life */
    bool passes;
    const suite_scenario_t
        *stale; /* the first that is said to differ by design, and does not; NULL: none */
    size_t
        story; /* the unit that parts soonest, of those that do not pass where there are any; units: none */
    divergence_t divergence; /* of that unit */
} regression_t;

/* `keep` gets the records of scenarios that are judged at the population's level; NULL where none is. `pool->take` and `pool->context` are set here. Errors of pool_run, compare_unit and divergence_find; *side as of pool_run. Free it
 * in any case. */
int regression_run(regression_t *r, pool_t *pool, population_t *keep, int *side, error_t *e)
    __attribute__((warn_unused_result));

/* The same without a look for the first difference: verdicts alone. */
int regression_verdicts(regression_t *r, pool_t *pool, int *side, error_t *e)
    __attribute__((warn_unused_result));
void regression_free(regression_t *r);

/* Whether a life of a scenario that is said to differ by design does; one without a life that does is stale. */
bool regression_departs(const regression_t *r, size_t scenario);

/* Whether a life with that verdict passes. */
bool regression_verdict_passes(regression_verdict_t verdict);

/* "same", "within", "by design", "different", "broken", "baseline"; static. */
const char *regression_verdict_name(regression_verdict_t verdict);

#endif
