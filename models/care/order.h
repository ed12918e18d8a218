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
    ORDER_REFILL = 1,        /* empty the reservoir through the needle, fill it, tell the pump */
    ORDER_THERAPY = 2,       /* set the infusion that runs until further notice */
    ORDER_BOLUS = 3,         /* one dose over a stated time, on top of the therapy */
    ORDER_SCREENING = 4,     /* a test bolus by lumbar puncture; needs no pump */
    ORDER_IMPLANT = 5,       /* pump and catheter, the pump filled */
    ORDER_REQUEST = 6,       /* the patient asks the pump for a bolus */
    ORDER_SET_TIME = 7,      /* set the pump's hands to the local time */
    ORDER_REPLACEMENT = 8,   /* another pump, filled, on the catheter that is there */
    ORDER_EXPLANT = 9,       /* the pump is taken out, and no other put in */
    ORDER_REVISION = 10,     /* the catheter is mended, or replaced in part or whole */
    ORDER_PRIME = 11,        /* drug is brought to the tip at the pump's fastest rate */
    ORDER_CLEAR_ALARMS = 12, /* acknowledge the pump's alarms */
    ORDER_STOP = 13,         /* stop the pump until a therapy is ordered */
    ORDER_READ_LOGS = 14     /* read what the pump has logged */
};

enum order_mode {
    ORDER_MODE_STOPPED = 0, /* the pump delivers nothing */
    ORDER_MODE_SIMPLE = 1,  /* constant rate */
    ORDER_MODE_FLEX = 2     /* steps through the day, by day of the week */
};

#define ORDER_STEPS_MAX 48 /* what a pump's programme holds */
#define ORDER_TIMED_MAX 16

/* A refill: what is drawn into the syringe and put into the emptied reservoir. */
typedef struct order_refill_t {
    double volume_ml;                    /* > 0, at most the reservoir's capacity */
    double ug_per_ml[SEGMENT_DRUGS_MAX]; /* per drug, >= 0; [0] > 0; unused drugs 0 */
    int bridge; /* 1: where the concentration changes, the fluid still in the path goes on at its own rate; 0: the
                   programme changes at once, as if the path held the new fluid */
} order_refill_t;

/* One step of flex: the dose rate from this minute of the local day on. On each day the minutes rise, the first is 0. */
typedef struct order_step_t {
    int64_t days;   /* of the week: bit 0 is Monday */
    int64_t minute; /* 0..1439 */
    double dose_ug_per_day;
} order_step_t;

/* A bolus that begins by itself. */
typedef struct order_timed_t {
    int64_t days;
    int64_t minute;
    double dose_ug;
    int64_t duration_ms;
} order_timed_t;

/* What the patient may ask for; dose_ug 0: nothing, and the rest is 0. */
typedef struct order_on_request_t {
    double dose_ug;
    int64_t duration_ms;
    int64_t lockout_ms;  /* from one start to the next */
    int64_t interval_ms; /* in any such span at most per_interval begin */
    int64_t per_interval;
    int64_t per_day; /* begin in any 24 h */
} order_on_request_t;

/* All of a programme that goes by hours or by the patient's wish. */
typedef struct order_modes_t {
    int64_t n_steps; /* 1..ORDER_STEPS_MAX with ORDER_MODE_FLEX, else 0 */
    order_step_t step[ORDER_STEPS_MAX];
    int64_t n_timed; /* 0..ORDER_TIMED_MAX */
    order_timed_t timed[ORDER_TIMED_MAX];
    order_on_request_t on_request;
} order_modes_t;

/* The therapy, whole: what is not in it is not given any more. */
typedef struct order_therapy_t {
    int mode;             /* enum order_mode */
    double daily_dose_ug; /* of the primary drug per 24 h, >= 0; with ORDER_MODE_SIMPLE, else 0 */
    order_modes_t modes;
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

/* An implant, or the pump of a replacement; where the catheter's tip comes to lie is the person's. */
typedef struct order_implant_t {
    double fill_ml;                      /* > 0, at most the reservoir's capacity */
    double ug_per_ml[SEGMENT_DRUGS_MAX]; /* as in order_refill_t */
} order_implant_t;

/* What a revision does. */
enum order_part {
    ORDER_PART_CONNECTORS = 0, /* joined again */
    ORDER_PART_SPINAL = 1,     /* from its connector to the tip: replaced */
    ORDER_PART_ALL = 2,        /* replaced */
    ORDER_PART_PUMP = 3,       /* turned in its pocket, and fastened */
    ORDER_PART_SYSTEM = 4      /* the pump's tubing and all of the catheter: of a prime alone */
};

typedef struct order_revision_t {
    int part; /* enum order_part */
} order_revision_t;

/* A prime of what an operation put in without drug; what lies upstream of it holds drug already. */
typedef struct order_prime_t {
    int part; /* enum order_part: spinal, all or system */
} order_prime_t;

/* One order, to be carried out at at_ms. */
typedef struct order_t {
    int64_t at_ms; /* since enrolment, >= 0 */
    int kind; /* enum order_kind: which member of the union holds; replacement: implant, explant: none */
    union {
        order_refill_t refill;
        order_therapy_t therapy;
        order_bolus_t bolus;
        order_screening_t screening;
        order_implant_t implant;
        order_revision_t revision;
        order_prime_t prime;
    };
} order_t;

#endif
