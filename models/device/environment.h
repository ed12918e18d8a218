/* SPDX-License-Identifier: Apache-2.0 */
/* What surrounds an implanted pump: constant between events, and the same for everything in the pump.
 *
 * Pressures: ambient_kpa is absolute; outlet_kpa is that of the fluid at the catheter's tip above ambient
 * (lumbar CSF lying: about 1 kPa). The field is that at the pump's place, 0 away from a scanner.
 */
#ifndef MODELS_DEVICE_ENVIRONMENT_H
#define MODELS_DEVICE_ENVIRONMENT_H

typedef struct environment_t {
    double temperature_c; /* of the pump, degC; assumption: body core, 37 +- 0.5 */
    double ambient_kpa;   /* absolute pressure around the body; sea level 101.325 */
    double outlet_kpa;    /* of CSF at the tip, above ambient */
    double field_tesla;   /* magnetic field at the pump */
} environment_t;

/* At rest at sea level. Outlet: lumbar CSF lying, 10 cmH2O (assumption; sweep 0.7-1.8 kPa). */
#define ENVIRONMENT_AT_REST ((environment_t){37.0, 101.325, 0.98, 0.0})

#endif
