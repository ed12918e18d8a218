/* SPDX-License-Identifier: Apache-2.0 */
/* The modes of one operator: mass = to_mass * amplitude, amplitude' = -rate * amplitude.
 *
 * With S the operator's similarity and V the orthonormal eigenvectors of S^-1 A S: to_mass = S V,
 * to_amplitude = V^T S^-1. Rows are padded to lanes (lanes.h); padding modes have rate 0 and zero weights.
 *
 * Ownership: the basis owns its arrays; csf_basis_free is legal on a zeroed basis and after a failed init.
 * Thread rule: read-only after init.
 */
#ifndef BODY_CSF_BASIS_H
#define BODY_CSF_BASIS_H

#include <stddef.h>

#include "body/csf_operator.h"
#include "error.h"

typedef struct csf_basis_t {
    size_t modes;                /* = states */
    size_t padded;               /* modes rounded up to lanes: stride of every row */
    double *rate_per_h;          /* [padded], >= 0, slowest first */
    double *to_mass;             /* [states][padded] mass of a state by mode */
    double *from_mass;           /* [states][padded] amplitudes of a unit mass in a state */
    double asymmetry;            /* greatest |M - M^T| over the greatest |M| before symmetrising */
    double top_eigenvalue_per_h; /* as found, before values up to rounding above 0 are set to 0 */
} csf_basis_t;

/* Diagonalises with GSL. Errors: ERROR_OPERATOR_EIGEN where the similar matrix is asymmetric by more than
 * 1e-12 of its norm, an eigenvalue is above +1e-13 of the greatest magnitude, or one is not finite;
 * ERROR_MEMORY; ERROR_LIBRARY with GSL's code. */
int csf_basis_init(csf_basis_t *b, const csf_operator_t *op, error_t *e)
    __attribute__((warn_unused_result));
void csf_basis_free(csf_basis_t *b);

/* change[modes * padded]: amplitudes in `to` = change * amplitudes in `from`, for two bases of the same
 * states (another regime of the same person and drug). Errors: ERROR_ARGUMENT where the states differ. */
int csf_basis_change(const csf_basis_t *from, const csf_basis_t *to, double change[], error_t *e)
    __attribute__((warn_unused_result));

#endif
