/* SPDX-License-Identifier: Apache-2.0 */
/* Departures: where a core of another make differs by design from the one that a suite was written for, and by how much it may.
 *
 * A file has `core` (title), `tolerance` (as a suite's, in place of it), `left_out` (kinds of values, as a report names them, each
 * with the reason) and `scenarios` (names, each with the reason). A scenario that is said to differ and does not is an error of a regression:
 * the list cannot outlive what it says. The README of configs/regress says the keys.
 */
#ifndef CONFIG_DEPARTURE_H
#define CONFIG_DEPARTURE_H

#include "config/diagnostic.h"
#include "config/suite.h"
#include "error.h"

#include <stddef.h>

#define DEPARTURE_LEFT_OUT_MAX 32
#define DEPARTURE_SCENARIOS_MAX 256

/* A kind of values, or a scenario, and why. */
typedef struct departure_reason_t {
    char what[STUDY_TITLE_SIZE];
    char why[STUDY_TITLE_SIZE];
} departure_reason_t;

typedef struct departure_t {
    char title[STUDY_TITLE_SIZE];
    suite_tolerance_t tolerance;
    size_t lefts, scenarios;
    departure_reason_t left_out[DEPARTURE_LEFT_OUT_MAX];
    departure_reason_t scenario[DEPARTURE_SCENARIOS_MAX];
    const char *left[DEPARTURE_LEFT_OUT_MAX]; /* the same as a suite wants them */
} departure_t;

/* Reads a file. *d must be initialised, *to need not be; errors as of suite_load. Nothing is owned; left[] points into *to,
 * which is therefore not to be copied. */
int departure_load(departure_t *to, const char *path, diagnostic_t *d, error_t *e)
    __attribute__((warn_unused_result));

/* Puts it on a suite, which borrows it from then on: its tolerance, what is left out, which scenarios depart. Calls are not judged
 * any more: no two makes make the same ones. ERROR_ARGUMENT: the suite has no scenario of a name. */
int departure_apply(const departure_t *from, suite_t *s, error_t *e)
    __attribute__((warn_unused_result));

#endif
