/* SPDX-License-Identifier: Apache-2.0 */
/* Step factors of the modal path and the step itself. */
#include "body/csf_propagator.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "body/cascade.h"
#include "body/lanes.h"

const int32_t csf_propagator_stride_min[CSF_PROPAGATOR_STRIDES] = {1440, 360, 60, 32, 16,
                                                                   8,    4,   2,  1};

/* Responses for every stride, each made from shorter ones: 60 = 32+16+8+4, 360 = 6*60, 1440 = 4*360. */
static void ladder(int stages, const double rate[], cascade_t out[CSF_PROPAGATOR_STRIDES])
{
    out[8] = cascade_response(stages, rate, 1.0 / 60.0);
    for (int k = 7; k >= 3; k--)
        out[k] = cascade_compose(&out[k + 1], &out[k + 1]);
    out[2] = cascade_compose(&out[3], &out[4]);
    out[2] = cascade_compose(&out[2], &out[5]);
    out[2] = cascade_compose(&out[2], &out[6]);
    const cascade_t two_hours = cascade_compose(&out[2], &out[2]);
    const cascade_t four_hours = cascade_compose(&two_hours, &two_hours);
    out[1] = cascade_compose(&four_hours, &two_hours);
    const cascade_t half_day = cascade_compose(&out[1], &out[1]);
    out[0] = cascade_compose(&half_day, &half_day);
}

typedef struct builder_t {
    const csf_basis_t *basis;
    const double *entry;
    double drain_per_h;
    const csf_filters_t *filters;
} builder_t;

/* Stages: constant rate, zone (if any), mode, filter, integral. Returns the mode's place in the chain. */
static int chain_rates(const builder_t *b, size_t mode, int filter, double rate[CASCADE_STAGES_MAX])
{
    int k = 0;
    rate[k++] = 0.0;
    if (b->drain_per_h > 0.0)
        rate[k++] = b->drain_per_h;
    rate[k++] = b->basis->rate_per_h[mode];
    if (filter >= 0) {
        rate[k++] = b->filters->rate_per_h[filter];
        rate[k++] = 0.0;
        return k - 3;
    }
    return k - 1;
}

static void mode_factors(const builder_t *b, size_t i, csf_propagator_t *p)
{
    double rate[CASCADE_STAGES_MAX];
    cascade_t step[CSF_PROPAGATOR_STRIDES];
    const int at = chain_rates(b, i, -1, rate);
    const double entry = b->entry[i];
    const double feed = b->drain_per_h > 0.0 ? entry * b->drain_per_h : entry;
    ladder(at + 1, rate, step);
    for (int k = 0; k < CSF_PROPAGATOR_STRIDES; k++) {
        double *decay = p->block + (size_t)k * p->padded * (size_t)(p->filters + 4);
        decay[i] = exp(-rate[at] * csf_propagator_stride_min[k] / 60.0);
        decay[p->padded + i] = b->drain_per_h > 0.0 ? feed * (double)step[k].unit[1][at] : 0.0;
        decay[2 * p->padded + i] = feed * (double)step[k].unit[0][at];
    }
}

static void filter_factors(const builder_t *b, size_t i, int j, csf_propagator_t *p)
{
    double rate[CASCADE_STAGES_MAX];
    cascade_t step[CSF_PROPAGATOR_STRIDES];
    const int at = chain_rates(b, i, j, rate), z = at + 1, total = at + 2;
    const bool zone = b->drain_per_h > 0.0;
    const double weight = b->filters->weight[j][i], share = b->filters->integral_per_h[j];
    const double feed = weight * b->entry[i] * (zone ? b->drain_per_h : 1.0);
    ladder(at + 3, rate, step);
    for (int k = 0; k < CSF_PROPAGATOR_STRIDES; k++) {
        csf_stride_t *s = &p->stride[k];
        double *rows = p->block + ((size_t)k * (size_t)(p->filters + 4) + 3) * p->padded;
        rows[(size_t)j * p->padded + i] = weight * (double)step[k].unit[at][z];
        rows[(size_t)p->filters * p->padded + i] +=
            share * weight * (double)step[k].unit[at][total];
        s->from_rate_to_h[j] += feed * (double)step[k].unit[0][z];
        s->from_rate_to_h[p->filters] += share * feed * (double)step[k].unit[0][total];
        if (zone) {
            s->from_zone_to[j] += feed * (double)step[k].unit[1][z];
            s->from_zone_to[p->filters] += share * feed * (double)step[k].unit[1][total];
        }
    }
}

