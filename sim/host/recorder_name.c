/* SPDX-License-Identifier: Apache-2.0 */
/* The names of recorded calls; alone here, so that they can be had on a bare machine too. */
#include "host/recorder.h"

const char *recorder_name(recorder_call_id_t id)
{
    static const char *const names[] = {
        "unknown",           "clock_ms",          "second_clock_ms",
        "reset_cause",       "factory_read",      "motor_arm",
        "train_start",       "train_stop",        "train_status",
        "step_confirm",      "rotor_index",       "battery_idle_mv",
        "battery_loaded_mv", "temperature_mdegc", "tone",
        "store_geometry",    "store_read",        "store_write",
        "store_erase",       "transmit",          "nonce",
        "authenticate",      "watchdog",          "pair",
        "core_init",         "core_wake",         "core_receive",
        "core_return",
    };
    return id >= RECORDER_CLOCK && id <= RECORDER_LAST ? names[id] : names[0];
}
