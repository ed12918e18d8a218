/* SPDX-License-Identifier: Apache-2.0 */
/* Geometry of tubing and catheter: volumes of their parts, resistance, and where along the body they lie.
 *
 * Thread rule: pure functions. Parameters: 0 <= trimmed < length, volume per length > 0.
 */
#ifndef MODELS_DEVICE_CATHETER_SHAPE_H
#define MODELS_DEVICE_CATHETER_SHAPE_H

#include "device/column.h"
#include "device/parameters.h"

/* Where fluid can come to lie. */
typedef enum catheter_place_t {
    CATHETER_POCKET,
    CATHETER_SUBCUTANEOUS,
    CATHETER_EPIDURAL,
    CATHETER_CANAL, /* of the tip: where it should be; of a hole: in CSF, below the tip */
    CATHETER_PLACES
} catheter_place_t;

/* Implanted length, cm. */
double catheter_shape_length_cm(const catheter_param_t *p);

/* Volume of the lumen; of the chamber of the access port, which the pump's tubing counts in, mL. */
double catheter_shape_lumen_ml(const catheter_param_t *p);
double catheter_shape_chamber_ml(const catheter_param_t *p);

/* The columns: tubing without the port's chamber; from that to border_cm from the pump; from there to the
 * tip. A distal part may be nothing, then fluid passes. */
column_shape_t catheter_shape_tubing(const catheter_param_t *p);
column_shape_t catheter_shape_proximal(const catheter_param_t *p, double border_cm);
column_shape_t catheter_shape_distal(const catheter_param_t *p, double border_cm);

/* Where the connector of a two-piece catheter is, cm from the pump. */
double catheter_shape_connector_cm(const catheter_param_t *p);

/* Where the point from_pump_cm lies. */
catheter_place_t catheter_shape_place(const catheter_param_t *p, double from_pump_cm);

/* Poiseuille's resistance 8 mu L / (pi a^4) = 8 pi mu L / A^2 of `length_cm`, kPa for each mL/day. */
double catheter_shape_resistance(const catheter_param_t *p, double length_cm);

#endif
