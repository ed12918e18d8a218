/* SPDX-License-Identifier: Apache-2.0 */
/* How a catheter comes to fail: rates are drawn, failures happen.
 *
 * A new catheter bears more than one that tissue has grown around. Exposure after t years is
 *     x(t) = early_load * ingrowth * (1 - exp(-t / ingrowth)) + t      (years of the late load)
 * and each catheter uses itself up at rates of its own:
 *     occlusion, fracture    wear: it happens when rate * x(t) reaches 1
 *     disconnection, kink    chance: when rate * x(t), the integrated hazard, has spent a unit exponential
 * Rates are log-normal between catheters. No date is drawn: that events come early, and that the hazard of a
 * cohort falls, follows from healing and from the weak failing first. All is closed form in t.
 *
 * Thread rule: pure functions of a struct that holds no pointer.
 */
#ifndef MODELS_DEVICE_CATHETER_FATE_H
#define MODELS_DEVICE_CATHETER_FATE_H

#include <stdbool.h>

#include "device/catheter.h"
#include "device/parameters.h"
#include "draw.h"

typedef enum catheter_fate_kind_t {
    CATHETER_FATE_OCCLUSION,
    CATHETER_FATE_FRACTURE,
    CATHETER_FATE_DISCONNECTION,
    CATHETER_FATE_KINK,
    CATHETER_FATE_KINDS
} catheter_fate_kind_t;

typedef enum catheter_generation_t {
    CATHETER_LEGACY, /* silicone, to the 2010s */
    CATHETER_MODERN  /* reinforced */
} catheter_generation_t;

/* One catheter. */
typedef struct catheter_fate_t {
    double early_load, ingrowth_year;
    double per_year[CATHETER_FATE_KINDS]; /* its rates */
    double strength[CATHETER_FATE_KINDS]; /* 1 for wear, a unit exponential for chance */
    double where, how_far; /* uniform on (0, 1): what place and severity are read from */
} catheter_fate_t;

typedef struct catheter_event_t {
    catheter_fate_kind_t kind;
    double year; /* since implant */
} catheter_event_t;

/* Draws a catheter; takes 10 uniforms of *d, keyed by the catheter's serial. */
void catheter_fate_draw(catheter_fate_t *f, const catheter_fate_param_t *p,
                        catheter_generation_t generation, draw_t *d);

/* x(t), years; t >= 0 years since implant. */
double catheter_fate_exposure(const catheter_fate_t *f, double year);

/* Share of the lumen's radius that deposits have taken, 0..1: what catheter_fault_occlude takes. */
double catheter_fate_narrowing(const catheter_fate_t *f, double year);

/* The first event in (from_year, to_year], if any. A kind happens once to a catheter. */
bool catheter_fate_next(const catheter_fate_t *f, double from_year, double to_year,
                        catheter_event_t *event);

/* Imposes the event on *c at now_ms: occlusion closes the tip; a fracture severs at least half, anywhere
 * between the pump and the dura; a disconnection is at one of the connectors; a kink shuts the upright patient's
 * catheter for half of the time or more. Places and shares are assumptions. Errors: those of catheter_fault. */
int catheter_fate_strike(const catheter_fate_t *f, const catheter_event_t *event, double now_ms,
                         catheter_t *c, error_t *e) __attribute__((warn_unused_result));

#endif
