/* SPDX-License-Identifier: Apache-2.0 */
/* What happens in a drawn scenario: orders, surroundings, faults, damage and frames, each as an item of `events` in YAML. */
#ifndef REGRESS_SEARCH_EVENT_H
#define REGRESS_SEARCH_EVENT_H

#include <stdbool.h>
#include <stdio.h>

#include "draw.h"

/* What a scenario is drawn around: its doses are rates of the pump times the concentration. */
typedef struct search_frame_t {
    double days, ug_per_ml, ml_per_day;
    bool on_request;
} search_frame_t;

/* Uniform between two numbers; the same of their logarithms; one of 0 to count - 1. */
double search_event_between(draw_t *d, double low, double high);
double search_event_between_log(draw_t *d, double low, double high);
int search_event_one_of(draw_t *d, int count);

/* A dose rate, ug/day, within half and twice the scenario's. */
double search_event_dose(draw_t *d, const search_frame_t *f);

/* The whole of `events:`, or nothing. */
void search_event_put_all(draw_t *d, const search_frame_t *f, FILE *out);

#endif
