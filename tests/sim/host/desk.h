/* SPDX-License-Identifier: Apache-2.0 */
/* A pump on the desk for the host's tests: the fake hardware's idea with real seals, and a link that can misbehave. */
#ifndef TESTS_HOST_DESK_H
#define TESTS_HOST_DESK_H

#include <stdbool.h>

#include "dosing_frame.h"
#include "host/core.h"
#include "host/programmer.h"
#include "host/recorder.h"
#include "host/seal.h"

typedef enum desk_air_t {
    DESK_CLEAR,
    DESK_SILENT,    /* the reply is lost */
    DESK_FLIP,      /* one bit of the reply flips */
    DESK_READ_BACK, /* the read-back's payload is altered before it is sealed: a faulty device */
    DESK_SHORT,     /* authentic replies of 16 bytes less: another version's */
    DESK_REPLAY,    /* the first reply to a frame of this type comes again in place of the pump's */
    DESK_BROKEN     /* the link itself fails */
} desk_air_t;

typedef struct desk_tape_t {
    uint32_t length;
    uint8_t bytes[DOSING_FRAME_BYTES_MAX];
} desk_tape_t;

typedef struct desk_t {
    uint64_t now_ms, next_ms;
    uint32_t count, period_ms;
    uint64_t start_ms, pulses;
    bool running;
    dosing_factory_t factory;
    seal_key_t key; /* the clinician's */
    seal_key_t emergency;
    seal_key_t patient; /* the patient's, once desk_pair has set it */
    bool paired;
    core_t core;
    recorder_t recorder;
    desk_air_t air;
    uint8_t reply[DOSING_FRAME_BYTES_MAX];
    uint32_t reply_length;
    uint64_t trace;                          /* hash of every train */
    uint8_t opened_with[DOSING_NONCE_BYTES]; /* the programmer's nonce in the latest open */
    uint32_t sent[32];     /* by type: CRC-32 of the latest request, tag included */
    uint32_t answered[32]; /* and of its reply */
    desk_tape_t tape[32];  /* by type: the first reply in clear air */
    programmer_t programmer;
    _Alignas(64) uint8_t state[DOSING_STATE_BYTES_MAX];
} desk_t;

/* Starts `core` on a new pump, recorded by `sink` where not NULL. */
void desk_start(desk_t *d, core_t core, recorder_sink_t sink, void *sink_context);
/* Pairs a patient controller over the wire by a nonce of its own index; *key is for the controller. */
void desk_pair(desk_t *d, uint64_t index, seal_key_t *key);
/* Pulses begun so far. */
uint64_t desk_pulses(const desk_t *d);
void desk_run(desk_t *d, uint64_t duration_ms);

/* Starts `core` as desk_start does, and lives four days and a bit with it: refill, therapy, bolus, stop. Returns d->trace. */
uint64_t desk_course(desk_t *d, core_t core, recorder_sink_t sink, void *sink_context);

/* One drug at 500 ug/mL, `ug_per_day` of it; low 2 mL, empty 1 mL, no limits. */
programmer_therapy_t desk_therapy(double ug_per_day);

#endif
