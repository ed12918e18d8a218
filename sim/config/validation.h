/* SPDX-License-Identifier: Apache-2.0 */
/* A validation: published rows, and the studies whose simulation is held against them.
 *
 * A file of configs/validation/ has three sections: `validation` (name, title), `runs` and `observed`; its README.md says what
 * each key means. A run's study, under `config`, states protocol, people and N only: a key of a model's own list of parameters
 * is an error there. Which pump, drug or people were studied, it says by including their files.
 *
 * What applies to studies (study.h) applies here: one thread of the process reads, any may then use the result.
 */
#ifndef CONFIG_VALIDATION_H
#define CONFIG_VALIDATION_H

#include <stddef.h>
#include <stdint.h>

#include "config/diagnostic.h"
#include "config/study.h"
#include "error.h"

#define VALIDATION_RUNS_MAX 32
#define VALIDATION_ROWS_MAX 256
#define VALIDATION_SOURCES_MAX 16 /* of one row, and as many against */

typedef enum validation_role_t { /* in the order of analysis/validation/verdict.h */
                                 VALIDATION_IMPOSED = 0,
                                 VALIDATION_FITTED = 1,
                                 VALIDATION_DERIVED = 2,
                                 VALIDATION_EMERGENT = 3,
} validation_role_t;

/* runs[] */
typedef struct validation_run_t {
    char name[STUDY_NAME_SIZE];
    int64_t quick; /* patients of a quick run */
    study_t study; /* its patients are the pool, or `quick` where that was asked for */
} validation_run_t;

/* A run, or one arm of it. */
typedef struct validation_source_t {
    int run; /* index */
    int arm; /* index; below 0: all of the run's */
} validation_source_t;

typedef struct validation_sources_t {
    size_t count;
    validation_source_t source[VALIDATION_SOURCES_MAX];
} validation_sources_t;

/* observed[]. A row that needs something may name runs that are not there: it has no sources then. */
typedef struct validation_row_t {
    char id[STUDY_TITLE_SIZE];
    char what[STUDY_TITLE_SIZE];
    validation_sources_t of;
    validation_sources_t against; /* may have none */
    char estimator[STUDY_NAME_SIZE];
    char unit[STUDY_TITLE_SIZE];
    double value;
    double low, high; /* low <= high */
    char rule[STUDY_TITLE_SIZE];
    int role; /* validation_role_t */
    int gate;
    char needs[STUDY_TITLE_SIZE]; /* "": nothing is missing */
    char source[STUDY_TITLE_SIZE];
} validation_row_t;

typedef struct validation_t {
    char name[STUDY_NAME_SIZE];
    char title[STUDY_TITLE_SIZE];
    validation_run_t *run; /* [runs], owned */
    size_t runs;
    validation_row_t *row; /* [rows], owned */
    size_t rows;
} validation_t;

/* A statistic that a row may name, and its unit: what analysis/ can compute is the caller's to know. */
typedef struct validation_statistic_t {
    const char *name;
    const char *unit;
} validation_statistic_t;

typedef struct validation_options_t {
    int quick;                               /* 1: runs take their quick number of patients */
    const validation_statistic_t *statistic; /* [statistics], borrowed */
    size_t statistics;
} validation_options_t;

/* Reads a file into *v, which need not be initialised, and *d, which must be. Results and errors as of study_load; *v is empty
 * after a failure. */
int validation_load(validation_t *v, const char *path, const validation_options_t *options,
                    diagnostic_t *d, error_t *e) __attribute__((warn_unused_result));

/* Legal on an all-zero validation_t, and twice. */
void validation_free(validation_t *v);

#endif
