/* SPDX-License-Identifier: Apache-2.0 */
/* How one pump unit differs from its kind: its volume error and its oscillator's.
 *
 * A unit is drawn once, when it is made, from the stream of its own serial number; a replacement is another
 * unit. Thread rule: pure functions.
 */
#ifndef MODELS_DEVICE_UNIT_H
#define MODELS_DEVICE_UNIT_H

#include "device/parameters.h"
#include "draw.h"

/* Labelled flow-rate accuracy, beyond which a pump is over-infusing (TGA RC-2014-RN-00357-1); its symmetry
 * is an assumption. */
#define UNIT_ERROR_MAX 0.145

/* The widest oscillator error that oscillator.def accepts, parts per million. */
#define UNIT_OSCILLATOR_MAX_PPM 1000.0

typedef struct unit_t {
    double error;                /* volume error against the calibration constant, a fraction */
    double oscillator_error_ppm; /* main oscillator */
} unit_t;

/* Draws a unit about its kind: error normal with mean head->unit_error and error_sd >= 0, truncated to
 * +-UNIT_ERROR_MAX; oscillator error normal with mean oscillator->error_ppm and oscillator_sd_ppm >= 0,
 * truncated to +-UNIT_OSCILLATOR_MAX_PPM. Takes two uniforms of *d. */
unit_t unit_draw(const pump_head_param_t *head, const oscillator_param_t *oscillator,
                 double error_sd, double oscillator_sd_ppm, draw_t *d);

#endif
