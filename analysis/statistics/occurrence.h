/* SPDX-License-Identifier: Apache-2.0 */
/* How often things happen to the patients of an arm, and when first.
 *
 * Two estimands of each event, over all patients of the arm from enrolment to the end of their trajectory:
 *   rate       events per patient-year, repeated ones counted (rate.h);
 *   incidence  the share of patients to whom it has happened at least once by a day (Aalen-Johansen, survival.h), where death and
 *              the end of therapy compete: who died without it will never have it. The horizon cuts off.
 *              Once every patient's wait has ended, the share stays as it is.
 *
 * Memory: 12 bytes a record and event of the list, of as many events at a time as fit into OCCURRENCE_BYTES (always one at
 * least); the rows are read again for those that are left. And one curve at a time.
 *
 * Thread rule: a reader is used by one thread; occurrences are constant once computed.
 */
#ifndef ANALYSIS_OCCURRENCE_H
#define ANALYSIS_OCCURRENCE_H

#include <stddef.h>

#include "dataset/reader.h"
#include "error.h"
#include "statistics/people.h"
#include "statistics/rate.h"
#include "statistics/survival.h"

#define OCCURRENCE_BYTES ((size_t)32 << 20)

enum occurrence_id {
#define OCCURRENCE(symbol, label, routine) OCCURRENCE_##symbol,
#include "statistics/occurrence.def"
#undef OCCURRENCE
    OCCURRENCE_DEATH,
    OCCURRENCE_COUNT
};

typedef struct occurrence_t {
    rate_t rate;         /* per patient-year */
    size_t happened;     /* patients to whom it happened */
    size_t died;         /* patients who died before it could */
    size_t ended;        /* patients whose therapy ended before it could */
    double first_median; /* day by which it has happened to half of all; NaN: never to so many */
} occurrence_t;

/* Owned. */
typedef struct occurrences_t {
    size_t arms, days;
    double *day;             /* [days]: as asked */
    occurrence_t *row;       /* [arms][OCCURRENCE_COUNT] */
    survival_point_t *point; /* [arms][OCCURRENCE_COUNT][days]: incidence */
} occurrences_t;

/* The event's name in a dataset, and a label of at most 22 characters. Static storage. */
const char *occurrence_name(enum occurrence_id which);
const char *occurrence_label(enum occurrence_id which);

/* 1 for what the clinic does as planned. */
int occurrence_is_routine(enum occurrence_id which);

/* Borrowed. */
typedef struct occurrence_ask_t {
    const double *day; /* [days]: of the incidence */
    size_t days;
    size_t bytes; /* for what is counted at a time; 0: OCCURRENCE_BYTES */
} occurrence_ask_t;

/* Computes all of all arms. occurrence_free is legal after a failure and on a zeroed struct. Errors of the reader and of
 * survival_incidence; ERROR_MEMORY. */
int occurrence_compute(occurrences_t *o, reader_t *r, const people_t *p,
                       const occurrence_ask_t *ask, error_t *e) __attribute__((warn_unused_result));
void occurrence_free(occurrences_t *o);

const occurrence_t *occurrence_row(const occurrences_t *o, size_t arm, enum occurrence_id which);

/* Its incidence on each of the days. */
const survival_point_t *occurrence_points(const occurrences_t *o, size_t arm,
                                          enum occurrence_id which);

#endif
