/* SPDX-License-Identifier: Apache-2.0 */
/* The hardware as the dosing core sees it: one const table of functions and an opaque context.
 *
 * Every call returns DOSING_HAL_OK or one of the negative results below; on any other result than OK the
 * outputs are not read. A result outside the list counts as DOSING_HAL_FAILED. No call may block longer
 * than 1 ms, store_write 10 ms and store_erase 100 ms excepted; none may call back into the core, and none is reached from two threads for one context. The
 * table and the context outlive the core's state. Later callbacks are appended only; `table_size` tells a
 * core which of them exist: those behind DOSING_HAL_BYTES_MIN may be missing, or null, and what needs them is then
 * answered with DOSING_REFUSED_UNSUPPORTED.
 */
#ifndef DOSING_HAL_H
#define DOSING_HAL_H

#include <stddef.h>
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
#define DOSING_NONCE_MAX 32u         /* bytes of one nonce */

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
 * multiples of `write_bytes` on their boundaries. A write only programs erased bytes. Addresses count bytes from 0
 * to sectors * sector_bytes - 1, at most 2^32 - 1; sector k begins at k * sector_bytes. */
typedef struct dosing_store_geometry_t {
    uint32_t sectors;      /* 0: this device has no store */
    uint32_t sector_bytes; /* a multiple of write_bytes; 0 without a store */
    uint32_t write_bytes;  /* >= 1; 0 without a store */
    uint32_t erased;       /* the value of an erased byte, 0x00 or 0xFF */
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

    /* Voltage at the cell's terminals, 0..65535 mV: measured now, the motor's coil off. 0 is a reading, below what the
     * port can resolve, and no sign of failure. FAILED: not measured. */
    int32_t (*battery_idle_mv)(void *context, uint32_t *mv);
    /* The same, lowest seen during the latest pulse, the coil on. Before the first pulse since power-on: the idle
     * voltage. FAILED: not measured. */
    int32_t (*battery_loaded_mv)(void *context, uint32_t *mv);
    /* Temperature inside the device, thousandths of a degree Celsius, -40000..125000; 0 is the freezing point, not a
     * failure. FAILED: not measured. */
    int32_t (*temperature_mdegc)(void *context, int32_t *mdegc);
    /* Begins one of DOSING_TONE_*, once, and returns without waiting for its end; a tone that still sounds is cut off.
     * RANGE: no such tone, and nothing sounds. FAILED: the sounder refused; the core does not try again. OK does not
     * mean that it was heard. */
    int32_t (*tone)(void *context, uint32_t tone);

    /* The same answer at every call while powered. A device without a store answers OK and no sectors. A store has at least 8
     * sectors, write_bytes of at most 64, and sectors that hold the core's longest checkpoint and 16 records of 64 bytes
     * (8192 bytes do); with another the core does not start. */
    int32_t (*store_geometry)(void *context, dosing_store_geometry_t *geometry);
    /* Copies `length` >= 1 bytes from `address`, across sectors too. RANGE: not all of them lie in the store, or
     * length is 0. FAILED: not read, or read with an error that the device could not correct; `bytes` is then
     * undefined. */
    int32_t (*store_read)(void *context, uint32_t address, uint8_t *bytes, uint32_t length);
    /* Programs `length` >= 1 bytes, within one sector, in at most 10 ms; both address and length are multiples of write_bytes. RANGE:
     * they are not, or leave the sector or the store: nothing is written. OK: every byte has been programmed. FAILED,
     * or power lost meanwhile: each unit of write_bytes may be erased, whole or unreadable; the rest of the store is
     * untouched. The result of programming bytes that are not erased is undefined; a port may answer FAILED. */
    int32_t (*store_write)(void *context, uint32_t address, const uint8_t *bytes, uint32_t length);
    /* Erases one sector, 0..sectors - 1, in at most 100 ms; the core restarts the watchdog before it. RANGE: no such sector: nothing is erased. OK: all its bytes are `erased`.
     * FAILED, or power lost meanwhile: what the sector holds is undefined, other sectors are untouched. */
    int32_t (*store_erase)(void *context, uint32_t sector);

    /* Sends one reply frame of 1..268 bytes (DOSING_FRAME_BYTES_MAX), to be called from receive() alone; the bytes are
     * the port's to copy before it returns. RANGE: its length. FAILED: nobody listens, or the radio refused. */
    int32_t (*transmit)(void *context, const uint8_t *frame, uint32_t length);
    /* Fills `length` (1..DOSING_NONCE_MAX) bytes that an outsider cannot predict. RANGE: its length; nothing is
     * filled. */
    int32_t (*nonce)(void *context, uint8_t *bytes, uint32_t length);
    /* Keyed tag of DOSING_FRAME_TAG_BYTES (16) over `bytes` of any length, with the key this device holds for `role`.
     * RANGE: it holds none. */
    int32_t (*authenticate)(void *context, uint8_t role, const uint8_t *bytes, uint32_t length,
                            uint8_t *tag);

    /* Restarts the watchdog, which resets the processor after its fixed time awake. */
    int32_t (*watchdog)(void *context);

    /* ABI 1.1. Derives the key that this device holds for `role` from the clinician's key and `nonce` (16 bytes), in the crypto
     * engine, and keeps it over resets: from OK on authenticate() goes by it, and the key before is no more. The same nonce gives
     * the same key. RANGE: this role is not paired. FAILED, or power lost meanwhile: the key is the one before or the new one,
     * whole. */
    int32_t (*pair)(void *context, uint8_t role, const uint8_t *nonce);
} dosing_hal_t;

/* The table of ABI 1.0: a core starts on any that is at least as long. */
#define DOSING_HAL_BYTES_MIN offsetof(dosing_hal_t, pair)

#endif
