/* SPDX-License-Identifier: Apache-2.0 */
/* A frozen cohort: people who were drawn once and are kept, as a file that later studies take them from.
 *
 * HDF5, of a version of its own (FROZEN_VERSION), so that it outlives the schemas of datasets. Group /people has one 1-D dataset
 * a field, a row each person, with units, long_name, valid_range, the study's key and central value, flag_values and
 * flag_meanings; its first field counts the people from 1. Group /population has the settings that they were drawn by,
 * /correlations those among them that correlate two fields, /refused how often which limit sent an attempt back, /provenance as of a dataset.
 * Which fields there are is up to who writes (cohort/freeze.h); the file describes them.
 *
 * Thread rule: HDF5 is used by one thread at a time in the whole program.
 */
#ifndef DATASET_FROZEN_H
#define DATASET_FROZEN_H

#include <stddef.h>
#include <stdint.h>

#include "dataset/provenance.h"
#include "dataset/verify.h"
#include "error.h"

#define FROZEN_VERSION 1
#define FROZEN_FIELDS_MAX 192
#define FROZEN_SETTINGS_MAX 128
#define FROZEN_PAIRS_MAX 16
#define FROZEN_LIMITS_MAX 16
#define FROZEN_HASH_SIZE 65 /* 64 hexadecimal digits and the end */

/* Texts are UTF-8 without newlines, borrowed from the caller when writing and from the file that is open when reading. */
typedef struct frozen_field_t {
    const char *name;        /* "age_years" */
    const char *unit;        /* UDUNITS-2 spelling, "1" for a pure number */
    const char *description; /* one line */
    const char *
        key; /* of a study, whose value is the centre that people differ from; "" where there is none */
    int whole;        /* 1: a whole number of 32 bits */
    double low, high; /* accepted range, ends included */
    double central;   /* the study's value of `key`; NaN without one */
    const char
        *meanings; /* names of the whole numbers from 0 on, separated by blanks; "": they count */
} frozen_field_t;

/* One setting of `population`. */
typedef struct frozen_setting_t {
    const char *name, *unit, *description;
    double value;
} frozen_setting_t;

/* Two fields that a setting correlates, as the normals behind them: `within` names a whole field inside whose values the first
 * is normal, or is "". */
typedef struct frozen_pair_t {
    const char *setting, *first, *second, *within;
    double imposed;
} frozen_pair_t;

/* Attempts to draw somebody that were sent back by one limit. */
typedef struct frozen_limit_t {
    const char *name;
    int64_t attempts;
} frozen_limit_t;

typedef struct frozen_head_t {
    provenance_t provenance; /* patients: the people of the file */
    const char *arm;         /* whose people they are */
    size_t fields, settings, pairs, limits;
    frozen_field_t field[FROZEN_FIELDS_MAX];
    frozen_setting_t setting[FROZEN_SETTINGS_MAX];
    frozen_pair_t pair[FROZEN_PAIRS_MAX];
    frozen_limit_t limit[FROZEN_LIMITS_MAX]; /* none: not counted */
} frozen_head_t;

typedef struct frozen_t frozen_t;

/* 1 where path is HDF5 that says to be a frozen cohort, of any version; else 0. */
int frozen_is(const char *path);

/* Opens path. *f is NULL on an error: ERROR_FILE_OPEN, ERROR_FILE_READ; ERROR_DATASET_FOREIGN with what it is instead;
 * ERROR_DATASET_VERSION; ERROR_DATASET_TRUNCATED where a part is missing or damaged; ERROR_MEMORY. */
int frozen_open(frozen_t **f, const char *path, error_t *e) __attribute__((warn_unused_result));

/* Frees *f and sets it to NULL. Legal on NULL. */
void frozen_close(frozen_t **f);

/* What stands in front of the people; owned by *f. */
const frozen_head_t *frozen_head(const frozen_t *f);

size_t frozen_people(const frozen_t *f);

/* The number of the field of this name; -1: there is none. */
int frozen_find(const frozen_t *f, const char *name);

/* The hash of settings and people that stands in the file. */
const char *frozen_identity(const frozen_t *f);

/* Reads values[count] of a field from row `start` on. ERROR_ARGUMENT where they are not all there; ERROR_DATASET_TRUNCATED. */
int frozen_read(frozen_t *f, size_t field, size_t start, size_t count, double *values, error_t *e)
    __attribute__((warn_unused_result));

/* ERROR_DATASET_TRUNCATED where the people are not those of frozen_identity. */
int frozen_verify_identity(frozen_t *f, error_t *e) __attribute__((warn_unused_result));

/* Checks ranges, named numbers, the count of people, provenance and hash; problems go to the sink. Returns how many; the errors
 * of frozen_read. */
int frozen_verify(frozen_t *f, const verify_sink_t *sink, error_t *e)
    __attribute__((warn_unused_result));

#endif
