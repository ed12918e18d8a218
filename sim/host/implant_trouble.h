/* SPDX-License-Identifier: Apache-2.0 */
/* Hardware in trouble: calls of the HAL that fail or lie, a store that wears, tears, rots and flips, memory that flips.
 *
 * A second table of functions stands before the HAL's own (implant_hal.h) in a pump that a script is going to trouble
 * (implant_param_t.troubled); without trouble it hands every call on. What a failed call leaves behind is within the contract of
 * dosing_hal.h: nothing of it reaches the hardware, but that a start drops its arm. A lie is outside of any contract: a call that
 * reads answers another number, a call that acts does nothing and says that it did.
 *
 * Trouble belongs to the hardware: it outlasts resets, and goes with the pump. The recorder sees what the core sees.
 *
 * Thread rule: as of the implant.
 */
#ifndef HOST_IMPLANT_TROUBLE_H
#define HOST_IMPLANT_TROUBLE_H

#include <stdbool.h>
#include <stdint.h>

#include "dosing_hal.h"

#include "draw.h"
#include "error.h"
#include "host/recorder.h"

typedef struct implant_t implant_t;

/* Calls that are upset. */
typedef struct implant_upset_t {
    uint64_t after;   /* so many calls go through first; not counted while the processor is down */
    uint64_t calls;   /* that are upset then; 0: none any more */
    int64_t until_ms; /* since enrolment; from there on none is */
    int32_t result;   /* DOSING_HAL_*, their answer; DOSING_HAL_OK: they lie */
    double
        value; /* the number that a lie tells, in the unit of dosing_hal.h: of train_status the pulses done, of store_geometry
                         the sectors, of nonce each byte; of factory_read, store_read and authenticate the byte that comes inverted */
} implant_upset_t;

/* Bytes of store or memory: [address, address + length), as far as there are any. */
typedef struct implant_span_t {
    uint32_t address, length;
} implant_span_t;

/* Part of implant_t. */
typedef struct implant_trouble_t {
    implant_upset_t upset[RECORDER_PAIR + 1]; /* by call */
    uint32_t worn;                            /* a bit for each sector that takes nothing */
    struct {
        bool due;
        uint64_t after; /* so many writes go through first */
        double share;
    } tear;
    struct {
        uint64_t after, writes;
        draw_t draw;
    } rot;
} implant_trouble_t;

/* Each from now on. A call has one upset at a time: the next replaces it. */
void implant_trouble_upset(implant_t *im, recorder_call_id_t call, const implant_upset_t *upset);

/* Power fails in the write behind the next `after`, once `share` of its units is programmed; the core starts again as after any
 * brown-out. */
void implant_trouble_tear(implant_t *im, uint64_t after, double share);

/* Of the `writes` behind the next `after` each says OK, and one bit of its bytes, drawn from a copy of *draw, is wrong. */
void implant_trouble_rot(implant_t *im, uint64_t after, uint64_t writes, const draw_t *draw);

/* The sectors that the span touches can be neither written nor erased (FAILED, and they stay as they are), or can again. */
void implant_trouble_wear(implant_t *im, implant_span_t span, bool worn);

/* Flips `bits` different bits of the span, each set of them as likely: of the store those in bytes that are not erased; of the
 * core's state all but the addresses that it was started with, which stand for what a port links into its code. Where there are
 * fewer, all of them. ERROR_ARGUMENT: the state has no such bytes. */
void implant_trouble_flip_store(implant_t *im, implant_span_t span, uint64_t bits, draw_t *draw);
int implant_trouble_flip_memory(implant_t *im, implant_span_t span, uint64_t bits, draw_t *draw,
                                error_t *e) __attribute__((warn_unused_result));

#endif
