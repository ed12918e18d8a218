/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of a validation as a file of its own: HDF5, one 1-D dataset a column in the group `validation`.
 *
 * Texts are UTF-8 of fixed length, numbers float64 or int64, NaN for an estimate that is not there. Attributes of the root say
 * what wrote it, with which core, and whether the pools were the small ones of a quick run. The same rows give the same bytes.
 *
 * Thread rule: HDF5 is used by one thread at a time in the whole program.
 */
#ifndef DATASET_RESULTS_H
#define DATASET_RESULTS_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

#define RESULTS_NAME_SIZE 64
#define RESULTS_TEXT_SIZE 256

typedef struct results_row_t {
    char study[RESULTS_NAME_SIZE]; /* the validation's name */
    char id[RESULTS_TEXT_SIZE];
    char what[RESULTS_TEXT_SIZE];
    char estimator[RESULTS_NAME_SIZE];
    char unit[RESULTS_TEXT_SIZE];
    char rule[RESULTS_TEXT_SIZE];
    char role[RESULTS_NAME_SIZE];
    char source[RESULTS_TEXT_SIZE];
    char verdict[RESULTS_NAME_SIZE];
    char needs[RESULTS_TEXT_SIZE]; /* why it was not computed; "" where it was */
    double value, low, high;       /* published, in `unit` */
    double estimate, half_width;   /* simulated */
    int64_t n;                     /* what the estimate is over */
    int64_t gate, weak;            /* 0 or 1 */
} results_row_t;

typedef struct results_t {
    char program[RESULTS_TEXT_SIZE]; /* name and version */
    char core[RESULTS_TEXT_SIZE];
    int64_t quick;
    results_row_t *row; /* [rows] */
    size_t rows;
} results_t;

/* Writes PATH.part and renames it. ERROR_EXISTS where the file exists and `overwrite` is 0; ERROR_FILE_WRITE;
 * ERROR_LIBRARY, out of memory among its causes. */
int results_write(const results_t *r, const char *path, int overwrite, error_t *e)
    __attribute__((warn_unused_result));

/* Reads what results_write wrote; results_free is legal after a failure. ERROR_FILE_OPEN; ERROR_DATASET_FOREIGN: no such file
 * of ours; ERROR_DATASET_TRUNCATED: columns are missing, damaged or too long. */
int results_read(results_t *r, const char *path, error_t *e) __attribute__((warn_unused_result));

/* Frees the rows, read or built. */
void results_free(results_t *r);

#endif
