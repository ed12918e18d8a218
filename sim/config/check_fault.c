/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of faults that are imposed. */
#include "config/check_fault.h"

#include <stdio.h>

#include "config/fault.h"

#define PATH_SIZE 64

static void check_pump(const reading_t *r, const fault_t *fault, size_t index)
{
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "events[%zu].fault", index);
    if (!reading_failed(r, &r->study->pump.kind) && !fault_suits(fault, r->study->pump.kind))
        reading_report(r, DIAGNOSTIC_ERROR, path, "%s is a fault of %s", fault->name,
                       fault->of == FAULT_OF_PERISTALTIC ? "a peristaltic pump"
                                                         : "a pump with a core");
}

static void check_severity(const reading_t *r, const fault_t *fault, size_t index)
{
    const double *severity = &r->study->event[index].severity;
    char path[PATH_SIZE];
    (void)snprintf(path, sizeof path, "events[%zu].severity", index);
    if (!reading_failed(r, severity) && !(*severity >= fault->low && *severity <= fault->high))
        reading_report(r, DIAGNOSTIC_ERROR, path, "%.9g is not within %.9g to %.9g; %s, %s",
                       *severity, fault->low, fault->high, fault->name, fault->severity);
}

void check_fault(const reading_t *r)
{
    for (size_t i = 0; i < (size_t)r->study->n_events; i++) {
        const study_event_t *event = &r->study->event[i];
        if (!reading_failed(r, &event->order) && event->order == STUDY_ORDER_FAULT &&
            !reading_failed(r, &event->fault)) {
            check_pump(r, fault_row(event->fault), i);
            check_severity(r, fault_row(event->fault), i);
        }
    }
}
