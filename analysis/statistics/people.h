/* SPDX-License-Identifier: Apache-2.0 */
/* The records of a dataset as statistics take them: whose each is, whether there was a pump, for how long it was followed.
 *
 * A patient lives once in every arm, so arms are never pooled: within an arm the unit is the patient.
 *
 * Thread rule: a reader is used by one thread; people are constant once read.
 */
#ifndef ANALYSIS_PEOPLE_H
#define ANALYSIS_PEOPLE_H

#include <stddef.h>
#include <stdint.h>

#include "dataset/reader.h"
#include "dataset/record.h"
#include "error.h"

#define PEOPLE_MS_PER_DAY 86400000.0
#define PEOPLE_DAYS_PER_YEAR 365.25

typedef struct people_record_t {
    record_key_t key;
    int pump;          /* 1: has or had one; 0: was screened and not implanted */
    size_t place;      /* its number among those of its arm with a pump, where it has one */
    int stop;          /* FIELDS_STOP_*: why the trajectory ended */
    double followed_d; /* from enrolment to that end */
    double
        pump_from_d; /* when the first pump was put in, since enrolment; 0: it was there; NaN: none */
} people_record_t;

/* Owned. */
typedef struct people_t {
    people_record_t *record; /* [records], in the dataset's order */
    size_t records;
    size_t arms;
    size_t *with_pump; /* [arms] */
    size_t *of_arm;    /* [arms]: records, with a pump or without */
    size_t *list;      /* [records]: numbers of the records, arm after arm; see people_of */
    size_t *start;     /* [arms]: where an arm begins in it */
} people_t;

/* Reads them. people_free is legal after a failure and on a zeroed struct. Errors of the reader; ERROR_DATASET_TRUNCATED: not
 * one row of outcomes for each record, or a record of an arm that is not there; ERROR_MEMORY. */
int people_read(people_t *p, reader_t *r, error_t *e) __attribute__((warn_unused_result));
void people_free(people_t *p);

/* The same of all replicates, of a reader that shows all, each replicate of an arm apart as an arm of its own: of arm a and
 * replicate r, of 0 to `draws`, it is number people_apart(draws, a, r), which is key.arm of the records too. The same errors. */
int people_read_apart(people_t *p, reader_t *r, int32_t draws, error_t *e)
    __attribute__((warn_unused_result));
static inline size_t people_apart(int32_t draws, size_t arm, int32_t replicate)
{
    return arm * ((size_t)draws + 1) + (size_t)replicate;
}

/* The numbers [of_arm[arm]] of an arm's records, ascending. */
const size_t *people_of(const people_t *p, size_t arm);

#endif