static void scalar_factors(const builder_t *b, csf_propagator_t *p)
{
    for (int k = 0; k < CSF_PROPAGATOR_STRIDES; k++) {
        csf_stride_t *s = &p->stride[k];
        const double h = csf_propagator_stride_min[k] / 60.0, x = b->drain_per_h * h;
        double *decay = p->block + (size_t)k * p->padded * (size_t)(p->filters + 4);
        s->decay = decay;
        s->from_zone = decay + p->padded;
        s->from_rate_h = decay + 2 * p->padded;
        s->rows = decay + 3 * p->padded;
        s->zone_decay = exp(-x);
        s->zone_gain_h = x > 0.0 ? -expm1(-x) / b->drain_per_h : 0.0;
        for (int j = 0; j < p->filters; j++) {
            const double mu = b->filters->rate_per_h[j];
            s->filter_decay[j] = exp(-mu * h);
            s->filter_integral[j] =
                b->filters->integral_per_h[j] * (mu > 0.0 ? -expm1(-mu * h) / mu : h);
        }
    }
}

static int check(const csf_basis_t *b, double drain_per_h, const csf_filters_t *f, error_t *e)
{
    if (!(drain_per_h >= 0.0 && isfinite(drain_per_h)) || b->modes == 0)
        return ERROR_RAISE(e, ERROR_ARGUMENT, "a zone that drains at %g /h into %zu modes",
                           drain_per_h, b->modes);
    if (f->count < 0 || f->count > CSF_PROPAGATOR_FILTERS_MAX)
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%d filters, at most %d", f->count,
                           CSF_PROPAGATOR_FILTERS_MAX);
    for (int j = 0; j < f->count; j++)
        if (!(f->rate_per_h[j] >= 0.0 && isfinite(f->rate_per_h[j])))
            return ERROR_RAISE(e, ERROR_ARGUMENT, "filter %d has rate %g /h", j, f->rate_per_h[j]);
    return ERROR_OK;
}

int csf_propagator_init(csf_propagator_t *p, const csf_basis_t *b, const double *entry,
                        double drain_per_h, const csf_filters_t *filters, error_t *e)
{
    const builder_t builder = {b, entry, drain_per_h, filters};
    memset(p, 0, sizeof *p);
    const int rc = check(b, drain_per_h, filters, e);
    if (rc != ERROR_OK)
        return rc;
    p->padded = b->padded;
    p->filters = filters->count;
    p->block = lanes_alloc(CSF_PROPAGATOR_STRIDES * (size_t)(p->filters + 4) * p->padded);
    if (p->block == NULL)
        return ERROR_RAISE(e, ERROR_MEMORY, "step factors of %zu modes", b->modes);
    scalar_factors(&builder, p);
    for (size_t i = 0; i < b->modes; i++) {
        mode_factors(&builder, i, p);
        for (int j = 0; j < p->filters; j++)
            filter_factors(&builder, i, j, p);
    }
    return ERROR_OK;
}

void csf_propagator_free(csf_propagator_t *p)
{
    free(p->block);
    memset(p, 0, sizeof *p);
}

void csf_propagator_stride(const csf_propagator_t *p, int k, double rate_ug_per_h, csf_state_t *s)
{
    const csf_stride_t *f = &p->stride[k];
    const int n = p->filters;
    double fed[CSF_PROPAGATOR_FILTERS_MAX + 1];
    if (n > 0) {
        lanes_rows((size_t)n + 1, p->padded, f->rows, s->amplitude, fed);
        double sum =
            fed[n] + f->from_zone_to[n] * s->zone_ug + f->from_rate_to_h[n] * rate_ug_per_h;
        for (int j = 0; j < n; j++) {
            sum += f->filter_integral[j] * s->filter[j];
            s->filter[j] = f->filter_decay[j] * s->filter[j] + fed[j] +
                           f->from_zone_to[j] * s->zone_ug + f->from_rate_to_h[j] * rate_ug_per_h;
        }
        s->integral += sum;
    }
    const double from[2] = {s->zone_ug, rate_ug_per_h};
    const double *const gain[2] = {f->from_zone, f->from_rate_h};
    lanes_update(p->padded, s->amplitude, f->decay, from, gain);
    s->zone_ug = f->zone_decay * s->zone_ug + f->zone_gain_h * rate_ug_per_h;
}

void csf_propagator_step(const csf_propagator_t *p, int32_t minutes, double rate_ug_per_h,
                         csf_state_t *s)
{
    for (int k = 0; k < CSF_PROPAGATOR_STRIDES; k++)
        for (; minutes >= csf_propagator_stride_min[k]; minutes -= csf_propagator_stride_min[k])
            csf_propagator_stride(p, k, rate_ug_per_h, s);
}
