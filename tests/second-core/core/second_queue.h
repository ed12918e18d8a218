/* SPDX-License-Identifier: Apache-2.0 */
/* The event queue: what is to happen, and when. Each kind is in it once at most, so that it never fills. */
#ifndef SECOND_QUEUE_H
#define SECOND_QUEUE_H

#include <stdint.h>

#define SECOND_QUEUE_NEVER UINT64_MAX

/* At one time they happen in this order: rates change before the motor is looked at. */
typedef enum second_event_t {
    SECOND_EVENT_STEP,     /* the basal rate's next step, or midnight */
    SECOND_EVENT_BOLUS,    /* the clinician's bolus is over */
    SECOND_EVENT_PATIENT,  /* the patient's is */
    SECOND_EVENT_DAY,      /* the daily look at motor, cell and self-tests */
    SECOND_EVENT_IDLE,     /* no pulse for two days */
    SECOND_EVENT_CRITICAL, /* the tone of what nobody has seen comes back */
    SECOND_EVENT_ADVISORY,
    SECOND_EVENT_MOTOR, /* the next pulse is owed, or a train ends, or is tried again */
    SECOND_EVENTS
} second_event_t;

typedef struct second_queue_t {
    uint64_t at_ms[SECOND_EVENTS]; /* core's time; NEVER: not in the queue */
} second_queue_t;

void second_queue_clear(second_queue_t *q);

/* Puts an event in, or moves it. SECOND_QUEUE_NEVER takes it out. */
void second_queue_set(second_queue_t *q, second_event_t event, uint64_t at_ms);

/* The earliest of those due until `now_ms`, taken out, with its time; SECOND_EVENTS: none is. */
second_event_t second_queue_take(second_queue_t *q, uint64_t now_ms, uint64_t *at_ms);

uint64_t second_queue_next_ms(const second_queue_t *q);

/* When the rate changes next. */
uint64_t second_queue_change_ms(const second_queue_t *q);

#endif
