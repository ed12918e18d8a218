/* SPDX-License-Identifier: Apache-2.0 */
/* Rules between the keys of the catheter and of its faults. */
#include "config/check_catheter.h"

#include "config/fault.h"

#include <stdio.h>

#define PATH_SIZE 64

static void check_lengths(const reading_t *r)
{
    const catheter_param_t *c = &r->study->catheter.parameters;
    if (!reading_failed(r, &c->trimmed_cm) && !reading_failed(r, &c->length_cm) &&
        c->trimmed_cm >= c->length_cm)
        reading_report(r, DIAGNOSTIC_ERROR, "catheter.trimmed",
                       "%.9g cm leaves nothing of catheter.length, %.9g cm", c->trimmed_cm,
                       c->length_cm);
}

static void check_position(const reading_t *r, size_t index)
{
    const study_event_t *event = &r->study->event[index];
    const catheter_param_t *c = &r->study->catheter.parameters;
    const double length_cm = c->length_cm - c->trimmed_cm;
    const int up = event->fault == STUDY_FAULT_CATHETER_MIGRATION;
    const double low_cm = up ? -100.0 : 0.0, high_cm = up ? 100.0 : length_cm;
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "events[%zu].position", index);
    if (reading_failed(r, &event->position_cm) || reading_failed(r, &c->trimmed_cm) ||
        reading_failed(r, &c->length_cm))
        return;
    if (!(event->position_cm >= low_cm && event->position_cm <= high_cm))
        reading_report(r, DIAGNOSTIC_ERROR, path, "%.9g cm is not within %.9g to %.9g cm%s",
                       event->position_cm, low_cm, high_cm,
                       up ? "" : ", the catheter as it is implanted");
}

void check_catheter(const reading_t *r)
{
    const study_t *s = r->study;
    check_lengths(r);
    for (size_t i = 0; i < (size_t)s->n_events; i++) {
        const study_event_t *event = &s->event[i];
        if (!reading_failed(r, &event->order) && event->order == STUDY_ORDER_FAULT &&
            !reading_failed(r, &event->fault) && fault_row(event->fault)->of == FAULT_OF_ANY) {
            check_position(r, i);
        }
    }
}
