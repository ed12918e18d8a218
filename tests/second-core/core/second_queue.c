/* SPDX-License-Identifier: Apache-2.0 */
/* The event queue. */
#include "second_queue.h"

void second_queue_clear(second_queue_t *q)
{
    for (uint32_t i = 0; i < SECOND_EVENTS; i++) {
        q->at_ms[i] = SECOND_QUEUE_NEVER;
    }
}

void second_queue_set(second_queue_t *q, second_event_t event, uint64_t at_ms)
{
    q->at_ms[event] = at_ms;
}

/* The earliest of the first `kinds`; of two at one time the one that comes first. */
static uint32_t earliest(const second_queue_t *q, uint32_t kinds)
{
    uint32_t found = 0;
    for (uint32_t i = 1; i < kinds; i++) {
        found = q->at_ms[i] < q->at_ms[found] ? i : found;
    }
    return found;
}

second_event_t second_queue_take(second_queue_t *q, uint64_t now_ms, uint64_t *at_ms)
{
    const uint32_t found = earliest(q, SECOND_EVENTS);
    *at_ms = q->at_ms[found];
    if (*at_ms > now_ms) {
        return SECOND_EVENTS;
    }
    q->at_ms[found] = SECOND_QUEUE_NEVER;
    return (second_event_t)found;
}

uint64_t second_queue_next_ms(const second_queue_t *q)
{
    return q->at_ms[earliest(q, SECOND_EVENTS)];
}

uint64_t second_queue_change_ms(const second_queue_t *q)
{
    return q->at_ms[earliest(q, SECOND_EVENT_PATIENT + 1u)];
}
