/* SPDX-License-Identifier: Apache-2.0 */
/* The state of a pump: what is kept over resets, and what is not.
 *
 * An order is carried out on a draft of what is kept; the draft is written to the store and then takes its place, or
 * nothing has happened. Between orders a journal tells how far what is kept has gone: pulses leased, counters, time.
 */
#ifndef SECOND_STATE_H
#define SECOND_STATE_H

#include <stdint.h>

#include "dosing_core.h"
#include "dosing_frame.h"
#include "second_flow.h"
#include "second_programme.h"
#include "second_queue.h"

#define SECOND_HOURS 25u /* of which the oldest is counted in full: any 24 h lie within */
#define SECOND_NEVER_REQUESTED UINT64_MAX

/* What goes into the journal, and into the store whole with the rest. */
typedef struct second_course_t {
    uint64_t time_ms;   /* core's time: of all that ran, resets apart */
    uint64_t commanded; /* pulses begun */
    uint64_t confirmed;
    uint64_t lease; /* pulses that may have begun before the next record; after a reset they have */
    uint64_t counter[DOSING_ROLES];
    uint64_t charge_nc;
    uint64_t stall_ms;   /* of the first step missed */
    uint64_t request_ms; /* when the latest patient bolus began; NEVER_REQUESTED */
    uint32_t alarms;
    uint32_t unseen;
    uint32_t missed;
    uint32_t stalls;
    uint32_t resets;
    uint32_t refused_requests;
} second_course_t;

/* One hour of the rolling day. */
typedef struct second_hour_t {
    uint64_t given_pl;
    uint64_t ordered_pl;             /* boluses on top, counted when they are ordered */
    uint64_t mass[DOSING_DRUGS_MAX]; /* pl times ng/mL: 10^-9 ng; saturates */
} second_hour_t;

typedef struct second_kept_t {
    uint32_t layout;
    uint32_t device_id;
    second_course_t course;
    uint32_t commits;
    uint32_t image_length; /* 0: nothing has been committed */
    uint32_t stopped;      /* 1: by a stop, until the next commit */
    uint32_t filled;       /* 1: since the first refill */
    uint64_t reservoir_pl;
    uint64_t given_pl;
    uint64_t given_ng[DOSING_DRUGS_MAX];
    uint32_t given_rest[DOSING_DRUGS_MAX]; /* 10^-9 ng */
    uint64_t bridge_pl;                    /* of the fluid that comes first */
    uint32_t path[DOSING_DRUGS_MAX];       /* ng/mL of what leaves the tip */
    uint64_t hour;                         /* of the newest hour below, by core's time */
    second_hour_t hours[SECOND_HOURS];
    uint64_t request_ms[DOSING_PATIENT_PER_DAY_MAX]; /* latest patient boluses, a ring */
    uint32_t request_next;
    uint32_t low;            /* 1: below the low threshold, until 0.1 mL above it */
    uint64_t eri_ms, eos_ms; /* core's time since which they hold; 0: they do not */
    uint64_t day_nc;         /* charge that a day takes, as days have been; 0: none was over yet */
    uint8_t image[SECOND_PROGRAMME_BYTES_MAX];
} second_kept_t;

/* A delivery on top of the basal rate. */
typedef struct second_source_t {
    uint64_t rate_q32; /* 0: none */
    uint64_t until_ms; /* core's time */
    uint64_t left_ms;  /* of one that waits, else 0 */
} second_source_t;

typedef struct second_train_t {
    uint64_t start_ms, end_ms; /* core's time */
    uint32_t count, period_ms; /* 0: none is under way */
    uint32_t booked;           /* pulses of it that are in the account */
    uint32_t reserved;
} second_train_t;

typedef struct second_link_t {
    uint32_t session;
    uint32_t role;
    uint64_t used_ms; /* latest accepted frame */
    uint32_t refused;
    uint32_t staged, read; /* bytes of the image staged, and of those read back */
    uint64_t leased[DOSING_ROLES];
    uint8_t image[DOSING_IMAGE_BYTES_MAX];
} second_link_t;

typedef struct second_store_t {
    dosing_store_geometry_t geometry; /* sectors 0: none */
    uint32_t generation;
    uint32_t number; /* of the latest record */
    uint32_t slot;   /* of the next */
    uint32_t slots;
    uint32_t block; /* bytes of one write: the most units that fit 64 */
    uint32_t pitch; /* from one record to the next */
    uint32_t failures;
    uint32_t found; /* SECOND_STORE_* of second_store.h */
} second_store_t;

typedef struct second_cell_t {
    uint64_t charged_ms; /* core's time up to which the sleep is counted */
    uint64_t rest;       /* nA * ms below a nC */
    uint64_t day_from_nc;
    uint32_t reading[2][3]; /* idle and loaded mV: the latest three */
    uint32_t filtered[2];   /* mV * 256 */
    uint32_t readings[2];
    uint32_t low_looks;
    uint32_t reserved;
} second_cell_t;

struct dosing_state_t {
    const dosing_hal_t *hal;
    void *context;
    uint32_t magic;
    dosing_status_t status; /* of init */
    dosing_factory_t factory;
    uint64_t origin_ms;     /* core's time less the main clock, modulo 2^64 */
    uint64_t ready_ms;      /* not before this may a pulse begin */
    uint64_t last_pulse_ms; /* core's time of the latest pulse, as far as is known */
    uint64_t local_ms;      /* to be added to core's time for the week's; valid where known */
    uint64_t day_commanded, day_confirmed;
    uint32_t local_known;
    uint32_t cause;
    uint32_t reserved;
    uint32_t held_back;    /* trains that a limit held back */
    uint32_t stood, moved; /* steps missed, and seen, in a row */
    uint64_t missed_ms;    /* of the first of those missed */
    uint32_t selftest;
    uint32_t tones; /* alarms raised that have not sounded yet */
    uint32_t fluid; /* ng/mL that the rates of the two below go by */
    second_queue_t queue;
    second_flow_t flow;
    second_source_t bolus, patient;
    second_train_t train;
    second_link_t link;
    second_store_t store;
    second_cell_t cell;
    second_kept_t kept, draft;
};

_Static_assert(sizeof(struct dosing_state_t) <= DOSING_STATE_BYTES_MAX, "a port may allocate it");

/* Adds, and stays full. */
uint32_t second_state_add(uint32_t count, uint32_t more);

/* Core's time now. ERROR_HAL: the clock does not answer. */
dosing_status_t second_state_now(const dosing_state_t *s, uint64_t *now_ms);

/* DOSING_MODE_* in force. */
uint32_t second_state_mode(const dosing_state_t *s);

#endif
