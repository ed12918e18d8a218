/* SPDX-License-Identifier: Apache-2.0 */
/* Visual predictive check: where the percentiles of observed samples lie among those of simulated cohorts of the same design.
 *
 * Each of VPC_COHORTS cohorts has as many patients as the observed one, drawn from an arm of the dataset without any of them
 * twice. Each takes over the design of one observed patient: the same days, so the same missed samples and the same
 * dropout, and the same limit of quantification, below which a simulated value is only known to lie below. A simulated
 * patient who is not followed on a day has no sample there. Values of a dataset are of one moment a day (record.daily_time): the hour of
 * a sample is not kept, and no error of an assay is added.
 *
 * Samples are pooled in bins of days with about equal numbers of observed samples. Estimands per bin: the percentiles of the
 * samples, censored ones taken as the lowest (Bergstrand and Karlsson 2009, AAPS J 11:371), so that one that falls among
 * them is below the limit and no number; and the share below the limit. Intervals are 95 % and of the kind "cohort of N":
 * where the percentile of a cohort as small as the observed one falls by chance if the model is right. Percentiles are of type 7
 * (bands.h).
 *
 * Draws are keyed by the study's seed and the cohort's number: the same dataset and file give the same numbers.
 * Memory: 4 bytes a patient of the arm and day sampled.
 *
 * Thread rule: a reader is used by one thread.
 */
#ifndef ANALYSIS_VPC_H
#define ANALYSIS_VPC_H

#include <stddef.h>
#include <stdint.h>

#include "dataset/reader.h"
#include "error.h"
#include "statistics/interval.h"
#include "statistics/observed.h"
#include "statistics/people.h"

#define VPC_COHORTS 1000
#define VPC_PERCENTILES 3
#define VPC_BINS_MAX 8

/* 0.1, 0.5, 0.9. */
extern const double vpc_share[VPC_PERCENTILES];

/* One number of the observed cohort, and where it falls in simulated ones. */
typedef struct vpc_number_t {
    double observed;     /* NaN: below the limit */
    double median;       /* of the cohorts; NaN: below the limit in half of them */
    interval_t interval; /* an end that is NaN is below the limit */
    int inside; /* 1: observed lies within, ends included; below the limit is inside where the lower end is too */
} vpc_number_t;

typedef struct vpc_bin_t {
    double from, to; /* first and last day of its observed samples */
    double middle;   /* their mean */
    size_t samples;  /* observed */
    size_t below;    /* of them below their limit */
    int limits;      /* 1: any of its samples has a limit */
    vpc_number_t percentile[VPC_PERCENTILES];
    vpc_number_t share_below;
} vpc_bin_t;

typedef struct vpc_t {
    enum fields_id field;
    int32_t arm;
    size_t patients;  /* observed, and of each cohort */
    size_t simulated; /* patients of the arm with a pump that they are drawn from */
    size_t samples;
    size_t bins;
    vpc_bin_t bin[VPC_BINS_MAX];
    size_t numbers, inside; /* percentiles of all bins, and how many are inside */
} vpc_t;

/* Compares samples with a field of table `daily` in an arm. ERROR_ARGUMENT: fewer simulated patients with a pump than observed
 * ones, samples of a day on which no simulated patient is followed, or a field of another table; errors of the reader;
 * ERROR_MEMORY. */
int vpc_compute(vpc_t *v, reader_t *r, const people_t *p, int32_t arm, enum fields_id field,
                const observed_t *observed, error_t *e) __attribute__((warn_unused_result));

#endif
