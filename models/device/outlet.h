/* SPDX-License-Identifier: Apache-2.0 */
/* What a pump pumps into: a resistance, open for a share of the time.
 *
 * Resistance is that of laminar flow, pressure in proportion to flow. A drive that displaces (rollers, a metered chamber)
 * gets its volume in up to the pressure at which it gives way; one that is pressure itself shares it with its own
 * resistance in series. Pressures are above that at the outlet's far end.
 *
 * Thread rule: pure functions.
 */
#ifndef MODELS_DEVICE_OUTLET_H
#define MODELS_DEVICE_OUTLET_H

#include <stdbool.h>

typedef struct outlet_t {
    double kpa_day_per_ml; /* >= 0; INFINITY: closed */
    double open;           /* share of the time that it is not shut, 0..1 */
} outlet_t;

/* Less than 1 kPa at the fastest that any pump gives (24 mL/day), where reservoirs are under tens. */
#define OUTLET_WIDE_KPA_DAY_PER_ML 0.04

#define OUTLET_FREE ((outlet_t){0.0, 1.0})

/* Whether no pump feels it. */
bool outlet_is_wide(const outlet_t *o);

/* Share of a displaced flow of ml_per_day > 0 that gets in where the drive gives way at limit_kpa > 0. *kpa receives the
 * greatest pressure. */
double outlet_share(const outlet_t *o, double ml_per_day, double limit_kpa, double *kpa);

/* Share of what pressure alone would drive through ml_per_day_kpa >= 0, of the drive's own resistance, that gets in. A wide
 * outlet is part of what a maker states a flow for: 1. */
double outlet_share_pressed(const outlet_t *o, double ml_per_day_kpa);

#endif
