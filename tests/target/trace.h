/* SPDX-License-Identifier: Apache-2.0 */
/* One pump whose every command, wake and frame is a line on standard output: the same bytes on every machine. */
#ifndef TESTS_TARGET_TRACE_H
#define TESTS_TARGET_TRACE_H

#include "tests/firmware-core/fake_hal.h"

/* A scenario begins, and owes nothing to those before it. */
void trace_scenario(uint64_t seed);

/* Starts the core of `p`, whose hardware is set up, and tells of it from now on. One pump at a time. */
void trace_start(fake_pump_t *p);

/* To be called after whatever may have put another entry table or none into p->core. */
void trace_adopt(fake_pump_t *p);

/* The one frame in `back` (0: the latest) of those last handed to the core; its length, 0 where there is none. */
uint32_t trace_frame(uint32_t back, uint8_t *frame);

/* Byte `index` of the state as far as it is the same on every machine, index taken modulo their number. */
uint8_t *trace_state_byte(fake_pump_t *p, uint32_t index);

/* One line: a word and two numbers. */
void trace_line(const char *what, uint64_t a, uint64_t b);

/* What the hardware has counted, and the check of the state. */
void trace_sum(fake_pump_t *p);

/* Lines printed so far. */
uint64_t trace_lines(void);

#endif
