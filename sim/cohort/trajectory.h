/* SPDX-License-Identifier: Apache-2.0 */
/* One patient from enrolment to the end: an event loop over integer milliseconds.
 *
 * A trajectory is a pure function of study, core, seed, patient, arm and replicate: it may be run alone, in
 * any order and on any thread, and always writes the same record.
 */
#ifndef SIM_COHORT_TRAJECTORY_H
#define SIM_COHORT_TRAJECTORY_H

#include "config/study.h"
#include "dataset/record.h"
#include "device/pump.h"
#include "error.h"
#include "host/core.h"
#include "host/recorder.h"

#include <stdbool.h>

/* Who listens to a patient's pump, beside the record; each function may be NULL. */
typedef struct trajectory_listener_t {
    void *context;        /* borrowed; handed to every function below */
    recorder_sink_t call; /* entries into the core, and its HAL calls */
    void (*flow)(void *context, const pump_flow_t *flow); /* as of pump_sink_t */
} trajectory_listener_t;

typedef struct trajectory_request_t {
    const study_t *study; /* borrowed, read only */
    const core_t *core;   /* borrowed, read only */
    record_key_t key;     /* patient from 1, arm from 0, replicate from 0 */
    bool trace; /* also write every HAL call, pulse and observation into the TRACE tables */
    const trajectory_listener_t *listener; /* borrowed; NULL: none */
} trajectory_request_t;

/* Runs the patient and writes its rows into *r, which the caller has reset to the same key and finishes.
 * Returns why it stopped, one of FIELDS_STOP_*. Errors, with patient and time filled in: ERROR_INVARIANT
 * (a limit of the pump or a model's own check), ERROR_LEDGER (mass does not close within 1e-9),
 * ERROR_CORE_REFUSED (the core did not start, or refused the therapy at enrolment), and those of the models' init. */
int trajectory_run(const trajectory_request_t *q, record_t *r, error_t *e)
    __attribute__((warn_unused_result));

/* The same as far as enrolment: without a clinic, the pump has its first programme. Returns 0; errors as above. */
int trajectory_enrol(const trajectory_request_t *q, record_t *r, error_t *e)
    __attribute__((warn_unused_result));

#endif
