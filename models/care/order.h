/* SPDX-License-Identifier: Apache-2.0 */
/* Orders: all that care can do to a patient and a pump, in clinical terms.
 *
 * An order says what is wanted, as a clinician would; the simulator's host turns it into needle, fluid and
 * programmer session. Units are the clinic's: mL, ug, ug/mL, minutes, days. Drug 0 is the primary drug,
 * the one whose dose is prescribed; the others follow by their ratio of concentrations.
 *
 * Types only; plain values, no ownership.
 */
#ifndef MODELS_CARE_ORDER_H
#define MODELS_CARE_ORDER_H

#include <stdint.h>

#include "device/segment.h"

enum order_kind {
    ORDER_REFILL = 1,    /* empty the reservoir through the needle, fill it, tell the pump */
    ORDER_THERAPY = 2,   /* set the infusion that runs until further notice */
    ORDER_BOLUS = 3,     /* one dose over a stated time, on top of the therapy */
    ORDER_SCREENING = 4, /* a test bolus by lumbar puncture; needs no pump */
    ORDER_IMPLANT = 5    /* pump and catheter, the pump filled */
};

enum order_mode {
    ORDER_MODE_STOPPED = 0, /* the pump delivers nothing */
    ORDER_MODE_SIMPLE = 1   /* constant rate */
};

/* A refill: what is drawn into the syringe and put into the emptied reservoir. */
typedef struct order_refill_t {
    double volume_ml;                    /* > 0, at most the reservoir's capacity */
    double ug_per_ml[SEGMENT_DRUGS_MAX]; /* per drug, >= 0; [0] > 0; unused drugs 0 */
} order_refill_t;

/* The therapy. */
typedef struct order_therapy_t {
    int mode;             /* enum order_mode */
    double daily_dose_ug; /* of the primary drug per 24 h, >= 0; 0 with ORDER_MODE_STOPPED */
} order_therapy_t;

/* A single bolus. */
typedef struct order_bolus_t {
    double dose_ug;      /* of the primary drug, > 0 */
    double duration_min; /* over which it is given, > 0 */
} order_bolus_t;

/* A test bolus of the primary drug, given through a needle at the lumbar level. */
typedef struct order_screening_t {
    double dose_ug;   /* > 0 */
    double volume_ml; /* > 0 */
} order_screening_t;

/* An implant; where the catheter's tip comes to lie is the person's. */
typedef struct order_implant_t {
    double fill_ml;                      /* > 0, at most the reservoir's capacity */
    double ug_per_ml[SEGMENT_DRUGS_MAX]; /* as in order_refill_t */
} order_implant_t;

/* One order, to be carried out at at_ms. */
typedef struct order_t {
    int64_t at_ms; /* since enrolment, >= 0 */
    int kind;      /* enum order_kind: which member of the union holds */
    union {
        order_refill_t refill;
        order_therapy_t therapy;
        order_bolus_t bolus;
        order_screening_t screening;
        order_implant_t implant;
    };
} order_t;

#endif
