/* SPDX-License-Identifier: Apache-2.0 */
/* Exact steps of whole minutes for one drug in one regime: near-tip zone, modes, what lies downstream.
 *
 *     zone      m' = r - drain m                      r: constant over the step
 *     modes     y_i' = -rate_i y_i + entry_i drain m
 *     filters   z_j' = -filter_rate_j z_j + sum_i weight_ji y_i    plasma modes, effect site, tissue sink
 *     integral  I' = sum_j integral_j z_j                       mass eliminated
 *
 * Everything is linear, so a step is a multiply-add per mode and a dot product per filter, with factors
 * from cascade.h. Factors are held for CSF_PROPAGATOR_STRIDES lengths: 1440, 360, 60, 32, 16, 8, 4, 2, 1
 * minutes; a step is composed from them greedily, longest first, so that it is a pure function of
 * (propagator, minutes), and any split of a step agrees within 1e-12.
 *
 * With drain 0 there is no zone and r enters the modes directly.
 *
 * Memory: about (4 + filters + 1) * padded * 9 doubles, 70 KiB at 123 modes and four filters.
 * Ownership: the propagator owns its factors and borrows nothing; free is legal when zeroed or failed.
 * Thread rule: read-only after init; a csf_state_t belongs to one thread at a time.
 */
#ifndef BODY_CSF_PROPAGATOR_H
#define BODY_CSF_PROPAGATOR_H

#include <stddef.h>
#include <stdint.h>

#include "body/csf_basis.h"
#include "error.h"

#define CSF_PROPAGATOR_STRIDES 9
#define CSF_PROPAGATOR_FILTERS_MAX 6

/* Minutes of stride k, longest first. */
extern const int32_t csf_propagator_stride_min[CSF_PROPAGATOR_STRIDES];

/* What is fed by the modes. Arrays are borrowed during init. */
typedef struct csf_filters_t {
    int count;                                         /* 0..CSF_PROPAGATOR_FILTERS_MAX */
    double rate_per_h[CSF_PROPAGATOR_FILTERS_MAX];     /* >= 0 */
    const double *weight[CSF_PROPAGATOR_FILTERS_MAX];  /* [padded] each, per h */
    double integral_per_h[CSF_PROPAGATOR_FILTERS_MAX]; /* weight of each filter in the integral */
} csf_filters_t;

typedef struct csf_stride_t {
    double zone_decay, zone_gain_h;                /* m = zone_decay m + zone_gain_h r */
    const double *decay, *from_zone, *from_rate_h; /* [padded] */
    const double *rows; /* [filters + 1][padded]: filters, then the integral */
    double filter_decay[CSF_PROPAGATOR_FILTERS_MAX];
    double filter_integral[CSF_PROPAGATOR_FILTERS_MAX]; /* z_j into the integral */
    double from_zone_to[CSF_PROPAGATOR_FILTERS_MAX + 1];
    double from_rate_to_h[CSF_PROPAGATOR_FILTERS_MAX + 1];
} csf_stride_t;

typedef struct csf_propagator_t {
    size_t padded;
    int filters;
    csf_stride_t stride[CSF_PROPAGATOR_STRIDES];
    double *block; /* all arrays of all strides */
} csf_propagator_t;

/* The part of a state that time changes. amplitude is [padded], aligned, owned by the caller. */
typedef struct csf_state_t {
    double zone_ug;
    double *amplitude;
    double filter[CSF_PROPAGATOR_FILTERS_MAX];
    double integral;
} csf_state_t;

/* entry[padded]: amplitudes that a unit mass at the entry gives (a row of from_mass). drain_per_h > 0, or
 * 0 for no zone. Errors: ERROR_ARGUMENT, ERROR_MEMORY. */
int csf_propagator_init(csf_propagator_t *p, const csf_basis_t *b, const double *entry,
                        double drain_per_h, const csf_filters_t *filters, error_t *e)
    __attribute__((warn_unused_result));
void csf_propagator_free(csf_propagator_t *p);

/* One stride, index k of csf_propagator_stride_min. */
void csf_propagator_stride(const csf_propagator_t *p, int k, double rate_ug_per_h, csf_state_t *s);

/* Any number of minutes >= 0, at most 9 kinds of stride. */
void csf_propagator_step(const csf_propagator_t *p, int32_t minutes, double rate_ug_per_h,
                         csf_state_t *s);

#endif
