/* SPDX-License-Identifier: Apache-2.0 */
/* Two testimonies of one unit held against each other, level by level.
 *
 * trace    each family of calls by its sum: equal or not.
 * device   volume over all windows of 1 h, 24 h and 168 h and over the life; refills, pumps, what the pump did.
 * patient  what the body had of it, and what people decided.
 * The population's level is of many units and is not here.
 *
 * A difference within the suite's tolerance is reported as such: it is a difference, and it passes.
 */
#ifndef SIM_REGRESS_COMPARE_H
#define SIM_REGRESS_COMPARE_H

#include "config/suite.h"
#include "error.h"
#include "regress/testimony.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COMPARE_WHAT_SIZE 96

/* All values of one kind that differ, with the one that differs most over what is allowed. */
typedef struct compare_difference_t {
    suite_level_t level;
    char what[COMPARE_WHAT_SIZE]; /* "volume of 24 h", "daily/lumbar_ng_per_ml", "event tone" */
    const char *unit;             /* "mL"; static */
    size_t count;                 /* values that differ */
    int64_t time_ms;              /* of the first that differs; -1: it has no time */
    double baseline, candidate;   /* of the one that differs most; NaN: missing there */
    double allowed;               /* for that one */
    bool beyond;                  /* some value differs by more than is allowed */
} compare_difference_t;

typedef struct compare_t {
    bool same;                /* everything is equal, bit for bit, at the levels judged */
    bool passes;              /* nothing is beyond what is allowed, and both lived or ended alike */
    bool level[SUITE_LEVELS]; /* whether something differs there, judged or not; the trace's too */
    bool family[TRACE_FAMILIES];      /* whether the calls of a family differ */
    compare_difference_t *difference; /* [differences], owned, by level */
    size_t differences, capacity;
} compare_t;

/* `scenario` is the unit's. Testimonies that ended otherwise than by living are compared by their end alone. ERROR_MEMORY;
 * ERROR_DATASET_TRUNCATED: a record that is none. */
int compare_unit(compare_t *c, const suite_t *suite, const suite_scenario_t *scenario,
                 const testimony_t *baseline, const testimony_t *candidate, error_t *e)
    __attribute__((warn_unused_result));
void compare_free(compare_t *c);

#endif
