/* SPDX-License-Identifier: Apache-2.0 */
/* Taylor-Aris dispersion in a tube: how a slug's variance grows, and how cells of fluid are given it.
 *
 * A slug of diffusivity D in laminar flow Q through a tube of radius a and section A spreads as with
 *     D_eff = D (1 + Pe^2 / 48), Pe = a u / D, u = Q / A
 * (Taylor 1953, Proc R Soc A 219:186; Aris 1956, Proc R Soc A 235:67). In pushed volume its variance grows by
 *     2 A^2 D / Q + g a^2 Q / (24 D)   mL^2 for each mL,
 *     g = 1 - (1 - exp(-k tau)) / (k tau), k = 14.68, tau = D T / a^2, T the time in the tube,
 * where g is the approach to Taylor's regime (Gill and Sankarasubramanian 1970, Proc R Soc A 316:341; the
 * first radial mode alone): 1 at a pump's flows; a push of seconds spreads as laminar flow without diffusion.
 *
 * Thread rule: pure functions.
 */
#ifndef MODELS_DEVICE_DISPERSION_H
#define MODELS_DEVICE_DISPERSION_H

#define DISPERSION_CELLS_MAX 256

typedef struct dispersion_tube_t {
    double section_cm2; /* A = pi a^2, > 0 */
    double reach_ml;    /* volume of the tube: T = reach_ml / Q */
} dispersion_tube_t;

/* The formula above at flow_ml_per_s > 0 and diffusivity > 0, cm^2/s. 0 for an infinite flow: a push in no
 * time is a plug. */
double dispersion_ml2_per_ml(const dispersion_tube_t *tube, double flow_ml_per_s, double cm2_per_s);

/* Variance that fluid at rest gains in `seconds` >= 0: 2 A^2 D t, mL^2. */
double dispersion_rest_ml2(const dispersion_tube_t *tube, double cm2_per_s, double seconds);

/* Exchanges fluid between neighbours of cell[n], 2 <= n <= DISPERSION_CELLS_MAX, closed at both ends, so that
 * a slug's variance grows by `variance` >= 0, in cells^2. Keeps the sum, and what is >= 0 stays so. */
void dispersion_exchange(double cell[], int n, double variance);

#endif
