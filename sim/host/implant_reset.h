/* SPDX-License-Identifier: Apache-2.0 */
/* Resets: the implant's supply, and the core started again on the store that it left.
 *
 * A load that the cell does not carry (battery_carries) takes the processor down: nothing that the core does from there on
 * reaches the hardware, the motor stops, and after the supply's time-out the core is started with
 * DOSING_RESET_BROWN_OUT. A cell that does not carry the processor itself never starts it again: the pump is dead for
 * good, since film and depth of discharge only grow.
 *
 * What a reset is to the hardware, by dosing_hal.h: the arm drops; a train ends as by train_stop (the pulse begun completes its
 * stroke); the store keeps its bytes, the core's state does not. After POWER_ON and BROWN_OUT power was gone: both clocks
 * begin at 0, rotor index and latest train count from there. After any other cause they go on. A pulse at whose start the
 * supply collapses moves nothing (assumption).
 *
 * Thread rule: as of the implant.
 */
#ifndef HOST_IMPLANT_RESET_H
#define HOST_IMPLANT_RESET_H

#include <stdbool.h>
#include <stdint.h>

#include "dosing_core.h"

#include "device/battery.h"
#include "error.h"
#include "host/recorder.h"

typedef struct implant_t implant_t;

/* Part of implant_t. */
typedef struct implant_power_t {
    uint32_t cause;       /* DOSING_RESET_* of the latest start */
    bool dark;            /* the processor is down; it starts at implant_wake_ms, unless dead */
    bool dead;            /* it never starts again */
    bool told;            /* the call that took it down was recorded */
    bool pulsed;          /* the cell carried a pulse since the latest wake */
    int64_t index_before; /* rotor index passages before power-on */
    int64_t resets;       /* starts after the first */
    int64_t brown_outs;   /* times that the supply gave way */
} implant_power_t;

/* Resets the processor now, by a DOSING_RESET_*: the core's init has run when this returns, and its first wake is due at once.
 * Imposed from outside a call to the core, or due after a brown-out. A dead pump stays dead. ERROR_ARGUMENT: no such
 * cause, or no core. A core that does not start is no error: it commands nothing. */
int implant_reset(implant_t *im, uint32_t cause, error_t *e) __attribute__((warn_unused_result));

/* Power comes for the first time: the core's init. */
dosing_status_t implant_reset_power_on(implant_t *im);

/* Whether the cell carries the load now; where it does not, the processor is down when this returns. */
bool implant_reset_carries(implant_t *im, battery_load_t load);

/* The supply gives way, inside a call to the core or between: the processor is down when this returns, and is started again as
 * after every brown-out. */
void implant_reset_collapse(implant_t *im);

/* Whether the cell carries the processor itself at a wake. Not looked at where the wake before started a train, a pulse being the heavier
 * load: so that a pump that doses pays for one look a train. */
bool implant_reset_wakes(implant_t *im);

/* When a processor that is down starts again, ms since enrolment; IMPLANT_NEVER_MS: dead. */
int64_t implant_reset_start_ms(const implant_t *im);

/* Hands a recorded call on, unless the processor is down: a core that does not know it goes on calling. Context: implant_t. */
void implant_reset_record(void *context, const recorder_call_t *call);

#endif
