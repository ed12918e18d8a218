/* SPDX-License-Identifier: Apache-2.0 */
/* The recorder: every HAL call of every simulated pump passes through it, and so does every entry into its core; they are
 * told to a sink where one is given.
 *
 *     recorder_t r;
 *     recorder_init(&r, hal, context, sink, sink_context);
 *     status = recorder_core_init(&r, entry, state);
 *     status = recorder_core_wake(&r, entry, state, &next_ms);
 *
 * Without a sink recorder_hal and recorder_context are the inner ones: nothing is between, nothing is spent.
 * Thread rule: a recorder belongs to one pump, hence to one thread at a time.
 */
#ifndef HOST_RECORDER_H
#define HOST_RECORDER_H

#include "dosing_core.h"
#include "dosing_hal.h"

/* One per member of dosing_hal_t, in its order, then the entries into the core; append only. */
typedef enum recorder_call_id_t {
    RECORDER_CLOCK = 1,
    RECORDER_SECOND_CLOCK,
    RECORDER_RESET_CAUSE,
    RECORDER_FACTORY_READ,
    RECORDER_MOTOR_ARM,
    RECORDER_TRAIN_START,
    RECORDER_TRAIN_STOP,
    RECORDER_TRAIN_STATUS,
    RECORDER_STEP_CONFIRM,
    RECORDER_ROTOR_INDEX,
    RECORDER_BATTERY_IDLE,
    RECORDER_BATTERY_LOADED,
    RECORDER_TEMPERATURE,
    RECORDER_TONE,
    RECORDER_STORE_GEOMETRY,
    RECORDER_STORE_READ,
    RECORDER_STORE_WRITE,
    RECORDER_STORE_ERASE,
    RECORDER_TRANSMIT,
    RECORDER_NONCE,
    RECORDER_AUTHENTICATE,
    RECORDER_WATCHDOG,
    RECORDER_PAIR,
    RECORDER_CORE_INIT,
    RECORDER_CORE_WAKE,
    RECORDER_CORE_RECEIVE, /* in: length; bytes: the frame */
    RECORDER_CORE_RETURN   /* of any of the three. in: its id; result: status; out: next wake */
} recorder_call_id_t;

#define RECORDER_LAST RECORDER_CORE_RETURN

/* One call. `in` are its scalar arguments in order, `out` its scalar results in order, zero where it has fewer or
 * failed; a byte buffer is given as pointer and length, borrowed for the sink's call, NULL where there is none or where a
 * failed call was to fill it. Of the factory block and the store's geometry the first two words that matter are in `out` and the
 * whole is in `bytes`, as words of this machine; a tag is in `out` as two little-endian words. So nothing that the hardware answered
 * is left out, and a core can be led through its life again by what was told alone. */
typedef struct recorder_call_t {
    recorder_call_id_t id;
    int32_t result;
    uint64_t clock_ms; /* the pump's main clock when called, 0 if it did not answer */
    uint64_t in[2];
    uint64_t out[2];
    const uint8_t *bytes;
    uint32_t length;
} recorder_call_t;

/* A telemetry frame, borrowed for a call. */
typedef struct recorder_frame_t {
    const uint8_t *bytes;
    uint32_t length;
} recorder_frame_t;

typedef void (*recorder_sink_t)(void *context, const recorder_call_t *call);

typedef struct recorder_t {
    const dosing_hal_t *inner; /* borrowed */
    void *inner_context;       /* borrowed */
    const dosing_hal_t *clock; /* whose main clock times the records; borrowed */
    recorder_sink_t sink;      /* or NULL */
    void *sink_context;        /* borrowed */
} recorder_t;

void recorder_init(recorder_t *r, const dosing_hal_t *inner, void *inner_context,
                   recorder_sink_t sink, void *sink_context);

/* Records are timed by this table's main clock instead of the inner one's: where the inner one fails at a count, a record is not
 * to use it up. Borrowed; it takes the inner context. */
void recorder_time_by(recorder_t *r, const dosing_hal_t *clock);

/* The functions of a core's entry table, told before they are called and after they returned. */
dosing_status_t recorder_core_init(recorder_t *r, const dosing_entry_t *entry,
                                   dosing_state_t *state);
dosing_status_t recorder_core_wake(recorder_t *r, const dosing_entry_t *entry,
                                   dosing_state_t *state, uint64_t *next_ms);
dosing_status_t recorder_core_receive(recorder_t *r, const dosing_entry_t *entry,
                                      dosing_state_t *state, const recorder_frame_t *frame,
                                      uint64_t *next_ms);

/* What an init of a core is given, where the recorder does not call it. Both live as long as the recorder. */
const dosing_hal_t *recorder_hal(const recorder_t *r);
void *recorder_context(recorder_t *r);

/* "train_start" and so on; "unknown" for another id. Static storage. */
const char *recorder_name(recorder_call_id_t id);

#endif
