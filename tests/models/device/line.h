/* SPDX-License-Identifier: Apache-2.0 */
/* A catheter under test with its book: what came in, and where all of it went. */
#ifndef TESTS_MODELS_DEVICE_LINE_H
#define TESTS_MODELS_DEVICE_LINE_H

#include <criterion/criterion.h>

#include <math.h>

#include "device/catheter.h"
#include "tests/models/device/defaults.h"

typedef struct line_t {
    catheter_t catheter;
    double now_ms;
    catheter_out_t out; /* of the latest push */
    long double in_ug, tip_ug, lost_ug[CATHETER_PLACES];
} line_t;

static inline line_t line_filled(const catheter_param_t *p, double ug_per_ml)
{
    line_t l = {.now_ms = 0.0};
    error_t e = {0};
    cr_assert_eq(catheter_init(&l.catheter, p, 1, &ug_per_ml, &e), 0, "%s", e.text);
    l.in_ug = (long double)catheter_mass_ug(&l.catheter, 0);
    return l;
}

/* Without chambers; pushes of no duration are plugs. */
static inline line_t line_plug(double ug_per_ml)
{
    catheter_param_t p = default_catheter;
    p.tubing_mixing_ml = 0.0;
    p.port_mixing_ml = 0.0;
    p.connector_mixing_ml = 0.0;
    return line_filled(&p, ug_per_ml);
}

static inline void line_account(line_t *l, double pushed_ug)
{
    error_t e = {0};
    l->in_ug += (long double)pushed_ug;
    l->tip_ug += (long double)l->out.tip_ug[0];
    for (int place = 0; place < CATHETER_PLACES; place++) {
        l->lost_ug[place] += (long double)l->out.lost_ug[place][0];
    }
    cr_assert_eq(catheter_verify(&l->catheter, &e), 0, "%s", e.text);
}

static inline void line_push(line_t *l, double volume_ml, double duration_ms, double ug_per_ml)
{
    segment_t s = {l->now_ms, duration_ms, volume_ml, 0.0};
    catheter_push(&l->catheter, &s, &ug_per_ml, &l->out);
    l->now_ms += duration_ms;
    line_account(l, volume_ml * ug_per_ml);
}

/* What the book misses, a fraction of what came in. */
static inline double line_missing(const line_t *l)
{
    long double found = l->tip_ug + (long double)catheter_mass_ug(&l->catheter, 0);
    for (int place = 0; place < CATHETER_PLACES; place++) {
        found += l->lost_ug[place];
    }
    return (double)(fabsl(found - l->in_ug) / l->in_ug);
}

#endif
