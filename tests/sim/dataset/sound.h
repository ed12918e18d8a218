/* SPDX-License-Identifier: Apache-2.0 */
/* A small dataset in which every value is right, one of them replaced where a test wants it, and what verify says of it. */
#ifndef TESTS_DATASET_SOUND_H
#define TESTS_DATASET_SOUND_H

#include "tests/sim/dataset/fixture.h"

#include <hdf5.h>
#include <stddef.h>
#include <stdint.h>

#define SOUND_PATIENTS 3
#define SOUND_ROWS 2
#define SOUND_LEVELS                                                                               \
    26 /* rows of a sample of the canal; there are SOUND_ROWS of these, a day apart */

/* One value that is not what it should be: the field, in row `row` of patient 2; a day of the canal in that row's whole sample. */
typedef struct sound_fault_t {
    enum fields_id field;
    size_t row;
    double value;
} sound_fault_t;

/* No fault. */
extern const sound_fault_t sound_none;

/* How every trajectory ended (FIELDS_STOP_*), and the one pump of each (FIELDS_REASON_*): at first at the horizon. */
extern int sound_stopped, sound_ended;

/* What verify said. */
typedef struct sound_said_t {
    int count;
    char text[4096];
} sound_said_t;

/* The right value of a field in a patient's row: inside its range, and rising along the rows. */
double sound_value(enum fields_id field, int64_t patient, size_t row);

/* The provenance of SOUND_PATIENTS patients. */
provenance_t sound_provenance(void);

/* Fills *r, initialised, with the rows of a patient, and finishes it; the fault is only in patient 2. */
void sound_build(record_t *r, int64_t patient, const sound_fault_t *fault);

/* Writes the dataset, with the fault in patient 2. */
void sound_make(const char *path, const sound_fault_t *fault, const provenance_t *p);

/* Overwrites one number of a column of whole numbers in place. */
void sound_disturb(const char *path, const char *column, hsize_t row, int64_t value);

sound_said_t sound_verify(const char *path);

/* Fails the test unless that fault, alone, is told in these words. */
void sound_expect_one(const sound_fault_t *fault, const char *words);

#endif
