/* SPDX-License-Identifier: Apache-2.0 */
/* The hardware as the dosing core sees it: one const table of functions and an opaque context.
 *
 * Every call returns DOSING_HAL_OK or one of the negative results below; on any other result than OK the
 * outputs are not read. A result outside the list counts as DOSING_HAL_FAILED. No call may block longer
 * than 1 ms, none may call back into the core, and none is reached from two threads for one context. The
 * table and the context outlive the core's state. Later callbacks are appended only; `table_size` tells a
 * core which of them exist.
 */
#ifndef DOSING_HAL_H
#define DOSING_HAL_H

#include <stdint.h>

#include "dosing_factory.h"

#define DOSING_HAL_OK 0
#define DOSING_HAL_FAILED (-1)    /* the hardware did not answer, or answered nonsense */
#define DOSING_HAL_BUSY (-2)      /* a train is running */
#define DOSING_HAL_NOT_ARMED (-3) /* train_start without a matching arm */
#define DOSING_HAL_RANGE (-4)     /* an argument outside its range */

#define DOSING_TRAIN_PULSES_MAX 64u
#define DOSING_TRAIN_MS_MAX 3600000u /* count * period_ms at most one hour */
#define DOSING_ARM_MS 100u           /* an arm not used drops by itself after this time */

/* Tones. */
#define DOSING_TONE_ADVISORY 1u /* single tone, about 1 s */
#define DOSING_TONE_CRITICAL 2u /* two-tone, about 3 s */

/* Reset causes, of the latest start of the core. */
#define DOSING_RESET_POWER_ON 1u
#define DOSING_RESET_BROWN_OUT 2u
#define DOSING_RESET_WATCHDOG 3u
#define DOSING_RESET_SOFTWARE 4u
#define DOSING_RESET_UNKNOWN 5u

/* Non-volatile store: `sectors` of `sector_bytes`, erased one sector at a time to `erased` bytes, written in
 * multiples of `write_bytes` on their boundaries. A write only programs erased bytes. */
typedef struct dosing_store_geometry_t {
    uint32_t sectors;
    uint32_t sector_bytes;
    uint32_t write_bytes;
    uint32_t erased; /* 0x00 or 0xFF */
} dosing_store_geometry_t;

typedef struct dosing_hal_t {
    uint32_t table_size; /* sizeof(dosing_hal_t) of the port */
    uint32_t reserved;   /* 0 */

    /* Time since an arbitrary origin on the main oscillator, milliseconds, never decreasing while powered. */
    int32_t (*clock_ms)(void *context, uint64_t *ms);
    /* The same on a second, free-running oscillator with its own origin and error. */
    int32_t (*second_clock_ms)(void *context, uint64_t *ms);
    int32_t (*reset_cause)(void *context, uint32_t *cause);
    /* Copies the factory block; the core checks its CRC and its ranges. */
    int32_t (*factory_read)(void *context, dosing_factory_t *factory);

    /* Arms the motor for exactly one train of this count and period: called by the guard alone. The arm drops
     * at the next train_start whatever its result, at train_stop, or after DOSING_ARM_MS. BUSY while a train runs. */
    int32_t (*motor_arm)(void *context, uint32_t count, uint32_t period_ms);
    /* Starts a train: `count` pulses (1..DOSING_TRAIN_PULSES_MAX), the first at once, one each `period_ms`
     * (>= 1; count * period_ms <= DOSING_TRAIN_MS_MAX). Each pulse owns one period: the train runs until
     * start + count * period_ms. The motor hardware counts it out with the processor asleep.
     * NOT_ARMED without an arm of the same count and period, BUSY while a train runs, RANGE, FAILED: on any result but OK
     * nothing moves. The core calls train_stop after such a start, in case a port breaks this. */
    int32_t (*train_start)(void *context, uint32_t count, uint32_t period_ms);
    /* Ends a running train: a pulse begun completes its stroke and is counted done, no other begins, and the
     * motor is free for the next train at once. OK also where none runs. */
    int32_t (*train_stop)(void *context);
    /* Of the latest train: pulses begun (0..count), and 1 while it runs, else 0. The count stays readable
     * until the next train_start. Before the first train: 0, 0. */
    int32_t (*train_status)(void *context, uint32_t *count_done, uint32_t *running);
    /* Of the latest train: pulses begun whose coil response showed the step (0..count_done). */
    int32_t (*step_confirm)(void *context, uint32_t *confirmed);
    /* Rotor index passages since power-on: one per revolution of the pump head; wraps at 2^32. */
    int32_t (*rotor_index)(void *context, uint32_t *passages);

    int32_t (*battery_idle_mv)(void *context, uint32_t *mv);
    int32_t (*battery_loaded_mv)(void *context,
                                 uint32_t *mv); /* lowest seen during the latest pulse */
    int32_t (*temperature_mdegc)(void *context, int32_t *mdegc);
    int32_t (*tone)(void *context, uint32_t tone);

    int32_t (*store_geometry)(void *context, dosing_store_geometry_t *geometry);
    int32_t (*store_read)(void *context, uint32_t address, uint8_t *bytes, uint32_t length);
    int32_t (*store_write)(void *context, uint32_t address, const uint8_t *bytes, uint32_t length);
    int32_t (*store_erase)(void *context, uint32_t sector);

    /* Sends one reply frame; the bytes are the port's to copy before it returns. */
    int32_t (*transmit)(void *context, const uint8_t *frame, uint32_t length);
    /* Fills `length` (1..32) bytes that an outsider cannot predict. */
    int32_t (*nonce)(void *context, uint8_t *bytes, uint32_t length);
    /* Keyed tag of DOSING_FRAME_TAG_BYTES (16) over `bytes`, with the key this device holds for `role`. */
    int32_t (*authenticate)(void *context, uint8_t role, const uint8_t *bytes, uint32_t length,
                            uint8_t *tag);

    /* Restarts the watchdog, which resets the processor after its fixed time awake. */
    int32_t (*watchdog)(void *context);
} dosing_hal_t;

#endif
