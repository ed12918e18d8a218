/* SPDX-License-Identifier: Apache-2.0 */
/* The implant's clocks: the alarm that wakes its core, and faults of its oscillators that can be imposed.
 *
 * The alarm is on the main clock; a second one, five minutes and 5 % later on the second oscillator, finds a main clock that stands
 * (firmware-core/PORTING.md asks for one). Where the main clock stops, the motor's counter has lost its pace too: a train
 * ends there, and none starts (DOSING_HAL_FAILED).
 *
 * Thread rule: as of the implant.
 */
#ifndef HOST_IMPLANT_CLOCK_H
#define HOST_IMPLANT_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "device/oscillator.h"

typedef struct implant_t implant_t;

/* Part of implant_t: what each clock will read when the core is to wake. */
typedef struct implant_alarm_t {
    bool set;
    int64_t core_ms, second_ms;
} implant_alarm_t;

/* Sets the alarm for core_ms of the main clock; later than now. UINT64_MAX, or above INT64_MAX / 2: no alarm. */
void implant_clock_set(implant_t *im, uint64_t core_ms);

/* Faults, from now on; the alarm that is set goes off accordingly. by_ms: ahead, or negative, back. */
void implant_clock_stop(implant_t *im, oscillator_which_t which);
void implant_clock_run(implant_t *im, oscillator_which_t which);
void implant_clock_jump(implant_t *im, oscillator_which_t which, int64_t by_ms);

#endif
