/* SPDX-License-Identifier: Apache-2.0 */
/* Modes of a mammillary plasma and its steps under a constant rate. */
#include "body/plasma.h"

#include <gsl/gsl_eigen.h>
#include <math.h>
#include <string.h>

#include "body/cascade.h"

#define UG_PER_ML_TO_NG 1000.0

static int check(const plasma_rates_t *r, error_t *e)
{
    if (r->compartments < 1 || r->compartments > PLASMA_COMPARTMENTS_MAX)
        return ERROR_RAISE(e, ERROR_ARGUMENT, "%d plasma compartments, 1 to 3 are known",
                           r->compartments);
    if (!(r->elimination_per_h >= 0.0 && isfinite(r->elimination_per_h) && r->central_ml > 0.0))
        return ERROR_RAISE(e, ERROR_ARGUMENT, "plasma elimination %g /h of %g mL",
                           r->elimination_per_h, r->central_ml);
    for (int k = 0; k < r->compartments - 1; k++) {
        const double out = r->out_per_h[k], back = r->back_per_h[k];
        if (!(out >= 0.0 && back >= 0.0 && isfinite(out) && isfinite(back)) ||
            (out > 0.0) != (back > 0.0))
            return ERROR_RAISE(e, ERROR_ARGUMENT, "plasma exchange %d has rates %g and %g /h",
                               k + 1, out, back);
    }
    return ERROR_OK;
}

/* Lower triangle of the symmetrised system; scale[c] turns its vectors into masses. */
static void fill(const plasma_rates_t *r, double *m, double scale[])
{
    const int n = r->compartments;
    memset(m, 0, (size_t)(n * n) * sizeof *m);
    scale[0] = 1.0;
    m[0] = -r->elimination_per_h;
    for (int k = 1; k < n; k++) {
        const double out = r->out_per_h[k - 1], back = r->back_per_h[k - 1];
        scale[k] = out > 0.0 ? sqrt(out / back) : 1.0;
        m[0] -= out;
        m[k * n + k] = -back;
        m[k * n] = m[k] = sqrt(out * back);
    }
}

int plasma_init_rates(plasma_t *p, const plasma_rates_t *r, error_t *e)
{
    memset(p, 0, sizeof *p);
    int rc = check(r, e);
    if (rc != ERROR_OK)
        return rc;
    const size_t n = (size_t)r->compartments;
    double scale[PLASMA_COMPARTMENTS_MAX];
    gsl_matrix *m = gsl_matrix_alloc(n, n), *v = gsl_matrix_alloc(n, n);
    gsl_vector *values = gsl_vector_alloc(n);
    gsl_eigen_symmv_workspace *work = gsl_eigen_symmv_alloc(n);
    if (m == NULL || v == NULL || values == NULL || work == NULL) {
        rc = ERROR_RAISE(e, ERROR_MEMORY, "plasma of %zu compartments", n);
        goto out;
    }
    fill(r, m->data, scale);
    rc = gsl_eigen_symmv(m, values, v, work);
    if (rc != 0) {
        rc = ERROR_RAISE(e, ERROR_LIBRARY, "gsl_eigen_symmv returned %d", rc);
        goto out;
    }
    (void)gsl_eigen_symmv_sort(values, v, GSL_EIGEN_SORT_VAL_DESC);
    p->compartments = r->compartments;
    p->elimination_per_h = r->elimination_per_h;
    p->central_ml = r->central_ml;
    for (size_t j = 0; j < n; j++) {
        p->rate_per_h[j] = fmax(0.0, -gsl_vector_get(values, j));
        for (size_t c = 0; c < n; c++)
            p->amount[c][j] = scale[c] * gsl_matrix_get(v, c, j) * gsl_matrix_get(v, 0, j);
    }
out:
    gsl_matrix_free(m);
    gsl_matrix_free(v);
    gsl_vector_free(values);
    gsl_eigen_symmv_free(work);
    return rc;
}

int plasma_init(plasma_t *p, const drug_param_t *d, error_t *e)
{
    plasma_rates_t r = {.compartments = d->exchange_l_per_h > 0.0 ? 2 : 1,
                        .central_ml = d->central_l * 1000.0};
    if (!(d->central_l > 0.0 && d->peripheral_l > 0.0))
        return ERROR_RAISE(e, ERROR_ARGUMENT, "plasma volumes %g and %g L", d->central_l,
                           d->peripheral_l);
    r.elimination_per_h = d->clearance_l_per_h / d->central_l;
    r.out_per_h[0] = d->exchange_l_per_h / d->central_l;
    r.back_per_h[0] = d->exchange_l_per_h / d->peripheral_l;
    return plasma_init_rates(p, &r, e);
}

double plasma_mass_ug(const plasma_t *p, int compartment, const double z[])
{
    double ug = 0.0;
    for (int j = 0; j < p->compartments; j++)
        ug += p->amount[compartment][j] * z[j];
    return ug;
}

double plasma_total_ug(const plasma_t *p, const double z[])
{
    double ug = 0.0;
    for (int c = 0; c < p->compartments; c++)
        ug += plasma_mass_ug(p, c, z);
    return ug;
}

double plasma_ng_per_ml(const plasma_t *p, const double z[])
{
    return UG_PER_ML_TO_NG * plasma_mass_ug(p, 0, z) / p->central_ml;
}

plasma_pace_t plasma_pace(const plasma_t *p, double ke0_per_h, double hours)
{
    plasma_pace_t pace = {.modes = p->compartments, .effect_decay = exp(-ke0_per_h * hours)};
    for (int j = 0; j < p->compartments; j++) {
        const double rate[3] = {0.0, p->rate_per_h[j], ke0_per_h};
        const cascade_t c = cascade_response(3, rate, hours);
        const double weight = ke0_per_h * UG_PER_ML_TO_NG * p->amount[0][j] / p->central_ml;
        pace.decay[j] = exp(-p->rate_per_h[j] * hours);
        pace.gain_h[j] = (double)c.unit[0][1];
        pace.effect_from[j] = weight * (double)c.unit[1][2];
        pace.effect_gain_h += weight * (double)c.unit[0][2];
    }
    return pace;
}

void plasma_pace_step(const plasma_pace_t *pace, double rate_ug_per_h, double z[],
                      double *effect_ng_per_ml)
{
    double effect = pace->effect_decay * *effect_ng_per_ml + pace->effect_gain_h * rate_ug_per_h;
    for (int j = 0; j < pace->modes; j++) {
        effect += pace->effect_from[j] * z[j];
        z[j] = pace->decay[j] * z[j] + pace->gain_h[j] * rate_ug_per_h;
    }
    *effect_ng_per_ml = effect;
}
