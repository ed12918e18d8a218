/* SPDX-License-Identifier: Apache-2.0 */
/* The records of a dataset one after another, as the formats that count subjects want them.
 *
 * A subject is one simulated life: a patient in an arm with one draw of the uncertain parameters. The same patient in two
 * arms is two subjects, who differ in nothing that the arms leave alone.
 *
 * Memory: a block of rows of each column that is asked for.
 *
 * Thread rule: HDF5 is used by one thread at a time in the whole program.
 */
#ifndef ANALYSIS_PEOPLE_H
#define ANALYSIS_PEOPLE_H

#include <stddef.h>
#include <stdint.h>

#include "dataset/walk.h"
#include "error.h"
#include "export/sheet.h"

#define PEOPLE_SUBJECT_SIZE 160

typedef struct people_rows_t {
    size_t start, end; /* of the dataset's table, the last one past it */
} people_rows_t;

typedef struct people_t {
    reader_t *reader;       /* borrowed */
    const provenance_t *of; /* borrowed */
    walk_t walk;            /* over all fields, by their number */
    int64_t daily_time_ms;  /* record.daily_time of the study */
    size_t next, records;   /* the next record */
    size_t record;          /* this one, and so its row of patients and of outcomes */
    int64_t patient;        /* whose it is */
    int32_t arm, replicate;
    char subject[PEOPLE_SUBJECT_SIZE]; /* STUDY-PATIENT-ARM-REPLICATE */
    people_rows_t events, daily;       /* its rows */
} people_t;

/* Begins before the first record. ERROR_MEMORY; ERROR_DATASET_FOREIGN: the study in the dataset tells no record.daily_time.
 * people_end is legal after a failure. */
int people_begin(people_t *p, reader_t *r, error_t *e) __attribute__((warn_unused_result));

/* Goes to the next record: 1, or 0 after the last. Errors of the reader. */
int people_next(people_t *p, error_t *e) __attribute__((warn_unused_result));

/* A value, and a whole number or a number of a list, of a row of the field's table. After a failed read NaN, or 0, and
 * people_failed tells. */
double people_value(people_t *p, enum fields_id field, size_t row);
int64_t people_whole(people_t *p, enum fields_id field, size_t row);

/* The code of the first read that failed, or 0. */
int people_failed(const people_t *p);

/* Name of this record's arm; when a row of daily was taken, since enrolment. */
const char *people_arm(const people_t *p);
int64_t people_day_ms(people_t *p, size_t row);

/* Name of the first drug. */
const char *people_drug(const people_t *p);

/* Writes a value as a cell: a number with the digits that its type needs, a number of a list as its name. */
void people_put(people_t *p, sheet_t *s, enum fields_id field, size_t row);

void people_end(people_t *p);

#endif
