/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of a core's hardware as text. Needs nothing but the C library, so that a target says them in the same words. */
#ifndef SIM_REGRESS_CALL_TEXT_H
#define SIM_REGRESS_CALL_TEXT_H

#include "host/recorder.h"

#include <stdint.h>

#define CALL_TEXT_SIZE 256
#define CALL_TEXT_TIME_SIZE 64

/* A call: "train_start(30, 120000) = 0". */
void call_text_put(const recorder_call_t *call, char out[CALL_TEXT_SIZE]);

/* What was asked of it alone: "train_start(30, 120000)". */
void call_text_request(const recorder_call_t *call, char out[CALL_TEXT_SIZE]);

/* "day 3 06:00:00.000". */
void call_text_time(int64_t time_ms, char out[CALL_TEXT_TIME_SIZE]);

#endif
