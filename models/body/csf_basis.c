/* SPDX-License-Identifier: Apache-2.0 */
/* Diagonalises a symmetrised operator and changes between the modes of two regimes. */
#include "body/csf_basis.h"

#include <gsl/gsl_eigen.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "body/lanes.h"

#define ASYMMETRY_MAX 1e-12
#define POSITIVE_MAX 1e-13

typedef struct eigen_t {
    gsl_matrix *matrix, *vectors;
    gsl_vector *values;
    gsl_eigen_symmv_workspace *work;
} eigen_t;

static void eigen_free(eigen_t *g)
{
    gsl_matrix_free(g->matrix);
    gsl_matrix_free(g->vectors);
    gsl_vector_free(g->values);
    gsl_eigen_symmv_free(g->work);
}

static int eigen_alloc(eigen_t *g, size_t n, error_t *e)
{
    g->matrix = gsl_matrix_alloc(n, n);
    g->vectors = gsl_matrix_alloc(n, n);
    g->values = gsl_vector_alloc(n);
    g->work = gsl_eigen_symmv_alloc(n);
    if (g->matrix == NULL || g->vectors == NULL || g->values == NULL || g->work == NULL)
        return ERROR_RAISE(e, ERROR_MEMORY, "eigenvectors of %zu states", n);
    return ERROR_OK;
}

/* Both triangles come from their own rates, so a wrong similarity shows as asymmetry. */
static int symmetrise(double *m, size_t n, double *asymmetry, error_t *e)
{
    double norm = 0.0, worst = 0.0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            const double a = m[i * n + j], b = m[j * n + i];
            norm = fmax(norm, fmax(fabs(a), fabs(b)));
            worst = fmax(worst, fabs(a - b));
            m[i * n + j] = m[j * n + i] = 0.5 * (a + b);
        }
    *asymmetry = norm > 0.0 ? worst / norm : 0.0;
    if (!(*asymmetry <= ASYMMETRY_MAX) || !isfinite(norm))
        return ERROR_RAISE(e, ERROR_OPERATOR_EIGEN,
                           "asymmetry %g of the norm %g /h, at most %g is rounding", *asymmetry,
                           norm, ASYMMETRY_MAX);
    return ERROR_OK;
}

static int solve(eigen_t *g, error_t *e)
{
    int code = gsl_eigen_symmv(g->matrix, g->values, g->vectors, g->work);
    if (code == 0)
        code = gsl_eigen_symmv_sort(g->values, g->vectors, GSL_EIGEN_SORT_VAL_DESC);
    if (code != 0)
        return ERROR_RAISE(e, ERROR_LIBRARY, "gsl_eigen_symmv returned %d", code);
    return ERROR_OK;
}

static int take_rates(csf_basis_t *b, const gsl_vector *values, error_t *e)
{
    const double first = gsl_vector_get(values, 0), last = gsl_vector_get(values, b->modes - 1);
    const double scale = fmax(fabs(first), fabs(last));
    b->top_eigenvalue_per_h = first;
    if (!isfinite(scale) || first > POSITIVE_MAX * scale)
        return ERROR_RAISE(e, ERROR_OPERATOR_EIGEN,
                           "eigenvalue %g /h is above 0; the greatest magnitude is %g", first,
                           scale);
    for (size_t i = 0; i < b->modes; i++)
        b->rate_per_h[i] = fmax(0.0, -gsl_vector_get(values, i));
    return ERROR_OK;
}

static int allocate(csf_basis_t *b, size_t modes, error_t *e)
{
    b->modes = modes;
    b->padded = lanes_padded(modes);
    b->rate_per_h = lanes_alloc(b->padded);
    b->to_mass = lanes_alloc(modes * b->padded);
    b->from_mass = lanes_alloc(modes * b->padded);
    if (b->rate_per_h == NULL || b->to_mass == NULL || b->from_mass == NULL)
        return ERROR_RAISE(e, ERROR_MEMORY, "a basis of %zu modes", modes);
    return ERROR_OK;
}

int csf_basis_init(csf_basis_t *b, const csf_operator_t *op, error_t *e)
{
    const size_t n = (size_t)op->states;
    eigen_t g = {NULL, NULL, NULL, NULL};
    memset(b, 0, sizeof *b);
    int rc = allocate(b, n, e);
    if (rc == ERROR_OK)
        rc = eigen_alloc(&g, n, e);
    if (rc == ERROR_OK) {
        csf_operator_similar(op, g.matrix->data);
        rc = symmetrise(g.matrix->data, n, &b->asymmetry, e);
    }
    if (rc == ERROR_OK)
        rc = solve(&g, e);
    if (rc == ERROR_OK)
        rc = take_rates(b, g.values, e);
    for (size_t s = 0; rc == ERROR_OK && s < n; s++)
        for (size_t i = 0; i < n; i++) {
            const double v = gsl_matrix_get(g.vectors, s, i);
            b->to_mass[s * b->padded + i] = op->similarity[s] * v;
            b->from_mass[s * b->padded + i] = v / op->similarity[s];
        }
    eigen_free(&g);
    if (rc != ERROR_OK)
        csf_basis_free(b);
    return rc;
}

void csf_basis_free(csf_basis_t *b)
{
    free(b->rate_per_h);
    free(b->to_mass);
    free(b->from_mass);
    memset(b, 0, sizeof *b);
}

int csf_basis_change(const csf_basis_t *from, const csf_basis_t *to, double change[], error_t *e)
{
    if (from->modes != to->modes)
        return ERROR_RAISE(e, ERROR_ARGUMENT, "a change between %zu and %zu states", from->modes,
                           to->modes);
    const size_t n = from->modes, padded = from->padded;
    memset(change, 0, n * padded * sizeof *change);
    for (size_t s = 0; s < n; s++)
        for (size_t i = 0; i < n; i++) {
            const double w = to->from_mass[s * padded + i];
            for (size_t j = 0; j < padded; j++)
                change[i * padded + j] += w * from->to_mass[s * padded + j];
        }
    return ERROR_OK;
}
