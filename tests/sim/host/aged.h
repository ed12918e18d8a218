/* SPDX-License-Identifier: Apache-2.0 */
/* A pump of default parts that lives for years: 0.3 mL a day unless a test says otherwise, refilled before it is empty. */
#ifndef TESTS_HOST_AGED_H
#define TESTS_HOST_AGED_H

#include "host/implant.h"
#include "host/procedure.h"

#define AGED_HOUR_MS INT64_C(3600000)
#define AGED_DAY_MS INT64_C(86400000)

typedef struct aged_t {
    implant_param_t param; /* aged_default, then the test's own changes, before aged_start */
    double ml_per_day;
    implant_t implant;
    procedure_t desk;
    core_t core;
    int64_t refill_ms;
    int64_t tones, resets;
    uint32_t last_cause;
    double volume_ml; /* of all segments */
} aged_t;

void aged_default(aged_t *a);
/* Programmed and filled. */
void aged_start(aged_t *a);
void aged_free(aged_t *a);

/* Lives for so long. A refill whose session fails is a refill of fluid all the same. */
void aged_live(aged_t *a, int64_t for_ms);

/* The core's accounts over telemetry; the test fails where none comes. */
programmer_report_t aged_report(aged_t *a);
programmer_device_t aged_device(aged_t *a);

/* Alarms, read from the core's state by telemetry that costs and weighs nothing: as with a radio of no current. */
uint32_t aged_alarms(aged_t *a);

#endif
