/* SPDX-License-Identifier: Apache-2.0 */
/* The dosing core's entry table: what a platform, real or simulated, may call.
 *
 * A core is found by the one exported function dosing_entry(); everything else is reached through the
 * table that it returns. The caller owns one zeroed block of `state_size` bytes, aligned to `state_align`, per pump;
 * the core keeps nothing anywhere else, so many pumps live in one process. The calls for one state must not
 * overlap; different states are independent.
 */
#ifndef DOSING_CORE_H
#define DOSING_CORE_H

#include <stdint.h>

#include "dosing_hal.h"
#include "dosing_status.h"

#define DOSING_ABI_MAJOR 1u /* changes when an existing member changes its meaning */
#define DOSING_ABI_MINOR 1u /* grows when a member is appended, here or to the HAL */

/* Room that is enough for this version's state, for platforms that allocate statically. */
#define DOSING_STATE_BYTES_MAX 8192u

/* The state is private to the core. */
typedef struct dosing_state_t dosing_state_t;

/* "Do not call me again before the next frame." */
#define DOSING_NEVER_MS UINT64_MAX

typedef struct dosing_entry_t {
    uint32_t abi_major;   /* DOSING_ABI_MAJOR */
    uint32_t abi_minor;   /* DOSING_ABI_MINOR */
    uint32_t table_size;  /* sizeof(dosing_entry_t) of the core; larger is newer */
    uint32_t state_size;  /* bytes */
    uint32_t state_align; /* power of two, at most 64 */
    uint32_t reserved;    /* 0 */
    const char *
        core_id; /* name, version and a hash of its sources: printable ASCII, at most 63 characters; static */

    /* Starts a core in `state` on the given hardware; to be called first, and after every reset. Reads the
     * factory block, and takes up what the store kept: the programme goes on, less what a lease may have given. Without a
     * store nothing is dosed before a programme is committed. `hal` and `context` are borrowed for the
     * state's life. Returns OK, ERROR_ARGUMENT, ERROR_FACTORY, ERROR_HAL, ERROR_STORE or ERROR_STATE (a self-test failed); after an error wake() and receive()
     * do nothing but return it. The first wake is wanted at once. */
    dosing_status_t (*init)(dosing_state_t *state, const dosing_hal_t *hal, void *context);

    /* Lets the core act. To be called when the main clock (hal->clock_ms) has reached the time it asked for (later is
     * survived, earlier does no harm). Writes the time, on that clock, at which it wants to be called
     * next, or DOSING_NEVER_MS. Returns OK, ERROR_HAL (the clock or the motor did not answer; it asks to be called again,
     * at once where the time that it writes is over)
     * or ERROR_STATE (dosing is off and latched). Never loops longer than 64 pulses' worth. Takes a few ms,
     * and up to half a second where sectors of the store are erased: two for a lease, two for alarms, two for the logs. */
    dosing_status_t (*wake)(dosing_state_t *state, uint64_t *next_wake_ms);

    /* Hands over one telemetry frame of `length` bytes (any bytes, any length), borrowed for the call. An
     * accepted or refused-with-reason frame is answered through hal->transmit before this returns; others are
     * dropped and counted. Writes the next wake as wake() does: it may be earlier than the one asked before.
     * Returns OK or the reason of refusal. */
    dosing_status_t (*receive)(dosing_state_t *state, const uint8_t *frame, uint32_t length,
                               uint64_t *next_wake_ms);
} dosing_entry_t;

/* The one symbol a loader looks up. Static storage, never NULL. */
const dosing_entry_t *dosing_entry(void);

#define DOSING_ENTRY_SYMBOL "dosing_entry"

#endif
