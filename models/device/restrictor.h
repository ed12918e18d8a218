/* SPDX-License-Identifier: Apache-2.0 */
/* The restrictor: a capillary that alone sets the flow of a pump whose reservoir is under pressure.
 *
 * Hagen and Poiseuille: flow = drive / resistance, the resistance in proportion to the fluid's viscosity. Resistance is known
 * from the flow that the maker states at one drive pressure and temperature, so that
 *     flow(drive, T) = stated_flow * drive / stated_drive * eta(stated T) / eta(T) / relative viscosity / clogging
 * with eta that of water; warmth thins the fluid (2 % a degC at 37 degC) besides raising a propellant's pressure. A drive
 * pressure below zero gives no flow: what would come back is the reservoir's affair.
 *
 * Read-only but for restrictor_impose. Holds no pointer; may be copied.
 */
#ifndef MODELS_DEVICE_RESTRICTOR_H
#define MODELS_DEVICE_RESTRICTOR_H

#include "device/parameters.h"
#include "error.h"

typedef struct restrictor_t {
    double stated_ml_per_ms; /* of this unit, at the stated drive and temperature */
    double stated_kpa;
    double stated_mpas;        /* viscosity of water there */
    double relative_viscosity; /* of the fluid in it */
    double clogged;            /* times its resistance when clean; >= 1, HUGE_VAL: blocked */
} restrictor_t;

/* A restrictor that gives ml_per_day >= 0 at stated_kpa > 0 and p->stated_c. Errors: ERROR_ARGUMENT. */
int restrictor_init(restrictor_t *r, const restrictor_param_t *p, double ml_per_day,
                    double stated_kpa, error_t *e) __attribute__((warn_unused_result));

/* Flow, mL/ms, never negative. */
double restrictor_flow_ml_per_ms(const restrictor_t *r, double drive_kpa, double temperature_c);

/* Imposes a fault from here on: its resistance is `times` that of a clean one, >= 1; HUGE_VAL blocks it; 1 clears it. A
 * precipitate slows or blocks a restrictor (Codman MedStream manual). */
void restrictor_impose(restrictor_t *r, double times);

/* Dynamic viscosity of water at 0.1 MPa, mPa s, -8..150 degC: the correlation of Kestin, Sokolov and Wakeham, J Phys Chem
 * Ref Data 1978;7:941, within 1 %. */
double restrictor_water_mpas(double temperature_c);

/* ERROR_INVARIANT. */
int restrictor_verify(const restrictor_t *r, error_t *e) __attribute__((warn_unused_result));

#endif
