/* SPDX-License-Identifier: Apache-2.0 */
/* Hardware that answers as a recording says. */
#ifndef TESTS_TARGET_REPLAY_HAL_H
#define TESTS_TARGET_REPLAY_HAL_H

#include "dosing_hal.h"
#include "host/recorder.h"

/* The table; it needs no context. Static storage. */
const dosing_hal_t *replay_hal(void);

/* For whoever reads the recording: the recorded call that this request is, with its answer. Does not return where it is none. */
const recorder_call_t *replay_ask(const recorder_call_t *asked);

#endif
